-- source: files of records in any format behind one reader: a header, then records of raw cells with their places. What a
-- cell means is not decided here.
--
-- A record is {line = its first line, n = cells, [i] = text or nil, col = function(i) -> column and line of cell i, exact =
-- {[i] = true} or nil: cells that are numbers of their format, with a point and nothing to ask about}. One that
-- cannot be read safely has error = {code =, message =, hint =, line =, col =}; when nothing can be read after it, because
-- the file is damaged or reading it failed, also fatal = true, and it is the last. Records with other than #header cells
-- are given as they are.
local core = require "mekong.core"
local options = require "mekong.options"
local bytes = require "mekong.source.bytes"

local source = {}

local HEAD = 1 << 20
local open_options = { "charset", "format", "name", "quote", "separator", "sheet" }
local formats = { "csv", "json", "jsonl", "tsv", "xlsx" }

-- ---------------------------------------------------------------- reader

local Reader = { __name = "mekong.Reader" }
Reader.__index = Reader

-- reader:header() -> names of the columns as written
function Reader:header()
  return { table.unpack(self.records_of.names) }
end

local function last_of(message, info, line)
  local e = { code = info.code, message = info.message, hint = info.hint, line = info.line, col = info.col, text = message }
  return { line = info.line or line, n = 0, col = function() return 1 end, error = e, fatal = true }
end

-- for record in reader:records(): from the first one, each time it is called.
function Reader:records()
  if self.closed then core.raise("closed", "the reader of " .. self.info.name .. " is closed") end
  local from, ended, line = self.records_of, false, 0
  local ok, failed, why = from:begin()
  return function()
    if ended then return nil end
    local record
    if ok then
      record, failed, why = from:next()
    end
    if record then
      line = record.line
      ended = record.fatal
      return record
    end
    ended = true
    if failed then return last_of(failed, why, line) end
    from:finish()
    return nil
  end
end

function Reader:close()
  if self.closed then return end
  self.closed = true
  self.records_of:close()
end

Reader.__close = Reader.close

-- ---------------------------------------------------------------- opening

local function check_options(opts, from)
  opts = options.check(opts, open_options, "options of a source:")
  options.choice(opts.format, formats, nil, "option format")
  options.typed(opts.name, "string", "option name")
  local separator = opts.separator
  if separator ~= nil and (type(separator) ~= "string" or #separator ~= 1 or separator:find '["\r\n%w%z\x80-\xFF]') then
    core.raise("type", "option separator must be one sign like ',', ';' or a tab")
  end
  if opts.quote ~= nil and opts.quote ~= false and opts.quote ~= '"' and opts.quote ~= "'" then
    core.raise("type", "option quote must be '\"', \"'\" or false")
  end
  if opts.sheet ~= nil and type(opts.sheet) ~= "string" and math.type(opts.sheet) ~= "integer" then
    core.raise("type", "option sheet must be the name or the number of a sheet")
  end
  if type(from) == "table" then
    if from.text == nil and type(from[1]) == "table" then
      core.raise("type", "a source is a path, {text = ...} or an iterator of rows, not a list of rows",
        "hint: store:insert(table, rows) takes a list of rows")
    end
    options.check(from, { "name", "text" }, "options of a source:")
    options.typed(from.name, "string", "the name of a source")
    if type(from.text) ~= "string" then
      core.raise("type", "a source without a path needs text, a string", 'hint: {text = "case,phase\\n..."}')
    end
  elseif type(from) ~= "string" and type(from) ~= "function" then
    core.raise("type", "a source is a path, {text = ...} or an iterator of rows, not a " .. type(from))
  end
  return opts
end

local magic = {
  { "\xD0\xCF\x11\xE0", "is an Excel file of before 2007, or locked by a password", "hint: save it as .xlsx without a password, or as 'CSV UTF-8'" },
  { "%PDF", "is a PDF file", "hint: a table is copied out of it into a sheet first" },
  { "SQLite format 3\0", "is a database", "hint: open it with mekong.open" },
}

-- What no reader reads, told by its first bytes.
local function refused(name, head)
  for _, one in ipairs(magic) do
    if head:sub(1, #one[1]) == one[1] then return core.fail("format", name .. " " .. one[2], one[3]) end
  end
  return true
end

-- By content: an object that ends in the first line, with another line after it, is one of many.
local function looks_like(head)
  local first = head:match "^[\xEF\xBB\xBF%s]*([%[{])"
  if first == "[" then return "json" end
  if first ~= "{" then return "csv" end
  local line = head:match "^[^\n]*}[ \t\r]*\n%s*{"
  return line and "jsonl" or "json"
end

local endings = { csv = "csv", tsv = "tsv", tab = "tsv", json = "json", jsonl = "jsonl", ndjson = "jsonl", xlsx = "xlsx", xlsm = "xlsx" }

-- The format by the option, else by name, else by content.
local function format_of(name, head, opts)
  if opts.format then return opts.format end
  if head:sub(1, 4) == "PK\3\4" then return "xlsx" end
  local ending = name:lower():gsub("%.gz$", ""):match "%.(%a+)$"
  return endings[ending] or looks_like(head)
end

local readers = { csv = "separated", tsv = "separated", json = "json", jsonl = "json", xlsx = "xlsx" }

local function open_stream(from, opts, store)
  local stream, message, info = bytes.open(from, store)
  if not stream then return nil, message, info end
  stream.name = opts.name or stream.name
  if stream:at(0, 2) == "\x1F\x8B" then
    local under = stream
    stream, message, info = bytes.gunzip(under)
    if not stream then
      under:close()
      return nil, message, info
    end
  end
  return stream
end

local function open_bytes(from, opts, store)
  local stream, message, info = open_stream(from, opts, store)
  if not stream then return nil, message, info end
  local reader <close> = setmetatable({ records_of = stream }, Reader)
  local head, all
  head, all, info = bytes.head(stream, HEAD)
  if not head then return nil, all, info end
  local fine
  fine, message, info = refused(stream.name, head)
  if not fine then return nil, message, info end
  reader.info = { name = stream.name, format = format_of(stream.name, head, opts), notes = {} }
  local records
  records, message, info = require("mekong.source." .. readers[reader.info.format]).new(stream, head, all, opts, reader.info)
  if not records then return nil, message, info end
  reader.closed = true -- the records own the stream from here on
  return setmetatable({ records_of = records, info = reader.info }, Reader)
end

-- source.open(path | {text =, name =} | iterator of row tables [, opts [, store]]) -> reader | nil, message, info. The file of
-- store is refused, since closing it would drop the locks that SQLite holds on it. opts: format, charset
-- (a name, or "auto"), separator, quote (false: none), sheet, name (in messages). reader.info = {name, format, charset,
-- confidence, separator, bom, notes = {{vi, en}, ...}}; after the last record blanks = records without content left out.
function source.open(from, opts, store)
  opts = check_options(opts, from)
  if type(from) ~= "function" then return open_bytes(from, opts, store) end
  local records, message, info = require("mekong.source.rows").new(from)
  if not records then return nil, message, info end
  local info_of_rows = { name = opts.name or "rows", format = "rows", charset = "utf8", confidence = 1.0, notes = {} }
  return setmetatable({ records_of = records, info = info_of_rows }, Reader)
end

return source
