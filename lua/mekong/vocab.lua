-- vocab: names of their own that people add to those of data/: for this Lua state by mekong.vocab:add, for a store by
-- store:alias. Both take them in the same form.
local core = require "mekong.core"
local order = require "mekong.order"

local vocab = { kinds = {} }

local kind_names = {
  agency = "cơ quan|đơn vị", category = "nhóm hàng", city = "thành phố", country = "nước|quốc gia",
  customs_region = "khu vực hải quan", item = "mặt hàng", operation = "chiến dịch", phase = "giai đoạn", place = "nơi|địa điểm",
  province = "tỉnh|tỉnh thành", unit = "đơn vị tính",
}
local kind_aliases = {}
for i, kind in ipairs { "abroad_city", "abroad_province", "agency", "category", "city", "country", "customs_area", "customs_region",
  "division", "item", "measure", "municipality", "operation", "outcome", "phase", "place", "province", "region", "role", "series",
  "status", "system", "unit" } do
  vocab.kinds[i], kind_aliases[i] = kind, kind_names[kind] or false
end

-- The kind of entity of that name, or an error that names the nearest.
function vocab.kind(name)
  if type(name) ~= "string" then core.raise("type", "a kind of entity must be a string, not a " .. type(name)) end
  return vocab.kinds[core.find_name(name, vocab.kinds, kind_aliases, "kind of entity")]
end

-- A text argument in form C and trimmed.
function vocab.text(value, what)
  if type(value) ~= "string" then core.raise("type", what .. " must be a string, not a " .. type(value)) end
  value = core.text.nfc(value):match "^%s*(.-)%s*$"
  if value == "" then core.raise("type", what .. " is empty") end
  return value
end

local function by_name(a, b)
  local found = order.plain(a[1], b[1])
  return found < 0 or found == 0 and order.plain(a[2], b[2]) < 0
end

-- {alias = code} or {{alias, code}, ...} as a list in byte order of the aliases.
function vocab.list(names, what)
  if type(names) ~= "table" then core.raise("type", what .. " takes {alias = code}, not a " .. type(names)) end
  local list = {}
  for alias, code in pairs(names) do
    if type(alias) == "number" and type(code) == "table" then alias, code = code[1], code[2] end
    list[#list + 1] = { vocab.text(alias, "an alias"), vocab.text(code, "the code of an alias") }
  end
  table.sort(list, by_name)
  return list
end

-- ---------------------------------------------------------------- names of this Lua state

local added = {} -- in the order they came: {alias, code, kind, key, plain}
local added_units = {} -- the same of units, which are no entities

local function key_of(name, level) return (core.text.key(name, level):gsub("-", " ")) end

-- What was added under this name: the entries and the level of key at which they met; without marks the name may stand
-- for names with marks.
function vocab.find(name)
  local key, plain = key_of(name, 1), key_of(name, 3)
  for _, level in ipairs { { 1, "key", key }, { 3, "plain", plain } } do
    local found = {}
    for _, entry in ipairs(added) do
      if entry[level[2]] == level[3] then found[#found + 1] = entry end
    end
    if found[1] then return found, level[1] end
    if key ~= plain then break end
  end
  return {}, nil
end

-- Every entry with its likeness to the name; never for names with digits.
function vocab.near(name)
  local found = {}
  if name:find "%d" then return found end
  for _, entry in ipairs(added) do
    if not entry.alias:find "%d" then
      local cost, full = core.text.similarity(name, entry.alias)
      if cost * 10 <= full * 3 then found[#found + 1] = { entry = entry, cost = cost, full = full } end
    end
  end
  return found
end

local function check_code(kind, code)
  if kind == "unit" then
    if core.figure.unit(code) == code then return end
    core.raise("name", ("'%s' is not the code itself; codes are written exactly"):format(code))
  end
  for _, sense in ipairs(core.entity.find(code, kind)) do
    if sense.level == 0 then return end
  end
  core.find_name(code, core.entity.codes(kind), {}, "code of kind " .. kind)
  core.raise("name", ("'%s' is not the code itself; codes are written exactly"):format(code))
end

-- The code that the name stands for already, among things of that kind.
local function held(kind, alias, fresh)
  local key = key_of(alias, 1)
  for _, list in ipairs { added, added_units, fresh } do
    for _, entry in ipairs(list) do
      if entry.kind == kind and entry.key == key then return entry.code end
    end
  end
  if kind == "unit" then
    local known, code = pcall(core.figure.unit, alias)
    return known and code or nil
  end
  for _, sense in ipairs(core.entity.find(alias, kind)) do
    if sense.level < 3 then return sense.entity.code end
  end
end

-- mekong.vocab:add(kind, {["Bột trắng"] = "heroin", ...}) -> number of new names. For this Lua state; all or nothing. A name
-- that stands for this code already is left alone; one that stands for another is an error.
function vocab:add(kind, names)
  if self ~= vocab.public then core.raise("type", "vocab:add is called with a colon", 'hint: mekong.vocab:add("item", {...})') end
  kind = vocab.kind(kind)
  local fresh = {}
  for _, pair in ipairs(vocab.list(names, "vocab:add")) do
    local alias, code = pair[1], pair[2]
    check_code(kind, code)
    local other = held(kind, alias, fresh)
    if other and other ~= code then
      core.raise("duplicate", ("'%s' already stands for %s, so it cannot also stand for %s"):format(alias, other, code))
    elseif not other then
      fresh[#fresh + 1] = { alias = alias, code = code, kind = kind, key = key_of(alias, 1), plain = key_of(alias, 3) }
    end
  end
  local list = kind == "unit" and added_units or added
  table.move(fresh, 1, #fresh, #list + 1, list)
  return #fresh
end

-- How many names were added; none is ever taken away.
function vocab.count() return #added end

-- The names added as {{key, kind, code}, ...} in byte order of their keys, for the reader of texts.
function vocab.for_reading()
  local list = {}
  for _, names in ipairs { added, added_units } do
    for _, entry in ipairs(names) do list[#list + 1] = { entry.key, entry.kind, entry.code } end
  end
  table.sort(list, by_name)
  return list
end

-- Those that stand for codes, as {kind, folded name, code} in the order they came.
function vocab.for_conditions()
  local list = {}
  for i, entry in ipairs(added) do list[i] = { entry.kind, core.text.key(entry.alias, 1), entry.code } end
  return list
end

vocab.public = { add = vocab.add }

return vocab
