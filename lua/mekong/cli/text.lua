-- text: the verbs read and text: filters from texts to readings and to other texts.
local core = require "mekong.core"
local mekong_text = require "mekong.text"
local order = require "mekong.order"
local errinfo = require "mekong.errinfo"

local text = {}

local function lines_of(all)
  local list = {}
  for line in (all .. (all:find "\n$" and "" or "\n")):gmatch "(.-)\r?\n" do list[#list + 1] = line end
  if all == "" then list = {} end
  return list
end

-- Which table of readings a format takes; text and JSON are the readings' own.
local tables = { csv = "table", tsv = "table", xlsx = "table", md = "page", html = "page" }

-- read [FILE|-]: the figures of a text, or of each line: as text and JSON one piece a line, else one table of all
function text.read(ctx, path, options)
  local read = require "mekong.read"
  local opts = { as_of = options["as-of"], charset = options.charset, calendar = options.calendar, locale = ctx.locale }
  local all, out, list, numbers = ctx.input(path), {}, {}, {}
  local json, as_table = ctx.format == "json" or ctx.format == "jsonl", read[tables[ctx.format]]
  if ctx.format == "svg" then core.raise("format", "what 'read' gives cannot be written as svg", "hint: --format text prints it") end
  if not options.lines then
    local found = read.read(all, opts)
    return json and found:to_json() .. "\n" or as_table and as_table(found, ctx.locale) or found
  end
  for i, line in ipairs(lines_of(all)) do
    local ok, found = pcall(read.read, line, opts)
    if not ok then error((tostring(found):gsub("mekong: ", ("mekong: line %d: "):format(i), 1)), 0) end
    if not as_table then out[#out + 1] = json and found:to_json() or tostring(found) end
    for _, reading in ipairs(found) do list[#list + 1], numbers[#numbers + 1] = reading, i end
  end
  if as_table then return as_table(list, ctx.locale, numbers) end
  return #out > 0 and table.concat(out, "\n") .. "\n" or ""
end

local function hex(bytes) return (bytes:gsub(".", function(c) return ("%02x"):format(c:byte()) end)) end

local function number_of(s)
  local found, why = mekong_text.number(s)
  if not found then core.raise("syntax", ("'%s' is not read as a number: %s"):format(s, why)) end
  return tostring(found)
end

local filters = {
  normalize = function(s, o) return (mekong_text.normalize(s, { tone = o.tone })) end,
  key = function(s, o) return mekong_text.key(s, o.level and math.tointeger(tonumber(o.level)) or o.level) end,
  fold = function(s) return mekong_text.fold(s) end,
  sortkey = function(s, o) return hex(mekong_text.sortkey(s, { order = o.order })) end,
  decode = function(s, o)
    local charset = o.charset or mekong_text.detect(s)
    if not charset then core.raise("format", "the character set cannot be told for sure", "hint: say it: --charset tcvn3") end
    return mekong_text.decode(s, charset)
  end,
  repair = function(s) return (mekong_text.repair(s)) end,
  number = function(s) return number_of(s) end,
  words = function(s) return mekong_text.words(math.tointeger(tonumber(s)) or mekong_text.number(s) or s) end,
}

-- What the filter makes of a text; a text that it cannot take is bad data, not bad usage.
local function filtered(ctx, filter, s, options, line)
  local ok, done = pcall(filter, s, options)
  if ok then return done end
  if line then done = tostring(done):gsub("mekong: ", ("mekong: line %d: "):format(line), 1) end
  local info = errinfo.parse(tostring(done))
  if info and (info.code == "syntax" or info.code == "ambiguous") then ctx.try(nil, done) end
  error(done, 0)
end

-- text WHAT: a filter from stdin to stdout, of the whole text or line by line
function text.filter(ctx, what, options)
  local names = {}
  for name in pairs(filters) do names[#names + 1] = name end
  order.texts(names)
  local filter = filters[names[core.find_name(what, names, {}, "filter of texts")]]
  local all = ctx.input()
  if not options.lines then
    local body, final = all:match "^(.-)(\r?\n?)$"
    local done = filtered(ctx, filter, body, options)
    return done .. (final ~= "" and final or "\n")
  end
  local out = {}
  for i, line in ipairs(lines_of(all)) do
    out[#out + 1] = filtered(ctx, filter, line, options, i)
  end
  return #out > 0 and table.concat(out, "\n") .. "\n" or ""
end

return text
