-- Texts are read: plain, as a page, in an older character set, with names of one's own; readings print themselves.
local text = "Ngày 21-11, bắt giữ hơn 4.500 vụ (trong đó 59 vụ ma túy), tăng 2,15 lần so với giai đoạn 4; thu 1 tấn 250 kg."
local function use(mekong)
  local out = { tostring(mekong.read(text, { as_of = "20/11/2025" })) }
  out[2] = tostring(mekong.read("<p>Thu <b>12&nbsp;kg</b> heroin</p>", { locale = "en" }))
  out[3] = mekong.read(mekong.text.encode(text, "tcvn3"), { charset = "tcvn3" })[2].value
  return table.concat(out, "\n")
end

return {
  setup = function() return require "mekong" end,
  run = use,
  check = function(mekong) assert(use(mekong) == use(mekong)) end,
}
