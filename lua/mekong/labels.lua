-- labels: what column names, phases, categories and verdicts are called in print, in Vietnamese and English.
local labels = {}

-- In Vietnamese, then in English; as texts, since most of them are not asked for.
local columns = {
  phase = "Giai đoạn|Phase", date = "Từ ngày|From", day = "Ngày|Date", date_to = "Đến ngày|To",
  days = "Số ngày|Days", members = "Thành viên|Members", cases = "Số vụ|Cases",
  suspects = "Đối tượng|Suspects", drug = "Ma túy|Drugs",
  precursor = "Tiền chất|Precursors", wildlife = "Động, thực vật hoang dã|Wildlife",
  drug_precursor = "Ma túy và tiền chất|Drugs and precursors",
  against = "So với|Against", difference = "Chênh lệch|Difference", percent = "Thay đổi|Change",
  times = "Gấp|Times", per_day = "Bình quân ngày|Per day",
  percent_per_day = "Thay đổi bình quân ngày|Change per day",
  comparable = "Lưu ý khi so sánh|Comparability",
  stated = "Công bố nêu|Stated", cumulative = "Lũy kế|Cumulative", unknown = "Chưa rõ|Unknown",
  share = "Tỷ trọng|Share", source = "Nguồn|Source", others = "Nguồn khác nêu|Other sources",
  category = "Nhóm hàng|Category", item = "Mặt hàng|Item", scope = "Phạm vi|Scope",
  period = "Kỳ|Period", unit = "Đơn vị|Unit", claim = "Công bố|Claim",
  counted = "Tính được|Derived", verdict = "Kết luận|Verdict", needs = "Cần thêm|Takes",
  meeting = "Hội nghị|Meeting", ordinal = "Lần thứ|No.", place = "Nơi|Place",
  outcome = "Kết quả|Outcome", attendance = "Tham dự|Attendance", parties = "Các bên|Parties",
  statement = "Tuyên bố|Statement", plan = "Kế hoạch|Plan", unit_a = "Đơn vị bên A|Unit, side A",
  unit_b = "Đơn vị bên B|Unit, side B", party_a = "Bên A|Side A", party_b = "Bên B|Side B",
  places = "Địa bàn|Places", status = "Trạng thái|Status", country = "Nước|Country",
  level = "Cấp|Level", force = "Lực lượng|Force", count = "Số lượng|Number",
  kind = "Loại|Kind", measure = "Chỉ tiêu|Measure", subject = "Chủ thể|Subject",
  series = "Chuỗi|Series", title = "Tiêu đề|Title", outlet = "Cơ quan|Outlet",
  note = "Ghi chú|Note", value = "Giá trị|Value", text_ref = "Nội dung|Reference",
  kg = "Khối lượng|Mass", pills = "Số viên|Tablets", units = "Số lượng khác|Other quantities",
  quantity = "Số lượng|Quantity", origin = "Nước đi|Origin", destination = "Nước đến|Destination",
  items = "Riêng từng mặt hàng|Single items",
  number = "Số|No.", label = "Nhãn|Label",
  mass = "Khối lượng|Mass", individuals = "Số cá thể|Individuals", volume = "Thể tích|Volume",
  specimens = "Số mẫu vật, sản phẩm|Specimens and products", money = "Trị giá|Value",
  percent_change = "Thay đổi phần trăm|Percent change", times_change = "Thay đổi theo lần|Change in times",
  percent_share = "Tỷ lệ phần trăm|Percent share", duration = "Thời gian|Duration",
  focal_points = "Số đầu mối|Focal points", alerts = "Số cảnh báo|Alerts", reports = "Số báo cáo|Reports",
  delegates = "Số đại biểu|Delegates",
  case = "Mã vụ|Case", line = "Dòng|Line", lines = "Số dòng|Lines", reporter = "Đơn vị báo cáo|Reporter",
  partner = "Đối tác|Partner", agency = "Cơ quan|Agency", province = "Tỉnh, thành|Province",
  channel = "Loại hình|Channel", direction = "Chiều|Direction", detection = "Cách phát hiện|Detection",
  role = "Vai trò|Role", joint = "Phối hợp|Joint", intel = "Nguồn tin từ|Intelligence from",
  transit = "Nước quá cảnh|Transit", dest = "Nước đến|Destination", dup_of = "Trùng với|Duplicate of",
  commodity = "Tên hàng|Commodity", form = "Dạng|Form", value_vnd = "Trị giá|Value",
  suspected = "Nghi vấn|Suspected", included_in = "Nằm trong|Part of",
  equivalent_of = "Tương đương với|Equivalent of", missing = "Thiếu số liệu|Not stated",
  variants = "Cách viết|Spellings", year = "Năm|Year", quarter = "Quý|Quarter",
  month = "Tháng|Month", week = "Tuần|Week", pill = "Số viên|Pills",
  individual = "Số cá thể|Individuals", specimen = "Số mẫu vật|Specimens", product = "Số sản phẩm|Products",
  individual_or_product = "Số cá thể, sản phẩm|Individuals and products", l = "Thể tích|Volume",
  m3 = "Thể tích|Volume", no_unit = "Không rõ đơn vị|Unit not stated", total = "Tổng|Total",
  mean = "Trung bình|Mean", median = "Trung vị|Median", min = "Nhỏ nhất|Smallest",
  max = "Lớn nhất|Largest", sum = "Tổng cộng|Sum",
  bag = "Số túi|Bags", bottle = "Số chai|Bottles", box = "Số hộp|Boxes", cake = "Số bánh|Cakes",
  carton = "Số thùng|Cartons", container = "Số công-ten-nơ|Containers", gun = "Số khẩu súng|Guns",
  pack = "Số bao|Packs", packet = "Số gói|Packets", parcel = "Số kiện|Parcels", piece = "Số chiếc|Pieces",
  stick = "Số điếu|Sticks", tree = "Số cây|Trees", vehicle = "Số xe|Vehicles",
}

