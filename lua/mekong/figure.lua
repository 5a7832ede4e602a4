-- figure: the public constructor of figures and what they say of themselves, in Vietnamese or English.
local core = require "mekong.core"
local fmt = require "mekong.fmt"
local options = require "mekong.options"

local figure = {}
local methods, meta = core.figure.methods, core.figure.meta

local hedges = {
  vi = { approx = "khoảng ", nearly = "gần ", more_than = "hơn ", at_least = "ít nhất ", at_most = "tối đa ", below = "dưới " },
  en = { approx = "about ", nearly = "nearly ", more_than = "more than ", at_least = "at least ", at_most = "at most ",
    below = "under " },
}
local marks = { approx = "≈ ", nearly = "≲ ", more_than = "> ", at_least = "≥ ", at_most = "≤ ", below = "< " }

local function say(locale, vi, en) return locale == "en" and en or vi end

local function from_zero(f) return f.lo == nil or f.lo == 0 and not f.lo_open end

-- Nothing is known but that it is not negative.
local function blank(f) return f.best == nil and f.hi == nil and from_zero(f) end

-- The number that the words of a hedge belong to: of a written figure the one written, of a calculated one the bound,
-- since "hơn 5 kg" and "gần 3 kg" together are more than 5 kg, not more than 8.
local function shown_side(f)
  local q = f.qualifier
  if f.raw and f.best ~= nil then return "best" end
  if q == "more_than" or q == "at_least" then return "lo" end
  if q ~= "approx" and q ~= "exact" and f.hi ~= nil then return "hi" end
  return f.best ~= nil and "best" or "hi"
end

-- A calculated interval whose best value lies at an end, or that reaches from below zero to above it, is a range:
-- one number with "khoảng" before it would promise too much.
local function is_range(f)
  local q = f.qualifier
  if f.lo == nil or f.hi == nil then return false end
  if q == "between" then return true end
  if q ~= "approx" or f.raw or f.best == nil then return false end
  local lo, best, hi = tostring(f.lo), tostring(f.best), tostring(f.hi)
  return best == lo or best == hi or lo:sub(1, 1) == "-" and hi:sub(1, 1) ~= "-"
end

local function with_unit(f, text, opts)
  if opts.unit == false or f.unit == "" then return text end
  local name = core.figure.unit_name(f.unit, opts.locale or "vi", f.best == 1 and f:exact())
  if f.unit == "ordinal" and opts.locale ~= "en" then return name .. " " .. text end
  if opts.spell and name == "%" then name = "phần trăm" end
  return text .. (name == "%" and "" or " ") .. name
end

-- Whether the bare number says all that the figure does: "2,3 tấn" does where it was announced so.
local function tells(f, number, locale)
  local again = core.figure.number(with_unit(f, number, { locale = locale }), { style = locale or "vi" })
  return again == f
end

-- As words when opts.style is "words", else with marks.
local function text_of(f, opts)
  if f.qualifier == "exact" and f:exact() then return with_unit(f, fmt.side(f, "best", opts), opts) end
  if blank(f) or f.lo == nil and f.hi == nil then return say(opts.locale, "chưa rõ", "unknown") end
  local words, q = opts.style == "words", f.qualifier
  if is_range(f) then
    local lo, hi = fmt.side(f, "lo", opts), fmt.side(f, "hi", opts)
    if words then
      return say(opts.locale, "từ ", "from ") .. lo .. say(opts.locale, " đến ", " to ") .. with_unit(f, hi, opts)
    end
    return with_unit(f, lo .. (lo:find("^−") and " – " or "–") .. hi, opts)
  end
  local mark = words and (hedges[opts.locale or "vi"][q] or "") or marks[q] or ""
  local number = fmt.side(f, shown_side(f), opts)
  if mark == "" and not words and not f:exact() and not tells(f, number, opts.locale) then mark = marks.approx end
  return mark .. with_unit(f, number, opts)
