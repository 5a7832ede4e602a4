-- claims_read: the figures of a text as candidates for claims. A candidate becomes a claim only when it is taken; one that
-- leaves open whose number it is, of what time or how it is meant says so and is taken only after somebody has settled it,
-- and what was settled is kept in the note of the claim.
local claim_name = require "mekong.claim_name"
local claims_say = require "mekong.claims_say"
local core = require "mekong.core"
local options = require "mekong.options"
local read = require "mekong.read"

local claims_read = {}

-- Measures of the ledger for counted units; members are counted in the unit that is written.
local counted = { focal_point = "focal_points", alert = "alerts", report = "reports", delegate = "delegates", member = "members",
  agency = "members" }
local plain = { cases = true, suspects = true, mass = true, pills = true, individuals = true, specimens = true, volume = true,
  money = true }
local changes = { percent_change = true, times_change = true }

-- What a candidate leaves open: why it is not taken as it is, and what to do.
local open_words = {
  subject = { "chưa rõ của ai", "whose number it is" },
  time = { "chưa rõ thời gian", "of what time it is" },
  base = { "chưa rõ so với gì", "what it is compared with" },
  level = { "mức tăng giảm, không phải tổng số", "a difference, not a number of its own" },
  repeated = { "đã nêu ở trên", "said before in the text" },
  another = { "số khác đã mang tên này", "another number of the text has this name" },
}

-- ---------------------------------------------------------------- whose, of what, when

local function measure_of(x)
  if plain[x.measure] or changes[x.measure] or x.measure == "percent_share" then return x.measure end
  if x.measure == "count" and x.unit ~= "phase" then return counted[x.unit] or "count" end
  return nil
end

-- Figures of a phase are those of its members, or of the country whose customs counted; the days of the phase are no time
-- of their own.
local function whose(x, windows)
  local scope = x.scope ~= "OMD-members" and x.scope or nil
  if x.phase then
    local own_time = x.period and not (windows[x.phase] and windows[x.phase][x.period])
    return { subject = "OMD" .. x.phase, phase = "OMD" .. x.phase, scope = scope == "VN-Customs" and "VN" or scope,
      period = own_time and x.period or nil }
  end
  return { subject = scope or x.scope and "OMD" or nil, period = x.period }
end

local function windows_of(list)
  local out = {}
  for _, x in ipairs(list) do
    if x.measure == "date_range" and x.phase and x.period then
      out[x.phase] = out[x.phase] or {}
      out[x.phase][x.period] = true
    end
  end
  return out
end

-- ---------------------------------------------------------------- the number

-- Ends as columns of a claim.
local function ends(x)
  return { best = not x.value_high and x.value or nil, lower = x.lower, upper = x.upper, lower_open = x.lower ~= nil and x.lower_open,
    upper_open = x.upper ~= nil and x.upper_open }
end

-- The ends that a hedge gives one of several values.
local function way(x, alternative)
  local f = core.figure.new { best = alternative.value, unit = alternative.unit or x.unit or "", qualifier = x.qualifier }
  return { best = f.best, lower = f.lo, upper = f.hi, lower_open = f.lo ~= nil and f.lo_open, upper_open = f.hi ~= nil and f.hi_open,
    unit = alternative.unit or x.unit, reason = { read.reasons[alternative.reason] or alternative.reason, alternative.reason } }
end

-- "tăng 2,15 lần" is kept as written, with its direction: both readings follow from that.
local function times(row, x)
  local f
  if x.alternatives then f = core.figure.parse("tăng " .. x.surface, { reading = "ratio" })
  else f = core.figure.new { best = x.value, lo = x.lower, hi = x.upper, lo_open = x.lower_open, hi_open = x.upper_open, unit = "x" } end
  row.direction = x.alternatives and "increase" or "ratio"
  if x.direction == "decrease" then f, row.direction = core.figure.new { best = 1 } / f, "decrease" end
  row.best, row.lower, row.upper, row.unit = f.best, f.lo, f.hi, "x"
  row.lower_open, row.upper_open = f.lo ~= nil and f.lo_open, f.hi ~= nil and f.hi_open
end

local function set_number(row, x)
  row.qualifier, row.unit = x.qualifier, x.unit
  if row.measure == "times_change" then return times(row, x) end
  if x.alternatives then
    row.readings = {}
    for i, alternative in ipairs(x.alternatives) do row.readings[i] = way(x, alternative) end
    row.unit = row.readings[1].unit
  else
    for name, value in pairs(ends(x)) do row[name] = value end
  end
  if changes[row.measure] then row.direction = x.direction end
end

