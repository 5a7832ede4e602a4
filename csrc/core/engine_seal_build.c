/* engine_seal_build.c: columns of new rows as the segments of blocks. First the cells of each column are put in order of the key,
 * then each column of a block is made, by whichever of two threads comes to it, while the block before is written; the result is the
 * same for one. All memory is there before a thread begins. May include: sealed.h, engine_pool.h, libc strings. */
#include "sealed.h"
#include "engine_pool.h"

#include <string.h>

enum { GROUP = 512 };

static uint32_t *words(const mk_buf *b) { return (uint32_t *)(void *)b->p; }

/* ------------------------------------------------------------------ cells in order of the key */

#define READ(type)                                                                                                      \
  static void read_##type(int64_t *out, const void *cells, const uint32_t *places, size_t from, size_t n) {              \
    const type *v = cells;                                                                                              \
    if (places) for (size_t i = 0; i < n; i++) out[i] = (int64_t)v[places[from + i]];                                   \
    else for (size_t i = 0; i < n; i++) out[i] = (int64_t)v[from + i];                                                  \
  }
READ(uint8_t)
READ(uint16_t)
READ(uint32_t)
READ(int64_t)

/* Entries or numbers of some rows. */
static void read_cells(const seal_input *c, size_t from, size_t n, int64_t *out) {
  const mk_image_column *in = c->column;
  if (in->width == 1) read_uint8_t(out, in->cells, c->places, from, n);
  else if (in->width == 2) read_uint16_t(out, in->cells, c->places, from, n);
  else if (in->width == 4) read_uint32_t(out, in->cells, c->places, from, n);
  else read_int64_t(out, in->cells, c->places, from, n);
  bool numbers = c->form == MK_FORM_NUMBERS && !c->of;
  int64_t none = in->width == 8 ? MK_NUMBER_MISSING : (int64_t)(UINT64_MAX >> (64 - 8 * in->width)), most = (int64_t)c->codes;
  if (c->of) for (size_t i = 0; i < n; i++) out[i] = c->of[out[i] < most ? out[i] : 0];
  else if (numbers) for (size_t i = 0; i < n; i++) out[i] = out[i] == none ? MK_NUMBER_MISSING : out[i];
  else for (size_t i = 0; i < n; i++) out[i] = out[i] < most ? out[i] : 0;
}

/* Numbers that are missing become all ones: none is as large. */
#define SPREAD(type)                                                                                                    \
  static void spread_##type(void *to, const uint32_t *ranks, const int64_t *v, size_t n) {                               \
    type *out = to;                                                                                                     \
    for (size_t i = 0; i < n; i++) out[ranks[i]] = v[i] == MK_NUMBER_MISSING ? (type)-1 : (type)v[i];                   \
  }
SPREAD(uint8_t)
SPREAD(uint16_t)
SPREAD(uint32_t)

static void spread_int64_t(void *to, const uint32_t *ranks, const int64_t *v, size_t n) {
  int64_t *out = to;
  for (size_t i = 0; i < n; i++) out[ranks[i]] = v[i];
}

/* Codes that stand for something narrow, as most do, in one pass. */
#define PLACE(type)                                                                                                     \
  static void place_##type(void *to, const uint32_t *ranks, const seal_input *c, size_t n) {                              \
    const uint32_t *codes = c->column->cells;                                                                           \
    type *out = to;                                                                                                     \
    for (size_t i = 0; i < n; i++) {                                                                                    \
      int64_t v = c->of[codes[i] < c->codes ? codes[i] : 0];                                                             \
      out[ranks[i]] = v == MK_NUMBER_MISSING ? (type)-1 : (type)v;                                                       \
    }                                                                                                                   \
  }
PLACE(uint8_t)
PLACE(uint16_t)
PLACE(uint32_t)

static bool place_column(const build *x, size_t i) {
  const seal_input *c = &x->inputs[i];
  if (!x->sorted[i] || !x->ranks || !c->of || c->places || c->column->width != 4 || c->width == 8) return false;
  if (c->width == 1) place_uint8_t(x->sorted[i], x->ranks, c, x->rows);
  else if (c->width == 2) place_uint16_t(x->sorted[i], x->ranks, c, x->rows);
  else place_uint32_t(x->sorted[i], x->ranks, c, x->rows);
  return true;
}

