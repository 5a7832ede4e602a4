/* engine_seal_merge.c: the rows of a block as they are now: without hidden ones, with plain rows between them.
 * May include: sealed.h, libc strings. */
#include "sealed.h"

#include <string.h>

#define LINE "l.\"line\""

static bool of_case(const merge_column *c) { return c->sql[0] == 'c'; }

/* ------------------------------------------------------------------ statements */

static void put_range(const merge *m, const char *key, bool low, bool high, mk_buf *sql) {
  const char *word = " WHERE ";
  if (low) mk_putf(sql, "%s%s %s ?1", word, key, m->view ? ">=" : ">"), word = " AND ";
  if (high) mk_putf(sql, "%s%s %s ?2", word, key, m->view ? "<=" : "<");
}

static sqlite3_stmt *prepared(merge *m, mk_buf *sql, const char *low, size_t low_n, const char *high, size_t high_n, mk_err *err) {
  mk_store *s = m->store;
  sqlite3_stmt *st = mk_buf_ok(sql, err) ? db_prepare(s, sql->p, sql->n, err) : NULL;
  sql->n = 0;
  if (st && ((low && !db_bind_text(s, st, 1, low, low_n, err)) || (high && !db_bind_text(s, st, 2, high, high_n, err)))) {
    db_finalize(s, st);
    st = NULL;
  }
  return st;
}

/* The plain persons, each by itself, in the place of lines. */
static bool prepare_persons(merge *m, const char *low, size_t low_n, const char *high, size_t high_n, bool sealable, mk_err *err) {
  mk_buf sql;
  mk_buf_init(&sql, &m->store->mem);
  mk_puts(&sql, "SELECT t.\"case\", t.\"line\"");
  for (size_t i = 0; i < m->count; i++) mk_putf(&sql, ", %s", m->columns[i].sql);
  mk_puts(&sql, " FROM main.\"persons\" t");
  put_range(m, "t.\"case\"", low, high, &sql);
  if (sealable) mk_putf(&sql, "%st.\"case\" NOT IN (SELECT \"case\" FROM temp.mk_unsealable)", low || high ? " AND " : " WHERE ");
  mk_puts(&sql, " ORDER BY t.\"case\", t.\"line\"");
  m->lines = prepared(m, &sql, low, low_n, high, high_n, err);
  mk_buf_clear(&sql);
  return m->lines != NULL;
}

/* The plain rows, and the plain lines of cases that are none of them. */
static bool prepare(merge *m, const char *low, size_t low_n, const char *high, size_t high_n, bool sealable, mk_err *err) {
  mk_buf sql;
  const char *and = low || high ? " AND " : " WHERE ";
  mk_buf_init(&sql, &m->store->mem);
  mk_puts(&sql, "SELECT c.\"case\", l.\"line\"");
  for (size_t i = 0; i < m->count; i++) mk_putf(&sql, ", %s", m->columns[i].sql);
  mk_puts(&sql, " FROM main.\"cases\" c LEFT JOIN main.\"lines\" l ON l.\"case\" = c.\"case\"");
  put_range(m, "c.\"case\"", low, high, &sql);
  if (sealable) mk_putf(&sql, "%sc.\"case\" NOT IN (SELECT \"case\" FROM temp.mk_unsealable)", and);
  mk_puts(&sql, " ORDER BY c.\"case\", l.\"line\"");
  m->plain = prepared(m, &sql, low, low_n, high, high_n, err);
  if (m->plain && m->view) {
    mk_puts(&sql, "SELECT l.\"case\", l.\"line\"");
    for (size_t i = 0; i < m->count; i++) mk_putf(&sql, ", %s", of_case(&m->columns[i]) ? "NULL" : m->columns[i].sql);
    mk_puts(&sql, " FROM main.\"lines\" l");
    put_range(m, "l.\"case\"", low, high, &sql);
    if (sealable) mk_puts(&sql, " AND l.\"case\" NOT IN (SELECT \"case\" FROM temp.mk_unsealable)");
    mk_puts(&sql, " AND NOT EXISTS (SELECT 1 FROM main.\"cases\" c WHERE c.\"case\" = l.\"case\") ORDER BY l.\"case\", l.\"line\"");
    m->lines = prepared(m, &sql, low, low_n, high, high_n, err);
  }
  mk_buf_clear(&sql);
  return m->plain && (!m->view || m->lines);
}

