-- A file of cases with their lines becomes sealed columns of a store on disk while its files fail or the process is killed: what was
-- acknowledged is there, and nothing of the rest in part.
local acknowledged = dofile "spec/support/acknowledged.lua"
local core = require "mekong.core"
local block = 4
local function text(key)
  local list = { "case,phase,date,agency,category,quantity,unit" }
  for i = 1, 9 do
    list[#list + 1] = ("%s%d,%d,%d/8/2025,Đội %d,drug,%d.5,kg"):format(key, i, 4 + i % 3, i, i % 2, i)
    if i % 3 == 0 then list[#list + 1] = ("%s%d,%d,%d/8/2025,Đội %d,tobacco,,pill"):format(key, i, 4 + i % 3, i, i % 2) end
  end
  return table.concat(list, "\n") .. "\n"
end
local function count(store, what) return store:sql("select count(*) as n from " .. what)[1].n end
-- How many loads are there; each must be whole, and its records those of the file.
local function loads(store)
  local cases, lines = count(store, "cases"), count(store, "lines")
  assert(cases % 9 == 0 and lines == cases // 9 * 12, "a part of a load is there")
  local n, counted = cases // 9, store.cases:where("unit = 'kg'"):agg("n = count()", "kg = sum(quantity in kg)")
  assert(counted[1].n == cases and (n == 0 or counted[1].kg:is(n * 495 // 10 .. "." .. n * 495 % 10)), "a wrong sum")
  return n
end
return {
  afresh = true,
  kill = true,
  sparse = 4,
  setup = function() return require "mekong" end,
  run = function(mekong, env)
    local store <close> = assert(mekong.open(env.path))
    assert(core.store.seal(store, block))
    assert(store:load("cases", { text = text "a" }))
    acknowledged.say(env.path, "-filled")
    assert(count(store, "main.cases") == 0, "the rows are not sealed")
    assert(store:load("cases", { text = text "b" }))
    acknowledged.say(env.path, "-changed")
  end,
  check = function(mekong, env)
    local store <close> = assert(mekong.open(env.path))
    local n = loads(store)
    assert(n >= (acknowledged.was(env.path, "-changed") and 2 or acknowledged.was(env.path, "-filled") and 1 or 0), "an acknowledged load is gone")
    assert(core.store.seal(store, block))
    assert(store:load("cases", { text = text "c" }))
    assert(loads(store) == n + 1)
    assert(store:check())
    assert(store:unseal())
    assert(loads(store) == n + 1)
  end,
}
