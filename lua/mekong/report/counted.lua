-- counted: sections on case records: months and corridors. A store without records says so.
local Table = require "mekong.table"
local Writer = require "mekong.report.writer"

local counted = {}

local NO_RECORDS = { "Kho chưa có hồ sơ vụ việc, nên mục này chưa có số liệu. Nạp hồ sơ bằng store:load.",
  "The store holds no case records, so there is nothing to show here. Load them with store:load." }

-- The columns and rows of a wide table that hold a number.
local function filled(t)
  local names, rows = {}, {}
  for c, column in ipairs(t.columns_) do
    local found = not column.level
    for i = 1, t.n_ do found = found or t.data_[c][i] ~= nil end
    if found then names[#names + 1] = column.name end
  end
  t = t:select(table.unpack(names))
  for i = 1, t.n_ do
    local found = false
    for c, column in ipairs(t.columns_) do found = found or column.level and t.data_[c][i] ~= nil end
    if found then rows[#rows + 1] = i end
  end
  return Table.pick_rows(t, rows)
end

function counted.months(c)
  local w = Writer.new(c, "months", "Tháng và giai đoạn", "Months and phases")
  if not c.records then return w:none(NO_RECORDS[1], NO_RECORDS[2]) end
  local t = c.records:pivot("month", "phase")
  if #t == 0 then return w:none("Không hồ sơ nào ghi ngày.", "No record states its date.") end
  w:text("Số vụ đếm từ hồ sơ. Tháng nằm ngoài thời gian của giai đoạn để trống, không phải 0.",
    "Cases counted in records. Months outside a phase are left open and are not 0.")
  return w:drawn(filled(t), "strip", "Số vụ theo tháng của từng giai đoạn", "Cases by month of each phase")
end

function counted.corridors(c)
  local w = Writer.new(c, "corridors", "Tuyến vận chuyển", "Corridors")
  if not c.records then return w:none(NO_RECORDS[1], NO_RECORDS[2]) end
  local t = c.records:matrix("origin", "dest")
  if #t == 0 then return w:none("Không hồ sơ nào ghi nước đi và nước đến.", "No record states origin and destination.") end
  local top = c.records:count("origin", "dest"):share():top(10)
  w:text("Số vụ đếm từ hồ sơ ghi cả nước đi và nước đến. Nước đi hay nước đến chưa rõ thì đứng riêng, không bị bỏ.",
    "Cases counted in records by origin and destination. What is not stated stands in a group of its own.")
  w:drawn(t, "heat", "Số vụ theo nước đi và nước đến", "Cases by origin and destination")
  return w:table(top, "Mười tuyến nhiều vụ nhất", "The ten busiest corridors")
end

return counted
