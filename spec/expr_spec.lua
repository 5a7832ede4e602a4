-- Expressions: what a condition or a computed value means for one record, and what is said when it cannot be meant.
local mekong = require "mekong"
local core = require "mekong.core"
local errinfo = require "mekong.errinfo"
local seeded = require "spec.support.seeded"

local at_least_4 = core.figure.hedged("4", "at_least", "kg") -- [4; +∞)
local about_5 = core.figure.hedged("5", "approx", "kg") -- [4; 6]
local exactly_5 = core.figure.hedged("5", "exact", "kg")

-- Columns of a small case file; a row is one case, nil is not recorded.
local file = {
  { "case", "text", "vụ|mã vụ", "HP-01", "HP-02", "HP-03", nil },
  { "phase", "phase", "giai đoạn", "OMD7", "OMD5", "OMD-AP", nil },
  { "date", "date", "ngày", "2025-08-14", "2025-08", "2024", nil },
  { "date_to", "date", "đến ngày", "2025-08-15", nil, "2024-05-06", nil },
  { "agency", "text", "cơ quan|đơn vị", "Hải quan Cao Bằng", "HẢI QUAN CAO BẰNG", "Công an", nil },
  { "category", "text", "nhóm|nhóm hàng", "ma tuý", "MA TU\u{301}Y", "ngà voi", nil },
  { "suspects", "int", "số đối tượng|đối tượng", 3, 1715, 0, nil },
  { "joint", "bool", "phối hợp", true, false, true, nil },
  { "quantity", "decimal measured", "số lượng", "2.5", 1500, 100, nil },
  { "unit", "unit", "đơn vị tính", "kg", "g", "pill", nil },
  { "value", "decimal", "trị giá", "1.715", 1715, "-2.5", nil },
  { "mass", "figure", false, at_least_4, about_5, exactly_5, nil },
  { "missing", "int", false, 0, 1, 2, 3 },
}
local ROWS = 4
local names, types, aliases, data = {}, {}, {}, {}
for c, column in ipairs(file) do
  names[c], types[c], aliases[c] = column[1], column[2], column[3]
  data[c] = {}
  for i = 1, ROWS do data[c][i] = column[3 + i] end
end

local function compile(text, params, what) return core.expr.compile(text, names, types, aliases, params, what) end

-- The answers for the four rows: y, n, or ? for unknown.
local function answers(text, params)
  local e, out = compile(text, params), {}
  for i = 1, ROWS do
    local answer = e:test(data, i)
    out[i] = answer == nil and "?" or answer and "y" or "n"
  end
  return table.concat(out)
end

-- The values for the four rows, as text.
local function values(text, params)
  local e, out = compile(text, params), {}
  for i = 1, ROWS do
    local value, why = e:eval(data, i)
    out[i] = value == nil and (why or "-") or tostring(value)
  end
  return table.concat(out, " ")
end

-- The record of the error; with `marked` the part of the text that must stand over the carets.
local function refused(code, text, marked, params)
  local ok, message = pcall(compile, text, params, "where")
  assert.is_false(ok, "accepted: " .. text)
  local record = errinfo.parse(message)
  assert(record, "no error of ours: " .. tostring(message))
  assert.equal(code, record.code, message)
  assert(record.message:find(" in where$"), message)
  if marked then assert.equal(marked, text:sub(record.col, record.col + record.len - 1), message) end
  return record
end

local function says(record, ...)
  for _, part in ipairs { ... } do
    local text = record.message .. "\n" .. (record.hint or "")
    assert(text:find(part, 1, true), part .. " is not in " .. text)
  end
end