static void sort_column(const build *x, size_t i) {
  if (place_column(x, i)) return;
  const seal_input *c = &x->inputs[i];
  int64_t values[GROUP];
  uint32_t own[GROUP];
  for (size_t from = 0, n; x->sorted[i] && from < x->rows; from += n) {
    n = x->rows - from < GROUP ? x->rows - from : GROUP;
    const uint32_t *ranks = x->ranks ? x->ranks + from : own;
    for (size_t k = 0; !x->ranks && k < n; k++) own[k] = (uint32_t)(from + k);
    read_cells(c, from, n, values);
    if (c->width == 1) spread_uint8_t(x->sorted[i], ranks, values, n);
    else if (c->width == 2) spread_uint16_t(x->sorted[i], ranks, values, n);
    else if (c->width == 4) spread_uint32_t(x->sorted[i], ranks, values, n);
    else spread_int64_t(x->sorted[i], ranks, values, n);
  }
}

/* ------------------------------------------------------------------ one column of a block */

#define CODES(type)                                                                                              \
  static size_t codes_##type(build_lane *w, const void *cells, size_t rows) {                                     \
    const type *v = cells;                                                                                       \
    uint32_t *out = words(&w->cells), *known = w->known;                                                         \
    size_t missing = 0;                                                                                          \
    for (size_t i = 0; i < rows; i++) {                                                                          \
      if (!known[v[i]]) {                                                                                        \
        words(&w->entries)[w->nentries++] = v[i];                                                                \
        known[v[i]] = (uint32_t)w->nentries + 1;                                                                 \
      }                                                                                                          \
      out[i] = known[v[i]] - 1;                                                                                  \
      missing += v[i] == 0;                                                                                      \
    }                                                                                                            \
    return rows - missing;                                                                                       \
  }
CODES(uint8_t)
CODES(uint16_t)
CODES(uint32_t)

/* The cells of a column; how many are known. */
static size_t take_codes(build_lane *w, int width, const void *cells, size_t rows) {
  w->nentries = 0;
  if (!cells) {
    memset(w->cells.p, 0, rows * sizeof(uint32_t));
    return 0;
  }
  size_t known = width == 1 ? codes_uint8_t(w, cells, rows) : width == 2 ? codes_uint16_t(w, cells, rows) : codes_uint32_t(w, cells, rows);
  for (size_t i = 0; i < w->nentries; i++) w->known[words(&w->entries)[i]] = 0;
  return known;
}

/* The same of the cases, each of which is there for the first time where it begins. */
static void take_keys(build_lane *w, const uint32_t *cells, const build_slot *b, bool packed) {
  uint32_t *out = words(&w->cells), *entries = words(&w->entries);
  w->nentries = b->nruns;
  for (size_t i = 0; i < b->nruns; i++) {
    entries[i] = *cells;
    cells += b->runs[i].rows;
    for (uint32_t k = 0; !packed && k < b->runs[i].rows; k++) *out++ = (uint32_t)i + 1;
  }
}

/* The keys themselves, two numbers each. */
static const uint64_t *take_short_keys(build_lane *w, const seal_group *g, const build_slot *b) {
  uint64_t *out = (uint64_t *)(void *)w->cells.p;
  const seal_run *r = b->runs;
  while (g->end <= r) g++;
  for (size_t i = 0; i < b->nruns; i++, r++) {
    if (r == g->end) g++;
    out[2 * i] = g->head;
    out[2 * i + 1] = r->head;
  }
  return out;
}

static void make_keys(build_lane *w, const build *x, const build_slot *b, mk_buf *to) {
  const mk_image_column *from = x->inputs[0].column;
  const size_t *ends = (const size_t *)(const void *)from->ends.p;
  size_t rows = b->view.rows;
  if (x->packed && x->groups) {
    segment_short_keys(to, rows, take_short_keys(w, x->groups, b), b->nruns);
    return;
  }
  take_keys(w, (const uint32_t *)x->sorted[0] + b->from, b, x->packed);
  if (x->packed) segment_keys(to, rows, from->text.p, ends, words(&w->entries), w->nentries);
  else segment_codes(to, words(&w->cells), rows, rows, from->text.p, ends, words(&w->entries), w->nentries);
}

#define NUMBERS(type)                                                                                          \
  static void numbers_##type(int64_t *out, const void *cells, size_t n) {                                       \
    const type *v = cells;                                                                                     \
    for (size_t i = 0; i < n; i++) out[i] = v[i] == (type)-1 ? MK_NUMBER_MISSING : (int64_t)v[i];               \
  }
NUMBERS(uint8_t)
NUMBERS(uint16_t)
NUMBERS(uint32_t)

