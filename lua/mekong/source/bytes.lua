-- bytes: where the bytes of a source come from, piece by piece: a file or a text, packed by gzip or not, UTF-16 or not.
-- A stream has name, size or nil, read() -> bytes | nil at the end | nil, message, info, restart() -> true | nil, message,
-- info, close(), and file() -> input and the offset in it when its bytes are those of a file, else nil.
local core = require "mekong.core"

local bytes = {}

local PIECE = 65536
local PACKED_PIECE = 4096 -- a byte of gzip gives up to a thousand

-- ---------------------------------------------------------------- files and texts
local file = {}
file.__index = file

function file:at(offset, n) return self.input:read(offset, n) end

function file:file() return self.input, 0 end

function file:read()
  local piece, message, info = self.input:read(self.place, PIECE)
  if not piece then return nil, message, info end
  self.place = self.place + #piece
  if piece == "" then return nil end
  return piece
end

function file:restart()
  self.place = 0
  return true
end

function file:close() self.input:close() end

local text = {}
text.__index = text

function text:at(offset, n) return self.text:sub(offset + 1, offset + n) end

function text:read()
  if self.place >= #self.text then return nil end
  local piece = self.text:sub(self.place + 1, self.place + PIECE)
  self.place = self.place + #piece
  return piece
end

text.restart = file.restart
local function none() return nil end
text.file = none
function text:close() self.text = "" end

-- open(path or {text =, name =} [, store]) -> stream with at(offset, n) -> bytes; the file of that store is refused.
function bytes.open(source, store)
  if type(source) == "table" then
    return setmetatable({ name = source.name or "text", text = source.text, size = #source.text, place = 0 }, text)
  end
  local input, message, info = core.source.file(source, store)
  if not input then return nil, message, info end
  return setmetatable({ name = source, input = input, size = input:size(), place = 0 }, file)
end

-- ---------------------------------------------------------------- modules of others

local packages = { lxp = "lua-expat (Debian; LuaRocks: luaexpat)", zlib = "lua-zlib (Debian and LuaRocks)" }

-- A Lua module that not everybody has | nil, message, info; what needs it, and the other way out.
function bytes.module(name, what, else_do)
  local ok, found = pcall(require, name)
  if ok then return found end
  if not tostring(found):find("module '" .. name .. "' not found", 1, true) then error(found, 0) end
  return core.fail("missing", ("%s needs the Lua module %s"):format(what, name), ("hint: install %s, or %s"):format(packages[name], else_do))
end

-- inflate(piece) as pcall gives it; only damage is no error.
function bytes.unpacked(inflate, piece)
  local ok, out, ended, used = pcall(inflate, piece)
  if not ok and tostring(out):find("not enough memory", 1, true) then error(out, 0) end
  return ok, out, ended, used
end

-- ---------------------------------------------------------------- streams over streams
local packed = {}
packed.__index = packed

function packed:read()
  while true do
    if self.rest == "" then
      local piece, message, info = self.under:read()
      if message then return nil, message, info end
      if not piece then
        if self.inflate then return core.fail("damaged", self.name .. ": the packed file ends in the middle", "hint: copy the file again") end
        return nil
      end
      self.rest = piece
    end
    local part = self.rest:sub(1, PACKED_PIECE)
    self.inflate = self.inflate or self.zlib.inflate()
    local ok, out, ended, used = bytes.unpacked(self.inflate, part)
    if not ok then return core.fail("damaged", self.name .. ": the packed file is damaged", "hint: copy the file again") end
    self.rest = self.rest:sub(#part + 1)
    if ended then -- another packed part may follow
      self.rest = part:sub(used - self.used + 1) .. self.rest
      self.inflate, self.used = nil, 0
    else
      self.used = used
    end
    if out ~= "" then return out end
  end
end

function packed:restart()
  self.rest, self.inflate, self.used = "", nil, 0
  return self.under:restart()
end

packed.file = none

function packed:close() self.under:close() end

-- A stream over one packed by gzip | nil, message, info
function bytes.gunzip(under)
  local zlib, message, info = bytes.module("zlib", under.name .. ": reading gzip", "unpack the file first: gunzip")
  if not zlib then return nil, message, info end
  return setmetatable({ name = under.name, under = under, zlib = zlib, rest = "", used = 0 }, packed)
end

local wide = {}
wide.__index = wide

function wide:read()
  if self.ended then return nil end
  local piece, message, info = self.under:read()
  if message then return nil, message, info end
  self.ended = not piece
  return self.decoder:feed(piece)
end

function wide:restart()
  self.decoder, self.ended = core.source.utf16(self.big), false
  return self.under:restart()
end

wide.file = none

function wide:close() self.under:close() end

-- A stream of UTF-8 over one in UTF-16; its mark stays in.
function bytes.utf16(under, big)
  return setmetatable({ name = under.name, under = under, big = big, decoder = core.source.utf16(big) }, wide)
end

local after = {}
after.__index = after

function after:read()
  while true do
    local piece, message, info = self.under:read()
    if not piece then return nil, message, info end
    local cut = math.min(self.left, #piece)
    self.left = self.left - cut
    if cut < #piece then return piece:sub(cut + 1) end
  end
end

function after:file()
  local input, at = self.under:file()
  return input, input and at + self.length
end

function after:restart()
  self.left = self.length
  return self.under:restart()
end

function after:close() self.under:close() end

-- A stream without the first length bytes of another.
function bytes.after(under, length)
  if length == 0 then return under end
  return setmetatable({ name = under.name, under = under, length = length, left = length }, after)
end

-- The first n bytes or some more, and whether that is all | nil, message, info. The stream stands at its begin again.
function bytes.head(stream, n)
  local input, at = stream:file()
  if input then
    local head, message, info = input:read(at, n)
    if not head then return nil, message, info end
    return head, at + #head >= input:size()
  end
  local parts, size, all = {}, 0, false
  while size < n do
    local piece, message, info = stream:read()
    if message then return nil, message, info end
    if not piece then
      all = true
      break
    end
    parts[#parts + 1], size = piece, size + #piece
  end
  local ok, message, info = stream:restart()
  if not ok then return nil, message, info end
  return table.concat(parts), all
end

return bytes
