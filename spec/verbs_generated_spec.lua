-- Made-up records: every total, share and running total is the count it stands for, asked for plainly, and
-- the SQL of a plan gives the cells of its table.
local mekong = require "mekong"
local expect = require "spec.support.expect"
local seeded = require "spec.support.seeded"

local phases = { { "OMD5", 5, "2023-04-15", "2023-11-16", 216 }, { "OMD6", 6, "2024-04-15", "2024-11-16", 216 },
  { "OMD7", 7, "2025-04-15", "2025-09-15", 154 } }
local categories, origins = { "drug", "precursor", "wildlife" }, { "LA", "KH", "TH", "VN", "CN" }
local units = { "kg", "g", "t", "pill", "individual" }

local function maker(seed)
  local random = seeded(seed)
  local function maybe(list, chance) return random(100) > chance and list[random(#list)] or nil end
  return random, maybe
end

local function quantity(random, unit)
  if random(6) == 1 then return nil end
  return (random(2) == 1 or unit == "pill" or unit == "individual") and tostring(random(500)) or random(90) .. "." .. random(99)
end

local function made(seed)
  local random, maybe = maker(seed)
  local store, cases, lines = mekong.open ":memory:", {}, {}
  for _, p in ipairs(phases) do
    assert(store:insert("phases", { phase = p[1], variant = "x", number = p[2], date = p[3], date_to = p[4], days = p[5],
      scope = "VN", preferred = true }))
  end
  for i = 1, 60 do
    local p = maybe(phases, 10)
    local date = p and ("%s-%02d-%02d"):format(p[3]:sub(1, 4), 4 + random(5), random(28)) or maybe({ "2024-02", "2023", "2024-12-31" }, 40)
    cases[i] = { case = "c" .. i, phase = p and p[1], date = date, origin = maybe(origins, 15), suspects = maybe({ 1, 2, 3 }, 30),
      dup_of = random(12) == 1 and "c" .. random(60) or nil }
    for l = 1, random(4) - 1 do
      local within = l > 1 and random(5) == 1
      local unit = units[random(#units)]
      lines[#lines + 1] = { case = "c" .. i, line = l, category = maybe(categories, 10), quantity = quantity(random, unit),
        unit = unit, included_in = within and random(l - 1) or nil }
    end
  end
  assert(store:insert("cases", cases))
  assert(store:insert("lines", lines))
  return store
end

local function plain(value)
  if type(value) == "userdata" then value = value.lo end
  local text = tostring(value)
  return text:find "%.%d" and text:gsub("0+$", ""):gsub("%.$", "") or text
end

local function count_of(d, condition) return (condition and d:where(condition) or d):count()[1].n end

local function equals(name, value)
  if value == nil then return name .. " is missing" end
  return name .. " = '" .. value .. "'"
end

describe("made-up records", function()
  local stores = {}
  setup(function()
    for seed = 1, 8 do stores[seed] = made(seed * 7919) end
  end)
  teardown(function()
    for _, store in ipairs(stores) do store:close() end
  end)

  local function each(fn)
    for seed, store in ipairs(stores) do fn(store.cases, store, "set " .. seed) end
  end

  it("have totals that are counts of their own", function()
    each(function(d, _, where)
      assert.equal(count_of(d), d:count("category"):totals()[-1].n, where)
      local p = d:pivot("category", "phase"):totals()
      assert.equal(count_of(d), p[-1].total, where)
      for i = 1, #p - 1 do assert.equal(count_of(d, equals("category", p[i].category)), p[i].total, where) end
      for _, phase in ipairs(phases) do assert.equal(count_of(d, equals("phase", phase[1])), p[-1][phase[1]] or 0, where) end
      assert.equal(count_of(d), d:matrix("origin", "dest"):totals()[-1].total, where)
      assert.equal(count_of(d), d:series("month"):totals()[-1].n, where)
      assert.equal(count_of(d), d:series("week"):totals()[-1].n, where)
    end)
  end)

  it("have shares of the distinct cases", function()
    each(function(d, _, where)
      local t, all = d:count("category"):share(), count_of(d)
      for i = 1, #t do
        local n = count_of(d, equals("category", t[i].category))
        assert.is_true(mekong.figure(n, "vụ"):share(mekong.figure(all, "vụ")) == t[i].share, where)
      end
    end)
  end)

  it("have others that are the rest, each case once", function()
    each(function(d, _, where)
      local t = d:count("category"):top(1, { others = "Khác", ties = "cut" })
      assert.equal(count_of(d, "category != '" .. t[1].category .. "' or category is missing"), t[2].n, where)
      assert.equal(count_of(d), t:totals()[-1].n, where)
    end)
  end)

  it("have running totals that are counts up to there", function()
    each(function(d, _, where)
      local t, condition = d:count("category"):cumulative(), nil
      for i = 1, #t do
        condition = (condition and condition .. " or " or "") .. equals("category", t[i].category)
        expect.exact(count_of(d, condition), t[i].cumulative)
      end
      local numbered = d:where "phase is not missing"
      for _, day in ipairs { "2023-08-15", "2024-06-30", "2025-07-01" } do
        local upto = numbered:count("phase"):cumulative { to = day }
        assert.equal(count_of(numbered, "date <= " .. day), #upto > 0 and upto[-1].cumulative.best or 0, where .. " " .. day)
      end
    end)
  end)

  it("give the same cells in SQL", function()
    each(function(d, store, where)
      for _, t in ipairs {
        d:count "phase", d:count("category"), d:where("not (origin = 'LA')"):count "origin", d:where("date <= 2024-07-01"):count "category",
        d:by("phase"):sum "quantity", d:by("category"):sum "quantity", d:by("origin"):agg("s = sum(suspects)", "l = lines()"),
        d:by("month"):agg("n = count()", "most = max(suspects)"),
      } do
        local sql, names = store:sql(t:explain "sql"), t:names()
        for i = 1, #sql do
          local row
          for j = 1, #t do row = t:cell(j, names[1]) == sql:cell(i, names[1]) and j or row end
          for _, name in ipairs(sql:names()) do
            assert.equal(plain(t:cell(row, name)), plain(sql:cell(i, name)), where .. ": " .. name .. "\n" .. t:explain "sql")
          end
        end
      end
    end)
  end)
end)
