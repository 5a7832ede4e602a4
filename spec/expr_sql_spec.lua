-- Expressions as SQL: what is printed gives in SQL the answer that the evaluator gives, for every row.
local mekong = require "mekong"
local core = require "mekong.core"
local errinfo = require "mekong.errinfo"
local seeded = require "spec.support.seeded"

local random = seeded(20250415)
local pick = random.one

-- One case a row, with a line; a column is {name, type, SQL, values}; a half of the values is missing where nil is drawn.
local columns = {
  { "case", "text", '"case"' },
  { "phase", "phase", "phase", { "OMD1", "OMD-AP", "OMD2", "OMD5", "OMD7", "OMD1/OMD5" } },
  { "date", "date", "c.date", { "2025-08-14", "2025-08", "2025", "2024-02-29", "2024-02", "2024-12-31", "2019", "2025-08-31" } },
  { "date_to", "date", "c.date_to", { "2025-08-31", "2025-12", "2026", "2026-01-01" } },
  { "agency", "text", "c.agency", { "Hải quan Cao Bằng", "HẢI QUAN CAO BẰNG", "Công an", "50%_\\ it's", "hải  quan", "x" } },
  { "channel", "text", "c.channel", { "drug", "ma tuý", "Ma Túy", "wildlife", "Động vật hoang dã", "x" } },
  { "suspects", "int", "suspects", { 0, 1, 3, 17, 1715, 9007199254740993 } },
  { "joint", "bool", "joint", { true, false } },
  { "quantity", "decimal measured", "quantity", { "0.001", "2.5", "100", "1500", "0.3" } },
  { "unit", "unit", "unit", { "kg", "g", "t", "pill", "lang" } },
  { "amount", "decimal", "amount", { "0.1", "0.2", "-2.5", "1.75", "1715", "12345678901234.567", "0" } },
  { "note", "text", "c.note", { "bắt ma túy đá", "Ma  TUY", "mà tủy", "máy tuy", "" } },
}
local ROWS = 40
local names, types, sql, kinds, data, place = {}, {}, {}, {}, {}, {}
for c, column in ipairs(columns) do
  names[c], types[c], sql[c], kinds[c], data[c] = column[1], column[2], column[3], column[1] == "channel" and "category", {}
  place[column[1]] = c
end

local store
local function fill()
  store = assert(mekong.open ":memory:")
  assert(store:define("cases", { "amount: decimal" }))
  local cases, lines = {}, {}
  for i = 1, ROWS do
    data[1][i] = ("V%03d"):format(i)
    for c = 2, #columns do
      if random(5) > 1 then data[c][i] = pick(columns[c][4]) end
      if data[c][i] == "" then data[c][i] = nil end
    end
    if not data[place.date][i] then data[place.date_to][i] = nil end
    local row, line = {}, { line = 1 }
    for c, column in ipairs(columns) do
      local of = (column[1] == "quantity" or column[1] == "unit") and line or row
      of[column[1]] = data[c][i]
    end
    line.case = row.case
    cases[i], lines[i] = row, line
  end
  assert(store:insert("cases", cases))
  assert(store:insert("lines", lines))
end

local FROM = ' from cases c join lines using ("case") '
local opts = { kinds = kinds }

local function shown(value)
  if value == nil then return "?" end
  if value == true then return "1" end
  if value == false then return "0" end
  return tostring(value)
end

-- The limits of exact numbers are the evaluator's own; expressions that reach them are left out, and counted.
local skipped = 0
local function past_limit(ok, message)
  if not ok and not tostring(message):find "%[range%]" then error(message, 0) end
  skipped = skipped + (ok and 0 or 1)
  return not ok
end

-- Rows of the evaluator and of SQL, as text.
local function both(text, params)
  local e = core.expr.compile(text, names, types, nil, params, "where", opts)
  local query = "select " .. e:sql("sqlite", sql) .. " as v" .. FROM .. 'order by "case"'
  local ok, t = pcall(store.sql, store, query)
  if past_limit(ok, t) then return "", "", query end
  local ours, theirs = {}, {}
  for i = 1, ROWS do
    local fine, value = pcall(e.eval, e, data, i)
    if past_limit(fine, value) then return "", "", query end
    ours[i], theirs[i] = shown(value), shown(t[i].v)
  end
  return table.concat(ours, " "), table.concat(theirs, " "), query
end

local function agree(text, params)
  local ours, theirs, query = both(text, params)
  if ours ~= theirs then assert.equal(ours, theirs, text .. "\n" .. query) end
  return ours
end

-- ---------------------------------------------------------------- random expressions

