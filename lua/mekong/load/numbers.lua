-- numbers: a cell that should hold a number or a quantity, as people type it: both ways of writing numerals, units,
-- hedges, words. What can be read in two ways is decided by the other cells of the column, or asked about.
local core = require "mekong.core"
local errinfo = require "mekong.errinfo"
local reasons = require "mekong.load.reasons"

local numbers = {}

-- ---------------------------------------------------------------- digits and marks

-- Whether digits stand in groups of three behind the first one to three: "1.715.000". group: pattern of the mark.
local function in_groups(text, group)
  local rest = text:match "^[1-9]%d?%d?(.*)$"
  return rest and #rest % 4 == 0 and rest:gsub(group .. "%d%d%d", "") == ""
end

-- How a run of digits and marks can be read: "plain" (no marks), "vi", "en" (one way only), "both", or nil: no number.
local function shape(run)
  if run:find "^%d+$" then return "plain" end
  if run:find "^[1-9]%d?%d?[.,]%d%d%d$" then return "both" end
  if run:find "^%d+,%d+$" then return "vi" end
  if run:find "^%d+%.%d+$" then return "en" end
  if in_groups(run:match "^([%d.]*),?%d*$" or "", "%.") and run:find "%d$" then return "vi" end
  if in_groups(run:match "^([%d,]*)%.?%d*$" or "", ",") and run:find "%d$" then return "en" end
end
numbers.shape = shape

-- The canonical decimal of a run read in a style.
local function canonical(run, style)
  local group, point = style == "en" and "," or "%.", style == "en" and "%." or ","
  local text = run:gsub(group, ""):gsub(point, ".")
  local whole, fraction = text:match "^0*(%d+)%.?(%d*)$"
  fraction = fraction:gsub("0+$", "")
  return fraction == "" and whole or whole .. "." .. fraction
end

-- Spaces of every kind as one kind; the minus sign as a hyphen.
local function tidy(text)
  return (text:gsub("\u{A0}", " "):gsub("\u{202F}", " "):gsub("\u{2009}", " "):gsub("^\u{2212}", "-"):match "^%s*(.-)%s*$")
end

-- Spaces as thousands separators are taken out: "1 715 kg" -> "1715 kg", true.
local function unspaced(text)
  local sign, digits, rest = text:match "^([+-]?)(%d[%d ]*%d)(.*)$"
  if not digits or not digits:find " " or not in_groups(digits, " ") then return text, false end
  return sign .. digits:gsub(" ", "") .. rest, true
end

-- ---------------------------------------------------------------- the style of a column

-- A vote of every cell: {vi =, en =, both =, marked =} counts of cells by shape.
function numbers.votes() return { vi = 0, en = 0, both = 0, plain = 0 } end

function numbers.vote(votes, text)
  local run = (unspaced(tidy(text))):match "%d[%d.,]*"
  local kind = run and shape((run:gsub("[.,]+$", "")))
  if kind then votes[kind] = votes[kind] + 1 end
end

-- "vi" or "en" when cells show one style only, "mixed" when they show both, nil when none does.
function numbers.style(votes)
  if votes.vi > 0 and votes.en > 0 then return "mixed" end
  return votes.vi > 0 and "vi" or votes.en > 0 and "en" or nil
end

-- ---------------------------------------------------------------- units

local units = {}

-- Code of a unit written anyhow, or nil and the nearest name.
function numbers.unit(words)
  words = words:gsub("%.$", "") -- of an abbreviation: "Kg."
  local known = units[words]
  if known == nil then
    local ok, found = pcall(core.figure.unit, words)
    local record = not ok and errinfo.parse(found)
    if not ok and (not record or record.code == "memory") then error(found, 0) end
    known = ok and found ~= "" and { found } or { nil, not ok and found:match "did you mean '([^']+)'" or nil }
    if #words < 40 then units[words] = known end
  end
  return known[1], known[2]
end

local wholes = {}
local function is_whole(unit)
  if wholes[unit] == nil then wholes[unit] = core.figure.new({ best = 1, unit = unit }).whole and true or false end
  return wholes[unit]
end
numbers.is_whole = is_whole

-- ---------------------------------------------------------------- one cell

local nothing = {}
for _, words in ipairs { "-", "--", "–", "—", "…", "...", "n/a", "na", "null", "none", "nan", "?", "không rõ", "chưa rõ", "không có số liệu",
  "chưa có số liệu", "chưa có", "chưa xác định", "không xác định", "unknown" } do nothing[core.text.key(words, 1)] = true; nothing[words] = true end

-- Whether a cell says that there is no value; no digit does.
function numbers.is_nothing(text)
  return nothing[text] or #text < 40 and not text:find "%d" and nothing[core.text.key(text, 1)] or false
end

