-- What the figures of a text are about: goods, phase, time, who counted, what a change is compared with, what a figure is
-- part of, and what is no part of the article. Sentences and answers are made by hand.
local mekong = require "mekong"

-- One figure as words: its digits and the fields asked for, "-" where nothing is said.
local function told(x, fields)
  local out = {}
  for i, field in ipairs(fields) do out[i] = x[field] == nil and "-" or tostring(x[field]) end
  return table.concat(out, " ")
end

-- Every figure of the text in order: its first number as written (the whole of it where there is none), then the fields.
local function about(text, fields, opts)
  local out = {}
  for i, x in ipairs(mekong.read(text, opts)) do
    local number = x.surface:match "%d[%d.,/-]*%d" or x.surface:match "%d" or x.surface
    out[i] = number .. ": " .. told(x, fields)
  end
  return out
end

local function holds(fields, cases, opts)
  for _, case in ipairs(cases) do
    local want = {}
    for i = 2, #case do want[i - 1] = case[i] end
    assert.same(want, about(case[1], fields, opts), case[1])
  end
end

local goods = { "category", "item" }

describe("the goods of a figure", function()
  it("stand behind it, or before it", function()
    holds(goods, {
      { "Tạm giữ 7 kg heroin.", "7: drug heroin" },
      { "Hêrôin: 7 kg; ketamin: 2 kg.", "7: drug heroin", "2: drug ketamine" },
      { "Ngà voi nặng 40 kg, vảy tê tê (12 kg).", "40: wildlife ivory", "12: wildlife pangolin_scale" },
      { "Phát hiện 9 con rùa và 3 kg vàng.", "9: wildlife turtle", "3: gold -" },
      { "Heroin: 12 kg - Cần sa: 5 kg", "12: drug heroin", "5: drug cannabis" },
    })
  end)

  it("are those of all figures joined before them", function()
    holds(goods, {
      { "Thu 40 kg và 600 viên tiền chất.", "40: precursor -", "600: precursor -" },
      { "Bắt 12 vụ/15 đối tượng ma túy.", "12: drug -", "15: drug -" },
    })
  end)

  it("are those of the label, the clause or the sentence", function()
    holds(goods, {
      { "Thuốc lá: bắt 3 vụ, phạt 5 đối tượng.", "3: tobacco -", "5: tobacco -" },
      { "Về pháo nổ, bắt 3 vụ, thu 90 kg.", "3: fireworks firecracker", "90: fireworks firecracker" },
      { "Bắt 4 đối tượng, thu giữ 2 kg ketamine.", "4: drug -", "2: drug ketamine" },
      { "Bắt 3 vụ ma túy; 4 vụ, thu 200 kg pháo.", "3: drug -", "4: fireworks -", "200: fireworks -" },
      { "Thu 9 bao thuốc lá, 200 điếu, 5 chai rượu, 3 điếu cần sa.", "9: tobacco -", "200: tobacco -", "5: goods -", "3: drug cannabis" },
    })
  end)

  it("are no one kind where several were named, and no kind for violations of all sorts", function()
    holds(goods, {
      { "OMD V có 1.499 vụ ma túy, chiếm 87,4% tổng số 1.715 vụ.", "OMD V: - -", "1.499: drug -", "87,4: drug -", "1.715: - -" },
      { "Có 77 vụ ma túy và động vật hoang dã.", "77: - -" },
      { "Có 90 vụ vi phạm, 5 tỷ đồng; riêng ma túy 3 vụ.", "90: - -", "5: - -", "3: drug -" },
      { "Bắt 20 đối tượng, thu 5 kg heroin, 300 kg pháo.", "20: - -", "5: drug heroin", "300: fireworks -" },
    })
  end)

  it("leave arms and money that go with them aside", function()
    holds(goods, {
      { "Bắt 2 đối tượng, thu 5 kg heroin, 1 khẩu súng.", "2: drug -", "5: drug heroin", "1: weapon -" },
      { "Khách giấu 30.000 USD không khai báo.", "30.000: currency -" },
      { "Kim ngạch đạt 30 tỷ USD.", "30: - -" },
    })
  end)

  it("are not read out of the names of bodies and duties while others are named", function()
    holds(goods, {
      { "Cảnh sát điều tra tội phạm về ma túy bắt 5 vụ thuốc lá.", "5: tobacco -" },
      { "Cảnh sát điều tra tội phạm về ma túy bắt 5 vụ.", "5: drug -" },
    })
  end)

  it("go on in the paragraph", function()
    holds(goods, {
      { "Buôn bán ma túy tăng. Toàn ngành bắt 12 vụ, 15 đối tượng.", "12: drug -", "15: drug -" },
      { "Bắt vụ ma túy.\nBắt vụ pháo.\nTrong tháng có 3 vụ.", "3: - -" },
    })
  end)
end)

