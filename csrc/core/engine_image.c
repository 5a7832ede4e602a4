/* engine_image.c: rows of a query as columns in memory: dictionary codes for what repeats, scaled whole numbers for what is
 * added up. Columns are read when first asked for, from the same state of the store. May include: engine.h, store.h, libc strings. */
#include "engine.h"
#include "store.h"

#include <string.h>

enum { ENTRIES_MAX = 1 << 22 };

/* ------------------------------------------------------------------ dictionaries */

/* While a column is read: entries are numbered from 1 in order of first appearance; slots holds numbers, 0 empty. */
typedef struct {
  mk_buf text, ends;    /* bytes of all entries; end of each (size_t), entry 0 being the missing one */
  uint32_t *slots;
  size_t cap, count, last;
  uint64_t seed;
  mk_mem *mem;
} dict;

static uint64_t mixed(uint64_t h) {
  h ^= h >> 32;
  h *= UINT64_C(0xD6E8FEB86659FD93);
  h ^= h >> 32;
  h *= UINT64_C(0xD6E8FEB86659FD93);
  return h ^ h >> 32;
}

static uint64_t hash(uint64_t seed, const char *s, size_t n) {
  uint64_t h = seed ^ n, word;
  for (; n >= 8; s += 8, n -= 8) {
    memcpy(&word, s, 8);
    h = mixed(h ^ word);
  }
  word = 0;
  memcpy(&word, s, n);
  return mixed(h ^ word);
}

static size_t end_of(const dict *d, size_t entry) { return ((const size_t *)(const void *)d->ends.p)[entry]; }

static bool is_entry(const dict *d, size_t entry, const char *s, size_t n) {
  size_t from = end_of(d, entry - 1);
  return end_of(d, entry) - from == n && (n == 0 || memcmp(d->text.p + from, s, n) == 0);
}

static bool dict_init(dict *d, mk_mem *mem, uint64_t seed, mk_err *err) {
  const size_t zero = 0;
  *d = (dict){.mem = mem, .cap = 64, .count = 1, .seed = seed};
  mk_buf_init(&d->text, mem);
  mk_buf_init(&d->ends, mem);
  mk_put(&d->ends, (const char *)&zero, sizeof zero);
  d->slots = mk_zalloc(mem, d->cap * sizeof *d->slots, err);
  return d->slots && mk_buf_ok(&d->ends, err);
}

static void dict_clear(dict *d) {
  mk_buf_clear(&d->text);
  mk_buf_clear(&d->ends);
  if (d->slots) mk_free(d->mem, d->slots, d->cap * sizeof *d->slots);
  d->slots = NULL;
}

static bool dict_grow(dict *d, mk_err *err) {
  size_t cap = d->cap * 4;
  uint32_t *slots = mk_zalloc(d->mem, cap * sizeof *slots, err);
  if (!slots) return false;
  for (size_t e = 1; e < d->count; e++) {
    size_t from = end_of(d, e - 1), at = hash(d->seed, d->text.p + from, end_of(d, e) - from) & (cap - 1);
    while (slots[at]) at = (at + 1) & (cap - 1);
    slots[at] = (uint32_t)e;
  }
  mk_free(d->mem, d->slots, d->cap * sizeof *d->slots);
  d->slots = slots;
  d->cap = cap;
  return true;
}

/* The number of a text, a new one when it is not there. Rows of one value in a run find it by the last one. */
static bool dict_code(dict *d, const char *s, size_t n, uint32_t *out, mk_err *err) {
  if (d->last && is_entry(d, d->last, s, n)) {
    *out = (uint32_t)d->last;
    return true;
  }
  size_t at = hash(d->seed, s, n) & (d->cap - 1);
  while (d->slots[at] && !is_entry(d, d->slots[at], s, n)) at = (at + 1) & (d->cap - 1);
  if (!d->slots[at]) {
    if (d->count == ENTRIES_MAX) return mk_fail(err, MK_LIMIT, "a column holds more than %d different values", (int)ENTRIES_MAX);
    mk_put(&d->text, s, n);
    size_t end = d->text.n;
    mk_put(&d->ends, (const char *)&end, sizeof end);
    if (!mk_buf_ok(&d->text, err) || !mk_buf_ok(&d->ends, err)) return false;
    d->slots[at] = (uint32_t)d->count++;
    d->last = d->slots[at];
    *out = (uint32_t)d->last;
    return d->count * 2 <= d->cap || dict_grow(d, err);
  }
  d->last = d->slots[at];
  *out = d->slots[at];
  return true;
}

/* ------------------------------------------------------------------ reading a column */

