-- Written quantities: the grammar of Vietnamese number words, digits with words, what is in doubt and what is no number.
local core = require "mekong.core"
local mekong = require "mekong"
local figure, number, fmt = mekong.figure, mekong.text.number, mekong.fmt

local function failure(f, ...)
  local ok, message = pcall(f, ...)
  assert(not ok, "an error was due")
  return message:match "%[(%l+)%]", message
end

local function reads(rows, unit)
  for _, row in ipairs(rows) do
    local f, why = number(row[1])
    assert(f, row[1] .. ": " .. tostring(why))
    assert.equal(row[2], f.best, row[1])
    assert.equal(row[3] or unit or "", f.unit, row[1])
  end
end

-- Texts that are two numbers, with both.
local function in_doubt(rows)
  for _, row in ipairs(rows) do
    local f, why, code = number(row[1])
    assert.is_nil(f, row[1])
    assert.equal("ambiguous", code, row[1])
    assert.matches(row[2], why, 1, true)
    assert.matches(row[3], why, 1, true)
    assert.equal("ambiguous", (failure(figure, row[1])))
  end
end

local function no_number(texts)
  for _, text in ipairs(texts) do
    local f, why, code = number(text)
    assert.is_nil(f, text)
    assert.equal("string", type(why))
    assert.equal("syntax", code, text .. ": " .. why)
  end
end