-- ---------------------------------------------------------------- relations

local function year_before(period)
  return (period:gsub("%f[%d]%d%d%d%d%f[%D]", function(year) return ("%04d"):format(tonumber(year) - 1) end))
end

-- What a change is of: the last number before it that is about the same.
local function changed(list, i)
  local x = list[i]
  for k = i - 1, math.max(1, i - 6), -1 do
    local y = list[k]
    if plain[y.measure] and y.phase == x.phase and y.period == x.period and y.scope == x.scope then return y end
  end
  return nil
end

local function set_base(row, x, of)
  row.of_measure = of and measure_of(of) or "cases"
  row.category = x.category or of and of.category
  local base = x.compared_to
  if base == nil then return "base" end
  local phase = base:match "^phase:(%d)$"
  if phase then
    row.base_kind, row.base_ref = "phase", "OMD" .. phase
    return not row.phase and "subject" or nil
  end
  row.base_kind = "period"
  if base ~= "same_period_last_year" then row.base_ref = base
  elseif row.period then row.base_ref = year_before(row.period)
  else return "base" end
  return row.phase and "base" or nil
end

-- A share is one of the number of the same name without its category.
local function set_whole(row, x)
  if not x.category then return "base" end
  local whole = { subject = row.subject, scope = row.scope, period = row.period, phase = row.phase, measure = "cases" }
  row.of_measure, row.category, row.item = "cases", x.category, x.item
  row.base_kind = "variable"
  row.base_ref = row.subject and claim_name.of(whole) or nil
  return nil
end

-- ---------------------------------------------------------------- candidates

local function candidate(list, i, windows)
  local x = list[i]
  local measure = measure_of(x)
  if not measure then return nil end
  local row = whose(x, windows)
  row.measure, row.category, row.item = measure, x.category, x.item
  row.preliminary = x.status == "P" or nil
  row.surface, row.first, row.last = x.surface, x.first, x.last
  set_number(row, x)
  local open
  if changes[measure] then open = set_base(row, x, changed(list, i))
  elseif measure == "percent_share" then open = set_whole(row, x)
  elseif x.direction then open = "level" end
  if not row.subject then open = "subject" elseif not row.phase and not row.period then open = open or "time" end
  return { row = row, open = open, reading = i }
end

local function same_number(a, b)
  if a.readings or b.readings or a.unit ~= b.unit or a.qualifier ~= b.qualifier then return false end
  return tostring(a.best) == tostring(b.best) and tostring(a.lower) == tostring(b.lower) and tostring(a.upper) == tostring(b.upper)
end

-- Parts that are named like their whole get numbers; of two numbers of one name the second waits to be told apart.
local function settle_names(candidates, at, list)
  local parts, known = {}, {}
  for _, entry in ipairs(candidates) do
    local row = entry.row
    local whole = at[list[entry.reading].included_in]
    entry.part_of = whole
    if row.subject and not row.base_kind then
      local name = claim_name.of(row)
      if whole and not row.item and whole.name == name then
        parts[name] = (parts[name] or 0) + 1
        row.item = "part_" .. parts[name]
      end
    end
    entry.name = row.subject and claim_name.of(row) or nil
    local key = entry.name and entry.name .. "\0" .. (row.unit or "") .. "\0" .. (row.base_ref or "")
    if key and known[key] then
      entry.open = entry.open or same_number(known[key].row, row) and "repeated" or "another"
    elseif key and not entry.open then
      known[key] = entry
    end
  end
end

-- ---------------------------------------------------------------- the object

local Candidates, methods = {}, {}
local titles = { vi = { "số", "câu chữ", "còn để ngỏ" }, en = { "number", "text", "left open" } }

local function check(self, name)
  if getmetatable(self) ~= Candidates then
    core.raise("type", "candidates:" .. name .. " was called on a " .. type(self), "hint: call it with ':'")
  end
end

local function told(entry, locale)
  local word = entry.open and open_words[entry.open][locale == "en" and 2 or 1] or ""
  if entry.row.readings then
    word = word .. (word ~= "" and "; " or "") .. (locale == "en" and "several readings" or "nhiều cách đọc")
  end
  return { entry.name or "? ." .. entry.row.measure, (entry.surface:gsub("%s+", " ")), word }
end

