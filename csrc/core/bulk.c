/* bulk.c: many new rows of one table without running its triggers for each: what these do is done once, at the end of the
 * rows and in the same transaction. May include: sealed.h. */
#include "sealed.h"

#include <string.h>

enum { FEW = 24 }; /* below it, preparing statements anew costs more than the triggers */
enum { MANY = 25, VALUES_MAX = 999 }; /* rows a statement, when their values are not more */

/* The statement that removes the block of a case, when the file keeps columns of such rows at all. */
static bool prepare_mark(bulk *b, mk_err *err) {
  const mk_table_def *t = &b->store->schema.tables[b->table];
  const char *tab = ddl_kept_as(t);
  sqlite3_stmt *st = tab ? db_kept(b->store, KEPT_HAS_BLOCKS, err) : NULL;
  if (!st) return !tab;
  bool ok = db_bind_text(b->store, st, 1, tab, strlen(tab), err) && db_step(b->store, st, "reading", err) == 1;
  bool any = ok && sqlite3_column_int(st, 0);
  sqlite3_reset(st);
  if (!any) return ok;
  mk_buf sql;
  mk_buf_init(&sql, &b->store->mem);
  ddl_mark(&sql, t, "?1");
  ok = mk_buf_ok(&sql, err) && (b->mark = db_prepare(b->store, sql.p, sql.n, err));
  mk_buf_clear(&sql);
  return ok;
}

bool bulk_begin(bulk *b, mk_store *s, size_t table, size_t count, mk_err *err) {
  *b = (bulk){.store = s, .table = table, .cases = strcmp(s->schema.tables[table].name, "cases") == 0};
  b->quiet = count >= FEW && !s->trust; /* a file that is trusted may hold triggers of others */
  return made_begin(s, err) && db_rules(s, !b->quiet, !sealed_loosens(s, table), err) && (!b->quiet || prepare_mark(b, err));
}

bool bulk_count(bulk *b, const char *key, size_t n, mk_err *err) {
  b->count++;
  if (b->cases) made_add(b->store, key, n);
  if (!b->mark) return true;
  bool ok = db_bind_text(b->store, b->mark, 1, key, n, err) && db_step(b->store, b->mark, "inserting", err) == 0;
  sqlite3_reset(b->mark);
  return ok;
}

bool bulk_insert(bulk *b, const mk_rows *r, size_t row, int64_t ledger, mk_err *err) {
  if (!store_insert_row(b->store, r, row, ledger, err)) return false;
  mk_value key = mk_rows_get(r, row, 0);
  return bulk_count(b, key.s, key.n, err);
}

/* ------------------------------------------------------------------ many rows a statement */

/* The statement for rows that have such columns, and how many of them it takes. */
static sqlite3_stmt *prepare_many(bulk *b, const bool *has, size_t *rows, mk_err *err) {
  mk_store *s = b->store;
  const mk_table_def *t = &s->schema.tables[b->table];
  bool fits = s->many[b->table].st != NULL, *mine = s->many[b->table].has;
  size_t columns = 0;
  for (size_t i = 0; i < t->count; i++) {
    fits = fits && (mine[i] || !has[i]);
    columns += (mine[i] = mine[i] || has[i]);
  }
  *rows = s->many[b->table].rows;
  if (fits) return s->many[b->table].st;
  mk_buf sql;
  *rows = s->many[b->table].rows = columns * MANY > VALUES_MAX ? VALUES_MAX / columns : MANY;
  if (s->many[b->table].st) db_finalize(s, s->many[b->table].st);
  s->many[b->table].st = NULL;
  mk_buf_init(&sql, &s->mem);
  mk_putf(&sql, "INSERT OR FAIL INTO main.\"%s\" (", t->name); /* which says how many came before the one that fails */
  const char *between = "";
  for (size_t i = 0; i < t->count; i++) {
    if (!mine[i]) continue;
    mk_puts(&sql, between);
    db_quote(&sql, t->columns[i].name, '"');
    between = ", ";
  }
  mk_puts(&sql, ") VALUES ");
  for (size_t row = 0; row < *rows; row++) {
    mk_puts(&sql, row ? ", (?" : "(?");
    for (size_t i = 1; i < columns; i++) mk_puts(&sql, ", ?");
    mk_putc(&sql, ')');
  }
  if (mk_buf_ok(&sql, err)) s->many[b->table].st = db_prepare(s, sql.p, sql.n, err);
  mk_buf_clear(&sql);
  return s->many[b->table].st;
}

