-- text: a Table as lines for a terminal or a mail; columns by display width, numbers aligned on the decimal mark.
local core = require "mekong.core"
local cells = require "mekong.render.cells"
local labels = require "mekong.labels"

local text = {}

-- Table requires this file late, so its functions are looked up when they are needed.
local function is_key(self, c) return getmetatable(self).is_key(self, c) end
local function reason_of(self, i, c) return getmetatable(self).reason(self, i, c) end

local numeric = { int = true, figure = true, decimal = true, real = true }

local function pad_left(s, width) return (" "):rep(width - core.text.width(s)) .. s end
local function pad_right(s, width) return s .. (" "):rep(width - core.text.width(s)) end

-- Splits a printed number before its decimal mark, so that marks can stand under each other. Only the first run of
-- digits counts; what follows (unit, second bound, status mark) belongs to the tail.
local function split(s, mark)
  local at
  local first, last = s:find "%d[%d.,]*"
  if first then
    for i = last, first, -1 do
      if s:sub(i, i) == mark then at = i; break end
    end
    at = at or last + 1
    return s:sub(1, at - 1), s:sub(at)
  end
  return s, ""
end

-- All cells of a numeric column, padded so that their decimal marks align and all have one width.
local function align(list, mark)
  local heads, tails, left, right = {}, {}, 0, 0
  for i, s in ipairs(list) do
    heads[i], tails[i] = split(s, mark)
    left, right = math.max(left, core.text.width(heads[i])), math.max(right, core.text.width(tails[i]))
  end
  local out = {}
  for i = 1, #list do out[i] = pad_left(heads[i], left) .. pad_right(tails[i], right) end
  return out
end

