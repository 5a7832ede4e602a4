-- Several processes write one store at once and seal its rows, and one of them is killed: nobody ever sees half of a change, and what each
-- wrote is there.
-- MEKONG_SEEDS=n: a round for every twenty.
local core = require "mekong.core"
local mekong = require "mekong"
local expect = require "spec.support.expect"
local place = require "spec.support.store_place"

describe("rows that several processes write and seal at once", function()
  local folder = place.folder()
  teardown(function() place.remove(folder) end)

  local function round(seed)
    local path, commands, expected = ("%s/%d.db"):format(folder, seed), {}, {}
    assert(mekong.open(path)):close()
    for k, name in ipairs { "x", "y", "z", "killed" } do
      local command = "env LUA_PATH_5_4=%s LUA_CPATH_5_4=%s %s spec/support/sharing.lua %s %s %d %d >%s/%s 2>&1 & p%d=$!"
      commands[k] = command:format(expect.quoted(package.path), expect.quoted(package.cpath), expect.interpreter(), path, name,
        k < 4 and 40 or 4000, seed * 10 + k, folder, name, k)
    end
    commands[#commands + 1] = ("sleep 0.%d; kill -9 $p4; wait $p1 && wait $p2 && wait $p3"):format(1 + seed % 5)
    local _, status = expect.run(table.concat(commands, "\n"))
    for _, name in ipairs { "x", "y", "z" } do
      local said = place.read(folder .. "/" .. name)
      assert(status == 0, said)
      for key in said:gmatch "[^\n]+" do
        expected[#expected + 1] = key .. "a"
        expected[#expected + 1] = key .. "b"
      end
    end
    table.sort(expected)
    local store <close> = assert(mekong.open(path))
    local function keys()
      local list, halves = {}, 0
      for row in store:sql([[select c."case" as c from cases c join lines l on l."case" = c."case" order by 1]]):rows() do
        if row.c:find "killed" then halves = halves + 1 else list[#list + 1] = row.c end
      end
      assert.equal(0, halves % 2)
      return list
    end
    assert.same(expected, keys())
    assert(core.store.seal(store, 8))
    assert.same(expected, keys())
    assert.is_true(store:check())
  end

  it("are whole to each of them, at any time", function()
    for seed = 1, math.max(1, tonumber(os.getenv "MEKONG_SEEDS" or 1) // 20) do round(seed) end
  end)
end)
