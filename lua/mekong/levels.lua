-- levels: groups of keys whose values are known beforehand (phases, categories, periods of the date), so that a group without
-- records is shown as such: 0 where the records cover it, missing with a reason where they do not.
local core = require "mekong.core"
local coverage = require "mekong.coverage"
local keys_of = require "mekong.grouped_keys"
local plans = require "mekong.plan"

local levels = {}

local most = 20000 -- groups that are made up at most

local reasons = {
  no_data = { "chưa có dữ liệu", "no data yet" },
  outside = { "ngoài thời gian của giai đoạn", "outside the time of the phase" },
}

-- ---------------------------------------------------------------- what the source covers

local function cells_of(rows, name)
  for c, column in ipairs(rows.columns) do
    if column.name == name then return rows.data[c], column end
  end
end

-- The days between which records are there for certain, and the phases and days of all records.
local function span_of(base)
  local dates, phase, cover = cells_of(base, "date") or {}, cells_of(base, "phase") or {}, { phases = {}, dates = {}, periods = {} }
  for i = 1, base.n do
    if phase[i] then cover.phases[phase[i]] = true end
    if dates[i] then
      local first, last = core.date.bounds(dates[i])
      cover.dates[dates[i]] = true
      if not cover.from or last < cover.from then cover.from = last end
      if not cover.to or first > cover.to then cover.to = first end
    end
  end
  return cover
end