describe("a number in words", function()
  it("has digits, tens, hundreds and scales", function()
    reads {
      { "một", 1 }, { "bẩy", 7 }, { "mười", 10 }, { "mười một", 11 }, { "mười tư", 14 }, { "mười lăm", 15 }, { "mười nhăm", 15 },
      { "hai mươi", 20 }, { "hai mươi mốt", 21 }, { "hai mươi một", 21 }, { "ba mươi tư", 34 }, { "ba mươi bốn", 34 }, { "năm mươi lăm", 55 },
      { "bẩy mươi bẩy", 77 }, { "hai chục", 20 }, { "hai chục tư", 24 }, { "một chục", 10 }, { "một trăm", 100 }, { "trăm", 100 },
      { "năm trăm mười", 510 }, { "chín trăm chín mươi chín", 999 }, { "một nghìn bảy trăm mười lăm", 1715 },
      { "một ngàn bẩy trăm mười nhăm", 1715 }, { "hai vạn", 20000 }, { "ba vạn năm nghìn", 35000 }, { "một triệu", 1000000 },
      { "mười hai tỉ", 12000000000 }, { "hai tỷ ba trăm triệu", 2300000000 },
    }
  end)

  it("fills empty places with linh, lẻ, không trăm and không nghìn", function()
    reads {
      { "một trăm linh năm", 105 }, { "một trăm lẻ năm", 105 }, { "một trăm linh tư", 104 }, { "ba trăm linh bẩy", 307 },
      { "một nghìn linh năm", 1005 }, { "một nghìn không trăm linh năm", 1005 }, { "một nghìn không trăm năm mươi", 1050 },
      { "một nghìn lẻ mười", 1010 }, { "một nghìn lẻ hai mươi lăm", 1025 }, { "hai triệu không nghìn hai trăm", 2000200 },
      { "hai triệu không trăm linh năm nghìn", 2005000 }, { "một nghìn không trăm linh một", 1001 }, { "không trăm linh ba", 3 },
    }
    no_number { "linh năm", "một trăm linh", "một trăm linh linh năm", "linh", "một trăm linh không" }
  end)

  it("leaves mươi out, or says hăm for it", function()
    reads {
      { "hai mốt", 21 }, { "ba tư", 34 }, { "bốn lăm", 45 }, { "năm nhăm", 55 }, { "sáu tám", 68 }, { "chín chín", 99 }, { "hăm mốt", 21 },
      { "hăm lăm", 25 }, { "hăm ba", 23 }, { "băm sáu", 36 }, { "một trăm hai mốt", 121 }, { "hai trăm ba lăm", 235 },
      { "một nghìn hai lăm", 1025 }, { "ba nghìn hai trăm bốn sáu", 3246 }, { "một trăm hai ba", 123 },
    }
    no_number { "hăm", "một mươi", "mươi", "hai một", "hai không", "hăm hăm", "mười mốt", "một mốt", "mốt", "lăm", "tư" }
  end)

  it("multiplies all that stands before a scale that is larger", function()
    reads {
      { "một nghìn tỷ", 1000000000000 }, { "một tỷ tỷ", 1000000000000000000 }, { "ba trăm nghìn tỷ", 300000000000000 },
      { "hai triệu ba trăm nghìn tỷ", 2300000000000000 }, { "một nghìn hai trăm triệu", 1200000000 }, { "ba nghìn vạn", 30000000 },
      { "một nghìn hai trăm ba mươi tư tỷ năm trăm triệu", 1234500000000 }, { "một tỷ hai trăm nghìn tỷ", 1000200000000000000 },
      { "một tỷ tỷ hai trăm nghìn tỷ", 1000200000000000000 },
    }
    assert.is_true(number("hai tỷ tỷ tỷ"):is("2" .. ("0"):rep(27)))
    no_number { "một tỷ năm tỷ", "hai nghìn năm trăm nghìn", "một triệu nghìn" }
    local f, why, code = number "một tỷ tỷ tỷ tỷ tỷ"
    assert.is_nil(f)
    assert.equal("range", code)
    assert.matches("too large", why, 1, true)
  end)

  it("takes rưỡi as half of the last scale", function()
    reads {
      { "trăm rưỡi", 150 }, { "một trăm rưởi", 150 }, { "nghìn rưỡi", 1500 }, { "hai nghìn rưỡi", 2500 }, { "triệu rưỡi", 1500000 },
      { "2 tỷ rưỡi", 2500000000 }, { "hai tỷ rưỡi", 2500000000 }, { "chục rưỡi", 15 }, { "ba chục rưỡi", 35 }, { "ba rưỡi", "3.5" },
      { "nghìn rưỡi tỷ", 1500000000000 }, { "trăm rưỡi nghìn", 150000 }, { "một vạn rưỡi", 15000 }, { "2 rưỡi", "2.5" },
      { "hai tấn rưỡi", "2.5", "t" }, { "2 tấn rưỡi", "2.5", "t" }, { "một năm rưỡi", "1.5", "year" }, { "hai tỷ rưỡi đồng", 2500000000, "VND" },
    }
    no_number { "rưỡi", "rưỡi triệu", "hai mươi rưỡi", "2,5 tấn rưỡi", "hai tỷ rưỡi hai trăm" }
    assert.equal("type", (failure(figure, "hai vụ rưỡi")))
  end)

  it("takes nửa as half of a scale or measure, tá as twelve, cặp and đôi as two", function()
    reads {
      { "nửa triệu", 500000 }, { "nửa tấn", "0.5", "t" }, { "một nửa", "0.5" }, { "nửa tỷ đồng", 500000000, "VND" }, { "nửa năm", "0.5", "year" },
      { "nửa triệu viên", 500000, "pill" }, { "một tá", 12 }, { "hai tá viên", 24, "pill" }, { "nửa tá", 6 }, { "ba cặp", 6 }, { "một đôi", 2 },
      { "2 tá", 24 },
    }
    no_number { "nửa vụ", "nửa đêm", "nửa đầu năm", "tá", "đôi", "cặp", "đại tá" }
    assert.equal(2, figure("gấp đôi").best)
    assert.equal("1.5", figure("gấp rưỡi").best)
    assert.equal("0.5", figure("giảm một nửa").best)
    assert.equal("x", figure("gấp ba").unit)
    assert.equal("3.5", figure("gấp ba rưỡi").best)
  end)

  it("takes a last digit after hundreds or a scale as tenths of it", function()
    reads {
      { "một triệu hai", 1200000 }, { "triệu hai", 1200000 }, { "năm trăm tư", 540 }, { "năm trăm bốn", 540 }, { "trăm hai", 120 },
      { "nghìn ba", 1300 }, { "hai tỷ tám", 2800000000 }, { "ba nghìn hai trăm tư", 3240 }, { "trăm mốt", 110 }, { "triệu mốt", 1100000 },
      { "một triệu lăm", 1500000 }, { "một nghìn mốt triệu", 1100000000 }, { "trăm tư nghìn", 140000 }, { "ba vạn hai", 32000 },
    }
    assert.equal(1200000, figure("một triệu hai đồng").best)
  end)

  it("is in doubt where a last một or năm may be a word of its own", function()
    in_doubt {
      { "ba nghìn năm", "3500", "3000" }, { "một triệu năm", "1500000", "year" }, { "hai trăm năm", "250", "200" },
      { "ba nghìn một", "3100", "3001" }, { "một triệu một", "1100000", "1000001" }, { "năm trăm một", "510", "501" },
      { "ba nghìn năm vụ", "3500", "3005" }, { "hai trăm năm viên", "250", "205" }, { "ba nghìn năm năm", "3500", "3005" },
      { "ba phẩy hai năm", "3.25", "3.2" }, { "năm hai", "52", "year" }, { "năm bảy", "57", "year" },
    }
    reads { -- nothing is in doubt here
      { "ba nghìn năm trăm", 3500 }, { "ba nghìn linh một", 3001 }, { "ba nghìn không trăm linh năm", 3005 }, { "ba nghìn năm mươi", 3050 },
      { "ba phẩy hai năm tấn", "3.25", "t" }, { "ba phẩy năm", "3.5" }, { "năm hai vụ", 52, "case" }, { "ba trăm linh năm viên", 305, "pill" },
      { "hai năm", 2, "year" }, { "mười năm", 10, "year" }, { "hai mươi năm", 20, "year" }, { "mười lăm năm", 15, "year" },
      { "năm năm", 5, "year" }, { "năm tháng", 5, "month" }, { "một trăm linh năm năm", 105, "year" },
    }
  end)

  it("is in doubt where two numbers sound alike", function()
    in_doubt {
      { "hai ba vụ", "23", "2" }, { "tám chín người", "89", "8" }, { "năm sáu nghìn", "56000", "5000" },
      { "một trăm hai nghìn", "120000", "102000" }, { "một nghìn hai triệu", "1200000000", "1002000000" },
      { "một nghìn không trăm hai", "1020", "1002" },
    }
    local _, message = failure(figure, "hai ba vụ")
    assert.matches("hai đến ba", message, 1, true)
    assert.matches("^%S*numerals_spec.lua:%d+: mekong: \"hai ba vụ\" has two readings", message)
  end)

  it("has decimals after phẩy or chấm and a sign", function()
    reads {
      { "hai phẩy ba", "2.3" }, { "hai chấm ba", "2.3" }, { "hai phẩy không năm", "2.05" }, { "hai phẩy mười lăm", "2.15" },
      { "hai phẩy hai mươi lăm", "2.25" }, { "hai phẩy hai lăm", "2.25" }, { "hai phẩy hai mươi", "2.2" }, { "ba phẩy một bốn một sáu", "3.1416" },
      { "không phẩy năm", "0.5" }, { "không phẩy không một", "0.01" }, { "không phẩy không hai mươi lăm", "0.025" },
      { "âm ba phẩy hai", "-3.2" }, { "trừ hai", -2 }, { "âm 3,2", "-3.2" }, { "một phẩy bảy nghìn", 1700 }, { "âm năm trăm", -500 },
      { "một nghìn hai trăm phẩy năm tỷ", 1200500000000 }, { "một phẩy hai nghìn tỷ", 1200000000000 },
    }
    no_number { "phẩy năm", "hai phẩy", "hai phẩy ba phẩy bốn", "âm", "âm âm hai", "hai phẩy ba trăm", "hai trừ một" }
    local f = figure "hai phẩy ba tấn" -- a bare decimal measure is rounded, in words as in digits
    assert.equal(figure "2,3 tấn", f)
    assert.equal("2.25", f.lo)
  end)

  it("is made of digits and words alike", function()
    reads {
      { "1,7 nghìn", 1700 }, { "800 tỷ", 800000000000 }, { "1.200 tỷ", 1200000000000 }, { "2,3 triệu", 2300000 }, { "3 trăm", 300 },
      { "2 trăm nghìn đồng", 200000, "VND" }, { "5 chục", 50 }, { "3.771 tỷ 924 triệu đồng", 3771924000000, "VND" },
      { "3 nghìn 500 vụ", 3500, "case" }, { "2 triệu ba trăm nghìn", 2300000 }, { "hai triệu 300 nghìn", 2300000 }, { "2 vạn", 20000 },
      { "1.715 nghìn tấn", 1715000, "t" }, { "1.715 tỷ 924 triệu đồng", 1715924000000, "VND" }, { "3 nghìn 500 tỷ", 3500000000000 },
      { "2 million pills", 2000000, "pill" }, { "2 triệu hai", 2200000 },
    }
    no_number { "1,7 nghìn 300", "2 triệu 5", "3 nghìn 5", "2 triệu 500", "1,7 tỷ 300 triệu", "20.3.2019 nghìn" }
    local f, _, code = number "818,303 nghìn" -- both readings of the digits, each in thousands
    assert.is_nil(f)
    assert.equal("ambiguous", code)
    assert.equal(818303, number("818,303 nghìn", { style = "vi" }).best)
    assert.equal(818303000, number("818,303 nghìn", { style = "en" }).best)
  end)
end)

