-- Measures: aggregates, what is worked out from them, and what is said when they cannot be meant.
local core = require "mekong.core"
local errinfo = require "mekong.errinfo"

local names = { "case", "phase", "date", "agency", "category", "suspects", "joint", "quantity", "unit", "value", "mass", "raw" }
local types = { "text", "phase", "date", "text", "text", "int", "bool", "decimal measured", "unit", "decimal", "figure", "blob" }
local aliases = { "vụ", "giai đoạn", "ngày", "cơ quan", "nhóm", "số đối tượng", "phối hợp", "số lượng" }

local function measure(text, params, opts) return core.expr.aggregate(text, names, types, aliases, params, "agg", opts) end

-- The parts as lines "fn p type unit column (argument) [filter]".
local function parts(text)
  local out = {}
  for i, p in ipairs(measure(text):parts()) do
    out[i] = ("%s %s %s %s %s (%s) [%s]"):format(p.fn, p.p or "-", p.type, p.unit or "-", p.column or "-",
      p.arg and p.arg:text() or "", p.filter and p.filter:text() or "")
  end
  return table.concat(out, "; ")
end

-- The record of the error; marked is the part of the text that stands over the carets.
local function refused(code, text, marked, ...)
  local ok, message = pcall(measure, text)
  assert.is_false(ok, "accepted: " .. text)
  local record = errinfo.parse(message)
  assert(record, "no error of ours: " .. tostring(message))
  assert.equal(code, record.code, message)
  assert(record.message:find " in agg$", message)
  if marked then assert.equal(marked, text:sub(record.col, record.col + record.len - 1), message) end
  local all = record.message .. "\n" .. (record.hint or "")
  for _, part in ipairs { ... } do assert(all:find(part, 1, true), part .. " is not in " .. all) end
end

describe("a measure", function()
  it("is an aggregate of the lines, the cases or a column", function()
    assert.equal("count - int - - () []", parts "count()")
    assert.equal("lines - int - - () []", parts "lines()")
    assert.equal("sum - int - 6 (suspects) []", parts "sum(suspects)")
    assert.equal("sum - decimal - 8 (quantity) []", parts "sum(quantity)")
    assert.equal("sum - decimal kg - (quantity in kg) []", parts "sum(quantity in kg)")
    assert.equal("sum - decimal kg - (số lượng in ki lô gam) []", parts "sum(số lượng in ki lô gam)")
    assert.equal("sum - figure - 11 (mass) []", parts "sum(mass)")
    assert.equal("sum - int - - (suspects * 2) []", parts "sum(suspects * 2)")
    assert.equal("mean - decimal - 6 (suspects) []", parts "mean(suspects)")
    assert.equal("min - date - 3 (date) []", parts "min(date)")
    assert.equal("max - phase - 2 (phase) []", parts "max(phase)")
    assert.equal("any - bool - - (quantity in kg > 2,5) []", parts "any(quantity in kg > 2,5)")
    assert.equal("any - bool - 7 (joint) []", parts "any(joint)")
    assert.equal("share - decimal % - () []", parts "share()")
    assert.equal("share - decimal % - (quantity in kg) []", parts "share(quantity in kg)")
    assert.equal("share - decimal % - (phối hợp and phase = 7) []", parts "share(phối hợp and phase = 7)")
    assert.equal("distinct - int - 4 (agency) []", parts "distinct(agency)")
    assert.equal("distinct - int - - (key(agency)) []", parts "distinct(key(agency))")
    assert.equal("count - int - - () []", parts "COUNT()")
  end)
  it("takes percentiles from p0 to p100 as exact shares", function()
    for name, p in pairs { p0 = "0", p1 = "0.01", p5 = "0.05", p10 = "0.1", p50 = "0.5", p90 = "0.9", p95 = "0.95", p100 = "1", p05 = "0.05" } do
      assert.equal("percentile " .. p .. " int - 6 (suspects) []", parts(name .. "(suspects)"), name)
    end
    assert.equal("median 0.5 int - 6 (suspects) []", parts "median(suspects)")
    refused("range", "p101(suspects)", "p101", "p100")
    refused("range", "p99999999999999999999(suspects)", nil, "p100")
  end)
  it("is filtered by the condition behind the aggregate", function()
    assert.equal("count - int - - () [joint]", parts "count() where joint")
    assert.equal("count - int - - () [phase = 7 and joint]", parts "count() where phase = 7 and joint")
    assert.equal("count - int - - () [(joint)]; count - int - - () []", parts "(count() where (joint)) / count()")
    assert.equal("sum - decimal kg - (quantity in kg) [nhóm = 'ma túy']; lines - int - - () [joint]",
      parts "(sum(quantity in kg) where nhóm = 'ma túy') / (lines() where joint)")
    assert.equal("share - decimal % - () [phase in (6, 7)]", parts "share() where phase in (6, 7)")
    assert.is_true(measure("count() where joint"):plain())
    assert.is_true(measure("(count() where joint)"):plain())
    assert.is_false(measure("count() + 0"):plain())
  end)
  it("may have a name in front, which is no part of its text", function()
    local function named(text)
      local a = measure(text)
      return a:name(), a:text()
    end
    assert.same({ "n", "count()" }, { named "n = count()" })
    assert.same({ "số vụ năm 2025", "count() where joint" }, { named "số vụ  năm 2025 =  count() where joint " })
    assert.same({ "a`b, c", "count() / 2" }, { named "`a``b, c`=count() / 2" })
    assert.same({ "không rõ", "count() where agency is missing" }, { named "không rõ = count() where agency is missing" })
    assert.same({ "tỉ lệ", "count()" }, { named "ti\u{309} lê\u{323} = count()" })
    assert.same({ nil, "count() = 5" }, { named "count() = 5" })
    assert.equal("bool", measure("count() = 5"):type())
    refused("name", "` n` = count()", "` n`")
    refused("name", "`a\nb` = count()", nil, "control")
  end)
  it("shows its parts as expressions over the rows", function()
    local data = {}
    for i = 1, #names do data[i] = {} end
    data[6], data[7], data[8], data[9] = { 3, 4 }, { true, false }, { "2.5", "3" }, { "kg", "g" }
    local part = measure("sum(quantity in g) where joint or suspects > $1", { 3 }):parts()[1]
    collectgarbage()
    assert.same({ 8, 9 }, part.arg:columns())
    assert.same({ 6, 7 }, part.filter:columns())
    assert.equal("2500", part.arg:eval(data, 1))
    assert.equal("g", part.arg:unit())
    assert.same({ 1, 2 }, part.filter:filter(data, 2))
    assert.is_true(part.filter:test(data, 1))
  end)
end)

