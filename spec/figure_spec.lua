-- Figures: what an announced number says and does not say, and that calculation neither adds nor loses knowledge.
local core = require "mekong.core"
local mekong = require "mekong"
local expect = require "spec.support.expect"
local figure = mekong.figure

local function failure(f, ...)
  local ok, message = pcall(f, ...)
  assert(not ok, "an error was due")
  return message:match "%[(%l+)%]", message
end

-- "[0; 2.3)" of a figure
local function interval(f)
  return (f.lo_open and "(" or "[") .. tostring(f.lo or "-inf") .. "; " .. tostring(f.hi or "inf") .. (f.hi_open and ")" or "]")
end

local function reads(text, best, bounds, unit, qualifier, opts)
  local f = figure(text, opts)
  assert.equal(best, f.best, text)
  assert.equal(bounds, interval(f), text)
  assert.equal(unit, f.unit, text)
  assert.equal(qualifier, f.qualifier, text)
  return f
end

describe("reading a figure", function()
  it("takes bare counts and bare whole measures as exact", function()
    reads("1.715 vụ", 1715, "[1715; 1715]", "case", "exact")
    reads("395 kg", 395, "[395; 395]", "kg", "exact")
    reads("1.745.000 viên", 1745000, "[1745000; 1745000]", "pill", "exact")
    reads("06 vụ", 6, "[6; 6]", "case", "exact")
    reads("353 cá thể, sản phẩm", 353, "[353; 353]", "individual_or_product", "exact")
    reads("3.771 tỷ 924 triệu đồng", 3771924000000, "[3771924000000; 3771924000000]", "VND", "exact")
    reads("2 triệu viên", 2000000, "[2000000; 2000000]", "pill", "exact")
    reads("1.715", 1715, "[1715; 1715]", "", "exact")
    reads("lên đến 5 tấn", 5, "[5; 5]", "t", "exact")
    reads("0 vụ", 0, "[0; 0]", "case", "exact")
  end)

  it("takes a bare decimal measure as rounded where it was announced and as exact in a record", function()
    reads("2,3 tấn", "2.3", "[2.25; 2.35)", "t", "exact")
    reads("4.951,9 kg", "4951.9", "[4951.85; 4951.95)", "kg", "exact")
    reads("2,30 tấn", "2.3", "[2.295; 2.305)", "t", "exact")
    reads("−32,7%", "-32.7", "(-32.75; -32.65]", "%", "exact")
    assert.is_true(figure("2,3 tấn", { record = true }):exact())
    assert.is_false(figure("2,3 tấn"):exact())
  end)

  it("bounds a hedged number on the side the hedge speaks of", function()
    for _, hedge in ipairs { "hơn", "trên", "quá", "vượt", "more than", "over", ">" } do
      reads(hedge .. " 4.500 vụ", 4500, "(4500; inf)", "case", "more_than")
    end
    for _, hedge in ipairs { "gần", "ngót", "nearly", "almost" } do
      reads(hedge .. " 2.3 tấn", "2.3", "[0; 2.3)", "t", "nearly")
    end
    for _, hedge in ipairs { "dưới", "chưa đến", "chưa tới", "less than", "<" } do
      reads(hedge .. " 60 vụ", 60, "[0; 60)", "case", "below")
    end
    for _, hedge in ipairs { "ít nhất", "tối thiểu", "không dưới", "at least", "≥" } do
      reads(hedge .. " 748 kg", 748, "[748; inf)", "kg", "at_least")
    end
    reads("từ 100 kg trở lên", 100, "[100; inf)", "kg", "at_least")
    reads("100 kg trở lên", 100, "[100; inf)", "kg", "at_least")
    reads("800 vụ có lẻ", 800, "(800; inf)", "case", "more_than")
    for _, hedge in ipairs { "tối đa", "không quá", "at most", "≤" } do
      reads(hedge .. " 20 vụ", 20, "[0; 20]", "case", "at_most")
    end
  end)

  it("takes an approximate number as good to its last digit that is not 0", function()
    for _, hedge in ipairs { "khoảng", "xấp xỉ", "ước", "ước tính", "chừng", "độ", "about", "≈" } do
      reads(hedge .. " 800 vụ", 800, "[700; 900]", "case", "approx")
    end
    reads("khoảng 218 kg", 218, "[217; 219]", "kg", "approx")
    reads("khoảng 84,4 kg", "84.4", "[84.3; 84.5]", "kg", "approx")
    reads("khoảng 4.500 vụ", 4500, "[4400; 4600]", "case", "approx")
    reads("khoảng 2 triệu viên", 2000000, "[1000000; 3000000]", "pill", "approx")
    reads("khoảng 0 vụ", 0, "[0; 1]", "case", "approx")
  end)

  it("takes a range as its two ends without a best value", function()
    reads("từ 5 đến 10 vụ", nil, "[5; 10]", "case", "between")
    reads("5-10 kg", nil, "[5; 10]", "kg", "between")
    reads("5 – 10 kg", nil, "[5; 10]", "kg", "between")
    reads("từ 500 kg đến 1 tấn", nil, "[0.5; 1]", "t", "between")
    assert.equal("range", (failure(figure, "10 đến 5 kg")))
  end)

  it("reads directions: a fall is negative", function()
    local up = reads("tăng 111%", 111, "[111; 111]", "%", "exact")
    assert.equal("increase", up.direction)
    local down = reads("giảm 32,7%", "-32.7", "(-32.75; -32.65]", "%", "exact")
    assert.equal("decrease", down.direction)
    reads("giảm hơn 30%", -30, "(-inf; -30)", "%", "more_than")
    reads("giảm gần 30%", -30, "(-30; 0]", "%", "nearly")
    reads("giảm 30 vụ", -30, "[-30; -30]", "case", "exact")
    reads("giảm 30-40%", nil, "[-40; -30]", "%", "between")
    reads("gấp 3 lần", 3, "[3; 3]", "x", "exact")
    reads("tăng gấp đôi", 2, "[2; 2]", "x", "exact")
    reads("gấp rưỡi", "1.5", "[1.5; 1.5]", "x", "exact")
    reads("giảm 2 lần", "0.5", "[0.5; 0.5]", "x", "exact")
    reads("giảm một nửa", "0.5", "[0.5; 0.5]", "x", "exact")
  end)

  it("marks preliminary figures", function()
    for _, text in ipairs { "sơ bộ 1.155 vụ", "1.155 vụ việc (sơ bộ)", "kết quả sơ bộ 1.155 vụ" } do
      assert.equal("P", reads(text, 1155, "[1155; 1155]", "case", "exact").status, text)
    end
    assert.equal("A", figure("1.155 vụ").status)
    assert.equal("U", figure("1.155 vụ", { status = "U" }).status)
  end)

  it("reads an estimate that is said behind it like one said before it", function()
    for _, text in ipairs { "12 kg (ước tính)", "12 kg (ước)", "12 kg (ước khoảng)", "khoảng 12 kg (ước tính)" } do
      reads(text, 12, "[11; 13]", "kg", "approx")
    end
    reads("hơn 12 kg (ước tính)", 12, "(12; inf)", "kg", "more_than")
    assert.equal("P", reads("12 kg (ước tính) (sơ bộ)", 12, "[11; 13]", "kg", "approx").status)
  end)

  it("is a whole count where decimals are written but none", function()
    reads("7,0 vụ", 7, "[7; 7]", "case", "exact")
  end)

  it("keeps what a mass includes apart from it: never added", function()
    local f = reads("395 kg (trong đó có gần 104.410 viên)", 395, "[395; 395]", "kg", "exact")
    assert.equal(1, #f.includes)
    assert.equal(104410, f.includes[1].best)
    assert.equal("[0; 104410)", interval(f.includes[1]))
    assert.equal("gần 104.410 viên", f.includes[1].raw)
    assert.equal("395 kg (trong đó có gần 104.410 viên)", f:say())
    local named = figure "395 kg (trong đó có 3 kg heroin, 2,5 g ketamine và 20 viên)"
    assert.same({ "3 kg", "2,5 g", "20 viên" }, { named.includes[1].raw, named.includes[2].raw, named.includes[3].raw })
    assert.equal(395, named.best)
    local two = figure "40 đầu mối, trong đó có 38 đầu mối và 2 đầu mối"
    assert.equal(2, #two.includes)
    two.includes[1] = nil -- a copy
    assert.equal(2, #two.includes)
  end)

  it("does not care about case, Unicode form or tone style", function()
    local plain = figure "hơn 4.500 đối tượng"
    for _, text in ipairs { "HƠN 4.500 ĐỐI TƯỢNG", "Hơn 4.500 Đối tượng", "ho\u{31B}n 4.500 đo\u{302}\u{301}i tu\u{31B}o\u{31B}\u{323}ng",
      "  hơn  4.500\u{A0}đối\ttượng ", "hơn 4.500 ðối tượng" } do
      assert.equal(plain, figure(text), text)
    end
    assert.equal(figure "khoảng 5 tỷ đồng", figure "khoảng 5 tỉ đồng")
    assert.equal(figure "1.537kg", figure "1.537 kg")
    assert.equal(figure "1.715 vụ", figure "1\u{A0}715 vụ")
    assert.equal(figure "−32,7%", figure "-32,7 %")
  end)

  it("settles 818,303 only when it is told how", function()
    local code, message = failure(figure, "818,303 kg")
    assert.equal("ambiguous", code)
    assert.matches("818.303", message, 1, true)
    assert.matches("818303", message, 1, true)
    assert.equal("818.303", figure("818,303 kg", { style = "vi" }).best)
    assert.equal(818303, figure("818,303 kg", { style = "en" }).best)
    assert.equal(818303, figure("818,303 viên").best) -- a count has no decimals
    assert.equal("0.303", figure("0,303 kg").best)
    assert.equal("1234.5", figure("1,234.5 kg").best)
    assert.equal(1234567, figure("1,234,567 kg").best)
    assert.equal(1537, figure("1.537 kg").best)
    assert.equal("1.537", figure("1.537 kg", { style = "en" }).best)
  end)

  it("settles \"tăng 2,15 lần\" only when it is told how", function()
    local code, message = failure(figure, "tăng 2,15 lần")
    assert.equal("ambiguous", code)
    assert.matches("2.15 times", message, 1, true)
    assert.matches("3.15 times", message, 1, true)
    reads("tăng 2,15 lần", "2.15", "[2.145; 2.155)", "x", "exact", { reading = "ratio" })
    reads("tăng 2,15 lần", "3.15", "[3.145; 3.155)", "x", "exact", { reading = "increase" })
    reads("2,15 lần", "2.15", "[2.145; 2.155)", "x", "exact")
  end)

  it("follows a policy that the caller can replace", function()
    reads("gần 2.3 tấn", "2.3", "(2.07; 2.3)", "t", "nearly", { pragmatic = true })
    reads("hơn 4.500 vụ", 4500, "(4500; 4950)", "case", "more_than", { pragmatic = true })
    local about = reads("khoảng 800 vụ", 800, "[760; 840]", "case", "approx", { pragmatic = true })
    assert.is_true(about.assumed)
    assert.equal("E", about.status)
    assert.is_false(figure("1.715 vụ", { pragmatic = true }).assumed)
    reads("gần 60 đại biểu", 60, "[54; 60)", "delegate", "nearly", { policy = { nearly = "[0.9x,x)" } })
    reads("2,3 tấn", "2.3", "[2.3; 2.3]", "t", "exact", { policy = { rounded = "[x,x]" } })
    reads("khoảng 800 vụ", 800, "(750; 850)", "case", "approx", { policy = { approx = "(x-0.5g, x + 0.5g)" } })
    reads("hơn 5 kg", 5, "(5; 6]", "kg", "more_than", { policy = { more_than = "(x,x+1]" } })
    for _, bad in ipairs { "", "x", "[0;x)", "[0,x", "[0,y)", "[x,x]]", "[0,x)z", "(inf,x)", "[x,-inf)", "[1..2,x)" } do
      assert.equal("syntax", (failure(figure, "gần 5 kg", { policy = { nearly = bad } })), bad)
    end
    local code, message = failure(figure, "gần 5 kg", { policy = { near = "[0,x)" } })
    assert.equal("name", code)
    assert.matches("nearly", message, 1, true)
  end)

  it("takes numbers with a unit, and a default or target unit for texts", function()
    assert.equal(figure "1.715 vụ", figure(1715, "vụ"))
    assert.equal(figure "1.715 vụ", figure(1715.0, { unit = "case" }))
    assert.equal(figure "1.715 vụ", figure("1.715", "vụ"))
    assert.equal(2300, figure("2,3 tấn", { unit = "kg", record = true }).best)
    assert.equal("kg", figure("2,3 tấn", "kg").unit)
    assert.equal("unit", (failure(figure, "5 vụ", "kg")))
    local f = figure("1.715 vụ", { source = "S0" })
    assert.same({ "S0" }, f.sources)
    assert.equal(f, figure(f))
    assert.equal("t", figure(figure "5 kg", "tấn").unit)
  end)
end)

describe("what is no figure", function()
  it("is refused with its place and a way out", function()
    for _, text in ipairs { "", " ", "abc", "hơn", "vụ", "hơn vụ", "5 vụ năm nay", "5 tấn công", "20.3.2019", "1.2.3", "12 x 5",
      "5 t", "từ 5 vụ", "gần hơn 5 vụ", "5 kg (trong đó có)", "5 kg heroin", "5 kg (ước tính", "5 kg (hơn)",
      "5 vụ\0", "\0", "%", "--5", "5 vụ 6", "١٢٣ vụ" } do
      local code, message = failure(figure, text)
      assert.equal("syntax", code, ("%q: %s"):format(text, message))
      assert.matches("^%S*figure_spec.lua:%d+: mekong: ", message)
    end
    local _, message = failure(figure, "5 vụ năm nay")
    assert.matches("line 1, column 8", message, 1, true)
    assert.matches("\n       ^^^", message, 1, true)
  end)

  it("includes half a case", function()
    for _, text in ipairs { "2.3 vụ", "2,15 vụ", "hơn 2,5 viên", "từ 1,5 đến 2 vụ" } do
      local code, message = failure(figure, text)
      assert.equal("type", code, text)
      assert.matches("whole", message, 1, true)
    end
  end)

  it("includes floats, tables and nothing at all", function()
    assert.equal("type", (failure(figure)))
    assert.equal("type", (failure(figure, nil, "vụ")))
    assert.equal("type", (failure(figure, {})))
    assert.equal("type", (failure(figure, true)))
    assert.equal("type", (failure(figure, 2.3, "kg")))
    assert.equal("type", (failure(figure, 0 / 0)))
    assert.equal("type", (failure(figure, math.huge)))
  end)

  it("names the option or value that is unknown", function()
    local code, message = failure(figure, "5 vụ", { stile = "vi" })
    assert.equal("name", code)
    assert.matches("style", message, 1, true)
    assert.equal("name", (failure(figure, "5 vụ", { style = "fr" })))
    assert.equal("name", (failure(figure, "5 vụ", { reading = "both" })))
    assert.equal("name", (failure(figure, "5 vụ", { status = "X" })))
    assert.equal("type", (failure(figure, "5 vụ", { record = 1 })))
    assert.equal("type", (failure(figure, "5 vụ", 5)))
    assert.equal("type", (failure(figure, "5 vụ", { source = "a", sources = { "b" } })))
    assert.equal("type", (failure(figure, "5 vụ", { sources = { 1 } })))
    assert.equal("unit", (failure(figure, "5 vụ", "vụu")))
  end)

  it("is told in linear time, however long", function()
    assert.equal("limit", (failure(figure, ("9"):rep(1 << 20))))
    assert.equal("limit", (failure(figure, ("9 "):rep(1 << 19))))
    assert.equal("limit", (failure(figure, ("hơn "):rep(1 << 18))))
    assert.equal("range", (failure(figure, ("9"):rep(60) .. " vụ")))
    assert.equal("range", (failure(figure, "9" .. ("0"):rep(36) .. " tỷ đồng")))
    assert.equal("syntax", (failure(figure, "hơn 4.500 v\xe1\xbb")))
  end)
end)

describe("calculating with figures", function()
  local function op(f) return tostring(f.best) .. " " .. interval(f) .. " " .. f.unit end

  it("carries open and closed ends", function()
    local d = figure "hơn 4.500 vụ" - figure "4.393 vụ" -- more than 4,500 is at least 4,501
    assert.equal(108, d.lo)
    assert.is_false(d.lo_open)
    assert.is_nil(d.hi)
    assert.equal("ít nhất 108 vụ", d:say())
    assert.equal("5.3 [5.25; 5.35) t", op(figure "2,3 tấn" + figure "3 tấn"))
    assert.equal("0.7 (0.65; 0.75] t", op(figure "3 tấn" - figure "2,3 tấn"))
    assert.equal("4.6 [4.5; 4.7) t", op(figure "2,3 tấn" * 2))
    assert.equal("4.6 [4.5; 4.7) t", op(2 * figure "2,3 tấn"))
    assert.equal("1.15 [1.125; 1.175) t", op(figure "2,3 tấn" / 2))
    assert.equal("-2.3 (-2.35; -2.25] t", op(-figure "2,3 tấn"))
    assert.equal("6 [0; 12) ", op(core.figure.new { best = 2, lo = 0, hi = 3, hi_open = true } * core.figure.new { best = 3, lo = 1, hi = 4 }))
    assert.equal("0 [0; 0] ", op(core.figure.new { lo = 5, best = 6 } * 0))
    local around_zero = core.figure.new { lo = -2, hi = 3, best = 1 }
    assert.equal("1 [-6; 9] ", op(around_zero * around_zero)) -- two ends at a time, not a square
  end)

  it("converts to the unit on the left and refuses what does not convert", function()
    assert.equal("2.5 [2.5; 2.5] t", op(figure "2 tấn" + figure "500 kg"))
    assert.equal("500 (450; 550] kg", op(figure "1.000 kg" - figure "0,5 tấn"))
    for _, bad in ipairs { function() return figure "5 kg" + figure "5 viên" end, function() return figure "5 vụ" + 5 end,
      function() return 5 - figure "5 vụ" end, function() return figure "5 vụ" * figure "5 kg" end,
      function() return figure "5 vụ" < figure "5 kg" end, function() return figure("5 vụ"):change(figure "5 kg") end,
      function() return figure("5 vụ"):overlaps(figure "5 kg") end } do
      local code, message = failure(bad)
      assert.equal("unit", code)
      assert.matches("^%S*figure_spec.lua:%d+: mekong: ", message)
    end
  end)

  it("takes percentages and times as factors", function()
    assert.equal("171.5 [171.5; 171.5] case", op(figure "10%" * figure "1.715 vụ"))
    assert.equal("171.5 [171.5; 171.5] case", op(figure "1.715 vụ" * figure "10%"))
    assert.equal("3430 [3430; 3430] case", op(figure "1.715 vụ" * figure "2 lần"))
    assert.equal("857.5 [857.5; 857.5] case", op(figure "1.715 vụ" / figure "gấp đôi"))
    assert.equal("1.26 [1.26; 1.26] ", op(1 + figure "26%" * 1 / figure "100%"))
  end)

  it("knows a figure when it meets itself", function()
    local f = figure "hơn 4.500 vụ"
    assert.equal("0 [0; 0] case", op(f - f))
    assert.equal("1 [1; 1] ", op(f / f))
    assert.equal("0 [0; 0] %", op(f:change(f)))
    assert.equal("100 [100; 100] %", op(f:share(f)))
    assert.is_true(f <= f)
    assert.is_false(f < f)
    assert.is_nil((f - figure "hơn 4.500 vụ").hi) -- another one that reads alike is another one
  end)

  it("finds the changes between the phases", function()
    local iv, v, vii = figure "1.362 vụ", figure "1.715 vụ", figure "1.155 vụ"
    -- 1.715/1.362 = 1,25918; 1.155/1.715 = 0,67347
    assert.equal("+25,9%", mekong.fmt.change(v:change(iv)))
    assert.equal("increase", v:change(iv).direction)
    assert.equal("−32,7%", mekong.fmt.change(vii:change(v)))
    assert.equal("decrease", vii:change(v).direction)
    assert.equal("1,26 lần", v:times(iv):format())
    -- 1.715/216 = 7,940 a day, 1.155/154 = 7,5 a day: 7,5/7,940 = 0,94461
    local rate = (vii / figure "154 ngày"):change(v / figure "216 ngày")
    assert.equal("−5,5%", mekong.fmt.change(rate))
    -- 868 -> 1.362: 1,56912
    assert.equal("+56,9%", mekong.fmt.change(iv:change(figure "868 vụ")))
    -- 123 -> 77: 0,62602
    assert.equal("−37,4%", mekong.fmt.change(figure("77 vụ"):change(figure "123 vụ")))
  end)

  it("gives a share from both ends", function()
    assert.equal("12,6%", figure("216 vụ"):share(figure "1.715 vụ"):format()) -- 12,595
    local s = figure("hơn 100 vụ"):share(figure "500 vụ") -- 101/500 and, at most, all
    assert.equal("[20.2; 100]", interval(s))
    assert.is_nil(s.best) -- 100 is the floor, not an estimate
    s = figure("100 vụ"):share(figure "hơn 400 vụ") -- over 401 at most
    assert.is_true(s.lo == 0 and s.lo_open)
    assert.equal("24.94", core.figure.decimal(s, 2, "hi")) -- 100/401
    assert.equal("[0; 0]", interval(figure("0 kg"):share(figure "hơn 5 kg"))) -- nothing of any total is nothing
    assert.equal("[0; 100]", interval(figure("dưới 5 kg"):share(figure "gần 10 kg")))
    assert.equal("104.66", core.figure.decimal(figure("449 kg"):share(figure "429 kg"), 2)) -- a part above its total shows
    assert.equal("range", (failure(figure("5 vụ").share, figure "5 vụ", figure "0 vụ")))
    assert.equal("range", (failure(figure("5 vụ").share, figure "5 vụ", figure "-5 vụ")))
  end)

  it("refuses to divide by what may be nothing", function()
    local f = figure "100 vụ"
    for _, divisor in ipairs { 0, figure "0 vụ", figure "gần 5 vụ", core.figure.unknown "vụ", figure "tối đa 5 vụ" } do
      assert.equal("range", (failure(function() return f / divisor end)))
    end
    assert.equal("(0; 100]", interval(f / figure "hơn 0 vụ")) -- more than no case is one at least
    assert.equal("(0; inf)", interval(figure "100 kg" / figure "hơn 0 kg"))
  end)

  it("keeps the worse status and every source once, in order", function()
    local a = figure("5 vụ", { sources = { "S1", "S2" } })
    local b = figure("6 vụ", { source = "S2", status = "P" })
    local c = figure("7 vụ", { source = "S0", status = "E" })
    local sum = a + b + c
    assert.same({ "S1", "S2", "S0" }, sum.sources)
    assert.equal("E", sum.status)
    assert.equal("P", (a - b).status)
    assert.equal("M", (sum + core.figure.unknown "vụ").status)
    assert.same({ "S1", "S2" }, a.sources)
    sum.sources[1] = "changed"
    assert.same({ "S1", "S2", "S0" }, sum.sources)
  end)

  it("keeps the floor of a total that waits for an unknown part", function()
    local total = figure "4.393 vụ" + core.figure.unknown "vụ"
    assert.equal(4393, total.lo)
    assert.is_nil(total.hi)
    assert.is_nil(total.best)
    assert.equal("≥ 4.393 vụ", total:format())
    assert.is_false(total:known())
    assert.equal("chưa rõ", core.figure.unknown("vụ"):say())
    assert.equal("unknown", core.figure.unknown("vụ"):format { locale = "en" })
  end)

  it("has no floats in it", function()
    for _, bad in ipairs { function() return figure "5 kg" * 1.5 end, function() return figure "5 kg" + {} end,
      function() return figure "5 kg" .. nil end, function() return figure "5 kg" < "6 kg" end,
      function() return figure "5 kg" - nil end } do
      assert.is_false((pcall(bad)))
    end
    assert.equal("type", (failure(function() return figure "5 kg" * 1.5 end)))
    assert.equal("type", (failure(function() return figure "5 kg" < "6 kg" end)))
    assert.equal("20 [20; 20] kg", op(figure "5 kg" * 4.0))
  end)

  it("refuses results that do not fit", function()
    local big = figure(("9"):rep(37) .. " kg")
    assert.equal("range", (failure(function() return big * figure(("9"):rep(37)) end)))
    assert.equal("range", (failure(big.to, big, "mg")))
  end)
end)

describe("comparing figures", function()
  local floor, known = figure "hơn 4.500 vụ", figure "4.393 vụ"

  it("decides when every value agrees and raises when they overlap", function()
    assert.is_true(known < floor)
    assert.is_false(floor < known)
    assert.is_true(figure "4.500 vụ" < floor)
    assert.is_false(floor < figure "4.501 vụ") -- a count above 4.500 is 4.501 or more
    assert.is_true(figure "4.501 vụ" <= floor)
    assert.is_true(figure "2,3 tấn" < figure "2,4 tấn")
    assert.is_true(figure "900 kg" < figure "1 tấn")
    assert.is_true(known > 4000)
    local code, message = failure(function() return floor < figure "5.000 vụ" end)
    assert.equal("range", code)
    assert.matches("chưa xác định", message, 1, true)
    assert.equal("range", (failure(function() return figure "gần 2.3 tấn" < figure "2 tấn" end)))
  end)

  it("answers surely and maybe without raising", function()
    local five = figure "5.000 vụ"
    assert.is_false(floor:surely_lt(five))
    assert.is_true(floor:maybe_lt(five))
    assert.is_true(known:surely_lt(floor))
    assert.is_false(floor:maybe_lt(known))
    assert.is_true(floor:overlaps(five))
    assert.is_false(floor:overlaps(known))
    assert.is_false(figure("dưới 60 vụ"):overlaps(figure "hơn 58 vụ" + figure "1 vụ"))
    assert.is_true(floor:surely_covers(five))
    assert.is_false(five:surely_covers(floor))
  end)

  it("calls equal what has the same bounds and unit", function()
    assert.is_true(figure "1.715 vụ" == figure "1.715 vụ việc")
    assert.is_true(figure "hơn 4.500 vụ" == figure "ít nhất 4.501 vụ")
    assert.is_false(figure "hơn 2 tấn" == figure "ít nhất 2 tấn")
    assert.is_false(figure "5 kg" == figure "5 viên")
    assert.is_false(figure "1 tấn" == figure "1.000 kg")
    assert.is_false(figure "5 kg" == 5)
    assert.is_true(figure("1.715 vụ"):is(1715))
    assert.is_true(figure("1.715 vụ"):is "1.715 vụ")
    assert.is_true(figure("1 tấn"):is(figure "1.000 kg"))
    assert.is_true(figure("2,3 kg", { record = true }):is "2,3 kg")
    assert.is_false(floor:is(4501))
    assert.is_false(figure("5 kg"):is(figure "5 viên"))
  end)

  it("puts figures in one total order", function()
    local list = { figure "5 vụ", figure "hơn 4 vụ", figure "4 vụ", core.figure.unknown "vụ", figure "gần 5 vụ" }
    for _, a in ipairs(list) do
      for _, b in ipairs(list) do
        assert.equal(-core.figure.order(b, a), core.figure.order(a, b))
      end
    end
    assert.equal(-1, core.figure.order(list[3], list[1]))
    assert.equal(0, core.figure.order(figure "1 tấn", figure "1 tấn"))
    local mixed = { figure "9.000 kg", figure "7 viên", figure "5 tấn", mekong.figure(6, ""), figure "300 g" }
    for _, a in ipairs(mixed) do
      for _, b in ipairs(mixed) do
        for _, c in ipairs(mixed) do
          if core.figure.order(a, b) < 0 and core.figure.order(b, c) < 0 then assert.equal(-1, core.figure.order(a, c)) end
        end
      end
    end
  end)
end)

describe("a figure speaks", function()
  it("in words", function()
    for text, words in pairs { ["hơn 4.500 vụ"] = "more than 4,500 cases", ["gần 2.3 tấn"] = "nearly 2.3 tonnes",
      ["ít nhất 748 kg"] = "at least 748 kg", ["khoảng 800 vụ"] = "about 800 cases", ["dưới 60 vụ"] = "under 60 cases",
      ["tối đa 20 vụ"] = "at most 20 cases", ["từ 5 đến 10 kg"] = "from 5 to 10 kg", ["1.715 vụ"] = "1,715 cases" } do
      local f = figure(text)
      assert.equal((text:gsub("2%.3", "2,3")), f:say())
      assert.equal(words, f:say { locale = "en" })
      assert.equal(f:say(), tostring(f))
      assert.equal(f, figure(f:say()))
      assert.equal(f, figure(f:say { locale = "en" }, { style = "en" }))
    end
  end)

  it("in marks for tables", function()
    assert.equal("> 4.500 vụ", figure("hơn 4.500 vụ"):format())
    assert.equal("> 4.500", figure("hơn 4.500 vụ"):format { unit = false })
    assert.equal("≥ 4.393", figure("ít nhất 4.393 vụ"):format { unit = false })
    assert.equal("2,3 tấn", figure("2,3 tấn"):format())
    assert.equal("2.3 tonnes", figure("2,3 tấn"):format { locale = "en" })
    assert.equal("≈ 2.300 kg", figure("2,3 tấn"):to("kg"):format())
    assert.equal("−32,7%", figure("1.155 vụ"):change(figure "1.715 vụ"):format())
    assert.equal("−32,65%", figure("1.155 vụ"):change(figure "1.715 vụ"):format { digits = 2 })
    assert.equal("+25,9%", figure("1.715 vụ"):change(figure "1.362 vụ"):format { sign = true })
    assert.equal("5–10 kg", figure("từ 5 đến 10 kg"):format())
    assert.equal("hơn 4.500 vụ", figure("hơn 4.500 vụ"):format { style = "words" })
    assert.equal("1,745,000 pills", figure("1.745.000 viên"):format { locale = "en" })
  end)

  it("of how it came about", function()
    assert.equal('nguyên văn: "hơn 4.500 vụ"\ncận: (4.500; +∞); số đếm, nên ≥ 4.501 vụ', figure("hơn 4.500 vụ"):why())
    local d = figure("hơn 4.500 vụ", { source = "S4" }) - figure("4.393 vụ", { source = "S0" })
    assert.equal("hơn 4.500 vụ − 4.393 vụ = ít nhất 108 vụ\ncận: [108; +∞)\nnguồn: S4, S0", d:why())
    assert.equal("more than 4,500 cases − 4,393 cases = at least 108 cases\nbounds: [108; +∞)\nsources: S4, S0",
      d:why { locale = "en" })
    local total = figure "0 vụ"
    for _ = 1, 1000 do total = total + figure "1 vụ" end
    assert.is_true(#total:why() < 400) -- a long sum does not grow its account
  end)

  it("and refuses unknown ways of speaking", function()
    local f = figure "5 vụ"
    assert.equal("name", (failure(f.format, f, { local_ = "en" })))
    assert.equal("name", (failure(f.format, f, { locale = "fr" })))
    assert.equal("name", (failure(f.format, f, { style = "loud" })))
    assert.equal("range", (failure(f.format, f, { digits = -1 })))
    assert.equal("range", (failure(f.format, f, { digits = 1.5 })))
    assert.equal("type", (failure(f.say, "5 vụ")))
    assert.equal("type", (failure(f.known)))
  end)
end)

describe("the fields of a figure", function()
  it("are there or are refused with the nearest name", function()
    local f = figure "hơn 4.500 vụ"
    assert.is_nil(f.hi)
    assert.is_nil(f.direction)
    assert.equal("hơn 4.500 vụ", f.raw)
    assert.same({}, f.sources)
    assert.same({}, f.includes)
    for wrong, meant in pairs { bset = "best", loo = "lo", formt = "format", unitt = "unit" } do
      local code, message = failure(function() return f[wrong] end)
      assert.equal("name", code)
      assert.matches(wrong, message, 1, true)
      assert.matches(meant, message, 1, true)
    end
    assert.equal("name", (failure(function() return f[1] end)))
    assert.equal("name", (failure(function() return f["\xff"] end)))
    assert.is_false((pcall(function() f.best = 5 end)))
  end)
end)

describe("figures of other parts of the module", function()
  it("are made from bounds", function()
    local f = core.figure.new { best = 4500, lo = 4500, lo_open = true, unit = "case", qualifier = "more_than", raw = "hơn 4.500 vụ",
      sources = { "S4" } }
    assert.equal(figure "hơn 4.500 vụ", f)
    assert.equal("hơn 4.500 vụ", f:say())
    assert.equal("hơn 4.500 vụ", f.raw)
    assert.is_true(core.figure.new({ best = "2.25", unit = "kg" }):exact())
    assert.equal("between", core.figure.new({ lo = 5, hi = 10, unit = "kg" }).qualifier)
    assert.equal("[0; 60)", interval(core.figure.new { best = 60, hi = 60, hi_open = true, qualifier = "nearly", unit = "delegate" }))
    assert.equal("[0; 60)", interval(core.figure.hedged(60, "nearly", "delegate")))
    assert.equal("(40; inf)", interval(core.figure.hedged(40, "more_than", "focal_point")))
    assert.equal("[700; 900]", interval(core.figure.hedged(800, "approx", "case")))
    assert.is_false(core.figure.new({ unit = "case" }):known())
    assert.equal("[108; inf)", interval(core.figure.at_least(figure "108 vụ")))
    assert.equal(4501, f:floor().best)
    assert.is_true(f:one_sided())
    assert.is_false(figure("1.715 vụ"):one_sided())
    assert.is_true(figure("gần 60 vụ"):one_sided())
    assert.is_true(core.figure.comparable(figure "1 tấn", figure "5 kg"))
    assert.is_false(core.figure.comparable(figure "1 viên", figure "5 kg"))
  end)

  it("must make sense", function()
    assert.equal("range", (failure(core.figure.new, { lo = 5, hi = 4 })))
    assert.equal("range", (failure(core.figure.new, { lo = 5, hi = 6, lo_open = true, hi_open = true, unit = "case" })))
    assert.equal("type", (failure(core.figure.new, { best = "2.5", unit = "case" })))
    assert.equal("2,5 viên", tostring(core.figure.new { best = "2.5", unit = "pill" })) -- as records may say
    assert.equal("type", (failure(core.figure.new, { best = 2.5 })))
    assert.equal("unit", (failure(core.figure.new, { best = 2, unit = "vụu" })))
    assert.equal("name", (failure(core.figure.new, { best = 2, qualifier = "maybe" })))
    assert.equal("range", (failure(core.figure.new, { best = 2, qualifier = "between" })))
    assert.equal("name", (failure(core.figure.new, { best = 2, status = "Z" })))
    assert.equal("type", (failure(core.figure.new, { best = 2, sources = { {} } })))
  end)
end)

-- A sentence about a calculated figure may say no more than its bounds do.
describe("a calculated figure says", function()
  it("the bound and not the sum of the written numbers", function()
    -- (5; inf) + [0; 3) = (5; inf): more than 5 kg, not more than 8.
    assert.equal("hơn 5 kg", tostring(figure "hơn 5 kg" + figure "gần 3 kg"))
    assert.equal("> 5 kg", (figure "hơn 5 kg" + figure "gần 3 kg"):format())
    -- 1.715 − [0; 1.699] = [16; 1.715]
    local excess = figure "1.715 vụ" - figure "gần 1.700 vụ"
    assert.equal("từ 16 đến 1.715 vụ", tostring(excess))
    assert.equal("16–1.715 vụ", excess:format())
  end)

  it("no best value where a hedge gave only an end", function()
    assert.is_nil((figure "hơn 5 kg" + figure "gần 3 kg").best)
    assert.is_nil((figure "hơn 4.500 vụ" - figure "4.393 vụ").best)
    assert.equal("3.8", (figure "2,3 tấn" + figure "1,5 tấn").best)
    assert.equal(805, (figure "khoảng 800 kg" + figure "5 kg").best)
  end)

  it("nothing where both ends are open to infinity", function()
    assert.equal("chưa rõ", tostring(figure "hơn 5 vụ" - figure "hơn 3 vụ"))
    assert.equal("unknown", (figure "hơn 5 kg" - figure "hơn 3 kg"):say { locale = "en" })
  end)

  it("both ends where it reaches below zero", function()
    -- [0; 5) − [0; 3) = (−3; 5)
    assert.equal("từ −3 đến 5 kg", tostring(figure "gần 5 kg" - figure "gần 3 kg"))
    assert.equal("−3 – 5 kg", (figure "gần 5 kg" - figure "gần 3 kg"):format())
  end)

  it("the middle where the ends lie about it", function()
    assert.equal("khoảng 805 kg", tostring(figure "khoảng 800 kg" + figure "5 kg"))
    assert.equal("gần 2.300 kg", tostring(figure("gần 2.3 tấn"):to "kg"))
  end)

  it("the same to a notebook", function() assert.equal("hơn 4.500 vụ", expect.shown(figure("hơn 4.500 vụ"))) end)
end)
