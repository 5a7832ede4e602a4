-- analyses_records: what analysts ask of case records beside counts and sums: who led, the same time of last year, the parts that
-- countries play, seizures from tips, seizures that may be told twice, units, rows for yearly reports. What no record states is missing.
local core = require "mekong.core"
local analysis = require "mekong.analysis"
local options = require "mekong.options"
local order = require "mekong.order"
local Table = require "mekong.table"

local methods = core.store.methods

local function share(part, whole) return whole > 0 and core.figure.new { best = part }:share(core.figure.new { best = whole }) or false end

-- store:led_and_joint() -> Table: agency, year, n, led, co_led, took_part, no_role, joint, share (led, of the cases that state a role).
function methods:led_and_joint()
  options.store(self, "led_and_joint")
  local t = self.cases:by("key(agency)", "year"):agg("n = count()", "led = count() where role = 'led'", "co_led = count() where role = 'co_led'",
    "took_part = count() where role = 'took_part'", "no_role = count() where role is missing", "joint = count() where joint")
  local out = analysis.rows(self, { { "agency", "text" }, { "year", "int", plain = true }, { "n", "int", unit = "case" },
    { "led", "int", vi = "Chủ trì", en = "Led" }, { "co_led", "int", vi = "Đồng chủ trì", en = "Co-led" },
    { "took_part", "int", vi = "Phối hợp (vai trò)", en = "Took part" }, { "no_role", "int", vi = "Không nêu vai trò", en = "Role not stated" },
    { "joint", "int" }, { "share", "figure", vi = "Tỷ lệ chủ trì", en = "Share led" } })
  for row in t:rows() do
    local told = row.n and row.no_role and row.n - row.no_role or 0
    local some = told > 0
    out:add { row.agency, row.year, row.n, some and row.led, some and row.co_led, some and row.took_part, row.no_role, row.joint,
      some and share(row.led, told) }
    if not some then
      for _, name in ipairs { "led", "co_led", "took_part", "share" } do
        out:why(name, "không vụ nào nêu vai trò", "no case states a role")
      end
    end
  end
  return out:done { origin = "records", keys = 2 }
end