describe("the phase of a figure", function()
  local phase = { "phase" }

  it("is the one of its sentence, but not one that is compared with", function()
    holds(phase, {
      { "OMD V có 1.715 vụ, tăng 26% so với OMD IV.", "OMD V: 5", "1.715: 5", "26: 5", "OMD IV: 4" },
      { "So với giai đoạn 4, giai đoạn 5 tăng 353 vụ.", "4: 4", "5: 5", "353: 5" },
      { "So với giai đoạn 5 (1.715 vụ), giai đoạn 7 (1.155 vụ) giảm.", "5: 5", "1.715: 5", "7: 7", "1.155: 7" },
      { "Giai đoạn 3 và giai đoạn 4 lần lượt có 868 vụ, 1.362 vụ.", "3: 3", "4: 4", "868: 3", "1.362: 4" },
      { "Từ 868 vụ của giai đoạn III lên 1.362 vụ ở giai đoạn IV.", "868: 3", "giai đoạn III: 3", "1.362: 4", "giai đoạn IV: 4" },
    })
  end)

  it("is what the text is about until another time is named", function()
    holds(phase, {
      { "Hội nghị tổng kết OMD VI.\nCác nước bắt giữ 40 vụ.", "OMD VI: 6", "40: 6" },
      { "Tổng kết OMD 7. Trong 10 tháng năm 2025, hải quan bắt 165 vụ. Riêng heroin 9 vụ.",
        "7: 7", "10: -", "165: -", "9: -" },
      { "Bảng số vụ OMD 6\nMa túy | 59 vụ\nTiền chất | 4 vụ\nOMD 7\nMa túy | 20 vụ", "6: 6", "59: 6", "4: 6", "7: 7", "20: 7" },
      { "Tổng kết OMD 7. Tháng 6/2025, trong OMD 7, bắt 165 vụ.", "7: 7", "6/2025: -", "7: 7", "165: 7" },
    })
  end)

  it("is none for all phases together, meetings, and where none was named", function()
    holds(phase, {
      { "Qua 5 giai đoạn, Việt Nam gửi 96 cảnh báo.", "5: -", "96: -" },
      { "OMD 7 bắt 20 vụ. Lũy kế đến nay có 4.500 vụ.", "7: 7", "20: 7", "4.500: -" },
      { "Hội nghị OMD 7 có 60 đại biểu.", "7: 7", "60: -" },
      { "Khu vực VI phát hiện 3 vụ.", "3: -" },
      { "Giai đoạn 2 của dự án có 3 vụ.", "2: -", "3: -" },
    })
  end)

  it("has the days that the text says", function()
    holds({ "phase", "period" }, {
      { "Giai đoạn 5 (từ 15/4/2023 đến 16/11/2023) có 9 vụ.", "5: 5 -", "15/4/2023: 5 2023-04-15/2023-11-16",
        "9: 5 2023-04-15/2023-11-16" },
      { "Tổng kết OMD VI.\nTừ ngày 15/4 đến ngày 16/11/2024, các nước bắt giữ 9 vụ.", "OMD VI: 6 -",
        "15/4: 6 2024-04-15/2024-11-16", "9: 6 2024-04-15/2024-11-16" },
    })
  end)
end)

