/* engine_seal_change.c: what writers of rows ask while there are sealed ones, and when it is time to seal.
 * May include: sealed.h, libc strings. */
#include "sealed.h"

#include <string.h>

enum { LOOKS = 16, GONE_SHARE = 8 };

static bool of_table(const mk_store *s, size_t table, const char *name) { return strcmp(s->schema.tables[table].name, name) == 0; }
static bool is_sealable(const mk_store *s, size_t table) {
  return of_table(s, table, "cases") || of_table(s, table, "lines") || of_table(s, table, "persons");
}

/* ------------------------------------------------------------------ new rows */

static int plain_case(mk_store *s, const char *key, size_t n, mk_err *err) {
  static const char sql[] = "SELECT 1 FROM main.cases WHERE \"case\" = ?1";
  sqlite3_stmt **st = &s->sealed->plain;
  if (!*st) *st = db_prepare(s, sql, sizeof sql - 1, err);
  if (!*st) return -1;
  int rc = sqlite3_bind_text64(*st, 1, key, n, SQLITE_STATIC, SQLITE_UTF8), step = -1;
  if (rc == SQLITE_OK) step = db_step(s, *st, "reading", err);
  else db_fail(s, rc, "binding a value", err);
  sqlite3_reset(*st);
  return step;
}

/* Whether the case whose first row this is has that line. 1, 0, -1. */
static int has_line(mk_store *s, sealed_view *v, size_t row, int64_t number, mk_err *err) {
  static const char name[] = "l.\"line\"";
  size_t column = sealed_place(v, name, sizeof name - 1);
  mk_value value;
  if (!sealed_need(s, v, column, err)) return -1;
  do {
    if (!sealed_cell(v, column, row, true, NULL, &value, err)) return -1;
    if (value.type == MK_T_INT && value.i == number) return 1;
  } while (++row < v->rows && !sealed_begins(v, row));
  return 0;
}

/* Whether a block has that person of a case. 1, 0, -1. */
static int has_person(mk_store *s, sealed_view *v, const char *key, size_t n, int64_t number, mk_err *err) {
  size_t cases = sealed_place(v, "t.\"case\"", 8), line = sealed_place(v, "t.\"line\"", 8), len;
  mk_value value;
  if (!v->persons) return 0;
  if (!sealed_need(s, v, cases, err) || !sealed_need(s, v, line, err)) return -1;
  for (size_t row = sealed_first(&v->columns[cases], key, n); row < v->persons; row++) {
    const char *p = sealed_person(&v->columns[cases], row, &len);
    if (key_compare(p, len, key, n) != 0) return 0;
    if (!sealed_cell(v, line, row, true, NULL, &value, err)) return -1;
    if (value.type == MK_T_INT && value.i == number) return 1;
  }
  return 0;
}

bool sealed_admits(mk_store *s, const mk_rows *r, size_t row, mk_err *err) {
  bool cases = of_table(s, r->table, "cases"), lines = of_table(s, r->table, "lines");
  if (!is_sealable(s, r->table)) return true;
  mk_value key = mk_rows_get(r, row, 0), line = mk_rows_get(r, row, 1);
  sealed_view *v = NULL;
  size_t at;
  if (cases) {
    int found = sealed_shown(s, key.s, key.n, err);
    return found == 0 || (found > 0 && mk_fail(err, MK_DUPLICATE, "a sealed case has this key"));
  }
  int plain = made_has(s, key.s, key.n) ? 1 : plain_case(s, key.s, key.n, err), found = plain == 0 ? sealed_find(s, key.s, key.n, &v, &at, err) : 0;
  int twice = found <= 0 ? 0 : lines ? has_line(s, v, at, line.i, err) : has_person(s, v, key.s, key.n, line.i, err);
  sealed_close(s, v);
  if (plain < 0 || found < 0 || twice < 0) return false;
  if (!plain && !found) return mk_fail(err, MK_MISSING, "there is no such case");
  return !twice || mk_fail(err, MK_DUPLICATE, lines ? "a sealed line has this key" : "a sealed person has this key");
}

bool sealed_loosens(const mk_store *s, size_t table) {
  return sealed_any(s) && (of_table(s, table, "lines") || of_table(s, table, "persons") || (of_table(s, table, "cases") && !s->trust));
}

/* ------------------------------------------------------------------ changes */

/* The case that a row names becomes plain, if it names one. */
static bool give_way(mk_store *s, const mk_rows *r, mk_err *err) {
  mk_value key = mk_rows_get(r, 0, 0);
  return key.type != MK_T_TEXT || unseal_case(s, key.s, key.n, err);
}

