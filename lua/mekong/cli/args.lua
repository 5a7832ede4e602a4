-- args: the words of a command line taken apart: the verb, what it works on, and its options. Everything is checked before
-- anything is done; a wrong word is an error that names the nearest right one.
local core = require "mekong.core"
local order = require "mekong.order"

local args = {}

-- Options of every verb: name, short letter, what its value is called (none: a switch), what it says.
args.common = {
  { "db", "d", "FILE", vi = "kho dữ liệu (mặc định $MEKONG_DB, không có thì sổ cái công khai)",
    en = "the store (default $MEKONG_DB, else the public ledger)" },
  { "format", "f", "FORMAT", vi = "text csv json jsonl md html xlsx svg", en = "text csv json jsonl md html xlsx svg" },
  { "json", "j", nil, vi = "như --format json", en = "the same as --format json" },
  { "output", "o", "FILE", vi = "ghi ra tệp, định dạng theo đuôi tên", en = "write to a file; its ending says the format" },
  { "locale", "l", "vi|en", vi = "ngôn ngữ của kết quả", en = "language of results" },
  { "color", nil, "auto|always|never", vi = "màu trên màn hình", en = "colour on a terminal" },
  { "progress", nil, "auto|always|never", vi = "thanh tiến độ", en = "progress bar" },
  { "quiet", "q", nil, vi = "không ghi chú trên stderr", en = "no remarks on stderr" },
  { "no-input", nil, nil, vi = "không bao giờ hỏi", en = "never ask" },
  { "as-of", nil, "DATE", vi = "ngày chốt số liệu", en = "the day that is today" },
  { "fail-on", nil, "LIST", vi = "contradiction, rejects: coi là thất bại", en = "contradiction, rejects: count as failure" },
  { "provenance", nil, "none|footer|full", vi = "lệnh và dấu của dữ liệu dưới kết quả",
    en = "the command and the digest of the data under the result" },
  { "help", "h", nil, vi = "trợ giúp của lệnh", en = "help of the verb" },
}

local choices = {
  format = { "csv", "html", "json", "jsonl", "md", "svg", "text", "tsv", "xlsx" },
  locale = { "vi", "en" },
  color = { "auto", "always", "never" },
  progress = { "auto", "always", "never" },
  provenance = { "none", "footer", "full" },
}

-- The options that a verb knows, by name and by letter, and their names in order.
local function known(verb)
  local by, names = {}, {}
  for _, list in ipairs { args.common, verb and verb.options or {} } do
    for _, option in ipairs(list) do
      by["--" .. option[1]] = option
      if option[2] then by["-" .. option[2]] = option end
      names[#names + 1] = "--" .. option[1]
    end
  end
  order.texts(names)
  return by, names
end

local failures = { "contradiction", "rejects" }

local function check_value(option, value)
  if option[1] == "fail-on" then
    for one in (value .. ","):gmatch "([^,]*)," do
      if one ~= failures[1] and one ~= failures[2] then
        core.raise("name", ("--fail-on knows no '%s'"):format(one), "hint: one or both of: " .. table.concat(failures, ","))
      end
    end
  end
  local allowed = choices[option[1]] or option.choices
  for _, one in ipairs(allowed or {}) do
    if value == one then return value end
  end
  if not allowed then return value end
  core.raise("name", ("--%s cannot be '%s'"):format(option[1], value), "hint: choose one of: " .. table.concat(allowed, ", "))
end

local function take(found, option, value)
  if option.list then
    found[option[1]] = found[option[1]] or {}
    table.insert(found[option[1]], value)
  elseif found[option[1]] ~= nil and option[3] then
    core.raise("syntax", "--" .. option[1] .. " is given twice", "hint: keep one of them")
  else
    found[option[1]] = value
  end
end

-- parse(words, verb) -> operands, options. "--" ends the options; "-" and negative numbers are operands.
function args.parse(list, verb)
  local by, names = known(verb)
  local operands, found, i = {}, {}, 1
  while i <= #list do
    local word = list[i]
    if word == "--" then
      table.move(list, i + 1, #list, #operands + 1, operands)
      break
    elseif word:find "^%-%-?%a" then
      local name, value = word:match "^(%-%-[^=]+)=(.*)$"
      name = name or word
      local option = by[name]
      if not option then
        if name:find "^%-%-" then core.find_name(name, names, {}, "option") end
        core.raise("name", ("there is no option '%s'"):format(name), "hint: options are " .. table.concat(names, " "))
      end
      if not option[3] then
        if value then core.raise("syntax", name .. " takes no value") end
        take(found, option, true)
      else
        if value == nil then
          i = i + 1
          value = list[i]
        end
        if value == nil then core.raise("syntax", name .. " needs a value: " .. option[3]) end
        take(found, option, check_value(option, value))
      end
    else
      operands[#operands + 1] = word
    end
    i = i + 1
  end
  return operands, found
end

-- Raises unless there are between least and most operands; usage is how the verb is called.
function args.count(operands, least, most, usage)
  if #operands < least then core.raise("syntax", "something is missing: " .. usage) end
  if most and #operands > most then
    core.raise("syntax", ("'%s' is one word too many: %s"):format(operands[most + 1], usage), "hint: put texts with spaces in quotes")
  end
end

return args
