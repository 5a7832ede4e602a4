/* engine_seal_load.c: whole columns of new rows become blocks of sealed rows, without being plain rows first.
 * May include: sealed.h, libc strings. */
#include "sealed.h"

#include <string.h>

enum { WIDE = 8 << 20, TEXT_MAX = 16 << 20, FEW = 32 };

typedef struct { uint64_t head; uint32_t row, rows; } run; /* a case: 8 bytes of its key, its rows */

typedef struct { int64_t *of; int scale; size_t count; } numbers; /* of NULL: there are none */

typedef struct {
  mk_store *store;
  const sealed_map *map;
  seal_columns columns;
  mk_seal_column *given;         /* parallel to the columns; column NULL: missing in every row */
  numbers *numbers;              /* of the entries of columns of codes that hold numbers; parallel, too */
  size_t rows, count;            /* count runs */
  run *runs;
  uint32_t *local;               /* of the entries of the longest dictionary: number in the block, 0 not there */
  size_t nlocal;
  mk_buf used, list_of;          /* uint32_t: entries that local numbers; the rows of the block, */
  mk_buf places;                 /* and their places by what rows places_of is */
  const uint32_t *places_of;
  mk_buf wide;                   /* mk_seal_column: those with much text */
  sink sink;
  sqlite3_stmt *cases, *lines;
  mk_buf scratch;
} load;

/* ------------------------------------------------------------------ cells of the columns */

static size_t place_of(const mk_seal_column *c, size_t row) { return c->rows ? c->rows[row] : row; }
static size_t code_of(const mk_seal_column *c, size_t row) { return image_code(c->column, place_of(c, row)); }

static const char *key_of(const load *x, const run *r, size_t *n) {
  return mk_image_entry(x->given[0].column, code_of(&x->given[0], r->row), n);
}

static bool is_missing(const mk_seal_column *c, size_t row) {
  if (!c->column) return true;
  return c->column->form == MK_FORM_NUMBERS ? image_number(c->column, place_of(c, row)) == MK_NUMBER_MISSING : code_of(c, row) == 0;
}

/* Places behind the point of a canonical number; -1: it is none. */
static int places_of(const char *p, size_t n) {
  if (!sink_canonical(p, n)) return -1;
  const char *point = memchr(p, '.', n);
  size_t places = point ? (size_t)(p + n - point - 1) : 0;
  return places > 18 ? -1 : (int)places;
}

static bool scaled(const char *p, size_t n, int scale, int64_t *out) {
  int64_t v = 0;
  bool minus = *p == '-';
  for (size_t i = minus; i < n; i++)
    if (p[i] != '.' && (__builtin_mul_overflow(v, 10, &v) || __builtin_add_overflow(v, p[i] - '0', &v))) return false;
  for (int i = places_of(p, n); i < scale; i++)
    if (__builtin_mul_overflow(v, 10, &v)) return false;
  *out = minus ? -v : v;
  return true;
}

/* The numbers that the entries of a column are, if all of them are such as are written back as they were. */
static bool find_numbers(load *x, const mk_image_column *c, numbers *to, mk_err *err) {
  bool fit = true;
  size_t n;
  for (size_t e = 1; fit && e < c->entries; e++) {
    const char *p = mk_image_entry(c, e, &n);
    int places = places_of(p, n);
    fit = places >= 0;
    if (places > to->scale) to->scale = places;
  }
  if (!fit) return true;
  to->count = c->entries;
  to->of = mk_alloc(&x->store->mem, to->count * sizeof *to->of, err);
  if (!to->of) return false;
  to->of[0] = MK_NUMBER_MISSING;
  for (size_t e = 1; fit && e < c->entries; e++) {
    const char *p = mk_image_entry(c, e, &n);
    fit = scaled(p, n, to->scale, &to->of[e]);
  }
  if (fit) return true;
  mk_free(&x->store->mem, to->of, to->count * sizeof *to->of);
  to->of = NULL;
  return true;
}

static int64_t number_of(const mk_seal_column *c, const numbers *n, size_t row) {
  if (!n->of) return image_number(c->column, place_of(c, row));
  size_t code = code_of(c, row);
  return code < c->column->entries ? n->of[code] : MK_NUMBER_MISSING;
}

/* ------------------------------------------------------------------ order */

