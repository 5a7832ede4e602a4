-- changes: what differs between a report and what another store, or the same store on an earlier day, knew.
local core = require "mekong.core"
local Table = require "mekong.table"
local Writer = require "mekong.report.writer"
local claim_name = require "mekong.claim_name"
local claims_rows = require "mekong.claims_rows"
local solve_words = require "mekong.solve_words"
local vintage = require "mekong.vintage"

local changes = {}

-- name -> the preferred claim of that number, and the names in order.
local function numbers_of(view)
  local found, names = {}, {}
  for _, row in ipairs(claims_rows.all(view:claims())) do
    if row.subject ~= "other" and not claim_name.relation[row.measure] then
      local name = claim_name.of(row)
      if not found[name] then names[#names + 1] = name end
      if not found[name] or row.preferred and not found[name].preferred then found[name] = row end
    end
  end
  return found, names
end

local function announced(c, before)
  local now, names = numbers_of(c.view)
  local old, old_names = numbers_of(before)
  local how, data, n = solve_words.how(c.view), {}, 0
  for k = 1, 5 do data[k] = {} end
  local function put(row, a, b)
    n = n + 1
    data[1][n], data[2][n], data[3][n] = solve_words.number(row, how), a, b
    data[4][n] = a and b and core.figure.comparable(a, b) and b - a or nil
    data[5][n] = row.source
  end
  for _, name in ipairs(names) do
    local b, a = claims_rows.figure(now[name]), old[name] and claims_rows.figure(old[name])
    if a ~= b then put(now[name], a, b) end
  end
  for _, name in ipairs(old_names) do
    if not now[name] then put(old[name], claims_rows.figure(old[name]), nil) end
  end
  return Table.new({ { name = "number", kind = "text", vi = "Số liệu", en = "Number" },
    { name = "before", kind = "figure", vi = "Trước", en = "Before" },
    { name = "after", kind = "figure", vi = "Nay", en = "Now" }, { name = "difference", kind = "figure", optional = true },
    { name = "source", kind = "text" } }, data, n, { locale = c.locale, origin = "claims" })
end

-- section(c, store, against): against is a store, or a day for this store.
function changes.section(c, store, against)
  local day = type(against) == "string" and against or nil
  local w = Writer.new(c, "changes", "Thay đổi so với trước", "What changed since")
  local before <close> = vintage.of(day and store or against, day, c.locale)
  local t = announced(c, before)
  local since = day and w:say("ngày ", "") .. w:date(day) or w:say("kho kia", "the other store")
  if #t == 0 then
    w:none("Không số công bố nào khác so với " .. since .. ".", "No announced figure differs from " .. since .. ".")
  else
    w:text("So với %s, có %s số công bố mới hoặc đã khác.", "Against %s, %s announced figures are new or differ.", since, w:number(#t))
    w:table(t, nil, nil, 200)
  end
  local records = day and store.cases:where("date <= $1 or date is missing", { day }) or not day and against.cases
  local a = records:count()[1].n
  if a == c.n_records then return w end
  return w:text("Hồ sơ vụ việc: trước có %s, nay có %s.", "Case records: %s before, %s now.", w:number(a), w:number(c.n_records))
end

return changes
