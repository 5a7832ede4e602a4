-- Units: many names for one unit, conversion inside a kind of amount and never across.
local core = require "mekong.core"
local mekong = require "mekong"
local unit = core.figure.unit

local function failure(f, ...)
  local ok, message = pcall(f, ...)
  assert(not ok, "an error was due")
  return message:match "%[(%l+)%]", message
end

describe("units", function()
  it("answer to their Vietnamese and English names in any spelling", function()
    local names = {
      case = { "vụ", "VỤ", "Vụ", "vụ việc", "vụ án", "vu\u{323}", "cases", "case", "vu" },
      person = { "đối tượng", "ĐỐI TƯỢNG", "Đối  tượng", "ðối tượng", "người", "suspects" },
      pill = { "viên", "VIÊN", "tablets", "vien" },
      individual = { "cá thể", "con", "ca the" },
      specimen = { "mẫu vật" },
      product = { "sản phẩm" },
      individual_or_product = { "cá thể, sản phẩm", "cá thể/sản phẩm", "individual_or_product" },
      kg = { "kg", "KG", "ki-lô-gam", "ki lô gam", "kilôgam", "kí", "ký" },
      t = { "t", "tấn" }, ta = { "tạ" }, yen = { "yến" }, lang = { "lạng" }, g = { "g", "gam", "gram" }, mg = { "mg" },
      l = { "l", "lít" }, ml = { "ml" }, m3 = { "m3", "m³", "mét khối" },
      VND = { "đồng", "VND", "vnđ", "đ" }, USD = { "USD", "đô la Mỹ", "đô-la" },
      ["%"] = { "%", "phần trăm" }, x = { "x", "lần" }, day = { "ngày" }, month = { "tháng" }, year = { "năm" },
      phase = { "giai đoạn" }, cake = { "bánh" }, pack = { "bao" }, bag = { "túi" }, box = { "hộp" }, parcel = { "kiện" },
      piece = { "chiếc", "cái" }, agency = { "cơ quan" }, member = { "thành viên" }, delegate = { "đại biểu" },
      focal_point = { "đầu mối", "focal_point" }, alert = { "cảnh báo" }, report = { "báo cáo" }, country = { "nước", "quốc gia" },
      meeting = { "hội nghị" },
    }
    for code, list in pairs(names) do
      for _, name in ipairs(list) do assert.equal(code, unit(name), name) end
    end
  end)

  it("may be typed without marks, but wrong marks are wrong", function()
    assert.equal("ta", unit "ta")
    for _, name in ipairs { "tá", "kỳ", "viễn", "cà thể" } do
      local code, message = failure(unit, name)
      assert.equal("unit", code)
      assert.matches(name, message, 1, true)
    end
  end)

  it("suggest the nearest name for a slip", function()
    for slip, meant in pairs { kgg = "kg", ["viênn"] = "viên", ["vụu"] = "vụ", tann = "tấn", cassses = "vụ" } do
      local code, message = failure(unit, slip)
      assert.equal("unit", code)
      assert.matches("did you mean " .. meant, message, 1, true)
    end
    assert.equal("unit", (failure(unit, ("x"):rep(100000))))
    assert.equal("unit", (failure(unit, "vụ\0")))
    assert.equal("unit", (failure(unit, " "))) -- of which nothing is left when names are folded
    assert.equal("syntax", (failure(unit, "\xff")))
  end)

  it("convert inside one kind of amount, exactly", function()
    local pairs_of = {
      { "2,3 tấn", "kg", 2300 }, { "5 tạ", "kg", 500 }, { "1 yến", "kg", 10 }, { "3 lạng", "g", 300 }, { "250 mg", "g", "0.25" },
      { "1 kg", "tấn", "0.001" }, { "2 m3", "lít", 2000 }, { "50 ml", "lít", "0.05" }, { "25 %", "lần", "0.25" },
      { "2 lần", "%", 200 }, { "3 tuần", "ngày", 21 }, { "2 năm", "tháng", 24 }, { "1 quý", "tháng", 3 },
    }
    for _, row in ipairs(pairs_of) do
      assert.equal(row[3], mekong.figure(row[1]):to(row[2]).best, row[1])
    end
  end)

  it("never convert one count into another, nor months into days, nor pills into mass", function()
    for _, row in ipairs { { "5 viên", "kg" }, { "5 vụ", "đối tượng" }, { "5 cá thể", "mẫu vật" }, { "2 tháng", "ngày" },
      { "1 năm", "ngày" }, { "5 bánh", "kg" }, { "5 lít", "kg" }, { "1 USD", "đồng" }, { "5 vụ", "%" } } do
      local f = mekong.figure(row[1])
      local code, message = failure(f.to, f, row[2])
      assert.equal("unit", code, row[1])
      assert.matches("hint:", message, 1, true)
    end
  end)

  it("name both units and a way out when they are mixed", function()
    local code, message = failure(function() return mekong.figure "5 kg" + mekong.figure "5 viên" end)
    assert.equal("unit", code)
    assert.matches("kg and viên", message, 1, true)
    assert.matches("equiv", message, 1, true)
  end)

  it("print in both languages, one alone in the singular", function()
    assert.equal("vụ", core.figure.unit_name("case", "vi"))
    assert.equal("cases", core.figure.unit_name("case", "en"))
    assert.equal("1 case", mekong.figure("1 vụ"):format { locale = "en" })
    assert.equal("2 cases", mekong.figure("2 vụ"):format { locale = "en" })
    assert.equal("vụ/ngày", core.figure.unit_name("case/day", "vi"))
    assert.equal("cases/day", core.figure.unit_name("case/day", "en"))
    assert.equal("", core.figure.unit_name("", "vi"))
  end)

  it("make rates that keep both units", function()
    local rate = mekong.figure "1.155 vụ" / mekong.figure "154 ngày"
    assert.equal("case/day", rate.unit)
    assert.equal("7.5", rate.best)
    assert.equal("7,5 vụ/ngày", tostring(rate))
    assert.equal("52.5", rate:to("vụ/tuần").best)
    local back = rate * mekong.figure "2 tuần"
    assert.equal("case", back.unit)
    assert.equal(105, back.best)
    assert.equal(154, (mekong.figure "1.155 vụ" / rate).best)
  end)
end)
