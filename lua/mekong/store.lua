-- store: the methods of a store that need no C: transactions, SQL as tables, names, conversions, reports of checks.
-- open, insert, update, delete, define, backup, unseal, digest and close are in the core.
local core = require "mekong.core"
local options = require "mekong.options"

local store = {}
local methods = core.store.methods
local open_options = { "busy_timeout", "locale", "max_bytes", "progress", "readonly", "threads", "trust", "user" }

-- mekong.open(path [, opts]): the store in that file, made when there is none; ":memory:" is a store without a file.
-- readonly, locale "vi"|"en", max_bytes, threads, progress = fn(done) (false cancels), trust (other programs' objects in the
-- file are let be), user (who, for history), busy_timeout (ms). -> store | nil, message, info
function store.open(path, opts)
  opts = options.check(opts, open_options, "mekong.open")
  options.choice(opts.locale, { "vi", "en" }, "vi", "option locale")
  return core.store.open(path, opts)
end

methods.locale = core.store.locale

-- ---------------------------------------------------------------- transactions

local function finish(self, guard, ...)
  local ok, message, info = core.store.commit(self, guard)
  if not ok then return nil, message, info end
  if select("#", ...) == 0 then return true end
  return ...
end

-- store:transaction(fn) -> what fn(store) returns (true when nothing). All or nothing: an error inside undoes everything
-- and goes on unchanged; results, also nil and a message, keep what was done. Inside another one it is a savepoint.
function methods:transaction(fn)
  if type(fn) ~= "function" then core.raise("type", "store:transaction takes a function, not a " .. type(fn)) end
  local guard <close>, message, info = core.store.begin(self)
  if not guard then return nil, message, info end
  return finish(self, guard, fn(self)) -- may yield: until it goes on, the store refuses every call from outside
end

-- ---------------------------------------------------------------- reading

local kinds = { unit = "text", blob = "text" } -- column types that a Table shows as another kind

local function new_table(self, columns, data, n, meta)
  meta.locale = self:locale()
  return require("mekong.table").new(columns, data, n, meta)
end

local function kinds_of(columns)
  for i, column in ipairs(columns) do
    columns[i] = { name = column.name, kind = kinds[column.type] or column.type }
  end
  return columns
end

local function query(self, sql, params, user)
  local columns, data, n = core.store.query(self, sql, params, user)
  return new_table(self, kinds_of(columns), data, n, { origin = "sql" })
end

-- store:sql(text, value, ...) or (text, {name = value}): one SELECT with bound parameters -> Table.
function methods:sql(text, ...)
  local params = ...
  if select("#", ...) ~= 1 or type(params) ~= "table" then params = select("#", ...) > 0 and { ... } or nil end
  return query(self, text, params, true)
end

-- Marks around a hit, or nil: highlight is true, false or {open, close}.
local function marks_of(highlight)
  if highlight == nil or highlight == true then return "«", "»" end
  if highlight == false then return nil end
  if type(highlight) ~= "table" or #highlight ~= 2 then
    core.raise("type", "option highlight is true, false or two marks, not a " .. type(highlight), 'hint: {highlight = {"<b>", "</b>"}}')
  end
  for i = 1, 2 do
    local mark = highlight[i]
    if type(mark) ~= "string" or mark == "" or mark:find("\0", 1, true) or not core.text.is_utf8(mark) then
      core.raise("type", "a mark of option highlight must be text that is not empty")
    end
  end
  return highlight[1], highlight[2]
end

