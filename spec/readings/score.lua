-- Scores mekong.read on the texts of open.txt and held.txt, which hold hand-made answers (their form is told at the head of
-- open.txt). A figure is right when its value, unit and measure are all right; the other fields are scored on the figures
-- that were found at the right place. As a script: lua5.4 spec/readings/score.lua [-v] [FILE ...]
local mekong = require "mekong"
local score = {}

-- Units whose measure says itself; all other counted things are a count.
local MEASURE = {
  case = "cases", person = "suspects", pill = "pills", individual = "individuals", specimen = "specimens", product = "specimens",
  kg = "mass", t = "mass", g = "mass", mg = "mass", ta = "mass", yen = "mass", lang = "mass", l = "volume", ml = "volume",
  m3 = "volume", VND = "money", USD = "money", EUR = "money", CNY = "money", phase = "phase", ordinal = "ordinal",
  day = "duration", week = "duration", month = "duration", year = "duration", hour = "duration",
}
-- Shorthands of the unit column: unit ("*" open), measure, direction.
local SHORT = {
  date = { "*", "date" }, range = { "*", "date_range" }, ["%s"] = { "%", "percent_share" },
  ["%+"] = { "%", "percent_change", "increase" }, ["%-"] = { "%", "percent_change", "decrease" },
  ["x+"] = { "x", "times_change", "increase" }, ["x-"] = { "x", "times_change", "decrease" },
}
-- Fields a measure leaves open unless the line says them; a phase leaves the period open in the same way.
local OPEN = {
  date = "citp", date_range = "citp", phase = "citp", ordinal = "citp", duration = "citp", money = "ci", percent_share = "cit",
  percent_change = "cit", times_change = "cit", cases = "i", suspects = "i",
}
-- Goods whose kind has no code in the vocabulary, or more than one that fits.
local OPEN_ITEM = { goods = true, tobacco = true, fireworks = true, fuel = true, gold = true, currency = true, weapon = true,
  precursor = true, ["*"] = true }
local KEYS = { c = "category", i = "item", p = "phase", t = "period", q = "qualifier", m = "measure", d = "direction",
  v = "compared_to", ["in"] = "included_in" }

local function fields_of(words, into)
  for key, value in words:gmatch "(%l+):(%S+)" do
    into[assert(KEYS[key], "unknown key " .. key)] = value
  end
  return into
end

-- One answer line: surface = value unit [key:value ...], with the defaults of its text under it.
local function expected_of(line, defaults)
  local surface, value, unit, rest = line:match "^(.-) = (%S+) (%S+)%s*(.*)$"
  if not surface then error("not an answer: " .. line) end
  local want = { surface = surface, value = value, line = line }
  local short = SHORT[unit] or { unit, MEASURE[unit] or "count" }
  want.unit, want.measure, want.direction = short[1], short[2], short[3]
  local said = fields_of(rest, {})
  local open = OPEN[said.measure or want.measure] or ""
  for letter in open:gmatch "." do want[KEYS[letter]] = "*" end
  for key, given in pairs(defaults) do
    if not (want[key] == "*" and OPEN[want.measure] == "citp") then want[key] = given end
  end
  for key, given in pairs(said) do want[key] = given end
  want.qualifier = want.qualifier or (value:find("..", 1, true) and "*") or "exact"
  if want.phase and want.phase ~= "-" and not (said.period or defaults.period) then want.period = "*" end
  if not said.item and OPEN_ITEM[want.category] then want.item = "*" end
  return want
end

