-- History: every change of a row keeps who, when and what it replaced.
local mekong = require "mekong"
local expect = require "spec.support.expect"

describe("history", function()
  it("keeps each replaced and deleted row with its author", function()
    local store <close> = assert(mekong.open(":memory:", { user = "Lê Hà" }))
    store:insert("cases", { case = "A", suspects = 3, joint = true })
    assert.equal(0, #store:history("cases", "A"))
    store:update("cases", "A", { suspects = 4 })
    store:update("cases", "A", { suspects = "", note = 'ghi "chú"\tmột\nhai' })
    store:delete("cases", { case = "A" })
    local t = store:history("vụ", " A ")
    assert.same({ "update", "update", "delete" }, t:col "op")
    assert.same({ "Lê Hà", "Lê Hà", "Lê Hà" }, t:col "who")
    assert.same({ 1, 2, 3 }, t:col "rev")
    for i = 1, 3 do assert(t[i].at:find "^%d%d%d%d%-%d%d%-%d%dT%d%d:%d%d:%d%dZ$") end
    expect.holds(t[1].before, '"case":"A"', '"suspects":3', '"joint":1', '"note":null')
    expect.holds(t[2].before, '"suspects":4')
    expect.holds(t[3].before, '"suspects":null', [["note":"ghi \"chú\"\tmột\nhai"]])
    assert.equal(1, store:sql("select json_valid(before) as ok from history where rev = 3")[1].ok)
  end)

  it("is found by names where the key has their codes", function()
    local store <close> = assert(mekong.open(":memory:", { user = "a" }))
    local key = { phase = 7, country = "Lào", level = "level_2", force = "customs" }
    store:insert("focal_points", { phase = 7, country = "Lào", level = "level_2", force = "customs", count = 3 })
    assert(store:update("focal_points", key, { count = 4 }))
    assert.equal(1, #store:history("focal_points", key))
    assert.equal(1, #store:history("focal_points", { 7, "LA", "level_2", "customs" }))
    assert.equal(0, #store:history("focal_points", { 7, "Thái Lan", "level_2", "customs" }))
  end)

  it("is undone with its transaction", function()
    local store <close> = assert(mekong.open(":memory:", { user = "a" }))
    store:insert("cases", { case = "A" })
    pcall(store.transaction, store, function()
      store:update("cases", "A", { note = "x" })
      assert.equal(1, #store:history("cases", "A"))
      error "no"
    end)
    assert.equal(0, #store:history("cases", "A"))
  end)

  it("knows keys of several columns, and text that needs care", function()
    local store <close> = assert(mekong.open ":memory:")
    store:insert("cases", { case = 'a"\\b' })
    store:insert("lines", { case = 'a"\\b', line = 1 })
    store:update("lines", { 'a"\\b', 1 }, { item = "heroin" })
    store:update("cases", 'a"\\b', { note = "x" })
    assert.equal(1, #store:history("lines", { 'a"\\b', 1 }))
    assert.equal(1, #store:history("lines", { line = 1, case = 'a"\\b' }))
    assert.equal(1, #store:history("cases", 'a"\\b'))
    assert.equal(0, #store:history("lines", { 'a"\\b', 2 }))
    assert.is_nil(store:history("cases", 'a"\\b')[1].who)
    expect.raises("type", function() store:history("lines", "a") end)
    expect.raises("type", function() store:history("lines", {}) end)
    expect.raises("name", function() store:history("line", "a") end)
  end)

  it("holds every cell, in the order of the columns, however many the user defined", function()
    local store <close> = assert(mekong.open ":memory:")
    for count = 1, 20 do
      local name = "own" .. count
      assert(store:define("lines", { name .. ": text" }))
      assert(store:insert("cases", { case = "A" .. count }))
      assert(store:insert("lines", { case = "A" .. count, line = count, item = "heroin", suspected = true, [name] = name .. "\\" }))
      assert(store:delete("lines", { case = "A" .. count }))
      local own = {}
      for k = 1, count do own[k] = (',"own%d":%s'):format(k, k == count and ('"own%d\\\\"'):format(k) or "null") end
      assert.same({ ([[{"case":"A%d","line":%d,"category":null,"item":"heroin","commodity":null,"form":null,"quantity":null,"unit":null,]]
        .. [["value_vnd":null,"suspected":1,"included_in":null,"equivalent_of":null%s,"ledger":null}]]):format(count, count, table.concat(own)) },
        store:history("lines", { "A" .. count, count }):col "before")
    end
  end)

  it("makes a row of the ledger the user's when the user changes it", function()
    local store <close> = assert(mekong.omd())
    local id = store:sql("select source from sources order by source limit 1")[1].source
    assert(store:update("sources", id, { note = "đã đọc lại" }))
    assert.is_nil(store:sql("select ledger from sources where source = ?", id)[1].ledger)
    expect.holds(store:history("sources", id)[1].before, '"ledger":1')
  end)
end)

describe("the difference of two stores", function()
  local function some()
    local store = assert(mekong.open(":memory:", { user = "Lan" }))
    store:insert("cases", { { case = "A", suspects = 1 }, { case = "B", joint = false }, { case = "D" } })
    store:insert("lines", { case = "A", line = 1, category = "drug", quantity = "2.5", unit = "kg" })
    return store
  end
  local function rows(t)
    local list = {}
    for i, row in ipairs { t:col "table", t:col "key", t:col "change", t:col "column", t:col "before", t:col "after", t:col "who" } do
      for k = 1, #t do
        list[k] = (list[k] or "") .. (i > 1 and " " or "") .. tostring(row[k])
      end
    end
    return list
  end

  it("is rows that were added or removed and cells that changed, with who changed them", function()
    local old <close> = some()
    local new <close> = some()
    new:define("cases", { "officer: text" })
    new:update("cases", "A", { suspects = 2, officer = "Nam" })
    new:update("cases", "B", { joint = true })
    new:update("lines", { "A", 1 }, { quantity = "3" })
    new:insert("cases", { case = "C" })
    new:delete("cases", "case = 'D'")
    local said = { "cases A changed suspects 1 2 Lan", "cases A changed officer nil Nam Lan", "cases B changed joint false true Lan",
      "cases C added nil nil nil nil", "cases D removed nil nil nil Lan", "lines A, 1 changed quantity 2.5 3 Lan" }
    assert.same(said, rows(new:diff(old)))
    assert.equal(6, #old:diff(new))
    assert.equal("cases C removed nil nil nil nil", rows(old:diff(new))[5])
    expect.holds(tostring(new:diff(old)), "Bảng", "sửa", "thêm", "bỏ")
  end)

  it("is nothing for a store and itself, its backup, or two of the same ledger", function()
    local a <close> = some()
    local b <close> = some()
    local ledger <close> = mekong.omd()
    local other <close> = mekong.omd()
    assert.equal(0, #a:diff(a))
    assert.equal(0, #a:diff(b))
    assert.equal(0, #ledger:diff(other))
    assert.equal(4, #a:diff(ledger):where "change = 'added'")
  end)

  it("takes another open store", function()
    local a, b = some(), some()
    expect.raises("type", function() a:diff "x" end)
    expect.raises("type", function() a:diff() end)
    b:close()
    expect.raises("closed", function() a:diff(b) end)
    a:close()
  end)
end)
