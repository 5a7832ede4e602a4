-- engine_image: columns of the rows of a store in memory, and what conditions say of their cells: asked of the plain evaluator once
-- for each dictionary entry, kept until the rows change.
local core = require "mekong.core"
local engine_parts = require "mekong.engine_parts"
local plans = require "mekong.plan"

local images = {}

-- store -> how its columns are gone over, as engine.scans says.
images.options = setmetatable({}, { __mode = "k" })

local decline = engine_parts.decline
-- Of several columns: combinations that are judged whether rows have them or not, and those that a condition may tell apart.
local most_judged, most_combinations = 65536, 1 << 24
local most_made, made_size = 2000, 16384 -- what is kept counts once for so many bytes

-- What was made of the dictionaries of an image, per store and source, until its rows change.
local kept = setmetatable({}, { __mode = "k" })

local numbers = { int = true, decimal = true }
local coded = { text = true, unit = true, bool = true, int = true, date = true, phase = true }

local sources = setmetatable({}, { __mode = "k" })

-- The column of codes behind a column of a source. Numbers have a second column behind all others, with their codes.
local function coded_by(base, c) return numbers[plans.base_type(base[c])] and #base + c or c end

-- The columns of a plan's source for core.engine.need. leveled: those with levels that may be known beforehand; usual: what
-- questions for cases always need; dup_of: where cases say that they are recorded twice.
local function source_of(plan)
  local source = sources[plan.base]
  if source then return source end
  local sql, types, n = {}, {}, #plan.base
  for i, column in ipairs(plan.base) do
    sql[i], types[i] = column.sql, plans.base_type(column)
    sql[n + i], types[n + i] = column.sql, "text"
  end
  -- A case that another program inserts hides sealed persons.
  local tables = plan.cases and "'cases', 'lines'" or plan.source == "persons" and "'cases', 'persons'" or "'" .. plan.source .. "'"
  source = { from = plans.from(plan), key = plan.cases and 'c."case"' or "NULL", sql = sql, types = types, usual = {}, leveled = {},
    state = "SELECT sum(n) FROM counters WHERE tab IN (" .. tables .. ")", dup_of = plan.cases and plans.base_place(plan, "dup_of") or nil }
  for _, name in ipairs { "phase", "category", "date" } do source.leveled[#source.leveled + 1] = plans.base_place(plan, name) end
  for _, name in ipairs(plan.cases and { "dup_of", "line" } or {}) do
    source.usual[#source.usual + 1] = coded_by(plan.base, plans.base_place(plan, name))
  end
  sources[plan.base] = source
  return source
end

local Image = {}
Image.__index = Image

local none = {}

-- The steps that make columns, by their place among the columns of the plan: those that read one column whose cells are few.
local function derived_of(plan)
  if plan.columns == plan.base then return none end
  local list, at = {}, #plan.base
  for _, step in ipairs(plan.steps) do
    if step.op == "with" then
      at = at + 1
      local reads = step.expr:columns()
      local c = #reads == 1 and reads[1]
      if not c or plans.measured(plan.columns[c]) or step.expr:unit() or not coded[plans.base_type(step.column)] then error(decline) end
      list[at] = { from = c, expr = step.expr, text = step.text }
    end
  end
  return list
end

local function begin(plan, source)
  local held = { image = core.engine.image(plan.store, source), source = source, entries = {}, made = {}, info = {},
    makes = 0, questions = {}, asked = 0 }
  kept[plan.store] = kept[plan.store] or {}
  kept[plan.store][plan.source] = held
  return held
end

-- What is held of a plan's source, kept while the store has not changed since; stamp: of the store now.
function images.held(plan, stamp)
  local source, held = source_of(plan), kept[plan.store] and kept[plan.store][plan.source]
  if held and held.source ~= source then held = nil end
  if held and held.stamp ~= stamp and not core.engine.need(plan.store, held.image, source, {}) then held = nil end
  held = held or begin(plan, source)
  held.stamp = stamp
  return held
end

-- The image of a plan's source: what is held of it, as the steps of the plan see it.
function images.of(plan, stamp)
  local held = images.held(plan, stamp)
  return setmetatable({ plan = plan, store = plan.store, stamp = stamp, source = held.source, held = held, info = held.info,
    derived = derived_of(plan) }, Image)
end

local function read(self, columns, told)
  local wanted, seen, info = {}, {}, self.info
  for _, c in ipairs(columns) do
    if not seen[c] and (not info[c] or info[c].later and not self.lean) then wanted[#wanted + 1], seen[c] = c, true end
  end
  local full = #wanted
  for _, c in ipairs(told) do
    if not seen[c] and not info[c] then wanted[#wanted + 1], seen[c] = c, true end
  end
  local found = core.engine.need(self.store, self.held.image, self.source, wanted, full, self.lean) or error(decline)
  self.held.rows, self.held.single = found.rows, found.single
  for _, c in ipairs(wanted) do info[c] = found[c] end
end

-- Whether some of the columns were not read yet; with cells: with their cells.
local function lacking(info, columns, cells)
  for _, c in ipairs(columns) do
    if not info[c] or cells and info[c].later then return true end
    if info[c].form == "none" then error(decline) end
  end
  return false
end

-- Reads columns that are not there yet: columns with their cells (self.lean: which may be left for the scan), and those of told at
-- least with their dictionaries. A store that changes meanwhile is for the plain evaluator, which reads it at once.
function Image:need(columns, told)
  told = told or none
  local cells = not self.lean
  if self.held.rows and not lacking(self.info, columns, cells) and not lacking(self.info, told) then return end
  read(self, columns, told)
  if lacking(self.info, columns, cells) or lacking(self.info, told) then error(decline) end
end

-- The column of codes behind a column of the plan.
function Image:codes(c)
  while self.derived[c] do c = self.derived[c].from end
  return coded_by(self.plan.base, c)
end

-- Whether a column comes from the store as it is.
function Image:stored(c) return self.derived[c] == nil end

-- Text that tells a column apart from all that plans of this source can have.
function Image:id(c)
  local made = self.derived[c]
  return made and ("with\0%s\0%s"):format(self:id(made.from), made.text) or tostring(c)
end

local function cell_of(kind, text)
  if kind == "int" then return math.tointeger(text) end
  if kind == "bool" then return text == "1" end
  return text
end

local function stored_cells(self, c)
  local cells = self.held.entries[c]
  if cells then return cells end
  local codes = self:codes(c)
  local kind, list = plans.base_type(self.plan.base[c]), core.engine.entries(self.held.image, codes)
  cells = {}
  for e = 1, self.info[codes].entries - 1 do cells[e + 1] = cell_of(kind, list[e]) end
  self.held.entries[c] = cells
  return cells
end

-- Cells of a column by dictionary entry, the missing one first: cells[1] is nil, cells[code + 1] its value; and their number.
function Image:cells(c)
  local n, made = self.info[self:codes(c)].entries, self.derived[c]
  if not made then return stored_cells(self, c), n end
  return self:made(self:id(c), function()
    local cells, data = {}, { [made.from] = (self:cells(made.from)) }
    for e = 1, n do cells[e] = made.expr:eval(data, e) end
    return cells
  end), n
end

-- Something made once per image and, where its id holds names that are looked up in the store, meaning of them; id nil: not kept.
function Image:made(id, make)
  if not id then return make() end
  local lookup = plans.lookup_for(self.store, id, self.stamp)
  local found = self.held.made[id]
  if found and found.lookup == lookup then return found.value end
  local value, held = make(), self.held
  if held.makes >= most_made then held.made, held.makes = {}, 0 end -- conditions with ever new parameters
  local size = type(value) == "table" and value.truth and #value.truth or 0
  held.made[id], held.makes = { value = value, lookup = lookup }, held.makes + 1 + size // made_size
  return value
end

-- Makes the cells of all columns that steps make, which may fail, whether or not they are asked for; they were read.
function Image:derive()
  for c in pairs(self.derived) do self:cells(c) end
end

-- ---------------------------------------------------------------- conditions

-- How many combinations of cells some columns have: of each column the combinations of those behind it, and of all.
local function strides_of(self, columns)
  local strides, total = {}, 1
  if #columns > 4 then error(decline) end
  for i = #columns, 1, -1 do
    local _, n = self:cells(columns[i])
    strides[i], total = total, total * n
    if #columns > 1 and total > most_combinations then error(decline) end
  end
  return strides, total
end

-- The combinations that rows have, in ascending order from 0 on: of columns whose combinations are too many to judge them all.
local function occurring(self, columns, strides, total)
  local keys, codes = {}, {}
  for i, c in ipairs(columns) do
    local _, n = self:cells(c)
    codes[i] = self:codes(c)
    keys[i] = { column = codes[i], group = core.engine.own(n, strides[i]) }
  end
  self.lean, self.lent = false, self.lean or self.lent -- the cells are gone over more than once
  self:need(codes)
  return core.engine.groups((core.engine.scan(self.store, self.held.image, {}, keys, total, {}, nil, images.options[self.store])))
end

-- Cells of some columns in every combination, the last one changing fastest, and how many there are; places: where those that are
-- given stand among all combinations, from 0 on (nil: they are all given).
function Image:combinations(columns)
  local strides, total = strides_of(self, columns)
  if #columns == 1 then return { [columns[1]] = (self:cells(columns[1])) }, total end
  local options = images.options[self.store]
  local places, data = total > (options and options.judged or most_judged) and occurring(self, columns, strides, total) or nil, {}
  for i, c in ipairs(columns) do
    local cells, n = self:cells(c)
    local list, each = {}, strides[i]
    for k = 1, places and #places or total do list[k] = cells[(places and places[k] or k - 1) // each % n + 1] end
    data[c] = list
  end
  return data, total, places
end

-- truth, a list for combinations at places among so many, as the bytes of all of them.
local function spread(truth, places, total)
  local pieces, at = {}, 0
  for k, place in ipairs(places) do
    if place > at then pieces[#pieces + 1] = ("\0"):rep(place - at) end
    pieces[#pieces + 1], at = truth[k], place + 1
  end
  return table.concat(pieces) .. ("\0"):rep(total - at)
end

-- A condition for core.engine.scan: what test(data, k) says of each combination of cells of the columns. told: list of columns
-- by which undecided combinations are told apart: those that are missing in them.
function Image:condition(columns, test, told)
  if #columns == 0 then error(decline) end
  local data, total, places = self:combinations(columns)
  local truth, codes = {}, {}
  for k = 1, places and #places or total do
    local yes, mask = test(data, k), 0
    for at, c in ipairs(told or {}) do
      if data[c] and data[c][k] == nil then mask = mask | 1 << (at - 1) end
    end
    truth[k] = yes == false and "\0" or string.char(mask << 2 | (yes and 1 or 2))
  end
  for i, c in ipairs(columns) do codes[i] = self:codes(c) end
  return { columns = codes, truth = places and spread(truth, places, total) or table.concat(truth) }
end

-- Whether nothing is asked of the rows.
function Image:whole()
  for _, step in ipairs(self.plan.steps) do
    if step.op == "where" then return false end
  end
  return true
end

-- One condition of a step on these columns; told as above.
function Image:single(text, params, columns, told, compile)
  local said, ids = plans.params_id(params), {}
  for i, c in ipairs(columns) do ids[i] = self:id(c) end
  local id = said and ("where\0%s\0%s\0%d\0%s"):format(text, table.concat(ids, "\0"), #told, said) or nil
  return self:made(id, function()
    local expr = compile()
    return self:condition(expr:columns(), function(data, k) return expr:test(data, k) end, told)
  end)
end

-- The columns that a step's doubts are told by.
local function told_by(step)
  local told = step.expr:columns()
  return #told > 4 and {} or told
end

-- Adds the conditions of a step to a list: those that it joins with `and` one by one, so that each looks at few columns.
function Image:where(step, list)
  local told = told_by(step)
  step.texts = step.texts or step.expr:conjuncts() or { step.text }
  for i, text in ipairs(step.texts) do
    local one = self:single(text, step.params, step.expr:columns(), told, function()
      return #step.texts == 1 and step.expr or plans.compile(self.plan, text, step.params, "where")
    end)
    list[#list + 1] = { columns = one.columns, truth = one.truth, more = i < #step.texts }
  end
end

-- The conditions of all steps, and the number of the first one of each.
function Image:wheres()
  local where, first, columns = {}, {}, {}
  for k, step in ipairs(self.plan.steps) do
    if step.op == "where" then
      for _, c in ipairs(step.expr:columns()) do columns[#columns + 1] = self:codes(c) end
      first[k] = true
    end
  end
  self:need(columns)
  for k, step in ipairs(self.plan.steps) do
    if first[k] then
      first[k] = #where + 1
      self:where(step, where)
    end
  end
  return where, first
end

-- What must be said of the rows that conditions left in doubt, as the scan counted them.
function Image:undecided(first, left)
  local notes = {}
  for k, step in ipairs(self.plan.steps) do
    if step.op == "where" then
      local columns, counts = {}, {}
      for at, c in ipairs(told_by(step)) do columns[at] = self.plan.columns[c] end
      for at, n in ipairs(left[first[k]]) do counts[at - 1] = n end
      table.move(require("mekong.eval").undecided(step.text, columns, counts), 1, 1 << #columns, #notes + 1, notes)
    end
  end
  return notes
end

return images
