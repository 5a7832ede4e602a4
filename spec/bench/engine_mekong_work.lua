-- engine_mekong_work: what the worker of the bench that asks mekong does in a process of some length (engine_mekong.lua).
local work = require "engine_work"

local action, open = ...

local function say_peak_and_time(start) work.say("time", action, ("%.0f"):format(work.now() - start)) end

-- ---------------------------------------------------------------- load

local function load(path, flat)
  os.remove(path)
  local start = work.now()
  do
    local store <close> = open(path)
    local report = assert(store:load("cases", flat))
    assert(report.rejected == 0, "rows were rejected")
  end
  say_peak_and_time(start)
end

-- ---------------------------------------------------------------- queries

-- A decimal as a whole number of thousandths.
local function thousandths(figure)
  if figure == nil then return 0 end
  local text = type(figure) == "userdata" and tostring(figure.best) or tostring(figure)
  local whole, part = text:match "^(%d+)%.?(%d*)$"
  assert(whole and #part <= 3, text)
  return math.tointeger(tonumber(whole .. (part .. "000"):sub(1, 3)))
end

local function number(cell)
  if cell == nil then return "" end
  return ("%d"):format(math.tointeger(cell) or math.tointeger(tonumber(cell.best)))
end

local function signed(figure) return tostring(figure.best):match "^-?%d+" end

local units = { "kg", "pill", "l", "individual", "pack" }

local function sum_of_units(row)
  local sum = 0
  for _, unit in ipairs(units) do sum = sum + thousandths(row[unit]) end
  return sum
end

-- Lines of the rows for which fn gives cells.
local function each(fn)
  return function(t)
    local list = {}
    for row in t:rows() do
      local cells = { fn(row) }
      if cells[1] then list[#list + 1] = table.concat(cells, "\t") end
    end
    return list
  end
end

local function share_holds(row)
  local share = tonumber(tostring(row.p.best):match "^[%d.]+")
  assert(math.abs(share - number(row.joint) / row.n) < 1e-6, "a share is wrong")
end

-- Groups that a table completes with 0 are no groups of the peers: they are left out of the lines.
local function queries_of(store)
  local cases = store.cases
  local y, m = work.month:match "(%d+)-(%d+)"
  local month = ("date between 1/%d/%s and 31/%d/%s"):format(m, y, m, y)
  return {
    q01 = { run = function() return cases:count "phase" end, lines = each(function(r) return r.phase, r.n end) },
    q02 = { run = function() return cases:by("phase", "category", "unit"):agg("n = count()", "sum(quantity)") end,
      lines = each(function(r)
        if r.n > 0 then return r.phase, r.category, r.unit, r.n, sum_of_units(r) end
      end) },
    q03 = { run = function() return cases:count("phase", "category"):compare "phase" end,
      lines = each(function(r) return r.category, r.phase, number(r.n), r.difference and signed(r.difference) or "" end) },
    q04 = { run = function() return cases:count("date"):cumulative "date" end,
      lines = each(function(r)
        if number(r.n) ~= "0" then return r.date, number(r.n), number(r.cumulative) end
      end) },
    q05 = { run = function() return cases:by("month"):agg("n = count()", "suspects = sum(suspects)", "joint = count() where joint") end,
      lines = each(function(r)
        if r.n > 0 then return r.month, r.n, number(r.suspects), number(r.joint) end
      end) },
    q06 = { run = function() return cases:count("key(agency)"):top(10) end, lines = each(function(r) return r.agency, r.n end) },
    q06n = { run = function() return cases:with("folded = key(agency)"):count("folded"):top(10) end,
      lines = each(function(r) return r.folded, r.n end) },
    q07 = { run = function()
      return cases:by("reporter", "partner"):agg("n = count()", "joint = count() where joint", "p = (count() where joint) / count()")
    end, lines = each(function(r)
      share_holds(r)
      return r.reporter, r.partner, r.n, number(r.joint)
    end) },
    q08 = { run = function() return cases:by("province"):agg("d = distinct(commodity)") end,
      lines = each(function(r) return r.province, number(r.d) end) },
    q09 = { run = function() return cases:by("category", "unit"):stats("quantity", "median p95") end,
      lines = each(function(r)
        if r.median then return r.category, r.unit, thousandths(r.median), thousandths(r.p95) end
      end) },
    q10 = { run = function() return cases:where("province = $1 and " .. month, { work.province }):count "category" end,
      lines = each(function(r)
        if r.n > 0 then return r.category, r.n end
      end) },
    q11 = { run = function() return cases:by("agency", "commodity", "month"):agg("n = count()", "suspects = sum(suspects)") end,
      lines = each(function(r)
        if r.n > 0 then return r.agency, r.commodity, r.month, r.n, number(r.suspects) end
      end) },
    q12 = { run = function() return cases:agg("n = count()", "sum(quantity)", "suspects = sum(suspects)", "joint = count() where joint") end,
      lines = each(function(r) return r.n, sum_of_units(r), number(r.suspects), number(r.joint) end) },
  }
end

-- ---------------------------------------------------------------- new records

local case_columns = { "case", "phase", "date", "reporter", "partner", "agency", "province", "channel" }
local all_columns = { "case", "phase", "date", "reporter", "partner", "agency", "province", "channel", "category", "commodity",
  "quantity", "unit", "suspects", "joint" }

local function read_records(path)
  local list = {}
  for text in io.lines(path) do
    local r, i = {}, 0
    for field in text:gmatch "[^,]+" do
      i = i + 1
      r[all_columns[i]] = field
    end
    if r.case ~= "case" then
      local case = { suspects = math.tointeger(r.suspects), joint = r.joint == "1" }
      for _, name in ipairs(case_columns) do case[name] = r[name] end
      list[#list + 1] = { case, { case = r.case, line = 1, category = r.category, commodity = r.commodity,
        quantity = r.quantity, unit = r.unit } }
    end
  end
  return list
end

local function append(path, csv, batch)
  local records = read_records(csv)
  local store <close> = open(path)
  local start = work.now()
  for first = 1, #records, batch do
    local cases, lines = {}, {}
    for i = first, math.min(first + batch - 1, #records) do
      cases[#cases + 1], lines[#lines + 1] = records[i][1], records[i][2]
    end
    assert(store:transaction(function()
      assert(store:insert("cases", cases))
      assert(store:insert("lines", lines))
    end))
  end
  say_peak_and_time(start)
end

-- ---------------------------------------------------------------- scans

local function described(image_rows, keys, groups, parts)
  local kinds = {}
  for i, part in ipairs(parts) do kinds[i] = part.kind .. (part.when and " when" or "") .. (part.unit and " by unit" or "") end
  return ("%d keys, %d groups, %s: %d rows"):format(#keys, groups, table.concat(kinds, ", "), image_rows)
end

-- The scans of the second time that a query is asked, each by itself.
local function time_scans(queries, names, runs)
  local core = require "mekong.core"
  local scan, taken = core.engine.scan, nil
  core.engine.scan = function(...)
    taken[#taken + 1] = table.pack(...)
    return scan(...)
  end
  for _, name in ipairs(names) do
    for _ = 1, 2 do
      taken = {}
      queries[name].run()
    end
    for _, args in ipairs(taken) do
      local least, busy, rows = math.huge, math.huge, nil
      for _ = 1, runs do
        local start, began = work.now(), os.clock()
        local found <close>, _, n = scan(table.unpack(args, 1, args.n))
        least, busy, rows = math.min(least, work.now() - start), math.min(busy, os.clock() - began), found and n
      end
      work.say("scan", name, ("%.3f ms, %.3f of processors,"):format(least / 1e6, busy * 1e3), described(rows, args[4], args[5], args[6]))
    end
  end
end

-- ---------------------------------------------------------------- actions

if action == "load" then
  load(arg[3], arg[4])
elseif action == "answer" then
  local store <close> = open(arg[3])
  work.answer(queries_of(store), work.names(6), arg[4], tonumber(arg[5]))
elseif action == "time" then
  local store <close> = open(arg[3])
  work.time(queries_of(store), work.names(6), tonumber(arg[4]), tonumber(arg[5]))
elseif action == "scans" then
  local store <close> = open(arg[3])
  time_scans(queries_of(store), work.names(5), math.tointeger(arg[4]))
elseif action == "append" then
  append(arg[3], arg[4], math.tointeger(arg[5]))
end
