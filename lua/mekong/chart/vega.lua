-- vega: the frame of a Vega-Lite 5 specification around what a kind of chart gives: title, notes, data in rows with numbers as decimal
-- texts that are parsed where they are drawn.
local json = require "mekong.render.json"

local vega = {}

local SCHEMA = "https://vega.github.io/schema/vega-lite/v5.json"

-- Each name once, in order: as a scale, so that rows without a number keep their place; as the order of facets.
function vega.each(names)
  local list, seen = {}, {}
  for _, name in ipairs(names) do
    if not seen[name] then
      seen[name] = true
      list[#list + 1] = name
    end
  end
  return json.list(list)
end

function vega.scale(names) return json.object("domain", vega.each(names)) end

local vietnamese = json.object("number", json.object("decimal", ",", "thousands", ".", "grouping", json.list { 3 },
  "currency", json.list { "", " ₫" }))

function vega.text(kind, spec, opts)
  local own, parse, members = kind.vega(spec, opts), {}, {}
  for _, field in ipairs(own.parse) do
    parse[#parse + 1] = field
    parse[#parse + 1] = "number"
  end
  local subtitle = {}
  if spec.subtitle then subtitle[1] = spec.subtitle end
  local notes = { table.unpack(spec.notes) }
  if spec.sources then notes[#notes + 1] = spec.sources end
  local function add(name, value)
    members[#members + 1] = name
    members[#members + 1] = value
  end
  add("$schema", SCHEMA)
  add("title", json.object("text", spec.title, "subtitle", json.list(subtitle), "anchor", "start"))
  if notes[1] then add("description", table.concat(notes, "\n")) end
  add("data", json.object("values", json.list(own.values), "format", json.object("type", "json", "parse",
    json.object(table.unpack(parse)))))
  for k = 1, #own.body, 2 do add(own.body[k], own.body[k + 1]) end
  if not own.sized then add("width", math.max(160, (opts.width or 720) - 260)) end
  add("config", json.object("font", "Noto Sans, Segoe UI, DejaVu Sans, sans-serif", "view", json.object("stroke", nil),
    table.unpack(spec.locale == "en" and {} or { "locale", vietnamese })))
  return json.encode(json.object(table.unpack(members)), true) .. "\n"
end

return vega
