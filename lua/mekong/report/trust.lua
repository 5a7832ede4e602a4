-- trust: how far the numbers can be relied upon: the check of claims, the quality of the data, and where everything comes from.
local cite = require "mekong.cite"
local core = require "mekong.core"
local labels = require "mekong.labels"
local Table = require "mekong.table"
local Writer = require "mekong.report.writer"

local trust = {}

local function rows_that(t, holds)
  local rows = {}
  for i = 1, #t do
    if holds(t[i]) then rows[#rows + 1] = i end
  end
  return Table.pick_rows(t, rows)
end

-- The smallest conflicts: the statements of each, and what the others of them would make of one number.
local function conflicts_of(c)
  local t, data = c.tables.conflicts, { {}, {}, {} }
  for i = 1, #t do
    local row = t[i]
    local _, last = row.why:find(row.statements, 1, true)
    local rest = last and row.why:sub(last + 2):match "^%s*(.+)$" -- behind the full stop
    data[1][i], data[2][i], data[3][i] = row.conflict, row.statements, rest
  end
  return Table.new({ { name = "conflict", kind = "int", vi = "Số", en = "No." },
    { name = "statements", kind = "text", vi = "Các công bố", en = "Statements" },
    { name = "follows", kind = "text", vi = "Suy ra", en = "What follows", optional = true } }, data, #t, { locale = c.locale, origin = "claims" })
end

function trust.check(c)
  local w, t = Writer.new(c, "check", "Kiểm tra các công bố", "Check of claims"), c.tables.check
  if c.n_claims == 0 then return w:none("Kho chưa có công bố nào để kiểm tra.", "The store holds no claims to check.") end
  local wrong = rows_that(c.tables.changes, function(row) return row.verdict == "mâu thuẫn" end)
  for i = 1, #wrong do
    local row = wrong[i]
    if row.recomputed and row.base and row.needed then
      w:text("%s so với %s: công bố nêu %s [%s], tính lại được %s. Muốn đúng mức đã nêu thì số gốc phải là %s; số đã biết là %s.",
        "%s against %s: %s was stated [%s], recomputed it is %s. The stated change takes a base of %s; the known one is %s.",
        row.number, row.against, row.stated, row.source, w:figure(row.recomputed, { sign = true }), row.needed, w:figure(row.base))
      break
    end
  end
  if #t == 0 then
    w:text("Không tìm thấy chỗ nào không khớp.", "Nothing was found that does not hold.")
  else
    w:text("Tất cả có %s chỗ không khớp: %s là những công bố không thể cùng đúng, số còn lại là từng con số không khớp với phần, với số lũy kế " ..
      "hay với nguồn khác.", "In all %s findings do not hold: %s are claims that cannot all be true, the others single numbers that do not fit " ..
      "their parts, a running total or another source.", w:number(#t), w:number(#c.tables.conflicts))
  end
  local single = rows_that(t, function(row) return row.stated ~= nil end)
  if #single > 0 then
    w:table(single:select("number", "stated", "found", "verdict", "kind", "source"),
      "Số nêu và số tính lại không khớp", "Where what is stated and what is derived disagree")
  end
  if #c.tables.changes > 0 then
    w:table(c.tables.changes:select("number", "against", "stated", "recomputed", "base", "needed", "verdict", "source"),
      "Mức tăng giảm đã công bố: tính lại và số gốc cần có",
      "Announced changes: recomputed, and the base they need")
  end
  if #c.tables.conflicts > 0 then
    w:table(conflicts_of(c), "Những công bố không thể cùng đúng", "Claims that cannot all be true")
  end
  if #c.tables.suspects > 0 then
    w:table(c.tables.suspects, "Công bố nghi vấn: gác một dòng của mỗi tranh chấp thì các số còn lại cùng đúng được",
      "Suspects: with one line of each dispute set aside the others can all be true")
  end
  if c.records and not c.counted then
    w:table(c.records:count("phase"):reconcile(c.tables.cases), "Hồ sơ trong kho so với số đã công bố",
      "Records of the store held against what was announced")
  end
  return w
end

-- ---------------------------------------------------------------- quality

local coverage_columns = { "date", "date_to", "members", "cases", "drug", "wildlife" }

-- What is known of each phase.
local function coverage(w, c)
  local t, data = c.tables.phases, {}
  for k = 1, #coverage_columns + 2 do data[k] = {} end
  local amounts = {}
  for i = 1, #c.tables.quantities do amounts[c.tables.quantities[i].phase or ""] = true end
  local yes, no = w:say("có", "yes"), "–"
  for i = 1, #t do
    data[1][i] = t[i].phase
    for k, name in ipairs(coverage_columns) do data[k + 1][i] = t[i][name] ~= nil and yes or no end
    data[#coverage_columns + 2][i] = amounts[t[i].phase] and yes or no
  end
  local columns = { { name = "phase", kind = "phase" } }
  for k, name in ipairs(coverage_columns) do columns[k + 1] = { name = name, kind = "text" } end
  columns[#columns + 1] = { name = "quantity", kind = "text" }
  return Table.new(columns, data, #t, { locale = c.locale, origin = "claims", phases = t.meta_.phases })
end

local function reliability(c)
  local t = c.view:sql [[select s.reliability as reliability, count(distinct c.source) as sources, count(*) as claims,
    sum(c.preliminary = 1) as preliminary, sum(c.status = 'unverified') as unverified, sum(c.status = 'derived') as derived
    from claims c join sources s on s.source = c.source group by s.reliability order by s.reliability is null, s.reliability]]
  local heads = { { "Độ tin cậy", "Reliability" }, { "Số nguồn", "Sources" }, { "Số công bố", "Claims" }, { "Sơ bộ", "Preliminary" },
    { "Chưa kiểm chứng", "Unverified" }, { "Suy ra", "Derived" } }
  local columns = {}
  for k, column in ipairs(t.columns_) do
    columns[k] = { name = column.name, kind = k == 1 and "text" or "int", vi = heads[k][1], en = heads[k][2] }
  end
  for k = 2, #columns do
    for i = 1, t.n_ do t.data_[k][i] = t.data_[k][i] or 0 end
  end
  return Table.new(columns, t.data_, t.n_, { locale = c.locale, origin = "claims" })
end

-- Fields of records and in how many cases they are not stated.
local function gaps(c)
  local names, shown, missing = { "phase", "date", "agency", "origin", "dest", "suspects", "category" }, {}, {}
  for i, name in ipairs(names) do
    shown[i] = labels.column(name == "date" and "day" or name, c.locale)
    missing[i] = c.records:where(name .. " is missing"):count()[1].n
  end
  return Table.new({ { name = "field", kind = "text", vi = "Trường", en = "Field" },
    { name = "n", kind = "int", vi = "Số vụ không ghi", en = "Cases without it" } }, { shown, missing }, #names,
    { locale = c.locale, origin = "claims" })
end

function trust.quality(c)
  local w = Writer.new(c, "quality", "Chất lượng số liệu", "Data quality")
  if c.n_claims == 0 and not c.records then
    return w:none("Kho chưa có số liệu nào để đánh giá.", "The store holds no data to judge.")
  end
  w:text("Ô “–” là chưa nguồn nào nêu. Không ô nào được điền bằng phỏng đoán.", "“–” means that no source states it. No cell is filled by guessing.")
  if #c.tables.phases > 0 then w:table(coverage(w, c), "Đã biết gì của từng giai đoạn", "What is known of each phase") end
  if c.n_claims > 0 then w:table(reliability(c), "Công bố theo độ tin cậy của nguồn", "Claims by reliability of their source") end
  if #c.tables.apart > 0 then w:table(c.tables.apart, "Các nguồn nêu khác nhau", "Where sources differ") end
  if c.records then w:table(gaps(c), "Hồ sơ thiếu trường nào", "What records leave open") end
  return w
end

-- ---------------------------------------------------------------- provenance

-- Codes of sources that the claims, phases and cooperation of the store rest on.
local function source_lines(c)
  local _, data, n = core.store.query(c.view, [[select source from claims where source is not null union select source from phases
    where source is not null union select source from meetings where source is not null union select source from plans where source is
    not null union select source from statements where source is not null union select source from focal_points where source is not null
    union select source from alerts where source is not null order by 1]])
  local codes, lines = {}, {}
  for i = 1, n do codes[i] = data[1][i] end
  for i, source in ipairs(cite.of(c.view)(codes)) do lines[i] = cite.line(source, c.locale) end
  return lines
end

function trust.provenance(c)
  local w = Writer.new(c, "provenance", "Nguồn gốc số liệu", "Provenance")
  w:text("Lệnh sau làm lại đúng báo cáo này, từng byte một, từ cùng dữ liệu:",
    "This command makes this report again, byte for byte, from the same data:")
  w:code(c.commands)
  local facts = { { w:say("Chương trình", "Program"), "mekong " .. core.version } }
  if c.ledger then facts[2] = { w:say("Sổ cái công khai", "Public ledger"), w:say("bản ", "version ") .. tostring(c.ledger.version) } end
  facts[#facts + 1] = { w:say("Dấu kiểm SHA-256", "SHA-256 of the data"), c.digest }
  w:facts(facts)
  local lines = source_lines(c)
  if not lines[1] then return w:none("Kho chưa ghi nguồn nào.", "The store names no sources.") end
  w:text("Mã trong ngoặc vuông ở mọi mục chỉ các nguồn sau.", "Codes in square brackets stand for these sources.")
  return w:list(lines)
end

return trust
