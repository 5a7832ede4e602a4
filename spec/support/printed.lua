-- printed: tables with everything that can be seen in one, in every form, vi and en; the golden files of spec/golden are these.
--   lua5.4 spec/support/printed.lua write    makes the golden files anew (look at what changed before keeping it)
--   lua5.4 spec/support/printed.lua show     writes all forms and workbooks to the standard output
local mekong = require "mekong"
local seizures = require "spec.support.seizures"

local printed = {}

-- Announcements of every kind: exact, more than, about, in a range, preliminary, unverified, not known; texts of sources.
function printed.claims()
  local store = assert(mekong.open(":memory:"))
  assert(store:insert("sources", { { source = "b1", title = "Báo cáo <tổng kết> & số liệu", outlet = "Bản tin", published = "2023-11-20" },
    { source = "b2", title = "Trang tin", address = "example.org/tin", published = "2025-11" } }))
  for i = 1, 7 do
    assert(store:insert("phases", { phase = "OMD" .. i, variant = "x", number = i, label = tostring(i), date = 2017 + i .. "-04-15",
      date_to = 2017 + i .. "-09-15", days = 154, scope = "region", preferred = true }))
  end
  local list = { { "164", 164, 164, "exact" }, { "hơn 280 vụ", 280, nil, "more_than", 280, lower_open = true },
    { "khoảng 870", 860, 880, "approx", 870 }, { "1.362 vụ", 1362, 1362, "exact", preliminary = true },
    { "từ 1.700 đến 1.730", 1700, 1730, "between" }, { "gần 1.200", 0, 1200, "nearly", 1200, upper_open = true, status = "unverified" } }
  for i, c in ipairs(list) do
    assert(store:insert("claims", { claim = i, subject = "OMD" .. i, phase = "OMD" .. i, measure = "cases", lower = c[2],
      upper = c[3], best = c[5] or c[4] == "exact" and c[2] or nil, qualifier = c[4], unit = "case", lower_open = c.lower_open or false,
      upper_open = c.upper_open or false, preliminary = c.preliminary, status = c.status, preferred = true,
      source = i % 2 == 0 and "b2" or "b1", surface = c[1] }))
  end
  return store
end

local hostile = [[select column1 as text, column2 as n, column3 as x from (values ('=cmd|''/c calc''!A0', 1, -2.5), ('+84 90', 2, 12),
  ('-5+5', 3, 0.125), ('@sum(a1)', 4, -0.5), ('''quoted', 5, 0), ('<script>alert("1")</script> & co', 6, 1e15), (?1, 7, null),
  (?2, 8, null), ('| a\b | `c` *d* _e_ [f](http://g.h) # www.i.j ~~k~~ l@m.n', 9, null), (' leading and trailing ', 10, null),
  ('a,b;c"d', 11, null), (x'00FF41', 12, null), (?3, 13, null), ('＝1+1', 14, null), ('_x0041_', 15, null), ('', 16, null))]]

function printed.hostile(store)
  return store:sql(hostile, "\u{202E}gnp.exe\u{2066}\u{200F}\u{85}", "a\0b\7c\27[31md\127", "one\ntwo\tthree\r\nfour")
end

-- name -> Table, in order
function printed.tables()
  local claims, records = printed.claims(), seizures.store()
  local d = records.cases
  local list = {
    { "change", claims:claims():table("cases", { by = "phase" }):compare "phase" },
    { "running", claims:claims():table("cases", { by = "phase" }):cumulative "phase" },
    { "pivot", d:pivot("category", "phase"):totals() },
    { "sums", d:by("phase"):sum "quantity" },
    { "top", d:count("origin"):top(1, { others = "Khác" }):share():totals() },
    { "hostile", printed.hostile(records) },
    { "long", records:sql [[with recursive c(i) as (select 1 union all select i + 1 from c where i < 1000)
      select i as line, 'vụ ' || i as text, i * 1234567 as amount from c]] },
    { "empty", d:where("case = 'none'"):count("phase", "category"):where "n > 5" },
  }
  return list, { claims, records }
end

local forms = {
  { "vi.txt", function(t, rows) return t:to_text { rows = rows } .. "\n" end },
  { "en.txt", function(t, rows) return t:to_text { locale = "en", rows = rows } .. "\n" end },
  { "csv", function(t) return t:to_csv() end },
  { "excel-vi.csv", function(t) return t:to_csv { dialect = "excel-vi" } end },
  { "json", function(t) return t:to_json() .. "\n" end },
  { "jsonl", function(t) return t:to_json { lines = true } end },
  { "vi.md", function(t, rows) return t:to_markdown { rows = rows } end },
  { "en.html", function(t, rows) return t:to_html { locale = "en", rows = rows, style = false } end },
  { "vi.html", function(t) return t:to_html { standalone = true } end, only = "change" },
}

-- list of {name of a file, bytes}; what is as long as its table is left out for the long one.
function printed.files()
  local out, tables, stores = {}, printed.tables()
  for _, entry in ipairs(tables) do
    for _, form in ipairs(forms) do
      local whole = form[1]:find "csv$" or form[1]:find "^json"
      if (not form.only or form.only == entry[1]) and not (entry[1] == "long" and whole) then
        out[#out + 1] = { entry[1] .. "." .. form[1], form[2](entry[2], entry[1] == "long" and 9 or nil) }
      end
    end
  end
  for _, store in ipairs(stores) do store:close() end
  return out
end

-- Workbooks of all tables; nil where they cannot be written.
function printed.workbooks()
  local out, tables, stores = {}, printed.tables()
  for _, entry in ipairs(tables) do
    local bytes, message, info = entry[2]:to_xlsx()
    if not bytes and info.code == "missing" then return nil end
    out[#out + 1] = { entry[1] .. ".xlsx", assert(bytes, message) }
  end
  for _, store in ipairs(stores) do store:close() end
  return out
end

local function write()
  for _, file in ipairs(printed.files()) do
    local f <close> = assert(io.open("spec/golden/" .. file[1], "wb"))
    assert(f:write(file[2]))
  end
end

local function show()
  for _, list in ipairs { printed.files(), printed.workbooks() or {} } do
    for _, file in ipairs(list) do io.write("== ", file[1], " ", #file[2], "\n", file[2], "\n") end
  end
end

if arg and arg[0] and arg[0]:find "printed%.lua$" then
  if arg[1] == "write" then write() elseif arg[1] == "show" then show() end
end

return printed
