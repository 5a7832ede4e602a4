-- Columns, aliases and conversions of the user are added, and changes keep their history.
local function use(store, key)
  assert(store:define("cases", { key .. ": text | cán bộ " .. key }))
  assert(store:insert("cases", { case = key, phase = 7, [key] = "An" }))
  assert(store:update("cases", key, { [key] = "Bình" }))
  return #store:history("cases", key)
end
return {
  setup = function() return assert(require("mekong").open ":memory:") end,
  run = function(store) use(store, "officer") end,
  check = function(store)
    assert(use(store, "driver") >= 1)
    assert(store:check())
    store:close()
  end,
}
