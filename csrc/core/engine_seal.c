/* engine_seal.c: plain rows become sealed ones, and blocks with changes are written anew. May include: sealed.h, libc strings. */
#include "sealed.h"

#include <string.h>

/* ------------------------------------------------------------------ around it */

static bool make(mk_store *s, const char *sql, mk_err *err) {
  s->setup++;
  bool ok = db_exec(s, sql, err);
  s->setup--;
  return ok;
}

/* Blocks of today are none for programs of before, which is what the version tells them. */
static bool stamp(mk_store *s, mk_err *err) {
  s->setup++;
  bool ok = ddl_stamp(s, err);
  s->setup--;
  return ok;
}

bool seal_written(mk_store *s, int64_t state, mk_err *err) {
  return stamp(s, err) && db_exec(s, "DELETE FROM main.blocks WHERE tab IN ('cases', 'persons')", err) &&
         db_exec(s, "DELETE FROM main.segments WHERE block NOT IN (SELECT id FROM main.blocks)", err) &&
         db_exec(s, "UPDATE main.counters SET n = n + 1 WHERE tab IN ('cases', 'lines', 'persons')", err) && sealed_promise(s, state, err) &&
         sealed_tables(s, err);
}

bool seal_drop(mk_store *s, int64_t id, mk_err *err) {
  mk_buf sql;
  mk_buf_init(&sql, &s->mem);
  mk_putf(&sql, "DELETE FROM main.blocks WHERE id = %l", (long long)id);
  bool ok = db_exec_buf(s, &sql, err);
  mk_putf(&sql, "DELETE FROM main.segments WHERE block = %l", (long long)id);
  ok = ok && db_exec_buf(s, &sql, err);
  mk_buf_clear(&sql);
  return ok;
}

/* ------------------------------------------------------------------ what stays plain */

/* Adds the cases from ?1 to ?2 that have rows which columns would not give back as they are. */
static void put_odd(const mk_store *s, const char *name, mk_buf *sql) {
  const mk_table_def *t = sealed_def(s, name);
  mk_putf(sql, "INSERT OR IGNORE INTO temp.mk_unsealable SELECT \"case\" FROM main.\"%s\" WHERE \"case\" BETWEEN ?1 AND ?2 AND "
               "(ledger IS NOT NULL OR '' IN (", name);
  const char *word = "";
  for (size_t i = 0; i < t->count; i++) {
    if (is_whole(t->columns[i].type)) continue;
    mk_puts(sql, word);
    db_quote(sql, t->columns[i].name, '"');
    word = ", ";
  }
  mk_puts(sql, ") OR length(CAST(");
  word = "";
  for (size_t i = 0; i < t->count; i++) {
    if (is_whole(t->columns[i].type)) continue;
    mk_puts(sql, word);
    mk_puts(sql, "coalesce(");
    db_quote(sql, t->columns[i].name, '"');
    mk_puts(sql, ", '')");
    word = " AS BLOB)) + length(CAST(";
  }
  mk_putf(sql, " AS BLOB)) > %d)", (int)MK_SEAL_TEXT);
}

static bool bind_block(mk_store *s, sqlite3_stmt *st, const sealed_map *m, const sealed_block *k, mk_err *err) {
  return db_bind_text(s, st, 1, m->keys.p + k->low, k->low_n, err) && db_bind_text(s, st, 2, m->keys.p + k->high, k->high_n, err);
}

static bool add_odd(mk_store *s, const char *name, const sealed_map *m, const sealed_block *k, mk_err *err) {
  mk_buf sql;
  mk_buf_init(&sql, &s->mem);
  put_odd(s, name, &sql);
  sqlite3_stmt *st = mk_buf_ok(&sql, err) ? db_prepare(s, sql.p, sql.n, err) : NULL;
  mk_buf_clear(&sql);
  bool ok = st && bind_block(s, st, m, k, err) && db_step(s, st, "sealing", err) == 0;
  if (st) db_finalize(s, st);
  return ok;
}

/* Adds cases of plain lines and persons in the range of a block that are nowhere. */
static bool add_orphans(mk_store *s, const sealed_map *m, const sealed_block *k, mk_err *err) {
  static const char sql[] = "SELECT \"case\" FROM main.lines WHERE \"case\" BETWEEN ?1 AND ?2 UNION SELECT \"case\" FROM main.persons "
                            "WHERE \"case\" BETWEEN ?1 AND ?2 EXCEPT SELECT \"case\" FROM main.cases";
  static const char put[] = "INSERT OR IGNORE INTO temp.mk_unsealable VALUES (?1)";
  sqlite3_stmt *st = db_prepare(s, sql, sizeof sql - 1, err), *to = st ? db_prepare(s, put, sizeof put - 1, err) : NULL;
  int step = to && bind_block(s, st, m, k, err) ? 1 : -1;
  while (step == 1 && (step = db_step(s, st, "sealing", err)) == 1) {
    const char *p;
    size_t n, row;
    sealed_view *v = NULL;
    int found = db_text(s, st, 0, &p, &n, err) ? sealed_find(s, p, n, &v, &row, err) : -1;
    if (found < 0) step = -1;
    sealed_close(s, v);
    if (found == 0 && (!db_bind_text(s, to, 1, p, n, err) || db_step(s, to, "sealing", err) < 0)) step = -1;
    sqlite3_reset(to);
  }
  if (st) db_finalize(s, st);
  if (to) db_finalize(s, to);
  return step == 0;
}

