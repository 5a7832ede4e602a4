-- grouped_keys: what rows are grouped by: a column, key(column) that merges spellings, a day, week, month, quarter or year of
-- the date, or any other expression.
local core = require "mekong.core"
local shown = require "mekong.shown"
local order = require "mekong.order"
local plans = require "mekong.plan"

local keys = {}

-- Text that differs exactly when two cells do.
function keys.identity(value)
  if value == nil then return "-" end
  if math.type(value) == "integer" then return "i" .. value end
  return (type(value) == "string" and "s" or "b") .. tostring(value)
end

-- Text that differs exactly when two lists of n cells do.
function keys.joined(cells, n)
  local parts = {}
  for k = 1, n do
    local id = keys.identity(cells[k])
    parts[k] = #id .. ":" .. id
  end
  return table.concat(parts)
end

local function nothing() end

-- ---------------------------------------------------------------- periods

local function last_of_quarter(month) return (month + 2) // 3 * 3 end
local some_monday = "1970-01-05"

-- ISO text of the period a date lies in; nil when the date is not precise enough to say.
local periods = {
  day = function(y, m, d) return d and ("%s-%s-%s"):format(y, m, d) end,
  week = function(y, m, d)
    if not d then return nil end
    local day = ("%s-%s-%s"):format(y, m, d)
    local monday = core.date.add(day, -(core.date.between(some_monday, day) % 7))
    return monday .. "/" .. core.date.add(monday, 6)
  end,
  month = function(y, m) return m and ("%s-%s"):format(y, m) end,
  quarter = function(y, m)
    if not m then return nil end
    local last = last_of_quarter(math.tointeger(m))
    return ("%s-%02d/%s-%02d"):format(y, last - 2, y, last)
  end,
  year = function(y) return y end,
}
local period_names = { ["tuần"] = "week", ["tháng"] = "month", ["quý"] = "quarter", ["năm"] = "year" }
for name in pairs(periods) do period_names[name] = name end

function keys.period_of(iso, period)
  local y, m, d = iso:match "^(%d%d%d%d)%-?(%d?%d?)%-?(%d?%d?)$"
  if not y and iso ~= "" then
    core.raise("syntax", ("'%s' is not an ISO date (yyyy, yyyy-mm or yyyy-mm-dd)"):format(iso),
      "hint: another program may have written this cell; store:check() names the row and the column")
  end
  return periods[period](y, m ~= "" and m or nil, d ~= "" and d or nil)
end

local function period_key(plan, period)
  local date = plans.position(plan, "date")
  local kind = (period == "quarter" or period == "week") and "period" or "date"
  local key = { name = period, kind = kind, period = period, reads = "date", id = "period " .. period,
    columns = { date }, prepare = nothing }
  function key.cell(ctx, i)
    local iso = ctx.rows.data[date][i]
    return iso and keys.period_of(iso, period)
  end
  return key
end

-- ---------------------------------------------------------------- columns

-- Note that a column of names holds some in more than one spelling.
local function spelling_note(column, name)
  return function(ctx)
    local forms, several = {}, 0
    for _, i in ipairs(ctx.all) do
      local text = ctx.rows.data[column][i]
      if text ~= nil then
        local folded = core.text.key(text, 1)
        local known = forms[folded]
        if known == nil then
          forms[folded] = text
        elseif known and known ~= text then
          forms[folded], several = false, several + 1
        end
      end
    end
    if several == 0 then return nil end
    return { ("Cột %s có %d tên được viết theo nhiều cách; key(%s) gộp các cách viết lại."):format(name, several, name),
      ("Column %s has %d names in more than one spelling; key(%s) merges them."):format(name, several, name) }
  end
end

local function column_key(plan, c)
  local one = plan.columns[c]
  local kind = shown.kind(one)
  local key = { name = one.name, kind = kind, aliases = one.aliases or nil, reads = one.name, entity = one.entity,
    id = "column", columns = { c }, plain = one.plain, prepare = nothing }
  if kind == "text" and plans.base_type(one) == "text" then key.note = spelling_note(c, one.name) end
  function key.cell(ctx, i)
    local cell = ctx.rows.data[c][i]
    if cell ~= nil and kind == "decimal" then cell = core.figure.decimal(cell) end
    return cell
  end
  return key
end

-- ---------------------------------------------------------------- merged spellings

