-- engine_report: prints what engine.lua measured: medians in milliseconds, ratios, and the bars that mekong is held to.
local report = {}

local notes = {}

function report.note(text) notes[#notes + 1] = text end

local function median(list)
  if not list or not list[1] then return nil end
  local sorted = { table.unpack(list) }
  table.sort(sorted)
  local half = #sorted // 2
  return #sorted % 2 == 1 and sorted[half + 1] or (sorted[half] + sorted[half + 1]) / 2
end

local function short(value)
  if value >= 1000 then return ("%.0f"):format(value) end
  return ("%.3g"):format(value)
end

local function put(cells, widths)
  for i, cell in ipairs(cells) do
    io.write(i == 1 and ("%-" .. widths[1] .. "s"):format(cell) or ("  %" .. widths[i] .. "s"):format(cell))
  end
  io.write "\n"
end

local function print_table(rows)
  local widths = {}
  for _, row in ipairs(rows) do
    for i, cell in ipairs(row) do widths[i] = math.max(widths[i] or 1, #cell) end
  end
  for _, row in ipairs(rows) do put(row, widths) end
end

local function is_peer(peer) return peer.kind ~= "mekong" end

-- Least median of the peers that fit(peer) lets through, with who has it.
local function best(result, peers, name, fit)
  local least, who
  for _, peer in ipairs(peers) do
    local time = fit(peer) and median(result.time[peer.name][name])
    if time and (not least or time < least) then least, who = time, peer.name end
  end
  return least, who
end

local function duckdb(peer) return peer.kind == "duckdb" end

local function ms(ns) return ns and short(ns / 1e6) or "-" end

local function cell(result, peer, name)
  local time = median(result.time[peer.name] and result.time[peer.name][name])
  local mark = result.mark[peer.name] and result.mark[peer.name][name]
  if not time and mark then return mark.over and ">" .. ms(mark.over) or "failed" end
  return ms(time)
end

local function ratio(time, of) return time and of and ("%.3gx"):format(of / time) or "-" end

-- ---------------------------------------------------------------- one size

local function heading(peers, ...)
  local row = { ... }
  for _, peer in ipairs(peers) do row[#row + 1] = peer.name end
  return row
end

local function queries_table(result, peers, names)
  local rows = { heading(peers, "ms, medians") }
  for _, title in ipairs { "1: duckdb", "2: duckdb", "2: fastest", "" } do rows[1][#rows[1] + 1] = title end
  for _, name in ipairs(names) do
    local row = { name }
    for _, peer in ipairs(peers) do row[#row + 1] = cell(result, peer, name) end
    local one, two = median(result.time["mekong 1"][name]), median(result.time["mekong 2"][name])
    local duck = best(result, peers, name, duckdb)
    local least, who = best(result, peers, name, is_peer)
    for _, text in ipairs { ratio(one, duck), ratio(two, duck), ratio(two, least), who or "" } do row[#row + 1] = text end
    rows[#rows + 1] = row
  end
  return rows
end

-- The first time a query is asked in a process, the columns it needs being read: of peers that told it.
local function cold_table(result, peers, names)
  local told = {}
  for _, peer in ipairs(peers) do
    if next(result.cold[peer.name] or {}) then told[#told + 1] = peer end
  end
  local rows = { heading(told, "ms, first time in a process") }
  for _, name in ipairs(names) do
    local row = { name }
    for _, peer in ipairs(told) do row[#row + 1] = ms(median(result.cold[peer.name][name])) end
    rows[#rows + 1] = row
  end
  return rows
end

local function add_row(rows, peers, title, fn)
  local row = { title }
  for _, peer in ipairs(peers) do row[#row + 1] = fn(peer.name) or "-" end
  rows[#rows + 1] = row
end

local function mib(kib) return kib and kib > 0 and short(kib / 1024) or "-" end

-- The table of one number of records.
function report.size(result, peers, names)
  local rows = queries_table(result, peers, names)
  local function load(peer) return result.load[peer] end
  add_row(rows, peers, "load, s", function(p) return load(p) and short(load(p).ns / 1e9) end)
  add_row(rows, peers, "load, MB/s", function(p) return load(p) and short(result.csv * 1e3 / load(p).ns) end)
  add_row(rows, peers, "file, MB", function(p) return load(p) and load(p).size and short(load(p).size / 1e6) end)
  add_row(rows, peers, "peak of load, MiB", function(p) return load(p) and mib(load(p).kib) end)
  add_row(rows, peers, "peak of queries, MiB", function(p) return result.peak[p] and mib(result.peak[p]) end)
  add_row(rows, peers, "new process + q02, ms", function(p) return result.first[p] and ms(median(result.first[p].list)) end)
  add_row(rows, peers, "its peak, MiB", function(p) return result.first[p] and mib(result.first[p].kib) end)
  for _, way in ipairs { { "asc100", "add 10k by 100, ms" }, { "rnd100", "the same, scattered" }, { "asc1000", "add 10k by 1000, ms" } } do
    add_row(rows, peers, way[2], function(p) return result.append[p] and result.append[p][way[1]] and ms(result.append[p][way[1]]) end)
  end
  print_table(rows)
  io.write "\n"
  print_table(cold_table(result, peers, names))
  io.write "\n"
end

-- ---------------------------------------------------------------- bars

local lines

local function verdict(reached) return reached == nil and "not measured" or reached and "reached" or "not reached" end

local function bar(what, size, wanted, found, reached)
  lines[#lines + 1] = { what, size, wanted, found or "-", verdict(reached) }
end

-- Ratios of the peers' best to mekong's medians; complete only when every query has one.
local function ratios(result, peers, names, own, fit)
  local list, complete, log = {}, true, 0
  for _, name in ipairs(names) do
    local time, of = median(result.time[own][name]), best(result, peers, name, fit)
    if time and of then
      list[#list + 1] = { name = name, ratio = of / time }
      log = log + math.log(of / time)
    elseif of then complete = false end
  end
  if not list[1] then return nil end
  table.sort(list, function(a, b) return a.ratio < b.ratio end)
  return math.exp(log / #list), list, complete
end

local function say_least(list)
  local parts = {}
  for i = 1, math.min(3, #list) do parts[i] = ("%s %.3gx"):format(list[i].name, list[i].ratio) end
  return table.concat(parts, ", ")
end

local function anchor_bars(result, peers, names, size)
  local asked = {}
  for _, name in ipairs(names) do
    if name ~= "q06n" then asked[#asked + 1] = name end
  end
  for _, one in ipairs { { "mekong 2", 10, "two threads" }, { "mekong 1", 6, "one thread" } } do
    local mean, list, complete = ratios(result, peers, asked, one[1], duckdb)
    local what = "q01-q12, best DuckDB, " .. one[3]
    bar(what .. ", mean", size, (">= %dx"):format(one[2]), mean and ("%.3gx"):format(mean), mean and (complete and mean >= one[2]))
    bar(what .. ", least", size, ">= 2.5x", list and say_least(list), list and (complete and list[1].ratio >= 2.5))
  end
end

local function fastest_bar(result, peers, names, size)
  local mean, list, complete = ratios(result, peers, names, "mekong 2", is_peer)
  local wanted, well = result.rows == 1000000 and 3 or 1.5, complete
  for _, one in ipairs(list or {}) do
    local least = result.rows == 1000000 and one.name == "q11" and 2.5 or wanted
    if one.ratio < least then well = false end
  end
  bar("each query, fastest peer, two threads", size, (">= %.3gx"):format(wanted), list and say_least(list), mean and well)
end

local function fold_bar(result, size)
  local folded, each = median(result.time["mekong 1"].q06), median(result.time["mekong 1"].q06n)
  local times = folded and each and each / folded
  bar("q06n beside q06", size, "<= 1.2x", times and ("%.3gx"):format(times), times and times <= 1.2)
end

-- With two threads, as DuckDB loads.
local function load_bars(result, peers, size)
  local own = result.load["mekong 2"]
  local speed, duck = own and result.csv / own.ns, nil
  for _, peer in ipairs(peers) do
    local one = duckdb(peer) and result.load[peer.name]
    if one and (not duck or one.ns < duck) then duck = one.ns end
  end
  bar("load to a durable file", size, ">= 0.25 GB/s", speed and ("%.3g GB/s"):format(speed), speed and speed >= 0.25)
  bar("load beside DuckDB's", size, ">= 4x", own and duck and ("%.3gx"):format(duck / own.ns), own and duck and duck / own.ns >= 4)
end

local function first_bars(result, size)
  local first = result.first["mekong 1"]
  local time, room = first and median(first.list) / 1e6, first and first.kib / 1024
  if result.rows == 1000000 then
    bar("new process, q02 printed", size, "<= 20 ms", time and short(time) .. " ms", time and time <= 20)
    bar("its memory", size, "<= 16 MiB", room and short(room) .. " MiB", room and room <= 16)
    local kib = result.columns["mekong 1"]
    if kib == 0 then kib = nil end -- no query was answered in time
    bar("memory with all columns", size, "<= 64 MiB", kib and short(kib / 1024) .. " MiB", kib and kib <= 65536)
  elseif result.rows == 100000 then
    bar("script, start to printed table", size, "<= 15 ms", time and short(time) .. " ms", time and time <= 15)
  end
end

local function append_bars(result, peers, size)
  for _, way in ipairs { { "asc100", 150, "ascending" }, { "rnd100", 350, "scattered" } } do
    local own, least = result.append["mekong 1"] and result.append["mekong 1"][way[1]], nil
    for _, peer in ipairs(peers) do
      local time = is_peer(peer) and result.append[peer.name] and result.append[peer.name][way[1]]
      if time and (not least or time < least) then least = time end
    end
    bar("10,000 records by 100, keys " .. way[3], size, ("<= %d ms"):format(way[2]), own and ms(own) .. " ms", own and own / 1e6 <= way[2])
    bar("the same, fastest peer", size, "no slower", own and least and ms(least) .. " ms", own and least and own <= least)
  end
end

-- Times of queries grow as the records do: within a fifth of it.
local function growth_bar(small, large, names)
  local log, n, often = 0, 0, large.rows / small.rows
  for _, name in ipairs(names) do
    local a, b = median(small.time["mekong 1"][name]), median(large.time["mekong 1"][name])
    if a and b then log, n = log + math.log(b / a), n + 1 end
  end
  local times = n > 0 and math.exp(log / n) or nil
  bar("growth of the queries", ("%d to %d"):format(small.rows, large.rows), ("<= %.3gx"):format(often * 1.2), times and ("%.3gx"):format(times),
    times and times <= often * 1.2)
end

-- All bars, then the notes.
function report.bars(results, peers, names)
  lines = { { "bar", "records", "wanted", "found", "" } }
  for _, result in ipairs(results) do
    local size = tostring(result.rows)
    anchor_bars(result, peers, names, size)
    fastest_bar(result, peers, names, size)
    fold_bar(result, size)
    if result.rows == 1000000 then load_bars(result, peers, size) end
    first_bars(result, size)
    append_bars(result, peers, size)
  end
  for i = 2, #results do growth_bar(results[i - 1], results[i], names) end
  print_table(lines)
  for _, note in ipairs(notes) do io.write("note: ", note, "\n") end
end

return report
