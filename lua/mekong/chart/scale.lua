-- scale: decimals of any size as places along an axis, and the round numbers of its grid. A decimal becomes a whole number of
-- at most 12 digits, places are whole tenths of a pixel, so that nothing here depends on floating point.
local scale = {}

local DIGITS = 12

local function parts(text)
  local sign, whole, fraction = text:match "^(%-?)(%d+)%.?(%d*)$"
  return sign == "-" and -1 or 1, whole:gsub("^0+", ""), fraction
end

-- Digits before the decimal mark; 0 or less for what is smaller than 1.
local function magnitude(text)
  local _, whole, fraction = parts(text)
  if whole ~= "" then return #whole end
  local zeros = fraction:match "^(0*)[1-9]"
  return zeros and -#zeros or nil
end

-- The decimal times 10^k as a whole number, rounded half away from zero.
local function shifted(text, k)
  local sign, whole, fraction = parts(text)
  local digits, point = whole .. fraction, #whole + k
  if point < 0 then return 0 end
  if #digits < point + 1 then digits = digits .. ("0"):rep(point + 1 - #digits) end
  local value = point > 0 and math.tointeger(digits:sub(1, point)) or 0
  if digits:byte(point + 1) >= 53 then value = value + 1 end
  return sign * value
end

-- n times 10^-k as a decimal text.
local function decimal(n, k)
  local sign, digits = n < 0 and "-" or "", tostring(math.abs(n))
  if k <= 0 then return n == 0 and "0" or sign .. digits .. ("0"):rep(-k) end
  digits = ("0"):rep(k + 1 - #digits) .. digits
  local fraction = digits:sub(-k):gsub("0+$", "")
  return sign .. digits:sub(1, -k - 1) .. (fraction ~= "" and "." .. fraction or "")
end

-- The least of 1, 2, 5, 10, 20, 50 … that is not below n.
local function round_step(n)
  local power = 1
  while true do
    for _, m in ipairs { 1, 2, 5 } do
      if m * power >= n then return m * power end
    end
    power = power * 10
  end
end

local function rounded(n, d)
  if n < 0 then return -((2 * -n + d) // (2 * d)) end
  return (2 * n + d) // (2 * d)
end

-- of(texts, {length = tenths, gap = least distance of grid lines, whole = no grid between whole numbers, to = a decimal that the
-- axis reaches at least}) -> {at(text) -> tenths from the left end, zero = place of 0, ticks = {{at =, value = decimal text}}}.
-- The axis holds zero and every text.
function scale.of(texts, opts)
  local most
  for _, text in ipairs(texts) do
    local found = magnitude(text)
    if found and (not most or found > most) then most = found end
  end
  local k = DIGITS - (most or 1)
  local low, high = 0, 0
  for _, text in ipairs(texts) do
    local value = shifted(text, k)
    low, high = math.min(low, value), math.max(high, value)
  end
  if low == high then high = shifted("1", k) end
  local span, length = high - low, opts.length
  local function place(n) return rounded((n - low) * length, span) end
  local count = math.max(1, length // (opts.gap or 900))
  local step = round_step(math.max(1, (span + count - 1) // count))
  if opts.whole and k > 0 then step = math.max(step, math.tointeger(shifted("1", k))) end
  local ticks = {}
  for n = -(-low // step) * step, high, step do ticks[#ticks + 1] = { at = place(n), value = decimal(n, k) } end
  return { zero = place(0), ticks = ticks, length = length, at = function(text) return place(shifted(text, k)) end }
end

return scale
