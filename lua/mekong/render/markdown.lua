-- markdown: a Table as GitHub-flavoured Markdown. What stands in a cell is text: every sign that Markdown would act on is
-- written so that it does not.
local labels = require "mekong.labels"
local model = require "mekong.render.model"

local markdown = {}

-- A text as it stands in a line: "<" and "&" as entities, other signs behind a backslash, addresses not made links.
function markdown.text(s)
  s = s:gsub("[\\`*_%[%]|~#]", "\\%0"):gsub("&", "&amp;"):gsub("<", "&lt;"):gsub(">", "&gt;")
  return (s:gsub("://", ":&#47;/"):gsub("[Ww][Ww][Ww]%.", function(w) return w:sub(1, 3) .. "&#46;" end))
end

-- A line that begins as no list, heading or rule does.
local function line(s)
  s = markdown.text(s)
  return (s:gsub("^[-+=]", "\\%0"):gsub("^(%d+)([.)])", "%1\\%2"))
end

local function row_of(list) return "| " .. table.concat(list, " | ") .. " |" end

local function strong(s) return s ~= "" and "**" .. s .. "**" or s end

-- table(t, {locale =, title =, notes =, rows =}) -> lines
function markdown.table(t, opts)
  local shown = model.of(t, { locale = opts.locale, title = opts.title, notes = opts.notes, rows = opts.rows,
    sources = opts.sources ~= false })
  local lines, head, rule = {}, {}, {}
  local written = setmetatable({}, { __index = function(known, s) -- cells come again and again
    known[s] = markdown.text(s)
    return known[s]
  end })
  local function paragraph(text)
    if lines[1] then lines[#lines + 1] = "" end
    lines[#lines + 1] = text
  end
  if shown.title then paragraph(strong(line(shown.title))) end
  if shown.spanner then
    paragraph(labels.say(shown.locale, "Các cột: ", "Columns: ") .. markdown.text(shown.spanner.text))
  end
  for k, one in ipairs(shown.columns) do head[k], rule[k] = markdown.text(one.heading), one.right and "---:" or ":---" end
  paragraph(row_of(head))
  lines[#lines + 1] = row_of(rule)
  for r = 1, #shown.rows do
    local row = {}
    for k, one in ipairs(shown.columns) do
      row[k] = written[one.cells[r]]
      if r == shown.total then row[k] = strong(row[k]) end
    end
    lines[#lines + 1] = row_of(row)
    if shown.gap and r == shown.head then lines[#lines + 1] = row_of { markdown.text(shown.gap), ("| "):rep(#head - 2) } end
  end
  if shown.empty then paragraph(markdown.text(shown.empty)) end
  for _, note in ipairs(shown.notes) do paragraph(line(note)) end
  if shown.sources[1] then
    paragraph(labels.say(shown.locale, "Nguồn:", "Sources:"))
    lines[#lines + 1] = ""
    for _, source in ipairs(shown.sources) do lines[#lines + 1] = "- " .. markdown.text(source) end
  end
  return table.concat(lines, "\n") .. "\n"
end

return markdown
