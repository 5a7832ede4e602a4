-- Sequences of questions and changes over one open store: each answer is the plain evaluator's on the same records.
-- MEKONG_SEEDS=n plays more of them, MEKONG_SEEDS=first-last those.
local sequences = require "spec.support.sequences"

describe("questions asked again and again while the records change", function()
  it("are answered as the plain evaluator does", function()
    local first, last = (os.getenv "MEKONG_SEEDS" or "4"):match "^(%d+)%-?(%d*)$"
    if last == "" then first, last = 1, first end
    local asked, taken = 0, 0
    for seed = math.tointeger(first), math.tointeger(last) do
      local n, from_columns = sequences.run(seed, 60)
      asked, taken = asked + n, taken + from_columns
    end
    assert(taken * 4 > asked, ("only %d of %d questions were answered from columns"):format(taken, asked))
  end)
end)
