-- collate_table.lua: writes csrc/core/collate_table.c: the weights of CLDR's root order with the Vietnamese changes, for
-- Latin, Greek, Cyrillic, marks, digits, punctuation and symbols. Run from the project root as
-- `lua5.4 csrc/gen/collate_table.lua > csrc/core/collate_table.c`; needs the Debian package unicode-cldr-core (41). The
-- output is kept in the tree, so that building needs neither Lua nor the data.

local source = "/usr/share/unicode/cldr/common/uca/allkeys_CLDR.txt"

local ranges = {
  {0x0000, 0x052F}, {0x1AB0, 0x1AFF}, {0x1D00, 0x1FFF}, {0x2000, 0x2BFF}, {0x2C60, 0x2C7F}, {0x2DE0, 0x2E7F}, {0x3000, 0x303F},
  {0xA640, 0xA69F}, {0xA700, 0xA7FF}, {0xAB30, 0xAB6F}, {0xFB00, 0xFB06}, {0xFE20, 0xFE2F}, {0xFE50, 0xFE6F}, {0xFF00, 0xFFEF},
}

local function wanted(cp)
  for _, r in ipairs(ranges) do
    if cp >= r[1] and cp <= r[2] then return true end
  end
  return false
end

-- Weights as {primary, secondary, tertiary}; primaries and secondaries times 16 leave room for what Vietnamese inserts.
local single, pairs_of = {}, {}
for line in io.lines(source) do
  local points, elements = line:match "^([%x ]+);%s*(%[.-%])%s*#"
  if points then
    local cps, list = {}, {}
    for x in points:gmatch "%x+" do cps[#cps + 1] = tonumber(x, 16) end
    for p, s, t in elements:gmatch "%[[.*](%x+)%.(%x+)%.(%x+)%]" do
      p, s, t = tonumber(p, 16) * 16, tonumber(s, 16) * 16, tonumber(t, 16)
      if p + s + t > 0 then list[#list + 1] = {p, s, t} end
    end
    if wanted(cps[1]) then
      if #cps == 1 then single[cps[1]] = list
      elseif #cps == 2 and wanted(cps[2]) then pairs_of[#pairs_of + 1] = {cps[1], cps[2], list} end
    end
  end
end

-- The Vietnamese changes of CLDR (collation/vi.xml, type standard).
local grave = single[0x300][1][2]
for i, mark in ipairs {0x309, 0x303, 0x301, 0x323} do single[mark] = {{0, grave + i, 2}} end
local common = single[0x61][1][2]
local function after(base, step, tertiary) return {{single[base][1][1] + step, common, tertiary}} end
single[0x111], single[0x110] = after(0x64, 1, 2), after(0x64, 1, 8)
for _, letter in ipairs {{"a", 0x306, 0x302}, {"e", 0x302}, {"o", 0x302, 0x31B}, {"u", 0x31B}} do
  local base = letter[1]:byte()
  for i = 2, #letter do
    pairs_of[#pairs_of + 1] = {base, letter[i], after(base, i - 1, 2)}
    pairs_of[#pairs_of + 1] = {base - 32, letter[i], after(base, i - 1, 8)}
  end
end
table.sort(pairs_of, function(a, b) return a[1] < b[1] or (a[1] == b[1] and a[2] < b[2]) end)

-- Weights of what has a canonical decomposition are never asked for.
for line in io.lines "/usr/share/unicode/UnicodeData.txt" do
  local cp, decomposition = line:match "^(%x+);[^;]*;[^;]*;[^;]*;[^;]*;([^;]*);"
  if decomposition ~= "" and decomposition:sub(1, 1) ~= "<" then single[tonumber(cp, 16)] = nil end
end

local function ranks(position)
  local seen, list, rank = {}, {}, {}
  local function see(elements)
    for _, e in ipairs(elements) do
      if e[position] > 0 and not seen[e[position]] then
        seen[e[position]] = true
        list[#list + 1] = e[position]
      end
    end
  end
  for _, elements in pairs(single) do see(elements) end
  for _, pair in ipairs(pairs_of) do see(pair[3]) end
  table.sort(list)
  for i, weight in ipairs(list) do rank[weight] = i end
  rank[0] = 0
  return rank, #list
end
local primary, primaries = ranks(1)
local secondary, secondaries = ranks(2)
assert(primaries < 0xFB00 and secondaries < 256)

local out, starts = {}, {}
local function place(elements)
  local words = {}
  for i, e in ipairs(elements) do
    assert(e[3] < 128)
    words[i] = ("{%d,%d,%d}"):format(primary[e[1]], secondary[e[2]], e[3] | (i == #elements and 128 or 0))
  end
  local text = table.concat(words, ",")
  if text == "" then return 0 end -- ignorable
  if not starts[text] then
    starts[text] = out.n + 1
    for _, word in ipairs(words) do
      out.n = out.n + 1
      out[out.n] = word
    end
  end
  return starts[text]
end
out.n = 0

local NONE = 0xFFFF
local blocks, index, seen = {}, {}, {}
for b = 0, 0xFFFF // 64 do
  local block = {}
  for i = 0, 63 do
    local elements = single[b * 64 + i]
    block[i + 1] = elements and place(elements) or NONE
  end
  local text = table.concat(block, ",")
  if not seen[text] then
    blocks[#blocks + 1] = text
    seen[text] = #blocks - 1
  end
  index[b + 1] = seen[text]
end
local pair_lines = {}
for i, pair in ipairs(pairs_of) do pair_lines[i] = ("{%d,%d,%d}"):format(pair[1], pair[2], place(pair[3])) end
assert(#blocks <= 256 and out.n < NONE)

local function emit(head, values, width)
  io.write(head, " = {")
  for i, value in ipairs(values) do
    if (i - 1) % width == 0 then io.write "\n    " end
    io.write(value, ",")
  end
  io.write "\n};\n\n"
end
io.write [[
/* collate_table.c: made by csrc/gen/collate_table.lua from CLDR 41; do not edit. */
#include "collate.h"

]]
emit("const uint8_t mk_weight_index[1024]", index, 32)
local rows = {}
for i, text in ipairs(blocks) do rows[i] = "{" .. text .. "}" end
emit("const uint16_t mk_weight_starts[][64]", rows, 1)
table.insert(out, 1, "{0,0,128}")
emit("const mk_weight mk_weights[]", out, 10)
emit("const mk_weight_pair mk_weight_pairs[]", pair_lines, 8)
io.write("const size_t mk_weight_pair_count = ", #pair_lines, ";\n")
io.write("const uint8_t mk_common_secondary = ", secondary[common], ";\n")
