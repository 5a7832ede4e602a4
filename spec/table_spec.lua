-- Table: rows in a total order, read by index and name, sorted, filtered, joined, summed, shared and printed.
local mekong = require "mekong"
local expect = require "spec.support.expect"

describe("a table", function()
  local store
  setup(function() store = mekong.open ":memory:" end)
  teardown(function() store:close() end)

  local function goods()
    return store:sql [[
      select 'ma túy' as loai, 5 as n, 2 as w union all
      select 'tiền chất', 3, 9 union all
      select 'ngà voi', 3, 1 union all
      select 'pháo', 1, 4]]
  end

  local function order(t) return table.concat(expect.column(t, "loai"), ", ") end

  it("is read by row, column and cell, from either end", function()
    local t = goods()
    assert.equal(4, #t)
    assert.same({ "loai", "n", "w" }, t:names())
    assert.equal("ma túy", t[1].loai)
    assert.equal("pháo", t[-1].loai)
    assert.equal("ngà voi", t:cell(3, "loai"))
    assert.equal("ngà voi", t:cell(-2, "loai"))
    assert.is_nil(t[5])
    assert.is_nil(t[0])
    assert.same({ "ma túy", "tiền chất", "ngà voi", "pháo" }, t:col "loai")
  end)

  it("gives whole numbers as Lua integers", function()
    local t = goods()
    assert.equal("integer", math.type(t[1].n))
    assert.equal(5, t[1].n)
  end)

  it("gives its rows in order, also when the loop is left early", function()
    local seen = {}
    for row in goods():rows() do
      seen[#seen + 1] = row.loai
      if #seen == 2 then break end
    end
    assert.same({ "ma túy", "tiền chất" }, seen)
    local all = 0
    for _ in goods():rows() do all = all + 1 end
    assert.equal(4, all)
  end)

  it("finds a column however its name is written", function()
    local t = store:sql [[select 7 as "số lượng", 'x' as "Giai Đoạn"]]
    assert.equal(7, t:cell(1, "số lượng"))
    assert.equal(7, t:cell(1, "SỐ LƯỢNG"))
    assert.equal(7, t:cell(1, "so luong"))
    assert.equal("x", t:cell(1, "giai đoạn"))
  end)

  it("of SQL prints texts as they are, also those that are words of the program", function()
    expect.line(store:sql("select 'drug' as k, 'no' as v"):to_text(), "drug", "no")
  end)

  it("keeps a missing cell missing", function()
    local t = store:sql "select null as a, 1 as b"
    assert.is_nil(t[1].a)
    assert.is_nil(t:cell(1, "a"))
    expect.holds(t:to_text(), "–")
    expect.raises("name", function() local _ = t[1].c end)
  end)

  describe("sorted", function()
    it("keeps the order of ties", function()
      assert.equal("ma túy, tiền chất, ngà voi, pháo", order(goods():sort "n desc"))
      assert.equal("pháo, tiền chất, ngà voi, ma túy", order(goods():sort "n"))
    end)
    it("uses a second key for ties", function()
      assert.equal("ma túy, ngà voi, tiền chất, pháo", order(goods():sort "n desc, w"))
      assert.equal("ma túy, tiền chất, ngà voi, pháo", order(goods():sort "n desc, w desc"))
    end)
    it("puts missing cells last, either way", function()
      local t = store:sql "select 'a' as loai, null as n union all select 'b', 2 union all select 'c', 1"
      assert.equal("c, b, a", order(t:sort "n"))
      assert.equal("b, c, a", order(t:sort "n desc"))
    end)
    it("orders text as a Vietnamese dictionary does", function()
      -- a < ă < â, d < đ, e < ê: an, ăn, ân; da, đa.
      local t = store:sql [[select 'đa' as loai union all select 'ân' union all select 'da'
        union all select 'ăn' union all select 'an' union all select 'e']]
      assert.equal("an, ăn, ân, da, đa, e", order(t:sort "loai"))
    end)
    it("leaves the table it came from as it was", function()
      local t = goods()
      t:sort "n"
      assert.equal("ma túy, tiền chất, ngà voi, pháo", order(t))
    end)
    it("refuses an unknown column and an unknown direction", function()
      expect.raises("name", function() goods():sort "m desc" end)
      expect.raises({ "syntax", "name" }, function() goods():sort "n down" end)
      expect.raises("type", function() goods():sort(3.5) end)
    end)
  end)

  describe("filtered", function()
    it("by an expression", function()
      assert.equal("tiền chất, ngà voi", order(goods():where "n = 3"))
      assert.equal("ma túy, tiền chất, ngà voi", order(goods():where "n >= 3"))
      assert.equal("tiền chất", order(goods():where "n = 3 and w > 1"))
      assert.equal("ma túy, pháo", order(goods():where "n in (1, 5)"))
      assert.equal("ngà voi", order(goods():where "loai = 'NGÀ VOI'"))
    end)
    it("by equality", function()
      assert.equal("tiền chất, ngà voi", order(goods():where { n = 3 }))
      assert.equal("ngà voi", order(goods():where { n = 3, w = 1 }))
    end)
    it("to nothing keeps the columns", function()
      local t = goods():where "n > 100"
      assert.equal(0, #t)
      assert.same({ "loai", "n", "w" }, t:names())
      assert.is_string(t:to_text())
      assert.is_nil(t[1])
    end)
    it("never takes a missing cell for a small one", function()
      local t = store:sql "select 'a' as loai, null as n union all select 'b', 2"
      assert.equal("b", order(t:where "n < 5"))
      assert.equal("a", order(t:where "n is missing"))
      assert.equal("", order(t:where "n = 0"))
    end)
    it("refuses a column it does not have, and names the nearest", function()
      local message = expect.raises("name", function() goods():where "loia = 'pháo'" end)
      expect.holds(message, "loia", "loai")
      expect.raises("syntax", function() goods():where "n = " end)
      expect.raises("syntax", function() goods():where "n == 3" end)
      expect.raises("name", function() goods():where { m = 3 } end)
    end)
  end)

  describe("selected", function()
    it("gives the columns in the order asked for", function()
      local t = goods():select("w", "loai")
      assert.same({ "w", "loai" }, t:names())
      assert.equal(9, t[2].w)
    end)
    it("refuses what it does not have, and nothing at all", function()
      expect.raises("name", function() goods():select "x" end)
      expect.raises("type", function() goods():select() end)
    end)
  end)

  describe("shares", function()
    it("are of the whole column", function()
      -- 5 + 3 + 3 + 1 = 12: 41,67 %, 25 %, 25 %, 8,33 %.
      local t = goods():share { measure = "n" }
      expect.exact(25, t:cell(2, "share"))
      assert.equal("%", t:cell(1, "share").unit)
      assert.equal("41,7%", t:cell(1, "share"):format())
      assert.equal("8,3%", t:cell(4, "share"):format())
      expect.holds(t:to_text(), "41,7", "8,3")
    end)
    it("may be within a group", function()
      local t = store:sql [[select 'V' as phase, 'a' as k, 1 as n union all select 'V', 'b', 3
        union all select 'VI', 'a', 1 union all select 'VI', 'b', 1]]
      local s = t:share { within = "phase", measure = "n" }
      for i, percent in ipairs { 25, 75, 50, 50 } do expect.exact(percent, s:cell(i, "share")) end
    end)
    it("of nothing are missing, with a reason", function()
      local t = store:sql("select 'a' as k, 0 as n"):share { measure = "n" }
      assert.is_nil(t:cell(1, "share"))
      assert(#t:why(1, "share") > 3)
    end)
    it("are not known beside an unknown part", function()
      local t = store:sql("select 'a' as k, 4 as n union all select 'b', null"):share { measure = "n" }
      local share = t:cell(1, "share")
      assert(share == nil or not share:exact())
      assert.is_nil(t:cell(2, "share"))
    end)
    it("of the seventh phase: 88,9 %, 1,7 %, 9,4 %", function()
      -- 1.027/1.155 = 88,918; 20/1.155 = 1,732; 108/1.155 = 9,351.
      local omd = mekong.omd()
      local t = omd:claims():table("cases", { by = { "phase", "category" } }):where "phase = 7"
      t = t:where("category is not missing"):share { within = "phase", measure = "cases" }
      assert.equal(3, #t)
      for i, percent in ipairs { "88,9%", "1,7%", "9,4%" } do assert.equal(percent, t:cell(i, "share"):format()) end
      omd:close()
    end)
  end)

  describe("its top", function()
    it("keeps all that tie for the last place", function()
      assert.equal("ma túy, tiền chất, ngà voi", order(goods():top(2, { by = "n" })))
      assert.equal("ma túy", order(goods():top(1, { by = "n" })))
      assert.equal("tiền chất, pháo", order(goods():top(2, { by = "w" }))) -- 9, 4
    end)
    it("may sum the rest", function()
      local t = goods():top(1, { by = "n", others = "Khác" })
      assert.equal("ma túy, Khác", order(t))
      expect.exact(7, mekong.figure(t:cell(2, "n"))) -- 3 + 3 + 1
    end)
    it("of more than there are is all", function()
      assert.equal(4, #goods():top(10, { by = "n" }))
      assert.equal(0, #goods():where("n > 100"):top(3, { by = "n" }))
    end)
    it("refuses a number that counts nothing", function()
      expect.raises("range", function() goods():top(-1, { by = "n" }) end)
      expect.raises({ "type", "range" }, function() goods():top(2.5, { by = "n" }) end)
      expect.raises("type", function() goods():top("hai", { by = "n" }) end)
      expect.raises("type", function() goods():top("2", { by = "n" }) end)
      expect.raises("name", function() goods():top(2, { by = "zz" }) end)
      assert.equal("ma túy", order(goods():top(1.0, { by = "n" })))
    end)
  end)

  describe("its totals", function()
    it("stand in a last row", function()
      local t = goods():totals()
      assert.equal(5, #t)
      assert.equal("Tổng", t[-1].loai)
      expect.exact(12, mekong.figure(t[-1].n)) -- 5 + 3 + 3 + 1
      expect.exact(16, mekong.figure(t[-1].w)) -- 2 + 9 + 1 + 4
    end)
    it("of known and unknown parts are a floor", function()
      local omd = mekong.omd()
      local t = omd:claims():table("cases", { by = "phase" }):totals()
      -- 164 + 284 + 868 + 1.362 + 1.715 + 1.155 = 5.548, AP and VI on top.
      expect.at_least(5548, t:cell(-1, "cases"))
      omd:close()
    end)
  end)

  describe("joined", function()
    it("by a key, without losing a row", function()
      local other = store:sql "select 'ma túy' as loai, 'C04' as unit union all select 'ngà voi', 'C05'"
      local t = goods():join(other, "loai")
      assert.equal(4, #t)
      assert.same({ "loai", "n", "w", "unit" }, t:names())
      assert.equal("C04", t[1].unit)
      assert.is_nil(t[2].unit)
      assert.equal("C05", t[3].unit)
    end)
    it("refuses a key that would multiply rows", function()
      local other = store:sql "select 'ma túy' as loai, 1 as x union all select 'ma túy', 2"
      expect.raises({ "duplicate", "range" }, function() goods():join(other, "loai") end)
    end)
    it("refuses a key one side lacks, and what is no table", function()
      local other = store:sql "select 'ma túy' as kind"
      expect.raises("name", function() goods():join(other, "loai") end)
      expect.raises("type", function() goods():join({}, "loai") end)
      expect.raises("type", function() goods():join(nil, "loai") end)
    end)
  end)

  describe("printed", function()
    it("lines its columns up by what is seen, not by bytes", function()
      local text = goods():to_text()
      expect.line(text, "ma túy", "5")
      expect.line(text, "ngà voi", "3")
      -- Every row ends its first column at the same place: count the characters before the digit of n.
      local at = {}
      for line in text:gmatch "[^\n]+" do
        for _, name in ipairs { "ma túy", "ngà voi", "pháo" } do
          if line:find(name, 1, true) then
            at[#at + 1] = utf8.len(line:match "^(.-)%d")
          end
        end
      end
      assert.equal(3, #at)
      assert.equal(at[1], at[2])
      assert.equal(at[1], at[3])
    end)
    it("groups thousands with a dot in Vietnamese and a comma in English", function()
      local t = store:sql "select 1234567 as n"
      expect.holds(t:to_text(), "1.234.567")
      expect.holds(t:to_text { locale = "en" }, "1,234,567")
      expect.holds(tostring(t), "1.234.567")
    end)
    it("is the same text every time", function()
      assert.equal(goods():to_text(), goods():to_text())
      assert.equal(tostring(goods()), tostring(goods()))
    end)
    it("keeps one row to a line whatever the text holds", function()
      local t = store:sql("select 'a' || char(10) || 'b' as k, char(27) || '[31m' as c")
      local text = t:to_text()
      assert.is_nil((text:find("\27", 1, true)))
      assert.is_nil((text:find("a\nb", 1, true)))
    end)
    it("refuses a language it does not speak", function()
      expect.raises({ "name", "range" }, function() goods():to_text { locale = "fr" } end)
      expect.raises("name", function() goods():to_text { lokale = "en" } end)
    end)
  end)

  it("says where a cell came from, and refuses cells it lacks", function()
    local t = goods()
    expect.raises("name", function() t:cell(1, "zz") end)
    expect.raises("range", function() t:cell(9, "n") end)
    expect.raises("range", function() t:cell(0, "n") end)
    expect.raises("type", function() t:cell("n", 1) end)
    expect.raises("name", function() t:col "zz" end)
    expect.raises("name", function() t:why(1, "zz") end)
  end)
end)

-- What SQL gives is printed as people of the locale write it, whatever the C locale of the host.
describe("a printed cell", function()
  local store
  setup(function() store = mekong.open ":memory:" end)
  teardown(function() store:close() end)

  it("has the decimal mark of the table's language", function()
    assert.truthy(tostring(store:sql "select 1.5 as x"):find("1,5", 1, true))
    assert.truthy(store:sql("select 1234.25 as x"):to_text({ locale = "en" }):find("1,234.25", 1, true))
    assert(store:insert("cases", { case = "A" }))
    assert(store:insert("lines", { case = "A", line = 1, quantity = "4951.9", unit = "kg" }))
    assert.truthy(tostring(store:sql "select quantity from lines"):find("4.951,9", 1, true))
  end)

  it("shows bytes that are no text in hexadecimal", function()
    assert.truthy(tostring(store:sql "select x'00ff' as b"):find("x'00FF'", 1, true))
  end)

  it("is shown to a notebook as it prints", function()
    local t = store:sql "select 1 as n"
    assert.equal(tostring(t), expect.shown(t))
  end)
end)

describe("a key", function()
  local omd, cases
  setup(function()
    omd = mekong.omd()
    cases = omd:claims():table "cases"
  end)
  teardown(function() omd:close() end)

  it("is another column than the measure", function()
    expect.raises("type", function() cases:compare "cases" end)
    expect.raises("type", function() cases:cumulative "cases" end)
  end)

  it("that is missing prints as missing", function()
    assert.is_nil((tostring(cases:cumulative "source"):find("nil", 1, true)))
  end)

  it("to compare with is one of the table's, or the message lists them", function()
    local message = expect.raises("name", function() cases:compare("phase", { against = "prevoius" }) end)
    expect.holds(message, "prevoius", "previous known", "VII")
  end)
end)

describe("the legend of a table", function()
  it("explains the marks that stand in it, and only those", function()
    local omd <close> = mekong.omd()
    local text = tostring(omd:claims():table("mass", { category = "drug" }))
    expect.holds(text, "≲ gần", "≠ không khớp", "* số sơ bộ")
    assert.is_nil((tostring(omd:claims():table("cases"):where "phase = 5"):find("≲", 1, true)))
  end)
end)

describe("a table in English", function()
  it("gives numbers that print in English, and so does what is worked out from them", function()
    local omd <close> = mekong.omd(nil, { locale = "en" })
    local t = omd:claims():table "cases"
    local figure = t[5].cases
    assert.equal("1,362 cases", tostring(figure))
    assert.equal("1,362 cases", tostring(t:cell(5, "cases")))
    assert.equal("1,362 cases", tostring(t:col("cases")[5]))
    assert.equal("2,724 cases", tostring(figure + figure))
    assert.equal("1.362 vụ", figure:say { locale = "vi" })
    local vi <close> = mekong.omd()
    assert.equal("1.362 vụ", tostring(vi:claims():table "cases"[5].cases))
  end)

  it("names the row of totals and what is missing in English in every file", function()
    local store <close> = assert(mekong.open(":memory:", { locale = "en" }))
    store:insert("cases", { { case = "A", origin = "LA" }, { case = "B", origin = "TH", destination = "VN" } })
    local t = store.cases:pivot("origin", "dest"):totals()
    expect.holds(t:to_csv(), "(missing)", "Total,1,case,1,case,2,case,total")
    expect.holds(t:to_json(), '"origin":"Total"')
    expect.holds(t:to_csv { locale = "vi" }, "(thiếu)", "Tổng,")
    local path = os.tmpname() .. ".jsonl"
    assert(t:save(path))
    local file <close> = assert(io.open(path))
    expect.holds(file:read "a", '"origin":"Total"')
    os.remove(path)
  end)
end)
