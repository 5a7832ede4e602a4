-- Sealed rows: cases and lines that stand in the file as columns alone answer as plain rows do, whatever is changed, and are
-- plain rows again after unseal. Held against a store with the same rows that is never sealed.
local core = require "mekong.core"
local mekong = require "mekong"
local engine = require "mekong.engine"
local expect = require "spec.support.expect"
local place = require "spec.support.store_place"
local segments = require "spec.support.segments"
local seeded = require "spec.support.seeded"

local function seal(store, rows) return assert(core.store.seal(store, rows)) end
local function count(store, what) return store:sql("select count(*) as n from " .. what)[1].n end

local function case_of(i)
  return { case = ("V%03d"):format(i), phase = 1 + i % 7, agency = i % 5 > 0 and "Đội " .. i % 13 or nil,
    date = ("2025-01-%02d"):format(1 + i % 28), suspects = i % 3 > 0 and i * 300 % 1000 or nil, joint = i % 2 == 0,
    province = i % 7 > 0 and "Hà Nội" or nil, note = i % 4 == 0 and "ghi chú\t" .. i .. "\nhai" or nil }
end

local function lines_of(i, list)
  for k = 1, i % 4 do
    list[#list + 1] = { case = ("V%03d"):format(i), line = k, category = k % 2 == 1 and "drug" or "tobacco", value_vnd = i * 1000000,
      quantity = k < 3 and ("%d.%02d"):format(i, k * 5 + 1) or nil, unit = i % 2 == 1 and "kg" or "pill", suspected = k == 2 }
  end
end

