-- load: store:load, from a file of any kind to rows of a table and a report of what was done. Two passes over the records:
-- the first sees how each column writes numbers and dates, the second reads them; then one transaction writes.
local core = require "mekong.core"
local errinfo = require "mekong.errinfo"
local fmt = require "mekong.fmt"
local options = require "mekong.options"
local order = require "mekong.order"
local source = require "mekong.source"
local coverage = require "mekong.coverage"
local cells = require "mekong.load.cells"
local whole_columns = require "mekong.load.columns"
local header = require "mekong.load.header"
local reasons = require "mekong.load.reasons"
local report = require "mekong.load.report"
local split = require "mekong.load.split"

local load = {}

local BATCH = 500 -- rows between two calls of progress
local BULK_BATCH = 2500 -- the same where rows are written in bulk

local source_options = { "charset", "format", "name", "quote", "separator", "sheet" }
local load_options = { "charset", "covers", "dates", "extra", "format", "key", "map", "name", "numbers", "on_duplicate", "preview", "progress",
  "quote", "ragged", "save_map", "separator", "sheet", "strict", "unit" }

-- ---------------------------------------------------------------- options

local function check_options(opts)
  opts = options.check(opts, load_options, "store:load")
  options.choice(opts.numbers, { "auto", "en", "vi" }, nil, "option numbers")
  options.choice(opts.dates, { "auto", "dmy", "iso", "mdy" }, nil, "option dates")
  options.choice(opts.extra, { "ignore", "note" }, nil, "option extra")
  options.choice(opts.key, { "row" }, nil, "option key")
  options.choice(opts.ragged, { "pad", "reject" }, nil, "option ragged")
  options.typed(opts.preview, "boolean", "option preview")
  options.typed(opts.strict, "boolean", "option strict")
  options.typed(opts.progress, "function", "option progress")
  options.typed(opts.save_map, "string", "option save_map")
  if opts.map ~= nil and type(opts.map) ~= "table" and type(opts.map) ~= "string" then
    core.raise("type", "option map is a table {header = column} or the name of a saved one, not a " .. type(opts.map))
  end
  local checked = {}
  for key, value in pairs(opts) do checked[key] = value end
  checked.on_duplicate = options.choice(opts.on_duplicate, { "reject", "replace", "skip" }, "reject", "option on_duplicate")
  if opts.numbers == "auto" then checked.numbers = nil end
  if opts.dates == "auto" then checked.dates = nil end
  if opts.unit ~= nil then checked.unit = core.figure.unit(options.typed(opts.unit, "string", "option unit")) end
  if opts.covers ~= nil then checked.covers = core.date.parse(options.typed(opts.covers, "string", "option covers")) end
  return checked
end

-- ---------------------------------------------------------------- saved maps and coverage, in the store

local function escape(text) return (text:gsub("[\\\t\n]", { ["\\"] = "\\\\", ["\t"] = "\\t", ["\n"] = "\\n" })) end
local function unescape(text) return (text:gsub("\\(.)", { ["\\"] = "\\", t = "\t", n = "\n" })) end

local function saved_map(self, name)
  local text = core.store.meta(self, "map " .. name)
  if not text then
    local _, data, n = core.store.query(self, "SELECT substr(name, 5) FROM meta WHERE name GLOB 'map *' ORDER BY 1")
    if n == 0 then core.raise("name", ("there is no saved map '%s'"):format(name), "hint: store:load(..., {save_map = name}) saves one") end
    core.find_name(name, data[1], {}, "saved map")
    core.raise("name", ("there is no saved map '%s'"):format(name))
  end
  local map = {}
  for head, column in text:gmatch "([^\t\n]*)\t([^\n]*)\n" do map[unescape(head)] = column ~= "" and column or false end
  return map
end

