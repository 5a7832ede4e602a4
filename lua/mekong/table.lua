-- table: the result of every question: named, typed columns and rows in a total order, never changed in place.
-- Shape (where, sort, select, join) is in table_shape.lua, verbs in table_verbs.lua, table_compare.lua and reconcile.lua,
-- printing in render/.
local core = require "mekong.core"
local labels = require "mekong.labels"
local lazy = require "mekong.lazy"
local options = require "mekong.options"

local Table = {}
local methods = {}
local row_class = {}

-- columns: list of {name=, kind=, unit=, aliases=}; kinds: text int decimal figure figures date phase bool verdict real.
-- optional: not printed while every cell is missing or zero; digits: places printed; plain: whole
-- numbers without grouping, as years are; words: printed texts of cells by locale.
-- data: one array per column, missing cells nil. meta: locale, title {vi, en}, notes, phases, measure, origin, keys (number
-- of leading key columns), total_row (the last row when it holds totals), others (the row of the rest under a top), reasons
-- (column name -> row -> {vi, en} why that cell is missing). Of counted records also, all working from the key cells of
-- columns as they were at birth (shape, when the columns have changed since): merge(t, rows) -> the cells of the groups of
-- these rows taken together, reason(t, i, c) -> {vi, en}, disjoint (no case is in two groups), full (each
-- row has records), recount(date) -> the table as of that day.
function Table.new(columns, data, n, meta)
  local index = {}
  for i, column in ipairs(columns) do index[column.name] = i end
  return setmetatable({ columns_ = columns, data_ = data, n_ = n, meta_ = meta or {}, index_ = index }, Table)
end

function Table.is(value) return getmetatable(value) == Table end
Table.methods = methods

local function check(self, name)
  if getmetatable(self) ~= Table then
    core.raise("type", "Table:" .. name .. " was called on a " .. type(self), "hint: call it with ':', not '.'")
  end
  return self
end
Table.check = check

