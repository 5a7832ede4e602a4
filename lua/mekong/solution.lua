-- solution: what follows from a set of claims. claims:solve() -> Solution; nothing is asked of the claims before it is wanted.
--   s:figure(var)       what the claims say of a number, with those set aside that s:suspects() settles
--   s:conflicts()       Table of the smallest sets of claims that cannot all be true
--   s:suspects()        Table of claims without which the others can be true, the least supported first
--   s:readings(claim)   Table: the base that a change needs, in each reading and rounding; or the readings of a number
--   s:why(var)          the claims that give the number its ends, in words
--   s:aside()           numbers of the claims that are set aside
-- A claim is set aside only where it is the one whose removal settles a dispute, or where the ledger itself prefers the
-- others; where several would do, a number is whatever it can be with any of them set aside.
local core = require "mekong.core"
local claim_name = require "mekong.claim_name"
local claims_rows = require "mekong.claims_rows"
local claims_say = require "mekong.claims_say"
local labels = require "mekong.labels"
local options = require "mekong.options"
local order = require "mekong.order"
local phases = require "mekong.phases"
local rows_of = require("mekong.rows").of
local solve_conflicts = require "mekong.solve_conflicts"
local solve_readings = require "mekong.solve_readings"
local solve_system = require "mekong.solve_system"
local solve_words = require "mekong.solve_words"
local Table = require "mekong.table"

local Solution = {}
local methods = {}

local function check(self, name)
  if getmetatable(self) ~= Solution then
    core.raise("type", "solution:" .. name .. " was called on a " .. type(self), "hint: call it with ':', solution:" .. name .. "(...)")
  end
end

-- ---------------------------------------------------------------- what is wrong

