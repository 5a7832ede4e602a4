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
      local heads = select(2, html:gsub('<section id="' .. one.id .. '">', ""))
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
end)
