-- engine: the groups of a plan from columns in memory. What a condition or a key says of a row is asked of the plain
-- evaluator once for each dictionary entry, and the scan in C works on codes alone; so the answers are those of the plain
-- evaluator. Plans and measures it does not know are declined, and the plain evaluator takes them.
local core = require "mekong.core"
local aggregate = require "mekong.aggregate"
local engine_parts = require "mekong.engine_parts"
local eval = require "mekong.eval"
local keys_of = require "mekong.grouped_keys"
local plans = require "mekong.plan"

local engine = {}

local decline = engine_parts.decline
local most_combinations, most_groups = 65536, 1 << 24

-- ---------------------------------------------------------------- images

-- What was made of the dictionaries of an image, per store and source, until its rows change.
local kept = setmetatable({}, { __mode = "k" })
local plain_stores = setmetatable({}, { __mode = "k" })

-- engine.plain(store, true): this store is evaluated plainly from now on; specs compare both ways with it.
function engine.plain(store, yes) plain_stores[store] = yes or nil end

local numbers = { int = true, decimal = true }

-- The columns of a plan's source for core.engine.need. Numbers have a second column behind all others, with their codes.
local function source_of(plan)
  local sql, types, n = {}, {}, #plan.base
  for i, column in ipairs(plan.base) do
    sql[i], types[i] = column.sql, plans.base_type(column)
    sql[n + i], types[n + i] = column.sql, "text"
  end
  local tables = plan.cases and "'cases', 'lines'" or "'" .. plan.source .. "'"
  return { from = eval.from(plan), key = plan.cases and 'c."case"' or "NULL", sql = sql, types = types,
    state = "SELECT sum(n) FROM counters WHERE tab IN (" .. tables .. ")" }
end

local Image = {}
Image.__index = Image

-- Whether the steps are conditions alone and the store is in a state that others see.
local function simple(plan)
  if plain_stores[plan.store] or core.store.info(plan.store).depth > 0 then return false end
  for _, step in ipairs(plan.steps) do
    if step.op ~= "where" then return false end
  end
  return true
end

local function begin(plan, source)
  local held = { image = core.engine.image(plan.store, source), entries = {}, made = {}, info = {} }
  kept[plan.store] = kept[plan.store] or {}
  kept[plan.store][plan.source] = held
  return held
end

-- The image of a plan's source: the one that is kept while the store has not changed since.
function engine.image(plan)
  local source, held = source_of(plan), kept[plan.store] and kept[plan.store][plan.source]
  if held and not core.engine.need(plan.store, held.image, source, {}) then held = nil end
  held = held or begin(plan, source)
  return setmetatable({ plan = plan, store = plan.store, source = source, held = held, info = held.info }, Image)
end

