-- store_rows: rows as scripts give them. Names in columns of codes ("Lào", "ma túy", "hồng phiến") become the codes that a file of the
-- same rows would give; what stands for nothing, or for several things, stays as it is written. So do names of provinces, which stand
-- for other areas from day to day: who writes them by hand says which is meant by its code.
local codes = require "mekong.codes"
local core = require "mekong.core"
local errinfo = require "mekong.errinfo"
local options = require "mekong.options"
local changes_of = require("mekong.store").changes_of

local methods = core.store.methods
local coded, insert, update, delete = core.store.coded, core.store.insert, core.store.update, core.store.delete
local MOST = 20000 -- names that are remembered

-- ---------------------------------------------------------------- columns

-- {[as a row calls it, or its place in the key] = kind of its codes or false}, for every column that is asked for.
local function kinds_by_name(columns, kinds)
  local names, aliases = {}, {}
  for i, column in ipairs(columns) do names[i], aliases[i] = column.name, column.aliases or false end
  return setmetatable({}, { __index = function(list, given)
    local ok, at = true, given
    if type(given) == "string" then ok, at = pcall(core.find_name, given, names, aliases, "column") end
    local kind = ok and names[at] and kinds[names[at]]
    list[given] = kind ~= "province" and kind or false
    return list[given]
  end })
end

local tables = {} -- by the name that was given: what is built in is that of every store

-- The kinds of codes in the columns of a table, or nil; what is no table is left to what writes.
local function kinds_of(store, given)
  if type(given) ~= "string" then return nil end
  if tables[given] == nil then
    local ok, name, _, columns = pcall(core.store.columns, store, given)
    if not ok then return nil end
    local kinds = codes.kinds(name)
    tables[given] = kinds and kinds_by_name(columns, kinds) or false
  end
  return tables[given] or nil
end

-- ---------------------------------------------------------------- names

local books = setmetatable({}, { __mode = "k" }) -- store -> what names were found to stand for in it

-- {[name] = code or false}, for every name of a kind that is asked for.
local function codes_by_name(book, kind)
  return setmetatable({}, { __index = function(list, name)
    local code = core.text.is_utf8(name) and codes.of(book, kind, name) or false
    list[name], book.size = code, book.size + 1
    return code
  end })
end

-- The book of a store that is open; nil where it takes no call now, which is left to what writes; or false, message, info.
local function book_of(store)
  local old = books[store]
  local ok, book = pcall(codes.book, store, old and old.size < MOST and old or nil)
  if not ok then
    local info = errinfo.parse(book)
    if not info or info.code == "busy" then return nil end
    return false, book, info
  end
  if book ~= old then
    book.size, book.texts = 0, {}
    for _, kind in ipairs { "category", "country", "item", "role" } do book.texts[kind] = codes_by_name(book, kind) end
    books[store] = book
  end
  return book
end

-- ---------------------------------------------------------------- the methods

-- What names stand for in rows that are written to a table, and the kinds of its columns: nil where nothing is looked for; or false, message, info.
local function looked(store, method, name, rows)
  options.store(store, method)
  local kinds = type(rows) == "table" and kinds_of(store, name)
  if not kinds then return nil end
  local book, message, info = book_of(store)
  if not book then return book, message, info end
  return book, kinds
end

-- store:insert(table, row | {row, ...}) -> number of rows | nil, message, info
function methods.insert(store, name, rows)
  local book, kinds, info = looked(store, "insert", name, rows)
  if book == nil then return insert(store, name, rows) end
  if not book then return nil, kinds, info end
  return insert(store, name, rows, kinds, book.texts)
end

-- A key as rows are given one, with codes in place of names.
local function coded_key(key, kinds, book)
  if type(key) == "string" then key = coded({ key }, kinds, book.texts)[1] end
  return type(key) == "table" and coded(key, kinds, book.texts) or key
end

-- store:update(table, key, {column = value}) -> true | nil, message, info
function methods.update(store, name, key, changes)
  local book, kinds, info = looked(store, "update", name, changes)
  if book == nil then return update(store, name, key, changes) end
  if not book then return nil, kinds, info end
  return update(store, name, coded_key(key, kinds, book), coded(changes, kinds, book.texts))
end

-- store:delete(table, expression [, params] | {column = value}) -> number of rows | nil, message, info
function methods.delete(store, name, which, ...)
  local book, kinds, info = looked(store, "delete", name, which)
  if book == nil then return delete(store, name, which, ...) end
  if not book then return nil, kinds, info end
  return delete(store, name, coded(which, kinds, book.texts), ...)
end

-- store:history(table, key) -> Table: every change of a row, with when, who, and the row that was replaced as JSON.
function methods.history(store, name, key)
  local book, kinds = looked(store, "history", name, {})
  if book == false then error(kinds, 0) end
  return changes_of(store, name, book and coded_key(key, kinds, book) or key)
end
