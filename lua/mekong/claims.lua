-- claims: what sources announced, as Tables of Figures; every number keeps its bounds, status and source.
-- Claims and counted records never share a table or a sum.
local core = require "mekong.core"
local cite = require "mekong.cite"
local claims_quantity = require "mekong.claims_quantity"
local claims_rows = require "mekong.claims_rows"
local options = require "mekong.options"
local Table = require "mekong.table"

local Claims = {}
local methods = {}

local function check(self, name)
  if getmetatable(self) ~= Claims then
    core.raise("type", "claims:" .. name .. " was called on a " .. type(self),
      "hint: call it with ':', claims:" .. name .. "(...)")
  end
end

-- Stated changes ("tăng 111%") for compare: those of the same scope and category that name the same base, each figure
-- once with all its sources.
local function stated_changes(rows, wanted)
  local list = {}
  for _, row in ipairs(rows) do
    if (row.measure == "percent_change" or row.measure == "times_change") and row.base_kind == "phase" and
      row.subject == row.phase and row.scope == wanted.scope and row.category == wanted.category and row.item == nil and
      (row.of_measure or "cases") == "cases" then
      list[#list + 1] = row
    end
  end
  return function(phase, base)
    local out = {}
    for _, row in ipairs(list) do
      if row.phase == phase and row.base_ref == base then
        local figure, known = claims_rows.figure(row), nil
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

-- Totals stated over all phases from the one given on, as of a day, for charts of running totals: a function of the first phase.
local function announced_totals(rows, measure, wanted)
  return function(first)
    local out = {}
    for _, row in ipairs(rows) do
      local over = row.phase and row.phase:match "^(.-)/"
      if row.measure == measure and row.preferred and over and over == first and row.period and row.scope == wanted.scope and
        row.category == wanted.category and row.item == wanted.item then
        out[#out + 1] = { date = row.period:match "[^/]+$", figure = claims_rows.figure(row), source = row.source }
      end
    end
    return out
  end
end

local function with_all_phases(entries, by, info, wanted)
  if #by ~= 1 or by[1] ~= "phase" or wanted.phase then return entries end
  local found, out = {}, {}
  for _, entry in ipairs(entries) do found[entry.key[1]] = entry end
  for i, phase in ipairs(info.order) do out[i], found[phase] = found[phase] or { key = { phase }, rows = {} }, nil end
  for _, entry in ipairs(entries) do -- of phases that the store does not have
    if entry.key[1] and found[entry.key[1]] then out[#out + 1] = entry end
  end
  return out
end

local column_kind = { phase = "phase", period = "period" }

local function key_columns(by)
  local columns = {}
  for i, name in ipairs(by) do columns[i] = { name = name, kind = column_kind[name] or "text" } end
  return columns
end

-- Items are printed by their names, as in tables of records.
local function name_items(t)
  local c = t.index_.item
  if c then t.columns_[c].words = require("mekong.shown").words("item", t.data_[c], t.n_) end
  return t
end

-- Totals stated apart from the categories, for share: a function of a table and one of its rows.
local function stated_totals(rows, measure, by, grouped, wanted)
  local plain, without, totals = {}, {}, {}
  for _, name in ipairs(by) do
    if name ~= "category" then plain[#plain + 1], without[name] = name, true end
  end
  if grouped.category and measure == "cases" then
    local list = {}
    for _, row in ipairs(rows) do
      if row.measure == measure and claims_rows.selects(row, wanted, without) then list[#list + 1] = row end
    end
    for _, entry in ipairs(claims_rows.group(list, plain)) do
      totals[table.concat(entry.key, "\0")] = claims_rows.figure(entry.rows[1])
    end
  end
  return function(t, i)
    local parts = {}
    for k, name in ipairs(plain) do parts[k] = t.data_[Table.position(t, name)][i] or "" end
    return totals[table.concat(parts, "\0")]
  end
end

local function measure_table(measure, entries, by, meta)
  local columns, data, any_others, unit = key_columns(by), {}, false, nil
  for c = 1, #by + 3 do data[c] = {} end
  for e, entry in ipairs(entries) do
    for k = 1, #by do data[k][e] = entry.key[k] or nil end
    local rows = claims_quantity.measures[measure] and claims_quantity.split(entry.rows) or entry.rows
    local first = rows[1] and claims_rows.figure(rows[1])
    data[#by + 1][e], data[#by + 2][e] = first, rows[1] and rows[1].source
    data[#by + 3][e] = first and claims_rows.others(rows, first, { locale = meta.locale })
    any_others, unit = any_others or data[#by + 3][e] ~= nil, unit or first and first.unit
  end
  columns[#columns + 1] = { name = measure, kind = "figure", unit = unit, missing = true }
  columns[#columns + 1] = { name = "source", kind = "text" }
  if any_others then
    columns[#columns + 1] = { name = "others", kind = "text", optional = true }
  else
    data[#data] = nil
  end
  return Table.new(columns, data, #entries, meta)
end

-- claims:table(measure [, {by, category, item, period, phase, scope, subject}]) -> Table: keys, the Figure of the
-- preferred source, source, and others when sources differ. measure "quantity": one Figure column a unit.
function methods:table(measure, opts)
  check(self, "table")
  local stored = claims_rows.all(self)
  local by, grouped, wanted
  measure, by, grouped, wanted = claims_rows.question(self.store, stored, measure, opts)
  local info, rows = claims_rows.phases(self.store, stored), {}
  for _, row in ipairs(stored) do
    local amount = measure == "quantity" and claims_quantity.is_amount(row)
    local any_item = claims_quantity.measures[row.measure] and not grouped.item
    if (amount or row.measure == measure) and claims_rows.selects(row, wanted, grouped, any_item) then
      rows[#rows + 1] = row
    end
  end
  local meta = { locale = self.store:locale(), phases = info, origin = "claims", keys = #by,
    cite = cite.of(self.store) }
  local result
  if measure == "quantity" then
    result = claims_quantity.table(self.store, rows, by, key_columns, meta)
  else
    meta.measure = measure
    meta.stated = grouped.phase and measure == "cases" and stated_changes(stored, wanted) or nil
    meta.announced = #by == 1 and by[1] == "phase" and announced_totals(stored, measure, wanted) or nil
    meta.totals = stated_totals(stored, measure, by, grouped, wanted)
    local entries = with_all_phases(claims_rows.group(rows, by), by, info, wanted)
    result = measure_table(measure, entries, by, meta)
  end
  name_items(result)
  return result:sort(table.concat(by, ", "))
end

-- Every claim that states a number as one row: key columns, the figure and its source.
function methods:all()
  check(self, "all")
  local names = { "claim", "subject", "scope", "measure", "category", "item", "phase", "period" }
  local kinds = { claim = "int", phase = "phase", period = "period" }
  local columns, data, stored = {}, {}, claims_rows.all(self)
  for c, name in ipairs(names) do columns[c], data[c] = { name = name, kind = kinds[name] or "text" }, {} end
  local value, source = #names + 1, #names + 2
  columns[value], data[value] = { name = "value", kind = "figure" }, {}
  columns[source], data[source] = { name = "source", kind = "text" }, {}
  for n, row in ipairs(stored) do
    for c, name in ipairs(names) do data[c][n] = row[name] end
    data[value][n], data[source][n] = claims_rows.figure(row), row.source
  end
  return name_items(Table.new(columns, data, #stored, { locale = self.store:locale(), origin = "claims",
    phases = claims_rows.phases(self.store, stored), cite = cite.of(self.store) }))
end

Claims.__name = "mekong.Claims"
Claims.__index = function(_, name) return options.method(methods, name, "Claims") end
Claims.__tostring = function(self) return tostring(methods.all(self)) end

-- All claims as the JSON of their table; opts as of Table:to_json.
function methods:to_json(opts)
  check(self, "to_json")
  return methods.all(self):to_json(opts)
end

require("mekong.display").give(methods, { { "text/html", function(claims) return methods.all(claims):to_html { rows = 60 } end } })

-- mekong.claims([opts]) -> Claims of an empty store in memory; opts as mekong.open.
function Claims.empty(opts)
  return assert(require("mekong.store").open(":memory:", opts)):claims()
end

require("mekong.claims_say").verbs(methods, check)
require("mekong.claims_read").verbs(methods, check)
require "mekong.solve"(methods, check)
require "mekong.claims_checks"(methods, check)
require "mekong.analyses_claims"(methods, check)

-- Last, so that a file that was read in part leaves no store with half of the methods.
-- store:claims() -> what the store's sources announced
function core.store.methods.claims(store)
  options.store(store, "claims")
  return setmetatable({ store = store, own = {}, merged = false, merged_of = false }, Claims)
end

return Claims
