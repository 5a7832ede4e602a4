-- Records in JSON: the grammar is taken at its word, numbers keep their text, and what is wrong is told at its place.
local source = require "mekong.source"
local expect = require "spec.support.expect"
local records = require "spec.support.records"

local function reads(expected, text, opts)
  assert.equal(expected, (records.text({ text = text }, opts)))
end

describe("JSON", function()
  it("is an array of objects, one object, or an object a line", function()
    reads("a|b|c\n1:1|x|nil\n2:nil|nil|true", '[{"a":1,"b":"x"},\n{"c":true, "a":null}]')
    reads("a\n1:x", ' {"a" : "x"} \n')
    reads("a|b\n1:x|nil\n4:y|2", '{"a":"x"}\n\n \t\r\n{"b":2,"a":"y"}\r\n')
    reads("a\n2:x", '\n{"a":"x"}', { format = "jsonl" })
  end)

  it("keeps the text of numbers", function()
    reads("a|b|c|d|e\n1:1e400|-0|0.10|123456789012345678901234567890|-1.5E-7",
      '[{"a":1e400,"b":-0,"c":0.10,"d":123456789012345678901234567890,"e":-1.5E-7}]')
  end)

  it("names members of objects inside a.b and keeps arrays as they are written", function()
    reads('a.b|a.c.d|e|f\n1:1|2|[1, {"x":2}]|nil', '[{"a":{"b":1,"c":{"d":2}},"e":[1, {"x":2}],"f":{}}]')
  end)

  it("undoes escapes", function()
    reads('a\n1:"\\/\b\f\n\r\tế\u{1F40A}', [=[[{"a":"\"\\\/\b\f\n\r\t\u1EBf\ud83d\uDC0A"}]]=])
  end)

  it("comes in older character sets and UTF-16 too", function()
    local text = '[{"nơi bắt":"Quảng Trị"},\n{"nơi bắt":"phát hiện vận chuyển ma túy tổng hợp"}]'
    local expected = "nơi bắt\n1:Quảng Trị\n2:phát hiện vận chuyển ma túy tổng hợp"
    for _, set in ipairs { "tcvn3", "vni", "cp1258" } do
      local got, reader = records.text { text = require("mekong.text").encode(text, set) }
      assert.equal(expected, got)
      assert.equal(set, reader.info.charset)
    end
    reads(expected, "\u{FEFF}" .. text)
    local wide = {}
    for _, point in utf8.codes(text) do wide[#wide + 1] = ("<I2"):pack(point) end
    reads(expected, "\xFF\xFE" .. table.concat(wide), { format = "json" })
  end)

  it("tells where every value stands", function()
    local list = records.all { text = '[\n {"đ": 1,\n  "b": "x"}]' }
    assert.same({ 8, 2 }, { list[1].col(1) })
    assert.same({ 8, 3 }, { list[1].col(2) })
  end)

  it("goes on after a record that the grammar holds but that cannot be taken", function()
    reads("a\n1:1 [duplicate 1,9]\n2:2", '[{"a":1,"a":1},\n{"a":2}]')
    reads("\n1: [duplicate 1,15]", '[{"a":{"b":1},"a":2}]')
    reads("a\n1:x\u{FFFD} [syntax 1,9]\n2:2", '[{"a":"x\\ud800"},\n{"a":2}]')
    reads("a\n1:\0 [syntax 1,8]\n2:2", '[{"a":"\\u0000"},\n{"a":2}]')
    reads("a\n1:nil [type 1,2]\n1:nil [type 1,5]\n1:nil [type 1,10]\n1:2", '[1, "x", [{}],{"a":2}]')
    reads("đ\n1:nil [syntax 1,7]\n2:đ", '{"a": "\xff"}\n{"đ":"đ"}')
  end)

  it("goes on after a broken line", function()
    reads("a\n1:nil [syntax 1,6]\n2:2\n3:nil [syntax 3,7]\n4:1 [syntax 4,8]", '{"a":}\n{"a":2}\n{"b":2]\n{"a":1},', { format = "jsonl" })
  end)

  it("ends where the grammar of an array is broken", function()
    reads("a\n1:1\n2:nil [syntax 2,1] fatal", '[{"a":1},\n]')
    reads("a\n1:1\n2:nil [syntax 2,1] fatal", '[{"a":1}\n{"a":1}]')
    reads("a\n1:1\n1:nil [syntax 1,11] fatal", '[{"a":1}] x')
    reads("a\n1:1\n1:nil [syntax 1,15] fatal", '[{"a":1},{"a":01}]')
  end)
end)

describe("what JSON does not allow", function()
  for name, case in pairs {
    ["a comma at the end of an object"] = { '[{"a":1,}]', 1, 9 }, ["a comma at the end of an array"] = { '[{"a":[1,]}]', 1, 10 },
    ["a comment"] = { '[{"a":/* x */1}]', 1, 7 }, ["single quotes"] = { "[{'a':1}]", 1, 3 }, ["a name without quotes"] = { "[{a:1}]", 1, 3 },
    ["a leading zero"] = { '[{"a":-01}]', 1, 8 }, ["a leading plus"] = { '[{"a":+1}]', 1, 7 }, ["a point without digit"] = { '[{"a":1.}]', 1, 9 },
    ["a leading point"] = { '[{"a":.5}]', 1, 7 }, ["an empty exponent"] = { '[{"a":1e}]', 1, 9 }, ["hexadecimal"] = { '[{"a":0x1}]', 1, 8 },
    ["NaN"] = { '[{"a":NaN}]', 1, 7 }, ["a large literal"] = { '[{"a":TRUE}]', 1, 7 }, ["a cut literal"] = { '[{"a":tru}]', 1, 7 },
    ["a line end in a string"] = { '[{"a":"x\ny"}]', 1, 9 }, ["an unknown escape"] = { [=[[{"a":"\x41"}]]=], 1, 9 },
    ["a short escape"] = { [=[[{"a":"\u12"}]]=], 1, 12 }, ["two values"] = { '[{"a":1 2}]', 1, 9 }, ["a missing colon"] = { '[{"a" 1}]', 1, 7 },
    ["a missing value"] = { '[{"a":}]', 1, 7 }, ["a string that never ends"] = { '[{"a":"x}]', 1, 1 }, ["a missing bracket"] = { '[{"a":1', 1, 1 },
    ["brackets that do not match"] = { '[{"a":[1}}]', 1, 9 }, ["nothing after the bracket"] = { "[", 1, 2 }, ["only a comma"] = { "[,]", 1, 2 },
    ["a number alone"] = { "1", 1, 1 }, ["a string alone"] = { '"a"', 1, 1 },
  } do
    it(name, function()
      local message, info = expect.fails({ "syntax", "format" }, source.open, { text = case[1] }, { format = "json" })
      assert.same("at line " .. case[2], message:match "at line %d+")
      if case[3] > 1 then expect.holds(message, ("line %d, column %d"):format(case[2], case[3])) end
      assert(info)
    end)
  end

  it("more than 64 brackets inside each other", function()
    local function nested(n) return '[{"a":' .. ("["):rep(n) .. ("]"):rep(n) .. "}]" end
    reads("a\n1:" .. ("["):rep(63) .. ("]"):rep(63), nested(63))
    reads("\n1: [limit 1,70]", nested(64))
    reads("\n1: [limit 1,70]", nested(100000))
    expect.fails("syntax", source.open, { text = '[{"a":' .. ("["):rep(100000) })
  end)

  it("a file without records", function()
    for _, text in ipairs { "", " \n", "[]", "[ ]\n" } do
      expect.fails("format", source.open, { text = text }, { format = "json" })
    end
    expect.fails("format", source.open, { text = "\n \n" }, { format = "jsonl" })
  end)
end)
