-- codes: what the names in columns of countries, provinces, goods and roles stand for: the codes that records keep, whether the
-- names come in a file or are inserted.
local core = require "mekong.core"
local entity = require "mekong.entity"
local vocab = require "mekong.vocab"

local codes = {}

local countries = { "reporter", "partner", "intel", "origin", "transit", "destination" }
local kinds = { cases = { province = "province", role = "role" }, lines = { category = "category", item = "item" },
  claims = { category = "category", item = "item" }, persons = { nationality = "country" },
  focal_points = { country = "country" }, alerts = { country = "country" }, conversions = { item = "item" } }
for _, name in ipairs(countries) do kinds.cases[name] = "country" end

-- The kinds of entities that columns of a table hold, {[column] = kind}, or nil.
function codes.kinds(tab) return kinds[tab] end

local changes -- the days on which names change what they stand for

-- A part of time in which names stand for the same; months and years have one of their own.
function codes.era(day)
  if not day or #day ~= 10 then return day or "" end
  if not changes then
    changes = {}
    for one in pairs(core.entity.changes()) do changes[#changes + 1] = one end
    table.sort(changes)
  end
  local era = 0
  while changes[era + 1] and changes[era + 1] <= day do era = era + 1 end
  return era
end

-- What names stand for in a store as it is now, remembered by name. The one given before is the answer while the names of the
-- store's own and of this Lua state are what they were.
function codes.book(store, before)
  local stamp, added = core.store.names(store), vocab.count()
  if before and before.added ~= added then before = nil end
  if before and before.stamp == stamp then return before end
  local own, list = {}, {}
  local _, data, n = core.store.query(store, "SELECT kind, code, alias FROM aliases ORDER BY kind, code, alias")
  for i = 1, n do list[i] = data[1][i] .. "\0" .. data[2][i] .. "\0" .. data[3][i] end
  local names = table.concat(list, "\0\0")
  if before and before.names == names then
    before.stamp = stamp
    return before
  end
  for i = 1, n do
    local kind = data[1][i]
    own[kind] = own[kind] or {}
    own[kind][core.text.key(data[3][i], 1)] = data[2][i]
  end
  return { own = own, known = {}, names = names, stamp = stamp, added = added }
end

-- What a name may have been meant for on a day.
local function by_day(kind, text, day)
  local found, others = entity.find(text, { kind = kind, on = day })
  if found then return found.code end
  if not others[1] then return nil end
  local several = others[1].similarity == 1.0 and others[2]
  return nil, several and others[1].code .. ", " .. several.code or others[1].name
end

-- near(text, day) -> suggestion or nil, for a name that stands for nothing at any time, which is looked for when it is asked for first.
local function suggesting(kind, name)
  local looked, first = false, nil
  return function(text, day)
    if not looked then
      local _, others = entity.find(name, { kind = kind })
      looked, first = true, others[1]
    end
    if first and first.similarity == 1.0 then return (select(2, by_day(kind, text, day))) end
    return first and first.name
  end
end

-- {near =} of a name that stands for nothing at any time, which is looked for once; false for others.
local function nowhere(book, kind, text)
  -- what is neither a code nor an abbreviation is one thing in all its spellings
  local marked = kind ~= "phase" and #text <= 128 and text:find "[\x80-\xFF]" and text:find(" ", 1, true)
  local slot = kind .. (marked and "\1" .. core.text.key(text, 1) or "\0" .. text)
  if book.known[slot] == nil then
    book.known[slot] = not entity.means(text, kind) and { near = suggesting(kind, text) }
  end
  return book.known[slot]
end

-- The same of a name that stands for one thing or for nothing, whatever the day; false for others.
local function always(book, kind, text)
  local slot = kind .. "\2" .. text
  if book.known[slot] == nil then
    local own = book.own[kind] and book.own[kind][core.text.key(text, 1)]
    book.known[slot] = own and { code = own } or #text > 200 and {} or nowhere(book, kind, text)
  end
  return book.known[slot]
end

-- Code or nil of a name, and a function that gives a suggestion or nil; provinces by the day of the case.
function codes.of(book, kind, text, day)
  local known = always(book, kind, text)
  if not known then
    local slot = kind .. "\3" .. codes.era(day) .. "\0" .. text
    known = book.known[slot]
    if not known then
      local code, near = by_day(kind, text, day)
      known = { code = code, near = near and function() return near end }
      book.known[slot] = known
    end
  end
  local near = known.near
  return known.code, near and function() return near(text, day) end
end

return codes
