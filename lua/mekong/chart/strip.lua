-- strip: months beside each other, one strip for each phase, so that the same month of different years stands in one column. The bar
-- in each month is its number; months outside a phase stay empty, months nobody has data for say so.
local core = require "mekong.core"
local data = require "mekong.chart.data"
local grid = require "mekong.chart.grid"
local json = require "mekong.render.json"
local labels = require "mekong.labels"
local measure = require "mekong.chart.measure"
local page = require "mekong.chart.page"
local periods = require "mekong.periods"
local scale = require "mekong.chart.scale"
local vega = require "mekong.chart.vega"

local strip = { takes = 'months by phases, as frame:pivot("month", "phase") gives' }

local function is_month(value) return type(value) == "string" and value:find "^%d%d%d%d%-%d%d$" ~= nil end

-- Which way the months run in a table: "rows", "cols", or nil.
local function months_in(t)
  local levels, months = 0, true
  for _, column in ipairs(t.columns_) do
    if column.level then
      levels, months = levels + 1, months and (is_month(column.name) or column.name == "(thiếu)")
    end
  end
  if levels > 0 and months then return t.columns_[1].kind == "phase" and "cols" or nil end
  local spanner = t.meta_.spanner
  if levels > 0 and spanner and spanner.vi == labels.column("phase", "vi") and t.columns_[1].name == "month" then return "rows" end
  local a, b = t.columns_[1], t.columns_[2]
  if (t.meta_.keys or 0) == 2 and b then
    if a.kind == "phase" and b.name == "month" then return "cols" end
    if b.kind == "phase" and a.name == "month" then return "rows" end
  end
end

function strip.fits(t)
  if months_in(t) and grid.fits(t) then return true end
  return false, "is none"
end

-- Months since the January of the phase's first year, so that phases which cross a year stay in one piece.
local function month_number(iso) return math.tointeger(iso:sub(1, 4)) * 12 + math.tointeger(iso:sub(6, 7)) - 1 end

local function occurs(point) return point.known and not (point.exact and point.solid == "0") end

