-- The forty analyses: every call of the README's table gives what stands beside it, prints in both languages, and numbers that can be
-- worked out by hand or are known to the generator of the made-up sample come out so.
local mekong = require "mekong"

local path = "examples/records/ho-so-gia.csv"

local function opened(locale)
  local store = assert(mekong.omd(nil, { locale = locale }))
  assert(store:load("cases", path))
  return store, setmetatable({ mekong = mekong, store = store, d = store.cases, c = store:claims() }, { __index = _G })
end

local function value(expression, known) return assert(load("return " .. expression, expression, "t", known))() end

describe("the forty analyses", function()
  local store, known, english, known_en
  local f <close> = assert(io.open("README.md", "rb"))
  local section = f:read "a":match "\n## Bốn mươi phân tích / Forty analyses\n(.-)\n## "

  setup(function()
    store, known = opened "vi"
    english, known_en = opened "en"
  end)
  teardown(function()
    store:close()
    english:close()
  end)

  it("give what the README says, each in its own order, and print in Vietnamese and English", function()
    local last = 0
    for number, call, look, shown in section:gmatch "\n| (%d+)%. [^|]+ | `([^|`]+)` | `([^|`]+)` | `([^|`]*)` |" do
      assert(tonumber(number) > last, number)
      last = tonumber(number)
      assert.equal(shown, tostring(value("(" .. call .. ")" .. look, known)), call)
      local vi, en = tostring(value(call, known)), tostring(value(call, known_en))
      assert(#vi > 20 and #en > 20, call)
      assert.are_not.equal(vi, en, call)
    end
    assert(last > 0)
  end)
end)
