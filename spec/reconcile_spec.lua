-- An announced number held against what the tables give: the verdicts of the field.
local mekong = require "mekong"
local expect = require "spec.support.expect"

describe("a claim held against a known number", function()
  local omd, fifth
  setup(function()
    omd = mekong.omd()
    fifth = omd:claims():table("cases", { by = "phase" }):where "phase = 5" -- 1.715 cases
  end)
  teardown(function() omd:close() end)

  local function verdict(claim)
    local t = fifth:reconcile(claim)
    assert.equal(1, #t)
    return t:cell(1, "verdict"), t
  end

  it("agrees when they are the same number", function()
    local said, t = verdict "1.715 vụ"
    assert.equal("khớp", said)
    expect.exact(0, t:cell(1, "difference"))
    assert.same({ "claim", "counted", "verdict", "difference", "needs" }, { table.unpack(t:names(), 1, 5) })
    expect.exact(1715, t:cell(1, "claim"))
    expect.exact(1715, t:cell(1, "counted"))
  end)

  it("says by how much the count falls short or goes over", function()
    assert.equal("thiếu 5", (verdict "1.720 vụ")) -- 1.720 − 1.715
    assert.equal("thừa 15", (verdict "1.700 vụ")) -- 1.715 − 1.700
  end)

  it("takes 'more than' without the number itself and 'at least' with it", function()
    assert.equal("khớp với cận", (verdict "hơn 1.714 vụ"))
    assert.equal("trái cận", (verdict "hơn 1.715 vụ"))
    assert.equal("khớp với cận", (verdict "ít nhất 1.715 vụ"))
    assert.equal("trái cận", (verdict "ít nhất 1.716 vụ"))
  end)

  it("takes 'nearly' without the number itself and 'at most' with it", function()
    assert.equal("khớp với cận", (verdict "gần 1.716 vụ"))
    assert.equal("trái cận", (verdict "gần 1.715 vụ"))
    assert.equal("khớp với cận", (verdict "tối đa 1.715 vụ"))
    assert.equal("trái cận", (verdict "không quá 1.714 vụ"))
  end)

  it("takes 'about' to the last written step", function()
    -- khoảng 1.700: step 100, [1.600; 1.800]; khoảng 1.750: step 10, [1.740; 1.760].
    assert.equal("khớp với cận", (verdict "khoảng 1.700 vụ"))
    assert.equal("mâu thuẫn", (verdict "khoảng 1.750 vụ"))
  end)

  it("does not compare across units", function()
    assert.equal("không so được", (verdict "1.715 kg"))
    assert.equal("không so được", (verdict "1.715 viên"))
  end)

  it("takes a figure as well as its text", function()
    assert.equal("khớp", (verdict(mekong.figure(1715, "vụ"))))
    assert.equal("khớp với cận", (verdict(mekong.figure "hơn 1.700 vụ")))
  end)

  it("says nothing of a phase nobody counted", function()
    local unknown = omd:claims():table("cases", { by = "phase" }):where { phase = "VI" }
    local t = unknown:reconcile "100 vụ"
    assert.equal("không so được", t:cell(1, "verdict"))
    local counted = t:cell(1, "counted")
    assert(counted == nil or not counted:known())
  end)

  it("refuses what is no claim", function()
    expect.raises({ "syntax", "type" }, function() fifth:reconcile "rất nhiều vụ" end)
    expect.raises("type", function() fifth:reconcile() end)
    expect.raises("type", function() fifth:reconcile(true) end)
  end)
end)

describe("hơn 4.500 vụ on 14/8/2025", function()
  local omd, t
  setup(function()
    omd = mekong.omd()
    t = omd:claims():table("cases", { by = "phase" }):cumulative("phase", { to = "14/8/2025" }):reconcile "hơn 4.500 vụ"
  end)
  teardown(function() omd:close() end)

  it("is not contradicted by 4.393 or more", function()
    assert.equal(1, #t)
    assert.equal("khớp với cận", t:cell(1, "verdict"))
    expect.at_least(4393, t:cell(1, "counted"))
    expect.at_least(4501, t:cell(1, "claim"))
  end)

  it("takes 108 or more from AP, VI and the part of VII", function()
    -- 4.501 − 4.393 = 108.
    expect.at_least(108, t:cell(1, "needs"))
    expect.holds(t:to_text(), "108", "4.500", "4.393", "AP", "VI", "VII")
    expect.holds(t:to_text { locale = "en" }, "108", "4,500", "4,393")
  end)
end)

describe("older cumulative claims", function()
  local omd, cases
  setup(function()
    omd = mekong.omd()
    cases = omd:claims():table("cases", { by = "phase" })
  end)
  teardown(function() omd:close() end)

  it("gần 2.700 after IV stands: 2.678 or more, below 2.700", function()
    local t = cases:cumulative("phase", { to = "IV" }):reconcile "gần 2.700 vụ"
    assert.equal("khớp với cận", t:cell(1, "verdict"))
  end)

  it("1.203 after III cannot stand: I, II and III alone give 1.316", function()
    -- 164 + 284 + 868 = 1.316 = 1.203 + 113, and AP comes on top.
    local t = cases:cumulative("phase", { to = "III" }):reconcile "1.203 vụ"
    assert.equal("mâu thuẫn", t:cell(1, "verdict"))
    expect.at_least(113, t:cell(1, "difference"))
  end)
end)