-- folded name -> spelling -> number of rows written so
local function spellings(ctx, column, expr, list)
  local counts = {}
  for _, i in ipairs(list) do
    local folded, text = expr:eval(ctx.rows.data, i), ctx.rows.data[column][i]
    if folded ~= nil then
      counts[folded] = counts[folded] or {}
      counts[folded][text] = (counts[folded][text] or 0) + 1
    end
  end
  return counts
end

local compare_names = order.cells "text"

-- Spellings, the most frequent first, then as in a dictionary.
local function ranked(counts)
  local list = {}
  for text in pairs(counts) do list[#list + 1] = text end
  table.sort(list, function(a, b)
    if counts[a] ~= counts[b] then return counts[a] > counts[b] end
    return compare_names(a, b) < 0
  end)
  return list
end

-- A spelling with single spaces: several look like one in print.
local function single_spaced(text) return (text:gsub("%s+", " ")) end

local function merged_key(plan, c, expr, text)
  local one = plan.columns[c]
  local key = { name = one.name, kind = "text", aliases = text .. (one.aliases and "|" .. one.aliases or ""), columns = { c },
    entity = one.entity, id = "merged " .. text }
  local kept = {}
  local function counted(ctx, list) return spellings(ctx, c, expr, require("mekong.aggregate").once(ctx, list, one.grain)) end
  -- by_folded: folded name -> spelling -> how often
  function key.keep(by_folded)
    kept = {}
    for folded, counts in pairs(by_folded) do kept[folded] = ranked(counts)[1] end
  end
  function key.prepare(ctx) key.keep(counted(ctx, ctx.all)) end
  function key.folded(spelling) return (expr:eval({ [c] = { spelling } }, 1)) end
  function key.cell(ctx, i)
    local folded = expr:eval(ctx.rows.data, i)
    return folded ~= nil and kept[folded] or nil
  end
  function key.others(counts, cell)
    local others, seen = {}, { [single_spaced(cell)] = true }
    for _, spelling in ipairs(ranked(counts)) do
      spelling = single_spaced(spelling)
      if not seen[spelling] then
        seen[spelling] = true
        others[#others + 1] = spelling
      end
    end
    return others[1] and table.concat(others, "; ") or nil
  end
  function key.variants(ctx, list, cell)
    local _, counts = next(counted(ctx, list))
    return counts and key.others(counts, cell) or nil
  end
  return key
end

-- ---------------------------------------------------------------- any expression

local function expression_key(expr, name, text)
  local kind = expr:type()
  if kind == "figure" or expr:unit() then
    core.raise("type", "groups cannot be made by '" .. text .. "', an amount with a unit",
      "hint: group by a condition on it, such as quantity in kg > 1")
  end
  local key = { name = name, kind = kind == "unit" and "text" or kind, aliases = name ~= text and text or nil,
    id = "expression " .. text, columns = expr:columns(), plain = expr:fn() == "year", prepare = nothing }
  function key.cell(ctx, i)
    return (expr:eval(ctx.rows.data, i))
  end
  return key
end

local function trimmed(text) return text:match "^%s*(.-)%s*$" end

local function named(plan, name)
  for _, one in ipairs(plan.columns) do
    if one.name == name then return true end
  end
  return false
end

-- The key that a text stands for. taken: names that other keys have; gets this one's.
function keys.compile(plan, text, what, taken)
  if type(text) ~= "string" then
    core.raise("type", what .. " takes the keys of groups as texts, not a " .. type(text), 'hint: by("phase", "key(agency)")')
  end
  text = trimmed(text)
  local key
  local period = period_names[text:lower()]
  if period and not named(plan, text) and named(plan, "date") then
    key = period_key(plan, period)
  else
    local expr = plans.compile(plan, text, nil, what)
    local column, fn = expr:column(), expr:fn()
    if #expr:columns() == 0 then
      core.raise("syntax", ("%s: the key '%s' names no column, so all rows are one group"):format(what, text),
        "hint: keys are columns or what is made of them, such as phase, month, key(agency); days are bounded by where \"date <= 15/8/2025\"")
    end
    if column then
      key = column_key(plan, column)
    elseif fn == "key" and #expr:columns() == 1 then
      key = merged_key(plan, expr:columns()[1], expr, text)
    else
      key = expression_key(expr, fn and text:match "^%a+%s*%(%s*[%w_]+%s*%)$" and fn or text, text)
    end
  end
  if taken[key.name] then
    if key.name == text or taken[text] then core.raise("duplicate", what .. " names the key '" .. text .. "' twice") end
    key.name = text
  end
  taken[key.name] = true
  return key
end

return keys
