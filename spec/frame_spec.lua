-- Frames: questions about the rows of a store that grow step by step, checked at once and read when a result is asked for.
local mekong = require "mekong"
local expect = require "spec.support.expect"
local seeded = require "spec.support.seeded"

local function cells(frame, name)
  local out = {}
  for row in frame:rows() do out[#out + 1] = row[name] == nil and "-" or tostring(row[name]) end
  return table.concat(out, " ")
end

describe("a frame", function()
  local store
  setup(function()
    store = mekong.open ":memory:"
    assert(store:insert("cases", {
      { case = "a", phase = 7, date = "2025-05-01", suspects = 2, reporter = "VN", note = "bắt ma túy tại cửa khẩu" },
      { case = "b", phase = 7, date = "2025-06", reporter = "CN", note = "ma tuý đá" },
      { case = "c", phase = 5, date = "2022-06-03", suspects = 1, reporter = "VN", note = "mà tuy" },
      { case = "e", phase = 7, date = "2025-06-03", suspects = 3, joint = true, reporter = "TH" },
    }))
    assert(store:insert("lines", {
      { case = "a", line = 1, category = "drug", item = "heroin", quantity = "2.5", unit = "kg" },
      { case = "a", line = 2, category = "drug", item = "yaba", quantity = "100", unit = "pill" },
      { case = "c", line = 1, category = "wildlife", quantity = "3", unit = "individual" },
      { case = "c", line = 2, category = "drug", unit = "kg" },
      { case = "e", line = 1, category = "drug", quantity = "0.395", unit = "t" },
    }))
    assert(store:insert("phases", { { phase = 7, number = 7, label = "VII", date = "2025-04-15", date_to = "2025-09-15" },
      { phase = 5, number = 5, label = "V", date = "2022-06-01", date_to = "2022-12-31" } }))
  end)
  teardown(function() store:close() end)

  it("joins cases and their lines, a case without lines being one row", function()
    assert.equal("a a b c c e", cells(store.cases, "case"))
    assert.equal("1 2 - 1 2 1", cells(store.cases, "line"))
    assert.equal("2 2 - 1 1 3", cells(store.lines, "suspects"))
    assert.equal("a a b c c e", cells(store:from "vụ việc", "case"))
    assert.equal("OMD5 OMD7", cells(store.phases, "phase"))
    assert.equal(2, store.phases:count()[1].n)
    expect.raises("name", function() store:from "case" end)
    expect.raises("type", function() store:from(7) end)
    expect.raises("name", function() return store.casess end)
  end)

  it("keeps the rows for which a condition is true", function()
    assert.equal("a a b e", cells(store.cases:where "phase = 7", "case"))
    assert.equal("a a b e", cells(store.cases:where { phase = 7 }, "case"))
    assert.equal("c c", cells(store.cases:where("phase = $1 and suspects >= $least", { 5, least = 1 }), "case"))
    assert.equal("a e", cells(store.cases:where "quantity in kg >= 2.5 or item = 'x'", "case"))
    assert.equal("a", cells(store.cases:where("phase = 7"):where("suspects = 2"):where("unit = kg"), "case"))
  end)

  it("leaves out what nobody can decide, and says how many rows", function()
    -- b happened some day in June 2025.
    assert.equal("a a c c", cells(store.cases:where "date <= 2025-06-02", "case"))
    assert.equal("e", cells(store.cases:where "date = 2025-06-03", "case"))
    assert.equal("a a b c c e", cells(store.cases:where "date <= 2025-06-30", "case"))
    local text = tostring(store.cases:where("date <= 2025-06-02"):count())
    assert.truthy(text:find("không xét được ở 1 dòng", 1, true))
    assert.is_nil(tostring(store.cases:where("date <= 2025-06-30"):count()):find("không xét được", 1, true))
  end)

  it("says shortly which cells were missing where a condition reads them", function()
    local one = tostring(store.cases:where("suspects > 2"):count())
    assert.truthy(one:find("1 dòng thiếu đối tượng không được tính (suspects > 2).", 1, true))
    assert.is_nil(one:find("không xét được", 1, true))
    local two = tostring(store.cases:where("suspects > 2 and category = 'drug'"):count())
    assert.truthy(two:find("1 dòng thiếu đối tượng, nhóm hàng không được tính", 1, true))
    local both = tostring(store.cases:where("date <= 2025-06-02 and quantity in kg > 1"):count())
    assert.truthy(both:find("1 dòng thiếu số lượng, đơn vị không được tính", 1, true)) -- b has no line
    assert.truthy(both:find("1 dòng thiếu số lượng không được tính", 1, true))
    assert.truthy(both:find("không xét được ở 2 dòng (ngày không đủ chính xác, hoặc đơn vị không quy đổi được)", 1, true))
  end)

  it("checks names, units and types at the call that mentions them", function()
    expect.raises("name", function() store.cases:where "fase = 7" end)
    expect.raises("name", function() store.cases:by "fase" end)
    expect.raises("type", function() store.cases:where "suspects + 1" end)
    expect.raises("type", function() store.cases:where "suspects = 'x'" end)
    expect.raises("unit", function() store.cases:where "quantity in parsecs = 2" end)
    expect.raises("type", function() store.cases:where(7) end)
    expect.raises("name", function() store.cases:select "cases" end)
    expect.raises("name", function() store.cases:sort "sispects desc" end)
    expect.raises("syntax", function() store.cases:sort "suspects desc,, phase" end)
    expect.raises("type", function() store.cases:limit "2" end)
    expect.raises("range", function() store.cases:limit(-1) end)
    expect.raises("type", function() store.cases:filter "suspects > 1" end)
    expect.raises("type", function() store.cases:sum "agency" end)
    expect.raises("name", function() store.cases:cuont() end)
    expect.raises("readonly", function() store.cases.x = 1 end)
    expect.raises("type", function() return #store.cases end)
    expect.raises("type", function() store.cases.where("phase = 7") end)
    expect.raises("type", function() store.cases:by "quantity in kg" end)
  end)

  it("never changes: its verbs give new frames", function()
    local all = store.cases
    local some = all:where "phase = 7"
    assert.equal(6, #all:table())
    assert.equal(4, #some:table())
    local params = { 7 }
    local seventh = all:where("phase = $1", params)
    params[1] = 5
    assert.equal(4, #seventh:table())
  end)

  it("reads the store when it is asked, not before", function()
    local other = mekong.open ":memory:"
    local cases = other.cases:where "phase = 7"
    assert(other:insert("cases", { { case = "x", phase = 7 } }))
    assert.equal(1, cases:count()[1].n)
    other:close()
    expect.raises("closed", function() cases:count() end)
  end)

  it("gets more columns", function()
    local more = store.cases:with("kg = quantity in kg", "tăng = suspects * 2")
    assert.equal("4 4 - 2 2 6", cells(more, "tăng"))
    local t = more:table()
    expect.exact(395, t[6].kg, "kg")
    assert.is_nil(t[2].kg) -- tablets
    assert.equal("e", cells(more:where "kg > 300", "case"))
    assert.equal("12", tostring(more:sum("tăng")[1]["tăng"].lo)) -- 4 + 2 + 6, once a case
    assert.truthy(tostring(more:count()):find("Cột kg bỏ trống ở 2 dòng", 1, true))
    expect.raises("duplicate", function() store.cases:with "phase = suspects" end)
    expect.raises("syntax", function() store.cases:with "suspects * 2" end)
  end)

  it("is sorted, cut and narrowed", function()
    assert.equal("e a a c c b", cells(store.cases:sort "suspects desc", "case"))
    assert.equal("c c a a e b", cells(store.cases:sort "suspects", "case"))
    assert.equal("c c a a b e", cells(store.cases:sort "phase", "case")) -- by start
    assert.equal("a a b", cells(store.cases:limit(3), "case"))
    assert.equal("e a", cells(store.cases:sort("suspects desc"):limit(2), "case"))
    assert.equal(0, #store.cases:limit(0):table())
    -- By amount: 2,5 kg before 0,395 t.
    assert.equal("2.5 0.395", cells(store.cases:where("unit in (kg, t) and quantity is not missing"):sort "quantity", "quantity"))
    assert.same({ "case", "suspects" }, store.cases:select("case", "đối tượng"):table():names())
    assert.same({ "quantity", "unit" }, store.cases:select("quantity"):table():names()) -- a quantity keeps its unit
    expect.raises("duplicate", function() store.cases:select("case", "vụ") end)
    expect.raises("type", function() store.cases:select() end)
    expect.raises("name", function() store.cases:select("case"):where "phase = 7" end)
  end)

  it("counts cases also when their key is not selected", function()
    assert.equal(3, store.cases:select("category"):count("category"):where("category = 'drug'")[1].n) -- drugs: a, c and e
    assert.equal(4, store.cases:select("category"):count()[1].n)
  end)

  it("is filtered by a function, row by row in order", function()
    local seen = {}
    local some = store.cases:filter(function(row)
      seen[#seen + 1] = row.case
      return row.suspects and row.suspects > 1
    end)
    assert.equal(0, #seen)
    assert.equal("a a e", cells(some, "case"))
    assert.equal("a a b c c e", table.concat(seen, " "))
    expect.raises("name", function() store.cases:filter(function(row) return row.sispects end):count() end)
    local own = {}
    local ok, problem = pcall(function() store.cases:filter(function() error(own) end):count() end)
    assert.is_false(ok)
    assert.equal(own, problem)
  end)

  it("may be filtered by a function that yields", function()
    local co = coroutine.wrap(function()
      return store.cases:filter(function(row) return coroutine.yield(row.case) end):count()[1].n
    end)
    local asked, answer = {}, co()
    while type(answer) == "string" do
      asked[#asked + 1] = answer
      answer = co(answer ~= "b")
    end
    assert.equal("a a b c c e", table.concat(asked, " "))
    assert.equal(3, answer)
  end)

  it("is joined with a table or another frame, unless rows would multiply", function()
    local counts = store.cases:count "phase"
    assert.equal("3 3 3 1 1 3", cells(store.cases:join(counts, "phase"), "n"))
    assert.equal("VII VII VII V V VII", cells(store.cases:join(store.phases:select("phase", "label"), "phase = phase"), "label"))
    assert.equal("- - - V V -", cells(store.cases:join(store.phases:where("phase = 5"):select("phase", "label"), "phase"), "label"))
    local people = store:sql "select 'vn' as nuoc, 'Hà Nội' as noi union all select 'CN', 'Côn Minh'"
    assert.equal("Hà Nội Hà Nội Côn Minh Hà Nội Hà Nội -", cells(store.cases:join(people, "reporter = nuoc"), "noi"))
    local twice = store:sql "select 'VN' as nuoc, 1 as thu union all select 'VN', 2"
    local message = expect.raises("duplicate", function() store.cases:join(twice, "reporter = nuoc"):count() end)
    assert.truthy(message:find("VN stands more than once in the other table", 1, true))
    expect.raises("duplicate", function() store.cases:join(counts, "phase", { check = "1:1" }):count() end)
    expect.raises("duplicate", function() store.cases:join(store.phases, "phase") end) -- both have a date
    expect.raises("name", function() store.cases:join(counts, "phase = fase") end)
    expect.raises("type", function() store.cases:join(counts, "suspects = phase") end)
    expect.raises("type", function() store.cases:join("phases", "phase") end)
    expect.raises("name", function() store.cases:join(counts, "phase", { check = "2:1" }) end)
  end)

  it("counts cases once though a join multiplies their rows", function()
    local twice = store:sql "select 'VN' as nuoc, 10 as gia union all select 'VN', 5 union all select 'TH', 1"
    local joined = store.cases:join(twice, "reporter = nuoc", { check = "n:n" })
    assert.equal("a a a a b c c c c e", cells(joined, "case"))
    assert.equal(4, joined:count()[1].n)
    assert.equal(5, joined:lines()[1].lines)
    assert.equal("6", tostring(joined:sum("suspects")[1].suspects.lo))
    expect.exact("2.5", joined:where("item = 'heroin'"):sum("quantity in kg")[1].kg)
    -- a and c: 10 + 5 each, e: 1; a and c have two lines each, which is no reason to add more.
    assert.equal("31", tostring(joined:sum("gia")[1].gia.lo))
  end)

  it("adds what a join brought once for each thing it was joined to", function()
    local prices = store:sql "select 'VN' as nuoc, 10 as gia union all select 'CN', 5 union all select 'TH', 1"
    expect.exact(26, store.cases:join(prices, "reporter = nuoc"):sum("gia")[1].gia) -- a 10, b 5, c 10, e 1
  end)

  it("is united with another one of the same columns", function()
    local seven, joint = store.cases:where "phase = 7", store.cases:where "joint"
    local both = seven:union(joint)
    assert.equal("a a b e e", cells(both, "case"))
    assert.equal(3, both:count()[1].n) -- e is in both
    assert.equal(3, both:lines()[1].lines)
    expect.exact(395, both:where("case = 'e'"):sum("quantity in kg")[1].kg)
    local message = expect.raises("name", function() seven:select("case", "phase"):union(joint:select("case", "date")) end)
    assert.truthy(message:find("lacks phase", 1, true))
    assert.truthy(message:find("lacks date", 1, true))
    assert.equal("a a b e e", cells(seven:select("case", "phase"):union(joint:select("phase", "case")), "case"))
    expect.raises("type", function() seven:union(seven:table()) end)
    assert.equal(4, store.phases:union(store.phases):count()[1].n)
  end)

  it("keeps cases of two stores apart, also when their keys are the same", function()
    local other = mekong.open ":memory:"
    assert(other:insert("cases", { { case = "a", suspects = 5 } }))
    local both = store.cases:union(other.cases)
    assert.equal(5, both:count()[1].n)
    assert.equal("11", tostring(both:sum("suspects")[1].suspects.lo))
    other:close()
  end)

  it("is grouped by columns, expressions and periods of the date", function()
    local function groups(...)
      local t, out = store.cases:count(...), {}
      for i = 1, #t do out[i] = tostring(t:cell(i, t:names()[1])) .. "=" .. tostring(t[i].n) end
      return table.concat(out, " ")
    end
    assert.equal("TH=1 CN=1 VN=2", groups "reporter") -- Thái Lan, Trung Quốc, Việt Nam
    assert.equal("2022=1 2025=3", groups "year(date)")
    assert.equal("5=1 6=3", groups "month(date)")
    assert.truthy(tostring(store.cases:with("y = year(date)"):count "y"):find("\n2025 ", 1, true)) -- a year, not 2.025
    assert.equal("false=2 true=1 nil=1", groups "suspects > 2")
    assert.equal("OMD5=1 OMD7=3", groups "phase")
    assert.same({ "month", "n" }, { table.unpack(store.cases:count("month"):names(), 1, 2) })
    assert.same({ "reporter", "phase", "n" }, { table.unpack(store.cases:count("reporter", "phase"):names(), 1, 3) })
    expect.raises("duplicate", function() store.cases:by("phase", "phase") end)
    expect.raises("type", function() store.cases:by(7) end)
    expect.raises("type", function() store.cases:by("phase"):count "reporter" end)
  end)

  it("finds words in a text with the index as it does without", function()
    assert.equal("a a b", cells(store.cases:where "note match 'ma túy'", "case")) -- a word with its marks stands for itself
    assert.equal("a a b c c", cells(store.cases:where "note match 'ma tuy'", "case"))
    local other <close> = mekong.open ":memory:"
    local words = { "ma", "túy", "tuý", "tuy", "má", "đường", "duong", "ngà", "nga", "Ma", "TÚY" }
    local marks = { " ", ", ", "-", "–", "/", "\u{A0}", "\u{200B}", "\u{AD}", "…", "\u{301}", "_", "\n" }
    local list, chance = {}, seeded(7)
    for i = 1, 400 do
      local parts = {}
      for k = 1, chance(5) do parts[k] = words[chance(#words)] .. marks[chance(#marks)] end
      list[i] = { case = "c" .. i, note = table.concat(parts) }
    end
    assert(other:insert("cases", list))
    for _, query in ipairs { "ma", "ma tuy", "túy", "duong", "nga", "đường ngà", "ma ma", "nga, tuy" } do
      local found = cells(other.cases:where("note match $1", { query }), "case")
      assert.truthy(found ~= "", query)
      assert.equal(cells(other.cases:where("not (not (note match $1))", { query }), "case"), found)
    end
  end)

  it("tells how its rows come about", function()
    local plan = store.cases:where("phase = $p", { p = 7 }):with("kg = quantity in kg"):sort("kg desc"):limit(2):select("case", "kg"):explain()
    assert.equal("from cases left join lines by case\nwhere phase = $p [$p = 7]\nwith kg = quantity in kg\nsort kg desc\nlimit 2\nselect case, kg",
      plan)
    assert.truthy(store.cases:join(store.phases:select("phase", "label"), "phase"):explain():find("join on phase (n:1)\n  from phases", 1, true))
    expect.raises("name", function() store.cases:explain "sqll" end)
  end)

  it("prints its first twenty rows and how many there are", function()
    local text = tostring(store.cases)
    assert.truthy(text:find("heroin", 1, true))
    assert.is_nil(text:find("dòng đầu", 1, true))
    local other <close> = mekong.open ":memory:"
    assert.truthy(tostring(other.cases):find("(không có dòng nào)", 1, true))
    assert.truthy(tostring(other.cases):find("Mã vụ", 1, true))
    assert.truthy(tostring(store.cases:select("case", "status")):find("Trạng thái", 1, true)) -- asked for, though empty
    local list = {}
    for i = 1, 25 do list[i] = { case = ("v%02d"):format(i) } end
    assert(other:insert("cases", list))
    text = tostring(other.cases)
    assert.truthy(text:find("v20", 1, true))
    assert.is_nil(text:find("v21", 1, true))
    assert.truthy(text:find("20 dòng đầu trong 25 dòng", 1, true))
    assert.equal(text, expect.shown(other.cases))
  end)

  it("knows columns that the store's owner defined", function()
    local other <close> = mekong.open ":memory:"
    assert(other:define("cases", { "officer: text | cán bộ" }))
    assert(other:define("lines", { "officer: text | cán bộ giữ", "purity: decimal | độ tinh khiết" }))
    assert(other:insert("cases", { { case = "a", officer = "Đội 1" } }))
    assert(other:insert("lines", { { case = "a", line = 1, officer = "Đội 2", purity = "0.5" } }))
    local row = other.cases:table()[1]
    assert.equal("Đội 1", row.officer)
    assert.equal("Đội 2", row.line_officer)
    assert.equal(1, other.cases:where("`độ tinh khiết` >= 0.5"):count()[1].n)
  end)
end)
