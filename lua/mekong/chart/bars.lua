-- bars: one number a row as a bar from zero: solid as far as it certainly reaches, hatched between its bounds, an open arrow where it
-- may be more. Names and numbers stand in columns before the bars, so that nothing overlaps.
local data = require "mekong.chart.data"
local fmt = require "mekong.fmt"
local json = require "mekong.render.json"
local labels = require "mekong.labels"
local measure = require "mekong.chart.measure"
local page = require "mekong.chart.page"
local scale = require "mekong.chart.scale"
local Table = require "mekong.table"
local vega = require "mekong.chart.vega"

local bars = { takes = "a table with a column of numbers" }

local ROWS = 60 -- rows drawn unless told otherwise

function bars.fits(t)
  for c, column in ipairs(t.columns_) do
    if Table.numeric[column.kind] and not Table.is_key(t, c) then return true end
  end
  return false, "has no column of numbers"
end

-- Rows as {label, groups = names of the outer keys, point}; more than the rows asked for leave a gap.
function bars.read(t, opts)
  t = Table.body(t, true)
  local locale = opts.locale or t.meta_.locale or "vi"
  local c = data.measure(t, opts, "Table:chart")
  local column, keys = data.column(t, c, locale), data.keys(t, c)
  local spec = data.words(t, opts, column.bare, keys)
  local names, list = data.printers(t, keys, locale), {}
  local rows, left_out, head = data.chosen(t.n_, opts.rows or ROWS)
  for r, i in ipairs(rows) do
    local own = {}
    for k, print_cell in ipairs(names) do own[k] = print_cell(i) end
    local label = table.remove(own) or column.bare
    list[r] = { label = label, outer = table.concat(own, " · "), point = data.cell(t, i, c, column.show, locale) }
  end
  spec.rows, spec.whole, spec.subtitle = list, column.column.kind == "int" or column.unit == "case" or column.unit == "person", nil
  spec.measure, spec.key = column.heading, keys[1] and data.column(t, keys[#keys], locale).bare or ""
  spec.subtitle = column.heading ~= column.bare and column.heading or nil
  if left_out > 0 then
    spec.gap = { after = head, text = (labels.say(locale, "… không vẽ %s dòng ở giữa …", "… %s rows in the middle not drawn …"))
      :format(fmt.number(left_out, { locale = locale })) }
  end
  return spec
end

-- ---------------------------------------------------------------- drawing

-- A bar of a point, of the height given around y.
function bars.bar(canvas, axis, x0, y, point, height, says)
  local zero, top = x0 + axis.zero, y - height // 2
  local function span(layer, a, b)
    local from, to = math.min(a, b), math.max(a, b)
    canvas:rect(layer, from, top, math.max(to - from, 10), height, says)
  end
  local solid = x0 + axis.at(point.solid)
  if point.far and point.far ~= point.solid then span("hatch", solid, x0 + axis.at(point.far)) end
  if point.back then span("hatch", zero, x0 + axis.at(point.back)) end
  if solid ~= zero or point.exact then span("main", zero, solid) end
  if point.best and not point.exact and point.far then
    local at = x0 + axis.at(point.best)
    canvas:line("edge", at, top - 20, at, top + height + 20)
  end
  if point.more then canvas:open_arrow(solid, y, 1) end
  if point.less then canvas:open_arrow(point.back and x0 + axis.at(point.back) or solid, y, -1) end
end

-- How far each number stands from the right end of its column, so that all align at the decimal mark.
local function tails(rows, mark, size)
  local most, out = 0, {}
  for r, row in ipairs(rows) do
    local at = row.point.known and (row.point.text:find(mark .. "%d+[^%d]*$") or row.point.text:find "[*~?%%]+$")
    out[r] = at and measure.width(row.point.text:sub(at), size) or 0
    most = math.max(most, out[r])
  end
  for r, row in ipairs(rows) do out[r] = row.point.known and most - out[r] or 0 end
  return out
end

-- Where the columns of names and numbers stand in a box {x, width, size}, and where the bars begin.
local function columns_of(rows, box, locale)
  local texts, grouped, wide = {}, false, 0
  for r, row in ipairs(rows) do
    texts[r] = row.label
    grouped = grouped or row.outer ~= ""
  end
  local indent = grouped and 140 or 0
  local place = { indent = indent, name = math.min(measure.widest(texts, box.size) + indent, box.width * 38 // 100),
    tail = tails(rows, locale == "en" and "%." or ",", box.size) }
  for r, row in ipairs(rows) do wide = math.max(wide, measure.width(row.point.text, box.size) + place.tail[r]) end
  place.number = math.min(wide, box.width * 32 // 100)
  place.numbers = box.x + place.name + 160 + place.number
  place.x0 = place.numbers + 140
  return place
end

-- Room that open arrows need beside the bars.
local function arrows(rows)
  local left, right = 0, 0
  for _, row in ipairs(rows) do
    if row.point.more then right = 230 end
    if row.point.less then left = 230 end
  end
  return left, right
end

local function grid(canvas, axis, x0, top, bottom, locale)
  local free = x0 - 10000
  for _, tick in ipairs(axis.ticks) do
    local x, text = x0 + tick.at, fmt.plain(tick.value, locale)
    local half = measure.width(text, 11) // 2
    canvas:line(tick.value == "0" and "axis" or "hair", x, top, x, bottom)
    if x - half > free then
      canvas:text("soft", x, bottom + 150, text, { anchor = "middle", size = 11 })
      free = x + half + 80
    end
  end
  return bottom + 190
end

local function draw_row(canvas, box, place, axis, row, r, y)
  local size, lift = box.size, box.size * 35 // 10
  canvas:text("ink", box.x + place.indent, y + lift, measure.fit(row.label, place.name - place.indent, size), { size = size })
  local text = measure.fit(row.point.text, place.number, size)
  if not row.point.known then
    canvas:text("soft", place.numbers, y + lift, text, { anchor = "end", italic = true, size = size })
    return
  end
  canvas:text("ink", place.numbers - place.tail[r], y + lift, text, { anchor = "end", size = size })
  bars.bar(canvas, axis, place.x0, y, row.point, math.min(box.pitch * 60 // 100, 180), row.label .. ": " .. row.point.text)
end

-- Rows {label, outer, point} with their bars in a box {x, width, size, pitch}; reach: decimals that the axis holds beside those of the
-- rows; gap = {after, text}. -> y below the axis
function bars.panel(canvas, rows, box, y, opts)
  local values = { table.unpack(opts.reach or {}) }
  for _, row in ipairs(rows) do data.reach(row.point, values) end
  local place, left, right = columns_of(rows, box, opts.locale), arrows(opts.all or rows)
  place.x0 = place.x0 + left
  local axis = scale.of(values, { length = box.x + box.width - place.x0 - right - 60, whole = opts.whole,
    gap = box.gap })
  local top, outer, pitch = y, "", box.pitch
  for r, row in ipairs(rows) do
    if row.outer ~= outer then
      outer = row.outer
      y = y + (r > 1 and 90 or 0)
      canvas:text("ink", box.x, y + pitch // 2 + 45, measure.fit(outer, place.x0 - box.x - left - 100, 13, true), { bold = true })
      y = y + pitch
    end
    draw_row(canvas, box, place, axis, row, r, y + pitch // 2)
    y = y + pitch
    if opts.gap and opts.gap.after == r then
      canvas:text("soft", box.x, y + pitch // 2 + 45, opts.gap.text, { italic = true })
      y = y + pitch
    end
  end
  return grid(canvas, axis, place.x0, top - 40, y + 20, opts.locale)
end

function bars.draw(canvas, spec, y, opts)
  if not spec.rows[1] then return page.nothing(canvas, spec, y) end
  local pitch = opts.height and math.max(180, math.min(480, (opts.height * 10 - 1400) // #spec.rows)) or 270
  local box = { x = page.margin, width = canvas.width - 2 * page.margin, size = 13, pitch = pitch }
  y = bars.panel(canvas, spec.rows, box, y, { locale = spec.locale, whole = spec.whole, gap = spec.gap })
  local points = {}
  for r, row in ipairs(spec.rows) do points[r] = row.point end
  return page.bounds(canvas, points, y, spec.locale)
end

-- ---------------------------------------------------------------- other forms

function bars.points(spec)
  local out = {}
  for r, row in ipairs(spec.rows) do
    out[r] = { label = row.outer ~= "" and row.outer .. " · " .. row.label or row.label, point = row.point }
  end
  return out
end

-- Vega-Lite: bars to what is certain, paler ones to the upper bound, triangles where it may be more, numbers behind them.
function bars.vega(spec)
  local values, names, more = {}, {}, false
  for r, row in ipairs(bars.points(spec)) do
    local p = row.point
    more, names[r] = more or p.known and p.more, row.label
    values[r] = json.object("row", r, "name", row.label, "text", p.text, "solid", p.known and p.solid or nil,
      "far", p.known and (p.far or p.solid) or nil, "more", p.known and p.more and p.solid or nil)
  end
  local name = json.object("field", "name", "type", "nominal", "sort", nil, "title", spec.key, "scale", vega.scale(names))
  local function x(field) return json.object("field", field, "type", "quantitative", "title", spec.measure) end
  local layer = { json.object("mark", json.object("type", "bar", "color", "#1f5f99", "tooltip", true), "encoding",
      json.object("y", name, "x", x "solid")),
    json.object("mark", json.object("type", "bar", "color", "#1f5f99", "opacity", 0.35), "encoding",
      json.object("y", name, "x", x "solid", "x2", json.object("field", "far"))),
    json.object("mark", json.object("type", "text", "align", "left", "dx", 18), "encoding",
      json.object("y", name, "x", x "far", "text", json.object("field", "text"))) }
  layer[4] = json.object("transform", json.list { json.object("filter", "!isValid(datum.solid)") }, "mark", json.object("type", "text",
    "align", "left", "dx", 6, "fontStyle", "italic"), "encoding", json.object("y", name, "x", json.object("datum", 0, "type", "quantitative"),
    "text", json.object("field", "text")))
  if more then
    layer[#layer + 1] = json.object("mark", json.object("type", "point", "shape", "triangle-right", "color", "#1f5f99", "filled", true,
      "size", 90, "xOffset", 7), "encoding", json.object("y", name, "x", x "more"))
  end
  return { values = values, parse = { "solid", "far", "more" }, body = { "layer", json.list(layer) } }
end

return bars
