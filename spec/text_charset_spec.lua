-- Text from before Unicode, and text read in the wrong character set.
local mekong = require "mekong"
local expect = require "spec.support.expect"
local seeded = require "spec.support.seeded"
local text = mekong.text

local lower = "aàảãáạăằẳẵắặâầẩẫấậbcdđeèẻẽéẹêềểễếệghiìỉĩíịklmnoòỏõóọôồổỗốộơờởỡớợpqrstuùủũúụưừửữứựvxyỳỷỹýỵ"
local sentence = "Cục Hải quan tỉnh Quảng Ninh vừa phối hợp bắt giữ 2 đối tượng vận chuyển trái phép chất ma túy, thu giữ 15 bánh heroin."
local binary = { "tcvn3", "vni", "viscii", "vps", "cp1258" }

-- UTF-8 text as it looks when its bytes are shown as Windows code page 1252.
local western = { [0x80] = 0x20AC, [0x82] = 0x201A, [0x83] = 0x192, [0x84] = 0x201E, [0x85] = 0x2026, [0x86] = 0x2020, [0x87] = 0x2021,
  [0x88] = 0x2C6, [0x89] = 0x2030, [0x8A] = 0x160, [0x8B] = 0x2039, [0x8C] = 0x152, [0x8E] = 0x17D, [0x91] = 0x2018, [0x92] = 0x2019,
  [0x93] = 0x201C, [0x94] = 0x201D, [0x95] = 0x2022, [0x96] = 0x2013, [0x97] = 0x2014, [0x98] = 0x2DC, [0x99] = 0x2122, [0x9A] = 0x161,
  [0x9B] = 0x203A, [0x9C] = 0x153, [0x9E] = 0x17E, [0x9F] = 0x178 }
local function as_western(bytes)
  return (bytes:gsub("[\x80-\xFF]", function(b) return utf8.char(western[b:byte()] or b:byte()) end))
end

