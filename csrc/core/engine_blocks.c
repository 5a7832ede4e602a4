/* engine_blocks.c: columns of runs of rows kept in the store's file (engine.h says how), found again, checked and renewed.
 * Nothing here is needed for an answer: what is not there, or not right, is read from the plain rows.
 * May include: sealed.h, libc strings. */
#include "sealed.h"

#include <string.h>

enum { ROWS_MAX = 1 << 27, SEGMENT_MAX = 60 << 20, COLUMNS_SEEN = MK_COLUMNS_MAX * 4 };

/* The rows that are kept: what names them in a query, what tells its cases apart, the key that blocks go by, and the tables and
 * letters of their columns. */
static const struct { const char *tab, *head, *plain, *cases, *key, *order; struct { char letter; const char *table; } of[2]; } sources[] = {
    {"cases", "cases c LEFT JOIN lines l ON l.\"case\" = c.\"case\"",
     "main.cases c LEFT JOIN main.lines l ON l.\"case\" = c.\"case\"", "c.\"case\"", "c.\"case\"",
     "c.\"case\", l.\"line\"", {{'c', "cases"}, {'l', "lines"}}},
    {"persons", "\"persons\" t", "main.persons t", "NULL", "t.\"case\"", "t.\"case\", t.\"line\"", {{'t', "persons"}, {0, NULL}}}};
enum { SOURCES = sizeof sources / sizeof sources[0] };

/* The text up to the end of prefix is equal, quotes around names left out or not. */
static const char *after(const char *s, const char *prefix) {
  for (; *prefix; prefix++) {
    if (*prefix == *s) s++;
    else if (*prefix != '"') return NULL;
  }
  return s;
}

const char *blocks_tab(const char *from, const char *cases, size_t *head, const char **key) {
  for (size_t i = 0; i < SOURCES; i++) {
    const char *end = after(from, sources[i].head), *rest = end ? after(end, " ORDER BY ") : NULL, *k = after(cases, sources[i].cases);
    const char *order = rest ? after(rest, sources[i].order) : NULL;
    if (!order || *order || !k || *k) continue;
    *head = (size_t)(end - from);
    *key = sources[i].key;
    return sources[i].tab;
  }
  return NULL;
}

static size_t source_of(const char *tab) {
  size_t i = 0;
  while (i < SOURCES && strcmp(sources[i].tab, tab) != 0) i++;
  return i;
}

/* The column that sql, X."name", is of a kept table; NULL none. */
static const mk_column *column_of(const mk_store *s, const char *tab, const char *sql) {
  size_t source = source_of(tab), n = strlen(sql);
  if (source == SOURCES || n < 5 || sql[1] != '.' || sql[2] != '"' || sql[n - 1] != '"') return NULL;
  for (size_t k = 0; k < 2; k++) {
    if (!sources[source].of[k].table || sources[source].of[k].letter != *sql) continue;
    for (size_t t = 0; t < mk_table_count; t++) {
      const mk_table_def *def = &s->schema.tables[t];
      if (strcmp(def->name, sources[source].of[k].table) != 0) continue;
      for (size_t c = 0; c < def->count; c++)
        if (strlen(def->columns[c].name) == n - 4 && memcmp(def->columns[c].name, sql + 3, n - 4) == 0) return &def->columns[c];
    }
  }
  return NULL;
}

const mk_column *blocks_column(const mk_store *s, const char *tab, const char *sql) { return column_of(s, tab, sql); }

void blocks_from(const char *tab, mk_buf *out) { mk_puts(out, sources[source_of(tab)].plain); }

/* ------------------------------------------------------------------ lists */

static void block_clear(const mk_blocks *b, mk_block *k) {
  mk_mem *mem = &b->store->mem;
  mk_buf_clear(&k->fresh);
  mk_buf_clear(&k->woven);
  for (size_t i = 0; k->columns && i < b->ncolumns; i++) mk_buf_clear(&k->columns[i]);
  mk_free(mem, k->columns, (b->ncolumns + 1) * sizeof *k->columns);
  k->columns = NULL;
}

