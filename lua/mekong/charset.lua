-- charset: text from before Unicode and text read in the wrong character set: decode, encode, detect, repair.
local core = require "mekong.core"
local c = core.text

local charset = {}

local names = { "utf8", "tcvn3", "vni", "viscii", "vps", "cp1258", "viqr" }
local aliases = { "utf-8", "tcvn|abc|tcvn-5712|tcvn5712", "vni-windows|vni-win", "viscii1.1", "vps-win", "windows-1258|cp-1258", "rfc1456-viqr" }
local western = 7 -- Windows code page 1252, used only inside

-- Index of a character set in names, whatever the way it is written.
local function find(name)
  if type(name) ~= "string" then
    core.raise("type", "the character set must be a string, not " .. type(name),
      "there are: " .. table.concat(names, ", "))
  end
  return core.find_name(name, names, aliases, "character set")
end

-- The short name of a character set, whatever the way it is written.
function charset.name(name) return names[find(name)] end

function charset.decode(bytes, name) return c.decode(bytes, find(name) - 1) end
function charset.encode(s, name) return c.encode(s, find(name) - 1) end

-- ---------------------------------------------------------------- how Vietnamese a text is
-- Counts are compared as fractions a/b > c/d by cross multiplication: no rounding decides.
local function likeness(s)
  local marked, valid = c.likeness(s)
  return { marked = marked, valid = valid }
end

-- At least part/whole of the marked words are syllables.
local function at_least(likely, part, whole) return likely.valid * whole >= likely.marked * part end

local function better(a, b)
  if a.marked == 0 or b.marked == 0 then return a.marked > 0 and b.marked == 0 end
  return a.valid * b.marked > b.valid * a.marked
end

-- Share of words that are syllables, less sure the fewer there are: one word alone gives two thirds.
local function confidence(likely)
  return likely.valid / (likely.marked + 0.5)
end

-- VPS shares so much with VISCII that it is never taken by itself, but keeps VPS text from passing for VISCII.
local legacy = { "tcvn3", "vni", "viscii", "cp1258", "vps" }
local index_of = {}
for i, name in ipairs(names) do index_of[name] = i - 1 end

-- The older sets, the likeliest first: {name =, text =, likely =} each.
local function ranked(bytes)
  local list = {}
  for _, name in ipairs(legacy) do
    local text = c.decode(bytes, index_of[name])
    local found = { name = name, text = text, likely = likeness(text) }
    local place = #list + 1
    while place > 1 and better(found.likely, list[place - 1].likely) do place = place - 1 end
    table.insert(list, place, found)
  end
  return list
end

-- The one older set in which nearly all words become syllables and in no other nearly as many do, or nil; and how sure
-- that is, for nil how far the best of them leads.
local function best_legacy(bytes, least_words)
  local list = ranked(bytes)
  local best, a, b = list[1], list[1].likely, list[2].likely
  local ahead = b.marked == 0 or (a.valid * b.marked - b.valid * a.marked) * 20 >= 3 * a.marked * b.marked
  local flawless = list[2].name == "vps" and a.marked >= 4 and a.valid == a.marked and b.valid < b.marked
  local sure = best.name ~= "vps" and a.marked >= least_words and at_least(a, 4, 5) and (ahead or flawless)
  if sure then return best, confidence(a) end
  local lead = b.marked == 0 and 1.0 or math.max(0.0, confidence(a) - confidence(b))
  return nil, lead * confidence(a)
end

-- Text in ASCII of which a third or more becomes Vietnamese when read as VIQR.
local function viqr(bytes)
  local likely = likeness(c.decode(bytes, index_of.viqr))
  local _, words = bytes:gsub("%S+", "")
  return likely.marked >= 2 and likely.marked * 3 >= words and at_least(likely, 9, 10) and likely or nil
end

local SAMPLE = 65536

-- The first bytes, up to the end of a line where there is one.
local function sample(bytes)
  if #bytes <= SAMPLE then return bytes end
  local cut = bytes:find("\n", SAMPLE, true) or SAMPLE
  return bytes:sub(1, math.min(cut, 2 * SAMPLE))
end

local western_of -- the bytes that were read as Western signs, or nil

-- detect(bytes) -> charset, confidence | nil, confidence when no set is likely enough.
function charset.detect(bytes)
  if type(bytes) ~= "string" then core.raise("type", "the bytes must be a string, not " .. type(bytes)) end
  local some = sample(bytes)
  if c.is_utf8(bytes) then
    local likely = not bytes:find "[\x80-\xFF]" and viqr(some)
    if likely then return "viqr", confidence(likely) end
    return "utf8", 1.0
  end
  local found, sure = best_legacy(some, 2)
  return found and found.name or nil, sure
