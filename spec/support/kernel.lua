-- A stand-in for the kernel of a notebook (xeus-lua): runs the code cells one after the other with shared globals, and
-- records what each cell prints and the bundles that it displays.
local source = require "mekong.source"

local kernel = {}

local escapes = { n = "\n", t = "\t", r = "\r" }

-- A JSON text or list of texts, put together.
local function joined(json)
  local out = {}
  for text in (json:gsub("\\\\", "\0"):gsub('\\"', "\1")):gmatch '"([^"]*)"' do
    out[#out + 1] = text:gsub("\\u(%x%x%x%x)", function(digits) return utf8.char(tonumber(digits, 16)) end)
      :gsub("\\(%a)", escapes):gsub("\1", '"'):gsub("\0", "\\")
  end
  return table.concat(out)
end

-- The members of a JSON object, or of each in a list, as the reader of JSON files takes them.
local function objects(json)
  local reader, list = assert(source.open { text = json, name = "notebook.json" }), {}
  local names = reader:header()
  for record in reader:records() do
    assert(not record.error, record.error and record.error.message)
    local members = {}
    for i, name in ipairs(names) do members[name] = record[i] end
    list[#list + 1] = members
  end
  return list
end

-- The members of one flat JSON object of texts.
function kernel.members(json) return objects("[" .. json .. "]")[1] end

-- The cells of a notebook: {kind = "code"|"markdown", text =, outputs = JSON or nil}, and the whole file.
function kernel.cells(path)
  local f <close> = assert(io.open(path, "rb"))
  local text = f:read "a"
  local list = {}
  for i, cell in ipairs(objects((assert(text:match '^{%s*"cells":%s*(%[.*%]),%s*"metadata"', path)))) do
    list[i] = { kind = cell.cell_type, text = joined(cell.source), outputs = cell.outputs }
  end
  return list, text
end

-- run(path) -> list of {code =, printed = {...}, bundles = {{media type -> text}, ...}}, one for each code cell
function kernel.run(path)
  local results, now = {}, nil
  local globals = setmetatable({
    print = function(...)
      local parts = table.pack(...)
      for i = 1, parts.n do parts[i] = tostring(parts[i]) end
      table.insert(now.printed, table.concat(parts, "\t"))
    end,
  }, { __index = _G })
  local function send(data) table.insert(now.bundles, kernel.members(data)) end
  rawset(_G, "ilua", { display = { detail = { _display_data = send } } })
  local ok, message = pcall(function()
    for _, cell in ipairs(kernel.cells(path)) do
      if cell.kind == "code" then
        now = { code = cell.text, printed = {}, bundles = {} }
        results[#results + 1] = now
        assert(load(cell.text, "=" .. path, "t", globals))()
      end
    end
  end)
  rawset(_G, "ilua", nil)
  assert(ok, message)
  return results
end

return kernel
