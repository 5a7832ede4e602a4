-- steps: running totals along time or along the rows. Between two rows the total lies somewhere between both: that is a hatched box; an
-- arrow says that it may be more. Totals that were announced stand on it as flags.
local core = require "mekong.core"
local order = require "mekong.order"
local Table = require "mekong.table"
local data = require "mekong.chart.data"
local fmt = require "mekong.fmt"
local json = require "mekong.render.json"
local labels = require "mekong.labels"
local measure = require "mekong.chart.measure"
local page = require "mekong.chart.page"
local periods = require "mekong.periods"
local scale = require "mekong.chart.scale"

local steps = { takes = 'running totals, as t:cumulative("phase") gives' }

local function key_at(t) return t.index_.cumulative and t.index_.cumulative - 2 end

function steps.fits(t)
  local k = key_at(t)
  if not k or k < 1 then return false, "has none" end
  if k > 1 then return false, "runs several totals side by side; choose one with where" end
  return true
end

local function day_of(iso) return core.date.between("2000-01-01", iso) end

-- First and last day of a row: of its phase, or of its month, quarter, day …
local function days_of(t, value)
  local info = t.meta_.phases and value and t.meta_.phases.by_key[value]
  if info then
    if not info.date then return nil end
    return (core.date.bounds(info.date)), (select(2, core.date.bounds(info.date_to or info.date)))
  end
  local kind = t.columns_[key_at(t)].kind
  if value and (kind == "date" or kind == "period") then return periods.bounds(value) end
end

-- Flags: those given, else totals that the table knows to be announced.
local function flags_of(t, opts, column, locale)
  if opts.flags == false then return {} end
  local out = {}
  local function add(date, figure, source)
    if column.unit and figure.unit ~= "" and figure.unit ~= column.unit then
      core.raise("unit", ("Table:chart: the flag '%s' counts other things than the column '%s'"):format(tostring(figure), column.column.name))
    end
    out[#out + 1] = { day = select(2, core.date.bounds(date)), date = date, source = source,
      point = data.point(figure, figure:say { locale = locale }) }
  end
  if opts.flags then
    for _, flag in ipairs(opts.flags) do add(core.date.parse(flag[1]), core.figure.parse(flag[2])) end
  elseif t.meta_.announced and column.column.name == "cumulative" then
    for _, one in ipairs(t.meta_.announced(t.data_[key_at(t)][1])) do add(one.date, one.figure, one.source) end
  end
  table.sort(out, function(a, b)
    if a.day ~= b.day then return a.day < b.day end
    return order.plain(a.point.text, b.point.text) < 0
  end)
  return out
end

function steps.read(t, opts)
  t = Table.body(t)
  local locale, k = opts.locale or t.meta_.locale or "vi", key_at(t)
  local c = t.index_.cumulative
  local column, key = data.column(t, c, locale), data.column(t, k, locale)
  local adds = data.column(t, k + 1, locale)
  local spec = data.words(t, opts, labels.column("cumulative", locale) .. " " .. adds.bare:sub(1, 1):lower() .. adds.bare:sub(2), { k })
  spec.rows, spec.timed, spec.measure, spec.key = {}, t.n_ > 0, column.heading, key.bare
  for i = 1, t.n_ do
    local value = t.data_[k][i]
    local from, to = days_of(t, value)
    spec.rows[i] = { label = key.show(i), from = from, to = to, point = data.cell(t, i, c, column.show, locale),
      added = data.cell(t, i, k + 1, adds.show, locale) }
    spec.timed = spec.timed and from ~= nil
  end
  spec.flags = spec.timed and flags_of(t, opts, column, locale) or {}
  if opts.flags and opts.flags[1] and not spec.timed and t.n_ > 0 then
    core.raise("type", "Table:chart: flags need rows with dates, such as phases or months")
  end
  spec.whole = adds.column.unit == "case"
  return spec
end

-- ---------------------------------------------------------------- drawing

