-- text: a Table as lines for a terminal or a mail; columns by display width, numbers aligned on the decimal mark.
local core = require "mekong.core"
local model = require "mekong.render.model"

local text = {}

local width_of = core.text.width
local function pad_left(s, width) return (" "):rep(width - width_of(s)) .. s end
local function pad_right(s, width) return s .. (" "):rep(width - width_of(s)) end

-- Splits a printed number before its decimal mark, so that marks can stand under each other. Of a range the second number
-- counts, else the first; what follows it (unit, status mark) belongs to the tail.
function text.split(s, mark)
  local at
  if s:find "^%d[%d.,]*$" then -- nothing but a number
    at = s:match("^.*()%" .. mark) or #s + 1
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

-- All cells of a numeric column, padded so that their decimal marks align and all have one width; and that width.
local function align(list, mark)
  local before, behind, left, right = {}, {}, 0, 0
  for _, s in ipairs(list) do
    if not before[s] then
      local head, tail = text.split(s, mark)
      before[s], behind[s] = width_of(head), width_of(tail)
      left, right = math.max(left, before[s]), math.max(right, behind[s])
    end
  end
  local out, padded = {}, {}
  for i, s in ipairs(list) do
    padded[s] = padded[s] or (" "):rep(left - before[s]) .. s .. (" "):rep(right - behind[s])
    out[i] = padded[s]
  end
  return out, left + right
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

-- Texts as lists of lines, equal ones as one list; and the width of the widest line.
local function wrapped(cells)
  local list, known, width = {}, {}, 0
  for i, s in ipairs(cells) do
    if not known[s] then
      known[s] = wrap(s, text_width, true)
      for _, line in ipairs(known[s]) do width = math.max(width, width_of(line)) end
    end
    list[i] = known[s]
  end
  return list, width
end

-- Lines of the heading, a rule of its width, and for each row the lines of its cell; all of one width.
local function column_lines(one, locale)
  local list, own
  if one.right then list, own = align(one.cells, locale == "en" and "." or ",") else list, own = wrapped(one.cells) end
  local width = own
  local heading = wrap(one.heading, math.max(width, 10))
  for i, line in ipairs(heading) do
    heading[i] = line:gsub("\u{A0}", " ")
    width = math.max(width, width_of(heading[i]))
  end
  local pad = one.right and pad_left or pad_right
  local function padded(lines)
    for i, line in ipairs(lines) do lines[i] = pad(line, width) end
    lines.blank = (" "):rep(width)
    return lines
  end
  local before, blank, made = (" "):rep(width - own), (" "):rep(width), {}
  for i, cell in ipairs(list) do
    if one.right then
      made[cell] = made[cell] or { before .. cell, blank = blank }
      list[i] = made[cell]
    elseif not cell.blank then
      padded(cell)
    end
  end
  return padded(heading), ("─"):rep(width), list
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
  local height = 1
  for c = 1, #row do height = math.max(height, #row[c]) end
  for k = 1, height do
    local parts = {}
    for c = 1, #row do parts[c] = row[c][from_below and k - height + #row[c] or k] or row[c].blank end
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
  local lines, headings, rules, columns = {}, {}, {}, {}
  if shown.title then lines[1] = strong(shown.title) end
  for k, one in ipairs(shown.columns) do headings[k], rules[k], columns[k] = column_lines(one, shown.locale) end
  lines[#lines + 1] = spanner_line(shown.spanner, rules)
  add_row(lines, headings, true, strong)
  local rule = faint(table.concat(rules, "  "))
  lines[#lines + 1] = rule
  for r = 1, #shown.rows do
    local row = {}
    for c = 1, #columns do row[c] = columns[c][r] end
    if r == shown.total then lines[#lines + 1] = rule end
    add_row(lines, row, false, r == shown.total and strong or plain)
    if shown.gap and r == shown.head then lines[#lines + 1] = faint(shown.gap) end
  end
  lines[#lines + 1] = shown.empty
  for _, note in ipairs(shown.notes) do lines[#lines + 1] = faint(note) end
  return table.concat(lines, "\n")
end

return text
