-- text: a Table as lines for a terminal or a mail; columns by display width, numbers aligned on the decimal mark.
local core = require "mekong.core"
local model = require "mekong.render.model"

local text = {}

local width_of = core.text.width
local function pad_left(s, width) return (" "):rep(width - width_of(s)) .. s end
local function pad_right(s, width) return s .. (" "):rep(width - width_of(s)) end

local last_mark = { [","] = "^.*(),", ["."] = "^.*()%." }

-- Splits a printed number before its decimal mark, so that marks can stand under each other. Of a range the second number
-- counts, else the first; what follows it (unit, status mark) belongs to the tail.
function text.split(s, mark)
  local at
  if s:find "^%d[%d.,]*$" then -- nothing but a number
    at = s:match(last_mark[mark]) or #s + 1
    return s:sub(1, at - 1), s:sub(at)
  end
  local first, last = s:find("%d[%d.,]*", (s:match "^.*–()" or 1))
  if not first then first, last = s:find "%d[%d.,]*" end
  if first then
    for i = last, first, -1 do
      if s:sub(i, i) == mark then at = i; break end
    end
    at = at or last + 1
    return s:sub(1, at - 1), s:sub(at)
  end
  return s, ""
end

-- Columns that a printed number takes before its decimal mark, and from there on.
local function halves(s, mark)
  if s:find "^%d[%d.,]*$" then -- nothing but a number
    local at = s:match(last_mark[mark]) or #s + 1
    return at - 1, #s - at + 1
  end
  local head, tail = text.split(s, mark)
  return width_of(head), width_of(tail)
end

-- The widest halves of printed numbers, and those of each.
local function measured(texts, mark)
  local before, behind, left, right = {}, {}, 0, 0
  for k = 1, #texts do
    local head, tail = halves(texts[k], mark)
    before[k], behind[k] = head, tail
    if head > left then left = head end
    if tail > right then right = tail end
  end
  return left, right, before, behind
end

