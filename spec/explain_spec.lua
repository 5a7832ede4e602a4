-- explain: a result says how it comes about, as text and as SQL; the SQL, run on the same store, gives the same numbers.
local expect = require "spec.support.expect"
local seizures = require "spec.support.seizures"

local store, d
setup(function()
  store = seizures.store()
  -- U is A recorded again; V, W and X name each other in a circle, so the first of them stands for all; Y has parts of lines.
  for _, case in ipairs {
    { case = "U", phase = 7, date = "2025-05-02", dup_of = "A", suspects = 9 },
    { case = "V", phase = 6, date = "2024-05-03", dup_of = "W", suspects = 1 }, { case = "W", phase = 6, date = "2024-05-03", dup_of = "X" },
    { case = "X", phase = 6, date = "2024-05-03", dup_of = "V" }, { case = "Y", phase = 6, date = "2024-09", suspects = 2 },
  } do assert(store:insert("cases", case)) end
  assert(store:update("cases", "A", { suspects = 3 }))
  assert(store:update("cases", "B", { suspects = 4 }))
  for _, line in ipairs {
    { case = "U", line = 1, category = "drug", quantity = "2.5", unit = "kg" },
    { case = "Y", line = 1, category = "drug", quantity = "395", unit = "kg" },
    { case = "Y", line = 2, category = "drug", quantity = "104410", unit = "pill", included_in = 1 },
    { case = "Y", line = 3, category = "precursor", quantity = "0.125", unit = "kg", included_in = 1 },
  } do assert(store:insert("lines", line)) end
  d = store.cases
end)
teardown(function() store:close() end)

-- A number as decimal text without needless zeros; of a figure, what is known of it.
local function plain(value)
  if type(value) == "userdata" then value = value.lo end
  local text = tostring(value)
  return text:find "%.%d" and text:gsub("0+$", ""):gsub("%.$", "") or text
end

-- The row of a table whose first cells are these of another one's row.
local function find(t, keys, other, i)
  local names = t:names()
  for j = 1, #t do
    local all = true
    for k = 1, keys do all = all and t:cell(j, names[k]) == other:cell(i, names[k]) end
    if all then return j end
  end
end

-- Every row of the SELECT is a row of the table with the same cells, and every group with records is there.
local function same(t, keys)
  local sql, names = store:sql(t:explain "sql"), t:names()
  for i = 1, #sql do
    local j = assert(find(t, keys, sql, i), "no such group: " .. expect.row(sql, i))
    for _, name in ipairs(sql:names()) do
      assert.equal(plain(t:cell(j, name)), plain(sql:cell(i, name)), name .. " of " .. expect.row(t, j))
    end
  end
  for j = 1, #t do
    local n = t:cell(j, names[keys + 1])
    local nothing = n == nil or n == 0 or type(n) == "userdata" and n:is(0)
    assert(nothing or find(sql, keys, t, j), "not in the SELECT: " .. expect.row(t, j))
  end
  assert(#sql > 0)
end

describe("the plan as text", function()
  it("says where rows come from and what is done to them", function()
    assert.equal("from cases left join lines by case\nwhere phase = 7 and category = $1 [$1 = 'drug']",
      d:where("phase = 7 and category = $1", { "drug" }):explain())
  end)
  it("says the keys and measures of a table", function()
    expect.holds(d:where("phase = 7"):count("category"):explain(), "where phase = 7", "by category", "n = count()")
    expect.holds(d:by("month"):agg("x = max(suspects)"):explain(), "by month", "measure x = max(suspects)")
    expect.holds(d:pivot("category", "phase"):explain(), "by category, phase")
  end)
  it("is refused of tables that were not counted", function()
    expect.raises("type", function() store:sql("select 1 as n"):explain() end)
    expect.raises("name", function() d:explain "sqll" end)
    expect.raises("name", function() d:explain("sql", { dialect = "oracle" }) end)
    expect.raises("name", function() d:explain("sql", { dialct = "sqlite" }) end)
  end)
end)

describe("the plan as SQL", function()
  it("counts the same cases", function()
    same(d:count(), 0)
    same(d:count "phase", 1)
    same(d:count("category", "phase"), 2)
    for _, period in ipairs { "day", "month", "quarter", "year" } do same(d:count(period), 1) end
  end)

  it("merges spellings", function()
    assert(store:update("cases", "B", { agency = "Hải quan" }))
    assert(store:update("cases", "C", { agency = "HAI QUAN" }))
    assert(store:update("cases", "D", { agency = "hải quan" }))
    local t = d:where("agency is not missing"):count "key(agency)"
    local sql = store:sql(t:explain "sql")
    assert.same(expect.column(t:sort "n", "n"), expect.column(sql:sort "n", "n"))
  end)

  it("follows conditions, missing values and partial dates as they are meant", function()
    same(d:where("date <= 10/5/2025"):count("phase"), 1)
    same(d:where("date > 1/9/2024 and not phase = 5"):count("phase"), 1)
    same(d:where("category = 'ma túy' or category is missing"):count("phase"), 1)
    same(d:where("phase >= 6 and origin in ('LA', 'VN')"):count("origin"), 1)
    same(d:where("not (origin = 'LA')"):count("phase"), 1)
    same(d:with("late = date > 1/1/2025"):where("late"):count("category"), 1)
  end)

  it("adds up what belongs to cases once a case", function()
    same(d:by("phase"):sum "suspects", 1)
    same(d:by("category"):agg("s = sum(suspects)", "l = lines()", "most = max(suspects)"), 1)
  end)

  it("adds up amounts exactly, without lines that are part of others", function()
    same(d:by("phase"):sum "quantity", 1)
    same(d:by("category"):sum "quantity", 1)
    same(d:where("unit in ('kg', 't')"):by("phase"):agg("kg = sum(quantity in kg)"), 1)
  end)

  it("counts under a condition of its own", function()
    same(d:by("phase"):agg("n = count()", "drugs = count() where category = 'drug'"), 1)
  end)

  it("gives the rows of a frame", function()
    local f = d:where("phase = 7 and category is not missing"):select("case", "line", "category"):sort "category desc, case":limit(3)
    local sql, own = store:sql(f:explain "sql"), f:table()
    assert.equal(3, #sql)
    assert.equal(expect.rows(own), expect.rows(sql))
  end)

  it("is written for PostgreSQL too", function()
    local text = d:where("unit in ('kg', 't')"):by("phase"):agg("kg = sum(quantity in kg)"):explain("sql", { dialect = "postgres" })
    expect.holds(text, "::numeric", "IS NOT DISTINCT FROM", "GROUP BY")
    assert.is_nil((text:find("decimal_", 1, true)))
  end)

  it("refuses what SQL cannot say", function()
    expect.raises("type", function() d:filter(function() return true end):explain "sql" end)
    expect.raises("type", function() d:by("phase"):agg("x = median(suspects)"):explain "sql" end)
    expect.raises("type", function() d:by("phase"):agg("x = sum(suspects) where category = 'drug'"):explain "sql" end)
    expect.raises("type", function() d:limit(3):count():explain "sql" end)
    expect.raises("type", function() d:join(store.phases:select("phase", "label"), "phase"):explain "sql" end)
  end)
end)
