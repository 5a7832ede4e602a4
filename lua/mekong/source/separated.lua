-- separated: CSV and TSV as people write them. The separator and the character set are found in the first MiB; what is
-- read after that in another set is pointed out record by record.
local core = require "mekong.core"
local bytes = require "mekong.source.bytes"
local encoding = require "mekong.source.encoding"

local separated = {}

local SNIFF = 65536
local candidates = { "\t", ";", "|", "," } -- a comma is the likeliest to stand in a text or number too

-- A parser over the text, and whether it is all.
local function parser_over(text, all, separator, quote)
  local parser = core.source.separated(separator, quote)
  parser:feed(text)
  if all then parser:feed(nil) end
  return parser
end

-- Cells of the first record, how many of the first records have as many, and how many were looked at.
local function widths(text, all, separator, quote)
  local parser <close> = parser_over(text, all, separator, quote)
  local first, same, looked = nil, 0, 0
  for record in parser.next, parser do
    first = first or record.n
    looked = looked + 1
    if record.n == first then same = same + 1 end
    if looked == 200 then break end
  end
  return first or 0, same, looked
end

-- The separator by which most records are as long as the first; of several the one that gives the most cells, and which
-- other one does as well.
local function sniff(text, all, quote)
  if #text > SNIFF then text, all = text:sub(1, SNIFF), false end
  local best, others
  for _, separator in ipairs(candidates) do
    local width, same, looked = widths(text, all, separator, quote)
    local one = { separator = separator, width = width, same = same, looked = looked }
    if width > 1 then
      local left, right = one.same * (best and best.looked or 1), best and best.same * one.looked or -1
      if left > right or (left == right and width > best.width) then
        best, others = one, left == right and best or nil
      elseif left == right then
        others = one
      end
    end
  end
  return best and best.separator or ",", others and others.separator
end

-- Different texts of the cells, as encoding.detect wants them.
local function texts_of(text, all, separator, quote)
  if quote == "" or not text:find(quote, 1, true) then
    local parser <close> = core.source.separated(separator, quote)
    local good, bad, ascii = parser:letters(text, all, separator)
    if #good + #bad > 0 then return good, bad, ascii end
  end
  local parser <close> = parser_over(text, all, separator, quote)
  return parser:texts()
end

-- ---------------------------------------------------------------- records

-- col(i) -> column of cell i in characters, and its line
local function place_of(record, places)
  return function(i)
    local line, column = ("<I4I4"):unpack(places, 8 * i - 7)
    return column, record.line + line
  end
end

-- The next record | nil | nil, message, info
local function read_record(self)
  while true do
    local record, places = self.parser:next()
    if record then
      record.line = record.line + self.lines
      if record.error then record.error.line = record.error.line + self.lines end
      record.col = place_of(record, places)
      return record
    end
    if self.ended then return nil end
    local piece, message, info = self.stream:read()
    if message then return nil, message, info end
    self.ended = not piece
    self.parser:feed(piece)
  end
end

local function restart(self)
  local ok, message, info = self.stream:restart()
  if not ok then return nil, message, info end
  if self.parser then self.parser:close() end
  self.parser = core.source.separated(self.info.separator, self.quote, encoding.index(self.set), self.doubt)
  self.ended = false
  local header
  header, message, info = read_record(self)
  if message then return nil, message, info end
  if not header then
    return core.fail("format", self.stream.name .. " is empty", "hint: the first line names the columns")
  end
  return header
end

local methods = {}

function methods:begin()
  local header, message, info = restart(self)
  if not header then return nil, message, info end
  return true
end

methods.next = read_record

-- All bytes of a stream into the grid, as long as the store's progress function lets it; those of a file without a way through Lua.
local function feed(stream, grid, store)
  local input, at = stream:file()
  local piece, ok, message, info
  repeat
    ok, message, info = core.store.go_on(store, "reading")
    if not ok then return nil, message, info end
    if input then
      piece, message, info = grid:read(input, at)
      if piece == 0 then return true end
      at = at + (piece or 0)
    else
      piece, message, info = stream:read()
      if not message then grid:feed(piece) end
    end
  until not piece
  return not message, message, info
end

-- All records at once as columns of codes (core.source.grid), the header passed over | nil, message, info. The memory of the
-- store bounds theirs.
function methods:grid(store)
  local ok, message, info = self.stream:restart()
  if not ok then return nil, message, info end
  local grid = core.source.grid(store, self.info.separator, self.quote, encoding.index(self.set), self.doubt, #self.names, self.lines + 1)
  ok, message, info = feed(self.stream, grid, store)
  if not ok then
    grid:close()
    return nil, message, info
  end
  local _, blanks = grid:size()
  if blanks > 0 then self.info.blanks = blanks end
  return grid
end

-- Record of a row of such columns, as next gives it; without places but where it was kept apart.
function methods.record_at(_, grid, row)
  local record, places = grid:record(row)
  if places then record.col = place_of(record, places) end
  return record
end

function methods:finish()
  local blanks = self.parser:blanks()
  if blanks > 0 then
    self.info.blanks = blanks
  end
end

function methods:close()
  if self.parser then self.parser:close() end
  self.stream:close()
end

methods.__index = methods

local function choose_separator(self, head, all, opts)
  local given = head:match "^[sS][eE][pP]=([^\r\n])\r?\n"
  if given then
    local line = head:match "^[^\n]*\n"
    self.stream, self.lines = bytes.after(self.stream, #line), 1
    head = head:sub(#line + 1)
  end
  local separator, other = opts.separator or given, nil
  if not separator and self.info.format == "tsv" then separator = "\t" end
  if not separator then separator, other = sniff(head, all, self.quote) end
  self.info.separator = separator
  if other then
    local shown = other == "\t" and "tab" or "'" .. other .. "'"
    self.info.notes[#self.info.notes + 1] = {
      ("dấu ngăn cột cũng có thể là %s"):format(shown), ("the separator might as well be %s"):format(shown) }
  end
  return head
end

local function choose_set(self, head, all)
  if self.set then return true end
  local set, sure, notes = encoding.detect(self.stream.name, texts_of(head, all, self.info.separator, self.quote))
  if not set then return nil, sure, notes end
  self.set, self.doubt = set, set ~= "utf8"
  self.info.charset, self.info.confidence = set, sure
  for _, note in ipairs(notes) do self.info.notes[#self.info.notes + 1] = note end
  return true
end

-- new(stream, head, all, opts, info) -> source of records | nil, message, info
function separated.new(stream, head, all, opts, info)
  local quote = opts.quote == nil and '"' or opts.quote or ""
  local set, failure
  stream, head, all, set = encoding.settle(stream, head, all, opts.charset, info)
  if not stream then return nil, head, all end
  local self = setmetatable({ stream = stream, info = info, quote = quote, set = set, lines = 0 }, methods)
  head = choose_separator(self, head, all, opts)
  local ok, message
  ok, message, failure = choose_set(self, head, all)
  if not ok then return nil, message, failure end
  local header
  header, message, failure = restart(self)
  if not header then return nil, message, failure end
  if header.error then
    local e = header.error
    return core.fail(e.code, ("%s: the header cannot be read: %s at line %d, column %d"):format(stream.name, e.message, e.line, e.col), e.hint)
  end
  self.names = {}
  for i = 1, header.n do self.names[i] = header[i] end
  return self
end

return separated
