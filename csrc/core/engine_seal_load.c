/* engine_seal_load.c: whole columns of new rows become blocks of sealed rows, without being plain rows first.
 * May include: sealed.h, libc strings. */
#include "sealed.h"

#include <string.h>

enum { TEXT_MAX = 16 << 20, FEW = 32, DEPTH_MOST = 512, HEADS_BITS = 10, HEADS = 1 << HEADS_BITS };

typedef seal_run run;

typedef struct {
  mk_store *store;
  const sealed_map *map;
  seal_columns columns;
  seal_input *inputs;            /* parallel to the columns */
  int64_t **numbers;             /* what was made of columns of codes that hold numbers; parallel, too */
  const mk_seal_rows *rows;
  size_t count;                  /* runs */
  run *runs;
  uint32_t *ranks;               /* of each row its place in the order of the key; NULL: its number */
  seal_group *groups;            /* where few heads tell the order; NULL else */
  size_t ngroups;
  uint64_t *seen;                /* a bit for each code of the cases */
  mk_buf wide;                   /* seal_input: those with much text */
  build build;
  sink sink;
  sqlite3_stmt *cases, *lines;
  mk_buf scratch;
} load;

/* ------------------------------------------------------------------ cells of the columns */

static const char *key_of(const load *x, const run *r, size_t *n) {
  const seal_input *key = &x->inputs[0];
  return mk_image_entry(key->column, input_entry(key, r->row), n);
}

static bool is_missing(const seal_input *c, size_t row) {
  if (!c->column) return true;
  return c->form == MK_FORM_NUMBERS ? input_number(c, row) == MK_NUMBER_MISSING : input_entry(c, row) == 0;
}

/* The numbers that the entries of a column are, if all of them are such as are written back as they were; else NULL. */
static int64_t *entry_numbers(load *x, const mk_image_column *c, int *scale, mk_err *err) {
  bool fit = true;
  size_t n;
  *scale = 0;
  for (size_t e = 1; fit && e < c->entries; e++) {
    const char *p = mk_image_entry(c, e, &n);
    int places = sink_canonical(p, n) ? decimal_places(p, n) : -1;
    fit = places >= 0;
    if (places > *scale) *scale = places;
  }
  int64_t *of = fit ? mk_alloc(&x->store->mem, c->entries * sizeof *of, err) : NULL;
  if (!of) return NULL;
  of[0] = MK_NUMBER_MISSING;
  for (size_t e = 1; fit && e < c->entries; e++) {
    const char *p = mk_image_entry(c, e, &n);
    fit = decimal_scaled(p, n, *scale, &of[e]);
  }
  if (fit) return of;
  mk_free(&x->store->mem, of, c->entries * sizeof *of);
  return NULL;
}

/* A column of codes becomes one of numbers, if it can. */
static bool find_numbers(load *x, size_t at, mk_err *err) {
  seal_input *c = &x->inputs[at];
  mk_mem *mem = &x->store->mem;
  int64_t *entries = entry_numbers(x, c->column, &c->scale, err), *of = entries;
  if (!entries) return !mk_failed(err);
  if (c->of) {
    of = mk_alloc(mem, c->codes * sizeof *of, err);
    for (size_t code = 0; of && code < c->codes; code++) of[code] = entries[c->of[code]];
    mk_free(mem, entries, c->column->entries * sizeof *entries);
  }
  c->form = MK_FORM_NUMBERS;
  c->width = 8;
  c->of = x->numbers[at] = of;
  return of != NULL;
}

/* ------------------------------------------------------------------ order */

static inline uint64_t head_of(const char *p, size_t n, size_t depth) {
  uint64_t v = 0;
  if (n >= depth + 8) {
    const unsigned char *b = (const unsigned char *)p + depth;
    return (uint64_t)b[0] << 56 | (uint64_t)b[1] << 48 | (uint64_t)b[2] << 40 | (uint64_t)b[3] << 32 | (uint64_t)b[4] << 24 |
           (uint64_t)b[5] << 16 | (uint64_t)b[6] << 8 | b[7];
  }
  for (size_t i = 0; i < 8; i++) v = v << 8 | (depth + i < n ? (unsigned char)p[depth + i] : 0);
  return v;
}

