-- solve_rows: what each claim says of which number, in base units and with the rounding of its print, for the solver.
-- An item: {row, name, unit, kind, lower, upper, lower_open, upper_open}; kind "value" says where a number lies, "ratio" what it
-- is in relation to another one (base, base_row; readings = list of {a, b, swap, reason}), "sum" that it is the sum of others.
local core = require "mekong.core"
local claim_name = require "mekong.claim_name"

local solve_rows = {}

local base_unit = { mass = "kg", volume = "m3", duration = "day" }

-- Ways to the number of a whole rather than parts of it: what a source lists added up, and two of its running totals.
local same_number = { listed_parts = true, cumulative_difference = true }

local function plain(v) return core.figure.new { best = v } end

local function plus(a, b) return (plain(a) + plain(b)).best end
local function minus(a, b) return (plain(a) - plain(b)).best end

-- One unit of the last place that is printed, of a number printed without a hedge.
local function step_of(lower, upper)
  if lower == nil or upper == nil then return nil end
  if lower ~= upper then return minus(upper, lower) end
  local places = tostring(lower):match "%.(%d+)$"
  return places and "0." .. ("0"):rep(#places - 1) .. "1" or 1
end

-- The ends of a number by the way it was rounded; a whole number of things is not rounded, a whole per cent is.
local function printed(row, mode, rounded)
  local lower, upper, exact = row.lower, row.upper, row.qualifier == "exact" or row.qualifier == nil
  local low_open, high_open = row.lower_open or false, row.upper_open or false
  if not exact or row.best == nil or lower == nil or upper == nil or lower == upper and not rounded then
    return lower, upper, low_open, high_open
  end
  if mode == "nearest" and lower ~= upper then return lower, upper, low_open, high_open end
  local step = step_of(lower, upper)
  local half = (plain(step) / plain(2)).best
  if mode == "truncated" then return row.best, plus(row.best, step), false, true end
  if mode == "up" then return minus(row.best, step), row.best, true, false end
  if mode == "any" then return minus(row.best, step), plus(row.best, step), true, true end
  if mode == "loose" then return minus(row.best, half), plus(row.best, step), false, true end
  return minus(row.best, half), plus(row.best, half), false, true
end
solve_rows.printed = printed

-- The unit in which the solver counts what a row states.
function solve_rows.base(row) return base_unit[row.measure] or row.unit or "" end

local whole_units = {}

-- Whether things of that unit are counted.
function solve_rows.whole(unit)
  if whole_units[unit] == nil then whole_units[unit] = core.figure.new { best = 0, unit = unit }.whole end
  return whole_units[unit]
end

local function months(item, best)
  -- "five months": months of 28 to 31 days, rounded to whole ones
  item.unit, item.lower_open, item.upper_open = "day", false, true
  local half = (plain(1) / plain(2)).best
  item.lower, item.upper = ((plain(best) - plain(half)) * plain(28)).best, ((plain(best) + plain(half)) * plain(31)).best
end

local function to_unit(item, unit)
  local f = core.figure.new { best = item.best, lo = item.lower, hi = item.upper, lo_open = item.lower_open,
    hi_open = item.upper_open, unit = item.unit, qualifier = item.row.qualifier }
  f = f:to(unit)
  item.lower, item.upper, item.unit = f.lo, f.hi, unit
end

-- The number that a row speaks of, without the ways of counting it.
local function number_row(row)
  if not same_number[row.item or ""] then return row end
  local out = {}
  for key, value in pairs(row) do out[key] = value end
  out.item = nil
  return out
end

local function value_item(row, mode)
  local item = { row = row, kind = "value", name = claim_name.of(number_row(row)), unit = row.unit or "", best = row.best }
  if row.readings then
    item.readings, item.unit = row.readings, row.unit or ""
    return item
  end
  item.lower, item.upper, item.lower_open, item.upper_open = printed(row, mode, false)
  if row.item and same_number[row.item] and item.lower ~= nil and item.upper ~= nil and item.lower ~= item.upper then
    -- added up from rounded numbers: off by as much as one unit of the last place
    local step = step_of(item.lower, item.upper)
    item.lower, item.upper = minus(item.lower, step), plus(item.upper, step)
  end
  local wanted = base_unit[row.measure]
  if wanted and item.unit ~= wanted then
    if wanted == "day" then
      if item.unit == "month" and row.qualifier == "exact" then months(item, row.best) end
    elseif core.figure.comparable(core.figure.unknown(item.unit), core.figure.unknown(wanted)) then
      to_unit(item, wanted)
    end
  end
  return item
end

-- The row of the base of a change, by how it is named; nil when it is not said.
local function base_row(row, measured, by_claim)
  local kind, ref = row.base_kind, row.base_ref
  if ref == nil then return nil end
  if kind == "phase" then return claim_name.with(measured, { subject = ref, phase = ref }) end
  if kind == "claim" then
    local base = by_claim[math.tointeger(tonumber(ref))]
    return base and number_row(base)
  end
  if kind == "variable" then return claim_name.read(ref) end
  return claim_name.with(measured, { period = ref }) -- the year before, the month before or another period
end

local times_readings = {
  { a = 0, b = 1, reason = { "bằng số lần đó", "so many times as much" } },
  { a = 1, b = 1, reason = { "tăng thêm số lần đó", "more by so many times" } },
}

-- How a change leads from its base to the number: number = base * (a + b * value), or the reverse (swap).
local function ways_of(row)
  local direction = row.direction
  if row.measure == "percent_share" then return { { a = 0, b = "0.01" } } end
  if row.measure == "percent_change" then return { { a = 1, b = direction == "decrease" and "-0.01" or "0.01" } } end
  if direction == "decrease" then return { { a = 0, b = 1, swap = true } } end
  if direction == "increase" then return times_readings end
  return { times_readings[direction == "increase_by" and 2 or 1] }
end

local function ratio_item(row, mode, by_claim)
  local measured = claim_name.with(row, { measure = row.of_measure or "cases" })
  local base = base_row(row, measured, by_claim)
  if not base then return nil end
  local item = { row = row, kind = "ratio", name = claim_name.of(measured), base = claim_name.of(base), measured = measured,
    base_row = base, ways = ways_of(row), best = row.best }
  -- of two readings neither is chosen, and either may be rounded or cut off
  item.lower, item.upper, item.lower_open, item.upper_open = printed(row, item.ways[2] and "loose" or mode, true)
  return item
end

-- How long something lasted, by its first and last day.
local function duration_item(row)
  if not (row.period or ""):find "^%d+%-%d+%-%d+/%d+%-%d+%-%d+$" then return nil end
  local days = core.date.days(row.period)
  local item = { row = row, kind = "value", unit = "day", best = days, lower = days, upper = days, lower_open = false, upper_open = false }
  item.name = claim_name.of(claim_name.with(row, { measure = "duration", period = false }))
  return item
end

local function sum_item(row)
  local parts = {}
  for part in (row.base_ref or ""):gmatch "[^+]+" do parts[#parts + 1] = part:match "^%s*(.-)%s*$" end
  return { row = row, kind = "sum", name = claim_name.of(row), parts = parts }
end

local of_period = { prev_year = true, prev_month = true, period = true }

-- One figure that two sources relate to different periods is one claim with several readings: one of them mistook the base.
local function join_bases(items)
  local seen, out = {}, {}
  for _, item in ipairs(items) do
    local id = item.kind == "ratio" and not item.ways[2] and of_period[item.row.base_kind] and
      table.concat({ item.name, item.row.measure, tostring(item.row.best), tostring(item.row.direction), item.row.qualifier or "" }, "\0")
    local known = id and seen[id]
    if known and known.base ~= item.base and known.row.source ~= item.row.source then
      known.also = known.also or {}
      known.also[#known.also + 1] = item
    else
      if id then seen[id] = seen[id] or item end
      out[#out + 1] = item
    end
  end
  return out
end

-- Items of all claims that take part: not what a later claim of the same number replaced, nor what the keepers of the ledger
-- worked out of other claims. mode: how printed numbers were rounded.
function solve_rows.of(rows, mode)
  local by_claim, replaced, items = {}, {}, {}
  for _, row in ipairs(rows) do by_claim[row.claim] = row end
  for _, row in ipairs(rows) do
    local old = row.supersedes and by_claim[row.supersedes]
    if old and claim_name.of(old) == claim_name.of(row) then replaced[old.claim] = true end
  end
  for _, row in ipairs(rows) do
    -- numbers beside the subject matter have nothing to do with each other
    local outside = row.subject == "other"
    local derived = row.status == "derived" and not same_number[row.item or ""]
    if not (outside or derived or replaced[row.claim]) then
      local item
      if row.base_kind == "sum" then item = sum_item(row)
      elseif row.measure == "date_range" then item = duration_item(row)
      elseif claim_name.relation[row.measure] then item = ratio_item(row, mode, by_claim)
      else item = value_item(row, mode) end
      if item then items[#items + 1] = item end
    end
  end
  return join_bases(items), by_claim
end

return solve_rows
