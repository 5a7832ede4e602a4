-- Rows written part by part: the same bytes as those of the whole table read row by row, and a file that is whole or as it was.
local core = require "mekong.core"
local csv = require "mekong.render.csv"
local engine = require "mekong.engine"
local expect = require "spec.support.expect"
local frame = require "mekong.frame"
local json = require "mekong.render.json"
local lines = require "mekong.render.lines"
local mekong = require "mekong"
local place = require "spec.support.store_place"

local notes = { "=1+1", " vào trước", "hai\ndòng", 'ngoặc "kép"', "một, hai", "\u{202E}ngược", "-5", "ma tuý" }

local function filled(path)
  local store, cases, rows = assert(mekong.open(path)), {}, {}
  for i = 1, 200 do
    cases[i] = { case = ("V%03d"):format(i), phase = i % 6 > 0 and 1 + i % 7 or nil, joint = i % 3 == 0, suspects = i % 4 > 0 and i or nil,
      date = i % 5 > 0 and ("2025-01-%02d"):format(1 + i % 28) or nil, agency = i % 7 > 0 and "Đội " .. i % 13 or nil, note = notes[i % 11] }
    for k = 1, i % 3 do
      rows[#rows + 1] = { case = cases[i].case, line = k, category = k == 1 and "drug" or "tobacco", quantity = i % 9 > 0 and i .. ".25" or nil,
        unit = i % 2 == 0 and "kg" or "pill", suspected = k == 2 }
    end
  end
  assert(store:insert("cases", cases))
  assert(store:insert("lines", rows))
  return store
end

local questions = {
  function(d) return d end,
  function(d) return d:where "phase = 2 or suspects > 150" end,
  function(d) return d:where "quantity in kg > 30":select("case", "quantity") end,
  function(d) return d:where("agency = $1", { "đội 3" }):where "line = 1" end,
  function(d) return d:where "note match 'ma tuy'" end,
  function(d) return d:where "case = 'V007'" end,
  function(d) return d:where "case = 'nothing'" end,
  function(d) return d:select("note", "case") end,
  function(d) return d:limit(0) end,
  function(d) return d:limit(20):limit(8):select("case", "joint") end,
  function(d) return d:where("joint"):limit(30) end,
  function(d) return d:limit(50):where "joint" end,
  function(d) return d:sort "date desc, case":limit(33) end,
  function(d) return d:with("tons = quantity in tấn"):limit(40) end,
}

local function hold_together(store)
  local written = 0
  for _, part in ipairs { 7, 64, 10000 } do
    for k, ask in ipairs(questions) do
      engine.plain(store, true)
      local t = ask(store.lines):table()
      engine.plain(store, false)
      engine.scans(store, { least_rows = 0, few = 1, part = part })
      local what = ("question %d, %d rows at a time"):format(k, part)
      assert.equal(t:to_csv(), lines.whole(csv.pieces(frame.parts(ask(store.lines)), {})), what)
      assert.equal(t:to_json { lines = true }, lines.whole(json.pieces(frame.parts(ask(store.lines)))), what)
      assert.equal(t:to_text(), ask(store.lines):table():to_text(), what)
      written = written + #t
    end
  end
  assert(written > 2000, written)
end

describe("rows written part by part", function()
  it("are those of the table, of plain rows and of sealed ones with changes between them", function()
    local store <close> = filled ":memory:"
    hold_together(store)
    assert(core.store.seal(store, 32))
    hold_together(store)
    assert(store:update("cases", "V100", { note = "sửa, sau" }))
    assert(store:delete("lines", "case = 'V050' and line = 1"))
    assert(store:insert("cases", { case = "V0505", note = "mới" }))
    hold_together(store)
  end)

  it("come from one state of the store, whatever is written meanwhile", function()
    local store <close> = filled ":memory:"
    engine.scans(store, { least_rows = 0, few = 1, part = 10 })
    local whole, parts = store.cases:table():to_csv(), frame.parts(store.cases)
    local pieces, list = csv.pieces(parts, {}), {}
    for k = 1, 4 do list[k] = pieces() end
    assert(store:delete("lines", "line > 0"))
    assert(store:delete("cases", "phase < 5"))
    for piece in pieces do list[#list + 1] = piece end
    assert.equal(whole, table.concat(list))
  end)

  it("are right when more different values come than are kept", function()
    local store <close> = assert(mekong.open ":memory:")
    local t = store:sql("with recursive c(i) as (select 1 union all select i + 1 from c where i < 45000) " ..
      "select 'số ' || i as a, i % 3 as b, case when i % 5 = 0 then i end as c from c")
    local list, objects = { "a,b,c\n" }, {}
    for i = 1, 45000 do
      list[i + 1] = ("số %d,%d,%s\n"):format(i, i % 3, i % 5 == 0 and i or "")
      objects[i] = ('{"a":"số %d","b":%d,"c":%s}\n'):format(i, i % 3, i % 5 == 0 and i or "null")
    end
    assert.is_true(table.concat(list) == t:to_csv())
    assert.is_true(table.concat(objects) == t:to_json { lines = true })
  end)

  it("keep a line that would be empty, and columns without any cell", function()
    local store <close> = assert(mekong.open ":memory:")
    assert.equal('a\n""\n5\n', store:sql("select null as a union all select 5"):to_csv())
    assert.equal("a,b,c\n,5,\n,,\n", store:sql("select null as a, 5 as b, null as c union all select null, null, null"):to_csv())
    assert.equal('{"a":null,"b":5,"c":null}\n', store:sql("select null as a, 5 as b, null as c"):to_json { lines = true })
    assert.equal("a,b\n", store:sql("select 1 as a, 2 as b where 0"):to_csv())
    assert.equal("", store:sql("select 1 as a where 0"):to_json { lines = true })
  end)
end)

describe("a file written piece by piece", function()
  local folder
  before_each(function() folder = place.folder() end)
  after_each(function() place.remove(folder) end)
  local function names() return expect.run("ls -A " .. expect.quoted(folder)) end

  local function counted(last, fail)
    local i = 0
    return function()
      i = i + 1
      if i == fail then error("no more", 0) end
      return i <= last and "piece " .. i .. "\n" or nil
    end
  end

  it("is put in place when the last piece is there", function()
    local path, seen = place.write(folder .. "/a.csv", "old"), nil
    local pieces = counted(3)
    assert.is_true(core.file.stream(path, function()
      seen = place.read(path)
      return pieces()
    end))
    assert.equal("old", seen)
    assert.equal("piece 1\npiece 2\npiece 3\n", place.read(path))
    assert.is_true(core.file.stream(folder .. "/b.csv", counted(0)))
    assert.equal("", place.read(folder .. "/b.csv"))
    assert.equal("a.csv\nb.csv\n", names())
  end)

  it("is as it was when a piece fails or is no text, and nothing is left beside it", function()
    local path = place.write(folder .. "/a.csv", "old")
    local ok, message = pcall(core.file.stream, path, counted(3, 3))
    assert.same({ false, "no more" }, { ok, message })
    assert.is_false(pcall(core.file.stream, path, function() return {} end))
    expect.fails("missing", core.file.stream, folder .. "/none/a.csv", counted(3))
    assert.equal("old", place.read(path))
    assert.equal("a.csv\n", names())
  end)
end)