describe("number words in a figure", function()
  it("take hedges, units, ranges and changes like digits", function()
    for _, row in ipairs {
      { "hai tấn", "2 tấn" }, { "ba đối tượng", "3 đối tượng" }, { "một nghìn bảy trăm mười lăm vụ", "1.715 vụ" },
      { "hơn hai nghìn vụ", "hơn 2.000 vụ" }, { "gần trăm vụ", "gần 100 vụ" }, { "hơn chục đối tượng", "hơn 10 đối tượng" },
      { "khoảng hai nghìn vụ", "khoảng 2.000 vụ" }, { "từ hai đến ba tấn", "từ 2 đến 3 tấn" }, { "hai đến 3 tấn", "2-3 tấn" },
      { "hai – ba kg", "2–3 kg" }, { "tăng mười phần trăm", "tăng 10%" }, { "giảm ba mươi hai phẩy bảy phần trăm", "giảm 32,7%" },
      { "gấp hai lần", "gấp 2 lần" }, { "từ năm kg trở lên", "từ 5 kg trở lên" }, { "sơ bộ ba vụ", "sơ bộ 3 vụ" },
      { "không quá hai mươi vụ", "không quá 20 vụ" }, { "một phẩy bảy nghìn vụ", "1,7 nghìn vụ" }, { "ba vụ có lẻ", "3 vụ có lẻ" },
      { "khoảng hai nghìn rưỡi vụ", "khoảng 2.500 vụ" },
    } do
      assert.equal(figure(row[2]), figure(row[1]), row[1])
    end
    assert.equal("increase", figure("tăng mười phần trăm").direction)
    assert.equal("hai tấn", figure("hai tấn").raw)
    local f = figure "bốn mươi đầu mối, trong đó có ba mươi tám đầu mối"
    assert.equal(38, f.includes[1].best)
    assert.equal("ba mươi tám đầu mối", f.includes[1].raw)
  end)

  it("do not care about case, Unicode form or tone style", function()
    for _, text in ipairs { "Ba Trăm Linh Năm Viên", "BA TRĂM LINH NĂM VIÊN", mekong.text.nfd "ba trăm linh năm viên",
      "ba\u{A0}trăm\tlinh\nnăm viên" } do
      assert.equal(figure "305 viên", figure(text), text)
    end
  end)

  it("leave words that only look like numbers alone", function()
    no_number { "năm 2025", "bà ba", "tám chuyện", "không có", "không ai", "năm nay", "năm ngoái", "ba trăm năm 2025", "hàng nghìn", "vài chục vụ",
      "một số vụ", "hai bên", "trăm hoa", "chấm", "nghìn xưa", "không hai vụ", "năm trước" }
    assert.equal(0, number("không").best)
    assert.equal(0, number("không vụ").best)
    assert.equal(3000, number("ba nghìn").best)
  end)
end)

