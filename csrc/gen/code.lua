-- code.lua: build tool; compiles the Lua files of the module, so that this need not be done whenever a program starts
-- (csrc/bind/lmk_files.c): the code of the k-th one into the file FOLDER/k, without the name of the Lua file, which is put between
-- the first 32 bytes and the rest when it is loaded. The code of the first, the probe, is whole.
--   lua5.4 code.lua FOLDER csrc/gen/probe.lua lua/mekong/init.lua ...
local HEAD = 32

local function write(name, bytes)
  local file <close> = assert(io.open(name, "wb"))
  assert(file:write(bytes))
end

for k = 2, _VERSION == "Lua 5.4" and #arg or 0 do
  local file <close> = assert(io.open(arg[k], "rb"))
  local code = string.dump(assert(load(file:read "a", "@", "t")))
  if code:sub(HEAD + 1, HEAD + 2) ~= "\x82@" then break end -- another way to write code down
  write(("%s/%d"):format(arg[1], k - 1), k == 2 and code or code:sub(1, HEAD) .. code:sub(HEAD + 3))
end