-- Breaks text at spaces into lines of at most width columns; a longer word stands alone.
local function wrap(s, width)
  local lines, line = {}, nil
  for word in s:gmatch "[^ ]+" do
    if line and core.text.width(line) + 1 + core.text.width(word) <= width then
      line = line .. " " .. word
    else
      lines[#lines + 1] = line
      line = word
    end
  end
  lines[#lines + 1] = line or ""
  return lines
end

local text_width = 44 -- a longer text cell continues on the next line

-- The heading of a column, with the unit its figures share unless the words say it already.
local function heading_of(self, c, unit, locale)
  local column = self.columns_[c]
  local name = column.name == "date" and not self.index_.date_to and "day" or column.name
  local heading = column[locale] or name == "n" and labels.count(column.unit, locale)
    or labels.counted(name, column.unit) or labels.column(name, locale)
  local said = unit and core.figure.unit_name(unit, locale) or ""
  if column.bare or said == "" or (" " .. heading:lower() .. " "):find(" " .. said:lower() .. " ", 1, true) then return heading end
  return heading .. " (" .. said:gsub(" ", "\u{A0}") .. ")"
end

-- The row of totals or of the rest, whose first cell is a word whatever the column holds.
local function labelled(self, i)
  local others = self.meta_.others
  return i == self.meta_.total_row or others and others.row == i or false
end

-- The printed cells of a column, one line each, numbers aligned.
local function cell_texts(self, c, unit, locale)
  local column, data, list = self.columns_[c], self.data_[c], {}
  local missing = column.missing and labels.say(locale, "chưa rõ", "unknown") or
    is_key(self, c) and self.meta_.origin == "records" and labels.word("(thiếu)", locale) or nil
  local verbatim = self.meta_.origin == "sql" and column.kind == "text" -- verdicts are words of the program
  for i = 1, self.n_ do
    local label = labelled(self, i)
    list[i] = cells.text(data[i], column, { locale = locale, unit = unit == nil, names = self.meta_.names, label = label,
      verbatim = verbatim, missing = label and not numeric[column.kind] and "" or missing })
  end
  return numeric[column.kind] and not is_key(self, c) and align(list, locale == "en" and "." or ",") or list
end

-- Lines of the heading, and for each row the lines of its cell; all of one width.
local function column_texts(self, c, locale)
  local column, data = self.columns_[c], self.data_[c]
  local right = numeric[column.kind] and not is_key(self, c)
  local unit = cells.shared_unit(column, data, self.n_)
  local list, width = cell_texts(self, c, unit, locale), 0
  for i = 1, self.n_ do
    list[i] = right and { list[i] } or wrap(list[i], text_width)
    for _, line in ipairs(list[i]) do width = math.max(width, core.text.width(line)) end
  end
  local heading = wrap(heading_of(self, c, unit, locale), math.max(width, 10))
  for i, line in ipairs(heading) do
    heading[i] = line:gsub("\u{A0}", " ")
    width = math.max(width, core.text.width(heading[i]))
  end
  local pad = right and pad_left or pad_right
  local function padded(lines)
    for i, line in ipairs(lines) do lines[i] = pad(line, width) end
    lines.blank = (" "):rep(width)
    return lines
  end
  for i = 1, self.n_ do padded(list[i]) end
  return padded(heading), ("─"):rep(width), list
end

-- Backwards by hand: a pattern with "$" begins anew at every space of a long run.
local function trim_right(s)
  local n = #s
  while s:byte(n) == 32 do n = n - 1 end
  return s:sub(1, n)
end

local function statuses(self)
  local seen = {}
  for c, column in ipairs(self.columns_) do
    if column.kind == "figure" then
      for i = 1, self.n_ do
        local value = self.data_[c][i]
        if core.figure.is(value) then seen[value.status] = true end
      end
    end
  end
  return seen
end

-- Whether any cell is there and not zero.
local function says_something(data, n)
  for i = 1, n do
    local value = data[i]
    if value ~= nil and value ~= 0 and not (core.figure.is(value) and value:is(0)) then return true end
  end
  return false
end

-- Why cells of the printed columns are missing, with the rows they stand in.
local function missing_reasons(self, shown, locale)
  local entries = {}
  for i = 1, self.n_ do
    for _, c in ipairs(shown) do
      local reason = self.data_[c][i] == nil and not is_key(self, c) and reason_of(self, i, c)
      if reason and not reason.quiet then
        local key = self.data_[1][i]
        local row = self.columns_[1].kind == "phase" and key ~= nil and cells.text(key, self.columns_[1],
          { locale = locale, label = labelled(self, i) }) or nil
        entries[#entries + 1] = { reason = reason, row = row }
      end
    end
  end
  return cells.reasons(entries, locale)
end

-- The line above the headings that says what the columns of a wide table are: the words centred in a rule over them.
local function spanner_line(self, shown, rules, locale)
  local spanner = self.meta_.spanner
  local before, over = 0, -2
  for k, c in ipairs(shown) do
    local column = self.columns_[c]
    local width = core.text.width(rules[k]) + 2
    if column.level then over = over + width elseif over < 0 then before = before + width end
  end
  if not spanner or over < 1 then return nil end
  local word = labels.say(locale, spanner.vi, spanner.en)
  local room = over - core.text.width(word) - 2
  if room < 2 then return (" "):rep(before) .. word end
  return (" "):rep(before) .. ("─"):rep(room // 2) .. " " .. word .. " " .. ("─"):rep(room - room // 2)
end

-- Adds the lines of one row of cells; headings stand on the lowest line, cells on the highest.
local function add_row(lines, row, from_below)
  local height = 1
  for c = 1, #row do height = math.max(height, #row[c]) end
  for k = 1, height do
    local parts = {}
    for c = 1, #row do parts[c] = row[c][from_below and k - height + #row[c] or k] or row[c].blank end
    lines[#lines + 1] = trim_right(table.concat(parts, "  "))
  end
end

-- The whole table: title, headings, rows, legend of marks, notes.
function text.table(self, opts)
  local locale = opts.locale or self.meta_.locale or "vi"
  local pick = locale == "en" and 2 or 1
  local lines, headings, rules, columns, shown = {}, {}, {}, {}, {}
  if self.meta_.title and opts.title ~= false then lines[1] = self.meta_.title[pick] end
  for c, column in ipairs(self.columns_) do
    if not column.optional or says_something(self.data_[c], self.n_) then
      local k = #columns + 1
      shown[k] = c
      headings[k], rules[k], columns[k] = column_texts(self, c, locale)
    end
  end
  lines[#lines + 1] = spanner_line(self, shown, rules, locale)
  add_row(lines, headings, true)
  local rule = table.concat(rules, "  ")
  lines[#lines + 1] = rule
  for i = 1, self.n_ do
    local row = {}
    for c = 1, #columns do row[c] = columns[c][i] end
    if i == self.meta_.total_row then lines[#lines + 1] = rule end
    add_row(lines, row)
  end
  if self.n_ == 0 then lines[#lines + 1] = labels.say(locale, "(không có dòng nào)", "(no rows)") end
  if opts.notes ~= false then
    local legend = cells.legend(statuses(self), table.concat(lines), locale)
    if legend[1] then lines[#lines + 1] = table.concat(legend, " · ") end
    for _, line in ipairs(missing_reasons(self, shown, locale)) do lines[#lines + 1] = line end
    for _, note in ipairs(self.meta_.notes or {}) do lines[#lines + 1] = note[pick] end
  end
  return table.concat(lines, "\n")
end

return text
