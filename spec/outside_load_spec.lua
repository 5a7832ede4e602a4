-- Messy files as offices send them: what is taken, what is refused (row, column, why) and what is asked, worked out by hand.
local expect = require "spec.support.expect"
local mekong = require "mekong"

local function write(path, bytes)
  local file <close> = assert(io.open(path, "wb"))
  assert(file:write(bytes))
end

local function utf16(text, big)
  local out = { big and "\xFE\xFF" or "\xFF\xFE" }
  for _, code in utf8.codes(text) do out[#out + 1] = string.pack(big and ">I2" or "<I2", code) end
  return table.concat(out)
end

-- rejected cells as "row column code: text"
local function refused(report)
  local out = {}
  for row in report.rejects:rows() do
    assert.equal("string", type(row.reason))
    assert(#row.reason > 5, "no reason is given")
    out[#out + 1] = ("%s %s %s: %s"):format(row.row, row.column or "-", row.code, row.text)
  end
  table.sort(out)
  return out
end

-- what stands in the store: chosen columns of the cases and their lines, rows apart by " | "
local function stands(store, columns)
  local t = store:sql("select " .. columns .. ' from cases c left join lines l on l."case" = c."case" order by c."case", l.line')
  local out = {}
  for i, name in ipairs(t:names()) do
    local list = t:col(name)
    for r = 1, #t do out[r] = (out[r] or "") .. (i > 1 and " " or "") .. tostring(list[r] == nil and "-" or list[r]) end
  end
  return table.concat(out, " | ")
end

local KEY, PHASE, LINE = 'c."case"', 'c."case", c.phase', 'c."case", l.quantity, l.unit'

-- Each: name, text, what the report says (read accepted rejected), columns and rows that must stand, cells refused, options, parts of the report
local FILES = {
  { "headers in capitals, with marks and spaces", "MÃ VỤ,Giai Đoạn,  SỐ LƯỢNG ,ĐVT,Tên hàng\nA,V,3,kg,heroin\n", { 1, 1, 0 },
    'c."case", c.phase, l.quantity, l.unit, l.item', "A OMD5 3 kg heroin" },
  { "headers without marks", "ma vu;giai doan;ngay;so doi tuong;so luong;don vi tinh\nA;5;1/2/2023;2;3,5;kg\n", { 1, 1, 0 },
    'c."case", c.phase, c.date, c.suspects, l.quantity, l.unit', "A OMD5 2023-02-01 2 3.5 kg" },
  { "headers typed as letters and marks apart", "ma\u{303} vu\u{323}\tgiai \u{111}oa\u{323}n\nA\t5\n", { 1, 1, 0 }, PHASE, "A OMD5" },
  { "English and Vietnamese headers beside each other", "case,giai đoạn,origin,nước đến\nA,5,Lào,VN\n", { 1, 1, 0 },
    'c."case", c.phase, c.origin, c.destination', "A OMD5 LA VN" },
  { "a column of running numbers", "STT,Mã vụ\n1,A\n2,B\n", { 2, 2, 0 }, KEY, "A | B" },
  { "the unit in the header", 'Mã vụ,Số lượng (kg)\nB,"3,5"\n', { 1, 1, 0 }, LINE, "B 3.5 kg" },
  { "units in the cells", 'Mã vụ,Số lượng\nA,"3,5 kg"\nB,500 gam\nC,12 cá thể\nD,3 kg\n', { 4, 4, 0 }, LINE,
    "A 3.5 kg | B 500 g | C 12 individual | D 3 kg" },
  { "a unit in the cell against the one of the column", 'Mã vụ,Số lượng,Đơn vị\nA,3 kg,viên\nB,3 kg,kg\n', { 2, 1, 1 }, LINE, "B 3 kg",
    { "2 quantity unit: 3 kg" } },
  { "a unit nobody knows", "case,quantity,unit\nA,5,xyz\nB,5,KG\nC,5,tấn\nD,5,lít\n", { 4, 3, 1 }, LINE, "B 5 kg | C 5 t | D 5 l",
    { "2 unit unit: xyz" } },
  { "numbers as Vietnamese writes them", "Mã vụ;Số lượng;Đơn vị\nA;1.234,5;kg\nB;2,75;kg\nC;1.715;kg\n", { 3, 3, 0 }, LINE,
    "A 1234.5 kg | B 2.75 kg | C 1715 kg", nil, nil, { "1.715", "1715" } },
  { "numbers as English writes them", 'case;quantity;unit\nA;1,234.5;kg\nB;2.75;kg\nC;1,715;kg\n', { 3, 3, 0 }, LINE,
    "A 1234.5 kg | B 2.75 kg | C 1715 kg", nil, nil, { "1,715", "1715" } },
  { "numbers that nothing decides are asked about", "case;quantity;unit\nA;1.715;kg\nB;2.345;kg\n", { 2, 0, 2 }, LINE, "",
    { "2 quantity ambiguous: 1.715", "3 quantity ambiguous: 2.345" } },
  { "and taken when the style is named", "case;quantity;unit\nA;1.715;kg\n", { 1, 1, 0 }, LINE, "A 1715 kg", nil, { numbers = "vi" } },
  { "or the other style", "case;quantity;unit\nA;1.715;kg\n", { 1, 1, 0 }, LINE, "A 1.715 kg", nil, { numbers = "en" } },
  { "both styles in one column", "case;quantity;unit\nA;1.234,5;kg\nB;1,234.5;kg\nC;1.715;kg\n", { 3, 2, 1 }, LINE, "A 1234.5 kg | B 1234.5 kg",
    { "4 quantity ambiguous: 1.715" } },
  { "whole things are whole", "case;suspects\nA;1.200\nB;03\nC;-1\nD;1,5\n", { 4, 2, 2 }, 'c."case", c.suspects', "A 1200 | B 3",
    { "4 suspects range: -1", "5 suspects type: 1,5" }, nil, { "1.200" } },
  { "dates with the day first, ISO and in words",
    "case,date\nA,12/11/2023\nB,2023-11-12\nC,12-11-2023\nD,12.11.2023\nE,ngày 5 tháng 6 năm 2023\n", { 5, 5, 0 }, 'c."case", c.date',
    "A 2023-11-12 | B 2023-11-12 | C 2023-11-12 | D 2023-11-12 | E 2023-06-05" },
  { "dates known in part", "case,date\nA,11/2023\nB,2023\nC,tháng 6/2024\nD,2024-02\n", { 4, 4, 0 }, 'c."case", c.date',
    "A 2023-11 | B 2023 | C 2024-06 | D 2024-02" },
  { "days that never were", "case,date\nA,31/02/2023\nB,29/2/2024\nC,2023-02-29\nD,13/13/2023\n", { 4, 1, 3 }, 'c."case", c.date', "B 2024-02-29",
    { "2 date range: 31/02/2023", "4 date range: 2023-02-29", "5 date range: 13/13/2023" } },
  { "a year in two digits is asked about", "case,date\nA,12/11/23\n", { 1, 0, 1 }, KEY, "", { "2 date ambiguous: 12/11/23" } },
  { "the month first where the file shows it", "case,date\nA,11/25/2023\nB,3/4/2023\n", { 2, 2, 0 }, 'c."case", c.date',
    "A 2023-11-25 | B 2023-03-04", nil, nil,
    { "3/4/2023", "2023-03-04" } },
  { "an end before its beginning", "case,date,date_to\nA,2023-06-05,2023-06-01\nB,2023-06-05,2023-06-09\n", { 2, 1, 1 }, KEY, "B",
    { "2 date_to range: 2023-06-01" } },
  { "days as a spreadsheet numbers them", "case,date\nA,45242\n", { 1, 0, 1 }, KEY, "", { "2 date type: 45242" }, nil, { "2023-11-12" } },
  { "quotes over lines, and the rows after them are numbered as in the file",
    'case,note,suspects\nA,"nói ""không"",\nrồi đi",1\nB,x,nhiều\n', { 2, 1, 1 }, 'c."case", c.note',
    'A nói "không",\nrồi đi', { "4 suspects type: nhiều" } },
  { "a quote that is never closed", 'case,note\nA,ok\nB,"open\nC,x\n', { 3, 2, 1 }, KEY, "A | C", { "3 - syntax: B" } },
  { "rows too short and too long", "case,phase,note\nA,5\nB,5,x,extra\nC,5,y\n", { 3, 1, 2 }, KEY, "C", { "2 - format: A", "3 - format: B" } },
  { "empty cells too many and empty lines", "case,phase\nA,5,,\n\n,\nB,5\n\n", { 2, 2, 0 }, PHASE, "A OMD5 | B OMD5" },
  { "a case without its number", "case,phase\nA,5\n,5\n", { 2, 1, 1 }, KEY, "A", { "3 case missing: " } },
  { "the same case twice", "case,phase\nA,5\nB,5\nA ,5\n", { 3, 2, 1 }, KEY, "A | B", { "4 case duplicate: A" } },
  { "the same line twice", "case,line,quantity,unit\nA,1,5,kg\nA,1,6,kg\nA,2,7,kg\n", { 3, 2, 1 }, LINE, "A 5 kg | A 7 kg",
    { "3 line duplicate: A/1" } },
  { "one row per seizure is split into cases and lines",
    "case,phase,suspects,item,quantity,unit\nA,5,2,heroin,1,kg\nB,5,1,yaba,5,viên\nA,5,2,yaba,10,viên\n",
    { 3, 3, 0 }, 'c."case", c.suspects, l.line, l.quantity, l.unit', "A 2 1 1 kg | A 2 2 10 pill | B 1 1 5 pill", nil, nil, { "2 vụ", "3 dòng" } },
  { "rows of one case that contradict each other", "case,phase,suspects,item,quantity,unit\nA,5,1,heroin,1,kg\nA,5,2,yaba,10,viên\n", { 2, 2, 0 },
    'c."case", c.suspects, l.quantity', "A 1 1 | A 1 10", nil, nil, { "suspects", "'2'" } },
  { "a value of the case known only on a later row", "case,suspects,quantity,unit\nA,,5,kg\nA,3,6,kg\n", { 2, 2, 0 },
    'c."case", c.suspects, l.quantity', "A 3 5 | A 3 6" },
  { "words for what is not known are missing, and 0 is 0", "case,suspects,quantity,unit\nA,-,không rõ,kg\nB,N/A,?,kg\nC,0,0,kg\n", { 3, 3, 0 },
    'c."case", c.suspects, l.quantity', "A - - | B - - | C 0 0", nil, nil, { "không phải số 0" } },
  { "yes and no in many words", "case,joint\nA,có\nB,không\nC,x\nD,1\nE,TRUE\nF,maybe\nG,\n", { 7, 6, 1 }, 'c."case", c.joint',
    "A true | B false | C true | D true | E true | G -", { "7 joint type: maybe" } },
  { "amounts below zero", "case,quantity,unit\nA,-5,kg\nB,5,kg\n", { 2, 1, 1 }, KEY, "B", { "2 quantity range: -5" } },
  { "formulas are text, and no numbers", "case,note,quantity,unit\nA,=1+1,5,kg\nB,x,=1+1,kg\n", { 2, 1, 1 }, 'c."case", c.note', "A =1+1",
    { "3 quantity type: =1+1" } },
  { "the row of totals", "mã vụ,số lượng,đơn vị\nA,5,kg\nTổng cộng,5,kg\n", { 2, 1, 1 }, KEY, "A",
    { "3 - duplicate: Tổng cộng" } },
  { "phases in many spellings", "case,phase\nA,OMD5\nB,omd v\nC,Giai đoạn V\nD,Con rồng Mê Kông 5\nE,5\nF,GĐ 5\nG,VIII\n", { 7, 6, 1 }, PHASE,
    "A OMD5 | B OMD5 | C OMD5 | D OMD5 | E OMD5 | F OMD5", { "8 phase name: VIII" } },
  { "countries and goods in several spellings",
    "case,origin,category,quantity,unit\nA,LÀO,Ma tuý,1,kg\nB,Lào,ma túy,1,kg\nC,CHDCND Lào,MA TÚY,1,kg\n", { 3, 3, 0 },
    'c."case", c.origin, l.category', "A LA drug | B LA drug | C LA drug" },
  { "semicolons, with commas in the text", "mã vụ;ghi chú\nA;một, hai, ba\n", { 1, 1, 0 }, 'c."case", c.note', "A một, hai, ba" },
  { "bars", "mã vụ|giai đoạn\nA|5\n", { 1, 1, 0 }, PHASE, "A OMD5" },
  { "a line that names the separator", "sep=;\nmã vụ;giai đoạn\nA;5\n", { 1, 1, 0 }, PHASE, "A OMD5" },
  { "lines that end in CR", "case,phase\rA,5\rB,4\r", { 2, 2, 0 }, PHASE, "A OMD5 | B OMD4" },
  { "lines that end in CR LF, the last one open", "case,phase\r\nA,5\r\nB,4", { 2, 2, 0 }, PHASE, "A OMD5 | B OMD4" },
  { "spaces of every kind around the cells", "  case , phase \n  A  ,  5 \n\u{A0}B\u{A0},\u{A0}7\u{A0}\n", { 2, 2, 0 }, PHASE, "A OMD5 | B OMD7" },
  { "spaces between thousands", "case;quantity;unit\nA;1 234,5;kg\nB;2\u{A0}000;kg\n", { 2, 2, 0 }, LINE, "A 1234.5 kg | B 2000 kg" },
  { "a header and nothing else", "case,phase\n", { 0, 0, 0 }, KEY, "" },
  { "money in words of scale", "case;trị giá\nA;1.500.000.000\nB;1,5 tỷ đồng\nC;3.771 tỷ 924 triệu đồng\n", { 3, 3, 0 },
    'c."case", l.value_vnd',
    "A 1500000000 | B 1500000000 | C 3771924000000" },
  { "columns nobody asked for go to the notes, when told so", "case,màu xe\nA,đỏ\n", { 1, 1, 0 }, 'c."case", c.note',
    "A màu xe: đỏ", nil, { extra = "note" } },
  { "or are left out", "case,màu xe\nA,đỏ\n", { 1, 1, 0 }, 'c."case", c.note', "A -", nil, { extra = "ignore" } },
  { "a map of one's own", "case,gđ,màu xe\nA,5,đỏ\n", { 1, 1, 0 }, PHASE, "A OMD5", nil, { map = { ["gđ"] = "phase", ["màu xe"] = false } } },
}

-- The call does not load: name, text, code, parts of the message
local ASKED = {
  { "a header nobody knows", "case,phse\nA,5\n", "name", { "'phse'", "'phase'", "column 2" } },
  { "two columns of one name", "case,note,note\nA,x,y\n", "duplicate", { "column 2", "column 3" } },
  { "two columns that mean the same", "case,Ghi chú,note\nA,x,y\n", "duplicate", { "'Ghi chú'", "'note'" } },
  { "no column of the key", "phase,note\n5,x\n", "format", { "case", "mã vụ" } },
}

-- Whole files: name, name of the file, bytes, code of the refusal or nil, rows that stand in "case, place"
local WHOLE = {
  { "a byte order mark", "a.csv", "\xEF\xBB\xBFmã vụ,nơi\nA,Hà Nội\n", nil, "A Hà Nội" },
  { "UTF-16, little end first", "b.csv", utf16 "mã vụ;nơi\r\nA;Hà Nội\r\n", nil, "A Hà Nội" },
  { "UTF-16, big end first", "c.csv", utf16("mã vụ;nơi\r\nA;Hà Nội\r\n", true), nil, "A Hà Nội" },
  { "UTF-16 without its mark, little end first", "b2.csv", utf16("mã vụ;nơi\r\nA;Hà Nội\r\n"):sub(3), nil, "A Hà Nội" },
  { "UTF-16 without its mark, big end first", "c2.csv", utf16("mã vụ;nơi\r\nA;Hà Nội\r\n", true):sub(3), nil, "A Hà Nội" },
  { "JSON in UTF-16 without its mark", "c3.json", utf16('[{"mã vụ":"A","nơi":"Hà Nội"}]'):sub(3), nil, "A Hà Nội" },
  { "TCVN3 that shows itself", "d.csv",
    mekong.text.encode("mã vụ,nơi\nA,Hà Nội\nB,cửa khẩu quốc tế Lạng Sơn\nC,kho hàng của công ty vận tải\n", "tcvn3"), nil,
    "A Hà Nội | B cửa khẩu quốc tế Lạng Sơn | C kho hàng của công ty vận tải" },
  { "TCVN3 that is named", "e.csv", mekong.text.encode("mã vụ,nơi\nA,Hà Nội\n", "tcvn3"), nil, "A Hà Nội", { charset = "tcvn3" } },
  { "VNI that is named", "f.csv", mekong.text.encode("mã vụ,nơi\nA,Hà Nội\n", "vni"), nil, "A Hà Nội", { charset = "vni" } },
  { "tabs in a file called csv", "g.csv", "mã vụ\tnơi\nA\tHà Nội\n", nil, "A Hà Nội" },
  { "JSON with Vietnamese names", "h.json", '[{"mã vụ":"A","nơi":"Hà Nội"},{"mã vụ":"B"},{"mã vụ":"C","nơi":null}]', nil,
    "A Hà Nội | B - | C -" },
  { "JSON by lines, one of them empty", "i.jsonl", '{"case":"A","place":"Hà Nội"}\n\n{"case":"B","place":"x"}\n', nil, "A Hà Nội | B x" },
  { "a byte that is no text", "j.csv", "case,note\nA,ok\nB,x\xFFy\n", "ambiguous", "" },
  { "an empty file", "k.csv", "", "format", "" },
  { "a mark and nothing", "l.csv", "\xEF\xBB\xBF", "format", "" },
  { "empty lines only", "m.csv", "\n\n\n", "format", "" },
  { "JSON with a comma too many", "n.json", '[{"case":"A"},{"case":"B",}]', "syntax", "" },
  { "JSON that is cut off", "o.json", '[{"case":"A"},{"case":', "syntax", "" },
  { "JSON that holds no records", "p.json", "5", "format", "" },
  { "a workbook that is none", "q.xlsx", "case\nA\n", "damaged", "" },
}

describe("messy files:", function()
  local store, folder
  before_each(function()
    store, folder = assert(mekong.open ":memory:"), os.tmpname()
    os.remove(folder)
    assert(os.execute("mkdir '" .. folder .. "'"))
  end)
  after_each(function()
    store:close()
    os.execute("rm -r '" .. folder .. "'")
  end)

  for _, file in ipairs(FILES) do
    local name, text, counts, columns, rows, rejects, options, parts = table.unpack(file, 1, 8)
    it(name, function()
      local report = assert(store:load("cases", { text = text, name = "tệp" }, options))
      assert.same(rejects or {}, refused(report))
      assert.same(counts, { report.read, report.accepted, report.rejected })
      assert.equal(rows, stands(store, columns))
      expect.holds(report, "tệp", table.unpack(parts or {}))
    end)
  end

  for _, file in ipairs(ASKED) do
    local name, text, code, parts = table.unpack(file, 1, 4)
    it(name .. " is asked about, and nothing is loaded", function()
      local report, message, info = store:load("cases", { text = text, name = "tệp" })
      assert.is_nil(report)
      assert.equal(code, info.code)
      expect.holds(message, "tệp", table.unpack(parts))
      assert.equal(0, store.cases:count()[1].n)
    end)
  end

  for _, file in ipairs(WHOLE) do
    local name, path, bytes, code, rows, options = table.unpack(file, 1, 6)
    it(name, function()
      path = folder .. "/" .. path
      write(path, bytes)
      local report, message, info = store:load("cases", path, options)
      if code then
        assert.is_nil(report)
        assert.equal(code, info.code)
        expect.holds(message, path)
      else
        assert(report, message)
        assert.equal(0, report.rejected)
      end
      assert.equal(rows, stands(store, 'c."case", c.place'))
    end)
  end

  it("a byte that is no text is shown where it stands", function()
    local path = folder .. "/x.csv"
    write(path, "case,note\nA,ok\nB,xin đ\xFFy\n")
    local report, message = store:load("cases", path)
    assert.is_nil(report)
    expect.holds(message, "đ<FF>y")
  end)

  it("a JSON record with one name twice is refused beside the others", function()
    local path = folder .. "/x.json"
    write(path, '[{"case":"A","case":"B"},{"case":"C"}]')
    local report = assert(store:load("cases", path))
    assert.same({ 2, 1, 1 }, { report.read, report.accepted, report.rejected })
  end)

  it("a list of rows is sent to insert", function()
    local ok, message = pcall(store.load, store, "cases", { { case = "A" } })
    assert.is_false(ok)
    expect.holds(message, "list of rows", "store:insert", "[type]")
  end)

  it("strict: one refused cell refuses the file, and says where it stands", function()
    local report, message = store:load("cases", { text = "mã vụ,giai đoạn\nM3,4\nM4,99\n", name = "tệp" }, { strict = true })
    assert.is_nil(report)
    expect.holds(message, "line 3", "'99'", "[name]")
    assert.equal(0, store.cases:count()[1].n)
  end)

  it("a preview shows the columns and loads nothing", function()
    local report = assert(store:load("cases", { text = "mã vụ,gđ,abc\nM1,4,x\n", name = "tệp" }, { preview = true }))
    expect.holds(report, "mã vụ", "gđ", "chưa rõ")
    assert.equal(0, store.cases:count()[1].n)
  end)

  it("a map that was saved is known by its name", function()
    local map = { ["gđ"] = "phase", abc = "note" }
    assert(store:load("cases", { text = "mã vụ;gđ;abc\nM1;4;x\n", name = "tệp" }, { map = map, save_map = "phòng A" }))
    assert(store:load("cases", { text = "mã vụ;gđ;abc\nM2;5;y\n", name = "tệp" }, { map = "phòng A" }))
    assert.equal("M1 OMD4 x | M2 OMD5 y", stands(store, 'c."case", c.phase, c.note'))
  end)

  it("cases that stand in the store are refused, left alone or replaced, as told", function()
    assert(store:load("cases", { text = "case,suspects\nA,1\n", name = "tệp" }))
    local again = { text = "case,suspects\nA,2\nB,2\n", name = "tệp" }
    local report = assert(store:load("cases", again))
    assert.same({ "2 case duplicate: A" }, refused(report))
    assert.equal("A 1 | B 2", stands(store, 'c."case", c.suspects'))
    assert(store:load("cases", again, { on_duplicate = "replace" }))
    assert.equal("A 2 | B 2", stands(store, 'c."case", c.suspects'))
  end)

  it("spellings that were merged, names without a code and people in notes are listed", function()
    local report = assert(store:load("cases", {
      text = 'case,origin,agency,note\nA,Atlantis,Đội 3,"Nguyễn Văn A, CCCD 001099012345"\nB,Lào,ĐỘI 3,x\nC,Lào,đội 3,y\n', name = "tệp" }))
    assert.equal(2, #report.personal) -- a name and a number
    assert.equal(1, #report.unknown)
    assert.equal("Atlantis", report.unknown:col(report.unknown:names()[2])[1])
    assert.is_true(#report.merged >= 1)
    expect.holds(report.merged, "ĐỘI 3")
  end)

  it("rows from a function", function()
    local rows, i = { { case = "A", phase = 5, suspects = 2 }, { case = "B", quantity = "1,5", unit = "kg" }, { case = "C", suspects = -1 } }, 0
    local report = assert(store:load("cases", function()
      i = i + 1
      return rows[i]
    end))
    assert.same({ 3, 2, 1 }, { report.read, report.accepted, report.rejected })
    assert.equal("A OMD5 2 - | B - - 1.5", stands(store, 'c."case", c.phase, c.suspects, l.quantity'))
  end)

  it("a quantity of a million digits is refused like any other, in a time that grows with its length alone", function()
    local s <close> = assert(mekong.open ":memory:")
    local digits = ("1"):rep(1000000)
    local report = assert(s:load("cases", { name = "x.csv", text = "case,quantity,unit\nA," .. digits .. ",kg\nB,2,kg\nC,1.5e3,kg\nD,2e7,kg\n" }))
    assert.same({ 4, 1, 3 }, { report.read, report.accepted, report.rejected })
    assert.same({ 2, 4, 5 }, report.rejects:col "row")
    assert.equal(digits:sub(1, 50), report.rejects[1].text:sub(1, 50))
  end)

  it("the bytes of the report are the same every time", function()
    local text = "case,origin,agency,date,quantity,unit\nA,Atlantis,Đội 3,31/2/2023,1.715,kg\nB,Lào,ĐỘI 3,5/6/2023,x,kg\nC,Lào,đội 3,5/6/2023,2,kgg\n"
    local first
    for _ = 1, 3 do
      local s <close> = assert(mekong.open ":memory:")
      local report = assert(s:load("cases", { text = text, name = "tệp" }))
      first = first or tostring(report)
      assert.equal(first, tostring(report))
    end
  end)
end)
