-- page_cases: a few made-up cases whose answers can be worked out by hand, for the specs of what a user reads on the page of the
-- interface (outside_*_spec.lua), and how their answers are looked at.
local assert = require "luassert"
local mekong = require "mekong"

local page_cases = {}

-- Six cases and seven lines:
--   P1 IV  10/5/2022 Lào→Việt Nam      2 persons joint      heroin 1,5 kg; yaba 2.000 tablets
--   P2 IV  20/6/2022 Myanmar→Việt Nam  1 person  not joint  ketamine, weight not known
--   P3 V   5/5/2023  Lào→Thái Lan      3 persons joint      heroin 2,5 kg; pangolin 4 individuals
--   P4 V   7/6/2023  (?)→Việt Nam      persons not known    precursor 10 kg
--   P5 VII 2/5/2025  Trung Quốc→Việt Nam  nobody            no line
--   P6 VII 20/8/2025 Trung Quốc→Việt Nam  5 persons         heroin 7 kg
local CASES = {
  { case = "P1", phase = 4, date = "2022-05-10", suspects = 2, origin = "LA", destination = "VN", agency = "Hải quan Cao Bằng", joint = true },
  { case = "P2", phase = 4, date = "2022-06-20", suspects = 1, origin = "MM", destination = "VN", agency = "HẢI QUAN CAO BẰNG", joint = false },
  { case = "P3", phase = 5, date = "2023-05-05", suspects = 3, origin = "LA", destination = "TH", agency = "Đội 3", joint = true,
    note = "bắt ma tuý đá giấu trong xe" },
  { case = "P4", phase = 5, date = "2023-06-07", destination = "VN", agency = "Đội 3", note = "tiền chất" },
  { case = "P5", phase = 7, date = "2025-05-02", suspects = 0, origin = "CN", destination = "VN" },
  { case = "P6", phase = 7, date = "2025-08-20", suspects = 5, origin = "CN", destination = "VN" },
}
local LINES = {
  { case = "P1", line = 1, category = "drug", item = "heroin", quantity = "1.5", unit = "kg" },
  { case = "P1", line = 2, category = "drug", item = "yaba", quantity = 2000, unit = "viên" },
  { case = "P2", line = 1, category = "drug", item = "ketamine", unit = "kg" },
  { case = "P3", line = 1, category = "drug", item = "heroin", quantity = "2.5", unit = "kg" },
  { case = "P3", line = 2, category = "wildlife", item = "pangolin", quantity = 4, unit = "cá thể" },
  { case = "P4", line = 1, category = "precursor", quantity = 10, unit = "kg" },
  { case = "P6", line = 1, category = "drug", item = "heroin", quantity = 7, unit = "kg" },
}

local function backwards(rows)
  local out = {}
  for i = #rows, 1, -1 do out[#out + 1] = rows[i] end
  return out
end

-- The store with these cases and lines in it; turned: inserted the other way round.
function page_cases.filled(store, turned)
  assert(store:insert("cases", turned and backwards(CASES) or CASES))
  assert(store:insert("lines", turned and backwards(LINES) or LINES))
  return store
end

-- A table as "a=b c=d | ..." by the names of its columns
function page_cases.shown(t, ...)
  local names, out = { ... }, {}
  if #names == 0 then names = t:names() end
  for i = 1, #t do
    local row = {}
    for k, name in ipairs(names) do row[k] = tostring(t[i][name] == nil and "-" or t[i][name]) end
    out[i] = table.concat(row, " ")
  end
  return table.concat(out, " | ")
end

function page_cases.lacks(text, part)
  assert(not tostring(text):find(part, 1, true), ("%q is in:\n%s"):format(part, tostring(text)))
end

-- The message of a call that must fail with this code; its first line is complete alone
function page_cases.fails(code, call, ...)
  local ok, message = pcall(call, ...)
  assert(not ok, "nothing was raised")
  assert.equal("string", type(message))
  local first = message:match "^[^\n]*"
  assert(first:find("^[^\n]+:%d+: mekong: .+ %[" .. code .. "%]$"), ("not a complete first line of [%s]: %s"):format(code, message))
  assert.equal(code, mekong.errinfo(message).code)
  return message
end

return page_cases
