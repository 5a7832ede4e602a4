-- Viet Nam and China summarised: conferences, statements, plans by region, focal points, intelligence, Viet Nam's own figures.
local mekong = require "mekong"
local expect = require "spec.support.expect"

describe("Viet Nam and China", function()
  local omd, b
  setup(function()
    omd = mekong.omd()
    b = omd:bilateral("VN", "CN", { from = 2018 })
  end)
  teardown(function() omd:close() end)

  it("met in conferences XV, XVI and XVII", function()
    local rows = b.conferences:to_text()
    -- 23–24/11/2023 Hà Nội; 2024 Phúc Kiến; 12–14/8/2025 TP. Hồ Chí Minh.
    expect.line(rows, "23/11/2023", "24/11/2023", "Hà Nội")
    expect.line(rows, "2024", "Phúc Kiến")
    expect.line(rows, "12/8/2025", "14/8/2025", "Hồ Chí Minh")
    assert.same({ 15, 16, 17 }, b.conferences:col "ordinal")
    -- "lần thứ XVII": the press numbers them in Roman numerals.
    expect.line(rows, "XVII", "2025")
  end)

  it("planned joint action region by region at the seventeenth", function()
    local rows = b.plans:to_text()
    expect.line(rows, "Nam Ninh", "VIII", "Quảng Ninh")
    expect.line(rows, "Nam Ninh", "VI", "Lạng Sơn")
    expect.line(rows, "Nam Ninh", "XVI", "Cao Bằng", "Tuyên Quang")
    expect.line(rows, "Côn Minh", "VII", "Lào Cai", "Lai Châu", "Điện Biên")
    expect.line(rows, "Côn Minh", "XVI", "Cao Bằng", "Tuyên Quang")
    assert.equal(5, #b.plans)
    -- The regions are those after June 2025: Cao Bằng lies in XVI, no longer in VI.
    assert(not expect.line(rows, "Nam Ninh", "Lạng Sơn"):find "Cao Bằng")
  end)

  it("named the campaign in their joint statements of 2022 and 2023", function()
    local rows = b.statements:to_text()
    expect.line(rows, "2022")
    expect.line(rows, "2023")
  end)

  it("kept focal points: 38 + 2 = 40 in V, more than 40 in VI", function()
    local rows = b.focal_points:to_text()
    expect.line(rows, "38")
    expect.line(rows, "2")
    local total = false
    for i = 1, #b.focal_points do
      local count = b.focal_points:cell(i, "count")
      total = total or (type(count) ~= "number" and count ~= nil and count:surely_lt(mekong.figure(40, count.unit)) == false
        and count:exact() == false)
    end
    assert.is_true(total, "more than 40 focal points of phase VI:\n" .. rows)
    expect.holds(tostring(b), "38", "40")
  end)

  it("shared intelligence: 96 alerts and 5 reports over five phases", function()
    local text = tostring(b)
    expect.line(text, "96")
    assert(#b.intel > 0)
  end)

  it("give Viet Nam's own figures: V 123, VI 77 = 59 + 18, −37,4 %", function()
    local rows = b.figures:to_text()
    expect.holds(rows, "123", "77", "59", "18")
    expect.holds(tostring(b), "123", "77", "59", "18", "−37,4%")
  end)

  it("never put the numbers of all members among Viet Nam's own", function()
    local rows = b.figures:to_text()
    for _, regional in ipairs { "1.715", "1.362", "1.155" } do assert.is_nil((rows:find(regional, 1, true)), regional) end
  end)

  it("name a source in every row", function()
    local known = {}
    local sources = omd:sql "select source from sources"
    for i = 1, #sources do known[sources:cell(i, "source")] = true end
    for _, name in ipairs { "conferences", "statements", "plans", "focal_points", "intel", "figures" } do
      local t = b[name]
      for i = 1, #t do
        local cell = t:cell(i, "source")
        assert(cell and #cell > 0, name .. " row " .. i .. " has no source: " .. expect.row(t, i))
        for word in cell:gmatch "[^,;%s]+" do assert(known[word], name .. ": " .. word .. " is no source of the ledger") end
      end
    end
  end)

  it("leave out what lies before the first year asked for", function()
    assert.is_nil((tostring(b):find("1993", 1, true)))
    expect.holds(tostring(omd:bilateral("VN", "CN")), "1993")
    local late = omd:bilateral("VN", "CN", { from = 2025 })
    assert.equal(1, #late.conferences)
    assert.equal(17, late.conferences[1].ordinal)
    local early = omd:bilateral("VN", "CN", { from = 2018, to = 2024 })
    assert.equal(2, #early.conferences)
    assert.equal(0, #early.plans)
  end)

  it("are the same two countries under their names and in either order", function()
    assert.equal(tostring(b), tostring(omd:bilateral("Việt Nam", "Trung Quốc", { from = 2018 })))
    assert.equal(tostring(b), tostring(omd:bilateral("viet nam", "TRUNG QUỐC", { from = 2018 })))
    local turned = omd:bilateral("CN", "VN", { from = 2018 })
    assert.equal(#b.conferences, #turned.conferences)
    assert.equal(#b.plans, #turned.plans)
  end)

  it("read as one complete page in both languages", function()
    local vi = tostring(b)
    expect.holds(vi, "XVII", "Nam Ninh", "Côn Minh", "VIII", "XVI", "Quảng Ninh", "Lạng Sơn", "Cao Bằng", "Lào Cai")
    local store = mekong.omd(":memory:", { locale = "en" })
    local en = tostring(store:bilateral("VN", "CN", { from = 2018 }))
    expect.holds(en, "XVII", "Nanning", "Kunming", "VIII", "XVI", "−37.4%")
    assert.are_not.equal(vi, en)
    for _, text in ipairs { vi, en } do
      assert.is_nil((text:find("nil", 1, true)))
      assert.is_nil((text:find("table: 0x", 1, true)))
      assert.is_nil((text:find("userdata", 1, true)))
    end
    store:close()
  end)

  it("is empty, and says so, for two countries with nothing between them", function()
    local none = omd:bilateral("LA", "NZ")
    assert.equal(0, #none.conferences)
    assert.equal(0, #none.plans)
    assert.is_string(tostring(none))
  end)

  it("refuses countries it does not know, one country twice, and years the wrong way round", function()
    expect.raises("name", function() omd:bilateral("VN", "XX") end)
    expect.raises("name", function() omd:bilateral("VN", "Trung Quoc ơi") end)
    expect.raises({ "range", "duplicate", "name" }, function() omd:bilateral("VN", "VN") end)
    expect.raises("range", function() omd:bilateral("VN", "CN", { from = 2025, to = 2018 }) end)
    expect.raises("type", function() omd:bilateral "VN" end)
    expect.raises("name", function() omd:bilateral("VN", "CN", { form = 2018 }) end)
    expect.raises("type", function() omd:bilateral("VN", "CN", { from = {} }) end)
  end)
end)

describe("a summary of two countries", function()
  local omd
  setup(function() omd = mekong.omd() end)
  teardown(function() omd:close() end)

  it("puts the units of the country named first on its own side", function()
    for row in omd:bilateral("VN", "CN").plans:rows() do assert.equal("VN", row.unit_a:sub(1, 2)) end
    local plans = omd:bilateral("CN", "VN").plans
    assert.equal("CN-Customs-Kunming", plans[1].unit_a)
    assert.equal("VN-Customs-VII", plans[1].unit_b)
    expect.holds(tostring(omd:bilateral("VN", "CN").plans), "Đơn vị phía Việt Nam", "Việt Nam", "khu vực VIII")
  end)

  it("lists the sources named inside its cells too", function()
    -- UNODC states 490 kg of ivory for Viet Nam in phase V: "ngà voi 490 kg [un5]".
    expect.line(tostring(omd:bilateral("VN", "CN")), "[un5]", "UNODC")
  end)

  it("calls what was announced by its Vietnamese name", function()
    local text = tostring(omd:bilateral("CN", "VN"))
    expect.holds(text, "số vụ", "số đầu mối", "khối lượng")
    for _, code in ipairs { "focal_points", "times_change", "percent_", "17 lần thứ" } do
      assert.is_nil((text:find(code, 1, true)), code)
    end
  end)

  it("knows countries by their other names", function()
    assert.equal(0, #omd:bilateral("Miến Điện", "Hong Kong").plans)
  end)

  it("is shown to a notebook as it prints", function()
    local b = omd:bilateral("VN", "CN")
    assert.equal(tostring(b), expect.shown(b))
  end)
end)

describe("a bilateral summary of some years", function()
  local omd
  setup(function() omd = mekong.omd() end)
  teardown(function() omd:close() end)

  local function phases_of(t)
    local out = {}
    for row in t:rows() do out[#out + 1] = row.phase end
    return table.concat(out, " ")
  end

  it("keeps to them in every part", function()
    -- V ran in 2023, VI in 2024, VII in 2025; the alerts are those of I to V, 2018 to 2023.
    local b = omd:bilateral("VN", "CN", { from = 2024 })
    assert.equal("OMD6", phases_of(b.figures))
    assert.equal("OMD6", phases_of(b.focal_points))
    assert.equal("OMD7", phases_of(b.intel))
    assert.equal(0, #b.partner_figures) -- of 2022
    assert.equal("OMD5", phases_of(omd:bilateral("VN", "CN", { to = 2023 }).figures))
  end)

  it("counts the cases of those years between the two", function()
    local store <close> = mekong.omd()
    assert(store:insert("cases", {
      { case = "a", date = "2022-05-01", origin = "CN", destination = "VN", reporter = "VN", partner = "CN" },
      { case = "b", date = "2025-05-01", origin = "CN", destination = "VN", reporter = "CN", partner = "VN", phase = 7 },
      { case = "c", date = "2025-06-01", origin = "VN", destination = "CN", reporter = "VN", partner = "CN", phase = 7 },
      { case = "d", date = "2025-06-01", origin = "LA", destination = "VN", reporter = "VN", partner = "LA", phase = 7 },
    }))
    assert.equal(2, store:bilateral("VN", "CN").corridors:where { origin = "CN" }[1].n)
    assert.equal(1, store:bilateral("VN", "CN", { from = 2025 }).corridors:where { origin = "CN" }[1].n)
    local mirror = store:bilateral("VN", "CN").mirror
    assert.equal(1, #mirror)
    assert.same({ "OMD7", 1, 1 }, { mirror[1].phase, mirror[1].reported_a, mirror[1].reported_b })
  end)
end)

describe("a bilateral summary of a store of one's own", function()
  local own
  setup(function()
    own = mekong.open ":memory:"
    assert(own:insert("cases", { { case = "A", phase = 7, reporter = "VN", partner = "CN", origin = "CN", destination = "VN" },
      { case = "B", phase = 7, reporter = "CN", partner = "VN", origin = "CN", destination = "VN" } }))
  end)
  teardown(function() own:close() end)

  it("knows countries by every usual name, without the public ledger", function()
    for _, pair in ipairs { { "VN", "CN" }, { "vn", "cn" }, { "Việt Nam", "trung quoc" } } do
      local b = own:bilateral(pair[1], pair[2], { from = 2018 })
      assert.equal(2, b.corridors:cell(1, "n"))
      assert.same({ 1, 1 }, { b.mirror:cell(1, "reported_a"), b.mirror:cell(1, "reported_b") })
      assert.equal(0, #b.conferences)
      expect.line(b:to_text(), "Trung Quốc", "Việt Nam", "2")
    end
    expect.holds(expect.raises("name", function() own:bilateral("VN", "Trung Quóc") end), "Trung Quốc")
    expect.raises("name", function() own:bilateral("VN", "XX") end)
  end)
end)

describe("a bilateral summary in files", function()
  local omd, b
  setup(function() omd = mekong.omd(); b = omd:bilateral("VN", "CN") end)
  teardown(function() omd:close() end)

  it("has the same parts in every form, codes as words and sources once at the end", function()
    local text, md, html = b:to_text(), b:to_markdown(), b:to_html()
    assert.equal(text, tostring(b))
    for _, heading in ipairs { "Hội nghị song phương", "Kế hoạch hành động chung theo khu vực", "Đối chiếu hai bên cùng báo cáo" } do
      expect.holds(text, heading)
      expect.holds(md, "## ", heading)
      expect.holds(html, heading .. "</h2>")
    end
    expect.holds(text, "đề xuất", "quốc gia", "các lực lượng", "> 40")
    expect.holds(html, "<td class=\"t\">đề xuất</td>", "&gt; 40", "chưa có hồ sơ vụ việc nào trong kho")
    expect.holds(b:to_html { locale = "en" }, '<html lang="en">', "<h1>Cooperation Viet Nam – China</h1>", "proposed")
    local _, lists = html:gsub("<ul", "")
    assert.equal(1, lists)
    expect.holds(b:to_json(), '"title": "Hợp tác Việt Nam – Trung Quốc"')
  end)

  it("is saved by the end of the name", function()
    local path = os.tmpname()
    for _, form in ipairs { "txt", "md", "html", "json" } do
      assert.is_true(b:save(path .. "." .. form))
      local file <close> = assert(io.open(path .. "." .. form))
      assert.is_true(#file:read "a" > 3000)
      os.remove(path .. "." .. form)
    end
    os.remove(path)
    expect.raises("format", function() b:save(path .. ".csv") end)
    expect.raises("name", function() b:to_html { local_ = "en" } end)
    expect.raises("name", function() b:to_html { locale = "fr" } end)
  end)
end)
