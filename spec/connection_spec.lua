-- The connection of a store: every setting is read back, what it denies is tried, and what belongs to the process or to other
-- connections is as it was. The program is spec/support/connection.c.
local expect = require "spec.support.expect"
local place = require "spec.support.store_place"

local program = "build/host/connection"

local function built()
  local file = io.open(program)
  return file ~= nil and file:close()
end

describe("a connection #tree", function()
  local folder
  before_each(function() folder = place.folder() end)
  after_each(function() place.remove(folder) end)

  -- Lines "kind name value" as facts[kind][name] = value.
  local function facts(command)
    local out, status = expect.run(("%s %s %s 2>&1"):format(program, command, expect.quoted(folder .. "/a.db")))
    assert.equal(0, status, out)
    local list = {}
    for kind, name, value in out:gmatch "(%S+) (%S+) ([^\n]*)\n" do
      list[kind] = list[kind] or {}
      list[kind][name] = list[kind][name] and list[kind][name] .. "\n" .. value or value
    end
    return list
  end

  it("is set up as promised, and only that one is", function()
    if not built() then return pending "the program is not built: make host" end
    local got = facts "settings"
    assert.same({
      defensive = "1", trusted_schema = "0", dqs_ddl = "0", dqs_dml = "0", enable_trigger = "1", enable_view = "1",
      writable_schema = "0", enable_load_extension = "0", enable_fkey = "1", enable_fts3_tokenizer = "0",
      limit_length = "67108864", limit_sql_length = "100000", limit_column = "100", limit_expr_depth = "50",
      limit_compound_select = "10", limit_attached = "0", limit_like_pattern_length = "100", limit_variable_number = "999",
      limit_trigger_depth = "4", limit_worker_threads = "0",
    }, got.store)
    assert.same({
      journal_mode = "wal", synchronous = "2", cell_size_check = "1", mmap_size = "0", foreign_keys = "1", temp_store = "2",
      busy_timeout = "5000", journal_size_limit = "67108864", cache_size = "-128", recursive_triggers = "0",
      application_id = tostring(0x4D6B4F4D), user_version = "7",
    }, got.pragma)
    assert.same(got.plain, got.later)
    assert.are_not.same(got.plain, got.store)
    assert.equal("yes", got.process.kept)
    assert.equal("yes", got.link.refused) -- one put there after the path was resolved
  end)

  it("holds more pages once it writes", function()
    if not built() then return pending "the program is not built: make host" end
    assert.equal("-8192", facts("settings").writing.cache_size)
  end)

  it("lets nothing through that was not asked for", function()
    if not built() then return pending "the program is not built: make host" end
    local got = facts "settings"
    assert.equal("SELECT 1\nINSERT INTO meta VALUES ('a', 'b')", got.own.let_through)
    assert.equal('SELECT "case", count(*) FROM cases GROUP BY 1', got.outside.let_through)
    assert.equal(15, select(2, got.own.denied:gsub("\n", "")))
    assert.equal(22, select(2, got.outside.denied:gsub("\n", "")))
  end)

  it("belongs to the process that opened it: a child is refused, its parent goes on", function()
    if not built() then return pending "the program is not built: make host" end
    local got = facts "fork"
    assert.same({ insert = "closed", begin = "closed", digest = "closed", sql = "closed", commit = "closed", close = "ok",
      status = "0" }, got.child)
    assert.same({ begin = "ok", insert = "ok", commit = "ok", count = "ok", rows = "1", check = "ok", close = "ok" }, got.parent)
  end)
end)
