/* engine_seal_test.c: which rows of a block have one of some values in a column, told from its entries. What passes here is looked
 * at again by SQLite, so a test may let rows through, but not leave one out. May include: sealed.h, libc strings. */
#include "sealed.h"

#include <stdlib.h>
#include <string.h>

typedef struct { size_t at, n; } test_text;

void test_init(cell_test *t, mk_mem *mem, bool whole) {
  *t = (cell_test){.mem = mem, .whole = whole, .id = -1, .state = -1};
  mk_buf_init(&t->text, mem);
  mk_buf_init(&t->list, mem);
  mk_buf_init(&t->found, mem);
}

void test_clear(cell_test *t) {
  if (!t->mem) return;
  mk_buf_clear(&t->text);
  mk_buf_clear(&t->list);
  mk_buf_clear(&t->found);
}

bool test_add(cell_test *t, sqlite3_value *v) {
  int type = sqlite3_value_type(v);
  if (type == SQLITE_NULL) return true; /* nothing is equal to it */
  if (type != (t->whole ? SQLITE_INTEGER : SQLITE_TEXT)) return false;
  t->sorted = false;
  if (t->whole) {
    int64_t number = sqlite3_value_int64(v);
    mk_put(&t->list, (const char *)&number, sizeof number);
    return true;
  }
  const char *p = (const char *)sqlite3_value_text(v);
  test_text text = {t->text.n, p ? (size_t)sqlite3_value_bytes(v) : 0};
  mk_put(&t->text, p, text.n);
  mk_put(&t->list, (const char *)&text, sizeof text);
  return p != NULL;
}

/* ------------------------------------------------------------------ looking up */

static int by_number(const void *a, const void *b) {
  int64_t x, y;
  memcpy(&x, a, sizeof x);
  memcpy(&y, b, sizeof y);
  return (x > y) - (x < y);
}

static bool has_number(const mk_buf *list, int64_t number) {
  return list->n && bsearch(&number, list->p, list->n / sizeof number, sizeof number, by_number);
}

static int order(const cell_test *t, size_t i, const char *p, size_t n) {
  test_text x;
  memcpy(&x, t->list.p + i * sizeof x, sizeof x);
  return key_compare(x.n ? t->text.p + x.at : "", x.n, p, n);
}

static bool has_text(const cell_test *t, const char *p, size_t n) {
  size_t from = 0, to = t->list.n / sizeof(test_text);
  while (from < to) {
    size_t mid = (from + to) / 2;
    int c = order(t, mid, p, n);
    if (c == 0) return true;
    if (c < 0) from = mid + 1;
    else to = mid;
  }
  return false;
}

/* By merging runs of one length, then of two, ...: qsort has no room for where the texts are. */
static bool sort_texts(cell_test *t, mk_err *err) {
  size_t count = t->list.n / sizeof(test_text);
  mk_buf spare;
  mk_buf_init(&spare, t->mem);
  for (size_t run = 1; run < count; run *= 2) {
    spare.n = 0;
    for (size_t low = 0; low < count; low += 2 * run) {
      size_t a = low, b = low + run < count ? low + run : count, mid = b, high = b + run < count ? b + run : count;
      while (a < mid || b < high) {
        test_text x = {0, 0};
        if (b < high) memcpy(&x, t->list.p + b * sizeof x, sizeof x);
        bool first = b == high || (a < mid && order(t, a, x.n ? t->text.p + x.at : "", x.n) <= 0);
        size_t from = first ? a++ : b++;
        mk_put(&spare, t->list.p + from * sizeof x, sizeof x);
      }
    }
    if (spare.n != t->list.n) break; /* out of memory */
    memcpy(t->list.p, spare.p, spare.n);
  }
  bool ok = mk_buf_ok(&spare, err);
  mk_buf_clear(&spare);
  return ok;
}

/* ------------------------------------------------------------------ blocks and rows */

static void find_decimals(cell_test *t, int scale) {
  for (size_t i = 0; i < t->list.n / sizeof(test_text); i++) {
    test_text x;
    int64_t number;
    memcpy(&x, t->list.p + i * sizeof x, sizeof x);
    if (x.n && decimal_scaled(t->text.p + x.at, x.n, scale, &number)) mk_put(&t->found, (const char *)&number, sizeof number);
  }
  if (t->found.n) qsort(t->found.p, t->found.n / sizeof(int64_t), sizeof(int64_t), by_number);
}

static void find_entries(cell_test *t, const sealed_column *x) {
  mk_putc(&t->found, 0); /* missing */
  for (size_t e = 1; e < x->seg.entries; e++) {
    const char *p = x->seg.text + x->at[e];
    size_t n = x->seg.lengths[e - 1];
    mk_putc(&t->found, t->whole ? has_number(&t->list, sealed_digits(p, n)) : has_text(t, p, n));
  }
}

bool test_block(cell_test *t, mk_store *s, sealed_view *v, const char *sql, size_t n, mk_err *err) {
  if (t->id == v->id && t->state == v->state) return true;
  if (!t->sorted) {
    if (!mk_buf_ok(&t->text, err) || !mk_buf_ok(&t->list, err) || (!t->whole && !sort_texts(t, err))) return false;
    if (t->whole && t->list.n) qsort(t->list.p, t->list.n / sizeof(int64_t), sizeof(int64_t), by_number);
    t->sorted = true;
  }
  t->column = sealed_place(v, sql, n);
  if (!sealed_need(s, v, t->column, err)) return false;
  t->found.n = 0;
  const sealed_column *x = t->column == SIZE_MAX ? NULL : &v->columns[t->column];
  if (x && x->form == MK_FORM_CODES) find_entries(t, x);
  else if (x && !t->whole) find_decimals(t, x->seg.scale);
  if (!mk_buf_ok(&t->found, err)) return false;
  t->id = v->id;
  t->state = v->state;
  return true;
}

bool test_row(const cell_test *t, const sealed_view *v, size_t row) {
  if (t->column == SIZE_MAX) return false;
  const sealed_column *x = &v->columns[t->column];
  if (x->form == MK_FORM_NUMBERS) return has_number(t->whole ? &t->list : &t->found, segment_number(&x->seg, row));
  uint64_t code = segment_cell(&x->seg, row);
  return code < t->found.n && t->found.p[code];
}
