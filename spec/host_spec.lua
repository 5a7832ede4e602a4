-- A C program with mekong inside: linked in whole, or found by require; both say what the interpreter says.

local function output(command)
  local pipe = assert(io.popen(command .. " 2>&1"))
  local text = pipe:read "a"
  return text, pipe:close()
end

local function built(path)
  local file = io.open(path)
  return file ~= nil and file:close()
end

describe("a host in C #tree", function()
  local mekong = require "mekong"
  local store, expected

  setup(function()
    store = assert(mekong.omd())
    expected = tostring(store:claims():table("cases", { by = "phase" })) .. "\n"
  end)
  teardown(function() store:close() end)

  it("has mekong linked in, with its Lua files and its ledger", function()
    if not built "build/host/static" then return pending "the host is not built: make host" end
    -- Nothing can be found by require: only what is in the program itself.
    local text, ok = output "cd / && LUA_PATH_5_4=none LUA_CPATH_5_4=none \"$OLDPWD/build/host/static\""
    assert.are.equal(expected, text)
    assert.is_true(ok)
  end)

  it("finds mekong by require", function()
    if not built "build/host/dynamic" then return pending "the host is not built: make host" end
    local text, ok = output "eval \"$(make -s env)\" && build/host/dynamic"
    assert.are.equal(expected, text)
    assert.is_true(ok)
  end)

  it("gets a string when mekong is not there", function()
    if not built "build/host/dynamic" then return pending "the host is not built: make host" end
    local text, ok = output "cd / && LUA_PATH_5_4=none LUA_CPATH_5_4=none \"$OLDPWD/build/host/dynamic\""
    assert.is_nil(ok)
    assert.matches("module 'mekong' not found", text, 1, true)
  end)
end)
