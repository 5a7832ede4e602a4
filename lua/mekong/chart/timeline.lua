-- timeline: dated rows one below the other on a line: the day, what it is in one line, what is said of it below, the source behind it.
local core = require "mekong.core"
local Table = require "mekong.table"
local data = require "mekong.chart.data"
local fmt = require "mekong.fmt"
local json = require "mekong.render.json"
local labels = require "mekong.labels"
local measure = require "mekong.chart.measure"
local model = require "mekong.render.model"
local page = require "mekong.chart.page"

local timeline = { takes = "rows with a date, such as the conferences of two countries" }

local SHORT = 48 -- letters up to which a column belongs into the first line

local function date_column(t)
  for c, column in ipairs(t.columns_) do
    if column.kind == "date" or column.kind == "period" then return c end
  end
end

function timeline.fits(t)
  if not date_column(t) then return false, "has no column of dates" end
  if #t.columns_ < 2 then return false, "has dates alone" end
  return true
end

local function longest(texts)
  local most = 0
  for _, s in pairs(texts) do most = math.max(most, utf8.len(s)) end
  return most
end

local function when(t, i, from, to, locale)
  local a, b = t.data_[from][i], to and t.data_[to][i]
  if a == nil then return labels.say(locale, "chưa rõ ngày", "date unknown") end
  return fmt.date(b and b ~= a and a .. "/" .. b or a, { locale = locale })
end

-- Columns that stand in the first line, in the lines below, and the one of sources.
local function roles(t, from, to, locale)
  local head, body, source = {}, {}, nil
  for c, column in ipairs(t.columns_) do
    if c ~= from and c ~= to then
      local show, texts = model.printer(t, c, nil, locale), {}
      for i = 1, t.n_ do texts[i] = t.data_[c][i] ~= nil and show(i) or nil end
      local one = { c = c, show = show, column = column, heading = model.heading(t, c, nil, locale) }
      if column.name == "source" then source = one
      elseif longest(texts) <= SHORT and column.name ~= "outcome" and column.name ~= "note" then head[#head + 1] = one
      else body[#body + 1] = one end
    end
  end
  return head, body, source
end

local function said(list, t, i)
  local parts = {}
  for _, one in ipairs(list) do
    if t.data_[one.c][i] ~= nil then
      local named = one.column.kind == "ordinal" or Table.numeric[one.column.kind] or one.column.kind == "phase"
      parts[#parts + 1] = (named and one.heading .. " " or "") .. one.show(i)
    end
  end
  return table.concat(parts, " · ")
end

function timeline.read(t, opts)
  t = Table.body(t)
  local locale, from = opts.locale or t.meta_.locale or "vi", date_column(t)
  local to = t.index_.date_to
  local spec = data.words(t, opts, nil, {})
  if spec.title == "" and opts.title == nil then spec.title = labels.say(locale, "Dòng thời gian", "Timeline") end
  local head, body, source = roles(t, from, to, locale)
  local rows, left_out = data.chosen(t.n_, opts.rows or 60)
  spec.rows = {}
  for r, i in ipairs(rows) do
    local first, rest = said(head, t, i), said(body, t, i)
    if first == "" then first, rest = rest, "" end
    spec.rows[r] = { when = when(t, i, from, to, locale), iso = t.data_[from][i], head = first, body = rest,
      source = source and t.data_[source.c][i] and source.show(i) }
  end
  if left_out > 0 then
    table.insert(spec.notes, 1, labels.say(locale, "Không vẽ %s dòng ở giữa.", "%s rows in the middle are not drawn."):format(
      fmt.number(left_out, { locale = locale })))
  end
  return spec
end

local function year_of(row) return row.iso and math.tointeger(row.iso:match "^%d%d%d%d") end

function timeline.draw(canvas, spec, y)
  if not spec.rows[1] then return page.nothing(canvas, spec, y) end
  local days = {}
  for r, row in ipairs(spec.rows) do days[r] = row.when end
  local wide = math.min(measure.widest(days, 13), (canvas.width - 2 * page.margin) * 35 // 100)
  local x = page.margin + wide + 220
  local left, before = x + 240, nil
  local width = canvas.width - page.margin - left
  local first, last = nil, nil
  for _, row in ipairs(spec.rows) do
    local year = year_of(row)
    if before and year and year > before then y = y + 50 * math.min(year - before, 8) end
    before = year or before
    y = y + 120
    first, last = first or y, y
    canvas:text("ink", page.margin + wide, y + 45, measure.fit(row.when, wide, 13), { anchor = "end" })
    canvas:circle(row.iso and "dot" or "ring", x, y, 55, row.when .. ": " .. row.head)
    local tail = row.source and "  [" .. row.source .. "]" or ""
    local lines = measure.wrap(row.head, width, 13, 3, true)
    for k, line in ipairs(lines) do canvas:text("ink", left, y + 45 + (k - 1) * 180, line, { bold = true }) end
    y = y + (#lines - 1) * 180
    for _, line in ipairs(measure.wrap(row.body .. tail, width, 12, 4)) do
      y = y + 175
      canvas:text("soft", left, y + 45, line, { size = 12 })
    end
    y = y + 180
  end
  canvas:line("axis", x, first, x, last)
  return y
end

function timeline.points(spec)
  local out = {}
  for r, row in ipairs(spec.rows) do
    out[r] = { label = row.when, point = { known = false, text = row.head .. (row.body ~= "" and " – " .. row.body or "") } }
  end
  return out
end

function timeline.text(spec)
  local lines, wide = {}, 0
  for _, row in ipairs(spec.rows) do wide = math.max(wide, core.text.width(row.when)) end
  for r, row in ipairs(spec.rows) do
    lines[r] = (" "):rep(wide - core.text.width(row.when)) .. row.when .. "  ●  " .. row.head .. (row.body ~= "" and " – " .. row.body or "")
  end
  return lines
end

function timeline.vega(spec)
  local values = {}
  for r, row in ipairs(spec.rows) do
    values[r] = json.object("row", r, "when", row.when, "day", row.iso and (core.date.bounds(row.iso)) or nil, "head", row.head, "body", row.body)
  end
  local y = json.object("field", "row", "type", "ordinal", "axis", nil)
  local function text(field, dx, align, more)
    return json.object("mark", json.object("type", "text", "align", align, "dx", dx, "fontWeight", more or "normal"), "encoding",
      json.object("y", y, "text", json.object("field", field)))
  end
  return { values = values, parse = {}, body = { "layer", json.list { json.object("mark", json.object("type", "point", "filled", true, "size", 80,
    "color", "#1f5f99", "tooltip", true), "encoding", json.object("y", y)), text("when", -14, "right"), text("head", 14, "left", "bold") } } }
end

return timeline
