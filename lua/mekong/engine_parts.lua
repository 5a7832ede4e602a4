-- engine_parts: measures over columns in memory: which counts and sums of the scan each aggregate needs, and its value made
-- of them. A handle stands for the rows of a group: {answer, at}: the place in the lists of an answer; {every = handles}: all
-- of them; {} for no rows, which the plain evaluator takes.
local core = require "mekong.core"
local worth = require "mekong.worth"
local plans = require "mekong.plan"

local engine_parts = {}

-- Raised where only the plain evaluator can answer.
local decline = { "the plain evaluator is needed" }
engine_parts.decline = decline

local certain = {}

-- engine_parts.surely(fn, ...): what fn gives; an error that it raises is what the plain evaluator would say as well, which need not be
-- asked. engine_parts.said(err): the message of such an error, else nil.
function engine_parts.surely(fn, ...)
  local found = table.pack(pcall(fn, ...))
  if found[1] then return table.unpack(found, 2, found.n) end
  error(type(found[2]) == "string" and setmetatable({ message = found[2] }, certain) or found[2], 0)
end
function engine_parts.said(err) return getmetatable(err) == certain and err.message or nil end

local Parts = {}
Parts.__index = Parts

local place = plans.base_place

local unit_place = plans.unit_place

-- ---------------------------------------------------------------- conditions of parts

local function need_codes(im, columns)
  local list = {}
  for i, c in ipairs(columns) do list[i] = im:codes(c) end
  im:need(list)
end

-- What test(data, k) says of cells of columns; text: tells it apart from other tests of these columns.
local function asked(columns, text, test) return { columns = columns, text = text, test = test } end

