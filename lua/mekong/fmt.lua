-- fmt: numbers, percentages, dates and figures as people of a locale write them ("vi" by default, "en").
local core = require "mekong.core"
local canonical = require "mekong.canonical"
local options = require "mekong.options"

local fmt = {}

local locales = { "vi", "en" }
local months = { "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec" }

local function checked(opts, allowed, what)
  opts = options.check(opts, allowed, what)
  options.choice(opts.locale, locales, "vi", "locale")
  options.digits(opts.digits, what)
  return opts
end

-- Digits that stay readable: all when there are at most `keep`, else rounded to `cut` places; never a false zero.
local function rounded(value, digits, keep, cut, which)
  if digits then return core.figure.decimal(value, digits, which) end
  local text = core.figure.decimal(value, nil, which)
  local point = text:find(".", 1, true)
  if not point or #text - point <= keep then return text end
  local nonzero = text:find "[1-9]"
  for places = cut, 18 do
    local short = core.figure.decimal(value, places, which)
    if not nonzero or short:find "[1-9]" then return short end
  end
  return text
end

-- "-1234.5" -> "−1.234,5"; a positive number gets a plus when sign is asked for.
local function spell(text, locale, sign) return core.figure.grouped(text, locale == "en", sign) end

-- One end of a figure, or its best value, as a number without unit: percentages with one place, ratios and rates with
-- two, amounts with up to three; opts.keep shows more, opts.spell writes the number.
function fmt.side(figure, which, opts)
  local keep, cut, unit = 3, 2, figure.unit
  if unit == "%" then keep, cut = 1, 1 elseif unit == "x" or unit:find("/", 1, true) then keep = 2 end
  if opts.keep then keep, cut = opts.keep, opts.keep end
  if opts.spell then return opts.spell(rounded(figure, opts.digits, keep, cut, which)) end
  return spell(rounded(figure, opts.digits, keep, cut, which), opts.locale, opts.sign)
end

-- 1715 -> "1.715"; "2.3" -> "2,3"; opts: locale, digits, sign.
function fmt.number(value, opts)
  opts = checked(opts, { "digits", "locale", "sign" }, "fmt.number")
  value = canonical(value, "fmt.number")
  if core.figure.is(value) then
    return value:format { digits = opts.digits, locale = opts.locale, sign = opts.sign, unit = false }
  end
  return spell(rounded(value, opts.digits, 3, 2), opts.locale, opts.sign)
end

-- Every digit of a decimal text or a float, grouped as the locale does.
function fmt.plain(value, locale)
  if math.type(value) == "integer" then return spell(value, locale) end
  if value ~= value or value == math.huge or value == -math.huge then return tostring(value) end
  local text = tostring(canonical(value, "fmt.plain"))
  return text:find "^%-?%d+%.?%d*$" and spell(text, locale) or text
end

-- A number of percent, or a figure in %, in times or without unit (0.25 of a figure is 25 %).
function fmt.percent(value, opts)
  opts = checked(opts, { "digits", "locale", "sign" }, "fmt.percent")
  value = canonical(value, "fmt.percent")
  if core.figure.is(value) then
    if value.unit == "" then value = value:times(core.figure.new { best = 1 }) end
    return value:to("%"):format { digits = opts.digits, locale = opts.locale, sign = opts.sign }
  end
  return spell(rounded(value, opts.digits, 1, 1), opts.locale, opts.sign) .. "%"
end

-- A change in percent with its sign: "+25,9%", "−32,7%"; for a figure in times what it is beyond one: gấp đôi is +100%.
function fmt.change(value, opts)
  opts = checked(opts, { "digits", "locale" }, "fmt.change")
  value = canonical(value, "fmt.change")
  if core.figure.is(value) and value.unit == "x" then value = value - core.figure.new { best = 1, unit = "x" } end
  return fmt.percent(value, { digits = opts.digits, locale = opts.locale, sign = true })
end

-- A figure, or the text or number that makes one.
function fmt.figure(value, opts)
  opts = checked(opts, { "digits", "locale", "sign", "style", "unit" }, "fmt.figure")
  if type(value) == "string" then value = core.figure.parse(value) end
  if type(value) == "number" then value = core.figure.new { best = value } end
  if not core.figure.is(value) then
    core.raise("type", "fmt.figure takes a figure, a text or a number, not " .. type(value))
  end
  return value:format(opts)
end

-- The parts of an ISO date from the day on, leaving out what `other`, the end of its range, says as well.
local function date_text(iso, english, other)
  local y, m, d = iso:match "^(%d+)%-?(%d*)%-?(%d*)$"
  local oy, om, od = (other or ""):match "^(%d*)%-?(%d*)%-?(%d*)$"
  local function plain(s) return tostring(math.tointeger(s)) end
  local same_year = other and y == oy and (d ~= "") == (od ~= "") and m ~= ""
  local same_month = same_year and m == om and d ~= ""
  if m == "" then return y end
  if english then
    local parts = { d ~= "" and plain(d) or nil }
    if not same_month then parts[#parts + 1] = months[math.tointeger(m)] end
    if not same_year then parts[#parts + 1] = y end
    return table.concat(parts, " ")
  end
  local text = d ~= "" and plain(d) or plain(m)
  if d ~= "" and not same_month then text = text .. "/" .. plain(m) end
  return same_year and text or text .. "/" .. y
end

-- "2025-08-14" -> "14/8/2025" or "14 Aug 2025"; "2025-08-12/2025-08-14" -> "12–14/8/2025"; takes written dates too.
function fmt.date(value, opts)
  opts = checked(opts, { "locale" }, "fmt.date")
  if type(value) ~= "string" then core.raise("type", "fmt.date takes a date as text, not " .. type(value)) end
  local from, to = core.date.parse(value):match "^([^/]+)/?(.*)$"
  local english = opts.locale == "en"
  if to == "" then return date_text(from, english) end
  return date_text(from, english, to) .. "–" .. date_text(to, english)
end

return fmt
