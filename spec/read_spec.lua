-- Reading figures in text: what stands where, what it says and how surely. Sentences are made up; values worked out by hand.
local expect = require "spec.support.expect"
local mekong = require "mekong"
local read = mekong.read

-- Every reading as "surface=value unit"; readings that ask have their alternatives. Places are checked on the way.
local function brief(text, opts)
  local out, last = {}, 0
  for i, x in ipairs(read(text, opts)) do
    assert.equal(x.surface, text:sub(x.first, x.last))
    assert(x.first > last)
    last = x.last
    local value = x.value or "?"
    if x.value_high then value = value .. ".." .. x.value_high end
    for _, other in ipairs(x.alternatives or {}) do value = value .. " " .. other.value .. (other.unit and ":" .. other.unit or "") end
    out[i] = ("%s=%s%s"):format(x.surface, value, not x.alternatives and x.unit and " " .. x.unit or "")
  end
  return table.concat(out, "; ")
end

-- {text, what brief gives} each.
local function holds(list, opts)
  for _, case in ipairs(list) do assert.equal(case[2], brief(case[1], opts)) end
end

-- One field of every reading.
local function fields(text, name, opts)
  local out = {}
  for i, x in ipairs(read(text, opts)) do out[i] = x[name] or "-" end
  return out
end

