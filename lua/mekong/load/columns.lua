-- columns: a file of cases read as columns of codes (core.source.grid). Each different text of a column is judged once, by the
-- rules for single cells; rows in which nothing is unusual are then taken together. The others, with every row of their
-- case, are read one by one as always.
local core = require "mekong.core"
local lazy = require "mekong.lazy"
local cells = require "mekong.load.cells"
local era = require("mekong.codes").era
local numbers = require "mekong.load.numbers"
local order = require "mekong.order"

local columns = {}

local ODD, TELL, EVENT = 1, 2, 4 -- of what is said of a text: as in grid.h
local RECORD, CELL, CASE = 1, 2, 3 -- why a row is left: as in grid.h
local PLAIN, VI, EN = 1 << 1, 1 << 2, 1 << 3 -- shapes of numerals: as in grid.h
local CLASSES = 250

-- Units in which the same amount may be written twice.
columns.mass_names = { "kg", "t", "ta", "yen", "lang", "g", "mg" }
columns.masses = {}
for _, name in ipairs(columns.mass_names) do columns.masses[name] = true end

-- Whether the records of a reader can be taken so.
function columns.fit(ctx, reader)
  return ctx.table == "cases" and ctx.plan_of.case and #ctx.noted == 0 and reader.records_of.grid ~= nil
end

-- ---------------------------------------------------------------- first pass

-- What each column is like, from its different texts and from the records kept apart.
function columns.vote(ctx, grid, from)
  for _, plan in ipairs(ctx.plans) do
    if plan.votes or plan.maybe_unit or plan.how == "empty" then
      local texts, counts, plain, vi, en, both = grid:texts(plan.i, plan.number)
      for i, text in ipairs(texts) do cells.vote_text(plan, text, counts[i]) end
      local votes = plan.number and plan.votes
      if votes then votes.plain, votes.vi, votes.en, votes.both = votes.plain + plain, votes.vi + vi, votes.en + en, votes.both + both end
    end
  end
  for _, row in ipairs(grid:apart()) do
    local record = from:record_at(grid, row)
    if not record.error then cells.vote(ctx, record) end
  end
end

-- ---------------------------------------------------------------- what texts stand for

-- A column to be filled: number of its target, the values it was told, what its texts brought up by class and code.
local function new_target(ctx, plan, by, classes)
  local target = { plan = plan, by = by, ids = {}, facts = {}, classes = classes or 1 }
  target.number = ctx.grid:target(plan and plan.i, by and by.number, classes)
  return target
end

local function id_of(ctx, target, value)
  if value == nil then return 0 end
  local id = target.ids[value]
  if not id then
    id = ctx.grid:value(target.number, value)
    target.ids[value] = id
  end
  return id
end

local function say(ctx, target, class, code, value, row, total)
  local said = (row.odd or total) and ODD or 0
  if said == 0 then
    if row.said or row.people then said = EVENT end
    if row.saw[1] and target.plan.column.name ~= "case" or (row.timed or 0) > 0 then said = said | TELL end
  end
  ctx.grid:say(target.number, class, code, said == ODD and 0 or id_of(ctx, target, value), said)
  if said > ODD then target.facts[class * 0x100000000 + code] = row end
end

-- Texts that a row of totals may have; such rows are left.
local function totals_of(ctx, target)
  local total = ctx.is_total
  if target.plan.i > 3 then return function() return false end end
  return function(text) return total { n = 1, text } end
end

local function judge_plain(ctx, target)
  local codes, texts = ctx.grid:open(target.number)
  local total = totals_of(ctx, target)
  for i, code in ipairs(codes) do
    local value, row = cells.judge(ctx, target.plan, texts[i], {})
    say(ctx, target, 0, code, value, row, total(texts[i]))
  end
end

