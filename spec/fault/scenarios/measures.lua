-- Measures, names of entities and words in a text are compiled, asked and printed as SQL, and the SQL is run.
local names = { "case", "phase", "date", "category", "suspects", "quantity", "unit", "note" }
local types = { "text", "phase", "date", "text", "int", "decimal measured", "unit", "text" }
local sql = { '"case"', "phase", "c.date", "channel", "suspects", "quantity", "unit", "c.note" }
local data = { { "a", "b" }, { "OMD7", "OMD-AP" }, { "2025-08", "2024" }, { "ma tuý", "x" }, { 3, 5 }, { "2.5", "100" }, { "kg", "g" },
  { "bắt ma túy", nil } }
local opts = { kinds = { false, false, false, "category" }, lookup = { { "category", "hàng lạ", "x" } } }
local function use(store)
  local core = require "mekong.core"
  local text = "tỉ lệ = (count() where category in ('ma túy', 'hàng lạ') and note match 'ma tuy') / count() + 2 * sum(suspects)"
  local agg = core.expr.aggregate(text, names, types, nil, nil, "agg", opts)
  local parts = agg:parts()
  assert(#parts == 3 and #parts[1].filter:filter(data, 2) == 1)
  assert(agg:name() == "tỉ lệ" and agg:eval { 1, 2, 8 }:is "16.5")
  local measure = core.expr.aggregate("sum(quantity in g) where date <= 2025 and phase > 1 and suspects + 1 > 2", names, types)
  local query = "select " .. measure:sql("sqlite", sql, { case = '"case"' }) .. ' as v from cases c join lines using ("case")'
  assert(store:sql(query)[1].v == "2600")
  local name, e = core.expr.with("kg = quantity in kg", names, types)
  assert(name == "kg" and e:eval(data, 2) == "0.1" and e:text() == "quantity in kg")
end
return {
  sparse = 20,
  setup = function()
    local store = assert(require("mekong").open ":memory:")
    assert(store:insert("cases", {
      { case = "a", phase = 7, date = "2025-08", suspects = 3 }, { case = "b", phase = "AP", date = "2024", suspects = 5 } }))
    assert(store:insert("lines", {
      { case = "a", line = 1, quantity = "2.5", unit = "kg" }, { case = "b", line = 1, quantity = 100, unit = "g" } }))
    return store
  end,
  run = use,
  check = function(store)
    use(store)
    store:close()
  end,
}