void blocks_init(mk_blocks *b) {
  mk_mem *mem = &b->store->mem;
  mk_buf_init(&b->keys, mem);
  mk_buf_init(&b->found, mem);
  mk_buf_init(&b->bad, mem);
  mk_buf_init(&b->scratch, mem);
}

void blocks_clear(mk_blocks *b) {
  mk_mem *mem = &b->store->mem;
  for (size_t i = 0; i < b->count; i++) block_clear(b, &b->list[i]);
  mk_free(mem, b->list, b->cap * sizeof *b->list);
  mk_stmt_free(b->get);
  mk_buf_clear(&b->keys);
  mk_buf_clear(&b->found);
  mk_buf_clear(&b->bad);
  mk_buf_clear(&b->scratch);
  b->list = NULL;
  b->get = NULL;
  b->count = b->cap = 0;
}

mk_block *blocks_add(mk_blocks *b, mk_err *err) {
  mk_mem *mem = &b->store->mem;
  if (b->count == b->cap) {
    size_t cap = b->cap ? b->cap * 2 : 16;
    mk_block *list = mk_resize(mem, b->list, b->cap * sizeof *list, cap * sizeof *list, err);
    if (!list) return NULL;
    b->list = list;
    b->cap = cap;
  }
  mk_block *k = &b->list[b->count];
  *k = (mk_block){.columns = mk_zalloc(mem, (b->ncolumns + 1) * sizeof *k->columns, err)};
  if (!k->columns) return NULL;
  mk_buf_init(&k->fresh, mem);
  mk_buf_init(&k->woven, mem);
  for (size_t i = 0; i < b->ncolumns; i++) mk_buf_init(&k->columns[i], mem);
  b->count++;
  return k;
}

/* What went wrong while the file was read: damage there only means that plain rows are read. */
static bool outlived(mk_blocks *b, const mk_err *why, mk_err *err) {
  if (why->code == MK_DAMAGED) {
    b->broken = true;
    return true;
  }
  return mk_fail(err, why->code, "%s", why->msg);
}

static uint64_t place_of(mk_blocks *b, const mk_block *k, const char *column, mk_form form, mk_err *err) {
  uint64_t sizes[] = {form, k->first, k->low_n, k->high_n, k->rows, (uint64_t)k->state}, sum = 0;
  mk_buf p;
  mk_buf_init(&p, &b->store->mem);
  mk_put(&p, b->tab, strlen(b->tab) + 1);
  mk_put(&p, column, strlen(column) + 1);
  mk_put(&p, (const char *)sizes, sizeof sizes);
  mk_put(&p, b->keys.p + k->low, k->low_n);
  mk_put(&p, b->keys.p + k->high, k->high_n);
  if (mk_buf_ok(&p, err)) sum = segment_sum(0, p.p, p.n);
  mk_buf_clear(&p);
  return sum;
}

/* The statement that gets the segment of a column, on its row or after its end. 1, 0, -1. */
static int get(mk_blocks *b, const mk_block *k, const char *column, mk_form form, mk_err *why) {
  static const char sql[] = "SELECT data FROM segments WHERE block = ?1 AND \"column\" = ?2 AND form = ?3";
  mk_value id = {.type = MK_T_INT, .i = k->id}, number = {.type = MK_T_INT, .i = form}, name = {.type = MK_T_TEXT, .s = column, .n = strlen(column)};
  if (!b->get) b->get = mk_stmt_new(b->store, sql, sizeof sql - 1, false, why);
  if (!b->get) return -1;
  sqlite3_reset(b->get->st);
  if (!mk_stmt_bind(b->get, 1, &id, why) || !mk_stmt_bind(b->get, 2, &name, why) || !mk_stmt_bind(b->get, 3, &number, why)) return -1;
  return mk_stmt_step(b->get, why);
}

