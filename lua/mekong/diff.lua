-- diff: what stands otherwise in one store than in another: rows that were added or removed, and cells that changed, with when and by
-- whom where the history knows it.
local core = require "mekong.core"
local analysis = require "mekong.analysis"
local options = require "mekong.options"
local store = require "mekong.store"

local methods = core.store.methods

local changes = { vi = { added = "thêm", removed = "bỏ", changed = "sửa" }, en = { added = "added", removed = "removed", changed = "changed" } }

local function quoted(name) return '"' .. name:gsub('"', '""') .. '"' end

-- The rows of a table of a store by its key: list of {values of the key}, at (text of the key -> row), cells (column name -> array),
-- columns.
local function read(from, name)
  local _, _, columns = core.store.columns(from, name)
  local all, keys, order = {}, {}, {}
  for i, column in ipairs(columns) do
    all[i] = quoted(column.name)
    if column.key then keys[#keys + 1], order[#order + 1] = i, all[i] end
  end
  local _, data, n = core.store.query(from, ("SELECT %s FROM %s ORDER BY %s"):format(table.concat(all, ", "), quoted(name),
    table.concat(order, ", ")))
  local rows = { list = {}, at = {}, cells = {}, columns = columns }
  for i, column in ipairs(columns) do rows.cells[column.name] = data[i] end
  for r = 1, n do
    local key = {}
    for k, i in ipairs(keys) do key[k] = data[i][r] end
    key.id = store.key_text(key)
    rows.list[r], rows.at[key.id] = key, r
  end
  return rows
end

-- Names of the columns of either that are no key, those of the first in front.
local function names_of(...)
  local names, seen = {}, {}
  for _, rows in ipairs { ... } do
    for _, column in ipairs(rows.columns) do
      if not seen[column.name] and not column.key then seen[column.name], names[#names + 1] = true, column.name end
    end
  end
  return names
end

-- When and by whom rows of a table were changed last: text of the key -> {at, who}.
local function last_changes(of, name)
  local _, data, n = core.store.query(of, "SELECT key, at, who FROM history WHERE tab = ?1 ORDER BY rev", { name })
  local known = {}
  for i = 1, n do known[data[1][i]] = { data[2][i], data[3][i] } end
  return known
end

local function compare(out, name, here, there, known)
  local names = names_of(here, there)
  local function add(key, change, column, before, after)
    local parts, at = {}, change ~= "added" and known[key.id] or {}
    for k, value in ipairs(key) do parts[k] = tostring(value) end
    out:add { name, table.concat(parts, ", "), change, column or false, before ~= nil and tostring(before), after ~= nil and tostring(after),
      at[1] or false, at[2] or false }
  end
  for i, key in ipairs(here.list) do
    local j = there.at[key.id]
    if not j then add(key, "added") end
    for _, column in ipairs(j and names or {}) do
      local now, was = here.cells[column], there.cells[column]
      now, was = now and now[i], was and was[j]
      if now ~= was then add(key, "changed", column, was, now) end
    end
  end
  for _, key in ipairs(there.list) do
    if not here.at[key.id] then add(key, "removed") end
  end
end

-- store:diff(other) -> Table: what stands otherwise here than in another store, such as its own backup of last month: table, key,
-- change ("added", "removed", "changed"), for a cell that changed column, before (there) and after (here); at and who where the
-- history of this store knows them. Tables in the order of the schema, rows by key, removed ones last.
function methods:diff(other)
  options.store(self, "diff")
  if getmetatable(other) ~= core.store.metatable then core.raise("type", "store:diff takes another store, not a " .. type(other)) end
  options.store(other, "diff")
  local out = analysis.rows(self, { { "table", "text", vi = "Bảng", en = "Table" }, { "key", "text", vi = "Khóa", en = "Key" },
    { "change", "text", vi = "Thay đổi", en = "Change", words = changes }, { "column", "text", vi = "Cột", en = "Column" },
    { "before", "text", vi = "Trước", en = "Before" }, { "after", "text", vi = "Sau", en = "After" },
    { "at", "text", vi = "Lúc", en = "At", optional = true }, { "who", "text", vi = "Người sửa", en = "By", optional = true } })
  for _, one in ipairs(core.store.tables()) do
    compare(out, one.name, read(self, one.name), read(other, one.name), last_changes(self, one.name))
  end
  return out:done { origin = "schema", keys = 2 }
end
