/* store.c: statements, writing rows, the user's own columns, named values. May include: sealed.h. */
#include "sealed.h"

#include <string.h>

/* ------------------------------------------------------------------ names */

size_t mk_store_tables(const mk_store *s) { (void)s; return mk_table_count; }
const mk_table_def *mk_store_table(const mk_store *s, size_t i) { return &s->schema.tables[i]; }

int mk_store_find_table(const mk_store *s, const char *name, size_t n, mk_err *err) {
  const char *names[TABLES_MAX], *aliases[TABLES_MAX];
  for (size_t i = 0; i < mk_table_count; i++) {
    names[i] = s->schema.tables[i].name;
    aliases[i] = s->schema.tables[i].aliases;
  }
  return mk_name_find(name, n, names, aliases, mk_table_count, "table", err);
}

int mk_table_find_column(const mk_table_def *t, const char *name, size_t n, mk_err *err) {
  const char *names[MK_COLUMNS_MAX], *aliases[MK_COLUMNS_MAX];
  char what[64];
  mk_err said = {0};
  for (size_t i = 0; i < t->count; i++) {
    if (strlen(t->columns[i].name) == n && memcmp(t->columns[i].name, name, n) == 0) return (int)i;
    names[i] = t->columns[i].name;
    aliases[i] = t->columns[i].aliases;
  }
  mk_fail(&said, MK_NAME, "column of %s", t->name); /* formats into a fixed field */
  memcpy(what, said.msg, sizeof what - 1);
  what[sizeof what - 1] = '\0';
  return mk_name_find(name, n, names, aliases, t->count, what, err);
}

/* ------------------------------------------------------------------ statements */

/* Whether the word before byte at is the bare name of the column that SQL has a use of its own for. */
static bool case_before(const char *sql, size_t at) {
  while (at > 0 && strchr(" \t\r\n;", sql[at - 1])) at--;
  if (at < 4 || sqlite3_strnicmp(sql + at - 4, "case", 4) != 0) return false;
  return at == 4 || strchr(" \t\r\n,.(=<>+-*/|", sql[at - 5]);
}

mk_stmt *mk_stmt_new(mk_store *s, const char *sql, size_t n, bool user, mk_err *err) {
  mk_err own = {0};
  if (!err) err = &own;
  if (!mk_store_usable(s, err) || !db_unchanged(s, err)) return NULL;
  if (memchr(sql, 0, n)) { mk_fail(err, MK_SYNTAX, "the SQL text holds a zero byte"); return NULL; }
  if (n > 100000) { mk_fail(err, MK_LIMIT, "the SQL text is longer than 100000 bytes"); return NULL; }
  mk_stmt *st = mk_zalloc(&s->mem, sizeof *st, err);
  if (!st) return NULL;
  st->store = s;
  s->users++;
  st->pinned = s->depth == 0 && db_pin(s, err);
  if (st->pinned && (user || sealed_named(sql, n))) sealed_tables(s, err);
  if (mk_failed(err)) {
    mk_stmt_free(st);
    return NULL;
  }
  const char *tail = NULL;
  s->user_sql = user;
  db_enter(s);
  int rc = sqlite3_prepare_v2(s->db, sql, (int)n, &st->st, &tail);
  db_leave(s);
  s->user_sql = false;
  if (rc == SQLITE_OK) {
    const char *end = sql + n;
    while (tail && tail < end && (*tail == ' ' || *tail == '\n' || *tail == '\t' || *tail == '\r' || *tail == ';')) tail++;
    if (!st->st) mk_fail(err, MK_SYNTAX, "the SQL text holds no statement");
    else if (tail && tail < end) mk_fail(err, MK_SYNTAX, "one SQL statement at a time; a second begins at byte %z", (size_t)(tail - sql) + 1);
    else if (user && !sqlite3_stmt_readonly(st->st)) mk_fail(err, MK_READONLY, "store:sql only reads");
  } else {
    int offset = sqlite3_error_offset(s->db);
    if ((rc & 0xff) == SQLITE_AUTH) mk_fail(err, MK_READONLY, "store:sql only reads: %s", sqlite3_errmsg(s->db));
    else db_fail(s, rc, "SQL", err);
    if (user && case_before(sql, offset >= 0 ? (size_t)offset : n)) mk_hint(err, "hint: case is a word of SQL; the column is written \"case\"");
    if (user && offset >= 0) mk_caret(err, sql, n, (size_t)offset + 1, 1);
  }
  if (!mk_failed(err)) return st;
  mk_stmt_free(st);
  return NULL;
}

