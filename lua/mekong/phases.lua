-- phases: the phases of the campaign as one object: order by start, days, members and the variants of other sources.
local core = require "mekong.core"
local kept = require "mekong.kept"
local order = require "mekong.order"
local rows_of = require("mekong.rows").of

local phases = {}

local function date_order(a, b)
  local x, y = a.date or "9999", b.date or "9999"
  if x ~= y then return x < y end
  return order.plain(a.phase, b.phase) < 0
end

-- The days that are not stated follow from a beginning and an end known to the day, both counted.
local function days_of(row)
  local both = row.date and row.date_to and #row.date == 10 and #row.date_to == 10
  return both and row.date <= row.date_to and core.date.days(row.date .. "/" .. row.date_to) or nil
end

-- { order = {keys}, rank = {key = n}, by_key = {key = {phase, number, label, date, date_to, days, scope, preliminary,
-- members (Figure or nil), source, variants = {rows}}} } of the preferred rows of the store; not to be changed.
phases.of = kept.of({ "phases" }, function(store)
  local rows = rows_of(store, [[select phase, variant, number, label, date, date_to, days, scope, preferred, preliminary,
    source, note from phases order by phase, preferred desc, variant]])
  local list, by_key = {}, {}
  for _, row in ipairs(rows) do
    row.days = row.days or days_of(row)
    local known = by_key[row.phase]
    if not known then
      row.variants = {}
      by_key[row.phase], list[#list + 1] = row, row
    else
      known.variants[#known.variants + 1] = row
    end
  end
  table.sort(list, date_order)
  local keys, rank = {}, {}
  for i, row in ipairs(list) do keys[i], rank[row.phase] = row.phase, i end
  return { order = keys, rank = rank, by_key = by_key }
end)

return phases