-- Other names of a column: its own, or the printed ones where the module made the table (a user's SQL names stand alone).
local function aliases_of(self, column)
  return column.aliases or self.meta_.origin ~= "sql" and labels.both(column.name) or false
end

Table.aliases_of = aliases_of

local function names_of(self)
  local names, aliases = {}, {}
  for i, column in ipairs(self.columns_) do
    names[i], aliases[i] = column.name, aliases_of(self, column)
  end
  return names, aliases
end

-- Position of a column by its name (folded); raises [name] with a suggestion.
function Table.position(self, name)
  if self.index_[name] then return self.index_[name] end
  if type(name) ~= "string" then core.raise("type", "a column name is a string, not " .. type(name)) end
  local names, aliases = names_of(self)
  return core.find_name(name, names, aliases, "column")
end

-- The same table with other meta fields, columns or rows; meta given is laid over the old one.
function Table.with_meta(self, changes)
  local meta = {}
  for key, value in pairs(self.meta_) do meta[key] = value end
  for key, value in pairs(changes) do meta[key] = value end
  return meta
end

local function all_rows(n)
  local rows = {}
  for i = 1, n do rows[i] = i end
  return rows
end
Table.all_rows = all_rows

local function picked(list, rows)
  local out = {}
  for i = 1, #rows do out[i] = list[rows[i]] end
  return out
end

-- What the meta says of single rows, for those picked.
local function follow_rows(self, rows, changes)
  local meta, where = self.meta_, {}
  if meta.total_row or meta.others then
    for i = 1, #rows do where[rows[i]] = i end
    if changes.total_row == nil then changes.total_row = where[meta.total_row] or false end
    local others = meta.others
    changes.others = others and where[others.row] and { row = where[others.row], source = others.source, rows = others.rows } or false
  end
  if meta.reasons then
    changes.reasons = {}
    for name, list in pairs(meta.reasons) do changes.reasons[name] = picked(list, rows) end
  end
  return changes
end

function Table.pick_rows(self, rows, changes)
  local data = {}
  for c, column in ipairs(self.data_) do
    data[c] = lazy.waits(column) and lazy.list(function() return picked(column, rows), #rows end) or picked(column, rows)
  end
  return Table.new(self.columns_, data, #rows, Table.with_meta(self, follow_rows(self, rows, changes or {})))
end

-- Whether a column is one of the keys that the table's groups were made of.
function Table.is_key(self, c)
  local shape = self.meta_.shape or self.columns_
  for k = 1, self.meta_.born_keys or self.meta_.keys or 0 do
    if shape[k] == self.columns_[c] then return true end
  end
  return false
end

-- The given rows under the columns the table was born with (cells of columns that have gone are missing), the row of the
-- rest as the rows it stands for; nil when a key column has gone.
function Table.born(self, rows)
  local meta, data, from, n = self.meta_, {}, {}, 0
  local shape = meta.shape or self.columns_
  for c = 1, meta.born_keys or meta.keys or 0 do
    if not self.index_[shape[c].name] then return nil end
  end
  for c = 1, #shape do data[c] = {} end
  local function add(source, i)
    n = n + 1
    for c, column in ipairs(shape) do
      from[c] = source.index_[column.name]
      if from[c] then data[c][n] = source.data_[from[c]][i] end
    end
  end
  for _, i in ipairs(rows) do
    if meta.others and i == meta.others.row then
      for _, k in ipairs(meta.others.rows) do add(meta.others.source, k) end
    elseif i ~= meta.total_row then
      add(self, i)
    end
  end
  return Table.new(shape, data, n, Table.with_meta(self, { total_row = false, others = false, shape = false,
    reasons = false, keys = meta.born_keys or meta.keys }))
end

-- The cells of the groups of these rows taken together, by column, each case counted once; nil when that is not known.
function Table.merge(self, rows)
  if not self.meta_.merge then return nil end
  local born = Table.born(self, rows)
  if not born then return nil end
  local values, out = self.meta_.merge(born, all_rows(born.n_)), {}
  for c, column in ipairs(born.columns_) do
    local at = self.index_[column.name]
    if at then out[at] = values[c] end
  end
  return out
end

-- The rows that stand for groups or records: without the row of totals and, unless it is kept, the row of the rest.
function Table.body(self, keep_others)
  local meta, rows = self.meta_, {}
  if not meta.total_row and not meta.others then return self end
  for i = 1, self.n_ do
    if i ~= meta.total_row and (keep_others or not meta.others or i ~= meta.others.row) then rows[#rows + 1] = i end
  end
  return Table.pick_rows(self, rows, { total_row = false })
end

-- The same rows under other columns; what works from the key cells goes on working where these are still there.
function Table.reshape(self, columns, data, changes)
  local meta = Table.with_meta(self, changes or {})
  meta.shape, meta.born_keys = self.meta_.shape or self.columns_, self.meta_.born_keys or self.meta_.keys
  if meta.keys and not (changes and changes.keys) then
    local keys = 0
    for c, column in ipairs(columns) do
      if column == meta.shape[c] and c <= self.meta_.keys then keys = c else break end
    end
    meta.keys = keys
  end
  return Table.new(columns, data, self.n_, meta)
end

function Table.add_note(self, vi, en)
  local notes = { table.unpack(self.meta_.notes or {}) }
  notes[#notes + 1] = { vi, en }
  return Table.new(self.columns_, self.data_, self.n_, Table.with_meta(self, { notes = notes }))
end

-- A cell as programs get it: a figure is printed in the language of its table.
local function given(self, value)
  if self.meta_.locale == "en" and core.figure.is(value) then core.figure.english(value, true) end
  return value
end

-- Rows: plain access by name; a missing cell is nil, an unknown name raises.
row_class.__index = function(row, name)
  local owner = rawget(row, row_class).table
  local c = Table.position(owner, name)
  return given(owner, owner.data_[c][rawget(row, row_class).i])
end
row_class.__newindex = function() core.raise("readonly", "rows of a Table cannot be changed") end
row_class.__pairs = function(row)
  local owner, i, c = rawget(row, row_class).table, rawget(row, row_class).i, 0
  return function()
    c = c + 1
    local column = owner.columns_[c]
    if column then return column.name, given(owner, owner.data_[c][i]) end
  end
end
row_class.__tostring = function(row)
  local owner = rawget(row, row_class).table
  return tostring(Table.pick_rows(owner, { rawget(row, row_class).i }, { title = false, notes = {} }))
end
row_class.__name = "mekong.Row"

local function row_at(self, i)
  if i < 0 then i = self.n_ + i + 1 end
  if i < 1 or i > self.n_ then return nil end
  return setmetatable({ [row_class] = { table = self, i = i } }, row_class)
end

Table.__name = "mekong.Table"
Table.__len = function(self) return self.n_ end

local figure_fields = { best = true, lo = true, hi = true, lo_open = true, hi_open = true, unit = true, status = true, raw = true,
  sources = true, qualifier = true, whole = true, includes = true }

-- A cell as a Figure of the column's unit; a missing cell is an unknown count or amount.
function Table.figure_of(column, value)
  if value == nil then return core.figure.unknown(column.unit or "") end
  if core.figure.is(value) then return value end
  if math.type(value) == "integer" or column.kind == "decimal" then
    return core.figure.new { best = value, unit = column.unit or "" }
  end
  core.raise("type", "column '" .. column.name .. "' holds text, not numbers")
end

Table.numeric = { int = true, figure = true, decimal = true }

-- The one number of a table of one row, as a Figure; nil where there is not exactly one.
function Table.single(self)
  if self.n_ ~= 1 then return nil end
  local at = self.meta_.scalar and self.index_[self.meta_.scalar]
  if at then return given(self, Table.figure_of(self.columns_[at], self.data_[at][1])) end
  for c = (self.meta_.keys or 0) + 1, #self.columns_ do
    local column = self.columns_[c]
    if Table.numeric[column.kind] and not column.optional then
      if at then return nil end
      at = c
    end
  end
  return at and given(self, Table.figure_of(self.columns_[at], self.data_[at][1]))
end

-- A table of one number answers what a Figure does: t.best, t:is(5), t:say().
local function of_figure(self, key)
  local method = core.figure.methods[key]
  if not method and not figure_fields[key] then return nil end
  local figure = Table.single(self)
  if not figure then return nil end
  if not method then return true, figure[key] end
  return true, function(owner, ...)
    if owner ~= self then check(owner, key) end
    return method(figure, ...)
  end
end

Table.__index = function(self, key)
  if math.type(key) == "integer" then return row_at(self, key) end
  if methods[key] then return methods[key] end
  if type(key) ~= "string" then return nil end
  local found, value = of_figure(self, key)
  if found then return value end
  if self.index_[key] then
    core.raise("name", "'" .. key .. "' is a column, not a method",
      "hint: columns are read by row, t[1]." .. key .. ", or as a list, t:col '" .. key .. "'")
  end
  return options.method(methods, key, "Table")
end
Table.__newindex = function() core.raise("readonly", "a Table cannot be changed", "hint: its verbs return new tables") end
Table.__pairs = function(self)
  local i = 0
  return function()
    i = i + 1
    if i <= self.n_ then return i, row_at(self, i) end
  end
end

-- for row in t:rows() do ... end
function methods:rows()
  check(self, "rows")
  local i = 0
  return function()
    i = i + 1
    if i <= self.n_ then return row_at(self, i) end
  end
end

-- The cells of one column as a list; missing cells are holes, so use #t for the length.
function methods:col(name)
  check(self, "col")
  local column = self.data_[Table.position(self, name)]
  local out = {}
  for i = 1, self.n_ do out[i] = given(self, column[i]) end
  return out
end

function methods:cell(i, name)
  check(self, "cell")
  if math.type(i) ~= "integer" then core.raise("type", "a row is given by its number, not by " .. labels.quote(i)) end
  local row = row_at(self, i)
  if not row then core.raise("range", "row " .. tostring(i) .. " is not one of the table's " .. self.n_ .. " rows") end
  return row[name]
end

-- The names of the columns, in order.
function methods:names()
  check(self, "names")
  return (names_of(self))
end

-- Why a missing cell is missing, {vi, en}, where that is known.
function Table.reason(self, i, c)
  local meta, name = self.meta_, self.columns_[c].name
  local own = meta.reasons and meta.reasons[name]
  if own and own[i] then return own[i] end
  if not meta.reason or i == meta.total_row or meta.others and meta.others.row == i then return nil end
  if not meta.shape then return meta.reason(self, i, c) end
  local born, at = Table.born(self, { i }), nil
  for k, column in ipairs(meta.shape) do
    if column.name == name then at = k end
  end
  return born and at and meta.reason(born, 1, at)
end

-- How a cell came about: the figure's own account, the value, or why it is missing.
function methods:why(i, name)
  check(self, "why")
  local single = i == nil and Table.single(self)
  if single then return single:why { locale = self.meta_.locale } end
  local value = methods.cell(self, i, name)
  if core.figure.is(value) then return value:why { locale = self.meta_.locale } end
  if value ~= nil then return tostring(value) end
  local reason = Table.reason(self, i < 0 and self.n_ + i + 1 or i, Table.position(self, name))
  return labels.say(self.meta_.locale, table.unpack(reason or { "chưa có số liệu", "not known" }, 1, 2))
end

-- explain() -> how the groups and measures come about; explain("sql" [, {dialect = "sqlite"|"postgres"}]) -> a SELECT.
function methods:explain(form, opts)
  return require("mekong.explain").table(check(self, "explain"), form, opts)
end

require("mekong.table_output")(Table)

-- Functions whose files are read when they are first called, and then take the place of these.
local function later(class, file, names)
  for name in names:gmatch "%S+" do
    class[name] = function(...)
      require("mekong." .. file)(Table)
      return class[name](...)
    end
  end
end
later(methods, "table_shape", "where sort select join")
later(Table, "table_shape", "equalities key_id")
later(methods, "table_verbs", "share top totals")
later(Table, "table_verbs", "with_total measure together partition overlapping")
later(methods, "table_compare", "compare cumulative")
later(Table, "table_compare", "with_reasons")
later(methods, "reconcile", "reconcile")
later(methods, "analyses_table", "concentration trend seasonality")

return Table
