-- The disagreements of the public ledger, each as it comes out: what cannot hold, what is left over, what may not be compared.
local mekong = require "mekong"
local expect = require "spec.support.expect"

describe("the ledger", function()
  local omd, claims, solution, conflicts
  setup(function()
    omd = mekong.omd()
    claims = omd:claims()
    solution = claims:solve()
    conflicts = solution:conflicts()
  end)
  teardown(function() omd:close() end)

  -- The number of claims in the conflict whose statements hold all these texts; nil when there is none.
  local function conflict(...)
    for row in conflicts:rows() do
      local all = true
      for _, text in ipairs { ... } do all = all and row.statements:find(text, 1, true) ~= nil end
      if all then return row.size, row end
    end
    return nil
  end

  local function suspects_of(text)
    local t, dispute, list = solution:suspects(), nil, {}
    for row in t:rows() do
      if row.statement:find(text, 1, true) then dispute = row.dispute end
    end
    for row in t:rows() do
      if row.dispute == dispute then list[#list + 1] = row.statement end
    end
    return list
  end

  local function find(t, column, text, other)
    for row in t:rows() do
      if row[column] and row[column]:find(text, 1, true) and (not other or tostring(row):find(other, 1, true)) then return row end
    end
    error("no row with " .. text)
  end

  it("1: +111 % cannot stand beside both totals, nor beside +26 %; it alone is the suspect", function()
    assert.equal(2, (conflict("+111%", "+26%")))
    assert.equal(3, (conflict("V = 1.715", "IV = 1.362", "+111%")))
    assert.same({ "V so với IV: +111% [S0, vna23]" }, suspects_of "+111%")
    expect.exact(4393, solution:figure "OMD1/OMD5.cases")
    expect.exact(1362, solution:figure "OMD4.cases")
    local row = find(claims:changes(), "stated", "+111%")
    assert.equal("811–814", row.needed)
    assert.equal("mâu thuẫn", row.verdict)
    assert.equal("25,9%", row.recomputed:format { digits = 1 })
    -- IV without its own value: 868 × 1,565 = 1.358,4 from below, 1.715 / 1,255 = 1.366,5 from above
    local without = claims:solve { without = "OMD4.cases" }
    expect.between(1359, 1366, without:figure "OMD4.cases")
    expect.holds(without:why "OMD4.cases", "+57%", "+26%")
  end)

  it("2: +57 % for IV agrees with 1.362 on 868", function()
    local row = find(claims:changes(), "stated", "+57%")
    assert.equal("khớp với cận", row.verdict)
    assert.equal("865–870", row.needed)
  end)

  it("3: 1.203 after III is not the sum of I, II and III", function()
    local size, row = conflict("I = 164", "II = 284", "III = 868", "I–III = 1.203")
    assert.equal(4, size)
    expect.holds(row.why, "1.316") -- 164 + 284 + 868
    assert.equal(3, #suspects_of "1.203")
  end)

  it("4 and 5: gần 2.700 leaves at most 21 for AP; hơn 4.500 is a floor", function()
    local f = solution:figure "OMD-AP.cases" -- 2.699 − 164 − 284 − 868 − 1.362
    assert.equal(21, f.hi)
    expect.at_least(4501, solution:figure "OMD(2018-09-01/2025-08-14).cases")
    expect.holds(solution:why "OMD(2018-09-01/2025-08-14).cases", "AP", "VI", "VII chỉ tính một phần")
    assert.is_false(solution:figure("OMD6.cases"):known())
  end)

  it("6: gần 2.230 kg lies below 2.279,71 kg", function()
    assert.equal(2, (conflict("2.279,71 kg", "2.230 kg")))
    local row = find(claims:disagreements(), "values", "2.279,71")
    expect.holds(row.values, "2.230 [tgcl22, vns22]")
    assert.equal("ril125", row.source)
  end)

  it("7: 223 wildlife cases in II to IV imply 33 in II", function()
    expect.exact(33, solution:figure "OMD2.cases.wildlife") -- 223 − 112 − 78
  end)

  it("8: seven months of V are not five, and V and VII differ in length", function()
    assert.equal(2, (conflict("216 ngày", "5 tháng")))
    local ok, reasons = claims:comparable("OMD5.cases", "OMD7.cases")
    assert.is_false(ok)
    expect.holds(tostring(reasons), "216 và 154 ngày")
    local t = claims:table("cases"):compare("phase", { against = "V", per = "day" })
    expect.holds(tostring(t), "154", "216")
  end)

  it("9: cases led stand still at 99 although November has 13", function()
    assert.equal(3, (conflict("15/10/2023, ma túy, chủ trì = 99", "15/11/2023, ma túy, chủ trì = 99", "chủ trì = 13")))
    local row = find(claims:differences(), "verdict", "đứng yên")
    expect.exact(0, row.difference)
    expect.exact(13, row.stated)
    expect.holds(row.number, "chủ trì")
    -- the totals beside it moved: 243 − 221 and 277 − 260
    expect.exact(22, find(claims:differences(), "number", "ma túy", "243").difference)
    expect.exact(17, find(claims:differences(), "number", "số đối tượng", "277").difference)
  end)

  it("10 and 11: totals of 1,4 t, 218 kg and 84,4 kg are not what their parts give", function()
    assert.equal(2, (conflict("> 1,4 tấn", "1.294,8 kg")))
    assert.equal(2, (conflict("≈ 218 kg", "≈ 98 kg")))
    assert.equal(2, (conflict("≈ 84,4 kg", "86,1 kg")))
    assert.equal(2, (conflict("≈ 84,4 kg", "86,2 kg")))
    assert.equal(1, #suspects_of "84,4 kg") -- parts and difference agree with each other
    local f = solution:figure "VN-Customs(2023-10-16/2023-11-15).mass.drug"
    assert.is_true(f:surely_lt(mekong.figure "86,3 kg") and mekong.figure(86, "kg"):surely_lt(f))
  end)

  it("12: a department cannot have more than all of customs", function()
    assert.equal(2, (conflict("17,082 kg", "119,02 kg")))
    assert.equal(2, (conflict("36 bánh", "387 bánh")))
    local row = find(claims:parts(), "number", "cocaine")
    assert.equal("mâu thuẫn", row.verdict)
    expect.holds(row.above, "Một đơn vị hải quan")
  end)

  it("13: 30,6 % is told of two bases and settles neither", function()
    local year, month = "VN-Customs(2024-10-15/2024-11-14).cases", "VN-Customs(2025-09-15/2025-10-14).cases"
    assert.is_false(solution:figure(year):exact() or solution:figure(month):exact())
    local found, t = {}, solution:readings(626)
    for row in t:rows() do
      if row.rounding == "làm tròn" then found[#found + 1] = row.against .. " " .. tostring(row.base) end
    end
    -- 2.176 / 1,3065 = 1.665,5 and 2.176 / 1,3055 = 1.666,8
    assert.same({ "Hải quan Việt Nam 15/10/2024–14/11/2024 1.666 vụ", "Hải quan Việt Nam 15/9/2025–14/10/2025 1.666 vụ" }, found)
    expect.holds(tostring(find(claims:check(), "kind", "nhiều gốc")), "30,6%")
  end)

  it("14: masses with tablets inside and beside are not compared", function()
    local ok, reasons = claims:comparable("OMD6@VN.mass.drug", "OMD7.mass.drug")
    assert.is_false(ok)
    expect.holds(tostring(reasons), "phạm vi", "viên", "216 và 154")
    assert.is_false((claims:comparable("VN-Customs(2025-01-01/2025-10-31).cases.drug", "OMD7.cases.drug")))
    assert.is_true((claims:comparable("OMD3.cases", "OMD4.cases")))
  end)

  it("leaves 57 or 39 for Viet Nam in IV", function()
    expect.between(39, 57, solution:figure "OMD4@VN.cases")
    assert.equal("57; 39", find(claims:changes(), "stated", "2,15").needed)
  end)

  it("splits hold: 1.362, 1.155, 868, 1.715, 77 and 40", function()
    local verdicts = {}
    for row in claims:parts():rows() do
      local number = row.whole:format { unit = false }:gsub("%*", "")
      verdicts[number] = verdicts[number] or row.verdict
    end
    for _, number in ipairs { "1.362", "1.155", "868", "1.715", "77", "40" } do assert.equal("khớp", verdicts[number], number) end
  end)

  it("shares hold, and 141 of 2.176 and 127 of 1.561 cases are left unexplained", function()
    for _, text in ipairs { "60,4%", "28,9%", "4,23%", "52,7%", "34%", "5,12%" } do
      assert.equal("khớp với cận", find(claims:changes(), "stated", text).verdict, text)
    end
    local t = claims:parts()
    assert.equal("thiếu 141", find(t, "parts", "1.314").verdict) -- 2.176 − 1.314 − 629 − 92
    assert.equal("thiếu 127", find(t, "parts", "823").verdict) -- 1.561 − 823 − 531 − 80
  end)

  it("preliminary numbers are told from final ones", function()
    local t = claims:revisions()
    assert.equal("sơ bộ", find(t, "number", "VII").status)
    local row = find(t, "source", "bhq19")
    expect.exact(164, row.last)
    assert.is_nil(row.change) -- "nearly 100" may be anything below it
  end)

  it("check lists all of it", function()
    local text = tostring(claims:check())
    expect.holds(text, "1.203", "+111%", "84,4 kg", "đứng yên", "thiếu 141", "2.279,71")
    local english <close> = mekong.omd(nil, { locale = "en" })
    expect.holds(tostring(english:claims():check()), "contradiction", "frozen", "short by 141", "1,203")
    expect.holds(tostring(english:claims():solve()), "conflicts", "V against IV: +111%")
  end)

  it("gives the same answers every time, and to English readers", function()
    assert.equal(tostring(solution), tostring(omd:claims():solve()))
    assert.equal(tostring(claims:check()), tostring(omd:claims():check()))
    assert.equal(tostring(solution), solution:display())
  end)
end)

describe("records held against claims", function()
  local omd
  setup(function()
    omd = mekong.omd()
    local rows = {}
    for i = 1, 12 do rows[i] = { case = "VN-" .. i, date = "2024-05-01", phase = 6, reporter = "VN" } end
    assert(omd:insert("cases", rows))
  end)
  teardown(function() omd:close() end)

  it("are not held against what others announced", function()
    local counted = omd.cases:where("phase = 6"):count "phase"
    local t = counted:reconcile(omd:claims()):where "phase = 6"
    assert.equal("không so được", t[1].verdict)
    expect.holds(t:why(1, "claim"), "Việt Nam")
    t = counted:reconcile(omd:claims(), { scope = "VN" }):where "phase = 6"
    assert.equal("thiếu 65", t[1].verdict) -- 77 − 12
    expect.raises("type", function() counted:reconcile("77 vụ", { scope = "VN" }) end)
  end)
end)
