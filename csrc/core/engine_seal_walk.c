/* engine_seal_walk.c: rows of blocks in order of the key, without those that are hidden; looking a case up.
 * May include: sealed.h, libc strings. */
#include "sealed.h"

#include <string.h>

#define CASE "c.\"case\""
#define LINE "l.\"line\""
#define PERSON_CASE "t.\"case\""
#define PERSON_LINE "t.\"line\""

/* ------------------------------------------------------------------ places in a block */

static const char *entry_of(const sealed_column *x, size_t e, size_t *n) {
  *n = x->seg.lengths[e - 1];
  return x->seg.text + x->at[e];
}

static size_t code_at(const sealed_column *x, size_t row) { return (size_t)segment_cell(&x->seg, row); }

/* Entries of the cases are in their order, as rows are. */
size_t sealed_first(const sealed_column *x, const char *key, size_t n) {
  size_t from = 1, to = x->seg.entries, len;
  while (from < to) {
    size_t mid = (from + to) / 2;
    const char *p = entry_of(x, mid, &len);
    if (key_compare(p, len, key, n) < 0) from = mid + 1;
    else to = mid;
  }
  size_t low = 0, high = x->seg.rows;
  while (low < high) {
    size_t mid = (low + high) / 2;
    if (code_at(x, mid) < from) low = mid + 1;
    else high = mid;
  }
  return low;
}

static bool find_key(mk_store *s, const sealed_view *v, const char *name, size_t *key, mk_err *err) {
  *key = sealed_place(v, name, strlen(name));
  return (*key != SIZE_MAX && v->columns[*key].form == MK_FORM_CODES) || db_damaged(s, "sealed rows have no key", err);
}

static bool need_key(mk_store *s, sealed_view *v, const char *name, size_t *key, mk_err *err) {
  return find_key(s, v, name, key, err) && sealed_need(s, v, *key, err);
}

bool sealed_key(mk_store *s, sealed_view *v, size_t row, const char **p, size_t *n, mk_err *err) {
  size_t column;
  if (!need_key(s, v, CASE, &column, err)) return false;
  size_t code = code_at(&v->columns[column], row);
  if (code == 0 || code >= v->columns[column].seg.entries)
    return db_damaged(s, "a sealed row has no key", err);
  *p = entry_of(&v->columns[column], code, n);
  return true;
}

/* ------------------------------------------------------------------ looking up */

static int is_hidden(mk_store *s, const char *key, size_t n, mk_err *err) {
  static const char sql[] = "SELECT 1 FROM main.unsealed WHERE \"case\" = ?1 UNION ALL SELECT 1 FROM main.cases WHERE \"case\" = ?1";
  sqlite3_stmt **st = &s->sealed->gone;
  if (!*st) *st = db_prepare(s, sql, sizeof sql - 1, err);
  if (!*st || !db_bind_text(s, *st, 1, key, n, err)) return -1;
  int step = db_step(s, *st, "reading", err);
  sqlite3_reset(*st);
  return step;
}

/* Whether a block holds a case, hidden or not: 1 with its view and first row, 0, -1. likely: that it does; else a filter is
 * made first, and the keys are not held. */
static int look_up(mk_store *s, const char *key, size_t n, bool likely, sealed_view **view, size_t *row, mk_err *err) {
  const sealed_map *m = sealed_now(s, err);
  const char *p;
  size_t column, len;
  if (!m) return -1;
  size_t at = sealed_at(m, key, n);
  if (at == m->count || key_compare(m->keys.p + m->list[at].low, m->list[at].low_n, key, n) > 0) return 0;
  if (filter_excludes(s, &m->list[at], key, n)) return 0;
  sealed_view *v = sealed_open(s, m, &m->list[at], err);
  if (!v) return -1;
  int found = find_key(s, v, CASE, &column, err) && (likely || filter_make(s, v, &v->columns[column], err)) ? 0 : -1;
  bool told = found == 0 && !likely && filter_excludes(s, &m->list[at], key, n);
  if (found == 0 && !told && !sealed_need(s, v, column, err)) found = -1;
  if (found == 0 && !told) {
    *row = sealed_first(&v->columns[column], key, n);
    if (*row < v->rows) found = !sealed_key(s, v, *row, &p, &len, err) ? -1 : key_compare(p, len, key, n) == 0;
  }
  if (found == 1) *view = v;
  else sealed_close(s, v);
  return found;
}

