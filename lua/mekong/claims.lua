-- claims: what sources announced, as Tables of Figures; every number keeps its bounds, status and source.
-- Claims and counted records never share a table or a sum.
local core = require "mekong.core"
local fmt = require "mekong.fmt"
local labels = require "mekong.labels"
local options = require "mekong.options"
local phases = require "mekong.phases"
local rows_of = require("mekong.rows").of
local Table = require "mekong.table"

local Claims = {}
Claims.__index = Claims
Claims.__name = "mekong.Claims"

-- Measures that are amounts of seized things; measure "quantity" asks for all of them, one column a unit.
local amounts = { mass = true, pills = true, individuals = true, specimens = true, volume = true, count = true }
local amount_units = { mass = "kg", volume = "m3" }

-- Figures that the ledger's keepers derived, or could not check, say so.
local row_status = { unverified = "U", derived = "E" }

local function figure_of(row)
  return core.figure.new {
    best = row.best, lo = row.lower, hi = row.upper, lo_open = row.lower_open, hi_open = row.upper_open,
    unit = row.unit or "", qualifier = row.qualifier, raw = row.surface,
    status = row_status[row.status] or row.preliminary and "P" or "A", sources = { row.source },
  }
end

local function list_of(by)
  if by == nil then return { "phase" } end
  if type(by) == "string" then return { by } end
  if type(by) == "table" and #by > 0 then return by end
  core.raise("type", "by takes a column name or a list of them")
end

local dimensions = { "phase", "category", "item", "scope", "period", "subject", "unit" }

local function all_rows(self)
  return rows_of(self.store, [[select claim, subject, scope, measure, category, item, period, phase, lower, upper,
    lower_open, upper_open, best, qualifier, unit, preliminary, base_kind, base_ref, direction, parent, supersedes,
    preferred, status, source, surface, note from claims order by claim]])
end

-- A claim takes part when it says nothing about a dimension that was not asked for, and what was asked for otherwise.
local function selects(row, wanted, grouped, any_item)
  for _, name in ipairs { "scope", "category", "item", "period", "subject" } do
    local want = wanted[name]
    if want ~= nil then
      if row[name] == nil or core.text.key(row[name], 1) ~= core.text.key(tostring(want), 1) then return false end
    elseif grouped[name] then
      if row[name] == nil then return false end
    elseif name == "subject" then
      if grouped.phase and row.subject ~= row.phase then return false end
    elseif row[name] ~= nil and not (name == "period" and grouped.phase) and not (name == "item" and any_item) then
      return false
    end
  end
  if wanted.phase and row.phase ~= wanted.phase then return false end
  return true
end

local function better(a, b)
  local x, y = a.preferred and 1 or 0, b.preferred and 1 or 0
  if x ~= y then return x > y end
  return a.claim < b.claim
end

-- The phases with the number of members that the preferred source states for each.
local function phases_with_members(store, rows)
  local info, best = phases.of(store), {}
  for _, row in ipairs(rows) do
    local phase = row.measure == "members" and row.phase == row.subject and info.by_key[row.phase]
    if phase and not row.scope and not row.category and not row.item and
      (not best[row.phase] or better(row, best[row.phase])) then
      best[row.phase], phase.members = row, figure_of(row)
    end
  end
  return info
end

