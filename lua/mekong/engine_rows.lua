-- engine_rows: the rows of a plan's source that its first conditions may leave, so that a question for few rows out of many reads
-- those alone. Which cases they are is found by the codes of columns in memory; the plain evaluator judges each row of them.
local core = require "mekong.core"
local engine = require "mekong.engine"
local eval = require "mekong.eval"
local images = require "mekong.engine_image"
local order = require "mekong.order"
local plans = require "mekong.plan"

local engine_rows = {}

local least_rows = 4096 -- below, all of them are read as fast
local few = 16          -- a case in so many is read by its key
local batch = 250       -- keys of a query

-- The conditions that a plan begins with, as a plan of their own.
local function first_conditions(plan)
  local steps = {}
  for _, step in ipairs(plan.steps) do
    if step.op ~= "where" then break end
    steps[#steps + 1] = step
  end
  return steps[1] and { store = plan.store, source = plan.source, cases = plan.cases, base = plan.base, columns = plan.base, steps = steps }
end

-- A condition with other truths: of bytes what says gives.
local function retold(one, says)
  return { columns = one.columns, more = one.more, truth = (one.truth:gsub("[^\0]", function(byte) return says(byte:byte() & 3) end)) }
end

-- A condition that lets through what it cannot decide as well, or only; nil: it decides everything.
local function lenient(one) return retold(one, function() return "\1" end) end
local function undecided(one)
  local other = retold(one, function(truth) return truth == 2 and "\1" or "\0" end)
  return other.truth:find("\1", 1, true) and other or nil
end

local most_named = 16 -- texts that keys are looked through for at once

-- The keys of the cases that a condition asks for by their names, as `case = 'VN-1'` or `case in ($1, $2)` does, perhaps beside other
-- things; nil: it asks for something else.
local function named_cases(plan, step)
  local texts = step.expr:named(plans.base_place(plan, "case"))
  return texts and #texts <= most_named and core.store.alike(plan.store, texts) or nil
end

-- Each of a list of texts once, in order.
local function once(list)
  local out = {}
  order.texts(list)
  for _, text in ipairs(list) do
    if text ~= out[#out] then out[#out + 1] = text end
  end
  return out
end

-- Conditions of a scan, each list letting through rows that the steps look at: those for which no condition is false, and those that one
-- of a step before the last leaves undecided, since that is said of them.
local function lists_of(im)
  local conditions, first = im:wheres()
  local lists, all, last = {}, {}, first[#im.plan.steps]
  for i, one in ipairs(conditions) do all[i] = lenient(one) end
  for i = 1, last - 1 do
    local one = undecided(conditions[i])
    if one then
      local list, k = table.move(all, 1, i, 1, {}), i
      list[i] = one
      while list[k].more do
        k = k + 1
        list[k] = all[k]
      end
      lists[#lists + 1] = list
    end
  end
  lists[#lists + 1] = all
  return lists
end

-- Keys of the cases with rows that the steps look at, in order; nil when they are not few.
local function candidates(plan, stamp)
  local im, found, n = images.of(plan, stamp), {}, 0
  local case, tuned = plans.base_place(plan, "case"), engine.scans(plan.store)
  engine.check_copies(im)
  local keys = named_cases(plan, plan.steps[1])
  if keys then return once(keys) end
  local lists = lists_of(im)
  im:need { case }
  if im.held.rows < (tuned.least_rows or least_rows) then return nil end
  local entries = im.info[case].entries
  local groups = { { column = case, group = core.engine.own(entries) } }
  for _, list in ipairs(lists) do
    local scan, some = core.engine.scan(plan.store, im.held.image, list, groups, entries, { { kind = "rows" } })
    n = n + some
    if n > entries // (tuned.few or few) then return nil end
    if some > 0 then found[#found + 1] = core.engine.texts(im.held.image, case, core.engine.groups(scan)) end
  end
  for k = 2, #found do table.move(found[k], 1, #found[k], #found[1] + 1, found[1]) end
  return found[2] and once(found[1]) or found[1] or {}
end

local function query(plan, name, keys, first, last)
  local list, marks = {}, {}
  for i, one in ipairs(plan.base) do
    if (one.grain == "case") == (name == "cases") then list[#list + 1] = { at = i, sql = one.sql:match '(".*")$' } end
  end
  local columns = {}
  for k, one in ipairs(list) do columns[k] = one.sql end
  for i = first, last do marks[i - first + 1] = "?" end
  local _, data, n = core.store.query(plan.store, ('SELECT "case", %s FROM %s WHERE "case" IN (%s) ORDER BY "case"%s'):format(
    table.concat(columns, ", "), name, table.concat(marks, ", "), name == "lines" and ", line" or ""), table.move(keys, first, last, 1, {}))
  return { list = list, data = data, n = n }
end

-- Adds the rows of the cases first..last of keys: each case with its lines, one row for a case without any. Both queries are in one
-- order, and no line is without its case.
local function join(plan, keys, first, last, out, n)
  local cases, lines, at = query(plan, "cases", keys, first, last), query(plan, "lines", keys, first, last), 1
  for c = 1, cases.n do
    local key = cases.data[1][c]
    repeat
      local is = at <= lines.n and lines.data[1][at] == key
      n = n + 1
      for k, one in ipairs(cases.list) do out[one.at][n] = cases.data[k + 1][c] end
      for k, one in ipairs(is and lines.list or {}) do out[one.at][n] = lines.data[k + 1][at] end
      if is then at = at + 1 end
    until not is or at > lines.n or lines.data[1][at] ~= key
  end
  return n
end

local function base(plan, stamp)
  local keys, data, n = candidates(plan, stamp), {}, 0
  if not keys then return nil end
  for i = 1, #plan.base do data[i] = {} end
  for first = 1, #keys, batch do n = join(plan, keys, first, math.min(first + batch - 1, #keys), data, n) end
  if core.store.stamp(plan.store) ~= stamp then return nil end -- somebody wrote between two of the queries
  return eval.source_rows(plan, data, n)
end

-- ---------------------------------------------------------------- all rows

local as_stored = { text = true, unit = true, date = true, phase = true, decimal = true } -- kinds whose cells are the texts of entries
local listed = 65536 -- entries of a dictionary that are made into cells beforehand

-- The source of a plan in memory, for cells_of; nil when its rows are few.
local function all(plan, stamp)
  local im, self = images.of(plan, stamp), { columns = {}, values = {} }
  im:need { im:codes(plans.base_place(plan, "case")) }
  if im.held.rows < (engine.scans(plan.store).least_rows or least_rows) then return nil end
  for c in ipairs(plan.base) do self.columns[c] = im:codes(c) end
  im:need(self.columns)
  for c, column in ipairs(plan.base) do
    local texts = as_stored[plans.base_type(column)] and im.info[self.columns[c]].entries > listed
    self.values[c] = not texts and im:cells(c)
  end
  self.image, self.n = im.held.image, im.held.rows
  return self
end

local function cells_of(self, first, n) return core.engine.rows(self.image, self.columns, self.values, first, n) end

-- The same without the steps of the plan. Where memory is short, rows are read one by one.
local function source_of(plan)
  if not plan.cases then return nil end
  local source = { store = plan.store, source = plan.source, cases = plan.cases, base = plan.base, columns = plan.base, steps = {} }
  local ok, found = pcall(engine.attempt, source, all)
  if not ok and not tostring(found):find "^[^\n]*%[limit%]" then error(found, 0) end
  return ok and found or nil
end

local function asked_for(plan)
  local asked = plan.cases and first_conditions(plan)
  return asked and engine.attempt(asked, base)
end

-- The rows of the source of a plan that its conditions name the cases of; nil: they name none, or all are read.
function engine_rows.named(plan)
  local step = plan.cases and plan.steps[1]
  local is = step and step.op == "where" and step.expr:named(plans.base_place(plan, "case"))
  return is and asked_for(plan) or nil
end

-- The rows of a plan after all its steps.
function engine_rows.of(plan)
  local rows = asked_for(plan)
  local source = not rows and source_of(plan)
  if source then rows = eval.source_rows(plan, cells_of(source, 1, source.n), source.n) end
  return eval.rows(plan, rows)
end

-- ---------------------------------------------------------------- rows part by part

local part = 16384 -- rows of the source that are made at a time

-- Whether each step looks at one row at a time and limits stand behind all conditions; then also how many rows there are at most.
local function row_by_row(plan)
  local most = math.maxinteger
  for _, step in ipairs(plan.steps) do
    local row = step.op == "where" and most == math.maxinteger and not (step.matches and step.matches[1])
    if step.op == "limit" then most = math.min(most, step.n) elseif step.op ~= "select" and not row then return nil end
  end
  return most
end

-- parts(plan) -> function that gives the rows of engine_rows.of(plan) part by part, without what is to be said of those left out, then
-- nil; at least one part.
function engine_rows.parts(plan)
  local left = row_by_row(plan)
  local source = left and not asked_for(plan) and source_of(plan)
  local first, begun, rows_each = 1, false, engine.scans(plan.store).part or part
  return function()
    if begun and (not source or first > source.n or left == 0) then return nil end
    begun = true
    if not source then return engine_rows.of(plan) end
    local n = math.min(rows_each, source.n - first + 1)
    local rows = eval.rows(plan, { columns = plan.base, data = cells_of(source, first, n), n = n, ids = {}, copy = {}, notes = {}, parents = {} })
    first, rows.n = first + n, math.min(rows.n, left)
    left = left - rows.n
    return rows
  end
end

return engine_rows
