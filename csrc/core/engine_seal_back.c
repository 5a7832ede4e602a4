/* engine_seal_back.c: sealed rows become plain ones again: all of them, or a case that is to be changed.
 * May include: sealed.h, libc strings. */
#include "sealed.h"

#include <string.h>

/* Writes rows of blocks into the tables. A parameter stays bound while the cells of its column are the same. */
typedef struct {
  mk_store *store;
  seal_columns columns;
  sqlite3_stmt *into[3]; /* cases, lines, persons */
  uint64_t *bound;  /* by column: the cell that is bound, plus one; 0 none */
  mk_buf scratch;
} writer;

/* An insertion into a table of some of the columns; lines get the case before these. */
static sqlite3_stmt *insertion(writer *w, const char *head, size_t from, size_t to, bool lines, mk_err *err) {
  mk_buf sql;
  mk_buf_init(&sql, &w->store->mem);
  mk_puts(&sql, head);
  for (size_t i = from; i < to; i++) mk_putf(&sql, "%s%s", i == from && !lines ? "" : ", ", w->columns.list[i].sql + 2);
  mk_puts(&sql, ") VALUES (");
  for (size_t i = from; i < to + lines; i++) mk_puts(&sql, i == from ? "?" : ", ?");
  mk_putc(&sql, ')');
  sqlite3_stmt *st = mk_buf_ok(&sql, err) ? db_prepare(w->store, sql.p, sql.n, err) : NULL;
  mk_buf_clear(&sql);
  return st;
}

static bool writer_begin(writer *w, mk_store *s, mk_err *err) {
  *w = (writer){.store = s};
  mk_buf_init(&w->scratch, &s->mem);
  if (!seal_columns_init(&w->columns, s, err)) return false;
  w->bound = mk_zalloc(&s->mem, w->columns.count * sizeof *w->bound, err);
  const seal_columns *c = &w->columns;
  return w->bound && (w->into[0] = insertion(w, "INSERT INTO main.cases (", 0, c->cases, false, err)) &&
         (w->into[1] = insertion(w, "INSERT OR IGNORE INTO main.lines (\"case\"", c->cases, c->lines, true, err)) &&
         (w->into[2] = insertion(w, "INSERT OR IGNORE INTO main.persons (", c->lines, c->count, false, err));
}

static void writer_end(writer *w) {
  for (int i = 0; i < 3; i++)
    if (w->into[i]) db_finalize(w->store, w->into[i]);
  mk_buf_clear(&w->scratch);
  mk_free(&w->store->mem, w->bound, w->columns.count * sizeof *w->bound);
  seal_columns_clear(&w->columns);
}

/* Rows of a block come next. */
static bool take_block(writer *w, sealed_view *v, mk_err *err) {
  seal_columns *c = &w->columns;
  for (size_t i = 0; i < c->count; i++) {
    c->list[i].place = sealed_place(v, c->list[i].sql, strlen(c->list[i].sql));
    if (!sealed_need(w->store, v, c->list[i].place, err)) return false;
  }
  return true;
}

/* Before the block is let go of: texts that are bound are in it. */
static void leave_block(writer *w) {
  for (int i = 0; i < 3; i++) sqlite3_clear_bindings(w->into[i]);
  memset(w->bound, 0, w->columns.count * sizeof *w->bound);
}

static bool bind_cell(writer *w, const sealed_view *v, size_t column, size_t row, sqlite3_stmt *st, int at, mk_err *err) {
  const merge_column *c = &w->columns.list[column];
  mk_value value;
  uint64_t raw = sealed_raw(v, c->place, row) + 1;
  if (raw && w->bound[column] == raw) return true;
  if (!sealed_cell(v, c->place, row, c->whole, &w->scratch, &value, err)) return false;
  w->bound[column] = raw;
  sqlite3_destructor_type how = value.s == w->scratch.p ? SQLITE_TRANSIENT : SQLITE_STATIC;
  int rc = value.type == MK_T_TEXT ? sqlite3_bind_text64(st, at, value.s, value.n, how, SQLITE_UTF8)
           : value.type == MK_T_INT ? sqlite3_bind_int64(st, at, value.i) : sqlite3_bind_null(st, at);
  return rc == SQLITE_OK || db_fail(w->store, rc, "unsealing", err);
}

static bool put_row(writer *w, sqlite3_stmt *st, mk_err *err) {
  bool ok = db_step(w->store, st, "unsealing", err) >= 0;
  sqlite3_reset(st);
  return ok;
}

static bool bind_key(writer *w, const sealed_view *v, size_t row, mk_err *err) {
  mk_value key;
  if (!sealed_cell(v, w->columns.list[0].place, row, false, &w->scratch, &key, err)) return false;
  int rc = sqlite3_bind_text64(w->into[1], 1, key.s, key.n, SQLITE_STATIC, SQLITE_UTF8);
  return rc == SQLITE_OK || db_fail(w->store, rc, "unsealing", err);
}

static bool write_row(writer *w, const sealed_view *v, size_t row, mk_err *err) {
  const seal_columns *c = &w->columns;
  mk_value line;
  if (sealed_begins(v, row)) {
    for (size_t i = 0; i < c->cases; i++)
      if (!bind_cell(w, v, i, row, w->into[0], (int)i + 1, err)) return false;
    if (!put_row(w, w->into[0], err)) return false;
  }
  if (!sealed_cell(v, c->list[c->cases].place, row, true, &w->scratch, &line, err)) return false;
  if (line.type != MK_T_INT) return true; /* the case has no lines */
  if (!bind_key(w, v, row, err)) return false;
  for (size_t i = c->cases; i < c->lines; i++)
    if (!bind_cell(w, v, i, row, w->into[1], (int)(i - c->cases) + 2, err)) return false;
  return put_row(w, w->into[1], err);
}

