-- Notes are searched, the rows change, and they are searched again: the answer is right or there is none.
local function ids(store, query)
  return table.concat(store:search("cases", query):col "case", " ")
end
local function use(store, note, expected)
  assert(ids(store, '"ma tuy" | đươ*') == expected[1], "a wrong hit")
  assert(store:update("cases", "b", { note = note }))
  assert(ids(store, '"ma tuy" | đươ*') == expected[2], "a wrong hit after a change")
end
return {
  sparse = 8,
  setup = function()
    local store = assert(require("mekong").open ":memory:")
    assert(store:insert("cases", { { case = "a", note = "bắt ma tuý, 1.715 vụ; thu\u{AD}ế; Москва" }, { case = "b", note = "dương" } }))
    return store
  end,
  run = function(store) use(store, "đường dây", { "a", "a b" }) end,
  check = function(store)
    assert(store:update("cases", "b", { note = "không" }))
    use(store, "đương", { "a", "a b" })
    assert(store:check())
    store:close()
  end,
}
