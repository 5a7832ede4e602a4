-- Figures are read, calculated with and printed; names are folded.
local function use(mekong)
  local a, b = mekong.figure "hơn 4.500 vụ", mekong.figure(1715, "vụ")
  local text = tostring(a + b) .. tostring(a - b) .. mekong.figure("gần 2,3 tấn"):to("kg"):format()
  return text .. mekong.text.key "Ma Tuý, Lào Cai" .. mekong.text.nfc "Quảng Tri\u{323}"
end
return {
  setup = function() return require "mekong" end,
  run = use,
  check = function(mekong) assert(use(mekong) == use(mekong)) end,
}
