-- personal: names and numbers of people in running text, pointed out so that somebody decides what becomes of them.
local core = require "mekong.core"

local personal = {}

local titles, surnames, not_names = {}, {}, {}
for word in ("ông bà anh chị em cháu cô chú bác"):gmatch "%S+" do titles[word], titles[core.text.title(word)] = true, true end
for word in ("Nguyễn Trần Lê Phạm Hoàng Huỳnh Phan Vũ Võ Đặng Bùi Đỗ Hồ Ngô Dương Lý Đinh Trịnh Lương Mai Đào Tô"):gmatch "%S+" do
  surnames[word] = true
end
for _, name in ipairs { "Hồ Chí Minh", "Anh Quốc", "Trần Hưng Đạo", "Lê Duẩn", "Lê Lợi", "Nguyễn Huệ", "Hồ Tây", "Mai Châu", "Lương Sơn",
  "Lý Sơn", "Hoàng Sa", "Hoàng Mai", "Phan Thiết", "Phan Rang", "Vũ Quang", "Vũng Tàu", "Võ Nhai" } do not_names[name] = true end

local function capital(word)
  local byte = word:byte()
  if byte < 128 then return byte >= 65 and byte <= 90 end
  local first = word:match "^[%z\1-\127\194-\244][\128-\191]*"
  return first and core.text.lower(first) ~= first
end

-- Words of a text with the sign that follows each.
local function words_of(text)
  local list = {}
  for word, after in text:gsub("“", '"'):gsub("”", '"'):gmatch "([^%s,.;:()/\"']+)([%s,.;:()/\"']*)" do list[#list + 1] = { word, after } end
  return list
end

-- "ông Nguyễn Văn A", "Nguyễn Văn A": capitalised words after a title or beginning with a surname.
local function names_in(text, found)
  local list = words_of(text)
  local i = 1
  while i <= #list do
    local word = list[i][1]
    local titled = titles[word] and list[i][2] == " "
    local from = titled and i + 1 or i
    local last = from - 1
    while list[last + 1] and capital(list[last + 1][1]) and last - from < 3 and (last < from or list[last][2] == " ") do last = last + 1 end
    local parts = {}
    for k = from, last do parts[#parts + 1] = list[k][1] end
    local name = table.concat(parts, " ")
    local is_name = not not_names[name] and not not_names[word .. " " .. name] and (titled and #parts >= 1 and not capital(word)
      or #parts >= 2 and (titled or surnames[parts[1]]))
    if is_name then
      for k, part in ipairs(parts) do parts[k] = part:match "^[%z\1-\127\194-\244][\128-\191]*" .. "." end
      found[#found + 1] = { "name", (titled and word .. " " or "") .. table.concat(parts, " ") }
      i = last
    end
    i = i + 1
  end
end

local function masked(digits) return ("•"):rep(#digits - 3) .. digits:sub(-3) end

local function numbers_in(text, found)
  for digits in text:gmatch "%f[%w.,]%d+%f[^%w.,]" do
    local n = #digits
    if n == 12 or n == 9 then found[#found + 1] = { "identity number", masked(digits) }
    elseif n == 10 and digits:find "^0[35789]" then found[#found + 1] = { "telephone number", masked(digits) } end
  end
  for digits in text:gmatch "%f[%w]%u(%d%d%d%d%d%d%d%d?)%f[^%w]" do found[#found + 1] = { "passport number", masked(digits) } end
end

local function births_in(text, found)
  local folded = core.text.lower(text)
  for _, pattern in ipairs { "sinh năm%s*:?%s*[12][09]%d%d", "sinh ngày%s*:?%s*%d+[/.-]%d+[/.-]%d+", "%f[%w]sn%s*:?%s*[12][09]%d%d" } do
    for hit in folded:gmatch(pattern) do found[#found + 1] = { "birth", (hit:gsub("%d", "•")) } end
  end
end

personal.kinds = { name = "tên người", ["identity number"] = "số giấy tờ tùy thân", ["telephone number"] = "số điện thoại",
  ["passport number"] = "số hộ chiếu", birth = "ngày hoặc năm sinh" }

-- {{kind, shortened text}, ...} of what a text says about people, in order of kind.
function personal.find(text)
  local found = {}
  if text:find "%d%d%d%d" then
    numbers_in(text, found)
    births_in(text, found)
  end
  if text:find "[\128-\244%u]" then names_in(text, found) end
  return found
end

return personal
