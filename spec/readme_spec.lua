-- README: what it shows is what the programs print, its first script runs, and the places it names are there.
local mekong = require "mekong"
local expect = require "spec.support.expect"

local function read(path)
  local f <close> = assert(io.open(path, "rb"))
  return f:read "a"
end

local function run(script, env)
  local out, status = expect.lua({ script }, env)
  assert.equal(0, status, out)
  return out
end

describe("the README", function()
  local readme = read "README.md"

  it("shows lines of the demonstration, to the letter", function()
    local shown, printed = readme:match "```\n(.-)\n```", run("examples/demo.lua", { "MEKONG_LOCALE=vi" })
    local count = 0
    for line in shown:gmatch "[^\n]+" do
      assert(("\n" .. printed):find("\n" .. line .. "\n", 1, true), "not printed by examples/demo.lua: " .. line)
      count = count + 1
    end
    assert(count > 10)
  end)

  it("has a first script of about ten lines that runs", function()
    local script = readme:match "## A first script\n\n```lua\n(.-)```"
    local path = os.tmpname()
    local f = assert(io.open(path, "wb"))
    f:write(script)
    f:close()
    local printed = run(path)
    os.remove(path)
    assert(printed:find("−32,7%", 1, true), printed)
    assert(printed:find("≥ 108", 1, true), printed)
    assert(printed:find("Hải quan Nam Ninh", 1, true), printed)
  end)

  it("gives what its table of Vietnamese text says, row by row", function()
    local store <close> = assert(mekong.open ":memory:")
    assert(store:insert("cases", { case = "1", note = "bắt ma tuý đá" }))
    local known = { text = mekong.text, entity = mekong.entity, fmt = mekong.fmt, vocab = mekong.vocab, store = store }
    setmetatable(known, { __index = _G })
    local count = 0
    for expression, shown in readme:match "## Vietnamese text\n(.-)\n## ":gmatch "\n| [^|]+ | `([^|`]+)` | `([^|`]*)` |" do
      local results, said = table.pack(assert(load("return " .. expression, expression, "t", known))()), {}
      for i = 1, results.n do
        if type(results[i]) ~= "table" then said[#said + 1] = tostring(results[i]) end
      end
      assert.equal(shown, table.concat(said, ", "), expression)
      count = count + 1
    end
    assert(count >= 35)
  end)

  it("names places that are there", function()
    local count = 0
    for place in readme:match "## Where things are\n(.*)$":gmatch "`([%w_/%.]+)`" do
      local f = io.open(place) or io.open(place .. "/.") or io.open((place:gsub("/$", "")))
      assert(f or os.rename(place, place), place .. " is not in the tree")
      if f then f:close() end
      count = count + 1
    end
    assert(count >= 6)
  end)
end)
