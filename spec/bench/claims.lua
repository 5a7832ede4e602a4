-- claims: times of the claims of the whole ledger: solving them, listing what is wrong, and one number with its reasons.
--   lua5.4 spec/bench/claims.lua [rounds]
local mekong = require "mekong"

local rounds = math.tointeger(tonumber(arg[1] or "")) or 50
local omd <close> = assert(mekong.omd())
local claims = omd:claims()

-- Best and median of a task in milliseconds of processor time.
local function time(name, task)
  local times = {}
  for i = 1, rounds do
    collectgarbage()
    local start = os.clock()
    task()
    times[i] = (os.clock() - start) * 1000
  end
  table.sort(times)
  print(("%-44s best %6.2f ms   median %6.2f ms"):format(name, times[1], times[(rounds + 1) // 2]))
end

print(("%d claims of the ledger, %d rounds"):format(#claims:all(), rounds))
time("solve", function() return claims:solve():consistent() end)
time("solve, a number of every phase", function()
  local solution = claims:solve()
  for phase = 1, 7 do solution:figure(("OMD%d.cases"):format(phase)) end
end)
time("solve, conflicts and suspects", function()
  local solution = claims:solve()
  return #solution:conflicts() + #solution:suspects()
end)
local solution = claims:solve()
time("why of one number", function() return solution:why "OMD4.cases" end)
