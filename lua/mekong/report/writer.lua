-- writer: what the sections of a report are made with. A section is {id =, title =, blocks =}; a block is {kind = "text" | "none",
-- text =}, {kind = "table", table =, title =, rows =}, {kind = "chart", table =, chart = kind, options =, alone = the table is not shown
-- beside it}, {kind = "cards", cards =},
-- {kind = "facts", facts = list of {name, value}}, {kind = "list", lines =} or {kind = "code", lines =}.
local fmt = require "mekong.fmt"
local labels = require "mekong.labels"

local Writer = {}
Writer.__index = Writer

-- c: what the report is about (report.lua); id and titles of the section.
function Writer.new(c, id, vi, en)
  return setmetatable({ c = c, id = id, title = labels.say(c.locale, vi, en), blocks = {} }, Writer)
end

local function put(self, block)
  self.blocks[#self.blocks + 1] = block
  return self
end

local function said(self, vi, en, ...)
  local text = labels.say(self.c.locale, vi, en)
  return select("#", ...) > 0 and text:format(...) or text
end

-- A paragraph; further values go into %s.
function Writer:text(vi, en, ...) return put(self, { kind = "text", text = said(self, vi, en, ...) }) end

-- That nothing is known, in one line.
function Writer:none(vi, en) return put(self, { kind = "none", text = said(self, vi, en) }) end

function Writer:table(t, vi, en, rows)
  return put(self, { kind = "table", table = t, title = vi and said(self, vi, en) or false, rows = rows })
end

-- A chart where the table has something to draw; opts as of Table:chart.
function Writer:chart(t, kind, vi, en, opts)
  local own = { title = said(self, vi, en), note = false, source = false, locale = self.c.locale }
  for name, value in pairs(opts or {}) do own[name] = value end
  if not require("mekong.chart." .. kind).fits(t, own) then return self end
  return put(self, { kind = "chart", table = t, chart = kind, options = own })
end

-- A drawing that says all that the table does, with its notes; the table where it cannot be drawn.
function Writer:drawn(t, kind, vi, en)
  local own = { title = said(self, vi, en), source = false, locale = self.c.locale }
  if not require("mekong.chart." .. kind).fits(t, own) then return self:table(t, vi, en) end
  return put(self, { kind = "chart", table = t, chart = kind, options = own, alone = true })
end

function Writer:cards(list) return put(self, { kind = "cards", cards = list }) end
function Writer:facts(list) return put(self, { kind = "facts", facts = list }) end
function Writer:list(lines) return put(self, { kind = "list", lines = lines }) end
function Writer:code(lines) return put(self, { kind = "code", lines = lines }) end

-- ---------------------------------------------------------------- words

function Writer:say(vi, en) return labels.say(self.c.locale, vi, en) end

function Writer:date(iso) return fmt.date(iso, { locale = self.c.locale }) end

function Writer:number(n) return fmt.number(n, { locale = self.c.locale }) end

-- A figure with the sign of its bounds and the mark of its status, as cells of tables print it.
local marks = { P = "*", E = "~", U = "?" }
function Writer:figure(f, opts)
  opts = opts or {}
  return f:format { locale = self.c.locale, sign = opts.sign, unit = opts.unit, digits = opts.digits } .. (marks[f.status] or "")
end

-- The same in words: "ít nhất 5.548 vụ".
function Writer:words(f) return f:say { locale = self.c.locale } .. (marks[f.status] or "") end

-- "giảm 32,7%*", "tăng 25,9%"
function Writer:change(f)
  local zero = f - f
  if f:is(0) then return self:say("không đổi", "is unchanged") end
  if f:surely_lt(zero) then return self:say("giảm ", "falls by ") .. self:figure(-f) end
  if zero:surely_lt(f) then return self:say("tăng ", "rises by ") .. self:figure(f) end
  return self:say("thay đổi ", "changes by ") .. self:figure(f, { sign = true })
end

-- "I, II và III"
function Writer:phases(keys)
  local out = {}
  for i, key in ipairs(keys) do out[i] = labels.phase(key) end
  if #out < 2 then return out[1] or "" end
  return table.concat(out, ", ", 1, #out - 1) .. self:say(" và ", " and ") .. out[#out]
end

-- " [S1, un5]"
function Writer.sources(f)
  local list = f and f.sources or {}
  return list[1] and " [" .. table.concat(list, ", ") .. "]" or ""
end

return Writer
