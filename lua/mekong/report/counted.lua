-- counted: sections on case records: months and corridors. A store without records says so.
local Writer = require "mekong.report.writer"

local counted = {}

local NO_RECORDS = { "Kho chưa có hồ sơ vụ việc, nên mục này chưa có số liệu. Nạp hồ sơ bằng store:load.",
  "The store holds no case records, so there is nothing to show here. Load them with store:load." }

-- The columns of a wide table that hold a number.
local function filled_columns(t)
  local names = {}
  for c, column in ipairs(t.columns_) do
    local found = not column.level
    for i = 1, t.n_ do found = found or t.data_[c][i] ~= nil end
    if found then names[#names + 1] = column.name end
  end
  return t:select(table.unpack(names))
end

function counted.months(c)
  local w = Writer.new(c, "months", "Tháng và giai đoạn", "Months and phases")
  if not c.records then return w:none(NO_RECORDS[1], NO_RECORDS[2]) end
  local t = c.records:pivot("month", "phase")
  if #t == 0 then return w:none("Không hồ sơ nào ghi ngày.", "No record states its date.") end
  w:text("Số vụ đếm từ hồ sơ. Tháng nằm ngoài thời gian của giai đoạn để trống, không phải 0.",
    "Cases counted in records. Months outside a phase are left open and are not 0.")
  w:chart(t, "strip", "Số vụ theo tháng của từng giai đoạn", "Cases by month of each phase")
  return w:table(filled_columns(t))
end

function counted.corridors(c)
  local w = Writer.new(c, "corridors", "Tuyến vận chuyển", "Corridors")
  if not c.records then return w:none(NO_RECORDS[1], NO_RECORDS[2]) end
  local t = c.records:matrix("origin", "dest")
  if #t == 0 then return w:none("Không hồ sơ nào ghi nước đi và nước đến.", "No record states origin and destination.") end
  local top = c.records:count("origin", "dest"):share():top(10)
  w:chart(t, "heat", "Số vụ theo nước đi và nước đến", "Cases by origin and destination")
  w:table(t)
  return w:table(top, "Mười tuyến nhiều vụ nhất", "The ten busiest corridors")
end

return counted
