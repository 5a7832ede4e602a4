-- levels: groups nobody recorded anything for, of keys whose values are known beforehand.
local levels = {}

function levels.complete(_, _, _, groups) return groups end

return levels
