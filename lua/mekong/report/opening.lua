-- opening: the head of the report and the numbers that matter most.
local core = require "mekong.core"
local labels = require "mekong.labels"
local Writer = require "mekong.report.writer"

local opening = {}

local function count(store, sql)
  local _, data = core.store.query(store, sql)
  return data[1][1]
end

function opening.masthead(c)
  local w = Writer.new(c, "masthead", "Kỳ báo cáo", "This report")
  local facts = {}
  local function fact(vi, en, value) facts[#facts + 1] = { w:say(vi, en), value } end
  fact("Số liệu tính đến", "Data as of", c.as_of and w:date(c.as_of) or w:say("kho chưa có số liệu", "the store is empty"))
  if c.phase then fact("Giai đoạn báo cáo", "Phase", labels.phase(c.phase)) end
  local sources = count(c.view, "select count(distinct source) from claims")
  fact("Công bố đã ghi", "Claims on record", w:say("%s, từ %s nguồn", "%s, from %s sources"):format(w:number(c.n_claims), w:number(sources)))
  fact("Hồ sơ vụ việc", "Case records", c.n_records > 0 and w:number(c.n_records) or w:say("chưa nạp", "none loaded"))
  fact("Dấu kiểm SHA-256", "SHA-256 of the data", c.digest)
  return w:facts(facts)
end

-- ---------------------------------------------------------------- headline cards

local function card(w, vi, en, value, note) return { label = w:say(vi, en), value = value, note = note } end

local function change_cards(w, c, out)
  local compared = c.tables.compared
  local row = compared and c.row_of(compared, c.phase)
  if not row then return end
  if row.percent then
    out[#out + 1] = card(w, "Tổng số so với giai đoạn " .. labels.phase(row.against), "Total against phase " .. labels.phase(row.against),
      w:figure(row.percent, { sign = true }), w:figure(row.difference, { sign = true }) .. (row.comparable and "; " .. row.comparable or ""))
  end
  if compared.index_.percent_per_day and row.percent_per_day then
    out[#out + 1] = card(w, "Bình quân ngày so với giai đoạn " .. labels.phase(row.against), "Per day against phase " .. labels.phase(row.against),
      w:figure(row.percent_per_day, { sign = true }), w:say("nay ", "now ") .. w:figure(row.per_day))
  end
end

function opening.headline(c)
  local w, out = Writer.new(c, "headline", "Những con số chính", "Headline figures"), {}
  local own = c.phase and c.row_of(c.tables.cases, c.phase)
  local value = own and own.cases
  if value then
    out[1] = card(w, "Số vụ, giai đoạn " .. labels.phase(c.phase), "Cases, phase " .. labels.phase(c.phase), w:figure(value),
      (value.status == "P" and w:say("số sơ bộ", "preliminary") or w:say("số công bố", "as announced")) .. Writer.sources(value))
  end
  local of_records = c.counted and c.row_of(c.counted, c.phase)
  if of_records then
    out[1] = card(w, "Số vụ, giai đoạn " .. labels.phase(c.phase), "Cases, phase " .. labels.phase(c.phase), w:number(of_records.n),
      w:say("đếm từ hồ sơ", "counted in records"))
  end
  change_cards(w, c, out)
  local total, unknown = c.total()
  if total then
    out[#out + 1] = card(w, "Lũy kế đến " .. w:date(c.as_of), "All phases to " .. w:date(c.as_of), w:figure(total),
      unknown and w:say("chưa có đủ số của ", "not fully known: ") .. unknown or w:say("đủ các giai đoạn", "all phases known"))
  end
  local share = c.leading_share()
  if share then
    out[#out + 1] = card(w, "Nhóm hàng lớn nhất, giai đoạn " .. labels.phase(c.phase), "Leading category, phase " .. labels.phase(c.phase),
      w:figure(share.share), labels.word(share.category, c.locale) .. ", " .. w:figure(share.cases) .. Writer.sources(share.cases))
  end
  local wrong = #c.tables.check
  if wrong > 0 then
    out[#out + 1] = card(w, "Chỗ không khớp giữa các công bố", "Disagreements among claims", w:number(wrong),
      w:say("liệt kê ở mục kiểm tra công bố", "listed under the check of claims"))
  end
  if c.n_records > 0 then
    out[#out + 1] = card(w, "Hồ sơ đếm được trong kho", "Counted records", w:number(c.n_records) .. w:say(" vụ", " cases"),
      w:say("không cộng với số công bố", "never added to announced figures"))
  end
  if not out[1] then return w:none("Kho chưa có số công bố nào và chưa có hồ sơ nào.", "The store holds no claims and no records.") end
  return w:cards(out)
end

return opening
