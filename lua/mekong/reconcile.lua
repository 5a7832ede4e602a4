-- reconcile: holds what was counted or derived against what was announced, row by row, and says what it would take.
local core = require "mekong.core"
local options = require "mekong.options"

-- What must still be found for a claim with a floor to hold.
local function shortfall(counted, claim)
  local floor, known = claim:floor(), counted:floor()
  return floor and known and known:surely_lt(floor) and core.figure.at_least(floor - known) or nil
end

-- verdict, difference (counted - announced), needs (what must still be found for the announcement to hold), reason of no verdict
local function judge(counted, claim, derived)
  if not core.figure.comparable(counted, claim) then
    return "không so được", nil, nil, { "khác đơn vị", "different units" }
  end
  if not counted:known() and counted.lo == 0 and counted.hi == nil then
    return "không so được", nil, nil, { "chưa có số liệu", "not known" }
  end
  local difference = counted - claim
  if difference.lo == nil and difference.hi == nil then difference = nil end
  if counted:exact() and claim:exact() then
    if counted:is(claim) then return "khớp", difference end
    local short = claim - counted
    if counted:surely_lt(claim) then
      return "thiếu " .. short:format { locale = "vi", unit = false }, difference, short
    end
    return "thừa " .. (counted - claim):format { locale = "vi", unit = false }, difference
  end
  if counted:overlaps(claim) then
    if counted:exact() or claim:surely_covers(counted) then return "khớp với cận", difference end
    return "khớp với cận", difference, shortfall(counted, claim)
  end
  if derived and not claim:one_sided() then return "mâu thuẫn", difference end
  return "trái cận", difference, claim:one_sided() and shortfall(counted, claim) or nil
end

local function as_figure(value, unit)
  if type(value) == "string" then return core.figure.parse(value) end
  if math.type(value) == "integer" then return core.figure.new { best = value, unit = unit or "" } end
  if core.figure.is(value) then return value end
  core.raise("type", "reconcile takes a figure, its text, a Table or Claims, not " .. type(value),
    "hint: t:reconcile \"hơn 4.500 vụ\"")
end

-- What the claims call that which a column of counted records measures, by its unit.
local claimed_measure = { case = "cases", person = "suspects", kg = "mass", pill = "pills", individual = "individuals",
  specimen = "specimens", m3 = "volume" }