-- What can be announced as a number.
labels.measures = { "alerts", "cases", "count", "delegates", "duration", "focal_points", "individuals", "mass", "members", "money",
  "ordinal", "percent_change", "percent_share", "pills", "reports", "specimens", "suspects", "times_change", "volume" }

local words = {
  drug = "ma túy|drugs", precursor = "tiền chất|precursors",
  wildlife = "động, thực vật hoang dã|wildlife", drug_precursor = "ma túy và tiền chất|drugs and precursors",
  ["khớp"] = "khớp|match", ["khớp với cận"] = "khớp với cận|within bounds",
  ["trái cận"] = "trái cận|against bounds", ["không so được"] = "không so được|not comparable",
  ["mâu thuẫn"] = "mâu thuẫn|contradiction",
  ["đứng yên"] = "đứng yên|frozen", ["giảm"] = "giảm|falls", ["Khác"] = "Khác|Others",
  ["Tổng"] = "Tổng|Total", ["(thiếu)"] = "(thiếu)|(missing)",
  ["(chưa phân loại)"] = "(chưa phân loại)|(not classified)",
  proposed = "đề xuất|proposed", national = "quốc gia|national", level_2 = "cấp 2|level 2",
  customs = "hải quan|customs", police = "công an|police", all = "các lực lượng|all forces",
  cases = "số vụ|cases", mass = "khối lượng|mass", suspects = "số đối tượng|suspects",
  pills = "số viên|tablets", individuals = "số cá thể|individuals", volume = "thể tích|volume",
  specimens = "số mẫu vật, sản phẩm|specimens and products", money = "trị giá|value", count = "số lượng|number",
  percent_change = "thay đổi phần trăm|percent change", times_change = "thay đổi theo lần|change in times",
  percent_share = "tỷ lệ phần trăm|percent share", focal_points = "số đầu mối|focal points",
  alerts = "số cảnh báo|alerts", reports = "số báo cáo|reports", delegates = "số đại biểu|delegates",
  members = "số thành viên|members", duration = "thời gian|duration", ordinal = "thứ tự|ordinal",
  information = "chia sẻ thông tin|information shared", alert = "cảnh báo|alert", report = "báo cáo tổng kết|summary report",
}

