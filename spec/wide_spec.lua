-- Tables along time and with a key along the top: gaps filled by what is known, totals of distinct cases.
local mekong = require "mekong"
local expect = require "spec.support.expect"
local seizures = require "spec.support.seizures"

local function cells(t, name)
  local list = {}
  for i = 1, #t do list[i] = tostring(t:cell(i, name) or "–") end
  return table.concat(list, " ")
end

describe("a series of months", function()
  local store, d
  setup(function() store = seizures.store(); d = store.cases end)
  teardown(function() store:close() end)

  it("of a phase covers its dates: 0 inside the data, missing behind it", function()
    -- VII runs from 15/4 to 15/9/2025; the last record of all is of 30/8/2025.
    local t = d:where("phase = 7"):series "month"
    assert.same({ "month", "n" }, t:names())
    assert.equal("2025-04 2025-05 2025-06 2025-07 2025-08 2025-09", cells(t, "month"))
    assert.equal("0 2 0 1 1 –", cells(t, "n"))
    assert.equal("chưa có dữ liệu", t:why(6, "n"))
    expect.line(t:to_text(), "4/2025", "0")
    expect.holds(t:to_text(), "Tháng", "Số vụ", "– chưa có dữ liệu")
    expect.holds(t:to_text { locale = "en" }, "Month", "Cases", "Apr 2025", "– no data yet")
  end)

  it("of two phases is missing between them, not 0", function()
    local t = d:where("phase in (5, 6)"):series "month"
    assert.equal(20, #t) -- 4/2023 to 11/2024
    -- 4 and 5/2023 lie before the first record, 12/2023 to 3/2024 outside both phases.
    assert.equal("– – 2 0 0 0 0 0 – – – – 0 1 0 0 0 0 0 0", cells(t, "n"))
    assert.equal("chưa có dữ liệu", t:why(1, "n"))
    assert.equal("ngoài thời gian của giai đoạn", t:why(9, "n"))
    expect.holds(t:to_text(), "– chưa có dữ liệu", "– ngoài thời gian của giai đoạn")
  end)

  it("of all records runs from the first to the last", function()
    local t = d:series "month"
    assert.equal(27, #t) -- 6/2023 to 8/2025
    assert.equal("2023-06", t[1].month)
    assert.equal(2, t[1].n)
    assert.equal(0, t[2].n)
    assert.equal(8, t:totals()[-1].n)
  end)

  it("follows the dates asked for", function()
    local t = d:where("date between 1/5/2025 and 31/8/2025 and category = 'wildlife'"):series "month"
    assert.equal("2025-05 2025-06 2025-07 2025-08", cells(t, "month"))
    assert.equal("1 0 0 1", cells(t, "n")) -- A, H
  end)

  it("reaches to the dates written, past the records too", function()
    local t = d:where("date between 1/7/2025 and 31/12/2025"):series "month"
    assert.equal("1 1 – – – –", cells(t, "n"))
    assert.equal("1 1", cells(d:where("date >= 1/7/2025"):series "month", "n"))
    assert.equal("0 1 1", cells(d:where("phase = 7 and date between 1/6/2025 and 31/8/2025"):series "month", "n"))
  end)

  it("of a phase nobody recorded is missing throughout", function()
    assert(store:insert("phases", { phase = "OMD4", variant = "x", number = 4, label = "IV", date = "2022-04-15",
      date_to = "2022-09-15", days = 154, scope = "VN", preferred = true }))
    local t = d:where("phase = 4"):series "month"
    assert.equal("– – – – – –", cells(t, "n"))
    assert.equal("chưa có dữ liệu", t:why(1, "n"))
    assert(store:delete("phases", "phase = 4"))
  end)

  it("is 0 where the data was declared to be all there", function()
    local declared <close> = seizures.store()
    assert(declared:load("cases", { text = "case,phase,date\nK,7,2025-06-01\n" }, { covers = "2025-04-15/2025-09-15" }))
    assert.equal("0 2 1 1 1 0", cells(declared.cases:where("phase = 7"):series "month", "n"))
  end)

  it("takes measures: amounts of nothing are 0, means of nothing missing", function()
    local kg = d:where("phase = 7 and unit = 'kg'"):series("month", "sum(quantity in kg)")
    expect.exact("2.5", kg:cell(2, "kg"))
    expect.exact(0, kg:cell(1, "kg"))
    expect.exact(0, kg:cell(3, "kg"))
    assert.is_nil(kg:cell(6, "kg"))
    local mean = d:where("phase = 7 and unit = 'kg'"):series("month", "x = mean(quantity in kg)")
    expect.exact("2.5", mean:cell(2, "x"))
    assert.is_nil(mean:cell(1, "x"))
  end)

  it("keeps cases without a date apart, last", function()
    assert(store:insert("cases", { case = "Z", phase = "OMD7" }))
    local t = d:where("phase = 7"):series "month"
    assert.is_nil(t[-1].month)
    assert.equal(1, t[-1].n)
    expect.line(t:to_text(), "(thiếu)", "1")
    assert.equal(5, t:totals()[-1].n)
    assert(store:delete("cases", "case = 'Z'"))
  end)

  it("of no rows at all has none", function()
    local empty <close> = mekong.open ":memory:"
    assert.equal(0, #empty.cases:series "month")
  end)
end)

describe("other steps of time", function()
  local store, d
  setup(function() store = seizures.store(); d = store.cases:where "phase = 7" end)
  teardown(function() store:close() end)

  it("are quarters and years", function()
    local q = d:series "quarter"
    assert.equal("2025-04/2025-06 2025-07/2025-09", cells(q, "quarter"))
    assert.equal("2 2", cells(q, "n"))
    assert.equal("2 2 4", cells(store.cases:series "year", "n"))
  end)

  it("are days", function()
    local t = d:where("date between 1/5/2025 and 3/5/2025"):series "day"
    assert.equal(1, t:where("day = 2/5/2025")[1].n)
    assert.equal("0 1 0", cells(t, "n"))
  end)

  it("are weeks from Monday to Sunday", function()
    -- 14/4/2025 is the Monday before 15/4; 2/5/2025 is a Friday: week of 28/4.
    local t = d:series "week"
    assert.equal("2025-04-14/2025-04-20", t[1].week)
    assert.equal(1, t:where { week = "2025-04-28/2025-05-04" }[1].n)
    assert.equal(23, #t)
    expect.holds(t:to_text(), "Tuần", "14–20/4/2025")
    assert.equal(4, t:totals()[-1].n)
  end)

  it("refuse what is no step", function()
    expect.raises("name", function() d:series "fortnight" end)
    expect.raises("type", function() d:series() end)
    expect.raises("type", function() d:series("month", 3) end)
    expect.raises("type", function() store:from("sources"):series "month" end)
  end)
end)

describe("a pivot", function()
  local store, d
  setup(function() store = seizures.store(); d = store.cases end)
  teardown(function() store:close() end)

  it("has a row for each value of one key and a column for each of the other", function()
    local t = d:pivot("category", "phase")
    assert.same({ "category", "OMD5", "OMD6", "OMD7", "(thiếu)" }, t:names())
    assert.equal("wildlife drug precursor –", cells(t, "category"))
    assert.equal("1 1 0 0", cells(t, "OMD5"))
    assert.equal("0 1 0 0", cells(t, "OMD6"))
    assert.equal("2 3 2 0", cells(t, "OMD7"))
    assert.equal("0 0 0 1", cells(t, "(thiếu)"))
    assert.equal(3, t:cell(2, "VII"))
  end)

  it("has totals of distinct cases on both sides", function()
    local t = d:pivot("category", "phase"):totals()
    assert.equal("3 5 2 1 8", cells(t, "total"))
    assert.equal("2", tostring(t[-1].OMD5))
    assert.equal("1", tostring(t[-1].OMD6))
    assert.equal("4", tostring(t[-1].OMD7)) -- 2 + 3 + 2 = 7 cells
    local text = t:to_text()
    assert.equal(3, t:where("category = 'Ma Tuý'"):cell(1, "VII"))
    expect.holds(text, "Số vụ theo nhóm hàng và giai đoạn", "─ Giai đoạn ─", "Mỗi vụ chỉ tính một lần trong tổng")
    expect.line(text, "Nhóm hàng", "V", "VI", "VII", "(thiếu)", "Tổng")
    expect.line(text, "ma túy", "1", "3", "5")
    expect.line(t:to_text { locale = "en" }, "Category", "(missing)", "Total")
    expect.holds(t:to_text { locale = "en" }, "Cases by category and phase", "─ Phase ─")
  end)

  it("of rows that are left has their totals", function()
    local t = d:pivot("category", "phase"):where("category in ('precursor', 'wildlife')"):totals()
    assert.equal("3 2 4", cells(t, "total")) -- A F H; C H
    assert.equal(5, d:pivot("category", "phase"):top(1, { by = "OMD7", others = "Khác" }):totals()[-1].total - 3)
  end)

  it("of columns that are left has their totals", function()
    local t = d:pivot("category", "phase"):select("category", "OMD5", "OMD6"):totals()
    assert.equal("1 2 0 0 3", cells(t, "total"))
  end)

  it("is shared, ranked and held against announcements by its totals", function()
    local t = d:pivot("category", "phase")
    for i, percent in ipairs { "37.5", "62.5", "25", "12.5" } do expect.exact(percent, t:share():cell(i, "share")) end
    assert.equal("drug wildlife", cells(t:top(2), "category"))
    assert.equal("khớp", t:reconcile("8 vụ"):cell(1, "verdict"))
    expect.exact(-3, t:compare("category"):cell(3, "difference")) -- 2 − 5
    expect.exact(8, t:cumulative("category"):cell(4, "cumulative"))
  end)

  it("of nothing has totals of 0", function()
    local none = d:where "case = 'none'"
    assert.equal("0 0 0 0", cells(none:pivot("category", "phase"):totals(), "total"))
    assert.equal("0", cells(none:matrix("origin", "dest"):totals(), "total"))
    assert.equal(0, none:count("origin"):totals()[1].n)
  end)

  it("takes amounts of one unit", function()
    local kg = d:where "unit in ('kg', 't')"
    local t = kg:pivot("category", "phase", "sum(quantity in kg)"):totals()
    expect.exact(1000, t:cell(2, "OMD6"))
    expect.exact(3, t:cell(2, "OMD5"))
    assert.equal("2.5", tostring(t:cell(2, "OMD7").lo)) -- C does not say
    expect.exact(43, t:cell(-1, "OMD5"))
    expect.holds(t:to_text(), "Khối lượng (kg) theo nhóm hàng và giai đoạn")
    local message = expect.raises("unit", function() d:pivot("category", "phase", "sum(quantity)") end)
    expect.holds(message, "kg", "pill")
  end)

  it("has a title in small letters behind the measure", function()
    expect.holds(d:pivot("unit", "phase"):to_text(), "Số vụ theo đơn vị và giai đoạn")
  end)

  it("takes several keys down the side", function()
    local t = d:pivot({ "category", "item" }, "phase")
    assert.equal("wildlife drug drug precursor –", cells(t, "category"))
    assert.equal("– heroin – – –", cells(t, "item"))
    assert.equal("2 1 2 2 0", cells(t, "OMD7")) -- A H; A; B C; C H
    assert.equal(8, t:totals()[-1].total)
  end)

  it("of phases by time is missing outside their dates", function()
    local t = d:where("phase is not missing"):pivot("phase", "year")
    assert.equal("2 – –", cells(t, "2023"))
    assert.equal("– 1 –", cells(t, "2024"))
    assert.equal("– – 4", cells(t, "2025"))
    assert.equal("ngoài thời gian của giai đoạn", t:why(1, "2024"))
    expect.holds(t:to_text(), "– ngoài thời gian của giai đoạn")
    local turned = d:where("phase is not missing"):pivot("year", "phase")
    assert.equal("2 – –", cells(turned, "OMD5"))
    assert.equal("2 1 4 7", cells(t:totals(), "total"))
  end)

  it("keeps a record outside the dates of its phase", function()
    assert(store:insert("cases", { case = "Z", phase = "OMD7", date = "2024-12-30" }))
    assert.equal("– 1 1", cells(d:where("phase is not missing"):pivot("phase", "year"), "2024"))
    assert(store:delete("cases", "case = 'Z'"))
  end)

  it("refuses what it cannot lay out", function()
    expect.raises("type", function() d:pivot("category") end)
    expect.raises("type", function() d:pivot(nil, "phase") end)
    expect.raises("type", function() d:pivot("category", "phase", 5) end)
    expect.raises("duplicate", function() d:pivot("phase", "phase") end)
    expect.raises("name", function() d:pivot("category", "phaes") end)
    expect.raises("type", function() d:pivot("category", "phase", "x = any(joint)") end)
  end)
end)

describe("a matrix", function()
  local store, d
  setup(function() store = seizures.store(); d = store.cases end)
  teardown(function() store:close() end)

  it("has the same labels on both sides, the unknown last", function()
    local t = d:matrix("origin", "dest")
    assert.equal("KH LA TH CN VN –", cells(t, "origin")) -- Campuchia, Lào, Thái Lan, Trung Quốc, Việt Nam
    assert.same({ "origin", "KH", "LA", "TH", "CN", "VN", "(thiếu)" }, t:names())
    assert.equal("0 1 0 0 1 0", cells(t, "CN")) -- B, D
    assert.equal("1 3 1 0 0 0", cells(t, "VN")) -- C; A F G; H
    assert.equal("0 0 0 0 0 1", cells(t, "(thiếu)"))
  end)

  it("has totals on both sides", function()
    local t = d:matrix("origin", "dest"):totals()
    assert.equal("1 4 1 0 1 1 8", cells(t, "total"))
    assert.equal(5, t[-1].VN)
    assert.equal(2, t[-1].CN)
    expect.holds(t:to_text(), "Số vụ theo nước đi và nước đến", "─ Nước đến ─")
    expect.line(t:to_text(), "Lào", "4")
    expect.line(t:to_text(), "Campuchia", "Trung Quốc", "Việt Nam", "(thiếu)")
    expect.line(t:to_text { locale = "en" }, "Thailand", "1")
    assert.equal(3, t:cell(2, "Việt Nam"))
    assert.is_nil((t:to_text():find("một lần", 1, true))) -- every case has one way
  end)

  it("and groups have codes in the order of their names in the language of the store", function()
    local ways = { { case = "1", origin = "TH", destination = "CN" }, { case = "2", origin = "KH", destination = "LA" } }
    for locale, order in pairs { vi = "KH LA TH CN", en = "KH CN LA TH" } do -- Campuchia, Lào, Thái Lan, Trung Quốc; Cambodia, China, Laos
      local own <close> = assert(mekong.open(":memory:", { locale = locale }))
      assert(own:insert("cases", ways))
      assert.equal(order, cells(own.cases:matrix("origin", "dest"), "origin"))
      assert.equal((order:gsub("LA ", ""):gsub(" ?CN", "")), cells(own.cases:count "origin", "origin"))
      assert.equal((order:gsub("LA ", ""):gsub(" ?CN", "")), cells(own.cases:count "key(origin)", "origin"))
    end
  end)

  it("has one key on each side", function()
    expect.raises("type", function() d:matrix({ "origin", "phase" }, "dest") end)
  end)

  it("is the square of two columns of the same places; others make a table of two keys", function()
    for _, pair in ipairs { { "agency", "category" }, { "category", "phase" }, { "origin", "province" } } do
      local message = expect.raises("type", function() d:matrix(pair[1], pair[2]) end)
      expect.holds(message, ('frame:pivot("%s", "%s")'):format(pair[1], pair[2]))
    end
    local message = expect.raises("type", function() d:matrix("province", "phase", "sum(suspects)") end)
    expect.holds(message, 'frame:pivot("province", "phase", "sum(suspects)")')
    for _, pair in ipairs { { "origin", "dest" }, { "reporter", "partner" }, { "transit", "intel" } } do
      assert.equal(#d:matrix(pair[1], pair[2]), #d:matrix(pair[1], pair[2]):names() - 1)
    end
  end)
end)
