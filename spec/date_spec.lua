-- Dates, periods and phases: read as people write them, kept as ISO text, impossible ones refused.
local core = require "mekong.core"
local date = core.date

local function failure(f, ...)
  local ok, message = pcall(f, ...)
  assert(not ok, "an error was due")
  return message:match "%[(%l+)%]", message
end

describe("a date", function()
  it("is read day first, in the forms people use", function()
    for _, text in ipairs { "14/8/2025", "14/08/2025", "14-8-2025", "14.8.2025", "2025-08-14", "2025/8/14", "ngày 14/8/2025",
      "ngày 14 tháng 8 năm 2025", "Ngày 14 tháng 08 năm 2025", "NGÀY 14 THÁNG 8 NĂM 2025", "14 tháng 8 năm 2025", "14 Aug 2025",
      "14 August 2025", "14 tháng 8, 2025", " 14/8/2025 ", "nga\u{300}y 14/8/2025" } do
      assert.equal("2025-08-14", date.parse(text), text)
    end
  end)

  it("may be a month or a year", function()
    for text, iso in pairs { ["9/2018"] = "2018-09", ["09/2018"] = "2018-09", ["2018-09"] = "2018-09", ["tháng 9/2018"] = "2018-09",
      ["tháng 9 năm 2018"] = "2018-09", ["Sep 2018"] = "2018-09", ["2018"] = "2018", ["năm 2018"] = "2018" } do
      assert.equal(iso, date.parse(text), text)
    end
  end)

  it("may be a range with what both ends share said once", function()
    for text, iso in pairs {
      ["18-19/11/2025"] = "2025-11-18/2025-11-19", ["12 - 14/8/2025"] = "2025-08-12/2025-08-14",
      ["12–14/8/2025"] = "2025-08-12/2025-08-14", ["ngày 18-19/11/2025"] = "2025-11-18/2025-11-19",
      ["từ ngày 15/4/2025 đến ngày 15/9/2025"] = "2025-04-15/2025-09-15", ["15/4/2025 - 15/9/2025"] = "2025-04-15/2025-09-15",
      ["từ 15/4 đến 15/9/2025"] = "2025-04-15/2025-09-15", ["15/4-15/9/2025"] = "2025-04-15/2025-09-15",
      ["15.4.2025–15.9.2025"] = "2025-04-15/2025-09-15", ["từ ngày 15 đến 19/11/2025"] = "2025-11-15/2025-11-19",
      ["từ tháng 4 đến tháng 9/2025"] = "2025-04/2025-09", ["9/2018 - 2/2019"] = "2018-09/2019-02", ["2018-2019"] = "2018/2019",
      ["2025-04-15/2025-09-15"] = "2025-04-15/2025-09-15", ["2018-09/2019-02"] = "2018-09/2019-02", ["2018/2019"] = "2018/2019",
      ["12-14 Aug 2025"] = "2025-08-12/2025-08-14", ["15/4/2025 to 15/9/2025"] = "2025-04-15/2025-09-15",
    } do
      assert.equal(iso, date.parse(text), text)
      assert.equal(iso, date.parse(iso), iso)
    end
  end)

  it("is refused when there is no such day", function()
    for _, text in ipairs { "30/2/2025", "29/2/2025", "29/2/1900", "31/4/2025", "31/11/2025", "32/1/2025", "4/15/2025", "13/2025",
      "2025-13-01", "2025-02-29", "0/4/2025", "1/0/2025", "1/1/0000", "ngày 31 tháng 9 năm 2025", "19-18/11/2025",
      "15/9/2025 - 15/4/2025", "30/2/2025 - 1/3/2025", "2019-2018" } do
      local code, message = failure(date.parse, text)
      assert.equal("range", code, text)
      assert.matches(text, message, 1, true)
    end
    local _, message = failure(date.parse, "30/2/2025")
    assert.matches("28 days", message, 1, true)
    _, message = failure(date.parse, "4/15/2025")
    assert.matches("day comes first", message, 1, true)
  end)

  it("is refused when it is none", function()
    for _, text in ipairs { "", " ", "abc", "14", "14/8", "14/8/25", "ngày", "tháng", "năm", "14//2025", "14/8/2025x", "x14/8/2025",
      "14/8/20255", "14/8-2025", "1/2/3/4", "14 8 2025", "14 / 8 / 2025", "từ 14/8/2025 đến", "14/8/2025 -", "- 14/8/2025",
      "8/14", "14/8/2025\0", "2025-08-14T00:00", "99999999999999999999", "24/7", ("1/"):rep(1000), ("9"):rep(1 << 20) } do
      assert.equal("syntax", (failure(date.parse, text)), ("%q"):format(text:sub(1, 40)))
    end
    assert.equal("type", (failure(date.parse, 2025)))
    assert.equal("syntax", (failure(date.parse, "14/8/2025\xff")))
    local _, message = failure(date.parse, "14/8/25")
    assert.matches("four digits", message, 1, true)
  end)

  it("covers whole days", function()
    local function bounds(text) return { date.bounds(text) } end
    assert.same({ "2025-08-14", "2025-08-14" }, bounds "14/8/2025")
    assert.same({ "2024-02-01", "2024-02-29" }, bounds "2/2024")
    assert.same({ "2018-01-01", "2018-12-31" }, bounds "2018")
    assert.same({ "2018-09-01", "2019-02-28" }, bounds "2018-09/2019-02")
    assert.equal(154, date.days "15/4/2025 - 15/9/2025") -- 16 + 31 + 30 + 31 + 31 + 15
    assert.equal(216, date.days "15/4/2023 - 16/11/2023") -- 16 + 31 + 30 + 31 + 31 + 30 + 31 + 16
    assert.equal(366, date.days "2024")
    assert.equal(365, date.days "2025")
    assert.equal(153, date.between("15/4/2025", "15/9/2025"))
    assert.equal(-153, date.between("15/9/2025", "15/4/2025"))
    assert.equal(20454, date.between("1970-01-01", "2026-01-01"))
    assert.equal(0, date.between("2025", "1/1/2025"))
  end)

  it("is counted on and back", function()
    assert.equal("2025-03-01", date.add("28/2/2025", 1))
    assert.equal("2024-02-29", date.add("28/2/2024", 1))
    assert.equal("2024-12-31", date.add("1/1/2025", -1))
    assert.equal("2000-02-29", date.add("1/3/2000", -1))
    for year = 1, 9999, 13 do
      for month = 1, 12 do
        local iso = ("%04d-%02d-%02d"):format(year, month, (year * month) % 28 + 1)
        assert.equal(iso, date.add("1970-01-01", date.between("1970-01-01", iso)))
      end
    end
    assert.equal("range", (failure(date.add, "31/12/9999", 1)))
    assert.equal("range", (failure(date.add, "1/1/0001", -1)))
    assert.equal("range", (failure(date.add, "1/1/2025", math.maxinteger)))
  end)

  it("has an order: by first day, then by last", function()
    local list = { "2024", "2024-12-31", "2025-01-01", "2025-01", "2025", "2025-08-12/2025-08-14", "2025-08-14" }
    for i, a in ipairs(list) do
      for j, b in ipairs(list) do
        assert.equal(i < j and -1 or i > j and 1 or 0, date.compare(a, b), a .. " and " .. b)
      end
    end
  end)
end)