describe("a numeral", function()
  it("is written plainly, grouped by underscores or dots, or with a decimal comma", function()
    assert.equal("nyn?", answers "suspects = 1715")
    assert.equal("nyn?", answers "suspects = 1_715")
    assert.equal("nyn?", answers "suspects = 1.715")
    assert.equal("4951.9 4951.9 4951.9 4951.9", values "4.951,9")
    assert.equal("1745000 1745000 1745000 1745000", values "1.745.000")
    assert.equal("1745000 1745000 1745000 1745000", values "1,745,000")
    assert.equal("1234.5 1234.5 1234.5 1234.5", values "1,234.5")
    assert.equal("2.3 2.3 2.3 2.3", values "2,3")
    assert.equal("2.3 2.3 2.3 2.3", values "2.3")
    assert.equal("0.715 0.715 0.715 0.715", values "0.715")
    assert.equal("1.715 1.715 1.715 1.715", values "1,715")
    assert.equal("7 7 7 7", values "007")
    assert.equal("-2.5 -2.5 -2.5 -2.5", values "-2,5")
    assert.equal("-2.5 -2.5 -2.5 -2.5", values "−2,5")
  end)
  it("beside a count is whole", function()
    says(refused("type", "suspects > 2.3", "2.3"), "whole", "2.3")
    says(refused("type", "suspects > 2,3", "2,3"), "whole")
    says(refused("type", "suspects = 1,715", "1,715"), "1.715", "comma")
    says(refused("type", "year(date) = 2,025", "2,025"), "whole")
    assert.equal("yyyy", answers "suspects + 1.715 = suspects + 1715 or suspects is missing")
  end)
  it("with two readings is refused beside anything else, and both are shown", function()
    says(refused("ambiguous", "value = 1.715", "1.715"), "1715", "1,715")
    says(refused("ambiguous", "quantity in kg > 104.410", "104.410"), "104410", "104,41")
    says(refused("ambiguous", "mass > 1.715", "1.715"), "1715", "1,715")
    says(refused("ambiguous", "suspects / 1.715 > 1", "1.715"), "1715", "1,715")
    assert.equal("ynn?", answers "value = 1,715")
    assert.equal("nyn?", answers "value = 1715")
  end)
  it("with a comma inside a list is refused, because it may be two values", function()
    says(refused("ambiguous", "value in (2,3)", "2,3"), "2, 3", "(2,3)")
    says(refused("ambiguous", "phase in (5,7)", "5,7"), "5, 7")
    assert.equal("ynn?", answers "value in ((1,715), 3)")
    assert.equal("yyn?", answers "phase in (5, 7)")
  end)
  it("that is none is refused", function()
    refused("syntax", "value = 1.23.4", "1.23.4")
    refused("syntax", "value = 1,23,456", "1,23,456")
    refused("syntax", "value = 1.2,3.4", "1.2,3.4")
    refused("syntax", "value > 5kg", "5kg")
    refused("range", "value > " .. ("9"):rep(60))
    refused("range", "value > " .. ("9"):rep(300))
  end)
  it("is exact", function()
    assert.equal("0.3 0.3 0.3 0.3", values "0,1 + 0,2")
    assert.equal("yyyy", answers "0,1 + 0,2 = 0,3")
    assert.equal("yyyy", answers "1 / 3 * 3 = 1")
    assert.equal("9007199254740993 9007199254740993 9007199254740993 9007199254740993", values "9007199254740992 + 1")
  end)
end)

describe("a name", function()
  it("is found as written, folded, in Vietnamese of several words, and in ASCII", function()
    for _, name in ipairs { "phase", "PHASE", "`phase`", "giai đoạn", "Giai Đoạn", "giai đoa\u{323}n", "giai  đoạn",
      "giai doan", "`giai đoạn`", "`GIAI DOAN`" } do
      assert.equal("ynn?", answers(name .. " = 7"), name)
    end
    assert.equal("nnn?", answers "nhóm hàng = 'x'")
    assert.equal("ynn?", answers "đơn vị tính = kg")
    assert.equal("yyn?", answers "đơn vị = 'hải quan cao bằng'")
    assert.equal("nnny", answers "missing > 2")
    assert.equal("nnnn", answers "missing is missing")
    local e = core.expr.compile("quý 3 > 5 and quy 3 < 7 and `quý` = 1", { "q3", "q" }, { "int", "int" }, { "quý 3", "quý" })
    assert.same({ 1 }, e:filter({ { 6, 5 }, { 1, 1 } }, 2))
  end)
  it("that is unknown is shown with the nearest and the list", function()
    says(refused("name", "phse = 7", "phse"), "unknown column 'phse' in where", "phase", "date_to")
    says(refused("name", "số lượg in kg > 1", "số lượg"), "số lượng")
    refused("name", "`giai đoan x` = 7", "`giai đoan x`")
    refused("name", "joint and nothing", "nothing")
    says(refused("name", "category = drug", "drug"), "'drug'", "quotes")
  end)
  it("says which columns are read", function()
    assert.same({ 2, 9, 10 }, compile("quantity in kg > 1 and phase = 7"):columns())
    assert.same({}, compile("1 = 1"):columns())
  end)
end)

