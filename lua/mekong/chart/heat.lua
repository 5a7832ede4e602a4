-- heat: a matrix whose cells are shaded by their numbers, with every number printed in its cell.
local grid = require "mekong.chart.grid"
local json = require "mekong.render.json"
local measure = require "mekong.chart.measure"
local page = require "mekong.chart.page"
local scale = require "mekong.chart.scale"
local svg = require "mekong.chart.svg"

local heat = { takes = "a table with one key down the side and another along the top, as matrix and pivot give, or with two keys" }

heat.fits = grid.fits

local LINE = 155 -- tenths between lines of the name of a row
local LEAST = 420 -- tenths that a column needs for its numbers

function heat.read(t, opts)
  local g = grid.of(t, opts)
  local spec = g.words
  spec.grid, spec.measure = g, g.measure
  return spec
end

-- Shade of every number: 1 to 7, nothing for zero.
local function shades(g)
  local values = {}
  for r, row in ipairs(g.rows) do
    for k = 1, #g.cols do
      local point = g.cells[r][k]
      if not row.total and point.known then values[#values + 1] = point.solid end
    end
  end
  local axis = scale.of(values, { length = svg.heats * 1000 - 1 })
  return function(point)
    local at = axis.at(point.solid) - axis.zero
    return at ~= 0 and math.abs(at) // 1000 + 1 or nil
  end
end

-- The names of the columns as lines over them; where one does not fit whole, numbers stand for all, and box.key are the names below.
local function set_heads(box, heads, inner)
  box.heads, box.lines, box.key = {}, 1, {}
  local whole = true
  for k, head in ipairs(heads) do
    box.heads[k] = measure.wrap(head, box.cell - 60, 12, 3)
    box.lines = math.max(box.lines, #box.heads[k])
    whole = whole and table.concat(box.heads[k], " ") == head:gsub("%s+", " ")
  end
  if whole then return end
  box.lines = 1
  for k, head in ipairs(heads) do
    box.heads[k] = { tostring(k) }
    for n, line in ipairs(measure.wrap(head, inner - 180, 11)) do box.key[#box.key + 1] = { n == 1 and box.heads[k][1] or "", line } end
  end
end

local function layout(canvas, g)
  local inner, names, texts, heads = canvas.width - 2 * page.margin, {}, { g.all_head or "" }, {}
  for r, row in ipairs(g.rows) do
    names[r] = row.label
    for k = 1, #g.cols do
      local point = g.cells[r][k]
      texts[#texts + 1] = point.known and point.text or ""
    end
    if row.all then texts[#texts + 1] = row.all.text end
  end
  for k, col in ipairs(g.cols) do heads[k] = col.label end
  local columns = #g.cols + (g.all_head and 1 or 0)
  local left = inner - 120 - columns * math.max(measure.widest(texts, 13) + 120, LEAST) -- what the numbers need goes before long names
  local box = { name = math.min(math.max(measure.widest(names, 13), measure.width(g.row_head, 11)), math.max(inner * 30 // 100, left)) + 120 }
  local room = (inner - box.name) // math.max(columns, 1)
  local wanted = math.max(measure.widest(texts, 13) + 120, math.min(measure.widest(heads, 12) + 100, 1000), LEAST)
  box.cell, box.x0 = math.min(room, wanted), page.margin + box.name
  set_heads(box, heads, inner)
  return box
end

-- The largest size from 13 or 12 down in which a text fits.
local function fitting(text, width, size, bold)
  while size > 9 and measure.width(text, size, bold) > width do size = size - 1 end
  return size
end

local function draw_cell(canvas, point, shade, x, y, w, h, says)
  if point.outside then return end
  local middle, inner = x + w // 2, w - 40
  if not point.known then
    canvas:text("soft", middle, y + h // 2 + 45, "–", { anchor = "middle" })
    return
  end
  local step = shade(point)
  canvas:rect(step and "heat" .. step or "band", x + 5, y + 5, w - 10, h - 10, says)
  local size = fitting(point.text, inner, 13)
  canvas:text(step and (step >= svg.on_heat and "on_main" or "ink") or "soft", middle, y + h // 2 + 45,
    measure.fit(point.text, inner, size), { anchor = "middle", size = size ~= 13 and size or nil })
end

-- Names of the columns, and what they are; -> y below them
local function draw_head(canvas, g, box, y)
  if g.col_head ~= "" then
    canvas:text("soft", box.x0 + 30, y + 20, measure.fit(g.col_head, box.cell * #g.cols, 11), { size = 11 })
    y = y + 160
  end
  local base = y + 40 + (box.lines - 1) * 150
  for k in ipairs(g.cols) do
    for n, line in ipairs(box.heads[k]) do
      canvas:text("ink", box.x0 + (k - 1) * box.cell + box.cell // 2, base + (n - #box.heads[k]) * 150, line, { anchor = "middle", size = 12 })
    end
  end
  canvas:text("soft", page.margin, base, measure.fit(g.row_head, box.name - 60, 11), { size = 11 })
  if g.all_head then
    local size = fitting(g.all_head, box.cell - 40, 12, true)
    canvas:text("ink", box.right + box.cell - 40, base, measure.fit(g.all_head, box.cell - 40, size, true),
      { anchor = "end", size = size, bold = true })
  end
  return base + 80
end

local function draw_row(canvas, g, r, box, shade, y, pitch)
  local row, base = g.rows[r], y + pitch // 2 + 45
  local names = measure.wrap(row.label, box.name - 100, 13, pitch < 2 * LINE and 1 or 2, row.total)
  for n, name in ipairs(names) do
    canvas:text("ink", page.margin, base + (2 * n - #names - 1) * LINE // 2, name, { bold = row.total })
  end
  for k, col in ipairs(g.cols) do
    local point, x = g.cells[r][k], box.x0 + (k - 1) * box.cell
    if row.total then
      canvas:text("ink", x + box.cell // 2, base, measure.fit(point.text, box.cell - 20, 13, true), { anchor = "middle", bold = true })
    else
      draw_cell(canvas, point, shade, x, y, box.cell, pitch, row.label .. " → " .. col.label .. ": " .. point.text)
    end
  end
  local all = row.all
  if all then
    canvas:text(all.known and "ink" or "soft", box.right + box.cell - 40, base, all.known and measure.fit(all.text, box.cell - 40, 13, true) or "–",
      { anchor = "end", bold = all.known })
  end
end

function heat.draw(canvas, spec, y, opts)
  local room = canvas.width - 2 * page.margin
  local g = grid.within(spec.grid, opts.rows or 60, math.max(2, room * 75 // 100 // LEAST))
  if not g.rows[1] or not g.cols[1] then return page.nothing(canvas, spec, y) end
  local box, shade = layout(canvas, g), shades(g)
  local pitch = opts.height and math.max(180, math.min(600, (opts.height * 10 - 1800) // #g.rows)) or 320
  box.right = box.x0 + #g.cols * box.cell
  y = draw_head(canvas, g, box, y)
  for r, row in ipairs(g.rows) do
    if row.total then
      canvas:line("axis", page.margin, y + 30, box.right + (g.all_head and box.cell or 0), y + 30)
      y = y + 60
    end
    draw_row(canvas, g, r, box, shade, y, pitch)
    y = y + pitch
  end
  for _, line in ipairs(box.key) do
    canvas:text("soft", page.margin + 100, y + 190, line[1], { anchor = "end", size = 11 })
    canvas:text("ink", page.margin + 180, y + 190, line[2], { size = 11 })
    y = y + 160
  end
  y = box.key[1] and y + 60 or y
  for _, gap in ipairs(g.gaps or {}) do
    canvas:text("soft", page.margin, y + 150, gap, { size = 11 })
    y = y + 160
  end
  return y
end

function heat.points(spec) return grid.points(spec.grid) end

-- Rows of data for Vega-Lite: row, column, their places, the number's text and what of it is certain.
function heat.values(g)
  local values = {}
  for r, row in ipairs(g.rows) do
    for k, col in ipairs(g.cols) do
      local p = g.cells[r][k]
      if not row.total and not p.outside then
        values[#values + 1] = json.object("row", r, "column", k, "name", row.label, "along", col.label, "text", p.known and p.text or "–",
          "solid", p.known and p.solid or nil)
      end
    end
  end
  return values
end

function heat.vega(spec)
  local g = spec.grid
  local x = json.object("field", "along", "type", "nominal", "sort", nil, "title", g.col_head,
    "axis", json.object("orient", "top", "labelAngle", 0))
  local y = json.object("field", "name", "type", "nominal", "sort", nil, "title", g.row_head)
  local layer = { json.object("mark", json.object("type", "rect", "tooltip", true), "encoding", json.object("x", x, "y", y, "color",
      json.object("field", "solid", "type", "quantitative", "title", g.measure, "scale", json.object("range", json.list { "#f3f8fd", "#6fa3d0" })))),
    json.object("mark", "text", "encoding", json.object("x", x, "y", y, "text", json.object("field", "text"))) }
  return { values = heat.values(g), parse = { "solid" }, body = { "layer", json.list(layer) } }
end

return heat
