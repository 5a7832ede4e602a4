-- Files of results are whole or as they were, and their format is what the name says.
local mekong = require "mekong"
local expect = require "spec.support.expect"
local place = require "spec.support.store_place"

describe("saving a table", function()
  local omd, t, folder
  setup(function()
    omd = mekong.omd()
    t = omd:claims():table("cases", { by = "phase" })
  end)
  teardown(function() omd:close() end)
  before_each(function() folder = place.folder() end)
  after_each(function() place.remove(folder) end)

  local function names() return expect.run("ls -A " .. expect.quoted(folder)) end

  it("takes the format from the end of the name, or from the option", function()
    for _, name in ipairs { "a.csv", "a.tsv", "a.json", "a.jsonl", "a.txt", "a.md", "a.html", "a.xlsx", "A.CSV" } do
      assert.is_true(t:save(folder .. "/" .. name))
      assert.is_true(#place.read(folder .. "/" .. name) > 100)
    end
    assert.equal(t:to_csv(), place.read(folder .. "/a.csv"))
    assert.equal(t:to_csv { separator = "\t" }, place.read(folder .. "/a.tsv"))
    assert.equal(t:to_csv { dialect = "excel-vi" }, (t:save(folder .. "/b.csv", { dialect = "excel-vi" }) and place.read(folder .. "/b.csv")))
    assert.is_true(t:save(folder .. "/a.dat", { format = "json", locale = "en" }))
    assert.equal(t:to_json { locale = "en" } .. "\n", place.read(folder .. "/a.dat"))
  end)

  it("names the formats there are when it knows none of that name, before anything is written", function()
    for _, name in ipairs { "a.pdf", "a", "a.", ".csv/a", "a.csv.gz" } do
      local message = expect.raises("format", function() t:save(folder .. "/" .. name) end)
      expect.holds(message, ".csv", ".json", ".txt")
    end
    expect.holds(expect.raises("format", function() t:save(folder .. "/a.svg") end), "t:chart():save", "/a.svg")
    expect.raises("name", function() t:save(folder .. "/a.csv", { format = "pdf" }) end)
    expect.raises("name", function() t:save(folder .. "/a.csv", { dialekt = "excel-vi" }) end)
    expect.raises("type", function() t:save(5) end)
    expect.raises("type", function() t:save() end)
    expect.raises("type", function() t:save(folder .. "/a.csv", "machine") end)
    expect.raises("type", function() t.save(folder .. "/a.csv") end)
    expect.raises("type", function() t:save(folder .. "/a\0.csv") end)
    assert.equal("", names())
  end)

  it("replaces a file in one step and keeps its permissions; other files are let be", function()
    local path = place.write(folder .. "/a.csv", "old")
    assert(os.execute("chmod 640 " .. expect.quoted(path)))
    local before <close> = assert(io.open(path))
    assert.is_true(t:save(path))
    assert.equal("old", before:read "a")
    assert.equal(t:to_csv(), place.read(path))
    assert.equal("640\n", (expect.run("stat -c %a " .. expect.quoted(path))))
    assert.equal("a.csv\n", names())
  end)

  it("follows a link to its file, and writes none of what is no file", function()
    place.write(folder .. "/a.csv", "old")
    assert(os.execute(("cd %s && ln -s a.csv link.csv && ln -s none.csv dangling.csv && mkfifo pipe.csv && mkdir dir.csv"):format(folder)))
    assert.is_true(t:save(folder .. "/link.csv"))
    assert.equal(t:to_csv(), place.read(folder .. "/a.csv"))
    expect.holds(expect.fails("io", t.save, t, folder .. "/pipe.csv"), "FIFO")
    expect.holds(expect.fails("io", t.save, t, folder .. "/dir.csv"), "directory")
    expect.fails("io", t.save, t, "/dev/null", { format = "csv" })
    expect.fails("missing", t.save, t, folder .. "/dangling.csv")
    expect.fails("missing", t.save, t, folder .. "/none/a.csv")
    expect.fails("missing", t.save, t, folder .. "/a.csv/b.csv")
    expect.fails("limit", t.save, t, folder .. "/" .. ("x"):rep(300) .. ".csv")
    assert.is_true(t:save(folder .. "/" .. ("x"):rep(251) .. ".csv"))
  end)

  it("never writes over a database in use", function()
    local store <close> = assert(mekong.open(folder .. "/a.csv"))
    store:insert("cases", { case = "A" })
    expect.fails("format", t.save, t, folder .. "/a.csv")
    assert.equal(1, #store:sql "select 1 from cases")
  end)

  it("on a full disk is told so, and what was there stays whole #tree", function()
    local script = place.write(folder .. "/full.lua", [[
      local mekong = require "mekong"
      local folder = ...
      local path = folder .. "/a.csv"
      local store <close> = assert(mekong.open ":memory:")
      local function rows(n)
        return store:sql("with recursive c(i) as (select 1 union all select i + 1 from c where i < ?) select i, 'abcdefghij' as t from c", n)
      end
      assert(rows(10):save(path))
      local ok, message, info = rows(100000):save(path)
      print(ok, info.code, (message:match "^[^\n]*"))
      local file <close> = assert(io.open(path))
      print(file:read "a" == rows(10):to_csv(), (rows(100):save(path)))
    ]])
    local mount = folder .. "/small"
    assert(os.execute("mkdir " .. mount))
    local ready = expect.run("unshare -rm sh -c " .. expect.quoted("mount -t tmpfs -o size=1m none " .. mount))
    if ready ~= "" then return pending("a small file system cannot be mounted here: " .. ready) end
    local inner = ("mount -t tmpfs -o size=1m none %s && exec env LUA_PATH_5_4=%s LUA_CPATH_5_4=%s %s %s %s; "):format(mount,
      expect.quoted(package.path), expect.quoted(package.cpath), expect.interpreter(), script, mount)
    local out, status = expect.run("unshare -rm sh -c " .. expect.quoted(inner))
    assert.equal(0, status, out)
    expect.holds(out, "nil\tfull\t", "no room left", "[full]", "true\ttrue")
  end)

  it("where nothing may be written is refused #tree", function()
    -- /sys takes no new files, not even from root.
    expect.holds(expect.fails({ "permission", "readonly", "io" }, t.save, t, "/sys/a.csv"), "/sys/a.csv")
  end)
end)
