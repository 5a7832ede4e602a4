-- html: a Table as HTML: caption, words over the columns of a wide table, a stub that stays in view, totals, notes and sources.
-- Every text is escaped here; nothing is loaded from elsewhere and nothing runs.
local labels = require "mekong.labels"
local model = require "mekong.render.model"
local text = require "mekong.render.text"

local html = {}

local entities = { ["&"] = "&amp;", ["<"] = "&lt;", [">"] = "&gt;", ['"'] = "&quot;", ["'"] = "&#39;" }

-- A text for the content of an element or a quoted attribute.
function html.escape(s) return (s:gsub("[&<>\"']", entities)) end

-- What tables look like, wherever they stand; colours change with the host's dark mode, rules are few and thin.
-- The signs of bounds come from a font that has them: shapers build ≠ of two glyphs that do not fit where a font lacks it.
html.css = [[
@font-face{font-family:"mekong signs";src:local("DejaVu Sans"),local("Segoe UI"),local("Arial"),local("Helvetica");
unicode-range:U+2248,U+2260,U+2264,U+2265,U+2272}
.mekong{--ink:#1b1f24;--soft:#59636e;--line:#c9d1d9;--hair:#e6eaee;--paper:#fff;color:var(--ink);background:var(--paper);
font:15px/1.45 "mekong signs",system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans","DejaVu Sans",sans-serif;
font-variant-numeric:tabular-nums lining-nums;text-align:left;margin:0 0 1.6em}
.mekong .scroll{overflow-x:auto}
.mekong table{border-collapse:collapse;border-top:2px solid var(--ink);border-bottom:1px solid var(--ink);margin:0;width:auto}
.mekong .title{font-weight:650;font-size:1.08em;margin:0 0 .5em;text-wrap:balance}
.mekong caption{text-align:left}
.mekong th,.mekong td{padding:.34em .8em;vertical-align:top;text-align:left;font-weight:400}
.mekong td.t,.mekong tbody th{max-width:26em}
.mekong td.long{min-width:10em}
.mekong th:first-child,.mekong td:first-child{padding-left:.3em}
.mekong th:last-child,.mekong td:last-child{padding-right:.3em}
.mekong thead th{font-weight:600;vertical-align:bottom;line-height:1.25;text-wrap:balance}
.mekong thead tr:last-child th,.mekong thead th[rowspan]{border-bottom:1px solid var(--ink)}
.mekong thead th.over{text-align:center;border-bottom:1px solid var(--line);color:var(--soft);font-weight:600}
.mekong th.n,.mekong td.n{text-align:right;white-space:nowrap}
.mekong thead th.n{white-space:normal}
.mekong td.n[data-f]::after{content:attr(data-f);visibility:hidden}
.mekong tbody tr+tr>*{border-top:1px solid var(--hair)}
.mekong tbody th{position:sticky;left:0;background:var(--paper)}
.mekong tbody.total>tr>*{border-top:1px solid var(--ink);font-weight:650}
.mekong tr.others>*{color:var(--soft)}
.mekong tr.gap>td{text-align:center;color:var(--soft);font-style:italic}
.mekong td.none{color:var(--soft)}
.mekong .notes,.mekong ul.notes{color:var(--soft);font-size:.87em;line-height:1.45;margin:.55em 0 0;max-width:62em}
.mekong ul.notes,.mekong .notes p,.mekong .notes ul{margin:.15em 0;padding:0}
.mekong .notes li{list-style:none;margin:.15em 0 .15em 1.2em;text-indent:-1.2em;overflow-wrap:anywhere}
@media (prefers-color-scheme:dark){.mekong{--ink:#e6e9ed;--soft:#9aa4af;--line:#4a535d;--hair:#2b3138;--paper:#15181c}}
@media (max-width:34em){.mekong{font-size:14px}.mekong td.long{min-width:14em}.mekong th,.mekong td{padding:.34em .55em}}
@media print{.mekong{--ink:#000;--soft:#444;--line:#888;--hair:#ccc;--paper:#fff;font-size:9.5pt}.mekong .scroll{overflow:visible}
.mekong tr{break-inside:avoid}.mekong thead{display:table-header-group}.mekong tbody th{position:static}}
]]

html.page_css = [[
body{margin:0;padding:1.6rem clamp(.9rem,4vw,3rem);background:#fff}
@media (prefers-color-scheme:dark){body{background:#15181c}}
@media print{body{padding:0;background:#fff}@page{size:A4;margin:16mm 14mm}}
]]

-- A whole page around content that is HTML already.
function html.page(title, content, locale, css)
  return table.concat({ "<!DOCTYPE html>", '<html lang="' .. (locale == "en" and "en" or "vi") .. '">', "<head>",
    '<meta charset="utf-8">', '<meta name="viewport" content="width=device-width, initial-scale=1">',
    [[<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:">]],
    '<meta name="color-scheme" content="light dark">', '<link rel="icon" href="data:,">',
    "<title>" .. html.escape(title) .. "</title>", "<style>", (css or html.css .. html.page_css) .. "</style>", "</head>", "<body>",
    "<main>", content .. "</main>", "</body>", "</html>", "" }, "\n")
end

-- What stands behind the decimal mark of each cell, filled up to the longest of the column, so that the marks align; the filling is
-- drawn by the style sheet and is no part of the text.
local function fillings(list, mark)
  local tails, longest, out = {}, "", {}
  for r, s in ipairs(list) do
    tails[r] = select(2, text.split(s, mark))
    if utf8.len(tails[r]) > utf8.len(longest) then longest = tails[r] end
  end
  local n = utf8.len(longest)
  for r, tail in ipairs(tails) do
    local own = utf8.len(tail)
    if own < n then out[r] = longest:sub(utf8.offset(longest, own + 1)) end
  end
  return out
end

-- The column whose cells name the rows: the keys, or a first column that is no number.
local function in_stub(shown, k)
  local one = shown.columns[k]
  if shown.columns[1].key then return one.key end
  return k == 1 and not one.right
end

local long_word = ("[^ ]"):rep(31)

-- Where a line may break inside a word that is longer than any of a language.
local function breakable(s)
  if #s <= 30 or not s:find(long_word) then return html.escape(s) end
  local out, run = {}, 0
  for _, point in utf8.codes(s) do
    run = point == 32 and 0 or run + 1
    if run > 30 and run % 10 == 1 then out[#out + 1] = "<wbr>" end
    out[#out + 1] = html.escape(utf8.char(point))
  end
  return table.concat(out)
end

local function cell(one, r, stub, fill)
  local value = breakable(one.cells[r])
  if stub then return '<th scope="row"' .. (one.long and ' class="long"' or "") .. ">" .. value .. "</th>" end
  local none = value == "–" and " none" or ""
  if not one.right then return '<td class="t' .. (one.long and " long" or "") .. none .. '">' .. value .. "</td>" end
  local filled = fill[r] and ' data-f="' .. html.escape(fill[r]) .. '"' or ""
  return '<td class="n' .. none .. '"' .. filled .. ">" .. value .. "</td>"
end

local function head(out, shown)
  local spanner = shown.spanner
  out[#out + 1] = "<thead>"
  if spanner then
    local row, count = {}, #shown.columns
    for k, one in ipairs(shown.columns) do
      if k < spanner.first or k > spanner.last then
        row[#row + 1] = ('<th scope="col" rowspan="2"%s>%s</th>'):format(one.right and ' class="n"' or "", html.escape(one.heading))
      elseif k == spanner.first then
        row[#row + 1] = ('<th scope="colgroup" class="over" colspan="%d">%s</th>'):format(spanner.last - k + 1, html.escape(spanner.text))
      end
    end
    out[#out + 1] = "<tr>" .. table.concat(row, "", 1, math.min(#row, count)) .. "</tr>"
  end
  local row = {}
  for k, one in ipairs(shown.columns) do
    if not spanner or k >= spanner.first and k <= spanner.last then
      row[#row + 1] = ('<th scope="col"%s>%s</th>'):format(one.right and ' class="n"' or "", html.escape(one.heading))
    end
  end
  out[#out + 1] = "<tr>" .. table.concat(row) .. "</tr>"
  out[#out + 1] = "</thead>"
end

-- Whether a column holds running text, which a narrow screen must not press into a word a line.
local function has_long(list)
  for _, s in ipairs(list) do
    if utf8.len(s) > 24 then return true end
  end
  return false
end

local function body(out, shown)
  local mark, fill = shown.locale == "en" and "." or ",", {}
  for k, one in ipairs(shown.columns) do
    fill[k], one.long = one.right and fillings(one.cells, mark) or {}, not one.right and has_long(one.cells)
  end
  out[#out + 1] = "<tbody>"
  for r = 1, #shown.rows do
    local row = {}
    for k, one in ipairs(shown.columns) do row[k] = cell(one, r, in_stub(shown, k), fill[k]) end
    if r == shown.total then out[#out + 1] = '</tbody>\n<tbody class="total">' end
    out[#out + 1] = (r == shown.others and '<tr class="others">' or "<tr>") .. table.concat(row) .. "</tr>"
    if shown.gap and r == shown.head then
      out[#out + 1] = ('<tr class="gap"><td colspan="%d">%s</td></tr>'):format(#shown.columns, html.escape(shown.gap))
    end
  end
  if shown.empty then
    out[#out + 1] = ('<tr class="gap"><td colspan="%d">%s</td></tr>'):format(#shown.columns, html.escape(shown.empty))
  end
  out[#out + 1] = "</tbody>"
end

local function notes(out, shown)
  if not shown.notes[1] and not shown.sources[1] then return end
  out[#out + 1] = '<div class="notes">'
  for _, note in ipairs(shown.notes) do out[#out + 1] = "<p>" .. html.escape(note) .. "</p>" end
  if shown.sources[1] then
    out[#out + 1] = "<p>" .. labels.say(shown.locale, "Nguồn:", "Sources:") .. "</p>"
    out[#out + 1] = "<ul>"
    for _, source in ipairs(shown.sources) do out[#out + 1] = "<li>" .. html.escape(source) .. "</li>" end
    out[#out + 1] = "</ul>"
  end
  out[#out + 1] = "</div>"
end

-- table(t, {locale =, title =, notes =, rows =, standalone = a whole page, style = false: without the style sheet}) -> HTML
function html.table(t, opts)
  local shown = model.of(t, { locale = opts.locale, title = opts.title, notes = opts.notes, rows = opts.rows,
    sources = opts.sources ~= false })
  local out = {}
  if opts.style ~= false and not opts.standalone then out[1] = "<style>\n" .. html.css .. "</style>" end
  out[#out + 1] = '<div class="mekong" lang="' .. shown.locale .. '">'
  local name = shown.title and html.escape(shown.title) or nil
  out[#out + 1] = '<div class="scroll" tabindex="0"' .. (name and ' role="region" aria-label="' .. name .. '"' or "") .. ">"
  out[#out + 1] = "<table>"
  if name then out[#out + 1] = '<caption class="title">' .. name .. "</caption>" end
  head(out, shown)
  body(out, shown)
  out[#out + 1] = "</table>"
  out[#out + 1] = "</div>"
  notes(out, shown)
  out[#out + 1] = "</div>\n"
  local content = table.concat(out, "\n")
  if not opts.standalone then return content end
  return html.page(shown.title or labels.say(shown.locale, "Bảng số liệu", "Table"), content, shown.locale)
end

return html
