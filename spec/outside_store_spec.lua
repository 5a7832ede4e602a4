-- What another program wrote into a store of plain rows: an empty cell is a missing one, a cell that is no number or no date
-- refuses the question, with the way to its row. Values worked out by hand.
local expect = require "spec.support.expect"
local mekong = require "mekong"
local place = require "spec.support.store_place"

local folder

-- Three cases of 1, 2 and 2 kg; what `sql` does to them is done by the sqlite3 command while no one has the store open.
local function edited(sql)
  local path = folder .. "/outside.db"
  for _, name in ipairs { path, path .. "-wal", path .. "-shm" } do os.remove(name) end
  local store = assert(mekong.open(path))
  assert(store:load("cases", { name = "a.csv", text = "case,phase,date,quantity,unit,value_vnd\n" ..
    "A,5,2023-05-01,1,kg,100\nB,5,2023-05-02,2,kg,200\nC,6,2024-05-02,2,kg,300\n" }))
  store:close()
  if not place.sqlite(path, sql) then return nil end
  return assert(mekong.open(path, { locale = "en" }))
end

local function each_row(store) return store.cases:filter(function() return true end) end

describe("rows that another program wrote", function()
  setup(function() folder = place.folder() end)
  teardown(function() place.remove(folder) end)

  it("have no quantity where the cell is an empty text: not 0, and not known", function()
    for _, empty in ipairs { "''", "NULL" } do
      local store = edited("update lines set quantity = " .. empty .. ", value_vnd = " .. empty .. [[ where "case" = 'B']])
      if not store then return pending "the sqlite3 command is not installed" end
      for _, d in ipairs { store.cases, each_row(store) } do
        local sum = d:sum("quantity")[1]
        assert.equal("at least 3 kg", tostring(sum.kg))
        assert.equal(1, sum.missing)
        local t = d:agg("mean = mean(quantity in kg)", "least = min(quantity in kg)", "vnd = sum(value_vnd)", "mid = median(value_vnd)")[1]
        assert.equal("1.5 kg", tostring(t.mean))
        assert.equal("1 kg", tostring(t.least))
        assert.equal("at least 400", tostring(t.vnd))
        assert.equal("100", tostring(t.mid))
        local stats = d:stats("quantity", "n missing")[1]
        assert.same({ 2, 1 }, { stats.n, stats.missing })
        assert.equal(1, d:where("quantity is missing"):count()[1].n)
      end
      store:close()
    end
  end)

  it("are not counted where a quantity is no number, however near it comes to one", function()
    for _, text in ipairs { "-", ".", "5.", ".5", "1.2.3", "1-", "1,5", "1e3", " 5" } do
      local store = edited(("update lines set quantity = '%s' where \"case\" = 'B'"):format(text))
      if not store then return pending "the sqlite3 command is not installed" end
      for _, d in ipairs { store.cases, each_row(store) } do
        local message = expect.raises("type", function() return d:agg("kg = sum(quantity in kg)"):to_csv() end)
        assert.truthy(message:find("'" .. text .. "' is not of type decimal", 1, true), message)
        assert.truthy(message:find("store:check() names the row", 1, true), message)
      end
      local sound, _, info = store:check()
      assert.is_nil(sound)
      assert.same({ "B/1" }, info.findings:col "key")
      store:close()
    end
  end)

  it("are in no month where the date is none: the question is refused, not the row left out", function()
    local store = edited [[update cases set date = '14/8/2025' where "case" = 'B']]
    if not store then return pending "the sqlite3 command is not installed" end
    for _, d in ipairs { store.cases, each_row(store) } do
      for _, ask in ipairs { function() return d:series "month" end, function() return d:count "month" end,
        function() return d:count "year(date)" end, function() return d:where("date < 2025-01-01"):count() end } do
        local message = expect.raises("syntax", function() return tostring(ask()) end)
        assert.truthy(message:find("'14/8/2025' is not an ISO date", 1, true), message)
        assert.truthy(message:find("store:check() names the row", 1, true), message)
      end
    end
    store:close()
  end)

  it("without a unit stand apart, and one column for all names them", function()
    local store = edited [[update lines set unit = NULL where "case" = 'B']]
    if not store then return pending "the sqlite3 command is not installed" end
    local message = expect.raises("unit", function() return store.cases:agg("q = sum(quantity)"):to_csv() end)
    assert.truthy(message:find("cannot hold quantities in kg and without a unit", 1, true), message)
    store:close()
  end)
end)