-- The same with the periods declared; what the rows say is worked out once for them.
local function coverage_of(ctx, base)
  base.span = base.span or span_of(base)
  local cover = setmetatable({ declared = {} }, { __index = base.span })
  for _, period in ipairs(coverage.of(ctx.plan.store, "cases")) do
    cover.declared[#cover.declared + 1] = { core.date.bounds(period) }
  end
  return cover
end

-- How many cells of a column there are to look at: columns in memory stand for themselves, without gaps.
local function length(base, cells) return base.dense and #cells or base.n end

-- Whether the records cover all days of a stretch.
local function covers(cover, from, to)
  if cover.from and cover.from <= from and to <= cover.to then return true end
  for _, period in ipairs(cover.declared) do
    if period[1] <= from and to <= period[2] then return true end
  end
  return false
end

-- First and last day of a phase, nil when one of them is not known.
local function days_of_phase(ctx, phase)
  local info = ctx.phases.by_key[phase]
  if not info or not info.date or not info.date_to then return nil end
  return core.date.bounds(info.date), (select(2, core.date.bounds(info.date_to)))
end

-- ---------------------------------------------------------------- levels of one key

-- The column that a key is, when it still is that of the source; nil for keys without known levels.
local function source_column(ctx, key)
  if not key.period and key.reads ~= "phase" and key.reads ~= "category" then return nil end
  local own = ctx.plan.base[plans.base_place(ctx.plan, key.reads) or 0]
  if ctx.plan.columns == ctx.plan.base then return own end
  for _, column in ipairs(own and ctx.plan.columns or {}) do
    if column == own then return own end
  end
end

-- `is missing` is the one thing in an expression that makes something known of what is not.
local function asks_for_missing(text) return text:lower():find("missing", 1, true) end

-- False when some condition cannot hold for this value of a column, whatever the other columns are: it is asked with all of
-- them unknown, and what is false then stays so.
local function admitted(ctx, name, value)
  for _, step in ipairs(ctx.plan.steps) do
    local data, about = {}, false
    for k, c in ipairs(step.op == "where" and step.expr:columns() or {}) do
      local is_key = step.reads[k] == name
      data[c], about = { is_key and value or nil }, about or is_key
    end
    if about and (#step.reads == 1 or not asks_for_missing(step.text)) and step.expr:test(data, 1) == false then return false end
  end
  return true
end

-- Phases of the campaign and of the records that the conditions admit, and whether they leave any out.
local function phase_levels(ctx, base)
  local list, seen, cut = {}, {}, false
  local function add(phase)
    if phase == nil or seen[phase] then return end
    seen[phase] = true
    if admitted(ctx, "phase", phase) then list[#list + 1] = phase else cut = true end
  end
  for _, phase in ipairs(ctx.phases.order) do add(phase) end
  local cells = cells_of(base, "phase")
  for i = 1, length(base, cells) do add(cells[i]) end
  return list, cut
end

local function category_levels(ctx, base)
  local list, seen, cells = {}, {}, cells_of(base, "category")
  for i = 1, length(base, cells) do
    local category = cells[i]
    if category ~= nil and not base.copy[i] and not seen[category] and admitted(ctx, "category", category) then
      list[#list + 1], seen[category] = category, true
    end
  end
  return list
end

-- First days and last days of the stretches that periods are wanted for: of the phases asked for, else of all records.
local function stretches(ctx, base, cover)
  local list = {}
  local phases, cut = phase_levels(ctx, base)
  if cut then
    for _, phase in ipairs(phases) do
      local from, to = days_of_phase(ctx, phase)
      if from then list[#list + 1] = { from, to } end
    end
    if list[1] then return list end
  end
  if cover.from and cover.from <= cover.to then list[1] = { cover.from, cover.to } end
  return list
end

local function period_levels(ctx, base, cover, key)
  local list, seen = {}, {}
  for _, stretch in ipairs(stretches(ctx, base, cover)) do
    local day = stretch[1]
    while day <= stretch[2] and #list <= most do
      local period = keys_of.period_of(day, key.period)
      if not seen[period] and admitted(ctx, "date", period:match "^[^/]+") then list[#list + 1], seen[period] = period, true end
      day = core.date.add(select(2, core.date.bounds(period)), 1)
    end
  end
  return list
end

-- ---------------------------------------------------------------- made-up groups

-- nil when the records cover these cells, else why they do not.
local function uncovered(ctx, cover, keys, cells, wanted)
  local phase_from, phase_to
  for k, key in ipairs(keys) do
    if key.reads == "phase" then phase_from, phase_to = days_of_phase(ctx, cells[k]) end
  end
  for k, key in ipairs(keys) do
    if key.reads == "phase" then
      if not cover.phases[cells[k]] and not (phase_from and covers(cover, phase_from, phase_to)) then return reasons.no_data end
    elseif key.period then
      local from, to = core.date.bounds(cells[k])
      if phase_from and (to < phase_from or from > phase_to) then return reasons.outside end
      if phase_from and phase_from > from then from = phase_from end
      if phase_to and phase_to < to then to = phase_to end
      if not wanted[k][cells[k]] and not covers(cover, from, to) then return reasons.no_data end
    end
  end
end

-- Periods that any record of the source lies in.
local function recorded(cover, key)
  local seen = cover.periods[key.period]
  if seen then return seen end
  seen = {}
  for date in pairs(cover.dates) do
    local period = keys_of.period_of(date, key.period)
    if period then seen[period] = true end
  end
  cover.periods[key.period] = seen
  return seen
end

-- Every combination of the levels, the last key changing fastest.
local function combinations(lists)
  local out = { {} }
  for _, list in ipairs(lists) do
    local longer = {}
    for _, cells in ipairs(out) do
      for _, value in ipairs(list) do
        longer[#longer + 1] = table.move(cells, 1, #cells, 1, {})
        longer[#longer][#cells + 1] = value
      end
    end
    out = longer
  end
  return out
end

-- The levels of every key, or nil when they are too many.
local function lists_of(ctx, base, cover, keys)
  local lists, recorded_in, size = {}, {}, 1
  for k, key in ipairs(keys) do
    if key.period then
      lists[k], recorded_in[k] = period_levels(ctx, base, cover, key), recorded(cover, key)
    else
      lists[k] = key.reads == "phase" and (phase_levels(ctx, base)) or category_levels(ctx, base)
    end
    size = size * #lists[k]
  end
  return size <= most and lists or nil, recorded_in
end

-- Whether levels can be known for keys such as these.
function levels.possible(plan, keys)
  for _, key in ipairs(keys) do
    if not source_column({ plan = plan }, key) then return false end
  end
  return plan.cases and #keys > 0
end

-- Where every key of groups has known levels: for each key its list, the combinations of these, and reason(cells): why the records do
-- not cover such a group, nil where they do. Nil where some key has none. base: rows of the source before any step.
function levels.known(ctx, base, keys)
  if not levels.possible(ctx.plan, keys) then return nil end
  local cover = coverage_of(ctx, base)
  local lists, recorded_in = lists_of(ctx, base, cover, keys)
  if not lists then return nil end
  return { lists = lists, combinations = function() return combinations(lists) end,
    reason = function(cells) return uncovered(ctx, cover, keys, cells, recorded_in) end }
end

-- The groups found and, where every key has known levels, the groups that nothing was found for: without rows, and with the
-- reason when the records do not cover them.
function levels.complete(ctx, base, keys, groups)
  local known = levels.known(ctx, base, keys)
  if not known then return groups end
  local found = {}
  for _, group in ipairs(groups) do found[keys_of.joined(group.cells, #keys)] = true end
  for _, cells in ipairs(known.combinations()) do
    if not found[keys_of.joined(cells, #keys)] then
      groups[#groups + 1] = { cells = cells, rows = {}, reason = known.reason(cells) }
    end
  end
  return groups
end

-- covered(plan, base) -> function(first day, last day): whether the records of the plan's store cover all days between.
function levels.covered(plan, base)
  local cover = coverage_of({ plan = plan }, base)
  return function(from, to) return covers(cover, from, to) end
end

return levels