/* A column while its rows are read. */
typedef struct {
  mk_image_column *c;
  dict d;
  mk_buf cells;  /* uint32_t codes or int64_t numbers */
  mk_buf digits; /* of a whole number among codes */
} reader;

static bool numbers_rescale(reader *r, int scale) {
  int64_t *v = (int64_t *)(void *)r->cells.p, factor = 1;
  for (int i = r->c->scale; i < scale; i++) factor *= 10;
  for (size_t i = 0, n = r->cells.n / sizeof *v; i < n; i++)
    if (v[i] != MK_NUMBER_MISSING && __builtin_mul_overflow(v[i], factor, &v[i])) return false;
  r->c->scale = scale;
  return true;
}

/* A decimal in canonical text times 10^scale; the scale of the column grows as needed. False: not in 64 bits. */
static bool scaled(reader *r, const char *s, size_t n, int64_t *out) {
  const char *point = memchr(s, '.', n);
  int digits = point ? (int)(s + n - point - 1) : 0;
  if (digits > 18 || (digits > r->c->scale && !numbers_rescale(r, digits))) return false;
  int64_t v = 0;
  bool minus = n && *s == '-';
  for (size_t i = minus; i < n; i++) {
    if (s[i] == '.') continue;
    if (s[i] < '0' || s[i] > '9' || __builtin_mul_overflow(v, 10, &v) || __builtin_add_overflow(v, s[i] - '0', &v)) return false;
  }
  for (int i = digits; i < r->c->scale; i++)
    if (__builtin_mul_overflow(v, 10, &v)) return false;
  *out = minus ? -v : v;
  return true;
}

/* Takes one cell; what does not fit makes the column one that is not held (form NONE). */
static bool take(reader *r, const mk_value *v, mk_err *err) {
  uint32_t code = 0;
  int64_t number = MK_NUMBER_MISSING;
  if (r->c->form == MK_FORM_NONE) return true;
  if (r->c->form == MK_FORM_NUMBERS) {
    if (v->type == MK_T_INT) number = v->i;
    else if (v->type == MK_T_TEXT && !scaled(r, v->s, v->n, &number)) r->c->form = MK_FORM_NONE;
    if (v->type == MK_T_INT)
      for (int i = 0; i < r->c->scale; i++)
        if (__builtin_mul_overflow(number, 10, &number)) r->c->form = MK_FORM_NONE;
    if (v->type != MK_T_MISSING && number == MK_NUMBER_MISSING) r->c->form = MK_FORM_NONE;
    r->c->known += number != MK_NUMBER_MISSING;
    mk_put(&r->cells, (const char *)&number, sizeof number);
    return mk_buf_ok(&r->cells, err);
  }
  if (v->type == MK_T_INT) {
    r->digits.n = 0;
    mk_putl(&r->digits, v->i);
    if (!mk_buf_ok(&r->digits, err) || !dict_code(&r->d, r->digits.p, r->digits.n, &code, err)) return false;
  } else if (v->type == MK_T_TEXT && v->n && !dict_code(&r->d, v->s, v->n, &code, err)) return false;
  r->c->known += code != 0;
  mk_put(&r->cells, (const char *)&code, sizeof code);
  return mk_buf_ok(&r->cells, err);
}

/* Codes in as few bytes as they need. */
static bool narrowed(mk_image *im, reader *r, mk_err *err) {
  mk_image_column *c = r->c;
  const uint32_t *from = (const uint32_t *)(const void *)r->cells.p;
  c->entries = r->d.count;
  c->width = c->entries <= 256 ? 1 : c->entries <= 65536 ? 2 : 4;
  c->size = im->rows * (size_t)c->width;
  c->cells = mk_alloc(im->mem, c->size + MK_IMAGE_PAD, err);
  if (!c->cells) return false;
  uint8_t *one = c->cells;
  uint16_t *two = c->cells;
  if (c->width == 1) for (size_t i = 0; i < im->rows; i++) one[i] = (uint8_t)from[i];
  else if (c->width == 2) for (size_t i = 0; i < im->rows; i++) two[i] = (uint16_t)from[i];
  else if (im->rows) memcpy(c->cells, from, c->size);
  memset((char *)c->cells + c->size, 0, MK_IMAGE_PAD);
  c->text = r->d.text; /* taken over */
  c->ends = r->d.ends;
  mk_buf_init(&r->d.text, im->mem);
  mk_buf_init(&r->d.ends, im->mem);
  return true;
}

