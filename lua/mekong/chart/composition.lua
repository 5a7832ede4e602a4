-- composition: parts of a whole as one stacked bar a group, in percent. Parts that overlap go beyond the line of 100 %, what the parts
-- leave open is drawn open.
local core = require "mekong.core"
local Table = require "mekong.table"
local data = require "mekong.chart.data"
local grid = require "mekong.chart.grid"
local json = require "mekong.render.json"
local labels = require "mekong.labels"
local measure = require "mekong.chart.measure"
local page = require "mekong.chart.page"
local scale = require "mekong.chart.scale"
local svg = require "mekong.chart.svg"
local vega = require "mekong.chart.vega"

local composition = { takes = "shares of a whole, as share() gives, or counts by one or two keys that have shares" }

local function share_column(t)
  for c, column in ipairs(t.columns_) do
    if column.kind == "figure" and column.of then return c end
  end
end

local function has_total(t)
  for _, column in ipairs(t.columns_) do
    if column.all then return true end
  end
  return t.meta_.wide and true or false
end

function composition.fits(t)
  if share_column(t) then return true end
  if t.index_.difference or t.index_.cumulative then return false, "compares or adds up along a key" end
  if grid.levels(t)[1] then
    if has_total(t) then return true end
    return false, "has no totals that the parts could be shares of"
  end
  for c, column in ipairs(t.columns_) do
    if Table.numeric[column.kind] and not Table.is_key(t, c) and Table.is_key(t, 1) then return true end
  end
  return false, "has no numbers by a key"
end

-- How far a part is drawn: its best value, or what of it is certain.
local function length_of(point) return point.best or point.solid end

