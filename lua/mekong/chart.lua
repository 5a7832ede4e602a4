-- chart: a Table as a picture that stands by itself: SVG without scripts or anything from elsewhere, the same as a Vega-Lite
-- specification, as PNG, and as lines of characters. Every kind has a file in chart/ that reads the table, draws and describes.
local core = require "mekong.core"
local labels = require "mekong.labels"
local options = require "mekong.options"
local save = require "mekong.save"

local Chart, methods = {}, {}
Chart.__name = "mekong.Chart"
Chart.__index = function(_, name) return options.method(methods, name, "Chart") end
Chart.__newindex = function() core.raise("readonly", "a Chart cannot be changed", "hint: make another one with t:chart(kind, options)") end

-- Kinds with their Vietnamese names.
local kinds = { { "bars", "thanh|cột" }, { "dumbbell", "so sánh|thay đổi" }, { "composition", "cơ cấu|tỷ trọng" }, { "steps", "lũy kế" },
  { "strip", "tháng" }, { "heat", "ma trận" }, { "multiples", "nhiều hình" }, { "timeline", "dòng thời gian" } }
local kind_names, kind_aliases = {}, {}
for k, entry in ipairs(kinds) do kind_names[k], kind_aliases[k] = entry[1], entry[2] end

local function module_of(kind) return require("mekong.chart." .. kind) end

