-- load_told: everything that a load did, as text: what was told of it, and what the store holds then.

local lists = { "rejects", "assumed", "merged", "unknown", "numerals", "duplicates", "likely", "personal", "columns" }

local function dump(t)
  local out = {}
  for i = 1, #t do
    local row, cells = t[i], {}
    for _, name in ipairs(t:names()) do cells[#cells + 1] = tostring(row[name]) end
    out[i] = table.concat(cells, "|")
  end
  return table.concat(out, "\n")
end

local function told(store, report, message, info)
  local out = { report and tostring(report) or message, info and info.report and tostring(info.report) or "" }
  for _, name in ipairs(report and lists or {}) do out[#out + 1] = name .. "\n" .. dump(report[name]) end
  if report then
    for _, name in ipairs { "read", "accepted", "rejected", "skipped", "cases", "lines" } do out[#out + 1] = name .. " " .. tostring(report[name]) end
  end
  out[#out + 1] = store:digest()
  out[#out + 1] = tostring(store.cases:where("line is missing"):count())
  if store:sql "select count(*) as n from meta where name = 'sealed'"[1].n == 0 then -- what is sealed counts by blocks
    out[#out + 1] = table.concat(store:sql "select tab || ' ' || n as t from counters order by 1":col "t", "; ")
  end
  return table.concat(out, "\n")
end

return told
