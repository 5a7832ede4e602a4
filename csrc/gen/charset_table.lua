-- charset_table.lua: writes csrc/core/charset_table.c: what each byte stands for in the older one-byte character sets of
-- Vietnamese. Run from the project root as `lua5.4 csrc/gen/charset_table.lua > csrc/core/charset_table.c`.
-- Sources: TCVN 5712 and VISCII as in RFC 1456 and iconv, VPS as in recode, Windows code pages 1252 and 1258.

local letters = [[à ả ã á ạ ă ằ ẳ ẵ ắ ặ â ầ ẩ ẫ ấ ậ đ è ẻ ẽ é ẹ ê ề ể ễ ế ệ ì ỉ ĩ í ị ò ỏ õ ó ọ ô ồ ổ ỗ ố ộ ơ ờ ở ỡ ớ ợ
ù ủ ũ ú ụ ư ừ ử ữ ứ ự ỳ ỷ ỹ ý ỵ
À Ả Ã Á Ạ Ă Ằ Ẳ Ẵ Ắ Ặ Â Ầ Ẩ Ẫ Ấ Ậ Đ È Ẻ Ẽ É Ẹ Ê Ề Ể Ễ Ế Ệ Ì Ỉ Ĩ Í Ị Ò Ỏ Õ Ó Ọ Ô Ồ Ổ Ỗ Ố Ộ Ơ Ờ Ở Ỡ Ớ Ợ Ù Ủ Ũ Ú Ụ Ư Ừ Ử Ữ Ứ Ự Ỳ Ỷ Ỹ Ý Ỵ]]

-- Bytes of the letters above, in their order; "." where there is none. TCVN3 is the first half with seven capitals; the
-- other capitals are those of the variant VN1.
local codes = {
  tcvn3 = [[b5 b6 b7 b8 b9 a8 bb bc bd be c6 a9 c7 c8 c9 ca cb ae cc ce cf d0 d1 aa d2 d3 d4 d5 d6 d7 d8 dc dd de df e1 e2 e3 e4 ab e5 e6
    e7 e8 e9 ac ea eb ec ed ee ef f1 f2 f3 f4 ad f5 f6 f7 f8 f9 fa fb fc fd fe
    80 81 82 83 84 a1 af ba bf c0 85 a2 c1 c2 c3 c4 86 a7 87 88 89 8a 8b a3 c5 cd d9 da 8c 8d 8e 8f 90 91 92 93 94 95 96 a4 db e0
    f0 ff 97 a5 98 99 9a 9b 9c 9d 9e 9f 01 02 a6 04 05 06 11 12 13 14 15 16 17]],
  viscii = [[e0 e4 e3 e1 d5 e5 a2 c6 c7 a1 a3 e2 a5 a6 e7 a4 a7 f0 e8 eb a8 e9 a9 ea ab ac ad aa ae ec ef ee ed b8 f2 f6 f5 f3 f7 f4 b0 b1
    b2 af b5 bd b6 b7 de be fe f9 fc fb fa f8 df d7 d8 e6 d1 f1 cf d6 db fd dc
    c0 c4 c3 c1 80 c5 82 02 05 81 83 c2 85 86 06 84 87 d0 c8 cb 88 c9 89 ca 8b 8c 8d 8a 8e cc 9b ce cd 98 d2 99 a0 d3 9a d4 90 91
    92 8f 93 b4 96 97 b3 95 94 d9 9c 9d da 9e bf bb bc ff ba b9 9f 14 19 dd 1e]],
  vps = [[e0 e4 e3 e1 e5 e6 a2 a3 a4 a1 a5 e2 c0 c4 c5 c3 c6 c7 e8 c8 eb e9 cb ea 8a 8b cd 89 8c ec cc ef ed ce f2 d5 f5 f3 86 f4 d2 b0
    87 d3 b6 d6 a9 aa ab a7 ae f9 fb db fa f8 dc d8 ba bb d9 bf ff 9b cf 9a 9c
    80 81 82 c1 02 88 8e 8f f0 8d 04 c2 84 85 1c 83 03 f1 d7 de fe c9 05 ca 93 94 95 90 06 b5 b7 b8 b4 10 bc bd be b9 11 d4 97 98
    99 96 12 f7 9e 9f a6 9d 13 a8 d1 ac da 14 d0 af b1 1d ad 15 b2 fd b3 dd 19]],
}

local cp1252 = {[0] = 0x20AC, 0x81, 0x201A, 0x192, 0x201E, 0x2026, 0x2020, 0x2021, 0x2C6, 0x2030, 0x160, 0x2039, 0x152, 0x8D, 0x17D, 0x8F,
  0x90, 0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014, 0x2DC, 0x2122, 0x161, 0x203A, 0x153, 0x9D, 0x17E, 0x178}

local function western()
  local list = {}
  for byte = 0, 255 do list[byte] = byte >= 0x80 and byte < 0xA0 and cp1252[byte - 0x80] or byte end
  return list
end

