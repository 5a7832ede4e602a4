-- A store is closed under what still uses it: a table, a half-read loop, claims, an open transaction's error.
return {
  sparse = 5,
  setup = function(_, env)
    env.open = function()
      local store = assert(require("mekong").omd())
      return { store = store, claims = store:claims(), table = store:claims():table("cases", { by = "phase" }) }
    end
    return env.open()
  end,
  run = function(held)
    for i in held.table:rows() do
      if i == 2 then break end
    end
    local ok, done, message = pcall(held.store.transaction, held.store, function() error "given up" end)
    if ok then assert(done, message) end
    assert(not ok, "the error was lost")
    held.store:close()
    held.store:close()
    held.store, held.claims = nil, nil
    collectgarbage()
    assert(#held.table > 0)
  end,
  check = function(_, env)
    local held = env.open()
    held.store:close()
    local ok, message = pcall(function() return tostring(held.claims:table "cases") end)
    assert(not ok and message:find("[closed]", 1, true), message)
  end,
}
