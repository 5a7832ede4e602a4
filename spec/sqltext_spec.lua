-- SQL that knows Vietnamese: keys, clean-up, search by letters, and the orders of dictionaries, CLDR and people's names.
local mekong = require "mekong"
local expect = require "spec.support.expect"
local place = require "spec.support.store_place"
local seeded = require "spec.support.seeded"
local text = mekong.text

local function value(store, sql, ...)
  return store:sql("select " .. sql .. " as v", ...):col("v")[1]
end

describe("functions in SQL", function()
  local store
  setup(function() store = assert(mekong.open ":memory:") end)
  teardown(function() store:close() end)

  it("give the keys of mekong.text.key, level 1 when none is named", function()
    for _, s in ipairs { "Ma tuý", "MA TÚY", text.nfd "Đường Hoà Bình", "", "x\0y", "Müller 12" } do
      assert.equal(text.key(s), value(store, "vi_key(?)", s))
      for level = 0, 3 do assert.equal(text.key(s, level), value(store, "vi_key(?, ?)", s, level)) end
    end
    assert.equal("ma tuy", value(store, "vi_key('MA TUÝ', 3)"))
  end)

  it("clean up as mekong.text.normalize does", function()
    for _, s in ipairs { "Hoà  bình", text.nfd "lựơng", "Ðà Nẵng", "đã đúng" } do
      assert.equal((text.normalize(s)), value(store, "vi_normalize(?)", s))
    end
  end)

  it("match as mekong.text.match does: bare letters find marked ones, marked ones only themselves", function()
    local cases = { { "duong", "Đường", 1 }, { "đuong", "đường", 1 }, { "đuong", "dương", 0 }, { "ma túy", "MA TUÝ", 1 },
      { "túy", "tuy", 0 }, { "ma tuy", text.nfd "bắt ma tuý", 1 }, { "", "ma", 0 } }
    for _, case in ipairs(cases) do
      assert.equal(case[3], value(store, "vi_match(?, ?)", case[1], case[2]), case[1] .. " in " .. case[2])
      assert.equal(case[3] == 1, (text.match(case[1], case[2])))
    end
  end)

  it("keep the query from row to row, whether it stays or changes", function()
    local found = store:sql([[select vi_match(?1, column1) as fixed, vi_match(column2, column1) as each
      from (values ('ma túy', 'tuy'), ('tuy', 'túy'), ('mỹ', 'my'), ('ma', 'mạ'))]], "tuy")
    assert.equal("1 1 0 0", table.concat(found:col "fixed", " "))
    assert.equal("1 0 1 0", table.concat(found:col "each", " "))
  end)

  it("give nothing for nothing", function()
    local row = store:sql("select vi_key(null) a, vi_key('a', null) b, vi_normalize(null) c, vi_match(null, 'a') d, vi_match('a', null) e")
    assert.equal("nil nil nil nil nil", table.concat({ tostring(row[1].a), tostring(row[1].b), tostring(row[1].c),
      tostring(row[1].d), tostring(row[1].e) }, " "))
  end)

  it("take numbers as SQLite writes them", function()
    assert.equal("12", value(store, "vi_key(12)"))
    assert.equal("2.5", value(store, "vi_normalize(2.5)"))
    assert.equal(1, value(store, "vi_match(7, 'OMD7')"))
  end)

  it("refuse what has no answer, by code, and the store goes on", function()
    local function refused(code, sql, ...)
      local params = table.pack(...)
      expect.raises(code, function() store:sql("select " .. sql, table.unpack(params, 1, params.n)) end)
      assert.equal("ma", value(store, "vi_key('MA')"))
    end
    refused("range", "vi_key('a', 4)")
    refused("range", "vi_key('a', -1)")
    refused("type", "vi_key('a', 'b')")
    refused("type", "vi_key(x'4142')")
    refused("type", "vi_match('a', x'4142')")
    refused("syntax", "vi_key(cast(x'61ff' as text))")
    refused("syntax", "vi_normalize(cast(x'c3' as text))")
    refused("syntax", "vi_match('a', cast(x'e1ba' as text))")
    refused("limit", "vi_match(?, 'a')", ("a "):rep(33))
    refused("syntax", "vi_key()")
    refused("syntax", "vi_key('a', 1, 2)")
  end)

  it("cannot be called by the schema of a file", function()
    local folder <close> = setmetatable({ path = place.folder() }, { __close = function(self) place.remove(self.path) end })
    local path = folder.path .. "/a.db"
    assert(mekong.open(path)):close()
    if not place.sqlite(path, "create view spy as select vi_key(note) as k from cases") then
      pending "the sqlite3 command is not installed"
      return
    end
    local opened <close> = assert(mekong.open(path, { trust = true }))
    expect.holds(expect.raises("syntax", function() opened:sql "select k from spy" end), "unsafe use of vi_key")
  end)
end)

