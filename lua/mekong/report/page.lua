-- page: a report as one HTML page for screens, phones and A4 paper. Every text is escaped; charts are drawings inside the page, once
-- for wide screens and paper and once for phones.
local cells = require "mekong.render.cells"
local html = require "mekong.render.html"
local labels = require "mekong.labels"

local page = {}

local WIDE, NARROW = 860, 380 -- of charts, in pixels, with the margins of 20 in them that the page takes back

local css = [[
body{margin:0;background:#fff}
.rep{--ink:#1b1f24;--soft:#59636e;--line:#c9d1d9;--hair:#e6eaee;--paper:#fff;--mark:#1f5f99;color:var(--ink);background:var(--paper);
font:16px/1.55 "mekong signs",system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans","DejaVu Sans",sans-serif;
font-variant-numeric:tabular-nums lining-nums;max-width:60rem;margin:0 auto;padding:2.8rem clamp(1rem,4vw,2.5rem) 4rem}
.rep h1{font-size:clamp(1.55rem,4.6vw,2.15rem);line-height:1.2;font-weight:650;letter-spacing:-.01em;margin:0 0 1.4rem;text-wrap:balance}
.rep h2{font-size:1.3rem;line-height:1.3;font-weight:650;margin:0 0 .9rem;text-wrap:balance}
.rep h3{font-size:1rem;line-height:1.35;font-weight:650;margin:1.8rem 0 .5rem;text-wrap:balance}
.rep h2 .no{color:var(--mark);margin-right:.6em}
.rep section{margin:0 0 3.2rem;padding:1.3rem 0 0;border-top:1px solid var(--line)}
.rep #masthead{border-top:3px solid var(--ink);padding-top:1.6rem;margin-bottom:2rem}
.rep p{margin:0 0 .8rem;max-width:42em;text-wrap:pretty}
.rep p.none{color:var(--soft);font-style:italic}
.rep dl{display:grid;grid-template-columns:max-content 1fr;gap:.2rem 1.6rem;margin:0 0 1.1rem;font-size:.93rem}
.rep dt{color:var(--soft)}
.rep dd{margin:0;overflow-wrap:anywhere}
.rep nav{font-size:.93rem;margin:0 0 2.6rem}
.rep nav ol{columns:2;column-gap:2.4rem;margin:0;padding:0;list-style:none}
.rep nav li{margin:0;padding:.16rem 0;break-inside:avoid}
.rep nav a{color:inherit;text-decoration:none}
.rep nav a:hover,.rep nav a:focus{color:var(--mark);text-decoration:underline}
.rep nav .no{display:inline-block;width:1.9em;color:var(--mark)}
.rep .cards{display:grid;grid-template-columns:repeat(auto-fit,minmax(17rem,1fr));gap:1.6rem 2rem;margin:0;padding:0;list-style:none}
.rep .cards li{border-top:2px solid var(--mark);padding:.55rem 0 0}
.rep .cards .label{display:block;font-size:.87rem;color:var(--soft);line-height:1.35}
.rep .cards .value{display:block;font-size:1.75rem;line-height:1.25;font-weight:600;letter-spacing:-.01em;margin:.15rem 0}
.rep .cards .note{display:block;font-size:.87rem;color:var(--soft);line-height:1.4}
.rep figure{margin:1rem 0 1.4rem}
.rep figure .wide{margin:0 calc(-1*min(20px,2.44%))}
.rep figure svg{display:block;max-width:100%;height:auto}
.rep figure .narrow{display:none;margin:0 calc(-1*min(20px,5.88%))}
.rep .mekong{margin:1.2rem 0 1.8rem}
.rep h3+.mekong{margin-top:0}
.rep td.t:not(.long){white-space:nowrap}
.rep td.long{max-width:44em}
.rep th.long{min-width:8em}
.rep tbody th+th{min-width:7.5em}
.rep pre{font:.87rem/1.5 ui-monospace,"DejaVu Sans Mono",Menlo,Consolas,monospace;border-left:3px solid var(--mark);
margin:0 0 1.2rem;padding:.2rem 0 .2rem 1rem;white-space:pre-wrap;overflow-wrap:anywhere}
.rep ul.sources{font-size:.87rem;line-height:1.45;color:var(--soft);margin:0;padding:0;list-style:none;columns:2;column-gap:2.4rem}
.rep ul.sources li{margin:0 0 .25rem;padding-left:1.2em;text-indent:-1.2em;break-inside:avoid;overflow-wrap:anywhere}
@media (prefers-color-scheme:dark){body{background:#15181c}
.rep{--ink:#e6e9ed;--soft:#9aa4af;--line:#4a535d;--hair:#2b3138;--paper:#15181c;--mark:#6cb0e8}}
@media (max-width:40em){.rep{font-size:15px;padding-top:1.6rem}.rep nav ol,.rep ul.sources{columns:1}.rep dl{grid-template-columns:1fr;gap:0}
.rep dd{margin:0 0 .5rem}.rep .cards{grid-template-columns:1fr 1fr;gap:1.3rem 1rem}.rep .cards .value{font-size:1.4rem}
.rep section{margin-bottom:2.4rem}.rep figure .wide{display:none}.rep figure .narrow{display:block}}
@media screen{.rep .scroll{background:linear-gradient(90deg,var(--paper) 40%,transparent) 0/2.4rem 100% no-repeat local,
linear-gradient(270deg,var(--paper) 40%,transparent) 100%/2.4rem 100% no-repeat local,
linear-gradient(90deg,var(--line),transparent) 0/.6rem 100% no-repeat scroll,
linear-gradient(270deg,var(--line),transparent) 100%/.6rem 100% no-repeat scroll}}
@media print{body{background:#fff}
.rep{--ink:#000;--soft:#444;--line:#888;--hair:#ccc;--paper:#fff;--mark:#1f5f99;max-width:none;padding:0;font-size:10pt}
.rep figure .wide{display:block}.rep figure .narrow{display:none}.rep section{break-before:page;border-top:0;padding-top:0;margin-bottom:0}
.rep #masthead,.rep #headline,.rep .brief+section{break-before:auto}
.rep .brief+section{margin-top:2.2em}.rep #masthead{border-top:3px solid #000}.rep h1,.rep h2,.rep h3,.rep h3+.mekong thead{break-after:avoid}
.rep #check .mekong{font-size:8pt}.rep #check .mekong th,.rep #check .mekong td{padding:.16em .5em;line-height:1.25}
.rep figure,.rep .cards li{break-inside:avoid}.rep .cards{grid-template-columns:repeat(3,1fr)}.rep p{orphans:3;widows:3}
@page{size:A4;margin:18mm 16mm;@bottom-right{content:counter(page);font-size:8pt;color:#444}}}
]]

local function escape(s) return html.escape(cells.visible(s)) end

local function items(name, lines, class)
  local out = {}
  for i, line in ipairs(lines) do out[i] = "<li>" .. line .. "</li>" end
  return "<" .. name .. (class and ' class="' .. class .. '"' or "") .. ">\n" .. table.concat(out, "\n") .. "\n</" .. name .. ">"
end

-- kind of block -> HTML; id is a name that no other block of the page has.
local write = {
  text = function(block) return "<p>" .. escape(block.text) .. "</p>" end,
  none = function(block) return '<p class="none">' .. escape(block.text) .. "</p>" end,
  table = function(block, doc)
    local head = block.title and "<h3>" .. escape(block.title) .. "</h3>\n" or ""
    return head .. block.table:to_html { locale = doc.locale, style = false, sources = false, title = false, rows = block.rows }
  end,
  code = function(block) return "<pre>" .. html.escape(cells.visible(table.concat(block.lines, "\n"), true)) .. "</pre>" end,
}

function write.chart(block, _, id)
  local chart = block.table:chart(block.chart, block.options)
  return '<figure>\n<div class="wide">' .. chart:to_svg { id = id, width = WIDE } .. '</div>\n<div class="narrow">' ..
    chart:to_svg { id = id .. "n", width = NARROW } .. "</div>\n</figure>"
end

function write.cards(block)
  local out = {}
  for i, one in ipairs(block.cards) do
    out[i] = ('<span class="label">%s</span><span class="value">%s</span><span class="note">%s</span>'):format(
      escape(one.label), escape(one.value), escape(one.note))
  end
  return items("ul", out, "cards")
end

function write.facts(block)
  local out = {}
  for i, fact in ipairs(block.facts) do out[i] = "<dt>" .. escape(fact[1]) .. "</dt><dd>" .. escape(fact[2]) .. "</dd>" end
  return "<dl>\n" .. table.concat(out, "\n") .. "\n</dl>"
end

function write.list(block)
  local out = {}
  for i, line in ipairs(block.lines) do out[i] = escape(line) end
  return items("ul", out, "sources")
end

local function contents(doc)
  local out = {}
  for i, section in ipairs(doc.sections) do
    if i > 1 then out[#out + 1] = ('<a href="#%s"><span class="no">%d</span>%s</a>'):format(section.id, i - 1, escape(section.title)) end
  end
  return '<nav aria-label="' .. labels.say(doc.locale, "Mục lục", "Contents") .. '">\n' .. items("ol", out) .. "\n</nav>"
end

-- A section of a line or two needs no page of its own.
local function is_brief(section)
  for _, block in ipairs(section.blocks) do
    if block.kind ~= "none" then return false end
  end
  return true
end

local function section_of(section, i, doc)
  local out = {}
  for k, block in ipairs(section.blocks) do out[k] = write[block.kind](block, doc, section.id .. "-" .. k) end
  local head = i == 1 and "<h1>" .. escape(doc.title) .. "</h1>" or
    ('<h2><span class="no">%d</span>%s</h2>'):format(i - 1, escape(section.title))
  return ('<section id="%s"%s>\n%s\n%s\n</section>'):format(section.id, is_brief(section) and ' class="brief"' or "", head,
    table.concat(out, "\n"))
end

function page.html(doc)
  local out = { '<div class="rep">' }
  for i, section in ipairs(doc.sections) do
    out[#out + 1] = section_of(section, i, doc)
    if i == 1 then out[#out + 1] = contents(doc) end
  end
  out[#out + 1] = "</div>\n"
  return html.page(cells.visible(doc.title), table.concat(out, "\n"), doc.locale, html.css .. css)
end

return page
