-- The forty analyses: every call of the README's table gives what stands beside it, prints in both languages, and numbers that can be
-- worked out by hand or are known to the generator of the made-up sample come out so.
local mekong = require "mekong"

local path = "examples/records/ho-so-gia.csv"

local function opened(locale)
  local store = assert(mekong.omd(nil, { locale = locale }))
  assert(store:load("cases", path))
  return store, setmetatable({ mekong = mekong, store = store, d = store.cases, c = store:claims() }, { __index = _G })
end

local function value(expression, known) return assert(load("return " .. expression, expression, "t", known))() end

describe("the forty analyses", function()
  local store, known, english, known_en
  local f <close> = assert(io.open("README.md", "rb"))
  local section = f:read "a":match "\n## Bốn mươi phân tích / Forty analyses\n(.-)\n## "

  setup(function()
    store, known = opened "vi"
    english, known_en = opened "en"
  end)
  teardown(function()
    store:close()
    english:close()
  end)

  it("give what the README says, each in its own order, and print in Vietnamese and English", function()
    local last = 0
    for number, call, look, shown in section:gmatch "\n| (%d+)%. [^|]+ | `([^|`]+)` | `([^|`]+)` | `([^|`]*)` |" do
      assert(tonumber(number) > last, number)
      last = tonumber(number)
      assert.equal(shown, tostring(value("(" .. call .. ")" .. look, known)), call)
      local vi, en = tostring(value(call, known)), tostring(value(call, known_en))
      assert(#vi > 20 and #en > 20, call)
      assert.are_not.equal(vi, en, call)
    end
    assert(last > 0)
  end)

  it("take slopes by least squares, worked out by hand", function()
    -- 164, 284, 868, 1362, 1715, 1155 stand at places 1, 3, 4, 5, 6, 8 of the phases: 35172 / 177
    local row = known.c:table "cases":trend()[1]
    assert.equal(6, row.n)
    assert.truthy((row.slope * 177):is(35172))
    -- without the last one, the steepest: 5 points, sum of places 19; weights -14 -4 1 6 11 against 74
    assert.truthy((row.high * 74):is(24473))
    local few = known.c:table("cases", { scope = "VN" }):trend()
    assert.truthy(few[1].slope:is(-46))
    assert.is_nil(few[1].low)
    assert.equal("cần ít nhất 3 kỳ có số liệu", few:why(1, "low"))
  end)

  it("say how concentrated counts are, exactly", function()
    local t = store:sql "select column1 as place, column2 as n from (values ('a', 5), ('b', 3), ('c', 2), ('d', null))"
    local row = t:concentration { by = "n" }[1]
    assert.equal(3, row.n)
    assert.truthy(row.top_1:is "50%" and row.top_5:is "100%")
    assert.truthy(row.hhi:is(3800)) -- 10000 * (25 + 9 + 4) / 100
    assert.equal("0,2", row.gini:format { digits = 1 }) -- (2 * 5 - 2 * 2) / (3 * 10)
    assert(tostring(t:concentration { by = "n" }):find("1 dòng chưa có số liệu", 1, true))
  end)

  it("give the months of a year their index, zero months and missing ones apart", function()
    local t = store:sql [[select column1 as month, column2 as n from (values ('2023-01', 4), ('2024-01', 8), ('2024-02', 0), ('2024-03', null))]]
    local s = t:seasonality { by = "n" }
    assert.equal("2023, 2024", s[1].years)
    assert.truthy(s[1].mean:is(6) and s[1].index:is(2) and s[2].index:is(0)) -- means 6 and 0, their mean 3
    assert.is_nil(s[3].index)
    assert.has_error(function() known.d:count "province":seasonality() end)
  end)

  it("show what the announced categories leave of a phase", function()
    local t = known.c:composition()
    assert.equal("(chưa phân loại)", t[2].category)
    assert.truthy(t[2].cases:is(251)) -- 284 - 33
    for row in t:rows() do assert(row.phase ~= "OMD3" or row.category ~= "(chưa phân loại)") end
  end)

  it("give rates for both stated lengths of phase V, with bounds where only months are stated", function()
    local t = known.c:rates()
    assert.equal("OMD5", t[6].phase)
    assert.truthy(t[6].days:is(216) and (t[6].per_30_days * 216):is(51450))
    assert.truthy(t[7].days.lo == 125 and t[7].days.hi == 183) -- 30 April to 1 September at least, 1 April to 30 September at most
    assert.is_nil(t[8].per_30_days)
    assert.equal("chưa rõ số vụ", t:why(8, "per_30_days"))
  end)

  it("refuse a national share over another time", function()
    local t = known.c:national_share "VN"
    local seen = 0
    for i, row in pairs(t) do
      if row.period then
        seen = seen + 1
        assert.is_nil(row.share)
        assert(t:why(i, "share"):find("khác thời gian", 1, true))
      elseif row.phase == "OMD5" then
        assert.truthy((row.share * 1715):is "12300%")
      end
    end
    assert.equal(3, seen)
    assert.has_error(function() known.c:national_share "XX" end)
  end)

  it("find announced suspects fewer than cases", function()
    local t, fewer = known.c:suspects_per_case(), {}
    for row in t:rows() do
      if row.verdict then fewer[#fewer + 1] = row.suspects:say() .. " / " .. row.cases:say() end
    end
    assert.same({ "147 đối tượng / 151 vụ" }, fewer)
  end)

  it("weigh tablets by a range, inside the mass or beside it", function()
    local t, seen = known.c:tablets(), {}
    for row in t:rows() do seen[row.inside] = row end
    assert.truthy(seen["trong khối lượng"].total:is "395 kg")
    assert.equal("từ 157,05 đến 523,5 kg", t[1].weight:say()) -- 1,745,000 tablets of 90 to 300 mg
    assert.is_nil(seen["không rõ"].total)
  end)

  it("hold rounded wordings against the exact number", function()
    local verdicts = {}
    for row in known.c:rounding():rows() do
      if row.value:say() == "1.983 kg" then verdicts[1] = row.verdict end
      if row.value:say() == "2.279,71 kg" then verdicts[2] = row.verdict end
    end
    assert.same({ "khớp với cận", "mâu thuẫn" }, verdicts) -- below 2,000 is 1,983; below 2,230 is not 2,279.71
  end)

  it("count provinces and regions as the generator's cases lie", function()
    local _, truth = dofile "examples/records/make.lua".sample(2000)
    local lao_cai, cao_bang, all = 0, 0, 0
    for _, case in ipairs(truth.cases) do
      if case.province == "Lào Cai" then lao_cai = lao_cai + 1 end
      if case.province == "Cao Bằng" then cao_bang = cao_bang + 1 end
    end
    for row in known.store:provinces():rows() do
      all = all + row.n
      if row.province == "VN-15" then assert.equal(lao_cai, row.n) end
    end
    assert.equal(#truth.cases, all)
    local moved, seen = 0, 0
    for row in known.store:regions():rows() do
      seen = seen + row.n
      if row.moved then
        moved = moved + row.n
        assert.same({ "VN-Customs-VI", "VN-Customs-XVI" }, { row.before, row.after })
      end
    end
    assert.equal(cao_bang, moved) -- Cao Bằng went from VI to XVI; what is not recorded is not moved
    assert.equal(#truth.cases, seen)
  end)

  it("know a member's absence only where all members are named", function()
    local t = known.store:participation()
    for i, row in pairs(t) do
      if row.member == "JP" then
        assert.is_false(row.OMD2)
        assert.is_nil(row.OMD5)
        assert.equal("danh sách thành viên không nêu đủ tên", t:why(i, "OMD5"))
        assert.same({ "OMD7", "OMD7" }, { row.first, row.last })
      elseif row.member == "VN" then
        assert.equal("5: 123; 6: 77", row.reported)
      end
    end
  end)

  it("share what was led among the cases that state a role, find pairs told twice, and follow tips", function()
    local own <close> = assert(mekong.omd())
    local function case(id, more)
      local row = { case = id, agency = "A", date = "2025-06-01", origin = "LA" }
      for key, cell in pairs(more) do row[key] = cell end
      assert(own:insert("cases", row))
      assert(own:insert("lines", { case = id, line = 1, item = "heroin", category = "drug", quantity = more.quantity or "1.5", unit = "kg" }))
    end
    local with = { role = "led", intel = "CN" }
    case("1", with)
    case("2", { role = "took_part", date = "2025-06-02", transit = "TH" })
    case("3", { date = "2025-06-04" })
    assert(own:insert("cases", { case = "4", agency = "A", date = "2025-06-02", dup_of = "2" }))
    assert(own:insert("lines", { case = "4", line = 1, item = "heroin", category = "drug", quantity = "1.5", unit = "kg" }))
    local led = own:led_and_joint()[1] -- case 4 is told to be case 2
    assert.same({ 3, 1, 1, 1 }, { led.n, led.led, led.took_part, led.no_role })
    assert.truthy(led.share:is "50%")
    local found = {}
    for row in own:duplicates():rows() do found[#found + 1] = row.case .. row.other_case .. " " .. row.decision end
    table.sort(found)
    assert.same({ "12 chưa quyết", "24 đã ghi là trùng" }, found)
    for row in own:tip_to_seizure():rows() do
      if row.giver == "CN" then assert(row.n == 1 and row.kg:is "1.5 kg" and row.tips == nil) end
      if row.giver == "AU" then assert.equal(0, row.n) end
    end
    local roles = own:transit_roles()
    for row in roles:rows() do
      if row.country == "TH" then assert(row.transit == 1 and row.origin == 0 and row.destination == nil) end
    end
  end)

  it("hold a year against the same time of the last one, by the calendar or by statistical months", function()
    local own <close> = assert(mekong.omd())
    for i, date in ipairs { "2023-12-01", "2024-08-15", "2024-08-16", "2024-12-15", "2024-12-16", "2025-08-14", "2025-08-15", "2025-12-31" } do
      assert(own:insert("cases", { case = "C" .. i, date = date }))
      assert(own:insert("lines", { case = "C" .. i, line = 1, category = "drug", item = "heroin" }))
    end
    local function drug(to, calendar) return own:same_period { to = to, calendar = calendar }[1] end
    -- 16 December to 14 August of 2025: C5, C6; to 15 August of 2024: C2
    local row = drug("2025-08", "customs")
    assert.truthy(row.this:is "2 vụ" and row.last:is "1 vụ" and row.change:is "100%")
    -- the calendar: C6 against none to 14 August; C6, C7 against C2, C3 to its end
    local t = own:same_period { to = "2025-08-14" }
    assert.truthy(t[1].this:is "1 vụ" and t[1].last:is "0 vụ")
    assert.equal("cùng kỳ năm trước là 0", t:why(1, "change"))
    row = drug "2025-08"
    assert.truthy(row.this:is "2 vụ" and row.last:is "2 vụ" and row.change:is "0%")
    -- 2023 is not covered from its first day, so nothing is said of it
    t = own:same_period { to = "2024-08-31" }
    assert.is_nil(t[1].last)
    assert.equal("hồ sơ không phủ hết 2023-01-01/2023-08-31", t:why(1, "last"))
    -- a case of which only the year is known may lie inside
    assert(own:insert("cases", { case = "C9", date = "2025" }))
    assert(own:insert("lines", { case = "C9", line = 1, category = "drug", item = "heroin" }))
    assert.equal("từ 2 đến 3 vụ", drug("2025-08").this:say())
    assert.has_error(function() drug("2025-08-15", "customs") end)
    assert.has_error(function() drug "2025" end)
  end)

  it("say how much of a phase is recorded, and how many lines state what", function()
    local own <close> = assert(mekong.omd())
    for i, date in ipairs { "2025-05-02", "2025-05-20", "2025-08" } do
      assert(own:insert("cases", { case = "C" .. i, phase = "OMD7", date = date, origin = i == 1 and "LA" or nil }))
      assert(own:insert("lines", { case = "C" .. i, line = 1, category = "drug", item = "heroin", quantity = i < 3 and "1" or nil,
        unit = i < 3 and "kg" or nil }))
    end
    local t = own:coverage()
    for i, row in pairs(t) do
      if row.phase == "OMD7" then -- 15 April to 15 September: May and August of six months
        assert.same({ 6, 2, 3 }, { row.months, row.recorded, row.rows })
        assert.truthy((row.share * 3):is "100%" and (row.quantity * 3):is "200%" and (row.origin * 3):is "100%")
        assert.truthy(row.date:is "100%" and row.agency:is "0%")
      else
        assert.is_nil(row.quantity)
        assert.equal("chưa có hồ sơ", t:why(i, "quantity"))
      end
    end
  end)

  it("give the rows of yearly reports, and name what a form requires and the record lacks", function()
    local cites = known.store:export_seizures "cites"
    local rows = known.store:sql [[select count(*) as n, sum(quantity is null) as without from lines where category = 'wildlife']]
    assert.equal(rows[1].n, #cites)
    assert.truthy(cites:to_text():find(("quantity: thiếu ở %d trên %d dòng"):format(rows[1].without, rows[1].n), 1, true))
    local lacking = 0
    for row in cites:rows() do
      if row.quantity == nil then
        lacking = lacking + 1
        assert.truthy(row.lacks:find("quantity", 1, true))
      end
    end
    assert.equal(rows[1].without, lacking)
    assert.equal(known.store:sql([[select count(*) as n from lines where category = 'drug']])[1].n, #known.store:export_seizures "ids")
    assert.has_error(function() known.store:export_seizures "cen" end)
  end)

  it("tell units that convert from those that do not", function()
    local verdicts = {}
    for row in known.store:unit_audit():rows() do verdicts[row.item] = row.verdict .. " " .. (row.per_unit and row.per_unit:say() or "") end
    assert.equal("quy đổi được từ 0,09 đến 0,3 g", verdicts.yaba)
    assert.equal("quy đổi được 0,44 g", verdicts.mdma)
    assert.equal("là khối lượng 1.000 g", verdicts.heroin)
    assert.equal("không quy đổi được ", verdicts.pangolin)
  end)
end)
