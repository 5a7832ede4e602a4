-- The whole busted suite in one process, for `make test` and `luarocks test`; arguments are busted's.
-- Without MEKONG_BUILD (see .busted) a copy installed into lua_modules is tested in preference to the build folder.
if _VERSION ~= "Lua 5.4" then
  io.stderr:write("spec/run.lua needs Lua 5.4, this is ", _VERSION, "\n")
  os.exit(2)
end

local build = os.getenv "MEKONG_BUILD"
if not build then
  local file = io.open "lua_modules/lib/lua/5.4/mekong/core.so"
  if file then
    file:close()
    build = "installed"
  end
end
-- The file .busted is Lua and asks os.getenv; what was found here is its answer.
local getenv = os.getenv
os.getenv = function(name) -- luacheck: ignore
  if name == "MEKONG_BUILD" then return build end
  return getenv(name)
end
-- The interpreter that runs this file also runs the specs.
table.insert(arg, 1, "--ignore-lua")
require "busted.runner" { standalone = false }
