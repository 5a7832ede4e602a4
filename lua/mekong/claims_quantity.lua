-- claims_quantity: announced amounts of seized things, one column a unit; masses in kg, everything else in the unit
-- stated; units are never added, and what was stated of single items stands beside the totals.
local core = require "mekong.core"
local claims_rows = require "mekong.claims_rows"
local labels = require "mekong.labels"
local order = require "mekong.order"
local rows_of = require("mekong.rows").of
local Table = require "mekong.table"

local claims_quantity = {}

-- Measures that are amounts of things. Plain counts (boxes, bars) are amounts when their unit is a thing.
claims_quantity.measures = { mass = true, pills = true, individuals = true, specimens = true, volume = true, count = true }
local people_and_papers = { country = true, agency = true, member = true, phase = true, report = true, alert = true,
  delegate = true, person = true, focal_point = true, meeting = true }
local common_unit = { mass = "kg", volume = "m3" }
local unit_rank = { kg = 1, pill = 2, individual = 3, individual_or_product = 4, specimen = 5, product = 6, m3 = 7 }

function claims_quantity.is_amount(row)
  return claims_quantity.measures[row.measure] and not people_and_papers[row.unit or ""]
end

-- Rows of one unit apart: those that state the total, and those of single items. Where only one item was ever stated
-- ("1.745.000 viên ma túy tổng hợp"), it is all that was said and stands for the total.
function claims_quantity.split(rows)
  local totals, items, item, several = {}, {}, nil, false
  for _, row in ipairs(rows) do
    if row.item == nil then
      totals[#totals + 1] = row
    else
      items[#items + 1] = row
      several = several or item ~= nil and row.item ~= item
      item = row.item
    end
  end
  if not totals[1] and not several then return items, {} end
  return totals, items
end

local function in_unit(row)
  local value, unit = claims_rows.figure(row), common_unit[row.measure]
  return unit and value.unit ~= unit and value:to(unit) or value
end

local function item_names(store, locale)
  local names = {}
  for _, row in ipairs(rows_of(store, "select code, name_vi, name_en from codes where kind in ('item', 'division')")) do
    names[row.code] = locale == "en" and row.name_en or row.name_vi
  end
  return names
end

-- Cells by unit, and the texts of items and of other sources, of one group of rows.
local function read_group(rows, names, locale)
  local by_unit, units, cells, beside, others = {}, {}, {}, {}, {}
  for _, row in ipairs(rows) do
    local unit = common_unit[row.measure] or row.unit
    if not by_unit[unit] then by_unit[unit] = {}; units[#units + 1] = unit end
    table.insert(by_unit[unit], row)
  end
  for _, unit in ipairs(units) do
    local totals, items = claims_quantity.split(by_unit[unit])
    if totals[1] then
      cells[unit] = in_unit(totals[1])
      others[#others + 1] = claims_rows.others(totals, claims_rows.figure(totals[1]), { locale = locale, unit = true })
    end
    for _, entry in ipairs(claims_rows.group(items, { "item" })) do
      local first = claims_rows.figure(entry.rows[1])
      local text = (names[entry.key[1]] or entry.key[1]) .. " " .. first:format { locale = locale } ..
        " [" .. entry.rows[1].source .. "]"
      local other = claims_rows.others(entry.rows, first, { locale = locale, unit = true })
      beside[#beside + 1] = other and text .. " " .. other or text
    end
  end
  return cells, beside[1] and table.concat(beside, "; "), others[1] and table.concat(others, "; ")
end

local function unit_order(cells)
  local units = {}
  for _, row in ipairs(cells) do
    for unit in pairs(row) do units[#units + 1] = unit end
  end
  return order.ranked(units, unit_rank)
end

-- "VI: ≲ 104.410 viên nằm trong 395 kg" for amounts that a source gave as part of another one of the same table.
local function inclusions(rows)
  local by_claim, out = {}, {}
  for _, row in ipairs(rows) do by_claim[row.claim] = row end
  for _, row in ipairs(rows) do
    local whole = row.parent and by_claim[row.parent]
    if whole then
      local part, all, phase = claims_rows.figure(row), claims_rows.figure(whole), labels.phase(row.phase or "")
      local prefix = phase ~= "" and phase .. ": " or ""
      out[#out + 1] = { prefix .. part:say() .. " đã nằm trong " .. all:say() .. ", không cộng thêm.",
        prefix .. part:say { locale = "en" } .. " lie inside " .. all:say { locale = "en" } .. " and are not added." }
    end
  end
  return out
end

-- rows: the claims that answer; by: the keys. Columns: keys, one per unit, items (stated of single items), others.
function claims_quantity.table(store, rows, by, key_columns, meta)
  local entries, locale = claims_rows.group(rows, by), meta.locale
  local names, cells, items, others = item_names(store, locale), {}, {}, {}
  for e, entry in ipairs(entries) do cells[e], items[e], others[e] = read_group(entry.rows, names, locale) end
  local columns, data = key_columns(by), {}
  for k = 1, #by do
    data[k] = {}
    for e, entry in ipairs(entries) do data[k][e] = entry.key[k] or nil end
  end
  local function add(column, values)
    columns[#columns + 1], data[#data + 1] = column, values
  end
  for _, unit in ipairs(unit_order(cells)) do
    local values = {}
    for e = 1, #entries do values[e] = cells[e][unit] end
    add({ name = unit, kind = "figure", unit = unit, vi = core.figure.unit_name(unit, "vi"),
      en = core.figure.unit_name(unit, "en") }, values)
  end
  if next(items) then add({ name = "items", kind = "text" }, items) end
  if next(others) then add({ name = "others", kind = "text" }, others) end
  local result = Table.new(columns, data, #entries, meta)
  for _, note in ipairs(inclusions(rows)) do result = Table.add_note(result, note[1], note[2]) end
  if #entries == 0 then
    result = Table.add_note(result, "Không có số lượng nào được nêu cho cách chia này; hãy thử by = {\"phase\", \"category\"}.",
      "No quantity was stated for these keys; try by = {\"phase\", \"category\"}.")
  end
  return result
end

return claims_quantity
