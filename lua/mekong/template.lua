-- template: the empty file that store:load reads back: a table's headings as CSV, for people to fill in.
local core = require "mekong.core"
local options = require "mekong.options"

local template = {}

local function quoted(text)
  if not text:find '[",\r\n]' then return text end
  return '"' .. text:gsub('"', '""') .. '"'
end

local function tables_by_name()
  local tables, names, aliases = core.store.tables(), {}, {}
  for i, t in ipairs(tables) do names[i], aliases[i] = t.name, t.aliases or false end
  return tables, names, aliases
end

-- mekong.template(table [, {locale = "vi" | "en"}]) -> CSV text of one line: Vietnamese headings, or with "en" the names of
-- the columns. That of cases has the columns of their lines behind. Vietnamese begins with the mark by which spreadsheets
-- know UTF-8.
function template.template(name, opts)
  opts = options.check(opts, { "locale" }, "mekong.template")
  local locale = options.choice(opts.locale, { "vi", "en" }, "vi", "locale")
  if type(name) ~= "string" then core.raise("type", "mekong.template takes the name of a table, not a " .. type(name)) end
  local tables, names, aliases = tables_by_name()
  local at = core.find_name(name, names, aliases, "table")
  local heads = {}
  local function add(columns, skip)
    for _, column in ipairs(columns) do
      local head = locale == "vi" and column.aliases and column.aliases:match "^[^|]+" or column.name
      if column.name ~= skip then heads[#heads + 1] = quoted(head) end
    end
  end
  add(tables[at].columns)
  if tables[at].name == "cases" then
    for _, t in ipairs(tables) do
      if t.name == "lines" then add(t.columns, "case") end
    end
  end
  return (locale == "vi" and "\u{FEFF}" or "") .. table.concat(heads, ",") .. "\r\n"
end

return template
