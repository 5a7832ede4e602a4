-- The store: one file, typed rows, all or nothing; what cannot be kept is refused with the reason and the way out.
local mekong = require "mekong"
local expect = require "spec.support.expect"
local place = require "spec.support.store_place"

local function ids(store) return table.concat(store:sql('select "case" from cases order by "case"'):col "case", " ") end

describe("rows", function()
  local store
  before_each(function() store = assert(mekong.open ":memory:") end)
  after_each(function() store:close() end)

  local function cell(column, tab) return store:sql(('select "%s" as v from %s'):format(column, tab or "cases"))[1].v end

  it("ask back when a weight can be a thousand times another", function()
    store:insert("cases", { case = "A" })
    local ok, message = pcall(store.insert, store, "lines", { case = "A", line = 1, quantity = "2.300", unit = "kg" })
    assert.is_false(ok)
    assert.equal("ambiguous", mekong.errinfo(message).code)
    assert(message:find("write 2300 for the first, 2.3000 for the second", 1, true), message)
    for line, written in ipairs { "2.3000", "0.300", "2300", "1234.500", "2.30", 2300 } do
      assert.equal(1, store:insert("lines", { case = "A", line = line, quantity = written, unit = "kg" }))
    end
    assert.same({ "2.3", "0.3", "2300", "1234.5", "2.3", "2300" }, store:sql("select quantity from lines order by line"):col "quantity")
    assert.is_true(store:check())
  end)

  it("are kept in canonical form", function()
    assert.equal(1, store:insert("cases", {
      case = "  HQ-01 ", phase = "giai đoạn V", date = "14/8/2025", date_to = "2025-08", suspects = 5.0, joint = 1,
      agency = "Ha\u{309}i quan", province = "\u{a0}Lào Cai\t",
    }))
    local row = store:sql("select * from cases")[1]
    assert.equal("HQ-01", row.case)
    assert.equal("OMD5", row.phase)
    assert.equal("2025-08-14", row.date)
    assert.equal("2025-08", row.date_to)
    assert.equal("integer", math.type(row.suspects))
    assert.equal(5, row.suspects)
    assert.is_true(row.joint)
    assert.equal("H\u{1ea3}i quan", row.agency)
    assert.equal("Lào Cai", row.province)
    assert.is_nil(row.note)
    store:insert("lines", { case = "HQ-01", line = 1, quantity = "04951.90", unit = "ký" })
    assert.equal("4951.9", cell("quantity", "lines"))
    assert.equal("kg", cell("unit", "lines"))
  end)

  it("take Vietnamese column and table names, in any case and Unicode form", function()
    store:insert("Vụ việc", { ["Mã vụ"] = "A", ["GIAI ĐOẠN"] = 7, ["ti\u{309}nh"] = "Sơn La" })
    assert.equal("Sơn La", cell "province")
  end)

  it("know missing from zero and from false", function()
    store:insert("cases", { { case = "A" }, { case = "B", suspects = 0, joint = false, note = " " } })
    assert.equal(1, #store:sql "select 1 from cases where suspects is null and joint is null and \"case\" = 'A'")
    assert.equal(1, #store:sql "select 1 from cases where suspects = 0 and joint = 0 and note is null")
  end)

  it("refuse what is not of the column's type, naming it and the way out", function()
    local function refused(code, row, tab, ...)
      local message = expect.raises(code, function() store:insert(tab or "cases", row) end)
      expect.holds(message, ...)
    end
    refused("type", { case = "A", suspects = 1.5 }, nil, "cases.suspects", "1.5", "whole number")
    refused("type", { case = "A", suspects = "1.715" }, nil, "cases.suspects", "'1.715'", "1715")
    refused("type", { case = "A", suspects = 0 / 0 }, nil, "cases.suspects")
    refused("type", { case = "A", suspects = 2 ^ 63 }, nil, "cases.suspects")
    refused("type", { case = "A", joint = "có" }, nil, "cases.joint", "'có'", "true or false")
    refused("type", { case = "A", joint = 2 }, nil, "cases.joint", "2")
    refused("range", { case = "A", date = "31/2/2025" }, nil, "cases.date", "'31/2/2025'", "14/8/2025")
    refused("name", { case = "A", phase = 9 }, nil, "cases.phase", "9")
    refused("type", { case = "A", phase = true }, nil, "cases.phase", "true")
    refused("type", { case = "A", note = {} }, nil, "cases.note", "table")
    refused("type", { case = "A", line = 1, quantity = 2.5 }, "lines", "lines.quantity", "'2.5'")
    refused("type", { case = "A", line = 1, quantity = "4.951,9" }, "lines", "lines.quantity", "'4.951,9'", "'4951.9'")
    refused("range", { case = "A", suspects = -1 }, nil, "cases.suspects", "-1", "below zero")
    refused("range", { case = "A", line = 1, quantity = "-0.5" }, "lines", "lines.quantity", "below zero")
    refused("range", { case = "A", date = "2025-08-14", date_to = "13/8/2025" }, nil, "cases.date_to", "2025-08-13", "2025-08-14")
    refused("range", { case = "A", date = "2025-08", date_to = "2024" }, nil, "date_to", "'2024'")
    refused("unit", { case = "A", line = 1, unit = "kgg" }, "lines", "lines.unit", "'kgg'", "kg")
    refused("type", { phase = 7 }, nil, "cases.case", "missing")
    refused("type", { case = " " }, nil, "cases.case", "missing")
    refused("name", { case = "A", phas = 7, zzz = 1 }, nil, "phas", "did you mean 'phase'")
    refused("duplicate", { case = "A", phase = 7, ["giai đoạn"] = 7 }, nil, "phase", "twice")
    refused("type", { case = "A", [5] = 1 }, nil, "number")
    refused("type", { { case = "A" }, 7 }, nil, "number")
    refused("type", { { case = "A" }, case = "B" }, nil, "list")
    refused("name", { case = "A" }, "casess", "casess", "cases")
    assert.equal(0, #store:sql "select 1 from cases")
  end)

  it("keep the first day before the last, whichever of the two is changed", function()
    store:insert("cases", { { case = "A", date = "2025-08-14", date_to = "2025-08" }, { case = "B", date = "2025" } })
    expect.raises("range", function() store:update("cases", "A", { date = "1/9/2025" }) end)
    expect.raises("range", function() store:update("cases", "A", { date_to = "2025-08-01" }) end)
    expect.raises("range", function() store:update("cases", "B", { date_to = "2024-12-31" }) end)
    assert.equal("2025-08-14\t2025-08", expect.rows(store:sql "select date, date_to from cases where \"case\" = 'A'"))
    assert.is_true(store:update("cases", "A", { date = "1/9/2025", date_to = "2/9/2025" }))
    assert.is_true(store:update("cases", "B", { date_to = "2025-01-01" }))
    assert.is_true(store:update("cases", "A", { date_to = "" }))
  end)

  it("of whole range: integers to the last bit, decimals of 38 digits", function()
    store:insert("cases", { case = "A" })
    store:insert("meetings", { { meeting = "a", ordinal = math.maxinteger }, { meeting = "b", ordinal = math.mininteger } })
    assert.same({ math.maxinteger, math.mininteger }, store:sql("select ordinal from meetings order by meeting"):col "ordinal")
    local digits = "12345678901234567890123456789012345.678"
    store:insert("lines", { case = "A", line = 1, quantity = digits })
    assert.equal(digits, cell("quantity", "lines"))
  end)

  it("name the row of a list that is wrong, and nothing of the list is kept", function()
    local message = expect.raises("range", function() store:insert("cases", { { case = "A" }, { case = "B", date = "0/0/2025" } }) end)
    expect.holds(message, "row 2")
    message = expect.fails("duplicate", function() return store:insert("cases", { { case = "A" }, { case = "B" }, { case = "A" } }) end)
    expect.holds(message, "'A'")
    assert.equal("", ids(store))
    assert.equal(0, store:insert("cases", {}))
  end)

  it("are values and never statements", function()
    local hostile = { "'; DROP TABLE cases; --", "\" OR 1=1", "a' UNION SELECT * FROM meta --", "?1 :x $x", "%s%n", "\\' \\\" \\", "‘’“”" }
    for i, text in ipairs(hostile) do
      assert(store:insert("cases", { case = text, note = text }))
      assert.equal(text, store:sql("select note from cases where \"case\" = ?", text)[1].note)
      assert(store:update("cases", text, { agency = text }))
      assert.equal(i, #store:sql "select 1 from cases")
    end
    for _, text in ipairs(hostile) do assert.equal(1, store:delete("cases", { note = text })) end
    assert.is_true(store:check())
    for _, text in ipairs(hostile) do
      expect.raises("name", function() store:insert(text, {}) end)
      expect.raises("name", function() store:insert("cases", { [text] = 1 }) end)
      expect.raises({ "syntax", "name", "type" }, function() store:define("cases", { text }) end)
    end
  end)

  it("refuse text that other tools would break: bad UTF-8 and control signs", function()
    for _, text in ipairs { "a\0b", "a\255", "\xc0\xaf", "\xed\xa0\x80", "\27[31m" } do
      local message = expect.raises("syntax", function() store:insert("cases", { case = "A", note = text }) end)
      expect.holds(message, "cases.note")
      assert(not message:find "[%z\27]", "the message repeats the control sign")
      expect.raises("syntax", function() store:insert("cases", { case = text }) end)
    end
    expect.raises({ "syntax", "name" }, function() store:insert("cases", { case = "A", ["a\0b"] = 1 }) end)
    expect.raises("syntax", function() store:sql "select 1\0" end)
    assert(store:insert("cases", { case = "A", note = "hai\ndòng\tnhé" }))
  end)

  it("of a case come after the case and go before it", function()
    local message = expect.fails("missing", function() return store:insert("lines", { case = "A", line = 1 }) end)
    expect.holds(message, "A/1", "case")
    store:insert("cases", { case = "A" })
    store:insert("lines", { case = "A", line = 1 })
    expect.fails("missing", function() return store:delete("cases", { case = "A" }) end)
    expect.fails("missing", function() return store:delete("cases", "case = 'A'") end)
    assert(store:update("cases", "A", { case = "B" }))
    assert.equal("B", cell("case", "lines"))
    assert.equal(1, store:delete("lines", "line = 1"))
    assert.equal(1, store:delete("cases", "case = $c", { c = "B" }))
  end)

  it("are updated by key: one value, a list, or columns; \"\" makes a cell missing", function()
    store:insert("cases", { case = "A", province = "Sơn La", suspects = 1 })
    store:insert("lines", { case = "A", line = 2, quantity = 1 })
    assert.is_true(store:update("cases", "A", { province = "", suspects = 2 }))
    assert.is_nil(cell "province")
    assert.equal(2, cell "suspects")
    assert.is_true(store:update("lines", { "A", 2 }, { quantity = "1.5" }))
    assert.is_true(store:update("lines", { line = 2, case = "A" }, { quantity = "2.5" }))
    assert.equal("2.5", cell("quantity", "lines"))
    expect.fails("missing", function() return store:update("cases", "Z", { suspects = 1 }) end)
    expect.raises("type", function() store:update("lines", "A", { quantity = 1 }) end)
    expect.raises("type", function() store:update("lines", { "A", 2, 3 }, { quantity = 1 }) end)
    expect.raises("name", function() store:update("lines", { case = "A", quantity = 2 }, { quantity = 1 }) end)
    expect.raises("type", function() store:update("cases", "A", {}) end)
    expect.raises("type", function() store:update("cases", "A", { case = "" }) end)
    store:insert("cases", { case = "B" })
    expect.fails("duplicate", function() return store:update("cases", "B", { case = "A" }) end)
  end)

  it("are deleted by an expression or by equal cells, never by nothing", function()
    store:insert("cases", { { case = "A", phase = 5 }, { case = "B", phase = 7 }, { case = "C" } })
    assert.equal(1, store:delete("cases", "phase = 'V'"))
    assert.equal(0, store:delete("cases", { phase = 5 }))
    expect.raises("type", function() store:delete("cases", {}) end)
    expect.raises("syntax", function() store:delete("cases", "phase =") end)
    expect.raises("name", function() store:delete("cases", "fase = 7") end)
    expect.raises("type", function() store:delete("cases") end)
    assert.equal("B C", ids(store))
    assert.equal(1, store:delete("cases", "phase is missing"))
    assert.equal("B", ids(store))
    store:insert("lines", { { case = "B", line = 1, quantity = "2.5", unit = "kg" }, { case = "B", line = 2, quantity = 400, unit = "g" } })
    assert.equal(1, store:delete("lines", "quantity in kg > $1", { mekong.figure("1 kg") })) -- parameters as everywhere
  end)
end)

describe("a transaction", function()
  local store
  before_each(function() store = assert(mekong.open ":memory:") end)
  after_each(function() store:close() end)
  local function put(id) return assert(store:insert("cases", { case = id })) end

  it("gives what its function gave, and true for nothing", function()
    assert.same({ 1, nil, "x", n = 3 }, table.pack(store:transaction(function(s)
      assert.equal(store, s)
      put "A"
      return 1, nil, "x"
    end)))
    assert.is_true(store:transaction(function() put "B" end))
    assert.equal("A B", ids(store))
  end)

  it("undoes everything on an error, which goes on unchanged", function()
    local thing = {}
    for _, value in ipairs { "text", thing, false } do
      local ok, got = pcall(store.transaction, store, function()
        put "A"
        error(value, 0)
      end)
      assert.is_false(ok)
      assert.equal(value, got)
    end
    assert.equal("", ids(store))
  end)

  it("keeps what was done when its function returns nil and a message", function()
    local result, message = store:transaction(function()
      put "A"
      return nil, "không"
    end)
    assert.is_nil(result)
    assert.equal("không", message)
    assert.equal("A", ids(store))
  end)

  it("inside another is a savepoint", function()
    store:transaction(function()
      put "A"
      pcall(store.transaction, store, function()
        put "B"
        assert.equal("A B", ids(store))
        store:transaction(function() put "C" end)
        error "no"
      end)
      assert.equal("A", ids(store))
      store:transaction(function() put "D" end)
    end)
    assert.equal("A D", ids(store))
  end)

  it("goes on after a call in it failed", function()
    store:transaction(function()
      put "A"
      expect.fails("duplicate", function() return store:insert("cases", { { case = "B" }, { case = "A" } }) end)
      put "C"
    end)
    assert.equal("A C", ids(store))
  end)

  it("keeps the store from being closed inside it", function()
    store:transaction(function()
      put "A"
      expect.raises("busy", function() store:close() end)
      expect.fails("busy", function() return store:backup "/tmp/never.db" end)
      expect.fails("busy", function() return store:define("cases", { "x: text" }) end)
    end)
    assert.equal("A", ids(store))
  end)

  it("of an abandoned coroutine is undone when that is closed", function()
    local co = coroutine.create(function()
      store:transaction(function()
        put "A"
        coroutine.yield()
      end)
    end)
    assert(coroutine.resume(co))
    expect.holds(expect.raises("busy", function() store:insert("cases", { case = "B" }) end), "coroutine")
    expect.raises("busy", function() store:sql "select 1" end)
    coroutine.close(co)
    assert.equal("", ids(store))
    put "B"
  end)

  it("of a coroutine that died of an error is undone before anything else is done", function()
    local co = coroutine.create(function()
      store:transaction(function()
        put "A"
        error "no"
      end)
    end)
    assert.is_false(coroutine.resume(co))
    put "B"
    assert.equal("B", ids(store))
    coroutine.close(co)
    co = nil -- luacheck: ignore
    collectgarbage()
    assert.equal("B", ids(store))
  end)

  it("goes on in coroutines that run inside it", function()
    store:transaction(function()
      for id in coroutine.wrap(function()
        for i = 1, 3 do coroutine.yield("C" .. put(tostring(i)) .. i) end
      end) do put(id) end
    end)
    assert.equal("1 2 3 C11 C12 C13", ids(store))
  end)

  it("does not end while another one inside it is open", function()
    local inner = coroutine.create(function() store:transaction(function() coroutine.yield() end) end)
    expect.raises("busy", function()
      store:transaction(function()
        put "A"
        assert(coroutine.resume(inner))
      end)
    end)
    coroutine.close(inner)
    assert.equal("", ids(store))
  end)

  it("takes a function", function()
    expect.raises("type", function() store:transaction() end)
    expect.raises("type", function() store:transaction {} end)
  end)
end)

describe("progress", function()
  local long = "with recursive n(i) as (select 1 union all select i + 1 from n where i < 20000) select count(*) as n from n"

  it("is told of the work, and stops it with false", function()
    local calls, stop = 0, nil
    local store <close> = assert(mekong.open(":memory:", { progress = function(done)
      assert.equal("integer", math.type(done))
      calls = calls + 1
      return calls ~= stop
    end }))
    assert.equal(20000, store:sql(long)[1].n)
    assert(calls > 10)
    stop = calls + 5
    local message = expect.raises("cancelled", function() store:sql(long) end)
    expect.holds(message, "progress")
    assert.equal(20000, store:sql(long)[1].n)
  end)

  it("can cancel a write, of which nothing is kept then", function()
    local stop = false
    local store <close> = assert(mekong.open(":memory:", { progress = function() return not stop end }))
    local rows = {}
    for i = 1, 3000 do rows[i] = { case = "C" .. i } end
    stop = true
    expect.fails("cancelled", function() return store:insert("cases", rows) end)
    stop = false
    assert.equal(0, #store:sql "select 1 from cases")
    assert.equal(3000, store:insert("cases", rows))
  end)

  it("raises its own errors through, whatever they are", function()
    local value
    local store <close> = assert(mekong.open(":memory:", { progress = function() if value then error(value, 0) end end }))
    for _, v in ipairs { "boom", {}, 7 } do
      value = v
      local ok, got = pcall(store.sql, store, long)
      value = nil
      assert.is_false(ok)
      assert.equal(v, got)
      assert.equal(1, store:sql("select 1 as n")[1].n)
    end
  end)

  it("cannot use or close the store it is told about", function()
    local store, tried
    local said = {}
    store = assert(mekong.open(":memory:", { progress = function()
      if not store or tried then return end
      tried = true
      for i, call in ipairs {
        function() store:sql "select 1" end, function() store:close() end, function() store:insert("cases", { case = "A" }) end,
        function() store:transaction(function() end) end, function() store:digest() end,
      } do
        local ok, message = pcall(call)
        said[i] = not ok and mekong.errinfo(message).code
      end
      said.shown = tostring(store)
    end }))
    assert.equal(20000, store:sql(long)[1].n)
    assert.same({ "busy", "busy", "busy", "busy", "busy", shown = said.shown }, said)
    expect.holds(said.shown, ":memory:")
    store:close()
  end)

  it("cannot yield, and says so as an error", function()
    local store <close> = assert(mekong.open(":memory:", { progress = function() if coroutine.isyieldable() then coroutine.yield() end end }))
    local co = coroutine.wrap(function() return pcall(store.sql, store, long) end)
    local ok, message = co()
    assert(ok or tostring(message):find "yield")
    assert.equal(1, store:sql("select 1 as n")[1].n)
  end)
end)

describe("SQL", function()
  local store
  setup(function()
    store = assert(mekong.open ":memory:")
    store:insert("cases", { { case = "A", phase = 5, joint = true, date = "2023-11-21" }, { case = "B", suspects = 3 } })
    store:insert("lines", { case = "A", line = 1, quantity = "2.30", unit = "kg" })
  end)
  teardown(function() store:close() end)

  it("binds by position, by number and by name", function()
    assert.equal("B", store:sql('select "case" as c from cases where suspects = ? and "case" = ?', 3, "B")[1].c)
    assert.equal("B", store:sql('select "case" as c from cases where "case" = ?2 and suspects = ?1', { 3, "B" })[1].c)
    assert.equal("A", store:sql('select "case" as c from cases where joint = :j and "case" = $c', { j = true, c = "A" })[1].c)
  end)

  it("refuses parameters that are missing, too many, unknown or inexact", function()
    local function refused(code, ...)
      local arguments = table.pack(...)
      expect.raises(code, function() store:sql(table.unpack(arguments, 1, arguments.n)) end)
    end
    refused("type", "select ?")
    refused("type", "select ?", nil)
    refused("type", "select ?, ?", 1)
    refused("type", "select ?", 1, 2)
    refused("type", "select :a", { b = 1 })
    refused("name", "select :a", { a = 1, b = 1 })
    refused("type", "select ?", 1.5)
    refused("type", "select ?", print)
    refused("type", "select ?", "\255")
    refused("type", 5)
    refused("syntax", "select \255")
  end)

  it("knows the types of built-in columns", function()
    local t = store:sql [[select c.date, c.phase, c.joint, c.suspects, l.quantity, l.unit, 1 + 1 as two, null as none
      from cases c join lines l using ("case")]]
    local row = t[1]
    assert.equal("2023-11-21", row.date)
    assert.is_true(row.joint)
    assert.equal("2.3", row.quantity)
    assert.equal(2, row.two)
    assert.is_nil(row.none)
    assert.is_nil(row.suspects)
  end)

  it("only reads", function()
    for _, text in ipairs {
      "insert into cases (\"case\") values ('X')", "update cases set note = 'x'", "delete from cases", "drop table cases",
      "create table t (x)", "create temp view v as select 1", "alter table cases add column x", "pragma user_version = 5", "pragma journal_mode",
      "attach ':memory:' as m", "begin", "commit", "savepoint x", "vacuum", "analyze", "reindex", "explain delete from cases",
      "with x as (select 1) delete from cases", "select load_extension('x')", "select writefile('x', 'y')",
    } do
      local ok, message = pcall(store.sql, store, text)
      if ok then assert.equal("explain delete from cases", text) else expect.code({ "readonly", "syntax" }, mekong.errinfo(message).code, message) end
    end
    assert.equal("A B", ids(store))
    assert.is_true(store:check())
  end)

  it("is one statement, and shows where it goes wrong", function()
    expect.raises("syntax", function() store:sql "select 1; select 2" end)
    expect.raises("syntax", function() store:sql "" end)
    expect.raises("syntax", function() store:sql " -- nothing" end)
    assert.equal(1, store:sql("select 1 as n; ")[1].n)
    local message = expect.raises("syntax", function() store:sql "select nope from cases" end)
    expect.holds(message, "nope", "\n         ^")
  end)
end)

describe("columns of the user", function()
  it("are defined with types and other names, kept, and used like the built-in ones", function()
    local folder = place.folder()
    do
      local store <close> = assert(mekong.open(folder .. "/a.db"))
      assert.is_true(store:define("cases", { "officer: text | cán bộ|người xử lý", "fine:decimal|tiền phạt", "seen: date" }))
      assert.is_true(store:define("cases", { "fine: decimal" }))
      assert(store:insert("cases", { case = "A", ["Cán Bộ"] = "Nguyễn Văn An", ["tiền phạt"] = "12.50", seen = "1/2/2025" }))
      assert.equal(1, store:delete("cases", "fine > 12 và officer = 'Nguyễn Văn An'"))
      assert(store:insert("cases", { case = "B", fine = 1 }))
    end
    do
      local store <close> = assert(mekong.open(folder .. "/a.db"))
      assert(store:update("cases", "B", { ["người xử lý"] = "Bình" }))
      assert.equal("Bình", store:sql("select officer from cases")[1].officer)
      expect.holds(store:history("cases", "B")[1].before, '"fine":"1"', '"officer":null')
      assert.is_true(store:check())
    end
    place.remove(folder)
  end)

  it("are refused when they are no definitions or hide a name, all or none", function()
    local store <close> = assert(mekong.open ":memory:")
    local function refused(code, ...)
      local specs = { "good: text", ... }
      local ok, first = pcall(store.define, store, "cases", specs)
      if ok then expect.fails(code, function() return store:define("cases", specs) end)
      else expect.code(code, mekong.errinfo(first).code, first) end
    end
    refused("syntax", "officer")
    refused("syntax", ": text")
    refused("syntax", "a\"b: text")
    refused("syntax", "x: text |")
    refused("syntax", "1x: text")
    refused("name", "x: txt")
    refused("duplicate", "phase: text")
    refused("duplicate", "Giai đoạn: int")
    refused("duplicate", "x: text | Tỉnh")
    refused("duplicate", "ledger: int")
    refused("duplicate", "RowId: int")
    refused("duplicate", "good: int")
    refused("syntax", "\255: text")
    refused("type", 5)
    expect.raises("name", function() store:insert("cases", { case = "A", good = "x" }) end)
    expect.raises("type", function() store:define("cases", "x: text") end)
  end)

  it("have a limit, past which a table takes none", function()
    local store <close> = assert(mekong.open ":memory:")
    local specs = {}
    for i = 1, 90 do specs[i] = ("x%d: int"):format(i) end
    expect.fails("limit", function() return store:define("cases", specs) end)
    for i = 61, 90 do specs[i] = nil end
    assert.is_true(store:define("cases", specs))
    assert(store:insert("cases", { case = "A", x60 = 60 }))
    assert(store:update("cases", "A", { x60 = 61 }))
    expect.holds(store:history("cases", "A")[1].before, '"x60":60')
  end)
end)

describe("names and conversions of the user", function()
  local store
  before_each(function() store = assert(mekong.omd()) end)
  after_each(function() store:close() end)

  it("stand for a code that there is, each for one", function()
    assert.equal(2, store:alias("item", { ["Bột trắng"] = "heroin", ["đá trắng"] = "methamphetamine" }))
    assert.equal(0, store:alias("item", { ["BỘT TRẮNG"] = "heroin" }))
    assert.equal(1, store:alias("item", { { "bột nâu", "heroin" } }))
    local message = expect.raises("ambiguous", function() store:alias("item", { ["bột trắng"] = "ketamine" }) end)
    expect.holds(message, "heroin", "ketamine")
    expect.holds(expect.raises("name", function() store:alias("item", { x = "heroine" }) end), "heroin")
    expect.raises("type", function() store:alias("item", { [5] = "heroin" }) end)
    expect.raises("type", function() store:alias("item", "heroin") end)
  end)

  it("leave a store of one's own sound, with a source, with a new source and with none", function()
    local own <close> = mekong.open ":memory:"
    assert.is_true(own:equiv("bánh", "0,35 kg"))
    assert.equal(1, own:insert("meetings", { meeting = "M1" }))
    assert.is_true(own:check())
    assert.is_true(own:equiv("viên", "90..300 mg", { source = "UNODC" }))
    assert.is_true(own:equiv("viên", "100 mg", { for_item = "yaba", source = "UNODC" }))
    assert.is_true(own:check())
    assert.equal("UNODC", expect.rows(own:sql "select source from sources"))
  end)

  it("cross units only with both factors", function()
    assert.is_true(store:equiv("viên", "80 .. 300 mg", { for_item = "yaba", source = "undata" }))
    assert.is_true(store:equiv("bánh", "0,35 kg"))
    local t = store:sql "select item, unit, to_unit, factor_lo, factor_hi from conversions where ledger is null order by unit, item"
    assert.equal("\tcake\tkg\t0.35\t0.35\nyaba\tpill\tmg\t80\t300", expect.rows(t))
    expect.raises("ambiguous", function() store:equiv("viên", "1.715 mg") end)
    expect.raises("syntax", function() store:equiv("viên", "khoảng 90 mg") end)
    expect.raises("syntax", function() store:equiv("viên", "90") end)
    expect.raises("unit", function() store:equiv("viênn", "90 mg") end)
    expect.raises("unit", function() store:equiv("viên", "90 mgg") end)
    expect.raises("name", function() store:equiv("viên", "90 mg", { item = "yaba" }) end)
  end)
end)

describe("a finalizer that closes a store or adds a column to it while a call is being prepared", function()
  local pause, step

  -- Every allocation may then run a finalizer.
  before_each(function() pause, step = collectgarbage("setpause", 0), collectgarbage("setstepmul", 1000) end)
  after_each(function()
    collectgarbage("setpause", pause)
    collectgarbage("setstepmul", step)
  end)

  local many = {}
  for i = 1, 100 do many[i] = { ["vụ"] = "C" .. i, note = "x" } end
  local calls = {
    { "insert", function(s) return s:insert("cases", many) end },
    { "update", function(s) return s:update("cases", "A", { note = "y", agency = "z" }) end },
    { "delete", function(s) return s:delete("cases", "note = $x", { x = "1" }) end },
    { "delete by cells", function(s) return s:delete("cases", { note = "1" }) end },
    { "define", function(s) return s:define("cases", { "officer: text", "team: text" }) end },
    { "load", function(s) return s:load("cases", { text = "case\nB\n" }) end },
    { "sql", function(s) return s:sql("select * from cases") end },
    { "check", function(s) return s:check() end },
    { "history", function(s) return s:history("cases", "A") end },
    { "transaction", function(s) return s:transaction(function() return true end) end },
  }

  for _, pair in ipairs(calls) do
    local name, call = pair[1], pair[2]
    it("leaves " .. name .. " whole", function()
      local done = { closed = 0, used = 0 }
      for i = 1, 40 do
        local s = assert(mekong.open ":memory:")
        assert(s:insert("cases", { case = "A" }))
        setmetatable({}, { __gc = function()
          if i % 2 == 0 then pcall(s.define, s, "cases", { "other: text" }) end
          pcall(s.close, s)
        end })
        local ok, message = pcall(call, s)
        local code = not ok and assert(mekong.errinfo(message), message).code
        assert(ok or code == "closed" or code == "type" and message:find "columns of", message)
        done[ok and "used" or "closed"] = done[ok and "used" or "closed"] + 1
        pcall(s.close, s)
      end
      assert.equal(40, done.closed + done.used)
    end)
  end
end)

describe("names and conversions that cannot be", function()
  local omd
  setup(function() omd = mekong.omd() end)
  teardown(function() omd:close() end)

  it("leave a code and its own names to that code", function()
    expect.raises("ambiguous", function() omd:alias("item", { heroin = "ketamine" }) end)
    expect.raises("ambiguous", function() omd:alias("item", { ["Ngà voi"] = "ketamine" }) end)
    assert.equal(0, omd:alias("item", { ["HEROIN"] = "heroin" }))
  end)

  it("refuse a range that runs downwards, nothing, and units that convert anyway", function()
    expect.raises("range", function() omd:equiv("viên", "300..90 mg") end)
    expect.raises("range", function() omd:equiv("viên", "0..90 mg") end)
    expect.raises("unit", function() omd:equiv("viên", "5 viên") end)
    expect.raises("unit", function() omd:equiv("kg", "1000 g") end)
    assert.is_true(omd:equiv("bánh", "0,3..0,4 kg", { for_item = "heroin" }))
  end)
end)

describe("parameters of SQL", function()
  local store
  setup(function() store = assert(mekong.open ":memory:") end)
  teardown(function() store:close() end)

  it("are numbered as in conditions, whatever their order in the text", function()
    local t = store:sql("select $2 as a, $1 as b, $2 as c", "x", "y")
    assert.same({ "y", "x", "y" }, { t[1].a, t[1].b, t[1].c })
    assert.equal("z", store:sql("select $1 as a", { ["1"] = "z" })[1].a)
    expect.raises("type", function() store:sql("select $2", "x") end)
    expect.raises("type", function() store:sql("select $1", "x", "y") end)
  end)

  it("may stand beside the column case once it is quoted, which the message says", function()
    for _, text in ipairs { "select case from cases", "select 1 from cases where CASE = 'A'", "select 1 from cases group by case" } do
      expect.holds(expect.raises("syntax", function() store:sql(text) end), 'written "case"')
    end
    assert.is_nil(expect.raises("syntax", function() store:sql "select 1 frm cases" end):find("written", 1, true))
  end)
end)
