-- seeded: numbers that only look like chance: a seed gives the same ones on every machine and in every run.
-- seeded(seed) -> r: r(n) is a whole number from 1 to n, r.one(list) one of a list.
return function(seed)
  local state = seed * 2654435761
  local r = {}
  function r.one(list) return list[r(#list)] end
  return setmetatable(r, { __call = function(_, n)
    state = state * 6364136223846793005 + 1442695040888963407
    return (state >> 33) % n + 1
  end })
end