static bool advance(merge *m, sqlite3_stmt *st, mk_buf *key, bool *has, mk_err *err) {
  const char *p;
  size_t n;
  int step = st ? db_step(m->store, st, "reading", err) : 0;
  *has = step == 1;
  key->n = 0;
  if (step <= 0) return step == 0;
  if (!db_text(m->store, st, 0, &p, &n, err)) return false;
  mk_put(key, p, n);
  mk_buf_reserve(key, 1);
  return mk_buf_ok(key, err);
}

static bool advance_row(merge *m, mk_err *err) {
  int step = walk_next(&m->rows, err);
  m->has_row = step == 1;
  return step >= 0;
}

static bool need_columns(merge *m, mk_err *err) {
  for (size_t i = 0; i < m->count; i++) {
    m->columns[i].place = sealed_place(m->view, m->columns[i].sql, strlen(m->columns[i].sql));
    if (!sealed_need(m->store, m->view, m->columns[i].place, err)) return false;
  }
  const char *line = m->persons ? "t.\"line\"" : LINE;
  return sealed_need(m->store, m->view, sealed_place(m->view, line, strlen(line)), err);
}

bool merge_begin(merge *m, mk_store *s, bool persons, const sealed_map *map, const sealed_block *k, const char *low, size_t low_n, const char *high,
                 size_t high_n, merge_column *columns, size_t count, bool sealable, mk_err *err) {
  *m = (merge){.store = s, .persons = persons, .columns = columns, .count = count};
  mk_buf *const bufs[] = {&m->key, &m->plain_key, &m->line_key, &m->last, &m->scratch};
  for (size_t i = 0; i < sizeof bufs / sizeof bufs[0]; i++) mk_buf_init(bufs[i], &s->mem);
  if (k) {
    m->view = sealed_open(s, map, k, err);
    low = map->keys.p + k->low, low_n = k->low_n;
    high = map->keys.p + k->high, high_n = k->high_n;
    if (!m->view || !need_columns(m, err) || !walk_begin(&m->rows, s, persons ? WALK_PERSONS : WALK_ROWS, low, low_n, high, high_n, err) || !advance_row(m, err))
      return false;
  }
  bool ok = (persons ? prepare_persons : prepare)(m, low, low_n, high, high_n, sealable, err);
  return ok && advance(m, m->plain, &m->plain_key, &m->has_plain, err) &&
         advance(m, m->lines, &m->line_key, &m->has_line, err);
}

void merge_end(merge *m) {
  if (!m->store) return;
  walk_end(&m->rows);
  if (m->plain) db_finalize(m->store, m->plain);
  if (m->lines) db_finalize(m->store, m->lines);
  sealed_close(m->store, m->view);
  mk_buf *const bufs[] = {&m->key, &m->plain_key, &m->line_key, &m->last, &m->scratch};
  for (size_t i = 0; i < sizeof bufs / sizeof bufs[0]; i++) mk_buf_clear(bufs[i]);
  *m = (merge){0};
}

/* ------------------------------------------------------------------ rows */

static bool same(const mk_buf *a, const mk_buf *b) { return key_compare(a->p, a->n, b->p, b->n) == 0; }

/* Past the row it is on. */
static bool leave(merge *m, mk_err *err) {
  if (!m->on) return true;
  m->on = false;
  m->first = false;
  if (m->source == MERGE_SEALED) {
    m->rows.row += m->run - 1;
    return advance_row(m, err);
  }
  if (m->source == MERGE_LINE) {
    bool next = !m->replaced || advance_row(m, err); /* it stood in the place of a row of the block */
    m->replaced = false;
    return next && advance(m, m->lines, &m->line_key, &m->has_line, err);
  }
  m->any_plain = true;
  m->last.n = 0;
  mk_put(&m->last, m->plain_key.p, m->plain_key.n);
  mk_buf_reserve(&m->last, 1);
  return mk_buf_ok(&m->last, err) && advance(m, m->plain, &m->plain_key, &m->has_plain, err);
}

