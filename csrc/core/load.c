/* load.c: strict CSV into a table, in one transaction: the header names columns, every record fits it, every cell is
 * canonical. Rows of the ledger are told apart from rows of the user. May include: store.h. */
#include "store.h"

#include <string.h>

enum { ROWS_A_CALL = 1000 };

typedef struct {
  mk_store *s;
  const mk_table_def *t;
  const char *name;
  mk_csv *csv;
  mk_rows *rows;
  int64_t ledger;
  mk_load_counts *counts;
  bulk bulk;
  size_t count, column[MK_COLUMNS_MAX];                /* header: column of field i */
  sqlite3_stmt *find, *mark, *replace;
} load;

/* Puts the file's name before the message, and the place of field i when the reader gave none. */
static bool blame(const load *l, size_t field, mk_err *why, mk_err *err) {
  size_t line = why->line, col = why->col;
  if (!line && mk_csv_count(l->csv) > field) mk_csv_place(l->csv, field, &line, &col);
  mk_fail(err, why->code, "%s: %s", l->name, why->msg);
  mk_at(err, line, col, 1);
  if (why->hint[0]) mk_hint(err, "%s", why->hint);
  return false;
}

/* ------------------------------------------------------------------ header and records */

static bool read_header(load *l, mk_err *err) {
  mk_err why = {0};
  int step = mk_csv_next(l->csv, &why);
  if (step < 0) return blame(l, 0, &why, err);
  if (step == 0) {
    mk_fail(err, MK_FORMAT, "%s is empty", l->name);
    mk_hint(err, "hint: the first line names columns of %s", l->t->name);
    return false;
  }
  l->count = mk_csv_count(l->csv);
  for (size_t i = 0; i < l->count; i++) {
    size_t n;
    const char *p = mk_csv_field(l->csv, i, &n);
    int column = mk_table_find_column(l->t, p, n, &why);
    if (column < 0) return blame(l, i, &why, err);
    for (size_t k = 0; k < i && !mk_failed(&why); k++)
      if (l->column[k] == (size_t)column) mk_fail(&why, MK_DUPLICATE, "the header names the column %s twice", l->t->columns[column].name);
    if (mk_failed(&why)) return blame(l, i, &why, err);
    l->column[i] = (size_t)column;
  }
  for (size_t c = 0; c < l->t->count; c++) {
    bool named = !(l->t->columns[c].flags & MK_C_REQUIRED);
    for (size_t i = 0; i < l->count && !named; i++) named = l->column[i] == c;
    if (!named) return mk_fail(err, MK_FORMAT, "%s: the header lacks the column %s of %s", l->name, l->t->columns[c].name, l->t->name);
  }
  return true;
}

static bool read_record(load *l, mk_err *err) {
  mk_err why = {0};
  size_t i = 0, found = mk_csv_count(l->csv);
  mk_rows_reset(l->rows);
  if (found != l->count) {
    mk_fail(&why, MK_FORMAT, "the record has %z fields, the header names %z", found, l->count);
    mk_hint(&why, found == 1 ? "hint: remove empty lines" : "hint: a field that holds the separator is put in quotes");
    return blame(l, 0, &why, err);
  }
  bool ok = mk_rows_add(l->rows, &why);
  for (; ok && i < l->count; i++) {
    mk_value v = {.type = MK_T_TEXT};
    v.s = mk_csv_field(l->csv, i, &v.n);
    ok = mk_rows_set(l->rows, l->column[i], &v, &why);
    if (!ok) return blame(l, i, &why, err);
  }
  return (ok && mk_rows_complete(l->rows, &why)) || blame(l, 0, &why, err);
}

/* ------------------------------------------------------------------ rows of the ledger */

static void key_text(mk_buf *b, const mk_table_def *t) {
  for (size_t i = 0, n = mk_table_keys(t); i < n; i++) {
    mk_puts(b, i ? " AND " : " WHERE ");
    db_quote(b, t->columns[i].name, '"');
    mk_putf(b, " = ?%z", i + 1);
  }
}

