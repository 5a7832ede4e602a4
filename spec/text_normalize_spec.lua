-- normalize: the clean-up of written Vietnamese, with what it changed and where.
local mekong = require "mekong"
local expect = require "spec.support.expect"
local syllables = require "spec.support.syllables"
local seeded = require "spec.support.seeded"
local text = mekong.text

local function normal(s, opts) return (text.normalize(s, opts)) end

-- Rebuilds the result from the text and the list of changes.
local function replay(s, changes)
  local parts, place = {}, 1
  for _, change in ipairs(changes) do
    parts[#parts + 1] = s:sub(place, change.first - 1)
    assert.equal(s:sub(change.first, change.last), change.from)
    parts[#parts + 1] = change.to
    place = change.last + 1
  end
  parts[#parts + 1] = s:sub(place)
  return table.concat(parts)
end

describe("normalize", function()
  it("puts the tone of every syllable on its vowel, whichever vowel it was written on", function()
    local count = 0
    syllables.each(text.nfc, text.nfd, function(old, new, scattered)
      for _, wrong in ipairs(scattered) do
        count = count + 1
        assert.equal(old, normal(wrong))
        assert.equal(new, normal(wrong, { tone = "new" }))
        assert.equal(text.upper(old), normal(text.upper(wrong)))
        assert.equal(old, normal(text.nfd(wrong)))
      end
      assert.equal(old, normal(new))
      assert.equal(old, normal(old, { tone = "keep" }))
      assert.equal(new, normal(new, { tone = "keep" }))
    end)
    assert(count > 10000)
  end)

  it("reads a tone typed before the hat, horn or breve", function()
    for _, tone in ipairs { 0x300, 0x301, 0x303, 0x309, 0x323 } do
      for _, vowel in ipairs { { "a", 0x302 }, { "a", 0x306 }, { "e", 0x302 }, { "o", 0x302 }, { "o", 0x31B }, { "u", 0x31B } } do
        local right = text.nfc(vowel[1] .. utf8.char(vowel[2], tone))
        assert.equal(right, normal(vowel[1] .. utf8.char(tone, vowel[2])))
        assert.equal(right, normal(text.nfc(vowel[1] .. utf8.char(tone)) .. utf8.char(vowel[2])))
        assert.equal(right, normal(text.nfc(vowel[1] .. utf8.char(vowel[2])) .. utf8.char(tone)))
      end
    end
    assert.equal("tiếng Việt", normal "tie\u{341}\u{302}ng Vie\u{323}\u{302}t")
  end)

  it("moves tones by the structure of the syllable", function()
    local cases = {
      ["qủa"] = "quả", ["qúy"] = "quý", ["gía"] = "giá", ["gìơ"] = "giờ", ["gíêng"] = "giếng", ["nghịêp"] = "nghiệp",
      ["khúyu"] = "khuýu", ["thúở"] = "thúở", ["ngòai"] = "ngoài", ["hòan"] = "hoàn", ["tóet"] = "toét", ["súyt"] = "suýt",
      ["lựơng"] = "lượng", ["baỏ"] = "bảo", ["chuỷên"] = "chuyển", ["mừơi"] = "mười", ["cưú"] = "cứu", ["mưà"] = "mừa",
    }
    for wrong, right in pairs(cases) do assert.equal(right, normal(wrong)) end
    for _, kept in ipairs { "gịa", "gỉa", "gì", "quốc", "thuở", "hoàn", "xoong", "Huỳnh", "khuỷu" } do
      assert.equal(kept, normal(kept))
    end
  end)

  it("writes old, new or the author's style", function()
    assert.equal("hòa khỏe thủy ủy", normal "hoà khoẻ thuỷ uỷ")
    assert.equal("hoà khoẻ thuỷ uỷ", normal("hòa khỏe thủy ủy", { tone = "new" }))
    assert.equal("hoà khoẻ thuỷ ủy", normal("hòa khỏe thủy ủy", { tone = "new", uy = "old" }))
    assert.equal("hoà khỏe", normal("hoà khỏe", { tone = "keep" }))
    assert.equal("hoàn mía quý tài", normal("hoàn mía quý tài", { tone = "new" }))
  end)

  it("moves a tone from a consonant to the vowel of the name", function()
    assert.equal("Ngọk Krái", normal "Ngoḳ Kŕai")
  end)

  it("replaces look-alikes only where a syllable results", function()
    assert.equal("Đồng Đăng đi", normal "Ðồng Ðăng ði")
    assert.equal("ma túy", normal "mа túy")   -- Cyrillic а
    assert.equal("ĐBSCL", normal "ÐBSCL")
    for _, kept in ipairs { "Davíð", "Guðmundsson", "со", "Москва", "Ðavíð", "niño", "España", "café" } do
      assert.equal(kept, normal(kept))
    end
  end)

  it("leaves words that are no syllables, and two tones in one word, as they are", function()
    for _, kept in ipairs { "résumé", "voilà", "pâté", "hòá", "naïve", "Zürich", "façade", "x̂y", "ệệ" } do
      assert.equal(text.nfc(kept), normal(kept))
    end
  end)

  it("drops invisible characters and makes every space a plain one", function()
    assert.equal("ma túy", normal "m\u{200B}a\u{A0}tu\u{200D}\u{301}y\u{FEFF}")
    assert.equal("a b c d e f", normal "a\u{A0}b\u{2007}c\u{2009}d\u{202F}e\u{3000}f")
    assert.equal("Mê Kông – VII − 2‑3", normal "Mê Kông – VII − 2‑3")
    assert.equal("a\n\tb", normal "a\n\tb")
  end)

  it("writes i for y in open syllables only when asked, and never in names", function()
    assert.equal("kỷ lý mỹ tỷ", normal "kỷ lý mỹ tỷ")
    assert.equal("kỉ lí mĩ tỉ sĩ hi quý thúy yêu Lý Mỹ", normal("kỷ lý mỹ tỷ sỹ hy quý thúy yêu Lý Mỹ", { i = true }))
  end)

  it("gives a result in form C that it leaves alone", function()
    local samples = { "e\u{301}\u{302}", "a\u{20D3}\u{301}", "\u{1100}\u{1161}\u{11A8}", "\u{2126}", "d\u{335}i", "ma tu\u{301}y",
      "a\u{200B}\u{323}\u{302}", "\u{301}\u{302}", "ḳ\u{301}a", "n\u{303}a", "1\u{301}", "Ạ\u{302}\u{327}" }
    for _, s in ipairs(samples) do
      local once = normal(s)
      assert(text.is_nfc(once), s)
      assert.equal(once, normal(once))
    end
  end)

  it("lists every change with its places in both texts", function()
    local s = "Lựơng ma\u{A0}tuý\u{200B}, Ðồng"
    local result, changes = text.normalize(s)
    assert.equal("Lượng ma túy, Đồng", result)
    assert.equal(result, replay(s, changes))
    local kinds = {}
    for i, change in ipairs(changes) do
      kinds[i] = change.kind
      assert.equal(change.to, result:sub(change.to_first, change.to_last))
    end
    assert.same({ "tone", "space", "tone", "dropped", "letter" }, kinds)
    assert.same({}, (select(2, text.normalize "Đã bắt giữ 12 đối tượng.")))
  end)

  it("maps places of the result to places of the text and back", function()
    local s = "x\u{200B}\u{200B}y tuy\u{301} z"
    local result, changes = text.normalize(s)
    assert.equal("xy túy z", result)
    assert.same({ 1, 1 }, { changes:original(1) })
    assert.same({ 8, 8 }, { changes:original(2) })
    assert.same({ #s, #s }, { changes:original(#result) })
    assert.same({ #result, #result }, { changes:result(#s) })
    local first, last = changes:result(2)
    assert(last < first)
    expect.raises("range", function() changes:original(0) end)
  end)

  it("gives changes that rebuild the result for every mixture", function()
    local pieces = { "baỏ", "tuý", "\u{200B}", "\u{A0}", "e\u{301}\u{302}", " ", "Ð", "ồng", "-", "x", "\u{301}", "中", "а", "\n", "ḳ" }
    local r = seeded(12345)
    for _ = 1, 2000 do
      local parts = {}
      for i = 1, 6 do parts[i] = r.one(pieces) end
      local s = table.concat(parts)
      local result, changes = text.normalize(s)
      assert.equal(result, replay(s, changes))
      assert.equal(result, normal(result))
      assert(text.is_nfc(result))
      assert.equal(text.key(s), text.key(result))
    end
  end)

  it("takes hostile input in linear time", function()
    local marks = ("\u{301}\u{323}"):rep(100000)
    assert.equal(#marks + 1, #text.nfc("x" .. marks))
    assert.equal(400001, #normal("x" .. marks))
    assert.equal("", normal(("\u{200B}"):rep(100000)))
  end)

  it("refuses wrong arguments by name", function()
    expect.raises("type", function() text.normalize(12) end)
    expect.raises("syntax", function() text.normalize "a\xFFb" end)
    expect.raises("name", function() text.normalize("a", { tones = "old" }) end)
    expect.raises("name", function() text.normalize("a", { tone = "both" }) end)
    expect.raises("type", function() text.normalize("a", { i = 1 }) end)
    expect.raises("type", function() text.normalize("a", "old") end)
  end)
end)

describe("is_syllable", function()
  it("knows every syllable of the spelling rules, in both styles and in capitals", function()
    syllables.each(text.nfc, text.nfd, function(old, new, scattered)
      assert(text.is_syllable(old), old)
      assert(text.is_syllable(new), new)
      assert(text.is_syllable(text.upper(old)), old)
      for _, form in ipairs(scattered) do
        if form ~= old and form ~= new then assert.is_false(text.is_syllable(form), form) end
      end
    end)
  end)

  it("follows the spelling of c and k, g and gh, ng and ngh, qu and gi", function()
    for _, yes in ipairs { "ca", "ke", "kỷ", "gà", "ghe", "nga", "nghề", "quả", "quý", "gì", "gìn", "giếng", "giặt", "gịa", "yến", "ỉa" } do
      assert(text.is_syllable(yes), yes)
    end
    for _, no in ipairs { "ce", "ka", "ge", "gha", "nge", "ngha", "qa", "q", "iến", "ng", "", "b", "bl", "bla", "mac", "hoàc", "tễt" } do
      assert.is_false(text.is_syllable(no), no)
    end
  end)

  it("allows stop codas only sắc and nặng", function()
    for _, coda in ipairs { "c", "p", "t" } do
      for i, tone in ipairs(syllables.tones) do
        assert.equal(i >= 5, text.is_syllable(text.nfc("ta" .. tone .. coda)))
      end
    end
  end)

  it("accepts the spellings of place names with a capital, or when told so", function()
    for _, name in ipairs { "Kông", "Krông", "Đắk", "Lắk", "Kon", "Plei", "Ngọk", "Ea", "Đăk" } do
      assert(text.is_syllable(name), name)
      assert.is_false(text.is_syllable(name, { names = false }), name)
      assert(text.is_syllable(name:lower(), { names = true }), name)
    end
    assert.is_false(text.is_syllable "krông")
  end)

  it("accepts names with a short consonant or a before them, with r, l or h at the end, and with an apostrophe", function()
    for name in ("Yang Păh Pưh Ayun Ating Êban Kar Gar Mil Kuin Hiao Chro R'lấp H’leo M'Gar M'Drắk K'Nàng Ch'Ơm Mdrăk Kpam Rbin Tẻh Próh "
      .. "Srônh Choáh Êê Huoai Piơr Djrăng"):gmatch "%S+" do
      assert(text.is_syllable(name), name)
      assert(text.is_syllable(text.nfd(name)), name)
      assert.is_false(text.is_syllable(text.lower(name)), name)
      assert(text.is_syllable(text.lower(name), { names = true }), name)
    end
  end)

  it("does not take misspellings at the start of a sentence or foreign words for names", function()
    for _, no in ipairs { "Ngiêng", "Ghà", "Nghà", "Cê", "Baỏ", "Truơng", "Phuơng", "Nghiêp", "Hoàc", "Aynh", "Krxông", "Strông", "Hello",
      "World", "R'", "'", "Ngr'a", "Đắk R'", "R''lấp", "Rà'lấp" } do
      assert.is_false(text.is_syllable(no), no)
      assert.is_false(text.is_syllable(no, { names = true }), no)
    end
  end)

  it("is false for words, phrases, numbers and other scripts", function()
    for _, no in ipairs { "ma túy", "Vietnam", "12", "a1", "việt nam", "-", "ña", "мa", "中" } do
      assert.is_false(text.is_syllable(no), no)
    end
  end)
end)
