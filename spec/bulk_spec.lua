-- Many rows inserted at once: what the triggers of the file do for single rows is done for them too, and is done again for
-- the single rows after them.
local mekong = require "mekong"
local core = require "mekong.core"
local expect = require "spec.support.expect"
local place = require "spec.support.store_place"

local function counter(store, tab) return store:sql("select n from counters where tab = ?", tab)[1].n end

local function many(first, last)
  local rows = {}
  for i = first, last do rows[#rows + 1] = { case = ("V%05d"):format(i), suspects = i } end
  return rows
end

describe("many rows at once", function()
  local folder, path
  before_each(function() folder = place.folder() path = folder .. "/a.db" end)
  after_each(function() place.remove(folder) end)

  it("count like single ones", function()
    local store <close> = assert(mekong.open(path))
    for _, n in ipairs { 1, 23, 24, 25, 400 } do
      local before = counter(store, "cases")
      assert(store:insert("cases", many(before + 1, before + n)))
      assert.equal(before + n, counter(store, "cases"))
    end
    local n = counter(store, "cases")
    assert(store:insert("cases", { case = "Z" }))
    assert.equal(n + 1, counter(store, "cases"))
    assert(store:update("cases", "V00001", { suspects = 7 }))
    assert.equal(n + 2, counter(store, "cases"))
    assert.equal("update", store:sql("select op from history")[1].op)
    assert.equal(0, counter(store, "lines"))
  end)

  it("that are refused leave nothing, and triggers run again", function()
    local store <close> = assert(mekong.open(path))
    assert(store:insert("cases", many(1, 30)))
    local rows = many(31, 90)
    rows[50].case = "V00007"
    expect.fails("duplicate", function() return store:insert("cases", rows) end)
    assert.equal(30, counter(store, "cases"))
    rows = {}
    for i = 1, 60 do rows[i] = { case = i < 60 and "V00003" or "none", line = i } end
    expect.fails("missing", function() return store:insert("lines", rows) end)
    assert.equal(0, #store:sql "select 1 from lines")
    assert(store:insert("cases", { case = "Z" }))
    assert.equal(31, counter(store, "cases"))
    assert(store:delete("cases", { case = "Z" }))
    assert.equal(1, #store:sql "select 1 from history")
  end)

  it("remove the columns kept of the rows they stand among, and no others", function()
    local store <close> = assert(mekong.open(path))
    assert(store:insert("cases", many(1, 3)))
    for _, tab in ipairs { "cases", "persons" } do
      for i = 1, 3 do
        if not place.sqlite(path, ("insert into blocks (tab, low, high, rows, state) values ('%s', %s, 'V%d0000', 1, 0)"):format(
          tab, i > 1 and ("'V%d0000'"):format(i - 1) or "null", i)) then return end
      end
    end
    local function left()
      return table.concat(store:sql("select tab || substr(high, 2, 1) as b from blocks order by 1"):col "b", " ")
    end
    assert(store:insert("cases", many(10001, 10050)))
    assert.equal("cases1 cases3 persons1 persons2 persons3", left())
    assert(store:insert("cases", many(40001, 40050)))
    assert.equal("cases1 cases3 persons1 persons2 persons3", left())
    local lines, people = {}, {}
    for i = 1, 40 do lines[i], people[i] = { case = "V40001", line = i }, { case = "V00002", line = i } end
    lines[40].case = "V00001"
    assert(store:insert("lines", lines))
    assert.equal("cases3 persons1 persons2 persons3", left())
    assert(store:insert("persons", people))
    assert.equal("cases3 persons2 persons3", left())
  end)

  it("leave triggers and links to the writers after them, also of a store whose rows are sealed", function()
    local store <close> = assert(mekong.open(path))
    assert(store:insert("cases", many(1, 40)))
    for round = 1, 2 do
      local base, history = counter(store, "cases"), #store:sql "select 1 from history"
      local deep = round * 1000
      assert(store:transaction(function()
        assert(store:insert("cases", many(deep + 1, deep + 30)))
        local lines = {}
        for i = 1, 30 do lines[i] = { case = ("V%05d"):format(deep + i), line = 1 } end
        assert(store:insert("lines", lines))
        assert(store:insert("cases", { case = "Z" }))
        assert(store:update("cases", ("V%05d"):format(deep + 1), { suspects = 9 }))
        assert(store:delete("cases", { case = "Z" }))
        expect.fails("missing", function() return store:delete("cases", { case = ("V%05d"):format(deep + 1) }) end)
        expect.fails("missing", function() return store:insert("lines", { case = "none", line = 1 }) end)
      end))
      assert.equal(base + 33, counter(store, "cases"))
      assert.equal(history + 2, #store:sql "select 1 from history")
      assert(core.store.seal(store))
      expect.fails("missing", function() return store:insert("lines", { case = "none", line = 1 }) end)
      assert(store:update("cases", "V00001", { suspects = 100 + round }))
      assert.equal(history + 3, #store:sql "select 1 from history")
    end
    assert(store:unseal())
    expect.fails("missing", function() return store:insert("lines", { case = "none", line = 1 }) end)
    expect.fails("missing", function() return store:delete("cases", { case = "V01002" }) end)
    assert(store:check())
  end)

  it("name the first that is refused, whatever refuses it", function()
    local store <close> = assert(mekong.open(path))
    local function refused(rows, key)
      local before = #store:sql "select 1 from cases"
      assert.matches("'" .. key .. "'", expect.fails("duplicate", function() return store:insert("cases", rows) end))
      assert.equal(before, #store:sql "select 1 from cases")
    end
    assert(store:insert("cases", many(1, 60)))
    assert(core.store.seal(store))
    assert(store:insert("cases", many(101, 160)))
    for _, at in ipairs { 1, 2, 25, 26, 50, 51, 77 } do
      local rows = many(1001, 1080)
      rows[at].case = "V00110"
      refused(rows, "V00110")
      rows[at + 1].case, rows[at + 2].case = "V00030", "V00120"
      refused(rows, "V00110")
      rows[at].case = "V00031"
      refused(rows, "V00031")
      rows[at].case = rows[80].case
      if at < 77 then rows[at + 1].case, rows[at + 2].case = "A", "B" refused(rows, rows[80].case) end
    end
    assert(store:insert("cases", many(1001, 1080)))
  end)

  it("keep the cells they have, in whatever columns the rows before them had some", function()
    local store <close> = assert(mekong.open(path))
    local names = { "case", "note", "suspects", "joint", "phase" }
    local defined = {}
    for i = 1, 40 do
      names[#names + 1] = "own" .. i
      defined[i] = ("own%d: text"):format(i)
    end
    local values = { note = "n", suspects = 7, joint = true, phase = "OMD5" }
    local n = 0
    for round = 1, 6 do
      if round == 4 then assert(store:define("cases", defined)) end
      local rows, last = {}, round < 4 and 5 or #names
      for i = 1, 70 do
        n = n + 1
        rows[i] = { case = ("V%05d"):format(n) }
        for k = 2, last do
          if (n * k + round) % 3 == 0 and (round ~= 2 or k == 2) then rows[i][names[k]] = values[names[k]] or names[k] end
        end
      end
      assert(store:insert("cases", rows))
      local t = store:sql(("select * from cases where \"case\" > 'V%05d' order by 1"):format(n - 70))
      assert.equal(70, #t)
      for i = 1, 70 do
        for k = 1, last do assert.equal(rows[i][names[k]], t[i][names[k]]) end
      end
    end
  end)

  it("are told apart by their names, in whatever order these stand", function()
    local store <close> = assert(mekong.open(path))
    local rows = {}
    for i = 1, 60 do
      rows[i] = i % 3 == 0 and { note = "n" .. i, ["mã vụ"] = "K" .. i, suspects = i }
        or i % 3 == 1 and { suspects = i, case = "K" .. i, joint = true } or { case = "K" .. i, ["đối tượng"] = tostring(i) }
    end
    assert(store:insert("cases", rows))
    local t = store:sql "select \"case\" as k, suspects, note, joint from cases order by suspects"
    assert.equal(60, #t)
    for i = 1, 60 do
      assert.equal("K" .. i, t[i].k)
      assert.equal(i, t[i].suspects)
      assert.equal(i % 3 == 0 and "n" .. i or nil, t[i].note)
      assert.equal(i % 3 == 1 or nil, t[i].joint)
    end
    rows = many(1, 30)
    rows[20] = { case = "V", suspects = "many", phase = 0.5, zzz = 1 }
    assert.matches("row 20: .*zzz", expect.raises("name", function() store:insert("cases", rows) end))
    rows[20].zzz = nil
    assert.matches("row 20: cases.phase", expect.raises("type", function() store:insert("cases", rows) end))
    rows[20].phase, rows[20].suspects, rows[20]["đối tượng"] = nil, 1, 2
    assert.matches("row 20: .*suspects.*twice", expect.raises("duplicate", function() store:insert("cases", rows) end))
    assert.equal(60, #store:sql "select 1 from cases")
  end)

  it("run the triggers of others in a file that is trusted", function()
    assert(mekong.open(path)):close()
    if not place.sqlite(path, "create table seen (n int); create trigger t after insert on cases begin insert into seen values (1); end") then
      return
    end
    local store <close> = assert(mekong.open(path, { trust = true }))
    assert(store:insert("cases", many(1, 100)))
    assert.equal(100, counter(store, "cases"))
    assert.equal("100", place.sqlite(path, "select count(*) from seen"):match "%d+")
  end)
end)
