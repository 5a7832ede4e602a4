-- rows: records from an iterator of row tables {column = value}. The rows are all taken before the first is given, because
-- the header names every column of every row; columns that a row adds come in the order of their bytes.
local core = require "mekong.core"
local order = require "mekong.order"

local rows = {}

local LIMIT = 10000 -- columns

local function names_of(row, number, known)
  local new = {}
  for key in pairs(row) do
    if type(key) ~= "string" then
      core.raise("type", ("row %d: column names are strings, not %s"):format(number, tostring(key)),
        "hint: an iterator of rows gives tables {column = value}")
    end
    if not known[key] then new[#new + 1] = key end
  end
  order.texts(new)
  return new
end

-- A cell as text, or the value itself where it is none of Lua's; nil and what is wrong with it.
local function cell_of(value)
  local kind = math.type(value) or type(value)
  if kind == "integer" then return tostring(value) end
  if kind == "float" then
    local whole = math.tointeger(value)
    if whole then return tostring(whole) end
    return nil, ("%s is a binary fraction, not an exact number"):format(value),
      ("hint: write it as a text, '%s', so that it stays exact"):format(value)
  end
  if kind == "boolean" then return tostring(value) end
  if kind == "string" then
    if not core.text.is_utf8(value) then
      return nil, "a text is not UTF-8", 'hint: decode it first, mekong.text.decode(bytes, "tcvn3")'
    end
    return value
  end
  if kind == "userdata" or (kind == "table" and getmetatable(value)) then return value end
  return nil, "a cell cannot be a " .. kind, "hint: cells are texts, whole numbers, booleans and figures"
end

local methods = {}
methods.__index = methods

function methods:begin()
  self.place = 0
  return true
end

function methods:next()
  local row = self.rows[self.place + 1]
  if not row then return nil end
  self.place = self.place + 1
  local record = { line = self.place, n = #self.names, col = function(i) return i, row.line end }
  row.line = self.place
  for i, name in ipairs(self.names) do
    local value = row.cells[name]
    if value ~= nil then
      local cell, message, hint = cell_of(value)
      record[i] = cell
      if message and not record.error then
        record.error = { code = "type", message = ("%s: %s"):format(name, message), hint = hint, line = self.place, col = i }
      end
    end
  end
  return record
end

function methods:finish() end -- luacheck: ignore
function methods:close() self.rows = {} end

-- new(iterator, info) -> source of records | nil, message, info
function rows.new(iterator)
  local self = setmetatable({ rows = {}, names = {}, place = 0 }, methods)
  local known = {}
  for row in iterator do
    local number = #self.rows + 1
    if type(row) ~= "table" then
      core.raise("type", ("row %d: an iterator of rows gives tables {column = value}, not a %s"):format(number, type(row)))
    end
    for _, name in ipairs(names_of(row, number, known)) do
      known[name] = true
      self.names[#self.names + 1] = name
      if #self.names > LIMIT then return core.fail("limit", ("the rows have more than %d columns"):format(LIMIT)) end
    end
    local cells = {}
    for key, value in pairs(row) do cells[key] = value end
    self.rows[number] = { cells = cells }
  end
  return self
end

return rows
