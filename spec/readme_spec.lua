-- README: what it shows is what the programs print, its first script runs, and the places it names are there.
local mekong = require "mekong"
local expect = require "spec.support.expect"

local function read(path)
  local f <close> = assert(io.open(path, "rb"))
  return f:read "a"
end

-- Results as the tables of the README show them, or the code of the error in brackets.
local function said(expression, known)
  local results, out = table.pack(pcall(assert(load("return " .. expression, expression, "t", setmetatable(known, { __index = _G }))))), {}
  if not results[1] then return "[" .. mekong.errinfo(results[2]).code .. "]" end
  for i = 2, results.n do
    local ok, text = pcall(tostring, results[i])
    out[#out + 1] = ok and text or "[" .. mekong.errinfo(text).code .. "]"
  end
  return table.concat(out, ", ")
end

local function with_file(text, fn)
  local path = os.tmpname()
  local f <close> = assert(io.open(path .. ".csv", "wb"))
  f:write(text)
  f:close()
  fn(path .. ".csv")
  os.remove(path)
  os.remove(path .. ".csv")
end

local function run(script, env)
  local out, status = expect.lua({ script }, env)
  assert.equal(0, status, out)
  return out
end

describe("the README", function()
  local readme = read "README.md"

  it("shows lines of the demonstration, to the letter", function()
    local shown, printed = readme:match "```\n(.-)\n```", run("examples/demo.lua", { "MEKONG_LOCALE=vi" })
    local count = 0
    for line in shown:gmatch "[^\n]+" do
      assert(("\n" .. printed):find("\n" .. line .. "\n", 1, true), "not printed by examples/demo.lua: " .. line)
      count = count + 1
    end
    assert(count > 10)
  end)

  it("has a first script of about ten lines that runs", function()
    local script = readme:match "## A first script\n\n```lua\n(.-)```"
    local path = os.tmpname()
    local f = assert(io.open(path, "wb"))
    f:write(script)
    f:close()
    local printed = run(path)
    os.remove(path)
    assert(printed:find("−32,7%", 1, true), printed)
    assert(printed:find("≥ 108", 1, true), printed)
    assert(printed:find("Hải quan Nam Ninh", 1, true), printed)
  end)

  it("gives what its table of Vietnamese text says, row by row", function()
    local store <close> = assert(mekong.open ":memory:")
    assert(store:insert("cases", { case = "1", note = "bắt ma tuý đá" }))
    local known = { text = mekong.text, entity = mekong.entity, fmt = mekong.fmt, vocab = mekong.vocab, store = store }
    setmetatable(known, { __index = _G })
    local count = 0
    for expression, shown in readme:match "## Vietnamese text\n(.-)\n## ":gmatch "\n| [^|]+ | `([^|`]+)` | `([^|`]*)` |" do
      local results, texts = table.pack(assert(load("return " .. expression, expression, "t", known))()), {}
      for i = 1, results.n do
        if type(results[i]) ~= "table" then texts[#texts + 1] = tostring(results[i]) end
      end
      assert.equal(shown, table.concat(texts, ", "), expression)
      count = count + 1
    end
    assert(count >= 35)
  end)

  local records = readme:match "\n## Hồ sơ / Records\n(.-)\n## "

  it("gives what its table of records says, row by row", function()
    local store <close>, count = assert(mekong.omd()), 0
    with_file(records:match "```csv\n(.-)```", function(path)
      local report = assert(store:load("cases", path))
      local known = { mekong = mekong, store = store, report = report, d = store.cases }
      for expression, shown in records:gmatch "\n| [^|]+ | `([^|`]+)` | `([^|`]*)` |" do
        assert.equal(shown, said(expression, known), expression)
        count = count + 1
      end
    end)
    assert(count >= 17, count)
  end)

  it("shows the ten questions as the example asks them", function()
    local example, count = read "examples/records.lua", 0
    for row in records:gmatch "[^\n]+" do
      local line = row:match "^| [^|]+ | `([^|`]+)` |$"
      if line then
        local asked = line:find "^local" and line or "print(" .. line .. ")"
        assert(example:find("\n" .. asked .. "\n", 1, true), line)
        count = count + 1
      end
    end
    assert.equal(10, count)
  end)

  it("loads with a preview, a map of columns and the map again", function()
    local script, printed = records:match "```lua\n(.-)```", {}
    local text = "Số QĐ;Ngày;Tỉnh;Nhóm hàng;Số lượng;Cán bộ nhập\nM%d;2/8/2025;Lạng Sơn;ma túy;5 kg;x\n"
    with_file(text:format(1), function(first)
      with_file(text:format(2), function(second)
        local changed = script:gsub("vu%-viec%.csv", first):gsub("thang%-sau%.csv", second):gsub("vu%-viec%.db", ":memory:")
        local env = setmetatable({ print = function(value) printed[#printed + 1] = tostring(value) end }, { __index = _G })
        assert(load(changed, "README", "t", env))()
      end)
    end)
    expect.holds(printed[1], "Xem trước", "Số QĐ", "Cán bộ nhập")
    expect.holds(printed[2], "nhận 1", "loại 0")
    expect.holds(printed[3], "Lạng Sơn", "2")
    expect.holds(printed[4], "giai đoạn", "số lượng")
  end)

  it("saves tables as it says, in every form it names", function()
    local files, folder, printed = readme:match "\n## Tệp / Files\n(.-)\n## ", os.tmpname(), {}
    os.remove(folder)
    assert(os.execute("mkdir " .. folder))
    local script = files:match "```lua\n(.-)```":gsub('(save%(?%s*")', "%1" .. folder .. "/")
    if not pcall(require, "mekong.xlsx") then script = script:gsub("[^\n]*xlsx[^\n]*", "") end
    local env = setmetatable({ print = function(value) printed[#printed + 1] = value end }, { __index = _G })
    assert(load(script, "README", "t", env))()
    assert(os.execute("test -s " .. folder .. "/giai-doan.html && test -s " .. folder .. "/giai-doan.csv && rm -r " .. folder))
    expect.holds(printed[1], "| Phase | Cases |", "Sources:")
    expect.holds(printed[2], '"best":"4500"', '"upper":null')
    local omd <close>, count = mekong.omd(), 0
    local t = omd:claims():table("cases", { by = "phase" }):compare "phase"
    local json = t:to_json():gsub("mekong.table", '"%0"')
    for method in files:gmatch "\n| `[^|]+` | `(to_%w+)" do
      assert.is_function(t[method])
      count = count + 1
    end
    assert.equal(7, count)
    for member in files:match "`{\"format\".-`":gmatch '"([%l.]+)"' do expect.holds(json, '"' .. member .. '"') end
  end)

  it("gives at the command line what it says #tree", function()
    local count = 0
    for command, shown in readme:match "\n## Command line\n(.-)\n## ":gmatch "\n| [^|]+ | `([^`]+)` | `([^`]+)` |" do
      local out, status = expect.run("env -u MEKONG_DB -u MEKONG_LOCALE PATH=lua/bin:$PATH sh -c '" .. command:gsub("\\|", "|") .. "'")
      assert.equal(0, status, out)
      expect.holds(out, shown)
      count = count + 1
    end
    assert.equal(9, count)
  end)

  it("gives of announcements what its table says", function()
    local part, count = readme:match "\n## Announcements\n(.-)\n## ", 0
    local omd <close> = assert(mekong.omd())
    local known = { r = mekong.read(part:match '`r` is `mekong.read "([^"]+)"`'), claims = omd:claims() }
    for expression, shown in part:gmatch "\n| [^|]+ | `([^|`]+)` | `([^|`]*)` |" do
      assert.equal(shown, said(expression, known), expression)
      count = count + 1
    end
    assert.equal(6, count)
  end)

  it("sets the ten questions of the records beside other programs", function()
    local part, example, count = readme:match "\n## Coming from pandas, SQL, Excel\n(.-)\n## ", read "examples/records.lua", 0
    for call in part:gmatch "| `([^|`]+)` |\n" do
      assert(example:find((call:gsub("^n = ", "local n = ")), 1, true), call)
      count = count + 1
    end
    assert.equal(10, count)
  end)

  it("names places that are there", function()
    local count = 0
    for place in readme:match "## Where things are\n(.*)$":gmatch "`([%w_/%.]+)`" do
      local f = io.open(place) or io.open(place .. "/.") or io.open((place:gsub("/$", "")))
      assert(f or os.rename(place, place), place .. " is not in the tree")
      if f then f:close() end
      count = count + 1
    end
    assert(count >= 6)
  end)
end)
