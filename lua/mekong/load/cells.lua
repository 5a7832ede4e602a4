-- cells: one record of a file as typed values of its columns, with what was refused and what was assumed on the way.
-- Two passes: every cell votes on how its column writes numbers and dates, then every cell is read.
local core = require "mekong.core"
local codes = require "mekong.codes"
local dates = require "mekong.load.dates"
local numbers = require "mekong.load.numbers"
local personal = require "mekong.load.personal"
local reasons = require "mekong.load.reasons"

local cells = {}

-- ---------------------------------------------------------------- what each column holds

-- Columns of free text, where people may be named, and those of few values, where two spellings may be one.
local running = { note = true, commodity = true, place = true, detection = true, outcome = true, attendance = true, status = true }
local listed = { agency = true, place = true, channel = true, direction = true, detection = true, role = true, status = true,
  form = true, reporter = true, partner = true, case = true }

-- Columns of names in which several spaces in a row are a slip of the typist.
local spaced = { agency = true, place = true, province = true }

-- Prepares the plans of the columns: votes to be filled, lists of what is found.
function cells.prepare(ctx)
  ctx.book, ctx.days, ctx.variants, ctx.unknown, ctx.personal = codes.book(ctx.store), {}, {}, {}, {}
  ctx.timed = 0
  for _, plan in ipairs(ctx.plans) do
    local column = plan.column
    if column then
      local kinds = codes.kinds(column.table)
      plan.kind = kinds and kinds[column.name]
      plan.number = column.type == "decimal" or column.type == "int"
      plan.votes = plan.number and numbers.votes() or column.type == "date" and dates.votes() or nil
      plan.running = column.type == "text" and (running[column.name] or column.user) or false
      plan.listed = column.type == "text" and not plan.kind and (listed[column.name] or column.user) or false
    end
  end
end

-- First pass: the cells of one record vote.
function cells.vote(ctx, record)
  for _, plan in ipairs(ctx.plans) do
    local text = record[plan.i]
    if text ~= nil and text ~= "" then
      plan.filled = true
      if plan.maybe_unit and not numbers.unit(tostring(text)) then plan.maybe_unit = false end
      local written = type(text) == "string" and not (record.exact and record.exact[plan.i])
      if plan.votes and written then (plan.number and numbers or dates).vote(plan.votes, text) end
    end
  end
end

-- The same for n cells with one text.
function cells.vote_text(plan, text, n)
  plan.filled = true
  if plan.maybe_unit and not numbers.unit(text) then plan.maybe_unit = false end
  if not plan.votes then return end
  local kind = plan.number and numbers or dates
  local one = kind.votes()
  kind.vote(one, text)
  for name, count in pairs(one) do plan.votes[name] = plan.votes[name] + n * count end
end

-- After the first pass: how numbers and dates of each column are read.
function cells.decide(ctx, given)
  for _, plan in ipairs(ctx.plans) do
    if plan.number then
      local whole = plan.column.type == "int" or plan.column.name == "value_vnd"
      plan.at = { given = given.numbers, found = numbers.style(plan.votes), whole = whole }
    elseif plan.votes then
      plan.at = { given = given.dates, found = dates.order(plan.votes) }
    end
  end
end

-- ---------------------------------------------------------------- what was seen of names

-- Notes that a name was written so, in n rows from ctx.line on: of what was kept, or of nothing known; near gives a suggestion.
local function saw(ctx, plan, text, kept, near, n)
  local of = kept or core.text.key(text, plan.column.name == "case" and 1 or 3)
  local lists = ctx.variants[plan] or {}
  ctx.variants[plan] = lists
  local list = lists[of] or { kept = kept, n = 0, by = {} }
  lists[of] = list
  if not list.by[text] then
    list.n = list.n + 1
    list[list.n], list.by[text] = text, true
  end
  if plan.kind and not kept then
    local unknown = ctx.unknown[plan] or {}
    ctx.unknown[plan] = unknown
    local one = unknown[text] or { n = 0, near = near, line = ctx.line }
    if ctx.line < one.line then one.line, one.near = ctx.line, near end
    unknown[text], one.n = one, one.n + (n or 1)
  end
end
cells.saw = saw

-- ---------------------------------------------------------------- one cell by its type

local truths = {}
for words in ("có|x|true|1|yes|y|đúng|✓|v|phải"):gmatch "[^|]+" do truths[core.text.key(words, 1)] = true end
for words in ("không|false|0|no|n|sai|k|ko"):gmatch "[^|]+" do truths[core.text.key(words, 1)] = false end
truths["✓"], truths["✔"] = true, true

local function read_bool(text)
  local truth = truths[text]
  if truth == nil and #text < 20 then truth = truths[core.text.key(text, 1)] end
  if truth == nil then return nil, reasons.no_truth() end
  return truth
