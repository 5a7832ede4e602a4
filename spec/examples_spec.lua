-- The scripts of examples/, run as a user runs them: they show the facts, in both languages, the same bytes every time.
local expect = require "spec.support.expect"
local locales = require "spec.support.locales"

local function run(script, env)
  local out, status = expect.lua({ "examples/" .. script .. ".lua" }, env)
  assert.equal(0, status, out)
  assert(utf8.len(out), script .. " did not write UTF-8")
  assert.is_nil((out:find("nil", 1, true)), out)
  assert.is_nil((out:find("0x", 1, true)), out)
  return out
end

describe("the demonstration", function()
  local vi, en
  setup(function()
    vi = run "demo"
    en = run("demo", { "MEKONG_LOCALE=en" })
  end)

  it("shows the phases with their cases by category, the unknown as unknown", function()
    expect.line(vi, "AP", "–")
    expect.line(vi, "164")
    expect.line(vi, "284")
    expect.line(vi, "868", "756", "112")
    expect.line(vi, "1.362", "1.267", "17", "78")
    expect.line(vi, "1.715", "1.499", "216")
    expect.line(vi, "1.155", "1.027", "20", "108")
    expect.line(en, "1,362", "1,267", "17", "78")
    expect.holds(vi:lower(), "sơ bộ")
    expect.holds(en:lower(), "preliminary")
  end)

  it("shows quantities by unit, tablets never in kilograms", function()
    expect.holds(vi, "1.745.000", "353", "12.800", "4.951,9", "2.279,71", "2.230")
    expect.holds(en, "1,745,000", "12,800", "4,951.9")
  end)

  it("shows changes between phases, the stated beside the computed", function()
    expect.line(vi, "1.715", "353", "25,9", "111%")
    expect.holds(vi, "+111%", "+25,9%", "−32,7%", "−5,5%")
    expect.holds(en, "+111%", "+25.9%", "−32.7%", "−5.5%")
    expect.line(vi, "868", "584", "205,6")
    expect.line(vi, "1.362", "494", "56,9", "57%")
  end)

  it("shows the total after V and what 'hơn 4.500' takes", function()
    expect.holds(vi, "4.393", "hơn 4.500", "108", "5.548")
    expect.line(vi, "108", "AP", "VI", "VII")
    expect.holds(en, "4,393", "4,500", "108", "5,548")
  end)

  it("shows Viet Nam and China, each line with its source", function()
    for _, text in ipairs { vi, en } do expect.holds(text, "XV", "XVI", "XVII", "38", "40", "123", "77", "59", "18", "VIII") end
    expect.holds(vi, "Nam Ninh", "Côn Minh", "Quảng Ninh", "Lạng Sơn", "Cao Bằng", "Tuyên Quang", "Lào Cai", "Lai Châu", "Điện Biên",
      "−37,4%")
    expect.holds(en, "Nanning", "Kunming", "−37.4%")
    expect.line(vi, "Nam Ninh", "S4")
    expect.line(vi, "77", "S2")
    expect.line(vi, "123", "S0")
  end)

  it("has no trailing spaces and no tabs", function()
    for _, text in ipairs { vi, en } do
      assert.is_nil((text:find "[ \t]\n"))
      assert.is_nil((text:find("\t", 1, true)))
    end
  end)
end)

describe("the ten questions most asked of records", function()
  it("take one short line each, 300 characters together, under a heading in both languages", function()
    local f <close> = assert(io.open("examples/records.lua", "rb"))
    local script, lines, characters = f:read "a", 0, 0
    for head, body in script:gmatch "\nsay(%b())\n([^\n]+)" do
      local number = math.tointeger(head:match '^%("(%d+)%. [^"]+", "%1%. [^"]+"%)$')
      if number then
        lines = lines + 1
        assert.equal(lines, number)
        characters = characters + utf8.len(body:match "^print(%b())$" and body:sub(7, -2) or body)
      end
    end
    assert.equal(10, lines)
    assert(characters <= 300, characters)
  end)

  it("are answered in English too", function()
    local en = run("records", { "MEKONG_LOCALE=en" })
    expect.holds(en, "MADE-UP", "2,000 rows read", "469", "476", "536", "+12.6%", "≥ 1,310", "69.5%", "Cambodia", "Jul 2025", "≥ 8,277.743",
      "57.703", "1,481")
    assert.is_nil((en:find("Tháng", 1, true)))
  end)
end)

describe("each example", function()
  local facts = {
    phases = { "1.715", "1.362", "+25,9%", "+111%", "−32,7%", "−5,5%" },
    cumulative = { "4.393", "hơn 4.500", "108" },
    bilateral = { "XVII", "Nam Ninh", "Côn Minh", "123", "77", "59", "18", "−37,4%" },
    records = { "GIẢ", "đọc 2.000 dòng", "Bị loại", "31/2/2025", "469", "476", "536", "+12,6%", "≥ 1.310", "69,5%", "Campuchia", "giữ cả 2",
      "7/2025", "≥ 8.277,743", "57,703", "1.481" },
  }
  for _, name in ipairs { "phases", "cumulative", "bilateral", "records" } do
    it(name .. " shows its facts", function()
      local out = run(name)
      expect.holds(out, table.unpack(facts[name]))
      assert.are_not.equal(out, run(name, { "MEKONG_LOCALE=en" }))
    end)

    it(name .. " gives the same bytes on every run, in every locale and time zone", function()
      local out = run(name)
      for _, env in ipairs {
        {}, { "LC_ALL=C" }, { "LC_ALL=vi_VN.UTF-8" }, { "LC_ALL=de_DE.UTF-8" }, { "LANG=tr_TR.UTF-8", "LC_NUMERIC=de_DE.UTF-8" },
        { "TZ=Asia/Ho_Chi_Minh" }, { "TZ=America/Los_Angeles" }, { "TERM=dumb", "COLUMNS=40" }, { "SOURCE_DATE_EPOCH=0" },
      } do
        assert.equal(out, run(name, env))
      end
    end)
  end

  it("gives the same bytes from another folder, with a decimal comma set in the process #tree", function()
    local got, status = locales.lua("de_DE", { "-e",
      [[assert(os.setlocale "de_DE.UTF-8"); assert(tostring(1.5) == "1,5"); dofile "examples/phases.lua"]] })
    if not got then return pending "no locale could be made here" end
    assert.equal(0, status, got)
    assert.equal(run "phases", got)
  end)
end)
