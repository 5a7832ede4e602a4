-- Statements over sealed rows, conditions on their cells, and seizures told twice that are looked for among them: as among plain ones.
-- Held against a store with the same rows that is never sealed.
local core = require "mekong.core"
local mekong = require "mekong"
local expect = require "spec.support.expect"
local place = require "spec.support.store_place"
local seeded = require "spec.support.seeded"

local things, units = { "drug", "tobacco", "ivory" }, { "kg", "g", "pill", "mg" }
local amounts = { "1", "2.5", "1000", "2500", "0.001", "12.75", "12750", "-0" }

-- Rows that a seed gives, some texts missing, some amounts the same mass in other units.
local function fill(store, n, from)
  local random = seeded(from)
  local function pick(list) return list[random(#list + 1)] end
  local cases, lines = {}, {}
  for i = from, from + n - 1 do
    cases[#cases + 1] = { case = ("V%04d"):format(i), date = ("2025-01-%02d"):format(1 + i % 9), place = pick { "Bến A", "Bến B", "bến a" },
      province = pick { "Hà Nội", "Huế" }, suspects = i % 5 > 0 and i % 4 or nil, joint = i % 2 == 0, dup_of = i % 11 == 0 and "V0001" or nil }
    for k = 1, i % 3 do
      lines[#lines + 1] = { case = cases[#cases].case, line = k, category = pick(things), item = pick { "heroin", "yaba" },
        quantity = pick(amounts), unit = pick(units) }
    end
  end
  assert(store:insert("cases", cases))
  assert(store:insert("lines", lines))
end

-- The same changes in both: a sealed case that is deleted, one that is changed, lines that come to one or take the place of one's.
local function change(store)
  assert(store:delete("lines", { case = "V0004" }))
  assert(store:delete("cases", { case = "V0004" }))
  assert(store:update("cases", "V0007", { date = "2025-01-03", suspects = 9 }))
  assert(store:insert("lines", { case = "V0010", line = 7, category = "drug", quantity = "2500", unit = "g" }))
  assert(store:insert("cases", { case = "V0004", date = "2025-01-05" }))
  assert(store:insert("lines", { case = "V0004", line = 1, category = "drug", quantity = "0.001", unit = "kg" }))
end

local conditions = {
  cases = { "date = '2025-01-03'", "date in ('2025-01-03', '2025-01-09', '2025-02-01', null)", "suspects = 2", "suspects = '2'",
    "suspects in (2, 3.0)", "joint = 1 and place = 'Bến A'", "place = 'bến a' and suspects in (1, 2) and date in ('2025-01-02', '2025-01-04')",
    "province = 7", "place collate nocase = 'BếN a'", "date is '2025-01-03'", "place is null and joint = 0", "\"case\" in ('V0004', 'V0007')",
    "date in (select date from cases where suspects = 9)", "ledger = 1", "date = place", "\"case\" > 'V0020' and suspects = 1", "extra = 'x'" },
  lines = { "quantity = '2.5'", "quantity in ('2.5', '2500', '0.0010', '7', '1.', 'x', '12345678901234567890')", "quantity = 2.5",
    "quantity = '0' and unit = 'kg'", "line = 1 and category = 'drug'", "line in (2, 7)", "unit in ('g', 'mg') and item = 'yaba'",
    "quantity = '1000.0'", "quantity = '-1'" },
}

-- In order of the key, backwards and not; joined from either side, by keys that rise, fall and come again; grouped.
local queries = {
  [[select * from cases order by "case"]], [[select * from lines order by "case", line]],
  [[select * from lines order by "case", line limit 7 offset 11]], [[select "case" from cases order by "case" desc limit 5]],
  [[select "case", line from lines order by line, "case" desc]],
  [[select date, count(*) as n, sum(suspects) as s, min(place) as p from cases group by date order by date]],
  [[select c."case", l.line, l.unit, c.date from cases c left join lines l on l."case" = c."case" order by c."case", l.line]],
  [[select l.category, max(c.date) as d, count(*) as n, total(c.suspects) as s from lines l join cases c on c."case" = l."case"
    group by 1 order by 1]],
  [[with v (i, k) as (values (1, 'V0030'), (2, 'V0007'), (3, 'V0010'), (4, 'V0010'), (5, 'no'), (6, 'V0004'), (7, 'V0060'), (8, 'Z'), (9, 'A'),
    (10, 'V0011'), (11, null)) select v.i, v.k, c.date, l.line from v left join cases c on c."case" = v.k left join lines l on l."case" = v.k
    order by v.i, l.line]],
  [[select "case" from cases c where not exists (select 1 from lines l where l."case" = c."case" and l.line = 1) order by 1]],
  [[select "case", (select count(*) from lines l where l."case" = c."case") as n from cases c where "case" between 'V0003' and 'V0020'
    order by 1 desc]],
  [[select count(distinct rowid) = count(*) as own, count(*) as n from lines]],
  [[select count(*) as n from (select "case" from cases union all select "case" from lines)]],
  [[select "case", typeof("case") as a, typeof(suspects) as b, typeof(joint) as c, typeof(extra) as d, typeof(ledger) as e from cases order by 1]],
  [[select "case", row_number() over (partition by date order by "case") as r from cases where joint = 1 order by 1]],
}

local header = "case,date,place,province,dup_of,line,category,item,quantity,unit\n"
local function file(n, from)
  local out = { header }
  for i = 0, n - 1 do
    out[#out + 1] = ("N%04d,2025-01-%02d,%s,%s,,1,%s,%s,%s,%s\n"):format(from + i, 1 + i % 11, i % 3 == 0 and "Bến A" or i % 3 == 1 and "bến b" or "",
      i % 4 == 0 and "Huế" or "", things[i % 3 + 1], i % 5 == 0 and "heroin" or "", amounts[i % 7 + 1], units[i % 4 + 1])
  end
  return table.concat(out)
end

describe("sealed rows in queries", function()
  local folder, plain, sealed
  before_each(function()
    folder = place.folder()
    plain, sealed = assert(mekong.open(folder .. "/p.db")), assert(mekong.open(folder .. "/s.db"))
    fill(plain, 60, 1)
    fill(sealed, 60, 1)
    assert(core.store.seal(sealed, 16))
    for _, store in ipairs { plain, sealed } do
      assert(store:define("cases", { "extra: text" }))
      change(store)
    end
  end)
  after_each(function()
    plain:close()
    sealed:close()
    place.remove(folder)
  end)

  it("have the columns that are defined when rows of another program wait to be sealed", function()
    assert(core.store.seal(sealed, 2))
    assert.is_nil((sealed:insert("cases", { { case = "W0", phase = 5 }, { case = "W0", phase = 6 } })))
    local other, rows <const> = assert(mekong.open(folder .. "/s.db")), {}
    for i = 1, 10 do rows[i] = { case = "W" .. i, phase = 5 } end
    assert(other:insert("cases", rows))
    assert(sealed:define("cases", { "late: text" }))
    assert.is_true(sealed:update("cases", "W3", { late = "x" }))
    assert.equal("W3", sealed:sql("select \"case\" from cases where late = 'x'")[1].case)
    assert.equal(other:digest(), sealed:digest())
    other:close()
  end)

  it("are those that conditions on their cells are true of", function()
    for name, list in pairs(conditions) do
      for _, condition in ipairs(list) do
        local sql = ("select * from %s where %s order by 1, 2"):format(name, condition)
        assert.equal(tostring(plain:sql(sql)), tostring(sealed:sql(sql)), condition)
      end
    end
    local join = [[select c."case", l.line from cases c, lines l where l."case" = c."case" and l.unit = c.joint || 'g' or
      l."case" = c."case" and c.date = '2025-01-02' and l.quantity in ('1', '2.5') order by 1, 2]]
    assert.equal(tostring(plain:sql(join)), tostring(sealed:sql(join)))
    assert.is_true(#plain:sql(join) > 0)
  end)

  it("are those with a number of as many digits as there can be", function()
    local digits = { "9223372036854775807", "5000000000000000000", "0.123456789012345678", "9.223372036854775807", "1", "0" }
    for i, quantity in ipairs(digits) do
      for _, store in ipairs { plain, sealed } do
        assert(store:insert("cases", { case = "X" .. i }))
        assert(store:insert("lines", { case = "X" .. i, line = 1, item = "x", quantity = quantity, unit = "kg" }))
      end
    end
    for _, rows in ipairs { 1, 2, 64 } do -- each number by itself, and with others, some of which take a finer scale
      assert(core.store.seal(sealed, rows))
      for _, quantity in ipairs(digits) do
        local sql = "select \"case\" from lines where quantity = ? order by 1"
        assert.same(plain:sql(sql, quantity):col "case", sealed:sql(sql, quantity):col "case", quantity)
        assert.is_true(#sealed:sql(sql, quantity) > 0, quantity)
      end
    end
  end)

  it("stand with the plain ones in whatever statement", function()
    for turn = 1, 2 do
      for _, sql in ipairs(queries) do
        local expected = plain:sql(sql)
        assert.is_true(#expected > 0, sql)
        assert.equal(tostring(expected), tostring(sealed:sql(sql)), sql)
        for _, name in ipairs(expected:names()) do assert.same(expected:col(name), sealed:sql(sql):col(name), sql) end
      end
      for _, store in ipairs(turn == 1 and { plain, sealed } or {}) do -- another column, and a transaction that is taken back
        assert(store:define("cases", { "more: text" }))
        assert(store:update("cases", "V0020", { more = "x", extra = "y" }))
        pcall(store.transaction, store, function()
          assert(store:delete("lines", { case = "V0030" }))
          assert.equal(0, store:sql([[select count(*) as n from lines where "case" = 'V0030']])[1].n)
          error "no"
        end)
      end
    end
  end)

  it("are written by no statement, and the refusal is that of plain ones", function()
    local before = sealed:digest()
    for _, sql in ipairs { "delete from cases", "update lines set line = 1", "with x as (select 1) delete from lines",
      [[insert into cases ("case") values ('Z')]], "delete from main.cases" } do
      for _, store in ipairs { plain, sealed } do
        local message = expect.raises("readonly", function() tostring(store:sql(sql)) end)
        assert.truthy(message:find("store:sql only reads", 1, true), message)
      end
    end
    assert.equal(before, sealed:digest())
  end)

  it("are found as seizures told before, in whatever unit of mass", function()
    for _, count in ipairs { 200, 400 } do
      local text = file(count, 100 * count)
      local a, b = assert(plain:load("cases", { text = text })), assert(sealed:load("cases", { text = text }))
      assert.is_true(#a.likely > 0)
      assert.equal(expect.rows(a.likely), expect.rows(b.likely))
      assert.equal(tostring(a), tostring(b))
    end
    assert.equal(plain:digest(), sealed:digest())
  end)

  it("keep their keys, against new rows in many small transactions too", function()
    for round = 1, 12 do
      for _, store in ipairs { plain, sealed } do
        assert(store:transaction(function()
          local cases, lines = {}, {}
          for i = 1, 30 do
            cases[i] = { case = ("V%04d-%d"):format((i * 37 + round) % 60 + 1, round) }
            lines[i] = { case = cases[i].case, line = 1, quantity = i }
          end
          assert(store:insert("cases", cases))
          assert(store:insert("lines", lines))
          cases[30] = { case = ("V%04d"):format(round * 4 + 1) }
          for i = 1, 29 do cases[i] = { case = ("W%d-%d"):format(round, i) } end
          expect.fails("duplicate", function() return store:insert("cases", cases) end)
          expect.fails("missing", function() return store:insert("lines", { case = "W1-1", line = 1 }) end)
        end))
        local thrown = pcall(store.transaction, store, function()
          assert(store:insert("cases", { case = "gone" .. round }))
          error "no"
        end)
        assert.is_false(thrown)
      end
    end
    assert.equal(plain:digest(), sealed:digest())
    assert.equal(tostring(plain.cases:count "date"), tostring(sealed.cases:count "date"))
    assert(sealed:check())
  end)
end)