static uint64_t head_at(const load *x, const run *r, size_t depth) {
  size_t n;
  const char *p = key_of(x, r, &n);
  return head_of(p, n, depth);
}

static int order_of(const load *x, const run *a, const run *b) {
  size_t n, m;
  const char *p = key_of(x, a, &n), *q = key_of(x, b, &m);
  return key_compare(p, n, q, m);
}

/* Two runs of cases that are in order become one. */
static void merge_ordered(const load *x, const run *a, const run *mid, const run *end, run *to) {
  const run *b = mid;
  while (a < mid || b < end) *to++ = b == end || (a < mid && order_of(x, a, b) <= 0) ? *a++ : *b++;
}

/* By key, whole keys being compared: of n cases as often as n times the logarithm of n. */
static void sort_whole(const load *x, run *r, run *spare, size_t n) {
  run *from = r, *to = spare;
  for (size_t each = 1; each < n; each *= 2) {
    for (size_t at = 0; at < n; at += 2 * each) {
      size_t mid = n - at < each ? n : at + each, end = n - mid < each ? n : mid + each;
      merge_ordered(x, from + at, from + mid, from + end, to + at);
    }
    run *other = from;
    from = to;
    to = other;
  }
  if (from != r) memcpy(r, from, n * sizeof *r);
}

/* By head, stable; bytes in which all are equal are passed over. The result is in r. */
static void sort_heads(run *r, run *spare, size_t n) {
  size_t at[8][256] = {{0}};
  run *from = r, *to = spare;
  for (size_t i = 0; i < n; i++)
    for (int k = 0; k < 8; k++) at[k][r[i].head >> 8 * k & 255]++;
  for (int k = 0; k < 8; k++) {
    size_t sum = 0;
    if (at[k][r[0].head >> 8 * k & 255] == n) continue;
    for (int b = 0; b < 256; b++) {
      size_t here = at[k][b];
      at[k][b] = sum;
      sum += here;
    }
    for (size_t i = 0; i < n; i++) to[at[k][from[i].head >> 8 * k & 255]++] = from[i];
    run *other = from;
    from = to;
    to = other;
  }
  if (from != r) memcpy(r, from, n * sizeof *r);
}

/* Cases whose keys are equal up to depth, by key. */
static void sort_runs(const load *x, run *r, run *spare, size_t n, size_t depth) {
  if (n < FEW || depth > DEPTH_MOST) {
    sort_whole(x, r, spare, n);
    return;
  }
  bool ordered = true;
  for (size_t i = 0; i < n; i++) {
    r[i].head = head_at(x, &r[i], depth);
    ordered = ordered && (i == 0 || r[i - 1].head <= r[i].head);
  }
  if (!ordered) sort_heads(r, spare, n);
  for (size_t i = 0, end; i < n; i = end) {
    for (end = i + 1; end < n && r[end].head == r[i].head;) end++;
    if (end - i > 1) sort_runs(x, r + i, spare + i, end - i, depth + 8);
  }
}

/* Few different heads: how many runs and rows each has, then where its next ones go. */
typedef struct { uint64_t head[2 * HEADS]; uint32_t runs[2 * HEADS], rows[2 * HEADS], slots[HEADS]; size_t count; } heads;

static size_t head_slot(const heads *h, uint64_t head) {
  size_t k = (size_t)(head * UINT64_C(0x9E3779B97F4A7C15) >> (64 - HEADS_BITS - 1));
  while (h->runs[k] && h->head[k] != head) k = (k + 1) & (2 * HEADS - 1);
  return k;
}

