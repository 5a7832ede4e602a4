-- engine_work: what the workers of the bench in Lua share: the clock, and answering and timing queries under a limit. Runs in
-- Lua 5.4 and LuaJIT. Lines written: "cold q01 ns" (the first time in the process), "time q01 ns",
-- "over q01 ns" (beyond the limit), "fail q01 message".
local work = {}

work.queries = { "q01", "q02", "q03", "q04", "q05", "q06", "q06n", "q07", "q08", "q09", "q10", "q11", "q12" }

-- What q10 asks for: one province by its usual spelling, one month.
work.province, work.month = "Tỉnh Hóa Nhuộm", "2023-08"

local function clock()
  local jit = rawget(_G, "jit")
  if not jit then return require("engine_host").now end
  local ffi = require "ffi"
  ffi.cdef "typedef struct { long s, ns; } when; int clock_gettime(int, when *);"
  local t = ffi.new "when"
  return function()
    ffi.C.clock_gettime(1, t)
    return tonumber(t.s) * 1e9 + tonumber(t.ns)
  end
end
work.now = clock()

local function say(...)
  io.write(table.concat({ ... }, " "), "\n")
  io.flush()
end

local over = {}

-- fn's time in ns and its result; nil and why when it fails or, watched, its instructions run beyond the limit. Being watched takes
-- time for each instruction of Lua.
local function timed(fn, limit, watched)
  local start = work.now()
  local stop = start + limit * 1e9
  if watched and not rawget(_G, "jit") then -- a hook would keep LuaJIT from compiling
    debug.sethook(function()
      if work.now() > stop then error(over, 0) end
    end, "", 1000000)
  end
  local ok, result = pcall(fn)
  local spent = work.now() - start
  debug.sethook()
  if ok then return spent, result end
  return nil, result == over and "over" or tostring(result):gsub("\n.*", ""), spent
end

local function report(name, spent, why, took)
  if spent then say("time", name, ("%.0f"):format(spent))
  elseif why == "over" then say("over", name, ("%.0f"):format(took))
  else say("fail", name, why) end
end

-- Writes the lines that lines(result) gives to a file for each query.
function work.answer(queries, names, folder, limit)
  for _, name in ipairs(names) do
    if queries[name] then
      say("begin", name)
      local spent, result, took = timed(queries[name].run, limit, true)
      if spent then
        local ok, lines = pcall(queries[name].lines, result)
        if ok then
          local file = assert(io.open(folder .. "/" .. name, "w"))
          file:write(table.concat(lines, "\n"), "\n")
          file:close()
        else
          spent, result = nil, lines
        end
      end
      report(name, spent, result, took)
      collectgarbage()
    end
  end
end

-- One run to warm up, then as many as asked for or as fit into the limit; answering them stayed within it.
function work.time(queries, names, repeats, limit)
  for _, name in ipairs(names) do
    local all = 0
    for k = 0, queries[name] and repeats or -1 do
      if k == 0 then say("begin", name) end
      local spent, why, took = timed(queries[name].run, limit)
      collectgarbage()
      all = all + (spent or took)
      if k == 0 and spent then say("cold", name, ("%.0f"):format(spent)) end
      local last = not spent or all + spent > limit * 1e9
      if k > 0 or last then report(name, spent, why, took) end
      if last then break end
    end
  end
end

-- The rest of the arguments from the n-th on.
function work.names(n)
  local list = {}
  for i = n, #arg do list[#list + 1] = arg[i] end
  return list
end

work.say = say
return work
