-- schema: the tables of a store and their columns, as tables to print.
local core = require "mekong.core"
local Table = require "mekong.table"

local schema = {}

local function made(columns, rows, ctx)
  local data = {}
  for c = 1, #columns do
    data[c] = {}
    for r = 1, #rows do data[c][r] = rows[r][c] end
  end
  return Table.new(columns, data, #rows, { origin = "schema", locale = ctx.locale })
end

-- schema.of(name or nil, ctx) -> Table of the tables, or of the columns of one
function schema.of(name, ctx)
  local store, rows, names, aliases = ctx.store(), {}, {}, {}
  local tables = core.store.tables()
  for i, t in ipairs(tables) do names[i], aliases[i] = t.name, t.aliases or false end
  if not name then
    for i, t in ipairs(tables) do rows[i] = { t.name, t.aliases or nil, core.store.count(store, t.name) } end
    return made({ { name = "table", kind = "text" }, { name = "aliases", kind = "text" }, { name = "rows", kind = "int" } }, rows, ctx)
  end
  local at = core.find_name(name, names, aliases, "table")
  local _, _, columns = core.store.columns(store, tables[at].name)
  for i, column in ipairs(columns) do
    rows[i] = { column.name, column.type, column.aliases or nil, column.key and "✓" or nil }
  end
  return made({ { name = "column", kind = "text" }, { name = "type", kind = "text" }, { name = "aliases", kind = "text" },
    { name = "key", kind = "text" } }, rows, ctx)
end

return schema