describe("a phase", function()
  it("is known by number, numeral and every name of the campaign", function()
    for key, names in pairs {
      OMD7 = { "7", "VII", "vii", "OMD7", "OMD 7", "omd vii", "OMD VII", "giai đoạn 7", "Giai đoạn VII", "GIAI ĐOẠN 7", "phase 7",
        "Con rồng Mê Kông VII", "Chiến dịch Con Rồng Mê Kông 7 (OMD 7)", "Mê-kông 7", "Mekong Dragon VII",
        "giai \u{111}oa\u{323}n 7" },
      OMD5 = { "V", "OMD V", "OMD5", "giai đoạn V", "Con Rồng Mê Kông V" },
      OMD1 = { "1", "I", "OMD-1", "OMD I" },
      ["OMD-AP"] = { "AP", "ap", "OMD-AP", "OMD AP", "giai đoạn mở rộng", "OMD (AP)" },
      ["OMD1/OMD5"] = { "OMD1/OMD5", "OMD 1-5", "giai đoạn I–V", "từ giai đoạn 1 đến giai đoạn 5", "1-5" },
      ["OMD-AP/OMD2"] = { "OMD-AP/OMD2" },
    } do
      for _, name in ipairs(names) do assert.equal(key, date.phase(name), name) end
    end
  end)

  it("that never was is refused with those that were", function()
    for _, text in ipairs { "9", "0", "8", "VIII", "OMD8", "phase 9", "x", "", "giai đoạn", "7.0", "100", "OMD", "khu vực VI", "5 6",
      "OMD5/OMD1", "1-5-7", "-", "7\0x", ("7"):rep(1000) } do
      local code, message = failure(date.phase, text)
      assert.equal("name", code, ("%q"):format(text))
      assert.matches("OMD1 (I), OMD-AP, OMD2 (II)", message, 1, true)
    end
  end)

  it("is not a date, nor a date a phase", function()
    assert.is_nil(date.phase "14/8/2025")
    assert.is_nil(date.phase "2025")
    assert.equal("range", (failure(date.phase, "31/2/2025")))
    assert.equal("syntax", (failure(date.parse, "OMD7")))
  end)
end)
