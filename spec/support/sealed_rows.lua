-- sealed_rows: all rows of a store's cases, lines and persons put together from its blocks and plain rows, by the description in
-- csrc/core/seal.h and engine.h alone and without the code that reads them elsewhere: what another program would do.
local core = require "mekong.core"
local segments = require "spec.support.segments"

local function query(store, sql)
  local columns, data, n = core.store.query(store, sql)
  local rows = {}
  for i = 1, n do
    rows[i] = {}
    for k, column in ipairs(columns) do
      local cell = data[k][i]
      if type(cell) == "boolean" then cell = cell and 1 or 0 end
      rows[i][column.name] = cell
    end
  end
  return rows
end

local function head_of(bytes)
  local mark, form, width, scale, zero, rows, entries, _, others, text, least = ("<c4BBBBI4I4I4I4i8i8"):unpack(bytes)
  assert(mark == "MGS1" and zero == 0)
  return { form = form, width = width, scale = scale, rows = rows, entries = entries - 1, others = others, text = text, least = least }
end

-- Texts of the entries, and where cells begin.
local function entries_of(head, bytes)
  local list, at = {}, 81 + 4 * head.entries
  for e = 1, head.entries do
    local n = ("<I4"):unpack(bytes, 77 + 4 * e)
    list[e], at = bytes:sub(at, at + n - 1), at + n
  end
  assert(at == 81 + 4 * head.entries + head.text)
  return list, (at + 6) // 8 * 8 + 1
end

local function cells_of(head, bytes, at)
  local cells = {}
  for row = 1, head.rows do
    cells[row] = head.width == 8 and ("<i8"):unpack(bytes, at) or head.width > 0 and ("<I" .. head.width):unpack(bytes, at) or 0
    at = at + head.width
  end
  assert(at == #bytes + 1)
  return cells
end

local function printed(number, scale)
  local digits = ("%0" .. scale + 1 .. "d"):format(math.abs(number))
  local text = digits:sub(1, #digits - scale) .. "." .. digits:sub(#digits - scale + 1)
  return (number < 0 and "-" or "") .. text:gsub("0*$", ""):gsub("%.$", "")
end

local column = {}

column[1] = function(head, bytes)
  local texts, at = entries_of(head, bytes)
  local cells = cells_of(head, bytes, at)
  for row, code in ipairs(cells) do cells[row] = code > 0 and texts[code] or false end
  return cells
end

column[2] = function(head, bytes)
  local cells, none = cells_of(head, bytes, 81), head.width == 8 and math.mininteger or (1 << 8 * head.width) - 1
  for row, cell in ipairs(cells) do
    cells[row] = cell ~= none and printed(head.width < 8 and cell + head.least or cell, head.scale)
  end
  return cells
end

column[4] = function(head, bytes, begins)
  local keys, cells, key, at = {}, {}, "", 81 + 2 * head.entries
  for e = 1, head.entries do
    local same, own = bytes:byte(80 + e), bytes:byte(80 + head.entries + e)
    key, at = key:sub(1, same) .. bytes:sub(at, at + own - 1), at + own
    keys[e] = key
  end
  assert(at == #bytes + 1)
  local e = 0
  for row = 1, head.rows do
    e = e + begins[row]
    cells[row] = keys[e]
  end
  return cells
end

-- The segments of a block by column and form, each with the checksum that it should have.
local function segments_of(store, block)
  local found = {}
  for _, one in ipairs(query(store, [[SELECT "column", form, hex(data) AS hex FROM main.segments WHERE block = ]] .. block.id)) do
    local bytes = one.hex:gsub("%x%x", function(pair) return string.char(tonumber(pair, 16)) end)
    assert(bytes == segments.sealed(bytes, block, one.column, one.form))
    found[one.column .. one.form] = bytes
  end
  return found
end

local forms = { ["1"] = 1, ["2"] = 2, ["3"] = 1, ["4"] = 2, ["5"] = 4 }

-- Columns of a block by name, and 1 or 0 for each row: whether a case begins.
local function columns_of(store, block)
  local found, columns = segments_of(store, block), {}
  local head = head_of(found["1"])
  local names, at = entries_of(head, found["1"])
  local begins = cells_of(head, found["1"], at)
  if head.width == 0 then
    for row in ipairs(begins) do begins[row] = 1 end
  end
  for _, entry in ipairs(names) do
    local name, form = entry:sub(2), forms[entry:sub(1, 1)]
    local bytes = found[name .. form]
    assert(head_of(bytes).form == form and head_of(bytes).rows == (name:sub(1, 1) == "t" and head.others or block.rows))
    columns[name] = column[form](head_of(bytes), bytes, begins)
  end
  return columns, begins, head.others
end

-- Row i of the columns of a letter.
local function row_of(columns, letter, i, whole)
  local row = {}
  for name, cells in pairs(columns) do
    local own = name:sub(1, 1) == letter and name:sub(4, -2)
    if own then row[own] = cells[i] and (whole[name] and math.tointeger(cells[i]) or cells[i]) or nil end
  end
  return row
end

-- What meta says there should be.
local function promise(state, blocks)
  local sum = 0
  for _, block in ipairs(blocks) do
    sum = segments.sum(sum, ("<i8i8i8i8i8"):pack(block.id, #block.low, #block.high, block.rows, block.state))
    sum = segments.sum(segments.sum(sum, block.low), block.high)
  end
  return ("%s %d %016x"):format(state, #blocks, sum)
end

-- sealed_rows(store) -> {cases =, lines =, persons =}: rows as tables, by key ("case" or "case\0line").
return function(store)
  local out, whole, hidden = { cases = {}, lines = {}, persons = {} }, {}, {}
  local blocks = query(store, "SELECT id, low, high, rows, state FROM main.blocks WHERE tab = 'sealed' ORDER BY high")
  local said = query(store, "SELECT value FROM main.meta WHERE name = 'sealed'")[1]
  assert(said and said.value == promise(said.value:match "^%d+", blocks))
  for _, one in ipairs(query(store, "SELECT name, sql FROM main.sqlite_schema WHERE name IN ('cases', 'lines', 'persons')")) do
    local letter = ({ cases = "c", lines = "l", persons = "t" })[one.name]
    for name in one.sql:gmatch '"([^"]+)" INTEGER' do whole[letter .. '."' .. name .. '"'] = true end
  end
  for _, one in ipairs(query(store, 'SELECT "case" FROM main.unsealed UNION SELECT "case" FROM main.cases')) do hidden[one.case] = true end
  for _, block in ipairs(blocks) do
    local columns, begins, persons = columns_of(store, block)
    local keys = columns['c."case"']
    assert(keys[1] == block.low and keys[block.rows] == block.high)
    for i = 1, block.rows do
      local line = row_of(columns, "l", i, whole)
      line.case = keys[i]
      if begins[i] == 1 and not hidden[keys[i]] then out.cases[keys[i]] = row_of(columns, "c", i, whole) end
      if line.line and not hidden[keys[i]] then out.lines[keys[i] .. "\0" .. line.line] = line end
    end
    for i = 1, persons do
      local person = row_of(columns, "t", i, whole)
      if not hidden[person.case] then out.persons[person.case .. "\0" .. person.line] = person end
    end
  end
  for name, rows in pairs(out) do
    for _, row in ipairs(query(store, ("SELECT * FROM main.%s"):format(name))) do
      rows[row.case .. (row.line and "\0" .. row.line or "")] = row
    end
  end
  return out
end
