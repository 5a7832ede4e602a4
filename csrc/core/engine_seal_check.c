/* engine_seal_check.c: whether sealed rows are whole, and plain ones do not stand where they are. May include: sealed.h, libc
 * strings. */
#include "sealed.h"

#include <string.h>

/* Cases in their order without a gap, each with its lines in order. */
static bool check_order(mk_store *s, sealed_view *v, const sealed_map *m, const sealed_block *k, mk_err *err) {
  const char *key = "", *last = "", *line_name = "l.\"line\"";
  size_t n = 0, last_n = 0, column = sealed_place(v, line_name, strlen(line_name));
  mk_value line, before = {.type = MK_T_MISSING};
  if (column == SIZE_MAX || v->columns[column].form != MK_FORM_NUMBERS) return db_damaged(s, "sealed rows have no numbers of lines", err);
  for (size_t row = 0; row < v->rows; row++) {
    if (!sealed_key(s, v, row, &key, &n, err) || !sealed_cell(v, column, row, true, NULL, &line, err)) return false;
    int order = row ? key_compare(last, last_n, key, n) : -1;
    if (row == 0 && key_compare(key, n, m->keys.p + k->low, k->low_n) != 0) return db_damaged(s, "sealed rows do not begin with the case they should", err);
    if (sealed_begins(v, row) ? order >= 0 : order != 0 || line.type != MK_T_INT || before.type != MK_T_INT || before.i >= line.i)
      return db_damaged(s, "sealed rows are out of order", err);
    last = key;
    last_n = n;
    before = line;
  }
  return key_compare(key, n, m->keys.p + k->high, k->high_n) == 0 || db_damaged(s, "sealed rows do not end with the case they should", err);
}

/* Persons by case and number, each of a case of the block. */
static bool check_persons(mk_store *s, sealed_view *v, const sealed_block *k, mk_err *err) {
  size_t cases = sealed_place(v, "t.\"case\"", 8), column = sealed_place(v, "t.\"line\"", 8), n, at_n;
  const char *key, *at;
  mk_value line, before = {.type = MK_T_MISSING};
  if (!v->persons) return true;
  if (cases == SIZE_MAX || column == SIZE_MAX || v->columns[cases].form != MK_FORM_CODES || v->columns[column].form != MK_FORM_NUMBERS)
    return db_damaged(s, "sealed rows have no numbers of persons", err);
  if (!sealed_need(s, v, cases, err) || !sealed_need(s, v, column, err)) return false;
  for (size_t row = 0, of = 0; row < v->persons; row++) {
    key = sealed_person(&v->columns[cases], row, &n);
    if (!sealed_cell(v, column, row, true, NULL, &line, err)) return false;
    bool next = sealed_next_person(v, cases, row);
    if (line.type != MK_T_INT || (!next && line.i <= before.i)) return db_damaged(s, "sealed rows have persons out of order", err);
    before = line;
    for (int order = -1; next && order != 0; of += order != 0) {
      if (of == k->rows) return db_damaged(s, "sealed rows have persons of no case", err);
      if (!sealed_key(s, v, of, &at, &at_n, err)) return false;
      order = key_compare(at, at_n, key, n);
      if (order > 0) return db_damaged(s, "sealed rows have persons of no case", err);
    }
  }
  return true;
}

static bool same_counts(const mk_segment *a, const mk_segment *b) {
  size_t size = a->entries * sizeof(uint32_t);
  if (a->scale != b->scale || a->entries != b->entries || a->known != b->known || a->min != b->min || a->max != b->max ||
      a->sum != b->sum || a->text_size != b->text_size)
    return false;
  return !size || (memcmp(a->lengths, b->lengths, size - sizeof(uint32_t)) == 0 && memcmp(a->text, b->text, a->text_size) == 0 &&
                   memcmp(a->cells, b->cells, size) == 0);
}

/* A column is whole, and what is told of it without its cells is what they say. */
static bool check_column(mk_store *s, const sealed_view *v, size_t c, mk_err *err) {
  const sealed_column *x = &v->columns[c];
  mk_segment seg, found, told;
  mk_buf counts;
  mk_buf_init(&counts, &s->mem);
  bool ok = sealed_segment(s, v, v->names.p + x->name, x->name_n, x->form, &seg, err);
  if (ok && x->counted) {
    ok = segment_count(&counts, &seg, err) && sealed_counts(s, v, c, &told, err) > 0;
    if (ok && !(segment_open(&found, counts.p, counts.n) && same_counts(&found, &told))) ok = db_damaged(s, "sealed rows are not counted right", err);
  }
  mk_buf_clear(&counts);
  return ok;
}

static bool check_block(mk_store *s, const sealed_map *m, const sealed_block *k, mk_err *err) {
  sealed_view *v = sealed_open(s, m, k, err);
  bool ok = v != NULL;
  for (size_t c = 0; ok && c < v->count; c++) ok = check_column(s, v, c, err);
  sealed_done(s);
  const char *line = "l.\"line\"", *key = "c.\"case\"";
  ok = ok && sealed_need(s, v, sealed_place(v, line, strlen(line)), err) && sealed_need(s, v, sealed_place(v, key, strlen(key)), err) &&
       check_order(s, v, m, k, err) && check_persons(s, v, k, err);
  sealed_close(s, v);
  return ok;
}

/* Plain cases that no sealed one gave way to: another program put them there. */
static bool find_doubles(mk_store *s, blocks_report report, void *ctx, mk_err *err) {
  static const char sql[] = "SELECT \"case\" FROM main.cases WHERE \"case\" NOT IN (SELECT \"case\" FROM main.unsealed)";
  sqlite3_stmt *st = db_prepare(s, sql, sizeof sql - 1, err);
  int step = st ? 1 : -1;
  while (step == 1 && (step = db_step(s, st, "checking", err)) == 1) {
    const char *p;
    size_t n;
    int in = db_text(s, st, 0, &p, &n, err) ? sealed_holds(s, p, n, err) : -1;
    if (in < 0 || (in && !report(ctx, p, "case", "a sealed case has this key, too: another program inserted the plain row, which holds", err)))
      step = -1;
  }
  if (st) db_finalize(s, st);
  return step == 0;
}

bool sealed_check(mk_store *s, blocks_report report, void *ctx, mk_err *err) {
  const sealed_map *m = sealed_now(s, err);
  if (!m) return false;
  bool ok = true;
  for (size_t i = 0; ok && i < m->count; i++) ok = check_block(s, m, &m->list[i], err);
  return ok && (!m->count || find_doubles(s, report, ctx, err));
}
