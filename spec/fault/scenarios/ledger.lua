-- The public ledger is loaded into a new store.
local function use(mekong)
  local store <close> = assert(mekong.omd())
  return store:digest()
end
return {
  setup = function() return require "mekong" end,
  run = use,
  check = function(mekong)
    assert(use(mekong) == use(mekong), "two ledgers differ")
  end,
}