static int give(merge *m, merge_source source, bool begins) {
  m->source = source;
  m->run = 1;
  m->begins = begins;
  m->on = true;
  return 1;
}

static int no_key(const merge *m, mk_err *err) {
  return db_damaged(m->store, "a sealed row has no key", err) - 1;
}

static size_t least(size_t a, size_t b) { return a < b ? a : b; }

/* Cases of the block from the one it is at up to the next that is not simply there. */
static int give_run(merge *m) {
  const sealed_view *v = m->view;
  const sealed_column *cases = &v->columns[m->rows.key];
  size_t end = v->rows;
  if (m->rows.any_hidden) end = least(end, sealed_first(cases, m->rows.hidden.p, m->rows.hidden.n));
  if (m->has_plain) end = least(end, sealed_first(cases, m->plain_key.p, m->plain_key.n));
  if (m->has_line) end = least(end, sealed_first(cases, m->line_key.p, m->line_key.n));
  if (end <= m->rows.row) return 0;
  m->inside = false;
  give(m, MERGE_SEALED, true);
  m->run = end - m->rows.row;
  return 1;
}

/* The next row of the case of the block it is in; 0: there is none. */
static int inside(merge *m, mk_err *err) {
  mk_value v;
  size_t line = sealed_place(m->view, LINE, sizeof LINE - 1);
  bool row = m->has_row && (m->rows.row == m->case_row || !sealed_begins(m->view, m->rows.row)), lines = m->has_line && same(&m->line_key, &m->key);
  if (!row && !lines) return m->inside = false;
  if (!lines) return give(m, MERGE_SEALED, m->first);
  if (row) {
    if (!sealed_cell(m->view, line, m->rows.row, true, &m->scratch, &v, err)) return -1;
    int64_t number = sqlite3_column_int64(m->lines, 1);
    if (v.type == MK_T_INT && v.i < number) return give(m, MERGE_SEALED, m->first);
    m->replaced = v.type != MK_T_INT || v.i == number;
  }
  return give(m, MERGE_LINE, m->first);
}

/* At a row of the block that begins a case, when no plain row is before it. */
static bool enter(merge *m, const char *key, size_t n, mk_err *err) {
  m->key.n = 0;
  mk_put(&m->key, key, n);
  mk_buf_reserve(&m->key, 1);
  m->case_row = m->rows.row;
  m->inside = m->first = true;
  if (!mk_buf_ok(&m->key, err)) return false;
  while (m->has_line && key_compare(m->line_key.p, m->line_key.n, key, n) < 0)
    if (!advance(m, m->lines, &m->line_key, &m->has_line, err)) return false;
  return true;
}

/* The next of sealed and plain persons; those of the block up to the next plain one's case, or one at a time within it. */
static int next_person(merge *m, mk_err *err) {
  const char *key;
  size_t n, end;
  mk_value v;
  if (!m->has_row) return m->has_line ? give(m, MERGE_LINE, true) : 0;
  if (!walk_key(&m->rows, &key, &n)) return no_key(m, err);
  const sealed_column *cases = &m->view->columns[m->rows.key];
  end = m->view->persons;
  if (m->rows.any_hidden) end = least(end, sealed_first(cases, m->rows.hidden.p, m->rows.hidden.n));
  if (m->has_line) {
    int order = key_compare(key, n, m->line_key.p, m->line_key.n);
    if (order == 0) {
      if (!sealed_cell(m->view, m->rows.line, m->rows.row, true, &m->scratch, &v, err)) return -1;
      return give(m, v.i < sqlite3_column_int64(m->lines, 1) ? MERGE_SEALED : MERGE_LINE, true);
    }
    if (order > 0) return give(m, MERGE_LINE, true);
    end = least(end, sealed_first(cases, m->line_key.p, m->line_key.n));
  }
  give(m, MERGE_SEALED, true);
  if (end > m->rows.row) m->run = end - m->rows.row;
  return 1;
}

