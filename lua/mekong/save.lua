-- save: bytes into files, in one step, and the writer of a file chosen by the end of its name. Tables, charts and reports
-- all write here; an environment that fails gives nil, message, info.
local core = require "mekong.core"
local options = require "mekong.options"
local order = require "mekong.order"

local save = {}

local function check_path(path, what)
  if type(path) ~= "string" then
    core.raise("type", what .. " takes the name of a file, not a " .. type(path), 'hint: t:save "bang.csv"')
  end
end

-- save.write(path, bytes) -> true | nil, message, info: the file is whole or as it was before. bytes: a text, or a function that gives
-- it piece by piece, then nil.
function save.write(path, bytes)
  check_path(path, "save.write")
  if type(bytes) == "function" then return core.file.stream(path, bytes) end
  return core.file.write(path, bytes)
end

-- The end of the name in small letters; nil when there is none.
local function ending(path)
  local name = path:match "[^/]*$"
  return name:match "%.([%w]+)$" and name:match "%.([%w]+)$":lower()
end

-- The format of a file: opts.format, or the end of its name; one of formats, a sorted list of names.
function save.format(path, format, formats, what)
  check_path(path, what)
  if format ~= nil then return options.choice(format, formats, nil, "format") end
  local own = ending(path)
  for _, name in ipairs(formats) do
    if name == own then return name end
  end
  local found = own and "ends in ." .. own or "has no ending"
  local drawn = what == "Table:save" and (own == "svg" or own == "png") and ("hint: a table is drawn first: t:chart():save %q\n"):format(path)
  core.raise("format", ("%s: '%s' %s, which is no format known here"):format(what, path, found),
    (drawn or "") .. "hint: name it with one of: ." .. table.concat(formats, " ."))
end

-- save.by_name(path, opts, writers, what) -> true | nil, message, info. writers: format -> function(opts) -> bytes as
-- save.write takes them, or nil, message, info; opts.format stands before the end of the name and is not handed on.
function save.by_name(path, opts, writers, what)
  if opts ~= nil and type(opts) ~= "table" then core.raise("type", what .. " takes a table of options, not " .. type(opts)) end
  local formats, own = {}, {}
  for name in pairs(writers) do formats[#formats + 1] = name end
  order.texts(formats)
  for key, value in pairs(opts or {}) do own[key] = value end
  own.format = nil
  local bytes, message, info = writers[save.format(path, opts and opts.format, formats, what)](own)
  if not bytes then return nil, message, info end
  return save.write(path, bytes)
end

local function run(command)
  local pipe = io.popen(command, "r")
  if not pipe then return nil end
  local bytes = pipe:read "a"
  return pipe:close() and bytes ~= "" and bytes or nil
end

-- save.png(svg, scale) -> the bytes of a picture | nil, message, info where rsvg-convert is not installed or fails. The drawing goes by a
-- file of its own; nothing a user wrote comes near the shell.
function save.png(svg, scale)
  if not run "command -v rsvg-convert 2>/dev/null" then
    return core.fail("missing", "pictures as .png need the program rsvg-convert, which is not installed",
      "hint: install it (Debian: librsvg2-bin), or save as .svg or .html")
  end
  local named, path = pcall(os.tmpname)
  if not named then return core.fail("io", "no temporary file can be made for the drawing") end
  local written, message, info = save.write(path, svg)
  local bytes = written and run(("rsvg-convert --format=png --zoom=%d '%s' 2>/dev/null"):format(scale, path:gsub("'", "'\\''")))
  os.remove(path)
  if not written then return nil, message, info end
  if not bytes then return core.fail("io", "rsvg-convert could not draw the picture") end
  return bytes
end

-- Seconds since 1970 that files may bear as their time: SOURCE_DATE_EPOCH, else a constant; never the clock.
function save.epoch()
  local given = os.getenv "SOURCE_DATE_EPOCH"
  return given and given:find "^%d+$" and math.tointeger(given) or 0
end

return save
