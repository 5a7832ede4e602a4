-- periods: days, weeks, months, quarters and years as ISO texts, one after the other, and what lies inside a phase.
local core = require "mekong.core"
local keys = require "mekong.grouped_keys"

local periods = {}

local monday = "2001-01-01"

-- The period that a date lies in; a week is named by its Monday; nil when the date is not precise enough to say.
function periods.of(iso, unit)
  if unit ~= "week" then return keys.period_of(iso, unit) end
  local day = keys.period_of(iso, "day")
  return day and core.date.add(day, -(core.date.between(monday, day) % 7))
end

-- First and last day of a period.
function periods.bounds(period, unit)
  if unit == "week" then return period, core.date.add(period, 6) end
  return core.date.bounds(period)
end

-- Every period from that of the first day to that of the last, in order.
function periods.between(first, last, unit)
  local list, at = {}, periods.of(first, unit)
  while at and periods.bounds(at, unit) <= last do
    list[#list + 1] = at
    at = periods.of(core.date.add(select(2, periods.bounds(at, unit)), 1), unit)
  end
  return list
end

-- First and last day of a phase; nil where one of them is not known.
function periods.of_phase(info)
  if not (info and info.date and info.date_to) then return nil end
  return (core.date.bounds(info.date)), (select(2, core.date.bounds(info.date_to)))
end

-- Whether no day of the period belongs to the phase, as far as its dates are known.
function periods.outside(period, unit, info)
  local from, to = periods.of_phase(info)
  if not from then return false end
  local first, last = periods.bounds(period, unit)
  return last < from or first > to
end

periods.reasons = {
  outside = { "ngoài thời gian của giai đoạn", "outside the phase's dates", outside = true },
  no_data = { "chưa có dữ liệu", "no data yet" },
}

return periods