-- Everything that is wrong (solve_conflicts.lua), looked into once.
local function troubles(self)
  if not self.troubles_ then
    self.troubles_ = {}
    for _, number in ipairs(self.bad) do
      local found = solve_conflicts.of(self.system, number, self.without)
      table.move(found, 1, #found, #self.troubles_ + 1, self.troubles_)
    end
  end
  return self.troubles_
end

local function groups_of(self, trouble, statements)
  local out = {}
  for i, s in ipairs(statements) do out[i] = self.system.groups[trouble.members[s][1]] end
  return out
end

local reliabilities = { A = 1, B = 2, C = 3 }

local function reliability_of(self, source)
  if not self.reliability then
    self.reliability = {}
    for _, row in ipairs(rows_of(self.claims.store, "select source, reliability from sources")) do
      self.reliability[row.source] = reliabilities[row.reliability]
    end
  end
  return self.reliability[source] or 4
end

-- How well a statement is supported: chosen by the ledger's keepers, the most reliable source, and how many sources.
local function support(self, group)
  local chosen, best, count = false, 4, #solve_words.sources(group.items)
  for _, item in ipairs(group.items) do
    local phase = item.row.measure == "date_range" and self.phases.by_key[item.row.phase]
    chosen = chosen or item.row.preferred or false
    -- the dates by which the store counts a phase
    best = math.min(best, phase and phase.source == item.row.source and 0 or reliability_of(self, item.row.source))
  end
  return { chosen = chosen, best = best, count = count }
end

-- Negative when a is less supported than b. Sources are counted only to put suspects in an order.
local function less_supported(a, b, counting)
  if a.chosen ~= b.chosen then return a.chosen and 1 or -1 end
  if a.best ~= b.best then return b.best - a.best end
  return counting and a.count - b.count or 0
end

-- Corrections with the fewest claims, and those of them that the recorded support points to.
local function smallest(self, trouble)
  if trouble.smallest then return trouble.smallest, trouble.best end
  local list, best = {}, {}
  for _, correction in ipairs(trouble.corrections) do
    if #correction == #trouble.corrections[1] then list[#list + 1] = correction end
  end
  local function supports(correction)
    local out = {}
    for i, group in ipairs(groups_of(self, trouble, correction)) do out[i] = support(self, group) end
    table.sort(out, function(a, b) return less_supported(a, b) < 0 end)
    return out
  end
  local lowest
  for _, correction in ipairs(list) do
    local mine, found = supports(correction), 0
    for i = 1, #mine do
      if lowest and found == 0 then found = less_supported(mine[i], lowest[i]) end
    end
    if not lowest or found < 0 then best, lowest = {}, mine end
    if found <= 0 then best[#best + 1] = correction end
  end
  trouble.smallest, trouble.best = list, best
  return list, best
end

-- Groups to set aside when each dispute is settled by one of its corrections.
local function setting_aside(self, choices)
  local off = table.move(self.without, 1, #self.without, 1, {})
  for _, choice in ipairs(choices) do
    for _, s in ipairs(choice.correction) do
      for _, g in ipairs(choice.trouble.members[s]) do off[#off + 1] = g end
    end
  end
  return off
end

local function same_range(a, b)
  return a and b and a.lo == b.lo and a.hi == b.hi and a.lo_open == b.lo_open and a.hi_open == b.hi_open
end

-- How many corrections of a dispute are tried to see whether it matters to a number, and how many ways are gone together.
local MOST_TRIED, MOST_WAYS = 12, 64

-- Whether another way out of a dispute would change what is known of a number.
local function matters(self, var, choices, at)
  local linear = self.system.linear
  local _, now = linear:range(var.index, setting_aside(self, choices), var.unit)
  local settled = choices[at].correction
  local found = false
  for i, correction in ipairs(choices[at].trouble.corrections) do
    if found or i > MOST_TRIED then
      found = true
      break
    end
    choices[at].correction = correction
    local _, other = linear:range(var.index, setting_aside(self, choices), var.unit)
    found = not same_range(now, other)
  end
  choices[at].correction = settled
  return found
end

-- The ways to set claims aside that a number depends on: a list of {off = groups, choices = {{trouble, correction, matters}}};
-- matters is found out where there is more than one way, or when all is set.
local function ways(self, var, all)
  local part, choices, relevant = self.system.linear:part(var.index), {}, {}
  for _, trouble in ipairs(troubles(self)) do
    if trouble.number == part then
      local _, best = smallest(self, trouble)
      choices[#choices + 1] = { trouble = trouble, correction = best[1] }
    end
  end
  for at, choice in ipairs(choices) do
    local _, best = smallest(self, choice.trouble)
    relevant[at] = (all or best[2] ~= nil) and matters(self, var, choices, at)
  end
  local out = { { choices = {} } }
  for at, choice in ipairs(choices) do
    local _, best = smallest(self, choice.trouble)
    local grown = {}
    for _, way in ipairs(out) do
      for i, correction in ipairs(best) do
        if i == 1 or relevant[at] and #grown < MOST_WAYS then
          local longer = table.move(way.choices, 1, #way.choices, 1, {})
          longer[at] = { trouble = choice.trouble, correction = correction, matters = relevant[at] }
          grown[#grown + 1] = { choices = longer }
        end
      end
    end
    out = grown
  end
  for _, way in ipairs(out) do way.off = setting_aside(self, way.choices) end
  return out
end

-- ---------------------------------------------------------------- numbers

local function outermost(a, b)
  local lo, hi = a, a
  if a.lo ~= nil and b.lo ~= nil then
    local x, y = core.figure.new { best = a.lo }, core.figure.new { best = b.lo }
    if y < x or x == y and not b.lo_open then lo = b end
  end
  if a.hi == nil or b.hi == nil then
    if b.hi == nil then hi = b end
  else
    local x, y = core.figure.new { best = a.hi }, core.figure.new { best = b.hi }
    if x < y or x == y and not b.hi_open then hi = b end
  end
  local exact = lo.lo ~= nil and lo.lo == hi.hi and not lo.lo_open and not hi.hi_open
  if lo.lo == 0 and not lo.lo_open and hi.hi == nil then return core.figure.unknown(a.unit) end
  return core.figure.new { best = exact and lo.lo or nil, lo = lo.lo, hi = hi.hi, lo_open = lo.lo_open and lo.lo ~= nil or false,
    hi_open = hi.hi_open and hi.hi ~= nil or false, unit = a.unit }
end

-- The system with the number of that name in it, and its unknown.
local function find(self, name)
  local row = claim_name.read(name)
  local key = claim_name.of(row)
  local known = self.system.by_name[key]
  if not known then
    local subjects, seen = {}, {}
    for _, var in ipairs(self.system.variables) do
      if not seen[var.row.subject] then seen[var.row.subject], subjects[#subjects + 1] = true, var.row.subject end
    end
    if not row.subject:find "^OMD" and not seen[row.subject] and subjects[1] then
      order.texts(subjects)
      core.find_name(row.subject, subjects, {}, "subject")
    end
    self.wanted[#self.wanted + 1] = row.unit and key .. "[" .. row.unit .. "]" or key
    self.build(self)
    known = self.system.by_name[key]
  end
  if row.unit then
    for _, var in ipairs(known) do
      if var.unit == row.unit then return var end
    end
    core.raise("unit", ("%s was not announced in %s"):format(key, row.unit))
  end
  if known[2] then
    local names = {}
    for i, var in ipairs(known) do names[i] = key .. "[" .. var.unit .. "]" end
    core.raise("ambiguous", key .. " was announced in several units", "hint: ask for one of " .. table.concat(names, ", "))
  end
  return known[1]
end

-- s:figure("OMD4.cases") -> Figure: between which ends the number lies; unknown when nothing was said.
function methods:figure(name)
  check(self, "figure")
  local var = find(self, name)
  if self.figures[var] then return self.figures[var] end
  local result
  for _, way in ipairs(ways(self, var)) do
    local holds, figure = self.system.linear:range(var.index, way.off, var.unit)
    if holds then result = result and outermost(result, figure) or figure end
  end
  self.figures[var] = result
  return result
end

-- ---------------------------------------------------------------- tables

local function new_table(self, columns, n, meta)
  local shown, data = {}, {}
  for c, column in ipairs(columns) do
    shown[c], data[c] = { name = column[1], kind = column[2], optional = column.optional, vi = column.vi, en = column.en }, column[3]
  end
  meta = meta or {}
  meta.locale, meta.origin = self.how.locale, "claims"
  return Table.new(shown, data, n, meta)
end

local function ids_of(groups)
  local out = {}
  for _, group in ipairs(groups) do
    for _, item in ipairs(group.items) do
      out[#out + 1] = math.tointeger(item.row.claim)
      for _, other in ipairs(item.also or {}) do out[#out + 1] = other.row.claim end
    end
  end
  table.sort(out)
  return table.concat(out, ", ")
end

-- What the other statements of a conflict make of the number of one of them.
local function implied(self, trouble, conflict)
  local on, shared = {}, true
  local first = self.system.groups[trouble.members[conflict[1]][1]].var
  for _, s in ipairs(conflict) do
    on[s], shared = true, shared and self.system.groups[trouble.members[s][1]].var == first
  end
  if shared then return nil end -- the numbers say it themselves
  for at = #conflict, 1, -1 do
    local group = self.system.groups[trouble.members[conflict[at]][1]]
    if group.kind == "value" then
      on[conflict[at]] = false
      local off = table.move(self.without, 1, #self.without, 1, {})
      for _, s in ipairs(trouble.all) do
        if not on[s] then
          for _, g in ipairs(trouble.members[s]) do off[#off + 1] = g end
        end
      end
      local holds, figure = self.system.linear:range(group.var.index, off, group.var.unit)
      on[conflict[at]] = true
      if holds and figure:known() then return group, figure end
    end
  end
  return nil
end

local function conflict_sentence(self, trouble, conflict)
  local locale, groups = self.how.locale, groups_of(self, trouble, conflict)
  local text = labels.say(locale, "Không thể cùng đúng: ", "Cannot all be true: ") .. solve_words.list(groups, self.how) .. "."
  local group, figure = implied(self, trouble, conflict)
  if not group then return text end
  local others = {}
  for _, other in ipairs(groups) do
    if other ~= group then others[#others + 1] = other end
  end
  return text .. labels.say(locale, " Theo ", " By ") .. solve_words.list(others, self.how, true) ..
    labels.say(locale, " thì ", ", ") .. solve_words.number(group.var.row, self.how) .. labels.say(locale, " phải là ", " would be ") ..
    figure:say { locale = locale } .. "."
end

-- s:conflicts() -> Table, the smallest first: number of the conflict, how many statements, which, their claims, why.
function methods:conflicts()
  check(self, "conflicts")
  local numbers, sizes, texts, ids, whys, n, more = {}, {}, {}, {}, {}, 0, false
  for _, trouble in ipairs(troubles(self)) do
    more = more or trouble.more
    for _, conflict in ipairs(trouble.conflicts) do
      n = n + 1
      local groups = groups_of(self, trouble, conflict)
      numbers[n], sizes[n], texts[n], ids[n] = n, #conflict, solve_words.list(groups, self.how), ids_of(groups)
      whys[n] = conflict_sentence(self, trouble, conflict)
    end
  end
  local result = new_table(self, { { "conflict", "int", numbers, vi = "Mâu thuẫn", en = "Conflict" },
    { "size", "int", sizes, vi = "Số công bố", en = "Claims" }, { "statements", "text", texts, vi = "Các công bố", en = "Statements" },
    { "claims", "text", ids, vi = "Mã công bố", en = "Claim numbers" }, { "why", "text", whys, vi = "Giải thích", en = "Why" } }, n)
  if more then
    result = Table.add_note(result, "Còn mâu thuẫn khác chưa liệt kê hết.", "There are further conflicts that are not listed.")
  end
  return result
end

-- Disputes: for the statements of one best correction, those that could take the place of each.
local function disputes(self, trouble)
  local list, best = smallest(self, trouble)
  local first, found = best[1], {}
  local function key(correction) return table.concat(correction, " ") end
  local known = {}
  for _, correction in ipairs(list) do known[key(correction)] = true end
  local in_any = {}
  for _, correction in ipairs(list) do
    for _, s in ipairs(correction) do in_any[s] = true end
  end
  for i, s in ipairs(first or {}) do
    local options_of = { s }
    for _, other in ipairs(trouble.statements) do
      if in_any[other] and other ~= s then
        local swapped = table.move(first, 1, #first, 1, {})
        swapped[i] = other
        table.sort(swapped)
        if known[key(swapped)] then options_of[#options_of + 1] = other end
      end
    end
    table.sort(options_of, function(a, b)
      local x, y = support(self, self.system.groups[trouble.members[a][1]]), support(self, self.system.groups[trouble.members[b][1]])
      local weaker = less_supported(x, y, true)
      if weaker ~= 0 then return weaker < 0 end
      return a < b
    end)
    found[i] = options_of
  end
  return found
end

-- s:suspects() -> Table: by dispute, the statements any one of which settles it when set aside; sole: no other one does;
-- conflicts: in how many smallest conflicts it stands; aside: whether s:figure leaves it out.
function methods:suspects()
  check(self, "suspects")
  local number, texts, ids, sole, count, aside, n, dispute = {}, {}, {}, {}, {}, {}, 0, 0
  for _, trouble in ipairs(troubles(self)) do
    local _, best = smallest(self, trouble)
    local always = {}
    for _, correction in ipairs(best) do
      for _, s in ipairs(correction) do always[s] = (always[s] or 0) + 1 end
    end
    for _, list in ipairs(disputes(self, trouble)) do
      dispute = dispute + 1
      for _, s in ipairs(list) do
        n = n + 1
        local group, hits = self.system.groups[trouble.members[s][1]], 0
        for _, conflict in ipairs(trouble.conflicts) do
          for _, member in ipairs(conflict) do hits = hits + (member == s and 1 or 0) end
        end
        number[n], texts[n], ids[n] = dispute, solve_words.statement(group, self.how), ids_of { group }
        sole[n], count[n], aside[n] = not list[2], hits, always[s] == #best
      end
    end
  end
  return new_table(self, { { "dispute", "int", number, vi = "Tranh chấp", en = "Dispute" },
    { "statement", "text", texts, vi = "Công bố nghi vấn", en = "Suspect" },
    { "claims", "text", ids, vi = "Mã công bố", en = "Claim numbers" },
    { "sole", "bool", sole, vi = "Duy nhất", en = "Sole" }, { "conflicts", "int", count, vi = "Số mâu thuẫn", en = "Conflicts" },
    { "aside", "bool", aside, vi = "Gác lại", en = "Set aside" } }, n)
end

-- s:aside() -> numbers of the claims that are set aside: those named at claims:solve and those whose removal is settled.
function methods:aside()
  check(self, "aside")
  local out, seen = {}, {}
  local function take(group)
    for _, item in ipairs(group.items) do
      if not seen[item.row.claim] then seen[item.row.claim], out[#out + 1] = true, item.row.claim end
    end
  end
  for _, g in ipairs(self.without) do take(self.system.groups[g]) end
  for _, trouble in ipairs(troubles(self)) do
    local _, best = smallest(self, trouble)
    local count = {}
    for _, correction in ipairs(best) do
      for _, s in ipairs(correction) do count[s] = (count[s] or 0) + 1 end
    end
    for _, s in ipairs(trouble.statements) do
      if count[s] and count[s] == #best then
        for _, g in ipairs(trouble.members[s]) do take(self.system.groups[g]) end
      end
    end
  end
  table.sort(out)
  return out
end

-- s:readings(claim) -> Table; the claim by its number.
function methods:readings(id)
  check(self, "readings")
  return solve_readings.table(self, claims_say.get(self.claims, id), function(columns, n) return new_table(self, columns, n) end)
end

-- ---------------------------------------------------------------- why

-- The statements without one of which the end of a number would not be where it is.
local function reason_groups(self, var, off, up)
  local linear = self.system.linear
  local first = linear:why(var.index, off, up)
  if not first then return nil end
  local holds, figure = linear:range(var.index, off, var.unit)
  local end_of = up and "hi" or "lo"
  local needed, all = first, {}
  for _, group in ipairs(self.system.groups) do
    if group.part == linear:part(var.index) then all[#all + 1] = group.id end
  end
  local function without(list)
    local keep, out = {}, {}
    for _, g in ipairs(list) do keep[g] = true end
    for _, g in ipairs(all) do
      if not keep[g] then out[#out + 1] = g end
    end
    return out
  end
  for i = #first, 1, -1 do
    local fewer = {}
    for _, g in ipairs(needed) do
      if g ~= first[i] then fewer[#fewer + 1] = g end
    end
    local still, other = linear:range(var.index, without(fewer), var.unit)
    if holds and still and other[end_of] == figure[end_of] and other[end_of .. "_open"] == figure[end_of .. "_open"] then needed = fewer end
  end
  local groups = {}
  for i, g in ipairs(needed) do groups[i] = self.system.groups[g] end
  return groups
end

local function side_sentence(self, var, off, up)
  local groups = reason_groups(self, var, off, up)
  if not groups or not groups[1] then return nil end
  return groups, solve_words.list(groups, self.how)
end

-- s:why(name) -> text: the number, and the claims that give it its lower and upper end; what was set aside.
function methods:why(name)
  check(self, "why")
  local var, locale = find(self, name), self.how.locale
  local figure = methods.figure(self, name)
  local function say(vi, en) return labels.say(locale, vi, en) end
  local lines = { solve_words.number(var.row, self.how) .. ": " .. figure:say { locale = locale } .. "." }
  local open = ways(self, var, true)
  local low_groups, low = side_sentence(self, var, open[1].off, false)
  local high_groups, high = side_sentence(self, var, open[1].off, true)
  if low_groups and high_groups and low == high then
    lines[#lines + 1] = say("Suy từ: ", "From: ") .. low .. "."
  else
    if low then lines[#lines + 1] = say("Cận dưới suy từ: ", "Lower end from: ") .. low .. "." end
    if high then lines[#lines + 1] = say("Cận trên suy từ: ", "Upper end from: ") .. high .. "." end
  end
  if not low and not high then lines[#lines + 1] = say("Không công bố nào cho biết số này.", "No claim says anything of this number.") end
  if var.phases then
    lines[#lines + 1] = say("Là tổng của các giai đoạn ", "The sum of phases ") .. solve_words.phases(var.phases, locale) ..
      (var.under_way and say("; giai đoạn ", "; phase ") .. labels.phase(var.under_way) ..
        say(" chỉ tính một phần", " counts in part only") or "") .. "."
  end
  for at, choice in ipairs(open[1].choices) do
    if choice.matters then
      local list, seen = {}, {}
      for _, way in ipairs(open) do
        local text = solve_words.list(groups_of(self, choice.trouble, way.choices[at].correction), self.how)
        if not seen[text] then seen[text], list[#list + 1] = true, text end
      end
      lines[#lines + 1] = say("Đã gác lại: ", "Set aside: ") .. table.concat(list, say("; hoặc ", "; or ")) .. "."
      if list[2] then lines[#lines + 1] = say("Khoảng nêu trên gồm mọi cách gác lại đó.", "The range covers all of these ways.") end
    end
  end
  return table.concat(lines, "\n")
end

-- ---------------------------------------------------------------- making and showing

-- Systems of lists of claims that did not change: rows -> rounding -> {phases, system}.
local known_systems = setmetatable({}, { __mode = "k" })

local function system_of(self)
  local stored = phases.of(self.claims.store)
  local list = known_systems[self.rows] or {}
  local known = not self.wanted[1] and list[self.mode]
  if known and known.phases == stored then return known.system end
  local system = solve_system.new(self.rows, self.mode, self.phases, self.wanted)
  if not self.wanted[1] then
    list[self.mode] = { phases = stored, system = system }
    known_systems[self.rows] = list
  end
  return system
end

-- Builds the system with the numbers asked for so far, and finds the parts in which something is wrong.
local function build(self)
  self.system = system_of(self)
  self.without, self.bad, self.troubles_, self.figures = {}, {}, false, {}
  for _, group in ipairs(self.system.groups) do
    for _, item in ipairs(group.items) do
      if self.set_aside[item.row.claim] then
        self.without[#self.without + 1] = group.id
        break
      end
    end
  end
  for number = 1, self.system.linear:parts() do
    if self.system.linear:check(number, self.without) == "no" then self.bad[#self.bad + 1] = number end
  end
end

-- Whether all claims can be true together.
function methods:consistent()
  check(self, "consistent")
  return #self.bad == 0
end

-- claims: the Claims; rows: its claims; mode: rounding; set_aside: claims that are left out from the start (number -> true).
function Solution.new(claims, rows, mode, set_aside)
  local self = setmetatable({ claims = claims, rows = rows, mode = mode, set_aside = set_aside, wanted = {},
    phases = claims_rows.phases(claims.store, rows),
    how = solve_words.how(claims.store), reliability = false, figures = {}, build = build }, Solution)
  build(self)
  return self
end

Solution.__name = "mekong.Solution"
Solution.__index = function(_, name) return options.method(methods, name, "Solution") end
Solution.__tostring = function(self)
  local locale = self.how.locale
  local function say(vi, en) return labels.say(locale, vi, en) end
  local head = say("%d số liệu từ %d công bố", "%d numbers from %d statements"):format(self.system.announced, #self.system.groups)
  if methods.consistent(self) then return head .. say(": không mâu thuẫn.", ": no contradiction.") end
  local conflicts = methods.conflicts(self):select("conflict", "statements")
  local suspects = methods.suspects(self):select("dispute", "statement", "sole", "aside")
  return head .. say((": %d mâu thuẫn."), ": %d conflicts."):format(#conflicts) .. "\n\n" .. tostring(conflicts) .. "\n\n" ..
    say("Nên xem lại:", "To be looked at again:") .. "\n" .. tostring(suspects)
end

-- What a notebook shows.
function methods:display()
  check(self, "display")
  return tostring(self)
end

return Solution
