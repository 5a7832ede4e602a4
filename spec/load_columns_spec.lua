-- Loading by columns of codes: whatever a file holds, the report and the store are the same as when its records are read one
-- by one, which is what decides. Files are made at random from cells of every kind that the field writes.
local mekong = require "mekong"
local core = require "mekong.core"
local columns = require "mekong.load.columns"
local told = require "spec.support.load_told"
local seeded = require "spec.support.seeded"

local fit = columns.fit

-- fn with every file read record by record
local function by_rows(fn)
  columns.fit = function() return false end
  local ok, a, b, c = pcall(fn)
  columns.fit = fit
  assert(ok, a)
  return a, b, c
end

local function run(text, opts, before)
  local store <close> = assert(mekong.open ":memory:")
  if before then before(store) end
  local ok, report, message, info = pcall(store.load, store, "cases", { text = text, name = "tệp" }, opts)
  if not ok then return (tostring(report):gsub("^[^ ]* ", "")) end -- such as dates of a replaced row that do not fit
  return told(store, report, message, info)
end

local function same(text, opts, before)
  local expected = by_rows(function() return run(text, opts, before) end)
  assert.equal(expected, run(text, opts, before))
end

-- ---------------------------------------------------------------- random files

local cells = {
  case = function(r, i)
    local n = r(12) == 1 and r(i) or r(3) > 1 and i or i - i % 3
    return r.one { "VN-%04d", "VN-%04d", "VN-%04d", "vn-%04d", " VN-%04d", "Vụ %04d", "vụ  %04d", "%04d", "HQ–%04d" }:format(n)
  end,
  phase = function(r) return r.one { "VII", "7", "OMD7", "giai đoạn 6", "6", "X", "", "V." } end,
  date = function(r)
    return r.one { ("%d/%d/2025"):format(r(28), r(12)), ("2024-%02d-%02d"):format(r(12), r(28)), "2025", "3/2025",
      "15/3/2025 08:30", "", "-", "31/2/2025", "1-5/3/2025", "20250701", "45800", ("%d/%d/25"):format(r(12), r(12)),
      "01/07/2025", "30/6/2025 00:00", "13/13/2025" }
  end,
  date_to = function(r) return r.one { "", "", "", "30/12/2025", "2/1/2024", "2025" } end,
  agency = function(r)
    return r.one { "Hải quan Tân Thanh", "HẢI QUAN TÂN THANH", "Hải  quan Tân Thanh", "Đội Kiểm soát", "Doi kiem soat", "", "–" }
  end,
  province = function(r)
    return r.one { "Hà Nội", "Tuyên Quang", "Hà Giang", "tỉnh Hà Giang", "Bắc Giang", "Xứ Mây", "TP HCM", "", "VN-01", "Quảng Nam" }
  end,
  reporter = function(r) return r.one { "VN", "Việt Nam", "viet nam", "Trung Quốc", "CN", "Utopia", "" } end,
  suspects = function(r) return r.one { "1", "2", "03", "", "5 người", "hai", "1.000", "1,5", "-", "0", "một" } end,
  joint = function(r) return r.one { "có", "không", "x", "1", "0", "", "có lẽ", "-" } end,
  note = function(r)
    return r.one { "", "", "ông Nguyễn Văn An, sinh năm 1980", "gọi 0912345678", ("dài "):rep(40) .. "hết",
      'nói "không"', "hai\ndòng", "a; b", "Số 123456789012", "bình thường" }
  end,
  category = function(r) return r.one { "ma túy", "Ma tuý", "drug", "wildlife", "động vật hoang dã", "hàng lạ", "" } end,
  commodity = function(r) return r.one { "heroin", "ngà voi", "thuốc lá", "", "Heroin" } end,
  quantity = function(r)
    return r.one { "1.715", "12,5", "12.5", ("%d"):format(r(5000)), ("%d.%02d"):format(r(90), r(99)), "1.234.567", "1,234.5", "", "n/a", "5 kg",
      "3 viên", "khoảng 3 tấn", "1 000", "-3", "1e5", "#REF!", "hai", "0,50", "007", "1.715 viên", "10", "10", "0.01" }
  end,
  unit = function(r) return r.one { "kg", "Kg.", "viên", "", "kgg", "tấn", "g", "cá thể", "kg", "kg" } end,
  value_vnd = function(r) return r.one { "", "1.500.000", "2000000", "1.500", "3 triệu", "-" } end,
  line = function(r) return r.one { "", "1", "2", "3", "1", "x" } end,
  no = function(r, i) return r(30) == 1 and "Tổng cộng" or tostring(i) end,
}
local heads = { case = "Mã vụ", phase = "Giai đoạn", date = "Ngày", date_to = "date_to", agency = "Cơ quan", province = "Tỉnh",
  reporter = "Nước báo cáo", suspects = "suspects", joint = "Phối hợp", note = "Ghi chú", category = "category", commodity = "Tang vật",
  quantity = "Số lượng", unit = "unit", value_vnd = "value_vnd", line = "line", no = "STT" }
