-- Long texts are gone over many bytes at once where the processor can, and byte by byte everywhere: both ways are chosen by an
-- argument inside the core and must give the same answers. The program is spec/support/ways.c.
local expect = require "spec.support.expect"

local program = "build/host/ways"

local function built()
  local file = io.open(program)
  return file ~= nil and file:close()
end

describe("both ways over text #tree", function()
  it("give the same answers wherever a character, or what is none, stands", function()
    if not built() then return pending "the program is not built: make host" end
    local out, status = expect.run (program .. " 2>&1")
    assert.equal(0, status, out)
    local counts = {}
    for kind, count in out:gmatch "(%S+) (%d+)\n" do counts[kind] = tonumber(count) end
    for _, kind in ipairs { "utf8", "is_nfc", "nfc", "decode" } do assert(counts[kind] > 50000, kind .. "\n" .. out) end
  end)

  it("are really two on processors that have the wider one", function()
    if not built() then return pending "the program is not built: make host" end
    local file = io.open "/proc/cpuinfo"
    local cpu = file and file:read "a" or ""
    if file then file:close() end
    local out = expect.run (program .. " 2>&1")
    assert.equal(cpu:find "%f[%w]avx2%f[%W]" and "wide" or "plain", out:match "best (%S+)")
  end)
end)
