-- canonical: the decimal text of whatever stands for a number.
local core = require "mekong.core"

-- The shortest text that reads back as the float; its decimal mark may follow the host's C locale.
local function float_text(value, what)
  if value ~= value or value == math.huge or value == -math.huge then
    core.raise("range", what .. ": " .. tostring(value) .. " cannot be written as a number")
  end
  for precision = 15, 17 do
    local text = (("%%.%dg"):format(precision)):format(value)
    if tonumber(text) == value or precision == 17 then
      text = text:gsub(",", ".")
      local mantissa, sign, exponent = text:match "^(.-)e([+-])(%d+)$"
      if not mantissa then return text end
      local digits, point = mantissa:gsub("[-.]", ""), (mantissa:find(".", 1, true) or #mantissa + 1) - 1
      if mantissa:sub(1, 1) == "-" then point = point - 1 end
      point = point + (sign == "-" and -1 or 1) * math.tointeger(exponent)
      if point > #digits then digits = digits .. ("0"):rep(point - #digits) end
      if point < 1 then digits, point = ("0"):rep(1 - point) .. digits, 1 end
      local tail = digits:sub(point + 1)
      return (value < 0 and "-" or "") .. digits:sub(1, point) .. (tail ~= "" and "." .. tail or "")
    end
  end
end

-- A figure as it is, a number or decimal text as number or text; what names the function that was called.
return function(value, what)
  if core.figure.is(value) then return value end
  if math.type(value) == "float" then return float_text(value, what) end
  if math.type(value) == "integer" or type(value) == "string" then return value end
  core.raise("type", what .. " takes a number, a decimal text or a figure, not " .. type(value))
end
