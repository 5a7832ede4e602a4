-- engine: the groups of a plan from columns in memory. What a condition or a key says of a row is asked of the plain
-- evaluator once for each dictionary entry, and the scan in C works on codes alone; so the answers are those of the plain
-- evaluator. Plans and measures it does not know are declined, and the plain evaluator takes them.
local core = require "mekong.core"
local coverage = require "mekong.coverage"
local engine_keys = require "mekong.engine_keys"
local engine_parts = require "mekong.engine_parts"
local images = require "mekong.engine_image"
local keys_of = require "mekong.grouped_keys"
local lazy = require "mekong.lazy"
local levels_of = require "mekong.levels"
local order = require "mekong.order"
local phases = require "mekong.phases"
local plans = require "mekong.plan"

local engine = {}

local decline = engine_parts.decline
local most_groups, most_ranked = 1 << 31, 1 << 20

local plain_stores = setmetatable({}, { __mode = "k" })

-- engine.plain(store, true): this store is evaluated plainly from now on; specs compare both ways with it.
function engine.plain(store, yes) plain_stores[store] = yes or nil end

local scan_options = images.options

-- engine.scans(store, {way = "plain", threads = 2}): how the columns of this store are gone over, {few = 1, least_rows = 0, part = 7}:
-- when rows are read by their keys, or by columns so many at a time, {judged = 1}: how many combinations conditions judge whether rows
-- have them or not; for specs. Without options those that were set.
function engine.scans(store, options)
  if options then scan_options[store] = options end
  return scan_options[store] or {}
end

-- The stamp of the store, in a state that others see, when the steps are conditions and new columns alone; else nil.
local function simple(plan)
  if plain_stores[plan.store] then return nil end
  for _, step in ipairs(plan.steps) do
    if step.op ~= "where" and step.op ~= "with" then return nil end
  end
  return core.store.stamp(plan.store)
end

-- ---------------------------------------------------------------- what is read