describe("the time of a figure", function()
  local period = { "period" }

  it("is the one named last before it, or right behind it", function()
    holds(period, {
      { "Năm 2024 bắt 293 vụ; năm 2023 là 243 vụ.", "2024: 2024", "293: 2024", "2023: 2023", "243: 2023" },
      { "Bắt 293 vụ trong năm 2024, 243 vụ trong năm 2023.", "293: 2024", "2024: 2024", "243: 2023", "2023: 2023" },
      { "Quý III/2025 thu 4 kg heroin. Bắt 7 đối tượng.", "2025: 2025-07-01/2025-09-30", "4: 2025-07-01/2025-09-30",
        "7: 2025-07-01/2025-09-30" },
    })
  end)

  it("is not that of a comparison, of a meeting or of a report", function()
    holds(period, {
      { "Tháng 5/2025 bắt 9 vụ, tăng 3 vụ so với tháng 4/2025.", "5/2025: 2025-05", "9: 2025-05", "3: 2025-05", "4/2025: 2025-04" },
      { "Năm 2024 có 9 vụ (cùng kỳ năm 2023 là 7 vụ).", "2024: 2024", "9: 2024", "2023: 2023", "7: 2023" },
      { "Sáu tháng đầu năm 2025 bắt 9 vụ. Cùng kỳ năm ngoái là 7 vụ.", "2025: 2025-01-01/2025-06-30", "9: 2025-01-01/2025-06-30",
        "7: 2024-01-01/2024-06-30" },
      { "Năm 2023 và 2024 lần lượt bắt 243 vụ và 293 vụ.", "2023: 2023", "2024: 2024", "243: 2023", "293: 2024" },
      { "Năm 2023 có 190 vụ, tăng so với 151 vụ năm 2022.", "2023: 2023", "190: 2023", "151: 2022", "2022: 2022" },
      { "Tháng 5/2025 bắt 9 vụ, tính đến ngày 20/5.", "5/2025: 2025-05", "9: 2025-05", "20/5: 2025-05-20" },
      { "Ngày 20/11/2025, hội nghị công bố 9 vụ.", "20/11/2025: 2025-11-20", "9: -" },
    })
  end)

  it("is not the year in which something began", function()
    holds(period, {
      { "Đã có hơn 900 vụ kể từ khi chiến dịch bắt đầu năm 2018.", "900: -", "2018: 2018" },
      { "Từ khi mở màn vào tháng 9/2018 đến nay đã có 900 vụ.", "9/2018: 2018-09", "900: 2018-09-01/2025-11-20" },
    }, { as_of = "2025-11-20" })
  end)

  it("before a rise or fall is that of the base, or not said", function()
    holds({ "phase", "period" }, {
      { "So với giai đoạn 4, giai đoạn 5 tăng từ 90 vụ lên 120 vụ.", "4: 4 -", "5: 5 -", "90: 4 -", "120: 5 -" },
      { "Năm 2024 số vụ giảm từ 90 vụ xuống còn 70 vụ.", "2024: - 2024", "90: - -", "70: - 2024" },
      { "Năm 2024 số vụ tăng, từ 5 vụ mỗi tháng; còn 70 vụ nữa.", "2024: - 2024", "5: - 2024", "70: - 2024" },
    })
  end)

  it("comes from the day of the text where it is said from there", function()
    holds(period, {
      { "Ngày 21-11 bắt 3 vụ.", "21-11: 2023-11-21", "3: 2023-11-21" },
      { "Ngày 30-11 bắt 3 vụ.", "30-11: 2022-11-30", "3: 2022-11-30" },
      { "Tháng trước, đơn vị bắt 3 vụ.", "3: 2023-10" },
      { "Từ đầu năm đến nay có 3 vụ.", "3: 2023-01-01/2023-11-25" },
    }, { as_of = "2023-11-25" })
    holds(period, { { "Ngày 21-11 bắt 3 vụ.", "21-11: -", "3: -" } })
  end)

  it("is that of customs statistics where it is asked for", function()
    local text = "10 tháng đầu năm 2025 bắt 165 vụ; năm 2023 bắt 243 vụ."
    holds(period, { { text, "10: 2025-01-01/2025-10-31", "165: 2025-01-01/2025-10-31", "2023: 2023", "243: 2023" } })
    holds(period, { { text, "10: 2024-12-15/2025-10-14", "165: 2024-12-15/2025-10-14", "2023: 2022-12-16/2023-12-15",
      "243: 2022-12-16/2023-12-15" } }, { calendar = "customs" })
  end)
end)

