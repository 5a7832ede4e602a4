-- Columns are kept in a store on disk while its files fail: the answer is right or there is none, and opened again the store
-- holds the rows and nothing of the columns, or all of them.
local names = dofile "spec/fault/scenarios/segments.lua"
return {
  afresh = true,
  setup = function(_, env)
    local mekong = require "mekong"
    local store <close> = assert(mekong.open(env.path))
    names.fill(store)
    return mekong
  end,
  run = function(mekong, env)
    local store <close> = assert(mekong.open(env.path))
    assert(names.answer(store) == "12 12 58.5 3 78 Đội 1,Đội 2,Đội 0", "a wrong answer")
    assert(names.answer(store) == "12 12 58.5 3 78 Đội 1,Đội 2,Đội 0", "a wrong answer from what is kept")
  end,
  check = function(mekong, env)
    local store <close> = assert(mekong.open(env.path))
    assert(names.answer(store) == "12 12 58.5 3 78 Đội 1,Đội 2,Đội 0", "a wrong answer after a fault")
    assert(store:check())
    assert(store:sql("select count(*) as n from segments")[1].n == 15, "a part of the columns is there")
  end,
}