local condition
local comparisons = { "=", "!=", "<", "<=", ">", ">=" }
local dates = { "14/8/2025", "2025-08", "2025", "2/2024", "2024-02-29", "31/12/2024", "'8/2025'" }
local phases = { "7", "VII", "'OMD1'", "AP", "5", "'giai đoạn 2'" }

local function number(depth)
  local way = depth > 0 and random(12) or random(4)
  if way <= 2 then return pick { "suspects", "amount" } end
  if way == 3 then return pick { "3", "17", "1715", "0", "(2,5 * 1)", "(0,001 + 0)", "(4.951,9 - 1)", "-7" } end
  if way == 4 then return pick { "year(date)", "month(date)", "month(date_to)" } end
  if way <= 6 then return number(depth - 1) .. " + " .. number(depth - 1) end
  if way <= 8 then return number(depth - 1) .. " - (" .. number(depth - 1) .. ")" end
  if way == 9 then return "(" .. number(depth - 1) .. ") * " .. pick { "2", "suspects", "0,5", "-3" } end
  if way == 10 then return "(" .. number(depth - 1) .. ") / " .. pick { "2", "8", "0,5", "0", "1_000" } end
  if way == 11 then return "-(" .. number(depth - 1) .. ")" end
  return "(" .. number(depth - 1) .. " - " .. number(depth - 1) .. " + " .. number(depth - 1) .. ")"
end

local function mass(depth)
  local way = depth > 0 and random(6) or 1
  if way <= 2 then return "quantity in " .. pick { "kg", "g", "tấn" } end
  if way == 3 then return mass(depth - 1) .. " + (" .. mass(depth - 1) .. ")" end
  if way == 4 then return "(" .. mass(depth - 1) .. ") * suspects" end
  if way == 5 then return "(" .. mass(depth - 1) .. ") in g" end
  return "quantity in kg - quantity in g"
end

local texts = { "'hải quan cao bằng'", "'CÔNG AN'", "'ma túy'", "'động vật hoang dã'", "'drug'", "'x'", "\"50%_\\ it's\"", "channel", "agency" }

local ways = {
  function(d) return number(d) .. " " .. pick(comparisons) .. " " .. number(d) end,
  function(d) return "suspects " .. pick(comparisons) .. " " .. pick { "3", "suspects", "year(date)", "0" } .. (d > 9 and "" or "") end,
  function(d) return mass(d) .. " " .. pick(comparisons) .. " " .. pick { "2,5", "quantity in g", "0", "1_000" } end,
  function() return "quantity in pill " .. pick(comparisons) .. " 100" end,
  function() return "date " .. pick(comparisons) .. " " .. pick(dates) end,
  function() return pick(dates) .. " " .. pick(comparisons) .. " date_to" end,
  function() return "date " .. pick(comparisons) .. " date_to" end,
  function() return "date " .. pick { "", "not " } .. "between " .. pick(dates) .. " and " .. pick(dates) end,
  function() return "date " .. pick { "", "not " } .. "in (" .. pick(dates) .. ", " .. pick(dates) .. ", date_to)" end,
  function() return "phase " .. pick(comparisons) .. " " .. pick(phases) end,
  function() return "phase " .. pick { "", "not " } .. "in (" .. pick(phases) .. ", " .. pick(phases) .. ")" end,
  function() return "phase between " .. pick(phases) .. " and " .. pick(phases) end,
  function() return pick { "agency", "channel", "key(agency)" } .. pick { " = ", " != " } .. pick(texts) end,
  function() return "channel " .. pick { "", "not " } .. "in (" .. pick(texts) .. ", " .. pick(texts) .. ")" end,
  function()
    return "agency " .. pick { "", "not " } .. "like " .. pick { "'hải%'", "'%an'", "'c_ng an'", "'50\\%\\_\\\\%'", "'%'", "''", "'%\\x%'", "'x\\'" }
  end,
  function() return "note " .. pick { "", "not " } .. "match " .. pick { "'ma tuy'", "'túy'", "'tuy đá'", "\"it's\"" } end,
  function() return "unit " .. pick { "=", "!=" } .. " " .. pick { "kg", "'gram'", "viên" } end,
  function() return "unit " .. pick { "", "not " } .. "in (kg, 'gram')" end,
  function() return "suspects " .. pick { "", "not " } .. "in (1, 3, " .. pick { "17", "suspects" } .. ")" end,
  function(d) return number(d) .. " " .. pick { "", "not " } .. "in (" .. number(0) .. ", amount)" end,
  function(d) return number(d) .. " " .. pick { "", "not " } .. "between " .. number(0) .. " and " .. number(0) end,
  function() return pick { "joint", "true", "false", "joint = true" } end,
  function(d) return "(" .. pick { number(d), "agency", "phase", "date", "joint", mass(d) } .. ") is " .. pick { "", "not " } .. "missing" end,
}

