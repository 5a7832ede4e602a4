-- claims_rows: the stored claims as rows: which of them answer a question, in which order, and as which Figure.
local core = require "mekong.core"
local kept = require "mekong.kept"
local labels = require "mekong.labels"
local options = require "mekong.options"
local order = require "mekong.order"
local phases = require "mekong.phases"
local rows_of = require("mekong.rows").of

local claims_rows = {}

-- Figures that the ledger's keepers derived, or could not check, say so.
local row_status = { unverified = "U", derived = "E" }

function claims_rows.figure(row)
  return core.figure.new {
    best = row.best, lo = row.lower, hi = row.upper, lo_open = row.lower_open, hi_open = row.upper_open,
    unit = row.unit or "", qualifier = row.qualifier, raw = row.surface,
    status = row_status[row.status] or row.preliminary and "P" or "A", sources = { row.source },
  }
end

-- Every claim of a store that states a number, a sum or from when to when something lasted, in the order of the claims; not to be changed.
local stored = kept.of({ "claims" }, function(store)
  return rows_of(store, [[select claim, subject, scope, measure, category, item, period, phase, lower, upper,
    lower_open, upper_open, best, qualifier, unit, preliminary, base_kind, base_ref, direction, of_measure, parent,
    supersedes, preferred, status, source, first, last, surface, note from claims
    where best is not null or lower is not null or upper is not null or base_kind = 'sum' or measure = 'date_range'
    order by claim]])
end)

