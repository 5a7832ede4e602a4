-- engine_compare: holds the answers in one folder against those in another, query by query; the order of lines is free.
--   REFERENCE OTHER QUERY... prints "same q01", "differs q01: ..." or "absent q01"
-- Names: stores keep text in one Unicode form and with single spaces, the peers as it came, so agencies that differ in
-- these alone are added up.
local mekong = require "mekong"

local function split(line)
  local cells = {}
  for cell in (line .. "\t"):gmatch "([^\t]*)\t" do cells[#cells + 1] = cell end
  return cells
end

local ways = {}

-- Top agencies by folded name.
ways.q06 = function(lines)
  for i, line in ipairs(lines) do
    local cells = split(line)
    lines[i] = mekong.text.key(cells[1], 1) .. "\t" .. cells[2]
  end
  return lines
end
ways.q06n = ways.q06

ways.q11 = function(lines)
  local n, suspects, order, forms = {}, {}, {}, {}
  for _, line in ipairs(lines) do
    local agency, rest, a, b = line:match "^([^\t]*)(\t[^\t]*\t[^\t]*)\t(%d+)\t(%d+)$"
    forms[agency] = forms[agency] or mekong.text.nfc(agency):gsub(" +", " ")
    local key = forms[agency] .. rest
    if not n[key] then n[key], suspects[key], order[#order + 1] = 0, 0, key end
    n[key], suspects[key] = n[key] + math.tointeger(a), suspects[key] + math.tointeger(b)
  end
  for i, key in ipairs(order) do order[i] = key .. "\t" .. n[key] .. "\t" .. suspects[key] end
  return order
end

local function read(folder, name)
  local file = io.open(folder .. "/" .. name)
  if not file then return nil end
  local lines = {}
  for line in file:lines() do
    if line ~= "" then lines[#lines + 1] = line end
  end
  file:close()
  if ways[name] then lines = ways[name](lines) end
  table.sort(lines)
  return lines
end

local function difference(a, b)
  for i = 1, math.max(#a, #b) do
    if a[i] ~= b[i] then return ("'%s' and '%s'"):format(tostring(a[i]), tostring(b[i])):gsub("\t", " ") end
  end
end

for i = 3, #arg do
  local name = arg[i]
  local a, b = read(arg[1], name), read(arg[2], name)
  local found = a and b and difference(a, b)
  print(not (a and b) and "absent " .. name or found and "differs " .. name .. ": " .. found or "same " .. name)
end
