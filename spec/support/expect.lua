-- What the specs of tables, claims and misuse share: reading cells, checking errors, running a script as its own process.
local assert = require "luassert"
local mekong = require "mekong"
local expect = {}

-- Calls a function that must misuse something: the error must be a string whose first line begins with the place in
-- that very function, ends with the code, and is complete alone. `code` is one code, or a list of codes of which one is right.
-- Returns the message and its record.
function expect.raises(code, fn, ...)
  local results = table.pack(pcall(fn, ...))
  assert.is_false(results[1], "no error was raised")
  local message = results[2]
  assert.is_string(message)
  local first = message:match "^[^\n]*"
  local info = debug.getinfo(fn, "S")
  local file, line, said, shown = first:match "^(.-):(%d+): mekong: (.+) %[(%l+)%]$"
  assert(file, "the first line is not 'file:line: mekong: text [code]': " .. message)
  assert.equal(info.short_src, file)
  line = tonumber(line)
  assert(line >= info.linedefined and line <= info.lastlinedefined,
    ("line %d is not in lines %d to %d: %s"):format(line, info.linedefined, info.lastlinedefined, message))
  assert(#said > 8, "the message says nothing: " .. message)
  expect.code(code, shown, message)
  local record = mekong.errinfo(message)
  assert.is_table(record)
  assert.equal(shown, record.code)
  assert(not message:find "\n$", "the message ends with a newline")
  return message, record
end

function expect.code(code, found, message)
  if type(code) == "string" then code = { code } end
  for _, one in ipairs(code) do
    if one == found then return end
  end
  error(("code [%s] where [%s] is due: %s"):format(tostring(found), table.concat(code, "] or ["), message), 3)
end

-- What obj:display() prints where there is no notebook.
function expect.shown(object)
  local printed, real = {}, print
  _G.print = function(...) printed[#printed + 1] = table.concat({ ... }, "\t") end
  local ok, message = pcall(function() object:display() end)
  _G.print = real
  assert(ok, message)
  return table.concat(printed, "\n")
end

-- A call about the environment: nil, message, record; never an error.
function expect.fails(code, fn, ...)
  local results = table.pack(pcall(fn, ...))
  assert(results[1], "raised instead of returning nil: " .. tostring(results[2]))
  assert.is_nil(results[2])
  local message, record = results[3], results[4]
  assert.is_string(message)
  assert.is_table(record)
  expect.code(code, record.code, message)
  assert(message:match("^[^\n]*"):find("%[" .. record.code .. "%]$"), "the code does not end the first line: " .. message)
  return message, record
end

-- A figure that is known exactly and is this number (of this unit).
function expect.exact(number, figure, unit)
  assert(figure ~= nil, "missing where " .. tostring(number) .. " is due")
  assert(figure:exact(), tostring(figure) .. " is not exact")
  assert(figure:is(number), tostring(figure) .. " is not " .. tostring(number))
  if unit then assert.equal(unit, figure.unit) end
end

-- A count between two ends, both included.
function expect.between(low, high, figure)
  assert(figure ~= nil, "missing where a range is due")
  assert(figure.lo == low and not figure.lo_open and figure.hi == high and not figure.hi_open,
    ("%s is not from %s to %s"):format(tostring(figure), low, high))
end

-- A count of which only the floor is known: `number` or more, `number` included.
function expect.at_least(number, figure)
  assert(figure ~= nil, "missing where at least " .. number .. " is due")
  assert.is_nil(figure.hi)
  local unit = figure.unit
  assert(not figure:maybe_lt(mekong.figure(number, unit)), tostring(figure) .. " may be below " .. number)
  assert(figure:maybe_lt(mekong.figure(number + 1, unit)), tostring(figure) .. " cannot be " .. number)
end

-- The cells of a row, as text, in the order of the columns.
function expect.row(tbl, i)
  local cells = {}
  for k, name in ipairs(tbl:names()) do
    local value = tbl:cell(i, name)
    cells[k] = value == nil and "" or tostring(value)
  end
  return table.concat(cells, "\t")
end

-- Every row as text, one to a line.
function expect.rows(tbl)
  local rows = {}
  for i = 1, #tbl do rows[i] = expect.row(tbl, i) end
  return table.concat(rows, "\n")
end

-- The cells of one column, as text; "nil" for a missing one.
function expect.column(tbl, name)
  local cells = {}
  for i = 1, #tbl do cells[i] = tostring(tbl:cell(i, name)) end
  return cells
end

-- The text, or what prints as it, holds every one of these strings.
function expect.holds(text, ...)
  text = tostring(text)
  for _, part in ipairs { ... } do
    if not text:find(part, 1, true) then error(("%q is not in:\n%s"):format(part, text), 2) end
  end
end

-- The first line that holds all the given parts, or an error that shows the text.
function expect.line(text, ...)
  for line in (text .. "\n"):gmatch "([^\n]*)\n" do
    local all = true
    for _, part in ipairs { ... } do all = all and line:find(part, 1, true) ~= nil end
    if all then return line end
  end
  error(("no line holds %s:\n%s"):format(table.concat({ ... }, " + "), text), 2)
end

function expect.quoted(text)
  return "'" .. text:gsub("'", [['\'']]) .. "'"
end

-- The interpreter that runs the specs.
function expect.interpreter()
  local i = 0
  while arg and arg[i - 1] do i = i - 1 end
  local name = arg and i < 0 and arg[i] or "lua5.4"
  return name:find "lua" and name or "lua5.4"
end

-- Runs a command line of the shell; returns all it wrote and its exit status.
function expect.run(command)
  local pipe = assert(io.popen("exec 2>&1; " .. command .. "\necho \"[$?]\""))
  local text = pipe:read "a"
  pipe:close()
  local out, status = text:match "^(.*)%[(%d+)%]\n$"
  return out, tonumber(status)
end

-- Runs Lua with the module of this run in an otherwise empty environment; `env` is a list of NAME=value.
function expect.lua(arguments, env)
  local words = { "env", "-u", "MEKONG_LOCALE", "-u", "LC_ALL", "-u", "TZ",
    "LUA_PATH_5_4=" .. expect.quoted(package.path), "LUA_CPATH_5_4=" .. expect.quoted(package.cpath) }
  for _, word in ipairs(env or {}) do words[#words + 1] = expect.quoted(word) end
  words[#words + 1] = expect.interpreter()
  for _, word in ipairs(arguments) do words[#words + 1] = expect.quoted(word) end
  return expect.run(table.concat(words, " "))
end

return expect