static bool insert_many(bulk *b, sqlite3_stmt *st, const mk_rows *r, size_t first, size_t rows, mk_err *err) {
  mk_store *s = b->store;
  const bool *has = s->many[b->table].has;
  mk_err why = {0};
  bool ok = true;
  int param = 0;
  for (size_t row = first; ok && row < first + rows; row++)
    for (size_t i = 0; ok && i < r->columns; i++)
      if (has[i]) ok = rows_bind(r, row, i, st, ++param, &why);
  ok = ok && db_step(s, st, "inserting", &why) == 0;
  size_t done = ok ? 0 : (size_t)sqlite3_changes64(s->db);
  sqlite3_reset(st);
  if (!ok) return store_explain(s, r, first + (done < rows ? done : 0), &why, err);
  s->sealed->fresh_rows += (int64_t)rows;
  for (size_t row = first; ok && row < first + rows; row++) {
    mk_value key = mk_rows_get(r, row, 0);
    ok = bulk_count(b, key.s, key.n, err);
  }
  return ok;
}

/* Without triggers and foreign keys, for which SQLite would put rows aside or look at them all at the end. */
static bool takes_many(const bulk *b) {
  const mk_column *first = b->store->schema.tables[b->table].columns;
  return b->quiet && (b->store->loose || !first->link);
}

/* Which rows sealed ones admit does not depend on the other rows, so that all are asked for first. */
bool bulk_insert_all(bulk *b, const mk_rows *r, mk_err *err) {
  mk_store *s = b->store;
  mk_err why = {0};
  size_t n = 0, row = 0, rows = 0;
  bool has[MK_COLUMNS_MAX] = {false}, ok = true;
  while (n < r->count && (!sealed_any(s) || sealed_admits(s, r, n, &why))) n++;
  if (n >= MANY && takes_many(b)) {
    for (size_t i = 0; i < n; i++)
      for (size_t c = 0; c < r->columns; c++) has[c] |= rows_cell(r, i, c)->kind > CELL_MISSING;
    sqlite3_stmt *st = prepare_many(b, has, &rows, err);
    ok = st != NULL;
    for (; ok && row + rows <= n; row += rows) ok = insert_many(b, st, r, row, rows, err);
    if (st) sqlite3_clear_bindings(st);
  }
  for (; ok && row < n; row++) {
    mk_value key = mk_rows_get(r, row, 0);
    ok = store_put_row(s, r, row, 0, err) && bulk_count(b, key.s, key.n, err);
  }
  return ok && (n == r->count || store_explain(s, r, n, &why, err));
}

static bool count_rows(bulk *b, mk_err *err) {
  const char *name = b->store->schema.tables[b->table].name;
  sqlite3_stmt *st = db_kept(b->store, KEPT_COUNT_ROWS, err);
  if (!st || !db_bind_text(b->store, st, 1, name, strlen(name), err)) return false;
  sqlite3_bind_int64(st, 2, (int64_t)b->count);
  bool ok = db_step(b->store, st, "inserting", err) == 0;
  sqlite3_reset(st);
  return ok;
}

bool bulk_end(bulk *b, bool ok, mk_err *err) {
  if (b->mark) db_finalize(b->store, b->mark);
  if (b->quiet && ok) ok = count_rows(b, err);
  made_end(b->store);
  return ok;
}
