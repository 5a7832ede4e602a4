-- table_shape: where, sort, select and join: other rows, another order, other columns; no cell changes.
local core = require "mekong.core"
local lazy = require "mekong.lazy"
local order = require "mekong.order"

local expr_types = { text = "text", int = "int", decimal = "decimal", figure = "figure", date = "date", phase = "phase",
  bool = "bool", verdict = "text", code = "text", period = "text", ordinal = "int" }

local function counts(self, c)
  local any = false
  for i = 1, self.n_ do
    local value = self.data_[c][i]
    if value ~= nil then
      any = true
      if core.figure.is(value) and not value.whole then return false end
    end
  end
  return any
end

-- The unit of all figures of a column, when it is one.
local function unit_of(self, c)
  local unit
  for i = 1, self.n_ do
    local value = self.data_[c][i]
    if core.figure.is(value) then
      if unit and unit ~= value.unit then return false end
      unit = value.unit
    elseif value ~= nil then
      return false
    end
  end
  return unit or false
end

return function(Table)
  local methods, check = Table.methods, Table.check

  -- Rows for which the expression is true; {name = value} is shorthand for equality. A row of totals goes: it would not
  -- be that of the rows left.
  function methods:where(condition, params)
    self = Table.body(check(self, "where"))
    local names, types, aliases, units, kinds, data = {}, {}, {}, {}, {}, {}
    for c, column in ipairs(self.columns_) do
      local type_name = expr_types[column.kind]
      if type_name then
        local k = #names + 1
        names[k], types[k], data[k] = column.name, type_name, lazy.filled(self.data_[c])
        aliases[k], kinds[k] = Table.aliases_of(self, column), column.entity or false
        units[k] = type_name == "figure" and unit_of(self, c)
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
    local compiled = core.expr.compile(condition, names, types, aliases, params, "where", { units = units, kinds = kinds })
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
    order.texts(keys)
    for i, key in ipairs(keys) do
      parts[i], params[i] = "`" .. key .. "` = $" .. i, map[key]
    end
    return table.concat(parts, " and "), params
  end

  -- "n desc, phase": keys in order of weight; equal rows keep their order; rows of the rest and of totals stay last.
  function methods:sort(keys)
    check(self, "sort")
    local plan = {}
    for k, key in ipairs(order.keys(keys, "Table:sort")) do
      local c = Table.position(self, key.name)
      local column = self.columns_[c]
      local compare = order.cells(column.kind, self.meta_.phases, column.words and column.words[self.meta_.locale or "vi"])
      local ranks, most = order.ranks(self.data_[c], self.n_, compare, key.sign)
      plan[k] = ranks and { data = ranks, ranks = #ranks > 0 and ranks, most = most, compare = order.plain } or
        { data = self.data_[c], compare = order.with_missing(compare, key.sign) }
    end
    local tail = { self.meta_.others and self.meta_.others.row or 0, self.meta_.total_row or 0 }
    local rows = {}
    for i = 1, self.n_ do
      if i ~= tail[1] and i ~= tail[2] then rows[#rows + 1] = i end
    end
    if not order.by_ranks(rows, plan, self.n_) then
      table.sort(rows, function(i, j)
        for _, key in ipairs(plan) do
          local found = key.compare(key.data[i], key.data[j])
          if found ~= 0 then return found < 0 end
        end
        return i < j
      end)
    end
    for _, i in ipairs(tail) do
      if i > 0 then rows[#rows + 1] = i end
    end
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
    return Table.reshape(self, columns, data)
  end

  -- "phase", "phase, category", "nước = country" or a list of these: the positions on both sides.
  local function join_columns(self, other, on)
    local left, right = {}, {}
    if type(on) == "string" then
      local list = {}
      for part in (on .. ","):gmatch "%s*(.-)%s*," do list[#list + 1] = part end
      on = list
    elseif type(on) ~= "table" then
      core.raise("type", "a join takes the names of its key columns, not a " .. type(on), "hint: t:join(other, \"phase\")")
    end
    for k, name in ipairs(on) do
      local a, b = name, name
      if type(name) == "string" and not self.index_[name] then a, b = name:match "^(.-)%s*=%s*(.-)$" end
      left[k], right[k] = Table.position(self, a or name), Table.position(other, b or name)
    end
    if not left[1] then core.raise("syntax", "a join needs at least one key column", "hint: t:join(other, \"phase\")") end
    return left, right
  end

  local function cell_id(value)
    if type(value) == "string" then return "'" .. value end
    if core.figure.is(value) then value = value:format { locale = "vi" } end
    return math.type(value) == "integer" and tostring(value) or "'" .. tostring(value)
  end

  Table.cell_id = cell_id

  -- One text for the cells of these columns in a row; nil when one of them is missing.
  function Table.key_id(t, i, columns)
    local parts = {}
    for k, c in ipairs(columns) do
      local value = t.data_[c][i]
      if value == nil then return nil end
      parts[k] = cell_id(value)
    end
    return table.concat(parts, "\0")
  end

  -- The row of other that belongs to each key: other must hold each key once.
  local function rows_by_key(other, columns)
    local where = {}
    for i = 1, other.n_ do
      local id = Table.key_id(other, i, columns)
      if id then
        if where[id] then
          core.raise("duplicate", "the join would multiply rows: '" .. tostring(other.data_[columns[1]][i]) ..
            "' stands twice in the other table")
        end
        where[id] = i
      end
    end
    return where
  end

  -- Columns of other beside those of self where the key columns (on, by default the first) are equal.
  function methods:join(other, on)
    check(self, "join")
    if not Table.is(other) then core.raise("type", "Table:join takes another Table, not " .. type(other)) end
    other = Table.body(other)
    local left, right = join_columns(self, other, on or { self.columns_[1].name })
    local where, is_key = rows_by_key(other, right), {}
    for _, c in ipairs(right) do is_key[c] = true end
    local columns, data = { table.unpack(self.columns_) }, { table.unpack(self.data_) }
    for c, column in ipairs(other.columns_) do
      if not is_key[c] then
        if self.index_[column.name] then
          core.raise("duplicate", "both tables have a column '" .. column.name .. "'", "hint: select the columns first")
        end
        local out = {}
        for i = 1, self.n_ do
          local id = Table.key_id(self, i, left)
          local at = id and where[id]
          if at then out[i] = other.data_[c][at] end
        end
        columns[#columns + 1], data[#data + 1] = column, out
      end
    end
    return Table.reshape(self, columns, data)
  end
end
