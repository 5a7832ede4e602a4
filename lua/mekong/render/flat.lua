-- flat: a Table as columns of single values, for files that other programs calculate with: a Figure becomes its best value
-- and, in columns of their own, its bounds, unit, status and sources. CSV and workbooks are written from this.
local core = require "mekong.core"
local canonical = require "mekong.canonical"
local cells = require "mekong.render.cells"
local labels = require "mekong.labels"
local lazy = require "mekong.lazy"
local model = require "mekong.render.model"

local flat = {}

local statuses = {
  P = { "sơ bộ", "preliminary" }, E = { "ước tính", "estimated" }, U = { "chưa kiểm chứng", "unverified" },
  M = { "có phần chưa rõ", "partly unknown" },
}

-- Headings of the columns beside a number.
local sides = {
  lower = { "từ", "from" }, upper = { "đến", "to" }, unit = { "đơn vị", "unit" }, status = { "ghi chú", "remarks" },
}

local function is_figure(value) return core.figure.is(value) end

-- A whole number or decimal text as decimal text; a float without exponent.
function flat.decimal(value)
  if math.type(value) ~= "float" then return tostring(value) end
  if value ~= value or value == math.huge or value == -math.huge then return tostring(value) end
  return tostring(canonical(value, "a cell"))
end

-- Whether any figure of a column says more than its best value.
local function inexact(data, n)
  for i = 1, n do
    if is_figure(data[i]) and not data[i]:exact() then return true end
  end
  return false
end

local function any_status(data, n)
  for i = 1, n do
    if is_figure(data[i]) and data[i].status ~= "A" then return true end
  end
  return false
end

-- The unit of every number of a column; nil when there are several or none.
function flat.unit(column, data, n)
  local unit
  for i = 1, n do
    local value = data[i]
    if value ~= nil and type(value) ~= "string" then
      local own = is_figure(value) and value.unit or column.unit or ""
      if unit and own ~= unit then return nil end
      unit = own
    end
  end
  unit = unit or column.unit
  return unit ~= "" and unit or nil
end

-- Which bounds of a figure do not belong to it: "", "lower", "upper" or "both".
local function open_sides(f)
  local lower, upper = f.lo ~= nil and f.lo_open, f.hi ~= nil and f.hi_open
  return lower and upper and "both" or lower and "lower" or upper and "upper" or nil
end

