/* engine_seal_table.c: sealed rows in SQL: virtual tables of cases, of lines, of both and of persons over the blocks, and those that
 * show them with the plain rows under the names of the tables, in temp, so that a statement makes the cells it asks for and no
 * others. May include: sealed.h, libc strings. */
#include "sealed.h"

#include <string.h>

enum { BY_KEY = 1, FROM_KEY = 2, TO_KEY = 4, BY_ROW = 8, IN_ORDER = 16, COLUMNS = MK_COLUMNS_MAX + 1, ROW_BITS = 27, NOT_LOOKED = -2, TESTS = 3 };

/* mk_sealed_rows: lines beside what tells of their cases where and when; always there, empty without blocks. */
static const char *const row_columns[] = {"c.\"case\"", "l.\"line\"", "c.\"date\"", "c.\"place\"", "c.\"province\"", "c.\"dup_of\"",
                                          "l.\"item\"", "l.\"category\"", "l.\"commodity\"", "l.\"quantity\"", "l.\"unit\""};
enum { ROW_COLUMNS = sizeof row_columns / sizeof row_columns[0] };

/* In the order of walk_kind. */
static const char *const names[] = {"cases", "lines", "persons"};
static const char *const letters[] = {"c.", "l.", "t."};
enum { TABLES = 3 };

/* both: of kind lines; plain: with the plain rows. */
typedef struct { sqlite3_vtab base; mk_store *store; int kind; bool both, plain; size_t table; } table;
typedef struct {
  sqlite3_vtab_cursor base;
  walk walk;
  bool end;
  int64_t id, state;        /* the block that places are of */
  ptrdiff_t places[COLUMNS];
  bool whole[COLUMNS];
  mk_buf scratch, name;
  int tests, tested[TESTS]; /* columns */
  cell_test test[TESTS];
  sqlite3_stmt *plain;      /* rows of the table itself, of the kind: */
  int plain_kind;
  bool looked, no_plain;    /* whether it has none, once that was looked for */
  bool ordered, has_sealed, has_plain, on_plain; /* what it stands before of both, and on which it is */
} cursor;

/* What went wrong in here, for SQLite and for the step that called it. */
static int fail(mk_store *s, const mk_err *err) {
  if (!mk_failed(&s->said)) s->said = *err;
  return err->code == MK_MEMORY ? SQLITE_NOMEM : SQLITE_ERROR;
}

/* ------------------------------------------------------------------ the table */

static const mk_table_def *def_of(const table *t) { return &t->store->schema.tables[t->table]; }

/* Columns built in; `ledger` stands behind them. */
static size_t built_in(const mk_table_def *t) {
  size_t n = 0;
  while (n < t->count && !(t->columns[n].flags & MK_C_USER)) n++;
  return n;
}

static bool declaration(const table *of, mk_buf *sql) {
  const mk_table_def *t = def_of(of);
  size_t own = built_in(t);
  if (of->both) {
    for (size_t i = 0; i < ROW_COLUMNS; i++) mk_putf(sql, "%s%s %s", i ? ", " : "CREATE TABLE x (", row_columns[i] + 2, i == 1 ? "INTEGER" : "TEXT");
    mk_putc(sql, ')');
    return mk_buf_ok(sql, NULL);
  }
  mk_puts(sql, "CREATE TABLE x (");
  for (size_t i = 0; i <= t->count; i++) {
    if (i) mk_puts(sql, ", ");
    if (i == own) {
      mk_puts(sql, "ledger INTEGER");
      continue;
    }
    const mk_column *c = &t->columns[i - (i > own)];
    db_quote(sql, c->name, '"');
    mk_puts(sql, is_whole(c->type) ? " INTEGER" : " TEXT");
  }
  mk_putc(sql, ')');
  return mk_buf_ok(sql, NULL);
}

