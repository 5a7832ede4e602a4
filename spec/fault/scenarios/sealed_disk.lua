-- Rows of a store on disk are sealed, changed, sealed again and unsealed while its files fail or the process is killed: what was
-- acknowledged is there, and nothing of the rest in part.
local acknowledged = dofile "spec/support/acknowledged.lua"
local core = require "mekong.core"
local rows = dofile "spec/fault/scenarios/sealed.lua"
return {
  afresh = true,
  kill = true,
  sparse = 4,
  setup = function() return require "mekong" end,
  run = function(mekong, env)
    local store <close> = assert(mekong.open(env.path))
    assert(store:transaction(function()
      rows.fill(store)
      return true
    end))
    acknowledged.say(env.path, "-filled")
    assert(core.store.seal(store, 4))
    rows.change(store)
    acknowledged.say(env.path, "-changed")
    assert(core.store.seal(store))
    assert(store:unseal())
    assert(core.store.seal(store))
  end,
  check = function(mekong, env)
    local store <close> = assert(mekong.open(env.path))
    local filled = store:sql("select count(*) as n from cases")[1].n > 0
    assert(filled or not acknowledged.was(env.path, "-filled"), "acknowledged rows are gone")
    if not filled then rows.fill(store) end
    local changed = rows.changed(store)
    assert(changed or not acknowledged.was(env.path, "-changed"), "acknowledged changes are gone")
    if not changed then rows.change(store) end
    assert(core.store.seal(store, 4))
    assert(store:check())
    assert(rows.changed(store))
  end,
}
