-- bilateral_output: the bilateral summary as text, JSON, Markdown and HTML, and files of these.
local json = require "mekong.render.json"
local options = require "mekong.options"
local save = require "mekong.save"

-- document(self, locale) -> {locale =, title =, parts = {{name =, title =, table =, empty =}}, sources =}, as render/document takes it.
return function(Bilateral, document)
  local function document_of(self, opts, allowed, what)
    opts = options.check(opts, allowed, what)
    return document(self, options.choice(opts.locale, { "vi", "en" }, self.store:locale(), "locale")), opts
  end

  local function form(name, method)
    return function(self, opts)
      return require("mekong.render.document")[name]((document_of(self, opts, { "locale" }, "Bilateral:" .. method)))
    end
  end

  Bilateral.to_text = form("text", "to_text")
  Bilateral.to_markdown = form("markdown", "to_markdown")
  Bilateral.to_html = form("html", "to_html")

  -- Every table of the summary with its heading, as {"format":"mekong.bilateral","version":1,"parties":[..],"parts":[..]}.
  function Bilateral:to_json(opts)
    local doc, given = document_of(self, opts, { "locale", "pretty" }, "Bilateral:to_json")
    local parts = {}
    for i, part in ipairs(doc.parts) do
      parts[i] = json.object("name", part.name, "title", part.title, "table", json.table(self[part.name], doc.locale))
    end
    return json.encode(json.object("format", "mekong.bilateral", "version", 1, "locale", doc.locale, "title", doc.title,
      "parties", json.list { self.a.code, self.b.code }, "parts", json.list(parts), "sources", json.list(doc.sources)),
      given.pretty ~= false)
  end

  -- save(path [, opts]) -> true | nil, message, info, as Table:save does.
  function Bilateral:save(path, opts)
    return save.by_name(path, opts, {
      txt = function(given) return self:to_text(given) .. "\n" end,
      md = function(given) return self:to_markdown(given) end,
      html = function(given) return self:to_html(given) end,
      json = function(given) return self:to_json(given) .. "\n" end,
    }, "Bilateral:save")
  end

  Bilateral.__tostring = function(self) return self:to_text() end
end
