-- Files loaded with a second thread: rows, codes, rejects, report and sealed columns are those of one thread, whatever lies across
-- the places where the text is cut for the two of them.
local mekong = require "mekong"
local core = require "mekong.core"
local threads = require "spec.support.threads"
local told = require "spec.support.load_told"
local segments = require "spec.support.segments"
local seeded = require "spec.support.seeded"

local odd = { -- records that are refused, or read in another way than most
  function(key) return key .. ',5,31/2/2025,Đội 1,1,kg,""' end,
  function(key) return key .. ",5,1/2/2025,Đội 1,1,kgg," end,
  function(key) return key .. ",5,1/2/2025,Đội \xFF,1,kg," end,
  function(key) return key .. ",5,1/2/2025,Đội 2" end,
  function(key) return key .. ",5,1/2/2025,Đội 2,1,kg,a,b" end,
  function(key) return key .. ',5,1/2/2025,Đội 2,1,kg,"một ""hai"" ba' .. (", bốn\n"):rep(40) .. '"' end,
  function(key) return key .. ',5,1/2/2025,"Đội 2" x,1,kg,' end,
  function() return "" end,
  function() return " ,," end,
  function(key, r) return ("VN-%08d"):format(r(9999)) .. key:sub(9) .. ",5,1/2/2025,Đội 2,1,kg," end, -- keys that rise no more
  function(_, r) return ("VN-2022-%06d"):format(r(3000)) .. ",5,1/2/2025,Đội 2,1,kg," end, -- or come twice
  function(key) return key .. ',5,1/2/2025,Đội 2,1,kg,"' .. ("dài, "):rep(80000) .. '"' end, -- longer than what is cut at once
}

-- A file of some megabytes; often: one row in how many is odd, up to which of the kinds above.
local function write(path, seed, often, kinds, eol)
  local r, file = seeded(seed), assert(io.open(path, "wb"))
  file:write("case,phase,date,agency,quantity,unit,note", eol)
  for i = 1, 10000 do
    local key = ("VN-2022-%06d"):format(i)
    if r(often) == 1 then
      file:write(odd[r(kinds)](key, r), eol)
    else
      file:write(("%s,%d,%d/%d/2025,Đội Kiểm soát số %d,%d.%02d,kg,%s"):format(key, r(7), r(28), r(12), r(60), r(900), r(99),
        r(3) == 1 and '"ghi, ' .. r(50) .. '"' or ("chữ "):rep(r(30))), eol)
    end
  end
  file:close()
end

-- What a load gives, how many sealed columns there are, and whether there was another thread.
local function load(path, opts)
  local before = threads()
  local store <close> = assert(mekong.open(":memory:", opts))
  assert(core.store.seal(store, 1000))
  local report, message, info = store:load("cases", path)
  local columns, n = segments.text(store)
  return told(store, report, message, info) .. "\n" .. columns, n, threads() > before
end

describe("a load with a second thread", function()
  local path = os.tmpname()
  teardown(function() os.remove(path) end)

  local function same(...)
    write(path, ...)
    local alone, n, other = load(path, { threads = 1 })
    assert.is_false(other)
    assert.is_true(n > 100)
    local both, m
    both, m, other = load(path, { threads = 2 })
    assert.equal(n, m)
    assert.is_true(alone == both)
    return other
  end

  it("takes one, and gives what one thread gives", function() assert.is_true(same(1, 100000, 1, "\n")) end)

  it("gives the same rows, rejects and sealed columns where rows in between are odd", function()
    for seed, often in ipairs { 400, 40 } do same(seed, often, 11, seed == 2 and "\r\n" or "\n") end
  end)

  it("gives the same where records are longer than what is cut at once", function()
    same(7, 2500, 12, "\n")
    same(8, 2500, 12, "\r\n")
  end)

  it("takes none for a small file", function()
    local file = assert(io.open(path, "wb"))
    file:write "case,phase\nA,1\nB,2\n"
    file:close()
    local _, _, other = load(path, { threads = 2 })
    assert.is_false(other)
  end)
end)
