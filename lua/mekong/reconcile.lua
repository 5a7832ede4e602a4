-- reconcile: holds what was counted or derived against what was announced, row by row, and says what it would take.
local core = require "mekong.core"
local options = require "mekong.options"

-- verdict, difference (counted - announced), needs (what must still be found for the announcement to hold)
local function judge(counted, claim, derived)
  if not core.figure.comparable(counted, claim) then return "không so được" end
  if not counted:known() and counted.lo == 0 and counted.hi == nil then return "không so được" end
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
    local floor = claim:floor()
    local known = counted:floor()
    local needs = floor and known and known:surely_lt(floor) and core.figure.at_least(floor - known) or nil
    return "khớp với cận", difference, needs
  end
  return derived and not claim:one_sided() and "mâu thuẫn" or "trái cận", difference
end

local function as_figure(value, unit)
  if type(value) == "string" then return core.figure.parse(value) end
  if math.type(value) == "integer" then return core.figure.new { best = value, unit = unit or "" } end
  if core.figure.is(value) then return value end
  core.raise("type", "reconcile takes a figure, its text, a Table or Claims, not " .. type(value),
    "hint: t:reconcile \"hơn 4.500 vụ\"")
end

return function(Table)
  local methods = Table.methods

  local columns = { { name = "claim", kind = "figure" }, { name = "counted", kind = "figure" },
    { name = "verdict", kind = "verdict" }, { name = "difference", kind = "figure" }, { name = "needs", kind = "figure" } }

  -- What the whole table comes to: its last running total, its only row, or the sum of its rows.
  local function whole(self, m)
    local column, cells = self.columns_[m], self.data_[m]
    if self.n_ == 0 then return core.figure.new { best = 0, unit = column.unit or "" } end
    if column.name == "cumulative" then return cells[self.n_], self.data_[Table.position(self, "unknown")][self.n_] end
    local total
    for i = 1, self.n_ do
      local value = Table.figure_of(column, cells[i])
      total = total and total + value or value
    end
    return total
  end

  local function one(self, m, claim)
    local counted, waiting = whole(self, m)
    local verdict, difference, needs = judge(counted, claim, self.meta_.origin == "claims")
    local result = Table.new(columns, { { claim }, { counted }, { verdict }, { difference }, { needs } }, 1,
      Table.with_meta(self, { title = false, measure = false, notes = false, total_row = false }))
    if needs and waiting then
      result = Table.add_note(result, "Công bố đúng nếu " .. waiting .. " cộng lại có " .. needs:say() .. ".",
        "The announcement holds if " .. waiting .. " together come to " .. needs:format { locale = "en", style = "words" } .. ".")
    end
    return result
  end

  local function each(self, m, other, on)
    local k = Table.position(self, on or self.columns_[1].name)
    local key = self.columns_[k]
    local claimed = Table.measure(other, nil, "Table:reconcile")
    local joined = methods.join(methods.select(self, key.name, self.columns_[m].name),
      Table.new({ key, { name = "claim", kind = "figure" } },
        { other.data_[Table.position(other, key.name)], other.data_[claimed] }, other.n_, other.meta_), key.name)
    local out = { {}, {}, {}, {}, {}, {} }
    for i = 1, joined.n_ do
      local counted = Table.figure_of(self.columns_[m], joined.data_[2][i])
      local claim = joined.data_[3][i]
      out[1][i], out[2][i], out[3][i] = joined.data_[1][i], claim, joined.data_[2][i] and counted
      if claim and joined.data_[2][i] then
        out[4][i], out[5][i], out[6][i] = judge(counted, Table.figure_of(other.columns_[claimed], claim),
          self.meta_.origin == "claims")
      else
        out[4][i] = "không so được"
      end
    end
    return Table.new({ key, table.unpack(columns) }, out, joined.n_, Table.with_meta(self, { measure = false }))
  end

  -- what: a figure or its text (held against the whole table), a Table with the same key, or Claims.
  function methods:reconcile(what, opts)
    Table.check(self, "reconcile")
    opts = options.check(opts, { "measure", "on" }, "Table:reconcile")
    local m = Table.measure(self, opts.measure, "Table:reconcile")
    if Table.is(what) then return each(self, m, what, opts.on) end
    if type(what) == "table" and type(what.table) == "function" then
      local key = opts.on or self.columns_[1].name
      return each(self, m, what:table(self.columns_[m].name == "n" and "cases" or self.columns_[m].name, { by = key }), key)
    end
    return one(self, m, as_figure(what, self.columns_[m].unit))
  end
end
