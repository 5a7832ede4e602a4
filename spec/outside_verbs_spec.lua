-- What a user reads on the page of the interface of the verbs of frames and tables.
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

  describe("verbs:", function()
    it("where, filter, with, select, sort, limit and union", function()
      assert.equal(1, d:filter(function(row) return row.suspects == 3 and row.unit == "kg" end):count()[1].n)
      local t = d:where("phase = 4"):with("m = month(date)"):select("case", "line", "m"):sort("m desc, line desc"):table()
      assert.equal("P2 1 6 | P1 2 5 | P1 1 5", shown(t))
      assert.equal(2, #d:limit(2):table())
      assert.equal(4, d:where("phase = 4"):union(d:where "phase = 5"):count()[1].n)
      assert.equal(8, #d:table())
    end)

    it("frames do not change under the verbs", function()
      local before = tostring(d)
      d:where("phase = 4"):sort("suspects desc"):limit(1):count()
      assert.equal(before, tostring(d))
    end)

    it("spellings are merged under key() and listed", function()
      local t = d:count "key(agency)"
      assert.equal("Đội 3 2 | Hải quan Cao Bằng 2 | - 2", shown(t, "agency", "n"))
      expect.holds(t, "HẢI QUAN CAO BẰNG")
    end)

    it("Vietnamese names are ordered as in a dictionary", function()
      local s <close> = assert(mekong.open ":memory:")
      for i, name in ipairs { "Điện Biên", "Cao Bằng", "Đà Nẵng", "An Giang", "Ân Thi", "Dầu Tiếng" } do
        assert(s:insert("cases", { case = "C" .. i, agency = name }))
      end
      assert.equal("An Giang 1 | Ân Thi 1 | Cao Bằng 1 | Dầu Tiếng 1 | Đà Nẵng 1 | Điện Biên 1", shown(s.cases:count "agency"))
    end)

    it("grouped measures", function()
      local kg = d:where("unit = 'kg'"):by "phase"
      local function column(t) return t:where("phase >= 4 and phase != 6") end
      local function answer(t) return (shown(column(t)):gsub(" kg", "")) end
      assert.equal("OMD4 1,5 | OMD5 2,5 | OMD7 7", answer(kg:min "quantity in kg"))
      assert.equal("OMD4 1,5 | OMD5 10 | OMD7 7", answer(kg:max "quantity in kg"))
      assert.equal("OMD4 1,5 | OMD5 6,25 | OMD7 7", answer(kg:mean "quantity in kg"))
      assert.equal("OMD4 1,5 | OMD5 2,5 | OMD7 7", answer(kg:median "quantity in kg"))
      assert.equal("OMD4 1 1 1,5 1,5 1,5 | OMD5 2 0 2,5 10 10 | OMD7 1 0 7 7 7", answer(kg:stats("quantity in kg", "n missing p50 p90 max")))
      assert.equal("OMD4 2 | OMD5 2 | OMD7 2", answer(d:by("phase"):count()))
      assert.equal("OMD4 2 1 | OMD5 2 1 | OMD7 2 0", answer(d:by("phase"):agg("n = count()", "j = count() where joint")))
    end)

    it("columns bear the names they were given", function()
      local text = tostring(d:agg("l = lines()", "case = count()", "kg = lines()"))
      expect.holds(text, "l (dòng)", "case (vụ)", "kg (dòng)")
      expect.holds(d:where("unit = 'kg'"):agg "kg = sum(quantity in kg)", "Khối lượng")
    end)

    it("a cell of any length is printed", function()
      assert(store:insert("cases", { case = "LONG", note = ("x"):rep(300000) }))
      assert(#tostring(d:where("case = 'LONG'"):select("case", "note")) > 300000)
    end)

    it("two keys", function()
      local t = d:where("phase >= 4"):count("phase", "dest")
      assert.equal("OMD4 VN 2 | OMD5 TH 1 | OMD5 VN 1 | OMD7 VN 2", shown(t:where "n > 0"))
    end)

    it("a share within a group", function()
      local t = d:where("category is not missing"):count("phase", "category"):share { within = "phase" }
      local found = {}
      for i = 1, #t do found[tostring(t[i].phase) .. tostring(t[i].category)] = tostring(t[i].share) end
      assert.equal("100%", found.OMD4drug)
      assert.equal("50%", found.OMD5drug)
      assert.equal("50%", found.OMD5precursor)
      assert.equal("50%", found.OMD5wildlife)
    end)

    it("a share of an amount known in part lies between what is known and all", function()
      local kg = d:where "unit = 'kg'"
      local t = kg:by("category"):sum("quantity in kg"):share()
      local found = {}
      for i = 1, #t do found[t[i].category] = t[i].share:format() end
      -- drugs at least 11 kg beside 10 kg exactly: from 11/21 on; precursors 10 of at least 21
      assert.same({ drug = "52,4–100%", precursor = "0–47,6%", wildlife = "0%" }, found)
      local one = kg:where("phase = 4"):by("category"):sum("quantity in kg"):share()
      assert.equal("100%", one:where("category = 'drug'")[1].share:format())
      -- two amounts without an upper end: nothing is an estimate of their shares
      assert(store:insert("lines", { case = "P5", line = 1, category = "precursor", unit = "kg" }))
      assert.equal("0–100%", kg:by("category"):sum("quantity in kg"):share():where("category = 'drug'")[1].share:format())
    end)

    it("a cumulative total to a date leaves out what is later", function()
      local t = d:count("phase"):cumulative("phase", { from = 4, to = "14/8/2025" })
      -- 2, 2, 0 and, of the two of VII, the one of 2/5/2025
      assert.equal(5, tonumber(tostring(t):match "VII%s+%d+%s+(%d+)"))
      expect.holds(d:count("phase"):cumulative("phase", { to = "14/8/2025" }), "≥ 5", "I, AP, II, III")
    end)

    it("a matrix keeps what is not known", function()
      local text = tostring(d:matrix("origin", "dest"))
      expect.holds(text, "(thiếu)", "Lào", "Thái Lan")
      local lao
      for line in text:gmatch "[^\n]+" do if line:match "^Lào" then lao = line end end
      local counts = {}
      for n in lao:gmatch "%d+" do counts[#counts + 1] = tonumber(n) end
      local sum = 0
      for _, n in ipairs(counts) do sum = sum + n end
      assert.equal(2, sum)
    end)

    it("a pivot with totals counts a case once in every total", function()
      local text = tostring(d:pivot("category", "phase"):totals())
      -- V: P3 in drug and in wildlife, P4 in precursor: three cells, two cases
      local last
      for line in text:gmatch "[^\n]+" do if line:match "^Tổng" then last = line end end
      local cells = {}
      for cell in last:gmatch "%S+" do cells[#cells + 1] = cell end
      assert.same({ "Tổng", "–", "–", "–", "–", "2", "2", "0", "2", "6" }, cells)
    end)

    it("a measure may stand in series, matrix and pivot", function()
      local kg = d:where "unit = 'kg'"
      expect.holds(kg:where("phase = 5"):series("month", "sum(quantity in kg)"), "5/2023", "2,5", "10")
      expect.holds(kg:pivot("category", "phase", "sum(quantity in kg)"), "≥ 1,5")
      expect.holds(kg:matrix("origin", "dest", "sum(quantity in kg)"), "2,5")
    end)

    it("tables give rows, columns and cells", function()
      local t = d:count "origin"
      assert.equal(4, #t)
      assert.equal(2, t[1].n)
      assert.equal(2, t:cell(1, "n"))
      assert.equal(2, t:col("n")[1])
      local seen = 0
      for row in t:rows() do
        seen = seen + 1
        assert.not_nil(row.n)
      end
      assert.equal(4, seen)
      assert.equal("LA 2 | CN 2", shown(t:where "n > 1"))
      assert.equal("MM 1 | CN 2", shown(t:where("origin in ('MM', 'CN')"):sort "n"))
      expect.holds(t:explain(), "origin")
      assert.not_nil(t:why(1, "n"))
      fails("name", t.cell, t, 1, "m")
      fails("range", t.cell, t, 99, "n")
    end)

    it("tables join on their keys", function()
      local t = d:count("phase"):join(d:by("phase"):sum "suspects", "phase = phase")
      expect.holds(shown(t:where "phase = 5"), "OMD5 2", "ít nhất 3")
    end)

    it("explains itself in words and as SQL that gives the same", function()
      local t = d:where("suspects >= 1"):count "origin"
      expect.holds(t:explain(), "suspects", "origin", "count")
      local again = store:sql(t:explain "sql")
      local function unordered(of) -- SQL orders by codes, the table by their names
        local rows = {}
        for row in (shown(of) .. " | "):gmatch "(.-) | " do rows[#rows + 1] = row end
        table.sort(rows)
        return rows
      end
      assert.same(unordered(t), unordered(again))
    end)
  end)

  describe("compare:", function()
    it("shows difference, percentage, times, per day and whether it can be compared", function()
      for i = 1, 2 do assert(store:insert("cases", { case = "R" .. i, phase = 5, date = "2023-08-0" .. i })) end
      local text = tostring(d:count("phase"):compare("phase", { per = "day" }))
      local row
      for line in text:gmatch "[^\n]+" do if line:match "^V%s" then row = line end end
      -- 2 → 4; per day 2/154 = 0,01299 and 4/216 = 0,01852: (4/216)/(2/154) = 1,42593
      expect.holds(row, "+2", "+100,0%", "2,00", "0,019", "+42,6%", "154 → 216")
      row = nil
      for line in text:gmatch "[^\n]+" do if line:match "^IV%s" then row = line end end
      expect.holds(row, "0,013")
    end)

    it("against the previous one, the previous known one or a value", function()
      local t = store:claims():table "cases"
      -- VI was not announced: VII 1.155 against V 1.715 is −32,65 %
      lacks(tostring(t:compare("phase")):match "\nVII[^\n]+", "32,7")
      expect.holds(tostring(t:compare("phase", { against = "previous known" })):match "\nVII[^\n]+", "−32,7%")
      expect.holds(tostring(t:compare("phase", { against = "previous known", per = "day" })):match "\nVII[^\n]+", "−5,5%")
      expect.holds(tostring(d:count("phase"):compare("phase", { against = "IV" })):match "\nVII[^\n]+", "0,0%")
    end)
  end)

  describe("reconcile:", function()
    it("says what holds, how much is missing or too much, and what cannot be compared", function()
      local n = d:count()
      expect.holds(n:reconcile "6 vụ", "khớp")
      expect.holds(n:reconcile "8 vụ", "thiếu 2")
      expect.holds(n:reconcile "4 vụ", "thừa 2")
      expect.holds(n:reconcile "hơn 5 vụ", "khớp với cận")
      expect.holds(n:reconcile "dưới 6 vụ", "trái cận")
      expect.holds(n:reconcile "6 kg", "không so được")
      expect.holds(n:reconcile(mekong.figure(6, "vụ")), "khớp")
      expect.holds(d:where("date <= 14/8/2025"):count():reconcile "hơn 4.500 vụ", "> 4.500", "5")
    end)

    it("holds counted phases against announced ones", function()
      local text = tostring(d:count("phase"):reconcile(store:claims():table "cases"))
      expect.holds(text:match "\nIV[^\n]+", "1.362", "thiếu 1.360")
      expect.holds(text:match "\nVI[^\n]+", "không so được")
      -- All claims know besides that VI was announced for Viet Nam alone; the table of one measure does not.
      local all = tostring(d:count("phase"):reconcile(store:claims(), { on = "phase" }))
      assert.equal(text:match "^(.-)\n%* ", all:match "^(.-)\n%* ")
      expect.holds(all, "khác phạm vi hoặc kỳ: VI (Việt Nam)")
    end)
  end)
end)