void mk_stmt_free(mk_stmt *st) {
  if (!st) return;
  mk_store *s = st->store;
  if (s->in_call) { /* SQLite must not be touched from its own callbacks */
    st->next = s->garbage;
    s->garbage = st;
    return;
  }
  if (st->st) db_finalize(s, st->st);
  if (st->pinned) db_unpin(s);
  s->users--;
  mk_free(&s->mem, st, sizeof *st);
}

int mk_stmt_params(const mk_stmt *st) { return sqlite3_bind_parameter_count(st->st); }
const char *mk_stmt_param(const mk_stmt *st, int i) { return sqlite3_bind_parameter_name(st->st, i); }

bool mk_stmt_bind(mk_stmt *st, int i, const mk_value *v, mk_err *err) {
  int rc = SQLITE_OK;
  switch (v->type) {
    case MK_T_MISSING: rc = sqlite3_bind_null(st->st, i); break;
    case MK_T_BOOL: rc = sqlite3_bind_int64(st->st, i, v->truth); break;
    case MK_T_INT: rc = sqlite3_bind_int64(st->st, i, v->i); break;
    case MK_T_TEXT: return db_bind_text(st->store, st->st, i, v->s, v->n, err);
    default: return mk_fail(err, MK_TYPE, "SQL parameter %d cannot be a %s", i, mk_type_name(v->type));
  }
  return rc == SQLITE_OK || db_fail(st->store, rc, "binding a parameter", err);
}

int mk_stmt_step(mk_stmt *st, mk_err *err) {
  int step = mk_store_usable(st->store, err) ? db_step(st->store, st->st, "SQL", err) : -1;
  return step == 0 && !db_unchanged(st->store, err) ? -1 : step;
}

int mk_stmt_columns(const mk_stmt *st) { return sqlite3_column_count(st->st); }

const char *mk_stmt_name(const mk_stmt *st, int i) {
  const char *name = sqlite3_column_name(st->st, i);
  return name ? name : "?";
}

mk_type mk_stmt_type(const mk_stmt *st, int i) {
  const char *table = sqlite3_column_table_name(st->st, i), *column = sqlite3_column_origin_name(st->st, i);
  for (size_t t = 0; table && column && t < mk_table_count; t++) {
    const mk_table_def *def = &st->store->schema.tables[t];
    if (strcmp(def->name, table) != 0) continue;
    for (size_t c = 0; c < def->count; c++)
      if (strcmp(def->columns[c].name, column) == 0) return def->columns[c].type;
  }
  return MK_T_MISSING;
}

bool mk_stmt_value(mk_stmt *st, int i, mk_value *out, bool *real) {
  int type = sqlite3_column_type(st->st, i);
  *out = (mk_value){.type = MK_T_MISSING};
  *real = type == SQLITE_FLOAT;
  if (type == SQLITE_NULL) return true;
  if (type == SQLITE_INTEGER) {
    out->type = MK_T_INT;
    out->i = sqlite3_column_int64(st->st, i);
    return true;
  }
  out->type = type == SQLITE_BLOB ? MK_T_BLOB : MK_T_TEXT;
  out->s = type == SQLITE_BLOB ? sqlite3_column_blob(st->st, i) : (const char *)sqlite3_column_text(st->st, i);
  out->n = (size_t)sqlite3_column_bytes(st->st, i);
  if (!out->s) out->s = "";
  return sqlite3_errcode(st->store->db) != SQLITE_NOMEM;
}

/* ------------------------------------------------------------------ inserting */