static size_t take_numbers(build_lane *w, int width, const void *cells, size_t rows) {
  int64_t *out = (int64_t *)(void *)w->cells.p;
  size_t known = 0;
  if (!cells) for (size_t i = 0; i < rows; i++) out[i] = MK_NUMBER_MISSING;
  else if (width == 1) numbers_uint8_t(out, cells, rows);
  else if (width == 2) numbers_uint16_t(out, cells, rows);
  else if (width == 4) numbers_uint32_t(out, cells, rows);
  else memcpy(out, cells, rows * sizeof *out);
  for (size_t i = 0; i < rows; i++) known += out[i] != MK_NUMBER_MISSING;
  return known;
}

static mk_form form_at(const build *x, size_t i) { return i == 0 && x->packed ? MK_FORM_KEYS : x->inputs[i].form; }

/* Columns without a cell are not in blocks. */
static bool is_empty(const build *x, size_t i) { return !x->sorted[i] && !sink_keeps(x->sink, i, 0); }

static void make_column(build_lane *w, const build *x, build_slot *b, size_t i) {
  const seal_input *c = &x->inputs[i];
  const mk_image_column *from = c->column;
  build_column *to = &b->columns[i];
  const char *cells = x->sorted[i] ? (const char *)x->sorted[i] + b->from * (size_t)c->width : NULL;
  size_t rows = b->view.rows, known = rows;
  mk_form form = form_at(x, i);
  mk_segment seg;
  to->there = false;
  if (is_empty(x, i)) return;
  if (form == MK_FORM_NUMBERS) {
    known = take_numbers(w, c->width, cells, rows);
    segment_numbers(&to->bytes, (const int64_t *)(const void *)w->cells.p, rows, known, c->scale);
  } else if (i == 0) {
    make_keys(w, x, b, &to->bytes);
  } else {
    known = take_codes(w, c->width, cells, rows);
    segment_codes(&to->bytes, words(&w->cells), rows, known, from ? from->text.p : NULL,
                  from ? (const size_t *)(const void *)from->ends.p : NULL, words(&w->entries), w->nentries);
  }
  to->there = sink_keeps(x->sink, i, known);
  to->counted = form == MK_FORM_NUMBERS || (form == MK_FORM_CODES && w->nentries < MK_SEAL_COUNTED);
  to->sound = form == MK_FORM_KEYS || (segment_open(&seg, to->bytes.p, to->bytes.n) && (!to->counted || segment_count(&to->counts, &seg, NULL)));
  segment_seal(&to->bytes, to->where);
  if (to->counted) segment_seal(&to->counts, to->where_counts);
}

/* ------------------------------------------------------------------ two threads */

static size_t threads_of(const build *x) { return x->sink->store->threads > 1 ? BUILD_LANES : 1; }

static void sort_columns(void *arg) {
  build *x = arg;
  for (size_t i; (i = atomic_fetch_add(&x->next, 1)) < x->columns->lines;) sort_column(x, i);
}

static void make_columns(build *x, build_lane *w) {
  for (size_t i; (i = atomic_fetch_add(&x->next, 1)) < x->columns->lines;) make_column(w, x, &x->slots[x->at], i);
}

static void make_beside(void *arg) {
  build *x = arg;
  make_columns(x, &x->lanes[1]);
}

/* ------------------------------------------------------------------ what it takes */

static bool room(mk_buf *b, size_t n, mk_err *err) {
  b->n = 0;
  return mk_buf_reserve(b, n) || mk_buf_ok(b, err);
}

static bool lane_begin(build_lane *w, const build *x, mk_err *err) {
  mk_mem *mem = x->columns->mem;
  mk_buf_init(&w->entries, mem);
  mk_buf_init(&w->cells, mem);
  w->known = mk_zalloc(mem, x->entries * sizeof *w->known, err);
  if (w->known) w->known[0] = 1;
  return w->known != NULL;
}

static void lane_end(build_lane *w, const build *x) {
  mk_free(x->columns->mem, w->known, x->entries * sizeof *w->known);
  mk_buf_clear(&w->entries);
  mk_buf_clear(&w->cells);
}

static bool slot_begin(build_slot *b, const build *x, mk_err *err) {
  mk_mem *mem = x->columns->mem;
  mk_buf_init(&b->view.keys, mem);
  mk_buf_init(&b->marks, mem);
  b->columns = mk_alloc(mem, x->columns->lines * sizeof *b->columns, err);
  for (size_t i = 0; b->columns && i < x->columns->lines; i++) {
    b->columns[i] = (build_column){.counted = false};
    mk_buf_init(&b->columns[i].bytes, mem);
    mk_buf_init(&b->columns[i].counts, mem);
  }
  return b->columns != NULL;
}

