-- xlsx: a Table as a workbook: numbers as numbers with their formats, bounds in columns of their own, the sources of a number
-- as a remark at its cell, a heading that stays in view; what belongs under the table stands on a second sheet. The same table
-- gives the same bytes. No cell is a formula or a link. Writing it takes the optional part mekong.xlsx (libxlsxwriter).
local core = require "mekong.core"
local cells = require "mekong.render.cells"
local cite = require "mekong.cite"
local flat = require "mekong.render.flat"
local labels = require "mekong.labels"
local model = require "mekong.render.model"
local save = require "mekong.save"

local xlsx = {}

local ROWS, COLUMNS, LETTERS = 1048575, 16384, 32000 -- what a sheet holds, below its heading
local REMARKED = 2000 -- numbers with sources in a table whose sources are also told cell by cell
local FIRST = 315532800 -- 1980-01-01, from which on packed files have times

local function module()
  local ok, found = pcall(require, "mekong.xlsx")
  if ok then return found end
  if not tostring(found):find("module 'mekong.xlsx' not found", 1, true) then error(found, 0) end
  return core.fail("missing", "workbooks need the part mekong.xlsx, which is not installed",
    "hint: install libxlsxwriter (Debian: libxlsxwriter-dev) and build mekong again, or save as .csv or .html")
end

-- Raises what the library refused.
local function done(value, why)
  if value == nil then core.raise("io", "the workbook cannot be written: " .. tostring(why)) end
  return value
end

local function cut(s, letters)
  if #s > letters and utf8.len(s) > letters then return s:sub(1, utf8.offset(s, letters) - 1) .. "…" end
  return s
end

-- A text as a cell holds it: cut where a cell ends, controls shown, and what the format takes for a code of a character kept apart.
local function cell_text(s)
  if not utf8.len(s) then s = cells.hex(s) end
  s = cells.visible(s, true):gsub("_(x%x%x%x%x_)", "_x005F_%1")
  return cut(s, LETTERS)
end

-- Whether a spreadsheet, which keeps 15 digits, can hold the number.
local function fits(text)
  return #text:gsub("[-.]", ""):gsub("^0+", "") <= 15
end