local function map_text(plans)
  local lines = {}
  for _, plan in ipairs(plans) do
    if plan.name ~= "" then lines[#lines + 1] = escape(plan.name) .. "\t" .. (plan.column and plan.column.name or "") .. "\n" end
  end
  order.texts(lines)
  return table.concat(lines)
end

local function add_coverage(self, name, period)
  for _, known in ipairs(coverage.of(self, name)) do
    if known == period then return true end
  end
  return core.store.meta(self, "covers", (core.store.meta(self, "covers") or "") .. name .. "\t" .. period .. "\n")
end

-- ---------------------------------------------------------------- the columns of the file

-- Whether the file brings lines beside its cases, and what follows from the columns it has.
local function settle(ctx)
  ctx.plan_of, ctx.noted, ctx.flat = {}, {}, false
  for _, plan in ipairs(ctx.plans) do
    if plan.column then
      ctx.plan_of[plan.column.name] = plan
      if plan.column.table ~= ctx.table then ctx.flat = true end
    elseif plan.how == "unknown" and ctx.opts.extra then
      plan.how = ctx.opts.extra == "note" and ctx.known_names.note and "note" or "extra"
      if plan.how == "note" then ctx.noted[#ctx.noted + 1] = plan end
    end
  end
end

local function known_columns(ctx)
  local tables = { ctx.table }
  if ctx.table == "cases" then tables[2] = "lines" end
  ctx.known = header.columns(ctx.store, tables)
  ctx.columns, ctx.line_columns, ctx.known_names = {}, {}, {}
  for _, column in ipairs(ctx.known.list) do
    local list = column.table == ctx.table and ctx.columns or ctx.line_columns
    list[#list + 1] = column
    ctx.known_names[column.name] = column
  end
end

local function check_key(ctx)
  for _, column in ipairs(ctx.columns) do
    local numbered = column.name == "line" and ctx.columns[1].name == "case"
    local made = column.name == "case" and ctx.table == "cases" and ctx.opts.key == "row"
    if column.required and not ctx.plan_of[column.name] and not numbered and not made then
      local _, message, info = core.fail("format", ("%s: the header lacks the column %s of %s"):format(ctx.source, column.name, ctx.table),
        ("hint: it may be called %s%s"):format(table.concat(column.names, ", "), ctx.table == "cases" and ', or key = "row" makes keys' or ""))
      info.lacks = column.name
      return nil, message, info
    end
  end
  return true
end

local function fatal(ctx, record)
  local e = record.error
  local message = ctx.source == "" and e.message or e.message:find(ctx.source, 1, true) and e.message or ctx.source .. ": " .. e.message
  return core.fail(e.code, message, e.hint, e.line, e.col)
end

-- Where no record names a column, what is wrong with the first one says more than a column that is lacking.
local function check_first(ctx, reader)
  if #reader:header() > 0 then return true end
  local first = reader:records()()
  if first and first.error then return fatal(ctx, first) end
  return true
end

local function plan_columns(ctx, reader)
  local opts = ctx.opts
  known_columns(ctx)
  local map, keys
  if opts.map then map, keys = header.read_map(ctx.known, type(opts.map) == "string" and saved_map(ctx.store, opts.map) or opts.map) end
  local plans, message, info = header.plan(ctx.known, reader:header(), { source = ctx.source, map = map,
    map_keys = type(opts.map) == "table" and keys or nil, extra = opts.extra, preview = opts.preview })
  if not plans then return nil, message, info end
  ctx.plans = plans
  settle(ctx)
  local ok
  ok, message, info = check_first(ctx, reader)
  if not ok then return nil, message, info end
  ok, message, info = check_key(ctx)
  if ok or not opts.preview then return ok, message, info end
  ctx.notes[1] = { ("Chưa có cột khóa '%s' của bảng %s trong các tiêu đề của tệp"):format(info.lacks, ctx.table), info.message }
  if ctx.table == "cases" then ctx.opts.key = "row" end
  return true
end

-- ---------------------------------------------------------------- first pass

-- "Đơn vị" heads agencies, but where every cell is a unit of measure it is that.
local function settle_unit(ctx)
  local plan = ctx.plan_of.agency
  if ctx.flat and plan and plan.maybe_unit and plan.filled then
    plan.column, plan.how = ctx.known_names.unit, "cells"
    settle(ctx)
  end
end

local function check_unnamed(ctx)
  for _, plan in ipairs(ctx.plans) do
    if plan.how == "empty" and plan.filled and not ctx.opts.preview then
      return core.fail("name", ("%s: column %d of the header has no name, but cells"):format(ctx.source, plan.i),
        "hint: name it in the file, or delete the column")
    end
  end
  return true
end

local function settle_columns(ctx)
  settle_unit(ctx)
  cells.decide(ctx, ctx.opts)
  ctx.order = cells.order(ctx)
  return check_unnamed(ctx)
end

local function first_pass(ctx, reader)
  ctx.total = 0
  cells.prepare(ctx)
  for record in reader:records() do
    if record.fatal then return fatal(ctx, record) end
    ctx.total = ctx.total + 1
    if not record.error then cells.vote(ctx, record) end
  end
  return settle_columns(ctx)
end

-- The same for records that are read as columns.
local function first_look(ctx, reader)
  local grid, _, info = reader.records_of:grid(ctx.store)
  if not grid then return fatal(ctx, { error = info }) end
  ctx.grid, ctx.total = grid, (grid:size())
  cells.prepare(ctx)
  whole_columns.vote(ctx, grid, reader.records_of)
  return settle_columns(ctx)
end

-- ---------------------------------------------------------------- second pass

local function tell(ctx, done)
  if not ctx.opts.progress or ctx.opts.progress(done, ctx.total) ~= false then return true end
  return core.fail("cancelled", ctx.source .. ": cancelled by the progress function")
end

local totals = {}
for words in ("tổng|tổng cộng|tổng số|cộng|tổng cộng:|total|totals|grand total"):gmatch "[^|]+" do totals[core.text.key(words, 1)] = true end

-- Whether a record is the heading once more, as where sheets were pasted under each other.
local function is_header(ctx, record)
  local same = 0
  for _, plan in ipairs(ctx.plans) do
    local text = record[plan.i]
    if text ~= nil and text ~= "" then
      if text ~= plan.header then return false end
      same = same + 1
    end
  end
  return same > 1 or same == 1 and #ctx.plans == 1
end

local function is_total(record)
  for i = 1, math.min(record.n, 3) do
    local text = record[i]
    if type(text) == "string" and #text < 30 and totals[core.text.key(text, 1)] then return true end
  end
  return false
end

-- What keeps a whole record from being read: a reason, or nil; then what was assumed of it, or nil.
local function whole(ctx, record)
  if record.error then return reasons.damaged(record.error.code, record.error.message, record.error.hint) end
  if is_header(ctx, record) then return reasons.header_again() end
  if ctx.plan_of.case and is_total(record) then return reasons.total_row() end
  local wanted = #ctx.plans
  if record.n == wanted then return nil end
  for i = wanted + 1, record.n do
    if record[i] ~= nil and record[i] ~= "" then return reasons.ragged(record.n, wanted) end
  end
  if record.n > wanted then return nil end
  if ctx.opts.ragged ~= "pad" then return reasons.ragged(record.n, wanted) end
  return nil, reasons.padded(record.n, wanted)
end

local function first_text(record)
  for i = 1, record.n do
    if record[i] ~= nil and record[i] ~= "" then return tostring(record[i]) end
  end
  return ""
end

-- A key for a case that brings none, when asked for.
local function give_key(ctx, row)
  local plan = ctx.plan_of.case
  if ctx.table ~= "cases" or row.values.case ~= nil or ctx.plan_of.case and row.texts.case then return end
  if ctx.opts.key ~= "row" then return ctx.reject(row.line, plan, "", reasons.no_key(plan and plan.name or "case")) end
  row.values.case = ctx.source:match "[^/\\]*$" .. ":" .. row.line
  if plan then ctx.assume(row.line, plan, "", reasons.own_key(row.values.case)) end
end

local function read_row(ctx, record)
  local why, said = whole(ctx, record)
  if why then
    ctx.reject(record.line, nil, first_text(record), why, record)
    return { line = record.line, values = {}, rejected = true }
  end
  local row = cells.row(ctx, record)
  for _, one in ipairs(row.refused) do ctx.reject(row.line, one[1], one[2], one[3], record) end
  row.rejected = #row.refused > 0
  if not row.rejected then
    local before = #ctx.rejects
    give_key(ctx, row)
    row.rejected = #ctx.rejects > before
  end
  if said then ctx.assume(row.line, nil, first_text(record), said) end
  return row
end

local function second_pass(ctx, reader)
  local rows, n = {}, 0
  for record in reader:records() do
    if record.fatal then return fatal(ctx, record) end
    n = n + 1
    record.place = record.line
    if reader.info.format == "json" then record.line = n end -- records, as a whole array may stand on one line
    rows[n] = read_row(ctx, record)
    if n % BATCH == 0 then
      local ok, message, info = tell(ctx, n // 2)
      if not ok then return nil, message, info end
    end
  end
  if n ~= ctx.total then return core.fail("io", ctx.source .. ": the file changed while it was read", "hint: load it again") end
  return rows
end

-- The rows that are not taken in bulk.
local function second_look(ctx, reader)
  ctx.is_total = is_total
  local rows, message, info = whole_columns.rows(ctx, reader.records_of, function(record)
    record.place = record.line
    return read_row(ctx, record)
  end)
  if not rows then return nil, message, info end
  for n = BATCH, ctx.opts.progress and ctx.total or 0, BATCH do
    local ok
    ok, message, info = tell(ctx, n // 2)
    if not ok then return nil, message, info end
  end
  return rows
end

-- ---------------------------------------------------------------- writing

-- Decimals that could be asked about again get a last zero, which storing takes off.
local function prepared(columns, values)
  local out = {}
  for _, column in ipairs(columns) do
    local value = values[column.name]
    if column.type == "decimal" and type(value) == "string" and value:find "^%d%d?%d?%.%d%d%d$" then value = value .. "0" end
    out[column.name] = value
  end
  return out
end

-- A row in the place of the one there is: columns that the file brings are written, also where they are empty now.
local function replace(ctx, tab, columns, keys, values)
  local key, changes, any = {}, {}, false
  local fresh = prepared(columns, values)
  for i, name in ipairs(keys) do key[i] = values[name] == nil and "" or values[name] end
  for _, column in ipairs(columns) do
    local plan = ctx.plan_of[column.name]
    if not column.key and (plan or fresh[column.name] ~= nil) then
      changes[column.name], any = fresh[column.name] == nil and "" or fresh[column.name], true
    end
  end
  if not any then return true end
  return core.store.update(ctx.store, tab, key, changes)
end

local function tell_written(ctx, pieces)
  return tell(ctx, math.min(ctx.total, ctx.total // 2 + pieces * (ctx.total - ctx.total // 2) // math.max(ctx.pieces, 1)))
end

local function write_rows(ctx, tab, columns, list, done)
  local batch = {}
  for i, row in ipairs(list) do
    if row.replace then
      local ok, message, info = replace(ctx, tab, columns, ctx.keys or { "case" }, row.values)
      if ok and ctx.flat and tab == "cases" then ok, message, info = ctx.store:delete("lines", { case = row.values.case }) end
      if not ok then return nil, message, info end
    else
      batch[#batch + 1] = prepared(columns, row.values)
    end
    if #batch > 0 and (i == #list or #batch == BATCH) then
      local ok, message, info = core.store.insert(ctx.store, tab, batch)
      if not ok then return nil, message, info end
      batch = {}
    end
    if i % BATCH == 0 or i == #list then
      local ok, message, info = tell_written(ctx, ctx.bulk_pieces + done + i)
      if not ok then return nil, message, info end
    end
  end
  return true
end

local function write_lines(ctx, cases)
  if not ctx.flat then return true end
  local lines = {}
  for _, case in ipairs(cases) do
    for _, line in ipairs(case.lines) do lines[#lines + 1] = line end
  end
  local columns = { ctx.columns[1], table.unpack(ctx.line_columns) }
  return write_rows(ctx, "lines", columns, lines, #cases)
end

local function write_meta(ctx)
  local ok, message, info = true, nil, nil
  if ctx.opts.save_map then ok, message, info = core.store.meta(ctx.store, "map " .. ctx.opts.save_map, map_text(ctx.plans)) end
  if ok and ctx.opts.covers then ok, message, info = add_coverage(ctx.store, ctx.table, ctx.opts.covers) end
  return ok, message, info
end

-- The rows in bulk: all at once where they are many, else cases, then their lines.
local function write_bulk(ctx)
  local sealed, why, record = core.source.grid_seal(ctx.store, ctx.grid)
  if sealed == nil then return nil, why, record end
  if sealed then return tell_written(ctx, ctx.bulk_pieces) end
  for pass = 1, ctx.flat and 2 or 1 do
    local ok, message, info = whole_columns.write(ctx, pass == 2, BULK_BATCH, function(n) return tell_written(ctx, (pass - 1) * ctx.total + n) end)
    if not ok then return nil, message, info end
  end
  return true
end

local function write(ctx, list)
  ctx.bulk_pieces = ctx.grid and ctx.total * (ctx.flat and 2 or 1) or 0
  ctx.pieces = ctx.bulk_pieces + #list
  for _, one in ipairs(list) do ctx.pieces = ctx.pieces + #(one.lines or {}) end
  local ok, message, info = true, nil, nil
  if ctx.grid then ok, message, info = write_bulk(ctx) end
  if ok then ok, message, info = write_rows(ctx, ctx.table, ctx.columns, list, 0) end
  if ok then ok, message, info = write_lines(ctx, list) end
  if ok then ok, message, info = write_meta(ctx) end
  return ok, message, info
end

-- ---------------------------------------------------------------- the whole

local function count(ctx, rows, list)
  local n = { read = ctx.total, accepted = 0, rejected = 0, skipped = 0 }
  local bulk_cases, bulk_lines = 0, 0
  if ctx.grid then
    local accepted = {}
    for _, row in ipairs(rows) do
      if not row.rejected and not row.skipped then accepted[#accepted + 1] = row end
    end
    n.accepted, bulk_cases, bulk_lines = whole_columns.counts(ctx)
    whole_columns.remember(ctx, accepted)
  end
  for _, row in ipairs(rows) do
    local how = row.rejected and "rejected" or row.skipped and "skipped" or "accepted"
    n[how] = n[how] + 1
    if how == "accepted" then
      cells.remember(ctx, row)
      for _, one in ipairs(row.assumed) do ctx.assume(row.line, table.unpack(one, 1, 3)) end
    end
  end
  if ctx.flat then
    n.cases, n.lines = #list + bulk_cases, bulk_lines
    for _, case in ipairs(list) do n.lines = n.lines + #case.lines end
  end
  if ctx.grid then whole_columns.in_order(ctx.personal) end
  ctx.counts = n
end

local function add_notes(ctx, info)
  local notes = ctx.notes
  for _, note in ipairs(info.notes or {}) do notes[#notes + 1] = note end
  if info.charset and info.charset ~= "utf8" then
    notes[#notes + 1] = { "Bảng mã: " .. info.charset, "Character set: " .. info.charset }
  end
  if (info.blanks or 0) > 0 then
    notes[#notes + 1] = { ("Bỏ qua %s dòng trống"):format(fmt.number(info.blanks)),
      ("%s empty lines left out"):format(fmt.number(info.blanks, { locale = "en" })) }
  end
  if ctx.timed > 0 then
    notes[#notes + 1] = { ("Giờ trong ngày không được lưu (%s ô)"):format(fmt.number(ctx.timed)),
      ("Times of day are not kept (%s cells)"):format(fmt.number(ctx.timed, { locale = "en" })) }
  end
  for _, plan in ipairs(ctx.plans) do
    local found = plan.at and plan.at.found
    if found == "mixed" and not plan.at.given then
      notes[#notes + 1] = plan.number
        and { ("Cột '%s' viết số theo cả hai kiểu"):format(plan.name), ("Column '%s' writes numbers in both styles"):format(plan.name) }
        or { ("Cột '%s' có cả ngày/tháng và tháng/ngày"):format(plan.name), ("Column '%s' has days first and months first"):format(plan.name) }
    end
  end
end

-- The column at which a cell of a record begins; nil without a record. Records that were read as columns are looked for again.
local function column_at(ctx, record, plan)
  if not record or not plan then return record and 1 end
  if record.col then return (record.col(plan.i)) end
  for again in ctx.reader:records() do
    if again.line == record.line then return (again.col(plan.i)) end
  end
end

-- A strict load ends at the first cell that is refused.
local function strict_failure(ctx, made)
  local first = ctx.rejects[1]
  local line, plan, text, reason = table.unpack(first, 1, 4)
  local where = plan and (plan.column and ctx.table .. "." .. plan.column.name or plan.name) .. " " or ""
  local _, message, info = core.fail(reason[3], ("%s: %s'%s' %s"):format(ctx.source, where, #text > 60 and "..." or text, reason[2]),
    ("hint: %d of %d rows are refused; load without strict to list them and keep the others"):format(
      ctx.counts.rejected, ctx.counts.read), first.record and first.record.place or line, column_at(ctx, first.record, plan))
  info.report = made
  return nil, message, info
end

local function new_context(self, name, opts)
  local ctx = { store = self, table = core.store.columns(self, name), opts = opts, locale = self:locale(), rejects = {}, assumptions = {},
    duplicates = {}, likely = { {}, {}, {}, {}, n = 0 }, notes = {} }
  function ctx.reject(line, plan, text, reason, record)
    local one = { line, plan, text, reason }
    if opts.strict then one.record = record end
    ctx.rejects[#ctx.rejects + 1] = one
  end
  function ctx.assume(line, plan, text, reason) ctx.assumptions[#ctx.assumptions + 1] = { line, plan, text, reason } end
  function ctx.duplicate(line, key, other, done) ctx.duplicates[#ctx.duplicates + 1] = { line, key, other, done } end
  return ctx
end

local function reported(ctx)
  split.likely(ctx)
  return report.new(ctx)
end

-- Reads all, checks the keys and writes, under the transaction that is open; the report, or nil, message, info.
local function run(ctx, reader)
  local look, read = first_pass, second_pass
  if whole_columns.fit(ctx, reader) then look, read = first_look, second_look end
  local ok, message, info = look(ctx, reader)
  if not ok then return nil, message, info end
  local rows
  rows, message, info = read(ctx, reader)
  if not rows then return nil, message, info end
  local list = split.run(ctx, rows)
  local _ <close> = split.alike_in_bulk(ctx) and whole_columns.pairing(ctx) or nil
  count(ctx, rows, list)
  add_notes(ctx, reader.info)
  if ctx.opts.strict and #ctx.rejects > 0 then return strict_failure(ctx, reported(ctx)) end
  if not ctx.opts.preview then
    ok, message, info = write(ctx, list)
    if not ok then return nil, message, info end
  end
  return reported(ctx)
end

-- Ends the direct way into the file that a first large load takes.
local directly = { __close = function(direct)
  if direct.on then core.store.direct_end(direct.store) end
end }

local function load_all(self, name, from, opts)
  local ctx = new_context(self, name, opts)
  local of_source = {}
  for _, key in ipairs(source_options) do of_source[key] = opts[key] end
  local reader <close>, message, info = source.open(from, of_source)
  if not reader then return nil, message, info end
  ctx.source, ctx.reader = reader.info.name, reader
  local ok
  ok, message, info = plan_columns(ctx, reader)
  if not ok then return nil, message, info end
  if opts.preview then return run(ctx, reader) end
  local direct <close> = setmetatable({ store = self }, directly)
  direct.on, message, info = core.store.direct(self, reader.records_of.grid and reader.records_of.stream.size or 0)
  if direct.on == nil then return nil, message, info end
  local guard <close>, why, record = core.store.begin(self)
  if not guard then return nil, why, record end
  local made
  made, message, info = run(ctx, reader)
  if not made then return nil, message, info end
  ok, message, info = core.store.commit(self, guard)
  if not ok then return nil, message, info end
  return made
end

-- What fn gives; that the memory a store may take does not do is a failure of the environment, whatever part of the work met it.
local function if_memory_lasts(fn, ...)
  local given = table.pack(pcall(fn, ...))
  if given[1] then return table.unpack(given, 2, given.n) end
  local info = errinfo.parse(given[2])
  if not info or info.code ~= "memory" then error(given[2], 0) end
  return nil, given[2], info
end

-- store:load(table, source [, opts]) -> LoadReport | nil, message, info. source: a path (.csv .tsv .json .jsonl .xlsx, also
-- .gz), {text =, name =} or an iterator of row tables. Rows that cannot be read are listed and the others loaded, in one
-- transaction; strict = true loads all or nothing. Files of cases may bring their lines along.
-- opts: name, charset, format, separator, quote, sheet (how the file is read); map = {["Tên cột"] = "column" | false} or the
-- name of a saved one, save_map = name, extra = "note" | "ignore" (unknown columns), preview = true (nothing is loaded);
-- numbers = "vi" | "en", dates = "dmy" | "mdy" | "iso", unit (of quantities that bring none), ragged = "pad", key = "row";
-- on_duplicate = "reject" | "skip" | "replace"; covers = "2025-04-15/2025-09-15" (every record of that time is there);
-- strict; progress = fn(done, total), false cancels.
function core.store.methods:load(name, from, opts)
  options.store(self, "load")
  return if_memory_lasts(load_all, self, name, from, check_options(opts))
end

return load
