-- coverage: the periods for which loads declared that all records are there.
local core = require "mekong.core"
local kept = require "mekong.kept"

local coverage = {}

-- All that was declared, as text.
coverage.text = kept.of(nil, function(store) return core.store.meta(store, "covers") or "" end)

-- coverage.of(store, table) -> list of periods "a/b".
function coverage.of(self, name)
  local list = {}
  for tab, period in coverage.text(self):gmatch "([^\t\n]*)\t([^\n]*)\n" do
    if tab == name then list[#list + 1] = period end
  end
  return list
end

return coverage