sqlite3_stmt *store_insert_statement(mk_store *s, size_t table, mk_err *err) {
  const mk_table_def *t = &s->schema.tables[table];
  if (s->insert[table]) return s->insert[table];
  mk_buf sql;
  mk_buf_init(&sql, &s->mem);
  mk_putf(&sql, "INSERT INTO main.\"%s\" (", t->name);
  for (size_t i = 0; i < t->count; i++) {
    db_quote(&sql, t->columns[i].name, '"');
    mk_puts(&sql, ", ");
  }
  mk_puts(&sql, "ledger) VALUES (");
  for (size_t i = 0; i < t->count; i++) mk_puts(&sql, "?, ");
  mk_puts(&sql, "?)");
  if (mk_buf_ok(&sql, err)) s->insert[table] = db_prepare(s, sql.p, sql.n, err);
  mk_buf_clear(&sql);
  return s->insert[table];
}

bool store_explain(mk_store *s, const mk_rows *r, size_t row, mk_err *why, mk_err *err) {
  const mk_table_def *t = &s->schema.tables[r->table];
  mk_buf key;
  mk_buf_init(&key, NULL);
  rows_put_key(r, row, &key);
  if (why->code == MK_DUPLICATE) {
    mk_fail(err, MK_DUPLICATE, "%s already has a row with the key '%s'", t->name, mk_cstr(&key));
    mk_hint(err, "hint: change it with store:update, or give the row another key");
  } else if (why->code == MK_MISSING) {
    mk_fail(err, MK_MISSING, "row '%s' of %s does not fit the cases there are", mk_cstr(&key), t->name);
    mk_hint(err, "hint: lines and persons belong to a case: insert the case first, delete it last");
  } else if (!mk_failed(err) && err) {
    *err = *why;
  }
  mk_buf_clear(&key);
  return false;
}

bool store_insert_row(mk_store *s, const mk_rows *r, size_t row, int64_t ledger, mk_err *err) {
  mk_err why = {0};
  if (sealed_any(s) && !sealed_admits(s, r, row, &why)) return store_explain(s, r, row, &why, err);
  return store_put_row(s, r, row, ledger, err);
}

bool store_put_row(mk_store *s, const mk_rows *r, size_t row, int64_t ledger, mk_err *err) {
  sqlite3_stmt *st = store_insert_statement(s, r->table, err);
  mk_err why = {0};
  if (!st) return false;
  bool ok = true;
  for (size_t i = 0; ok && i < r->columns; i++) /* what is not bound is missing */
    if (rows_cell(r, row, i)->kind > CELL_MISSING) ok = rows_bind(r, row, i, st, (int)i + 1, &why);
  if (ledger) sqlite3_bind_int64(st, (int)r->columns + 1, ledger);
  ok = ok && db_step(s, st, "inserting", &why) == 0;
  sqlite3_reset(st);
  sqlite3_clear_bindings(st);
  s->sealed->fresh_rows += ok;
  return ok || store_explain(s, r, row, &why, err);
}

bool mk_store_insert(mk_store *s, const mk_rows *r, mk_err *err) {
  if (r->columns != s->schema.tables[r->table].count)
    return mk_fail(err, MK_TYPE, "the columns of %s changed while rows were being prepared", s->schema.tables[r->table].name);
  if (!db_begin_rows(s, err)) return false;
  bulk b;
  bool ok = bulk_begin(&b, s, r->table, r->count, err) && bulk_insert_all(&b, r, err);
  if (bulk_end(&b, ok, err)) return mk_store_commit(s, err);
  mk_store_rollback(s);
  return false;
}

/* ------------------------------------------------------------------ updating and deleting */

static void match_text(mk_buf *sql, const mk_rows *r, size_t n, int *param) {
  const mk_table_def *t = &r->store->schema.tables[r->table];
  const char *word = " WHERE ";
  for (size_t i = 0; i < n; i++) {
    if (rows_cell(r, 0, i)->kind == CELL_UNSET) continue;
    mk_puts(sql, word);
    db_quote(sql, t->columns[i].name, '"');
    mk_putf(sql, " IS ?%d", ++*param);
    word = " AND ";
  }
}

