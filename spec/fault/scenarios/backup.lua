-- A store is copied into a file: the copy is whole or is not there.
local function count(mekong, path)
  local store <close> = assert(mekong.open(path, { readonly = true }))
  assert(store:check())
  return #store:sql "select 1 from cases"
end
return {
  afresh = true,
  setup = function()
    local store = assert(require("mekong").open ":memory:")
    assert(store:insert("cases", { { case = "a", phase = 7 }, { case = "b", phase = 6 } }))
    return store
  end,
  run = function(store, env) assert(store:backup(env.path)) end,
  check = function(store, env)
    local mekong = require "mekong"
    local file = io.open(env.path)
    if file then
      file:close()
      assert(count(mekong, env.path) == 2)
      os.remove(env.path)
    end
    assert(store:backup(env.path))
    assert(count(mekong, env.path) == 2)
    store:close()
  end,
}
