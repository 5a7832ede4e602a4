-- dumbbell: each row and the one it is compared with as two rings on an axis, open before, filled now; in total and, where the table
-- has the rate, per day beside it.
local Table = require "mekong.table"
local data = require "mekong.chart.data"
local fmt = require "mekong.fmt"
local json = require "mekong.render.json"
local labels = require "mekong.labels"
local measure = require "mekong.chart.measure"
local page = require "mekong.chart.page"
local scale = require "mekong.chart.scale"
local vega = require "mekong.chart.vega"

local dumbbell = { takes = 'a comparison, as t:compare("phase", {per = "day"}) gives' }

function dumbbell.fits(t)
  if t.index_.against and t.index_.difference and t.index_.percent then return true end
  return false, "is none"
end

-- The number of the row that row i is compared with, among the rows of its group.
local function base_of(t, i, key, beside)
  local wanted = t.data_[t.index_.against][i]
  if wanted == nil then return nil end
  for j = 1, t.n_ do
    if t.data_[key][j] == wanted and Table.key_id(t, i, beside) == Table.key_id(t, j, beside) then return j end
  end
end

-- The numbers of one panel: a column of values and the column of their change.
local function panel_of(t, value, change, locale)
  local c, p = t.index_[value], t.index_[change]
  local column, percent = data.column(t, c, locale), data.column(t, p, locale)
  return function(i, j)
    return { before = data.cell(t, j, c, column.show, locale), now = data.cell(t, i, c, column.show, locale),
      change = data.cell(t, i, p, percent.show, locale) }
  end, column.heading
end

local function remark(t, name, i, label, locale)
  local c = t.index_[name]
  if not c or t.data_[c][i] == nil then return nil end
  local column = data.column(t, c, locale)
  return label .. ": " .. column.bare:sub(1, 1):lower() .. column.bare:sub(2) .. ": " .. column.show(i)
end

