-- New cases beside sealed rows: lines find them as long as they are there, and questions answer with them as a store does that
-- was never sealed.
local core = require "mekong.core"
local mekong = require "mekong"
local engine = require "mekong.engine"
local expect = require "spec.support.expect"
local place = require "spec.support.store_place"

local function seal(store) return assert(core.store.seal(store, 16)) end
local function count(store, what) return store:sql("select count(*) as n from " .. what)[1].n end

-- Cases first, first + step, ... with none to three lines each, as keys V001, V002, ...
local function fill(store, first, last, step)
  local cases, lines = {}, {}
  for i = first, last, step do
    local key = ("V%03d"):format(i)
    cases[#cases + 1] = { case = key, phase = 1 + i % 7, province = i % 5 > 0 and "Tỉnh " .. i % 11 or nil, suspects = i % 4 > 0 and i * 70 or nil }
    for k = 1, i % 4 do
      lines[#lines + 1] = { case = key, line = k, category = k % 2 == 1 and "drug" or "tobacco", unit = i % 2 == 1 and "kg" or "pill",
        quantity = k < 3 and (i % 2 == 1 and ("%d.%02d"):format(i, k * 5 + 1) or i * k) or nil }
    end
  end
  assert(store:insert("cases", cases))
  assert(store:insert("lines", lines))
end

local function answers(store)
  local out = { store:digest() }
  for _, plain in ipairs { true, false } do
    engine.plain(store, plain)
    out[#out + 1] = tostring(store.cases:by("phase", "category", "unit"):agg("n = count()", "sum(quantity)", "s = sum(suspects)"))
    out[#out + 1] = tostring(store.cases:where("province = 'Tỉnh 3' or suspects > 900"):count("province", "unit"))
    out[#out + 1] = store.lines:select("case", "line", "province", "quantity"):table():to_csv()
  end
  return table.concat(out, "\n")
end

describe("new cases beside sealed rows", function()
  local folder
  before_each(function() folder = place.folder() end)
  after_each(function() place.remove(folder) end)

  it("stand between them, in any number and beside other changes, as plain ones do", function()
    local a <close> = assert(mekong.open(folder .. "/a.db"))
    local b <close> = assert(mekong.open(folder .. "/b.db"))
    local changes = {
      function(store) fill(store, 4, 90, 3) end,
      seal,
      function(store) fill(store, 5, 91, 6) end,
      function(store) fill(store, 93, 3, -9) end,
      function(store) fill(store, 1, 2, 1) end,
      function(store) assert(store:insert("cases", { { case = "V010b" }, { case = "V010c" } })) end,
      function(store) assert(store:insert("lines", { case = "V040", line = 77, unit = "kg" })) end,
      function(store) assert(store:update("cases", "V061", { phase = 2 })) end,
      function(store) assert(store:delete("lines", { case = "V040", line = 77 })) end,
      function(store) assert(store:delete("lines", { case = "V010" })) end,
      function(store) assert(store:insert("lines", { case = "V010b", line = 1, unit = "kg" })) end,
    }
    for i, change in ipairs(changes) do
      change(a)
      if change ~= seal then change(b) end
      assert.equal(answers(b), answers(a), "after change " .. i)
    end
    assert.is_true(a:check())
  end)

  it("let lines be added to new cases as long as these are there", function()
    local store <close> = assert(mekong.open(folder .. "/a.db"))
    fill(store, 1, 60, 1)
    seal(store)
    local function line(key) return store:insert("lines", { case = key, line = 1 }) end
    local function lost(undo)
      assert(store:transaction(function()
        undo()
        expect.fails("missing", function() return line "N1" end)
        assert(store:insert("cases", { case = "N1" }))
        assert(line "N1")
        assert.equal(1, count(store, [[lines where "case" = 'N1']]))
        store:delete("lines", { case = "N1" })
        store:delete("cases", { case = "N1" })
      end))
    end
    lost(function()
      assert(store:insert("cases", { case = "N1" }))
      store:delete("cases", { case = "N1" })
    end)
    lost(function()
      assert(store:insert("cases", { { case = "N1" }, { case = "N2" } }))
      store:delete("cases", "case = 'N1'")
    end)
    lost(function()
      assert(store:insert("cases", { case = "N1" }))
      assert(store:update("cases", "N1", { case = "N3" }))
    end)
    lost(function()
      pcall(store.transaction, store, function()
        assert(store:insert("cases", { case = "N1" }))
        assert(line "N1")
        error "undone"
      end)
    end)
    assert(store:insert("cases", { case = "N1" }))
    local other <close> = assert(mekong.open(folder .. "/a.db"))
    other:delete("cases", { case = "N1" })
    expect.fails("missing", function() return line "N1" end)
    assert(store:insert("cases", { case = "V012b" }))
    assert(line "V012b")
    expect.fails("duplicate", function() return line "V007" end)
    assert.is_true(store:check())
  end)
end)
