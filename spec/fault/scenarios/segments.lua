-- Columns are kept in the file, rows change, and the columns are read again: the answer is right or there is none.
local names = { "phase", "agency", "quantity", "suspects" }
local function answer(store)
  local core = require "mekong.core"
  local sql, types, at = {}, {}, {}
  for i, column in ipairs(require "mekong.plan".source(store, "cases").columns) do
    sql[i], types[i], at[column.name] = column.sql, column.type:match "^%a+", i
  end
  local source = { key = 'c."case"', sql = sql, types = types, block = 4,
    from = 'cases c LEFT JOIN lines l ON l."case" = c."case" ORDER BY c."case", l."line"',
    state = "SELECT sum(n) FROM counters WHERE tab IN ('cases', 'lines')" }
  local wanted = {}
  for i, column in ipairs(names) do wanted[i] = at[column] end
  local image = core.engine.image(store, source)
  local info = core.engine.need(store, image, source, wanted)
  local scanned = core.engine.scan(store, image, {}, {}, 1, { { kind = "cases" }, { kind = "sum", column = at.quantity },
    { kind = "sum", column = at.suspects, by_case = true } })
  local whole = core.engine.unite(scanned)
  local sums = core.engine.sums(whole, 2)[1]
  return table.concat({ info.rows, core.engine.numbers(whole, 1)[1], sums.sum[1], sums.missing[1], core.engine.sums(scanned, 3)[1].sum[1],
    table.concat(core.engine.entries(image, at.agency), ",") }, " ")
end
local function fill(store)
  local cases, lines = {}, {}
  for i = 1, 12 do
    cases[i] = { case = ("V%02d"):format(i), phase = 1 + i % 7, agency = "Đội " .. i % 3, suspects = i }
    lines[i] = { case = cases[i].case, line = 1, quantity = i % 4 > 0 and i .. ".5" or nil, unit = "kg" }
  end
  assert(store:insert("cases", cases))
  assert(store:insert("lines", lines))
end
local before, after = "12 12 58.5 3 78 Đội 1,Đội 2,Đội 0", "12 12 60.5 3 78 Đội 1,Đội 2,Đội 0"
local function use(store)
  assert(answer(store) == before, "a wrong answer")
  assert(store:update("lines", { "V06", 1 }, { quantity = "8.5" }))
  assert(answer(store) == after, "a wrong answer after a change")
  assert(answer(store) == after, "a wrong answer from what is kept")
end
return {
  sparse = 20,
  setup = function()
    local store = assert(require("mekong").open ":memory:")
    fill(store)
    return store
  end,
  run = use,
  check = function(store)
    local changed = store:sql("select quantity as q from lines where \"case\" = 'V06'")[1].q == "8.5"
    assert(answer(store) == (changed and after or before), "a wrong answer after a fault")
    assert(store:check())
    assert(store:unseal())
    assert(store:check())
    store:close()
  end,
  fill = fill,
  answer = answer,
}
