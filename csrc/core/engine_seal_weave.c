/* engine_seal_weave.c: where plain cases that are new stand between the cases of a sealed block, so that its columns need not be
 * made anew for them. May include: sealed.h, libc strings. */
#include "sealed.h"

#include <string.h>

static bool bind_bounds(mk_store *s, sqlite3_stmt *st, const sealed_map *m, const sealed_block *k, mk_err *err) {
  return db_bind_text(s, st, 1, m->keys.p + k->low, k->low_n, err) && db_bind_text(s, st, 2, m->keys.p + k->high, k->high_n, err);
}

/* Whether cases of the block are hidden, or have plain lines. 1, 0, -1. */
static int any_touched(mk_store *s, const sealed_map *m, const sealed_block *k, mk_err *err) {
  static const char sql[] = "SELECT EXISTS (SELECT 1 FROM main.unsealed WHERE \"case\" BETWEEN ?1 AND ?2) OR "
                            "EXISTS (SELECT 1 FROM main.\"lines\" l WHERE l.\"case\" BETWEEN ?1 AND ?2 AND "
                            "NOT EXISTS (SELECT 1 FROM main.\"cases\" c WHERE c.\"case\" = l.\"case\"))";
  sqlite3_stmt *st = db_prepare(s, sql, sizeof sql - 1, err);
  if (!st) return -1;
  int step = bind_bounds(s, st, m, k, err) ? db_step(s, st, "reading", err) : -1, touched = step == 1 ? sqlite3_column_int(st, 0) : 1;
  db_finalize(s, st);
  return step < 0 ? -1 : touched;
}

/* The row of the block that a case is to stand before; a case that the block has: 0. 1, 0, -1. */
static int place_of(mk_store *s, sealed_view *v, const sealed_column *cases, const char *key, size_t n, uint32_t *at, mk_err *err) {
  const char *p;
  size_t len, row = sealed_first(cases, key, n);
  *at = (uint32_t)row;
  if (row == v->rows) return 1;
  return !sealed_key(s, v, row, &p, &len, err) ? -1 : key_compare(p, len, key, n) != 0;
}

static int find_places(mk_store *s, sqlite3_stmt *st, sealed_view *v, const sealed_column *cases, mk_buf *places, mk_err *err) {
  int step;
  while ((step = db_step(s, st, "reading", err)) == 1) {
    const char *key;
    size_t n;
    uint32_t at;
    int is = db_text(s, st, 0, &key, &n, err) ? place_of(s, v, cases, key, n, &at, err) : -1;
    if (is <= 0) return is;
    mk_put(places, (const char *)&at, sizeof at);
  }
  return step == 0 && mk_buf_ok(places, err) ? 1 : -1;
}

int weave_places(mk_store *s, const sealed_map *m, const sealed_block *k, mk_buf *places, mk_err *err) {
  static const char sql[] = "SELECT \"case\" FROM main.\"cases\" WHERE \"case\" BETWEEN ?1 AND ?2 ORDER BY 1", name[] = "c.\"case\"";
  int touched = any_touched(s, m, k, err);
  if (touched) return touched < 0 ? -1 : 0;
  sealed_view *v = sealed_open(s, m, k, err);
  size_t column = v ? sealed_place(v, name, sizeof name - 1) : SIZE_MAX;
  int ok = v && column != SIZE_MAX && v->columns[column].form == MK_FORM_CODES ? sealed_need(s, v, column, err) ? 1 : -1 : v ? 0 : -1;
  sqlite3_stmt *st = ok == 1 ? db_prepare(s, sql, sizeof sql - 1, err) : NULL;
  if (ok == 1) ok = st && bind_bounds(s, st, m, k, err) ? find_places(s, st, v, &v->columns[column], places, err) : -1;
  if (st) db_finalize(s, st);
  sealed_close(s, v);
  return ok;
}