int blocks_segment(mk_blocks *b, const mk_block *k, const char *column, mk_form form, mk_segment *out, mk_err *err) {
  mk_err why = {0};
  mk_value v;
  bool real;
  uint64_t where = place_of(b, k, column, form, err);
  if (mk_failed(err) || b->broken) return mk_failed(err) ? -1 : 0;
  int step = get(b, k, column, form, &why);
  if (step < 0) return outlived(b, &why, err) ? 0 : -1;
  if (step == 0) return 0;
  if (!mk_stmt_value(b->get, 0, &v, &real)) {
    mk_fail(err, MK_MEMORY, "out of memory");
    return -1;
  }
  if (v.type != MK_T_BLOB || !segment_sound(v.s, v.n, where)) return 0;
  if ((uintptr_t)v.s % 8) {
    b->scratch.n = 0;
    mk_put(&b->scratch, v.s, v.n);
    if (!mk_buf_ok(&b->scratch, err)) return -1;
    v.s = b->scratch.p;
  }
  return segment_open(out, v.s, v.n) && out->rows == k->rows && (out->form == form || out->form == MK_FORM_NONE);
}

int blocks_has(mk_blocks *b, const mk_block *k, const char *column, mk_form form, mk_err *err) {
  mk_err why = {0};
  if (b->broken) return 0;
  int step = get(b, k, column, form, &why);
  if (step < 0) return outlived(b, &why, err) ? 0 : -1;
  return step;
}

static bool is_bad(const mk_blocks *b, int64_t id) {
  for (size_t at = 0; at < b->bad.n; at += sizeof id)
    if (memcmp(b->bad.p + at, &id, sizeof id) == 0) return true;
  return false;
}

bool blocks_reject(mk_blocks *b, const mk_block *k, mk_err *err) {
  mk_put(&b->bad, (const char *)&k->id, sizeof k->id);
  return mk_buf_ok(&b->bad, err);
}

/* Whether k can stand after the blocks before it. */
static bool follows(const mk_blocks *b, const mk_block *k) {
  const mk_block *before = b->count > 1 ? k - 1 : NULL;
  const char *keys = b->keys.p;
  if (k->rows == 0 || k->rows > ROWS_MAX || (k->first && before)) return false;
  if (!k->first && key_compare(keys + k->low, k->low_n, keys + k->high, k->high_n) >= 0) return false;
  return !before || key_compare(keys + before->high, before->high_n, keys + k->low, k->low_n) <= 0;
}

static bool add_found(mk_blocks *b, mk_stmt *st, mk_err *err) {
  mk_value v[5];
  bool real;
  mk_segment seg;
  mk_block *k = blocks_add(b, err);
  for (int i = 0; i < 5; i++)
    if (!k || !mk_stmt_value(st, i, &v[i], &real)) return mk_fail(err, MK_MEMORY, "out of memory");
  k->id = v[0].i;
  k->first = v[1].type == MK_T_MISSING;
  k->low = b->keys.n;
  k->low_n = k->first ? 0 : v[1].n;
  if (k->low_n) mk_put(&b->keys, v[1].s, v[1].n);
  k->high = b->keys.n;
  k->high_n = v[2].type == MK_T_TEXT ? v[2].n : 0;
  if (k->high_n) mk_put(&b->keys, v[2].s, v[2].n);
  k->rows = v[3].i > 0 ? (size_t)v[3].i : 0;
  k->state = v[4].i;
  mk_put(&b->found, (const char *)&k->id, sizeof k->id);
  mk_buf_reserve(&b->keys, 1);
  if (!mk_buf_ok(&b->keys, err) || !mk_buf_ok(&b->found, err)) return false;
  int is = is_bad(b, k->id) ? 0 : follows(b, k) ? blocks_segment(b, k, "", MK_FORM_CODES, &seg, err) : 0;
  if (is > 0 && seg.entries == 1 && !mk_failed(err)) {
    segment_fresh(&k->fresh, seg.width ? seg.cells : "", seg.width ? k->rows : 0);
    return mk_buf_ok(&k->fresh, err);
  }
  bool ok = is >= 0 && (is_bad(b, k->id) || blocks_reject(b, k, err));
  block_clear(b, k);
  b->count--;
  return ok;
}

