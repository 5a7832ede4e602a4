-- solve_system: claims as a system of inequalities (csrc/core/linear.h). A group is one statement: equal numbers of several
-- sources, a change, a sum. What holds by itself stands in group 0: parts are not larger than their whole, totals over phases
-- are the sum of the phases, and a running total is not smaller than an earlier one of the same series.
local core = require "mekong.core"
local claim_name = require "mekong.claim_name"
local solve_rows = require "mekong.solve_rows"

local solve_system = {}

local System = {}
System.__index = System

-- ---------------------------------------------------------------- unknowns

-- The unknown of that name and unit; made when it is new.
function System:variable(name, unit, row)
  local known = self.by_name[name]
  if not known then
    known = {}
    self.by_name[name], self.names[#self.names + 1] = known, name
  end
  for _, var in ipairs(known) do
    if var.unit == unit then return var end
  end
  local var = { name = name, unit = unit, row = row, index = self.linear:variable(solve_rows.whole(unit)) }
  known[#known + 1], self.variables[#self.variables + 1] = var, var
  return var
end

-- The unknown of that name in the unit it is counted in already, or in the usual one.
function System:usual(name, row, unit)
  local known = self.by_name[name]
  if known then
    for _, var in ipairs(known) do
      if var.unit == unit then return var end
    end
    return known[1]
  end
  return self:variable(name, unit or claim_name.unit[row.measure] or "", row)
end

function System:group(kind, item)
  local group = { id = #self.groups + 1, kind = kind, items = { item } }
  self.groups[group.id] = group
  return group
end

-- ---------------------------------------------------------------- claims

local function add_value(self, item)
  local var = self:variable(item.name, item.unit, item.row)
  local key = ("%d %s %s %s %s"):format(var.index, item.lower or "", item.upper or "", item.lower_open, item.upper_open)
  local group = not item.readings and self.same[key]
  if group then
    table.insert(group.items, item)
  else
    group = self:group("value", item)
    group.var = var
    if item.readings then
      for r, way in ipairs(item.readings) do
        self.linear:row(group.id, r, { var.index, 1 }, way.lower, way.upper, way.lower_open, way.upper_open)
      end
    else
      self.same[key] = group
      self.linear:row(group.id, 0, { var.index, 1 }, item.lower, item.upper, item.lower_open, item.upper_open)
    end
  end
  self.group_of[item.row.claim] = group
end

local function add_ratio(self, item)
  local key = table.concat({ item.name, item.base, item.row.measure, tostring(item.lower), tostring(item.upper),
    tostring(item.row.direction), item.also and #item.also or 0 }, "\0")
  local group = self.same[key]
  if group then
    table.insert(group.items, item)
  else
    group = self:group("ratio", item)
    self.same[key] = group
    group.var = self:usual(item.name, item.measured)
    local list = { item }
    for _, other in ipairs(item.also or {}) do list[#list + 1] = other end
    local several = item.ways[2] or list[2]
    for n, one in ipairs(list) do
      local base = self:usual(one.base, one.base_row, group.var.unit)
      for w, way in ipairs(one.ways) do
        local from, to = group.var.index, base.index
        if way.swap then from, to = to, from end
        one.base_var = base
        self.linear:ratio(group.id, several and n + w - 1 or 0, from, to, one.lower, one.upper, one.lower_open, one.upper_open,
          way.a, way.b)
      end
    end
  end
  self.group_of[item.row.claim] = group
  for _, other in ipairs(item.also or {}) do self.group_of[other.row.claim] = group end
end

local function add_sum(self, item)
  local whole = self:usual(item.name, item.row, item.row.unit)
  local group, terms, parts = self:group("sum", item), { whole.index, -1 }, {}
  for i, name in ipairs(item.parts) do
    local part = self:usual(name, claim_name.read(name), whole.unit)
    if part.unit ~= whole.unit then
      core.raise("unit", ("%s is counted in %s and cannot be part of %s in %s"):format(name, part.unit, item.name, whole.unit),
        "hint: numbers of different units are never added")
    end
    terms[#terms + 1], terms[#terms + 2], parts[i] = part.index, 1, part
  end
  group.var, group.parts = whole, parts
  self.linear:row(group.id, 0, terms, 0, 0)
  self.group_of[item.row.claim] = group
end

local add = { value = add_value, ratio = add_ratio, sum = add_sum }

-- ---------------------------------------------------------------- what holds by itself

local function below(self, part, whole)
  if part == whole or part.unit ~= whole.unit then return end
  local key = part.index .. "<" .. whole.index
  if self.below[key] then return end
  self.below[key] = true
  self.linear:row(0, 0, { part.index, 1, whole.index, -1 }, nil, 0)
end

-- A claim that its source gives as part of another one.
local function inside_parents(self, items, by_claim)
  for _, item in ipairs(items) do
    local row = item.row
    local whole = row.parent and by_claim[row.parent]
    if item.kind == "value" and whole and claim_name.additive[row.measure] and not claim_name.relation[whole.measure] then
      local known = self.by_name[claim_name.of(whole)]
      local part = self:variable(item.name, item.unit, row)
      for _, var in ipairs(known or {}) do below(self, part, var) end
    end
  end
end

-- Cases of one category are some of all cases.
local function inside_wholes(self)
  for _, var in ipairs(self.variables) do
    local row = var.row
    if (row.measure == "cases" or row.measure == "suspects") and row.category and not row.item then
      for _, whole in ipairs(self.by_name[claim_name.of(claim_name.with(row, { category = false }))] or {}) do below(self, var, whole) end
    end
  end
end

-- Phases from a to b of a range, in the order of their start; those with a number only when numbered is set.
local function phases_between(self, a, b, numbered)
  local info, out = self.phases, {}
  local from, to = info.rank[a], info.rank[b]
  if not from or not to then
    local first, last = a:match "^OMD(%d+)$", b:match "^OMD(%d+)$"
    for n = math.tointeger(first) or 1, math.tointeger(last) or 0 do out[#out + 1] = "OMD" .. n end
    return out
  end
  for i = from, to do
    local phase = info.by_key[info.order[i]]
    if phase.number or not numbered then out[#out + 1] = phase.phase end
  end
  return out
end

-- The phase went on after the last day of the period.
local function goes_on(self, phase, period)
  local known = self.phases.by_key[phase]
  if not period or not known or not known.date_to then return false end
  local _, last = core.date.bounds(period)
  local _, ended = core.date.bounds(known.date_to)
  return last < ended
end

-- A total of the campaign over phases is the sum of theirs; of a phase under way on its last day a part.
local function sum_of_phases(self, var, a, b, numbered)
  local terms = { var.index, -1 }
  var.phases = {}
  for i, phase in ipairs(phases_between(self, a, b, numbered)) do
    local row = claim_name.with(var.row, { subject = phase, phase = phase, period = false })
    local part = self:usual(claim_name.of(row), row, var.unit)
    if part.unit ~= var.unit then return end
    if goes_on(self, phase, var.row.period) then
      local some = { index = self.linear:variable(solve_rows.whole(var.unit)), unit = var.unit }
      below(self, some, part)
      part, var.under_way = some, phase
    end
    terms[#terms + 1], terms[#terms + 2], var.phases[i] = part.index, 1, phase
  end
  if var.phases[1] then self.linear:row(0, 0, terms, 0, 0) end
end

local function totals_over_phases(self)
  for i = 1, #self.variables do
    local var = self.variables[i]
    local row = var.row
    local a, b = row.subject:match "^(OMD[%d%-A-Z]*)/(OMD[%d%-A-Z]*)$"
    if claim_name.additive[row.measure] then
      if a then
        sum_of_phases(self, var, a, b, true)
      else
        a, b = (row.phase or ""):match "^(.-)/(.+)$"
        if a and a:sub(1, #row.subject) == row.subject then sum_of_phases(self, var, a, b, false) end
      end
    end
  end
end

-- ---------------------------------------------------------------- running totals

local function series_of(self)
  local series, order = {}, {}
  for _, var in ipairs(self.variables) do
    local row = var.row
    if row.period and claim_name.additive[row.measure] then
      local key = table.concat({ row.subject, row.scope or "", row.measure, row.category or "", row.item or "", var.unit }, "\0")
      if not series[key] then series[key], order[#order + 1] = {}, key end
      local first, last = core.date.bounds(row.period)
      table.insert(series[key], { first = first, last = last, var = var })
    end
  end
  local out = {}
  for i, key in ipairs(order) do out[i] = series[key] end
  return out
end
solve_system.series_of = series_of

local function contains(whole, part)
  return whole ~= part and whole.first <= part.first and part.last <= whole.last
end

-- No third period of the series lies between the two.
local function directly(list, whole, part)
  for _, other in ipairs(list) do
    if other ~= whole and other ~= part and contains(whole, other) and contains(other, part) then return false end
  end
  return true
end

local function running_totals(self)
  for _, list in ipairs(series_of(self)) do
    for _, whole in ipairs(list) do
      for _, part in ipairs(list) do
        if contains(whole, part) then
          if directly(list, whole, part) then below(self, part.var, whole.var) end
          local next_day = whole.first == part.first and part.last < whole.last and core.date.add(part.last, 1)
          for _, rest in ipairs(next_day and list or {}) do
            if rest.first == next_day and rest.last == whole.last then
              self.linear:row(0, 0, { part.var.index, 1, rest.var.index, 1, whole.var.index, -1 }, 0, 0)
            end
          end
        end
      end
    end
  end
  for _, var in ipairs(self.variables) do
    local row = var.row
    if row.period and row.phase == row.subject and claim_name.additive[row.measure] then
      for _, whole in ipairs(self.by_name[claim_name.of(claim_name.with(row, { period = false }))] or {}) do below(self, var, whole) end
    end
  end
end

-- ---------------------------------------------------------------- the whole

-- rows: claims; mode: rounding; phases: as claims_rows.phases gives them; wanted: names that are asked for besides.
function solve_system.new(rows, mode, phases, wanted)
  local self = setmetatable({ linear = core.linear.new(), variables = {}, by_name = {}, names = {}, groups = {}, same = {},
    below = {}, group_of = {}, phases = phases }, System)
  local items, by_claim = solve_rows.of(rows, mode)
  self.items, self.by_claim = items, by_claim
  for _, kind in ipairs { "value", "ratio", "sum" } do -- relations look for the unit that values are counted in
    for _, item in ipairs(items) do
      if item.kind == kind then add[kind](self, item) end
    end
  end
  self.announced = #self.names
  for _, name in ipairs(wanted or {}) do
    local row = claim_name.read(name)
    self:usual(claim_name.of(row), row, row.unit)
  end
  totals_over_phases(self)
  inside_parents(self, items, by_claim)
  inside_wholes(self)
  running_totals(self)
  for _, group in ipairs(self.groups) do group.part = self.linear:part(group.var.index) end
  self.linear:parts()
  return self
end

return solve_system
