-- table_verbs: share, top and totals. Rows of counted records are taken together by the records themselves, so that a case
-- in two rows counts once; other rows are added as Figures, so bounds, units and unknown values carry through. Nothing is
-- rounded before print.
local core = require "mekong.core"
local lazy = require "mekong.lazy"
local options = require "mekong.options"
local labels = require "mekong.labels"

return function(Table)
  local methods, figure_of, numeric = Table.methods, Table.figure_of, Table.numeric

  -- A sum of whole numbers stays one; anything else is a Figure.
  local function sum_rows(column, cells, rows)
    local total, whole = nil, column.kind == "int" and 0 or nil
    for _, i in ipairs(rows) do
      local value = cells[i]
      if whole then
        whole = math.type(value) == "integer" and value >= 0 and whole <= math.maxinteger - value and whole + value or nil
      end
      local figure = figure_of(column, value)
      total = total and total + figure or figure
    end
    return rows[1] and whole or total
  end

  -- As sum_rows; nil where the units cannot be added.
  local function sum_or_nothing(column, cells, rows)
    local ok, total = pcall(sum_rows, column, cells, rows)
    if ok then return total end
    if type(total) ~= "string" or not total:find("[unit]", 1, true) then error(total, 0) end
  end

  -- A wide table with the column of its totals, which is what a verb works on unless another column is named.
  function Table.with_total(self, named)
    if named or not self.meta_.wide or self.index_.total then return self end
    return self.meta_.wide(self)
  end

  -- The measure a verb works on: the one named, the table's own, or the first numeric column behind the keys.
  function Table.measure(self, name, what)
    name = name or self.meta_.measure
    if name then
      local c = Table.position(self, name)
      if not numeric[self.columns_[c].kind] and self.n_ > 0 then
        core.raise("type", what .. " needs numbers, and column '" .. self.columns_[c].name .. "' holds none")
      end
      return c
    end
    for c = (self.meta_.keys or 0) + 1, #self.columns_ do
      if numeric[self.columns_[c].kind] then return c end
    end
    core.raise("type", what .. " needs a column of numbers and this table has none")
  end

  -- One cell of column c for these rows together.
  function Table.together(self, c, rows)
    local merged = Table.merge(self, rows)
    if merged then return merged[c] end
    return rows[1] and sum_rows(self.columns_[c], self.data_[c], rows)
  end

  -- Rows by the values of the columns: lists of rows in order of first appearance; one list without columns.
  function Table.partition(t, columns)
    local order, by_key = {}, {}
    if not columns[1] then return { Table.all_rows(t.n_) } end
    local lists, parts = {}, {}
    for k, c in ipairs(columns) do lists[k] = lazy.filled(t.data_[c]) end
    for i = 1, t.n_ do
      for k, cells in ipairs(lists) do parts[k] = cells[i] ~= nil and Table.cell_id(cells[i]) or "" end
      local id = parts[2] and table.concat(parts, "\0") or parts[1]
      local rows = by_key[id]
      if rows then
        rows[#rows + 1] = i
      else
        by_key[id] = { i }
        order[#order + 1] = by_key[id]
      end
    end
    if not order[1] then order[1] = {} end
    return order
  end

  -- What the rows come to when each is taken for itself, where that is not their total: cases stand in several rows.
  local function rows_apart(column, cells, rows, total)
    if total == nil or not (column.kind == "int" or column.unit == "case" or column.unit == "person") then return nil end
    local sum = sum_or_nothing(column, cells, rows)
    local apart, whole = figure_of(column, sum), figure_of(column, total)
    if sum ~= nil and apart:exact() and whole:exact() and whole:surely_lt(apart) then return apart end
  end

  -- Whether cases stand in more than one row, so that the rows cannot be added.
  function Table.overlapping(t, m)
    if t.meta_.disjoint then return false end
    local rows = Table.all_rows(t.n_)
    local merged = Table.merge(t, rows)
    return merged ~= nil and rows_apart(t.columns_[m], t.data_[m], rows, merged[m]) ~= nil
  end

  local function counted_once(result, apart)
    if not apart then
      return Table.add_note(result, "Mỗi vụ chỉ tính một lần trong tổng, nên tổng có thể nhỏ hơn các ô cộng lại.",
        "Each case counts once in a total, so totals can be less than their cells together.")
    end
    local vi, en = apart:format { locale = "vi" }, apart:format { locale = "en" }
    return Table.add_note(result, "Mỗi vụ chỉ tính một lần trong tổng; cộng các dòng thì được " .. vi .. ".",
      "Each case counts once in the total; the rows add up to " .. en .. ".")
  end

  local function share_note(result, apart)
    if apart == true then
      return Table.add_note(result, "Tỷ trọng tính trên tổng riêng; các dòng cộng lại không bằng tổng đó.",
        "Shares divide by the separate total; the rows do not add up to it.")
    end
    return apart and Table.add_note(result, "Một vụ có thể nằm ở nhiều dòng: tỷ trọng tính trên số vụ khác nhau, cộng lại vượt 100%.",
      "A case may stand in several rows: shares divide by the distinct cases and exceed 100% together.") or result
  end

  -- The total that shares of these rows divide by, and how the rows miss it: true, or the sum that exceeds it.
  local function share_base(self, m, rows)
    local measure, cells = self.columns_[m], self.data_[m]
    local given = rows[1] and self.meta_.totals and self.meta_.totals(self, rows[1])
    local total = given or Table.together(self, m, rows)
    if total == nil then return nil end
    total = figure_of(measure, total)
    if given then
      local sum = figure_of(measure, sum_or_nothing(measure, cells, rows))
      return total, sum ~= given or nil
    end
    return total, rows_apart(measure, cells, rows, total)
  end

  -- The group of each row for within: the column named, or the list of columns.
  local function within_columns(self, within)
    local columns = {}
    for k, name in ipairs(type(within) == "table" and within or { within }) do columns[k] = Table.position(self, name) end
    return columns
  end

  -- Share of one row. Where the other rows are known exactly and add up with it, what is open in the row is open in the total
  -- too: the share is what their part leaves.
  local function share_of(measure, cells, rows, row, total, adds_up)
    local value = figure_of(measure, cells[row])
    if value:exact() or not adds_up then return value:share(total) end
    local others = {}
    for _, i in ipairs(rows) do
      if i ~= row then others[#others + 1] = i end
    end
    local rest = sum_or_nothing(measure, cells, others)
    rest = rest ~= nil and figure_of(measure, rest) or nil
    if not (rest and rest:exact()) then return value:share(total) end
    if rest:is(0) then return value:share(value:overlaps(rest) and total or value) end
    return core.figure.new { best = 100, unit = "%" } - rest:share(value + rest)
  end

  -- Share of each row in the total of its group (within) or of the table. The total is what was announced or counted
  -- apart from the rows where the table knows it (cases in two categories count once).
  function methods:share(opts)
    local t = Table.body(Table.check(self, "share"), true)
    opts = options.check(opts, { "measure", "within" }, "Table:share")
    t = Table.with_total(t, opts.measure)
    local m = Table.measure(t, opts.measure, "Table:share")
    local measure, cells, shares, reasons, apart = t.columns_[m], t.data_[m], {}, {}, nil
    for _, rows in ipairs(Table.partition(t, within_columns(t, opts.within))) do
      local total, missed = share_base(t, m, rows)
      local adds_up = not missed and measure.unit ~= "case" and measure.unit ~= "person"
        and not (rows[1] and t.meta_.totals and t.meta_.totals(t, rows[1]))
      apart = apart or missed
      for _, i in ipairs(rows) do
        local value = cells[i] ~= nil and figure_of(measure, cells[i]) or nil
        if value and value:known() and total and total:is(0) then
          reasons[i] = { "tổng bằng 0", "the total is 0" }
        elseif value and value:known() and total then
          shares[i] = share_of(measure, cells, rows, i, total, adds_up)
        else
          reasons[i] = Table.reason(t, i, m)
        end
      end
    end
    local columns, data = { table.unpack(t.columns_) }, { table.unpack(t.data_) }
    columns[#columns + 1], data[#data + 1] = { name = "share", kind = "figure", digits = 1, unit = "%",
      of = measure.name, within = opts.within ~= nil }, shares
    return share_note(Table.with_reasons(Table.reshape(t, columns, data), { share = reasons }), apart)
  end

  -- The rows a ranking is made of: largest first, a missing key behind all that are named.
  local function ranked(self, m)
    local sorted = methods.sort(Table.body(self), self.columns_[m].name .. " desc")
    local named, unnamed, missing = {}, {}, {}
    for c = 1, sorted.meta_.keys or 0 do
      local cells = lazy.filled(sorted.data_[c])
      for i = 1, sorted.n_ do
        if cells[i] == nil then missing[i] = true end
      end
    end
    if next(missing) == nil then return sorted end
    for i = 1, sorted.n_ do
      local list = missing[i] and unnamed or named
      list[#list + 1] = i
    end
    return Table.pick_rows(sorted, table.move(unnamed, 1, #unnamed, #named + 1, named)), #named - #unnamed + 1
  end

  local function with_others(result, sorted, last, name)
    local rest, n = {}, last + 1
    for i = n, sorted.n_ do rest[#rest + 1] = i end
    local merged = Table.merge(sorted, rest)
    for c, column in ipairs(sorted.columns_) do
      if merged then
        result.data_[c][n] = merged[c]
      elseif numeric[column.kind] and c > (sorted.meta_.keys or 0) then
        result.data_[c][n] = sum_or_nothing(column, sorted.data_[c], rest)
      end
    end
    for c = 2, sorted.meta_.keys or 1 do result.data_[c][n] = nil end
    result.data_[1][n] = name
    return Table.new(result.columns_, result.data_, n,
      Table.with_meta(result, { others = { row = n, source = sorted, rows = rest } }))
  end

  local function tie_note(result, sorted, m, last, n)
    if last <= n then return result end
    local tied = 0
    for i = 1, last do
      if sorted.data_[m][i] == sorted.data_[m][last] then tied = tied + 1 end
    end
    return Table.add_note(result, tied .. " dòng bằng nhau ở vị trí cuối, giữ cả " .. tied .. ".",
      tied .. " rows tie for the last place; all are kept.")
  end

  -- How far down the n largest reach, with those that tie for the last place.
  local function reach(sorted, m, n, ties, limit)
    local last = math.min(n, limit)
    while ties ~= "cut" and last > 0 and last < limit and sorted.data_[m][last + 1] ~= nil and
      sorted.data_[m][last + 1] == sorted.data_[m][last] do
      last = last + 1
    end
    return last
  end

  -- The n largest rows by a measure; rows that tie with the last one stay unless ties = "cut"; the rest may be taken
  -- together in one row. A missing key is no name to rank: it comes behind.
  function methods:top(n, opts)
    Table.check(self, "top")
    opts = options.check(opts, { "by", "others", "ties" }, "Table:top")
    n = type(n) == "number" and math.tointeger(n) or core.raise("type", "top takes a whole number, not " .. labels.quote(n))
    if n < 1 then core.raise("range", "top takes a whole number of at least 1, not " .. tostring(n)) end
    options.choice(opts.ties, { "all", "cut" }, "all", "ties")
    options.typed(opts.others, "string", "others")
    self = Table.with_total(self, opts.by)
    local m = Table.measure(self, opts.by, "Table:top")
    local sorted, unnamed = ranked(self, m)
    local named = unnamed and unnamed - 1 or sorted.n_
    local last = reach(sorted, m, n, opts.ties, named)
    if n > named then last = math.min(n, sorted.n_) end
    local result = Table.pick_rows(sorted, Table.all_rows(last))
    if opts.others and last < sorted.n_ then result = with_others(result, sorted, last, opts.others) end
    result = tie_note(result, sorted, m, last, n)
    local left_out = unnamed and last < unnamed and not opts.others and sorted.data_[m][unnamed]
    if left_out then
      local column = sorted.columns_[1]
      local figure = figure_of(sorted.columns_[m], left_out)
      result = Table.add_note(result, "Không xếp hạng: " .. figure:format { locale = "vi" } .. " thiếu " ..
        core.text.lower(labels.column(column.name, "vi")) .. ".",
        "Not ranked: " .. figure:format { locale = "en" } .. " without " .. core.text.lower(labels.column(column.name, "en")) .. ".")
    end
    return result
  end

  -- Whether the cells of a row of a wide table come to more than its total.
  local function rows_exceed(t)
    local total = t.index_.total
    for i = 1, total and t.n_ or 0 do
      local cells, list = {}, {}
      for c, column in ipairs(t.columns_) do
        if column.level and t.data_[c][i] ~= nil then cells[c], list[#list + 1] = t.data_[c][i], c end
      end
      local apart = rows_apart(t.columns_[total], cells, list, t.data_[total][i])
      if apart then return apart end
    end
  end

  -- One more row with the total of every column of numbers whose units can be added; of counted records each case counts
  -- once in it, and a mean or percentile is that of all records.
  function methods:totals()
    local t = Table.body(Table.check(self, "totals"), true)
    t = Table.with_total(t)
    local rows, n = Table.all_rows(t.n_), t.n_ + 1
    local apart = t.meta_.wide and rows_exceed(t) or nil
    local result, merged = Table.pick_rows(t, rows), Table.merge(t, rows)
    for c, column in ipairs(t.columns_) do
      if not numeric[column.kind] or c <= (t.meta_.keys or 0) or t.n_ == 0 and not merged then
        result.data_[c][n] = nil
      elseif column.of then
        if not column.within and t.n_ > 0 then result.data_[c][n] = core.figure.new { best = 100, unit = "%" } end
      elseif merged then
        result.data_[c][n] = merged[c]
        apart = apart or rows_apart(column, t.data_[c], rows, merged[c])
      else
        result.data_[c][n] = sum_or_nothing(column, t.data_[c], rows)
      end
    end
    if not numeric[t.columns_[1].kind] or (t.meta_.keys or 0) > 0 then result.data_[1][n] = "Tổng" end
    result = Table.new(result.columns_, result.data_, n, Table.with_meta(result, { total_row = n }))
    return apart and counted_once(result, not t.meta_.wide and apart or nil) or result
  end
end
