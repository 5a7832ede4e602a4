-- store_names: names of a store's own, and what its units are worth in others.
local core = require "mekong.core"
local options = require "mekong.options"
local vocab = require "mekong.vocab"

local methods = core.store.methods

-- Every name of that kind: the codes, what they are called, and the aliases. key -> {name, code}
local function known_aliases(self, kind)
  local _, data, n = core.store.query(self, [[SELECT code, code FROM codes WHERE kind = ?1
    UNION ALL SELECT code, name_vi FROM codes WHERE kind = ?1 AND name_vi IS NOT NULL
    UNION ALL SELECT code, name_en FROM codes WHERE kind = ?1 AND name_en IS NOT NULL
    UNION ALL SELECT code, alias FROM aliases WHERE kind = ?1 ORDER BY 2, 1]], { kind })
  local by_key = {}
  for i = 1, n do by_key[core.text.key(data[2][i], 1)] = { data[2][i], data[1][i] } end
  return by_key
end

local function check_codes(self, kind, list)
  local _, data, n = core.store.query(self, "SELECT code FROM codes WHERE kind = ?1 ORDER BY code", { kind })
  if n == 0 then return end
  local known = {}
  for i = 1, n do known[data[1][i]] = true end
  for _, pair in ipairs(list) do
    if not known[pair[2]] then core.find_name(pair[2], data[1], {}, "code of kind " .. kind) end
  end
end

-- store:alias(kind, {["Bột trắng"] = "heroin", ...}) -> number of new names | nil, message, info.
-- A name that already stands for this code is left alone; one that stands for another code is refused.
function methods:alias(kind, names)
  kind = vocab.text(kind, "the kind of an alias")
  local list = vocab.list(names, "store:alias")
  check_codes(self, kind, list)
  local known, rows = known_aliases(self, kind), {}
  for _, pair in ipairs(list) do
    local key = core.text.key(pair[1], 1)
    local other = known[key]
    if not other then
      known[key] = pair
      rows[#rows + 1] = { kind = kind, code = pair[2], alias = pair[1] }
    elseif other[2] ~= pair[2] then
      core.raise("ambiguous", ("'%s' already stands for %s ('%s'), so it cannot also stand for %s"):format(
        pair[1], other[2], other[1], pair[2]), "hint: one name stands for one code; delete the old alias first if it is wrong")
    end
  end
  return self:insert("aliases", rows)
end

-- A decimal as people write it, "0,35" or "0.35", in canonical form; one that can be read in two ways is refused.
local function decimal(text, whole)
  local units, mark, places = text:match "^(%d+)([.,]?)(%d*)$"
  if not units or (mark == "") ~= (places == "") then
    core.raise("syntax", ("'%s' is not a conversion"):format(whole), 'hint: write a number or a range and a unit, "90..300 mg"')
  end
  if #places == 3 and #units <= 3 and units ~= "0" then
    core.raise("ambiguous", ("'%s' can be read as %s%s and as %s.%s"):format(text, units, places, units, places),
      ("hint: write %s%s or %s.%s0"):format(units, places, units, places))
  end
  return mark == "" and units or units .. "." .. places
end

-- A unit is worth something, and the range runs upwards.
local function check_factors(low, high, whole)
  local from, to = core.figure.new { best = low }, core.figure.new { best = high }
  if from:is(0) then core.raise("range", ("'%s': a unit cannot be worth nothing"):format(whole)) end
  if to:surely_lt(from) then
    core.raise("range", ("'%s': the range runs downwards"):format(whole), "hint: the lower number comes first")
  end
end

-- A transaction for the module's own use whose function can give up: undo(message, info) takes everything back and makes
-- the whole return nil, message, info.
local function all_or_nothing(self, fn)
  local given_up = {}
  local function undo(message, info)
    given_up.message, given_up.info = message, info
    error(given_up)
  end
  local ok, result, message, info = pcall(self.transaction, self, function() return fn(undo) end)
  if ok then return result, message, info end
  if result == given_up then return nil, given_up.message, given_up.info end
  error(result, 0)
end

-- What names a source finds it in sources: one that is not there yet is entered by its name alone.
local function name_source(self, source)
  local _, key = core.store.key(self, "sources", { source = source })
  local _, _, n = core.store.query(self, "select 1 from sources where source = ?1", { key[1] })
  if n > 0 then return true end
  return self:insert("sources", { source = source })
end

-- store:equiv("viên", "90..300 mg" [, {for_item = "yaba", source = "undata"}]): what one unit is worth in another; only
-- such named conversions cross units, and their results are intervals. A conversion that is there is replaced; a source that
-- is not known yet is added.
function methods:equiv(unit, worth, opts)
  opts = options.check(opts, { "for_item", "source" }, "store:equiv")
  unit, worth = vocab.text(unit, "the unit"), vocab.text(worth, "the conversion")
  local numbers, to_unit = worth:match "^([%d.,%s]+)%s+(%D.*)$"
  if not numbers then numbers, to_unit = worth:match "^([%d.,]+)(%a.*)$" end
  if not numbers then
    core.raise("syntax", ("'%s' is not a conversion"):format(worth), 'hint: write a number or a range and a unit, "90..300 mg"')
  end
  numbers = numbers:gsub("%s", "")
  local low, high = numbers:match "^(.-)%.%.(.+)$"
  low, high = decimal(low or numbers, worth), decimal(high or numbers, worth)
  check_factors(low, high, worth)
  local row = { item = opts.for_item or "", unit = unit, to_unit = to_unit, factor_lo = low, factor_hi = high, source = opts.source }
  return all_or_nothing(self, function(undo)
    local _, key = core.store.key(self, "conversions", { item = row.item, unit = unit, to_unit = to_unit })
    if core.figure.comparable(core.figure.unknown(key[2]), core.figure.unknown(key[3])) then
      core.raise("unit", ("%s and %s convert into each other already"):format(unit, to_unit),
        "hint: conversions are for units of different kinds, such as tablets and milligrams")
    end
    local ok, message, info = self:delete("conversions", { item = key[1], unit = key[2], to_unit = key[3] })
    if ok and row.source then ok, message, info = name_source(self, row.source) end
    if ok then ok, message, info = self:insert("conversions", row) end
    if not ok then undo(message, info) end
    return true
  end)
end
