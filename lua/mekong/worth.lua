-- worth: what is known of a part of a measure without its value: kind and unit of its column, what it counts, kinds of units. And its
-- value, which an answer from columns in memory gives itself and aggregate works out from rows. ctx, part: see aggregate.
local core = require "mekong.core"
local order = require "mekong.order"
local plans = require "mekong.plan"

local worth = {}

-- Kind of the column that a part gives.
function worth.kind(part)
  if part.fn == "count" or part.fn == "lines" or part.fn == "distinct" or part.fn == "known" or part.fn == "missing" then return "int" end
  if part.fn == "any" then return "bool" end
  if part.fn == "min" or part.fn == "max" or part.fn == "median" or part.fn == "percentile" then
    local base = part.arg:type()
    if base ~= "int" and base ~= "decimal" and base ~= "figure" then return base == "unit" and "text" or base end
  end
  return "figure"
end

-- The unit of a part's numbers, nil for plain ones.
function worth.unit(plan, part)
  return part.arg:unit() or part.column and plan.columns[part.column].unit or nil
end

-- What a part counts or adds: "case", "line" or "row".
function worth.grain(ctx, part) return plans.grain(ctx.plan, part.arg:columns()) end

-- ---------------------------------------------------------------- kinds of units

function worth.alike(a, b) return core.figure.comparable(core.figure.unknown(a), core.figure.unknown(b)) end

local first_kinds = { "kg", "pill", "individual", "specimen", "product", "individual_or_product", "l" }
local common = { "kg", "l", "day", "month", "%" }

local kinds_known = {}

-- The unit that stands for all that convert into each other.
function worth.kind_of(unit)
  local kind = kinds_known[unit]
  if kind then return kind end
  kind = unit
  for _, one in ipairs(common) do
    if worth.alike(unit, one) then
      kind = one
      break
    end
  end
  if core.figure.unknown(unit).unit == unit then kinds_known[unit] = kind end -- a code, of which there are few
  return kind
end

-- Kinds in the order they are shown in; seen: kind -> true, "" standing for no unit.
function worth.ordered_kinds(seen)
  local out, rest = {}, {}
  for _, kind in ipairs(first_kinds) do
    if seen[kind] then out[#out + 1], seen[kind] = kind, nil end
  end
  for kind in pairs(seen) do
    if kind ~= "" then rest[#rest + 1] = kind end
  end
  order.texts(rest)
  for _, kind in ipairs(rest) do out[#out + 1] = kind end
  if seen[""] then out[#out + 1] = "" end
  return out
end

-- One value cannot be made of quantities of several kinds.
function worth.refuse(plan, part, kinds)
  core.raise("unit", ("%s: quantities are in units that are never added or compared: %s"):format(part.text,
    (table.concat(kinds, ", "):gsub(", $", ", none"))), ("hint: name one unit, such as %q"):format(
    plan.columns[part.column].name .. " in " .. kinds[1]))
end

-- A sum as a figure of its own, however it was added up.
function worth.settled(total)
  return total:exact() and core.figure.new { best = tostring(total.best), unit = total.unit, status = total.status,
    sources = total.sources } or total
end

-- ---------------------------------------------------------------- values

-- Of groups that are lists of rows, or handles of an answer from columns in memory.
for _, name in ipairs { "value", "sum", "lacking", "kinds", "inside" } do
  worth[name] = function(ctx, part, list, ...)
    if ctx.engine then return ctx.engine[name](ctx.engine, ctx, part, list, ...) end
    return require("mekong.aggregate")[name](ctx, part, list, ...)
  end
end

-- The rows of some groups together.
function worth.union(ctx, lists)
  if ctx.engine then return ctx.engine:union(lists) end
  local rows = {}
  for _, list in ipairs(lists) do
    for _, i in ipairs(list) do rows[#rows + 1] = i end
  end
  table.sort(rows)
  return rows
end

return worth