/* Columns that the ledger writes: the built-in ones; ?1.. are their values. */
static size_t own_columns(const mk_table_def *t) {
  size_t n = 0;
  while (n < t->count && !(t->columns[n].flags & MK_C_USER)) n++;
  return n;
}

static bool prepare_find(load *l, mk_err *err) {
  const mk_table_def *t = l->t;
  size_t n = own_columns(t);
  mk_buf b;
  mk_buf_init(&b, &l->s->mem);
  mk_puts(&b, "SELECT rowid, ledger, (");
  for (size_t i = 0; i < n; i++) {
    if (i) mk_puts(&b, ", ");
    db_quote(&b, t->columns[i].name, '"');
  }
  mk_puts(&b, ") IS (");
  for (size_t i = 0; i < n; i++) mk_putf(&b, i ? ", ?%z" : "?%z", i + 1);
  mk_putf(&b, ") FROM main.\"%s\"", t->name);
  key_text(&b, t);
  l->find = mk_buf_ok(&b, err) ? db_prepare(l->s, b.p, b.n, err) : NULL;
  mk_buf_clear(&b);
  return l->find != NULL;
}

/* What marks a row of an older ledger that is the same now, or replaces one; made when there is such a row, since SQLite goes
 * through the triggers of the table for it. */
static sqlite3_stmt *prepare_rewrite(load *l, bool same, mk_err *err) {
  const mk_table_def *t = l->t;
  size_t n = same ? 0 : own_columns(t);
  sqlite3_stmt **st = same ? &l->mark : &l->replace, *made = *st;
  mk_buf b;
  if (made) return made;
  mk_buf_init(&b, &l->s->mem);
  mk_putf(&b, "UPDATE main.\"%s\" SET ", t->name);
  for (size_t i = 0; i < n; i++) {
    db_quote(&b, t->columns[i].name, '"');
    mk_putf(&b, " = ?%z, ", i + 1);
  }
  mk_putf(&b, "ledger = ?%z WHERE rowid = ?%z", n + 1, n + 2);
  if (mk_buf_ok(&b, err)) made = db_prepare(l->s, b.p, b.n, err);
  mk_buf_clear(&b);
  return *st = made;
}

static bool bind_own(load *l, sqlite3_stmt *st, mk_err *err) {
  for (size_t i = 0, n = own_columns(l->t); i < n; i++)
    if (!rows_bind(l->rows, 0, i, st, (int)i + 1, err)) return false;
  return true;
}

static bool rewrite(load *l, int64_t rowid, bool same, mk_err *err) {
  sqlite3_stmt *st = prepare_rewrite(l, same, err);
  int n = same ? 1 : (int)own_columns(l->t) + 1;
  bool ok = st && (same || bind_own(l, st, err));
  if (!ok) return false;
  sqlite3_bind_int64(st, n, l->ledger);
  sqlite3_bind_int64(st, n + 1, rowid);
  ok = db_step(l->s, st, "writing", err) == 0;
  sqlite3_reset(st);
  if (same) l->counts->same++;
  else l->counts->replaced++;
  return ok;
}

static bool write_ledger_row(load *l, mk_err *err) {
  bool ok = bind_own(l, l->find, err);
  int step = ok ? db_step(l->s, l->find, "reading", err) : -1;
  bool theirs = step == 1 && sqlite3_column_type(l->find, 1) == SQLITE_NULL;
  int64_t rowid = sqlite3_column_int64(l->find, 0), ledger = sqlite3_column_int64(l->find, 1);
  bool same = sqlite3_column_int(l->find, 2) == 1;
  sqlite3_reset(l->find);
  if (step < 0) return false;
  if (theirs) { l->counts->kept++; return true; }
  if (step == 1 && ledger != l->ledger) return rewrite(l, rowid, same, err);
  if (!bulk_insert(&l->bulk, l->rows, 0, l->ledger, err)) return false; /* a second row of one key is refused there */
  l->counts->inserted++;
  return true;
}

static bool write_row(load *l, mk_err *err) {
  mk_err why = {0};
  bool ok;
  if (l->ledger) ok = write_ledger_row(l, &why);
  else if ((ok = bulk_insert(&l->bulk, l->rows, 0, 0, &why))) l->counts->inserted++;
  return ok || blame(l, 0, &why, err);
}

