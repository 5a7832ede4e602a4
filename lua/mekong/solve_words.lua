-- solve_words: statements and what follows from them in words that can be pasted into a report, in Vietnamese and English.
local core = require "mekong.core"
local claims_rows = require "mekong.claims_rows"
local fmt = require "mekong.fmt"
local kept = require "mekong.kept"
local labels = require "mekong.labels"
local rows_of = require("mekong.rows").of

local solve_words = {}

local say = labels.say

local function dates(period, locale)
  if locale == "en" then return fmt.date(period, { locale = locale }) end
  local out = period:gsub("(%d%d%d%d)%-(%d%d)%-(%d%d)", function(y, m, d)
    return math.tointeger(tonumber(d)) .. "/" .. math.tointeger(tonumber(m)) .. "/" .. y
  end)
  out = out:gsub("^(%d%d%d%d)%-(%d%d)$", "%2/%1")
  return (out:gsub("/(%d+/%d+/%d%d%d%d)$", "–%1"):gsub("^(%d%d%d%d)/(%d%d%d%d)$", "%1–%2"))
end

local known = { category = 1, item = 2, division = 3, country = 4, agency = 5 }

-- What codes of a store are called: code -> {vi, en}; not to be changed.
local codes_of = kept.of({ "codes" }, function(store)
  local names, rank = {}, {}
  for _, row in ipairs(rows_of(store, "select kind, code, name_vi, name_en from codes order by kind, code")) do
    local r = known[row.kind]
    if r and (not rank[row.code] or r < rank[row.code]) then
      names[row.code], rank[row.code] = { row.name_vi or row.code, row.name_en or row.code }, r
    end
  end
  return names
end)

-- How to put things: in the language of the store, with its names of codes; said: statements put into words already.
function solve_words.how(store)
  local codes
  local names = setmetatable({}, { __index = function(_, code) -- read when a name is wanted
    codes = codes or codes_of(store)
    return codes[code]
  end })
  return { locale = store:locale(), names = names, said = setmetatable({}, { __mode = "k" }) }
end

local function name_of(code, how)
  local pair = how.names[code]
  if pair then return say(how.locale, pair[1], pair[2]) end
  return labels.word(code, how.locale)
end

local silent = { cases = true, date_range = true }

-- Which number a row speaks of: "V", "V (Việt Nam), ma túy", "Hải quan Việt Nam 16/12/2022–15/11/2023, ma túy, chủ trì".
function solve_words.number(row, how)
  local locale = how.locale
  local subject = row.subject
  local text = subject:find "^OMD." and labels.phase(subject) or name_of(subject, how)
  if subject == "OMD" then text = row.phase and labels.phase(row.phase) or "OMD" end
  if row.scope then text = text .. " (" .. name_of(row.scope, how) .. ")" end
  if row.period and not (subject == "OMD" and row.phase) then text = text .. " " .. dates(row.period, locale) end
  local parts = {}
  if row.category then parts[1] = name_of(row.category, how) end
  if row.item then parts[#parts + 1] = name_of(row.item, how) end
  if not silent[row.measure] then parts[#parts + 1] = labels.word(row.measure, locale) end
  if parts[1] then text = text .. ", " .. table.concat(parts, ", ") end
  return text
end

local function sources(items)
  local list, seen = {}, {}
  for _, item in ipairs(items) do
    if item.row.source and not seen[item.row.source] then
      seen[item.row.source], list[#list + 1] = true, item.row.source
    end
    for _, other in ipairs(item.also or {}) do
      if other.row.source and not seen[other.row.source] then seen[other.row.source], list[#list + 1] = true, other.row.source end
    end
  end
  return list
end
solve_words.sources = sources

local function change(row, locale)
  local f = claims_rows.figure(row)
  local places = tostring(row.best or ""):match "%.(.*)$"
  local digits = places and #places or nil
  local text = f:format { locale = locale, digits = digits }
  local plain, down = row.qualifier == "exact" or row.qualifier == nil, row.direction == "decrease"
  if row.measure == "percent_share" then
    return plain and fmt.figure(core.figure.new { best = row.best, unit = "%" }, { locale = locale, digits = digits }) or text
  end
  if row.measure == "percent_change" then
    if plain then
      local number = core.figure.new { best = row.best, unit = "%" }
      return fmt.figure(down and -number or number, { locale = locale, sign = true, digits = digits })
    end
    return (down and say(locale, "giảm ", "down ") or say(locale, "tăng ", "up ")) .. text
  end
  if down then return say(locale, "giảm " .. text, "down by a factor of " .. text) end
  if row.direction == "increase" then return say(locale, "tăng " .. text, "up " .. text) end
  return say(locale, "gấp " .. text, text .. " as much")
end
solve_words.change = change

-- No sign of a hedge stands before the number.
local function bare(shown) return shown:find "^%d" or shown:find("−", 1, true) == 1 end

local function statement(group, how)
  local locale = how.locale
  local item = group.items[1]
  local row, text = item.row
  if group.kind == "value" and row.readings then
    text = solve_words.number(row, how) .. " = " .. (row.surface or "?") .. say(locale, " (nhiều cách đọc)", " (several readings)")
  elseif group.kind == "value" and row.measure == "date_range" then
    text = solve_words.number(row, how) .. " = " .. core.figure.new { best = item.best, unit = "day" }:format { locale = locale }
  elseif group.kind == "value" then
    local f = claims_rows.figure(row)
    local shown = f:format { locale = locale }
    if row.item == "listed_parts" or row.item == "cumulative_difference" then
      text = solve_words.number(group.var.row, how) .. (bare(shown) and " = " or " ") .. shown .. " (" .. name_of(row.item, how) .. ")"
    else
      text = solve_words.number(row, how) .. (bare(shown) and " = " or " ") .. shown
    end
  elseif group.kind == "ratio" then
    local bases = { solve_words.number(item.base_row, how) }
    for _, other in ipairs(item.also or {}) do bases[#bases + 1] = solve_words.number(other.base_row, how) end
    text = solve_words.number(item.measured, how) .. say(locale, " so với ", " against ") ..
      table.concat(bases, say(locale, " hoặc ", " or ")) .. ": " .. change(row, locale)
  else
    local parts = {}
    for i, part in ipairs(group.parts) do parts[i] = solve_words.number(part.row, how) end
    text = solve_words.number(row, how) .. " = " .. table.concat(parts, " + ")
  end
  local list = sources(group.items)
  return { text, list[1] and text .. " [" .. table.concat(list, ", ") .. "]" or text }
end

-- A statement: "V = 1.715 vụ", "V so với IV: +111%"; with its sources behind it unless short is set.
function solve_words.statement(group, how, short)
  how.said[group] = how.said[group] or statement(group, how)
  return how.said[group][short and 1 or 2]
end

function solve_words.list(groups, how, short)
  local out = {}
  for i, group in ipairs(groups) do out[i] = solve_words.statement(group, how, short) end
  return table.concat(out, "; ")
end

-- A list of phases as in "I, II và III".
function solve_words.phases(list, locale)
  local out = {}
  for i, phase in ipairs(list) do out[i] = labels.phase(phase) end
  if #out < 2 then return out[1] or "" end
  return table.concat(out, ", ", 1, #out - 1) .. say(locale, " và ", " and ") .. out[#out]
end

return solve_words
