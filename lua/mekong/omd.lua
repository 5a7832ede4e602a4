-- omd: a store with the public ledger of the campaign, brought up to the ledger of this module. Rows of the ledger carry the
-- generation that wrote them; a row that the user has changed or added is the user's and stays.
local core = require "mekong.core"
local store = require "mekong.store"

local omd = {}

local known -- what carried gives

-- Which ledger this module carries: its number, and a digest that tells two of the same number apart.
local function carried()
  if known then return known.version, known.digest end
  local parts = {}
  for _, t in ipairs(core.store.tables()) do
    local text = core.data(t.name .. ".csv")
    if text then parts[#parts + 1] = ("%s %d\n%s"):format(t.name, #text, text) end
  end
  known = { version = math.tointeger(tonumber((core.data "VERSION" or ""):match "^%s*(%d+)")) or 0,
    digest = core.store.sha256(table.concat(parts)) }
  return known.version, known.digest
end

local function number(self, name) return math.tointeger(tonumber(core.store.meta(self, name) or "")) or 0 end

-- store:ledger() -> {version, digest, generation, kept}; nil in a store without one. kept: rows of the ledger that were not
-- loaded because the user holds a row of that key.
function core.store.methods:ledger()
  local digest = core.store.meta(self, "ledger_digest")
  if not digest then return nil end
  return {
    version = number(self, "ledger_version"), digest = digest, generation = number(self, "ledger_generation"),
    kept = number(self, "ledger_kept"),
  }
end

-- Whether a store holds this ledger as it was loaded and nothing beside it. False also where that is not to be seen at once: where an
-- older ledger was there before.
function omd.untouched(self)
  local version, digest = carried()
  local held = self:ledger()
  if not held or held.version ~= version or held.digest ~= digest or held.generation ~= 1 or held.kept > 0 then return false end
  local others = { "exists (select 1 from history)", "exists (select 1 from user_columns)" }
  for _, t in ipairs(core.store.tables()) do others[#others + 1] = ('exists (select 1 from "%s" where ledger is null)'):format(t.name) end
  local _, data = core.store.query(self, "select " .. table.concat(others, " or "))
  return data[1][1] == 0
end

local function load_all(self, generation)
  local kept = 0
  for _, t in ipairs(core.store.tables()) do
    local text = core.data(t.name .. ".csv")
    if text then
      local counts, message, info = core.store.load(self, t.name, text, "data/" .. t.name .. ".csv", ",", generation)
      if not counts then return nil, message, info end
      kept = kept + counts.kept
    end
  end
  local removed, message, info = core.store.prune(self, generation)
  if not removed then return nil, message, info end
  return kept
end

local function write_meta(self, values)
  for _, pair in ipairs(values) do
    local ok, message, info = core.store.meta(self, pair[1], tostring(pair[2]))
    if not ok then return nil, message, info end
  end
  return true
end

local function refresh(self)
  local version, digest = carried()
  local held = self:ledger()
  if held and (held.version > version or held.version == version and held.digest == digest) then return true end
  if core.store.info(self).readonly then
    if held then return true end
    return core.fail("readonly", "the store holds no ledger and can only be read", "hint: open it once with mekong.omd without readonly")
  end
  local generation = (held and held.generation or 0) + 1
  local guard <close>, message, info = core.store.begin(self)
  if not guard then return nil, message, info end
  local kept
  kept, message, info = load_all(self, generation)
  if not kept then return nil, message, info end
  local ok
  ok, message, info = write_meta(self, { { "ledger_version", version }, { "ledger_digest", digest },
    { "ledger_generation", generation }, { "ledger_kept", kept } })
  if not ok then return nil, message, info end
  return core.store.commit(self, guard)
end

-- mekong.omd([path [, opts]]) -> store | nil, message, info; without a path the store is in memory. opts as mekong.open.
function omd.open(path, opts)
  if type(path) == "table" then
    core.raise("type", "mekong.omd takes a path before its options", "hint: in memory: mekong.omd(nil, {locale = \"en\"})")
  end
  local self, message, info = store.open(path == nil and ":memory:" or path, opts)
  if not self then return nil, message, info end
  local _ <close> = setmetatable({}, { __close = function(_, failure) if failure ~= nil then self:close() end end })
  local ok
  ok, message, info = refresh(self)
  if ok then return self end
  self:close()
  return nil, message, info
end

return omd
