-- What counts once: cases however many lines they have, persons of a case, lines, and records of one seizure made twice.
local mekong = require "mekong"
local expect = require "spec.support.expect"

-- Known to be this at least, and nothing more.
local function floor_is(number, figure)
  assert.equal(number, tostring(figure.lo))
  assert.is_nil(figure.hi)
end

local function column(t, name)
  local out = {}
  for i = 1, #t do out[i] = t:cell(i, name) == nil and "-" or tostring(t:cell(i, name)) end
  return table.concat(out, " ")
end

describe("counted records", function()
  local store
  -- a: drugs on two lines, 2 suspects; b: no lines, suspects not said; c: wildlife and drugs, 1 suspect; e: 395 kg, of which
  -- 104.410 tablets; f: a second record of a.
  before_each(function()
    store = mekong.open ":memory:"
    assert(store:insert("cases", {
      { case = "a", phase = 7, date = "2025-05-01", agency = "Cục Hải quan Hà Nội", suspects = 2 },
      { case = "b", phase = 7, date = "2025-06", agency = "cục hải quan Hà Nội" },
      { case = "c", phase = 5, date = "2022-06-03", agency = "Chi cục Móng Cái", suspects = 1 },
      { case = "e", phase = 7, date = "2025-06-03", agency = "Cục Hải quan Hà Nội", suspects = 3, joint = true },
      { case = "f", phase = 7, date = "2025-05-01", suspects = 2, dup_of = "a" },
    }))
    assert(store:insert("lines", {
      { case = "a", line = 1, category = "drug", quantity = "2.5", unit = "kg" },
      { case = "a", line = 2, category = "drug", quantity = "100", unit = "pill" },
      { case = "c", line = 1, category = "wildlife", quantity = "3", unit = "individual" },
      { case = "c", line = 2, category = "drug", unit = "kg" },
      { case = "e", line = 1, category = "drug", quantity = "395", unit = "kg" },
      { case = "e", line = 2, category = "drug", quantity = "104410", unit = "pill", included_in = 1 },
      { case = "f", line = 1, category = "drug", quantity = "2.5", unit = "kg" },
    }))
  end)
  after_each(function() store:close() end)

  it("are counted by case, whatever the grouping", function()
    assert.equal(4, store.cases:count()[1].n)
    assert.equal(4, store.lines:count()[1].n)
    local t = store.cases:count "category"
    assert.equal("wildlife drug -", column(t, "category")) -- động vật, ma túy
    assert.equal("1 3 1", column(t, "n")) -- c counts in both of its categories, b has no lines
    assert.equal("1 3", column(store.cases:count "phase", "n"))
    assert.equal(3, store.cases:where("category = 'drug'"):count()[1].n)
  end)

  it("are Lua integers, and a figure where there is one number", function()
    local t = store.cases:count()
    assert.equal("integer", math.type(t[1].n))
    assert.is_true(t:is(4))
    assert.equal(4, t.best)
    assert.is_true(t:exact())
  end)

  it("have lines, counted each once", function()
    assert.equal(6, store.cases:lines()[1].lines)
    assert.equal(0, store.cases:where("case = 'b'"):lines()[1].lines)
  end)

  it("add up the persons of distinct cases", function()
    local t = store.cases:by("category"):sum "suspects"
    assert.equal("wildlife drug -", column(t, "category"))
    expect.exact(1, t[1].suspects)
    expect.exact(6, t[2].suspects) -- 2 + 1 + 3, though a and e have two lines each
    expect.at_least(0, t[3].suspects)
    assert.equal("0 0 1", column(t, "missing"))
    expect.at_least(6, store.cases:sum("suspects")[1].suspects)
    expect.exact(3, store.cases:max("suspects")[1]["max(suspects)"])
    expect.exact(2, store.cases:mean("suspects")[1]["mean(suspects)"]) -- (2 + 1 + 3) / 3
    expect.exact(2, store.cases:median("suspects")[1]["median(suspects)"])
  end)

  it("add up quantities by kind of unit, never across", function()
    local t = store.cases:sum "quantity"
    assert.same({ "kg", "pill", "individual", "missing" }, t:names())
    floor_is("397.5", t[1].kg) -- 2,5 + 395; c has a line of kg without the number
    expect.exact(100, t[1].pill, "pill") -- the 104.410 tablets are part of the 395 kg
    expect.exact(3, t[1].individual, "individual")
    assert.equal(1, t[1].missing)
  end)

  it("show what is part of a quantity and never add it", function()
    local kg = store.cases:where("case = 'e'"):sum("quantity in kg")[1].kg
    expect.exact(395, kg, "kg")
    assert.equal(1, #kg.includes)
    expect.exact(104410, kg.includes[1], "pill")
    assert.truthy(tostring(store.cases:sum "quantity"):find("1 dòng nằm trong số lượng của dòng khác", 1, true))
    -- Alone, the tablets are not part of anything that is there.
    expect.exact(104410, store.cases:where("case = 'e' and unit = pill"):sum("quantity")[1].pill, "pill")
  end)

  it("leave the upper end open where a number is missing, unless told otherwise", function()
    local drugs = store.cases:where("category = 'drug' and unit = kg")
    local kg = drugs:sum("quantity in kg")[1].kg
    floor_is("397.5", kg)
    assert.equal("ít nhất 397,5 kg", kg:say())
    expect.exact("397.5", drugs:sum("quantity in kg", { missing = "skip" })[1].kg)
    local message = expect.raises("missing", function() drugs:sum("quantity in kg", { missing = "error" }) end)
    assert.truthy(message:find("case c, line 2", 1, true))
    expect.raises("name", function() drugs:sum("quantity in kg", { missing = "zero" }) end)
  end)

  it("refuse to add tablets to kilograms, and name the ways out", function()
    local message = expect.raises("unit", function() store.cases:sum "quantity in kg" end)
    assert.truthy(message:find("case a, line 2: 100 pill", 1, true))
    assert.truthy(message:find('sum "quantity"', 1, true))
    assert.truthy(message:find("store:equiv", 1, true))
  end)

  it("cross units by a named conversion only, as an estimate", function()
    assert(store:equiv("viên", "90..300 mg"))
    local kg = store.cases:where("case = 'a'"):sum("quantity in kg")[1].kg
    -- 100 tablets are 9 to 30 g: 2,5 kg + 0,009..0,03 kg.
    assert.equal("2.509", tostring(kg.lo))
    assert.equal("2.53", tostring(kg.hi))
    assert.equal("E", kg.status)
  end)

  it("use the conversion of the item before the general one", function()
    assert(store:equiv("viên", "1 g"))
    assert(store:equiv("viên", "100 mg", { for_item = "yaba" }))
    assert(store:update("lines", { case = "a", line = 2 }, { item = "Yaba" }))
    local kg = store.cases:where("case = 'a'"):sum("quantity in kg")[1].kg
    assert.equal("2.51", tostring(kg.best))
    assert.equal("E", kg.status)
  end)

  it("leave out what is recorded twice, and say so", function()
    local t = store.cases:count "phase"
    assert.truthy(tostring(t):find("1 vụ ghi trùng", 1, true))
    assert.equal(8, #store.cases:table()) -- the second record stays visible
    assert(store:update("cases", "a", { dup_of = "f" })) -- each the copy of the other: one of them stands
    assert.equal(4, store.cases:count()[1].n)
    assert(store:update("cases", "a", { dup_of = "not there" }))
    assert.equal(4, store.cases:count()[1].n)
  end)

  it("give nothing as 0 and no group as no rows", function()
    local none = store.cases:where("phase = 1")
    assert.is_true(none:count():is(0))
    assert.is_true(none:sum("quantity"):is(0))
    assert.is_true(none:sum("quantity in kg"):is(0))
    assert.equal("kg", none:sum("quantity in kg").unit)
    assert.equal(0, #none:count "agency")
    assert.same({ "agency", "n" }, { table.unpack(none:count("agency"):names(), 1, 2) })
    assert.is_nil(none:mean("suspects")[1]["mean(suspects)"])
    assert.is_nil(none:by():stats("quantity in kg", "p50")[1].p50)
  end)

  it("list a spelling once, whatever the spaces in it", function()
    assert(store:update("cases", { case = "a" }, { agency = "Cục  Hải quan Hà Nội" }))
    assert.equal("Cục Hải quan Hà Nội", store.cases:count("key(agency)")[2].variants) -- those of a and e; b's is kept
  end)

  it("merge the spellings of a name and list them", function()
    local t = store.cases:count "key(agency)"
    assert.equal("Chi cục Móng Cái Cục Hải quan Hà Nội", column(t, "agency"))
    assert.equal("1 3", column(t, "n"))
    assert.equal("cục hải quan Hà Nội", t[2].variants) -- a and e write it the other way
    assert.is_nil(t[1].variants)
    assert.equal("Chi cục Móng Cái", t:cell(1, "key(agency)"))
    local plain = store.cases:count "agency"
    assert.equal(3, #plain)
    assert.truthy(tostring(plain):find("key(agency)", 1, true))
  end)

  it("take the smallest value of sufficient rank as a percentile", function()
    local lines = {}
    for i = 1, 10 do lines[i] = { case = "b", line = i, quantity = tostring(11 - i), unit = "kg" } end
    assert(store:insert("lines", lines))
    local t = store.cases:where("case = 'b'"):stats("quantity in kg", "n missing min p10 p50 median p75 p90 p99 max mean sum")
    for name, value in pairs { min = 1, p10 = 1, p50 = 5, median = 5, p75 = 8, p90 = 9, p99 = 10, max = 10, mean = "5.5", sum = 55 } do
      expect.exact(value, t[1][name], "kg")
    end
    assert.equal(10, t[1].n)
    assert.equal(0, t[1].missing)
  end)

  it("keep means exact until they are printed", function()
    local t = store.cases:by("phase"):agg("x = sum(suspects) / lines()", "y = count() / lines()")
    assert.is_true((t[1].x * 2):is(1)) -- c: 1 suspect, 2 lines
    assert(store:insert("lines", { { case = "c", line = 3 } }))
    t = store.cases:by("phase"):agg("y = count() / lines()")
    assert.is_true((t[1].y * 3):is(1))
  end)

  it("answer several measures at once", function()
    local t = store.cases:by("phase"):agg("n = count()", "count() where joint", "any(joint)", "distinct(category)", "min(date)", "share()")
    assert.equal("1 3", column(t, "n"))
    assert.equal("0 1", column(t, "count() where joint"))
    assert.equal("1 1", column(store.cases:by("phase"):agg("distinct(key(agency))"), "distinct(key(agency))"))
    assert.is_true(t[2]["any(joint)"])
    assert.is_nil(t[1]["any(joint)"]) -- c does not say
    assert.equal("2 1", column(t, "distinct(category)"))
    assert.equal("2025-05-01", t[2]["min(date)"])
    expect.exact(25, t[1]["share()"], "%")
    expect.raises("duplicate", function() store.cases:by():agg("n = count()", "n = lines()") end)
    expect.raises("type", function() store.cases:by():agg() end)
  end)

  it("name the group in which a sum grows past what is exact", function()
    local huge = ("9"):rep(37)
    assert(store:insert("lines", { { case = "b", line = 1, quantity = huge, unit = "kg" }, { case = "b", line = 2, quantity = huge, unit = "kg" },
      { case = "b", line = 3, quantity = huge, unit = "kg" }, { case = "b", line = 4, quantity = huge, unit = "g" } }))
    local message = expect.raises("range", function() store.cases:where("unit in (kg, g)"):by("phase"):sum "quantity in kg" end)
    assert.truthy(message:find("phase = OMD7", 1, true))
  end)

  it("take groups together without counting a case twice", function()
    local t = store.cases:count "category"
    assert.equal(3, t.meta_.merge(t, { 1, 2 })[2]) -- a, c, e: c is in both
    assert.equal(4, t.meta_.merge(t, { 1, 2, 3 })[2])
    assert.equal(0, t.meta_.merge(t, {})[2])
    local sorted = t:sort "n"
    assert.equal(1, sorted.meta_.merge(sorted, { 1 })[2])
    assert.equal("1 1", column(store.cases:count("phase").meta_.recount "2025-05-31", "n")) -- c, and a; b may be later
  end)
end)

describe("measures beside their keys", function()
  local store
  before_each(function()
    store = assert(mekong.open ":memory:")
    assert(store:insert("cases", { { case = "A", phase = 5 }, { case = "B", phase = 1 }, { case = "C", phase = 1 } }))
  end)
  after_each(function() store:close() end)

  it("cannot be called as a key is", function()
    local message = expect.raises("duplicate", function() local _ = store.cases:by("phase"):agg "phase = count()" end)
    expect.holds(message, "'phase'", 'agg("x = count()")')
    expect.raises("duplicate", function() local _ = store.cases:by("phase"):agg("n = count()", "n = lines()") end)
  end)

  it("say that a ratio is missing where it would divide by zero", function()
    local t = store.cases:by("phase"):agg "r = count() / (count() where phase = 1)"
    for i = 1, #t do
      if t[i].phase == "OMD5" then
        assert.is_nil(t[i].r)
        expect.holds(t:why(i, "r"), "chia cho 0")
      elseif t[i].phase == "OMD1" then expect.exact(1, mekong.figure(tostring(t[i].r))) end
    end
    expect.holds(store.cases:where("phase = 5"):by():agg("r = 1 / (count() where phase = 1)"):why(1, "r"), "chia cho 0")
  end)
end)
