-- cumulative: the campaign's total with honest bounds, held against what was announced.
-- Run: lua5.4 examples/cumulative.lua        (MEKONG_LOCALE=en for English)
local mekong = require "mekong"
local locale = os.getenv "MEKONG_LOCALE" or "vi"
local function say(vi, en) print("\n" .. (locale == "en" and en or vi)) end

local omd <close> = assert(mekong.omd(nil, { locale = locale }))
local cases = omd:claims():table "cases"

say("3. LŨY KẾ CÓ CẬN", "3. CUMULATIVE TOTALS WITH BOUNDS")
print(cases:cumulative "phase")
say("Tính đến ngày 14/8/2025", "Up to 14 August 2025")
local upto = cases:cumulative("phase", { to = "14/8/2025" })
print(upto)
say("Đối chiếu với công bố \"hơn 4.500 vụ\" ngày 14/8/2025", "Held against \"hơn 4.500 vụ\" (more than 4,500 cases), announced on 14 August 2025")
print(upto:reconcile "hơn 4.500 vụ")
