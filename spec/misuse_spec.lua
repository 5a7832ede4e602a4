-- Everything a new user types wrong: a string that begins with the place in the user's own file, names what was found,
-- says what to do and carries a stable code. Never a crash, never a silent answer, nothing changed by the attempt.
local mekong = require "mekong"
local expect = require "spec.support.expect"

-- Wrong kinds of value. The userdata is one of another library.
local KINDS = { "nil", "number", "string", "table", "boolean", "function", "coroutine", "userdata" }
local function value_of(kind)
  if kind == "number" then return -7.5 end
  if kind == "string" then return "zzz chẳng có gì như vậy" end
  if kind == "table" then return { zzz = { 1, 2 } } end
  if kind == "boolean" then return true end
  if kind == "function" then return function() end end
  if kind == "coroutine" then return coroutine.create(function() end) end
  if kind == "userdata" then return io.stdout end
  return nil
end

local scratch
local function shell(command) assert(os.execute(command), command) end

describe("wrong use", function()
  local omd, claims, cases
  setup(function()
    scratch = os.tmpname()
    os.remove(scratch)
    shell("mkdir " .. scratch)
    omd = mekong.omd()
    claims = omd:claims()
    cases = claims:table("cases", { by = "phase" })
  end)
  teardown(function()
    omd:close()
    shell("rm -r " .. scratch)
  end)

  describe("of names", function()
    it("an unknown column: named, with the nearest and what there is", function()
      local message = expect.raises("name", function() cases:sort "casse desc" end)
      expect.holds(message, "casse", "cases")
      message = expect.raises("name", function() cases:where "casse > 5" end)
      expect.holds(message, "casse", "cases")
      expect.raises("name", function() cases:select("phase", "soruce") end)
      expect.raises("name", function() cases:col "quantity" end)
      expect.raises("name", function() local _ = cases[1].casse end)
      expect.raises("name", function() cases:totals():share { measure = "casse" } end)
    end)

    it("an unknown measure, category, country or phase of claims", function()
      local message = expect.raises("name", function() claims:table "case_count" end)
      expect.holds(message, "case_count")
      expect.raises("name", function() claims:table("cases", { category = "drgu" }) end)
      expect.raises("name", function() claims:table("cases", { scope = "Viet Man" }) end)
      expect.raises("name", function() claims:table("mass", { item = "heroine đá" }) end)
      expect.raises({ "name", "range", "syntax" }, function() claims:table("cases", { period = "zzz" }) end)
      expect.raises("name", function() claims:table("cases", { subject = "ZZ" }) end)
      expect.raises("name", function() claims:table("cases", { by = "fase" }) end)
      expect.raises("name", function() claims:table("cases", { by = { "phase", "zzz" } }) end)
    end)

    it("phase 9, phase 0 and phase 2.5", function()
      local message = expect.raises({ "name", "range" }, function() claims:table("cases", { phase = 9 }) end)
      expect.holds(message, "9")
      expect.raises({ "name", "range" }, function() claims:table("cases", { phase = 0 }) end)
      expect.raises({ "name", "range", "type" }, function() claims:table("cases", { phase = 2.5 }) end)
      expect.raises({ "name", "range" }, function() claims:table("cases", { phase = "OMD IX" }) end)
      expect.raises({ "name", "range" }, function() cases:where "phase = 9" end)
      expect.raises({ "name", "range" }, function() cases:where { phase = 9 } end)
      expect.raises({ "name", "range" }, function() cases:compare("phase", { against = 9 }) end)
    end)

    it("an unknown option: named, with the nearest", function()
      local message = expect.raises("name", function() claims:table("cases", { catgeory = "drug" }) end)
      expect.holds(message, "catgeory", "category")
      message = expect.raises("name", function() mekong.open(":memory:", { read_only = true }) end)
      expect.holds(message, "read_only", "readonly")
      message = expect.raises("name", function() cases:compare("phase", { agianst = "previous" }) end)
      expect.holds(message, "agianst", "against")
      expect.raises("name", function() mekong.figure("5 vụ", { pragmatik = true }) end)
      expect.raises("name", function() omd:phase_table { scoop = "VN" } end)
      expect.raises({ "name", "type" }, function() cases:compare("phase", { [1] = "day" }) end)
      expect.raises({ "name", "type" }, function() cases:compare("phase", { [true] = "day" }) end)
    end)

    it("an option of the wrong type or value", function()
      expect.raises("type", function() mekong.open(":memory:", { readonly = "yes" }) end)
      expect.raises({ "name", "range" }, function() mekong.open(":memory:", { locale = "fr" }) end)
      expect.raises({ "type", "range" }, function() mekong.open(":memory:", { max_bytes = -1 }) end)
      expect.raises({ "type", "range" }, function() mekong.open(":memory:", { max_bytes = "1 MB" }) end)
      expect.raises("type", function() mekong.open(":memory:", { progress = 5 }) end)
      expect.raises("type", function() mekong.open(":memory:", "vi") end)
      expect.raises({ "name", "type" }, function() cases:compare("phase", { per = 7 }) end)
    end)

    it("an unknown method or field, on every kind of object", function()
      expect.raises({ "name", "type" }, function() omd:clams() end)
      expect.raises({ "name", "type" }, function() cases:compair "phase" end)
      expect.raises({ "name", "type" }, function() claims:tabel "cases" end)
      expect.raises({ "name", "type" }, function() mekong.figure(5, "vụ"):formt() end)
      expect.raises({ "name", "type" }, function() mekong.opne "omd.db" end)
      expect.raises({ "name", "type" }, function() local _ = mekong.figure(5, "vụ").bset end)
      expect.raises({ "name", "type" }, function() local _ = omd:bilateral("VN", "CN").plan end)
    end)

    it("a method called with '.': the message shows ':'", function()
      local message = expect.raises("type", function() omd.claims() end)
      expect.holds(message, ":")
      message = expect.raises("type", function() omd.sql "select 1" end)
      expect.holds(message, ":")
      message = expect.raises("type", function() cases.compare "phase" end)
      expect.holds(message, ":")
      message = expect.raises("type", function() claims.table "cases" end)
      expect.holds(message, ":")
      expect.raises("type", function() mekong.figure(5, "vụ").format() end)
    end)
  end)

  describe("of numbers and units", function()
    it("2.3 where a count is due", function()
      local message = expect.raises({ "syntax", "range", "ambiguous", "unit", "type" }, function() mekong.figure "2.3 vụ" end)
      expect.holds(message, "2.3")
      expect.raises({ "range", "type", "unit", "syntax" }, function() mekong.figure("2.3", "vụ") end)
      expect.raises({ "range", "type", "unit", "syntax" }, function() mekong.figure(2.3, "vụ") end)
      expect.raises({ "range", "type" }, function() cases:top(2.3, { by = "cases" }) end)
      expect.raises({ "syntax", "range", "ambiguous", "unit", "type" }, function()
        cases:where("phase = 5"):reconcile "2.3 vụ"
      end)
    end)

    it("a numeral with two readings", function()
      local message = expect.raises("ambiguous", function() mekong.figure "818,303 kg" end)
      expect.holds(message, "818.303", "818303")
      -- In an expression 1.715 beside a measure that is no count may be 1715 or 1,715.
      local masses = claims:table("quantity", { by = { "phase", "category" } })
      message = expect.raises("ambiguous", function() masses:where "kg > 1.715" end)
      expect.holds(message, "1.715")
      assert.equal(1, #cases:where "cases = 1.715") -- a count has one reading
    end)

    it("kilograms plus tablets", function()
      local kg, pills = mekong.figure(395, "kg"), mekong.figure(104410, "viên")
      local message = expect.raises("unit", function() local _ = kg + pills end)
      expect.holds(message, "kg", "viên")
      expect.raises("unit", function() local _ = kg - pills end)
      expect.raises("unit", function() local _ = kg < pills end)
      expect.raises("unit", function() local _ = kg <= pills end)
      expect.raises("unit", function() kg:to "viên" end)
      expect.raises("unit", function() kg:share(pills) end)
      expect.raises("unit", function() kg:change(pills) end)
      assert.is_false(kg == pills)
    end)

    it("an unknown unit", function()
      local message = expect.raises({ "unit", "name" }, function() mekong.figure(5, "kgg") end)
      expect.holds(message, "kgg")
      expect.raises({ "unit", "name", "syntax" }, function() mekong.figure "5 chục bao tải lạ" end)
      expect.raises({ "unit", "name" }, function() mekong.figure(5, "kg"):to "stone" end)
    end)

    it("text that is no number", function()
      expect.raises("syntax", function() mekong.figure "" end)
      expect.raises("syntax", function() mekong.figure "rất nhiều" end)
      expect.raises("syntax", function() mekong.figure "12..5 kg" end)
      expect.raises({ "syntax", "range" }, function() mekong.figure("từ 9 đến 5 vụ") end)
      expect.raises({ "range", "type" }, function() mekong.figure(0 / 0, "kg") end)
      expect.raises({ "range", "type" }, function() mekong.figure(math.huge, "kg") end)
      expect.raises({ "range", "limit" }, function() mekong.figure(("9"):rep(400) .. " vụ") end)
      expect.raises({ "range", "limit" }, function() mekong.figure(("9"):rep(50) .. " vụ") end)
    end)

    it("text that is not UTF-8", function()
      expect.raises({ "format", "syntax", "type" }, function() mekong.figure "5 v\xe1\xbb" end)
      expect.raises({ "format", "syntax", "type" }, function() cases:where "phase = '\xff\xfe'" end)
      expect.raises({ "format", "syntax", "type", "name" }, function() cases:sort "\xc3\x28" end)
    end)

    it("comparing figures that overlap, or a figure with a number", function()
      local more = mekong.figure "hơn 4.500 vụ"
      expect.raises({ "range", "ambiguous", "type" }, function() local _ = more < mekong.figure(5000, "vụ") end)
      assert.is_false(more == 4500)
      expect.raises({ "type", "unit" }, function() local _ = more + "5 vụ này" end)
      expect.raises("type", function() local _ = more + {} end)
      expect.raises("type", function() local _ = more < io.stdout end)
      expect.raises({ "range", "type", "syntax" }, function() local _ = mekong.figure(5, "vụ") / mekong.figure(0, "vụ") end)
    end)
  end)

  describe("of expressions", function()
    it("are shown where they went wrong", function()
      local message, record = expect.raises("syntax", function() cases:where "cases >> 5" end)
      assert.is_number(record.col)
      expect.holds(message, "cases >> 5", "^")
      message = expect.raises("syntax", function() cases:where "cases == 5" end)
      expect.holds(message, "'='")
      expect.raises("syntax", function() cases:where "" end)
      expect.raises("syntax", function() cases:where "(cases > 5" end)
      expect.raises("syntax", function() cases:where "cases > 5 and" end)
      expect.raises({ "type", "syntax" }, function() cases:where "cases" end)
      expect.raises({ "type", "unit" }, function() cases:where "phase > 'năm' + 1" end)
      expect.raises("limit", function() cases:where(("("):rep(100000) .. "1") end)
      expect.raises({ "syntax", "name", "type" }, function() cases:where "cases = $1" end)
    end)
    it("of SQL may read only, and only one", function()
      expect.raises({ "readonly", "syntax", "permission" }, function() omd:sql "delete from claims" end)
      expect.raises({ "readonly", "syntax", "permission" }, function() omd:sql "drop table claims" end)
      expect.raises({ "readonly", "syntax", "permission" }, function() omd:sql "pragma writable_schema = 1" end)
      expect.raises({ "readonly", "syntax", "permission" }, function()
        omd:sql("attach database '" .. scratch .. "/x.db' as x")
      end)
      expect.raises({ "readonly", "syntax", "permission" }, function() omd:sql "select 1; delete from claims" end)
      expect.raises("syntax", function() omd:sql "selec 1" end)
      expect.raises({ "name", "syntax" }, function() omd:sql "select zzz from claims" end)
      expect.raises({ "name", "syntax" }, function() omd:sql "select 1 from zzz" end)
      expect.raises({ "syntax", "range" }, function() omd:sql "" end)
      expect.raises({ "range", "type", "syntax" }, function() omd:sql("select ?, ?", 1) end)
      expect.raises({ "range", "type", "syntax" }, function() omd:sql("select ?", 1, 2) end)
      assert(omd:sql("select count(*) as n from claims")[1].n > 0)
    end)
  end)

  -- Every public method, every wrong kind in its first place. A kind in `fits` is a possible argument: its call may
  -- succeed or fail, but an error must still be a proper one.
  describe("of types", function()
    local function objects()
      return {
        { "Store", omd, {
          { "load", "" }, { "insert", "" }, { "update", "" }, { "delete", "" }, { "transaction", "function" }, { "define", "" },
          { "alias", "" }, { "equiv", "" }, { "sql", "" }, { "bilateral", "" }, { "phase_table", "nil" }, { "history", "" },
        } },
        { "Claims", claims, { { "table", "" } } },
        { "Table", cases, {
          { "compare", "" }, { "cumulative", "" }, { "share", "nil" }, { "top", "" }, { "reconcile", "" }, { "sort", "" },
          { "where", "" }, { "join", "" }, { "select", "" }, { "col", "" }, { "cell", "" }, { "why", "" }, { "to_text", "nil" },
        } },
        { "Figure", mekong.figure(5, "vụ"), {
          { "to", "" }, { "is", "number" }, { "change", "" }, { "times", "" }, { "share", "" }, { "overlaps", "" },
          { "surely_lt", "" }, { "maybe_lt", "" }, { "format", "nil" },
        } },
        { "mekong", false, { { "open", "" }, { "omd", "nil" }, { "figure", "" }, { "errinfo", "string" } } },
      }
    end

    for o, class in ipairs { "Store", "Claims", "Table", "Figure", "mekong" } do
      it(class .. " refuses every wrong kind of first argument", function()
        local before = omd:digest()
        local _, object, methods = table.unpack(objects()[o])
        for _, entry in ipairs(methods) do
          local name, fits = entry[1], entry[2]
          for _, kind in ipairs(KINDS) do
            local bad = value_of(kind)
            local function attempt()
              local result, message
              if object then result, message = object[name](object, bad) else result, message = mekong[name](bad) end
              return result, message
            end
            -- A path or a figure is text: those are tried by their own tests.
            local text = kind == "string" and (name == "open" or name == "omd" or name == "errinfo")
            local fine = kind == fits or text or (name == "errinfo" and kind ~= "string")
            if not fine then
              local ok, found = pcall(attempt)
              assert(not ok, ("%s:%s(%s) gave %s"):format(class, name, kind, tostring(found)))
              assert(type(found) == "string", ("%s:%s(%s) raised a %s"):format(class, name, kind, type(found)))
              expect.raises({ "type", "name", "syntax", "range", "missing", "unit", "ambiguous" }, attempt)
            elseif text and name ~= "errinfo" then
              os.remove(bad)
            end
          end
        end
        os.remove(value_of "string")
        assert.equal(before, omd:digest())
      end)

      it(class .. " refuses an options table that is none, or has an unknown key", function()
        local second = {
          Claims = { { "table", "cases" } },
          Table = { { "compare", "phase" }, { "cumulative", "phase" }, { "top", 2 }, { "reconcile", "5 vụ" } },
          mekong = { { "open", ":memory:" }, { "omd", ":memory:" }, { "figure", "5 vụ" } },
        }
        local _, object = table.unpack(objects()[o])
        for _, entry in ipairs(second[class] or {}) do
          local name, first = entry[1], entry[2]
          for _, kind in ipairs(KINDS) do
            if kind ~= "nil" and not (name == "figure" and kind == "string") then
              local bad = value_of(kind)
              expect.raises({ "type", "name", "range" }, function()
                local result
                if object then result = object[name](object, first, bad) else result = mekong[name](first, bad) end
                return result
              end)
            end
          end
        end
      end)

      it(class .. " refuses a receiver of another kind", function()
        local _, object, methods = table.unpack(objects()[o])
        if not object then return end
        for _, entry in ipairs(methods) do
          local method = object[entry[1]]
          for _, kind in ipairs(KINDS) do
            local bad = value_of(kind)
            expect.raises("type", function()
              local result = method(bad)
              return result
            end)
          end
          local other = class == "Store" and mekong.figure(5, "vụ") or omd
          expect.raises("type", function()
            local result = method(other)
            return result
          end)
        end
      end)
    end

    it("the arguments of bilateral", function()
      for _, kind in ipairs(KINDS) do
        local bad = value_of(kind)
        expect.raises({ "type", "name" }, function() omd:bilateral("VN", bad) end)
        if kind ~= "nil" then expect.raises({ "type", "name" }, function() omd:bilateral("VN", "CN", bad) end) end
      end
    end)

    it("metamethods on the wrong things", function()
      local bare = getmetatable(omd)
      for _, name in ipairs { "__gc", "__close", "__tostring" } do
        local method = bare[name]
        if method then
          for _, kind in ipairs(KINDS) do
            local bad = value_of(kind)
            local ok, message = pcall(function()
              local result = method(bad)
              return result
            end)
            assert(ok or type(message) == "string", name .. " on " .. kind)
          end
        end
      end
      assert(omd:sql("select 1 as n")[1].n == 1)
    end)
  end)

  describe("of a closed store", function()
    it("says that it is closed, whatever is asked", function()
      local store = mekong.omd()
      local its_claims = store:claims()
      local its_table = its_claims:table("cases", { by = "phase" })
      store:close()
      store:close() -- twice is no error
      local asks = {
        claims = {}, phase_table = {}, bilateral = { "VN", "CN" }, sql = { "select 1" }, digest = {}, check = {},
        history = { "claims", 1 }, insert = { "claims", {} }, update = { "claims", 1, {} }, delete = { "claims", "claim = 1" },
        load = { "claims", "x.csv" }, define = { "claims", { "x: text" } }, alias = { "unit", {} },
        equiv = { "viên", "90..300 mg", {} }, backup = { scratch .. "/never.db" }, transaction = { function() end },
      }
      local names = {}
      for name in pairs(asks) do names[#names + 1] = name end
      table.sort(names)
      for _, name in ipairs(names) do
        local message = expect.raises("closed", function()
          local result = store[name](store, table.unpack(asks[name]))
          return result
        end)
        expect.holds(message, "closed")
      end
      expect.raises("closed", function() its_claims:table "cases" end)
      -- A table is a value of its own: reading it needs no store; if it does, it says that the store is closed.
      local ok, text = pcall(tostring, its_table)
      if ok then expect.holds(text, "1.715") else expect.holds(text, "[closed]") end
      assert.is_string(tostring(store))
    end)

    it("may be left by <close> and by garbage", function()
      local kept
      do
        local store <close> = mekong.open ":memory:"
        kept = store
        assert.equal(1, store:sql("select 1 as n")[1].n)
      end
      expect.raises("closed", function() kept:sql "select 1" end)
      for _ = 1, 5 do mekong.open ":memory:" end
      collectgarbage()
      collectgarbage()
    end)

    it("keeps a table alive after its store is collected", function()
      local t = mekong.omd():claims():table("cases", { by = "phase" })
      collectgarbage()
      collectgarbage()
      expect.holds(tostring(t), "1.715")
    end)
  end)

  describe("of files", function()
    local function write(name, bytes)
      local path = scratch .. "/" .. name
      local file = assert(io.open(path, "wb"))
      file:write(bytes)
      file:close()
      return path
    end

    it("a file that is not there, opened to be read", function()
      local message = expect.fails("missing", function() return mekong.open(scratch .. "/none.db", { readonly = true }) end)
      expect.holds(message, "none.db")
      assert.is_nil((io.open(scratch .. "/none.db")))
    end)

    it("a folder that is not there", function()
      local message = expect.fails({ "missing", "io" }, function() return mekong.open(scratch .. "/no/such/omd.db") end)
      expect.holds(message, "omd.db")
    end)

    it("a directory", function()
      local message = expect.fails({ "io", "format", "type", "permission" }, function() return mekong.open(scratch) end)
      expect.holds(message, scratch)
    end)

    it("a FIFO, without waiting for it", function()
      local path = scratch .. "/pipe"
      shell("mkfifo " .. path)
      local message = expect.fails({ "io", "format" }, function() return mekong.open(path) end)
      expect.holds(message, path)
      expect.fails({ "io", "format" }, function() return mekong.open(path, { readonly = true }) end)
      expect.fails({ "io", "format" }, function() return omd:backup(path) end)
      expect.fails({ "io", "format" }, function() return omd:load("sources", path) end)
    end)

    it("a device", function()
      expect.fails({ "io", "format" }, function() return mekong.open "/dev/null" end)
      expect.fails({ "io", "format" }, function() return mekong.open "/dev/zero" end)
    end)

    it("a file that is no database, and stays as it was", function()
      local text = ("Đây là một bức thư.\n"):rep(300)
      local path = write("thu.txt", text)
      local message = expect.fails("format", function() return mekong.open(path) end)
      expect.holds(message, path)
      assert.equal(text, assert(io.open(path, "rb")):read "a")
      expect.fails("format", function() return mekong.open(write("one.db", "x")) end)
    end)

    it("a database of another program, and stays as it was", function()
      local path = scratch .. "/other.db"
      -- The header of an SQLite file whose application_id is not ours: a store with that field overwritten.
      assert(mekong.open(path)):close()
      local file = assert(io.open(path, "r+b"))
      file:seek("set", 68)
      file:write "\1\2\3\4"
      file:close()
      local before = assert(io.open(path, "rb")):read "a"
      expect.fails("format", function() return mekong.open(path) end)
      assert.equal(before, assert(io.open(path, "rb")):read "a")
    end)

    it("a store of a later version", function()
      local path = scratch .. "/later.db"
      assert(mekong.open(path)):close()
      local file = assert(io.open(path, "r+b"))
      file:seek("set", 60)
      file:write "\0\0\255\255"
      file:close()
      local message = expect.fails("format", function() return mekong.open(path) end)
      expect.holds(message, "65535")
    end)

    it("a store cut in the middle", function()
      local path = scratch .. "/cut.db"
      mekong.omd(path):close()
      local bytes = assert(io.open(path, "rb")):read "a"
      local cut = write("cut2.db", bytes:sub(1, #bytes // 2))
      local store, message, record = mekong.open(cut)
      if store then
        local ok, _, why = pcall(store.check, store)
        assert(not ok or why, "check found nothing wrong with half a store")
        store:close()
      else
        expect.code({ "damaged", "format" }, record.code, message)
      end
    end)

    it("a name with a zero byte, an empty name, a name that looks like an address", function()
      expect.raises({ "type", "syntax", "range", "format" }, function() mekong.open "a\0b" end)
      expect.raises({ "type", "syntax", "range", "missing", "name" }, function() mekong.open "" end)
      local store = mekong.open("file:" .. scratch:gsub("/", "_") .. "?mode=memory")
      if store then
        store:close()
        local name = "file:" .. scratch:gsub("/", "_") .. "?mode=memory"
        assert(os.remove(name), "the name was read as an address")
        os.remove(name .. "-wal")
        os.remove(name .. "-shm")
      end
    end)

    it("writing to a store opened to be read", function()
      local path = scratch .. "/ro.db"
      mekong.omd(path):close()
      local store = assert(mekong.open(path, { readonly = true }))
      expect.holds(tostring(store:claims():table("cases", { by = "phase" })), "1.715")
      expect.fails("readonly", function() return store:insert("sources", { source = "x", title = "x" }) end)
      expect.fails("readonly", function() return store:delete("sources", "source = 'x'") end)
      store:close()
    end)

    it("a place that cannot be written #tree", function()
      -- /sys takes no new files, not even from root.
      local message = expect.fails({ "permission", "readonly", "io", "missing" }, function() return mekong.open "/sys/mekong.db" end)
      expect.holds(message, "/sys/mekong.db")
      expect.fails({ "permission", "readonly", "io", "missing" }, function() return omd:backup "/sys/mekong.db" end)
    end)

    it("a full disk, which leaves the store usable and what was there #tree", function()
      local script = write("full.lua", [[
        local mekong = require "mekong"
        local path = ...
        local store = assert(mekong.open(path .. "/a.db"))
        assert(store:insert("sources", { source = "first", title = "first" }))
        local long, n, message, info = ("x"):rep(20000), 0
        repeat
          n = n + 1
          local done, why, record = store:insert("sources", { source = "s" .. n, title = long .. n })
          message, info = why, record
        until not done or n > 1000
        print(n > 1000 and "never full" or info.code, (message or ""):match "^[^\n]*")
        print(store:sql("select count(*) as n from sources")[1].n, n)
        print((pcall(store.check, store)))
        store:close()
        local again = assert(mekong.open(path .. "/a.db"))
        print(again:sql("select count(*) as n from sources")[1].n)
      ]])
      local mount = scratch .. "/small"
      shell("mkdir " .. mount)
      local inner = ("mount -t tmpfs -o size=1m none %s && exec env LUA_PATH_5_4=%s LUA_CPATH_5_4=%s %s %s %s"):format(mount,
        expect.quoted(package.path), expect.quoted(package.cpath), expect.interpreter(), script, mount)
      local ready = expect.run("unshare -rm sh -c " .. expect.quoted("mount -t tmpfs -o size=1m none " .. mount))
      if ready ~= "" then
        pending("a small file system cannot be mounted here: " .. ready)
        return
      end
      local out, status = expect.run("unshare -rm sh -c " .. expect.quoted(inner))
      assert.equal(0, status, out)
      assert.equal("full", out:match "^(%l+)", out)
      local count, n = out:match "\n(%d+)\t(%d+)\n"
      assert.equal(n, count, out) -- the first, and all but the last of n
      assert.equal(count, out:match "(%d+)\n$", out)
    end)
  end)

  describe("of errors themselves", function()
    it("errinfo tells code, message and hint, and knows what is no error of ours", function()
      local _, record = expect.raises("name", function() claims:table("cases", { catgeory = "drug" }) end)
      assert.equal("name", record.code)
      assert.is_string(record.message)
      assert.is_nil((record.message:find("[name]", 1, true)))
      assert.is_nil(mekong.errinfo "attempt to index a nil value")
      assert.is_nil(mekong.errinfo "")
    end)
    it("the same mistake gives the same message", function()
      local function mistake() cases:where "casse > 5" end
      local _, first = pcall(mistake)
      local _, second = pcall(mistake)
      assert.equal(first, second)
    end)
    it("nothing is written to the terminal and no global is made", function()
      local before = {}
      for name in pairs(_G) do before[name] = true end
      pcall(function() cases:where "casse > 5" end)
      for name in pairs(_G) do assert(before[name], "global " .. tostring(name)) end
      local out = expect.lua { "-e", [[local m = require "mekong"; pcall(m.figure, "zzz"); m.open("/nonexistent/x.db")]] }
      assert.equal("", out)
    end)
    it("a transaction left by a coroutine that never comes back loses nothing that was acknowledged", function()
      local path = scratch .. "/yield.db"
      local store = assert(mekong.open(path))
      local left = coroutine.create(function()
        return store:transaction(function() coroutine.yield() end)
      end)
      coroutine.resume(left)
      local ok, done = pcall(function()
        local rows = store:insert("sources", { source = "out", title = "out" })
        return rows
      end)
      local acknowledged = ok and done ~= nil
      left = nil -- luacheck: ignore
      collectgarbage()
      collectgarbage()
      pcall(store.close, store)
      local again <close> = assert(mekong.open(path, { readonly = true }))
      assert.equal(acknowledged and 1 or 0, again:sql("select count(*) as n from sources")[1].n)
    end)
    it("an error in a user's own function passes through unchanged", function()
      local ok, message = pcall(function() omd:transaction(function() error("mine", 0) end) end)
      assert.is_false(ok)
      assert.equal("mine", message)
      local object = {}
      ok, message = pcall(function() omd:transaction(function() error(object) end) end)
      assert.is_false(ok)
      assert(message == object or type(message) == "string")
      assert.equal(1, omd:sql("select 1 as n")[1].n)
    end)
  end)
end)
