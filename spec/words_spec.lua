-- Numbers in Vietnamese words: written, and read back as the same number.
local core = require "mekong.core"
local mekong = require "mekong"
local figure, text = mekong.figure, mekong.text
local number, words = text.number, text.words

local function failure(f, ...)
  local ok, message = pcall(f, ...)
  assert(not ok, "an error was due")
  return message:match "%[(%l+)%]", message
end

local function next_seed(n) return (n * 48271) % 2147483647 end

describe("text.words", function()
  it("writes whole numbers as they are read aloud", function()
    for _, row in ipairs {
      { 0, "không" }, { 1, "một" }, { 4, "bốn" }, { 5, "năm" }, { 7, "bảy" }, { 10, "mười" }, { 11, "mười một" }, { 14, "mười bốn" },
      { 15, "mười lăm" }, { 20, "hai mươi" }, { 21, "hai mươi mốt" }, { 24, "hai mươi tư" }, { 25, "hai mươi lăm" },
      { 55, "năm mươi lăm" }, { 99, "chín mươi chín" }, { 100, "một trăm" }, { 101, "một trăm linh một" }, { 104, "một trăm linh bốn" },
      { 105, "một trăm linh năm" }, { 110, "một trăm mười" }, { 111, "một trăm mười một" }, { 115, "một trăm mười lăm" },
      { 121, "một trăm hai mươi mốt" }, { 1000, "một nghìn" }, { 1001, "một nghìn không trăm linh một" },
      { 1010, "một nghìn không trăm mười" }, { 1362, "một nghìn ba trăm sáu mươi hai" }, { 1715, "một nghìn bảy trăm mười lăm" },
      { 2025, "hai nghìn không trăm hai mươi lăm" }, { 10000, "mười nghìn" }, { 100005, "một trăm nghìn không trăm linh năm" },
      { 104410, "một trăm linh bốn nghìn bốn trăm mười" }, { 1000000, "một triệu" }, { 1000200, "một triệu hai trăm" },
      { 1745000, "một triệu bảy trăm bốn mươi lăm nghìn" }, { 5021000, "năm triệu không trăm hai mươi mốt nghìn" },
      { 3771924000000, "ba nghìn bảy trăm bảy mươi mốt tỷ chín trăm hai mươi tư triệu" },
      { 1000000000000, "một nghìn tỷ" }, { "1000000000000000000", "một tỷ tỷ" },
      { "1000000005000000000", "một tỷ tỷ không trăm linh năm tỷ" },
      { "1" .. ("0"):rep(36), "một tỷ tỷ tỷ tỷ" }, { -32, "âm ba mươi hai" }, { 1e3, "một nghìn" },
    } do
      assert.equal(row[2], words(row[1]))
    end
  end)

  it("writes decimals: two places as a number of tens, others one by one", function()
    for _, row in ipairs {
      { "2.3", "hai phẩy ba" }, { "32.7", "ba mươi hai phẩy bảy" }, { "-32.7", "âm ba mươi hai phẩy bảy" }, { "2.15", "hai phẩy mười lăm" },
      { "2.25", "hai phẩy hai mươi lăm" }, { "2.05", "hai phẩy không năm" }, { "0.5", "không phẩy năm" }, { "2.10", "hai phẩy một" },
      { "3.125", "ba phẩy một hai năm" }, { "0.004", "không phẩy không không bốn" }, { "4951.9", "bốn nghìn chín trăm năm mươi mốt phẩy chín" },
      { 2.5, "hai phẩy năm" },
    } do
      assert.equal(row[2], words(row[1]))
    end
    assert.equal("hai phẩy mười lăm", words("2.145", { digits = 2 }))
    assert.equal("hai", words("2.4", { digits = 0 }))
  end)

  it("writes what people write in more than one way as it is told", function()
    assert.equal("một nghìn linh năm", words(1005, { zero_hundred = false }))
    assert.equal("một nghìn không trăm lẻ năm", words(1005, { filler = "lẻ" }))
    assert.equal("một ngàn lẻ năm", words(1005, { filler = "lẻ", zero_hundred = false, thousand = "ngàn" }))
    assert.equal("hai mươi bốn", words(24, { four = "bốn" }))
    assert.equal("mười nhăm", words(15, { five = "nhăm" }))
    assert.equal("bẩy mươi bẩy", words(77, { seven = "bẩy" }))
    assert.equal("hai tỉ", words(2000000000, { billion = "tỉ" }))
    assert.equal("hai chấm ba", words("2.3", { point = "chấm" }))
    assert.equal("một triệu năm mươi", words(1000050, { zero_hundred = false }))
  end)

  it("writes figures with their hedges and units", function()
    assert.equal("hơn bốn nghìn năm trăm vụ", words(figure "hơn 4.500 vụ"))
    assert.equal("gần hai phẩy ba tấn", words(figure "gần 2.3 tấn"))
    assert.equal("từ hai đến ba tấn", words(figure "2-3 tấn"))
    assert.equal("âm ba mươi hai phẩy bảy phần trăm", words(figure "giảm 32,7%"))
    assert.equal("không vụ", words(figure "0 vụ"))
    assert.equal("năm năm", words(figure "5 năm"))
    assert.equal("ba trăm chín mươi lăm kg (trong đó có gần một trăm linh bốn nghìn bốn trăm mười viên)",
      words(figure "395 kg (trong đó có gần 104.410 viên)"))
    assert.equal("chưa rõ", words(core.figure.unknown "vụ"))
    assert.equal("hơn bốn ngàn năm trăm vụ", words(figure "hơn 4.500 vụ", { thousand = "ngàn" }))
  end)

  it("writes places in a row", function()
    for _, row in ipairs { { 1, "thứ nhất", "thứ I" }, { 2, "thứ hai", "thứ II" }, { 4, "thứ tư", "thứ IV" }, { 10, "thứ mười", "thứ X" },
      { 17, "thứ mười bảy", "thứ XVII" }, { 24, "thứ hai mươi tư", "thứ XXIV" }, { 1994, nil, "thứ MCMXCIV" } } do
      assert.equal(row[2] or words(row[1], { ordinal = true }), words(row[1], { ordinal = true }))
      assert.equal(row[3], words(row[1], { ordinal = "roman" }))
      assert.equal(row[1], number("lần " .. words(row[1], { ordinal = true })).best)
      assert.equal(row[1], number("lần " .. row[3]).best)
    end
    for n = 1, 3999, 7 do assert.equal(n, number("khóa " .. words(n, { ordinal = "roman" }):sub(#"thứ " + 1)).best) end
  end)

  it("refuses what it cannot write", function()
    local _, message = failure(words, 5, { fillers = "lẻ" })
    assert.matches("filler", message, 1, true)
    assert.matches("^%S*words_spec.lua:%d+: mekong: ", message)
    for _, row in ipairs {
      { "name", 5, { filler = "lẽ" } }, { "name", 5, { thousand = 1 } }, { "name", 5, { ordinal = "Roman" } }, { "name", 5, { tone = "keep" } },
      { "type", 5, { zero_hundred = 1 } }, { "range", 5, { digits = -1 } }, { "range", 5, { digits = 1.5 } }, { "range", 0, { ordinal = true } },
      { "range", -3, { ordinal = true } }, { "range", "2.5", { ordinal = true } }, { "range", 4000, { ordinal = "roman" } },
      { "range", 0, { ordinal = "roman" } }, { "type", figure "5 vụ", { ordinal = true } }, { "type", {} }, { "type" }, { "type", true },
      { "type", 5, "lẻ" }, { "syntax", "abc" }, { "syntax", "" }, { "syntax", "1,5" }, { "syntax", "1715 vụ" }, { "range", 0 / 0 },
      { "range", math.huge }, { "range", ("9"):rep(60) }, { "syntax", ("9,"):rep(1 << 19) },
    } do
      assert.equal(row[1], (failure(words, row[2], row[3])), tostring(row[2]))
    end
  end)
end)

-- Every way to write a number.
local function styles()
  local list = {}
  for _, filler in ipairs { "linh", "lẻ" } do
    for _, zero_hundred in ipairs { true, false } do
      for _, thousand in ipairs { "nghìn", "ngàn" } do
        list[#list + 1] = { filler = filler, zero_hundred = zero_hundred, thousand = thousand }
      end
    end
  end
  list[#list + 1] = { four = "bốn", five = "nhăm", seven = "bẩy", billion = "tỉ", point = "chấm" }
  return list
end

describe("words and number", function()
  it("agree on every whole number up to 100,000, in every style in turn", function()
    local list, spell, read = styles(), core.figure.spell, core.figure.number
    local how = {}
    for i, style in ipairs(list) do
      how[i] = { linh = style.filler, nghin = style.thousand, bon = style.four, lam = style.five, bay = style.seven,
        ty = style.billion, zero_hundred = style.zero_hundred }
    end
    for n = 0, 100000 do
      local opts = how[n % #how + 1]
      local said = spell(n, opts)
      local found = read(said)
      if not found or found.best ~= n or not found:exact() then error(n .. ": " .. said) end
    end
    for n = 0, 9999 do -- whatever the styles do, they do below ten thousand
      for i = 1, #how do
        local said = spell(n, how[i])
        local found = read(said)
        if not found or found.best ~= n then error(n .. ": " .. said) end
      end
    end
  end)

  it("agree on whole numbers of any size, before units too", function()
    local list, seed = styles(), 7
    for i = 1, 20000 do
      seed = next_seed(seed)
      local digits = seed % 18 + 1
      local n = 0
      for _ = 1, digits do
        seed = next_seed(seed)
        n = n * 10 + (seed % 3 == 0 and 0 or seed // 7 % 10)
      end
      if i % 5 == 0 then n = -n end
      local said = words(n, list[i % #list + 1])
      local found, why = number(i % 2 == 0 and said or said .. " kg")
      assert.equal(n, found and found.best, why)
    end
    for i = 1, 300 do
      local digits = {}
      for k = 1, i % 36 + 1 do
        seed = next_seed(seed)
        digits[k] = seed % 2 == 0 and 0 or seed // 7 % 10
      end
      digits[1] = digits[1] == 0 and 1 or digits[1]
      local n = table.concat(digits)
      assert.is_true(number(words(n, list[i % #list + 1])):is(n), n)
    end
  end)

  it("agree on decimals", function()
    local list, seed = styles(), 11
    for i = 1, 3000 do
      seed = next_seed(seed)
      local n = ("%d.%0" .. i % 6 + 1 .. "d"):format(seed % 4000, seed // 5 % 10 ^ (i % 6 + 1) // 1 | 0)
      local said = words(n, list[i % #list + 1])
      local found, why = number(said)
      assert.is_true(found and found:is(core.figure.new { best = n }), said .. " " .. tostring(why))
    end
  end)

  it("agree in NFD, in capitals and with other spaces", function()
    for _, n in ipairs { 21, 305, 1715, 24055, 1745000, 3771924000000 } do
      local said = words(n)
      assert.equal(n, number(text.nfd(said)).best)
      assert.equal(n, number(text.upper(said)).best)
      assert.equal(n, number(text.title(said)).best)
      assert.equal(n, number((said:gsub(" ", "\u{A0}"))).best)
      assert.equal(n, number("  " .. said:gsub(" ", "\n") .. "\t").best)
    end
  end)

  it("agree on figures", function()
    for _, hedge in ipairs { "", "hơn ", "gần ", "ít nhất ", "tối đa ", "khoảng ", "dưới ", "từ 2 đến ", "-" } do
      for _, amount in ipairs { "5 vụ", "21 kg", "104.410 viên", "2,3 tấn", "1.000.005 đồng", "32,7%", "15 năm", "2,25 lần" } do
        local f = figure(hedge .. amount)
        assert.equal(f, figure(words(f)), words(f))
      end
    end
  end)
end)

describe("text.number", function()
  it("reads fractions in words and digits exactly", function()
    for _, row in ipairs { { "một phần ba", 1, 3 }, { "hai phần ba", 2, 3 }, { "ba phần tư", 3, 4 }, { "Năm phần mười", 5, 10 },
      { "hai phần nghìn", 2, 1000 }, { "3 phần 8", 3, 8 }, { "một phần năm", 1, 5 }, { "2/3", 2, 3 }, { "3 / 4", 3, 4 }, { "7/200", 7, 200 },
      { "355/113", 355, 113 } } do
      local found = assert(number(row[1]))
      assert.is_true((found * row[3]):is(row[2]), row[1])
    end
    assert.is_true(number("ba phần trăm"):is(figure "3%"))
    assert.is_true(number("ba phần tư tấn"):is(figure "750 kg"))
    assert.equal(figure "khoảng 0,5" .best, number("khoảng một phần hai").best)
    assert.equal("−33,3%", mekong.fmt.figure(figure "giảm một phần ba"))
    for _, no in ipairs { "một phần không", "một phần", "phần ba", "1/0", "0,5/3", "3/4 tấn", "1/2/3" } do assert.is_nil((number(no)), no) end
    local _, why, code = number "24/7"
    assert.equal("ambiguous", code)
    assert.matches("a fraction, or a day and a month", why, 1, true)
  end)

  it("says that a few are no number", function()
    for _, few in ipairs { "vài chục", "hàng trăm vụ", "dăm bảy", "năm ba", "mấy nghìn", "mười mấy", "ba bốn trăm", "một hai vụ", "một số",
      "Vài chục kg", "bảy tám chục" } do
      local found, why = number(few)
      assert.is_nil(found, few)
      assert(why:find("how many", 1, true) or why:find("of a few", 1, true) or why:find("or a range", 1, true), why)
    end
    for _, none in ipairs { "hàng hóa", "số vụ" } do
      local _, why = number(none)
      assert.is_nil(why:find("how many", 1, true), none)
    end
  end)

  it("takes thứ nhì for the second, thứ hai for a doubt", function()
    assert.equal(2, number("thứ nhì").best)
    assert.equal(1, number("thứ nhất").best)
    assert.equal("ambiguous", select(3, number "thứ hai"))
    assert.equal(2, number("lần thứ hai").best)
  end)

  it("reads N, Tr, T and NT as scales only when told to", function()
    for short, value in pairs { ["3,1 N"] = 3100, ["3,1Tr"] = 3100000, ["800 T"] = 800000000000, ["2 NT"] = 2000000000000,
      ["1 T 200 Tr"] = 1200000000 } do
      assert.is_nil((number(short)), short)
      assert.is_true(number(short, { abbreviations = true }):is(value), short)
    end
    assert.is_true(number("5 Tấn", { abbreviations = true }):is(figure "5 tấn"))
    assert.equal("name", (failure(number, "5", { abbreviation = true })))
    assert.equal("type", (failure(number, "5", { abbreviations = 1 })))
  end)
end)