-- Days by class: what names of provinces stand for changes on few days, so that days between two of them are one class.
-- Class 0 is no day at all; months and years have classes of their own. -> {[day] = class}, {[class] = a day of it}
local function day_classes(judged)
  local class_of, class, days = {}, {}, { [0] = false }
  for _, one in ipairs(judged) do
    local value = one[1]
    local key = value and era(value)
    if key and not class[key] and #days < CLASSES - 1 then
      days[#days + 1] = value
      class[key] = #days
    end
    if key then class_of[value] = class[key] end
  end
  return class_of, days
end

-- Dates, and the classes of their days. A date that found none, there being too many, is left.
local function judge_dates(ctx, target)
  local codes, texts = ctx.grid:open(target.number)
  local total, judged = totals_of(ctx, target), {}
  for i = 1, #codes do judged[i] = table.pack(cells.judge(ctx, target.plan, texts[i], {})) end
  local class_of, days = day_classes(judged)
  for i, code in ipairs(codes) do
    local value = judged[i][1]
    say(ctx, target, 0, code, value, judged[i][2], total(texts[i]) or value ~= nil and not class_of[value])
  end
  target.class_of = class_of
  return days
end

-- The texts of a column that mean different things by class: values[class] are the other values of the row.
local function judge_classes(ctx, target, values)
  local codes, texts = ctx.grid:open(target.number)
  local total = totals_of(ctx, target)
  for i, code in ipairs(codes) do
    for class = 0, target.classes - 1 do
      local given = {}
      for name, value in pairs(values[class]) do given[name] = value end
      local value, row = cells.judge(ctx, target.plan, texts[i], given)
      say(ctx, target, class, code, value, row, total(texts[i]))
    end
  end
end

-- Quantities: what stands before the unit may depend on whether the unit is counted; a unit in the cell decides by itself.
local function judge_quantity(ctx, target, unit)
  local codes, texts = ctx.grid:open(target.number)
  local given = { [0] = "kg", "pill" }
  assert(not numbers.is_whole(given[0]) and numbers.is_whole(given[1]))
  for i, code in ipairs(codes) do
    local value, row = cells.judge(ctx, target.plan, texts[i], {})
    if row.own then
      for class = 0, 1 do say(ctx, target, class, code, value, row, false) end
      if not row.odd then ctx.grid:own(target.number, code, id_of(ctx, unit, row.own)) end
    else
      for class = 0, 1 do
        value, row = cells.judge(ctx, target.plan, texts[i], { unit = given[class] })
        say(ctx, target, class, code, value, row, false)
      end
    end
  end
end

-- Numerals that every reader reads alike stand for themselves.
local function direct_numbers(ctx, target)
  local plan = target.plan
  local given = plan.at.given
  if plan.scale and plan.scale ~= "1" then return end
  local shapes = PLAIN | ((not given or given == "vi") and VI or 0) | ((not given or given == "en") and EN or 0)
  ctx.grid:direct(target.number, shapes, plan.column.type == "int")
end

-- ---------------------------------------------------------------- the targets

-- Columns that are no target but stand where a row of totals would say so.
local function add_idle(ctx, taken)
  for i = 1, math.min(3, #ctx.plans) do
    if not taken[i] then
      local target = new_target(ctx, ctx.plans[i])
      ctx.idle[#ctx.idle + 1] = target
      ctx.grid:direct(target.number, PLAIN, false)
    end
  end
end

local function target_of(targets, name) return targets[name] and targets[name].number or nil end

local function plan_rows(ctx, targets)
  local plan = { key = target_of(targets, "case"), cases = {}, lines = {} }
  for _, name in ipairs { "date", "date_to", "quantity", "unit", "line", "item", "category", "commodity", "place", "province" } do
    plan[name] = target_of(targets, name)
  end
  for i, column in ipairs(ctx.columns) do plan.cases[i] = target_of(targets, column.name) or false end
  if ctx.flat then
    plan.lines[1] = plan.key
    for i, column in ipairs(ctx.line_columns) do plan.lines[i + 1] = target_of(targets, column.name) or false end
  end
  ctx.grid:plan(plan)
end

local function make_targets(ctx)
  local targets, list, taken, days = {}, {}, {}, nil
  for _, plan in ipairs(ctx.order) do
    local name, by, classes = plan.column.name, nil, nil
    taken[plan.i] = true
    if plan.kind == "province" and targets.date then by, classes = targets.date, #days + 1 end
    if name == "quantity" then
      targets.unit = targets.unit or new_target(ctx)
      by, classes = targets.unit, 2
    end
    local target = new_target(ctx, plan, by, classes)
    targets[name], list[#list + 1] = target, target
    if name == "date" then days = judge_dates(ctx, target) end
  end
  return targets, list, taken, days
end

local function class_dates(ctx, targets, days)
  for value, id in pairs(targets.date.ids) do ctx.grid:class(targets.date.number, id, targets.date.class_of[value]) end
  local values = {}
  for class = 0, #days do values[class] = { date = days[class] or nil } end
  return values
end

-- Which units are counted, and what a mass is in kg.
local function class_units(ctx, targets)
  local quantity, unit = targets.quantity, targets.unit
  local given = quantity.plan.unit or ctx.opts.unit
  if given then ctx.grid:given_unit(id_of(ctx, unit, given)) end
  for name, id in pairs(unit.ids) do
    ctx.grid:class(unit.number, id, numbers.is_whole(name) and 1 or 0)
    if columns.masses[name] and name ~= "kg" then
      ctx.grid:mass(id, core.figure.decimal(core.figure.new({ best = 1, unit = name }):to "kg"))
    end
  end
end

-- Tells what every text stands for.
local function judge_all(ctx)
  local targets, list, taken, days = make_targets(ctx)
  ctx.targets, ctx.target_list, ctx.idle = targets, list, {}
  add_idle(ctx, taken)
  plan_rows(ctx, targets)
  for _, target in ipairs(list) do
    local plan, name = target.plan, target.plan.column.name
    if name == "case" then ctx.grid:direct(target.number) end
    if plan.number then direct_numbers(ctx, target) end
    if name == "quantity" then judge_quantity(ctx, target, targets.unit)
    elseif target.by then judge_classes(ctx, target, class_dates(ctx, targets, days))
    elseif name ~= "date" then judge_plain(ctx, target) end
  end
  for _, target in ipairs(ctx.idle) do
    local codes, texts = ctx.grid:open(target.number)
    local total = totals_of(ctx, target)
    for i, code in ipairs(codes) do ctx.grid:say(target.number, 0, code, 0, total(texts[i]) and ODD or 0) end
  end
  if targets.quantity then class_units(ctx, targets) end
  for _, of in ipairs { list, ctx.idle } do
    for _, target in ipairs(of) do ctx.grid:refuse(target.number, target.plan.header) end
  end
end

-- ---------------------------------------------------------------- rows that are left

-- The rows that are not taken in bulk, in order, read by read(record).
function columns.rows(ctx, from, read)
  local grid, rows = ctx.grid, {}
  grid:judge()
  judge_all(ctx)
  grid:settle()
  local keys = ctx.targets.case.ids
  for _, fate in ipairs { RECORD, CELL } do
    for _, at in ipairs(grid:rows(fate)) do
      local row = read(from:record_at(grid, at))
      rows[#rows + 1] = row
      if row.values.case ~= nil then grid:odd(row.values.case, keys[row.values.case]) end
    end
  end
  local ok, message, info = core.source.grid_stored(ctx.store, grid)
  if not ok then return nil, message, info end
  grid:close_cases()
  for _, at in ipairs(grid:rows(CASE)) do rows[#rows + 1] = read(from:record_at(grid, at)) end
  table.sort(rows, function(a, b) return a.line < b.line end)
  return rows
end

-- ---------------------------------------------------------------- what the others show

local function tell_target(ctx, target)
  local classes, codes, counts, lines = ctx.grid:tally(target.number)
  for i, code in ipairs(codes) do
    local row = target.facts[classes[i] * 0x100000000 + code]
    ctx.line = lines[i]
    ctx.timed = ctx.timed + counts[i] * row.timed
    for _, one in ipairs(row.saw) do
      if one[1].column.name ~= "case" then cells.saw(ctx, one[1], one[2], one[3], one[4], counts[i]) end
    end
  end
  local where, class_of, code_of = ctx.grid:events(target.number)
  for i, line in ipairs(where) do
    local row = target.facts[class_of[i] * 0x100000000 + code_of[i]]
    if row.said then ctx.assume(line, target.plan, row.text, row.said) end
    for _, found in ipairs(row.people or {}) do ctx.personal[#ctx.personal + 1] = { line, target.plan, found[1], found[2] } end
  end
end

-- Spellings, people and assumptions of the rows in bulk. accepted: the other rows.
function columns.remember(ctx, accepted)
  local others = {}
  for _, target in ipairs(ctx.target_list) do tell_target(ctx, target) end
  for _, row in ipairs(accepted) do
    if row.values.case ~= nil then others[#others + 1] = ctx.grid:key_hash(row.values.case) end
  end
  for _, text in ipairs(ctx.grid:alike(others)) do cells.saw(ctx, ctx.plan_of.case, text) end
end

-- In order of their rows, what belongs to one row as it was found.
function columns.in_order(list)
  for i, one in ipairs(list) do one.order = i end
  table.sort(list, function(a, b) return a[1] < b[1] or a[1] == b[1] and a.order < b.order end)
end

-- Rows, cases and lines in bulk.
function columns.counts(ctx) return ctx.grid:counts() end

-- A number for what makes lines alike.
function columns.likeness(ctx, date, thing, amount, unit) return ctx.grid:likeness(date, thing, amount, unit) end

-- The amounts of lines in bulk, and the units that the file has.
function columns.amounts(ctx)
  local units = {}
  for name in pairs(ctx.targets.unit and ctx.targets.unit.ids or {}) do units[#units + 1] = name end
  order.texts(units)
  return ctx.grid:amounts(), units
end

-- Lines in bulk that may be alike with another or with one of these numbers, in the order of their cases: likeness, line, line of
-- the case, and of the case its key, place, province and dup_of, each a list.
function columns.alike(ctx, likenesses)
  local targets = {}
  for i, name in ipairs { "case", "place", "province", "dup_of" } do targets[i] = target_of(ctx.targets, name) or false end
  return ctx.grid:like(likenesses, targets)
end

-- Whether lines are not said to be of other cases already.
function columns.pairable(ctx) return ctx.targets.dup_of == nil end

-- Has the other thread find such lines, which columns.pairs gives then, until it is closed.
local pairing = { __close = function(self) self.grid:paired() end }
function columns.pairing(ctx)
  local guard = setmetatable({ grid = ctx.grid }, pairing)
  core.source.grid_pair(ctx.store, ctx.grid)
  return guard
end

-- The same as pairs, when there are no others and each is told by its number alone: line, case, line and case of the earlier one, each a
-- list that is made when it is looked into, and how many; else nil.
function columns.pairs(ctx)
  local found = ctx.grid:pairs()
  if not found then return nil end
  local lists = { n = #found }
  for k = 1, 4 do
    lists[k] = lazy.list(function() return found:list(k) end)
  end
  return lists
end

-- Writes the rows in bulk; told(n) after every few | nil, message, info
function columns.write(ctx, lines, rows, told)
  local at, total = 1, ctx.total
  while at <= total do
    local next_at, message, info = core.source.grid_write(ctx.store, ctx.grid, lines, at, rows)
    if not next_at then return nil, message, info end
    at = next_at
    local ok
    ok, message, info = told(math.min(at - 1, total))
    if not ok then return nil, message, info end
  end
  return true
end

return columns
