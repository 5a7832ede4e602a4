-- Keys of names: which spellings are one, at which level.
local mekong = require "mekong"
local expect = require "spec.support.expect"
local syllables = require "spec.support.syllables"
local text = mekong.text

local function same(level, ...)
  local list = { ... }
  for i = 2, #list do assert.equal(text.key(list[1], level), text.key(list[i], level)) end
end

local function differ(level, a, b)
  assert.not_equal(text.key(a, level), text.key(b, level))
end

describe("the identity key", function()
  it("is one for ma túy however it is typed", function()
    same(1, "ma túy", "ma tuý", "MA TÚY", "Ma Tuý", text.nfd "ma túy", "ma\u{A0}túy", "  ma   túy ", "ma tu\u{200B}\u{301}y", "mа tuý")
    assert.equal("ma túy", text.key "MA TUÝ")
  end)

  it("is one for every placement of the tone", function()
    syllables.each(text.nfc, text.nfd, function(old, new, scattered)
      local key = text.key(old)
      assert.equal(old, key)
      assert.equal(key, text.key(new))
      for _, wrong in ipairs(scattered) do assert.equal(key, text.key(wrong)) end
    end)
  end)

  it("is one for all dashes, spaces and look-alikes of đ", function()
    same(1, "Con Rồng - Mê Kông", "Con rồng – Mê Kông", "Con rồng-Mê Kông", "CON RỒNG — MÊ KÔNG", "con rồng − mê\tkông")
    same(1, "Đồng Đăng", "Ðồng Ðăng", "ĐỒNG ĐĂNG", "ðồng đăng", "d\u{335}ồng đăng")
    same(1, "châu Á Thái Bình Dương", "Châu Á  Thái Bình Dương")
  end)

  it("keeps apart what are other words", function()
    differ(1, "ma túy", "ma tủy")
    differ(1, "đường", "dương")
    differ(1, "tỷ lệ", "tý lệ")
    differ(1, "khu vực XVI", "khu vực XV")
    differ(1, "ban", "bàn")
    differ(1, "A B", "AB")
  end)

  it("folds other scripts as Unicode does", function()
    same(1, "Straße", "STRASSE", "strasse")
    same(1, "Москва", "МОСКВА")
    same(1, "Å", "\u{212B}", "a\u{30A}")
    same(1, "ΑΓΓΕΛΟΣ", "αγγελος")
  end)
end)

describe("keys of the other levels", function()
  it("give the composed form at 0", function()
    assert.equal("Ma tuý ", text.key(text.nfd "Ma tuý ", 0))
  end)

  it("drop the tone at 2 and every mark at 3", function()
    assert.equal("ma tuy", text.key("ma túy", 2))
    assert.equal("đương thuơ", text.key("Đường thuở", 2))
    assert.equal("duong thuo", text.key("Đường thuở", 3))
    assert.equal("cuc hai quan (viet nam) 12", text.key("Cục Hải quan (Việt Nam) 12", 3))
    assert.equal("strasse noel o ae", text.key("Straße Noël Ø Æ", 3))
  end)

  it("are stable: a key is its own key", function()
    local samples = { "Ma Tuý", "Ðavíð", " a – b ", "e\u{301}\u{302}", "\u{301}baỏ", "x\u{200B}tuý", "niño", "Ḳ", "ﬁ", "İ", "ΐ", "\u{1E9E}",
      "ḳa", "中文 12", "a\u{327}\u{301}", "º½", "ñu", "tuýtuý", "--a--", "Ŀ", "ŉ" }
    for _, s in ipairs(samples) do
      for level = 0, 3 do
        local key = text.key(s, level)
        assert.equal(key, text.key(key, level), s)
        assert.equal(text.key(text.nfd(s), level), key, s)
        assert(text.is_nfc(key), s)
      end
    end
  end)

  it("take hostile input in linear time", function()
    local s = "tuý" .. ("\u{301}\u{323}"):rep(100000) .. ("-\u{200B} "):rep(10000)
    for level = 0, 3 do assert(#text.key(s, level) > 0) end
  end)

  it("refuse other levels", function()
    expect.raises("range", function() text.key("a", 4) end)
    expect.raises("range", function() text.key("a", -1) end)
    expect.raises("range", function() text.key("a", 1.5) end)
    expect.raises("type", function() text.key("a", "1") end)
    expect.raises("type", function() text.key() end)
  end)
end)
