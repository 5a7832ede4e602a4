-- A table is put into a file that was there: afterwards the file is the old one or the new one, whole, and whoever was told of a
-- failure finds nothing left beside it.
local OLD = "old\n"
local function read(path)
  local file <close> = assert(io.open(path, "rb"))
  return file:read "a"
end
local function write(path, text)
  local file <close> = assert(io.open(path, "wb"))
  assert(file:write(text))
end
return {
  afresh = true,
  kill = true,
  setup = function(_, env)
    local file = io.open(env.path)
    if file then file:close() else write(env.path, OLD) end
    return require("mekong").open(":memory:"):sql "select 'ma túy' as a, 5 as b union all select 'tiền chất', 7"
  end,
  run = function(t, env) assert(t:save(env.path, { format = "csv" })) end,
  check = function(t, env)
    local found = read(env.path)
    assert(found == OLD or found == t:to_csv(), "half a file")
    assert(t:save(env.path, { format = "csv" }))
    assert(read(env.path) == t:to_csv())
  end,
}
