-- errinfo: the record behind an error text of this module. Errors are strings, since several hosts lose or crash on
-- raised objects; what a program wants to know of one is read back from its text here.
local errinfo = {}

local codes = {}
for code in ([[busy full damaged format readonly permission missing limit memory cancelled syntax name type unit range
  ambiguous duplicate closed io]]):gmatch "%a+" do
  codes[code] = true
end

-- Combining marks take no column of their own.
local function columns_of(codepoint) return codepoint >= 0x300 and codepoint <= 0x36F and 0 or 1 end

-- First and last byte of the part of the text that the carets of the line below it mark; without carets under the text
-- itself (they point past its end) the last byte is before the first.
local function marked_bytes(text, marks)
  local from, column, last = nil, 0, #text
  local first_mark = marks:find("^", 1, true)
  for at, codepoint in utf8.codes(text) do
    local width = columns_of(codepoint)
    if width == 1 then
      column = column + 1
      if column == first_mark then from = at end
      if column == #marks + 1 then
        last = at - 1
        break
      end
    end
  end
  return from or #text + 1, last
end

-- Byte column and length of what the carets mark. Both lines are indented by two spaces; a long text is shown in part,
-- and then the column counts in the part shown.
local function caret_place(hint)
  local text
  for line in (hint .. "\n"):gmatch "([^\n]*)\n" do
    if text and line:find "^  %s*%^+$" and utf8.len(text) then
      local first, last = marked_bytes(text, line)
      return first - 2, math.max(last - first + 1, 1)
    end
    text = line
  end
end

-- errinfo.parse(message) -> {code, message, hint, line, col, len}, or nil when the text is no error of this module.
-- `message` is the first line without place and code; line, col and len are there when the text tells them: of the input that
-- was read, or of the expression, which is shown on one line.
function errinfo.parse(message)
  if type(message) ~= "string" then return nil end
  local first, rest = message:match "^([^\n]*)\n?(.*)$"
  local said, code = (" " .. first):match " mekong: (.*) %[(%l+)%]$"
  if not codes[code] then return nil end
  local record = { code = code, message = said }
  local line, col = said:match "at line (%d+), column (%d+)$"
  if line then record.line, record.col = math.tointeger(line), math.tointeger(col) end
  if rest ~= "" then
    -- A traceback that a host appended is no hint of ours.
    local hint = rest:gsub("\n?stack traceback:\n.*$", "")
    if hint ~= "" then
      record.hint = hint
      local at, len = caret_place(hint)
      if at and not line then record.line, record.col = 1, at end
      record.len = at and len
    end
  end
  return record
end

return errinfo
