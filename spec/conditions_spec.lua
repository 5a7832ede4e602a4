-- Names and bare numbers in conditions: what is nowhere is refused with the nearest name, what mixes units is said.
local mekong = require "mekong"
local core = require "mekong.core"

describe("names in conditions", function()
  local store
  before_each(function()
    store = mekong.open(":memory:")
    assert(store:insert("cases", {
      { case = "A", date = "2025-05-01", origin = "LA", province = "VN-31", agency = "Đội 5", role = "led" },
      { case = "B", date = "2025-08-01", origin = "TH", province = "VN-hai-phong", agency = "Đội 6" },
      { case = "C", date = "2025-08-02", origin = "Tam giác" } }))
    assert(store:insert("lines", {
      { case = "A", line = 1, category = "drug", item = "heroin", quantity = "3", unit = "kg" },
      { case = "B", line = 1, category = "drug", item = "mdma", quantity = "300", unit = "pill" },
      { case = "C", line = 1, category = "wildlife", item = "pangolin", quantity = "2", unit = "individual" } }))
  end)
  after_each(function() store:close() end)

  local function refused(expr, params)
    local ok, message = pcall(function() return store.cases:where(expr, params) end)
    assert.is_false(ok, expr)
    return mekong.errinfo(message)
  end
  local function cases(expr, params) return store.cases:where(expr, params):count():col("n")[1] end

  it("are refused where neither the vocabulary nor a row knows them, with the nearest one and what there is", function()
    local info = refused "origin = 'Làoo'"
    assert.equal("name", info.code)
    assert.truthy(info.hint:find("did you mean Lào (LA)?", 1, true))
    assert.truthy(info.hint:find("there are: LA (Lào), Tam giác, TH (Thái Lan)", 1, true))
    assert.same({ 10, 7 }, { info.col, info.len })
    for _, expr in ipairs { "category = 'drugz'", "origin in ('LA', 'ZZ')", "'Làoo' = origin",
      "role = 'leed'", "not (joint or province = 'Hải Phong Phú')", "key(origin) = 'lao' and origin = ''" } do
      assert.equal("name", refused(expr).code, expr)
    end
    assert.equal("name", refused("origin = $1", { "Làoo" }).code)
    assert.equal("name", refused { origin = "Làoo" }.code)
  end)

  it("are refused in the filters of measures too", function()
    local ok, message = pcall(function() return store.cases:by("origin"):agg("count() where category = 'drugz'") end)
    assert.is_false(ok)
    assert.equal("name", mekong.errinfo(message).code)
  end)

  it("stand for the code, for a text that only rows have, and for names added to the store", function()
    assert.equal(1, cases "origin = 'Lào'")
    assert.equal(1, cases "origin = 'lao pdr'")
    assert.equal(1, cases "origin = 'tam giác'")
    assert.equal(0, cases "origin = 'Ấn Độ'")
    assert.equal(1, cases "role = 'chủ trì'")
    assert.equal("name", refused("origin = 'Xứ Triệu Voi'").code)
    store:alias("country", { ["Xứ Triệu Voi"] = "LA" })
    assert.equal(1, cases "origin = 'Xứ Triệu Voi'")
  end)

  it("stand for the code when they were added to this Lua state", function()
    assert.equal("name", (refused "category = 'Hàng nóng thử nghiệm'").code)
    mekong.vocab:add("category", { ["Hàng nóng thử nghiệm"] = "drug" })
    assert.equal(2, cases "category = 'hàng nóng thử nghiệm'")
    mekong.vocab:add("item", { ["Hàng trắng thử nghiệm"] = "heroin" })
    assert.equal(1, cases "item = 'Hàng trắng thử nghiệm'")
  end)

  it("stand for all codes of the name: a province before and after it was merged", function()
    assert.equal(2, cases "province = 'Hải Phòng'")
    assert.equal(2, cases "province in ('hải phòng', 'Nghệ An')")
    assert.equal(1, cases "province = 'VN-31'")
    assert.equal(0, cases "province != 'Hải Phòng'")
  end)

  it("leave open text alone", function()
    assert.equal(0, cases "note = 'gì đó'")
    assert.equal(0, cases "agency = 'Đội 7' or item = 'heroinn'")
    assert.equal(0, cases "channel = 'đường sông' or place = 'x'")
  end)
end)

describe("columns of cases and lines", function()
  it("go by what files call them", function()
    local store <close> = mekong.open(":memory:")
    assert(store:load("cases", { text = "mã vụ việc,đợt,loại hàng,trọng lượng,đvt\nA,7,ma túy,2,kg\n", name = "a.csv" }))
    assert.equal(1, store.cases:count("loại hàng"):cell(1, "n"))
    assert.equal("category", store.cases:count("loai hang"):names()[1])
    assert.equal(1, store.cases:where("đợt = 7 and trọng lượng in kg > 1"):count():cell(1, "n"))
    assert.equal(1, store.lines:where{ ["loại hàng"] = "ma túy" }:count():cell(1, "n"))
  end)

  it("go by them unless a defined column has that name", function()
    local store <close> = mekong.open(":memory:")
    assert(store:define("cases", { "haul: text | Loại  hàng" }))
    assert(store:insert("cases", { { case = "A", haul = "x" } }))
    assert.equal("haul", store.cases:count("loại hàng"):names()[1])
    assert.equal("category", store.cases:count("loại hàng hóa"):names()[1])
  end)

  it("share them with no column of the schema", function()
    local store <close> = mekong.open(":memory:")
    local synonyms, own = require "mekong.load.synonyms", {}
    for _, name in ipairs { "cases", "lines" } do
      local _, _, list = core.store.columns(store, name)
      for _, column in ipairs(list) do
        own[core.text.key(column.name, 1)] = true
        for alias in (column.aliases or ""):gmatch "[^|]+" do own[core.text.key(alias, 1)] = true end
      end
    end
    for _, name in ipairs { "cases", "lines" } do
      local _, _, list = core.store.columns(store, name)
      for _, column in ipairs(list) do
        assert.equal(synonyms.of(name, column.name), synonyms.beside(name, column.name, own))
      end
    end
  end)
end)

describe("a bare number beside quantities", function()
  local function with(unit)
    local store = mekong.open(":memory:")
    assert(store:insert("cases", { { case = "A" }, { case = "B" } }))
    assert(store:insert("lines", { { case = "A", line = 1, category = "drug", quantity = "3", unit = "kg" },
      { case = "B", line = 1, category = "wildlife", quantity = "300", unit = unit } }))
    return store
  end
  local function says(t) return tostring(t):find("theo nhiều đơn vị (kg, pill)", 1, true) ~= nil end

  it("is compared with what rows hold, and the table says when that is in several units", function()
    local store <close> = with "pill"
    local t = store.cases:where("quantity > 2"):count()
    assert.equal(2, t:col("n")[1])
    assert.is_true(says(t))
    assert.is_true(says(store.cases:where("quantity between 1 and 5"):table()))
  end)

  it("is plain where a unit is fixed, before or in the condition, where rows have one unit, and for 0", function()
    local store <close> = with "pill"
    for _, frame in ipairs { store.cases:where "quantity in kg > 2", store.cases:where "unit = 'kg' and quantity > 2",
      store.cases:where("unit = 'kg'"):where "quantity > 2", store.cases:where "quantity > 0",
      store.cases:where("category = 'drug'"):where "quantity > 2" } do
      assert.is_false(says(frame:count()))
    end
    local one <close> = with "kg"
    assert.is_nil(tostring(one.cases:where("quantity > 2"):count()):find("nhiều đơn vị", 1, true))
  end)
end)
