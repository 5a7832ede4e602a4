-- xlsx: one sheet of an Office Open XML workbook as records, through the Lua modules zlib and lxp. The texts that cells
-- share are held; rows are read one by one.
local core = require "mekong.core"
local bytes = require "mekong.source.bytes"
local zip = require "mekong.source.zip"
local cells = require "mekong.source.xlsx_cell"

local xlsx = {}

local SHARED_MAX = 256 << 20
local COLUMNS_MAX = 16384
local ROW_MAX = 64 << 20

-- ---------------------------------------------------------------- XML

local function damaged(name, part) return core.fail("damaged", ("%s: %s inside it is damaged"):format(name, part), "hint: save the file anew") end

-- A parser that is fed from a part; on.start(name, attributes), on.stop(name), on.text(text). run(wanted) reads until
-- wanted() or the end: true | nil, message, info.
local function xml(book, part, on)
  local from, message, info = zip.open(book.stream, part, book.zlib)
  if not from then return nil, message, info end
  local doctype = false
  local function own(name) return name:match "[^:]+$" end
  local parser = book.lxp.new {
    StartElement = function(_, name, attributes) on.start(own(name), attributes) end,
    EndElement = function(_, name) on.stop(own(name)) end,
    CharacterData = function(_, text) on.text(text) end,
    StartDoctypeDecl = function() doctype = true end,
  }
  local ended = false
  return function(wanted)
    while not ended and not wanted() do
      local piece, why, about = from:read()
      if why then return nil, why, about end
      ended = not piece
      local ok = piece and parser:parse(piece) or not piece and parser:parse()
      if not ok or doctype then return damaged(book.stream.name, part.name) end
    end
    return true
  end
end

local function never() return false end
local function nothing() end

-- Reads a whole part; a part that is not there is empty.
local function read_part(book, name, on)
  local part = book.parts[name]
  if not part then return true end
  on.text, on.stop = on.text or nothing, on.stop or nothing
  local run, message, info = xml(book, part, on)
  if not run then return nil, message, info end
  return run(never)
end

-- ---------------------------------------------------------------- workbook

