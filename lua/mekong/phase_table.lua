-- phase_table: the phases of the campaign in one table: dates, days, members, cases in total and by category.
local core = require "mekong.core"
local fmt = require "mekong.fmt"
local labels = require "mekong.labels"
local options = require "mekong.options"
local Table = require "mekong.table"

local function date_range(from, to, locale)
  if from == to then return fmt.date(from, { locale = locale }) end
  return (from and fmt.date(from, { locale = locale }) or "…") .. " – " .. (to and fmt.date(to, { locale = locale }) or "…")
end

-- Two partial dates agree when they share a day or when one is not given.
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
  return out
end

-- store:phase_table([{scope =}]) -> Table: phase date date_to days members cases drug precursor wildlife others
function core.store.methods.phase_table(store, opts)
  options.store(store, "phase_table")
  opts = options.check(opts, { "scope" }, "store:phase_table")
  local claims, locale = store:claims(), store:locale()
  local measures = { { "members" }, { "cases" }, { "cases", "drug" }, { "cases", "precursor" }, { "cases", "wildlife" } }
  local tables = {}
  for i, entry in ipairs(measures) do
    tables[i] = claims:table(entry[1], { category = entry[2], scope = opts.scope })
  end
  local info, data = tables[1].meta_.phases, {}
  for c = 1, 10 do data[c] = {} end
  for i, key in ipairs(info.order) do
    local phase = info.by_key[key]
    local others = date_variants(phase, locale)
    data[1][i], data[2][i], data[3][i], data[4][i] = key, phase.date, phase.date_to, phase.days
    for k, t in ipairs(tables) do
      data[4 + k][i] = t.data_[2][i]
      local other = k <= 2 and t.index_.others and t.data_[t.index_.others][i]
      if other then others[#others + 1] = core.text.lower(labels.column(measures[k][1], locale)) .. " " .. other end
    end
    if others[1] then data[10][i] = table.concat(others, "; ") end
  end
  local columns = { { name = "phase", kind = "phase" }, { name = "date", kind = "date" }, { name = "date_to", kind = "date" },
    { name = "days", kind = "int" }, { name = "members", kind = "figure", unit = "member" },
    { name = "cases", kind = "figure", unit = "case", missing = true },
    { name = "drug", kind = "figure", unit = "case" }, { name = "precursor", kind = "figure", unit = "case" },
    { name = "wildlife", kind = "figure", unit = "case" }, { name = "others", kind = "text", optional = true } }
  return Table.new(columns, data, #info.order, { locale = locale, phases = info, measure = "cases", origin = "claims",
    cite = tables[1].meta_.cite })
end
