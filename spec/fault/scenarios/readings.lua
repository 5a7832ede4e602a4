-- Figures, dates and phases read from text, good and bad; the account and the sources of results.
local function use(mekong)
  local core = require "mekong.core"
  local a = mekong.figure("395 kg (trong đó có gần 104.410 viên)", { source = "S2", policy = { nearly = "[0.9x,x)" } })
  local b = mekong.figure("từ 1,5 đến 2,25 tấn", { sources = { "S1", "S2" } })
  local out = { (a + b):why(), a.includes[1]:say { locale = "en" }, tostring((a / b).lo), tostring(a:change(b)) }
  for _, text in ipairs { "18-19/11/2025", "ngày 15 tháng 4 năm 2025", "30/2/2025" } do
    local ok, iso = pcall(core.date.parse, text)
    out[#out + 1] = ok and mekong.fmt.date(iso) or "refused"
  end
  for _, text in ipairs { "Con rồng Mê Kông VII", "giai đoạn 9" } do
    local ok, key = pcall(core.date.phase, text)
    out[#out + 1] = ok and key or "refused"
  end
  for _, text in ipairs { "818,303 kg", "tăng 2,15 lần", "5 vụ năm nay", "5 vụu", "2.3 vụ" } do
    out[#out + 1] = pcall(mekong.figure, text) and "read" or "refused"
  end
  return table.concat(out, "\n")
end

-- Under a fault a refusal may mean lack of memory; check runs without one.
return {
  setup = function() return require "mekong" end,
  run = use,
  check = function(mekong) assert(use(mekong) == use(mekong)) end,
}
