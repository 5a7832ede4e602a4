-- read: the figures of a text, as a list of plain tables that prints itself. The work is done by csrc/core/read*.c; here
-- are the options, the names that people added, and the table for the eye.
local core = require "mekong.core"
local charset = require "mekong.charset"
local options = require "mekong.options"
local order = require "mekong.order"
local vocab = require "mekong.vocab"

local read = {}

local charsets = { utf8 = 0, tcvn3 = 1, vni = 2, viscii = 3, vps = 4, cp1258 = 5, viqr = 6 }

-- The number of the character set: the one said, else UTF-8, else the one that the bytes give away.
local function charset_of(bytes, name)
  if name ~= nil then return charsets[charset.name(name)] end
  if type(bytes) ~= "string" or core.text.is_utf8(bytes) then return 0 end
  local found = charset.detect(bytes)
  if not found then
    core.raise("format", "the text is not UTF-8, and its character set cannot be told for sure",
      'hint: say it, as in mekong.read(text, {charset = "tcvn3"})')
  end
  return charsets[found]
end

local function day_of(value)
  if value == nil then return nil end
  local _, last = core.date.bounds(options.typed(value, "string", "as_of"))
  return last
end

-- ---------------------------------------------------------------- for the eye
local titles = {
  vi = { "câu chữ", "giá trị", "đơn vị", "loại", "giai đoạn", "thời gian", "nhóm hàng", "thuộc" },
  en = { "text", "value", "unit", "measure", "phase", "period", "category", "part of" },
}
local marks = { approx = "≈ ", nearly = "≲ ", more_than = "> ", at_least = "≥ ", at_most = "≤ " }

local function value_of(x, locale)
  if x.alternatives then
    local list = {}
    for i, other in ipairs(x.alternatives) do list[i] = other.value end
    return table.concat(list, locale == "en" and " or " or " hoặc ")
  end
  local text = (marks[x.qualifier] or "") .. (x.value or "")
  if x.value_high then text = text .. "–" .. x.value_high end
  if x.direction and x.measure:find "change" then text = (x.direction == "decrease" and "−" or "+") .. text end
  return text
end

local function line_of(x, locale)
  return { x.surface:gsub("%s+", " "), value_of(x, locale), x.unit or "", x.measure, x.phase and tostring(x.phase) or "",
    x.period or "", x.item or x.category or "", x.included_in and "#" .. x.included_in or "" }
end

