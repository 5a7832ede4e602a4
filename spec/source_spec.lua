-- Files of records as people write them: whatever can be read safely is read, the rest is told at its place.
local source = require "mekong.source"
local expect = require "spec.support.expect"
local records = require "spec.support.records"

local function reads(expected, text, opts)
  assert.equal(expected, (records.text({ text = text }, opts)))
end

describe("CSV as people write it", function()
  it("ends lines with LF, CR LF or CR, also mixed, and tells the line of each record", function()
    reads("a|b\n2:1|x\ny\n4:2|z\n5:3|w\n6:4|v", 'a,b\n1,"x\ny"\n2,z\r3,w\r\n4,v')
    reads("a|b\n2:1|x\n3:2|y", "a,b\r1,x\r2,y\r")
    reads("a|b\n2:1|x\r\ny\n4:2|z", 'a,b\r\n1,"x\r\ny"\r\n2,z\r\n')
  end)

  it("keeps quotes inside plain cells, undoes doubled ones and drops blanks around quoted cells", function()
    reads('a|b\n2:5" x|"\n3:x|y "z" w\n4:p|q', 'a,b\n5" x,""""\nx,y "z" w\n "p" ,\t"q"\t\n')
  end)

  it("gives ragged records as they are and leaves blank ones out", function()
    local text, reader = records.text { text = "a,b,c\n1,2\n\n,,\n1,2,3,4\n   \n5,,\n" }
    assert.equal("a|b|c\n2:1|2\n5:1|2|3|4\n7:5||", text)
    assert.equal(3, reader.info.blanks)
  end)

  it("goes on after a record that cannot be read safely", function()
    reads("a|b\n2:1|x [syntax 2,3]\n3:2|y\n4:3|z", 'a,b\n1,"x\n2,y\n3,z')
    reads("a|b\n2:1|xq [syntax 2,6]\n3:2|y", 'a,b\n1,"x"q\n2,y\n')
    reads("a|b\n2:1|\0 [syntax 2,3]\n3:2|y", "a,b\n1,\0\n2,y\n")
    reads("a|b\n2:đ|\xff [syntax 2,3]\n3:2|đ", "a,b\nđ,\xff\n2,đ\n")
  end)

  it("takes the lines behind a quote that is never closed for the rest of its cell up to the next row, and says how many", function()
    local function run(text, opts)
      local list = records.all({ text = text }, opts)
      local told = {}
      for i, one in ipairs(list) do
        told[i] = ("%d:%s%s"):format(one.line, one[1], one.error and " " .. (one.error.message:match "next (%d+) lines" or "alone") or "")
      end
      return table.concat(told, " ")
    end
    for _, ending in ipairs { "\n", "\r\n", "\r" } do
      local function text(s) return (s:gsub("\n", ending)) end
      assert.equal("2:1 3 6:2 7:3", run(text 'a,b,c\n1,x,"đi\nmột\n\nhai, ba\n2,y,z\n3,y,z\n'))
      assert.equal("2:1 2", run(text 'a,b,c\n1,x,"đi\nmột\nhai'))
      assert.equal("2:1 2", run(text 'a,b,c\n1,x,"đi\nmột\nhai\n'))
      assert.equal("2:1 alone 3:2 4:q", run(text 'a,b,c\n1,x,"đi\n2,y,z\nq\n')) -- a short row elsewhere is a row
      assert.equal("2:x alone 3:y", run(text 'a\n"x\ny\n', { separator = "," })) -- of one column every line is a row
    end
    local long = { 'a,b,c\n1,x,"' }
    for i = 2, 20001 do long[i] = "chữ của ô, không phải dòng" end
    assert.equal("2:1 20000 20003:2", run(table.concat(long, "\n") .. "\n2,y,z\n"))
  end)

  it("tells the column of every cell in characters, and its line", function()
    local list = records.all { text = 'a,b,c\nđường,"hai\ndòng",z\n' }
    assert.same({ 1, 2 }, { list[1].col(1) })
    assert.same({ 7, 2 }, { list[1].col(2) })
    assert.same({ 7, 3 }, { list[1].col(3) })
  end)

  it("finds the separator by which records are as long as the header", function()
    for separator, text in pairs { [","] = "a,b\n1;2,3\n", [";"] = "a;b\n1,5;2\n", ["\t"] = "a\tb, c\n1\t2,3\n", ["|"] = "a|b\n1,2|3;4\n" } do
      local _, reader = records.text { text = text }
      assert.equal(separator, reader.info.separator)
    end
    reads("a|b\n3:1,5|2", "sep=;\na;b\n1,5;2\n")
    reads("a,b\n2:1,2", "a,b\n1,2\n", { separator = ";" })
  end)

  it("tells when another separator would do as well", function()
    local _, reader = records.text { text = "a,x;b,y\n1,5;2,5\n" }
    assert.equal(",", reader.info.separator)
    _, reader = records.text { text = "a,x;b\n1,5;2\n" }
    assert.equal(";", reader.info.separator)
    expect.holds(reader.info.notes[1][2], "','")
  end)

  it("reads other quotes, or none, when told", function()
    reads("a|b\n2:x,\"y|z", "a,b\n'x,\"y',z\n", { quote = "'" })
    reads('a|b\n2:"x|y"', 'a,b\n"x,y"\n', { quote = false })
  end)

  it("reads marks and UTF-16", function()
    reads("a|b\n2:ế|\u{1F40A}", "\u{FEFF}a,b\nế,\u{1F40A}\n")
    reads("a|b\n2:ế|\u{1F40A}", "\xFF\xFEa\0,\0b\0\r\0\n\0\xBF\x1E,\0\x3D\xD8\x0A\xDC")
    reads("a|b\n2:ế|\u{1F40A}", "\xFE\xFF\0a\0,\0b\0\n\x1E\xBF\0,\xD8\x3D\xDC\x0A")
  end)

  it("gives the records again from the first one", function()
    local reader <close> = assert(source.open { text = "a\n1\n2\n" })
    for _ = 1, 2 do
      local cells = {}
      for record in reader:records() do cells[#cells + 1] = record[1] end
      assert.same({ "1", "2" }, cells)
    end
  end)

  it("refuses what is no file of records", function()
    expect.fails("missing", source.open, "there-is-no-such-file.csv")
    expect.fails("io", source.open, "/dev/zero")
    expect.fails("io", source.open, "spec")
    expect.fails("format", source.open, { text = "" })
    expect.fails("format", source.open, { text = "\u{FEFF}\r\n" })
    expect.raises("name", function() source.open({ text = "a" }, { seperator = ";" }) end)
    expect.raises("type", function() source.open(7) end)
  end)
end)

describe("the texts that tell the character set", function()
  local core = require "mekong.core"

  local function lists(good, bad, ascii) return table.concat({ table.concat(good, "|"), table.concat(bad, "|"), table.concat(ascii, "|") }, "\n") end

  it("are the same in a file without quotes as the reader of records gives", function()
    local pieces = { "Hải Phòng", " Đà Nẵng ", "\xDF\xE0", "kg", "", "5", ",", ",", "\n", "\r\n", "\r" }
    local seed, looked = 7, 0
    local function pick(n)
      seed = (seed * 1103515245 + 12345) % 2147483648
      return seed // 65536 % n + 1
    end
    for size = 1, 300 do
      local parts = {}
      for i = 1, size % 30 do parts[i] = pieces[pick(#pieces)] end
      local text = table.concat(parts)
      for _, all in ipairs { true, false } do
        local parser <close> = core.source.separated(",", "\"")
        local other <close> = core.source.separated(",", "\"")
        parser:feed(text)
        if all then parser:feed(nil) end
        local good, bad, ascii = parser:texts()
        local fast = lists(other:letters(text, all, ","))
        if #good + #bad > 0 then looked = looked + 1 end
        assert.equal(#good + #bad > 0 and lists(good, bad, ascii) or "\n\n", fast)
      end
    end
    assert.is_true(looked > 200)
  end)
end)

describe("rows from an iterator", function()
  it("become records whose header names every column of every row", function()
    local rows, n = { { b = 1, a = "x" }, { c = true }, { a = 2.5 } }, 0
    local text = records.text(function()
      n = n + 1
      return rows[n]
    end)
    assert.equal("a|b|c\n1:x|1|nil\n2:nil|nil|true\n3:nil|nil|nil [type 3,1]", text)
  end)
end)
