/* grid_write.c: rows taken in bulk into the plain tables of a store. May include: grid.h, sealed.h, libc strings. */
#include <string.h>

#include "grid.h"
#include "sealed.h"

static size_t table_of(const mk_store *s, const char *name) {
  size_t t = 0;
  while (strcmp(s->schema.tables[t].name, name) != 0) t++;
  return t;
}

/* ------------------------------------------------------------------ keys that are there already */

/* any, sealed: there are plain cases, and sealed ones. */
static bool look_up(mk_grid_rows *r, mk_store *s, bool any, bool sealed, sqlite3_stmt *st, mk_err *err) {
  for (uint32_t id = 1; id < r->nkeys; id++) {
    if (!r->firsts[id] || r->odd[id]) continue;
    mk_value v = grid_value_of(r, r->plan.key, id, NULL);
    int step = !any ? 0 : db_bind_text(s, st, 1, v.s, v.n, err) ? db_step(s, st, "reading", err) : -1;
    if (any) sqlite3_reset(st);
    if (step == 0 && sealed) step = sealed_shown(s, v.s, v.n, err);
    if (step < 0) return false;
    if (step == 1) r->odd[id] = 1;
  }
  return true;
}

static bool look_up_all(mk_grid_rows *r, mk_store *s, mk_err *err) {
  static const char sql[] = "SELECT 1 FROM main.cases WHERE \"case\" = ?1";
  int64_t any = 0;
  const sealed_map *m = db_int(s, "SELECT EXISTS (SELECT 1 FROM main.cases)", &any, err) ? sealed_now(s, err) : NULL;
  if (!m || (!any && !m->count)) return m != NULL;
  sqlite3_stmt *st = db_prepare(s, sql, sizeof sql - 1, err);
  bool ok = st && look_up(r, s, any != 0, m->count > 0, st, err);
  if (st) db_finalize(s, st);
  return ok;
}

bool grid_stored_keys(mk_grid_rows *r, mk_store *s, mk_err *err) {
  if (!db_begin_read(s, err)) return false;
  if (look_up_all(r, s, err)) return db_end_read(s, err);
  mk_store_rollback(s);
  return false;
}

/* ------------------------------------------------------------------ rows */

typedef struct {
  mk_grid_rows *r;
  mk_store *s;
  bulk bulk;
  sqlite3_stmt *st;
  const mk_table_def *t;
  const uint16_t *targets;
  size_t ntargets;
  bool lines;
  mk_buf scratch;
} writing;

static bool bind(writing *w, int i, mk_value v, mk_err *err) {
  int rc = SQLITE_OK;
  if (v.type == MK_T_MISSING) rc = sqlite3_bind_null(w->st, i);
  else if (v.type == MK_T_INT) rc = sqlite3_bind_int64(w->st, i, v.i);
  else if (v.type == MK_T_BOOL) rc = sqlite3_bind_int(w->st, i, v.truth);
  else if (v.s == w->scratch.p) rc = sqlite3_bind_text64(w->st, i, v.s, v.n, SQLITE_TRANSIENT, SQLITE_UTF8);
  else rc = sqlite3_bind_text64(w->st, i, v.n ? v.s : "", v.n, SQLITE_STATIC, SQLITE_UTF8);
  return rc == SQLITE_OK || db_fail(w->s, rc, "binding a value", err);
}

static bool write_row(writing *w, size_t row, mk_err *err) {
  uint32_t ids[GRID_TARGETS];
  mk_err why = {0};
  grid_row(w->r, row, ids);
  for (size_t i = 0; i < w->ntargets; i++) {
    mk_value v = {.type = MK_T_MISSING};
    uint16_t target = w->targets[i];
    bool key = (w->t->columns[i].flags & (MK_C_KEY | MK_C_REQUIRED)) == MK_C_KEY;
    if (w->lines && i == 1) v = (mk_value){.type = MK_T_INT, .i = w->r->numbers[row]};
    else if (target != GRID_NONE) v = grid_value_of(w->r, target, ids[target], &w->scratch);
    if (v.type == MK_T_MISSING && key) v = (mk_value){.type = MK_T_TEXT, .s = ""};
    if (!mk_buf_ok(&w->scratch, err) || !bind(w, (int)i + 1, v, err)) return false;
  }
  sqlite3_bind_null(w->st, (int)w->ntargets + 1);
  int step = db_step(w->s, w->st, "inserting", &why);
  sqlite3_reset(w->st);
  mk_value key = grid_value_of(w->r, w->r->plan.key, ids[w->r->plan.key], NULL);
  w->s->sealed->fresh_rows += step == 0;
  if (step == 0) return bulk_count(&w->bulk, key.s, key.n, err);
  mk_fail(err, why.code, "case '%S': %s", key.s, key.n > 100 ? (size_t)100 : key.n, why.msg);
  return false;
}

/* Whether a row in bulk gives a row of the table. */
static bool gives(const mk_grid_rows *r, size_t row, bool lines) {
  uint32_t ids[GRID_TARGETS];
  if (r->fates[row] != GRID_BULK) return false;
  if (lines) return r->numbers[row] != 0;
  grid_row(r, row, ids);
  return r->firsts[ids[r->plan.key]] == row + 1;
}

bool grid_write(mk_grid_rows *r, mk_store *s, bool lines, size_t *row, size_t count, mk_err *err) {
  size_t table = table_of(s, lines ? "lines" : "cases"), n = 0;
  writing w = {.r = r, .s = s, .t = &s->schema.tables[table], .lines = lines,
               .targets = lines ? r->plan.lines : r->plan.cases, .ntargets = lines ? r->plan.nlines : r->plan.ncases};
  if (w.ntargets != w.t->count) return mk_fail(err, MK_TYPE, "the columns of %s changed while rows were being prepared", w.t->name);
  if (!db_begin_rows(s, err)) return false;
  mk_buf_init(&w.scratch, r->mem);
  bool ok = bulk_begin(&w.bulk, s, table, r->g->rows - *row, err) && (w.st = store_insert_statement(s, table, err));
  for (; ok && n < count && *row < r->g->rows; ++*row) {
    if (!gives(r, *row, lines)) continue;
    ok = write_row(&w, *row, err);
    n++;
  }
  if (w.st) sqlite3_clear_bindings(w.st);
  mk_buf_clear(&w.scratch);
  if (bulk_end(&w.bulk, ok, err)) return mk_store_commit(s, err);
  mk_store_rollback(s);
  return false;
}
