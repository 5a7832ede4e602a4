-- What other tools do to such files without a word, turned into what happens here: each cell that a reader of tables may
-- change, drop or guess is kept, asked about or listed. Comments name another tool only where its behaviour is documented:
-- pandas.read_csv, DuckDB's read_csv and data.table's fread with their defaults.
local mekong = require "mekong"
local expect = require "spec.support.expect"

describe("what is not done silently", function()
  local store
  before_each(function() store = assert(mekong.open ":memory:") end)
  after_each(function() store:close() end)

  local function read(text, opts) return assert(store:load("cases", { text = text }, opts)) end
  local function rows(sql) return expect.rows(store:sql(sql)) end
  local function cases(columns) return rows(('select %s from cases order by "case"'):format(columns)) end
  local function refused(report)
    local list = {}
    for i = 1, #report.rejects do list[i] = ("%d %s %s"):format(report.rejects[i].row, report.rejects[i].column or "-", report.rejects[i].code) end
    return table.concat(list, ", ")
  end

  local function unknown(report, i)
    local row = report.unknown[i]
    return ("%s %s %d"):format(row.column, row.text, row.row)
  end

  -- pandas reads 1.715 as the float 1.715, DuckDB as DOUBLE, fread as numeric: a thousandth of what a Vietnamese hand wrote.
  it("a grouped thousand does not become a fraction", function()
    local report = read "case;item;quantity;unit\nA;heroin;1.715;kg\n"
    assert.equal("2 quantity ambiguous", refused(report))
    assert.equal(0, #store:sql "select 1 from lines")
  end)

  -- A column with one "2,3" is text for pandas (object) and DuckDB (VARCHAR).
  it("a decimal comma does not turn a column of numbers into text", function()
    read "case;item;quantity;unit\nA;heroin;5;kg\nB;heroin;2,3;kg\n"
    assert.equal("A\t5\nB\t2.3", rows 'select "case", quantity from lines order by 1')
  end)

  -- pandas and fread keep 0.1 as a binary double; three of them are not 0.3.
  it("decimals stay decimals to the last digit", function()
    read "case;item;quantity;unit\nA;x;0,1;kg\nA;x;0,10000000000000000000001;kg\n"
    assert.equal("0.1\n0.10000000000000000000001", rows "select quantity from lines order by line")
  end)

  -- pandas turns a column of whole numbers with a gap into floats (3 becomes 3.0); large ones lose digits.
  it("whole numbers with a gap between them stay whole", function()
    read "case,suspects\nA,3\nB,\nC,900719925474099301\n"
    assert.equal("A\t3\nB\t\nC\t900719925474099301", cases '"case", suspects')
  end)

  -- pandas and fread drop the zeros in front of a code: 0012 becomes 12, and two keys may become one.
  it("zeros in front of a key are part of it", function()
    read "case,phase\n0012,7\n12,7\n1e3,7\n1_000,7\n"
    assert.equal("0012\n12\n1_000\n1e3", cases '"case"')
  end)

  -- pandas.to_datetime reads 8/5/2025 with the month first (dayfirst = False); before version 2 it changed the order from
  -- row to row.
  it("a day does not become a month", function()
    read "case,date\nA,8/5/2025\nB,14/5/2025\n"
    assert.equal("A\t2025-05-08\nB\t2025-05-14", cases '"case", date')
  end)

  -- For readers that guess the type of a column, one impossible date makes all of it text.
  it("one impossible date is one row refused, and the column stays dates", function()
    local report = read "case,date\nA,31/2/2025\nB,14/5/2025\n"
    assert.equal("2 date range", refused(report))
    assert.equal("B\t2025-05-14", cases '"case", date')
  end)

  it("a month or a year alone is not given a first day", function()
    read "case,date\nA,5/2025\nB,2025\n"
    assert.equal("A\t2025-05\nB\t2025", cases '"case", date')
  end)

  -- "NA", "None", "null" and "nan" are missing for pandas wherever they stand, also as a text of their own.
  it("texts that look like a missing value elsewhere stay texts", function()
    read "case,place,note\nNA,None,null\nNaN,N/A,nan\n"
    assert.equal("NA\tNone\tnull\nNaN\tN/A\tnan", cases '"case", place, note')
  end)

  -- pandas.groupby leaves out rows whose key is missing (dropna = True).
  it("a row without a key is listed, not lost", function()
    local report = read "case,phase\nA,7\n,7\n"
    assert.equal("3 case missing", refused(report))
    assert.same({ 2, 1, 1 }, { report.read, report.accepted, report.rejected })
  end)

  -- pandas fills short rows with NaN; fread with fill = TRUE too, DuckDB with null_padding.
  it("a short row is not filled up", function()
    assert.equal("3 - format", refused(read "case,phase,suspects\nA,7,3\nB,7\n"))
    assert.equal("A", cases '"case"')
  end)

  -- DuckDB's ignore_errors leaves lines out; fread stops at a longer line with a warning and drops the rest of the file.
  it("a longer row is listed, and what follows it is read", function()
    local report = read "case,phase\nA,7\nB,7,x\nC,7\n"
    assert.equal("3 - format", refused(report))
    assert.equal("A\nC", cases '"case"')
  end)

  -- pandas renames the second of two equal headings to "date.1"; fread keeps both under one name.
  it("two columns of one name are a question", function()
    local message = expect.fails("duplicate", function() return store:load("cases", { text = "case,date,date\nA,2025,2024\n" }) end)
    expect.holds(message, "column 2", "column 3")
  end)

  -- To a grouping by bytes these are four agencies, five categories and three items.
  it("spellings of one name are one code, or listed as spellings", function()
    local report = read("case,agency,category,item\nA,Hải quan Hoà Bình,ma túy,heroin\nB,Hải quan Hòa Bình,ma tuý,hêrôin\n" ..
      "C,hải quan hòa bình,Ma Túy,Heroin\nD,hai quan hoa binh,ma tu\u{301}y,heroin\nE,,ma tuy,heroin\n")
    assert.equal("drug\theroin\t5", rows "select category, item, count(*) as n from lines group by 1, 2")
    assert.equal(4, #store:sql "select distinct agency from cases where agency is not null")
    assert.same({ "agency", "category", "item" }, report.merged:col "column")
    expect.holds(report.merged[1].variants, "Hải quan Hoà Bình", "hai quan hoa binh")
    assert.is_nil(report.merged[1].kept)
  end)

  it("a name nobody knows is kept as it is written and listed", function()
    local report = read "case,item,reporter\nA,cỏ lạ,Atlantis\n"
    assert.equal("cỏ lạ", store:sql("select item from lines")[1].item)
    assert.same({ "item cỏ lạ 2", "reporter Atlantis 2" }, { unknown(report, 1), unknown(report, 2) })
  end)

  -- A sum over a column of numbers adds kilograms to tablets.
  it("a number keeps its unit, and a unit nobody knows is no number without one", function()
    local report = read "case,item,quantity,unit\nA,x,5,kg\nA,x,60,viên\nA,x,7,thùng lạ\n"
    assert.equal("5\tkg\n60\tpill", rows "select quantity, unit from lines order by line")
    assert.equal("4 unit unit", refused(report))
  end)

  it("a hedge is not dropped with its word", function()
    local report = read "case,item,quantity\nA,x,khoảng 5 kg\n"
    assert.equal("5\tkg", rows "select quantity, unit from lines")
    assert.equal(1, #report.assumed)
    expect.holds(cases "note", "khoảng 5 kg")
  end)

  -- A spreadsheet prints zero as "-" and so do people for what they do not know.
  it("a dash is missing, and said to be", function()
    local report = read "case,suspects\nA,-\nB,0\n"
    assert.equal("A\t\nB\t0", cases '"case", suspects')
    expect.holds(report.assumed[1].reason, "không phải số 0")
  end)

  it("a row of totals under the table is not one more case", function()
    assert.equal("4 - duplicate", refused(read "case,suspects\nA,3\nB,4\nTổng cộng,7\n"))
    assert.equal("7", rows "select sum(suspects) as n from cases")
  end)

  it("the same file twice does not count twice", function()
    local text = "case,item\nA,heroin\nB,yaba\n"
    read(text)
    local report = read(text)
    assert.same({ 0, 2 }, { report.accepted, report.rejected })
    assert.equal(2, #store:sql "select 1 from lines")
  end)

  -- Joined to its lines, a case's suspects are added once a line.
  it("what belongs to the case is stored once, however many lines it has", function()
    read "case,suspects,item\nA,3,heroin\nA,3,yaba\nA,3,opium\n"
    assert.equal("3", rows "select sum(suspects) as n from cases")
    assert.equal(3, #store:sql "select 1 from lines")
  end)

  -- pandas refuses the whole file for one byte, or with encoding_errors = "replace" goes on without a word.
  it("bytes that are no UTF-8 are a row refused, not a sign put in their place", function()
    local report = read("case,note\nA,đường bộ\nB,đ\255ờng\nC,đường sông\nD,đường biển\n")
    assert.equal("3", refused(report):match "^%d+")
    assert.equal("A\tđường bộ\nC\tđường sông\nD\tđường biển", cases '"case", note')
  end)

  it("numbers that a spreadsheet has cut are not taken for whole", function()
    assert.equal("2 suspects type, 3 suspects type", refused(read "case,suspects\nA,1E+05\nB,#VALUE!\nC,1\n"))
  end)

  it("formulas are texts and numbers are not calculated", function()
    local report = read 'case,note,suspects\nA,"=HYPERLINK(""x"")",1\nB,+cmd,=1+1\n'
    assert.equal('A\t=HYPERLINK("x")', cases '"case", note')
    assert.equal("3 suspects type", refused(report))
  end)
end)
