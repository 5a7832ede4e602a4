-- table_output: what a Table gives to people and programs: text, CSV, JSON, Markdown, HTML, workbooks, and files of these.
local core = require "mekong.core"
local labels = require "mekong.labels"
local options = require "mekong.options"

local PRINTED = 60 -- rows that print(t) shows; to_text shows all unless told otherwise

local locales = { "vi", "en" }

local function checked(t, opts, allowed, what)
  opts = options.check(opts, allowed, what)
  options.choice(opts.locale, locales, nil, "locale")
  return opts, opts.locale or t.meta_.locale or "vi"
end

-- The options that all printed forms share.
local function check_shown(opts)
  local rows, title = opts.rows, opts.title
  if rows ~= nil and (math.type(rows) ~= "integer" or rows < 1) then
    core.raise("range", "option rows must be a whole number from 1 on, not " .. labels.quote(rows))
  end
  options.typed(opts.notes, "boolean", "notes")
  if title ~= nil and type(title) ~= "boolean" then options.typed(title, "string", "title") end
end

local function lines() return require "mekong.render.lines" end

return function(Table)
  local methods, check = Table.methods, Table.check

  -- Lines for a terminal or a mail. opts: locale, title (false: none, or another one), notes = false, rows = most rows shown
  -- (the first and the last), color = true (bold and faint for a terminal).
  function methods:to_text(opts)
    opts = checked(check(self, "to_text"), opts, { "color", "locale", "notes", "rows", "title" }, "Table:to_text")
    options.typed(opts.color, "boolean", "color")
    check_shown(opts)
    return require("mekong.render.text").table(self, opts)
  end

  Table.__tostring = function(self) return methods.to_text(self, { rows = PRINTED }) end

  require("mekong.display").give(methods, { { "text/html", function(t) return methods.to_html(t, { rows = PRINTED }) end } }, Table)

  -- Bytes of forms with a line a row, piece by piece; the options are checked.
  local function csv_pieces(t, opts)
    opts = checked(check(t, "to_csv"), opts, { "dialect", "locale", "separator" }, "Table:to_csv")
    options.choice(opts.dialect, { "machine", "excel-vi" }, nil, "dialect")
    options.choice(opts.separator, { ",", ";", "\t", "|" }, nil, "separator")
    return require("mekong.render.csv").pieces(lines().once(t), opts)
  end

  -- Separated values. opts: dialect = "machine" (points, ISO dates, every part of a figure in a column) or "excel-vi"
  -- (printed headings, ";", decimal comma), locale of texts, separator.
  function methods:to_csv(opts)
    return lines().whole(csv_pieces(self, opts))
  end

  local function json_pieces(t) return require("mekong.render.json").pieces(lines().once(t)) end

  -- {"format":"mekong.table","version":1,"columns":[...],"rows":[...],...}; opts: locale of labels and notes, lines = true (one
  -- row a line, rows only), pretty = false (one line).
  function methods:to_json(opts)
    local locale
    opts, locale = checked(check(self, "to_json"), opts, { "lines", "locale", "pretty" }, "Table:to_json")
    options.typed(opts.lines, "boolean", "lines")
    options.typed(opts.pretty, "boolean", "pretty")
    local json = require "mekong.render.json"
    if opts.lines then return lines().whole(json_pieces(self)) end
    return json.encode(json.table(self, locale), opts.pretty ~= false)
  end

  -- GitHub-flavoured Markdown; opts: locale, title, notes = false, rows, sources = false (the list of them under the table).
  function methods:to_markdown(opts)
    opts = checked(check(self, "to_markdown"), opts, { "locale", "notes", "rows", "sources", "title" }, "Table:to_markdown")
    check_shown(opts)
    options.typed(opts.sources, "boolean", "sources")
    return require("mekong.render.markdown").table(self, opts)
  end

  -- HTML without scripts; opts: locale, title, notes = false, rows, sources = false, standalone = true (a whole page),
  -- style = false (a fragment for a page that has the style sheet already).
  function methods:to_html(opts)
    opts = checked(check(self, "to_html"), opts, { "locale", "notes", "rows", "sources", "standalone", "style", "title" },
      "Table:to_html")
    check_shown(opts)
    for _, name in ipairs { "sources", "standalone", "style" } do options.typed(opts[name], "boolean", name) end
    return require("mekong.render.html").table(self, opts)
  end

  -- The bytes of a workbook | nil, message, info where the optional part is not installed; opts: locale.
  function methods:to_xlsx(opts)
    opts = checked(check(self, "to_xlsx"), opts, { "locale" }, "Table:to_xlsx")
    return require("mekong.render.xlsx").table(self, opts)
  end

  -- chart([kind] [, opts]) -> Chart: a picture of the table, the kind that fits it unless one is named (chart.lua says which).
  function methods:chart(kind, opts) return require("mekong.chart").of(check(self, "chart"), kind, opts) end

  -- format -> function(t, opts): the bytes of a file, or a function that gives them piece by piece
  local writers = {
    csv = csv_pieces,
    txt = function(t, opts) return methods.to_text(t, opts) .. "\n" end,
    json = function(t, opts) return methods.to_json(t, opts) .. "\n" end,
    tsv = function(t, opts)
      opts.separator = opts.separator or "\t"
      return csv_pieces(t, opts)
    end,
    md = methods.to_markdown,
    xlsx = methods.to_xlsx,
    html = function(t, opts)
      if opts.standalone == nil then opts.standalone = true end
      return methods.to_html(t, opts)
    end,
    jsonl = function(t, opts)
      opts = checked(t, opts, { "lines", "locale", "pretty" }, "Table:to_json")
      options.typed(opts.pretty, "boolean", "pretty")
      return json_pieces(t)
    end,
  }

  -- save(path [, opts]) -> true | nil, message, info: into a file whose format the end of its name says (or opts.format); opts as
  -- of the method that makes it. The file is whole or as it was before.
  function methods:save(path, opts)
    check(self, "save")
    local own = {}
    for name, write in pairs(writers) do
      own[name] = function(given) return write(self, given) end
    end
    return require("mekong.save").by_name(path, opts, own, "Table:save")
  end
end
