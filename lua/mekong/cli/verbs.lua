-- verbs: what the command line can do. Each verb is one call of the module: it takes its operands and options and returns
-- what is to be shown (any printable object, or a text), and then an exit code when it is not 0.
local args = require "mekong.cli.args"
local core = require "mekong.core"

local verbs = {}

local where = { "where", "w", "EXPR", vi = "điều kiện, như \"phase = 7\"", en = "a condition such as \"phase = 7\"" }
local of = { "of", nil, "records|claims", choices = { "records", "claims" },
  vi = "đếm hồ sơ, hay số đã công bố (mặc định: hồ sơ nếu có)", en = "count records, or what was announced (default: records if any)" }
local measure = { "measure", "m", "NAME", vi = "đại lượng công bố (mặc định cases)", en = "the announced measure (default cases)" }

local explain = { "explain", nil, nil, vi = "cách tính thay vì kết quả", en = "how it is worked out instead of the result" }
local why = { "why", nil, nil, vi = "vì sao ô nào trống", en = "why cells are empty" }

-- A table as --explain or --why asks for it.
local function shown(ctx, found, options)
  if options.explain then return found:explain() end
  return options.why and ctx.with_reasons(found) or found
end

-- The frame of records that the conditions leave.
local function frame(ctx, options)
  local found = ctx.store().cases
  if options.where then found = found:where(options.where) end
  return found
end

local function from_claims(ctx, options)
  if options.of then return options.of == "claims" end
  if options.measure or options.where then return options.measure ~= nil end
  if core.store.count(ctx.store(), "cases") > 0 then return false end
  ctx.empty()
  return core.store.count(ctx.store(), "claims") > 0
end

-- Counts by keys: of the records, or what was announced where there are none.
local function counted(ctx, operands, options)
  if not from_claims(ctx, options) then return frame(ctx, options):count(table.unpack(operands)) end
  if options.where then core.raise("syntax", "--where asks of records, not of claims", "hint: leave out --of and --measure") end
  ctx.remark("số đã công bố, không phải hồ sơ đếm được", "what was announced, not counted records")
  return ctx.store():claims():table(options.measure or "cases", { by = operands[1] or "phase" })
end

local function numbered(text)
  return math.tointeger(tonumber(text)) or text
end

-- ---------------------------------------------------------------- loading

-- --map "Số QĐ=case" --map "Cán bộ=" as the option map; one word without "=" is the name of a saved map.
local function map_of(list)
  if not list then return nil end
  if #list == 1 and not list[1]:find("=", 1, true) then return list[1] end
  local map = {}
  for _, pair in ipairs(list) do
    local heading, column = pair:match "^(.*)=([^=]*)$"
    if not heading then core.raise("syntax", ("--map '%s' names no column"):format(pair), 'hint: --map "Số QĐ=case"') end
    map[heading] = column ~= "" and column or false
  end
  return map
end

-- What a load or its report says, in options of the command where it names those of the module.
local in_shell = {
  { 'hint: map = {%["(.-)"%] = "column" or false}, or extra = "note" | "ignore" for all',
    'hint: --map "%1=COLUMN" (nothing after "=" leaves it out), or --extra note|ignore for all' },
  { ": report%.(%l+)", ": --show %1" },
}
local lists = { "rejects", "assumed", "likely", "duplicates", "personal", "merged", "unknown", "columns" } -- of a report of a load

local function for_shell(text)
  for _, pair in ipairs(in_shell) do text = text:gsub(pair[1], pair[2]) end
  return text
end

local function loaded(ctx, report, message)
  if report then return report end
  return ctx.try(nil, for_shell(message))
end

-- The report of a load as text; or one of its lists, that of rejects in a format of tables, and then the report beside it.
local function told(ctx, report, list)
  local text = for_shell(tostring(report))
  if not list and ctx.format == "text" then return text end
  ctx.remark(text, text)
  return report[list or "rejects"]
end

