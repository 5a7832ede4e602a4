-- shown: how cells of a plan's columns stand in a Table: the kind of column, and what codes are called.
local core = require "mekong.core"
local fmt = require "mekong.fmt"

local shown = {}

local shown_as = { unit = "text", blob = "text" }

-- Kind of a Table's column for a column of a plan.
function shown.kind(one)
  local base = one.type:match "^%a+"
  return shown_as[base] or base
end

-- Names that several codes have say until or from when they are the code's; whether any does.
local function tell_apart(words, codes, entities)
  local bearers, any = {}, false
  for _, code in ipairs(codes) do bearers[words.vi[code]] = (bearers[words.vi[code]] or 0) + 1 end
  for _, code in ipairs(codes) do
    local one = bearers[words.vi[code]] > 1 and entities[code]
    local till = one and one.valid_to
    local day = one and (till or one.valid_from)
    if day then
      any = true
      words.vi[code] = words.vi[code] .. (till and " (đến " or " (từ ") .. fmt.date(day) .. ")"
      words.en[code] = words.en[code] .. (till and " (until " or " (since ") .. fmt.date(day, { locale = "en" }) .. ")"
    end
  end
  return any
end

-- What the codes among cells are called, by locale, as a Table prints them, and whether any name tells its code from another here; nil
-- when the column names no kind of things.
function shown.words(entity, cells, n)
  if not entity then return nil end
  local words, codes, entities = { vi = {}, en = {} }, {}, {}
  for i = 1, n do
    local code = cells[i]
    if code ~= nil and words.vi[code] == nil then
      words.vi[code], words.en[code] = code, code
      for _, sense in ipairs(core.entity.find(code, entity)) do
        if sense.level == 0 and sense.as == "itself" then
          words.vi[code], words.en[code] = sense.entity.name, sense.entity.name_en or sense.entity.name
          if not entities[code] then codes[#codes + 1] = code end
          entities[code] = sense.entity
        end
      end
    end
  end
  return words, tell_apart(words, codes, entities)
end

return shown
