-- Numbers, percentages and dates as they are printed in Vietnamese and in English.
local core = require "mekong.core"
local mekong = require "mekong"
local fmt, figure = mekong.fmt, mekong.figure

local function failure(f, ...)
  local ok, message = pcall(f, ...)
  assert(not ok, "an error was due")
  return message:match "%[(%l+)%]", message
end
local en = { locale = "en" }

describe("fmt.number", function()
  it("groups by point and marks decimals by comma in Vietnamese, the other way round in English", function()
    for _, row in ipairs { { 0, "0", "0" }, { 7, "7", "7" }, { 999, "999", "999" }, { 1000, "1.000", "1,000" }, { 1715, "1.715", "1,715" },
      { 1745000, "1.745.000", "1,745,000" }, { -1715, "−1.715", "−1,715" }, { "2.3", "2,3", "2.3" }, { "4951.9", "4.951,9", "4,951.9" },
      { math.maxinteger, "9.223.372.036.854.775.807", "9,223,372,036,854,775,807" }, { "-0", "0", "0" }, { "2.250", "2,25", "2.25" },
      { math.mininteger, "−9.223.372.036.854.775.808", "−9,223,372,036,854,775,808" } } do
      assert.equal(row[2], fmt.number(row[1]))
      assert.equal(row[3], fmt.number(row[1], en))
    end
  end)

  it("rounds half away from zero to the digits asked for", function()
    assert.equal("2,35", fmt.number("2.345", { digits = 2 }))
    assert.equal("−3", fmt.number("-2.5", { digits = 0 }))
    assert.equal("0", fmt.number("-0.4", { digits = 0 }))
    assert.equal("1.715,00", fmt.number(1715, { digits = 2 }))
    assert.equal("1,715.0", fmt.number(1715, { digits = 1, locale = "en" }))
  end)

  it("shows few digits when it is not told how many, and never a false zero", function()
    assert.equal("0,333", fmt.number("0.333"))
    assert.equal("0,33", fmt.number("0.3333"))
    assert.equal("0,0004", fmt.number("0.00041"))
    assert.equal("0,00", fmt.number("0.00041", { digits = 2 }))
  end)

  it("prints floats it is handed by their shortest digits", function()
    assert.equal("2,3", fmt.number(2.3))
    assert.equal("0,1", fmt.number(0.1))
    assert.equal("5", fmt.number(5.0))
    assert.equal("1.000.000.000.000.000.000.000", fmt.number(1e21))
    assert.equal("−0,0000015", fmt.number(-1.5e-6, { digits = 7 }))
    assert.equal("123.456.789,125", fmt.number(123456789.125))
    assert.equal("range", (failure(fmt.number, 0 / 0)))
    assert.equal("range", (failure(fmt.number, math.huge)))
  end)

  it("takes figures without their unit", function()
    assert.equal("> 4.500", fmt.number(figure "hơn 4.500 vụ"))
    assert.equal("chưa rõ", fmt.number(core.figure.unknown "vụ"))
  end)

  it("is read back as the same number", function()
    local n = 1
    for _ = 1, 300 do
      n = (n * 48271) % 2147483647
      local value = n - 1000000000
      assert.equal(value, figure(fmt.number(value), { record = true }).best)
      assert.equal(value, figure(fmt.number(value, en) .. " vụ").best)
      local text = ("%d.%02d"):format(n % 100000, n % 90 + 1)
      assert.is_true(figure(fmt.number(text), { record = true }):is(core.figure.new { best = text }), text)
    end
  end)
end)

