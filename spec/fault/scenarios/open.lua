-- A store in memory is opened, asked and closed.
local function use(mekong)
  local store <close> = assert(mekong.open ":memory:")
  return store:digest()
end
return {
  setup = function() return require "mekong" end,
  run = use,
  check = use,
}
