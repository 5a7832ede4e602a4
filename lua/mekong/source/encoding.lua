-- encoding: in which character set a file is written: as named, by its mark or its zero bytes, or found in the text of its first cells. What
-- cannot be told is a question to the user, never a guess.
local core = require "mekong.core"
local charset = require "mekong.charset"
local fmt = require "mekong.fmt"
local bytes = require "mekong.source.bytes"
local c = core.text

local encoding = {}

local names = { "utf8", "tcvn3", "vni", "viscii", "vps", "cp1258", "viqr", "cp1252", "utf16le", "utf16be" }
local aliases = {
  "utf-8", "tcvn|abc|tcvn-5712|tcvn5712", "vni-windows|vni-win", "viscii1.1", "vps-win", "windows-1258|cp-1258",
  "rfc1456-viqr", "windows-1252|cp-1252|latin1|iso-8859-1", "utf16|utf-16|utf-16le", "utf-16be",
}
local index_of = {}
for i, name in ipairs(names) do index_of[name] = i - 1 end

-- The set meant by an option; nil when it is to be found.
function encoding.named(name)
  if name == nil or name == "auto" then return nil end
  if type(name) ~= "string" then
    core.raise("type", "option charset must be a string, not " .. type(name), "there are: auto, " .. table.concat(names, ", "))
  end
  return names[core.find_name(name, names, aliases, "character set")]
end

-- Number of a set in the core.
function encoding.index(name) return index_of[name] end

local marks = { { "\xEF\xBB\xBF", "utf8" }, { "\xFF\xFE", "utf16le" }, { "\xFE\xFF", "utf16be" } }

-- The set that the mark at the begin names, and the length of the mark | nil
local function mark_of(head)
  for _, mark in ipairs(marks) do
    if head:sub(1, #mark[1]) == mark[1] then return mark[2], #mark[1] end
  end
end

local high = { [0x00] = true, [0x01] = true, [0x03] = true, [0x1E] = true, [0x20] = true } -- first halves of letters and signs

-- UTF-16 without a mark: no other text has a zero byte in a quarter of its pairs, and nothing but Vietnamese writing in the rest.
local function unmarked(head)
  local sample = head:sub(1, 4096)
  if not sample:find("\0", 1, true) then return nil end
  for half, set in ipairs { "utf16be", "utf16le" } do
    local zeros, writing, n = 0, 0, #sample // 2
    for i = 1, n do
      local byte = sample:byte(2 * i - 2 + half)
      if byte == 0 then zeros = zeros + 1 end
      if high[byte] then writing = writing + 1 end
    end
    if zeros * 4 >= n and writing * 16 >= n * 15 then return set end
  end
end

-- What the option and the mark say: the stream without its mark, in UTF-8 where it was UTF-16; its head and whether that is
-- all; the set of its bytes, nil when it is to be found. info tells charset and bom. | nil, message, info
function encoding.settle(stream, head, all, option, info)
  local named = encoding.named(option)
  local marked, length = mark_of(head)
  info.bom = marked ~= nil and (named == nil or named == marked)
  local set = named or marked or unmarked(head)
  info.charset, info.confidence = set, set and 1.0
  if set == "utf16le" or set == "utf16be" then
    stream = bytes.utf16(stream, set == "utf16be")
    local failure
    head, all, failure = bytes.head(stream, #head)
    if not head then return nil, all, failure end
    set, length = "utf8", 3
  end
  if not info.bom then return stream, head, all, set end
  return bytes.after(stream, length), head:sub(length + 1), all, set
end

local SAMPLE = 65536

-- Different texts: those with letters beyond ASCII in UTF-8, those that are not UTF-8, and those in ASCII.
function encoding.sorted_out(texts)
  local seen, good, bad, ascii = {}, {}, {}, {}
  for _, text in ipairs(texts) do
    if not seen[text] then
      seen[text] = true
      local list = not text:find "[\x80-\xFF]" and ascii or c.is_utf8(text) and good or bad
      list[#list + 1] = text
    end
  end
  return good, bad, ascii
end

local function joined(texts) return table.concat(texts, "\n"):sub(1, SAMPLE) end

local function shown(text)
  text = text:gsub("%c+", " ")
  return utf8.len(text) and utf8.len(text) > 40 and text:sub(1, utf8.offset(text, 41) - 1) .. "…" or text
end

-- Text around its first byte that is not UTF-8, such bytes as <FF>.
local function escaped(text)
  local _, at = utf8.len(text)
  local from, cut = math.max(at - 20, 1), text
  while from > 1 and cut:byte(from) & 0xC0 == 0x80 do from = from - 1 end
  local tail = cut:sub(at, at + 20):gsub("[^\x20-\x7E]", function(byte) return ("<%02X>"):format(byte:byte()) end)
  return shown(cut:sub(from, at - 1)) .. tail
end

-- The texts cannot be told: names the sets that may be meant, with what the first text becomes in them.
local function question(file, texts)
  local hints, found = {}, charset.candidates(joined(texts))
  local few = {}
  for i = 1, math.min(3, #found) do
    few[i] = found[i].name
    hints[#hints + 1] = ("hint: as %s it begins '%s'"):format(found[i].name, shown(c.decode(texts[1], index_of[found[i].name])))
  end
  local message = #few == 0 and file .. ": the text is not UTF-8, and no Vietnamese character set fits"
    or ("%s: the text is not UTF-8, and its character set is not certain; it may be %s"):format(file, table.concat(few, " or "))
  if #few == 0 then hints[1] = "hint: the first such text is '" .. escaped(texts[1]) .. "'; where it is a slip, mend it in the file" end
  hints[#hints + 1] = ('hint: name it with the option charset, as in {charset = "%s"}'):format(few[1] or "cp1252")
  return core.fail("ambiguous", message, table.concat(hints, "\n"))
end

-- What is pointed out about text in UTF-8 that does not look right, as {vi, en}.
local function suspicion(good, ascii)
  if #good > 0 then
    local text = joined(good)
    if not c.is_utf8(text) then text = text:sub(1, (utf8.offset(text, -1) or 1) - 1) end
    local ok, _, report = pcall(charset.repair, text)
    if ok and #report.runs > 0 then
      local was = report.runs[1].was
      return {
        ("%d ô trông như đã bị đọc sai bảng mã (%s); mekong.text.repair sửa được"):format(#report.runs, was),
        ("%d cells look as if they had been read in a wrong character set (%s); mekong.text.repair can undo that"):format(#report.runs, was),
      }
    end
  elseif #ascii > 0 and charset.detect(joined(ascii)) == "viqr" then
    return { 'chữ có vẻ được gõ kiểu VIQR; nếu đúng thì dùng {charset = "viqr"}',
      'the text looks like VIQR; if it is, give {charset = "viqr"}' }
  end
end

-- detect(file, good, bad, ascii) -> name, confidence, notes ({vi, en} each) | nil, message, info. Texts as sorted out; ascii is looked at
-- where there are no others.
function encoding.detect(file, good, bad, ascii)
  local notes = {}
  if #good >= #bad then
    notes[1] = suspicion(good, ascii)
    if #bad > 0 then
      notes[#notes + 1] = { ("%s ô không phải UTF-8"):format(fmt.number(#bad)),
        ("%s cells are not UTF-8"):format(fmt.number(#bad, { locale = "en" })) }
    end
    return "utf8", #bad == 0 and 1.0 or #good / (#good + #bad), notes
  end
  local found, sure = charset.detect(joined(bad))
  if not found or not index_of[found] then return question(file, bad) end
  return found, sure, notes
end

return encoding
