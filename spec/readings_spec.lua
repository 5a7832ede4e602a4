-- How well mekong.read finds the figures of texts whose answers were made by hand (spec/readings). held.txt is for scoring
-- only. A floor is raised when the score rises, never lowered.
local here = debug.getinfo(1, "S").source:match "^@(.*/)" or "./"
local score = dofile(here .. "readings/score.lua")

local FLOORS = {
  ["open.txt"] = { f1 = 0.985, unit = 0.99, qualifier = 0.99, category = 0.98, phase = 0.99, period = 0.985 },
  ["held.txt"] = { f1 = 0.95, unit = 0.99, qualifier = 0.99, category = 0.97, phase = 0.98, period = 0.97 },
}

-- A reader that knows the answers of one text: what is open is left out.
local function knowing(texts)
  local of_text = {}
  for _, text in ipairs(texts) do of_text[text.text] = text end
  return function(text)
    local readings = {}
    for i, want in ipairs(of_text[text].wanted) do
      local found = { first = want.first, last = want.last, surface = want.surface }
      for _, field in ipairs { "measure", "unit", "qualifier", "category", "phase", "period", "direction" } do
        local said = want[field]
        found[field] = said ~= "*" and said ~= "-" and said and said:match "^[^~]*" or nil
      end
      local low, high = want.value:match "^(.-)%.%.(.*)$"
      found.value, found.value_high = low or want.value:match "^[^~]*", high
      if want.value == "?" then found.value, found.alternatives = nil, { {}, {} } end
      readings[i] = found
    end
    return readings
  end
end

describe("figures of the press", function()
  for _, name in ipairs { "open.txt", "held.txt" } do
    local path = here .. "readings/" .. name

    it("of " .. name .. " stand in their texts in the order of the answers", function()
      local texts = score.read_file(path)
      assert.is_true(#texts > 0)
      for _, text in ipairs(texts) do assert.has_no.errors(function() score.place(text) end) end
    end)

    it("of " .. name .. " score fully for one who knows them, and nothing for one who finds none", function()
      local texts = score.read_file(path)
      for _, text in ipairs(texts) do score.place(text) end
      local sum = score.of(path, nil, knowing(texts))
      assert.equal(1, sum.f1)
      for _, field in ipairs { "unit", "qualifier", "category", "phase", "period", "direction" } do
        assert.equal(1, sum.fields[field].share, field)
      end
      assert.equal(0, score.of(path, nil, function() return {} end).f1)
    end)

    it("of " .. name .. " are found with the right value, unit and measure, and their fields", function()
      local sum = score.of(path)
      local low = {}
      for _, field in ipairs { "f1", "unit", "qualifier", "category", "phase", "period" } do
        local reached = field == "f1" and sum.f1 or sum.fields[field].share
        if reached < FLOORS[name][field] then low[#low + 1] = ("%s %.4f < %.4f"):format(field, reached, FLOORS[name][field]) end
      end
      assert.equal("", table.concat(low, "; "), score.lines(name, sum))
    end)
  end
end)
