/* engine_seal_weave.c: where plain cases that are new stand between the cases of a sealed block, so that its columns need not be
 * made anew for them. May include: sealed.h, libc strings. */
#include "sealed.h"

#include <string.h>

/* A statement about what is between the first and the last case of a block. */
static sqlite3_stmt *within(mk_store *s, const char *sql, const sealed_map *m, const sealed_block *k, mk_err *err) {
  sqlite3_stmt *st = db_prepare(s, sql, strlen(sql), err);
  if (!st) return NULL;
  if (db_bind_text(s, st, 1, m->keys.p + k->low, k->low_n, err) && db_bind_text(s, st, 2, m->keys.p + k->high, k->high_n, err)) return st;
  db_finalize(s, st);
  return NULL;
}

/* Plain cases, and of plain lines their cases, each in order. */
typedef struct { mk_store *store; sqlite3_stmt *cases, *lines; const char *line; size_t line_n; } new_cases;

static bool next_line(new_cases *x, mk_err *err) {
  int step = db_step(x->store, x->lines, "reading", err);
  x->line = NULL;
  return step >= 0 && (step == 0 || db_text(x->store, x->lines, 0, &x->line, &x->line_n, err));
}

/* Past the lines of a case; 0: a line before them is of no plain case. 1, 0, -1. */
static int pass_lines(new_cases *x, const char *key, size_t n, mk_err *err) {
  while (x->line) {
    int order = key_compare(x->line, x->line_n, key, n);
    if (order) return order > 0;
    if (!next_line(x, err)) return -1;
  }
  return 1;
}

/* The row of the block that a case is to stand before; a case that the block has: 0. 1, 0, -1. */
static int place_of(mk_store *s, sealed_view *v, const sealed_column *cases, const char *key, size_t n, uint32_t *at, mk_err *err) {
  const char *p;
  size_t len, row = sealed_first(cases, key, n);
  *at = (uint32_t)row;
  if (row == v->rows) return 1;
  return !sealed_key(s, v, row, &p, &len, err) ? -1 : key_compare(p, len, key, n) != 0;
}

static int find_places(new_cases *x, sealed_view *v, const sealed_column *cases, mk_buf *places, mk_err *err) {
  int step;
  if (!next_line(x, err)) return -1;
  while ((step = db_step(x->store, x->cases, "reading", err)) == 1) {
    const char *key;
    size_t n;
    uint32_t at = 0;
    int is = db_text(x->store, x->cases, 0, &key, &n, err) ? pass_lines(x, key, n, err) : -1;
    if (is == 1) is = place_of(x->store, v, cases, key, n, &at, err);
    if (is <= 0) return is;
    mk_put(places, (const char *)&at, sizeof at);
  }
  return step < 0 || !mk_buf_ok(places, err) ? -1 : !x->line;
}

static int any_unsealed(mk_store *s, const sealed_map *m, const sealed_block *k, mk_err *err) {
  sqlite3_stmt *st = within(s, "SELECT 1 FROM main.unsealed WHERE \"case\" BETWEEN ?1 AND ?2", m, k, err);
  int step = st ? db_step(s, st, "reading", err) : -1;
  if (st) db_finalize(s, st);
  return step;
}

int weave_places(mk_store *s, const sealed_map *m, const sealed_block *k, mk_buf *places, mk_err *err) {
  static const char name[] = "c.\"case\"";
  int unsealed = any_unsealed(s, m, k, err), ok = -1;
  if (unsealed) return unsealed < 0 ? -1 : 0;
  new_cases x = {.store = s};
  sealed_view *v = sealed_open(s, m, k, err);
  size_t column = v ? sealed_place(v, name, sizeof name - 1) : SIZE_MAX;
  bool held = column != SIZE_MAX && v->columns[column].form == MK_FORM_CODES;
  if (v && !held) ok = 0;
  if (held && sealed_need(s, v, column, err)) {
    x.cases = within(s, "SELECT \"case\" FROM main.cases WHERE \"case\" BETWEEN ?1 AND ?2 ORDER BY 1", m, k, err);
    x.lines = x.cases ? within(s, "SELECT \"case\" FROM main.lines WHERE \"case\" BETWEEN ?1 AND ?2 ORDER BY 1", m, k, err) : NULL;
    if (x.lines) ok = find_places(&x, v, &v->columns[column], places, err);
  }
  if (x.cases) db_finalize(s, x.cases);
  if (x.lines) db_finalize(s, x.lines);
  sealed_close(s, v);
  return ok;
}