local order = {}
for _, code in utf8.codes(letters) do
  if code > 32 then order[#order + 1] = code end
end
assert(#order == 134)

local tables = {western = western(), cp1258 = western()}
for byte, code in pairs {[0xC3] = 0x102, [0xCC] = 0x300, [0xD0] = 0x110, [0xD2] = 0x309, [0xD5] = 0x1A0, [0xDD] = 0x1AF, [0xDE] = 0x303,
  [0xE3] = 0x103, [0xEC] = 0x301, [0xF0] = 0x111, [0xF2] = 0x323, [0xF5] = 0x1A1, [0xFD] = 0x1B0, [0xFE] = 0x20AB,
  [0x8A] = 0x8A, [0x8E] = 0x8E, [0x9A] = 0x9A, [0x9E] = 0x9E} do
  tables.cp1258[byte] = code
end
for name, text in pairs(codes) do
  local list, i = western(), 0
  for byte in text:gmatch "%x%x" do
    i = i + 1
    list[tonumber(byte, 16)] = order[i]
  end
  assert(i == 134)
  tables[name] = list
end
for i, mark in ipairs {0x300, 0x309, 0x303, 0x301, 0x323} do tables.tcvn3[0xAF + i] = mark end

-- TCVN3 without the variant VN1: Windows punctuation and controls instead of capitals; and the same in a font of capitals.
local marks = {[0x80] = true, [0x82] = true, [0x84] = true, [0x85] = true, [0x99] = true}
for byte = 0x91, 0x97 do marks[byte] = true end
local upper, small, capital = {}, {}, {}
for i = 1, 67 do
  upper[order[i]], small[order[i]], capital[order[i + 67]] = order[i + 67], true, true
end
tables.fonts, tables.raised = {}, {}
for byte = 0, 255 do
  local code = (byte < 0x20 or marks[byte]) and tables.western[byte] or tables.tcvn3[byte]
  tables.fonts[byte], tables.raised[byte] = code, upper[code] or code
end

local KIND = {capital = 1, coded = 2, small = 4, variant = 8, mark = 16, tone = 32}
local kinds = {}
for byte = 0, 255 do
  local char, code = string.char(byte), tables.fonts[byte]
  kinds[byte] = (char:find "%u" or capital[code]) and KIND.capital or small[code] and KIND.coded or char:find "%l" and KIND.small
    or marks[byte] and KIND.mark or byte >= 0xB0 and byte <= 0xB4 and KIND.tone or 0
  if byte < 0xA0 and not marks[byte] and tables.tcvn3[byte] ~= byte and capital[tables.tcvn3[byte]] then kinds[byte] = KIND.variant end
end

local function put(list, last)
  for byte = 0, last or 255 do io.write(byte > 0 and byte % 24 == 0 and "\n     " or "", list[byte], ",") end
end

-- 32 columns, by the high bit and the low half of a byte, each with bits by the rest of the high half.
local function put_set(name, has)
  local set = {}
  for byte = 0, 255 do
    local column = byte >> 3 & 16 | byte & 15
    set[column] = (set[column] or 0) | (has(byte) and 1 << (byte >> 4 & 7) or 0)
  end
  io.write("\nconst unsigned char ", name, "[32] = {")
  put(set, 31)
  io.write "};\n"
end

io.write [[
/* charset_table.c: made by csrc/gen/charset_table.lua; do not edit. */
#include "charset.h"

const uint16_t mk_charset_points[MK_CHARSET_TABLES][256] = {
]]
local names = {"tcvn3", "viscii", "vps", "cp1258", "western", "fonts", "raised"}
for i = 1, 5 do
  io.write "    {"
  put(tables[names[i]])
  io.write "},\n"
end
io.write "};\n\nconst unsigned char mk_charset_bytes[MK_CHARSET_BYTES][256][4] = {\n"
for _, name in ipairs(names) do
  io.write "    {"
  local list = {}
  for byte = 0, 255 do
    local text = utf8.char(tables[name][byte])
    local a, b, c = text:byte(1, -1)
    list[byte] = ("{%d,%d,%d,%d}"):format(a, b or 0, c or 0, #text)
  end
  put(list)
  io.write "},\n"
end
io.write "};\n\nconst uint8_t mk_tcvn3_kinds[256] = {\n     "
put(kinds)
io.write "};\n"
put_set("mk_tcvn3_capitals", function(byte) return kinds[byte] == KIND.capital end)
put_set("mk_tcvn3_special", function(byte) return kinds[byte] >= KIND.variant end)

-- Code page 1258: a tone after a vowel without one takes its place.
local TONES, ODD = {0xCC, 0xD2, 0xDE, 0xEC, 0xF2}, 16
local rows, at = {}, {}
local marks_of = {}
do
  local first = {a = 1, ["ă"] = 7, ["â"] = 13, e = 19, ["ê"] = 25, i = 30, o = 35, ["ô"] = 41, ["ơ"] = 47, u = 52, ["ư"] = 58, y = 63}
  local row = 0
  for i, vowel in ipairs {"a", "ă", "â", "e", "ê", "i", "o", "ô", "ơ", "u", "ư", "y"} do
    local code = utf8.codepoint(vowel)
    for case = 0, 1 do
      local own = case == 0 and code or (code < 0x80 and code - 32 or upper[code])
      row = row + 1
      for byte = 0, 255 do
        if tables.cp1258[byte] == own then rows[byte] = row end
      end
      marks_of[row] = {length = #utf8.char(own), first = first[vowel] + 67 * case}
    end
    assert(row == 2 * i)
  end
end
local function entry(code, info)
  local text = utf8.char(code)
  local a, b, c = text:byte(1, -1)
  return ("{%d,%d,%d,%d}"):format(a, b or 0, c or 0, #text | info)
end
local cells = {}
for byte = 0, 255 do
  rows[byte], at[byte] = rows[byte] or 0, byte
  cells[byte] = entry(tables.cp1258[byte], 0)
end
for tone, byte in ipairs(TONES) do
  at[byte] = 256 + 32 * (tone - 1)
  for row = 0, 31 do
    local vowel = marks_of[row]
    cells[at[byte] + row] = vowel and entry(order[vowel.first + tone - 1], vowel.length << 2) or entry(tables.cp1258[byte], ODD)
  end
end
io.write "\nconst mk_toned_set mk_cp1258 = {\n    {"
put(at)
io.write "},\n    {"
put(rows)
io.write "},\n    {"
put(cells, 256 + 32 * #TONES - 1)
io.write "}};\n"