local function put(out, column) out[#out + 1] = column end

-- What pick(figure) gives for each number of the column.
local function values_of(column, data, n, pick)
  local list = {}
  for i = 1, n do
    local value = data[i]
    if math.type(value) == "integer" or type(value) == "string" and value:find "^%-?%d+%.?%d*$" then
      value = core.figure.new { best = value, unit = column.unit or "" }
    end
    if is_figure(value) then list[i] = pick(value) end
  end
  return list
end

-- The number itself of each cell.
local function best_values(data, n)
  local list = {}
  for i = 1, n do
    local value = data[i]
    if is_figure(value) then value = value.best end
    if value ~= nil then list[i] = type(value) == "string" and value or flat.decimal(value) end
  end
  return list
end

local function bound(which)
  return function(f)
    local value = f[which]
    return value ~= nil and flat.decimal(value) or nil
  end
end

-- ---------------------------------------------------------------- for programs

local function unit_of(f) return f.unit ~= "" and f.unit or nil end

-- What pick says of a number as a Figure of the column's unit; nothing of other cells.
local function of_figure(column, pick)
  return function(value)
    if math.type(value) == "integer" or type(value) == "string" and value:find "^%-?%d+%.?%d*$" then
      value = core.figure.new { best = value, unit = column.unit or "" }
    end
    return is_figure(value) and pick(value) or nil
  end
end

-- The number itself of a cell, as text.
local function best_text(value)
  if is_figure(value) then value = value.best end
  if value == nil or type(value) == "string" then return value end
  return flat.decimal(value)
end

local of_number = {
  { "_lower", "number", bound "lo" }, { "_upper", "number", bound "hi" }, { "_open", "text", open_sides }, { "_unit", "text", unit_of },
  { "_status", "text", function(f) return f.status end },
  { "_sources", "text", function(f) return f.sources[1] and table.concat(f.sources, " ") or nil end },
}

-- What a machine reads: every column under its name, with every part of a figure.
local function machine_figure(out, column, name, data)
  put(out, { name = name, kind = "number", unit = column.unit, cells = data, text = best_text })
  for _, part in ipairs(of_number) do
    put(out, { name = name .. part[1], kind = part[2], cells = data, text = of_figure(column, part[3]) })
  end
end

-- Columns made beside others may not bear the name of another.
local function unique(columns)
  local taken = {}
  for _, column in ipairs(columns) do
    local name, k = column.name, 2
    while taken[name] do name, k = column.name .. "_" .. k, k + 1 end
    taken[name], column.name = true, name
  end
  return columns
end

-- Names as they are, the second of two equal ones with a number.
function flat.names(t)
  local taken, names = {}, {}
  for c, column in ipairs(t.columns_) do
    local name, k = column.name, 2
    while taken[name] do name, k = column.name .. "_" .. k, k + 1 end
    taken[name], names[c] = true, name
  end
  return names
end

local numbers = { int = true, decimal = true, real = true, figure = true }

local function any_figure(data, n) return core.figure.any(lazy.filled(data), n) end

-- A cell that is no number, as a program reads it.
local function machine_text(value, column, locale)
  if column.kind == "figures" then return cells.text(value, column, { locale = locale }) end
  if type(value) == "boolean" then return value and "true" or "false" end
  return type(value) == "string" and value or flat.decimal(value)
end

-- "total" and "others" of the rows that are no group of their own; nil when there are none.
function flat.roles(t)
  local others, roles = t.meta_.others, nil
  if t.meta_.total_row then roles = { [t.meta_.total_row] = "total" } end
  if others then
    roles = roles or {}
    roles[others.row] = "others"
  end
  return roles
end

-- The cells of the first column, with the row of totals named in the language.
function flat.first(t, locale)
  local data, row = t.data_[1], t.meta_.total_row
  if not row or locale ~= "en" or data[row] ~= "Tổng" then return data end
  local out = table.move(lazy.filled(data), 1, t.n_, 1, {})
  out[row] = labels.word(out[row], locale)
  return out
end

-- The columns of the machine form: {name =, kind = "number"|"text", cells = values by row, text = function(value) -> text or nil,
-- as_is = true where that of a text is the text}.
function flat.machine(t, locale)
  local out, names, n = {}, flat.names(t), t.n_
  for c, column in ipairs(t.columns_) do
    local data, name = c == 1 and flat.first(t, locale) or t.data_[c], names[c]
    if name == "(thiếu)" then name = labels.word(name, locale) end
    if column.kind == "figure" or any_figure(data, n) then
      machine_figure(out, column, name, data)
    elseif numbers[column.kind] then
      put(out, { name = name, kind = "number", cells = data, text = best_text, as_is = true })
      if column.unit then put(out, { name = name .. "_unit", kind = "text", cells = data, text = function() return column.unit end }) end
    else
      put(out, { name = name, kind = "text", cells = data, as_is = column.kind ~= "figures",
        text = function(value) return machine_text(value, column, locale) end })
    end
  end
  local roles = flat.roles(t)
  if roles then put(out, { name = "row_role", kind = "text", cells = roles, text = function(role) return role end }) end
  return unique(out)
end

-- ---------------------------------------------------------------- for people who calculate

-- The least or greatest number that can be: of whole counts, more than 4,500 is from 4,501 on.
local function reach(which)
  return function(f)
    local value = f[which]
    if value == nil then return nil end
    local step = which == "lo" and 1 or -1
    if f.whole and f[which .. "_open"] and math.type(value) == "integer" then value = value + step end
    return flat.decimal(value)
  end
end

-- Decimals of what was calculated end somewhere: nine places, without zeros at the end.
local function short(text)
  local fraction = text:match "%.(%d+)$"
  if not fraction or #fraction <= 9 then return text end
  return (core.figure.decimal(text, 9):gsub("0+$", ""):gsub("%.$", ""))
end

local function shortened(list, n)
  for i = 1, n do list[i] = list[i] and short(list[i]) end
  return list
end

-- What a number alone does not say: how it is printed where it is not exact, and its status.
local function remark(locale, digits)
  return function(f)
    local parts = {}
    if not f:exact() then parts[1] = f:format { locale = locale, unit = false, digits = digits } end
    local status = statuses[f.status]
    if status and f.status ~= "M" then parts[#parts + 1] = labels.say(locale, status[1], status[2]) end
    return parts[1] and table.concat(parts, "; ") or nil
  end
end

local function side(heading, which, locale)
  local pair = sides[which]
  return heading .. ": " .. labels.say(locale, pair[1], pair[2])
end

local function sheet_numbers(out, t, one, heading, locale)
  local column, data, n = one.column, t.data_[one.at], t.n_
  local figures = any_figure(data, n)
  local kind = figures and flat.unit(column, data, n) == "%" and "percent" or "number"
  local function add(name, pick, text)
    local list = values_of(column, data, n, pick)
    put(out, { name = name, heading = name, kind = text and "text" or kind, beside = true,
      values = text and list or shortened(list, n) })
  end
  put(out, { name = heading, heading = heading, kind = kind, at = one.at, plain = column.plain, digits = column.digits,
    values = shortened(best_values(data, n), n) })
  if not figures then return end
  if one.unit == nil and kind ~= "percent" then
    add(side(heading, "unit", locale), function(f) return core.figure.unit_name(f.unit, locale) end, true)
  end
  if inexact(data, n) then
    add(side(heading, "lower", locale), reach "lo")
    add(side(heading, "upper", locale), reach "hi")
  end
  if inexact(data, n) or any_status(data, n) then add(side(heading, "status", locale), remark(locale, column.digits), true) end
end

local function is_day(value) return type(value) == "string" and value:find "^%d%d%d%d%-%d%d%-%d%d$" ~= nil end

local function sheet_texts(out, t, one, heading, locale)
  local print_cell, data, list, days = model.printer(t, one.at, one.unit, locale), t.data_[one.at], {}, {}
  for i = 1, t.n_ do
    if data[i] ~= nil or one.key or t.meta_.total_row == i then list[i] = print_cell(i) end
    if one.column.kind == "date" and is_day(data[i]) then days[i] = data[i] end
  end
  put(out, { name = heading, heading = heading, kind = "text", values = list, days = days, key = one.key })
end

-- The columns that are shown, under their printed headings: {heading =, kind = "number"|"percent"|"text", values = texts by row,
-- days = ISO days by row, at = column of the table that a number is of, beside = true of what stands beside a number, plain =
-- without grouping, digits = places, key = true}.
function flat.sheet(t, locale)
  local out = {}
  for _, one in ipairs(model.columns(t)) do
    local heading = cells.visible(model.heading(t, one.at, one.unit, locale)):gsub("\u{A0}", " ")
    local year = one.column.kind == "int" and one.column.plain
    if one.right or year then sheet_numbers(out, t, one, heading, locale) else sheet_texts(out, t, one, heading, locale) end
  end
  return unique(out)
end

return flat
