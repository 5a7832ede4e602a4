-- What is wrong with records is found whether their rows are plain or sealed: the same findings, in the same order.
local core = require "mekong.core"
local flips = require "spec.support.flips"
local mekong = require "mekong"
local place = require "spec.support.store_place"

describe("the check of sealed rows", function()
  local folder, path, store
  before_each(function()
    folder = place.folder()
    path = folder .. "/a.db"
    store = assert(mekong.open(path))
    local cases, lines, persons = {}, {}, {}
    for i = 1, 40 do
      cases[i] = { case = ("V%03d"):format(i), date = "2025-01-09", suspects = i, joint = i % 2 == 0, agency = "Đội " .. i % 3 }
      lines[i] = { case = cases[i].case, line = 1, quantity = i .. ".5", unit = "kg", included_in = i % 5 == 0 and 1 or nil }
      persons[i] = { case = cases[i].case, line = 2, nationality = "VN", count = 1 }
    end
    assert(store:insert("cases", cases))
    assert(store:insert("lines", lines))
    assert(store:insert("persons", persons))
  end)
  after_each(function()
    store:close()
    place.remove(folder)
  end)

  -- "table key column found" of each finding.
  local function findings()
    local sound, _, info = store:check()
    local list = {}
    for i = 1, sound and 0 or #info.findings do
      local row = info.findings[i]
      list[i] = table.concat({ row.table, row.key, row.column, row.found or "" }, " ")
    end
    return list
  end

  it("finds cells that are not as they would be stored, in codes and in numbers", function()
    if not place.sqlite(path, [[update cases set date = '14/8/2025' where "case" = 'V004'; update cases set suspects = -3 where "case" = 'V005';
        update lines set included_in = 0 where "case" = 'V031'; update cases set agency = ' Đội 1' where "case" in ('V006', 'V030');
        update lines set quantity = '-2.5' where "case" = 'V007'; update lines set unit = 'KG' where "case" = 'V033';
        update persons set "count" = -1 where "case" = 'V008'; update persons set nationality = 'VN ' where "case" = 'V040']]) then
      return pending "the sqlite3 command is not installed"
    end
    local expected = { "cases V004 date 14/8/2025", "cases V005 suspects -3", "cases V006 agency  Đội 1", "cases V030 agency  Đội 1",
      "lines V007/1 quantity -2.5", "lines V033/1 unit KG", "persons V008/2 count -1", "persons V040/2 nationality VN " }
    assert.same(expected, findings())
    local words = store:check() or select(3, store:check()).findings:to_csv()
    assert(core.store.seal(store, 8))
    assert.equal(0, store:sql("select count(*) as n from main.cases")[1].n)
    assert.same(expected, findings())
    assert.equal(words, select(3, store:check()).findings:to_csv())
    -- one case of a block is put right, one is a plain row that is wrong; both still hide sealed rows
    assert(store:update("cases", "V006", { agency = "Đội 1" }))
    assert(place.sqlite(path, [[update cases set date = '2025-1-9' where "case" = 'V006']]))
    expected[3] = "cases V006 date 2025-1-9"
    assert.same(expected, findings())
    assert(store:update("cases", "V006", { date = "2025-01-09" }))
    table.remove(expected, 3)
    assert.same(expected, findings())
  end)

  it("finds plain lines and persons of cases that are nowhere, not those of sealed ones", function()
    assert(core.store.seal(store, 8))
    assert.is_true(store:check())
    assert(store:insert("lines", { case = "V011", line = 2, unit = "kg" }))
    assert(store:insert("persons", { case = "V012", line = 3 }))
    assert.is_true(store:check())
    assert(store:delete("persons", "case = 'V020'"))
    assert(store:delete("lines", "case = 'V020'"))
    assert(store:delete("cases", "case = 'V020'"))
    assert.is_true(store:check())
    if not place.sqlite(path, [[insert into lines ("case", line) values ('V020', 1), ('V021', 5), ('W', 1);
        insert into persons ("case", line) values ('V020', 2), ('A', 1), ('V021', 9)]]) then
      return pending "the sqlite3 command is not installed"
    end
    assert.same({ "lines V020/1 case V020", "lines W/1 case W", "persons A/1 case A", "persons V020/2 case V020" }, findings())
  end)
end)

describe("the list of sealed cases that are no more", function()
  it("is refused when it was damaged, or the answer is right all the same", function()
    local folder = place.folder()
    local path, bytes = flips.store(folder, true)
    local pages, size = flips.pages(path, { "unsealed" })
    if not pages then
      place.remove(folder)
      return pending "the sqlite3 command is not installed"
    end
    -- what a page says of itself, then its keys: all of it but what is empty
    local function counts(at) return pages[at // size] and (at % size < 14 or at % size >= size - 32) end
    local refused, right, wrong = flips.try(path, bytes, 0, #bytes, 1, counts)
    place.remove(folder)
    assert.same({}, wrong)
    assert(refused >= 40, refused .. " refused, " .. right .. " right")
  end)
end)
