-- bilateral: what two countries did together: conferences, plans, focal points, shared intelligence, corridors.
local core = require "mekong.core"
local cite = require "mekong.cite"
local claims_quantity = require "mekong.claims_quantity"
local claims_rows = require "mekong.claims_rows"
local entity = require "mekong.entity"
local labels = require "mekong.labels"
local options = require "mekong.options"
local order = require "mekong.order"
local phases = require "mekong.phases"
local rows_of = require("mekong.rows").of
local Table = require "mekong.table"

local Bilateral = {}
Bilateral.__index = Bilateral
Bilateral.__name = "mekong.Bilateral"

local sections = {
  { "conferences", "Hội nghị song phương", "Bilateral conferences" },
  { "statements", "Tuyên bố chung và thỏa thuận", "Joint statements and agreements" },
  { "plans", "Kế hoạch hành động chung theo khu vực", "Joint action plans, region by region" },
  { "focal_points", "Đầu mối", "Focal points" },
  { "intel", "Chia sẻ thông tin tình báo", "Shared intelligence" },
  { "figures", "Số liệu riêng của %s", "%s's own figures" },
  { "quantities", "Số lượng riêng của %s", "%s's own quantities" },
  { "partner_figures", "Số liệu do phía %s công bố", "Figures announced by %s" },
  { "corridors", "Tuyến vận chuyển giữa hai bên", "Corridors between the two sides" },
  { "mirror", "Đối chiếu hai bên cùng báo cáo", "Mirror table of both reporters" },
}

-- A country as this module names it, for a store without codes of its own.
local function named_country(code)
  local found, alike = entity.find(code, { kind = "country" })
  found = found or entity.find(code:upper(), { kind = "country" })
  if found then return { code = found.code, vi = found.name, en = found.name_en or found.name } end
  core.raise("name", ("unknown country '%s'"):format(code), alike and alike[1] and ("did you mean '%s'?"):format(alike[1].name) or
    "hint: a country is a name or a two-letter code")
end

local function country(store, code)
  if type(code) ~= "string" then
    core.raise("type", "a country is a name or a two-letter code, not a " .. type(code), "hint: store:bilateral(\"VN\", \"CN\")")
  end
  local rows = rows_of(store, "select code, name_vi, name_en from codes where kind = 'country' order by code")
  if not rows[1] then return named_country(code) end
  local codes, aliases, names = {}, {}, claims_rows.code_names(store, "country")
  for i, row in ipairs(rows) do codes[i], aliases[i] = row.code, names[row.code] or false end
  local row = rows[core.find_name(code, codes, aliases, "country")]
  return { code = row.code, vi = row.name_vi or row.code, en = row.name_en or row.code }
end

-- parties holds codes separated by spaces or commas; a row belongs to the pair when it names both.
local function names_both(parties, a, b)
  local found = {}
  for code in (parties or ""):gmatch "[%w%-]+" do found[code] = true end
  return found[a] and found[b]
end

-- Whether a partial date touches the range asked for; what has no date is kept.
local function inside(date, range)
  if not date then return true end
  local from, to = core.date.bounds(date)
  return (not range.from or to >= (core.date.bounds(range.from))) and
    (not range.to or from <= select(2, core.date.bounds(range.to)))
end

local function year_or_date(value, what)
  if value == nil then return nil end
  if math.type(value) == "integer" then value = tostring(value) end
  if type(value) ~= "string" then core.raise("type", what .. " takes a year or a date, not " .. type(value)) end
  return (core.date.parse(value))
end