describe("who counted", function()
  it("acts before the figure, or is named as its source behind it", function()
    holds({ "scope" }, {
      { "Hải quan Việt Nam bắt 9 vụ.", "9: VN-Customs" },
      { "Công an phối hợp với cơ quan Hải quan bắt 9 vụ.", "9: VN-MPS" },
      { "Có 9 vụ từ các nước thành viên.", "9: OMD-members" },
      { "Bên cạnh kết quả của Hải quan Việt Nam, các nước thành viên bắt 9 vụ.", "9: OMD-members" },
      { "OMD V tại Việt Nam có 9 vụ.", "OMD V: -", "9: VN" },
      { "Có 38 đầu mối hải quan. Phát hiện 9 vụ.", "38: -", "9: -" },
      { "Cục Hải quan Hải Phòng bắt 9 vụ.", "9: -" },
      { "Hải quan Thái Lan bắt 9 vụ, Lào 4 vụ.", "9: TH", "4: LA" },
      { "Chi cục Hải quan khu vực VIII bắt 9 vụ.", "9: VN-Customs-VIII" },
      { "HẢI QUAN BẮT GIỮ 9 VỤ", "9: VN-Customs" },
      { "Hải quan cửa khẩu bắt 9 vụ.", "9: -" },
    })
  end)
end)

describe("a change", function()
  it("is compared with what follows, or leads the sentence", function()
    holds({ "compared_to" }, {
      { "OMD V có 9 vụ, tăng 26% so với giai đoạn trước.", "OMD V: -", "9: -", "26: phase:4" },
      { "Số vụ tăng 5%, số đối tượng tăng 7% so với cùng kỳ.", "5: same_period_last_year", "7: same_period_last_year" },
      { "So với năm 2023, số vụ tăng 5%.", "2023: -", "5: 2023" },
      { "Số vụ gấp đôi OMD IV, bằng 80% năm 2019.", "gấp đôi: phase:4", "OMD IV: -", "80: 2019", "2019: -" },
      { "Tháng 1/2025 giảm 5% so với tháng trước.", "1/2025: -", "5: 2024-12" },
      { "Từ 15/12/2024 đến 14/1/2025 giảm 5% so với tháng trước.", "15/12/2024: -", "5: 2024-11-15/2024-12-14" },
      { "Năm 2024 bắt 9 vụ, tăng 3 vụ so với năm trước.", "2024: -", "9: -", "3: 2023" },
    })
  end)
end)