bool blocks_list(mk_blocks *b, mk_err *err) {
  static const char sql[] = "SELECT id, low, high, rows, state FROM blocks WHERE tab = ?1 ORDER BY high";
  mk_value tab = {.type = MK_T_TEXT, .s = b->tab, .n = strlen(b->tab)};
  mk_err why = {0};
  while (b->count) block_clear(b, &b->list[--b->count]);
  b->found.n = b->keys.n = 0;
  mk_stmt *st = mk_stmt_new(b->store, sql, sizeof sql - 1, false, &why);
  int step = st && mk_stmt_bind(st, 1, &tab, &why) ? 1 : -1;
  while (step == 1 && (step = mk_stmt_step(st, &why)) == 1)
    if (!add_found(b, st, &why)) step = -1;
  mk_stmt_free(st);
  return step == 0 || outlived(b, &why, err);
}

/* ------------------------------------------------------------------ writing */

static bool write_segment(mk_blocks *b, sqlite3_stmt *st, const mk_block *k, const char *column, mk_form form, mk_buf *bytes, mk_err *err) {
  if (bytes->n > SEGMENT_MAX) return true;
  segment_seal(bytes, place_of(b, k, column, form, err));
  sqlite3_reset(st);
  sqlite3_bind_int64(st, 1, k->id);
  int rc = sqlite3_bind_text64(st, 2, column, strlen(column), SQLITE_STATIC, SQLITE_UTF8);
  if (rc == SQLITE_OK) rc = sqlite3_bind_int64(st, 3, form);
  if (rc == SQLITE_OK) rc = sqlite3_bind_blob64(st, 4, bytes->p, bytes->n, SQLITE_STATIC);
  if (rc != SQLITE_OK) return db_fail(b->store, rc, "keeping columns", err);
  int step = db_step(b->store, st, "keeping columns", err);
  sqlite3_reset(st);
  sqlite3_clear_bindings(st);
  return step == 0;
}

static bool write_block(mk_blocks *b, mk_block *k, mk_err *err) {
  static const char sql[] = "INSERT INTO blocks (tab, low, high, rows, state) VALUES (?1, ?2, ?3, ?4, ?5)";
  sqlite3_stmt *st = db_prepare(b->store, sql, sizeof sql - 1, err);
  if (!st) return false;
  bool ok = db_bind_text(b->store, st, 1, b->tab, strlen(b->tab), err) &&
            (k->first || db_bind_text(b->store, st, 2, b->keys.p + k->low, k->low_n, err)) &&
            db_bind_text(b->store, st, 3, b->keys.p + k->high, k->high_n, err);
  sqlite3_bind_int64(st, 4, (int64_t)k->rows);
  sqlite3_bind_int64(st, 5, k->state);
  ok = ok && db_step(b->store, st, "keeping columns", err) == 0;
  db_finalize(b->store, st);
  k->id = sqlite3_last_insert_rowid(b->store->db);
  return ok;
}

static bool remove_bad(const mk_blocks *b, mk_err *err) {
  mk_buf sql;
  bool ok = true;
  mk_buf_init(&sql, &b->store->mem);
  for (size_t at = 0; ok && at < b->bad.n; at += sizeof(int64_t)) {
    int64_t id;
    memcpy(&id, b->bad.p + at, sizeof id);
    mk_putf(&sql, "DELETE FROM blocks WHERE id = %l", (long long)id);
    ok = db_exec_buf(b->store, &sql, err);
  }
  mk_buf_clear(&sql);
  return ok && db_exec(b->store, "DELETE FROM segments WHERE block NOT IN (SELECT id FROM blocks)", err);
}

/* Whether the file still holds the blocks that were found, and the rows are as they were. */
static bool as_found(const mk_blocks *b, const mk_buf *state_sql, int64_t state, mk_err *err) {
  static const char sql[] = "SELECT id FROM blocks WHERE tab = ?1 ORDER BY high";
  int64_t now = 0;
  size_t at = 0;
  if (!db_int(b->store, state_sql->p, &now, err) || now != state) return false;
  sqlite3_stmt *st = db_prepare(b->store, sql, sizeof sql - 1, err);
  if (!st) return false;
  int step = db_bind_text(b->store, st, 1, b->tab, strlen(b->tab), err) ? 1 : -1;
  while (step == 1 && (step = db_step(b->store, st, "keeping columns", err)) == 1) {
    int64_t id = sqlite3_column_int64(st, 0);
    if (b->found.n - at < sizeof id || memcmp(b->found.p + at, &id, sizeof id) != 0) step = -1;
    at += sizeof id;
  }
  db_finalize(b->store, st);
  return step == 0 && at == b->found.n;
}

