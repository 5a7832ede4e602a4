-- table_verbs: compare, cumulative, share, top and totals. Arithmetic is done on Figures, so bounds, units and
-- unknown values carry through; nothing is rounded before print.
local core = require "mekong.core"
local options = require "mekong.options"
local labels = require "mekong.labels"

-- A cell as a Figure of the column's unit; a missing cell is an unknown count or amount.
local function figure_of(column, value)
  if value == nil then return core.figure.unknown(column.unit or "") end
  if core.figure.is(value) then return value end
  if math.type(value) == "integer" then return core.figure.new { best = value, unit = column.unit or "" } end
  core.raise("type", "column '" .. column.name .. "' holds text, not numbers")
end

local numeric = { int = true, figure = true, decimal = true }

return function(Table)
  local methods = Table.methods
  Table.figure_of = figure_of

  -- The measure a verb works on: the one named, the table's own, or the first numeric column.
  function Table.measure(self, name, what)
    name = name or self.meta_.measure
    if name then
      local c = Table.position(self, name)
      if not numeric[self.columns_[c].kind] and self.n_ > 0 then
        core.raise("type", what .. " needs numbers, and column '" .. self.columns_[c].name .. "' holds none")
      end
      return c
    end
    for c, column in ipairs(self.columns_) do
      if numeric[column.kind] then return c end
    end
    core.raise("type", what .. " needs a column of numbers and this table has none")
  end

  -- The table in the order of its key, and where key and measure stand in it.
  local function key_rows(self, key, measure, what)
    if key == nil then
      core.raise("type", what .. " takes the name of a key column", "hint: the column to go along, such as \"phase\"")
    end
    local c, m = Table.position(self, key), Table.measure(self, measure, what)
    local name = self.columns_[c].name
    if c == m then
      core.raise("type", what .. ": '" .. name .. "' is the measure and cannot be the key too",
        "hint: the key is the column to go along, such as \"phase\"")
    end
    return self.columns_[c].kind == "phase" and methods.sort(self, name) or self, c, m
  end

  -- What is known of a phase that a comparison must mention; nil for other keys.
  local function phase_info(self, value)
    local phases = self.meta_.phases
    return phases and value and phases.by_key[value]
  end

  local function members_differ(a, b, locale)
    local x, y = a.members, b.members
    if not (x and y) then return labels.say(locale, "chưa rõ thành viên", "members unknown") end
    if x == y then return nil end
    local unit = x.unit ~= y.unit
    local lead = (x.unit == "member" or y.unit == "member") and unit and "" or labels.say(locale, "thành viên ", "members ")
    return lead .. y:format { locale = locale, unit = unit } .. " → " ..
      x:format { locale = locale, unit = unit }
  end

  -- Reasons why two phases are not alike: days, members, whom the dates are stated for, preliminary counts.
  local function differences(a, b, now, before, locale)
    local out = {}
    if not (a.days and b.days) then
      out[1] = labels.say(locale, "chưa rõ số ngày", "days unknown")
    elseif a.days ~= b.days then
      out[1] = labels.say(locale, "số ngày ", "days ") .. b.days .. " → " .. a.days
    end
    out[#out + 1] = members_differ(a, b, locale)
    if (a.scope or "") ~= (b.scope or "") then
      local own = a.scope ~= "region" and a.scope or b.scope
      out[#out + 1] = labels.say(locale, "thời gian chỉ nêu cho ", "dates stated for ") .. (own or "?")
    end
    if now.status == "P" or before.status == "P" then
      out[#out + 1] = labels.say(locale, "số sơ bộ", "preliminary")
    end
    return table.concat(out, "; ")
  end

  -- A text in the table's own locale, with the other locale's kept in words for print.
  local function both_ways(words, own, build)
    local cell = build(own == "en" and "en" or "vi")
    for _, locale in ipairs { "vi", "en" } do words[locale][cell] = build(locale) end
    return cell
  end

  -- Whether a stated change is the computed one at the digits it was stated with.
  local function bears_out(stated, percent, times)
    local computed = stated.unit == "x" and times or percent
    local digits = #(tostring(stated.best):match "%.(%d+)$" or "")
    return computed and computed:format { locale = "vi", digits = digits } == stated:format { locale = "vi", digits = digits }
  end

  local function per_day(info, value)
    if info and info.days and info.days > 0 then return value / core.figure.new { best = info.days, unit = "day" } end
  end

  -- The row to compare with; unnumbered phases (AP) stand outside the series.
  local function base_of(self, key_column, values, i, against)
    if against ~= "previous" and against ~= "previous known" then return against ~= i and against or nil end
    local function in_series(row)
      local info = phase_info(self, self.data_[key_column][row])
      return not info or info.number ~= nil
    end
    if not in_series(i) then return nil end
    for j = i - 1, 1, -1 do
      if in_series(j) and (against == "previous" or values[j]:known()) then return j end
    end
  end

  local function against_row(self, key_column, against)
    if against == nil or against == "previous" or against == "previous known" then return against or "previous" end
    local column = self.columns_[key_column]
    local known, found = pcall(methods.where, self, { [column.name] = against })
    if not known or found.n_ ~= 1 then
      local own = {}
      for i = 1, self.n_ do
        local value = self.data_[key_column][i]
        own[i] = value == nil and "–" or column.kind == "phase" and labels.phase(value) or tostring(value)
      end
      core.raise("name", "compare: no row has " .. column.name .. " = " .. labels.quote(against),
        "hint: against takes \"previous\", \"previous known\" or one of: " .. table.concat(own, ", ", 1, math.min(#own, 20)))
    end
    for i = 1, self.n_ do
      if self.data_[key_column][i] == found.data_[key_column][1] then return i end
    end
  end

  -- n beside the value of the row compared with: difference, percent, times and, with per = "day", the rate and its
  -- change. A side that is unknown leaves the result missing.
  function methods:compare(key, opts)
    Table.check(self, "compare")
    opts = options.check(opts, { "against", "measure", "per" }, "Table:compare")
    options.choice(opts.per, { "day" }, nil, "per")
    local t, k, m = key_rows(self, key, opts.measure, "Table:compare")
    local against = against_row(t, k, opts.against)
    local key_column, measure = t.columns_[k], t.columns_[m]
    local out = { {}, {}, {}, {}, {}, {}, {}, {}, {}, {} }
    local values, any_stated, words = {}, false, { vi = {}, en = {} }
    for i = 1, t.n_ do values[i] = figure_of(measure, t.data_[m][i]) end
    for i = 1, t.n_ do
      local now, here = values[i], t.data_[k][i]
      out[1][i], out[2][i] = here, t.data_[m][i]
      local info = phase_info(t, here)
      local rate = per_day(info, now)
      if rate and now:known() then out[7][i] = rate end
      local j = base_of(t, k, values, i, against)
      if j then
        local before, base_info = values[j], phase_info(t, t.data_[k][j])
        out[3][i] = t.data_[k][j]
        if now:known() and before:known() then
          out[4][i] = now - before
          if not before:is(0) then out[5][i], out[6][i] = now:change(before), now:times(before) end
          local base_rate = per_day(base_info, before)
          if rate and base_rate and not before:is(0) then out[8][i] = rate:change(base_rate) end
        end
        if info and base_info then
          out[9][i] = both_ways(words, t.meta_.locale, function(locale)
            return differences(info, base_info, now, before, locale)
          end)
        end
        local stated = t.meta_.stated and t.meta_.stated(here, t.data_[k][j])
        if stated then
          for _, item in ipairs(stated) do item.agrees = bears_out(item.figure, out[5][i], out[6][i]) end
          out[10][i], any_stated = stated, true
        end
      end
    end
    local columns = { key_column, measure, { name = "against", kind = key_column.kind }, { name = "difference", kind = "figure" },
      { name = "percent", kind = "figure", digits = 1 }, { name = "times", kind = "figure", digits = 2 },
      { name = "per_day", kind = "figure", digits = 2 }, { name = "percent_per_day", kind = "figure", digits = 1 },
      { name = "comparable", kind = "text", words = words }, { name = "stated", kind = "figures" } }
    local result = Table.new(columns, out, t.n_, Table.with_meta(t, { measure = false }))
    local keep = { key_column.name, measure.name, "against", "difference", "percent", "times" }
    if opts.per then keep[#keep + 1], keep[#keep + 2] = "per_day", "percent_per_day" end
    if any_stated then keep[#keep + 1] = "stated" end
    if t.meta_.phases and key_column.kind == "phase" then keep[#keep + 1] = "comparable" end
    return methods.select(result, table.unpack(keep))
  end

  -- The last day a partial ISO date can mean, as a full date; and the first.
  local function last_day(iso) return iso and select(2, core.date.bounds(iso)) end
  local function first_day(iso) return iso and (core.date.bounds(iso)) end

  -- A limit of cumulative: a phase key, or a date that cuts phases under way.
  local function limit_of(value, is_phase)
    if value == nil then return nil end
    local text = type(value) == "string" and value or math.type(value) == "integer" and tostring(value) or nil
    if not text then core.raise("type", "from and to take a phase or a date, not " .. labels.quote(value)) end
    if is_phase and not text:find "%d[/.-]%d" and not text:find "^%d%d%d%d$" then return { phase = core.date.phase(text) } end
    return { date = core.date.parse(text) }
  end

  local function check_limits(from, to, rank)
    if not from or not to then return end
    local reversed = from.date and to.date and first_day(from.date) > last_day(to.date) or
      from.phase and to.phase and (rank[from.phase] or 0) > (rank[to.phase] or 0)
    if reversed then core.raise("range", "from lies after to", "hint: give the earlier one as from") end
  end

  -- Whole value, part of it (the phase was under way on the day) or nothing.
  local function counted_by(self, key, value, to)
    local info = phase_info(self, key)
    local from_day, to_day
    if info then
      from_day, to_day = first_day(info.date), last_day(info.date_to or info.date)
    else
      from_day, to_day = first_day(key), last_day(key)
    end
    if not from_day then return value end
    local limit = last_day(to)
    if from_day > limit then return nil end
    if to_day <= limit then return value end
    if not value:known() or value.hi == nil then return core.figure.unknown(value.unit), true end
    return core.figure.new { lo = 0, hi = value.hi, hi_open = value.hi_open, unit = value.unit, status = "E",
      sources = value.sources }, true
  end

  -- Running totals in the order of the key. An unknown row adds "nothing or more": the total keeps its lower bound
  -- and loses its upper one; unknown lists whom the total still waits for.
  function methods:cumulative(key, opts)
    Table.check(self, "cumulative")
    opts = options.check(opts, { "from", "measure", "to" }, "Table:cumulative")
    local t, k, m = key_rows(self, key, opts.measure, "Table:cumulative")
    local key_column, measure = t.columns_[k], t.columns_[m]
    local is_phase = key_column.kind == "phase"
    local from, to = limit_of(opts.from, is_phase), limit_of(opts.to, is_phase)
    local rank = t.meta_.phases and t.meta_.phases.rank or {}
    check_limits(from, to, rank)
    local out, total, waiting, n, cut = { {}, {}, {}, {} }, nil, {}, 0, false
    for i = 1, t.n_ do
      local here, value = t.data_[k][i], figure_of(measure, t.data_[m][i])
      local inside, part = true, false
      if from and from.phase and (rank[here] or 0) < (rank[from.phase] or 0) then inside = false end
      if to and to.phase and (rank[here] or 0) > (rank[to.phase] or 0) then inside = false end
      if inside and from and from.date then
        local info = phase_info(t, here)
        local start = first_day(info and info.date or here)
        if start and start < first_day(from.date) then inside = false end
      end
      if inside and to and to.date then
        value, part = counted_by(t, here, value, to.date)
        inside, cut = value ~= nil, cut or part or false
      end
      if inside then
        n = n + 1
        if not value:known() or part then
          waiting[#waiting + 1] = (here == nil and "–" or is_phase and labels.phase(here) or tostring(here)) ..
            (part and labels.say(t.meta_.locale, " (một phần)", " (part)") or "")
        end
        total = total and total + value or value
        out[1][n], out[2][n], out[3][n] = here, value, total
        if waiting[1] then out[4][n] = table.concat(waiting, ", ") end
      end
    end
    local columns = { key_column, { name = measure.name, kind = "figure", unit = measure.unit },
      { name = "cumulative", kind = "figure", unit = measure.unit }, { name = "unknown", kind = "text" } }
    local result = Table.new(columns, out, n, Table.with_meta(t, { measure = "cumulative" }))
    if cut then
      result = Table.add_note(result, "Giai đoạn đang diễn ra vào ngày chốt số liệu được tính từ 0 đến toàn bộ số vụ của giai đoạn đó.",
        "A phase under way on the closing date counts as anything from none to all of its cases.")
    end
    if waiting[1] then
      result = Table.add_note(result, "Chưa có đủ số liệu của " .. table.concat(waiting, ", ") .. " nên tổng chỉ là mức tối thiểu.",
        "Not fully known for " .. table.concat(waiting, ", ") .. ": the total is a floor.")
    end
    return result
  end

  local function sum_rows(column, cells, first, last)
    local total
    for i = first, last do
      local value = figure_of(column, cells[i])
      total = total and total + value or value
    end
    return total
  end

  local function groups_of(t, within)
    if not within then
      local all = {}
      for i = 1, t.n_ do all[i] = i end
      return { all }
    end
    local c, order, by_key = Table.position(t, within), {}, {}
    for i = 1, t.n_ do
      local key = t.data_[c][i]
      local id = key == nil and "" or key
      if not by_key[id] then by_key[id] = {}; order[#order + 1] = by_key[id] end
      by_key[id][#by_key[id] + 1] = i
    end
    return order
  end

  -- Share of each row in the total of its group (within) or of the table. A total announced or counted apart from the
  -- rows (cases in two categories, a category nobody stated) is used when the table carries one.
  function methods:share(opts)
    Table.check(self, "share")
    opts = options.check(opts, { "measure", "within" }, "Table:share")
    local m = Table.measure(self, opts.measure, "Table:share")
    local measure, cells, shares, noted = self.columns_[m], self.data_[m], {}, false
    for _, rows in ipairs(groups_of(self, opts.within)) do
      local sum
      for _, i in ipairs(rows) do
        local value = figure_of(measure, cells[i])
        sum = sum and sum + value or value
      end
      local given = self.meta_.totals and self.meta_.totals(self, rows[1])
      local total = given or sum
      if given and sum and sum ~= given then noted = true end
      for _, i in ipairs(rows) do
        local value = cells[i] ~= nil and figure_of(measure, cells[i]) or nil
        if value and value:known() and total and not total:is(0) then shares[i] = value:share(total) end
      end
    end
    local columns, data = { table.unpack(self.columns_) }, { table.unpack(self.data_) }
    columns[#columns + 1], data[#data + 1] = { name = "share", kind = "figure", digits = 1, unit = "%" }, shares
    local result = Table.new(columns, data, self.n_, Table.with_meta(self, {}))
    if noted then
      result = Table.add_note(result, "Tỷ trọng tính trên tổng riêng; các dòng cộng lại không bằng tổng đó.",
        "Shares divide by the separate total; the rows do not add up to it.")
    end
    return result
  end

  -- The n largest rows by a measure; rows that tie with the last one stay; the rest may be added up in one row.
  function methods:top(n, opts)
    Table.check(self, "top")
    opts = options.check(opts, { "by", "others", "ties" }, "Table:top")
    n = math.tointeger(n) or core.raise("type", "top takes a whole number, not " .. labels.quote(n))
    if n < 1 then core.raise("range", "top takes a whole number of at least 1, not " .. tostring(n)) end
    options.choice(opts.ties, { "all", "cut" }, "all", "ties")
    options.typed(opts.others, "string", "others")
    local m = Table.measure(self, opts.by, "Table:top")
    local sorted = methods.sort(self, self.columns_[m].name .. " desc")
    local last = math.min(n, sorted.n_)
    while opts.ties ~= "cut" and last > 0 and last < sorted.n_ and sorted.data_[m][last + 1] ~= nil and
      sorted.data_[m][last + 1] == sorted.data_[m][last] do
      last = last + 1
    end
    local rows = {}
    for i = 1, last do rows[i] = i end
    local result = Table.pick_rows(sorted, rows)
    if opts.others and last < sorted.n_ then
      for c, column in ipairs(sorted.columns_) do
        if numeric[column.kind] then
          result.data_[c][last + 1] = sum_rows(column, sorted.data_[c], last + 1, sorted.n_)
        end
      end
      result.data_[1][last + 1] = opts.others
      result = Table.new(result.columns_, result.data_, last + 1, result.meta_)
    end
    if last > n then
      result = Table.add_note(result, "Có " .. last - n .. " dòng bằng điểm với dòng thứ " .. n .. ".",
        last - n .. " more rows tie with row " .. n .. ".")
    end
    return result
  end

  -- One more row with the total of every column of numbers whose units can be added.
  function methods:totals()
    Table.check(self, "totals")
    local result = Table.pick_rows(self, groups_of(self)[1])
    local n = self.n_ + 1
    for c, column in ipairs(self.columns_) do
      if numeric[column.kind] and self.n_ > 0 then
        local ok, total = pcall(sum_rows, column, self.data_[c], 1, self.n_)
        if ok then
          result.data_[c][n] = total
        elseif type(total) ~= "string" or not total:find("[unit]", 1, true) then
          error(total, 0)
        end
      end
    end
    if not numeric[self.columns_[1].kind] then result.data_[1][n] = "Tổng" end
    return Table.new(result.columns_, result.data_, n, Table.with_meta(result, { total_row = n }))
  end
end
