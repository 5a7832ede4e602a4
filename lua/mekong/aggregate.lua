-- aggregate: the value of one aggregate over the rows of a group. What is counted belongs to a case, a line or a row (its
-- grain) and counts once, however many rows of the group it is on. Groups hold no rows of cases that are recorded twice.
--
-- A context: plan, rows (see eval), phases, all (numbers of the rows that count), conversions (named ones of the store, read when the
-- first is asked for). A part: fn, arg and filter (compiled expressions), p (of a percentile, as decimal text), column (when
-- arg is a bare column), text.
local core = require "mekong.core"
local order = require "mekong.order"
local plans = require "mekong.plan"
local rows_of = require("mekong.rows").of
local worth = require "mekong.worth"

local aggregate = {}

-- ---------------------------------------------------------------- what counts

-- One row for each thing of that grain among the rows of a list, in order.
local function each(rows, list, grain)
  local ids, seen, out = rows.ids[grain], {}, {}
  for _, i in ipairs(list) do
    local id = i
    if ids then id = ids[i] end
    if id ~= nil and not seen[id] then
      seen[id] = true
      out[#out + 1] = i
    end
  end
  return out
end

local function case_grain(ctx) return ctx.plan.cases and "case" or "row" end
local function line_grain(ctx) return ctx.plan.cases and "line" or "row" end

-- One row for each thing of that grain among the rows of a list.
function aggregate.once(ctx, list, grain) return each(ctx.rows, list, grain) end

local function filtered(ctx, part, list)
  if not part.filter then return list end
  local out = {}
  for _, i in ipairs(list) do
    if part.filter:test(ctx.rows.data, i) then out[#out + 1] = i end
  end
  return out
end

-- The line of the list that a line is part of, the outermost; nil when it is part of none of them.
local function whole_of(rows, here, line)
  local found, at, seen = nil, rows.parents[line], { [line] = true }
  while at and not seen[at] do
    seen[at] = true
    if here[at] then found = at end
    at = rows.parents[at]
  end
  return found
end

-- Splits rows into those that are added and those whose line is part of another one in the list.
local function apart(rows, list)
  local here, own, inside = {}, {}, {}
  for _, i in ipairs(list) do
    if rows.ids.line and rows.ids.line[i] then here[rows.ids.line[i]] = i end
  end
  for _, i in ipairs(list) do
    local line = rows.ids.line and rows.ids.line[i]
    local whole = line and whole_of(rows, here, line)
    if whole then inside[#inside + 1] = { row = i, whole = here[whole] } else own[#own + 1] = i end
  end
  return own, inside
end

-- ---------------------------------------------------------------- values of an argument

local function place_of(plan, wanted)
  for c, one in ipairs(plan.columns) do
    if wanted(one) then return c end
  end
end

local function measured_place(plan, expr)
  for _, c in ipairs(expr:columns()) do
    if plans.measured(plan.columns[c]) then return c end
  end
end

local unit_place = plans.unit_place

-- The conversion named for that item and unit, or for the unit alone, that leads to units of this kind.
local function conversion(ctx, item, unit, wanted)
  ctx.conversions = ctx.conversions or rows_of(ctx.plan.store,
    "SELECT item, unit, to_unit, factor_lo, factor_hi, source FROM conversions ORDER BY item, unit, to_unit")
  local general
  for _, one in ipairs(ctx.conversions) do
    if one.unit == unit and worth.alike(one.to_unit, wanted) then
      if not one.item then
        general = general or one
      elseif item and core.text.key(one.item, 1) == core.text.key(item, 1) then
        return one
      end
    end
  end
  return general
end

-- The value of an expression in the row i with another quantity and unit.
local function with_quantity(ctx, expr, i, quantity, unit)
  local data = {}
  for _, c in ipairs(expr:columns()) do data[c] = { ctx.rows.data[c][i] } end
  data[measured_place(ctx.plan, expr)], data[unit_place(ctx.plan)] = { quantity }, { unit }
  return expr:eval(data, 1)
end

-- What a row is worth in units that only a named conversion leads to: an estimate; nil when none is named.
local function converted(ctx, expr, i)
  local place, units = measured_place(ctx.plan, expr), unit_place(ctx.plan)
  if not place or not units or not expr:unit() then return nil end
  local items = place_of(ctx.plan, function(one) return one.name == "item" end)
  local data = ctx.rows.data
  local known = conversion(ctx, items and data[items][i], data[units][i], expr:unit())
  if not known then return nil end
  local quantity, ends = core.figure.new { best = data[place][i], whole = false }, {}
  for k, factor in ipairs { known.factor_lo, known.factor_hi } do
    local amount = core.figure.decimal(quantity * core.figure.new { best = factor, whole = false })
    ends[k] = with_quantity(ctx, expr, i, amount, known.to_unit)
  end
  local same = ends[1] == ends[2]
  return core.figure.new { best = same and ends[1] or nil, lo = not same and ends[1] or nil, hi = not same and ends[2] or nil,
    unit = expr:unit(), status = "E", sources = known.source and { known.source } or nil }
end

local shown = 5

-- "case A, line 2: 5 pill; ..." of the first rows.
local function said_rows(ctx, list)
  local rows, parts = ctx.rows, {}
  local case, line = rows.ids.case, place_of(ctx.plan, function(one) return one.name == "line" end)
  local place, units = place_of(ctx.plan, plans.measured), unit_place(ctx.plan)
  for k = 1, math.min(#list, shown) do
    local i = list[k]
    local where = case and "case " .. case[i] or "row " .. i
    if case and line and rows.data[line][i] then where = where .. ", line " .. rows.data[line][i] end
    local quantity, unit = place and rows.data[place][i], units and rows.data[units][i]
    parts[k] = where .. (quantity and ": " .. quantity .. (unit and " " .. unit or "") or "")
  end
  if #list > shown then parts[shown + 1] = "…" end
  return table.concat(parts, "; ")
end
aggregate.said_rows = said_rows

local function refuse_units(ctx, part, list)
  core.raise("unit", ("%s: %d rows are in units that do not convert into %s (%s)"):format(part.text, #list, part.arg:unit(),
    said_rows(ctx, list)), ('hint: sum "quantity" gives one column for each kind; or name a conversion, such as ' ..
    'store:equiv("viên", "90..300 mg"), and get an interval; or leave the rows out with where'))
end

local numbers = { int = true, decimal = true }

-- A number as a figure of the expression's unit; other values as they are.
local function as_value(expr, value)
  if value == nil or core.figure.is(value) or not numbers[expr:type()] then return value end
  return core.figure.new { best = value, unit = expr:unit() }
end

-- Values of an argument over rows: list of {value, row}, and the rows that lack one.
local function values(ctx, part, list)
  local out, lacking, refused = {}, {}, {}
  for _, i in ipairs(list) do
    local value, why = part.arg:eval(ctx.rows.data, i)
    value = as_value(part.arg, value)
    if value == nil and why == "unit" then
      value = converted(ctx, part.arg, i)
      if value == nil then refused[#refused + 1] = i end
    end
    if value ~= nil then out[#out + 1] = { value, i } else lacking[#lacking + 1] = i end
  end
  if refused[1] then refuse_units(ctx, part, refused) end
  return out, lacking
end

-- ---------------------------------------------------------------- kinds of units

-- Kinds of units of a number counted in the units of its row.
local function kinds_of(ctx, column, list)
  local units, cells, seen = ctx.rows.data[unit_place(ctx.plan)], ctx.rows.data[column], {}
  for _, i in ipairs(list) do
    if units[i] then seen[worth.kind_of(units[i])] = true elseif cells[i] ~= nil then seen[""] = true end
  end
  return worth.ordered_kinds(seen)
end

-- Whether the argument of a part is a bare number counted in the units of its rows.
local function mixed(ctx, part) return part.column and plans.measured(ctx.plan.columns[part.column]) end

-- Rows that a part looks at, once each; and those that are part of others when quantities are asked for.
local function looked_at(ctx, part, list)
  local own = each(ctx.rows, filtered(ctx, part, list), worth.grain(ctx, part))
  if not measured_place(ctx.plan, part.arg) then return own, {} end
  return apart(ctx.rows, own)
end

-- Kinds of units that a part meets in the rows of a list: what sum gives one column each.
function aggregate.kinds(ctx, part, list)
  if not mixed(ctx, part) then return nil end
  local own, inside = looked_at(ctx, part, list)
  for _, one in ipairs(inside) do own[#own + 1] = one.row end
  return kinds_of(ctx, part.column, own)
end

-- The same values where every number is a figure of its row's unit; kind picks those of one kind of unit.
local function measured_values(ctx, part, list, kind)
  local units, cells, out, lacking = ctx.rows.data[unit_place(ctx.plan)], ctx.rows.data[part.column], {}, {}
  for _, i in ipairs(list) do
    local own = units[i] and worth.kind_of(units[i]) or ""
    if cells[i] == nil and (own == kind or own == "") then
      lacking[#lacking + 1] = i
    elseif cells[i] ~= nil and own == kind then
      local value = core.figure.new { best = cells[i], unit = units[i] }
      out[#out + 1] = { kind ~= "" and value:to(kind) or value, i }
    end
  end
  return out, lacking
end

-- Values of a part in one unit; a bare quantity must have one kind of unit only, and kind is set for sums by kind.
local function part_values(ctx, part, list, kind)
  if not mixed(ctx, part) then return values(ctx, part, list) end
  if not kind then
    local kinds = kinds_of(ctx, part.column, list)
    if kinds[2] then worth.refuse(ctx.plan, part, kinds) end
    kind = kinds[1] or ""
  end
  return measured_values(ctx, part, list, kind)
end

-- What a part finds in the rows of a list: found ({value, row} each), lacking (rows without one), inside (rows whose line is
-- part of another). Kept, since one table asks for many statistics of the same numbers.
local function evaluated(ctx, part, list, kind)
  ctx.kept = ctx.kept or setmetatable({}, { __mode = "k" })
  local kept = ctx.kept[list] or {}
  local key = part.filter and part or part.arg:text() .. "\n" .. tostring(kind)
  if not kept[key] then
    local own, inside = looked_at(ctx, part, list)
    local found, lacking = part_values(ctx, part, own, kind)
    kept[key] = { found = found, lacking = lacking, inside = inside }
    ctx.kept[list] = kept
  end
  return kept[key]
end

-- ---------------------------------------------------------------- sums

local function zero(unit) return core.figure.new { best = 0, unit = unit } end

-- Exact sum; the unit says what nothing adds up to.
local function total_of(list, unit)
  local total
  for _, entry in ipairs(list) do total = total and total + entry[1] or entry[1] end
  return total and worth.settled(total) or zero(unit)
end

-- Sums by kind of the lines that are part of others, for the figures of the lines of one kind.
local function includes_of(ctx, part, inside, kind)
  local units, list = ctx.rows.data[unit_place(ctx.plan)], {}
  for _, one in ipairs(inside) do
    local own = units[one.whole] and worth.kind_of(units[one.whole]) or ""
    if not kind or own == kind then list[#list + 1] = one.row end
  end
  local out, column = {}, measured_place(ctx.plan, part.arg)
  for _, of in ipairs(kinds_of(ctx, column, list)) do
    local parts = measured_values(ctx, { column = column }, list, of)
    if parts[1] then out[#out + 1] = total_of(parts, of) end
  end
  return out
end

-- Sum of a part -> Figure, rows that lack the number. What lacks it leaves the upper end open. kind: of mixed quantities,
-- the unit to add up. missing: "skip" leaves the sum as it is, "error" refuses.
function aggregate.sum(ctx, part, list, kind, missing)
  local values_of = evaluated(ctx, part, list, kind)
  local lacking, inside = values_of.lacking, values_of.inside
  if lacking[1] and missing == "error" then
    core.raise("missing", ("%s: %d rows lack the number (%s)"):format(part.text, #lacking, said_rows(ctx, lacking)),
      'hint: without missing = "error" the sum is what is known, with its upper end open')
  end
  local total = total_of(values_of.found, kind or worth.unit(ctx.plan, part) or "")
  if lacking[1] and missing ~= "skip" then total = core.figure.at_least(total) end
  if inside[1] then
    local includes = includes_of(ctx, part, inside, kind)
    if includes[1] then total = core.figure.including(total, includes) end
  end
  return total, lacking
end

-- How many of what a part looks at lack the number.
function aggregate.lacking(ctx, part, list)
  if not mixed(ctx, part) then return #evaluated(ctx, part, list).lacking end
  local own, n = looked_at(ctx, part, list), 0
  for _, i in ipairs(own) do
    if ctx.rows.data[part.column][i] == nil then n = n + 1 end
  end
  return n
end

-- How many lines of a list are not added because they are part of others.
function aggregate.inside(ctx, part, list) return #select(2, looked_at(ctx, part, list)) end

-- ---------------------------------------------------------------- the other aggregates

local function known(ctx, part, list) return evaluated(ctx, part, list).found end

-- The known values of a part, the smallest first.
local function sorted(ctx, part, list)
  local entry = evaluated(ctx, part, list)
  if not entry.sorted then
    local kind, found = part.arg:type(), entry.found
    local compare = order.cells(numbers[kind] and "figure" or kind, kind == "phase" and ctx.phases or nil)
    entry.sorted = {}
    for k, i in ipairs(order.rows(#found, { function(i, j) return compare(found[i][1], found[j][1]) end })) do
      entry.sorted[k] = found[i][1]
    end
  end
  return entry.sorted
end

-- "0.9" -> 9, 10
local function fraction(p)
  local whole, places = p:match "^(%d+)%.?(%d*)$"
  return math.tointeger(whole .. places), math.tointeger("1" .. ("0"):rep(#places))
end

-- The smallest value whose rank is at least p times how many there are.
local function percentile(ctx, part, list, p)
  local found, above, below = sorted(ctx, part, list), fraction(p)
  return found[math.max(1, (above * #found + below - 1) // below)]
end

local fns = {}

function fns.count(ctx, part, list) return #each(ctx.rows, filtered(ctx, part, list), case_grain(ctx)) end
function fns.lines(ctx, part, list) return #each(ctx.rows, filtered(ctx, part, list), line_grain(ctx)) end
function fns.sum(ctx, part, list) return (aggregate.sum(ctx, part, list)) end
function fns.known(ctx, part, list) return #known(ctx, part, list) end
function fns.missing(ctx, part, list) return aggregate.lacking(ctx, part, list) end
function fns.median(ctx, part, list) return percentile(ctx, part, list, "0.5") end
function fns.percentile(ctx, part, list) return percentile(ctx, part, list, part.p) end

function fns.min(ctx, part, list) return sorted(ctx, part, list)[1] end

function fns.max(ctx, part, list)
  local found = sorted(ctx, part, list)
  return found[#found]
end

function fns.mean(ctx, part, list)
  local found = known(ctx, part, list)
  return found[1] and total_of(found) / #found or nil
end

function fns.distinct(ctx, part, list)
  local seen, n = {}, 0
  for _, entry in ipairs(values(ctx, part, each(ctx.rows, filtered(ctx, part, list), worth.grain(ctx, part)))) do
    local value = entry[1]
    if type(value) == "string" and part.arg:type() == "text" then value = core.text.key(value, 1) end
    if core.figure.is(value) then value = value:say() end
    if not seen[value] then seen[value], n = true, n + 1 end
  end
  return n
end

-- True when any row is, false when none can be, else missing.
function fns.any(ctx, part, list)
  local unsure
  for _, i in ipairs(filtered(ctx, part, list)) do
    local yes = part.arg:test(ctx.rows.data, i)
    if yes then return true end
    unsure = unsure or yes == nil
  end
  if unsure then return nil end
  return false
end

-- Cases of the group among all cases; with a condition, cases that meet it among those of the group; with a number, what it
-- adds up to in the group of what it does in all.
function fns.share(ctx, part, list)
  if part.arg and part.arg:type() ~= "bool" then
    local whole = aggregate.sum(ctx, { fn = "sum", arg = part.arg, column = part.column, text = part.text }, ctx.all)
    if whole:is(0) then return nil end
    return (aggregate.sum(ctx, part, list)):share(whole)
  end
  local own, all = filtered(ctx, part, list), ctx.all
  if part.arg then
    all, own = own, filtered(ctx, { filter = part.arg }, own)
  end
  local n, of = #each(ctx.rows, own, case_grain(ctx)), #each(ctx.rows, all, case_grain(ctx))
  if of == 0 then return nil end
  return core.figure.new { best = n }:share(core.figure.new { best = of })
end

-- The value of a part over the rows of a list, nil when there is none.
function aggregate.value(ctx, part, list) return fns[part.fn](ctx, part, list) end

return aggregate
