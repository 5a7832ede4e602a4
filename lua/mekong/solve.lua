-- solve: claims:solve(), which holds every claim against all others.
local core = require "mekong.core"
local claim_name = require "mekong.claim_name"
local claims_rows = require "mekong.claims_rows"
local claims_say = require "mekong.claims_say"
local options = require "mekong.options"
local Solution = require "mekong.solution"

local modes = { "any", "nearest", "truncated", "up" }

-- Numbers of the claims that are left out: by number, or all that state the value of a number; their parts go with them.
local function left_out(self, rows, list)
  if list == nil then return {} end
  if type(list) ~= "table" then list = { list } end
  local out, names = {}, {}
  for _, what in ipairs(list) do
    if math.type(what) == "integer" then out[claims_say.get(self, what).claim] = true
    else names[claim_name.of(claim_name.read(what))] = true end
  end
  local found = {}
  for _, row in ipairs(rows) do
    local name = claim_name.of(row)
    if names[name] then out[row.claim], found[name] = true, true end
  end
  for name in pairs(names) do
    if not found[name] then core.raise("name", "no claim states " .. name) end
  end
  local again = true
  while again do
    again = false
    for _, row in ipairs(rows) do
      if row.parent and out[row.parent] and not out[row.claim] then out[row.claim], again = true, true end
    end
  end
  return out
end

return function(methods, check)
  -- claims:solve([{rounding = "nearest", without = {"OMD4.cases", 3}}]) -> Solution. rounding: how per cents and decimals without
  -- a hedge were rounded: nearest, truncated, up or any. without: claims left out, by number or by the name of what they state.
  function methods:solve(opts)
    check(self, "solve")
    opts = options.check(opts, { "rounding", "without" }, "claims:solve")
    local mode = options.choice(opts.rounding, modes, "nearest", "option rounding")
    local rows = claims_rows.of(self)
    return Solution.new(self, rows, mode, left_out(self, rows, opts.without))
  end
end
