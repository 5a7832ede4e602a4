-- plan: a question about rows as data: where they come from and the steps they go through, with the columns there are
-- after each step. Names, units and types are checked when a step is added; nothing is read.
local core = require "mekong.core"
local kept = require "mekong.kept"
local order = require "mekong.order"

local plan = {}

-- A column of a plan: name, type (as core.expr.compile takes it), aliases, entity (kind of thing its texts name), grain.
-- The grain says what a value belongs to, so that it is added once: a "case", a "line" of it, a "row", or the pairs of a
-- join. A plan: store, source, steps, base (columns of the source), columns, cases (whether its rows belong to cases).

local entities = { category = "category", item = "item", reporter = "country", partner = "country", intel = "country",
  origin = "country", transit = "country", destination = "country", country = "country", nationality = "country",
  agency = "agency", province = "province", role = "role" }

local function quoted(name) return '"' .. name:gsub('"', '""') .. '"' end

-- The names and aliases of the columns that were defined, folded: none of the others goes by a synonym (spec/conditions_spec.lua).
local function defined_names(lists)
  local names = {}
  for _, list in ipairs(lists) do
    for _, column in ipairs(list) do
      if column.user then
        names[core.text.key(column.name, 1)] = true
        for alias in (column.aliases or ""):gmatch "[^|]+" do names[core.text.key(alias, 1)] = true end
      end
    end
  end
  return names
end

-- Cases and lines go by what files call their columns too.
local function add_synonyms(columns, own)
  local synonyms = require "mekong.load.synonyms"
  for _, column in ipairs(columns) do
    local more = synonyms.beside(column.grain == "case" and "cases" or "lines", column.stored, own)
    if more then column.aliases = (column.aliases or "") ~= "" and column.aliases .. "|" .. more or more end
  end
end

-- Columns of a table of the store, as columns of a plan; a name that is taken gets the table's before it.
local function add_columns(columns, list, grain, prefix, taken)
  for _, column in ipairs(list) do
    if not (grain == "line" and column.name == "case") then
      local called = taken[column.name] and "line_" .. column.name or column.name
      taken[called] = true
      columns[#columns + 1] = { name = called, aliases = column.aliases, entity = entities[called], grain = grain,
        type = column.type .. (column.measured and " measured" or "") .. (column.typed and " typed" or ""),
        sql = prefix .. quoted(column.name), stored = column.name, key = column.key }
    end
  end
end

local function read_source(store, name)
  local table_name, _, list = core.store.columns(store, name)
  local columns, taken = {}, {}
  local joined = table_name == "cases" or table_name == "lines"
  if joined then
    local _, _, other = core.store.columns(store, table_name == "cases" and "lines" or "cases")
    local cases, lines = list, other
    if table_name == "lines" then cases, lines = other, list end
    add_columns(columns, cases, "case", "c.", taken)
    add_columns(columns, lines, "line", "l.", taken)
    add_synonyms(columns, defined_names { cases, lines })
  else
    add_columns(columns, list, "row", "t.", taken)
  end
  return { store = store, source = joined and "cases" or table_name, cases = joined, steps = {}, base = columns,
    columns = columns }
end