static bool match_bind(const mk_rows *r, size_t n, sqlite3_stmt *st, int *param, mk_err *err) {
  for (size_t i = 0; i < n; i++)
    if (rows_cell(r, 0, i)->kind != CELL_UNSET && !rows_bind(r, 0, i, st, ++*param, err)) return false;
  return true;
}

static bool run_update(mk_store *s, const mk_rows *key, const mk_rows *changes, mk_err *err) {
  const mk_table_def *t = &s->schema.tables[key->table];
  size_t keys = mk_table_keys(t);
  mk_buf sql;
  int param = 0, bound = 0;
  const char *word = " SET ";
  mk_buf_init(&sql, &s->mem);
  mk_putf(&sql, "UPDATE main.\"%s\"", t->name);
  for (size_t i = 0; i < t->count; i++) {
    if (rows_cell(changes, 0, i)->kind == CELL_UNSET) continue;
    mk_puts(&sql, word);
    db_quote(&sql, t->columns[i].name, '"');
    mk_putf(&sql, " = ?%d", ++param);
    word = ", ";
  }
  match_text(&sql, key, keys, &param);
  sqlite3_stmt *st = mk_buf_ok(&sql, err) ? db_prepare(s, sql.p, sql.n, err) : NULL;
  mk_buf_clear(&sql);
  if (!st) return false;
  mk_err why = {0};
  bool ok = match_bind(changes, t->count, st, &bound, &why) && match_bind(key, keys, st, &bound, &why) &&
            db_step(s, st, "updating", &why) == 0;
  db_finalize(s, st);
  if (!ok) return store_explain(s, why.code == MK_DUPLICATE ? changes : key, 0, &why, err);
  if (sqlite3_changes(s->db) > 0) return true;
  mk_buf name;
  mk_buf_init(&name, NULL);
  rows_put_key(key, 0, &name);
  mk_fail(err, MK_MISSING, "%s has no row with the key '%s'", t->name, mk_cstr(&name));
  mk_buf_clear(&name);
  return false;
}

/* The dates that the row would have: what is not changed is read. */
static bool dates_fit(mk_store *s, const mk_rows *key, const mk_rows *changes, mk_err *err) {
  const mk_table_def *t = &s->schema.tables[key->table];
  size_t at[] = {column_index(t, "date"), column_index(t, "date_to")};
  if (at[0] == t->count || at[1] == t->count) return true;
  bool set[] = {rows_cell(changes, 0, at[0])->kind != CELL_UNSET, rows_cell(changes, 0, at[1])->kind != CELL_UNSET};
  mk_value v[] = {mk_rows_get(changes, 0, at[0]), mk_rows_get(changes, 0, at[1])};
  if (set[0] == set[1]) return !set[0] || record_dates(t, v[0], v[1], err);
  size_t other = set[0] ? 1 : 0, keys = mk_table_keys(t);
  int param = 0, bound = 0;
  mk_buf sql;
  mk_buf_init(&sql, &s->mem);
  mk_putf(&sql, "SELECT \"%s\" FROM \"%s\"", t->columns[at[other]].name, t->name);
  match_text(&sql, key, keys, &param);
  sqlite3_stmt *st = mk_buf_ok(&sql, err) ? db_prepare(s, sql.p, sql.n, err) : NULL;
  mk_buf_clear(&sql);
  int step = st && match_bind(key, keys, st, &bound, err) ? db_step(s, st, "reading", err) : -1;
  if (step == 1 && sqlite3_column_type(st, 0) == SQLITE_TEXT) {
    v[other].type = MK_T_TEXT;
    if (!db_text(s, st, 0, &v[other].s, &v[other].n, err)) step = -1;
  }
  bool ok = step >= 0 && record_dates(t, v[0], v[1], err);
  if (st) db_finalize(s, st);
  return ok;
}

