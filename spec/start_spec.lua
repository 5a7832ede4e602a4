-- The module starts with its Lua files compiled beforehand; what runs is nevertheless what stands on disk.
local expect = require "spec.support.expect"
local place = require "spec.support.store_place"

describe("the files of the module #tree", function()
  local folder, root

  setup(function()
    folder = place.folder()
    root = package.searchpath("mekong", package.path):match "^(.*)/mekong/init%.lua$"
    assert(os.execute(("cp -r %s/mekong %s/mekong"):format(expect.quoted(root), expect.quoted(folder))))
  end)
  teardown(function() place.remove(folder) end)

  -- What a script prints that finds the copy.
  local function said(script)
    local path = place.write(folder .. "/script.lua", script)
    local copy = ("%s/?.lua;%s/?/init.lua"):format(folder, folder)
    local out, status = expect.run(("env LUA_PATH_5_4=%s LUA_CPATH_5_4=%s %s %s"):format(expect.quoted(copy), expect.quoted(package.cpath),
      expect.interpreter(), expect.quoted(path)))
    assert.equal(0, status, out)
    return out
  end

  -- A file of the copy holds another text while fn runs.
  local function with(name, change, fn)
    local path = folder .. "/mekong/" .. name
    local text = place.read(path)
    place.write(path, change(text))
    local ok, message = pcall(fn)
    place.write(path, text)
    assert(ok, message)
  end

  it("bear the names and lines of the files they were read from", function()
    local out = said [[
      local mekong = require "mekong"
      local info = debug.getinfo(mekong.fmt.percent, "S")
      print(info.source, info.linedefined)
      local frame = require "mekong.render.cells"
      for _, fn in pairs(frame) do
        if type(fn) == "function" and debug.getinfo(fn, "S").what == "Lua" then print(debug.getinfo(fn, "S").source) break end
      end]]
    local at = 0
    for line in io.lines(root .. "/mekong/fmt.lua") do
      at = at + 1
      if line:find "^function fmt%.percent%(" then break end
    end
    assert.equal(("@%s/mekong/fmt.lua\t%d\n@%s/mekong/render/cells.lua\n"):format(folder, at, folder), out)
  end)

  it("give every object all its names from the start, whichever files were read so far", function()
    for class, object in pairs { Store = "store", Frame = "store.cases", Grouped = "store.cases:by 'phase'",
      Table = "store.cases:count 'phase'", Claims = "store:claims()", Solution = "store:claims():solve()",
      Figure = "mekong.figure '5 kg'", Chart = "store.cases:count('phase'):chart 'bars'", Report = "store:report()",
      Bilateral = "store:bilateral('VN', 'CN')" } do
      assert.equal("", said(([[
        local mekong = require "mekong"
        local store = mekong.open ":memory:"
        local object = %s
        for _, entry in ipairs(require "mekong.doc.%s") do
          local found, message = pcall(function() return object[entry[1] ] end)
          if not found then print(message) end
        end]]):format(object, class:lower())), class)
    end
  end)

  it("are not mixed with the place of an error of the user", function()
    local out = said [[
      local mekong = require "mekong"
      print(select(2, pcall(function() return mekong.figure {} end)))]]
    assert.matches("^[^\n]*/script%.lua:2: mekong: ", out)
  end)

  it("run as they stand on disk when they were changed after the build", function()
    local function changed(text) return text .. " " end
    with("errinfo.lua", function() return "return { parse = function() return 'changed' end }" end, function()
      assert.equal("changed\n", said "print(require 'mekong'.errinfo 'x')")
    end)
    with("fmt.lua", changed, function() assert.equal("1.715\n", said "print(require 'mekong'.fmt.number(1715))") end)
    with("fmt.lua", function(text) return text:sub(1, -20) end, function()
      assert.matches("^false\t[^\n]*mekong/fmt%.lua:%d+: ", said "print(pcall(require, 'mekong'))")
    end)
  end)

  it("that are missing are not made up for", function()
    assert(os.rename(folder .. "/mekong/fmt.lua", folder .. "/fmt.lua"))
    local out = said "print(pcall(require, 'mekong'))"
    assert(os.rename(folder .. "/fmt.lua", folder .. "/mekong/fmt.lua"))
    assert.matches("^false\t[^\n]*fmt%.lua", out)
  end)

  it("are those of the folder that was asked for last, in one program", function()
    local out = said(([[
      local function source()
        for name in pairs(package.loaded) do
          if name:find "^mekong" and name ~= "mekong.core" then package.loaded[name] = nil end
        end
        return debug.getinfo(require "mekong".fmt.number, "S").source
      end
      print(source())
      package.path = %q .. package.path
      print(source())]]):format(root .. "/?.lua;" .. root .. "/?/init.lua;"))
    assert.equal(("@%s/mekong/fmt.lua\n@%s/mekong/fmt.lua\n"):format(folder, root), out)
  end)

  it("leave what others put into package.preload", function()
    assert.equal("mine\n", said [[
      package.preload["mekong.errinfo"] = function() return { parse = function() return "mine" end } end
      print(require "mekong".errinfo "x")]])
  end)
end)
