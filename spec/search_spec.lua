-- Full-text search: every spelling of a word is found by every query that writes it as exactly or less exactly, numbers by
-- value, phrases and begun words; hits are marked at their bytes; the index follows the rows, whoever changes them.
local mekong = require "mekong"
local expect = require "spec.support.expect"
local place = require "spec.support.store_place"
local text = mekong.text

local function store_of(notes)
  local store = assert(mekong.open ":memory:")
  local rows = {}
  for i, note in ipairs(notes) do rows[i] = { case = ("%03d"):format(i), note = note } end
  assert(store:insert("cases", rows))
  return store
end

-- The cases found, as one text.
local function cases(store, query, opts)
  return table.concat(store:search("cases", query, opts):col "case", " ")
end

-- Whether the only note is found, and what is marked in it.
local function found(note, query)
  local store <close> = store_of { note }
  local hits = store:search("cases", query, { columns = "note" })
  if #hits == 0 then return nil end
  local marked = {}
  for part in hits:col("text")[1]:gmatch "«(.-)»" do marked[#marked + 1] = part end
  return table.concat(marked, "|")
end

describe("a search", function()
  it("finds one word in every spelling: case, tone style, order of marks, older character sets", function()
    local store <close> = store_of { "bắt ma túy", "bắt ma tuý", "BẮT MA TÚY", "Bắt Ma Tuý", text.decode("b\xbe\xd4 ma tu\xfd", "tcvn3"),
      "ma tuy\u{301}", "mà túy", "ma tụy" }
    assert.equal("001 002 003 004 005 006 007", cases(store, '"ma túy"'))
    assert.equal("001 002 003 004 005 006 007", cases(store, '"ma tuý"'))
    assert.equal("001 002 003 004 005 006 007", cases(store, '"MA TÚY"'))
    assert.equal("001 002 003 004 005 006 007", cases(store, text.nfd '"ma tuý"'))
    assert.equal("007", cases(store, '"mà túy"'))
    assert.equal("001 002 003 004 005 006 007 008", cases(store, '"ma tuy"'))
  end)

  it("finds a marked letter by the bare one and not the reverse", function()
    local words = { "đường", "dương", "đương", "duong", "đưong", "Đuờng" }
    local store <close> = store_of(words)
    assert.equal("001 002 003 004 005 006", cases(store, "duong"))
    assert.equal("001 003 005 006", cases(store, "đuong"))
    assert.equal("001 003", cases(store, "đương"))
    assert.equal("001", cases(store, "đường"))
    assert.equal("001 006", cases(store, "đuòng"))
    assert.equal("001 002 003 006", cases(store, "duơng"))
    assert.is_nil(found("tuy nhiên", "túy"))
    assert.equal("túy", found("ma túy", "tuy"))
    assert.is_nil(found("o", "ô"))
    assert.equal("ô|ơ|o", found("ô ơ o", "o"))
  end)

  it("agrees with mekong.text.match for every choice of marks", function()
    local syllables = { "đường", "dương", "duong", "đuong", "hoà", "hòa", "hoạ", "hoa", "quý", "quí", "qui", "kỷ", "kỉ", "ky", "mỹ",
      "nghĩa", "nghía", "ươn", "uơn", "ưon", "ăn", "ân", "an", "ẩn", "đa", "da", "Đã", "thuế", "thuê" }
    local store <close> = store_of(syllables)
    for _, query in ipairs(syllables) do
      local expected = {}
      for i, s in ipairs(syllables) do
        if text.match(query, s) then expected[#expected + 1] = ("%03d"):format(i) end
      end
      assert.equal(table.concat(expected, " "), cases(store, query), "looking for " .. query)
    end
  end)

  it("knows y and i at the end of an open syllable as one, and nowhere else", function()
    assert.equal("kỷ", found("kỷ luật", "kỉ"))
    assert.equal("kỉ", found("kỉ luật", "kỷ"))
    assert.equal("qui", found("qui định", "quy"))
    assert.is_nil(found("tai", "tay"))
    assert.is_nil(found("kiếm", "kyếm"))
  end)

  it("finds what the beginning of a word begins, wherever its tone is written", function()
    local store <close> = store_of { "hoàng", "hoa", "hoàn", "hòn", "đường", "dùng" }
    assert.equal("001 003", cases(store, "hoà*"))
    assert.equal("001 003", cases(store, "hòa*"))
    assert.equal("001 002 003 004", cases(store, "ho*"))
    assert.equal("005", cases(store, "đư*"))
    assert.equal("005 006", cases(store, "dù*"))
    assert.equal("001 003", cases(store, "h* -hoa -hòn"))
    assert.equal("kỷ", found("kỷ luật", "kỷ*"))
    assert.is_nil(found("kiếm", "kỷ*"))
  end)

  it("keeps the words of a phrase together and in order", function()
    local store <close> = store_of { "ma túy, heroin", "túy ma", "ma các túy", "ma-túy", "ma\ntúy" }
    assert.equal("001 004 005", cases(store, '"ma túy"'))
    assert.equal("001 002 003 004 005", cases(store, "ma túy"))
    assert.equal("001 004 005", cases(store, '"ma tú"*'))
    assert.equal("001 004 005", cases(store, "ma-tuy"))
  end)

  it("takes alternatives and leaves out what is not wanted", function()
    local store <close> = store_of { "heroin ở Cao Bằng", "ketamine", "heroin và ketamine", "cần sa" }
    assert.equal("001 002 003", cases(store, "heroin | ketamine"))
    assert.equal("001", cases(store, "heroin -ketamine"))
    assert.equal("001 004", cases(store, 'heroin -ketamine|"cần sa"'))
    assert.equal("003", cases(store, "ketamine heroin -bang"))
    assert.equal("001 003 004", cases(store, "heroin|sa"))
  end)

  it("reads words joined by nothing that is seen, and other scripts", function()
    assert.equal("thu\u{AD}ế", found("thu\u{AD}ế nhập khẩu", "thuế"))
    assert.equal("海关", found("中国海关总署", "海关"))
    assert.is_nil(found("中国海关总署", "关海"))
    assert.equal("Müller", found("ông Müller", "muller"))
    assert.equal("Müller", found("ông Müller", "mu\u{308}ller"))
    assert.is_nil(found("ông Muller", "müller"))
    assert.equal("Москва", found("tới Москва", "МОСКВА"))
    assert.equal("ma|túy", found("ma“túy”", "ma túy"))
    assert.equal("kg", found("5kg→Hà Nội", "kg"))
  end)

  it("finds a word with more marks than a syllable has as written, without tone and bare", function()
    local word = "đươngđươngđ" -- seven marked letters
    for _, query in ipairs { "đươngđươngđ", "duongduongd" } do assert.equal(word, found(word, query)) end
    assert.is_nil(found("duongduongd", word))
    for _, long in ipairs { "pháttriểnkinhtế", "mátuỳ" } do
      for _, query in ipairs { long, text.key(long, 2), text.fold(long) } do assert.equal(long, found(long, query)) end
    end
    assert.is_nil(found("mátuỳ", "matuỳ"))
  end)
end)

describe("numbers in a search", function()
  it("are found by value, however they are written", function()
    local store <close> = store_of { "1.715 vụ", "1715 vụ", "1\u{A0}715 vụ", "2,3 tấn", "2.3 tấn", "2,30 tấn", "23 tấn", "1.745.000 viên", "17 vụ" }
    assert.equal("001 002 003", cases(store, "1715"))
    assert.equal("001 002 003", cases(store, "1.715"))
    assert.equal("004 005 006", cases(store, "2,3"))
    assert.equal("004 005 006", cases(store, "2.3"))
    assert.equal("007", cases(store, "23"))
    assert.equal("008", cases(store, "1745000"))
    assert.equal("001 002 003 008 009", cases(store, "17*"))
    assert.equal("001 002 003", cases(store, '"1715 vụ"'))
  end)

  it("are found in both readings when they have two, and looked up as the Vietnamese one", function()
    assert.equal("1,715", found("1,715 cases", "1715"))
    assert.equal("1,715", found("1,715 cases", "1,715"))
    assert.is_nil(found("1715 vụ", "1,715"))
    assert.equal("4.951,9", found("4.951,9 kg", "4951.9"))
  end)

  it("are dates and codes piece by piece", function()
    assert.equal("14/8/2025", found("ngày 14/8/2025", "14/8/2025"))
    assert.equal("14/08/2025", found("ngày 14/08/2025", "14/8/2025"))
    assert.equal("14.08.2025", found("ngày 14.08.2025", "14/8/2025"))
    assert.equal("2025", found("ngày 14.8.2025", "2025"))
    assert.equal("007", found("hồ sơ 007", "7"))
    assert.equal("007", found("hồ sơ 007", "00*"))
    assert.equal("OMD7", found("chiến dịch OMD7", '"OMD 7"'))
    assert.equal(("9"):rep(60), found("số " .. ("9"):rep(60), ("9"):rep(60)))
    assert.equal("1.2.3", found("bản 1.2.3", "1.2.3"))
  end)
end)

describe("hits", function()
  local store
  setup(function()
    store = assert(mekong.open ":memory:")
    assert(store:insert("cases", { { case = "2", province = "Lào Cai", note = "Bắt ma túy; ma tuý" }, { case = "1", note = "ma túy ở Lào Cai" },
      { case = "á", note = "ma túy" }, { case = "b", place = "ma túy", note = "khác" } }))
    assert(store:insert("lines", { { case = "1", line = 10, commodity = "ma túy đá" }, { case = "1", line = 9, commodity = "ma túy" } }))
  end)
  teardown(function() store:close() end)

  it("come by key and column, one line a column, in the order of a dictionary", function()
    local t = store:search("cases", "túy")
    assert.equal("1\tnote\tma «túy» ở Lào Cai\n2\tnote\tBắt ma «túy»; ma «tuý»\ná\tnote\tma «túy»\nb\tplace\tma «túy»", expect.rows(t))
    t = store:search("cases", "ma lao")
    assert.equal("1\tnote\t«ma» túy ở «Lào» Cai\n2\tprovince\t«Lào» Cai\n2\tnote\tBắt «ma» túy; «ma» tuý", expect.rows(t))
    assert.equal("1\t9\tcommodity\tma «túy»\n1\t10\tcommodity\tma «túy» đá", expect.rows(store:search("lines", "túy")))
    assert.equal("case column text", table.concat(t:names(), " "))
  end)

  it("stand in the columns that are named, by any of their names", function()
    assert.equal("b", cases(store, "túy", { columns = "place" }))
    assert.equal("b", cases(store, "túy", { columns = { "nơi", "province" } }))
    assert.equal("1", cases(store, '"ma túy" lao', { columns = "ghi chú" }))
    assert.equal("", cases(store, '"ma túy" lao', { columns = { "agency" } }))
    assert.equal("b", cases(store, "túy", { columns = { "place", "nơi", "place" } }))
    assert.equal("1 2 á b", table.concat(store:search("vụ", "túy", { highlight = false }):col "case", " "))
  end)

  it("are marked as wished, or not, and counted up to a limit", function()
    assert.equal("ma <b>túy</b>", store:search("cases", "túy", { columns = "place", highlight = { "<b>", "</b>" } }):col("text")[1])
    assert.equal("ma túy", store:search("cases", "túy", { columns = "place", highlight = false }):col("text")[1])
    assert.equal(2, #store:search("cases", "túy", { limit = 2 }))
    assert.equal(0, #store:search("cases", "zzz"))
  end)

  it("are what stands between the marks, byte for byte, in any Unicode form", function()
    local folder <close> = setmetatable({ path = place.folder() }, { __close = function(self) place.remove(self.path) end })
    local path = folder.path .. "/a.db"
    assert(mekong.open(path)):close()
    local word = text.nfd "Đường"
    local note = text.nfd "Ảnh: " .. word .. text.nfd " dây ma tuý — " .. word .. "."
    if not place.sqlite(path, ("insert into cases (\"case\", note) values ('A', '%s')"):format(note)) then
      pending "the sqlite3 command is not installed"
      return
    end
    local other <close> = assert(mekong.open(path))
    for _, query in ipairs { "đường", "đuong", "duong", text.nfd "đường" } do
      local marked = other:search("cases", query):col("text")[1]
      assert.equal(note, (marked:gsub("«", ""):gsub("»", "")))
      for part in marked:gmatch "«(.-)»" do assert.equal(word, part) end
      assert.equal(2, select(2, marked:gsub("«", "")))
    end
  end)

  it("are found around bytes that are no UTF-8", function()
    local folder <close> = setmetatable({ path = place.folder() }, { __close = function(self) place.remove(self.path) end })
    local path = folder.path .. "/a.db"
    assert(mekong.open(path)):close()
    if not place.sqlite(path, [[insert into cases ("case", note) values ('A', cast(x'6d6120ff74c3ba79e1ba' as text))]]) then
      pending "the sqlite3 command is not installed"
      return
    end
    local other <close> = assert(mekong.open(path))
    assert.equal("«ma» \xff«t\u{FA}y»\xe1\xba", other:search("cases", "ma túy"):col("text")[1])
  end)
end)

describe("a query that cannot be meant", function()
  local store
  setup(function() store = store_of { "ma túy" } end)
  teardown(function() store:close() end)

  it("is told with its place", function()
    local function place_of(query)
      local _, record = expect.raises("syntax", function() store:search("cases", query) end)
      return record.col
    end
    assert.equal(1, place_of "")
    assert.equal(1, place_of "  ")
    assert.equal(1, place_of "– !")
    assert.equal(4, place_of 'ma "túy')
    assert.equal(1, place_of "*")
    assert.equal(3, place_of "ma*túy")
    assert.equal(5, place_of '"ma"*"túy"')
    assert.equal(1, place_of "-ma")
    assert.equal(5, place_of "ma |")
    assert.equal(1, place_of "| ma")
    assert.equal(5, place_of "ma | -túy")
  end)

  it("is refused when it is no text, or too much of it", function()
    expect.raises("syntax", function() store:search("cases", "ma\xff") end)
    expect.raises("type", function() store:search("cases", 5) end)
    expect.raises("type", function() store:search("cases", nil) end)
    expect.raises("limit", function() store:search("cases", ("ma "):rep(65)) end)
    expect.raises("limit", function() store:search("cases", ("a"):rep(4097)) end)
  end)

  it("is never taken for SQL or for operators of the index", function()
    local queries = { "ma'; drop table cases; --", "ma OR tuy", "NEAR(ma tuy)", "note:ma", "c0 : ma", "ma NOT tuy", "^ma",
      "ma + tuy", "{c1}: ma", "ma) OR (tuy", "ma\0tuy", "mk_search", "rank", "ma\" \"tuy", "%ma_", "ma\\tuy", "$1", "?1", "ma\n-- tuy", "'ma'" }
    local before = store:digest()
    for _, query in ipairs(queries) do
      local t = store:search("cases", query)
      assert(#t <= 1, query)
    end
    assert.equal(1, #store:search("cases", "ma\0túy"))
    assert.equal(1, #store:search("cases", "'ma'"))
    assert.equal(0, #store:search("cases", "ma NOT tuy"))
    assert.equal(0, #store:search("cases", "note:ma"))
    assert.equal(before, store:digest())
    assert(store:check())
  end)

  it("names what is wrong with the table, the columns and the options", function()
    expect.holds(expect.raises("name", function() store:search("case_s", "ma") end), "cases")
    expect.holds(expect.raises("name", function() store:search("cases", "ma", { columns = { "notes" } }) end), "note")
    expect.holds(expect.raises("type", function() store:search("cases", "ma", { columns = "suspects" }) end), "suspects")
    expect.holds(expect.raises("name", function() store:search("cases", "ma", { colums = "note" }) end), "columns")
    expect.raises("type", function() store:search("cases", "ma", { columns = {} }) end)
    expect.raises("type", function() store:search("cases", "ma", { columns = { 5 } }) end)
    expect.raises("type", function() store:search("cases", "ma", { columns = 5 }) end)
    expect.raises("range", function() store:search("cases", "ma", { limit = 0 }) end)
    expect.raises("range", function() store:search("cases", "ma", { limit = 1.5 }) end)
    expect.raises("type", function() store:search("cases", "ma", { highlight = "b" }) end)
    expect.raises("type", function() store:search("cases", "ma", { highlight = { "", "" } }) end)
    expect.raises("type", function() store:search("cases", "ma", { highlight = { "<b>" } }) end)
    expect.raises("type", function() store.search("cases", "ma") end)
  end)
end)

describe("the index", function()
  it("follows inserts, updates, deletes and what is undone", function()
    local store <close> = store_of { "ma túy" }
    assert.equal("001", cases(store, "túy"))
    assert(store:insert("cases", { case = "002", note = "túy" }))
    assert.equal("001 002", cases(store, "túy"))
    assert(store:update("cases", "001", { note = "heroin" }))
    assert.equal("002", cases(store, "túy"))
    assert(store:delete("cases", "case = '002'"))
    assert.equal("", cases(store, "túy"))
    pcall(store.transaction, store, function()
      store:insert("cases", { case = "003", note = "túy" })
      assert.equal("003", cases(store, "túy"))
      error "undone"
    end)
    assert.equal("", cases(store, "túy"))
    assert(store:insert("cases", { case = "004", note = "cần sa" }))
    assert.equal("", cases(store, "túy"))
    assert.equal("004", cases(store, "sa"))
  end)

  it("made in a transaction that is undone is made again", function()
    local store <close> = store_of { "ma túy" }
    pcall(store.transaction, store, function()
      assert.equal("001", cases(store, "túy"))
      pcall(store.transaction, store, function()
        store:insert("cases", { case = "002", note = "túy" })
        assert.equal("001 002", cases(store, "túy"))
        error "inner"
      end)
      assert.equal("001", cases(store, "túy"))
      error "outer"
    end)
    assert.equal("001", cases(store, "túy"))
  end)

  it("follows another connection, and columns that are defined", function()
    local folder <close> = setmetatable({ path = place.folder() }, { __close = function(self) place.remove(self.path) end })
    local path = folder.path .. "/a.db"
    local a <close> = assert(mekong.open(path))
    assert(a:insert("cases", { case = "1", note = "ma túy" }))
    do
      local b <close> = assert(mekong.open(path))
      assert.equal("1", cases(b, "túy"))
      assert(a:update("cases", "1", { note = "heroin" }))
      assert(a:insert("cases", { case = "2", note = "ma túy" }))
      assert.equal("2", cases(b, "túy"))
    end
    assert.equal("2", cases(a, "túy"))
    assert(a:define("cases", { "officer: text | cán bộ" }))
    assert(a:update("cases", "1", { officer = "Đặng Túy" }))
    assert.equal("1 2", cases(a, "túy"))
    assert.equal("officer", a:search("cases", "túy", { columns = "cán bộ" }):col("column")[1])
    if place.sqlite(path, "update cases set note = 'không' where \"case\" = '2'") then assert.equal("1", cases(a, "túy")) end
  end)

  it("works in a store that can only be read, leaves nothing in the file, and takes no lock", function()
    local folder <close> = setmetatable({ path = place.folder() }, { __close = function(self) place.remove(self.path) end })
    local path = folder.path .. "/a.db"
    local writer <close> = assert(mekong.open(path, { busy_timeout = 0 }))
    assert(writer:insert("cases", { case = "1", note = "ma túy" }))
    local reader <close> = assert(mekong.open(path, { readonly = true, busy_timeout = 0 }))
    local other <close> = assert(mekong.open(path, { busy_timeout = 0 }))
    writer:transaction(function()
      assert(writer:insert("cases", { case = "2", note = "ma túy" }))
      assert.equal("1 2", cases(writer, "túy"))
      assert.equal("1", cases(reader, "túy"))
      assert.equal("1", cases(other, "túy"))
    end)
    assert.equal("1 2", cases(reader, "túy"))
    assert.equal(0, #writer:sql "select 1 from sqlite_schema where name like 'mk_search%'")
    assert(writer:check())
  end)

  it("is not there for a store that is closed", function()
    local store = store_of { "ma túy" }
    assert.equal("001", cases(store, "túy"))
    store:close()
    expect.raises("closed", function() store:search("cases", "túy") end)
  end)

  it("is cancelled by the progress function, and whole the next time", function()
    local go = true
    local store <close> = assert(mekong.open(":memory:", { progress = function() return go end }))
    local rows = {}
    for i = 1, 400 do rows[i] = { case = tostring(i), note = "ma túy đường dây " .. i } end
    assert(store:insert("cases", rows))
    go = false
    expect.raises("cancelled", function() store:search("cases", "túy") end)
    go = true
    assert.equal(400, #store:search("cases", "túy"))
  end)

  it("takes texts of any size in time that grows with them", function()
    local shapes = { "\u{301}", "1.", "a行", "đ", "\u{200B}", "a\u{AD}", "9", "đường ", "1,5.", "日", "ở\u{323}\u{301}" }
    for _, shape in ipairs(shapes) do
      local store <close> = store_of { shape:rep(200000 // #shape) .. " ma túy" }
      assert.equal("001", cases(store, "túy", { highlight = false }), shape)
    end
    local store <close> = store_of { ("ma "):rep(100000) .. "túy" }
    local marked = store:search("cases", "ma"):col("text")[1]
    assert.equal(100000, select(2, marked:gsub("«ma»", "")))
  end)
end)
