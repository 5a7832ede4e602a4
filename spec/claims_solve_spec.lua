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
    -- cut off: 1.715 / 2,12 = 808,96 (out), 1.715 / 2,11 = 812,8 (in); rounded up: 1.715 / 2,11 (out), 1.715 / 2,10 = 816,7
    expect.between(809, 812, alone:solve({ rounding = "truncated" }):figure "OMD4.cases")
    expect.between(813, 816, alone:solve({ rounding = "up" }):figure "OMD4.cases")
    expect.between(809, 816, alone:solve({ rounding = "any" }):figure "OMD4.cases")
  end)

  it("cannot stand beside both totals", function()
    local solution = claims:solve()
    assert.is_false(solution:consistent())
    local conflicts = solution:conflicts()
    assert.equal(1, #conflicts)
    assert.equal(3, conflicts[1].size)
    assert.equal("100001, 100002, 100003", conflicts[1].claims)
    expect.holds(conflicts[1].statements, "V = 1.715", "IV = 1.362", "+111%")
    expect.holds(conflicts[1].why, "811", "814")
  end)

  it("is the only suspect once UNODC's +26 % is known", function()
    claims:change("OMD5.cases", "OMD4.cases", "tăng 26%", "un5")
    local solution = claims:solve()
    local conflicts = solution:conflicts()
    assert.equal(2, #conflicts)
    assert.equal("100003, 100004", conflicts[1].claims)
    assert.equal("100001, 100002, 100003", conflicts[2].claims)
    local suspects = solution:suspects()
    assert.equal(1, #suspects)
    expect.holds(suspects[1].statement, "+111%")
    assert.is_true(suspects[1].sole)
    assert.same({ 100003 }, solution:aside())
    expect.exact(1362, solution:figure "OMD4.cases")
    expect.holds(solution:why "OMD4.cases", "1.362", "un4", "Đã gác lại", "+111%")
    expect.holds(tostring(solution), "2 mâu thuẫn", "+111%")
  end)

  it("leaves IV to the other claims when its own value is set aside", function()
    claims:change("OMD5.cases", "OMD4.cases", "tăng 26%", "un5")
    claims:say("OMD3.cases", 868, "vcn22")
    claims:change("OMD4.cases", "OMD3.cases", "tăng 57%", "un4")
    -- 868 × 1,565 = 1.358,4 and 1.715 / 1,255 = 1.366,5
    expect.between(1359, 1366, claims:solve({ without = "OMD4.cases" }):figure "OMD4.cases")
    expect.between(1359, 1366, claims:solve({ without = { "OMD4.cases", 100003 } }):figure "OMD4.cases")
  end)
end)

describe("tăng 2,15 lần", function()
  it("is read both ways and never settled by itself", function()
    local claims = mekong.claims()
    claims:say("OMD5@VN.cases", 123, "S0")
    local change = claims:change("OMD5@VN.cases", "OMD4@VN.cases", "tăng 2,15 lần", "S0")
    local solution = claims:solve()
    assert.is_true(solution:consistent())
    expect.between(39, 57, solution:figure "OMD4@VN.cases")
    local found = {}
    for row in solution:readings(change):rows() do
      found[#found + 1] = row.reading .. ", " .. row.rounding .. ": " .. (row.base and row.base:format { unit = false } or "–")
    end
    -- 123 / 2,155 = 57,08 and 123 / 2,145 = 57,3: none; 123 / 2,16 = 56,9: 57 when cut off; 123 / 3,15 = 39,05: 39
    assert.same({ "bằng số lần đó, làm tròn: –", "bằng số lần đó, cắt bớt: 57", "bằng số lần đó, làm tròn lên: –",
      "tăng thêm số lần đó, làm tròn: 39", "tăng thêm số lần đó, cắt bớt: 39", "tăng thêm số lần đó, làm tròn lên: –" }, found)
  end)

  it("is settled by other claims, or by the analyst's choice", function()
    local claims = mekong.claims()
    claims:say("OMD5@VN.cases", 123, "S0")
    claims:change("OMD5@VN.cases", "OMD4@VN.cases", "tăng 2,15 lần", "S0")
    claims:say("OMD4@VN.cases", "hơn 40 vụ", "x")
    expect.exact(57, claims:solve():figure "OMD4@VN.cases")
    claims = mekong.claims()
    claims:say("OMD5@VN.cases", 123, "S0")
    local change = claims:change("OMD5@VN.cases", "OMD4@VN.cases", "tăng 2,15 lần", "S0")
    claims:choose(change, 2)
    expect.exact(39, claims:solve():figure "OMD4@VN.cases")
  end)
end)

describe("changes", function()
  local function base(now, text)
    local claims = mekong.claims()
    claims:say("B.cases", now, "x")
    claims:change("B.cases", "A.cases", text, "x")
    return claims:solve():figure "A.cases"
  end

  it("lead back to their base in every wording", function()
    expect.between(81, 133, base(200, "gấp 2 lần")) -- from 1,5 to under 2,5 times as much
    expect.between(1715, 1717, base(1155, "giảm 32,7%")) -- 1.155 / 0,6735 = 1.714,9; 1.155 / 0,6725 = 1.717,5
    expect.between(100, 100, base(200, "tăng 100,0%"))
    expect.between(326, 339, base(133, "giảm 2,5 lần")) -- 133 × 2,45 = 325,9; 133 × 2,55 = 339,2
    expect.between(300, 499, base(200, "giảm một nửa")) -- 200 × 1,5; under 200 × 2,5
    expect.between(1, 133, base(200, "tăng hơn 50%")) -- a change is of something: its base is not 0
    expect.between(130, 137, base(200, "gấp rưỡi")) -- 200 / 1,55 = 129,03 (out), 200 / 1,45 = 137,9
  end)
end)

describe("sums and parts", function()
  it("close over a missing part", function()
    local claims = mekong.claims()
    claims:say("OMD7.cases", 1155, "S1")
    claims:say("OMD7.cases.drug", 1027, "S1")
    claims:say("OMD7.cases.wildlife", 108, "S1")
    claims:sum("OMD7.cases", { "drug", "precursor", "wildlife" }, "S1")
    local solution = claims:solve()
    expect.exact(20, solution:figure "OMD7.cases.precursor")
    expect.holds(solution:why "OMD7.cases.precursor", "1.155", "1.027", "108", "S1")
  end)

  it("hold with the bounds of hedges", function()
    local claims = mekong.claims()
    claims:sum("X.mass", { "260 kg", "73,8 kg" }, "spu")
    claims:say("X.mass", "gần 335kg", "spu")
    assert.is_true(claims:solve():consistent())
    claims = mekong.claims()
    claims:sum("X.mass", { "490 kg", "125 kg", "7.600 kg" }, "hp23")
    claims:say("X.mass", "hơn 8,2 tấn", "hp23")
    local solution = claims:solve()
    assert.is_true(solution:consistent())
    expect.exact(8215, solution:figure "X.mass", "kg")
    claims:say("X.mass", "hơn 8,3 tấn", "y")
    assert.is_false(claims:solve():consistent())
  end)

  it("of a category are not more than the whole", function()
    local claims = mekong.claims()
    claims:say("OMD6.cases.drug", 59, "S2")
    expect.at_least(59, (function()
      claims:say("OMD6.cases", "ít nhất 1 vụ", "x")
      return claims:solve():figure "OMD6.cases"
    end)())
    claims:say("OMD6.cases", 50, "y")
    assert.equal("100001, 100003", claims:solve():conflicts()[1].claims)
  end)

  it("of several phases close over a missing one", function()
    local claims = mekong.claims()
    claims:say("OMD2/OMD4.cases.wildlife", 223, "un5")
    claims:say("OMD3.cases.wildlife", 112, "vcn22")
    claims:say("OMD4.cases.wildlife", 78, "un4")
    expect.exact(33, claims:solve():figure "OMD2.cases.wildlife")
  end)

  it("are never made across units", function()
    local claims = mekong.claims()
    claims:say("X.mass.drug", "395 kg", "S2")
    claims:say("X.pills.drug", 104410, "S2")
    expect.raises("unit", function() claims:sum("X.mass", { "X.mass.drug", "X.pills.drug" }, "S2") end)
  end)
end)

describe("running totals", function()
  it("do not fall, and the months between fill the difference", function()
    local claims = mekong.claims()
    claims:say("VN-Customs(2022-12-16/2023-10-15).cases.drug.led", 99, "bk23")
    claims:say("VN-Customs(2022-12-16/2023-11-15).cases.drug.led", "ít nhất 99 vụ", "tt23")
    claims:say("VN-Customs(2023-10-16/2023-11-15).cases.drug.led", 13, "tt23")
    local solution = claims:solve()
    assert.is_true(solution:consistent())
    expect.exact(112, solution:figure "VN-Customs(2022-12-16/2023-11-15).cases.drug.led")
    claims:say("VN-Customs(2022-12-16/2023-11-15).cases.drug.led", 99, "tt23")
    assert.equal(3, claims:solve():conflicts()[1].size)
    claims = mekong.claims()
    claims:say("VN-Customs(2023-01-01/2023-06-30).cases", 50, "x")
    claims:say("VN-Customs(2023-01-01/2023-07-31).cases", 49, "y")
    assert.is_false(claims:solve():consistent())
  end)
end)

describe("a number that nobody announced", function()
  it("is unknown, not zero; one of a wrong name is refused", function()
    local claims = mekong.claims()
    claims:say("VN-Customs.cases", 5, "x")
    assert.is_false(claims:solve():figure("OMD6.cases"):known())
    expect.holds(claims:solve():why "OMD6.cases", "Không công bố nào")
    expect.raises("name", function() claims:solve():figure "VN-Custom.cases" end)
    expect.raises("name", function() claims:solve():figure "OMD6.case" end)
    expect.raises("syntax", function() claims:solve():figure "OMD6" end)
    expect.raises("type", function() claims:solve():figure(6) end)
    expect.raises("name", function() claims:solve { round = "up" } end)
    expect.raises("name", function() claims:solve { rounding = "down" } end)
    expect.raises("name", function() claims:solve { without = "OMD9.cases" } end)
    expect.raises("name", function() claims:solve():readings(7) end)
    expect.raises("name", function() return claims:solve().figures_ end)
    expect.raises("type", function() claims.solve() end)
  end)

  it("in several units asks for the unit", function()
    local claims = mekong.claims()
    claims:say("OMD3.members[country]", 20, "a")
    claims:say("OMD3.members[agency]", 23, "b")
    expect.raises("ambiguous", function() claims:solve():figure "OMD3.members" end)
    expect.exact(23, claims:solve():figure "OMD3.members[agency]")
  end)
end)

-- ---------------------------------------------------------------- against enumeration

local names = { "OMD1.cases", "OMD2.cases", "OMD3.cases" }

-- A claim: how it is entered, and whether it holds for the values v.
local makers = {
  function(random)
    local i, n = random(3), random(0, 5)
    return "v" .. i .. "=" .. n, function(c) c:say(names[i], n, "s") end, function(v) return v[i] == n end
  end,
  function(random)
    local i, n = random(3), random(2, 9)
    return "v" .. i .. "<" .. n, function(c) c:say(names[i], "gần " .. n .. " vụ", "s") end, function(v) return v[i] < n end
  end,
  function(random)
    local i, n = random(3), random(0, 4)
    return "v" .. i .. ">" .. n, function(c) c:say(names[i], "hơn " .. n .. " vụ", "s") end, function(v) return v[i] > n end
  end,
  function(random)
    local i = random(3)
    local j, k = i % 3 + 1, (i + 1) % 3 + 1
    return "sum" .. i, function(c) c:sum(names[i], { names[j], names[k] }, "s") end, function(v) return v[i] == v[j] + v[k] end
  end,
  function(random)
    local i = random(3)
    local j, p = (i + random(0, 1)) % 3 + 1, ({ 50, 100 })[random(2)]
    -- p per cent to the nearest: (v − base) / base within half a per cent
    return ("r%d/%d %d"):format(i, j, p), function(c) c:change(names[i], names[j], "tăng " .. p .. "%", "s") end, function(v)
      local a, b = v[i] * 1000, v[j]
      return b > 0 and a >= b * (1000 + 10 * p - 5) and a < b * (1000 + 10 * p + 5)
    end
  end,
}

-- "tăng n lần": n or n + 1 times as much, rounded or cut off to a whole number: from n − 1/2 to below n + 2.
makers[#makers + 1] = function(random)
  local i, n = random(3), 2
  local j = i % 3 + 1
  return ("t%d %d"):format(i, n), function(c) c:change(names[i], names[j], "tăng " .. n .. " lần", "s") end, function(v)
    return v[j] > 0 and 2 * v[i] >= v[j] * (2 * n - 1) and v[i] < v[j] * (n + 2)
  end
end

-- Where such claims can hold at all they hold for numbers up to here: 5, twice that, twice that again.
local LIMIT = 24

local function system(random)
  local list, seen = {}, {}
  for _ = 1, random(3, 6) do
    local id, enter, holds = makers[random(#makers)](random)
    if not seen[id] then seen[id], list[#list + 1] = true, { enter = enter, holds = holds } end
  end
  return list
end

-- Which sets of claims (bits) hold together for some values, and the ends of each number when all hold.
local function enumerate(list)
  local masks, low, high = {}, {}, {}
  local all = (1 << #list) - 1
  for a = 0, LIMIT do
    for b = 0, LIMIT do
      for c = 0, LIMIT do
        local v, mask = { a, b, c }, 0
        for i, claim in ipairs(list) do
          if claim.holds(v) then mask = mask | 1 << (i - 1) end
        end
        masks[mask] = true
        if mask == all then
          for i = 1, 3 do low[i], high[i] = math.min(low[i] or v[i], v[i]), math.max(high[i] or v[i], v[i]) end
        end
      end
    end
  end
  local distinct = {}
  for mask in pairs(masks) do distinct[#distinct + 1] = mask end
  local function possible(set)
    for _, mask in ipairs(distinct) do
      if mask & set == set then return true end
    end
    return false
  end
  return possible, low, high
end

local function minimal_conflicts(list, possible)
  local found = {}
  for set = 1, (1 << #list) - 1 do
    local minimal = not possible(set)
    for i = 1, #list do
      local bit = 1 << (i - 1)
      if minimal and set & bit ~= 0 and not possible(set & ~bit) then minimal = false end
    end
    if minimal then
      local ids = {}
      for i = 1, #list do
        if set & 1 << (i - 1) ~= 0 then ids[#ids + 1] = 100000 + i end
      end
      found[#found + 1] = table.concat(ids, ", ")
    end
  end
  table.sort(found)
  return found
end

describe("small systems", function()
  local seed = math.tointeger(tonumber(os.getenv "MEKONG_SEEDS" or "")) or 60

  it("have the conflicts and the ends that going through all values finds", function()
    math.randomseed(20231121, 5)
    local contradictions = 0
    for round = 1, seed do
      local list = system(math.random)
      local claims = mekong.claims()
      for _, claim in ipairs(list) do claim.enter(claims) end
      local possible, low, high = enumerate(list)
      local solution, where = claims:solve(), "system " .. round
      assert.equal(possible((1 << #list) - 1), solution:consistent(), where)
      local found, t = {}, solution:conflicts()
      for i = 1, #t do found[i] = t[i].claims end
      table.sort(found)
      assert.same(minimal_conflicts(list, possible), found, where)
      contradictions = contradictions + #found
      for i = 1, solution:consistent() and 3 or 0 do
        local f = solution:figure(names[i])
        assert.equal(low[i], f.lo, where .. " " .. names[i])
        if 2 * math.max(table.unpack(high)) < LIMIT then assert.equal(high[i], f.hi, where .. " " .. names[i]) end
      end
    end
    assert.is_true(contradictions > 10)
  end)
end)

-- ---------------------------------------------------------------- true worlds and planted errors

local function rounded(n, d) return (2 * n + d) // (2 * d) end

-- A campaign of phases with categories, from which everything that is announced is true.
local function campaign(random)
  local world, claims = {}, mekong.claims()
  for phase = 1, 6 do
    local drug, wildlife = random(50, 1500), random(5, 300)
    world[phase] = { drug = drug, wildlife = wildlife, all = drug + wildlife }
    local name = ("OMD%d.cases"):format(phase)
    if random(4) > 1 then claims:say(name, drug + wildlife, "a" .. phase) end
    if random(3) > 1 then claims:say(name .. ".drug", drug, "b" .. phase) end
    if random(3) > 1 then claims:say(name .. ".wildlife", wildlife, "c" .. phase) end
    if random(3) > 1 then claims:sum(name, { "drug", "wildlife" }, "d" .. phase) end
    local before = world[phase - 1]
    if before and random(2) == 1 and world[phase].all >= before.all then
      local percent = rounded((world[phase].all - before.all) * 100, before.all)
      claims:change(name, ("OMD%d.cases"):format(phase - 1), ("tăng %d%%"):format(percent), "e" .. phase)
    end
  end
  local total = 0
  for phase = 1, 6 do
    total = total + world[phase].all
    if phase > 1 and random(2) == 1 then
      claims:say(("OMD1/OMD%d.cases"):format(phase), ("hơn %d vụ"):format(total - random(1, 50)), "f" .. phase)
    end
  end
  return claims, world
end

describe("what the solver says", function()
  it("tells days in the language of the store", function()
    local function told(locale)
      local store <close> = mekong.open(":memory:", { locale = locale })
      local claims = store:claims()
      claims:say("VN(2022-12-16/2023-10-15).cases.drug", 99, "a")
      claims:say("VN(2022-12-16/2023-10-15).cases.drug", 98, "b")
      return tostring(claims:solve():conflicts())
    end
    assert.truthy(told("en"):find("16 Dec 2022–15 Oct 2023", 1, true))
    assert.truthy(told("vi"):find("16/12/2022–15/10/2023", 1, true))
  end)
end)

describe("a campaign announced truthfully", function()
  it("is without contradiction, and its numbers lie where they are", function()
    math.randomseed(18, 11)
    for round = 1, 25 do
      local claims, world = campaign(math.random)
      local solution = claims:solve()
      assert.is_true(solution:consistent(), "campaign " .. round)
      for phase = 1, 6 do
        local f = solution:figure(("OMD%d.cases"):format(phase))
        assert.is_true(not f:known() or f:surely_covers(mekong.figure(world[phase].all, "vụ")), "campaign " .. round)
      end
    end
  end)

  it("names a planted error among the suspects", function()
    math.randomseed(2025, 8)
    local contradictions = 0
    for round = 1, 25 do
      local claims, world = campaign(math.random)
      local phase = math.random(6)
      local id = claims:say(("OMD%d.cases"):format(phase), world[phase].all + math.random(200, 900), "wrong")
      local solution = claims:solve()
      if not solution:consistent() then
        contradictions = contradictions + 1
        local named, suspects = false, solution:suspects()
        for i = 1, #suspects do named = named or suspects[i].claims:find(id, 1, true) ~= nil end
        assert.is_true(named, "campaign " .. round)
      end
    end
    assert.is_true(contradictions > 15)
  end)
end)
