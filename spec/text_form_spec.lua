-- Unicode forms C and D, case and width.
local mekong = require "mekong"
local expect = require "spec.support.expect"
local text = mekong.text

-- The conformance test of Unicode, where its data is installed.
local function conformance_lines()
  local folder = "/usr/share/unicode/"
  local file = io.open(folder .. "NormalizationTest.txt")
  if file then return file:lines() end
  file = io.open(folder .. "NormalizationTest.txt.bz2")
  if not file then return nil end
  file:close()
  return io.popen("bzcat " .. folder .. "NormalizationTest.txt.bz2"):lines()
end

local function characters(field)
  local parts = {}
  for x in field:gmatch "%x+" do parts[#parts + 1] = utf8.char(tonumber(x, 16)) end
  return table.concat(parts)
end

describe("forms C and D", function()
  it("conform to Unicode's own test", function()
    local lines = conformance_lines()
    if not lines then return pending "skipped: unicode-data is not installed" end
    local count = 0
    for line in lines do
      local source, c, d, kc, kd = line:match "^([%x ]+);([%x ]+);([%x ]+);([%x ]+);([%x ]+);"
      if source then
        count = count + 1
        source, c, d, kc, kd = characters(source), characters(c), characters(d), characters(kc), characters(kd)
        for _, s in ipairs { source, c, d } do
          assert.equal(c, text.nfc(s), line)
          assert.equal(d, text.nfd(s), line)
          assert.equal(s == c, text.is_nfc(s), line)
        end
        for _, s in ipairs { kc, kd } do
          assert.equal(kc, text.nfc(s), line)
          assert.equal(kd, text.nfd(s), line)
          assert.equal(s == kc, text.is_nfc(s), line)
        end
      end
    end
    assert(count > 18000)
  end)

  it("do not depend on what long runs of text stand around", function()
    local pad = ("Đã bắt giữ 12 đối tượng – "):rep(4)
    local samples = { "e\u{301}", "\u{301}", "\u{340}", "\u{2126}", "\u{2000}", "\u{1100}\u{1161}", "\u{F900}", "\u{958}", "\u{1D15E}", "a\u{327}" }
    for _, s in ipairs(samples) do
      for shift = 0, 40 do
        local before, after = pad:sub(1, utf8.offset(pad, shift + 1) - 1) .. ".", pad
        assert.equal(before .. text.nfc(s) .. after, text.nfc(before .. s .. after))
        assert.equal(text.is_nfc(s), text.is_nfc(before .. s .. after))
      end
    end
  end)

  it("agree on Vietnamese: 134 letters, and their parts in canonical order", function()
    assert.equal("đặng", text.nfc "đa\u{306}\u{323}ng")
    assert.equal("a\u{323}\u{306}", text.nfd "ặ")
    assert.equal("o\u{31B}\u{301}", text.nfd "ớ")
    assert.equal("é\u{302}", text.nfc "e\u{301}\u{302}") -- Unicode never swaps these; normalize does
    assert.equal("\u{300}\u{301}", text.nfc "\u{340}\u{341}")
  end)

  it("are linear in a run of marks", function()
    local low, high = ("\u{323}"):rep(250000), ("\u{301}"):rep(250000)
    local mixed = ("\u{301}\u{323}"):rep(250000)
    assert.equal(low .. high, text.nfc(mixed))
    assert.equal("x" .. low .. high, text.nfd("x" .. mixed))
    assert.is_false(text.is_nfc("x" .. mixed))
    assert(text.is_nfc("x" .. low .. high))
  end)

  it("refuse what is no UTF-8 and name the byte", function()
    for _, bad in ipairs { "ab\xFF", "ab\xC0\x80", "ab\xED\xA0\x80", "ab\xF4\x90\x80\x80", "ab\xE1\xBA", "ab\x80" } do
      for _, name in ipairs { "nfc", "nfd", "is_nfc", "key", "upper", "lower", "title", "width" } do
        local message = expect.raises("syntax", function() text[name](bad) end)
        assert(message:find("byte 3", 1, true), message)
      end
    end
    local pad = ("ệx–ữa"):rep(20)
    for _, bad in ipairs { "\xFF", "\xC0\x80", "\xC1\xBF", "\xE0\x80\x80", "\xED\xA0\x80", "\xF0\x80\x80\x80", "\xF4\x90\x80\x80",
      "\xF5\x80\x80\x80", "\xE1\xBA", "\xF0\x9F\x98", "\x80", "\xC3", "ế\xBF" } do
      for shift = 0, 66 do
        local before = pad:sub(1, utf8.offset(pad, shift + 1) - 1)
        local place = #before + 1 + (bad:find "^ế" and 3 or 0)
        for _, after in ipairs { "", "x", pad } do
          local message = expect.raises("syntax", function() text.width(before .. bad .. after) end)
          assert(message:find(("byte %d "):format(place), 1, true) or message:find(("byte %d at"):format(place), 1, true), message)
        end
      end
    end
    for shift = 0, 66 do assert(text.width(pad:sub(utf8.offset(pad, shift + 1))) > 0) end
    assert.equal("a\0b", text.nfc "a\0b")
    assert.equal("\u{10FFFF}", text.nfc "\u{10FFFF}")
    expect.raises("type", function() text.nfc() end)
    expect.raises("type", function() text.nfc(12) end)
  end)
end)

describe("bytes that are not UTF-8", function()
  local bad = "ma\xFFtúy"

  it("are named by their place in every message, which is UTF-8 itself", function()
    local store <close> = assert(mekong.open ":memory:")
    assert(store:insert("cases", { case = "1" }))
    for name, call in pairs {
      number = function() mekong.fmt.number(bad) end, percent = function() mekong.fmt.percent(bad) end,
      change = function() mekong.fmt.change(bad) end, figure = function() mekong.fmt.figure(bad) end,
      date = function() mekong.fmt.date(bad) end, locale = function() mekong.fmt.number(1, { locale = bad }) end,
      option = function() mekong.fmt.number(1, { [bad] = 1 }) end, words = function() text.words(bad) end,
      style = function() text.words(1, { filler = bad }) end, order = function() text.compare("a", "b", { order = bad }) end,
      charset = function() text.decode("a", bad) end, entity = function() mekong.entity(bad) end,
      kind = function() mekong.entity("a", { kind = bad }) end, alias = function() mekong.vocab:add("item", { [bad] = "heroin" }) end,
      insert = function() assert(store:insert("cases", { case = "2", note = bad })) end,
      key = function() assert(store:update("cases", bad, { note = "x" })) end,
      update = function() assert(store:update("cases", "1", { note = bad })) end,
      column = function() assert(store:insert("cases", { case = "2", [bad] = "x" })) end,
      delete = function() assert(store:delete("cases", "note = $1", { bad })) end,
      search = function() store:search("cases", bad) end, sql = function() store:sql(bad) end,
      parameter = function() store:sql("select ?", bad) end, function_of_sql = function() store:sql("select vi_key(?)", bad) end,
    } do
      local ok, message = pcall(call)
      assert.is_false(ok, name)
      assert(utf8.len(message), name)
      assert(message:find("byte 3", 1, true), name .. ": " .. message)
    end
  end)
end)

describe("case", function()
  local lower = "aàảãáạăằẳẵắặâầẩẫấậbcdđeèẻẽéẹêềểễếệghiìỉĩíịklmnoòỏõóọôồổỗốộơờởỡớợpqrstuùủũúụưừửữứựvxyỳỷỹýỵ"
  local upper = "AÀẢÃÁẠĂẰẲẴẮẶÂẦẨẪẤẬBCDĐEÈẺẼÉẸÊỀỂỄẾỆGHIÌỈĨÍỊKLMNOÒỎÕÓỌÔỒỔỖỐỘƠỜỞỠỚỢPQRSTUÙỦŨÚỤƯỪỬỮỨỰVXYỲỶỸÝỴ"

  it("turns every Vietnamese letter", function()
    assert.equal(upper, text.upper(lower))
    assert.equal(lower, text.lower(upper))
    assert.equal(upper, text.upper(text.nfd(lower)))
    assert.equal(lower, text.lower(text.nfd(upper)))
  end)

  it("turns the letters of other scripts and leaves the rest", function()
    assert.equal("МОСКВА STRASSE Ñ 12 中", text.upper "Москва Straße ñ 12 中")
    assert.equal("ελλάδα", text.lower "ΕΛΛΆΔΑ")
  end)

  it("begins words with a capital in title case", function()
    assert.equal("Cục Hải Quan Tỉnh Quảng Ninh", text.title "cục HẢI QUAN tỉnh quảng ninh")
    assert.equal("Đường, Mê-Kông (Việt Nam)", text.title(text.nfd "đường, mê-kông (việt nam)"))
    assert.equal("Ia H'Drai, O’Neill, Don't", text.title "ia h'drai, o’neill, don't")
    assert.equal("Ia H'Drai", text.title "IA H'DRAI")
    assert.equal("Đắk R'lấp", text.title "đắk R'lấp")
  end)

  it("leaves abbreviations and numerals in capitals", function()
    assert.equal("Hải Quan TP.HCM, C04, KV XIX", text.title "HẢI QUAN TP.HCM, C04, KV XIX")
    assert.equal("Chiến Dịch Mê Kông Giai Đoạn VI, Vi Phạm", text.title "CHIẾN DỊCH MÊ KÔNG GIAI ĐOẠN VI, VI PHẠM")
    assert.equal("UBND Tỉnh, OMD5, RILO Và Bà Trần Thị Lan", text.title "UBND tỉnh, OMD5, RILO và bà TRẦN THỊ LAN")
    assert.equal("John Smith, Đắk Lắk", text.title "JOHN SMITH, ĐẮK LẮK")
    assert.equal("Tp.Hcm", text.title "tp.hcm")
  end)

  it("writes several letters for one and a last sigma as Unicode says", function()
    assert.equal("FIN ʼN J\u{30C} STRASSE", text.upper "ﬁn ŉ ǰ straße")
    assert.equal("Ffi Ssa ʼN Fina", text.title "ﬃ ßa ŉ ﬁna")
    assert.equal("i\u{307}x ὀδυσσεύς σάς.", text.lower "İX ὈΔΥΣΣΕΎΣ ΣΆΣ.")
  end)

  it("conforms to Unicode's special casing", function()
    local file, count = io.open "/usr/share/unicode/SpecialCasing.txt", 0
    if not file then return pending "skipped: unicode-data is not installed" end
    for line in file:lines() do
      local fields = {}
      for field in line:gmatch "([^;#]*);" do
        fields[#fields + 1] = field:gsub("%x+", function(code) return utf8.char(tonumber(code, 16)) end):gsub(" ", "")
      end
      if #fields == 4 then
        assert.equal(text.nfc(fields[2]), text.lower(fields[1]))
        assert.equal(text.nfc(fields[3]), text.title(fields[1]))
        assert.equal(text.nfc(fields[4]), text.upper(fields[1]))
        count = count + 1
      end
    end
    assert(count > 90)
  end)
end)

describe("width", function()
  it("counts columns of a terminal", function()
    assert.equal(6, text.width "ma túy")
    assert.equal(6, text.width(text.nfd "ma túy"))
    assert.equal(4, text.width "中文")
    assert.equal(0, text.width "")
    assert.equal(2, text.width "a\u{200B}b\n")
    assert.equal(8, text.width "nghiệp –")
  end)
end)
