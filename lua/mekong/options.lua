-- options: checks of option tables and arguments, shared by every public function.
local core = require "mekong.core"
local order = require "mekong.order"

local options = {}

-- Raises unless every key of opts stands in allowed (a sorted list of names); returns opts or an empty table.
function options.check(opts, allowed, what)
  if opts == nil then return {} end
  if type(opts) ~= "table" or getmetatable(opts) ~= nil then
    core.raise("type", what .. " takes a table of options, not " .. type(opts))
  end
  local known, unknown = {}, {}
  for i = 1, #allowed do known[allowed[i]] = true end
  for key in pairs(opts) do
    if type(key) ~= "string" then
      core.raise("type", what .. ": option names are strings, not " .. tostring(key))
    end
    if not known[key] then unknown[#unknown + 1] = key end
  end
  order.texts(unknown)
  if unknown[1] then core.find_name(unknown[1], allowed, {}, what .. " option") end
  return opts
end

-- Raises unless value is nil or of the Lua type wanted.
function options.typed(value, wanted, what)
  if value ~= nil and type(value) ~= wanted then
    core.raise("type", what .. " must be a " .. wanted .. ", not " .. type(value))
  end
  return value
end

-- Raises unless value is one of the names in allowed; nil gives the default.
function options.choice(value, allowed, default, what)
  if value == nil then return default end
  for i = 1, #allowed do
    if value == allowed[i] then return value end
  end
  local _, bad = utf8.len(type(value) == "string" and value or "")
  if bad then core.raise("syntax", ("%s is not UTF-8: byte %d"):format(what, bad)) end
  core.raise("name", what .. " cannot be " .. (type(value) == "string" and "'" .. value .. "'" or tostring(value)),
    "hint: choose one of: " .. table.concat(allowed, ", "))
end

-- Raises unless value is nil or a number of decimals that can be printed.
function options.digits(value, what)
  if value ~= nil and (math.type(value) ~= "integer" or value < 0 or value > 60) then
    core.raise("range", what .. ": digits must be a whole number from 0 to 60")
  end
end

-- Raises unless value is an open store; what names the method.
function options.store(value, what)
  if core.store.state(value, what) == "closed" then
    core.raise("closed", "store:" .. what .. ": the store is closed", "hint: open it again with mekong.open")
  end
end

-- The method of that name, or an error that names the nearest one.
function options.method(methods, name, class)
  local found = rawget(methods, name)
  if found ~= nil then return found end
  if type(name) ~= "string" then return nil end
  local names = {}
  for key in pairs(methods) do names[#names + 1] = key end
  order.texts(names)
  core.find_name(name, names, {}, class .. " method or field")
end

return options