static void slot_end(build_slot *b, const build *x) {
  for (size_t i = 0; b->columns && i < x->columns->lines; i++) {
    mk_buf_clear(&b->columns[i].bytes);
    mk_buf_clear(&b->columns[i].counts);
  }
  mk_free(x->columns->mem, b->columns, x->columns->lines * sizeof *b->columns);
  mk_buf_clear(&b->view.keys);
  mk_buf_clear(&b->marks);
}

/* Room for a column of so many rows. */
static bool column_room(const seal_input *c, build_column *to, size_t rows, size_t text, mk_err *err) {
  const mk_image_column *from = c->column;
  if (!from || c->form == MK_FORM_NUMBERS)
    return room(&to->bytes, segment_room(rows, c->width, 0, 0), err) && room(&to->counts, segment_room(0, 0, 2, 0), err);
  size_t entries = from->entries < rows + 1 ? from->entries : rows + 1, few = entries < MK_SEAL_COUNTED ? entries : MK_SEAL_COUNTED;
  size_t most = from->text.n, least = c->longest * few;
  if (c->longest * rows < most) most = c->longest * rows;
  if (text < most && from->text.n >= SEAL_WIDE) most = text;
  return room(&to->bytes, segment_room(rows, entries <= 256 ? 1 : entries <= 65536 ? 2 : 4, entries, most), err) &&
         room(&to->counts, segment_room(few, 4, few, least < most ? least : most), err);
}

static bool slot_room(build *x, build_slot *b, size_t rows, size_t text, mk_err *err) {
  bool ok = room(&b->marks, rows, err);
  for (size_t i = 0; ok && i < threads_of(x); i++)
    ok = room(&x->lanes[i].entries, rows * sizeof(uint32_t), err) && room(&x->lanes[i].cells, 2 * rows * sizeof(int64_t), err);
  for (size_t i = 0; ok && i < x->columns->lines; i++) ok = is_empty(x, i) || column_room(&x->inputs[i], &b->columns[i], rows, text, err);
  if (ok && x->packed && x->groups) ok = room(&b->columns[0].bytes, segment_short_room(b->nruns), err);
  return ok;
}

/* ------------------------------------------------------------------ begin and end */

static bool sort_all(build *x, mk_err *err) {
  struct mk_pool **pool = &x->sink->store->pool;
  x->sorted = mk_zalloc(x->columns->mem, x->columns->lines * sizeof *x->sorted, err);
  if (!x->sorted) return false;
  for (size_t i = 0; i < x->columns->lines; i++) {
    const seal_input *c = &x->inputs[i];
    bool told = i == 0 && x->packed && x->groups; /* by the heads of the runs */
    if (!c->column || !c->column->cells || told) continue;
    x->sorted[i] = mk_alloc(x->columns->mem, x->rows * (size_t)c->width, err);
    if (!x->sorted[i]) return false;
  }
  bool helped = threads_of(x) > 1 && pool_begin(pool, sort_columns, x);
  sort_columns(x);
  if (helped) pool_end(*pool);
  return true;
}

bool build_begin(build *x, sink *k, const seal_input *inputs, const uint32_t *ranks, const seal_group *groups, size_t rows, mk_err *err) {
  *x = (build){.sink = k, .columns = k->columns, .inputs = inputs, .ranks = ranks, .groups = groups, .rows = rows, .entries = 1};
  x->packed = segment_keys_fit((const size_t *)(const void *)inputs[0].column->ends.p, inputs[0].column->entries - 1);
  atomic_init(&x->next, 0);
  for (size_t i = 1; i < x->columns->lines; i++) /* the cases are counted by themselves */
    if (inputs[i].column && inputs[i].form == MK_FORM_CODES && inputs[i].column->entries > x->entries) x->entries = inputs[i].column->entries;
  bool ok = sort_all(x, err);
  for (size_t i = 0; ok && i < threads_of(x); i++) ok = lane_begin(&x->lanes[i], x, err) && slot_begin(&x->slots[i], x, err);
  return ok;
}

