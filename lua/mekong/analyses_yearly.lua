-- analyses_yearly: what yearly work asks of case records: the same time of last year, how much of each phase and of each field is
-- recorded. What no record states is missing.
local core = require "mekong.core"
local analysis = require "mekong.analysis"
local eval = require "mekong.eval"
local levels = require "mekong.levels"
local options = require "mekong.options"
local order = require "mekong.order"
local periods = require "mekong.periods"
local phases = require "mekong.phases"

local methods = core.store.methods
local figure = core.figure.new

local function share(part, whole) return whole > 0 and figure { best = part }:share(figure { best = whole }) or false end

-- ---------------------------------------------------------------- the same time of last year

-- Last day of a statistical month of customs: the 15th to 2024, the 14th from 2025 on.
local function month_end(year, month) return ("%04d-%02d-%d"):format(year, month, year <= 2024 and 15 or 14) end

-- First and last day from the start of the year: of the calendar, or the day after the last statistical December.
local function customs_year(year, month) return core.date.add(month_end(year - 1, 12), 1), month_end(year, month) end

-- {first, last} of this year and of the last one. A month stands for its last day in both; so does the last day of a month.
local function windows(to, calendar)
  to = core.date.parse(to)
  local year, month, day = to:match "^(%d%d%d%d)%-(%d%d)%-?(%d*)$"
  if not year then core.raise("syntax", "store:same_period: option to takes a day or a month, not '" .. to .. "'") end
  year, month = math.tointeger(year), math.tointeger(month)
  if calendar == "customs" then
    if day ~= "" and to ~= month_end(year, month) then
      core.raise("range", ("store:same_period: %s is not the last day of a statistical month"):format(to),
        ('hint: to = "%s", or the month: to = "%s"'):format(month_end(year, month), to:sub(1, 7)))
    end
    return { customs_year(year, month) }, { customs_year(year - 1, month) }
  end
  local _, last = core.date.bounds(to:sub(1, 7))
  local _, before = core.date.bounds(("%04d-%02d"):format(year - 1, month))
  if day ~= "" and to ~= last then
    last, before = to, ("%04d-%02d-%s"):format(year - 1, month, day)
  end
  return { ("%04d-01-01"):format(year), last }, { ("%04d-01-01"):format(year - 1), before }
end

-- Adds the cases of a row to what was found of a window: inside for certain, or perhaps.
local function place(found, window, date, n)
  local first, last = "0001-01-01", "9999-12-31"
  if date then first, last = core.date.bounds(date) end
  if first >= window[1] and last <= window[2] then found.sure = found.sure + n
  elseif first <= window[2] and last >= window[1] then found.perhaps = found.perhaps + n end
end

local function counted(found, covered)
  if not covered then return false end
  if found.perhaps == 0 then return figure { best = found.sure, unit = "case" } end
  return figure { lo = found.sure, hi = found.sure + found.perhaps, unit = "case" }
end