function dumbbell.read(t, opts)
  t = Table.body(t)
  local locale = opts.locale or t.meta_.locale or "vi"
  local m = t.index_.against - 1
  local key, beside = m - 1, {}
  for c = 1, key - 1 do beside[c] = c end
  local measured = t.columns_[m].name
  local keys = table.move(beside, 1, #beside, 1, {})
  keys[#keys + 1] = key
  local total = data.column(t, m, locale)
  local spec = data.words(t, { title = opts.title, note = opts.note, source = opts.source, locale = opts.locale }, total.bare, keys)
  if opts.title == nil then spec.title = labels.say(locale, "Thay đổi ", "Change in ") .. spec.title:sub(1, 1):lower() .. spec.title:sub(2) end
  local read, head = panel_of(t, measured, "percent", locale)
  spec.panels = { { title = labels.say(locale, "Tổng: ", "Total: ") .. head, read = read } }
  if t.index_.per_day and t.index_.percent_per_day then
    local rate, rate_head = panel_of(t, "per_day", "percent_per_day", locale)
    spec.panels[2] = { title = rate_head, read = rate }
  end
  local show, outer = data.printers(t, { key }, locale)[1], data.printers(t, beside, locale)
  spec.rows, spec.measure = {}, total.heading
  for i = 1, t.n_ do
    local j = base_of(t, i, key, beside)
    if j then
      local parts = {}
      for k, own in ipairs(outer) do parts[k] = own(i) end
      local row = { label = show(j) .. " → " .. show(i), outer = table.concat(parts, " · "), panels = {} }
      for p, panel in ipairs(spec.panels) do row.panels[p] = panel.read(i, j) end
      spec.rows[#spec.rows + 1] = row
      if opts.note ~= false and #spec.rows <= 12 then
        for _, name in ipairs { "stated", "comparable" } do
          spec.notes[#spec.notes + 1] = remark(t, name, i, row.label, locale)
        end
      end
    end
  end
  return spec
end

-- ---------------------------------------------------------------- drawing

-- Where a number stands that is known between bounds only.
local function stand(point) return point.best or point.solid == "0" and point.far or point.solid end

local function ring(canvas, axis, x0, y, point, filled, says)
  local at = x0 + axis.at(stand(point))
  if point.far or point.more then
    local low = x0 + axis.at(point.solid)
    if point.far then canvas:rect("hatch", low, y - 35, math.max(10, x0 + axis.at(point.far) - low), 70) else canvas:open_arrow(low + 40, y, 1) end
  end
  canvas:circle(filled and "dot" or "ring", at, y, filled and 52 or 48, says)
  return at
end

local function draw_pair(canvas, one, axis, place, y, says)
  local text = (one.before.known and one.before.text or "?") .. " → " .. (one.now.known and one.now.text or "?")
  canvas:text("ink", place.pair, y + 42, measure.fit(text, place.wide_pair, 12), { anchor = "end", size = 12 })
  if one.change.known then
    canvas:text("ink", place.change, y + 42, measure.fit(one.change.text, place.wide_change, 12, true), { anchor = "end", size = 12, bold = true })
  else
    canvas:text("soft", place.change, y + 42, "–", { anchor = "end", size = 12 })
  end
  local a = one.before.known and ring(canvas, axis, place.x0, y, one.before, false, says)
  local b = one.now.known and ring(canvas, axis, place.x0, y, one.now, true, says)
  if a and b and math.abs(a - b) > 110 then
    local sign = b > a and 1 or -1
    canvas:line("edge", a + sign * 50, y, b - sign * 50, y)
  end
end

-- Texts of a panel, and the decimals of its axis.
local function texts_of(spec, p)
  local pairs_, changes, values = {}, {}, {}
  for r, row in ipairs(spec.rows) do
    local one = row.panels[p]
    pairs_[r] = (one.before.known and one.before.text or "?") .. " → " .. (one.now.known and one.now.text or "?")
    changes[r] = one.change.known and one.change.text or "–"
    data.reach(one.before, values)
    data.reach(one.now, values)
  end
  return pairs_, changes, values
end

-- Whether the numbers of all panels leave room for the drawing beside them.
local function roomy(spec, width)
  for p in ipairs(spec.panels) do
    local pairs_, changes = texts_of(spec, p)
    if measure.widest(pairs_, 12) > width * 42 // 100 or measure.widest(changes, 12, true) > width * 22 // 100 then return false end
  end
  return true
end

local function panel_place(spec, p, x, width)
  local pairs_, changes, values = texts_of(spec, p)
  local place = { wide_pair = math.min(measure.widest(pairs_, 12), width * 42 // 100),
    wide_change = math.min(measure.widest(changes, 12, true), width * 24 // 100) }
  place.pair = x + place.wide_pair
  place.change = place.pair + 140 + place.wide_change
  place.x0 = place.change + 160
  local axis = scale.of(values, { length = math.max(300, x + width - place.x0 - 260), gap = 500 })
  return place, axis
end

local function panel_grid(canvas, place, axis, top, bottom, locale)
  local free = -10000
  for _, tick in ipairs(axis.ticks) do
    local at, text = place.x0 + tick.at, fmt.plain(tick.value, locale)
    local half = measure.width(text, 11) // 2
    canvas:line(tick.value == "0" and "axis" or "hair", at, top, at, bottom)
    if at - half > free then
      canvas:text("soft", at, bottom + 150, text, { anchor = "middle", size = 11 })
      free = at + half + 60
    end
  end
end

function dumbbell.draw(canvas, spec, y, opts)
  if not spec.rows[1] then return page.nothing(canvas, spec, y) end
  local inner, names = canvas.width - 2 * page.margin, {}
  for r, row in ipairs(spec.rows) do names[r] = row.label end
  local name, count = math.min(measure.widest(names, 13), inner * 25 // 100) + 140, #spec.panels
  local width = (inner - name - (count - 1) * 240) // count
  local stacked = count > 1 and not roomy(spec, width)
  if stacked then width = inner - name end
  local pitch = opts.height and math.max(200, math.min(600, (opts.height * 10 - 1800) // #spec.rows)) or 300
  local below = y
  for p, panel in ipairs(spec.panels) do
    local top = stacked and p > 1 and below + 260 or y
    local x = page.margin + name + (stacked and 0 or (p - 1) * (width + 240))
    local place, axis = panel_place(spec, p, x, width)
    canvas:text("ink", x, top + 40, measure.fit(panel.title, width, 13, true), { bold = true })
    local at, outer = top + 120, ""
    for _, row in ipairs(spec.rows) do
      if row.outer ~= outer then
        outer = row.outer
        if p == 1 or stacked then canvas:text("ink", page.margin, at + pitch // 2 + 45, measure.fit(outer, inner, 13, true), { bold = true }) end
        at = at + pitch
      end
      if p == 1 or stacked then canvas:text("ink", page.margin, at + pitch // 2 + 45, measure.fit(row.label, name - 100, 13)) end
      local one = row.panels[p]
      draw_pair(canvas, one, axis, place, at + pitch // 2, row.label .. ": " .. one.before.text .. " → " .. one.now.text)
      at = at + pitch
    end
    panel_grid(canvas, place, axis, top + 100, at + 20, spec.locale)
    below = math.max(below, at + 190)
  end
  y = below + 180
  canvas:circle("ring", page.margin + 60, y - 40, 48)
  local before = labels.say(spec.locale, "kỳ trước", "before")
  canvas:text("soft", page.margin + 170, y, before, { size = 12 })
  local x = page.margin + 170 + measure.width(before, 12) + 240
  canvas:circle("dot", x, y - 40, 52)
  canvas:text("soft", x + 110, y, labels.say(spec.locale, "kỳ này", "now"), { size = 12 })
  return y
end

-- ---------------------------------------------------------------- other forms

function dumbbell.points(spec)
  local out = {}
  for p, panel in ipairs(spec.panels) do
    for _, row in ipairs(spec.rows) do
      local one = row.panels[p]
      local text = one.before.text .. " → " .. one.now.text .. (one.change.known and " (" .. one.change.text .. ")" or "")
      out[#out + 1] = { label = panel.title .. " · " .. (row.outer ~= "" and row.outer .. " · " or "") .. row.label,
        point = setmetatable({ text = text }, { __index = one.now }) }
    end
  end
  spec.mixed = true
  return out
end

function dumbbell.vega(spec)
  local values, specs, names = {}, {}, {}
  for p, panel in ipairs(spec.panels) do
    for r, row in ipairs(spec.rows) do
      local one = row.panels[p]
      local label = (row.outer ~= "" and row.outer .. " · " or "") .. row.label
      local function value(point) return point.known and stand(point) or nil end
      names[r] = label
      values[#values + 1] = json.object("panel", p, "row", r, "name", label, "before", value(one.before), "now", value(one.now),
        "text", one.change.known and one.change.text or "–")
    end
    local y = json.object("field", "name", "type", "nominal", "sort", nil, "title", nil, "scale", vega.scale(names))
    local function x(field) return json.object("field", field, "type", "quantitative", "title", nil) end
    specs[p] = json.object("title", panel.title, "width", 220, "transform", json.list { json.object("filter", "datum.panel === " .. p) },
      "layer", json.list {
      json.object("mark", json.object("type", "rule", "color", "#1f5f99"), "encoding", json.object("y", y, "x", x "before", "x2",
        json.object("field", "now"))),
      json.object("mark", json.object("type", "point", "color", "#1f5f99", "size", 80), "encoding", json.object("y", y, "x", x "before")),
      json.object("mark", json.object("type", "point", "color", "#1f5f99", "filled", true, "size", 90, "tooltip", true), "encoding",
        json.object("y", y, "x", x "now")),
      json.object("mark", json.object("type", "text", "align", "left", "dx", 8), "encoding", json.object("y", y, "x", x "now", "text",
        json.object("field", "text"))) })
  end
  return { values = values, parse = { "before", "now" }, sized = true, body = { "hconcat", json.list(specs) } }
end

return dumbbell
