-- document: several tables under headings, as text, Markdown or a page of HTML. A document is {locale =, title =, parts = list of
-- {title =, table = Table or nil, empty = the words where there is none}, sources = lines}.
local cells = require "mekong.render.cells"
local html = require "mekong.render.html"
local labels = require "mekong.labels"
local markdown = require "mekong.render.markdown"

local document = {}

local function sources_word(doc) return labels.say(doc.locale, "Nguồn", "Sources") end

function document.text(doc)
  local lines = { doc.title }
  for i, part in ipairs(doc.parts) do
    lines[#lines + 1] = "\n" .. i .. ". " .. part.title
    lines[#lines + 1] = part.table and part.table:to_text { locale = doc.locale } or "   " .. part.empty
  end
  lines[#lines + 1] = "\n" .. sources_word(doc)
  for _, line in ipairs(doc.sources) do lines[#lines + 1] = line end
  return table.concat(lines, "\n")
end

function document.markdown(doc)
  local lines = { "# " .. markdown.text(cells.visible(doc.title)) }
  for i, part in ipairs(doc.parts) do
    lines[#lines + 1] = ("\n## %d. %s\n"):format(i, markdown.text(cells.visible(part.title)))
    local t = part.table
    lines[#lines + 1] = t and t:to_markdown({ locale = doc.locale, sources = false }):gsub("\n$", "") or markdown.text(part.empty)
  end
  lines[#lines + 1] = "\n## " .. sources_word(doc) .. "\n"
  for _, line in ipairs(doc.sources) do lines[#lines + 1] = "- " .. markdown.text(cells.visible(line)) end
  return table.concat(lines, "\n") .. "\n"
end

local css = [[
.mekong-page{font:15px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans","DejaVu Sans",sans-serif;color:#1b1f24}
.mekong-page h1{font-size:1.55em;line-height:1.25;margin:0 0 1em;text-wrap:balance}
.mekong-page h2{font-size:1.15em;line-height:1.3;margin:1.8em 0 .6em;break-after:avoid}
.mekong-page .empty{color:#59636e}
@media (prefers-color-scheme:dark){.mekong-page{color:#e6e9ed}.mekong-page .empty{color:#9aa4af}}
@media print{.mekong-page{color:#000}}
]]

-- A whole page; tables keep their notes, their sources stand once at the end.
function document.html(doc)
  local escape, out = function(s) return html.escape(cells.visible(s)) end, {}
  out[1] = '<div class="mekong-page">\n<h1>' .. escape(doc.title) .. "</h1>"
  for i, part in ipairs(doc.parts) do
    out[#out + 1] = ("<section>\n<h2>%d. %s</h2>"):format(i, escape(part.title))
    out[#out + 1] = (part.table and part.table:to_html { locale = doc.locale, style = false, sources = false }
      or '<p class="empty">' .. escape(part.empty) .. "</p>\n") .. "</section>"
  end
  out[#out + 1] = "<section>\n<h2>" .. sources_word(doc) .. '</h2>\n<div class="mekong"><ul class="notes">'
  for _, line in ipairs(doc.sources) do out[#out + 1] = "<li>" .. escape(line) .. "</li>" end
  out[#out + 1] = "</ul></div>\n</section>\n</div>\n"
  return html.page(doc.title, table.concat(out, "\n"), doc.locale, html.css .. html.page_css .. css)
end

return document
