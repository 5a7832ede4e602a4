-- The first question of a program over sealed rows goes over the columns while they are read: its answers are those of the plain
-- evaluator, of columns in memory, and of whoever else changes the store meanwhile.
local core = require "mekong.core"
local engine = require "mekong.engine"
local mekong = require "mekong"
local place = require "spec.support.store_place"

-- Cases with up to so many lines, some cells missing; the amounts of each block have decimals and sizes of their own.
local function filled(path, lines_most)
  local store, cases, lines = assert(mekong.open(path)), {}, {}
  local amounts = { "1", "2.5", "0.001", "5000000000", "12.75" }
  for i = 1, 150 do
    cases[i] = { case = ("V%04d"):format(i), phase = i % 9 > 0 and 1 + i % 7 or nil, agency = "Đội " .. (i // 20),
      province = i % 4 == 0 and "Huế" or nil, suspects = i % 5 > 0 and i % 300 or nil, joint = i % 3 == 0,
      date = ("2024-%02d-%02d"):format(1 + i % 12, 1 + i % 28) }
    for k = 1, i % (lines_most + 1) do
      lines[#lines + 1] = { case = cases[i].case, line = k, category = i % 5 == 0 and "drug" or "tobacco", quantity = amounts[1 + i // 32],
        unit = ({ "kg", "g", "mg" })[1 + (i + k) % 3] }
    end
  end
  assert(store:insert("cases", cases))
  assert(store:insert("lines", lines))
  assert(core.store.seal(store, 32))
  store:close()
end

local questions = {
  function(d) return d:count "phase" end,
  function(d) return d:by("phase", "category", "unit"):agg("n = count()", "sum(quantity)") end,
  function(d) return d:agg("n = count()", "sum(quantity)", "s = sum(suspects)", "j = count() where joint") end,
  function(d) return d:where("suspects > 3 and category = 'drug' and joint"):count "province" end,
  function(d) return d:by("province"):agg("d = distinct(agency)", "l = max(suspects)", "k = min(quantity)") end,
  function(d) return d:count("key(agency)"):top(3) end,
  function(d) return d:by("month"):agg("n = count()", "a = any(joint)") end,
  function(d) return d:where("date >= 2024-06-01"):by("agency", "unit"):sum "quantity" end,
}

local twice = { [6] = true } -- the rows are gone over for the spellings first

local function lines_of(t) return tostring(t) .. t:to_csv() end

-- What a question gives in a program of its own, and how many scans of it read the cells on their way. meanwhile(): called before such
-- a one; chunk: rows that are gone over at a time.
local function first(path, question, plain, meanwhile, chunk)
  local store <close> = assert(mekong.open(path))
  local scan, read = core.engine.scan, 0
  if plain then engine.plain(store, true) else engine.scans(store, { chunk = chunk }) end
  core.engine.scan = function(...)
    if select("#", ...) < 9 or not select(9, ...) then return scan(...) end
    if meanwhile then meanwhile() end
    local found, n, rows = scan(...)
    read = read + (found and 1 or 0)
    return found, n, rows
  end
  local ok, text = pcall(function() return lines_of(question(store.cases)) end)
  core.engine.scan = scan
  local again = ok and not plain and lines_of(question(store.cases))
  return text, read, again, ok
end

describe("the first question over sealed rows", function()
  local folder, path
  before_each(function()
    folder = place.folder()
    path = folder .. "/s.db"
  end)
  after_each(function() place.remove(folder) end)

  for most, what in pairs { [1] = "cases of one line", [3] = "cases of several lines" } do
    it("gives what the plain evaluator and columns in memory give: " .. what, function()
      filled(path, most)
      for k, question in ipairs(questions) do
        local plain = first(path, question, true)
        local text, read, again = first(path, question)
        assert.equal(plain, text, "question " .. k)
        assert.equal(plain, again, "question " .. k .. " once more")
        assert.equal(twice[k] and 0 or 1, read, "question " .. k)
        assert.equal(plain, (first(path, question, false, nil, 7)), "question " .. k .. " in pieces")
      end
    end)
  end

  it("sees rows that came after those that are sealed", function()
    filled(path, 2)
    do
      local store <close> = assert(mekong.open(path))
      assert(store:insert("cases", { { case = "V9999", phase = 3, joint = true, agency = "Đội mới" } }))
      assert(store:update("cases", "V0007", { phase = 2 }))
    end
    for k, question in ipairs(questions) do
      local text, read = first(path, question)
      assert.equal(first(path, question, true), text, "question " .. k)
      assert.equal(0, read)
    end
  end)

  it("counts what another program wrote between its reading of heads and of cells", function()
    filled(path, 2)
    for k, question in ipairs(questions) do
      if twice[k] then goto next end
      local text, read, again = first(path, question, false, function()
        local other <close> = assert(mekong.open(path))
        assert(other:insert("cases", { { case = "W" .. k, phase = 1 + k % 7, joint = true, suspects = k, agency = "Đội 1" } }))
      end)
      assert.equal(first(path, question, true), text, "question " .. k)
      assert.equal(text, again)
      assert.equal(0, read)
      local store = assert(mekong.open(path))
      assert.equal(1, assert(store:delete("cases", { case = "W" .. k })))
      assert(core.store.seal(store, 32))
      store:close()
      ::next::
    end
  end)

  it("is refused where the cells are not as they were written", function()
    filled(path, 2)
    local done = place.sqlite(path, [[UPDATE segments SET data = cast(substr(data, 1, length(data) - 1) || x'07' as blob)
      WHERE "column" = 'c."phase"' AND form = 1 AND block = (SELECT max(block) FROM segments)]])
    if not done then return pending "sqlite3 is not installed" end
    local text, _, _, ok = first(path, questions[1])
    assert.is_false(ok)
    assert.matches("are not as they were written %[damaged%]", text)
  end)

  it("is cancelled by the progress function, and asked again gives all", function()
    filled(path, 2)
    local go = true
    local store <close> = assert(mekong.open(path, { progress = function() return go end }))
    local scan = core.engine.scan
    core.engine.scan = function(...)
      go = false
      return scan(...)
    end
    local ok, message = pcall(questions[1], store.cases)
    core.engine.scan = scan
    assert.is_false(ok)
    assert.matches("cancelled", message)
    go = true
    assert.equal(first(path, questions[1], true), lines_of(questions[1](store.cases)))
  end)
end)
