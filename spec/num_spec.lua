-- Exact numbers: sums, products, quotients and roundings agree with pencil and paper, and nothing ever wraps round.
local core = require "mekong.core"
local seeded = require "spec.support.seeded"
local decimal = core.figure.decimal

local function num(text) return core.figure.new { best = text } end
local function code(f, ...)
  local ok, message = pcall(f, ...)
  return not ok and message:match "%[(%l+)%]" or nil
end

-- ------------------------------------------------------------------ a slow oracle: digits in Lua strings

local function strip(d) return (d:gsub("^0+(%d)", "%1")) end

local function compare(a, b)
  a, b = strip(a), strip(b)
  if #a ~= #b then return #a < #b and -1 or 1 end
  return a < b and -1 or a > b and 1 or 0
end

local function add(a, b)
  local out, carry, n = {}, 0, math.max(#a, #b)
  a, b = ("0"):rep(n - #a) .. a, ("0"):rep(n - #b) .. b
  for i = n, 1, -1 do
    local v = a:byte(i) + b:byte(i) - 96 + carry
    out[i], carry = v % 10, v // 10
  end
  return strip(carry .. table.concat(out))
end

local function subtract(a, b) -- a >= b
  local out, borrow = {}, 0
  b = ("0"):rep(#a - #b) .. b
  for i = #a, 1, -1 do
    local v = a:byte(i) - b:byte(i) - borrow
    out[i], borrow = v % 10, v < 0 and 1 or 0
  end
  return strip(table.concat(out))
end

local function multiply(a, b)
  local total = "0"
  for i = 1, #b do
    local row = "0"
    for _ = 1, b:byte(i) - 48 do row = add(row, a) end
    total = add(total .. "0", row)
  end
  return strip(total)
end

-- A decimal is sign, digits and the number of places.
local function parts(text)
  local minus, whole, fraction = text:match "^(%-?)(%d+)%.?(%d*)$"
  return minus == "-" and -1 or 1, whole .. fraction, #fraction
end

local function canonical(sign, digits, places)
  digits = ("0"):rep(places + 1 - #digits) .. digits
  local whole, fraction = strip(digits:sub(1, #digits - places)), digits:sub(#digits - places + 1):gsub("0+$", "")
  local text = whole .. (fraction ~= "" and "." .. fraction or "")
  return (sign < 0 and text:find "[1-9]" and "-" or "") .. text
end

local function oracle_sum(a, b)
  local sa, da, pa = parts(a)
  local sb, db, pb = parts(b)
  local places = math.max(pa, pb)
  da, db = da .. ("0"):rep(places - pa), db .. ("0"):rep(places - pb)
  if sa == sb then return canonical(sa, add(da, db), places) end
  if compare(da, db) >= 0 then return canonical(sa, subtract(strip(da), strip(db)), places) end
  return canonical(sb, subtract(strip(db), strip(da)), places)
end

local function oracle_product(a, b)
  local sa, da, pa = parts(a)
  local sb, db, pb = parts(b)
  return canonical(sa * sb, multiply(da, db), pa + pb)
end

local function oracle_round(a, digits)
  local sign, d, places = parts(a)
  if digits >= places then return canonical(sign, d .. ("0"):rep(digits - places), digits) end
  d = ("0"):rep(places + 1 - #d) .. d
  local kept, next_digit = d:sub(1, #d - (places - digits)), d:sub(#d - (places - digits) + 1, #d - (places - digits) + 1)
  if next_digit >= "5" then kept = add(kept, "1") end
  return canonical(sign, kept, digits)
end

local function negated(a) return a:sub(1, 1) == "-" and a:sub(2) or "-" .. a end

local draw = seeded(20250814)
local function random(n) return draw(n) - 1 end

local function random_decimal(most)
  local digits = {}
  for i = 1, 1 + random(most) do digits[i] = random(10) end
  local text = strip(table.concat(digits))
  local places = random(6)
  if places > 0 then
    local fraction = {}
    for i = 1, places do fraction[i] = random(10) end
    text = text .. "." .. table.concat(fraction)
  end
  return (random(2) == 0 and "-" or "") .. text
end

local function exact(f) return decimal(f) end

describe("exact numbers", function()
  it("agree with the slow oracle on 2,000 random decimals", function()
    for round = 1, 2000 do
      local a, b = random_decimal(12), random_decimal(12)
      local where = ("round %d: %s and %s"):format(round, a, b)
      assert.equal(oracle_sum(a, "0"), exact(num(a)), where)
      assert.equal(oracle_sum(a, b), exact(num(a) + num(b)), where)
      assert.equal(oracle_sum(a, negated(b)), exact(num(a) - num(b)), where)
      assert.equal(oracle_product(a, b), exact(num(a) * num(b)), where)
      local difference = oracle_sum(a, negated(b))
      assert.equal(difference:sub(1, 1) == "-", num(a) < num(b), where)
      assert.equal(difference == "0", num(a):is(num(b)), where)
    end
  end)

  it("round half away from zero, once", function()
    for _ = 1, 2000 do
      local a, digits = random_decimal(9), random(4)
      local kept = decimal(num(a), digits)
      assert.equal(oracle_round(a, digits), oracle_sum(kept, "0"), a .. " to " .. digits)
      assert.equal(digits, #(kept:match "%.(%d+)" or ""))
    end
    assert.equal("1", decimal("0.5", 0))
    assert.equal("-1", decimal("-0.5", 0))
    assert.equal("0", decimal("-0.4", 0))
    assert.equal("3", decimal("2.5", 0))
    assert.equal("2.35", decimal("2.345", 2))
    assert.equal("1000.00", decimal("999.995", 2))
    -- 2,4449… is 2,4 and not, by way of 2,45, 2,5
    assert.equal("2.4", decimal("2.4449", 1))
  end)

  it("keep quotients exact until they are printed", function()
    local third = num "1" / num "3"
    assert.equal("0.333333333333333333", decimal(third))
    assert.equal("1", exact(third + third + third))
    assert.equal("1", exact(third * num "3"))
    -- 1715/1362 - 1 = 353/1362 = 25,917… %
    assert.equal("25.92", decimal((num "1715" / num "1362" - num "1") * num "100", 2))
  end)

  it("divide back to where they came from", function()
    for _ = 1, 500 do
      local a, b = random_decimal(9), random_decimal(9)
      if not num(b):is(0) then
        assert.equal(oracle_sum(a, "0"), exact(num(a) / num(b) * num(b)), a .. " and " .. b)
      end
    end
  end)

  it("stay exact past 2^53 and 2^63", function()
    assert.equal(9007199254740993, (num(9007199254740992) + num(1)).best)
    local big = num(math.maxinteger) + num(1)
    assert.equal("9223372036854775808", big.best)
    assert.equal(math.maxinteger, (big - num(1)).best)
    assert.equal(math.mininteger, (-big).best)
    assert.equal("85070591730234615847396907784232501249", (num(math.maxinteger) * num(math.maxinteger)).best)
  end)

  it("compare fractions whose products would not fit", function()
    local a = num "100000000000000000001" / num "300000000000000000007"
    local b = num "100000000000000000000" / num "300000000000000000007"
    assert.is_true(b < a)
    assert.is_false(a < b)
    assert.is_true(-a < -b)
    assert.is_true(-a < b)
  end)

  it("refuse what 128 bits cannot hold instead of wrapping", function()
    local top = num(("9"):rep(38))
    assert.equal("range", code(function() return top * top end))
    assert.equal("range", code(function() return top + top end))
    assert.equal("range", code(num, ("9"):rep(39)))
    assert.equal("range", code(num, "0." .. ("1"):rep(60)))
    assert.equal(("9"):rep(38), top.best)
    assert.equal("0.5", num("0.5" .. ("0"):rep(60)).best)
    assert.equal(7, num(("0"):rep(60) .. "7").best)
  end)

  it("know nothing of division by zero", function()
    assert.equal("range", code(function() return num "1" / num "0" end))
    assert.equal("range", code(function() return num "0" / num "0" end))
    assert.equal("range", code(function() return num "1" / 0 end))
  end)

  it("are written in one canonical form and in no other", function()
    for _, text in ipairs { "", "-", ".", ".5", "5.", "+5", " 5", "5 ", "1e3", "0x10", "1,5", "--5", "5-", "٣", "5\0", "nan", "inf" } do
      assert.equal("syntax", code(num, text), ("%q"):format(text))
    end
    assert.equal("type", code(num, 2.5))
    assert.equal("type", code(num, 1 / 0))
    assert.equal("type", code(num, true))
    assert.equal(5, num(5.0).best)
    assert.equal(0, num("-0").best)
    assert.equal("-2.25", num("-2.250").best)
  end)
end)
