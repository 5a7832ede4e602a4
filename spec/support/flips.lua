-- Every byte of a small store of sealed rows changed once: the answer is refused or right.
-- lua flips.lua [first [last [step]]]: bytes of the file from 0 on; prints how many were refused, right and wrong.
package.path = "./?.lua;" .. package.path
local core = require "mekong.core"
local mekong = require "mekong"
local place = require "spec.support.store_place"

local flips = {}

-- A sealed store in a file of that folder -> path, bytes.
function flips.store(folder)
  local path, cases, lines = folder .. "/flips.db", {}, {}
  local store = assert(mekong.open(path))
  for i = 1, 12 do
    cases[i] = { case = ("V%03d"):format(i), phase = 1 + i % 7, agency = i % 5 > 0 and "Đội " .. i % 13 or nil,
      suspects = i % 3 > 0 and i * 300 % 1000 or nil, joint = i % 2 == 0, note = i % 4 == 0 and "ghi chú " .. i or nil }
    for k = 1, i % 4 do
      lines[#lines + 1] = { case = cases[i].case, line = k, category = k % 2 == 1 and "drug" or "tobacco", value_vnd = i * 1000000,
        quantity = k < 3 and ("%d.%02d"):format(i, k * 5 + 1) or nil, unit = i % 2 == 1 and "kg" or "g" }
    end
  end
  assert(store:insert("cases", cases))
  assert(store:insert("lines", lines))
  assert(core.store.seal(store, 6))
  store:close()
  return path, place.read(path)
end

-- What the store says, from columns and row by row; the error where it refuses.
function flips.ask(path)
  return pcall(function()
    local store <close> = assert(mekong.open(path))
    local d = store.cases
    return table.concat({ tostring(d:by("phase"):agg("n = count()", "v = sum(value_vnd)", "s = sum(suspects)")), tostring(d:count "agency"),
      tostring(d:by("unit"):sum "quantity"), tostring(d:where("joint and category = 'drug'"):count()), store:digest(),
      tostring(store:sql 'select c."case", c.note, l.line, l.quantity from cases c left join lines l on l."case" = c."case" order by 1, 3') })
  end)
end

-- Changes one bit of each byte between two, both in -> how many answers were refused, right, and a list of bytes with wrong ones.
function flips.try(path, bytes, first, last, step)
  local ok, expected = flips.ask(path)
  assert(ok, expected)
  local refused, right, wrong = 0, 0, {}
  for at = first, math.min(last, #bytes - 1), step do
    place.write(path, bytes)
    place.patch(path, at, string.char(bytes:byte(at + 1) ~ (1 << at % 8)))
    local fine, said = flips.ask(path)
    if not fine then refused = refused + 1
    elseif said == expected then right = right + 1
    else wrong[#wrong + 1] = at end
    os.remove(path .. "-wal")
    os.remove(path .. "-shm")
  end
  place.write(path, bytes)
  return refused, right, wrong
end

if arg and arg[0] and arg[0]:find "flips%.lua$" then
  local folder = place.folder()
  local path, bytes = flips.store(folder)
  -- The same store in small pages, so that fewer bytes are empty.
  if place.sqlite(path, "pragma journal_mode = delete; pragma page_size = 512; vacuum; pragma journal_mode = wal") then bytes = place.read(path) end
  local refused, right, wrong = flips.try(path, bytes, tonumber(arg[1]) or 0, tonumber(arg[2]) or #bytes, tonumber(arg[3]) or 1)
  place.remove(folder)
  print(("%d bytes: %d refused, %d right, %d wrong %s"):format(#bytes, refused, right, #wrong, table.concat(wrong, " ")))
  print(("%d passed, %d failed"):format(refused + right, #wrong))
  os.exit(#wrong == 0)
end

return flips
