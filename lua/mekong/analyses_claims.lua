-- analyses_claims: what analysts work out from announced numbers, one call each; nothing here adds claims to counted records.
--   claims:composition()          cases by phase and category, with what the categories leave
--   claims:rates()                cases per 30 days and per member, for every period that a source states
--   claims:national_share(c)      a country's cases of a phase within the campaign's; refused where the periods differ
--   claims:suspects_per_case()    announced suspects over announced cases
--   claims:tablets()              tablets beside the mass: their weight by named conversions, inside or beside the mass
--   claims:rounding()             exact numbers and the rounded wordings of the same
--   claims:provenance()           every number with its wording, place in the text and source
local core = require "mekong.core"
local analysis = require "mekong.analysis"
local cite = require "mekong.cite"
local claim_name = require "mekong.claim_name"
local claims_rows = require "mekong.claims_rows"
local fmt = require "mekong.fmt"
local options = require "mekong.options"
local rows_of = require("mekong.rows").of
local solve_words = require "mekong.solve_words"

local NUMBER = { "number", "text", vi = "Số liệu", en = "Number" }
local SOURCE = { "source", "text" }

-- The bounds of a figure without its unit.
local function unitless(f)
  return core.figure.new { best = f.best and tostring(f.best), lo = f.lo and tostring(f.lo), hi = f.hi and tostring(f.hi),
    lo_open = f.lo_open, hi_open = f.hi_open }
end

-- Texts of a column that are words of the program, in English.
local function in_english(words) return { vi = {}, en = words } end

local function meta_of(self) return { origin = "claims", cite = cite.of(self.store) } end

