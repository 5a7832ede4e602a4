-- Third analysis: totals over the campaign's life, held against an announcement.
local function use(store)
  local total = store:claims():table("cases", { by = "phase" }):cumulative "phase"
  return tostring(total) .. tostring(total:reconcile "hơn 4.500 vụ")
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
