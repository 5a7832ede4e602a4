-- model: a Table as it is shown to people: title, columns with their headings and printed cells, the words over the columns
-- of a wide table, and the notes that belong under it. What is drawn around them is the renderer's.
local core = require "mekong.core"
local cells = require "mekong.render.cells"
local cite = require "mekong.cite"
local fmt = require "mekong.fmt"
local labels = require "mekong.labels"
local order = require "mekong.order"

local model = {}

local is_figure, math_type = core.figure.is, math.type

-- Table requires the renderers late, so its functions are looked up when they are needed.
local function is_key(t, c) return getmetatable(t).is_key(t, c) end
local function reason_of(t, i, c) return getmetatable(t).reason(t, i, c) end

local numeric = { int = true, figure = true, decimal = true, real = true }

-- The heading of a column, with the unit its figures share unless the words say it already.
function model.heading(t, c, unit, locale)
  local column = t.columns_[c]
  local name = column.name == "date" and not t.index_.date_to and "day" or column.name
  local heading = column[locale] or name == "n" and labels.count(column.unit, locale)
    or labels.counted(name, column.unit) or labels.column(name, locale)
  local said = unit and core.figure.unit_name(unit, locale) or ""
  if column.bare or said == "" or (" " .. heading:lower() .. " "):find(" " .. said:lower() .. " ", 1, true) then return heading end
  return heading .. " (" .. said:gsub(" ", "\u{A0}") .. ")"
end

-- The rows of totals and of the rest, whose first cell is a word whatever the column holds.
local function labelled(t)
  local total, others = t.meta_.total_row, t.meta_.others
  return total, others and others.row
end

-- How the cells of a column are printed: a function of the number of the row.
function model.printer(t, c, unit, locale)
  local column, data = t.columns_[c], t.data_[c]
  local missing = column.missing and labels.say(locale, "chưa rõ", "unknown") or
    is_key(t, c) and t.meta_.origin == "records" and labels.word("(thiếu)", locale) or nil
  local verbatim = (t.meta_.origin == "sql" or t.meta_.origin == "schema") and column.kind == "text" -- verdicts are words of the program
  local how = { locale = locale, unit = unit == nil, names = t.meta_.names, label = false, verbatim = verbatim, missing = missing }
  local of_label = { locale = locale, unit = unit == nil, names = t.meta_.names, label = true, verbatim = verbatim,
    missing = not numeric[column.kind] and "" or missing }
  local total, others = labelled(t)
  local printed, whole = {}, {} -- of texts and figures, and of whole numbers, which come again and again
  return function(i)
    local value = data[i]
    if i == total or i == others then return cells.text(value, column, of_label) end
    local text = printed[value]
    if text then return text end
    local known = type(value) == "string" and printed or math_type(value) == "integer" and whole or is_figure(value) and printed or nil
    if not known then return cells.text(value, column, how) end
    known[value] = known[value] or cells.text(value, column, how)
    return known[value]
  end
end

-- What stands in the given rows of a list of figures, each once.
local function distinct(data, rows)
  local list, n, seen = {}, 0, {}
  for r = 1, #rows do
    local value = data[rows[r]]
    if value ~= nil and not seen[value] then n, seen[value], list[n + 1] = n + 1, true, value end
  end
  return list
end

-- Whether any cell is there and not zero.
local function says_something(data, n)
  local last
  for i = 1, n do
    local value = data[i]
    if value ~= nil and not rawequal(value, last) and value ~= 0 and not (core.figure.is(value) and value:is(0)) then return true end
    last = value
  end
  return false
end

local function first_rows(n)
  local rows = {}
  for i = 1, n do rows[i] = i end
  return rows
end

-- The unit in the heading of a column instead of in its cells: all of them share it. rows: those of the table.
function model.unit(t, c, rows)
  local column = t.columns_[c]
  if column.kind == "int" then return column.unit end
  return column.kind == "figure" and cells.shared_unit(column, distinct(t.data_[c], rows or first_rows(t.n_))) or nil
end

-- The columns that are shown: {at = position, unit = what all cells share, right = holds numbers, key =, level =}.
function model.columns(t)
  local out, rows = {}, first_rows(t.n_)
  for c, column in ipairs(t.columns_) do
    if not column.optional or says_something(t.data_[c], t.n_) then
      local key = is_key(t, c)
      out[#out + 1] = { at = c, column = column, unit = model.unit(t, c, rows), key = key,
        right = numeric[column.kind] and not key or false, level = column.level }
    end
  end
  return out
end

local function statuses(t, rows)
  local seen = {}
  for c, column in ipairs(t.columns_) do
    for _, value in ipairs(column.kind == "figure" and distinct(t.data_[c], rows) or {}) do
      if is_figure(value) then seen[value.status] = true end
    end
  end
  return seen
end