-- Of a Claims object: those of its store, and those entered since (claims_say.lua).
function claims_rows.of(claims)
  local rows = stored(claims.store)
  if not claims.own[1] then return rows end
  if claims.merged and claims.merged_of == rows then return claims.merged end
  local out = table.move(rows, 1, #rows, 1, {})
  claims.merged, claims.merged_of = table.move(claims.own, 1, #claims.own, #out + 1, out), rows
  return out
end

-- Those that state one number, as tables show them.
function claims_rows.all(claims)
  local out = {}
  for _, row in ipairs(claims_rows.of(claims)) do
    if row.best ~= nil or row.lower ~= nil or row.upper ~= nil then out[#out + 1] = row end
  end
  return out
end

-- The preferred claim first, then the order in which they were entered.
local function better(a, b)
  local x, y = a.preferred and 1 or 0, b.preferred and 1 or 0
  if x ~= y then return x > y end
  return a.claim < b.claim
end

-- The phases, with the number of members that the preferred source states for each.
function claims_rows.phases(store, rows)
  local shared, by_key, best = phases.of(store), {}, {}
  for key, phase in pairs(shared.by_key) do
    by_key[key] = {}
    for name, value in pairs(phase) do by_key[key][name] = value end
  end
  local info = { order = shared.order, rank = shared.rank, place = shared.place, by_key = by_key }
  for _, row in ipairs(rows) do
    local phase = row.measure == "members" and row.phase == row.subject and info.by_key[row.phase]
    if phase and not row.scope and not row.category and not row.item and
      (not best[row.phase] or better(row, best[row.phase])) then
      best[row.phase], phase.members = row, claims_rows.figure(row)
    end
  end
  return info
end

-- A claim takes part when it says nothing about a dimension that was not asked for, and what was asked for otherwise.
function claims_rows.selects(row, wanted, grouped, any_item)
  for _, name in ipairs { "scope", "category", "item", "period", "subject" } do
    if wanted[name] ~= nil then
      if row[name] ~= wanted[name] then return false end
    elseif grouped[name] then
      if row[name] == nil then return false end
    elseif name == "subject" then
      if grouped.phase and row.subject ~= row.phase then return false end
    elseif row[name] ~= nil and not (name == "item" and any_item) then
      return false
    end
  end
  return not wanted.phase or row.phase == wanted.phase
end

-- Groups rows by the key columns: list of {key = values (false where missing), rows = best source first}.
function claims_rows.group(rows, by)
  local groups, found = {}, {}
  for _, row in ipairs(rows) do
    local parts = {}
    for i, name in ipairs(by) do parts[i] = row[name] or "" end
    local id = table.concat(parts, "\0")
    if not found[id] then
      found[id] = { key = {}, rows = {} }
      for i, name in ipairs(by) do found[id].key[i] = row[name] or false end
      groups[#groups + 1] = found[id]
    end
    table.insert(found[id].rows, row)
  end
  for _, entry in ipairs(groups) do table.sort(entry.rows, better) end
  return groups
end

-- What other sources say that cannot be the same number, each figure once: "≠ 23 [un5]; ≠ 21 [ril528]". "gần 2.000 kg"
-- beside 1.983 kg is only a rounding and is left out, and so is what was said of another period.
function claims_rows.others(rows, first, opts)
  local list = {}
  for i = 2, #rows do
    local value, known = claims_rows.figure(rows[i]), nil
    for _, item in ipairs(list) do
      if item.value == value then known = item end
    end
    if known then
      known.sources[#known.sources + 1] = rows[i].source
    elseif rows[i].period == rows[1].period and not (core.figure.comparable(value, first) and value:overlaps(first)) then
      list[#list + 1] = { value = value, sources = { rows[i].source } }
    end
  end
  for i, item in ipairs(list) do
    local with_unit = opts.unit or item.value.unit ~= first.unit
    list[i] = "≠ " .. item.value:format { locale = opts.locale, unit = with_unit } .. " [" ..
      table.concat(item.sources, ", ") .. "]"
  end
  return list[1] and table.concat(list, "; ") or nil
end

-- ---------------------------------------------------------------- what the caller asks for

local dimensions = { "category", "item", "period", "phase", "scope", "subject", "unit" }
local dimension_names = {}
for i, name in ipairs(dimensions) do dimension_names[i] = labels.both(name) or false end
local code_kinds = { category = { category = true }, item = { item = true, division = true },
  scope = { country = true, agency = true }, subject = { agency = true, operation = true } }

-- The value of a dimension by any of its names: as stored, in Vietnamese or English, or by an alias.
local function resolve(store, rows, name, value)
  if type(value) ~= "string" then
    core.raise("type", "claims:table option " .. name .. " takes a text, not a " .. type(value))
  end
  local names, aliases, at = {}, {}, {}
  local function add(code, other)
    if not at[code] then
      names[#names + 1], aliases[#aliases + 1] = code, ""
      at[code] = #names
    end
    if other then aliases[at[code]] = aliases[at[code]] .. "|" .. other end
  end
  for _, row in ipairs(rows) do
    if row[name] then add(row[name]) end
  end
  local kinds = code_kinds[name] or {}
  for _, row in ipairs(rows_of(store, "select kind, code, name_vi, name_en from codes order by kind, code")) do
    if kinds[row.kind] then
      add(row.code, row.name_vi)
      add(row.code, row.name_en)
    end
  end
  for _, row in ipairs(rows_of(store, "select kind, code, alias from aliases order by kind, code, alias")) do
    if kinds[row.kind] and at[row.code] then add(row.code, row.alias) end
  end
  if name == "subject" and not at[value] then
    local ok, phase = pcall(core.date.phase, value)
    if ok and phase and at[phase] then return phase end
  end
  if not names[1] then return value end -- a store without claims and codes has no answer to any question
  return names[core.find_name(value, names, aliases, name)]
end

local function phase_of(value)
  if type(value) ~= "string" and math.type(value) ~= "integer" then
    core.raise("type", "claims:table option phase takes a phase such as 7, not a " .. type(value))
  end
  local phase = core.date.phase(tostring(value))
  if not phase then core.raise("name", "'" .. tostring(value) .. "' is a date, not a phase") end
  return phase
end

local function keys_of(by)
  if by == nil then return { "phase" } end
  if type(by) == "string" then return { by } end
  if type(by) == "table" and #by > 0 then return { table.unpack(by) } end
  core.raise("type", "by takes the name of a key or a list of names")
end

-- The names of codes of that kind, "|" between them: code -> "name_vi|name_en|alias|...".
local function code_names(store, kind)
  local names = {}
  for _, row in ipairs(rows_of(store, [[select code, name_vi as name from codes where kind = ?1
      union all select code, name_en from codes where kind = ?1
      union all select code, alias from aliases where kind = ?1 order by 1, 2]], { kind })) do
    if row.name then names[row.code] = names[row.code] and names[row.code] .. "|" .. row.name or row.name end
  end
  return names
end

local function measure_of(store, measure, rows)
  if type(measure) ~= "string" then
    core.raise("type", "claims:table takes a measure as text, such as \"cases\"",
      "hint: call it with ':', claims:table \"cases\"")
  end
  local names, seen, aliases = { table.unpack(labels.measures) }, {}, {}
  for _, name in ipairs(names) do seen[name] = true end
  for _, row in ipairs(rows) do
    if not seen[row.measure] then seen[row.measure], names[#names + 1] = true, row.measure end
  end
  order.texts(names)
  names[#names + 1] = "quantity"
  local other = code_names(store, "measure")
  for i, name in ipairs(names) do
    local own = name ~= "count" and labels.both(name) -- "số lượng" asks for quantities
    aliases[i] = own and own .. "|" .. (other[name] or "") or name ~= "count" and other[name]
  end
  return names[core.find_name(measure, names, aliases, "measure")]
end

-- measure, list of keys, set of keys, wanted values: all checked and in canonical form.
function claims_rows.question(store, rows, measure, opts)
  opts = options.check(opts, { "by", "category", "item", "period", "phase", "scope", "subject" }, "claims:table")
  measure = measure_of(store, measure, rows)
  local by, grouped, wanted = keys_of(opts.by), {}, {}
  for i, name in ipairs(by) do
    if type(name) ~= "string" then core.raise("type", "by takes names of keys, not a " .. type(name)) end
    by[i] = dimensions[core.find_name(name, dimensions, dimension_names, "key")]
    if grouped[by[i]] then core.raise("duplicate", "by names the key '" .. by[i] .. "' twice") end
    grouped[by[i]] = true
  end
  for _, name in ipairs { "category", "item", "period", "scope", "subject" } do
    if opts[name] ~= nil then wanted[name] = resolve(store, rows, name, opts[name]) end
  end
  if opts.phase ~= nil then wanted.phase = phase_of(opts.phase) end
  return measure, by, grouped, wanted
end

-- What the codes of a kind are called: code -> names and aliases with "|" between them.
claims_rows.code_names = code_names

return claims_rows
