-- Plain text goes byte by byte, other text letter by letter: the answers are the same. One sign that is not plain (a soft
-- hyphen, which keys drop; another order, which reads words one by one) sends a text the slower way.
local mekong = require "mekong"
local syllables = require "spec.support.syllables"
local seeded = require "spec.support.seeded"
local text = mekong.text

-- Lines of right and wrong syllables, with signs between.
local function lines(count)
  local words, pick = {}, seeded(7)
  syllables.each(text.nfc, text.nfd, function(old, new, scattered, onset)
    if pick(9) > 1 then return end
    for _, w in ipairs { old, new, scattered[#scattered], old .. new, text.upper(old), text.title(onset .. old) } do
      words[#words + 1] = w
    end
  end)
  local signs = { " ", " ", " ", " ", "-", " - ", "  ", " – ", ", ", ". ", "\n", " “", "” ", "·", "\u{A0}", "×", "/" }
  local list = {}
  for i = 1, count do
    local parts = {}
    for k = 1, pick(9) do parts[k] = words[pick(#words)] .. signs[pick(#signs)] end
    list[i] = table.concat(parts)
  end
  return list
end

describe("the pass over plain text", function()
  local list = lines(3000)

  it("makes the keys that the pass letter by letter makes", function()
    for _, line in ipairs(list) do
      for level = 1, 3 do assert.equal(text.key(line .. "\u{AD}", level), text.key(line, level), line) end
    end
  end)

  it("makes the dictionary keys of the pass word by word", function()
    for _, line in ipairs(list) do
      assert.equal(text.sortkey(line, { order = "entity" }), text.sortkey(line, { order = "dictionary" }), line)
    end
  end)

  it("folds as the pass that keeps the case", function()
    for _, line in ipairs(list) do
      assert.equal(text.lower(text.fold(line, { case = true })), text.fold(line), line)
    end
  end)

  it("does not depend on where a text is cut", function()
    local whole = table.concat(list, "\n")
    for _, work in ipairs { text.fold, text.nfc, text.nfd } do
      local parts = {}
      for i, line in ipairs(list) do parts[i] = work(line) end
      assert.equal(table.concat(parts, "\n"), work(whole))
    end
  end)
end)
