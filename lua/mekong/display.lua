-- display: what an object shows in a notebook. One bundle of forms goes to the kernel that runs the cell (ilua.display of
-- xeus-lua, or pyout of IPyLua); where there is no kernel the text is printed, as `print(object)` would.
local display = {}

-- The forms of an object by media type, in order of richness, text last.
local function bundle(object, forms)
  local members = {}
  for _, form in ipairs(forms) do
    local media, make = form[1], form[2]
    local value = make(object)
    if value ~= nil then
      members[#members + 1] = media
      members[#members + 1] = value
    end
  end
  members[#members + 1] = "text/plain"
  members[#members + 1] = tostring(object)
  return members
end

-- The function of a xeus kernel that takes a whole bundle, or nil.
local function xeus()
  local kernel = rawget(_G, "ilua")
  local shown = type(kernel) == "table" and kernel.display
  local detail = type(shown) == "table" and shown.detail
  return type(detail) == "table" and detail._display_data or nil
end

local function show(object, forms)
  local send, pyout = xeus(), rawget(_G, "pyout")
  if not send and not pyout then
    print(tostring(object))
    return
  end
  local members = bundle(object, forms)
  if send then
    local json = require "mekong.render.json"
    send(json.encode(json.object(table.unpack(members))), "{}", "{}")
  else
    local plain = {}
    for i = 1, #members, 2 do plain[members[i]] = members[i + 1] end
    pyout(plain)
  end
end

-- Gives a class :display(), and ipylua_show where fields can be read by any name. forms: list of {media type, function(object)}
-- beside text/plain; a function that gives nil leaves its form out.
function display.give(methods, forms, metatable)
  forms = forms or {}
  function methods:display() show(self, forms) end
  if metatable then
    function metatable.ipylua_show(object)
      local members, plain = bundle(object, forms), {}
      for i = 1, #members, 2 do plain[members[i]] = members[i + 1] end
      return plain
    end
  end
end

return display