describe("places in a row", function()
  it("are read in words, digits and Roman numerals", function()
    reads({
      { "lần thứ nhất", 1 }, { "lần thứ nhì", 2 }, { "lần thứ hai", 2 }, { "lần thứ ba", 3 }, { "lần thứ tư", 4 }, { "lần thứ 17", 17 },
      { "lần thứ XVII", 17 }, { "lần thứ mười bảy", 17 }, { "lần thứ hai mươi mốt", 21 }, { "vị trí thứ tư", 4 }, { "thứ nhất", 1 },
      { "thứ tám", 8 }, { "thứ mười", 10 }, { "Lần thứ V", 5 }, { "hạng thứ ba", 3 },
    }, "ordinal")
    assert.equal("lần thứ 17", tostring(figure "lần thứ XVII"))
    assert.equal(figure "lần thứ XVII", figure(tostring(figure "lần thứ XVII")))
  end)

  it("are days of the week without lần or vị trí", function()
    for _, text in ipairs { "thứ hai", "thứ ba", "thứ tư", "thứ năm", "thứ sáu", "thứ bảy", "thứ 2", "thứ 7" } do
      local f, _, code = number(text)
      assert.is_nil(f)
      assert.equal("ambiguous", code, text)
    end
    no_number { "chủ nhật", "thứ", "lần thứ", "thứ không", "lần thứ 0", "lần thứ 2,5", "thứ hai vụ" }
  end)

  it("are Roman only in capitals, in their one right form and after a word that calls for them", function()
    reads({
      { "giai đoạn VII", 7 }, { "khu vực V", 5 }, { "quý IV", 4 }, { "khóa XV", 15 }, { "khoá XV", 15 }, { "OMD V", 5 }, { "Con rồng Mê Kông VI", 6 },
      { "chương XIX", 19 }, { "Hội nghị (XVII)", 17 }, { "kỳ họp thứ MMMDCCCLXXXVIII", 3888 }, { "hội nghị lần XL", 40 },
    }, "ordinal")
    no_number { "XVII", "vi", "giai đoạn vi", "giai đoạn IIII", "giai đoạn VX", "giai đoạn IC", "giai đoạn MMMM", "C 04", "ông V", "nhóm I",
      "giai đoạn VIIX", "giai đoạn", "giai đoạn IXX" }
  end)
end)