function Candidates.__tostring(self)
  if #self == 0 then return self.locale == "en" and "no candidates" or "không có số liệu nào" end
  local rows, widths, out = { titles[self.locale] }, {}, {}
  for i, entry in ipairs(self) do rows[i + 1] = told(entry, self.locale) end
  for _, row in ipairs(rows) do
    for c, text in ipairs(row) do widths[c] = math.max(widths[c] or 0, core.text.width(text)) end
  end
  for r, row in ipairs(rows) do
    local cells = { ("%" .. #tostring(#self) .. "s"):format(r == 1 and "#" or r - 1) }
    for c, text in ipairs(row) do cells[c + 1] = text .. (" "):rep(widths[c] - core.text.width(text)) end
    out[r] = table.concat(cells, "  "):gsub("%s+$", "")
  end
  return table.concat(out, "\n")
end
Candidates.__name = "mekong.Candidates"
Candidates.__index = function(_, name) return options.method(methods, name, "Candidates") end

local function entry_at(self, i)
  if math.type(i) ~= "integer" then core.raise("type", "a candidate is meant by its number, not by a " .. type(i)) end
  return rawget(self, i) or core.raise("range", ("there is no candidate %d: there are %d"):format(i, #self))
end

-- candidates:settle(i, name): candidate i is the number of that name, as in claims:say; kept in the note when it is taken.
function methods:settle(i, name)
  check(self, "settle")
  local entry = entry_at(self, i)
  if entry.open == "base" then
    core.raise("type", ("candidate %d does not say what it is compared with"):format(i), "hint: enter it with claims:change")
  end
  local named = claim_name.read(name)
  if named.measure ~= (entry.row.of_measure or entry.row.measure) then
    core.raise("unit", ("candidate %d, '%s', is no number of %s"):format(i, entry.surface, named.measure))
  end
  for _, field in ipairs { "subject", "scope", "phase", "period", "category", "item" } do entry.row[field] = named[field] end
  entry.open, entry.name, entry.settled = nil, claim_name.of(entry.row), name
  return self
end

local function wanted(self, list)
  local out = {}
  if list == nil then
    for i, entry in ipairs(self) do
      if not entry.open and not entry.claim then out[#out + 1] = i end
    end
    return out
  end
  if type(list) ~= "table" then core.raise("type", "candidates:take takes a list of numbers, not a " .. type(list)) end
  for _, i in ipairs(list) do
    local entry = entry_at(self, i)
    if entry.claim then core.raise("duplicate", ("candidate %d is claim %d already"):format(i, entry.claim)) end
    if entry.open then
      core.raise("ambiguous", ("candidate %d, '%s', leaves open: %s"):format(i, entry.surface, open_words[entry.open][2]),
        'hint: candidates:settle(' .. i .. ', "OMD7@VN.cases.drug") says which number it is')
    end
    out[#out + 1] = i
  end
  return out
end

-- candidates:take([numbers]) -> list of the numbers of claims: those candidates, or all that leave nothing open, are entered
-- into the Claims object; claims:choose settles those with several readings, claims:save() stores them.
function methods:take(list)
  check(self, "take")
  local out = {}
  if (rawget(self, "source") or "") == "" then
    core.raise("type", "candidates:take needs the source of the text", 'hint: claims:read(text, {source = "S5"})')
  end
  for _, i in ipairs(wanted(self, list)) do
    local entry, row = self[i], {}
    for name, value in pairs(entry.row) do row[name] = value end
    local whole = entry.part_of
    local part = whole and whole.claim and whole.row.measure == row.measure and whole.claim or nil
    local note = entry.settled and "tên số do người đọc xác định: " .. entry.settled or nil
    entry.claim = claims_say.add(self.claims, row, self.source, { parent = part, note = note })
    out[#out + 1] = entry.claim
  end
  return out
end

-- claims:read(text, {source =, as_of =, charset =, calendar =}) -> candidates of the text in its order. A candidate has name
-- (as in claims:say; nil where nobody is named), surface, first, last, open (what it leaves open, or nil) and row, the
-- columns of the claim that it would be.
function claims_read.verbs(claims, check_claims)
  function claims:read(text, opts)
    check_claims(self, "read")
    opts = options.check(opts, { "as_of", "calendar", "charset", "source" }, "claims:read")
    local source = options.typed(opts.source, "string", "option source")
    local list = read.read(text, { as_of = opts.as_of, calendar = opts.calendar, charset = opts.charset, locale = "en" })
    local out, at, windows = { claims = self, source = source, locale = self.store:locale() }, {}, windows_of(list)
    for i in ipairs(list) do
      local entry = candidate(list, i, windows)
      if entry then
        entry.surface, entry.first, entry.last = list[i].surface, list[i].first, list[i].last
        out[#out + 1], at[i] = entry, entry
      end
    end
    settle_names(out, at, list)
    return setmetatable(out, Candidates)
  end
end

return claims_read