/* Counts the runs of each head, where keys are not longer than 16 bytes and come with the last 8 in order, as running numbers do: then
 * heads tell their order. Slots are those of the heads of the runs, which get the rest of the key. False: they do not, or there are too many
 * heads. */
static bool count_heads(const load *x, heads *h, uint16_t *slots) {
  uint64_t last = 0;
  memset(h, 0, sizeof *h);
  for (run *r = x->runs; r < x->runs + x->count; r++) {
    size_t n;
    const char *p = key_of(x, r, &n);
    uint64_t head = head_of(p, n, 0), tail = head_of(p, n, 8);
    size_t k = head_slot(h, head);
    if (n > 16 || p[n - 1] == 0 || tail < last || (!h->runs[k] && h->count == HEADS)) return false;
    if (!h->runs[k]) h->slots[h->count++] = (uint32_t)k;
    h->head[k] = head;
    h->runs[k]++;
    h->rows[k] += r->rows;
    *slots++ = (uint16_t)k;
    r->head = last = tail;
  }
  return true;
}

static void sort_slots(heads *h) {
  uint32_t runs = 0, rows = 0;
  for (size_t i = 1; i < h->count; i++) {
    uint32_t one = h->slots[i];
    size_t k = i;
    for (; k > 0 && h->head[h->slots[k - 1]] > h->head[one]; k--) h->slots[k] = h->slots[k - 1];
    h->slots[k] = one;
  }
  for (size_t i = 0; i < h->count; i++) {
    uint32_t k = h->slots[i], own = h->runs[k];
    h->runs[k] = runs;
    runs += own;
    own = h->rows[k];
    h->rows[k] = rows;
    rows += own;
  }
}

/* By slots, stable. */
static void sort_few_heads(load *x, run *to, heads *h, const uint16_t *slots) {
  sort_slots(h);
  for (const run *r = x->runs; r < x->runs + x->count; r++) {
    size_t k = *slots++;
    to[h->runs[k]++] = *r;
    for (uint32_t i = 0; i < r->rows; i++) x->ranks[r->row + i] = h->rows[k]++;
  }
  for (size_t i = 0; i < h->count; i++) x->groups[i] = (seal_group){h->head[h->slots[i]], to + h->runs[h->slots[i]]};
}

static void find_ranks(load *x) {
  uint32_t at = 0;
  for (const run *r = x->runs; r < x->runs + x->count; r++)
    for (uint32_t i = 0; i < r->rows; i++) x->ranks[r->row + i] = at++;
}

/* The runs by few heads, if that is their order. */
static bool order_by_heads(load *x, run *to, bool *done, mk_err *err) {
  mk_mem *mem = &x->store->mem;
  size_t size = x->count * sizeof(uint16_t);
  heads *h = mk_alloc(mem, sizeof *h, err);
  uint16_t *slots = h ? mk_alloc(mem, size, err) : NULL;
  *done = slots && count_heads(x, h, slots);
  if (*done) {
    x->ngroups = h->count;
    x->groups = mk_alloc(mem, h->count * sizeof *x->groups, err);
    if (x->groups) sort_few_heads(x, to, h, slots);
  }
  bool ok = slots && (!*done || x->groups);
  mk_free(mem, slots, size);
  mk_free(mem, h, sizeof *h);
  return ok;
}

/* The runs by key. */
static bool put_in_order(load *x, mk_err *err) {
  mk_mem *mem = &x->store->mem;
  size_t size = (x->rows->count + 1) * sizeof(run);
  bool done = false;
  x->ranks = mk_alloc(mem, x->rows->count * sizeof *x->ranks, err);
  run *spare = x->ranks ? mk_alloc(mem, size, err) : NULL;
  bool ok = spare && order_by_heads(x, spare, &done, err);
  if (ok && done) {
    run *other = x->runs;
    x->runs = spare;
    spare = other;
  } else if (ok) {
    sort_runs(x, x->runs, spare, x->count, 0);
    find_ranks(x);
  }
  mk_free(mem, spare, size);
  return ok;
}

