-- counted: sections on case records: months and corridors, and, where no source announced cases of any phase, those on the phases. A
-- store without records says so.
local labels = require "mekong.labels"
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

-- ---------------------------------------------------------------- phases, where nothing was announced

-- That the numbers of this section were not announced.
function counted.say(w)
  return w:text("Số vụ đếm từ hồ sơ, không phải số công bố.", "Cases are counted in records; none of this was announced.")
end

-- The cases of each phase that records state; nil where none does.
function counted.by_phase(c)
  if not c.records then return nil end
  local t = c.records:where("phase is not missing"):count "phase"
  return #t > 0 and t or nil
end

function counted.cases(c, w)
  local t, low, high = c.counted, nil, nil
  w:text("Chưa nguồn nào công bố số vụ của giai đoạn nào.", "No source states cases of any phase.")
  for i = 1, #t do
    if not low or t[i].n < low.n then low = t[i] end
    if not high or t[i].n > high.n then high = t[i] end
  end
  counted.say(w)
  if low ~= high then
    w:text("Thấp nhất là %s (%s), cao nhất là %s (%s).", "The fewest are %s (%s), the most %s (%s).", w:number(low.n), labels.phase(low.phase),
      w:number(high.n), labels.phase(high.phase))
  end
  w:chart(t, "bars", "Số vụ trong hồ sơ theo giai đoạn", "Cases in records, by phase")
  return w:table(t)
end

-- The phases compared with those before them; per day where their days are known.
function counted.compared(c)
  local t = c.counted:compare("phase", { against = "previous known", per = #c.tables.phases > 0 and "day" or nil })
  for i = 1, #t do
    if t[i].percent then return t end
  end
end

function counted.composition(c, w)
  local records = c.records:where "phase is not missing and category is not missing"
  local t = records:pivot("phase", "category")
  if #t == 0 then return w:none("Không hồ sơ nào ghi nhóm hàng.", "No record states a category.") end
  counted.say(w)
  w:text("Vụ có nhiều nhóm hàng được đếm ở từng nhóm.", "A case with several categories counts in each.")
  w:chart(records:count("phase", "category"):share { within = "phase" }, "composition", "Tỷ trọng số vụ theo nhóm hàng",
    "Share of cases by category")
  return w:table(t)
end

function counted.cumulative(c, w)
  local t = c.counted:cumulative "phase"
  counted.say(w)
  w:chart(t, "steps", "Lũy kế số vụ trong hồ sơ", "Running total of cases in records")
  return w:table(t)
end

-- ---------------------------------------------------------------- months and corridors

function counted.months(c)
  local w = Writer.new(c, "months", "Tháng và giai đoạn", "Months and phases")
  if not c.records then return w:none(NO_RECORDS[1], NO_RECORDS[2]) end
  local t = c.records:pivot("month", "phase")
  if #t == 0 then return w:none("Không hồ sơ nào ghi ngày.", "No record states its date.") end
  w:text("Số vụ đếm từ hồ sơ.", "Cases counted in records.")
  if #c.tables.phases > 0 then
    w:text("Tháng nằm ngoài thời gian của giai đoạn để trống, không phải 0.", "Months outside a phase are left open and are not 0.")
  end
  return w:drawn(filled(t), "strip", "Số vụ theo tháng của từng giai đoạn", "Cases by month of each phase")
end

function counted.corridors(c)
  local w = Writer.new(c, "corridors", "Tuyến vận chuyển", "Corridors")
  if not c.records then return w:none(NO_RECORDS[1], NO_RECORDS[2]) end
  local t = c.records:matrix("origin", "dest")
  if c.records:where("origin is not missing or dest is not missing"):count()[1].n == 0 then
    return w:none("Không hồ sơ nào ghi nước đi và nước đến.", "No record states origin and destination.")
  end
  local top = c.records:count("origin", "dest"):share():top(10)
  w:text("Số vụ đếm từ hồ sơ ghi cả nước đi và nước đến. Nước đi hay nước đến chưa rõ thì đứng riêng, không bị bỏ.",
    "Cases counted in records by origin and destination. What is not stated stands in a group of its own.")
  w:drawn(t, "heat", "Số vụ theo nước đi và nước đến", "Cases by origin and destination")
  return w:table(top, "Mười tuyến nhiều vụ nhất", "The ten busiest corridors")
end

return counted
