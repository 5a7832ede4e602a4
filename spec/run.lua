-- The whole busted suite in one process, for `make test` and `luarocks test`; arguments are busted's.
-- Tests a copy installed in lua_modules when there is one and MEKONG_BUILD is not set; see .busted.
if _VERSION ~= "Lua 5.4" then
  io.stderr:write("spec/run.lua needs Lua 5.4, this is ", _VERSION, "\n")
  os.exit(2)
end

local function exists(path)
  local file = io.open(path)
  return file ~= nil and file:close()
end

if not os.getenv "MEKONG_BUILD" and exists "lua_modules/lib/lua/5.4/mekong/core.so" then
  table.insert(arg, 1, "--run=installed")
end
table.insert(arg, 1, "--ignore-lua") -- the interpreter that runs this file also runs the specs
require "busted.runner" { standalone = false }