-- Categories in their order, and key -> what was found of each window; the key "" is all cases.
local function cases_within(store, spans)
  local list, found = {}, {}
  local function add(key, row)
    if not found[key] then
      found[key], list[#list + 1] = { { sure = 0, perhaps = 0 }, { sure = 0, perhaps = 0 } }, key
    end
    for k = 1, 2 do place(found[key][k], spans[k], row.date, row.n) end
  end
  for row in store.cases:by("category", "date"):count():rows() do
    if row.n and row.n > 0 then add(row.category or "~", row) end
  end
  order.texts(list)
  for row in store.cases:by "date":count():rows() do
    if row.n and row.n > 0 then add("", row) end
  end
  return list, found
end

-- store:same_period{to =, calendar = "civil" | "customs"} -> Table: category (missing: not stated), this, last, change, a row of
-- all cases last (a case of two categories stands in both). From the start of the year to that day or month; with customs, by
-- statistical months. A date that may lie inside or outside gives a range; a year that the records do not cover is missing.
function methods:same_period(opts)
  options.store(self, "same_period")
  opts = options.check(opts, { "calendar", "to" }, "store:same_period")
  if opts.to == nil then core.raise("type", "store:same_period takes the last day", 'hint: store:same_period{to = "2025-08-14"}') end
  local spans = { windows(options.typed(opts.to, "string", "option to"),
    options.choice(opts.calendar, { "civil", "customs" }, "civil", "option calendar")) }
  local list, found = cases_within(self, spans)
  local plan = rawget(self.cases, "plan")
  local covers, known = levels.covered(plan, eval.base(plan)), {}
  for k = 1, 2 do known[k] = covers(spans[k][1], spans[k][2]) end
  local out = analysis.rows(self, { { "category", "code" }, { "this", "figure", unit = "case", vi = "Năm nay", en = "This year" },
    { "last", "figure", unit = "case", vi = "Cùng kỳ năm trước", en = "Same time last year" },
    { "change", "figure", vi = "Thay đổi", en = "Change", digits = 1 } })
  for _, key in ipairs(list) do
    local this, last = counted(found[key][1], known[1]), counted(found[key][2], known[2])
    local zero = last and last.hi == 0
    local change = this and last and not last:overlaps(0) and this:change(last) or false
    out:add { key == "" and "Tổng" or key ~= "~" and key or false, this, last, change }
    for k, name in ipairs { "this", "last" } do
      if not known[k] then
        local span = spans[k][1] .. "/" .. spans[k][2]
        out:why(name, "hồ sơ không phủ hết " .. span, "the records do not cover " .. span)
      end
    end
    if not change then
      if zero then out:why("change", "cùng kỳ năm trước là 0", "last year it was 0")
      else out:why("change", "một trong hai kỳ chưa rõ", "one of the two is not known") end
    end
  end
  local names = { ["Tổng"] = { "Tổng", "Total" } }
  for row in self:sql "select code, name_vi, name_en from codes where kind = 'category' order by code":rows() do
    names[row.code] = { row.name_vi or row.code, row.name_en or row.name_vi or row.code }
  end
  return out:done { origin = "records", names = names, notes = { { ("Năm nay: %s đến %s; năm trước: %s đến %s."):format(spans[1][1], spans[1][2],
    spans[2][1], spans[2][2]), ("This year: %s to %s; last year: %s to %s."):format(spans[1][1], spans[1][2], spans[2][1], spans[2][2]) } } }
end

-- ---------------------------------------------------------------- coverage

local fields = { "quantity", "date", "origin", "agency" }

-- store:coverage() -> Table: phase, months (of its time), recorded (of them, with records of the phase), share, rows (its lines), and
-- the shares of the lines that state quantity, date, origin, agency.
function methods:coverage()
  options.store(self, "coverage")
  local found, asked = {}, { "rows = lines()" }
  for _, name in ipairs(fields) do asked[#asked + 1] = ("has_%s = lines() where %s is not missing"):format(name, name) end
  for row in self.cases:by "phase":agg(table.unpack(asked)):rows() do
    if row.phase and row.rows and row.rows > 0 then found[row.phase] = row end
  end
  local months = {}
  for row in self.cases:by("phase", "date"):agg "rows = lines()":rows() do
    local month = row.phase and row.date and row.rows and row.rows > 0 and periods.of(row.date, "month")
    if month then months[row.phase .. month] = true end
  end
  local columns = { { "phase", "phase" }, { "months", "int", vi = "Số tháng", en = "Months" },
    { "recorded", "int", vi = "Tháng có hồ sơ", en = "Months with records" }, { "share", "figure" }, { "rows", "int", vi = "Số dòng", en = "Rows" } }
  for _, name in ipairs(fields) do columns[#columns + 1] = { name, "figure" } end
  local out, info = analysis.rows(self, columns), phases.of(self)
  for _, phase in ipairs(info.order) do
    local row, from, to = found[phase], periods.of_phase(info.by_key[phase])
    local all, some = from and periods.between(from, to, "month"), 0
    for _, month in ipairs(all or {}) do
      if months[phase .. month] then some = some + 1 end
    end
    local cells = { phase, all and #all, all and some, all and share(some, #all), row and row.rows }
    for k = 2, 5 do cells[k] = cells[k] or false end
    for k, name in ipairs(fields) do cells[5 + k] = row and share(row["has_" .. name], row.rows) or false end
    out:add(cells)
    for k = 2, #columns do
      if not cells[k] then
        if k < 5 then out:why(columns[k][1], "chưa rõ thời gian của giai đoạn", "the time of the phase is not known")
        else out:why(columns[k][1], "chưa có hồ sơ", "no records") end
      end
    end
  end
  return out:done { origin = "records" }
end