describe("a text", function()
  it("is equal whatever the case, the Unicode form and the place of the tone", function()
    assert.equal("yyn?", answers "category = 'ma túy'")
    assert.equal("yyn?", answers 'category = "MA TUÝ"')
    assert.equal("nny?", answers "category != 'ma túy'")
    assert.equal("yyy?", answers "category in ('Ma Túy', 'Ngà Voi')")
    assert.equal("nny?", answers "category not in ('ma túy', 'x')")
    assert.equal("nny?", answers "key(agency) = 'CÔNG AN'")
    assert.equal("nnn?", answers "category = 'ma tuy'")
  end)
  it("holds its own quotes doubled", function()
    assert.equal("it's it's it's it's", values "'it''s'")
    assert.equal('a"b a"b a"b a"b', values '"a""b"')
    assert.equal("é' é' é' é'", values "\"é'\"")
  end)
  it("has no order here, and is not a number", function()
    says(refused("type", "agency < 'B'", "agency"), "no order", "like")
    says(refused("type", "agency = 7", "7"), "quotes: '7'")
    says(refused("type", "suspects = '7'", "'7'"), "without quotes")
    refused("type", "agency between 'a' and 'b'")
  end)
  it("matches patterns of % and _, folded, with the backslash for the signs themselves", function()
    assert.equal("yyn?", answers "agency like 'hải quan%'")
    assert.equal("nny?", answers "agency like '%an'")
    assert.equal("nny?", answers "category like 'ng_ voi'")
    assert.equal("yyn?", answers "category like 'MA%'")
    assert.equal("nny?", answers "agency not like 'hải%'")
    assert.equal("yyy?", answers "agency like '%'")
    assert.equal("nnn?", answers "agency like ''")
    assert.equal("nnn?", answers "agency like 'hải quan'")
    local e = core.expr.compile("t like '5\\%%'", { "t" }, { "text" })
    assert.same({ 2, 3 }, e:filter({ { "55", "5%", "5% of", "x5%" } }, 4))
    refused("type", "suspects like '1%'", "suspects")
    refused("type", "agency like category", "category")
    refused("limit", "agency like '" .. ("x"):rep(513) .. "'")
  end)
  it("is matched as a plain matcher would, for every pattern", function()
    local function plain(p, s) -- p and s as lists of characters
      local function try(i, k)
        if i > #p then return k > #s end
        if p[i] == "%" then return try(i + 1, k) or (k <= #s and try(i, k + 1)) end
        return k <= #s and (p[i] == "_" or p[i] == s[k]) and try(i + 1, k + 1)
      end
      return try(1, 1)
    end
    local random = seeded(12345)
    local letters, matched = { "a", "b", "ế", "đ" }, 0
    for _ = 1, 3000 do
      local p, s = {}, {}
      for i = 1, random(7) - 1 do p[i] = random(2) == 1 and letters[random(4)] or ({ "%", "_" })[random(2)] end
      for i = 1, random(8) do s[i] = letters[random(4)] end
      local e = core.expr.compile("t like $1", { "t" }, { "text" }, nil, { table.concat(p) })
      local found = e:test({ { table.concat(s) } }, 1)
      assert.equal(plain(p, s), found, table.concat(p) .. " against " .. table.concat(s))
      matched = matched + (found and 1 or 0)
    end
    assert(matched > 300 and matched < 2700)
  end)
  it("of a length past one machine word is matched too", function()
    local long = ("ba bể "):rep(30) .. "hết"
    local e = core.expr.compile("t like $1", { "t" }, { "text" }, nil, { ("ba b_ "):rep(30) .. "%t" })
    assert.is_true(e:test({ { long } }, 1))
    assert.is_false(e:test({ { "x" .. long } }, 1))
    assert.is_false(e:test({ { long .. "x" } }, 1))
  end)
end)

describe("a text of entities", function()
  local function rows(text, cells, kind, lookup, params)
    local e = core.expr.compile(text, { "c" }, { "text" }, nil, params, "where", { kinds = { kind }, lookup = lookup })
    return e:filter({ cells }, #cells)
  end
  local cells = { "drug", "ma tuý", "Ma túy", "WILDLIFE", "x" }
  it("is also found by its code when its name is asked for", function()
    assert.same({ 1, 2, 3 }, rows("c = 'Ma Túy'", cells, "category"))
    assert.same({ 4, 5 }, rows("c != 'Ma Túy'", cells, "category"))
    assert.same({ 1, 2, 3, 4 }, rows("c in ('ma túy', 'động vật hoang dã')", cells, "category"))
    assert.same({ 5 }, rows("c not in ('ma túy', 'động vật hoang dã')", cells, "category"))
    assert.same({ 1, 2, 3 }, rows("'ma tuý' = c", cells, "category"))
    assert.same({ 1, 2, 3 }, rows("key(c) = $1", cells, "category", nil, { "ma túy" }))
    assert.same({ 1 }, rows("c = 'drug'", cells, "category"))
    assert.same({ 1, 3 }, rows("c = 'Việt Nam'", { "VN", "CN", "việt  nam" }, "country"))
  end)
  it("is compared by its text alone where no kind is known or several are meant", function()
    assert.same({ 2, 3 }, rows("c = 'Ma Túy'", cells, false))
    assert.same({ 2, 3 }, rows("c = 'Ma Túy'", cells, "country"))
    assert.same({}, rows("c like 'ma túy%'", { "drug" }, "category"))
  end)
  it("is found by names of the caller's own", function()
    local own = { { "item", "hàng lạ", "meth" }, { "category", "hàng lạ", "drug" }, { "item", "x", "y" } }
    assert.same({ 1, 3 }, rows("c = 'Hàng Lạ'", { "meth", "drug", "hàng  lạ", "y" }, "item", own))
    assert.same({ 2, 3 }, rows("c = 'Hàng Lạ'", { "meth", "drug", "hàng  lạ", "y" }, "category", own))
    local many = {}
    for i = 1, 300 do many[i] = { "item", "tên " .. i, "code" .. i } end
    for i = 1, 300, 7 do assert.same({ 1 }, rows("c = 'Tên " .. i .. "'", { "CODE" .. i, "code" .. i + 1 }, "item", many)) end
  end)
end)

describe("words in a text", function()
  local notes = { "bắt ma túy đá", "Ma  TUY", "mà tủy", "máy tuy", "đá, ma-tuý", nil }
  local function compile_note(text) return core.expr.compile(text, { "note", "n", "b" }, { "text", "int", "bool" }, nil, { "ma tuy" }) end
  local function rows(text) return compile_note(text):filter({ notes, { 1, 2, 3, 4, 5, 6 }, {} }, 6) end
  it("are found whatever marks they have, when they are asked for without", function()
    assert.same({ 1, 2, 3, 5 }, rows "note match 'ma tuy'")
    assert.same({ 1, 5 }, rows "note match 'ma túy'")
    assert.same({ 1, 5 }, rows "note match 'MA TUÝ'")
    assert.same({ 1 }, rows "note match 'túy đá'")
    assert.same({ 4 }, rows "note not match $1")
    assert.same({ 4, 6 }, rows "note is missing or note not match 'ma tuy'")
    assert.same({ 2, 3, 5 }, rows "note match 'ma tuy' and n > 1")
  end)
  it("that every row selected must hold are named", function()
    assert.same({ { 1, "ma tuy" } }, compile_note("note match $1"):matches())
    assert.same({ { 1, "a b" }, { 1, "c" } }, compile_note("n > 1 and (note match 'a b' and b) and note match 'c'"):matches())
    for _, text in ipairs { "note match 'a' or b", "not note match 'a'", "note not match 'a'", "(note match 'a') = b", "b",
      "key(note) match 'a'" } do
      assert.same({}, compile_note(text):matches(), text)
    end
  end)
  it("stand in quotes, and there are some", function()
    says(refused("type", "agency match category", "category"), "quotes")
    says(refused("type", "suspects match 'x'", "suspects"), "takes text")
    says(refused("syntax", "agency match ' - '", "' - '"), "words")
    refused("limit", "agency match '" .. ("a "):rep(33) .. "'")
  end)
  it("do not stop a column from being called so", function()
    local e = core.expr.compile("match > 2 and t match 'x'", { "match", "t" }, { "int", "text" })
    assert.equal("bool", e:type())
  end)
end)

describe("a phase", function()
  it("is written as a number, in Roman figures, by its name or its key", function()
    for _, phase in ipairs { "7", "'7'", "VII", "'VII'", "OMD7", "'OMD VII'", "'giai đoạn 7'", "'Giai đoạn VII'" } do
      assert.equal("ynn?", answers("phase = " .. phase), phase)
    end
    assert.equal("nny?", answers "phase = AP")
  end)
  it("comes in the order of the campaign: AP lies between I and II", function()
    assert.equal("nyn?", answers "phase > 4 and phase < 7")
    assert.equal("yyn?", answers "phase >= 2")
    assert.equal("nny?", answers "phase between 1 and 2")
    assert.equal("yyn?", answers "phase > AP")
  end)
  it("that does not exist is refused", function()
    says(refused("name", "phase = 9", "9"), "9", "OMD7")
    refused("name", "phase in (5, 'XII')", "'XII'")
    refused("type", "phase = 2,5", "2,5")
    refused("type", "phase = 14/8/2025", "14/8/2025")
    refused("type", "phase = agency", "agency")
    refused("type", "phase = true", "true")
  end)
end)

describe("a date", function()
  it("is written day/month/year or year-month-day, to the day, the month or the year", function()
    for _, date in ipairs { "14/8/2025", "14/08/2025", "14-8-2025", "14.8.2025", "2025-08-14", "'14/8/2025'", "'2025-08-14'" } do
      assert.equal("y?n?", answers("date = " .. date), date)
    end
    for _, month in ipairs { "2025-08", "8/2025", "'8/2025'", "'2025-08'" } do
      assert.equal("yyn?", answers("date = " .. month), month)
    end
    assert.equal("nny?", answers "date = 2024")
  end)
  it("compares as the days it may be", function()
    -- 14 August; some day of August; some day of 2024.
    assert.equal("y?y?", answers "date <= 14/8/2025")
    assert.equal("n?y?", answers "date < 14/8/2025")
    assert.equal("n?n?", answers "date > 14/8/2025")
    assert.equal("y?n?", answers "date >= 14/8/2025")
    assert.equal("nny?", answers "date < 2025-08")
    assert.equal("yyy?", answers "date <= 2025-08")
    assert.equal("yyn?", answers "date >= 2025-08")
    assert.equal("nnn?", answers "date > 2025-08")
    assert.equal("nny?", answers "date != 8/2025")
    assert.equal("yyn?", answers "date between 2025-04 and 2025-08")
    assert.equal("nn??", answers "date in (1/1/2024, 2/2024)")
    assert.equal("y?y?", answers "14/8/2025 >= date")
    assert.equal("nnn?", answers "2025-08 < date")
  end)
  it("compares with another date of the same record", function()
    -- 14 August before 15 August; no end known; some day of 2024 against 6 May 2024.
    assert.equal("y???", answers "date < date_to")
    assert.equal("y???", answers "date <= date_to")
    assert.equal("n???", answers "date = date_to")
    assert.equal("y???", answers "date = date")
  end)
  it("has a year and a month", function()
    assert.equal("2025 2025 2024 -", values "year(date)")
    assert.equal("8 8 - -", values "month(ngày)")
    assert.equal("yyn?", answers "year(date) = 2025")
    assert.equal("2025 2025 2025 2025", values "year('14/8/2025')")
  end)
  it("that is impossible or unclear is refused", function()
    refused("range", "date = 31/2/2025", "31/2/2025")
    refused("range", "date = '31/2/2025'", "'31/2/2025'")
    says(refused("syntax", "date = 14/8/25", "14/8/25"), "four digits")
    says(refused("type", "date = 5", "5"), "14/8/2025")
    refused("type", "date = agency", "agency")
    says(refused("type", "suspects = 2025-08", "2025-08"), "spaces")
    says(refused("type", "8/2025 > 1", "1"), "a date")
    refused("type", "year(suspects) = 1", "suspects")
  end)
  it("is one token, so that spaces make a division or a subtraction", function()
    assert.equal("2017 2017 2017 2017", values "2025 - 8")
    assert.equal("2017 2017 2017 2017", values "2025-8")
    assert.equal("2 2 2 2", values "8 / 4")
    assert.equal("2 2 2 2", values "8/4")
  end)
end)

describe("missing", function()
  it("is neither equal nor unequal, more nor less", function()
    for _, test in ipairs { "suspects = 3", "suspects != 3", "suspects < 9", "suspects in (1, 2)", "suspects not in (1, 2)",
      "suspects between 1 and 9", "suspects not between 1 and 9", "agency like '%'", "joint", "not joint", "suspects + 1 > 0" } do
      assert.equal("?", answers(test):sub(4), test)
    end
  end)
  it("is asked for by name", function()
    assert.equal("nnny", answers "suspects is missing")
    assert.equal("yyyn", answers "suspects is not missing")
    assert.equal("nyny", answers "date_to is missing")
    assert.equal("nnyy", answers "month(date) is missing")
    for _, text in ipairs { "suspects = nil", "suspects = null", "suspects is null", "suspects != NULL" } do
      says(refused("syntax", text), "is missing")
    end
  end)
  it("follows three-valued logic", function()
    -- Rows: every pair of yes, no, unknown.
    local a, b = { true, true, true, false, false, false }, { true, false, nil, true, false, nil, true, false, nil }
    local cols, kinds = { "a", "b" }, { "bool", "bool" }
    local function pairs_of(text)
      local e, out = core.expr.compile(text, cols, kinds), {}
      for i = 1, 9 do
        local answer = e:test({ a, b }, i)
        out[i] = answer == nil and "?" or answer and "y" or "n"
      end
      return table.concat(out)
    end
    assert.equal("yn?nnn?n?", pairs_of "a and b")
    assert.equal("yyyyn?y??", pairs_of "a or b")
    assert.equal("nnnyyy???", pairs_of "not a")
    assert.equal("ny?yyy?y?", pairs_of "not (a and b)")
    assert.equal("yn?ny????", pairs_of "a = b")
    assert.equal("yn?nnn?n?", pairs_of "a và b")
    assert.equal("yyyyn?y??", pairs_of "a hoặc b")
    assert.equal("nnnyyy???", pairs_of "KHÔNG a")
  end)
  it("selects nothing: a row is taken only when the condition is true", function()
    assert.same({ 2 }, compile("suspects > 3"):filter(data, ROWS))
    assert.same({ 1, 3 }, compile("not (suspects > 3)"):filter(data, ROWS))
    assert.same({}, compile("suspects is missing and suspects = 0"):filter(data, ROWS))
    assert.same({ 1, 2 }, compile("category = 'ma túy'"):filter(data, 2))
    assert.same({}, compile("1 = 1"):filter(data, 0))
  end)
end)

describe("conditions", function()
  it("bind in the order or, and, not, comparison, sum, product", function()
    assert.equal("yyyy", answers "true or true and false")
    assert.equal("nnnn", answers "(true or true) and false")
    assert.equal("nnnn", answers "not false and false")
    assert.equal("yyyy", answers "not (false and false)")
    assert.equal("nnnn", answers "not 1 + 1 = 2")
    assert.equal("14 14 14 14", values "2 + 3 * 4")
    assert.equal("20 20 20 20", values "(2 + 3) * 4")
    assert.equal("-5 -5 -5 -5", values "2 - 3 - 4")
    assert.equal("2 2 2 2", values "12 / 3 / 2")
    assert.equal("1 1 1 1", values "- 2 + 3")
    assert.equal("-1 -1 -1 -1", values "--1 * -1")
    assert.equal("yyyy", answers "1 between 0 and 2 and 3 = 3")
    assert.equal("nnnn", answers "1 not between 0 and 2 or 3 != 3")
  end)
  it("are written with Vietnamese words as well", function()
    assert.equal("ynn?", answers "giai đoạn = 7 và phối hợp")
    assert.equal("nyn?", answers "không phối hợp")
    assert.equal("yny?", answers "phối hợp = đúng")
    assert.equal("nyn?", answers "phối hợp = sai")
    assert.equal("yyyy", answers "ĐÚNG hoặc SAI")
    assert.equal("ynn?", answers "suspects ≥ 3 AND suspects ≤ 10 and suspects ≠ 4")
  end)
  it("take conditions only", function()
    says(refused("type", "phase = 5 or 6", "6"), "in (5, 6)")
    refused("type", "not suspects", "suspects")
    refused("type", "agency and joint", "agency")
    says(refused("type", "joint = 1", "1"), "true")
    assert.equal("type", errinfo.parse(select(2, pcall(function() return compile("suspects"):condition() end))).code)
    assert.equal("type", errinfo.parse(select(2, pcall(function() return compile("suspects"):filter(data, 1) end))).code)
    assert.equal("type", errinfo.parse(select(2, pcall(function() return compile("suspects"):test(data, 1) end))).code)
    assert.equal("bool", compile("joint"):condition():type())
  end)
end)

describe("arithmetic", function()
  it("keeps counts whole and everything exact", function()
    assert.equal("int", compile("suspects * 2 + 1"):type())
    assert.equal("decimal", compile("suspects / 2"):type())
    assert.equal("1.5 857.5 0 -", values "suspects / 2")
    assert.equal("4.715 3430 -2.5 -", values "value + suspects")
  end)
  it("gives missing, with the reason, where a division is by zero", function()
    assert.equal("0.333333333333333333 0.000583090379008746 range -", values "1 / suspects")
    assert.equal("????", answers "suspects / 0 > 1")
    assert.equal("yyyy", answers "suspects / 0 is missing")
  end)
  it("fails where a number grows too large, and shows where", function()
    local e = compile("suspects * 9223372036854775807 > 0", nil, "where")
    local ok, message = pcall(e.test, e, data, 1)
    assert.is_false(ok)
    assert.equal("range", errinfo.parse(message).code)
    assert.is_false(e:test(data, 3))
  end)
  it("takes numbers only", function()
    says(refused("type", "agency + 1 = 2", "agency"), "'+'")
    says(refused("type", "suspects * phase = 2", "phase"), "'*'")
    refused("type", "-agency = 1", "agency")
    refused("type", "date_to - date = 1", "date_to")
  end)
end)

describe("a quantity", function()
  it("is taken in a unit, from the unit of its row", function()
    assert.equal("2.5 1.5 unit -", values "quantity in kg")
    assert.equal("2500 1500 unit -", values "số lượng in gram")
    assert.equal("unit unit 100 -", values "quantity in viên")
    assert.equal("kg", compile("quantity in kg"):unit())
    assert.is_nil(compile("quantity"):unit())
    assert.equal("yn??", answers "quantity in kg > 2")
    assert.equal("yy??", answers "quantity in kg >= 1,5")
    assert.equal("nn??", answers "quantity in kg > 2,5")
    assert.equal("yn??", answers "quantity in g > 1_500")
    assert.equal("2500 1500 unit -", values "(quantity in kg) in g")
  end)
  it("is added and compared within one dimension", function()
    assert.equal("5 3 unit -", values "quantity in kg + quantity in g")
    assert.equal("yy??", answers "quantity in kg = quantity in g")
    assert.equal("1000 1000 unit -", values "(quantity in g) / (quantity in kg) * 1000")
    assert.equal("5 3 unit -", values "quantity in kg * 2")
    says(refused("unit", "quantity in kg > quantity in viên", "quantity in viên"), "kg", "pill", "mass")
    refused("unit", "quantity in kg + quantity in pill > 1")
    refused("unit", "quantity in kg + 1 > 1", "1")
    refused("unit", "quantity in kg * quantity in kg > 1")
    refused("unit", "1 / (quantity in kg) > 1")
    refused("unit", "(quantity in kg) in pill > 1")
  end)
  it("needs a unit that exists and a column that has one", function()
    says(refused("unit", "quantity in kgg > 1", "kgg"), "kg")
    says(refused("unit", "suspects in kg > 1", "suspects"), "quantity in kg")
    refused("type", "agency in kg", "agency")
    says(refused("syntax", "phase in 5", "5"), "in (5, 6)")
    says(refused("syntax", "quantity > 5 kg", "kg"), "quantity in kg > 5")
    refused("unit", "unit = kgg", "kgg")
    assert.equal("yyn?", answers "unit in (kg, 'gram')")
  end)
end)

describe("a figure with bounds", function()
  it("answers where every number it may be gives the same answer, and is unknown otherwise", function()
    -- [4; +∞), [4; 6], 5.
    assert.equal("yyy?", answers "mass > 3")
    assert.equal("??n?", answers "mass > 5")
    assert.equal("?nn?", answers "mass > 6")
    assert.equal("?yy?", answers "mass <= 6")
    assert.equal("yyy?", answers "mass >= 4")
    assert.equal("nnn?", answers "mass < 4")
    assert.equal("??y?", answers "mass = 5")
    assert.equal("nnn?", answers "mass = 3")
    assert.equal("?nn?", answers "mass in (7, 8)")
    assert.equal("?yy?", answers "mass between 4 and 6")
  end)
  it("keeps its bounds and its unit in arithmetic and conversion", function()
    assert.equal("yyy?", answers "mass in g >= 4000")
    assert.equal("?yy?", answers "mass in g <= 6000")
    assert.equal("yyy?", answers "mass * 2 >= 8")
    assert.equal("figure", compile("mass + mass"):type())
    local doubled = compile("mass + mass"):eval(data, 3)
    assert.is_true(doubled:is(10))
    assert.equal("kg", doubled.unit)
    assert.equal("????", answers "mass in pill > 3")
    assert.equal("nnny", answers "mass is missing")
  end)
  it("of a column in one unit is refused where the unit does not convert", function()
    local function cases(text)
      return core.expr.compile(text, { "cases" }, { "figure count" }, nil, nil, "where", { units = { "case" } })
    end
    local function code(text)
      local ok, message = pcall(cases, text)
      assert.is_false(ok, text)
      return errinfo.parse(message).code
    end
    assert.equal("unit", code "cases in kg > 5")
    assert.equal("unit", code "cases + 1 > 5")
    local many = core.figure.new { best = 1715, unit = "case" }
    assert.same({ 1 }, cases("cases > 1.714"):filter({ { many } }, 1))
    assert.same({ 1 }, cases("cases in vụ = 1715"):filter({ { many } }, 1))
    local t = mekong.omd():claims():table("cases", { by = "phase" })
    assert.equal("unit", errinfo.parse(select(2, pcall(t.where, t, "cases in kg > 5"))).code)
    assert.equal(#t:where "cases > 500", #t:where "cases in vụ > 500")
  end)
  it("that is not known at all is missing", function()
    local e = core.expr.compile("f is missing", { "f" }, { "figure" })
    assert.is_true(e:test({ { core.figure.unknown "kg" } }, 1))
    assert.is_false(e:test({ { at_least_4 } }, 1))
  end)
end)

describe("parameters", function()
  it("are values, numbered or named", function()
    assert.equal("ynn?", answers("phase = $1", { 7 }))
    assert.equal("ynn?", answers("phase = $1", { "giai đoạn VII" }))
    assert.equal("yyn?", answers("category = $kind", { kind = "Ma túy" }))
    assert.equal("ynn?", answers("suspects between $low and $2", { low = 1, [2] = 10 }))
    assert.equal("y?y?", answers("date <= $1", { "14/8/2025" }))
    assert.equal("yny?", answers("joint = $1", { true }))
    assert.equal("??y?", answers("mass = $1", { exactly_5 }))
    assert.equal("nyn?", answers("suspects = $1", { 1715.0 }))
  end)
  it("are never read as part of the expression", function()
    assert.equal("nnn?", answers("category = $1", { "x' or 1 = 1 or 'a" }))
  end)
  it("that are nil say how to ask for what is missing", function()
    says(refused("name", "suspects = $1", "$1"), "$1", "is missing")
    says(refused("name", "suspects = $n", "$n", { m = 1 }), "$n", "is missing")
    refused("syntax", "suspects = $")
    refused("syntax", "suspects = ?", "?")
    refused("syntax", "suspects = :n", ":")
  end)
  it("of a kind that fits nothing are refused", function()
    for _, params in ipairs { { 2.5 }, { {} }, { print }, { [true] = 1 }, { [0] = 1 }, 7, "x" } do
      local ok, message = pcall(compile, "suspects = $1", params)
      assert.is_false(ok)
      assert.equal("type", errinfo.parse(message).code, message)
    end
    local ok, message = pcall(compile, "suspects = $1", { 3, ["1"] = 4 })
    assert.is_false(ok)
    assert.equal("duplicate", errinfo.parse(message).code, message)
    refused("type", "phase = $1", "$1", { true })
    refused("type", "suspects = $1", "$1", { "7" })
    refused("name", "phase = $1", "$1", { "IX" })
  end)
end)

describe("what is written wrong", function()
  it("is answered with what to write", function()
    local advice = {
      { "phase == 7", "==", "use '='" }, { "phase <> 7", "<>", "use '!='" }, { "phase ~= 7", "~=", "use '!='" },
      { "suspects => 7", "=>", "use '>='" }, { "suspects =< 7", "=<", "use '<='" }, { "joint && joint", "&&", "use 'and'" },
      { "joint || joint", "||", "use 'or'" }, { "!joint", "!", "use 'not'" }, { "agency = “x”", "“", "straight" },
      { "1 < suspects < 3", "<", "between" }, { "suspects = 1 = 1", "=", "between" }, { "suspects > 5%", "%", "0,05" },
      { "phase in [5]", "[", "parentheses" }, { "phase not = 5", "=", "!=" }, { "phase is 5", "5", "'='" },
      { "suspects between 1, 5", ",", "and" }, { "phase = (5, 6)", ",", "in (5, 6)" }, { "agency 'x'", "'x'", "quotes" },
      { "count() > 1", "count", "agg" }, { "sum(suspects) > 1", "sum", "agg" }, { "p90(value) > 1", "p90", "agg" },
      { "yeer(date) = 1", "yeer", "year" }, { "year() = 1", ")", "column" }, { "year(date, 1) = 1", ",", "one" },
    }
    for _, case in ipairs(advice) do
      local ok, message = pcall(compile, case[1], nil, "where")
      assert.is_false(ok, case[1])
      local record = errinfo.parse(message)
      assert(record, message)
      assert.equal(case[2], case[1]:sub(record.col, record.col + record.len - 1), message)
      says(record, case[3])
    end
  end)
  it("is shown where it breaks off", function()
    says(refused("syntax", ""), "empty")
    says(refused("syntax", "phase ="), "after '='")
    says(refused("syntax", "and joint", "and"), "before 'and'")
    says(refused("syntax", "joint and", nil), "after 'and'")
    refused("syntax", "joint or or joint", "or")
    refused("syntax", "(joint", "(")
    says(refused("syntax", "(quantity kg) > 5", "kg"), "quantity in kg")
    says(refused("syntax", "year(date joint)", "joint"), "operator")
    refused("syntax", "joint)", ")")
    refused("syntax", "phase in (5, 6", "(")
    refused("syntax", "phase in ()", ")")
    refused("syntax", "phase in (5 6)", "6")
    refused("syntax", "agency = 'x", "'")
    refused("syntax", "`agency = 'x'", "`")
    refused("syntax", "`` = 1", "``")
    refused("syntax", "joint\0", "\0")
    refused("syntax", "joint @ joint", "@")
  end)
  it("is one line that says it all, then the text with carets under what is seen, then hints", function()
    local _, message = pcall(compile, "category = 'ngà voi' and giai đoạn = 9", nil, "where")
    local lines = {}
    for line in message:gmatch "[^\n]+" do lines[#lines + 1] = line end
    assert(lines[1]:find ": mekong: .* in where %[name%]$", lines[1])
    assert.equal("  category = 'ngà voi' and giai đoạn = 9", lines[2])
    assert.equal("                                       ^", lines[3])
    _, message = pcall(compile, "giai đoa\u{323}n = 9")
    assert.equal("              ^", message:match "\n[^\n]*\n([^\n]*)")
  end)
  it("must be UTF-8", function()
    local ok, message = pcall(compile, "agency = 'a\xff'")
    assert.is_false(ok)
    assert.equal("syntax", errinfo.parse(message).code)
  end)
  it("that is no string, or no expression, is refused", function()
    for _, call in ipairs {
      function() core.expr.compile(7, names, types) end,
      function() core.expr.compile("1 = 1", names, { "nothing" }) end,
      function() compile("joint").test() end,
      function() compile("joint"):test(data) end,
      function() compile("joint"):test({}, 1) end,
      function() core.expr.compile("a = 1", { "a" }, { "int" }):test({ { "x" } }, 1) end,
      function() core.expr.compile("a = 1", { "a" }, { "int" }):test({ { 1.5 } }, 1) end,
      function() core.expr.compile("a", { "a" }, { "bool" }):test({ { "true" } }, 1) end,
    } do
      local ok, message = pcall(call)
      assert.is_false(ok)
      local record = errinfo.parse(message)
      assert.equal("type", record and record.code, message)
    end
  end)
end)

describe("size", function()
  it("is limited in depth, not in length", function()
    assert.equal("yyyy", answers(("("):rep(40) .. "1 = 1" .. (")"):rep(40)))
    refused("limit", ("("):rep(41) .. "1 = 1" .. (")"):rep(41))
    refused("limit", ("not "):rep(41) .. "joint")
    refused("limit", "1 = " .. ("-"):rep(41) .. "1")
    refused("limit", "quantity in kg" .. (" in g in kg"):rep(20) .. " > 5")
    refused("limit", ("("):rep(100000) .. "1")
    local terms = {}
    for i = 1, 5000 do terms[i] = "suspects = " .. i end
    assert.equal("yyn?", answers(table.concat(terms, " or ")))
    assert.equal("12502500 12502500 12502500 12502500", values(table.concat((function()
      for i = 1, 5000 do terms[i] = tostring(i) end
      return terms
    end)(), " + ")))
    assert.equal("yyn?", answers("suspects in (" .. table.concat(terms, ", ") .. ")"))
  end)
  it("is limited in bytes", function()
    local ok, message = pcall(compile, "1 = 1" .. (" "):rep(262144))
    assert.is_false(ok)
    assert.equal("limit", errinfo.parse(message).code)
  end)
end)
