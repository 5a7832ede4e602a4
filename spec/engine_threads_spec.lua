-- A second thread for large questions: the same bytes as one, none before it is needed, and none left behind.
local engine = require "mekong.engine"
local mekong = require "mekong"
local threads = require "spec.support.threads"

local function filled(opts)
  local store, cases, lines = assert(mekong.open(":memory:", opts)), {}, {}
  for i = 1, 1200 do
    cases[i] = { case = ("V%04d"):format(i), phase = 1 + i % 7, agency = "Đội " .. i % 40, suspects = i % 11,
      date = ("2024-%02d-%02d"):format(1 + i % 12, 1 + i % 28) }
    for k = 1, i % 3 do
      lines[#lines + 1] = { case = cases[i].case, line = k, category = i % 5 == 0 and "drug" or "tobacco", quantity = i .. ".25", unit = "kg" }
    end
  end
  assert(store:insert("cases", cases))
  assert(store:insert("lines", lines))
  return store
end

local function answers(store)
  local d, out = store.cases, {}
  for k, t in ipairs { d:count("phase", "category"), d:by("category"):sum "quantity", d:by("phase"):stats("quantity", "n median p90 max"),
    d:where("suspects > 3 and category = 'drug'"):count "month", d:by("phase"):agg("d = distinct(agency)", "s = sum(suspects)"),
    d:count("agency", "date", "category"):top(5), d:count("key(agency)"):top(3, { others = "Khác" }), d:count("phase"):totals() } do
    out[k] = tostring(t)
  end
  return table.concat(out, "\n")
end

describe("a second thread", function()
  it("gives the same bytes, is started by the first large question and ends with the store", function()
    local before, store = threads(), filled { threads = 2 }
    assert.equal(before, threads())
    local alone = answers(store) -- too few rows to share
    assert.equal(before, threads())
    for _, chunk in ipairs { 1, 64, 1000 } do
      engine.scans(store, { threads = 2, chunk = chunk })
      assert.equal(alone, answers(store))
    end
    assert.equal(before + 1, threads())
    store:close()
    assert.equal(before, threads())
  end)

  -- Counts and sums of whole columns are kept after the first question, so that later ones go over the rows for the rest alone.
  it("gives the same bytes where a part of the answer was kept by an earlier question", function()
    local cases, lines = {}, {}
    for i = 1, 3000 do
      cases[i] = { case = ("V%04d"):format(i), phase = 1 + i % 7, suspects = i % 11, joint = i % 3 == 0,
        date = ("2024-%02d-%02d"):format(1 + i % 12, 1 + i % 28) }
      lines[i] = { case = cases[i].case, line = 1, category = i % 5 == 0 and "drug" or "tobacco", quantity = i .. ".25", unit = "kg" }
    end
    local questions = {
      function(d) return d:by("month"):agg("n = count()", "s = sum(suspects)", "j = count() where joint") end,
      function(d) return d:count "date" end, function(d) return d:by("phase"):sum "suspects" end,
      function(d) return d:by("phase"):agg("n = count()", "j = count() where joint", "m = max(suspects)") end,
      function(d) return d:by("category"):stats("quantity", "n median p90 max") end, function(d) return d:by("category"):sum "quantity" end,
      function(d) return d:agg("n = count()", "s = sum(suspects)", "j = count() where joint") end,
    }
    local stores = {}
    for n = 1, 2 do
      stores[n] = assert(mekong.open(":memory:", { threads = n }))
      assert(stores[n]:insert("cases", cases))
      assert(stores[n]:insert("lines", lines))
      engine.scans(stores[n], { threads = n, chunk = 64 })
    end
    for first = 1, #questions do
      for again = 0, 2 * #questions do
        local ask = questions[1 + (first * (again + 1)) % #questions]
        assert.equal(tostring(ask(stores[1].cases)), tostring(ask(stores[2].cases)))
      end
    end
    for _, store in ipairs(stores) do store:close() end
  end)

  it("is not needed for tables that are looked at when their store is closed", function()
    local store = filled { threads = 2 }
    engine.scans(store, { threads = 2, chunk = 64 })
    local t = store.cases:count "category"
    local expected = tostring(t:totals())
    t = store.cases:count "category"
    store:close()
    assert.equal(expected, tostring(t:totals()))
  end)

  it("stops where the progress function says so, and what it raises is raised", function()
    local asked, go = 0, true
    local store = filled { threads = 2, progress = function()
      asked = asked + 1
      if go == "raise" then error "enough" end
      return go
    end }
    engine.scans(store, { threads = 2, chunk = 64 })
    local counted = tostring(store.cases:count "phase")
    asked = 0
    assert.equal(counted, tostring(store.cases:count "phase"))
    assert(asked > 0)
    local held = engine.answer
    for _, how in ipairs { false, "raise" } do
      asked = 0
      engine.answer = function(...)
        go = how
        return held(...)
      end
      local ok, message = pcall(function() return store.cases:count "phase" end)
      engine.answer, go = held, true
      assert.is_false(ok)
      assert.truthy(message:find(how and "enough" or "[cancelled]", 1, true), message)
    end
    assert.equal(counted, tostring(store.cases:count "phase"))
    store:close()
  end)

  it("keeps within the bytes a store may hold, with an error", function()
    local path, list, failed, answered = os.tmpname(), {}, 0, 0
    for i = 1, 2000 do list[i] = { case = "V" .. i, phase = i % 7 + 1, agency = "Đội " .. i } end
    os.remove(path)
    local store = assert(mekong.open(path))
    assert(store:insert("cases", list))
    local expected = tostring(store.cases:count "key(agency)")
    store:close()
    for kib = 64, 2048, 160 do
      local small, message = mekong.open(path, { threads = 2, max_bytes = kib * 1024 })
      local ok
      if small then
        engine.scans(small, { threads = 2, chunk = 64 })
        ok, message = pcall(function() return tostring(small.cases:count "key(agency)") end)
        small:close()
      end
      if ok then
        answered = answered + 1
        assert.equal(expected, message)
      else
        failed = failed + 1
        assert.truthy(message:find "%[memory%]" or message:find "%[limit%]", message)
      end
    end
    os.remove(path)
    assert(failed > 0 and answered > 0, ("%d failed, %d answered"):format(failed, answered))
  end)
end)
