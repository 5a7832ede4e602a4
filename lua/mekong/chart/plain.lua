-- plain: a chart as lines of characters for terminals and mails: names, numbers, and bars of blocks.
local core = require "mekong.core"
local scale = require "mekong.chart.scale"
local data = require "mekong.chart.data"
local labels = require "mekong.labels"

local plain = {}

local NAME, BAR = 32, 32

local function cut(s)
  if core.text.width(s) <= NAME then return s end
  local out, wide = {}, 1
  for _, point in utf8.codes(s) do
    local own = utf8.char(point)
    wide = wide + math.max(0, core.text.width(own))
    if wide > NAME then break end
    out[#out + 1] = own
  end
  return table.concat(out) .. "…"
end

local function blocks(axis, point)
  if not point.known then return "" end
  local function at(text) return (axis.at(text) + 5) // 10 end
  local zero, solid = (axis.zero + 5) // 10, at(point.solid)
  local from, to = math.min(zero, solid), math.max(zero, solid)
  local low = math.min(from, point.back and at(point.back) or from, point.far and at(point.far) or from)
  local high = math.max(to, point.far and at(point.far) or to)
  return (" "):rep(low) .. ("░"):rep(from - low) .. ("█"):rep(to - from) .. ("░"):rep(high - to) .. (point.more and "→" or "")
end

function plain.text(kind, spec)
  local points, lines, values, names, wide, number = kind.points(spec), {}, {}, {}, 0, 0
  if spec.title ~= "" then lines[1] = spec.title end
  if spec.subtitle then lines[#lines + 1] = spec.subtitle end
  for k, one in ipairs(points) do
    data.reach(one.point, values)
    names[k] = cut(one.label)
    wide, number = math.max(wide, core.text.width(names[k])), math.max(number, core.text.width(one.point.text))
  end
  local axis = scale.of(values, { length = BAR * 10 })
  for k, one in ipairs(points) do
    local line = names[k] .. (" "):rep(wide - core.text.width(names[k]) + 2) .. (" "):rep(number - core.text.width(one.point.text)) ..
      one.point.text .. "  " .. (spec.mixed and "" or blocks(axis, one.point))
    lines[#lines + 1] = line:gsub("%s+$", "")
  end
  if kind.text then lines = table.move(kind.text(spec), 1, #points, #lines - #points + 1, lines) end
  if not points[1] then lines[#lines + 1] = labels.say(spec.locale, "(không có dữ liệu)", "(no data)") end
  for _, note in ipairs(spec.notes) do lines[#lines + 1] = note end
  if spec.sources then lines[#lines + 1] = spec.sources end
  return table.concat(lines, "\n")
end

return plain
