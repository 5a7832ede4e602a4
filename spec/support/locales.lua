-- locales: those a spec needs and the machine may not have, made for the purpose.
local expect = require "spec.support.expect"
local place = require "spec.support.store_place"
local locales = {}

-- Makes a UTF-8 locale such as "de_DE" in a folder, for LOCPATH -> whether it could.
function locales.make(name, folder)
  local _, status = expect.run(("localedef -i %s -f UTF-8 %s"):format(name, expect.quoted(folder .. "/" .. name .. ".UTF-8")))
  return status == 0
end

-- Runs Lua, as expect.lua does, where os.setlocale finds such a locale -> all it wrote and its exit status; nil where none can be made.
function locales.lua(name, arguments)
  local folder = place.folder()
  local out, status
  if locales.make(name, folder) then out, status = expect.lua(arguments, { "LOCPATH=" .. folder }) end
  place.remove(folder)
  return out, status
end

return locales
