-- grid: a table read in two directions, rows by columns: a wide table as it is, a long one with two keys by its last key.
local core = require "mekong.core"
local Table = require "mekong.table"
local data = require "mekong.chart.data"
local fmt = require "mekong.fmt"
local labels = require "mekong.labels"
local order = require "mekong.order"

local grid = {}

-- Columns of a wide table that hold its cells: those made of a key, else all numbers of one kind and unit.
function grid.levels(t)
  local levels, plain = {}, {}
  for c, column in ipairs(t.columns_) do
    if column.level then levels[#levels + 1] = c end
    if Table.numeric[column.kind] and not Table.is_key(t, c) and not column.all and not column.optional and c > 1 then plain[#plain + 1] = c end
  end
  if levels[1] then return levels end
  if #plain < 2 then return {} end
  for _, c in ipairs(plain) do
    local one, first = t.columns_[c], t.columns_[plain[1]]
    if one.kind ~= first.kind or (one.unit or "") ~= (first.unit or "") or one.of or t.index_.difference or t.index_.cumulative then return {} end
  end
  return plain
end

local function key_count(t)
  local n = 0
  for c = 1, #t.columns_ do
    if Table.is_key(t, c) then n = n + 1 end
  end
  return n
end

-- Whether a table can be read so; and why not.
function grid.fits(t)
  if grid.levels(t)[1] then return true end
  if key_count(t) < 2 then return false, "has one key only and no columns made of another" end
  for c, column in ipairs(t.columns_) do
    if Table.numeric[column.kind] and not Table.is_key(t, c) then return true end
  end
  return false, "has no column of numbers"
end

local function outside(t, i, c)
  local reason = t.data_[c][i] == nil and Table.reason(t, i, c)
  return reason and reason.outside or false
end

local function point_of(t, i, c, column, locale)
  local point = data.cell(t, i, c, column.show, locale)
  point.outside = outside(t, i, c)
  return point
end

local function whole(column) return column.kind == "int" or column.unit == "case" or column.unit == "person" end

-- Words of the measure of a wide table, which stand in its title only.
local function wide_measure(t, c, locale)
  local column = t.columns_[c]
  if column.kind == "int" and column.unit then return labels.count(column.unit, locale) or "" end
  return column.unit and core.figure.unit_name(column.unit, locale) or ""
end

local function read_wide(t, opts, levels)
  local locale = opts.locale or t.meta_.locale or "vi"
  local keys = data.keys(t, levels[1])
  local names, out = data.printers(t, keys, locale), { rows = {}, cols = {}, cells = {}, locale = locale }
  local columns, all = {}, nil
  for k, c in ipairs(levels) do
    columns[k] = data.column(t, c, locale)
    out.cols[k] = { label = columns[k].bare, value = t.columns_[c].name }
  end
  for c, column in ipairs(t.columns_) do
    if column.all then all = data.column(t, c, locale) end
  end
  for i = 1, t.n_ do
    local own = {}
    for k, show in ipairs(names) do own[k] = show(i) end
    out.rows[i] = { label = table.concat(own, " · "), value = t.data_[keys[1]][i], total = i == t.meta_.total_row }
    out.cells[i] = {}
    for k, column in ipairs(columns) do out.cells[i][k] = point_of(t, i, column.at, column, locale) end
    if all then out.rows[i].all = data.cell(t, i, all.at, all.show, locale) end
  end
  local spanner = t.meta_.spanner
  out.row_head = data.column(t, keys[1], locale).bare
  out.col_head = spanner and labels.say(locale, spanner.vi, spanner.en) or ""
  out.all_head = all and all.bare
  out.whole, out.measure = whole(t.columns_[levels[1]]), wide_measure(t, levels[1], locale)
  out.words = data.words(t, opts, out.measure, keys)
  return out
end

-- The values of a key, each once, in their order; as they occur where some are no text.
local function values_of(t, c)
  local list, seen, cells, plain = {}, {}, t.data_[c], false
  for i = 1, t.n_ do
    plain = plain or type(cells[i]) == "string" and not utf8.len(cells[i])
    local id = Table.key_id(t, i, { c }) or ""
    if not seen[id] then
      seen[id] = true
      list[#list + 1] = { id = id, value = cells[i], row = i }
    end
  end
  if plain then return list end
  local column = t.columns_[c]
  local compare = order.with_missing(order.cells(column.kind, t.meta_.phases, column.words and column.words.vi))
  local sorted, out = order.rows(#list, { function(a, b) return compare(list[a].value, list[b].value) end }), {}
  for k, at in ipairs(sorted) do out[k] = list[at] end
  return out
end

local function read_long(t, opts)
  t = Table.body(t)
  local locale, m = opts.locale or t.meta_.locale or "vi", data.measure(t, opts, "Table:chart")
  local keys = data.keys(t, m)
  local last, column = keys[#keys], data.column(t, m, locale)
  local names, show_last = data.printers(t, keys, locale), data.column(t, last, locale).show
  local out = { rows = {}, cols = {}, cells = {}, locale = locale, whole = whole(column.column), measure = column.heading }
  local at_row, at_col = {}, {}
  for k, one in ipairs(values_of(t, last)) do
    at_col[one.id], out.cols[k] = k, { label = show_last(one.row), value = one.value }
  end
  local outer = { table.unpack(keys, 1, #keys - 1) }
  for i = 1, t.n_ do
    local id = {}
    for k, c in ipairs(outer) do id[k] = Table.key_id(t, i, { c }) or "" end
    id = table.concat(id, "\0")
    if not at_row[id] then
      local own = {}
      for k = 1, #outer do own[k] = names[k](i) end
      out.rows[#out.rows + 1] = { label = table.concat(own, " · "), value = t.data_[outer[1]][i] }
      at_row[id], out.cells[#out.rows] = #out.rows, {}
    end
    out.cells[at_row[id]][at_col[Table.key_id(t, i, { last }) or ""]] = point_of(t, i, m, column, locale)
  end
  for r = 1, #out.rows do
    for k = 1, #out.cols do
      out.cells[r][k] = out.cells[r][k] or data.point(nil, labels.say(locale, data.unknown[1], data.unknown[2]))
    end
  end
  out.row_head, out.col_head = data.column(t, outer[1], locale).bare, data.column(t, last, locale).bare
  out.words = data.words(t, opts, column.bare, keys)
  return out
end

-- of(t, opts) -> {rows = {{label, value, total, all}}, cols = {{label, value}}, cells = rows of points, row_head, col_head, all_head,
-- measure, whole, locale, words}
function grid.of(t, opts)
  local levels = grid.levels(t)
  if levels[1] then return read_wide(t, opts, levels) end
  return read_long(t, opts)
end

-- The grid with at most so many rows and columns, and notes of what is not drawn.
function grid.within(g, rows, cols)
  local say = function(n, vi, en) return labels.say(g.locale, vi, en):format(fmt.number(n, { locale = g.locale })) end
  local chosen_rows, no_rows = data.chosen(#g.rows, rows)
  local chosen_cols, no_cols = data.chosen(#g.cols, cols)
  if no_rows == 0 and no_cols == 0 then return g end
  local out = setmetatable({ rows = {}, cols = {}, cells = {}, gaps = {} }, { __index = g })
  for r, i in ipairs(chosen_rows) do
    out.rows[r], out.cells[r] = g.rows[i], {}
    for k, j in ipairs(chosen_cols) do out.cells[r][k] = g.cells[i][j] end
  end
  for k, j in ipairs(chosen_cols) do out.cols[k] = g.cols[j] end
  if no_rows > 0 then out.gaps[1] = say(no_rows, "Không vẽ %s dòng ở giữa.", "%s rows in the middle are not drawn.") end
  if no_cols > 0 then out.gaps[#out.gaps + 1] = say(no_cols, "Không vẽ %s cột ở giữa.", "%s columns in the middle are not drawn.") end
  return out
end

-- Every cell with the names of its row and column, for descriptions and printed text.
function grid.points(g)
  local out = {}
  for r, row in ipairs(g.rows) do
    for k, col in ipairs(g.cols) do
      local point = g.cells[r][k]
      if not point.outside then out[#out + 1] = { label = row.label .. " · " .. col.label, point = point } end
    end
  end
  return out
end

return grid
