-- What is made from mekong.doc: the reference in the README, and the types for editors (LuaCATS). `make docs` writes them;
-- a spec holds what is in the tree against what is made here.
local doc = require "mekong.doc"

local docs = {}

local function cell(text) return (text:gsub("|", "\\|"):gsub("\n", " ")) end

-- The reference: a table for each class.
function docs.reference()
  local out = {}
  for _, class in ipairs(doc.classes()) do
    out[#out + 1] = ("**%s**: %s\n"):format(class.class, class.en)
    out[#out + 1] = "| call | gives | what |\n|---|---|---|"
    for _, entry in ipairs(class) do
      out[#out + 1] = ("| `%s` | %s | %s |"):format(cell(doc.call(class, entry)), cell(entry.returns or ""), cell(entry.en))
    end
    out[#out + 1] = ""
  end
  return table.concat(out, "\n")
end

-- ---------------------------------------------------------------- types for editors
local types = { ["list"] = "any[]", ["iterator"] = "fun(): any", ["list of readings"] = "mekong.Reading[]", ["entity"] = "table",
  ["changes"] = "table", ["report"] = "table" }
local classes = { Store = true, Frame = true, Grouped = true, Table = true, Figure = true, Claims = true, Solution = true, Bilateral = true,
  LoadReport = true, Help = true, Chart = true, Report = true }
local plain = { string = true, integer = true, number = true, boolean = true, table = true, any = true, ["function"] = true,
  ["nil"] = true, ["false"] = true }

local function type_of(text)
  local parts = {}
  for part in text:gmatch "[^|]+" do
    part = part:match "^%s*(.-)%s*$"
    if classes[part] then part = "mekong." .. part
    elseif types[part] then part = types[part]
    elseif not plain[part] and not part:find '^"' and not part:find "^any%[%]" then part = "any" end
    parts[#parts + 1] = part
  end
  return table.concat(parts, "|")
end

-- Types of the results: "Table | nil, message, info" has three.
local function returns_of(text)
  if not text or text == "nil" then return {} end
  if text:find "^what" then return { "any" } end
  if text:find "^%{" then return { "table?" } end
  local list, failing = {}, text:find "| nil, message, info$"
  text = text:gsub("%s*| nil, message, info$", "|nil"):gsub("%s*| nil, (%w+), (%w+)$", "|nil, %1, %2")
    :gsub("%s*| nil, (%w+)$", "|nil, %1")
  for part in text:gmatch "[^,]+" do list[#list + 1] = type_of(part) end
  if failing then
    list[#list + 1] = "string?"
    list[#list + 1] = "table?"
  end
  return list
end

local function comment(out, text) out[#out + 1] = "---" .. text end

local function options_of(out, class, entry)
  if not entry.opts then return nil end
  local name = class.class:gsub("^mekong%.?", "") .. "_" .. entry[1]
  name = "mekong.opts." .. name:gsub("^_", "")
  out[#out + 1] = "---@class " .. name
  for _, option in ipairs(entry.opts) do
    out[#out + 1] = ("---@field %s? %s %s"):format(option[1], type_of(option[2]), option[3])
  end
  out[#out + 1] = ""
  return name
end

local function method(out, class, entry, own)
  local options = options_of(out, class, entry)
  comment(out, entry.en)
  comment(out, "")
  comment(out, "Example: `" .. entry.example .. "`")
  local parameters = {}
  for _, argument in ipairs(entry.args or {}) do
    local name, optional = argument[1]:match "^([^?]+)(%??)$"
    out[#out + 1] = ("---@param %s%s %s %s"):format(name, optional, type_of(argument[2]), argument[3])
    parameters[#parameters + 1] = name
  end
  if options and parameters[#parameters] ~= "..." then
    out[#out + 1] = "---@param opts? " .. options
    parameters[#parameters + 1] = "opts"
  end
  for _, result in ipairs(returns_of(entry.returns)) do out[#out + 1] = "---@return " .. result end
  local dot = (class.plain or class.class == "mekong") and "." or ":"
  out[#out + 1] = ("function %s%s%s(%s) end\n"):format(own, dot, entry[1], table.concat(parameters, ", "))
end

local reading = [[
---@class mekong.Reading
---@field surface string
---@field first integer
---@field last integer
---@field measure string
---@field value? string
---@field value_high? string
---@field lower? string
---@field upper? string
---@field lower_open? boolean
---@field upper_open? boolean
---@field alternatives? table[]
---@field qualifier? string
---@field unit? string
---@field norm_value? string
---@field norm_unit? string
---@field category? string
---@field item? string
---@field phase? integer
---@field period? string
---@field scope? string
---@field direction? string
---@field compared_to? string
---@field included_in? integer
]]

-- The types as one file of LuaCATS annotations.
function docs.types()
  local out = { "---@meta mekong", "-- Types of mekong for editors (LuaCATS), made by `make docs` from the lists in mekong/doc/.", "" }
  out[#out + 1] = reading
  local own
  for _, class in ipairs(doc.classes()) do
    local is_module = class.class == "mekong" or class.plain
    local name = is_module and class.class or "mekong." .. class.class
    own = is_module and class.class or class.class
    comment(out, class.en)
    out[#out + 1] = "---@class " .. name
    for _, entry in ipairs(class) do
      if not entry[2] and not (is_module and (entry[1] == "text" or entry[1] == "fmt")) then
        out[#out + 1] = ("---@field %s %s %s"):format(entry[1], type_of(entry.returns or "any"), entry.en)
      end
    end
    if class.class == "mekong" then out[#out + 1] = "local mekong = {}\n"
    elseif class.plain then out[#out + 1] = class.class .. " = {}\n"
    else out[#out + 1] = "local " .. own .. " = {}\n" end
    for _, entry in ipairs(class) do
      if entry[2] then method(out, class, entry, own) end
    end
  end
  out[#out + 1] = "return mekong"
  return table.concat(out, "\n") .. "\n"
end

return docs
