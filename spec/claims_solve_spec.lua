-- Announced numbers held against each other: what follows, what cannot all be true, and which claim to look at again.
local mekong = require "mekong"
local expect = require "spec.support.expect"

describe("the +111 % of phase V", function()
  local claims
  before_each(function()
    claims = mekong.claims()
    claims:say("OMD5.cases", 1715, "S0")
    claims:say("OMD4.cases", 1362, "un4")
    claims:change("OMD5.cases", "OMD4.cases", "tăng 111%", "S0")
  end)

  it("needs a base of 811 to 814", function()
    -- 1.715 / 2,115 = 810,9 (out), 1.715 / 2,105 = 814,7 (in): whole numbers from 811 to 814
    local alone = mekong.claims()
    alone:say("OMD5.cases", 1715, "S0")
    alone:change("OMD5.cases", "OMD4.cases", "tăng 111%", "S0")
    expect.between(811, 814, alone:solve():figure "OMD4.cases")
  end)

  it("cannot stand beside both totals", function()
    local conflicts = claims:solve():conflicts()
    assert.equal(1, #conflicts)
    assert.equal(3, conflicts[1].size)
    expect.holds(conflicts[1].statements, "1.715", "1.362", "+111%")
  end)

  it("is the only suspect once UNODC's +26 % is known", function()
    claims:change("OMD5.cases", "OMD4.cases", "tăng 26%", "un5")
    local solution = claims:solve()
    assert.equal(2, #solution:conflicts())
    local suspects = solution:suspects()
    assert.equal(1, #suspects)
    expect.holds(suspects[1].statement, "+111%")
    assert.is_true(suspects[1].sole)
    expect.exact(1362, solution:figure "OMD4.cases")
  end)
end)