-- The style to read "1.715" in and what is said of it, or nil and why not. at: {given, found, whole}.
local function decide(run, at)
  local grouped, fraction = canonical(run, run:find "%." and "vi" or "en"), canonical(run, run:find "%." and "en" or "vi")
  local group_style = run:find "%." and "vi" or "en"
  local style = at.given or at.found ~= "mixed" and at.found or nil
  if at.whole then
    if style and style ~= group_style then return nil, reasons.two_readings(grouped, fraction) end
    return grouped, not at.given and reasons.counted(grouped) or nil
  end
  if not style then return nil, reasons.two_readings(grouped, fraction) end
  local value = style == group_style and grouped or fraction
  return value, not at.given and reasons.by_column(value, style) or nil
end

-- A run of digits and marks: value, what was assumed; or nil, why not.
local function run_value(run, at)
  local kind = shape(run)
  if not kind then return nil, reasons.no_number() end
  if kind == "plain" then return canonical(run, "vi") end
  if at.exact and run:find "^%d+%.%d+$" then return canonical(run, "en") end
  if kind == "both" then return decide(run, at) end
  local value = canonical(run, kind)
  return value, at.given and at.given ~= kind and reasons.other_style(value, at.given) or nil
end

local WORDS = 24 -- longer cells are sentences

-- Why a cell is not read that the reader of figures does not take: it holds a number and more.
local function unread(text)
  local words = {}
  for word in text:gsub("(%d)(%a)", "%1 %2"):gmatch "%S+" do words[#words + 1] = word end
  if not text:find "%d" or #words < 2 or #words > WORDS then return reasons.no_number() end
  for n = #words - 1, 1, -1 do
    for first = 1, #words - n + 1 do
      local part = table.concat(words, " ", first, first + n - 1):gsub("[,;]$", "")
      if part:find "%d" and core.figure.number(part, { record = true, style = "vi" }) then
        local before, after = table.concat(words, " ", 1, first - 1), table.concat(words, " ", first + n)
        local rest = before == "" and after or after == "" and before or before .. " … " .. after
        if rest:find "%d" then return reasons.several_numbers() end
        if not rest:find "[%a\x80-\xFF]" then return reasons.no_number() end
        local near = before == "" and not part:find "[^%d.,]" and select(2, numbers.unit(rest))
        return near and reasons.unknown_unit(near) or reasons.with_words(part, rest)
      end
    end
  end
  return reasons.no_number()
end

-- Words, hedges and scales: what the reader of figures makes of them.
local function figure_value(text, at)
  local run = text:match "%d[%d.,]*"
  run = run and run:gsub("[.,]+$", "")
  local kind, style, said = run and shape(run), at.given or at.found ~= "mixed" and at.found or nil, nil
  local figure, why, code = core.figure.number(text, { record = true, style = style or kind == "both" and "vi" or kind })
  if not figure then return nil, code == "ambiguous" and reasons.doubtful(why) or unread(text) end
  local unit = figure.unit ~= "" and figure.unit or nil
  if kind == "both" then
    local value
    value, said = decide(run, { given = at.given, found = at.found, whole = at.whole or unit ~= nil and is_whole(unit) })
    if not value then return nil, said end
  end
  local value = core.figure.decimal(figure)
  if not value or figure.qualifier == "between" then return nil, reasons.range() end
  if figure.includes and #figure.includes > 0 then return value, reasons.including(value, unit), unit, true end
  if figure.qualifier ~= "exact" or figure.status ~= "A" then return value, reasons.hedged(value, unit), unit, true end
  return value, said, unit
end

-- value, assumed reason or nil, unit or nil, whether its words say more than that; or nil, reason. All nil: a missing value, with the
-- reason that says so. at: given (option numbers), found (style of the column), whole (counts only), unit (of the row),
-- exact (a number of JSON or of a sheet).
function numbers.read(text, at)
  text = tidy(text)
  if numbers.is_nothing(text) then return nil, nil, nil, nil, reasons.no_value(text) end
  if text:find "^#[%u/0!?]+" then return nil, reasons.sheet_error() end
  if text:find "^[+-]?%d+%f[%D][.,]?%d*[eE][+-]?%d+$" then return nil, reasons.exponent() end
  local plain, spaced = unspaced(text)
  local sign, run, rest = plain:match "^([+-]?)(%d[%d.,]*)%s*(.*)$"
  local unit
  if run and rest ~= "" then unit = numbers.unit(rest) end
  if not run or rest ~= "" and not unit or run:find "[.,]$" then return figure_value(spaced and plain or text, at) end
  local of = unit or at.unit
  local value, said = run_value(run, { given = at.given, found = at.found, whole = at.whole or of ~= nil and is_whole(of), exact = at.exact })
  if not value then return nil, said end
  if sign == "-" and value ~= "0" then return nil, reasons.below_zero() end
  return value, said or spaced and reasons.spaced(value) or nil, unit
end

-- value * scale, both canonical decimals.
function numbers.scaled(value, scale)
  if scale == "1" then return value end
  return core.figure.decimal(core.figure.new { best = value } * core.figure.new { best = scale })
end

return numbers
