-- csv: a Table as separated values: "machine" for programs (points, ISO dates, every part of a figure in a column of its own),
-- "excel-vi" for a spreadsheet on a Vietnamese computer (mark of UTF-8, ";", decimal comma, printed headings).
-- No cell is a formula: a text that a spreadsheet would calculate, or that begins with an apostrophe, gets an apostrophe in front;
-- taking one leading apostrophe away gives the text back. Numbers stay numbers. Characters that control or turn the
-- direction of text are shown as in print.
local cells = require "mekong.render.cells"
local flat = require "mekong.render.flat"

local csv = {}

local risky = { ["="] = true, ["+"] = true, ["-"] = true, ["@"] = true, ["\t"] = true, ["\r"] = true, ["\n"] = true, ["'"] = true }
local wide_risky = { ["＝"] = true, ["＋"] = true, ["－"] = true, ["＠"] = true }

-- A text that no spreadsheet takes for a formula; the wide signs are what some of them take for the narrow ones.
function csv.guard(s)
  if risky[s:sub(1, 1)] or wide_risky[s:match "^[\xE0-\xEF][\x80-\xBF][\x80-\xBF]"] then return "'" .. s end
  return s
end

local function is_number(s) return s:find "^%-?%d+$" or s:find "^%-?%d+%.%d+$" end

local function quoted(s, separator)
  if s:find('[\r\n"]') or s:find(separator, 1, true) or s:find "^ " or s:find " $" then
    return '"' .. s:gsub('"', '""') .. '"'
  end
  return s
end

-- One cell; mark is the decimal mark of numbers.
local function field(value, kind, separator, mark)
  if value == nil then return "" end
  if kind ~= "text" and is_number(value) then
    if mark ~= "." then value = value:gsub("%.", mark) end
    return quoted(kind == "percent" and value .. "%" or value, separator)
  end
  if not utf8.len(value) then value = cells.hex(value) end
  return quoted(csv.guard(cells.visible(value, true)), separator)
end

local function lines(columns, n, separator, mark, ending)
  local out, row = {}, {}
  for c, column in ipairs(columns) do row[c] = field(column.heading or column.name, "text", separator, mark) end
  out[1] = table.concat(row, separator) .. ending
  for i = 1, n do
    for c, column in ipairs(columns) do row[c] = field(column.values[i], column.kind, separator, mark) end
    local line = table.concat(row, separator)
    out[i + 1] = (line == "" and '""' or line) .. ending -- a row of one empty cell is no empty line
  end
  return table.concat(out)
end

-- table(t, {dialect =, locale =, separator =}) -> bytes
function csv.table(t, opts)
  local locale = opts.locale or t.meta_.locale or "vi"
  if opts.dialect == "excel-vi" then
    return "\u{FEFF}" .. lines(flat.sheet(t, locale), t.n_, opts.separator or ";", ",", "\r\n")
  end
  return lines(flat.machine(t, locale), t.n_, opts.separator or ",", ".", "\n")
end

return csv
