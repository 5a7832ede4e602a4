-- analysis: what the named analyses of claims, records and tables share: a Table made row by row.
local phases = require "mekong.phases"
local Table = require "mekong.table"

local analysis = {}

-- An empty result of a store: columns as of Table.new, each a list {name, kind, unit =, vi =, en =, optional =, names =}.
-- :add(values) adds a row of as many cells as there are columns (false is a missing one), :why(column, vi, en) says of the row added
-- last why that cell is missing, :done(meta) gives the Table.
function analysis.rows(store, columns)
  local shown, data, n, reasons, at, own = {}, {}, 0, {}, {}, {}
  for c, column in ipairs(columns) do
    shown[c], data[c], at[column[1]] = { name = column[1], kind = column[2] }, {}, c
    for _, name in ipairs { "unit", "vi", "en", "optional", "digits", "plain", "words" } do shown[c][name] = column[name] end
  end
  function own.add(_, values)
    n = n + 1
    for c = 1, #columns do data[c][n] = values[c] ~= false and values[c] or nil end
    return own
  end
  function own.yes_or_no(_, name, value) data[at[name]][n] = value end
  function own.why(_, name, vi, en)
    reasons[name] = reasons[name] or {}
    reasons[name][n] = { vi, en }
  end
  function own.done(_, meta)
    local all = { locale = store:locale(), phases = phases.of(store), reasons = reasons, keys = 1 }
    for key, value in pairs(meta or {}) do all[key] = value end
    return Table.new(shown, data, n, all)
  end
  return own
end

-- Codes of countries and agencies -> {Vietnamese name, English name}.
function analysis.names(store)
  local names = {}
  for row in store:sql("select code, name_vi, name_en from codes where kind in ('agency', 'country') order by kind, code"):rows() do
    names[row.code] = { row.name_vi or row.code, row.name_en or row.name_vi or row.code }
  end
  return names
end

-- Places as data/places.csv names them last: code -> {Vietnamese name, English name}.
function analysis.places(store)
  local names = {}
  for row in store:sql("select place, name, name_en from places where name is not null order by valid_from"):rows() do
    names[row.place] = { row.name, row.name_en or row.name }
  end
  return names
end

return analysis