static bool write_all(mk_blocks *b, const mk_blocks *file, int64_t state, mk_err *err) {
  static const char sql[] = "INSERT OR REPLACE INTO segments (block, \"column\", form, data) VALUES (?1, ?2, ?3, ?4)";
  if (!remove_bad(file, err)) return false;
  sqlite3_stmt *st = db_prepare(b->store, sql, sizeof sql - 1, err);
  bool ok = st != NULL;
  for (size_t i = 0; ok && i < b->count; i++) {
    mk_block *k = &b->list[i];
    if (!k->id && !k->keep) continue;
    if (!k->id) {
      k->state = state;
      ok = write_block(b, k, err) && write_segment(b, st, k, "", MK_FORM_CODES, &k->fresh, err);
    }
    for (size_t c = 0; ok && c < b->ncolumns; c++)
      if (k->columns[c].n && b->columns[c].kept)
        ok = write_segment(b, st, k, b->columns[c].sql, b->columns[c].form, &k->columns[c], err);
  }
  if (st) db_finalize(b->store, st);
  return ok;
}

static bool any_to_write(const mk_blocks *b, const mk_blocks *file) {
  bool any = file->bad.n > 0;
  for (size_t i = 0; !any && i < b->count; i++) {
    any = b->list[i].keep;
    for (size_t c = 0; !any && b->list[i].id && c < b->ncolumns; c++) any = b->list[i].columns[c].n && b->columns[c].kept;
  }
  return any;
}

void blocks_keep(mk_blocks *b, const mk_blocks *file, const mk_buf *state_sql, int64_t state) {
  mk_store *s = b->store;
  mk_err quiet = {0};
  if (!b->tab || file->broken || s->depth || s->readonly || s->immutable || !any_to_write(b, file)) return;
  sqlite3_busy_timeout(s->db, 0); /* an answer does not wait for this */
  if (db_begin_write(s, &quiet)) {
    if (as_found(file, state_sql, state, &quiet) && write_all(b, file, state, &quiet)) mk_store_commit(s, &quiet);
    else mk_store_rollback(s);
  }
  sqlite3_busy_timeout(s->db, s->busy_ms);
}

/* ------------------------------------------------------------------ plain rows of a block */

static void put_rows_query(const mk_blocks *b, const mk_block *k, const size_t *which, size_t n, mk_buf *sql) {
  size_t source = source_of(b->tab);
  mk_puts(sql, "SELECT ");
  for (size_t i = 0; i < n; i++) {
    if (i) mk_puts(sql, ", ");
    mk_puts(sql, b->columns[which[i]].sql);
  }
  mk_putf(sql, " FROM %s WHERE %s <= ?2%s%s%s ORDER BY %s", sources[source].plain, sources[source].key, k->first ? "" : " AND ",
          k->first ? "" : sources[source].key, k->first ? "" : " > ?1", sources[source].order);
}

static mk_value key_value(const mk_blocks *b, size_t at, size_t n) {
  return (mk_value){.type = MK_T_TEXT, .s = b->keys.p + at, .n = n};
}

static bool step_block(mk_stmt *st, mk_segment_maker *makers, size_t n, size_t *rows, mk_err *err) {
  int step;
  mk_value v;
  bool real;
  for (*rows = 0; (step = mk_stmt_step(st, err)) == 1; ++*rows)
    for (size_t i = 0; i < n; i++) {
      if (!mk_stmt_value(st, (int)i, &v, &real)) return mk_fail(err, MK_MEMORY, "out of memory");
      if (!segment_take(&makers[i], &v, err)) return false;
    }
  return step == 0;
}

