-- help: what `mekong`, `mekong VERB --help` and the man page say, made from the list of verbs.
local core = require "mekong.core"

local help = {}

local say = {
  vi = { use = "Cách dùng", options = "Tùy chọn", common = "Tùy chọn chung", example = "Ví dụ", verbs = "Lệnh" },
  en = { use = "Usage", options = "Options", common = "Options of every verb", example = "Example", verbs = "Verbs" },
}

local function width(text) return core.text.width(text) end

local function columns(rows)
  local wide, out = 0, {}
  for _, row in ipairs(rows) do wide = math.max(wide, width(row[1])) end
  for i, row in ipairs(rows) do out[i] = "  " .. row[1] .. (" "):rep(wide - width(row[1]) + 2) .. row[2] end
  return table.concat(out, "\n")
end

local function option_rows(options, locale)
  local rows = {}
  for i, option in ipairs(options or {}) do
    local head = (option[2] and "-" .. option[2] .. ", " or "    ") .. "--" .. option[1] .. (option[3] and " " .. option[3] or "")
    rows[i] = { head, option[locale] }
  end
  return rows
end

local function call_of(verb) return "mekong " .. verb[1] .. (verb[2] ~= "" and " " .. verb[2] or "") end

-- `mekong VERB --help`
function help.verb(verb, common, locale)
  local w = say[locale]
  local parts = { call_of(verb) .. "\n  " .. verb[locale] }
  if verb.options then parts[#parts + 1] = w.options .. "\n" .. columns(option_rows(verb.options, locale)) end
  parts[#parts + 1] = w.common .. "\n" .. columns(option_rows(common, locale))
  parts[#parts + 1] = w.example .. "\n  " .. verb.example
  return table.concat(parts, "\n\n") .. "\n"
end

-- `mekong` alone: what to type first
function help.first(locale)
  if locale == "en" then
    return [[
mekong counts, compares and checks customs seizures of Operation Mekong Dragon. Try:

  mekong compare phase                            phases of the public ledger, each against the one before
  mekong cumulative --to 14/8/2025                totals up to a day, with what nobody announced
  mekong reconcile "hơn 4.500 vụ" --to 14/8/2025  does an announcement fit?
  mekong read article.txt                         the figures of an article
  mekong load records.csv --db records.db         records of your own; then: mekong count phase --db records.db
  mekong report --demo -o report.html             the report of the public ledger

mekong --help lists every verb, mekong VERB --help explains one. --locale vi or MEKONG_LOCALE=vi: Vietnamese.
]]
  end
  return [[
mekong đếm, so sánh và kiểm tra số liệu bắt giữ của chiến dịch Con Rồng Mê Kông. Thử gõ:

  mekong compare phase                            các giai đoạn trong sổ cái công khai, mỗi giai đoạn so với giai đoạn trước
  mekong cumulative --to 14/8/2025                lũy kế đến một ngày, kèm những gì chưa ai công bố
  mekong reconcile "hơn 4.500 vụ" --to 14/8/2025  con số công bố có khớp không?
  mekong read bai.txt                             các con số trong một bài viết
  mekong load vu-viec.csv --db vu-viec.db         nạp hồ sơ của mình; rồi: mekong count phase --db vu-viec.db
  mekong report --demo -o bao-cao.html            báo cáo của sổ cái công khai

mekong --help liệt kê mọi lệnh, mekong LỆNH --help giải thích một lệnh. MEKONG_LOCALE=en: tiếng Anh.
]]
end

-- `mekong --help` and `mekong help NAME`; a name that is no verb is one of the module
function help.of(name, verbs, common, locale)
  if name then
    for _, verb in ipairs(verbs) do
      if verb[1] == name then return help.verb(verb, common, locale) end
    end
    return tostring(require("mekong").help(name, { locale = locale })) .. "\n"
  end
  local rows = {}
  for i, verb in ipairs(verbs) do rows[i] = { verb[1] .. (verb[2] ~= "" and " " .. verb[2] or ""), verb[locale] } end
  local w = say[locale]
  return table.concat({ w.use .. ": mekong VERB [...]", w.verbs .. "\n" .. columns(rows),
    w.common .. "\n" .. columns(option_rows(common, locale)) }, "\n\n") .. "\n"
end

-- ---------------------------------------------------------------- man page
local function roff(text) return (text:gsub("\\", "\\\\"):gsub("%-", "\\-"):gsub("^([.'])", "\\&%1")) end

local function man_options(out, options)
  for _, option in ipairs(options or {}) do
    out[#out + 1] = ".TP\n.B " .. roff((option[2] and "-" .. option[2] .. ", " or "") .. "--" .. option[1]) ..
      (option[3] and "\n.I " .. roff(option[3]) or "")
    out[#out + 1] = roff(option.en)
  end
end

-- The manual page, in the language of man(7).
function help.man(verbs, common)
  local out = { ".TH MEKONG 1 \"\" \"mekong " .. core.version .. "\"",
    ".SH NAME\nmekong \\- count, compare and check customs seizures of Operation Mekong Dragon",
    ".SH SYNOPSIS\n.B mekong\n.I VERB\n[operands] [options]",
    ".SH DESCRIPTION\nData goes to standard output, everything else to standard error. Without \\-\\-db the public ledger is asked.",
    ".SH VERBS" }
  for _, verb in ipairs(verbs) do
    out[#out + 1] = ".SS " .. roff(verb[1] .. (verb[2] ~= "" and " " .. verb[2] or ""))
    out[#out + 1] = roff(verb.en)
    out[#out + 1] = ".PP\nExample:\n.EX\n" .. roff(verb.example) .. "\n.EE"
    man_options(out, verb.options)
  end
  out[#out + 1] = ".SH OPTIONS"
  man_options(out, common)
  out[#out + 1] = ".SH EXIT STATUS\n0 done, 1 wrong use, 2 data or environment, 3 contradiction, 130 interrupted."
  out[#out + 1] = ".SH ENVIRONMENT\nMEKONG_DB (the store), MEKONG_LOCALE (vi, en), NO_COLOR, SOURCE_DATE_EPOCH (time in files)."
  return table.concat(out, "\n") .. "\n"
end

return help
