-- code.lua: build tool; compiles the Lua files of the module, so that this need not be done whenever a program starts
-- (csrc/bind/lmk_files.c): the code of the k-th one into the file FOLDER/k, without the name of the Lua file, which is put between
-- the first 32 bytes and the rest when it is loaded, and without the names of local variables, which take as long to read as the
-- rest; lines stay. The code of the first, the probe, is whole.
--   lua5.4 code.lua FOLDER csrc/gen/probe.lua lua/mekong/init.lua ...
local HEAD = 32

local function write(name, bytes)
  local file <close> = assert(io.open(name, "wb"))
  assert(file:write(bytes))
end

-- Lua's code of a file as ldump.c of Lua 5.4 writes it down, but for names of locals and upvalues.
local function lean(code)
  local at, from, parts = HEAD + 1, 1, {}

  local function size()
    local n = 0
    repeat
      local byte = code:byte(at)
      n, at = n << 7 | byte & 0x7F, at + 1
    until byte >= 0x80
    return n
  end
  local function skip(n) at = at + n end
  local function text()
    local n = size()
    if n > 0 then skip(n - 1) end
  end

  local constants = { [0x00] = skip, [0x01] = skip, [0x11] = skip, [0x03] = function() skip(8) end, [0x13] = function() skip(8) end,
    [0x04] = text, [0x14] = text }
  -- Leaves out what read goes over: a list of which none is kept.
  local function drop(read)
    parts[#parts + 1] = code:sub(from, at - 1) .. "\x80"
    for _ = 1, size() do read() end
    from = at
  end
  local fn
  function fn()
    text() -- source
    size() -- lines
    size()
    skip(3)
    skip(4 * size())
    for _ = 1, size() do
      skip(1)
      constants[code:byte(at - 1)](0)
    end
    skip(3 * size())
    for _ = 1, size() do fn() end
    skip(size()) -- lines of instructions
    for _ = 1, size() do
      size()
      size()
    end
    drop(function()
      text()
      size()
      size()
    end)
    drop(text)
  end
  fn()
  return table.concat(parts) .. code:sub(from)
end

for k = 2, _VERSION == "Lua 5.4" and #arg or 0 do
  local file <close> = assert(io.open(arg[k], "rb"))
  local code = string.dump(assert(load(file:read "a", "@", "t")))
  if code:sub(HEAD + 1, HEAD + 2) ~= "\x82@" then break end -- another way to write code down
  local name = ("%s/%d"):format(arg[1], k - 1)
  if k == 2 then
    write(name, code)
  else
    code = lean(code)
    assert(load(code, "@", "b"))
    write(name, code:sub(1, HEAD) .. code:sub(HEAD + 3))
  end
end
