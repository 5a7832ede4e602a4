-- Verbs on tables of counted records: a case counts once in every total, share and running total, whatever rows it is in.
local mekong = require "mekong"
local expect = require "spec.support.expect"
local seizures = require "spec.support.seizures"

local function keys(t, name)
  local list = {}
  for i = 1, #t do list[i] = tostring(t:cell(i, name) or "(thiếu)") end
  return table.concat(list, " ")
end

describe("totals of counted cases", function()
  local store, d
  setup(function() store = seizures.store(); d = store.cases end)
  teardown(function() store:close() end)

  it("count a case of two categories once, and say what the rows add up to", function()
    local t = d:count("category"):totals()
    assert.equal("wildlife drug precursor (thiếu) Tổng", keys(t, "category"))
    assert.same({ "3", "5", "2", "1", "8" }, expect.column(t, "n")) -- 3 + 5 + 2 + 1 = 11
    expect.line(t:to_text(), "Tổng", "8")
    expect.holds(t:to_text(), "chỉ tính một lần trong tổng; cộng các dòng thì được 11 vụ")
    expect.holds(t:to_text { locale = "en" }, "Total", "counts once in the total; the rows add up to 11 cases")
  end)

  it("say nothing where the rows add up", function()
    local t = d:count("phase"):totals()
    assert.equal(8, t[-1].n)
    assert.is_nil((t:to_text():find("một lần", 1, true)))
    expect.line(t:to_text(), "Tổng", "8")
  end)

  it("are integers, stay last when sorted and are left out when filtered", function()
    local t = d:count("category"):totals()
    assert.equal("integer", math.type(t[-1].n))
    assert.equal("(thiếu) precursor wildlife drug Tổng", keys(t:sort "n", "category"))
    assert.equal("wildlife drug", keys(t:where "n > 2", "category"))
    assert.equal(5, #t:totals()) -- not counted twice
    assert.equal(8, t:totals()[-1].n)
  end)

  it("are those of the rows that are left", function()
    -- precursor and wildlife: C, H and A, F, H: 4 cases.
    assert.equal(4, d:count("category"):where("category in ('precursor', 'wildlife')"):totals()[-1].n)
  end)

  it("survive columns in another order", function()
    assert.equal(8, d:count("category"):select("n", "category"):totals()[-1].n)
  end)
end)

describe("shares of counted cases", function()
  local store, d
  setup(function() store = seizures.store(); d = store.cases end)
  teardown(function() store:close() end)

  it("divide by the distinct cases and may exceed 100 % together, which is noted", function()
    local t = d:count("category"):share()
    for i, percent in ipairs { "37.5", "62.5", "25", "12.5" } do expect.exact(percent, t:cell(i, "share")) end
    expect.holds(t:to_text(), "62,5%", "vượt 100%")
    expect.holds(t:to_text { locale = "en" }, "62.5%", "exceed 100%")
  end)

  it("add up to 100 % where cases have one row each", function()
    local t = d:count("phase"):share()
    for i, percent in ipairs { 25, "12.5", 50, "12.5" } do expect.exact(percent, t:cell(i, "share")) end
    assert.is_nil((t:to_text():find("100%%")))
  end)

  it("within a group divide by its distinct cases", function()
    -- VII: A B C H; wildlife A H, drugs A B C, precursors C H: 2/4, 3/4, 2/4.
    local t = d:count("phase", "category"):share({ within = "phase" }):where "phase = 7 and n > 0"
    assert.equal("wildlife drug precursor", keys(t, "category"))
    for i, percent in ipairs { 50, 75, 50 } do expect.exact(percent, t:cell(i, "share")) end
  end)

  it("of totals are the whole", function()
    local t = d:count("category"):share():totals()
    assert.equal(8, t[-1].n)
    expect.exact(100, t[-1].share)
  end)

  it("of a total of 0 are missing and say so", function()
    local t = d:where("case = 'none'"):count():share()
    assert.is_nil(t[1].share)
    expect.holds(t:why(1, "share"), "0")
    expect.holds(t:to_text(), "– tổng bằng 0")
  end)
end)

describe("the top of counted cases", function()
  local store, d
  setup(function() store = seizures.store(); d = store.cases end)
  teardown(function() store:close() end)

  it("keeps ties and says how many", function()
    -- LA 4; KH, TH, VN 1 each; E says no origin.
    assert.equal("LA", keys(d:count("origin"):top(1), "origin"))
    local t = d:count("origin"):top(2)
    assert.equal("LA KH TH VN", keys(t, "origin"))
    expect.holds(t:to_text(), "3 dòng bằng nhau ở vị trí cuối", "Không xếp hạng: 1 vụ thiếu nước đi.")
    expect.holds(t:to_text { locale = "en" }, "3 rows tie for the last place", "Not ranked: 1 case without origin.")
  end)

  it("cuts ties when told so", function()
    assert.equal("LA KH", keys(d:count("origin"):top(2, { ties = "cut" }), "origin"))
  end)

  it("takes the others together without counting a case twice", function()
    -- Beside drugs: precursors C H, wildlife A F H, none E: A C E F H.
    local t = d:count("category"):top(1, { others = "Khác" })
    assert.equal("drug Khác", keys(t, "category"))
    assert.same({ "5", "5" }, expect.column(t, "n"))
    assert.equal(8, t:totals()[-1].n)
    assert.equal(3, #t:totals())
    expect.line(t:to_text { locale = "en" }, "Others", "5")
  end)

  it("has shares of all, not only of those shown", function()
    local t = d:count("origin"):top(1, { others = "Khác" }):share()
    assert.equal("LA Khác", keys(t, "origin"))
    for i = 1, 2 do expect.exact(50, t:cell(i, "share")) end
    local both = d:count("category"):top(1, { others = "Khác" }):share()
    for i = 1, 2 do expect.exact("62.5", both:cell(i, "share")) end -- 5 of 8 and 5 of 8
    assert.equal(8, both:totals()[-1].n)
  end)

  it("puts the missing key behind all names", function()
    assert.equal("LA KH TH VN (thiếu)", keys(d:count("origin"):top(9), "origin"))
  end)
end)

describe("counted cases compared", function()
  local store, t
  setup(function() store = seizures.store(); t = store.cases:count("phase"):compare("phase", { per = "day" }) end)
  teardown(function() store:close() end)

  it("give difference, percent, times and the change per day", function()
    -- VI − V = 1 − 2; both 216 days. VII − VI = 4 − 1; (4/154)/(1/216) = 864/154 = 5,6104.
    expect.exact(-1, t:cell(2, "difference"))
    expect.exact(-50, t:cell(2, "percent"))
    expect.exact(-50, t:cell(2, "percent_per_day"))
    expect.exact(300, t:cell(3, "percent"))
    expect.exact(4, t:cell(3, "times"))
    assert.equal("461,0%", t:cell(3, "percent_per_day"):format { digits = 1 })
    expect.holds(t:cell(3, "comparable"), "216", "154")
    assert.equal("", t:cell(2, "comparable") or "")
  end)

  it("leave the first phase and the cases without one without a base", function()
    assert.is_nil(t:cell(1, "difference"))
    expect.holds(t:why(1, "difference"), "không có kỳ trước")
    assert.is_nil(t:cell(4, "difference"))
    expect.line(t:to_text(), "V ", "2", "–")
  end)

  it("show rates with the places they need", function()
    expect.line(t:to_text(), "VI ", "0,0046") -- 1/216
  end)

  it("go along the key inside every group of the others", function()
    -- Drugs: V 1 (G), VI 1 (D), VII 3 (A B C).
    local by = store.cases:count("category", "phase"):compare("phase"):where "category = 'drug' and n > 0"
    assert.equal("OMD5 OMD6 OMD7", keys(by, "phase"))
    assert.is_nil(by:cell(1, "difference"))
    expect.exact(0, by:cell(2, "difference"))
    expect.exact(2, by:cell(3, "difference"))
  end)

  it("take amounts that are partly known", function()
    local kg = store.cases:by("phase"):sum("quantity"):compare { measure = "kg", per = "day" }
    expect.exact(957, kg:cell(2, "difference")) -- 1.000 − 43
    assert.is_nil(kg:cell(3, "difference").hi)
    expect.line(kg:to_text(), "VII", "≥ 13,5")
  end)

  it("leave the cases without a phase out also against a named one", function()
    local fixed = store.cases:count("phase"):compare { against = 5 }
    expect.exact(2, fixed:cell(3, "difference"))
    assert.is_nil(fixed:cell(4, "difference"))
  end)

  it("have no percent of 0", function()
    local none = store:sql("select 'a' as k, 0 as n union all select 'b', 3"):compare "k"
    expect.holds(none:why(2, "percent"), "bằng 0")
    expect.holds(none:to_text(), "– kỳ so sánh bằng 0")
  end)
end)

describe("running totals of counted cases", function()
  local store, d
  setup(function() store = seizures.store(); d = store.cases end)
  teardown(function() store:close() end)

  it("are exact along the phases", function()
    local t = d:where("phase is not missing"):count("phase"):cumulative "phase"
    for i, sum in ipairs { 2, 3, 7 } do expect.exact(sum, t:cell(i, "cumulative")) end
  end)

  it("count anew as of a date inside a phase", function()
    -- By 10/5/2025: F G; D; A of VII.
    for _, day in ipairs { "10/5/2025", "2025-05-10" } do
      local t = d:where("phase is not missing"):count("phase"):cumulative("phase", { to = day })
      for i, sum in ipairs { 2, 3, 4 } do expect.exact(sum, t:cell(i, "cumulative")) end
      assert.is_nil((t:to_text():find("Chưa rõ", 1, true)))
    end
  end)

  it("know nothing of phases that had not begun", function()
    assert.equal(2, #d:where("phase is not missing"):count("phase"):cumulative("phase", { to = "1/1/2025" }))
  end)

  it("count a case once along categories", function()
    -- AFH 3; with ABCDG: 7; with CH: 7; with E: 8.
    local t = d:count("category"):cumulative "category"
    for i, sum in ipairs { 3, 7, 7, 8 } do expect.exact(sum, t:cell(i, "cumulative")) end
  end)

  it("start again in every group of the other keys", function()
    local t = d:count("category", "phase"):cumulative("phase"):where "category = 'drug' and phase is not missing"
    for i, sum in ipairs { 1, 2, 5 } do expect.exact(sum, t:cell(i, "cumulative")) end -- G; D; A B C
  end)
end)

describe("counted cases held against announcements", function()
  local store, d
  setup(function() store = seizures.store(); d = store.cases end)
  teardown(function() store:close() end)

  local function verdict(claim) return d:count():reconcile(claim):cell(1, "verdict") end

  it("have the verdicts of the field", function()
    assert.equal("khớp", verdict "8 vụ")
    assert.equal("thiếu 2", verdict "10 vụ")
    assert.equal("thừa 3", verdict "5 vụ")
    assert.equal("khớp với cận", verdict "hơn 7 vụ")
    assert.equal("trái cận", verdict "hơn 8 vụ")
    assert.equal("không so được", verdict "8 kg")
  end)

  it("say what a floor that is not reached still takes", function()
    local t = d:where("phase = 7"):count():reconcile "hơn 5 vụ"
    expect.at_least(2, t:cell(1, "needs")) -- 6 or more, 4 counted
    expect.holds(t:to_text(), "Đếm được")
    expect.holds(t:to_text { locale = "en" }, "Counted")
  end)

  it("take the distinct cases of a table in groups", function()
    assert.equal("khớp", d:count("category"):reconcile("8 vụ"):cell(1, "verdict"))
    assert.equal("khớp", d:count("category"):totals():reconcile("8 vụ"):cell(1, "verdict"))
  end)

  it("are laid beside a table by its key", function()
    local told = store:sql("select 'OMD5' as phase, 2 as n union all select 'OMD7', 5 union all select 'OMD6', 1")
    local t = d:count("phase"):reconcile(told)
    assert.equal("OMD5 OMD6 OMD7 (thiếu)", keys(t, "phase"))
    assert.same({ "khớp", "khớp", "thiếu 1", "không so được" }, expect.column(t, "verdict"))
    expect.holds(t:why(4, "claim"), "không có công bố")
  end)

  it("are laid beside claims by phase", function()
    assert(store:insert("sources", { source = "s1", title = "x" }))
    for i, claim in ipairs { { "OMD5", 2 }, { "OMD6", 3 }, { "OMD7", 3 } } do
      assert(store:insert("claims", { claim = i, subject = claim[1], phase = claim[1], measure = "cases", best = claim[2],
        lower = claim[2], upper = claim[2], qualifier = "exact", unit = "case", preferred = true, source = "s1" }))
    end
    local t = d:where("phase is not missing"):count("phase"):reconcile(store:claims())
    assert.same({ "khớp", "thiếu 2", "thừa 1" }, expect.column(t, "verdict"))
    expect.holds(t:to_text(), "Công bố", "Đếm được", "Kết luận")
  end)
end)

describe("a table of one number", function()
  local store, d
  setup(function() store = seizures.store(); d = store.cases end)
  teardown(function() store:close() end)

  it("answers as a figure", function()
    local n = d:count()
    assert.is_true(n:is(8))
    assert.is_true(n:exact())
    assert.equal("case", n.unit)
    assert.equal("8 vụ", n:say())
    expect.exact(8, mekong.figure(n[1].n, "vụ"))
    assert.is_true(d:where("case = 'none'"):count():is(0))
  end)

  it("is one only when there is one", function()
    expect.raises("name", function() return d:count("phase").best end)
    expect.raises("name", function() return d:count().bset end)
  end)
end)

describe("verbs of a store in English", function()
  it("say their notes and reasons in English", function()
    local store <close> = seizures.store { locale = "en" }
    local d = store.cases
    assert.equal("nothing before it to compare with", d:count("phase"):compare():why(1, "percent"))
    expect.holds(d:count("category"):share():why(1, "share"), "5 cases of 8 cases")
    expect.holds(tostring(d:count("phase"):compare { per = "day" }), "Comparability", "days 216 → 154", "(missing)")
    expect.holds(tostring(d:where("phase in (5, 6)"):series("month"):cumulative()), "Cumulative", "the total is a floor")
  end)
end)

describe("tables joined", function()
  local store
  setup(function() store = seizures.store() end)
  teardown(function() store:close() end)

  it("by several keys, or keys of other names", function()
    local a = store.cases:count("phase", "category")
    local b = store:sql "select 'OMD7' as phase, 'drug' as category, 9 as told"
    local t = a:join(b, "phase, category"):where "told is not missing"
    assert.equal(1, #t)
    assert.equal(9, t[1].told)
    local c = store:sql "select 'drug' as kind, 1 as rank"
    assert.equal(1, store.cases:count("category"):join(c, "category = kind"):where("category = 'drug'"):cell(1, "rank"))
  end)
end)

describe("reasons of missing cells", function()
  local store
  setup(function() store = seizures.store() end)
  teardown(function() store:close() end)

  it("go with their rows through sort, where and select", function()
    local t = store:sql("select 'a' as k, 0 as n union all select 'b', 3 union all select 'c', 5"):compare "k"
    local why = t:why(2, "percent")
    assert.equal(why, t:sort("n desc"):why(2, "percent"))
    assert.equal(why, t:where("k = 'b'"):why(1, "percent"))
    assert.equal(why, t:select("percent", "k"):why(2, "percent"))
    assert.equal(why, t:why(-2, "percent"))
  end)
end)

describe("the key of compare and cumulative", function()
  it("may be left out where only one can be meant", function()
    local store <close> = seizures.store()
    local d = store.cases
    assert.equal(tostring(d:count("phase"):compare "phase"), tostring(d:count("phase"):compare()))
    assert.equal(tostring(d:count("phase"):cumulative("phase", { to = "VI" })), tostring(d:count("phase"):cumulative { to = "VI" }))
    assert.equal(tostring(d:count("category", "phase"):compare "phase"), tostring(d:count("category", "phase"):compare()))
    expect.raises("type", function() d:count("category", "origin"):compare() end)
    expect.raises("type", function() d:count("phase", "month"):compare() end)
  end)
end)

describe("the ten questions of analysts", function()
  local lines = {
    [[d:count "phase"]], [[d:count "phase":compare()]], [[d:count "phase":cumulative{to="14/8/2025"}]],
    [[d:count "category":share()]], [[d:matrix("origin","dest")]], [[d:count "origin":top(3,{others="Khác"})]],
    [[d:where "phase=7":series "month"]], [[d:by "phase":sum "quantity"]], [[d:stats "quantity in kg"]],
    [[d:pivot("category","phase"):totals()]],
  }

  it("take one short line each, 300 characters together", function()
    local store <close> = seizures.store()
    local length = 0
    for i, line in ipairs(lines) do
      length = length + utf8.len(line)
      local d = i == 9 and store.cases:where "unit in ('kg', 't')" or store.cases
      local t = assert(load("local d = ... return " .. line))(d)
      for _, locale in ipairs { "vi", "en" } do
        local text = t:to_text { locale = locale }
        assert(#text > 20)
        assert.is_nil((text:find("nil", 1, true)))
      end
    end
    assert(length <= 300, length)
  end)
end)
