-- First analysis: the phases side by side, printed.
local function use(store)
  return tostring(store:claims():table("cases", { by = "phase" }))
end
return {
  sparse = 50,
  setup = function() return assert(require("mekong").omd()) end,
  run = use,
  check = function(store)
    assert(use(store):find("1.715", 1, true))
    assert(store:check())
    store:close()
  end,
}