static int table_connect(sqlite3 *db, void *ctx, int argc, const char *const *argv, sqlite3_vtab **out, char **said) {
  mk_store *s = ctx;
  (void)said;
  table *t = sqlite3_malloc64(sizeof *t);
  if (!t) return SQLITE_NOMEM;
  bool both = strcmp(argv[0], "mk_sealed_rows") == 0;
  *t = (table){.store = s, .kind = both ? WALK_LINES : WALK_CASES, .both = both, .plain = argc > 4};
  while (!both && argc > 3 && t->kind < TABLES - 1 && strcmp(argv[3], names[t->kind]) != 0) t->kind++;
  while (t->table < mk_table_count && strcmp(mk_tables[t->table].name, names[t->kind]) != 0) t->table++;
  mk_buf sql;
  mk_buf_init(&sql, &s->mem);
  bool user = s->user_sql;
  s->user_sql = false; /* whose text may name the table first, but declares nothing */
  s->setup++;
  int rc = declaration(t, &sql) ? sqlite3_declare_vtab(db, mk_cstr(&sql)) : SQLITE_NOMEM;
  s->setup--;
  s->user_sql = user;
  if (rc == SQLITE_OK && sql.failed) rc = SQLITE_NOMEM;
  mk_buf_clear(&sql);
  if (rc == SQLITE_OK) rc = sqlite3_vtab_config(db, SQLITE_VTAB_INNOCUOUS);
  if (rc == SQLITE_OK) *out = &t->base;
  else sqlite3_free(t);
  return rc;
}

static int table_disconnect(sqlite3_vtab *t) {
  sqlite3_free(t);
  return SQLITE_OK;
}

/* In the order of the key: by case, of lines and persons by case and line. */
static bool is_ordered(const table *t, const sqlite3_index_info *info) {
  int keys = t->kind == WALK_CASES ? 1 : 2;
  if (info->nOrderBy == 0) return false;
  for (int i = 0; i < info->nOrderBy && i < keys; i++)
    if (info->aOrderBy[i].iColumn != i || info->aOrderBy[i].desc) return false;
  return true;
}

/* What queries of the rows call a column, and whether its cells are whole numbers. False: the ledger, which none of them has. */
static bool name_column(const table *t, int i, mk_buf *name, bool *whole) {
  const mk_table_def *def = def_of(t);
  size_t own = built_in(def), at = (size_t)i - ((size_t)i > own);
  name->n = 0;
  if (t->both) {
    *whole = i == 1;
    mk_puts(name, row_columns[i]);
    return true;
  }
  if ((size_t)i == own || at >= def->count) return false;
  const mk_column *column = &def->columns[at];
  *whole = is_whole(column->type);
  mk_puts(name, letters[t->kind == WALK_LINES && at == 0 ? WALK_CASES : t->kind]);
  db_quote(name, column->name, '"');
  return true;
}

/* Conditions on cells that a scan can look at by itself: a column is a value, or one of some. In the text that xFilter gets, each
 * has two letters: which, and the column. False: out of memory. */
static bool take_tests(const table *t, sqlite3_index_info *info, int *used) {
  char text[2 * TESTS + 1];
  size_t n = 0;
  bool whole, good = true;
  mk_buf name;
  mk_buf_init(&name, &t->store->mem);
  for (int i = 0; good && i < info->nConstraint && n < 2 * TESTS; i++) {
    int column = info->aConstraint[i].iColumn;
    if (!info->aConstraint[i].usable || info->aConstraint[i].op != SQLITE_INDEX_CONSTRAINT_EQ || column < 1) continue;
    if (sqlite3_stricmp(sqlite3_vtab_collation(info, i), "BINARY") != 0 || !name_column(t, column, &name, &whole)) continue;
    text[n++] = sqlite3_vtab_in(info, i, 1) ? 'i' : '=';
    text[n++] = (char)(column + 1);
    info->aConstraintUsage[i].argvIndex = ++*used;
  }
  mk_buf_clear(&name);
  text[n] = '\0';
  if (!n) return true;
  info->idxStr = sqlite3_mprintf("%s", text);
  info->needToFreeIdxStr = 1;
  return info->idxStr != NULL;
}

