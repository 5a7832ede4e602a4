-- Files as analysts keep them, worked out by hand: every row that is refused stands here with its place and reason, every
-- cell that is read with an assumption too.
local mekong = require "mekong"
local expect = require "spec.support.expect"
local place = require "spec.support.store_place"

local store
local function load(text, opts, name) return store:load(name or "cases", { text = text, name = "vu.csv" }, opts) end
local function read(text, opts, name) return assert(load(text, opts, name)) end
local function cases(columns) return expect.rows(store:sql(('select %s from cases order by "case"'):format(columns))) end
local function lines(columns) return expect.rows(store:sql(('select %s from lines order by "case", line'):format(columns))) end

-- "row column text code" of each cell of a list, one to a line.
local function cells(t)
  local list = {}
  for i = 1, #t do
    list[i] = ("%d %s '%s' %s"):format(t[i].row, t[i].column or "-", t[i].text or "", t[i].code)
  end
  return table.concat(list, "\n")
end

local function each_time()
  before_each(function() store = assert(mekong.open ":memory:") end)
  after_each(function() store:close() end)
end

describe("a flat file with Vietnamese headings", function()
  each_time()
  local text = [[
Mã vụ;STT;Giai đoạn;Ngày;Nước;Cơ quan;Số đối tượng;Phối hợp;Ghi chú;Nhóm hàng;Mặt hàng;Số lượng;Đơn vị
V01;1;VII;14/8/2025;Việt Nam;Hải quan Lào Cai;2;có;ghi nhanh;ma túy;heroin;2,3;kg
V01;2;VII;14/8/2025;Việt Nam;Hải quan Lào Cai;3;có;;Ma Tuý;ketamine;1.715;viên
V02;3;7;31/2/2025;VN;;;x;;ma tuy;;5;kg
V03;4;giai đoạn 7;8/2025;viet nam;;khoảng 5;không;;ma túy;hêrôin;khoảng 1.500;kg
;5;;;;;;;;;;;
;6;VII;1/9/2025;Lào;;;;;;;;
Tổng cộng;;;;;;10;;;;;9,3;
Mã vụ;STT;Giai đoạn;Ngày;Nước;Cơ quan;Số đối tượng;Phối hợp;Ghi chú;Nhóm hàng;Mặt hàng;Số lượng;Đơn vị
V04;7;8;14/8/2025;Lào;;-1;có thể;;;;;
V05;8;7;14/8/2025;Lào;;;;;;;12 bao
V06;9;VII;12-14/8/2025;Trung Quốc;;ba;;;pháo;;2 tấn;kg
V07;10;VII;5/9/2025;Campuchia;;4;;;;sừng tê giác;gần 2 tấn;
]]

  it("is split into cases and their lines", function()
    local report = read(text)
    assert.same({ 12, 4, 8, 3, 4 }, { report.read, report.accepted, report.rejected, report.cases, report.lines })
    assert.equal("V01\tOMD7\t2025-08-14\tVN\tHải quan Lào Cai\t2\ttrue\n" ..
      "V03\tOMD7\t2025-08\tVN\t\t5\tfalse\n" ..
      "V07\tOMD7\t2025-09-05\tKH\t\t4\t", cases '"case", phase, date, reporter, agency, suspects, joint')
    assert.equal("V01\t1\tdrug\theroin\t2.3\tkg\nV01\t2\tdrug\tketamine\t1715\tpill\nV03\t1\tdrug\theroin\t1500\tkg\n" ..
      "V07\t1\t\trhino_horn\t2\tt", lines '"case", line, category, item, quantity, unit')
    assert.is_true(store:check())
  end)

  it("lists every cell that was refused", function()
    assert.equal("4 date '31/2/2025' range\n6 case '' missing\n7 case '' missing\n8 - 'Tổng cộng' duplicate\n" ..
      "9 - 'Mã vụ' duplicate\n10 phase '8' name\n10 suspects '-1' range\n10 joint 'có thể' type\n11 - 'V05' format\n" ..
      "12 quantity '2 tấn' unit", cells(read(text).rejects))
  end)

  it("lists every cell that was read with an assumption", function()
    local report = read(text)
    assert.equal("3 suspects '3' assumed\n3 quantity '1.715' assumed\n5 suspects 'khoảng 5' assumed\n" ..
      "5 quantity 'khoảng 1.500' assumed\n13 quantity 'gần 2 tấn' assumed", cells(report.assumed))
    expect.holds(report.assumed[1].reason, "khác dòng 2 của cùng vụ", "giữ '2'")
    expect.holds(report.assumed[2].reason, "đọc là 1715")
  end)

  it("keeps the words of hedged numbers in the note of the case", function()
    read(text)
    assert.equal("V01\tghi nhanh\nV03\tSố đối tượng: khoảng 5; Số lượng: khoảng 1.500\nV07\tSố lượng: gần 2 tấn", cases '"case", note')
  end)

  it("says how each heading was understood, and what was written in several ways", function()
    local report = read(text)
    assert.equal("Mã vụ>cases.case STT>nil Giai đoạn>cases.phase Ngày>cases.date Nước>cases.reporter Cơ quan>cases.agency " ..
      "Số đối tượng>cases.suspects Phối hợp>cases.joint Ghi chú>cases.note Nhóm hàng>lines.category Mặt hàng>lines.item " ..
      "Số lượng>lines.quantity Đơn vị>lines.unit", (function()
      local parts = {}
      for i = 1, #report.columns do parts[i] = report.columns[i].header .. ">" .. tostring(report.columns[i].column) end
      return table.concat(parts, " ")
    end)())
    assert.equal("reporter\tVN\tViệt Nam | viet nam\ncategory\tdrug\tMa Tuý | ma túy\nitem\theroin\theroin | hêrôin", expect.rows(report.merged))
    assert.equal("vi", report.numerals[2].style)
  end)

  it("reports in few lines, in the language of the store", function()
    local shown = tostring(read(text))
    expect.holds(shown, "vu.csv vào cases: đọc 12 dòng, nhận 4, loại 8 (3 vụ, 4 dòng tang vật)", "Bị loại:",
      "dòng 4, cột 'Ngày': '31/2/2025' không có ngày này trong lịch", "report.rejects", "Đã nhận nhưng cần xem lại:")
    assert(select(2, shown:gsub("\n", "\n")) < 20, shown)
    local english <close> = assert(mekong.open(":memory:", { locale = "en" }))
    shown = tostring(assert(english:load("cases", { text = text })))
    expect.holds(shown, "text into cases: 12 rows read, 4 accepted, 8 rejected (3 cases, 4 lines)", "is no day of the calendar")
  end)

  it("groups the digits of its counts, and says what two readings words have", function()
    local rows = { "case,suspects,agency,place" }
    for i = 1, 1200 do rows[#rows + 1] = ("K%d,1,Hải quan A,Xã B"):format(i) end
    rows[#rows + 1] = "K0,ba bốn,Hải quan A,Xã B"
    local body = table.concat(rows, "\n")
    local report = read(body)
    expect.holds(tostring(report), "đọc 1.201 dòng, nhận 1.200, loại 1",
      "'ba bốn' có hai cách đọc: 34, hoặc một khoảng từ 3 trở lên; ghi lại bằng một con số")
    assert.equal("ambiguous", report.rejects[1].code)
    local english <close> = assert(mekong.open(":memory:", { locale = "en" }))
    expect.holds(tostring(assert(english:load("cases", { text = body }))), "1,201 rows read, 1,200 accepted",
      "'ba bốn' has two readings: 34, or a range from 3 on; write one number")
  end)

  it("names with several spaces in a row are kept with one, and listed as written", function()
    local report = read "case,agency,place,note\nA,Hải  quan   A,Xã  B,a  b\nB,Hải quan A,Xã B,c\n"
    assert.equal("A\tHải quan A\tXã B\ta  b\nB\tHải quan A\tXã B\tc", cases '"case", agency, place, note')
    assert.same({ "agency", "place" }, report.merged:col "column")
    assert.equal("Hải  quan   A | Hải quan A", report.merged[1].variants)
    assert.equal(2, store.cases:count("key(agency)")[1].n)
  end)

  it("gives the same report each time", function()
    local first = read(text)
    local again <close> = assert(mekong.open ":memory:")
    local second = assert(again:load("cases", { text = text, name = "vu.csv" }))
    assert.equal(tostring(first), tostring(second))
    assert.equal(tostring(first.rejects), tostring(second.rejects))
    assert.equal(tostring(first.merged), tostring(second.merged))
    assert.equal(store:digest(), again:digest())
  end)

  it("with strict loads nothing and names the first cell", function()
    local message, info = expect.fails("range", function() return load(text, { strict = true }) end)
    expect.holds(message, "vu.csv: cases.date '31/2/2025' is no day of the calendar at line 4, column 9", "8 of 12 rows")
    assert.same({ 4, 9, 10 }, { info.line, info.col, #info.report.rejects })
    assert.equal(0, #store:sql "select 1 from cases")
  end)
end)

describe("headings", function()
  each_time()

  it("are found in any case, without marks and with decoration; what is alike is only suggested", function()
    local report = read(" MA VU *,GIAI DOAN:,\"Ngày\nbắt giữ\",Khối lượng (kg),item\nA,7,14/8/2025,5,heroin\n")
    assert.equal(1, report.accepted)
    assert.equal("5\tkg", lines "quantity, unit")
    local message = expect.fails("name", function() return load "case,phse,ngày bắt dữ\n" end)
    expect.holds(message, "vu.csv", "columns 2, 3", "'phse'", "did you mean 'phase'", "'ngày bắt giữ'", "extra =")
    assert.equal(0, #store:sql "select 1 from cases where \"case\" <> 'A'")
  end)

  it("are written with underscores and dashes too, and with the words of the field", function()
    read "ma_vu,giai_doan,so-luong\nA,7,5 kg\n"
    assert.equal("A\t1\t5\tkg", lines '"case", line, quantity, unit')
    read "mã_vụ,Loại hàng hóa,quốc gia đến,Nước xuất xứ,Số viên\nB,ma túy,Việt Nam,Lào,250\n"
    assert.equal("B\tVN\tLA", expect.rows(store:sql [[select "case", destination, origin from cases where "case" = 'B']]))
    assert.equal("drug\t250\tpill", expect.rows(store:sql [[select category, quantity, unit from lines where "case" = 'B']]))
    expect.fails("name", function() return load "case,số gì\nC,5\n" end)
  end)

  it("'đơn vị' is the unit where only lines are loaded, and two things in a question about both", function()
    store:insert("cases", { case = "A" })
    read("case,số lượng,đơn vị\nA,5,kg\n", nil, "lines")
    assert.equal("A\t5\tkg", lines '"case", quantity, unit')
    local message = expect.raises("ambiguous", function() store.cases:where "`đơn vị` = 'kg'" end)
    expect.holds(message, "agency", "unit")
  end)

  it("that are alike in the file can be told apart by renaming one only, which the hint says", function()
    expect.holds(expect.fails("duplicate", function() return load "case,note,note\nA,x,y\n" end), "rename one of them in the file")
    expect.holds(expect.fails("duplicate", function() return load "case,ngày,date\nA,2020,2021\n" end), 'map = {["date"] = false}')
  end)

  it("that bring a scale multiply exactly", function()
    read "case,item,trị giá (triệu đồng),số lượng (nghìn viên)\nA,yaba,\"1.234,5\",\"2,25\"\n"
    assert.equal("1234500000\t2250\tpill", lines "value_vnd, quantity, unit")
  end)

  it("of two columns for one thing name both", function()
    local message = expect.fails("duplicate", function() return load "case,ngày,seizure date\n1,2,3\n" end)
    expect.holds(message, "column 2 'ngày'", "column 3 'seizure date'", "both date")
    expect.fails("duplicate", function() return load "case,date,date\n" end)
    assert.equal(1, read("case,ngày,seizure date\n1,2020,2021\n", { map = { ["seizure date"] = false } }).accepted)
    assert.equal("2020", cases "date")
  end)

  it("that are unknown go where the options say", function()
    local text = "case,cân nặng bì,note\nA,12 g,x\nB,,\n"
    expect.fails("name", function() return load(text) end)
    read(text, { extra = "note" })
    assert.equal("A\tx; cân nặng bì: 12 g\nB\t", cases '"case", note')
    store:delete("cases", "case is not missing")
    read(text, { extra = "ignore" })
    assert.equal("A\tx\nB\t", cases '"case", note')
    store:delete("cases", "case is not missing")
    read(text, { map = { ["Cân nặng bì"] = "place" } })
    assert.equal("12 g", store:sql("select place from cases where \"case\" = 'A'")[1].place)
  end)

  it("without a name are let be while nothing stands under them", function()
    assert.equal(1, read("case,,note\nA,,x\n").accepted)
    local message = expect.fails("name", function() return load "case,,note\nB,5,x\n" end)
    expect.holds(message, "column 2", "no name")
  end)

  it("lack no key", function()
    local message = expect.fails("format", function() return load "phase,note\n7,x\n" end)
    expect.holds(message, "case", "mã vụ", 'key = "row"')
    local report = read("phase,note\n7,x\n6,y\n", { key = "row" })
    assert.equal(2, report.accepted)
    assert.equal("vu.csv:2\tOMD7\nvu.csv:3\tOMD6", cases '"case", phase')
  end)

  it("may be unknown in a preview, which loads nothing", function()
    local report = read("mã,phse,STT\n1,2,3\n", { preview = true })
    assert.is_true(report.preview)
    assert.equal("mã nil, phse nil, STT nil", (function()
      local parts = {}
      for i = 1, 3 do parts[i] = report.columns[i].header .. " " .. tostring(report.columns[i].column) end
      return table.concat(parts, ", ")
    end)())
    expect.holds(tostring(report), "Xem trước, chưa nạp", "có phải 'phase'?")
    assert.truthy(tostring(read("phase,suspects\n5,1\n", { preview = true })):find("Chưa có cột khóa 'case' của bảng cases", 1, true))
    report = read("case,suspects\nA,1\nB,x\n", { preview = true })
    assert.same({ 2, 1, 1 }, { report.read, report.accepted, report.rejected })
    assert.equal(0, #store:sql "select 1 from cases")
  end)

  it("are remembered under a name", function()
    read("số qđ,lượng hàng,bỏ\nA,5 kg,x\n", { map = { ["số qđ"] = "case", ["lượng hàng"] = "quantity", ["bỏ"] = false }, save_map = "cục A" })
    read("Số QĐ,Lượng hàng,bỏ\nB,6 kg,x\n", { map = "cục A" })
    assert.equal("A\t5\tkg\nB\t6\tkg", lines '"case", quantity, unit')
    local message = expect.raises("name", function() load("case\n", { map = "cục B" }) end)
    expect.holds(message, "cục B")
    expect.raises("name", function() load("case\nC\n", { map = { nope = "note" } }) end)
    expect.raises("name", function() load("case\nC\n", { map = { case = "casse" } }) end)
  end)

  it("'đơn vị' is the agency, or the unit where every cell is one", function()
    read "case,đơn vị,số lượng\nA,kg,5\nB,viên,6\n"
    assert.equal("A\t5\tkg\nB\t6\tpill", lines '"case", quantity, unit')
    read "case,đơn vị\nC,Chi cục Hải quan\n"
    assert.equal("Chi cục Hải quan", store:sql("select agency from cases where \"case\" = 'C'")[1].agency)
  end)
end)

describe("cells as they are typed", function()
  each_time()

  it("of a year that no record can have are refused", function()
    local report = read("case,date,date_to\nA,14/8/0205,\nB,1/1/1899,\nC,1/1/1900,\nD,31/12/2100,\nE,2101,\nF,1/1/2025,3/1/2205\n")
    assert.equal("2 date '14/8/0205' range\n3 date '1/1/1899' range\n6 date '2101' range\n7 date_to '3/1/2205' range", cells(report.rejects))
    expect.holds(report.rejects[1].reason, "năm 0205", "1900 đến 2100")
    assert.equal("C\t1900-01-01\nD\t2100-12-31", cases '"case", date')
  end)

  it("have dashes for what is missing, abbreviations with a point and spoken kilos", function()
    local report = read "case,phase,quantity,unit,note\nA,V.,5,Kg.,--\nB,VII,6 kg.,,—\nC,7,7,kí lô,-\nD,7,8 ki lô,,x\nE,--,--,--,–\nF,—,—,—,\n"
    assert.equal(0, report.rejected)
    assert.equal("A\tOMD5\t\nB\tOMD7\t\nC\tOMD7\t\nD\tOMD7\tx\nE\t\t\nF\t\t", cases '"case", phase, note')
    assert.equal("A\t5\tkg\nB\t6\tkg\nC\t7\tkg\nD\t8\tkg", lines '"case", quantity, unit')
  end)
end)

describe("numbers", function()
  each_time()
  local function quantities(list, opts, unit)
    local text = { "case\titem\tquantity\tunit" }
    for i, cell in ipairs(list) do text[i + 1] = ("%02d\theroin\t%s\t%s"):format(i, cell, unit or "kg") end
    local report = read(table.concat(text, "\n"), opts)
    local found = {}
    for i = 1, #list do found[i] = "-" end
    for row in store:sql('select "case" as c, quantity from lines'):rows() do found[tonumber(row.c)] = row.quantity or "nil" end
    store:delete("lines", "line is not missing")
    store:delete("cases", "case is not missing")
    return table.concat(found, " "), report
  end

  it("are read as their column writes them", function()
    assert.equal("1715 2.3 4951.9 300", (quantities { "1.715", "2,3", "4.951,9", "300" }))
    assert.equal("1.715 2.3 4951.9 300", (quantities { "1.715", "2.3", "4,951.9", "300" }))
    local _, report = quantities { "1.715", "2,3" }
    assert.equal("2 quantity '1.715' assumed", cells(report.assumed))
    assert.equal("quantity\tvi\t2\t1\t1.715,5", expect.rows(report.numerals))
  end)

  it("that can be read in two ways are a question", function()
    local found, report = quantities { "1.715", "300", "12.500" }
    assert.equal("- 300 -", found)
    assert.equal("2 quantity '1.715' ambiguous\n4 quantity '12.500' ambiguous", cells(report.rejects))
    expect.holds(report.rejects[1].reason, "1715 hoặc 1,715", 'numbers = "vi"')
    assert.equal("1715 300 12500", (quantities({ "1.715", "300", "12.500" }, { numbers = "vi" })))
    assert.equal("1.715 300 12.5", (quantities({ "1.715", "300", "12.500" }, { numbers = "en" })))
    found, report = quantities { "2,3", "2.5", "1.715" }
    assert.equal("2.3 2.5 -", found)
    expect.holds(table.concat(report.notes, "\n"), "cả hai kiểu")
  end)

  it("of things that are counted are whole", function()
    assert.equal("1715 1715 12", (quantities({ "1.715", "1,715", "12" }, nil, "viên")))
    local report = read "case,suspects\nA,1.715\nB,\"2,5\"\nC,hai\nD,3 người\nE,4 kg\n"
    assert.equal("A\t1715\nC\t2\nD\t3", cases '"case", suspects')
    assert.equal("3 suspects '2,5' type\n6 suspects '4 kg' unit", cells(report.rejects))
  end)

  it("bring their unit, words and spaces along", function()
    local text = "case\titem\tquantity\nA\t\t2,3 tấn\nB\t\t1 715 kg\nC\t\thai tấn\nD\t\t5kg\nE\t\t12 bánh\nF\t\t7\n"
    read(text, { unit = "gam" })
    assert.equal("A\t2.3\tt\nB\t1715\tkg\nC\t2\tt\nD\t5\tkg\nE\t12\tcake\nF\t7\tg", lines '"case", quantity, unit')
  end)

  it("that are none say why", function()
    local found, report = quantities { "abc", "1e5", "1,23E+11", "#REF!", "5 - 7", "-3", "1.7.15", "5 kgg", "50%" }
    assert.equal("- - - - - - - - -", found)
    expect.holds(cells(report.rejects), "2 quantity 'abc' type", "7 quantity '-3' range", "10 quantity '50%' unit")
    expect.holds(report.rejects[2].reason, "số mũ")
    expect.holds(report.rejects[4].reason, "lỗi của bảng tính")
    expect.holds(report.rejects[5].reason, "khoảng")
  end)

  it("with a part are the whole, its words stay in the note", function()
    local report = read "case,quantity\nA,395 kg (trong đó có 3 kg heroin)\nB,\"2,5 kg, trong đó gần 20 viên\"\nC,12 kg (ước tính)\n"
    assert.equal("A\t395\tkg\nB\t2.5\tkg\nC\t12\tkg", lines '"case", quantity, unit')
    assert.equal("A\tquantity: 395 kg (trong đó có 3 kg heroin)\nB\tquantity: 2,5 kg, trong đó gần 20 viên\nC\tquantity: 12 kg (ước tính)",
      cases '"case", note')
    assert.equal(0, #report.rejects)
    expect.holds(cells(report.assumed), "2 quantity '395 kg (trong đó có 3 kg heroin)' assumed")
    expect.holds(report.assumed[1].reason, "ghi cả 395 kg", "included_in")
  end)

  it("that are not there are missing, never zero", function()
    local found, report = quantities { "-", "n/a", "không rõ", "0", "" }
    assert.equal("nil nil nil 0 nil", found)
    assert.equal(3, #report.assumed)
    expect.holds(report.assumed[1].reason, "không phải số 0")
  end)

  it("of JSON have one reading, texts that look like them two", function()
    local report = assert(store:load("cases", { name = "vu.json",
      text = '[{"case": "A", "quantity": 1.715, "unit": "kg"}, {"case": "B", "quantity": "1.715", "unit": "kg"}]' }))
    assert.equal("A\t1.715", lines '"case", quantity')
    assert.equal("2 quantity '1.715' ambiguous", cells(report.rejects))
  end)
end)

describe("dates", function()
  each_time()
  local function dates(list, opts)
    local text = { "case\tdate" }
    for i, cell in ipairs(list) do text[i + 1] = ("%02d\t%s"):format(i, cell) end
    local report = read(table.concat(text, "\n"), opts)
    local found = {}
    for i = 1, #list do found[i] = "-" end
    for row in store:sql('select "case" as c, date from cases'):rows() do found[tonumber(row.c)] = row.date or "nil" end
    store:delete("cases", "case is not missing")
    return table.concat(found, " "), report
  end

  it("have the day first", function()
    local found, report = dates { "5/8/2025", "14-8-2025", "14.8.2025",
      "8/2025", "2025", "2025-08-14", "ngày 3 tháng 2 năm 2024", "2025-08-14 10:30" }
    assert.equal("2025-08-05 2025-08-14 2025-08-14 2025-08 2025 2025-08-14 2024-02-03 2025-08-14", found)
    assert.equal(0, #report.assumed)
    expect.holds(table.concat(report.notes), "Giờ trong ngày không được lưu (1 ô)")
  end)

  it("have the month first only where the column proves it, and say so", function()
    local found, report = dates { "8/14/2025", "8/5/2025", "12/31/2024" }
    assert.equal("2025-08-14 2025-08-05 2024-12-31", found)
    assert.equal("3 date '8/5/2025' assumed", cells(report.assumed))
    found, report = dates { "8/14/2025", "14/8/2025", "8/5/2025" }
    assert.equal("- 2025-08-14 2025-05-08", found)
    assert.equal("2 date '8/14/2025' range", cells(report.rejects))
    expect.holds(report.rejects[1].reason, "2025-08-14", 'dates = "mdy"')
    assert.equal("4 date '8/5/2025' assumed", cells(report.assumed))
  end)

  it("of two digits a year, of a sheet's own count, and none at all are refused", function()
    local found, report = dates { "14/8/25", "45883", "hôm qua", "0/0/2025", "31/4/2025" }
    assert.equal("- - - - -", found)
    assert.equal("2 date '14/8/25' ambiguous\n3 date '45883' type\n4 date 'hôm qua' type\n5 date '0/0/2025' range\n6 date '31/4/2025' range",
      cells(report.rejects))
    expect.holds(report.rejects[2].reason, "2025-08-14")
    assert.equal("2025-08-14", (dates({ "14/8/25" }, { dates = "dmy" })))
    assert.equal("2025-08-14 -", (dates({ "2025-08-14", "14/8/2025" }, { dates = "iso" })))
  end)

  it("of a range are its two ends, and do not run backwards", function()
    local report = read "case,date,date_to\nA,12-14/8/2025,\nB,12-14/8/2025,15/8/2025\nC,14/8/2025,13/8/2025\nD,14/8/2025,8/2025\n"
    assert.equal("A\t2025-08-12\t2025-08-14\nD\t2025-08-14\t2025-08", cases '"case", date, date_to')
    assert.equal("3 date '12-14/8/2025' range\n4 date_to '13/8/2025' range", cells(report.rejects))
  end)

  it("decide which province a name means", function()
    local report = read "case,date,province\nA,14/8/2024,Lào Cai\nB,14/8/2025,lao cai\nC,,Lào Cai\nD,,Hà Giang\nE,,Xứ Đoài\n"
    assert.equal("A\tVN-lao-cai\nB\tVN-15\nC\tLào Cai\nD\tVN-ha-giang\nE\tXứ Đoài", cases '"case", province')
    assert.equal("province\tLào Cai\t1\t4\tVN-lao-cai, VN-15", expect.row(report.unknown, 1))
  end)
end)

describe("rows", function()
  each_time()

  it("that are shorter or longer than the heading are refused, or filled when asked", function()
    local text = "case,phase,note\nA,7\nB,7,x,\nC,7,x,y\nD,7,z\n"
    local report = read(text)
    assert.equal("2 - 'A' format\n4 - 'C' format", cells(report.rejects))
    assert.equal("B\nD", cases '"case"')
    report = read(text, { ragged = "pad", on_duplicate = "skip" })
    assert.same({ 4, 1, 1, 2 }, { report.read, report.accepted, report.rejected, report.skipped })
    assert.equal("2 - 'A' assumed", cells(report.assumed))
  end)

  it("of one case that contradict each other keep the first, and fill what it lacks", function()
    local report = read "case,date,place,suspects,item\nA,14/8/2025,,2,heroin\nA,15/8/2025,Kim Thành,2,yaba\nA,,Na Mèo,,opium\n"
    assert.equal("A\t2025-08-14\tKim Thành\t2", cases '"case", date, place, suspects')
    assert.equal("3 date '15/8/2025' assumed\n4 place 'Na Mèo' assumed", cells(report.assumed))
    expect.holds(report.assumed[2].reason, "dòng 3", "'Kim Thành'")
    assert.equal(3, report.lines)
  end)

  it("with a key that is there twice are refused, skipped or put in its place", function()
    local report = read "case,suspects\nA,1\nB,2\nA,3\n"
    assert.equal("4 case 'A' duplicate", cells(report.rejects))
    assert.equal("4\tA\t2\treject", expect.rows(report.duplicates))
    report = read("case,suspects\nA,5\nC,6\n", { on_duplicate = "skip" })
    assert.same({ 1, 0, 1 }, { report.accepted, report.rejected, report.skipped })
    assert.equal("A\t1\nB\t2\nC\t6", cases '"case", suspects')
    report = read("case,suspects,item\nA,7,heroin\nB,,\n", { on_duplicate = "replace" })
    assert.equal(2, report.accepted)
    assert.equal("A\t7\nB\t\nC\t6", cases '"case", suspects')
    read("case,item\nA,yaba\nA,opium\n", { on_duplicate = "replace" })
    assert.equal("A\t1\tyaba\nA\t2\topium", lines '"case", line, item')
  end)

  it("keep the numbers of their lines when one between them is refused", function()
    read "case,item,quantity,unit\nA,heroin,1,kg\nA,yaba,nhiều,viên\nA,opium,3,kg\n"
    assert.equal("A\t1\theroin\nA\t3\topium", lines '"case", line, item')
    local report = read "case,line,item\nB,5,heroin\nB,5,yaba\nB,,opium\n"
    assert.equal("B\t5\theroin\nB\t6\topium", expect.rows(store:sql [[select "case", line, item from lines where "case" = 'B' order by line]]))
    assert.equal("duplicate", report.rejects[1].code)
  end)

  it("that may tell one seizure twice are pointed out, not merged", function()
    local report = read("case,date,place,item,quantity,unit\nA,14/8/2025,Cửa khẩu Kim Thành,heroin,2300,g\n" ..
      "B,14/8/2025,cửa khẩu kim thành,hêrôin,\"2,3\",kg\nC,14/8/2025,Na Mèo,heroin,\"2,3\",kg\n")
    assert.equal("3\tB\t2\tA", expect.rows(report.likely))
    assert.equal(3, report.cases)
    report = read "case,date,place,item,quantity,unit\nD,14/8/2025,NA MÈO,heroin,\"2,30\",kg\n"
    assert.equal("2\tD\t\tC", expect.rows(report.likely))
  end)

  it("of one record of JSON with two members of a name are refused for that", function()
    local message = expect.fails("duplicate", function() return load('[{"case":"A","case":"B"}]', { format = "json" }) end)
    expect.holds(message, "two members of the name case", "line 1, column 14")
    local report = read('{"case":"A","case":"B"}\n{"case":"C"}\n', { format = "jsonl" })
    assert.same({ 2, 1 }, { report.read, report.accepted })
  end)

  it("that give a fraction as a float are told how to write it", function()
    local list, i = { { case = "A", quantity = 1.5, unit = "kg" } }, 0
    local report = assert(store:load("cases", function() i = i + 1 return list[i] end))
    expect.holds(report.rejects[1].reason, "write it as a text, '1.5'")
  end)

  it("that may tell one seizure twice need not say where: places differ only where both say them", function()
    local head, day = "case,date,reporter,province,place,item,quantity,unit\n", ",14/8/2025,"
    local report = read(head .. "A" .. day .. "VN,,,heroin,\"7,5\",kg\nB" .. day .. "LA,,,heroin,\"7,5\",kg\n" ..
      "C" .. day .. "VN,,Na Mèo,heroin,\"7,5\",kg\nD,15/8/2025,VN,,,heroin,\"7,5\",kg\nE" .. day .. "VN,,,heroin,\"7,6\",kg\n" ..
      "F" .. day .. "VN,,,opium,\"7,5\",kg\n")
    assert.equal("3\tB\t2\tA\n4\tC\t2\tA", expect.rows(report.likely))
    assert.equal(6, report.cases)
    report = read(head .. "G,20/8/2025,VN,,Na Mèo,yaba,9,viên\nH,20/8/2025,VN,,Cầu Treo,yaba,9,viên\nI,20/8/2025,VN,,,yaba,9,viên\n")
    assert.equal("4\tI\t2\tG", expect.rows(report.likely))
  end)

  it("of lines and persons need their case, and are numbered", function()
    store:insert("cases", { { case = "A" }, { case = "B" } })
    local report = read("case,item\nA,heroin\nA,yaba\nX,opium\nB,opium\n", nil, "lines")
    assert.equal("4 case 'X' missing", cells(report.rejects))
    assert.equal("A\t1\nA\t2\nB\t1", lines '"case", line')
    read("mã vụ,mặt hàng\nA,opium\n", nil, "dòng tang vật")
    assert.equal("A\t1\nA\t2\nA\t3\nB\t1", lines '"case", line')
    report = read("case,count,nationality\nA,2,Việt Nam\nB,-1,\n", nil, "persons")
    assert.same({ 1, "3 count '-1' range" }, { report.accepted, cells(report.rejects) })
  end)

  it("of any table are loaded", function()
    local report = read("nguồn,tiêu đề,ngày đăng\ns1,Một,14/8/2025\ns2,Hai,\ns1,Ba,\n,Bốn,\n", nil, "sources")
    assert.equal("4 source 's1' duplicate\n5 source '' missing", cells(report.rejects))
    store:define("cases", { "officer: text | cán bộ", "weight: decimal | cân nặng" })
    read "case,cán bộ,cân nặng\nA,Nam,\"1.234,5\"\n"
    assert.equal("Nam\t1234.5", cases "officer, weight")
  end)

  it("that name people are pointed out, shortened", function()
    local report = read "case,note,place\nA,\"bắt ông Nguyễn Văn An, sinh năm 1985, CCCD 001085012345\",Hà Nội\nB,hàng gửi từ TP Hồ Chí Minh,\n"
    assert.equal("2\tnote\tsố giấy tờ tùy thân\t•••••••••345\n2\tnote\tngày hoặc năm sinh\tsinh năm ••••\n2\tnote\ttên người\tông N. V. A.",
      expect.rows(report.personal))
    assert(not tostring(report):find("001085012345", 1, true))
  end)
end)

describe("a load", function()
  local folder
  before_each(function() store, folder = assert(mekong.open ":memory:"), place.folder() end)
  after_each(function()
    store:close()
    place.remove(folder)
  end)

  it("reads a file in an older character set", function()
    local bytes = mekong.text.encode("mã vụ,giai đoạn,ghi chú,mặt hàng\nA,7,thuốc phiện giấu trong túi đựng gạo nếp,thuốc phiện\n", "tcvn3")
    local report = assert(store:load("cases", place.write(folder .. "/cu.csv", bytes)))
    assert.equal(1, report.accepted)
    assert.equal("thuốc phiện giấu trong túi đựng gạo nếp", cases "note")
    assert.equal("opium", lines "item")
    expect.holds(tostring(report), "Bảng mã: tcvn3")
  end)

  it("takes rows of an iterator, whose figures bring their unit", function()
    local rows = { { case = "A", quantity = mekong.figure "2,3 tấn", joint = true }, { case = "A", quantity = 5, unit = "viên" },
      { case = "B", joint = false, suspects = 3 }, { case = "C", suspects = 2.5 } }
    local i = 0
    local report = assert(store:load("cases", function() i = i + 1 return rows[i] end, { name = "kho cũ" }))
    assert.equal("kho cũ", report.source)
    assert.equal("A\ttrue\t\nB\tfalse\t3", cases '"case", joint, suspects')
    assert.equal("2.3\tt\n5\tpill", lines "quantity, unit")
    assert.same({ 4, "type" }, { report.rejects[1].row, report.rejects[1].code })
  end)

  it("tells its progress and ends when told to, keeping nothing", function()
    local text = { "case,item" }
    for i = 1, 2000 do text[i + 1] = "C" .. i .. ",heroin" end
    text = table.concat(text, "\n")
    local last, total = 0, nil
    assert(load(text, { progress = function(done, all)
      assert(done >= last and done <= all)
      last, total = done, all
    end }))
    assert.same({ 2000, 2000 }, { last, total })
    store:delete("lines", "line is not missing")
    store:delete("cases", "case is not missing")
    for stop = 1, 6 do
      local calls = 0
      expect.fails("cancelled", function()
        return load(text, { progress = function()
          calls = calls + 1
          return calls < stop
        end })
      end)
    end
    local ok, message = pcall(load, text, { progress = function() error("dừng", 0) end })
    assert.same({ false, "dừng" }, { ok, message })
    assert.equal(0, #store:sql "select 1 from cases")
    assert.equal(2000, read(text).accepted)
  end)

  it("declares what time its records cover", function()
    read("case\nA\n", { covers = "15/4/2025-15/9/2025" })
    read("case\nB\n", { covers = "2025-04-15/2025-09-15" })
    read("case\nC\n", { covers = "2024" })
    assert.same({ "2025-04-15/2025-09-15", "2024" }, require("mekong.coverage").of(store, "cases"))
    expect.raises("syntax", function() load("case\nD\n", { covers = "mùa hè" }) end)
  end)

  it("refuses options that are none before it reads", function()
    expect.raises("name", function() load("case\nA\n", { number = "vi" }) end)
    expect.raises("name", function() load("case\nA\n", { numbers = "fr" }) end)
    expect.raises("name", function() load("case\nA\n", { on_duplicate = "merge" }) end)
    expect.raises("type", function() load("case\nA\n", { strict = 1 }) end)
    expect.raises("unit", function() load("case\nA\n", { unit = "kgg" }) end)
    expect.raises("type", function() load("case\nA\n", { map = 5 }) end)
    expect.raises("type", function() load("case\nA\n", { separator = ";;" }) end)
    assert.equal(0, #store:sql "select 1 from cases")
  end)

  it("reads what a template asks for", function()
    for _, locale in ipairs { "vi", "en" } do
      local text = mekong.template("cases", { locale = locale })
      local report = read(text .. "K-" .. locale .. (","):rep(select(2, text:gsub(",", ","))) .. "\r\n")
      assert.equal(1, report.accepted)
      for i = 1, #report.columns do assert(report.columns[i].column, report.columns[i].header) end
    end
    expect.holds(mekong.template("vụ", { locale = "en" }), "case,phase,date", "quantity,unit")
    expect.holds(mekong.template "nguồn", "tiêu đề")
    expect.raises("name", function() mekong.template "casse" end)
    expect.raises("type", function() mekong.template() end)
    expect.raises("name", function() mekong.template("cases", { locale = "fr" }) end)
  end)

  it("is undone with the transaction it stands in", function()
    pcall(store.transaction, store, function()
      assert(load "case\nA\n")
      error "sau đó"
    end)
    assert.equal(0, #store:sql "select 1 from cases")
  end)

  it("of a store that can only be read fails, but a preview does not", function()
    assert(mekong.open(folder .. "/a.db")):close()
    local only <close> = assert(mekong.open(folder .. "/a.db", { readonly = true }))
    assert.equal(1, assert(only:load("cases", { text = "case\nA\n" }, { preview = true })).accepted)
    expect.fails("readonly", function() return only:load("cases", { text = "case\nA\n" }) end)
  end)
end)

describe("a cell of an amount that says more than a number", function()
  each_time()

  it("is refused with what stands beside the number, and where that belongs", function()
    local report = read("case,item,quantity\nA,heroin,hơn 12 kg heroin\nB,heroin,heroin 12kg\nC,heroin,12 kg và 5 viên\n"
      .. "D,heroin,nhiều\nE,heroin,3 kg\n")
    expect.holds(report.rejects[1].reason, "'heroin'", "'hơn 12 kg'", "mặt hàng")
    expect.holds(report.rejects[2].reason, "'heroin'", "'12 kg'")
    expect.holds(report.rejects[3].reason, "có nhiều số", "mỗi số lượng ghi một dòng")
    expect.holds(report.rejects[4].reason, "không phải là số")
    assert.same({ "E" }, store:sql('select "case" from cases'):col "case")
    local english <close> = assert(mekong.open(":memory:", { locale = "en" }))
    report = assert(english:load("cases", { text = "case,quantity\nA,khoảng 12 kg ma túy đá\n" }))
    expect.holds(report.rejects[1].reason, "beside the number 'khoảng 12 kg'", "'ma túy đá'")
  end)

  it("with more digits than a number can have is told the limit", function()
    local report = read(("case,suspects,quantity\nA,9999999999999999999,1\nB,1,%s\nC,999999999999999999,2\n"):format(("9"):rep(41)))
    assert.equal(2, report.rejected)
    expect.holds(report.rejects[1].reason, "18 chữ số")
    expect.holds(report.rejects[2].reason, "38 chữ số")
    local message = expect.raises("limit", function() store:insert("cases", { case = "D", suspects = "9223372036854775808" }) end)
    expect.holds(message, "9223372036854775807")
  end)
end)

describe("a part of what is counted", function()
  each_time()

  it("is kept and added up as it is written, and stands in no way of other rows", function()
    read "case;item;quantity;unit\nA;yaba;1,5 viên;\nB;yaba;2;viên\nC;heroin;2,5;bánh\nD;heroin;2,25;kg\n"
    local d = store.cases
    local t = d:sum "quantity"
    assert.same({ "3,5 viên", "2,5 bánh", "2,25 kg" }, { tostring(t[1].pill), tostring(t[1].cake), tostring(t[1].kg) })
    assert.equal("3,5 viên", tostring(d:by("item"):sum("quantity")[2].pill))
    assert.equal("2 viên", tostring(d:where("unit = 'viên'"):by("item"):agg("q = max(quantity)")[1].q))
    assert.equal("1,5 viên", tostring(d:where("unit = 'viên'"):stats("quantity", "n p50 max")[1].p50))
    expect.raises("type", function() mekong.figure "1,5 viên" end) -- what is announced of a count is whole
  end)
end)

describe("rows that are the same twice", function()
  each_time()

  it("are all kept, counted, and named by their places", function()
    local row = "A;2/5/2025;heroin;1,5 kg\n"
    local report = read("case;date;item;quantity\n" .. row .. row .. "B;3/5/2025;ketamine;2 kg\n" .. row)
    assert.equal(4, #store:sql "select line from lines")
    assert.same({ 3, 5 }, report.likely:col "row")
    assert.same({ 2, 2 }, report.likely:col "other_row")
    expect.holds(tostring(report), "Có thể là một vụ ghi hai lần: 2 (dòng 3 giống dòng 2, dòng 5 giống dòng 2)")
  end)
end)
