-- words: numbers in Vietnamese words, both ways.
local core = require "mekong.core"
local canonical = require "mekong.canonical"
local figure = require "mekong.figure"
local options = require "mekong.options"

local words = {}

-- What people write in more than one way: option, the field of the core it sets, and the words to choose from.
local choices = {
  { "filler", "linh", { "linh", "lẻ" } }, { "thousand", "nghin", { "nghìn", "ngàn" } },
  { "billion", "ty", { "tỷ", "tỉ" } }, { "four", "bon", { "tư", "bốn" } }, { "five", "lam", { "lăm", "nhăm" } },
  { "seven", "bay", { "bảy", "bẩy" } }, { "point", "phay", { "phẩy", "chấm" } },
}
local option_names = { "billion", "digits", "filler", "five", "four", "ordinal", "point", "seven", "thousand", "tone", "zero_hundred" }

local function checked(opts)
  opts = options.check(opts, option_names, "text.words")
  local own = {}
  for _, choice in ipairs(choices) do
    own[choice[2]] = options.choice(opts[choice[1]], choice[3], choice[3][1], choice[1])
  end
  options.typed(opts.zero_hundred, "boolean", "zero_hundred")
  own.zero_hundred = opts.zero_hundred ~= false
  local ordinal = opts.ordinal
  if ordinal ~= nil and type(ordinal) ~= "boolean" and ordinal ~= "roman" then
    core.raise("name", "text.words: ordinal is true, false or \"roman\"")
  end
  own.ordinal = ordinal
  local digits = opts.digits
  if digits ~= nil and (math.type(digits) ~= "integer" or digits < 0 or digits > 30) then
    core.raise("range", "text.words: digits must be a whole number from 0 to 30")
  end
  own.digits = digits
  own.tone = options.choice(opts.tone, { "old", "new" }, nil, "tone")
  return own
end

-- words(n [, opts]): 1715 -> "một nghìn bảy trăm mười lăm"; decimals as text ("2.3"), figures with hedge and unit.
-- opts: filler = "linh"|"lẻ", zero_hundred = true|false ("không trăm"), thousand = "nghìn"|"ngàn", billion = "tỷ"|"tỉ",
-- four = "tư"|"bốn", five = "lăm"|"nhăm", seven = "bảy"|"bẩy", point = "phẩy"|"chấm", digits (rounds), tone = "old"|"new" (of
-- units), ordinal = true ("thứ mười bảy") or "roman" ("thứ XVII").
function words.words(n, opts)
  local how = checked(opts)
  n = canonical(n, "text.words")
  local text
  if core.figure.is(n) then
    if how.ordinal then core.raise("type", "text.words: ordinal is for numbers, not for figures") end
    text = figure.spelled(n, how)
  elseif how.ordinal == "roman" then
    text = "thứ " .. core.figure.roman(n)
  else
    if how.digits then n = core.figure.decimal(n, how.digits) end
    text = core.figure.spell(n, how)
  end
  if how.tone then return (core.text.normalize(text, how.tone == "new" and 1 or 0, false)) end
  return text
end

-- number(s [, opts]) -> Figure, or nil, why not, code. s is a number in digits, words or both, with hedge and unit or
-- without, or one in order ("lần thứ ba", "giai đoạn VII"); opts as for mekong.figure.
function words.number(s, opts)
  opts = figure.read_options(opts, "text.number")
  if type(s) ~= "string" then core.raise("type", "text.number takes a text, not " .. type(s)) end
  return core.figure.number(s, opts)
end

return words
