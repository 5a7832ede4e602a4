-- records: the ten questions most asked of case records, each in one line, on a made-up file that is as messy as real ones.
-- Run: lua5.4 examples/records.lua        (MEKONG_LOCALE=en for English)
local mekong = require "mekong"
local locale = os.getenv "MEKONG_LOCALE" or "vi"
local function say(vi, en) print("\n" .. (locale == "en" and en or vi)) end

local here = arg[0]:match "^(.*/)" or "./"
local omd <close> = assert(mekong.omd(nil, { locale = locale }))
local report = assert(omd:load("cases", here .. "records/ho-so-gia.csv"))
local d = omd.cases

say("HỒ SƠ VỤ VIỆC (SỐ LIỆU GIẢ ĐỂ MINH HỌA)", "CASE RECORDS (MADE-UP DATA, FOR ILLUSTRATION)")
print(report)
say("1. Số vụ theo giai đoạn", "1. Cases by phase")
local n = d:count "phase"
print(n)
say("2. Mỗi giai đoạn so với giai đoạn trước", "2. Each phase against the one before")
print(n:compare "phase")
say("3. Lũy kế đến ngày 14/8/2025", "3. Cumulative to 14 August 2025")
print(n:cumulative("phase",{to="14/8/2025"}))
say("4. Tỷ trọng từng nhóm hàng", "4. Share of each category")
print(d:count "category":share())
say("5. Tuyến giữa các nước", "5. Routes between countries")
print(d:matrix("origin","dest"))
say("6. Ba nước đi nhiều vụ nhất, kể cả đồng hạng, và phần còn lại", "6. The three leading origins, ties kept, and the rest")
print(d:count "origin":top(3,{others="Khác"}))
say("7. Giai đoạn VII theo tháng, tháng không có vụ vẫn hiện", "7. Phase VII by month, months without cases shown")
print(d:where "phase=7":series "month")
say("8. Số lượng thu giữ theo giai đoạn, mỗi đơn vị một cột", "8. Quantities by phase, one column a unit")
print(d:by "phase":sum "quantity")
say("9. Phân bố khối lượng một dòng tang vật: trung vị, phân vị", "9. Weight of a seizure line: median and percentiles")
print(d:where "unit=kg":stats "quantity")
say("10. Bảng in sẵn: nhóm hàng và giai đoạn, có tổng", "10. Ready to print: category by phase, with totals")
print(d:pivot("category","phase"):totals())
