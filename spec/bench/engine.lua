-- engine: the twelve queries over made-up seizure records, asked of mekong and of other programs side by side. Answers are
-- compared before anything is timed; then medians, ratios and the bars are printed. Started by `make bench`.
--   MEKONG_BENCH_ROWS="100000 1000000"  numbers of records     MEKONG_BENCH_REPEATS=5  runs of a query in a process
--   MEKONG_BENCH_ROUNDS=2               processes a peer       MEKONG_BENCH_LIMIT=20   seconds for a query
--   MEKONG_BENCH_PEERS="sqlite lua"     peers asked for        MEKONG_BENCH_MEMORY=8000  MiB a process may map
--   MEKONG_BENCH_THREADS="1 2"          set-ups of mekong
local host = require "engine_host"
local report = require "engine_report"
local work = require "engine_work"

local function setting(name, default) return os.getenv("MEKONG_BENCH_" .. name) or default end
local function number(name, default) return math.tointeger(tonumber(setting(name, default))) end

local repeats, rounds, limit, memory = number("REPEATS", 5), number("ROUNDS", 2), number("LIMIT", 20), number("MEMORY", 8000)
local RECORDS, FIRSTS = 10000, 5     -- records added, new processes timed
local LOADS, MANY = 3, 1000000       -- times a file is loaded, once beyond so many rows
local home = "build/bench/engine"

-- ---------------------------------------------------------------- peers

