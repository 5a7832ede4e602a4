-- Rows are sealed, read, changed, sealed again and unsealed: an answer is right or there is none, and nothing is lost.
local core = require "mekong.core"
local function fill(store)
  local cases, lines, persons = {}, {}, {}
  for i = 1, 9 do
    cases[i] = { case = ("V%02d"):format(i), phase = 1 + i % 7, agency = "Đội " .. i % 3, suspects = i }
    lines[i] = { case = cases[i].case, line = 1, quantity = i % 4 > 0 and i .. ".5" or nil, unit = "kg" }
    persons[i] = { case = cases[(i + 1) // 2].case, line = i, count = i, role = "người " .. i % 2 }
  end
  assert(store:insert("cases", cases))
  assert(store:insert("lines", lines))
  assert(store:insert("persons", persons))
end
local function change(store)
  assert(store:transaction(function()
    assert(store:update("lines", { "V06", 1 }, { quantity = "8.5" }))
    assert(store:insert("lines", { case = "V07", line = 2, unit = "g", quantity = "3" }))
    assert(store:delete("lines", { case = "V08" }))
    assert(store:update("persons", { "V02", 4 }, { count = 40 }))
    assert(store:insert("persons", { case = "V01", line = 30, count = 5 }))
    assert(store:insert("cases", { case = "V055", phase = 2 }))
    return true
  end))
end
local function ask(store)
  local n = store:sql('select count(*) as n, sum(suspects) as s from cases where "case" > ?', "V03")[1]
  local people = tostring(store:from("persons"):by("role"):agg("n = count()", "s = sum(count)"))
  return n.n .. " " .. n.s .. " " .. people .. tostring(store.cases:by("phase"):agg("n = count()", "q = sum(quantity in kg)"))
end
local function expected()
  local store <close> = assert(require("mekong").open ":memory:")
  fill(store)
  local first = { ask(store), store:digest() }
  change(store)
  return first, { ask(store), store:digest() }
end
local before, after = expected()
-- Whether the rows are as after the change; they must be as before it or after.
local function changed(store)
  local digest = store:digest()
  assert(digest == before[2] or digest == after[2], "rows are not as before or after")
  return digest == after[2]
end
local function right(store)
  local now = changed(store) and after or before
  assert(ask(store) == now[1], "a wrong answer")
  return now == after
end
return {
  sparse = 20,
  setup = function()
    local store = assert(require("mekong").open ":memory:")
    fill(store)
    return store
  end,
  run = function(store)
    assert(core.store.seal(store, 4))
    assert(ask(store) == before[1], "a wrong answer")
    change(store)
    assert(ask(store) == after[1], "a wrong answer after changes")
    assert(core.store.seal(store))
    assert(ask(store) == after[1], "a wrong answer after they are sealed")
    assert(store:unseal())
  end,
  check = function(store)
    if not right(store) then change(store) end
    assert(right(store))
    assert(core.store.seal(store, 4))
    assert(store:check())
    assert(right(store))
    store:close()
  end,
  fill = fill,
  change = change,
  changed = changed,
}
