-- doc: the one source of documentation. mekong.help, the reference in the README, the types for editors and the man page
-- are all made from the lists in mekong/doc/; every example there is run by spec/doc_spec.lua and must give what it says.
--
-- A list describes one class (or the module itself): class, the sentences vi and en, internal (methods that are not for
-- users), then an entry for each public name:
--   { "top", "n [, {by =, ties =, others =}]", returns = "Table", vi = "...", en = "...",
--     args = { { "n", "integer", "how many rows" }, ... }      "name?" may be left out; types are those of LuaCATS
--     opts = { { "by", "string", "the measure that ranks" }, ... }
--     errors = "name range", example = "n:top(2)", gives = "...", source = "..." }
-- A field (not a call) has no second member. example and gives are what `print(example)` shows, several results joined by
-- ", ", an error as its code in brackets.
local core = require "mekong.core"
local order = require "mekong.order"

local doc = {}
local parts = { "module", "store", "load", "frame", "grouped", "table", "figure", "claims", "solution", "bilateral", "report",
  "chart", "text", "fmt" }

-- The classes in order, each with its entries; read when first asked for.
function doc.classes()
  local list = {}
  for i, part in ipairs(parts) do list[i] = require("mekong.doc." .. part) end
  return list
end

-- "mekong.open", "Table:top", "Figure.best": how an entry is named everywhere.
function doc.name(class, entry)
  if class.class == "mekong" or class.plain then return class.class .. "." .. entry[1] end
  return class.class .. (entry[2] and ":" or ".") .. entry[1]
end

-- The call as it is written, with its arguments.
function doc.call(class, entry)
  return doc.name(class, entry) .. (entry[2] and "(" .. entry[2] .. ")" or "")
end

local function bare(name) return (name:match "[%w_]+$" or name):lower() end

-- Entries that a name means: "Table:top" exactly, else every class's "top". -> list of {class =, entry =}
function doc.find(name)
  local all, exact, same = {}, {}, {}
  local wanted = name:lower():gsub("[%(%s].*$", ""):gsub("%.", ":")
  for _, class in ipairs(doc.classes()) do
    if class.class:lower() == wanted then return { { class = class } } end
    for _, entry in ipairs(class) do
      local item, full = { class = class, entry = entry }, doc.name(class, entry)
      all[#all + 1] = full
      if full:lower():gsub("%.", ":") == wanted then exact[#exact + 1] = item end
      if bare(full) == bare(wanted) then same[#same + 1] = item end
    end
  end
  if exact[1] then return exact end
  if same[1] then return same end
  order.texts(all)
  core.find_name(name, all, {}, "documented name")
end

-- ---------------------------------------------------------------- for people

local words = {
  vi = { args = "Tham số", opts = "Tùy chọn", returns = "Trả về", errors = "Lỗi", example = "Ví dụ", source = "Nguồn",
    more = "mekong.help \"tên\" cho biết thêm về từng tên." },
  en = { args = "Arguments", opts = "Options", returns = "Returns", errors = "Errors", example = "Example", source = "Source",
    more = "mekong.help \"name\" says more about each." },
}

local function list(out, title, rows)
  if not rows then return end
  out[#out + 1] = "  " .. title .. ":"
  local wide = 0
  for _, row in ipairs(rows) do wide = math.max(wide, #row[1] + #row[2] + 2) end
  for _, row in ipairs(rows) do
    local head = row[1] .. ": " .. row[2]
    out[#out + 1] = "    " .. head .. (" "):rep(wide - #head + 2) .. row[3]
  end
end

-- One entry as text.
function doc.entry_text(class, entry, locale)
  local w, out = words[locale], { doc.call(class, entry), "  " .. entry[locale] }
  list(out, w.args, entry.args)
  list(out, w.opts, entry.opts)
  if entry.returns then out[#out + 1] = "  " .. w.returns .. ": " .. entry.returns end
  if entry.errors then out[#out + 1] = "  " .. w.errors .. ": [" .. entry.errors:gsub(" ", "] [") .. "]" end
  out[#out + 1] = "  " .. w.example .. ": " .. entry.example
  for line in (entry.gives .. "\n"):gmatch "(.-)\n" do out[#out + 1] = (line == "" and "" or "    " .. line) end
  if entry.source then out[#out + 1] = "  " .. w.source .. ": " .. entry.source end
  return table.concat(out, "\n")
end

-- A class as text: what it is, then a line for each name.
function doc.class_text(class, locale)
  local out, wide, width = { class.class .. ": " .. class[locale] }, 0, require("mekong.text").width
  for _, entry in ipairs(class) do wide = math.max(wide, width(doc.call(class, entry))) end
  wide = math.min(wide, 44)
  for _, entry in ipairs(class) do
    local call = doc.call(class, entry)
    if width(call) > wide then
      out[#out + 1] = "  " .. call
      call = ""
    end
    out[#out + 1] = "  " .. call .. (" "):rep(wide - width(call) + 2) .. entry[locale]
  end
  return table.concat(out, "\n")
end

local Help = { __name = "mekong.Help" }
Help.__index = Help
Help.__tostring = function(self) return self.text end
require("mekong.display").give(Help)

-- mekong.help([name [, {locale = "vi"|"en"}]]) -> Help, printable: what a name does, its arguments, results, errors and an
-- example; of a class all its names; without a name everything there is. An unknown name is an error with the nearest.
function doc.help(name, opts)
  local options = require "mekong.options"
  opts = options.check(opts, { "locale" }, "mekong.help")
  local locale = options.choice(opts.locale, { "vi", "en" }, "vi", "option locale")
  local texts = {}
  if name == nil then
    for i, class in ipairs(doc.classes()) do texts[i] = doc.class_text(class, locale) end
    texts[#texts + 1] = words[locale].more
  elseif type(name) ~= "string" then
    core.raise("type", "mekong.help takes a name such as \"Table:top\", not a " .. type(name))
  else
    for i, item in ipairs(doc.find(name)) do
      texts[i] = item.entry and doc.entry_text(item.class, item.entry, locale) or doc.class_text(item.class, locale)
    end
  end
  return setmetatable({ text = table.concat(texts, "\n\n") }, Help)
end

return doc
