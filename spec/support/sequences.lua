-- sequences: questions asked again and again of one open store while its records change, are sealed, unsealed and edited by
-- other programs. Each answer is held against the plain evaluator's on a store that got the same changes and never sealed a row.
local answers = require "spec.support.answers"
local core = require "mekong.core"
local engine = require "mekong.engine"
local mekong = require "mekong"
local place = require "spec.support.store_place"
local seeded = require "spec.support.seeded"

local sequences = {}

-- ---------------------------------------------------------------- records

local long = ("Trạm kiểm soát liên hợp "):rep(30)
local agencies = { "Đội Hòa Bình", "Đội Hoà Bình", "ĐỘI HÒA BÌNH", "Đo\u{302}\u{323}i Ho\u{300}a Bi\u{300}nh",
  "Đội Thủy", "Đội Thuỷ", "Cảng",
  "Cảng A", "A\u{301}", "Á", long, "", " ", "a'b", "x;y" }
local notes = { "ma túy", "ma tuý", "MA TÚY giấu trong xe", "rượu", "thuốc lá\nhai dòng", "1.715", long .. "cuối", "" }
local categories = { "drug", "tobacco", "wildlife", "precursor", "fuel" }
local units = { "kg", "g", "pill", "t", "individual", "l" }
local countries = { "VN", "CN", "LA", "TH", "KH" }
local amounts = { "0", "1", "2.5", "0.001", "104410", "9223372036854775807", "123456789012345678901234567890.5", "0.000000000000000001",
  "9007199254740993" }
local signed = { "-3", "-0.25", "0", "1.5", "-99999999999999999999", "12.75" }

local columns = { cases = { "officer: text | cán bộ", "score: int", "weight: decimal" }, lines = { "purity: decimal", "seen: bool",
  "mark: text" } }

-- How a store looks as a whole: what may be missing, how many values a column has.
local function shape_of(random)
  return { rows = random.one({ 0, 1, 2, 12, 30, 60, 60, 120, 300 }), single = random(2) == 1, copies = random(6) == 1,
    parts = random(5) == 1,
    defined = random(3) == 1, gap = random.one({ 2, 5, 9, 1000 }), amounts = random(4), many = random(3) == 1, ledger = random(6) == 1,
    named = random(4) == 1, persons = random(3) == 1 }
end

local function maybe(random, shape, value)
  if random(shape.gap) == 1 then return nil end
  return value
end

local function date_of(random)
  local year = 2022 + random(4)
  local how = random(12)
  if how == 1 then return ("%d"):format(year) end
  if how == 2 then return ("%d-%02d"):format(year, random(12)) end
  return ("%d-%02d-%02d"):format(year, random(12), random(28))
end

local function amount_of(random, shape)
  if shape.amounts == 1 and random(3) == 1 then return random.one(amounts) end
  if shape.amounts == 2 then return tostring(random(9)) end
  return ("%d.%02d"):format(random(900), random(98))
end

local function case_of(random, shape, key)
  local row = { case = key, phase = maybe(random, shape, 3 + random(4)), date = maybe(random, shape, date_of(random)),
    agency = maybe(random, shape, shape.many and "Đội " .. random(90) or random.one(agencies)), reporter = maybe(random, shape,
      random.one(countries)),
    province = maybe(random, shape, random(3) > 1 and "Hà Nội" or "Cao Bằng"), origin = maybe(random, shape, random.one(countries)),
    destination = maybe(random, shape, random.one(countries)), suspects = maybe(random, shape,
      random(30) == 1 and 9223372036854775807 or random(9) - 1),
    joint = maybe(random, shape, random(2) == 1), note = random(4) == 1 and random.one(notes) or nil,
    dup_of = shape.copies and random(8) == 1 and shape.last or nil }
  if shape.defined then
    row.officer, row.score, row.weight = maybe(random, shape, "An " .. random(5)), maybe(random, shape, random(40) - 20), maybe(random,
      shape, random.one(signed))
  end
  shape.last = key
  return row
