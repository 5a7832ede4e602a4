-- measures: what is asked of the rows of a group ("n = count()", "sum(quantity in kg)") as columns of the table of results.
-- A measure: column (as a Table has them), text, and what its cells are: how ("value" of part; "sum" of part in the units of kind `of`,
-- as missing says; "missing" numbers of part; "expression" agg of parts).
local core = require "mekong.core"
local worth = require "mekong.worth"
local conditions = require "mekong.conditions"
local plans = require "mekong.plan"

local measures = {}

local kinds = { int = "int", bool = "bool", text = "text", date = "date", phase = "phase", unit = "text" }

-- A measure compiled; text may have a name in front.
function measures.compile(plan, text, what)
  if type(text) ~= "string" then
    core.raise("type", what .. " takes measures as texts, not a " .. type(text), 'hint: "n = count()", "kg = sum(quantity in kg)"')
  end
  local made = plans.made(plan, "measure", text, function(names, types, aliases, opts)
    local agg = core.expr.aggregate(text, names, types, aliases, nil, what, opts)
    local parts = agg:parts()
    for _, part in ipairs(parts) do part.text = part.arg and part.fn .. "(" .. part.arg:text() .. ")" or part.fn .. "()" end
    return { agg = agg, parts = parts, name = agg:name(), text = agg:text(), id = text, made = {} }
  end)
  for _, part in ipairs(made.parts) do
    if part.filter then conditions.check(plan, part.filter) end
    if part.arg then conditions.check(plan, part.arg) end
  end
  return made
end

-- The measure fn(text), where text is an expression of its own.
function measures.of(plan, fn, text, what)
  if type(text) ~= "string" then
    core.raise("type", what .. " takes an expression as text, not a " .. type(text), ('hint: %s "quantity in kg"'):format(what))
  end
  plans.compile(plan, text, nil, what)
  return measures.compile(plan, fn .. "(" .. text .. ")", what)
end

local function heading(vi, en) return { vi = vi, en = en } end

local counts = { count = true, lines = true }

-- Names a column goes by when none is given: counts and sums have short ones, others are called as they are written.
local function default_name(plan, one)
  local part = one.parts[1]
  if not one.agg:plain() then return one.text end
  if part.fn == "count" and not part.filter then return "n" end
  if part.fn == "lines" and not part.filter then return "lines" end
  if part.fn == "sum" and not part.filter then
    if part.column then return plan.columns[part.column].name end
    if part.arg:unit() then return part.arg:unit() end
  end
  return one.text
end

local function column_of(plan, one)
  local part, name = one.parts[1], one.name or default_name(plan, one)
  local plain = one.agg:plain()
  local kind = plain and worth.kind(part) or kinds[one.agg:type()] or "figure"
  if kind == "int" and not (plain and (counts[part.fn] or part.fn == "distinct")) then kind = "figure" end
  local column = { name = name, kind = kind, aliases = one.text ~= name and one.text or nil }
  if plain and part.fn == "count" then column.unit = plan.cases and "case" or nil end
  if plain and part.fn == "lines" then column.unit = plan.cases and "line" or nil end
  if name == "n" and not plan.cases then column.vi, column.en = "Số dòng", "Rows" end
  if kind == "figure" and plain and part.fn ~= "share" then column.unit = part.arg and worth.unit(plan, part) end
  return column
end

-- The cell of a measure over rows, and why it is missing.
function measures.value(ctx, measure, list)
  local how, part = measure.how, measure.part
  if how == "sum" then return (worth.sum(ctx, part, list, measure.of, measure.missing)) end
  if how == "missing" then return worth.lacking(ctx, part, list) end
  if how == "value" then return (worth.value(ctx, part, list)) end
  local values = {}
  for k, own in ipairs(measure.parts) do values[k] = worth.value(ctx, own, list) end
  return measure.agg:eval(values)
end

-- What follows is made once for each compiled measure and kept with it.

-- How many lines lack the number that a sum adds up.
local function missing_measure(ctx, one, name)
  local id, part = "missing\0" .. name, one.parts[1]
  one.made[id] = one.made[id] or { text = "missing(" .. part.arg:text() .. ")", how = "missing", part = part,
    column = { name = name, kind = "int", unit = worth.grain(ctx, part) == "case" and "case" or "line", optional = true } }
  return one.made[id]
end

local function sum_of_kind(one, kind, missing)
  local id, part = ("sum\0%s\0%s"):format(missing, kind), one.parts[1]
  if not one.made[id] then
    local said = kind == "" and heading("Không ghi đơn vị", "No unit") or {}
    local name = kind == "" and "no_unit" or kind
    one.made[id] = { column = { name = name, kind = "figure", unit = kind, vi = said.vi, en = said.en }, text = part.text, how = "sum",
      part = part, of = kind, missing = missing }
  end
  return one.made[id]
end

local function single(ctx, one, of, missing)
  local id = ("single\0%s\0%s"):format(missing, of)
  if not one.made[id] then
    local how = not one.agg:plain() and "expression" or one.parts[1].fn == "sum" and "sum" or "value"
    one.made[id] = { column = column_of(ctx.plan, one), text = one.text, how = how, part = one.parts[1], parts = one.parts, agg = one.agg,
      of = of, missing = missing }
  end
  return one.made[id]