local function fill(store, first, last)
  local cases, lines = {}, {}
  for i = first, last do
    cases[#cases + 1] = case_of(i)
    lines_of(i, lines)
  end
  assert(store:insert("cases", cases))
  assert(store:insert("lines", lines))
end

local function people(store, first, last)
  local list = {}
  for i = first, last do
    for k = 1, i * 3 % 5 do
      list[#list + 1] = { case = ("V%03d"):format(i), line = k * 2, count = i % 4 > 0 and i or nil, nationality = k % 2 == 0 and "VN" or nil,
        role = "người " .. (k + i) % 6 }
    end
  end
  assert(store:insert("persons", list))
end

-- What a store answers, as texts.
local function answers(store)
  local out = { store:digest(), store:digest() }
  local function add(value) out[#out + 1] = tostring(value) end
  add(store:sql "select * from cases order by 1")
  add(store:sql 'select * from lines order by "case", line')
  add(store:sql('select "case", line, quantity from lines where "case" between ? and ? order by line desc, 1', "V010", "V030"))
  add(store:sql [[select c.phase, l.unit, count(*) as n, max(l.value_vnd) as v, sum(c.suspects) as s from cases c
    left join lines l on l."case" = c."case" group by 1, 2 order by 1, 2]])
  add(store:sql [[select count(*) as n from cases where "case" = 'V012' or agency is null]])
  add(store:sql [[select count(*) as n from cases where "case" = 'v012' collate vi or "case" > 5]])
  add(store:sql [[select "case" from lines where line = 2 and "case" in (select "case" from cases where joint) order by 1 desc limit 5]])
  add(store:sql 'select * from persons order by "case", line')
  add(store:sql('select line, "count" from persons where "case" between ? and ? order by "case" desc, line', "V010", "V030"))
  add(store:sql 'select count(*) as n, sum(p."count") as s from cases c left join persons p on p."case" = c."case" and p.line > 2')
  add(store:search("persons", "người 3", { limit = 5 }))
  add(store:search("cases", "ghi"))
  add(store:search("lines", "tobacco", { limit = 5 }))
  for _, plain in ipairs { true, false } do
    engine.plain(store, plain)
    add(store.cases:count("phase", "category"))
    add(store.lines:where("quantity > 20 and suspects < 900"):by("unit"):agg("n = count()", "q = sum(value_vnd)", "s = sum(suspects)"))
    add(store:from("persons"):by("nationality"):agg("n = count()", "s = sum(count)"))
    add(store:from("persons"):where("line > 2"):count("case"))
    add(store.cases:where("agency = 'Đội 3'"):by("province"):agg("n = count()", "m = max(value_vnd)"))
  end
  add(store:sql((store.cases:by("phase", "category"):agg("n = count()", "v = sum(value_vnd)"):explain "sql")))
  add(store:sql((store.lines:where("suspects > 100"):explain "sql")))
  add(count(store, "cases") .. " " .. count(store, "lines"))
  add(store:check())
  return out
end

local function same(expected, store)
  for i, text in ipairs(answers(store)) do assert.equal(expected[i], text) end
end

describe("sealed rows", function()
  local folder, path
  before_each(function()
    folder = place.folder()
    path = folder .. "/a.db"
  end)
  after_each(function() place.remove(folder) end)

  local function filled(n, opts)
    local store = assert(mekong.open(path, opts))
    fill(store, 1, n)
    people(store, 1, n)
    return store
  end

  it("answer as the plain ones did, here, for others and opened again; unseal brings these back", function()
    local store = filled(100)
    local expected = answers(store)
    local other <close> = assert(mekong.open(path))
    same(expected, other)
    seal(store, 16)
    assert.equal(0, count(store, "main.cases"))
    assert.equal(0, count(store, "main.lines"))
    assert.equal(0, count(store, "main.persons"))
    assert(count(store, "blocks") > 9)
    same(expected, store)
    same(expected, other)
    store:close()
    local again <close> = assert(mekong.open(path))
    same(expected, again)
    assert(again:unseal())
    assert.equal(100, count(again, "main.cases"))
    assert.equal(0, count(again, "blocks"))
    assert.equal(0, count(again, "segments"))
    same(expected, again)
    same(expected, other)
  end)

  it("keep every column as it was, also defined ones and numbers of any form", function()
    local store <close> = assert(mekong.open(path))
    assert(store:define("lines", { "weight: decimal | cân", "seen: bool" }))
    assert(store:define("cases", { "officer: text | cán bộ" }))
    assert(store:insert("cases", { { case = "A", officer = "An", suspects = 9007199254740993 }, { case = "B" }, { case = "C" } }))
    assert(store:insert("lines", { { case = "A", line = -3, weight = "0.000000000000000001", seen = true },
      { case = "A", line = 9223372036854775807, weight = "9999999999", quantity = "123456789012345678901234567890.5" },
      { case = "C", line = 1, weight = "0", value_vnd = "9223372036854775807", note = nil } }))
    local digest, rows = store:digest(), tostring(store:sql "select * from lines order by 1, 2")
    seal(store, 2)
    assert.equal(0, count(store, "main.lines"))
    assert.equal(digest, store:digest())
    assert.equal(rows, tostring(store:sql "select * from lines order by 1, 2"))
    assert(store:define("cases", { "later: date" }))
    assert.is_nil(store:sql([[select later from cases where "case" = 'A']])[1].later)
    assert(store:update("cases", "B", { later = "2025-01-02" }))
    assert.equal("2025-01-02", tostring(store:sql([[select later from cases where "case" = 'B']])[1].later))
    digest = store:digest()
    seal(store)
    assert.equal(0, count(store, "main.cases"))
    assert.equal(digest, store:digest())
    assert(store:unseal())
    assert.equal(digest, store:digest())
  end)

  it("have the columns that another program defined since the store was opened", function()
    local a <close> = assert(mekong.open(path))
    local b <close> = assert(mekong.open(path))
    assert(b:insert("cases", { case = "0" }))
    assert(a:define("cases", { "officer: text | cán bộ" }))
    assert(a:insert("cases", { { case = "A", officer = "An" }, { case = "B", officer = "Bình" } }))
    seal(b, 1)
    assert.equal(0, count(b, "main.cases"))
    assert.equal(1, b.cases:where("officer = 'An'"):count()[1].n)
    assert(a:define("lines", { "weight: decimal" }))
    assert(a:insert("lines", { case = "A", line = 1, weight = "2.5" }))
    assert(b:update("cases", "B", { officer = "Hà" }))
    assert(b:insert("lines", { case = "B", line = 1, weight = "3" }))
    seal(b)
    assert(a:define("cases", { "rank: int" }))
    assert(a:update("cases", "A", { rank = 7 }))
    assert(b:unseal())
    for _, store in ipairs { a, b } do
      assert.equal("An Hà", table.concat(store:sql 'select officer from cases where "case" > \'1\' order by 1':col "officer", " "))
      assert.equal("5,5", tostring(store.lines:sum("weight")[1].weight))
      assert.equal(7, store:sql "select max(rank) as r from cases"[1].r)
    end
    assert.equal(a:digest(), b:digest())
  end)

  it("are not written without columns that another program defines while the store is being used", function()
    local a <close> = assert(mekong.open(path))
    local b <close> = assert(mekong.open(path))
    assert(b:insert("cases", { case = "A" }))
    assert(b:transaction(function()
      assert(b:update("cases", "A", { note = "x" }))
      expect.fails("busy", function() return a:define("cases", { "rank: int" }) end)
    end))
    assert(a:define("cases", { "rank: int" }))
    assert(b:transaction(function() return b:update("cases", "A", { rank = 1 }) end))
    assert.equal(1, a:sql "select rank from cases"[1].rank)
  end)

  it("have keys and cases that new rows are held to", function()
    local store <close> = filled(60)
    seal(store, 16)
    expect.fails("duplicate", function() return store:insert("cases", { case = "V012" }) end)
    expect.fails("duplicate", function() return store:insert("lines", { case = "V007", line = 2 }) end)
    expect.fails("missing", function() return store:insert("lines", { case = "V0071", line = 1 }) end)
    expect.fails("missing", function() return store:insert("persons", { case = "X", line = 1 }) end)
    expect.fails("duplicate", function() return store:insert("persons", { case = "V007", line = 2 }) end)
    expect.fails("missing", function() return store:update("cases", "V0121", { note = "x" }) end)
    expect.fails("duplicate", function() return store:update("cases", "V012", { case = "V013" }) end)
    assert(store:insert("lines", { case = "V007", line = 9 }))
    assert(store:insert("persons", { case = "V007", line = 1, count = 2 }))
    expect.fails("missing", function() return store:delete("cases", { case = "V007" }) end)
    expect.fails("missing", function() return store:delete("cases", "suspects > 0") end)
    assert(store:insert("cases", { case = "V0121" }))
    assert(store:update("persons", { "V007", 1 }, { case = "V020" }))
    assert.equal(4, count(store, [[lines where "case" = 'V007']]))
    assert.equal("V020", store:sql('select p."case" as c from persons p join cases c on c."case" = p."case" where p.line = 1')[1].c)
    assert.is_true(store:check())
  end)

  it("are changed as plain ones are, with the same history", function()
    local a <close> = filled(60)
    local b <close> = assert(mekong.open(folder .. "/b.db"))
    fill(b, 1, 60)
    people(b, 1, 60)
    seal(a, 16)
    for _, store in ipairs { a, b } do
      assert(store:update("cases", "V012", { note = "mới", suspects = 7 }))
      assert(store:update("cases", "V013", { case = "V0995" }))
      assert(store:update("lines", { "V014", 2 }, { line = 5, quantity = "1.5" }))
      assert(store:update("lines", { "V015", 1 }, { case = "V016" }))
      assert.equal(3, (store:delete("lines", { case = "V003" })))
      expect.fails("missing", function() return store:delete("cases", { case = "V003" }) end)
      assert.equal(4, (store:delete("persons", { case = "V003" })))
      assert.equal(1, (store:delete("cases", { case = "V003" })))
      assert(store:delete("lines", "quantity > 50"))
      assert(store:delete("lines", { category = "tobacco", unit = "pill" }))
      assert(store:insert("cases", { case = "V003", note = "lại" }))
      assert(store:update("persons", { "V012", 2 }, { role = "chủ" }))
      assert(store:update("persons", { "V014", 2 }, { case = "V017", line = 90 }))
      assert(store:delete("persons", { role = "người 5", nationality = "VN" }))
    end
    for _, key in ipairs { "V003", "V012", "V013", "V0995" } do
      assert.equal(tostring(b:history("cases", key):select("rev", "op", "before")), tostring(a:history("cases", key):select("rev", "op", "before")))
    end
    assert.equal(count(b, "history"), count(a, "history"))
    same(answers(b), a)
    seal(a)
    assert.equal(0, count(a, "main.cases"))
    assert.equal(0, count(a, "unsealed"))
    same(answers(b), a)
  end)

  it("answer as plain ones after each of many changes, sealings and unsealings by two programs", function()
    local random = seeded(math.tointeger(tonumber(os.getenv "MEKONG_SEEDS" or 1)))
    local a <close> = filled(40)
    local plain <close> = assert(mekong.open(folder .. "/b.db"))
    fill(plain, 1, 40)
    people(plain, 1, 40)
    local b <close> = assert(mekong.open(path))
    seal(a, 8)
    core.store.seal(b, 8)
    for round = 1, 60 do
      local store = round % 2 == 0 and a or b
      for _ = 1, random(4) do
        local what, key, n, value = random(13), ("V%03d"):format(random(60)), random(9), random(60)
        local function both(fn)
          local ok, message = fn(store)
          local fine, said = fn(plain)
          assert.equal(fine, ok)
          assert.equal(said and said:match "%[.-%]", message and message:match "%[.-%]")
        end
        if what == 1 then both(function(s) return s:insert("cases", { case = key .. n, phase = 3, agency = "Đội " .. n }) end)
        elseif what == 2 then both(function(s) return s:update("cases", key, { suspects = n, agency = "Đội " .. n * 7 }) end)
        elseif what == 3 then both(function(s) return s:update("lines", { key, n % 3 + 1 }, { quantity = n .. "." .. n }) end)
        elseif what == 4 then both(function(s) return s:delete("lines", { case = key }) end)
        elseif what == 5 then both(function(s) return s:insert("lines", { case = key, line = n, unit = "g", quantity = n }) end)
        elseif what == 6 then both(function(s) return s:delete("cases", { case = key }) end)
        elseif what == 7 then both(function(s) return s:update("cases", key, { case = key .. "x" }) end)
        elseif what == 10 then both(function(s) return s:insert("persons", { case = key, line = n, count = value }) end)
        elseif what == 11 then both(function(s) return s:update("persons", { key, n % 4 * 2 }, { role = "người " .. n }) end)
        elseif what == 12 then both(function(s) return s:delete("persons", { case = key }) end)
        elseif what == 13 then both(function(s) return s:delete("persons", "count = " .. value) end)
        elseif what == 8 then both(function(s) return s:delete("lines", "value_vnd = " .. value .. "000000") end)
        else
          pcall(store.transaction, store, function()
            store:update("cases", key, { note = "bỏ" })
            if n > 4 then seal(store) end
            error "no"
          end)
        end
      end
      local what = random(8)
      if what == 1 then seal(store) elseif what == 2 then assert(store:unseal()) end
      if round % 6 == 0 then same(answers(plain), round % 4 == 0 and a or b)
      else assert.equal(plain:digest(), store:digest()) end
    end
    assert.is_true(a:check())
  end)

  -- An image of the rows of one store, in some order, sealed in another.
  local function copy(from, to, order, codes)
    local sql, types, wanted = {}, {}, {}
    for _, column in ipairs(require "mekong.plan".source(from, "cases").columns) do
      local kind = column.type:match "^%a+"
      sql[#sql + 1], types[#sql + 1], wanted[#sql + 1] = column.sql, codes and "text" or kind, #sql + 1
    end
    local source = { from = 'cases c LEFT JOIN lines l ON l."case" = c."case" ORDER BY ' .. order .. 'c."case", l."line"',
      key = 'c."case"', state = "SELECT sum(n) FROM counters", sql = sql, types = types }
    local image = core.engine.image(from, source)
    core.engine.need(from, image, source, wanted)
    return core.engine.seal(to, image, source)
  end

  it("are written from whole columns, in any order of cases, between blocks and into them", function()
    local from <close> = assert(mekong.open(path))
    fill(from, 1, 100)
    local expected = answers(from)
    for round, order in ipairs { "", "c.agency, c.suspects, ", "c.phase DESC, ", "c.note, " } do
      local to <close> = assert(mekong.open(":memory:"))
      seal(to, 16)
      assert.equal(count(from, 'cases c left join lines l on l."case" = c."case"'), copy(from, to, order, round % 2 == 0))
      assert.equal(0, count(to, "main.cases"))
      assert(count(to, "blocks") > 9)
      same(expected, to)
      assert.truthy(select(2, pcall(copy, from, to, order)):find "%[duplicate%]")
      same(expected, to)
      assert(to:unseal())
      same(expected, to)
      assert.truthy(select(2, pcall(copy, from, to, order)):find "%[duplicate%]")
    end
    local part <close> = assert(mekong.open(":memory:"))
    for _, keep in ipairs { 3, 4, 5 } do
      local some <close> = assert(mekong.open(":memory:"))
      fill(some, 1, 100)
      for i = 1, 100 do
        local group = i % 10 == 7 and 5 or i > 50 and 4 or 3
        if group ~= keep then
          some:delete("lines", { case = ("V%03d"):format(i) })
          some:delete("cases", { case = ("V%03d"):format(i) })
        end
      end
      core.store.seal(part, 8)
      copy(some, part, keep == 5 and "c.suspects, " or "")
    end
    same(expected, part)
    assert(part:delete("lines", { case = "V020" }))
    assert(part:delete("cases", { case = "V020" }))
    local one <close> = assert(mekong.open(":memory:"))
    fill(one, 20, 20)
    copy(one, part, "")
    same(expected, part)
  end)

  it("come about by themselves when there are many rows", function()
    local store <close> = assert(mekong.open(path))
    local plain <close> = assert(mekong.open(folder .. "/b.db"))
    seal(store, 16)
    for i = 1, 90, 9 do
      fill(store, i, i + 8)
      fill(plain, i, i + 8)
      people(store, i, i + 8)
      people(plain, i, i + 8)
    end
    assert(count(store, "blocks") > 4)
    assert(count(store, "main.lines") <= 16)
    same(answers(plain), store)
  end)

  it("of a file are a row for each line, and one for a case that has none", function()
    local store <close> = assert(mekong.open(path))
    seal(store, 2)
    assert(store:load("cases", { text = "case,phase,category,quantity,unit\nA,7,,,\nA,7,drug,1,kg\nB,7,,,\nB,7,,,\n" ..
      "C,7,drug,2,kg\nC,7,,,\nC,7,drug,3,kg\nD,7,,,\n" }))
    assert.equal(0, count(store, "main.cases"))
    for _, plain in ipairs { true, false } do
      engine.plain(store, plain)
      assert.equal(4, store.cases:count()[1].n)
      assert.equal(3, store.cases:lines()[1].lines)
      assert.same({ "B", "D" }, store.cases:where("line is missing"):count("case"):col "case")
    end
  end)

  it("give way to what another program puts beside them", function()
    local store <close> = filled(40)
    seal(store, 16)
    local function found() return #store:search("lines", "drug", { limit = 100 }) + #store:search("persons", "người", { limit = 200 }) end
    local before, frames = found(), tostring(store:from("persons"):count("nationality"))
    if not place.sqlite(path, [[insert into cases ("case", note) values ('V012', 'ngoài'), ('V0121', 'mới');
        insert into persons ("case", line, "count") values ('V013', 2, 77), ('V013', 9, 9), ('V012', 1, 5);
        insert into lines ("case", line, unit) values ('V012', 7, 'kg'), ('V013', 1, 'g'), ('V013', 4, 'g'), ('Không', 1, 'kg')]]) then
      pending "the sqlite3 command is not installed"
      return
    end
    assert.equal("ngoài", store:sql([[select note from cases where "case" = 'V012']])[1].note)
    assert.same({ 7 }, store:sql([[select line from lines where "case" = 'V012']]):col "line")
    assert.equal("g 1 g 4", table.concat(store:sql([[select unit || ' ' || line as u from lines where "case" = 'V013' order by line]]):col "u", " "))
    assert.same({ 1, 2, 4, 6, 8, 9 }, store:sql([[select line from persons where "case" in ('V012', 'V013') order by line]]):col "line")
    assert(found() < before)
    local people_now = tostring(store:from("persons"):count("nationality"))
    assert.are_not.equal(frames, people_now)
    engine.plain(store, true)
    assert.equal(people_now, tostring(store:from("persons"):count("nationality")))
    engine.plain(store, false)
    assert.equal(41, count(store, "cases"))
    local frame = tostring(store.cases:count("unit"))
    engine.plain(store, true)
    assert.equal(frame, tostring(store.cases:count("unit")))
    local digest = store:digest()
    local _, _, info = store:check()
    assert.same({ "lines", "segments" }, info.findings:col "table")
    seal(store)
    assert.equal(digest, store:digest())
    assert.equal(1, count(store, "main.lines"))
    assert.equal(frame, tostring(store.cases:count("unit")))
    place.sqlite(path, "delete from lines")
    assert.is_true(store:check())
  end)

  it("stay plain where columns would not give them back", function()
    local store <close> = filled(20)
    if not place.sqlite(path, [[update cases set note = '' where "case" = 'V004'; update lines set quantity = '1.50' where "case" = 'V005';
        update lines set ledger = 3, unit = 'kg' where "case" = 'V006']]) then
      pending "the sqlite3 command is not installed"
      return
    end
    local rows = tostring(store:sql 'select *, typeof(note) from cases order by 1') .. tostring(store:sql "select * from lines order by 1, 2")
    local digest = store:digest()
    seal(store, 8)
    assert.equal(2, count(store, "main.cases"))
    assert.equal(digest, store:digest())
    assert.equal(rows, tostring(store:sql 'select *, typeof(note) from cases order by 1') .. tostring(store:sql "select * from lines order by 1, 2"))
  end)

  it("are copied by backup, and no part of a transaction that is undone", function()
    local store <close> = filled(40)
    seal(store, 16)
    local digest, blocks = store:digest(), count(store, "blocks")
    assert(store:backup(folder .. "/copy.db"))
    local other <close> = assert(mekong.open(folder .. "/copy.db", { readonly = true }))
    assert.equal(digest, other:digest())
    assert.equal(40, count(other, "cases"))
    pcall(store.transaction, store, function()
      store:update("cases", "V020", { note = "bỏ" })
      seal(store, 4)
      assert(count(store, "blocks") > blocks)
      error "no"
    end)
    assert.equal(blocks, count(store, "blocks"))
    assert.equal(digest, store:digest())
    expect.fails("readonly", function() return core.store.seal(other) end)
  end)

  it("are refused when any byte of them was changed, or a block is gone", function()
    local store = filled(12)
    seal(store, 8)
    local digest = store:digest()
    store:close()
    for _, edit in ipairs { "delete from blocks where low = 'V001'", "delete from meta", "update blocks set rows = rows - 1",
      "update blocks set tab = 'cases'", "delete from segments where \"column\" = 'l.\"unit\"'",
      "update segments set data = zeroblob(length(data)) where \"column\" = 'c.\"agency\"'",
      "update segments set data = (select data from segments where block = 2 and \"column\" = 'c.\"agency\"') " ..
        "where block = 1 and \"column\" = 'c.\"agency\"'",
      "update blocks set state = 7" } do
      local bytes = place.read(path)
      if not place.sqlite(path, "pragma foreign_keys = off; pragma ignore_check_constraints = on; " .. edit) then
        pending "the sqlite3 command is not installed"
        return
      end
      local again <close> = assert(mekong.open(path))
      expect.raises("damaged", function() again:digest() end)
      expect.raises("damaged", function() again:sql "select count(agency), count(unit) from cases, lines" end)
      assert.matches("hint: [^\n]*store:backup", (expect.fails("damaged", function() return again:check() end)))
      again:close()
      os.remove(path .. "-wal")
      os.remove(path .. "-shm")
      place.write(path, bytes)
    end
    local again <close> = assert(mekong.open(path))
    assert.equal(digest, again:digest())
  end)

  it("are counted by column, and the check finds counts that are gone or another column's", function()
    local store = filled(12)
    seal(store, 8)
    assert.equal(count(store, "segments where form < 3 and \"column\" > ''"), count(store, "segments where form = 3"))
    local digest = store:digest()
    store:close()
    for _, edit in ipairs { "delete from segments where form = 3 and \"column\" = 'c.\"phase\"'", "update segments set form = 4 where form = 3",
      "update segments set data = (select data from segments where block = 2 and form = 3 and \"column\" = 'c.\"joint\"') " ..
        "where block = 1 and form = 3 and \"column\" = 'c.\"joint\"'" } do
      local bytes = place.read(path)
      if not place.sqlite(path, edit) then
        pending "the sqlite3 command is not installed"
        return
      end
      local again <close> = assert(mekong.open(path))
      assert.equal(digest, again:digest())
      expect.fails("damaged", function() return again:check() end)
      again:close()
      os.remove(path .. "-wal")
      os.remove(path .. "-shm")
      place.write(path, bytes)
    end
  end)

  local function unhex(text) return (text:gsub("%x%x", function(pair) return string.char(tonumber(pair, 16)) end)) end

  -- SQL that puts a segment in the place of one that is there; change makes its bytes.
  local function rewritten(store, where, change)
    local out = {}
    for _, row in ipairs(store:sql([[select b.id, b.low, b.high, b.rows, b.state, "column" as name, form, hex(data) as data
        from segments s join blocks b on b.id = s.block where ]] .. where)) do
      local bytes = unhex(row.data)
      assert.equal(bytes, segments.sealed(bytes, row, row.name, row.form)) -- the sum is right
      local changed, form = change(bytes, row)
      local now = segments.sealed(changed, row, row.name, form or row.form):gsub(".", function(c) return ("%02x"):format(c:byte()) end)
      out[#out + 1] = ("update segments set data = x'%s', form = %d where block = %d and form = %d and \"column\" = '%s'"):format(now,
        form or row.form, row.id, row.form, row.name)
    end
    assert(#out > 0)
    return table.concat(out, ";")
  end

  -- Keys in form 1, as version 6 wrote them; names: segment "" of the block.
  local function plain_keys(bytes, names)
    local rows, entries = ("<I4I4"):unpack(bytes, 9)
    local n, keys, lengths, cells, key, at, code = entries - 1, {}, {}, {}, "", 80 + 2 * (entries - 1) + 1, 0
    for i = 1, n do
      local shared, own = bytes:byte(80 + i), bytes:byte(80 + n + i)
      key = key:sub(1, shared) .. bytes:sub(at, at + own - 1)
      keys[i], lengths[i], at = key, ("<I4"):pack(#key), at + own
    end
    for row = 1, rows do
      if names:byte(6) == 0 or names:byte(#names - rows + row) == 1 then code = code + 1 end
      cells[row] = string.char(code)
    end
    local text = table.concat(keys)
    local head = bytes:sub(1, 4) .. "\1\1" .. bytes:sub(7, 24) .. ("<I8"):pack(#text) .. bytes:sub(33, 80)
    local body = table.concat(lengths) .. text
    return head .. body .. ("\0"):rep(-(80 + #body) % 8) .. table.concat(cells)
  end

  -- As version 4 wrote them: no counts, persons plain.
  local function older(bytes)
    local entries = ("<I4"):unpack(bytes, 13)
    local at, out = 80 + 4 * (entries - 1) + 1, {}
    for e = 1, entries - 1 do
      local n = ("<I4"):unpack(bytes, 81 + 4 * (e - 1))
      out[e] = ("%d"):format(2 - bytes:byte(at) % 2) .. bytes:sub(at + 1, at + n - 1)
      at = at + n
    end
    return bytes:sub(1, 80 + 4 * (entries - 1)) .. table.concat(out) .. bytes:sub(at)
  end

  it("of an older version answer as before, and are counted when they are written anew", function()
    local store = assert(mekong.open(path))
    fill(store, 1, 30)
    seal(store, 8)
    local names = {}
    local sql = rewritten(store, "\"column\" = ''", function(bytes, row)
      names[row.id] = bytes
      return older(bytes)
    end)
    sql = sql .. ";" .. rewritten(store, "form = 4", function(bytes, row) return plain_keys(bytes, names[row.id]), 1 end)
    store:close()
    store = assert(mekong.open(path)) -- where blocks are large again, so that nothing is sealed by itself
    people(store, 1, 30)
    local expected = answers(store)
    store:close()
    if not place.sqlite(path, sql .. "; delete from segments where form = 3; pragma user_version = 4") then
      pending "the sqlite3 command is not installed"
      return
    end
    local again <close> = assert(mekong.open(path))
    assert(count(again, "blocks where tab = 'sealed'") > 2)
    assert.equal(0, count(again, "segments where form = 3"))
    same(expected, again)
    seal(again)
    assert(count(again, "segments where form = 3") > 15)
    assert.equal(0, count(again, "main.persons"))
    same(expected, again)
  end)

  it("whose counts say something else with the right checksum are found by the check", function()
    local store = filled(12)
    seal(store, 100)
    local sql = rewritten(store, "form = 3 and \"column\" = 'c.\"joint\"'", function(bytes)
      local a, b = ("<I4I4"):unpack(bytes, #bytes - 7)
      return bytes:sub(1, -9) .. ("<I4I4"):pack(a + 1, b - 1)
    end)
    assert.is_true(store:check())
    store:close()
    if not place.sqlite(path, sql) then
      pending "the sqlite3 command is not installed"
      return
    end
    local again <close> = assert(mekong.open(path))
    expect.fails("damaged", function() return again:check() end)
  end)

  it("whose codes name no entry, with the right checksum, are missing there", function()
    local store, bare = filled(60), assert(mekong.open ":memory:")
    fill(bare, 1, 60)
    for i = 1, 60 do assert(bare:update("cases", ("V%03d"):format(i), { province = "" })) end
    seal(store, 1000)
    local rows = count(store, "cases c left join lines l on l.\"case\" = c.\"case\"")
    local sql = rewritten(store, "form = 1 and \"column\" = 'c.\"province\"'", function(bytes)
      local cells, k = bytes:sub(-rows), 0
      return bytes:sub(1, -rows - 1) .. cells:gsub("\1", function()
        k = k + 1
        return ("\2\15\16\127\128\255"):sub(k % 6 + 1, k % 6 + 1)
      end)
    end)
    assert(rows > 64)
    store:close()
    if not place.sqlite(path, sql) then
      pending "the sqlite3 command is not installed"
      return
    end
    local again <close> = assert(mekong.open(path))
    for _, options in ipairs { {}, { way = "plain" } } do
      engine.scans(again, options)
      assert.equal(tostring(bare.cases:count "province"), tostring(again.cases:count "province"))
    end
    bare:close()
  end)

  it("are told of by their dictionaries until a question goes over their cells", function()
    local store, whole = filled(60), assert(mekong.open ":memory:")
    seal(store, 16)
    fill(store, 61, 63) -- beside the blocks
    fill(whole, 1, 63)
    engine.plain(whole, true)
    local function questions(from)
      local cases = from.cases
      return { cases:count(), cases:by("phase"):agg("n = count()", "v = sum(value_vnd)", "l = lines()"), cases:count("date"),
        cases:where("date >= 20/1/2025"):count("line"), cases:count("category", "dup_of"), cases:count("phase", "date") }
    end
    local expected, found = questions(whole), questions(store)
    for i, t in ipairs(found) do assert.equal(tostring(expected[i]), tostring(t)) end
    local counted = tostring(found[1])
    store:close()
    whole:close()
    if not place.sqlite(path, "update segments set data = zeroblob(length(data)) where form = 1 and \"column\" = 'c.\"date\"'") then
      pending "the sqlite3 command is not installed"
      return
    end
    local again <close> = assert(mekong.open(path))
    assert.equal(counted, tostring(again.cases:count()))
    local message = expect.raises("damaged", function() return tostring(again.cases:count("date")) end)
    assert.matches("the sealed cases 'V001' to 'V%d+' are not as they were written", message)
    assert.matches("hint: [^\n]*store:backup", message)
    assert.equal(counted, tostring(again.cases:count()))
  end)

  -- All bytes with MEKONG_SEEDS > 1, else some of each page.
  it("give the right answer or none, whichever byte of the file is changed", function()
    local store = filled(12)
    seal(store, 6)
    local function ask(s)
      return s:digest() .. tostring(s.cases:by("phase"):agg("n = count()", "v = sum(value_vnd)", "s = sum(suspects)"))
    end
    local expected, refused, right = ask(store), 0, 0
    store:close()
    local bytes = place.read(path)
    for at = 0, #bytes - 1, (tonumber(os.getenv "MEKONG_SEEDS") or 1) > 1 and 1 or 1531 do
      place.write(path, bytes)
      place.patch(path, at, string.char(bytes:byte(at + 1) ~ (1 << at % 8)))
      local ok, said = pcall(function()
        local damaged <close> = assert(mekong.open(path))
        return ask(damaged)
      end)
      if ok then assert.equal(expected, said, "byte " .. at) end
      refused, right = refused + (ok and 0 or 1), right + (ok and 1 or 0)
      os.remove(path .. "-wal")
      os.remove(path .. "-shm")
    end
    assert(refused > 10 and right > 10)
  end)
end)
