-- announced: sections on what the sources announced of the phases: cases, change, composition, running totals, quantities. Where no
-- source announced cases of any phase (c.counted), those that records state are shown in their place (counted.lua), and it is said.
local core = require "mekong.core"
local counted = require "mekong.report.counted"
local labels = require "mekong.labels"
local order = require "mekong.order"
local Table = require "mekong.table"
local Writer = require "mekong.report.writer"

local announced = {}

local NO_CASES = { "Chưa nguồn nào công bố số vụ của giai đoạn nào.", "No source states cases of any phase." }

-- Keys of phases with and without a number in that column.
local function split_known(t, name)
  local with, without = {}, {}
  for i = 1, #t do
    local list = t[i][name] ~= nil and with or without
    list[#list + 1] = t[i].phase
  end
  return with, without
end

function announced.cases(c)
  local w, t = Writer.new(c, "cases", "Số vụ theo giai đoạn", "Cases by phase"), c.tables.cases
  local with, without = split_known(t, "cases")
  if c.counted then return counted.cases(c, w) end
  if not with[1] then
    w:none(NO_CASES[1], NO_CASES[2])
    return #c.tables.phases > 0 and w:table(c.tables.phases) or w
  end
  local low, high
  for i = 1, #t do
    local row = t[i]
    if row.cases and (not low or row.cases:surely_lt(low.cases)) then low = row end
    if row.cases and (not high or high.cases:surely_lt(row.cases)) then high = row end
  end
  w:text("Có số vụ công bố của %s trên %s giai đoạn, thấp nhất là %s (%s), cao nhất là %s (%s).",
    "Cases are announced for %s of %s phases, the fewest %s (%s), the most %s (%s).", w:number(#with), w:number(#t),
    w:figure(low.cases), labels.phase(low.phase), w:figure(high.cases), labels.phase(high.phase))
  if without[1] then
    w:text("Chưa nguồn nào nêu tổng số vụ của %s. Chỗ đó để trống, không coi là 0.",
      "No source states a total for %s. It is left open and not taken for 0.", w:phases(without))
  end
  w:chart(t, "bars", "Số vụ đã công bố theo giai đoạn", "Cases announced, by phase", { measure = "cases" })
  return w:table(c.tables.phases, "Các giai đoạn", "The phases")
end

function announced.change(c)
  local w, t = Writer.new(c, "change", "Tổng số và bình quân ngày", "Total and per day"), c.tables.compared
  if c.counted then counted.say(w) end
  local known = {}
  for i = 1, t and #t or 0 do
    if t[i].percent then known[#known + 1] = t[i] end
  end
  if not known[1] then return w:none("Chưa có hai giai đoạn nào cùng có số vụ để so.", "No two phases have cases to compare.") end
  local row = c.phase and c.row_of(t, c.phase)
  row = row and row.percent and row or known[#known]
  w:text("Giai đoạn %s so với giai đoạn %s: tổng số vụ %s.", "Phase %s against phase %s: the total %s.", labels.phase(row.phase),
    labels.phase(row.against), w:change(row.percent))
  if t.index_.percent_per_day and row.percent_per_day then
    w:text("Tính bình quân mỗi ngày thì số vụ %s. Hai giai đoạn dài ngắn khác nhau, nên hai cách tính không cho cùng kết quả.",
      "Per day the number %s. Phases differ in length, so both ways do not give the same.", w:change(row.percent_per_day))
  end
  w:text("Mỗi giai đoạn được so với giai đoạn gần nhất trước đó đã có số vụ. Thành viên và phạm vi cũng thay đổi: xem cột lưu ý.",
    "Each phase is held against the last one before it with a known total. Members and scope change too: see the last column.")
  w:chart(t, "dumbbell", "Thay đổi số vụ: tổng số và bình quân ngày", "Change in cases: total and per day")
  return w:table(t)
end

local rank = { drug = 1, drug_precursor = 2, precursor = 3, wildlife = 4 }

-- The categories of a table, each once, the usual ones first.
local function categories_of(t)
  local names = {}
  for i = 1, #t do names[i] = t[i].category end
  return order.ranked(names, rank)
end

-- The shares with a row for each phase and a column for each category; rest: what the categories leave of the total.
local function shares_by_phase(c, t)
  local rows, columns, data, n = {}, { { name = "phase", kind = "phase" } }, { {} }, 0
  local at, whole = {}, core.figure.new { best = 100, unit = "%" }
  for _, category in ipairs(categories_of(t)) do
    at[category], data[#columns + 1] = #columns + 1, {}
    columns[#columns + 1] = { name = category, kind = "figure", vi = labels.column(category, "vi"), en = labels.column(category, "en") }
  end
  for i = 1, #t do
    local row = t[i]
    if not rows[row.phase] then
      n = n + 1
      rows[row.phase], data[1][n] = { at = n, rest = whole, sources = {} }, row.phase
    end
    local own = rows[row.phase]
    data[at[row.category]][own.at] = row.share
    own.rest = row.share and own.rest and own.rest - row.share
    own.sources[row.source or ""] = true
  end
  local rest, source = {}, {}
  for phase, own in pairs(rows) do
    local nothing = own.rest and (own.rest:is(0) or own.rest:overlaps(whole - whole))
    rest[own.at] = not nothing and own.rest or nil
    local names = {}
    for name in pairs(own.sources) do names[#names + 1] = name end
    order.texts(names)
    source[own.at], rows[phase] = table.concat(names, ", "), own
  end
  columns[#columns + 1], data[#data + 1] = { name = "rest", kind = "figure", vi = "Chưa nêu nhóm", en = "Not split", optional = true }, rest
  columns[#columns + 1], data[#data + 1] = { name = "source", kind = "text" }, source
  return Table.new(columns, data, n, { locale = c.locale, origin = "claims", phases = t.meta_.phases })
end

function announced.composition(c)
  local w, t = Writer.new(c, "composition", "Cơ cấu theo nhóm hàng", "Composition by category"), c.tables.shares
  if c.counted then return counted.composition(c, w) end
  if #t == 0 then return w:none("Chưa có số vụ theo nhóm hàng.", "No cases by category are known.") end
  local share = c.leading_share()
  if share then
    w:text("Giai đoạn %s: nhóm lớn nhất là %s, chiếm %s số vụ.", "Phase %s: the largest category is %s, with %s of cases.", labels.phase(c.phase),
      labels.word(share.category, c.locale), w:figure(share.share))
  end
  w:text("Tỷ trọng chia cho tổng số vụ của giai đoạn, không chia cho tổng các nhóm đã nêu. Có nguồn gộp tiền chất vào ma túy, " ..
    "nên các giai đoạn không tách nhóm như nhau.",
    "Shares divide by the total of the phase, not by the sum of the categories named. Some sources count precursors with drugs, " ..
    "so phases are not split alike.")
  w:chart(t, "composition", "Tỷ trọng số vụ theo nhóm hàng", "Share of cases by category")
  return w:table(shares_by_phase(c, t))
end

-- ---------------------------------------------------------------- running totals

-- What came of one test, in a sentence.
local function say_test(w, one, row, notes)
  local claim = w:words(one.figure)
  if row.needs and notes and notes[1] then
    return w:text("Công bố %s (%s) không trái với số tính được. %s", "The announced %s (%s) do not contradict what is derived. %s", claim,
      w:date(one.date), w:say(notes[1][1], notes[1][2]))
  end
  if row.verdict == "mâu thuẫn" or row.verdict == "trái cận" then
    w:text("Công bố %s (%s) không khớp: các giai đoạn đến ngày ấy cộng lại được %s.",
      "The announced %s (%s) do not hold: the phases up to that day add up to %s.", claim, w:date(one.date), w:words(row.counted))
  end
end

-- Every total announced over several phases, held against what the phases give up to its day: says what came of it -> the Table, or
-- nil where none was announced.
local function tests(w, c)
  local t, data, n = c.tables.cases, {}, 0
  for k = 1, 7 do data[k] = {} end
  local first = #t > 0 and t[1].phase
  local list = first and t.meta_.announced and t.meta_.announced(first) or {}
  table.sort(list, function(a, b)
    if a.date ~= b.date then return a.date < b.date end
    return order.plain(tostring(a.figure), tostring(b.figure)) < 0
  end)
  for _, one in ipairs(list) do
    local at = select(2, core.date.bounds(one.date))
    if at <= c.as_of then
      local tested = t:cumulative("phase", { to = at }):reconcile(one.figure)
      local row = tested[1]
      say_test(w, one, row, tested.meta_.notes)
      n = n + 1
      data[1][n], data[2][n], data[3][n], data[4][n] = at, row.claim, row.counted, row.verdict
      data[5][n], data[6][n], data[7][n] = row.difference, row.needs, one.source
    end
  end
  if n == 0 then return nil end
  local columns = { { name = "day", kind = "date" }, { name = "claim", kind = "figure" }, { name = "counted", kind = "figure" },
    { name = "verdict", kind = "verdict" }, { name = "difference", kind = "figure", optional = true },
    { name = "needs", kind = "figure", optional = true, vi = "Cần thêm từ số chưa rõ", en = "Needed of what is unknown" },
    { name = "source", kind = "text" } }
  return Table.new(columns, data, n, { locale = c.locale, origin = "claims" })
end

function announced.cumulative(c)
  local w = Writer.new(c, "cumulative", "Lũy kế", "Running total")
  if c.counted then return counted.cumulative(c, w) end
  local total, unknown, running = c.total()
  if not total then return w:none(NO_CASES[1], NO_CASES[2]) end
  w:text("Cộng các số đã công bố đến %s được %s.", "What was announced up to %s adds up to %s.", w:date(c.as_of), w:words(total))
  if unknown then
    w:text("Đây là mức tối thiểu, vì chưa có đủ số của %s.", "This is a floor, since not everything is known of %s.", unknown)
  end
  local tested = tests(w, c)
  w:chart(running, "steps", "Lũy kế số vụ và các tổng đã công bố", "Running total of cases and announced totals")
  w:table(running, "Lũy kế theo giai đoạn", "Running total by phase")
  if not tested then return w end
  return w:table(tested, "Tổng số đã công bố, kiểm lại đến đúng ngày công bố", "Announced totals, tested at their own day")
end

-- ---------------------------------------------------------------- quantities

function announced.quantities(c)
  local w, t = Writer.new(c, "quantities", "Số lượng theo đơn vị", "Quantities by unit"), c.tables.quantities
  if #t == 0 then
    w:none("Chưa nguồn nào công bố số lượng tang vật của giai đoạn nào.", "No source states quantities of any phase.")
  else
    w:text("Mỗi đơn vị một cột. Ki-lô-gam, viên và cá thể không bao giờ cộng với nhau.",
      "Each unit has a column of its own. Kilograms, tablets and individuals are never added.")
    w:table(t, "Số lượng đã công bố", "Quantities announced")
  end
  if c.records then
    w:table(c.records:by("phase"):sum "quantity", "Số lượng đếm từ hồ sơ", "Quantities counted in records")
  end
  return w
end

return announced
