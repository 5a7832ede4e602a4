-- records: what a reader of mekong.source gives, as plain text or tables, for the specs of readers.
local source = require "mekong.source"
local records = {}

-- All records of a source, with the reader that gave them.
function records.all(from, opts)
  local reader = assert(source.open(from, opts))
  local list = {}
  for record in reader:records() do list[#list + 1] = record end
  reader:close()
  return list, reader
end

-- One line a record: its line, then its cells as they are quoted in Lua ("nil" where there is none), then the error.
function records.text(from, opts)
  local list, reader = records.all(from, opts)
  local lines = { table.concat(reader:header(), "|") }
  for i, record in ipairs(list) do
    local cells = {}
    for c = 1, record.n do cells[c] = record[c] == nil and "nil" or tostring(record[c]) end
    local e = record.error
    lines[i + 1] = record.line .. ":" .. table.concat(cells, "|")
      .. (e and (" [%s %s,%s]"):format(e.code, tostring(e.line), tostring(e.col)) or "") .. (record.fatal and " fatal" or "")
  end
  return table.concat(lines, "\n"), reader
end

return records
