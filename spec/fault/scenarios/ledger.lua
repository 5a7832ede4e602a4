-- The public ledger is loaded into a new store.
local function use(mekong)
  local store <close> = assert(mekong.omd())
  return store:digest()
end
return {
  sparse = 40,
  setup = function() return require "mekong" end,
  run = function(mekong)
    local _ <close> = assert(mekong.omd())
  end,
  check = function(mekong)
    assert(#use(mekong) == 64)
  end,
}
