-- vintage: what a store knew on a day: its ledger (everything but case records) copied into a store in memory, without what was
-- published later and without what begins later. The copy can speak another language than the store.
local core = require "mekong.core"

local vintage = {}

local records = { cases = true, lines = true, persons = true }

local function first_day(date) return date and (core.date.bounds(date)) end

-- Day of the last thing that a store knows of: a publication, a phase, a meeting, the beginning of a period, a case. nil in an empty
-- store. A date known to the month or year counts from its first day. Nothing in the ledger begins later (known_by).
function vintage.last_day(store)
  local latest
  for _, sql in ipairs { "select max(published) from sources", "select max(date_to) from phases where preferred = 1",
    "select max(date) from phases", "select max(period) from claims",
    "select max(coalesce(date_to, date)) from meetings", "select max(date) from cases" } do
    local _, data = core.store.query(store, sql)
    local day = first_day(data[1][1])
    if day and (not latest or day > latest) then latest = day end
  end
  return latest
end

-- code -> first day, of the rows of a query of two columns
local function days_of(store, sql)
  local _, data, n = core.store.query(store, sql)
  local out = {}
  for i = 1, n do out[data[1][i]] = out[data[1][i]] or first_day(data[2][i]) end
  return out
end

-- A function that says of a row of a table whether it was known on that day. A phase that had begun is kept, whoever told of its dates
-- later: totals up to that day run into it.
local function known_by(store, day)
  if not day then return function() return true end end
  local published = days_of(store, "select source, published from sources")
  local begins = days_of(store, "select phase, date from phases where date is not null order by phase, preferred desc, variant")
  local dropped = {}
  return function(name, row)
    if name == "sources" or name == "codes" or name == "aliases" or name == "places" or name == "conversions" then return true end
    if name == "phases" then return not (begins[row.phase] and begins[row.phase] > day) end
    local late = row.source and published[row.source] and published[row.source] > day
    local phase = row.phase and (row.phase:match "^(.-)/" or row.phase)
    late = late or phase and begins[phase] and begins[phase] > day
    late = late or row.period and first_day(row.period) > day
    late = late or name == "meetings" and row.date and first_day(row.date) > day
    if name == "meetings" and late then dropped[row.meeting] = true end
    return not (late or name == "plans" and row.meeting and dropped[row.meeting])
  end
end

-- The rows of a table in the order of its key; columns that a user defined are left behind.
local function rows_of(store, copy, name)
  local _, _, columns = core.store.columns(copy, name)
  local names, keys = {}, {}
  for i, column in ipairs(columns) do
    names[i] = column.name
    if column.key then keys[#keys + 1] = '"' .. column.name .. '"' end
  end
  local _, data, n = core.store.query(store, ('select "%s" from "%s" order by %s'):format(table.concat(names, '", "'), name,
    table.concat(keys, ", ")))
  local out = {}
  for i = 1, n do
    local row = {}
    for c, column in ipairs(names) do row[column] = data[c][i] end
    out[i] = row
  end
  return out
end

-- Claims whose whole or predecessor was not known stand alone.
local function unlink(rows)
  local there = {}
  for _, row in ipairs(rows) do there[row.claim] = true end
  for _, row in ipairs(rows) do
    if row.parent and not there[row.parent] then row.parent = nil end
    if row.supersedes and not there[row.supersedes] then row.supersedes = nil end
  end
end

-- of(store, day or nil, locale) -> a store in memory with the ledger as it was known on that day. The caller closes it.
function vintage.of(store, day, locale)
  local copy = assert(core.store.open(":memory:", { locale = locale }))
  local known = known_by(store, day)
  for _, t in ipairs(core.store.tables()) do
    local rows = {}
    for _, row in ipairs(records[t.name] and {} or rows_of(store, copy, t.name)) do
      if known(t.name, row) then rows[#rows + 1] = row end
    end
    if t.name == "claims" then unlink(rows) end
    if rows[1] then assert(core.store.insert(copy, t.name, rows)) end
  end
  return copy
end

return vintage
