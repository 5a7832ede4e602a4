-- entity: what a name stands for on a day: places, bodies, countries, goods, phases. One meaning is an entity; several are
-- a list to choose from, and what is merely alike is suggested, never taken.
local core = require "mekong.core"
local fmt = require "mekong.fmt"
local options = require "mekong.options"
local order = require "mekong.order"
local vocab = require "mekong.vocab"

local entity = {}

-- ---------------------------------------------------------------- the object

local fields = { "kind", "code", "name", "name_en", "valid_from", "valid_to", "parent", "place", "region", "areas", "successors",
  "predecessors", "alias", "similarity", "status", "source", "note" }
local known = {}
for _, name in ipairs(fields) do known[name] = true end

local kinds_vi = { province = "tỉnh", municipality = "thành phố trực thuộc trung ương", abroad_province = "tỉnh ở nước ngoài",
  abroad_city = "thành phố ở nước ngoài", online = "trực tuyến", customs_region = "khu vực hải quan",
  customs_area = "địa bàn hải quan", agency = "cơ quan", country = "nước, vùng lãnh thổ", item = "mặt hàng",
  category = "nhóm hàng", operation = "chiến dịch", phase = "giai đoạn", system = "hệ thống", measure = "chỉ tiêu",
  region = "khu vực" }

local Entity = { __name = "mekong.Entity" }

-- "Tuyên Quang (VN-08): tỉnh, từ 01/07/2025"
function Entity.__tostring(self)
  local text = ("%s (%s): %s"):format(self.name, self.code, kinds_vi[self.kind] or self.kind)
  if self.region and self.region ~= self.code then text = text .. ", thuộc " .. self.region end
  if self.valid_from then text = text .. ", từ " .. fmt.date(self.valid_from) end
  if self.valid_to then text = text .. " đến " .. fmt.date(self.valid_to) end
  return text
end

local function read_only(_, name)
  core.raise("readonly", ("an entity cannot be changed (field %s)"):format(tostring(name)))
end

local function new(values)
  local methods = {
    __name = Entity.__name, __tostring = Entity.__tostring, __newindex = read_only,
    __index = function(_, name)
      if known[name] then return values[name] end
      if type(name) == "string" then core.find_name(name, fields, {}, "field of an entity") end
    end,
    __pairs = function(self)
      local i = 0
      return function()
        repeat i = i + 1 until fields[i] == nil or values[fields[i]] ~= nil
        return fields[i], values[fields[i]]
      end, self, nil
    end,
    __eq = function(a, b) return a.kind == b.kind and a.code == b.code and a.valid_from == b.valid_from end,
  }
  return setmetatable({}, methods)
end

-- ---------------------------------------------------------------- from senses of the core