-- That a month lies outside a phase is seen.
local function without_outside(notes, locale)
  local out, own = {}, "– " .. labels.say(locale, periods.reasons.outside[1], periods.reasons.outside[2])
  for _, note in ipairs(notes) do
    if note:sub(1, #own) ~= own then out[#out + 1] = note end
  end
  return out
end

function strip.read(t, opts)
  local g, along = grid.of(t, opts), months_in(t)
  local spec, phases, months = g.words, along == "cols" and g.rows or g.cols, along == "cols" and g.cols or g.rows
  spec.strips, spec.measure = {}, g.measure
  spec.notes = without_outside(spec.notes, g.locale)
  for p, phase in ipairs(phases) do
    local own = { label = phase.label, cells = {} }
    for m, month in ipairs(months) do
      local point = along == "cols" and g.cells[p][m] or g.cells[m][p]
      if is_month(month.value) and not point.outside and not phase.total and not month.total then
        own.cells[#own.cells + 1] = { month = month_number(month.value), label = month.label, point = point }
      end
    end
    local year
    for _, cell in ipairs(own.cells) do
      if occurs(cell.point) then year = year or cell.month // 12 * 12 end
    end
    local info = t.meta_.phases and t.meta_.phases.by_key[phase.value]
    if info and info.date then year = math.tointeger(info.date:sub(1, 4)) * 12 end
    own.year = year
    local kept = {}
    for _, cell in ipairs(own.cells) do
      local at = year and cell.month - year
      if at and at >= 0 and at < 24 and (occurs(cell.point) or info and info.date and info.date_to) then
        cell.at = at
        kept[#kept + 1] = cell
        if cell.point.known then
          spec.first, spec.last = math.min(spec.first or at, at), math.max(spec.last or at, at)
        end
      end
    end
    own.cells = kept
    spec.strips[#spec.strips + 1] = own
  end
  return spec
end

local function any_known(strip_)
  for _, cell in ipairs(strip_.cells) do
    if cell.point.known then return true end
  end
  return false
end

local function draw_strip(canvas, spec, one, axis, box, base)
  canvas:text("ink", page.margin, base - 130, measure.fit(one.label, box.name - 60, 14, true), { bold = true, size = 14 })
  if one.year then canvas:text("soft", page.margin, base + 20, tostring(one.year // 12), { size = 11 }) end
  if not any_known(one) then
    canvas:text("soft", box.x0 + 60, base - 60, labels.say(spec.locale, "chưa có dữ liệu", "no data yet"), { italic = true })
  end
  canvas:line("hair", box.x0, base, box.x0 + box.count * box.cell, base)
  for _, cell in ipairs(one.cells) do
    local x = box.x0 + (cell.at - spec.first) * box.cell
    if cell.at >= spec.first and cell.at <= spec.last and any_known(one) then
      local height = cell.point.known and axis.at(cell.point.solid) - axis.zero or 0
      local says = one.label .. ", " .. cell.label .. ": " .. cell.point.text
      if cell.point.known then
        if cell.point.far then
          local far = axis.at(cell.point.far) - axis.zero
          canvas:rect("hatch", x + 50, base - far, box.cell - 100, far - height, says)
        end
        canvas:rect("main", x + 50, base - math.max(height, 10), box.cell - 100, math.max(height, 10), says)
        canvas:text("ink", x + box.cell // 2, base - math.max(height, 10) - 40, measure.fit(cell.point.text, box.cell, 11),
          { anchor = "middle", size = 11 })
      else
        canvas:rect("empty", x + 50, base - 120, box.cell - 100, 120, says)
        canvas:text("soft", x + box.cell // 2, base - 35, "–", { anchor = "middle", size = 11 })
      end
    end
  end
end

function strip.draw(canvas, spec, y, opts)
  if not spec.first then return page.nothing(canvas, spec, y) end
  local names, values = {}, {}
  for k, one in ipairs(spec.strips) do
    names[k] = one.label
    for _, cell in ipairs(one.cells) do data.reach(cell.point, values) end
  end
  local box = { name = math.min(math.max(measure.widest(names, 14, true), 400), 1500) + 120, count = spec.last - spec.first + 1 }
  box.x0 = page.margin + box.name
  box.cell = math.min((canvas.width - page.margin - box.x0) // box.count, 900)
  box.pitch = opts.height and math.max(380, math.min(1600, (opts.height * 10 - 1800) // #spec.strips)) or 680
  local axis = scale.of(values, { length = box.pitch - 280 })
  for at = spec.first, spec.last do
    canvas:text("soft", box.x0 + (at - spec.first) * box.cell + box.cell // 2, y + 40, labels.say(spec.locale, "T", "") .. at % 12 + 1,
      { anchor = "middle", size = 11 })
  end
  y = y + 60
  for _, one in ipairs(spec.strips) do
    y = y + (any_known(one) and box.pitch or 400)
    draw_strip(canvas, spec, one, axis, box, y - 80)
  end
  return y + 20
end

function strip.points(spec)
  local out = {}
  for _, one in ipairs(spec.strips) do
    for _, cell in ipairs(one.cells) do
      if cell.point.known then out[#out + 1] = { label = one.label .. " · " .. cell.label, point = cell.point } end
    end
  end
  return out
end

function strip.vega(spec)
  local values, names = {}, {}
  for r, one in ipairs(spec.strips) do
    names[r] = one.label
    for _, cell in ipairs(one.cells) do
      local p = cell.point
      values[#values + 1] = json.object("row", r, "name", one.label, "month", cell.at % 12 + 1, "place", cell.at, "along", cell.label,
        "text", p.text, "solid", p.known and p.solid or nil)
    end
  end
  local x = json.object("field", "place", "type", "ordinal", "title", core.text.title(labels.column("month", spec.locale)), "axis",
    json.object("labelExpr", "datum.value % 12 + 1", "labelAngle", 0))
  return { values = values, parse = { "solid" }, sized = true, body = { "facet", json.object("row", json.object("field", "name",
    "type", "nominal", "sort", vega.each(names), "title", nil)), "spec", json.object("height", 60, "layer", json.list {
    json.object("mark", json.object("type", "bar", "color", "#1f5f99", "tooltip", true), "encoding",
      json.object("x", x, "y", json.object("field", "solid", "type", "quantitative", "title", nil))),
    json.object("mark", json.object("type", "text", "dy", -6), "encoding",
      json.object("x", x, "y", json.object("field", "solid", "type", "quantitative"), "text", json.object("field", "text"))) }) } }
end

return strip
