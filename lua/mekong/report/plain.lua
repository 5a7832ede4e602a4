-- plain: a report as Markdown and as lines of text.
local cells = require "mekong.render.cells"
local markdown = require "mekong.render.markdown"

local plain = {}

local function title_of(block)
  if block.alone then return block.options.title end
  return block.title
end

-- block -> Markdown; charts are told by the tables beside them.
local write = {
  text = function(block) return markdown.text(cells.visible(block.text)) end,
  none = function(block) return "*" .. markdown.text(cells.visible(block.text)) .. "*" end,
  table = function(block, doc)
    return (block.table:to_markdown { locale = doc.locale, sources = false, title = title_of(block), rows = block.rows }:gsub("\n$", ""))
  end,
  code = function(block) return "```\n" .. cells.visible(table.concat(block.lines, "\n"), true) .. "\n```" end,
}
local function bullets(lines) return "- " .. table.concat(lines, "\n- ") end

function write.cards(block)
  local lines = {}
  for i, one in ipairs(block.cards) do
    lines[i] = ("%s: **%s** (%s)"):format(markdown.text(one.label), markdown.text(one.value), markdown.text(cells.visible(one.note)))
  end
  return bullets(lines)
end

function write.facts(block)
  local lines = {}
  for i, fact in ipairs(block.facts) do lines[i] = markdown.text(fact[1]) .. ": " .. markdown.text(cells.visible(fact[2])) end
  return bullets(lines)
end

function write.list(block)
  local lines = {}
  for i, line in ipairs(block.lines) do lines[i] = markdown.text(cells.visible(line)) end
  return bullets(lines)
end

-- Drawings that stand for their table give the table.
local function form_of(block) return block.alone and "table" or block.kind end

function plain.markdown(doc)
  local lines = { "# " .. markdown.text(cells.visible(doc.title)) }
  for i, section in ipairs(doc.sections) do
    if i > 1 then lines[#lines + 1] = ("\n## %d. %s"):format(i - 1, markdown.text(cells.visible(section.title))) end
    for _, block in ipairs(section.blocks) do
      local form = form_of(block)
      if write[form] then lines[#lines + 1] = "\n" .. write[form](block, doc) end
    end
  end
  return table.concat(lines, "\n") .. "\n"
end

-- ---------------------------------------------------------------- text

local function indented(lines)
  local out = {}
  for i, line in ipairs(lines) do out[i] = "  " .. cells.visible(line) end
  return table.concat(out, "\n")
end

local say = {
  text = function(block) return cells.visible(block.text) end,
  none = function(block) return "  " .. cells.visible(block.text) end,
  table = function(block, doc) return block.table:to_text { locale = doc.locale, title = title_of(block), rows = block.rows } end,
  list = function(block) return indented(block.lines) end,
  code = function(block) return indented(block.lines) end,
}

function say.cards(block)
  local lines = {}
  for i, one in ipairs(block.cards) do lines[i] = one.label .. ": " .. one.value .. " (" .. one.note .. ")" end
  return indented(lines)
end

function say.facts(block)
  local lines = {}
  for i, fact in ipairs(block.facts) do lines[i] = fact[1] .. ": " .. fact[2] end
  return indented(lines)
end

function plain.text(doc)
  local lines = { cells.visible(doc.title) }
  for i, section in ipairs(doc.sections) do
    if i > 1 then lines[#lines + 1] = "\n" .. i - 1 .. ". " .. cells.visible(section.title) end
    for _, block in ipairs(section.blocks) do
      local form = form_of(block)
      if say[form] then lines[#lines + 1] = say[form](block, doc) end
    end
  end
  return table.concat(lines, "\n")
end

return plain
