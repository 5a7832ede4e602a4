-- Changes from phase to phase: difference, percent, times, per day, what was stated, and whether the two are alike.
local mekong = require "mekong"
local expect = require "spec.support.expect"

describe("phases compared", function()
  local omd, t
  setup(function()
    omd = mekong.omd()
    t = omd:claims():table("cases", { by = "phase" }):compare("phase", { per = "day" })
  end)
  teardown(function() omd:close() end)

  -- Printed once, rounded half away from zero.
  local function printed(i, name, table_of)
    local cell = (table_of or t):cell(i, name)
    return cell == nil and "–" or cell:format()
  end

  -- The figures stated for a row, printed.
  local function stated(i, table_of)
    local texts = {}
    for k, entry in ipairs((table_of or t):cell(i, "stated")) do texts[k] = entry.figure:format() end
    return table.concat(texts, " ")
  end

  it("keep the measure and give the base, difference, percent and times", function()
    assert.same({ "phase", "cases", "against", "difference", "percent", "times", "per_day", "percent_per_day" },
      { table.unpack(t:names(), 1, 8) })
    assert.equal(8, #t)
  end)

  it("have no base in the first phase and in AP, which stands outside the series", function()
    for _, i in ipairs { 1, 2 } do
      for _, name in ipairs { "difference", "percent", "times", "percent_per_day" } do assert.is_nil(t:cell(i, name)) end
      assert(#t:why(i, "difference") > 3)
    end
  end)

  it("hold II against I, III against II, and so on", function()
    -- II − I: 284 − 164 = 120; 120/164 = 73,17 %; 284/164 = 1,732.
    expect.exact(120, t:cell(3, "difference"))
    expect.holds(printed(3, "percent"), "73,2%")
    expect.holds(printed(3, "times"), "1,73")
    -- III − II: 868 − 284 = 584; 584/284 = 205,63 %; 868/284 = 3,056.
    expect.exact(584, t:cell(4, "difference"))
    expect.holds(printed(4, "percent"), "205,6%")
    expect.holds(printed(4, "times"), "3,06")
    -- IV − III: 1.362 − 868 = 494; 494/868 = 56,91 %.
    expect.exact(494, t:cell(5, "difference"))
    expect.holds(printed(5, "percent"), "56,9%")
    -- V − IV: 1.715 − 1.362 = 353; 353/1.362 = 25,918 %; 1.715/1.362 = 1,2592.
    expect.exact(353, t:cell(6, "difference"))
    expect.holds(printed(6, "percent"), "25,9%")
    expect.holds(printed(6, "times"), "1,26")
  end)

  it("give rates per day of both end days counted", function()
    -- 1.362/154 = 8,844; 1.715/216 = 7,940; 1.155/154 = 7,5.
    expect.holds(printed(5, "per_day"), "8,8")
    expect.holds(printed(6, "per_day"), "7,9")
    expect.exact("7.5", t:cell(8, "per_day"))
    -- (1.715/216) / (1.362/154) = 1.715·154 / (216·1.362) = 264.110/294.192 = 0,89775: −10,2 %.
    expect.holds(printed(6, "percent_per_day"), "−10,2%")
  end)

  it("stand in the order of the campaign also where the store names few of them, or not their start", function()
    local own <close> = mekong.open ":memory:"
    for i, phase in ipairs { 7, 6, "OMD-AP", 1, 2 } do assert(own:insert("cases", { case = "C" .. i, phase = phase })) end
    local function order()
      local names = {}
      for row in own.cases:count("phase"):rows() do names[#names + 1] = row.phase end
      return table.concat(names, " ")
    end
    assert.equal("OMD1 OMD-AP OMD2 OMD6 OMD7", order())
    assert(own:insert("phases", { phase = "OMD7", variant = "own" }))
    assert.equal("OMD1 OMD-AP OMD2 OMD6 OMD7", order())
    assert.equal("OMD6", own.cases:where("phase in (6, 7)"):count("phase"):compare("phase"):cell(2, "against"))
    assert(own:insert("phases", { { phase = "OMD2", variant = "own" }, { phase = "OMD6", variant = "own", date = "2024-04-15" } }))
    assert.equal("OMD1 OMD-AP OMD2 OMD6 OMD7", order())
    -- What the store says of their starts comes first.
    assert(own:update("phases", { "OMD7", "own" }, { date = "2024-01-01" }))
    assert.equal("OMD1 OMD-AP OMD2 OMD7 OMD6", order())
  end)

  it("count the days of a phase of one's own, of which only the ends are given", function()
    local own <close> = mekong.open ":memory:"
    assert(own:insert("phases", { { phase = "OMD5", variant = "own", date = "2023-04-15", date_to = "2023-11-16" },
      { phase = "OMD7", variant = "own", date = "15/4/2025", date_to = "15/9/2025" },
      { phase = "OMD6", variant = "own", date = "2024-04", date_to = "2024-11" } }))
    for i = 1, 308 do assert(own:insert("cases", { case = "C" .. i, phase = 7 })) end
    local compared = own.cases:count("phase"):compare("phase", { per = "day" })
    expect.exact(2, compared:cell(3, "per_day")) -- 308 cases in 154 days
    assert.is_nil(compared:cell(2, "per_day")) -- months only
  end)

  it("leave a change with an unknown side unknown", function()
    for _, name in ipairs { "difference", "percent", "times" } do
      assert.is_nil(t:cell(7, name)) -- VI itself
      assert.is_nil(t:cell(8, name)) -- VII against VI
    end
    assert(#t:why(8, "difference") > 3)
  end)

  it("put what was stated beside what is computed", function()
    -- V: "tăng 111%" in the Vietnamese press, 26 % by UNODC; IV: 57 % by UNODC.
    expect.holds(stated(6), "111%", "26%")
    expect.holds(stated(5), "57%")
    expect.line(t:to_text(), "1.715", "111%", "25,9")
  end)

  it("say which of the stated changes the numbers bear out, and who stated it", function()
    for _, entry in ipairs(t:cell(6, "stated")) do
      -- 25,918 % is printed 26 % when rounded to a whole one; 111 % is far from it.
      assert.equal(entry.figure:format():find("26%", 1, true) ~= nil, entry.agrees)
      assert(#entry.sources > 0)
    end
    assert.is_true(t:cell(5, "stated")[1].agrees) -- 56,91 % and "57 %"
  end)

  it("flag what makes two phases unlike: days, members, scope", function()
    -- V ran 216 days, IV 154.
    local flag = t:cell(6, "comparable")
    assert.is_string(flag)
    expect.holds(flag, "216", "154")
    -- III and IV both ran 154 days.
    assert.is_nil((tostring(t:cell(5, "comparable")):find("154", 1, true)))
  end)

  it("may hold VII against the last known phase: −32,7 % in total, −5,5 % per day", function()
    local known = omd:claims():table("cases", { by = "phase" }):compare("phase", { against = "previous known", per = "day" })
    -- 1.155 − 1.715 = −560; −560/1.715 = −32,653 %; 1.155/1.715 = 0,6735.
    expect.exact(-560, known:cell(8, "difference"))
    expect.holds(printed(8, "percent", known), "−32,7%")
    expect.holds(printed(8, "times", known), "0,67")
    -- 7,5 / (1.715/216) = 1.620/1.715 = 0,94461: −5,539 %.
    expect.holds(printed(8, "percent_per_day", known), "−5,5%")
    assert.equal("OMD5", known:cell(8, "against"))
    -- V against IV is as before.
    expect.exact(353, known:cell(6, "difference"))
  end)

  it("may hold every phase against one of them, named in any usual way", function()
    for _, base in ipairs { 5, "V", "OMD V", "giai đoạn 5" } do
      local fixed = omd:claims():table("cases", { by = "phase" }):compare("phase", { against = base })
      expect.exact(-1551, fixed:cell(1, "difference")) -- 164 − 1.715
      expect.exact(-560, fixed:cell(8, "difference"))
      assert.is_nil(fixed:cell(7, "difference"))
    end
  end)

  it("give Viet Nam's own change from V to VI: −37,4 %", function()
    local vn = omd:claims():table("cases", { by = "phase", scope = "VN" }):compare("phase", { per = "day" })
    -- 77 − 123 = −46; −46/123 = −37,398 %; both ran 216 days, so per day the same.
    expect.exact(-46, vn:cell(7, "difference"))
    expect.holds(printed(7, "percent", vn), "−37,4%")
    expect.holds(printed(7, "percent_per_day", vn), "−37,4%")
    -- V: "tăng 2,15 lần" is stated, its base is not.
    assert.is_nil(vn:cell(6, "difference"))
    expect.holds(stated(6, vn), "2,15")
  end)

  it("print a missing change as a dash, never as nil or zero", function()
    local text = t:to_text()
    assert.is_nil((text:find("nil", 1, true)))
    assert(text:find("–", 1, true))
  end)

  it("print percents with a point in English", function()
    local known = omd:claims():table("cases", { by = "phase" }):compare("phase", { against = "previous known", per = "day" })
    expect.holds(known:to_text { locale = "en" }, "−32.7%", "−5.5%", "25.9%", "1,715")
  end)
end)

describe("any table compared", function()
  local store
  setup(function() store = mekong.open ":memory:" end)
  teardown(function() store:close() end)

  local text = "select 'a' as k, 100 as n union all select 'b', 150 union all select 'c', null union all select 'd', 120"

  it("follows its own row order", function()
    local t = store:sql(text):compare "k"
    assert.is_nil(t:cell(1, "difference"))
    expect.exact(50, mekong.figure(t:cell(2, "difference")))
    expect.exact(50, t:cell(2, "percent")) -- 50/100
    assert.equal("+50%", (t:cell(2, "percent"):format { sign = true }:gsub(",0%%", "%%")))
    assert.is_nil(t:cell(3, "difference"))
    assert.is_nil(t:cell(4, "difference"))
  end)

  it("skips the unknown only when told so", function()
    local t = store:sql(text):compare("k", { against = "previous known" })
    assert.is_nil(t:cell(3, "difference"))
    expect.exact(-30, mekong.figure(t:cell(4, "difference"))) -- 120 − 150
  end)

  it("has no percent of zero, and says why", function()
    local t = store:sql("select 'a' as k, 0 as n union all select 'b', 5"):compare "k"
    expect.exact(5, mekong.figure(t:cell(2, "difference")))
    assert.is_nil(t:cell(2, "percent"))
    assert.is_nil(t:cell(2, "times"))
    assert(#t:why(2, "percent") > 3)
  end)

  it("counts without rounding where a float would", function()
    -- 9.007.199.254.740.993 = 2^53 + 1.
    local t = store:sql("select 'a' as k, 9007199254740992 as n union all select 'b', 9007199254740993"):compare "k"
    expect.exact(1, mekong.figure(t:cell(2, "difference")))
  end)

  it("refuses what it cannot mean", function()
    local t = store:sql(text)
    expect.raises("name", function() t:compare "nope" end)
    expect.raises("name", function() t:compare("k", { measure = "nope" }) end)
    expect.raises({ "name", "type" }, function() t:compare("k", { per = "fortnight" }) end)
    expect.raises("name", function() t:compare("k", { agains = "previous" }) end)
    expect.raises({ "name", "range" }, function() t:compare("k", { against = "zzz" }) end)
    expect.raises("type", function() t:compare() end)
  end)
end)