describe("decode and encode", function()
  it("know bytes as they stand in old documents", function()
    assert.equal("Hải quan Việt Nam", text.decode("H\xB6i quan Vi\xD6t Nam", "tcvn3"))
    assert.equal("Đội 2, xã hội", text.decode("\xA7\xE9i 2, x\xB7 h\xE9i", "tcvn3"))
    assert.equal("Hải quan Việt Nam", text.decode("Ha\xFBi quan Vie\xE4t Nam", "vni"))
    assert.equal("Đường thủy", text.decode("\xD1\xF6\xF4\xF8ng thu\xFBy", "vni"))
    assert.equal("lí lì", text.decode("li\xF9 li\xF8", "vni"))
    assert.equal("Việt Nam", text.decode("Vi\xAEt Nam", "viscii"))
    assert.equal("Tiếng Việt", text.decode("Ti\xEA\xECng Vi\xEA\xF2t", "cp1258"))
    assert.equal("Việt Nam nước đẹp", text.decode("Vie^.t Nam nu+o+'c dde.p", "viqr"))
    assert.equal("ma túy", text.decode(text.nfd "ma túy", "utf8"))
  end)

  it("write back every letter", function()
    for _, set in ipairs(binary) do
      assert.equal(lower, text.decode(text.encode(lower, set), set), set)
      assert.equal(sentence, text.decode(text.encode(sentence, set), set), set)
    end
    for _, set in ipairs { "vni", "viscii", "vps", "cp1258" } do
      local upper = text.upper(lower)
      assert.equal(upper, text.decode(text.encode(upper, set), set), set)
    end
    for _, s in ipairs { sentence, "Anh a? A.. dd", "ma. Bà", "ở đâu? Ở đó.", "Đi\\về" } do
      assert.equal(s, text.decode(text.encode(s, "viqr"), "viqr"))
    end
  end)

  it("make capitals of TCVN3 words set in capital fonts", function()
    assert.equal("HẢI QUAN VIỆT NAM", text.decode("H\xB6I QUAN VI\xD6T NAM", "tcvn3"))
    assert.equal("Hà Nội", text.decode("H\xB5 N\xE9i", "tcvn3"))
    assert.equal("HÀ NỘI\nHà Nội", text.decode("H\xB5 N\xE9I\nH\xB5 N\xE9i", "tcvn3"))
  end)

  it("write capitals that TCVN3 lacks as the small letters of a font of capitals, which alone come back small", function()
    assert.equal("\xEB \xAE\xA9y", text.encode("Ở đây", "tcvn3"))
    assert.equal("\xE8I \xA7\xA2Y", text.encode("ỐI ĐÂY", "tcvn3"))
    local function back(s) return (text.decode(text.encode(s, "tcvn3"), "tcvn3")) end
    assert.equal("ở đây", back "Ở đây")
    assert.equal("ấn Độ, ủy ban, Ông Ân", back "Ấn Độ, Ủy ban, Ông Ân")
    for _, s in ipairs { "Ở ĐÂY", "ĂN UỐNG Ở ĐÂY", "Đường Ơn Ân Ê", "UBND TỈNH Hà Giang", "HẢI QUAN KHU VỰC XVI" } do assert.equal(s, back(s)) end
  end)

  it("lose no letter of a text that TCVN3 can write, whatever its case", function()
    local words, random = {}, seeded(11)
    for word in sentence:gmatch "[^ ,.]+" do words[#words + 1] = word end
    for _, vowel in utf8.codes(lower) do words[#words + 1] = utf8.char(vowel) .. "n" end
    for _ = 1, 2000 do
      local list = {}
      for k = 1, 6 do
        local word, way = random.one(words), random(4)
        list[k] = way == 2 and text.upper(word) or way == 1 and text.title(word) or word
      end
      local s = table.concat(list, " ")
      local again = text.decode(text.encode(s, "tcvn3"), "tcvn3")
      assert.equal(text.lower(s), text.lower(again))
      s = "UBND " .. text.upper(s)
      assert.equal(s, (text.decode(text.encode(s, "tcvn3"), "tcvn3")))
    end
  end)

  it("leave the question and the stop at the end of a VIQR sentence", function()
    assert.equal("Anh đi đâu? Tôi về nhà.", text.decode("Anh ddi dda^u? To^i ve^` nha`.", "viqr"))
    assert.equal("mạ non", text.decode("ma. non", "viqr"))
    assert.equal("mạ.", text.decode("ma..", "viqr"))
  end)

  it("accept other names of the sets, and refuse unknown ones and letters without a code", function()
    assert.equal("à", text.decode("\xB5", "TCVN"))
    assert.equal("à", text.decode("\xE0", "windows-1258"))
    expect.raises("name", function() text.decode("a", "tcvn4") end)
    expect.raises("type", function() text.decode("a") end)
    expect.raises("type", function() text.decode(1, "vni") end)
    expect.raises("syntax", function() text.decode("\xFF", "utf8") end)
    expect.raises("range", function() text.encode("中", "tcvn3") end)
    expect.raises("syntax", function() text.encode("\xFF", "tcvn3") end)
  end)
end)

describe("detect", function()
  it("names the set of a sentence and is sure of it", function()
    for _, set in ipairs { "tcvn3", "vni", "viscii", "cp1258", "viqr" } do
      local found, confidence = text.detect(text.encode(sentence, set))
      assert.equal(set, found)
      assert(confidence > 0.9)
    end
    assert.equal("utf8", (text.detect(sentence)))
    assert.equal("utf8", (text.detect "Customs of Viet Nam, where? So. Go."))
    assert.equal("utf8", (text.detect ""))
  end)

  it("refuses when unsure", function()
    assert.is_nil((text.detect "\x80\x81\xFF\xFE"))
    assert.is_nil((text.detect "caf\xE9"))
    assert.is_nil((text.detect(text.encode(sentence, "vps"))))
  end)
end)

describe("repair", function()
  it("leaves what is right byte for byte", function()
    for _, s in ipairs { sentence, text.nfd(sentence), "", "abc\r\n", "Davíð Ólafsson, café, Москва 中文", "“Con rồng” – 2025…", "ma tuý\n\n",
      "ă â đ ê ô ơ ư", text.nfd "chữ ă", "Größe, Straße", "Où êtes-vous né à Orléans ?", "«á»", "XÃ – HUYEN", "e.g. a.m. don't o'clock" } do
      local result, report = text.repair(s)
      assert.equal(s, result)
      assert.same({}, report.runs)
      assert.equal(0, report.lost)
    end
  end)

  it("decodes what one of the old sets explains", function()
    for _, set in ipairs { "tcvn3", "vni", "viscii", "cp1258", "viqr" } do
      local result, report = text.repair(text.encode(sentence, set))
      assert.equal(sentence, result)
      assert.equal(set, report.charset)
    end
  end)

  it("undoes UTF-8 that was read as Western text, once or twice", function()
    local once = as_western(sentence)
    assert.equal(sentence, (text.repair(once)))
    assert.equal(sentence, (text.repair(as_western(once))))
    assert.equal("“a” – b", (text.repair(as_western "“a” – b")))
  end)

  it("undoes it in short lines, and where Latin-1 shows controls", function()
    local function as_latin1(bytes)
      return (bytes:gsub("[\x80-\xFF]", function(b) return utf8.char(b:byte()) end))
    end
    for _, s in ipairs { "Số 5", "Ở", "Đắk Lắk", "Cư M'gar", "TP.HCM: bắt 2 đối tượng", "“Con rồng”", "Ông Müller ở Đà Nẵng", "MA TÚY" } do
      for _, read in ipairs { as_western, as_latin1 } do
        assert.equal(s, (text.repair(read(s))))
        assert.equal(s, (text.repair(read(read(s)))))
      end
    end
  end)

  it("undoes old sets that were read as Western text", function()
    assert.equal("Cục Hải quan bắt ma túy", (text.repair(as_western(text.encode("Cục Hải quan bắt ma túy", "vni")))))
    assert.equal("Cục Hải quan bắt ma túy", (text.repair(as_western(text.encode("Cục Hải quan bắt ma túy", "tcvn3")))))
  end)

  it("undoes Latin-1 that was read as code page 1258", function()
    assert.equal("thì ra", (text.repair "th\u{301} ra"))
  end)

  it("goes by lines, so that mixed documents come out whole", function()
    local old = text.encode(sentence .. "\nQuảng Ninh", "tcvn3")
    local mixed = sentence .. "\n" .. old .. "\nabc\n" .. as_western(sentence)
    local result, report = text.repair(mixed)
    assert.equal(sentence .. "\n" .. sentence .. "\nQuảng Ninh\nabc\n" .. sentence, result)
    assert.equal(3, #report.runs)
    assert.equal("tcvn3", report.runs[1].was)
    assert.equal(#sentence + 2, report.runs[1].first)
  end)

  it("says what could not be saved", function()
    local result, report = text.repair "Hải quan b?t gi? hai ??i t??ng, b?nh"
    assert.equal("Hải quan b?t gi? hai ??i t??ng, b?nh", result)
    assert.equal(2, report.lost)
    result, report = text.repair "a\xFF\xFEb"
    assert.equal("a\u{FFFD}\u{FFFD}b", result)
    assert.equal(2, report.lost)
  end)
end)