static inline uint64_t head_of(const char *p, size_t n, size_t depth) {
  unsigned char bytes[8] = {0};
  uint64_t v = 0;
  if (n >= depth + 8) memcpy(bytes, p + depth, 8);
  else if (n > depth) memcpy(bytes, p + depth, n - depth);
  for (size_t i = 0; i < 8; i++) v = v << 8 | bytes[i];
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

static void sort_few(const load *x, run *r, size_t n) {
  for (size_t i = 1; i < n; i++) {
    run one = r[i];
    size_t k = i;
    for (; k > 0 && order_of(x, &one, &r[k - 1]) < 0; k--) r[k] = r[k - 1];
    r[k] = one;
  }
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

/* Cases whose keys are equal up to depth, by key. Keys differ, so that depth has an end. */
static void sort_runs(const load *x, run *r, run *spare, size_t n, size_t depth) {
  if (n < FEW || depth > 512) {
    sort_few(x, r, n);
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

/* By the first 8 bytes, where keys are not longer than 16 and come with the last 8 in order, as running numbers do. False: they do not,
 * nothing is done. */
static bool sort_numbered(const load *x, run *r, run *spare, size_t n) {
  uint64_t last = 0;
  for (size_t i = 0; i < n; i++) {
    size_t length;
    const char *p = key_of(x, &r[i], &length);
    r[i].head = head_of(p, length, 0);
    uint64_t tail = head_of(p, length, 8);
    if (length > 16 || p[length - 1] == 0 || tail < last) return false;
    last = tail;
  }
  sort_heads(r, spare, n);
  return true;
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
  const mk_seal_column *key = &x->given[0], *line = &x->given[x->columns.cases];
  const numbers *of = &x->numbers[x->columns.cases];
  bool ordered = true;
  size_t last = 0;
  for (size_t row = 0; row < x->rows; row++) {
    size_t code = code_of(key, row);
    if (code == 0 || code >= key->column->entries) return mk_fail(err, MK_TYPE, "row %z has no case", row + 1);
    if (code == last) {
      if (!line->column || number_of(line, of, row) <= number_of(line, of, row - 1)) return out_of_order(x, &x->runs[x->count - 1], err);
      x->runs[x->count - 1].rows++;
      continue;
    }
    x->runs[x->count] = (run){0, (uint32_t)row, 1};
    if (x->local[code]) return twice(x, &x->runs[x->count], "have twice", err);
    x->local[code] = 1;
    if (x->count++ && ordered) ordered = order_of(x, &x->runs[x->count - 2], &x->runs[x->count - 1]) < 0;
    last = code;
  }
  memset(x->local, 0, x->nlocal * sizeof *x->local);
  if (ordered) return true;
  run *spare = mk_alloc(&x->store->mem, x->count * sizeof *spare, err);
  if (!spare) return false;
  if (!sort_numbered(x, x->runs, spare, x->count)) sort_runs(x, x->runs, spare, x->count, 0);
  mk_free(&x->store->mem, spare, x->count * sizeof *spare);
  return true;
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

static bool bind_cell(load *x, size_t column, size_t row, sqlite3_stmt *st, int at, mk_err *err) {
  const mk_seal_column *from = &x->given[column];
  const mk_image_column *c = from->column;
  if (is_missing(from, row)) return sqlite3_bind_null(st, at) == SQLITE_OK || db_fail(x->store, SQLITE_NOMEM, "sealing", err);
  size_t n;
  const char *p;
  if (c->form == MK_FORM_NUMBERS) {
    int64_t v = image_number(c, place_of(from, row));
    if (x->columns.list[column].whole) return sqlite3_bind_int64(st, at, v) == SQLITE_OK || db_fail(x->store, SQLITE_NOMEM, "sealing", err);
    x->scratch.n = 0;
    put_decimal(&x->scratch, v, c->scale);
    p = x->scratch.p;
    n = x->scratch.n;
  } else {
    p = mk_image_entry(c, code_of(from, row), &n); /* digits become numbers by the column's own type */
  }
  return mk_buf_ok(&x->scratch, err) && db_bind_text(x->store, st, at, p, n, err);
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
    if (is_missing(&x->given[c->cases], row)) continue;
    ok = bind_cell(x, 0, row, x->lines, 1, err);
    for (size_t i = c->cases; ok && i < c->lines; i++) ok = bind_cell(x, i, row, x->lines, (int)(i - c->cases) + 2, err);
    ok = ok && db_step(s, x->lines, "inserting", err) == 0;
    sqlite3_reset(x->lines);
  }
  s->sealed->fresh_rows += r->rows;
  return ok;
}

/* ------------------------------------------------------------------ blocks */

static const uint32_t *block_rows(const load *x) { return (const uint32_t *)(const void *)x->list_of.p; }

static bool list_rows(load *x, const run *r, size_t n, size_t rows, mk_err *err) {
  mk_buf *marks = &x->sink.marks;
  x->list_of.n = 0;
  if (!mk_buf_reserve(&x->list_of, rows * sizeof(uint32_t)) || !mk_buf_reserve(marks, rows))
    return mk_buf_ok(&x->list_of, err) && mk_buf_ok(marks, err);
  uint32_t *list = (uint32_t *)(void *)x->list_of.p;
  for (const run *end = r + n; r < end; r++)
    for (uint32_t i = 0; i < r->rows; i++) {
      marks->p[marks->n++] = i == 0;
      *list++ = r->row + i;
    }
  return true;
}

/* The places of the rows of the block in the cells of a column. */
static const uint32_t *block_places(load *x, const mk_seal_column *c, size_t rows, mk_err *err) {
  const uint32_t *list = block_rows(x);
  if (!c->rows) return list;
  if (x->places_of == c->rows) return (const uint32_t *)(const void *)x->places.p;
  x->places.n = 0;
  if (!mk_buf_reserve(&x->places, rows * sizeof *list)) {
    mk_buf_ok(&x->places, err);
    return NULL;
  }
  uint32_t *places = (uint32_t *)(void *)x->places.p;
  for (size_t i = 0; i < rows; i++) places[i] = c->rows[list[i]];
  x->places_of = c->rows;
  return places;
}

#define CELLS(type)                                                                                          \
  static void cells_##type(uint32_t *out, const void *cells, const uint32_t *places, size_t n) {              \
    const type *v = cells;                                                                                   \
    for (size_t i = 0; i < n; i++) out[i] = v[places[i]];                                                    \
  }
CELLS(uint8_t)
CELLS(uint16_t)
CELLS(uint32_t)

static void take_cells(const mk_image_column *c, uint32_t *out, const uint32_t *places, size_t rows) {
  if (c->width == 1) cells_uint8_t(out, c->cells, places, rows);
  else if (c->width == 2) cells_uint16_t(out, c->cells, places, rows);
  else cells_uint32_t(out, c->cells, places, rows);
}

/* The number in the block of an entry that is new there. */
static uint32_t new_entry(load *x, mk_segment_maker *m, const mk_image_column *c, size_t code) {
  size_t n;
  const char *p = mk_image_entry(c, code, &n);
  uint32_t entry = (uint32_t)code;
  mk_put(&m->dict.text, p, n);
  n = m->dict.text.n;
  mk_put(&m->dict.ends, (const char *)&n, sizeof n);
  mk_put(&x->used, (const char *)&entry, sizeof entry);
  return x->local[code] = (uint32_t)m->dict.count++;
}

/* A column of the rows of the block, as if it had been taken cell by cell. */
static bool take_codes(load *x, mk_segment_maker *m, const mk_seal_column *from, size_t rows, mk_err *err) {
  const mk_image_column *c = from->column;
  size_t size = rows * sizeof(uint32_t), missing = 0;
  const uint32_t *places = block_places(x, from, rows, err);
  if (!places || !mk_buf_reserve(&m->cells, size)) return mk_buf_ok(&m->cells, err);
  uint32_t *out = (uint32_t *)(void *)m->cells.p;
  x->used.n = 0;
  if (c) take_cells(c, out, places, rows);
  else memset(out, 0, size);
  for (size_t i = 0; i < rows && c; i++) {
    size_t code = out[i];
    bool none = !code || code >= c->entries;
    missing += none;
    out[i] = none ? 0 : x->local[code] ? x->local[code] : new_entry(x, m, c, code);
  }
  const uint32_t *used = (const uint32_t *)(const void *)x->used.p;
  for (size_t i = 0; i < x->used.n / sizeof *used; i++) x->local[used[i]] = 0;
  m->known += c ? rows - missing : 0;
  m->cells.n = size;
  m->rows = rows;
  return mk_buf_ok(&m->dict.text, err) && mk_buf_ok(&m->dict.ends, err) && mk_buf_ok(&x->used, err);
}

/* The same of the cases, each of which is there for the first time where it begins. */
static bool take_keys(load *x, mk_segment_maker *m, const run *r, size_t n, size_t rows, mk_err *err) {
  size_t size = rows * sizeof(uint32_t), text = 0, len;
  for (size_t i = 0; i < n; i++) {
    __builtin_prefetch(key_of(x, &r[i], &len));
    text += len;
  }
  if (!mk_buf_reserve(&m->cells, size) || !mk_buf_reserve(&m->dict.text, text) || !mk_buf_reserve(&m->dict.ends, n * sizeof(size_t)))
    return mk_buf_ok(&m->cells, err) && mk_buf_ok(&m->dict.text, err) && mk_buf_ok(&m->dict.ends, err);
  uint32_t *out = (uint32_t *)(void *)m->cells.p;
  size_t *ends = (size_t *)(void *)(m->dict.ends.p + m->dict.ends.n);
  for (size_t i = 0; i < n; i++) {
    const char *p = key_of(x, &r[i], &len);
    memcpy(m->dict.text.p + m->dict.text.n, p, len);
    ends[i] = m->dict.text.n += len;
    for (uint32_t k = 0; k < r[i].rows; k++) *out++ = (uint32_t)(m->dict.count + i);
  }
  m->dict.ends.n += n * sizeof *ends;
  m->dict.count += n;
  m->known += rows;
  m->cells.n = size;
  m->rows = rows;
  return true;
}

#define NUMBERS(type, none)                                                                                   \
  static void numbers_##type(int64_t *out, const void *cells, const uint32_t *places, size_t n) {               \
    const type *v = cells;                                                                                     \
    for (size_t i = 0; i < n; i++) out[i] = v[places[i]] == none ? MK_NUMBER_MISSING : (int64_t)v[places[i]];     \
  }
NUMBERS(uint8_t, UINT8_MAX)
NUMBERS(uint16_t, UINT16_MAX)
NUMBERS(uint32_t, UINT32_MAX)
NUMBERS(int64_t, MK_NUMBER_MISSING)

static bool take_numbers(load *x, mk_segment_maker *m, const mk_seal_column *from, const numbers *of, size_t rows, mk_err *err) {
  const mk_image_column *c = from->column;
  const uint32_t *places = block_places(x, from, rows, err);
  if (!places || !mk_buf_reserve(&m->cells, rows * sizeof(int64_t))) return mk_buf_ok(&m->cells, err);
  int64_t *out = (int64_t *)(void *)m->cells.p;
  if (!c || of->of || !c->cells)
    for (size_t i = 0; i < rows; i++) out[i] = c ? number_of(from, of, block_rows(x)[i]) : MK_NUMBER_MISSING;
  else if (c->width == 1) numbers_uint8_t(out, c->cells, places, rows);
  else if (c->width == 2) numbers_uint16_t(out, c->cells, places, rows);
  else if (c->width == 4) numbers_uint32_t(out, c->cells, places, rows);
  else numbers_int64_t(out, c->cells, places, rows);
  for (size_t i = 0; i < rows; i++) m->known += out[i] != MK_NUMBER_MISSING;
  m->scale = !c ? 0 : of->of ? of->scale : c->scale;
  m->cells.n = rows * sizeof(int64_t);
  m->rows = rows;
  return true;
}

static bool write_block(load *x, const run *r, size_t n, mk_err *err) {
  sink *k = &x->sink;
  size_t len, rows = 0;
  const char *p = key_of(x, r, &len);
  if (!sink_case(k, p, len, err)) return false;
  for (size_t i = 0; i < n; i++) rows += r[i].rows;
  if (!list_rows(x, r, n, rows, err)) return false;
  k->rows = rows;
  p = key_of(x, &r[n - 1], &len);
  k->high.n = 0;
  mk_put(&k->high, p, len);
  mk_buf_reserve(&k->high, 1);
  if (!mk_buf_ok(&k->marks, err) || !mk_buf_ok(&k->high, err)) return false;
  x->places_of = NULL;
  if (!take_keys(x, &k->makers[0], r, n, rows, err)) return false;
  for (size_t i = 1; i < x->columns.lines; i++) {
    mk_segment_maker *m = &k->makers[i];
    const mk_seal_column *c = &x->given[i];
    if (c->column && c->column->form == MK_FORM_CODES && !x->numbers[i].of) m->form = MK_FORM_CODES;
    if (!(m->form == MK_FORM_CODES ? take_codes(x, m, c, rows, err) : take_numbers(x, m, c, &x->numbers[i], rows, err)))
      return false;
  }
  return sink_flush(k, err);
}

/* Bytes of the texts of a case in columns with much text. */
static size_t wide_text(const load *x, const run *r) {
  const mk_seal_column *wide = (const mk_seal_column *)(const void *)x->wide.p;
  size_t sum = 0, n;
  for (size_t i = 0; i < x->wide.n / sizeof *wide; i++)
    for (size_t row = r->row; row < r->row + r->rows; row++) {
      size_t code = code_of(&wide[i], row);
      if (!code || code >= wide[i].column->entries) continue;
      mk_image_entry(wide[i].column, code, &n);
      sum += n;
    }
  return sum;
}

/* Cases that lie in no block there is, up to the one that does, become blocks; a case in a block becomes plain. */
static bool write_runs(load *x, bool *plain, mk_err *err) {
  const sealed_map *m = x->map;
  size_t first = 0, rows = 0, text = 0, whole = x->store->sealed->block_rows, block = 0, n;
  for (size_t i = 0; i < x->count; i++) {
    const char *p = m->count ? key_of(x, &x->runs[i], &n) : NULL;
    size_t before = block;
    while (block < m->count && key_compare(m->keys.p + m->list[block].high, m->list[block].high_n, p, n) < 0) block++;
    bool inside = block < m->count && key_compare(m->keys.p + m->list[block].low, m->list[block].low_n, p, n) <= 0;
    if (i > first && (inside || block != before || rows >= whole || text > TEXT_MAX)) {
      if (!write_block(x, x->runs + first, i - first, err)) return false;
      first = i;
      rows = text = 0;
    }
    if (inside) {
      int there = sealed_shown(x->store, p, n, err);
      if (there < 0 || (there && !twice(x, &x->runs[i], "already have a row with", err)) || !insert_run(x, &x->runs[i], err)) return false;
      *plain = true;
      first = i + 1;
      continue;
    }
    rows += x->runs[i].rows;
    text += wide_text(x, &x->runs[i]);
  }
  return first == x->count || write_block(x, x->runs + first, x->count - first, err);
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

static bool take_columns(load *x, const mk_seal_column *columns, size_t count, mk_err *err) {
  size_t longest = 0; /* of all columns with much text together */
  x->given = mk_zalloc(&x->store->mem, x->columns.count * sizeof *x->given, err);
  x->numbers = x->given ? mk_zalloc(&x->store->mem, x->columns.count * sizeof *x->numbers, err) : NULL;
  if (!x->numbers) return false;
  for (size_t i = 0; i < count; i++) {
    size_t at = 0;
    const mk_image_column *c = columns[i].column;
    while (at < x->columns.lines && strcmp(x->columns.list[at].sql, columns[i].sql) != 0) at++;
    if (at == x->columns.lines) return mk_fail(err, MK_NAME, "there is no column %s to seal", columns[i].sql);
    if (c->form == MK_FORM_NONE || (c->form == MK_FORM_NUMBERS && x->columns.forms[at] != MK_FORM_NUMBERS))
      return mk_fail(err, MK_TYPE, "column %s is not in a form that can be sealed", columns[i].sql);
    x->given[at] = columns[i];
    if (c->form == MK_FORM_CODES && c->text.n >= WIDE) {
      mk_put(&x->wide, (const char *)&columns[i], sizeof columns[i]);
      longest += longest_entry(c);
    }
    if (c->form == MK_FORM_CODES && c->entries > x->nlocal) x->nlocal = c->entries;
    if (c->form == MK_FORM_CODES && x->columns.forms[at] == MK_FORM_NUMBERS && !find_numbers(x, c, &x->numbers[at], err)) return false;
  }
  if (longest <= TEXT_MAX / x->store->sealed->block_rows) x->wide.n = 0; /* no block has too much */
  const mk_image_column *key = x->given[0].column, *line = x->given[x->columns.cases].column;
  if (!key || key->form != MK_FORM_CODES) return mk_fail(err, MK_TYPE, "rows to seal have no cases");
  if (line && line->form != MK_FORM_NUMBERS && !x->numbers[x->columns.cases].of) return mk_fail(err, MK_TYPE, "lines to seal are not numbered");
  size_t size = (x->rows + 1) * sizeof *x->runs;
  x->runs = mk_alloc(&x->store->mem, size, err);
  x->local = x->runs ? mk_zalloc(&x->store->mem, (x->nlocal + 1) * sizeof *x->local, err) : NULL;
  return x->local && mk_buf_ok(&x->wide, err);
}

/* Whether rows are many enough to be sealed now. */
static bool are_many(load *x, bool *many, mk_err *err) {
  int64_t plain = 0, whole = (int64_t)x->store->sealed->block_rows;
  if (!x->map->count && !db_int(x->store, "SELECT max((SELECT count(*) FROM main.cases), (SELECT count(*) FROM main.lines))", &plain, err))
    return false;
  *many = plain + (int64_t)x->rows > whole && (int64_t)x->rows * 16 > whole;
  return true;
}

static bool write_all(load *x, mk_err *err) {
  bool many = false, plain = false;
  mk_store *s = x->store;
  if (!find_runs(x, err) || !not_plain(x, err) || !are_many(x, &many, err)) return false;
  int64_t state = x->map->state + 1;
  bool ok = true;
  if (many) {
    ok = sink_begin(&x->sink, s, &x->columns, state, err) && write_runs(x, &plain, err);
  } else {
    for (size_t i = 0; ok && i < x->count; i++) {
      size_t n;
      const char *p = key_of(x, &x->runs[i], &n);
      int there = x->map->count ? sealed_shown(s, p, n, err) : 0;
      ok = there == 0 ? insert_run(x, &x->runs[i], err) : there > 0 && twice(x, &x->runs[i], "already have a row with", err);
    }
  }
  sink_end(&x->sink);
  return ok && (!many || seal_written(s, state, err)) && (!plain || seal_all(s, err));
}

bool mk_seal_write(mk_store *s, const mk_seal_column *columns, size_t count, size_t rows, mk_err *err) {
  load x = {.store = s, .rows = rows};
  if (!mk_store_usable(s, err)) return false;
  if (!s->depth || s->readonly) return mk_fail(err, MK_READONLY, "rows are sealed inside a transaction that writes");
  if (!rows) return true;
  if (rows > UINT32_MAX / 2) return mk_fail(err, MK_LIMIT, "%z rows are too many to seal at once", rows);
  mk_buf_init(&x.used, &s->mem);
  mk_buf_init(&x.list_of, &s->mem);
  mk_buf_init(&x.places, &s->mem);
  mk_buf_init(&x.wide, &s->mem);
  mk_buf_init(&x.scratch, &s->mem);
  x.map = sealed_now(s, err);
  bool ok = x.map && db_rules(s, true, true, err) && seal_columns_init(&x.columns, s, err) && take_columns(&x, columns, count, err) && write_all(&x, err);
  if (x.cases) db_finalize(s, x.cases);
  if (x.lines) db_finalize(s, x.lines);
  for (size_t i = 0; x.numbers && i < x.columns.count; i++)
    if (x.numbers[i].of) mk_free(&s->mem, x.numbers[i].of, x.numbers[i].count * sizeof(int64_t));
  if (x.numbers) mk_free(&s->mem, x.numbers, x.columns.count * sizeof *x.numbers);
  if (x.given) mk_free(&s->mem, x.given, x.columns.count * sizeof *x.given);
  if (x.runs) mk_free(&s->mem, x.runs, (rows + 1) * sizeof *x.runs);
  if (x.local) mk_free(&s->mem, x.local, (x.nlocal + 1) * sizeof *x.local);
  mk_buf_clear(&x.used);
  mk_buf_clear(&x.list_of);
  mk_buf_clear(&x.places);
  mk_buf_clear(&x.wide);
  mk_buf_clear(&x.scratch);
  seal_columns_clear(&x.columns);
  return ok;
}