static bool twice(const load *x, const run *r, const char *how, mk_err *err) {
  size_t n;
  const char *p = key_of(x, r, &n);
  mk_fail(err, MK_DUPLICATE, "cases %s the key '%S'", how, p, mk_excerpt(p, n));
  mk_hint(err, "hint: change it with store:update, or give the row another key");
  return false;
}

static bool out_of_order(const load *x, const run *r, mk_err *err) {
  size_t n;
  const char *p = key_of(x, r, &n);
  return mk_fail(err, MK_DUPLICATE, "lines of the case '%S' have a number twice, or not in order", p, mk_excerpt(p, n));
}

/* The cases among the rows, in order of the key. */
static bool find_runs(load *x, mk_err *err) {
  const seal_input *key = &x->inputs[0], *line = &x->inputs[x->columns.cases];
  bool ordered = true;
  size_t last = 0;
  for (size_t row = 0; row < x->rows->count; row++) {
    size_t code = input_entry(key, row);
    if (code == 0 || code >= key->column->entries) return mk_fail(err, MK_TYPE, "row %z has no case", row + 1);
    if (code == last) {
      if (!line->column || input_number(line, row) <= input_number(line, row - 1)) return out_of_order(x, &x->runs[x->count - 1], err);
      x->runs[x->count - 1].rows++;
      continue;
    }
    x->runs[x->count] = (run){0, (uint32_t)row, 1};
    if (x->seen[code / 64] >> code % 64 & 1) return twice(x, &x->runs[x->count], "have twice", err);
    x->seen[code / 64] |= (uint64_t)1 << code % 64;
    if (x->count++ && ordered) ordered = order_of(x, &x->runs[x->count - 2], &x->runs[x->count - 1]) < 0;
    last = code;
  }
  return ordered || put_in_order(x, err);
}

/* ------------------------------------------------------------------ keys that are there */

/* No plain case has one of the keys; both go in order. */
static bool not_plain(load *x, mk_err *err) {
  static const char sql[] = "SELECT \"case\" FROM main.cases WHERE \"case\" BETWEEN ?1 AND ?2 ORDER BY 1";
  mk_store *s = x->store;
  size_t n, at = 0;
  const char *p = key_of(x, &x->runs[0], &n);
  sqlite3_stmt *st = db_prepare(s, sql, sizeof sql - 1, err);
  bool ok = st && db_bind_text(s, st, 1, p, n, err);
  p = key_of(x, &x->runs[x->count - 1], &n);
  int step = ok && db_bind_text(s, st, 2, p, n, err) ? 1 : -1;
  while (step == 1 && (step = db_step(s, st, "sealing", err)) == 1) {
    const char *plain;
    size_t size;
    int order = -1;
    if (!db_text(s, st, 0, &plain, &size, err)) break;
    for (; at < x->count; at++) {
      p = key_of(x, &x->runs[at], &n);
      order = key_compare(p, n, plain, size);
      if (order >= 0) break;
    }
    if (order == 0) {
      twice(x, &x->runs[at], "already have a row with", err);
      break;
    }
  }
  if (st) db_finalize(s, st);
  return step == 0 && !mk_failed(err);
}

/* ------------------------------------------------------------------ rows that become plain */

static sqlite3_stmt *insertion(load *x, bool lines, mk_err *err) {
  const seal_columns *c = &x->columns;
  size_t from = lines ? c->cases : 0, to = lines ? c->lines : c->cases;
  mk_buf sql;
  mk_buf_init(&sql, &x->store->mem);
  mk_puts(&sql, lines ? "INSERT INTO main.lines (\"case\"" : "INSERT INTO main.cases (");
  for (size_t i = from; i < to; i++) mk_putf(&sql, "%s%s", i == 0 ? "" : ", ", c->list[i].sql + 2);
  mk_puts(&sql, ") VALUES (");
  for (size_t i = from; i < to + lines; i++) mk_puts(&sql, i == from ? "?" : ", ?");
  mk_putc(&sql, ')');
  sqlite3_stmt *st = mk_buf_ok(&sql, err) ? db_prepare(x->store, sql.p, sql.n, err) : NULL;
  mk_buf_clear(&sql);
  return st;
}

