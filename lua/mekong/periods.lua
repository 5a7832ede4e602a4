-- periods: days, weeks, months, quarters and years as ISO texts, one after the other, and what lies inside a phase.
local core = require "mekong.core"
local keys = require "mekong.grouped_keys"

local periods = {}

-- The period that a date lies in; nil when the date is not precise enough to say. First and last day of a period.
periods.of, periods.bounds = keys.period_of, core.date.bounds

-- Every period from that of the first day to that of the last, in order.
function periods.between(first, last, unit)
  local list, at = {}, periods.of(first, unit)
  while at and periods.bounds(at) <= last do
    list[#list + 1] = at
    at = periods.of(core.date.add(select(2, periods.bounds(at)), 1), unit)
  end
  return list
end

-- First and last day of a phase; nil where one of them is not known.
function periods.of_phase(info)
  if not (info and info.date and info.date_to) then return nil end
  return (core.date.bounds(info.date)), (select(2, core.date.bounds(info.date_to)))
end

-- Whether no day of the period belongs to the phase, as far as its dates are known.
function periods.outside(period, info)
  local from, to = periods.of_phase(info)
  if not from then return false end
  local first, last = periods.bounds(period)
  return last < from or first > to
end

periods.reasons = {
  outside = { "ngoài thời gian của giai đoạn", "outside the phase's dates", outside = true },
  no_data = { "chưa có dữ liệu", "no data yet" },
}

return periods
