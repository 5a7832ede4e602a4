-- A file of cases read, judged, sealed and asked by two threads while memory ends in either of them: all of it or nothing, and the
-- other thread comes to rest.
local core = require "mekong.core"
local cases = 4400 -- the second thread begins after 4,096 rows
local function text(key)
  local list = { "case,phase,date,agency,category,quantity,unit" }
  for i = 1, cases do
    list[#list + 1] = ("%s%04d,%d,%d/8/2025,Đội %d,drug,%d,kg"):format(key, i, 1 + i % 7, 1 + i % 28, i % 50, i % 100)
  end
  return table.concat(list, "\n") .. "\n"
end
local function loads(store)
  local found = store.lines:agg("n = count()", "kg = sum(quantity in kg)")[1]
  assert(found.n % cases == 0, "a part of a load is there")
  -- 44 times the sum of 0 to 99
  assert(found.n == 0 or found.kg:is(tostring(found.n // cases * 217800)), "a wrong sum")
  return found.n // cases
end
return {
  afresh = true,
  setup = function()
    local store = assert(require("mekong").open(":memory:", { threads = 2 }))
    assert(core.store.seal(store, 1000))
    return store
  end,
  run = function(store)
    assert(store:load("cases", { text = text "a" }))
    assert(loads(store) == 1, "an acknowledged load is gone")
    assert(#store.cases:count("agency", "phase") == 350) -- 50 agencies, 7 phases: every pair comes
  end,
  check = function(store)
    local n = loads(store)
    assert(store:load("cases", { text = text "b" }))
    assert(loads(store) == n + 1)
    assert(store:check())
    store:close()
  end,
}
