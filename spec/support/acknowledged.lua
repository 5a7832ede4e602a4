-- acknowledged: what a process said of a store on disk before it may have been killed, said outside the store in files beside it
-- that spec/fault/host.c clears: "-done", "-filled", "-changed".
local acknowledged = {}

function acknowledged.say(path, what) assert(io.open(path .. what, "w")):close() end

function acknowledged.was(path, what)
  local file = io.open(path .. what)
  if file then file:close() end
  return file ~= nil
end

return acknowledged
