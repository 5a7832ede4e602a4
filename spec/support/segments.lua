-- segments: all that is sealed in a store as text, and the checksum of segments (engine.h), so that specs can write segments that are
-- well formed and yet not what mekong writes.
local core = require "mekong.core"
local segments = {}

-- Every block and segment of a store, one a line, and how many segments there are.
function segments.text(store)
  local out, count = {}, 0
  for _, sql in ipairs { "SELECT id, low || '|' || high || '|' || rows || '|' || state FROM main.blocks WHERE tab = 'sealed' ORDER BY id",
    [[SELECT block || '|' || "column" || '|' || form, hex(data) FROM main.segments ORDER BY block, "column", form]] } do
    local _, data, n = core.store.query(store, sql)
    for i = 1, n do out[#out + 1] = data[1][i] .. " " .. data[2][i] end
    count = n
  end
  return table.concat(out, "\n"), count
end

local A, B, C = 0x9E3779B185EBCA87, 0xC2B2AE3D27D4EB4F, 0x165667B19E3779F9

local function turned(v, by) return v << by | v >> (64 - by) end

function segments.sum(seed, bytes)
  local lane, at, n = { seed + A, seed ~ B, seed - C, seed + #bytes }, 1, #bytes
  while n - at + 1 >= 32 do
    for i = 1, 4 do lane[i] = turned(lane[i] + ("<i8"):unpack(bytes, at + 8 * (i - 1)) * B, 31) * A end
    at = at + 32
  end
  local h = turned(lane[1], 1) + turned(lane[2], 7) + turned(lane[3], 12) + turned(lane[4], 18) + n
  while n - at + 1 >= 8 do
    h = turned(h ~ ("<i8"):unpack(bytes, at) * B, 27) * A + C
    at = at + 8
  end
  local left = bytes:sub(at)
  h = turned(h ~ ("<i8"):unpack(left .. ("\0"):rep(8 - #left)) * B, 23) * A + C
  h = (h ~ h >> 33) * B
  h = (h ~ h >> 29) * C
  return h ~ h >> 32
end

-- A segment of a sealed block with its checksum; block: a row of blocks.
function segments.sealed(bytes, block, column, form)
  local place = "sealed" .. ("<i8i8i8i8i8i8i8"):pack(form, #column, #block.low, #block.high, block.rows, block.id, block.state) ..
    column .. block.low .. block.high
  local head = bytes:sub(1, 64) .. ("\0"):rep(8) .. bytes:sub(73, 80)
  local sum = segments.sum(segments.sum(segments.sum(0, place), head), bytes:sub(81))
  return head:sub(1, 64) .. ("<i8"):pack(sum) .. bytes:sub(73)
end

return segments
