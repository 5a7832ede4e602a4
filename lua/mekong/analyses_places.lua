-- analyses_places: who took part, and where: members by phase, provinces as they are on a day, customs regions by both numberings.
local core = require "mekong.core"
local analysis = require "mekong.analysis"
local options = require "mekong.options"
local order = require "mekong.order"
local phases = require "mekong.phases"
local rows_of = require("mekong.rows").of

local methods = core.store.methods
local RENUMBERED = "2025-07-01" -- provinces merged and customs regions drawn anew from this day on
local NUMBERED = "2025-03-01"   -- customs regions exist from this day on

-- ---------------------------------------------------------------- members

-- Phase -> whether all its members are named: as many as the preferred source announces.
local function complete_lists(store, rows)
  local named, out = {}, {}
  for _, row in ipairs(rows) do
    if row.role ~= "observer" and row.kind == "customs" then named[row.phase] = (named[row.phase] or 0) + 1 end
  end
  for row in store:claims():table("members"):rows() do
    local stated = row.members
    out[row.phase] = stated and stated:exact() and stated.best == (named[row.phase] or 0) or false
  end
  return out
end

-- What a member announced of its own: "V: 123; VI: 77".
local function reported(store, member, phase_keys, names)
  if not names[member] then return nil end
  local parts, t = {}, store:claims():table("cases", { scope = member })
  for i = 1, #phase_keys do
    local f = t:cell(i, "cases")
    if f then parts[#parts + 1] = phase_keys[i]:gsub("^OMD", "") .. ": " .. f:format { locale = store:locale(), unit = false } end
  end
  return parts[1] and table.concat(parts, "; ") or nil
end

-- store:participation() -> Table: member, a column for each phase (true when it is named as taking part, false when all members are
-- named and it is not among them, else missing), first, last, reported (its own cases; missing when not stated).
function methods:participation()
  options.store(self, "participation")
  local rows = rows_of(self, "select phase, member, kind, role from members order by member, phase")
  local info, complete, names = phases.of(self), complete_lists(self, rows), analysis.names(self)
  local columns, of, members = { { "member", "code", vi = "Thành viên", en = "Member" } }, {}, {}
  for _, phase in ipairs(info.order) do
    local label = info.by_key[phase].label or phase
    columns[#columns + 1] = { phase, "bool", vi = label, en = label }
  end
  columns[#columns + 1] = { "first", "phase", vi = "Lần đầu", en = "First" }
  columns[#columns + 1] = { "last", "phase", vi = "Lần cuối", en = "Last" }
  columns[#columns + 1] = { "reported", "text", vi = "Số vụ tự công bố", en = "Cases it announced" }
  for _, row in ipairs(rows) do
    if not of[row.member] then of[row.member], members[#members + 1] = {}, row.member end
    of[row.member][row.phase] = true
  end
  local out = analysis.rows(self, columns)
  for _, member in ipairs(members) do
    local cells, first, last = { member }, nil, nil
    for k, phase in ipairs(info.order) do
      cells[k + 1] = of[member][phase] or false
      if of[member][phase] then first, last = first or phase, phase end
    end
    cells[#cells + 1], cells[#cells + 2], cells[#cells + 3] = first, last, reported(self, member, info.order, names) or false
    out:add(cells)
    for _, phase in ipairs(info.order) do
      if not of[member][phase] then
        if complete[phase] then out:yes_or_no(phase, false)
        else out:why(phase, "danh sách thành viên không nêu đủ tên", "not all members are named") end
      end
    end
    if not cells[#cells] then out:why("reported", "chưa nêu", "not stated") end
  end
  return out:done { origin = "ledger", names = names }
end

-- ---------------------------------------------------------------- provinces and regions

-- What is known of places: old -> new province, new -> list of old ones, {old =, new =} regions of provinces.
local function places_of(store)
  local known = { now = {}, was = {}, old = {}, new = {} }
  for _, row in ipairs(rows_of(store, "select place, kind, valid_from, valid_to, parent from places order by place, valid_from")) do
    if row.kind == "customs_area" then
      known[row.valid_from < RENUMBERED and "old" or "new"][row.place] = row.parent
    elseif (row.kind == "province" or row.kind == "municipality") and row.valid_to == "2025-06-30" and row.parent ~= "VN" then
      known.now[row.place] = row.parent
      known.was[row.parent] = known.was[row.parent] or {}
      table.insert(known.was[row.parent], row.place)
    end
  end
  return known
end

-- The region of a province before the new numbering: of a merged one only where all its parts lay in the same.
local function old_region(known, place)
  local parts, region = known.was[place], nil
  if not parts then return known.old[place] end
  for _, part in ipairs(parts) do
    if not known.old[part] or region and region ~= known.old[part] then return nil end
    region = known.old[part]
  end
  return region
end

-- Key and key -> number of cases, in the order of add(key, n).
local function counter()
  local list, n = {}, {}
  return list, n, function(key, more)
    if not n[key] then n[key], list[#list + 1] = 0, key end
    n[key] = n[key] + more
  end
end

local function by_number(list, n)
  table.sort(list, function(a, b)
    if n[a] ~= n[b] then return n[a] > n[b] end
    return order.plain(a, b) < 0
  end)
end

-- store:provinces() -> Table: province (as since 1 July 2025), n (its cases, whatever the province was called on their day), parts (how
-- many were told of which former province); the largest first, cases without a province last.
function methods:provinces()
  options.store(self, "provinces")
  local known, names, english = places_of(self), analysis.places(self), self:locale() == "en"
  local list, n, add = counter()
  local parts, missing = {}, 0
  for row in self.cases:count "province":rows() do
    local place = row.province
    if place then
      local now = known.now[place] or place
      add(now, row.n)
      local name = names[place] and names[place][english and 2 or 1] or place
      if known.now[place] then name = name .. (english and " (former)" or " (cũ)") end
      parts[now] = (parts[now] and parts[now] .. ", " or "") .. name .. " " .. row.n
    else
      missing = row.n
    end
  end
  by_number(list, n)
  local out = analysis.rows(self, { { "province", "code" }, { "n", "int", unit = "case" }, { "parts", "text", vi = "Gồm", en = "Of which" } })
  for _, place in ipairs(list) do out:add { place, n[place], parts[place] } end
  if missing > 0 then out:add { false, missing, false } end
  return out:done { origin = "records", names = names }
end

-- store:regions() -> Table: before (region of the numbering of 1 March 2025), after (of that of 1 July 2025), n (cases), moved (the
-- region is another one). A region that is not recorded for the province is missing, and whether the case moved as well.
function methods:regions()
  options.store(self, "regions")
  local known, pairs_of = places_of(self), {}
  local list, n, add = counter()
  for row in self.cases:count "province":rows() do
    if row.n > 0 then
      local place = row.province
      local before, after = place and old_region(known, place), place and known.new[known.now[place] or place]
      local key = (before or "~") .. "\0" .. (after or "~")
      pairs_of[key] = { before, after }
      add(key, row.n)
    end
  end
  by_number(list, n)
  local out = analysis.rows(self, { { "before", "code", vi = "Khu vực từ 1/3/2025", en = "Region since 1 March 2025" },
    { "after", "code", vi = "Khu vực từ 1/7/2025", en = "Region since 1 July 2025" }, { "n", "int", unit = "case" },
    { "moved", "bool", vi = "Chuyển khu vực", en = "Moved" } })
  for _, key in ipairs(list) do
    local before, after = pairs_of[key][1], pairs_of[key][2]
    out:add { before, after, n[key], false }
    if before and after then out:yes_or_no("moved", before ~= after)
    else out:why("moved", "chưa rõ tỉnh thuộc khu vực nào", "the region of the province is not recorded") end
    if not before then out:why("before", "chưa rõ trước " .. RENUMBERED, "not recorded from " .. NUMBERED) end
    if not after then out:why("after", "chưa rõ từ " .. RENUMBERED, "not recorded from " .. RENUMBERED) end
  end
  return out:done { origin = "records", keys = 2, names = analysis.names(self) }
end
