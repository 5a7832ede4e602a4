-- dates: a cell that should hold a day, a month, a year or a range of days. The day comes first unless the cells of the
-- column prove otherwise.
local core = require "mekong.core"
local errinfo = require "mekong.errinfo"
local reasons = require "mekong.load.reasons"

local dates = {}

-- d, separator, m, y of a numeric date with the year last; nil for others.
local function parts(text)
  local a, mark, b, y = text:match "^(%d%d?)%s*([/.-])%s*(%d%d?)%s*[/.-]%s*(%d%d%d?%d?)$"
  if not a or #y == 3 then return nil end
  return tonumber(a), tonumber(b), y, mark
end

-- The date without a time of day, and whether there was one that is not midnight.
local function without_time(text)
  local day, time = text:match "^(.-%d)[T%s]+(%d%d?:%d%d[%d:.]*)%s*[APap]?[Mm]?Z?[+-]?[%d:]*$"
  if not day then return text, false end
  return day, time:find "[1-9]" ~= nil
end

-- A day as the core writes it: nothing in it is to be asked.
local ISO = "^%d%d%d%d%-%d%d%-%d%d$"

function dates.votes() return { dmy = 0, mdy = 0, either = 0 } end

function dates.vote(votes, text)
  if text:find(ISO) then return end
  local a, b = parts((without_time(text:match "^%s*(.-)%s*$")))
  if not a then return end
  local kind = a > 12 and b <= 12 and "dmy" or b > 12 and a <= 12 and "mdy" or a <= 12 and b <= 12 and a ~= b and "either"
  if kind then votes[kind] = votes[kind] + 1 end
end

-- "mdy" when cells prove that the month comes first and none says otherwise; "mixed" when both are there; else "dmy".
function dates.order(votes)
  if votes.mdy == 0 then return "dmy" end
  return votes.dmy == 0 and "mdy" or "mixed"
end

-- ISO text of what the core reads, "a/b" for a range; or nil and its code.
local function parse(text)
  local ok, found = pcall(core.date.parse, text)
  if ok then return found end
  local record = errinfo.parse(found)
  if not record or record.code == "memory" then error(found, 0) end
  return nil, record.code
end

local function in_order(a, b, y, order)
  if order == "mdy" then a, b = b, a end
  return parse(("%d/%d/%s"):format(a, b, y))
end

-- A numeric date in the order of the column.
local function numeric(a, b, y, at)
  local given, found = at.given, at.found
  local order = given or found == "mdy" and "mdy" or "dmy"
  local short = #y == 2
  if short and not given then return nil, reasons.short_year() end
  if short then y = "20" .. y end
  local iso, code = in_order(a, b, y, order)
  if not iso then
    local other = a ~= b and in_order(a, b, y, order == "dmy" and "mdy" or "dmy")
    if other and order == "dmy" then return nil, reasons.month_first(other) end
    if other then return nil, reasons.day_first(other) end
    return nil, code == "range" and reasons.impossible_date() or reasons.no_date()
  end
  if short then return iso, reasons.read_date(iso) end
  local unsure = not given and a <= 12 and b <= 12 and a ~= b and found ~= "dmy"
  return iso, unsure and reasons.date_order(iso, order) or nil
end

local function serial(text)
  local n = tonumber(text)
  if not text:find "^%d%d%d%d%d$" or n < 25569 or n > 73050 then return nil end
  return core.date.add("1899-12-30", math.tointeger(n))
end

-- ISO date or "a/b", reason of what was assumed or nil, whether a time of day was left out; or nil, reason.
-- at: given (option dates, nil for auto), found (order of the column).
function dates.read(text, at)
  local plain = text:find(ISO) and parse(text)
  if plain then return plain, nil, false end
  local day, timed = without_time((text:gsub("\u{A0}", " "):match "^%s*(.-)%s*$"))
  if at.given == "iso" then
    local iso = day:find "^%d%d%d%d[-%d/]*$" and parse(day)
    if not iso then return nil, reasons.only_iso() end
    return iso, nil, timed
  end
  local a, b, y = parts(day)
  if a then
    local iso, said = numeric(a, b, y, at)
    return iso, said, timed
  end
  local compact = day:match "^[12]%d%d%d[01]%d[0-3]%d$"
  if compact then day = day:sub(1, 4) .. "-" .. day:sub(5, 6) .. "-" .. day:sub(7, 8) end
  local iso, code = parse(day)
  if iso then return iso, compact and reasons.read_date(iso) or nil, timed end
  local sheet = serial(day)
  if sheet then return nil, reasons.serial(sheet) end
  return nil, code == "range" and reasons.impossible_date() or reasons.no_date()
end

return dates
