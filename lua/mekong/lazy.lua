-- lazy: lists that are made when they are first looked into: cells of tables that may never be read; and functions whose files are
-- read when they are first called.
local lazy = {}

local waiting = setmetatable({}, { __mode = "k" }) -- list -> what gives its cells

-- Cells are missing where the list that fill gives has none.
local function filled(list)
  local fill = waiting[list]
  if fill then
    local cells, n = fill()
    waiting[list] = nil
    setmetatable(list, nil)
    table.move(cells, 1, n or #cells, 1, list)
  end
  return list
end

local class = {
  __index = function(list, i) return filled(list)[i] end,
  __newindex = function(list, i, value) filled(list)[i] = value end,
  __len = function(list) return #filled(list) end,
  __pairs = function(list) return next, filled(list), nil end,
}

-- A list with the cells that fill() gives, {cells}, n.
function lazy.list(fill)
  local list = setmetatable({}, class)
  waiting[list] = fill
  return list
end

-- The list with its cells, for functions in C, which look into it as it is.
lazy.filled = filled

-- The function of that name of a file of this module.
function lazy.call(file, name)
  return function(...) return require("mekong." .. file)[name](...) end
end

-- Whether nobody looked into it yet.
function lazy.waits(list) return waiting[list] ~= nil end

return lazy
