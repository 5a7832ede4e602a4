/* fuzz_expr.c: any text compiles or fails with a place inside it, as a condition, a new column or a measure; what compiled
 * gives its own type for every row, prints as SQL that SQLite takes or says why not, and frees all it took, also where
 * memory ends on the way. The first byte sets the memory cap and which of the three the text is. */
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

/* Values of parts for round `row`: small, large and bounded figures, and nothing. */
typedef struct { const mk_expr *e; int row; mk_fig fig[100]; } round_of;

static bool get_part(void *ud, size_t i, mk_value *out, mk_err *err) {
  round_of *r = ud;
  mk_agg_part p = mk_expr_part(r->e, i);
  MUST(i < mk_expr_parts(r->e));
  *out = (mk_value){.type = MK_T_MISSING};
  if (r->row == 3) return true;
  if (p.type == MK_T_BOOL) { *out = (mk_value){.type = MK_T_BOOL, .truth = r->row == 1}; return true; }
  if (p.type == MK_T_DATE) return mk_value_read(out, p.type, "2025-08", 7, err);
  if (p.type == MK_T_PHASE) return mk_value_read(out, p.type, "OMD7", 4, err);
  const char *unit = p.unit ? p.unit->code : "";
  r->fig[i] = mk_fig_exact(mk_num_int(r->row == 1 ? INT64_MAX : (int64_t)i), unit, !*unit);
  if (r->row == 2) r->fig[i].has_hi = r->fig[i].has_best = false;
  *out = (mk_value){.type = MK_T_FIGURE, .fig = &r->fig[i]};
  return true;
}

static void evaluate_measure(const mk_expr *e) {
  round_of r = {.e = e};
  for (size_t i = 0; i < mk_expr_parts(e); i++) {
    mk_agg_part p = mk_expr_part(e, i);
    if (p.argument) evaluate(p.argument);
    if (p.filter) { MUST(mk_expr_condition(p.filter, NULL)); evaluate(p.filter); }
  }
  for (; r.row < 4; r.row++) {
    mk_value v;
    mk_err err = {0};
    if (!mk_expr_eval(e, get_part, &r, &v, &err)) MUST(err.code != MK_OK && err.msg[0]);
  }
}

/* How deep SQL may nest on a connection of ours, and how long a pattern may be. */
static bool past_limit(const mk_err *err) {
  return strstr(err->msg, "too large") || strstr(err->msg, "stack overflow") || strstr(err->msg, "too complex") || err->code == MK_LIMIT;
}

static void print_sql(const mk_expr *e) {
  static const char *const names[COLUMNS] = {"\"case\"", "phase", "date", "date_to", "agency", "suspects", "joint",
                                             "quantity", "unit", "source", "note"};
  static mk_store *store;
  for (int dialect = 0; dialect < 2; dialect++) {
    const mk_sql_opts o = {dialect ? MK_SQL_POSTGRES : MK_SQL_SQLITE, names, COLUMNS, dialect ? names[0] : NULL, NULL};
    mk_err err = {0};
    mk_buf b;
    mk_buf_init(&b, NULL);
    mk_puts(&b, "select ");
    bool ok = mk_expr_sql(e, &o, &b, &err);
    MUST(ok || ((err.code == MK_TYPE || err.code == MK_LIMIT) && err.msg[0]));
    mk_puts(&b, " from cases join lines using (\"case\")");
    if (ok && !dialect && b.n < 100000) {
      if (!store) MUST((store = mk_store_new(":memory:", 8, NULL, NULL)) != NULL);
      mk_stmt *st = mk_stmt_new(store, b.p, b.n, true, &err);
      MUST(st ? mk_stmt_step(st, &err) >= 0 || past_limit(&err) : past_limit(&err));
      mk_stmt_free(st);
    }
    mk_buf_clear(&b);
  }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  static const mk_param params[] = {{"1", {.type = MK_T_INT, .i = 7}},
                                    {"2", {.type = MK_T_TEXT, .s = "VII", .n = 3}},
                                    {"d", {.type = MK_T_DECIMAL, .num = {5, 2}}},
                                    {"x", {.type = MK_T_MISSING}}};
  static const char *const kinds[COLUMNS] = {[4] = "agency", [0] = "category"};
  static const mk_expr_code codes[] = {{"agency", "hải quan", "VN", 9}, {"category", "x", "y", 1}};
  if (size == 0) return 0;
  mk_mem mem = {.cap = data[0] < 128 ? 0 : (size_t)(data[0] - 127) * 256};
  mk_err err = {0};
  const mk_expr_opts opts = {.mode = (mk_expr_mode)(((data[0] >> 1) + 1) % 3), .what = data[0] & 1 ? "where" : NULL,
                             .cols = columns, .ncols = COLUMNS, .params = params, .nparams = sizeof params / sizeof *params,
                             .kinds = kinds, .codes = codes, .ncodes = 2};
  mk_expr *e = mk_expr_make(&mem, (const char *)data + 1, size - 1, &opts, &err);
  MUST((e == NULL) == (err.code != MK_OK));
  if (e) {
    size_t n;
    const size_t *read = mk_expr_columns(e, &n);
    for (size_t i = 0; i < n; i++) MUST(read[i] < COLUMNS && (i == 0 || read[i - 1] < read[i]));
    if (opts.mode == MK_EXPR_AGG) evaluate_measure(e);
    else evaluate(e);
    print_sql(e);
  } else MUST(err.msg[0] && err.col <= size);
  mk_expr_free(e);
  MUST(mem.used == 0);
  return 0;
}
