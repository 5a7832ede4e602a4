-- csv: a Table as separated values: "machine" for programs (points, ISO dates, every part of a figure in a column of its own),
-- "excel-vi" for a spreadsheet on a Vietnamese computer (mark of UTF-8, ";", decimal comma, printed headings).
-- No cell is a formula: a text that a spreadsheet would calculate, or that begins with an apostrophe, gets an apostrophe in front;
-- taking one leading apostrophe away gives the text back. Numbers stay numbers. Characters that control or turn the
-- direction of text are shown as in print.
local cells = require "mekong.render.cells"
local flat = require "mekong.render.flat"
local lines = require "mekong.render.lines"

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

local function heading(columns, separator, mark)
  local row = {}
  for c, column in ipairs(columns) do row[c] = field(column.heading or column.name, "text", separator, mark) end
  return table.concat(row, separator)
end

-- Columns for lines.pieces.
local function prepared(columns, separator, mark)
  local out = {}
  for c, column in ipairs(columns) do
    out[c] = { cells = column.cells, before = c > 1 and separator or "", missing = "",
      wrap = column.as_is and mark == "." and "" or nil,
      make = function(value) return field(column.text(value), column.kind, separator, mark) end }
  end
  return out
end

local function itself(text) return text end

-- A row of one empty cell is no empty line.
local EMPTY = '""'

-- pieces(tables, {dialect =, locale =, separator =}) -> function that gives the bytes piece by piece, then nil. tables(): the parts of
-- one table, one after the other, then nil; one at least. "excel-vi" is of a whole table.
function csv.pieces(tables, opts)
  local excel, begun = opts.dialect == "excel-vi", false
  local separator, mark, ending = opts.separator or (excel and ";" or ","), excel and "," or ".", excel and "\r\n" or "\n"
  return lines.pieces(tables, { ending = ending, empty = EMPTY }, function(t)
    local locale = opts.locale or t.meta_.locale or "vi"
    local columns = excel and flat.sheet(t, locale) or flat.machine(t, locale)
    for _, column in ipairs(columns) do column.cells, column.text = column.cells or column.values, column.text or itself end
    local head = not begun and (excel and "\u{FEFF}" or "") .. heading(columns, separator, mark) .. ending or nil
    begun = true
    return prepared(columns, separator, mark), head
  end)
end

return csv
