-- report: the report on a phase of the campaign, as one page: thirteen sections from the as-of day to the command that makes it
-- again. as_of is the only clock, and where none is given the last day that the data knows.
local core = require "mekong.core"
local counted = require "mekong.report.counted"
local labels = require "mekong.labels"
local options = require "mekong.options"
local save = require "mekong.save"
local vintage = require "mekong.vintage"

local Report, methods = {}, {}
Report.__name = "mekong.Report"
Report.__index = function(_, name) return options.method(methods, name, "Report") end
Report.__newindex = function() core.raise("readonly", "a Report cannot be changed", "hint: make another one with store:report{...}") end

local function check(self, name)
  if getmetatable(self) ~= Report then
    core.raise("type", "Report:" .. name .. " was called on a " .. type(self), "hint: call it with ':', not '.'")
  end
  return self
end

-- ---------------------------------------------------------------- what it is about

local function row_of(t, phase)
  for i = 1, #t do
    if t[i].phase == phase then return t[i] end
  end
end

-- Last phase with cases; else the first one that there is.
local function last_phase(t, name)
  local last
  for i = 1, #t do
    if t[i][name] ~= nil or not last then last = t[i].phase end
  end
  return last
end

local function phase_of(value, cases, name)
  if value == nil then return last_phase(cases, name) end
  if type(value) ~= "string" and math.type(value) ~= "integer" then
    core.raise("type", "option phase takes a phase such as 7, not a " .. type(value))
  end
  local key = core.date.phase(tostring(value))
  if not key then core.raise("name", "'" .. tostring(value) .. "' is a date, not a phase") end
  local known = {}
  for i = 1, #cases do known[i] = labels.phase(cases[i].phase) end
  if not row_of(cases, key) then
    core.raise("name", "the store knows no phase " .. labels.phase(key), known[1] and "there are: " .. table.concat(known, ", ") or nil)
  end
  return key
end

-- Whether a source announced the cases of any phase.
local function any_known(cases)
  for i = 1, #cases do
    if cases[i].cases ~= nil then return true end
  end
  return false
end

