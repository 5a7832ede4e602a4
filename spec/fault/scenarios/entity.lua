-- Names are looked up by all their ways, alike ones suggested, and one is added.
local function use(mekong)
  local out = {}
  for _, name in ipairs { "Hải quan Cao Bằng", "khu vực XVI (Cao Bằng)", "giai doan 5", "TP.HCM" } do
    out[#out + 1] = tostring(mekong.entity(name, { on = "2025-08-14" }))
  end
  out[#out + 1] = tostring(select(2, mekong.entity "khu vực XVI"))
  mekong.vocab:add("item", { ["bột trắng"] = "heroin" })
  out[#out + 1] = mekong.entity("BỘT TRẮNG").code
  return table.concat(out, "\n")
end
local function near(mekong) return tostring(select(2, mekong.entity("Cao Băng", { kind = "province" }))) end
return {
  sparse = 50,
  setup = function() return require "mekong" end,
  run = function(mekong) return use(mekong) .. near(mekong) end,
  check = function(mekong)
    assert(use(mekong):find("heroin", 1, true))
    assert(near(mekong):find("VN-04", 1, true))
  end,
}
