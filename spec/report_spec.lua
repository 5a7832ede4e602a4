-- The phase report: thirteen sections of one page that stands alone, the same bytes from the same data.
local mekong = require "mekong"
local expect = require "spec.support.expect"

local ids = { "masthead", "headline", "cases", "change", "composition", "cumulative", "months", "quantities", "corridors", "vncn", "check",
  "quality", "provenance" }

local function section(report, id)
  for _, one in ipairs(report:sections()) do
    if one.id == id then return one end
  end
end

local function text_of(report, id)
  local one, parts = section(report, id), {}
  table.move(one.text, 1, #one.text, 1, parts)
  for _, t in ipairs(one.tables) do parts[#parts + 1] = t:to_text() end
  return table.concat(parts, "\n")
end

describe("the report of the public ledger", function()
  local omd = assert(mekong.omd())
  local report = omd:report {}
  local html = report:to_html()

  it("has thirteen sections, each with something to say", function()
    local found = {}
    for i, one in ipairs(report:sections()) do
      found[i] = one.id
      assert(#one.title > 2)
      local heads = select(2, html:gsub('<section id="' .. one.id .. '"', ""))
      assert.equal(1, heads, one.id)
    end
    assert.same(ids, found)
  end)

  it("states the numbers that can be worked out by hand", function()
    expect.holds(text_of(report, "cases"), "1.715", "1.155*", "AP và VI", "chưa rõ")
    expect.holds(text_of(report, "change"), "−32,7%", "−5,5%", "216 → 154")
    expect.holds(text_of(report, "composition"), "88,9%") -- 1.027 of 1.155
    expect.holds(text_of(report, "cumulative"), "≥ 5.548", "≥ 4.393", "≥ 108", "> 4.500")
    expect.holds(text_of(report, "quantities"), "1.745.000", "4.951,9")
    expect.holds(text_of(report, "vncn"), "XVII", "Hải quan Nam Ninh", "96 cảnh báo", "−37,4%")
    expect.holds(text_of(report, "check"), "811–814", "+111%", "thiếu 141")
  end)

  it("says in one line what it has no data for", function()
    for _, id in ipairs { "months", "corridors" } do
      local one = section(report, id)
      assert.equal(0, #one.tables)
      assert.equal(1, #one.text)
      expect.holds(one.text[1], "chưa có hồ sơ")
    end
  end)

  it("stands alone: small, no script, nothing from elsewhere", function()
    assert(#html <= 150 * 1024, #html)
    for _, word in ipairs { "<script", "http:", "https:", "//cdn", "@import", "url(", "javascript:", " on%a+=" } do
      if word ~= "url(" and word ~= "http:" then assert.is_nil(html:find(word), word) end
    end
    for address in html:gmatch "url%(([^)]*)%)" do assert(address:find "^#", address) end
    for address in html:gmatch "http:[^\"'< ]*" do assert.equal("http://www.w3.org/2000/svg", address) end
  end)

  it("is English where it is asked for", function()
    local english = omd:report { locale = "en" }
    local text = tostring(english)
    expect.holds(text, "Running total", "1,715", "−32.7%", "≥ 5,548", "disagree")
    expect.holds(english:to_html(), '<html lang="en">', "Viet Nam – China")
  end)

  it("is well-formed HTML", function()
    local tidy = io.popen "command -v tidy 2>/dev/null"
    local there = tidy:read "a" ~= ""
    tidy:close()
    if not there then return end
    local path = os.tmpname()
    assert(report:save(path, { format = "html" }))
    local found = expect.run("tidy -quiet -errors -utf8 " .. expect.quoted(path) .. " 2>&1")
    os.remove(path)
    for line in found:gmatch "[^\n]+" do assert(not line:find "Error:" and not line:find "missing </", line) end
  end)
end)

describe("the report as of a day", function()
  local omd = assert(mekong.omd())

  it("knows what was published by then, and no more", function()
    local report = omd:report { as_of = "14/8/2025" }
    expect.holds(text_of(report, "masthead") .. tostring(report), "14/8/2025")
    expect.holds(text_of(report, "cumulative"), "≥ 4.393", "VII (một phần)", "≥ 108")
    assert.is_nil(tostring(report):find("1.155", 1, true)) -- said in November 2025
    local early = tostring(omd:report { as_of = "1/1/2023" })
    assert.is_nil(early:find("1.715", 1, true))
    expect.holds(early, "1.362", "≥ 2.678")
  end)

  it("takes the last day of the data where none is given", function()
    expect.holds(tostring(omd:report()), "10/1/2026")
    assert.equal(omd:report():to_html(), omd:report { as_of = "2026-01-10" }:to_html())
  end)

  it("says what changed since an earlier day, and since another store", function()
    local report = omd:report { against = "1/10/2025" }
    assert.equal(14, #report:sections())
    local t = section(report, "changes").tables[1]
    local row
    for i = 1, #t do
      if t[i].number == "VII" then row = t[i] end
    end
    assert.is_nil(row.before)
    expect.exact(1155, row.after)
    local other = assert(mekong.omd())
    expect.holds(text_of(omd:report { against = other }, "changes"), "Không số công bố nào khác")
    assert(other:update("claims", 2, { best = "1716", lower = "1716", upper = "1716" }))
    expect.holds(text_of(omd:report { against = other }, "changes"), "1.716", "1.715", "−1")
    other:close()
  end)

  it("names the command that makes it again", function()
    local report = omd:report { as_of = "14/8/2025", title = "Quý 'III'", against = "1/1/2024", locale = "en" }
    local found = table.concat(report:sections()[14].lines, "\n")
    expect.holds(found, [[mekong report --demo --as-of 2025-08-14 --against 2024-01-01 --title 'Quý '\''III'\''' --locale en]])
    local line = found:match "\nmekong%.omd%(%)(:report%b{})"
    local again = assert(load("local store = ... return store" .. line))(assert(mekong.omd()))
    assert(again:to_html() == report:to_html())
  end)

  it("is of the phase asked for", function()
    local report = omd:report { phase = 5 }
    expect.holds(tostring(report), "giai đoạn V", "+25,9%", "−10,2%", "87,4%")
    expect.raises("name", function() omd:report { phase = 9 } end)
    expect.raises("name", function() omd:report { phase = "14/8/2025" } end)
  end)
end)

describe("the report of a store with records", function()
  local store = assert(mekong.omd())
  assert(store:load("cases", "examples/records/ho-so-gia.csv"))
  local report = store:report {}

  it("fills the sections that count records", function()
    local months = section(report, "months").tables[1]
    expect.holds(months:to_text(), "9/2025", "120")
    local total = 0
    for i = 1, #months do
      for _, phase in ipairs { "OMD5", "OMD6", "OMD7" } do total = total + (months[i][phase] or 0) end
    end
    assert.equal(store.cases:where("date is not missing and phase is not missing"):count()[1].n, total)
    expect.holds(text_of(report, "corridors"), "Trung Quốc", "404")
    expect.holds(text_of(report, "quantities"), "≥ 8.277,743")
    expect.holds(text_of(report, "vncn"), "Trung Quốc", "404", "15")
    expect.holds(text_of(report, "quality"), "không ghi", "245") -- cases that do not say how many suspects
    expect.holds(report:to_html(), "1.481")
  end)

  it("holds the records against what was announced", function()
    local t = section(report, "check").tables
    local text = t[#t]:to_text()
    expect.holds(text, "1.715", "1.155")
    assert.equal(tostring(store.cases:where("phase = 5"):count()[1].n), tostring(t[#t]:where("phase = 5")[1].counted.best))
  end)

  it("counts no record after its day", function()
    local early = store:report { as_of = "31/12/2023" }
    local t = section(early, "months").tables[1]
    assert.is_nil(t:to_text():find("2025", 1, true))
  end)
end)

describe("the report of a store with records alone", function()
  local store = assert(mekong.open ":memory:")
  -- IV: 1 case of heroin; V: 4 cases, three of ketamine and one of both ketamine and pangolin; one case without phase
  assert(store:load("cases", { name = "x.csv", text = table.concat({ "Mã vụ;Giai đoạn;Ngày;Nhóm hàng",
    "A1;4;1/5/2022;ma túy", "B1;5;1/5/2023;ma túy", "B2;5;2/5/2023;ma túy", "B3;5;3/5/2023;ma túy", "B4;5;4/5/2023;ma túy",
    "B4;5;4/5/2023;động vật hoang dã", "C1;;4/5/2024;ma túy" }, "\n") }))
  local report = store:report()

  it("shows the phases by what the records state, and says so", function()
    for _, id in ipairs { "cases", "change", "composition", "cumulative" } do
      expect.holds(text_of(report, id), "đếm từ hồ sơ")
      expect.holds(text_of(store:report { locale = "en" }, id), "counted in records")
    end
    local t = section(report, "cases").tables[1]
    assert.same({ "OMD4", "OMD5" }, { t[1].phase, t[2].phase })
    assert.same({ 1, 4 }, { t[1].n, t[2].n })
    expect.holds(text_of(report, "cases"), "Thấp nhất là 1 (IV), cao nhất là 4 (V)", "Chưa nguồn nào công bố")
    expect.holds(text_of(report, "change"), "Giai đoạn V so với giai đoạn IV: tổng số vụ tăng 300%", "+3")
    assert.is_nil(text_of(report, "change"):find("ình quân ngày", 1, true))
    local by = section(report, "composition").tables[1]
    assert.same({ 4, 1 }, { by[2].drug, by[2].wildlife })
    local running = section(report, "cumulative").tables[1]
    assert.equal("5 vụ", tostring(running[2].cumulative))
  end)

  it("is of the last phase or of the one asked for", function()
    expect.holds(report:to_html(), "Số vụ, giai đoạn V", "đếm từ hồ sơ")
    expect.holds(store:report({ phase = 4 }):to_html(), "Số vụ, giai đoạn IV")
    expect.raises("name", function() store:report { phase = 7 } end)
  end)

  it("draws them and says nothing of corridors and months that it does not know", function()
    expect.holds(report:to_html(), "Số vụ trong hồ sơ theo giai đoạn", "Lũy kế số vụ trong hồ sơ", "Không hồ sơ nào ghi nước đi")
    assert.is_nil(text_of(report, "months"):find("nằm ngoài thời gian", 1, true))
  end)
end)

describe("a report of hostile data", function()
  it("keeps names harmless in every form", function()
    local store = assert(mekong.omd())
    assert(store:load("cases", { name = "x.csv", text = table.concat({ "Mã vụ;Giai đoạn;Ngày;Cơ quan;Nước đi;Nước đến;Nhóm hàng",
      "A1;7;1/5/2025;<script>alert(1)</script>;Lào;Việt Nam;ma túy", "A2;7;2/5/2025;=cmd|' /C calc'!A0;Lào;Việt Nam;ma túy" }, "\n") }))
    assert(store:insert("sources", { source = "zz", title = "\"><img src=x onerror=alert(1)>\u{202E}", outlet = "</ul></main>" }))
    store:claims():say("OMD6.cases", 900, "zz")
    assert(store:insert("claims", { claim = 9000001, subject = "OMD6", phase = "OMD6", measure = "cases", best = "900", lower = "900",
      upper = "900", unit = "case", source = "zz", preferred = true }))
    local report = store:report { title = "<b>&\u{202E}" }
    local html = report:to_html()
    for _, word in ipairs { "<script", "<img", "<b>", "\u{202E}", "</ul></main>" } do assert.is_nil(html:find(word, 1, true), word) end
    expect.holds(html, "&lt;img", "&lt;b&gt;&amp;")
    local text = report:to_markdown()
    assert.is_nil(text:find("<img", 1, true))
    assert.is_nil(text:find("\u{202E}", 1, true))
    store:close()
  end)
end)

describe("a report", function()
  it("of an empty store says of every section that it has nothing", function()
    local store = assert(mekong.open ":memory:")
    local report = store:report()
    assert.equal(13, #report:sections())
    for _, one in ipairs(report:sections()) do assert.equal(0, #one.tables, one.id) end
    expect.holds(report:to_html(), "Kho chưa có")
    expect.holds(tostring(store:report { locale = "en" }), "The store holds no claims")
    store:close()
  end)

  it("gives the same bytes in every process, locale and time zone", function()
    local script = [[local m = require "mekong"; local s = m.omd(); local r = s:report{against = "1/1/2024"}
      io.write(r:to_html(), r:to_markdown(), tostring(r))]]
    local first
    for _, env in ipairs { { "TZ=Asia/Ho_Chi_Minh", "LC_ALL=C" }, { "TZ=America/New_York", "LC_ALL=C.UTF-8", "LANG=vi_VN.UTF-8" } } do
      local out = expect.lua({ "-e", script }, env)
      assert(#out > 50000)
      first = first or out
      assert.equal(#first, #out)
      assert(first == out)
    end
  end)

  it("is saved by the end of the name, and refuses what it does not know", function()
    local store = assert(mekong.open ":memory:")
    local report = store:report { title = "Thử" }
    local path = os.tmpname()
    assert(report:save(path, { format = "md" }))
    local f <close> = assert(io.open(path))
    assert.equal(report:to_markdown(), f:read "a")
    os.remove(path)
    expect.raises("format", function() report:save "a.pdf" end)
    expect.raises("name", function() report:save("a.html", { standalone = true }) end)
    expect.raises("name", function() store:report { asof = "2025" } end)
    expect.raises("type", function() store:report { as_of = 2025 } end)
    expect.raises("syntax", function() store:report { as_of = "hôm qua" } end)
    expect.raises("name", function() store:report { locale = "fr" } end)
    expect.raises("type", function() store:report { against = 5 } end)
    expect.raises("type", function() report.to_html {} end)
    expect.raises("readonly", function() report.title = "x" end)
    expect.raises("name", function() return report.to_htm end)
    assert.equal(tostring(report), expect.shown(report))
    store:close()
    expect.raises("closed", function() store:report() end)
  end)
end)
