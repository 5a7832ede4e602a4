-- claims_checks: the tests that an analyst makes of announced numbers one by one; claims:solve() makes them all together.
--   claims:parts()          every whole that was announced with parts: their sum, what they leave, the first part above the whole
--   claims:changes()        every announced change: the change worked out anew, the base known and the base that it needs
--   claims:differences()    running totals of one series: what each adds to the one before, and the number stated for that time
--   claims:disagreements()  numbers that sources state differently: what each says, how far apart, which is preferred
--   claims:revisions()      preliminary and final numbers: first, last, by how much and how many days later
--   claims:comparable(a, b) whether two numbers may be compared at all, and why not
--   claims:check()          what is wrong in all of these, a line each
local core = require "mekong.core"
local claim_name = require "mekong.claim_name"
local claims_rows = require "mekong.claims_rows"
local labels = require "mekong.labels"
local options = require "mekong.options"
local phases = require "mekong.phases"
local rows_of = require("mekong.rows").of
local solve_rows = require "mekong.solve_rows"
local solve_system = require "mekong.solve_system"
local solve_words = require "mekong.solve_words"
local Table = require "mekong.table"

local FROZEN, FALLS = "đứng yên", "giảm"

local function make(self, columns, n, reasons)
  local shown, data = {}, {}
  for c, column in ipairs(columns) do
    shown[c] = { name = column[1], kind = column[2], vi = column.vi, en = column.en, optional = column.optional }
    data[c] = column[3]
  end
  return Table.new(shown, data, n, { locale = self.store:locale(), origin = "claims", reasons = reasons,
    phases = phases.of(self.store) })
end

-- Lists that grow by rows: put(value, ...) fills one, a missing value is nil.
local function columns_of(count)
  local out, n = {}, 0
  for c = 1, count do out[c] = {} end
  return out, function(...)
    n = n + 1
    for c = 1, count do out[c][n] = (select(c, ...)) end
    return n
  end, function() return n end
end