static bool bind_cell(load *x, size_t column, size_t row, sqlite3_stmt *st, int param, mk_err *err) {
  const seal_input *c = &x->inputs[column];
  size_t n;
  const char *p;
  if (is_missing(c, row)) return sqlite3_bind_null(st, param) == SQLITE_OK || db_fail(x->store, SQLITE_NOMEM, "sealing", err);
  if (c->form == MK_FORM_NUMBERS) {
    int64_t v = input_number(c, row);
    if (x->columns.list[column].whole) return sqlite3_bind_int64(st, param, v) == SQLITE_OK || db_fail(x->store, SQLITE_NOMEM, "sealing", err);
    x->scratch.n = 0;
    put_decimal(&x->scratch, v, c->scale);
    p = x->scratch.p;
    n = x->scratch.n;
  } else {
    p = mk_image_entry(c->column, input_entry(c, row), &n); /* digits become numbers by the column's own type */
  }
  return mk_buf_ok(&x->scratch, err) && db_bind_text(x->store, st, param, p, n, err);
}

static bool insert_run(load *x, const run *r, mk_err *err) {
  const seal_columns *c = &x->columns;
  mk_store *s = x->store;
  if (!x->cases && !((x->cases = insertion(x, false, err)) && (x->lines = insertion(x, true, err)))) return false;
  for (size_t i = 0; i < c->cases; i++)
    if (!bind_cell(x, i, r->row, x->cases, (int)i + 1, err)) return false;
  bool ok = db_step(s, x->cases, "inserting", err) == 0;
  sqlite3_reset(x->cases);
  for (size_t row = r->row; ok && row < r->row + r->rows; row++) {
    if (is_missing(&x->inputs[c->cases], row)) continue;
    ok = bind_cell(x, 0, row, x->lines, 1, err);
    for (size_t i = c->cases; ok && i < c->lines; i++) ok = bind_cell(x, i, row, x->lines, (int)(i - c->cases) + 2, err);
    ok = ok && db_step(s, x->lines, "inserting", err) == 0;
    sqlite3_reset(x->lines);
  }
  s->sealed->fresh_rows += r->rows;
  return ok;
}

/* ------------------------------------------------------------------ blocks */

/* Bytes of the texts of a case in columns with much text. */
static size_t wide_text(const load *x, const run *r) {
  const seal_input *wide = (const seal_input *)(const void *)x->wide.p;
  size_t sum = 0, n;
  for (size_t i = 0; i < x->wide.n / sizeof *wide; i++)
    for (size_t row = r->row; row < r->row + r->rows; row++) {
      size_t entry = input_entry(&wide[i], row);
      if (!entry) continue;
      mk_image_entry(wide[i].column, entry, &n);
      sum += n;
    }
  return sum;
}

/* Cases that lie in no block there is, up to the one that does, become blocks; a case in a block becomes plain. */
static bool write_runs(load *x, bool *plain, mk_err *err) {
  const sealed_map *m = x->map;
  bool wide = x->wide.n > 0;
  size_t first = 0, rows = 0, text = 0, whole = x->store->sealed->block_rows, block = 0, n;
  for (size_t i = 0; i < x->count; i++) {
    const char *p = m->count ? key_of(x, &x->runs[i], &n) : NULL;
    size_t before = block;
    while (block < m->count && key_compare(m->keys.p + m->list[block].high, m->list[block].high_n, p, n) < 0) block++;
    bool inside = block < m->count && key_compare(m->keys.p + m->list[block].low, m->list[block].low_n, p, n) <= 0;
    if (i > first && (inside || block != before || rows >= whole || text > TEXT_MAX)) {
      if (!build_block(&x->build, x->runs + first, i - first, wide ? text : SIZE_MAX, err)) return false;
      first = i;
      rows = text = 0;
    }
    if (inside) {
      int there = sealed_shown(x->store, p, n, err);
      if (there < 0 || (there && !twice(x, &x->runs[i], "already have a row with", err)) || !insert_run(x, &x->runs[i], err)) return false;
      build_skip(&x->build, &x->runs[i]);
      *plain = true;
      first = i + 1;
      continue;
    }
    rows += x->runs[i].rows;
    if (wide) text += wide_text(x, &x->runs[i]);
  }
  return first == x->count || build_block(&x->build, x->runs + first, x->count - first, wide ? text : SIZE_MAX, err);
}

