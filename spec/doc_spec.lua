-- The one source of documentation: it covers every public name, its examples give what it says, and what is made from it is
-- what stands in the tree.
local mekong = require "mekong"
local doc = require "mekong.doc"
local docs = require "spec.support.docs"
local examples = require "spec.support.examples"
local expect = require "spec.support.expect"

local function read(path)
  local f <close> = assert(io.open(path, "rb"))
  return f:read "a"
end

-- The table of methods behind an object, one of which is known: what its __index is, or reads from.
local function methods_of(object, known)
  local metatable = getmetatable(object)
  local index = metatable.__index
  if type(index) == "table" then return index end
  for i = 1, 20 do
    local name, value = debug.getupvalue(index, i)
    if not name then break end
    if type(value) == "table" and type(rawget(value, known)) == "function" then return value end
  end
  return metatable.methods or metatable
end

-- Names that classes keep to themselves, and what every object has.
local own = { display = true }

describe("the documentation", function()
  local open = examples.open()
  local env = open()
  local objects = { Store = env.store, Frame = env.d, Grouped = env.d:by "category", Table = env.cases, Figure = env.f,
    Claims = env.store:claims(), Solution = env.solved, Chart = env.chart }

  it("covers every method of every class, and names none that is not there", function()
    local missing, unknown = {}, {}
    for _, class in ipairs(doc.classes()) do
      local known
      for _, entry in ipairs(class) do known = known or entry[2] and entry[1] end
      local methods = objects[class.class] and methods_of(objects[class.class], known)
      if class.class == "mekong" then methods = mekong end
      if class.plain then methods = mekong[class.class:match "%.(.*)$"] end
      if methods then
        local said = {}
        for name in (class.internal or ""):gmatch "%S+" do said[name] = true end
        for _, entry in ipairs(class) do
          said[entry[1]] = true
          if entry[2] and type(rawget(methods, entry[1])) ~= "function" then unknown[#unknown + 1] = doc.name(class, entry) end
        end
        for name, value in pairs(methods) do
          local public = type(name) == "string" and type(value) == "function" and not name:find "^_" and not own[name]
          if public and not said[name] then
            missing[#missing + 1] = class.class .. ":" .. name
          end
        end
      end
    end
    table.sort(missing)
    table.sort(unknown)
    assert.same({}, missing)
    assert.same({}, unknown)
  end)

  it("says something in both languages of every name, and gives an example", function()
    for _, class in ipairs(doc.classes()) do
      assert(class.vi and class.en, class.class)
      for _, entry in ipairs(class) do
        local name = doc.name(class, entry)
        assert(entry.vi and #entry.vi > 4 and entry.en and #entry.en > 4, name)
        assert(entry.example and entry.gives, name .. " has no example")
        for code in (entry.errors or ""):gmatch "%S+" do
          assert(("busy full damaged format readonly permission missing limit memory cancelled syntax name type unit range " ..
            "ambiguous duplicate closed io"):find(code, 1, true), name .. ": " .. code)
        end
      end
    end
  end)

  for _, class in ipairs(doc.classes()) do
    it("gives in the examples of " .. class.class .. " what they give", function()
      for _, entry in ipairs(class) do
        assert.equal(entry.gives, examples.said(entry.example, open()), doc.name(class, entry) .. ": " .. entry.example)
      end
    end)
  end

  it("is where the reference of the README comes from", function()
    assert.equal(docs.reference(), read "README.md":match "<!%-%- reference %-%->\n(.-)<!%-%- end of reference %-%->")
  end)

  it("is where the types for editors come from, and they are Lua", function()
    local text = docs.types()
    assert.equal(text, read "lua/mekong/library/mekong.lua")
    assert(load(text, "types", "t", {}))
    for _, class in ipairs(doc.classes()) do
      for _, entry in ipairs(class) do
        if entry[2] then
          assert(text:find("[.:]" .. entry[1] .. "%("), doc.name(class, entry))
        end
      end
    end
  end)
end)

describe("mekong.help", function()
  it("says of a name what it takes, gives and raises", function()
    local text = tostring(mekong.help("Table:top", { locale = "en" }))
    expect.holds(text, "Table:top(n [, opts])", "the n largest rows", "others", "[range]", "1.715")
  end)

  it("finds a name in every class that has it, and a class as a whole", function()
    local text = tostring(mekong.help "count")
    expect.holds(text, "Frame:count", "Grouped:count")
    expect.holds(tostring(mekong.help "store"), "Store:load", "Store.cases")
    expect.holds(tostring(mekong.help()), "mekong.open", "mekong.text.key", "Figure:say")
  end)

  it("names the nearest of what is not there", function()
    expect.holds((expect.raises("name", function() mekong.help "Table:tpo" end)), "Table:top")
    expect.raises("type", function() mekong.help(5) end)
    expect.raises("name", function() mekong.help("top", { local_ = "en" }) end)
  end)
end)
