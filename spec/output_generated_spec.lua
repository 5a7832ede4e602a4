-- Made-up texts of every dangerous kind in the cells of tables: each form gives them back, or shows them, and does nothing else.
-- MEKONG_SEEDS=n tries n of them instead of 15.
local mekong = require "mekong"
local records = require "spec.support.records"
local seeded = require "spec.support.seeded"
local has_xml, lxp = pcall(require, "lxp")

local pieces = { "=", "+", "-", "@", "'", '"', "''", ",", ";", "|", "\\", "\n", "\r", "\t", " ", "  ", "<", ">", "&", "</td>", "<script>",
  "&amp;", "]]>", "<!--", "`", "*", "_", "[x](y)", "#", "~~", "\0", "\27[2J", "\127", "\u{85}", "\u{202E}", "\u{2066}", "\u{200F}", "\u{2028}",
  "\u{FEFF}", "\u{200B}", "ma túy", "Đắk Lắk", "1.715", "5", "\u{301}", "漢字", "👍", "＝", "_x0041_", "null", "NaN", ("x"):rep(70), "%s", "{}" }

local function made_text(random)
  local parts = {}
  for i = 1, random(7) - 1 do parts[i] = pieces[random(#pieces)] end
  return table.concat(parts)
end

-- What print shows of a text; breaks: line feeds and tabs stay.
local function shown(s, breaks)
  local out = {}
  for _, c in utf8.codes(s) do
    if c < 32 and not (breaks and (c == 9 or c == 10)) then
      c = 0x2400 + c
    elseif c == 127 then
      c = 0x2421
    elseif c >= 0x80 and c < 0xA0 or c == 0x200E or c == 0x200F or c >= 0x2028 and c <= 0x202E or c >= 0x2066 and c <= 0x2069 then
      c = 0xFFFD
    end
    out[#out + 1] = utf8.char(c)
  end
  return table.concat(out)
end

-- The cells of separated values by RFC 4180, row by row.
local function parsed(text, separator, ending)
  local rows, row, at = {}, {}, 1
  while at <= #text do
    local cell
    if text:sub(at, at) == '"' then
      local parts, from = {}, at + 1
      while true do
        local stop = assert(text:find('"', from, true), "a quote is not closed")
        parts[#parts + 1] = text:sub(from, stop - 1)
        at = stop + 1
        if text:sub(at, at) ~= '"' then break end
        parts[#parts + 1], from = '"', at + 1
      end
      cell = table.concat(parts)
    else
      local stop = text:find("[" .. separator .. "\r\n]", at)
      cell, at = text:sub(at, stop - 1), stop
      assert(not cell:find '"', "a quote in a cell that is not quoted")
    end
    row[#row + 1] = cell
    if text:sub(at, at) == separator then
      at = at + 1
    else
      assert(text:sub(at, at + #ending - 1) == ending, "no end of line after " .. cell)
      at, rows[#rows + 1], row = at + #ending, row, {}
    end
  end
  return rows
end

local function cells_of(html)
  local cells, current = {}, nil
  local parser = lxp.new { StartElement = function(_, name)
    assert(("div table thead tbody tr th td p "):find(name .. " ", 1, true), name)
    if name == "td" then current = "" end
  end, CharacterData = function(_, s) current = current and current .. s end,
    EndElement = function(_, name)
      if name == "td" then cells[#cells + 1], current = current, nil end
    end }
  assert(parser:parse((html:gsub("<wbr>", ""))))
  assert(parser:parse())
  return cells
end

describe("made-up texts", function()
  local store
  setup(function() store = mekong.open ":memory:" end)
  teardown(function() store:close() end)

  for seed = 1, math.tointeger(os.getenv "MEKONG_SEEDS") or 15 do
    it("in cells, number " .. seed, function()
      local random, texts, values, params = seeded(seed), {}, {}, {}
      for i = 1, 24 do
        texts[i] = made_text(random)
        params[i], values[#values + 1] = texts[i], i % 2 == 1 and "(?" .. i .. "," or "?" .. i .. ")"
      end
      local sql = "select column1 as a, column2 as b from (values " .. table.concat(values, " "):gsub("%) %(", "), (") .. ")"
      local t = store:sql(sql, table.unpack(params))

      for _, dialect in ipairs { "machine", "excel-vi" } do
        local excel = dialect == "excel-vi"
        local text = t:to_csv { dialect = dialect }:gsub("^\u{FEFF}", "")
        local rows = parsed(text, excel and ";" or ",", excel and "\r\n" or "\n")
        assert.equal(13, #rows)
        for i = 1, 24 do
          local cell = rows[(i + 3) // 2][(i + 1) % 2 + 1]
          local first = cell:match "^[%z\1-\127]" or cell:match "^[^\x80-\xBF][\x80-\xBF]*" or ""
          assert(not ("=+-@\t\r\n＝＋－＠"):find(first, 1, true) or first == "", dialect .. " begins a cell with " .. first)
          assert.equal(shown(texts[i], not excel), (cell:gsub("^'", "")))
        end
      end

      local lines = records.all({ text = t:to_json { lines = true } }, { format = "jsonl" })
      assert.equal(12, #lines)
      for i = 1, 24 do
        if not texts[i]:find "\0" then assert.equal(texts[i], lines[(i + 1) // 2][(i + 1) % 2 + 1]) end
      end
      assert.is_nil((t:to_json():find("[<\127]")))

      if has_xml then
        local cells = cells_of(t:to_html { style = false })
        for i = 1, 24 do
          if i % 2 == 0 then assert.equal(shown(texts[i]), cells[i // 2]) end -- the first column is of headings
        end
      end
      for line in t:to_markdown():gmatch "[^\n]+" do
        local _, bars = line:gsub("\\[\\|]", ""):gsub("|", "")
        assert.equal(3, bars)
        assert.is_nil((line:find("[<%c]")))
      end
      assert.is_nil((t:to_text():gsub("\n", ""):find "%c"))
      assert(utf8.len(t:to_text()))
    end)
  end
end)