local function rows_where(t, keep)
  local rows = {}
  for i, row in pairs(t) do
    if keep(row) then rows[#rows + 1] = i end
  end
  return Table.pick_rows(t, rows)
end

local function section_table(store, sql, params, keep, phase_info)
  local t = store:sql(sql, params)
  t = keep and rows_where(t, keep) or t
  return Table.new(t.columns_, t.data_, t.n_, Table.with_meta(t, { phases = phase_info, origin = "bilateral" }))
end

-- The columns named hold codes of agencies or places: they keep the code and print the name.
local function named(self, t, ...)
  local columns = { table.unpack(t.columns_) }
  for k = 1, select("#", ...) do
    local c = Table.position(t, (select(k, ...)))
    columns[c] = { name = columns[c].name, kind = "code" }
  end
  return Table.new(columns, t.data_, t.n_, Table.with_meta(t, { names = self.names }))
end

-- A text column prints its English twin under the English locale.
local function with_english(t, name, english)
  local c, words = Table.position(t, name), { vi = {}, en = {} }
  local texts, twins = t.data_[c], t.data_[Table.position(t, english)]
  for i = 1, t.n_ do
    if texts[i] then words.en[texts[i]] = twins[i] end
  end
  local columns = { table.unpack(t.columns_) }
  columns[c] = { name = name, kind = "text", words = words }
  return Table.new(columns, t.data_, t.n_, t.meta_)
end

-- code -> {Vietnamese name, English name} of agencies, countries and places.
local function names_of(store)
  local names = {}
  for _, row in ipairs(rows_of(store, "select place, name, name_en from places where name is not null order by valid_from")) do
    names[row.place] = { row.name, row.name_en or row.name }
  end
  for _, row in ipairs(rows_of(store, "select code, name_vi, name_en from codes where kind in ('agency', 'country')")) do
    names[row.code] = { row.name_vi or row.code, row.name_en or row.name_vi or row.code }
  end
  return names
end

-- Numbers written with a hedge become one Figure column.
local function counted(t, unit)
  local count, qualifier = Table.position(t, "count"), Table.position(t, "qualifier")
  local columns, data = {}, {}
  for c, column in ipairs(t.columns_) do
    if c ~= qualifier then
      local k = #columns + 1
      columns[k], data[k] = column, t.data_[c]
      if c == count then
        columns[k], data[k] = { name = "count", kind = "figure" }, {}
        for i = 1, t.n_ do
          local value = t.data_[c][i]
          if value then
            data[k][i] = core.figure.hedged(value, t.data_[qualifier][i] or "exact", unit(t, i))
          end
        end
      end
    end
  end
  return Table.new(columns, data, t.n_, t.meta_)
end

-- Own figures of a country in the campaign, phase by phase, with the change from phase to phase.
local function own_figures(store, side)
  local claims = store:claims()
  local total = claims:table("cases", { scope = side.code })
  local compared = total:compare("phase", { against = "previous" })
  local has_stated = compared.index_.stated ~= nil
  compared = has_stated and compared:select("phase", "percent", "stated") or compared:select("phase", "percent")
  local known = rows_where(total, function(row) return row.cases ~= nil end)
  local out = known
  for _, category in ipairs { "drug", "wildlife" } do
    local part = claims:table("cases", { scope = side.code, category = category })
    local cells = {}
    for i, row in pairs(part) do cells[i] = row.cases end
    part = Table.new({ part.columns_[1], { name = category, kind = "figure", unit = "case" } },
      { part.data_[1], cells }, part.n_, part.meta_)
    out = out:join(part, "phase")
  end
  out = out:join(compared, "phase")
  if has_stated then return out:select("phase", "cases", "drug", "wildlife", "percent", "stated", "source") end
  return out:select("phase", "cases", "drug", "wildlife", "percent", "source")
end

-- ?3 and ?4: first and last day asked for, '' for none; a case without a date is kept.
local dated = " and (date is null or (?3 = '' or date >= ?3) and (?4 = '' or date <= ?4)) "
local corridor_sql = [[select origin, destination, count(*) as n from cases
  where ((origin = ?1 and destination = ?2) or (origin = ?2 and destination = ?1))]] .. dated .. [[group by origin, destination
  order by origin, destination]]
local mirror_sql = [[select a.phase as phase, a.n as reported_a, b.n as reported_b from
  (select phase, count(*) as n from cases where reporter = ?1 and partner = ?2]] .. dated .. [[group by phase) a join
  (select phase, count(*) as n from cases where reporter = ?2 and partner = ?1]] .. dated .. [[group by phase) b
  on a.phase is b.phase order by a.phase]]

local builders = {}

function builders.conferences(self)
  local t = section_table(self.store, [[select meeting, series, ordinal, date, date_to, place, parties, attendance, outcome, outcome_en,
    source from meetings order by date, meeting]], nil, function(row)
    return row.series ~= "OMD" and names_both(row.parties, self.a.code, self.b.code) and inside(row.date, self.range)
  end)
  local c, first = Table.position(t, "ordinal"), nil
  t.columns_[c] = { name = "ordinal", kind = "ordinal" }
  for i = 1, t.n_ do
    local n = t.data_[c][i]
    if n and (not first or n < first) then first = n end
  end
  t = with_english(t, "outcome", "outcome_en")
  t = named(self, t:select("ordinal", "date", "date_to", "place", "outcome", "source"), "place")
  if not first or first == 1 or self.range.from then return t end
  local before = first == 2 and "I" or "I–" .. labels.roman(first - 1)
  return Table.add_note(t, "Chưa có tư liệu về các kỳ trước (" .. before .. ").", "Nothing is known of those before (" .. before .. ").")
end

function builders.statements(self)
  local t = section_table(self.store, [[select statement, parties, date, text_ref, text_ref_en, source from statements
    order by date is null, date, statement]], nil, function(row)
      return names_both(row.parties, self.a.code, self.b.code) and inside(row.date, self.range)
    end)
  return with_english(t, "text_ref", "text_ref_en"):select("date", "text_ref", "source")
end

function builders.plans(self)
  local t = section_table(self.store, [[select plan, party_a, unit_a, party_b, unit_b, p.status, places, p.source,
    date from plans p left join meetings m on m.meeting = p.meeting order by plan]], nil, function(row)
    return names_both((row.party_a or "") .. " " .. (row.party_b or ""), self.a.code, self.b.code) and
      inside(row.date, self.range)
  end)
  local first, a, b = t:col "party_a", t:col "unit_a", t:col "unit_b"
  for i = 1, t.n_ do -- side A is the country named first, whichever way the plan was written
    if first[i] == self.b.code then a[i], b[i] = b[i], a[i] end
  end
  t.data_[Table.position(t, "unit_a")], t.data_[Table.position(t, "unit_b")] = a, b
  t = named(self, t:select("unit_a", "unit_b", "places", "status", "source"), "unit_a", "unit_b", "places")
  for c, side in ipairs { self.a, self.b } do
    t.columns_[c].vi, t.columns_[c].en = "Đơn vị phía " .. side.vi, "Unit of " .. side.en
  end
  return t
end

-- Everything of the two that has a day, in order: conferences, statements, plans with the day of their conference.
function builders.events(self)
  local list, names, words = {}, self.names, { vi = {}, en = {} }
  local function name(code, k) return names[code] and names[code][k] or code end
  local function add(row, vi, en, outcome, outcome_en)
    words.en[vi], words.en[outcome or ""] = en, outcome_en
    list[#list + 1] = { date = row.date, date_to = row.date_to, event = vi, outcome = outcome, source = row.source }
  end
  for row in self.conferences:rows() do
    local roman, place = row.ordinal and " " .. labels.roman(row.ordinal) or "", row.place
    add(row, "Hội nghị" .. roman .. (place and ", " .. name(place, 1) or ""), "Conference" .. roman .. (place and ", " .. name(place, 2) or ""),
      row.outcome, self.conferences.columns_[Table.position(self.conferences, "outcome")].words.en[row.outcome])
  end
  for row in self.statements:rows() do
    local english = self.statements.columns_[Table.position(self.statements, "text_ref")].words.en[row.text_ref]
    add({ date = row.date, source = row.source }, row.text_ref or "Tuyên bố chung", english or row.text_ref or "Joint statement")
  end
  for _, row in ipairs(rows_of(self.store, [[select p.party_a, p.party_b, unit_a, unit_b, p.source, date, date_to from plans p
    left join meetings m on m.meeting = p.meeting order by plan]])) do
    if names_both((row.party_a or "") .. " " .. (row.party_b or ""), self.a.code, self.b.code) and inside(row.date, self.range) then
      local a, b = row.unit_a or "?", row.unit_b or "?"
      if row.party_a == self.b.code then a, b = b, a end
      add(row, "Kế hoạch: " .. name(a, 1) .. " – " .. name(b, 1), "Plan: " .. name(a, 2) .. " – " .. name(b, 2))
    end
  end
  local data = { {}, {}, {}, {}, {} }
  for i, one in ipairs(list) do
    for c, field in ipairs { "date", "date_to", "event", "outcome", "source" } do data[c][i] = one[field] end
  end
  local t = Table.new({ { name = "date", kind = "date" }, { name = "date_to", kind = "date" }, { name = "event", kind = "text", words = words,
    vi = "Sự kiện", en = "Event" }, { name = "outcome", kind = "text", words = words }, { name = "source", kind = "text" } }, data, #list,
    { locale = self.store:locale(), title = { "Hợp tác " .. self.a.vi .. " – " .. self.b.vi, "Cooperation " .. self.a.en .. " – " .. self.b.en } })
  return t:sort "date"
end

function builders.focal_points(self)
  local t = section_table(self.store, [[select phase, country, level, force, count, qualifier, source from focal_points
    where country in (?1, ?2) order by phase, country, level, force]], { self.a.code, self.b.code }, nil, phases.of(self.store))
  return named(self, counted(t, function() return "focal_point" end), "country")
end

function builders.intel(self)
  local t = section_table(self.store, [[select phase, country, kind, count, qualifier, source from alerts
    where country in (?1, ?2) order by phase, country, kind]], { self.a.code, self.b.code }, nil, phases.of(self.store))
  return named(self, counted(t, function(list, i)
    return list.data_[Table.position(list, "kind")][i] == "report" and "report" or "alert"
  end), "country")
end

function builders.figures(self) return own_figures(self.store, self.a) end

function builders.quantities(self)
  return self.store:claims():table("quantity", { by = { "phase", "category" }, scope = self.a.code })
end

function builders.partner_figures(self)
  local b = self.b.code
  local t = rows_where(self.store:claims():all(), function(row)
    local value = row.value
    local said = row.measure ~= "ordinal" and
      (row.measure ~= "count" or claims_quantity.is_amount { measure = "count", unit = value.unit })
    return said and (row.scope == b or (row.subject or ""):sub(1, #b + 1) == b .. "-")
  end)
  return t:select("phase", "period", "measure", "category", "item", "value", "source")
end

local function record_params(self)
  local from, to = self.range.from, self.range.to
  return { self.a.code, self.b.code, from and (core.date.bounds(from)) or "", to and select(2, core.date.bounds(to)) or "" }
end

function builders.corridors(self)
  local t = named(self, section_table(self.store, corridor_sql, record_params(self)), "origin", "destination")
  t.columns_[3] = { name = "n", kind = "int", unit = "case" }
  return t
end

function builders.mirror(self)
  local t = section_table(self.store, mirror_sql, record_params(self), nil, phases.of(self.store))
  for c, side in ipairs { self.a, self.b } do
    t.columns_[c + 1].vi, t.columns_[c + 1].en = "Số vụ phía " .. side.vi .. " ghi", "Cases recorded by " .. side.en
  end
  return t
end

-- Rows of phases and periods that lie wholly outside the range asked for are left out.
local function in_range(self, t)
  if not (self.range.from or self.range.to) then return t end
  local by_key = phases.of(self.store).by_key
  local function phase_inside(key)
    local first, last = key:match "^(.-)/(.+)$"
    local a, b = by_key[first or key], by_key[last or key]
    if not a or not b or not a.date then return true end
    return inside(a.date .. "/" .. (b.date_to or b.date or a.date), self.range)
  end
  return rows_where(t, function(row)
    local period = t.index_.period and row.period
    if period then return inside(period, self.range) end
    local phase = t.index_.phase and row.phase
    return not phase or phase_inside(phase)
  end)
end

Bilateral.__index = function(self, name)
  if Bilateral[name] then return Bilateral[name] end
  if builders[name] then
    local t = in_range(self, builders[name](self))
    rawset(self, name, t)
    return t
  end
  local names = {}
  for i, section in ipairs(sections) do names[i] = section[1] end
  core.find_name(tostring(name), names, {}, "part of a bilateral summary")
end

local function heading_of(self, section, locale)
  local side = section[1] == "partner_figures" and self.b or self.a
  return (labels.say(locale, section[2], section[3]):gsub("%%s", side[locale == "en" and "en" or "vi"]))
end

local empty = {
  corridors = { "chưa có hồ sơ vụ việc nào trong kho", "no case records in this store" },
  mirror = { "chưa có hồ sơ vụ việc nào trong kho", "no case records in this store" },
}

-- One line for each source that the tables name.
local function source_lines(self, locale)
  local used, lines = {}, {}
  for _, section in ipairs(sections) do
    local t = self[section[1]]
    local c = t.index_.source
    for i = 1, c and #t or 0 do used[t.data_[c][i] or ""] = true end
    for text in t:to_text():gmatch "%[([^%[%]]+)%]" do -- named inside a cell, "ngà voi 490 kg [un5]", perhaps over two lines
      for source in text:gmatch "[^,%s]+" do used[source] = true end
    end
  end
  local codes = {}
  for code in pairs(used) do codes[#codes + 1] = code end
  order.texts(codes)
  for _, source in ipairs(cite.of(self.store)(codes)) do
    if source.title or source.outlet then lines[#lines + 1] = cite.line(source, locale) end
  end
  return lines
end

-- The summary as render/document takes it.
local function document(self, locale)
  local parts = {}
  for i, section in ipairs(sections) do
    local t, why = self[section[1]], empty[section[1]] or { "chưa có dữ liệu", "no data" }
    parts[i] = { name = section[1], title = heading_of(self, section, locale), table = #t > 0 and t or nil,
      empty = labels.say(locale, why[1], why[2]) }
  end
  return { locale = locale, title = labels.say(locale, "Hợp tác " .. self.a.vi .. " – " .. self.b.vi,
    "Cooperation " .. self.a.en .. " – " .. self.b.en), parts = parts, sources = source_lines(self, locale) }
end

require("mekong.bilateral_output")(Bilateral, document)
require("mekong.display").give(Bilateral, { { "text/html", function(self) return self:to_html() end } })

-- store:bilateral("VN", "CN" [, {from =, to =}])
function core.store.methods.bilateral(store, a, b, opts)
  options.store(store, "bilateral")
  opts = options.check(opts, { "from", "to" }, "store:bilateral")
  local range = { from = year_or_date(opts.from, "from"), to = year_or_date(opts.to, "to") }
  if range.from and range.to and (core.date.bounds(range.from)) > select(2, core.date.bounds(range.to)) then
    core.raise("range", "from lies after to", "hint: give the earlier one as from")
  end
  local first, second = country(store, a), country(store, b)
  if first.code == second.code then core.raise("range", "a bilateral summary needs two different countries") end
  local names = names_of(store)
  for _, side in ipairs { first, second } do names[side.code] = names[side.code] or { side.vi, side.en } end
  return setmetatable({ store = store, a = first, b = second, range = range, names = names }, Bilateral)
end

return Bilateral
