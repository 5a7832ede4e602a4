-- report: what a load did: counts, and tables of what was refused, assumed, merged, written twice, and of people named.
-- Printed it says the few things that matter first, and where the rest is.
local core = require "mekong.core"
local fmt = require "mekong.fmt"
local labels = require "mekong.labels"
local lazy = require "mekong.lazy"
local order = require "mekong.order"
local personal = require "mekong.load.personal"

local report = {}

local LoadReport = { __name = "mekong.LoadReport" }
LoadReport.__index = LoadReport

local function new_table(self, columns, data, n)
  return require("mekong.table").new(columns, data, n, { locale = self.locale, origin = "load", notes = {} })
end

local function heads_of(columns)
  local heads = {}
  for c, column in ipairs(columns) do
    heads[c] = { name = column[1], kind = column[2], vi = column[3], en = column[4], optional = column[5] }
  end
  return heads
end

-- columns: {name, kind, vi, en}; rows: list of lists.
local function table_of(self, columns, rows)
  local data = {}
  for c in ipairs(columns) do
    data[c] = {}
    for i, row in ipairs(rows) do data[c][i] = row[c] end
  end
  return new_table(self, heads_of(columns), data, #rows)
end

local function shown(text)
  text = core.text.is_utf8(text) and text or text:gsub("[\128-\255]", "?")
  if #text <= 120 then return text end
  return text:sub(1, utf8.offset(text, 0, 118) - 1) .. "…"
end

local function header_of(plan) return plan and (plan.name ~= "" and plan.name or plan.header) or nil end
local function column_of(plan) return plan and plan.column and plan.column.name or plan and plan.name or nil end

local function cell_rows(list, locale)
  local rows = {}
  for i, one in ipairs(list) do
    local line, plan, text, reason = one[1], one[2], one[3], one[4]
    local header, column = header_of(plan), column_of(plan)
    rows[i] = { line, column, shown(text or ""), reason[locale == "en" and 2 or 1], reason[3], header ~= column and header or nil }
  end
  return rows
end

local cell_columns = { { "row", "int", "Dòng", "Row" }, { "column", "text", "Cột", "Column" }, { "text", "text", "Nội dung ô", "Cell" },
  { "reason", "text", "Lý do", "Reason" }, { "code", "text", "Mã", "Code" }, { "header", "text", "Tiêu đề", "Heading", true } }

local function by_row(a, b) return a[1] < b[1] or a[1] == b[1] and (a.order or 0) < (b.order or 0) end

local function sorted(list)
  for i, one in ipairs(list) do one.order = i end
  table.sort(list, by_row)
  return list
end

-- ---------------------------------------------------------------- spellings

-- Kept code and every way it was written, for columns of codes and of few values.
local function merged_rows(ctx)
  local rows = {}
  for _, plan in ipairs(ctx.plans) do
    local keys = {}
    for key, list in pairs(ctx.variants[plan] or {}) do
      if list.n > 1 then keys[#keys + 1] = key end
    end
    order.texts(keys)
    for _, key in ipairs(keys) do
      local list = ctx.variants[plan][key]
      order.texts(list)
      rows[#rows + 1] = { column_of(plan), list.kept, table.concat(list, " | ", 1, list.n) }
    end
  end
  return rows
end

-- Columns of the table, and how many rows: suggestions are made when they are looked into.
local function unknown_cells(ctx)
  local data, nears, n = { {}, {}, {}, {} }, {}, 0
  for _, plan in ipairs(ctx.plans) do
    local texts = {}
    for text in pairs(ctx.unknown[plan] or {}) do texts[#texts + 1] = text end
    order.texts(texts)
    for _, text in ipairs(texts) do
      local one = ctx.unknown[plan][text]
      n = n + 1
      data[1][n], data[2][n], data[3][n], data[4][n], nears[n] = column_of(plan), shown(text), one.n, one.line, one.near or false
    end
  end
  data[5] = lazy.list(function()
    local cells = {}
    for i = 1, n do cells[i] = nears[i] and nears[i]() or nil end
    return cells, n
  end)
  return data, n
end

local styles = { vi = { "1.715,5", "1.715,5" }, en = { "1,715.5", "1,715.5" }, mixed = { "lẫn hai kiểu", "both styles" } }
local orders = { dmy = { "ngày/tháng/năm", "day/month/year" }, mdy = { "tháng/ngày/năm", "month/day/year" },
  mixed = { "lẫn hai thứ tự", "both orders" } }

-- How numbers and dates of each column were read, and from how many cells that was seen.
local function numeral_rows(ctx)
  local rows, pick = {}, ctx.locale == "en" and 2 or 1
  for _, plan in ipairs(ctx.plans) do
    local votes, at = plan.votes, plan.at
    if votes and plan.number and votes.vi + votes.en + votes.both > 0 then
      local style = at.given or at.found
      rows[#rows + 1] = { column_of(plan), style, votes.vi + votes.en + votes.both, votes.both, style and styles[style][pick] }
    elseif votes and not plan.number and votes.dmy + votes.mdy + votes.either > 0 then
      local said = at.given or at.found
      rows[#rows + 1] = { column_of(plan), said, votes.dmy + votes.mdy + votes.either, votes.either, orders[said] and orders[said][pick] }
    end
  end
  return rows
end

local hows = {
  name = { "tên cột", "its name" }, alias = { "tên gọi khác", "another name" }, map = { "theo map", "option map" },
  cells = { "theo nội dung ô", "by its cells" }, beside = { "vì đã có cột cơ quan", "beside a column of agencies" },
  ignored = { "bỏ qua theo map", "left out by map" }, numbering = { "số thứ tự, bỏ qua", "row numbers, left out" },
  empty = { "cột trống, bỏ qua", "empty, left out" }, note = { "ghép vào ghi chú", "into the note" }, extra = { "bỏ qua", "left out" },
  unknown = { "chưa rõ là cột nào", "unknown" },
}

local function column_rows(ctx)
  local rows = {}
  for i, plan in ipairs(ctx.plans) do
    local how = hows[plan.how][ctx.locale == "en" and 2 or 1]
    if plan.near then how = how .. labels.say(ctx.locale, "; có phải '%s'?", "; did you mean '%s'?"):format(plan.near) end
    rows[i] = { plan.header, plan.column and (ctx.flat and plan.column.table .. "." or "") .. plan.column.name or nil, how, plan.unit }
  end
  return rows
end

-- ---------------------------------------------------------------- the object

-- The report of a load; ctx is what load.lua and its parts gathered.
function report.new(ctx)
  local self = setmetatable({ locale = ctx.locale, table = ctx.table, source = ctx.source, preview = ctx.opts.preview or nil }, LoadReport)
  for _, name in ipairs { "read", "accepted", "rejected", "skipped", "cases", "lines" } do self[name] = ctx.counts[name] end
  self.rejects = table_of(self, cell_columns, cell_rows(sorted(ctx.rejects), self.locale))
  self.assumed = table_of(self, cell_columns, cell_rows(sorted(ctx.assumptions), self.locale))
  self.merged = table_of(self, { { "column", "text", "Cột", "Column" }, { "kept", "text", "Mã", "Code" },
    { "variants", "text", "Các cách viết", "Spellings" } }, merged_rows(ctx))
  self.unknown = new_table(self, heads_of { { "column", "text", "Cột", "Column" }, { "text", "text", "Nội dung", "Text" },
    { "rows", "int", "Số dòng", "Rows" }, { "row", "int", "Dòng đầu", "First row" }, { "near", "text", "Gần giống", "Like", true } },
    unknown_cells(ctx))
  self.numerals = table_of(self, { { "column", "text", "Cột", "Column" }, { "style", "text", "Kiểu", "Style" }, { "cells", "int", "Số ô", "Cells" },
    { "unsure", "int", "Ô có hai cách đọc", "Cells of two readings" }, { "example", "text", "Ví dụ", "Example", true } }, numeral_rows(ctx))
  self.duplicates = table_of(self, { { "row", "int", "Dòng", "Row" }, { "key", "text", "Khóa", "Key" },
    { "other_row", "int", "Trùng dòng", "Same as row", true },
    { "done", "text", "Xử lý", "Done" } }, ctx.duplicates)
  self.likely = new_table(self, heads_of { { "row", "int", "Dòng", "Row" }, { "case", "text", "Vụ", "Case" },
    { "other_row", "int", "Giống dòng", "Like row", true },
    { "other_case", "text", "Của vụ", "Of case" } }, { ctx.likely[1], ctx.likely[2], ctx.likely[3], ctx.likely[4] }, ctx.likely.n)
  local people = {}
  for i, one in ipairs(ctx.personal) do
    people[i] = { one[1], column_of(one[2]), labels.say(self.locale, personal.kinds[one[3]], one[3]), one[4] }
  end
  self.personal = table_of(self, { { "row", "int", "Dòng", "Row" }, { "column", "text", "Cột", "Column" }, { "kind", "text", "Loại", "Kind" },
    { "text", "text", "Che bớt", "Masked" } }, people)
  self.columns = table_of(self, { { "header", "text", "Tiêu đề", "Heading" }, { "column", "text", "Cột", "Column" },
    { "how", "text", "Nhận ra nhờ", "Found by" }, { "unit", "text", "Đơn vị", "Unit", true } }, column_rows(ctx))
  self.notes = {}
  for i, note in ipairs(ctx.notes) do self.notes[i] = labels.say(self.locale, note[1], note[2]) end
  return self
end

-- ---------------------------------------------------------------- in print

local SAMPLES = 5 -- groups of a list that are printed

local function grouped(self, n) return fmt.number(n, { locale = self.locale }) end

-- Cells of one list by column and kind of reason, the largest groups first.
local function groups_of(t)
  local by, list = {}, {}
  for i = 1, #t do
    local row = t[i]
    local key = (row.column or "") .. "\0" .. row.reason:gsub("'[^']*'", "'"):gsub("%d[%d.,]*", "0")
    local group = by[key]
    if not group then
      group = { row = row, n = 0, at = i }
      by[key], list[#list + 1] = group, group
    end
    group.n = group.n + 1
  end
  table.sort(list, function(a, b) return a.n > b.n or a.n == b.n and a.at < b.at end)
  return list
end

local function add_cells(lines, self, t, field, title)
  if #t == 0 then return end
  lines[#lines + 1] = title
  local groups = groups_of(t)
  for i = 1, math.min(SAMPLES, #groups) do
    local row, n = groups[i].row, groups[i].n
    local place = labels.say(self.locale, "dòng %d", "row %d"):format(row.row)
    if row.column then place = place .. labels.say(self.locale, ", cột '%s'", ", column '%s'"):format(row.header or row.column) end
    if n > 1 then place = place .. labels.say(self.locale, " và %s ô nữa", " and %s more"):format(grouped(self, n - 1)) end
    lines[#lines + 1] = ("  %s: %s%s"):format(place, row.text ~= nil and row.text ~= "" and "'" .. row.text .. "' " or "", row.reason)
  end
  if #groups > SAMPLES or #t > #groups then
    lines[#lines + 1] = labels.say(self.locale, "  đầy đủ %s ô: report.%s", "  all %s cells: report.%s"):format(grouped(self, #t), field)
  end
end

local function add_list(lines, self, t, field, vi, en)
  if #t == 0 then return end
  lines[#lines + 1] = labels.say(self.locale, vi, en):format(grouped(self, #t)) .. (": report.%s"):format(field)
end

-- Lines that look alike, the first of them by their places.
local function add_likely(lines, self)
  local t, pairs_of = self.likely, {}
  if #t == 0 then return end
  for i = 1, math.min(SAMPLES, #t) do
    local row = t[i]
    pairs_of[i] = row.other_row and labels.say(self.locale, "dòng %d giống dòng %d", "row %d like row %d"):format(row.row, row.other_row)
      or labels.say(self.locale, "dòng %d giống vụ '%s'", "row %d like case '%s'"):format(row.row, row.other_case)
  end
  if #t > SAMPLES then pairs_of[SAMPLES + 1] = "…" end
  lines[#lines + 1] = labels.say(self.locale, "Có thể là một vụ ghi hai lần: %s (%s): report.likely",
    "May be one seizure told twice: %s (%s): report.likely"):format(grouped(self, #t), table.concat(pairs_of, ", "))
end

local function head_of(self)
  local say = function(vi, en) return labels.say(self.locale, vi, en) end
  local n = function(count) return grouped(self, count) end
  local text = say("%s vào %s: đọc %s dòng, nhận %s, loại %s", "%s into %s: %s rows read, %s accepted, %s rejected"):format(
    self.source, self.table, n(self.read), n(self.accepted), n(self.rejected))
  if self.skipped > 0 then text = text .. say(", bỏ qua %s", ", %s skipped"):format(n(self.skipped)) end
  if self.lines then text = text .. say(" (%s vụ, %s dòng tang vật)", " (%s cases, %s lines)"):format(n(self.cases), n(self.lines)) end
  if self.preview then text = say("Xem trước, chưa nạp: ", "Preview, nothing loaded: ") .. text end
  return text
end

function LoadReport:__tostring()
  local say = function(vi, en) return labels.say(self.locale, vi, en) end
  local lines = { head_of(self) }
  if self.preview then lines[#lines + 1] = tostring(self.columns) end
  add_cells(lines, self, self.rejects, "rejects", say("Bị loại:", "Rejected:"))
  add_cells(lines, self, self.assumed, "assumed", say("Đã nhận nhưng cần xem lại:", "Accepted, to be looked at:"))
  add_likely(lines, self)
  add_list(lines, self, self.personal, "personal", "Có dữ liệu cá nhân trong ghi chú: %s chỗ", "Personal data in running text: %s places")
  add_list(lines, self, self.merged, "merged", "Viết nhiều cách: %s tên", "Written in several ways: %s names")
  add_list(lines, self, self.unknown, "unknown", "Tên chưa có mã, giữ nguyên: %s", "Names without a code, kept as written: %s")
  for _, note in ipairs(self.notes) do lines[#lines + 1] = note end
  return table.concat(lines, "\n")
end

require("mekong.display").give(LoadReport)

return report
