-- frame: rows of a store as a question that grows step by step. A frame never changes; nothing is read before a result is
-- asked for, but every name, unit and type is checked at the call that mentions it.
local core = require "mekong.core"
local Table = require "mekong.table"
local conditions = require "mekong.conditions"
local grouped = require "mekong.grouped"
local labels = require "mekong.labels"
local options = require "mekong.options"
local order = require "mekong.order"
local phases = require "mekong.phases"
local plans = require "mekong.plan"

local frame = {}
local methods = {}
local Frame = { __name = "mekong.Frame" }
frame.methods = methods

local function new(plan) return setmetatable({ plan = plan }, Frame) end

Frame.__index = function(_, name) return options.method(methods, name, "Frame") end
Frame.__newindex = function() core.raise("readonly", "a Frame cannot be changed", "hint: its verbs return new frames") end
Frame.__len = function()
  core.raise("type", "a Frame has no length before it is read", "hint: frame:count() counts cases; #frame:table() is the number of rows")
end

function frame.is(value) return getmetatable(value) == Frame end

local function plan_of(self, name)
  if getmetatable(self) ~= Frame then
    core.raise("type", "Frame:" .. name .. " was called on a " .. type(self), "hint: call it with ':', not '.'")
  end
  return rawget(self, "plan")
end

frame.new, frame.plan_of = new, plan_of

-- store:from(name) -> Frame
function frame.from(store, name)
  if type(name) ~= "string" then core.raise("type", "store:from takes the name of a table, not a " .. type(name)) end
  return new(plans.source(store, name))
end

-- ---------------------------------------------------------------- steps

local function copied(params)
  if type(params) ~= "table" then return params end
  local own = {}
  for key, value in pairs(params) do own[key] = value end
  return own
end

-- A condition compiled, what it reads and what must be said of it; and the text that tells its parameters apart.
local function judged(plan, condition, params)
  local function make()
    local expr = plans.compile(plan, condition, params, "where"):condition()
    return { expr = expr, reads = plans.reads(plan, expr), matches = expr:matches(), unitless = conditions.unitless(plan, expr) }
  end
  local said = plans.params_id(params)
  if not said then return make() end
  return plans.made(plan, "where", condition .. "\0" .. said, make), said
end

-- Rows for which the condition is true; {name = value} is shorthand for equality.
function methods:where(condition, params)
  local plan = plan_of(self, "where")
  if type(condition) == "table" then
    if params ~= nil then core.raise("type", "where{...} takes no parameters") end
    condition, params = Table.equalities(condition)
  end
  if type(condition) ~= "string" then
    core.raise("type", "where takes an expression or a table of equalities, not a " .. type(condition))
  end
  params = copied(params)
  local one, said = judged(plan, condition, params)
  conditions.check(plan, one.expr)
  return new(plans.add(plan, { op = "where", text = condition, params = params, said = said, expr = one.expr, reads = one.reads,
    matches = one.matches, unitless = one.unitless and plan or nil }))
end

-- Rows for which fn(row) is true, asked in order when the frame is read.
function methods:filter(fn)
  local plan = plan_of(self, "filter")
  if type(fn) ~= "function" then core.raise("type", "Frame:filter takes a function of a row, not a " .. type(fn)) end
  return new(plans.add(plan, { op = "filter", fn = fn, locale = plan.store:locale() }))
end

local function refuse_taken(columns, name)
  for _, one in ipairs(columns) do
    if one.name == name then core.raise("duplicate", "there is a column '" .. name .. "' already", "hint: give the new one another name") end
  end
end

