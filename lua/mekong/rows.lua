-- rows: query results inside the module as plain Lua rows; users get a Table from store:sql instead.
local core = require "mekong.core"

local rows = {}

-- A list of {column = value}; missing cells are absent.
function rows.of(store, sql, params)
  local columns, data, n = core.store.query(store, sql, params)
  local out = {}
  for i = 1, n do
    local row = {}
    for c, column in ipairs(columns) do row[column.name] = data[c][i] end
    out[i] = row
  end
  return out
end

return rows