int merge_next(merge *m, mk_err *err) {
  const char *key = "";
  size_t n = 0;
  if (!leave(m, err)) return -1;
  if (m->persons) return next_person(m, err);
  for (;;) {
    int is = m->inside ? inside(m, err) : 0;
    if (is) return is;
    if (m->has_row && !walk_key(&m->rows, &key, &n)) return no_key(m, err);
    if (m->has_plain && (!m->has_row || key_compare(m->plain_key.p, m->plain_key.n, key, n) < 0))
      return give(m, MERGE_PLAIN, !m->any_plain || !same(&m->plain_key, &m->last));
    if (!m->has_row) return 0;
    if (!enter(m, key, n, err)) return -1;
    if (give_run(m)) return 1;
  }
}

void merge_part(merge *m, size_t rows) {
  m->rows.row += rows;
  m->run -= rows;
}

bool merge_key(const merge *m, const char **p, size_t *n) {
  const mk_buf *key = m->source == MERGE_PLAIN ? &m->plain_key : &m->key;
  if (m->persons && m->source == MERGE_SEALED) return walk_key(&m->rows, p, n);
  if (m->persons) key = &m->line_key;
  *p = key->p;
  *n = key->n;
  return m->on;
}

bool merge_cell(merge *m, size_t i, mk_value *out, mk_err *err) {
  const merge_column *c = &m->columns[i];
  if (m->source == MERGE_SEALED) return sealed_cell(m->view, c->place, m->rows.row, c->whole, &m->scratch, out, err);
  if (m->source == MERGE_LINE && of_case(c)) return sealed_cell(m->view, c->place, m->case_row, c->whole, &m->scratch, out, err);
  sqlite3_stmt *st = m->source == MERGE_PLAIN ? m->plain : m->lines;
  int type = sqlite3_column_type(st, (int)i + 2);
  *out = (mk_value){.type = MK_T_MISSING};
  if (type == SQLITE_NULL) return true;
  if (type == SQLITE_INTEGER) {
    *out = (mk_value){.type = MK_T_INT, .i = sqlite3_column_int64(st, (int)i + 2)};
    return true;
  }
  out->type = MK_T_TEXT;
  return db_text(m->store, st, (int)i + 2, &out->s, &out->n, err);
}

int merge_clean(mk_store *s, bool persons, const sealed_map *m, const sealed_block *k, mk_err *err) {
  static const char *const sql[] = {"SELECT EXISTS (SELECT 1 FROM main.unsealed WHERE \"case\" BETWEEN ?1 AND ?2) OR "
                            "EXISTS (SELECT 1 FROM main.\"cases\" WHERE \"case\" BETWEEN ?1 AND ?2) OR "
                            "EXISTS (SELECT 1 FROM main.\"lines\" WHERE \"case\" BETWEEN ?1 AND ?2)",
                                    "SELECT EXISTS (SELECT 1 FROM main.unsealed WHERE \"case\" BETWEEN ?1 AND ?2) OR "
                            "EXISTS (SELECT 1 FROM main.\"cases\" WHERE \"case\" BETWEEN ?1 AND ?2) OR "
                            "EXISTS (SELECT 1 FROM main.\"persons\" WHERE \"case\" BETWEEN ?1 AND ?2)"};
  sqlite3_stmt **st = &s->sealed->clean[persons];
  if (!*st) *st = db_prepare(s, sql[persons], strlen(sql[persons]), err);
  if (!*st || !db_bind_text(s, *st, 1, m->keys.p + k->low, k->low_n, err) || !db_bind_text(s, *st, 2, m->keys.p + k->high, k->high_n, err))
    return -1;
  int step = db_step(s, *st, "reading", err), dirty = step == 1 ? sqlite3_column_int(*st, 0) : 1;
  sqlite3_reset(*st);
  return step < 0 ? -1 : !dirty;
}