describe("fmt.percent and fmt.change", function()
  it("keep one place and the proper minus", function()
    assert.equal("−32,7%", fmt.percent("-32.653"))
    assert.equal("−32.7%", fmt.percent("-32.653", en))
    assert.equal("−32,65%", fmt.percent("-32.653", { digits = 2 }))
    assert.equal("111%", fmt.percent(111))
    assert.equal("+25,9%", fmt.change "25.918")
    assert.equal("−5,5%", fmt.change(-5.539))
    assert.equal("0%", fmt.change(0))
    assert.equal("100,0%", fmt.percent(100, { digits = 1 }))
  end)

  it("take figures in percent, in times or without unit", function()
    assert.equal("12,6%", fmt.percent(figure "216 vụ" / figure "1.715 vụ"))
    assert.equal("≈ 215%", fmt.percent(figure "2,15 lần"))
    assert.equal("+25,9%", fmt.change(figure("1.715 vụ"):change(figure "1.362 vụ")))
    assert.equal("+25,9%", fmt.change(figure("1.715 vụ"):times(figure "1.362 vụ")))
    assert.equal("+100%", fmt.change(figure "gấp đôi"))
    assert.equal("−50%", fmt.change(figure "giảm một nửa"))
    assert.equal("200%", fmt.percent(figure "gấp đôi"))
    assert.equal("unit", (failure(fmt.percent, figure "5 vụ")))
  end)
end)

describe("fmt.date", function()
  it("prints days, months, years and ranges", function()
    for _, row in ipairs {
      { "2025-08-14", "14/8/2025", "14 Aug 2025" }, { "2018-09", "9/2018", "Sep 2018" }, { "2018", "2018", "2018" },
      { "14/8/2025", "14/8/2025", "14 Aug 2025" }, { "2025-08-12/2025-08-14", "12–14/8/2025", "12–14 Aug 2025" },
      { "2025-04-15/2025-09-15", "15/4–15/9/2025", "15 Apr–15 Sep 2025" },
      { "2023-11-21/2024-01-02", "21/11/2023–2/1/2024", "21 Nov 2023–2 Jan 2024" },
      { "2018-09/2019-02", "9/2018–2/2019", "Sep 2018–Feb 2019" }, { "2018/2019", "2018–2019", "2018–2019" },
    } do
      assert.equal(row[2], fmt.date(row[1]))
      assert.equal(row[3], fmt.date(row[1], en))
      assert.equal(core.date.parse(row[1]), core.date.parse(row[2]), row[2])
      assert.equal(core.date.parse(row[1]), core.date.parse(row[3]), row[3])
    end
  end)

  it("refuses what is no date", function()
    assert.equal("range", (failure(fmt.date, "30/2/2025")))
    assert.equal("syntax", (failure(fmt.date, "hôm qua")))
    assert.equal("type", (failure(fmt.date, 2025)))
    assert.equal("type", (failure(fmt.date)))
  end)
end)

describe("fmt.figure", function()
  it("prints figures, their texts and numbers", function()
    assert.equal("> 4.500 vụ", fmt.figure "hơn 4.500 vụ")
    assert.equal("> 4,500 cases", fmt.figure(figure "hơn 4.500 vụ", en))
    assert.equal("1.715", fmt.figure(1715))
    assert.equal("gần 2,3 tấn", fmt.figure("gần 2.3 tấn", { style = "words" }))
  end)
end)

describe("fmt", function()
  it("names what it cannot take", function()
    local code, message = failure(fmt.number, 5, { digit = 2 })
    assert.equal("name", code)
    assert.matches("digits", message, 1, true)
    assert.matches("^%S*fmt_spec.lua:%d+: mekong: ", message)
    assert.equal("name", (failure(fmt.number, 5, { locale = "de" })))
    assert.equal("range", (failure(fmt.number, 5, { digits = 1.5 })))
    assert.equal("range", (failure(fmt.number, 5, { digits = 1000 })))
    assert.equal("type", (failure(fmt.number, {})))
    assert.equal("type", (failure(fmt.number)))
    assert.equal("type", (failure(fmt.number, 5, "en")))
    assert.equal("syntax", (failure(fmt.number, "1,5")))
    assert.equal("type", (failure(fmt.figure, {})))
  end)
end)
