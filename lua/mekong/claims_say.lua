-- claims_say: what an analyst enters beside the ledger: numbers, changes and sums as a source announced them. They are part of
-- every answer of the Claims object at once and of the store after claims:save(). Each is a row like those of the table
-- claims, plus surface, first and last where it was read in a text, and readings while it can be read in several ways:
--   readings = {{lower, upper, lower_open, upper_open, best, unit, reason = {vi, en}}, ...}
-- Nothing with several readings is saved before claims:choose settles it and the choice is kept in the note.
local core = require "mekong.core"
local claim_name = require "mekong.claim_name"
local claims_rows = require "mekong.claims_rows"
local entity = require "mekong.entity"
local options = require "mekong.options"
local rows_of = require("mekong.rows").of

local claims_say = {}

-- Numbers of claims that users enter; those of the ledger are smaller.
local FIRST_OWN = 100000

local function text_of(value, what)
  if type(value) ~= "string" or value == "" then
    core.raise("type", what .. " must be a text, not " .. (value == "" and "an empty one" or "a " .. type(value)))
  end
  return value
end

local function next_id(self)
  local last = FIRST_OWN
  for _, row in ipairs(self.own) do last = math.max(last, row.claim) end
  local stored = rows_of(self.store, "select max(claim) as n from claims")[1]
  return math.max(last, stored and stored.n or 0) + 1
end

-- The ends and the hedge of a figure as the columns of a claim.
local function ends_of(f)
  return { lower = f.lo, upper = f.hi, lower_open = f.lo ~= nil and f.lo_open, upper_open = f.hi ~= nil and f.hi_open,
    best = f.best, qualifier = f.qualifier, unit = f.unit ~= "" and f.unit or nil }
end

local function put(row, more)
  for key, value in pairs(more) do row[key] = value end
  return row
end

local code_of = function(message) return message:match "%[(%l+)%]" end

-- core.figure.parse, or the figures of both readings with what each takes the text for.
local function parsed(text, opts, choices)
  local ok, f = pcall(core.figure.parse, text, opts)
  if ok then return f end
  if code_of(f) ~= "ambiguous" then error(f, 0) end
  local list = {}
  for i, choice in ipairs(choices) do
    local how = put({}, opts)
    how[choice.option] = choice.value
    local one
    ok, one = pcall(core.figure.parse, text, how)
    if not ok then error(f, 0) end
    list[i] = put(ends_of(one), { reason = choice.reason })
  end
  return nil, list
end

local marks = {
  { option = "style", value = "vi", reason = { "dấu chấm ngăn hàng nghìn, dấu phẩy ngăn phần thập phân",
    "points between thousands, a comma before decimals" } },
  { option = "style", value = "en", reason = { "dấu phẩy ngăn hàng nghìn, dấu chấm ngăn phần thập phân",
    "commas between thousands, a point before decimals" } },
}

local function figure_of(value, unit, opts)
  if math.type(value) == "integer" then return core.figure.new { best = value, unit = unit or "" } end
  if type(value) == "string" then return parsed(value, { unit = unit, style = opts.style }, marks) end
  if core.figure.is(value) then
    if value.unit == "" and unit and unit ~= "" then
      return core.figure.new { best = value.best, lo = value.lo, hi = value.hi, lo_open = value.lo_open, hi_open = value.hi_open,
        qualifier = value.qualifier, unit = unit, raw = value.raw }
    end
    return value
  end
  core.raise("type", "a claim takes a whole number, a text such as \"hơn 4.500 vụ\" or a figure, not a " .. type(value))
end

local say_options = { "first", "last", "note", "parent", "preferred", "preliminary", "style", "supersedes", "surface" }

local change_forms = 'hint: "tăng 111%", "giảm 32,7%", "gấp 2 lần", "chiếm 60,4%"'