end

local function said(f, how)
  local text, parts = text_of(f, how), {}
  for i, part in ipairs(f.includes) do parts[i] = text_of(part, how) end
  if not parts[1] then return text end
  return text .. say(how.locale, " (trong đó có ", " (including ") .. table.concat(parts, ", ") .. ")"
end

local locales, styles = { "vi", "en" }, { "mark", "words" }

local function checked(opts, allowed, what)
  opts = options.check(opts, allowed, what)
  options.choice(opts.locale, locales, nil, "locale")
  options.choice(opts.style, styles, nil, "style")
  options.typed(opts.unit, "boolean", "unit")
  options.typed(opts.sign, "boolean", "sign")
  options.digits(opts.digits, what)
  return opts
end

-- The language that is asked for, or that of the table a figure came from.
local function locale_of(f, opts) return opts.locale or core.figure.english(f) and "en" or nil end

local function check_self(f, name)
  if not core.figure.is(f) then
    core.raise("type", name .. " is a method of figures, called on a " .. type(f), "hint: call it with a colon: f:" .. name .. "()")
  end
end

-- For tables: "1.715 vụ", "> 4.500", "≈ 800 kg", "−32,7%"; opts: locale, digits, unit = false, sign, style = "mark"|"words".
function methods:format(opts)
  check_self(self, "format")
  opts = checked(opts, { "digits", "locale", "sign", "style", "unit" }, "figure:format")
  return text_of(self, { digits = opts.digits, locale = locale_of(self, opts), sign = opts.sign, style = opts.style, unit = opts.unit })
end

-- In words: "hơn 4.500 vụ (trong đó có ...)"; opts: locale, digits.
function methods:say(opts)
  check_self(self, "say")
  opts = checked(opts, { "digits", "locale" }, "figure:say")
  return said(self, { digits = opts.digits, locale = locale_of(self, opts), style = "words" })
end

meta.__tostring = function(f) return f:say() end

-- As format, with options that are known to be right; for renderers, which this file is read after.
core.figure.text = text_of

-- As say, with number words; how: what core.figure.spell takes, and digits.
function figure.spelled(f, how)
  local opts = { digits = how.digits, locale = "vi", style = "words", keep = 18 }
  opts.spell = function(decimal) return core.figure.spell(decimal, how) end
  return said(f, opts)
end

require("mekong.display").give(methods)

-- "(4.500; +∞)"
local function interval(f, opts)
  local lo = f.lo == nil and "−∞" or fmt.side(f, "lo", opts)
  local hi = f.hi == nil and "+∞" or fmt.side(f, "hi", opts)
  return (f.lo_open and "(" or "[") .. lo .. "; " .. hi .. (f.hi_open and ")" or "]")
end

local signs = { ["+"] = " + ", ["-"] = " − ", ["*"] = " × ", ["/"] = " : " }

local function operation(op, a, b, locale)
  local x, y = a:say { locale = locale }, b:say { locale = locale }
  if signs[op] then return x .. signs[op] .. y end
  if op == "n" then return "−(" .. x .. ")" end
  if op == "c" then return say(locale, x .. " so với " .. y, x .. " against " .. y) end
  if op == "t" then return x .. " : " .. y end
  return say(locale, x .. " trong " .. y, x .. " of " .. y)
end

local statuses = {
  P = { "sơ bộ", "preliminary" }, E = { "ước tính", "estimated" }, U = { "chưa kiểm chứng", "unverified" },
  M = { "có phần chưa rõ", "partly or wholly unknown" },
}

