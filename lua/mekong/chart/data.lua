-- data: what a chart takes from a Table: labels and printed numbers as the other renderers print them, the bounds of every number
-- as decimal texts, and the words around them (title, unit, notes, sources).
local core = require "mekong.core"
local Table = require "mekong.table"
local cells = require "mekong.render.cells"
local labels = require "mekong.labels"
local model = require "mekong.render.model"

local data = {}

local lower = core.text.lower

data.unknown = { "chưa rõ", "unknown" }

-- A number as a chart draws it: {text, known, lo, hi, best, lo_open, hi_open} with decimal texts; lo or hi nil where nothing
-- bounds it, known = false where nothing is known. solid is what it certainly reaches from zero on, far what it may reach.
function data.point(figure, text)
  local point = { text = text, known = false }
  if not figure then return point end
  local function side(name) return figure[name] ~= nil and core.figure.decimal(figure, nil, name) or nil end
  point.lo, point.hi, point.best = side "lo", side "hi", side "best"
  point.lo_open, point.hi_open, point.status, point.unit = figure.lo_open, figure.hi_open, figure.status, figure.unit
  point.exact = figure:exact()
  local negative = point.hi and point.hi:sub(1, 1) == "-"
  local from_zero = not point.lo or point.lo == "0"
  point.known = point.best ~= nil or point.hi ~= nil or not from_zero
  if point.exact then
    point.solid = point.best
  elseif negative then
    point.solid, point.far, point.less = point.hi, point.lo, point.lo == nil
  elseif point.lo and point.lo:sub(1, 1) ~= "-" then
    point.solid, point.far, point.more = point.lo, point.hi, point.hi == nil
  else
    point.solid, point.far, point.back = "0", point.hi, point.lo
    point.more, point.less = point.hi == nil, point.lo == nil
  end
  return point
end

-- The decimals that the axis of a point must hold.
function data.reach(point, list)
  for _, name in ipairs { "solid", "far", "back", "best" } do
    if point.known and point[name] then list[#list + 1] = point[name] end
  end
end

-- A cell that says nothing: why, where that is known, else "chưa rõ".
local function missing_text(t, i, c, locale)
  local reason = Table.reason(t, i, c)
  if reason and not reason.quiet then return labels.say(locale, reason[1], reason[2]) end
  return labels.say(locale, data.unknown[1], data.unknown[2])
end

-- The point of a cell; print_cell is the printer of its column.
function data.cell(t, i, c, print_cell, locale)
  local value = t.data_[c][i]
  local point = value ~= nil and data.point(Table.figure_of(t.columns_[c], value), print_cell(i)) or data.point()
  if not point.known then point.text = missing_text(t, i, c, locale) end
  return point
end

-- How a column of numbers prints: its printer, its heading with the unit, and the unit all cells share (nil: none, it stands in
-- the cells).
function data.column(t, c, locale)
  local column = t.columns_[c]
  local unit = model.unit(t, c)
  return { at = c, column = column, unit = unit, show = model.printer(t, c, unit, locale),
    heading = cells.visible(model.heading(t, c, unit, locale)), bare = cells.visible(model.heading(t, c, nil, locale)) }
end

-- Columns whose cells name the rows: the keys; without keys the first column that is no number, beside the measure.
function data.keys(t, measure)
  local out = {}
  for c = 1, #t.columns_ do
    if Table.is_key(t, c) and c ~= measure then out[#out + 1] = c end
  end
  if out[1] then return out end
  for c, column in ipairs(t.columns_) do
    if c ~= measure and (not Table.numeric[column.kind] and column.kind ~= "figures" or c == 1) then return { c } end
  end
  return out
end

-- The printed names of a row, one for each key.
function data.printers(t, keys, locale)
  local out = {}
  for k, c in ipairs(keys) do out[k] = model.printer(t, c, nil, locale) end
  return out
end

-- Numbers of the rows drawn when at most `most` are: the first and the last; how many are left out, and after which row.
function data.chosen(n, most)
  if n <= most then return Table.all_rows(n), 0 end
  local rows, head = {}, most - most // 4
  for i = 1, head do rows[i] = i end
  for i = n - (most - head) + 1, n do rows[#rows + 1] = i end
  return rows, n - most, head
end

-- The measure of a chart as of the verbs; raises where the table has no numbers.
function data.measure(t, opts, what) return Table.measure(t, opts.measure, what) end

local function title_of(t, measure, keys, locale)
  local own = t.meta_.title and t.meta_.title[locale == "en" and 2 or 1]
  if own then return own end
  local names = {}
  for k, c in ipairs(keys) do names[k] = lower(model.heading(t, c, nil, locale)) end
  if not measure then return table.concat(names, ", ") end
  if not names[1] then return measure end
  return measure .. labels.say(locale, " theo ", " by ") .. table.concat(names, labels.say(locale, " và ", " and "))
end

local function source_line(t, locale)
  local parts, seen = {}, {}
  for _, source in ipairs(model.sources(t)) do
    local name = source.outlet or source.title or source.code
    if not seen[name] then
      seen[name] = true
      parts[#parts + 1] = name
    end
  end
  return parts[1] and labels.say(locale, "Nguồn: ", "Sources: ") .. cells.visible(table.concat(parts, "; ")) or nil
end

-- The words around a chart: {locale, title, notes, sources}; measure: heading of what is drawn, keys: columns that name rows.
function data.words(t, opts, measure, keys)
  local locale = opts.locale or t.meta_.locale or "vi"
  local notes = {}
  if type(opts.note) == "string" then notes[1] = cells.visible(opts.note) end
  local shown = opts.note ~= false and model.of(t, { locale = locale, title = false }).notes or {}
  for _, note in ipairs(shown) do
    if note ~= "" then notes[#notes + 1] = note end
  end
  local title = opts.title
  if title == nil then title = title_of(t, measure, keys, locale) end
  return { locale = locale, title = title and cells.visible(title) or "", notes = notes,
    sources = opts.source ~= false and source_line(t, locale) or nil }
end

return data