-- store:search(table, query [, {columns =, limit =, highlight =}]) -> Table of the key, the column and its text with every
-- hit between marks («»; highlight = {"<b>", "</b>"} gives others, false none), by key and column. Words must all be in a
-- row; "a phrase"; begun* words; -without; one | another. Letters without marks find those with them, not the reverse;
-- numbers are found by value. columns: one name or a list; limit: most lines of the result.
function methods:search(name, query_text, opts)
  options.store(self, "search")
  opts = options.check(opts, { "columns", "highlight", "limit" }, "store:search")
  local columns, limit, open, close = opts.columns, opts.limit, marks_of(opts.highlight)
  if type(columns) == "string" then columns = { columns } end
  if columns ~= nil and (type(columns) ~= "table" or #columns == 0) then
    local what = type(columns) == "table" and "an empty one" or "a " .. type(columns)
    core.raise("type", "option columns is a column or a list of columns, not " .. what)
  end
  if limit ~= nil and (math.type(limit) ~= "integer" or limit < 1) then
    core.raise("range", "option limit must be a whole number from 1 on, not " .. require("mekong.labels").quote(limit))
  end
  local found, data, n = core.store.search(self, name, query_text, columns, open, close, limit)
  return new_table(self, kinds_of(found), data, n, { origin = "search" })
end

local escapes = { ["\\"] = "\\\\", ['"'] = '\\"', ["\t"] = "\\t", ["\n"] = "\\n", ["\r"] = "\\r" }

-- The values of a key as the history writes it.
function store.key_text(values)
  local parts = {}
  for i, value in ipairs(values) do
    parts[i] = type(value) == "string" and '"' .. value:gsub('[\\"\t\n\r]', escapes) .. '"' or tostring(value)
  end
  return "[" .. table.concat(parts, ",") .. "]"
end

-- What store:history gives for a key in codes.
function store.changes_of(self, name, key)
  local tab, values = core.store.key(self, name, key)
  return query(self, "SELECT rev, at, who, op, before FROM history WHERE tab = ?1 AND key = ?2 ORDER BY rev", { tab, store.key_text(values) })
end

-- store:check() -> true | nil, message, info: the file is sound, every cell canonical, every link leads somewhere.
-- info.findings is a Table of what is not. Columns that are kept beside the rows (table "segments") are as the rows; where
-- one is not, the code is "damaged", and answers still come from the rows unless triggers of the store were removed. Rows that
-- are columns alone must be whole, else the check fails as every reading of them does.
function methods:check()
  local tables, keys, columns, found, problems = core.store.check(self)
  if not tables then return nil, keys, columns end
  if #tables == 0 then return true end
  local names = { "table", "key", "column", "found", "problem" }
  for i, name in ipairs(names) do names[i] = { name = name, kind = "text" } end
  local code = "format"
  for _, name in ipairs(tables) do
    if name == "segments" then code = "damaged" end
  end
  local _, message, info = core.fail(code, ("%d cells of the store are not as they should be; the first: %s '%s', %s '%s': %s"):format(
    #tables, tables[1], keys[1], columns[1], found[1], problems[1]), "hint: the third result lists them in .findings")
  info.findings = new_table(self, names, { tables, keys, columns, found, problems }, #tables, { origin = "check" })
  return nil, message, info
end

-- ---------------------------------------------------------------- showing

local metatable = core.store.metatable

function metatable:__tostring()
  local state, info = core.store.state(self), core.store.info(self)
  local english = info.locale == "en"
  if state == "closed" then return english and "mekong store (closed)" or "Kho mekong (đã đóng)" end
  local head = (english and "mekong store " or "Kho mekong ") .. info.path
  if info.readonly then head = head .. (english and " (read-only)" or " (chỉ đọc)") end
  if state == "busy" then return head end
  local counts = {}
  for _, t in ipairs(core.store.tables()) do
    local n = core.store.count(self, t.name)
    if n > 0 then counts[#counts + 1] = t.name .. " " .. n end
  end
  if #counts == 0 then counts[1] = english and "empty" or "chưa có dữ liệu" end
  return head .. ": " .. table.concat(counts, ", ")
end

require("mekong.display").give(methods)

-- store:from(name) -> Frame of that table; "cases" and "lines" give both of them joined.
function methods:from(name)
  options.store(self, "from")
  return require("mekong.frame").from(self, name)
end

-- store.cases, store.lines, store.phases: frames that are read as fields.
local frames = { cases = true, lines = true, phases = true }

function metatable:__index(name)
  if frames[name] then return methods.from(self, name) end
  return methods[name]
end

-- An unknown name is told when it is read; the table stays a plain one for completion.
setmetatable(methods, { __index = function(_, name)
  if type(name) ~= "string" then core.raise("type", "a store has methods, not entries: its index was a " .. type(name)) end
  local names = {}
  for known in pairs(methods) do names[#names + 1] = known end
  table.sort(names)
  core.find_name(name, names, {}, "method of a store")
end })

return store