int sealed_holds(mk_store *s, const char *key, size_t n, mk_err *err) {
  sealed_view *v = NULL;
  size_t row;
  int found = look_up(s, key, n, false, &v, &row, err);
  sealed_close(s, v);
  return found;
}

static int find(mk_store *s, const char *key, size_t n, bool likely, sealed_view **view, size_t *row, mk_err *err) {
  int found = look_up(s, key, n, likely, view, row, err);
  if (found <= 0) return found;
  int hidden = is_hidden(s, key, n, err);
  if (hidden == 0) return 1;
  sealed_close(s, *view);
  *view = NULL;
  return hidden < 0 ? -1 : 0;
}

int sealed_find(mk_store *s, const char *key, size_t n, sealed_view **view, size_t *row, mk_err *err) {
  return find(s, key, n, true, view, row, err);
}

int sealed_shown(mk_store *s, const char *key, size_t n, mk_err *err) {
  sealed_view *v = NULL;
  size_t row;
  int found = find(s, key, n, false, &v, &row, err);
  sealed_close(s, v);
  return found;
}

/* ------------------------------------------------------------------ walking */

static bool take_text(mk_store *s, sqlite3_stmt *st, mk_buf *out, mk_err *err) {
  const char *p;
  size_t n;
  if (!db_text(s, st, 0, &p, &n, err)) return false;
  out->n = 0;
  mk_put(out, p, n);
  mk_buf_reserve(out, 1);
  return mk_buf_ok(out, err);
}

static bool next_hidden(walk *w, mk_err *err) {
  int step = db_step(w->store, w->gone, "reading", err);
  w->any_hidden = step == 1;
  return step >= 0 && (step == 0 || take_text(w->store, w->gone, &w->hidden, err));
}

static bool next_line(walk *w, mk_err *err) {
  int step = db_step(w->store, w->plain, "reading", err);
  w->any_line = step == 1;
  w->hidden_line = step == 1 ? sqlite3_column_int64(w->plain, 1) : 0;
  return step >= 0 && (step == 0 || take_text(w->store, w->plain, &w->lines, err));
}

static int kind_of(const walk *w, bool cases) {
  return cases ? STATEMENT_GONE : w->kind == WALK_PERSONS ? STATEMENT_PERSONS : STATEMENT_LINES;
}

/* What a walk of that kind is told by of rows that hide its own: cases; lines or persons. */
static sqlite3_stmt *hiding(walk *w, bool cases, mk_err *err) {
  static const char gone[] = "SELECT \"case\" FROM main.unsealed WHERE \"case\" BETWEEN ?1 AND ?2 UNION "
                             "SELECT \"case\" FROM main.cases WHERE \"case\" BETWEEN ?1 AND ?2 ORDER BY 1";
  static const char lines[] = "SELECT \"case\", \"line\" FROM main.lines WHERE \"case\" BETWEEN ?1 AND ?2 ORDER BY 1, 2";
  static const char persons[] = "SELECT \"case\", \"line\" FROM main.persons WHERE \"case\" BETWEEN ?1 AND ?2 ORDER BY 1, 2";
  const char *sql = cases ? gone : w->kind == WALK_PERSONS ? persons : lines;
  sqlite3_stmt *st = statement_take(w->store, kind_of(w, cases));
  return st ? st : db_prepare(w->store, sql, strlen(sql), err);
}

