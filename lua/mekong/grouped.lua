-- grouped: rows of a frame in groups, and the tables of counts, sums and other measures made of them.
local core = require "mekong.core"
local Table = require "mekong.table"
local worth = require "mekong.worth"
local conditions = require "mekong.conditions"
local engine = require "mekong.engine"
local engine_parts = require "mekong.engine_parts"
local shown = require "mekong.shown"
local keys_of = require "mekong.grouped_keys"
local levels = require "mekong.levels"
local measures = require "mekong.measures"
local options = require "mekong.options"
local order = require "mekong.order"
local phases = require "mekong.phases"
local plans = require "mekong.plan"

local grouped = {}
local methods = {}
local Grouped = { __name = "mekong.Grouped" }
grouped.methods = methods

Grouped.__index = function(_, name) return options.method(methods, name, "Grouped") end
Grouped.__newindex = function() core.raise("readonly", "a Grouped cannot be changed") end
Grouped.__tostring = function(self) return tostring(methods.count(self)) end
require("mekong.display").give(methods, { { "text/html", function(self) return methods.count(self):to_html { rows = 60 } end } })

-- Groups of the rows of a plan by the keys given as texts; what names the method in messages.
function grouped.new(plan, what, ...)
  local keys, taken = {}, {}
  for k = 1, select("#", ...) do keys[k] = keys_of.compile(plan, (select(k, ...)), what, taken) end
  return setmetatable({ plan = plan, keys = keys, what = what, texts = { ... } }, Grouped)
end

local function check(self, name)
  if getmetatable(self) ~= Grouped then
    core.raise("type", "Grouped:" .. name .. " was called on a " .. type(self), "hint: call it with ':', not '.'")
  end
  return rawget(self, "plan"), rawget(self, "keys")
end

-- ---------------------------------------------------------------- notes