local function words(text)
  local list = {}
  for word in text:gmatch "%S+" do list[#list + 1] = word end
  return list
end

-- file: the database, shared by the set-ups that name the same one; without it the CSV itself is read by every process.
-- bounded: the limit of memory can be set for it.
local all = {}
for _, threads in ipairs(words(setting("THREADS", "1 2"))) do
  all[#all + 1] = { name = "mekong " .. threads, kind = "mekong", program = { arg[-1], "spec/bench/engine_mekong.lua" }, setup = threads,
    file = "mekong.db", bounded = true }
end

local function add_peers()
  local wanted = setting("PEERS")
  local asked = {}
  for _, word in ipairs(words(wanted or "")) do asked[word] = true end
  for line in io.lines(home .. "/peers") do -- name, kind, set-up, file or -, bounded or -, program
    local name, kind, setup, file, bounded, program = line:match "^(.-)|(.-)|(.-)|(.-)|(.-)|(.+)$"
    if not wanted or asked[kind] then
      all[#all + 1] = { name = name, kind = kind, setup = setup, file = file ~= "-" and file or nil, bounded = bounded == "bounded",
        program = words(program) }
    end
  end
end

-- ---------------------------------------------------------------- running

local folder -- of the present size

local function path(name) return folder .. "/" .. name end

local function slug(peer) return (peer.name:gsub("[^%w]+", "-")) end

local function lines_of(name)
  local list = {}
  local file = io.open(name)
  if file then
    for line in file:lines() do list[#list + 1] = line end
    file:close()
  end
  return list
end

local function shell(...)
  local status = host.run({ ... }, path "shell.out", path "shell.err", 3600, 0)
  if status ~= 0 then error(table.concat({ ... }, " ") .. ": " .. (lines_of(path "shell.err")[1] or "failed"), 0) end
end

-- One action of a peer -> lines printed, status, ns, KiB, first line of errors.
local function act(peer, seconds, ...)
  local argv = { table.unpack(peer.program) }
  for _, word in ipairs { ... } do argv[#argv + 1] = word end
  local out, err = path(slug(peer) .. ".out"), path(slug(peer) .. ".err")
  local status, ns, kib = host.run(argv, out, err, seconds, peer.bounded and memory or 0)
  local said = ""
  for _, line in ipairs(lines_of(err)) do
    if said == "" and line:find "%S" then said = line end
  end
  if said == "" and status ~= 0 then said = status == -14 and "beyond the limit of time" or "status " .. status end
  return lines_of(out), status, ns, kib, said
end

local function source(peer) return peer.file and path(peer.file) or path "flat.csv" end

-- Asks for queries in as many processes as it takes: one that dies is started again behind the query it died of.
-- Calls seen.time(name, ns), seen.cold(name, ns), seen.over(name, ns), seen.fail(name, why).
local function ask(peer, names, seen, ...)
  local rest, peak = { table.unpack(names) }, 0
  while rest[1] do
    local argv = { ... }
    for _, name in ipairs(rest) do argv[#argv + 1] = name end
    local lines, status, _, kib, said = act(peer, limit * (#rest + 1) * 3 + 120, table.unpack(argv))
    peak = math.max(peak, kib)
    local begun
    for _, line in ipairs(lines) do
      local what, name, value = line:match "^(%a+) (%w+) ?(.*)$"
      if what == "begin" then begun = name else
        if what then seen[what](name, what == "fail" and value or tonumber(value)) end
      end
    end
    if status == 0 then break end
    if not begun then
      for _, name in ipairs(rest) do seen.fail(name, said) end
      break
    end
    seen.fail(begun, said)
    local k = 1
    while rest[k] ~= begun do k = k + 1 end
    rest = table.move(rest, k + 1, #rest, 1, {})
  end
  return peak
end

-- ---------------------------------------------------------------- steps

local function make_data(rows)
  local data = "build/bench/engine_data"
  shell(data, "flat", tostring(rows), path "flat.csv")
  for _, order in ipairs { "asc", "rnd" } do shell(data, "more", tostring(rows), tostring(RECORDS), order, path(order .. ".csv")) end
end

local function size_of(name)
  local file = io.open(name)
  if not file then return 0 end
  local size = file:seek "end"
  file:close()
  return size
end

-- A file is made anew each time, a peer without one reads the text once; the median counts.
local function load_one(peer, result)
  local list, peak = {}, 0
  for k = 1, peer.file and result.rows <= MANY and LOADS or 1 do
    if peer.file then
      for _, tail in ipairs { "", "-wal", "-shm", ".wal" } do os.remove(source(peer) .. tail) end
    end
    local lines, status, _, kib, said = act(peer, 3600, "load", peer.setup, source(peer), path "flat.csv")
    list[k], peak = lines[#lines] and tonumber(lines[#lines]:match "^time load (%d+)$"), math.max(peak, kib)
    if status ~= 0 or not list[k] then
      peer.gone = said ~= "" and said or "it gave no time"
      return
    end
  end
  table.sort(list)
  result.load[peer.name] = { ns = list[(#list + 1) // 2], kib = peak, size = peer.file and size_of(source(peer)) }
end

local function load_all(result)
  for _, peer in ipairs(all) do
    peer.gone = nil
    load_one(peer, result)
    if peer.gone then report.note(("%s at %d: left out, the load failed: %s"):format(peer.name, result.rows, peer.gone)) end
  end
end

-- A mark for a query of a peer that has no time.
local function marker(result, peer)
  return {
    over = function(name, ns) result.mark[peer.name][name] = { over = ns } end,
    fail = function(name, why)
      result.mark[peer.name][name] = { fail = true }
      report.note(("%s at %d: %s failed: %s"):format(peer.name, result.rows, name, why))
    end,
    time = function() end,
    cold = function() end,
  }
end

local function answer_all(result)
  local base
  for _, peer in ipairs(all) do
    result.mark[peer.name], result.time[peer.name], result.cold[peer.name] = {}, {}, {}
    if not peer.gone then
      local own = path("answers-" .. slug(peer))
      shell("rm", "-rf", own)
      shell("mkdir", "-p", own)
      ask(peer, work.queries, marker(result, peer), "answer", peer.setup, source(peer), own, tostring(limit))
      base = base or {}
      base[#base + 1] = { peer = peer, folder = own }
    end
  end
  return base or {}
end

-- Every answer against the first peer that gave one; a difference ends the run.
local function compare_all(result, answers)
  local wrong, compared = {}, 0
  for _, name in ipairs(work.queries) do
    local first
    for _, one in ipairs(answers) do
      local file = io.open(one.folder .. "/" .. name)
      if file then file:close() end
      if file and not first then first = one
      elseif file then
        shell(arg[-1], "spec/bench/engine_compare.lua", first.folder, one.folder, name)
        local line = lines_of(path "shell.out")[1] or ""
        if line == "same " .. name then compared = compared + 1
        else wrong[#wrong + 1] = ("%s and %s: %s"):format(first.peer.name, one.peer.name, line) end
      end
    end
  end
  result.compared = compared
  if wrong[1] then error("the answers differ, nothing was timed\n  " .. table.concat(wrong, "\n  "), 0) end
end

local function time_all(result)
  for _ = 1, rounds do
    for _, peer in ipairs(all) do
      local names, seen = {}, marker(result, peer)
      for _, name in ipairs(work.queries) do
        if not peer.gone and not result.mark[peer.name][name] then names[#names + 1] = name end
      end
      for what, times in pairs { time = result.time[peer.name], cold = result.cold[peer.name] } do
        seen[what] = function(name, ns)
          local list = times[name] or {}
          list[#list + 1], times[name] = ns, list
        end
      end
      local peak = ask(peer, names, seen, "time", peer.setup, source(peer), tostring(repeats), tostring(limit))
      result.peak[peer.name] = math.max(result.peak[peer.name] or 0, peak)
    end
  end
end

-- Peak memory with all columns read and only small results: everything but q11, once.
local function memory_of_columns(result)
  for _, peer in ipairs(all) do
    if peer.kind == "mekong" and not peer.gone then
      local names = {}
      for _, name in ipairs(work.queries) do
        if name ~= "q11" and not result.mark[peer.name][name] then names[#names + 1] = name end
      end
      result.columns[peer.name] = ask(peer, names, marker(result, peer), "time", peer.setup, source(peer), "0", tostring(limit))
    end
  end
end

local function first_all(result)
  for _, peer in ipairs(all) do
    local list, peak = {}, 0
    for _ = 1, peer.gone and 0 or FIRSTS do
      local _, status, ns, kib, said = act(peer, limit * 3, "first", peer.setup, source(peer))
      if status ~= 0 then
        report.note(("%s at %d: a new process failed: %s"):format(peer.name, result.rows, said))
        break
      end
      list[#list + 1], peak = ns, math.max(peak, kib)
    end
    if list[1] then result.first[peer.name] = { list = list, kib = peak } end
  end
end

local function append_all(result)
  local done = {}
  for _, peer in ipairs(all) do
    if peer.file and not peer.gone and not done[peer.kind] then -- one set-up of each kind
      done[peer.kind] = true
      result.append[peer.name] = {}
      for _, way in ipairs { { "asc", "100" }, { "rnd", "100" }, { "asc", "1000" } } do
        shell("cp", source(peer), path "append.db")
        shell("sync", path "append.db") -- else the first commit that syncs this file writes the whole copy
        local lines, status, _, _, said = act(peer, 600, "append", peer.setup, path "append.db", path(way[1] .. ".csv"), way[2])
        local ns = lines[#lines] and tonumber(lines[#lines]:match "^time append (%d+)$")
        if status == 0 and ns then result.append[peer.name][way[1] .. way[2]] = ns
        else report.note(("%s at %d: adding records failed: %s"):format(peer.name, result.rows, said)) end
        shell("rm", "-f", path "append.db", path "append.db-wal", path "append.db-shm", path "append.db.wal")
      end
    end
  end
end

local function run(rows)
  folder = home .. "/" .. rows
  assert(host.run({ "mkdir", "-p", folder }, "/dev/null", "/dev/null", 10, 0) == 0)
  local result = { rows = rows, load = {}, mark = {}, time = { ["mekong 1"] = {}, ["mekong 2"] = {} },
    cold = {}, peak = {}, columns = {}, first = {}, append = {} }
  make_data(rows)
  result.csv = size_of(path "flat.csv")
  io.write(("%d records, %.1f MB of CSV\n"):format(rows, result.csv / 1e6))
  load_all(result)
  compare_all(result, answer_all(result))
  io.write(("the answers agree (%d comparisons)\n"):format(result.compared))
  time_all(result)
  memory_of_columns(result)
  first_all(result)
  append_all(result)
  report.size(result, all, work.queries)
  return result
end

io.stdout:setvbuf "line"
add_peers()
local results = {}
for _, word in ipairs(words(setting("ROWS", "100000 1000000"))) do results[#results + 1] = run(assert(math.tointeger(word), "MEKONG_BENCH_ROWS")) end
report.bars(results, all, work.queries)
