-- together: the section on Viet Nam and China.
local Writer = require "mekong.report.writer"

local together = {}

-- Those parts of the summary that hold something, then one line for those that do not.
local parts = {
  { "conferences", "Hội nghị song phương", "Bilateral conferences" },
  { "statements", "Tuyên bố chung và thỏa thuận", "Joint statements and agreements" },
  { "plans", "Kế hoạch hành động chung, khu vực với khu vực", "Joint action plans, region to region" },
  { "focal_points", "Đầu mối", "Focal points" },
  { "intel", "Chia sẻ thông tin tình báo", "Shared intelligence" },
  { "figures", "Số liệu riêng của Việt Nam", "Viet Nam's own figures" },
  { "quantities", "Số lượng riêng của Việt Nam", "Viet Nam's own quantities" },
  { "partner_figures", "Số liệu do Trung Quốc công bố", "Figures announced by China" },
  { "corridors", "Tuyến giữa hai nước trong hồ sơ", "Corridors between the two in the records" },
  { "mirror", "Đối chiếu số vụ hai bên cùng báo cáo", "Mirror table of both reporters" },
}

function together.section(c)
  local w = Writer.new(c, "vncn", "Việt Nam – Trung Quốc", "Viet Nam – China")
  if not c.pair then
    return w:none("Kho chưa có danh mục nước, nên chưa có số liệu song phương.",
      "The store has no list of countries, so nothing is known of the two.")
  end
  local missing = {}
  w:text("Số của riêng Việt Nam hay Trung Quốc không cộng vào số của chiến dịch và không thay cho số ấy.",
    "Figures of Viet Nam or China alone are neither added to those of the operation nor used in their place.")
  for _, part in ipairs(parts) do
    local t = c.pair(part[1])
    if #t == 0 then
      missing[#missing + 1] = w:say(part[2], part[3])
    else
      if part[1] == "conferences" then w:drawn(t, "timeline", part[2], part[3]) else w:table(t, part[2], part[3]) end
    end
  end
  if missing[1] then
    w:none("Chưa có số liệu: " .. table.concat(missing, "; ") .. ".", "Nothing known: " .. table.concat(missing, "; ") .. ".")
  end
  return w
end

return together