static bool find_unsealable(mk_store *s, const sealed_map *m, const sealed_block *k, mk_err *err) {
  return add_odd(s, "cases", m, k, err) && add_odd(s, "lines", m, k, err) && add_odd(s, "persons", m, k, err) && add_orphans(s, m, k, err);
}

/* ------------------------------------------------------------------ rows into blocks */

typedef struct { mk_store *store; const sealed_map *map; seal_columns columns; plain_rows plain; sink sink; bool any; } sealing;

/* Persons of a merge whose cases are before a key (NULL: all) go into the sink. on: the merge is on a row, 1, or at its end, 0. */
static bool pour_persons(sink *k, merge *m, int *on, const char *before, size_t n, mk_err *err) {
  mk_value v;
  const char *key;
  size_t len;
  while (*on == 1) {
    if (before && merge_key(m, &key, &len) && key_compare(key, len, before, n) >= 0) return true;
    if (m->run > 1) {
      size_t from = m->rows.row, end = from + m->run, to = before ? sealed_first(&m->view->columns[m->rows.key], before, n) : end;
      if (to > end) to = end;
      if (!sink_persons(k, m->view, m->columns, from, to - from, err)) return false;
      if (to < end) {
        merge_part(m, to - from);
        return true;
      }
    } else {
      for (size_t i = 0; i < m->count; i++)
        if (!merge_cell(m, i, &v, err) || !sink_cell(k, k->columns->lines + i, &v, err)) return false;
      k->persons++;
    }
    *on = merge_next(m, err);
  }
  return *on == 0;
}

/* Cases of the block that stand together, as much of them at a time as one block takes. */
static bool pour_run(sink *k, merge *m, merge *persons, int *on, mk_err *err) {
  size_t whole = k->store->sealed->block_rows, row = m->rows.row, end = row + m->run, n;
  const char *key;
  while (row < end) {
    size_t room = k->rows < whole ? whole - k->rows : whole, to = end - row > room ? row + room : end;
    while (to < end && !sealed_begins(m->view, to)) to++;
    if (!sealed_key(k->store, m->view, row, &key, &n, err) || !pour_persons(k, persons, on, key, n, err) ||
        !sink_run(k, m->view, m->columns, row, to - row, err))
      return false;
    row = to;
  }
  return true;
}

/* All rows of a merge go into the sink, each case's persons before the next begins. */
static bool pour(sink *k, merge *m, merge *persons, mk_err *err) {
  int step = 0, on = merge_next(persons, err);
  mk_value v;
  while (on >= 0 && (step = merge_next(m, err)) == 1) {
    const char *key;
    size_t n;
    if (m->run > 1) {
      if (!pour_run(k, m, persons, &on, err)) return false;
      continue;
    }
    if (m->begins && merge_key(m, &key, &n) && (!pour_persons(k, persons, &on, key, n, err) || !sink_case(k, key, n, err))) return false;
    if (!sink_row(k, m->begins, err)) return false;
    for (size_t i = 0; i < m->count; i++)
      if (!merge_cell(m, i, &v, err) || !sink_cell(k, i, &v, err)) return false;
  }
  return on >= 0 && step == 0 && pour_persons(k, persons, &on, NULL, 0, err);
}

static bool pour_block(sealing *x, const sealed_block *k, mk_err *err) {
  merge m = {0}, persons = {0};
  const seal_columns *c = &x->columns;
  bool ok = find_unsealable(x->store, x->map, k, err) &&
            merge_begin(&m, x->store, false, x->map, k, NULL, 0, NULL, 0, c->list, c->lines, true, err) &&
            merge_begin(&persons, x->store, true, x->map, k, NULL, 0, NULL, 0, c->list + c->lines, c->count - c->lines, true, err) &&
            seal_drop(x->store, k->id, err) && pour(&x->sink, &m, &persons, err);
  merge_end(&persons);
  merge_end(&m);
  x->any = true;
  return ok;
}

