-- json: records in JSON: an array of objects, one object, or an object a line. The file is read twice, since the header is
-- the union of the members of all records, in order of first appearance.
local core = require "mekong.core"
local encoding = require "mekong.source.encoding"

local json = {}

-- col(i) -> column of the value of column i in characters, and its line
local function place_of(record, places)
  return function(i)
    for at = 1, #places, 12 do
      local column, line, col = ("<I4I4I4"):unpack(places, at)
      if column == i then return col, record.line + line end
    end
    return 1, record.line
  end
end

local function read_record(self)
  while true do
    local record, places = self.parser:next(self.columns, self.names)
    if record then
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

local methods = { next = read_record }
methods.__index = methods

function methods:begin()
  local ok, message, info = self.stream:restart()
  if not ok then return nil, message, info end
  if self.parser then self.parser:close() end
  self.parser = core.source.json(self.info.format == "jsonl", encoding.index(self.set), self.doubt)
  self.ended = false
  return true
end

function methods:finish() end -- luacheck: ignore

function methods:close()
  if self.parser then self.parser:close() end
  self.stream:close()
end

-- Lines of the text that hold bytes beyond ASCII, the last one only when it is whole.
local function texts_of(text, all)
  local texts = {}
  for line, stop in text:gmatch "([^\r\n]+)([\r\n]?)" do
    if stop ~= "" or all then texts[#texts + 1] = line end
  end
  if #texts == 0 then texts[1] = text:match "^[^\x80-\xFF]*" end
  return texts
end

local function choose_set(self, head, all)
  if self.set then return true end
  local set, sure, notes = encoding.detect(self.stream.name, encoding.sorted_out(texts_of(head, all)))
  if not set then return nil, sure, notes end
  self.set, self.doubt = set, set ~= "utf8"
  self.info.charset, self.info.confidence = set, sure
  for _, note in ipairs(notes) do self.info.notes[#self.info.notes + 1] = note end
  return true
end

-- All records once, for their members; fails when there is none.
local function look_through(self)
  local ok, message, info = self:begin()
  if not ok then return nil, message, info end
  local count = 0
  for record in function()
    local record
    record, message, info = read_record(self)
    return record
  end do
    if record.fatal and count == 0 then
      local e = record.error
      return core.fail(e.code, ("%s: %s at line %d, column %d"):format(self.stream.name, e.message, e.line, e.col), e.hint)
    end
    count = count + 1
  end
  if info then return nil, message, info end
  if count == 0 then
    return core.fail("format", self.stream.name .. " holds no records", 'hint: records are objects, [{"case": "..."}, ...] or one a line')
  end
  return true
end

-- new(stream, head, all, opts, info) -> source of records | nil, message, info
function json.new(stream, head, all, opts, info)
  local set
  stream, head, all, set = encoding.settle(stream, head, all, opts.charset, info)
  if not stream then return nil, head, all end
  local self = setmetatable({ stream = stream, info = info, set = set, columns = {}, names = {} }, methods)
  local ok, message, failure = choose_set(self, head, all)
  if not ok then return nil, message, failure end
  ok, message, failure = look_through(self)
  if not ok then return nil, message, failure end
  return self
end

return json