describe("a part", function()
  local part = { "included_in" }

  it("is counted like its whole and not greater", function()
    holds(part, {
      { "Bắt 77 vụ, trong đó 59 vụ ma túy, 18 vụ động vật hoang dã.", "77: -", "59: 1", "18: 1" },
      { "Bắt 9 vụ, trong đó 59 đối tượng và 18 vụ.", "9: -", "59: -", "18: -" },
      { "Có 40 đầu mối, gồm 38 đầu mối hải quan và 2 đầu mối công an.", "40: -", "38: 1", "2: 1" },
      { "Trong 23 cơ quan, có 15 cơ quan hải quan.", "23: -", "15: 1" },
      { "Trong số 90 vụ của giai đoạn V có 70 vụ ma túy và 20 vụ khác.", "90: -", "giai đoạn V: -", "70: 1", "20: 1" },
      { "Thu 2 tấn ma túy, trong đó 300 kg heroin.", "2: -", "300: 1" },
      { "Bắt 9 vụ. Thu 300 kg.", "9: -", "300: -" },
    })
  end)

  it("may stand in lines under it", function()
    holds(part, {
      { "Có 40 vụ.\nTrong đó:\n- Ma túy: 31 vụ;\n- Pháo: 9 vụ.\nPhạt 7 vụ.", "40: -", "31: 1", "9: 1", "7: -" },
      { "Có 40 vụ. Cụ thể:\nMa túy: 31 vụ\nPháo: 9 vụ", "40: -", "31: 1", "9: 1" },
    })
  end)

  it("may stand in brackets behind its whole, unless it is a difference or of another time", function()
    holds(part, {
      { "Có 40 vụ (31 vụ ma túy, 9 vụ pháo).", "40: -", "31: 1", "9: 1" },
      { "Có 18 vụ/25 đối tượng (hải quan chủ trì 8 vụ).", "18: -", "25: -", "8: 1" },
      { "Năm 2024 có 40 vụ (tăng 3 vụ).", "2024: -", "40: -", "3: -" },
      { "Năm 2024 có 40 vụ (năm 2023 có 31 vụ).", "2024: -", "40: -", "2023: -", "31: -" },
    })
  end)

  it("may be counted otherwise right behind its whole", function()
    holds(part, {
      { "Thu 395 kg ma túy (trong đó có 104.410 viên) và 20 kg pháo.", "395: -", "104.410: 1", "20: -" },
      { "Thu 9.000 viên; 40 kg ma túy, trong đó có 500 viên.", "9.000: -", "40: -", "500: 2" },
      { "Thu 9.000 viên và 40 kg ma túy, trong đó có 500 viên.", "9.000: -", "40: -", "500: 1" },
    })
  end)

  it("may stand in the sentences that follow", function()
    holds(part, { { "Có 1.155 vụ. Trong đó: Ma túy: 1.027 vụ, thu 11 tấn. Tiền chất: 20 vụ.", "1.155: -", "1.027: 1", "11: -", "20: 1" } })
  end)

  it("is of the phase, the time and the body of its whole, whatever that is compared with", function()
    holds({ "phase", "included_in" }, {
      { "Giai đoạn VI ghi nhận 95 vụ, giảm 9,5% so với giai đoạn III, trong đó 61 vụ ma túy, 22 vụ pháo và 12 vụ thuốc lá.",
        "Giai đoạn VI: 6 -", "95: 6 -", "9,5: 6 -", "giai đoạn III: 3 -", "61: 6 2", "22: 6 2", "12: 6 2" },
      { "Giai đoạn 6 có 95 vụ, tăng 8% so với cùng kỳ giai đoạn trước, trong đó 61 vụ ma túy, 22 vụ pháo.",
        "6: 6 -", "95: 6 -", "8: 6 -", "61: 6 2", "22: 6 2" },
      { "Giai đoạn 6 có 95 vụ, giảm mạnh so với kết quả mà các nước thành viên đã cùng nhau đạt được tại giai đoạn 3, trong đó " ..
        "61 vụ ma túy, 22 vụ pháo.", "6: 6 -", "95: 6 -", "3: 3 -", "61: 6 2", "22: 6 2" },
      { "Giai đoạn 6 có 95 vụ, so với 120 vụ của giai đoạn 3, trong đó 61 vụ ma túy và 22 vụ pháo.",
        "6: 6 -", "95: 6 -", "120: 3 -", "3: 3 -", "61: 6 2", "22: 6 2" },
      { "Giai đoạn 6 có 95 vụ, giảm 21% so với giai đoạn 3 (120 vụ), trong đó 61 vụ ma túy, 22 vụ pháo.",
        "6: 6 -", "95: 6 -", "21: 6 -", "3: 3 -", "120: 3 -", "61: 6 2", "22: 6 2" },
      { "Giai đoạn 6 có 95 vụ (giai đoạn 3: 120 vụ), trong đó 61 vụ ma túy và 22 vụ pháo. Thu 7 kg vàng.",
        "6: 6 -", "95: 6 -", "3: 3 -", "120: 3 -", "61: 6 2", "22: 6 2", "7: 6 -" },
      { "Giai đoạn 6 có 95 vụ, giảm 40 vụ so với giai đoạn 3, trong đó 31 vụ ma túy.",
        "6: 6 -", "95: 6 -", "40: 6 -", "3: 3 -", "31: 6 2" },
    })
    holds({ "phase" }, { { "Giai đoạn 6 có 95 vụ, trong đó giai đoạn 5 còn dở 11 vụ.", "6: 6", "95: 6", "5: 5", "11: 5" } })
    holds({ "scope", "included_in" }, {
      { "Hải quan Việt Nam lập biên bản 95 vụ, trong đó 61 vụ ma túy, 22 vụ pháo.", "95: VN-Customs -", "61: VN-Customs 1", "22: VN-Customs 1" },
    })
  end)

  it("does not make its whole one of its goods", function()
    holds(goods, {
      { "OMD VI: ghi nhận 95 vụ, trong đó có 61 vụ ma túy, 22 vụ tiền chất", "OMD VI: - -", "95: - -", "61: drug -", "22: precursor -" },
      { "Ghi nhận 95 vụ, trong đó có 61 vụ pháo.", "95: - -", "61: fireworks -" },
      { "Ghi nhận 95 vụ ma túy, trong đó có 61 vụ heroin.", "95: drug -", "61: drug heroin" },
    })
  end)

  it("without goods of its own is one of the goods of its whole", function()
    holds(goods, { { "Cần sa 900 kg, trong đó tuyến hàng không 310 kg.", "900: drug cannabis", "310: drug cannabis" } })
    holds(goods, { { "Thu 50 kg ketamine (trong đó có 800 viên).", "50: drug ketamine", "800: drug ketamine" } })
  end)
end)

