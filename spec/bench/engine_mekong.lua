-- engine_mekong: the worker of the bench that asks mekong, by its public interface.
--   load|answer|time|scans|first|append SETUP ..., where SETUP is "1" or "2": threads
--   first SETUP FILE: what a short program does: opens a store, asks one question and prints its table
--   scans SETUP FILE RUNS q02 ...: what the scans of queries cost apart from Lua, least of so many runs, and what each is asked
local mekong = require "mekong"

local action, setup = arg[1], arg[2]

local function open(path) return assert(mekong.open(path, { threads = math.tointeger(setup) })) end

if action == "first" then
  local store <close> = open(arg[3])
  print(store.cases:by("phase", "category", "unit"):agg("n = count()", "sum(quantity)"))
else
  assert(loadfile(package.searchpath("engine_mekong_work", package.path)))(action, open)
end
