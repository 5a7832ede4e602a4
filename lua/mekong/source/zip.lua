-- zip: the parts of a ZIP container as streams, unpacked piece by piece through the Lua module zlib.
local core = require "mekong.core"
local bytes = require "mekong.source.bytes"

local zip = {}

local PIECE = 4096       -- a packed byte gives up to a thousand
local TAIL = 65536 + 22  -- the end of the directory and the longest remark after it
local DIRECTORY_MAX = 16 << 20

local function damaged(name, what)
  return core.fail("damaged", ("%s: %s"):format(name, what), "hint: copy the file again, or save it anew")
end

-- Place and size of the directory | nil, message, info
local function find_directory(stream)
  local from = math.max(0, stream.size - TAIL)
  local tail, message, info = stream:at(from, TAIL)
  if not tail then return nil, message, info end
  local place
  for at = #tail - 21, 1, -1 do
    if tail:sub(at, at + 3) == "PK\5\6" then
      place = at
      break
    end
  end
  if not place then return damaged(stream.name, "the container has no directory, so it is not whole") end
  local count, size, offset = ("<I2I4I4"):unpack(tail, place + 10)
  if offset == 0xFFFFFFFF or count == 0xFFFF then
    return core.fail("limit", stream.name .. ": the container is too large", "hint: save the sheet as 'CSV UTF-8'")
  end
  if size > DIRECTORY_MAX or offset + size > stream.size then return damaged(stream.name, "the directory of the container is damaged") end
  return offset, size
end

-- zip.parts(stream with at and size) -> {[name] = {offset =, packed =, size =, crc =, method =, locked =}} | nil, message, info
function zip.parts(stream)
  local offset, size, info = find_directory(stream)
  if not offset then return nil, size, info end
  local list, message
  list, message, info = stream:at(offset, math.max(size, 1))
  if not list then return nil, message, info end
  local parts, at = {}, 1
  while at + 45 <= #list and list:sub(at, at + 3) == "PK\1\2" do
    local flags, method, _, _, crc, packed, whole, name_n, extra_n, remark_n = ("<I2I2I2I2I4I4I4I2I2I2"):unpack(list, at + 8)
    local place = ("<I4"):unpack(list, at + 42)
    local name = list:sub(at + 46, at + 45 + name_n)
    parts[name] = { name = name, offset = place, packed = packed, size = whole, crc = crc, method = method, locked = flags & 1 == 1 }
    at = at + 46 + name_n + extra_n + remark_n
  end
  return parts
end

local reader = {}
reader.__index = reader

-- The next bytes of the part | nil at its end | nil, message, info
function reader:read()
  if self.ended then return nil end
  while true do
    if self.left == 0 then
      self.ended = true
      if self.method == 8 and not self.whole or self.given ~= self.part.size or self.sum ~= self.part.crc then
        return damaged(self.stream.name, self.part.name .. " inside it is damaged")
      end
      return nil
    end
    local piece, message, info = self.stream:at(self.place, math.min(self.left, PIECE))
    if not piece then return nil, message, info end
    if piece == "" then return damaged(self.stream.name, "the container is cut off") end
    self.place, self.left = self.place + #piece, self.left - #piece
    local out = piece
    if self.inflate then
      local ok, text, ended = bytes.unpacked(self.inflate, piece)
      if not ok then return damaged(self.stream.name, self.part.name .. " inside it is damaged") end
      out = text
      if ended then self.whole, self.left = true, 0 end
    end
    self.given = self.given + #out
    if self.given > self.part.size then return damaged(self.stream.name, self.part.name .. " inside it is larger than it says") end
    if out ~= "" then
      self.sum = self.crc(out)
      return out
    end
  end
end

-- zip.open(stream, part, zlib) -> reader | nil, message, info
function zip.open(stream, part, zlib)
  if part.locked then return core.fail("permission", stream.name .. " is locked by a password", "hint: save it without one") end
  if part.method ~= 0 and part.method ~= 8 then
    return core.fail("format", ("%s: %s is packed in an unknown way"):format(stream.name, part.name), "hint: save the file anew")
  end
  local head, message, info = stream:at(part.offset, 30)
  if not head then return nil, message, info end
  if #head < 30 or head:sub(1, 4) ~= "PK\3\4" then return damaged(stream.name, part.name .. " inside it is not where it should be") end
  local name_n, extra_n = ("<I2I2"):unpack(head, 27)
  return setmetatable({
    stream = stream, part = part, method = part.method, place = part.offset + 30 + name_n + extra_n, left = part.packed, given = 0, sum = 0,
    inflate = part.method == 8 and zlib.inflate(-15) or nil, crc = zlib.crc32(),
  }, reader)
end

return zip