verbs[#verbs + 1] = {
  "load", "[TABLE] FILE", vi = "nạp hồ sơ từ tệp vào kho", en = "load records of a file into the store",
  example = "mekong load vu-viec.csv --db vu-viec.db",
  options = {
    { "dry-run", "n", nil, vi = "chỉ xem cột nào là cột nào", en = "only show which column is which" },
    { "strict", nil, nil, vi = "một ô bị loại là hỏng cả lần nạp", en = "one refused cell undoes the load" },
    { "map", nil, "HEADING=COLUMN", list = true, vi = "cột ấy là cột nào; \"TIÊU ĐỀ=\" bỏ qua; hay tên một bảng cột đã lưu",
      en = "which column a heading is; \"HEADING=\" leaves it out; or the name of a saved map" },
    { "save-map", nil, "NAME", vi = "lưu bảng cột để lần sau dùng lại", en = "keep the map of columns under this name" },
    { "extra", nil, "note|ignore", choices = { "ignore", "note" }, vi = "cột không biết: vào ghi chú, hay bỏ qua",
      en = "columns that are not known: into the note, or left out" },
    { "numbers", nil, "vi|en|auto", vi = "cách viết số", en = "how numbers are written" },
    { "dates", nil, "dmy|mdy|iso|auto", vi = "cách viết ngày", en = "how dates are written" },
    { "unit", nil, "UNIT", vi = "đơn vị của cột số lượng", en = "unit of the quantity column" },
    { "covers", nil, "A/B", vi = "thời gian mà tệp có đủ", en = "the time that the file covers" },
    { "duplicates", nil, "reject|skip|replace", choices = { "reject", "skip", "replace" }, vi = "trùng khóa thì làm gì",
      en = "what to do with keys that are there" },
    { "charset", nil, "NAME", vi = "bảng mã của tệp", en = "character set of the file" },
    { "show", nil, "LIST", choices = lists, vi = "in cả một danh sách của bản báo (csv, json ...: rejects): " .. table.concat(lists, " "),
      en = "a whole list of the report (csv, json ...: rejects): " .. table.concat(lists, " ") },
  },
  run = function(ctx, operands, options)
    args.count(operands, 1, 2, "mekong load [TABLE] FILE --db STORE")
    local name, source = operands[1], operands[2]
    if not source then name, source = "cases", name end
    if source == "-" then source = { text = ctx.input(), name = "stdin" } end
    local store = ctx.store(options["dry-run"] and "preview" or "write")
    local report = loaded(ctx, store:load(name, source, {
      preview = options["dry-run"], strict = options.strict, map = map_of(options.map), save_map = options["save-map"],
      extra = options.extra, numbers = options.numbers, dates = options.dates, unit = options.unit,
      covers = options.covers, on_duplicate = options.duplicates, charset = options.charset,
      progress = ctx.progress,
    }))
    return told(ctx, report, options.show), ctx.fails "rejects" and not options["dry-run"] and report.rejected > 0 and 2 or nil
  end,
}

verbs[#verbs + 1] = {
  "schema", "[TABLE]", vi = "các bảng của kho, hay các cột của một bảng", en = "the tables of a store, or the columns of one",
  example = "mekong schema cases",
  options = { { "template", nil, nil, vi = "tệp CSV trống để điền", en = "an empty CSV to fill in" } },
  run = function(ctx, operands, options)
    args.count(operands, options.template and 1 or 0, 1, "mekong schema [TABLE]")
    if options.template then return (require("mekong").template(operands[1], { locale = ctx.locale })) end
    return require("mekong.cli.schema").of(operands[1], ctx)
  end,
}

verbs[#verbs + 1] = {
  "check", "", vi = "kiểm tra kho: tệp, khóa, mâu thuẫn", en = "check the store: file, keys, contradictions",
  example = "mekong check --db vu-viec.db",
  run = function(ctx, operands)
    args.count(operands, 0, 0, "mekong check")
    local sound, message, info = ctx.store():check()
    if sound then return ctx.say("kho lành lặn, không có gì sai", "the store is sound") end
    if not info.findings then return ctx.try(nil, message) end
    ctx.remark(message, message)
    return info.findings, 2
  end,
}

