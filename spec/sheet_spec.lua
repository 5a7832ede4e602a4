-- Workbooks and packed files give the same records as plain ones, and what is damaged or hostile in them is refused.
local source = require "mekong.source"
local expect = require "spec.support.expect"
local records = require "spec.support.records"
local workbook = require "spec.support.workbook"
local seeded = require "spec.support.seeded"
local zlib = workbook.modules()

local function when_there(name, check)
  it(name, function()
    if not zlib then return pending "skipped: the Lua modules zlib and lxp are not installed" end
    check()
  end)
end

local function gzip(text) return zlib.deflate(6, 31)(text, "finish") end

local formats = [[<numFmts><numFmt numFmtId="164" formatCode="dd/mm/yyyy"/><numFmt numFmtId="165" formatCode="#,##0.0 &quot;day&quot;"/>
  <numFmt numFmtId="166" formatCode="[h]:mm"/><numFmt numFmtId="167" formatCode="[Red]0.00"/></numFmts>
  <cellStyleXfs><xf numFmtId="14"/></cellStyleXfs>
  <cellXfs><xf numFmtId="0"/><xf numFmtId="164"/><xf numFmtId="165"/><xf numFmtId="22"/><xf numFmtId="20"/><xf numFmtId="167"/></cellXfs>]]

local function column(values, opts)
  opts = opts or {}
  opts.styles = formats
  local list, reader = records.all { text = workbook.of({ { "a", workbook.column(values) } }, opts) }
  local texts = {}
  for i, record in ipairs(list) do texts[i] = record[1] end
  return texts, reader
end

