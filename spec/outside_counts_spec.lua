-- What a user reads on the page of the interface of counting: what is counted once, what is missing, how it is rounded.
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

  describe("grain:", function()
    it("cases are counted once, lines as they are, at every grouping and filter", function()
      assert.equal("6 7", shown(d:agg("n = count()", "l = lines()")))
      assert.equal("wildlife 1 1 | drug 4 5 | precursor 1 1 | - 1 0", shown(d:by("category"):agg("n = count()", "l = lines()")))
      assert.equal("1 1", shown(d:where("item = 'yaba'"):agg("n = count()", "l = lines()")))
      assert.equal(6, store.lines:count()[1].n)
    end)

    it("rows are counted on any other table", function()
      assert(store:insert("persons", { { case = "P1", line = 1, count = 1 }, { case = "P1", line = 2, count = 1 } }))
      assert.equal(2, store:from("persons"):count()[1].n)
    end)

    it("suspects are added over cases, never over lines", function()
      assert.equal("ít nhất 11 1", (shown(d:sum "suspects"):gsub(" người", "")))
      -- P1 has two drug lines: 2 + 1 + 3 + 5
      assert.equal("11", (tostring(d:by("category"):sum("suspects"):where("category = 'drug'")[1].suspects):gsub(" người", "")))
      assert.equal("3", (tostring(d:where("category = 'drug' and phase = 4"):sum("suspects")[1].suspects):gsub(" người", "")))
    end)

    it("a case without lines is one row with missing line fields", function()
      local rows = d:where("case = 'P5'")
      assert.equal("1 0", shown(rows:agg("n = count()", "l = lines()")))
      for row in rows:rows() do assert.is_nil(row.quantity) end
    end)

    it("a case in two categories stands in both rows and once in the total; shares divide by the total", function()
      local t = d:count("category"):share()
      -- 1/6, 4/6, 1/6, 1/6: together 7/6
      assert.equal("wildlife 1 16,7% | drug 4 66,7% | precursor 1 16,7% | - 1 16,7%", shown(t))
      expect.holds(t, "vượt 100%")
      assert.equal("Tổng", tostring(d:count("category"):totals()):match "(Tổng)%s+6")
    end)
  end)

  describe("the table of situations:", function()
    it("empty groups of a known level: 0 where records cover the time, missing where not", function()
      local t = d:count "phase"
      assert.equal("OMD1 - | OMD-AP - | OMD2 - | OMD3 - | OMD4 2 | OMD5 2 | OMD6 0 | OMD7 2", shown(t))
      expect.holds(t, "chưa có dữ liệu (I, AP, II, III)")
      local m = d:by("phase"):mean "suspects"
      expect.holds(m, "không có dòng nào có số liệu (VI)")
      local p = d:where("phase = 4"):count "category"
      assert.equal("wildlife 0 | drug 2 | precursor 0", shown(p))
      local s = d:where("phase = 4"):series "month"
      -- the first record of the store is of May 2022: April is not covered
      assert.equal("2022-04 - | 2022-05 1 | 2022-06 1 | 2022-07 0 | 2022-08 0 | 2022-09 0", shown(s))
    end)

    it("no rows: columns and no row, figures of 0, never nil", function()
      local none = d:where "suspects > 1000"
      assert.equal(0, none:count()[1].n)
      assert.equal("0", (tostring(none:sum("quantity in kg")[1].kg):gsub(" kg", "")))
      local t = none:count "agency"
      assert.equal(0, #t)
      assert.same({ "agency", "n" }, t:names())
      expect.holds(t, "Cơ quan", "Số vụ")
      assert.equal(0, #none:count("agency"):top(3))
      assert.equal(0, #none:count("agency"):share())
      assert.equal("string", type(tostring(none:matrix("origin", "dest"))))
      assert.equal("string", type(tostring(none:stats "quantity in kg")))
    end)

    it("a missing quantity is counted and opens the sum upwards; it may be an error or left out", function()
      local t = d:where("unit = 'kg'"):sum "quantity in kg"
      local f = t[1].kg
      assert.equal("21", tostring(f.lo))
      assert.is_nil(f.hi)
      assert.equal(1, t[1].missing)
      expect.holds(f, "ít nhất 21 kg")
      expect.holds(fails("missing", function() return #d:where("unit = 'kg'"):sum("quantity in kg", { missing = "error" }) end), "P2")
      local skipped = d:where("unit = 'kg'"):sum("quantity in kg", { missing = "skip" })[1]
      assert.equal("21", tostring(skipped.kg.hi))
    end)

    it("a missing key is its own group, last", function()
      local t = d:count "origin"
      assert.equal("LA 2 | MM 1 | CN 2 | - 1", shown(t)) -- Lào, Myanmar, Trung Quốc
      assert.equal("(thiếu)", tostring(t):match "(%(thiếu%))%s+1%s*$" or tostring(t):match "(%(thiếu%))%s+1")
    end)

    it("kinds of units stand side by side and are never added", function()
      local t = d:by("phase"):sum "quantity"
      assert.equal("OMD4 ít nhất 1,5 kg 2.000 viên 0 cá thể 1 | OMD5 12,5 kg 0 viên 4 cá thể 0 | "
          .. "OMD6 0 kg 0 viên 0 cá thể 0 | OMD7 7 kg 0 viên 0 cá thể 0",
        shown(t:where "phase >= 4", "phase", "kg", "pill", "individual", "missing"))
      -- no conversion is named in an empty store
      local plain <close> = cases.filled(assert(mekong.open ":memory:"))
      local message = fails("unit", function() return #plain.cases:sum "quantity in kg" end)
      expect.holds(message, "P1", "2000", "P3", "equiv", "where")
    end)

    it("a named conversion crosses units as an interval, marked estimated", function()
      assert(store:equiv("viên", "90..300 mg", { for_item = "yaba", source = "UNODC" }))
      -- 1,5 kg + 2.000 × 90..300 mg = 1,5 + 0,18..0,6
      local f = d:where("case = 'P1'"):sum("quantity in kg")[1].kg
      assert.equal("1.68 2.1", tostring(f.lo) .. " " .. tostring(f.hi))
      assert.equal("E", f.status)
    end)

    it("what is part of another amount is never added", function()
      assert(store:insert("cases", { case = "P8", phase = 6, date = "2024-06-01" }))
      assert(store:insert("lines", { { case = "P8", line = 1, item = "heroin", category = "drug", quantity = 395, unit = "kg" },
        { case = "P8", line = 2, item = "yaba", category = "drug", quantity = 104410, unit = "viên", included_in = 1 } }))
      local t = d:where("case = 'P8'"):sum "quantity"
      assert.equal("395 kg (trong đó có 104.410 viên)", tostring(t[1].kg))
      assert.equal("395 395", tostring(t[1].kg.lo) .. " " .. tostring(t[1].kg.hi))
      assert.equal("0 viên", tostring(t[1].pill))
      expect.holds(t, "nằm trong")
      assert.equal("395", tostring(d:where("case = 'P8'"):sum("quantity in kg")[1].kg.hi))
    end)

    it("sums are exact however small and large, and an overflow names the group", function()
      local s <close> = assert(mekong.open ":memory:")
      assert(s:insert("cases", { { case = "A", phase = 4 }, { case = "B", phase = 5 } }))
      assert(s:insert("lines", { { case = "A", line = 1, quantity = "0.1", unit = "kg" }, { case = "A", line = 2, quantity = "0.2", unit = "kg" },
        { case = "A", line = 3, quantity = "9007199254740993", unit = "kg" } }))
      assert.equal("9007199254740993.3", tostring(s.cases:sum("quantity in kg")[1].kg.lo))
      local huge = ("9"):rep(36)
      local ok = s:insert("lines", { { case = "B", line = 1, quantity = huge, unit = "kg" }, { case = "B", line = 2, quantity = huge, unit = "kg" } })
      if ok then
        local fine, message = pcall(function() return tostring(s.cases:by("phase"):sum "quantity in kg") end)
        if fine then expect.holds(message, "1") else expect.holds(message, "[range]", "V") end
      end
    end)

    it("a division by zero is missing with its reason", function()
      local t = d:agg "r = count() / (count() where suspects > 1000)"
      assert.is_nil(t[1].r)
      expect.holds(t, "–")
      local rows = d:where("case = 'P1'"):with("z = suspects / (suspects - 2)"):select("case", "z")
      expect.holds(rows, "–")
    end)

    it("the first phase of a comparison is missing, and so is a change from nothing", function()
      local t = d:count("phase"):compare "phase"
      expect.holds(tostring(t), "chia")
      local rows = {}
      for row in tostring(t):gmatch "[^\n]+" do rows[#rows + 1] = row end
      -- V against IV: 2 - 2; VI against V: 0 - 2; VII against VI: 2 - 0, no percentage
      local function line(name)
        for _, row in ipairs(rows) do if row:match("^" .. name .. "%s") then return row end end
        return ""
      end
      expect.holds(line "V", "0,0%", "1,00")
      expect.holds(line "VI", "−2", "−100,0%")
      expect.holds(line "VII", "+2", "–")
      lacks(line "VII", "%")
      lacks(line "III", "%")
    end)

    it("all who are level stay in the top, and that is said", function()
      local t = d:count("origin"):top(1)
      assert.equal("LA 2 | CN 2", shown(t))
      expect.holds(t, "bằng nhau")
      local others = d:count("origin"):top(1, { ties = "all", others = "Khác" })
      assert.equal(3, #others)
      expect.holds(others, "Khác")
    end)

    it("a month outside the phase is missing, not 0", function()
      assert(store:insert("cases", { case = "P9", phase = 4, date = "2022-11-02" }))
      local t = d:where("phase = 4"):series "month"
      assert.equal("2022-04 - | 2022-05 1 | 2022-06 1 | 2022-07 0 | 2022-08 0 | 2022-09 0 | 2022-10 - | 2022-11 1", shown(t))
      expect.holds(t, "ngoài thời gian")
    end)

    it("a join that multiplies rows is an error unless allowed", function()
      assert(store:insert("persons", { { case = "P1", line = 1, count = 1 }, { case = "P1", line = 2, count = 2 } }))
      local persons, one = store:from("persons"), store.cases:where("line = 1"):select("case", "phase")
      local message = fails("duplicate", function() return tostring(one:join(persons:select("case", "count"), "case = case")) end)
      expect.holds(message, "check", "P1")
      local joined = one:join(persons:select("case", "count"), "case = case", { check = "1:n" })
      expect.holds(joined, "P1")
      assert.equal(2, #persons:select("case", "count"):join(one, "case = case", { check = "n:1" }):table())
    end)
  end)

  describe("rounding and percentiles:", function()
    local function sixteen()
      local s = assert(mekong.open ":memory:")
      for i = 1, 16 do
        assert(s:insert("cases", { case = ("C%02d"):format(i), phase = 4, suspects = i <= 10 and i or nil, channel = i == 1 and "air" or "land" }))
      end
      return s
    end

    it("halves go away from zero, once, and minus is a minus sign", function()
      local s <close> = sixteen()
      -- 1/16 = 6,25 % and 15/16 = 93,75 %
      local t = s.cases:count("channel"):share()
      assert.equal("air 1 6,3% | land 15 93,8%", shown(t:sort "n"))
      for i = 1, 15 do assert(s:insert("cases", { case = "D" .. i, phase = 5 })) end
      -- 16 → 15 is −6,25 %
      expect.holds(s.cases:count("phase"):compare("phase"), "−6,3%", "−1")
    end)

    it("pNN is the smallest value whose rank is at least p·n", function()
      local s <close> = sixteen()
      local t = s.cases:stats("suspects", "n missing p10 p11 p25 p50 p90 p91 max")
      assert.equal("10 6 1 2 3 5 9 10 10", shown(t))
      assert.equal("5", tostring(s.cases:agg("m = median(suspects)")[1].m))
    end)

    it("a mean is exact until printed", function()
      local s <close> = assert(mekong.open ":memory:")
      assert(s:insert("cases", { { case = "A", suspects = 1 }, { case = "B", suspects = 1 }, { case = "C", suspects = 2 } }))
      -- 4/3, three times, is 4 again
      assert.equal(3, s.cases:where("suspects is not missing"):count()[1].n)
      expect.holds(s.cases:agg "m = mean(suspects)", "1,33")
      assert.equal("4", tostring(s.cases:agg("m = 3 * mean(suspects)")[1].m))
    end)
  end)
end)