local function notes(sense, values)
  local named, of, list = sense.named, sense.entity, {}
  if named and named.code == of.code then
    list[1] = named.valid_to and ("%s was its name until %s"):format(named.name, named.valid_to)
      or ("%s is its name since %s"):format(named.name, named.valid_from)
  elseif named then
    list[1] = ("%s became part of %s on %s"):format(named.name, of.name, core.date.add(named.valid_to, 1))
  end
  if sense.used_to then list[#list + 1] = ("the name '%s' was in use until %s"):format(sense.alias, sense.used_to) end
  if sense.old_form then list[#list + 1] = "provinces have no customs department of their own any more" end
  list[#list + 1] = values.note
  values.note = list[1] and table.concat(list, "; ")
end

-- Customs region of a province on a day, nil when it is not recorded.
local function region_on(code, day)
  local sense = core.entity.find(code, "province", day)[1]
  return sense and sense.region
end

local function department(sense)
  local of = sense.entity
  if of.kind == "country" then
    return { kind = "agency", code = of.code .. "-Customs", name = "Hải quan " .. of.name, name_en = of.name_en .. " Customs",
      parent = of.code, status = "derived", source = of.source, note = "formed from the name of the country" }
  end
  local word = of.name:find "^Thành phố" and "" or of.kind == "municipality" and "thành phố " or "tỉnh "
  local region = sense.to and region_on(of.code, core.date.add(sense.to, 1))
  return { kind = "agency", code = "VN-Customs@" .. of.code, name = "Cục Hải quan " .. word .. of.name,
    name_en = "Customs Department of " .. (of.name_en or of.name), valid_from = sense.from, valid_to = sense.to,
    parent = "VN-Customs", place = of.code, successors = region and { region }, status = "derived", source = of.source,
    note = "formed from the name of the place; whether its department also served others is not recorded" }
end

local function area(sense)
  local of, row = sense.entity, sense.area
  return { kind = "customs_area", code = of.code, name = "Hải quan " .. of.name, name_en = (of.name_en or of.name) .. " customs",
    valid_from = sense.from, valid_to = sense.to, parent = row and row.parent or "VN-Customs", place = of.code,
    region = row and row.parent, status = row and row.status, source = row and row.source or of.source,
    note = row and row.note or "the customs region of this province is not recorded for this time" }
end

-- States of one entity that the core joined have the time of all of them.
local dated = { province = true, municipality = true, customs_region = true }

local function itself(sense)
  local values = sense.entity
  if dated[values.kind] then
    if sense.from and sense.from < values.valid_from then values.valid_from = sense.from end
    if values.valid_to and (not sense.to or sense.to > values.valid_to) then values.valid_to = sense.to end
  end
  values.region = values.kind == "customs_region" and values.code or sense.region
  return values
end

local makers = { itself = itself, department = department, area = area }

local function make(sense)
  local values = makers[sense.as](sense)
  notes(sense, values)
  values.alias = sense.alias
  values.similarity = sense.similarity
  return new(values)
end

local function by_start(a, b)
  for _, name in ipairs { "valid_from", "code", "kind" } do
    local found = order.plain(a[name] or "", b[name] or "")
    if found ~= 0 then return found < 0 end
  end
  return false
end

local List = { __tostring = function(list)
  local lines = {}
  for i, one in ipairs(list) do lines[i] = tostring(one) end
  return table.concat(lines, "\n")
end }

-- ---------------------------------------------------------------- looking up

local function same(a, b) return a.as == b.as and a.kind == b.kind and a.entity.code == b.entity.code and a.from == b.from end

local function add_new(senses, sense)
  for _, one in ipairs(senses) do
    if same(one, sense) then return end
  end
  senses[#senses + 1] = sense
end

-- Senses of names in data/ and of those added to this Lua state; exact names go before names without their marks.
local function senses_of(name, kind, on)
  local senses = core.entity.find(name, kind, on)
  local entries, level = vocab.find(name)
  local found = senses[1] and senses[1].level or 9
  if not level or found < level then return senses end
  if level < found then senses = {} end
  for _, entry in ipairs(entries) do
    for _, sense in ipairs(core.entity.find(entry.code, kind or entry.kind, on)) do
      if sense.level == 0 then
        sense.alias = entry.alias
        add_new(senses, sense)
      end
    end
  end
  return senses
end

local function all(senses, similarity)
  local list = {}
  for i, sense in ipairs(senses) do
    sense.similarity = similarity
    list[i] = make(sense)
  end
  table.sort(list, by_start)
  return setmetatable(list, List)
end

local most = 5 -- suggestions given

local function suggestions(name, kind, on)
  local near = core.entity.near(name, kind, on)
  for _, found in ipairs(vocab.near(name)) do
    for _, sense in ipairs(core.entity.find(found.entry.code, kind or found.entry.kind, on)) do
      if sense.level == 0 then
        sense.alias, sense.cost, sense.full = found.entry.alias, found.cost, found.full
        add_new(near, sense)
      end
    end
  end
  for i, sense in ipairs(near) do sense.rank = i end
  table.sort(near, function(a, b)
    local x, y = a.cost * b.full, b.cost * a.full
    if x ~= y then return x < y end
    return a.rank < b.rank
  end)
  local list = {}
  for i = 1, math.min(#near, most) do
    local sense = near[i]
    sense.similarity = sense.cost == 0 and 1.0 or (sense.full - sense.cost) / sense.full
    list[i] = make(sense)
  end
  return setmetatable(list, List)
end

-- Whether a name means something of a kind on any day, so that entity.find does more than suggest.
function entity.means(name, kind) return #senses_of(name, vocab.kind(kind)) > 0 end

-- mekong.entity(name [, {kind = "province", on = "14/8/2025"}]) -> entity | nil, list of entities. The list holds what the
-- name may mean (similarity 1), else what it meant at other times, else names like it with their similarity.
function entity.find(name, opts)
  opts = options.check(opts, { "kind", "on" }, "mekong.entity")
  local kind = opts.kind ~= nil and vocab.kind(opts.kind) or nil
  local on = options.typed(opts.on, "string", "option on")
  local senses = senses_of(name, kind, on)
  if #senses == 1 then return make(senses[1]) end
  if #senses == 0 and on then senses = senses_of(name, kind) end
  if senses[1] then return nil, all(senses, 1.0) end
  return nil, suggestions(name, kind, on)
end

return entity
