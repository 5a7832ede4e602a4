-- Cases with their lines are loaded into a store on disk: what was acknowledged is there, what was not is not in part.
local acknowledged = dofile "spec/support/acknowledged.lua"
local function text(key)
  return "mã vụ,ngày,mặt hàng,số lượng\n" .. key .. "1,14/8/2025,heroin,5 kg\n" .. key .. "1,14/8/2025,yaba,60 viên\n" .. key .. "2,31/2/2025,,\n"
end
return {
  afresh = true,
  kill = true,
  sparse = 4,
  setup = function() return require "mekong" end,
  run = function(mekong, env)
    local store <close> = assert(mekong.open(env.path))
    assert(store:load("cases", { text = text "a" }, { covers = "2025" }))
    acknowledged.say(env.path, "-done")
  end,
  check = function(mekong, env)
    local store <close> = assert(mekong.open(env.path))
    local cases, lines = #store:sql "select 1 from cases", #store:sql "select 1 from lines"
    assert(cases > 0 or not acknowledged.was(env.path, "-done"), "an acknowledged case is gone")
    assert(lines == 2 * cases, "a part of a load is there")
    assert(store:load("cases", { text = text "b" }))
    assert(#store:sql "select 1 from cases" == cases + 1)
    assert(store:check())
  end,
}