int blocks_step(mk_blocks *b, mk_block *k, const size_t *which, size_t n, mk_err *err) {
  mk_mem *mem = &b->store->mem;
  mk_buf sql;
  size_t made = 0, rows = 0;
  mk_segment_maker *makers = mk_zalloc(mem, (n + 1) * sizeof *makers, err);
  bool ok = makers != NULL;
  for (; ok && made < n; made++) ok = segment_begin(&makers[made], mem, b->columns[which[made]].form, err);
  mk_buf_init(&sql, mem);
  if (ok) put_rows_query(b, k, which, n, &sql);
  const char *text = mk_cstr(&sql);
  mk_stmt *st = ok && mk_buf_ok(&sql, err) ? mk_stmt_new(b->store, text, sql.n, false, err) : NULL;
  mk_value low = key_value(b, k->low, k->low_n), high = key_value(b, k->high, k->high_n);
  ok = st && (k->first || mk_stmt_bind(st, 1, &low, err)) && mk_stmt_bind(st, 2, &high, err) && step_block(st, makers, n, &rows, err);
  for (size_t i = 0; ok && i < n; i++) {
    k->columns[which[i]].n = 0;
    ok = segment_finish(&makers[i], &k->columns[which[i]], err);
  }
  mk_stmt_free(st);
  mk_buf_clear(&sql);
  for (size_t i = 0; i < made; i++) segment_drop(&makers[i]);
  mk_free(mem, makers, (n + 1) * sizeof *makers);
  return !ok ? -1 : rows == k->rows;
}

/* ------------------------------------------------------------------ checking */

typedef struct { mk_blocks b; mk_block_column *columns; size_t cap; mk_buf names; blocks_report report; void *ctx; } inspection;

static bool complain(inspection *x, const mk_block *k, const char *column, const char *problem, mk_err *err) {
  mk_buf key;
  mk_buf_init(&key, &x->b.store->mem);
  mk_putf(&key, "%s/", x->b.tab);
  mk_put(&key, x->b.keys.p + k->high, k->high_n);
  const char *text = mk_cstr(&key);
  bool ok = mk_buf_ok(&key, err) && x->report(x->ctx, text, column, problem, err);
  mk_buf_clear(&key);
  return ok;
}

/* The columns kept of a block, as those of the list; their names stand in names. */
static bool columns_of(inspection *x, int64_t id, mk_err *err) {
  static const char sql[] = "SELECT \"column\", form FROM segments WHERE block = ?1 AND \"column\" <> '' ORDER BY 1, 2";
  mk_store *s = x->b.store;
  sqlite3_stmt *st = db_prepare(s, sql, sizeof sql - 1, err);
  if (!st) return false;
  int step;
  x->names.n = 0;
  x->b.ncolumns = 0;
  sqlite3_bind_int64(st, 1, id);
  while ((step = db_step(s, st, "checking", err)) == 1 && x->b.ncolumns < x->cap) {
    const char *name;
    size_t n;
    if (!db_text(s, st, 0, &name, &n, err)) break;
    x->columns[x->b.ncolumns++].form = (mk_form)sqlite3_column_int(st, 1);
    for (size_t i = 0; i < n; i++) mk_putc(&x->names, name[i] ? name[i] : ' ');
    mk_putc(&x->names, '\0');
  }
  db_finalize(s, st);
  if (step < 0 || !mk_buf_ok(&x->names, err)) return false;
  const char *p = x->names.p;
  for (size_t i = 0; i < x->b.ncolumns; i++, p += strlen(p) + 1) {
    mk_form form = x->columns[i].form;
    x->columns[i] = (mk_block_column){p, form, (form == MK_FORM_CODES || form == MK_FORM_NUMBERS) && column_of(s, x->b.tab, p)};
  }
  return true;
}

static bool differs(inspection *x, mk_block *k, size_t c, mk_err *err) {
  mk_segment seg;
  const char *name = x->columns[c].sql;
  int is = blocks_segment(&x->b, k, name, x->columns[c].form, &seg, err);
  if (is < 0) return false;
  if (is == 0) return complain(x, k, name, "columns kept beside the rows do not have the checksum they should", err);
  mk_value v;
  bool real;
  segment_seal(&k->columns[c], place_of(&x->b, k, name, x->columns[c].form, err));
  if (!mk_stmt_value(x->b.get, 0, &v, &real)) return mk_fail(err, MK_MEMORY, "out of memory");
  return (v.n == k->columns[c].n && memcmp(v.s, k->columns[c].p, v.n) == 0) ||
         complain(x, k, name, "columns kept beside the rows differ from them: triggers of the store did not run", err);
}

