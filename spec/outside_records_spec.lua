-- What a user reads on the page of the interface of conventions and of the store, on a few made-up cases worked out by hand.
local cases = require "spec.support.page_cases"
local expect = require "spec.support.expect"
local mekong = require "mekong"
local fails, lacks, shown = cases.fails, cases.lacks, cases.shown

describe("records, as the page of the interface has them:", function()
  local store, d
  before_each(function()
    store = cases.filled(assert(mekong.omd()))
    d = store.cases
  end)
  after_each(function() store:close() end)

  describe("conventions:", function()
    it("an unknown option names the nearest one, before anything is done", function()
      expect.holds(fails("name", mekong.open, ":memory:", { readnly = true }), "readnly", "'readonly'")
      expect.holds(fails("name", store.load, store, "cases", "no-such-file.csv", { strct = true }), "'strict'")
      expect.holds(fails("name", function() return d:count("phase"):compare("phase", { aganst = "previous" }) end), "'against'")
      expect.holds(fails("name", function() return d:count("origin"):top(2, { tie = "all" }) end), "'ties'")
    end)

    it("conditions know the signs and words of the language, English and Vietnamese", function()
      local answers = {
        { "phase = 4", 2 }, { "phase != 4", 4 }, { "suspects < 2", 2 }, { "suspects <= 2", 3 }, { "suspects > 2", 2 },
        { "suspects >= 2", 3 }, { "suspects in (0, 5)", 2 }, { "suspects between 1 and 3", 3 }, { "agency like 'Đội%'", 2 },
        { "suspects is missing", 1 }, { "phase = 4 and joint", 1 }, { "phase = 4 or phase = 5", 4 }, { "not joint", 1 },
        { "phase = 4 và joint", 1 }, { "phase = 4 hoặc phase = 5", 4 }, { "không joint", 1 },
        { "suspects + 1 = 3", 1 }, { "suspects * 2 - 1 = 5", 1 }, { "suspects / 2 = 2,5", 1 },
        { "year(date) = 2025", 2 }, { "month(date) = 5", 3 }, { "quantity in kg > 2,3", 3 }, { "`số lượng` = 2000", 1 },
        { "note match 'ma tuy'", 1 }, { "date = 10/5/2022", 1 }, { "date = 2022-05-10", 1 }, { "date <= 14/8/2025", 5 },
        { "quantity in kg = 2,5 or quantity in kg = 10", 2 }, { "key(agency) = key('hải quan cao bằng')", 2 },
        { "quantity = 2_000", 1 },
      }
      for _, row in ipairs(answers) do
        assert.equal(row[2], d:where(row[1]):count()[1].n, row[1])
      end
    end)

    it("a numeral with two readings is a question that shows both, but not beside a count", function()
      expect.holds(fails("ambiguous", d.where, d, "quantity in kg > 1.715"), "1715", "1,715")
      assert.equal(0, d:where("suspects > 1.715"):count()[1].n)
      assert.equal(0, d:where("quantity in kg > 4.951,9"):count()[1].n)
    end)

    it("'==' is answered with '='", function()
      expect.holds(fails("syntax", d.where, d, "phase == 4"), "use '='", "^^")
    end)

    it("parameters stand for values; a nil one says what to write", function()
      assert.equal(2, d:where("phase = $1", { 4 }):count()[1].n)
      assert.equal(2, d:where("phase = $p and suspects >= $n", { p = 4, n = 1 }):count()[1].n)
      local message = select(2, pcall(d.where, d, "phase = $1", {}))
      expect.holds(message, "use `is missing`")
    end)

    it("aggregates of the language", function()
      local t = d:agg("n = count()", "l = lines()", "s = sum(suspects)", "lo = min(suspects)", "hi = max(suspects)", "a = mean(suspects)",
        "m = median(suspects)", "p = p90(suspects)", "q = p20(suspects)", "j = count() where joint", "y = any(joint)", "o = distinct(origin)")
      -- suspects known: 0 1 2 3 5
      assert.equal("6 7 ít nhất 11 0 5 2,2 2 5 0 2 true 3", shown(t, "n", "l", "s", "lo", "hi", "a", "m", "p", "q", "j", "y", "o"):gsub(" người", ""))
    end)

    it("equality may be given as a table", function()
      assert.equal(2, d:where({ phase = 7 }):count()[1].n)
      assert.equal(1, d:where({ phase = 7, suspects = 5 }):count()[1].n)
    end)

    it("names fold: case, tone style, no marks, Vietnamese names of columns", function()
      local expected = shown(d:count "phase")
      for _, name in ipairs { "giai đoạn", "GIAI ĐOẠN", "giai doan", "Phase" } do assert.equal(expected, shown(d:count(name)), name) end
      assert.equal(shown(d:count "origin"), shown(d:count "nước đi"))
      for _, phase in ipairs { "7", "'VII'", "'OMD VII'", "'giai đoạn 7'", "'OMD7'", "'Con rồng Mê Kông 7'" } do
        assert.equal(2, d:where("phase = " .. phase):count()[1].n, phase)
      end
      for _, name in ipairs { "'Lào'", "'LÀO'", "'LA'", "'lao'" } do assert.equal(2, d:where("origin = " .. name):count()[1].n, name) end
      assert.equal(4, d:where("category = 'ma tuý'"):count()[1].n)
    end)

    it("an unknown name is one suggestion and the list, at the call that mentions it", function()
      expect.holds(fails("name", d.where, d, "phse = 4"), "'phse'", "did you mean 'phase'?", "there are:", "suspects")
      expect.holds(fails("name", d.count, d, "orign"), "'origin'")
      expect.holds(fails("name", d.by, d, "orign"), "'origin'")
      expect.holds(fails("name", d.sort, d, "dat desc"), "'date'")
      expect.holds(fails("name", d.select, d, "case", "suspect"), "'suspects'")
      expect.holds(fails("name", function() return store:from "line" end), "'lines'")
      expect.holds(fails("unit", d.where, d, "quantity in kgg > 1"), "kg")
    end)

    it("types are checked at the call", function()
      fails("type", d.where, d, "suspects = 'nhiều'")
      fails("type", d.where, d, "date > 5")
      fails("type", d.where, d, "sum(suspects) > 5")
      fails("type", d.where, d, "suspects + 1")
    end)

    it("a file that is missing is returned, a wrong argument is raised", function()
      local result, message, info = store:load("cases", "no-such-file.csv")
      assert.is_nil(result)
      expect.holds(message, "no-such-file.csv", "[missing]")
      assert.equal("missing", type(info) == "table" and info.code or mekong.errinfo(message).code)
      fails("type", store.load, store, "cases", 5)
      local none, why = mekong.open "/no/such/folder/x.db"
      assert.is_nil(none)
      expect.holds(why, "[missing]")
    end)

    it("errinfo takes a message apart", function()
      local info = mekong.errinfo(fails("name", d.where, d, "suspects > 1 and phse = 4"))
      assert.equal("name", info.code)
      assert.equal("string", type(info.message))
      assert.equal(18, info.col)
      assert.equal(4, info.len)
    end)

    it("the same rows in another order give the same bytes", function()
      local other = cases.filled(assert(mekong.omd()), true)
      local e = other.cases
      for _, call in ipairs {
        function(f) return f:count "agency" end, function(f) return f:count "key(agency)" end, function(f) return f:by("phase"):sum "quantity" end,
        function(f) return f:matrix("origin", "dest") end, function(f) return f:pivot("category", "phase"):totals() end,
        function(f) return f:series "month" end, function(f) return f:count("origin"):top(2) end, function(f) return f end,
      } do
        assert.equal(tostring(call(d)), tostring(call(e)))
      end
      other:close()
    end)

    it("what a table shows is Vietnamese, or English where asked", function()
      expect.holds(d:count "phase", "Giai đoạn", "Số vụ", "chưa có dữ liệu")
      local en = cases.filled(assert(mekong.omd(nil, { locale = "en" })))
      local text = tostring(en.cases:count "phase")
      expect.holds(text, "Phase", "ases")
      lacks(text, "Giai")
      en:close()
    end)

    it("a closed store says so and how to go on", function()
      local s = assert(mekong.open ":memory:")
      local frame = s.cases
      s:close()
      s:close()
      expect.holds(fails("closed", function() return s.cases end), "closed")
      fails("closed", s.insert, s, "cases", { case = "A" })
      fails("closed", function() return #frame:count() end)
      do
        local t <close> = assert(mekong.open ":memory:")
        s = t
      end
      fails("closed", function() return s:from "lines" end)
    end)
  end)

  describe("the store:", function()
    it("inserts a row or several, updates and deletes", function()
      local s <close> = assert(mekong.open ":memory:")
      assert(s:insert("cases", { case = "A", phase = "V", suspects = 1 }))
      assert(s:insert("cases", { { case = "B", phase = 5 }, { case = "C", phase = "OMD VII" } }))
      assert.equal(2, s.cases:where("phase = 5"):count()[1].n)
      assert(s:update("cases", "A", { suspects = 4 }))
      assert.equal(4, s:sql('select suspects from cases where "case" = ?', "A")[1].suspects)
      assert(s:delete("cases", "phase = $1", { 7 }))
      assert.equal(2, s.cases:count()[1].n)
    end)

    it("a transaction is all or nothing, and a nested one may fail alone", function()
      local s <close> = assert(mekong.open ":memory:")
      local a, b = s:transaction(function()
        assert(s:insert("cases", { case = "A" }))
        pcall(s.transaction, s, function()
          assert(s:insert("cases", { case = "B" }))
          error "no"
        end)
        return 1, "two"
      end)
      assert.same({ 1, "two" }, { a, b })
      assert.equal(1, s.cases:count()[1].n)
      pcall(s.transaction, s, function()
        assert(s:insert("cases", { case = "C" }))
        error "boom"
      end)
      assert.equal(1, s.cases:count()[1].n)
    end)

    it("defined columns are typed, have other names and can be counted", function()
      local s <close> = assert(mekong.open ":memory:")
      assert(s:define("cases", { "officer: text | cán bộ", "seals: int | số niêm phong" }))
      assert(s:insert("cases", { { case = "A", ["cán bộ"] = "tổ 1", seals = 3 }, { case = "B", officer = "tổ 2", seals = 4 } }))
      assert.equal("tổ 1 1 | tổ 2 1", shown(s.cases:count "cán bộ"))
      assert.equal("7", tostring(s.cases:sum("số niêm phong")[1].seals))
      assert.is_false((pcall(s.insert, s, "cases", { case = "C", seals = "nhiều" })) and s:insert("cases", { case = "C", seals = "nhiều" }) ~= nil)
    end)

    it("read-only SQL, refused where it writes", function()
      assert.equal("OMD4 2", shown(store:sql("select phase, count(*) as n from cases where phase = ? group by 1", "OMD4")))
      fails("readonly", store.sql, store, "delete from cases")
      assert.equal(6, d:count()[1].n)
    end)

    it("what was changed can be looked up with what it replaced", function()
      assert(store:update("cases", "P1", { suspects = 9 }))
      local h = store:history("cases", "P1")
      assert.equal(1, #h)
      expect.holds(h[1].before, '"suspects":2')
    end)

    it("a copy holds the same, checks well and has the same digest", function()
      local path = os.tmpname()
      os.remove(path)
      assert(store:backup(path))
      local copy <close> = assert(mekong.open(path))
      assert.equal(6, copy.cases:count()[1].n)
      assert.equal(store:digest(), copy:digest())
      assert(copy:check())
      os.remove(path)
    end)

    it("rows written by another tool are seen", function()
      local before = d:count()[1].n
      assert(store:insert("cases", { case = "P7", phase = 7, date = "2025-06-01" }))
      assert.equal(before + 1, d:count()[1].n)
    end)

    it("an empty table of cases to fill in has Vietnamese headers that load again", function()
      local text = mekong.template "cases"
      local s <close> = assert(mekong.open ":memory:")
      local head = text:gsub("[\r\n]+$", "")
      local columns = select(2, head:gsub(",", ",")) + 1
      local report = assert(s:load("cases", { text = head .. "\nK1,VII" .. (","):rep(columns - 2) .. "\n", name = "mẫu" }))
      assert.same({ 1, 1, 0 }, { report.read, report.accepted, report.rejected })
      assert.equal(1, s.cases:where("phase = 7"):count()[1].n)
    end)
  end)
end)