describe("text.number", function()
  it("answers for any text and raises for what is no text or no option", function()
    for _, text in ipairs { "", " ", "\0", "một\0hai", "abc", "một " .. ("x"):rep(300), "%", "()", "–" } do
      local f, why, code = number(text)
      assert.is_nil(f, text)
      assert.equal("syntax", code, text)
      assert.is_nil(why:find("mekong:", 1, true))
    end
    assert.equal("type", (failure(number)))
    assert.equal("type", (failure(number, 5)))
    assert.equal("type", (failure(number, {})))
    assert.equal("name", (failure(number, "hai", { styl = "vi" })))
    assert.equal("syntax", (failure(number, "hai v\xe1\xbb")))
    assert.equal("unit", select(3, number("hai vụ", "kg")))
    assert.equal("type", select(3, number("hai phẩy ba vụ")))
    assert.equal("case", number("hai", "vụ").unit)
    assert.is_true(number("hai phẩy ba tấn", { record = true }):exact())
  end)

  it("ends in linear time on hostile text", function()
    for _, word in ipairs { "một ", "hai ", "tỷ ", "nghìn ", "năm ", "trăm ", "linh ", "âm ", "phẩy ", "từ ", "rưỡi ", "một tỷ ", "một phẩy ", "thứ ",
      "(", "trong đó " } do
      local f, _, code = number(word:rep((1 << 20) // #word))
      assert.is_nil(f)
      assert.equal("limit", code, word)
      assert.is_nil((number(word:rep(1900 // #word))))
    end
    local many = "ba phẩy " .. ("một "):rep(100)
    assert.equal("range", select(3, number(many)))
  end)
end)

describe("what fmt prints", function()
  local en = { locale = "en" }
  local function next_seed(n) return (n * 48271) % 2147483647 end

  it("is read back as the same number, percentage and change", function()
    local seed = 3
    for i = 1, 2000 do
      seed = next_seed(seed)
      local places = i % 4
      local text = ("%d"):format(seed % 10 ^ (i % 9 + 1) // 1 | 0)
      if places > 0 then text = text .. "." .. ("%0" .. places .. "d"):format(seed // 3 % 10 ^ places // 1 | 0) end
      if i % 3 == 0 then text = "-" .. text end
      local value = core.figure.new { best = text }
      for _, locale in ipairs { "vi", "en" } do
        local opts = { record = true, style = locale }
        assert.is_true(figure(fmt.number(text, { locale = locale, digits = places }), opts):is(value), text)
        assert.is_true(figure(fmt.percent(text, { locale = locale, digits = places }), opts):is(core.figure.new { best = text, unit = "%" }), text)
        assert.is_true(figure(fmt.change(text, { locale = locale, digits = places }), opts):is(core.figure.new { best = text, unit = "%" }), text)
      end
    end
  end)

  it("is read back as the same figure, by marks and in words", function()
    for _, hedge in ipairs { "", "hơn ", "gần ", "ít nhất ", "tối đa ", "khoảng ", "dưới ", "tăng ", "giảm ", "từ 2 đến ", "2–", "giảm 1–" } do
      for _, amount in ipairs { "5 vụ", "21 kg", "104.410 viên", "2,3 tấn", "4.951,9 kg", "1.000.005 đồng", "32,7%", "15 năm" } do
        local f = figure(hedge .. amount)
        for _, style in ipairs { "mark", "words" } do
          for _, locale in ipairs { "vi", "en" } do
            local said = fmt.figure(f, { style = style, locale = locale })
            assert.equal(f, figure(said, { style = locale }), hedge .. amount .. " -> " .. said)
          end
        end
      end
    end
  end)

  it("keeps signs at both ends of a range", function()
    local f = figure "giảm 30-40%"
    assert.equal("−40 – −30%", fmt.figure(f))
    assert.equal("từ −40 đến −30%", fmt.figure(f, { style = "words" }))
    assert.equal(f, figure "từ −40 đến −30%")
    assert.equal(f, figure "−40–−30%")
    assert.equal(f, figure "từ âm bốn mươi đến âm ba mươi phần trăm")
    assert.equal("từ âm bốn mươi đến âm ba mươi phần trăm", mekong.text.words(f))
  end)

  it("rounds once, half away from zero", function()
    for _, row in ipairs { { "2.5", 0, "3" }, { "-2.5", 0, "−3" }, { "2.45", 1, "2,5" }, { "2.449", 1, "2,4" }, { "0.05", 1, "0,1" },
      { "-0.05", 1, "−0,1" }, { "999.95", 1, "1.000,0" }, { "1.005", 2, "1,01" }, { "99999.5", 0, "100.000" } } do
      assert.equal(row[3], fmt.number(row[1], { digits = row[2] }))
    end
    assert.equal("+25,9%", fmt.change "25.918")
    assert.equal("−32,7%", fmt.change "-32.653")
    assert.equal("+25,9%", fmt.change(figure("1.715 vụ"):change(figure "1.362 vụ")))
    assert.equal("−32,7%", fmt.change(figure("1.155 vụ"):change(figure "1.715 vụ")))
  end)

  it("is read back as the same date or range of dates", function()
    local seed = 5
    for i = 1, 1500 do
      seed = next_seed(seed)
      local from = ("%04d-%02d-%02d"):format(1950 + seed % 100, seed // 101 % 12 + 1, seed // 1301 % 28 + 1)
      seed = next_seed(seed)
      local to = ("%04d-%02d-%02d"):format(1950 + seed % 100, seed // 101 % 12 + 1, seed // 1301 % 28 + 1)
      if i % 4 == 0 then to = from:sub(1, 8) .. to:sub(9) elseif i % 4 == 1 then to = from:sub(1, 5) .. to:sub(6) end
      if from > to then from, to = to, from end
      local width = ({ 10, 7, 4 })[i % 3 + 1]
      from, to = from:sub(1, width), to:sub(1, width)
      local iso = from == to and from or from .. "/" .. to
      for _, opts in ipairs { {}, en } do
        local said = fmt.date(iso, opts)
        assert.equal(iso, core.date.parse(said), said)
      end
    end
    assert.equal("2025-11-18/2025-11-19", core.date.parse "18–19/11/2025")
    assert.equal("18–19/11/2025", fmt.date "18-19/11/2025")
    assert.equal("12–14/8/2025", fmt.date "từ ngày 12 đến ngày 14/8/2025")
  end)
end)