/* ------------------------------------------------------------------ all of it */

static size_t longest_entry(const mk_image_column *c) {
  size_t most = 0, n;
  for (size_t e = 1; e < c->entries; e++) {
    mk_image_entry(c, e, &n);
    if (n > most) most = n;
  }
  return most;
}

static int width_of(uint64_t largest) { return largest < UINT8_MAX ? 1 : largest < UINT16_MAX ? 2 : largest < UINT32_MAX ? 4 : 8; }

/* A column as it is given, at its place among those of the store. */
static bool take_column(load *x, const mk_seal_column *from, size_t *longest, mk_err *err) {
  const mk_image_column *c = from->column;
  size_t at = 0;
  while (at < x->columns.lines && strcmp(x->columns.list[at].sql, from->sql) != 0) at++;
  if (at == x->columns.lines) return mk_fail(err, MK_NAME, "there is no column %s to seal", from->sql);
  seal_input *to = &x->inputs[at];
  if (c->form == MK_FORM_NONE || (c->form == MK_FORM_NUMBERS && to->form != MK_FORM_NUMBERS))
    return mk_fail(err, MK_TYPE, "column %s is not in a form that can be sealed", from->sql);
  bool number = to->form == MK_FORM_NUMBERS;
  to->column = c;
  to->form = c->form;
  to->scale = c->scale;
  to->of = from->of;
  to->codes = from->of ? from->codes : c->entries;
  if (c->form == MK_FORM_NUMBERS) {
    to->width = from->of ? width_of((uint64_t)c->largest) : c->cells ? c->width : 1;
    return true;
  }
  to->width = at == 0 ? 4 : c->entries <= 256 ? 1 : c->entries <= 65536 ? 2 : 4;
  to->longest = longest_entry(c);
  if (c->text.n >= SEAL_WIDE) {
    mk_put(&x->wide, (const char *)to, sizeof *to);
    *longest += to->longest;
  }
  return !number || find_numbers(x, at, err);
}

static bool take_columns(load *x, const mk_seal_column *columns, size_t count, mk_err *err) {
  size_t longest = 0; /* of all columns with much text together */
  mk_mem *mem = &x->store->mem;
  x->inputs = mk_zalloc(mem, x->columns.lines * sizeof *x->inputs, err);
  x->numbers = x->inputs ? mk_zalloc(mem, x->columns.lines * sizeof *x->numbers, err) : NULL;
  if (!x->numbers) return false;
  for (size_t i = 0; i < x->columns.lines; i++) x->inputs[i] = (seal_input){.form = x->columns.forms[i], .width = 1, .places = i < x->columns.cases ? x->rows->cases : x->rows->lines};
  for (size_t i = 0; i < count; i++)
    if (!take_column(x, &columns[i], &longest, err)) return false;
  if (longest <= TEXT_MAX / x->store->sealed->block_rows) x->wide.n = 0; /* no block has too much */
  const seal_input *key = &x->inputs[0], *line = &x->inputs[x->columns.cases];
  if (!key->column || key->form != MK_FORM_CODES) return mk_fail(err, MK_TYPE, "rows to seal have no cases");
  if (line->column && line->form != MK_FORM_NUMBERS) return mk_fail(err, MK_TYPE, "lines to seal are not numbered");
  x->runs = mk_alloc(mem, (x->rows->count + 1) * sizeof *x->runs, err);
  x->seen = x->runs ? mk_zalloc(mem, (key->column->entries / 64 + 1) * sizeof *x->seen, err) : NULL;
  return x->seen && mk_buf_ok(&x->wide, err);
}

