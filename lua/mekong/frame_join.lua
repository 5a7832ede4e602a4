-- frame_join: rows of two frames as one: beside each other by the keys they share, or behind each other.
local core = require "mekong.core"
local Table = require "mekong.table"
local frame = require "mekong.frame"
local options = require "mekong.options"
local order = require "mekong.order"
local plans = require "mekong.plan"
local shown = require "mekong.shown"

local methods, new, plan_of = frame.methods, frame.new, frame.plan_of

-- The other side of a join: columns, and a plan or rows that are there.
local function side_of(other)
  if frame.is(other) then return rawget(other, "plan").columns, { plan = rawget(other, "plan") } end
  if not Table.is(other) then core.raise("type", "Frame:join takes a Frame or a Table, not a " .. type(other)) end
  local columns = {}
  for i, one in ipairs(other.columns_) do
    columns[i] = { name = one.name, type = one.kind == "real" and "text" or one.kind, aliases = one.aliases }
  end
  return columns, { rows = { columns = columns, data = other.data_, n = other.n_, ids = {}, copy = {}, notes = {}, parents = {} } }
end

local function join_columns(plan, columns, on)
  local left, right = {}, {}
  if type(on) ~= "string" then
    core.raise("type", "Frame:join needs the columns to join by as text", 'hint: frame:join(other, "phase = phase")')
  end
  for part in (on .. ","):gmatch "%s*(.-)%s*," do
    local a, b = part:match "^(.-)%s*=%s*(.+)$"
    a, b = a or part, b or part
    if a == "" then core.raise("syntax", "an empty key in the join '" .. on .. "'") end
    local l, r = plans.position(plan, a), plans.position({ columns = columns }, b, "column of the other table")
    local x, y = shown.kind(plan.columns[l]), shown.kind(columns[r])
    local numbers = (x == "int" or x == "decimal") and (y == "int" or y == "decimal")
    if x ~= y and not numbers then
      core.raise("type", ("'%s' is %s and '%s' of the other table is %s: they are never equal"):format(plan.columns[l].name, x, columns[r].name, y))
    end
    left[#left + 1], right[#right + 1] = l, r
  end
  return left, right
end

local checks = { "n:1", "1:1", "1:n", "n:n" }

-- join(other, "phase = phase" [, {check = "n:1"|"1:1"|"1:n"|"n:n"}]): the columns of a Frame or Table beside these where
-- the keys are equal; rows without a match stay. More matches than check allows are an error.
function methods:join(other, on, opts)
  local plan = plan_of(self, "join")
  opts = options.check(opts, { "check" }, "Frame:join")
  local check = options.choice(opts.check, checks, "n:1", "option check")
  local columns, step = side_of(other)
  local left, right = join_columns(plan, columns, on)
  local grain = plans.grain(plan, left)
  local many, joined, is_key = check:sub(3) == "n", { table.unpack(plan.columns) }, {}
  for _, c in ipairs(right) do is_key[c] = true end
  step.taken = {}
  step.pairs = many and "pair" .. #plan.steps + 1 or nil
  for c, one in ipairs(columns) do
    if not is_key[c] then
      for _, own in ipairs(plan.columns) do
        if own.name == one.name then
          core.raise("duplicate", "both sides of the join have a column '" .. one.name .. "'", "hint: select the columns first")
        end
      end
      local column = { name = one.name, type = one.type, aliases = one.aliases, entity = one.entity,
        unit = one.unit, grain = step.pairs or grain }
      joined[#joined + 1], step.taken[#step.taken + 1] = column, { from = c, column = column }
    end
  end
  step.op, step.text, step.check, step.left, step.right, step.grain = "join", on, check, left, right, grain
  step.columns = columns
  return new(plans.add(plan, step, joined))
end

local function name_set(columns)
  local set = {}
  for i, one in ipairs(columns) do set[one.name] = i end
  return set
end

local function absent(columns, set)
  local names = {}
  for _, one in ipairs(columns) do
    if not set[one.name] then names[#names + 1] = one.name end
  end
  return names
end

-- The rows of another frame with the same columns behind these.
function methods:union(other)
  local plan = plan_of(self, "union")
  if not frame.is(other) then core.raise("type", "Frame:union takes another Frame, not a " .. type(other)) end
  local theirs = rawget(other, "plan")
  local here, there = name_set(plan.columns), name_set(theirs.columns)
  local missing, surplus = absent(plan.columns, there), absent(theirs.columns, here)
  if missing[1] or surplus[1] then
    local parts = {}
    if missing[1] then parts[1] = "the other frame lacks " .. table.concat(missing, ", ") end
    if surplus[1] then parts[#parts + 1] = "this one lacks " .. table.concat(surplus, ", ") end
    core.raise("name", "the columns of a union must be the same: " .. table.concat(parts, "; "), "hint: select the columns first")
  end
  if plan.cases ~= theirs.cases then
    core.raise("type", "a union of cases with rows of another table cannot be counted", "hint: unite frames of the same kind")
  end
  local columns, from, grains, known = {}, {}, {}, {}
  for i, one in ipairs(plan.columns) do
    local twin = theirs.columns[there[one.name]]
    if twin.type ~= one.type or twin.unit ~= one.unit then
      core.raise("type", ("column '%s' is %s here and %s in the other frame"):format(one.name, one.unit or one.type, twin.unit or twin.type))
    end
    local grain = one.grain == twin.grain and one.grain or "row"
    columns[i] = { name = one.name, type = one.type, aliases = one.aliases, entity = one.entity, unit = one.unit, grain = grain }
    from[i] = there[one.name]
    known[grain] = true
  end
  if plan.cases then known.case, known.line = true, true end
  known.row = nil
  for grain in pairs(known) do grains[#grains + 1] = grain end
  order.texts(grains)
  local step = { op = "union", plan = theirs, columns = columns, from = from, grains = grains, mark = "union" .. #plan.steps + 1 .. ":" }
  return new(plans.add(plan, step, columns))
end