void build_end(build *x) {
  if (!x->sink) return;
  mk_mem *mem = x->columns->mem;
  for (size_t i = 0; x->sorted && i < x->columns->lines; i++)
    mk_free(mem, x->sorted[i], x->rows * (size_t)x->inputs[i].width);
  mk_free(mem, x->sorted, x->columns->lines * sizeof *x->sorted);
  for (size_t i = 0; i < threads_of(x); i++) {
    lane_end(&x->lanes[i], x);
    slot_end(&x->slots[i], x);
  }
  *x = (build){.sink = NULL};
}

/* ------------------------------------------------------------------ blocks */

static void mark_cases(build_slot *b) {
  size_t at = 0;
  memset(b->marks.p, 0, b->view.rows);
  b->marks.n = b->view.rows;
  for (size_t i = 0; i < b->nruns; at += b->runs[i++].rows) b->marks.p[at] = 1;
}

static bool put_key(const build *x, mk_buf *keys, const seal_run *r, size_t *n) {
  const seal_input *key = &x->inputs[0];
  const char *p = mk_image_entry(key->column, input_entry(key, r->row), n);
  mk_put(keys, p, *n);
  return keys->failed == MK_OK;
}

/* Where the segments of the block are going to stand. */
static bool find_wheres(const build *x, build_slot *b, mk_err *err) {
  for (size_t i = 0; i < x->columns->lines; i++) {
    const char *name = x->columns->list[i].sql;
    if (is_empty(x, i)) continue;
    b->columns[i].where = sealed_where(x->sink->store, name, strlen(name), form_at(x, i), &b->view, err);
    b->columns[i].where_counts = sealed_where(x->sink->store, name, strlen(name), MK_FORM_COUNTS, &b->view, err);
  }
  return !mk_failed(err);
}

static bool write_slot(build *x, const build_slot *b, mk_err *err) {
  sink *k = x->sink;
  size_t count = x->columns->lines, named = 0;
  for (size_t i = 0; i < count; i++) {
    if (!b->columns[i].there) continue;
    sink_name(k, i, form_at(x, i), b->columns[i].counted);
    if (!b->columns[i].sound) return mk_fail(err, MK_DAMAGED, "columns in memory do not fit each other");
    named++;
  }
  bool ok = sink_head(k, &b->view, &b->marks, named, err);
  for (size_t i = 0; ok && i < count; i++) {
    const build_column *c = &b->columns[i];
    if (!c->there) continue;
    ok = mk_buf_ok(&c->bytes, err) && mk_buf_ok(&c->counts, err) && sink_put(k, &b->view, i, form_at(x, i), &c->bytes, err) &&
         (!c->counted || sink_put(k, &b->view, i, MK_FORM_COUNTS, &c->counts, err));
  }
  db_write_out(k->store);
  return ok;
}

bool build_flush(build *x, mk_err *err) {
  if (!x->waiting) return true;
  x->waiting = false;
  return write_slot(x, &x->slots[!x->at], err);
}

void build_skip(build *x, const seal_run *run) { x->from += run->rows; }

static bool slot_open(build *x, build_slot *b, const seal_run *runs, size_t n, mk_err *err) {
  sealed_view *v = &b->view;
  mk_buf keys = v->keys;
  *v = (sealed_view){.state = x->sink->state, .keys = keys};
  v->keys.n = 0;
  b->runs = runs;
  b->nruns = n;
  b->from = x->from;
  for (size_t i = 0; i < n; i++) v->rows += runs[i].rows;
  x->from += v->rows;
  if (v->rows > UINT32_MAX / 16) return mk_fail(err, MK_LIMIT, "%z rows belong to one case", v->rows);
  return (put_key(x, &v->keys, runs, &v->low_n) && put_key(x, &v->keys, &runs[n - 1], &v->high_n)) || mk_buf_ok(&v->keys, err);
}

bool build_block(build *x, const seal_run *runs, size_t n, size_t text, mk_err *err) {
  build_slot *b = &x->slots[x->at];
  struct mk_pool **pool = &x->sink->store->pool;
  if (!slot_open(x, b, runs, n, err) || !slot_room(x, b, b->view.rows, text, err) || !sink_block(x->sink, &b->view, err) || !find_wheres(x, b, err))
    return false;
  mark_cases(b);
  atomic_store(&x->next, 0);
  bool two = threads_of(x) > 1, helped = two && pool_begin(pool, make_beside, x), ok = build_flush(x, err);
  make_columns(x, &x->lanes[0]);
  if (helped) pool_end(*pool);
  if (!two) return ok && write_slot(x, b, err);
  x->waiting = true;
  x->at = !x->at;
  return ok;
}
