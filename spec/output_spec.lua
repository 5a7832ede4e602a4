-- What tables look like in every form: held against the golden files, the same bytes in every process, read back by other
-- programs, and harmless whatever stands in a cell.
local mekong = require "mekong"
local expect = require "spec.support.expect"
local locales = require "spec.support.locales"
local place = require "spec.support.store_place"
local printed = require "spec.support.printed"
local records = require "spec.support.records"
local has_zip, has_xml, lxp = pcall(require, "zlib"), pcall(require, "lxp")

local function there(command) return os.execute("command -v " .. command .. " >/dev/null 2>&1") == true end

-- Runs a Python on a script; arguments follow it.
local interpreter = "python3"
local function python(script, ...)
  local words = { interpreter, "-c", expect.quoted(script) }
  for _, word in ipairs { ... } do words[#words + 1] = expect.quoted(word) end
  return expect.run(table.concat(words, " "))
end

describe("printed tables", function()
  local files, by_name, tables, stores, folder = nil, {}, {}, nil, nil
  setup(function()
    files = printed.files()
    for _, file in ipairs(files) do by_name[file[1]] = file[2] end
    local list
    list, stores = printed.tables()
    for _, entry in ipairs(list) do tables[entry[1]] = entry[2] end
    folder = place.folder()
  end)
  teardown(function()
    for _, store in ipairs(stores) do store:close() end
    place.remove(folder)
  end)

  it("are what the golden files say #tree", function()
    assert(#files > 50)
    for _, file in ipairs(files) do
      assert.equal(place.read("spec/golden/" .. file[1]), file[2],
        "spec/golden/" .. file[1] .. " (lua5.4 spec/support/printed.lua write makes them anew)")
    end
    local names = expect.run "ls spec/golden | wc -l"
    assert.equal(#files, tonumber(names))
  end)

  it("are the same in ten processes, three locales and two time zones, years apart #tree", function()
    local known = { "C", "C.UTF-8", locales.make("vi_VN", folder) and "vi_VN.UTF-8" or nil }
    local fake = there "faketime" and "faketime" or nil
    local first
    for run = 1, 10 do
      local locale = known[run % #known + 1]
      local script = ("assert(os.setlocale '%s' or '%s' == 'C.UTF-8'); arg = { [0] = 'printed.lua', 'show' }; "
        .. "dofile 'spec/support/printed.lua'"):format(locale, locale)
      local env = { "LOCPATH=" .. folder, "LC_ALL=" .. locale, "TZ=" .. (run % 2 == 0 and "UTC" or "Asia/Ho_Chi_Minh") }
      if fake and run > 8 then table.move({ "faketime", "2031-02-28 23:59:58" }, 1, 2, #env + 1, env) end
      local out, code = expect.lua({ "-e", script }, env)
      assert.equal(0, code, out:sub(1, 500))
      first = first or out
      assert(#out > 30000 and out == first, "run " .. run .. " in " .. locale .. " gave other bytes")
    end
  end)

  it("align numbers on the decimal mark and end no line with a blank", function()
    for name, text in pairs(by_name) do
      assert(name:find "csv$" or not (text .. "\n"):find "[^|] \n", name .. " has blanks at the end of a line")
    end
    local column, seen
    for line in by_name["hostile.vi.txt"]:gmatch "[^\n]+" do
      local before = line:match "^(.*%d),%d+$"
      if before then
        column, seen = column or mekong.text.width(before), (seen or 0) + 1
        assert.equal(column, mekong.text.width(before))
      end
    end
    assert.equal(3, seen) -- −2,5 0,125 −0,5
  end)

  describe("in the middle left out", function()
    it("say how many rows there are", function()
      local t = tables.long
      local text = tostring(t)
      expect.holds(text, "940", "1.000")
      local _, lines = text:gsub("\n", "")
      assert.equal(62, lines) -- heading, rule, 60 rows and the gap
      expect.holds(t:to_text { rows = 1 }, "999", "vụ 1 ")
      assert.is_nil((t:to_text { rows = 1 }:find("vụ 2", 1, true)))
      assert.is_nil((t:to_text():find("…", 1, true)))
      assert.is_nil((t:to_text { rows = 1000 }:find("…", 1, true)))
      expect.holds(t:to_text { locale = "en", rows = 999 }, "1 rows in the middle not shown, 1,000 rows in all")
      expect.raises("range", function() t:to_text { rows = 0 } end)
      expect.raises("range", function() t:to_html { rows = "all" } end)
    end)
  end)

  it("are coloured only when asked, and then only coloured", function()
    local plain, coloured = tables.pivot:to_text(), tables.pivot:to_text { color = true }
    assert.is_nil((plain:find("\27", 1, true)))
    assert.is_truthy((coloured:find("\27[1m", 1, true)))
    assert.equal(plain, (coloured:gsub("\27%[%d+m", "")))
    assert.is_nil((tables.hostile:to_text():find("\27", 1, true)))
  end)
end)

describe("separated values", function()
  local tables, stores, folder = {}, nil, nil
  setup(function()
    local list
    list, stores = printed.tables()
    for _, entry in ipairs(list) do tables[entry[1]] = entry[2] end
    folder = place.folder()
  end)
  teardown(function()
    for _, store in ipairs(stores) do store:close() end
    place.remove(folder)
  end)

  it("give every part of a figure to a program", function()
    local lines = {}
    for line in tables.change:to_csv():gmatch "[^\n]+" do lines[#lines + 1] = line end
    assert.equal(8, #lines)
    expect.holds(lines[1], "phase,cases,cases_lower,cases_upper,cases_open,cases_unit,cases_status,cases_sources,against")
    expect.holds(lines[2], "OMD1,164,164,164,,case,A,b1,")
    expect.holds(lines[3], "OMD2,280,280,,lower,case,A,b2,OMD1,,117,,")
    expect.holds(lines[5], "OMD4,1362,1362,1362,,case,P,b2,")
    expect.holds(lines[6], "OMD5,,1700,1730,,case,A,b1,")
    expect.holds(lines[7], "OMD6,1200,0,1200,upper,case,U,b2,")
    expect.holds(lines[8], "OMD7,,,,,,,,OMD6,")
  end)

  it("mark rows that are no groups, and leave no count out", function()
    local lines = {}
    for line in tables.top:to_csv():gmatch "[^\n]+" do lines[#lines + 1] = line end
    expect.holds(lines[1], "row_role")
    assert.is_truthy(lines[3]:find ",others$" and lines[4]:find ",total$")
    assert.is_truthy(lines[2]:find "^LA,4,case,50,50,50,")
  end)

  it("are a Vietnamese spreadsheet's: mark, semicolons, commas, printed headings", function()
    local text = tables.sums:to_csv { dialect = "excel-vi" }
    assert.equal("\u{FEFF}Giai đoạn;Khối lượng (kg);", text:sub(1, #"\u{FEFF}Giai đoạn;Khối lượng (kg);"))
    expect.holds(text, "\r\nVII;13,5;13,5;;≥ 13,5;100;8;1\r\n")
    assert.is_nil((text:gsub("\r\n", ""):find "[\r\n]"))
  end)

  it("never begin a cell as a formula, and give every text back", function()
    local wanted = {}
    for row in tables.hostile:rows() do wanted[#wanted + 1] = row.text end
    for _, dialect in ipairs { "machine", "excel-vi" } do
      local text = tables.hostile:to_csv { dialect = dialect }:gsub("^\u{FEFF}", "")
      for _, record in ipairs((records.all({ text = text }, { charset = "utf8" }))) do
        assert(not (record[1] or ""):find "^[=+@\t\r-]", dialect .. " holds a cell that begins as " .. tostring(record[1]))
      end
    end
    local function trimmed(text) return text:match "^%s*(.-)%s*$" end
    local list = records.all({ text = tables.hostile:to_csv() }, { charset = "utf8" })
    assert.equal(16, #list)
    for i, text in ipairs(wanted) do
      if not text:find "[%c\xE2\xC2]" and utf8.len(text) then
        assert.equal(trimmed(text), (trimmed(list[i][1] or ""):gsub("^'", "")))
      end
    end
  end)

  it("are read by Python and by SQLite as they were written #tree", function()
    if not there "python3" then return pending "skipped: python3 is not installed" end
    local csv = place.write(folder .. "/a.csv", tables.hostile:to_csv())
    local out = python([==[
import csv, sys, json
rows = list(csv.reader(open(sys.argv[1], encoding="utf-8", newline="")))
assert all(len(r) == 3 for r in rows), rows
assert not any(c[:1] in "=+@\t\r" for r in rows[1:] for c in r[:1] if c), rows
print(len(rows), sum(int(r[1]) for r in rows[1:]), rows[3][0], rows[1][2], rows[13][0].count("\n"))]==], csv)
    assert.equal("17 136 '-5+5 -2.5 2\n", out)
    local sums = place.write(folder .. "/b.csv", tables.change:to_csv())
    local listed = there "sqlite3" and expect.run(("sqlite3 :memory: -cmd '.import --csv %s t' %s"):format(sums,
      expect.quoted "select sum(cases_lower) from t")) or "4366\n"
    assert.equal(164 + 280 + 860 + 1362 + 1700 + 0, math.tointeger(tonumber(listed)))
  end)
end)

describe("JSON", function()
  local tables, stores, folder = {}, nil, nil
  setup(function()
    local list
    list, stores = printed.tables()
    for _, entry in ipairs(list) do tables[entry[1]] = entry[2] end
    folder = place.folder()
  end)
  teardown(function()
    for _, store in ipairs(stores) do store:close() end
    place.remove(folder)
  end)

  it("of a figure holds its parts as decimal texts", function()
    assert.equal('{"best":"4500","lower":"4500","upper":null,"lower_open":true,"upper_open":true,"unit":"case","status":"A",'
      .. '"sources":["S1"],"raw":"hơn 4.500 vụ"}', mekong.figure("hơn 4.500 vụ", { source = "S1" }):to_json())
    assert.equal('{"best":"2.3","lower":"2.25","upper":"2.35","lower_open":false,"upper_open":true,"unit":"t","status":"A",'
      .. '"sources":[],"raw":"2,3 tấn"}', mekong.figure("2,3 tấn"):to_json())
    expect.holds(mekong.figure("395 kg (trong đó có gần 104.410 viên)"):to_json(), '"includes":[{"best":"104410","lower":"0"')
    expect.raises("type", function() mekong.figure(5, "vụ").to_json() end)
  end)

  it("is read back whole by Python, one document or a row a line #tree", function()
    if not there "python3" then return pending "skipped: python3 is not installed" end
    place.write(folder .. "/a.json", tables.hostile:to_json())
    place.write(folder .. "/a.jsonl", tables.hostile:to_json { lines = true })
    place.write(folder .. "/c.json", tables.change:to_json())
    local out, status = python([==[
import json, sys
d = json.load(open(sys.argv[1] + "/a.json", encoding="utf-8"))
assert (d["format"], d["version"]) == ("mekong.table", 1)
assert [c["name"] for c in d["columns"]] == ["text", "n", "x"] and list(d["rows"][0]) == ["text", "n", "x"]
assert d["rows"] == [json.loads(l) for l in open(sys.argv[1] + "/a.jsonl", encoding="utf-8")]
t = [r["text"] for r in d["rows"]]
assert t[6] == "\u202egnp.exe\u2066\u200f\x85" and t[7] == "a\0b\7c\x1b[31md\x7f" and t[12] == "one\ntwo\tthree\r\nfour"
assert t[5] == '<script>alert("1")</script> & co' and t[15] == ""
c = json.load(open(sys.argv[1] + "/c.json", encoding="utf-8"))
f = c["rows"][1]["cases"]
assert (f["best"], f["lower"], f["upper"], f["lower_open"], f["sources"]) == ("280", "280", None, True, ["b2"])
assert [s["code"] for s in c["sources"]] == ["b1", "b2"] and len(c["missing"]) == 8
print("ok")]==], folder)
    assert.equal("ok\n", out)
    assert.equal(0, status)
  end)

  it("of claims and of a bilateral summary names its format", function()
    local omd <close> = mekong.omd()
    expect.holds(omd:claims():to_json(), '"format": "mekong.table"', '"name":"value"')
    local text = omd:bilateral("VN", "CN"):to_json { locale = "en" }
    expect.holds(text, '"format": "mekong.bilateral"', '"parties"', '"name": "conferences"', '"title": "Bilateral conferences"')
    assert.is_true(utf8.len(text) > 5000)
  end)

  it("of values that are none of JSON is refused", function()
    local json = require "mekong.render.json"
    assert.equal('{"a":[1,"x",true],"b":{"c":null}}', json.encode { b = { c = json.null }, a = { 1, "x", true } })
    assert.equal("[]", json.encode(json.list {}))
    assert.equal("null", json.encode(0 / 0))
    assert.equal("0.1", json.encode(0.1))
    expect.raises("type", function() json.encode(print) end)
    expect.raises("type", function() json.encode { [1.5] = 1 } end)
  end)
end)

-- Elements of a fragment in order, and their attributes; fails where it is not well-formed.
local allowed = {}
for name in ("div table caption thead tbody tr th td p ul li"):gmatch "%S+" do allowed[name] = true end
local attributes = { class = true, scope = true, colspan = true, rowspan = true, lang = true, tabindex = true, role = true,
  ["aria-label"] = true, ["data-f"] = true }

local function elements(text)
  local cells, current = {}, nil
  local parser = lxp.new {
    StartElement = function(_, name, given)
      assert(allowed[name], "an element " .. name)
      for _, key in ipairs(given) do assert(attributes[key], "an attribute " .. key) end
      if name == "td" or name == "th" then current = "" end
    end,
    CharacterData = function(_, s) current = current and current .. s end,
    EndElement = function(_, name)
      if name == "td" or name == "th" then cells[#cells + 1], current = current, nil end
    end,
  }
  assert(parser:parse((text:gsub("<wbr>", ""))))
  assert(parser:parse())
  parser:close()
  return cells
end

describe("HTML and Markdown", function()
  local tables, stores = {}, nil
  setup(function()
    local list
    list, stores = printed.tables()
    for _, entry in ipairs(list) do tables[entry[1]] = entry[2] end
  end)
  teardown(function()
    for _, store in ipairs(stores) do store:close() end
  end)

  it("hold the texts of cells as texts and no element of their own", function()
    if not has_xml then return pending "skipped: the Lua module lxp is not installed" end
    local cells = elements(tables.hostile:to_html { style = false })
    assert.equal(17 * 3, #cells)
    assert.equal("=cmd|'/c calc'!A0", cells[4])
    assert.equal('<script>alert("1")</script> & co', cells[19])
    assert.equal("\u{FFFD}gnp.exe\u{FFFD}\u{FFFD}\u{FFFD}", cells[22])
    assert.equal("a␀b␇c␛[31md␡", cells[25])
    for _, t in pairs(tables) do elements(t:to_html { style = false, rows = 20 }) end
    local long = stores[2]:sql("select ? as a, ? as b", ("x"):rep(10000), ("đ"):rep(10000))
    cells = elements(long:to_html { style = false, title = '"><script>' })
    assert.equal(("đ"):rep(10000), cells[4])
  end)

  it("are a whole page that loads nothing and runs nothing", function()
    local page = tables.change:to_html { standalone = true, title = "</title><script>" }
    expect.holds(page, "<!DOCTYPE html>", '<html lang="vi">', "default-src 'none'", "<title>&lt;/title&gt;&lt;script&gt;</title>")
    for _, word in ipairs { "<script", "http:", "https:", "@import", "url(", "onload", "<img", "<iframe" } do
      assert.is_nil((page:lower():find(word, 1, true)), word)
    end
    assert.is_nil((tables.change:to_html { style = false }:find("<style", 1, true)))
    assert.is_truthy((tables.change:to_html():find("<style", 1, true)))
  end)

  it("name the words over the columns, the totals, the notes and the sources", function()
    local html, md = tables.pivot:to_html { style = false }, tables.pivot:to_markdown()
    expect.holds(html, '<th scope="colgroup" class="over" colspan="4">Giai đoạn</th>', '<tbody class="total">', "Mỗi vụ chỉ tính một lần")
    expect.holds(md, "Các cột: Giai đoạn", "| **Tổng** | **2** |", "Mỗi vụ chỉ tính một lần")
    expect.holds(tables.change:to_html { style = false }, "<li>[b1] Bản tin, Báo cáo &lt;tổng kết&gt; &amp; số liệu, 20/11/2023</li>",
      "<p>* số sơ bộ")
    expect.holds(tables.change:to_markdown { locale = "en" }, "\\* preliminary", "Sources:", "- \\[b2\\] Trang tin, example.org/tin, Nov 2025")
    assert.is_nil((tables.change:to_html { style = false, sources = false }:find("<li>", 1, true)))
    assert.is_nil((tables.change:to_markdown { notes = false }:find("preliminary", 1, true)))
  end)

  it("keep every cell of Markdown in its column", function()
    for name, t in pairs(tables) do
      local bars
      for line in t:to_markdown { rows = 20 }:gmatch "[^\n]+" do
        if line:sub(1, 1) == "|" then
          local _, n = line:gsub("\\[\\|]", ""):gsub("|", "")
          bars = bars or n
          assert.equal(bars, n, name .. ": " .. line)
        end
        assert.is_nil((line:find("<", 1, true)), line)
      end
    end
  end)
end)

describe("workbooks", function()
  local tables, stores, folder, present = {}, nil, nil, nil
  setup(function()
    local list
    list, stores = printed.tables()
    for _, entry in ipairs(list) do tables[entry[1]] = entry[2] end
    folder = place.folder()
    present = pcall(require, "mekong.xlsx")
  end)
  teardown(function()
    for _, store in ipairs(stores) do store:close() end
    place.remove(folder)
  end)

  local function when_there(name, check)
    it(name, function()
      if not present then return pending "skipped: mekong.xlsx is not built (libxlsxwriter)" end
      check()
    end)
  end

  it("that cannot be written are told with the name of the package", function()
    local script = [[package.preload["mekong.xlsx"] = nil
      local path = package.cpath
      table.insert(package.searchers, 2, function(name)
        if name == "mekong.xlsx" then error("module 'mekong.xlsx' not found: hidden", 0) end
      end)
      local mekong = require "mekong"
      local store <close> = assert(mekong.open ":memory:")
      local t = store:sql "select 1 as a"
      local value, message, info = t:save(arg[1])
      assert(value == nil and info.code == "missing" and path, message)
      assert(t:to_xlsx() == nil and not io.open(arg[1]))
      print(message)]]
    local file = place.write(folder .. "/hidden.lua", script)
    local out = expect.lua { file, folder .. "/hidden.xlsx" }
    expect.holds(out, "libxlsxwriter-dev", "[missing]", ".csv")
  end)

  when_there("hold numbers as numbers and texts as texts, and no formula", function()
    if not has_zip or not has_xml then return pending "skipped: the Lua modules zlib and lxp are not installed" end
    local rows = records.all { text = tables.hostile:to_xlsx(), name = "a.xlsx" }
    assert.equal(16, #rows)
    assert.equal("=cmd|'/c calc'!A0", rows[1][1])
    assert.equal("-2.5", rows[1][3])
    assert.equal("3", rows[3][2])
    assert.equal("x'00FF41'", rows[12][1])
  end)

  when_there("are opened by openpyxl: formats, days, bounds, remarks, a heading that stays #tree", function()
    if select(2, python "import openpyxl") ~= 0 then interpreter = "/usr/bin/python3" end
    if select(2, python "import openpyxl") ~= 0 then return pending "skipped: openpyxl is not installed" end
    for _, name in ipairs { "hostile", "change", "pivot", "top" } do place.write(folder .. "/" .. name .. ".xlsx", tables[name]:to_xlsx()) end
    local out = python([==[
import openpyxl, sys, zipfile, datetime
def book(name): return openpyxl.load_workbook(sys.argv[1] + "/" + name + ".xlsx")
h = book("hostile")["Số liệu"]
kinds = {c.data_type for r in h.iter_rows() for c in r}
assert kinds == {"s", "n"}, kinds
assert h["A2"].value == "=cmd|'/c calc'!A0" and h["A6"].value == "'quoted" and h["C2"].value == -2.5
assert h["A16"].value == "_x0041_" and not any(c.hyperlink for r in h.iter_rows() for c in r)
w = book("change"); c = w["Số liệu"]
head = [x.value for x in c[1]]
assert head[:5] == ["Giai đoạn", "Số vụ", "Số vụ: từ", "Số vụ: đến", "Số vụ: ghi chú"], head
assert [x.value for x in c[3]][:5] == ["II", 280, 281, None, "> 280"]
assert [x.value for x in c[5]][:5] == ["IV", 1362, 1362, 1362, "sơ bộ"]
assert c.freeze_panes == "B2" and c["B5"].number_format == "#,##0"
assert "Trang tin" in c["B3"].comment.text and "hơn 280 vụ" in c["B3"].comment.text
percent = head.index("Thay đổi: từ")
assert abs(c[3][percent].value - 0.71341463414634) < 1e-9 and c[3][percent].number_format == "0.0%"
assert "Nguồn" in [x.value for x in w["Ghi chú"]["A"]]
assert w.properties.created == datetime.datetime(1980, 1, 1)
p = book("pivot")["Số liệu"]
assert [x.value for x in p[p.max_row]] == ["Tổng", 2, 1, 4, 1, 8] and p.cell(p.max_row, 1).font.bold
assert [x.value for x in book("top")["Số liệu"][4]] == ["Tổng", 8, 1]
assert all(i.date_time == (1980, 1, 1, 0, 0, 0) for i in zipfile.ZipFile(sys.argv[1] + "/change.xlsx").infolist())
print("ok")]==], folder)
    assert.equal("ok\n", out)
  end)

  when_there("bear the time they are told to bear", function()
    local script = place.write(folder .. "/epoch.lua", [[
      local store <close> = require("mekong").open ":memory:"
      io.write(store:sql("select 1 as a"):to_xlsx())]])
    local one = expect.lua({ script }, { "SOURCE_DATE_EPOCH=1700000000" })
    assert.equal(one, (expect.lua({ script }, { "SOURCE_DATE_EPOCH=1700000000" })))
    assert.is_true(one ~= expect.lua { script })
    assert.equal(expect.lua { script }, (expect.lua({ script }, { "SOURCE_DATE_EPOCH=soon" })))
  end)

  when_there("hold long texts as far as a cell goes, and refuse what no sheet holds", function()
    local long = stores[2]:sql("select ? as a", ("đ"):rep(40000)):to_xlsx()
    assert.is_true(#long > 5000)
    local workbook = require "mekong.xlsx"
    local book <close> = workbook.new(1, "x")
    local sheet = book:sheet "a"
    assert.is_nil((book:sheet "a"))
    assert.is_nil((book:sheet("a/b")))
    for _, wrong in ipairs { { 2, 0, 0, "x" }, { sheet, -1, 0, "x" }, { sheet, 1048576, 0, "x" }, { sheet, 0, 16384, "x" },
      { sheet, 0, 0, "a\0b" }, { sheet, 0, 0, "x", 1 } } do
      assert.is_false((pcall(book.text, book, table.unpack(wrong, 1, 5))))
    end
    assert.is_nil((book:text(sheet, 0, 0, ("x"):rep(32768))))
    assert.is_string(book:finish())
    assert.is_false((pcall(book.finish, book)))
    assert.is_false((pcall(workbook.new, 0, "x")))
  end)
end)