/* Whether rows are many enough to be sealed now. */
static bool are_many(load *x, bool *many, mk_err *err) {
  int64_t plain = 0, whole = (int64_t)x->store->sealed->block_rows;
  if (!x->map->count && !db_int(x->store, "SELECT max((SELECT count(*) FROM main.cases), (SELECT count(*) FROM main.lines))", &plain, err))
    return false;
  *many = plain + (int64_t)x->rows->count > whole && (int64_t)x->rows->count * 16 > whole;
  return true;
}

static bool write_all(load *x, mk_err *err) {
  bool many = false, plain = false;
  mk_store *s = x->store;
  if (!find_runs(x, err) || !not_plain(x, err) || !are_many(x, &many, err)) return false;
  int64_t state = x->map->state + 1;
  bool ok = true;
  if (many) {
    ok = sink_begin(&x->sink, s, &x->columns, state, err) && build_begin(&x->build, &x->sink, x->inputs, x->ranks, x->groups, x->rows->count, err) &&
         write_runs(x, &plain, err) && build_flush(&x->build, err);
  } else {
    for (size_t i = 0; ok && i < x->count; i++) {
      size_t n;
      const char *p = key_of(x, &x->runs[i], &n);
      int there = x->map->count ? sealed_shown(s, p, n, err) : 0;
      ok = there == 0 ? insert_run(x, &x->runs[i], err) : there > 0 && twice(x, &x->runs[i], "already have a row with", err);
    }
  }
  build_end(&x->build);
  sink_end(&x->sink);
  return ok && (!many || seal_written(s, state, err)) && (!plain || seal_all(s, err));
}

bool mk_seal_write(mk_store *s, const mk_seal_column *columns, size_t count, const mk_seal_rows *rows, mk_err *err) {
  load x = {.store = s, .rows = rows};
  mk_mem *mem = &s->mem;
  if (!mk_store_usable(s, err)) return false;
  if (!s->depth || s->readonly) return mk_fail(err, MK_READONLY, "rows are sealed inside a transaction that writes");
  if (!rows->count) return true;
  if (rows->count > UINT32_MAX / 2) return mk_fail(err, MK_LIMIT, "%z rows are too many to seal at once", rows->count);
  mk_buf_init(&x.wide, mem);
  mk_buf_init(&x.scratch, mem);
  x.map = sealed_now(s, err);
  bool ok = x.map && db_rules(s, true, true, err) && seal_columns_init(&x.columns, s, err) && take_columns(&x, columns, count, err) && write_all(&x, err);
  if (x.cases) db_finalize(s, x.cases);
  if (x.lines) db_finalize(s, x.lines);
  for (size_t i = 0; x.numbers && i < x.columns.lines; i++)
    mk_free(mem, x.numbers[i], x.inputs[i].codes * sizeof(int64_t));
  mk_free(mem, x.numbers, x.columns.lines * sizeof *x.numbers);
  mk_free(mem, x.runs, (rows->count + 1) * sizeof *x.runs);
  mk_free(mem, x.groups, x.ngroups * sizeof *x.groups);
  mk_free(mem, x.ranks, rows->count * sizeof *x.ranks);
  if (x.seen) mk_free(mem, x.seen, (x.inputs[0].column->entries / 64 + 1) * sizeof *x.seen);
  mk_free(mem, x.inputs, x.columns.lines * sizeof *x.inputs);
  mk_buf_clear(&x.wide);
  mk_buf_clear(&x.scratch);
  seal_columns_clear(&x.columns);
  return ok;
}