-- Places of the rows along the axis: {a, b} in tenths; to(day) for flags.
local function along(spec, x0, length)
  local n, places = #spec.rows, {}
  if not spec.timed then
    for i = 1, n do places[i] = { x0 + (i - 1) * length // n, x0 + i * length // n } end
    return places
  end
  local first, last
  for _, row in ipairs(spec.rows) do
    first, last = math.min(first or math.maxinteger, day_of(row.from)), math.max(last or math.mininteger, day_of(row.to))
  end
  for _, flag in ipairs(spec.flags) do last = math.max(last, day_of(flag.day)) end
  local span = math.max(1, last - first + 1)
  local function at(day) return x0 + (day - first) * length // span end
  for i, row in ipairs(spec.rows) do places[i] = { at(day_of(row.from)), at(day_of(row.to) + 1) } end
  return places, function(day) return at(day_of(day) + 1) end
end

local function years(canvas, spec, places_at, top, bottom, left, right, y)
  local first, last = spec.rows[1].from:sub(1, 4), spec.rows[#spec.rows].to:sub(1, 4)
  local free = -10000
  for year = math.tointeger(first), math.tointeger(last) + 1 do
    local x = places_at(("%04d-12-31"):format(year - 1))
    if x >= left and x <= right then
      canvas:line("hair", x, top, x, bottom)
      if x > free then
        canvas:text("soft", x, y + 140, tostring(year), { anchor = "middle", size = 11 })
        free = x + 420
      end
    end
  end
end

-- Names of the rows in bands under the axis, in as many lanes as do not touch; -> y below them
local function bands(canvas, spec, places, y)
  local free = {}
  for i, row in ipairs(spec.rows) do
    local a, b = places[i][1], places[i][2]
    local middle, half = (a + b) // 2, measure.width(row.label, 11) // 2
    local left, right, lane = math.min(a, middle - half), math.max(b, middle + half), 1
    while free[lane] and free[lane] > left do lane = lane + 1 end
    if lane <= 2 or #spec.rows <= 12 then
      free[lane] = right
      local at = y + 30 + (lane - 1) * 170
      canvas:rect("pale", a + 5, at, math.max(b - a - 10, 20), 150, row.label)
      canvas:text("ink", middle, at + 114, row.label, { anchor = "middle", size = 11 })
    end
  end
  return y + 30 + math.min(#free, 12) * 170
end

local function bound_high(point) return point.far or point.solid end

-- The running line and its boxes, which texts keep clear of.
local function draw_line(canvas, spec, places, axis, base, right, taken)
  local before, before_high, end_x = base, base, nil
  local function at(text) return base - (axis.at(text) - axis.zero) end
  for i, row in ipairs(spec.rows) do
    local point, a, b = row.point, places[i][1], places[i][2]
    if point.known then
      local low, high = at(point.solid), at(bound_high(point))
      local stop = places[i + 1] and math.max(b, places[i + 1][1]) or b
      if not spec.timed then a, b, stop = a, a + 10, places[i][2] end
      if end_x and a > end_x then canvas:line("arrow", end_x, before, a, before) end
      local top = math.min(low, high)
      if top < before or before_high < before then
        canvas:rect("hatch", a, top, math.max(b - a, 10), math.max(before - top, 10), row.label .. ": " .. point.text)
        taken[#taken + 1] = { a, top, math.max(b - a, 10), math.max(before - top, 10) }
      else
        canvas:line("arrow", a, low, b, low)
      end
      if high < low then canvas:rect("hatch", b, high, math.max(stop - b, 10), low - high) end
      canvas:line("arrow", b, low, math.max(stop, b), low)
      canvas:circle("dot", b, low, 38, row.label .. ": " .. point.text)
      if point.more then
        canvas:path("arrow", { b, low - 40, b, low - 190 })
        canvas:path("arrow", { b - 40, low - 145, b, low - 190, b + 40, low - 145 })
        taken[#taken + 1] = { b - 40, low - 190, 80, 190 }
      end
      taken[#taken + 1] = { a, low - 15, math.max(stop, b) - a, 30 }
      before, before_high, end_x = low, high, math.max(stop, b)
    end
  end
  if end_x and end_x < right then canvas:line("hair", end_x, before, right, before) end
end

-- Boxes {x, y, w, h} that texts keep clear of.
local function touches(taken, x, y, w, h)
  for _, box in ipairs(taken) do
    if x < box[1] + box[3] and x + w > box[1] and y < box[2] + box[4] and y + h > box[2] then return true end
  end
  return false
end

local TALL = 140 -- of a line of text, whose foot stands 30 above its lower end

-- Draws a text at the first of the places {x, y of its foot} where nothing is; where all are taken, at the last one if it must be seen.
local function write(canvas, layer, text, wide, places, taken, must)
  for k, at in ipairs(places) do
    local free = not touches(taken, at[1], at[2] - TALL + 30, wide, TALL)
    if free or must and k == #places then
      taken[#taken + 1] = { at[1], at[2] - TALL + 30, wide, TALL }
      if not free then canvas:rect("plate", at[1] - 20, at[2] - TALL + 25, wide + 40, TALL + 10, nil, 30) end
      canvas:text(layer, at[1], at[2], text, { size = 12 })
      return
    end
  end
end

-- Numbers beside the dots, the last one first; those that find no place are left out.
local function draw_numbers(canvas, spec, places, axis, base, taken)
  local last
  for i = #spec.rows, 1, -1 do
    local point = spec.rows[i].point
    local same = last and point.known and last.solid == point.solid and last.text == point.text
    if point.known and not same then
      local x = spec.timed and places[i][2] or (places[i][1] + places[i][2]) // 2
      local y, wide = base - (axis.at(point.solid) - axis.zero), measure.width(point.text, 12)
      local left = spec.timed and x - wide - 60 or x - wide // 2
      write(canvas, "ink", point.text, wide, { { left, y - 70 }, { left - 60, y + 170 }, { left, y - 260 } }, taken, not last)
    end
    if point.known then last = point end
  end
end

-- Flags on stems: the announced total at its day, with its words and date.
local function draw_flags(canvas, spec, at_day, axis, base, right, top, taken)
  for _, flag in ipairs(spec.flags) do
    flag.x, flag.y = at_day(flag.day), base - (axis.at(flag.point.best or flag.point.solid) - axis.zero)
    taken[#taken + 1] = { flag.x - 55, flag.y - 55, 110, 110 }
  end
  for _, flag in ipairs(spec.flags) do
    local x, y, text = flag.x, flag.y, flag.point.text .. ", " .. fmt.date(flag.date, { locale = spec.locale })
    local wide = measure.width(text, 12)
    local after, before, tries = x + 90, x - wide - 90, {}
    for _, at in ipairs { { after, y - 60 }, { before, y - 60 }, { after, y + 120 }, { after, y + 40 }, { before, y - 220 }, { before, y + 170 },
      { before, y - 400 }, { after, y - 400 } } do
      if at[1] + wide <= right and at[1] >= 0 and at[2] > top and at[2] < base - 20 then tries[#tries + 1] = at end
    end
    if not tries[1] then tries[1] = { math.max(page.margin, math.min(before, right - wide)), math.max(top, y - 60) } end
    canvas:line("stem", x, base, x, y)
    canvas:path("flag", { x, y - 55, x + 55, y, x, y + 55, x - 55, y }, true, text)
    write(canvas, "flagged", text, wide, tries, taken, true)
  end
end

local function value_grid(canvas, axis, x0, right, base, locale)
  for _, tick in ipairs(axis.ticks) do
    local y = base - (tick.at - axis.zero)
    canvas:line(tick.value == "0" and "axis" or "hair", x0, y, right, y)
    canvas:text("soft", x0 - 80, y + 40, fmt.plain(tick.value, locale), { anchor = "end", size = 11 })
  end
end

local function draw_key(canvas, spec, y)
  local entries, more, range = {}, false, spec.timed
  for _, row in ipairs(spec.rows) do more, range = more or row.point.more, range or row.point.far ~= nil end
  if range then entries[1] = { "hatch", labels.say(spec.locale, "tăng dần trong kỳ, chưa rõ từng ngày",
    "rises within the period, not known day by day") } end
  if more then entries[#entries + 1] = { "more", labels.say(spec.locale, "còn có thể hơn nữa", "may be more") } end
  if spec.flags[1] then entries[#entries + 1] = { "diamond", labels.say(spec.locale, "tổng số đã công bố", "announced total") } end
  return entries[1] and page.key(canvas, entries, y) or y - 180
end

function steps.draw(canvas, spec, y, opts)
  if not spec.rows[1] then return page.nothing(canvas, spec, y) end
  local values = {}
  for _, row in ipairs(spec.rows) do data.reach(row.point, values) end
  for _, flag in ipairs(spec.flags) do data.reach(flag.point, values) end
  local height = opts.height and math.max(1000, opts.height * 10 - 1800) or 3000
  local axis, ticks = scale.of(values, { length = height - 340, gap = 600, whole = spec.whole }), {}
  for k, tick in ipairs(axis.ticks) do ticks[k] = fmt.plain(tick.value, spec.locale) end
  local x0, right = page.margin + measure.widest(ticks, 11) + 120, canvas.width - page.margin - 60
  local places, at_day = along(spec, x0, right - x0)
  local base, top = y + height - (axis.zero), y
  value_grid(canvas, axis, x0, right, base, spec.locale)
  y = bands(canvas, spec, places, y + height)
  if at_day and day_of(spec.rows[#spec.rows].to) - day_of(spec.rows[1].from) > 500 then
    years(canvas, spec, at_day, top + 200, base, x0, right, y)
    y = y + 150
  end
  local taken = {}
  draw_line(canvas, spec, places, axis, base, right, taken)
  if at_day then draw_flags(canvas, spec, at_day, axis, base, right, top - 60, taken) end
  draw_numbers(canvas, spec, places, axis, base, taken)
  return draw_key(canvas, spec, y + 240)
end

-- ---------------------------------------------------------------- other forms

function steps.points(spec)
  local out = {}
  for i, row in ipairs(spec.rows) do out[i] = { label = row.label, point = row.point } end
  for _, flag in ipairs(spec.flags) do
    out[#out + 1] = { label = labels.say(spec.locale, "công bố ", "announced ") .. fmt.date(flag.date, { locale = spec.locale }), point = flag.point }
  end
  return out
end

function steps.vega(spec)
  local values = {}
  for r, row in ipairs(spec.rows) do
    local p = row.point
    values[#values + 1] = json.object("row", r, "name", row.label, "day", row.to, "text", p.text, "solid", p.known and p.solid or nil,
      "far", p.known and bound_high(p) or nil)
  end
  for _, flag in ipairs(spec.flags) do
    values[#values + 1] = json.object("day", flag.day, "text", flag.point.text, "flag", flag.point.best or flag.point.solid)
  end
  local x = spec.timed and json.object("field", "day", "type", "temporal", "title", nil)
    or json.object("field", "name", "type", "nominal", "sort", nil, "title", spec.key)
  local function y(field) return json.object("field", field, "type", "quantitative", "title", spec.measure) end
  local known = json.list { json.object("filter", "isValid(datum.solid)") }
  local layer = { json.object("transform", known, "mark", json.object("type", "area", "interpolate", "step-after", "opacity", 0.25, "color",
      "#1f5f99"), "encoding", json.object("x", x, "y", y "solid", "y2", json.object("field", "far"))),
    json.object("transform", known, "mark", json.object("type", "line", "interpolate", "step-after", "point", true, "color", "#1f5f99",
      "tooltip", true), "encoding", json.object("x", x, "y", y "solid")),
    json.object("transform", known, "mark", json.object("type", "text", "dy", -10, "align", "right"), "encoding",
      json.object("x", x, "y", y "solid", "text", json.object("field", "text"))) }
  if spec.flags[1] then
    local flagged = json.list { json.object("filter", "isValid(datum.flag)") }
    layer[#layer + 1] = json.object("transform", flagged, "mark", json.object("type", "point", "shape", "diamond", "filled", true, "size", 90,
      "color", "#a3420f", "tooltip", true), "encoding", json.object("x", x, "y", y "flag"))
    layer[#layer + 1] = json.object("transform", flagged, "mark", json.object("type", "text", "dx", 8, "dy", 12, "align", "left", "color", "#a3420f"),
      "encoding", json.object("x", x, "y", y "flag", "text", json.object("field", "text")))
  end
  return { values = values, parse = { "solid", "far", "flag" }, body = { "layer", json.list(layer) } }
end

return steps