-- Groups rows by the key columns: list of {key values, rows}, rows of each best source first.
local function group(rows, by)
  local order, found = {}, {}
  for _, row in ipairs(rows) do
    local parts = {}
    for i, name in ipairs(by) do parts[i] = row[name] or "" end
    local id = table.concat(parts, "\0")
    if not found[id] then
      found[id] = { key = {}, rows = {} }
      for i, name in ipairs(by) do found[id].key[i] = row[name] or false end
      order[#order + 1] = found[id]
    end
    table.insert(found[id].rows, row)
  end
  for _, entry in ipairs(order) do table.sort(entry.rows, better) end
  return order
end

-- What other sources say differently, as text: "23 [un5]; 21 [ril528]".
local function others_of(entry, first, locale)
  local out = {}
  for i = 2, #entry.rows do
    local value = figure_of(entry.rows[i])
    if value ~= first then
      out[#out + 1] = "≠ " .. value:format { locale = locale, unit = value.unit ~= first.unit } .. " [" ..
        entry.rows[i].source .. "]"
    end
  end
  return out[1] and table.concat(out, "; ") or nil
end

-- Stated changes ("tăng 111%") for compare: those of the same scope and category that name the same base.
local function stated_changes(self, wanted)
  local list = {}
  for _, row in ipairs(all_rows(self)) do
    if (row.measure == "percent_change" or row.measure == "times_change") and row.base_kind == "phase" and
      row.subject == row.phase and (row.scope or "") == (wanted.scope or "") and
      (row.category or "") == (wanted.category or "") then
      list[#list + 1] = row
    end
  end
  return function(phase, base)
    local out = {}
    for _, row in ipairs(list) do
      if row.phase == phase and row.base_ref == base then
        local figure, known = figure_of(row), nil
        for _, item in ipairs(out) do
          if item.figure == figure then known = item end
        end
        if known then
          table.insert(known.sources, row.source)
        else
          out[#out + 1] = { figure = figure, sources = { row.source } }
        end
      end
    end
    return out[1] and out or nil
  end
end

local function with_all_phases(entries, by, info, wanted)
  if #by ~= 1 or by[1] ~= "phase" or wanted.phase then return entries end
  local found, out = {}, {}
  for _, entry in ipairs(entries) do found[entry.key[1]] = entry end
  for i, phase in ipairs(info.order) do out[i] = found[phase] or { key = { phase }, rows = {} } end
  return out
end

local column_kind = { phase = "phase", period = "text", unit = "text" }

local function key_columns(by)
  local columns = {}
  for i, name in ipairs(by) do columns[i] = { name = name, kind = column_kind[name] or "text" } end
  return columns
end

local function read_options(self, measure, opts)
  opts = options.check(opts, { "by", "category", "item", "period", "phase", "scope", "subject" }, "claims:table")
  if type(measure) ~= "string" then core.raise("type", "claims:table takes a measure, such as \"cases\"") end
  local by, grouped, wanted = list_of(opts.by), {}, {}
  for i, name in ipairs(by) do
    by[i] = dimensions[core.find_name(name, dimensions, {}, "key of claims:table")]
    grouped[by[i]] = true
  end
  for key, value in pairs(opts) do
    if key ~= "by" then wanted[key] = value end
  end
  if wanted.phase ~= nil then wanted.phase = core.date.phase(tostring(wanted.phase)) end
  local known, names = {}, {}
  for _, row in ipairs(rows_of(self.store, "select distinct measure from claims order by measure")) do
    known[#known + 1] = row.measure
  end
  known[#known + 1] = "quantity"
  for i = 1, #known do names[i] = false end
  return known[core.find_name(measure, known, names, "measure")], by, grouped, wanted
end

-- The rows of each unit: those without an item, or else those of the only item stated ("1.745.000 viên ma túy tổng
-- hợp" is all that was said of tablets).
local function totals_or_only_item(rows)
  local plain, item, several = false, nil, false
  for _, row in ipairs(rows) do
    plain = plain or row.item == nil
    several = several or item ~= nil and row.item ~= item
    item = row.item or item
  end
  local out = {}
  for _, row in ipairs(rows) do
    if row.item == nil or not plain and not several then out[#out + 1] = row end
  end
  return out
end

-- One column per unit for measure "quantity": masses in kg, everything else in its own unit, never added.
local function quantity_table(self, rows, by, info)
  local units, seen, cells = {}, {}, {}
  local entries = group(rows, by)
  for e, entry in ipairs(entries) do
    cells[e] = {}
    local by_unit, order = {}, {}
    for _, row in ipairs(entry.rows) do
      local unit = amount_units[row.measure] or row.unit
      if not by_unit[unit] then by_unit[unit] = {}; order[#order + 1] = unit end
      table.insert(by_unit[unit], row)
    end
    for _, unit in ipairs(order) do
      local row = totals_or_only_item(by_unit[unit])[1]
      if row then
        local value = figure_of(row)
        cells[e][unit] = value.unit == unit and value or value:to(unit)
        if not seen[unit] then seen[unit] = true; units[#units + 1] = unit end
      end
    end
  end
  table.sort(units, function(a, b)
    local rank = { kg = 1, pill = 2, individual = 3, specimen = 4, product = 5, m3 = 6 }
    local x, y = rank[a] or 9, rank[b] or 9
    if x ~= y then return x < y end
    return a < b
  end)
  local columns, data = key_columns(by), {}
  for k = 1, #by do
    data[k] = {}
    for e, entry in ipairs(entries) do data[k][e] = entry.key[k] or nil end
  end
  for _, unit in ipairs(units) do
    local c = #columns + 1
    columns[c], data[c] = { name = unit, kind = "figure", unit = unit, vi = core.figure.unit_name(unit, "vi"),
      en = core.figure.unit_name(unit, "en") }, {}
    for e = 1, #entries do data[c][e] = cells[e][unit] end
  end
  local result = Table.new(columns, data, #entries, { locale = self.store:locale(), phases = info, origin = "claims" })
  return by[1] == "phase" and result:sort "phase" or result
end

-- Figures of one measure by the keys asked for; the preferred source gives the value, others that differ are named.
function Claims:table(measure, opts)
  local by, grouped, wanted
  measure, by, grouped, wanted = read_options(self, measure, opts)
  local stored = all_rows(self)
  local info, locale = phases_with_members(self.store, stored), self.store:locale()
  local rows = {}
  for _, row in ipairs(stored) do
    local amount = measure == "quantity" and amounts[row.measure]
    if (amount or row.measure == measure) and selects(row, wanted, grouped, amount) then rows[#rows + 1] = row end
  end
  if measure == "quantity" then return quantity_table(self, rows, by, info) end
  local entries = with_all_phases(group(rows, by), by, info, wanted)
  local columns, data = key_columns(by), {}
  for c = 1, #by + 3 do data[c] = {} end
  local any_others = false
  for e, entry in ipairs(entries) do
    for k = 1, #by do data[k][e] = entry.key[k] or nil end
    local first = entry.rows[1] and figure_of(entry.rows[1])
    data[#by + 1][e], data[#by + 2][e] = first, first and entry.rows[1].source or nil
    data[#by + 3][e] = first and others_of(entry, first, locale)
    any_others = any_others or data[#by + 3][e] ~= nil
  end
  local unit = entries[1] and rows[1] and rows[1].unit
  columns[#columns + 1] = { name = measure, kind = "figure", unit = unit, missing = true }
  columns[#columns + 1] = { name = "source", kind = "text" }
  columns[#columns + 1] = { name = "others", kind = "text" }
  local totals = {}
  if grouped.category and measure == "cases" then
    local plain = { table.unpack(by) }
    for i = #plain, 1, -1 do if plain[i] == "category" then table.remove(plain, i) end end
    local without = {}
    for key, value in pairs(grouped) do if key ~= "category" then without[key] = value end end
    local list = {}
    for _, row in ipairs(all_rows(self)) do
      if row.measure == measure and selects(row, wanted, without) then list[#list + 1] = row end
    end
    for _, entry in ipairs(group(list, plain)) do
      totals[table.concat(entry.key, "\0")] = figure_of(entry.rows[1])
    end
  end
  local meta = { locale = locale, phases = info, measure = measure, origin = "claims",
    stated = grouped.phase and measure == "cases" and stated_changes(self, wanted) or nil,
    totals = function(t, i)
      local parts = {}
      for _, name in ipairs(by) do
        if name ~= "category" then parts[#parts + 1] = t.data_[Table.position(t, name)][i] end
      end
      return totals[table.concat(parts, "\0")]
    end }
  local result = Table.new(columns, data, #entries, meta)
  if by[1] == "phase" then result = result:sort "phase" end
  if any_others then return result end
  local keep = {}
  for c = 1, #columns - 1 do keep[c] = columns[c].name end
  return result:select(table.unpack(keep))
end

-- Every claim as one row: key columns, the figure and its source.
function Claims:all()
  local names = { "claim", "subject", "scope", "measure", "category", "item", "phase", "period" }
  local columns, data, n = {}, {}, 0
  for c, name in ipairs(names) do
    columns[c] = { name = name, kind = name == "claim" and "int" or name == "phase" and "phase" or "text" }
    data[c] = {}
  end
  local value, source = #names + 1, #names + 2
  columns[value], data[value] = { name = "value", kind = "figure" }, {}
  columns[source], data[source] = { name = "source", kind = "text" }, {}
  for _, row in ipairs(all_rows(self)) do
    n = n + 1
    for c, name in ipairs(names) do data[c][n] = row[name] end
    data[value][n], data[source][n] = figure_of(row), row.source
  end
  return Table.new(columns, data, n, { locale = self.store:locale(), phases = phases.of(self.store), origin = "claims" })
end

Claims.__tostring = function(self) return tostring(self:all()) end

local function date_range(from, to, locale)
  if from == to then return fmt.date(from, { locale = locale }) end
  return (from and fmt.date(from, { locale = locale }) or "…") .. " – " .. (to and fmt.date(to, { locale = locale }) or "…")
end

-- Two partial dates agree when one lies inside the other or when one is not given.
local function agree(a, b)
  if not a or not b then return true end
  local from_a, to_a = core.date.bounds(a)
  local from_b, to_b = core.date.bounds(b)
  return from_a <= to_b and from_b <= to_a
end

-- Dates of other sources that cannot be those of the preferred one: "≠ 4/2023 – 9/2023 [un5]".
local function date_variants(phase, locale)
  local out = {}
  for _, variant in ipairs(phase.variants) do
    if not agree(variant.date, phase.date) or not agree(variant.date_to, phase.date_to) then
      out[#out + 1] = "≠ " .. date_range(variant.date, variant.date_to, locale) .. " [" .. variant.source .. "]"
    end
  end
  return out[1] and table.concat(out, "; ") or nil
end

-- Phases I..VII and AP in one table: dates, days, members, cases in total and by category.
local function phase_table(store, opts)
  opts = options.check(opts, { "scope" }, "store:phase_table")
  local claims = setmetatable({ store = store }, Claims)
  local info, locale = phases.of(store), store:locale()
  local measures = { { "members", nil }, { "cases", nil }, { "cases", "drug" }, { "cases", "precursor" },
    { "cases", "wildlife" } }
  local tables, others = {}, {}
  for i, entry in ipairs(measures) do
    tables[i] = claims:table(entry[1], { category = entry[2], scope = opts.scope })
  end
  local data, n = { {}, {}, {}, {}, {}, {}, {}, {}, {}, {} }, #info.order
  for i, key in ipairs(info.order) do
    local phase = info.by_key[key]
    data[1][i], data[2][i], data[3][i], data[4][i] = key, phase.date, phase.date_to, phase.days
    for k, t in ipairs(tables) do
      data[4 + k][i] = t.data_[2][i]
      local other = t.index_.others and t.data_[t.index_.others][i]
      if other and k <= 2 then
        local name = labels.column(measures[k][1], locale):lower()
        others[i] = (others[i] and others[i] .. "; " or "") .. name .. " " .. other
      end
    end
    local dates = date_variants(phase, locale)
    data[10][i] = dates and others[i] and dates .. "; " .. others[i] or dates or others[i]
  end
  local columns = { { name = "phase", kind = "phase" }, { name = "date", kind = "date" }, { name = "date_to", kind = "date" },
    { name = "days", kind = "int" }, { name = "members", kind = "figure", unit = "member" },
    { name = "cases", kind = "figure", unit = "case", missing = true },
    { name = "drug", kind = "figure", unit = "case" }, { name = "precursor", kind = "figure", unit = "case" },
    { name = "wildlife", kind = "figure", unit = "case" }, { name = "others", kind = "text" } }
  return Table.new(columns, data, n, { locale = locale, phases = info, measure = "cases", origin = "claims" })
end

local store_methods = core.store.methods

function store_methods.claims(store) return setmetatable({ store = store }, Claims) end
store_methods.phase_table = phase_table

return Claims