static int table_best(sqlite3_vtab *base, sqlite3_index_info *info) {
  const table *t = (const table *)(const void *)base;
  int at[4] = {-1, -1, -1, -1}, used = 0; /* by key, from, to, by row */
  for (int i = 0; i < info->nConstraint; i++) {
    if (!info->aConstraint[i].usable) continue;
    int column = info->aConstraint[i].iColumn, op = info->aConstraint[i].op;
    if (column == -1 && op == SQLITE_INDEX_CONSTRAINT_EQ && !t->plain) at[3] = i;
    if (column != 0 || sqlite3_stricmp(sqlite3_vtab_collation(info, i), "BINARY") != 0) continue;
    if (op == SQLITE_INDEX_CONSTRAINT_EQ) at[0] = i;
    if (op == SQLITE_INDEX_CONSTRAINT_GT || op == SQLITE_INDEX_CONSTRAINT_GE) at[1] = i;
    if (op == SQLITE_INDEX_CONSTRAINT_LT || op == SQLITE_INDEX_CONSTRAINT_LE) at[2] = i;
  }
  if (at[3] >= 0) at[0] = at[1] = at[2] = -1;
  if (at[0] >= 0) at[1] = at[2] = -1;
  for (int i = 0; i < 4; i++)
    if (at[i] >= 0) {
      info->idxNum |= 1 << i;
      info->aConstraintUsage[at[i]].argvIndex = ++used;
    }
  if (at[0] < 0 && at[3] < 0 && !take_tests(t, info, &used)) return SQLITE_NOMEM;
  int64_t rows = t->store->sealed->map.rows + 1, found = rows;
  if (info->idxNum & (FROM_KEY | TO_KEY)) found = rows / 8 + 1;
  if (info->idxStr) found = found / 4 + 1;
  if (info->idxNum & BY_KEY) found = 4;
  if (info->idxNum & BY_ROW) {
    found = 1;
    info->idxFlags = SQLITE_INDEX_SCAN_UNIQUE;
  }
  info->estimatedRows = found;
  info->estimatedCost = found < INT32_MAX - 200 ? (int)found + 200 : INT32_MAX;
  info->orderByConsumed = is_ordered(t, info);
  if (info->orderByConsumed) info->idxNum |= IN_ORDER;
  return SQLITE_OK;
}

/* ------------------------------------------------------------------ cursors */

static mk_store *store_of(const cursor *c) { return ((const table *)(const void *)c->base.pVtab)->store; }

static int cursor_open(sqlite3_vtab *base, sqlite3_vtab_cursor **out) {
  const table *t = (const table *)(const void *)base;
  cursor *c = sqlite3_malloc64(sizeof *c);
  if (!c) return SQLITE_NOMEM;
  memset(c, 0, sizeof *c);
  mk_buf_init(&c->scratch, &t->store->mem);
  mk_buf_init(&c->name, &t->store->mem);
  *out = &c->base;
  return SQLITE_OK;
}

static void end_tests(cursor *c) {
  while (c->tests > 0) test_clear(&c->test[--c->tests]);
}

static int cursor_close(sqlite3_vtab_cursor *base) {
  cursor *c = (cursor *)(void *)base;
  walk_end(&c->walk);
  end_tests(c);
  statement_give(store_of(c), c->plain_kind, c->plain);
  mk_buf_clear(&c->scratch);
  mk_buf_clear(&c->name);
  sqlite3_free(c);
  return SQLITE_OK;
}

/* Whether the row may pass the tests. 1, 0, -1. */
static int passes(cursor *c, mk_err *err) {
  const table *t = (const table *)(const void *)c->base.pVtab;
  sealed_view *v = c->walk.view;
  for (int i = 0; i < c->tests; i++) {
    cell_test *x = &c->test[i];
    bool whole;
    if (x->id != v->id || x->state != v->state) {
      name_column(t, c->tested[i], &c->name, &whole);
      if (!mk_buf_ok(&c->name, err) || !test_block(x, t->store, v, c->name.p, c->name.n, err)) return -1;
    }
    if (!test_row(x, v, c->walk.row)) return 0;
  }
  return 1;
}

/* To the next sealed row. */
static bool next_sealed(cursor *c, mk_err *err) {
  int step = walk_next(&c->walk, err), is = 0;
  while (c->tests && step == 1 && (is = passes(c, err)) == 0) step = walk_next(&c->walk, err);
  c->has_sealed = step > 0 && is >= 0;
  return step >= 0 && is >= 0;
}

