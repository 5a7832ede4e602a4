-- conditions: what the literals of a condition mean beside their columns. A text that is no name of the vocabulary and no value of the
-- column finds nothing by mistake, so it is refused with the nearest one; a bare number beside quantities of several units is
-- compared all the same, and the table says so.
local core = require "mekong.core"
local engine = require "mekong.engine"
local find = require("mekong.lazy").call("entity", "find")
local plans = require "mekong.plan"

local conditions = {}

-- The different values of a column of a plan.
local function values_of(plan, column)
  local t = require("mekong.grouped").new(plan, "count", "`" .. column.name:gsub("`", "``") .. "`"):count()
  local list, cells = {}, t:col(column.name)
  for i = 1, #t do
    if cells[i] ~= nil then list[#list + 1] = cells[i] end
  end
  return list
end

-- The value or name that is most like the text; nil when none is like it.
local function nearest(text, values, others)
  local best, likeness = others[1] and ("%s (%s)"):format(others[1].name, others[1].code), others[1] and others[1].similarity or 0.7
  for _, value in ipairs(values) do
    local cost, full = core.text.similarity(text, value)
    if full > 0 and (full - cost) / full > likeness then best, likeness = value, (full - cost) / full end
  end
  return best
end

local function said(list, kind)
  local parts, most = {}, 12
  for i = 1, math.min(#list, most) do
    local found = find(list[i], { kind = kind })
    parts[i] = found and found.name ~= list[i] and ("%s (%s)"):format(list[i], found.name) or list[i]
  end
  if #list > most then parts[most + 1] = ("%d more"):format(#list - most) end
  return parts[1] and "\nthere are: " .. table.concat(parts, ", ") or ""
end

-- What several things share a name with the text has them told apart by their codes.
local function ambiguous(expr, k, text, column, others)
  local codes = {}
  for i, one in ipairs(others) do codes[i] = ("%s (%s)"):format(one.code, one.name) end
  expr:refuse(k, "ambiguous", ("'%s' may mean %s"):format(text, table.concat(codes, ", ")),
    ("hint: name the one that is meant, %s = '%s'"):format(column.name, others[1].code))
end

-- Kinds whose names data/ holds all of; of items it holds the usual ones, and agencies are as many as there are posts.
local closed = { country = true, category = true, province = true, role = true }

local function check_name(plan, expr, k, text, column)
  local source, key = plans.source(plan.store, plan.source), core.text.key(text, 1)
  local spellings = engine.spellings(source, plans.base_place(source, column.name))
  if spellings and spellings[key] then return end
  local found, others = find(text, { kind = column.entity })
  if found then return end
  local values = values_of(source, column)
  for _, value in ipairs(values) do
    if core.text.key(value, 1) == key then return end
  end
  if others[1] and others[1].similarity == 1.0 then ambiguous(expr, k, text, column, others) end
  local near = nearest(text, values, others)
  expr:refuse(k, "name", ("unknown %s '%s'"):format(column.entity, text),
    (near and ("did you mean %s?"):format(near) or ("hint: empty cells are found by `%s is missing`"):format(column.name)) ..
    said(values, column.entity))
end

-- The names in a condition that must be somewhere: list of {k =, text =, column =}, for the k-th of its bare literals.
local function names_in(plan, expr)
  local list = {}
  for k, at in ipairs(expr:bare() or {}) do
    local column = plan.columns[at.column]
    local of_source = at.text and closed[column.entity] and plan.base[plans.base_place(plan, column.name)] == column
    if of_source then list[#list + 1] = { k = k, text = at.text, column = column } end
  end
  return list
end

local checked = setmetatable({}, { __mode = "k" }) -- expression -> {names, stamp of the store that was found to have them}

-- Raises where a condition over the columns of a plan names what is nowhere.
function conditions.check(plan, expr)
  local known = checked[expr]
  if not known then
    known = { names = names_in(plan, expr) }
    checked[expr] = known
  end
  if not known.names[1] then return end
  local stamp = core.store.stamp(plan.store)
  if stamp and known.stamp == stamp then return end
  for _, name in ipairs(known.names) do check_name(plan, expr, name.k, name.text, name.column) end
  known.stamp = stamp
end

local function unit_column(plan) return plan.columns[plans.unit_place(plan)] end

-- Whether a condition holds a bare number against a quantity of several units without a word of them.
function conditions.unitless(plan, expr)
  local unitless = false
  for _, at in ipairs(expr:bare() or {}) do
    unitless = unitless or not at.text and not at.zero and plans.measured(plan.columns[at.column])
  end
  local unit = unitless and unit_column(plan)
  for _, c in ipairs(unit and expr:columns() or {}) do
    if plan.columns[c] == unit then return false end
  end
  return unit and true or false
end

-- The notes of a table, and one for each condition that compared a bare number with quantities in several units.
function conditions.notes(plan, notes)
  local out = notes
  for _, step in ipairs(plan.steps) do
    local units = step.unitless and values_of(step.unitless, unit_column(step.unitless)) or {}
    if units[2] then
      if out == notes then out = table.move(notes, 1, #notes, 1, {}) end
      local list, one = table.concat(units, ", "), units[1]
      for _, unit in ipairs(units) do one = unit == "kg" and unit or one end
      out[#out + 1] = { ("Điều kiện \"%s\" so con số với số lượng theo nhiều đơn vị (%s); chỉ một đơn vị: quantity in %s."):format(
        step.text, list, one),
        ("The condition \"%s\" compares a number with quantities in several units (%s); for one: quantity in %s."):format(
          step.text, list, one) }
    end
  end
  return out
end

return conditions
