-- Charts: what is drawn stands for the numbers of the table and nothing else; missing is not zero, bounds are seen, every text is
-- harmless, the same bytes come out every time.
local lxp = require "lxp"
local mekong = require "mekong"
local Table = require "mekong.table"
local expect = require "spec.support.expect"

-- The elements of an SVG in order, {name =, text =, attributes by name}; fails where the XML is not well formed.
local function elements(svg)
  local list, open = {}, {}
  local parser = lxp.new {
    StartElement = function(_, name, attributes)
      local one = { name = name, text = "" }
      for k, value in pairs(attributes) do
        if type(k) == "string" then one[k] = value end
      end
      list[#list + 1], open[#open + 1] = one, one
      one.parent = open[#open - 1]
    end,
    CharacterData = function(_, text) open[#open].text = open[#open].text .. text end,
    EndElement = function() open[#open] = nil end,
  }
  assert(parser:parse(svg))
  assert(parser:parse())
  parser:close()
  return list
end

-- Places are rounded to tenths of a pixel, at both ends of a bar.
local function near(wanted, found) assert(math.abs(wanted - tonumber(found)) < 0.21, found .. " where " .. wanted .. " is due") end

-- Elements that lie in a layer of the drawing.
local function layer(svg, name)
  local out = {}
  for _, one in ipairs(elements(svg)) do
    if one.parent and one.parent.class == "l-" .. name then out[#out + 1] = one end
  end
  return out
end

local function texts(svg)
  local out = {}
  for _, one in ipairs(elements(svg)) do
    if one.name == "text" then out[#out + 1] = one.text end
  end
  return out
end

local function has(list, wanted)
  for _, one in ipairs(list) do
    if one == wanted then return true end
  end
  return false
end

-- A table of figures: rows of {name, figure or nil}.
local function of_figures(rows)
  local names, values = {}, {}
  for i, row in ipairs(rows) do names[i], values[i] = row[1], row[2] and mekong.figure(row[2], { record = row.record }) end
  return Table.new({ { name = "place", kind = "text" }, { name = "count", kind = "figure" } }, { names, values }, #rows,
    { locale = "vi", keys = 1 })
end

local omd = assert(mekong.omd())
local cases = omd:claims():table "cases"

describe("bars", function()
  it("are as long as the numbers: the longest fills the axis, the others stand to it as their numbers", function()
    local svg = of_figures({ { "A", "200 vụ" }, { "B", "100 vụ" }, { "C", "50 vụ" }, { "D", "0 vụ" } }):chart("bars"):to_svg()
    local drawn = layer(svg, "main")
    assert.equal(4, #drawn)
    local full = tonumber(drawn[1].width)
    near(full / 2, drawn[2].width)
    near(full / 4, drawn[3].width)
    assert.equal(1, tonumber(drawn[4].width)) -- a stroke at zero
    for _, one in ipairs(drawn) do assert.equal(drawn[1].x, one.x) end
    -- 720 wide: a margin of 20, "D" of 0.771 × 13 = 10.1, 16 between, "200" of 3 × 0.637 × 13 = 24.9, 14 of air; 6 and 20 at the right
    assert.equal("85", drawn[1].x)
    assert.equal("609", drawn[1].width)
  end)

  it("leave what is not known without a bar and say so", function()
    local svg = cases:chart("bars"):to_svg()
    assert.equal(6, #layer(svg, "main"))
    assert(has(texts(svg), "chưa rõ"))
    assert(not has(texts(svg), "0 vụ"))
    assert(has(texts(cases:chart("bars", { locale = "en" }):to_svg()), "unknown"))
  end)

  it("show bounds: solid what is certain, hatched what is possible, an arrow where it may be more", function()
    local svg = of_figures({ { "A", "từ 100 đến 200 vụ" }, { "B", "hơn 150 vụ" }, { "C", "dưới 80 vụ" } }):chart("bars"):to_svg()
    local solid, hatched, arrows = layer(svg, "main"), layer(svg, "hatch"), layer(svg, "arrow")
    local hundred = tonumber(solid[1].width)
    near(hundred, hatched[1].width) -- 100 certain, 100 more possible
    near(1.5 * hundred, solid[2].width)
    near(0.8 * hundred, hatched[2].width)
    assert.equal(hatched[2].x, solid[1].x) -- nothing of "dưới 80" is certain
    assert.equal(4, #arrows) -- one at B, one in the key below; a shaft and a head each
    assert(has(texts(svg), "còn có thể hơn nữa"))
  end)

  it("go to the left of zero for negative numbers", function()
    local t = Table.new({ { name = "place", kind = "text" }, { name = "n", kind = "int" } }, { { "A", "B" }, { -30, 60 } }, 2, { keys = 1 })
    local drawn = layer(t:chart():to_svg(), "main")
    near(2 * drawn[1].width, drawn[2].width)
    near(drawn[1].x + drawn[1].width, drawn[2].x)
  end)
end)

describe("charts", function()
  it("are read by screen readers: a role, a title, every number in the description", function()
    local list = elements(cases:chart():to_svg())
    assert.equal("img", list[1].role)
    assert.equal("title", list[2].name)
    assert.equal(list[1]["aria-labelledby"], list[2].id .. " " .. list[3].id)
    expect.holds(list[3].text, "V: 1.715; VI: chưa rõ; VII: 1.155*")
  end)

  it("take nothing from elsewhere and run nothing", function()
    for _, text in ipairs { cases:chart():to_svg(), cases:chart():to_html() } do
      local bare = text:gsub('xmlns="http://www.w3.org/2000/svg"', "")
      for _, word in ipairs { "http:", "https:", "<script", "href=\"h", "@import", "onload", "<foreignObject", "<image" } do
        assert(not bare:find(word, 1, true), word)
      end
    end
  end)

  it("stand beside each other on a page: every name and every style is the drawing's own", function()
    local a, b = cases:chart():to_svg(), cases:chart("bars", { locale = "en" }):to_svg()
    local own = elements(a)[1].id
    assert(own ~= elements(b)[1].id)
    for id in a:gmatch ' id="([^"]+)"' do assert(id:sub(1, #own) == own, id) end
    for rule in a:match "<style>.-{(.*)}</style>":gmatch "([^\n{}]+){" do assert.equal("#" .. own, rule:match "^%S+") end
    assert.equal("hinh1", elements(cases:chart({ id = "hinh1" }):to_svg())[1].id)
  end)

  it("are harmless whatever the names are", function()
    local long = ("ệ"):rep(10000)
    local svg = of_figures({ { "<script>alert(1)</script>", "5 vụ" }, { "a\u{202E}b\u{2066}", "6 vụ" }, { long, "7 vụ" }, { "]]>&\"'", "8 vụ" } })
      :chart({ title = "<b>\u{202E}" }):to_svg()
    assert(not svg:find "<script" and not svg:find "\u{202E}" and not svg:find "\u{2066}")
    assert(#svg < 20000)
    assert(has(texts(svg), "]]>&\"'"))
    for _, text in ipairs(texts(svg)) do assert(utf8.len(text) < 120) end
  end)

  it("draw one row, no row, five hundred rows and numbers of any size", function()
    assert.equal(1, #layer(of_figures({ { "A", "5 vụ" } }):chart():to_svg(), "main"))
    assert(has(texts(of_figures({}):chart("bars"):to_svg()), "Không có dữ liệu để vẽ"))
    local many = {}
    for i = 1, 500 do many[i] = { "tên " .. i, i .. " vụ" } end
    local svg = of_figures(many):chart():to_svg()
    assert.equal(60, #layer(svg, "main"))
    assert(has(texts(svg), "… không vẽ 440 dòng ở giữa …"))
    assert.equal(500, #layer(of_figures(many):chart({ rows = 500 }):to_svg(), "main"))
    local huge = of_figures { { "A", "9" .. ("0"):rep(30) .. " vụ" }, { "B", "3" .. ("0"):rep(30) .. " vụ" }, { "C", "1 vụ" } }
    local drawn = layer(huge:chart():to_svg(), "main")
    near(drawn[1].width / 3, drawn[2].width)
  end)

  it("are the same bytes every time and in every dark mode another drawing", function()
    assert.equal(cases:chart():to_svg(), omd:claims():table("cases"):chart():to_svg())
    local light, dark = cases:chart({ dark = false }):to_svg(), cases:chart({ dark = true }):to_svg()
    assert(not light:find "<style" and not dark:find "<style" and dark:find("#15181c", 1, true) and not light:find("#15181c", 1, true))
    assert(cases:chart():to_svg():find("prefers-color-scheme:dark", 1, true))
  end)

  it("check what they are asked", function()
    expect.raises("name", function() cases:chart "bard" end, "bars")
    expect.raises("name", function() cases:chart("bars", { widht = 3 }) end, "width")
    expect.raises("range", function() cases:chart { width = 3 } end, "280")
    expect.raises("range", function() cases:chart { width = 720.5 } end)
    expect.raises("syntax", function() cases:chart { id = "a b" } end)
    expect.raises("type", function() cases:chart { title = 5 } end)
    expect.raises("type", function() cases:select("phase"):chart "bars" end, "no column of numbers")
    expect.raises("readonly", function() cases:chart().title = "x" end)
    expect.raises("type", function() cases:chart().to_svg() end, "':'")
  end)

  it("print as lines of characters and show themselves in notebooks", function()
    local lines = {}
    for line in (tostring(cases:chart()) .. "\n"):gmatch "(.-)\n" do lines[#lines + 1] = line end
    assert.equal("Số vụ theo giai đoạn", lines[1])
    assert.equal("AP   chưa rõ", lines[3])
    assert.equal("V      1.715  " .. ("█"):rep(32), lines[7])
    local bundle = getmetatable(cases:chart()).ipylua_show(cases:chart())
    assert.equal(cases:chart():to_svg(), bundle["image/svg+xml"])
  end)
end)
