-- What a name stands for on a day: provinces before and after the mergers, customs before and after its regions, phases,
-- countries, goods and bodies in their spellings. Truth is read from data/ by the spec's own reader.
local mekong = require "mekong"
local expect = require "spec.support.expect"
local ledger = require "spec.support.ledger"

local entity = mekong.entity
local places, codes, aliases = ledger.tables.places, ledger.tables.codes, ledger.tables.aliases

local function code_of(name, opts)
  local found, others = entity(name, opts)
  if found then return found.code end
  return nil, others
end

-- Every candidate as "kind code from..to".
local function candidates(name, opts)
  local found, list = entity(name, opts)
  assert.is_nil(found, name .. " was taken for one thing")
  local out = {}
  for i, one in ipairs(list) do
    assert.equal(1.0, one.similarity)
    out[i] = ("%s %s %s..%s"):format(one.kind, one.code, one.valid_from or "", one.valid_to or "")
  end
  return out
end

local function province_rows(date)
  local rows = {}
  for _, row in ipairs(places) do
    local is = row.kind == "province" or row.kind == "municipality"
    if is and row.valid_from <= date and (not row.valid_to or row.valid_to >= date) then rows[#rows + 1] = row end
  end
  return rows
end

describe("provinces", function()
  local days = { ["2018-09-01"] = 63, ["2025-06-30"] = 63, ["2025-07-01"] = 34, ["2025-11-20"] = 34 }

  it("are 63 until 30 June 2025 and 34 after, each found by its name in any spelling", function()
    for day, count in pairs(days) do
      local rows = province_rows(day)
      assert.equal(count, #rows)
      for _, row in ipairs(rows) do
        local word = row.kind == "province" and "tỉnh " or "thành phố "
        local bare = row.name:gsub("^Thành phố ", "")
        for _, name in ipairs { row.name, mekong.text.nfd(row.name), (mekong.text.normalize(row.name, { tone = "new" })),
          mekong.text.upper(row.name), mekong.text.fold(row.name), word .. bare, mekong.text.fold(word .. bare), row.place } do
          local found = assert(entity(name, { on = day }), name .. " on " .. day)
          assert.equal(row.place, found.code, name .. " on " .. day)
          assert.equal(row.kind, found.kind)
          assert.equal(row.name, found.name)
          assert.equal(row.valid_from, found.valid_from)
          assert.equal(row.valid_to, found.valid_to)
          assert.equal("VN", found.parent)
        end
      end
    end
  end)

  it("that were merged away stand for themselves before and for what took them in after, with a note", function()
    local merged = 0
    for _, row in ipairs(province_rows "2025-06-30") do
      local after = assert(entity(row.name, { on = "2025-07-01" }), row.name)
      local taken = row.valid_to ~= nil
      assert.equal(taken and row.parent or row.place, after.code)
      if taken and after.name ~= row.name then
        merged = merged + 1
        expect.holds(after.note, row.name .. " became part of " .. after.name .. " on 2025-07-01")
        assert.same({ row.parent }, entity(row.name).successors) -- without a day it is the only thing of that name
        assert.equal(row.place, entity(row.name).code)
      end
    end
    assert.equal(29, merged) -- 63 to 34
  end)

  it("tell from whom they came", function()
    local now = entity("Tuyên Quang", { on = "14/8/2025" })
    assert.same({ "VN-ha-giang", "VN-tuyen-quang" }, now.predecessors)
    assert.equal("VN-Customs-XVI", now.region)
    assert.is_nil(now.successors)
    assert.same({ "VN-08" }, entity("Hà Giang", { on = "30/6/2025" }).successors)
  end)

  it("of one name but two territories are not chosen from silently", function()
    local both = { "municipality VN-hai-phong 2008-08-01..2025-06-30", "municipality VN-31 2025-07-01.." }
    assert.same(both, candidates "Hải Phòng")
    assert.same(both, candidates "hai phong")
    assert.same(both, candidates("thành phố Hải Phòng", { kind = "city" }))
    assert.equal("VN-04", code_of "Cao Bằng") -- not merged: one thing at any time
    assert.equal("VN-46", code_of "Huế")
    assert.equal("VN-46", code_of("Huế", { on = "2024-05-01" }))
    expect.holds(entity("Huế", { on = "2024-05-01" }).note, "Huế is its name since 2025-01-01")
    expect.holds(entity("Thừa Thiên - Huế", { on = "2025-08" }).note, "Thừa Thiên Huế was its name until 2024-12-31")
    assert.same(both, candidates("Hải Phòng", { on = "2025" })) -- a year with both
  end)

  it("are found by their short and old spellings", function()
    for name, code in pairs { ["TP.HCM"] = "VN-79", ["TP. HCM"] = "VN-79", ["TPHCM"] = "VN-79", ["Sài Gòn"] = "VN-79",
      ["tp hồ chí minh"] = "VN-79", ["Ho Chi Minh City"] = "VN-79", Hanoi = "VN-01", ["Đăk Lăk"] = "VN-66",
      ["Bà Rịa – Vũng Tàu"] = "VN-79", ["Bà Rịa Vũng Tàu"] = "VN-79", ["Cao Bang province"] = "VN-04" } do
      assert.equal(code, code_of(name, { on = "2025-08-14" }), name)
    end
    assert.equal("VN-ho-chi-minh", code_of("TP.HCM", { on = "2025-06-30" }))
    assert.equal("VN-ba-ria-vung-tau", code_of("BR-VT", { on = "2025-06-30" }))
  end)

  it("of other countries have no first day", function()
    local found = entity "Quảng Tây"
    assert.same({ "abroad_province", "CN-guangxi", "CN" }, { found.kind, found.code, found.parent })
    assert.is_nil(found.valid_from or found.note)
    assert.equal("parent unverified", entity("Nam Ninh", { kind = "city" }).note)
  end)

  it("are not the towns of their name", function()
    assert.is_nil((entity "thành phố Cao Bằng"))
    assert.is_nil((entity "tỉnh Hà Nội"))
    assert.is_nil((entity("thành phố Huế", { on = "2024-05-01" })))
    assert.is_nil((entity("Hà Giang", { on = "1999-01-01" })))
  end)
end)

describe("customs regions", function()
  it("have two meanings by date", function()
    assert.same({ "VN-binh-duong" }, entity("khu vực XVI", { on = "2025-06-30" }).areas)
    assert.same({ "VN-04", "VN-08" }, entity("khu vực XVI", { on = "2025-07-01" }).areas)
    assert.same({ "VN-04", "VN-20" }, entity("Hải quan khu vực VI", { on = "2025-04" }).areas)
    assert.same({ "VN-20" }, entity("region VI", { on = "2025-08" }).areas)
    local two = { "customs_region VN-Customs-XVI 2025-03-01..2025-06-30", "customs_region VN-Customs-XVI 2025-07-01.." }
    for _, name in ipairs { "khu vực XVI", "KV 16", "khu vuc xvi", "Chi cục Hải quan khu vực XVI", "region XVI",
      "Regional Customs Department XVI", "VN-Customs-XVI" } do
      assert.same(two, candidates(name))
    end
    assert.same(two, candidates("khu vực XVI", { on = "2024-05-01" })) -- there was none; this is what there came
  end)

  it("are one thing where the territory stayed the same", function()
    local found = entity "khu vực VIII"
    assert.same({ "VN-Customs-VIII", "2025-03-01" }, { found.code, found.valid_from })
    assert.is_nil(found.valid_to)
    assert.same({ "VN-22" }, found.areas)
    assert.equal("VN-Customs-VIII", found.region)
  end)

  it("are told apart by the provinces named with them", function()
    assert.equal("2025-07-01", entity("Chi cục Hải quan khu vực XVI (Cao Bằng, Tuyên Quang)").valid_from)
    assert.equal("2025-03-01", entity("Chi cục Hải quan khu vực XVI (tỉnh Bình Dương)").valid_from)
    assert.equal("2025-03-01", entity("khu vực VI (Cao Bằng)").valid_from)
    for _, list in ipairs { "(Cao Bằng - Tuyên Quang)", "(Cao Bằng và Tuyên Quang)", "- Cao Bằng", "Tuyên Quang",
      "gồm tỉnh Cao Bằng, Hà Giang" } do
      assert.equal("2025-07-01", entity("khu vực XVI " .. list).valid_from, list)
    end
    assert.is_nil((entity "khu vực XVI (Cao Bằng, Tuyên)"))
    assert.same({ "customs_region VN-Customs-XVI 2025-03-01..2025-06-30" }, (function()
      local found, list = entity("khu vực XVI (Bình Dương)", { on = "2025-08-14" })
      assert.is_nil(found)
      return { ("%s %s %s..%s"):format(list[1].kind, list[1].code, list[1].valid_from, list[1].valid_to) }
    end)())
    assert.is_nil((entity("khu vực VIII (Lào Cai)", { on = "2025-08-14" })))
  end)

  it("are twenty, all found by Roman and Arabic numbers, on every day since they are", function()
    local n = 0
    for _, row in ipairs(places) do
      if row.kind == "customs_region" then
        local roman = row.place:match "[IVX]+$"
        n = n + 1
        for _, name in ipairs { "khu vực " .. roman, "Chi cục Hải quan khu vực " .. roman, row.place } do
          local found = assert(entity(name, { on = row.valid_from, kind = "agency" }), name)
          assert.same({ row.place, row.valid_from }, { found.code, found.valid_from })
          assert.equal(row.valid_to, found.valid_to)
        end
      end
    end
    assert.equal(40, n)
    for number, roman in pairs { [1] = "I", [4] = "IV", [9] = "IX", [14] = "XIV", [19] = "XIX", [20] = "XX" } do
      assert.equal("VN-Customs-" .. roman, code_of("khu vực " .. number, { on = "2025-08-14" }))
    end
    for _, none in ipairs { "khu vực XXI", "khu vực 0", "khu vực IIII", "khu vực VX" } do
      assert.same({ nil, 0 }, { (entity(none)), #select(2, entity(none)) }, none)
    end
  end)
end)

describe("the customs of a province", function()
  it("of Cao Bằng was a department, then a part of region VI, then of XVI", function()
    local names = { "Hải quan Cao Bằng", "HQ Cao Bằng", "Hải quan tỉnh Cao Bằng", "hai quan cao bang", "HẢI QUAN CAO BẰNG",
      mekong.text.nfd "Hải quan Cao Bằng", "Cục Hải quan tỉnh Cao Bằng", "Cục Hải quan Cao Bằng", "Cao Bang customs" }
    for _, name in ipairs(names) do
      local before = assert(entity(name, { on = "2024-05-01" }), name)
      assert.same({ "agency", "VN-Customs@VN-04", "Cục Hải quan tỉnh Cao Bằng", "VN-Customs", "VN-04", "derived" },
        { before.kind, before.code, before.name, before.parent, before.place, before.status })
      assert.equal("2025-02-28", before.valid_to)
      assert.same({ "VN-Customs-VI" }, before.successors)
      local spring = assert(entity(name, { on = "2025-04-01" }), name)
      assert.same({ "customs_area", "VN-04", "VN-Customs-VI", "2025-03-01", "2025-06-30" },
        { spring.kind, spring.code, spring.region, spring.valid_from, spring.valid_to })
      local autumn = assert(entity(name, { on = "2025-08-14" }), name)
      assert.same({ "customs_area", "VN-04", "VN-Customs-XVI", "2025-07-01" },
        { autumn.kind, autumn.code, autumn.region, autumn.valid_from })
      assert.is_nil(autumn.valid_to)
    end
    assert.same({ "agency VN-Customs@VN-04 2008-08-01..2025-02-28", "customs_area VN-04 2025-03-01..2025-06-30",
      "customs_area VN-04 2025-07-01.." }, candidates "Hải quan Cao Bằng")
  end)

  it("named as a department is the department, where no day is given", function()
    assert.equal("VN-Customs@VN-04", code_of "Cục Hải quan tỉnh Cao Bằng")
    assert.equal("Cục Hải quan thành phố Hà Nội", entity("Cục Hải quan TP. Hà Nội").name)
    assert.equal("Cục Hải quan Thành phố Hồ Chí Minh", entity("Cục Hải quan TP.HCM").name)
  end)

  it("follows the province into the one that took it in", function()
    local found = entity("Hải quan Hà Giang", { on = "2025-08-14" })
    assert.same({ "VN-08", "VN-Customs-XVI" }, { found.code, found.region })
    expect.holds(found.note, "Hà Giang became part of Tuyên Quang on 2025-07-01")
  end)

  it("in a region that is not recorded says so", function()
    local found = entity("Hải quan Đắk Lắk", { on = "2025-08-14" })
    assert.same({ "customs_area", "VN-66" }, { found.kind, found.code })
    assert.is_nil(found.region)
    expect.holds(found.note, "not recorded")
  end)

  it("agrees with the table of areas on every day a row is valid", function()
    local n = 0
    for _, row in ipairs(places) do
      if row.kind == "customs_area" then
        local found = assert(entity("Hải quan " .. ledger.place[row.place].name, { on = row.valid_from }))
        assert.same({ row.place, row.parent }, { found.code, found.region })
        n = n + 1
      end
    end
    assert.is_true(n > 60)
  end)

  it("of a country is that country's customs", function()
    assert.equal("HK-Customs", code_of "Hải quan Hong Kong")
    assert.equal("CN-Customs-Nanning", code_of "Hải quan Nam Ninh")
    local lao = entity "Hải quan Lào"
    assert.same({ "LA-Customs", "agency", "LA", "derived" }, { lao.code, lao.kind, lao.parent, lao.status })
  end)
end)

describe("bodies", function()
  it("keep their code when they are renamed; a name is not used before its time", function()
    assert.equal("VN-Customs", code_of("Tổng cục Hải quan", { on = "2024-05-01" }))
    assert.is_nil(entity("Tổng cục Hải quan", { on = "2025-02-28" }).note:find "in use until")
    expect.holds(entity("Tổng cục Hải quan", { on = "2025-08-14" }).note, "in use until 2025-02-28")
    assert.equal("VN-Customs", code_of("Cục Hải quan", { on = "2025-08-14" }))
    assert.same({ "agency VN-Customs .." }, candidates("Cục Hải quan", { on = "2024-05-01" }))
    assert.equal("VN-Customs-ASID", code_of("Chi cục Điều tra chống buôn lậu", { on = "2025-08-14" }))
    assert.equal("CN-Customs", code_of "Tổng cục Hải quan Trung Quốc")
    assert.equal("UNODC", code_of "unodc")
    assert.equal("RILO-AP", code_of "RILO A/P")
  end)
end)

describe("the campaign", function()
  it("and its phases are known in all their spellings", function()
    local romans = { "I", "II", "III", "IV", "V", "VI", "VII" }
    for n, roman in ipairs(romans) do
      local key = "OMD" .. n
      for _, name in ipairs { key, "OMD " .. roman, "OMD" .. roman, "omd " .. n, "giai đoạn " .. n, "giai đoạn " .. roman,
        "giai doan " .. n, "GIAI ĐOẠN " .. roman, "Con rồng Mê Kông " .. roman, "con rong me kong " .. n,
          "Con rồng Mê-kông " .. roman,
        "Chiến dịch Con Rồng Mê Kông giai đoạn " .. roman,
        "chien dich con rong me kong giai doan " .. n, "giai đoạn " .. n .. " của chiến dịch Con rồng Mê Kông",
          "Mekong Dragon " .. roman, mekong.text.nfd("Con rồng Mê Kông " .. roman) } do
        local found = assert(entity(name), name)
        assert.same({ "phase", key }, { found.kind, found.code }, name)
      end
      assert.equal(key, code_of(roman, { kind = "phase" }))
    end
    assert.same({ "2023-04-15", "2023-11-16" }, { entity("OMD V").valid_from, entity("OMD V").valid_to })
    assert.equal("OMD-AP", code_of "giai đoạn mở rộng")
    for _, name in ipairs { "OMD", "Con Rồng Mê Kông", "con rong me kong", "Chiến dịch Con rồng Mê Kông",
      "Operation Mekong Dragon" } do
      assert.equal("operation", entity(name).kind, name)
    end
  end)

  it("has no phase without its word, none that is not, and none from a region", function()
    for _, name in ipairs { "V", "7", "OMD 9", "OMDIX", "giai đoạn 8", "OMD1/OMD5", "khu vực V (OMD)" } do
      assert.is_nil((entity(name)), name)
    end
    assert.equal("customs_region", entity("khu vực VII", { on = "2025-08-14" }).kind)
  end)
end)

describe("goods and countries", function()
  it("are known by the words of the press", function()
    for name, code in pairs { ["ma túy đá"] = "methamphetamine", ["MA TUÝ ĐÁ"] = "methamphetamine", ["hồng phiến"] = "yaba",
      ["hong phien"] = "yaba", ["viên ký hiệu WY"] = "yaba", ["cần sa"] = "cannabis", ["ngà voi"] = "ivory",
        ["vẩy tê tê"] = "pangolin_scale",
      ["vảy tê tê"] = "pangolin_scale", ["sừng tê giác"] = "rhino_horn", ["thuốc lắc"] = "mdma",
        ["methamp-hetamin"] = "methamphetamine" } do
      local found = assert(entity(name), name)
      assert.same({ "item", code }, { found.kind, found.code }, name)
    end
    assert.is_nil((entity "chiến dịch ma túy"))
    assert.is_nil((entity "nước Hà Giang"))
    assert.equal("drug", code_of "ma tuý")
    assert.equal("wildlife", code_of "ĐVHD")
    assert.equal("drug", entity("hêrôin").parent)
    for name, code in pairs { ["Hong Kong"] = "HK", ["Hồng Kông"] = "HK", ["hồng-kông"] = "HK", ["Úc"] = "AU", uc = "AU",
      Australia = "AU", ["Miến Điện"] = "MM", Myanmar = "MM", ["Lào"] = "LA", ["Việt Nam"] = "VN", Vietnam = "VN",
      ["Đông Timor"] = "TL", ["Cam-pu-chia"] = "KH", ["Nhật"] = "JP", ["nước Lào"] = "LA",
      ["Cộng hòa Dân chủ Nhân dân Lào"] = "LA", ["Vương quốc Campuchia"] = "KH", ["CHND Trung Hoa"] = "CN",
      ["Cộng hòa Liên bang Đức"] = "DE", ["CHLB Đức"] = "DE", ["Cộng hòa Hồi giáo Iran"] = "IR",
      ["Cộng hòa xã hội chủ nghĩa Việt Nam"] = "VN",
        ["Mỹ"] = "US", my = "US", MY = "MY", Nga = "RU", ["Liên bang Nga"] = "RU", Anh = "GB", ["Ý"] = "IT", UAE = "AE",
        ["Séc"] = "CZ", ["Hy Lạp"] = "GR" } do
      local found = assert(entity(name), name)
      assert.same({ "country", code }, { found.kind, found.code }, name)
    end
  end)

  it("that are both a group and a thing of it mean the thing; the group is asked for by kind", function()
    assert.equal("foreign_currency", code_of "ngoại tệ")
    assert.equal("currency", code_of("ngoại tệ", { kind = "category" }))
    assert.equal("firecracker", code_of "pháo nổ")
  end)

  it("leave words with two uses to the asker", function()
    assert.same({ "division led ..", "role led .." }, candidates "chủ trì")
    assert.equal("role", entity("chủ trì", { kind = "role" }).kind)
    assert.equal("VN-MPS", code_of "công an")
    assert.equal("police", code_of("công an", { kind = "division" }))
  end)
end)

describe("every name in data/", function()
  it("that is an alias resolves to its code while it is valid", function()
    for _, row in ipairs(aliases) do
      local day = row.valid_from or row.valid_to or "2025-08-14"
      local kind = row.kind
      local found = entity(row.alias, { kind = kind, on = day })
      assert(found, row.kind .. " " .. row.alias)
      local wanted = kind == "place" and entity(row.code, { on = day }).code or row.code
      assert.equal(wanted, found.code, row.alias)
      local met = found.alias or found.code
      assert.equal((mekong.text.key(row.alias):gsub("%-", " ")), (mekong.text.key(met):gsub("%-", " ")), row.alias)
    end
  end)

  it("that is the name of a code resolves to it among its kind", function()
    for _, row in ipairs(codes) do
      for _, name in ipairs { row.name_vi, row.name_en, row.code } do
        local found = assert(entity(name, { kind = row.kind, on = "2025-08-14" }), row.kind .. " " .. name)
        assert.equal(row.code, found.code, name)
      end
    end
  end)
end)

describe("names that are not known", function()
  local function suggested(name, opts)
    local found, list = entity(name, opts)
    assert.is_nil(found, name .. " was taken")
    local last = 1
    for _, one in ipairs(list) do
      assert.is_true(one.similarity <= last and one.similarity >= 0.7)
      assert.truthy(one.name and one.code and one.kind)
      last = one.similarity
    end
    assert.is_true(#list <= 5)
    return list
  end

  it("get the nearest suggested, never taken", function()
    local list = suggested "Cao Băng" -- one tone of eight signs: 1 - 0.25/8
    assert.same({ "Cao Bằng", "VN-04", "province" }, { list[1].name, list[1].code, list[1].kind })
    assert.equal(0.96875, list[1].similarity)
    assert.equal(mekong.text.similarity("Cao Băng", "Cao Bằng"), list[1].similarity)
    assert.equal("VN-ha-giang", suggested("Hà Gang", { on = "2025-01" })[1].code)
    assert.equal("VN-08", suggested("Hà Gang", { on = "2025-08" })[1].code)
    assert.equal("VN-ha-giang", suggested("tỉnh Hà Gian")[1].code)
    assert.equal("methamphetamine", suggested("ma túi đá")[1].code)
    assert.equal("VN-04", suggested("Hải quan Cao Bàng", { on = "2025-08-14" })[1].code)
    assert.equal("agency", suggested("Hải quan Cao Bàng", { on = "2024-08-14" })[1].kind)
    assert.equal("OMD5", suggested("Con rông Mê Kông V")[1].code)
    assert.equal("NL", suggested("Hà Lam", { kind = "country" })[1].code)
  end)

  it("are suggested what they are the first letters of, or a part", function()
    local function codes_of(name)
      local out = {}
      for i, one in ipairs(suggested(name)) do out[i] = one.code end
      return table.concat(out, " ")
    end
    assert.equal("VN-ha-nam VN-01", codes_of "HN")
    assert.equal("VN-ba-ria-vung-tau", codes_of "BRVT")
    expect.holds(codes_of "ĐN", "VN-48")
    expect.holds(codes_of "TQ", "CN")
    assert.equal("RILO-AP", codes_of "RILO")
    assert.equal("VN-Customs-ASID", codes_of "điều tra chống buôn lậu")
    expect.holds(codes_of "khu vực châu Á", "WCO-AP")
    for _, name in ipairs { "hn", "Hn", "H", "HNN", "VX", "ILO" } do
      for _, one in ipairs(suggested(name)) do assert.is_true(one.similarity ~= 0.7, name) end
    end
  end)

  it("are not near by their numbers or codes", function()
    for _, name in ipairs { "OMD 9", "OMDIX", "C06", "VN-05", "XX", "khu vực XXI", "giai đoạn 9", "389a" } do
      assert.equal(0, #suggested(name), name)
    end
    for _, one in ipairs(suggested "Con rông Mê Kông VI") do assert.equal("OMD6", one.code) end
  end)

  it("may be nothing at all", function()
    for _, name in ipairs { "", "   ", "một cái tên không có trong danh mục nào", ("dài "):rep(500), "?", "\u{301}" } do
      assert.equal(0, #suggested(name), name)
    end
  end)
end)

describe("names of one's own", function()
  it("are known to this Lua state once they are added", function()
    assert.is_nil((entity "bột trắng"))
    assert.equal(2, mekong.vocab:add("item", { ["Bột trắng"] = "heroin", ["cỏ thơm"] = "cannabis" }))
    local found = entity "BỘT TRẮNG"
    assert.same({ "heroin", "item", "Bột trắng" }, { found.code, found.kind, found.alias })
    assert.equal("heroin", code_of "bot trang")
    assert.equal("heroin", code_of("bột trắng", { kind = "item", on = "2025-08-14" }))
    assert.is_nil((entity("bột trắng", { kind = "country" })))
    assert.equal("heroin", select(2, entity "bột trăng")[1].code)
    assert.equal(0, mekong.vocab:add("item", { ["bột TRẮNG"] = "heroin", heroin = "heroin" }))
    assert.equal(1, mekong.vocab:add("nước", { { "xứ chùa vàng", "TH" } }))
    assert.equal("TH", code_of "Xứ Chùa Vàng")
  end)

  it("of things that changed keep the two meanings", function()
    assert.equal(1, mekong.vocab:add("agency", { ["chi cục mười sáu"] = "VN-Customs-XVI" }))
    assert.same({ "VN-04", "VN-08" }, entity("chi cục mười sáu", { on = "2025-08-14" }).areas)
    assert.equal(2, #candidates "chi cục mười sáu")
  end)

  it("never stand for two things of a kind, and come all or not at all", function()
    local vocab = mekong.vocab
    assert.equal(1, vocab:add("item", { ["hàng trắng"] = "heroin" }))
    expect.holds(expect.raises("duplicate", function() vocab:add("item", { ["a mới"] = "ivory",
      ["Hàng Trắng"] = "ketamine" }) end),
      "Hàng Trắng", "heroin", "ketamine")
    assert.is_nil((entity "a mới"))
    expect.raises("duplicate", function() vocab:add("item", { ["ngà voi"] = "rhino_horn" }) end)
    expect.raises("duplicate", function() vocab:add("item", { ["b mới"] = "ivory", ["B MỚI"] = "turtle" }) end)
    expect.raises("duplicate", function() vocab:add("country", { ["Úc"] = "NZ" }) end)
  end)

  it("need a kind and a code that exist", function()
    local vocab = mekong.vocab
    expect.holds(expect.raises("name", function() vocab:add("item", { x = "heroine" }) end), "heroin")
    expect.holds(expect.raises("name", function() vocab:add("itme", { x = "heroin" }) end), "item")
    expect.raises("name", function() vocab:add("item", { x = "Heroin" }) end)
    expect.raises("name", function() vocab:add("country", { x = "heroin" }) end)
    expect.raises("type", function() vocab:add("item", "heroin") end)
    expect.raises("type", function() vocab:add("item", { [5] = "heroin" }) end)
    expect.raises("type", function() vocab:add("item", { [""] = "heroin" }) end)
    expect.raises("type", function() vocab:add(5, {}) end)
    expect.raises("type", function() vocab.add("item", { x = "heroin" }) end)
  end)
end)

describe("an entity", function()
  it("is read, listed and printed, but not changed", function()
    local found = entity("Tuyên Quang", { on = "2025-08-14" })
    assert.equal("Tuyên Quang (VN-08): tỉnh, thuộc VN-Customs-XVI, từ 1/7/2025", tostring(found))
    expect.raises("readonly", function() found.code = "VN-09" end)
    expect.raises("readonly", function() found.colour = "red" end)
    expect.holds(expect.raises("name", function() return found.nmae end), "name")
    local names = {}
    for name in pairs(found) do names[#names + 1] = name end
    assert.equal("kind code name valid_from parent region predecessors alias source note", table.concat(names, " "))
    assert.equal(found, entity("VN-08", { on = "2025-08-14" }))
    assert.are_not.equal(found, entity("Tuyên Quang", { on = "2025-04-01" }))
    local _, list = entity "Tuyên Quang"
    assert.equal("Tuyên Quang (VN-tuyen-quang): tỉnh, từ 1/8/2008 đến 30/6/2025\nTuyên Quang (VN-08): tỉnh, từ 1/7/2025", tostring(list))
  end)

  it("is asked for with a name, a kind and a day that can be", function()
    expect.raises("type", function() entity(nil) end)
    expect.raises("type", function() entity(7) end)
    expect.raises("type", function() entity("Úc", "country") end)
    expect.holds(expect.raises("name", function() entity("Úc", { kinds = "country" }) end), "kind")
    expect.holds(expect.raises("name", function() entity("Úc", { kind = "contry" }) end), "country")
    expect.raises("type", function() entity("Úc", { kind = 5 }) end)
    expect.raises("type", function() entity("Úc", { on = 2025 }) end)
    expect.raises("range", function() entity("Úc", { on = "31/2/2025" }) end)
    expect.raises("syntax", function() entity("Úc", { on = "hôm qua" }) end)
    expect.raises("syntax", function() entity "\xff" end)
  end)
end)
