-- Records are read from a text and from a file, in CSV, JSON and an older character set; whatever fails, nothing is held and
-- no record is given that the file does not hold.
local csv = 'a,b\n1,"x\ny"\nđ, "z"" q"\n\255,1\n3,"never\n'
local json = '[{"a":{"b":1,"c":"\\u1ebf"},"d":[1,2]},\n{"a":1,"a":2},{"d":"x"}]'
local older = "N\xACi b\xBEt,Ghi ch\xF3\nH\xB5 N\xE9i,ma t\xF3y t\xE6ng h\xEEp\nQu\xB6ng Tr\xDE,b\xBEt gi\xF7\n"

local function read(from, opts)
  local source = require "mekong.source"
  local reader <close>, message = source.open(from, opts)
  if not reader then error(message, 0) end
  local out = { table.concat(reader:header(), "|") }
  for record in reader:records() do
    if record.fatal then error(record.error.text, 0) end
    local cells = {}
    for i = 1, record.n do cells[i] = tostring(record[i]) .. "@" .. record.col(i) end
    out[#out + 1] = record.line .. " " .. table.concat(cells, "|") .. (record.error and record.error.code or "")
  end
  return table.concat(out, "\n")
end

local function all()
  local n = 0
  return table.concat({
    read { text = csv }, read({ text = csv }, { separator = ";", charset = "utf8" }), read({ text = older }), read { text = json },
    read "data/phases.csv", read({ text = "\xFF\xFEa\0\n\0b\0" }),
    read(function()
      n = n + 1
      if n < 3 then return { x = n, y = "z" } end
    end),
  }, "\n\n")
end

return {
  sparse = 64,
  setup = function() return require "mekong" end,
  run = all,
  check = function()
    local text = all()
    assert(text == all() and text:find("Quảng Trị", 1, true))
  end,
}