describe("the figures of a text", function()
  it("count the customs of countries, whole words that they are", function()
    holds { { "có 38 hải quan các nước tham gia", "38 hải quan=38 agency" }, { "của 12 cơ quan hải quan", "12 cơ quan=12 agency" } }
  end)

  it("are about so much where an estimate is said behind them", function()
    for _, text in ipairs { "thu 12 kg (ước tính) heroin", "thu 12 kg (ước) heroin", "thu khoảng 12 kg heroin" } do
      local x = read(text)[1]
      assert.same({ "12 kg", "approx", "11", "13" }, { x.surface, x.qualifier, x.lower, x.upper })
    end
    assert.equal("more_than", read("thu hơn 12 kg (ước tính)")[1].qualifier)
    assert.equal("exact", read("thu 12 kg ước tính trị giá 5 tỷ đồng")[1].qualifier)
  end)

  it("stand with their unit, without hedge and head noun", function()
    holds {
      { "Đã bắt giữ hơn 4.500 vụ việc trong đợt cao điểm.", "4.500 vụ=4500 case" },
      { "thu gần 2,3 tấn ma túy", "2,3 tấn=2.3 t" },
      { "trị giá 3.771 tỷ 924 triệu đồng", "3.771 tỷ 924 triệu đồng=3771924000000 VND" },
      { "gồm 353 cá thể, sản phẩm từ rừng", "353 cá thể, sản phẩm=353 individual_or_product" },
      { "lập trên 40 đầu mối quốc gia cấp 2", "40 đầu mối=40 focal_point" },
      { "nặng 2 tấn 300 kg", "2 tấn 300 kg=2.3 t" },
      { "chở 1.537kg hàng", "1.537kg=1537 kg" },
    }
  end)

  it("are read in every style of separators", function()
    holds {
      { "1.745.000 viên, 4.951,9 kg, 06 vụ, 2.3 tấn", "1.745.000 viên=1745000 pill; 4.951,9 kg=4951.9 kg; 06 vụ=6 case; 2.3 tấn=2.3 t" },
      { "1,053,099 viên và 1,234.5 kg", "1,053,099 viên=1053099 pill; 1,234.5 kg=1234.5 kg" },
      { "1,7 nghìn viên, 1,5 vạn bao, 2 tỷ rưỡi đồng", "1,7 nghìn viên=1700 pill; 1,5 vạn bao=15000 pack; 2 tỷ rưỡi đồng=2500000000 VND" },
    }
  end)

  it("are grouped as in English where the rest of the text is", function()
    assert.equal("1,234,567 viên=1234567 pill; 818,303 kg=818303 kg", brief "1,234,567 viên, 818,303 kg")
    assert.equal("818,303 kg=? 818.303:kg 818303:kg", brief "thu 818,303 kg")
    assert.equal("818,303 viên=818303 pill", brief "thu 818,303 viên")
  end)

  it("count in words what is seized, who is caught and how long it took", function()
    holds {
      { "hai tấn rưỡi, ba đối tượng, nửa tấn ngà voi, hai mươi bánh",
        "hai tấn rưỡi=2.5 t; ba đối tượng=3 person; nửa tấn=0.5 t; hai mươi bánh=20 cake" },
      { "hai bên, một trong những nước, ba lô, không vụ nào, hàng trăm vụ", "" },
      { "Năm đối tượng bị bắt trong năm 2024", "Năm đối tượng=5 person; 2024=2024" },
      { "hai, ba đối tượng; hơn chục vụ", "hai, ba đối tượng=2..3 person; chục vụ=10 case" },
    }
  end)

  it("share a unit in lists, pairs and where one grew to the other", function()
    holds {
      { "bắt 3, 4 và 5 vụ", "3=3 case; 4=4 case; 5 vụ=5 case" },
      { "khởi tố 12/15 vụ", "12=12 case; 15 vụ=15 case" },
      { "293 vụ/355 đối tượng; 269 kg; 353 cá thể", "293 vụ=293 case; 355 đối tượng=355 person; 269 kg=269 kg; 353 cá thể=353 individual" },
      { "giảm từ 1.362 xuống 1.155 vụ", "1.362=1362 case; 1.155 vụ=1155 case" },
      { "Tổng số vụ: 59; heroin (kg): 12,5; số người bị bắt lên tới 355.", "59=59 case; 12,5=12.5 kg; 355=355 person" },
    }
  end)

  it("may be ranges", function()
    holds {
      { "từ 5 đến 7 kg, 1.000-1.500 viên, 2-3 triệu đồng",
        "5 đến 7 kg=5..7 kg; 1.000-1.500 viên=1000..1500 pill; 2-3 triệu đồng=2000000..3000000 VND" },
    }
    local x = read("từ 5 đến 7 kg")[1]
    assert.same({ "5", "7", false, false }, { x.lower, x.upper, x.lower_open, x.upper_open })
  end)

  it("are money with the sign before or behind", function()
    holds { { "5,2 triệu USD, $5,000, 500.000 đồng/viên", "5,2 triệu USD=5200000 USD; $5,000=5000 USD; 500.000 đồng=500000 VND" } }
  end)

  it("are not decrees, plates, telephones, places, ages and times of day", function()
    for _, text in ipairs {
      "Nghị định 98/2020/NĐ-CP, Thông tư 38/2015/TT-BTC, Điều 249 khoản 4", "xe 29C-123.45, điện thoại 0912.345.678, 1900 1234",
      "khu vực VIII, Ban Chỉ đạo 389 quốc gia, Đội 2, C04, quận 10, tổ 5 phường 3", "lúc 10:43 và 21h30, 8 giờ 15 phút sáng",
      "Trần B (SN 1990), 35 tuổi; sinh năm 1985, 1992 và 1995", "Km 12 quốc lộ 1A, tọa độ 10 độ 45 phút, COVID-19", "", "không có gì",
    } do
      assert.equal("", brief(text))
    end
  end)
end)