/* Plain rows before a block; NULL: after the last. */
static bool pour_gap(sealing *x, const sealed_block *before, mk_err *err) {
  const char *keys = x->map->keys.p;
  size_t rows = x->sink.rows;
  int64_t written = x->sink.written;
  if (!plain_pour(&x->plain, &x->sink, before ? keys + before->low : NULL, before ? before->low_n : 0, err) ||
      (before && !plain_skip(&x->plain, keys + before->high, before->high_n, err)))
    return false;
  x->any = x->any || x->sink.rows != rows || x->sink.written != written;
  return true;
}

/* Whether plain rows stand right after a block. 1, 0, -1. */
static int followed(sealing *x, const sealed_block *k, const sealed_block *next, mk_err *err) {
  static const char sql[] = "SELECT EXISTS (SELECT 1 FROM main.cases WHERE \"case\" > ?1 AND (?2 IS NULL OR \"case\" < ?2))";
  mk_store *s = x->store;
  const char *keys = x->map->keys.p;
  sqlite3_stmt *st = db_prepare(s, sql, sizeof sql - 1, err);
  int step = st && db_bind_text(s, st, 1, keys + k->high, k->high_n, err) &&
             (!next || db_bind_text(s, st, 2, keys + next->low, next->low_n, err)) ? db_step(s, st, "sealing", err) : -1;
  int is = step == 1 ? sqlite3_column_int(st, 0) : -1;
  if (st) db_finalize(s, st);
  return is;
}

static int is_clean(mk_store *s, const sealed_map *m, const sealed_block *k, mk_err *err) {
  int clean = merge_clean(s, false, m, k, err);
  return clean == 1 ? merge_clean(s, true, m, k, err) : clean;
}

/* Blocks that hold are left alone, unless they are small and rows come before or after them. */
static bool pour_all(sealing *x, mk_err *err) {
  const sealed_map *m = x->map;
  size_t whole = x->store->sealed->block_rows;
  bool ok = pour_gap(x, m->count ? &m->list[0] : NULL, err);
  for (size_t i = 0; ok && i < m->count; i++) {
    const sealed_block *k = &m->list[i], *next = i + 1 < m->count ? k + 1 : NULL;
    int clean = is_clean(x->store, m, k, err), small = k->rows + x->sink.rows <= whole;
    if (clean == 1 && small && !x->sink.rows) small = followed(x, k, next, err);
    if (clean < 0 || small < 0) return false;
    if (clean && !small) ok = sink_flush(&x->sink, err);
    else ok = pour_block(x, k, err);
    ok = ok && pour_gap(x, next, err);
  }
  return ok && sink_flush(&x->sink, err);
}

static bool drop_plain(mk_store *s, mk_err *err) {
  static const char *const all[] = {"DELETE FROM main.persons", "DELETE FROM main.lines", "DELETE FROM main.cases"};
  static const char *const some[] = {"DELETE FROM main.persons WHERE \"case\" NOT IN (SELECT \"case\" FROM temp.mk_unsealable)",
                                     "DELETE FROM main.lines WHERE \"case\" NOT IN (SELECT \"case\" FROM temp.mk_unsealable)",
                                     "DELETE FROM main.cases WHERE \"case\" NOT IN (SELECT \"case\" FROM temp.mk_unsealable)"};
  int64_t kept = 0;
  if (!db_int(s, "SELECT EXISTS (SELECT 1 FROM temp.mk_unsealable)", &kept, err) || !db_rules(s, false, false, err)) return false;
  bool ok = true;
  for (int i = 0; ok && i < 3; i++) ok = db_exec(s, kept ? some[i] : all[i], err);
  return ok && db_exec(s, "DELETE FROM main.unsealed", err);
}

bool mk_store_seal(mk_store *s, size_t block_rows, mk_err *err) {
  if (!db_begin_write(s, err)) return false;
  if (block_rows) s->sealed->block_rows = block_rows;
  if (seal_all(s, err)) return mk_store_commit(s, err);
  mk_store_rollback(s);
  return false;
}

bool seal_all(mk_store *s, mk_err *err) {
  sealing x = {.store = s};
  if (!make(s, "CREATE TEMP TABLE IF NOT EXISTS mk_unsealable (\"case\" TEXT PRIMARY KEY)", err) ||
      !db_exec(s, "DELETE FROM temp.mk_unsealable", err) || !(x.map = sealed_now(s, err)))
    return false;
  int64_t state = x.map->state + 1;
  bool ok = seal_columns_init(&x.columns, s, err) && sink_begin(&x.sink, s, &x.columns, state, err) && plain_begin(&x.plain, s, &x.columns, err) &&
            pour_all(&x, err);
  plain_end(&x.plain);
  sink_end(&x.sink);
  seal_columns_clear(&x.columns);
  ok = ok && (!x.any || (drop_plain(s, err) && seal_written(s, state, err)));
  return ok && make(s, "DROP TABLE temp.mk_unsealable", err);
}
