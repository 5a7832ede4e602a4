-- The public ledger: every number has a source, every code exists, phases, places and plans are as its sources say. Plain Lua on
-- data/*.csv; its numbers are in ledger_numbers_spec.lua.
local ledger = require "spec.support.ledger"

local tables, headers, code = ledger.tables, ledger.headers, ledger.code
local source, unit, claim, phase = ledger.source, ledger.unit, ledger.claim, ledger.phase
local meeting, place = ledger.meeting, ledger.place
local ticks = ledger.ticks
local claims, places = tables.claims, tables.places

local function where(row) return "claim " .. row.claim end

describe("the files of the ledger", function()
  it("hold only columns the tables of the store have, in their order", function()
    local file = assert(io.open("csrc/core/schema.c", "rb"))
    local text = file:read "a"
    file:close()
    for name, header in pairs(headers) do
      local block = text:match("mk_column " .. name .. "_columns%[%] = (%b{})")
      if name ~= "units" then
        assert.truthy(block, name)
        local p = 1
        for _, column in ipairs(header) do
          p = block:find('{"' .. column .. '"', p, true)
          assert.truthy(p, name .. "." .. column)
        end
      end
    end
  end)

  it("give every row its own key", function()
    local keys = { sources = { "source" }, operation = { "op" }, phases = { "phase", "variant" },
      members = { "phase", "member", "variant" }, claims = { "claim" }, meetings = { "meeting" }, plans = { "plan" },
      statements = { "statement" }, focal_points = { "phase", "country", "level", "force" }, alerts = { "phase", "country", "kind" },
      places = { "place", "kind", "valid_from" }, codes = { "kind", "code" }, aliases = { "kind", "code", "alias" },
      conversions = { "item", "unit", "to_unit" } }
    for name, columns in pairs(keys) do
      local seen = {}
      for _, row in ipairs(tables[name]) do
        local parts = {}
        for i, column in ipairs(columns) do parts[i] = assert(row[column], name .. " line " .. row.line .. " lacks " .. column) end
        local key = table.concat(parts, "\0")
        assert.is_nil(seen[key], name .. " line " .. row.line)
        seen[key] = true
      end
    end
  end)

  it("give every fact a source that is listed", function()
    for name, rows in pairs(tables) do
      if name ~= "units" and name ~= "aliases" then
        for _, row in ipairs(rows) do
          local at = name .. " line " .. row.line
          assert.truthy(row.source and source[row.source], at)
          if row.source == "memory" and name ~= "sources" then assert.equal("unverified", row.status, at) end
        end
      end
    end
  end)

  it("are composed Unicode in the old tone style, except where an alias is a spelling", function()
    for name, rows in pairs(tables) do
      for _, row in ipairs(rows) do
        for column, cell in pairs(row) do
          if column ~= "line" then
            local at = name .. " line " .. row.line .. " " .. column
            assert.is_nil(cell:find "\xCC[\x80-\xBF]" or cell:find "\xCD[\x80-\xAF]", at)
            assert.is_nil(cell:find "^%s" or cell:find "%s$", at)
            local spelling = column:find "^alias" or column == "surface"
            if not spelling then
              local words = cell:gsub("tuýp", "") -- the tone of a closed syllable has one place
              for _, new in ipairs { "hoà", "hoá", "tuý", "thuỷ", "uỷ " } do assert.is_nil(words:find(new, 1, true), at) end
            end
          end
        end
      end
    end
  end)

  it("judge every source and say why", function()
    for _, row in ipairs(tables.sources) do
      assert.truthy(row.kind and row.note, row.source)
      assert.truthy(row.reliability and row.reliability:find "^[ABC]$", row.source)
    end
  end)
end)

describe("names in the ledger", function()
  local function country(text) return code.country[text] end

  it("are codes, units, phases and places that exist", function()
    for _, row in ipairs(claims) do
      local at = where(row)
      assert.truthy(phase[row.subject] or code.operation[row.subject] or code.agency[row.subject] or code.series[row.subject] or
        meeting[row.subject] or row.subject == "other", at)
      assert.truthy(code.measure[row.measure], at)
      assert.truthy(not row.scope or country(row.scope) or code.agency[row.scope], at)
      assert.truthy(not row.category or code.category[row.category], at)
      assert.truthy(not row.item or code.item[row.item] or code.division[row.item], at)
      assert.truthy(not row.unit or unit[row.unit], at)
      assert.truthy(not row.of_measure or code.measure[row.of_measure], at)
      assert.truthy(not row.status or code.status[row.status], at)
      for key in (row.phase or ""):gmatch "[^/]+" do assert.truthy(phase[key], at) end
      if phase[row.subject] then assert.equal(row.subject, row.phase or row.measure:find "^date" and row.subject, at) end
    end
    for _, row in ipairs(tables.members) do
      assert.truthy(phase[row.phase] and (country(row.member) or code.agency[row.member]), row.line)
    end
    for _, row in ipairs(tables.conversions) do
      assert.truthy(code.item[row.item] or code.category[row.item], row.line)
      assert.truthy(unit[row.unit] and unit[row.to_unit], row.line)
      assert.is_true(ticks(row.factor_lo) <= ticks(row.factor_hi), row.line)
    end
  end)

  it("of meetings, plans, statements, focal points and alerts exist", function()
    local function parties(row)
      for party in (row.parties or ""):gmatch "%S+" do assert.truthy(country(party) or code.agency[party], row.line) end
    end
    for _, row in ipairs(tables.meetings) do
      parties(row)
      assert.truthy(code.series[row.series] and place[row.place], row.meeting)
    end
    for _, row in ipairs(tables.statements) do parties(row) end
    for _, row in ipairs(tables.plans) do
      assert.truthy(meeting[row.meeting] and country(row.party_a) and country(row.party_b), row.plan)
      assert.truthy(code.agency[row.unit_a] and code.agency[row.unit_b] and place[row.unit_b], row.plan)
      for key in row.places:gmatch "%S+" do assert.truthy(place[key], row.plan) end
    end
    for _, name in ipairs { "focal_points", "alerts" } do
      for _, row in ipairs(tables[name]) do
        assert.truthy(country(row.country), row.line)
        for key in row.phase:gmatch "[^/]+" do assert.truthy(phase[key], row.line) end
      end
    end
  end)

  it("have parents that exist and lead nowhere in a circle", function()
    local any = {}
    for _, row in ipairs(tables.codes) do any[row.code] = true end
    for _, row in ipairs(tables.codes) do
      assert.truthy(not row.parent or any[row.parent], row.code)
      if row.kind == "item" then assert.truthy(code.item[row.parent] or code.category[row.parent], row.code) end
      local seen, at = {}, row
      while at do
        assert.is_nil(seen[at], row.code)
        seen[at], at = true, at.parent and code[at.kind][at.parent]
      end
    end
    for _, row in ipairs(claims) do
      local seen, at = {}, row
      while at do
        assert.is_nil(seen[at.claim], where(row))
        seen[at.claim] = true
        at = at.parent and assert(claim[at.parent], where(row))
      end
      assert.truthy(not row.supersedes or claim[row.supersedes], where(row))
      if row.base_kind == "claim" then assert.truthy(claim[row.base_ref], where(row)) end
      if row.base_kind == "phase" then assert.truthy(phase[row.base_ref], where(row)) end
    end
  end)

  it("mean one thing each among the aliases of a kind", function()
    local meant = {}
    for _, row in ipairs(tables.aliases) do
      local known = row.kind == "phase" and phase or row.kind == "place" and place or code[row.kind]
      assert.truthy(known and known[row.code], row.alias)
      local key = row.kind .. "\0" .. row.alias:lower()
      assert.is_true(meant[key] == nil or meant[key] == row.code, row.alias)
      meant[key] = row.code
    end
    for _, row in ipairs(tables.codes) do
      for _, name in ipairs { row.name_vi, row.name_en } do
        local other = meant[row.kind .. "\0" .. name:lower()]
        assert.is_true(other == nil or other == row.code, name)
      end
    end
  end)

  it("cover the 35 members of the region and the spellings of the press", function()
    local members = 0
    for _, row in pairs(code.country) do members = members + (row.parent == "WCO-AP" and 1 or 0) end
    assert.equal(35, members)
    local alias = {}
    for _, row in ipairs(tables.aliases) do alias[row.kind .. ":" .. row.alias] = row.code end
    assert.equal("drug", alias["category:ma tuý"])
    assert.equal("methamphetamine", alias["item:methamp-hetamin"])
    assert.equal("AU", alias["country:Úc"])
    assert.equal("OMD5", alias["phase:giai đoạn V"])
    assert.equal("OMD-AP", alias["phase:giai đoạn mở rộng"])
  end)
end)

describe("phases", function()
  local function days_of(date)
    local y, m, d = date:match "^(%d%d%d%d)-(%d%d)-(%d%d)$"
    if not y then return nil end
    y, m, d = math.tointeger(y), math.tointeger(m), math.tointeger(d)
    if m <= 2 then y, m = y - 1, m + 12 end
    return 365 * y + y // 4 - y // 100 + y // 400 + (153 * (m - 3) + 2) // 5 + d
  end

  it("have exactly one preferred variant each, I to VII and AP", function()
    local preferred, n = {}, 0
    for _, row in ipairs(tables.phases) do
      assert.truthy(row.preferred == "1" or row.preferred == "0", row.line)
      preferred[row.phase] = (preferred[row.phase] or 0) + math.tointeger(row.preferred)
    end
    for _, count in pairs(preferred) do
      assert.equal(1, count)
      n = n + 1
    end
    assert.equal(8, n)
    for i = 1, 7 do assert.equal(tostring(i), phase["OMD" .. i].number) end
    assert.is_nil(phase["OMD-AP"].number)
  end)

  it("count their days with both ends, where both are known to the day", function()
    for _, row in ipairs(tables.phases) do
      local from, to = row.date and days_of(row.date), row.date_to and days_of(row.date_to)
      assert.equal(from and to and tostring(to - from + 1) or nil, row.days, row.phase .. " " .. row.variant)
    end
    assert.equal("216", phase.OMD5.days)
    assert.equal("154", phase.OMD7.days)
  end)
end)

describe("places", function()
  local function valid(row, date) return row.valid_from <= date and (not row.valid_to or row.valid_to >= date) end

  local function provinces(date)
    local count, all = { province = 0, municipality = 0 }, {}
    for _, row in ipairs(places) do
      if count[row.kind] and valid(row, date) then
        count[row.kind], all[row.place] = count[row.kind] + 1, row
      end
    end
    return count, all
  end

  it("are 63 provinces until 30 June 2025 and 34 after, six of them cities", function()
    for _, date in ipairs { "2018-09-01", "2025-06-30" } do
      local count = provinces(date)
      assert.equal(63, count.province + count.municipality, date)
    end
    for _, date in ipairs { "2025-07-01", "2025-11-20" } do assert.same({ province = 28, municipality = 6 }, (provinces(date))) end
  end)

  it("lead from every former province to one that took it in", function()
    local _, before = provinces "2025-06-30"
    local _, after = provinces "2025-07-01"
    local taken = 0
    for key, row in pairs(before) do
      if not after[key] then
        assert.truthy(after[row.parent], key)
        taken = taken + 1
      end
    end
    assert.equal(52, taken)
    assert.equal("VN-08", before["VN-ha-giang"].parent)
    assert.equal("VN-24", before["VN-bac-ninh"].parent)
  end)

  local function areas(region, date)
    local out = {}
    for _, row in ipairs(places) do
      if row.kind == "customs_area" and row.parent == region and valid(row, date) then out[#out + 1] = row.place end
    end
    table.sort(out)
    return out
  end

  it("number 20 customs regions whose provinces change on 1 July 2025", function()
    for _, date in ipairs { "2025-03-01", "2025-06-30", "2025-07-01", "2025-11-20" } do
      local n = 0
      for _, row in ipairs(places) do n = n + (row.kind == "customs_region" and valid(row, date) and 1 or 0) end
      assert.equal(20, n, date)
    end
    assert.same({ "VN-04", "VN-20" }, areas("VN-Customs-VI", "2025-06-30"))
    assert.same({ "VN-20" }, areas("VN-Customs-VI", "2025-07-01"))
    assert.same({ "VN-binh-duong" }, areas("VN-Customs-XVI", "2025-06-30"))
    assert.same({ "VN-04", "VN-08" }, areas("VN-Customs-XVI", "2025-07-01"))
    assert.same({ "VN-11", "VN-12", "VN-15" }, areas("VN-Customs-VII", "2025-07-01"))
    assert.same({}, areas("VN-Customs-I", "2025-07-01"))
  end)

  it("never hold two rows of a place and kind on one day, and have parents and seats that exist", function()
    for i, row in ipairs(places) do
      assert.truthy(not row.parent or place[row.parent] or code.country[row.parent] or code.agency[row.parent], row.place)
      assert.truthy(not row.seat or place[row.seat], row.place)
      assert.truthy(not row.valid_to or row.valid_from <= row.valid_to, row.place)
      for j = i + 1, #places do
        local other = places[j]
        if other.place == row.place and other.kind == row.kind then
          assert.is_true((row.valid_to or "9999") < other.valid_from or (other.valid_to or "9999") < row.valid_from, row.place)
        end
      end
    end
  end)
end)

describe("plans and conferences of Viet Nam and China", function()
  it("pair Nanning with VIII, VI and XVI, Kunming with VII and XVI, as proposed in August 2025", function()
    local pairs_found = {}
    for _, row in ipairs(tables.plans) do
      assert.same({ "VN-CN-17", "CN", "VN", "proposed" }, { row.meeting, row.party_a, row.party_b, row.status })
      pairs_found[#pairs_found + 1] = row.unit_a:match "[^-]+$" .. " " .. row.unit_b:match "[^-]+$" .. " " .. row.places
    end
    assert.same({ "Nanning VIII VN-22", "Nanning VI VN-20", "Nanning XVI VN-04 VN-08", "Kunming VII VN-11 VN-12 VN-15",
      "Kunming XVI VN-04 VN-08" }, pairs_found)
  end)

  it("are the fifteenth to the seventeenth", function()
    local list = {}
    for _, row in ipairs(tables.meetings) do
      if row.series == "VN-CN" then list[#list + 1] = row.ordinal .. " " .. row.date .. " " .. row.place end
    end
    assert.same({ "15 2023-11-23 VN-01", "16 2024 CN-fujian", "17 2025-08-12 VN-79" }, list)
  end)
end)

-- The press texts are not part of the project; MEKONG_PRESS names the folder that holds them.
describe("figures in the press texts", function()
  local folder = os.getenv "MEKONG_PRESS"
  local files = { S0 = "000_bf718ba4d108a581", S1 = "001_3b075431203982a3", S2 = "002_3eabe027c8cd76ef",
    S3 = "003_b3c50787ad603a32", S4 = "004_b2f8f29d016e178b" }
  local function text_of(src)
    local file = assert(io.open(folder .. "/" .. files[src] .. ".txt", "rb"))
    local text = file:read "a"
    file:close()
    return text
  end

  it("stand where the claims say", function()
    if not folder then return pending "MEKONG_PRESS is not set" end
    for _, row in ipairs(claims) do
      assert.equal(files[row.source] ~= nil, row.first ~= nil and row.last ~= nil, where(row))
      if row.first then
        assert.equal(row.surface, text_of(row.source):sub(math.tointeger(row.first), math.tointeger(row.last)), where(row))
      end
    end
  end)

  it("are all there: what no claim covers names a phase, a body, a rank or furniture of the page", function()
    if not folder then return pending "MEKONG_PRESS is not set" end
    local expected = { S0 = "5 5 4 5 4 5", S1 = "7 7 7 5 6 7 7 7 7 7 7 7", S2 = "389 2", S3 = "5", S4 = "" }
    for src, names in pairs(expected) do
      local text, left, p = text_of(src):gsub("\nTin liên quan\n.*", ""), {}, 1
      while true do
        local first, last = text:find("%d[%d.,/-]*", p)
        if not first then break end
        local covered = false
        for _, row in ipairs(claims) do
          covered = covered or row.source == src and math.tointeger(row.first) <= first and math.tointeger(row.last) >= first
        end
        if not covered then left[#left + 1] = (text:sub(first, last):gsub("[.,]$", "")) end
        p = last + 1
      end
      assert.equal(names, table.concat(left, " "), src)
    end
  end)
end)

describe("a store of the ledger", function()
  local mekong, omd = require "mekong", require "mekong.omd"
  local fresh <const> = mekong.omd():digest()

  local function untouched(change)
    local store <close> = assert(mekong.omd())
    if change then assert(change(store)) end
    assert.equal(store:digest() == fresh, omd.untouched(store))
    return omd.untouched(store)
  end

  it("is known to hold it alone, until anything is added, changed or removed", function()
    assert.is_true(untouched())
    assert.is_false(untouched(function(store) return store:insert("sources", { source = "x" }) end))
    assert.is_false(untouched(function(store) return store:insert("cases", { case = "x" }) end))
    assert.is_false(untouched(function(store) return store:update("codes", { kind = "item", code = "heroin" }, { note = "x" }) end))
    assert.is_false(untouched(function(store) return store:delete("claims", "claim = 1") end))
    assert.is_false(untouched(function(store) return store:define("cases", { "officer: text" }) end))
  end)
end)
