/* fuzz_sealed.c: segments of sealed rows with any bytes changed and their checksum made to fit: a store that reads them refuses, or
 * answers something, and every way to read them ends. What is changed: the first byte picks the segment, then each three a place and bits. */
#include "core/sealed.h"
#include "fuzz.h"

enum { SEGMENTS = 200 };
typedef struct { int64_t block; uint64_t place; char *p; size_t n; int64_t form; char column[64]; } segment;

static mk_store *store;
static segment list[SEGMENTS];
static size_t count;

static int64_t run(const char *sql, mk_err *err) {
  int64_t n = 0;
  sqlite3_stmt *st = db_prepare(store, sql, strlen(sql), err);
  while (st && db_step(store, st, "reading", err) == 1) n++;
  if (st) db_finalize(store, st);
  return n;
}

static void keep(sqlite3_stmt *st, const sealed_map *m, mk_err *err) {
  segment *g = &list[count];
  size_t n = (size_t)sqlite3_column_bytes(st, 3);
  for (size_t k = 0; k < m->count; k++) {
    if (m->list[k].id != sqlite3_column_int64(st, 0)) continue;
    sealed_view *v = sealed_open(store, m, &m->list[k], err);
    MUST(v);
    g->block = v->id;
    g->form = sqlite3_column_int64(st, 2);
    snprintf(g->column, sizeof g->column, "%s", (const char *)sqlite3_column_text(st, 1));
    g->place = sealed_where(store, g->column, strlen(g->column), (mk_form)g->form, v, err);
    g->n = n;
    g->p = malloc(n);
    MUST(g->p);
    memcpy(g->p, sqlite3_column_blob(st, 3), n);
    MUST(segment_sound(g->p, g->n, g->place));
    sealed_close(store, v);
    count++;
  }
}

static void make(void) {
  static const char fill[] = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 14) ";
  static const char segments[] = "SELECT block, \"column\", form, data FROM segments";
  mk_err err = {0};
  mk_buf sql;
  mk_buf_init(&sql, NULL);
  store = mk_store_new(":memory:", 8, NULL, &err);
  MUST(store);
  mk_putf(&sql, "INSERT INTO main.cases (\"case\", phase, agency, suspects, joint) %sSELECT printf('V%%02d', i), 'OMD' || (i %% 7), "
                "'Đội ' || (i %% 3), nullif(i %% 5, 0), i %% 2 FROM n", fill);
  MUST(db_exec_buf(store, &sql, &err));
  mk_putf(&sql, "INSERT INTO main.lines (\"case\", line, category, quantity, unit, value_vnd) %sSELECT printf('V%%02d', 1 + i / 2), 1 + i %% 2, "
                "'drug', CASE i %% 4 WHEN 0 THEN NULL WHEN 1 THEN i ELSE i || '.25' END, 'kg', i * 1000 FROM n", fill);
  MUST(db_exec_buf(store, &sql, &err));
  mk_buf_clear(&sql);
  MUST(mk_store_seal(store, 6, &err) && db_begin_read(store, &err));
  const sealed_map *m = sealed_now(store, &err);
  MUST(m && m->count > 1);
  sqlite3_stmt *st = db_prepare(store, segments, sizeof segments - 1, &err);
  while (count < SEGMENTS && db_step(store, st, "reading", &err) == 1) keep(st, m, &err);
  db_finalize(store, st);
  MUST(!mk_failed(&err) && count > 4 && db_end_read(store, &err));
}

static void put(const segment *g, const mk_buf *bytes) {
  static const char sql[] = "UPDATE segments SET data = ?1 WHERE block = ?2 AND \"column\" = ?3 AND form = ?4";
  mk_err err = {0};
  sqlite3_stmt *st = db_prepare(store, sql, sizeof sql - 1, &err);
  MUST(st);
  sqlite3_bind_blob64(st, 1, bytes->p, bytes->n, SQLITE_STATIC);
  sqlite3_bind_int64(st, 2, g->block);
  sqlite3_bind_text(st, 3, g->column, -1, SQLITE_STATIC);
  sqlite3_bind_int64(st, 4, g->form);
  MUST(db_step(store, st, "writing", &err) == 0);
  db_finalize(store, st);
}

/* Columns in memory, and a sum over them; lean: read while they are gone over. */
static void ask_image(const char *const *columns, const mk_type *types, bool lean) {
  static const size_t wanted[] = {0, 1, 2, 3, 4, 5, 6};
  mk_err err = {0};
  mk_image *im = mk_image_new(store, "cases c LEFT JOIN lines l ON l.\"case\" = c.\"case\" ORDER BY c.\"case\", l.\"line\"", "c.\"case\"",
                              "SELECT sum(n) FROM counters WHERE tab IN ('cases', 'lines')", 7, &err);
  if (im && mk_image_need(im, store, wanted, columns, types, 7, 7, lean, &err) && im->columns[5].form == MK_FORM_NUMBERS) {
    mk_part sum = {.kind = MK_PART_SUM, .column = 5, .unit = lean ? 6 : SIZE_MAX};
    mk_scan_ask ask = {.parts = &sum, .nparts = 1, .ngroups = 1};
    if (lean) mk_scan_free(mk_scan_stream(im, store, columns, &ask, &err));
    else if (mk_image_fill(im, 5, &err)) mk_scan_free(mk_scan_new(im, &ask, &err));
  }
  mk_image_free(im);
}

/* Every way that rows of blocks are read. */
static void read_all(void) {
  static const char *const sqls[] = {"SELECT * FROM cases", "SELECT * FROM lines", "SELECT * FROM cases WHERE \"case\" = 'V05'",
                                     "SELECT * FROM lines WHERE quantity > 2 AND unit = 'kg'", "SELECT phase, count(*) FROM cases GROUP BY 1"};
  static const char *const columns[] = {"c.\"case\"", "c.\"phase\"", "c.\"agency\"", "c.\"suspects\"", "l.\"line\"", "l.\"quantity\"", "l.\"unit\""};
  static const mk_type types[] = {MK_T_TEXT, MK_T_PHASE, MK_T_TEXT, MK_T_INT, MK_T_INT, MK_T_DECIMAL, MK_T_TEXT};
  for (size_t i = 0; i < sizeof sqls / sizeof *sqls; i++) {
    mk_err err = {0};
    run(sqls[i], &err);
  }
  ask_image(columns, types, false);
  ask_image(columns, types, true);
  mk_err other = {0}, third = {0};
  if (db_exec(store, "SAVEPOINT all_plain", &other)) {
    unseal_all(store, &other);
    db_exec(store, "ROLLBACK TO all_plain", NULL);
    db_exec(store, "RELEASE all_plain", NULL);
    store->sealed->map.known = false;
  }
  seal_all(store, &third);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  mk_err err = {0};
  mk_buf bytes;
  if (!store) make();
  if (size < 1) return 0;
  const segment *g = &list[data[0] % count];
  mk_buf_init(&bytes, NULL);
  mk_put(&bytes, g->p, g->n);
  for (size_t i = 1; i + 2 < size; i += 3) {
    size_t at = ((size_t)data[i] << 8 | data[i + 1]) % bytes.n;
    bytes.p[at] = (char)(bytes.p[at] ^ data[i + 2]);
  }
  segment_seal(&bytes, g->place);
  MUST(mk_store_begin(store, &err));
  put(g, &bytes);
  sealed_release(store);
  read_all();
  mk_store_rollback(store);
  sealed_release(store);
  mk_buf_clear(&bytes);
  return 0;
}