/* To the next plain row. */
static bool next_plain(cursor *c, mk_err *err) {
  int step = db_step(store_of(c), c->plain, "reading", err);
  c->has_plain = step > 0;
  return step >= 0;
}

/* Whether the plain row comes before the sealed one. */
static bool is_before(cursor *c) {
  const walk *w = &c->walk;
  const char *sealed = "", *p = (const char *)sqlite3_column_text(c->plain, 1);
  size_t n = 0;
  mk_value line;
  mk_err err = {0};
  walk_key(w, &sealed, &n);
  int order = key_compare(p ? p : "", p ? (size_t)sqlite3_column_bytes(c->plain, 1) : 0, sealed, n);
  if (order || w->kind == WALK_CASES) return order < 0;
  return sealed_cell(w->view, w->line, w->row, true, NULL, &line, &err) && sqlite3_column_int64(c->plain, 2) < line.i;
}

/* On the row that comes first: of sealed and plain ones in no order, the sealed. */
static int settle(cursor *c, bool ok, const mk_err *err) {
  c->end = !ok || (!c->has_sealed && !c->has_plain);
  c->on_plain = c->has_plain && (!c->has_sealed || (c->ordered && is_before(c)));
  return ok ? SQLITE_OK : fail(store_of(c), err);
}

static int cursor_next(sqlite3_vtab_cursor *base) {
  cursor *c = (cursor *)(void *)base;
  mk_err err = {0};
  return settle(c, c->on_plain ? next_plain(c, &err) : next_sealed(c, &err), &err);
}

/* Below those of plain rows, in the order of blocks and rows. */
static int64_t number_of(int64_t id, size_t row) { return INT64_MIN + (id << ROW_BITS | (int64_t)row); }

static bool person_key(mk_store *s, sealed_view *v, size_t row, const char **key, size_t *n, mk_err *err) {
  size_t cases = sealed_place(v, "t.\"case\"", 8);
  if (!sealed_need(s, v, cases, err)) return false;
  *key = sealed_person(&v->columns[cases], row, n);
  return true;
}

/* To the row of a number. */
static int seek(cursor *c, int64_t number) {
  const table *t = (const table *)(const void *)c->base.pVtab;
  mk_store *s = t->store;
  mk_err err = {0};
  int64_t both = number < 0 ? number - INT64_MIN : 0;
  size_t row = (size_t)both & (((size_t)1 << ROW_BITS) - 1), at = 0;
  const sealed_map *m = number < 0 ? sealed_now(s, &err) : NULL;
  c->end = true;
  if (!m) return mk_failed(&err) ? fail(s, &err) : SQLITE_OK;
  while (at < m->count && m->list[at].id != both >> ROW_BITS) at++;
  if (at == m->count) return SQLITE_OK;
  const char *key;
  size_t n;
  sealed_view *v = sealed_open(s, m, &m->list[at], &err);
  if (v && row >= (t->kind == WALK_PERSONS ? v->persons : v->rows)) {
    sealed_close(s, v);
    return SQLITE_OK;
  }
  bool ok = v && (t->kind == WALK_PERSONS ? person_key(s, v, row, &key, &n, &err) : sealed_key(s, v, row, &key, &n, &err)) &&
            walk_begin(&c->walk, s, (walk_kind)t->kind, key, n, key, n, &err);
  sealed_close(s, v);
  while (ok && c->end) {
    int step = walk_next(&c->walk, &err);
    if (step < 0) ok = false;
    if (step <= 0) break;
    c->end = c->walk.row != row;
  }
  return ok ? SQLITE_OK : fail(s, &err);
}

static void put_columns(mk_buf *sql, const mk_table_def *t) {
  size_t own = built_in(t);
  for (size_t i = 0; i <= t->count; i++) {
    if (i) mk_puts(sql, ", ");
    if (i == own) mk_puts(sql, "\"ledger\"");
    else db_quote(sql, t->columns[i - (i > own)].name, '"');
  }
}

