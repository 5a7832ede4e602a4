-- What a program learns from the text of an error.
local core = require "mekong.core"
local errinfo = require "mekong.errinfo"

local parse = errinfo.parse

describe("errinfo", function()
  it("takes the place, the message, the code and the hint apart", function()
    assert.same({ code = "name", message = "unknown column 'phse' in where", hint = "did you mean 'phase'?" },
      parse "report.lua:12: mekong: unknown column 'phse' in where [name]\ndid you mean 'phase'?")
    assert.same({ code = "closed", message = "store is closed" }, parse "x.lua:1: mekong: store is closed [closed]")
    assert.same({ code = "io", message = "cannot read [a] file" }, parse "mekong: cannot read [a] file [io]")
  end)
  it("reads what hosts put before and after", function()
    assert.same({ code = "type", message = "m" }, parse "lua5.4: /a b/c:d.lua:3: mekong: m [type]")
    assert.same({ code = "type", message = "m" }, parse '[string "x"]:3: mekong: m [type]\nstack traceback:\n\t[C]: in ?')
    assert.same({ code = "type", message = "m", hint = "do so" }, parse "a:1: mekong: m [type]\ndo so\nstack traceback:\n\t[C]: in ?")
  end)
  it("knows every code, and no other", function()
    for _, code in ipairs { "busy", "full", "damaged", "format", "readonly", "permission", "missing", "limit", "memory",
      "cancelled", "syntax", "name", "type", "unit", "range", "ambiguous", "duplicate", "closed", "io" } do
      local _, message = pcall(core.raise, code, "wrong")
      assert.equal(code, parse(message).code)
      assert.equal("wrong", parse(message).message)
    end
    assert.is_nil(parse "a.lua:1: mekong: m [other]")
  end)
  it("is nil for what is no error of ours", function()
    for _, text in ipairs { "", "attempt to index a nil value", "x.lua:1: mekong: no code", "x.lua:1: other: m [type]", "\n[type]" } do
      assert.is_nil(parse(text))
    end
    assert.is_nil(parse(nil))
    assert.is_nil(parse {})
  end)
  it("tells line and column of an input that was read", function()
    local record = parse "a.lua:1: mekong: a quote is not closed at line 12, column 34 [syntax]"
    assert.equal(12, record.line)
    assert.equal(34, record.col)
    assert.equal("integer", math.type(record.line))
  end)
  it("tells byte column and length of what carets mark", function()
    local record = parse "a.lua:1: mekong: unknown phase '9' [name]\n  giai đoạn = 99\n              ^^\nthere are: OMD1"
    assert.equal(#"giai đoạn = " + 1, record.col)
    assert.equal(2, record.len)
    assert.equal(1, record.line)
    record = parse "a.lua:1: mekong: m [name]\n  nhóm = ngà\n         ^^^"
    assert.equal("ngà", ("nhóm = ngà"):sub(record.col, record.col + record.len - 1))
    record = parse "a.lua:1: mekong: m [name]\n  đoa\u{323}n = x\n         ^"
    assert.equal("x", ("đoa\u{323}n = x"):sub(record.col, record.col + record.len - 1))
    record = parse "a.lua:1: mekong: m [syntax]\n  phase =\n         ^"
    assert.equal(#"phase =" + 1, record.col)
    assert.equal(1, record.len)
    assert.is_nil(parse("a.lua:1: mekong: m [name]\nthere are: ^").col)
  end)
  it("gives back what core.raise was given", function()
    local _, message = pcall(core.raise, "range", "there is no 31 February", "hint: 28/2/2025")
    local record = parse(message)
    assert.equal("range", record.code)
    assert.equal("there is no 31 February", record.message)
    assert.equal("hint: 28/2/2025", record.hint)
    assert.is_nil(record.line)
  end)
end)