-- How the figure came about: the reading and its bounds, or the operation and its operands; then status and sources.
function methods:why(opts)
  check_self(self, "why")
  local locale = locale_of(self, checked(opts, { "locale" }, "figure:why"))
  local how, lines = { locale = locale, style = "words" }, {}
  local op, a, b = core.figure.origin(self)
  if op then
    lines[1] = operation(op, a, b, locale) .. " = " .. text_of(self, how)
  elseif self.raw then
    lines[1] = say(locale, "nguyên văn: ", "as written: ") .. '"' .. self.raw .. '"'
  else
    lines[1] = text_of(self, how)
  end
  if not self:exact() and not blank(self) then
    local line = say(locale, "cận: ", "bounds: ") .. interval(self, { locale = locale, keep = 6 })
    local floor = self.whole and self.lo_open and self:floor()
    if floor then
      line = line .. say(locale, "; số đếm, nên ≥ ", "; a count, so ≥ ") .. floor:format { locale = locale }
    end
    if self.assumed then line = line .. say(locale, "; một phía là giả định", "; one side is assumed") end
    lines[#lines + 1] = line
  end
  local status = statuses[self.status]
  if status then lines[#lines + 1] = say(locale, "trạng thái: " .. status[1], "status: " .. status[2]) end
  local sources = self.sources
  if sources[1] then lines[#lines + 1] = say(locale, "nguồn: ", "sources: ") .. table.concat(sources, ", ") end
  return table.concat(lines, "\n")
end

-- {"best":"4500","lower":"4500",...}: every amount as a decimal text, bounds that are not known null.
function methods:to_json()
  check_self(self, "to_json")
  return require("mekong.render.json").encode(self)
end

local option_names = { "policy", "pragmatic", "reading", "record", "source", "sources", "status", "style", "unit" }
local rules = { "approx", "at_least", "at_most", "below", "exact", "more_than", "nearly", "rounded" }

function figure.read_options(opts, what, more)
  if type(opts) == "string" then opts = { unit = opts } end
  opts = options.check(opts, more and { more, table.unpack(option_names) } or option_names, what)
  options.typed(opts.unit, "string", "unit")
  options.typed(opts.pragmatic, "boolean", "pragmatic")
  options.typed(opts.record, "boolean", "record")
  options.typed(opts.source, "string", "source")
  options.typed(opts.sources, "table", "sources")
  options.choice(opts.style, { "vi", "en" }, nil, "style")
  options.choice(opts.reading, { "ratio", "increase" }, nil, "reading")
  options.choice(opts.status, { "A", "P", "E", "U", "M" }, nil, "status")
  if opts.policy ~= nil then options.check(opts.policy, rules, "policy") end
  local own = {}
  for _, name in ipairs(option_names) do own[name] = opts[name] end
  if own.source and own.sources then core.raise("type", what .. " takes source or sources, not both") end
  own.source, own.sources = nil, own.sources or own.source and { own.source } or nil
  if own.unit then own.unit = core.figure.unit(own.unit) end
  return own
end

-- mekong.figure("hơn 4.500 vụ" [, unit | opts]), mekong.figure(1715, "vụ").
-- opts: unit, style = "vi"|"en" (settles 818,303), reading = "ratio"|"increase" (settles "tăng 2,15 lần"), record = true (exact
-- as written), pragmatic = true (hedges bound both sides), policy = {nearly = "(0.9x,x)", ...}, source, sources, status.
function figure.figure(value, opts)
  opts = figure.read_options(opts, "mekong.figure")
  if core.figure.is(value) then
    if opts.unit then return value:to(opts.unit) end
    return value
  end
  if type(value) == "number" then
    if not math.tointeger(value) then
      core.raise("type", ("mekong.figure: %s is a floating-point number, which is not exact"):format(tostring(value)),
        "hint: write decimals as text: mekong.figure(\"2,3 tấn\")")
    end
    return core.figure.new { best = value, unit = opts.unit, status = opts.status, sources = opts.sources }
  end
  if type(value) ~= "string" then
    core.raise("type", "mekong.figure takes a text or a whole number, not " .. type(value),
      "hint: mekong.figure(\"hơn 4.500 vụ\") or mekong.figure(1715, \"vụ\")")
  end
  return core.figure.parse(value, opts)
end

return figure
