-- bilateral: what the customs of Viet Nam and China did together, each line with its source.
-- Run: lua5.4 examples/bilateral.lua        (MEKONG_LOCALE=en for English)
local mekong = require "mekong"
local locale = os.getenv "MEKONG_LOCALE" or "vi"

local omd <close> = assert(mekong.omd(nil, { locale = locale }))
print("\n" .. (locale == "en" and "4. VIET NAM – CHINA" or "4. VIỆT NAM – TRUNG QUỐC"))
print(omd:bilateral("VN", "CN"))