local function with_one(plan, text)
  if type(text) ~= "string" then core.raise("type", "Frame:with takes texts \"name = expression\", not a " .. type(text)) end
  local made = plans.made(plan, "with", text, function(names, types, aliases, opts)
    local name, expr = core.expr.with(text, names, types, aliases, nil, "with", opts)
    refuse_taken(plan.columns, name)
    local column = { name = name, type = expr:unit() and "figure" or expr:type(), unit = expr:unit(), plain = expr:fn() == "year",
      grain = plans.grain(plan, expr:columns()) }
    local columns = { table.unpack(plan.columns) }
    columns[#columns + 1] = column
    return { step = { op = "with", name = name, text = expr:text(), expr = expr, column = column }, columns = columns }
  end)
  return plans.add(plan, made.step, made.columns)
end

-- with("kg = quantity in kg", ...): more columns.
function methods:with(...)
  local plan = plan_of(self, "with")
  if select("#", ...) == 0 then core.raise("type", "Frame:with needs at least one \"name = expression\"") end
  for k = 1, select("#", ...) do plan = with_one(plan, (select(k, ...))) end
  return new(plan)
end

-- A number in units of its row keeps them: the column with the units comes along.
local function unit_position(plan, positions)
  local needed, found = false, nil
  for _, c in ipairs(positions) do
    needed = needed or plans.measured(plan.columns[c])
    if plans.base_type(plan.columns[c]) == "unit" then return nil end
  end
  for c, one in ipairs(plan.columns) do
    if plans.base_type(one) == "unit" then found = found or c end
  end
  return needed and found or nil
end

-- The named columns, in the order given.
function methods:select(...)
  local plan, positions, seen = plan_of(self, "select"), {}, {}
  local names = { ... }
  if select("#", ...) == 0 then core.raise("type", "Frame:select needs at least one column name") end
  for k = 1, select("#", ...) do
    local c = plans.position(plan, names[k])
    if seen[c] then core.raise("duplicate", "select names the column '" .. plan.columns[c].name .. "' twice") end
    seen[c], positions[k] = true, c
  end
  positions[#positions + 1] = unit_position(plan, positions)
  local columns, said = {}, {}
  for k, c in ipairs(positions) do columns[k], said[k] = plan.columns[c], plan.columns[c].name end
  return new(plans.add(plan, { op = "select", columns = positions, names = said }, columns))
end

-- sort "date desc, case": keys in order of weight; missing cells last; equal rows keep their order.
function methods:sort(keys)
  local plan, list = plan_of(self, "sort"), {}
  for k, key in ipairs(order.keys(keys, "Frame:sort")) do
    list[k] = { column = plans.position(plan, key.name), sign = key.sign }
  end
  return new(plans.add(plan, { op = "sort", text = keys, keys = list }))
end

-- The first n rows in the order there is: that of the key unless sorted.
function methods:limit(n)
  local plan = plan_of(self, "limit")
  local whole = type(n) == "number" and math.tointeger(n)
  if not whole then core.raise("type", "limit takes a whole number, not " .. labels.quote(n)) end
  if whole < 0 then core.raise("range", "limit takes a whole number from 0 on, not " .. whole) end
  return new(plans.add(plan, { op = "limit", n = whole }))
end

-- Methods whose file is read when they are first called, and then take the place of these.
for _, name in ipairs { "join", "union" } do
  methods[name] = function(...)
    require "mekong.frame_join"
    return methods[name](...)
  end
end

-- ---------------------------------------------------------------- results

-- The rows as a Table.
function methods:table()
  local plan = plan_of(self, "table")
  local rows = require("mekong.engine_rows").of(plan)
  return require("mekong.eval").table(rows, plan.store:locale(),
    { phases = phases.of(plan.store), plan = plan, notes = conditions.notes(plan, rows.notes) })
end

-- parts(f) -> function that gives the rows of a frame as Tables one after the other, one at least, then nil: for what goes over them
-- once, row by row.
function frame.parts(f)
  local plan = plan_of(f, "table")
  local rows, locale = require("mekong.engine_rows").parts(plan), plan.store:locale()
  return function()
    local one = rows()
    return one and require("mekong.eval").table(one, locale)
  end
end

-- for row in frame:rows() do ... end
function methods:rows() return methods.table(self):rows() end

-- by("phase", "key(agency)", "month"): groups; keys are columns, expressions, or day, month, quarter, year of the date.
function methods:by(...)
  return grouped.new(plan_of(self, "by"), "by", ...)
end

-- count() -> Table of one row; count(keys...) -> one row a group: cases counted once, rows of other tables.
function methods:count(...)
  return grouped.new(plan_of(self, "count"), "count", ...):count()
end

for _, name in ipairs { "sum", "min", "max", "mean", "median", "stats", "agg", "lines" } do
  methods[name] = function(self, ...)
    local groups = grouped.new(plan_of(self, name), name)
    return groups[name](groups, ...)
  end
end

-- Tables along time and with a key along the top, made where they are asked for.
for name, file in pairs { series = "mekong.series", pivot = "mekong.wide", matrix = "mekong.wide" } do
  methods[name] = function(self, ...)
    plan_of(self, name)
    return require(file)[name](self, ...)
  end
end

-- explain() -> how the rows come about; explain("sql" [, {dialect = "sqlite"|"postgres"}]) -> the same as a SELECT.
function methods:explain(form, opts)
  return require("mekong.explain").frame(plan_of(self, "explain"), form, opts)
end

local shown = 20

-- The first rows and how many there are.
Frame.__tostring = function(self)
  local plan = plan_of(self, "display")
  local t = methods.table(self)
  if #t <= shown then return tostring(t) end
  local list = {}
  for i = 1, shown do list[i] = i end
  local text = Table.pick_rows(t, list):to_text()
  return text .. "\n" .. labels.say(plan.store:locale(), ("… %d dòng đầu trong %d dòng"):format(shown, #t),
    ("… the first %d of %d rows"):format(shown, #t))
end

require("mekong.display").give(methods, { { "text/html", function(self) return methods.table(self):to_html { rows = 60 } end } })

return frame