describe("hedges", function()
  it("are named and make bounds", function()
    local cases = {
      { "hơn 4.500 vụ", "more_than", "4500", nil, true, true }, { "gần 2,3 tấn", "nearly", "0", "2.3", false, true },
      { "khoảng 800 viên", "approx", "700", "900", false, false }, { "ít nhất 5 vụ", "at_least", "5", nil, false, true },
      { "không quá 5 vụ", "at_most", "0", "5", false, false }, { "dưới 5 kg", "at_most", "0", "5", false, true },
      { "2,3 tấn", "exact", "2.25", "2.35", false, true }, { "395 kg", "exact", "395", "395", false, false },
      { "5 kg trở lên", "at_least", "5", nil, false, true }, { "từ 100 gam heroin trở lên", "at_least", "100", nil, false, true },
      { "ước trị giá 5 tỷ đồng", "approx", "4000000000", "6000000000", false, false }, { "lên tới 5 kg", "exact", "5", "5", false, false },
      { "tối đa là 5 kg", "at_most", "0", "5", false, false }, { "trên dưới 50 kg", "approx", "40", "60", false, false },
    }
    for _, case in ipairs(cases) do
      local x = read(case[1])[1]
      assert.same({ case[1], case[2], case[3], case[4], case[5], case[6] },
        { case[1], x.qualifier, x.lower, x.upper, x.lower_open, x.upper_open })
    end
  end)

  it("are not the words that look like them", function()
    assert.equal("exact", read("nồng độ 5%")[1].qualifier)
    assert.equal("exact", read("Công ước 5 nước")[1].qualifier)
    assert.equal("exact", read("đi trên 2 xe")[1].qualifier)
  end)
end)

