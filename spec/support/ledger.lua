-- ledger: the CSV files of data/ read once, with what the specs of the ledger look up in them. Integers only.
local csv = require "spec.support.csv"

local ledger = { tables = {}, headers = {}, code = {} }

for _, name in ipairs { "sources", "operation", "phases", "members", "claims", "meetings", "plans", "statements", "focal_points",
  "alerts", "places", "codes", "aliases", "conversions", "units" } do
  ledger.tables[name], ledger.headers[name] = csv.read("data/" .. name .. ".csv")
end

-- The first row of each value of a column.
local function index(name, key)
  local out = {}
  for _, row in ipairs(ledger.tables[name]) do out[row[key]] = out[row[key]] or row end
  return out
end

ledger.source, ledger.unit, ledger.claim = index("sources", "source"), index("units", "code"), index("claims", "claim")
ledger.phase, ledger.meeting, ledger.place = index("phases", "phase"), index("meetings", "meeting"), index("places", "place")
for _, row in ipairs(ledger.tables.codes) do -- kind -> code -> row
  ledger.code[row.kind] = ledger.code[row.kind] or {}
  ledger.code[row.kind][row.code] = row
end

-- Decimals as integers in ten-thousandths; finer ones are refused.
function ledger.ticks(text)
  local whole, part = text:match "^(%d+)%.?(%d*)$"
  assert(whole and #part <= 4 and not (text:find "%." and part == ""), "not a decimal of at most four places: " .. text)
  return math.tointeger(whole) * 10000 + math.tointeger((part .. "0000"):sub(1, 4))
end

-- n / d rounded half away from zero, for d > 0.
function ledger.rounded(n, d)
  if n < 0 then return -ledger.rounded(-n, d) end
  return (2 * n + d) // (2 * d)
end

-- The one row of a table with these cells; false asks for an empty cell.
function ledger.row(name, wanted)
  local found
  for _, row in ipairs(ledger.tables[name]) do
    local fits = true
    for key, value in pairs(wanted) do fits = fits and (row[key] or false) == value end
    if fits then
      assert(not found, name .. ": two rows fit, the later on line " .. row.line)
      found = row
    end
  end
  return assert(found, name .. ": no such row")
end

-- The one claim with these cells, and its number.
function ledger.find(wanted) return ledger.row("claims", wanted) end
function ledger.number(wanted) return math.tointeger(ledger.ticks(ledger.find(wanted).best) // 10000) end

-- Cases of a phase as one source states them for all members.
function ledger.cases(subject, src, category)
  return ledger.number { subject = subject, source = src, measure = "cases", category = category or false, item = false,
    scope = false, period = false }
end

-- Viet Nam customs' own drug figures of a period.
function ledger.customs(measure, src, period, item)
  return ledger.find { subject = "VN-Customs", scope = false, measure = measure, source = src, period = period,
    category = "drug", item = item or false }
end

return ledger
