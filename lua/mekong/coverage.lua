-- coverage: the periods for which loads declared that all records are there.
local core = require "mekong.core"

local coverage = {}

-- coverage.of(store, table) -> list of periods "a/b".
function coverage.of(self, name)
  local list = {}
  for tab, period in (core.store.meta(self, "covers") or ""):gmatch "([^\t\n]*)\t([^\n]*)\n" do
    if tab == name then list[#list + 1] = period end
  end
  return list
end

return coverage
