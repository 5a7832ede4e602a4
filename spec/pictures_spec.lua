-- The pictures of the README are what examples/pictures.lua draws today, byte for byte.
local expect = require "spec.support.expect"

local function read(path)
  local f <close> = assert(io.open(path, "rb"))
  return f:read "a"
end

describe("the pictures of the README", function()
  it("are those that the example draws, and each is shown", function()
    local folder = expect.run "mktemp -d":gsub("%s+$", "")
    local out, status = expect.lua { "examples/pictures.lua", folder }
    assert.equal(0, status, out)
    local readme, count = read "README.md", 0
    for name in expect.run("ls " .. folder):gmatch "%S+%.svg" do
      assert(read("examples/out/" .. name) == read(folder .. "/" .. name), name .. " is not up to date: run examples/pictures.lua")
      expect.holds(readme, "examples/out/" .. name)
      count = count + 1
    end
    expect.run("rm -r " .. expect.quoted(folder))
    assert.equal(5, count)
  end)
end)