/* A statement over the plain rows from one key on, with the upper one where there is one. */
static bool begin_plain(cursor *c, const table *t, bool bounded, mk_err *err) {
  mk_store *s = t->store;
  int kind = STATEMENT_PLAIN + 4 * t->kind + bounded + 2 * c->ordered;
  mk_buf sql;
  statement_give(s, c->plain_kind, c->plain);
  c->plain = statement_take(s, c->plain_kind = kind);
  if (c->plain) return true;
  mk_buf_init(&sql, &s->mem);
  mk_puts(&sql, "SELECT rowid, ");
  put_columns(&sql, def_of(t));
  mk_putf(&sql, " FROM main.\"%s\" WHERE \"case\" >= ?1", names[t->kind]);
  if (bounded) mk_puts(&sql, " AND \"case\" <= ?2");
  if (c->ordered) mk_puts(&sql, t->kind == WALK_CASES ? " ORDER BY 2" : " ORDER BY 2, 3");
  c->plain = mk_buf_ok(&sql, err) ? db_prepare(s, sql.p, sql.n, err) : NULL;
  mk_buf_clear(&sql);
  return c->plain != NULL;
}

/* To the first plain row between two keys, both in; high NULL: to the last. */
static bool seek_plain(cursor *c, const table *t, const char *low, size_t low_n, const char *high, size_t high_n, mk_err *err) {
  mk_store *s = t->store;
  if (!t->plain) return true;
  if (c->plain && !c->looked) { /* it will be asked for often */
    static const char *const any[] = {"SELECT EXISTS (SELECT 1 FROM main.cases)", "SELECT EXISTS (SELECT 1 FROM main.lines)",
                                      "SELECT EXISTS (SELECT 1 FROM main.persons)"};
    int64_t is = 0;
    if (!db_int(s, any[t->kind], &is, err)) return false;
    c->looked = true;
    c->no_plain = is == 0;
  }
  if (c->no_plain) return true;
  if (!begin_plain(c, t, high != NULL, err) || !db_bind_text(s, c->plain, 1, low, low_n, err)) return false;
  if (high && !db_bind_text(s, c->plain, 2, high, high_n, err)) return false;
  return next_plain(c, err);
}

/* The values of a test; one that SQLite must compare itself leaves the test out. */
static void begin_test(cursor *c, const table *t, bool many, int column, sqlite3_value *given) {
  cell_test *x = &c->test[c->tests];
  sqlite3_value *v = given;
  bool whole, good = true;
  int rc = SQLITE_DONE;
  if (!name_column(t, column, &c->name, &whole)) return;
  test_init(x, &t->store->mem, whole);
  if (many) rc = sqlite3_vtab_in_first(given, &v);
  else good = test_add(x, given);
  for (; good && rc == SQLITE_OK; rc = sqlite3_vtab_in_next(given, &v)) good = test_add(x, v);
  if (good && rc == SQLITE_DONE) c->tested[c->tests++] = column;
  else test_clear(x);
}

static int cursor_filter(sqlite3_vtab_cursor *base, int how, const char *text, int argc, sqlite3_value **argv) {
  cursor *c = (cursor *)(void *)base;
  const table *t = (const table *)(const void *)base->pVtab;
  const char *bound[2] = {"", NULL};
  size_t n[2] = {0, 0};
  mk_err err = {0};
  int keys = 0, tested = text ? (int)strlen(text) / 2 : 0;
  end_tests(c);
  c->end = true;
  c->ordered = how & IN_ORDER;
  c->has_sealed = c->has_plain = c->on_plain = false;
  for (int i = 0; i < 4; i++) keys += how >> i & 1;
  for (int i = 0; i < tested; i++) begin_test(c, t, text[2 * i] == 'i', text[2 * i + 1] - 1, argv[keys + i]);
  for (int i = 0; i < argc - tested; i++)
    if (sqlite3_value_type(argv[i]) == SQLITE_NULL) return SQLITE_OK; /* nothing compares with it */
  if (how & BY_ROW) {
    walk_end(&c->walk);
    return sqlite3_value_type(argv[0]) == SQLITE_INTEGER ? seek(c, sqlite3_value_int64(argv[0])) : SQLITE_OK;
  }
  for (int i = 0, k = 0; i < 3; i++) {
    if (!(how & 1 << i)) continue;
    sqlite3_value *v = argv[k++];
    if (sqlite3_value_type(v) != SQLITE_TEXT) continue; /* SQLite compares itself */
    const char *p = (const char *)sqlite3_value_text(v);
    size_t len = (size_t)sqlite3_value_bytes(v);
    if (!p) return SQLITE_NOMEM;
    if (i != 2) bound[0] = p, n[0] = len;
    if (i != 1) bound[1] = p, n[1] = len;
  }
  bool ok = (c->walk.store ? walk_again(&c->walk, bound[0], n[0], bound[1], n[1], &err)
                           : walk_begin(&c->walk, t->store, (walk_kind)t->kind, bound[0], n[0], bound[1], n[1], &err)) &&
            next_sealed(c, &err) && seek_plain(c, t, bound[0], n[0], bound[1], n[1], &err);
  return settle(c, ok, &err);
}

