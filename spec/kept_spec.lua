-- What is kept of the tables of a store (its own names, its phases, its claims): it is read anew when they change, by whichever way.
local mekong = require "mekong"
local seeded = require "spec.support.seeded"

local function rows(store, condition) return #store.cases:where(condition):table() end

describe("names and phases that are kept", function()
  local path, store
  before_each(function()
    path = os.tmpname()
    os.remove(path)
    store = assert(mekong.open(path))
    assert(store:insert("cases", { { case = "a", phase = 7, date = "2025-05-01" }, { case = "b", phase = 5, date = "2023-05-01" } }))
    assert(store:insert("lines", { { case = "a", line = 1, item = "heroin" }, { case = "b", line = 1, item = "ketamine" } }))
    assert(store:insert("phases", { { phase = 7, number = 7, date = "2025-04-15" }, { phase = 5, number = 5, date = "2023-04-01" } }))
  end)
  after_each(function()
    store:close()
    for _, tail in ipairs { "", "-wal", "-shm" } do os.remove(path .. tail) end
  end)

  it("know a name as soon as it is given", function()
    assert.equal(0, rows(store, "item = 'hàng lạ'"))
    assert(store:alias("item", { ["hàng lạ"] = "heroin" }))
    assert.equal(1, rows(store, "item = 'hàng lạ'"))
  end)

  it("know what another connection has written", function()
    assert.equal(0, rows(store, "item = 'hàng lạ'"))
    local other <close> = assert(mekong.open(path))
    assert(other:alias("item", { ["hàng lạ"] = "heroin" }))
    assert.equal(1, rows(store, "item = 'hàng lạ'"))
  end)

  it("forget with a transaction that is taken back, also when as much is changed after it", function()
    assert.equal(0, rows(store, "item = 'hàng lạ'"))
    pcall(store.transaction, store, function()
      assert(store:alias("item", { ["hàng lạ"] = "heroin" }))
      assert.equal(1, rows(store, "item = 'hàng lạ'"))
      error "given up"
    end)
    assert.equal(0, rows(store, "item = 'hàng lạ'"))
    assert(store:alias("item", { ["hàng khác"] = "ketamine" }))
    assert.equal(0, rows(store, "item = 'hàng lạ'"))
    assert.equal(1, rows(store, "item = 'hàng khác'"))
  end)

  it("answer a question that is asked again by what holds then", function()
    local asked = store.cases:by("phase")
    local function said()
      local out = {}
      for row in asked:agg("n = count()", "x = count() where item = 'hàng lạ'"):rows() do
        out[#out + 1] = ("%s %s %s"):format(row.phase, row.n, row.x)
      end
      return table.concat(out, ", ")
    end
    assert.equal("OMD5 1 0, OMD7 1 0", said())
    assert.equal("OMD5 1 0, OMD7 1 0", said())
    assert(store:alias("item", { ["hàng lạ"] = "heroin" }))
    assert.equal("OMD5 1 0, OMD7 1 1", said())
    local other <close> = assert(mekong.open(path))
    assert(other:insert("phases", { phase = 6, number = 6, date = "2024-04-01", date_to = "2024-09-01" }))
    assert.equal("OMD5 1 0, OMD6 0 0, OMD7 1 1", said())
    assert(other:insert("cases", { case = "c", phase = 6, date = "2024-05-01" }))
    assert.equal("OMD5 1 0, OMD6 1 0, OMD7 1 1", said())
    assert(other:update("lines", { case = "b", line = 1 }, { item = "heroin" }))
    assert.equal("OMD5 1 1, OMD6 1 0, OMD7 1 1", said())
  end)

  it("order phases by the start they have now", function()
    local function order() return table.concat(store.cases:count("phase"):col "phase", " ") end
    assert.equal("OMD5 OMD7", order())
    assert(store:update("phases", { phase = 5 }, { date = "2026-04-01" }))
    assert.equal("OMD7 OMD5", order())
  end)

  it("are each store's own", function()
    local other <close> = assert(mekong.open ":memory:")
    assert(other:insert("cases", { case = "z" }))
    assert(other:insert("lines", { case = "z", line = 1, item = "heroin" }))
    assert(store:alias("item", { ["hàng lạ"] = "heroin" }))
    assert.equal(1, rows(store, "item = 'hàng lạ'"))
    assert.equal(0, rows(other, "item = 'hàng lạ'"))
  end)

  -- Whoever writes, and whether it is taken back: the next answer is that of a store that was opened just now.
  it("are never older than the file", function()
    local other <close> = assert(mekong.open(path))
    local draw, made = seeded(20250814), 0
    local function random(n) return draw(n) - 1 end
    local function answers(from)
      return tostring(from.cases:count("phase", "category")) .. tostring(from.cases:where("item = 'hàng lạ'"):count "month")
    end
    local changes = {
      function(by)
        made = made + 1
        assert(by:insert("cases", { case = "n" .. made, phase = 5 + 2 * random(2), date = "2025-05-0" .. 1 + random(9) }))
      end,
      function(by) assert(by:insert("lines", { case = "a", line = 2 + made * 10 + random(10), item = "heroin", category = "drug" })) end,
      function(by) by:delete("cases", "case = 'n" .. random(made + 1) .. "'") end,
      function(by) assert(by:update("phases", { phase = 5 }, { date = ("20%d-04-01"):format(20 + random(9)) })) end,
      function(by) by:alias("item", { ["hàng lạ"] = random(2) == 0 and "heroin" or "ketamine" }) end,
      function(by) pcall(by.define, by, "cases", { "extra" .. made .. ": text" }) end,
    }
    for step = 1, 60 do
      local by, change = random(2) == 0 and store or other, changes[1 + random(#changes)]
      if random(4) == 0 then
        pcall(by.transaction, by, function()
          pcall(change, by)
          answers(by)
          error "given up"
        end)
      else
        pcall(change, by)
      end
      local fresh <close> = assert(mekong.open(path))
      local expected = answers(fresh)
      assert.equal(expected, answers(store), "after step " .. step)
      assert.equal(expected, answers(other), "after step " .. step)
    end
  end)
end)
