-- csv: a tiny strict reader for the specs of data/: RFC 4180 with LF, no ragged row, no stray quote, no missing last LF.
-- An empty cell reads as nil (missing). Uses nothing but Lua.
local csv = {}

local function fail(name, line, what) error(("%s:%d: %s"):format(name, line, what), 0) end

-- One field from position p: value or nil, the character after it, the position after that.
local function field(text, p, name, line)
  if text:sub(p, p) ~= '"' then
    local stop = text:find("[,\n]", p) or fail(name, line, "the last line does not end")
    local value = text:sub(p, stop - 1)
    if value:find '"' then fail(name, line, "a quote inside a plain field") end
    return value ~= "" and value or nil, text:sub(stop, stop), stop + 1
  end
  local parts, from = {}, p + 1
  while true do
    local quote = text:find('"', from, true) or fail(name, line, "a quoted field does not end")
    parts[#parts + 1] = text:sub(from, quote - 1)
    local after = text:sub(quote + 1, quote + 1)
    if after ~= '"' then
      if after ~= "," and after ~= "\n" then fail(name, line, "text after a quoted field") end
      local value = table.concat(parts, '"')
      if value:find "\n" then fail(name, line, "a line break inside a field") end
      return value ~= "" and value or nil, after, quote + 2
    end
    from = quote + 2
  end
end

local function record(text, p, name, line)
  local cells, n = {}, 0
  local stop
  repeat
    n = n + 1
    cells[n], stop, p = field(text, p, name, line)
  until stop == "\n"
  return cells, n, p
end

-- Rows as maps by column name, and the list of column names.
function csv.parse(text, name)
  if text:find "\r" then fail(name, 1, "a carriage return") end
  if not utf8.len(text) then fail(name, 1, "not UTF-8") end
  local header, width, p = record(text, 1, name, 1)
  local known, rows, line = {}, {}, 1
  for c = 1, width do
    if not header[c] or known[header[c]] then fail(name, 1, "a column without a name or named twice") end
    known[header[c]] = true
  end
  while p <= #text do
    line = line + 1
    local cells, n
    cells, n, p = record(text, p, name, line)
    if n ~= width then fail(name, line, ("%d fields where the header has %d"):format(n, width)) end
    local row = { line = line }
    for c = 1, width do row[header[c]] = cells[c] end
    rows[#rows + 1] = row
  end
  return rows, header
end

function csv.read(path)
  local file = assert(io.open(path, "rb"))
  local text = file:read "a"
  file:close()
  return csv.parse(text, path)
end

return csv