-- The columns in which some cell is missing that is no key.
local function lacking(t, shown, rows)
  local list = {}
  for _, one in ipairs(shown) do
    local data = t.data_[one.at]
    for r = 1, one.key and 0 or #rows do
      if data[rows[r]] == nil then
        list[#list + 1] = one.at
        break
      end
    end
  end
  return list
end

-- Why cells of the shown columns are missing, with the rows they stand in.
local function missing_reasons(t, shown, rows, locale)
  local entries, list = {}, lacking(t, shown, rows)
  local total, others = labelled(t)
  for _, i in ipairs(list[1] and rows or {}) do
    for _, c in ipairs(list) do
      local reason = t.data_[c][i] == nil and reason_of(t, i, c)
      if reason and not reason.quiet then
        local key = t.data_[1][i]
        local row = t.columns_[1].kind == "phase" and key ~= nil and cells.text(key, t.columns_[1],
          { locale = locale, label = i == total or i == others }) or nil
        entries[#entries + 1] = { reason = reason, row = row }
      end
    end
  end
  return cells.reasons(entries, locale)
end

-- The lines under a table: what the marks in the printed cells mean, why cells are missing, and its notes.
function model.notes(t, shown, rows, printed, locale)
  local lines = {}
  local legend = cells.legend(statuses(t, rows), printed, locale)
  if legend[1] then lines[1] = table.concat(legend, " · ") end
  for _, line in ipairs(missing_reasons(t, shown, rows, locale)) do lines[#lines + 1] = line end
  for _, note in ipairs(t.meta_.notes or {}) do lines[#lines + 1] = cells.visible(note[locale == "en" and 2 or 1]) end
  return lines
end

-- The sources that figures of the table name, each once, by code: {code =, title =, outlet =, address =, published =}.
function model.sources(t)
  local seen, codes = {}, {}
  local function add(list)
    for _, code in ipairs(list) do
      if not seen[code] then seen[code], codes[#codes + 1] = true, code end
    end
  end
  for c, column in ipairs(t.columns_) do
    for i = 1, t.n_ do
      local value = t.data_[c][i]
      if core.figure.is(value) then
        add(value.sources)
      elseif column.kind == "figures" and value then
        for _, item in ipairs(value) do add(item.sources) end
      end
    end
  end
  order.texts(codes)
  if t.meta_.cite then return t.meta_.cite(codes) end
  for i, code in ipairs(codes) do codes[i] = { code = code } end
  return codes
end

-- The rows shown when at most `most` are: the first and the last, and how many lie between them.
local function chosen(n, most)
  local head = most and n > most and (most + 1) // 2 or n
  local rows = first_rows(head)
  for i = math.max(n - (most or 0) + head, head) + 1, n do rows[#rows + 1] = i end
  return rows, head, n - #rows
end

-- The cells of a column in the rows shown, and what stands in them, each text once.
local function printed_cells(t, one, locale, rows)
  local print_cell = model.printer(t, one.at, one.unit, locale)
  local list, texts, n, seen = {}, {}, 0, {}
  for r = 1, #rows do
    local s = print_cell(rows[r])
    list[r] = s
    if not seen[s] then n, seen[s], texts[n + 1] = n + 1, true, s end
  end
  return list, texts
end

-- of(t, {locale =, rows = most rows shown, title =, notes = false}) -> {title =, columns = {..., heading =, cells = {}, texts = {}},
-- rows = numbers of the rows shown, head = how many stand before the gap, left_out =, gap = the words for it, spanner =
-- {text =, first =, last =}, total = place of the row of totals among those shown, others =, notes = lines, sources = lines,
-- empty = the words when there are no rows}
function model.of(t, opts)
  local locale = opts.locale or t.meta_.locale or "vi"
  local out, printed = { locale = locale, columns = model.columns(t) }, {}
  local title = t.meta_.title and t.meta_.title[locale == "en" and 2 or 1]
  if opts.title ~= false then out.title = type(opts.title) == "string" and cells.visible(opts.title) or title and cells.visible(title) end
  out.rows, out.head, out.left_out = chosen(t.n_, opts.rows)
  for k, one in ipairs(out.columns) do
    one.heading = cells.visible(model.heading(t, one.at, one.unit, locale))
    one.cells, one.texts = printed_cells(t, one, locale, out.rows)
    printed[#printed + 1] = table.concat(one.texts, "\n")
    if one.level and t.meta_.spanner then
      out.spanner = out.spanner or { text = labels.say(locale, t.meta_.spanner.vi, t.meta_.spanner.en), first = k }
      out.spanner.last = k
    end
  end
  for r, i in ipairs(out.rows) do
    if i == t.meta_.total_row then out.total = r end
    if t.meta_.others and i == t.meta_.others.row then out.others = r end
  end
  if out.left_out > 0 then
    local number = function(n) return fmt.number(n, { locale = locale }) end
    out.gap = labels.say(locale, "… không in %s dòng ở giữa, tất cả có %s dòng …",
      "… %s rows in the middle not shown, %s rows in all …"):format(number(out.left_out), number(t.n_))
  end
  if t.n_ == 0 then out.empty = labels.say(locale, "(không có dòng nào)", "(no rows)") end
  out.sources = {}
  for k, source in ipairs(opts.sources and opts.notes ~= false and model.sources(t) or {}) do
    out.sources[k] = cells.visible(cite.line(source, locale))
  end
  out.notes = opts.notes == false and {} or model.notes(t, out.columns, out.rows, table.concat(printed, "\n"), locale)
  return out
end

return model