end

-- What bytes may be that detect leaves open: {name =, text =, likely = {marked =, valid =}} each, the likeliest first, those
-- in which at least half of the words become syllables.
function charset.candidates(bytes)
  local list = {}
  for _, found in ipairs(ranked(sample(bytes))) do
    if found.likely.marked > 0 and at_least(found.likely, 1, 2) then list[#list + 1] = found end
  end
  return list
end

-- ---------------------------------------------------------------- repair
-- Bytes whose Western reading is s; nil when s has signs that no such byte gives.
function western_of(s)
  if not s:find "[\x80-\xFF]" then return nil end
  return c.encode(s, western, true)
end

-- Letters that code page 1258 shows for bytes that Latin-1 meant otherwise.
local misread = {
  ["\u{301}"] = "ì", ["\u{323}"] = "ò", ["\u{300}"] = "Ì", ["\u{309}"] = "Ò", ["ư"] = "ý", ["ơ"] = "õ", ["ă"] = "ã",
  ["Ư"] = "Ý", ["Ơ"] = "Õ", ["Ă"] = "Ã",
}

-- Words that are no syllables and become some when read back from 1258.
local function read_back_1258(line)
  local changed = false
  local result = line:gsub("[%a\x80-\xFF]+", function(word)
    if not word:find "[\x80-\xFF]" or utf8.len(c.nfc(word)) == 1 or likeness(word).valid > 0 then return nil end
    local apart = c.nfd(word):gsub("u\u{31B}", "ư"):gsub("o\u{31B}", "ơ"):gsub("a\u{306}", "ă")
      :gsub("U\u{31B}", "Ư"):gsub("O\u{31B}", "Ơ"):gsub("A\u{306}", "Ă")
    local back = c.nfc((apart:gsub(utf8.charpattern, misread)))
    local likely = likeness(back)
    if back == word or likely.marked == 0 or likely.valid < likely.marked then return nil end
    changed = true
    return back
  end)
  return changed and result or nil
end

-- Bytes of UTF-8 that Western signs cannot have made by chance: one character of three bytes, or several.
local function surely_utf8(bytes)
  return c.is_utf8(bytes) and (bytes:find "[\xE0-\xF4][\x80-\xBF]" or select(2, bytes:gsub("[\xC2-\xDF]", "")) > 1)
end

-- A line of which only some words are UTF-8 read as Western signs, or nil.
local function read_back_words(line)
  local changed = false
  local result = line:gsub("%S+", function(word)
    local bytes = western_of(word)
    if not bytes or not c.is_utf8(bytes) then return nil end
    if not bytes:find "[\xE0-\xF4][\x80-\xBF]" and (likeness(word).valid > 0 or likeness(bytes).valid == 0) then return nil end
    changed = true
    return bytes
  end)
  return changed and result or nil
end

-- One step back from a wrong reading of UTF-8 text; text, name of what it was | nil.
local function undo(line, known)
  local likely = likeness(line)
  local bytes = western_of(line)
  if bytes and surely_utf8(bytes) then return bytes, "utf8 read as western", likeness(bytes) end
  if likely.marked == 0 then return nil end
  if not (bytes and c.is_utf8(bytes)) then
    local words = read_back_words(line)
    if words then return words, "utf8 read as western", likeness(words) end
  end
  if at_least(likely, 19, 20) then return nil end
  if bytes and c.is_utf8(bytes) then
    local found = likeness(bytes)
    if found.marked == 0 or not better(likely, found) then return bytes, "utf8 read as western", found end
  end
  if bytes and at_least(likely, 2, 5) == false then
    local found = best_legacy(bytes, known and 1 or 3)
    if found and (not known or found.name == known) then return found.text, found.name .. " read as western", found.likely end
  end
  local back = read_back_1258(line)
  if back then return back, "western read as cp1258", likeness(back) end
  return nil
end

local function repair_utf8(line, known)
  local text, what, likely = undo(line, known)
  if not text then return line end
  local again, _, likely_again = undo(text, known)
  if again then return again, what, likely_again end
  return text, what, likely
end

-- Whatever the bytes are: valid characters kept, the others shown as U+FFFD.
local function salvage(bytes)
  local parts, lost, place = {}, 0, 1
  while place <= #bytes do
    local _, bad = utf8.len(bytes, place)
    if not bad then break end
    parts[#parts + 1] = bytes:sub(place, bad - 1)
    parts[#parts + 1] = "\u{FFFD}"
    lost, place = lost + 1, bad + 1
  end
  parts[#parts + 1] = bytes:sub(place)
  return table.concat(parts), lost
end

-- A line with words in UTF-8 beside words in an older set; nil when it is not so.
local function mixed(line, known)
  local old, good = {}, false
  for word in line:gmatch "%S*[\x80-\xFF]%S*" do
    if c.is_utf8(word) then good = true else old[#old + 1] = word end
  end
  local found = good and best_legacy(table.concat(old, " "), known and 1 or 2)
  local name = found and found.name or good and known
  if not name then return nil end
  local text = line:gsub("%S*[\x80-\xFF]%S*", function(word)
    if not c.is_utf8(word) then return c.decode(word, index_of[name]) end
  end)
  return { name = name, text = text, likely = likeness(text) }
end

local function repair_bytes(line, known)
  local parts = mixed(line, known)
  if parts then return parts.text, parts.name, parts.likely, 0 end
  local found = best_legacy(line, known and 1 or 2)
  if known and not (found and found.likely.marked >= 3) then
    local text = c.decode(line, index_of[known])
    local likely = likeness(text)
    if not found or found.name ~= known then found = { name = known, text = text, likely = likely } end
  end
  if found then return found.text, found.name, found.likely, 0 end
  local text, lost = salvage(line)
  return text, "unknown", nil, lost
end

-- The set of most of what needs one, so that short lines are read like the rest.
local function document_charset(bytes)
  local lines, size = {}, 0
  for line in bytes:gmatch "[^\n]+" do
    if size < SAMPLE and line:find "[\x80-\xFF]" then
      local raw = line
      if c.is_utf8(line) then
        local likely = likeness(line)
        raw = likely.marked > 0 and not at_least(likely, 2, 5) and western_of(line) or nil
        if raw and c.is_utf8(raw) then raw = nil end
      end
      if raw then
        lines[#lines + 1] = raw
        size = size + #raw
      end
    end
  end
  local found = size > 0 and best_legacy(table.concat(lines, "\n"), 2)
  return found and found.name or nil
end

-- Whether every word that could be wrong is a syllable, and there are nowhere Western signs for the first two bytes of a character in
-- UTF-8: no line of such a text is read back.
local function flawless(bytes)
  if not c.is_utf8(bytes) or c.nfc(bytes):find "\xC3[\x82-\xB4][\xC2\xC5\xC6\xCB\xE2]" then return false end
  local likely = likeness(bytes)
  return likely.valid == likely.marked
end

-- Letters that were lost: question marks within words, but not in addresses.
local function lost_in(line)
  if not line:find("?", 1, true) or line:find("://", 1, true) then return 0 end
  return select(2, line:gsub("%a%?%f[%a]", ""))
end

-- repair(bytes) -> s, report: the text in UTF-8, line by line; report = {charset, runs = {{first, last, was, confidence}},
-- lost = characters that could not be saved}. Text that is right already is returned byte for byte.
function charset.repair(bytes)
  if type(bytes) ~= "string" then core.raise("type", "the bytes must be a string, not " .. type(bytes)) end
  local likely_viqr = not bytes:find "[\x80-\xFF]" and viqr(sample(bytes))
  if likely_viqr then
    local run = { first = 1, last = #bytes, was = "viqr", confidence = confidence(likely_viqr) }
    return c.decode(bytes, index_of.viqr), { charset = "viqr", runs = { run }, lost = 0 }
  end
  local fine = flawless(bytes)
  local known = not fine and document_charset(bytes) or nil
  local report = { charset = known or (c.is_utf8(bytes) and "utf8" or nil), runs = {}, lost = 0 }
  local parts, place = {}, 1
  while place <= #bytes do
    local stop = bytes:find("\n", place, true) or #bytes
    local line = bytes:sub(place, stop)
    local text, was, likely, lost = line, nil, nil, 0
    if not fine and line:find "[\x80-\xFF]" then
      if c.is_utf8(line) then text, was, likely = repair_utf8(line, known)
      else text, was, likely, lost = repair_bytes(line, known) end
    end
    if was then
      report.runs[#report.runs + 1] = { first = place, last = stop, was = was, confidence = likely and confidence(likely) or 0.0 }
    end
    report.lost = report.lost + lost + lost_in(text)
    parts[#parts + 1] = text
    place = stop + 1
  end
  return table.concat(parts), report
end

return charset
