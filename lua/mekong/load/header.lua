-- header: which column of a table each column of a file is. Names fold as everywhere; what is only alike is suggested,
-- never taken.
local core = require "mekong.core"
local order = require "mekong.order"
local synonyms = require "mekong.load.synonyms"

local header = {}

-- ---------------------------------------------------------------- the names there are

-- Columns that only number the rows of a list.
local numbering = {}
for _, name in ipairs { "stt", "tt", "số tt", "số thứ tự", "no", "no.", "#" } do numbering[core.text.key(name, 1)] = true end

-- A heading as it is looked up: "so_luong" and "so-luong" are written for "so luong".
local function key_at(level, name)
  if level == 0 then return name end
  return core.text.key((name:gsub("[_%-%s]+", " ")), level)
end

local function add(index, level, name, at)
  local key = key_at(level, name)
  local slot = level .. "\0" .. key
  if key ~= "" and index[slot] == nil then index[slot] = at
  elseif key ~= "" and index[slot] ~= at then index[slot] = false end -- two columns: neither
end

-- {list of {name, table, at, type, ...}, index by folded name}: the columns that a file for these tables may have.
-- Columns of the first table go before those of the others.
function header.columns(store, tables)
  local list, indexes, seen = {}, {}, {}
  for nth, name in ipairs(tables) do
    local tab, number, columns = core.store.columns(store, name)
    local index = {}
    for at, column in ipairs(columns) do
      if not seen[column.name] then
        seen[column.name] = true
        column.table, column.number, column.at, column.order = tab, number, at, nth
        list[#list + 1] = column
        local names = { column.name }
        for alias in (column.aliases or ""):gmatch "[^|]+" do names[#names + 1] = alias end
        for alias in (synonyms.of(tab, column.name) or ""):gmatch "[^|]+" do names[#names + 1] = alias end
        column.names = names
        for _, one in ipairs(names) do
          for _, level in ipairs { 0, 1, 3 } do add(index, level, one, column) end
        end
      end
    end
    indexes[nth] = index
  end
  return { list = list, indexes = indexes }
end

-- The column of that name, by bytes, then folded, then without marks if that is one column only; and how it was found.
function header.find(known, name)
  for _, level in ipairs { 0, 1, 3 } do
    local slot = level .. "\0" .. key_at(level, name)
    for _, index in ipairs(known.indexes) do
      if index[slot] then return index[slot], index[slot].name == name and "name" or "alias" end
    end
  end
end

-- A suggestion for a name that is none, or nil.
function header.near(known, name)
  local best, cost, full
  for _, column in ipairs(known.list) do
    for _, one in ipairs(column.names) do
      local c, f = core.text.similarity(name:sub(1, 200), one)
      if c * 10 <= f * 3 and (not best or c * full < cost * f) then best, cost, full = one, c, f end
    end
  end
  return best
end

-- ---------------------------------------------------------------- one header

-- Spaces and line breaks inside a heading are one space; a colon or star at its end is decoration.
local function plain(text)
  text = core.text.nfc(text):gsub("\u{A0}", " "):gsub("%s+", " "):gsub("^ ", ""):gsub("[ :*]+$", "")
  return text
end

local scales = {}

-- "kg" -> 1, "kg"; "triệu đồng" -> 1000000, "VND"; nil for words that are neither.
local function scale_of(words)
  if scales[words] == nil then
    local figure = core.figure.number("1 " .. words, { record = true })
    local best = figure and #(figure.includes or {}) == 0 and figure:exact() and core.figure.decimal(figure)
    scales[words] = best and { best, figure.unit ~= "" and figure.unit or nil } or false
  end
  if scales[words] then return scales[words][1], scales[words][2] end
end

-- "Khối lượng (kg)" -> "Khối lượng", "1", "kg"
local function unit_in(text)
  local rest, words = text:match "^(.-)%s*[%(%[]([^%(%)%[%]]+)[%)%]]$"
  if not rest or rest == "" then return nil end
  local scale, unit = scale_of(words)
  if scale then return rest, scale, unit end
end

local counted = core.text.key("số", 3)

-- "Số viên" -> the heading of quantities, "1", "pill"; counts of cases and persons are no quantities.
local function counted_in(name)
  local first, words = name:match "^(%S+) (.+)$"
  if not first or core.text.key(first, 3) ~= counted then return nil end
  local scale, unit = scale_of(words)
  if unit and scale == "1" and unit ~= "case" and unit ~= "person" and unit ~= "%" and unit ~= "x" and unit ~= "VND" then
    return "quantity", scale, unit
  end
end

-- What column i of the file is: a plan {i, header, column, how, scale, unit}; column nil when it is ignored or unknown.
local function resolve(known, text, i, mapped)
  local name = plain(text)
  local plan = { i = i, header = text, name = name }
  local rest, scale, unit = unit_in(name)
  plan.scale, plan.unit = scale, unit
  if mapped == false then plan.how = "ignored" return plan end
  if mapped then plan.column, plan.how = mapped, "map" return plan end
  if name == "" then plan.how = "empty" return plan end
  plan.column, plan.how = header.find(known, name)
  if not plan.column and rest then plan.column, plan.how = header.find(known, rest) end
  if not plan.column then
    rest, scale, unit = counted_in(plain((name:gsub("_", " "))))
    if rest then plan.column, plan.how, plan.scale, plan.unit = header.find(known, rest), "alias", scale, unit end
  end
  if not plan.column then plan.how = numbering[core.text.key(name, 1)] and "numbering" or "unknown" end
  return plan
end

-- ---------------------------------------------------------------- the option map

-- {["Tên cột"] = "column" | false} -> key of the header -> column | false; every column named must be one.
function header.read_map(known, map)
  local out, keys = {}, {}
  for key in pairs(map) do
    if type(key) ~= "string" then core.raise("type", "option map: headers are strings, not a " .. type(key)) end
    keys[#keys + 1] = key
  end
  order.texts(keys)
  for _, key in ipairs(keys) do
    local wanted = map[key]
    if wanted ~= false and type(wanted) ~= "string" then
      core.raise("type", ("option map: '%s' stands for a column or false, not a %s"):format(key, type(wanted)))
    end
    local column = wanted and header.find(known, wanted)
    if wanted and not column then
      local near = header.near(known, wanted)
      core.raise("name", ("option map: there is no column '%s'"):format(wanted), near and ("did you mean '%s'?"):format(near) or nil)
    end
    out[core.text.key(plain(key), 1)] = column or false
  end
  return out, keys
end

local function check_used(keys, plans)
  for _, key in ipairs(keys) do
    local folded, used = core.text.key(plain(key), 1), false
    for _, plan in ipairs(plans) do used = used or core.text.key(plan.name, 1) == folded end
    if not used then
      local names = {}
      for i, plan in ipairs(plans) do names[i] = plan.name end
      core.find_name(key, names, {}, "header of the file in option map")
    end
  end
end

-- ---------------------------------------------------------------- all of them

local function quoted(list) return "'" .. table.concat(list, "', '") .. "'" end

-- Two columns of the file that are one of the table: nil, message, info.
local function check_twice(plans, source)
  local first = {}
  for _, plan in ipairs(plans) do
    local column = plan.column
    local before = column and first[column]
    if before then
      local alike = core.text.key(before.name, 1) == core.text.key(plan.name, 1)
      return core.fail("duplicate", ("%s: column %d '%s' and column %d '%s' of the header are both %s"):format(
        source, before.i, before.name, plan.i, plan.name, column.name),
        (alike and "hint: rename one of them in the file; map = {[%q] = false} leaves both out" or "hint: leave one out: map = {[%q] = false}")
          :format(plan.name))
    end
    if column then first[column] = plan end
  end
  return true
end

local function check_known(plans, known, source, extra)
  local unknown, places, hints = {}, {}, {}
  for _, plan in ipairs(plans) do
    if plan.how == "unknown" then
      unknown[#unknown + 1], places[#places + 1] = plan.name, tostring(plan.i)
      local near = header.near(known, plan.name)
      plan.near = near
      if near then hints[#hints + 1] = ("'%s': did you mean '%s'?"):format(plan.name, near) end
    end
  end
  if extra or #unknown == 0 then return true end
  local names = {}
  for i, column in ipairs(known.list) do names[i] = column.name end
  hints[#hints + 1] = ('hint: map = {[%q] = "column" or false}, or extra = "note" | "ignore" for all'):format(unknown[1])
  hints[#hints + 1] = "there are: " .. table.concat(names, ", ")
  local one = #unknown == 1
  local message = ("%s: column%s %s of the header %s unknown: %s"):format(
    source, one and "" or "s", table.concat(places, ", "), one and "is" or "are", quoted(unknown))
  return core.fail("name", message, table.concat(hints, "\n"))
end

local unit_words = core.text.key("đơn vị", 1)

-- "Đơn vị" heads agencies and units of measure. Beside a column of agencies it is the unit; alone between lines its cells
-- decide (maybe_unit).
local function settle_unit(plans, known)
  local unsure, agency, unit
  for _, plan in ipairs(plans) do
    local name = plan.column and plan.column.name
    if name == "agency" and plan.how ~= "map" and core.text.key(plan.name, 1) == unit_words then unsure = plan
    elseif name == "agency" then agency = plan
    elseif name == "unit" then unit = plan end
  end
  if not unsure or unit then return end
  if not agency then
    unsure.maybe_unit = true
    return
  end
  for _, column in ipairs(known.list) do
    if column.name == "unit" then unsure.column, unsure.how = column, "beside" end
  end
end

-- Plans for the columns of a file, or nil, message, info. opts: source, map (folded), map_keys, extra, preview.
function header.plan(known, texts, opts)
  local plans = {}
  for i, text in ipairs(texts) do
    local mapped
    if opts.map then mapped = opts.map[core.text.key(plain(text), 1)] end
    plans[i] = resolve(known, text, i, mapped)
  end
  settle_unit(plans, known)
  if opts.map_keys then check_used(opts.map_keys, plans) end
  local ok, message, info = check_twice(plans, opts.source)
  if ok then ok, message, info = check_known(plans, known, opts.source, opts.extra or opts.preview) end
  if not ok then return nil, message, info end
  return plans
end

return header
