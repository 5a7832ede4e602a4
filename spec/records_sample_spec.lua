-- The made-up sample of examples/records, held against the truth its generator knows: the answers of the module come from the messy
-- file, those of the generator from the cases it invented before it wrote them down badly.
local mekong = require "mekong"
local make = dofile "examples/records/make.lua"

local path = "examples/records/ho-so-gia.csv"

-- 1234567 thousandths -> "1234.567", as figures write decimals
local function decimal(thousandths)
  local text = ("%d.%03d"):format(thousandths // 1000, thousandths % 1000)
  return (text:gsub("0+$", ""):gsub("%.$", ""))
end

-- key -> number of cases for which key(case) is that
local function counted(cases, key)
  local out = {}
  for _, case in ipairs(cases) do
    local value = key(case)
    if value ~= nil then out[value] = (out[value] or 0) + 1 end
  end
  return out
end

-- key -> n of a Table of counts, rows without cases left out
local function counts(t, key, fold)
  local out = {}
  for row in t:rows() do
    if row.n ~= nil and row.n ~= 0 then out[fold and fold(row[key]) or row[key]] = row.n end
  end
  return out
end

describe("the made-up sample of records", function()
  local text, truth = make.sample(2000)
  local store, report, d
  setup(function()
    store = assert(mekong.omd())
    report = assert(store:load("cases", path))
    d = store.cases
  end)
  teardown(function() store:close() end)

  it("is what its generator writes, 2,000 rows that say they are made up", function()
    local f <close> = assert(io.open(path, "rb"))
    assert(f:read "a" == "\u{FEFF}" .. text, "run lua5.4 examples/records/make.lua > " .. path)
    assert.equal(2000, report.read)
    local strange = 0
    for line in text:gmatch "\r\n([^\r]+)" do
      if not line:find "^GIA%-%d+;" and not line:find "^;" then strange = strange + 1 end
    end
    assert.equal(0, strange)
  end)

  it("loses nothing: what is refused is what cannot be, by row, column and text", function()
    assert(#truth.refused > 20)
    assert.equal(#truth.refused, report.rejected)
    assert.equal(#truth.refused, #report.rejects)
    for i, one in ipairs(truth.refused) do
      local row = report.rejects[i]
      assert.same({ one.row, one.column, one.text }, { row.row, row.column, row.text })
      assert(#row.reason > 5)
    end
    local lines = 0
    for _, case in ipairs(truth.cases) do lines = lines + #case.lines end
    assert.equal(lines, report.accepted)
    assert.equal(#truth.cases, report.cases)
    assert.equal(#truth.cases, d:count()[1].n)
  end)

  it("counts cases by phase, however the phase was written", function()
    assert.same(counted(truth.cases, function(case) return case.phase.key end), counts(d:count "phase", "phase"))
  end)

  it("counts cases by month, however the day was written", function()
    local t = counts(d:where("phase = 7"):series "month", "month")
    assert.same(counted(truth.cases, function(case)
      return case.phase.key == "OMD7" and ("%04d-%02d"):format(case.date[1], case.date[2]) or nil
    end), t)
    local upto = counted(truth.cases, function(case)
      return ("%04d-%02d-%02d"):format(table.unpack(case.date)) <= "2025-08-14" and case.phase.key or nil
    end)
    local cumulative = d:count("phase"):cumulative("phase", { to = "14/8/2025" })
    assert.truthy(cumulative[#cumulative].n:is(upto.OMD7))
  end)

  it("counts a case in two categories once in each and once in all", function()
    local expected = {}
    for _, case in ipairs(truth.cases) do
      local seen = {}
      for _, line in ipairs(case.lines) do
        if not seen[line.category] then seen[line.category], expected[line.category] = true, (expected[line.category] or 0) + 1 end
      end
    end
    assert.same(expected, counts(d:count "category", "category"))
    local t = d:pivot("category", "phase"):totals()
    assert.equal(#truth.cases, t[#t].total)
  end)

  it("counts routes between countries by their codes", function()
    local expected, found = counted(truth.cases, function(case) return case.origin[2] .. case.dest[2] end), {}
    local t = d:matrix("origin", "dest")
    for row in t:rows() do
      for _, country in ipairs { "CN", "KH", "LA", "MM", "TH", "VN" } do
        local n = row[country]
        if n ~= nil and n ~= 0 then found[row.origin .. country] = n end
      end
    end
    assert.same(expected, found)
  end)

  it("keeps all origins that tie with the third", function()
    local list = {}
    for _, n in pairs(counted(truth.cases, function(case) return case.origin[2] end)) do list[#list + 1] = n end
    table.sort(list, function(a, b) return a > b end)
    assert.equal(list[3], list[4])
    local t = d:count("origin"):top(3, { others = "Khác" })
    local found, rest = {}, #truth.cases
    for i = 1, 4 do found[i], rest = t[i].n, rest - list[i] end
    assert.same({ table.unpack(list, 1, 4) }, found)
    assert.equal(5, #t)
    assert.equal(rest, t[5].n)
  end)

  it("adds each unit apart, to the thousandth, and says what lacks the number", function()
    local known, lacking = {}, {}
    for _, case in ipairs(truth.cases) do
      local phase = case.phase.key
      known[phase] = known[phase] or { kg = 0, ["viên"] = 0, ["cá thể"] = 0, bao = 0 }
      for _, line in ipairs(case.lines) do
        if line.amount then
          known[phase][line.unit] = known[phase][line.unit] + line.amount
        else
          lacking[phase] = (lacking[phase] or 0) + 1
        end
      end
    end
    local t, seen = d:by("phase"):sum "quantity", 0
    for row in t:rows() do
      local expected = known[row.phase]
      if expected then
        seen = seen + 1
        for unit, column in pairs { kg = "kg", ["viên"] = "pill", ["cá thể"] = "individual", bao = "pack" } do
          assert.equal(decimal(expected[unit]), tostring(row[column].lo), row.phase .. " " .. unit)
        end
        assert.equal(lacking[row.phase], row.missing)
      else
        assert.is_nil(row.kg)
      end
    end
    assert.equal(3, seen)
  end)

  it("gives percentiles that stand in the data", function()
    local list, lacking = {}, 0
    for _, case in ipairs(truth.cases) do
      for _, line in ipairs(case.lines) do
        if line.unit == "kg" and line.amount then list[#list + 1] = line.amount elseif line.unit == "kg" then lacking = lacking + 1 end
      end
    end
    table.sort(list)
    local row = d:where("unit = kg"):stats("quantity", "n missing min p50 p90 max")[1]
    assert.equal(#list, row.n)
    assert.equal(lacking, row.missing)
    assert.equal(decimal(list[1]), tostring(row.min.best))
    assert.equal(decimal(list[(#list + 1) // 2]), tostring(row.p50.best))
    assert.equal(decimal(list[(#list * 9 + 9) // 10]), tostring(row.p90.best))
    assert.equal(decimal(list[#list]), tostring(row.max.best))
  end)

  it("adds persons once a case, and finds who worked together", function()
    local persons, unknown, joint = 0, 0, 0
    for _, case in ipairs(truth.cases) do
      persons, unknown = persons + (case.suspects or 0), unknown + (case.suspects and 0 or 1)
      joint = joint + (case.joint and 1 or 0)
    end
    local t = d:sum "suspects"
    assert.equal(tostring(persons), tostring(t[1].suspects.lo))
    assert.equal(unknown, t[1].missing)
    assert.equal(joint, d:where("joint"):count()[1].n)
  end)

  it("sees one agency in all its spellings", function()
    local fold = function(name) return mekong.text.key(name, 1) end
    local expected = counted(truth.cases, function(case) return fold(case.agency) end)
    assert.same(expected, counts(d:count "key(agency)", "agency", fold))
    assert(#d:count "agency" > #d:count "key(agency)")
  end)

  it("knows the province that a name stood for on the day", function()
    local expected = counted(truth.cases, function(case)
      local day = ("%04d-%02d-%02d"):format(table.unpack(case.date))
      return mekong.entity(case.province, { kind = "province", on = day }).code
    end)
    assert.same(expected, counts(d:count "province", "province"))
  end)
end)
