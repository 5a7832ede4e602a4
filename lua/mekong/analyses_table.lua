-- analyses_table: what a series or a ranking comes to in one row: concentration, trend, the shape of a year. Everything is worked out
-- with exact Figures; rows that are not known are left out, and how many were used stands beside the result.
local core = require "mekong.core"
local labels = require "mekong.labels"
local options = require "mekong.options"

local function whole(n) return core.figure.new { best = n } end

return function(Table)
  local methods = Table.methods

  -- The numbers of a measure without their unit, row by row; what is only bounded below counts with its known part where floor is set.
  local function numbers(self, by, what, floor)
    local t = Table.body(self)
    local c = Table.measure(t, by, what)
    local list, left, floored, unit = {}, 0, false, nil
    for i = 1, t.n_ do
      local value = t.data_[c][i]
      local f = value ~= nil and Table.figure_of(t.columns_[c], value) or nil
      if f and floor and not f:exact() then
        f, floored = f.lo ~= nil and core.figure.new { best = tostring(f.lo), unit = f.unit } or nil, true
      end
      if f and (f.lo ~= nil or f.hi ~= nil) then
        if unit and f.unit ~= unit then
          core.raise("unit", what .. ": column '" .. t.columns_[c].name .. "' holds several units",
            "hint: choose a column of one unit: {by = ...}")
        end
        unit = f.unit
        list[#list + 1] = { at = i, value = f }
      else
        left = left + 1
      end
    end
    return list, left, floored, t, c
  end

  local function plain(f)
    return core.figure.new { best = f.best and tostring(f.best), lo = f.lo and tostring(f.lo), hi = f.hi and tostring(f.hi),
      lo_open = f.lo_open, hi_open = f.hi_open }
  end

  local function result(self, columns, cells, notes)
    local data = {}
    for c = 1, #columns do data[c] = { cells[c] } end
    return Table.new(columns, data, 1, { locale = self.meta_.locale, notes = notes })
  end

  local function left_out(notes, left)
    if left == 0 then return end
    notes[#notes + 1] = { left .. " dòng chưa có số liệu không được tính.", left .. " rows without a number are left out." }
  end

  -- Table:concentration([{by}]) -> Table of one row: n, top_1, top_5, top_10 (their share of the total), hhi (Herfindahl-Hirschman,
  -- 0 to 10,000), gini (0 to 1). Of amounts that are known in part only, the known part counts, and a note says so.
  function methods:concentration(opts)
    Table.check(self, "concentration")
    opts = options.check(opts, { "by" }, "Table:concentration")
    local list, left, floored = numbers(self, opts.by, "concentration", true)
    local notes, sum, squares, ranked = {}, whole(0), whole(0), whole(0)
    table.sort(list, function(a, b)
      if b.value:surely_lt(a.value) then return true end
      return not a.value:surely_lt(b.value) and a.at < b.at
    end)
    local n, tops = #list, {}
    for rank, one in ipairs(list) do
      local x = plain(one.value)
      sum, squares, ranked = sum + x, squares + x * x, ranked + x * (n - 2 * rank + 1)
      if rank == 1 or rank == 5 or rank == 10 then tops[rank] = sum end
    end
    local cells = { n }
    if n > 0 and not sum:is(0) then
      for k, rank in ipairs { 1, 5, 10 } do cells[1 + k] = (tops[rank] or sum):share(sum) end
      cells[5], cells[6] = squares * 10000 / (sum * sum), ranked / (sum * n)
    end
    left_out(notes, left)
    if floored then
      notes[#notes + 1] = { "Số chỉ biết một phần được tính theo phần đã biết.", "Of amounts known in part, the known part counts." }
    end
    return result(self, { { name = "n", kind = "int", vi = "Số dòng", en = "Rows" },
      { name = "top_1", kind = "figure", vi = "Lớn nhất", en = "Largest" },
      { name = "top_5", kind = "figure", vi = "5 lớn nhất", en = "Largest 5" },
      { name = "top_10", kind = "figure", vi = "10 lớn nhất", en = "Largest 10" },
      { name = "hhi", kind = "figure", vi = "HHI (0–10.000)", en = "HHI (0–10,000)", digits = 0 },
      { name = "gini", kind = "figure", vi = "Gini", en = "Gini", digits = 3 } }, cells, notes)
  end

  -- Least squares over the points (position, value), exact: the weights are whole numbers. skip: a point left out.
  local function slope(points, skip)
    local n, total = 0, 0
    for k, p in ipairs(points) do
      if k ~= skip then n, total = n + 1, total + p.at end
    end
    if n < 2 then return nil end
    local top, bottom
    for k, p in ipairs(points) do
      if k ~= skip then
        local weight = n * p.at - total
        local part = p.value * weight
        top, bottom = top and top + part or part, (bottom or 0) + weight * p.at
      end
    end
    return top / bottom
  end

  -- Table:trend([{by}]) -> Table of one row: n (periods with a number), first, last, slope (per period, least squares, exact), low and
  -- high (the slopes there are when any one period is left out). Bounds of the numbers are bounds of the slope.
  function methods:trend(opts)
    Table.check(self, "trend")
    opts = options.check(opts, { "by" }, "Table:trend")
    local list, left, _, t = numbers(self, opts.by, "trend")
    local notes, reasons, cells = {}, {}, { #list }
    left_out(notes, left)
    local function key_at(one) return one and t.data_[1][one.at] end
    cells[2], cells[3], cells[4] = key_at(list[1]), key_at(list[#list]), slope(list)
    if #list >= 3 then
      for k = 1, #list do
        local s = slope(list, k)
        if not cells[5] or s:surely_lt(cells[5]) then cells[5] = s end
        if not cells[6] or cells[6]:surely_lt(s) then cells[6] = s end
      end
    else
      reasons = { slope = { { "cần ít nhất 2 kỳ có số liệu", "takes 2 periods with numbers" } },
        low = { { "cần ít nhất 3 kỳ có số liệu", "takes 3 periods with numbers" } } }
      reasons.high = reasons.low
    end
    local kind = t.columns_[1].kind
    local out = result(self, { { name = "n", kind = "int", vi = "Số kỳ", en = "Periods" },
      { name = "first", kind = kind, vi = "Kỳ đầu", en = "First" },
      { name = "last", kind = kind, vi = "Kỳ cuối", en = "Last" },
      { name = "slope", kind = "figure", vi = "Xu hướng mỗi kỳ", en = "Slope per period", digits = 2 },
      { name = "low", kind = "figure", vi = "Thấp nhất khi bớt một kỳ", en = "Lowest without one period", digits = 2 },
      { name = "high", kind = "figure", vi = "Cao nhất khi bớt một kỳ", en = "Highest without one period", digits = 2 } }, cells, notes)
    out.meta_.reasons = reasons
    return out
  end

  local function season_notes(count, left)
    local notes = { { "Chỉ số = bình quân của tháng so với bình quân các tháng; 1 là như mọi tháng.",
      "Index = mean of the month against the mean of the months; 1 is as any month." } }
    if count < 12 then notes[2] = { (12 - count) .. " tháng trong năm chưa có số liệu.", (12 - count) .. " months of the year have no data." } end
    left_out(notes, left)
    return notes
  end

  -- Table:seasonality([{by}]) of a series by month -> Table month_of_year, years (used), n, mean, index (1 is the mean of the months).
  function methods:seasonality(opts)
    Table.check(self, "seasonality")
    opts = options.check(opts, { "by" }, "Table:seasonality")
    local list, left, _, t, c = numbers(self, opts.by, "seasonality")
    local found, count, all = {}, 0, nil
    for _, one in ipairs(list) do
      local year, month = tostring(t.data_[1][one.at]):match "^(%d%d%d%d)%-(%d%d)$"
      if not year then core.raise("type", "seasonality needs rows by month", "hint: d:series \"month\" gives them") end
      month = math.tointeger(tonumber(month))
      local m = found[month]
      if not m then m = { years = {} }; found[month], count = m, count + 1 end
      m.years[#m.years + 1], m.sum = year, m.sum and m.sum + one.value or one.value
    end
    for month = 1, 12 do
      local m = found[month]
      if m then
        m.mean = m.sum / #m.years
        all = all and all + m.mean or m.mean
      end
    end
    local data = { {}, {}, {}, {}, {} }
    for month = 1, 12 do
      local m = found[month]
      data[1][month] = month
      if m then
        data[2][month], data[3][month], data[4][month] = table.concat(m.years, ", "), m.sum, m.mean
        data[5][month] = not all:is(0) and m.mean * count / all or nil
      end
    end
    return Table.new({ { name = "month_of_year", kind = "int", vi = "Tháng", en = "Month" },
      { name = "years", kind = "text", vi = "Các năm", en = "Years" },
      { name = "n", kind = "figure", unit = t.columns_[c].unit, vi = labels.column("sum", "vi"), en = labels.column("sum", "en") },
      { name = "mean", kind = "figure", digits = 2 }, { name = "index", kind = "figure", vi = "Chỉ số mùa vụ", en = "Seasonal index", digits = 2 } },
      data, 12, { locale = self.meta_.locale, keys = 1, notes = season_notes(count, left) })
  end
end
