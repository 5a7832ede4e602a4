-- Numbers are read in words and written in words.
local function use(mekong)
  local number, words = mekong.text.number, mekong.text.words
  local text = tostring(number "hơn hai nghìn ba trăm linh năm vụ") .. tostring(number "lần thứ XVII") .. tostring(number "giai đoạn VII")
  text = text .. select(2, number "ba nghìn năm") .. select(2, number "hai ba vụ") .. select(3, number "bà ba")
  text = text .. words(1745005) .. words("-32.75") .. words(17, { ordinal = true }) .. words(17, { ordinal = "roman" })
  return text .. words(mekong.figure "hơn 4.500 vụ (trong đó có 5 kg)", { tone = "new" })
end
return {
  setup = function() return require "mekong" end,
  run = use,
  check = function(mekong) assert(use(mekong) == use(mekong)) end,
}