-- The texts of a file: { text, as_of, wanted = {...}, optional = {surface, ...}, line }.
function score.read_file(path)
  local texts, text, defaults, as_of, number = {}, nil, {}, nil, 0
  for line in io.lines(path) do
    number = number + 1
    local mark, rest = line:match "^([>/?@]) ?(.*)$"
    if line == "" or line:match "^#" then
      text = nil
    elseif mark == "@" then
      as_of = rest
    elseif mark == ">" and text then
      text.text = text.text .. "\n" .. rest
    elseif mark == ">" then
      text, defaults = { text = rest, as_of = as_of, wanted = {}, optional = {}, line = number }, {}
      texts[#texts + 1], as_of = text, nil
    elseif mark == "/" then
      defaults = fields_of(rest, {})
    elseif mark == "?" then
      text.optional[#text.optional + 1] = rest
    else
      text.wanted[#text.wanted + 1] = expected_of(line, defaults)
    end
  end
  return texts
end

-- Byte spans: every surface is looked for after the one before it; optional ones anywhere.
function score.place(text)
  local from = 1
  for _, want in ipairs(text.wanted) do
    local first, last = text.text:find(want.surface, from, true)
    if not first then error(("line %d: %q is not in the text at its turn"):format(text.line, want.surface)) end
    want.first, want.last, from = first, last, last + 1
  end
  local spans = {}
  for _, surface in ipairs(text.optional) do
    local first, last = text.text:find(surface, 1, true)
    if not first then error(("line %d: %q is not in the text"):format(text.line, surface)) end
    spans[#spans + 1] = { first = first, last = last }
  end
  return spans
end

local function overlap(a, b)
  return math.min(a.last, b.last) - math.max(a.first, b.first) + 1
end

local DAYS = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 }
local function days_of(year, month)
  local leap = month == 2 and year % 4 == 0 and (year % 100 ~= 0 or year % 400 == 0)
  return leap and 29 or DAYS[month]
end

-- A date, month, year or interval as first/last day, so that one period has one form.
local function interval(text)
  local from, to = text:match "^(.-)/(.*)$"
  from, to = from or text, to or text
  if from:match "^%d%d%d%d$" then from = from .. "-01-01" elseif from:match "^%d%d%d%d%-%d%d$" then from = from .. "-01" end
  if to:match "^%d%d%d%d$" then
    to = to .. "-12-31"
  else
    local year, month = to:match "^(%d%d%d%d)%-(%d%d)$"
    if year then to = ("%s-%02d"):format(to, days_of(tonumber(year), tonumber(month))) end
  end
  return from .. "/" .. to
end

local function plain(text)
  if text:match "^%-?%d+%.%d+$" then text = text:gsub("0+$", ""):gsub("%.$", "") end
  return text
end

local function same(field, want, found)
  if want == "*" then return true end
  if want == nil or want == "-" then return found == nil end
  if found == nil then return false end
  found = tostring(found)
  for one in (want .. "~"):gmatch "(.-)~" do
    if one == found or (field == "period" or field == "date") and interval(one) == interval(found) then return true end
  end
  return false
end

local function value_right(want, found)
  if want.value == "*" then return true end
  if want.value == "?" then return found.value == nil and found.alternatives ~= nil and #found.alternatives >= 2 end
  local low, high = want.value:match "^(.-)%.%.(.*)$"
  if low then return found.value == low and found.value_high == high end
  if found.value == nil or found.value_high ~= nil then return false end
  if found.measure == "date" or found.measure == "date_range" then
    local partial = found.value:find "^%-%-" and found.period -- a year that is not said stands in the period only
    return same("date", want.value, partial or found.value) or same("date", want.value, found.value)
  end
  return same("value", want.value, plain(found.value))
end

-- "?" means that the reading must ask; a unit is then one of the alternatives' business.
local function unit_right(want, found)
  return same("unit", want.unit, found.unit) or want.value == "?" and found.unit == nil
end

-- Pairs expected with found readings, the widest overlap first.
local function pair(wanted, readings)
  local links = {}
  for w, want in ipairs(wanted) do
    for r, found in ipairs(readings) do
      local shared = overlap(want, found)
      if shared > 0 then links[#links + 1] = { w = w, r = r, shared = shared, right = value_right(want, found) and 1 or 0 } end
    end
  end
  table.sort(links, function(a, b)
    if a.shared ~= b.shared then return a.shared > b.shared end
    if a.right ~= b.right then return a.right > b.right end
    if a.w ~= b.w then return a.w < b.w end
    return a.r < b.r
  end)
  local of_want, of_found = {}, {}
  for _, link in ipairs(links) do
    if not of_want[link.w] and not of_found[link.r] then of_want[link.w], of_found[link.r] = link.r, link.w end
  end
  return of_want, of_found
end

local FIELDS = { "unit", "qualifier", "category", "item", "phase", "period", "direction", "compared_to", "included_in", "bounds",
  "surface" }

-- Thousandths, so that bounds are compared without rounding.
local function thousandths(text)
  local whole, part = text:match "^(%d+)%.?(%d*)$"
  return #part <= 3 and math.tointeger(tonumber(whole)) * 1000 + math.tointeger(tonumber((part .. "000"):sub(1, 3))) or nil
end

local WHOLE = { cases = true, suspects = true, pills = true, individuals = true, specimens = true, count = true }
local BOUNDED = { cases = true, suspects = true, pills = true, individuals = true, specimens = true, mass = true, volume = true,
  money = true }

-- The bounds that the hedges of an answer mean, as lists of thousandths of which one is right; nil where nothing is told.
local function bounds_of(want)
  local value = BOUNDED[want.measure] and want.value:match "^%d+%.?%d*$" and thousandths(want.value)
  if not value then return nil end
  local step = WHOLE[want.measure] and 1000 or 0
  local hedge = want.qualifier
  if hedge == "more_than" then return { value, value + step }, { false } end
  if hedge == "at_least" then return { value }, { false } end
  if hedge == "nearly" or hedge == "at_most" then return { 0, false }, { value, value - step } end
  if hedge == "approx" then
    local place = 1
    while value // place % 10 == 0 do place = place * 10 end
    return { value - place }, { value + place }
  end
  if hedge ~= "exact" or want.measure == "money" then return nil end
  local digits = want.surface:match "^%d[%d.,]*"
  local decimals = want.value:match "%.(%d+)$"
  if not decimals then
    return digits and digits:gsub("%D", ""):gsub("^0+", "") == want.value and { value } or nil, { value }
  elseif digits and #decimals <= 2 and (want.measure == "mass" or want.measure == "volume") then
    local half = 500 // math.tointeger(10 ^ #decimals)
    return { value - half }, { value + half }
  end
end

local function bound_right(wanted, found)
  for _, one in ipairs(wanted) do
    if found == nil and one == false or found ~= nil and one == thousandths(plain(found)) then return true end
  end
  return false
end

local function bounds_right(want, found)
  local low, high = bounds_of(want)
  return bound_right(low, found.lower) and bound_right(high, found.upper)
end

local function miss_text(field, want, found)
  local seen = field == "bounds" and ("%s..%s"):format(found.lower, found.upper) or tostring(found[field])
  return ("%s: %s, found %s"):format(field, tostring(want[field]), seen)
end

local function field_right(field, want, found, of_want, wanted)
  if field == "unit" then return unit_right(want, found) end
  if field == "surface" then return want.first == found.first and want.last == found.last end
  if field == "bounds" then return bounds_right(want, found) end
  if field == "included_in" then
    local parent = want.included_in
    if parent == "*" then return true end
    parent = parent and tonumber(parent)
    assert(parent == nil or wanted[parent], "included_in names no answer: " .. want.line)
    return (parent and of_want[parent]) == found.included_in
  end
  return same(field, want[field], found[field])
end

-- Fields of which nothing is said and nothing was found tell nothing about changes and inclusion.
local SPARSE = { direction = true, compared_to = true, included_in = true }

local function count_fields(sum, want, found, of_want, wanted, miss)
  for _, field in ipairs(FIELDS) do
    local told = want[field] ~= "*" and not (SPARSE[field] and want[field] == nil and found[field] == nil)
    if field == "bounds" then told = found.value == want.value and bounds_of(want) ~= nil end
    if told then
      local tally = sum.fields[field]
      tally.of = tally.of + 1
      if field_right(field, want, found, of_want, wanted) then
        tally.right = tally.right + 1
      else
        miss(miss_text(field, want, found), want)
      end
    end
  end
end

local function shown(reading)
  local value = reading.value or "?"
  if reading.value_high then value = value .. ".." .. reading.value_high end
  return ("%q %s %s %s"):format(reading.surface, tostring(reading.measure), value, tostring(reading.unit))
end

local function score_text(sum, text, say, read)
  local optional = score.place(text)
  local readings = read(text.text, { as_of = text.as_of })
  local of_want, of_found = pair(text.wanted, readings)
  local function miss(what, want)
    say(("  %d: %s   [%s]"):format(text.line, what, want and want.line or text.text:sub(1, 90)))
  end
  sum.texts, sum.wanted = sum.texts + 1, sum.wanted + #text.wanted
  for w, want in ipairs(text.wanted) do
    local found = readings[of_want[w]]
    local right = found and value_right(want, found) and unit_right(want, found) and same("measure", want.measure, found.measure)
    if right then
      sum.right = sum.right + 1
    else
      miss(found and "wrong: found " .. shown(found) or "not found", want)
    end
    if found then count_fields(sum, want, found, of_want, text.wanted, miss) end
  end
  for r, found in ipairs(readings) do
    local free = false
    for _, span in ipairs(optional) do free = free or overlap(span, found) > 0 end
    if of_found[r] or not free then
      sum.found = sum.found + 1
      if not of_found[r] then miss("no figure: found " .. shown(found)) end
    end
  end
end

-- Scores of one file: texts, wanted, found, right, precision, recall, f1 and fields[name] = {right, of, share}. Every miss is
-- told to say; read stands for mekong.read when given.
function score.of(path, say, read)
  say, read = say or function() end, read or mekong.read
  local sum = { texts = 0, wanted = 0, found = 0, right = 0, fields = {} }
  for _, field in ipairs(FIELDS) do sum.fields[field] = { right = 0, of = 0 } end
  for _, text in ipairs(score.read_file(path)) do score_text(sum, text, say, read) end
  sum.precision, sum.recall = sum.right / math.max(1, sum.found), sum.right / math.max(1, sum.wanted)
  sum.f1 = 2 * sum.right / math.max(1, sum.found + sum.wanted)
  for _, tally in pairs(sum.fields) do tally.share = tally.right / math.max(1, tally.of) end
  return sum
end

function score.lines(path, sum)
  local lines = { ("%s: %d texts, %d figures; precision %.4f recall %.4f F1 %.4f"):format(
    path, sum.texts, sum.wanted, sum.precision, sum.recall, sum.f1) }
  for _, field in ipairs(FIELDS) do
    local tally = sum.fields[field]
    lines[#lines + 1] = ("  %-12s %.4f  (%d of %d)"):format(field, tally.share, tally.right, tally.of)
  end
  return table.concat(lines, "\n")
end

score.folder = debug.getinfo(1, "S").source:match "^@(.*/)" or "./"

if arg and arg[0] and arg[0]:match "readings/score%.lua$" then
  local paths, verbose = {}, false
  for _, word in ipairs(arg) do
    if word == "-v" then verbose = true else paths[#paths + 1] = word end
  end
  if #paths == 0 then paths = { score.folder .. "open.txt", score.folder .. "held.txt" } end
  for _, path in ipairs(paths) do
    print(score.lines(path, score.of(path, verbose and print or nil)))
  end
end

return score
