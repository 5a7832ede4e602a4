-- The file of a store: durable, of one version, by one writer at a time, read by any SQLite tool; what is damaged, foreign
-- or newer is refused and stays as it was.
local mekong = require "mekong"
local expect = require "spec.support.expect"
local place = require "spec.support.store_place"

local function ids(store) return table.concat(store:sql('select "case" from cases order by "case"'):col "case", " ") end

describe("the file", function()
  local folder
  before_each(function() folder = place.folder() end)
  after_each(function() place.remove(folder) end)

  local function with(name, fn)
    local store <close> = assert(mekong.open(folder .. "/" .. name))
    return fn(store)
  end

  it("keeps what was acknowledged, and only that", function()
    with("a.db", function(s)
      s:insert("cases", { case = "A" })
      pcall(s.transaction, s, function()
        s:insert("cases", { case = "B" })
        error "no"
      end)
    end)
    assert.equal("A", with("a.db", ids))
  end)

  it("is set up as promised", function()
    with("a.db", function(s) s:insert("cases", { case = "A" }) end)
    local header = place.read(folder .. "/a.db"):sub(1, 100)
    assert.equal("SQLite format 3\0", header:sub(1, 16))
    assert.equal("MkOM", header:sub(69, 72))
    assert.equal(7, (">I4"):unpack(header, 61))
    assert.equal(2, header:byte(19)) -- write-ahead log
  end)

  it("is not there before something is opened to be written, and not made to be read", function()
    expect.fails("missing", function() return mekong.open(folder .. "/a.db", { readonly = true }) end)
    expect.fails("missing", function() return mekong.open(folder .. "/no/a.db") end)
    assert.is_nil((io.open(folder .. "/a.db")))
    place.write(folder .. "/empty.db", "")
    expect.fails("format", function() return mekong.open(folder .. "/empty.db", { readonly = true }) end)
    assert.equal("", place.read(folder .. "/empty.db"))
  end)

  it("may be reached through a link, but not through one to nothing", function()
    with("a.db", function(s) s:insert("cases", { case = "A" }) end)
    assert(os.execute(("ln -s a.db %s/link.db; ln -s none.db %s/dangling.db; mkfifo %s/pipe.db"):format(folder, folder, folder)))
    assert.equal("A", with("link.db", ids))
    expect.fails("missing", function() return mekong.open(folder .. "/dangling.db") end)
    expect.holds(expect.fails("io", function() return mekong.open(folder .. "/pipe.db") end), "FIFO")
    expect.holds(expect.fails("io", function() return mekong.open(folder) end), "directory")
  end)

  it("is written by one at a time, and the other is told", function()
    local path = folder .. "/a.db"
    local a <close> = assert(mekong.open(path, { busy_timeout = 0 }))
    local b <close> = assert(mekong.open(path, { busy_timeout = 0 }))
    a:transaction(function()
      a:insert("cases", { case = "A" })
      local message = expect.fails("busy", function() return b:insert("cases", { case = "B" }) end)
      assert.truthy(message:find("hint: .*busy_timeout"), message)
      expect.fails("busy", function() return b:transaction(function() end) end)
      assert.equal("", ids(b)) -- reads go on, of what was committed
    end)
    assert.equal("A", ids(b))
    assert(b:insert("cases", { case = "B" }))
    assert.equal("A B", ids(a))
  end)

  it("cut anywhere is refused or found out", function()
    with("a.db", function(s)
      for i = 1, 40 do s:insert("cases", { case = "C" .. i, note = ("x"):rep(2000) }) end
    end)
    local bytes = place.read(folder .. "/a.db")
    for _, part in ipairs { 1, 100, 511, 512, 4096, 4097, #bytes // 3, #bytes // 2, #bytes - 4096, #bytes - 1 } do
      local cut = place.write(folder .. "/cut.db", bytes:sub(1, part))
      local message, info = expect.fails({ "damaged", "format" }, function() return mekong.open(cut) end)
      assert(info.code == "format" or message:find "hint: [^\n]*store:backup", message)
    end
  end)

  it("with a page overwritten fails its check", function()
    with("a.db", function(s)
      for i = 1, 40 do s:insert("cases", { case = "C" .. i, note = ("x"):rep(2000) }) end
    end)
    local path = folder .. "/a.db"
    place.patch(path, #place.read(path) - 4096, ("\255"):rep(4096))
    local store <close> = assert(mekong.open(path))
    local ok, message = pcall(store.check, store)
    local found, said, info = nil, nil, nil
    if ok then found, said, info = store:check() end
    assert(not ok and mekong.errinfo(message).code == "damaged" or found == nil and info.code == "damaged", said)
  end)

  local function brought_forward(version)
    local path = folder .. "/a.db"
    os.remove(path)
    with("a.db", function(s)
      s:define("cases", { "officer: text | cán bộ" })
      s:insert("cases", { case = "A", officer = "An", phase = 5 })
      s:insert("lines", { case = "A", line = 1, quantity = "2.5", unit = "kg" })
      s:update("cases", "A", { officer = "Bình" })
    end)
    local digest = with("a.db", function(s) return s:digest() end)
    place.patch(path, 60, (">I4"):pack(version))
    expect.fails("readonly", function() return mekong.open(path, { readonly = true }) end)
    with("a.db", function(s)
      assert.equal(digest, s:digest())
      assert.equal(1, #s:history("cases", "A"))
      assert(s:update("cases", "A", { ["cán bộ"] = "Chi" }))
      assert.equal(2, #s:history("cases", "A"))
      expect.fails("missing", function() return s:insert("lines", { case = "Z", line = 1 }) end)
      assert.is_true(s:check())
    end)
    assert.equal(7, (">I4"):unpack(place.read(path), 61))
    assert.equal(version, (">I4"):unpack(place.read(path .. ".schema-" .. version), 61))
  end

  it("of an older version is copied, then brought forward with all its rows", function() brought_forward(1) end)

  it("of the version before, which has the same tables, is copied, then gets the triggers of today", function() brought_forward(5) end)

  it("of a newer version or another program stays as it is", function()
    with("a.db", function() end)
    local path = folder .. "/a.db"
    place.patch(path, 60, "\0\0\0\99")
    local bytes = place.read(path)
    expect.holds(expect.fails("format", function() return mekong.open(path) end), "99", "newer")
    place.patch(path, 60, "\0\0\0\3")
    place.patch(path, 68, "GIS!")
    expect.holds(expect.fails("format", function() return mekong.open(path) end), "another program")
    assert.equal(#bytes, #place.read(path))
  end)

  it("may be edited by other programs, which the store notices", function()
    local path = folder .. "/a.db"
    with("a.db", function(s) s:insert("cases", { { case = "A", note = 'nói "có"\n\\' }, { case = "B" } }) end)
    if not place.sqlite(path, [[pragma trusted_schema = 0; update cases set note = 'khác', phase = 'OMD5' where "case" = 'A';
        delete from cases where "case" = 'B']]) then
      pending "the sqlite3 command is not installed"
      return
    end
    with("a.db", function(s)
      local changes = s:history("cases", "A")
      assert.equal("update", changes[1].op)
      expect.holds(changes[1].before, [["note":"nói \"có\"\n\\"]], '"case":"A"', '"phase":null')
      assert.equal("delete", s:history("cases", "B")[1].op)
      assert.equal("4", tostring(s:sql("select n from counters where tab = 'cases'")[1].n))
      assert.equal("khác", s:sql("select note from cases")[1].note)
      assert.is_true(s:check())
    end)
    place.sqlite(path, "update cases set date = '14/8/2025', joint = 1, source = ' x'")
    with("a.db", function(s)
      local _, _, info = s:check()
      assert.equal("format", info.code)
      assert.same({ "date", "source" }, info.findings:col "column")
      assert.same({ "14/8/2025", " x" }, info.findings:col "found")
    end)
    local refused = pcall(place.sqlite, path, "update cases set joint = 5")
    assert.is_false(refused)
  end)

  it("with objects of others is refused, unless trusted", function()
    local path = folder .. "/a.db"
    for i, sql in ipairs {
      "create view v as select 1", "create table t (x)", "create index i on cases (date)",
      "create trigger g after insert on cases begin delete from cases; end",
    } do
      os.remove(path)
      with("a.db", function(s) s:insert("cases", { case = "A" }) end)
      if not place.sqlite(path, sql) then
        pending "the sqlite3 command is not installed"
        return
      end
      local name = sql:match "^create %l+ (%l+)"
      expect.holds(expect.fails("format", function() return mekong.open(path) end), "'" .. name .. "'", "trust = true")
      local store <close> = assert(mekong.open(path, { trust = true }))
      assert.equal("A", ids(store), i)
    end
    os.remove(path)
    with("a.db", function(s) s:define("cases", { "officer: text | cán bộ" }) end)
    place.sqlite(path, "update user_columns set aliases = cast(x'e1ba' as text)")
    expect.holds(expect.fails("format", function() return mekong.open(path) end), "column definition")
    os.remove(path)
    with("a.db", function() end)
    place.sqlite(path, "drop trigger cases_update")
    expect.fails("format", function() return mekong.open(path) end)
    expect.fails("format", function() return mekong.open(path, { trust = true }) end)
  end)

  it("is copied whole, in one step, over nothing but a store", function()
    with("a.db", function(s)
      s:insert("cases", { case = "A" })
      assert.is_true(s:backup(folder .. "/b.db"))
      s:insert("cases", { case = "B" })
      assert.equal("A", with("b.db", ids))
      assert.is_true(s:backup(folder .. "/b.db"))
      assert.equal("A B", with("b.db", ids))
      assert.equal(s:digest(), with("b.db", function(b) return b:digest() end))
      place.write(folder .. "/letter.txt", ("thư\n"):rep(500))
      expect.fails("format", function() return s:backup(folder .. "/letter.txt") end)
      assert.equal(("thư\n"):rep(500), place.read(folder .. "/letter.txt"))
      expect.fails("duplicate", function() return s:backup(folder .. "/a.db") end)
      expect.fails("missing", function() return s:backup(folder .. "/no/b.db") end)
      expect.fails("io", function() return s:backup(folder) end)
      expect.raises("type", function() s:backup() end)
      local open <close> = assert(mekong.open(folder .. "/b.db"))
      assert(open:insert("cases", { case = "C" }))
      expect.fails("busy", function() return s:backup(folder .. "/b.db") end)
    end)
    assert.equal("", (expect.run("ls " .. folder .. " | grep copy-")))
  end)

  it("is copied over a copy again and again, and nothing is left beside it", function()
    with("a.db", function(s)
      for _ = 1, 3 do assert(s:backup(folder .. "/b.db")) end
    end)
    for _, side in ipairs { "-wal", "-shm", "-journal" } do assert.is_nil((io.open(folder .. "/b.db" .. side))) end
  end)

  it("is not copied to where a journal of another file waits", function()
    with("a.db", function(s)
      for _, side in ipairs { "-wal", "-journal" } do
        place.write(folder .. "/b.db" .. side, "frames of a file that is gone")
        expect.fails("busy", function() return s:backup(folder .. "/b.db") end)
        os.remove(folder .. "/b.db" .. side)
      end
      assert(s:backup(folder .. "/b.db"))
    end)
  end)

  it("is copied as it was when the copy began, whoever goes on writing", function()
    local path, calls, other = folder .. "/a.db", 0, nil
    with("a.db", function(s)
      for i = 1, 300 do s:insert("cases", { case = "C" .. i, note = ("x"):rep(8000) }) end
    end)
    local store <close> = assert(mekong.open(path, { progress = function()
      if not other then return end
      calls = calls + 1
      assert(other:insert("alerts", { phase = 5, country = "VN", kind = "alert " .. calls }))
      return calls < 100
    end }))
    other = assert(mekong.open(path))
    assert(store:backup(folder .. "/b.db"))
    other:close()
    assert(calls > 1)
    assert.equal(0, with("b.db", function(s) return s:sql("select count(*) as n from alerts")[1].n end))
  end)

  it("is no source of a load, nor is what belongs to it: that would drop its locks", function()
    with("a.db", function(s)
      s:insert("cases", { case = "A" })
      for _, side in ipairs { "", "-wal", "-shm" } do
        expect.holds(expect.fails("format", function() return s:load("cases", folder .. "/a.db" .. side) end), "database")
      end
    end)
  end)

  it("is checked whoever has changed its tables since", function()
    local a <close> = assert(mekong.open(folder .. "/a.db"))
    with("a.db", function(b) assert(b:define("cases", { "officer: text" })) end)
    assert.is_true(a:check())
  end)

  it("cancelled while being copied leaves nothing behind", function()
    local stop = false
    local store <close> = assert(mekong.open(folder .. "/a.db", { progress = function() return not stop end }))
    stop = true
    expect.fails("cancelled", function() return store:backup(folder .. "/b.db") end)
    stop = false
    assert.equal("a.db\na.db-shm\na.db-wal\n", (expect.run("ls " .. folder)))
  end)

  it("of a place that only root may write is read, and says so at the first write", function()
    with("a.db", function(s) s:insert("cases", { case = "A" }) end)
    local script = place.write(folder .. "/read.lua", [[
      local mekong = require "mekong"
      local store = assert(mekong.open(...))
      print(#store:sql "select 1 from cases", (select(3, store:insert("cases", {case = "B"}))).code, tostring(store))
      print((select(3, mekong.open((...) .. ".new"))).code)
    ]])
    assert(os.execute(("chmod 755 %s; chmod 444 %s/a.db; chmod 644 %s"):format(folder, folder, script)))
    local command = ("env LUA_PATH_5_4=%s LUA_CPATH_5_4=%s %s %s %s/a.db"):format(expect.quoted(package.path),
      expect.quoted(package.cpath), expect.interpreter(), script, folder)
    local own = expect.run "id -u" ~= "0\n"
    if own then assert(os.execute("chmod 555 " .. folder)) else command = "setpriv --reuid=65534 --regid=65534 --clear-groups " .. command end
    local out, status = expect.run(command)
    if status ~= 0 then
      pending("another user cannot be tried here: " .. out)
      return
    end
    expect.holds(out, "1\treadonly\t", "chỉ đọc", "\npermission\n")
  end)

  it("read where no lock can be set gives no answer once somebody has written it", function()
    if expect.run "id -u" ~= "0\n" then return pending "only root can be the other one here" end
    with("a.db", function(s) s:insert("cases", { case = "A" }) end)
    local script = place.write(folder .. "/read.lua", [[
      local store = assert(require "mekong".open(...))
      io.stdout:write(#store:sql "select 1 from cases", "\n"):flush()
      io.read()
      local ok, message = pcall(store.sql, store, "select 1 from cases")
      print(ok, message, (pcall(store.digest, store)))
    ]])
    local out = place.write(folder .. "/out", "")
    assert(os.execute(("chmod 755 %s; chmod 444 %s/a.db; chmod 644 %s"):format(folder, folder, script)))
    local pipe = assert(io.popen(("setpriv --reuid=65534 --regid=65534 --clear-groups env LUA_PATH_5_4=%s LUA_CPATH_5_4=%s %s %s %s/a.db >%s 2>&1")
      :format(expect.quoted(package.path), expect.quoted(package.cpath), expect.interpreter(), script, folder, out), "w"))
    for _ = 1, 200 do
      if place.read(out) ~= "" then break end
      os.execute "sleep 0.05"
    end
    if place.read(out) ~= "1\n" then
      pipe:close()
      return pending("another user cannot be tried here: " .. place.read(out))
    end
    with("a.db", function(s) s:insert("cases", { case = "B" }) end)
    pipe:write "\n"
    pipe:close()
    expect.holds(place.read(out), "false\t", "[busy]", "open it again\tfalse")
  end)

  local core = require "mekong.core"
  local function flat(key, n)
    local list = { "case,phase,date,quantity,unit" }
    for i = 1, n do list[#list + 1] = ("%s%d,5,%d/6/2022,%d,kg"):format(key, i, i % 28 + 1, i) end
    return { text = table.concat(list, "\n") .. "\n" }
  end
  -- 2: changes go through the WAL; 1: through a journal.
  local function ways(name)
    local f <close> = assert(io.open(folder .. "/" .. name, "rb"))
    f:seek("set", 18)
    return table.concat({ f:read(2):byte(1, 2) }, " ")
  end
  local function total(store) return tostring(store.cases:agg("kg = sum(quantity in kg)")[1].kg.best) end

  it("takes a first large load at once, and after it changes as before", function()
    local during, wal
    with("first.db", function(s)
      assert(core.store.seal(s, 64))
      assert(s:load("cases", flat("a", 200), { progress = function() during = during or ways "first.db" end }))
      assert(s:load("cases", flat("b", 200), { progress = function() wal = wal or ways "first.db" end }))
      assert.equal("40200", total(s))
    end)
    assert.equal("1 1", during)
    assert.equal("2 2", wal)
    assert.equal("2 2", ways "first.db")
    with("first.db", function(s)
      assert.equal("40200", total(s))
      assert(s:check())
    end)
  end)

  it("is not changed by a first large load that fails", function()
    with("none.db", function(s)
      assert(core.store.seal(s, 64))
      expect.fails("cancelled", s.load, s, "cases", flat("a", 200), { progress = function() return false end })
      assert.equal("2 2", ways "none.db")
      assert.equal(0, s:sql("select count(*) as n from cases")[1].n)
      assert(s:load("cases", flat("a", 200)))
      assert.equal("20100", total(s))
    end)
  end)

  it("takes a first large load through the WAL while others have it open, who go on reading", function()
    with("shared.db", function(other)
      assert.equal(0, other:sql("select count(*) as n from cases")[1].n)
      with("shared.db", function(s)
        local seen
        assert(core.store.seal(s, 64))
        assert(s:load("cases", flat("a", 200), { progress = function()
          seen = seen or { ways "shared.db", other:sql("select count(*) as n from cases")[1].n }
        end }))
        assert.same({ "2 2", 0 }, seen)
      end)
      assert.equal("20100", total(other))
    end)
  end)
end)

describe("a digest", function()
  it("is of the content alone", function()
    local a <close> = assert(mekong.open ":memory:")
    local b <close> = assert(mekong.open ":memory:")
    local empty = a:digest()
    assert.equal(64, #empty)
    assert.equal(empty, b:digest())
    a:insert("cases", { { case = "A", note = "x" }, { case = "B" } })
    b:insert("cases", { case = "B", note = "khác" })
    b:insert("cases", { case = "A", note = "x" })
    assert.not_equal(a:digest(), b:digest())
    b:update("cases", "B", { note = "" })
    assert.equal(a:digest(), b:digest())
    a:define("cases", { "x: int", "y: text" })
    assert.not_equal(a:digest(), b:digest())
    b:define("cases", { "y: text" })
    b:define("cases", { "x: int" })
    assert.equal(a:digest(), b:digest())
    a:delete("cases", "case = 'A' or case = 'B'")
    b:delete("cases", { case = "A" })
    b:delete("cases", { case = "B" })
    assert.equal(a:digest(), b:digest())
  end)

  it("is SHA-256", function()
    local sha256 = require("mekong.core").store.sha256
    assert.equal("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855", sha256 "")
    assert.equal("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad", sha256 "abc")
    assert.equal("248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1",
      sha256 "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq")
    assert.equal("cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0", sha256(("a"):rep(1000000)))
  end)
end)

describe("a handle", function()
  it("is closed once for all, and says so", function()
    local store = assert(mekong.open(":memory:", { locale = "en" }))
    expect.holds(tostring(store), ":memory:", "empty")
    store:insert("cases", { case = "A" })
    expect.holds(tostring(store), "cases 1")
    store:close()
    store:close()
    expect.holds(tostring(store), "closed")
    expect.holds(expect.raises("closed", function() store:sql "select 1" end), "closed")
    assert.equal("en", store:locale())
  end)

  it("has a cap of memory, and goes on after it was reached", function()
    local store <close> = assert(mekong.open(":memory:", { max_bytes = 400000 }))
    local rows = {}
    for i = 1, 20000 do rows[i] = { case = "C" .. i } end
    expect.fails("memory", store.insert, store, "cases", rows)
    assert.equal(1, store:insert("cases", { case = "A" }))
    assert.equal("A", ids(store))
  end)

  it("says of every call that writes that the cap was reached, and raises it for a question", function()
    local store <close> = assert(mekong.open(":memory:", { max_bytes = 400000 }))
    local long, list, at = ("x"):rep(500000), { "case,note" }, 0
    for i = 1, 5000 do list[i + 1] = ("C%d,%s"):format(i, ("chữ %d "):format(i):rep(20)) end
    assert.equal(1, store:insert("cases", { case = "A", note = "cũ" }))
    expect.fails("memory", store.insert, store, "cases", { case = "B", note = long })
    expect.fails("memory", store.insert, store, "cases", { { case = "B" }, { case = "C", note = long } })
    expect.fails("memory", store.update, store, "cases", "A", { note = long })
    expect.fails("memory", store.update, store, "cases", { case = long }, { note = "mới" })
    expect.fails("memory", store.delete, store, "cases", { note = long })
    expect.fails("memory", store.load, store, "cases", { text = table.concat(list, "\n"), name = "x.csv" })
    expect.fails("memory", store.load, store, "cases", function()
      at = at + 1
      return at <= 5000 and { case = "D" .. at, note = ("chữ %d "):format(at):rep(60) } or nil
    end)
    assert.equal("A", ids(store))
    assert.is_true(store:check())
    expect.raises("memory", function() store:history("cases", long) end)
  end)

  it("lets an error of the caller's own iterator through as it is", function()
    local store <close> = assert(mekong.open ":memory:")
    local own = {}
    local ok, found = pcall(store.load, store, "cases", function() error(own) end)
    assert.is_false(ok)
    assert.equal(own, found)
  end)

  it("takes only options that there are", function()
    expect.holds(expect.raises("name", function() mekong.open(":memory:", { busy = 5 }) end), "busy_timeout")
    expect.raises("type", function() mekong.open(":memory:", { busy_timeout = "5" }) end)
    expect.raises("range", function() mekong.open(":memory:", { threads = 0 }) end)
    expect.raises("type", function() mekong.open(":memory:", { user = 5 }) end)
    expect.raises("type", function() mekong.open {} end)
  end)
end)
