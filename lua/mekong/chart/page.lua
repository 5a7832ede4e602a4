-- page: what stands around the drawing of every chart: title and what is measured above it, the key to its marks, notes and sources
-- below.
local measure = require "mekong.chart.measure"
local labels = require "mekong.labels"

local page = {}

page.margin = 200
local TITLE, SUB, NOTE = 17, 13, 11

-- Draws title and subtitle; -> y where the drawing begins.
function page.head(canvas, spec)
  local y, width = 160, canvas.width - 2 * page.margin
  for _, line in ipairs(spec.title ~= "" and measure.wrap(spec.title, width, TITLE, 3, true) or {}) do
    y = y + 200
    canvas:text("ink", page.margin, y, line, { size = TITLE, bold = true })
  end
  for _, line in ipairs(spec.subtitle and measure.wrap(spec.subtitle, width, SUB, 2) or {}) do
    y = y + 185
    canvas:text("soft", page.margin, y, line, { size = SUB })
  end
  return y + 180
end

local bounds_key = {
  { "solid", "mức chắc chắn", "certain" }, { "range", "khoảng có thể", "possible range" }, { "more", "còn có thể hơn nữa", "may be more" },
  { "less", "còn có thể thấp hơn", "may be less" },
}

local function swatch(canvas, which, x, y)
  if which == "solid" then canvas:rect("main", x, y - 90, 180, 100)
  elseif which == "range" then canvas:rect("hatch", x, y - 90, 180, 100)
  elseif which == "more" then canvas:open_arrow(x - 10, y - 40, 1)
  elseif which == "diamond" then canvas:path("flag", { x + 90, y - 95, x + 145, y - 40, x + 90, y + 15, x + 35, y - 40 }, true)
  elseif which == "less" then canvas:open_arrow(x + 200, y - 40, -1)
  else canvas:rect(which, x, y - 90, 180, 100) end
end

-- One or more lines of {which, words}; -> y below them.
function page.key(canvas, entries, y, left)
  left = left or page.margin
  local x = left
  for _, entry in ipairs(entries) do
    local text = measure.fit(entry[2], canvas.width - page.margin - left - 260, 12)
    local wide = 260 + measure.width(text, 12)
    if x > left and x + wide > canvas.width - page.margin then x, y = left, y + 200 end
    swatch(canvas, entry[1], x, y)
    canvas:text("soft", x + 250, y, text, { size = 12 })
    x = x + wide + 180
  end
  return y
end

-- The key to bounds for the points given; none where every number is exact. -> y below it.
function page.bounds(canvas, points, y, locale)
  local seen, entries = {}, {}
  for _, point in ipairs(points) do
    if point.known and not point.exact then
      seen.solid = true
      seen.range = seen.range or point.far ~= nil or point.back ~= nil
      seen.more, seen.less = seen.more or point.more, seen.less or point.less
    end
  end
  for _, entry in ipairs(bounds_key) do
    if seen[entry[1]] then entries[#entries + 1] = { entry[1], labels.say(locale, entry[2], entry[3]) } end
  end
  if not entries[1] then return y end
  return page.key(canvas, entries, y + 180)
end

-- Notes and sources; -> the height of the whole drawing.
function page.foot(canvas, spec, y)
  local width, lines = canvas.width - 2 * page.margin, {}
  local function add(text, most)
    for _, line in ipairs(measure.wrap(text, width, NOTE, most)) do lines[#lines + 1] = line end
  end
  for k, note in ipairs(spec.notes) do
    if k <= 8 then add(note, 3) end
  end
  if spec.sources then add(spec.sources, 4) end
  if lines[1] then y = y + 90 end
  for _, line in ipairs(lines) do
    y = y + 160
    canvas:text("soft", page.margin, y, line, { size = NOTE })
  end
  return y + 180
end

-- A chart of a table without rows says so.
function page.nothing(canvas, spec, y)
  canvas:rect("empty", page.margin, y, canvas.width - 2 * page.margin, 900)
  canvas:text("soft", canvas.width // 2, y + 490, labels.say(spec.locale, "Không có dữ liệu để vẽ", "No data to draw"), { anchor = "middle" })
  return y + 900
end

return page