local function checked(opts, what)
  opts = options.check(opts, say_options, what)
  for _, name in ipairs { "first", "last", "parent", "supersedes" } do
    if opts[name] ~= nil and math.type(opts[name]) ~= "integer" then
      core.raise("type", ("option %s takes a whole number, not a %s"):format(name, type(opts[name])))
    end
  end
  options.typed(opts.preliminary, "boolean", "option preliminary")
  options.typed(opts.preferred, "boolean", "option preferred")
  options.choice(opts.style, { "vi", "en" }, nil, "option style")
  for _, name in ipairs { "note", "surface" } do
    if opts[name] ~= nil then text_of(opts[name], "option " .. name) end
  end
  return opts
end

local function find(self, id)
  for _, row in ipairs(claims_rows.of(self)) do
    if row.claim == id then return row end
  end
  return nil
end

-- What stands under that number; raises when nothing does.
function claims_say.get(self, id)
  if math.type(id) ~= "integer" then core.raise("type", "a claim is meant by its number, not by a " .. type(id)) end
  return find(self, id) or core.raise("name", ("there is no claim %d"):format(id))
end

-- Takes a row of claims into a Claims object -> its number. Readers of texts hand in rows as described above: columns of the
-- table claims without claim and source, surface, first and last, and readings where there are several.
function claims_say.add(self, row, source, opts)
  opts = opts or {}
  if opts.parent then claims_say.get(self, opts.parent) end
  if opts.supersedes then claims_say.get(self, opts.supersedes) end
  local id = next_id(self)
  put(row, { claim = id, source = text_of(source, "the source"), preliminary = opts.preliminary or row.preliminary,
    parent = opts.parent, supersedes = opts.supersedes, first = opts.first or row.first, last = opts.last or row.last,
    note = opts.note or row.note, surface = opts.surface or row.surface })
  row.preferred = opts.preferred == nil or opts.preferred
  self.own[#self.own + 1] = row
  self.merged = false
  return id
end

-- The code of a category: of the vocabulary, or one that the store's codes or claims use; another one is a slip. "drug_precursor":
-- some sources count the two together.
local function category_of(self, name)
  if name == nil or name == "drug_precursor" then return name end
  local found, alike = entity.find(name, { kind = "category" })
  if found then return found.code end
  for _, row in ipairs(claims_rows.of(self)) do
    if row.category == name then return name end
  end
  if rows_of(self.store, "select code from codes where kind = 'category' and code = ?1", { name })[1] then return name end
  core.raise("name", ("unknown category '%s'"):format(name), alike[1] and ("did you mean '%s'?"):format(alike[1].code) or
    'hint: mekong.vocab:add("category", {name = code}) adds a name')
end

local function subject_row(self, name)
  local row = claim_name.read(name)
  if claim_name.relation[row.measure] then
    core.raise("type", ("'%s' names a change"):format(name), 'hint: claims:change("OMD5.cases", "OMD4.cases", "tăng 111%", source)')
  end
  row.category = category_of(self, row.category)
  return row
end

-- What goes from the name of a base into a row: the phase, the period or another number.
local function base_of(row, base)
  local same = row.scope == base.scope and row.measure == base.measure and row.category == base.category and row.item == base.item
  if same and base.phase == base.subject and not base.period then return "phase", base.phase end
  if same and base.subject == row.subject and base.period then return "period", base.period end
  return "variable", claim_name.of(base)
end

-- The methods of Claims by which claims are entered.
function claims_say.verbs(methods, check)
  -- claims:say("OMD4.cases", 1362, source [, {preliminary, parent, supersedes, style, note, first, last, surface, preferred}])
  -- -> number of the claim. The value is a whole number, a text ("hơn 4.500 vụ", "2,3 tấn") or a Figure; a text with two
  -- readings is kept with both.
  function methods:say(name, value, source, opts)
    check(self, "say")
    local row = subject_row(self, name)
    opts = checked(opts, "claims:say")
    local unit = row.unit or claim_name.unit[row.measure]
    local f, readings = figure_of(value, unit, opts)
    if f then
      put(row, ends_of(f))
      row.preliminary = f.status == "P" or nil
      row.surface = f.raw
    else
      row.readings, row.unit, row.surface = readings, readings[1].unit, value
    end
    return claims_say.add(self, row, source, opts)
  end

  local times = { "ratio", "increase" }

  -- claims:change("OMD5.cases", "OMD4.cases", "tăng 111%", source [, opts as say]) -> number of the claim: the first number
  -- against the second, in per cent, in times, or as a share ("chiếm 60,4%"). "tăng 2,15 lần" keeps its two readings.
  function methods:change(name, base, value, source, opts)
    check(self, "change")
    local row, of = subject_row(self, name), subject_row(self, base)
    opts = checked(opts, "claims:change")
    if claim_name.of(row) == claim_name.of(of) then core.raise("type", "a change needs two numbers, not '" .. name .. "' twice") end
    local text = value
    if core.figure.is(value) then text = value.raw or value:say() end
    if type(text) ~= "string" then
      core.raise("type", "a change is a text such as \"tăng 111%\", not a " .. type(value))
    end
    local share = text:match "^%s*[Cc]hiếm%s+(.*)$"
    local ok, f = pcall(core.figure.parse, share or text, { style = opts.style })
    local open = not ok and code_of(f) == "ambiguous"
    if open then
      f = core.figure.parse(text, { style = opts.style, reading = times[1] })
    elseif not ok then
      core.raise(code_of(f) or "syntax", ("'%s' states no change that can be read"):format(text), change_forms)
    end
    if f.unit ~= "%" and f.unit ~= "x" then
      core.raise("unit", ("'%s' is no change: it is counted in %s"):format(text, f.unit == "" and "nothing" or f.unit), change_forms)
    end
    local by_kind, ref = base_of(row, of)
    local measure = share and "percent_share" or f.unit == "%" and "percent_change" or "times_change"
    local direction = f.direction
    local hedge = f.qualifier
    if measure == "times_change" then
      if direction == "decrease" then f = core.figure.new { best = 1 } / f
      elseif not open then direction = "ratio" end
    elseif direction == "decrease" then
      f = -f -- by how much it fell
    end
    put(row, ends_of(f))
    if row.lower ~= nil and row.upper ~= nil then row.qualifier = hedge end
    put(row, { of_measure = row.measure, measure = measure, unit = f.unit, base_kind = by_kind, base_ref = ref,
      direction = direction, surface = f.raw or text })
    if row.unit == "" or row.unit == nil then row.unit = "x" end
    return claims_say.add(self, row, source, opts)
  end

  -- claims:sum("OMD7.cases", {"OMD7.cases.drug", "precursor", 108}, source [, opts]) -> number of the claim: the parts are
  -- all of the whole. A part is the name of a number, a category of the whole, or its number itself.
  function methods:sum(name, parts, source, opts)
    check(self, "sum")
    local row = subject_row(self, name)
    opts = checked(opts, "claims:sum")
    if type(parts) ~= "table" or #parts == 0 then core.raise("type", "claims:sum takes a list of parts") end
    local names, values = {}, {}
    for i, part in ipairs(parts) do
      local piece = put(put({}, row), { unit = row.unit })
      if type(part) == "string" and part:find "^[%a_][%w_%-]*$" then
        piece.category = category_of(self, part)
      elseif type(part) == "string" and part:find "^[^%d%s][^%s]*%.[%l_]+" then
        piece = subject_row(self, part)
      else
        piece.item = "part_" .. i
        values[#values + 1] = { claim_name.of(piece), part }
      end
      names[i] = claim_name.of(piece)
      if piece.measure ~= row.measure then
        core.raise("unit", ("%s cannot be added up to %s"):format(names[i], name), "hint: numbers of different things are never added")
      end
      if names[i] == claim_name.of(row) then core.raise("type", "'" .. names[i] .. "' is the whole itself") end
      for k = 1, i - 1 do
        if names[k] == names[i] then core.raise("duplicate", "'" .. names[i] .. "' is named twice") end
      end
    end
    for _, value in ipairs(values) do methods.say(self, value[1], value[2], source) end
    row.base_kind, row.base_ref = "sum", table.concat(names, " + ")
    return claims_say.add(self, row, source, opts)
  end

  -- claims:choose(claim, n): of the readings of a claim entered here the n-th is meant; the choice is noted.
  function methods:choose(id, n)
    check(self, "choose")
    local row = claims_say.get(self, id)
    local mine = false
    for _, other in ipairs(self.own) do mine = mine or other == row end
    if not mine then core.raise("readonly", ("claim %d is in the store already"):format(id), "hint: say it anew with supersedes") end
    local list = row.readings
    if row.measure == "times_change" and row.direction == "increase" then
      list = { { direction = "ratio", reason = { "bằng số lần đó", "so many times as much" } },
        { direction = "increase_by", reason = { "tăng thêm số lần đó", "more by so many times" } } }
    end
    if not list then core.raise("type", ("claim %d has one reading only"):format(id)) end
    local chosen = math.type(n) == "integer" and list[n]
    if not chosen then core.raise("range", ("claim %d has readings 1 to %d"):format(id, #list)) end
    for key, value in pairs(chosen) do
      if key ~= "reason" then row[key] = value end
    end
    row.readings, self.merged = nil, false
    row.note = (row.note and row.note .. "; " or "") .. "cách đọc đã chọn: " .. chosen.reason[1]
    return id
  end

  local columns = { "claim", "subject", "scope", "measure", "category", "item", "period", "phase", "lower", "upper", "lower_open",
    "upper_open", "best", "qualifier", "unit", "preliminary", "base_kind", "base_ref", "direction", "of_measure", "parent",
    "supersedes", "preferred", "source", "first", "last", "surface", "note" }

  local function stored_form(row, id, moved)
    local out = {}
    for _, name in ipairs(columns) do out[name] = row[name] end
    out.claim, out.parent, out.supersedes = id, moved[row.parent] or row.parent, moved[row.supersedes] or row.supersedes
    return out
  end

  -- claims:save() -> number of claims written | nil, message, info: those entered here, in one transaction. What one of them
  -- supersedes is no longer preferred; it stays in the store, and its former state in the history.
  function methods:save()
    check(self, "save")
    for _, row in ipairs(self.own) do
      if row.readings then
        core.raise("ambiguous", ("claim %d, '%s', has %d readings"):format(row.claim, row.surface, #row.readings),
          "hint: claims:choose(claim, n) settles which is meant; claims:solve():readings(claim) shows them")
      end
    end
    local store, own, failed = self.store, self.own, nil
    local function must(ok, message, info)
      if ok then return ok end
      failed = { message, info }
      error(failed)
    end
    local function write()
      local used, taken, known = {}, {}, {}
      for _, row in ipairs(rows_of(store, "select claim from claims")) do taken[row.claim] = true end
      for _, row in ipairs(rows_of(store, "select source from sources")) do known[row.source] = true end
      local last = FIRST_OWN
      for id in pairs(taken) do last = math.max(last, id) end
      for _, row in ipairs(own) do last = math.max(last, row.claim) end
      for _, row in ipairs(own) do
        if taken[row.claim] then last = last + 1 end
        used[row.claim] = taken[row.claim] and last or row.claim
      end
      for _, row in ipairs(own) do
        if not known[row.source] then must(store:insert("sources", { source = row.source })) end
        known[row.source] = true
        must(store:insert("claims", stored_form(row, used[row.claim], used)))
      end
      for _, row in ipairs(own) do
        if row.supersedes then must(store:update("claims", used[row.supersedes] or row.supersedes, { preferred = false })) end
      end
      return #own
    end
    local ok, count, message, info = pcall(store.transaction, store, write)
    if not ok then
      if count == failed then return nil, failed[1], failed[2] end
      error(count, 0)
    end
    if count then self.own, self.merged = {}, false end
    return count, message, info
  end
end

return claims_say
