-- A store on disk is made, changed, closed and opened again: what was acknowledged is there, what was not is not in part.
local function change(store, key)
  return assert(store:insert("cases", { { case = key .. "1", phase = 7 }, { case = key .. "2", phase = 7 } }))
end
local function count(store)
  return #store:sql "select 1 from cases"
end
local acknowledged = 0
return {
  afresh = true,
  setup = function() return require "mekong" end,
  run = function(mekong, env)
    local store <close> = assert(mekong.open(env.path))
    change(store, "a")
    acknowledged = 2
    change(store, "b")
    acknowledged = 4
  end,
  check = function(mekong, env)
    local store <close> = assert(mekong.open(env.path))
    local n = count(store)
    assert(n >= acknowledged, "an acknowledged row is gone")
    assert(n == 0 or n == 2 or n == 4, "a part of an insert is there")
    change(store, "c")
    assert(count(store) == n + 2)
    assert(store:check())
  end,
}
