-- doctor: what somebody needs to know before asking for help: versions, paths, optional parts, health of the store.
local core = require "mekong.core"
local errinfo = require "mekong.errinfo"

local doctor = {}

local function version_of(name, field)
  local ok, lib = pcall(require, name)
  if not ok then return nil end
  local found = type(lib) == "table" and (lib[field or "_VERSION"])
  return type(found) == "string" and found or "✓"
end

-- A path without its detours: "a/bin/../share" is "a/share".
local function shortened(path)
  local before
  repeat
    before = path
    path = path:gsub("/[^/.][^/]*/%.%./", "/", 1):gsub("^[^/.][^/]*/%.%./", "")
  until path == before
  return path
end

-- doctor.report(ctx) -> text
function doctor.report(ctx)
  local store = ctx.store()
  local versions = store:sql "select sqlite_version() as s"
  local lines = {
    "mekong    " .. core.version,
    "Lua       " .. _VERSION,
    "SQLite    " .. versions[1].s,
    "core      " .. shortened(package.searchpath("mekong.core", package.cpath) or "preloaded"),
    "modules   " .. shortened(package.searchpath("mekong", package.path) or "preloaded"),
    "store     " .. tostring(store),
    "",
    ctx.locale == "en" and "Optional parts" or "Phần tùy chọn",
  }
  local optional = {
    { "zlib", "lua-zlib", "csv.gz, xlsx" }, { "lxp", "lua-expat", "xlsx" }, { "mekong.xlsx", "libxlsxwriter", "save x.xlsx" },
    { "readline", "lua-readline", "repl" },
  }
  for _, part in ipairs(optional) do
    local found = version_of(part[1])
    lines[#lines + 1] = ("  %-14s %s  (%s)"):format(part[2], found and (found:match "^[%w%. %-✓]+" or "✓") or "–", part[3])
  end
  lines[#lines + 1] = ""
  local sound, message = store:check()
  lines[#lines + 1] = sound and ctx.say("Sức khỏe: kho lành lặn", "Health: the store is sound") or
    ctx.say("Sức khỏe: có chỗ sai, xem mekong check: ", "Health: something is wrong, see mekong check: ") .. errinfo.parse(message).message
  return table.concat(lines, "\n") .. "\n", not sound and 2 or nil
end

return doctor
