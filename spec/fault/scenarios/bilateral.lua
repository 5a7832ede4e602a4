-- Fourth analysis: Viet Nam and China.
local function use(store)
  return tostring(store:bilateral("VN", "CN"))
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
