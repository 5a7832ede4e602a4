-- engine_lua: the worker of the bench that keeps the records in plain Lua tables, one a column; for Lua 5.4 and LuaJIT.
--   load|answer|time|first SETUP CSV ...: nothing is kept, every action reads the CSV
local work = require "engine_work"

local names = { "case", "phase", "date", "reporter", "partner", "agency", "province", "channel", "category", "commodity", "quantity",
  "unit", "suspects", "joint" }
local pattern = "^" .. ("([^,]*),"):rep(#names - 1) .. "([^,\r\n]*)"

local function thousandths(text)
  local whole, part = text:match "^(%d+)%.?(%d*)$"
  return tonumber(whole) * 1000 + tonumber((part .. "000"):sub(1, 3))
end

local function read(path)
  local data, n = {}, 0
  for c = 1, #names do data[names[c]] = {} end
  local case, phase, date, reporter, partner = data.case, data.phase, data.date, data.reporter, data.partner
  local agency, province, channel, category = data.agency, data.province, data.channel, data.category
  local commodity, quantity, unit, suspects, joint = data.commodity, data.quantity, data.unit, data.suspects, data.joint
  local month = {}
  data.month = month
  local lines = io.lines(path)
  lines()
  for line in lines do
    n = n + 1
    local q, s, j
    case[n], phase[n], date[n], reporter[n], partner[n], agency[n], province[n], channel[n], category[n], commodity[n], q, unit[n], s, j =
      line:match(pattern)
    quantity[n], suspects[n], joint[n] = thousandths(q), tonumber(s), tonumber(j)
    month[n] = date[n]:sub(1, 7)
  end
  data.n = n
  return data
end

-- ---------------------------------------------------------------- the fold: Unicode form, case, spaces, tone style

local replace = {}
for pair in ([[À:à Á:á Ả:ả Ã:ã Ạ:ạ Ằ:ằ Ắ:ắ Ấ:ấ Ậ:ậ Đ:đ È:è Ẻ:ẻ Ẽ:ẽ Ề:ề Ế:ế Ể:ể Ì:ì Í:í Ò:ò Ó:ó Ỏ:ỏ Ọ:ọ Ồ:ồ Ố:ố Ộ:ộ Ớ:ớ Ủ:ủ Ũ:ũ Ú:ú Ụ:ụ Ừ:ừ
  Ự:ự Ỷ:ỷ Ỹ:ỹ Ý:ý Ô:ô Ơ:ơ Ư:ư Ê:ê Â:â Ă:ă Ầ:ầ]]):gmatch "%S+" do
  local capital, small = pair:match "^(.-):(.+)$"
  replace[capital] = small
end

local bases = { a = "àáảãạ", e = "èéẻẽẹ", i = "ìíỉĩị", o = "òóỏõọ", u = "ùúủũụ", y = "ỳýỷỹỵ", ["ă"] = "ằắẳẵặ", ["â"] = "ầấẩẫậ",
  ["ê"] = "ềếểễệ", ["ô"] = "ồốổỗộ", ["ơ"] = "ờớởỡợ", ["ư"] = "ừứửữự" }
local tones = { "\204\128", "\204\129", "\204\137", "\204\131", "\204\163" }
local hats = { ["\204\134"] = { a = "ă" }, ["\204\130"] = { a = "â", e = "ê", o = "ô" }, ["\204\155"] = { o = "ơ", u = "ư" } }
local composed, at = {}, {}
for base, list in pairs(bases) do
  local k = 0
  for letter in list:gmatch "[\194-\244][\128-\191]*" do
    k = k + 1
    composed[base .. tones[k]] = letter
    at[letter] = { base, k }
  end
end
local letter_at = {}
for letter, place in pairs(at) do letter_at[place[1] .. place[2]] = letter end

-- Marks after their letters in any order: the hat first, then the tone.
local function compose(letter, marks)
  local tone = ""
  for mark in marks:gmatch "[\204\205][\128-\191]" do
    local hat = hats[mark] and hats[mark][letter]
    if hat then letter = hat else tone = mark end
  end
  return composed[letter .. tone] or letter .. tone
end

local function fold(text)
  text = text:lower():gsub("[\194-\244][\128-\191]*", replace):gsub("%s+", " ")
  text = text:gsub("([aeouiy])([\204\205][\128-\191][\204\205\128-\191]*)", compose)
  -- oà, oè, uỳ at the end of a syllable: the mark goes to the first letter
  return (text:gsub("([ou])([\195\225][\128-\191]+)%f[%s%z]", function(first, second)
    local place = at[second]
    local fits = place and (first == "o" and (place[1] == "a" or place[1] == "e") or first == "u" and place[1] == "y")
    return fits and letter_at[first .. place[2]] .. place[1] or nil
  end))
end

-- ---------------------------------------------------------------- queries

local function keys_of(map)
  local list = {}
  for key in pairs(map) do list[#list + 1] = key end
  table.sort(list)
  return list
end

local function count(column, n)
  local counts = {}
  for i = 1, n do
    local key = column[i]
    counts[key] = (counts[key] or 0) + 1
  end
  return counts
end

local function by_two(data, a, b)
  local counts, x, y = {}, data[a], data[b]
  for i = 1, data.n do
    local group = counts[x[i]]
    if not group then
      group = {}
      counts[x[i]] = group
    end
    local key = y[i]
    group[key] = (group[key] or 0) + 1
  end
  return counts
end

-- The measures of three keys: nested tables, the last holding n and a sum.
local function by_three(data, a, b, c, summed)
  local groups, x, y, z, v = {}, data[a], data[b], data[c], data[summed]
  for i = 1, data.n do
    local one = groups[x[i]]
    if not one then
      one = {}
      groups[x[i]] = one
    end
    local two = one[y[i]]
    if not two then
      two = {}
      one[y[i]] = two
    end
    local three = two[z[i]]
    if not three then
      two[z[i]] = { 1, v[i] }
    else
      three[1], three[2] = three[1] + 1, three[2] + v[i]
    end
  end
  return groups
end

local function text(number) return ("%.0f"):format(number) end

local function lines_of_three(groups)
  local list = {}
  for a, one in pairs(groups) do
    for b, two in pairs(one) do
      for c, three in pairs(two) do list[#list + 1] = table.concat({ a, b, c, text(three[1]), text(three[2]) }, "\t") end
    end
  end
  return list
end

local function lines_of_rows(rows)
  local list = {}
  for i, row in ipairs(rows) do
    local cells = {}
    for k, cell in ipairs(row) do cells[k] = type(cell) == "number" and text(cell) or cell end
    list[i] = table.concat(cells, "\t")
  end
  return list
end

local function rows_of(map)
  local rows = {}
  for i, key in ipairs(keys_of(map)) do rows[i] = { key, map[key] } end
  return rows
end

local function top(counts, n)
  local rows = rows_of(counts)
  table.sort(rows, function(a, b) return a[2] > b[2] or a[2] == b[2] and a[1] < b[1] end)
  for i = #rows, n + 1, -1 do rows[i] = nil end
  return rows
end

local function smallest_at(list, percent) return list[math.floor((percent * #list + 99) / 100)] end

local function queries_of(data)
  local n = data.n
  local q = {}
  q.q01 = function() return rows_of(count(data.phase, n)) end
  q.q02 = function() return by_three(data, "phase", "category", "unit", "quantity") end
  q.q03 = function()
    local rows, counts = {}, by_two(data, "category", "phase")
    for _, category in ipairs(keys_of(counts)) do
      local before
      for _, phase in ipairs(keys_of(counts[category])) do
        local now = counts[category][phase]
        rows[#rows + 1] = { category, phase, now, before and now - before or "" }
        before = now
      end
    end
    return rows
  end
  q.q04 = function()
    local rows, sum = rows_of(count(data.date, n)), 0
    for _, row in ipairs(rows) do
      sum = sum + row[2]
      row[3] = sum
    end
    return rows
  end
  q.q05 = function()
    local cases, suspects, joint, month = {}, {}, {}, data.month
    local s, j = data.suspects, data.joint
    for i = 1, n do
      local m = month[i]
      cases[m], suspects[m], joint[m] = (cases[m] or 0) + 1, (suspects[m] or 0) + s[i], (joint[m] or 0) + j[i]
    end
    local rows = {}
    for i, m in ipairs(keys_of(cases)) do rows[i] = { m, cases[m], suspects[m], joint[m] } end
    return rows
  end
  q.q06 = function()
    local counts, folded = count(data.agency, n), {}
    for name, times in pairs(counts) do
      local key = fold(name)
      folded[key] = (folded[key] or 0) + times
    end
    return top(folded, 10)
  end
  q.q06n = function()
    local counts, agency = {}, data.agency
    for i = 1, n do
      local key = fold(agency[i])
      counts[key] = (counts[key] or 0) + 1
    end
    return top(counts, 10)
  end
  q.q07 = function()
    local cases, joint, j = by_two(data, "reporter", "partner"), {}, data.joint
    local reporter, partner = data.reporter, data.partner
    for a, list in pairs(cases) do
      joint[a] = {}
      for b in pairs(list) do joint[a][b] = 0 end
    end
    for i = 1, n do
      local of = joint[reporter[i]]
      of[partner[i]] = of[partner[i]] + j[i]
    end
    local rows = {}
    for _, a in ipairs(keys_of(cases)) do
      for _, b in ipairs(keys_of(cases[a])) do
        rows[#rows + 1] = { a, b, cases[a][b], joint[a][b], share = joint[a][b] / cases[a][b] }
      end
    end
    return rows
  end
  q.q08 = function()
    local counts, rows = by_two(data, "province", "commodity"), {}
    for i, province in ipairs(keys_of(counts)) do rows[i] = { province, #keys_of(counts[province]) } end
    return rows
  end
  q.q09 = function()
    local groups, rows = {}, {}
    local category, unit, quantity = data.category, data.unit, data.quantity
    for i = 1, n do
      local key = category[i] .. "\t" .. unit[i]
      local list = groups[key]
      if not list then
        list = {}
        groups[key] = list
      end
      list[#list + 1] = quantity[i]
    end
    for i, key in ipairs(keys_of(groups)) do
      table.sort(groups[key])
      rows[i] = { key, smallest_at(groups[key], 50), smallest_at(groups[key], 95) }
    end
    return rows
  end
  local wanted
  q.q10 = function()
    if not wanted then -- the spellings of the province
      wanted = {}
      for name in pairs(count(data.province, n)) do wanted[name] = fold(name) == fold(work.province) or nil end
    end
    local counts, province, month, category = {}, data.province, data.month, data.category
    for i = 1, n do
      if month[i] == work.month and wanted[province[i]] then counts[category[i]] = (counts[category[i]] or 0) + 1 end
    end
    return rows_of(counts)
  end
  q.q11 = function() return by_three(data, "agency", "commodity", "month", "suspects") end
  q.q12 = function()
    local quantity, suspects, joint, a, b, c = 0, 0, 0, data.quantity, data.suspects, data.joint
    for i = 1, n do quantity, suspects, joint = quantity + a[i], suspects + b[i], joint + c[i] end
    return { { n, quantity, suspects, joint } }
  end
  local queries = {}
  for name, run in pairs(q) do queries[name] = { run = run, lines = lines_of_rows } end
  queries.q02.lines, queries.q11.lines = lines_of_three, lines_of_three
  return queries
end

-- ---------------------------------------------------------------- actions

local action, path = arg[1], arg[3]
local start = work.now()
local queries = queries_of(read(path))
if action == "load" then
  work.say("time", "load", ("%.0f"):format(work.now() - start))
elseif action == "answer" then
  work.answer(queries, work.names(6), arg[4], tonumber(arg[5]))
elseif action == "time" then
  work.time(queries, work.names(6), tonumber(arg[4]), tonumber(arg[5]))
elseif action == "first" then
  print(table.concat(queries.q02.lines(queries.q02.run()), "\n"))
end
