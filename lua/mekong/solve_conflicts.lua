-- solve_conflicts: which statements cannot hold together, and which to set aside so that the others can. A statement is a group
-- of the system, together with the categories that its source splits it into while these agree; statements are numbers here.
-- A conflict is minimal: without any one of its statements the others can hold. A correction is a smallest set of statements
-- without which all others hold together; both follow from each other (they are each other's smallest hitting sets).
local solve_conflicts = {}

-- Of one part of the system: questions asked before it is called too tangled to list everything, and conflicts kept.
local MOST_QUESTIONS, MOST_CONFLICTS = 3000, 200

local Part = {}
Part.__index = Part

local function sorted(set)
  local list = {}
  for key in pairs(set) do list[#list + 1] = key end
  table.sort(list)
  return list
end

-- Groups that are off: those set aside from the start, and those of the statements in the set.
function Part:off(statements)
  local list = table.move(self.aside, 1, #self.aside, 1, {})
  for _, s in ipairs(self.statements) do
    if statements[s] then
      for _, g in ipairs(self.members[s]) do list[#list + 1] = g end
    end
  end
  return list
end

-- Statements, of which some are off, that cannot hold together; nil when they all can.
function Part:contradiction(off)
  self.questions = self.questions + 1
  local holds, groups = self.linear:check(self.number, self:off(off))
  if holds ~= "no" then return nil end
  local set = {}
  for _, g in ipairs(groups) do set[self.of[g]] = true end
  return sorted(set)
end

local function all_but(statements, keep, without)
  local off = {}
  for _, s in ipairs(statements) do off[s] = true end
  for _, s in ipairs(keep) do off[s] = nil end
  if without then off[without] = true end
  return off
end

-- A minimal conflict within a list of statements that cannot hold together.
function Part:shrink(list)
  local i = #list
  while i >= 1 do
    local smaller = self:contradiction(all_but(self.statements, list, list[i]))
    if smaller then
      local left = {}
      for _, s in ipairs(smaller) do left[s] = true end
      local kept, before = {}, 0
      for n, s in ipairs(list) do
        if left[s] then
          kept[#kept + 1] = s
          if n < i then before = before + 1 end
        end
      end
      list, i = kept, before
    else
      i = i - 1
    end
  end
  return list
end

local function disjoint(list, set)
  for _, s in ipairs(list) do
    if set[s] then return false end
  end
  return true
end

local function key_of(list) return table.concat(list, " ") end

-- Every statement of the list is in the set.
local function inside(list, set)
  for _, s in ipairs(list) do
    if not set[s] then return false end
  end
  return true
end

-- A conflict that none of the statements off is part of: a known one, or a new one; nil when the others can hold.
function Part:conflict_without(off)
  for _, known in ipairs(self.conflicts) do
    if disjoint(known, off) then return known end
  end
  local found = self:contradiction(off)
  if not found then return nil end
  found = self:shrink(found)
  if #self.conflicts < MOST_CONFLICTS then self.conflicts[#self.conflicts + 1] = found end
  return found
end

-- All corrections, smallest first: a tree whose branches take one statement of a conflict away each, level by level.
function Part:search()
  local level, seen = { {} }, {}
  while level[1] do
    local next_level = {}
    for _, off in ipairs(level) do
      if self.questions > MOST_QUESTIONS then
        self.more = true
        return
      end
      local larger = false
      for _, known in ipairs(self.corrections) do larger = larger or inside(known, off) end
      local conflict = not larger and self:conflict_without(off)
      local list = sorted(off)
      if not larger and not conflict then self.corrections[#self.corrections + 1] = list end
      for _, s in ipairs(conflict or {}) do
        local branch, longer = { [s] = true }, table.move(list, 1, #list, 1, { [#list + 1] = s })
        for _, t in ipairs(list) do branch[t] = true end
        table.sort(longer)
        local key = key_of(longer)
        if not seen[key] then seen[key], next_level[#next_level + 1] = true, branch end
      end
    end
    level = next_level
  end
end

local function hits(set, list)
  for _, s in ipairs(list) do
    if set[s] then return true end
  end
  return false
end

-- Every smallest set that has a statement of each of the lists; nil when they are too many. Lists are taken one by one: a set
-- that does not hit the next one grows by each of its statements, unless a set that hits it already lies within the larger.
local function hitting_sets(lists)
  local sets = { { set = {}, list = {} } }
  for _, list in ipairs(lists) do
    local good, grown = {}, {}
    for _, one in ipairs(sets) do
      if hits(one.set, list) then good[#good + 1] = one end
    end
    for _, one in ipairs(sets) do
      for _, s in ipairs(hits(one.set, list) and {} or list) do
        local larger = { set = { [s] = true }, list = table.move(one.list, 1, #one.list, 1, {}) }
        for _, t in ipairs(one.list) do larger.set[t] = true end
        larger.list[#larger.list + 1] = s
        local minimal = true
        for _, known in ipairs(good) do
          minimal = minimal and not inside(known.list, larger.set)
        end
        if minimal then grown[#grown + 1] = larger end
      end
    end
    sets = table.move(grown, 1, #grown, #good + 1, good)
    if #sets > MOST_CONFLICTS then return nil end
  end
  local out = {}
  for i, one in ipairs(sets) do
    table.sort(one.list)
    out[i] = one.list
  end
  return out
end

local function by_size(a, b)
  if #a ~= #b then return #a < #b end
  for i = 1, #a do
    if a[i] ~= b[i] then return a[i] < b[i] end
  end
  return false
end

-- ---------------------------------------------------------------- statements

-- Groups of one source's number and its categories, joined; where they do not agree among themselves, each stands alone.
local function join(self, groups)
  local up = {}
  local function root(g)
    while up[g] ~= g do g = up[g] end
    return g
  end
  for _, g in ipairs(groups) do up[g] = g end
  for _, g in ipairs(groups) do
    local group = self.system.groups[g]
    for _, item in ipairs(group.kind == "value" and group.items or {}) do
      local whole = item.row.parent and self.system.group_of[item.row.parent]
      local split = whole and whole.kind == "value" and item.row.category and not whole.items[1].row.category
      if split and whole.var ~= group.var and up[whole.id] then
        local a, b = root(g), root(whole.id)
        up[math.max(a, b)] = math.min(a, b)
      end
    end
  end
  local members, list = {}, {}
  for _, g in ipairs(groups) do
    local r = root(g)
    if not members[r] then members[r], list[#list + 1] = {}, r end
    table.insert(members[r], g)
  end
  return members, list
end

local function split(self, members, list)
  local out = {}
  for _, s in ipairs(list) do
    local agree = true
    if members[s][2] then
      self.members, self.statements = members, list
      agree = not self:contradiction(all_but(list, { s }))
    end
    if agree then
      out[#out + 1] = s
    else
      local alone = members[s]
      for _, g in ipairs(alone) do members[g], out[#out + 1] = { g }, g end
    end
  end
  table.sort(out)
  return out
end

-- Disputes that share no statement are settled apart: each with its own conflicts and corrections.
local function apart(self)
  if self.more then return { self } end
  local up = {}
  local function root(s)
    while up[s] ~= s do s = up[s] end
    return s
  end
  for _, conflict in ipairs(self.conflicts) do
    for _, s in ipairs(conflict) do up[s] = up[s] or s end
    for _, s in ipairs(conflict) do
      local a, b = root(conflict[1]), root(s)
      up[math.max(a, b)] = math.min(a, b)
    end
  end
  local out, at = {}, {}
  for _, conflict in ipairs(self.conflicts) do
    local r = root(conflict[1])
    if not at[r] then
      at[r] = { number = self.number, members = self.members, all = self.statements, conflicts = {}, more = false }
      out[#out + 1] = at[r]
    end
    table.insert(at[r].conflicts, conflict)
  end
  for _, dispute in ipairs(out) do
    local seen = {}
    for _, conflict in ipairs(dispute.conflicts) do
      for _, s in ipairs(conflict) do seen[s] = true end
    end
    dispute.statements = sorted(seen)
    dispute.corrections = out[2] and hitting_sets(dispute.conflicts) or self.corrections
    table.sort(dispute.corrections, by_size)
  end
  return out
end

-- What is wrong in one part of the system, a list of disputes: {statements, all (those of the whole part), members
-- (statement -> groups), conflicts, corrections, number (of the part), more (not everything was listed)}.
function solve_conflicts.of(system, number, aside)
  local off, groups = {}, {}
  for _, g in ipairs(aside) do off[g] = true end
  for _, group in ipairs(system.groups) do
    if group.part == number and not off[group.id] then groups[#groups + 1] = group.id end
  end
  local self = setmetatable({ system = system, linear = system.linear, number = number, aside = aside, conflicts = {},
    corrections = {}, questions = 0, of = {}, more = false }, Part)
  local members, list = join(self, groups)
  for s, of_statement in pairs(members) do
    for _, g in ipairs(of_statement) do self.of[g] = s end
  end
  self.statements = split(self, members, list)
  self.members, self.of, self.all = members, {}, self.statements
  for _, s in ipairs(self.statements) do
    for _, g in ipairs(members[s]) do self.of[g] = s end
  end
  self:search()
  if not self.more then
    local all = hitting_sets(self.corrections)
    if all then self.conflicts = all else self.more = true end
  end
  table.sort(self.conflicts, by_size)
  table.sort(self.corrections, by_size)
  return apart(self)
end

return solve_conflicts