local function places(column, n)
  local most = 0
  for i = 1, n do
    local fraction = column.values[i] and column.values[i]:match "^%-?%d+%.(%d+)$"
    if fraction then most = math.max(most, #fraction) end
  end
  return math.min(most, column.digits or 3)
end

local function number_format(column, n)
  if column.plain then return "0" end
  if column.kind == "percent" then return "0.0%" end
  local digits = places(column, n)
  return "#,##0" .. (digits > 0 and "." .. ("0"):rep(digits) or "")
end

-- One number for each kind of cell, made when it is first needed.
local function formats_of(book)
  local known = {}
  return function(number, role)
    local id = tostring(number) .. "|" .. (role or "")
    if not known[id] then
      known[id] = done(book:format { number = number, bold = role == "total", over = role == "total", soft = role == "others",
        wrap = number == nil })
    end
    return known[id]
  end
end

-- The percentage as the part of one that spreadsheets calculate with: two places to the left.
local function hundredth(text)
  local sign, whole, fraction = text:match "^(%-?)(%d+)%.?(%d*)$"
  whole = ("00" .. whole)
  return sign .. whole:sub(1, -3) .. "." .. whole:sub(-2) .. fraction
end

local function put_cell(book, column, i, c, format)
  local value, day = column.values[i], column.days and column.days[i]
  if day then
    local y, m, d = day:match "^(%d+)-(%d+)-(%d+)$"
    if y >= "1900-03" then
      return done(book:day(1, i, c, math.tointeger(y), math.tointeger(m), math.tointeger(d), format(column.day_format, column.roles[i])))
    end
  end
  if value == nil then return end
  if column.kind ~= "text" and value:find "^%-?%d+%.?%d*$" and fits(value) then
    local number = column.kind == "percent" and hundredth(value) or value
    return done(book:number(1, i, c, tonumber(number), format(column.number_format, column.roles[i])))
  end
  done(book:text(1, i, c, cell_text(value), format(nil, column.roles[i])))
end

local function width_of(column, n)
  local width = 0
  for word in column.heading:gmatch "[^ ]+" do width = math.max(width, core.text.width(word)) end
  for i = 1, math.min(n, 1000) do
    local value = column.values[i]
    if value then width = math.max(width, #value > 200 and 48 or core.text.width(value)) end
  end
  return math.max(8, math.min(width + 3, 48))
end

-- The sources of each figure, as a remark at its cell; not in tables that are too large to be read cell by cell.
local function remarks(book, t, columns, locale)
  local entries, by_code = {}, {}
  for c, column in ipairs(columns) do
    for i = 1, column.at and t.n_ or 0 do
      local value = t.data_[column.at][i]
      if core.figure.is(value) and value.sources[1] then entries[#entries + 1] = { i, c - 1, value } end
    end
  end
  if #entries > REMARKED then return end
  for _, source in ipairs(model.sources(t)) do by_code[source.code] = cell_text(cite.line(source, locale)) end
  for _, entry in ipairs(entries) do
    local lines = {}
    if entry[3].raw then lines[1] = labels.say(locale, "nguyên văn: ", "as written: ") .. cell_text(entry[3].raw) end
    for _, code in ipairs(entry[3].sources) do lines[#lines + 1] = by_code[code] or cell_text(code) end
    done(book:note(1, entry[1], entry[2], cut(table.concat(lines, "\n"), 4000)))
  end
end

local function data_sheet(book, t, locale)
  local columns, format, roles = flat.sheet(t, locale), formats_of(book), flat.roles(t) or {}
  if t.n_ > ROWS or #columns > COLUMNS then
    core.raise("limit", ("a sheet holds %d rows and %d columns; this table has %d and %d"):format(ROWS, COLUMNS, t.n_, #columns),
      "hint: save it as .csv, or in parts by :where")
  end
  done(book:sheet(labels.say(locale, "Số liệu", "Data")))
  local head, keys = done(book:format { bold = true, wrap = true, under = true }), 0
  local right = done(book:format { bold = true, wrap = true, under = true, right = true })
  for c, column in ipairs(columns) do
    column.roles, column.number_format = roles, number_format(column, t.n_)
    column.day_format = locale == "en" and "d mmm yyyy" or "d/m/yyyy"
    if column.key and keys == c - 1 then keys = c end
    done(book:width(1, c - 1, width_of(column, t.n_)))
    done(book:text(1, 0, c - 1, cell_text(column.heading), column.kind == "text" and head or right))
    for i = 1, t.n_ do put_cell(book, column, i, c - 1, format) end
  end
  done(book:head(1, 1, math.min(keys, 3), #columns > 6))
  remarks(book, t, columns, locale)
end

-- What stands above and under a printed table.
local function notes_sheet(book, t, locale)
  local shown = model.of(t, { locale = locale, sources = true, rows = 1 })
  local lines = {}
  for i, note in ipairs(model.notes(t, shown.columns, getmetatable(t).all_rows(t.n_), "", locale)) do lines[i] = note end
  if not shown.title and not lines[1] and not shown.sources[1] then return end
  done(book:sheet(labels.say(locale, "Ghi chú", "Notes")))
  local strong, plain, row = done(book:format { bold = true }), done(book:format { wrap = true }), 0
  local function put(text, format)
    done(book:text(2, row, 0, cell_text(text), format))
    row = row + 1
  end
  done(book:width(2, 0, 100))
  if shown.title then put(shown.title, strong) end
  for _, line in ipairs(lines) do put(line, plain) end
  if shown.sources[1] then put(labels.say(locale, "Nguồn", "Sources"), strong) end
  for _, line in ipairs(shown.sources) do put(line, plain) end
end

-- table(t, {locale =}) -> bytes | nil, message, info when the optional part is not there
function xlsx.table(t, opts)
  local writer, message, info = module()
  if not writer then return nil, message, info end
  local locale = opts.locale or t.meta_.locale or "vi"
  local title, epoch = t.meta_.title and t.meta_.title[locale == "en" and 2 or 1] or "", save.epoch()
  local book <close> = done(writer.new(epoch > 0 and epoch or FIRST, cell_text(title)))
  data_sheet(book, t, locale)
  notes_sheet(book, t, locale)
  return done(book:finish())
end

return xlsx
