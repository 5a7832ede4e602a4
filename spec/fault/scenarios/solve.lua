-- Claims entered, solved and saved.
local function use(store)
  local claims = store:claims()
  claims:say("OMD5.cases", 1715, "S0")
  claims:say("OMD4.cases", 1362, "un4")
  claims:change("OMD5.cases", "OMD4.cases", "tăng 111%", "S0")
  claims:change("OMD5.cases", "OMD4.cases", "tăng 26%", "un5")
  local solution = claims:solve()
  return tostring(solution) .. tostring(solution:figure "OMD1/OMD5.cases") .. solution:why "OMD4.cases"
end
return {
  sparse = 50,
  setup = function() return assert(require("mekong").open ":memory:") end,
  run = use,
  check = function(store)
    assert(use(store) == use(store))
    assert(store:check())
    store:close()
  end,
}
