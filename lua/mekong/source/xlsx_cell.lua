-- xlsx_cell: what a number in a sheet says: exact decimal text, or a date in ISO form where its format shows one. Sheets
-- hold binary fractions written with up to 17 digits, of which the program that wrote them shows 15.
local cell = {}

local DIGITS = 15

-- Adds one to a string of digits.
local function increased(digits)
  local head, nines = digits:match "^(.-)(9*)$"
  if head == "" then return "1" .. ("0"):rep(#nines) end
  return head:sub(1, -2) .. tostring(math.tointeger(head:sub(-1)) + 1) .. ("0"):rep(#nines)
end

-- number(text) -> plain decimal text of at most 15 digits that count, and whether it was rounded | nil when it is no number
function cell.number(text)
  local mantissa, exponent = text:match "^([^eE]*)[eE]([-+]?%d+)$"
  local sign, whole, fraction = (mantissa or text):match "^([-+]?)(%d*)%.?(%d*)$"
  if not whole or whole .. fraction == "" then return nil end
  local power = math.tointeger(tonumber(exponent or "0"))
  if not power or power > 400 or power < -400 then return nil end
  local digits = whole .. fraction
  local point = #whole + power -- digits before the point
  local zeros = #digits:match "^0*"
  digits, point = digits:sub(zeros + 1), point - zeros
  local rounded = false
  if #digits > DIGITS then
    local cut = digits:sub(DIGITS + 1)
    digits = digits:sub(1, DIGITS)
    rounded = cut:find "[1-9]" ~= nil
    if cut:sub(1, 1) >= "5" then
      local up = increased(digits)
      if #up > #digits then point = point + 1 end
      digits = up
    end
  end
  digits = digits:gsub("0+$", "")
  if digits == "" then return "0", rounded end
  local left, right
  if point <= 0 then
    left, right = "0", ("0"):rep(-point) .. digits
  elseif point >= #digits then
    left, right = digits .. ("0"):rep(point - #digits), ""
  else
    left, right = digits:sub(1, point), digits:sub(point + 1)
  end
  return (sign == "-" and "-" or "") .. left .. (right ~= "" and "." .. right or ""), rounded
end

-- The day of the calendar, days counted from 1970-01-01.
local function iso_day(days)
  local z = days + 719468
  local era = z // 146097
  local of_era = z - era * 146097
  local year = (of_era - of_era // 1460 + of_era // 36524 - of_era // 146096) // 365
  local of_year = of_era - (365 * year + year // 4 - year // 100)
  local m = (5 * of_year + 2) // 153
  local month = m < 10 and m + 3 or m - 9
  return ("%04d-%02d-%02d"):format(year + era * 400 + (month <= 2 and 1 or 0), month, of_year - (153 * m + 2) // 5 + 1)
end

-- Seconds of a fraction of a day given by its digits, rounded.
local function seconds(fraction)
  fraction = fraction:sub(1, 12)
  local scale = math.tointeger(tonumber("1" .. ("0"):rep(#fraction)))
  return (math.tointeger(tonumber(fraction)) * 86400 * 2 + scale) // (2 * scale)
end

-- date(text of a number, whether days count from 1904, kind "date"|"time") -> ISO text | nil when there is no such date.
-- Day 60 of the other count is 29/2/1900, which never was.
function cell.date(text, from_1904, kind)
  local number = cell.number(text)
  local whole, fraction = (number or ""):match "^(%d+)%.?(%d*)$"
  local day = whole and #whole <= 7 and math.tointeger(tonumber(whole))
  if not day then return nil end
  local rest = fraction ~= "" and seconds(fraction) or 0
  if rest == 86400 then day, rest = day + 1, 0 end
  local clock = ("%02d:%02d:%02d"):format(rest // 3600, rest // 60 % 60, rest % 60)
  if kind == "time" and day == 0 then return clock end
  if from_1904 then day = day + 1462 end
  if day < 1 or day == 60 or day > 2958465 then return nil end
  local iso = iso_day(day - 25569 + (day < 60 and 1 or 0))
  return rest == 0 and kind == "date" and iso or iso .. "T" .. clock
end

local function among(id, first, last) return id >= first and id <= last end

-- kind(number of a format, its code or nil) -> "date", "time" or nil
function cell.kind(id, code)
  if code then
    if code:lower():find "%[[hms]+%]" then return "time" end
    code = code:lower():gsub('"[^"]*"', ""):gsub("\\.", ""):gsub("_.", ""):gsub("%*.", ""):gsub("%[[^%]]*%]", "")
    if code:find "general" then return nil end
    if code:find "[yd]" then return "date" end
    if code:find "h" or code:find "s" then return "time" end
    return code:find "m" and "date" or nil
  end
  if among(id, 18, 21) or among(id, 45, 47) then return "time" end
  return (among(id, 14, 22) or among(id, 27, 36) or among(id, 50, 58)) and "date" or nil
end

return cell
