-- Columns in memory and scans over them (mekong.core.engine), held against plain SQL on the same rows.
local core = require "mekong.core"
local mekong = require "mekong"
local plans = require "mekong.plan"
local asked = require "spec.support.scans"

local source_sql = 'cases c LEFT JOIN lines l ON l."case" = c."case" ORDER BY c."case", l.line'

local function source_of(store)
  local sql, types, at = {}, {}, {}
  for i, column in ipairs(plans.source(store, "cases").columns) do
    sql[i], types[i], at[column.name] = column.sql, column.type:match "^%a+", i
  end
  return { from = source_sql, key = 'c."case"', state = "SELECT sum(n) FROM counters WHERE tab IN ('cases', 'lines')", sql = sql,
    types = types }, at
end

local function filled()
  local store = assert(mekong.open ":memory:")
  local cases, lines = {}, {}
  for i = 1, 300 do
    cases[i] = { case = ("V%03d"):format(i), phase = i % 7 == 0 and 7 or 5, agency = i % 5 > 0 and "Đội " .. i % 5 or nil,
      suspects = i % 3 > 0 and i % 4 or nil, joint = i % 2 == 0 }
    for k = 1, i % 4 do
      lines[#lines + 1] = { case = cases[i].case, line = k, category = k % 2 == 1 and "drug" or "tobacco",
        quantity = k < 3 and ("%d.%02d"):format(i, k * 5) or nil, unit = i % 2 == 1 and "kg" or "pill" }
    end
  end
  assert(store:insert("cases", cases))
  assert(store:insert("lines", lines))
  return store
end

local function numbers(list)
  local packed = {}
  for i, v in ipairs(list) do packed[i] = string.pack("=I4", v) end
  return table.concat(packed)
end

