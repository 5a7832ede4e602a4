-- claims:read: the figures of a text as candidates for claims. What is taken is in every answer of the Claims object, what is
-- open is not, and what somebody settled stands in the note.
local mekong = require "mekong"

local function fresh() return mekong.open(":memory:"):claims() end

local function names(candidates)
  local out = {}
  for i, entry in ipairs(candidates) do
    out[i] = ("%s = %s%s"):format(entry.name or "?", entry.surface, entry.open and " ! " .. entry.open or "")
  end
  return out
end

local function read(text, opts)
  opts = opts or {}
  opts.source = opts.source or "B1"
  return fresh():read(text, opts)
end

local BULLETIN = table.concat({
  "Giai đoạn 5 ghi nhận 1.715 vụ, tăng 111% so với giai đoạn 4.",
  "Riêng tại Việt Nam có 40 đầu mối, gồm 38 đầu mối hải quan và 2 đầu mối công an; phát hiện 123 vụ, tăng 2,15 lần so với giai đoạn 4.",
}, "\n")

describe("candidates", function()
  it("bear the names of the numbers that they would be", function()
    assert.same({
      "OMD5.cases = 1.715 vụ", "OMD5.percent_change = 111%",
      "OMD5@VN.focal_points = 40 đầu mối", "OMD5@VN.focal_points..part_1 = 38 đầu mối", "OMD5@VN.focal_points..part_2 = 2 đầu mối",
      "OMD5@VN.cases = 123 vụ", "OMD5@VN.times_change = 2,15 lần",
    }, names(read(BULLETIN)))
    assert.same({ "VN-Customs(2024).cases.drug = 293 vụ", "VN-Customs(2024).suspects.drug = 355 đối tượng",
      "VN-Customs(2024).cases.drug.part_1 = 110 vụ" },
      names(read "Năm 2024, Hải quan Việt Nam bắt 293 vụ/355 đối tượng về ma túy, trong đó chủ trì 110 vụ."))
  end)

  it("say what they leave open: whose, when, compared with what, a difference, a second number", function()
    assert.same({ "? = 20 vụ ! subject" }, names(read "Năm 2024 có 20 vụ."))
    assert.same({ "VN-Customs.cases = 20 vụ ! time" }, names(read "Hải quan Việt Nam bắt 20 vụ."))
    assert.same({ "OMD5.cases = 20 vụ", "OMD5.percent_change = 5% ! base" }, names(read "Giai đoạn 5 có 20 vụ, tăng 5%."))
    assert.same({ "OMD5.cases = 20 vụ", "OMD5.cases = 3 vụ ! level" },
      names(read "Giai đoạn 5 có 20 vụ, tăng 3 vụ so với giai đoạn 4."))
    assert.same({ "OMD5.mass.drug.heroin = 20 kg", "OMD5.mass.drug.heroin = 20 kg ! repeated",
      "OMD5.mass.drug.heroin = 7 kg ! another" },
      names(read "Giai đoạn 5 thu 20 kg heroin. Tổng cộng 20 kg heroin. Lô khác nặng 7 kg heroin."))
  end)

  it("print themselves in either language", function()
    local text = tostring(read "Giai đoạn 5 có 20 vụ, tăng 5%.")
    assert.truthy(text:find("OMD5.cases", 1, true))
    assert.truthy(text:find("chưa rõ so với gì", 1, true))
    local claims = mekong.open(":memory:", { locale = "en" }):claims()
    assert.truthy(tostring(claims:read("Giai đoạn 5 tăng 5%.", { source = "B1" })):find("what it is compared with", 1, true))
    assert.equal("không có số liệu nào", tostring(read "Không có gì."))
  end)

  it("need a source and known options", function()
    local found = fresh():read "Giai đoạn 5 có 20 vụ."
    assert.equal("OMD5.cases", found[1].name)
    assert.error_matches(function() found:take() end, "needs the source of the text.*%[type%]")
    assert.error_matches(function() fresh():read("x", { source = "B1", asof = "2024" }) end, "as_of")
  end)
end)

describe("taking candidates", function()
  it("enters what is clear, with source, place and wording", function()
    local claims = fresh()
    local ids = claims:read(BULLETIN, { source = "B1" }):take()
    assert.equal(7, #ids)
    local t = claims:table("cases", { by = "phase" })
    assert.equal("1.715 vụ", t[1].cases:say())
    assert.equal("B1", t[1].source)
    assert.equal(7, assert(claims:save()))
    local rows = claims.store:sql "select claim, scope, measure, base_ref, direction, parent, first, last, surface from claims order by claim"
    assert.equal("OMD4", rows[2].base_ref)
    assert.equal("increase", rows[2].direction)
    assert.equal(rows[3].claim, rows[4].parent)
    assert.equal("1.715 vụ", BULLETIN:sub(rows[1].first, rows[1].last))
    assert.equal("1.715 vụ", rows[1].surface)
  end)

  it("leaves the rest until it is settled, and keeps what was settled", function()
    local claims = fresh()
    local found = claims:read("Hải quan Việt Nam bắt 20 vụ.", { source = "B1" })
    assert.same({}, found:take())
    assert.error_matches(function() found:take { 1 } end, "leaves open: of what time it is.*%[ambiguous%]")
    assert.error_matches(function() found:take { 2 } end, "there is no candidate 2.*%[range%]")
    found:settle(1, "VN-Customs(2024).cases")
    assert.equal(1, #found:take { 1 })
    assert.error_matches(function() found:take { 1 } end, "%[duplicate%]")
    assert.equal(1, assert(claims:save()))
    assert.truthy(claims.store:sql("select note from claims")[1].note:find("VN-Customs(2024).cases", 1, true))
  end)

  it("refuses names of other measures", function()
    local found = fresh():read("Hải quan Việt Nam bắt 20 vụ.", { source = "B1" })
    assert.error_matches(function() found:settle(1, "VN-Customs(2024).mass") end, "%[unit%]")
    assert.error_matches(function() found:settle(9, "OMD5.cases") end, "%[range%]")
  end)

  it("keeps both readings of a number until one is chosen", function()
    local claims = fresh()
    local ids = claims:read("Giai đoạn 5 thu 818,303 kg ma túy.", { source = "B1" }):take()
    assert.error_matches(function() claims:save() end, "%[ambiguous%]")
    claims:choose(ids[1], 1)
    assert.equal(1, assert(claims:save()))
    local row = claims.store:sql("select best, note from claims")[1]
    assert.truthy(row.note:find("cách đọc đã chọn", 1, true))
  end)
end)

describe("from texts to what cannot be true", function()
  it("bounds the base of a change and finds the sum that does not fit", function()
    local claims = fresh()
    claims:read(BULLETIN, { source = "B1" }):take()
    local base = claims:solve():figure "OMD4.cases"
    assert.equal("811", tostring(base.lo))
    assert.equal("814", tostring(base.hi))
    claims:read("Kết thúc giai đoạn 4, các nước thành viên bắt giữ 1.362 vụ.", { source = "B2" }):take()
    assert.truthy(#claims:solve():conflicts() > 0)
  end)
end)