-- What must be said of a count or sum: cases that are recorded twice, and what the steps left out.
local function notes_of(rows)
  local notes, seen, twice = {}, {}, 0
  for i = 1, rows.n do
    local case = rows.ids.case and rows.ids.case[i]
    if rows.copy[i] and not seen[case] then seen[case], twice = true, twice + 1 end
  end
  if twice > 0 then
    notes[1] = { twice .. " vụ ghi trùng với vụ khác không được tính.", twice .. " cases that are recorded twice are not counted." }
  end
  return table.move(rows.notes, 1, #rows.notes, #notes + 1, notes)
end

-- ---------------------------------------------------------------- groups

-- Groups of the rows that count, as they are met: list of {cells, rows}; one group of all rows when there are no keys.
local function groups_of(ctx, keys)
  local list, by_id = {}, {}
  for _, i in ipairs(ctx.all) do
    local cells = {}
    for k, key in ipairs(keys) do cells[k] = key.cell(ctx, i) end
    local id = keys_of.joined(cells, #keys)
    if not by_id[id] then
      by_id[id] = { cells = cells, rows = {} }
      list[#list + 1] = by_id[id]
    end
    local rows = by_id[id].rows
    rows[#rows + 1] = i
  end
  if #keys == 0 and not list[1] then list[1] = { cells = {}, rows = {} } end
  return list
end

-- Groups in the order of their keys; codes stand by their names in the language of the store.
local function sort_groups(ctx, keys, list)
  local comparisons, locale = {}, ctx.plan.store:locale()
  for k, key in ipairs(keys) do
    local cells = {}
    for g, group in ipairs(list) do cells[g] = group.cells[k] end
    local words = shown.words(key.entity, cells, #list)
    local compare = order.with_missing(order.cells(key.kind, ctx.phases, words and words[locale]))
    comparisons[k] = function(i, j) return compare(cells[i], cells[j]) end
  end
  local out = {}
  for n, i in ipairs(order.rows(#list, comparisons)) do out[n] = list[i] end
  return out
end

-- Groups by the cells of their keys, for looking them up from a row of a Table.
local function by_cells(list, nkeys)
  local known = {}
  for _, group in ipairs(list) do known[keys_of.joined(group.cells, nkeys)] = group end
  return function(cells) return known[keys_of.joined(cells, nkeys)] end
end

-- ---------------------------------------------------------------- the table

-- The group a row of a table shows, by the names of its key columns; nil when it shows none.
local function group_of_row(self, keys, find, i)
  local cells = {}
  for k, key in ipairs(keys) do
    local c = self.index_[key.name]
    if not c then return nil end
    cells[k] = self.data_[c][i]
  end
  return find(cells)
end

-- The value of a measure over rows, errors of range naming the group.
local function value_of(ctx, measure, list, keys, cells)
  local ok, value, extra = pcall(measures.value, ctx, measure, list)
  if ok then return value, extra end
  if type(value) == "string" and value:find("[range]", 1, true) and not value:find("in the group", 1, true) then
    local said = {}
    for k, key in ipairs(keys) do said[k] = key.name .. " = " .. (cells[k] == nil and "(thiếu)" or tostring(cells[k])) end
    core.raise("range", ("%s grows past what is calculated exactly in the group %s"):format(measure.column.name,
      said[1] and table.concat(said, ", ") or "of all rows"))
  end
  error(value, 0)
end

-- Values per column of a table for the union of the groups that some of its rows show: meta.merge(table, rows).
local function merger(ctx, keys, find, list)
  return function(self, picked)
    local lists, out = {}, {}
    for _, i in ipairs(picked) do
      local group = group_of_row(self, keys, find, i)
      if group then lists[#lists + 1] = group.rows end
    end
    local rows = worth.union(ctx, lists)
    for _, measure in ipairs(list) do
      local c = self.index_[measure.column.name]
      if c then out[c] = value_of(ctx, measure, rows, {}, {}) end
    end
    return out
  end
end

local by_zero = { "chia cho 0 hoặc cho số có thể bằng 0", "division by zero, or by what may be zero" }

-- Keeps why a measure of a group is missing, by the code that its calculation gave.
local function note_reason(group, name, code)
  if code ~= "range" then return end
  group.reasons = group.reasons or {}
  group.reasons[name] = by_zero
end

local nothing = { "không có dòng nào có số liệu", "no row has a number" }

-- meta.reason(table, i, c): why a cell is missing.
local function reasons(keys, find)
  return function(self, i, c)
    for _, key in ipairs(keys) do
      if self.index_[key.name] == c then return nil end
    end
    if self.columns_[c].optional then return nil end
    local group = group_of_row(self, keys, find, i)
    local own = group and group.reasons and group.reasons[self.columns_[c].name]
    return own or group and (group.reason or nothing) or nil
  end
end

-- Columns "variants": the other spellings of merged keys; cells(k): those of the k-th one.
local function add_variants(keys, columns, data, cells)
  for k, key in ipairs(keys) do
    if key.variants then
      local name = "variants"
      for _, column in ipairs(columns) do
        if column.name == name then name = "variants_" .. key.name end
      end
      columns[#columns + 1] = { name = name, kind = "text", optional = true }
      data[#data + 1] = cells(k)
    end
  end
end

-- The rows that count.
local function counted_rows(rows)
  local list = {}
  for i = 1, rows.n do
    if not rows.copy[i] then list[#list + 1] = i end
  end
  return list
end

-- Rows of the source and of the plan, and the groups in them, row by row. named: the rows of the source that the plan may leave,
-- where these are known.
local function context(plan, keys, named)
  local eval = require "mekong.eval"
  local base = named and engine.base(plan) or eval.base(plan)
  local ctx = { plan = plan, rows = eval.rows(plan, named or base), phases = phases.of(plan.store) }
  ctx.all = counted_rows(ctx.rows)
  for _, key in ipairs(keys) do key.prepare(ctx) end
  return ctx, base, groups_of(ctx, keys)
end

-- A measure cannot be called as a key is.
local function check_names(keys, asked)
  for _, measure in ipairs(asked) do
    for _, key in ipairs(keys) do
      if key.name == measure.column.name then
        core.raise("duplicate", ("two columns would be called '%s': the key and %s"):format(key.name, measure.text),
          ('hint: agg("x = %s") names a measure'):format(measure.text))
      end
    end
  end
end

local function key_column(key, words)
  return { name = key.name, kind = key.kind, aliases = key.aliases, entity = key.entity, plain = key.plain, words = words }
end

-- The meta of a table of groups: find(cells) gives a group.
local function meta_of(self, ctx, keys, asked, find, notes)
  return { locale = ctx.plan.store:locale(), phases = ctx.phases, measure = asked[1].column.name, keys = #keys, origin = "records",
    plan = { rows = ctx.plan, keys = rawget(self, "texts"), measures = asked }, notes = conditions.notes(ctx.plan, notes),
    merge = merger(ctx, keys, find, asked),
    reason = reasons(keys, find) }
end

-- The value of a measure for a group, and why it is missing.
local function cell_of(ctx, measure, keys, group)
  local value, why = value_of(ctx, measure, group.rows, keys, group.cells)
  note_reason(group, measure.column.name, why)
  return value
end

-- The table of a question row by row; named as above.
local function plain_table(self, ask, named)
  local plan, keys = check(self, "count")
  local ctx, base, groups = context(plan, keys, named)
  local asked = ask.make(ctx)
  check_names(keys, asked)
  local list = sort_groups(ctx, keys, levels.complete(ctx, base, keys, groups))
  local columns, data = {}, {}
  for k, key in ipairs(keys) do
    local cells = {}
    for g, group in ipairs(list) do cells[g] = group.cells[k] end
    columns[k], data[k] = key_column(key, (shown.words(key.entity, cells, #list))), cells
  end
  for _, measure in ipairs(asked) do
    local cells = {}
    for g, group in ipairs(list) do
      if not group.reason then cells[g] = cell_of(ctx, measure, keys, group) end
    end
    columns[#columns + 1], data[#data + 1] = measure.column, cells
  end
  add_variants(keys, columns, data, function(k)
    local cells = {}
    for g, group in ipairs(list) do cells[g] = keys[k].variants(ctx, group.rows, group.cells[k]) end
    return cells
  end)
  local notes = notes_of(ctx.rows)
  notes[#notes + 1] = asked.note
  for _, key in ipairs(keys) do notes[#notes + 1] = key.note and key.note(ctx) or nil end
  return Table.new(columns, data, #list, meta_of(self, ctx, keys, asked, by_cells(list, #keys), notes))
end

-- Measures of a question and how their cells are made; rows: for groups without rows.
local function shape_of(found, ctx, keys, ask)
  local asked, ways = engine_parts.surely(ask.make, ctx), {} -- the units that it looks at were counted
  check_names(keys, asked)
  for m, measure in ipairs(asked) do ways[m] = found:way(measure) end
  return { asked = asked, ways = ways, rows = ctx.rows }
end

-- The same from columns in memory, where the plan and its measures allow it, and the answer; cells are made when they are looked at.
local function fast_table(self, ask)
  local plan, keys = check(self, "count")
  local named = plan.steps[1] and require("mekong.engine_rows").named(plan)
  local found = not named and engine.answer(plan, keys, ask)
  if not found then return plain_table(self, ask, named) end
  local ctx = { plan = plan, phases = found.phases, all = found.whole, engine = found }
  local shape = found:shaped(function()
    ctx.rows = { columns = plan.columns, data = {}, n = 0, ids = {}, copy = {}, notes = {}, parents = {} }
    return shape_of(found, ctx, keys, ask)
  end)
  ctx.rows = shape.rows
  local asked, columns, data = shape.asked, {}, {}
  for k, key in ipairs(keys) do columns[k], data[k] = key_column(key, found.levels[k].words), found:key_cells(k) end
  for m, measure in ipairs(asked) do
    columns[#columns + 1] = measure.column
    data[#data + 1] = found:measure_cells(shape.ways[m], function(group) return cell_of(ctx, measure, keys, group) end)
  end
  add_variants(keys, columns, data, function(k) return found:variants(k) end)
  local notes = found.notes
  notes[#notes + 1] = asked.note
  for k = 1, #keys do notes[#notes + 1] = found:key_note(k) end
  local meta = meta_of(self, ctx, keys, asked, function(cells) return found:find(cells) end, notes)
  meta.disjoint, meta.full = found.disjoint or nil, found:full() or nil
  return Table.new(columns, data, found.n, meta), found
end

-- What fn gives, or what plainly gives where columns in memory cannot tell.
local function either(fn, plainly, ...)
  local ok, out, more = pcall(fn, ...)
  if ok then return out, more end
  if engine.declined(out) then return plainly() end
  error(engine_parts.said(out) or out, 0)
end

-- The table of a question: ask.parts are what its measures are made of, ask.make(ctx) gives them, ask.id tells them apart.
local function result(self, ask)
  local plan, plain = check(self, "count"), nil
  local t, found = either(fast_table, function() return plain_table(self, ask) end, self, ask)
  local merge = t.meta_.merge
  t.meta_.merge = function(of, picked)
    return either(merge, function()
      if not plain and found and not found:lasting() then
        core.raise("missing", "taking these groups together needs the records as they were when the table was made, and they have changed",
          "hint: make the table anew")
      end
      plain = plain or plain_table(self, ask)
      return plain.meta_.merge(of, picked)
    end, of, picked)
  end
  t.meta_.recount = plans.has(plan, "date") and function(date)
    local step = "date <= " .. core.date.parse(date)
    local expr = plans.compile(plan, step, nil, "to")
    local up_to = plans.add(plan, { op = "where", text = step, expr = expr, reads = { "date" } })
    return result(grouped.new(up_to, rawget(self, "what"), table.unpack(rawget(self, "texts"))), ask)
  end or nil
  return t
end

-- ---------------------------------------------------------------- measures

local function refuse_arguments(name, n)
  if n > 0 then
    core.raise("type", name .. " after by(...) takes nothing", ('hint: by("phase"):%s(); keys are given to by'):format(name))
  end
end

-- count(): cases counted once each; rows of tables other than cases and lines.
function methods:count(...)
  local plan = check(self, "count")
  refuse_arguments("count", select("#", ...))
  local one = measures.compile(plan, "count()", "count")
  return result(self, measures.asked({ one }))
end

-- lines(): seizure lines, each once.
function methods:lines(...)
  local plan = check(self, "lines")
  refuse_arguments("lines", select("#", ...))
  local one = measures.compile(plan, "lines()", "lines")
  return result(self, measures.asked({ one }))
end

-- sum("quantity" [, {missing = "skip"|"error"}]): quantities give one column for each kind of unit; what lacks the number
-- is counted in column missing and leaves the upper end of the sum open.
function methods:sum(text, opts)
  local plan = check(self, "sum")
  opts = options.check(opts, { "missing" }, "sum")
  local missing = options.choice(opts.missing, { "skip", "error" }, nil, "option missing")
  local one = measures.of(plan, "sum", text, "sum")
  return result(self, measures.asked({ one }, missing))
end

for _, name in ipairs { "min", "max", "mean", "median" } do
  methods[name] = function(self, text)
    local plan = check(self, name)
    local one = measures.of(plan, name, text, name)
    return result(self, measures.asked({ one }))
  end
end

-- stats("quantity in kg" [, "n missing sum min max mean median p90"])
function methods:stats(text, names)
  local plan = check(self, "stats")
  return result(self, measures.stats(plan, text, names, "stats"))
end

-- agg("n = count()", "kg = sum(quantity in kg)", ...): one column for each measure.
function methods:agg(...)
  local plan, list = check(self, "agg"), {}
  if select("#", ...) == 0 then core.raise("type", "agg needs at least one measure", 'hint: agg("n = count()")') end
  for k = 1, select("#", ...) do list[k] = measures.compile(plan, (select(k, ...)), "agg") end
  return result(self, measures.asked(list))
end

return grouped