bool mk_store_update(mk_store *s, const mk_rows *key, const mk_rows *changes, mk_err *err) {
  const mk_table_def *t = &s->schema.tables[key->table];
  for (size_t i = 0; i < t->count; i++)
    if (rows_cell(changes, 0, i)->kind == CELL_MISSING && (t->columns[i].flags & MK_C_REQUIRED))
      return mk_fail(err, MK_TYPE, "%s.%s cannot be missing", t->name, t->columns[i].name);
  if (!db_begin_write(s, err)) return false;
  mk_err why = {0};
  bool ok = !sealed_any(s) || sealed_before_update(s, key, changes, &why) || store_explain(s, changes, 0, &why, err);
  if (ok && dates_fit(s, key, changes, err) && run_update(s, key, changes, err)) return mk_store_commit(s, err);
  mk_store_rollback(s);
  return false;
}

bool mk_store_delete(mk_store *s, const mk_rows *match, int64_t *n, mk_err *err) {
  mk_buf sql;
  int param = 0, bound = 0;
  if (!db_begin_write(s, err)) return false;
  if (sealed_any(s) && !sealed_before_delete(s, match, err)) {
    mk_store_rollback(s);
    return false;
  }
  mk_buf_init(&sql, &s->mem);
  mk_putf(&sql, "DELETE FROM main.\"%s\"", s->schema.tables[match->table].name);
  match_text(&sql, match, match->columns, &param);
  sqlite3_stmt *st = mk_buf_ok(&sql, err) ? db_prepare(s, sql.p, sql.n, err) : NULL;
  mk_buf_clear(&sql);
  mk_err why = {0};
  bool ok = st && match_bind(match, match->columns, st, &bound, &why) && db_step(s, st, "deleting", &why) == 0;
  *n = ok ? sqlite3_changes64(s->db) : 0;
  if (st) db_finalize(s, st);
  if (ok) return mk_store_commit(s, err);
  if (mk_failed(&why)) store_explain(s, match, 0, &why, err);
  mk_store_rollback(s);
  return false;
}

/* ------------------------------------------------------------------ deleting by expression */

typedef struct { mk_store *s; sqlite3_stmt *st; const mk_table_def *t; } row_source;

static bool get_cell(void *ud, size_t column, mk_value *out, mk_err *err) {
  const row_source *from = ud;
  int i = (int)column + 1;
  mk_type type = from->t->columns[column].type;
  *out = (mk_value){.type = MK_T_MISSING};
  if (sqlite3_column_type(from->st, i) == SQLITE_NULL) return true;
  const char *p;
  size_t n;
  if (!db_text(from->s, from->st, i, &p, &n, err)) return false;
  return n == 0 || mk_value_read(out, type, p, n, err);
}

/* The rows that hold: numbers of plain ones as int64_t; or, of those in blocks, the cases for unseal_cases. */
static bool select_rows(mk_store *s, const mk_table_def *t, mk_expr *e, bool sealed, mk_buf *found, mk_err *err) {
  mk_buf sql;
  mk_buf_init(&sql, &s->mem);
  size_t reads = 0, k = 0;
  const size_t *columns = mk_expr_columns(e, &reads);
  mk_puts(&sql, sealed ? "SELECT \"case\"" : "SELECT rowid");
  for (size_t i = 0; i < t->count; i++) {
    mk_puts(&sql, ", ");
    if (k == reads || columns[k] != i) mk_puts(&sql, "NULL"); /* is not asked for */
    else db_quote(&sql, t->columns[i].name, '"'), k++;
  }
  if (sealed) mk_putf(&sql, " FROM temp.\"mk_sealed_%s\"", t->name);
  else mk_putf(&sql, " FROM main.\"%s\" ORDER BY rowid", t->name);
  row_source from = {s, mk_buf_ok(&sql, err) ? db_prepare(s, sql.p, sql.n, err) : NULL, t};
  mk_buf_clear(&sql);
  int step = from.st ? 1 : -1;
  while (step == 1 && (step = db_step(s, from.st, "reading", err)) == 1) {
    mk_truth truth = MK_NO;
    int64_t rowid = sealed ? 0 : sqlite3_column_int64(from.st, 0);
    const char *key;
    size_t n;
    if (!mk_expr_test(e, get_cell, &from, &truth, err)) step = -1;
    else if (truth == MK_YES && !sealed) mk_put(found, (const char *)&rowid, sizeof rowid);
    else if (truth == MK_YES && db_text(s, from.st, 0, &key, &n, err)) keys_add(found, key, n);
  }
  if (from.st) db_finalize(s, from.st);
  return step == 0 && mk_buf_ok(found, err);
}

