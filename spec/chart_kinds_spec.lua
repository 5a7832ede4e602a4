-- Charts of every kind: held against the golden files, picked by what a table is, and read back: as XML, as Vega-Lite by the programs
-- of others, as pictures.
local lxp = require "lxp"
local mekong = require "mekong"
local drawn = require "spec.support.drawn"
local expect = require "spec.support.expect"
local place = require "spec.support.store_place"

local function there(command) return os.execute("command -v " .. command .. " >/dev/null 2>&1") == true end

-- Attributes of the elements that lie in a layer, and the text of all texts.
local function read(svg)
  local layers, texts, open = {}, {}, {}
  local parser = lxp.new {
    StartElement = function(_, name, attributes)
      local layer = open[#open] and open[#open].class
      if layer then
        layers[layer] = layers[layer] or {}
        table.insert(layers[layer], attributes)
      end
      open[#open + 1] = { name = name, class = name == "g" and attributes.class or nil }
      if name == "text" then texts[#texts + 1] = "" end
    end,
    CharacterData = function(_, s) if open[#open].name == "text" then texts[#texts] = texts[#texts] .. s end end,
    EndElement = function() open[#open] = nil end,
  }
  assert(parser:parse(svg))
  assert(parser:parse())
  parser:close()
  return layers, table.concat(texts, "\n")
end

local function near(wanted, found) assert(math.abs(wanted - tonumber(found)) < 0.21, found .. " where " .. wanted .. " is due") end

describe("charts of every kind", function()
  local charts, by_name, stores, folder = nil, {}, nil, nil
  local omd = assert(mekong.omd())
  local cases = omd:claims():table "cases"
  setup(function()
    charts, stores = drawn.charts()
    for _, entry in ipairs(charts) do by_name[entry[1]] = entry[2] end
    folder = place.folder()
  end)
  teardown(function()
    for _, store in ipairs(stores) do store:close() end
    place.remove(folder)
  end)

  it("are what the golden files say #tree", function()
    for _, file in ipairs(drawn.files()) do
      assert.equal(place.read("spec/drawn/" .. file[1]), file[2],
        "spec/drawn/" .. file[1] .. " (lua5.4 spec/support/drawn.lua write makes them anew)")
    end
    assert.equal(3 * #charts, tonumber((expect.run "ls spec/drawn | wc -l")))
  end)

  it("are the same bytes in other processes, locales and time zones #tree", function()
    local first
    for _, env in ipairs { { "LC_ALL=C", "TZ=UTC" }, { "LC_ALL=C.UTF-8", "TZ=Asia/Ho_Chi_Minh" } } do
      local out, code = expect.lua({ "-e", "arg = { [0] = 'drawn.lua', 'show' }; dofile 'spec/support/drawn.lua'" }, env)
      assert.equal(0, code, out:sub(1, 500))
      first = first or out
      assert(#out > 30000 and out == first)
    end
  end)

  it("are picked by what the table is", function()
    local function picked(t) return tostring(rawget(t:chart(), "kind_")) end
    assert.equal("bars", picked(cases))
    assert.equal("dumbbell", picked(cases:compare "phase"))
    assert.equal("steps", picked(cases:cumulative "phase"))
    assert.equal("composition", picked(cases:share()))
    assert.equal("timeline", picked(omd:bilateral("VN", "CN").conferences))
    for name, kind in pairs { strip = "strip", heat = "heat", multiples = "multiples", timeline = "timeline", empty = "bars" } do
      assert.equal(kind, rawget(by_name[name], "kind_"))
    end
  end)

  it("are refused by tables they cannot draw, with what they take", function()
    for _, kind in ipairs { "dumbbell", "steps", "strip", "heat", "multiples", "timeline" } do
      expect.holds(expect.raises("type", function() cases:select("phase", "cases"):chart(kind) end), "'" .. kind .. "' draws")
    end
    expect.raises("type", function() cases:compare("phase"):chart "composition" end)
    expect.raises("unit", function() cases:cumulative("phase"):chart { flags = { { "14/8/2025", "5 tấn" } } } end)
    expect.raises("type", function() cases:cumulative("phase"):chart { flags = { "14/8/2025" } } end)
    assert.equal("dumbbell", rawget(cases:compare("phase"):chart "so sánh", "kind_"))
  end)

  it("composition: parts are as wide as their shares and go beyond 100 % where cases stand in several", function()
    local svg = omd:claims():table("cases", { by = { "phase", "category" } }):chart("composition"):to_svg()
    local layers, texts = read(svg)
    local drug, wildlife = layers["l-t1"], layers["l-t3"]
    -- IV: 1.267 of 1.362 cases are 93,0 %, 78 are 5,7 %; V: 1.499 of 1.715 are 87,4 %; the first of each layer is its key
    local iv, v = tonumber(drug[3].width), tonumber(drug[4].width)
    near(iv * 1499 * 1362 / (1715 * 1267), v)
    near(iv * 78 / 1267, wildlife[4].width)
    for _, text in ipairs { "93,0%", "5,7%", "1,2%", "88,9%*" } do expect.holds(texts, text) end
  end)

  it("heat: every number stands in its cell, what is not known is no zero", function()
    local _, texts = read(by_name.heat:to_svg())
    for _, text in ipairs { "\n3\n", "\n5\n", "Tổng\n2\n1\n4\n1" } do expect.holds("\n" .. texts .. "\n", text) end
  end)

  it("heat: names that do not fit over their columns stand below it, under numbers", function()
    local store <close> = assert(mekong.open ":memory:")
    local names = { "Bộ đội Biên phòng Quảng Trị", "Chi cục Hải quan khu vực IX", "Chi cục Hải quan khu vực VIII", "Cục Điều tra chống buôn lậu" }
    for i, name in ipairs(names) do
      assert(store:insert("cases", { case = "K" .. i, agency = name }))
      assert(store:insert("lines", { case = "K" .. i, line = 1, category = i == 1 and "wildlife" or "drug" }))
    end
    local t = store.cases:pivot("category", "agency"):totals()
    local _, narrow = read(t:chart("heat", { width = 360 }):to_svg())
    for i, name in ipairs(names) do expect.holds("\n" .. narrow .. "\n", "\n" .. i .. "\n", "\n" .. name .. "\n") end
    expect.holds(narrow, "Tổng", "động, thực vật\nhoang dã")
    assert.is_nil((narrow:find("…", 1, true)))
    local _, wide = read(t:chart("heat", { width = 1200 }):to_svg())
    for _, name in ipairs(names) do expect.holds(wide:gsub("\n", " "), name) end
    assert.is_nil((wide:find("\n3\n4\n", 1, true)))
  end)

  it("steps: the totals that the ledger has announced stand as flags at their days", function()
    local svg = cases:cumulative("phase", { to = "14/8/2025" }):chart():to_svg()
    local layers, texts = read(svg)
    for _, text in ipairs { "hơn 4.500 vụ, 14/8/2025", "gần 2.700 vụ, 23/11/2022", "1.203 vụ, 1/4/2022", "≥ 4.393" } do expect.holds(texts, text) end
    assert.equal(3 + 1, #layers["l-flag"]) -- one more in the key
    local _, none = read(cases:cumulative("phase"):chart({ flags = false }):to_svg())
    assert(not none:find "4.500 vụ")
    -- 4.393 lies as much above 0 as the grid says: 4.000 stands at 4000/4393 of it
    local function height(path) return tonumber(path.d:match "^M%S+ (%S+)L") end
    local zero, thousand4
    for _, line in ipairs(layers["l-axis"]) do zero = height(line) end
    for _, line in ipairs(layers["l-hair"]) do
      local a, b = line.d:match "^M%S+ (%S+)L%S+ (%S+)$"
      if a == b then thousand4 = math.min(thousand4 or 1e9, tonumber(a)) end
    end
    local top = 1e9
    for _, dot in ipairs(layers["l-dot"]) do top = math.min(top, tonumber(dot.cy)) end
    near((zero - thousand4) * 4393 / 4000, zero - top)
  end)

  it("dumbbell: before and now in total and per day, with what limits the comparison", function()
    local _, texts = read(cases:compare("phase", { per = "day" }):chart():to_svg())
    for _, text in ipairs { "1.362 → 1.715", "+25,9%", "8,84 → 7,94", "−10,2%", "? → 1.155*", "số ngày 154 → 216", "+111%" } do
      expect.holds(texts, text)
    end
  end)

  it("strip: the same months of different years stand below each other", function()
    local layers, texts = read(by_name.strip:to_svg())
    expect.holds(texts, "T6")
    assert(#layers["l-main"] >= 4)
  end)

  it("timeline: days as precise as they are known, the unknown last", function()
    local _, texts = read(by_name.timeline:to_svg())
    local at = 0
    for _, text in ipairs { "1/9/2018", "23–24/11/2023", "2024", "8/2025", "chưa rõ ngày" } do
      local found = texts:find(text, at + 1, true)
      assert(found and found > at, text)
      at = found
    end
  end)

  it("timeline: what two countries did together, from conferences, statements and plans", function()
    local _, texts = read(omd:bilateral("VN", "CN").events:chart():to_svg())
    for _, text in ipairs { "26/11/1993", "Hội nghị XVII, Thành phố Hồ Chí Minh", "Kế hoạch: Chi cục Hải quan khu vực VI – Hải quan Nam Ninh" } do
      expect.holds(texts, text)
    end
    local _, english = read(omd:bilateral("VN", "CN").events:chart({ locale = "en" }):to_svg())
    expect.holds(english, "Conference XV, Hanoi")
  end)

  it("are valid Vega-Lite, and vega draws what the tables hold #tree", function()
    if not (there "node" and os.execute "test -d build/vega/node_modules/vega-lite") then
      pending "vega is not installed (make vega)"
      return
    end
    local lines = {}
    for k, entry in ipairs(charts) do lines[k] = entry[2]:vega():gsub("\n%s*", "") end
    place.write(folder .. "/specs", table.concat(lines, "\n") .. "\n")
    local out = expect.run(("node spec/vega/check.js build/vega <%s/specs"):format(expect.quoted(folder)))
    local k = 0
    for answer in out:gmatch "[^\n]+" do
      k = k + 1
      assert(answer:find "^ok %d", charts[k][1] .. ": " .. answer)
    end
    assert.equal(#charts, k)
  end)

  it("are saved by the end of the name; pictures where rsvg-convert is #tree", function()
    local chart = by_name.bars
    for _, name in ipairs { "svg", "html", "txt", "json", "vl.json" } do
      assert(chart:save(folder .. "/tệp 'lạ' $(x)." .. name))
    end
    assert.equal(chart:to_svg(), place.read(folder .. "/tệp 'lạ' $(x).svg"))
    assert.equal(chart:vega(), place.read(folder .. "/tệp 'lạ' $(x).vl.json"))
    expect.raises("format", function() chart:save(folder .. "/x.gif") end)
    expect.raises("name", function() chart:save(folder .. "/x.svg", { widht = 3 }) end)
    expect.raises("range", function() chart:save(folder .. "/x.png", { scale = 99 }) end)
    local png = folder .. "/tệp $(touch x) `y` 'z'.png"
    if there "rsvg-convert" then
      assert(chart:save(png, { scale = 1 }))
      local bytes = place.read(png)
      assert.equal("\137PNG\r\n\26\n", bytes:sub(1, 8))
      assert.equal(720, (string.unpack(">I4", bytes, 17)))
    else
      expect.fails("missing", chart.save, chart, png)
    end
  end)
end)
