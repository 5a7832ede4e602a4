-- Sealing, sealing anew, unsealing, loads that seal, and questions: stopped by the progress function at each of its calls, and held to each
-- of many sizes of memory. They fail with the right code or are done; the records are as before or after, and the store goes on.
-- MEKONG_SEEDS=n tries every call and finer steps.
local core = require "mekong.core"
local mekong = require "mekong"
local place = require "spec.support.store_place"

local thorough = os.getenv "MEKONG_SEEDS" ~= nil
local n_cases = thorough and 120 or 64

local function fill(store)
  local cases, lines = {}, {}
  for i = 1, n_cases do
    cases[i] = { case = ("V%03d"):format(i), phase = 1 + i % 7, agency = "Đội " .. i % 13, suspects = i % 11,
      note = ("ghi chú %d "):format(i):rep(400) }
    for k = 1, i % 4 do
      lines[#lines + 1] = { case = cases[i].case, line = k, category = k % 2 == 1 and "drug" or "tobacco", quantity = i .. ".5", unit = "kg" }
    end
  end
  assert(store:insert("cases", cases))
  assert(store:insert("lines", lines))
end

local function seal(store) return core.store.seal(store, 8) end

local function change(store)
  assert(store:update("cases", "V012", { note = "mới" }))
  assert(store:delete("lines", { case = "V007" }))
  assert(store:insert("cases", { case = "V0121", phase = 3 }))
end

local function file()
  local list = { "case,phase,agency,category,quantity,unit" }
  for i = 1, n_cases do list[#list + 1] = ("W%d,%d,Đội %d,drug,%d.5,kg"):format(i, 1 + i % 7, i % 13, i) end
  return table.concat(list, "\n") .. "\n"
end

local function ask(store) return tostring(store.cases:by("phase", "key(agency)"):agg("n = count()", "kg = sum(quantity in kg)", "p50(suspects)")) end

-- What is done to a store of plain or sealed rows: begin makes it ready without any limit, run is what is limited.
local works = {
  seal = { begin = function() end, run = seal },
  compaction = { begin = function(s) assert(seal(s)) change(s) end, run = seal },
  unseal = { begin = function(s) assert(seal(s)) end, run = function(s) return s:unseal() end },
  changes = { begin = function(s) assert(seal(s)) end, run = function(s) return s:update("cases", "V030", { note = "x", case = "V0305" }) end },
  load = { begin = function(s) assert(seal(s)) end, run = function(s)
    core.store.seal(s, 8)
    return s:load("cases", { text = file() })
  end },
  question = { begin = function(s) assert(seal(s)) end, run = function(s)
    local ok, said = pcall(ask, s)
    return ok and said or nil, said
  end },
}

describe("work on sealed rows", function()
  local folder, path
  before_each(function()
    folder = place.folder()
    path = folder .. "/a.db"
  end)
  after_each(function() place.remove(folder) end)

  -- The bytes of a store before some work, and what its records are before and after.
  local function made(work)
    local store = assert(mekong.open(path))
    fill(store)
    work.begin(store)
    local states = { [store:digest()] = ask(store) }
    store:close()
    local bytes = place.read(path)
    store = assert(mekong.open(path))
    assert(work.run(store))
    states[store:digest()] = ask(store)
    store:close()
    return bytes, states
  end

  local function restore(bytes)
    for _, tail in ipairs { "-wal", "-shm" } do os.remove(path .. tail) end
    place.write(path, bytes)
  end

  local function sound(states, what)
    local store <close> = assert(mekong.open(path))
    local expected = states[store:digest()]
    assert(expected, what .. ": the records are neither as before nor as after")
    assert.equal(expected, ask(store))
    assert.is_true(store:check())
    assert(seal(store))
    assert.equal(expected, ask(store))
  end

  for _, name in ipairs { "seal", "compaction", "unseal", "changes", "load", "question" } do
    local work = works[name]
    it("can be cancelled at any time: " .. name, function()
      local bytes, states = made(work)
      local stopped, at, calls = 0, 0
      repeat
        at = at + (thorough and 1 or 1 + at // 2)
        restore(bytes)
        calls = 0
        local armed = false
        local store = assert(mekong.open(path, { progress = function()
          if not armed then return true end
          calls = calls + 1
          return calls ~= at
        end }))
        armed = true
        local ok, message = work.run(store)
        armed = false
        if not ok then
          stopped = stopped + 1
          assert.truthy(tostring(message):find("[cancelled]", 1, true), message)
        end
        assert(states[store:digest()], "the records are neither as before nor as after")
        store:close()
        sound(states, name .. " stopped at call " .. at)
      until calls < at
      assert(stopped > 0, "it was never stopped")
    end)

    it("keeps within the bytes a store may hold: " .. name, function()
      local bytes, states = made(work)
      local failed, done = 0, 0
      local kib = thorough and 64 - 24 or 32
      while kib < 2600 do
        kib = thorough and kib + 24 or kib * 2
        restore(bytes)
        local store, message = mekong.open(path, { max_bytes = kib * 1024 })
        local ok
        if store then
          local fine
          fine, ok, message = pcall(work.run, store)
          if not fine then ok, message = nil, ok end
          store:close()
        end
        if ok then
          done = done + 1
        else
          failed = failed + 1
          assert.truthy(tostring(message):find "%[memory%]" or tostring(message):find "%[limit%]", message)
        end
        sound(states, ("%s within %d KiB"):format(name, kib))
      end
      assert(failed > 0 and done > 0, ("%d failed, %d done"):format(failed, done))
    end)
  end
end)
