-- cli: the command line `mekong`. The only part that reads the terminal, prints, or ends with a status: data goes to stdout,
-- everything else to stderr. What the verbs do stands in mekong/cli/verbs.lua.
-- Status: 0 done, 1 wrong use, 2 data or environment, 3 contradiction (--fail-on contradiction), 130 interrupted.
local core = require "mekong.core"
core.own() -- before the files below are read, as mekong/init.lua does
local args = require "mekong.cli.args"
local verbs = require "mekong.cli.verbs"

local cli = {}

local USAGE, DATA, CONTRADICTION, INTERRUPTED = 1, 2, 3, 130
local misuse = { name = true, type = true, syntax = true, range = true, unit = true, ambiguous = true, missing = true }

local function environment_failed(message) error({ message = message, status = DATA }, 0) end

-- ---------------------------------------------------------------- what verbs get
local Context = {}
Context.__index = Context

local function new_context(options, words)
  local locale = options.locale or os.getenv "MEKONG_LOCALE" or "vi"
  if locale ~= "en" then locale = "vi" end
  local ctx = setmetatable({ options = options, locale = locale, words = words, opened = {} }, Context)
  for _, name in ipairs { "store", "say", "remark", "fails", "try", "open", "input", "with_reasons", "contradicts", "repl", "help", "empty" } do
    local method = Context["do_" .. name]
    ctx[name] = function(...) return method(ctx, ...) end
  end
  ctx.progress = ctx:bar()
  return ctx
end

function Context:do_say(vi, en) return self.locale == "en" and en or vi end

-- A line for the person, not for the data.
function Context:do_remark(vi, en)
  if not self.options.quiet then io.stderr:write("mekong: ", self.say(vi, en), "\n") end
end

-- A result, or the failure of the environment that came instead.
function Context.do_try(_, ...)
  local found, message = ...
  if found == nil then environment_failed(message) end
  return ...
end

function Context:do_fails(what) return (("," .. (self.options["fail-on"] or "") .. ","):find("," .. what .. ",", 1, true)) ~= nil end

-- A store of an older mekong is brought forward before it is read; open keeps a copy of it as it was.
function Context:do_forward(path)
  local held, message, info = require("mekong").open(path, { locale = self.locale })
  if not held then return false, message, info end
  held:close()
  self.do_remark(self, "kho của bản mekong cũ đã được chuyển sang bản này; bản cũ nằm cạnh, tên có .schema-",
    "the store of an older mekong was brought forward; the old one is beside it, its name with .schema-")
  return true
end

-- Ctrl-C is seen where Lua runs, so a statement that runs long comes by here.
local function go_on() return true end