-- The kind that fits what a table is, when nobody says.
local function fitting(t)
  local tried = { "dumbbell", "steps" }
  for _, column in ipairs(t.columns_) do
    if column.of then tried[#tried + 1] = "composition" end
    if column.level then tried[#tried + 1], tried[#tried + 2] = "strip", "heat" end
  end
  local numbers, units = 0, {}
  for c, column in ipairs(t.columns_) do
    if getmetatable(t).numeric[column.kind] and not getmetatable(t).is_key(t, c) and not column.optional then
      numbers = numbers + (units[column.unit or ""] and 0 or 1)
      units[column.unit or ""] = true
    end
  end
  if numbers > 1 and not t.meta_.scalar then tried[#tried + 1] = "multiples" end
  tried[#tried + 1] = "bars"
  for _, kind in ipairs(tried) do
    if module_of(kind).fits(t) then return kind end
  end
  return module_of("timeline").fits(t) and "timeline" or "bars"
end

local allowed = { "dark", "flags", "height", "id", "locale", "measure", "note", "rows", "source", "title", "width" }

local function whole_number(opts, name, least, most)
  local value = opts[name]
  if value == nil then return end
  if math.type(value) ~= "integer" or value < least or value > most then
    core.raise("range", ("option %s must be a whole number from %d to %d, not %s"):format(name, least, most, labels.quote(value)))
  end
end

local function text_or_false(opts, name)
  local value = opts[name]
  if value ~= nil and value ~= false then options.typed(value, "string", "option " .. name) end
  if type(value) == "string" and not utf8.len(value) then core.raise("syntax", "option " .. name .. " is not UTF-8") end
end

-- flags: {{"14/8/2025", "hơn 4.500 vụ"}, …}, or false for none.
local function check_flags(flags)
  if flags == nil or flags == false then return end
  options.typed(flags, "table", "option flags")
  for _, flag in ipairs(flags) do
    if type(flag) ~= "table" or type(flag[1]) ~= "string" or type(flag[2]) ~= "string" then
      core.raise("type", "option flags is a list of dates with totals", 'hint: flags = {{"14/8/2025", "hơn 4.500 vụ"}}')
    end
    core.date.parse(flag[1])
    core.figure.parse(flag[2])
  end
end

local function check_options(opts)
  opts = options.check(opts, allowed, "Table:chart")
  options.choice(opts.locale, { "vi", "en" }, nil, "locale")
  options.choice(opts.dark, { "auto", true, false }, nil, "dark")
  options.typed(opts.source, "boolean", "option source")
  options.typed(opts.measure, "string", "option measure")
  text_or_false(opts, "title")
  text_or_false(opts, "note")
  whole_number(opts, "width", 280, 4000)
  whole_number(opts, "height", 120, 8000)
  whole_number(opts, "rows", 1, 1000)
  check_flags(opts.flags)
  options.typed(opts.id, "string", "option id")
  if opts.id and not opts.id:find "^%a[%w_-]*$" then
    core.raise("syntax", "option id takes letters, digits, - and _, beginning with a letter, not " .. labels.quote(opts.id))
  end
  local own = {}
  for _, name in ipairs(allowed) do own[name] = opts[name] end
  return own
end

-- Table:chart([kind] [, opts]) -> Chart. opts: title, note (a text more, or false), source = false, locale, width, height, rows = most
-- rows drawn, measure = the column drawn, flags = announced totals on steps, dark = "auto" | true | false, id = name of the element.
function Chart.of(t, kind, opts)
  if type(kind) == "table" and opts == nil then kind, opts = nil, kind end
  options.typed(kind, "string", "the kind of a chart")
  opts = check_options(opts)
  kind = kind and kind_names[core.find_name(kind, kind_names, kind_aliases, "kind of chart")] or fitting(t)
  local own = module_of(kind)
  local fits, why = own.fits(t, opts)
  if not fits then
    core.raise("type", ("Table:chart: '%s' draws %s, and this table %s"):format(kind, own.takes, why),
      "hint: t:chart() without a kind picks one that fits")
  end
  return setmetatable({ kind_ = kind, options_ = opts, spec_ = own.read(t, opts) }, Chart)
end

local function check(self, name)
  if getmetatable(self) ~= Chart then
    core.raise("type", "Chart:" .. name .. " was called on a " .. type(self), "hint: call it with ':', not '.'")
  end
  return self
end

-- ---------------------------------------------------------------- SVG

-- Rows as sentences: "V: 1.715; VI: chưa rõ".
local function description(spec, points)
  local parts, length, fit = {}, 0, require("mekong.chart.measure").fit
  for _, one in ipairs(points) do
    parts[#parts + 1] = fit(one.label, 12000, 12) .. ": " .. fit(one.point.text, 12000, 12)
    length = length + #parts[#parts]
    if length > 4000 then
      parts[#parts + 1] = "…"
      break
    end
  end
  if not parts[1] then return labels.say(spec.locale, "Không có dữ liệu.", "No data.") end
  return (spec.measure and spec.measure .. ". " or "") .. table.concat(parts, "; ") .. "."
end

-- The drawing as one SVG element, for a file or to stand inside an HTML page; several on a page do not touch each other.
-- opts: dark, id, width, height over those of the chart.
function methods:to_svg(opts)
  check(self, "to_svg")
  local own = {}
  for name, value in pairs(rawget(self, "options_")) do own[name] = value end
  for name, value in pairs(options.check(opts, { "dark", "height", "id", "width" }, "Chart:to_svg")) do own[name] = value end
  own = check_options(own)
  local page, svg = require "mekong.chart.page", require "mekong.chart.svg"
  local kind, spec = module_of(rawget(self, "kind_")), rawget(self, "spec_")
  local canvas = svg.new((own.width or 720) * 10)
  local y = kind.draw(canvas, spec, page.head(canvas, spec), own)
  local height = page.foot(canvas, spec, y)
  canvas:rect("paper", 0, 0, canvas.width, height)
  local dark = own.dark
  if dark == nil then dark = "auto" end
  return canvas:finish { height = height, locale = spec.locale, dark = dark, id = own.id,
    title = spec.title ~= "" and spec.title or labels.say(spec.locale, "Biểu đồ", "Chart"), desc = description(spec, kind.points(spec)) }
end

-- ---------------------------------------------------------------- Vega-Lite, HTML, text

-- The same chart as a Vega-Lite 5 specification (JSON), its numbers as decimal texts in it.
function methods:vega()
  check(self, "vega")
  return require("mekong.chart.vega").text(module_of(rawget(self, "kind_")), rawget(self, "spec_"), rawget(self, "options_"))
end

-- A whole page with the drawing.
function methods:to_html()
  check(self, "to_html")
  local html, spec = require "mekong.render.html", rawget(self, "spec_")
  return html.page(spec.title ~= "" and spec.title or labels.say(spec.locale, "Biểu đồ", "Chart"), methods.to_svg(self), spec.locale)
end

Chart.__tostring = function(self)
  local spec = rawget(self, "spec_")
  return require("mekong.chart.plain").text(module_of(rawget(self, "kind_")), spec)
end

require("mekong.display").give(methods, { { "image/svg+xml", function(chart) return methods.to_svg(chart) end } }, Chart)

-- save(path [, opts]) -> true | nil, message, info. The end of the name says the format: .svg, .html, .txt, .json (Vega-Lite, also as
-- .vl.json), and .png where rsvg-convert is installed; opts: those of to_svg for drawings, format, scale of a .png (1 to 8, else 2).
function methods:save(path, opts)
  check(self, "save")
  local function nothing(own) options.check(own, {}, "Chart:save") end
  return save.by_name(path, opts, {
    svg = function(own) return methods.to_svg(self, own) end,
    html = function(own) nothing(own) return methods.to_html(self) end,
    json = function(own) nothing(own) return methods.vega(self) end,
    txt = function(own) nothing(own) return tostring(self) .. "\n" end,
    png = function(own)
      local times = own.scale or 2
      if math.type(times) ~= "integer" or times < 1 or times > 8 then
        core.raise("range", "option scale must be a whole number from 1 to 8, not " .. labels.quote(times))
      end
      own.scale = nil
      if own.dark == nil and rawget(self, "options_").dark ~= true then own.dark = false end
      return save.png(methods.to_svg(self, own), times)
    end }, "Chart:save")
end

Chart.methods = methods
return Chart
