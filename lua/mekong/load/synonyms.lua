-- synonyms: how files of the field head the columns of cases and lines, beside the names of the schema.
local core = require "mekong.core"

local synonyms = {}

local names = {
  cases = {
    case = "mã vụ việc|số vụ việc|số hiệu vụ|số hồ sơ|mã hồ sơ|case id|case no|case number", phase = "đợt",
    date = "ngày bắt giữ|ngày phát hiện|ngày vi phạm|ngày xảy ra|thời gian|seizure date", date_to = "ngày kết thúc",
    reporter = "quốc gia|country", agency = "đơn vị bắt giữ|cơ quan bắt giữ|lực lượng",
    province = "tỉnh thành|tỉnh/thành phố|địa phương",
    place = "nơi bắt giữ|nơi phát hiện|địa bàn", channel = "tuyến đường", suspects = "số nghi phạm|số người bị bắt",
    joint = "có phối hợp", origin = "nước xuất xứ|quốc gia xuất xứ|quốc gia đi", destination = "nơi đến|quốc gia đến|điểm đến",
    note = "diễn biến|nội dung|mô tả",
  },
  lines = {
    line = "số dòng", category = "loại hàng|loại hàng hóa|nhóm hàng hóa|nhóm tang vật", item = "loại tang vật|tên hàng",
    commodity = "tên tang vật|hàng hóa|tang vật, phương tiện",
    quantity = "khối lượng|trọng lượng|lượng|sl|qty", unit = "đvt|đv tính", value_vnd = "trị giá (vnd)|trị giá vnđ|giá trị",
  },
}

-- "a|b" of a column, or nil.
function synonyms.of(tab, name) return names[tab] and names[tab][name] end

-- The same for conditions and keys, without those under which another column goes: taken, names folded.
function synonyms.beside(tab, name, taken)
  local all = synonyms.of(tab, name)
  if not all or not next(taken) then return all end
  local list = {}
  for alias in all:gmatch "[^|]+" do
    if not taken[core.text.key(alias, 1)] then list[#list + 1] = alias end
  end
  return list[1] and table.concat(list, "|") or nil
end

return synonyms