static bool settle(mk_image *im, reader *r, mk_err *err) {
  mk_image_column *c = r->c;
  if (c->form == MK_FORM_CODES) return narrowed(im, r, err);
  if (c->form == MK_FORM_NONE) return true;
  const int64_t *v = (const int64_t *)(const void *)r->cells.p;
  for (size_t i = 0; i < im->rows; i++) {
    int64_t size = v[i] == MK_NUMBER_MISSING ? 0 : v[i] < 0 ? -v[i] : v[i];
    if (size > c->largest) c->largest = size;
  }
  c->width = 8;
  c->size = im->rows * 8;
  c->cells = mk_alloc(im->mem, c->size + MK_IMAGE_PAD, err);
  if (!c->cells) return false;
  if (im->rows) memcpy(c->cells, r->cells.p, c->size);
  memset((char *)c->cells + c->size, 0, MK_IMAGE_PAD);
  return true;
}

/* ------------------------------------------------------------------ rows and cases */

/* Reads which rows begin a case and how many rows there are: mark 1 where the key differs from that of the row before, or
 * where there is none. */
typedef struct { mk_buf marks, last; size_t rows; bool single; } runs;

static bool take_key(runs *k, const mk_value *v, mk_err *err) {
  bool same = k->rows && v->type == MK_T_TEXT && v->n == k->last.n && (v->n == 0 || memcmp(v->s, k->last.p, v->n) == 0);
  if (same) k->single = false;
  else {
    k->last.n = 0;
    mk_put(&k->last, v->s, v->n);
  }
  mk_putc(&k->marks, same ? 0 : 1);
  k->rows++;
  return mk_buf_ok(&k->marks, err) && mk_buf_ok(&k->last, err);
}

static bool settle_runs(mk_image *im, runs *k, mk_err *err) {
  im->rows = k->rows;
  im->single = k->single;
  im->fresh = mk_alloc(im->mem, k->rows + MK_IMAGE_PAD, err);
  if (!im->fresh) return false;
  if (k->rows) memcpy(im->fresh, k->marks.p, k->rows);
  memset(im->fresh + k->rows, 0, MK_IMAGE_PAD);
  return true;
}

/* ------------------------------------------------------------------ the image */

static bool keep_text(mk_image *im, mk_buf *b, const char *s, mk_err *err) {
  mk_buf_init(b, im->mem);
  mk_put(b, s, strlen(s) + 1);
  return mk_buf_ok(b, err);
}

void mk_image_free(mk_image *im) {
  if (!im) return;
  for (size_t i = 0; im->columns && i < im->count; i++) {
    mk_image_column *c = &im->columns[i];
    if (c->cells) mk_free(im->mem, c->cells, c->size + MK_IMAGE_PAD);
    mk_buf_clear(&c->text);
    mk_buf_clear(&c->ends);
  }
  if (im->columns) mk_free(im->mem, im->columns, (im->count + 1) * sizeof *im->columns);
  if (im->fresh) mk_free(im->mem, im->fresh, im->rows + MK_IMAGE_PAD);
  mk_buf_clear(&im->from);
  mk_buf_clear(&im->key);
  mk_buf_clear(&im->state);
  mk_free(NULL, im, sizeof *im);
}

mk_image *mk_image_new(mk_store *s, const char *from, const char *key, const char *state, size_t columns, mk_err *err) {
  mk_image *im = mk_zalloc(NULL, sizeof *im, err);
  if (!im) return NULL;
  im->memory.cap = mk_store_mem(s)->cap;
  im->mem = &im->memory;
  im->count = columns;
  im->columns = mk_zalloc(im->mem, (columns + 1) * sizeof *im->columns, err);
  bool ok = im->columns && keep_text(im, &im->from, from, err) && keep_text(im, &im->key, key, err) &&
            keep_text(im, &im->state, state, err);
  if (ok) return im;
  mk_image_free(im);
  return NULL;
}

/* The state of the store in the running transaction: 1 as when the image was begun, 0 another, -1 failed. */
static int same_state(mk_image *im, mk_store *s, int64_t *n, mk_err *err) {
  int64_t now = 0;
  mk_stmt *st = mk_stmt_new(s, im->state.p, im->state.n - 1, false, err);
  int step = st ? mk_stmt_step(st, err) : -1;
  mk_value v;
  bool real;
  if (step == 1 && mk_stmt_value(st, 0, &v, &real)) now = v.i;
  mk_stmt_free(st);
  if (step < 0) return -1;
  *n = now;
  return !im->begun || now == im->n_changes;
}

