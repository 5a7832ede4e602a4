-- Keys of sealed cases stand in the file but for what each shares with the one before it (engine.h, form 4): they come back as they were,
-- and bytes that say something else are refused.
local core = require "mekong.core"
local mekong = require "mekong"
local expect = require "spec.support.expect"
local place = require "spec.support.store_place"
local seeded = require "spec.support.seeded"
local segments = require "spec.support.segments"

local function count(store, what) return store:sql("select count(*) as n from " .. what)[1].n end

-- Keys with much and with nothing in common, one being the beginning of another, of one byte and of as many as fit.
local function keys_of(seed)
  local random, list, seen = seeded(seed), {}, {}
  for _ = 1, 60 do
    local long = random(4) == 1
    local key = ("K"):rep(random(long and 200 or 3) - 1) .. ("é"):rep(random(long and 20 or 2) - 1) .. (random(1000) - 1) ..
      ("z"):rep(random(12) - 1)
    if not seen[key] then
      list[#list + 1] = key
      seen[key] = true
    end
  end
  for _, key in ipairs { "a", "aa", ("a"):rep(15), ("a"):rep(16), ("a"):rep(17), ("a"):rep(254), ("a"):rep(255), "b" } do list[#list + 1] = key end
  return list
end

local function fill(store, keys)
  local cases, lines = {}, {}
  for i, key in ipairs(keys) do
    cases[i] = { case = key, phase = 1 + i % 7, suspects = i }
    for k = 1, i % 4 do lines[#lines + 1] = { case = key, line = k, category = "drug", quantity = i, unit = "kg" } end
  end
  assert(store:insert("cases", cases))
  assert(store:insert("lines", lines))
end

describe("keys of sealed cases", function()
  local folder, path
  before_each(function()
    folder = place.folder()
    path = folder .. "/a.db"
  end)
  after_each(function() place.remove(folder) end)

  it("come back as they were, whatever they share", function()
    for seed = 1, 12 do
      local keys = keys_of(seed)
      local store <close> = assert(mekong.open(":memory:"))
      local plain <close> = assert(mekong.open(":memory:"))
      fill(store, keys)
      fill(plain, keys)
      assert(core.store.seal(store, 4 + seed * 7))
      assert.equal(0, count(store, "main.cases"))
      assert.equal(count(store, "blocks"), count(store, "segments where form = 4 and \"column\" = 'c.\"case\"'"))
      assert.equal(plain:digest(), store:digest())
      for i = 1, #keys, 7 do
        assert.equal(i, store:sql('select suspects from cases where "case" = ?', keys[i])[1].suspects)
        assert.equal(tostring(plain.cases:where({ case = keys[i] }):count "phase"), tostring(store.cases:where({ case = keys[i] }):count "phase"))
      end
      assert.is_true(store:check())
      assert(store:unseal())
      assert.equal(plain:digest(), store:digest())
    end
  end)

  -- Files in the order of running numbers behind few different beginnings: one, two and no bytes behind eight, keys that begin others.
  local function running()
    local heads, list = { "VN-2018-", "LA-2018-", "a", "VN-2018", "MM-2019-", "éé-2018" }, {}
    for i = 1, 2 do list[#list + 1] = ({ "VN-2018-", "LA-2018-" })[i] end
    for i = 1, 300 do
      local head = heads[1 + i * 7 % #heads]
      list[#list + 1] = (head .. ("~"):rep(8 - #head)) .. (i < 20 and string.char(64 + i) or ("X%03d"):format(i) .. ("z"):rep(i % 5 == 0 and 4 or 0))
    end
    return list
  end

  it("come back as they were when a file gives them a few beginnings and a rising end", function()
    local keys, rows = running(), { "case,phase,category,quantity,unit" }
    local plain <close> = assert(mekong.open(":memory:"))
    local cases, lines = {}, {}
    for i, key in ipairs(keys) do
      cases[i] = { case = key, phase = 1 + i % 7 }
      for k = 1, 1 + i % 3 do
        rows[#rows + 1] = ("%s,%d,drug,%d,kg"):format(key, 1 + i % 7, i + k)
        lines[#lines + 1] = { case = key, line = k, category = "drug", quantity = i + k, unit = "kg" }
      end
    end
    assert(plain:insert("cases", cases))
    assert(plain:insert("lines", lines))
    for _, threads in ipairs { 1, 2 } do
      local store <close> = assert(mekong.open(":memory:", { threads = threads }))
      core.store.seal(store, 50)
      local report = assert(store:load("cases", { text = table.concat(rows, "\n") .. "\n" }))
      assert.equal(0, report.rejected)
      assert.equal(0, count(store, "main.cases"))
      assert.equal(count(store, "blocks"), count(store, "segments where form = 4"))
      assert.equal(plain:digest(), store:digest())
      assert.is_true(store:check())
    end
  end)

  it("come in order when a file gives long ones that differ at their end alone", function()
    local random, begin, keys, rows = seeded(11), ("k"):rep(700), {}, { "case,phase,quantity,unit,category" }
    for i = 1, 400 do keys[i] = begin .. i .. (i % 3 == 0 and ("z"):rep(i) or "") end
    for i = #keys, 2, -1 do
      local k = random(i)
      keys[i], keys[k] = keys[k], keys[i]
    end
    for i, key in ipairs(keys) do rows[i + 1] = ("%s,%d,%d,kg,drug"):format(key, 1 + i % 7, i) end
    local store <close> = assert(mekong.open(":memory:"))
    core.store.seal(store, 64)
    assert.equal(0, assert(store:load("cases", { text = table.concat(rows, "\n") .. "\n" })).rejected)
    assert.equal(0, count(store, "main.cases"))
    assert.is_true(store:check()) -- which looks at their order
    for i, key in ipairs(keys) do assert.equal(tostring(i), store:sql('select quantity from lines where "case" = ?', key)[1].quantity) end
  end)

  it("of more than 255 bytes stand whole, with all of their block", function()
    local store <close> = assert(mekong.open(":memory:"))
    local plain <close> = assert(mekong.open(":memory:"))
    local keys = keys_of(5)
    keys[#keys + 1] = ("b"):rep(256)
    fill(store, keys)
    fill(plain, keys)
    assert(core.store.seal(store, 16))
    assert.equal(1, count(store, "segments where form = 1 and \"column\" = 'c.\"case\"'"))
    assert.equal(count(store, "blocks") - 1, count(store, "segments where form = 4"))
    assert.equal(plain:digest(), store:digest())
    assert.is_true(store:check())
  end)

  it("make a store one of today, which until then stays one of the version before", function()
    local function version() return (">I4"):unpack(place.read(path), 61) end
    do
      local store <close> = assert(mekong.open(path))
      fill(store, keys_of(3))
    end
    place.patch(path, 60, (">I4"):pack(6))
    local digest
    do
      local store <close> = assert(mekong.open(path, { readonly = true }))
      digest = store:digest()
    end
    do
      local store <close> = assert(mekong.open(path))
      assert(store:insert("cases", { case = "new" }))
      assert(store:delete("cases", { case = "new" }))
    end
    assert.equal(6, version())
    do
      local store <close> = assert(mekong.open(path))
      assert(core.store.seal(store, 16))
      assert.equal(digest, store:digest())
    end
    assert.equal(7, version())
    assert.is_nil((io.open(path .. ".schema-6")))
  end)

  it("are refused where their bytes, with the right checksum, do not fit each other", function()
    do
      local store <close> = assert(mekong.open(path))
      fill(store, { "V001", "V002", "V0021", "V01", "W1" })
      assert(core.store.seal(store, 100))
    end
    local sound = place.read(path)
    local function with(change)
      local store <close> = assert(mekong.open(path))
      local row = store:sql([[select b.id, b.low, b.high, b.rows, b.state, hex(s.data) as data from segments s join blocks b
        on b.id = s.block where s.form = 4]])[1]
      local bytes = row.data:gsub("%x%x", function(pair) return string.char(tonumber(pair, 16)) end)
      local now = segments.sealed(change(bytes), row, 'c."case"', 4)
      return ("update segments set data = x'%s' where form = 4"):format(now:gsub(".", function(c) return ("%02x"):format(c:byte()) end), nil)
    end
    local function put(bytes, at, ...) return bytes:sub(1, at) .. string.char(...) .. bytes:sub(at + 1 + select("#", ...)) end
    -- after the head: 0 3 4 2 0, 4 1 1 1 2
    assert.equal(with(function(b) return b end), with(function(b) return put(b, 80, 0, 3, 4, 2, 0, 4, 1, 1, 1, 2) end))
    for _, case in ipairs {
      { "the first has more than nothing before it", function(b) return put(b, 80, 1) end },
      { "more than the one before has", function(b) return put(b, 82, 5) end },
      { "fewer bytes than there are", function(b) return put(b, 89, 1) end },
      { "more bytes than there are", function(b) return put(b, 89, 3) end },
      { "fewer keys", function(b) return put(b, 12, 5) end },
      { "more keys than cases", function(b) return put(b, 12, 7) end },
      { "more rows", function(b) return put(b, 8, 99) end },
      { "some are missing", function(b) return put(b, 16, 1) end },
      { "cut", function(b) return b:sub(1, -2) end },
      { "longer", function(b) return b .. "x" end },
      { "a head alone", function(b) return b:sub(1, 80) end },
    } do
      local name, change = case[1], case[2]
      local edit = with(change)
      if not place.sqlite(path, edit) then return pending "the sqlite3 command is not installed" end
      local store <close> = assert(mekong.open(path))
      assert(not pcall(store.digest, store), name)
      expect.raises("damaged", function() store:digest() end)
      expect.raises("damaged", function() store:sql "select \"case\" from cases" end)
      expect.fails("damaged", function() return store:check() end)
      store:close()
      for _, tail in ipairs { "-wal", "-shm" } do os.remove(path .. tail) end
      place.write(path, sound)
    end
  end)
end)
