-- text_table.lua: writes csrc/core/text_table.c: Vietnamese letters, rhymes, and the quick check of normal forms.
-- Run from the project root as `lua5.4 csrc/gen/text_table.lua > csrc/core/text_table.c`; needs the Debian package
-- unicode-data (15.0). The output is kept in the tree, so that building needs neither Lua nor the data.

local ucd = "/usr/share/unicode/"

local function lines(name)
  return assert(io.open(ucd .. name)):lines()
end

-- ---------------------------------------------------------------- Vietnamese letters
-- A letter is packed in 12 bits as vi.h says: base 1..26, shape << 5, tone << 8, upper << 11.
local shape_mark = {[0x302] = 1, [0x306] = 2, [0x31B] = 3}
local tone_mark = {[0x300] = 1, [0x309] = 2, [0x303] = 3, [0x301] = 4, [0x323] = 5}
local shapes_of = {a = {0, 1, 2}, e = {0, 1}, i = {0}, o = {0, 1, 3}, u = {0, 3}, y = {0}}

local decomposition = {}
local flags = {}
local NOT_NFC, NOT_NFD, MARK = 1, 2, 4

for line in lines "UnicodeData.txt" do
  local cp, ccc, decomp = line:match "^(%x+);[^;]*;[^;]*;(%d+);[^;]*;([^;]*);"
  cp = tonumber(cp, 16)
  if ccc ~= "0" then flags[cp] = (flags[cp] or 0) | MARK end
  if decomp ~= "" and decomp:sub(1, 1) ~= "<" then
    local parts = {}
    for x in decomp:gmatch "%x+" do parts[#parts + 1] = tonumber(x, 16) end
    decomposition[cp] = parts
  end
end

for line in lines "DerivedNormalizationProps.txt" do
  local first, last, property, value = line:match "^(%x+)%.?%.?(%x*)%s*;%s*(NF[CD]_QC)%s*;%s*([NM])"
  if first then
    first = tonumber(first, 16)
    last = last == "" and first or tonumber(last, 16)
    for cp = first, last do
      local bit = property == "NFC_QC" and NOT_NFC or NOT_NFD
      flags[cp] = (flags[cp] or 0) | bit
    end
    assert(value == "N" or property == "NFC_QC")
  end
end

local function marks_of(cp)
  local parts, marks = decomposition[cp], {}
  while parts and #parts == 2 do
    table.insert(marks, 1, parts[2])
    cp, parts = parts[1], decomposition[parts[1]]
  end
  return cp, marks
end

local function pack(cp)
  local base, marks = marks_of(cp)
  local upper = 0
  if cp == 0x111 or cp == 0x110 then return 4 | 4 << 5 | (cp == 0x110 and 1 << 11 or 0) end
  if base >= 65 and base <= 90 then base, upper = base + 32, 1 end
  if base < 97 or base > 122 then return 0 end
  local shape, tone = 0, 0
  for _, m in ipairs(marks) do
    if shape_mark[m] and shape == 0 then shape = shape_mark[m]
    elseif tone_mark[m] and tone == 0 then tone = tone_mark[m]
    else return 0 end
  end
  local allowed = #marks == 0
  for _, s in ipairs(shapes_of[string.char(base)] or {}) do allowed = allowed or s == shape end
  if not allowed then return 0 end
  return (base - 96) | shape << 5 | tone << 8 | upper << 11
end

local utf8_of, latin, extended = {}, {}, {}
for cp = 0x41, 0x1EF9 do
  if cp < 0x80 or (cp >= 0xC0 and cp <= 0x1B0) or cp >= 0x1EA0 then
    local code = pack(cp)
    if cp >= 0x1EA0 then extended[#extended + 1] = code
    elseif cp >= 0xC0 then latin[#latin + 1] = code end
    if code ~= 0 then
      assert(not utf8_of[code])
      utf8_of[code] = utf8.char(cp)
    end
  end
end

-- ---------------------------------------------------------------- rhymes
local rhymes = dofile "csrc/gen/rhymes.lua"

local slot = {["a"] = 1, ["ă"] = 2, ["â"] = 3, ["e"] = 4, ["ê"] = 5, ["i"] = 6, ["o"] = 7, ["ô"] = 8, ["ơ"] = 9, ["u"] = 10,
  ["ư"] = 11, ["y"] = 12}
local coda_bit = {["-"] = 0, c = 1, ch = 2, m = 3, n = 4, ng = 5, nh = 6, p = 7, t = 8, k = 9}

local function nucleus_index(nucleus)
  local index = 0
  for _, c in utf8.codes(nucleus) do index = index * 13 + slot[utf8.char(c)] end
  return index
end

local function bitmap(...)
  local bits = {}
  for i = 0, 13 ^ 3 - 1 do bits[i] = 0 end
  for _, set in ipairs {...} do
    for nucleus, codas in pairs(set) do
      local i = nucleus_index(nucleus)
      for coda in codas:gmatch "%S+" do bits[i] = bits[i] | 1 << coda_bit[coda] end
    end
  end
  return bits
end

-- ---------------------------------------------------------------- output
local function emit(head, values, first, last, width)
  io.write(head, " = {")
  for i = first, last do
    if (i - first) % width == 0 then io.write "\n    " end
    io.write(values[i], ",")
  end
  io.write "\n};\n\n"
end

io.write [[
/* text_table.c: made by csrc/gen/text_table.lua from Unicode 15.0; do not edit. */
#include "vi.h"

]]
local ascii = {}
for cp = 0, 127 do ascii[cp] = cp >= 0x41 and pack(cp) or 0 end
emit("const mk_vi mk_vi_ascii_letters[128]", ascii, 0, 127, 20)
local slots = {}
for code = 0, 255 do
  local s = utf8_of[code]
  slots[code] = s and slot[s] or 0
end
emit("const uint8_t mk_vi_slots[256]", slots, 0, 255, 32)
emit("const mk_vi mk_vi_latin[MK_VI_LATIN_COUNT]", latin, 1, #latin, 20)
emit("const mk_vi mk_vi_extended[MK_VI_EXTENDED_COUNT]", extended, 1, #extended, 20)
local bytes = {}
for code = 0, 4095 do
  local s = utf8_of[code]
  bytes[code] = s and ("{%d,%d,%d,%d}"):format(#s, s:byte(1), s:byte(2) or 0, s:byte(3) or 0) or "{0}"
end
emit("const unsigned char mk_vi_utf8[4096][4]", bytes, 0, 4095, 16)
emit("const uint16_t mk_vi_rhymes[MK_VI_NUCLEI]", bitmap(rhymes.all), 0, 13 ^ 3 - 1 | 0, 24)
emit("const uint16_t mk_vi_name_rhymes[MK_VI_NUCLEI]", bitmap(rhymes.all, rhymes.after_qu, rhymes.names), 0, 13 ^ 3 - 1 | 0, 24)
emit("const uint16_t mk_vi_qu_rhymes[MK_VI_NUCLEI]", bitmap(rhymes.all, rhymes.after_qu), 0, 13 ^ 3 - 1 | 0, 24)

-- Two stages of 128 code points; nothing at or above U+30000 has a flag.
local blocks, index, seen = {}, {}, {}
for b = 0, 0x30000 // 128 - 1 do
  local block = {}
  for i = 0, 127 do block[i + 1] = flags[b * 128 + i] or 0 end
  local text = table.concat(block, ",")
  if not seen[text] then
    blocks[#blocks + 1] = text
    seen[text] = #blocks - 1
  end
  index[b] = seen[text]
end
for cp in pairs(flags) do assert(cp < 0x30000) end
assert(#blocks <= 256)
emit("const uint8_t mk_norm_index[MK_NORM_LIMIT / 128]", index, 0, #index, 32)
io.write("const uint8_t mk_norm_flags[][128] = {\n")
for _, text in ipairs(blocks) do io.write("    {", (text:gsub(("%d,"):rep(32), "%0\n     ")), "},\n") end
io.write "};\n"

-- ---------------------------------------------------------------- steps
-- What one byte of plain text adds to a key, given the byte before it; plain are Vietnamese letters in form C, ASCII and
-- common punctuation. Row 0 is for any byte before; the rows of lead bytes hold continuation bytes only.
local feature = {NONE = 0, CONSONANT = 1, GQ = 2, VOWEL = 3, SHAPED = 4, TONED = 5, TONED_IUY = 6, SHAPED_TONED = 7, OTHER = 8,
  DIGIT = 9, SPACE = 10, DASH = 11, LOOK = 12, BEYOND = 13}
local CHARACTER, ODD = 0x40, 0x80

local code_of = {}
for code, s in pairs(utf8_of) do code_of[utf8.codepoint(s)] = code end

local function feature_of(cp)
  local code = code_of[cp]
  if code then
    local vowel, toned = slot[utf8_of[code & 0xFF]], code >> 8 & 7 ~= 0
    if not vowel then return (cp | 32 == 0x67 or cp | 32 == 0x71) and "GQ" or "CONSONANT" end
    if code & 0xE0 ~= 0 then return toned and "SHAPED_TONED" or "SHAPED" end
    if not toned then return "VOWEL" end
    return (vowel == 6 or vowel == 10 or vowel == 12) and "TONED_IUY" or "TONED"
  end
  if cp == 32 then return "SPACE" elseif cp == 45 then return "DASH" end
  if cp >= 48 and cp <= 57 then return "DIGIT" end
  if (cp >= 9 and cp <= 13) or cp == 0xA0 or (cp >= 0x2000 and cp <= 0x2015) or cp == 0x202F then return "LOOK" end
  return "OTHER"
end

-- As mk_inert of letter.c, but for letters.
local function inert(cp)
  if cp < 0x80 or cp == 0xD7 or cp == 0xF7 then return true end
  if cp < 0xC0 then return cp >= 0xA0 and cp ~= 0xAA and cp ~= 0xAD and cp ~= 0xB5 and cp ~= 0xBA end
  return (cp >= 0x2002 and cp <= 0x200A) or (cp >= 0x2010 and cp <= 0x2027) or (cp >= 0x202F and cp <= 0x205E)
end

local leads, inner = {0xC2, 0xC3, 0xC4, 0xC5, 0xC6, 0xE1, 0xE2}, {0xBA, 0xBB, 0x80}
local row = {}
for b = 0, 255 do row[b] = 0 end
for i, b in ipairs(leads) do row[b] = 256 + (i - 1) * 64 - 128 end
for i, b in ipairs(inner) do row[b] = 256 + #leads * 64 + (i - 1) * 256 end

-- The code point that ends with byte b after byte a; "part" inside of one, nil when it is not plain.
local function ended(a, b)
  local tail = b >= 0x80 and b < 0xC0
  if not tail then
    if b < 0x80 then return b end
    return ((b >= 0xC2 and b <= 0xC6) or b == 0xE1 or b == 0xE2) and "part" or nil
  end
  local cp
  if a == 0xE1 then return (b == 0xBA or b == 0xBB) and "part" or nil
  elseif a == 0xE2 then return b == 0x80 and "part" or nil
  elseif a and a >= 0xC2 then cp = (a & 0x1F) << 6 | b & 0x3F
  elseif a == 0x80 then cp = 0x2000 | b & 0x3F
  elseif a then cp = 0x1000 | (a & 0x3F) << 6 | b & 0x3F end
  return cp and (code_of[cp] or inert(cp)) and cp or nil
end

-- a ă â b c d đ e ê f g h i j k l m n o ô ơ p q r s t u ư v w x y z
local place, count = {}, 0
for letter in ("aăâbcdđeêfghijklmnoôơpqrstuưvwxyz"):gmatch(utf8.charpattern) do
  place[code_of[utf8.codepoint(letter)]] = 0x20 + count
  count = count + 1
end

local masks = {0x7FF, 0xFF, 31}
local function step(level, a, b)
  local cp = ended(a, b)
  if cp == "part" then return "{{0},0}" end
  if not cp then return ("{{0},%d}"):format(feature.BEYOND << 2 | CHARACTER | ODD) end
  local name, code, written = feature_of(cp), code_of[cp], utf8.char(cp)
  if level == 0 then
    local upper = code and code >> 11 or 0
    written = code and string.char(place[code & 0xFF], code >> 8 & 7, 2 | upper) or string.char(name == "DIGIT" and cp - 32 or 0)
    local writes = (code or name == "DIGIT") and 1 or 0
    return ("{{%s},%d}"):format(table.concat({written:byte(1, -1)}, ","), writes | feature[name] << 2 | CHARACTER | upper * ODD)
  end
  if code then written = utf8_of[code & masks[level]] end
  return ("{{%s},%d}"):format(table.concat({written:byte(1, -1)}, ","), #written | feature[name] << 2 | CHARACTER)
end

io.write "\n"
emit("const uint16_t mk_step_rows[256]", row, 0, 255, 16)
io.write "const mk_step mk_steps[4][MK_STEP_COUNT] = {\n"
for level = 0, 3 do
  local cells = {}
  for b = 0, 255 do cells[#cells + 1] = step(level, nil, b) end
  for _, a in ipairs(leads) do for b = 0x80, 0xBF do cells[#cells + 1] = step(level, a, b) end end
  for _, a in ipairs(inner) do for b = 0, 255 do cells[#cells + 1] = step(level, a, b) end end
  io.write "    {"
  for i, cell in ipairs(cells) do io.write(cell, ",", i % 12 == 0 and "\n     " or "") end
  io.write "},\n"
end
io.write "};\n\n"

-- Three characters in a row, the last one new: whether its word may bear its tone on another vowel (1), whether spaces
-- and dashes meet (2), whether the new one is not plain (4), whether it ends a word or a number (8), and is more between
-- two of them than one space (16). The first by the rules of tone.c; what it leaves out is right or no syllable.
local function event(a, b, c)
  local F = feature
  local function toned(x) return x == F.TONED or x == F.TONED_IUY end
  local function letter(x) return x >= F.CONSONANT and x <= F.SHAPED_TONED end
  local bits = 0
  if (toned(b) or b == F.SHAPED_TONED) and (toned(c) or c == F.SHAPED_TONED or c == F.SHAPED) then bits = 1 end
  if b == F.SHAPED and toned(c) then bits = 1 end
  if toned(a) and b == F.VOWEL and letter(c) then bits = 1 end
  if a == F.VOWEL and toned(b) and not letter(c) then bits = 1 end
  if b == F.GQ and c == F.TONED_IUY then bits = 1 end
  if c == F.LOOK or (c == F.SPACE and (b == F.SPACE or b == F.DASH)) or (c == F.DASH and b == F.SPACE) then bits = bits | 2 end
  if c == F.BEYOND then bits = bits | 4 end
  if (letter(b) and not letter(c)) or (b == F.DIGIT and c ~= F.DIGIT) then bits = bits | 8 end
  if c == F.OTHER or c == F.DASH or c == F.LOOK or (c == F.SPACE and not letter(b) and b ~= F.DIGIT) then bits = bits | 16 end
  return bits
end
local events = {}
for h = 0, 4095 do events[h] = event(h >> 8, h >> 4 & 15, h & 15) end
emit("const uint8_t mk_step_events[4096]", events, 0, 4095, 64)
