-- Records are loaded from a CSV file and from an iterator; a file that fails leaves no row behind.
local function write(path, text)
  local file = assert(io.open(path, "w"))
  file:write(text)
  file:close()
end
local function count(store)
  return #store:sql "select 1 from cases"
end
local function both(store, env, key)
  write(env.path, "case,phase,date\n" .. key .. "1,VII,2/7/2025\n" .. key .. "2,giai đoạn 7,2025-07-03\n")
  assert(store:load("cases", env.path))
  local n = 0
  assert(store:load("cases", function()
    n = n + 1
    if n < 3 then return { case = key .. "x" .. n, phase = 6 } end
  end))
end
return {
  afresh = true,
  setup = function() return assert(require("mekong").open ":memory:") end,
  run = function(store, env) both(store, env, "a") end,
  check = function(store, env)
    local n = count(store)
    assert(n == 0 or n == 2 or n == 4, "a part of a load is there")
    both(store, env, "b")
    assert(count(store) == n + 4)
    assert(store:check())
    store:close()
    os.remove(env.path)
  end,
}