describe("a workbook", function()
  when_there("gives texts of every kind, with the row of the sheet as line", function()
    local rows = [[<row r="2"><c r="A2" t="s"><v>0</v></c><c r="B2" t="s"><v>1</v></c><c r="C2" t="str"><f>1</f><v>c</v></c></row>
      <row r="3"/><row r="4"><c r="A4" t="inlineStr"><is><t>x &amp; </t><r><t>y</t></r></is></c><c r="C4" t="b"><v>1</v></c></row>
      <row><c><v>5</v></c><c/><c t="e"><v>#N/A</v></c><c><v>7</v></c></row>]]
    local shared = { "<t>Số vụ</t>", "<r><t>Ngày </t></r><r><t>bắt</t></r><rPh><t>no</t></rPh>" }
    local text, reader = records.text { text = workbook.of({ { "Trang 1", rows } }, { shared = shared }) }
    assert.equal("Số vụ|Ngày bắt|c\n4:x & y|nil|true\n5:5|nil|#N/A|7", text)
    assert.equal("Trang 1", reader.info.sheet)
    assert.equal("xlsx", reader.info.format)
  end)

  when_there("gives numbers as the decimals that the sheet shows", function()
    local texts, reader = column { { "2.2999999999999998" }, { "1E-3" }, { "1.5E+3" }, { "-0.1" }, { "0.30000000000000004" },
      { "123456789012345678" }, { "999999999999999.9" }, { "1E20" }, { "0.00" }, { "4500" }, { "12.50", 5 }, { "5", 2 } }
    assert.same({ "2.3", "0.001", "1500", "-0.1", "0.3", "123456789012346000", "1000000000000000", "100000000000000000000", "0", "4500",
      "12.5", "5" }, texts)
    assert.equal("4 numbers rounded to 15 digits, as the sheet shows them", reader.info.notes[1][2])
  end)

  when_there("gives dates as ISO, in both ways of counting days", function()
    -- 45883 days after 30/12/1899 is 14/8/2025; 44421 days after 1/1/1904 is the same day.
    assert.same({ "2025-08-14", "2025-08-14T10:30:00", "1900-01-01", "1900-02-28", "60", "1900-03-01", "10:30:00", "2025-08-15",
      "-1", "9999-12-31", "2024-02-29" },
      column { { "45883", 1 }, { "45883.4375", 3 }, { "1", 1 }, { "59", 1 }, { "60", 1 }, { "61", 1 }, { "0.4375", 4 }, { "45883.999999999", 3 },
        { "-1", 1 }, { "2958465", 1 }, { "45351", 1 } })
    assert.same({ "2025-08-14" }, (column({ { "44421", 1 } }, { properties = 'date1904="1"' })))
  end)

  when_there("gives the first sheet that is shown, or the one that is named", function()
    local function sheet(text) return ('<row r="1"><c t="inlineStr"><is><t>%s</t></is></c></row>'):format(text) end
    local text = workbook.of { { "a", sheet "A", 'state="hidden"' }, { "b", sheet "B" }, { "c", sheet "C" } }
    local function first(opts)
      local reader <close> = assert(source.open({ text = text }, opts))
      return reader:header()[1]
    end
    assert.equal("B", first())
    assert.equal("C", first { sheet = "c" })
    assert.equal("A", first { sheet = 1 })
    expect.holds((expect.fails("missing", source.open, { text = text }, { sheet = "d" })), "a, b, c")
    expect.fails("missing", source.open, { text = text }, { sheet = 4 })
    expect.raises("type", function() source.open({ text = text }, { sheet = {} }) end)
  end)

  when_there("tells of merged cells and formulas without results", function()
    local rows = [[<row r="1"><c r="A1" t="inlineStr"><is><t>x</t></is></c></row><row r="2"><c r="A2"><f>B1</f></c><c r="B2"><v>1</v></c></row>]]
    local merged = '<mergeCells><mergeCell ref="A1:B1"/></mergeCells>'
    local _, reader = records.text { text = workbook.of { { "a", rows, "", merged } } }
    assert.same({ "1 merged ranges: only their first cell has content", "1 formulas without a saved result" },
      { reader.info.notes[1][2], reader.info.notes[2][2] })
  end)

  when_there("that is damaged, locked or hostile is refused", function()
    local parts = workbook.parts { { "a", workbook.column { { "1" } } } }
    local whole = workbook.zip(parts)
    for _, cut in ipairs { 1, 22, 100, #whole // 2 } do
      expect.fails("damaged", source.open, { text = whole:sub(1, -1 - cut) }, { format = "xlsx" })
    end
    expect.fails("format", source.open, { text = workbook.zip { { "a.txt", "x" } } })
    expect.fails("permission", source.open, { text = (workbook.zip(parts, true):gsub("(PK\1\2\20\0\20\0)%z%z", "%1\1\0")) })
    local crc = workbook.zip(parts, true):gsub("<v>1</v>", "<v>2</v>")
    local list = records.all { text = crc }
    assert.equal("damaged", list[#list].error.code)
    assert.is_true(list[#list].fatal)
    parts[1][2] = '<!DOCTYPE w [<!ENTITY a "x"><!ENTITY b "&a;&a;">]><worksheet><sheetData>' .. workbook.column { { "&b;" } }
      .. "</sheetData></worksheet>"
    expect.fails("damaged", source.open, { text = workbook.zip(parts) })
    parts[1][2] = "<worksheet><sheetData><row"
    expect.fails("damaged", source.open, { text = workbook.zip(parts) })
    parts[1][2] = '<worksheet><sheetData><row r="1"><c r="XFE1"><v>1</v></c><c r="ZZZZZZZ1"><v>1</v></c></row></sheetData></worksheet>'
    assert(source.open { text = workbook.zip(parts) }):close()
    expect.fails("format", source.open, { text = workbook.of { { "a", "" } } })
    expect.fails("format", source.open, { text = "\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1" .. ("x"):rep(600), name = "a.xls" })
  end)

  when_there("with any byte changed, or any piece of its parts, is read or refused by name", function()
    local random = seeded(20250814)
    local function tried(text)
      local ok, reader, message = pcall(source.open, { text = text }, { format = "xlsx" })
      assert(ok, reader)
      if not reader then
        assert(message:find "%[%l+%]")
        return
      end
      for record in reader:records() do assert(record.n and record.line) end
      reader:close()
    end
    local rows = [[<row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" t="inlineStr"><is><t>b</t></is></c></row>
      <row r="2"><c r="A2" s="1"><v>45883.5</v></c><c r="B2"><f>1</f><v>2.5E-3</v></c></row>]]
    local opts = { shared = { "<t>Số</t>" }, styles = formats }
    local whole = workbook.of({ { "a", rows } }, opts)
    for _ = 1, 1000 do
      local at = random(#whole)
      tried(whole:sub(1, at - 1) .. string.char(random(256) - 1) .. whole:sub(at + 1))
    end
    local pieces = { "", "<", ">", "/", '"', "-1", "99999999999999999999", "1e999", "&amp;", "<row>", "<c>", "</c>", "</row>", "<v>", "<is>", "r=",
      't="s"', "\0", "\xFF", "A1" }
    for _ = 1, 1000 do
      local parts = workbook.parts({ { "a", rows } }, opts)
      local part = parts[random(#parts)]
      local at = random(#part[2])
      part[2] = part[2]:sub(1, at - 1) .. pieces[random(#pieces)] .. part[2]:sub(at + random(8))
      tried(workbook.zip(parts, true))
    end
  end)
end)

describe("a file packed by gzip", function()
  when_there("is read as if it were not, also in several parts", function()
    local text = "a,b\n" .. ("1,đường\n"):rep(50000)
    local list = records.all { text = gzip(text:sub(1, 100001)) .. gzip(text:sub(100002)), name = "x.csv.gz" }
    assert.equal(50000, #list)
    assert.equal("đường", list[50000][2])
    assert.equal("a\n1:1", (records.text { text = gzip '[{"a":1}]', name = "x.json.gz" }))
  end)

  when_there("that ends early or is damaged is told", function()
    local packed = gzip("a,b\n" .. ("1,2\n"):rep(10))
    expect.fails("damaged", source.open, { text = packed:sub(1, -10) })
    expect.fails("damaged", source.open, { text = packed:sub(1, 11) .. "\xFF\xFF\xFF" .. packed:sub(15) })
  end)

  it("needs the Lua module zlib", function()
    local loaded, searchers = package.loaded.zlib, package.searchers
    package.loaded.zlib, package.searchers = nil, { searchers[1] }
    local ok, results = pcall(table.pack, source.open { text = "\x1F\x8B\8" })
    package.loaded.zlib, package.searchers = loaded, searchers
    assert(ok)
    assert.equal("missing", results[3].code)
    expect.holds(results[2], "zlib", "lua-zlib")
  end)
end)
