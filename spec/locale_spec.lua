-- A program may set a locale of its own, in which Lua's "<" puts a before B and knows no punctuation: what the module makes stays the
-- same, byte for byte. Run in a process of its own under a locale made for the purpose.
local expect = require "spec.support.expect"
local locales = require "spec.support.locales"
local place = require "spec.support.store_place"

-- Everything that lists names, keys or texts in an order.
local script = [[
local wanted = ...
assert(not wanted or os.setlocale(wanted) and "a" < "B")
local mekong = require "mekong"
local function failing(...) io.write(select(2, pcall(...)), "\n") end
local store = assert(mekong.omd())
assert(store:load("cases", "examples/records/ho-so-gia.csv"))
assert(store:load("cases", { name = "x.csv",
  text = "Mã vụ;Giai đoạn;Ngày;Cơ quan;Nhóm hàng\nb-1;7;1/5/2025;đội B;ma túy\nB-2;7;1/5/2025;Đội a;pháo\na_3;7;2/5/2025;đội a;pháo\n" },
  { save_map = "m" }))
local f <close> = assert(io.open("README.md", "rb"))
local section = f:read "a":match "\n## Bốn mươi phân tích / Forty analyses\n(.-)\n## "
local known = setmetatable({ mekong = mekong, store = store, d = store.cases, c = store:claims() }, { __index = _G })
for number, call in section:gmatch "\n| (%d+)%. [^|]+ | `([^|`]+)` |" do
  io.write(number, "\n", tostring(assert(load("return " .. call, call, "t", known))()), "\n")
end
local report = store:report { against = "1/1/2024" }
io.write(report:to_html(), tostring(report), "\n")
io.write(tostring(store.cases:where("phase = 7"):count("agency")), "\n")
local t = store.cases:count("category", "unit")
for _, format in ipairs { "to_csv", "to_json", "to_markdown" } do io.write(t[format](t), "\n") end
io.write(mekong.read("Bắt 12 vụ, thu gần 2.3 tấn ma tuý đá ngày 18-19/11/2025, tăng 111% so với giai đoạn 4"):to_json(), "\n")
failing(store.report, store, { Bb = 1, aA = 1, B_a = 1 })
failing(store.load, store, "cases", { name = "x.csv", text = "a;B\n1;2\n" }, { map = { ["b"] = "casse", ["B"] = "phasse", ["_a"] = "x" } })
failing(function() return store.cases:where("phase = $b and phase = $B", { b = 1, B = {}, a = 2 }):count() end)
failing(function() return store.cases.countt end)
failing(store.insert, store, "cases", { { case = "x", zeta = 1, Alpha = 2 } })
failing(mekong.help, "store.lod")
failing(function() return store:claims():table("cases", { by = { "phasse" } }) end)
mekong.vocab:add("item", { ["hàng đá b"] = "heroin", ["Hàng đá B"] = "heroin" })
for _, one in ipairs { mekong.entity("TP.HCM"), mekong.entity("Hà Tây"), mekong.entity("bạch phiến") } do io.write(tostring(one), "\n") end
]]

describe("a program with a locale of its own #tree", function()
  it("gets the same bytes", function()
    local folder = place.folder()
    local path = place.write(folder .. "/everything.lua", script)
    local out, code = expect.lua({ path }, {})
    local own, own_code = locales.lua("de_DE", { path, "de_DE.UTF-8" })
    place.remove(folder)
    if not own then return pending "no locale could be made here" end
    assert.equal(0, code, out)
    assert.equal(0, own_code, own)
    assert(#out > 100000, #out)
    local at = 1
    local theirs = own:gmatch "[^\n]*"
    for line in out:gmatch "[^\n]*" do
      assert.equal(line, theirs(), "line " .. at)
      at = at + 1
    end
    assert.equal(#out, #own)
  end)
end)