-- Reads columns that are not there yet. A store that changes meanwhile is for the plain evaluator, which reads it at once.
function Image:need(columns)
  local wanted, seen = {}, {}
  for _, c in ipairs(columns) do
    if not seen[c] and not self.info[c] then wanted[#wanted + 1], seen[c] = c, true end
  end
  if wanted[1] or not self.held.rows then
    local found = core.engine.need(self.store, self.held.image, self.source, wanted) or error(decline)
    self.held.rows, self.held.single = found.rows, found.single
    for _, c in ipairs(wanted) do self.info[c] = found[c] end
  end
  for _, c in ipairs(columns) do
    if self.info[c].form == "none" then error(decline) end
  end
end

-- The column of codes of a column of the plan.
function Image:codes(c) return numbers[plans.base_type(self.plan.base[c])] and #self.plan.base + c or c end

local function cell_of(kind, text)
  if kind == "int" then return math.tointeger(text) end
  if kind == "bool" then return text == "1" end
  return text
end

-- Cells of a column by dictionary entry, the missing one first: cells[1] is nil, cells[code + 1] its value; and their number.
function Image:cells(c)
  local codes = self:codes(c)
  local cells = self.held.entries[c]
  local n = self.info[codes].entries
  if not cells then
    local kind, list = plans.base_type(self.plan.base[c]), core.engine.entries(self.held.image, codes)
    cells = {}
    for e = 1, n - 1 do cells[e + 1] = cell_of(kind, list[e]) end
    self.held.entries[c] = cells
  end
  return cells, n
end

-- Something made once per image; key nil: not kept.
function Image:made(key, make)
  if not key then return make() end
  local found = self.held.made[key]
  if found == nil then
    found = make()
    self.held.made[key] = found
  end
  return found
end

-- ---------------------------------------------------------------- conditions

-- Cells of some columns in every combination, the last one changing fastest; and how many there are.
function Image:combinations(columns)
  local total, data = 1, {}
  if #columns > 4 then error(decline) end
  for _, c in ipairs(columns) do
    local _, n = self:cells(c)
    total = total * n
    if total > most_combinations then error(decline) end
  end
  if #columns == 1 then return { [columns[1]] = (self:cells(columns[1])) }, total end
  local each = total
  for _, c in ipairs(columns) do
    local cells, n = self:cells(c)
    local list = {}
    each = each // n
    for k = 0, total - 1 do list[k + 1] = cells[k // each % n + 1] end
    data[c] = list
  end
  return data, total
end

-- A condition for core.engine.scan: what test(data, k) says of each combination of cells of the columns. told: list of columns
-- by which undecided combinations are told apart: those that are missing in them.
function Image:condition(columns, test, told)
  if #columns == 0 then error(decline) end
  local data, total = self:combinations(columns)
  local truth, codes = {}, {}
  for k = 1, total do
    local yes, mask = test(data, k), 0
    for at, c in ipairs(told or {}) do
      if data[c] and data[c][k] == nil then mask = mask | 1 << (at - 1) end
    end
    truth[k] = yes == false and "\0" or string.char(mask << 2 | (yes and 1 or 2))
  end
  for i, c in ipairs(columns) do codes[i] = self:codes(c) end
  return { columns = codes, truth = table.concat(truth) }
end

-- Names of things are looked up in the store, so what they mean is not kept.
local function names_things(plan, columns)
  for _, c in ipairs(columns) do
    if plan.columns[c].entity then return true end
  end
  return false
end

local function params_text(params)
  local parts, names = {}, {}
  for name in pairs(params or {}) do names[#names + 1] = name end
  table.sort(names, function(a, b) return tostring(a) < tostring(b) end)
  for _, name in ipairs(names) do
    local value = params[name]
    if type(value) == "userdata" then return nil end
    parts[#parts + 1] = ("%s%s=%s%s"):format(math.type(name) or "", tostring(name), type(value), tostring(value))
  end
  return table.concat(parts, "\0")
end

-- One condition of a step; told as above.
function Image:single(text, params, expr, told)
  local columns, said = expr:columns(), params_text(params)
  local key = said and not names_things(self.plan, columns) and
    "where\0" .. text .. "\0" .. table.concat(told, ",") .. "\0" .. said or nil
  return self:made(key, function()
    return self:condition(columns, function(data, k) return expr:test(data, k) end, told)
  end)
end

-- Adds the conditions of a step to a list: those that it joins with `and` one by one, so that each looks at few columns.
function Image:where(step, list)
  local told, texts = step.expr:columns(), step.expr:conjuncts()
  if #told > 4 then told = {} end
  if not texts then
    list[#list + 1] = self:single(step.text, step.params, step.expr, told)
    return
  end
  for i, text in ipairs(texts) do
    local one = self:single(text, step.params, plans.compile(self.plan, text, step.params, "where"), told)
    list[#list + 1] = { columns = one.columns, truth = one.truth, more = i < #texts }
  end
end

-- ---------------------------------------------------------------- keys

-- Groups of one key by dictionary entry: numbers (from 0), cells by number plus one, how many.
local function numbered(n, cell)
  local groups, cells, known, count = {}, {}, {}, 0
  for e = 1, n do
    local value = cell(e)
    local id = keys_of.identity(value)
    if not known[id] then
      known[id], count = count, count + 1
      cells[count] = value
    end
    groups[e] = known[id]
  end
  return { groups = groups, cells = cells, n = count }
end

function Image:key(key)
  if #key.columns ~= 1 then error(decline) end
  local c = key.columns[1]
  local cells, n = self:cells(c)
  if key.folded then
    return self:made("fold\0" .. c, function()
      return numbered(n, function(e) return cells[e] and key.folded(cells[e]) end)
    end)
  end
  local ctx = { rows = { data = { [c] = cells } } }
  return self:made(key.reads and ("key\0%d\0%s"):format(c, key.period or ""), function()
    return numbered(n, function(e) return key.cell(ctx, e) end)
  end)
end

-- The numbers times stride as core.engine.scan takes them.
local function packed(level, stride)
  level.packed = level.packed or {}
  if not level.packed[stride] then
    local list = {}
    for e, group in ipairs(level.groups) do list[e] = string.pack("=I4", group * stride) end
    level.packed[stride] = table.concat(list)
  end
  return level.packed[stride]
end

-- ---------------------------------------------------------------- scans

local function place(plan, name)
  for c, column in ipairs(plan.base) do
    if column.name == name then return c end
  end
end

-- All columns that a question may need, read in one go.
local function prefetch(im, keys, parts)
  local columns, plan = {}, im.plan
  local function add(list)
    for _, c in ipairs(list) do columns[#columns + 1] = im:codes(c) end
  end
  for _, name in ipairs(plan.cases and { "dup_of", "line", "phase", "category", "date" } or {}) do add { place(plan, name) } end
  for _, step in ipairs(plan.steps) do add(step.expr:columns()) end
  for _, key in ipairs(keys) do add(key.columns) end
  for _, part in ipairs(parts) do engine_parts.columns(im, part, columns) end
  im:need(columns)
end

-- Rows of cases that are recorded twice are for the plain evaluator.
local function check_copies(im)
  local dup = im.plan.cases and place(im.plan, "dup_of")
  if not dup then return end
  im:need { dup }
  if im.info[dup].entries > 1 then error(decline) end
end

local function conditions(im)
  local columns = {}
  for _, step in ipairs(im.plan.steps) do
    for _, c in ipairs(step.expr:columns()) do columns[#columns + 1] = im:codes(c) end
  end
  im:need(columns)
  local where = {}
  im.first = {}
  for k, step in ipairs(im.plan.steps) do
    im.first[k] = #where + 1
    im:where(step, where)
  end
  return where
end

local function levels_of(im, keys)
  local columns, levels, total = {}, {}, 1
  for _, key in ipairs(keys) do
    for _, c in ipairs(key.columns) do columns[#columns + 1] = im:codes(c) end
  end
  im:need(columns)
  for k, key in ipairs(keys) do
    levels[k] = im:key(key)
    total = total * levels[k].n
    if total > most_groups then error(decline) end
  end
  local stride, list = total, {}
  for k, level in ipairs(levels) do
    stride = stride // level.n
    level = setmetatable({ stride = stride }, { __index = level })
    levels[k] = level
    list[k] = { column = im:codes(keys[k].columns[1]), group = packed(getmetatable(level).__index, stride) }
  end
  return levels, list, total
end

-- What a scan found: scan, n (groups that have rows), parts (what each part gives, lists by group, made when they are asked for).
local function found_by(one, n, specs)
  local parts = setmetatable({}, { __index = function(own, p)
    local kind = specs[p].kind
    own[p] = (kind == "sum" or kind == "values") and core.engine.sums(one, p, specs[p].ranks) or core.engine.numbers(one, p)
    return own[p]
  end })
  return { scan = one, n = n, parts = parts }
end

local function scan(im, list, total, parts, united, groups)
  local one, n = core.engine.scan(im.held.image, im.conditions, list, groups or total, parts, united)
  return found_by(one, n, parts)
end

-- ---------------------------------------------------------------- merged spellings

-- folded group -> spelling -> how often, over the rows that pass.
local function spellings(im, key, level)
  local c = key.columns[1]
  local cells, n = im:cells(c)
  local own, list = {}, {}
  for e = 1, n do own[e] = string.pack("=I4", e - 1) end
  local grain = im.plan.base[c].grain
  local answer = scan(im, { { column = im:codes(c), group = table.concat(own) } }, n, { { kind = grain == "case" and "cases" or "rows" } })
  for g, code in ipairs(core.engine.groups(answer.scan)) do
    local group = level.groups[code + 1]
    local text = cells[code + 1]
    if text ~= nil then
      list[group] = list[group] or {}
      list[group][text] = answer.parts[1][g]
    end
  end
  return list
end

-- Gives a key the spellings that stand for its groups; -> number of the group -> spellings.
local function merge_spellings(im, keys, levels)
  for k, key in ipairs(keys) do
    if key.folded then
      if #keys > 1 then error(decline) end
      local counts, by_folded = spellings(im, key, levels[k]), {}
      for group, own in pairs(counts) do by_folded[levels[k].cells[group + 1]] = own end
      key.keep(by_folded)
      return counts
    end
  end
end

-- The cell that a group of a key shows.
local function shown(key, level, number, spelled)
  local cell = level.cells[number + 1]
  if not key.folded or cell == nil then return cell end
  local text = next(spelled[number])
  return key.cell({ rows = { data = { [key.columns[1]] = { text } } } }, 1)
end

-- ---------------------------------------------------------------- answers

local Answer = {}
Answer.__index = Answer

-- The union of handles: of the groups they stand for, counted anew where cases may be in several of them.
function Answer:union(handles)
  local list = {}
  for _, handle in ipairs(handles) do
    for _, number in ipairs(handle.numbers or {}) do list[#list + 1] = number end
  end
  if #handles == 1 then return handles[1] end
  table.sort(list)
  local id = table.concat(list, ",")
  local found = self.unions[id]
  if not found then
    found = list[1] and self:united(list) or {}
    self.unions[id] = found
  end
  return found
end

function Answer:united(list)
  local inside, map = {}, {}
  for _, number in ipairs(list) do inside[number] = true end
  for number = 0, self.total - 1 do map[number + 1] = string.pack("=I4", inside[number] and 0 or 1) end
  local answer = scan(self.image, self.list, self.total, self.parts.specs, table.concat(map), 2)
  if core.engine.place(answer.scan, 0) ~= 1 then return {} end
  return { answer = answer, at = 1, numbers = list }
end

-- A handle as one of an answer, or {} where it stands for no rows.
function Answer:resolved(handle)
  if not handle.every then return handle end
  return self:union(handle.every)
end

for _, name in ipairs { "value", "sum", "lacking", "kinds", "inside" } do
  local plain = aggregate[name]
  Answer[name] = function(self, ctx, part, handle, ...)
    local own = self:resolved(handle)
    if not own.answer then
      local whole = part.fn == "share" and not part.arg and self:resolved(self.all)
      if whole and whole.answer then return self.parts:nothing_of(part, whole) end
      return plain(setmetatable({ engine = false }, { __index = ctx }), part, {}, ...)
    end
    if name == "value" then return self.parts:value(part, own, function() return self:resolved(self.all) end) end
    return self.parts[name](self.parts, part, own, ...)
  end
end

-- Distinct cells of a key among the groups found, as rows that its note looks at.
function Answer:seen(k)
  local key, cells, known, all = self.keys[k], {}, {}, {}
  for _, group in ipairs(self.groups) do
    local id = keys_of.identity(group.cells[k])
    if not known[id] and group.cells[k] ~= nil then
      known[id] = true
      cells[#cells + 1], all[#all + 1] = group.cells[k], #all + 1
    end
  end
  return { rows = { data = { [key.columns[1]] = cells } }, all = all }
end

function Answer:variants(key, group)
  local counts = self.spelled[group.rows.numbers and group.rows.numbers[1]]
  return counts and key.others(counts, group.cells[1]) or nil
end

local function undecided(im, answer)
  local notes, left = {}, core.engine.undecided(answer.scan)
  for k, step in ipairs(im.plan.steps) do
    local columns, counts = {}, {}
    local reads = step.expr:columns()
    for at, c in ipairs(#reads > 4 and {} or reads) do columns[at] = im.plan.columns[c] end
    for at, n in ipairs(left[im.first[k]]) do counts[at - 1] = n end
    table.move(eval.undecided(step.text, columns, counts), 1, 1 << #columns, #notes + 1, notes)
  end
  return notes
end

local function found_groups(im, self, keys, levels)
  local list, everything = {}, {}
  for at, number in ipairs(core.engine.groups(self.answer.scan)) do
    local cells = {}
    for k, level in ipairs(levels) do cells[k] = shown(keys[k], level, number // level.stride % level.n, self.spelled) end
    list[at] = { cells = cells, rows = { answer = self.answer, at = at, numbers = { number } } }
    everything[at] = list[at].rows
  end
  self.all = list[1] and { every = everything } or {}
  if #keys == 0 and not list[1] then list[1] = { cells = {}, rows = {} } end
  self.image = im
  return list
end

local function answer(plan, keys, parts)
  local im = engine.image(plan)
  prefetch(im, keys, parts)
  check_copies(im)
  im.conditions = conditions(im)
  local levels, list, total = levels_of(im, keys)
  local self = setmetatable({ image = im, keys = keys, list = list, total = total, unions = {} }, Answer)
  self.parts = engine_parts.compile(im, parts)
  self.spelled = merge_spellings(im, keys, levels) or {}
  self.answer = scan(im, list, total, self.parts.specs)
  self.groups = found_groups(im, self, keys, levels)
  self.notes = undecided(im, self.answer)
  return self
end

-- Runs fn and gives its results, or nil where it declines.
local function attempt(fn, ...)
  local ok, result = pcall(fn, ...)
  if ok then return result end
  if result == decline then return nil end
  error(result, 0)
end

-- The groups of a plan with what their measures need: groups (list of {cells, rows}), notes, and methods; nil: declined.
function engine.answer(plan, keys, parts)
  if not simple(plan) then return nil end
  return attempt(answer, plan, keys, parts)
end

local function base(plan)
  local im = engine.image(plan)
  check_copies(im)
  local rows = { columns = {}, data = {}, n = 0, ids = {}, copy = {}, notes = {}, parents = {}, dense = true }
  local columns = {}
  for _, name in ipairs { "phase", "category", "date" } do
    local c = place(plan, name)
    if c then columns[#columns + 1] = c end
  end
  im:need(columns)
  return im:made("base", function()
    for k, c in ipairs(columns) do
      local cells, n = im:cells(c)
      rows.columns[k], rows.data[k] = plan.base[c], table.move(cells, 2, n, 1, {})
      rows.n = math.max(rows.n, n - 1)
    end
    return rows
  end)
end

-- Rows that hold every phase, category and date of the source of a plan, each column by itself; nil: declined.
function engine.base(plan)
  if plain_stores[plan.store] or core.store.info(plan.store).depth > 0 then return nil end
  return attempt(base, plan)
end

local function present(plan, names)
  local keys, rows = {}, { columns = {}, data = {}, n = 0, ids = {}, copy = {}, notes = {}, parents = {} }
  for k, name in ipairs(names) do
    keys[k] = keys_of.compile(plan, "`" .. name .. "`", "count", {})
    rows.columns[k], rows.data[k] = plan.columns[plans.position(plan, name)], {}
  end
  for _, group in ipairs(answer(plan, keys, {}).groups) do
    rows.n = rows.n + 1
    for k = 1, #names do rows.data[k][rows.n] = group.cells[k] end
  end
  return rows
end

-- Rows with every combination of cells of the named columns that the conditions of a plan let through; nil: declined.
function engine.present(plan, names)
  if not simple(plan) then return nil end
  return attempt(present, plan, names)
end

engine.decline = decline
return engine