return function(Table)
  local methods = Table.methods

  local function result_columns(self)
    local counted = { name = "counted", kind = "figure" }
    if self.meta_.origin == "records" then counted.vi, counted.en = "Đếm được", "Counted" end
    return { { name = "claim", kind = "figure" }, counted, { name = "verdict", kind = "verdict" },
      { name = "difference", kind = "figure" }, { name = "needs", kind = "figure", optional = true } }
  end

  -- What the whole table comes to: its last running total, its only row, or its rows together.
  local function whole(self, m)
    local column, cells = self.columns_[m], self.data_[m]
    if self.n_ == 0 then return core.figure.new { best = 0, unit = column.unit or "" } end
    if column.name == "cumulative" then return cells[self.n_], self.data_[Table.position(self, "unknown")][self.n_] end
    return Table.figure_of(column, Table.together(self, m, Table.all_rows(self.n_)))
  end

  local fresh = { title = false, measure = false, notes = false, merge = false, recount = false, shape = false, born_keys = false }

  local function one(self, m, claim)
    local counted, waiting = whole(self, m)
    local verdict, difference, needs, why = judge(counted, claim, self.meta_.origin == "claims")
    local meta = Table.with_meta(self, fresh)
    meta.keys, meta.reason, meta.reasons = 0, nil, { difference = { why }, needs = {} }
    local result = Table.new(result_columns(self), { { claim }, { counted }, { verdict }, { difference }, { needs } }, 1, meta)
    if needs and waiting then
      result = Table.add_note(result, "Công bố đúng nếu " .. waiting .. " cộng lại có " .. needs:say() .. ".",
        "The announcement holds if " .. waiting .. " together come to " .. needs:format { locale = "en", style = "words" } .. ".")
    end
    return result
  end

  -- The keys by which two tables are laid side by side: those asked for, all keys of the counted one, or its first column.
  local function keys_of(self, on)
    local names = {}
    if on ~= nil then
      for k, name in ipairs(type(on) == "table" and on or { on }) do names[k] = self.columns_[Table.position(self, name)].name end
    else
      for c = 1, math.max(self.meta_.keys or 1, 1) do names[c] = self.columns_[c].name end
    end
    return names
  end

  -- Why nothing was announced for row i: nothing at all, or something of another scope or period. elsewhere: see below.
  local function nothing_announced(joined, i, keys, elsewhere)
    local wanted = {}
    for k, key in ipairs(keys) do wanted[key] = joined.data_[k][i] end
    local found = elsewhere and elsewhere(wanted)
    if not found then return { "không có công bố", "nothing announced" } end
    return { "khác phạm vi hoặc kỳ: " .. found, "another scope or period: " .. found }
  end

  -- elsewhere(wanted) gives what was announced for the same keys but of another scope or period, or nil.
  local function each(self, m, other, keys, elsewhere)
    local claimed = Table.measure(other, nil, "Table:reconcile")
    local columns, data, names = {}, {}, {}
    for k, key in ipairs(keys) do
      local c = Table.position(other, key)
      columns[k], data[k], names[k] = { name = key, kind = other.columns_[c].kind }, other.data_[c], key
    end
    columns[#keys + 1], data[#keys + 1] = { name = "claim", kind = "figure" }, other.data_[claimed]
    names[#names + 1] = self.columns_[m].name
    local joined = methods.join(methods.select(self, table.unpack(names)), Table.new(columns, data, other.n_, other.meta_), keys)
    local at, out, why = #keys, {}, {}
    for c = 1, at + 5 do out[c] = {} end
    for i = 1, joined.n_ do
      local cell, claim = joined.data_[at + 1][i], joined.data_[at + 2][i]
      local counted = Table.figure_of(self.columns_[m], cell)
      for k = 1, at do out[k][i] = joined.data_[k][i] end
      out[at + 1][i], out[at + 2][i] = claim, cell ~= nil and counted or nil
      if claim and cell ~= nil then
        local told = math.type(claim) == "integer" and not other.columns_[claimed].unit and as_figure(claim, counted.unit) or
          Table.figure_of(other.columns_[claimed], claim)
        out[at + 3][i], out[at + 4][i], out[at + 5][i], why[i] = judge(counted, told, self.meta_.origin == "claims")
      else
        out[at + 3][i] = "không so được"
        why[i] = claim and (Table.reason(self, i, m) or { "chưa có số liệu", "not known" }) or
          nothing_announced(joined, i, keys, elsewhere)
      end
    end
    local shown = { table.unpack(joined.columns_, 1, at) }
    for _, column in ipairs(result_columns(self)) do shown[#shown + 1] = column end
    local meta = Table.with_meta(self, fresh)
    meta.keys, meta.notes, meta.reason = at, self.meta_.notes, nil
    meta.reasons = { difference = why, counted = why, claim = why }
    return Table.new(shown, out, joined.n_, meta)
  end

  -- The measure under which claims state what column m counts.
  local function measure_of_claims(column)
    local unit = column.unit
    return column.name == "n" and "cases" or unit and claimed_measure[unit] or column.name
  end

  -- what: a figure or its text (held against the whole table), a Table with the same keys, or Claims. on: the keys. scope: whose
  -- announcements are meant (those of all members unless given); those of others are not held against the count.
  function methods:reconcile(what, opts)
    self = Table.body(Table.check(self, "reconcile"))
    opts = options.check(opts, { "measure", "on", "scope" }, "Table:reconcile")
    self = Table.with_total(self, opts.measure)
    local m = Table.measure(self, opts.measure, "Table:reconcile")
    if Table.is(what) then return each(self, m, Table.body(what), keys_of(self, opts.on)) end
    if type(what) == "table" and type(what.table) == "function" then
      local keys = keys_of(self, opts.on)
      local measure = measure_of_claims(self.columns_[m])
      return each(self, m, what:table(measure, { by = keys, scope = opts.scope }), keys, function(wanted)
        wanted.scope = opts.scope
        return what:elsewhere(measure, wanted)
      end)
    end
    if opts.scope ~= nil then core.raise("type", "option scope is for Claims; a figure or a Table has its own") end
    return one(self, m, as_figure(what, self.columns_[m].unit))
  end
end