function condition(depth)
  local way = depth > 0 and random(9) or 1
  if way <= 4 then return pick(ways)(depth) end
  if way == 5 then return "not (" .. condition(depth - 1) .. ")" end
  if way == 6 then return "(" .. condition(depth - 1) .. ") = (" .. condition(depth - 1) .. ")" end
  local word, list = pick { " and ", " or " }, {}
  for i = 1, random(3) + 1 do list[i] = "(" .. condition(depth - 1) .. ")" end
  return table.concat(list, word)
end

describe("an expression in SQL", function()
  setup(fill)
  teardown(function() store:close() end)

  it("gives for every row what the evaluator gives", function()
    local answers = { ["1"] = 0, ["0"] = 0, ["?"] = 0 }
    for _ = 1, 700 do
      for answer in agree(condition(3)):gmatch "%S+" do answers[answer] = answers[answer] + 1 end
    end
    for answer, n in pairs(answers) do assert(n > 4000, answer .. " " .. n) end
  end)
  it("gives the same numbers, dates and texts", function()
    local whole, parts = 0, 0
    for _ = 1, 300 do
      local ours = agree(pick { number, mass }(3))
      whole, parts = whole + (ours:find "%f[%d]%d+%f[ \0]" and 1 or 0), parts + (ours:find "%d%.%d" and 1 or 0)
    end
    assert(whole > 100 and parts > 100)
    for _, text in ipairs { "agency", "date", "phase", "unit", "key(agency)", "key(phase)", "'it''s'", "2,5", "-3", "14/8/2025", "true" } do
      agree(text)
    end
  end)
  it("leaves out little for the limits of exact numbers", function() assert(skipped < 100, skipped) end)
  it("keeps parameters as values", function()
    agree("agency = $1 or suspects > $n", { "x' or 1 = 1 --", n = 5 })
    agree("amount >= suspects - $1", { 2 })
  end)
  it("takes the signs of a pattern as like does", function()
    local patterns = { "5\\%", "5\\_", "5\\\\", "5\\x", "5\\", "5%", "5_", "\\%%", "\\5\\%\\5" }
    local yes, no = 0, 0
    for _, pattern in ipairs(patterns) do
      local e = core.expr.compile("t like $1", { "t" }, { "text" }, nil, { pattern })
      for _, cell in ipairs { "5%", "5_", "5\\", "5x", "55", "5", "5\\x", "%", "%5", "5%5" } do
        local query = ("select %s as v from (select '%s' as t)"):format(e:sql("sqlite", { "t" }), cell)
        local answer = e:test({ { cell } }, 1)
        assert.equal(shown(answer), shown(store:sql(query)[1].v), pattern .. " " .. cell)
        yes, no = yes + (answer and 1 or 0), no + (answer and 0 or 1)
      end
    end
    assert(yes > 20 and no > 20)
  end)
  it("stands chains of thousands of conditions and terms", function()
    local list = {}
    for i = 1, 4000 do list[i] = "suspects = " .. i end
    agree(table.concat(list, " or "))
    for i = 1, 1500 do list[i] = (i % 3 == 0 and "- " or "+ ") .. "suspects" end
    agree("0 " .. table.concat(list, " ", 1, 1500) .. " > 5")
    for i = 1, 4000 do list[i] = "'tên " .. i .. "'" end
    agree("agency in (" .. table.concat(list, ", ") .. ", 'công an')")
    agree(("("):rep(39) .. "joint" .. (")"):rep(39))
  end)
  it("that has no exact form is refused, and so is one too long", function()
    local function refused(code, text, part, params)
      local e = core.expr.compile(text, { "a", "b", "f", "t", "d" }, { "int", "decimal", "figure", "text", "date" }, nil, params)
      local ok, message = pcall(e.sql, e, "sqlite", { "a", "b", "f", "t", "d" })
      assert.is_false(ok, text)
      assert.equal(code, errinfo.parse(message).code, message)
      assert(message:find(part, 1, true), message)
    end
    refused("type", "a / b > 1", "'a / b' has no exact form in SQL")
    refused("type", "a / 3 > 1", "no decimal")
    refused("type", "f > 1", "bounds")
    refused("type", "f + a > 1", "bounds")
    refused("type", "t = $1", "zero byte", { "a\0b" })
    refused("limit", ("a + "):rep(20000) .. "a in (" .. ("1, "):rep(20000) .. "1)", "1000000")
    local e = core.expr.compile("a = 1", { "a" }, { "int" })
    assert.equal("(a = 1)", e:sql("sqlite", { "a" }))
    for _, call in ipairs { { "oracle", { "a" } }, { "sqlite", {} }, { "sqlite", { 5 } }, { "sqlite" }, {} } do
      assert.is_false(pcall(e.sql, e, table.unpack(call)))
    end
  end)
  it("is written for PostgreSQL with numeric instead", function()
    local function postgres(text) return core.expr.compile(text, names, types, nil, nil, nil, opts):sql("postgres", sql) end
    assert.equal("((amount)::numeric > 2.5::numeric)", postgres "amount > 2,5")
    assert.equal("(((amount)::numeric + (suspects)::numeric) = 3)", postgres "amount + suspects = 3")
    assert.equal("((suspects > 3) AND (NOT joint))", postgres "suspects > 3 and not joint")
    assert.equal("(vi_key(c.agency, 1) = 'công an')", postgres "agency = 'Công An'")
    assert.equal("(vi_key(c.channel, 1) IN ('ma túy', 'drug'))", postgres "channel = 'ma tuý'")
    assert.equal("(NOT (suspects IN (1, 2)))", postgres "suspects not in (1, 2)")
    assert.equal("(phase = 'OMD7')", postgres "phase = VII")
    assert.equal("vi_match('ma tuy', c.note)", postgres "note match 'ma tuy'")
    assert.equal("(CASE WHEN CASE length(c.date) WHEN 4 THEN c.date || '-12-31' WHEN 7 THEN to_char((c.date || '-01')::date + " ..
      "interval '1 month' - interval '1 day', 'YYYY-MM-DD') ELSE c.date END < '2025-08-14' THEN TRUE WHEN CASE length(c.date) " ..
      "WHEN 4 THEN c.date || '-01-01' WHEN 7 THEN c.date || '-01' ELSE c.date END >= '2025-08-14' THEN FALSE END)",
      postgres "date < 14/8/2025")
  end)
end)

