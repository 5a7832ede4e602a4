-- Counts, sums and percentiles of frames against plain SQL over the same rows: hundreds of small random stores.
local mekong = require "mekong"
local seeded = require "spec.support.seeded"

-- Whole numbers from 0 to n - 1.
local function chances(seed)
  local draw = seeded(seed)
  return function(n) return draw(n) - 1 end
end

local categories, agencies, units = { "drug", "wildlife", "tobacco" }, { "Cục A", "Chi cục B", "cục A" }, { "kg", "kg", "t", "pill" }

local function pick(chance, list, missing)
  if missing and chance(missing) == 0 then return nil end
  return list[chance(#list) + 1]
end

-- Up to nine cases with up to three lines each; one in six is a second record of the first one, or of a case nobody knows.
local function fill(store, chance)
  store:delete("lines", "line >= 0")
  store:delete("cases", "case is not missing")
  local cases, lines = {}, {}
  for i = 1, chance(10) do
    local key = ("c%02d"):format(i)
    cases[i] = { case = key, phase = pick(chance, { 5, 6, 7 }, 5), agency = pick(chance, agencies, 6), joint = pick(chance, { true, false }, 3),
      suspects = pick(chance, { 0, 1, 2, 3, 10 }, 4), dup_of = i > 1 and chance(6) == 0 and pick(chance, { "c01", "x99" }) or nil,
      date = pick(chance, { "2025-05-01", "2025-06-15", "2025-08-20" }, 5) }
    for line = 1, chance(4) do
      lines[#lines + 1] = { case = key, line = line, category = pick(chance, categories, 5), unit = pick(chance, units),
        quantity = chance(5) > 0 and tostring(chance(50)) or nil }
    end
  end
  assert(store:insert("cases", cases))
  assert(store:insert("lines", lines))
end

local kg = "CASE l.unit WHEN 'kg' THEN CAST(l.quantity AS INTEGER) WHEN 't' THEN 1000 * CAST(l.quantity AS INTEGER) END"

-- Conditions in both languages.
local simple = {
  { "suspects > 1", "c.suspects > 1" }, { "suspects is missing", "c.suspects IS NULL" }, { "suspects != 2", "c.suspects <> 2" },
  { "suspects between 1 and 3", "c.suspects BETWEEN 1 AND 3" }, { "joint", "c.joint = 1" }, { "phase = 7", "c.phase = 'OMD7'" },
  { "phase in (5, 6)", "c.phase IN ('OMD5', 'OMD6')" }, { "category = 'drug'", "l.category = 'drug'" },
  { "category is not missing", "l.category IS NOT NULL" }, { "agency = 'cục a'", "c.agency IN ('Cục A', 'cục A')" },
  { "quantity in kg >= 20", kg .. " >= 20" }, { "date <= 2025-06-30", "c.date <= '2025-06-30'" },
  { "month(date) = 8", "substr(c.date, 6, 2) = '08'" }, { "line = 1", "l.line = 1" },
}

local function condition(chance, depth)
  local kind = depth > 0 and chance(5) or 4
  if kind == 0 then
    local a = condition(chance, depth - 1)
    return { "not (" .. a[1] .. ")", "NOT (" .. a[2] .. ")" }
  elseif kind < 3 then
    local a, b, word = condition(chance, depth - 1), condition(chance, depth - 1), kind == 1 and "and" or "or"
    return { ("(%s) %s (%s)"):format(a[1], word, b[1]), ("(%s) %s (%s)"):format(a[2], word, b[2]) }
  end
  return simple[chance(#simple) + 1]
end

local keys = { phase = "c.phase", category = "l.category", agency = "c.agency", ["month(date)"] = "CAST(substr(c.date, 6, 2) AS INTEGER)",
  joint = "c.joint" }
local key_names = { "phase", "category", "agency", "month(date)", "joint" }

local from = [[ FROM cases c LEFT JOIN lines l ON l."case" = c."case"
  WHERE (c.dup_of IS NULL OR NOT EXISTS (SELECT 1 FROM cases o WHERE o."case" = c.dup_of)) AND (%s) ]]

local function id(cells, n)
  local parts = {}
  for k = 1, n do parts[k] = tostring(cells[k]) end
  return table.concat(parts, "|")
end

-- Rows of a query by their first n columns; SQL gives yes and no of a computed column as 1 and 0.
local function by_key(t, n)
  local names, out = t:names(), {}
  for row in t:rows() do
    local cells = {}
    for k = 1, n do
      cells[k] = row[names[k]]
      if cells[k] == true then cells[k] = 1 elseif cells[k] == false then cells[k] = 0 end
    end
    out[id(cells, n)] = row
  end
  return out, names
end

-- The key columns of SQL as "k1, k2" and for grouping.
local function sql_keys(chosen)
  local list, places = {}, {}
  for k, key in ipairs(chosen) do list[k], places[k] = keys[key] .. " AS k" .. k, "k" .. k end
  return table.concat(list, ", "), table.concat(places, ", ")
end

local function chosen_keys(chance)
  local first, n = chance(#key_names), chance(3)
  local list = {}
  for k = 1, n do list[k] = key_names[(first + k) % #key_names + 1] end
  return list
end

describe("a frame counts as plain SQL does over the same rows", function()
  local store
  setup(function() store = mekong.open ":memory:" end)
  teardown(function() store:close() end)

  -- one(chance, frame, condition in SQL, keys): compares one kind of question.
  local function many(seed, rounds, one)
    local chance = chances(seed)
    for round = 1, rounds do
      fill(store, chance)
      for _ = 1, 3 do
        local where, chosen = condition(chance, 2), chosen_keys(chance)
        local frame = store.cases:where(where[1])
        local ok, problem = pcall(one, frame, where[2], chosen)
        if not ok then
          error(("round %d: where %s by %s: %s\n%s"):format(round, where[1], table.concat(chosen, ", "), tostring(problem),
          tostring(store.cases)), 0)
        end
      end
    end
  end

  -- Compares a result of ours with rows of SQL; groups SQL does not have count nothing here.
  local function compare(ours, theirs, n, check)
    local expected = by_key(theirs, n)
    local found = by_key(ours, n)
    for key, row in pairs(expected) do
      assert(found[key], "no group " .. key)
      check(found[key], row)
    end
    for key, row in pairs(found) do
      if not expected[key] then assert.equal(0, row.n or 0, "a group that is not there: " .. key) end
    end
  end

  local function select(chosen, columns, where, inner)
    local list, places = sql_keys(chosen)
    local group = #chosen > 0 and " GROUP BY " .. places or ""
    if #chosen > 0 then columns, inner = places .. ", " .. columns, inner .. ", " .. list end
    return store:sql("SELECT " .. columns .. " FROM (SELECT " .. inner .. from:format(where) .. ")" .. group)
  end

  it("in distinct cases and lines", function()
    many(1, 120, function(frame, where, chosen)
      local ours = frame:by(table.unpack(chosen)):agg("n = count()", "lines()")
      local theirs = select(chosen, "count(DISTINCT id) AS n, count(line) AS lines", where, 'c."case" AS id, l.line AS line')
      compare(ours, theirs, #chosen, function(mine, sql)
        assert.equal(sql.n, mine.n)
        assert.equal(sql.lines, mine.lines)
      end)
    end)
  end)

  it("in sums of what belongs to a case", function()
    many(2, 100, function(frame, where, chosen)
      local ours = frame:by(table.unpack(chosen)):agg("n = count()", "s = sum(suspects)", "low = min(suspects)", "high = max(suspects)")
      local theirs = select(chosen, "count(id) AS n, coalesce(sum(s), 0) AS s, min(s) AS low, max(s) AS high, count(*) - count(s) AS lack",
        where, 'DISTINCT c."case" AS id, c.suspects AS s')
      compare(ours, theirs, #chosen, function(mine, sql)
        assert.equal(sql.n, mine.n)
        assert.equal(sql.s, mine.s.lo)
        assert.equal(sql.lack == 0, mine.s:exact())
        assert.equal(sql.lack, mine.missing)
        assert.equal(sql.low, mine.low and mine.low.best)
        assert.equal(sql.high, mine.high and mine.high.best)
      end)
    end)
  end)

  it("in sums, means and percentiles of quantities", function()
    many(3, 100, function(frame, where, chosen)
      local ours = frame:where("unit in (kg, t)"):by(table.unpack(chosen)):stats("quantity in kg", "n missing sum min max mean median p90")
      local list, places = sql_keys(chosen)
      local within = #chosen > 0 and "PARTITION BY " .. places or ""
      local inner = "SELECT " .. kg .. " AS v" .. (#chosen > 0 and ", " .. list or "") .. from:format(where) .. " AND l.unit IN ('kg', 't')"
      local ranked = ("SELECT *, row_number() OVER (%s ORDER BY v IS NULL, v) AS r, count(v) OVER (%s) AS m FROM (%s)"):format(within, within, inner)
      local theirs = store:sql(("SELECT %s count(v) AS n, count(*) - count(v) AS missing, coalesce(sum(v), 0) AS s, min(v) AS low, max(v) AS high," ..
        " min(CASE WHEN r <= m AND 10 * r >= 5 * m THEN v END) AS p50," ..
        " min(CASE WHEN r <= m AND 10 * r >= 9 * m THEN v END) AS p90 FROM (%s) %s"):format(
        #chosen > 0 and places .. "," or "", ranked, #chosen > 0 and "GROUP BY " .. places or ""))
      compare(ours, theirs, #chosen, function(mine, sql)
        assert.equal(sql.n, mine.n)
        assert.equal(sql.missing, mine.missing)
        assert.equal(sql.s, mine.sum.lo)
        assert.equal(sql.low, mine.min and mine.min.best)
        assert.equal(sql.high, mine.max and mine.max.best)
        assert.equal(sql.p50, mine.median and mine.median.best)
        assert.equal(sql.p90, mine.p90 and mine.p90.best)
        if sql.n > 0 then assert.is_true((mine.mean * sql.n):is(sql.s)) end
      end)
    end)
  end)
end)