/* ------------------------------------------------------------------ whole */

static bool told(load *l, mk_err *err) {
  mk_store *s = l->s;
  if (!s->progress || l->counts->read % ROWS_A_CALL) return true;
  db_enter(s);
  bool go = s->progress(s->ctx, ++s->done);
  db_leave(s);
  return go || mk_fail(err, MK_CANCELLED, "%s: cancelled by the progress function", l->name);
}

static bool run(load *l, mk_err *err) {
  mk_err why = {0};
  int step = 0;
  if (!read_header(l, err) || (l->ledger && !prepare_find(l, err))) return false;
  while ((step = mk_csv_next(l->csv, &why)) == 1) {
    l->counts->read++;
    if (!read_record(l, err) || !write_row(l, err) || !told(l, err)) return false;
  }
  return step == 0 || blame(l, 0, &why, err);
}

/* Whether rows are only added: triggers that write the history of others are not needed then. */
static bool adds_only(const load *l, bool *only, mk_err *err) {
  int64_t any = 0;
  mk_buf sql;
  mk_buf_init(&sql, &l->s->mem);
  mk_putf(&sql, "SELECT EXISTS (SELECT 1 FROM main.\"%s\" WHERE ledger IS NOT NULL)", l->t->name);
  const char *text = mk_cstr(&sql);
  bool ok = !l->ledger || (mk_buf_ok(&sql, err) && db_int(l->s, text, &any, err));
  mk_buf_clear(&sql);
  *only = !any;
  return ok;
}

bool mk_store_load(mk_store *s, size_t table, mk_read read, void *ctx, const char *name, char separator, int64_t ledger,
                   mk_load_counts *counts, mk_err *err) {
  load l = {.s = s, .t = &s->schema.tables[table], .name = name, .ledger = ledger, .counts = counts};
  bool only = false;
  *counts = (mk_load_counts){0};
  if (!db_begin_rows(s, err)) return false;
  l.csv = mk_csv_new(&s->mem, separator, read, ctx, err);
  l.rows = l.csv ? mk_rows_new(s, table, err) : NULL;
  bool begun = l.rows && adds_only(&l, &only, err);
  bool ok = begun && bulk_begin(&l.bulk, s, table, only ? SIZE_MAX : 0, err) && run(&l, err);
  if (begun) ok = bulk_end(&l.bulk, ok, err);
  if (l.find) db_finalize(s, l.find);
  if (l.mark) db_finalize(s, l.mark);
  if (l.replace) db_finalize(s, l.replace);
  mk_rows_free(l.rows);
  mk_csv_free(l.csv);
  if (ok) return mk_store_commit(s, err);
  mk_store_rollback(s);
  return false;
}

/* Looked for first: a statement that deletes takes long to prepare, for the triggers. */
static bool prune_table(mk_store *s, const char *table, int64_t ledger, int64_t *n, mk_err *err) {
  int64_t any = 0;
  mk_buf sql;
  mk_buf_init(&sql, &s->mem);
  mk_putf(&sql, "SELECT EXISTS (SELECT 1 FROM main.\"%s\" WHERE ledger < %l)", table, (long long)ledger);
  const char *text = mk_cstr(&sql);
  bool ok = mk_buf_ok(&sql, err) && db_int(s, text, &any, err);
  sql.n = 0;
  if (ok && any) {
    mk_putf(&sql, "DELETE FROM main.\"%s\" WHERE ledger < %l", table, (long long)ledger);
    ok = db_exec_buf(s, &sql, err);
    *n += ok ? sqlite3_changes64(s->db) : 0;
  }
  mk_buf_clear(&sql);
  return ok;
}

bool mk_store_ledger_prune(mk_store *s, int64_t ledger, int64_t *n, mk_err *err) {
  bool ok = true;
  *n = 0;
  if (!db_begin_write(s, err)) return false;
  for (size_t i = mk_table_count; ok && i-- > 0;) ok = prune_table(s, s->schema.tables[i].name, ledger, n, err);
  if (ok) return mk_store_commit(s, err);
  mk_store_rollback(s);
  return false;
}
