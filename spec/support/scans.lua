-- scans: what a scan over columns found, as plain lists.
local core = require "mekong.core"

-- store, then the arguments of core.engine.scan -> {rows =, undecided =, groups =, parts =}.
return function(store, image, where, keys, ngroups, parts, united, opts)
  local found, _, rows = core.engine.scan(store, image, where, keys, ngroups, parts, united, opts)
  local answer = { rows = rows, undecided = core.engine.undecided(found), groups = core.engine.groups(found), parts = {} }
  for p, part in ipairs(parts) do
    local is_sum = part.kind == "sum" or part.kind == "values"
    answer.parts[p] = is_sum and core.engine.sums(found, p) or core.engine.numbers(found, p)
  end
  return answer
end
