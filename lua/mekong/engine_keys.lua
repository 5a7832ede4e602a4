-- engine_keys: the groups of one key as numbers in the order in which tables show them, by dictionary entry; so groups of several
-- keys, numbered together, come out of a scan in the order of the table.
local core = require "mekong.core"
local engine_parts = require "mekong.engine_parts"
local shown = require "mekong.shown"
local keys_of = require "mekong.grouped_keys"
local order = require "mekong.order"

local engine_keys = {}

local decline = engine_parts.decline

-- A level: cells (cells[number + 1], a missing one last), n, groups (number by dictionary entry), numbers (identity of a cell ->
-- number), words (names in print of its codes, or nil).

-- Different cells of a list of n, without the missing one, and whether that is there.
local function different(list, n)
  local cells, seen, missing = {}, {}, false
  for e = 1, n do
    local value = list[e]
    if value == nil then
      missing = true
    else
      local id = keys_of.identity(value)
      if not seen[id] then seen[id], cells[#cells + 1] = true, value end
    end
  end
  return cells, missing
end

local function sorted(key, cells, known, locale)
  local words, doubled = shown.words(key.entity, cells, #cells)
  if doubled then error(decline) end -- how these are called depends on which of them a table shows
  return order.sorted(cells, order.cells(key.kind, known, words and words[locale])), words
end

-- The level of cells given by dictionary entry, and of more cells that have none.
local function level_of(key, by_entry, n, more, known, locale)
  local cells, missing = different(by_entry, n)
  local all = table.move(more, 1, #more, #cells + 1, cells)
  local level = { groups = {}, numbers = {}, strides = {} }
  level.cells, level.words = sorted(key, (different(all, #all)), known, locale)
  level.n = #level.cells + (missing and 1 or 0)
  for i = 1, level.n do level.numbers[keys_of.identity(level.cells[i])] = i - 1 end
  for e = 1, n do level.groups[e] = level.numbers[keys_of.identity(by_entry[e])] end
  return level
end

local function holds(level, cells)
  if level.held == cells then return true end
  for _, cell in ipairs(cells) do
    if not level.numbers[keys_of.identity(cell)] then return false end
  end
  level.held = cells
  return true
end

-- Cells of a key by dictionary entry.
local function entries(im, key)
  local c = key.columns[1]
  local cells, n = im:cells(c)
  local ctx, list = { rows = { data = { [c] = cells } } }, {}
  for e = 1, n do list[e] = key.cell(ctx, e) end
  return list, n
end

-- The level of a key that shows cells as they are; more: cells that it must have.
local function plain_level(im, key, more, known, locale)
  local id = "level\0" .. locale .. "\0" .. im:id(key.columns[1]) .. "\0" .. key.id
  local function make()
    local list, n = entries(im, key)
    return { level = level_of(key, list, n, more, known, locale) }
  end
  local slot = im:made(id, make)
  if slot.level.known ~= known and key.kind == "phase" or not holds(slot.level, more) then
    slot.level = make().level
  end
  slot.level.known = known
  return slot.level
end

-- ---------------------------------------------------------------- merged spellings

-- Numbers as core.engine takes them; the list is used up.
local function pack(list)
  for k, number in ipairs(list) do list[k] = string.pack("=I4", number) end
  return table.concat(list)
end

-- Folded name of each dictionary entry of a key that merges spellings: list of numbers from 1 on (0: missing), their number n; and as
-- core.engine.standing takes them groups, and ranks: the place of each entry in the order of a dictionary.
local function folds(im, key)
  local c = key.columns[1]
  return im:made("fold\0" .. im:id(c) .. "\0" .. key.id, function()
    local cells, n = im:cells(c)
    local known, list, count, compare = {}, {}, 0, order.cells "text"
    local places, ranks = {}, {}
    for e = 1, n do
      local folded = cells[e] ~= nil and key.folded(cells[e]) or nil
      if folded and not known[folded] then known[folded], count = count + 1, count + 1 end
      list[e], ranks[e] = folded and known[folded] or 0, 0
      if cells[e] ~= nil then places[#places + 1] = e end
    end
    table.sort(places, function(a, b) return compare(cells[a], cells[b]) < 0 end)
    for at, e in ipairs(places) do ranks[e] = at end
    return { list = list, n = count, groups = pack(table.move(list, 1, n, 1, {})), ranks = pack(ranks) }
  end)
end

-- The level of a key that merges spellings, of the names that stand for the rest among the rows counted: the most frequent spellings.
-- counted: the rows by entry, {scan, part}.
local function folded_level(im, key, counted, known, locale)
  local fold, c = folds(im, key), key.columns[1]
  local said = core.engine.standing(counted.scan, counted.part, fold.n, fold.groups, fold.ranks)
  local level = im:made(table.concat({ "folded", locale, im:id(c), key.id, said }, "\0"), function()
    local list, cells = {}, (im:cells(c))
    for e, group in ipairs(fold.list) do
      local best = group > 0 and string.unpack("=I4", said, group * 4 - 3) or 0
      list[e] = best > 0 and cells[best] or nil
    end
    return level_of(key, list, #fold.list, {}, known, locale)
  end)
  return setmetatable({ counted = counted }, { __index = level })
end

-- spelling -> how often, for one number of such a level.
function engine_keys.spellings(im, key, level, number)
  if not level.spelt then
    local cells, spelt, counts = (im:cells(key.columns[1])), {}, core.engine.numbers(level.counted.scan, level.counted.part)
    for at, e in ipairs(core.engine.groups(level.counted.scan)) do
      local own, cell = level.groups[e + 1], cells[e + 1]
      spelt[own] = spelt[own] or {}
      if cell ~= nil and counts[at] > 0 then spelt[own][cell] = counts[at] end
    end
    level.spelt = spelt
  end
  return level.spelt[number] or {}
end

-- ---------------------------------------------------------------- levels

engine_keys.pack = pack

-- The level of a key. more: cells that it must have; counted(): for keys that merge spellings, the rows by entry.
function engine_keys.level(im, key, more, known, locale, counted)
  if #key.columns ~= 1 then error(decline) end
  if key.folded then return folded_level(im, key, counted(), known, locale) end
  return plain_level(im, key, more, known, locale)
end

-- The numbers of a level times stride, as core.engine.scan takes them.
function engine_keys.packed(level, stride)
  if not level.strides[stride] then
    local list = {}
    for e, number in ipairs(level.groups) do list[e] = number * stride end
    level.strides[stride] = pack(list)
  end
  return level.strides[stride]
end

-- Distinct cells of a key among groups, as rows that its note looks at.
function engine_keys.seen(key, level, seen)
  local cells, all = {}, {}
  for i = 1, level.n do
    if seen[i] and level.cells[i] ~= nil then cells[#cells + 1], all[#all + 1] = level.cells[i], #all + 1 end
  end
  return { rows = { data = { [key.columns[1]] = cells } }, all = all }
end

return engine_keys