-- store:transit_roles() -> Table: country, origin, transit, destination, seizing (number of cases in which it is that).
function methods:transit_roles()
  options.store(self, "transit_roles")
  local roles, codes, seen, told = { "origin", "transit", "destination", "reporter" }, {}, {}, {}
  for _, role in ipairs(roles) do
    for row in self.cases:count(role):rows() do
      local value = row[role]
      local code = value and (role == "reporter" and value:match "^(%u%u)%-" or value)
      if code then
        if not seen[code] then seen[code], codes[#codes + 1] = {}, code end
        seen[code][role], told[role] = (seen[code][role] or 0) + row.n, true
      end
    end
  end
  order.texts(codes)
  local out = analysis.rows(self, { { "country", "code" }, { "origin", "int" }, { "transit", "int" }, { "destination", "int" },
    { "seizing", "int", vi = "Nước bắt giữ", en = "Seizing" } })
  for _, code in ipairs(codes) do
    local row = { code }
    for k, role in ipairs(roles) do row[k + 1] = told[role] and (seen[code][role] or 0) end
    out:add(row)
    for k, role in ipairs(roles) do
      if not told[role] then
        out:why(k == 4 and "seizing" or role, "không vụ nào nêu", "no case states it")
      end
    end
  end
  return out:done { origin = "records", names = analysis.names(self) }
end

local function tips_given(self)
  local found, givers = {}, {}
  for row in self:sql "select country, kind, count, qualifier from alerts where kind <> 'report' order by country, phase":rows() do
    if not found[row.country] then found[row.country], givers[#givers + 1] = { known = true }, row.country end
    local one = found[row.country]
    if row.count then
      local f = core.figure.hedged(row.count, row.qualifier or "exact", "alert")
      one.sum = one.sum and one.sum + f or f
    end
  end
  return found, givers
end

-- store:tip_to_seizure() -> Table: giver, tips (announced alerts and information), n (cases whose record names the giver), kg, days.
-- Records keep no day of the tip, so days are missing.
function methods:tip_to_seizure()
  options.store(self, "tip_to_seizure")
  local found, givers = tips_given(self)
  local d, any = self.cases:where "intel is not missing", false
  for row in d:count "intel":rows() do
    any = true
    if not found[row.intel] then found[row.intel], givers[#givers + 1] = {}, row.intel end
    found[row.intel].n = row.n
    local masses = d:where("intel = $1 and unit = 'kg'", { row.intel })
    found[row.intel].kg = masses:count()[1].n > 0 and masses:sum "quantity in kg"[1].kg or nil
  end
  local out = analysis.rows(self, { { "giver", "code", vi = "Bên cung cấp", en = "Giver" },
    { "tips", "figure", unit = "alert", vi = "Tin, cảnh báo", en = "Tips and alerts" },
    { "n", "int", unit = "case" }, { "kg", "figure", unit = "kg" },
    { "days", "int", vi = "Số ngày từ tin đến bắt giữ (trung vị)", en = "Days from tip to seizure (median)" } })
  for _, giver in ipairs(givers) do
    local one = found[giver]
    out:add { giver, one.sum, any and (one.n or 0), one.kg, false }
    out:why("days", "hồ sơ không ghi ngày nhận tin", "records keep no day of the tip")
    if not any then out:why("n", "chưa hồ sơ nào ghi nguồn tin", "no record names a tip") end
    if not one.sum then out:why("tips", "không công bố số lượng", "no number announced") end
  end
  return out:done { origin = "records", names = analysis.names(self) }
end

local compared = { "date", "province", "place", "channel", "origin", "destination", "suspects" }

-- How many of the fields that both cases state are the same, how many both state, and which.
local function likeness(a, b)
  local same, both, names = 0, 0, {}
  for _, name in ipairs(compared) do
    if a[name] ~= nil and b[name] ~= nil then
      both = both + 1
      if a[name] == b[name] then same, names[#names + 1] = same + 1, name end
    end
  end
  return same, both, names
end

-- Pairs of cases with a line of the same goods, number and unit whose days lie at most one apart.
local function pairs_alike(self)
  local slots, found, out = {}, {}, {}
  local columns = { "case", "item", "quantity", "unit" }
  table.move(compared, 1, #compared, #columns + 1, columns)
  local open = self.cases:where "quantity is not missing and date is not missing and dup_of is missing"
  for row in open:select(table.unpack(columns)):sort "case":table():rows() do
    local one = { case = row.case }
    for _, name in ipairs(compared) do one[name] = row[name] end
    if #one.date == 10 then
      local goods = ("%s\0%s"):format(row.item or "", tostring(row.quantity))
      for shift = -1, 1 do
        for _, other in ipairs(slots[goods .. core.date.add(one.date, shift)] or {}) do
          local id = other.case .. "\0" .. one.case
          if other.case ~= one.case and not found[id] then
            found[id] = true
            out[#out + 1] = { other, one }
          end
        end
      end
      local slot = goods .. one.date
      slots[slot] = slots[slot] or {}
      table.insert(slots[slot], one)
    end
  end
  return out
end

-- store:duplicates() -> Table: case, other_case, same, both (fields that agree, of those both state), fields, decision: pairs with a line
-- of the same goods, number and unit at most one day apart, the likeliest first, then those that dup_of
-- marks as one. Nothing is merged here.
function methods:duplicates()
  options.store(self, "duplicates")
  local list = pairs_alike(self)
  for i, pair in ipairs(list) do
    pair.at = i
    pair.same, pair.both, pair.names = likeness(pair[1], pair[2])
  end
  table.sort(list, function(a, b)
    local x, y = a.same * b.both, b.same * a.both
    if x ~= y then return x > y end
    return a.at < b.at
  end)
  local out = analysis.rows(self, { { "case", "text" }, { "other_case", "text", vi = "Vụ kia", en = "Other case" },
    { "same", "int", vi = "Số mục giống nhau", en = "Fields alike" }, { "both", "int", vi = "Số mục cả hai có", en = "Fields both state" },
    { "fields", "text", vi = "Mục giống nhau", en = "Alike in" }, { "decision", "text", vi = "Quyết định", en = "Decision",
      words = { vi = {}, en = { ["chưa quyết"] = "open", ["đã ghi là trùng"] = "marked as one" } } } })
  for _, pair in ipairs(list) do
    out:add { pair[1].case, pair[2].case, pair.same, pair.both, table.concat(pair.names, ", "), "chưa quyết" }
  end
  for row in self:sql [[select "case" as of, dup_of from cases where dup_of is not null order by dup_of, "case"]]:rows() do
    out:add { row.dup_of, row.of, false, false, false, "đã ghi là trùng" }
  end
  return out:done { origin = "records", keys = 2 }
end

-- store:unit_audit() -> Table: item, unit, rows (lines), per_unit (grams that one unit stands for), verdict, source: which lines convert into
-- kilograms, by which factor, and which do not.
function methods:unit_audit()
  options.store(self, "unit_audit")
  local kg = core.figure.unknown "kg"
  local out = analysis.rows(self, { { "item", "text" }, { "unit", "text" }, { "rows", "int", vi = "Số dòng", en = "Rows" },
    { "per_unit", "figure", unit = "g", vi = "Mỗi đơn vị", en = "Each unit" }, { "verdict", "text", words = { vi = {}, en = {
      ["là khối lượng"] = "a mass", ["quy đổi được"] = "converts", ["không quy đổi được"] = "does not convert" } } }, { "source", "text" } })
  for row in self.cases:where "quantity is not missing":by("item", "unit"):agg "rows = lines()":rows() do
    local unit, factor, verdict, source = row.unit, nil, "không quy đổi được", nil
    if unit and core.figure.comparable(core.figure.unknown(unit), kg) then
      factor, verdict = core.figure.new { best = 1, unit = unit }:to "g", "là khối lượng"
    elseif unit then
      local known = self:sql([[select factor_lo, factor_hi, to_unit, source from conversions where unit = ?1 and item in (?2, '')
        and to_unit in ('g', 'kg', 'mg', 't') order by item desc]], unit, row.item or "")[1]
      if known then
        factor = core.figure.new { lo = tostring(known.factor_lo), hi = tostring(known.factor_hi), unit = known.to_unit }:to "g"
        verdict, source = "quy đổi được", known.source
      end
    end
    out:add { row.item, unit, row.rows, factor, verdict, source }
  end
  return out:done { origin = "records", keys = 2 }
end

-- ---------------------------------------------------------------- rows for yearly reports
-- The columns that the forms of CITES (illegal trade) and of UNODC (individual drug seizures) ask for, in their order; those that
-- a form requires are true.
local forms = {
  cites = { category = "wildlife", { "case" }, { "date", true }, { "item", true }, { "form", true }, { "quantity", true }, { "unit", true },
    { "province", true }, { "place" }, { "agency", true }, { "detection" }, { "channel" }, { "origin", true }, { "transit" },
    { "destination", true }, { "value_vnd" }, { "source" } },
  ids = { category = "drug", { "case" }, { "date", true }, { "province", true }, { "place" }, { "agency", true }, { "item", true },
    { "quantity", true }, { "unit", true }, { "origin", true }, { "transit" }, { "destination", true }, { "channel", true }, { "detection" },
    { "suspects" }, { "source" } },
}

-- store:export_seizures("cites" | "ids") -> Table: a row a seizure line of wildlife (cites) or drugs (ids), the columns of the form,
-- and lacks: the required ones that the record does not state. Notes say how often each is missing.
function methods:export_seizures(kind)
  options.store(self, "export_seizures")
  local form = forms[options.choice(kind, { "cites", "ids" }, nil, "export_seizures: the form")]
  if not form then core.raise("name", "store:export_seizures takes the name of a form", 'hint: "cites" or "ids"') end
  local names = {}
  for i, column in ipairs(form) do names[i] = column[1] end
  local t = self.lines:where("category = $1 and line is not missing", { form.category }):select(table.unpack(names)):table()
  local lacks, counts = {}, {}
  for i = 1, #t do
    local list = {}
    for _, column in ipairs(form) do
      if column[2] and t:cell(i, column[1]) == nil then
        list[#list + 1] = column[1]
        counts[column[1]] = (counts[column[1]] or 0) + 1
      end
    end
    lacks[i] = #list > 0 and table.concat(list, ", ") or nil
  end
  local columns, data = {}, {}
  for c, column in ipairs(t.columns_) do columns[c], data[c] = column, t.data_[c] end
  columns[#columns + 1], data[#data + 1] = { name = "lacks", kind = "text", vi = "Còn thiếu", en = "Lacks" }, lacks
  local out = Table.new(columns, data, #t, t.meta_)
  for _, name in ipairs(names) do
    if counts[name] then
      out = Table.add_note(out, ("%s: thiếu ở %d trên %d dòng"):format(name, counts[name], #t),
        ("%s: missing in %d of %d rows"):format(name, counts[name], #t))
    end
  end
  return out
end