describe("the whole of a measure", function()
  local function whole(text, ...) return measure(text):eval { ... } end
  local kg = function(n) return core.figure.new { best = n, unit = "kg" } end
  it("is a whole number where only counts are joined and stay whole", function()
    assert.equal(5, whole("count() * 2 - 1", 3))
    assert.equal("integer", math.type(whole("count() * 2 - 1", 3)))
    assert.equal(-7, whole("-count() - lines()", 3, 4))
    assert.equal(3, whole("count()", 3))
    local half = whole("count() / lines()", 3, 6)
    assert.is_true(core.figure.is(half) and half:is "0.5")
    assert.is_true(core.figure.is(whole("count() / lines()", 6, 3)))
    assert.is_true(whole("count() * 9223372036854775807", 2):is "18446744073709551614")
  end)
  it("keeps units and bounds of figures", function()
    local per_case = whole("sum(quantity in kg) / count()", kg(10), 4)
    assert.equal("kg", per_case.unit)
    assert.is_true(per_case:is "2.5")
    local least = whole("sum(quantity in kg) * 2", core.figure.hedged("748", "at_least", "kg"))
    assert.equal(1496, least.lo)
    assert.is_nil(least.hi)
    assert.is_true(whole("sum(quantity in g) / sum(quantity in kg)", core.figure.new { best = 500, unit = "g" }, kg(2)):is "0.25")
    local same = kg(7)
    assert.equal(same, whole("sum(quantity)", same))
  end)
  it("is missing with the reason where a part is missing or a divisor is or may be zero", function()
    local function why(...) return { whole(...) } end
    assert.same({}, why("count() + sum(suspects)", 3, nil))
    assert.same({ nil, "range" }, why("count() / lines()", 3, 0))
    assert.same({ nil, "range" }, why("lines() / sum(mass)", 3, core.figure.hedged("5", "nearly", "")))
    assert.same({ nil, "unit" }, why("sum(quantity) + sum(value)", kg(1), 2))
    assert.same({}, why("count() > 5 and any(joint)", 6, nil))
    assert.same({ false }, why("count() > 5 and any(joint)", 5, nil))
  end)
  it("compares, and takes dates apart", function()
    assert.is_true(whole("count() > 1.714 and any(joint)", 1715, true))
    assert.equal(7, whole("year(max(date)) - year(min(date))", "2025-04", "2018"))
    assert.is_true(whole("max(date) > 14/8/2025", "2025-08-15"))
    assert.is_true(whole("max(phase) = VII", "OMD7"))
    assert.is_nil(whole("sum(mass) > 5", core.figure.hedged("5", "approx", "")))
    assert.is_false(whole("share() > 50", core.figure.new { best = 40, unit = "%" }))
  end)
  it("refuses values that the parts cannot have", function()
    for _, case in ipairs { { "count() + 1", { 1.5 } }, { "count() + 1", { true } }, { "any(joint) = true", { 1 } },
      { "max(date) > 2025", { 5 } }, { "max(date) > 2025", { "x" } }, { "count() + 1", { "x" } }, { "count() + 1", { {} } } } do
      local ok, message = pcall(function() return measure(case[1]):eval(case[2]) end)
      assert.is_false(ok, case[1])
      local record = errinfo.parse(message)
      assert(record and (record.code == "type" or record.code == "range" or record.code == "syntax"), message)
    end
  end)
end)

