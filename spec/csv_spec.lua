-- Strict CSV, as the public ledger is kept: what RFC 4180 says is read, and what is not CSV is refused at its line and column.
local mekong = require "mekong"
local core = require "mekong.core"
local expect = require "spec.support.expect"

describe("strict CSV", function()
  local store
  before_each(function() store = assert(mekong.open ":memory:") end)
  after_each(function() store:close() end)
  local function load(text, opts) return core.store.load(store, "sources", text, "text", opts and opts.separator or ",") end
  local function notes(text, opts)
    assert(load(text, opts))
    return store:sql("select note from sources order by source"):col "note"
  end

  it("reads quotes, doubled quotes, separators and line ends inside quotes", function()
    assert.same({ 'a "b", c', "hai\ndòng", "hai\r\ndòng", "x" },
      notes 'source,note\n1,"a ""b"", c"\n2,"hai\ndòng"\n3,"hai\r\ndòng"\n"4",x\n')
  end)

  it("reads LF and CRLF, with or without the last one, with or without a mark", function()
    for _, text in ipairs { "source,note\n1,a\n2,b\n", "source,note\r\n1,a\r\n2,b\r\n", "source,note\n1,a\n2,b", "\u{feff}source,note\n1,a\r\n2,b",
      '\u{feff}"source","note"\n"1","a"\n"2","b"' } do
      assert.same({ "a", "b" }, notes(text))
      store:delete("sources", "source = '1' or source = '2'")
    end
  end)

  it("takes empty cells as missing", function()
    assert(load 'source,title,note\n1,,""\n')
    local row = store:sql("select title, note from sources")[1]
    assert.is_nil(row.title)
    assert.is_nil(row.note)
  end)

  it("reads other separators when told", function()
    assert.same({ "a,b" }, notes("source;note\n1;a,b\n", { separator = ";" }))
    assert.same({ "a,b", "c" }, notes("source\tnote\n2\tc\n", { separator = "\t" }))
  end)

  it("refuses the rest at its place, and keeps nothing", function()
    local function refused(text, code, line, col, ...)
      local message, info = expect.fails(code, function() return load(text) end)
      assert.same({ line, col }, { info.line, info.col }, message)
      expect.holds(message, "mekong: text", ...)
      if line then expect.holds(message, ("line %d, column %d"):format(line, col)) end
    end
    refused('source,note\n1,"a\nb\n', "syntax", 2, 3, "never closed")
    refused('source,note\n1,"a"b\n', "syntax", 2, 6, "follows the closing quote")
    refused('source,note\n1,a"b\n', "syntax", 2, 4, '"')
    refused("source,note\n1,a\rb\n", "syntax", 2, 4, "carriage return")
    refused("source,note\n1,a\n2\n", "format", 3, 1, "1 fields", "names 2")
    refused("source,note\n1,a\n2,b,c\n", "format", 3, 1, "3 fields")
    refused("source,note\n1,a\n\n", "format", 3, 1, "empty lines")
    refused("source,note\n1,đ\u{1ea3}\n2,\255\n", "syntax", 3, 3, "UTF-8")
    refused("source,note\n1,ab\xe1\xba\n", "syntax", 2, 3, "byte 3")
    refused("source,note\n1,a\0\n", "syntax", 2, 3, "zero byte")
    refused("\xff\xfes\0o\0", "syntax", 1, 1, "UTF-16")
    refused("", "format", nil, nil, "empty")
    refused('source,note\n1,"dòng một\nđ",x\n', "format", 2, 1)
    refused('source,note\nA,"x\ny"\nA,z\n', "duplicate", 4, 1, "'A'")
    refused('source,published\n1,"14/8/2025"\nđ,"31/2/2025"\n', "range", 3, 3, "sources.published", "31/2/2025")
    refused("source,title,titel\n1,2,3\n", "name", 1, 14, "titel", "title")
    refused("source,title,tiêu đề\n1,2,3\n", "duplicate", 1, 14, "title")
    refused("source,,note\n1,2,3\n", "name", 1, 8)
    refused("title,note\n1,2\n", "format", nil, nil, "source")
    refused("source,note\n,2\n", "type", 2, 1, "sources.source")
    assert.equal(0, #store:sql "select 1 from sources")
  end)

  it("does not depend on where the pieces of a file end", function()
    -- The reader takes 64 KiB at a time: rows of every length move quotes and line ends over that border.
    for _, width in ipairs { 1, 7, 50, 64, 1000 } do
      local lines, n = { "source,note" }, 140000 // (width + 20)
      for i = 1, n do lines[i + 1] = ('%06d,"%s""đ"",\r\n%s"'):format(i, ("x"):rep(width), i) end
      assert(load(table.concat(lines, "\r\n") .. "\r\n"))
      local t = store:sql "select source, note from sources order by source"
      assert.equal(n, #t)
      for i = 1, n do assert.equal(("x"):rep(width) .. '"đ",\r\n' .. i, t:cell(i, "note")) end
      store:delete("sources", "source is not missing")
    end
  end)

  it("gives back every text that a field can hold", function()
    local texts = { '"', '""', ",", "\n", "\r\n", ' " ', "=1+1", "'", "x\n\"\n,", "ế\u{1ee9}", "\u{1f40a}", ("y"):rep(70000) }
    local lines = { "source,note" }
    for i, text in ipairs(texts) do lines[i + 1] = ('%02d,"k%sk"'):format(i, (text:gsub('"', '""'))) end
    local back = notes(table.concat(lines, "\n"))
    for i, text in ipairs(texts) do assert.equal("k" .. text .. "k", back[i]) end
  end)
end)