static bool check_block(inspection *x, const mk_block *k, mk_err *err) {
  size_t which[COLUMNS_SEEN], n = 0;
  if (!columns_of(x, k->id, err)) return false;
  mk_block own = *k;
  own.columns = mk_zalloc(&x->b.store->mem, (x->b.ncolumns + 1) * sizeof *own.columns, err);
  if (!own.columns) return false;
  bool ok = true;
  mk_buf_init(&own.fresh, &x->b.store->mem);
  for (size_t i = 0; i < x->b.ncolumns; i++) mk_buf_init(&own.columns[i], &x->b.store->mem);
  for (size_t i = 0; ok && i < x->b.ncolumns; i++) {
    if (x->columns[i].kept) which[n++] = i;
    else ok = complain(x, k, x->columns[i].sql, "no such column is kept beside rows", err);
  }
  int same = ok ? blocks_step(&x->b, &own, which, n, err) : -1;
  ok = same >= 0;
  if (same == 0) ok = complain(x, k, "", "the rows are not as many as their columns say: triggers of the store did not run", err);
  for (size_t i = 0; same == 1 && ok && i < n; i++) ok = differs(x, &own, which[i], err);
  block_clear(&x->b, &own);
  return ok;
}

static bool check_tab(inspection *x, mk_err *err) {
  bool ok = blocks_list(&x->b, err);
  if (ok && x->b.broken) ok = db_damaged(x->b.store, "the table of kept columns cannot be read", err);
  for (size_t at = 0; ok && at < x->b.bad.n; at += sizeof(int64_t)) {
    mk_block k = {0};
    memcpy(&k.id, x->b.bad.p + at, sizeof k.id);
    ok = complain(x, &k, "", "rows kept as columns do not have the checksum or the place they should", err);
  }
  size_t count = x->b.count; /* the columns of each block differ; the list was made without any */
  for (size_t i = 0; ok && i < count; i++) ok = check_block(x, &x->b.list[i], err);
  x->b.ncolumns = 0;
  return ok;
}

bool blocks_check(mk_store *s, blocks_report to, void *ctx, mk_err *err) {
  bool ok = db_begin_read(s, err);
  if (!ok) return false;
  for (size_t i = 0; ok && i < SOURCES; i++) {
    inspection x = {.b = {.store = s, .tab = sources[i].tab}, .cap = COLUMNS_SEEN, .report = to, .ctx = ctx};
    x.columns = mk_zalloc(&s->mem, x.cap * sizeof *x.columns, err);
    x.b.columns = x.columns;
    blocks_init(&x.b);
    mk_buf_init(&x.names, &s->mem);
    ok = x.columns && check_tab(&x, err);
    blocks_clear(&x.b);
    mk_buf_clear(&x.names);
    mk_free(&s->mem, x.columns, x.cap * sizeof *x.columns);
  }
  if (ok) return db_end_read(s, err);
  mk_store_rollback(s);
  return false;
}

/* ------------------------------------------------------------------ plain rows only */

bool mk_store_unseal(mk_store *s, mk_err *err) {
  if (s->users) return mk_fail(err, MK_BUSY, "the store cannot be made smaller while it is being used");
  if (s->depth) return mk_fail(err, MK_BUSY, "the store cannot be made smaller inside a transaction");
  if (!db_begin_write(s, err)) return false;
  if (!unseal_all(s, err) || !db_exec(s, "DELETE FROM segments", err) || !db_exec(s, "DELETE FROM blocks", err)) {
    mk_store_rollback(s);
    return false;
  }
  if (!mk_store_commit(s, err)) return false;
  int attached = sqlite3_limit(s->db, SQLITE_LIMIT_ATTACHED, 1);
  s->vacuum = true;
  s->setup++;
  bool ok = db_exec(s, "VACUUM", err);
  s->setup--;
  s->vacuum = false;
  sqlite3_limit(s->db, SQLITE_LIMIT_ATTACHED, attached);
  return ok;
}