static int cursor_eof(sqlite3_vtab_cursor *base) { return ((cursor *)(void *)base)->end; }

static int cursor_rowid(sqlite3_vtab_cursor *base, sqlite3_int64 *out) {
  const cursor *c = (const cursor *)(const void *)base;
  *out = c->on_plain ? sqlite3_column_int64(c->plain, 0) : number_of(c->walk.view->id, c->walk.row);
  return SQLITE_OK;
}

/* Where column i of the table is in the block it is in. */
static bool look_up(cursor *c, const table *t, int i, mk_err *err) {
  sealed_view *v = c->walk.view;
  if (c->id != v->id || c->state != v->state) {
    for (size_t k = 0; k < COLUMNS; k++) c->places[k] = NOT_LOOKED;
    c->id = v->id;
    c->state = v->state;
  }
  if (c->places[i] != NOT_LOOKED) return true;
  if (!name_column(t, i, &c->name, &c->whole[i])) {
    c->places[i] = -1;
    return true;
  }
  if (!mk_buf_ok(&c->name, err)) return false;
  size_t at = sealed_place(v, c->name.p, c->name.n);
  if (!sealed_need(t->store, v, at, err)) return false;
  c->places[i] = (ptrdiff_t)at; /* none: -1 */
  return true;
}

static int cursor_column(sqlite3_vtab_cursor *base, sqlite3_context *ctx, int i) {
  cursor *c = (cursor *)(void *)base;
  const table *t = (const table *)(const void *)base->pVtab;
  mk_err err = {0};
  mk_value v;
  if (c->on_plain) {
    sqlite3_result_value(ctx, sqlite3_column_value(c->plain, i + 1));
    return SQLITE_OK;
  }
  if (!look_up(c, t, i, &err) || !sealed_cell(c->walk.view, (size_t)c->places[i], c->walk.row, c->whole[i], &c->scratch, &v, &err))
    return fail(t->store, &err);
  if (v.type == MK_T_INT) sqlite3_result_int64(ctx, v.i);
  else if (v.type == MK_T_TEXT) sqlite3_result_text64(ctx, v.s, v.n, SQLITE_TRANSIENT, SQLITE_UTF8);
  return SQLITE_OK;
}

/* Nobody gets here: writing is refused before. That it is there makes SQLite ask for leave, as it does for any other table. */
static int table_update(sqlite3_vtab *vtab, int argc, sqlite3_value **argv, sqlite3_int64 *rowid) {
  (void)vtab, (void)argc, (void)argv, (void)rowid;
  return SQLITE_READONLY;
}

int sealed_register(mk_store *s) {
  static const sqlite3_module module = {.iVersion = 1, .xCreate = table_connect, .xConnect = table_connect, .xBestIndex = table_best,
      .xDisconnect = table_disconnect, .xDestroy = table_disconnect, .xOpen = cursor_open, .xClose = cursor_close,
      .xFilter = cursor_filter, .xNext = cursor_next, .xEof = cursor_eof, .xColumn = cursor_column, .xRowid = cursor_rowid,
      .xUpdate = table_update};
  int rc = sqlite3_create_module_v2(s->db, "mk_sealed", &module, s, NULL);
  return rc == SQLITE_OK ? sqlite3_create_module_v2(s->db, "mk_sealed_rows", &module, s, NULL) : rc;
}