-- One group for each dictionary entry, numbered by the entry.
local function own_groups(info)
  local list = {}
  for i = 0, info.entries - 1 do list[#list + 1] = i end
  return numbers(list)
end

-- name of a group -> value
local function named(image, column, answer, values)
  local texts, out = core.engine.entries(image, column), {}
  for g, group in ipairs(answer.groups) do out[texts[group] or "(none)"] = values[g] end
  return out
end

describe("a scan over columns", function()
  local store, source, at, image, info
  before_each(function()
    store = filled()
    source, at = source_of(store)
    image = core.engine.image(store, source)
    info = core.engine.need(store, image, source, { at.phase, at.category, at.agency, at.quantity, at.unit, at.suspects, at.joint })
  end)
  after_each(function() store:close() end)

  local function by_sql(text)
    local out = {}
    for row in store:sql(text):rows() do out[row.k or "(none)"] = row.v end
    return out
  end

  local function scan(where, column, part)
    return asked(store, image, where, { { column = column, group = own_groups(info[column]) } }, info[column].entries, { part })
  end

  it("counts a case once in each group, and rows as often as they are", function()
    local cases = scan({}, at.category, { kind = "cases" })
    assert.same(by_sql [[SELECT l.category AS k, count(DISTINCT c."case") AS v FROM cases c LEFT JOIN lines l ON l."case" = c."case"
      GROUP BY 1]], named(image, at.category, cases, cases.parts[1]))
    local rows = scan({}, at.category, { kind = "rows" })
    assert.same(by_sql [[SELECT l.category AS k, count(*) AS v FROM cases c LEFT JOIN lines l ON l."case" = c."case" GROUP BY 1]],
      named(image, at.category, rows, rows.parts[1]))
  end)

  it("adds up numbers exactly, by unit, and says how many are missing", function()
    local answer = scan({}, at.phase, { kind = "sum", column = at.quantity, unit = at.unit, extent = true })
    local units = core.engine.entries(image, at.unit)
    for _, one in ipairs(answer.parts[1]) do
      local unit = units[one.unit]
      if unit then
        local join = ([[FROM cases c JOIN lines l ON l."case" = c."case" WHERE l.unit = '%s' GROUP BY 1]]):format(unit)
        assert.same(by_sql("SELECT phase AS k, sum(CAST(round(quantity * 100) AS INTEGER)) AS v " .. join),
          (function()
            local out = named(image, at.phase, answer, one.sum)
            for k, v in pairs(out) do out[k] = math.tointeger((core.figure.new { best = v } * 100).best) end
            return out
          end)())
        assert.same(by_sql("SELECT phase AS k, count(*) - count(quantity) AS v " .. join), named(image, at.phase, answer, one.missing))
        assert.same(by_sql("SELECT phase AS k, count(quantity) AS v " .. join), named(image, at.phase, answer, one.known))
      end
    end
  end)

  it("adds a number of a case once, whatever its lines", function()
    local answer = scan({}, at.agency, { kind = "sum", column = at.suspects, by_case = true })
    local sums = {}
    for k, v in pairs(named(image, at.agency, answer, answer.parts[1][1].sum)) do sums[k] = math.tointeger(v) end
    assert.same(by_sql "SELECT agency AS k, sum(suspects) AS v FROM cases GROUP BY 1 HAVING count(suspects) > 0", sums)
  end)

  it("keeps the rows for which conditions are true, and tells those that nobody can decide", function()
    local truth = { 2 } -- a missing agency: undecided
    for i, text in ipairs(core.engine.entries(image, at.agency)) do truth[i + 1] = text == "Đội 2" and 1 or 0 end
    local answer = scan({ { columns = { at.agency }, truth = string.char(table.unpack(truth)) } }, at.phase, { kind = "cases" })
    assert.same(by_sql "SELECT phase AS k, count(*) AS v FROM cases WHERE agency = 'Đội 2' GROUP BY 1",
      named(image, at.phase, answer, answer.parts[1]))
    local undecided = store:sql [[SELECT count(*) AS n FROM cases c LEFT JOIN lines l ON l."case" = c."case" WHERE agency IS NULL]]
    assert.equal(undecided[1].n, answer.undecided[1][1])
  end)

  it("takes conditions over combinations of two columns", function()
    local phases, joint = core.engine.entries(image, at.phase), core.engine.entries(image, at.joint)
    local truth = {}
    for p = 0, #phases do
      for j = 0, #joint do truth[#truth + 1] = string.char((phases[p] == "OMD7" and joint[j] == "1") and 1 or 0) end
    end
    local answer = scan({ { columns = { at.phase, at.joint }, truth = table.concat(truth) } }, at.agency, { kind = "cases" })
    assert.same(by_sql "SELECT agency AS k, count(*) AS v FROM cases WHERE phase = 'OMD7' AND joint GROUP BY 1",
      named(image, at.agency, answer, answer.parts[1]))
  end)

  it("ranks values: the smallest whose rank is at least that part of them", function()
    local answer = scan({}, at.phase, { kind = "values", column = at.quantity, unit = at.unit, ranks = { 1, 2, 9, 10, 1, 1 } })
    local units = core.engine.entries(image, at.unit)
    for _, one in ipairs(answer.parts[1]) do
      if units[one.unit] then
        for r, p in ipairs { { 1, 2 }, { 9, 10 }, { 1, 1 } } do
          for phase, value in pairs(named(image, at.phase, answer, one.ranks[r])) do
            local list = {}
            for row in store:sql([[SELECT quantity AS q FROM cases c JOIN lines l ON l."case" = c."case" WHERE phase = ?1 AND unit = ?2
              AND quantity IS NOT NULL ORDER BY CAST(quantity AS REAL)]], phase, units[one.unit]):rows() do
              list[#list + 1] = row.q
            end
            local rank = (p[1] * #list + p[2] - 1) // p[2]
            assert.equal(core.figure.decimal(list[rank]), value)
          end
        end
      end
    end
  end)

  it("tells different values of a column", function()
    local answer = scan({}, at.phase, { kind = "distinct", column = at.agency, distinct = own_groups(info[at.agency]) })
    assert.same(by_sql "SELECT phase AS k, count(DISTINCT agency) AS v FROM cases GROUP BY 1", named(image, at.phase, answer, answer.parts[1]))
  end)

  it("is of the rows as they were: after a change by anybody a new image is needed, and the old one stays what it was", function()
    assert(store:insert("cases", { case = "W1", phase = 6 }))
    assert.is_nil(core.engine.need(store, image, source, { at.phase }))
    assert.equal(info.rows, scan({}, at.phase, { kind = "rows" }).rows)
    assert.equal(info.rows + 1, core.engine.need(store, core.engine.image(store, source), source, { at.phase }).rows)
  end)

  it("skips blocks and parts groups, and counts what SQL counts over thousands of rows", function()
    local large, cases, lines = assert(mekong.open ":memory:"), {}, {}
    for i = 1, 7000 do
      cases[i] = { case = ("V%05d"):format(i), phase = 1 + i % 7, suspects = i % 7 > 0 and i % 5 or nil,
        province = i % 11 > 0 and "Tỉnh " .. i % 50 or nil,
        date = ("20%02d-%02d-%02d"):format(18 + i // 1000, 1 + i % 1000 // 84, 1 + i % 28) }
      lines[i] = { case = cases[i].case, line = 1, category = i % 3 > 0 and "drug" or "tobacco", quantity = i .. ".5", unit = "kg" }
    end
    assert(large:insert("cases", cases))
    assert(large:insert("lines", lines))
    local function counted(t)
      local out = {}
      for row in t:rows() do
        if row.n > 0 then out[#out + 1] = row[t:names()[1]] .. "=" .. row.n end
      end
      return table.concat(out, " ")
    end
    local function sql_counts(key, where)
      return counted(large:sql(("SELECT %s AS k, count(*) AS n FROM cases WHERE %s GROUP BY 1 ORDER BY 1"):format(key, where)))
    end
    for k = 1, 2 do -- the second time from what the first left
      assert.equal(sql_counts("phase", "true"), counted(large.cases:count "phase"), k)
      assert.equal(sql_counts("phase", "province = 'Tỉnh 7' and date between '2020-03-01' and '2020-05-31'"),
        counted(large.cases:where("province = 'Tỉnh 7' and date between 1/3/2020 and 31/5/2020"):count "phase"))
      local few = "('V00001', 'V02048', 'V02049', 'V02080', 'V02081', 'V07000')" -- of 7000 codes of two bytes, where blocks begin and end
      assert.equal(sql_counts("phase", "\"case\" in " .. few), counted(large.cases:where("case in " .. few):count "phase"))
      local both = "\"case\" in " .. few .. " and (suspects > 3 or province = 'Tỉnh 0')"
      assert.equal(sql_counts("phase", both), counted(large.cases:where((both:gsub('"', ""))):count "phase"))
      local one, other = "province = 'Tỉnh 7'", "suspects > 1" -- missing in some, so that some cases nobody can decide
      local said = {}
      for turn, text in ipairs { one .. " and " .. other, other .. " and " .. one } do
        local t = large.cases:where(text):count "phase"
        assert.equal(sql_counts("phase", text), counted(t))
        said[turn] = tostring(t):gsub("%(.-%)", "") -- without the text of the condition
      end
      assert.equal(said[1], said[2])
      local whole = large.cases:agg("n = count()", "s = sum(suspects)", "q = sum(quantity in kg)")
      assert.equal(7000, whole[1].n)
      assert.equal(12000, math.tointeger(whole[1].s.best)) -- each fifth of the 6000 cases that have some: 0 to 4
      assert.equal("24507000", tostring(whole[1].q.best))
    end
    local t = large.cases:where("suspects > 1"):count("case", "phase", "category") -- 3600 groups of more than 65536 numbers
    assert.equal(3600, #t)
    assert.equal("V00002 OMD3 drug 1", ("%s %s %s %d"):format(t[1].case, t[1].phase, t[1].category, t[1].n))
    assert.equal("V06999 OMD7 tobacco 1", ("%s %s %s %d"):format(t[-1].case, t[-1].phase, t[-1].category, t[-1].n))
    large:close()
  end)

  it("refuses tables that do not fit the columns", function()
    local wrong = "truths are given"
    local ok, message = pcall(scan, { { columns = { at.agency }, truth = "ab" } }, at.phase, { kind = "cases" })
    assert.is_false(ok)
    assert.truthy(message:find(wrong, 1, true), message)
    ok, message = pcall(core.engine.scan, store, image, {}, { { column = at.phase, group = numbers { 0, 9, 9 } } }, 4, { { kind = "cases" } })
    assert.is_false(ok)
    assert.truthy(message:find "%[range%]", message)
  end)
end)

-- Numbers up to the largest that a width of cells holds and one beyond, over few groups and many, in every way a scan goes over rows.
describe("sums at the edges of what cells hold", function()
  local rows = 3000
  local function value(i, top, sign) return i % 13 ~= 0 and (i % 17 == 0 and sign or 1) * (top - i % 5 * (top // 7)) or nil end
  local function yes(i) return i * 31 % 3000 % 3 == 1 end

  local function asked_of(top, sign)
    local store = assert(mekong.open ":memory:")
    local source = { from = ([[(WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < %d) SELECT printf('%%05d', i) AS k,
      'g' || (i %% 19) AS g, 'h' || (i * 31 %% 3000) AS h,
      CASE WHEN i %% 13 THEN CASE WHEN i %% 17 = 0 THEN %d ELSE 1 END * (%d - i %% 5 * (%d / 7)) END AS v FROM n) t ORDER BY t.k]]):format(
      rows, sign, top, top), key = "t.k", state = "SELECT 1", sql = { "t.g", "t.h", "t.v" }, types = { "text", "text", "int" } }
    local image = core.engine.image(store, source)
    return store, image, core.engine.need(store, image, source, { 1, 2, 3 })
  end

  -- group of g, or of g and h -> sum, known, missing, how many and the sum of those with the condition, and the median
  local function expected(many, top, sign)
    local groups = {}
    for i = 1, rows do
      local name, v = "g" .. i % 19 .. (many and " h" .. i * 31 % 3000 or ""), value(i, top, sign)
      local g = groups[name] or { sum = 0, known = 0, missing = 0, n = 0, yes = 0, values = {} }
      groups[name], g.n = g, g.n + (yes(i) and 1 or 0)
      if v then
        g.sum, g.known, g.values[#g.values + 1] = g.sum + v, g.known + 1, v
        if yes(i) then g.yes = g.yes + v end
      else
        g.missing = g.missing + 1
      end
    end
    local out = {}
    for name, g in pairs(groups) do
      table.sort(g.values)
      out[name] = table.concat({ g.sum, g.known, g.missing, g.n, g.yes, many and "" or g.values[(#g.values + 1) // 2] }, " ")
    end
    return out
  end

  local function found(many, store, image, info, opts)
    local texts = { core.engine.entries(image, 1), core.engine.entries(image, 2) }
    local truth, one, two = { 0 }, {}, {}
    for e, text in ipairs(texts[2]) do truth[e + 1] = math.tointeger(text:sub(2)) % 3 == 1 and 1 or 0 end
    local when = { columns = { 2 }, truth = string.char(table.unpack(truth)) }
    for e = 0, info[1].entries - 1 do one[#one + 1] = e * (many and info[2].entries or 1) end
    for e = 0, info[2].entries - 1 do two[#two + 1] = e end
    local keys = { { column = 1, group = numbers(one) }, many and { column = 2, group = numbers(two) } or nil }
    local parts = { { kind = "sum", column = 3 }, { kind = "cases", when = when }, { kind = "sum", column = 3, when = when },
      not many and { kind = "values", column = 3, ranks = { 1, 2 } } or nil }
    local a, out = asked(store, image, {}, keys, info[1].entries * (many and info[2].entries or 1), parts, nil, opts), {}
    assert.equal(rows, a.rows)
    for i, g in ipairs(a.groups) do
      local name = many and texts[1][g // info[2].entries] .. " " .. texts[2][g % info[2].entries] or texts[1][g]
      local all, some = a.parts[1][1], a.parts[3][1]
      out[name] = table.concat({ all.sum[i] or 0, all.known[i], all.missing[i], a.parts[2][i], some and some.sum[i] or 0,
        many and "" or a.parts[4][1].ranks[1][i] }, " ")
    end
    return out
  end

  for _, top in ipairs { 254, 255, 65535, (1 << 32) - 2, (1 << 32) - 1, 1 << 45 } do
    it("holds up to " .. top, function()
      for sign = -1, 1, 2 do
        local store, image, info = asked_of(top, sign)
        assert.equal(top, info[3].largest)
        for _, many in ipairs { false, true } do
          local want = expected(many, top, sign)
          for _, opts in ipairs { {}, { way = "plain" }, { threads = 2, chunk = 700 }, { dense = 1 }, { dense = 1, threads = 2, chunk = 900 } } do
            assert.same(want, found(many, store, image, info, opts))
          end
        end
        store:close()
      end
    end)
  end
end)