-- The claims of each number, by its name, the preferred one first; the names in the order of the first; how numbers are called.
local function by_number(self)
  local found, names = {}, {}
  for _, row in ipairs(claims_rows.all(self)) do
    if row.subject ~= "other" then
      local name = claim_name.of(row)
      if not found[name] then found[name], names[#names + 1] = {}, name end
      local list = found[name]
      table.insert(list, row.preferred and not (list[1] and list[1].preferred) and 1 or #list + 1, row)
    end
  end
  return found, names, solve_words.how(self.store)
end

local function add_composition(methods, check)
  -- claims:composition([{scope}]) -> Table: phase, category, cases, share (of the phase's total), source. What the categories of a
  -- phase leave of its total is a row "(chưa phân loại)"; a phase without a total has no shares.
  function methods:composition(opts)
    check(self, "composition")
    opts = options.check(opts, { "scope" }, "claims:composition")
    local t = self:table("cases", { by = { "phase", "category" }, scope = opts.scope })
    local totals = self:table("cases", { scope = opts.scope })
    local out = analysis.rows(self.store, { { "phase", "phase" }, { "category", "text" }, { "cases", "figure", unit = "case" },
      { "share", "figure" }, SOURCE })
    for whole in totals:rows() do
      local rest, any = whole.cases, false
      for row in t:rows() do
        if row.phase == whole.phase then
          any, rest = true, rest and rest - row.cases
          out:add { row.phase, row.category, row.cases, whole.cases and row.cases:share(whole.cases) or false, row.source }
          if not whole.cases then out:why("share", "chưa có tổng số vụ", "the total is not known") end
        end
      end
      if any and rest and not rest:is(0) then out:add { whole.phase, "(chưa phân loại)", rest, rest:share(whole.cases), whole.source } end
    end
    return out:done(meta_of(self))
  end
end

-- Days from one partial date to another, both counted, as a Figure between the fewest and the most; nil where one is not known.
local function days_between(from, to)
  if not from or not to then return nil end
  local a, b = core.date.bounds(from)
  local c, d = core.date.bounds(to)
  if c < b then return nil end
  local least, most = core.date.between(b, c) + 1, core.date.between(a, d) + 1
  if least == most then return core.figure.new { best = most } end
  return core.figure.new { lo = least, hi = most }
end

-- The periods that sources state for a phase, each once, with the sources that state it.
local function periods_of(phase)
  local list = {}
  local function add(row)
    local days = days_between(row.date, row.date_to)
    for _, one in ipairs(list) do
      if one.from == row.date and one.to == row.date_to then
        one.source = one.source .. ", " .. row.source
        return
      end
    end
    if days then list[#list + 1] = { from = row.date, to = row.date_to, days = days, source = row.source, scope = row.scope } end
  end
  add(phase)
  for _, variant in ipairs(phase.variants) do add(variant) end
  return list
end

local function add_rates(methods, check)
  -- claims:rates([{scope}]) -> Table: phase, date, date_to, days, cases, per_30_days, members, per_member, source (of the period): one
  -- row a phase and stated period; a period known to the month gives rates with bounds.
  function methods:rates(opts)
    check(self, "rates")
    opts = options.check(opts, { "scope" }, "claims:rates")
    local t = self:table("cases", { scope = opts.scope })
    local info = t.meta_.phases
    local out = analysis.rows(self.store, { { "phase", "phase" }, { "date", "date" }, { "date_to", "date" },
      { "days", "figure", vi = "Số ngày", en = "Days" }, { "cases", "figure", unit = "case", missing = true },
      { "per_30_days", "figure", vi = "Mỗi 30 ngày", en = "Per 30 days", digits = 1 }, { "members", "figure", unit = "member" },
      { "per_member", "figure", vi = "Mỗi thành viên", en = "Per member", digits = 1 }, SOURCE })
    for row in t:rows() do
      local phase = info.by_key[row.phase]
      local members = not opts.scope and phase and phase.members or nil
      local each = row.cases and members and members:exact() and row.cases / members or nil
      local list = phase and periods_of(phase) or {}
      for _, one in ipairs(list[1] and list or { {} }) do
        out:add { row.phase, one.from or phase and phase.date, one.to or phase and phase.date_to, one.days, row.cases,
          row.cases and one.days and row.cases * 30 / one.days or false, members, each, one.source or phase and phase.source }
        if not row.cases then out:why("per_30_days", "chưa rõ số vụ", "cases not known")
        elseif not one.days then out:why("per_30_days", "chưa rõ số ngày", "days not known") end
      end
    end
    return out:done(meta_of(self))
  end
end

local function range_text(from, to, locale)
  return fmt.date(from, { locale = locale }) .. "–" .. fmt.date(to, { locale = locale })
end

-- Announced drug cases of a country's own customs over times that touch the phase without being it.
local function other_periods(rows, code, phase)
  local out = {}
  if not phase.date or not phase.date_to then return out end
  local first, last = core.date.bounds(phase.date), select(2, core.date.bounds(phase.date_to))
  for _, row in ipairs(rows) do
    if row.subject == code .. "-Customs" and row.measure == "cases" and row.period and not row.item and
      row.category == "drug" and row.preferred then
      local a, b = core.date.bounds(row.period)
      if a <= last and b >= first then out[#out + 1] = { row = row, from = a, to = b } end
    end
  end
  return out
end

local function add_national_share(methods, check)
  -- claims:national_share(country) -> Table: phase, period (of the country's number), own, cases (of the campaign), share, source. A
  -- number of another time than the phase stands there without a share, and Table:why says which times differ.
  function methods:national_share(country)
    check(self, "national_share")
    options.typed(country, "string", "the country of claims:national_share")
    local own, all = self:table("cases", { scope = country }), self:table("cases")
    local codes = self.store:sql("select code from codes where kind = 'country'"):col "code"
    local code = codes[core.find_name(country, codes, {}, "country")]
    local info, rows = all.meta_.phases, claims_rows.all(self)
    local out = analysis.rows(self.store, { { "phase", "phase" }, { "period", "period" },
      { "own", "figure", unit = "case", vi = "Số vụ của nước", en = "Cases of the country" },
      { "cases", "figure", unit = "case", vi = "Số vụ toàn chiến dịch", en = "Cases of the campaign" }, { "share", "figure" }, SOURCE })
    for i, row in pairs(all) do
      local phase, mine = info.by_key[row.phase] or {}, own[i]
      local others = not mine.cases and other_periods(rows, code, phase) or {}
      out:add { row.phase, false, mine.cases, row.cases, mine.cases and row.cases and mine.cases:share(row.cases) or false, mine.source }
      if not mine.cases then out:why("share", "chưa có số riêng của nước cho giai đoạn", "the country's number of the phase is not known")
      elseif not row.cases then out:why("share", "chưa rõ số toàn chiến dịch", "the campaign's number is not known") end
      for _, one in ipairs(others) do
        out:add { row.phase, one.row.period, claims_rows.figure(one.row), row.cases, false, one.row.source }
        local vi, en = range_text(one.from, one.to, "vi"), range_text(one.from, one.to, "en")
        out:why("share", "khác thời gian: " .. vi .. " và " .. range_text(phase.date, phase.date_to, "vi"),
          "other time: " .. en .. " and " .. range_text(phase.date, phase.date_to, "en"))
      end
    end
    return out:done(meta_of(self))
  end
end

local function add_suspects(methods, check)
  -- claims:suspects_per_case() -> Table: number, cases, suspects, mean, verdict ("ít hơn số vụ" where fewer suspects than cases were
  -- announced), source. Both numbers are of the same subject, time and goods.
  function methods:suspects_per_case()
    check(self, "suspects_per_case")
    local found, names, how = by_number(self)
    local out = analysis.rows(self.store, { NUMBER, { "cases", "figure", unit = "case" }, { "suspects", "figure", unit = "person" },
      { "mean", "figure", vi = "Đối tượng mỗi vụ", en = "Suspects per case", digits = 2 },
      { "verdict", "text", words = in_english { ["ít hơn số vụ"] = "fewer than cases" } }, SOURCE })
    for _, name in ipairs(names) do
      local row = found[name][1]
      if row.measure == "suspects" then
        local of = {}
        for key, value in pairs(row) do of[key] = value end
        of.measure = "cases"
        local cases = found[claim_name.of(of)]
        cases = cases and claims_rows.figure(cases[1])
        local suspects = claims_rows.figure(row)
        out:add { solve_words.number(of, how), cases, suspects, cases and suspects / cases,
          cases and unitless(suspects):surely_lt(unitless(cases)) and "ít hơn số vụ", row.source }
        if not cases then out:why("mean", "chưa có số vụ cùng phạm vi", "no cases of the same scope are known") end
      end
    end
    return out:done(meta_of(self))
  end
end

local TABLETS = { ["trong khối lượng"] = "inside the mass", ["ngoài khối lượng"] = "beside the mass", ["không rõ"] = "not clear",
  ["không nêu khối lượng"] = "no mass stated" }

-- Grams a tablet of the item weighs by the store's conversions, as a Figure in kg, and who says so.
local function tablet_weight(store, item)
  local row = rows_of(store, [[select factor_lo, factor_hi, to_unit, source from conversions where unit = 'pill' and item in (?1, '')
    order by item desc]], { item or "" })[1]
  if not row then return nil end
  return core.figure.new { lo = row.factor_lo, hi = row.factor_hi, unit = row.to_unit }:to "kg", row.source
end

local function add_tablets(methods, check)
  -- claims:tablets() -> Table: number, mass, pills, weight (of the tablets, by a named conversion), place ("trong khối lượng", "ngoài khối
  -- lượng", "không nêu"), total (mass with the tablets), source. Where no mass or no conversion is known, the total is missing.
  function methods:tablets()
    check(self, "tablets")
    local found, names, how = by_number(self)
    local out = analysis.rows(self.store, { NUMBER, { "mass", "figure", unit = "kg" }, { "pills", "figure", unit = "pill" },
      { "weight", "figure", unit = "kg", vi = "Khối lượng của số viên", en = "Weight of the tablets", digits = 1 },
      { "inside", "text", vi = "Số viên nằm", en = "Tablets are", words = in_english(TABLETS) },
      { "total", "figure", unit = "kg", vi = "Cả số viên", en = "With tablets", digits = 1 },
      { "conversion", "text", vi = "Nguồn quy đổi", en = "Conversion by" }, SOURCE })
    for _, name in ipairs(names) do
      local row = found[name][1]
      if row.measure == "pills" then
        local of = { subject = row.subject, scope = row.scope, period = row.period, phase = row.phase, measure = "mass",
          category = row.category }
        local masses = found[claim_name.of(of)]
        local mass = masses and claims_rows.figure(masses[1]):to "kg"
        local each, by = tablet_weight(self.store, row.item)
        local pills = claims_rows.figure(row)
        local weight = each and unitless(pills) * each
        local place = not mass and "không nêu khối lượng" or row.parent == masses[1].claim and "trong khối lượng"
          or masses[1].source == row.source and "ngoài khối lượng" or "không rõ"
        local total = place == "trong khối lượng" and mass or place == "ngoài khối lượng" and weight and mass + weight
        out:add { solve_words.number(row, how), mass, pills, weight, place, total, by, row.source }
        if not each then out:why("weight", "không có hệ số quy đổi cho mặt hàng này", "no conversion is known for this item") end
        if not total then out:why("total", "không đủ căn cứ để cộng", "not enough is said to add them") end
      end
    end
    return out:done(meta_of(self))
  end
end

local function add_rounding(methods, check)
  -- claims:rounding() -> Table: number, value (stated exactly), wording (of the same number, rounded or hedged), percent (how far the
  -- wording's number lies from the value), verdict ("khớp với cận" or "mâu thuẫn"), source (of the wording).
  function methods:rounding()
    check(self, "rounding")
    local found, names, how = by_number(self)
    local out = analysis.rows(self.store, { NUMBER, { "value", "figure" }, { "wording", "figure", vi = "Cách nói tròn", en = "Rounded wording" },
      { "percent", "figure", vi = "Lệch", en = "Off by" }, { "verdict", "text" }, SOURCE })
    for _, name in ipairs(names) do
      local exact, seen = nil, {}
      for _, row in ipairs(found[name]) do
        if not exact and row.qualifier == "exact" and row.best then exact = row end
      end
      local value = exact and claims_rows.figure(exact)
      for _, row in ipairs(exact and found[name] or {}) do
        local wording = row ~= exact and row.best and claims_rows.figure(row)
        if wording and core.figure.comparable(wording, value) and wording ~= value and
          (row.qualifier ~= "exact" or not wording:exact()) and not seen[wording:say() .. row.source] then
          seen[wording:say() .. row.source] = true
          local said = core.figure.new { best = tostring(wording.best), unit = wording.unit }
          local true_one = core.figure.new { best = tostring(value.best), unit = value.unit }
          out:add { solve_words.number(exact, how), value, wording, said:change(true_one),
            wording:overlaps(value) and "khớp với cận" or "mâu thuẫn", row.source }
        end
      end
    end
    return out:done(meta_of(self))
  end
end

local QUALIFIERS = { en = { more_than = "more than", at_least = "at least", at_most = "at most", approx = "about" }, vi = { exact = "đúng",
  nearly = "gần", more_than = "hơn", at_least = "ít nhất", at_most = "tối đa", below = "dưới", approx = "khoảng" } }

local function add_provenance(methods, check)
  -- claims:provenance() -> Table: claim, number, value, qualifier, surface (as written), first, last (bytes of the text), source, outlet,
  -- published, address, status: every announced number and where it stands.
  function methods:provenance()
    check(self, "provenance")
    local known, how = {}, solve_words.how(self.store)
    for _, row in ipairs(rows_of(self.store, "select source, outlet, published, address from sources")) do known[row.source] = row end
    local out = analysis.rows(self.store, { { "claim", "int" }, NUMBER, { "value", "figure" },
      { "qualifier", "text", vi = "Cách nói", en = "Qualifier", words = QUALIFIERS }, { "surface", "text", vi = "Nguyên văn", en = "As written" },
      { "first", "int", vi = "Từ byte", en = "From byte" }, { "last", "int", vi = "Đến byte", en = "To byte" }, SOURCE,
      { "outlet", "text", optional = true }, { "published", "date", vi = "Ngày đăng", en = "Published" },
      { "address", "text", vi = "Địa chỉ", en = "Address", optional = true } })
    for _, row in ipairs(claims_rows.all(self)) do
      local source = known[row.source] or {}
      out:add { row.claim, solve_words.number(row, how), claims_rows.figure(row), row.qualifier, row.surface, row.first, row.last,
        row.source, source.outlet, source.published, source.address }
      if not row.first then
        out:why("first", "chỉ biết nguồn, chưa có vị trí trong văn bản", "only the source is known, not the place in its text")
      end
    end
    return out:done(meta_of(self))
  end
end

return function(methods, check)
  for _, add in ipairs { add_composition, add_rates, add_national_share, add_suspects, add_tablets, add_rounding, add_provenance } do
    add(methods, check)
  end
end
