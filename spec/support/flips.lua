-- Every byte of a small store of sealed rows changed once: the answer is refused or right. Of one where sealed rows were changed and
-- deleted since, whose plain rows have no checksum, the bytes of what tells which sealed rows there are.
-- lua flips.lua [first [last [step]]]: bytes of each file from 0 on; prints how many were refused, right and wrong.
package.path = "./?.lua;" .. package.path
local core = require "mekong.core"
local mekong = require "mekong"
local place = require "spec.support.store_place"

local flips = {}

-- Takes three sealed cases out of their blocks, one for ever; and puts a plain line beside a sealed case. Opened anew, the store has large
-- blocks, so that these stay as they are.
local function change(path)
  local store <close> = assert(mekong.open(path))
  assert(store:transaction(function()
    assert(store:delete("lines", { case = "V003" }))
    assert(store:delete("persons", { case = "V003" }))
    assert(store:delete("cases", { case = "V003" }))
    assert(store:update("cases", "V002", { suspects = 77 }))
    assert(store:update("lines", { "V009", 1 }, { quantity = "3.5" }))
    assert(store:insert("lines", { case = "V007", line = 9, unit = "kg", quantity = "1" }))
    return true
  end))
end

-- A sealed store in a file of that folder, in small pages so that few bytes are empty, where other programs can make it so -> path, bytes.
-- changed: since it was sealed.
function flips.store(folder, changed)
  local path, cases, lines, persons = folder .. "/flips.db", {}, {}, {}
  local store = assert(mekong.open(path))
  for i = 1, 12 do
    cases[i] = { case = ("V%03d"):format(i), phase = 1 + i % 7, agency = i % 5 > 0 and "Đội " .. i % 13 or nil,
      suspects = i % 3 > 0 and i * 300 % 1000 or nil, joint = i % 2 == 0, note = i % 4 == 0 and "ghi chú " .. i or nil }
    persons[i] = { case = cases[i].case, line = 1, count = i % 3, role = "người " .. i % 2 }
    for k = 1, i % 4 do
      lines[#lines + 1] = { case = cases[i].case, line = k, category = k % 2 == 1 and "drug" or "tobacco", value_vnd = i * 1000000,
        quantity = k < 3 and ("%d.%02d"):format(i, k * 5 + 1) or nil, unit = i % 2 == 1 and "kg" or "g" }
    end
  end
  assert(store:insert("cases", cases))
  assert(store:insert("lines", lines))
  assert(store:insert("persons", persons))
  assert(core.store.seal(store, 6))
  store:close()
  if changed then change(path) end
  place.sqlite(path, "pragma journal_mode = delete; pragma page_size = 512; vacuum; pragma journal_mode = wal")
  return path, place.read(path)
end

-- The pages of tables and their indexes -> a table whose keys are their numbers from 0 on, or nil where no other program can tell, and how
-- many bytes a page has.
function flips.pages(path, tables)
  local said = place.sqlite(path, ([[pragma page_size; select d.pageno from dbstat d join sqlite_schema s on s.name = d.name
    where s.tbl_name in ('%s')]]):format(table.concat(tables, "', '")))
  if not said then return nil end
  local list, size = {}, nil
  for number in said:gmatch "%d+" do
    if size then list[number - 1] = true else size = math.tointeger(number) end
  end
  return list, size
end

-- What the store says, from columns and row by row; the error where it refuses.
function flips.ask(path)
  return pcall(function()
    local store <close> = assert(mekong.open(path))
    local d = store.cases
    return table.concat({ tostring(d:by("phase"):agg("n = count()", "v = sum(value_vnd)", "s = sum(suspects)")), tostring(d:count "agency"),
      tostring(d:by("unit"):sum "quantity"), tostring(store:from("persons"):by("role"):agg("n = sum(count)")),
      tostring(d:where("joint and category = 'drug'"):count()), store:digest(),
      tostring(store:sql 'select c."case", c.note, l.line, l.quantity from cases c left join lines l on l."case" = c."case" order by 1, 3') })
  end)
end

-- Changes one bit of each byte between two, both in, that counts -> how many answers were refused, right, and a list of bytes with wrong ones.
function flips.try(path, bytes, first, last, step, counts)
  local ok, expected = flips.ask(path)
  assert(ok, expected)
  local refused, right, wrong = 0, 0, {}
  local function try(at)
    place.write(path, bytes)
    place.patch(path, at, string.char(bytes:byte(at + 1) ~ (1 << at % 8)))
    local fine, said = flips.ask(path)
    if not fine then refused = refused + 1
    elseif said == expected then right = right + 1
    else wrong[#wrong + 1] = at end
    os.remove(path .. "-wal")
    os.remove(path .. "-shm")
  end
  for at = first, math.min(last, #bytes - 1), step do
    if not counts or counts(at) then try(at) end
  end
  place.write(path, bytes)
  return refused, right, wrong
end

if arg and arg[0] and arg[0]:find "flips%.lua$" then
  local passed, failed = 0, 0
  for _, changed in ipairs { false, true } do
    local folder = place.folder()
    local path, bytes = flips.store(folder, changed)
    local pages, size = flips.pages(path, { "blocks", "segments", "unsealed", "meta" })
    local refused, right, wrong = flips.try(path, bytes, tonumber(arg[1]) or 0, tonumber(arg[2]) or #bytes, tonumber(arg[3]) or 1,
      changed and function(at) return pages and pages[at // size] end)
    place.remove(folder)
    print(("%s, %d bytes: %d refused, %d right, %d wrong %s"):format(changed and "changed" or "sealed", #bytes, refused, right, #wrong,
      table.concat(wrong, " ")))
    passed, failed = passed + refused + right, failed + #wrong
  end
  print(("%d passed, %d failed"):format(passed, failed))
  os.exit(failed == 0)
end

return flips