-- What rows are selected from, in SQL, in the order of their keys.
function plan.from(self)
  local keys = {}
  for _, one in ipairs(self.base) do
    if one.key then keys[#keys + 1] = one.sql end
  end
  return (self.cases and 'cases c LEFT JOIN lines l ON l."case" = c."case"' or '"' .. self.source .. '" t') ..
    " ORDER BY " .. table.concat(keys, ", ")
end

local sources = setmetatable({}, { __mode = "k" })

-- The rows of a table in the order of its key. Cases and lines are one joined table, a case without lines being one row. Kept as
-- long as the tables have the same columns.
function plan.source(store, name)
  local schema, known = core.store.schema(store), sources[store]
  if not known or known.schema ~= schema then
    known = { schema = schema, plans = {} }
    sources[store] = known
  end
  known.plans[name] = known.plans[name] or read_source(store, name)
  return known.plans[name]
end

local by_name = setmetatable({}, { __mode = "k" })

-- The place of a column of the source by its name.
function plan.base_place(self, name)
  local places = by_name[self.base]
  if not places then
    places = {}
    for c, column in ipairs(self.base) do places[column.name] = c end
    by_name[self.base] = places
  end
  return places[name]
end

-- Type without what stands behind it: "decimal" of "decimal measured typed".
local base_types = {} -- of the few types there are
function plan.base_type(column)
  local base = base_types[column.type]
  if not base then
    base = column.type:match "^%a+"
    base_types[column.type] = base
  end
  return base
end
function plan.measured(column) return column.type:find(" measured", 1, true) ~= nil end

local units = setmetatable({}, { __mode = "k" }) -- list of columns -> place of the first one that holds units, false: none does

-- The place of the column with the units of numbers, nil when there is none.
function plan.unit_place(self)
  local at = units[self.columns]
  if at == nil then
    at = false
    for c, column in ipairs(self.columns) do
      if plan.base_type(column) == "unit" then
        at = c
        break
      end
    end
    units[self.columns] = at
  end
  return at or nil
end

function plan.position(self, name, what)
  if type(name) ~= "string" then core.raise("type", "a column name is a string, not a " .. type(name)) end
  local names, aliases = {}, {}
  for i, column in ipairs(self.columns) do
    if column.name == name then return i end
    names[i], aliases[i] = column.name, column.aliases or false
  end
  return core.find_name(name, names, aliases, what or "column")
end

function plan.has(self, name)
  for _, column in ipairs(self.columns) do
    if column.name == name then return true end
  end
  return false
end

-- The store's own names of things: {kind, folded name, code}.
local stored_names = kept.of({ "aliases", "codes" }, function(store)
  local _, data, n = core.store.query(store, [[SELECT kind, alias, code FROM aliases UNION SELECT kind, name_vi, code FROM codes
    WHERE name_vi IS NOT NULL UNION SELECT kind, name_en, code FROM codes WHERE name_en IS NOT NULL ORDER BY 1, 2, 3]])
  local list = {}
  for i = 1, n do list[i] = { data[1][i], core.text.key(data[2][i], 1), data[3][i] } end
  return list
end)

local with_added = setmetatable({}, { __mode = "k" })

-- The same with the names that were added for this Lua state behind them; the same table as long as none is added.
function plan.lookup(store, stamp)
  local list, added = stored_names(store, stamp), require("mekong.vocab").for_conditions()
  if not added[1] then return list end
  local known = with_added[list]
  if known and known.n == #list + #added then return known.list end
  known = { n = #list + #added, list = table.move(added, 1, #added, #list + 1, table.move(list, 1, #list, 1, {})) }
  with_added[list] = known
  return known.list
end

-- For each list of columns what core.expr takes of them, and what was compiled over them.
local scopes = setmetatable({}, { __mode = "k" })
local most_kept = 500

local function scope_of(columns)
  local scope = scopes[columns]
  if scope then return scope end
  scope = { names = {}, types = {}, aliases = {}, kinds = {}, units = {}, made = {}, n = 0 }
  for i, column in ipairs(columns) do
    scope.names[i], scope.types[i], scope.aliases[i] = column.name, column.type, column.aliases or false
    scope.kinds[i], scope.units[i] = column.entity or false, column.unit or false
  end
  scopes[columns] = scope
  return scope
end

local function options_of(self, scope, lookup)
  return { kinds = scope.kinds, units = scope.units, lookup = lookup or plan.lookup(self.store) }
end

local function param_id(value)
  local kind = math.type(value) or type(value)
  if kind ~= "string" and kind ~= "integer" and kind ~= "boolean" then return nil end
  local said = tostring(value)
  return ("%s %d %s"):format(kind, #said, said)
end

-- Text that tells parameters apart, with a quote: one may be a name that is looked up; nil where that cannot be told by a text.
function plan.params_id(params)
  local parts = {}
  if params == nil then return "" end
  if type(params) ~= "table" then return nil end
  for name, value in pairs(params) do
    local a, b = param_id(name), param_id(value)
    if not a or not b then return nil end
    parts[#parts + 1] = a .. b
  end
  order.texts(parts)
  return table.concat(parts) .. "'"
end

-- The names that a text may hold as they are looked up in a store; nil for a text without quotes, which holds none.
function plan.lookup_for(store, text, stamp)
  return (text:find("'", 1, true) or text:find('"', 1, true)) and plan.lookup(store, stamp) or nil
end

-- What make(names, types, aliases, options) gives for a text over the columns of a plan; kept, as long as the names that the text may
-- hold mean the same.
function plan.made(self, kind, text, make)
  local scope = scope_of(self.columns)
  local lookup = plan.lookup_for(self.store, text)
  local id = kind .. "\0" .. text
  local known = scope.made[id]
  if known and known.lookup == lookup then return known.value end
  local value = make(scope.names, scope.types, scope.aliases, options_of(self, scope, lookup))
  if scope.n >= most_kept then scope.made, scope.n = {}, 0 end
  scope.made[id], scope.n = { value = value, lookup = lookup }, scope.n + 1
  return value
end

function plan.compile(self, text, params, what)
  if type(text) ~= "string" then core.raise("type", what .. " takes an expression as text, not a " .. type(text)) end
  local function make(names, types, aliases, opts) return core.expr.compile(text, names, types, aliases, params, what, opts) end
  local said = params and plan.params_id(params)
  if params and not said then
    local scope = scope_of(self.columns)
    return make(scope.names, scope.types, scope.aliases, options_of(self, scope))
  end
  return plan.made(self, "expression", said and text .. "\0" .. said or text, make)
end

-- Text that tells apart what steps ask of the rows and the columns they make; nil where that cannot be told by a text.
function plan.asked(self)
  if self.asked_ == nil then
    local parts = {}
    for k, step in ipairs(self.steps) do
      if step.op ~= "where" and step.op ~= "with" then return nil end
      local said = step.said or plan.params_id(step.params)
      if not said then return nil end
      parts[k] = ("%s\0%s\0%d:%s\0%d:%s"):format(step.op, step.name or "", #step.text, step.text, #said, said)
    end
    self.asked_ = table.concat(parts, "\0")
  end
  return self.asked_
end

-- What the values of an expression over these columns belong to.
function plan.grain(self, columns)
  local seen = {}
  for _, c in ipairs(columns) do seen[self.columns[c].grain] = true end
  local grain = next(seen)
  if grain and next(seen, grain) == nil then return grain end
  local of_line = true
  for name in pairs(seen) do of_line = of_line and (name == "case" or name == "line") end
  return of_line and self.cases and "line" or "row"
end

-- The plan with one more step; columns: those after it, the same when nil.
function plan.add(self, step, columns)
  local steps = { table.unpack(self.steps) }
  steps[#steps + 1] = step
  return { store = self.store, source = self.source, cases = self.cases, steps = steps, base = self.base,
    columns = columns or self.columns }
end

-- Names of the columns that an expression reads.
function plan.reads(self, expr)
  local list = {}
  for i, c in ipairs(expr:columns()) do list[i] = self.columns[c].name end
  return list
end

-- ---------------------------------------------------------------- as text

local function value_text(value)
  if type(value) == "string" then return "'" .. value:gsub("'", "''") .. "'" end
  return tostring(value)
end

-- " [$1 = 7, $kind = 'drug']": numbers first, then names.
local function params_text(params)
  if not params then return "" end
  local keys, parts = {}, {}
  for key in pairs(params) do keys[#keys + 1] = key end
  table.sort(keys, function(a, b)
    if type(a) ~= type(b) then return type(a) == "number" end
    return order.plain(a, b) < 0
  end)
  for i, key in ipairs(keys) do parts[i] = "$" .. key .. " = " .. value_text(params[key]) end
  return parts[1] and " [" .. table.concat(parts, ", ") .. "]" or ""
end

local function column_names(columns)
  local names = {}
  for i, column in ipairs(columns) do names[i] = column.name end
  return table.concat(names, ", ")
end

local function indented(text) return (text:gsub("\n", "\n  ")) end

local say = {
  where = function(step) return "where " .. step.text .. params_text(step.params) end,
  with = function(step) return "with " .. step.name .. " = " .. step.text end,
  filter = function() return "filter (a Lua function)" end,
  select = function(step) return "select " .. table.concat(step.names, ", ") end,
  sort = function(step) return "sort " .. step.text end,
  limit = function(step) return "limit " .. step.n end,
  join = function(step)
    return "join on " .. step.text .. " (" .. step.check .. ")\n  " ..
      (step.plan and indented(plan.text(step.plan)) or "a table: " .. column_names(step.columns))
  end,
  union = function(step) return "union\n  " .. indented(plan.text(step.plan)) end,
}

-- One line a step.
function plan.text(self)
  local from = self.cases and "cases left join lines by case" or self.source
  local lines = { "from " .. from }
  for _, step in ipairs(self.steps) do lines[#lines + 1] = say[step.op](step) end
  return table.concat(lines, "\n")
end

return plan