end

-- The measures of one compiled one: a sum of quantities in several units is one for each kind of unit.
local function expand(ctx, one, missing)
  local part = one.parts[1]
  local found = one.agg:plain() and part.fn == "sum" and worth.kinds(ctx, part, ctx.all) or {}
  if not found[1] or one.name and not found[2] then return { single(ctx, one, found[1], missing) } end
  if one.name then
    local last = found[#found]
    local units = table.concat(found, ", ", 1, last == "" and #found - 1 or #found)
    core.raise("unit", ("%s: one column cannot hold quantities in %s%s"):format(one.text, units, last == "" and " and without a unit" or ""),
      ("hint: name one unit, %s = sum(quantity in %s), or leave the name away: one column for each kind"):format(one.name, found[1]))
  end
  local list = {}
  for k, kind in ipairs(found) do list[k] = sum_of_kind(one, kind, missing) end
  return list
end

local function inside_note(n)
  return { ("%d dòng nằm trong số lượng của dòng khác nên không cộng thêm."):format(n),
    ("%d lines are part of the quantity of another line and are not added."):format(n) }
end

-- The measures of a list of compiled ones over the rows of a context. missing: what sums do about numbers that are not there.
-- note: what must be said under the table.
function measures.over(ctx, list, missing)
  local out, taken = {}, {}
  local function add(measure)
    local name = measure.column.name
    if taken[name] then
      core.raise("duplicate", ("two columns would be called '%s'"):format(name), 'hint: give one another name, "x = ' .. measure.text .. '"')
    end
    taken[name] = true
    out[#out + 1] = measure
  end
  for _, one in ipairs(list) do
    for _, measure in ipairs(expand(ctx, one, missing)) do add(measure) end
  end
  for _, one in ipairs(list) do
    if one.agg:plain() and one.parts[1].fn == "sum" then
      local name, inside = "missing", worth.inside(ctx, one.parts[1], ctx.all)
      if inside > 0 then out.note = inside_note(inside) end
      if taken[name] then name = "missing_" .. (one.name or default_name(ctx.plan, one)) end
      if not taken[name] then add(missing_measure(ctx, one, name)) end
    end
  end
  return out
end

-- A list of compiled measures as a question to groups: parts, make(ctx), and id: text that tells it apart.
function measures.asked(list, missing)
  local parts, ids = {}, { missing or "" }
  for k, one in ipairs(list) do
    table.move(one.parts, 1, #one.parts, #parts + 1, parts)
    ids[k + 1] = one.id
  end
  return { parts = parts, id = table.concat(ids, "\0"), make = function(ctx) return measures.over(ctx, list, missing) end }
end

-- ---------------------------------------------------------------- stats

local statistics = { "n", "missing", "sum", "min", "max", "mean", "median" }
local as_fn = { n = "known", missing = "missing" }

-- "n missing p50 p90 max" -> {name, fn, p}
local function read_statistics(text, what)
  local list = {}
  if type(text) ~= "string" or not text:find "%S" then
    core.raise("type", what .. " takes the names of statistics as one text", 'hint: "n missing p50 p90 max"')
  end
  for word in text:gmatch "[^%s,]+" do
    local percent = word:match "^p%d"
    local name = percent and word or statistics[core.find_name(word, statistics, {}, "statistic")]
    for _, other in ipairs(list) do
      if other.name == name then core.raise("duplicate", what .. " names '" .. name .. "' twice") end
    end
    list[#list + 1] = { name = name, fn = percent and word or as_fn[name] or name }
  end
  return list
end

-- Columns of a distribution: how many numbers are known, how many are missing, sum, mean, percentiles.
function measures.stats(plan, text, names, what)
  local list = read_statistics(names or "n missing min p50 p90 max", what)
  local base = measures.of(plan, "max", text, what) -- any that asks for numbers
  local parts, part = {}, base.parts[1]
  for k, one in ipairs(list) do
    if one.fn == "known" or one.fn == "missing" then
      one.part = setmetatable({ fn = one.fn }, { __index = part })
      parts[k] = one.part
    else
      one.measure = measures.of(plan, one.fn, text, what)
      parts[k] = one.measure.parts[1]
    end
  end
  local function make(ctx)
    local out = {}
    for k, one in ipairs(list) do
      if one.measure then
        local measure = expand(ctx, one.measure)[1]
        local column = measure.column
        out[k] = setmetatable({ column = { name = one.name, kind = column.kind, unit = column.unit, vi = column.vi, en = column.en } },
          { __index = measure })
      else
        local said = one.fn == "known" and heading("Có số liệu", "Known") or {}
        out[k] = { column = { name = one.name, kind = "int", vi = said.vi, en = said.en }, text = one.name,
          how = "value", part = one.part }
      end
    end
    return out
  end
  return { parts = parts, id = table.concat({ "stats", text, names or "" }, "\0"), make = make }
end

return measures
