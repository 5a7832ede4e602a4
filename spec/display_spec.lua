-- What objects show in a notebook: one bundle of forms for the kernel that is there, text where there is none.
local mekong = require "mekong"
local expect = require "spec.support.expect"
local kernel = require "spec.support.kernel"

local function with_global(name, value, fn)
  rawset(_G, name, value)
  local ok, message = pcall(fn)
  rawset(_G, name, nil)
  assert(ok, message)
end

describe("in a notebook", function()
  local omd = assert(mekong.omd())
  local shown = omd:claims():table "cases"

  it("a xeus kernel gets one bundle with HTML and text", function()
    local sent = {}
    local xeus = { display = { detail = { _display_data = function(...) sent[#sent + 1] = { ... } end } } }
    with_global("ilua", xeus, function() shown:display() end)
    assert.equal(1, #sent)
    assert.equal("{}", sent[1][2])
    assert.equal("{}", sent[1][3])
    local bundle = kernel.members(sent[1][1])
    assert.equal(tostring(shown), bundle["text/plain"])
    assert.equal(shown:to_html(), bundle["text/html"])
  end)

  it("IPyLua gets the forms as a table, by pyout and by ipylua_show", function()
    local sent
    with_global("pyout", function(bundle) sent = bundle end, function() shown:display() end)
    assert.equal(tostring(shown), sent["text/plain"])
    assert.equal(shown:to_html(), sent["text/html"])
    assert.same(sent, getmetatable(shown).ipylua_show(shown))
  end)

  it("without a kernel the text is printed, as print would", function()
    assert.equal(tostring(shown), expect.shown(shown))
    assert.equal("hơn 4.500 vụ", expect.shown(mekong.figure "hơn 4.500 vụ"))
  end)

  it("every kind of object has something to show", function()
    for _, object in ipairs { omd, omd.cases, omd.cases:by "phase", omd:claims(), omd:bilateral("VN", "CN") } do
      local sent
      with_global("pyout", function(bundle) sent = bundle end, function() object:display() end)
      assert.equal(tostring(object), sent["text/plain"])
    end
  end)
end)
