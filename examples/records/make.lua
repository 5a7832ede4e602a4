-- make: writes the made-up sample of case records that examples/records.lua works on, messy in the ways of real files, and
-- knows what an honest reading of it comes to (the truth that the specs hold against the module's answers).
-- Run: lua5.4 examples/records/make.lua > examples/records/ho-so-gia.csv
-- Nothing in it happened: every case number begins with GIA (made up), agencies do not exist. Same bytes on every run.
local make = {}

-- A sequence of pseudo-random whole numbers from 1 to n, the same everywhere.
local function generator(seed)
  local state = seed
  return function(n)
    state = state * 6364136223846793005 + 1442695040888963407
    return (state >> 33) % n + 1
  end
end

local agencies = { "Đội Kiểm soát Hòa Thủy", "Đội Kiểm soát Mỹ Thúy", "Hải quan mẫu Khóa Sơn", "Hải quan mẫu Hóa Giang",
  "Đồn Biên phòng mẫu Quý Hòa", "Công an mẫu Thụy Lâm", "Cảng mẫu Tòa Xá" }
local provinces = { "Lạng Sơn", "Cao Bằng", "Lào Cai", "Quảng Ninh", "Nghệ An", "Hà Tĩnh", "Quảng Trị", "Tây Ninh", "An Giang" }
local channels = { "đường bộ", "đường biển", "hàng không", "bưu chính" }
local countries = { { "Lào", "LA" }, { "Trung Quốc", "CN" }, { "Thái Lan", "TH" }, { "Campuchia", "KH" }, { "Myanmar", "MM" }, { "Việt Nam", "VN" } }
local phases = {
  { key = "OMD5", said = { "5", "V", "giai đoạn 5", "OMD V", "OMD5" }, year = 2023, months = { 4, 5, 6, 7, 8, 9, 10 } },
  { key = "OMD6", said = { "6", "VI", "Giai đoạn 6", "OMD VI", "OMD6" }, year = 2024, months = { 5, 6, 7, 8, 9, 10 } },
  { key = "OMD7", said = { "7", "VII", "giai đoạn VII", "OMD VII", "OMD7" }, year = 2025, months = { 4, 5, 6, 8, 9 } },
}
-- item as written, its code, category as written and its code, unit, and how large a quantity is, in thousandths
local goods = {
  { "heroin", "heroin", "ma túy", "drug", "kg", 20000 }, { "ma túy đá", "methamphetamine", "ma túy", "drug", "kg", 90000 },
  { "ketamine", "ketamine", "ma túy", "drug", "kg", 15000 }, { "hồng phiến", "yaba", "ma túy", "drug", "viên", 9000000 },
  { "thuốc lắc", "mdma", "ma túy", "drug", "viên", 2000000 }, { "ngà voi", "ivory", "động, thực vật hoang dã", "wildlife", "kg", 60000 },
  { "tê tê", "pangolin", "động, thực vật hoang dã", "wildlife", "cá thể", 40000 },
  { "thuốc lá điếu", "cigarettes", "thuốc lá", "tobacco", "bao", 5000000 },
}

-- "1.250,5": thousandths as a Vietnamese number.
local function number(thousandths)
  local whole, rest = tostring(thousandths // 1000), ("%03d"):format(thousandths % 1000):gsub("0+$", "")
  whole = whole:reverse():gsub("(%d%d%d)", "%1."):reverse():gsub("^%.", "")
  return rest == "" and whole or whole .. "," .. rest
end

local old_new = { { "òa", "oà" }, { "óa", "oá" }, { "úy", "uý" }, { "ủy", "uỷ" }, { "ụy", "uỵ" } }
local loose = { ["ò"] = "o\u{300}", ["ó"] = "o\u{301}", ["ể"] = "ê\u{309}", ["ủ"] = "u\u{309}", ["ả"] = "a\u{309}" }
local capitals = {}
do
  local small = "àáảãạăằắẳẵặâầấẩẫậđèéẻẽẹêềếểễệìíỉĩịòóỏõọôồốổỗộơờớởỡợùúủũụưừứửữựỳýỷỹỵ"
  local large = "ÀÁẢÃẠĂẰẮẲẴẶÂẦẤẨẪẬĐÈÉẺẼẸÊỀẾỂỄỆÌÍỈĨỊÒÓỎÕỌÔỒỐỔỖỘƠỜỚỞỠỢÙÚỦŨỤƯỪỨỬỮỰỲÝỶỸỴ"
  local codes = { utf8.codepoint(large, 1, -1) }
  for _, code in utf8.codes(small) do capitals[utf8.char(code)] = utf8.char(table.remove(codes, 1)) end
end

local function upper(text) return (text:upper():gsub(utf8.charpattern, capitals)) end

-- One name in ten is spelled otherwise: tone placement, composed form, capitals, spaces.
local function misspell(name, random)
  local how = random(40)
  if how == 1 then
    for _, pair in ipairs(old_new) do name = name:gsub(pair[1], pair[2]) end
  elseif how == 2 then
    name = name:gsub(utf8.charpattern, loose)
  elseif how == 3 then
    name = upper(name)
  elseif how == 4 then
    name = name:gsub(" ", "  ", 1) .. " "
  end
  return name
end

local function date_text(y, m, d, random)
  local how = random(10)
  if how == 1 then return ("%04d-%02d-%02d"):format(y, m, d) end
  if how == 2 then return ("%02d-%02d-%04d"):format(d, m, y) end
  return ("%d/%d/%d"):format(d, m, y)
end

local function cell(text)
  if text:find '[;"\n]' then return '"' .. text:gsub('"', '""') .. '"' end
  return text
end

local header = { "Mã vụ", "Giai đoạn", "Ngày", "Đơn vị", "Tỉnh", "Tuyến", "Nước đi", "Nước đến", "Đối tượng", "Phối hợp",
  "Nhóm hàng", "Mặt hàng", "Số lượng", "Đơn vị tính", "Ghi chú" }

local function new_case(id, random)
  local phase = phases[random(3)]
  local month, day = phase.months[random(#phase.months)], random(28)
  if month == phase.months[1] and phase.year ~= 2024 then day = 15 + random(13) end
  if phase.year == 2025 and month == 9 then day = random(15) end
  local origin, dest = random(6), random(4) > 1 and 6 or random(6)
  if origin == dest then origin = dest % 5 + 1 end
  return { id = ("GIA-%05d"):format(id), phase = phase, date = { phase.year, month, day }, agency = agencies[random(#agencies)],
    province = provinces[random(#provinces)], channel = channels[random(4)], origin = countries[origin], dest = countries[dest],
    suspects = random(6) > 1 and random(4) or nil, joint = random(4) == 1 }
end

-- One row of a case as typed, and its line as it truly is.
local function new_line(case, random)
  local g = goods[random(#goods)]
  local amount = g[5] == "kg" and random(g[6]) or random(g[6] // 1000) * 1000
  local line = { item = g[2], category = g[4], unit = g[5], amount = amount }
  local quantity, unit = number(amount), g[5]
  if random(50) == 1 then
    quantity, unit, line.amount = "", g[5], nil
  elseif random(12) == 1 then
    quantity, unit = quantity .. " " .. unit, ""
  end
  return line, {
    case.id, case.phase.said[random(5)], date_text(case.date[1], case.date[2], case.date[3], random), misspell(case.agency, random),
    misspell(case.province, random), case.channel, case.origin[1], case.dest[1], case.suspects and tostring(case.suspects) or "",
    case.joint and "có" or "không", random(3) == 1 and upper(g[3]) or g[3], g[1], quantity, unit, "",
  }
end

-- Faults that a loader must refuse, by the column they stand in.
local faults = {
  { 3, "31/2/2025", "date" }, { 9, "ba bốn", "suspects" }, { 1, "", "case" }, { 14, "xyz", "unit" }, { 3, "2025-13-01", "date" },
}

-- make.sample(n) -> the file of n rows as text, and the truth: cases (list of {id, phase, date, agency, province, channel, origin,
-- dest, suspects, joint, lines = list of {item, category, unit, amount in thousandths, nil where it is not stated}}), refused (list of
-- {row, column, text}: the line of the file a row begins at, and its cell that cannot be).
function make.sample(n)
  local random = generator(20251186)
  local rows, truth, id, file_line = { table.concat(header, ";") }, { cases = {}, refused = {} }, 0, 1
  while #rows <= n do
    id = id + 1
    local case = new_case(id, random)
    case.lines = {}
    for _ = 1, math.min(random(6) > 4 and random(3) or 1, n + 1 - #rows) do
      local line, row = new_line(case, random)
      local fault = random(80) == 1 and faults[random(#faults)]
      if fault then
        row[fault[1]] = fault[2]
        truth.refused[#truth.refused + 1] = { row = file_line + 1, column = fault[3], text = fault[2] }
      else
        case.lines[#case.lines + 1] = line
      end
      file_line = file_line + 1
      if random(100) == 1 then
        row[15] = 'Hồ sơ mẫu; "tự đặt"\nkhông có thật'
        file_line = file_line + 1
      end
      for i, text in ipairs(row) do row[i] = cell(text) end
      rows[#rows + 1] = table.concat(row, ";")
    end
    if case.lines[1] then truth.cases[#truth.cases + 1] = case end
  end
  return table.concat(rows, "\r\n") .. "\r\n", truth
end

if arg and arg[0] and arg[0]:find "make%.lua$" then io.write("\u{FEFF}", (make.sample(2000))) end
return make
