-- Groups of a frame.
return {
  class = "Grouped", vi = "các nhóm của một Frame", en = "the groups of a frame",
  { "count", "", returns = "Table", vi = "số vụ của mỗi nhóm", en = "cases of each group", example = "d:by \"origin\":count()",
    gives = [[
Nước đi     Số vụ
──────────  ─────
Lào             2
Trung Quốc      1
(thiếu)         1]] },
  { "lines", "", returns = "Table", vi = "số dòng tang vật của mỗi nhóm", en = "seizure lines of each group", example = "d:by \"category\":lines()",
    gives = [[
Nhóm hàng                Số dòng
───────────────────────  ───────
động, thực vật hoang dã        2
ma túy                         3]] },
  { "sum", "quantity [, opts]", returns = "Table", vi = "tổng của mỗi nhóm, mỗi loại đơn vị một cột", en = "sum of each group, a column for each kind of unit",
    args = { { "quantity", "string", "\"quantity\", \"quantity in kg\", \"suspects\"" } }, opts = { { "missing", "\"skip\"|\"error\"", "lines without the number" } },
    errors = "unit name missing", example = "d:by \"category\":sum \"quantity\"",
    gives = [[
                                                         Thiếu số
                         Khối lượng                          liệu
Nhóm hàng                      (kg)  Số viên  Số cá thể    (dòng)
───────────────────────  ──────────  ───────  ─────────  ────────
động, thực vật hoang dã       395          0         20         0
ma túy                        ≥ 1,5  ≥ 6.000        ≥ 0         1]] },
  { "min", "column", returns = "Table", vi = "nhỏ nhất của mỗi nhóm", en = "the least of each group", args = { { "column", "string", "number or date" } }, errors = "name type", example = "d:by \"category\":min \"date\"",
    gives = [[
                         Từ ngày,
Nhóm hàng                nhỏ nhất
───────────────────────  ────────
động, thực vật hoang dã  8/2025
ma túy                   1/8/2023]] },
  { "max", "column", returns = "Table", vi = "lớn nhất của mỗi nhóm", en = "the greatest of each group", args = { { "column", "string", "number or date" } }, errors = "name type", example = "d:by \"category\":max \"suspects\"",
    gives = [[
                         Đối tượng,
Nhóm hàng                  lớn nhất
───────────────────────  ──────────
động, thực vật hoang dã           3
ma túy                            2]] },
  { "mean", "column", returns = "Table", vi = "trung bình của mỗi nhóm", en = "the mean of each group", args = { { "column", "string", "number" } }, errors = "name type unit", example = "d:by \"category\":mean \"suspects\"",
    gives = [[
                         Đối tượng,
Nhóm hàng                trung bình
───────────────────────  ──────────
động, thực vật hoang dã         3
ma túy                          1,5]] },
  { "median", "column", returns = "Table", vi = "trung vị của mỗi nhóm", en = "the middle value of each group", args = { { "column", "string", "number" } }, errors = "name type unit", example = "d:by \"category\":median \"suspects\"",
    gives = [[
                         Đối tượng,
Nhóm hàng                  trung vị
───────────────────────  ──────────
động, thực vật hoang dã           3
ma túy                            1]] },
  { "stats", "quantity [, names]", returns = "Table", vi = "nhiều thống kê của mỗi nhóm", en = "several statistics of each group",
    args = { { "quantity", "string", "\"quantity in kg\"" }, { "names?", "string", "\"n missing p50 p90 max\"" } }, errors = "unit name", example = "d:where \"unit = kg\":by \"category\":stats(\"quantity\", \"n max\")",
    gives = [[
                                     Lớn nhất
Nhóm hàng                Có số liệu      (kg)
───────────────────────  ──────────  ────────
động, thực vật hoang dã           1     395
ma túy                            1       1,5
1 dòng thiếu đơn vị không được tính (unit = kg).]] },
  { "agg", "\"n = count()\", ...", returns = "Table", vi = "nhiều đại lượng của mỗi nhóm", en = "several measures of each group", args = { { "...", "string", "measures" } },
    errors = "syntax name type duplicate", example = "d:by \"phase\":agg(\"n = count()\", \"people = sum(suspects)\"):cell(8, \"people\")",
    gives = "ít nhất 5" },
}
