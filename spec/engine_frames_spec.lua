-- The same answers from columns in memory as from the plain evaluator: every table, total and note, over random records and
-- questions, one thread or two, with and without the instructions of newer processors. The plain evaluator is the judge.
-- MEKONG_SEEDS=n asks more.
local answers = require "spec.support.answers"
local engine = require "mekong.engine"
local mekong = require "mekong"
local seeded = require "spec.support.seeded"

local agencies = { "Đội Hòa Bình", "Đội Hoà Bình", "ĐỘI HÒA BÌNH", "Đội Thủy", "Đội Thuỷ", "Cảng", "Cảng A" }
local categories = { "drug", "tobacco", "wildlife", "precursor" }
local units = { "kg", "g", "pill", "t" }
local countries = { "VN", "CN", "LA", "TH" }

local function maybe(random, one_in, value)
  if random(one_in) == 1 then return nil end
  return value
end

-- A store of n cases; with copies and parts of lines where they are asked for.
local function fill(random, n, copies, parts)
  local store, cases, lines = assert(mekong.omd()), {}, {}
  for i = 1, n do
    local year = 2022 + random(4)
    local date = random(8) == 1 and ("%d-%02d"):format(year, random(12)) or ("%d-%02d-%02d"):format(year, random(12), random(28))
    cases[i] = { case = ("V%04d"):format(i), phase = maybe(random, 9, 3 + random(4)), date = maybe(random, 9, date),
      agency = maybe(random, 6, agencies[random(#agencies)]), reporter = maybe(random, 7, countries[random(4)]),
      origin = maybe(random, 5, countries[random(4)]), suspects = maybe(random, 5, random(9) - 1), joint = maybe(random, 4, random(2) == 1),
      dup_of = copies and random(6) == 1 and i > 1 and ("V%04d"):format(random(i - 1)) or nil }
    local many = random(4) - 1
    for k = 1, many do
      local unit = maybe(random, 12, units[random(#units)])
      local amount = unit == "pill" and tostring(random(500)) or ("%d.%02d"):format(random(90), random(98))
      lines[#lines + 1] = { case = cases[i].case, line = k, category = maybe(random, 8, categories[random(4)]), unit = unit,
        quantity = maybe(random, 8, amount), included_in = parts and k > 1 and random(5) == 1 and k - 1 or nil }
    end
  end
  assert(store:insert("cases", cases))
  if lines[1] then assert(store:insert("lines", lines)) end
  return store
end

local conditions = { "phase = 5", "phase in (5, 6)", "date <= 14/8/2024", "date between 1/3/2023 and 30/9/2024", "joint", "suspects > 2",
  "category = 'ma túy'", "category != 'drug' or joint", "agency is missing", "agency is missing and date <= 14/8/2024",
  "agency like 'đội%'", "reporter = 'Trung Quốc'",
  "quantity in kg > 5", "year(date) = 2024", "agency like 'đội%' and date >= 1/1/2023", "joint and suspects > 1 and (phase = 5 or category = 'drug')",
  "reporter = 'VN' and origin = 'CN' and suspects is not missing and date < 1/1/2025 and joint",
  "month(date) in (4, 5) and not joint",
  "suspects = 99", "unit = 'kg'" }
local keys = { "phase", "category", "agency", "key(agency)", "reporter", "origin", "month", "year", "quarter", "joint", "suspects", "date",
  "suspects > 2", "year(date)", "unit" }
local measures = { "n = count()", "j = count() where joint", "l = lines()", "d = distinct(agency)", "m = distinct(month(date))",
  "s = sum(suspects)", "k = sum(quantity in kg) where unit in ('kg', 'g', 't')", "a = any(suspects > 5)", "x = share()",
  "y = share(joint)", "r = sum(suspects) / count()", "w = mean(suspects)", "lo = min(suspects)", "hi = max(suspects)",
  "mid = median(suspects)", "p = p90(suspects)", "dd = distinct(category) where joint", "first = min(date)" }

local columns = { "folded = key(agency)", "y = year(date)", "two = suspects > 2", "late = date >= 1/1/2024" }
local made_keys = { "folded", "y", "two", "late", "key(folded)" }

local ways = { { way = "best" }, { way = "plain" }, { way = "plain", threads = 2, chunk = 7 }, { threads = 2, chunk = 1 },
  { threads = 2, chunk = 16 },
  { dense = 1, judged = 1 }, { way = "plain", dense = 5, judged = 3 } }

local function question(random)
  local q = { where = {}, keys = {}, measures = {}, with = random(4) == 1, way = ways[random(#ways)] }
  for _ = 1, random(3) - 1 do q.where[#q.where + 1] = conditions[random(#conditions)] end
  for _ = 1, random(3) - 1 do
    local key = keys[random(#keys)]
    if not (q.keys[1] and (q.keys[1] == key or q.keys[1]:find "agency" and key:find "agency" or q.keys[1]:find "suspects" and key:find "suspects"
      or q.keys[1]:find "year" and key:find "year")) then
      q.keys[#q.keys + 1] = key
    end
  end
  if q.with then q.keys[1] = made_keys[random(#made_keys)] end
  if q.with and q.keys[1]:find "folded" and q.keys[2] and q.keys[2]:find "agency" then q.keys[2] = nil end
  if q.keys[2] and q.keys[1] == q.keys[2] then q.keys[2] = nil end
  q.kind = random(6)
  for _ = 1, random(3) do q.measures[measures[random(#measures)]] = true end
  return q
end

local function said(q)
  local list = {}
  for text in pairs(q.measures) do list[#list + 1] = text end
  table.sort(list)
  return list, ("where %s by %s agg %s kind %d"):format(table.concat(q.where, " and "), table.concat(q.keys, ", "), table.concat(list, "; "), q.kind)
end

-- Everything a table shows: its text in both languages, every cell, its total row, others, shares.
local function shown(store, q)
  local frame = store.cases
  if q.with then frame = frame:with(table.unpack(columns)) end
  for _, text in ipairs(q.where) do frame = frame:where(text) end
  if q.with and q.keys[1] == "y" then frame = frame:where "late" end
  local list = said(q)
  local t
  if q.kind == 1 then t = frame:by(table.unpack(q.keys)):sum "quantity"
  elseif q.kind == 2 then t = frame:by(table.unpack(q.keys)):sum "suspects"
  elseif q.kind == 3 then t = frame:by(table.unpack(q.keys)):stats("suspects", "n missing sum min mean p50 p90 max")
  elseif q.kind == 4 then t = frame:count(table.unpack(q.keys))
  elseif q.kind == 5 and #q.keys == 2 then t = frame:pivot(q.keys[1], q.keys[2])
  else t = frame:by(table.unpack(q.keys)):agg(table.unpack(list)) end
  local out = { t:to_text(), t:to_text { locale = "en" } }
  for i = 1, #t do
    for _, name in ipairs(t:names()) do out[#out + 1] = t:cell(i, name) == nil and t:why(i, name) or tostring(t:cell(i, name)) end
  end
  out[#out + 1] = t:totals():to_text()
  if #q.keys == 1 and q.kind == 4 then
    out[#out + 1] = t:top(2, { others = "Khác" }):to_text()
    out[#out + 1] = t:share():to_text()
  end
  return table.concat(out, "\n")
end

local function answer(store, q)
  return answers.text(shown, store, q)
end

describe("questions answered from columns in memory", function()
  local asked, taken = 0, 0

  local function compare(seed, copies, parts)
    local random = seeded(seed)
    local store = fill(random, 20 + random(60), copies, parts)
    local plain_answer = engine.answer
    engine.answer = function(...)
      local found = plain_answer(...)
      asked, taken = asked + 1, taken + (found and 1 or 0)
      return found
    end
    for _ = 1, 12 do
      local q = question(random)
      engine.scans(store, q.way)
      local fast = answer(store, q)
      engine.plain(store, true)
      local plain = answer(store, q)
      engine.plain(store, false)
      if fast ~= plain then
        engine.answer = plain_answer
        local _, text = said(q)
        error(("seed %d: %s: %s"):format(seed, text, answers.difference(plain, fast)))
      end
    end
    engine.answer = plain_answer
    store:close()
  end

  it("are those of the plain evaluator", function()
    for seed = 1, tonumber(os.getenv "MEKONG_SEEDS") or 6 do compare(seed, false, false) end
    assert(taken * 4 > asked, ("only %d of %d questions were answered from columns"):format(taken, asked))
  end)

  it("are those of the plain evaluator where cases are recorded twice and lines are parts of others", function()
    for seed = 101, 103 do compare(seed, true, seed % 2 == 0) end
  end)

  it("series and matrices are those of the plain evaluator", function()
    for seed = 201, 203 do
      local store = fill(seeded(seed), 50)
      local function all()
        return table.concat({ tostring(store.cases:series "month"), tostring(store.cases:where("phase = 5"):series("month", "sum(suspects)")),
          tostring(store.cases:series "week"), tostring(store.cases:matrix("origin", "reporter"):totals()),
          tostring(store.cases:pivot("phase", "month")), tostring(store.cases:count("phase"):cumulative("phase", { to = "14/8/2024" })),
          tostring(store.cases:count("phase"):compare("phase", { per = "day" })) }, "\n")
      end
      local fast = all()
      engine.plain(store, true)
      local plain = all()
      if plain ~= fast then error(("seed %d: %s"):format(seed, answers.difference(plain, fast))) end
      store:close()
    end
  end)

  it("ask a condition of what the rows hold alone where its columns could hold far more", function()
    local store = assert(mekong.open ":memory:")
    local cases, lines = {}, {}
    for i = 1, 300 do
      cases[i] = { case = "A" .. i, agency = "Đội " .. i }
      lines[i] = { case = "A" .. i, line = 1, quantity = tostring(i), unit = i % 2 == 0 and "kg" or "g" }
    end
    lines[300].quantity = nil
    assert(store:insert("cases", cases) == 300 and store:insert("lines", lines) == 300)
    local answered, plain_answer = 0, engine.answer
    engine.answer = function(...)
      local found = plain_answer(...)
      answered = answered + (found and 1 or 0)
      return found
    end
    -- 12, 14, ... 298 kg are more than 10, no number of grams is; 'Đội 8' has 8 kg, 'Đội 300' an unknown quantity
    local text = tostring(store.cases:where("quantity in kg > 10 or agency = 'Đội 8'"):count())
    engine.answer = plain_answer
    assert.equal(1, answered)
    assert.equal(145, store.cases:where("quantity in kg > 10 or agency = 'Đội 8'"):count()[1].n)
    engine.plain(store, true)
    assert.equal(tostring(store.cases:where("quantity in kg > 10 or agency = 'Đội 8'"):count()), text)
    store:close()
  end)

  it("stay what they were when the records change, also their totals", function()
    local store = fill(seeded(7), 40)
    local t = store.cases:count "category"
    local before = t:totals():to_text()
    assert(store:insert("cases", { case = "W1", phase = 6 }))
    assert.equal(before, t:totals():to_text())
    assert.equal(41, store.cases:count()[1].n)
    store:close()
  end)

  it("never take together groups of a table with records that came after it", function()
    local store = assert(mekong.open ":memory:")
    assert(store:insert("cases", { { case = "A" } }))
    assert(store:insert("lines", { { case = "A", line = 1, quantity = "1", unit = "kg" },
      { case = "A", line = 2, quantity = "3", unit = "kg" }, { case = "A", line = 3, quantity = "500", unit = "g" } }))
    local function medians() return store.cases:by("unit"):agg "m = median(quantity)" end -- over two units it takes the records themselves
    local t, with_total = medians(), medians():totals()
    assert(store:insert("lines", { { case = "A", line = 4, quantity = "90", unit = "kg" },
      { case = "A", line = 5, quantity = "91", unit = "kg" } }))
    assert.equal("1 kg", tostring(with_total[#with_total].m))
    local _, message = pcall(t.totals, t)
    assert.truthy(tostring(message):find("[missing]", 1, true), message)
    local anew = medians():totals()
    assert.equal("3 kg", tostring(anew[#anew].m))
    t = medians()
    store:close()
    _, message = pcall(t.totals, t)
    assert.truthy(tostring(message):find("[missing]", 1, true), message)
  end)

  it("know columns that are defined after the first question", function()
    local store = fill(seeded(9), 30)
    assert.equal(30, store.cases:count()[1].n)
    assert(store:define("cases", { "officer: text" }))
    assert.equal(30, store.cases:count()[1].n)
    assert(store:update("cases", "V0003", { officer = "An" }))
    assert.equal(1, store.cases:where("officer = 'An'"):count()[1].n)
    store:close()
  end)

  -- Each entry of a dictionary is judged, the rows that have it or not.
  it("fail where the plain evaluator fails, and nowhere else", function()
    local store = fill(seeded(10), 30)
    assert(store:insert("cases", { case = "W1", suspects = 9223372036854775807, reporter = "KH" }))
    local d = store.cases
    assert.truthy(select(2, pcall(function() return d:with("twice = suspects * 2"):count() end)):find("[range]", 1, true))
    assert.equal(30, d:where("reporter is missing or reporter != 'KH'"):with("twice = suspects * 2"):count()[1].n)
    store:close()
  end)

  it("refuse to make one of quantities of several kinds as the plain evaluator does, and without its help", function()
    local store <close> = fill(seeded(5), 60)
    local eval = require "mekong.eval"
    local read = eval.base
    for _, text in ipairs { "x = sum(quantity)", "max(quantity)", "min(quantity)", "mean(quantity)", "median(quantity)",
      "x = sum(quantity) where category = 'drug'", "x = mean(quantity) / count()" } do
      local messages = {}
      for k, plain in ipairs { true, false } do
        engine.plain(store, plain)
        eval.base = not plain and function() error "the plain evaluator was asked" end or read
        local ok, message = pcall(function() return tostring(store.lines:by("phase", "joint"):agg("n = count()", text)) end)
        eval.base = read
        messages[k] = ok and "answered" or message
      end
      assert.equal(messages[1], messages[2])
      assert.truthy(messages[2]:find("%[unit%]"), messages[2])
    end
  end)

  it("see what is not committed yet only inside its transaction", function()
    local store = fill(seeded(8), 30)
    assert.equal(30, store.cases:count()[1].n)
    pcall(store.transaction, store, function()
      assert(store:insert("cases", { case = "W1" }))
      assert.equal(31, store.cases:count()[1].n)
      error "back"
    end)
    assert.equal(30, store.cases:count()[1].n)
    assert(store:insert("cases", { { case = "W2" }, { case = "W3" } }))
    assert.equal(32, store.cases:count()[1].n)
    store:close()
  end)
end)
