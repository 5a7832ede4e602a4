-- Tables: results that print, compare and save themselves.
local form = { { "locale", "\"vi\"|\"en\"", "language" }, { "title", "string|false", "another title or none" }, { "notes", "boolean", "false leaves notes out" },
  { "rows", "integer", "most rows shown, the first and the last" } }
return {
  class = "Table", vi = "một bảng kết quả: in, so sánh, cộng dồn, lưu", en = "a table of results; #t rows, t[i].name a cell",
  { "compare", "key [, opts]", returns = "Table", vi = "mỗi dòng so với dòng trước: chênh lệch, %, gấp, mỗi ngày, lưu ý", en = "each row against the one before: difference, %, times, rates, remarks",
    args = { { "key", "string", "the column that orders" } }, opts = { { "against", "string|any", "\"previous\", \"previous known\" or a value" }, { "per", "\"day\"", "with rates per day" } },
    errors = "name type", example = "cases:compare(\"phase\", {against = \"previous known\"}):cell(8, \"percent\")",
    gives = "−32,7%" },
  { "cumulative", "key [, opts]", returns = "Table", vi = "lũy kế có cận; kỳ chưa rõ để ngỏ cận trên", en = "running totals with bounds; what is unknown leaves the upper end open",
    args = { { "key", "string", "the column that orders" } }, opts = { { "from", "string", "from that day" }, { "to", "string", "up to that day" } },
    errors = "name type", example = "cases:cumulative(\"phase\", {to = \"14/8/2025\"}):cell(8, \"cumulative\")",
    gives = "ít nhất 4.393 vụ" },
  { "share", "[opts]", returns = "Table", vi = "tỷ lệ trong tổng", en = "share in the total", opts = { { "within", "string", "total of each group of this key" } }, errors = "name type",
    example = "d:count \"category\":share()",
    gives = [[
Nhóm hàng                Số vụ  Tỷ trọng
───────────────────────  ─────  ────────
động, thực vật hoang dã      2     50,0%
ma túy                       2     50,0%]] },
  { "top", "n [, opts]", returns = "Table", vi = "n dòng lớn nhất, giữ dòng bằng nhau", en = "the n largest rows, ties kept", args = { { "n", "integer", "how many" } },
    opts = { { "by", "string", "the measure" }, { "ties", "\"all\"|\"cut\"", "rows equal to the last" }, { "others", "string", "takes the rest together under this name" } },
    errors = "name type range", example = "cases:top(2)",
    gives = [[
Giai đoạn  Số vụ  Nguồn
─────────  ─────  ─────
V          1.715  S0
IV         1.362  un4]] },
  { "totals", "", returns = "Table", vi = "thêm dòng tổng; mỗi vụ đếm một lần", en = "one more row with totals, each case once", example = "d:count \"category\":totals()",
    gives = [[
Nhóm hàng                Số vụ
───────────────────────  ─────
động, thực vật hoang dã      2
ma túy                       2
───────────────────────  ─────
Tổng                         4]] },
  { "concentration", "[opts]", returns = "Table", vi = "mức tập trung: phần của 1, 5, 10 dòng lớn nhất, HHI, Gini", en = "how concentrated: share of the largest 1, 5 and 10 rows, HHI, Gini", opts = { { "by", "string", "the measure" } },
    errors = "name type unit", example = "d:count \"origin\":concentration():cell(1, \"top_1\")",
    gives = "50%" },
  { "trend", "[opts]", returns = "Table", vi = "xu hướng mỗi kỳ (bình phương tối thiểu), và khi bớt một kỳ", en = "slope per period (least squares), and the slopes there are without one period", opts = { { "by", "string", "the measure" } },
    errors = "name type unit", example = "cases:trend():cell(1, \"slope\")",
    gives = "198,71 vụ" },
  { "seasonality", "[opts]", returns = "Table", vi = "chỉ số mùa vụ theo tháng của một chuỗi tháng", en = "index by month of the year of a series by month", opts = { { "by", "string", "the measure" } },
    errors = "name type unit", example = "d:where \"phase = 7\":series \"month\":seasonality():cell(5, \"years\")",
    gives = "2025" },
  { "reconcile", "what [, opts]", returns = "Table", vi = "đối chiếu với con số công bố, với Claims hay bảng khác", en = "held against a figure, claims or another table",
    args = { { "what", "string|Figure|Claims|Table", "\"hơn 4.500 vụ\"" } }, opts = { { "on", "string", "keys" }, { "scope", "string", "whose announcements" } },
    errors = "name type syntax", example = "d:count():reconcile(\"hơn 3 vụ\"):cell(1, \"verdict\")",
    gives = "khớp với cận" },
  { "where", "condition [, params]", returns = "Table", vi = "các dòng thỏa điều kiện", en = "rows for which the condition is true", args = { { "condition", "string|table", "expression" }, { "params?", "table", "for $1" } },
    errors = "name type syntax", example = "cases:where \"cases > 1500\"",
    gives = [[
Giai đoạn  Số vụ  Nguồn
─────────  ─────  ─────
V          1.715  S0]] },
  { "sort", "keys", returns = "Table", vi = "xếp thứ tự", en = "orders the rows", args = { { "keys", "string", "\"n desc, phase\"" } }, errors = "name syntax", example = "cases:sort(\"cases desc\"):cell(1, \"phase\")",
    gives = "OMD5" },
  { "select", "column, ...", returns = "Table", vi = "chỉ các cột ấy", en = "the named columns", args = { { "...", "string", "columns" } }, errors = "name", example = "cases:select(\"phase\"):names()[1]",
    gives = "phase" },
  { "join", "other [, on]", returns = "Table", vi = "ghép cột của bảng khác theo khóa", en = "columns of another table beside these", args = { { "other", "Table", "table" }, { "on?", "string", "key" } },
    errors = "name duplicate", example = "cases:select(\"phase\", \"source\"):join(d:count(\"phase\"), \"phase\"):cell(8, \"n\")",
    gives = "3" },
  { "rows", "", returns = "iterator", vi = "for row in t:rows() do ... end", en = "for row in t:rows() do ... end", example = "cases:rows()().phase",
    gives = "OMD1" },
  { "col", "name", returns = "list", vi = "các ô của một cột", en = "the cells of a column", args = { { "name", "string", "column" } }, errors = "name", example = "cases:col(\"phase\")[2]",
    gives = "OMD-AP" },
  { "cell", "i, name", returns = "any", vi = "một ô; nil là chưa biết", en = "one cell; nil is unknown", args = { { "i", "integer", "row" }, { "name", "string", "column" } }, errors = "name range", example = "cases:cell(1, \"cases\")",
    gives = "164 vụ" },
  { "names", "", returns = "list", vi = "tên các cột", en = "names of the columns", example = "table.concat(cases:names(), \" \")",
    gives = "phase cases source" },
  { "why", "i, name", returns = "string", vi = "vì sao ô ấy có giá trị ấy, hay vì sao trống", en = "how a cell came about, or why it is empty", args = { { "i", "integer", "row" }, { "name", "string", "column" } },
    errors = "name range", example = "d:count(\"phase\"):why(1, \"n\")",
    gives = "chưa có dữ liệu" },
  { "explain", "[\"sql\" [, opts]]", returns = "string", vi = "bảng được tính thế nào, hay câu SQL tương đương", en = "how the table was worked out, or the same as SQL",
    opts = { { "dialect", "\"sqlite\"|\"postgres\"", "of SQL" } }, example = "d:count(\"phase\"):explain()",
    gives = [[
from cases left join lines by case
by phase
measure n = count()]] },
  { "to_text", "[opts]", returns = "string", vi = "như in ra màn hình", en = "as printed", opts = { form[1], form[2], form[3], form[4], { "color", "boolean", "for a terminal" } }, errors = "name type range",
    example = "cases:top(1):to_text {notes = false}",
    gives = [[
Giai đoạn  Số vụ  Nguồn
─────────  ─────  ─────
V          1.715  S0]] },
  { "to_csv", "[opts]", returns = "string", vi = "CSV cho máy, hay cho Excel tiếng Việt", en = "CSV for programs, or for Vietnamese Excel",
    opts = { { "dialect", "\"machine\"|\"excel-vi\"", "points and every part of a figure; or BOM, ; and decimal comma" }, form[1], { "separator", "string", ", ; tab |" } }, errors = "name type",
    example = "d:count(\"category\"):to_csv()",
    gives = [[
category,n,n_unit
wildlife,2,case
drug,2,case
]] },
  { "to_json", "[opts]", returns = "string", vi = "JSON có phiên bản; số là chuỗi thập phân", en = "versioned JSON; amounts are decimal strings", opts = { form[1], { "lines", "boolean", "one row a line" }, { "pretty", "boolean", "false: one line" } },
    errors = "name type", example = "d:count(\"category\"):to_json {lines = true}",
    gives = [[
{"category":"wildlife","n":2}
{"category":"drug","n":2}
]] },
  { "to_markdown", "[opts]", returns = "string", vi = "Markdown", en = "Markdown", opts = form, errors = "name type", example = "d:count(\"category\"):to_markdown()",
    gives = [[
| Nhóm hàng | Số vụ |
| :--- | ---: |
| động, thực vật hoang dã | 2 |
| ma túy | 2 |
]] },
  { "to_html", "[opts]", returns = "string", vi = "HTML không có mã lệnh", en = "HTML without scripts", opts = { form[1], form[2], form[3], form[4],
    { "sources", "boolean", "false leaves the list of sources out" }, { "standalone", "boolean", "a whole page" }, { "style", "boolean", "false: no style sheet" } }, errors = "name type",
    example = "cases:to_html():match \"<table\" ",
    gives = "<table" },
  { "to_xlsx", "[opts]", returns = "string | nil, message, info", vi = "tệp Excel (cần libxlsxwriter)", en = "a workbook (needs libxlsxwriter)", opts = { form[1] }, errors = "missing", example = "pcall(cases.to_xlsx, cases, {sheet = 1}) == false",
    gives = "true" },
  { "chart", "[kind [, opts]]", returns = "Chart", vi = "biểu đồ; không nêu loại thì chọn loại hợp với bảng", en = "a chart; without a kind the one that fits the table", args = { { "kind?", "string", "bars dumbbell composition steps strip heat multiples timeline" } },
    opts = { { "title", "string", "title" }, { "locale", "\"vi\"|\"en\"", "language" }, { "width", "integer", "pixels" }, { "height", "integer", "pixels" }, { "note", "string|false", "a text more" }, { "source", "boolean", "false leaves the sources out" },
      { "rows", "integer", "most rows drawn" }, { "measure", "string", "the column drawn" }, { "flags", "table|boolean", "announced totals on steps, {{date, figure}}; false: none" }, { "dark", "string|boolean", "\"auto\", true or false" }, { "id", "string", "name of the element" } }, errors = "name type", example = "cases:chart():to_svg():match \"^<svg\"",
    gives = "<svg" },
  { "save", "path [, opts]", returns = "true | nil, message, info", vi = "lưu theo đuôi tệp: csv tsv json jsonl md html xlsx txt", en = "a file whose ending says the format: csv tsv json jsonl md html xlsx txt",
    args = { { "path", "string", "the file, whole or as before" } }, errors = "format io", example = "cases:save \"a.pdf\"",
    gives = "[format]" },
}
