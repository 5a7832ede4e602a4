-- Frames: rows to be asked, unchanged by every call.
return {
  class = "Frame", vi = "các dòng của một bảng, chưa tính; mỗi lời gọi cho một Frame mới", en = "rows to be asked; every call gives a new frame",
  { "where", "condition [, params]", returns = "Frame", vi = "các dòng thỏa điều kiện", en = "rows for which the condition is true",
    args = { { "condition", "string|table", "\"phase = 7 and quantity in kg > 2\" or {phase = 7}" }, { "params?", "table", "for $1, $name" } },
    errors = "name type syntax ambiguous", example = "d:where \"phase = 7 and origin = 'Lào'\":count()",
    gives = [[
Số vụ
─────
    2]] },
  { "filter", "fn", returns = "Frame", vi = "các dòng mà hàm nói có", en = "rows for which fn(row) is true", args = { { "fn", "function", "fn(row)" } },
    errors = "type", example = "d:filter(function(row) return row.suspects == 3 end):count()",
    gives = [[
Số vụ
─────
    1]] },
  { "with", "\"x = expression\", ...", returns = "Frame", vi = "thêm cột tính được", en = "more columns", errors = "syntax name type duplicate",
    args = { { "...", "string", "\"kg = quantity in kg\"" } }, example = "d:with(\"n2 = suspects * 2\"):select(\"case\", \"n2\"):limit(1):table():cell(1, \"n2\")",
    gives = "4" },
  { "select", "column, ...", returns = "Frame", vi = "chỉ các cột ấy, theo thứ tự ấy", en = "the named columns in that order", args = { { "...", "string", "columns" } },
    errors = "name", example = "d:select(\"case\", \"date\"):limit(2)",
    gives = [[
Mã vụ  Ngày
─────  ────────
A1     2/5/2025
A1     2/5/2025]] },
  { "sort", "keys", returns = "Frame", vi = "xếp thứ tự", en = "orders the rows", args = { { "keys", "string", "\"date desc, case\"" } }, errors = "name syntax",
    example = "d:select(\"case\", \"suspects\"):sort \"suspects desc\":limit(2)",
    gives = [[
Mã vụ  Đối tượng
─────  ─────────
A4             3
A1             2]] },
  { "limit", "n", returns = "Frame", vi = "n dòng đầu", en = "the first n rows", args = { { "n", "integer", "how many" } }, errors = "type range", example = "d:limit(2):select \"case\"",
    gives = [[
Mã vụ
─────
A1
A1]] },
  { "join", "other, on [, opts]", returns = "Frame", vi = "ghép cột của bảng khác theo khóa", en = "columns of another frame or table beside these",
    args = { { "other", "Frame|Table", "what to join" }, { "on", "string", "\"phase = phase\"" } }, opts = { { "check", "\"n:1\"|\"1:1\"|\"1:n\"|\"n:n\"", "what matches are allowed; n:1" } },
    errors = "name duplicate type", example = "d:join(store.phases:where(\"preferred\"):select(\"phase\", \"number\"), \"phase = phase\"):select(\"case\", \"number\"):limit(1)",
    gives = [[
Mã vụ  Số
─────  ──
A1      7]] },
  { "union", "other", returns = "Frame", vi = "thêm các dòng của bảng cùng cột", en = "the rows of another frame behind these", args = { { "other", "Frame", "of the same columns" } },
    errors = "name type", example = "d:select(\"case\"):limit(1):union(d:select(\"case\"):limit(1))",
    gives = [[
Mã vụ
─────
A1
A1]] },
  { "by", "key, ...", returns = "Grouped", vi = "chia nhóm theo cột hay biểu thức", en = "groups by columns or expressions",
    args = { { "...", "string", "\"phase\", \"key(agency)\", \"month\"" } }, errors = "name type", example = "d:by(\"category\"):sum \"suspects\"",
    gives = [[
                                     Thiếu số
Nhóm hàng                Đối tượng  liệu (vụ)
───────────────────────  ─────────  ─────────
động, thực vật hoang dã        ≥ 3          1
ma túy                           3          0]] },
  { "count", "[key, ...]", returns = "Table", vi = "số vụ, mỗi vụ một lần; theo nhóm nếu có khóa", en = "cases, each once; by groups when keys are given",
    args = { { "...", "string", "keys" } }, errors = "name type", example = "d:count \"category\"",
    gives = [[
Nhóm hàng                Số vụ
───────────────────────  ─────
động, thực vật hoang dã      2
ma túy                       2]] },
  { "sum", "quantity [, opts]", returns = "Table", vi = "tổng số lượng, mỗi loại đơn vị một cột", en = "sum of a quantity, a column for each kind of unit",
    args = { { "quantity", "string", "\"quantity\", \"quantity in kg\", \"suspects\"" } }, opts = { { "missing", "\"skip\"|\"error\"", "what to do with lines without the number" } },
    errors = "unit name missing", example = "d:sum \"quantity\"",
    gives = [[
                                Thiếu số
Khối lượng                          liệu
      (kg)  Số viên  Số cá thể    (dòng)
──────────  ───────  ─────────  ────────
   ≥ 396,5  ≥ 6.000       ≥ 20         1]] },
  { "lines", "", returns = "Table", vi = "số dòng tang vật", en = "seizure lines", example = "d:lines()",
    gives = [[
Số dòng
───────
      5]] },
  { "agg", "\"n = count()\", ...", returns = "Table", vi = "nhiều đại lượng một lúc", en = "several measures at once", args = { { "...", "string", "\"n = count()\", \"kg = sum(quantity in kg)\"" } },
    errors = "syntax name type", example = "d:agg(\"n = count()\", \"led = count() where suspects > 1\")",
    gives = [[
Số vụ  led (vụ)
─────  ────────
    4         2]] },
  { "min", "column", returns = "Table", vi = "nhỏ nhất", en = "the least", args = { { "column", "string", "a number or date" } }, errors = "name type", example = "d:min \"date\"",
    gives = [[
Từ ngày,
nhỏ nhất
────────
1/8/2023]] },
  { "max", "column", returns = "Table", vi = "lớn nhất", en = "the greatest", args = { { "column", "string", "a number or date" } }, errors = "name type", example = "d:max \"suspects\"",
    gives = [[
Đối tượng,
  lớn nhất
──────────
         3]] },
  { "mean", "column", returns = "Table", vi = "trung bình", en = "the mean, exact until printed", args = { { "column", "string", "a number" } }, errors = "name type unit", example = "d:mean \"suspects\"",
    gives = [[
Đối tượng,
trung bình
──────────
         2]] },
  { "median", "column", returns = "Table", vi = "trung vị", en = "the middle value", args = { { "column", "string", "a number" } }, errors = "name type unit", example = "d:median \"suspects\"",
    gives = [[
Đối tượng,
  trung vị
──────────
         2]] },
  { "stats", "quantity [, names]", returns = "Table", vi = "n, thiếu, trung vị, phân vị, lớn nhất", en = "n, missing, percentiles, the greatest",
    args = { { "quantity", "string", "\"quantity in kg\"" }, { "names?", "string", "\"n missing sum min max mean median p90\"" } }, errors = "unit name",
    example = "d:where \"unit = kg\":stats(\"quantity\", \"n p50 max\")",
    gives = [[
                      Lớn nhất
Có số liệu  p50 (kg)      (kg)
──────────  ────────  ────────
         2       1,5       395
1 dòng thiếu đơn vị không được tính (unit = kg).]] },
  { "series", "unit [, measure]", returns = "Table", vi = "theo ngày, tháng, quý, năm; không sót kỳ trống", en = "by day, month, quarter or year, empty ones kept",
    args = { { "unit", "string", "day, month, quarter, year" }, { "measure?", "string", "\"count()\"" } }, errors = "name type", example = "d:where \"phase = 5\":series \"month\":cell(5, \"n\")",
    gives = "1" },
  { "matrix", "a, b [, measure]", returns = "Table", vi = "bảng đi – đến", en = "a square of two places", args = { { "a", "string", "rows" }, { "b", "string", "columns" }, { "measure?", "string", "\"count()\"" } },
    errors = "name type", example = "#d:matrix(\"origin\", \"dest\")",
    gives = "3" },
  { "pivot", "rows, columns [, measure]", returns = "Table", vi = "bảng hai chiều", en = "a table of two keys", args = { { "rows", "string", "key" }, { "columns", "string", "key" }, { "measure?", "string", "\"count()\"" } },
    errors = "name type", example = "d:pivot(\"category\", \"origin\")",
    gives = [[
Số vụ theo nhóm hàng và nước đi
                         ─────── Nước đi ────────
Nhóm hàng                Lào  Trung Quốc  (thiếu)
───────────────────────  ───  ──────────  ───────
động, thực vật hoang dã    1           1        0
ma túy                     1           0        1]] },
  { "table", "", returns = "Table", vi = "tính ra các dòng", en = "the rows as a table", example = "#d:table()",
    gives = "5" },
  { "rows", "", returns = "iterator", vi = "for row in frame:rows() do ... end", en = "for row in frame:rows() do ... end", example = "d:rows()().case",
    gives = "A1" },
  { "explain", "[\"sql\" [, opts]]", returns = "string", vi = "kết quả được tính thế nào, hay câu SQL tương đương", en = "how the rows come about, or the same as SQL",
    opts = { { "dialect", "\"sqlite\"|\"postgres\"", "of SQL" } }, errors = "name type", example = "d:where(\"phase = 7\"):explain()",
    gives = [[
from cases left join lines by case
where phase = 7]] },
}
