-- Blocks of sealed rows made by two threads: byte for byte those that one makes, whatever order rows come in, also where blocks are
-- there already and where it goes wrong on the way.
local core = require "mekong.core"
local mekong = require "mekong"
local segments = require "spec.support.segments"
local seeded = require "spec.support.seeded"

local agencies = { "", "Đội 1", "Đội 2", "đội 1", "Cục Hải quan", "Chi cục số 7" }

-- A file of cases whose keys come in some order, with one to three lines each, few or many different texts.
local function csv(r, first, cases)
  local list, keys = { "case,phase,date,agency,note,category,quantity,unit,value_vnd,suspects" }, {}
  local order, texts = r(4), r.one { 3, 500 }
  for i = 1, cases do
    local number = order == 1 and first + i or order == 2 and first + (i * 7919) % cases + (i > cases and 1 or 0) or first + i
    keys[i] = order == 3 and ("%s-2024-%08d"):format(r.one { "VN", "MO", "BN" }, number)
      or order == 4 and ("Vụ dài hơn mười sáu byte %d/%d"):format(number % 3, number) or ("K%06d"):format(number)
  end
  for _, key in ipairs(keys) do
    local case = ("%s,%d,2024-%02d-%02d,%s,%s"):format(key, r(7), r(12), r(28), r.one(agencies), r(3) == 1 and "ghi chú " .. r(texts) or "")
    for _ = 1, r(5) == 1 and r(3) or 1 do
      list[#list + 1] = ("%s,%s,%s,%s,%s,%d"):format(case, r.one { "drug", "tobacco", "wildlife" },
        r(9) == 1 and "" or r(4) == 1 and r(90000) .. "." .. r(9999) or r(200), r.one { "kg", "l" }, r(3) == 1 and r(9) * 1000000 or "", r(4))
    end
  end
  return table.concat(list, "\n") .. "\n"
end

local function stores()
  local one, two = assert(mekong.open ":memory:"), assert(mekong.open(":memory:", { threads = 2 }))
  for _, store in ipairs { one, two } do assert(core.store.seal(store, 16)) end
  return one, two
end

local function loaded(store, text, opts) return tostring(assert(store:load("cases", { text = text }, opts))) end

describe("blocks made by two threads", function()
  it("are byte for byte those that one makes", function()
    for seed = 1, math.tointeger(tonumber(os.getenv "MEKONG_SEEDS" or 5)) do
      local r = seeded(seed)
      local one, two = stores()
      for round = 0, 2 do
        local text, opts = csv(r, round == 2 and 40 or round * 1000, r.one { 20, 90, 250 }), { on_duplicate = r.one { "reject", "skip" } }
        assert.equal(loaded(one, text, opts), loaded(two, text, opts), seed)
        assert.equal((segments.text(one)), (segments.text(two)), seed)
        assert.equal(one:digest(), two:digest(), seed)
      end
      assert.is_true(two:check())
      one:close()
      two:close()
    end
  end)

  -- What was refused, as its code.
  local function refused_by(store, text)
    local report, _, info = store:load("cases", { text = text })
    return not report and info.code or nil
  end

  it("are all there or not at all when it is cancelled on the way", function()
    local text, asked, cancelled = csv(seeded(5), 1, 1200), math.huge, 0
    local function progress()
      asked = asked - 1
      return asked > 0
    end
    local store <close> = assert(mekong.open(":memory:", { threads = 2, progress = progress }))
    assert(core.store.seal(store, 16))
    local limit = 1
    while true do
      asked, limit = limit, limit + limit // 3 + 1
      local code = refused_by(store, text)
      asked = math.huge
      if not code then break end
      cancelled = cancelled + 1
      assert.equal("cancelled", code)
      assert.equal(0, store:sql("select count(*) as n from cases")[1].n)
    end
    assert(cancelled > 1)
    assert.equal(1200, store:sql("select count(*) as n from cases")[1].n)
    assert.is_true(store:check())
  end)

  it("are refused when memory does not suffice, and the store goes on", function()
    local text, refused = csv(seeded(3), 1, 2000), 0
    for size = 8, 128, 12 do
      local store <close> = assert(mekong.open(":memory:", { threads = 2, max_bytes = size << 16 }))
      assert(core.store.seal(store, 256))
      local code = refused_by(store, text)
      if code then
        refused = refused + 1
        assert.equal("memory", code, size)
        assert(store:insert("cases", { case = "A" }))
      end
      assert.equal(code and 1 or 2000, store:sql("select count(*) as n from cases")[1].n)
    end
    assert(refused > 0 and refused < 11, refused)
  end)
end)
