/* grid.c: records of separated text taken in as codes of columns. Records whose cells stand plainly between their separators
 * are cut out along the marks of grid_scan.c; the others, one by one, are read by the reader of separated cells, which
 * is what decides. May include: grid.h, libc strings. */
#include "grid.h"

#include <stdatomic.h>
#include <string.h>

enum { STRICT_SLICE = 65536, SLICE = 4096, PAD = 64, PIECE = 1 << 18, PIECES = 4 };

/* ------------------------------------------------------------------ making one */

/* All buffers but those of columns. */
enum { BUFS = 12 };
static void list_bufs(mk_grid *g, mk_buf *bufs[BUFS]) {
  grid_window *a = &g->windows[0], *b = &g->windows[1];
  mk_buf *const all[BUFS] = {&g->in, &a->marks, &a->spans, &a->begins, &b->marks, &b->spans, &b->begins,
                             &g->lines, &g->apart, &g->cells, &g->texts, &g->damages};
  memcpy(bufs, all, sizeof all);
}

mk_grid *grid_new(const mk_mem *cap, const mk_separated_opts *o, size_t width, size_t line, bool plain, mk_pool **pool, mk_err *err) {
  mk_grid *g = mk_zalloc(NULL, sizeof *g, err);
  if (!g) return NULL;
  if (cap) g->memory.cap = cap->cap;
  g->mem = &g->memory;
  g->o = *o;
  g->line = line;
  g->marker = plain ? grid_marks_plain : grid_marks_best();
  g->strict = o->raw || o->charset != MK_UTF8;
  g->pool = pool;
  mk_buf *bufs[BUFS];
  list_bufs(g, bufs);
  for (size_t i = 0; i < BUFS; i++) mk_buf_init(bufs[i], g->mem);
  g->slow = mk_separated_new(g->mem, o, err);
  g->columns = g->slow ? mk_zalloc(g->mem, width * sizeof *g->columns, err) : NULL;
  bool ok = g->columns != NULL;
  if (ok) g->width = width;
  for (size_t c = 0; ok && c < width; c++) ok = grid_column_init(g, &g->columns[c], err);
  if (ok) return g;
  grid_free(g);
  return NULL;
}

void grid_free(mk_grid *g) {
  if (!g) return;
  for (size_t c = 0; c < g->width; c++) grid_column_clear(g, &g->columns[c]);
  mk_free(g->mem, g->columns, g->width * sizeof *g->columns);
  mk_buf *bufs[BUFS];
  list_bufs(g, bufs);
  for (size_t i = 0; g->mem && i < BUFS; i++) mk_buf_clear(bufs[i]);
  mk_separated_free(g->slow);
  mk_free(NULL, g, sizeof *g);
}

/* ------------------------------------------------------------------ work shared out */

enum { SHARE = 1 << 14 };
typedef struct { void (*fn)(void *arg, size_t from, size_t to); void *arg; size_t n; atomic_size_t next; } sharing;

static void take_parts(void *arg) {
  sharing *x = arg;
  for (size_t from; (from = atomic_fetch_add(&x->next, SHARE)) < x->n;) x->fn(x->arg, from, x->n - from < SHARE ? x->n : from + SHARE);
}

void grid_share(const mk_grid *g, size_t n, void (*fn)(void *arg, size_t from, size_t to), void *arg) {
  sharing x = {.fn = fn, .arg = arg, .n = n};
  atomic_init(&x.next, 0);
  bool helped = n > SHARE && g->pool && pool_begin(g->pool, take_parts, &x);
  take_parts(&x);
  if (helped) pool_end(*g->pool);
}

/* ------------------------------------------------------------------ one row */

static bool begin_row(mk_grid *g, size_t line, mk_err *err) {
  if (line > UINT32_MAX || g->rows >= UINT32_MAX / 2) return mk_fail(err, MK_LIMIT, "the file has more lines than can be read at once");
  uint32_t at = (uint32_t)line;
  mk_put(&g->lines, (const char *)&at, sizeof at);
  for (size_t c = 0; c < g->width; c++)
    if (!mk_buf_reserve(&g->columns[c].codes, sizeof(uint32_t))) return mk_buf_ok(&g->columns[c].codes, err);
  return mk_buf_ok(&g->lines, err);
}

static void put_code(grid_column *c, uint32_t code) {
  memcpy(c->codes.p + c->codes.n, &code, sizeof code); /* begin_row made room */
  c->codes.n += sizeof code;
}

/* The record that slow holds, with everything that is known of it. */
static bool keep_apart(mk_grid *g, size_t line, mk_err *err) {
  const mk_err *damage = mk_separated_damage(g->slow);
  size_t count = mk_separated_count(g->slow);
  grid_apart row = {g->rows, g->cells.n / sizeof(grid_cell), count, 0};
  if (damage) {
    mk_put(&g->damages, (const char *)damage, sizeof *damage);
    row.damage = g->damages.n / sizeof *damage;
  }
  for (size_t i = 0; i < count; i++) {
    grid_cell cell = {.at = g->texts.n};
    const char *p = mk_separated_cell(g->slow, i, &cell.n);
    mk_separated_place(g->slow, i, &cell.line, &cell.col);
    mk_put(&g->texts, p, cell.n);
    mk_put(&g->cells, (const char *)&cell, sizeof cell);
  }
  mk_put(&g->apart, (const char *)&row, sizeof row);
  if (!begin_row(g, line, err)) return false;
  for (size_t c = 0; c < g->width; c++) put_code(&g->columns[c], 0);
  g->rows++;
  return mk_buf_ok(&g->damages, err) && mk_buf_ok(&g->texts, err) && mk_buf_ok(&g->cells, err) && mk_buf_ok(&g->apart, err);
}

