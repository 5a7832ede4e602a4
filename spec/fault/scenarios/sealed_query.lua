-- Conditions on sealed cells, a small load beside sealed rows and new keys in a transaction: an answer is right or there is none.
local core = require "mekong.core"
local head = "case,date,line,category,quantity,unit\n"
local file = head .. "N1,2025-01-02,1,drug,2500,g\nN2,2025-01-03,1,drug,7,kg\nN3,2025-01-09,1,tobacco,1,pack\n"
local conditions = {
  [[select count(*) as n from cases where date in ('2025-01-02', '2025-01-03') and suspects in (2, 3, 7)]],
  [[select count(*) as n from mk_sealed_rows where date = '2025-01-02' and quantity in ('2.5', '2500')]],
  [[select count(*) as n from lines where line = 1 and unit = 'kg' and quantity in ('2.5', '7')]],
  [[select count(*) as n from (select c."case" from cases c join lines l on l."case" = c."case" where c.suspects > 2 order by 1, l.line)]],
  [[select count(*) as n from cases c where exists (select 1 from lines l where l."case" = c."case" and l.unit = 'kg')]],
}
local function fill()
  local store = assert(require("mekong").open ":memory:")
  local cases, lines = {}, {}
  for i = 1, 9 do
    cases[i] = { case = ("V%02d"):format(i), date = ("2025-01-%02d"):format(i % 3 + 1), phase = 5, suspects = i }
    lines[i] = { case = cases[i].case, line = 1, category = "drug", quantity = i % 2 == 0 and "2.5" or "7", unit = "kg" }
  end
  assert(store:insert("cases", cases))
  assert(store:insert("lines", lines))
  assert(core.store.seal(store, 4))
  assert(store:insert("cases", { case = "V06b" })) -- between sealed ones
  return store
end
local function ask(store)
  local out = {}
  for i, sql in ipairs(conditions) do out[i] = store:sql(sql)[1].n end
  out[#out + 1] = table.concat(core.store.alike(store, { "v03", "N2" }), ",")
  out[#out + 1] = tostring(store.cases:count("category", "unit"))
  out[#out + 1] = tostring(store.cases:count("phase"))
  return table.concat(out, " ")
end
local function load(store)
  local report = assert(store:load("cases", { text = file, name = "a.csv" }))
  assert(report.accepted == 3 and #report.likely == 2, "another report")
end
local function append(store)
  return store:transaction(function()
    local cases, lines = {}, {}
    for i = 1, 30 do
      cases[i] = { case = ("V%02dx"):format(i) }
      lines[i] = { case = cases[i].case, line = 1 }
    end
    assert(store:insert("cases", cases))
    assert(store:insert("lines", lines))
    return true
  end)
end
local function expected()
  local store <close> = fill()
  local out = { store:digest(), n = ask(store) }
  load(store)
  out[2] = store:digest()
  assert(append(store))
  out[3] = store:digest()
  return out
end
local right = expected()
return {
  sparse = 10,
  setup = fill,
  run = function(store)
    assert(ask(store) == right.n, "a wrong answer")
    load(store)
    assert(append(store))
  end,
  check = function(store)
    local digest, at = store:digest(), 1
    while at < 3 and digest ~= right[at] do at = at + 1 end
    assert(digest == right[at], "rows are of no state that there was")
    if at == 1 then load(store) end
    if at < 3 then assert(append(store)) end
    assert(store:digest() == right[3], "rows are not as they should be")
    assert(store:check())
    store:close()
  end,
}
