-- busted output handler: one line per failure with its place, slow files named on request, and the closing line
-- "N passed, N failed[, N skipped]".
local base = require "busted.outputHandlers.base"

local function text(message)
  if type(message) == "string" then return message end
  if message == nil then return "nil error" end
  return require("pl.pretty").write(message)
end

return function(options)
  local busted = require "busted"
  local handler = base()

  local function place(entry)
    local trace = entry.element.trace or entry.trace
    if trace and trace.short_src then return trace.short_src .. ":" .. tostring(trace.currentline) end
    return entry.element.name or "?"
  end

  local function report(kind, entries)
    for _, entry in ipairs(entries) do
      io.write(kind, " ", place(entry), " ", entry.name or "", "\n")
      if kind ~= "skip" or entry.message then io.write("  ", (text(entry.message):gsub("\n", "\n  ")), "\n") end
      if options.verbose and entry.trace and entry.trace.traceback then io.write(entry.trace.traceback, "\n") end
    end
  end

  handler.suiteEnd = function()
    report("skip", handler.pendings)
    report("FAIL", handler.failures)
    report("ERROR", handler.errors)
    local line = ("%d passed, %d failed"):format(handler.successesCount, handler.failuresCount + handler.errorsCount)
    if handler.pendingsCount > 0 then line = line .. (", %d skipped"):format(handler.pendingsCount) end
    io.write(line, "\n")
    io.flush()
    return nil, true
  end

  busted.subscribe({ "suite", "end" }, handler.suiteEnd)
  return handler
end
