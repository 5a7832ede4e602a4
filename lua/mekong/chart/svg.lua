-- svg: a drawing as one SVG element: layers in a fixed order, colours for light and dark, patterns that tell areas apart without
-- colour. Coordinates are whole tenths of a pixel. Colours stand as attributes, which every reader of SVG knows; the dark ones
-- in a style sheet that touches nothing outside the drawing.
local cells = require "mekong.render.cells"
local html = require "mekong.render.html"
local measure = require "mekong.chart.measure"

local svg = {}
svg.__index = svg

local FONTS = "&quot;Noto Sans&quot;,&quot;Segoe UI&quot;,Roboto,&quot;Helvetica Neue&quot;,&quot;DejaVu Sans&quot;,Arial,sans-serif"

-- Colours by role: light, dark.
local colours = {
  paper = { "#ffffff", "#15181c" }, ink = { "#1b1f24", "#e6e9ed" }, soft = { "#59636e", "#9aa4af" },
  line = { "#6e7781", "#8b949e" }, hair = { "#e3e7eb", "#2b3138" }, band = { "#f3f5f7", "#1d2126" },
  main = { "#1f5f99", "#6cb0e8" }, pale = { "#dbe8f4", "#1d3a55" }, flag = { "#a3420f", "#f0a36b" },
  on_main = { "#ffffff", "#0d1a26" },
}

-- Fills that differ in lightness and in pattern: colour of the ground, of the marks, and the marks in a tile of 8 × 8.
local textures = {
  { { "#1d4f7f", "#6cb0e8" } },
  { { "#f6d9ad", "#4d3812" }, { "#b4690e", "#f0b45c" }, "M-2 2l4-4M0 8l8-8M6 10l4-4" },
  { { "#cde9dc", "#153e2f" }, { "#15714f", "#6fd0a8" }, "M2 2h.01M6 6h.01", round = true },
  { { "#8fb4d6", "#35597a" } },
  { { "#f1e1f2", "#3d2440" }, { "#84458c", "#d69bdd" }, "M0 2h8M0 6h8" },
  { { "#ffffff", "#15181c" }, { "#9c3434", "#ef9a9a" }, "M-2 6l4 4M0 0l8 8M6-2l4 4" },
  { { "#c3c9d0", "#4a535d" } },
  { { "#fdf3c4", "#403710" }, { "#857000", "#e2cc5c" }, "M2 0v8M6 0v8" },
}
svg.textures = #textures