/* Begins such a statement over keys between the bounds and those of the blocks. */
static bool between(walk *w, sqlite3_stmt *st, mk_err *err) {
  const sealed_map *m = w->map;
  const sealed_block *first = &m->list[0], *last = &m->list[m->count - 1];
  const char *low = m->keys.p + first->low, *high = m->keys.p + last->high;
  size_t low_n = first->low_n, high_n = last->high_n;
  if (key_compare(w->low.p, w->low.n, low, low_n) > 0) low = w->low.p, low_n = w->low.n;
  if (w->bounded && !w->onward && key_compare(w->high.p, w->high.n, high, high_n) < 0) high = w->high.p, high_n = w->high.n;
  sqlite3_reset(st);
  return db_bind_text(w->store, st, 1, low, low_n, err) && db_bind_text(w->store, st, 2, high, high_n, err);
}

/* Whether each row is by itself, with a number. */
static bool by_number(const walk *w) { return w->kind == WALK_LINES || w->kind == WALK_PERSONS; }

static bool set_bounds(walk *w, const char *low, size_t low_n, const char *high, size_t high_n, mk_err *err) {
  w->low.n = w->high.n = 0;
  w->bounded = high != NULL;
  w->started = w->skip = false;
  mk_put(&w->low, low, low_n);
  if (high) mk_put(&w->high, high, high_n);
  mk_buf_reserve(&w->low, 1);
  mk_buf_reserve(&w->high, 1);
  if (!mk_buf_ok(&w->low, err) || !mk_buf_ok(&w->high, err)) return false;
  w->block = sealed_at(w->map, low, low_n);
  return true;
}

/* What hides rows, from the lower bound on. */
static bool look_for_hiding(walk *w, mk_err *err) {
  if (w->block == w->map->count) return true;
  if (!w->gone && !(w->gone = hiding(w, true, err))) return false;
  if (!between(w, w->gone, err) || !next_hidden(w, err)) return false;
  if (!by_number(w)) return true;
  if (!w->plain && !(w->plain = hiding(w, false, err))) return false;
  return between(w, w->plain, err) && next_line(w, err);
}

bool walk_begin(walk *w, mk_store *s, walk_kind kind, const char *low, size_t low_n, const char *high, size_t high_n, mk_err *err) {
  *w = (walk){.store = s, .kind = kind, .key = SIZE_MAX, .line = SIZE_MAX};
  mk_buf_init(&w->low, &s->mem);
  mk_buf_init(&w->high, &s->mem);
  mk_buf_init(&w->hidden, &s->mem);
  mk_buf_init(&w->lines, &s->mem);
  w->map = sealed_now(s, err);
  return w->map && set_bounds(w, low, low_n, high, high_n, err) && look_for_hiding(w, err);
}

/* Keys that rise, as joins ask for them, go on with the statements of the walk before. */
bool walk_again(walk *w, const char *low, size_t low_n, const char *high, size_t high_n, mk_err *err) {
  bool rises = w->onward && w->bounded && key_compare(low, low_n, w->high.p, w->high.n) > 0;
  if (!w->map) return false;
  sealed_close(w->store, w->view);
  w->view = NULL;
  if (!set_bounds(w, low, low_n, high, high_n, err)) return false;
  if (rises) return true;
  w->onward = true;
  return look_for_hiding(w, err);
}

void walk_end(walk *w) {
  if (!w->store) return;
  statement_give(w->store, kind_of(w, true), w->gone);
  statement_give(w->store, kind_of(w, false), w->plain);
  sealed_close(w->store, w->view);
  mk_buf_clear(&w->low);
  mk_buf_clear(&w->high);
  mk_buf_clear(&w->hidden);
  mk_buf_clear(&w->lines);
  *w = (walk){0};
}

