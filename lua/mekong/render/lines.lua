-- lines: rows of tables as lines of text, piece by piece, so that a table of many rows is never there as one text as well. What a value
-- looks like is asked once for all of its cells as long as they are not too many.
local core = require "mekong.core"
local lazy = require "mekong.lazy"

local lines = {}

local ROWS, KEPT = 4096, 100000 -- of a piece; texts that are kept

-- once(t) -> function that gives t, then nil
function lines.once(t)
  return function()
    local one = t
    t = nil
    return one
  end
end

-- The same columns, those without any cell as text of their neighbours; and the text behind the last.
local function folded(columns)
  local out, before = {}, ""
  for _, column in ipairs(columns) do
    column.cells = lazy.filled(column.cells)
    if next(column.cells) == nil and columns[2] then
      before = before .. column.before .. column.missing
    else
      column.before, before = before .. column.before, ""
      out[#out + 1] = column
    end
  end
  return out, before
end

local function forget(columns)
  for _, column in ipairs(columns) do column.known = {} end
end

-- pieces(tables, {ending =, empty = what stands for a line without bytes}, of) -> function that gives the bytes piece by piece, then
-- nil. tables(): tables one after the other, then nil; of(t) -> columns {cells = values by row, make = function(value) -> text, before =
-- text before the cell, missing = text of no cell, wrap = what a text of letters and digits stands between, if anything is known},
-- a text before the first line or nil.
function lines.pieces(tables, opts, of)
  local t, columns, row, kept, ends = nil, nil, 0, KEPT, { "", opts.ending, opts.empty }
  return function()
    while t == nil or row > t.n_ do
      t = tables()
      if not t then return nil end
      local head
      columns, head = of(t)
      columns, ends[1] = folded(columns)
      row, kept = 1, KEPT
      if head then return head end
    end
    if kept >= KEPT then
      forget(columns)
      kept = 0
    end
    local bytes, more = core.file.lines(columns, row, math.min(row + ROWS - 1, t.n_), ends)
    row, kept = row + ROWS, kept + more
    return bytes
  end
end

-- All that a function gives piece by piece as one text.
function lines.whole(pieces)
  local list = {}
  for piece in pieces do list[#list + 1] = piece end
  return table.concat(list)
end

return lines
