-- claim_name: names of announced numbers, SUBJECT[@SCOPE][(PERIOD)].measure[.category[.item]], as "OMD5@VN.cases.drug" or
-- "VN-Customs(2022-12-16/2023-11-15).cases.drug.led". Without @ all members are meant; a measure of several units takes the
-- unit behind it, "OMD3.members[agency]"; "OMD1/OMD5" is the phases I to V together.
local core = require "mekong.core"
local labels = require "mekong.labels"

local claim_name = {}

local measure_names = {}
for i, name in ipairs(labels.measures) do
  measure_names[i] = name ~= "count" and labels.both(name) or false
end

-- The unit of a number given without one.
claim_name.unit = { cases = "case", suspects = "person", mass = "kg", pills = "pill", individuals = "individual",
  specimens = "specimen", volume = "m3", money = "VND", percent_change = "%", percent_share = "%", times_change = "x",
  duration = "day", members = "member", focal_points = "focal_point", alerts = "alert", reports = "report",
  delegates = "delegate", ordinal = "ordinal" }

-- Numbers of parts that do not overlap add up to the number of the whole.
claim_name.additive = { cases = true, suspects = true, mass = true, pills = true, individuals = true, specimens = true,
  volume = true, money = true, count = true, alerts = true, reports = true }

-- Relations between two numbers, not numbers of things.
claim_name.relation = { percent_change = true, times_change = true, percent_share = true }

-- The name of the number that a row states.
function claim_name.of(row)
  local out = row.subject
  if row.scope then out = out .. "@" .. row.scope end
  local period = row.period or row.phase ~= row.subject and row.phase or nil
  if period then out = out .. "(" .. period .. ")" end
  out = out .. "." .. row.measure
  if row.category or row.item then out = out .. "." .. (row.category or "") end
  if row.item then out = out .. "." .. row.item end
  return out
end

-- What a row is of, with changes: {category = false} leaves the category out.
function claim_name.with(row, changes)
  local out = { subject = row.subject, scope = row.scope, measure = row.measure, category = row.category, item = row.item,
    period = row.period, phase = row.phase }
  for key, value in pairs(changes) do out[key] = value or nil end
  return out
end

local function refuse(name, what)
  core.raise("syntax", ("'%s' is not the name of an announced number: %s"):format(name, what),
    'hint: SUBJECT[@SCOPE][(PERIOD)].measure[.category[.item]], such as "OMD5@VN.cases.drug"')
end

local function subject_of(text)
  local ok, phase = pcall(core.date.phase, text)
  if ok and phase then return phase end
  for part in text:gmatch "[^/]+" do
    if part:find "^%s*OMD[%s%-]*%w" then core.date.phase(part) end -- raises [name], with the phases there are
  end
  return text
end

local function code(name, text)
  if text == "" or text == nil then return nil end
  if not text:find "^[%w_%-]+$" then refuse(name, "'" .. text .. "' is not a code") end
  return text
end

-- {subject, scope, period, phase, measure, category, item, unit} of a name; raises [syntax] or [name].
function claim_name.read(name)
  if type(name) ~= "string" then core.raise("type", "the name of a number is a text such as \"OMD5.cases\", not a " .. type(name)) end
  local text, unit = name:match "^(.*)%[([^%[%]]*)%]$"
  text = text or name
  local head, tail = text:match "^(.-%))%.(.*)$"
  if not head then head, tail = text:match "^([^.]*)%.(.*)$" end
  if not head then refuse(name, "it names no measure") end
  local before, period = head:match "^([^(]*)%(([^()]*)%)$"
  local subject, scope = (before or head):match "^([^@()]*)@?([^@()]*)$"
  if not subject or subject == "" then refuse(name, "its subject cannot be read") end
  local measure, category, item, more = tail:match "^([^.]*)%.?([^.]*)%.?([^.]*)(.*)$"
  if more ~= "" then refuse(name, "it has too many parts") end
  measure = labels.measures[core.find_name(measure, labels.measures, measure_names, "measure")]
  local row = { subject = subject_of(subject), scope = code(name, scope), measure = measure, category = code(name, category),
    item = code(name, item), unit = unit and core.figure.unit(unit) or nil }
  if subject:find "%s" and row.subject == subject then refuse(name, "'" .. subject .. "' is no phase and no code") end
  if period then
    local phase = subject_of(period)
    if phase ~= period or period:find "^OMD" then row.phase = phase else row.period = core.date.parse(period) end
  elseif row.subject:find "^OMD[%d-]" and not row.subject:find("/", 1, true) then
    row.phase = row.subject
  end
  return row
end

return claim_name