/* The block where it is, at its first row that counts. */
static bool enter(walk *w, mk_err *err) {
  mk_store *s = w->store;
  w->view = sealed_open(s, w->map, &w->map->list[w->block], err);
  if (!w->view) return false;
  bool persons = w->kind == WALK_PERSONS;
  w->rows = persons ? w->view->persons : w->view->rows;
  w->row = 0;
  if (!w->rows) return true;
  if (!need_key(s, w->view, persons ? PERSON_CASE : CASE, &w->key, err)) return false;
  if (by_number(w)) {
    const char *line = persons ? PERSON_LINE : LINE;
    w->line = sealed_place(w->view, line, strlen(line));
    if (w->line == SIZE_MAX || w->view->columns[w->line].form != MK_FORM_NUMBERS)
      return db_damaged(s, "sealed lines have no number", err);
    if (!sealed_need(s, w->view, w->line, err)) return false;
  }
  if (!w->started) w->row = sealed_first(&w->view->columns[w->key], w->low.p, w->low.n);
  w->started = true;
  return true;
}

const char *sealed_person(const sealed_column *cases, size_t row, size_t *n) {
  size_t code = code_at(cases, row);
  bool is = code > 0 && code < cases->seg.entries;
  *n = 0;
  return is ? entry_of(cases, code, n) : "";
}

bool sealed_next_person(const sealed_view *v, size_t cases, size_t row) {
  return row == 0 || code_at(&v->columns[cases], row) != code_at(&v->columns[cases], row - 1);
}

static bool begins(const walk *w) {
  return w->kind == WALK_PERSONS ? sealed_next_person(w->view, w->key, w->row) : sealed_begins(w->view, w->row);
}

bool walk_key(const walk *w, const char **p, size_t *n) {
  const sealed_column *x = &w->view->columns[w->key];
  size_t code = code_at(x, w->row);
  if (code == 0 || code >= x->seg.entries) return false;
  *p = entry_of(x, code, n);
  return true;
}

/* At the first row of a case: 1 it counts, or is hidden (skip); 0 it is behind the last; -1 failed. */
static int at_case(walk *w, mk_err *err) {
  const char *key;
  size_t n;
  w->skip = false;
  if (!w->bounded && !w->any_hidden) return 1;
  if (!walk_key(w, &key, &n)) return db_damaged(w->store, "a sealed row has no key", err) - 1;
  if (w->bounded && key_compare(key, n, w->high.p, w->high.n) > 0) return 0;
  while (w->any_hidden) {
    int order = key_compare(w->hidden.p, w->hidden.n, key, n);
    if (order >= 0) {
      w->skip = order == 0;
      break;
    }
    if (!next_hidden(w, err)) return -1;
  }
  return 1;
}

/* Whether a row is a line that no plain one of its number hides. 1, 0, -1. */
static int is_line(walk *w, mk_err *err) {
  mk_value v;
  const char *key;
  size_t n;
  if (!sealed_cell(w->view, w->line, w->row, true, NULL, &v, err)) return -1;
  if (v.type != MK_T_INT) return 0;
  if (!w->any_line) return 1;
  if (!walk_key(w, &key, &n)) return db_damaged(w->store, "a sealed row has no key", err) - 1;
  while (w->any_line) {
    int order = key_compare(w->lines.p, w->lines.n, key, n);
    if (order == 0) order = (w->hidden_line > v.i) - (w->hidden_line < v.i);
    if (order >= 0) return order > 0;
    if (!next_line(w, err)) return -1;
  }
  return 1;
}

int walk_next(walk *w, mk_err *err) {
  if (w->view) w->row++;
  for (; w->block < w->map->count; w->row++) {
    if (!w->view && !enter(w, err)) return -1;
    if (w->row >= w->rows) {
      sealed_close(w->store, w->view);
      w->view = NULL;
      w->block++;
      continue;
    }
    bool first = begins(w);
    int is = first ? at_case(w, err) : 1;
    if (is == 0) w->block = w->map->count;
    if (is <= 0) return is;
    if (w->skip || (w->kind == WALK_CASES && !first)) continue;
    is = by_number(w) ? is_line(w, err) : 1;
    if (is) return is;
  }
  return 0;
}