/* ------------------------------------------------------------------ the tables as SQL sees them */

static bool tables_there(mk_store *s, int64_t *n, mk_err *err) {
  struct sealed *x = s->sealed;
  if (!x->looked || x->looked_undone != s->undone) {
    if (!db_int(s, "SELECT count(*) FROM sqlite_temp_schema WHERE name IN ('cases', 'lines', 'persons')", &x->shown, err)) return false;
    x->looked = true;
    x->looked_undone = s->undone;
  }
  *n = x->shown;
  return true;
}

static bool make(mk_store *s, mk_buf *sql, mk_err *err) {
  s->setup++;
  bool ok = db_exec_buf(s, sql, err);
  s->setup--;
  return ok;
}

bool sealed_drop_tables(mk_store *s, mk_err *err) {
  mk_buf sql;
  bool ok = true;
  mk_buf_init(&sql, &s->mem);
  s->sealed->looked = false;
  statements_forget(s);
  for (int i = 0; ok && i < TABLES; i++) {
    mk_putf(&sql, "DROP TABLE IF EXISTS temp.\"%s\"", names[i]);
    ok = make(s, &sql, err);
    mk_putf(&sql, "DROP TABLE IF EXISTS temp.\"mk_sealed_%s\"", names[i]);
    ok = ok && make(s, &sql, err);
  }
  mk_buf_clear(&sql);
  return ok;
}

static bool make_tables(mk_store *s, mk_err *err) {
  mk_buf sql;
  bool ok = sealed_drop_tables(s, err);
  mk_buf_init(&sql, &s->mem);
  for (int i = 0; ok && i < TABLES; i++) {
    mk_putf(&sql, "CREATE VIRTUAL TABLE temp.\"mk_sealed_%s\" USING mk_sealed(%s)", names[i], names[i]);
    ok = make(s, &sql, err);
    mk_putf(&sql, "CREATE VIRTUAL TABLE temp.\"%s\" USING mk_sealed(%s, plain)", names[i], names[i]);
    ok = ok && make(s, &sql, err);
  }
  mk_buf_clear(&sql);
  return ok;
}

bool sealed_tables(mk_store *s, mk_err *err) {
  int64_t n;
  const sealed_map *m = sealed_now(s, err);
  if (!m || !tables_there(s, &n, err)) return false;
  if (n == (m->count ? TABLES : 0)) return true;
  return (m->count ? make_tables(s, err) : sealed_drop_tables(s, err)) && tables_there(s, &n, err);
}

bool sealed_named(const char *sql, size_t n) {
  static const char main[] = "main.\"";
  for (int i = 0; i < TABLES; i++) {
    size_t len = strlen(names[i]);
    for (const char *p = sql, *end = sql + n; (size_t)(end - p) >= len && (p = memchr(p, names[i][0], (size_t)(end - p) - len + 1)); p++) {
      size_t before = (size_t)(p - sql);
      if (memcmp(p, names[i], len) != 0 || (before && p[-1] == '\'')) continue;
      if (before >= 5 && memcmp(p - 5, main, 5) == 0) continue;
      if (before >= 6 && memcmp(p - 6, main, 6) == 0) continue;
      return true;
    }
  }
  return false;
}

bool sealed_shows(const mk_store *s, const mk_table_def *t) {
  return s->sealed->shown > 0 && (strcmp(t->name, names[0]) == 0 || strcmp(t->name, names[1]) == 0 || strcmp(t->name, names[2]) == 0);
}

bool mk_store_count(mk_store *s, size_t at, int64_t *n, mk_err *err) {
  const mk_table_def *t = mk_store_table(s, at);
  mk_buf sql;
  if (!db_begin_read(s, err)) return false;
  mk_buf_init(&sql, &s->mem);
  mk_putf(&sql, "SELECT count(*) FROM \"%s\"", t->name);
  bool ok = mk_buf_ok(&sql, err) && db_int(s, mk_cstr(&sql), n, err);
  mk_buf_clear(&sql);
  if (ok) return db_end_read(s, err);
  mk_store_rollback(s);
  return false;
}
