-- read: the figures of a text, as a list of plain tables that prints itself. The work is done by csrc/core/read*.c; here
-- are the options, the names that people added, and the table for the eye.
local core = require "mekong.core"
local charset = require "mekong.charset"
local options = require "mekong.options"
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

local classes = {}
for _, locale in ipairs { "vi", "en" } do
  classes[locale] = { __tostring = function(list) return display(list, locale) end, __name = "mekong.Readings" }
end

-- ---------------------------------------------------------------- the call
-- read(text [, {as_of =, charset =, calendar = "civil"|"customs", locale = "vi"|"en"}]) -> list of readings in the order of
-- the text, each a plain table.
function read.read(text, opts)
  opts = options.check(opts, { "as_of", "calendar", "charset", "locale" }, "mekong.read")
  local calendar = options.choice(opts.calendar, { "civil", "customs" }, "civil", "calendar")
  local locale = options.choice(opts.locale, { "vi", "en" }, "vi", "locale")
  local list = core.read.read(text, charset_of(text, opts.charset), day_of(opts.as_of), calendar == "customs", vocab.for_reading())
  return setmetatable(list, classes[locale])
end

return read
