-- cells: one cell of a Table as text of a locale; every renderer prints through this.
local core = require "mekong.core"
local fmt = require "mekong.fmt"
local labels = require "mekong.labels"

local cells = {}

-- Status marks that follow a number, and what the legend under the table says of them.
cells.marks = {
  { status = "P", mark = "*", vi = "* số sơ bộ", en = "* preliminary" },
  { status = "E", mark = "~", vi = "~ ước tính hoặc suy ra", en = "~ estimated or derived" },
  { status = "U", mark = "?", vi = "? chưa kiểm chứng", en = "? unverified" },
}
local mark_of = {}
for _, entry in ipairs(cells.marks) do mark_of[entry.status] = entry.mark end

-- The unit that all figures of a column share, or nil; it then stands in the heading instead of in the cells.
function cells.shared_unit(column, figures)
  local unit
  for _, value in ipairs(figures) do
    if type(value) ~= "string" then
      local own = core.figure.is(value) and value.unit or column.unit or ""
      if own == "%" or unit and own ~= unit then return nil end
      unit = own
    end
  end
  return unit
end

local function number(value, column, locale, with_unit, signed)
  if math.type(value) == "integer" and column.plain then return tostring(value) end
  if math.type(value) == "integer" then return fmt.plain(value, locale) end
  local text = core.figure.text(value, { locale = locale, unit = with_unit, digits = column.digits, sign = signed or nil })
  local mark = mark_of[value.status]
  return mark and text .. mark or text
end

-- One or more codes, separated by spaces, as the names the table brings.
local function code_names(value, opts)
  local parts = {}
  for code in value:gmatch "%S+" do
    local pair = opts.names and opts.names[code]
    parts[#parts + 1] = pair and pair[opts.locale == "en" and 2 or 1] or code
  end
  return table.concat(parts, ", ")
end

-- Several figures of one cell, each as written and with its sources; ≠ marks those that the row does not bear out.
local function figure_list(list, locale)
  local parts = {}
  for i, item in ipairs(list) do
    parts[i] = (item.agrees == false and "≠ " or "") .. item.figure:format { locale = locale, sign = true } ..
      " [" .. table.concat(item.sources, ", ") .. "]"
  end
  return table.concat(parts, "; ")
end

-- Text of one cell, on one line. opts: locale, unit (print units in the cell), missing (text of an empty cell), names (of
-- codes), label (the cell names a row of totals or of the rest), verbatim (texts are no words of the program).
local function plain_text(value, column, opts)
  local locale, kind = opts.locale, column.kind
  if value == nil then return opts.missing or "–" end
  if type(value) == "string" and opts.label then return column.words and column.words[locale][value] or labels.word(value, locale) end
  if core.figure.is(value) or kind == "int" then
    local signed = column.name == "difference" or column.name == "percent" or column.name == "percent_per_day"
    return number(value, column, locale, opts.unit, signed)
  end
  if kind == "figures" then return figure_list(value, locale) end
  if kind == "code" then return code_names(value, opts) end
  if kind == "phase" and type(value) == "string" then return labels.phase(value) end
  if kind == "ordinal" and value > 0 and value < 4000 then return labels.roman(value) end
  if kind == "date" or kind == "period" then return fmt.date(value, { locale = locale }) end
  if kind == "bool" then return labels.say(locale, value and "có" or "không", value and "yes" or "no") end
  if kind == "decimal" or math.type(value) == "float" then return fmt.plain(value, locale) end
  if column.words and column.words[locale][value] then return column.words[locale][value] end
  if type(value) == "string" and not opts.verbatim then return labels.word(value, locale) end
  return tostring(value)
end

-- Control and direction characters are shown, not sent to the terminal; breaks: line ends and tabs stay.
function cells.visible(s, breaks)
  if not s:find "[%c\xC2\xE2]" then return s end
  s = s:gsub(breaks and "[^%C\n\t]" or "%c", function(c) return utf8.char(c == "\127" and 0x2421 or 0x2400 + c:byte()) end)
  return (s:gsub("\xC2[\x80-\x9F]", "\u{FFFD}"):gsub("\xE2\x80[\x8E\x8F\xA8-\xAE]", "\u{FFFD}")
    :gsub("\xE2\x81[\xA6-\xA9]", "\u{FFFD}"))
end

-- Bytes that are no text, as SQL may give them; most: how many are shown.
function cells.hex(s, most)
  local cut = most and #s > most
  return "x'" .. s:sub(1, most or -1):gsub(".", function(c) return ("%02X"):format(c:byte()) end) .. (cut and "…'" or "'")
end

function cells.text(value, column, opts)
  if type(value) == "string" and not utf8.len(value) then return cells.hex(value, 16) end
  return cells.visible(plain_text(value, column, opts))
end

local signs = { { "≈", "khoảng", "about" }, { "≲", "gần", "nearly" }, { "≠", "không khớp", "disagrees" } }

-- Reasons of missing cells that a reader cannot see for himself, each once with the rows it stands for: "– chưa có dữ liệu (VI)".
function cells.reasons(entries, locale)
  local order, names = {}, {}
  for _, entry in ipairs(entries) do
    local text = labels.say(locale, entry.reason[1], entry.reason[2])
    if not names[text] then names[text] = {}; order[#order + 1] = text end
    local list = names[text]
    if entry.row and list[#list] ~= entry.row then list[#list + 1] = entry.row end
  end
  for i, text in ipairs(order) do
    local list = names[text]
    order[i] = "– " .. text .. (list[1] and #list <= 4 and " (" .. table.concat(list, ", ") .. ")" or "")
  end
  return order
end

-- What the marks mean that occur in the figures given and in the printed text.
function cells.legend(seen, printed, locale)
  local out = {}
  for _, entry in ipairs(cells.marks) do
    if seen[entry.status] then out[#out + 1] = locale == "en" and entry.en or entry.vi end
  end
  for _, sign in ipairs(signs) do
    if printed:find(sign[1], 1, true) then out[#out + 1] = sign[1] .. " " .. labels.say(locale, sign[2], sign[3]) end
  end
  return out
end

return cells