-- A complete table of the readings, columns without content left out.
local function display(list, locale)
  local rows, widths, used = { titles[locale] }, {}, {}
  for i, x in ipairs(list) do rows[i + 1] = line_of(x, locale) end
  for r, row in ipairs(rows) do
    for c = 1, #titles[locale] do
      widths[c] = math.max(widths[c] or 0, core.text.width(row[c]))
      used[c] = used[c] or r > 1 and row[c] ~= ""
    end
  end
  local out = {}
  for r, row in ipairs(rows) do
    local cells = { ("%" .. #tostring(#list) .. "s"):format(r == 1 and "#" or r - 1) }
    for c = 1, #row do
      if used[c] then cells[#cells + 1] = row[c] .. (" "):rep(widths[c] - core.text.width(row[c])) end
    end
    out[r] = table.concat(cells, "  "):gsub("%s+$", "")
  end
  if #list == 0 then return locale == "en" and "no figures" or "không có số liệu" end
  return table.concat(out, "\n")
end

local function new_table(columns, data, n, locale)
  return require("mekong.table").new(columns, data, n, { origin = "schema", locale = locale })
end

-- The same as a Table, for pages. lines: of each reading, the number of the text that it is of, as a first column.
function read.page(list, locale, lines)
  local columns, data = {}, {}
  for c, title in ipairs(titles[locale]) do columns[c], data[c] = { name = title, kind = "text" }, {} end
  for i, x in ipairs(list) do
    for c, text in ipairs(line_of(x, locale)) do data[c][i] = text ~= "" and text or nil end
  end
  if lines then
    table.insert(columns, 1, { name = locale == "en" and "line" or "dòng", kind = "int" })
    table.insert(data, 1, lines)
  end
  return new_table(columns, data, #list, locale)
end

-- ---------------------------------------------------------------- for programs

local members = { "surface", "first", "last", "measure", "value", "value_high", "lower", "upper", "lower_open", "upper_open", "alternatives",
  "qualifier", "unit", "norm_value", "norm_unit", "category", "item", "phase", "period", "scope", "direction", "compared_to", "included_in" }
local rank = {}
for i, name in ipairs(members) do rank[name] = i end

-- A reading with its members in one order, those of no place in it last.
local function ordered(reading)
  local json, names, out, ways = require "mekong.render.json", {}, {}, {}
  for i, way in ipairs(reading.alternatives or {}) do ways[i] = json.object("value", way.value, "unit", way.unit, "reason", way.reason) end
  for name in pairs(reading) do names[#names + 1] = name end
  table.sort(names, function(a, b)
    local i, k = rank[a] or #members + 1, rank[b] or #members + 1
    if i ~= k then return i < k end
    return order.plain(a, b) < 0
  end)
  for _, name in ipairs(names) do
    local value = reading[name]
    if name == "alternatives" then value = json.list(ways) end
    out[#out + 1], out[#out + 2] = name, value
  end
  return json.object(table.unpack(out))
end

local function to_json(list)
  local json, out = require "mekong.render.json", {}
  for i, reading in ipairs(list) do out[i] = ordered(reading) end
  return json.encode(json.list(out))
end

local kinds = { first = "int", last = "int", phase = "int", included_in = "int", lower_open = "bool", upper_open = "bool",
  lower = "decimal", upper = "decimal", norm_value = "decimal" }

local function ways_of(reading)
  local ways = {}
  for i, way in ipairs(reading.alternatives or {}) do ways[i] = way.value .. (way.unit and " " .. way.unit or "") .. " (" .. way.reason .. ")" end
  return ways[1] and table.concat(ways, "; ") or nil
end

-- Readings as a Table of their members, one row each; lines: as for read.page.
function read.table(list, locale, lines)
  local columns, data = {}, {}
  if lines then columns[1], data[1] = { name = "line", kind = "int" }, lines end
  for _, name in ipairs(members) do
    local cells = {}
    for i, reading in ipairs(list) do
      if name == "alternatives" then cells[i] = ways_of(reading) else cells[i] = reading[name] end
    end
    columns[#columns + 1], data[#data + 1] = { name = name, kind = kinds[name] or "text" }, cells
  end
  return new_table(columns, data, #list, locale)
end

-- The reasons of readings that leave a question, in Vietnamese.
read.reasons = {
  ["the comma marks decimals"] = "dấu phẩy là dấu thập phân", ["the comma groups thousands"] = "dấu phẩy tách hàng nghìn",
  ["năm is the number five"] = "năm là số năm", ["năm is the word for year"] = "năm là năm tháng",
  ["the last digit is a tenth of what stands before it"] = "chữ số cuối là phần mười của số đứng trước",
  ["the last digit stands for itself"] = "chữ số cuối là chính nó", ["the digits are tens and ones"] = "hai chữ số là hàng chục và hàng đơn vị",
  ["the digits are the ends of a range"] = "hai chữ số là hai đầu của một khoảng", ["the place in a row"] = "số thứ tự",
  ["an average: what is counted has no fractions"] = "số bình quân: số đếm không có phần lẻ",
  ["the mark divides two numbers, and this is the last"] = "dấu ngăn cách hai số, đây là số sau",
  ["the day of the week"] = "ngày trong tuần", ["so many times as much as before"] = "bằng số lần đó so với trước",
  ["more than before by so many times as much"] = "tăng thêm số lần đó so với trước",
}

local function in_locale(list, locale)
  for _, reading in ipairs(locale == "vi" and list or {}) do
    for _, way in ipairs(reading.alternatives or {}) do way.reason = read.reasons[way.reason] or way.reason end
  end
  return list
end

-- The list stays a plain one: its metatable only knows how it is shown.
local classes = {}
for _, locale in ipairs { "vi", "en" } do
  local methods = { to_json = to_json, table = function(list) return read.table(list, locale) end }
  classes[locale] = { __tostring = function(list) return display(list, locale) end, __name = "mekong.Readings", __index = methods }
  require("mekong.display").give(methods, { { "text/html", function(list) return read.page(list, locale):to_html() end } }, classes[locale])
end

-- ---------------------------------------------------------------- the call
-- read(text [, {as_of =, charset =, calendar = "civil"|"customs", locale = "vi"|"en"}]) -> list of readings in the order of
-- the text, each a plain table; list:table() is a Table of them, list:to_json() an array.
function read.read(text, opts)
  opts = options.check(opts, { "as_of", "calendar", "charset", "locale" }, "mekong.read")
  local calendar = options.choice(opts.calendar, { "civil", "customs" }, "civil", "calendar")
  local locale = options.choice(opts.locale, { "vi", "en" }, "vi", "locale")
  local list = core.read.read(text, charset_of(text, opts.charset), day_of(opts.as_of), calendar == "customs", vocab.for_reading())
  return setmetatable(in_locale(list, locale), classes[locale])
end

return read
