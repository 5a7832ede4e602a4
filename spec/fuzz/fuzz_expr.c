/* fuzz_expr.c: any text compiles or fails with a place inside it; what compiled gives its own type for every row and
 * frees all it took, also where memory ends on the way. The first byte sets the memory cap. */
#include "fuzz.h"

static const mk_column columns[] = {
    {"case", MK_T_TEXT, 0, "vụ|mã vụ", NULL},  {"phase", MK_T_PHASE, 0, "giai đoạn", NULL},
    {"date", MK_T_DATE, 0, "ngày", NULL},      {"date_to", MK_T_DATE, 0, "đến ngày", NULL},
    {"agency", MK_T_TEXT, 0, "cơ quan", NULL}, {"n", MK_T_INT, 0, "số đối tượng", NULL},
    {"joint", MK_T_BOOL, 0, "phối hợp", NULL}, {"q", MK_T_DECIMAL, MK_C_MEASURED, "số lượng", NULL},
    {"unit", MK_T_UNIT, 0, NULL, NULL},        {"f", MK_T_FIGURE, 0, NULL, NULL},
    {"b", MK_T_BLOB, 0, NULL, NULL}};
enum { COLUMNS = sizeof columns / sizeof *columns, ROWS = 4 };

typedef struct { int row; mk_fig fig; } record;

/* Rows 0..2 hold what is written here, row 3 nothing. */
static bool get(void *ud, size_t column, mk_value *out, mk_err *err) {
  static const char *const cells[COLUMNS][ROWS - 1] = {
      {"HP-01", "", "x"},          {"OMD7", "OMD-AP", "OMD1/OMD5"},
      {"2025-08-14", "2025-08", "2024"}, {"2025-08-15", "2024", "2024-02-29"},
      {"Hải quan", "MA TÚY tuý", "%_\\"}, {"3", "9223372036854775807", "-9223372036854775808"},
      {"1", "0", "1"},             {"2.5", "99999999999999999999999999999999", "-0.000000000000001"},
      {"kg", "pill", "none"},      {"kg", "pill", ""},
      {NULL, NULL, NULL}};
  record *r = ud;
  *out = (mk_value){.type = MK_T_MISSING};
  if (r->row == ROWS - 1 || !cells[column][r->row]) return true;
  const char *s = cells[column][r->row];
  if (columns[column].type != MK_T_FIGURE) return mk_value_read(out, columns[column].type, s, strlen(s), err);
  r->fig = mk_fig_exact(mk_num_int(r->row * 7 - 3), s, false);
  if (r->row == 1) r->fig.has_best = r->fig.has_hi = false;
  out->type = MK_T_FIGURE;
  out->fig = &r->fig;
  return true;
}

static void evaluate(const mk_expr *e) {
  record r = {.row = 0};
  for (; r.row < ROWS; r.row++) {
    mk_value v;
    mk_err err = {0};
    if (!mk_expr_eval(e, get, &r, &v, &err)) { MUST(err.code != MK_OK && err.msg[0]); continue; }
    MUST(v.type == MK_T_MISSING || v.type == mk_expr_type(e));
    if (v.type == MK_T_TEXT) MUST(mk_utf8_check(v.s, v.n) == v.n);
  }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  static const mk_param params[] = {{"1", {.type = MK_T_INT, .i = 7}},
                                    {"2", {.type = MK_T_TEXT, .s = "VII", .n = 3}},
                                    {"d", {.type = MK_T_DECIMAL, .num = {5, 2}}},
                                    {"x", {.type = MK_T_MISSING}}};
  if (size == 0) return 0;
  mk_mem mem = {.cap = data[0] < 128 ? 0 : (size_t)(data[0] - 127) * 256};
  mk_err err = {0};
  mk_expr *e = mk_expr_new(&mem, (const char *)data + 1, size - 1, data[0] & 1 ? "where" : NULL, columns, COLUMNS, params,
                           sizeof params / sizeof *params, &err);
  MUST((e == NULL) == (err.code != MK_OK));
  if (e) {
    size_t n;
    const size_t *read = mk_expr_columns(e, &n);
    for (size_t i = 0; i < n; i++) MUST(read[i] < COLUMNS && (i == 0 || read[i - 1] < read[i]));
    evaluate(e);
  } else MUST(err.msg[0] && err.col <= size);
  mk_expr_free(e);
  MUST(mem.used == 0);
  return 0;
}
