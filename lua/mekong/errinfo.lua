-- errinfo: the record behind an error text of this module. Errors are strings, since several hosts lose or crash on
-- raised objects; what a program wants to know of one is read back from its text here.
local errinfo = {}

local codes = {}
for code in ([[busy full damaged format readonly permission missing limit memory cancelled syntax name type unit range
  ambiguous duplicate closed io]]):gmatch "%a+" do
  codes[code] = true
end

-- Place of the carets: the byte column and length in the line above them. Both lines are indented alike and the caret
-- line has one sign per character of the text; a long text is shown in part, so the column counts in the part shown.
local function caret_place(hint)
  local text, marks
  for line in (hint .. "\n"):gmatch "([^\n]*)\n" do
    if text and line:find "^  %s*%^+$" then
      marks = line
      break
    end
    text = line
  end
  if not marks or not utf8.len(text) then return nil end
  local first = marks:find("^", 1, true)
  local size = utf8.len(text)
  local from = utf8.offset(text, math.min(first, size + 1))
  local to = utf8.offset(text, math.min(#marks, size) + 1)
  return from - 2, math.max(to - from, 1)
end

-- errinfo.parse(message) -> {code, message, hint, line, col, len}, or nil when the text is no error of this module.
-- `message` is the first line without place and code; line, col and len are there when the text tells them.
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
      if at and not line then record.col = at end
      record.len = at and len
    end
  end
  return record
end

return errinfo