local function pick(pair, locale) return pair:match(locale == "en" and "|(.*)" or "^[^|]*") end

local measured = { max = "lớn nhất|largest", mean = "trung bình|mean", median = "trung vị|median", min = "nhỏ nhất|smallest",
  sum = "tổng|sum" }

-- The heading of a column in the given locale; the name itself when it has none. "mean(suspects)" says what of which,
-- "missing_kg" what is missing.
function labels.column(name, locale)
  local pair = columns[name]
  if pair then return pick(pair, locale) end
  local lacking = name:match "^missing_(.+)$"
  if lacking then return labels.column("missing", locale) .. ": " .. labels.column(lacking, locale) end
  local fn, of = name:match "^(%l%w*)%(([%w_]+)%)$"
  if not fn then fn, of = name:match "^(%l%w*)%(([%w_]+) in [%w_]+%)$" end
  local said = fn and measured[fn] or fn and fn:find "^p%d+$" and fn .. "|" .. fn
  return said and columns[of] and pick(columns[of], locale) .. ", " .. pick(said, locale) or name
end

local counts = { case = "Số vụ|Cases", line = "Số dòng|Rows" }

-- The heading of a column n that counts things of that unit; the name itself where nobody says what was counted.
function labels.count(unit, locale) return counts[unit] and pick(counts[unit], locale) end

-- Names of other things than numbers of cases or lines, which a user may give to such a number all the same.
local uncounted = " case phase date day date_to year quarter month week category item commodity form unit quantity origin destination dest "
  .. "transit agency reporter province place channel kg l m3 pill individual specimen product individual_or_product "

-- The heading of a column that counts things of that unit: its own name where that says something else; nil where the words
-- of the name fit.
function labels.counted(name, unit) return counts[unit] and uncounted:find(" " .. name .. " ", 1, true) and name or nil end

-- A code or verdict as a word of the locale; "thiếu 5" and "thừa 5" keep their number.
function labels.word(value, locale)
  local pair = words[value]
  if pair then return pick(pair, locale) end
  if locale == "en" then
    local short = value:match "^thiếu (.+)$"
    if short then return "short by " .. short end
    local over = value:match "^thừa (.+)$"
    if over then return "over by " .. over end
  end
  return value
end

local numerals = { { 1000, "M" }, { 900, "CM" }, { 500, "D" }, { 400, "CD" }, { 100, "C" }, { 90, "XC" }, { 50, "L" },
  { 40, "XL" }, { 10, "X" }, { 9, "IX" }, { 5, "V" }, { 4, "IV" }, { 1, "I" } }

-- 17 -> XVII, as conferences are numbered.
function labels.roman(n)
  local out = {}
  for _, step in ipairs(numerals) do
    while n >= step[1] do out[#out + 1], n = step[2], n - step[1] end
  end
  return table.concat(out)
end

-- Phase keys print as the campaign writes them: OMD5 -> V, OMD-AP -> AP, OMD1/OMD5 -> I–V.
function labels.phase(key)
  local from, to = key:match "^(.-)/(.+)$"
  if from then return labels.phase(from) .. "–" .. labels.phase(to) end
  local number = key:match "^OMD(%d+)$"
  if number then return labels.roman(math.tointeger(number)) end
  return (key:gsub("^OMD%-", ""))
end

-- "Giai đoạn|Phase": the names a column is also found by; nil when it has no printed name.
function labels.both(name) return columns[name] end

-- A wrong argument in a message: strings in quotes, everything else by its type.
function labels.quote(value)
  if type(value) == "string" then return "'" .. value .. "'" end
  return type(value) == "number" and tostring(value) or "a " .. type(value)
end

function labels.say(locale, vi, en) return locale == "en" and en or vi end

return labels