bool sealed_before_update(mk_store *s, const mk_rows *key, const mk_rows *changes, mk_err *err) {
  bool moves = rows_cell(changes, 0, 0)->kind == CELL_TEXT;
  if (!is_sealable(s, key->table)) return true;
  if (!give_way(s, key, err)) return false;
  if (!moves) return true;
  mk_value to = mk_rows_get(changes, 0, 0), from = mk_rows_get(key, 0, 0);
  if (key_compare(to.s, to.n, from.s, from.n) == 0) return true;
  if (!of_table(s, key->table, "cases")) return give_way(s, changes, err);
  int there = plain_case(s, from.s, from.n, err); /* if not, that is what is wrong */
  return there == 0 || (there > 0 && sealed_admits(s, changes, 0, err));
}

/* The keys of the rows of blocks that a statement over them gives become plain. */
static bool unseal_found(mk_store *s, sqlite3_stmt *st, mk_err *err) {
  mk_buf keys;
  int step;
  mk_buf_init(&keys, &s->mem);
  while ((step = db_step(s, st, "reading", err)) == 1) {
    const char *p;
    size_t n;
    if (!db_text(s, st, 0, &p, &n, err)) break;
    keys_add(&keys, p, n);
  }
  bool ok = step == 0 && unseal_cases(s, &keys, err);
  mk_buf_clear(&keys);
  return ok;
}

bool sealed_before_delete(mk_store *s, const mk_rows *match, mk_err *err) {
  const mk_table_def *t = &s->schema.tables[match->table];
  if (!is_sealable(s, match->table)) return true;
  if (rows_cell(match, 0, 0)->kind == CELL_TEXT) return give_way(s, match, err);
  mk_buf sql;
  const char *word = " WHERE ";
  int param = 0;
  mk_buf_init(&sql, &s->mem);
  mk_putf(&sql, "SELECT DISTINCT \"case\" FROM temp.\"mk_sealed_%s\"", t->name);
  for (size_t i = 0; i < t->count; i++) {
    if (rows_cell(match, 0, i)->kind == CELL_UNSET) continue;
    mk_puts(&sql, word);
    db_quote(&sql, t->columns[i].name, '"');
    mk_putf(&sql, " IS ?%d", ++param);
    word = " AND ";
  }
  sqlite3_stmt *st = mk_buf_ok(&sql, err) ? db_prepare(s, sql.p, sql.n, err) : NULL;
  mk_buf_clear(&sql);
  bool ok = st != NULL;
  param = 0;
  for (size_t i = 0; ok && i < t->count; i++)
    if (rows_cell(match, 0, i)->kind != CELL_UNSET) ok = rows_bind(match, 0, i, st, ++param, err);
  ok = ok && unseal_found(s, st, err);
  if (st) db_finalize(s, st);
  return ok;
}

/* ------------------------------------------------------------------ when to seal */

static bool is_due(mk_store *s, bool *due, mk_err *err) {
  struct sealed *x = s->sealed;
  int64_t whole = (int64_t)x->block_rows, plain = 0, gone = 0;
  *due = false;
  if (x->fresh_rows * LOOKS < whole) return true;
  x->fresh_rows = 0;
  if (!db_int(s, "SELECT max((SELECT count(*) FROM main.cases), (SELECT count(*) FROM main.lines), (SELECT count(*) FROM main.persons))", &plain, err) ||
      !db_int(s, "SELECT count(*) FROM main.unsealed", &gone, err))
    return false;
  const sealed_map *m = sealed_now(s, err);
  if (!m) return false;
  *due = plain > whole || (gone * GONE_SHARE > m->rows && gone > 0);
  return true;
}

bool sealed_settle(mk_store *s, mk_err *err) {
  mk_err why = {0};
  bool due;
  if (s->trust || s->dead || s->depth != 1 || s->readonly || s->setup || !s->sealed->fresh_rows) return true;
  bool ok = is_due(s, &due, &why);
  if (ok && due) {
    ok = mk_store_begin(s, &why);
    if (ok && seal_all(s, &why)) ok = mk_store_commit(s, &why);
    else if (ok) { mk_store_rollback(s); ok = false; }
  }
  if (ok || (why.code != MK_CANCELLED && !s->dead)) return true; /* the rows stay as they are */
  return mk_fail(err, why.code, "%s", why.msg);
}
