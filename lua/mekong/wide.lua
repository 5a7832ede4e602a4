-- wide: tables with one key down the side and another along the top: frame:pivot and frame:matrix. Every cell, and every
-- total, is counted from the records, so a case that stands in two rows or columns counts once in their totals.
local core = require "mekong.core"
local Table = require "mekong.table"
local cells = require "mekong.render.cells"
local engine = require "mekong.engine"
local eval = require "mekong.eval"
local words_of = require("mekong.shown").words
local labels = require "mekong.labels"
local periods = require "mekong.periods"
local plans = require "mekong.plan"

local lower = core.text.lower

local wide = {}

-- A wide table is made of a long one, grouped by the keys of the rows and the key of the columns; its columns carry the
-- value they stand for (level), a total over all of them stands behind (all = true).

local function names_of(list, what)
  if type(list) == "string" then return { list } end
  if type(list) ~= "table" or #list == 0 then
    core.raise("type", what .. " takes the keys as a text or a list of texts, not " .. labels.quote(list),
      'hint: frame:pivot("category", "phase")')
  end
  return { table.unpack(list) }
end

local function one_measure(long, nkeys, measure)
  local at
  for c = nkeys + 1, #long.columns_ do
    local column = long.columns_[c]
    if Table.numeric[column.kind] and not column.optional then
      if at then
        core.raise("unit", ("'%s' comes in several units (%s, %s), and a cell holds one number"):format(measure,
          long.columns_[at].name, column.name), 'hint: name the unit, such as "sum(quantity in kg)"')
      end
      at = c
    end
  end
  if not at then
    core.raise("type", ("'%s' gives no number to put into cells"):format(measure), 'hint: "count()" or "sum(quantity in kg)"')
  end
  return at
end

-- What cannot be told apart by a case of a letter: an id for a cell that may be missing.
local function id_of(t, i, c) return Table.key_id(t, i, { c }) or "" end

