-- kept: what is worked out from a store, kept until what it was worked out from changes, by whichever program. Callers share the value
-- and do not change it. Inside a transaction nothing is kept: a rollback takes the store back to where it was.
local core = require "mekong.core"

local kept = {}

-- The state of some tables as text: how often rows of each were changed.
local function state_of(store, tables)
  local sql = "SELECT n FROM counters WHERE tab IN ('" .. table.concat(tables, "', '") .. "') ORDER BY tab"
  local _, data, n = core.store.query(store, sql)
  return n == #tables and table.concat(data[1], " ") or nil
end

-- kept.of({"phases"}, make) -> function(store [, stamp]) that gives make(store), made anew after a row of one of those tables was changed;
-- without tables, after anything was. stamp: core.store.stamp(store), from a caller who asks for several such things at once.
function kept.of(tables, make)
  local last = setmetatable({}, { __mode = "k" })
  return function(store, stamp)
    local known = last[store]
    stamp = stamp or core.store.stamp(store) -- before anything is read: what changes in between is seen the next time
    if not stamp then
      last[store] = nil
      return make(store)
    end
    if known and known.stamp == stamp then return known.value end
    local state = tables and state_of(store, tables)
    if not (known and state and known.state == state) then known = { state = state, value = make(store) } end
    known.stamp = stamp
    last[store] = known
    return known.value
  end
end

return kept