static bool delete_rows(mk_store *s, const mk_table_def *t, const mk_buf *rowids, mk_err *err) {
  mk_buf sql;
  mk_err why = {0};
  mk_buf_init(&sql, &s->mem);
  mk_putf(&sql, "DELETE FROM main.\"%s\" WHERE rowid = ?1", t->name);
  sqlite3_stmt *st = mk_buf_ok(&sql, err) ? db_prepare(s, sql.p, sql.n, err) : NULL;
  mk_buf_clear(&sql);
  bool ok = st != NULL;
  for (size_t at = 0; ok && at < rowids->n; at += sizeof(int64_t)) {
    int64_t rowid;
    memcpy(&rowid, rowids->p + at, sizeof rowid);
    sqlite3_bind_int64(st, 1, rowid);
    ok = db_step(s, st, "deleting", &why) == 0;
    sqlite3_reset(st);
  }
  if (st) db_finalize(s, st);
  if (why.code == MK_MISSING) {
    mk_fail(err, MK_MISSING, "a row of %s that is to be deleted still has lines or persons", t->name);
    mk_hint(err, "hint: delete the lines and persons of a case before the case");
  } else if (mk_failed(&why)) {
    mk_fail(err, why.code, "%s", why.msg);
  }
  return ok;
}

bool mk_store_delete_where(mk_store *s, size_t table, const char *expr, size_t n, const mk_param *params, size_t nparams,
                           int64_t *deleted, mk_err *err) {
  const mk_table_def *t = &s->schema.tables[table];
  mk_buf rowids;
  mk_expr *e = mk_expr_new(&s->mem, expr, n, "delete", t->columns, t->count, params, nparams, err);
  bool ok = e && mk_expr_condition(e, err) && db_begin_write(s, err);
  if (!ok) { mk_expr_free(e); return false; }
  mk_buf_init(&rowids, &s->mem);
  if (sealed_shows(s, t)) ok = select_rows(s, t, e, true, &rowids, err) && unseal_cases(s, &rowids, err);
  rowids.n = 0;
  ok = ok && select_rows(s, t, e, false, &rowids, err) && delete_rows(s, t, &rowids, err);
  *deleted = (int64_t)(rowids.n / sizeof(int64_t));
  mk_buf_clear(&rowids);
  mk_expr_free(e);
  if (ok) return mk_store_commit(s, err);
  mk_store_rollback(s);
  return false;
}

/* ------------------------------------------------------------------ named values */

bool mk_store_meta_set(mk_store *s, const char *name, const char *value, size_t n, mk_err *err) {
  static const char sql[] = "INSERT INTO meta (name, value) VALUES (?1, ?2) ON CONFLICT (name) DO UPDATE SET value = ?2";
  if (!db_begin_write(s, err)) return false;
  sqlite3_stmt *st = db_prepare(s, sql, sizeof sql - 1, err);
  bool ok = st && db_bind_text(s, st, 1, name, strlen(name), err) && db_bind_text(s, st, 2, value, n, err) &&
            db_step(s, st, "writing", err) == 0;
  if (st) db_finalize(s, st);
  if (ok) return mk_store_commit(s, err);
  mk_store_rollback(s);
  return false;
}

bool mk_store_meta_get(mk_store *s, const char *name, mk_buf *out, bool *there, mk_err *err) {
  static const char sql[] = "SELECT value FROM meta WHERE name = ?1";
  if (!mk_store_usable(s, err)) return false;
  sqlite3_stmt *st = db_prepare(s, sql, sizeof sql - 1, err);
  if (!st) return false;
  int step = db_bind_text(s, st, 1, name, strlen(name), err) ? db_step(s, st, "reading", err) : -1;
  *there = step == 1;
  const char *p = "";
  size_t size = 0;
  if (step == 1 && !db_text(s, st, 0, &p, &size, err)) step = -1;
  mk_put(out, p, size);
  db_finalize(s, st);
  return step >= 0 && mk_buf_ok(out, err);
}
