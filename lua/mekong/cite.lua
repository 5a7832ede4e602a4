-- cite: sources as they are named under tables and in files: code, outlet, title, address and day.
local core = require "mekong.core"
local fmt = require "mekong.fmt"
local rows_of = require("mekong.rows").of

local cite = {}

-- of(store) -> function(list of codes) -> list of {code =, outlet =, title =, address =, published =}, in the order given; a code
-- that the store does not know, or knows no more since it is closed, stands alone.
function cite.of(store)
  return function(codes)
    local known, out = {}, {}
    if codes[1] and core.store.state(store) ~= "closed" then
      for _, row in ipairs(rows_of(store, "select source, title, outlet, address, published from sources")) do
        known[row.source] = row
      end
    end
    for i, code in ipairs(codes) do
      local row = known[code] or {}
      out[i] = { code = code, outlet = row.outlet, title = row.title, address = row.address, published = row.published }
    end
    return out
  end
end

-- "[S0] outlet, title, address, 14/8/2025"
function cite.line(source, locale)
  local parts, outlet, address = {}, source.outlet or "", source.address or ""
  if outlet == address then outlet = "" end
  for _, text in ipairs { outlet, source.title or "", address } do
    if text ~= "" then parts[#parts + 1] = text end
  end
  if source.published then parts[#parts + 1] = fmt.date(source.published, { locale = locale }) end
  return "[" .. source.code .. "]" .. (parts[1] and " " .. table.concat(parts, ", ") or "")
end

return cite
