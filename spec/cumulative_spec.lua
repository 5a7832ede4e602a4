-- Totals over the life of the campaign, with the phases nobody counted carried as bounds.
local mekong = require "mekong"
local expect = require "spec.support.expect"

describe("cumulative totals of the campaign", function()
  local omd, cases
  setup(function()
    omd = mekong.omd()
    cases = omd:claims():table("cases", { by = "phase" })
  end)
  teardown(function() omd:close() end)

  it("carry an unknown phase as a floor from there on", function()
    local t = cases:cumulative "phase"
    assert.same({ "phase", "cases", "cumulative", "unknown" }, { table.unpack(t:names(), 1, 4) })
    assert.equal(8, #t)
    expect.exact(164, t:cell(1, "cumulative"))
    -- AP has no number: 164 or more. II: 164 + 284 = 448; III: + 868 = 1.316; IV: + 1.362 = 2.678; V: + 1.715 = 4.393.
    for i, floor in pairs { [2] = 164, [3] = 448, [4] = 1316, [5] = 2678, [6] = 4393, [7] = 4393 } do
      expect.at_least(floor, t:cell(i, "cumulative"))
    end
    -- VII: 4.393 + 1.155 = 5.548.
    expect.at_least(5548, t:cell(8, "cumulative"))
  end)

  it("list the phases without a number", function()
    local t = cases:cumulative "phase"
    assert.equal("", t:cell(1, "unknown") or "")
    assert.equal("AP", t:cell(6, "unknown"))
    expect.holds(t:cell(8, "unknown"), "AP", "VI")
  end)

  it("print 4.393 after V", function()
    expect.line(cases:cumulative("phase"):to_text(), "1.715", "4.393", "AP")
    expect.line(cases:cumulative("phase"):to_text { locale = "en" }, "1,715", "4,393", "AP")
  end)

  it("are exact over a stretch in which every phase is known", function()
    -- II to V: 284; 284 + 868 = 1.152; + 1.362 = 2.514; + 1.715 = 4.229. AP lies before II.
    local t = cases:cumulative("phase", { from = "II", to = "V" })
    assert.equal(4, #t)
    for i, sum in ipairs { 284, 1152, 2514, 4229 } do expect.exact(sum, t:cell(i, "cumulative")) end
    assert.equal("", t:cell(4, "unknown") or "")
  end)

  it("take phases by number and by name alike", function()
    local plain = tostring(cases:cumulative("phase", { from = "II", to = "V" }))
    assert.equal(plain, tostring(cases:cumulative("phase", { from = 2, to = 5 })))
    assert.equal(plain, tostring(cases:cumulative("phase", { from = "OMD II", to = "giai đoạn 5" })))
  end)

  it("leave a phase under way on the day out of the floor", function()
    -- On 14/8/2025 phase VII (to 15/9/2025) was under way: its 1.155 cannot be counted yet.
    for _, day in ipairs { "14/8/2025", "2025-08-14" } do
      local t = cases:cumulative("phase", { to = day })
      expect.at_least(4393, t:cell(-1, "cumulative"))
      expect.holds(t:cell(-1, "unknown"), "AP", "VI")
    end
  end)

  it("know nothing of phases that had not begun", function()
    -- On 1/1/2023 phases I, AP, II, III, IV were over: 2.678 or more.
    local t = cases:cumulative("phase", { to = "1/1/2023" })
    assert.equal(5, #t)
    expect.at_least(2678, t:cell(-1, "cumulative"))
  end)

  it("of Viet Nam begin where Viet Nam's numbers do", function()
    -- V 123, VI 77: 200 exactly.
    local vn = omd:claims():table("cases", { by = "phase", scope = "VN" }):cumulative("phase", { from = "V", to = "VI" })
    expect.exact(123, vn:cell(1, "cumulative"))
    expect.exact(200, vn:cell(2, "cumulative"))
  end)

  it("refuse limits that do not exist or stand the wrong way round", function()
    expect.raises({ "name", "range" }, function() cases:cumulative("phase", { to = 9 }) end)
    expect.raises({ "name", "range" }, function() cases:cumulative("phase", { from = "VIII" }) end)
    expect.raises("range", function() cases:cumulative("phase", { from = "V", to = "II" }) end)
    expect.raises("range", function() cases:cumulative("phase", { to = "31/2/2025" }) end)
    expect.raises("name", function() cases:cumulative("phase", { until_ = "V" }) end)
    expect.raises("name", function() cases:cumulative "pase" end)
  end)
end)

describe("cumulative totals of any table", function()
  local store
  setup(function() store = mekong.open ":memory:" end)
  teardown(function() store:close() end)

  it("add up in row order", function()
    local t = store:sql("select 'x' as k, 3 as n union all select 'y', 5 union all select 'z', 2"):cumulative "k"
    for i, sum in ipairs { 3, 8, 10 } do expect.exact(sum, mekong.figure(t:cell(i, "cumulative"))) end
  end)

  it("have no rows for no rows", function()
    for _, t in ipairs {
      store:sql("select 'x' as k, 3 as n"):where("n > 100"):cumulative "k",
      store:sql("select 'x' as k, 3 as n where 0"):cumulative("k", { measure = "n" }),
    } do
      assert.equal(0, #t)
      assert.is_string(t:to_text())
    end
  end)

  it("say so when a sum leaves the range of numbers instead of wrapping", function()
    -- 9.223.372.036.854.775.807 twice = 18.446.744.073.709.551.614: past 64 bits, inside the exact decimals.
    local t = store:sql("select 'x' as k, 9223372036854775807 as n union all select 'y', 9223372036854775807"):cumulative "k"
    expect.exact("18446744073709551614", t:cell(2, "cumulative"))
  end)
end)