local function ids_of(t, i, first, last)
  local parts = {}
  for c = first, last do parts[#parts + 1] = id_of(t, i, c) end
  return table.concat(parts, "\0")
end

-- Values of a key in order, with the row of the table they come from.
local function levels_of(t, c)
  local list = {}
  for i = 1, t.n_ do list[i] = { value = t.data_[c][i], id = id_of(t, i, c), row = i, of = t } end
  return list
end

-- The groups of the long table by row and by column.
local function index_of(long, nrows)
  local by_row, by_both = {}, {}
  for i = 1, long.n_ do
    local row, column = ids_of(long, i, 1, nrows), id_of(long, i, nrows + 1)
    by_row[row] = by_row[row] or {}
    table.insert(by_row[row], i)
    by_both[row .. "\1" .. column] = i
  end
  return by_row, by_both
end

-- ---------------------------------------------------------------- cells

local function reason_of(level, c)
  return level.of and level.of.data_[c][level.row] == nil and Table.reason(level.of, level.row, c) or nil
end

-- The cell of a group nobody recorded anything for: nothing where both its row and its column are covered by the data.
local function empty_cell(work, row, column)
  local why = reason_of(column, 2) or reason_of(row, 2)
  if why then return nil, why end
  return work.nothing
end

-- Whether a cell of phases by time lies outside the dates of its phase, without a record in it.
local function outside(work, row, column)
  local at = work.phase_by_time
  if not at or row.value == nil or column.value == nil then return false end
  local phase, period = row.value, column.value
  if at.top then phase, period = period, phase end
  local info = work.long.meta_.phases.by_key[phase]
  return periods.outside(period, info) and not at.occurs[phase .. "\0" .. period]
end

local function cell_of(work, row, column)
  if outside(work, row, column) then return nil, periods.reasons.outside end
  local i = work.by_both[row.id .. "\1" .. column.id]
  if not i then return empty_cell(work, row, column) end
  local value = work.long.data_[work.m][i]
  return value, value == nil and Table.reason(work.long, i, work.m) or nil
end

-- ---------------------------------------------------------------- columns

-- What a value of a key is called in print.
local function said(column, value, locale, meta)
  if value == nil then return labels.word("(thiếu)", locale) end
  return cells.text(value, column, { locale = locale, names = meta.names })
end

local function unique(name, taken)
  local out, k = name, 2
  while taken[out] do out, k = name .. " " .. k, k + 1 end
  taken[out] = true
  return out
end

local function level_column(work, key, level, taken)
  local measure, meta = work.long.columns_[work.m], work.long.meta_
  local vi, en = said(key, level.value, "vi", meta), said(key, level.value, "en", meta)
  local name = level.value == nil and "(thiếu)" or tostring(level.value)
  return { name = unique(name, taken), kind = measure.kind, unit = measure.unit, digits = measure.digits, vi = vi, en = en,
    aliases = vi .. "|" .. en, level = level.id, bare = true }
end

-- "Số vụ", "Khối lượng (kg)": what the cells of a table count.
local function measure_name(column, locale)
  local name = column[locale] or column.name == "n" and labels.count(column.unit, locale) or labels.column(column.name, locale)
  local unit = column.kind == "figure" and column.unit and core.figure.unit_name(column.unit, locale) or ""
  if unit == "" or name:lower():find(unit:lower(), 1, true) then return name end
  return name .. " (" .. unit .. ")"
end

local function key_name(column, locale) return column[locale] or labels.column(column.name, locale) end

-- ---------------------------------------------------------------- totals

-- Rows of the long table that a row of a wide one stands for, in the columns it shows (levels; all of them when nil).
local function long_rows(work, row_id, levels)
  local out = {}
  for _, i in ipairs(work.by_row[row_id] or {}) do
    if not levels or levels[id_of(work.long, i, #work.rows + 1)] then out[#out + 1] = i end
  end
  return out
end

local function shown_levels(t)
  local levels = {}
  for _, column in ipairs(t.columns_) do
    if column.level then levels[column.level] = true end
  end
  return levels
end

-- meta.merge of a wide table: its cells for the groups of these rows together.
local function merger(work)
  return function(t, rows)
    local out, shown = {}, shown_levels(t)
    for c, column in ipairs(t.columns_) do
      if column.level or column.all then
        local list, any = {}, false
        for _, i in ipairs(rows) do
          any = any or t.data_[c][i] ~= nil
          local levels = column.all and shown or { [column.level] = true }
          for _, k in ipairs(long_rows(work, ids_of(t, i, 1, #work.rows), levels)) do list[#list + 1] = k end
        end
        if any or #rows == 0 then out[c] = work.long.meta_.merge(work.long, list)[work.m] end
      end
    end
    return out
  end
end

local function any_known(t, i)
  for c, column in ipairs(t.columns_) do
    if column.level and t.data_[c][i] ~= nil then return true end
  end
  return false
end

-- The column of totals over the columns shown, behind them.
local function total_column(work)
  return function(t)
    local shown, data, measure = shown_levels(t), {}, work.long.columns_[work.m]
    for i = 1, t.n_ do
      if any_known(t, i) then
        local rows = long_rows(work, ids_of(t, i, 1, #work.rows), shown)
        data[i] = work.long.meta_.merge(work.long, rows)[work.m]
      end
    end
    local columns, list = { table.unpack(t.columns_) }, { table.unpack(t.data_) }
    columns[#columns + 1], list[#list + 1] = { name = "total", kind = measure.kind, unit = measure.unit, digits = measure.digits,
      all = true, bare = true }, data
    return Table.new(columns, list, t.n_, Table.with_meta(t, { shape = false, measure = "total" }))
  end
end

-- ---------------------------------------------------------------- the table

local function title_of(work, key)
  local measure, title = work.long.columns_[work.m], {}
  for k, locale in ipairs { "vi", "en" } do
    local rows = {}
    for i, name in ipairs(work.rows) do rows[i] = lower(key_name(work.long.columns_[work.long.index_[name]], locale)) end
    title[k] = measure_name(measure, locale) .. labels.say(locale, " theo ", " by ") ..
      table.concat(rows, ", ") .. labels.say(locale, " và ", " and ") .. lower(key_name(key, locale))
  end
  return title
end

-- A key column whose cells are these, with what they are called.
local function key_column(column, values, n)
  local own = {}
  for name, value in pairs(column) do own[name] = value end
  own.words = words_of(column.entity, values, n) or column.words
  return own
end

local function build(work, row_levels, column_levels)
  local long, nrows, values = work.long, #work.rows, {}
  for k, level in ipairs(column_levels) do values[k] = level.value end
  local columns, data, taken, reasons = {}, {}, { total = true }, {}
  local key = key_column(long.columns_[nrows + 1], values, #column_levels)
  for c = 1, nrows do
    data[c], taken[long.columns_[c].name] = {}, true
    for i, row in ipairs(row_levels) do data[c][i] = row.cells[c] end
    columns[c] = key_column(long.columns_[c], data[c], #row_levels)
  end
  for k, level in ipairs(column_levels) do
    local column, list, why = level_column(work, key, level, taken), {}, {}
    for i, row in ipairs(row_levels) do list[i], why[i] = cell_of(work, row, level) end
    columns[nrows + k], data[nrows + k], reasons[column.name] = column, list, why
  end
  local meta = Table.with_meta(long, { measure = false, keys = nrows, title = title_of(work, key), reasons = reasons,
    reason = false, merge = merger(work), wide = total_column(work), recount = false,
    spanner = { first = nrows + 1, vi = key_name(key, "vi"), en = key_name(key, "en") } })
  return Table.new(columns, data, #row_levels, meta)
end

local period_names = { day = true, week = true, month = true, quarter = true, year = true }

-- The phases and periods that have records, where one key is the phase and the other a step of time.
local function phase_by_time(self, long)
  local a, b = long.columns_[1], long.columns_[2]
  local top = b.kind == "phase"
  local time = top and a or b
  if (a.kind == "phase") == top or not period_names[time.name] or not long.meta_.phases then return nil end
  local plan, occurs = rawget(self, "plan"), {}
  local rows = engine.present(plan, { "phase", "date" })
  local phase, date = 1, 2
  if not rows then
    rows, phase, date = eval.rows(plan), plans.position(plan, "phase"), plans.position(plan, "date")
  end
  for i = 1, rows.n do
    local period = rows.data[date][i] and periods.of(rows.data[date][i], time.name)
    if period and rows.data[phase][i] and not rows.copy[i] then occurs[rows.data[phase][i] .. "\0" .. period] = true end
  end
  return { occurs = occurs, top = top }
end

-- Values of the keys down the side: as groups of their own where there is one key, as they occur where there are several.
local function row_levels_of(work, self)
  local list, long, seen = {}, work.long, {}
  if #work.rows == 1 then
    list = levels_of(work.grouped(self, work.rows), 1)
    for _, level in ipairs(list) do level.cells = { level.value } end
    return list
  end
  for i = 1, long.n_ do
    local id = ids_of(long, i, 1, #work.rows)
    if not seen[id] then
      local row = { id = id, cells = {} }
      for c = 1, #work.rows do row.cells[c] = long.data_[c][i] end
      seen[id], list[#list + 1] = true, row
    end
  end
  return list
end

local function prepare(self, rows, column, measure, what)
  if measure ~= nil and type(measure) ~= "string" then
    core.raise("type", what .. " takes the measure as text, not " .. labels.quote(measure), 'hint: "sum(quantity in kg)"')
  end
  if type(column) ~= "string" then
    core.raise("type", what .. " takes the key along the top as text, not " .. labels.quote(column),
      'hint: frame:pivot("category", "phase")')
  end
  local function grouped(of, keys)
    local by = of:by(table.unpack(keys))
    return measure and by:agg(measure) or by:count()
  end
  local keys = { table.unpack(rows) }
  keys[#keys + 1] = column
  local work = { rows = rows, grouped = grouped, long = grouped(self, keys) }
  for k = 1, #rows do rows[k] = work.long.columns_[k].name end
  work.phase_by_time = #rows == 1 and phase_by_time(self, work.long) or nil
  work.m = one_measure(work.long, #keys, measure or "count()")
  work.by_row, work.by_both = index_of(work.long, #rows)
  work.nothing = work.long.meta_.merge(work.long, {})[work.m]
  return work
end

-- pivot(rows, cols [, measure]): one row for each value of rows (a key or a list of keys), one column for each value of cols,
-- cases counted (or the measure, such as "sum(quantity in kg)") in the cells. :totals() adds both totals.
function wide.pivot(self, rows, column, measure)
  local work = prepare(self, names_of(rows, "Frame:pivot"), column, measure, "Frame:pivot")
  return build(work, row_levels_of(work, self), levels_of(work.grouped(self, { column }), 1))
end

-- Values of both keys in one order, for a table with the same labels on both sides.
local function both_levels(work, self, origin, destination)
  local first, seen, list = work.grouped(self, { origin }), {}, {}
  local second = work.grouped(self, { destination })
  for _, t in ipairs { first, second } do
    for _, level in ipairs(levels_of(t, 1)) do
      if not seen[level.id] then
        seen[level.id], list[#list + 1] = true, level
        level.of, level.cells = nil, { level.value }
      end
    end
  end
  local values = {}
  for i, level in ipairs(list) do values[i] = level.value end
  local words = words_of(first.columns_[1].entity, values, #list)
  local order = Table.new({ { name = "value", kind = first.columns_[1].kind, words = words }, { name = "at", kind = "int" } },
    { values, Table.all_rows(#list) }, #list, first.meta_):sort "value"
  local out = {}
  for i = 1, order.n_ do out[i] = list[order.data_[2][i]] end
  return out
end

-- A square has the same places on both sides: columns of other things make a table of two keys.
local function check_square(long, measure)
  local a, b = long.columns_[1], long.columns_[2]
  if a.kind == b.kind and a.entity == b.entity then return end
  core.raise("type", ("a matrix is the square of two columns of the same things, such as origin and dest; %s and %s hold different ones")
    :format(a.name, b.name), ('hint: frame:pivot("%s", "%s"%s)'):format(a.name, b.name, measure and ', "' .. measure .. '"' or ""))
end

-- matrix(origin, dest [, measure]): as pivot, with the same values in the same order down the side and along the top.
function wide.matrix(self, origin, destination, measure)
  local work = prepare(self, names_of(origin, "Frame:matrix"), destination, measure, "Frame:matrix")
  if #work.rows > 1 then core.raise("type", "a matrix has one key on each side", 'hint: frame:matrix("origin", "dest")') end
  check_square(work.long, measure)
  local levels = both_levels(work, self, origin, destination)
  return build(work, levels, levels)
end

return wide
