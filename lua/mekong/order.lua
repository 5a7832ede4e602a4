-- order: how two cells of one kind stand to each other; total, so that every result has one order of its rows.
local core = require "mekong.core"
local lazy = require "mekong.lazy"

local order = {}

local DICTIONARY = 0 -- as core.text.compare counts orders

-- Numbers by size, texts by their bytes.
local function plain(a, b)
  if type(a) == "string" then return core.text.bytes(a, b) end
  return a < b and -1 or a > b and 1 or 0
end
order.plain = plain

-- Sorts a list of texts by their bytes.
function order.texts(list) table.sort(list, function(a, b) return core.text.bytes(a, b) < 0 end) end

-- As a Vietnamese dictionary has them; names that stand at the same place, by their bytes.
local function by_dictionary(a, b)
  local found = core.text.compare(a, b, DICTIONARY)
  return found ~= 0 and found or plain(a, b)
end

local function by_amount(a, b)
  if not core.figure.is(a) then a = core.figure.new { best = a } end
  if not core.figure.is(b) then b = core.figure.new { best = b } end
  return core.figure.order(a, b)
end

local function by_truth(a, b) return a == b and 0 or b and -1 or 1 end

local function by_day(a, b)
  local found = core.date.compare(a, b)
  return found ~= 0 and found or plain(a, b)
end

local of_kind = { text = by_dictionary, verdict = by_dictionary, code = by_dictionary, figure = by_amount, decimal = by_amount,
  bool = by_truth, date = by_day, period = by_day }

-- As a dictionary has what they are called; words: cell -> its name in print.
local function by_name(words)
  return function(a, b)
    local found = by_dictionary(words[a] or a, words[b] or b)
    return found ~= 0 and found or plain(a, b)
  end
end

-- cells(kind, phases or nil, words or nil) -> function(a, b) -> -1, 0, 1 for two cells that are there. Phases stand by their start,
-- codes by the names that words has for them.
function order.cells(kind, phases, words)
  if words and of_kind[kind] == by_dictionary then return by_name(words) end
  if kind ~= "phase" or not phases then return of_kind[kind] or plain end
  return function(a, b)
    local x, y = phases.place[a], phases.place[b]
    if x and y and x ~= y then return plain(x, y) end
    if (x == nil) ~= (y == nil) then return x and -1 or 1 end
    return plain(a, b)
  end
end

-- The names of a list, each once: those that rank (name -> place) has by their place, then the others by their bytes.
function order.ranked(names, rank)
  local out, seen = {}, {}
  for _, name in ipairs(names) do
    if not seen[name] then seen[name], out[#out + 1] = true, name end
  end
  table.sort(out, function(a, b)
    local x, y = rank[a] or math.maxinteger, rank[b] or math.maxinteger
    if x ~= y then return x < y end
    return plain(a, b) < 0
  end)
  return out
end

-- compare for cells that may be missing: those stand last, also when sign is -1.
function order.with_missing(compare, sign)
  return function(a, b)
    if a == nil or b == nil then return a == b and 0 or a == nil and 1 or -1 end
    return compare(a, b) * (sign or 1)
  end
end

local known = setmetatable({}, { __mode = "k" })

-- Says of a list of cells what order it has: places(): for each cell its place from 0 on, each less than most; missing cells have the
-- last one. It must be that of the comparison by which such lists are sorted.
function order.knows(cells, most, places) known[cells] = { most = most, places = places } end

local function known_ranks(cells, n, sign)
  local one = known[cells]
  local places, ranks = one.places(), {}
  if sign > 0 then return places, one.most end
  for i = 1, n do ranks[i] = cells[i] == nil and one.most or one.most - 1 - places[i] end
  return ranks, one.most + 1
end

-- Ranks of different cells.
local function ranked(list, compare, sign)
  local ranks, rank = {}, 0
  if compare == plain and type(list[1]) ~= "string" then
    table.sort(list)
    for k, cell in ipairs(list) do ranks[cell] = sign < 0 and #list - k or k - 1 end
    return ranks
  end
  table.sort(list, function(a, b) return compare(a, b) * sign < 0 end)
  for k, cell in ipairs(list) do
    if k > 1 and compare(list[k - 1], cell) ~= 0 then rank = rank + 1 end
    ranks[cell] = rank
  end
  return ranks
end

-- The places of n cells in the order of compare (as from order.cells) by rank, each less than the second result: equal ones have one
-- rank, missing ones the last; turned around with sign -1. nil where it would not pay: for cells that are not texts or whole numbers.
function order.ranks(cells, n, compare, sign)
  if known[cells] then return known_ranks(cells, n, sign) end
  local list, seen, out = {}, {}, {}
  cells = lazy.filled(cells)
  for i = 1, n do
    local cell = cells[i]
    if cell ~= nil and not seen[cell] then
      if type(cell) ~= "string" and math.type(cell) ~= "integer" then return nil end
      list[#list + 1], seen[cell] = cell, true
    end
  end
  local ranks = ranked(list, compare, sign)
  for i = 1, n do
    if cells[i] == nil then out[i] = #list else out[i] = ranks[cells[i]] end
  end
  return out, #list + 1
end

-- Sorts numbers of rows, ascending as they are, by lists of ranks (from order.ranks); false where there are other keys or more places
-- than one whole number tells apart.
function order.by_ranks(rows, keys, n)
  local places, list = n + 1, {}
  for _, key in ipairs(keys) do
    if not key.ranks or places > math.maxinteger // key.most then return false end
    places = places * key.most
  end
  for k, i in ipairs(rows) do
    local place = 0
    for _, key in ipairs(keys) do place = place * key.most + key.ranks[i] end
    list[k] = place * (n + 1) + i
  end
  table.sort(list)
  for k, place in ipairs(list) do rows[k] = place % (n + 1) end
  return true
end

local function rising(list, compare)
  for k = 2, #list do
    if compare(list[k - 1], list[k]) >= 0 then return false end
  end
  return true
end

-- Different cells in the order of compare. Days and the like mostly stand as their bytes do, which is tried first and looked at.
function order.sorted(cells, compare)
  local out, plainly = table.move(cells, 1, #cells, 1, {}), true
  for _, cell in ipairs(cells) do plainly = plainly and type(cell) == "string" end
  if plainly then table.sort(out) end
  if not rising(out, compare) then
    for k, i in ipairs(order.rows(#cells, { function(i, j) return compare(cells[i], cells[j]) end })) do out[k] = cells[i] end
  end
  return out
end

-- "n desc, phase" -> list of {name, sign}
function order.keys(keys, what)
  if type(keys) ~= "string" then
    core.raise("type", what .. " takes the keys as one string, not a " .. type(keys), 'hint: "n desc, phase"')
  end
  local list = {}
  for part in (keys .. ","):gmatch "%s*(.-)%s*," do
    local name, direction = part, "asc"
    local head, tail = part:match "^(.-)%s+(%a+)$"
    if head and (tail:lower() == "desc" or tail:lower() == "asc") then name, direction = head, tail:lower() end
    if name == "" then core.raise("syntax", "an empty key in the sort order '" .. keys .. "'") end
    list[#list + 1] = { name = name, sign = direction == "desc" and -1 or 1 }
  end
  return list
end

-- The numbers 1..n in the order of the comparisons, which take two row numbers; rows that are equal keep their order.
function order.rows(n, comparisons)
  local rows = {}
  for i = 1, n do rows[i] = i end
  table.sort(rows, function(i, j)
    for _, compare in ipairs(comparisons) do
      local found = compare(i, j)
      if found ~= 0 then return found < 0 end
    end
    return i < j
  end)
  return rows
end

return order
