-- phases: the phases of the campaign as one object: order by start, days, members and the variants of other sources.
local core = require "mekong.core"
local kept = require "mekong.kept"
local order = require "mekong.order"
local rows_of = require("mekong.rows").of

local phases = {}

-- The phases of the campaign one after the other, where no start says it.
local campaign = { "OMD1", "OMD-AP", "OMD2", "OMD3", "OMD4", "OMD5", "OMD6", "OMD7" }

local function date_order(a, b)
  if a.date ~= b.date then return a.date < b.date end
  return order.plain(a.phase, b.phase) < 0
end

-- All phases in a row: those of the store by their start; behind the one before them those of the campaign that the store has
-- not or without a start (the first at the head); then the others of the store.
local function sequence(rows)
  local dated, seen, list = {}, {}, {}
  for _, row in ipairs(rows) do if row.date then dated[#dated + 1] = row end end
  table.sort(dated, date_order)
  local function put(phase, at)
    if not seen[phase] then table.insert(list, at or #list + 1, phase) end
    seen[phase] = true
  end
  for _, row in ipairs(dated) do put(row.phase) end
  local at = 1 -- behind the phase of the campaign before
  for _, phase in ipairs(campaign) do
    put(phase, at)
    for i, one in ipairs(list) do
      if one == phase then at = i + 1 end
    end
  end
  for _, row in ipairs(rows) do put(row.phase) end
  return list
end

-- 7 of OMD7; nil of a phase that is named without a number.
function phases.number(phase)
  local digits = phase:match "^OMD(%d+)$"
  return digits and math.tointeger(tonumber(digits))
end

-- The days that are not stated follow from a beginning and an end known to the day, both counted.
local function days_of(row)
  local both = row.date and row.date_to and #row.date == 10 and #row.date_to == 10
  return both and row.date <= row.date_to and core.date.days(row.date .. "/" .. row.date_to) or nil
end

-- { order = {keys}, rank = {key = n}, place = {key = n}, by_key = {key = {phase, number, label, date, date_to, days, scope,
-- preliminary, members (Figure or nil), source, variants = {rows}}} } of the preferred rows of the store; not to be changed.
phases.of = kept.of({ "phases" }, function(store)
  local rows = rows_of(store, [[select phase, variant, number, label, date, date_to, days, scope, preferred, preliminary,
    source, note from phases order by phase, preferred desc, variant]])
  local list, by_key = {}, {}
  for _, row in ipairs(rows) do
    row.days = row.days or days_of(row)
    row.number = row.number or phases.number(row.phase)
    local known = by_key[row.phase]
    if not known then
      row.variants = {}
      by_key[row.phase], list[#list + 1] = row, row
    else
      known.variants[#known.variants + 1] = row
    end
  end
  local keys, rank, place = {}, {}, {}
  for i, phase in ipairs(sequence(list)) do
    place[phase] = i
    if by_key[phase] then keys[#keys + 1], rank[phase] = phase, #keys + 1 end
  end
  return { order = keys, rank = rank, place = place, by_key = by_key }
end)

return phases
