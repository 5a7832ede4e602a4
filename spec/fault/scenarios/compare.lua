-- Second analysis: changes between phases, in total and per day.
local function use(store)
  return tostring(store:claims():table("cases", { by = "phase" }):compare("phase", { per = "day" }))
end
return {
  sparse = 50,
  setup = function() return assert(require("mekong").omd()) end,
  run = use,
  check = function(store)
    assert(use(store) == use(store))
    assert(store:check())
    store:close()
  end,
}