/* Steps the query of the wanted columns; the first value of a row is the key of its case when marks are needed. */
static bool step_all(mk_image *im, mk_stmt *st, runs *k, reader *list, size_t count, mk_err *err) {
  mk_value v;
  bool real;
  int step;
  size_t rows = 0;
  for (; (step = mk_stmt_step(st, err)) == 1; rows++) {
    if (k && (!mk_stmt_value(st, 0, &v, &real) || !take_key(k, &v, err))) return mk_fail(err, MK_MEMORY, "out of memory");
    for (size_t i = 0; i < count; i++) {
      if (!mk_stmt_value(st, (int)(i + (k != NULL)), &v, &real)) return mk_fail(err, MK_MEMORY, "out of memory");
      if (!take(&list[i], &v, err)) return false;
    }
  }
  if (step < 0) return false;
  return k || rows == im->rows || mk_fail(err, MK_BUSY, "the rows changed while they were read");
}

static void put_query(const mk_image *im, mk_buf *sql, bool key, const reader *list, const char *const *sqls, size_t count) {
  mk_puts(sql, "SELECT ");
  if (key) mk_puts(sql, im->key.p);
  for (size_t i = 0; i < count; i++) {
    if (key || i) mk_puts(sql, ", ");
    mk_puts(sql, sqls[list[i].c - im->columns]);
  }
  mk_puts(sql, " FROM ");
  mk_puts(sql, im->from.p);
}

static bool read_columns(mk_image *im, mk_store *s, reader *list, const char *const *sqls, size_t count, mk_err *err) {
  runs k = {.single = true};
  mk_buf sql;
  mk_buf_init(&sql, im->mem);
  mk_buf_init(&k.marks, im->mem);
  mk_buf_init(&k.last, im->mem);
  bool first = !im->begun;
  put_query(im, &sql, first, list, sqls, count);
  const char *text = mk_cstr(&sql);
  mk_stmt *st = mk_buf_ok(&sql, err) ? mk_stmt_new(s, text, sql.n, false, err) : NULL;
  bool ok = st && step_all(im, st, first ? &k : NULL, list, count, err) && (!first || settle_runs(im, &k, err));
  for (size_t i = 0; ok && i < count; i++) ok = settle(im, &list[i], err);
  mk_stmt_free(st);
  mk_buf_clear(&sql);
  mk_buf_clear(&k.marks);
  mk_buf_clear(&k.last);
  return ok;
}

/* What a column that could not be read to its end leaves behind. */
static void forget(mk_image *im, mk_image_column *c) {
  if (c->cells) mk_free(im->mem, c->cells, c->size + MK_IMAGE_PAD);
  mk_buf_clear(&c->text);
  mk_buf_clear(&c->ends);
  *c = (mk_image_column){0};
}

static bool need(mk_image *im, mk_store *s, reader *list, const char *const *sqls, size_t count, mk_err *err) {
  int64_t n = 0;
  int same = same_state(im, s, &n, err);
  if (same <= 0) return same < 0 ? false : mk_fail(err, MK_BUSY, "the rows changed since they were read");
  if ((count || !im->begun) && !read_columns(im, s, list, sqls, count, err)) return false;
  im->begun = true;
  im->n_changes = n;
  return true;
}

bool mk_image_need(mk_image *im, mk_store *s, const size_t *wanted, const char *const *sqls, const mk_type *types, size_t count,
                   mk_err *err) {
  reader *list = mk_zalloc(im->mem, (count + 1) * sizeof *list, err);
  size_t made = 0;
  bool ok = list != NULL;
  for (size_t i = 0; ok && i < count; i++) {
    mk_image_column *c = &im->columns[wanted[i]];
    mk_type t = types[wanted[i]];
    if (c->there) continue;
    *c = (mk_image_column){.there = true, .form = t == MK_T_INT || t == MK_T_DECIMAL ? MK_FORM_NUMBERS : MK_FORM_CODES};
    mk_buf_init(&c->text, im->mem);
    mk_buf_init(&c->ends, im->mem);
    reader *r = &list[made++];
    r->c = c;
    mk_buf_init(&r->cells, im->mem);
    mk_buf_init(&r->digits, im->mem);
    ok = dict_init(&r->d, im->mem, (uint64_t)(uintptr_t)im, err);
  }
  if (ok) {
    ok = db_begin_read(s, err);
    if (ok && need(im, s, list, sqls, made, err)) ok = db_end_read(s, err);
    else if (ok) {
      mk_store_rollback(s);
      ok = false;
    }
  }
  for (size_t i = 0; i < made; i++) {
    if (!ok) forget(im, list[i].c);
    dict_clear(&list[i].d);
    mk_buf_clear(&list[i].cells);
    mk_buf_clear(&list[i].digits);
  }
  if (list) mk_free(im->mem, list, (count + 1) * sizeof *list);
  return ok;
}

const char *mk_image_entry(const mk_image_column *c, size_t entry, size_t *n) {
  const size_t *ends = (const size_t *)(const void *)c->ends.p;
  *n = ends[entry] - ends[entry - 1];
  return *n ? c->text.p + ends[entry - 1] : "";
}