-- ---------------------------------------------------------------- records
verbs[#verbs + 1] = {
  "show", "[TABLE]", vi = "các dòng của một bảng", en = "the rows of a table", example = "mekong show phases",
  options = { where,
    { "select", "s", "COLUMNS", vi = "các cột, cách nhau dấu phẩy", en = "columns, with commas" },
    { "sort", nil, "KEYS", vi = "thứ tự, như \"date desc\"", en = "order, such as \"date desc\"" },
    { "limit", nil, "N", vi = "nhiều nhất bao nhiêu dòng", en = "at most so many rows" },
    explain },
  run = function(ctx, operands, options)
    args.count(operands, 0, 1, "mekong show [TABLE]")
    if not operands[1] and not options.where then return ctx.store():phase_table() end
    local found = ctx.store():from(operands[1] or "cases")
    if options.where then found = found:where(options.where) end
    if options.select then
      local columns = {}
      for name in options.select:gmatch "[^,]+" do columns[#columns + 1] = name:match "^%s*(.-)%s*$" end
      found = found:select(table.unpack(columns))
    end
    if options.sort then found = found:sort(options.sort) end
    if options.limit then found = found:limit(numbered(options.limit)) end
    return options.explain and found:explain() or found
  end,
}

verbs[#verbs + 1] = {
  "count", "[KEY...]", vi = "số vụ theo khóa", en = "cases by keys", example = "mekong count phase --of claims",
  options = { where, of, measure,
    { "sum", nil, "QUANTITY", vi = "cộng số lượng thay vì đếm", en = "add a quantity instead of counting" },
    { "agg", nil, "EXPR", list = true, vi = "phép tính khác, như \"kg = sum(quantity in kg)\"", en = "another measure" },
    { "top", nil, "N", vi = "chỉ các nhóm đứng đầu", en = "only the first groups" },
    { "share", nil, nil, vi = "thêm tỷ lệ", en = "with shares" },
    { "totals", nil, nil, vi = "thêm dòng tổng", en = "with a line of totals" },
    explain, why },
  run = function(ctx, operands, options)
    local found
    if options.agg then
      found = frame(ctx, options):by(table.unpack(operands)):agg(table.unpack(options.agg))
    elseif options.sum then
      found = frame(ctx, options):by(table.unpack(operands)):sum(options.sum)
    else
      found = counted(ctx, operands, options)
    end
    if options.top then found = found:top(numbered(options.top)) end
    if options.share then found = found:share() end
    if options.totals then found = found:totals() end
    return shown(ctx, found, options)
  end,
}

verbs[#verbs + 1] = {
  "compare", "KEY", vi = "mỗi kỳ so với kỳ trước", en = "each one against the one before", example = "mekong compare phase",
  options = { where, of, measure,
    { "against", "a", "previous|VALUE", vi = "so với gì", en = "what to compare with" },
    { "per", nil, "day", choices = { "day" }, vi = "thêm mức mỗi ngày", en = "with rates per day" }, explain, why },
  run = function(ctx, operands, options)
    args.count(operands, 0, 1, "mekong compare KEY")
    local key = operands[1] or "phase"
    return shown(ctx, counted(ctx, { key }, options):compare(key, { against = options.against, per = options.per }), options)
  end,
}

verbs[#verbs + 1] = {
  "cumulative", "KEY", vi = "lũy kế đến một ngày", en = "running totals up to a day",
  example = "mekong cumulative phase --to 14/8/2025",
  options = { where, of, measure,
    { "from", nil, "DATE", vi = "từ ngày", en = "from that day" }, { "to", nil, "DATE", vi = "đến ngày", en = "up to that day" },
    explain, why },
  run = function(ctx, operands, options)
    args.count(operands, 0, 1, "mekong cumulative KEY")
    local key = operands[1] or "phase"
    local found = counted(ctx, { key }, options):cumulative(key, { from = options.from, to = options.to or options["as-of"] })
    return shown(ctx, found, options)
  end,
}

verbs[#verbs + 1] = {
  "reconcile", "FIGURE", vi = "đối chiếu một con số công bố với tổng tính được", en = "hold an announced figure against the total",
  example = "mekong reconcile \"hơn 4.500 vụ\" --to 14/8/2025",
  options = { where, of, measure, { "to", nil, "DATE", vi = "đến ngày", en = "up to that day" } },
  run = function(ctx, operands, options)
    args.count(operands, 1, 1, 'mekong reconcile "hơn 4.500 vụ"')
    local found
    local to = options.to or options["as-of"]
    if from_claims(ctx, options) then
      found = counted(ctx, { "phase" }, options):cumulative("phase", { to = to }):reconcile(operands[1])
    else
      local records = frame(ctx, options)
      if to then records = records:where("date <= $1", { to }) end
      found = records:count():reconcile(operands[1])
    end
    return found, ctx.contradicts(found)
  end,
}

verbs[#verbs + 1] = {
  "pivot", "ROWS COLUMNS", vi = "bảng hai chiều", en = "a table of two keys", example = "mekong pivot category phase --db vu-viec.db",
  options = { where,
    { "value", nil, "MEASURE", vi = "đại lượng trong ô", en = "what stands in the cells" },
    { "totals", nil, nil, vi = "thêm dòng và cột tổng", en = "with totals" }, explain, why },
  run = function(ctx, operands, options)
    args.count(operands, 2, 2, "mekong pivot ROWS COLUMNS")
    local found = frame(ctx, options):pivot(operands[1], operands[2], options.value)
    return shown(ctx, options.totals and found:totals() or found, options)
  end,
}

verbs[#verbs + 1] = {
  "chart", "[KEY...]", vi = "biểu đồ của các số đếm", en = "a chart of counts", example = "mekong chart phase --of claims -o pha.svg",
  options = { where, of, measure, { "kind", "k", "KIND", vi = "loại biểu đồ", en = "kind of chart" },
    { "title", nil, "TEXT", vi = "tiêu đề", en = "title" } },
  run = function(ctx, operands, options)
    return counted(ctx, operands, options):chart(options.kind, { title = options.title, locale = ctx.locale })
  end,
}

-- ---------------------------------------------------------------- what was announced
verbs[#verbs + 1] = {
  "claims", "[MEASURE]", vi = "số đã công bố; --solve: chỗ nào không thể cùng đúng",
  en = "what was announced; --solve: what cannot be true together", example = "mekong claims --solve",
  options = { { "solve", nil, nil, vi = "kiểm tra các công bố với nhau", en = "check the claims against each other" },
    { "by", nil, "KEYS", vi = "khóa của bảng", en = "keys of the table" },
    { "scope", nil, "SCOPE", vi = "phạm vi, như VN", en = "scope, such as VN" } },
  run = function(ctx, operands, options)
    args.count(operands, 0, 1, "mekong claims [MEASURE]")
    local claims = ctx.store():claims()
    if options.solve then
      local found = claims:solve()
      return found, ctx.fails "contradiction" and #found:conflicts() > 0 and 3 or nil
    end
    if operands[1] then return claims:table(operands[1], { by = options.by, scope = options.scope }) end
    return claims
  end,
}

verbs[#verbs + 1] = {
  "bilateral", "A B", vi = "hợp tác giữa hai nước", en = "what two countries did together", example = "mekong bilateral VN CN",
  options = { { "from", nil, "YEAR", vi = "từ năm hay ngày", en = "from a year or day" },
    { "to", nil, "YEAR", vi = "đến năm hay ngày", en = "up to a year or day" } },
  run = function(ctx, operands, options)
    args.count(operands, 2, 2, "mekong bilateral VN CN")
    return ctx.store():bilateral(operands[1], operands[2],
      { from = options.from and numbered(options.from), to = options.to and numbered(options.to) })
  end,
}

verbs[#verbs + 1] = {
  "report", "", vi = "báo cáo giai đoạn thành một trang", en = "the phase report as one page",
  example = "mekong report --demo -o bao-cao.html",
  options = { { "demo", nil, nil, vi = "của sổ cái công khai", en = "of the public ledger" },
    { "phase", nil, "PHASE", vi = "giai đoạn", en = "the phase" },
    { "against", nil, "STORE|DATE", vi = "so với kho khác hay với ngày trước", en = "what changed since another store or an earlier day" },
    { "title", nil, "TEXT", vi = "tiêu đề", en = "title" } },
  run = function(ctx, operands, options)
    args.count(operands, 0, 0, "mekong report [-o FILE]")
    local store = ctx.store(options.demo and "demo" or "read")
    local against = options.against
    if against and not pcall(core.date.parse, against) then against = ctx.open(against) end
    return store:report { phase = options.phase, as_of = options["as-of"], against = against, title = options.title, locale = ctx.locale }
  end,
}

-- ---------------------------------------------------------------- texts
verbs[#verbs + 1] = {
  "read", "[FILE|-]", vi = "các con số trong một bài viết", en = "the figures of an article",
  example = "mekong read bai.txt --as-of 20/11/2025 --json",
  options = { { "lines", nil, nil, vi = "mỗi dòng là một bài", en = "each line is a text" },
    { "charset", nil, "NAME", vi = "bảng mã", en = "character set" },
    { "calendar", nil, "civil|customs", choices = { "civil", "customs" }, vi = "năm thống kê", en = "the year of statistics" } },
  run = function(ctx, operands, options)
    args.count(operands, 0, 1, "mekong read [FILE|-]")
    return require("mekong.cli.text").read(ctx, operands[1], options)
  end,
}

verbs[#verbs + 1] = {
  "text", "WHAT", vi = "normalize key fold sortkey decode repair number words, từ stdin",
  en = "normalize key fold sortkey decode repair number words, from stdin", example = "echo 'ma tuý' | mekong text key",
  options = { { "lines", nil, nil, vi = "từng dòng một", en = "line by line" },
    { "charset", nil, "NAME", vi = "bảng mã, cho decode", en = "character set, for decode" },
    { "level", nil, "0..3", vi = "mức của key", en = "level of key" },
    { "order", nil, "ORDER", vi = "thứ tự của sortkey", en = "order of sortkey" },
    { "tone", nil, "old|new|keep", vi = "kiểu dấu, cho normalize", en = "tone style, for normalize" } },
  run = function(ctx, operands, options)
    args.count(operands, 1, 1, "mekong text normalize|key|fold|sortkey|decode|repair|number|words")
    return require("mekong.cli.text").filter(ctx, operands[1], options)
  end,
}

verbs[#verbs + 1] = {
  "fmt", "WHAT VALUE", vi = "viết số, phần trăm, ngày: number percent change date figure",
  en = "write a number, percentage or date: number percent change date figure", example = "mekong fmt number 1715",
  run = function(ctx, operands)
    args.count(operands, 2, 2, "mekong fmt number|percent|change|date|figure VALUE")
    local fmt = require "mekong.fmt"
    local kinds = { "change", "date", "figure", "number", "percent" }
    local kind = kinds[core.find_name(operands[1], kinds, {}, "way to write")]
    local value = operands[2]
    if kind == "figure" then value = require("mekong.figure").figure(value) end
    return fmt[kind](value, { locale = ctx.locale })
  end,
}

verbs[#verbs + 1] = {
  "sql", "QUERY", vi = "câu hỏi SQL chỉ đọc", en = "a read-only question in SQL",
  example = "mekong sql \"select phase, count(*) as n from cases group by phase\"",
  run = function(ctx, operands)
    args.count(operands, 1, 1, 'mekong sql "select ..."')
    return ctx.store():sql(operands[1])
  end,
}

-- ---------------------------------------------------------------- the tool itself
verbs[#verbs + 1] = {
  "repl", "", vi = "gõ Lua với kho đã mở", en = "Lua with the store open", example = "mekong repl --db vu-viec.db",
  run = function(ctx, operands)
    args.count(operands, 0, 0, "mekong repl")
    return ctx.repl()
  end,
}

verbs[#verbs + 1] = {
  "doctor", "", vi = "phiên bản, đường dẫn, phần tùy chọn, sức khỏe của kho (như mekong check)",
  en = "versions, paths, optional parts, health of the store (as mekong check)",
  example = "mekong doctor",
  run = function(ctx, operands)
    args.count(operands, 0, 0, "mekong doctor")
    return require("mekong.cli.doctor").report(ctx)
  end,
}

verbs[#verbs + 1] = {
  "help", "[NAME]", vi = "trợ giúp của một lệnh hay một tên trong module", en = "help on a verb or on a name of the module",
  example = "mekong help Table:top",
  run = function(ctx, operands)
    args.count(operands, 0, 1, "mekong help [NAME]")
    return ctx.help(operands[1])
  end,
}

verbs[#verbs + 1] = {
  "completions", "bash|zsh|fish", vi = "bổ sung lệnh cho shell", en = "completion for a shell",
  example = "mekong completions bash > ~/.local/share/bash-completion/completions/mekong",
  run = function(_, operands)
    args.count(operands, 1, 1, "mekong completions bash|zsh|fish")
    return require("mekong.cli.completions").script(operands[1], verbs)
  end,
}

-- The verb of that name, or an error that names the nearest.
function verbs.find(name)
  local names = {}
  for i, verb in ipairs(verbs) do
    if verb[1] == name then return verb end
    names[i] = verb[1]
  end
  return verbs[core.find_name(name, names, {}, "verb")]
end

return verbs