describe("a measure that cannot be meant", function()
  it("is refused with what to write", function()
    refused("syntax", "count() == 5", "==", "use '='")
    refused("name", "cout()", "cout", "count")
    refused("name", "summ(suspects)", "summ", "sum")
    refused("syntax", "count(suspects)", "count", "distinct(x)", "where x is not missing")
    refused("syntax", "lines(suspects)", "lines", "distinct(x)")
    refused("type", "sum(count())", "count", "do not nest", "two steps")
    refused("type", "share(sum(suspects))", "sum", "share(suspects)")
    refused("type", "count() where sum(suspects) > 1", "sum", "do not nest")
    refused("type", "count() where joint / count()", "count", "(count() where joint) / count()")
    refused("type", "mean(agency)", "agency", "numbers", "distinct(agency)")
    refused("type", "sum(date)", "date", "numbers")
    refused("type", "max(agency)", "agency", "numbers, dates or phases")
    refused("type", "sum(joint)", "joint", "count() where joint")
    refused("type", "any(suspects)", "suspects", "conditions")
    refused("type", "count() where suspects", "suspects", "conditions")
    refused("type", "distinct(raw)", "raw", "a column")
    refused("type", "suspects / count()", "suspects", "sum(suspects)")
    refused("type", "count() > 1 and agency = 'x'", "agency", "distinct(agency)")
    refused("name", "foo + count()", "foo")
    refused("type", "1 + 1", "1 + 1", "count()")
    refused("type", "n = 5", "5", "count()")
    refused("syntax", "", nil, "empty", "n = count()")
    refused("syntax", "n =", nil, "after '='")
    refused("syntax", "sum()", nil, "sum(suspects)")
    refused("syntax", "any()", nil, "any(joint)")
    refused("syntax", "sum(suspects, 2)", ",", "one argument")
    refused("syntax", "sum(suspects", "(", "not closed")
    refused("syntax", "(count()) where joint", "where", "(count() where joint)")
    refused("syntax", "mean(suspects) * 2 where joint", nil, "directly behind")
    refused("syntax", "count() joint", "joint", "count() where joint")
    refused("syntax", "count() as n", "as", "n = count()")
    refused("syntax", "count(*)", "count", "takes nothing")
    refused("syntax", "sum(quantity kg)", "kg", "quantity in kg")
    refused("syntax", "sum quantity", "sum", "parentheses")
    refused("name", "avg(suspects)", "avg", "mean()")
    refused("name", "nunique(agency)", "nunique", "distinct()")
    refused("type", "joint", "joint", "any(joint)")
    refused("name", "avg (suspects) where joint", "avg")
    refused("syntax", "count", "count", "count()")
  end)
  it("is refused where units do not go together", function()
    refused("unit", "sum(quantity in kg) + sum(quantity in viên)", "sum(quantity in viên)", "kg", "pill")
    refused("unit", "sum(quantity in kg) + 1", "1", "kg")
    refused("unit", "sum(quantity) in kg", "sum(quantity)", "quantity in kg")
    refused("unit", "sum(suspects in kg)", "suspects")
    refused("unit", "count() + share()", "share()")
  end)
  it("asks about numerals as a condition does", function()
    refused("ambiguous", "sum(value) > 1.715", "1.715", "1715", "1,715")
    assert.equal("bool", measure("sum(suspects) > 1.715"):type())
    refused("type", "count() > 2,5", "2,5", "whole")
  end)
  it("is limited in depth and in the number of its aggregates", function()
    assert.equal(100, #measure("count()" .. (" + count()"):rep(99)):parts())
    refused("limit", "count()" .. (" + count()"):rep(100), nil, "100 aggregates")
    refused("limit", "sum(" .. ("("):rep(40) .. "suspects" .. (")"):rep(41))
    refused("limit", ("("):rep(41) .. "count()" .. (")"):rep(41))
  end)
end)

describe("outside of agg", function()
  it("an aggregate is sent there", function()
    for _, text in ipairs { "count() > 1", "p90(value) > 1", "share() > 1", "joint and any(joint)" } do
      local ok, message = pcall(core.expr.compile, text, names, types, nil, nil, "where")
      assert.is_false(ok)
      assert(message:find("agg(", 1, true), message)
    end
  end)
end)

describe("a new column", function()
  local function with(text) return core.expr.with(text, names, types, aliases, nil, "with") end
  it("has a name and an expression", function()
    local name, e = with "kg = quantity in kg"
    assert.same({ "kg", "quantity in kg", "decimal", "kg" }, { name, e:text(), e:type(), e:unit() })
    name, e = with "đủ = suspects = 3"
    assert.same({ "đủ", "suspects = 3", "bool" }, { name, e:text(), e:type() })
  end)
  it("without one of them is refused", function()
    for _, text in ipairs { "quantity in kg", "suspects > 3", "n =", "= 3", "" } do
      local ok, message = pcall(with, text)
      assert.is_false(ok, text)
      assert.equal("syntax", errinfo.parse(message).code, message)
    end
  end)
end)

describe("a key of groups", function()
  it("says whether it is a column or a call", function()
    local function key(text)
      local e = core.expr.compile(text, names, types, aliases)
      return e:column(), e:fn(), e:columns()[1]
    end
    assert.same({ 2, nil, 2 }, { key "giai đoạn" })
    assert.same({ 2, nil, 2 }, { key "(phase)" })
    assert.same({ nil, "key", 4 }, { key "key(agency)" })
    assert.same({ nil, "year", 3 }, { key "year(date)" })
    assert.same({ nil, "month", 3 }, { key "month(ngày)" })
    assert.same({ nil, nil, 6 }, { key "suspects + 1" })
  end)
end)

describe("a share", function()
  local mekong = require "mekong"
  local function column(text)
    local store <close> = assert(mekong.open ":memory:")
    assert(store:insert("cases", { { case = "a", phase = 7, suspects = 3, joint = true }, { case = "b", phase = 5, suspects = 5 },
      { case = "c", phase = 7, suspects = 2, joint = false } }))
    assert(store:insert("lines", { { case = "a", line = 1, quantity = "2.5", unit = "kg" },
      { case = "a", line = 2, quantity = 500, unit = "g" }, { case = "b", line = 1, quantity = 1, unit = "kg" } }))
    local t = store.cases:by("phase"):agg("x = " .. text)
    return { t[1].x, t[2].x }
  end
  local function exact(text, five, seven)
    local shares = column(text)
    assert.equal(five, shares[1].best, text)
    assert.equal(seven, shares[2].best, text)
    assert.equal("%", shares[1].unit)
  end
  it("is that of what a number adds up to in the whole", function()
    exact("share(suspects)", 50, 50)
    exact("share(quantity in kg)", 25, 75)
    exact("share(suspects) where joint", 0, 30)
  end)
  it("of nothing is missing", function()
    assert.same({}, column "share(suspects * 0)")
  end)
end)
