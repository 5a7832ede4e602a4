-- kept: what is worked out from tables of a store, kept until one of them changes.
local core = require "mekong.core"

local kept = {}

-- kept.of({"phases"}, make) -> function(store) that gives make(store), made anew after a row of one of those tables was changed, by
-- whichever program. Callers share the value and do not change it. Inside a transaction nothing is kept: a rollback takes the
-- counters back, and the same numbers would then stand for other rows.
function kept.of(tables, make)
  local last = setmetatable({}, { __mode = "k" })
  local sql = "SELECT n FROM counters WHERE tab IN ('" .. table.concat(tables, "', '") .. "') ORDER BY tab"
  return function(store)
    if core.store.info(store).depth ~= 0 then
      last[store] = nil
      return make(store)
    end
    local _, data, n = core.store.query(store, sql) -- before make reads: what changes in between is seen the next time
    local state = n == #tables and table.concat(data[1], " ") or nil
    local known = last[store]
    if known and known.state == state then return known.value end
    local value = make(store)
    last[store] = state and { state = state, value = value } or nil
    return value
  end
end

return kept