function Context:do_open(path, readonly)
  local options = { locale = self.locale, readonly = readonly, threads = 2, progress = self.progress or go_on }
  local store, message, info = require("mekong").open(path, options)
  local old = not store and readonly and info.code == "readonly"
  if old and self:do_forward(path) then store, message, info = require("mekong").open(path, options) end
  store = self:do_try(store, message, info)
  self.opened[#self.opened + 1] = store
  return store
end

local function exists(path)
  local file = io.open(path, "rb")
  return file ~= nil and file:close()
end

-- The store of the command: mode "read" (default), "write", "preview" (one in memory when there is none yet), or "demo" (the
-- public ledger).
function Context:do_store(mode)
  local path = mode ~= "demo" and (self.options.db or os.getenv "MEKONG_DB") or nil
  if mode == "write" and not path then
    core.raise("syntax", "which store? name its file", "hint: mekong load FILE --db vu-viec.db, or set MEKONG_DB")
  end
  if self.current then return self.current end
  self.fresh = mode == "write" and not exists(path) and path or nil
  if mode == "preview" and (not path or not exists(path)) then path = ":memory:" end
  if path then
    self.current = self:do_open(path, mode ~= "write" and path ~= ":memory:")
  else
    self.current = self:do_try(require("mekong").omd(nil, { locale = self.locale, progress = go_on }))
    self.opened[#self.opened + 1] = self.current
  end
  return self.current
end

-- Says that a store holds nothing yet: its empty tables are no answer.
function Context:do_empty()
  if core.store.count(self.current, "cases") + core.store.count(self.current, "claims") == 0 then
    self.do_remark(self, "kho chưa có hồ sơ nào; nạp bằng: mekong load TỆP --db KHO", "the store holds no records yet: mekong load FILE --db STORE")
  end
end

-- The bytes of a file, or of stdin for "-" or nothing.
function Context.do_input(_, path)
  if path == nil or path == "-" then return (io.read "a") or "" end
  local file, message = io.open(path, "rb")
  local text = file and file:read "a"
  if file then file:close() end
  if not text then
    environment_failed("mekong: " .. (message or path .. ": cannot be read") .. " [" .. (message and "missing" or "io") .. "]")
  end
  return text
end

function Context.do_with_reasons(_, found)
  local lines = { tostring(found) }
  for i = 1, #found do
    for _, name in ipairs(found:names()) do
      local value = found:cell(i, name)
      local why = value == nil and found:why(i, name)
      if why then lines[#lines + 1] = ("%d, %s: %s"):format(i, name, tostring(why)) end
    end
  end
  return table.concat(lines, "\n")
end

-- The status of a table with verdicts, when contradictions are to fail.
function Context:do_contradicts(found)
  if not self:do_fails "contradiction" then return nil end
  for i = 1, #found do
    local verdict = found:cell(i, "verdict")
    if verdict == "contradiction" or verdict == "mâu thuẫn" or verdict == "trái cận" then return CONTRADICTION end
  end
end

-- A bar on stderr for work of more than a second; nil where nobody would see it.
function Context:bar()
  local wanted = self.options.progress or "auto"
  if wanted == "never" or self.options.quiet or (wanted == "auto" and not core.file.is_terminal "stderr") then return nil end
  local begun, shown = os.time(), -1
  return function(done, total)
    if os.time() - begun < 1 or not total or total == 0 then return end
    local percent = done * 100 // total
    if percent == shown then return end
    shown = percent
    io.stderr:write(("\r%s%s %3d%%"):format(("━"):rep(percent // 4), (" "):rep(25 - percent // 4), percent),
      percent >= 100 and "\r\27[K" or "")
  end
end

-- ---------------------------------------------------------------- what is shown
local methods = { csv = "to_csv", json = "to_json", jsonl = "to_json", md = "to_markdown", html = "to_html", tsv = "to_csv",
  xlsx = "to_xlsx", svg = "to_svg" }

local function ended(text) return text:find "\n$" and text or text .. "\n" end

local function has(object, name)
  if type(object) ~= "table" and type(object) ~= "userdata" then return false end
  local ok, found = pcall(function() return object[name] end)
  return ok and type(found) == "function"
end

-- The bytes of a result in a format.
local function bytes_of(ctx, found, format, verb)
  if type(found) == "string" then return found == "" and "" or ended(found) end
  if format == "text" then
    local color = ctx.options.color == "always" or
      (ctx.options.color ~= "never" and not os.getenv "NO_COLOR" and not ctx.options.output and core.file.is_terminal "stdout")
    if color and has(found, "to_text") then return ended(found:to_text { color = true, rows = 60 }) end
    return ended(tostring(found))
  end
  local method = methods[format]
  if not has(found, method) then
    core.raise("format", ("what '%s' gives cannot be written as %s"):format(verb, format), "hint: --format text prints it")
  end
  local opts = nil
  if format == "jsonl" then opts = { lines = true } end
  if format == "tsv" then opts = { separator = "\t" } end
  if format == "html" and has(found, "rows") then opts = { standalone = true } end
  return ended(ctx:do_try(found[method](found, opts)))
end

local endings = { csv = "csv", tsv = "tsv", json = "json", jsonl = "jsonl", md = "md", html = "html", xlsx = "xlsx", svg = "svg",
  png = "svg", txt = "text" }

-- The format asked for; the end of the name of the file says it when no option does.
local function format_of(options)
  if options.json then return "json" end
  if options.format then return options.format end
  if not options.output or options.output == "-" then return "text" end
  local ending = options.output:match "%.(%w+)$"
  local format = ending and endings[ending:lower()]
  if format then return format end
  core.raise("name", ("'%s' does not say what to write"):format(options.output),
    "hint: end it with .csv .html .json .jsonl .md .png .svg .tsv .txt or .xlsx, or give --format")
end

-- The command and the digest of the data, as lines under a text.
local function provenance(ctx, format)
  local wanted = ctx.options.provenance or "none"
  if wanted == "none" or format ~= "text" or not ctx.current then return "" end
  local quoted = {}
  for i, word in ipairs(ctx.words) do quoted[i] = word:find "[^%w%-_=./:,]" and "'" .. word:gsub("'", "'\\''") .. "'" or word end
  local lines = { ctx.say("Lệnh: ", "Command: ") .. "mekong " .. table.concat(quoted, " ") }
  if wanted == "full" then
    lines[2] = ctx.say("Dữ liệu: ", "Data: ") .. tostring(ctx.current:digest())
    lines[3] = "mekong " .. core.version
  end
  return "\n" .. table.concat(lines, "\n") .. "\n"
end

-- The bytes of a frame in a form with a line a row, piece by piece; nil in other forms.
local function pieces_of(found, format)
  if not require("mekong.frame").is(found) then return nil end
  local parts = require("mekong.frame").parts(found)
  if format == "jsonl" then return require("mekong.render.json").pieces(parts) end
  if format == "csv" or format == "tsv" then
    return require("mekong.render.csv").pieces(parts, { separator = format == "tsv" and "\t" or nil })
  end
end

local function deliver_pieces(ctx, pieces)
  local output = ctx.options.output
  if output and output ~= "-" then
    ctx:do_try(require("mekong.save").write(output, pieces))
    ctx:do_remark("đã ghi " .. output, "wrote " .. output)
    return
  end
  for piece in pieces do io.stdout:write(piece) end
  io.stdout:flush()
end

local function deliver(ctx, found, verb)
  local output = ctx.options.output
  local format = ctx.format
  local pieces = pieces_of(found, format)
  if pieces then return deliver_pieces(ctx, pieces) end
  if require("mekong.frame").is(found) then found = found:table() end
  if format == "svg" and not has(found, "to_svg") and has(found, "chart") then found = found:chart(nil, { locale = ctx.locale }) end
  if output and output ~= "-" then
    if has(found, "save") and not ctx.options.format and not ctx.options.json then
      ctx:do_try(found:save(output))
    else
      ctx:do_try(require("mekong.save").write(output, bytes_of(ctx, found, format, verb) .. provenance(ctx, format)))
    end
    ctx:do_remark("đã ghi " .. output, "wrote " .. output)
    return
  end
  io.stdout:write(bytes_of(ctx, found, format, verb), provenance(ctx, format))
  io.stdout:flush()
end

-- ---------------------------------------------------------------- Lua by hand

-- reader() -> function(prompt) -> line, function() that keeps what was typed. Prompts and the history (~/.mekong_history, with a
-- readline binding) are for people: a stdin that is no terminal is read as it is.
local function reader()
  local function nothing() end
  if not core.file.is_terminal "stdin" then return function() return io.read "l" end, nothing end
  local home = os.getenv "HOME"
  local history = home and home .. "/.mekong_history"
  local ok, lib = pcall(require, "readline")
  if ok and lib.readline then
    if history and lib.set_options then lib.set_options { histfile = history, keeplines = 1000 } end
    return lib.readline, lib.save_history or nothing
  end
  ok, lib = pcall(require, "linenoise")
  if ok and lib.linenoise then
    if history and lib.historyload then lib.historyload(history) end
    return function(prompt)
      local line = lib.linenoise(prompt)
      if line and line ~= "" and lib.historyadd then lib.historyadd(line) end
      return line
    end, function() if history and lib.historysave then lib.historysave(history) end end
  end
  return function(prompt)
    io.stdout:write(prompt)
    io.stdout:flush()
    return io.read "l"
  end, nothing
end

local function show_results(ok, ...)
  if not ok then
    io.stderr:write(tostring((...)), "\n")
    return
  end
  for i = 1, select("#", ...) do
    local value = select(i, ...)
    io.stdout:write(type(value) == "string" and ("%q"):format(value) or tostring(value), "\n")
  end
end

-- The chunk of what was typed, an expression or statements; or nil, why not, and whether more lines could end it.
local function compiled(line, env)
  local chunk, first = load("return " .. line, "=stdin", "t", env)
  if chunk then return chunk end
  local message
  chunk, message = load(line, "=stdin", "t", env)
  return chunk, message, not chunk and (first:find "<eof>$" or message:find "<eof>$") ~= nil
end

function Context:do_repl()
  local mekong = require "mekong"
  local store = self:do_store(self.options.db and "write" or "read")
  local env = setmetatable({ mekong = mekong, store = store, d = store.cases, claims = store:claims() }, { __index = _G })
  self:do_remark("store, d (= store.cases), claims và mekong đã sẵn; Ctrl-D để thôi",
    "store, d (= store.cases), claims and mekong are there; Ctrl-D ends")
  local readline, keep = reader()
  while true do
    local line = readline "mekong> "
    if not line then break end
    local chunk, message, begun = compiled(line, env)
    while begun do
      local more = readline "     >> "
      if not more then break end
      line = line .. "\n" .. more
      chunk, message, begun = compiled(line, env)
    end
    if chunk then show_results(pcall(chunk)) elseif line ~= "" then io.stderr:write(message, "\n") end
  end
  keep()
  return ""
end

function Context:do_help(name) return require("mekong.cli.help").of(name, verbs, args.common, self.locale) end

-- ---------------------------------------------------------------- one command

-- Looked at before any work is done: what is loaded stays, also when its report cannot be written.
local function check_output(output)
  local folder = output and output:match "^(.+)/[^/]*$"
  if folder and not exists(folder) then
    environment_failed(("mekong: the folder of '%s' does not exist [missing]\nhint: create '%s' first, or correct the path"):format(output, folder))
  end
end

local function run(words)
  local first = words[1]
  if first == "--version" then return "mekong " .. core.version .. "\n" end
  local help = require "mekong.cli.help"
  local locale = os.getenv "MEKONG_LOCALE" == "en" and "en" or "vi"
  if first == nil then return help.first(locale) end
  if first == "--help=man" then return help.man(verbs, args.common) end
  if first == "--help" or first == "-h" then return help.of(nil, verbs, args.common, locale) end
  local verb = verbs.find(first)
  local operands, options = args.parse({ table.unpack(words, 2) }, verb)
  local ctx = new_context(options, words)
  if options.help then return help.verb(verb, args.common, ctx.locale) end
  ctx.format = format_of(options)
  check_output(options.output)
  local ok, found, status = xpcall(verb.run, function(message) return message end, ctx, operands, options)
  if ok then ok, found = xpcall(function() deliver(ctx, found, verb[1]) return found end, function(message) return message end) end
  for _, store in ipairs(ctx.opened) do store:close() end
  if not ok and ctx.fresh and verb[1] == "load" then os.remove(ctx.fresh) end -- a load that fails leaves nothing behind
  if not ok then error(found, 0) end
  return nil, status
end

-- Options of the module as those of the command.
local in_shell = { { 'mekong%.read%(text, ({charset = "%w+"})%)', "%1" }, { "the option charset, as in {", "{" },
  { '{charset = "(%w+)"}', "--charset %1" }, { "load without strict", "load without --strict" } }

-- The text of an error without the place in this program, which is not the user's.
local function told(message)
  message = tostring(message)
  for _, pair in ipairs(in_shell) do message = message:gsub(pair[1], pair[2]) end
  return "mekong: " .. (message:match "mekong: (.*)$" or message)
end

-- main(words) -> status
function cli.main(words)
  core.own()
  local ok, text, status = pcall(run, words)
  if ok then
    if text then io.stdout:write(text) end
    return status or 0
  end
  local message = text
  if type(message) == "table" then
    io.stderr:write(told(message.message), "\n")
    return message.status
  end
  if tostring(message):find "interrupted!" then
    io.stderr:write "\n"
    return INTERRUPTED
  end
  io.stderr:write(told(message), "\n")
  local info = require("mekong.errinfo").parse(tostring(message))
  return info and not misuse[info.code] and DATA or USAGE
end

return cli
