-- json: values, figures and tables as JSON. Amounts are decimal texts, so that no reader rounds them; what is missing is null;
-- members stand in a fixed order. Format and version of what a table gives are named in it.
local core = require "mekong.core"
local cells = require "mekong.render.cells"
local flat = require "mekong.render.flat"
local labels = require "mekong.labels"
local lazy = require "mekong.lazy"
local lines = require "mekong.render.lines"
local model = require "mekong.render.model"
local order = require "mekong.order"

local json = {}

json.null = setmetatable({}, { __name = "mekong.null" })
local list_of = {} -- metatable of tables that are lists even when they are empty
local ordered = {} -- metatable of {keys = {...}, values = {...}}: an object whose members stand in this order

function json.list(t) return setmetatable(t, list_of) end

-- object("a", 1, "b", nil): members in the order given; nil is null.
function json.object(...)
  local keys, values = {}, {}
  for k = 1, select("#", ...), 2 do
    local name, value = select(k, ...)
    keys[#keys + 1] = name
    values[name] = value == nil and json.null or value
  end
  return setmetatable({ keys = keys, values = values }, ordered)
end

local short = { ['"'] = '\\"', ["\\"] = "\\\\", ["\n"] = "\\n", ["\t"] = "\\t", ["\r"] = "\\r", ["\b"] = "\\b", ["\f"] = "\\f" }

local function by_number(c)
  local at = utf8.codepoint(c)
  return ("\\u%04x"):format(at)
end

-- A text in quotes. "<", and characters that do not show or turn the direction of what follows, are written by number.
function json.text(s)
  if not utf8.len(s) then s = cells.hex(s) end
  s = s:gsub('[%c"\\<\127]', function(c) return short[c] or by_number(c) end)
  if s:find "[\xC2\xE2\xEF]" then
    s = s:gsub("\xC2[\x80-\x9F]", by_number):gsub("\xE2\x80[\x8B-\x8F\xA8-\xAE]", by_number):gsub("\xE2\x81[\xA0-\xAF]", by_number)
      :gsub("\xEF\xBB\xBF", by_number)
  end
  return '"' .. s .. '"'
end

-- A number of Lua: whole ones by their digits, others as the shortest decimal that reads back; what is no number is null.
local function number(value)
  if math.type(value) == "integer" then return tostring(value) end
  if value ~= value or value == math.huge or value == -math.huge then return "null" end
  return flat.decimal(value)
end

local put

local function put_members(out, keys, values, indent)
  if not keys[1] then out[#out + 1] = "{}"; return end
  local inner = indent and indent .. "  "
  out[#out + 1] = "{"
  for k, key in ipairs(keys) do
    if k > 1 then out[#out + 1] = "," end
    out[#out + 1] = inner and "\n" .. inner or ""
    out[#out + 1] = json.text(key) .. ":" .. (inner and " " or "")
    put(out, values[key], inner)
  end
  out[#out + 1] = inner and "\n" .. indent .. "}" or "}"
end

local function put_list(out, list, indent)
  if not list[1] then out[#out + 1] = "[]"; return end
  local inner = indent and indent .. "  "
  out[#out + 1] = "["
  for k, value in ipairs(list) do
    if k > 1 then out[#out + 1] = "," end
    out[#out + 1] = inner and "\n" .. inner or ""
    if list.compact then put(out, value) else put(out, value, inner) end
  end
  out[#out + 1] = inner and "\n" .. indent .. "]" or "]"
end

-- A plain table: a list when it is one, else an object with its members by name.
local function put_table(out, value, indent)
  if value[1] ~= nil or getmetatable(value) == list_of then return put_list(out, value, indent) end
  local keys = {}
  for key in pairs(value) do
    if type(key) ~= "string" then core.raise("type", "a member of JSON is named by a text, not by a " .. type(key)) end
    keys[#keys + 1] = key
  end
  order.texts(keys)
  put_members(out, keys, value, indent)
end

function put(out, value, indent)
  local kind = type(value)
  if value == nil or value == json.null then
    out[#out + 1] = "null"
  elseif kind == "string" then
    out[#out + 1] = json.text(value)
  elseif kind == "number" then
    out[#out + 1] = number(value)
  elseif kind == "boolean" then
    out[#out + 1] = tostring(value)
  elseif core.figure.is(value) then
    put(out, json.figure(value), nil)
  elseif getmetatable(value) == ordered then
    put_members(out, value.keys, value.values, indent)
  elseif kind == "table" and (getmetatable(value) == nil or getmetatable(value) == list_of) then
    put_table(out, value, indent)
  elseif kind == "table" and getmetatable(value).to_json then
    put(out, getmetatable(value).to_json(value), indent)
  else
    core.raise("type", "a " .. kind .. " cannot be written as JSON")
  end
end

-- encode(value [, pretty]) -> text: plain Lua tables (members by name), lists, figures, and what json.object makes.
function json.encode(value, pretty)
  local out = {}
  put(out, value, pretty and "" or nil)
  return table.concat(out)
end

-- ---------------------------------------------------------------- figures

local function amount(value)
  if value == nil then return nil end
  return flat.decimal(value)
end

-- What a figure says, every amount as a decimal text; a bound that is not known is null.
function json.figure(f)
  local includes = {}
  for i, part in ipairs(f.includes) do includes[i] = json.figure(part) end
  local sources = json.list { table.unpack(f.sources) }
  local object = json.object("best", amount(f.best), "lower", amount(f.lo), "upper", amount(f.hi), "lower_open", f.lo_open or false,
    "upper_open", f.hi_open or false, "unit", f.unit, "status", f.status, "sources", sources)
  if f.raw then
    object.keys[#object.keys + 1], object.values.raw = "raw", f.raw
  end
  if includes[1] then
    object.keys[#object.keys + 1], object.values.includes = "includes", includes
  end
  return object
end

-- ---------------------------------------------------------------- tables

local types = { int = "integer", figure = "amount", figures = "amounts", decimal = "decimal", real = "number", date = "date",
  period = "period", bool = "boolean", phase = "phase", code = "code", verdict = "verdict" }

local function has_figures(data, n) return core.figure.any(lazy.filled(data), n) end

-- A cell: whole numbers as such, in a column with figures every number as an amount.
local function cell(value, column, figures)
  if value == nil then return json.null end
  if figures and (math.type(value) == "integer" or column.kind == "decimal") then
    return json.figure(core.figure.new { best = value, unit = column.unit or "" })
  end
  if column.kind == "figures" and type(value) == "table" then
    local list = {}
    for k, item in ipairs(value) do
      list[k] = json.object("figure", item.figure, "sources", json.list { table.unpack(item.sources) },
        "agrees", item.agrees ~= false)
    end
    return json.list(list)
  end
  return value
end

-- name -> whether the column holds figures, in the order of the columns.
local function figure_columns(t)
  local out = {}
  for c, column in ipairs(t.columns_) do out[c] = column.kind == "figure" or has_figures(t.data_[c], t.n_) end
  return out
end

local function row_object(t, i, names, figures, first, role)
  local values, keys = {}, { table.unpack(names) }
  for c, column in ipairs(t.columns_) do values[names[c]] = cell((c == 1 and first or t.data_[c])[i], column, figures[c]) end
  if role then keys[#keys + 1], values.row_role = "row_role", role end
  return setmetatable({ keys = keys, values = values }, ordered)
end

local function columns_list(t, names, figures, locale)
  local list = {}
  for c, column in ipairs(t.columns_) do
    list[c] = json.object("name", names[c], "label", model.heading(t, c, nil, locale),
      "unit", flat.unit(column, t.data_[c], t.n_), "type", figures[c] and "amount" or types[column.kind] or "text")
  end
  list.compact = true
  return list
end

-- Why cells are missing, where that is known.
local function missing_list(t, names, locale)
  local list = { compact = true }
  for i = 1, t.n_ do
    for c = 1, #names do
      local reason = t.data_[c][i] == nil and not getmetatable(t).is_key(t, c) and getmetatable(t).reason(t, i, c)
      if reason then
        list[#list + 1] = json.object("row", i, "column", names[c], "reason", labels.say(locale, reason[1], reason[2]))
      end
    end
  end
  return json.list(list)
end

local function sources_list(t)
  local list = { compact = true }
  for k, source in ipairs(model.sources(t)) do
    list[k] = json.object("code", source.code, "title", source.title, "outlet", source.outlet, "address", source.address,
      "published", source.published)
  end
  return json.list(list)
end

-- table(t, locale) -> the object {"format":"mekong.table","version":1,...} that json.encode writes.
function json.table(t, locale)
  locale = locale or t.meta_.locale or "vi"
  local names, figures, rows, roles = flat.names(t), figure_columns(t), { compact = true }, flat.roles(t) or {}
  local first = flat.first(t, locale)
  for i = 1, t.n_ do rows[i] = row_object(t, i, names, figures, first, roles[i]) end
  local shown = model.columns(t)
  local notes = json.list {}
  for k, line in ipairs(model.notes(t, shown, {}, "", locale)) do notes[k] = line end
  local title = t.meta_.title and t.meta_.title[locale == "en" and 2 or 1] or nil
  return json.object("format", "mekong.table", "version", 1, "locale", locale, "title", title,
    "columns", columns_list(t, names, figures, locale), "rows", json.list(rows), "missing", missing_list(t, names, locale),
    "notes", notes, "sources", sources_list(t))
end

-- pieces(tables) -> function that gives rows as lines, each as in json.table, piece by piece, then nil. tables(): the parts of one
-- table, one after the other, then nil.
function json.pieces(tables)
  return lines.pieces(tables, { ending = "}\n", empty = "{" }, function(t)
    local names, figures, roles, columns = flat.names(t), figure_columns(t), flat.roles(t), {}
    for c, column in ipairs(t.columns_) do
      columns[c] = { cells = c == 1 and flat.first(t, t.meta_.locale) or t.data_[c],
        before = (c > 1 and "," or "{") .. json.text(names[c]) .. ":", missing = "null",
        wrap = not figures[c] and '"' or nil,
        make = function(value) return json.encode(cell(value, column, figures[c])) end }
    end
    if roles then
      columns[#columns + 1] = { cells = roles, before = "", missing = "",
        make = function(role) return (names[1] and "," or "{") .. '"row_role":' .. json.text(role) end }
    end
    return columns
  end)
end

return json