-- Name of a part that a part in a folder points at.
local function target(folder, path)
  if path:sub(1, 1) == "/" then return path:sub(2) end
  local names = {}
  for name in (folder .. path):gmatch "[^/]+" do
    if name == ".." then names[#names] = nil elseif name ~= "." then names[#names + 1] = name end
  end
  return table.concat(names, "/")
end

local function read_relations(book, part)
  local folder, file = part:match "^(.-)([^/]*)$"
  local relations = {}
  local ok, message, info = read_part(book, folder .. "_rels/" .. file .. ".rels", { start = function(name, a)
    if name == "Relationship" and a.Id and a.Target and a.TargetMode ~= "External" then
      relations[#relations + 1] = { id = a.Id, kind = (a.Type or ""):match "[^/]*$", part = target(folder, a.Target) }
    end
  end })
  if not ok then return nil, message, info end
  return relations
end

local function find_relation(relations, field, value)
  for _, one in ipairs(relations) do
    if one[field] == value then return one.part end
  end
end

local function read_book(book)
  local top, message, info = read_relations(book, "")
  if not top then return nil, message, info end
  local name = find_relation(top, "kind", "officeDocument") or "xl/workbook.xml"
  if not book.parts[name] then
    return core.fail("format", book.stream.name .. " is a ZIP file without a workbook", "hint: unpack it, or save the sheet as .xlsx")
  end
  local relations
  relations, message, info = read_relations(book, name)
  if not relations then return nil, message, info end
  book.sheets = {}
  book.shared_part = find_relation(relations, "kind", "sharedStrings")
  book.styles_part = find_relation(relations, "kind", "styles")
  return read_part(book, name, { start = function(element, a)
    if element == "workbookPr" then
      book.from_1904 = a.date1904 == "1" or a.date1904 == "true"
    elseif element == "sheet" then
      local id = a["r:id"]
      for _, key in ipairs(a) do -- whatever prefix stands for relationships
        if key:find ":id$" then id = a[key] end
      end
      local part = id and find_relation(relations, "id", id)
      if a.name and part then
        book.sheets[#book.sheets + 1] = { name = a.name, part = part, hidden = a.state ~= nil and a.state ~= "visible" }
      end
    end
  end })
end

-- Kind of date by number of style.
local function read_styles(book)
  local codes, inside = {}, false
  book.kinds = {}
  if not book.styles_part then return true end
  return read_part(book, book.styles_part, {
    start = function(name, a)
      if name == "numFmt" and a.numFmtId then codes[a.numFmtId] = a.formatCode end
      if name == "cellXfs" then inside = true end
      if name == "xf" and inside then
        local id = a.numFmtId or "0"
        book.kinds[#book.kinds + 1] = cells.kind(math.tointeger(tonumber(id)) or 0, codes[id]) or false
      end
    end,
    stop = function(name)
      if name == "cellXfs" then inside = false end
    end,
  })
end

-- Collects the text of <t>, without the readings that stand beside East Asian text.
local function text_collector()
  local parts, open, aside = {}, false, 0
  return {
    start = function(name)
      if name == "rPh" then aside = aside + 1 end
      open = name == "t" and aside == 0
    end,
    stop = function(name)
      if name == "rPh" then aside = aside - 1 end
      if name == "t" then open = false end
    end,
    text = function(text)
      if open then parts[#parts + 1] = text end
    end,
    take = function()
      local text = table.concat(parts)
      parts = {}
      return text
    end,
  }
end

local function read_shared(book)
  book.shared = {}
  if not book.shared_part then return true end
  local part = book.parts[book.shared_part]
  if part and part.size > SHARED_MAX then
    return core.fail("limit", book.stream.name .. ": its texts take more than 256 MiB", "hint: save the sheet as 'CSV UTF-8'")
  end
  local collect = text_collector()
  return read_part(book, book.shared_part, {
    start = collect.start, text = collect.text,
    stop = function(name)
      collect.stop(name)
      if name == "si" then book.shared[#book.shared + 1] = collect.take() end
    end,
  })
end

-- ---------------------------------------------------------------- rows

local function column_of(reference)
  local column = 0
  for letter in reference:gmatch "%a" do
    column = column * 26 + (letter:upper():byte() - 64)
    if column > COLUMNS_MAX then return nil end
  end
  return column > 0 and column or nil
end

-- What a cell says, nil when it is empty, and whether it is a number.
local function value_of(self, kind, style, text)
  local book = self.book
  if kind == "s" then return book.shared[(math.tointeger(tonumber(text)) or -1) + 1] end
  if kind == "b" then return text == "1" and "true" or "false" end
  if kind == "str" or kind == "inlineStr" or kind == "e" then return text end
  if kind == "d" then return (text:gsub("T00:00:00[%.0]*Z?$", "")) end
  local dated = book.kinds[(math.tointeger(tonumber(style or "0")) or -1) + 1]
  local date = dated and cells.date(text, book.from_1904, dated)
  if date then return date end
  local number, rounded = cells.number(text)
  if rounded then self.rounded = self.rounded + 1 end
  return number or text, number ~= nil
end

-- The callbacks that make rows: {line =, n =, [i] = text} in self.rows.
local function row_maker(self)
  local row, column, kind, style, parts, open, formula
  local collect = text_collector()
  local size = 0
  local function start(name, a)
    collect.start(name)
    if name == "row" then
      self.line = math.tointeger(tonumber(a.r or "")) or self.line + 1
      row, column, size = { line = self.line, n = 0 }, 0, 0
    elseif name == "c" and row then
      column = a.r and column_of(a.r) or column + 1
      kind, style, parts, formula = a.t or "n", a.s, {}, false
      collect.take()
    elseif name == "v" then
      open = true
    elseif name == "f" then
      formula = true
    elseif name == "mergeCell" then
      self.merged = self.merged + 1
    end
  end
  local function end_cell()
    local text = kind == "inlineStr" and collect.take() or table.concat(parts)
    if text ~= "" then
      local number
      row[column], number = value_of(self, kind, style, text)
      row.n = math.max(row.n, column)
      if number then
        row.exact = row.exact or {}
        row.exact[column] = true
      end
    elseif formula then
      self.unsaved = self.unsaved + 1
    end
    if column > COLUMNS_MAX or size > ROW_MAX then self.too_large = true end
  end
  local function stop(name)
    collect.stop(name)
    if name == "v" then open = false end
    if name == "c" and row and parts then end_cell() end
    if name == "row" and row then
      self.rows[#self.rows + 1] = row
      row = nil
    end
  end
  local function text(piece)
    collect.text(piece)
    size = size + #piece
    if open and parts then parts[#parts + 1] = piece end
  end
  return { start = start, stop = stop, text = text }
end

local function col(i) return i end

local function blank(row)
  for i = 1, row.n do
    if row[i] and row[i]:find "%S" then return false end
  end
  return true
end

-- The next row with anything in it | nil | nil, message, info
local function next_row(self)
  while true do
    while self.place < #self.rows do
      self.place = self.place + 1
      local row = self.rows[self.place]
      if not blank(row) then return row end
      if row.n > 0 then self.blanks = self.blanks + 1 end
    end
    if self.ended then return nil end
    self.rows, self.place = {}, 0
    local ok, message, info = self.run(function() return #self.rows > 0 end)
    if not ok then return nil, message, info end
    if self.too_large then return core.fail("limit", self.book.stream.name .. ": a row has more than 16384 cells or 64 MiB") end
    self.ended = #self.rows == 0
  end
end

local methods = {}
methods.__index = methods

local function restart(self)
  self.rows, self.place, self.line, self.ended, self.too_large = {}, 0, 0, false, false
  self.rounded, self.merged, self.unsaved, self.blanks = 0, 0, 0, 0
  local message, info
  self.run, message, info = xml(self.book, self.part, row_maker(self))
  if not self.run then return nil, message, info end
  return next_row(self)
end

function methods:begin()
  local header, message, info = restart(self)
  if not header then return nil, message, info end
  return true
end

function methods:next()
  local row, message, info = next_row(self)
  if not row then return nil, message, info end
  row.n = math.max(row.n, #self.names)
  row.col = col
  return row
end

local function note(info, n, vi, en)
  if n > 0 then info.notes[#info.notes + 1] = { vi:format(n), en:format(n) } end
end

function methods:finish()
  if self.finished then return end
  self.finished = true
  if self.blanks > 0 then self.info.blanks = self.blanks end
  note(self.info, self.merged, "%d vùng ô gộp: chỉ ô đầu có nội dung", "%d merged ranges: only their first cell has content")
  note(self.info, self.unsaved, "%d công thức chưa có kết quả lưu trong tệp", "%d formulas without a saved result")
  note(self.info, self.rounded, "%d số được làm tròn còn 15 chữ số như bảng tính hiển thị",
    "%d numbers rounded to 15 digits, as the sheet shows them")
end

function methods:close() self.book.stream:close() end

local function choose_sheet(book, wanted)
  local names = {}
  for i, sheet in ipairs(book.sheets) do names[i] = sheet.name end
  if type(wanted) == "number" then
    local sheet = book.sheets[wanted]
    if sheet then return sheet end
    return core.fail("missing", ("%s has no sheet %d"):format(book.stream.name, wanted), "hint: its sheets are " .. table.concat(names, ", "))
  end
  for _, sheet in ipairs(book.sheets) do
    if sheet.name == wanted or (wanted == nil and not sheet.hidden) then return sheet, #names > 1 and names end
  end
  if #names == 0 then return core.fail("format", book.stream.name .. " has no sheet") end
  if wanted == nil then return book.sheets[1], #names > 1 and names end
  return core.fail("missing", ("%s has no sheet '%s'"):format(book.stream.name, wanted),
    "hint: its sheets are " .. table.concat(names, ", "))
end

-- new(stream with at and size, head, all, opts, info) -> source of records | nil, message, info
function xlsx.new(stream, _, _, opts, info)
  if not stream.at then return core.fail("format", stream.name .. " is a workbook packed once more", "hint: unpack it first: gunzip") end
  local book = { stream = stream }
  local message, failure
  book.zlib, message, failure = bytes.module("zlib", stream.name .. ": reading .xlsx", "save the sheet as 'CSV UTF-8'")
  if not book.zlib then return nil, message, failure end
  book.lxp, message, failure = bytes.module("lxp", stream.name .. ": reading .xlsx", "save the sheet as 'CSV UTF-8'")
  if not book.lxp then return nil, message, failure end
  book.parts, message, failure = zip.parts(stream)
  if not book.parts then return nil, message, failure end
  local ok
  for _, read in ipairs { read_book, read_styles, read_shared } do
    ok, message, failure = read(book)
    if not ok then return nil, message, failure end
  end
  local sheet, others
  sheet, others, failure = choose_sheet(book, opts.sheet)
  if not sheet then return nil, others, failure end
  local part = book.parts[sheet.part]
  if not part then return damaged(stream.name, sheet.part) end
  info.charset, info.confidence, info.sheet = "utf8", 1.0, sheet.name
  if others then
    local list = table.concat(others, ", ")
    info.notes[1] = { ("đọc trang '%s' trong các trang %s"):format(sheet.name, list), ("sheet '%s' was read, of %s"):format(sheet.name, list) }
  end
  local self = setmetatable({ book = book, part = part, info = info, names = {} }, methods)
  local header
  header, message, failure = restart(self)
  if message then return nil, message, failure end
  if not header then
    return core.fail("format", ("%s: sheet '%s' is empty"):format(stream.name, sheet.name), "hint: the first row names the columns")
  end
  for i = 1, header.n do self.names[i] = header[i] or "" end
  return self
end

return xlsx