-- Layers from below to above: how what lies in them is painted.
local layers = {
  { "paper", fill = "paper" }, { "band", fill = "band" },
  { "hair", stroke = "hair" }, { "pale", fill = "pale" },
  { "hatch", pattern = "h", stroke = "main" }, { "main", fill = "main" },
}
for k = 1, #textures do layers[#layers + 1] = { "t" .. k, pattern = k, stroke = "paper" } end
for k = 1, 7 do layers[#layers + 1] = { "heat" .. k, heat = k } end
for _, layer in ipairs { { "empty", stroke = "line", dash = true }, { "axis", stroke = "line" }, { "edge", stroke = "main", width = 15 },
  { "arrow", stroke = "main", width = 18 }, { "stem", stroke = "flag", width = 12 }, { "ring", fill = "paper", stroke = "main", width = 18 },
  { "dot", fill = "main" }, { "flag", fill = "flag" }, { "plate", fill = "paper" }, { "soft", fill = "soft" }, { "ink", fill = "ink" },
  { "on_main", fill = "on_main" }, { "flagged", fill = "flag" } } do
  layers[#layers + 1] = layer
end

-- Seven steps from nearly paper to the main colour, for cells of a matrix; the text on them from on_heat on is reversed.
local heat = { { "#eef4fa", "#18232e" }, { "#d8e6f3", "#1b3246" }, { "#b9d2e9", "#1f4361" }, { "#93b9db", "#25557d" },
  { "#5f94c4", "#3f7fb4" }, { "#3a76ac", "#5b9fd8" }, { "#1f5f99", "#7dbcf0" } }
svg.heats, svg.on_heat = #heat, 5

local function px(n)
  local sign, own = n < 0 and "-" or "", math.abs(n)
  local part = own % 10
  return sign .. own // 10 .. (part ~= 0 and "." .. part or "")
end
svg.px = px

function svg.new(width) return setmetatable({ width = width, marks = {}, used = {} }, svg) end

local function put(self, layer, element)
  local list = self.marks[layer]
  if not list then
    list = {}
    self.marks[layer] = list
  end
  list[#list + 1] = element
end

-- What a mark says when it is pointed at.
local function hint(s)
  return s and "<title>" .. html.escape(measure.fit(cells.visible(s), 20000, 12)) .. "</title>" or ""
end

local function closed(name, head, says)
  return says and "<" .. name .. head .. ">" .. hint(says) .. "</" .. name .. ">" or "<" .. name .. head .. "/>"
end

function svg:rect(layer, x, y, w, h, says, round)
  local corner = round and ' rx="' .. px(round) .. '"' or ""
  put(self, layer, closed("rect", (' x="%s" y="%s" width="%s" height="%s"%s'):format(px(x), px(y), px(w), px(h), corner), says))
end

function svg:line(layer, x1, y1, x2, y2)
  put(self, layer, ('<path d="M%s %sL%s %s"/>'):format(px(x1), px(y1), px(x2), px(y2)))
end

-- points: x, y, x, y …; a closed area with "Z" as last.
function svg:path(layer, points, close, says)
  local d = {}
  for k = 1, #points, 2 do d[#d + 1] = (k == 1 and "M" or "L") .. px(points[k]) .. " " .. px(points[k + 1]) end
  put(self, layer, closed("path", ' d="' .. table.concat(d) .. (close and "Z" or "") .. '"', says))
end

function svg:circle(layer, x, y, r, says)
  put(self, layer, closed("circle", (' cx="%s" cy="%s" r="%s"'):format(px(x), px(y), px(r)), says))
end

-- opts: anchor = "end" | "middle", size, bold, italic
function svg:text(layer, x, y, s, opts)
  if s == "" then return end
  opts = opts or {}
  local head = ' x="' .. px(x) .. '" y="' .. px(y) .. '"'
  if opts.anchor then head = head .. ' text-anchor="' .. opts.anchor .. '"' end
  if opts.size and opts.size ~= 13 then head = head .. ' font-size="' .. opts.size .. '"' end
  if opts.bold then head = head .. ' font-weight="600"' end
  if opts.italic then head = head .. ' font-style="italic"' end
  put(self, layer, "<text" .. head .. ">" .. html.escape(s) .. "</text>")
end

-- An arrow that stays open to its right (or left, sign = -1): there may be more.
function svg:open_arrow(x, y, sign)
  local tip = x + sign * 200
  self:line("arrow", x + sign * 10, y, tip, y)
  self:path("arrow", { tip - sign * 55, y - 45, tip, y, tip - sign * 55, y + 45 })
end

-- ---------------------------------------------------------------- the element

local function attribute(name, colour, dark)
  return " " .. name .. '="' .. colours[colour][dark and 2 or 1] .. '"'
end

-- How the areas of a layer are filled, as attribute and as rule for dark; "\1" stands for the name of the drawing.
local function filled(layer, dark)
  local side = dark and 2 or 1
  if layer.heat then return ' fill="' .. heat[layer.heat][side] .. '"', "fill:" .. heat[layer.heat][2] .. ";" end
  local texture = layer.pattern and textures[layer.pattern]
  if texture and not texture[2] then return ' fill="' .. texture[1][side] .. '"', "fill:" .. texture[1][2] .. ";" end
  if layer.pattern then return ' fill="url(#\1-' .. layer.pattern .. ')"', "" end
  if layer.fill then return attribute("fill", layer.fill, dark), "fill:" .. colours[layer.fill][2] .. ";" end
  return ' fill="none"', ""
end

-- The attributes of a layer; its rules for dark are added to rules.
local function painted(layer, dark, rules)
  local out, rule = filled(layer, dark)
  if layer.stroke then
    out = out .. attribute("stroke", layer.stroke, dark)
    rule = rule .. "stroke:" .. colours[layer.stroke][2]
    if layer.width then out = out .. ' stroke-width="' .. px(layer.width) .. '"' end
    if layer.dash then out = out .. ' stroke-dasharray="3 3"' end
  end
  if rule ~= "" then rules[#rules + 1] = ".l-" .. layer[1] .. "{" .. rule .. "}" end
  return out
end

local function pattern(id, ground, mark, d, dark, rules, round)
  local side = dark and 2 or 1
  rules[#rules + 1] = ".p-" .. id .. "g{fill:" .. ground[2] .. "}"
  rules[#rules + 1] = ".p-" .. id .. "m{stroke:" .. mark[2] .. "}"
  return ('<pattern id="\1-%s" width="8" height="8" patternUnits="userSpaceOnUse"><rect class="p-%sg" width="8" height="8" fill="%s"/>' ..
    '<path class="p-%sm" d="%s" fill="none" stroke="%s" stroke-width="%s"%s/></pattern>'):format(id, id, ground[side], id, d, mark[side],
    round and "2.4" or "1.4", round and ' stroke-linecap="round"' or "")
end

local function definition(layer, dark, rules)
  if layer.pattern == "h" then
    return pattern("h", colours.pale, colours.main, "M-2 2l4-4M0 8l8-8M6 10l4-4", dark, rules)
  end
  local texture = textures[layer.pattern]
  if texture and texture[2] then return pattern(tostring(layer.pattern), texture[1], texture[2], texture[3], dark, rules, texture.round) end
end

-- A short name made of the drawing's content, the same for the same content.
local function name_of(content)
  local a, b = 2166136261, 5381
  for i = 1, #content do
    local byte = content:byte(i)
    a = (a ~ byte) * 16777619 & 0xFFFFFFFF
    b = (b * 33 + byte) & 0xFFFFFFFF
  end
  return ("mk%08x%08x"):format(a, b)
end

-- The whole element. opts: height (tenths), title, desc, locale, dark = "auto" | true | false, id.
function svg:finish(opts)
  local dark, rules, defs, body = opts.dark == true, {}, {}, {}
  for _, layer in ipairs(layers) do
    local list = self.marks[layer[1]]
    if list then
      local head = painted(layer, dark, rules)
      defs[#defs + 1] = definition(layer, dark, rules)
      body[#body + 1] = '<g class="l-' .. layer[1] .. '"' .. head .. ">" .. table.concat(list, "\n") .. "</g>"
    end
  end
  local out = { ('<svg xmlns="http://www.w3.org/2000/svg" id="\1" width="%s" height="%s" viewBox="0 0 %s %s" role="img" lang="%s" ' ..
    'aria-labelledby="\1-t \1-d" font-family="%s" font-size="13" style="max-width:100%%;height:auto">'):format(px(self.width),
    px(opts.height), px(self.width), px(opts.height), opts.locale, FONTS) }
  out[2] = '<title id="\1-t">' .. html.escape(opts.title) .. "</title>"
  out[3] = '<desc id="\1-d">' .. html.escape(opts.desc) .. "</desc>"
  if opts.dark == "auto" then
    for k, rule in ipairs(rules) do rules[k] = "#\1 " .. rule end
    out[4] = "<style>@media screen and (prefers-color-scheme:dark){" .. table.concat(rules, "\n") .. "}</style>"
  end
  if defs[1] then out[#out + 1] = "<defs>" .. table.concat(defs, "\n") .. "</defs>" end
  out[#out + 1] = table.concat(body, "\n")
  out[#out + 1] = "</svg>\n"
  local content = table.concat(out, "\n")
  return (content:gsub("\1", opts.id or name_of(content)))
end

return svg
