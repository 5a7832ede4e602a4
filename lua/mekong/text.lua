-- text: Vietnamese text as people write it: clean-up, keys of names, folding, order, old character sets.
local core = require "mekong.core"
local options = require "mekong.options"
local later = require("mekong.lazy").call
local c = core.text

local text = {
  nfc = c.nfc,
  nfd = c.nfd,
  is_nfc = c.is_nfc,
  key = c.key,
  width = c.width,
  upper = c.upper,
  lower = c.lower,
  title = c.title,
  slug = c.slug,
  match = c.match, -- match(query, s) -> true, first, last | false
}

local function flag(value, default, what)
  if value == nil then return default end
  return options.typed(value, "boolean", what)
end

-- ---------------------------------------------------------------- changes of a text
-- The list of what normalize changed, with the way from places in the result back to places in the text given.
local changes = {}
changes.__index = changes

-- Index of the last change whose field is at or before place, 0 when there is none.
local function last_before(list, field, place)
  local low, high = 0, #list
  while low < high do
    local mid = (low + high + 1) // 2
    if list[mid][field] <= place then low = mid else high = mid - 1 end
  end
  return low
end

local function place_through(list, place, from, from_last, to, to_last, what)
  if math.type(place) ~= "integer" or place < 1 then
    core.raise("range", what .. " takes a place, a whole number from 1 on, not " .. tostring(place))
  end
  local change = list[last_before(list, from, place)]
  if not change then return place, place end
  if place <= change[from_last] then return change[to], change[to_last] end
  place = place - change[from_last] + change[to_last]
  return place, place
end

-- First and last byte, in the text given, of what became the byte at place of the result.
function changes:original(place)
  return place_through(self, place, "to_first", "to_last", "first", "last", "changes:original")
end

-- First and last byte, in the result, of what the byte at place of the text given became (last < first: dropped).
function changes:result(place)
  return place_through(self, place, "first", "last", "to_first", "to_last", "changes:result")
end

-- ---------------------------------------------------------------- repair
local tones = { old = 0, new = 1, keep = 3 }
local new_but_uy = 2

-- normalize(s [, {tone = "old"|"new"|"keep", uy = "old"|"new", i = true}]) -> text, changes.
-- uy = "old" keeps ủy where no consonant stands before it, also in the new style; i = true writes kỉ, lí, mĩ for kỷ, lý, mỹ.
function text.normalize(s, opts)
  opts = options.check(opts, { "i", "tone", "uy" }, "text.normalize")
  local tone = tones[options.choice(opts.tone, { "old", "new", "keep" }, "old", "tone")]
  local uy = options.choice(opts.uy, { "old", "new" }, "new", "uy")
  if tone == tones.new and uy == "old" then tone = new_but_uy end
  local result, list = c.normalize(s, tone, flag(opts.i, false, "i"))
  return result, setmetatable(list, changes)
end

-- is_syllable(s [, {names = true|false}]): names may be spelled as Krông, Đắk, Kông; by default words with a capital may.
function text.is_syllable(s, opts)
  opts = options.check(opts, { "names" }, "text.is_syllable")
  return c.is_syllable(s, flag(opts.names, nil, "names"))
end

-- ---------------------------------------------------------------- folding and likeness
-- fold(s [, {tone = true, hat = true, d = true, case = true}]): lower case without accents; what is true is kept.
function text.fold(s, opts)
  opts = options.check(opts, { "case", "d", "hat", "tone" }, "text.fold")
  local keep = 0
  if flag(opts.tone, false, "tone") then keep = keep | 1 end
  if flag(opts.hat, false, "hat") then keep = keep | 2 end
  if flag(opts.d, false, "d") then keep = keep | 4 end
  if flag(opts.case, false, "case") then keep = keep | 8 end
  return c.fold(s, keep)
end

-- From 0 (nothing in common) to 1 (the same name).
function text.similarity(a, b)
  local cost, full = c.similarity(a, b)
  if cost == 0 then return 1.0 end
  return math.max(0, full - cost) / full
end

-- ---------------------------------------------------------------- order
local orders = { dictionary = 0, cldr = 1, name = 2, entity = 3 }
local order_names = { "dictionary", "cldr", "name", "entity" }

local function order_of(opts, what)
  opts = options.check(opts, { "order" }, what)
  return orders[options.choice(opts.order, order_names, "dictionary", "order")]
end

-- compare(a, b [, {order = "dictionary"|"cldr"|"name"|"entity"}]) -> -1, 0 or 1
function text.compare(a, b, opts)
  return c.compare(a, b, order_of(opts, "text.compare"))
end

-- sortkey(s [, {order = }]): a string of bytes; such strings compare with < as their texts do.
function text.sortkey(s, opts)
  return c.sortkey(s, order_of(opts, "text.sortkey"))
end

-- ---------------------------------------------------------------- older character sets
-- decode(bytes, charset), encode(s, charset), detect(bytes) -> charset, confidence | nil, confidence,
-- repair(bytes) -> s, report. TCVN3 has codes for seven capitals with marks (Ă Â Đ Ê Ô Ơ Ư): encode writes the others as the
-- small letters that fonts of capitals show large, and decode makes them capitals again in words and lines of capitals only.
text.decode = later("charset", "decode")
text.encode = later("charset", "encode")
text.detect = later("charset", "detect")
text.repair = later("charset", "repair")

-- ---------------------------------------------------------------- number words
-- number(s [, opts]) -> Figure | nil, reason, code; words(n [, opts])
text.number = later("words", "number")
text.words = later("words", "words")

return text
