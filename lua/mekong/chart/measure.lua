-- measure: how wide a text is drawn, from a table of the advances of a wide sans serif face (so that it fits in narrower ones),
-- the same on every machine; texts cut or broken to a width. Widths are in tenths of a pixel, sizes in pixels.
local core = require "mekong.core"

local measure = {}

-- Advances of U+0020 to U+007E in thousandths of the size.
local ascii = { 318, 401, 460, 838, 637, 951, 780, 275, 391, 391, 500, 838, 318, 361, 318, 337, 637, 637, 637, 637, 637, 637, 637, 637,
  637, 637, 337, 337, 838, 838, 838, 531, 1000, 685, 687, 699, 771, 632, 576, 775, 752, 295, 295, 656, 558, 863, 749, 788, 604, 788,
  695, 635, 611, 732, 685, 989, 686, 611, 686, 391, 337, 391, 838, 500, 500, 613, 635, 550, 635, 616, 353, 635, 634, 278, 278, 580,
  278, 975, 634, 612, 635, 635, 412, 521, 393, 634, 592, 818, 592, 592, 525, 637, 337, 637, 838 }

local others = { [0xA0] = 318, [0xB7] = 318, [0x110] = 775, [0x111] = 635, [0x1A0] = 914, [0x1A1] = 612, [0x1AF] = 858, [0x1B0] = 634,
  [0x131] = 278, [0x2013] = 500, [0x2018] = 318, [0x2019] = 318, [0x201C] = 519, [0x201D] = 519, [0x2022] = 590, [0x2026] = 1000,
  [0x2C9] = 500, [0xB0] = 500, [0xB2] = 401, [0xB3] = 401 }

local BOLD = 114 -- percent of the plain advance

-- Marks that stand over or under the letter before them.
local function combining(point)
  return point >= 0x300 and point <= 0x36F or point >= 0x200B and point <= 0x200D or point >= 0xFE00 and point <= 0xFE0F
end

local function advance(point)
  if point >= 0x20 and point <= 0x7E then return ascii[point - 0x1F] end
  if others[point] then return others[point] end
  if combining(point) then return 0 end
  if point < 0x3000 then return 850 end
  return 1020
end

-- A letter with its marks counts as the bare letter: "ệ" is as wide as "e".
local known = {}
local function letter(point)
  local found = known[point]
  if not found then
    found = advance(point)
    if point > 0x7E and not others[point] and point < 0x3000 then
      local first = utf8.codepoint(core.text.nfd(utf8.char(point)))
      if first ~= point then found = letter(first) end
    end
    known[point] = found
  end
  return found
end

local LONG = 800 -- letters; what is longer fits nowhere and is measured no further

-- Width of a text in tenths of a pixel.
function measure.width(s, size, bold)
  local sum, n = 0, 0
  for _, point in utf8.codes(s) do
    sum, n = sum + letter(point), n + 1
    if n > LONG then break end
  end
  if bold then sum = sum * BOLD // 100 end
  return (sum * size + 99) // 100
end

-- The text, or as much of its beginning as fits with "…" behind.
function measure.fit(s, width, size, bold)
  local percent, sum, last = bold and BOLD or 100, 0, 0
  local most = width * 10000 // (size * percent)
  local cut = most - others[0x2026]
  for at, point in utf8.codes(s) do
    sum = sum + letter(point)
    if sum > most then return (s:sub(1, last):gsub("%s+$", "")) .. "…" end
    if sum <= cut then last = at + #utf8.char(point) - 1 end
  end
  return s
end

-- Lines no wider than width, at most `most` of them (the last then ends in "…"); words longer than a line are cut.
function measure.wrap(s, width, size, most, bold)
  local lines, at = {}, nil
  for word in s:gmatch "[^ \n]+" do
    local longer = at and at .. " " .. word or word
    if at and measure.width(longer, size, bold) > width then
      if most and #lines + 1 == most then
        lines[#lines + 1] = measure.fit(longer, width, size, bold)
        return lines
      end
      lines[#lines + 1], at = measure.fit(at, width, size, bold), word
    else
      at = longer
    end
  end
  if at then lines[#lines + 1] = measure.fit(at, width, size, bold) end
  return lines
end

-- The widest of a list of texts.
function measure.widest(list, size, bold)
  local most = 0
  for _, s in ipairs(list) do most = math.max(most, measure.width(s, size, bold)) end
  return most
end

return measure