-- Running totals up to the day of the report: the last total, what is unknown in it, and the table.
local function total_of(c)
  local t = c.tables.cases
  if not any_known(t) then return nil end
  local running = t:cumulative("phase", { to = c.as_of })
  if #running == 0 then return nil end
  return running[#running].cumulative, running[#running].unknown and running:cell(#running, "unknown"), running
end

-- The row of the largest share of the phase.
local function leading_share(c)
  local t, found = c.tables.shares, nil
  for i = 1, #t do
    local row = t[i]
    if row.phase == c.phase and row.share and (not found or found.share:surely_lt(row.share)) then found = row end
  end
  return found
end

local function tables_of(view)
  local claims = view:claims()
  local cases = claims:table "cases"
  local solution = claims:solve()
  return {
    cases = cases, phases = view:phase_table(), compared = #cases > 0 and cases:compare("phase", { against = "previous known", per = "day" }) or nil,
    shares = claims:table("cases", { by = { "phase", "category" } }):share { within = "phase" },
    quantities = claims:table("quantity", { by = { "phase", "category" } }), changes = claims:changes(), check = claims:check(),
    suspects = solution:suspects(), conflicts = solution:conflicts(), apart = claims:disagreements(),
  }
end

local function count(store, sql)
  local _, data = core.store.query(store, sql)
  return data[1][1]
end

-- The parts of what Viet Nam and China did together; those that count records come from the store itself.
local function pair_of(store, view, as_of)
  if count(view, "select count(*) from codes where kind = 'country' and code in ('VN', 'CN')") < 2 then return nil end
  local known = view:bilateral("VN", "CN")
  local records
  return function(name)
    if name ~= "corridors" and name ~= "mirror" then return known[name] end
    if count(store, "select count(*) from codes where kind = 'country' and code in ('VN', 'CN')") < 2 then return known[name] end
    records = records or store:bilateral("VN", "CN", { to = as_of })
    return records[name]
  end
end

-- A word of a command line, in quotes where it has to be.
local function word(text)
  return text:find "[^%w._/-]" and "'" .. text:gsub("'", "'\\''") .. "'" or text
end

local function file_of(store, unnamed)
  local path = core.store.info(store).path
  return path == ":memory:" and unnamed or path:match "[^/\\]*$"
end

-- Whether the store holds the public ledger alone.
local function is_demo(store, c)
  if not c.ledger or c.n_records > 0 then return false end
  local omd = require "mekong.omd"
  if omd.untouched(store) then return true end
  local fresh <close> = assert(omd.open())
  return fresh:digest() == c.digest
end

-- What makes the report again: a command, and a line of Lua. against: a day or a store.
local function commands(store, c, opts, against)
  local demo = is_demo(store, c)
  local words, lua = { "mekong report", demo and "--demo" or "--db " .. word(file_of(store, "kho.db")) }, {}
  local function add(key, value)
    if value == nil then return end
    words[#words + 1] = "--" .. key:gsub("_", "-") .. " " .. word(value)
    lua[#lua + 1] = key .. " = " .. ("%q"):format(value):gsub("\\\n", "\\n")
  end
  add("as_of", c.as_of)
  if opts.phase then add("phase", c.phase) end
  if against and type(against) ~= "string" then
    words[#words + 1] = "--against " .. word(file_of(against, "kho-kia.db"))
    lua[#lua + 1] = "against = other"
  else
    add("against", against)
  end
  add("title", opts.title)
  add("locale", c.locale)
  words[#words + 1] = "-o bao-cao.html"
  return { table.concat(words, " "), ("%s:report{%s}:save \"bao-cao.html\""):format(demo and "mekong.omd()" or "store", table.concat(lua, ", ")) }
end

local function title_of(c, given)
  if given then return given end
  local name = c.operation and (c.locale == "en" and c.operation.name_en or c.operation.name_vi)
  if not name then return labels.say(c.locale, "Báo cáo giai đoạn", "Phase report") end
  local phase = c.phase and labels.phase(c.phase) or nil
  return name .. (phase and labels.say(c.locale, " – giai đoạn " .. phase, ", phase " .. phase) or "")
end

local function day_of(value, what)
  if type(value) ~= "string" then core.raise("type", what .. " takes a date such as 14/8/2025, not a " .. type(value)) end
  return select(2, core.date.bounds(core.date.parse(value)))
end

-- Everything that the sections draw upon.
local function context(store, opts)
  local c = { locale = opts.locale or store:locale(), as_of = opts.as_of or vintage.last_day(store), digest = store:digest(),
    ledger = store:ledger() }
  c.view = vintage.of(store, opts.as_of, c.locale)
  c.records = store.cases
  if opts.as_of then c.records = c.records:where("date <= $1 or date is missing", { opts.as_of }) end
  c.n_records = c.records:count()[1].n
  if c.n_records == 0 then c.records = nil end
  c.n_claims = count(c.view, "select count(*) from claims")
  c.tables = tables_of(c.view)
  if not any_known(c.tables.cases) then c.counted = counted.by_phase(c) end
  if c.counted then c.tables.compared = counted.compared(c) end
  c.phase = phase_of(opts.phase, c.counted or c.tables.cases, c.counted and "n" or "cases")
  local operation = require("mekong.rows").of(c.view, "select name_vi, name_en from operation order by op limit 1")
  c.operation, c.row_of, c.pair = operation[1], row_of, pair_of(store, c.view, opts.as_of)
  c.total = function() return total_of(c) end
  c.leading_share = function() return leading_share(c) end
  return c
end

local makers = {
  { "opening", "masthead" }, { "opening", "headline" }, { "announced", "cases" }, { "announced", "change" }, { "announced", "composition" },
  { "announced", "cumulative" }, { "counted", "months" }, { "announced", "quantities" }, { "counted", "corridors" },
  { "together", "section" }, { "trust", "check" }, { "trust", "quality" }, { "trust", "provenance" },
}

-- store:report([opts]) -> Report. opts: as_of (what was known and counted up to that day), phase, against (another store, or an earlier
-- day: a section more says what changed since), title, locale.
function core.store.methods.report(store, opts)
  options.store(store, "report")
  opts = options.check(opts, { "against", "as_of", "locale", "phase", "title" }, "store:report")
  options.choice(opts.locale, { "vi", "en" }, nil, "locale")
  options.typed(opts.title, "string", "title")
  if opts.title and not utf8.len(opts.title) then core.raise("syntax", "title is not UTF-8") end
  local own = { locale = opts.locale, phase = opts.phase, title = opts.title, as_of = opts.as_of ~= nil and day_of(opts.as_of, "as_of") or nil }
  local against = opts.against
  if type(against) == "string" then against = day_of(against, "against") elseif against ~= nil then options.store(against, "report") end
  local c, sections = context(store, own), {}
  c.commands = commands(store, c, own, against)
  for i, maker in ipairs(makers) do sections[i] = require("mekong.report." .. maker[1])[maker[2]](c) end
  if against then table.insert(sections, 3, require("mekong.report.changes").section(c, store, against)) end
  return setmetatable({ sections_ = sections, locale_ = c.locale, title_ = title_of(c, opts.title), view_ = c.view }, Report)
end

-- ---------------------------------------------------------------- what it gives

local function document(self)
  return { locale = rawget(self, "locale_"), title = rawget(self, "title_"), sections = rawget(self, "sections_") }
end

-- list of {id =, title =, tables = list of Tables, text = paragraphs, lines = commands and sources}, in order
function methods:sections()
  check(self, "sections")
  local out = {}
  for i, section in ipairs(rawget(self, "sections_")) do
    local one = { id = section.id, title = section.title, tables = {}, text = {}, lines = {} }
    for _, block in ipairs(section.blocks) do
      if block.kind == "table" or block.alone then one.tables[#one.tables + 1] = block.table end
      if block.text then one.text[#one.text + 1] = block.text end
      table.move(block.lines or {}, 1, #(block.lines or {}), #one.lines + 1, one.lines)
    end
    out[i] = one
  end
  return out
end

-- The whole page: no script, nothing from elsewhere.
function methods:to_html()
  return require("mekong.report.page").html(document(check(self, "to_html")))
end

function methods:to_markdown()
  return require("mekong.report.plain").markdown(document(check(self, "to_markdown")))
end

function methods:to_text()
  return require("mekong.report.plain").text(document(check(self, "to_text")))
end

Report.__tostring = methods.to_text

require("mekong.display").give(methods, { { "text/html", function(report) return methods.to_html(report) end } }, Report)

-- save(path [, opts]) -> true | nil, message, info: .html, .md or .txt by the end of the name, or opts.format.
function methods:save(path, opts)
  check(self, "save")
  local function writer(name, tail)
    return function(given)
      options.check(given, {}, "Report:save")
      return methods[name](self) .. (tail or "")
    end
  end
  return save.by_name(path, opts, { html = writer "to_html", md = writer "to_markdown", txt = writer("to_text", "\n") }, "Report:save")
end

return Report
