-- Loading: a file, a text or rows into a table, in one transaction, with a report; and the public ledger that comes with the module.
local mekong = require "mekong"
local core = require "mekong.core"
local expect = require "spec.support.expect"
local place = require "spec.support.store_place"

describe("loading", function()
  local store, folder
  before_each(function() store, folder = assert(mekong.open ":memory:"), place.folder() end)
  after_each(function()
    store:close()
    place.remove(folder)
  end)

  it("reads a file with Vietnamese headers and reports", function()
    local path = place.write(folder .. "/vu-viec.csv", "mã vụ,giai đoạn,ngày,số đối tượng,phối hợp\nA,V,21/11/2023,3,1\nB,7,,,\n")
    local report = assert(store:load("cases", path))
    assert.same({ 2, 2, 0 }, { report.read, report.accepted, report.rejected })
    assert.equal(0, #report.rejects)
    assert.equal(path .. " vào cases: đọc 2 dòng, nhận 2, loại 0", tostring(report))
    assert.equal("A\tOMD5\t2023-11-21\t3\ttrue\nB\tOMD7\t\t\t",
      expect.rows(store:sql 'select "case", phase, date, suspects, joint from cases order by "case"'))
  end)

  it("reads tab-separated files by their name, texts and iterators", function()
    assert(store:load("cases", place.write(folder .. "/a.TSV", "case\tnote\nA\tx, y\n")))
    local report = assert(store:load("Vụ", { text = "case\nB\n", name = "bảng dán" }))
    expect.holds(tostring(report), "bảng dán", "cases")
    local i = 0
    report = assert(store:load("cases", function()
      i = i + 1
      return i <= 3 and { case = "R" .. i, suspects = i } or nil
    end))
    assert.equal(3, report.accepted)
    assert.equal(5, #store:sql "select 1 from cases")
  end)

  it("lists what it refuses with row, column, text and reason, and loads the rest", function()
    store:insert("cases", { case = "old" })
    local path = place.write(folder .. "/bad.csv", "case,suspects\nA,1\nB,nhiều\nC,2\n")
    local report = assert(store:load("cases", path))
    assert.same({ 3, 2, 1 }, { report.read, report.accepted, report.rejected })
    local reject = report.rejects[1]
    assert.same({ 3, "suspects", "nhiều", "type" }, { reject.row, reject.column, reject.text, reject.code })
    expect.holds(reject.reason, "không phải là số")
    assert.equal("A 1, C 2, old ", table.concat(store:sql [[select "case" || ' ' || ifnull(suspects, '') as t from cases order by 1]]:col "t", ", "))
    report = assert(store:load("cases", { text = "case\nnew\nold\n" }))
    assert.equal(1, report.accepted)
    reject = report.rejects[1]
    assert.same({ 3, "case", "old", "duplicate" }, { reject.row, reject.column, reject.text, reject.code })
  end)

  it("with strict undoes everything when one cell is wrong, and names file, line and column", function()
    store:insert("cases", { case = "old" })
    local path = place.write(folder .. "/bad.csv", "case,suspects\nA,1\nB,nhiều\n")
    local message, info = expect.fails("type", function() return store:load("cases", path, { strict = true }) end)
    expect.holds(message, path, "line 3, column 3", "'nhiều'", "cases.suspects", "1 of 2 rows")
    assert.equal(3, info.line)
    assert.equal(1, #info.report.rejects)
    assert.equal(1, #store:sql "select 1 from cases")
    expect.fails("duplicate", function() return store:load("cases", { text = "case\nnew\nold\n" }, { strict = true }) end)
    assert.equal(1, #store:sql "select 1 from cases")
  end)

  it("fails inside a transaction without ending it", function()
    store:transaction(function()
      store:insert("cases", { case = "A" })
      expect.fails("duplicate", function() return store:load("cases", { text = "case\nB\nA\n" }, { strict = true }) end)
      assert(store:load("cases", { text = "case\nC\n" }))
    end)
    assert.equal(2, #store:sql "select 1 from cases")
  end)

  it("refuses sources that are none", function()
    expect.fails("missing", function() return store:load("cases", folder .. "/none.csv") end)
    expect.fails("io", function() return store:load("cases", folder) end)
    assert(os.execute("mkfifo " .. folder .. "/pipe.csv"))
    expect.fails("io", function() return store:load("cases", folder .. "/pipe.csv") end)
    expect.raises("type", function() store:load("cases", 5) end)
    expect.raises("type", function() store:load("cases", {}) end)
    expect.raises("name", function() store:load("cases", { txt = "" }) end)
    expect.raises("name", function() store:load("cases", { text = "" }, { nme = "x" }) end)
    expect.raises("name", function() store:load("case", { text = "" }) end)
  end)

  it("is cancelled by progress, of which nothing is kept", function()
    local stop = false
    local slow <close> = assert(mekong.open(":memory:", { progress = function() return not stop end }))
    local lines = { "case" }
    for i = 1, 5000 do lines[i + 1] = "C" .. i end
    stop = true
    expect.fails("cancelled", function() return slow:load("cases", { text = table.concat(lines, "\n") }) end)
    stop = false
    assert.equal(0, #slow:sql "select 1 from cases")
  end)

  it("is cancelled while a long file is read, before anything is written", function()
    local asked
    local slow = assert(mekong.open(":memory:", { progress = function()
      asked = asked and asked + 1
      return asked ~= 3
    end }))
    local lines = { "case,note" }
    for i = 1, 12000 do lines[i + 1] = "C" .. i .. "," .. ("x"):rep(100) end
    asked = 0
    local message = expect.fails("cancelled", function() return slow:load("cases", { text = table.concat(lines, "\n") }) end)
    expect.holds(message, "reading")
    assert.equal(3, asked)
    slow:close()
  end)
end)

describe("the public ledger", function()
  it("is sound, and the same each time", function()
    local a <close> = assert(mekong.omd())
    local b <close> = assert(mekong.omd())
    assert.is_true(a:check())
    assert.equal(a:digest(), b:digest())
    assert.equal(0, a:ledger().kept)
    assert.is_nil(assert(mekong.open ":memory:"):ledger())
    assert(#a:sql "select 1 from claims" > 100)
    assert.equal(0, #a:sql "select 1 from claims where ledger is null")
  end)

  it("is loaded once, and left alone after that", function()
    local folder = place.folder()
    local path = folder .. "/omd.db"
    assert(mekong.omd(path)):close()
    do
      local store <close> = assert(mekong.omd(path))
      assert.equal(1, store:ledger().generation)
      assert.equal(0, #store:sql "select 1 from history")
      local read <close> = assert(mekong.omd(path, { readonly = true }))
      assert.equal(store:digest(), read:digest())
    end
    assert(mekong.open(folder .. "/plain.db")):close()
    expect.fails("readonly", function() return mekong.omd(folder .. "/plain.db", { readonly = true }) end)
    place.remove(folder)
  end)

  it("is refreshed where it is older, and what the user holds stays the user's", function()
    local folder = place.folder()
    local path = folder .. "/omd.db"
    local digest, source
    do
      local store <close> = assert(mekong.omd(path))
      digest = store:digest()
      source = store:sql("select source from sources order by source limit 1")[1].source
      assert(store:update("sources", source, { title = "của tôi" }))
      assert(store:insert("sources", { source = "rieng", title = "riêng" }))
      -- An older ledger: other figures, a row that is no longer there, one that was not there yet.
      assert(core.store.load(store, "phases", "phase,variant,days\nOMD5,old,5\n", "old", ",", 1))
      assert(core.store.load(store, "statements", "statement,date\ngone,2020\n", "old", ",", 1))
      assert(core.store.meta(store, "ledger_version", "0"))
    end
    do
      local store <close> = assert(mekong.omd(path))
      local ledger = store:ledger()
      assert.equal(2, ledger.generation)
      assert.equal(1, ledger.kept)
      assert.equal("của tôi", store:sql("select title from sources where source = ?", source)[1].title)
      assert.equal("riêng", store:sql("select title from sources where source = 'rieng'")[1].title)
      assert.equal(0, #store:sql "select 1 from phases where variant = 'old'")
      assert.equal(0, #store:sql "select 1 from statements where statement = 'gone'")
      assert.same({ 2 }, store:sql("select distinct ledger from claims"):col "ledger")
      assert.equal("delete", store:history("statements", "gone")[1].op)
      assert.is_true(store:check())
      assert(store:delete("sources", "source = 'rieng'"))
      assert(store:delete("sources", { source = source }))
      assert(core.store.meta(store, "ledger_version", "0"))
    end
    local store <close> = assert(mekong.omd(path))
    assert.equal(digest, store:digest())
    store:close()
    place.remove(folder)
  end)

  it("of a newer module is left alone", function()
    local folder = place.folder()
    local path = folder .. "/omd.db"
    do
      local store <close> = assert(mekong.omd(path))
      assert(core.store.meta(store, "ledger_version", "999"))
      assert(store:delete("alerts", "count = 5"))
    end
    local store <close> = assert(mekong.omd(path))
    assert.equal(999, store:ledger().version)
    assert.equal(0, #store:sql "select 1 from alerts where count = 5")
    store:close()
    place.remove(folder)
  end)
end)

describe("a source that is no strict CSV", function()
  local store, folder
  before_each(function() store, folder = assert(mekong.open ":memory:"), place.folder() end)
  after_each(function()
    store:close()
    place.remove(folder)
  end)

  it("with another separator is read", function()
    local path = place.write(folder .. "/tab.csv", "case\tphase\nA\t7\n")
    assert.equal(1, assert(store:load("cases", path)).accepted)
    assert.equal(1, assert(store:load("cases", { text = "case;phase\nB;7\n" })).accepted)
    assert.equal(1, assert(store:load("cases", { text = "case,phase\nC;x,7\n" }, { separator = "," })).accepted)
    assert.equal("A B C;x", table.concat(store:sql('select "case" from cases order by 1'):col "case", " "))
  end)

  it("gives rows, or ends at the first thing that is none", function()
    local message = expect.raises("type", function() store:load("cases", function() return 5 end) end)
    expect.holds(message, "row 1", "number")
    assert.equal(0, #store:sql "select * from cases")
  end)
end)