end

-- The canonical value by the rules of the store.
local function stored(ctx, column, text)
  if column.type == "unit" or column.type == "phase" then text = text:gsub("%.$", "") end -- "Kg.", "V."
  local value, message, code, hint = core.store.cell(ctx.store, column.number, column.at, text)
  if value ~= nil or not message then return value end
  if column.type == "phase" then return nil, reasons.no_phase() end
  if column.type == "unit" then return nil, reasons.unknown_unit(hint:match "did you mean '([^']+)'") end
  if message:find "valid UTF%-8" then return nil, reasons.not_utf8() end
  if message:find "control character" then return nil, reasons.control() end
  if code == "range" then return nil, reasons.below_zero() end
  if code == "limit" and column.type == "decimal" then return nil, reasons.too_large(38) end
  return nil, reasons.other(code, message)
end

local function read_text(ctx, plan, text, row)
  local value, why = stored(ctx, plan.column, text)
  if value == nil then return nil, why end
  if plan.kind then
    local day = plan.kind == "province" and row.values.date or nil
    local code, near = codes.of(ctx.book, plan.kind, value, day)
    row.saw[#row.saw + 1] = { plan, value, code, near }
    if code then return code end
  elseif plan.listed then row.saw[#row.saw + 1] = { plan, value } end
  if plan.running then row.running[#row.running + 1] = { plan, value } end
  return spaced[plan.column.name] and value:gsub("%s%s+", " ") or value
end

local function assume(row, plan, text, reason) row.assumed[#row.assumed + 1] = { plan, text, reason } end

-- The unit of a number: of its cell, of the unit column, of the heading, of the option.
local function settle_unit(row, plan, own, opts)
  local column = plan.column
  if not column.measured then
    local fits = own == nil or column.name == "value_vnd" and own == "VND" or column.type == "int" and own == "person"
    return fits or nil, not fits and reasons.wrong_unit(own) or nil
  end
  if own == "%" or own == "x" or own == "case" then return nil, reasons.wrong_unit(own) end
  local given = row.values.unit
  if own and given and own ~= given then return nil, reasons.two_units(own, given) end
  row.values.unit = own or given or plan.unit or opts.unit
  return true
end

local function read_number(ctx, plan, text, row)
  local column, at = plan.column, plan.at
  at.exact = row.raw.exact and row.raw.exact[plan.i] or false
  at.unit = column.measured and (row.values.unit or plan.unit or ctx.opts.unit) or nil
  local value, why, own, hedged, none = numbers.read(text, at)
  row.own = own
  if none then return nil, nil, none end
  if not value then return nil, why end
  local fits, wrong = settle_unit(row, plan, own, ctx.opts)
  if not fits then return nil, wrong end
  if plan.scale then value = numbers.scaled(value, plan.scale) end
  if column.type == "int" then
    if value:find "%." then return nil, reasons.not_whole() end
    if #value > 18 then return nil, reasons.too_large(18) end
    value = math.tointeger(tonumber(value))
  else
    local fine, refused = stored(ctx, column, value)
    if fine == nil then return nil, refused end
    value = fine
  end
  if hedged then row.hedged[#row.hedged + 1] = { plan, text } end
  return value, why
end

-- The year of a date or a range that no record can have, or nil.
local function improbable(iso)
  for year in ("/" .. iso):gmatch "/(%d%d%d%d)" do
    if year < "1900" or year > "2100" then return year end
  end
end

local function read_date(ctx, plan, text, row)
  local slot = plan.i .. "\0" .. text
  local known = ctx.days[slot]
  if not known then
    known = table.pack(dates.read(text, plan.at))
    ctx.days[slot] = known
  end
  local iso, why, timed = known[1], known[2], known[3]
  if not iso then return nil, why end
  local year = improbable(iso)
  if year then return nil, reasons.improbable_year(year) end
  if timed then ctx.timed = ctx.timed + 1 end
  local from, to = iso:match "^(.-)/(.+)$"
  if not from then return iso, why end
  if plan.column.name ~= "date" or not ctx.known_names.date_to then return nil, reasons.date_range() end
  row.range_to = to
  return from, why
end

local dashes = { ["-"] = true, ["--"] = true, ["–"] = true, ["—"] = true }

-- value, reason of what was assumed; or nil, reason of a refusal; or nil, nil, reason why it counts as missing.
local function read_cell(ctx, plan, text, row)
  local kind = plan.column.type
  if plan.number then return read_number(ctx, plan, text, row) end
  if plan.votes or kind == "bool" then
    if numbers.is_nothing(text) then return nil, nil, reasons.no_value(text) end
    if plan.votes then return read_date(ctx, plan, text, row) end
    return read_bool(text)
  end
  if kind ~= "text" then
    if numbers.is_nothing(text) then return nil, nil, reasons.no_value(text) end
    return stored(ctx, plan.column, text)
  end
  if dashes[text] then return nil end
  return read_text(ctx, plan, text, row)
end

-- A cell as it came, as text without spaces around it: iterators may give figures.
local function text_of(value)
  if type(value) ~= "string" then
    if core.figure.is(value) then return value.raw or tostring(value) end
    return tostring(value)
  end
  local first, last = value:byte(1), value:byte(-1)
  if first and first > 0x20 and first < 0x7F and last > 0x20 and last < 0x7F then return value end
  return value:match "^%s*(.-)%s*$"
end

-- ---------------------------------------------------------------- one record

local function refuse(row, plan, text, reason) row.refused[#row.refused + 1] = { plan, text, reason } end

-- Dates of a row that contradict each other are refused.
local function check_dates(row, plan_of)
  local values = row.values
  if row.range_to then
    if values.date_to and values.date_to ~= row.range_to then return refuse(row, plan_of.date, row.texts.date, reasons.two_ends()) end
    values.date_to = row.range_to
  end
  local from, to = values.date, values.date_to
  if not from or not to or not (plan_of.date_to or plan_of.date) then return end
  local n = math.min(#from, #to)
  if to:sub(1, n) < from:sub(1, n) then
    refuse(row, plan_of.date_to or plan_of.date, row.texts.date_to or row.texts.date, reasons.backwards(from))
  end
end

-- Text of columns that are no column of the table, and the words of hedged numbers, go into the note.
local function add_notes(ctx, row)
  local parts = {}
  for _, plan in ipairs(ctx.noted) do
    local text = row.raw[plan.i]
    if text ~= nil and text ~= "" then
      local words = plan.name .. ": " .. text_of(text)
      parts[#parts + 1] = words
      row.running[#row.running + 1] = { plan, words }
    end
  end
  for _, one in ipairs(row.hedged) do parts[#parts + 1] = one[1].name .. ": " .. one[2] end
  if not parts[1] or not ctx.known_names.note then return end
  local note = table.concat(parts, "; ")
  row.values.note = row.values.note and row.values.note .. "; " .. note or note
end

-- What an accepted row shows of spellings and people.
local function remember(ctx, row)
  ctx.line = row.line
  for _, one in ipairs(row.saw) do saw(ctx, table.unpack(one, 1, 4)) end
  for _, one in ipairs(row.running) do
    for _, found in ipairs(personal.find(one[2])) do
      ctx.personal[#ctx.personal + 1] = { row.line, one[1], found[1], found[2] }
    end
  end
end
cells.remember = remember

-- What one text of a column is, in a row of which only these values are known: value, then what reading it brought up: text,
-- own (unit), saw, said (reason of what was assumed), people, timed, and odd: it takes the row to tell.
function cells.judge(ctx, plan, raw, values)
  local row = { values = values, saw = {}, running = {}, hedged = {}, raw = {}, text = text_of(raw) }
  if row.text == "" then return nil, row end
  local timed = ctx.timed
  local value, why, none = read_cell(ctx, plan, row.text, row)
  row.timed, ctx.timed = ctx.timed - timed, timed
  row.odd = value == nil and why ~= nil or row.hedged[1] ~= nil or row.range_to ~= nil
  row.said = none or why
  if row.running[1] then
    row.people = personal.find(row.running[1][2])
    if not row.people[1] then row.people = nil end
  end
  return value, row
end

-- A record as {line, values = {column = value}, refused, assumed, ...}.
function cells.row(ctx, record)
  local row = { line = record.line, values = {}, texts = {}, refused = {}, assumed = {}, saw = {}, running = {}, hedged = {}, raw = record }
  for _, plan in ipairs(ctx.order) do
    local raw = record[plan.i]
    if raw ~= nil and raw ~= "" then
      local text = text_of(raw)
      if text ~= "" then
        local name = plan.column.name
        row.texts[name] = text
        local value, why, none = read_cell(ctx, plan, text, row)
        if value ~= nil then
          row.values[name] = value
          if why then assume(row, plan, text, why) end
        elseif none then assume(row, plan, text, none)
        elseif why then refuse(row, plan, text, why) end
      end
    end
  end
  check_dates(row, ctx.plan_of)
  add_notes(ctx, row)
  row.raw = nil
  return row
end

-- The order in which cells are read: what others depend on comes first.
function cells.order(ctx)
  local first, rest = {}, {}
  for _, plan in ipairs(ctx.plans) do
    if plan.column then
      local early = plan.column.type == "unit" or plan.column.name == "date"
      local list = early and first or rest
      list[#list + 1] = plan
    end
  end
  return table.move(rest, 1, #rest, #first + 1, first)
end

return cells