-- A word longer than a line in pieces, none ending inside a character.
local function break_word(word, width, lines)
  local from, used = 1, 0
  for at, point in utf8.codes(word) do
    local own = width_of(utf8.char(point))
    if used + own > width and at > from then
      lines[#lines + 1] = word:sub(from, at - 1)
      from, used = at, 0
    end
    used = used + own
  end
  return word:sub(from)
end

-- Breaks text at spaces into lines of at most width columns; a longer word is broken where hard, else it stands alone.
local function wrap(s, width, hard)
  local lines, line = {}, nil
  for word in s:gmatch "[^ ]+" do
    if line and width_of(line) + 1 + width_of(word) <= width then
      line = line .. " " .. word
    else
      lines[#lines + 1] = line
      line = hard and #word > width and width_of(word) > width and break_word(word, width, lines) or word
    end
  end
  lines[#lines + 1] = line or ""
  return lines
end

local text_width = 44 -- a longer text cell continues on the next line

-- Lines of one width as a cell: the line, or the list of them where there are several.
local function cell_of(lines, width, pad)
  for i, line in ipairs(lines) do lines[i] = pad(line, width) end
  return lines[2] and lines or lines[1]
end

-- Each text in lines, and the width of the widest.
local function wrapped(texts)
  local list, width = {}, 0
  for k, s in ipairs(texts) do
    list[k] = wrap(s, text_width, true)
    for _, line in ipairs(list[k]) do width = math.max(width, width_of(line)) end
  end
  return list, width
end

-- How the texts of a column are printed, numbers with their decimal marks under each other and words in lines: what they take at
-- least, and a function of the place of a text and of the width that the heading leaves it.
local function cells_of(one, locale)
  if not one.right then
    local list, own = wrapped(one.texts)
    return own, function(k, width) return cell_of(list[k], width, pad_right) end
  end
  local left, right, before, behind = measured(one.texts, locale == "en" and "." or ",")
  return left + right, function(k, width)
    return (" "):rep(width - right - before[k]) .. one.texts[k] .. (" "):rep(right - behind[k])
  end
end

-- The heading of a column, a rule of its width and, by the text of a cell, what is printed, all of one width; and whether some cell
-- has several lines.
local function column_lines(one, locale)
  local width, print_cell = cells_of(one, locale)
  local heading, made, tall = wrap(one.heading, math.max(width, 10)), {}, false
  for i, line in ipairs(heading) do
    heading[i] = line:gsub("\u{A0}", " ")
    width = math.max(width, width_of(heading[i]))
  end
  for k, s in ipairs(one.texts) do
    made[s] = print_cell(k, width)
    tall = tall or type(made[s]) == "table"
  end
  return cell_of(heading, width, one.right and pad_left or pad_right), ("─"):rep(width), made, tall
end

-- Backwards by hand: a pattern with "$" begins anew at every space of a long run.
local function trim_right(s)
  local n = #s
  while s:byte(n) == 32 do n = n - 1 end
  return s:sub(1, n)
end

-- The line above the headings that says what the columns of a wide table are: the words centred in a rule over them.
local function spanner_line(spanner, rules)
  if not spanner then return nil end
  local before, over = 0, -2
  for k, rule in ipairs(rules) do
    local width = width_of(rule) + 2
    if k < spanner.first then before = before + width elseif k <= spanner.last then over = over + width end
  end
  local room = over - width_of(spanner.text) - 2
  if room < 2 then return (" "):rep(before) .. spanner.text end
  return (" "):rep(before) .. ("─"):rep(room // 2) .. " " .. spanner.text .. " " .. ("─"):rep(room - room // 2)
end

-- Adds the lines of one row of cells; headings stand on the lowest line, cells on the highest.
local function add_row(lines, row, from_below, paint)
  local height, blank = 1, {}
  for c, cell in ipairs(row) do
    if type(cell) == "string" then row[c] = { cell } end
    height, blank[c] = math.max(height, #row[c]), (" "):rep(width_of(row[c][1]))
  end
  for k = 1, height do
    local parts = {}
    for c = 1, #row do parts[c] = row[c][from_below and k - height + #row[c] or k] or blank[c] end
    lines[#lines + 1] = paint(trim_right(table.concat(parts, "  ")))
  end
end

local function plain(s) return s end
local function painter(code)
  return function(s) return "\27[" .. code .. "m" .. s .. "\27[0m" end
end

-- table(t, {locale =, title =, notes =, rows = most rows shown, color =}) -> the whole table: title, headings, rows, legend of
-- marks, notes.
function text.table(self, opts)
  local shown = model.of(self, opts)
  local strong, faint = opts.color and painter "1" or plain, opts.color and painter "2" or plain
  local lines, headings, rules, cells, made, tall = {}, {}, {}, {}, {}, false
  if shown.title then lines[1] = strong(shown.title) end
  for k, one in ipairs(shown.columns) do
    local several
    headings[k], rules[k], made[k], several = column_lines(one, shown.locale)
    cells[k], tall = one.cells, tall or several
  end
  lines[#lines + 1] = spanner_line(shown.spanner, rules)
  add_row(lines, headings, true, strong)
  local rule = faint(table.concat(rules, "  "))
  lines[#lines + 1] = rule
  local row = {}
  for r = 1, #shown.rows do
    local paint = r == shown.total and strong or plain
    for c = 1, #cells do row[c] = made[c][cells[c][r]] end
    if r == shown.total then lines[#lines + 1] = rule end
    if tall then add_row(lines, row, false, paint) else lines[#lines + 1] = paint(trim_right(table.concat(row, "  "))) end
    if shown.gap and r == shown.head then lines[#lines + 1] = faint(shown.gap) end
  end
  lines[#lines + 1] = shown.empty
  for _, note in ipairs(shown.notes) do lines[#lines + 1] = faint(note) end
  return table.concat(lines, "\n")
end

return text
