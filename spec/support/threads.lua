-- threads: how many threads this process has just now.
return function()
  local file <close> = assert(io.open("/proc/self/status"))
  return math.tointeger(tonumber(file:read("a"):match "Threads:%s*(%d+)"))
end