local names = { "phase", "date", "date_to", "agency", "province", "reporter", "suspects", "joint", "note", "category", "commodity", "quantity",
  "unit", "value_vnd", "line" }

local function quoted(r, text)
  if text:find '["\r\n,;]' or r(25) == 1 then return '"' .. text:gsub('"', '""') .. '"' end
  if r(200) == 1 then return text .. '"' end
  if r(300) == 1 then return ' "' .. text .. '" ' end
  return text
end

local damage = { function(line) return line .. ",thừa" end, function(line) return (line:gsub(",[^,]*$", "")) end,
  function(line) return (line:gsub("^[^,]*", "\xC3\x28")) end, function(line) return line .. "\0" end,
  function(line) return (line:gsub("^([^,]*)", '"%1" sau')) end, function() return "" end, function() return " ,\t" end }

-- A file of so many rows; odd: one row in how many is damaged; plain: only cells that nobody asks about.
local function file(r, rows, odd)
  local used, eol = { "case" }, r.one { "\n", "\n", "\r\n", "\r" }
  for _, name in ipairs(names) do
    if r(3) > 1 then used[#used + 1] = name end
  end
  if r(3) == 1 then table.insert(used, 1, "no") end
  local kinds, head, out = {}, {}, {}
  for i, name in ipairs(used) do
    head[i] = heads[name]
    local few, cell = {}, cells[name]
    for k = 1, r(6) do few[k] = cell(r, r(rows)) end -- most columns hold few different texts
    kinds[i] = (name == "case" or name == "no" or r(4) == 1) and cell or function() return r.one(few) end
  end
  out[1] = table.concat(head, ",")
  for i = 1, rows do
    local line = {}
    for k in ipairs(used) do line[k] = quoted(r, kinds[k](r, i)) end
    local text = table.concat(line, ",")
    if r(odd) == 1 then text = r.one(damage)(text) end
    if r(60) == 1 then text = out[1] end
    out[i + 1] = text
  end
  local text = table.concat(out, eol)
  if r(4) > 1 then text = text .. eol end
  return r(8) == 1 and "\xEF\xBB\xBF" .. text or text
end

local function options(r)
  return { numbers = r.one { "vi", "en", "auto", "auto" }, dates = r.one { "auto", "auto", "dmy", "mdy", "iso" },
    on_duplicate = r.one { "reject", "skip", "replace" }, ragged = r.one { "pad", "reject" }, key = r(3) == 1 and "row" or nil,
    unit = r(4) == 1 and r.one { "kg", "viên" } or nil, strict = r(10) == 1 or nil, quote = r(15) == 1 and "'" or nil, extra = "ignore" }
end

local function stock(store)
  assert(store:insert("cases", { { case = "VN-0003", date = "2024-05-01", place = "A" }, { case = "VN-0007" },
    { case = "Vụ 0004", date = "2025-01-01" } }))
  assert(store:insert("lines", { { case = "VN-0003", line = 1, category = "drug", commodity = "heroin", quantity = "10", unit = "kg" } }))
end

local function none() end

-- The store seals few rows already.
local function sealed_stock(store)
  stock(store)
  assert(core.store.seal(store, 8))
end

-- What the reader of separated cells makes of a text behind its first record, and columns of it fed in pieces.
local function records_of(text, quote)
  local parser <close> = core.source.separated(",", quote, 0, false)
  local out = {}
  parser:feed(text)
  parser:feed(nil)
  for record in parser.next, parser do
    out[#out + 1] = ("%d %d %s %s"):format(record.line, record.n, record.error and record.error.message or "", table.concat(record, "|"))
  end
  table.remove(out, 1)
  out[#out + 1] = tostring(parser:blanks())
  return table.concat(out, "\n")
end

local function columns_of(store, text, width, quote, r, plain)
  local grid <close> = core.source.grid(store, ",", quote, 0, false, width, 1, plain)
  local at, out = 1, {}
  while at <= #text do
    local n = r and r(r.one { 3, 40, 70000 }) or #text
    grid:feed(text:sub(at, at + n - 1))
    at = at + n
  end
  grid:feed(nil)
  local rows, blanks = grid:size()
  for i = 1, rows do
    local record = grid:record(i)
    out[i] = ("%d %d %s %s"):format(record.line, record.n, record.error and record.error.message or "", table.concat(record, "|"))
  end
  out[#out + 1] = tostring(blanks)
  return table.concat(out, "\n")
end

describe("records cut into columns", function()
  it("are those of the reader of separated cells, in whatever pieces and on whatever processor", function()
    local store <close> = assert(mekong.open ":memory:")
    local signs = { "a", "b", "ố", ",", ",", ",", "\n", "\n", "\r\n", '"', '"', " ", "\t", "\r", "'", "\xFF", "\0" }
    for seed = 1, 400 do
      local r = seeded(seed)
      local width, parts, clean = r(4), {}, r(3) > 1 and 7 or 17
      for i = 1, width do parts[i] = "h" .. i end
      parts = { table.concat(parts, ",") }
      for _ = 1, r(r.one { 20, 200, 2000 }) do
        parts[#parts + 1] = r(4) == 1 and signs[r(clean + 2 > 17 and 17 or clean)] or r(6) == 1 and '"q,\n"' or ("x,"):rep(width - 1) .. r(9) .. "\n"
      end
      if seed % 50 == 0 then parts[#parts + 1] = "\n" .. ("dài"):rep(40000) .. ",b" end
      local text, quote = parts[1] .. "\n" .. table.concat(parts, "", 2), r.one { '"', '"', "'", "" }
      local expected = records_of(text, quote)
      assert.equal(expected, columns_of(store, text, width, quote), seed)
      assert.equal(expected, columns_of(store, text, width, quote, nil, true), seed)
      assert.equal(expected, columns_of(store, text, width, quote, r), seed)
    end
  end)

  it("tell cells that rise from row to row as they tell others, and from where they do no more", function()
    local store <close> = assert(mekong.open ":memory:")
    for seed = 1, 60 do
      local r = seeded(seed)
      local rows, number = { "a,b" }, 9999990
      for i = 1, r(r.one { 5, 60, 3000 }) do
        number = number + (r(4) == 1 and 0 or r(3))
        local key = ("%sVN-%08d%s"):format(r(5) == 1 and "x" or "", number, i % 2 == 0 and seed % 3 == 0 and "-A" or "")
        if r(seed % 4 == 0 and 40 or 4000) == 1 then
          key = r.one { "", "short", "VN-00000001", '"q,1"', "\xFF", ("VN-%08d"):format(number - 3), "a\0aaaaaaa" }
        end
        rows[#rows + 1] = key .. "," .. r(9)
      end
      local text = table.concat(rows, "\n") .. "\n"
      local expected = records_of(text, '"')
      assert.equal(expected, columns_of(store, text, 2, '"'), seed)
      assert.equal(expected, columns_of(store, text, 2, '"', r), seed)
    end
  end)

  it("tell texts of less than eight bytes from longer ones and from each other, however many there are", function()
    local store <close> = assert(mekong.open ":memory:")
    local r, rows, counts, different = seeded(11), { "a,b" }, {}, 0
    for i = 1, 9000 do
      local text = (("0123456789" .. r(99999)):sub(-r(9))) .. (i % 5 == 0 and "ố" or "")
      rows[#rows + 1] = text .. "," .. i
      if not counts[text] then different = different + 1 end
      counts[text] = (counts[text] or 0) + 1
    end
    local text = table.concat(rows, "\n") .. "\n"
    assert.equal(records_of(text, '"'), columns_of(store, text, 2, '"'))
    local grid <close> = core.source.grid(store, ",", '"', 0, false, 2, 1)
    grid:feed(text)
    grid:feed(nil)
    local texts, n = grid:texts(1)
    assert.equal(different, #texts)
    assert.is_true(different > 4500)
    for i, one in ipairs(texts) do assert.equal(counts[one], n[i]) end
  end)

  it("find keys that rise again when the store has them, or a row of their case is odd", function()
    local store <close> = assert(mekong.open ":memory:")
    local list = { "case,phase,date,quantity,unit" }
    for i = 1, 300 do list[#list + 1] = ("VN-2022-%06d,5,%s,1,kg"):format(i - (i % 7 == 0 and 1 or 0), i % 50 == 0 and "35/6/2022" or "1/6/2022") end
    local report = assert(store:load("cases", { text = table.concat(list, "\n") .. "\n" }))
    assert.equal(6, report.rejected)
    assert.equal(294, store:sql("select count(*) as n from lines")[1].n)
    report = assert(store:load("cases", { text = list[1] .. "\nVN-2022-000003,5,1/6/2022,1,kg\nVN-2022-000900,5,1/6/2022,1,kg\n" }))
    assert.equal(1, report.rejected)
  end)
end)

describe("records read as columns", function()
  it("number the lines of a case as records do, be they as many as a byte tells or more", function()
    for _, n in ipairs { 253, 254, 255, 256, 300 } do
      local list = { "case,phase,category,quantity,unit" }
      for case = 1, 3 do
        for i = 1, case == 2 and n or 2 do list[#list + 1] = ("V%d,3,drug,%d,kg"):format(case, i) end
      end
      same(table.concat(list, "\n") .. "\n", nil, function(store) core.store.seal(store, 64) end)
    end
  end)

  it("give what records read one by one give", function()
    local seeds = math.tointeger(tonumber(os.getenv "MEKONG_SEEDS" or 40))
    for seed = 1, seeds do
      local r = seeded(seed)
      local text = file(r, 1 + r(r.one { 3, 20, 60 }), r.one { 1000, 20, 5 })
      local opts = options(r)
      local before = r.one { stock, sealed_stock, none, none }
      local ok, why = pcall(same, text, opts, before)
      if not ok then error(("seed %d: %s"):format(seed, type(why) == "table" and why.message or tostring(why)), 0) end
    end
  end)
end)