-- The parts of each row one behind the other, as figures, so that their sum is exact.
local function stacked(g)
  local rows, reach = {}, { "100" }
  for r in ipairs(g.rows) do
    local at, parts = core.figure.new { best = 0 }, {}
    for k in ipairs(g.cols) do
      local point = g.cells[r][k]
      if point.known then
        local from = core.figure.decimal(at, nil, "best")
        at = at + core.figure.new { best = length_of(point) }
        parts[#parts + 1] = { col = k, point = point, from = from, to = core.figure.decimal(at, nil, "best") }
      end
    end
    rows[r] = { parts = parts, to = core.figure.decimal(at, nil, "best") }
    reach[#reach + 1] = rows[r].to
  end
  return rows, reach
end

-- Shares of the cells of a wide table in the totals of its rows.
local function wide_shares(t, opts)
  t = Table.body(Table.with_total(t), true)
  local all
  for c, column in ipairs(t.columns_) do
    if column.all then all = c end
  end
  local g = grid.of(t, opts)
  for k, c in ipairs(grid.levels(t)) do
    for i = 1, t.n_ do
      local value, total = t.data_[c][i], t.data_[all][i]
      local share
      if value ~= nil and total ~= nil then
        local whole = Table.figure_of(t.columns_[all], total)
        share = not whole:is(0) and Table.figure_of(t.columns_[c], value):share(whole) or nil
      end
      local point = data.point(share, share and share:format { locale = g.locale, digits = 1 })
      if share and point.known then g.cells[i][k] = point else g.cells[i][k] = data.point(nil, g.cells[i][k].text) end
    end
  end
  for _, row in ipairs(stacked(g)) do
    if core.figure.new { best = 100 }:surely_lt(core.figure.new { best = row.to }) then
      table.insert(g.words.notes, labels.say(g.locale,
        "Một vụ có thể nằm ở nhiều cột: tỷ trọng tính trên số vụ khác nhau, cộng lại vượt 100%.",
        "A case may stand in several columns: shares divide by the distinct cases and exceed 100% together."))
      break
    end
  end
  return g
end

local function shared(t, opts)
  if share_column(t) then return t end
  local keys = data.keys(t, data.measure(t, opts, "Table:chart"))
  local within = {}
  for k = 1, #keys - 1 do within[k] = t.columns_[keys[k]].name end
  return t:share { measure = opts.measure, within = within[1] and within or nil }
end

-- Parts by group: with one key all rows are the parts of one group.
local function long_shares(t, opts)
  t = Table.body(shared(t, opts), true)
  local c = share_column(t)
  local own = { locale = opts.locale, measure = t.columns_[c].name, title = opts.title, note = opts.note, source = opts.source }
  local keys = data.keys(t, c)
  if #keys > 1 then return grid.of(t, own) end
  local locale = opts.locale or t.meta_.locale or "vi"
  local column, show = data.column(t, c, locale), data.printers(t, keys, locale)[1]
  local g = { rows = { { label = "" } }, cols = {}, cells = { {} }, locale = locale, row_head = "",
    col_head = data.column(t, keys[1], locale).bare, words = data.words(t, own, column.bare, keys) }
  for i = 1, t.n_ do
    g.cols[i] = { label = show(i) }
    g.cells[1][i] = data.cell(t, i, c, column.show, locale)
  end
  return g
end

function composition.read(t, opts)
  local g = grid.levels(t)[1] and not share_column(t) and wide_shares(t, opts) or long_shares(t, opts)
  local spec = g.words
  spec.grid, spec.measure = g, labels.column("share", g.locale)
  spec.subtitle = spec.measure .. " (%)"
  return spec
end

local function texture(k) return "t" .. math.min(k, svg.textures) end

local function legend(canvas, g, y)
  local entries, only = {}, #g.rows == 1
  for k, col in ipairs(g.cols) do
    if k <= 16 then
      local point = g.cells[1][k]
      entries[k] = { texture(k), col.label .. (only and " " .. point.text or "") }
    end
  end
  return page.key(canvas, entries, y)
end

-- The size in which the number of a part fits into it; nil when in none.
local function size_in(part, axis)
  local room = axis.at(part.to) - axis.at(part.from)
  for size = 12, 10, -1 do
    if measure.width(part.point.text, size) + (size == 12 and 140 or 70) <= room then return size end
  end
end

-- The parts too narrow for their number, which stands behind the bar then, and the room that takes.
local function leftover(row, axis)
  local out, wide = {}, 0
  for _, part in ipairs(row.parts) do
    if part.from ~= part.to and not size_in(part, axis) then
      out[#out + 1] = part
      wide = wide + 240 + measure.width(part.point.text, 11)
    end
  end
  return out, wide
end

local function draw_leftover(canvas, row, axis, x, right, y)
  for _, part in ipairs((leftover(row, axis))) do
    local wide = measure.width(part.point.text, 11)
    if x + 140 + wide > right + 100 then return end
    canvas:rect(texture(part.col), x, y - 90, 100, 100)
    canvas:text("ink", x + 140, y, part.point.text, { size = 11 })
    x = x + 240 + wide
  end
end

local function draw_parts(canvas, g, row, r, axis, x0, y, height)
  local label = g.rows[r].label
  for _, part in ipairs(row.parts) do
    local a, b, size = x0 + axis.at(part.from), x0 + axis.at(part.to), size_in(part, axis)
    local col, middle = g.cols[part.col].label, (a + b) // 2
    if b > a then
      canvas:rect(texture(part.col), a, y, b - a, height, (label ~= "" and label .. " · " or "") .. col .. ": " .. part.point.text)
    end
    if size and b > a then
      local wide = measure.width(part.point.text, size)
      if part.col ~= 1 then canvas:rect("plate", middle - wide // 2 - 30, y + height // 2 - 75, wide + 60, 150, nil, 30) end
      canvas:text(part.col == 1 and "on_main" or "ink", middle, y + height // 2 + 42, part.point.text, { anchor = "middle", size = size })
    end
  end
  local hundred, last = x0 + axis.at "100", x0 + axis.at(row.to)
  if row.parts[1] and last < hundred - 10 then canvas:rect("empty", last, y, hundred - last, height) end
end

-- The axis, with room behind the bars for the numbers that do not fit into them.
local function axis_of(rows, reach, length)
  local axis, room = scale.of(reach, { length = length, gap = 1000 }), 0
  for _ = 1, 3 do
    local most = 0
    for _, row in ipairs(rows) do most = math.max(most, select(2, leftover(row, axis))) end
    if most <= room then break end
    room = most
    axis = scale.of(reach, { length = length - math.min(room, length * 30 // 100), gap = 1000 })
  end
  return axis
end

function composition.draw(canvas, spec, y, opts)
  local g = grid.within(spec.grid, opts.rows or 60, 200)
  if not g.rows[1] or not g.cols[1] then return page.nothing(canvas, spec, y) end
  local rows, reach = stacked(g)
  local names = {}
  for r, row in ipairs(g.rows) do names[r] = row.label end
  local name = math.min(measure.widest(names, 13), (canvas.width - 2 * page.margin) * 38 // 100)
  local x0, right = page.margin + name + (name > 0 and 140 or 0), canvas.width - page.margin
  local axis = axis_of(rows, reach, right - x0 - 120)
  local pitch = opts.height and math.max(200, math.min(700, (opts.height * 10 - 2000) // #g.rows)) or 360
  y = legend(canvas, g, y + 20) + 150
  local top = y
  for r, row in ipairs(rows) do
    local middle = y + pitch // 2 + 45
    canvas:text("ink", page.margin, middle, measure.fit(g.rows[r].label, name, 13))
    if row.parts[1] then
      draw_parts(canvas, g, row, r, axis, x0, y + pitch * 12 // 100, pitch * 76 // 100)
      local after = x0 + math.max(axis.at "100", axis.at(row.to)) + 80
      draw_leftover(canvas, row, axis, after, right, middle)
    else
      canvas:text("soft", x0 + 40, middle, g.cells[r][1].text, { italic = true })
    end
    y = y + pitch
  end
  for _, tick in ipairs(axis.ticks) do
    local x = x0 + tick.at
    canvas:line((tick.value == "0" or tick.value == "100") and "axis" or "hair", x, top - 30, x, y + 30)
    canvas:text("soft", x, y + 170, tick.value .. "%", { anchor = "middle", size = 11 })
  end
  return y + 190
end

function composition.points(spec)
  local g, out = spec.grid, {}
  for r, row in ipairs(g.rows) do
    for k, col in ipairs(g.cols) do
      out[#out + 1] = { label = (row.label ~= "" and row.label .. " · " or "") .. col.label, point = g.cells[r][k] }
    end
  end
  return out
end

function composition.vega(spec)
  local g, values, names, parts = spec.grid, {}, {}, {}
  for k, col in ipairs(g.cols) do parts[k] = col.label end
  for r, row in ipairs(g.rows) do
    names[r] = row.label
    for k, col in ipairs(g.cols) do
      local p = g.cells[r][k]
      values[#values + 1] = json.object("row", r, "part", k, "name", row.label, "along", col.label, "text", p.text,
        "share", p.known and length_of(p) or nil)
    end
  end
  return { values = values, parse = { "share" }, body = { "mark", json.object("type", "bar", "tooltip", true), "encoding", json.object(
    "y", json.object("field", "name", "type", "nominal", "sort", nil, "title", g.row_head, "scale", vega.scale(names)),
    "x", json.object("field", "share", "type", "quantitative", "stack", "zero", "title", spec.measure .. " (%)"),
    "color", json.object("field", "along", "type", "nominal", "sort", nil, "title", g.col_head, "scale", vega.scale(parts)),
    "order", json.object("field", "part", "type", "quantitative"),
    "tooltip", json.list { json.object("field", "along", "type", "nominal"), json.object("field", "text", "type", "nominal") }) } }
end

return composition