-- Words of a small lexicon with every spelling that order has to tell apart, drawn by a fixed rule.
local function random_texts(n)
  local parts = { "ba", "bà", "bả", "bã", "bá", "bạ", "ban", "Bá", "BA", "ca", "cá", "đa", "da", "Đà", "ô", "o", "ơ", "ươ",
    "hoà", "hòa", text.nfd "hoà", "10", "2", "OMD", "VII", "xuân", "Nguyễn", "Trần", "Ánh", "Ðặng", "müller", "-", ",", "日", "" }
  local draw, list = seeded(20180901), {}
  for i = 1, n do
    local words = {}
    for k = 1, draw(4) do words[k] = parts[draw(#parts)] end
    list[i] = table.concat(words, draw(9) == 1 and "  " or " ")
  end
  return list
end

local function values(n)
  local rows = {}
  for i = 1, n do rows[i] = ("(?%d)"):format(i) end
  return "(values " .. table.concat(rows, ", ") .. ")"
end

describe("orders in SQL", function()
  local store
  setup(function() store = assert(mekong.open ":memory:") end)
  teardown(function() store:close() end)

  local orders = { VI = "dictionary", VI_CLDR = "cldr", VI_NAME = "name" }
  for _, name in ipairs { "VI", "VI_CLDR", "VI_NAME" } do
    it(name .. " is the order of mekong.text.compare", function()
      local list, opts = random_texts(400), { order = orders[name] }
      local sorted = store:sql("select column1 as t from " .. values(#list) .. " order by column1 collate " .. name, table.unpack(list)):col "t"
      assert.equal(#list, #sorted)
      for i = 2, #sorted do
        assert(text.compare(sorted[i - 1], sorted[i], opts) <= 0, sorted[i - 1] .. " stands before " .. sorted[i])
      end
      for i = 2, #list do
        local a, b = list[i - 1], list[i]
        assert.equal(text.compare(a, b, opts) == 0 and 1 or 0, value(store, "? = ? collate " .. name, a, b))
        assert.equal(text.compare(a, b, opts) < 0 and 1 or 0, value(store, "? < ? collate " .. name, a, b))
      end
    end)
  end

  it("put syllables before letters in a dictionary, and given names first among people", function()
    assert(store:insert("cases", { { case = "1", note = "bá" }, { case = "2", note = "ba xuân" }, { case = "3", note = "ban" },
      { case = "4", note = "bà" }, { case = "5", note = "ba" } }))
    assert.equal("ba,ba xuân,bà,bá,ban", table.concat(store:sql "select note from cases order by note collate VI":col "note", ","))
    local names = store:sql "select column1 as n from (values ('Trần Văn Bình'), ('Lê Anh'), ('Nguyễn Thị Bình')) order by n collate VI_NAME"
    assert.equal("Lê Anh,Nguyễn Thị Bình,Trần Văn Bình", table.concat(names:col "n", ","))
  end)

  it("group spellings of one text that differ only in their Unicode form", function()
    local groups = store:sql("select count(*) as n from (values (?), (?), (?)) group by column1 collate VI", "hòa", text.nfd "hòa", "hoa")
    assert.equal("1 2", table.concat(groups:sort("n"):col "n", " "))
  end)

  it("put what is no UTF-8 last, by its bytes", function()
    local sorted = store:sql [[select hex(column1) as h from (values (cast(x'ff' as text)), ('z'), (cast(x'c3' as text)), ('đ'))
      order by column1 collate VI]]
    assert.equal("C491 7A C3 FF", table.concat(sorted:col "h", " "))
  end)
end)
