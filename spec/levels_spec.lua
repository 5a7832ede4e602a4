-- Groups without records: 0 where the records cover them, missing with a reason where they do not, and never left out of a
-- known list of phases, categories or months.
local mekong = require "mekong"
local expect = require "spec.support.expect"

local function said(t)
  local out = {}
  for i = 1, #t do
    local key, n = t:cell(i, t:names()[1]), t[i].n
    out[i] = tostring(key):gsub("^OMD", "") .. "=" .. (n == nil and "?" or tostring(n))
  end
  return table.concat(out, " ")
end

describe("groups nobody recorded anything for", function()
  local store
  -- Phases V (June to December 2022), VI (May to September 2024) and VII (15/4 to 15/9/2025); cases in V and VII only.
  before_each(function()
    store = mekong.open ":memory:"
    assert(store:insert("phases", {
      { phase = 4, number = 4, date = "2021-06-01", date_to = "2021-12-31" },
      { phase = 5, number = 5, date = "2022-06-01", date_to = "2022-12-31" },
      { phase = 6, number = 6, date = "2024-05-01", date_to = "2024-09-30" },
      { phase = 7, number = 7, date = "2025-04-15", date_to = "2025-09-15" },
    }))
    assert(store:insert("cases", {
      { case = "a", phase = 5, date = "2022-11-03", suspects = 1 },
      { case = "b", phase = 7, date = "2025-05-01", suspects = 2 },
      { case = "c", phase = 7, date = "2025-06" },
      { case = "d", phase = 7, date = "2025-08-20" },
    }))
    assert(store:insert("lines", { { case = "a", line = 1, category = "drug", quantity = "1", unit = "kg" },
      { case = "b", line = 1, category = "wildlife", quantity = "2", unit = "kg" } }))
  end)
  after_each(function() store:close() end)

  it("are phases: 0 between records, missing before and after them", function()
    local t = store.cases:count "phase"
    assert.equal("4=? 5=1 6=0 7=3", said(t)) -- VI lies between the first and the last record
    assert.equal("chưa có dữ liệu", t:why(1, "n"))
    assert.truthy(tostring(t):find("chưa có dữ liệu", 1, true))
  end)

  it("are covered when the loading said so", function()
    local ok = store:transaction(function() return require("mekong.core").store.meta(store, "covers", "cases\t2021-01-01/2021-12-31\n") end)
    assert(ok)
    assert.equal("4=0 5=1 6=0 7=3", said(store.cases:count "phase"))
  end)

  it("are 0 in counts and sums, missing in means and percentiles", function()
    local t = store.cases:by("phase"):agg("n = count()", "lines()", "sum(suspects)", "kg = sum(quantity in kg)", "m = mean(suspects)",
      "median(suspects)", "distinct(category)")
    local six, four = t[3], t[1]
    assert.equal(0, six.n)
    assert.equal(0, six.lines)
    expect.exact(0, six.suspects)
    expect.exact(0, six.kg, "kg")
    assert.equal(0, six["distinct(category)"])
    assert.is_nil(six.m)
    assert.is_nil(six["median(suspects)"])
    assert.equal("không có dòng nào có số liệu", t:why(3, "m"))
    for _, name in ipairs { "n", "lines", "suspects", "kg", "m" } do assert.is_nil(four[name]) end
  end)

  it("stay when a condition on something else leaves nothing of them", function()
    assert.equal("4=? 5=0 6=0 7=1", said(store.cases:where("category = 'wildlife'"):count "phase"))
    assert.equal("wildlife=1 drug=0", said(store.cases:where("phase = 7 and category is not missing"):count "category"))
    assert.equal("wildlife=1 drug=0 nil=2", said(store.cases:where("phase = 7"):count "category"))
  end)

  it("are not those that a condition on the key itself excludes", function()
    assert.equal("7=3", said(store.cases:where("phase = 7"):count "phase"))
    assert.equal("6=0 7=3", said(store.cases:where("phase in (6, 7)"):count "phase"))
    assert.equal("drug=1", said(store.cases:where("category = 'drug'"):count "category"))
    assert.equal("7=2", said(store.cases:where("suspects is missing"):where("phase = 7 and date >= 2025-05-15"):count "phase"))
    assert.equal("5=1", said(store.cases:where("not (phase != 5 or suspects > 5)"):count "phase"))
    -- Other phases may hold what is missing, so they stay in the list.
    assert.equal("4=? 5=0 6=0 7=3", said(store.cases:where("phase = 7 or suspects is missing"):count "phase"))
  end)

  it("are months of the time of the phase that is asked for", function()
    local t = store.cases:where("phase = 7"):count "month"
    -- Records end on 20/8: September is not covered.
    assert.equal("2025-04=0 2025-05=1 2025-06=1 2025-07=0 2025-08=1 2025-09=?", said(t))
    assert.equal("chưa có dữ liệu", t:why(6, "n"))
    assert.equal(said(t):gsub("05=1", "05=0"), said(store.cases:where("phase = 7 and date >= 2025-04-01"):where("case != 'b'"):count "month"))
    assert.equal("2025-04/2025-06=2 2025-07/2025-09=1", said(store.cases:where("phase = 7"):count "quarter"))
    assert.equal("2025=3", said(store.cases:where("phase = 7"):count "year"))
  end)

  it("are months between the first and the last record when no phase is asked for", function()
    local t = store.cases:count "month"
    assert.equal(34, #t) -- November 2022 to August 2025
    assert.equal("2022-11", t[1].month)
    assert.equal("2025-08", t[-1].month)
    assert.equal("2025-05=1 2025-06=1 2025-07=0 2025-08=1", said(store.cases:where("date >= 2025-05-01"):count "month"))
    assert.equal("2022=1 2023=0 2024=0 2025=3", said(store.cases:count "year"))
  end)

  it("are outside the time of their phase, which is not 0", function()
    local t = store.cases:count("phase", "month"):where "phase = 7 and month >= 2025-03"
    assert.equal("2025-03=? 2025-04=0 2025-05=1 2025-06=1 2025-07=0 2025-08=1", said(t:select("month", "n")))
    local all = store.cases:count("phase", "month")
    for i = 1, #all do
      if all[i].phase == "OMD7" and all[i].month == "2025-03" then assert.equal("ngoài thời gian của giai đoạn", all:why(i, "n")) end
      if all[i].phase == "OMD6" and all[i].month == "2024-05" then assert.equal(0, all[i].n) end
    end
  end)

  it("keep a case without the key in a group of its own, last", function()
    assert(store:insert("cases", { { case = "e", date = "2025" }, { case = "f", phase = 7 } }))
    local t = store.cases:count "phase"
    assert.equal("4=? 5=1 6=0 7=4 nil=1", said(t))
    assert.truthy(tostring(t):find("(thiếu)", 1, true))
    t = store.cases:where("phase = 7"):count "month"
    assert.equal("nil=1", said(t):match "nil=%d")
    assert.equal(2, store.cases:count("month")[-1].n) -- 2025 alone names no month, and f has no date
  end)

  it("are not made up for keys without a known list", function()
    assert.equal(0, #store.cases:where("phase = 1"):count "agency")
    assert.equal("nil=3", said(store.cases:where("phase = 7"):count("agency", "phase"):select("agency", "n")))
    assert.equal(4, #store.phases:count "phase")
  end)

  it("count up to a day", function()
    local t = store.cases:count "phase"
    assert.equal("4=? 5=1 6=0 7=2", said(t.meta_.recount "2025-06-30"))
    assert.equal("4=? 5=1 6=0 7=1", said(t.meta_.recount "2025-06-15")) -- c happened some day in June
  end)
end)
