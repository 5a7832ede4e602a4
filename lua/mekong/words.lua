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

-- ---------------------------------------------------------------- reading

-- Words that leave open how many, alone or before tens, hundreds and scales.
local vague = {}
for word in ("vài dăm mấy nhiều"):gmatch "%S+" do vague[word] = true end
local scales = {}
for word in ("chục mươi trăm nghìn ngàn vạn triệu tỷ tỉ"):gmatch "%S+" do scales[word] = true end
local places = {}
for i, word in ipairs { "một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín", "mười" } do places[word] = i end

-- Why a text that is no number says only about how many: vài chục, hàng trăm, năm ba, ba bốn trăm; nil for others.
local function indefinite(s, code)
  local list = {}
  for word in core.text.key(s):gmatch "%S+" do list[#list + 1] = word end
  for i, word in ipairs(list) do
    local after = list[i + 1] or ""
    if vague[word] or (word == "hàng" and scales[after]) or (word == "một" and after == "số" and i == 1) then
      return ("'%s' says about how many, not how many"):format(word == "hàng" and word .. " " .. after or word == "một" and "một số" or word)
    end
    local low, high = places[word], places[after]
    local pair = low and high and (high == low + 1 or (low == 5 and (high == 3 or high == 7)))
    if pair and (not places[list[i - 1]] and not scales[list[i - 1]]) and (list[i + 2] == nil or scales[list[i + 2]] or low == 1 or high < low) then
      if code == "ambiguous" and low < high then return nil end -- hai ba is 23 too
      return ("'%s %s' is said of a few, not of one number; a range is từ %s đến %s"):format(word, after, low < high and word or after,
        low < high and after or word)
    end
  end
end

-- Abbreviations of statistics tables, which may also be other words.
local abbreviations = { N = " nghìn", Tr = " triệu", tr = " triệu", T = " tỷ", NT = " nghìn tỷ" }

local function in_full(s)
  return (s:gsub("(%d)%s*(%a+)%f[^%a]()", function(digit, word, place)
    local next_byte = s:byte(place)
    if abbreviations[word] and not (next_byte and next_byte >= 0x80) then return digit .. abbreviations[word] end
  end))
end

-- number(s [, opts]) -> Figure, or nil, why not, code. s is a number in digits, words or both, with hedge and unit or
-- without, a fraction ("hai phần ba", "2/3"), or one in order ("lần thứ ba", "giai đoạn VII"); opts as for mekong.figure, and
-- abbreviations = true reads 3,1 N, Tr, T, NT as nghìn, triệu, tỷ, nghìn tỷ.
function words.number(s, opts)
  local own = figure.read_options(opts, "text.number", "abbreviations")
  local short = type(opts) == "table" and options.typed(opts.abbreviations, "boolean", "abbreviations")
  if type(s) ~= "string" then core.raise("type", "text.number takes a text, not " .. type(s)) end
  local found, why, code = core.figure.number(short and in_full(s) or s, own)
  if found then return found end
  local few = (code == "syntax" or code == "ambiguous") and indefinite(s, code)
  if few then return nil, few, code end
  return nil, why, code
end

return words
