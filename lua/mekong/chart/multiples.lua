-- multiples: small bar charts beside each other: one for each column of numbers with an axis of its own, or, of one column and two
-- keys, one for each value of the last key, all on the same scale.
local Table = require "mekong.table"
local bars = require "mekong.chart.bars"
local data = require "mekong.chart.data"
local grid = require "mekong.chart.grid"
local json = require "mekong.render.json"
local labels = require "mekong.labels"
local measure = require "mekong.chart.measure"
local page = require "mekong.chart.page"
local vega = require "mekong.chart.vega"

local multiples = { takes = "several columns of numbers, or numbers by two keys" }

-- Columns of numbers to draw; how many rows lack a number is none of them.
local function measures(t)
  local out = {}
  for c, column in ipairs(t.columns_) do
    if Table.numeric[column.kind] and not Table.is_key(t, c) and not column.level and not column.all and not column.optional then
      out[#out + 1] = c
    end
  end
  return out
end

-- What is not known is said under the drawing; a small one has no room for it.
local function short(point)
  return point.known and point or setmetatable({ text = "–" }, { __index = point })
end

function multiples.fits(t, opts)
  local list = measures(t)
  if #list > 1 and not (opts and opts.measure) then return true end
  if grid.fits(t) then return true end
  return false, #list == 0 and "has no column of numbers" or "has one column of numbers by one key"
end

local MOST = 24 -- panels

local function by_measure(t, opts)
  t = Table.body(t, true)
  local locale, list = opts.locale or t.meta_.locale or "vi", measures(t)
  local keys = data.keys(t, list[1])
  local spec, names = data.words(t, opts, nil, keys), data.printers(t, keys, locale)
  local rows, left_out = data.chosen(t.n_, opts.rows or 30)
  spec.panels, spec.left_out = {}, left_out
  for p, c in ipairs(list) do
    if p <= MOST then
      local column, own = data.column(t, c, locale), {}
      for r, i in ipairs(rows) do
        local parts = {}
        for k, show in ipairs(names) do parts[k] = show(i) end
        own[r] = { label = table.concat(parts, " · "), outer = "", point = short(data.cell(t, i, c, column.show, locale)) }
      end
      spec.panels[p] = { title = column.heading, rows = own, whole = column.column.kind == "int" }
    end
  end
  if opts.title == nil then
    local said = {}
    for p, panel in ipairs(spec.panels) do said[p] = panel.title end
    spec.title = table.concat(said, ", ", 1, math.min(#said, 4)) .. (#said > 4 and " …" or "") ..
      labels.say(locale, " theo ", " by ") .. spec.title
  end
  return spec
end

local function by_key(t, opts)
  local g = grid.of(t, opts)
  g = grid.within(g, opts.rows or 30, MOST)
  local spec = g.words
  spec.panels, spec.shared, spec.measure = {}, true, g.measure
  for k, col in ipairs(g.cols) do
    local own = {}
    for r, row in ipairs(g.rows) do
      if not row.total then own[#own + 1] = { label = row.label, outer = "", point = short(g.cells[r][k]) } end
    end
    spec.panels[k] = { title = col.label, rows = own, whole = g.whole }
  end
  spec.subtitle = labels.say(g.locale, "Các hình cùng một thang", "All on one scale")
  if g.gaps then spec.notes = { table.concat(g.gaps, " "), table.unpack(spec.notes) } end
  return spec
end

function multiples.read(t, opts)
  local spec = #measures(t) > 1 and not opts.measure and by_measure(t, opts) or by_key(t, opts)
  spec.mixed = not spec.shared
  return spec
end

function multiples.draw(canvas, spec, y, opts)
  if not spec.panels[1] or not spec.panels[1].rows[1] then return page.nothing(canvas, spec, y) end
  local inner, gap = canvas.width - 2 * page.margin, 360
  local across = math.max(1, math.min(#spec.panels, (inner + gap) // (2900 + gap)))
  if #spec.panels == 4 and across == 3 then across = 2 end
  local width, reach, points, all = (inner - (across - 1) * gap) // across, {}, {}, {}
  for _, panel in ipairs(spec.panels) do
    for _, row in ipairs(panel.rows) do
      points[#points + 1], all[#all + 1] = row.point, row
      if spec.shared then data.reach(row.point, reach) end
    end
  end
  local lines = (#spec.panels + across - 1) // across
  local pitch = opts.height and math.max(150, math.min(300, ((opts.height * 10 - 1200) // lines - 500) // #spec.panels[1].rows)) or 210
  local top, below = y, y
  for p, panel in ipairs(spec.panels) do
    local at = (p - 1) % across
    if at == 0 and p > 1 then top = below + 200 end
    local box = { x = page.margin + at * (width + gap), width = width, size = 12, pitch = pitch, gap = 500 }
    canvas:text("ink", box.x, top + 40, measure.fit(panel.title, width, 13, true), { bold = true })
    below = math.max(at == 0 and 0 or below, bars.panel(canvas, panel.rows, box, top + 130,
      { locale = spec.locale, whole = panel.whole, reach = reach, all = spec.shared and all or nil }))
  end
  return page.bounds(canvas, points, below, spec.locale)
end

function multiples.points(spec)
  local out = {}
  for _, panel in ipairs(spec.panels) do
    for _, row in ipairs(panel.rows) do out[#out + 1] = { label = panel.title .. " · " .. row.label, point = row.point } end
  end
  return out
end

function multiples.vega(spec)
  local values, names, titles = {}, {}, {}
  for p, panel in ipairs(spec.panels) do
    for r, row in ipairs(panel.rows) do
      local point = row.point
      names[#names + 1], titles[p] = row.label, panel.title
      values[#values + 1] = json.object("panel", p, "row", r, "title", panel.title, "name", row.label, "text", point.text,
        "solid", point.known and point.solid or nil, "far", point.known and (point.far or point.solid) or nil)
    end
  end
  local y = json.object("field", "name", "type", "nominal", "sort", nil, "title", nil, "scale", vega.scale(names))
  local function x(field) return json.object("field", field, "type", "quantitative", "title", nil) end
  return { values = values, parse = { "solid", "far" }, sized = true, body = { "facet", json.object("field", "title", "type", "nominal", "sort",
    vega.each(titles), "title", nil), "columns", 3, "spec", json.object("width", 160, "layer", json.list {
      json.object("mark", json.object("type", "bar", "color", "#1f5f99", "tooltip", true), "encoding", json.object("y", y, "x", x "solid")),
      json.object("mark", json.object("type", "bar", "color", "#1f5f99", "opacity", 0.35), "encoding", json.object("y", y, "x", x "solid",
        "x2", json.object("field", "far"))),
      json.object("mark", json.object("type", "text", "align", "left", "dx", 4), "encoding", json.object("y", y, "x", x "far",
        "text", json.object("field", "text"))) }), "resolve", json.object("scale", json.object("x", spec.shared and "shared" or "independent")) } }
end

return multiples