end

local function line_of(random, shape, key, k)
  local unit = maybe(random, shape, random.one(units))
  local row = { case = key, line = k, category = maybe(random, shape, random.one(categories)), unit = unit, quantity = maybe(random,
    shape, amount_of(random, shape)),
    value_vnd = maybe(random, shape, tostring(random(50) * 1000000)), suspected = maybe(random, shape, random(2) == 1),
    item = maybe(random, shape, random(2) == 1 and "heroin" or "yaba"),
      included_in = shape.parts and k > 1 and random(4) == 1 and k - 1 or nil }
  if shape.defined then row.purity, row.seen, row.mark = maybe(random, shape, random.one(signed)), maybe(random, shape,
    random(2) == 1), random.one(agencies) end
  return row
end

local function records(random, shape, first, n)
  local cases, lines, persons = {}, {}, {}
  for i = first, first + n - 1 do
    local key = ("V%04d"):format(i)
    cases[#cases + 1] = case_of(random, shape, key)
    for k = 1, shape.single and 1 or random(4) - 1 do lines[#lines + 1] = line_of(random, shape, key, k) end
    if shape.persons then
      for k = 1, random(3) - 1 do
        persons[#persons + 1] = { case = key, line = k, count = maybe(random, shape, random(4)),
          role = random(2) == 1 and "lái xe" or "chủ hàng",
          nationality = maybe(random, shape, random.one(countries)) }
      end
    end
  end
  return cases, lines, persons
end

local function insert_all(store, cases, lines, persons)
  return store:transaction(function()
    if cases[1] then assert(store:insert("cases", cases)) end
    if lines[1] then assert(store:insert("lines", lines)) end
    if persons[1] then assert(store:insert("persons", persons)) end
    return true
  end)
end

-- ---------------------------------------------------------------- questions

local conditions = { "phase = 5", "phase in (5, 6)", "date <= 14/8/2024", "date between 1/3/2023 and 30/9/2024", "joint", "not joint",
  "suspects > 2",
  "category = 'ma túy'", "category != 'drug' or joint", "agency is missing", "agency like 'đội%'", "agency like '%hòa%'",
    "key(agency) = key('Đội Hoà Bình')",
  "reporter = 'Trung Quốc'", "quantity in kg > 5", "quantity > 2", "year(date) = 2024", "month(date) in (4, 5) and not joint",
    "suspects = 99",
  "unit = 'kg'", "unit in ('kg', 'g', 't')", "joint and suspects > 1 and (phase = 5 or category = 'drug')", "suspects between 1 and 4",
  "not (phase = 5 or phase is missing)", "category is missing and suspected", "note match 'ma tuy'", "case = 'V0003'",
    "case in ('V0001', 'V0007', 'X1')",
  "case > 'V0010' and case < 'V0040'", "line = 1", "value_vnd >= 20000000", "agency = 'Đội Hòa Bình'",
    "agency != 'Cảng' and agency is not missing",
  "reporter = 'VN' and origin = 'CN' and suspects is not missing and date < 1/1/2025 and joint", "score < 0", "weight > 1.5", "seen",
    "purity < 50",
  "officer like 'an%'", "mark = 'Á'", "suspects * 2 > 5", "quantity in kg * 2 > suspects", "suspects < $1", "agency = $name" }
local keys = { "phase", "category", "agency", "key(agency)", "reporter", "origin", "month", "year", "quarter", "day", "joint", "suspects",
  "date",
  "suspects > 2", "year(date)", "unit", "province", "item", "destination", "note", "case", "line", "score", "officer", "mark", "seen",
    "suspected" }
local measures = { "n = count()", "j = count() where joint", "l = lines()", "d = distinct(agency)", "m = distinct(month(date))",
  "v = sum(value_vnd)",
  "s = sum(suspects)", "k = sum(quantity in kg) where unit in ('kg', 'g', 't')", "a = any(suspects > 5)", "x = share()", "y = share(joint)",
  "r = sum(suspects) / count()", "w = mean(suspects)", "lo = min(suspects)", "hi = max(value_vnd)", "mid = median(suspects)",
    "p = p90(suspects)",
  "dd = distinct(category) where joint", "first = min(date)", "q50 = median(quantity in kg) where unit in ('kg', 'g', 't')",
    "ds = distinct(key(agency))",
  "q95 = p95(value_vnd)", "lc = lines() where category = 'drug'", "qs = sum(quantity)", "sc = sum(score)", "wm = max(weight)",
    "pm = mean(purity)",
  "dc = distinct(commodity)", "last = max(date)", "sv = sum(value_vnd) where suspected", "o = distinct(officer)" }
local sums = { "quantity", "suspects", "value_vnd", "quantity in kg", "weight", "purity", "score" }
local made = { "folded = key(agency)", "y = year(date)", "two = suspects > 2", "late = date >= 1/1/2024", "double = suspects * 2" }
local made_keys = { "folded", "y", "two", "late", "double" }

local function question(random)
  local q = { kind = random(26), where = {}, keys = {}, measures = {}, with = random(6) == 1, lines = random(4) == 1, n = random(4),
    quantity = random.one(sums), unit = random.one({ "month", "year", "quarter", "week" }), english = random(4) == 1 }
  for k = 1, random.one({ 0, 0, 1, 1, 2 }) do q.where[k] = random.one(conditions) end
  for k = 1, random.one({ 0, 1, 1, 1, 2, 2, 3 }) do q.keys[k] = random.one(keys) end
  if q.with then q.keys[1] = random.one(made_keys) end
  for k = 1, random(3) do q.measures[k] = random.one(measures) end
  return q
end

local function said(q)
  return ("%s kind %d%s%s where {%s} by {%s} agg {%s} of %s"):format(q.lines and "lines" or "cases", q.kind, q.with and " with" or "",
    q.english and " en" or "",
    table.concat(q.where, " | "), table.concat(q.keys, ", "), table.concat(q.measures, "; "), q.quantity)
end

-- A table as text, with what it says of every cell.
local function shown(t, q)
  local out, names = { t:to_text(q.english and { locale = "en" } or nil) }, t:names()
  for i = 1, math.min(#t, 400) do
    for _, name in ipairs(names) do
      local value = t:cell(i, name)
      out[#out + 1] = value == nil and tostring(t:why(i, name)) or tostring(value)
    end
  end
  return table.concat(out, "\n")
end

local persons_keys = { "role", "nationality", "sex", "count" }

local forms = {
  function(f, q) return shown(f:count(table.unpack(q.keys)):totals(), q) end,
  function(f, q) return shown(f:count(table.unpack(q.keys)), q) end,
  function(f, q) return shown(f:by(table.unpack(q.keys)):sum(q.quantity), q) end,
  function(f, q) return shown(f:by(table.unpack(q.keys)):sum(q.quantity):totals(), q) end,
  function(f, q) return shown(f:by(table.unpack(q.keys)):stats(q.quantity, "n missing sum min mean p50 p90 max"), q) end,
  function(f, q) return shown(f:by(table.unpack(q.keys)):agg(table.unpack(q.measures)), q) end,
  function(f, q) return shown(f:by(table.unpack(q.keys)):agg(table.unpack(q.measures)):totals(), q) end,
  function(f, q) return shown(f:count(table.unpack(q.keys)):top(q.n, { others = "Khác" }), q) end,
  function(f, q) return shown(f:count(table.unpack(q.keys)):share(), q) end,
  function(f, q) return shown(f:pivot(q.keys[1] or "phase", q.keys[2] or "category"):totals(), q) end,
  function(f, q) return shown(f:pivot(q.keys[1] or "phase", "month", q.measures[1]), q) end,
  function(f, q) return shown(f:matrix("origin", "destination"):totals(), q) end,
  function(f, q) return shown(f:series(q.unit), q) end,
  function(f, q) return shown(f:series(q.unit, q.measures[1]), q) end,
  function(f, q) return shown(f:count(q.keys[1] or "phase"):cumulative(q.keys[1] or "phase"), q) end,
  function(f, q) return shown(f:count "phase":cumulative("phase", { to = "14/8/2024" }), q) end,
  function(f, q) return shown(f:count "phase":compare("phase", { per = "day" }), q) end,
  function(f, q) return shown(f:by "phase":agg(table.unpack(q.measures)):compare("phase", { against = "previous known" }), q) end,
  function(f, q) return shown(f:agg(table.unpack(q.measures)), q) end,
  function(f, q) return shown(f:lines(), q) .. shown(f:by(table.unpack(q.keys)):lines(), q) end,
  function(f, q) return shown(f:select("case", "phase", "agency", "quantity",
    "suspects"):sort("suspects desc, agency, case"):limit(7):table(), q) end,
  function(_, q, store) return shown(store:from("persons"):by(persons_keys[q.n]):agg("n = count()", "s = sum(count)"), q) end,
  function(_, q, store) return shown(store:search("cases", q.n == 1 and "hòa bình" or "ma túy", { limit = 5 }), q) end,
  function(f, q) return shown(f:join(f:count(q.keys[1] or "phase"):select(q.keys[1] or "phase", "n"),
    q.keys[1] or "phase"):count(q.keys[1] or "phase"), q) end,
  function(f, q) return shown(f:filter(function(row) return row.suspects ~= 3 end):count(table.unpack(q.keys)), q) end,
  function(_, q, store)
    return shown(store:sql([[select c."case" as c, c.phase, l.unit, l.quantity, count(*) over () as n
      from cases c left join lines l on l."case" = c."case"
      where c."case" >= ? order by 1, l.line limit 9]], ("V%04d"):format(q.n * 7)), q)
  end,
}

local function params_of(text)
  if text:find("$1", 1, true) then return { 4 } end
  return text:find("$name", 1, true) and { name = "Cảng" } or nil
end

local function ask(store, q)
  return answers.text(function()
    local frame = q.lines and store.lines or store.cases
    if q.with then frame = frame:with(table.unpack(made)) end
    for _, text in ipairs(q.where) do frame = frame:where(text, params_of(text)) end
    return forms[q.kind](frame, q, store)
  end)
end

-- ---------------------------------------------------------------- changes

-- Each change is drawn with its values first and then made in both stores.
local function key_of(random, run) return ("V%04d"):format(random(run.next + 2)) end

local changes = {}

function changes.insert(random, run)
  local cases, lines, persons = records(random, run.shape, run.next, random(8))
  run.next = run.next + #cases
  return function(store) return insert_all(store, cases, lines, persons) end
end

function changes.insert_one(random, run)
  local row = random(2) == 1 and case_of(random, run.shape, key_of(random, run)) or case_of(random, run.shape, ("W%d"):format(random(500)))
  return function(store) return store:insert("cases", row) end
end

function changes.insert_line(random, run)
  local row = line_of(random, run.shape, key_of(random, run), random(9))
  return function(store) return store:insert("lines", row) end
end

function changes.update_case(random, run)
  local key, row = key_of(random, run), case_of(random, run.shape, "")
  local picked = {}
  for _, name in ipairs { "phase", "date", "agency", "suspects", "joint", "note", "reporter" } do
    if random(3) == 1 then picked[name] = row[name] end
  end
  if not next(picked) then picked.suspects = random(9) end
  return function(store) return store:update("cases", key, picked) end
end

function changes.update_line(random, run)
  local key, row = { key_of(random, run), random(3) }, line_of(random, run.shape, "", 1)
  local picked = { quantity = row.quantity or "7", unit = row.unit, category = random(2) == 1 and row.category or nil }
  return function(store) return store:update("lines", key, picked) end
end

function changes.rename(random, run)
  local from, to = key_of(random, run), ("V%04dx"):format(random(run.next))
  return function(store) return store:update("cases", from, { case = to }) end
end

function changes.delete_lines(random, run)
  local what = random(2) == 1 and { case = key_of(random, run) } or random.one({ "quantity > 800", "suspected and category = 'fuel'",
    "line = 3" })
  return function(store) return store:delete("lines", what) end
end

function changes.delete_case(random, run)
  local key = key_of(random, run)
  return function(store)
    return store:transaction(function()
      assert(store:delete("persons", { case = key }))
      assert(store:delete("lines", { case = key }))
      return store:delete("cases", { case = key })
    end)
  end
end

local function csv(cell) return '"' .. tostring(cell == nil and "" or cell):gsub('"', '""') .. '"' end

function changes.load(random, run)
  local cases, lines = records(random, run.shape, run.next, random.one({ 1, 5, 20, 40 }))
  local heads, out = { "case", "phase", "date", "agency", "suspects", "category", "quantity", "unit" }, {}
  local n = 0
  out[1] = table.concat(heads, ",")
  run.next = run.next + #cases
  for _, c in ipairs(cases) do
    local first = n + 1
    while lines[n + 1] and lines[n + 1].case == c.case do n = n + 1 end
    for k = first, math.max(n, first) do
      local l = k <= n and lines[k] or {}
      out[#out + 1] = table.concat({ csv(c.case), csv(c.phase), csv(c.date), csv(c.agency), csv(c.suspects), csv(l.category),
        csv(l.quantity), csv(l.unit) }, ",")
    end
  end
  local text, covers = table.concat(out, "\n") .. "\n", random(3) == 1 and tostring(2022 + random(4)) or nil
  return function(store)
    local report, message = store:load("cases", { text = text }, { covers = covers })
    return report and tostring(report), message
  end
end

function changes.person(random, run)
  local row = { case = key_of(random, run), line = random(9), count = random(5), role = "lái xe" }
  return function(store) return store:insert("persons", row) end
end

function changes.phase(random)
  local n, days = 3 + random(4), 100 + random(100)
  return function(store)
    local ok, message = store:update("phases", { "OMD" .. n, "x" }, { days = days })
    return ok, message
  end
end

function changes.alias(random)
  local names = random(2) == 1 and { ["Hàng trắng"] = "drug" } or { ["Bắc quốc"] = "CN" }
  local kind = names["Bắc quốc"] and "country" or "category"
  return function(store)
    local ok, done, message = pcall(store.alias, store, kind, names)
    return ok and done, ok and message or done
  end
end

function changes.define(random)
  local name = random(2) == 1 and "cases" or "lines"
  local list = { random.one(columns[name]) }
  return function(store)
    local ok, done, message = pcall(store.define, store, name, list)
    return ok and done, ok and message or done
  end
end

function changes.outside(random, run)
  -- Plain rows alone can be edited by another program; sealed ones get new lines.
  local list, sql = run.a:sql 'select "case" as c from main.cases order by 1', {}
  local plain = #list > 0 and list[random(#list)].c:gsub("'", "''")
  for _ = 1, random(3) do
    run.outside = run.outside + 1
    local how, other = random(7), random(2) == 1 and "X" .. random(run.outside) or key_of(random, run)
    if how == 1 then
      sql[#sql + 1] = ("insert into cases (\"case\", phase, agency, suspects, date) values ('X%d', 'OMD5', 'Đội Hòa Bình', %d, '2024-05')"):format(
        run.outside, random(9))
    elseif how <= 3 and run.holds(other) then
      sql[#sql + 1] = ([[insert into lines ("case", line, category, quantity, unit) values ('%s', %d, 'tobacco', '%d', 'pill')]]):format(
        other, 1000 + run.outside, random(9))
    elseif plain and how == 4 then
      sql[#sql + 1] = ([[update cases set suspects = %d, agency = 'Cảng %d' where "case" = '%s']]):format(random(9), random(3), plain)
    elseif plain and how == 5 then
      sql[#sql + 1] = ([[update lines set quantity = '%d.25' where "case" = '%s' and line <= 2]]):format(random(9), plain)
    elseif plain and how == 6 then
      for _, name in ipairs { "lines", "persons", "cases" } do sql[#sql + 1] = ([[delete from %s where "case" = '%s']]):format(name, plain) end
      plain = false
    elseif plain then
      sql[#sql + 1] = ([[update cases set date = %s, note = %s where "case" = '%s']]):format(random.one({ "'2025'", "NULL",
        "'2024-02-30'", "'hôm qua'" }),
        random.one({ "''", "NULL", "'a' || char(0) || 'b'", "'ngoài'" }), plain)
    end
  end
  local text = "begin; " .. table.concat(sql, ";\n") .. "; commit;"
  return function(store) return place.sqlite(store == run.plain and run.paths[2] or run.paths[1], text) ~= nil end
end

local ordinary = { "insert", "insert", "insert_one", "insert_line", "update_case", "update_case", "update_line", "rename", "delete_lines",
  "delete_case", "load", "load",
  "person", "phase", "alias", "define" }

-- ---------------------------------------------------------------- a run

local function code_of(message) return message and tostring(message):match "%[%l+%]" end

local function fail(run, text) error(("seed %d: after %s: %s"):format(run.seed, table.concat(run.log, ", "), text), 0) end

local function both(run, change, store)
  local function made_in(one)
    local ok, done, message = pcall(change, one)
    return ok and done, ok and message or done
  end
  local done, message = made_in(store)
  local plainly, plain_message = made_in(run.plain)
  if tostring(done) ~= tostring(plainly) or code_of(message) ~= code_of(plain_message) then
    fail(run, ("it gave %s %s, plainly %s %s"):format(tostring(done), tostring(message), tostring(plainly), tostring(plain_message)))
  end
end

local ways = { { way = "best" }, { way = "plain" }, { way = "plain", threads = 2, chunk = 7 }, { threads = 2, chunk = 1 }, { threads = 2,
  chunk = 16 }, { threads = 2, chunk = 64 },
  { dense = 1, judged = 1 }, { way = "plain", dense = 5 }, { threads = 2, chunk = 16, dense = 2, judged = 5 } }

local function compare(run, q, random)
  local store = random(4) == 1 and run.b or run.a
  engine.scans(store, random.one(ways))
  run.asked = run.asked + 1
  local fast, plain = ask(store, q), ask(run.plain, q)
  if fast ~= plain then fail(run, ("%s asked of %s: %s"):format(said(q), store == run.a and "a" or "b", answers.difference(plain, fast))) end
end

local function open_all(run, random)
  local threads = random(2)
  run.a = assert(mekong.open(run.paths[1], { threads = threads, progress = random(3) == 1 and function() return true end or nil }))
  run.b = assert(mekong.open(run.paths[1]))
  run.plain = assert(mekong.open(run.paths[2]))
  engine.plain(run.plain, true)
end

local function close_all(run)
  for _, name in ipairs { "a", "b", "plain" } do
    if run[name] then run[name]:close() end
    run[name] = nil
  end
end

local function in_transaction(run, random)
  local list, q, store = {}, random.one(run.pool), random(3) == 1 and run.b or run.a
  for k = 1, random(3) do
    list[k] = random.one(ordinary)
    list[k] = { name = list[k], change = changes[list[k]](random, run) }
    run.log[#run.log + 1] = list[k].name .. "?"
  end
  local undone, sealed = random(3) > 1, random(4) == 1
  local function play(s)
    local out = {}
    local ok, message = pcall(s.transaction, s, function()
      for k, one in ipairs(list) do
        local _, done, said_then = pcall(one.change, s)
        out[#out + 1] = tostring(done) .. tostring(code_of(said_then))
        if k == 1 then out[#out + 1] = ask(s, q) end
      end
      if sealed and s ~= run.plain then assert(core.store.seal(s, run.size)) end
      out[#out + 1] = ask(s, q)
      if undone then error "back" end
      return true
    end)
    out[#out + 1] = tostring(ok) .. tostring(code_of(message))
    return table.concat(out, "\n")
  end
  local fast, plain = play(store), play(run.plain)
  if fast ~= plain then fail(run, "in a transaction: " .. said(q) .. ": " .. answers.difference(plain, fast)) end
end

-- What happens to the file beside changes of the records.
local function event(run, random)
  local how = random(10)
  if how <= 3 then
    run.size = random.one({ 1, 2, 4, 8, 16, 40 })
    run.log[#run.log + 1] = "seal " .. run.size
    assert(core.store.seal(random(3) == 1 and run.b or run.a, run.size))
  elseif how == 4 then
    run.log[#run.log + 1] = "unseal"
    assert(run.a:unseal())
  elseif how == 5 then
    run.log[#run.log + 1] = "open"
    close_all(run)
    open_all(run, random)
  elseif how == 6 then
    run.log[#run.log + 1] = "blocks"
    run.block = random.one({ 3, 16, 64 })
  elseif how == 7 then
    run.log[#run.log + 1] = "collect"
    collectgarbage()
  else
    run.log[#run.log + 1] = "transaction"
    in_transaction(run, random)
  end
end

local function step(run, random)
  local how = random(20)
  if how <= 12 then
    if random(8) == 1 then run.pool[random(#run.pool)] = question(random) end
    run.log[#run.log + 1] = "ask"
    compare(run, run.random.one(run.pool), random)
  elseif how <= 15 then
    event(run, random)
  elseif how == 16 then
    run.log[#run.log + 1] = "outside"
    both(run, changes.outside(random, run), run.a)
  else
    local name = random.one(ordinary)
    run.log[#run.log + 1] = name
    both(run, changes[name](random, run), random(4) == 1 and run.b or run.a)
  end
end

local function fill(run, random)
  local cases, lines, persons = records(random, run.shape, 1, run.shape.rows)
  run.next = run.shape.rows + 1
  for _, store in ipairs { run.a, run.plain } do
    for n = 4, 7 do
      assert(store:insert("phases", { phase = "OMD" .. n, variant = "x", number = n, date = 2018 + n .. "-04-15",
        date_to = 2018 + n .. "-11-16", days = 216, preferred = true }))
    end
    if run.shape.defined then
      for _, name in ipairs { "cases", "lines" } do assert(store:define(name, columns[name])) end
    end
    assert(insert_all(store, cases, lines, persons))
  end
end

local function play(run, steps)
  local random = seeded(run.seed)
  run.random, run.shape, run.pool = random, shape_of(random), {}
  run.holds = function(key) return run.plain:sql('select count(*) as n from cases where "case" = ?', key)[1].n == 1 end
  open_all(run, random)
  fill(run, random)
  for k = 1, 8 do run.pool[k] = question(random) end
  if run.shape.rows > 100 and random(2) == 1 then assert(core.store.seal(run.a, 64)) end
  for k = 1, steps do
    step(run, random)
    if k % 20 == 0 and run.a:digest() ~= run.plain:digest() then fail(run, "the records are not the same") end
  end
end

-- One sequence -> how many questions were asked, and how many of them answered from columns. Raises at the first difference.
function sequences.run(seed, steps)
  local folder = place.folder()
  local run = { seed = seed, paths = { folder .. "/a.db", folder .. "/b.db" }, log = {}, asked = 0, outside = 0, taken = 0 }
  local image, answer = core.engine.image, engine.answer
  core.engine.image = function(store, source)
    source.block = run.block
    return image(store, source)
  end
  engine.answer = function(...)
    local found = answer(...)
    run.taken = run.taken + (found and 1 or 0)
    return found
  end
  local ok, message = pcall(play, run, steps)
  core.engine.image, engine.answer = image, answer
  close_all(run)
  place.remove(folder)
  if not ok then error(message, 0) end
  return run.asked, run.taken
end

return sequences
