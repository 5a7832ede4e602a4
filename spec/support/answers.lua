-- answers: what a question gives as text, answered plainly and from columns, and where the two differ.
local answers = {}

-- What fn(...) gives, or its error without the place that raised it.
function answers.text(fn, ...)
  local ok, text = pcall(fn, ...)
  return (ok and "" or "error ") .. tostring(text):gsub("^[^\n]-: mekong: ", "")
end

-- The first line in which two texts differ.
function answers.difference(plain, fast)
  local a, b = plain:gmatch "[^\n]*", fast:gmatch "[^\n]*"
  for x in a do
    local y = b()
    if x ~= y then return ("plainly '%s', from columns '%s'"):format(x, tostring(y)) end
  end
  return "the one from columns is longer"
end

return answers