-- ---------------------------------------------------------------- measures

local function values_of(part)
  local list, taken = {}, {}
  for i = 1, ROWS do
    if not part.filter or part.filter:test(data, i) then
      taken[#taken + 1] = i
      if part.arg then list[#list + 1] = part.arg:eval(data, i) end
    end
  end
  return list, taken
end

local function figure(x) return core.figure.new { best = x } end

local found = {
  count = function(_, taken) return #taken end,
  lines = function(_, taken) return #taken end,
  sum = function(list)
    local sum = figure(0)
    for _, x in ipairs(list) do sum = sum + figure(x) end
    return sum
  end,
  max = function(list, _, part)
    local most
    for _, x in ipairs(list) do
      local more = part.type == "date" and (not most or x > most) or part.type ~= "date" and (not most or figure(x) > figure(most))
      if more then most = x end
    end
    return most
  end,
  distinct = function(list, _, part)
    local seen, n = {}, 0
    for _, x in ipairs(list) do
      x = part.arg:type() == "text" and core.text.key(x, 1) or x
      n, seen[x] = n + (seen[x] and 0 or 1), true
    end
    return n
  end,
  any = function(list, taken)
    for _, x in ipairs(list) do if x then return true end end
    if #list < #taken then return nil end
    return false
  end,
}
function found.min(list, _, part)
  local least
  for _, x in ipairs(list) do
    if not least or (part.type == "date" and x < least) or (part.type ~= "date" and figure(x) < figure(least)) then least = x end
  end
  return least
end

local function measured(text)
  local agg = core.expr.aggregate(text, names, types, nil, nil, "agg", opts)
  local values = {}
  for i, part in ipairs(agg:parts()) do
    local fine, list, taken = pcall(values_of, part)
    if past_limit(fine, list) then return "" end
    values[i] = found[part.fn](list, taken, part)
  end
  local whole = agg:eval(values)
  if core.figure.is(whole) then whole = whole.best end
  local query = "select " .. agg:sql("sqlite", sql, { case = '"case"' }) .. " as v" .. FROM
  local ok, t = pcall(store.sql, store, query)
  if past_limit(ok, t) then return "" end
  assert.equal(shown(whole), shown(t[1].v), text .. "\n" .. query)
  return shown(whole)
end

describe("a measure in SQL", function()
  setup(fill)
  teardown(function() store:close() end)

  local function where() return random(2) == 1 and "" or " where " .. condition(1) end
  local operands = {
    function() return "count()" .. where() end,
    function() return "lines()" .. where() end,
    function() return "sum(" .. number(2) .. ")" .. where() end,
    function() return "sum(suspects)" .. where() end,
    function() return pick { "min(", "max(" } .. pick { "suspects", "amount", number(1) } .. ")" .. where() end,
    function() return "distinct(" .. pick { "agency", "channel", "phase", "date", "suspects" } .. ")" .. where() end,
  }
  local conditions = {
    function() return "any(" .. condition(2) .. ")" .. where() end,
    function() return "(" .. pick(operands)() .. ") " .. pick(comparisons) .. " (" .. pick(operands)() .. ")" end,
    function() return "max(date) > 2024-12-31" end,
    function() return "year(max(date)) = 2025" end,
  }
  it("gives what the evaluator gives from the parts", function()
    local seen = {}
    for _ = 1, 300 do
      local way = random(4)
      local text
      if way == 1 then text = pick(operands)()
      elseif way == 2 then text = "(" .. pick(operands)() .. ") " .. pick { "+", "-", "*" } .. " (" .. pick(operands)() .. ")"
      else text = pick(conditions)() end
      seen[measured(text)] = true
    end
    assert(seen["1"] and seen["0"] and seen["?"])
  end)
  it("adds masses in one unit", function()
    for _ = 1, 40 do
      local text = "sum(" .. mass(2) .. ")" .. where()
      local agg = core.expr.aggregate(text, names, types, nil, nil, "agg", opts)
      local fine, list = pcall(values_of, agg:parts()[1])
      local t = not past_limit(fine, list) and store:sql("select " .. agg:sql("sqlite", sql) .. " as v" .. FROM)
      if t then assert.equal(shown(found.sum(list).best), shown(t[1].v), text) end
    end
  end)
  it("that SQL cannot work out exactly is refused", function()
    for _, text in ipairs { "mean(suspects)", "median(amount)", "p90(amount)", "share()", "min(phase)", "count() / lines()" } do
      local agg = core.expr.aggregate(text, names, types)
      local ok, message = pcall(agg.sql, agg, "sqlite", sql)
      assert.is_false(ok, text)
      assert.equal("type", errinfo.parse(message).code, message)
    end
  end)
  it("is written for PostgreSQL too", function()
    local function postgres(text, keys) return core.expr.aggregate(text, names, types):sql("postgres", sql, keys) end
    assert.equal('COUNT(DISTINCT c."case") FILTER (WHERE joint)', postgres("count() where joint", { case = 'c."case"' }))
    assert.equal("COUNT(l.line)", postgres("lines()", { line = "l.line" }))
    assert.equal("COUNT(*)", postgres "count()")
    assert.equal("COALESCE(SUM((amount)::numeric) FILTER (WHERE (suspects > 3)), 0)", postgres "sum(amount) where suspects > 3")
    assert.equal("CASE WHEN BOOL_OR(joint) THEN TRUE WHEN COUNT(*) > COUNT(joint) THEN NULL ELSE FALSE END", postgres "any(joint)")
    assert.equal("MIN((amount)::numeric)", postgres "min(amount)")
  end)
end)

describe("exact decimals in SQL", function()
  it("are those of SQLite's own extension", function()
    local own <close> = assert(mekong.open ":memory:")
    local function value(text) return own:sql("select " .. text .. " as v")[1].v end
    assert.equal("0.3", value "decimal_add('0.1', '0.2')")
    assert.equal("-0.1", value "decimal_sub('0.1', '0.2')")
    assert.equal("12345678901234567890.5", value "decimal_mul('24691357802469135781', '0.5')")
    assert.equal(0, value "decimal_cmp('1.50', '1.5')")
    assert.equal(-1, value "decimal_cmp(-1, '0.5')")
    assert.equal("0.6", value "(select decimal_sum(x) from (select '0.1' as x union all select '0.2' union all select null union all select '0.3'))")
    assert.equal("10", value "(select max(x collate decimal) from (select '9.5' as x union all select '10' union all select '-20'))")
    for _, text in ipairs { "decimal_add(null, 1)", "decimal_cmp('1', null)", "(select decimal_sum(x) from (select null as x))" } do
      assert.is_nil(value(text), text)
    end
    for code, text in pairs { syntax = "decimal_add('x', 1)", type = "decimal_mul(x'00', 1)",
      range = "decimal_mul('99999999999999999999999', '99999999999999999999999')" } do
      local ok, message = pcall(value, text)
      assert.is_false(ok, text)
      assert.equal(code, errinfo.parse(message).code, message)
    end
  end)
end)