-- All columns that a question may need, read in one go; of those that no scan goes over, the dictionaries.
local function prefetch(im, keys, parts)
  local columns, told, plan = {}, {}, im.plan
  local function add(list)
    for _, c in ipairs(list) do columns[#columns + 1] = im:codes(c) end
  end
  for k, c in ipairs(im.source.usual) do told[k] = c end
  if levels_of.possible(plan, keys) then table.move(im.source.leveled, 1, #im.source.leveled, #told + 1, told) end
  for _, step in ipairs(plan.steps) do add(step.expr:columns()) end
  for _, key in ipairs(keys) do add(key.columns) end
  for _, part in ipairs(parts) do engine_parts.columns(im, part, columns, told) end
  im:need(columns, told)
end

-- Rows of cases that are recorded twice are for the plain evaluator.
local function check_copies(im)
  local dup = im.source.dup_of
  if not dup then return end
  im:need({}, { dup })
  if im.info[dup].entries > 1 then error(decline) end
end

local function base_of(im)
  im:need({}, im.source.leveled)
  return im:made("base", function()
    local rows = { columns = {}, data = {}, n = 0, ids = {}, copy = {}, notes = {}, parents = {}, dense = true }
    for k, c in ipairs(im.source.leveled) do
      local cells, n = im:cells(c)
      rows.columns[k], rows.data[k] = im.plan.base[c], table.move(cells, 2, n, 1, {})
      rows.n = math.max(rows.n, n - 1)
    end
    return rows
  end)
end

-- ---------------------------------------------------------------- scans

-- What a scan found: scan, n (groups that have rows), parts (what each part gives, lists by group, made when they are asked for).
local function found_by(one, n, specs)
  local parts = setmetatable({}, { __index = function(own, p)
    local kind = specs[p].kind
    own[p] = (kind == "sum" or kind == "values") and core.engine.sums(one, p) or core.engine.numbers(one, p)
    return own[p]
  end })
  return { scan = one, n = n, parts = parts }
end

-- The columns whose cells a scan goes over.
local function scanned(conditions, keys, specs)
  local columns = {}
  local function add(list)
    for _, one in ipairs(list) do
      for _, c in ipairs(one.columns or { one.column, one.unit }) do columns[#columns + 1] = c end
    end
  end
  add(conditions)
  add(keys)
  add(specs)
  for _, spec in ipairs(specs) do add { spec.when } end
  return columns
end

-- The first scan of an image reads the cells on its way, where that can be; those that come again need them there.
local function scan(im, list, total, specs, united, groups)
  local function run(source)
    return core.engine.scan(im.store, im.held.image, im.conditions, list, groups or total, specs, united, scan_options[im.store], source)
  end
  local one, n
  if im.lean then
    one, n = run(im.source)
    im.lean, im.lent = false, true
  end
  if not one then
    if im.lent then im:need(scanned(im.conditions, list, specs)) end
    one, n = run()
  end
  return found_by(one, n, specs)
end

-- The rows that pass by entry of a column: scan, and the part of it that counts them.
local function by_entry(im, c)
  local code = im:codes(c)
  local n = im.info[code].entries
  local own = im:made("own\0" .. n, function() return core.engine.own(n) end)
  local kind = im.plan.columns[c].grain == "case" and "cases" or "rows"
  return { scan = scan(im, { { column = code, group = own } }, n, { { kind = kind } }).scan, part = 1 }
end

-- ---------------------------------------------------------------- groups that are known beforehand

-- The known levels of the keys with what follows from them; nil where some key has none. Kept per image for what is asked of the
-- rows, while phases and declared coverage stay.
local function known_levels(im, keys, known)
  if not levels_of.possible(im.plan, keys) then return nil end
  local base, covers = base_of(im), coverage.text(im.store, im.stamp)
  local asked, ids = plans.asked(im.plan), {}
  for k, key in ipairs(keys) do ids[k] = key.id .. "\0" .. key.columns[1] end
  local id = asked and "known\0" .. asked .. "\0\0" .. table.concat(ids, "\0") or nil
  local function make()
    return { found = levels_of.known({ plan = im.plan, phases = known }, base, keys) or false, phases = known, covers = covers, numbers = {} }
  end
  local slot = im:made(id, make)
  if slot.phases ~= known or slot.covers ~= covers then
    local fresh = make()
    for name, value in pairs(fresh) do slot[name] = value end
  end
  return slot.found and slot
end

-- ---------------------------------------------------------------- levels of all keys

local Answer = {}
Answer.__index = Answer

function Answer:set_levels(known, locale)
  local im, columns, total = self.image, {}, 1
  for _, key in ipairs(self.keys) do
    for _, c in ipairs(key.columns) do columns[#columns + 1] = im:codes(c) end
  end
  im:need(columns)
  self.levels, self.list = {}, {}
  for k, key in ipairs(self.keys) do
    if key.folded and #self.keys > 1 then error(decline) end
    local more = self.known and self.known.found.lists[k] or {}
    self.levels[k] = engine_keys.level(im, key, more, known, locale, function() return by_entry(im, key.columns[1]) end)
    total = total * self.levels[k].n
    if total > most_groups then error(decline) end
  end
  self.total, self.strides = total, {}
  for k, level in ipairs(self.levels) do
    total = total // level.n
    self.strides[k] = total
    self.list[k] = { column = im:codes(self.keys[k].columns[1]), group = engine_keys.packed(level, total) }
  end
end

-- The number of the group with these cells, nil when there cannot be one.
function Answer:number_of(cells)
  local number = 0
  for k, level in ipairs(self.levels) do
    local own = level.numbers[keys_of.identity(cells[k])]
    if not own then return nil end
    number = number + own * self.strides[k]
  end
  return number
end

function Answer:cells_of(number)
  local cells = {}
  for k, level in ipairs(self.levels) do cells[k] = level.cells[number // self.strides[k] % level.n + 1] end
  return cells
end

-- Numbers of all known groups, ascending; and as bytes.
local function known_numbers(self)
  local id = table.concat(self.strides, ",")
  local known = self.known.numbers[id]
  if not known then
    local list = {}
    for i, cells in ipairs(self.known.found.combinations()) do list[i] = self:number_of(cells) end
    table.sort(list)
    known = { list = list, packed = engine_keys.pack(table.move(list, 1, #list, 1, {})) }
    self.known.numbers[id] = known
  end
  return known.list, known.packed
end

-- Lays known groups without rows among those found: numbers by row, places[i] (false where there are no rows).
function Answer:set_rows()
  self.n = self.found.n
  if #self.keys == 0 and self.n == 0 then self.n, self.numbers, self.places = 1, { 0 }, { false } end
  if not self.known then return end
  local wanted, packed = known_numbers(self)
  if core.engine.covers(self.found.scan, packed) then return end
  local found = core.engine.groups(self.found.scan)
  local numbers, places, at, n = {}, {}, 1, 0
  for _, number in ipairs(wanted) do
    while found[at] and found[at] < number do
      n = n + 1
      numbers[n], places[n], at = found[at], at, at + 1
    end
    n = n + 1
    numbers[n] = number
    if found[at] == number then places[n], at = at, at + 1 else places[n] = false end
  end
  for rest = at, #found do
    n = n + 1
    numbers[n], places[n] = found[rest], rest
  end
  self.n, self.numbers, self.places = n, numbers, places
end

-- ---------------------------------------------------------------- groups

-- The group of a number: cells, rows (a handle of what was found for it), reason (why it is missing, when the records do not cover
-- it); nil when it is not in the table.
function Answer:group(number, at)
  local group = self.groups[number]
  if group then return group end
  at = at or core.engine.place(self.found.scan, number)
  if not at and not self:is_known(number) then return nil end
  group = { cells = self:cells_of(number), rows = at and { answer = self.found, at = at, number = number } or {} }
  if not at and self.known then group.reason = self.known.found.reason(group.cells) end
  self.groups[number] = group
  return group
end

function Answer:is_known(number)
  if #self.keys == 0 then return true end
  if not self.numbers then return false end
  if not self.empty then
    self.empty = {}
    for i, other in ipairs(self.numbers) do
      if not self.places[i] then self.empty[other] = true end
    end
  end
  return self.empty[number]
end

-- The group that these cells of its keys belong to.
function Answer:find(cells)
  local number = self:number_of(cells)
  return number and self:group(number)
end

-- Whether the records are still those that it was made of.
function Answer:lasting()
  local im = self.image
  return core.store.state(im.store) == "open" and core.engine.need(im.store, im.held.image, im.source, {}) ~= nil
end

-- Whether each row of the table has rows of records.
function Answer:full() return not self.places end

-- Calls fn(i, group) for each row of the table.
function Answer:each(fn)
  local found = not self.numbers and core.engine.groups(self.found.scan)
  for i = 1, self.n do
    if found then fn(i, self:group(found[i], i)) else fn(i, self:group(self.numbers[i], self.places[i] or nil)) end
  end
end

-- The handle of all rows.
function Answer:all() return self.whole end

-- ---------------------------------------------------------------- groups taken together

-- The union of handles: of the groups they stand for. Where no case is in two groups, what they hold is added; else, and for ranks,
-- it is counted anew.
function Answer:union(handles)
  local numbers, places = {}, {}
  for _, handle in ipairs(handles) do
    if handle.answer then numbers[#numbers + 1], places[#places + 1] = handle.number, handle.at end
  end
  if #handles == 1 then return handles[1] end
  if not places[1] then return {} end
  if self.disjoint and not self.parts.ranked then return self:added(places) end
  table.sort(numbers)
  return self:counted(numbers)
end

function Answer:added(places)
  local one = core.engine.unite(self.found.scan, places)
  return { answer = found_by(one, 1, self.parts.specs), at = 1 }
end

function Answer:counted(numbers)
  local id = table.concat(numbers, ",")
  if self.unions[id] then return self.unions[id] end
  if self.total > most_ranked * 16 then error(decline) end
  local inside, map = {}, {}
  for _, number in ipairs(numbers) do inside[number] = true end
  for number = 0, self.total - 1 do map[number + 1] = string.pack("=I4", inside[number] and 0 or 1) end
  local found = scan(self.image, self.list, self.total, self.parts.specs, table.concat(map), 2)
  self.unions[id] = core.engine.place(found.scan, 0) == 1 and { answer = found, at = 1 } or {}
  return self.unions[id]
end

-- A handle as one of an answer, or {} where it stands for no rows.
function Answer:resolved(handle)
  if handle ~= self.whole then return handle end
  if not self.whole_found then
    if self.found.n < 2 then
      self.whole_found = self.found.n == 1 and { answer = self.found, at = 1 } or {}
    elseif self.disjoint and not self.parts.ranked then
      self.whole_found = { answer = found_by(core.engine.unite(self.found.scan), 1, self.parts.specs), at = 1 }
    else
      local found = scan(self.image, {}, 1, self.parts.specs)
      self.whole_found = found.n == 1 and { answer = found, at = 1 } or {}
    end
  end
  return self.whole_found
end

-- Kinds of units that a part meets in all rows.
function Answer:all_kinds(part) return self.parts:kinds_of_all(part, self.found.scan) end

for _, name in ipairs { "value", "sum", "lacking", "kinds", "inside" } do
  Answer[name] = function(self, ctx, part, handle, ...)
    if name == "inside" then return 0 end
    if name == "kinds" and handle == self.whole and self.found.n > 0 then return self:all_kinds(part) end
    local own = self:resolved(handle)
    if not own.answer then
      local whole = part.fn == "share" and not part.arg and self:resolved(self.whole)
      if whole and whole.answer then return self.parts:nothing_of(part, whole) end
      return require("mekong.aggregate")[name](setmetatable({ engine = false }, { __index = ctx }), part, {}, ...)
    end
    if name == "value" then return self.parts:value(part, own, function() return self:resolved(self.whole) end) end
    return self.parts[name](self.parts, part, own, ...)
  end
end

-- ---------------------------------------------------------------- columns of the table

-- The cells of a key by row.
function Answer:key_cells(k)
  local level, stride = self.levels[k], self.strides[k]
  local list = lazy.list(function()
    if not self.numbers then return core.engine.cells(self.found.scan, stride, level.n, level.cells), self.n end
    local cells = {}
    for i, number in ipairs(self.numbers) do cells[i] = level.cells[number // stride % level.n + 1] end
    return cells, self.n
  end)
  order.knows(list, level.n, function()
    if not self.numbers then return core.engine.places(self.found.scan, stride, level.n) end
    local places = {}
    for i, number in ipairs(self.numbers) do places[i] = number // stride % level.n end
    return places
  end)
  return list
end

-- Cells by row from a list by group; nothing(): the cell of a group without rows, which is missing where the records do not cover it.
function Answer:spread(list, nothing)
  if not self.places then return list, self.n end
  local cells, none = {}, nil
  for i = 1, self.n do
    local at = self.places[i]
    if at then
      cells[i] = list[at]
    elseif not self:group(self.numbers[i]).reason then
      if none == nil then none = nothing() end
      cells[i] = none
    end
  end
  return cells, self.n
end

-- What make() gives of the question and of what its sums met, which stays as long as the image does.
function Answer:shaped(make)
  local question = getmetatable(self)
  question.shape = question.shape or make()
  return question.shape
end

-- How the cells of a measure are made.
function Answer:way(measure) return self.parts:way(measure, self.found.scan) end

-- The cells of a measure by row; value(group): those of one group. They are made at once where that may fail.
function Answer:measure_cells(way, value)
  local found = self.found.scan
  local bulk = way.read and (not way.whole or core.engine.integral(found, way.at, way.units))
  local function fill()
    if bulk then return self:spread(way.read(found, way.at, way.units), function() return value({ rows = {} }) end) end
    local cells = {}
    self:each(function(i, group)
      if not group.reason then cells[i] = value(group) end
    end)
    return cells, self.n
  end
  if bulk or way.sure(found) then return lazy.list(fill) end
  return (fill())
end

-- The other spellings of a merged key by row.
function Answer:variants(k)
  local key, level = self.keys[k], self.levels[k]
  return lazy.list(function()
    local cells = {}
    self:each(function(i, group)
      local shown = group.cells[k]
      cells[i] = shown ~= nil and key.others(engine_keys.spellings(self.image, key, level, level.numbers[keys_of.identity(shown)]), shown) or nil
    end)
    return cells, self.n
  end)
end

-- What must be said of a key, {vi, en} or nil.
function Answer:key_note(k)
  local key, level, im = self.keys[k], self.levels[k], self.image
  if not key.note then return nil end
  local function note(seen) return key.note(engine_keys.seen(key, level, seen)) or false end
  if level.note == nil then -- of every entry; where they need none, some of them do not
    local met = {}
    for _, number in ipairs(level.groups) do met[number + 1] = true end
    level.note = note(met)
  end
  if im:whole() or not level.note then return level.note or nil end
  return note(core.engine.seen(self.found.scan, self.strides[k], level.n)) or nil
end

-- ---------------------------------------------------------------- answers

-- Whether each case lies in one group alone.
local function disjoint(im, keys)
  if im.held.single or not im.plan.cases then return true end
  for _, key in ipairs(keys) do
    if im.plan.columns[key.columns[1]].grain ~= "case" then return false end
  end
  return true
end

local questions_kept = 200

-- Whether the rows are gone over once: not for spellings that are merged, nor for ranks.
local function once(keys, parts)
  for _, part in ipairs(parts) do
    if part.fn == "median" or part.fn == "percentile" then return false end
  end
  return not keys[1] or not keys[1].folded
end

-- What a question comes to before its rows are gone over: conditions, levels and parts. Answers are made from it.
local function question_of(plan, stamp, keys, parts, known)
  local im = images.of(plan, stamp)
  im.lean = im.held.rows == nil and once(keys, parts)
  prefetch(im, keys, parts)
  check_copies(im)
  im:derive()
  local self = setmetatable({ image = im, phases = known, keys = keys }, Answer)
  self.__index = self
  im.conditions, self.first = im:wheres()
  self.known = known_levels(im, keys, known)
  if not keys[1] or not keys[1].folded then self:set_levels(known, plan.store:locale()) end
  self.parts = engine_parts.compile(im, parts)
  self.disjoint = disjoint(im, keys)
  return self
end

-- The same, kept with the image for what is asked, while phases, declared coverage and names mean the same.
local function kept_question(plan, stamp, keys, ask, known)
  local held, ids = images.held(plan, stamp), { plans.asked(plan) }
  if not ids[1] or not ask.id then return question_of(plan, stamp, keys, ask.parts, known) end
  for k, key in ipairs(keys) do ids[k + 1] = key.id .. "\0" .. key.columns[1] end
  ids[#ids + 1] = ask.id
  local id, covers = table.concat(ids, "\0\0"), coverage.text(plan.store, stamp)
  local lookup = plans.lookup_for(plan.store, id, stamp)
  local one = held.questions[id]
  if one and one.phases == known and one.covers == covers and one.lookup == lookup then return one end
  one = question_of(plan, stamp, keys, ask.parts, known)
  one.covers, one.lookup = covers, lookup
  if held.asked >= questions_kept then held.questions, held.asked = {}, 0 end
  held.questions[id], held.asked = one, held.asked + 1
  return one
end

local function answer(plan, stamp, keys, ask)
  local known = phases.of(plan.store, stamp)
  local question = kept_question(plan, stamp, keys, ask, known)
  local im, self = question.image, setmetatable({ keys = keys, unions = {}, groups = {}, whole = {} }, question)
  if not self.levels then self:set_levels(known, plan.store:locale()) end
  if self.parts.ranked and self.total > most_ranked then error(decline) end
  self.found = scan(im, self.list, self.total, self.parts.specs)
  self:set_rows()
  local undecided = core.engine.undecided(self.found.scan)
  self.notes = undecided and im:undecided(self.first, undecided) or {}
  return self
end

local of_cells = { syntax = true, range = true, type = true, unit = true, ambiguous = true, name = true }

-- Whether an error leaves the question to the plain evaluator: entries of a dictionary are judged whether or not a row gets that far
-- with them, so what is wrong with one may not be wrong with the question.
function engine.declined(message)
  if message == decline then return true end
  return type(message) == "string" and of_cells[message:match "^[^\n]*%[(%l+)%]"] or false
end

-- Runs fn and gives its results, or nil where it declines.
local function attempt(fn, ...)
  local ok, result = pcall(fn, ...)
  if ok then return result end
  if engine.declined(result) then return nil end
  error(result, 0)
end

-- What fn(plan, stamp, ...) gives, or nil where the plan or fn declines.
local function attempted(fn)
  return function(plan, ...)
    local stamp = simple(plan)
    return stamp and attempt(fn, plan, stamp, ...)
  end
end

-- engine.answer(plan, keys, ask): the groups of a plan with what the measures that ask has need: n, notes, and methods; nil: declined.
engine.answer = attempted(answer)

-- Rows that hold every phase, category and date of the source of a plan, each column by itself; nil: declined.
engine.base = attempted(function(plan, stamp)
  local im = images.of(plan, stamp)
  check_copies(im)
  return base_of(im)
end)

-- The names in a column of the source of a plan as they are compared, as a set; nil: declined.
engine.spellings = attempted(function(plan, stamp, c)
  local im = images.of(plan, stamp)
  check_copies(im)
  im:need({}, { im:codes(c) })
  return im:made("spellings\0" .. c, function()
    local cells, n = im:cells(c)
    local set = {}
    for e = 2, n do set[core.text.key(cells[e], 1)] = true end
    return set
  end)
end)

-- Rows with every combination of cells of the named columns that the conditions of a plan let through; nil: declined.
engine.present = attempted(function(plan, stamp, names)
  local keys, rows = {}, { columns = {}, data = {}, n = 0, ids = {}, copy = {}, notes = {}, parents = {} }
  for k, name in ipairs(names) do
    keys[k] = keys_of.compile(plan, "`" .. name .. "`", "count", {})
    rows.columns[k], rows.data[k] = plan.columns[plans.position(plan, name)], {}
  end
  local found = answer(plan, stamp, keys, { parts = {} })
  for _, number in ipairs(core.engine.groups(found.found.scan)) do
    local cells = found:cells_of(number)
    rows.n = rows.n + 1
    for k = 1, #names do rows.data[k][rows.n] = cells[k] end
  end
  return rows
end)

-- What fn(plan, stamp) gives for a plan of conditions and new columns, stamp: of the store; nil: declined.
function engine.attempt(plan, fn) return attempted(fn)(plan) end

engine.check_copies = check_copies
return engine
