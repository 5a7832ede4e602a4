-- Rows are inserted, also many by one statement, updated and deleted in one transaction with a savepoint inside: all of it or
-- nothing.
local MANY = 30
local function use(store, key)
  local rows = {}
  for i = 1, MANY do rows[i] = { case = key .. "-" .. i, suspects = i } end
  assert(store:transaction(function()
    assert(store:insert("cases", { { case = key .. "1", phase = 7 }, { case = key .. "2", phase = "VII" } }))
    assert(store:update("cases", key .. "1", { province = "Lào Cai" }))
    assert(store:transaction(function() return store:delete("cases", "case = $1", { key .. "2" }) end))
    assert(store:insert("cases", rows))
    return true
  end))
end
local function count(store)
  return #store:sql "select 1 from cases"
end
return {
  setup = function()
    local store = assert(require("mekong").open ":memory:")
    assert(store:insert("cases", { case = "first", phase = 6 }))
    return store
  end,
  run = function(store) use(store, "a") end,
  check = function(store)
    local before = count(store)
    assert(before == 1 or before == 2 + MANY, "a part of the transaction is there")
    use(store, "b")
    assert(count(store) == before + 1 + MANY)
    assert(store:check())
    store:close()
  end,
}
