-- Records are filtered, grouped, joined and added up: the answer is right or there is none, and the store stays sound.
local function use(store)
  local some = store.cases:where "phase = 7 and note match 'ma tuy'"
  local t = some:by("phase", "key(agency)"):agg("n = count()", "kg = sum(quantity in kg)", "p50(suspects)")
  assert(#t == 1 and t[1].n == 2 and t[1].kg:is("2.5") and t[1].variants == "Cục A", "a wrong count")
  local joined = store.cases:join(store.cases:count "phase", "phase"):with("t = quantity in kg"):sort("t desc"):limit(1):table()
  assert(joined[1].case == "a" and joined[1].n == 2 and joined[1].t:is("2.5"), "a wrong row")
  assert(#store.cases:count("month") == 2, "a wrong list of months")
end
return {
  sparse = 40,
  setup = function()
    local store = assert(require("mekong").open ":memory:")
    assert(store:insert("sources", { { source = "s" } }))
    assert(store:insert("phases", { { phase = 7, source = "s", date = "2025-05-01", date_to = "2025-06-30" } }))
    assert(store:insert("cases", {
      { case = "a", phase = 7, date = "2025-05-01", agency = "Cục A", suspects = 2, note = "ma túy" },
      { case = "b", phase = 7, date = "2025-06-01", agency = "cục a", note = "có ma tuý" },
      { case = "c", phase = 7, dup_of = "a" } }))
    assert(store:insert("lines", { { case = "a", line = 1, quantity = "2.5", unit = "kg", category = "drug" } }))
    return store
  end,
  run = use,
  check = function(store)
    use(store)
    assert(store:check())
    store:close()
  end,
}
