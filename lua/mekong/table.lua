-- table: the result of every question: named, typed columns and rows in a total order, never changed in place.
-- Verbs live in table_verbs.lua and reconcile.lua, printing in render/.
local core = require "mekong.core"
local labels = require "mekong.labels"
local options = require "mekong.options"
local text = require "mekong.text"

local Table = {}
local methods = {}
local row_class = {}

-- columns: list of {name=, kind=, unit=, aliases=}; kinds: text int decimal figure figures date phase bool verdict real.
-- optional: not printed while every cell is missing; digits: places printed; words: printed texts of cells by locale.
-- data: one array per column, missing cells nil. meta: locale, title {vi, en}, notes, phases, measure, origin.
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

function Table.pick_rows(self, rows, changes)
  local data = {}
  for c, column in ipairs(self.data_) do
    local out = {}
    for i = 1, #rows do out[i] = column[rows[i]] end
    data[c] = out
  end
  return Table.new(self.columns_, data, #rows, Table.with_meta(self, changes or {}))
end

function Table.add_note(self, vi, en)
  local notes = { table.unpack(self.meta_.notes or {}) }
  notes[#notes + 1] = { vi, en }
  return Table.new(self.columns_, self.data_, self.n_, Table.with_meta(self, { notes = notes }))
end

-- Rows: plain access by name; a missing cell is nil, an unknown name raises.
row_class.__index = function(row, name)
  local owner = rawget(row, row_class).table
  local c = Table.position(owner, name)
  return owner.data_[c][rawget(row, row_class).i]
end
row_class.__newindex = function() core.raise("readonly", "rows of a Table cannot be changed") end
row_class.__pairs = function(row)
  local owner, i, c = rawget(row, row_class).table, rawget(row, row_class).i, 0
  return function()
    c = c + 1
    local column = owner.columns_[c]
    if column then return column.name, owner.data_[c][i] end
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
Table.__index = function(self, key)
  if math.type(key) == "integer" then return row_at(self, key) end
  if methods[key] then return methods[key] end
  if type(key) ~= "string" then return nil end
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
  for i = 1, self.n_ do out[i] = column[i] end
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

-- How a cell came about: the figure's own account, or the value and its place in the table.
function methods:why(i, name)
  local value = methods.cell(self, i, name)
  if core.figure.is(value) then return value:why() end
  if value == nil then return labels.say(self.meta_.locale, "chưa có số liệu", "not known") end
  return tostring(value)
end

local expr_types = { text = "text", int = "int", decimal = "decimal", figure = "figure", date = "date", phase = "phase",
  bool = "bool", verdict = "text", code = "text", period = "text", ordinal = "int" }

local function counts(self, c)
  local any = false
  for i = 1, self.n_ do
    local value = self.data_[c][i]
    if value ~= nil then
      any = true
      if not value.whole then return false end
    end
  end
  return any
end

-- Rows for which the expression is true; {name = value} is shorthand for equality.
function methods:where(condition, params)
  check(self, "where")
  local names, types, aliases, data = {}, {}, {}, {}
  for c, column in ipairs(self.columns_) do
    local type_name = expr_types[column.kind]
    if type_name then
      local k = #names + 1
      names[k], types[k], data[k] = column.name, type_name, self.data_[c]
      aliases[k] = aliases_of(self, column)
      if type_name == "figure" and counts(self, c) then types[k] = "figure count" end
    end
  end
  if type(condition) == "table" then
    if params ~= nil then core.raise("type", "where{...} takes no parameters") end
    condition, params = Table.equalities(condition)
  end
  if type(condition) ~= "string" then
    core.raise("type", "where takes an expression or a table of equalities, not " .. type(condition))
  end
  local compiled = core.expr.compile(condition, names, types, aliases, params, "where")
  return Table.pick_rows(self, compiled:filter(data, self.n_))
end

-- {phase = 7, category = "drug"} -> "`category` = $1 and `phase` = $2", {"drug", 7}
function Table.equalities(map)
  local keys, parts, params = {}, {}, {}
  for key in pairs(map) do
    if type(key) ~= "string" then core.raise("type", "where{...} takes column names, not " .. tostring(key)) end
    keys[#keys + 1] = key
  end
  if not keys[1] then core.raise("syntax", "where{} is empty", "hint: where{phase = 7}") end
  table.sort(keys)
  for i, key in ipairs(keys) do
    parts[i], params[i] = "`" .. key .. "` = $" .. i, map[key]
  end
  return table.concat(parts, " and "), params
end

-- A comparable rank for each kind of cell; missing cells sort last whatever the direction.
local function order_cells(self, c)
  local kind, phases = self.columns_[c].kind, self.meta_.phases
  if kind == "phase" and phases then
    return function(a, b)
      local x, y = phases.rank[a], phases.rank[b]
      if x and y and x ~= y then return x < y and -1 or 1 end
      return a < b and -1 or a > b and 1 or 0
    end
  elseif kind == "figure" then
    return function(a, b) return core.figure.order(a, b) end
  elseif kind == "text" or kind == "verdict" then
    return text.compare
  elseif kind == "bool" then
    return function(a, b) return a == b and 0 or b and -1 or 1 end
  end
  return function(a, b) return a < b and -1 or a > b and 1 or 0 end
end

-- "n desc, phase": keys in order of weight; equal rows keep their order.
function methods:sort(keys)
  check(self, "sort")
  if type(keys) ~= "string" then
    core.raise("type", "Table:sort takes the keys as one string, not a " .. type(keys), "hint: t:sort \"n desc, phase\"")
  end
  local plan = {}
  for part in (keys .. ","):gmatch "%s*(.-)%s*," do
    local name, direction = part, "asc"
    local head, tail = part:match "^(.-)%s+(%a+)$"
    if head and (tail:lower() == "desc" or tail:lower() == "asc") then name, direction = head, tail:lower() end
    if name == "" then core.raise("syntax", "an empty key in the sort order '" .. keys .. "'") end
    local c = Table.position(self, name)
    plan[#plan + 1] = { data = self.data_[c], compare = order_cells(self, c), sign = direction == "desc" and -1 or 1 }
  end
  local rows = {}
  for i = 1, self.n_ do rows[i] = i end
  table.sort(rows, function(i, j)
    for _, key in ipairs(plan) do
      local a, b = key.data[i], key.data[j]
      if a == nil or b == nil then
        if a ~= b then return b == nil end
      else
        local order = key.compare(a, b)
        if order ~= 0 then return order * key.sign < 0 end
      end
    end
    return i < j
  end)
  return Table.pick_rows(self, rows)
end

-- The named columns, in the order given.
function methods:select(...)
  check(self, "select")
  local columns, data = {}, {}
  for k = 1, select("#", ...) do
    local c = Table.position(self, (select(k, ...)))
    columns[k], data[k] = self.columns_[c], self.data_[c]
  end
  if #columns == 0 then core.raise("type", "Table:select needs at least one column name") end
  return Table.new(columns, data, self.n_, Table.with_meta(self, {}))
end

local function join_key(value) return core.figure.is(value) and value:format { locale = "vi" } or value end

-- Columns of other beside those of self where on (a column of both) is equal; other must hold each key once.
function methods:join(other, on)
  check(self, "join")
  if not Table.is(other) then core.raise("type", "Table:join takes another Table, not " .. type(other)) end
  local left, right = Table.position(self, on or self.columns_[1].name), Table.position(other, on or self.columns_[1].name)
  local where = {}
  for i = 1, other.n_ do
    local key = join_key(other.data_[right][i])
    if key ~= nil then
      if where[key] then
        core.raise("duplicate", "the join would multiply rows: '" .. tostring(key) .. "' stands twice in the other table")
      end
      where[key] = i
    end
  end
  local columns, data = { table.unpack(self.columns_) }, { table.unpack(self.data_) }
  for c, column in ipairs(other.columns_) do
    if c ~= right then
      if self.index_[column.name] then
        core.raise("duplicate", "both tables have a column '" .. column.name .. "'", "hint: select the columns first")
      end
      local out = {}
      for i = 1, self.n_ do
        local at = where[join_key(self.data_[left][i])]
        if at then out[i] = other.data_[c][at] end
      end
      columns[#columns + 1], data[#data + 1] = column, out
    end
  end
  return Table.new(columns, data, self.n_, Table.with_meta(self, {}))
end

function methods:to_text(opts)
  check(self, "to_text")
  return require("mekong.render.text").table(self, options.check(opts, { "locale", "notes", "title" }, "Table:to_text"))
end

Table.__tostring = function(self) return methods.to_text(self) end

-- What a notebook shows.
function methods:display() return methods.to_text(check(self, "display")) end

require("mekong.table_verbs")(Table)
require("mekong.reconcile")(Table)

return Table
