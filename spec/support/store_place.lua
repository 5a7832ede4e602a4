-- store_place: a scratch folder for specs that need files, bytes in files, and other programs where there are any.
local expect = require "spec.support.expect"
local place = {}

function place.folder()
  local path = os.tmpname()
  os.remove(path)
  assert(os.execute("mkdir " .. expect.quoted(path)))
  return path
end

function place.remove(folder) assert(os.execute("chmod -R u+rwX " .. expect.quoted(folder) .. " && rm -r " .. expect.quoted(folder))) end

function place.write(path, bytes)
  local file <close> = assert(io.open(path, "wb"))
  assert(file:write(bytes))
  return path
end

function place.read(path)
  local file <close> = assert(io.open(path, "rb"))
  return file:read "a"
end

-- Overwrites bytes of a file at an offset from its beginning.
function place.patch(path, offset, bytes)
  local file <close> = assert(io.open(path, "r+b"))
  assert(file:seek("set", offset))
  assert(file:write(bytes))
end

-- Runs the sqlite3 command on a file; nil when it is not installed.
function place.sqlite(path, sql)
  if not os.execute "command -v sqlite3 >/dev/null 2>&1" then return nil end
  local out, status = expect.run(("sqlite3 -batch %s %s"):format(expect.quoted(path), expect.quoted(sql)))
  assert(status == 0, out)
  return out
end

return place
