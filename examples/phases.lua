-- phases: the phases of the campaign side by side, and how each compares with the one before.
-- Run: lua5.4 examples/phases.lua        (MEKONG_LOCALE=en for English)
local mekong = require "mekong"
local locale = os.getenv "MEKONG_LOCALE" or "vi"
local function say(vi, en) print("\n" .. (locale == "en" and en or vi)) end

local omd <close> = assert(mekong.omd(nil, { locale = locale }))
local claims = omd:claims()

say("1. CÁC GIAI ĐOẠN CỦA CHIẾN DỊCH CON RỒNG MÊ KÔNG", "1. PHASES OF OPERATION MEKONG DRAGON")
print(omd:phase_table())
say("Số lượng thu giữ, mỗi đơn vị một cột, không cộng gộp", "Quantities seized, one column a unit, never added")
print(claims:table("quantity", { by = { "phase", "category" } }))

say("2. SO SÁNH GIỮA CÁC GIAI ĐOẠN", "2. CHANGES BETWEEN PHASES")
local cases = claims:table "cases"
print(cases:compare("phase", { per = "day" }))
say("So với giai đoạn gần nhất có số liệu", "Against the latest phase whose number is known")
print(cases:compare("phase", { against = "previous known", per = "day" }))
