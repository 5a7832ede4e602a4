-- The format of sealed rows: what its description says gives back every row, so that another program can read a store by it.
local core = require "mekong.core"
local mekong = require "mekong"
local seeded = require "spec.support.seeded"
local sealed_rows = require "spec.support.sealed_rows"

local quantities = { "0", "1", "2.5", "0.001", "4951.9", "123456789012", "0.5", "9000000000000000001", "300", "70000" }

-- Cases with none to three lines and persons, most cells missing now and then, numbers of every width.
local function fill(store, random, first, last)
  local cases, lines, persons = {}, {}, {}
  local function maybe(value) return random(4) > 1 and value or nil end
  for i = first, last do
    local key = ("V%03d"):format(i) .. (i % 9 == 0 and " – Cửa khẩu" or "")
    cases[#cases + 1] = { case = key, phase = maybe(1 + i % 7), date = maybe(("2025-%02d-01"):format(1 + i % 12)), joint = maybe(i % 2 == 0),
      suspects = maybe(i % 3 == 0 and i * 100000 or i), province = maybe("Tỉnh " .. i % 5), note = maybe(("n"):rep(i % 4)) }
    for k = 1, i % 4 do
      lines[#lines + 1] = { case = key, line = k, category = maybe "drug", quantity = maybe(quantities[random(#quantities)]), unit = maybe "kg" }
      persons[#persons + 1] = { case = key, line = k, role = maybe "courier", nationality = maybe(i % 2 == 0 and "VN" or "LA"), count = maybe(i) }
    end
  end
  assert(store:insert("cases", cases))
  assert(store:insert("lines", lines))
  assert(store:insert("persons", persons))
end

-- Cells of all columns of a table, by key as in sealed_rows.
local function shown(store, name)
  local found, rows = store:sql("select * from " .. name), {}
  for row in found:rows() do
    local own = {}
    for _, column in ipairs(found:names()) do
      local cell = row[column]
      if type(cell) == "boolean" then cell = cell and 1 or 0 end
      own[column] = cell
    end
    rows[own.case .. (own.line and "\0" .. own.line or "")] = own
  end
  return rows
end

local function same(store)
  local rows = sealed_rows(store)
  for _, name in ipairs { "cases", "lines", "persons" } do assert.same(shown(store, name), rows[name]) end
end

describe("the description of sealed rows", function()
  it("is enough to read them", function()
    for seed, size in ipairs { 1, 5, 33, 1000 } do
      local random = seeded(seed)
      local store <close> = assert(mekong.open(":memory:"))
      fill(store, random, 1, 60)
      assert(core.store.seal(store, size))
      assert.equal(0, store:sql("select count(*) as n from main.\"cases\"")[1].n)
      same(store)
    end
  end)

  it("says what holds where rows were changed, columns defined and others came since", function()
    local store <close> = assert(mekong.open(":memory:"))
    fill(store, seeded(9), 1, 60)
    assert(core.store.seal(store, 16))
    assert(store:define("cases", { "late: decimal" }))
    assert(store:update("cases", "V010", { late = "7.25", note = "đã sửa" }))
    for _, name in ipairs { "persons", "lines", "cases" } do assert(store:delete(name, { case = "V021" })) end
    assert(store:insert("lines", { case = "V007", line = 9, category = "tobacco", quantity = "3", unit = "pill" }))
    fill(store, seeded(10), 61, 70)
    same(store)
    assert(core.store.seal(store, 16))
    same(store)
  end)
end)
