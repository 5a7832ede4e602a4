-- rhyme_table.lua: writes csrc/core/rhyme_table.c: how the rhymes of Vietnamese begin to be written in a key of dictionary
-- order. Run from the project root as `lua5.4 csrc/gen/rhyme_table.lua > csrc/core/rhyme_table.c`. The output is kept in
-- the tree.

local rhymes = dofile "csrc/gen/rhymes.lua"

local marks = {"", "\u{300}", "\u{309}", "\u{303}", "\u{301}", "\u{323}"}
local toned = {
  a = "aàảãáạ", ["ă"] = "ăằẳẵắặ", ["â"] = "âầẩẫấậ", e = "eèẻẽéẹ", ["ê"] = "êềểễếệ", i = "iìỉĩíị", o = "oòỏõóọ", ["ô"] = "ôồổỗốộ",
  ["ơ"] = "ơờởỡớợ", u = "uùủũúụ", ["ư"] = "ưừửữứự", y = "yỳỷỹýỵ",
}
local place, count = {}, 0
for letter in ("aăâbcdđeêfghijklmnoôơpqrstuưvwxyz"):gmatch(utf8.charpattern) do
  place[letter] = 0x20 + count
  count = count + 1
end

local function letters_of(s)
  local list = {}
  for letter in s:gmatch(utf8.charpattern) do list[#list + 1] = letter end
  return list
end

-- The vowel that bears the tone in the old style.
local function bearer(nucleus, coda)
  if #nucleus == 1 then return 1 end
  for i = #nucleus, 1, -1 do
    if #nucleus[i] > 1 then return i end
  end
  return (#nucleus == 3 or coda ~= "") and 2 or 1
end

-- Bytes of the rhyme -> { key = bytes, kinds = after which onsets it is the right spelling }
local PLAIN, AFTER_G, AFTER_Q = 1, 2, 4
local entries, order = {}, {}
local function add(before, nucleus, coda, kinds)
  local vowels = letters_of(nucleus)
  local at = bearer(vowels, coda)
  for tone = 1, #marks do
    local written, key = before, {}
    for i, vowel in ipairs(vowels) do written = written .. (i == at and letters_of(toned[vowel])[tone] or vowel) end
    written = written .. coda
    for i, letter in ipairs(letters_of(before .. nucleus .. coda)) do key[i] = place[letter] end
    key[#key + 1] = 4 + tone
    local entry = entries[written]
    if not entry then
      entry = {key = key, kinds = 0}
      entries[written] = entry
      if #written <= 7 and #key <= 6 then order[#order + 1] = written end -- longer ones are rare
    end
    entry.kinds = entry.kinds | kinds
  end
end

for _, set in ipairs {rhymes.all, rhymes.after_qu, rhymes.names} do
  for nucleus, codas in pairs(set) do
    for coda in codas:gmatch "%S+" do
      coda = coda == "-" and "" or coda
      local glide, medial = nucleus:sub(1, 1), nucleus:find "^o[aeăo]"
      -- gi and qu before another vowel are onsets; elsewhere their vowel is of the rhyme.
      local more = #letters_of(nucleus) > 1
      add("", nucleus, coda, PLAIN | (glide == "i" and more and 0 or AFTER_G) | (glide == "u" and more and 0 or AFTER_Q))
      if glide ~= "i" and not medial and set == rhymes.all then add("i", nucleus, coda, AFTER_G) end
      if glide ~= "u" and not medial and set ~= rhymes.names then add("u", nucleus, coda, AFTER_Q) end
    end
  end
end
table.sort(order)

-- A hash without collisions: the top bits of a product choose the slot, and other bits of it what is added to that.
local function slots_with(multiplier, slot_bits, group_bits)
  local size, groups = 1 << slot_bits, {}
  for g = 0, (1 << group_bits) - 1 do groups[g] = {at = g} end
  for _, written in ipairs(order) do
    local bytes = string.unpack("<I8", written .. ("\0"):rep(8 - #written))
    local h = bytes * multiplier
    local group = groups[h >> (64 - group_bits)]
    group[#group + 1] = {bytes = bytes, written = written, slot = h >> (64 - group_bits - slot_bits) & (size - 1)}
  end
  local by_size = {}
  for g = 0, #groups do by_size[#by_size + 1] = groups[g] end
  table.sort(by_size, function(a, b) return #a > #b or (#a == #b and a.at < b.at) end)
  local slots, shifts = {}, {}
  for _, group in ipairs(by_size) do
    local found
    for shift = 0, math.min(size, 256) - 1 do
      local fits, mine = true, {}
      for _, e in ipairs(group) do
        local s = e.slot ~ shift
        fits = fits and not slots[s] and not mine[s]
        mine[s] = e
      end
      if fits then
        for s, e in pairs(mine) do slots[s] = e end
        found = shift
        break
      end
    end
    if not found then return nil end
    shifts[group.at] = found
  end
  return slots, shifts
end

local SLOT_BITS, GROUP_BITS, MULTIPLIER = 12, 9, 0x9E3779B97F4A7C15 -- as in order.h
local slots, shifts = slots_with(MULTIPLIER, SLOT_BITS, GROUP_BITS)
assert(slots, "rhymes meet in a slot: another multiplier is needed")

-- The first byte of a word, and the others.
local first, others, after = {}, {}, {}
local OTHER = 1 << 24
for b = 0, 255 do
  local lower = b >= 65 and b <= 90 and b + 32 or b
  local letter = lower < 128 and string.char(lower) or ""
  local stroke = b == 0x90 or b == 0x91 -- what is left of d with stroke
  local consonant = stroke and place["đ"] or (place[letter] and not toned[letter] and place[letter])
  local kind = letter == "g" and AFTER_G or letter == "q" and AFTER_Q or PLAIN
  local upper = lower ~= b or b == 0x90
  first[b + 1] = ("0x%X"):format((consonant or OTHER) | (upper and 1 << 61 or 0))
  after[b + 1] = ("{%d,%d,%d,%d}"):format(PLAIN, kind, PLAIN, PLAIN)
  others[b + 1] = ("0x%X"):format(lower == b and not stroke and consonant or OTHER)
end

local cells, list = {}, {}
for s = 0, (1 << SLOT_BITS) - 1 do
  local e = slots[s]
  if e then
    local entry, key = entries[e.written], {}
    for i = 1, 6 do key[i] = entry.key[i] or 0 end
    cells[s + 1] = ("{0x%X,{%s,%d,%d}}"):format(e.bytes, table.concat(key, ","), entry.kinds, #entry.key)
  else
    cells[s + 1] = "{0}"
  end
end
for g = 0, #shifts do list[g + 1] = shifts[g] end

local function emit(values, width)
  io.write "    {"
  for i, value in ipairs(values) do io.write(value, ",", i % width == 0 and i < #values and "\n     " or "") end
  io.write "},\n"
end
io.write [[
/* rhyme_table.c: made by csrc/gen/rhyme_table.lua; do not edit. */
#include "order.h"

const mk_rhyme_table mk_rhymes = {
]]
emit(cells, 4)
emit(first, 8)
emit(others, 16)
emit(list, 32)
emit(after, 16)
io.write "};\n"