static bool take_slow(mk_grid *g, mk_err *err) {
  size_t line, col;
  mk_separated_place(g->slow, 0, &line, &col);
  if (!g->header) { g->header = true; return true; }
  if (mk_separated_damage(g->slow) || mk_separated_count(g->slow) != g->width) return keep_apart(g, line, err);
  if (!begin_row(g, line, err)) return false;
  for (size_t c = 0; c < g->width; c++) {
    size_t n;
    uint32_t code;
    const char *p = mk_separated_cell(g->slow, c, &n);
    if (!grid_code(g, &g->columns[c], p, n, &code, err)) return false;
    put_code(&g->columns[c], code);
  }
  g->rows++;
  return true;
}

/* ------------------------------------------------------------------ the strict way */

/* Gives slow the next bytes of in, at most so many; false when there are none. They stay in in until their record is read, as a
 * quote that is never closed makes it go back. */
static bool feed_slow(mk_grid *g, size_t slice, mk_err *err) {
  size_t left = g->in.n - g->at - g->fed;
  if (!left) return false;
  if (slice > left) slice = left;
  if (!mk_separated_feed(g->slow, g->in.p + g->at + g->fed, slice, err)) return false;
  if (g->strict) g->at += slice;
  else g->fed += slice;
  return true;
}

/* Reads one record from in[at] on: 1 read or the end, 0 more bytes are needed, -1 failed. */
static int read_slowly(mk_grid *g, mk_err *err) {
  if (!g->slowly) mk_separated_restart(g->slow, g->line);
  g->slowly = true;
  int step;
  for (size_t slice = g->strict ? STRICT_SLICE : SLICE; (step = mk_separated_next(g->slow, err)) == 0; slice *= 4) {
    if (feed_slow(g, slice, err)) continue;
    if (mk_failed(err)) return -1;
    if (!g->ended) return 0;
    mk_separated_finish(g->slow);
    step = mk_separated_next(g->slow, err);
    g->done = step == 0;
    break;
  }
  if (step < 0 || (step == 1 && !take_slow(g, err))) return -1;
  if (g->strict) return 1;
  g->at += g->fed - mk_separated_rest(g->slow, &g->line, &g->after_cr);
  g->fed = 0;
  g->slowly = false;
  return 1;
}

/* ------------------------------------------------------------------ pieces */

static bool take_in(mk_grid *g, mk_err *err) {
  while (!g->done && (g->at < g->in.n || g->ended)) {
    if (g->after_cr && g->at < g->in.n) {
      g->at += g->in.p[g->at] == '\n';
      g->after_cr = false;
      continue;
    }
    if (g->header && !g->strict && !g->slowly) {
      if (g->at == g->in.n) break;
      grid_verdict v = grid_read_plain(g, err);
      if (mk_failed(err)) return false;
      if (v == GRID_MORE) break;
      if (v == GRID_FULL) continue;
    }
    int step = read_slowly(g, err);
    if (step < 0) return false;
    if (step == 0) break;
  }
  return true;
}

/* Where the next n bytes at most go; NULL: failed. */
static char *make_room(mk_grid *g, size_t n, mk_err *err) {
  if (g->at) {
    memmove(g->in.p, g->in.p + g->at, g->in.n - g->at);
    g->in.n -= g->at;
    g->at = 0;
  }
  if (mk_buf_reserve(&g->in, n + PAD)) return g->in.p + g->in.n;
  mk_buf_ok(&g->in, err);
  return NULL;
}

static void take_bytes(mk_grid *g, size_t n) {
  g->in.n += n;
  memset(g->in.p + g->in.n, 0, PAD);
}

bool grid_feed(mk_grid *g, const char *s, size_t n, mk_err *err) {
  mk_err own = {0};
  char *room = make_room(g, n, err);
  if (!room) return false;
  memcpy(room, s, n);
  take_bytes(g, n);
  g->ended = n == 0;
  return take_in(g, err ? err : &own);
}

ptrdiff_t grid_read(mk_grid *g, mk_input *input, uint64_t at, mk_err *err) {
  if (at == 0) g->expected = mk_input_size(input);
  char *room = make_room(g, g->pool ? PIECES * PIECE : PIECE, err);
  if (!room) return -2;
  ptrdiff_t got = mk_input_read(input, at, room, PIECE, err);
  if (got < 0) return -1;
  take_bytes(g, (size_t)got);
  g->ended = got == 0;
  g->input = input;
  g->input_at = at + (uint64_t)got;
  bool ok = take_in(g, err);
  g->input = NULL;
  return ok ? (ptrdiff_t)(g->input_at - at) : -2;
}

void grid_more(mk_grid *g) {
  mk_err why = {0};
  if (!g->input || g->in.cap - g->in.n < PIECE + PAD) return;
  ptrdiff_t got = mk_input_read(g->input, g->input_at, g->in.p + g->in.n, PIECE, &why);
  if (got <= 0) { /* the next who reads is told */
    g->input = NULL;
    return;
  }
  g->input_at += (uint64_t)got;
  take_bytes(g, (size_t)got);
}