-- The claims by the number they state, the preferred first; names in the order of their first claim.
local function by_name(rows)
  local found, names = {}, {}
  for _, row in ipairs(rows) do
    if (row.best ~= nil or row.lower ~= nil or row.upper ~= nil) and row.subject ~= "other" then
      local name = claim_name.of(row)
      if not found[name] then found[name], names[#names + 1] = {}, name end
      table.insert(found[name], row)
    end
  end
  for _, list in pairs(found) do
    table.sort(list, function(a, b)
      local x, y = a.preferred and 1 or 0, b.preferred and 1 or 0
      if x ~= y then return x > y end
      return a.claim < b.claim
    end)
  end
  return found, names
end

local function alike(a, b) return core.figure.comparable(a, b) end

-- By how much b differs from a; nil where a may be nothing.
local function change_of(a, b) return alike(a, b) and a.lo ~= nil and a.lo ~= 0 and b:change(a) or nil end

-- Parts that a total is split into; ways of counting the total itself are no parts.
local function split_of(row, children)
  local out = {}
  for _, child in ipairs(children[row.claim] or {}) do
    if alike(claims_rows.figure(child), claims_rows.figure(row)) then out[#out + 1] = child end
  end
  return out
end

local function children_of(rows)
  local out = {}
  for _, row in ipairs(rows) do
    if row.parent and not claim_name.relation[row.measure] then
      out[row.parent] = out[row.parent] or {}
      table.insert(out[row.parent], row)
    end
  end
  return out
end

-- One part is one of its kind ("led", a department); several are a split.
local function verdict_of_parts(whole, sum, parts)
  for _, part in ipairs(parts) do
    local figure = claims_rows.figure(part)
    if whole:surely_lt(figure) then return "mâu thuẫn", part end
  end
  local listed = parts[1].item == "listed_parts"
  if sum:overlaps(whole) then return sum:exact() and whole:exact() and "khớp" or "khớp với cận" end
  if listed then return "mâu thuẫn" end
  if whole:surely_lt(sum) then return "thừa " .. (sum - whole):format { locale = "vi", unit = false } end
  if #parts == 1 then return "khớp với cận" end
  return "thiếu " .. (whole - sum):format { locale = "vi", unit = false }
end

return function(methods, check)
  -- claims:parts() -> Table: number, whole, sum, gap (whole − sum), parts, above (the first part larger than the whole), verdict
  -- ("thiếu 141": the parts leave so many unexplained), source.
  function methods:parts()
    check(self, "parts")
    local rows, how = claims_rows.all(self), solve_words.how(self.store)
    local children = children_of(rows)
    local cells, put, count = columns_of(8)
    for _, row in ipairs(rows) do
      local parts = split_of(row, children)
      if parts[1] then
        local whole, sum, names = claims_rows.figure(row), nil, {}
        for i, part in ipairs(parts) do
          local figure = claims_rows.figure(part)
          sum = sum and sum + figure or figure
          names[i] = figure:format { locale = how.locale }
        end
        local verdict, above = verdict_of_parts(whole, sum, parts)
        put(solve_words.number(row, how), whole, sum, whole - sum, table.concat(names, " + "),
          above and solve_words.number(above, how), verdict, row.source)
      end
    end
    return make(self, { { "number", "text", cells[1], vi = "Số liệu", en = "Number" },
      { "whole", "figure", cells[2], vi = "Tổng công bố", en = "Whole" },
      { "sum", "figure", cells[3] }, { "gap", "figure", cells[4], vi = "Còn lại", en = "Left" },
      { "parts", "text", cells[5], vi = "Các phần", en = "Parts" },
      { "above", "text", cells[6], vi = "Phần vượt tổng", en = "Above the whole", optional = true },
      { "verdict", "verdict", cells[7] }, { "source", "text", cells[8] } }, count())
  end

  -- claims:changes([{rounding = "nearest"}]) -> Table: claim, number, against, stated, recomputed, base (known of it), needed
  -- (for the stated change to hold; "39; 57" where it has readings), verdict, source.
  function methods:changes(opts)
    check(self, "changes")
    opts = options.check(opts, { "rounding" }, "claims:changes")
    local solution, how = self:solve { rounding = opts.rounding }, solve_words.how(self.store)
    local found = by_name(claims_rows.all(self))
    local cells, put, count = columns_of(9)
    for _, item in ipairs(solution.system.items) do
      local list = item.kind == "ratio" and { item } or {}
      for _, other in ipairs(item.also or {}) do list[#list + 1] = other end
      for _, one in ipairs(list) do
        local numbers, bases = found[one.name] or {}, found[one.base] or {}
        local number, base = numbers[1] and claims_rows.figure(numbers[1]), bases[1] and claims_rows.figure(bases[1])
        local readings, needed, holds, fits = solution:readings(one.row.claim), nil, false, false
        local against, texts, seen = solve_words.number(one.base_row, how), {}, {}
        for i = 1, #readings do
          local row = readings[i]
          if row.against == against and row.base then
            local text = row.base:format { locale = how.locale, unit = false }
            if (i - 1) % 3 == 0 or one.ways[2] then
              if not seen[text] then seen[text], texts[#texts + 1] = true, text end
              fits, needed = true, text
              holds = holds or base ~= nil and row.base:overlaps(base)
            end
          end
        end
        local again = number and base and alike(number, base) and
          (one.row.measure == "percent_share" and number:share(base) or
          one.row.measure == "percent_change" and number:change(base) or number:times(base))
        local verdict = "không so được"
        if base and fits then verdict = holds and "khớp với cận" or "mâu thuẫn" elseif number and not needed then verdict = "mâu thuẫn" end
        put(one.row.claim, solve_words.number(one.measured, how), against, solve_words.change(one.row, how.locale), again or nil, base,
          texts[1] and table.concat(texts, "; ") or nil, verdict, one.row.source)
      end
    end
    return make(self, { { "claim", "int", cells[1] }, { "number", "text", cells[2], vi = "Số liệu", en = "Number" },
      { "against", "text", cells[3] }, { "stated", "text", cells[4] }, { "recomputed", "figure", cells[5], vi = "Tính lại", en = "Recomputed" },
      { "base", "figure", cells[6], vi = "Gốc đã biết", en = "Base known" }, { "needed", "text", cells[7], vi = "Gốc cần có", en = "Base needed" },
      { "verdict", "verdict", cells[8] }, { "source", "text", cells[9] } }, count())
  end

  local function first_of(list) return list and list[1] and claims_rows.figure(list[1]) end

  -- claims:differences() -> Table, for each two running totals from one first day: number, from, to (the last days), before,
  -- after, difference, stated (for the days between), verdict ("giảm" a total that falls, "đứng yên" one that does not move
  -- although something was stated for the days between, or the same total of another measure moved).
  function methods:differences()
    check(self, "differences")
    local rows, how = claims_rows.all(self), solve_words.how(self.store)
    local found = by_name(rows)
    local variables, seen = {}, {}
    for _, row in ipairs(rows) do
      local name = claim_name.of(row)
      if row.period and not seen[name] and row.item ~= "listed_parts" and row.item ~= "cumulative_difference" and
        claim_name.additive[row.measure] then
        seen[name], variables[#variables + 1] = true, { name = name, row = row, unit = solve_rows.base(row) }
      end
    end
    local cells, put, count = columns_of(8)
    for _, list in ipairs(solve_system.series_of { variables = variables }) do
      table.sort(list, function(a, b)
        if a.first ~= b.first then return a.first < b.first end
        return a.last < b.last
      end)
      for i = 2, #list do
        local a, b = list[i - 1], list[i]
        if a.first == b.first and a.last < b.last then
          local before, after, stated = first_of(found[a.var.name]), first_of(found[b.var.name]), nil
          local next_day = core.date.add(a.last, 1)
          for _, other in ipairs(list) do
            if other.first == next_day and other.last == b.last then stated = first_of(found[other.var.name]) end
          end
          local difference = after - before
          local verdict
          if after:surely_lt(before) then verdict = FALLS
          elseif difference:is(0) and (not stated or not stated:is(0)) then verdict = FROZEN
          elseif stated then verdict = difference:overlaps(stated) and "khớp với cận" or "mâu thuẫn"
          else verdict = "không so được" end
          local row = {}
          for key, value in pairs(b.var.row) do row[key] = value end
          row.period = nil
          put(solve_words.number(row, how), a.last, b.last, before, after, difference, stated, verdict)
        end
      end
    end
    return make(self, { { "number", "text", cells[1], vi = "Số liệu", en = "Number" }, { "from", "date", cells[2], vi = "Lũy kế đến", en = "Up to" },
      { "to", "date", cells[3], vi = "Rồi đến", en = "Then to" }, { "before", "figure", cells[4], vi = "Trước", en = "Before" },
      { "after", "figure", cells[5], vi = "Sau", en = "After" }, { "difference", "figure", cells[6] },
      { "stated", "figure", cells[7] }, { "verdict", "verdict", cells[8] } }, count())
  end

  -- claims:disagreements() -> Table: number, values ("25 [vna23]; 23 [un5]"), spread (largest less smallest), preferred, source
  -- of the preferred one, why it is preferred. A rounded wording beside the number that it rounds is no disagreement.
  function methods:disagreements()
    check(self, "disagreements")
    local how = solve_words.how(self.store)
    local rows = claims_rows.all(self)
    local found, names = by_name(rows)
    local reliability = {}
    for _, row in ipairs(rows_of(self.store, "select source, reliability from sources")) do reliability[row.source] = row.reliability end
    local cells, put, count = columns_of(6)
    for _, name in ipairs(names) do
      local first = found[name][1]
      local best = claims_rows.figure(first)
      local texts, low, high, differ = {}, best, best, false
      for _, value in ipairs(claim_name.relation[first.measure] and {} or found[name]) do
        local figure, known = claims_rows.figure(value), nil
        for _, item in ipairs(texts) do
          if item.figure == figure then known = item end
        end
        if alike(figure, best) then
          differ = differ or not figure:overlaps(best)
          if known then
            known.sources[#known.sources + 1] = value.source
          else
            texts[#texts + 1] = { figure = figure, sources = { value.source } }
            if figure:surely_lt(low) then low = figure end
            if high:surely_lt(figure) then high = figure end
          end
        end
      end
      if differ then
        for i, item in ipairs(texts) do
          texts[i] = item.figure:format { locale = how.locale, unit = false } .. " [" .. table.concat(item.sources, ", ") .. "]"
        end
        local rank = reliability[first.source]
        put(solve_words.number(first, how), table.concat(texts, "; "), high - low, best, first.source,
          rank and labels.say(how.locale, "được chọn trong sổ; độ tin cậy ", "preferred in the ledger; reliability ") .. rank or
          labels.say(how.locale, "được chọn trong sổ", "preferred in the ledger"))
      end
    end
    return make(self, { { "number", "text", cells[1], vi = "Số liệu", en = "Number" },
      { "values", "text", cells[2], vi = "Các nguồn nêu", en = "Values" },
      { "spread", "figure", cells[3], vi = "Khoảng cách", en = "Spread" }, { "preferred", "figure", cells[4], vi = "Được chọn", en = "Preferred" },
      { "source", "text", cells[5] }, { "why", "text", cells[6], vi = "Lý do", en = "Why" } }, count())
  end

  -- claims:revisions() -> Table: number, first, last, change, days (between the dates of the sources, where both are known to
  -- the day), status ("sơ bộ" while no final number is known), source of the first and of the last.
  function methods:revisions()
    check(self, "revisions")
    local how = solve_words.how(self.store)
    local rows, by_claim, published, later = claims_rows.all(self), {}, {}, {}
    for _, row in ipairs(rows_of(self.store, "select source, published from sources")) do published[row.source] = row.published end
    for _, row in ipairs(rows) do
      by_claim[row.claim] = row
      if row.supersedes then later[row.supersedes] = row end
    end
    local found = by_name(rows)
    local cells, put, count = columns_of(8)
    local function days(a, b)
      local x, y = published[a.source] or "", published[b.source] or ""
      if #x < 10 or #y < 10 then return nil end
      return core.date.between(x, y)
    end
    for _, row in ipairs(rows) do
      local superseded = row.supersedes and by_claim[row.supersedes]
      local final = row.preliminary and not later[row.claim] and not row.parent and not claim_name.relation[row.measure]
      if superseded and not later[row.claim] then
        local first = superseded
        while first.supersedes and by_claim[first.supersedes] do first = by_claim[first.supersedes] end
        local a, b = claims_rows.figure(first), claims_rows.figure(row)
        put(solve_words.number(row, how), a, b, change_of(a, b), days(first, row),
          labels.say(how.locale, "đã thay", "replaced"), first.source, row.source)
      elseif final and found[claim_name.of(row)][1] == row then
        local other
        for _, one in ipairs(found[claim_name.of(row)]) do
          if not one.preliminary then other = one end
        end
        local a, b = claims_rows.figure(row), other and claims_rows.figure(other)
        put(solve_words.number(row, how), a, b, b and change_of(a, b), other and days(row, other) or nil,
          labels.say(how.locale, other and "đã có số cuối" or "sơ bộ", other and "final known" or "preliminary"), row.source,
          other and other.source or nil)
      end
    end
    return make(self, { { "number", "text", cells[1], vi = "Số liệu", en = "Number" }, { "first", "figure", cells[2], vi = "Số đầu", en = "First" },
      { "last", "figure", cells[3], vi = "Số cuối", en = "Last" }, { "change", "figure", cells[4], vi = "Điều chỉnh", en = "Revision" },
      { "days", "int", cells[5] }, { "status", "text", cells[6] }, { "source", "text", cells[7] },
      { "last_source", "text", cells[8], vi = "Nguồn số cuối", en = "Source of the last", optional = true } }, count())
  end

  -- ---------------------------------------------------------------- comparability

  -- How the tablets of a mass stand to it: "trong" (part of it), "cạnh" (beside it), nil when none were stated.
  local function tablets(rows, row)
    if row.measure ~= "mass" then return nil end
    for _, other in ipairs(rows) do
      if other.measure == "pills" and other.subject == row.subject and other.scope == row.scope and other.category == row.category and
        other.period == row.period then
        if other.parent == row.claim then return "inside" end
        if not other.parent and other.source == row.source then return "beside" end
      end
    end
    return nil
  end

  local function days_of(self, row)
    if row.period then
      local ok, days = pcall(core.date.days, row.period)
      return ok and days or nil
    end
    local phase = row.phase and phases.of(self.store).by_key[row.phase]
    return phase and phase.days
  end

  local function reasons_against(self, rows, a, b, found_a, found_b)
    local out = {}
    local function add(vi, en) out[#out + 1] = { vi, en } end
    if a.measure ~= b.measure then add("khác chỉ tiêu", "different measures")
    elseif found_a and found_b and not alike(claims_rows.figure(found_a), claims_rows.figure(found_b)) then
      add("khác đơn vị", "different units")
    end
    if a.scope ~= b.scope or not (a.phase and b.phase) and a.subject ~= b.subject then
      local function scope(row) return row.scope or row.phase == row.subject and "all" or row.subject end
      add(("khác phạm vi (%s, %s)"):format(scope(a), scope(b)):gsub("all", "mọi thành viên"),
        (("different scopes (%s, %s)"):format(scope(a), scope(b)):gsub("all", "all members")))
    end
    if a.category ~= b.category or a.item ~= b.item then add("khác nhóm hàng", "different categories") end
    if (a.period ~= nil) ~= (b.period ~= nil) then add("một bên là kỳ lịch, một bên là giai đoạn", "one is a period, the other a phase") end
    local x, y = days_of(self, a), days_of(self, b)
    if x and y and x ~= y then add(("khác thời gian: %d và %d ngày"):format(x, y), ("different lengths: %d and %d days"):format(x, y)) end
    local inside, beside = found_a and tablets(rows, found_a), found_b and tablets(rows, found_b)
    if inside and beside and inside ~= beside then
      add("số viên nằm trong khối lượng ở một bên, cạnh khối lượng ở bên kia", "tablets are inside the mass on one side, beside it on the other")
    end
    if (found_a and found_a.preliminary or false) ~= (found_b and found_b.preliminary or false) then
      add("một bên là số sơ bộ", "one of them is preliminary")
    end
    return out
  end

  -- claims:comparable("OMD6@VN.mass.drug", "OMD7.mass.drug") -> true | false, Table of the reasons: unit, scope, category,
  -- period against phase, lengths in days, tablets inside a mass against beside it, preliminary against final.
  function methods:comparable(a, b)
    check(self, "comparable")
    local rows, how = claims_rows.all(self), solve_words.how(self.store)
    local found = by_name(rows)
    local x, y = claim_name.read(a), claim_name.read(b)
    local first, second = found[claim_name.of(x)], found[claim_name.of(y)]
    local list = reasons_against(self, rows, x, y, first and first[1], second and second[1])
    local texts = {}
    for i, reason in ipairs(list) do texts[i] = labels.say(how.locale, reason[1], reason[2]) end
    return #list == 0, make(self, { { "reason", "text", texts, vi = "Lý do không so được", en = "Why not comparable" } }, #texts)
  end

  -- claims:elsewhere(measure, {phase =, scope =, ...}) -> what was announced of that measure for the same phase or subject, but
  -- for another scope or period, as text; nil when nothing was. For reconcile's verdict "không so được".
  function methods:elsewhere(measure, wanted)
    check(self, "elsewhere")
    local how, texts, seen = solve_words.how(self.store), {}, {}
    for _, row in ipairs(claims_rows.all(self)) do
      local same = row.measure == measure and row.category == wanted.category and row.item == wanted.item
      if same and (wanted.phase and row.phase == wanted.phase or wanted.subject and row.subject == wanted.subject) and
        (row.scope ~= wanted.scope or row.period ~= wanted.period) then
        local text = solve_words.number(row, how)
        if not seen[text] then seen[text], texts[#texts + 1] = true, text end
      end
    end
    return texts[1] and table.concat(texts, "; ") or nil
  end

  local bad = { ["mâu thuẫn"] = true, [FROZEN] = true, [FALLS] = true }
  local function is_bad(verdict) return bad[verdict] or verdict:find "^thiếu" ~= nil or verdict:find "^thừa" ~= nil end

  -- claims:check() -> Table of what does not hold: kind of check, number, stated, found, verdict, source.
  function methods:check()
    check(self, "check")
    local locale = self.store:locale()
    local cells, put, count = columns_of(6)
    local function text(value)
      if core.figure.is(value) then return value:format { locale = locale } end
      return value ~= nil and tostring(value) or nil
    end
    local function take(t, vi, en, stated, found)
      for i = 1, #t do
        local row = t[i]
        if is_bad(row.verdict) then
          put(labels.say(locale, vi, en), row.number, text(row[stated]), text(row[found]), row.verdict,
            pcall(t.cell, t, 1, "source") and row.source or nil)
        end
      end
    end
    local solution, how = self:solve(), solve_words.how(self.store)
    local conflicts = solution:conflicts()
    for i = 1, #conflicts do
      put(labels.say(locale, "các công bố với nhau", "claims together"), conflicts[i].statements, nil, nil, "mâu thuẫn")
    end
    for _, item in ipairs(solution.system.items) do
      if item.also then
        local bases, sources = { solve_words.number(item.base_row, how) }, solve_words.sources { item }
        for k, other in ipairs(item.also) do bases[k + 1] = solve_words.number(other.base_row, how) end
        put(labels.say(locale, "một mức, nhiều gốc", "one change, several bases"), solve_words.number(item.measured, how),
          solve_words.change(item.row, locale), table.concat(bases, "; "), "không so được", table.concat(sources, ", "))
      end
    end
    take(self:parts(), "phần và tổng", "parts and whole", "whole", "sum")
    take(self:changes(), "mức thay đổi", "change", "stated", "recomputed")
    take(self:differences(), "số lũy kế", "running total", "after", "difference")
    local apart = self:disagreements()
    for i = 1, #apart do
      put(labels.say(locale, "nguồn khác nhau", "sources differ"), apart[i].number, text(apart[i].preferred), apart[i].values, "mâu thuẫn",
        apart[i].source)
    end
    return make(self, { { "kind", "text", cells[1], vi = "Phép thử", en = "Check" },
      { "number", "text", cells[2], vi = "Số liệu", en = "Number" },
      { "stated", "text", cells[3] }, { "found", "text", cells[4], vi = "Kiểm được", en = "Found" },
      { "verdict", "verdict", cells[5] }, { "source", "text", cells[6] } }, count())
  end
end
