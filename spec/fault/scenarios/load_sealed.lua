-- A file of cases becomes sealed columns of a store in memory: all of it or nothing.
local core = require "mekong.core"
local function text(key)
  local list = { "case,phase,date,category,quantity,unit" }
  for i = 1, 6 do list[#list + 1] = ("%s%d,%d,%d/8/2025,drug,%d.5,kg"):format(key, i, 4 + i % 3, i, i) end
  return table.concat(list, "\n") .. "\n"
end
local function count(store, what) return store:sql("select count(*) as n from " .. what)[1].n end
return {
  sparse = 20,
  setup = function()
    local store = assert(require("mekong").open ":memory:")
    assert(core.store.seal(store, 4))
    return store
  end,
  run = function(store)
    assert(store:load("cases", { text = text "a" }))
    assert(count(store, "main.cases") == 0, "the rows are not sealed")
    assert(store.cases:where("phase = 5"):agg("kg = sum(quantity in kg)")[1].kg:is "6", "a wrong sum")
  end,
  check = function(store)
    local n = count(store, "cases")
    assert(n % 6 == 0 and count(store, "lines") == n, "a part of a load is there")
    assert(store:load("cases", { text = text "b" }))
    assert(count(store, "cases") == n + 6)
    assert(store:check())
    store:close()
  end,
}
