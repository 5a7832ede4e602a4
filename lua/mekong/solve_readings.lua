-- solve_readings: what a claim would mean in each of its readings. For a change, the base that it needs: the number on which
-- it was announced is taken as stated, everything else is left out, and the result is held against what is known of the base.
local core = require "mekong.core"
local claim_name = require "mekong.claim_name"
local labels = require "mekong.labels"
local solve_rows = require "mekong.solve_rows"
local solve_words = require "mekong.solve_words"

local solve_readings = {}

local modes = { "nearest", "truncated", "up" }
local rounding = { nearest = { "làm tròn", "rounded" }, truncated = { "cắt bớt", "truncated" }, up = { "làm tròn lên", "rounded up" } }

-- The base that a change needs, given the values stated of the number itself; nil when there is none.
local function base_needed(self, group, item, way, mode)
  local linear, row = core.linear.new(), item.row
  local whole = solve_rows.whole(group.var.unit)
  local number, base = linear:variable(whole), linear:variable(whole)
  local stated = false
  for _, other in ipairs(self.system.groups) do
    local one = other.kind == "value" and other.var == group.var and other.items[1]
    if one and not one.readings and not self.set_aside[one.row.claim] then
      -- sources that differ give a base each: the range covers them
      linear:row(1, stated and #stated + 1 or 1, { number, 1 }, one.lower, one.upper, one.lower_open, one.upper_open)
      stated = stated or {}
      stated[#stated + 1] = one
    end
  end
  if not stated then return nil end
  local lower, upper, low_open, high_open = solve_rows.printed(row, mode, true)
  local from, to = number, base
  if way.swap then from, to = to, from end
  linear:ratio(2, 0, from, to, lower, upper, low_open, high_open, way.a, way.b)
  local holds, figure = linear:range(base, {}, group.var.unit)
  return holds and figure or nil, true
end

-- What is known of a number without a group of claims.
local function known_without(self, var, group)
  local linear, out = self.system.linear, nil
  local off = table.move(self.without, 1, #self.without, 1, { group.id })
  for _, other in ipairs(self.system.groups) do
    -- only values of the number itself and of what it is made of: other changes are claims in their own right
    if other.kind == "ratio" and other ~= group and other.part == group.part then off[#off + 1] = other.id end
    if other.kind == "value" and other.part == group.part and other.var ~= var then off[#off + 1] = other.id end
  end
  local holds, figure = linear:range(var.index, off, var.unit)
  if holds and figure:known() then out = figure end
  return out
end

local reading_names = {
  percent_change = { "thay đổi phần trăm", "change in per cent" }, percent_share = { "tỷ trọng", "share" },
}

local function of_change(self, group, new_table)
  local locale, cells, n = self.how.locale, { {}, {}, {}, {}, {}, {} }, 0
  local first = group.items[1]
  local list = { first }
  for _, other in ipairs(first.also or {}) do list[#list + 1] = other end
  local reasons = {}
  for _, item in ipairs(list) do
    local known = known_without(self, item.base_var, group)
    for _, way in ipairs(item.ways) do
      for _, mode in ipairs(item.row.qualifier == "exact" and modes or { "nearest" }) do
        n = n + 1
        local base, stated = base_needed(self, group, item, way, mode)
        local words = way.reason or reading_names[item.row.measure]
        cells[1][n] = labels.say(locale, words[1], words[2])
        cells[2][n] = solve_words.number(item.base_row, self.how)
        cells[3][n] = labels.say(locale, rounding[mode][1], rounding[mode][2])
        cells[4][n], cells[5][n] = base, known
        if not base then
          reasons[n] = stated and { "không có số nào thỏa mãn", "no number fits" } or { "chưa có số liệu", "not known" }
        end
        cells[6][n] = not stated and "không so được" or not base and "mâu thuẫn" or not known and "không so được" or
          (base:overlaps(known) and (known:exact() and base:exact() and "khớp" or "khớp với cận") or "mâu thuẫn")
      end
    end
  end
  local t = new_table({ { "reading", "text", cells[1], vi = "Cách đọc", en = "Reading" },
    { "against", "text", cells[2], vi = "So với", en = "Against" }, { "rounding", "text", cells[3], vi = "Làm tròn", en = "Rounding" },
    { "base", "figure", cells[4], vi = "Gốc cần có", en = "Base needed" }, { "known", "figure", cells[5], vi = "Gốc đã biết", en = "Base known" },
    { "verdict", "verdict", cells[6] } }, n)
  t.meta_.reasons = { base = reasons }
  return t
end

local function of_value(self, group, new_table)
  local locale, row = self.how.locale, group.items[1].row
  local list = row.readings or { { lower = row.lower, upper = row.upper, lower_open = row.lower_open, upper_open = row.upper_open,
    best = row.best, unit = row.unit, reason = { "một cách đọc", "one reading" } } }
  local names, values, verdicts = {}, {}, {}
  for i, way in ipairs(list) do
    names[i] = labels.say(locale, way.reason[1], way.reason[2])
    values[i] = core.figure.new { best = way.best, lo = way.lower, hi = way.upper, lo_open = way.lower_open or false,
      hi_open = way.upper_open or false, unit = way.unit or "", qualifier = way.qualifier }
    local off = { group.id }
    local holds, figure = self.system.linear:range(group.var.index, off, group.var.unit)
    verdicts[i] = (not holds or not figure:known()) and "không so được" or
      core.figure.comparable(figure, values[i]) and figure:overlaps(values[i]) and "khớp với cận" or "mâu thuẫn"
  end
  return new_table({ { "reading", "text", names, vi = "Cách đọc", en = "Reading" }, { "value", "figure", values },
    { "verdict", "verdict", verdicts } }, #list)
end

function solve_readings.table(self, row, new_table)
  local group = self.system.group_of[row.claim]
  if not group then
    core.raise("name", ("claim %d (%s) takes no part in the solution"):format(row.claim, claim_name.of(row)))
  end
  if group.kind == "ratio" then return of_change(self, group, new_table) end
  return of_value(self, group, new_table)
end

return solve_readings