describe("changes and shares", function()
  it("have a direction", function()
    local text = "tăng 12% về số vụ và 15% về số đối tượng; chiếm 60,4%; giảm 32,7%; (+30,6%); cao hơn 26% so với năm ngoái"
    assert.same({ "percent_change", "percent_change", "percent_share", "percent_change", "percent_change", "percent_change" },
      fields(text, "measure"))
    assert.same({ "increase", "increase", "-", "decrease", "increase", "increase" }, fields(text, "direction"))
  end)

  it("by times are asked for where words leave two readings", function()
    assert.equal("2,15 lần=? 2.15:x 3.15:x", brief "tăng 2,15 lần")
    assert.equal("3 lần=3 x; gấp đôi=2 x; gấp rưỡi=1.5 x; một nửa=0.5 x", brief "tăng gấp 3 lần, gấp đôi, gấp rưỡi, giảm một nửa")
    assert.equal("", brief "3 lần vận chuyển ma túy")
    for _, other in ipairs(read("tăng 2,15 lần")[1].alternatives) do assert(#other.reason > 10) end
  end)
end)

describe("a count with a fraction", function()
  it("is asked for: an average, or the end of a list", function()
    holds {
      { "bắt 7,5 vụ, thu 3 kg", "7,5 vụ=? 7.5:case 5:case; 3 kg=3 kg" },
      { "bình quân 12.75 đối tượng mỗi tháng", "12.75 đối tượng=? 12.75:person 75:person" },
      { "mỗi ngày 0,05 vụ", "0,05 vụ=? 0.05:case 5:case" },
    }
    assert.same({ "số bình quân: số đếm không có phần lẻ", "dấu ngăn cách hai số, đây là số sau" },
      { read("7,5 vụ")[1].alternatives[1].reason, read("7,5 vụ")[1].alternatives[2].reason })
  end)

  it("is no question where a word makes it whole, or decimals are none", function()
    holds { { "bắt 1,5 nghìn vụ", "1,5 nghìn vụ=1500 case" }, { "bắt 7, 5 vụ", "5 vụ=5 case" }, { "bắt 7,0 vụ", "7,0 vụ=7 case" } }
  end)
end)

describe("dates", function()
  it("are said in full or in part, alone or as ranges", function()
    holds {
      { "ngày 15/4/2025, 15-04-2025, 20.3.2019, 2025-08-14, ngày 5 tháng 11 năm 2025",
        "15/4/2025=2025-04-15; 15-04-2025=2025-04-15; 20.3.2019=2019-03-20; " ..
        "2025-08-14=2025-08-14; 5 tháng 11 năm 2025=2025-11-05" },
      { "Ngày 21-11; rạng sáng 3.12; (20/11)", "21-11=--11-21; 3.12=--12-03; 20/11=--11-20" },
      { "18-19/11/2025; 12 - 14/8/2025; ngày 18 và 19-11; ngày 5, 6 và 7/9/2025",
        "18-19/11/2025=2025-11-18/2025-11-19; 12 - 14/8/2025=2025-08-12/2025-08-14; " ..
        "18 và 19-11=--11-18/--11-19; 5, 6 và 7/9/2025=2025-09-05/2025-09-07" },
      { "từ ngày 15/4/2025 đến ngày 15/9/2025", "15/4/2025 đến ngày 15/9/2025=2025-04-15/2025-09-15" },
      { "từ 15/4 - 16/11/2024", "15/4 - 16/11/2024=2024-04-15/2024-11-16" },
      { "(15/4-15/9/2025), 15/4–15/9/2025, 1/1/2025-15/9/2025", "15/4-15/9/2025=2025-04-15/2025-09-15; " ..
        "15/4–15/9/2025=2025-04-15/2025-09-15; 1/1/2025-15/9/2025=2025-01-01/2025-09-15" },
      { "15.4-15.9.2025, 15.4 tấn", "15.4-15.9.2025=2025-04-15/2025-09-15; 15.4 tấn=15.4 t" },
      { "từ 0h ngày 1/1 đến 24h ngày 31/1/2025", "1/1 đến 24h ngày 31/1/2025=2025-01-01/2025-01-31" },
      { "tháng 9/2018, giai đoạn 2021-2025", "tháng 9/2018=2018-09; 2021-2025=2021/2025" },
      { "10 tháng đầu năm 2025, quý III/2024, 6 tháng cuối năm 2023, nửa đầu năm 2025", "10 tháng đầu năm 2025=2025-01-01/2025-10-31; " ..
        "quý III/2024=2024-07-01/2024-09-30; 6 tháng cuối năm 2023=2023-07-01/2023-12-31; nửa đầu năm 2025=2025-01-01/2025-06-30" },
      { "30/2/2025, 24/7, 9/10", "" },
    }
  end)

  it("tell May from five months, a year from five", function()
    holds { { "tháng 5 làm trong 5 tháng", "tháng 5=--05; 5 tháng=5 month" }, { "năm 2025, năm vụ", "2025=2025; năm vụ=5 case" } }
    assert.equal("ba nghìn năm=? 3500 3000:year", brief "ba nghìn năm")
  end)

  it("find their year by the day of the text", function()
    local text = "Ngày 21-11, hồi tháng 10 năm ngoái, tháng 12, 6 tháng đầu năm"
    assert.same({ "2023-11-21", "2022-10", "2022-12", "2023-01-01/2023-06-30" }, fields(text, "period", { as_of = "2023-11" }))
    assert.same({ "--11-21", "2022-10", "--12", "--01-01/--06-30" }, fields(text, "value", { as_of = "2023-11" }))
    assert.same({ "-", "-", "-", "-" }, fields(text, "period"))
    assert.same({ "2022-12-15/2023-01-20" }, fields("từ ngày 15/12 đến ngày 20/1", "period", { as_of = "2023-11" }))
  end)
end)

describe("phases and places", function()
  it("are known in every spelling and in lists", function()
    local text = "giai đoạn 5 (OMD V), OMD7, OMD-6, Con rồng Mê Kông VI, Mekong Dragon VII, OMD 5, 6 và 7, giai đoạn thứ tư"
    assert.same({ 5, 5, 7, 6, 6, 7, 5, 6, 7, 4 }, fields(text, "phase"))
    assert.equal("Mê Kông 7=7 phase", brief "chiến dịch Mê Kông 7, sông Mê Kông 7 km")
    assert.equal("giai đoạn 1-5=1..5 phase", brief "từ giai đoạn 1-5")
    assert.equal("5 giai đoạn=5 phase", brief "qua 5 giai đoạn")
    assert.equal("giai đoạn 5=5 phase; 40 đầu mối=40 focal_point", brief "giai đoạn 5, 40 đầu mối")
  end)

  it("in a row are asked for where they may be days of the week", function()
    holds {
      { "lần thứ XVII, lần thứ 16, thứ nhất, lớn thứ 3", "lần thứ XVII=17 ordinal; lần thứ 16=16 ordinal; thứ nhất=1 ordinal; thứ 3=3 ordinal" },
      { "họp vào thứ 2", "thứ 2=? 2:ordinal 2" }, { "chiều thứ 6, thứ bảy tuần này", "" },
    }
  end)
end)

describe("places of figures", function()
  local text = "Ngày 21-11, hơn 4.500 vụ, ba đối tượng, thu 2,3 tấn; giai đoạn 4; hoà giải 5 vụ, hòa giải 6 vụ."

  it("are bytes of the text as given, in any Unicode form", function()
    local core = require "mekong.core"
    local apart = core.text.nfd(text)
    local a, b = read(text), read(apart)
    assert.equal(7, #a)
    assert.equal(#a, #b)
    for i, x in ipairs(b) do
      assert.equal(x.surface, apart:sub(x.first, x.last))
      assert.equal(a[i].surface, core.text.nfc(x.surface))
      assert.same({ a[i].value, a[i].unit, a[i].measure }, { x.value, x.unit, x.measure })
    end
  end)

  it("are bytes of older character sets", function()
    local a = read(text)
    for _, set in ipairs { "tcvn3", "vni", "viscii", "vps", "cp1258", "viqr" } do
      local bytes = mekong.text.encode(text, set)
      local b = read(bytes, { charset = set })
      assert.equal(#a, #b)
      for i, x in ipairs(b) do
        assert.equal(a[i].value, x.value)
        local cut = set == "viqr" and x.surface:find "%.$" -- a last point alone is no tone
        if not cut then assert.equal(a[i].surface, mekong.text.decode(x.surface, set)) end
        assert.equal(x.surface, bytes:sub(x.first, x.last))
      end
    end
    assert.equal(#a, #read(mekong.text.encode(text, "tcvn3")))
    expect.raises("format", function() read "\xB8\xB8 5 kg" end)
    expect.raises("name", function() read("5 kg", { charset = "tcvn4" }) end)
  end)

  it("are bytes of the page", function()
    assert.equal("12&nbsp;kg=12 kg; 3.000\nviên=3000 pill", brief "<p>Thu <b>12&nbsp;kg</b> và <i>3.000\nviên</i></p>")
    assert.equal("7 v&#7909;=7 case", brief "<div>7 v&#7909;</div><script>var a = '5 kg';</script><!-- 9 vụ -->")
    assert.equal("5 kg=5 kg; 7 kg=7 kg", brief "a < 5 kg & b > 7 kg; <x>")
    assert.equal("giai đoạn 7=7 phase; 1.155 vụ=1155 case", brief "<tr><td>giai đoạn 7</td><td>1.155 vụ</td></tr>")
  end)
end)

describe("mekong.read", function()
  it("takes names that people add", function()
    assert.equal("5 bành=5 banh", brief "thu 5 bành chè")
    assert.equal(1, mekong.vocab:add("unit", { ["bành"] = "parcel" }))
    assert.equal("5 BÀNH=5 parcel", brief "thu 5 BÀNH chè")
    assert.equal(0, mekong.vocab:add("đơn vị tính", { ["bành"] = "parcel", ["kiện"] = "parcel" }))
    expect.raises("duplicate", function() mekong.vocab:add("unit", { ["viên"] = "parcel" }) end)
    expect.raises("unit", function() mekong.vocab:add("unit", { x = "parcels!" }) end)
    assert.equal(1, mekong.vocab:add("item", { ["bột lạ"] = "heroin" }))
    assert.equal("heroin", read("Thu giữ 5 kg bột lạ.")[1].item)
  end)

  it("gives mass in kg and volume in litres beside", function()
    local list = read "2,3 tấn, 350 g, 5 lít, 2 m3, 5 viên"
    assert.same({ "2300", "0.35", "5", "2000" }, { list[1].norm_value, list[2].norm_value, list[3].norm_value, list[4].norm_value })
    assert.same({ "kg", "kg", "l", "l" }, { list[1].norm_unit, list[2].norm_unit, list[3].norm_unit, list[4].norm_unit })
    assert.is_nil(list[5].norm_value)
  end)

  it("prints itself", function()
    expect.holds(tostring(read "hơn 59 vụ, tăng 2,15 lần"), "59 vụ", "> 59", "2.15 hoặc 3.15", "giá trị")
    expect.holds(tostring(read("59 vụ", { locale = "en" })), "value", "case")
    assert.equal("không có số liệu", tostring(read ""))
  end)

  it("refuses what it does not know", function()
    expect.holds(expect.raises("name", function() read("5 kg", { as_off = "2025" }) end), "as_of")
    expect.raises("type", function() read(5) end)
    expect.raises("name", function() read("5 kg", { calendar = "lunar" }) end)
    expect.raises("syntax", function() read("5 kg", { as_of = "mai" }) end)
    expect.raises("syntax", function() read("\xFF 5 kg", { charset = "utf8" }) end)
  end)

  it("reads every number that it prints", function()
    for _, n in ipairs { "1", "12", "999", "1000", "1715", "104410", "1745000", "3771924000000" } do
      for _, locale in ipairs { "vi", "en" } do
        local text = "thu " .. mekong.fmt.number(mekong.figure(n .. " viên").best, { locale = locale }) .. " viên"
        assert.equal(n, read(text)[1].value)
      end
      local words = mekong.text.words(math.tointeger(tonumber(n)))
      if n ~= "1" then assert.equal(n, read("thu " .. words .. " viên")[1].value) end
    end
  end)
end)

describe("what a figure counts", function()
  it("is named by its own noun where no unit is known", function()
    holds {
      { "thu 3 máy tính bảng và 7 đệm cao su", "3 máy=3 may; 7 đệm=7 dem" },
      { "thu 5 tá áo", "5 tá áo=60 ao" }, -- not the weight of that name
      { "thu 5 món hàng", "5 món=5 thing" },
    }
    assert.equal(mekong.read("thu 9 đệm")[1].unit, mekong.read("thu 9 \u{111}ê\u{323}m")[1].unit)
  end)

  it("is pairs, and money of neighbours", function()
    holds {
      { "thu 5.600 đôi giày và 40 cặp kính", "5.600 đôi=5600 pair; 40 cặp=40 pair" },
      { "thu 3 cặp sừng", "3 cặp sừng=6 horn" },
      { "tịch thu 1,2 triệu baht và 30 triệu kíp Lào", "1,2 triệu baht=1200000 THB; 30 triệu kíp Lào=30000000 LAK" },
    }
  end)

  it("is suspects where the sentence speaks of an offence, else people", function()
    local list = { ["Bắt giữ 15 người về tội vận chuyển ma túy."] = "suspects", ["Nhóm 4 người bị khởi tố."] = "suspects",
      ["Khởi tố 3 đối tượng."] = "suspects", ["Có 500 người dự lễ phát động."] = "count",
      ["Vùng này có 100 triệu người."] = "count", ["Vụ cháy làm 3 người bị thương."] = "count",
      ["Trao quà cho 200 người dân."] = "count" }
    for text, measure in pairs(list) do
      assert.equal(measure, read(text)[1].measure, text)
      assert.equal("person", read(text)[1].unit)
    end
  end)

  it("is a part of a whole", function()
    assert.same({ "percent_share", "0.333333333333333333" }, { read("1/3 số vụ qua cảng")[1].measure, read("1/3 số vụ qua cảng")[1].value })
    assert.same({ "times_change", "0.25", "decrease" },
      { read("giảm 1/4 so với năm 2023")[1].measure, read("giảm 1/4 so với năm 2023")[1].value, read("giảm 1/4 so với năm 2023")[1].direction })
    assert.equal("nearly", read("chiếm gần 2/3 tổng trị giá")[1].qualifier)
    holds { { "bắt 4/7 đối tượng", "4=4 person; 7 đối tượng=7 person" } }
  end)

  it("is one weight in two units without a space", function()
    holds { { "thu 10kg600g ma túy", "10kg600g=10.6 kg" }, { "mã 10KG600X", "" } }
  end)

  it("is said before the year of a series", function()
    holds { { "Số vụ năm 2023: 1.100; năm 2024: 1.250.", "2023=2023; 1.100=1100 case; 2024=2024; 1.250=1250 case" } }
  end)
end)

describe("dates in company", function()
  it("are months that follow each other", function()
    holds {
      { "trong hai tháng 4 và 5/2025", "tháng 4 và 5/2025=2025-04/2025-05" },
      { "tháng 1, 2 và 3 năm 2025", "tháng 1, 2 và 3 năm 2025=2025-01/2025-03" },
      { "trong hai tháng và 5 ngày", "hai tháng=2 month; 5 ngày=5 day" },
    }
  end)

  it("are the year in brackets behind a phase", function()
    local list = read "Giai đoạn I (2018) ghi nhận 99 vụ."
    assert.same({ "phase", "2018", "99" }, { list[1].measure, list[2].value, list[3].value })
    assert.same({ 1, "2018" }, { list[3].phase, list[3].period })
  end)
end)

describe("hostile text", function()
  -- What a text costs is the number of tokens looked at; twice the text may cost twice as much and hardly more.
  it("costs in the measure of its length", function()
    local core = require "mekong.core"
    for _, unit in ipairs { "1.", "tỷ ", "1", "(", "1 ", "năm ", "&", "<", "<!--", "&#1", "1-", "5, ", "5 vụ/", "hai, ",
      "một nghìn ", "giai đoạn 5, ", "<p", "từ 5 ", "một trăm linh ", "ba " } do
      local function cost(n)
        local list, work = core.read.read(unit:rep(n // #unit), 0)
        assert(#list <= n // #unit)
        return work
      end
      local once, twice = cost(50000), cost(100000)
      assert(twice <= 2 * once + 1000, unit .. ": " .. once .. ", " .. twice)
      assert(once <= 50000 * 40, unit .. ": " .. once)
    end
  end)

  it("keeps numbers that are too large out", function()
    assert.equal("", brief("thu " .. ("9"):rep(60) .. " kg"))
    assert.equal("5 kg=5 kg", brief("thu " .. ("tỷ "):rep(50) .. "và 5 kg"))
  end)

  it("make a table of their members, of as many columns as there are members", function()
    local t = mekong.read("bắt 12 vụ, thu gần 2,3 tấn ma túy, tăng 2 lần", { locale = "en" }):table()
    assert.equal(3, #t)
    assert.same({ "12 vụ", 7, 13, "cases", "12" }, { t[1].surface, t[1].first, t[1].last, t[1].measure, t[1].value })
    assert.same({ "0", "2.3", true, "2300", "kg", "drug" },
      { t[2].lower, t[2].upper, t[2].upper_open, t[2].norm_value, t[2].norm_unit, t[2].category })
    assert.equal("2 x (so many times as much as before); 3 x (more than before by so many times as much)", t[3].alternatives)
    assert.is_nil(t[3].value)
    local none = mekong.read(""):table()
    assert.equal(0, #none)
    assert.same(t:names(), none:names())
  end)

  it("give the reasons of a question in the language asked for", function()
    local function reasons(text, locale)
      local out = {}
      for i, way in ipairs(mekong.read(text, { locale = locale })[1].alternatives) do out[i] = way.reason end
      return out
    end
    assert.same({ "dấu phẩy là dấu thập phân", "dấu phẩy tách hàng nghìn" }, reasons "12,345 kg")
    assert.same({ "the comma marks decimals", "the comma groups thousands" }, reasons("12,345 kg", "en"))
    assert.same({ "an average: what is counted has no fractions", "the mark divides two numbers, and this is the last" }, reasons("7,5 vụ", "en"))
    assert.same({ "bằng số lần đó so với trước", "tăng thêm số lần đó so với trước" }, reasons "tăng 2 lần")
  end)
end)
