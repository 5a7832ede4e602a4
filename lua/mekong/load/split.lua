-- split: typed rows as rows of tables: cases with their lines, or rows of one table. Keys that are there twice, values of one
-- case that contradict each other, and seizures that look like one seizure told twice.
local core = require "mekong.core"
local columns = require "mekong.load.columns"
local order = require "mekong.order"
local reasons = require "mekong.load.reasons"

local split = {}

local function reject(ctx, row, plan, text, reason)
  row.rejected = true
  ctx.reject(row.line, plan, text, reason)
end

local function shown(value)
  if value == nil then return "" end
  if type(value) == "boolean" then return value and "có" or "không" end
  return tostring(value)
end

-- ---------------------------------------------------------------- keys in the store

local function quoted(name) return '"' .. name:gsub('"', '""') .. '"' end

local ASKED = 200 -- values that one statement asks for

-- Rows of a statement that holds them for these values only, asked for some of them at a time: each(data, n). The statement has
-- %s wherever their list belongs.
local function ask(ctx, sql, values, each)
  for from = 1, #values, ASKED do
    local list, marks = table.move(values, from, math.min(from + ASKED - 1, #values), 1, {}), {}
    for i = 1, #list do marks[i] = "?" .. i end
    local _, data, n = core.store.query(ctx.store, (sql:gsub("%%s", table.concat(marks, ", "))), list)
    each(data, n)
  end
end

-- The different values of a column in rows.
local function different(rows, name)
  local list, seen = {}, {}
  for _, row in ipairs(rows) do
    local value = row.values[name]
    if value ~= nil and not seen[value] then seen[value], list[#list + 1] = true, value end
  end
  return list
end

-- The keys of a table that rows may have: values joined by a zero byte. They are looked for by their first value.
local function stored_keys(ctx, tab, names, rows)
  local list, keys = {}, {}
  for i, name in ipairs(names) do list[i] = quoted(name) end
  local sql = "SELECT " .. table.concat(list, ", ") .. " FROM " .. quoted(tab) .. " WHERE " .. list[1]
  sql = sql .. " IN (%s)"
  ask(ctx, sql, different(rows, names[1]), function(data, n)
    for i = 1, n do
      local parts = {}
      for c = 1, #names do parts[c] = data[c][i] == nil and "" or tostring(data[c][i]) end
      keys[table.concat(parts, "\0")] = true
    end
  end)
  return keys
end

local function key_of(values, names)
  local parts = {}
  for i, name in ipairs(names) do parts[i] = values[name] == nil and "" or tostring(values[name]) end
  return table.concat(parts, "\0")
end

local function say_key(key) return (key:gsub("%z", "/")) end

-- What becomes of a row whose key is there already: true when it is not to be loaded.
local function meet(ctx, row, plan, key, other)
  local how = ctx.opts.on_duplicate
  if other == nil then -- in the store
    ctx.duplicate(row.line, say_key(key), nil, how)
    if how == "replace" then return false end
    if how == "skip" then
      row.skipped = true
      return true
    end
    reject(ctx, row, plan, say_key(key), reasons.stored_key())
    return true
  end
  ctx.duplicate(row.line, say_key(key), other, how == "skip" and "skip" or "reject")
  if how == "skip" then row.skipped = true
  else reject(ctx, row, plan, say_key(key), reasons.same_key(other)) end
  return true
end

-- ---------------------------------------------------------------- rows of one table

-- Whether the columns that every row needs are there.
local function complete(ctx, row)
  for _, column in ipairs(ctx.columns) do
    if column.required and row.values[column.name] == nil then
      reject(ctx, row, ctx.plan_of[column.name], "", reasons.required(column.name))
      return false
    end
  end
  return true
end

-- Rows of lines and persons belong to cases, and are numbered where they bring no number.
local function number_lines(ctx, rows)
  local cases = stored_keys(ctx, "cases", { "case" }, rows)
  local last = {}
  local sql = ('SELECT "case", max("line") FROM %s WHERE "case" IN (%%s) GROUP BY 1'):format(quoted(ctx.table))
  ask(ctx, sql, different(rows, "case"), function(data, n)
    for i = 1, n do last[data[1][i]] = data[2][i] end
  end)
  for _, row in ipairs(rows) do
    local case = row.values.case
    if case ~= nil and not row.rejected then
      if not cases[case] then reject(ctx, row, ctx.plan_of.case, case, reasons.no_case())
      else
        row.values.line = row.values.line or (last[case] or 0) + 1
        last[case] = math.max(last[case] or 0, row.values.line)
      end
    end
  end
end

local function plain(ctx, rows)
  if ctx.columns[1].name == "case" and ctx.columns[2].name == "line" then number_lines(ctx, rows) end
  local names = {}
  for _, column in ipairs(ctx.columns) do
    if column.key then names[#names + 1] = column.name end
  end
  local stored, seen, out = stored_keys(ctx, ctx.table, names, rows), {}, {}
  for _, row in ipairs(rows) do
    if not row.rejected and complete(ctx, row) then
      local key = key_of(row.values, names)
      local again = seen[key] ~= nil
      if not (again or stored[key]) or not meet(ctx, row, ctx.plan_of[names[1]], key, seen[key]) then
        seen[key] = row.line
        row.replace = stored[key]
        out[#out + 1] = row
      end
    end
  end
  ctx.keys = names
  return out
end

-- ---------------------------------------------------------------- cases and lines

-- A value of the case in a further row of it: filled where the case lacks it, else it must be the same.
local function merge_value(ctx, case, row, column)
  local name, value = column.name, row.values[column.name]
  if value == nil or name == "case" then return end
  local kept = case.values[name]
  if name == "note" then
    if kept and not (";" .. kept .. ";"):gsub("; ", ";"):find(";" .. value:gsub("; ", ";") .. ";", 1, true) then
      case.values.note = kept .. "; " .. value
    end
    case.values.note = case.values.note or value
  elseif kept == nil then
    case.values[name] = value
    case.from[name] = row.line
    local from, to = case.values.date, case.values.date_to
    if (name == "date" or name == "date_to") and from and to and to:sub(1, #from) < from:sub(1, #to) then
      case.values[name] = nil
      ctx.assume(row.line, ctx.plan_of[name], row.texts[name] or shown(value), reasons.contradicts(case.line, ""))
    end
  elseif kept ~= value then
    ctx.assume(row.line, ctx.plan_of[name], row.texts[name] or shown(value), reasons.contradicts(case.from[name] or case.line, shown(kept)))
  end
end

local function has_line(ctx, row)
  for _, column in ipairs(ctx.line_columns) do
    if row.values[column.name] ~= nil then return true end
  end
  return false
end

-- A new case from its first row.
local function new_case(ctx, row)
  local case = { line = row.line, values = {}, from = {}, lines = {}, numbers = {}, last = 0, rows = { row } }
  for _, column in ipairs(ctx.columns) do case.values[column.name] = row.values[column.name] end
  return case
end

local function add_line(ctx, case, row)
  local number = row.values.line or case.last + 1
  if case.numbers[number] then
    return meet(ctx, row, ctx.plan_of.line or ctx.plan_of.case, case.values.case .. "\0" .. number, case.numbers[number])
  end
  case.numbers[number], case.last = row.line, math.max(case.last, number)
  local values = { case = case.values.case, line = number }
  for _, column in ipairs(ctx.line_columns) do
    if column.name ~= "line" then values[column.name] = row.values[column.name] end
  end
  case.lines[#case.lines + 1] = { line = row.line, values = values }
end

-- Rows that are refused keep the number of their line, so that the corrected file gives the same numbers.
local function count_line(ctx, cases, row)
  local key = row.values.case
  local case = key ~= nil and cases[key]
  if case and ctx.flat and has_line(ctx, row) and not row.values.line then case.last = case.last + 1 end
end

local function flat(ctx, rows)
  local stored, cases, out = stored_keys(ctx, "cases", { "case" }, rows), {}, {}
  for _, row in ipairs(rows) do
    if row.rejected then count_line(ctx, cases, row)
    elseif complete(ctx, row) then
      local key = row.values.case
      local case, lined = cases[key], ctx.flat and has_line(ctx, row)
      if case and not lined then
        meet(ctx, row, ctx.plan_of.case, key, case.line)
      elseif case then
        for _, column in ipairs(ctx.columns) do merge_value(ctx, case, row, column) end
        add_line(ctx, case, row)
        case.rows[#case.rows + 1] = row
      elseif not stored[key] or not meet(ctx, row, ctx.plan_of.case, key) then
        case = new_case(ctx, row)
        case.replace = stored[key]
        cases[key], out[#out + 1] = case, case
        if lined then add_line(ctx, case, row) end
      end
    end
  end
  return out
end

-- ---------------------------------------------------------------- one seizure told twice

local function folded(text) return text and core.text.key(text, 3) or "" end

-- What makes two lines alike: day, thing, amount and unit; nil when one of them is not said.
local function parts_of(case, line)
  local thing = line.item or line.category or line.commodity
  if not case.date or #case.date ~= 10 or not thing or not line.quantity then return nil end
  local amount, unit = line.quantity, line.unit or ""
  if columns.masses[unit] and unit ~= "kg" then
    amount, unit = core.figure.decimal(core.figure.new({ best = amount, unit = unit }):to "kg"), "kg"
  end
  return case.date, thing, amount, unit
end

-- What lines that are alike have in common: a text, or where records are read as columns a number.
local function likeness(ctx, case, line)
  local date, thing, amount, unit = parts_of(case, line)
  if not date then return nil end
  if ctx.grid then return columns.likeness(ctx, date, thing, amount, unit) end
  return table.concat({ date, folded(thing), amount, unit }, "\0")
end

-- The place and province of a case with each of them as it is and as anywhere: what a line is kept under, so that one
-- look-up finds it from a line that says no place.
local ANY = "\1"
local function slot(place, province) return place .. "\0" .. province end

local function keep(seen, key, place, province, entry)
  local slots = seen[key] or {}
  seen[key] = slots
  for _, at in ipairs { slot(place, province), slot(place, ANY), slot(ANY, province), slot(ANY, ANY) } do slots[at] = slots[at] or entry end
end

-- The line seen before that may be the same seizure: its places are those of the case where both say them.
local function seen_before(seen, key, place, province)
  local slots = seen[key]
  if not slots then return nil end
  for _, p in ipairs(place == "" and { ANY } or { place, "" }) do
    for _, q in ipairs(province == "" and { ANY } or { province, "" }) do
      local found = slots[slot(p, q)]
      if found then return found end
    end
  end
end

-- The days that cases of the file have.
local function days_of(ctx, cases)
  local days = different(cases, "date")
  local more = ctx.grid and ctx.targets.date and ctx.targets.date.ids or {}
  for day in pairs(more) do days[#days + 1] = day end
  order.texts(days)
  return days
end

-- Amounts that a line of the store may have when it is alike with one of the file, in whatever mass it counts: a condition on its
-- quantity. No condition where there are too many.
local MOST_AMOUNTS = 4000
local ANY_AMOUNT = "l.quantity IS NOT NULL"

local function amounts_of(ctx, cases)
  local amounts, units, given = {}, {}, {}
  for _, case in ipairs(cases) do
    for _, line in ipairs(case.lines) do
      if line.values.quantity ~= nil then amounts[#amounts + 1], given[line.values.unit or ""] = line.values.quantity, true end
    end
  end
  if ctx.grid then
    local more, names = columns.amounts(ctx)
    table.move(more, 1, #more, #amounts + 1, amounts)
    for _, name in ipairs(names) do given[name] = true end
  end
  for name in pairs(given) do
    if columns.masses[name] then units[#units + 1] = name end
  end
  order.texts(units)
  return amounts, units
end

local function quantity_is(ctx, cases)
  local amounts, units = amounts_of(ctx, cases)
  local list, seen = {}, {}
  local function add(text)
    if seen[text] or not text:find "^%d+%.?%d*$" then return end
    seen[text], list[#list + 1] = true, "'" .. text .. "'"
  end
  for _, amount in ipairs(amounts) do
    if #list > MOST_AMOUNTS then return ANY_AMOUNT end
    add(amount)
    for _, unit in ipairs(units) do
      local figure = core.figure.new { best = amount, unit = unit }
      for _, mass in ipairs(columns.mass_names) do
        local fits, other = pcall(figure.to, figure, mass)
        if not fits then return ANY_AMOUNT end -- more digits than numbers have
        add(core.figure.decimal(other))
      end
    end
  end
  return #list > 0 and "l.quantity IN (" .. table.concat(list, ", ") .. ")" or "0"
end

-- Lines of the store on these days, by likeness: sealed ones, plain ones of plain cases and of sealed cases.
local LIKELY = [[SELECT l."case" AS k, l.line AS n, l.date, l.place, l.province, l.item, l.category, l.commodity, l.quantity, l.unit
    FROM mk_sealed_rows l WHERE l.date IN (%s) AND l.dup_of IS NULL AND QUANTITY
  UNION ALL SELECT l."case", l.line, c.date, c.place, c.province, l.item, l.category, l.commodity, l.quantity, l.unit
    FROM main.cases c CROSS JOIN main.lines l ON l."case" = c."case" WHERE c.date IN (%s) AND c.dup_of IS NULL AND QUANTITY
  UNION ALL SELECT l."case", l.line, c.date, c.place, c.province, l.item, l.category, l.commodity, l.quantity, l.unit
    FROM main.lines l CROSS JOIN mk_sealed c ON c."case" = l."case"
    WHERE l."case" NOT IN (SELECT "case" FROM main.cases) AND c.date IN (%s) AND c.dup_of IS NULL AND QUANTITY
  ORDER BY 1, 2]]

local function stored_likeness(ctx, numbers, cases)
  local seen = {}
  local whole = {}
  local _, any = core.store.query(ctx.store, "SELECT EXISTS (SELECT 1 FROM cases)")
  if any[1][1] == 0 then return seen end
  for _, day in ipairs(days_of(ctx, cases)) do
    if #day == 10 then whole[#whole + 1] = day end
  end
  if #whole == 0 then return seen end
  local sql = LIKELY:gsub("QUANTITY", quantity_is(ctx, cases))
  ask(ctx, sql, whole, function(data, n)
    for i = 1, n do
      local case = { date = data[3][i] }
      local line = { item = data[6][i], category = data[7][i], commodity = data[8][i], quantity = data[9][i], unit = data[10][i] }
      local key = likeness(ctx, case, line)
      if key then
        numbers[#numbers + 1] = key
        keep(seen, key, folded(data[4][i]), folded(data[5][i]), { case = data[1][i] })
      end
    end
  end)
  return seen
end

-- Lines that may be alike with others, read one by one: {line of the case, line, likeness, case}.
local function read_lines(ctx, cases, numbers)
  local list = {}
  for _, case in ipairs(cases) do
    for _, line in ipairs(case.values.dup_of and {} or case.lines) do
      local key = likeness(ctx, case.values, line.values)
      if key then list[#list + 1], numbers[#numbers + 1] = { case.line, line.line, key, case }, key end
    end
  end
  return list
end

local function before(a, b) return a[1] < b[1] or a[1] == b[1] and a[2] < b[2] end

-- With those read as columns, in order of their cases.
local function all_lines(ctx, list, numbers)
  local keys, lines, firsts, names, places, provinces, dups = columns.alike(ctx, numbers)
  local ordered = #list == 0
  for i, key in ipairs(keys) do
    if not dups[i] then
      list[#list + 1] = { firsts[i], lines[i], key, { values = { case = names[i], place = places[i], province = provinces[i] } } }
      ordered = ordered and (#list == 1 or before(list[#list - 1], list[#list]))
    end
  end
  if not ordered then table.sort(list, before) end
  return list
end

-- What of the store and of lines read one by one may be alike with others, as long as the file is not in the store.
local function gather(ctx, cases)
  local numbers = {}
  local seen = stored_likeness(ctx, numbers, cases)
  return { seen = seen, list = read_lines(ctx, cases, numbers), numbers = numbers }
end

-- Whether only lines read as columns may be alike: with each other.
function split.alike_in_bulk(ctx) return ctx.alike ~= nil and ctx.grid ~= nil and #ctx.alike.numbers == 0 and columns.pairable(ctx) end

-- Lists pairs of lines that may be one seizure; nothing is merged.
function split.likely(ctx)
  if not ctx.alike then return end
  local found = split.alike_in_bulk(ctx) and columns.pairs(ctx)
  if found then
    ctx.likely = found
    return
  end
  local seen, list, numbers = ctx.alike.seen, ctx.alike.list, ctx.alike.numbers
  if ctx.grid then list = all_lines(ctx, list, numbers) end
  local known = {}
  local function fold(text)
    if not text then return "" end
    known[text] = known[text] or folded(text)
    return known[text]
  end
  for _, one in ipairs(list) do
    local line, key, case = one[2], one[3], one[4]
    local place, province = fold(case.values.place), fold(case.values.province)
    local other = seen_before(seen, key, place, province)
    if other and not (case.replace and other.case == case.values.case and not other.line) then
      local n, to = ctx.likely.n + 1, ctx.likely
      to.n, to[1][n], to[2][n], to[3][n], to[4][n] = n, line, case.values.case, other.line, other.case
    else
      keep(seen, key, place, province, { case = case.values.case, line = line })
    end
  end
end

-- ---------------------------------------------------------------- all

-- Cases with their lines (ctx.table is cases), else rows; refusals are told to ctx, which then knows what split.likely needs.
function split.run(ctx, rows)
  if ctx.table ~= "cases" then return plain(ctx, rows) end
  local cases = flat(ctx, rows)
  if ctx.flat then ctx.alike = gather(ctx, cases) end
  return cases
end

return split
