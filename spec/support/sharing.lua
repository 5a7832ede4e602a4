-- sharing: one of several processes that write pairs of cases into one store, seal them, change them and bring them back as plain rows.
-- lua sharing.lua PATH NAME STEPS SEED: prints the keys of the pairs that are its own at the end, one a line, and ends with status 0;
-- or with what it found wrong.
-- The two cases of a pair have ten suspects together and come, change and go together, so that whoever asks can tell half of a change.
local core = require "mekong.core"
local mekong = require "mekong"
local seeded = require "spec.support.seeded"

local path, name, steps, seed = arg[1], arg[2], math.tointeger(arg[3]), math.tointeger(arg[4])
local random, own, made = seeded(seed), {}, 0
local store <close> = assert(mekong.open(path))

-- Until it is done; another process may hold the lock.
local function insist(work)
  for _ = 1, 1000 do
    local ok, done, message = pcall(work)
    if ok and done then return done end
    message = tostring(ok and message or done)
    assert(message:find "%[busy%]", message)
  end
  error "the store is busy for ever"
end

local function pair(key, first)
  return store:transaction(function()
    assert(store:insert("cases", { { case = key .. "a", phase = 5, suspects = first, agency = "Đội " .. first },
      { case = key .. "b", phase = 5, suspects = 10 - first, agency = name } }))
    assert(store:insert("lines", { { case = key .. "a", line = 1, quantity = first .. ".5", unit = "kg" },
      { case = key .. "b", line = 1, quantity = 10 - first .. ".5", unit = "kg" } }))
    return true
  end)
end

local works = {
  function()
    made = made + 1
    local key = ("%04d%s"):format(random(9999), name .. made)
    insist(function() return pair(key, random(9)) end)
    own[#own + 1] = key
  end,
  function()
    local key, first = own[random(#own)], random(9)
    insist(function()
      return store:transaction(function()
        assert(store:update("cases", key .. "a", { suspects = first }))
        assert(store:update("cases", key .. "b", { suspects = 10 - first }))
        return true
      end)
    end)
  end,
  function()
    local key = table.remove(own, random(#own))
    insist(function()
      return store:transaction(function()
        for _, half in ipairs { "a", "b" } do
          assert(store:delete("lines", { case = key .. half }))
          assert(store:delete("cases", { case = key .. half }))
        end
        return true
      end)
    end)
  end,
  function() insist(function() return core.store.seal(store, random.one { 2, 4, 16 }) end) end,
  function() insist(function() return core.store.seal(store, 8) end) end,
  function() if random(3) == 1 then insist(function() return store:unseal() end) end end,
}

local function look()
  local row = insist(function() return store.cases:agg("n = count()", "s = sum(suspects)", "kg = sum(quantity in kg)")[1] end)
  local n = row.n
  assert(n % 2 == 0, n .. " cases: half of a pair")
  assert(n == 0 or row.s:is(tostring(5 * n)), tostring(row.s) .. " suspects of " .. n .. " cases")
  local plain = insist(function()
    return store:sql([[select count(*) as n, sum(c.suspects) as s, count(l.line) as l from cases c left join lines l on l."case" = c."case"]])[1]
  end)
  assert(plain.n % 2 == 0 and plain.l == plain.n and (plain.n == 0 or plain.s == 5 * plain.n), "half of a pair in SQL")
end

for _ = 1, steps do
  works[#own < 3 and 1 or random(#works)]()
  look()
end
for _, key in ipairs(own) do print(key) end