-- The condition that together(data, k) says of what tests read, a list as from asked; how: what it makes of them. Kept with the image.
local function condition(im, how, tests, together)
  local columns, seen, id = {}, {}, { "when", how }
  for _, one in ipairs(tests) do
    id[#id + 1] = one.text
    for _, c in ipairs(one.columns) do
      id[#id + 1] = im:id(c)
      if not seen[c] then columns[#columns + 1], seen[c] = c, true end
    end
  end
  table.sort(columns)
  need_codes(im, columns)
  return im:made(table.concat(id, "\0"), function() return im:condition(columns, together) end)
end

-- The condition that all of tests hold; nil when there are none.
local function all_of(im, tests)
  return tests[1] and condition(im, "all", tests, function(data, k)
    for _, one in ipairs(tests) do
      if not one.test(data, k) then return false end
    end
    return true
  end)
end

local function holds(expr) return asked(expr:columns(), "holds " .. expr:text(), function(data, k) return expr:test(data, k) end) end

local function given(expr)
  return asked(expr:columns(), "given " .. expr:text(), function(data, k) return expr:eval(data, k) ~= nil end)
end

-- That a row has a line; nil when all rows have one.
local function has_line(im)
  local line = im.plan.cases and place(im.plan, "line")
  if not line then return nil end
  im:need({}, { im:codes(line) })
  if im.info[im:codes(line)].known == im.held.rows then return nil end
  return asked({ line }, "line", function(data, k) return data[line][k] ~= nil end)
end

-- ---------------------------------------------------------------- specs

local function id_of(part)
  part.id = part.id or (part.arg and part.arg:text() or "") .. "\0" .. (part.filter and part.filter:text() or "")
  return part.id
end

-- The number column of an argument: a column alone or one taken in a unit.
local function number_column(im, part)
  local c = part.column or part.arg:converts()
  if not c or not im:stored(c) then error(decline) end
  local kind = plans.base_type(im.plan.columns[c])
  if kind ~= "int" and kind ~= "decimal" then error(decline) end
  return c
end

-- Lines that are part of others are for the plain evaluator.
local function check_parts_of_lines(im)
  for _, name in ipairs { "included_in", "equivalent_of" } do
    local c = place(im.plan, name)
    if c then
      im:need({}, { c })
      if im.info[c].known > 0 then error(decline) end
    end
  end
end

function Parts:add(spec)
  self.specs[#self.specs + 1] = spec
  return #self.specs
end

function Parts:counted(id, kind, tests)
  local key = kind .. "\0" .. id
  if not self.known[key] then
    self.known[key] = { at = self:add { kind = kind, when = all_of(self.image, tests) } }
  end
  return self.known[key]
end

local function cases_kind(im) return im.plan.cases and "cases" or "rows" end

local function filter_of(part) return part.filter and { holds(part.filter) } or {} end

local function text_of(expr) return expr and expr:text() or "" end

local numeric = { sum = true, mean = true, known = true, missing = true, min = true, max = true, median = true, percentile = true }

-- "0.9" -> 9, 10
local function fraction(p)
  local whole, places = p:match "^(%d+)%.?(%d*)$"
  return math.tointeger(whole .. places), math.tointeger("1" .. ("0"):rep(#places))
end

function Parts:number(part)
  local im, id = self.image, "number\0" .. id_of(part)
  local one = self.known[id]
  if not one then
    local c = number_column(im, part)
    local column = im.plan.columns[c]
    local tests, measured = filter_of(part), plans.measured(column)
    if column.grain ~= "case" then tests[#tests + 1] = has_line(im) end
    if measured then check_parts_of_lines(im) end
    local unit = measured and unit_place(im.plan) or nil
    im:need { c, unit }
    if im.info[c].form ~= "numbers" then error(decline) end
    one = { column = c, unit = unit, mixed = measured and part.column ~= nil, ranks = {}, expr = part.arg }
    one.at = self:add { kind = "sum", column = c, unit = unit, by_case = column.grain == "case", when = all_of(im, tests) }
    one.units = unit and im:cells(unit) or {}
    self.known[id] = one
  end
  local spec = self.specs[one.at]
  if part.fn == "min" or part.fn == "max" then spec.extent = true end
  if part.fn == "median" or part.fn == "percentile" then
    local above, below = fraction(part.p or "0.5")
    local rank = above .. "/" .. below
    spec.kind, spec.ranks = "values", spec.ranks or {}
    self.ranked = true
    if not one.ranks[rank] then
      spec.ranks[#spec.ranks + 1], spec.ranks[#spec.ranks + 2] = above, below
      one.ranks[rank] = #spec.ranks // 2
    end
  end
  return one
end

-- Numbers of the different values of an expression over one column, by dictionary entry, as core.engine.scan takes them.
local function different(im, c, expr)
  return im:made(table.concat({ "different", im:id(c), expr:text() }, "\0"), function()
    local cells, n = im:cells(c)
    local numbers, seen, count, text, data = {}, {}, 0, expr:type() == "text", { [c] = cells }
    for e = 1, n do
      local v = expr:eval(data, e)
      if core.figure.is(v) then error(decline) end
      local key = v == nil and decline or text and core.text.key(v, 1) or v
      if not seen[key] then seen[key], count = count, count + 1 end
      numbers[e] = string.pack("=I4", seen[key])
    end
    return table.concat(numbers)
  end)
end

function Parts:distinct(part)
  local im, id = self.image, "distinct\0" .. id_of(part)
  if self.known[id] then return self.known[id] end
  local columns = part.arg:columns()
  if #columns ~= 1 then error(decline) end
  need_codes(im, columns)
  local tests, c = filter_of(part), columns[1]
  tests[#tests + 1] = given(part.arg)
  self.known[id] = { at = self:add { kind = "distinct", column = im:codes(c), distinct = different(im, c, part.arg), when = all_of(im, tests) } }
  return self.known[id]
end

function Parts:any(part)
  local im, id = self.image, "any\0" .. id_of(part)
  if self.known[id] then return self.known[id] end
  local tests = { holds(part.arg), filter_of(part)[1] }
  local when = condition(im, "any", tests, function(data, k)
    if part.filter and not part.filter:test(data, k) then return false end
    return part.arg:test(data, k)
  end)
  self.known[id] = { at = self:add { kind = "any", when = when } }
  return self.known[id]
end

-- Cases of a share: those counted, those they are a share of.
function Parts:shared(part)
  local im, filter = self.image, filter_of(part)
  if part.arg and part.arg:type() ~= "bool" then error(decline) end
  if not part.arg then return self:counted(text_of(part.filter), cases_kind(im), filter), self:counted("", cases_kind(im), {}) end
  local both = { holds(part.arg), filter[1] }
  return self:counted(id_of(part), cases_kind(im), both), self:counted(text_of(part.filter), cases_kind(im), filter)
end

-- Adds the columns that a part may need to a list, those of which it need not know more than the dictionary to told.
function engine_parts.columns(im, part, list, told)
  local function add(c) list[#list + 1] = c end
  for _, c in ipairs(part.filter and part.filter:columns() or {}) do add(im:codes(c)) end
  if not part.arg then return end
  local number = numeric[part.fn] and (part.column or part.arg:converts())
  if not number or not im:stored(number) then
    for _, c in ipairs(part.arg:columns()) do add(im:codes(c)) end
    return
  end
  add(number)
  if plans.measured(im.plan.columns[number]) then
    add(unit_place(im.plan))
    told[#told + 1] = place(im.plan, "included_in")
    told[#told + 1] = place(im.plan, "equivalent_of")
  end
end

-- What a part needs of the scan.
function Parts:of(part)
  local im, fn = self.image, part.fn
  if fn == "count" then return self:counted(text_of(part.filter), cases_kind(im), filter_of(part)) end
  if fn == "lines" then
    local tests = filter_of(part)
    tests[#tests + 1] = has_line(im)
    return self:counted("lines\0" .. text_of(part.filter), "rows", tests)
  end
  if numeric[fn] then return self:number(part) end
  if fn == "distinct" then return self:distinct(part) end
  if fn == "any" then return self:any(part) end
  if fn == "share" then return self:shared(part) end
  error(decline)
end

-- What a list of parts needs, over the image that is read for it.
function engine_parts.compile(im, list)
  local self = setmetatable({ image = im, specs = {}, known = {} }, Parts)
  for _, part in ipairs(list) do self:of(part) end
  if not self.specs[1] then self:counted("", "rows", {}) end
  return self
end

-- ---------------------------------------------------------------- reading an answer

-- The number that a counting part gives for a handle.
local function number_at(one, handle) return handle.answer.parts[one.at][handle.at] end

-- Sums by unit entry: list of {unit (text or nil), sum, known, missing, min, max, ranks}.
local function entries_at(one, handle)
  local list, g = {}, handle.at
  for _, by in ipairs(handle.answer.parts[one.at]) do
    if by.known[g] > 0 or by.missing[g] > 0 then
      local ranks = {}
      for r, values in ipairs(by.ranks) do ranks[r] = values[g] end
      list[#list + 1] = { unit = one.units[by.unit + 1], sum = by.sum[g], known = by.known[g], missing = by.missing[g],
        min = by.min[g], max = by.max[g], ranks = ranks }
    end
  end
  return list
end

-- A number of a part as a figure of its unit, in the unit of the kind or of the expression.
local function figure_of(one, entry, text, kind)
  if one.mixed then
    local value = core.figure.new { best = text, unit = entry.unit }
    return kind ~= "" and value:to(kind) or value
  end
  if not one.unit then return core.figure.new { best = text, unit = one.expr:unit() } end
  local value, why = one.expr:eval({ [one.column] = { text }, [one.unit] = { entry.unit } }, 1)
  if why == "unit" and entry.unit then error(decline) end
  return value ~= nil and core.figure.new { best = value, unit = one.expr:unit() } or nil
end

-- Kinds of units met.
local function kinds_of(list)
  local seen = {}
  for _, entry in ipairs(list) do
    if entry.unit then seen[worth.kind_of(entry.unit)] = true elseif entry.known > 0 then seen[""] = true end
  end
  return worth.ordered_kinds(seen)
end

-- The entries that a part looks at in one unit, and how many numbers they lack.
local function in_kind(im, part, one, list, kind)
  if not one.mixed then
    local own, lacking = {}, 0
    for _, entry in ipairs(list) do
      lacking = lacking + entry.missing
      if one.unit and not entry.unit then lacking = lacking + entry.known elseif entry.known > 0 then own[#own + 1] = entry end
    end
    return own, lacking, nil
  end
  if not kind then
    local kinds = kinds_of(list)
    if kinds[2] then engine_parts.surely(worth.refuse, im.plan, part, kinds) end
    kind = kinds[1] or ""
  end
  local own, lacking = {}, 0
  for _, entry in ipairs(list) do
    local of = entry.unit and worth.kind_of(entry.unit) or ""
    if of == kind or of == "" then lacking = lacking + entry.missing end
    if of == kind and entry.known > 0 then own[#own + 1] = entry end
  end
  return own, lacking, kind
end

local function total_of(one, own, kind)
  local total
  for _, entry in ipairs(own) do
    local value = figure_of(one, entry, entry.sum, kind)
    total = total and total + value or value
  end
  return total and worth.settled(total)
end

local function extreme(one, own, kind, name)
  local found
  for _, entry in ipairs(own) do
    local value = figure_of(one, entry, entry[name], kind)
    if not found or core.figure.order(value, found) == (name == "min" and -1 or 1) then found = value end
  end
  return found
end

local fns = {}

function fns.known(_, list)
  local n = 0
  for _, entry in ipairs(list) do n = n + entry.known end
  return n
end

function fns.min(one, list, kind) return extreme(one, list, kind, "min") end
function fns.max(one, list, kind) return extreme(one, list, kind, "max") end

function fns.mean(one, list, kind)
  local n = fns.known(one, list)
  return n > 0 and total_of(one, list, kind) / n or nil
end

function fns.rank(one, list, kind, part)
  if list[2] then error(decline) end
  local above, below = fraction(part.p or "0.5")
  return list[1] and figure_of(one, list[1], list[1].ranks[one.ranks[above .. "/" .. below]], kind) or nil
end

-- ---------------------------------------------------------------- values

function Parts:sum(part, handle, kind, missing)
  local one = self:number(part)
  local own, lacking, of = in_kind(self.image, part, one, entries_at(one, handle), kind)
  if lacking > 0 and missing == "error" then error(decline) end
  local total = total_of(one, own, of) or
    core.figure.new { best = 0, unit = kind or part.arg:unit() or part.column and self.image.plan.columns[part.column].unit or "" }
  if lacking > 0 and missing ~= "skip" then total = core.figure.at_least(total) end
  return total, lacking
end

function Parts:lacking(part, handle)
  local one, n = self:number(part), 0
  for _, entry in ipairs(entries_at(one, handle)) do
    n = n + entry.missing
    if one.unit and not one.mixed and not entry.unit then n = n + entry.known end
  end
  return n
end

function Parts:kinds(part, handle)
  local one = self:number(part)
  if not one.mixed then return nil end
  return kinds_of(entries_at(one, handle))
end

-- What a part finds in all groups, by unit: as entries, without sums; kind: of units that are mixed.
local function units_of(one, scan)
  local list = core.engine.units(scan, one.at)
  for _, entry in ipairs(list) do
    entry.at, entry.unit = entry.unit, one.units[entry.unit + 1]
    if one.mixed then entry.kind = entry.unit and worth.kind_of(entry.unit) or "" end
  end
  return list
end

-- The same, kept: what all groups of a question meet stays as long as its image.
local function units_met(one, scan)
  one.all = one.all or units_of(one, scan)
  return one.all
end

-- Kinds of units that a part meets in all groups of a scan.
function Parts:kinds_of_all(part, scan)
  local one = self:number(part)
  if not one.mixed then return nil end
  return kinds_of(units_met(one, scan))
end

local function share_of(self, part, handle, everything)
  local own, all = self:shared(part)
  local n, of = number_at(own, handle), part.arg and number_at(all, handle) or number_at(all, everything())
  if of == 0 then return nil end
  return core.figure.new { best = n }:share(core.figure.new { best = of })
end

-- The share that no cases are of the cases of a handle.
function Parts:nothing_of(part, handle)
  local _, all = self:shared(part)
  local of = number_at(all, handle)
  return of > 0 and core.figure.new { best = 0 }:share(core.figure.new { best = of }) or nil
end

-- The value of a part for a handle; everything(): the handle of all rows.
function Parts:value(part, handle, everything)
  local fn = part.fn
  if fn == "sum" then return (self:sum(part, handle)) end
  if fn == "missing" then return self:lacking(part, handle) end
  if numeric[fn] then
    local one = self:number(part)
    local own, _, kind = in_kind(self.image, part, one, entries_at(one, handle))
    return (fns[fn] or fns.rank)(one, own, kind, part)
  end
  if fn == "share" then return share_of(self, part, handle, everything) end
  local n = number_at(self:of(part), handle)
  if fn ~= "any" then return n end
  if n == 2 then return nil end
  return n == 1
end

-- ---------------------------------------------------------------- many values at once

local counting = { count = true, lines = true, distinct = true }

-- Whether sums of a number stay so small that nothing made of one of them leaves what is calculated exactly.
local function stays_small(im, one)
  local info = im.info[one.column]
  return info.scale <= 9 and info.largest < (1 << 62) // math.max(im.held.rows, 1)
end

-- Units whose numbers a sum of one kind adds up, and those whose missing numbers it lacks, by entry.
local function units_for(list, kind)
  local own, missing = {}, {}
  for _, entry in ipairs(list) do
    local of = entry.kind or kind
    if of == kind and entry.known > 0 then own[#own + 1] = entry end
    if of == kind or of == "" then missing[#missing + 1] = entry.at end
  end
  return own, missing
end

-- 0 in a unit.
local function nothing_in(im, unit)
  return im:made("zero" .. (unit and "\0" .. unit or ""), function() return core.figure.new { best = 0, unit = unit } end)
end

-- What makes the figures of a sum by group in one go; nil where they are no sums of numbers that have one unit.
local function figures_way(self, measure, scan)
  local part, kind, im = measure.part, measure.of, self.image
  local one = self:number(part)
  if measure.missing == "error" or one.unit and not (one.mixed and kind) or not stays_small(im, one) then return nil end
  local own, missing = units_for(units_met(one, scan), kind)
  if own[2] or own[1] and one.mixed and (own[1].unit or "") ~= kind then return nil end
  local unit = kind
  if not one.mixed then unit = one.expr:unit() end
  local like = nothing_in(im, unit ~= "" and unit or nil)
  local zero = nothing_in(im, kind or part.arg:unit() or part.column and im.plan.columns[part.column].unit or "")
  local places = {}
  for i, entry in ipairs(own) do places[i] = entry.at end
  return { read = core.engine.figures, at = one.at, whole = like.whole and im.info[one.column].scale > 0,
    units = { own = places, missing = missing, known = {}, like = like, zero = zero, open = measure.missing ~= "skip" } }
end

-- The same for how many numbers are missing.
local function lacking_way(self, measure, scan)
  local one = self:number(measure.part)
  local missing, known = {}, {}
  for _, entry in ipairs(units_met(one, scan)) do
    missing[#missing + 1] = entry.at
    if one.unit and not one.mixed and not entry.unit then known[#known + 1] = entry.at end
  end
  return { read = core.engine.lacking, at = one.at, units = { own = {}, missing = missing, known = known } }
end

local function bulk_way(self, measure, scan)
  local part = measure.part
  if measure.how == "sum" then return figures_way(self, measure, scan) end
  if measure.how == "missing" or measure.how == "value" and part.fn == "missing" then return lacking_way(self, measure, scan) end
  return measure.how == "value" and counting[part.fn] and { read = core.engine.numbers, at = self:of(part).at } or nil
end

-- Whether the entries of every group are of one kind of unit, as the value of a part needs, and where it is a rank of one unit.
local function alike(self, part, scan)
  local one = self:number(part)
  local list, known = units_met(one, scan), 0
  if one.mixed and kinds_of(list)[2] then return false end
  for _, entry in ipairs(list) do
    if entry.known > 0 then known = known + 1 end
    if not one.mixed and one.unit and entry.unit and entry.known > 0 then figure_of(one, entry, "1", "") end -- or declines
  end
  return known < 2 or part.fn ~= "median" and part.fn ~= "percentile"
end

local function surely(self, part, scan)
  if not numeric[part.fn] then return true end
  return stays_small(self.image, self:number(part)) and alike(self, part, scan)
end

-- Whether the values of a measure can be made later: nothing about them can fail.
local function can_wait(self, measure, scan)
  if measure.missing == "error" then return false end
  if measure.how ~= "expression" then return surely(self, measure.part, scan) end
  local _, factors = measure.text:gsub("[*/]", "")
  if factors > 1 or measure.text:find "%d%d%d%d%d%d%d%d%d" then return false end
  for _, part in ipairs(measure.parts) do
    if not counting[part.fn] then return false end
  end
  return true
end

-- How the values of a measure are made: by read(scan, at, units) in a list by group, which cannot fail (with whole: if all sums are whole
-- numbers); without read one by one. sure(scan): whether these can be made later.
function Parts:way(measure, scan)
  local way, sure = bulk_way(self, measure, scan) or {}, nil
  function way.sure(of)
    if sure == nil then sure = can_wait(self, measure, of) end
    return sure
  end
  return way
end

return engine_parts