static bool write_person(writer *w, const sealed_view *v, size_t row, mk_err *err) {
  const seal_columns *c = &w->columns;
  for (size_t i = c->lines; i < c->count; i++)
    if (!bind_cell(w, v, i, row, w->into[2], (int)(i - c->lines) + 1, err)) return false;
  return put_row(w, w->into[2], err);
}

/* The rows of a block that are not hidden. */
static bool list_rows(mk_store *s, walk_kind kind, const sealed_map *m, const sealed_block *k, mk_buf *rows, mk_err *err) {
  walk at = {0};
  int step = -1;
  if (walk_begin(&at, s, kind, m->keys.p + k->low, k->low_n, m->keys.p + k->high, k->high_n, err))
    while ((step = walk_next(&at, err)) == 1) mk_put(rows, (const char *)&at.row, sizeof at.row);
  walk_end(&at);
  return step == 0 && mk_buf_ok(rows, err);
}

/* Writes a block. What is hidden is read before anything is written, which would hide more. */
static bool write_block(writer *w, const sealed_map *m, const sealed_block *k, mk_err *err) {
  mk_store *s = w->store;
  mk_buf lists[2];
  mk_buf_init(&lists[0], &s->mem);
  mk_buf_init(&lists[1], &s->mem);
  sealed_view *v = sealed_open(s, m, k, err);
  bool ok = v && take_block(w, v, err) && list_rows(s, WALK_ROWS, m, k, &lists[0], err) && list_rows(s, WALK_PERSONS, m, k, &lists[1], err);
  for (int i = 0; i < 2; i++) {
    for (size_t at = 0; ok && at < lists[i].n; at += sizeof(size_t)) {
      size_t row;
      memcpy(&row, lists[i].p + at, sizeof row);
      ok = i ? write_person(w, v, row, err) : write_row(w, v, row, err);
    }
    mk_buf_clear(&lists[i]);
  }
  leave_block(w);
  sealed_close(s, v);
  return ok;
}

bool unseal_all(mk_store *s, mk_err *err) {
  writer w;
  const sealed_map *m = sealed_now(s, err);
  if (!m) return false;
  if (!m->count) return true;
  if (!db_rules(s, false, false, err)) return false;
  bool ok = writer_begin(&w, s, err);
  for (size_t i = 0; ok && i < m->count; i++) ok = write_block(&w, m, &m->list[i], err);
  writer_end(&w);
  return ok && db_exec(s, "DELETE FROM main.blocks WHERE tab = '" SEALED_TAB "'", err) &&
         db_exec(s, "DELETE FROM main.unsealed", err) && seal_written(s, m->state, err);
}

/* The persons of a case of a block. */
static bool give_persons(writer *w, const sealed_view *v, const char *key, size_t n, mk_err *err) {
  size_t at = w->columns.list[w->columns.lines].place, len;
  if (!v->persons) return true;
  const sealed_column *cases = &v->columns[at];
  for (size_t row = sealed_first(cases, key, n); row < v->persons; row++) {
    const char *p = sealed_person(cases, row, &len);
    if (key_compare(p, len, key, n) != 0) return true;
    if (!write_person(w, v, row, err)) return false;
  }
  return true;
}

/* One case of a block with its lines and persons. */
static bool give_back(writer *w, sqlite3_stmt *note, const char *key, size_t n, mk_err *err) {
  mk_store *s = w->store;
  sealed_view *v = NULL;
  size_t row;
  int found = sealed_find(s, key, n, &v, &row, err);
  if (found <= 0) return found == 0;
  bool ok = take_block(w, v, err) && write_row(w, v, row, err);
  while (ok && ++row < v->rows && !sealed_begins(v, row)) ok = write_row(w, v, row, err);
  ok = ok && give_persons(w, v, key, n, err);
  leave_block(w);
  sealed_close(s, v);
  ok = ok && db_bind_text(s, note, 1, key, n, err) && db_step(s, note, "changing", err) == 0;
  sqlite3_reset(note);
  s->sealed->fresh_rows++;
  return ok;
}

bool unseal_cases(mk_store *s, const mk_buf *keys, mk_err *err) {
  static const char sql[] = "INSERT INTO main.unsealed (\"case\") VALUES (?1)";
  writer w;
  if (!keys->n) return mk_buf_ok(keys, err);
  bool ok = writer_begin(&w, s, err);
  sqlite3_stmt *note = ok ? db_prepare(s, sql, sizeof sql - 1, err) : NULL;
  ok = note != NULL;
  for (size_t at = 0, n; ok && at < keys->n; at += sizeof n + n) {
    memcpy(&n, keys->p + at, sizeof n);
    ok = give_back(&w, note, keys->p + at + sizeof n, n, err);
  }
  if (note) db_finalize(s, note);
  writer_end(&w);
  return ok;
}

void keys_add(mk_buf *keys, const char *p, size_t n) {
  mk_put(keys, (const char *)&n, sizeof n);
  mk_put(keys, p, n);
}

bool unseal_case(mk_store *s, const char *key, size_t n, mk_err *err) {
  mk_buf keys;
  sealed_view *v = NULL;
  size_t row;
  int found = sealed_find(s, key, n, &v, &row, err);
  sealed_close(s, v);
  if (found <= 0) return found == 0;
  mk_buf_init(&keys, &s->mem);
  keys_add(&keys, key, n);
  bool ok = mk_buf_ok(&keys, err) && unseal_cases(s, &keys, err);
  mk_buf_clear(&keys);
  return ok;
}
