-- table_compare: compare and cumulative: along a key, row against row and running totals. Arithmetic is done on Figures,
-- so bounds, units and unknown values carry through.
local core = require "mekong.core"
local lazy = require "mekong.lazy"
local options = require "mekong.options"
local labels = require "mekong.labels"
local campaign = require "mekong.phases"

local function members_differ(a, b, locale, announced)
  local x, y = a.members, b.members
  if not (x and y) then return announced and labels.say(locale, "chưa rõ thành viên", "members unknown") or nil end
  if x == y then return nil end
  local unit = x.unit ~= y.unit
  local lead = (x.unit == "member" or y.unit == "member") and unit and "" or labels.say(locale, "thành viên ", "members ")
  return lead .. y:format { locale = locale, unit = unit } .. " → " .. x:format { locale = locale, unit = unit }
end

-- Reasons why two phases are not alike: days, members, whom the dates are stated for, preliminary counts.
local function differences(a, b, now, before, locale, announced)
  local out = {}
  if not (a.days and b.days) then
    out[1] = labels.say(locale, "chưa rõ số ngày", "days unknown")
  elseif a.days ~= b.days then
    out[1] = labels.say(locale, "số ngày ", "days ") .. b.days .. " → " .. a.days
  end
  out[#out + 1] = members_differ(a, b, locale, announced)
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

local why_missing = {
  first = { "không có kỳ trước để so", "nothing before it to compare with", quiet = true },
  outside = { "đứng ngoài chuỗi so sánh", "stands outside the series", quiet = true },
  now = { "chưa có số liệu", "not known", quiet = true },
  before = { "kỳ so sánh chưa có số liệu", "the row compared with is not known", quiet = true },
  zero = { "kỳ so sánh bằng 0, không chia được", "the row compared with is 0: no division" },
}

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

return function(Table)
  local methods, figure_of = Table.methods, Table.figure_of

  -- Reasons of missing cells laid over those the table has: {column name = {row = {vi, en}}}.
  function Table.with_reasons(self, added)
    local reasons = {}
    for name, list in pairs(self.meta_.reasons or {}) do reasons[name] = list end
    for name, list in pairs(added) do reasons[name] = list end
    return Table.new(self.columns_, self.data_, self.n_, Table.with_meta(self, { reasons = reasons }))
  end

  local along = { phase = true, date = true, period = true }

  -- The key to go along where nobody says, of counted records: the only one, or the only one that is a phase or a time.
  local function only_key(self)
    local found
    if self.meta_.origin ~= "records" then return nil end
    for c = 1, self.meta_.keys or 0 do
      local column = self.columns_[c]
      if self.meta_.keys == 1 then return column.name end
      if along[column.kind] then
        if found then return nil end
        found = column.name
      end
    end
    return found
  end

  -- What a verb along a key works on: the table in the order of the key inside every group of the other keys, where key
  -- and measure stand in it, and the positions of the other keys.
  local function key_rows(self, key, measure, what)
    key = key or only_key(self)
    if key == nil then
      core.raise("type", what .. " takes the name of a key column", "hint: the column to go along, such as \"phase\"")
    end
    local t = Table.with_total(Table.body(self), measure)
    local c, m = Table.position(t, key), Table.measure(t, measure, what)
    local name, beside, order = t.columns_[c].name, {}, {}
    if c == m then
      core.raise("type", what .. ": '" .. name .. "' is the measure and cannot be the key too",
        "hint: the key is the column to go along, such as \"phase\"")
    end
    for k = 1, t.meta_.keys or 0 do
      if k ~= c then beside[#beside + 1], order[#order + 1] = k, t.columns_[k].name end
    end
    if t.columns_[c].kind == "phase" then order[#order + 1] = name end
    if order[1] then t = methods.sort(t, table.concat(order, ", ")) end
    return { t = t, k = c, m = m, beside = beside, key = t.columns_[c],
      measure = t.columns_[m] }
  end

  -- The groups of the other keys as lists of rows.
  local function groups_of(work)
    work.groups = work.groups or Table.partition(work.t, work.beside)
    return work.groups
  end

  -- What is known of a phase that a comparison must mention; nil for other keys.
  local function phase_info(self, value)
    local phases = self.meta_.phases
    return phases and value and phases.by_key[value]
  end

  -- Days that a row of the key covers: of its phase, or of its month, quarter, week, day.
  local function days_of(work, value)
    local info = phase_info(work.t, value)
    if info then return info.days end
    if value ~= nil and (work.key.kind == "date" or work.key.kind == "period") then return core.date.days(value) end
  end

  local function per_day(work, key, value)
    local days = days_of(work, key)
    if days and days > 0 then return value / core.figure.new { best = days, unit = "day" } end
  end

  -- Unnumbered phases (AP) and the group without a key stand outside the series.
  local function in_series(work, row)
    local here = work.t.data_[work.k][row]
    local info = phase_info(work.t, here)
    if info then return info.number ~= nil end
    if here and work.key.kind == "phase" then return campaign.number(here) ~= nil end
    return here ~= nil or not Table.is_key(work.t, work.k) -- nothing is compared with the group without a key
  end

  -- Places that show two digits of the smallest rate, two at least.
  local function rate_digits(rates, n)
    local digits = 2
    for i = 1, n do
      local side = rates[i] and not rates[i]:is(0) and (rates[i].best ~= nil and "best" or rates[i].lo ~= nil and "lo")
      while side and digits < 6 and #core.figure.decimal(rates[i], digits, side):gsub("[.-]", ""):gsub("^0+", "") < 2 do
        digits = digits + 1
      end
    end
    return digits
  end

  -- The row of the group to compare with; nil and why there is none.
  local function base_of(work, group, at)
    local against, cells = work.against, work.t.data_[work.k]
    if cells[group[at]] == nil and Table.is_key(work.t, work.k) then return nil, "outside" end
    if against ~= "previous" and against ~= "previous known" then
      for _, row in ipairs(group) do
        if cells[row] == against.value and row ~= group[at] then return row end
      end
      return nil, "first"
    end
    if not in_series(work, group[at]) then return nil, "outside" end
    for j = at - 1, 1, -1 do
      if in_series(work, group[j]) and (against == "previous" or work.values[group[j]]:known()) then return group[j] end
    end
    return nil, "first"
  end

  -- "previous", "previous known", or the value of the key that is meant.
  local function against_of(work, against)
    if against == nil or against == "previous" or against == "previous known" then return against or "previous" end
    local t, column = work.t, work.key
    local known, found = pcall(methods.where, t, { [column.name] = against })
    if not known or found.n_ == 0 then
      local own = {}
      for i = 1, t.n_ do
        local value = t.data_[work.k][i]
        own[i] = value == nil and "–" or column.kind == "phase" and labels.phase(value) or tostring(value)
      end
      core.raise("name", "compare: no row has " .. column.name .. " = " .. labels.quote(against),
        "hint: against takes \"previous\", \"previous known\" or one of: " .. table.concat(own, ", ", 1, math.min(#own, 20)))
    end
    return { value = found.data_[work.k][1] }
  end

  -- What is computed from a row and the one it is compared with, into out[column][i]; reasons[column][i] for what is not.
  local function changes(work, out, reasons, i, j)
    local t, now, before = work.t, work.values[i], work.values[j]
    local here, base = t.data_[work.k][i], t.data_[work.k][j]
    local function missing(why, ...)
      for _, name in ipairs { ... } do reasons[name][i] = why_missing[why] end
    end
    if not now:known() or not before:known() then
      missing(now:known() and "before" or "now", "difference", "percent", "times", "percent_per_day")
      return
    end
    out.difference[i] = now - before
    if before:is(0) then return missing("zero", "percent", "times", "percent_per_day") end
    out.percent[i], out.times[i] = now:change(before), now:times(before)
    local rate, base_rate = per_day(work, here, now), per_day(work, base, before)
    if rate and base_rate then out.percent_per_day[i] = rate:change(base_rate) end
  end

  -- What the phases differ in and what was stated of the change, for a row and the one it is compared with.
  local function remarks(work, out, i, j)
    local t, here, base = work.t, work.t.data_[work.k][i], work.t.data_[work.k][j]
    local info, base_info = phase_info(t, here), phase_info(t, base)
    if info and base_info then
      out.comparable[i] = both_ways(work.words, t.meta_.locale, function(locale)
        return differences(info, base_info, work.values[i], work.values[j], locale, t.meta_.origin == "claims")
      end)
    end
    local stated = not work.beside[1] and t.meta_.stated and t.meta_.stated(here, base) or nil
    for _, item in ipairs(stated or {}) do item.agrees = bears_out(item.figure, out.percent[i], out.times[i]) end
    out.stated[i] = stated
  end

  local change_columns = { "against", "difference", "percent", "times", "per_day", "percent_per_day", "stated", "comparable" }

  local function compare_columns(work, out)
    return { against = { name = "against", kind = work.key.kind }, difference = { name = "difference", kind = "figure" },
      percent = { name = "percent", kind = "figure", digits = 1 }, times = { name = "times", kind = "figure", digits = 2 },
      per_day = { name = "per_day", kind = "figure", digits = work.rates and rate_digits(out.per_day, work.t.n_) or nil },
      percent_per_day = { name = "percent_per_day", kind = "figure", digits = 1 },
      comparable = { name = "comparable", kind = "text", words = work.words }, stated = { name = "stated", kind = "figures" } }
  end

  local function compare_rows(work, out, reasons)
    local t = work.t
    for _, group in ipairs(groups_of(work)) do
      for at, i in ipairs(group) do
        local j, why = base_of(work, group, at)
        local rate = work.values[i]:known() and per_day(work, t.data_[work.k][i], work.values[i])
        out.per_day[i] = rate or nil
        if j then
          out.against[i] = t.data_[work.k][j]
          changes(work, out, reasons, i, j)
          remarks(work, out, i, j)
        else
          for _, name in ipairs(change_columns) do reasons[name][i] = why_missing[why] end
        end
      end
    end
  end

  -- Whether nothing can fail where values of the measure are put together: counts of records.
  local function counted(work)
    return work.t.meta_.origin == "records" and work.measure.kind == "int"
  end

  -- The same columns and reasons, made together when one of them is looked at.
  local function later(work, make, ...)
    local done, n = false, work.t.n_
    local function once()
      if not done then
        done = true
        make()
      end
    end
    local out = {}
    for k, lists in ipairs { ... } do
      out[k] = {}
      for name, list in pairs(lists) do
        out[k][name] = lazy.list(function()
          once()
          return list, n
        end)
      end
    end
    return table.unpack(out)
  end

  -- n beside the value of the row compared with: difference, percent, times and, with per = "day", the rate and its
  -- change. A side that is unknown leaves the result missing. Other keys make groups that are compared each for itself. The
  -- key may be left out where only one can be meant.
  function methods:compare(key, opts)
    Table.check(self, "compare")
    if type(key) == "table" and opts == nil then key, opts = nil, key end
    opts = options.check(opts, { "against", "measure", "per" }, "Table:compare")
    options.choice(opts.per, { "day" }, nil, "per")
    local work, out, reasons = key_rows(self, key, opts.measure, "Table:compare"), {}, {}
    work.against, work.values, work.words = against_of(work, opts.against), {}, { vi = {}, en = {} }
    work.rates = opts.per == "day"
    for _, name in ipairs(change_columns) do out[name], reasons[name] = {}, {} end
    local made_out, made_reasons = out, reasons
    local function make()
      for i = 1, work.t.n_ do work.values[i] = figure_of(work.measure, work.t.data_[work.m][i]) end
      compare_rows(work, made_out, made_reasons)
    end
    if counted(work) and not work.rates and not work.t.meta_.stated then out, reasons = later(work, make, out, reasons) else make() end
    local made, columns, data = compare_columns(work, out), {}, {}
    for _, c in ipairs(work.beside) do columns[#columns + 1], data[#data + 1] = work.t.columns_[c], work.t.data_[c] end
    for _, c in ipairs { work.k, work.m } do columns[#columns + 1], data[#data + 1] = work.t.columns_[c], work.t.data_[c] end
    local shown = { against = true, difference = true, percent = true, times = true, per_day = opts.per, percent_per_day = opts.per,
      stated = work.t.meta_.stated and next(out.stated), comparable = work.t.meta_.phases and work.key.kind == "phase" }
    for _, name in ipairs(change_columns) do
      if shown[name] then columns[#columns + 1], data[#data + 1] = made[name], out[name] end
    end
    local result = Table.reshape(work.t, columns, data, { measure = false, merge = false, recount = false,
      keys = work.t.meta_.keys and #work.beside + 1 })
    return Table.with_reasons(result, reasons)
  end

  -- ---------------------------------------------------------------- running totals

  -- Whole value, part of it (the phase was under way on the day) or nothing.
  local function counted_by(work, key, value, to)
    local info = phase_info(work.t, key)
    local dated = info or work.key.kind == "date" or work.key.kind == "period" or not work.recounted
    local start = info and info.date or not info and key or nil
    if not start or not dated then return value end
    local limit = last_day(to)
    if first_day(start) > limit then return nil end
    if work.recounted or last_day(info and info.date_to or start) <= limit then return value end
    if not value:known() or value.hi == nil then return core.figure.unknown(value.unit), true end
    return core.figure.new { lo = 0, hi = value.hi, hi_open = value.hi_open, unit = value.unit, status = "E",
      sources = value.sources }, true
  end

  -- What of a row lies between the limits: its value, and whether that is only a part; nil for nothing.
  local function inside(work, i, from, to)
    local t, rank = work.t, work.rank
    local here, value = t.data_[work.k][i], figure_of(work.measure, t.data_[work.m][i])
    if from and from.phase and (rank[here] or 0) < (rank[from.phase] or 0) then return nil end
    if to and to.phase and (rank[here] or 0) > (rank[to.phase] or 0) then return nil end
    if from and from.date then
      local info = phase_info(t, here)
      if not info and work.key.kind == "phase" and here ~= nil then
        core.raise("missing", "the days of " .. labels.phase(here) .. " are not known here, so nothing can start on a day",
          "hint: mekong.omd opens a store with the phases of the ledger; or name a phase, {from = \"V\"}")
      end
      local start = first_day(info and info.date or not info and here or nil)
      if start and start < first_day(from.date) then return nil end
    end
    if to and to.date then return counted_by(work, here, value, to.date) end
    return value, false
  end

  local function row_name(work, i)
    local here = work.t.data_[work.k][i]
    return here == nil and "–" or require("mekong.render.cells").text(here, work.key, { locale = work.t.meta_.locale })
  end

  local named = 4 -- of a longer list, only so many are said

  local function whom(waiting)
    if #waiting <= named then return table.concat(waiting, ", ") end
    return table.concat(waiting, ", ", 1, named - 1) .. ", …, " .. waiting[#waiting] .. " (" .. #waiting .. ")"
  end

  -- The running totals of one group of rows, into the columns of out.
  local function run(work, group, from, to, out)
    local total, waiting, rows, locale = nil, {}, {}, work.t.meta_.locale
    for _, i in ipairs(group) do
      local value, part = inside(work, i, from, to)
      if value then
        local n = #out.row + 1
        rows[#rows + 1], work.cut = i, work.cut or part
        if (not value:known() or part) and not work.outside(i) then
          waiting[#waiting + 1] = row_name(work, i) .. (part and labels.say(locale, " (một phần)", " (part)") or "")
        end
        local adds = work.outside(i) and core.figure.new { best = 0, unit = work.measure.unit or "" } or value
        total = total and total + adds or adds
        if work.overlap then total = figure_of(work.measure, Table.together(work.t, work.m, rows)) end
        out.row[n], out.value[n], out.total[n] = i, value:known() and value or work.keep_unknown and value or nil, total
        if waiting[1] then out.unknown[n], work.waiting = whom(waiting), waiting end
      end
    end
  end

  -- The same groups as they stood at the end of that day; nil when the table was not counted from records.
  local function as_of(self, date)
    local recount = self.meta_.recount
    if not recount then return nil end
    local born = Table.born(Table.body(self), Table.all_rows(Table.body(self).n_))
    if not born then return nil end
    local keys, rows, now = {}, {}, recount(last_day(date))
    for c = 1, born.meta_.keys or 0 do keys[c] = c end
    local wanted = {}
    local function id(t, i)
      local parts = {}
      for k, c in ipairs(keys) do parts[k] = Table.key_id(t, i, { c }) or "" end
      return table.concat(parts, "\0")
    end
    for i = 1, born.n_ do wanted[id(born, i)] = true end
    for i = 1, now.n_ do
      if wanted[id(now, i)] then rows[#rows + 1] = i end
    end
    return Table.pick_rows(now, rows)
  end

  local function cumulative_notes(result, work)
    if work.cut then
      result = Table.add_note(result, "Giai đoạn đang diễn ra vào ngày chốt số liệu được tính từ 0 đến toàn bộ số vụ của giai đoạn đó.",
        "A phase under way on the closing date counts as anything from none to all of its cases.")
    end
    if work.waiting then
      local names = whom(work.waiting)
      result = Table.add_note(result, "Chưa có đủ số liệu của " .. names .. " nên tổng chỉ là mức tối thiểu.",
        "Not fully known for " .. names .. ": the total is a floor.")
    end
    return result
  end

  -- Running totals in the order of the key, over each group of the other keys. An unknown row adds "nothing or more": the
  -- total keeps its lower bound and loses its upper one; unknown lists whom the total still waits for. A table counted from
  -- records is counted anew as of the closing date.
  function methods:cumulative(key, opts)
    Table.check(self, "cumulative")
    if type(key) == "table" and opts == nil then key, opts = nil, key end
    opts = options.check(opts, { "from", "measure", "to" }, "Table:cumulative")
    local work = key_rows(self, key, opts.measure, "Table:cumulative")
    local is_phase = work.key.kind == "phase"
    local from, to = limit_of(opts.from, is_phase), limit_of(opts.to, is_phase)
    local then_now = to and to.date and as_of(self, to.date)
    if then_now then work = key_rows(then_now, key, work.measure.name, "Table:cumulative") end
    local t = work.t
    work.recounted, work.rank = then_now ~= nil and then_now ~= false, t.meta_.phases and t.meta_.phases.rank or {}
    work.keep_unknown = t.meta_.origin ~= "records"
    work.overlap = Table.overlapping(t, work.m)
    function work.outside(i)
      local reason = t.data_[work.m][i] == nil and Table.reason(t, i, work.m)
      return reason and reason.outside or false
    end
    check_limits(from, to, work.rank)
    local out = { row = {}, value = {}, total = {}, unknown = {} }
    local made = out
    local function make()
      for _, group in ipairs(groups_of(work)) do run(work, group, from, to, made) end
    end
    local picked = t
    if counted(work) and not opts.from and not opts.to and t.meta_.full and not work.overlap then -- all rows, none unknown
      local rows = {}
      for _, group in ipairs(work.beside[1] and groups_of(work) or {}) do table.move(group, 1, #group, #rows + 1, rows) end
      if rows[1] then picked = Table.pick_rows(t, rows) end
      out = later(work, make, { total = out.total, value = out.value, unknown = out.unknown })
    else
      make()
      picked = Table.pick_rows(t, out.row)
    end
    local columns, data = {}, {}
    for _, c in ipairs(work.beside) do columns[#columns + 1], data[#data + 1] = t.columns_[c], picked.data_[c] end
    columns[#columns + 1], data[#data + 1] = work.key, picked.data_[work.k]
    local name, unit = work.measure.name, work.measure.unit
    for _, column in ipairs { { name = name, kind = "figure", unit = unit, vi = work.measure.vi, en = work.measure.en },
      { name = "cumulative", kind = "figure", unit = unit }, { name = "unknown", kind = "text", optional = true } } do
      columns[#columns + 1] = column
      data[#data + 1] = column.name == "cumulative" and out.total or column.name == "unknown" and out.unknown or out.value
    end
    return cumulative_notes(Table.reshape(picked, columns, data,
      { measure = "cumulative", merge = false, recount = false, keys = t.meta_.keys and #work.beside + 1 }), work)
  end
end
