-- explain: how a result comes about: the plan as text, or as one SELECT of SQL that any program with the same tables can run.
-- Groups nobody recorded anything for are not in that SELECT, nor is what rests on a Lua function.
local core = require "mekong.core"
local keys_of = require "mekong.grouped_keys"
local measures = require "mekong.measures"
local options = require "mekong.options"
local plans = require "mekong.plan"

local explain = {}

local function quoted(name) return '"' .. name:gsub('"', '""') .. '"' end

local function refuse(what, why)
  core.raise("type", what .. " has no form in SQL: " .. why)
end

-- ---------------------------------------------------------------- rows

-- A SELECT being written: dialect, plan, sql (of each column of the plan so far), conditions, order, limit.
local steps = {}

function steps.where(query, step)
  query.conditions[#query.conditions + 1] = step.expr:sql(query.dialect, query.sql)
end

function steps.with(query, step)
  query.sql = { table.unpack(query.sql) }
  query.sql[#query.sql + 1] = step.expr:sql(query.dialect, query.sql)
end

function steps.select(query, step)
  local sql = {}
  for k, c in ipairs(step.columns) do sql[k] = query.sql[c] end
  query.sql = sql
end

local collation = { sqlite = "VI", postgres = '"vi-x-icu"' }

-- What a column is sorted by: phases by their start, texts as in a dictionary, amounts by value, what is missing last.
local function order_of(query, sql, kind, sign)
  local by = sql
  if kind == "phase" then
    by = "(SELECT MIN(p.\"date\") FROM phases p WHERE p.phase = " .. sql .. " AND p.preferred" ..
      (query.dialect == "sqlite" and " = 1)" or ")")
  elseif kind == "text" then
    by = sql .. " COLLATE " .. collation[query.dialect]
  elseif kind == "decimal" and query.dialect == "sqlite" then
    refuse("the order by " .. sql, "SQLite has no order of exact decimals")
  end
  return by .. (sign == -1 and " DESC" or "") .. " NULLS LAST" .. (by ~= sql and ", " .. sql or "")
end

function steps.sort(query, step)
  if query.limit then refuse("sort after limit", "write the limit last") end
  local order = {}
  for k, key in ipairs(step.keys) do
    order[k] = order_of(query, query.sql[key.column], plans.base_type(query.columns[key.column]), key.sign)
  end
  query.order = table.concat(order, ", ")
end

function steps.limit(query, step) query.limit = math.min(query.limit or step.n, step.n) end
function steps.filter() refuse("filter", "it is a Lua function") end
function steps.join() refuse("a join", "join in the SQL itself") end
function steps.union() refuse("a union", "its cases would be counted twice") end

local function rows_query(plan, dialect)
  local query = { plan = plan, dialect = dialect, conditions = {}, sql = {}, columns = plan.base }
  for i, column in ipairs(plan.base) do query.sql[i] = column.sql end
  for _, step in ipairs(plan.steps) do
    local write = steps[step.op] or refuse
    if query.limit and step.op == "where" then refuse("where after limit", "write the limit last") end
    write(query, step)
    if step.op == "select" then
      local columns = {}
      for k, c in ipairs(step.columns) do columns[k] = query.columns[c] end
      query.columns = columns
    elseif step.op == "with" then
      query.columns = { table.unpack(query.columns) }
      query.columns[#query.columns + 1] = step.column
    end
  end
  return query
end

local function from_of(plan)
  return plan.cases and 'cases c LEFT JOIN lines l ON l."case" = c."case"' or quoted(plan.source) .. " t"
end

local function where_of(conditions)
  if not conditions[1] then return "" end
  return "\nWHERE " .. table.concat(conditions, "\n  AND ")
end

local function select_rows(plan, dialect)
  local query, list, keys = rows_query(plan, dialect), {}, {}
  for k, column in ipairs(query.columns) do list[k] = query.sql[k] .. " AS " .. quoted(column.name) end
  for _, column in ipairs(plan.base) do
    if column.key then keys[#keys + 1] = column.sql end
  end
  local order = (query.order and query.order .. ", " or "") .. table.concat(keys, ", ")
  return "SELECT " .. table.concat(list, ",\n  ") .. "\nFROM " .. from_of(plan) .. where_of(query.conditions) ..
    "\nORDER BY " .. order .. (query.limit and "\nLIMIT " .. query.limit or "")
end

-- ---------------------------------------------------------------- groups

local period_form = {
  day = "CASE WHEN length(%s) = 10 THEN %s END",
  month = "CASE WHEN length(%s) >= 7 THEN substr(%s, 1, 7) END",
  year = "substr(%s, 1, 4)",
  quarter = "CASE WHEN length(%s) >= 7 THEN substr(%s, 1, 5) || substr('01040710', (CAST(substr(%s, 6, 2) AS INTEGER) + 2) / 3 * 2 - 1, 2)"
      .. " || '/' || substr(%s, 1, 5) || substr('03060912', (CAST(substr(%s, 6, 2) AS INTEGER) + 2) / 3 * 2 - 1, 2) END",
}

local function key_sql(query, key)
  if key.period then
    local at = plans.position(query.plan, "date")
    return (period_form[key.period]:gsub("%%s", function() return query.sql[at] end))
  end
  return plans.compile(query.plan, key.text, nil, "explain"):sql(query.dialect, query.sql)
end

-- The keys of a table, compiled again: name, kind, text, period.
local function compiled_keys(plan, texts)
  local list, taken = {}, {}
  for k, text in ipairs(texts) do
    list[k] = keys_of.compile(plan, text, "explain", taken)
    list[k].text = text
  end
  return list
end

-- Cases recorded twice: those from which dup_of leads to another case, but for the first of a circle.
local duplicates = [[
same("case", "other") AS (
  SELECT a."case", a.dup_of FROM cases a JOIN cases b ON b."case" = a.dup_of
  UNION SELECT s."case", a.dup_of FROM same s JOIN cases a ON a."case" = s."other" JOIN cases b ON b."case" = a.dup_of),
copies AS (
  SELECT "case" FROM same GROUP BY "case" HAVING MAX(CASE WHEN "other" <> "case" THEN 1 ELSE 0 END) = 1
    AND (MAX(CASE WHEN "other" = "case" THEN 1 ELSE 0 END) = 0 OR MIN("other") < "case"))]]

-- Lines and the lines they are part of or equivalent to, directly or not.
local parents = [[
inside("case", "line", "whole") AS (
  SELECT "case", "line", COALESCE(included_in, equivalent_of) FROM lines
  WHERE COALESCE(included_in, equivalent_of) <> "line"
  UNION SELECT i."case", i."line", COALESCE(l.included_in, l.equivalent_of)
  FROM inside i JOIN lines l ON l."case" = i."case" AND l."line" = i."whole"
  WHERE COALESCE(l.included_in, l.equivalent_of) <> l."line")]]

-- Whether a measure adds something up that belongs to cases, or amounts of lines; nil for what needs neither.
local function needs(query, one)
  local found = {}
  for _, part in ipairs(one.parts) do
    if part.arg and part.fn == "sum" then
      local columns = part.arg:columns()
      local grain = plans.grain(query.plan, columns)
      for _, c in ipairs(columns) do
        if plans.measured(query.plan.columns[c]) then found.lines = true end
      end
      if grain == "case" then found.cases = true end
      for _, c in ipairs(grain == "case" and part.filter and part.filter:columns() or {}) do
        if query.plan.columns[c].grain ~= "case" then refuse(part.text, "it adds up cases by what their lines are") end
      end
    end
  end
  return found
end

-- The measures of a table one by one: a sum in several units is one for each.
local function measures_of(plan, list)
  local out = {}
  for _, measure in ipairs(list) do
    local column, text = measure.column, measure.text
    if not column.optional then
      local inner = text:match "^sum%(([%w_]+)%)$"
      if inner and column.unit and column.unit ~= "" and plans.measured(plan.columns[plans.position(plan, inner)]) then
        text = "sum(" .. inner .. " in " .. column.unit .. ")"
      end
      local one = measures.compile(plan, text, "explain")
      one.as = column.name
      out[#out + 1] = one
    end
  end
  return out
end

-- Two rows of the group tables a and b are of one group.
local function same_group(keys, dialect, a, b)
  local parts = {}
  for k = 1, #keys do
    parts[k] = (" AND %s.k%d %s %s.k%d"):format(a, k, dialect == "sqlite" and "IS" or "IS NOT DISTINCT FROM", b, k)
  end
  return table.concat(parts)
end

-- Lines whose whole is a row of the same group: their amounts are in those of that row.
local function parts_cte(keys, dialect)
  local shown = {}
  for k = 1, #keys do shown[k] = "r.k" .. k .. ", " end
  return "parts AS (SELECT DISTINCT " .. table.concat(shown) .. 'r."case", r."line" FROM inside i' ..
    '\n  JOIN r ON r."case" = i."case" AND r."line" = i."line"' ..
    '\n  JOIN r w ON w."case" = i."case" AND w."line" = i."whole"' .. same_group(keys, dialect, "w", "r") .. ")"
end

local function partition(keys)
  local parts = {}
  for k = 1, #keys do parts[k] = "r.k" .. k end
  parts[#parts + 1] = 'r."case"'
  return table.concat(parts, ", ")
end

-- The rows that count, with the keys as k1, k2 ... and the columns the measures read.
local function rows_cte(query, keys, read)
  local list, plan = {}, query.plan
  for k, sql in ipairs(keys) do list[k] = sql .. " AS k" .. k end
  for _, c in ipairs(read) do list[#list + 1] = query.sql[c] .. " AS c" .. c end
  if plan.cases then
    list[#list + 1] = 'c."case" AS "case"'
    list[#list + 1] = 'l."line" AS "line"'
    query.conditions[#query.conditions + 1] = 'c."case" NOT IN (SELECT "case" FROM copies)'
  end
  if not list[1] then list[1] = "1 AS one" end
  return "r AS (SELECT " .. table.concat(list, ", ") .. "\n  FROM " .. from_of(plan) .. where_of(query.conditions) .. ")"
end

local function columns_read(list)
  local seen, out = {}, {}
  for _, one in ipairs(list) do
    for _, part in ipairs(one.parts) do
      for _, expr in ipairs { part.arg or false, part.filter or false } do
        for _, c in ipairs(expr and expr:columns() or {}) do
          if not seen[c] then seen[c], out[#out + 1] = true, c end
        end
      end
    end
  end
  table.sort(out)
  return out
end

-- What stands for the columns of the plan where a measure is worked out: amounts of lines that are part of others do not
-- count, and what belongs to a case counts on one of its rows.
local function measured_columns(query, read, need)
  local sql = {}
  for _, c in ipairs(read) do
    local column = query.plan.columns[c]
    sql[c] = "c" .. c
    if need.lines and plans.measured(column) then sql[c] = "CASE WHEN part = 0 THEN c" .. c .. " END" end
    if need.cases and column.grain == "case" then sql[c] = "CASE WHEN nth = 1 THEN c" .. c .. " END" end
  end
  for c = 1, #query.plan.columns do sql[c] = sql[c] or false end
  return sql
end

local function select_groups(self, dialect)
  local plan = self.rows
  local query, keys, list = rows_query(plan, dialect), {}, measures_of(plan, self.measures)
  local compiled = compiled_keys(plan, self.keys)
  if query.limit then refuse("limit", "groups are made of all rows") end
  for k, key in ipairs(compiled) do keys[k] = key_sql(query, key) end
  local read, shown, order, any = columns_read(list), {}, {}, { lines = false, cases = false }
  for k, key in ipairs(compiled) do
    shown[k], order[k] = "k" .. k .. " AS " .. quoted(key.name), order_of(query, "k" .. k, key.kind)
  end
  for _, one in ipairs(list) do
    local need = needs(query, one)
    any.lines, any.cases = any.lines or need.lines, any.cases or need.cases
    shown[#shown + 1] = one.agg:sql(dialect, measured_columns(query, read, need),
      plan.cases and { case = '"case"', line = '"line"' } or nil) .. " AS " .. quoted(one.as)
  end
  local ctes, from = {}, "r"
  if plan.cases then ctes[1] = duplicates end
  if any.lines and plan.cases then ctes[#ctes + 1] = parents end
  ctes[#ctes + 1] = rows_cte(query, keys, read)
  if plan.cases and (any.lines or any.cases) then
    local extra, join = {}, ""
    if any.lines then
      ctes[#ctes + 1] = parts_cte(keys, dialect)
      extra[1] = 'CASE WHEN p."case" IS NULL THEN 0 ELSE 1 END AS part'
      join = '\n  LEFT JOIN parts p ON p."case" = r."case" AND p."line" = r."line"' .. same_group(keys, dialect, "p", "r")
    end
    if any.cases then
      extra[#extra + 1] = "ROW_NUMBER() OVER (PARTITION BY " .. partition(keys) .. ' ORDER BY r."line") AS nth'
    end
    ctes[#ctes + 1], from = "g AS (SELECT r.*, " .. table.concat(extra, ",\n  ") .. " FROM r" .. join .. ")", "g"
  end
  local places = {}
  for k = 1, #keys do places[k] = "k" .. k end
  return (plan.cases and "WITH RECURSIVE " or "WITH ") .. table.concat(ctes, ",\n") .. "\nSELECT " .. table.concat(shown, ", ") ..
    "\nFROM " .. from .. (places[1] and "\nGROUP BY " .. table.concat(places, ", ") .. "\nORDER BY " .. table.concat(order, ", ") or "")
end

-- ---------------------------------------------------------------- both

local function dialect_of(form, opts, what)
  options.choice(form, { "sql" }, nil, what)
  opts = options.check(opts, { "dialect" }, what)
  return form and options.choice(opts.dialect, { "sqlite", "postgres" }, "sqlite", "option dialect")
end

-- explain() -> the plan of a frame as text; explain("sql" [, {dialect = "sqlite"|"postgres"}]) -> SELECT
function explain.frame(plan, form, opts)
  local dialect = dialect_of(form, opts, "Frame:explain")
  return dialect and select_rows(plan, dialect) or plans.text(plan)
end

-- The same of a Table of groups.
function explain.table(self, form, opts)
  local dialect = dialect_of(form, opts, "Table:explain")
  local made = self.meta_.plan
  if not made then
    core.raise("type", "this table was not counted from records, so there is no plan to explain")
  end
  if not made.rows then return explain.frame(made, form, opts) end
  if dialect then return select_groups(made, dialect) end
  local lines = { plans.text(made.rows) }
  if made.keys[1] then lines[2] = "by " .. table.concat(made.keys, ", ") end
  for _, measure in ipairs(made.measures) do
    if not measure.column.optional then
      lines[#lines + 1] = "measure " .. (measure.column.name ~= measure.text and measure.column.name .. " = " or "") .. measure.text
    end
  end
  return table.concat(lines, "\n")
end

return explain
