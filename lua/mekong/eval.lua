-- eval: the rows of a plan, read and computed one step after the other. Plain on purpose: it is the judge of every faster
-- way to the same answer.
--
-- Rows: columns (those of the plan), data (one array for each, a missing cell is nil), n, ids (what a row belongs to: for
-- each grain an array of identities, nil where there is none), copy (rows of a case that is recorded twice), notes (what the
-- steps left out, {vi, en} each), parents (line -> the line it is part of).
local core = require "mekong.core"
local labels = require "mekong.labels"
local order = require "mekong.order"
local phases = require "mekong.phases"
local plans = require "mekong.plan"
local shown = require "mekong.shown"

local lower = core.text.lower

local eval = {}

-- ---------------------------------------------------------------- reading

local function column(data, columns, name)
  for c, one in ipairs(columns) do
    if one.name == name then return data[c] end
  end
end

local function line_id(case, line) return line and ("%d:%s:%d"):format(#case, case, line) end

-- The case that stands for a seizure recorded more than once: where dup_of leads, in a circle the first by key.
local function original(case, dup_of, known)
  local seen, at = {}, case
  while not seen[at] do
    seen[at] = true
    local other = dup_of[at]
    if not other or not known[other] then return at end
    at = other
  end
  local first, start = at, at
  repeat
    at = dup_of[at]
    if at < first then first = at end
  until at == start
  return first
end

-- Marks the rows of cases that another case already stands for.
local function copies(case, dup, n)
  local known, dup_of, copy = {}, {}, {}
  for i = 1, n do known[case[i]], dup_of[case[i]] = true, dup[i] end
  for i = 1, n do
    if dup[i] and original(case[i], dup_of, known) ~= case[i] then copy[i] = true end
  end
  return copy
end

-- line -> the line of the same case that it is part of or equivalent to
local function parents_of(case, line, included, equivalent, n)
  local parents = {}
  for i = 1, n do
    local to = included[i] or equivalent[i]
    if line[i] and to and to ~= line[i] then parents[line_id(case[i], line[i])] = line_id(case[i], to) end
  end
  return parents
end

-- Rows of the source of a plan, whole cases, from their cells by column.
function eval.source_rows(plan, data, n)
  local columns = plan.base
  local rows = { columns = columns, data = data, n = n, ids = {}, copy = {}, notes = {}, parents = {} }
  if plan.cases then
    local case, line = column(data, columns, "case"), column(data, columns, "line")
    local lines = {}
    for i = 1, n do lines[i] = line_id(case[i], line[i]) end
    rows.ids.case, rows.ids.line = case, lines
    rows.copy = copies(case, column(data, columns, "dup_of"), n)
    rows.parents = parents_of(case, line, column(data, columns, "included_in"), column(data, columns, "equivalent_of"), n)
  end
  return rows
end

-- All of them, before any step.
function eval.base(plan)
  local list = {}
  for i, one in ipairs(plan.base) do list[i] = one.sql end
  local _, data, n = core.store.query(plan.store, "SELECT " .. table.concat(list, ", ") .. " FROM " .. plans.from(plan))
  return eval.source_rows(plan, data, n)
end

-- ---------------------------------------------------------------- steps

local function picked(array, list)
  local out = {}
  for i = 1, #list do out[i] = array[list[i]] end
  return out
end

-- Rows with other columns, data or fields; everything else stays.
local function changed(rows, fields)
  local out = {}
  for name, value in pairs(rows) do out[name] = value end
  for name, value in pairs(fields) do out[name] = value end
  return out
end

local function pick(rows, list)
  local data, ids = {}, {}
  for c = 1, #rows.data do data[c] = picked(rows.data[c], list) end
  for grain, array in pairs(rows.ids) do ids[grain] = picked(array, list) end
  return changed(rows, { data = data, ids = ids, copy = picked(rows.copy, list), n = #list })
end

-- Rows with more notes, {vi, en} each.
local function noted(rows, more)
  if not more[1] then return rows end
  return changed(rows, { notes = table.move(more, 1, #more, #rows.notes + 1, { table.unpack(rows.notes) }) })
end

local function some_rows(n) return n == 1 and "1 row" or n .. " rows" end

-- Whether the index of words finds all that the matcher does: it does for plain syllables.
local function indexed(query)
  for word in query:gmatch "%S+" do
    if not core.text.is_syllable(word) then return false end
  end
  return query:find "%S" ~= nil
end

-- Identities of the cases or lines whose text the index finds the words of a query in.
local function found_in(store, one, query)
  local set, of_case = {}, one.grain == "case"
  local _, data, n = core.store.search(store, of_case and "cases" or "lines", query, { one.stored })
  for i = 1, n do set[of_case and data[1][i] or line_id(data[1][i], data[2][i])] = true end
  return set
end

-- Whether a text holds signs that the index and the matcher may part words at differently: anything but Latin letters and ASCII.
local function odd(text) return text:find "[\xC2\xCA-\xE0\xE2-\xF4]" or text:find "\xE1[^\xB8-\xBB]" end

-- Rows in which the words that a condition looks for (step.matches) can be: a function of the row, by the index of words of
-- the store for columns as they are stored there; all others may.
local function candidates(rows, step, plan)
  local sets = {}
  for _, match in ipairs(step.matches or {}) do
    local c, query = table.unpack(match)
    local one = rows.columns[c]
    if plan.cases and one.stored and indexed(query) then
      sets[#sets + 1] = { ids = rows.ids[one.grain], cells = rows.data[c], found = found_in(plan.store, one, query) }
    end
  end
  return function(i)
    for _, set in ipairs(sets) do
      local text = set.cells[i]
      if text ~= nil and not set.found[set.ids[i]] and not odd(text) then return false end
    end
    return true
  end
end

-- What to say of rows for which a condition is neither true nor false. columns: what it reads, as those of a plan; counts: how
-- many rows lack which of them, by the sum of 2^(k-1) over the k-th one; under 0 those that lack none, but where something is
-- not precise enough.
function eval.undecided(text, columns, counts)
  local notes = {}
  for mask = 1, (1 << #columns) - 1 do
    local n = counts[mask] or 0
    if n > 0 then
      local vi, en = {}, {}
      for k, one in ipairs(columns) do
        if mask >> (k - 1) & 1 == 1 then
          vi[#vi + 1], en[#en + 1] = lower(labels.column(one.name, "vi")), lower(labels.column(one.name, "en"))
        end
      end
      notes[#notes + 1] = { ("%d dòng thiếu %s không được tính (%s)."):format(n, table.concat(vi, ", "), text),
        ("%s without %s %s left out (%s)."):format(some_rows(n), table.concat(en, ", "), n == 1 and "is" or "are", text) }
    end
  end
  local rest = counts[0] or 0
  if rest > 0 then
    notes[#notes + 1] = { ("Điều kiện \"%s\" không xét được ở %d dòng (ngày không đủ chính xác, hoặc đơn vị không quy đổi được); %s.")
      :format(text, rest, "các dòng đó không được tính"),
      ("The condition \"%s\" cannot be decided for %s (a date is not precise enough or a unit does not convert); %s left out.")
      :format(text, some_rows(rest), rest == 1 and "it is" or "they are") }
  end
  return notes
end

-- The same for rows given by their numbers. Conditions on many columns are told as if nothing was missing.
local function undecided(rows, step, unsure)
  local reads, counts, columns = step.expr:columns(), {}, {}
  if #reads > 4 then reads = {} end
  for k, c in ipairs(reads) do columns[k] = rows.columns[c] end
  for _, i in ipairs(unsure) do
    local mask = 0
    for k, c in ipairs(reads) do
      if rows.data[c][i] == nil then mask = mask | 1 << (k - 1) end
    end
    counts[mask] = (counts[mask] or 0) + 1
  end
  return eval.undecided(step.text, columns, counts)
end

local steps = {}

function steps.where(rows, step, plan)
  local list, unsure, possible = {}, {}, candidates(rows, step, plan)
  for i = 1, rows.n do
    local yes = false
    if possible(i) then yes = step.expr:test(rows.data, i) end
    if yes then list[#list + 1] = i elseif yes == nil and not rows.copy[i] then unsure[#unsure + 1] = i end
  end
  return noted(pick(rows, list), undecided(rows, step, unsure))
end

function steps.with(rows, step)
  local cells, is_figure, strange = {}, step.column.type:find "^figure" ~= nil, 0
  for i = 1, rows.n do
    local value, why = step.expr:eval(rows.data, i)
    if why == "unit" then strange = strange + 1 end
    if is_figure and value ~= nil and not core.figure.is(value) then
      value = core.figure.new { best = value, unit = step.expr:unit() }
    end
    cells[i] = value
  end
  local columns, data = { table.unpack(rows.columns) }, { table.unpack(rows.data) }
  columns[#columns + 1], data[#data + 1] = step.column, cells
  return noted(changed(rows, { columns = columns, data = data }), strange > 0 and {
    { ("Cột %s bỏ trống ở %d dòng có đơn vị không quy đổi được."):format(step.name, strange),
      ("Column %s is empty in %s whose unit does not convert."):format(step.name, some_rows(strange)) } } or {})
end

function steps.filter(rows, step)
  local view, list = eval.table(rows, step.locale), {}
  for i = 1, rows.n do
    if step.fn(view[i]) then list[#list + 1] = i end
  end
  return pick(rows, list)
end

function steps.select(rows, step)
  local columns, data = {}, {}
  for k, c in ipairs(step.columns) do columns[k], data[k] = rows.columns[c], rows.data[c] end
  return changed(rows, { columns = columns, data = data })
end

function steps.limit(rows, step)
  local list = {}
  for i = 1, math.min(step.n, rows.n) do list[i] = i end
  return pick(rows, list)
end

-- What sorts a column: its cells, those counted in units as figures.
local function sort_cells(rows, c)
  local kind, cells = shown.kind(rows.columns[c]), rows.data[c]
  if not rows.columns[c].type:find(" measured", 1, true) then return kind, cells end
  local units, figures = column(rows.data, rows.columns, "unit") or {}, {}
  for i = 1, rows.n do
    if cells[i] then figures[i] = core.figure.new { best = cells[i], unit = units[i] } end
  end
  return "figure", figures
end

function steps.sort(rows, step, plan)
  local comparisons, known = {}, phases.of(plan.store)
  for k, key in ipairs(step.keys) do
    local kind, cells = sort_cells(rows, key.column)
    local compare = order.with_missing(order.cells(kind, known), key.sign)
    comparisons[k] = function(i, j) return compare(cells[i], cells[j]) end
  end
  return pick(rows, order.rows(rows.n, comparisons))
end

-- ---------------------------------------------------------------- join and union

-- What a cell is joined by: names as = compares them, numbers by value; nil for a missing one.
local function join_key(column_type, value)
  if value == nil then return nil end
  if column_type == "text" then return "t" .. core.text.key(value, 1) end
  if column_type == "decimal" or column_type == "int" then return "n" .. core.figure.decimal(value) end
  return tostring(value)
end

local function join_keys(rows, columns, i)
  local parts = {}
  for k, c in ipairs(columns) do
    local part = join_key(shown.kind(rows.columns[c]), rows.data[c][i])
    if not part then return nil end
    parts[k] = #part .. ":" .. part
  end
  return table.concat(parts)
end

local function said_keys(rows, columns, i)
  local parts = {}
  for k, c in ipairs(columns) do parts[k] = tostring(rows.data[c][i]) end
  return table.concat(parts, ", ")
end

local function multiplies(step, side, said)
  core.raise("duplicate", ("the join would multiply rows: %s stands more than once %s"):format(said, side),
    ('hint: it is checked as "%s"; if that is meant, give {check = "1:n"} or "n:n"'):format(step.check))
end

-- key -> numbers of the rows of the other side
local function index_of(other, step)
  local index, single = {}, step.check:sub(3) == "1"
  for i = 1, other.n do
    local key = join_keys(other, step.right, i)
    if key then
      local found = index[key] or {}
      index[key] = found
      if single and found[1] then multiplies(step, "in the other table", said_keys(other, step.right, i)) end
      found[#found + 1] = i
    end
  end
  return index
end

-- Raises when two of what the keys belong to (cases, lines, rows) share a key that the other side has.
local function check_left(rows, step, index)
  local owner = {}
  for i = 1, rows.n do
    local key = join_keys(rows, step.left, i)
    local id = rows.ids[step.grain] and rows.ids[step.grain][i] or i
    if key and index[key] then
      if owner[key] ~= nil and owner[key] ~= id then multiplies(step, "here", said_keys(rows, step.left, i)) end
      owner[key] = id
    end
  end
end

function steps.join(rows, step)
  local other = step.plan and eval.rows(step.plan) or step.rows
  local index = index_of(other, step)
  if step.check:sub(1, 1) == "1" then check_left(rows, step, index) end
  local list, right = {}, {}
  for i = 1, rows.n do
    local key = join_keys(rows, step.left, i)
    for _, j in ipairs(key and index[key] or { false }) do list[#list + 1], right[#list + 1] = i, j end
  end
  local out = pick(rows, list)
  out.columns = { table.unpack(out.columns) }
  for _, one in ipairs(step.taken) do
    local cells = {}
    for k = 1, #list do
      if right[k] then cells[k] = other.data[one.from][right[k]] end
    end
    out.columns[#out.columns + 1], out.data[#out.data + 1] = one.column, cells
  end
  if step.pairs then
    local ids, own = {}, out.ids[step.grain]
    for k = 1, #list do
      local id = tostring(own and own[k] or list[k])
      if right[k] then ids[k] = #id .. ":" .. id .. ":" .. right[k] end
    end
    out.ids[step.pairs] = ids
  end
  return out
end

local function appended(a, n, b, m, prefix)
  local out = {}
  for i = 1, n do out[i] = a[i] end
  for i = 1, m do
    local value = b[i]
    if prefix and value ~= nil then value = prefix .. value end
    out[n + i] = value
  end
  return out
end

-- Rows of the other plan behind these. A case or line that is in both is one, unless the stores differ.
function steps.union(rows, step, plan)
  local other, data, ids, n = eval.rows(step.plan), {}, {}, rows.n
  local foreign = step.plan.store ~= plan.store and step.mark or nil
  for c = 1, #rows.columns do data[c] = appended(rows.data[c], n, other.data[step.from[c]], other.n) end
  for _, grain in ipairs(step.grains) do
    local shared = grain == "case" or grain == "line"
    ids[grain] = appended(rows.ids[grain], n, other.ids[grain], other.n, not shared and step.mark or foreign)
  end
  local parents, notes = {}, { table.unpack(rows.notes) }
  for line, parent in pairs(rows.parents) do parents[line] = parent end
  for line, parent in pairs(other.parents) do parents[(foreign or "") .. line] = (foreign or "") .. parent end
  for _, one in ipairs(other.notes) do notes[#notes + 1] = one end
  return { columns = step.columns, data = data, n = n + other.n, ids = ids, parents = parents, notes = notes,
    copy = appended(rows.copy, n, other.copy, other.n) }
end

-- ---------------------------------------------------------------- results

-- The rows of a plan after all its steps; base: those of its source when they are at hand.
function eval.rows(plan, base)
  local rows = base or eval.base(plan)
  for _, step in ipairs(plan.steps) do rows = steps[step.op](rows, step, plan) end
  return rows
end

local wide = 12 -- a table of more columns is printed without those that are empty

-- Rows as a Table, or as much of one as row access needs.
function eval.table(rows, locale, meta)
  local columns = {}
  for i, one in ipairs(rows.columns) do
    columns[i] = { name = one.name, kind = shown.kind(one), aliases = one.aliases or nil, plain = one.plain,
      optional = #rows.columns > wide and not one.key or nil,
      entity = one.entity or nil, words = meta and (shown.words(one.entity, rows.data[i], rows.n)) or nil }
  end
  meta = meta or {}
  meta.locale, meta.origin = locale, "records"
  return require("mekong.table").new(columns, rows.data, rows.n, meta)
end

return eval
