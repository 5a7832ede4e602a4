-- series: counts and measures along time, one row a day, week, month, quarter or year, with the gaps filled: 0 where the
-- data covers the time, missing where it does not or where the phases asked for had not begun or were over.
local core = require "mekong.core"
local Table = require "mekong.table"
local engine = require "mekong.engine"
local eval = require "mekong.eval"
local levels = require "mekong.levels"
local options = require "mekong.options"
local periods = require "mekong.periods"
local phases = require "mekong.phases"
local plans = require "mekong.plan"

local series = {}

local units = { "day", "month", "quarter", "week", "year" }

-- ---------------------------------------------------------------- the window

local function reads(step, name)
  for _, one in ipairs(step.op == "where" and step.reads or {}) do
    if one == name then return true end
  end
  return false
end

-- What a condition says of one value of a column while nothing else is known of the row: false when it cannot hold. Where
-- it asks what is missing, knowing nothing else would mislead.
local function admits(step, name, value)
  if #step.reads > 1 and (step.text:lower():find "missing" or step.text:lower():find "thiếu") then return nil end
  local data = {}
  for k, c in ipairs(step.expr:columns()) do data[c] = { step.reads[k] == name and value or nil } end
  return step.expr:test(data, 1)
end

-- The phases that the conditions on the phase let through, by start; nil where no condition restricts them.
local function asked_phases(plan, known)
  local restricted, out = false, {}
  for _, key in ipairs(known.order) do
    local yes = true
    for _, step in ipairs(plan.steps) do
      if reads(step, "phase") and admits(step, "phase", key) == false then restricted, yes = true, false end
    end
    if yes then out[#out + 1] = known.by_key[key] end
  end
  return restricted and out or nil
end

-- Whether the conditions on the date let any day of the period through.
local function asked_for(plan, period)
  local steps = {}
  for _, step in ipairs(plan.steps) do
    if reads(step, "date") then steps[#steps + 1] = step end
  end
  if not steps[1] then return true end
  local day, last = periods.bounds(period)
  while day <= last do
    local yes = true
    for _, step in ipairs(steps) do yes = yes and admits(step, "date", day) ~= false end
    if yes then return true end
    day = core.date.add(day, 1)
  end
  return false
end

-- The days first to last, if there are any, and from to to.
local function widened(first, last, from, to)
  if not first or from < first then first = from end
  if not last or to > last then last = to end
  return first, last
end

-- First and last day over the dates of rows, widening those given.
local function span(rows, unit, first, last)
  local at
  for c, column in ipairs(rows.columns) do
    if column.name == "date" then at = c end
  end
  for i = 1, at and rows.n or 0 do
    local period = rows.data[at][i] and periods.of(rows.data[at][i], unit)
    if period then
      first, last = widened(first, last, periods.bounds(period))
    end
  end
  return first, last
end

-- The days between which two dates written in one condition lie, as in "date between 1/5/2025 and 31/8/2025".
local function written(plan, first, last)
  for _, step in ipairs(plan.steps) do
    local days = {}
    if reads(step, "date") then
      for word in step.text:gmatch "%f[%d]%d+[/-]%d+[/-]?%d*%f[%D]" do
        local ok, iso = pcall(core.date.parse, word)
        if ok then days[#days + 1] = iso end
      end
    end
    for _, day in ipairs(#days > 1 and days or {}) do
      first, last = widened(first, last, core.date.bounds(day))
    end
  end
  return first, last
end

-- The periods asked for: of the phases let through, else of all records and of the dates written, as far as the conditions
-- on dates admit them; and every period with a record.
local function window(plan, base, rows, asked, unit)
  local first, last
  if asked then
    for _, info in ipairs(asked) do
      local from, to = periods.of_phase(info)
      if from and (not first or from < first) then first = from end
      if to and (not last or to > last) then last = to end
    end
  else
    first, last = written(plan, span(base, unit))
  end
  first, last = span(rows, unit, first, last)
  local list = {}
  for _, period in ipairs(first and periods.between(first, last, unit) or {}) do
    if asked_for(plan, period) then list[#list + 1] = period end
  end
  return list
end

-- ---------------------------------------------------------------- the rows

local function rows_by_period(long)
  local by = {}
  for i = 1, long.n_ do
    if long.data_[1][i] ~= nil then by[long.data_[1][i]] = i end
  end
  return by
end

local function outside_all(period, asked)
  if not asked then return false end
  for _, info in ipairs(asked) do
    if not periods.outside(period, info) then return false end
  end
  return true
end

local function occurring(rows, unit)
  local seen, at, copy = {}, nil, rows.copy or {}
  for c, column in ipairs(rows.columns) do
    if column.name == "date" then at = c end
  end
  for i = 1, rows.n do
    local period = rows.data[at][i] and not copy[i] and periods.of(rows.data[at][i], unit)
    if period then seen[period] = true end
  end
  return seen
end

-- The days of a period that belong to the phases asked for; all of them where none are.
local function days_asked(work, period)
  local first, last = periods.bounds(period)
  local from, to
  for _, info in ipairs(work.asked or {}) do
    local start, stop = periods.of_phase(info)
    if start and start <= last and stop >= first then
      if not from or start < from then from = start end
      if not to or stop > to then to = stop end
    end
  end
  return from and from > first and from or first, to and to < last and to or last
end

-- The measures of a period: the row that has them, those of nothing, or missing with the reason.
local function cells_of(work, period)
  if work.occurs[period] then return nil, nil, work.by[period] end
  if outside_all(period, work.asked) then return nil, periods.reasons.outside end
  if not work.recorded[period] and not work.covered(days_asked(work, period)) then return nil, periods.reasons.no_data end
  return work.nothing
end

local function fill(work, list)
  local long, data, reasons = work.long, {}, {}
  for c = 1, #long.columns_ do data[c] = {} end
  for n, period in ipairs(list) do
    local values, why, row = cells_of(work, period)
    data[1][n] = period
    for c = 2, #long.columns_ do
      if row then data[c][n] = long.data_[c][row] else data[c][n] = values and values[c] end
      if why then
        local name = long.columns_[c].name
        reasons[name] = reasons[name] or {}
        reasons[name][n] = why
      end
    end
  end
  for i = 1, long.n_ do
    if long.data_[1][i] == nil then
      for c = 2, #long.columns_ do data[c][#list + 1] = long.data_[c][i] end
      return data, #list + 1, reasons
    end
  end
  return data, #list, reasons
end

-- series(unit [, measure]): one row for each day, week, month, quarter or year of the time asked for.
function series.series(self, unit, measure)
  local plan = rawget(self, "plan")
  if unit == nil then core.raise("type", "series takes the step of time", 'hint: frame:series "month"') end
  options.choice(unit, units, nil, "the step of a series")
  options.typed(measure, "string", "the measure of a series")
  if not plans.has(plan, "date") then
    core.raise("type", "a series needs rows with a date, and " .. plan.source .. " has no column 'date'")
  end
  local groups = self:by(unit)
  local long = measure and groups:agg(measure) or groups:count()
  local base = engine.base(plan)
  local rows = base and engine.present(plan, { "date" })
  if not rows then
    base = eval.base(plan)
    rows = eval.rows(plan, base)
  end
  local asked = plans.has(plan, "phase") and asked_phases(plan, phases.of(plan.store)) or nil
  local work = { long = long, asked = asked, by = rows_by_period(long), occurs = occurring(rows, unit),
    recorded = occurring(base, unit), covered = levels.covered(plan, base), nothing = long.meta_.merge(long, {}) }
  local data, n, reasons = fill(work, window(plan, base, rows, asked, unit))
  return Table.new(long.columns_, data, n, Table.with_meta(long, { reasons = reasons }))
end

return series