describe("what is no part of the article", function()
  it("is read, and tied to nothing outside its line", function()
    local text = table.concat({
      "Giai đoạn 6 của chiến dịch có 77 vụ ma túy, theo tổng kết của các nước thành viên tham gia chiến dịch này trong năm.",
      "Lực lượng kiểm tra 20 kiện hàng. Ảnh: CTV",
      "Tin liên quan",
      "Tạm giữ 400 kg pháo lậu",
      "10:43 | 22/12/2024 An ninh",
      "Khởi tố 2 đối tượng",
      "09:50 | 21/12/2024 An ninh",
    }, "\n")
    holds({ "phase", "category" }, { { text, "6: 6 -", "77: 6 drug", "20: - -", "400: - fireworks", "22/12/2024: - -", "2: - -",
      "21/12/2024: - -" } })
  end)

  it("does not take the headline for one of other articles, and links in lines of their own are others", function()
    local text = table.concat({
      "OMD VII: Bắt giữ 20 vụ",
      "20/11/2025 | 14:30",
      "Các nước thành viên đã phát hiện 15 vụ ma túy.",
      ">> Xem thêm: Bắt 2 đối tượng",
      "Ngoài ra có 5 vụ pháo.",
    }, "\n")
    holds({ "phase" }, { { text, "OMD VII: 7", "20: 7", "20/11/2025: -", "15: 7", "2: -", "5: 7" } })
  end)

  it("ends where prose goes on", function()
    local text = table.concat({
      "Tổng kết giai đoạn 6 của chiến dịch.",
      "Xem thêm",
      "Bắt 5 vụ ở biên giới",
      "Theo tổng kết, các nước thành viên đã phối hợp phát hiện và bắt giữ tất cả 77 vụ trên các tuyến đường bộ và đường biển.",
    }, "\n")
    holds({ "phase" }, { { text, "6: 6", "5: -", "77: 6" } })
  end)
end)

describe("the number of the phase compared with", function()
  it("is that phase's, where it is said to be so many", function()
    holds({ "phase" }, {
      { "Giai đoạn 6 phát hiện 120 vụ, so với giai đoạn 5 là 100 vụ.", "6: 6", "120: 6", "5: 5", "100: 5" },
      { "Giai đoạn 7 bắt 500 vụ, tăng so với giai đoạn 6 là 20%.", "7: 7", "500: 7", "6: 6", "20: 7" } })
  end)
end)

describe("a night", function()
  it("ends on the next day", function()
    local function dates(text)
      local list = {}
      for _, x in ipairs(mekong.read(text)) do
        if x.measure:find "^date" then list[#list + 1] = x.surface .. " = " .. x.value end
      end
      return list
    end
    assert.same({ "12 rạng sáng 13/5 = --05-12/--05-13" }, dates "Đêm 12 rạng sáng 13/5 bắt 2 vụ.")
    assert.same({ "30/4, rạng sáng 1/5/2025 = 2025-04-30/2025-05-01" }, dates "Tối 30/4, rạng sáng 1/5/2025 bắt 2 vụ.")
    assert.same({ "13/5 = --05-13" }, dates "Rạng sáng 13/5 bắt 3 vụ.")
    assert.same({ "12 rạng sáng ngày 13/5/2025 = 2025-05-12/2025-05-13" }, dates "đêm 12 rạng sáng ngày 13/5/2025")
  end)
end)

describe("words that were added", function()
  it("name goods", function()
    mekong.vocab:add("item", { ["sổ xám"] = "heroin" })
    holds(goods, { { "Thu 5 kg sổ xám.", "5: drug heroin" } })
  end)
end)
