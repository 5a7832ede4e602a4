/* engine_seal_back.c: sealed rows become plain ones again: all of them, or a case that is to be changed.
 * May include: sealed.h, libc strings. */
#include "sealed.h"

#include <string.h>

/* Writes rows of blocks into the tables. */
typedef struct { mk_store *store; seal_columns columns; sqlite3_stmt *cases, *lines; mk_buf scratch; } writer;

static sqlite3_stmt *insertion(writer *w, bool lines, mk_err *err) {
  const seal_columns *c = &w->columns;
  size_t from = lines ? c->cases : 0, to = lines ? c->count : c->cases;
  mk_buf sql;
  mk_buf_init(&sql, &w->store->mem);
  mk_puts(&sql, lines ? "INSERT OR IGNORE INTO main.lines (\"case\"" : "INSERT INTO main.cases (");
  for (size_t i = from; i < to; i++) mk_putf(&sql, "%s%s", i == 0 ? "" : ", ", c->list[i].sql + 2);
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
  return seal_columns_init(&w->columns, s, err) && (w->cases = insertion(w, false, err)) && (w->lines = insertion(w, true, err));
}

static void writer_end(writer *w) {
  if (w->cases) db_finalize(w->store, w->cases);
  if (w->lines) db_finalize(w->store, w->lines);
  mk_buf_clear(&w->scratch);
  seal_columns_clear(&w->columns);
}

static bool need_all(writer *w, sealed_view *v, mk_err *err) {
  seal_columns *c = &w->columns;
  for (size_t i = 0; i < c->count; i++) {
    c->list[i].place = sealed_place(v, c->list[i].sql, strlen(c->list[i].sql));
    if (!sealed_need(w->store, v, c->list[i].place, err)) return false;
  }
  return true;
}

static bool bind_cell(writer *w, const sealed_view *v, size_t column, size_t row, sqlite3_stmt *st, int at, mk_value *out, mk_err *err) {
  const merge_column *c = &w->columns.list[column];
  if (!sealed_cell(v, c->place, row, c->whole, &w->scratch, out, err)) return false;
  if (out->type == MK_T_TEXT) return db_bind_text(w->store, st, at, out->s, out->n, err);
  int rc = out->type == MK_T_INT ? sqlite3_bind_int64(st, at, out->i) : sqlite3_bind_null(st, at);
  return rc == SQLITE_OK || db_fail(w->store, rc, "unsealing", err);
}

static bool write_row(writer *w, const sealed_view *v, size_t row, mk_err *err) {
  const seal_columns *c = &w->columns;
  mk_value value;
  if (sealed_begins(v, row)) {
    for (size_t i = 0; i < c->cases; i++)
      if (!bind_cell(w, v, i, row, w->cases, (int)i + 1, &value, err)) return false;
    if (db_step(w->store, w->cases, "unsealing", err) < 0) return false;
    sqlite3_reset(w->cases);
  }
  if (!bind_cell(w, v, c->cases, row, w->lines, 2, &value, err)) return false;
  if (value.type != MK_T_INT) return true; /* the case has no lines */
  if (!bind_cell(w, v, 0, row, w->lines, 1, &value, err)) return false;
  for (size_t i = c->cases + 1; i < c->count; i++)
    if (!bind_cell(w, v, i, row, w->lines, (int)(i - c->cases) + 2, &value, err)) return false;
  if (db_step(w->store, w->lines, "unsealing", err) < 0) return false;
  sqlite3_reset(w->lines);
  return true;
}

/* Rows of one block that are not hidden. What is hidden is read before anything is written, which would hide more. */
static bool write_block(writer *w, const sealed_map *m, const sealed_block *k, mk_err *err) {
  mk_store *s = w->store;
  mk_buf rows;
  walk at = {0};
  int step = 0;
  mk_buf_init(&rows, &s->mem);
  sealed_view *v = sealed_open(s, m, k, err);
  bool ok = v && need_all(w, v, err) &&
            walk_begin(&at, s, WALK_ROWS, m->keys.p + k->low, k->low_n, m->keys.p + k->high, k->high_n, err);
  while (ok && (step = walk_next(&at, err)) == 1) mk_put(&rows, (const char *)&at.row, sizeof at.row);
  walk_end(&at);
  ok = ok && step == 0 && mk_buf_ok(&rows, err);
  for (size_t i = 0; ok && i < rows.n; i += sizeof(size_t)) {
    size_t row;
    memcpy(&row, rows.p + i, sizeof row);
    ok = write_row(w, v, row, err);
  }
  sealed_close(s, v);
  mk_buf_clear(&rows);
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

/* One case of a block with its lines. */
static bool give_back(writer *w, sqlite3_stmt *note, const char *key, size_t n, mk_err *err) {
  mk_store *s = w->store;
  sealed_view *v = NULL;
  size_t row;
  int found = sealed_find(s, key, n, &v, &row, err);
  if (found <= 0) return found == 0;
  bool ok = need_all(w, v, err) && write_row(w, v, row, err);
  while (ok && ++row < v->rows && !sealed_begins(v, row)) ok = write_row(w, v, row, err);
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
  int found = sealed_shown(s, key, n, err);
  if (found <= 0) return found == 0;
  mk_buf_init(&keys, &s->mem);
  keys_add(&keys, key, n);
  bool ok = mk_buf_ok(&keys, err) && unseal_cases(s, &keys, err);
  mk_buf_clear(&keys);
  return ok;
}
