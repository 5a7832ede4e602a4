-- Files that nobody should have written: read as far as is safe, refused by name, never hung on, whatever the pieces.
local source = require "mekong.source"
local mekong = require "mekong"
local expect = require "spec.support.expect"
local place = require "spec.support.store_place"
local records = require "spec.support.records"

local function reads(expected, text, opts)
  assert.equal(expected, (records.text({ text = text }, opts)))
end

local encode = mekong.text.encode
local press = "Nơi bắt,Ghi chú\nHà Nội,phát hiện vận chuyển trái phép ma túy tổng hợp\nQuảng Trị,bắt giữ hai đối tượng tại cửa khẩu\n"

describe("the character set of a file", function()
  it("is found in its text, whichever older set it is", function()
    for _, set in ipairs { "tcvn3", "vni", "viscii", "cp1258" } do
      local text, reader = records.text { text = encode(press, set) }
      assert.equal(set, reader.info.charset)
      assert.equal("Nơi bắt|Ghi chú\n2:Hà Nội|phát hiện vận chuyển trái phép ma túy tổng hợp\n3:Quảng Trị|bắt giữ hai đối tượng tại cửa khẩu", text)
    end
    assert.equal("utf8", select(2, records.text { text = press }).info.charset)
  end)

  it("is read as named", function()
    for _, set in ipairs { "tcvn3", "vni", "viscii", "vps", "cp1258", "viqr" } do
      local list = records.all({ text = encode(press, set) }, { charset = set })
      assert.equal("phát hiện vận chuyển trái phép ma túy tổng hợp", list[1][2])
    end
    reads("a\n2:café", "a\ncaf\xE9\n", { charset = "windows-1252" })
    reads("a\n2:ế", "a\0\n\0\xBF\x1E", { charset = "utf-16" })
    reads("a\n2:\xFF [syntax 2,1]", "a\n\xFF\n", { charset = "utf8" })
    expect.raises("name", function() source.open({ text = "a" }, { charset = "tcvn" .. "9" }) end)
    expect.raises("type", function() source.open({ text = "a" }, { charset = 3 }) end)
  end)

  it("is a question when it is not certain, with what the text would be", function()
    local message, info = expect.fails("ambiguous", source.open, { text = "a\n\xB8\n" })
    expect.holds(message, "tcvn3", "charset")
    assert.equal("ambiguous", info.code)
    expect.fails("ambiguous", source.open, { text = "name\ncaf\xE9\nna\xEFve\n" })
  end)

  it("is UTF-8 where most of the text is, and the other records are told", function()
    reads("a|b\n2:Hà Nội|bắt\n3:\xE9|x [syntax 3,1]\n4:Huế|giữ", "a,b\nHà Nội,bắt\n\xE9,x\nHuế,giữ\n")
  end)

  it("that was guessed is refuted by cells in UTF-8", function()
    local list, reader = records.all { text = encode(press, "tcvn3") .. "Huế,x\n" }
    assert.equal("tcvn3", reader.info.charset)
    assert.equal("ambiguous", list[3].error.code)
  end)

  it("is pointed out where UTF-8 had been read as Western", function()
    local text = mekong.text.decode("ghi chú\nphát hiện vận chuyển ma túy\nbắt giữ đối tượng\n", "utf8")
    local wrong = {}
    for i = 1, #text do wrong[i] = utf8.char(text:byte(i)) end -- as Latin-1
    local list, reader = records.all { text = table.concat(wrong) }
    assert.equal("utf8", reader.info.charset)
    expect.holds(reader.info.notes[1][2], "wrong character set")
    assert(list[1][1] ~= "phát hiện vận chuyển ma túy")
  end)

  it("is not taken for VIQR without being told", function()
    local text, reader = records.text { text = encode(press, "viqr") }
    assert.equal("utf8", reader.info.charset)
    expect.holds(reader.info.notes[1][2], "viqr")
    assert(not text:find "Quảng")
  end)

  it("may differ in the records after the first MiB, which are told", function()
    local rows = { "a,b" }
    for i = 1, 100000 do rows[i + 1] = i .. ",chữ" end
    rows[#rows + 1] = "\xE9,x"
    rows[#rows + 1] = "cuối,x"
    local list, reader = records.all { text = table.concat(rows, "\n") }
    assert.equal("utf8", reader.info.charset)
    assert.equal("syntax", list[100001].error.code)
    assert.equal(100002, list[100001].error.line)
    assert.equal("cuối", list[100002][1])
  end)

  it("UTF-16 is decoded strictly", function()
    reads("a\n2:\xED\xA0\xBD [syntax 2,1]\n3:x", "\xFF\xFEa\0\n\0\x3D\xD8\n\0x\0")
    reads("a\n2:x\xFF [syntax 2,1]", "\xFF\xFEa\0\n\0x\0y")
    reads("a|b\n2:c|d", "a\0,\0b\0\n\0c\0,\0d\0") -- without its mark
    reads("a|b\n2:c|d", "\0a\0,\0b\0\n\0c\0,\0d")
  end)
end)

describe("hostile CSV", function()
  for name, case in pairs {
    ["a mark alone"] = { "\u{FEFF}" }, ["blank lines alone"] = { "\n \n\t\r\n,,,\n" }, ["nothing"] = { "" },
    ["a mark of UTF-16 alone"] = { "\xFF\xFE" },
  } do
    it(name .. " is empty", function() expect.fails("format", source.open, { text = case[1] }) end)
  end

  for name, case in pairs {
    ["a header alone"] = { "a,b\n", "a|b" }, ["a header without line end"] = { "a,b", "a|b" },
    ["separators at line ends"] = { "a,b,\n1,2,\n", "a|b|\n2:1|2|" }, ["one column"] = { "a\n1\n2\n", "a\n2:1\n3:2" },
    ["a header twice"] = { "a,a\n1,2\n", "a|a\n2:1|2" }, ["a quoted header over lines"] = { '"a\nb",c\n1,2\n', "a\nb|c\n3:1|2" },
    ["blank lines before the header"] = { "\n\n,\na,b\n1,2\n", "a|b\n5:1|2" }, ["empty quoted cells"] = { 'a,b\n"",x\n', "a|b\n2:|x" },
    ["a quote that is the last byte"] = { 'a,b\n1,"', 'a|b\n2:1| [syntax 2,3]' }, ["a closing quote at the end"] = { 'a,b\n1,"x"', "a|b\n2:1|x" },
    ["a doubled quote at the end"] = { 'a,b\n1,"x""', 'a|b\n2:1|x"" [syntax 2,3]' },
    ["CR CR LF"] = { "a,b\r\r\n1,2\r\r\n", "a|b\n3:1|2" },
    ["quotes in the middle"] = { 'a,b\nx"y"z,"p"\n', 'a|b\n2:x"y"z|p' },
    ["text after quotes"] = { 'a,b\n"x" y,z\n1,2\n', "a|b\n2:xy|z [syntax 2,5]\n3:1|2" },
    ["formulas"] = { "a,b\n=1+1,@SUM(A1)\n", "a|b\n2:=1+1|@SUM(A1)" },
    ["a NUL in quotes"] = { 'a,b\n"\0",1\n2,3\n', "a|b\n2:\0|1 [syntax 2,1]\n3:2|3" },
    ["NUL bytes alone"] = { "abcd\n\0\0\n", "abcd\n2:\0\0 [syntax 2,1]" },
    ["an overlong form"] = { "a\nđ\n\xC0\xAF\n", "a\n2:đ\n3:\xC0\xAF [syntax 3,1]" },
    ["a cut character"] = { "a\nđ\nx\xE1\xBA", "a\n2:đ\n3:x\xE1\xBA [syntax 3,1]" },
    ["two bad cells"] = { "a,b\n\0,\0\n", "a|b\n2:\0|\0 [syntax 2,1]" },
    ["controls"] = { "a\n\1\2\27[31m\n", "a\n2:\1\2\27[31m" }, ["a mark in the middle"] = { "a\nx\u{FEFF}\n", "a\n2:x\u{FEFF}" },
    ["a form feed between lines"] = { "a\n1\f\n2\n", "a\n2:1\f\n3:2" }, ["line separators of Unicode"] = { "a\nx\u{2028}y\n", "a\n2:x\u{2028}y" },
  } do
    it(name .. " is read", function() reads(case[2], case[1]) end)
  end

  it("reads a cell of 10 MB", function()
    local big = ("x"):rep(10 << 20)
    local list = records.all { text = 'a,b\n1,"' .. big .. '\n"\n2,' .. big .. "\n" }
    assert.equal(big .. "\n", list[1][2])
    assert.equal(big, list[2][2])
    assert.same({ 4, 2 }, { list[2].line, list[2].n })
  end)

  it("stops counting columns at 10,000, and goes on with the next record", function()
    local list = records.all { text = "a,b\n" .. (","):rep(100000) .. "x\n1,2\n" .. ("1,"):rep(9999) .. "2\n" }
    assert.equal("limit", list[1].error.code)
    assert.same({ "1", "2" }, { list[2][1], list[2][2] })
    assert.is_nil(list[3].error)
    assert.equal(10000, list[3].n)
    expect.fails("limit", source.open, { text = ("a,"):rep(100000) .. "\n" })
  end)

  it("gives back the lines that a quote never closed took, up to 64 MiB", function()
    local text = 'a,b\n1,"' .. ("x"):rep((64 << 20) + 7) .. "\n2,y\n"
    local list = records.all { text = text }
    assert.equal("limit", list[1].error.code)
    assert.equal("2", list[2][1])
    assert.equal(2, #list)
    list = records.all { text = "a,b\n1," .. ("x"):rep((64 << 20) + 7) .. ',"\n2,y\n' }
    assert.equal("limit", list[1].error.code)
    assert.same({ "2", "y" }, { list[2][1], list[2][2] })
  end)

  it("gives the same whatever the pieces it comes in", function()
    local core = require "mekong.core"
    local text = 'a,b\r\n1,"x\r\ny"\r2, "z""\n" ,w\n\r\n"p"q,đường\n\xFF,1\n3,"never\nx,y\r\n4'
    local function all(size)
      local parser <close> = core.source.separated(",", '"', 0)
      local out = {}
      local function drain()
        for record, places in parser.next, parser do
          local e = record.error
          out[#out + 1] = record.line .. ":" .. table.concat(record, "|") .. (e and e.message .. e.col or "") .. places
        end
      end
      for i = 1, #text, size do
        drain()
        parser:feed(text:sub(i, i + size - 1))
      end
      drain()
      parser:feed(nil)
      drain()
      return table.concat(out, "\n")
    end
    local whole = all(#text)
    assert(whole:find("never closed", 1, true))
    for size = 1, #text - 1 do assert.equal(whole, all(size)) end
  end)

  it("reads files over the end of a piece as it reads short ones", function()
    local folder = place.folder()
    for _, width in ipairs { 5, 63, 1000 } do
      local lines, n = { "a,b" }, 200000 // (width + 20)
      for i = 1, n do lines[i + 1] = ('%d,"%s""đ"",\r\n%d"'):format(i, ("x"):rep(width), i) end
      local list = records.all(place.write(folder .. "/a.csv", table.concat(lines, "\r\n")))
      assert.equal(n, #list)
      for i = 1, n do
        assert.equal(("x"):rep(width) .. '"đ",\r\n' .. i, list[i][2])
        assert.equal(2 * i, list[i].line)
      end
    end
    place.remove(folder)
  end)
end)

describe("what is no file of records", function()
  local folder
  before_each(function() folder = place.folder() end)
  after_each(function() place.remove(folder) end)

  it("is refused without waiting", function()
    assert(os.execute("mkfifo " .. expect.quoted(folder .. "/pipe.csv")))
    expect.fails("io", source.open, folder .. "/pipe.csv")
    expect.fails("io", source.open, folder)
    assert(os.execute("ln -s nowhere " .. expect.quoted(folder .. "/link.csv")))
    expect.fails("missing", source.open, folder .. "/link.csv")
    assert(os.execute("ln -s pipe.csv " .. expect.quoted(folder .. "/to-pipe.csv")))
    expect.fails("io", source.open, folder .. "/to-pipe.csv")
    expect.fails("missing", source.open, folder .. "/none/a.csv")
    expect.raises("type", function() source.open "" end)
    expect.raises("type", function() source.open "a\0b.csv" end)
  end)

  it("is a database, a PDF or an old workbook", function()
    local store = assert(mekong.open(folder .. "/a.db"))
    expect.holds((expect.fails("format", source.open, folder .. "/a.db", nil, store)), "database in use")
    store:close()
    expect.holds((expect.fails("format", source.open, folder .. "/a.db")), "mekong.open")
    for _, head in ipairs { "%PDF-1.7", "\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1", "SQLite format 3\0" } do
      expect.fails("format", source.open, { text = head .. ("\0"):rep(100), name = "a.csv" })
    end
  end)

  it("is told by its content, whatever it is called", function()
    local _, reader = records.text(place.write(folder .. "/a.txt", '[{"a":1}]'))
    assert.equal("json", reader.info.format)
    _, reader = records.text(place.write(folder .. "/a.dat", '{"a":1}\n{"a":2}\n'))
    assert.equal("jsonl", reader.info.format)
    _, reader = records.text(place.write(folder .. "/a.TSV", "a,b\tc\n1,5\t2\n"))
    assert.same({ "tsv", "\t" }, { reader.info.format, reader.info.separator })
  end)

  it("closes its file, and is not read after that", function()
    local path = place.write(folder .. "/a.csv", "a\n1\n")
    local reader = assert(source.open(path))
    reader:close()
    reader:close()
    expect.raises("closed", function() reader:records() end)
  end)

  it("that shrinks or changes while it is read never breaks the reader", function()
    local path = place.write(folder .. "/a.csv", "a,b\n" .. ("1,2\n"):rep(100000))
    local reader <close> = assert(source.open(path))
    local n = 0
    for record in reader:records() do
      n = n + 1
      if n == 1 then place.write(path, "") end
      assert.equal(n + 1, record.line)
    end
    assert(n < 100000)
  end)
end)
