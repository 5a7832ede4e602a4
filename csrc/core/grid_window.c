/* grid_window.c: records whose cells stand plainly between their separators, cut out of windows of the text along the marks of
 * grid_scan.c. Columns are coded each by itself: with another thread, it begins with the last ones, and meanwhile the next window
 * is cut out. May include: grid.h, libc strings. */
#include "grid.h"

#include <stdatomic.h>
#include <string.h>

enum { WINDOW = 1 << 18, ALONE = 4096 }; /* rows that are read before another thread is worth it */

/* ------------------------------------------------------------------ one record */

static const uint32_t *marks_of(const grid_window *w) { return (const uint32_t *)(const void *)w->marks.p + 1; }

/* The cell that begins at `from` and its end, the next mark being at w->k: moves behind the closing quote of a quoted one. lines
 * counts line ends inside. FULL: it is [*from, *to). */
static grid_verdict cut(const mk_grid *g, grid_window *w, size_t *from, size_t *to, size_t *lines) {
  const uint32_t *marks = marks_of(w);
  char quote = g->o.quote;
  for (; w->k < w->count; w->k++) {
    size_t at = marks[w->k];
    if (!quote || w->p[at] != quote) { *to = at; return GRID_FULL; }
    if (at == *from) break;
    size_t i = *from;
    while (i < at && (w->p[i] == ' ' || w->p[i] == '\t')) i++;
    if (i == at) return GRID_OTHER; /* blanks before a quote; else the quote is part of the text */
  }
  for (w->k++, ++*from; w->k < w->count && w->p[marks[w->k]] != quote; w->k++) {
    char b = w->p[marks[w->k]];
    bool half = b == '\n' && w->k && marks[w->k - 1] + 1 == marks[w->k] && w->p[marks[w->k - 1]] == '\r';
    if (b == '\r' || (b == '\n' && !half)) ++*lines;
  }
  if (w->k + 1 >= w->count) return GRID_MORE;
  *to = marks[w->k];
  size_t next = marks[++w->k];
  return next != *to + 1 || w->p[next] == quote ? GRID_OTHER : GRID_FULL;
}

static bool is_blank(const char *p, size_t n) {
  size_t i = 0;
  while (i < n && (p[i] == ' ' || p[i] == '\t')) i++;
  return i == n;
}

/* A row of the window, whose spans are there. */
static void put_row(grid_window *w) {
  ((grid_begin *)(void *)w->begins.p)[w->rows++] = (grid_begin){(uint32_t)w->end, (uint32_t)w->line, w->blanks};
}

static grid_span *spans_of(const grid_window *w, size_t col) { return (grid_span *)(void *)w->spans.p + col * w->room; }

/* The same as cut_record for a record whose cells are all bare, the first of them is not empty, and which has so many marks; false: it
 * is another one. Its spans are those between its marks. */
static bool cut_bare(const mk_grid *g, grid_window *w, size_t stride) {
  size_t last = g->width - 1, end = stride - 1;
  const uint32_t *marks = marks_of(w) + w->k;
  if (w->count - w->k < stride || (unsigned char)w->p[w->end] <= 0x20 || marks[0] == w->end) return false;
  for (size_t i = 0; i < last; i++)
    if (w->p[marks[i]] != g->o.separator) return false;
  if (end > last && (w->p[marks[last]] != '\r' || marks[last] + 1 != marks[end])) return false;
  if (w->p[marks[end]] != '\n') return false;
  put_row(w);
  w->k += stride;
  w->end = marks[end] + 1;
  w->line++;
  return true;
}

/* Marks of a row that ends as the next one does. */
static size_t stride_of(const mk_grid *g, const grid_window *w) {
  const uint32_t *marks = marks_of(w) + w->k;
  return w->count - w->k > g->width && w->p[marks[g->width - 1]] == '\r' ? g->width + 1 : g->width;
}

/* The spans of such a row, which begins at from. */
static void put_spans(const mk_grid *g, const grid_window *w, size_t row, const uint32_t *marks, size_t from) {
  grid_span *to = spans_of(w, 0) + row;
  for (size_t col = 0; col < g->width; col++, to += w->room) {
    *to = (grid_span){(uint32_t)from - 1, marks[col]};
    from = marks[col] + 1;
  }
}

/* The record at w->end into the spans. FULL: read, or passed over when blank; w->end is behind it. */
static grid_verdict cut_record(const mk_grid *g, grid_window *w) {
  size_t from = w->end, lines = 1, col = 0, mark;
  grid_span *to_spans = spans_of(w, 0) + w->rows;
  bool blank = true;
  for (;; col++) {
    size_t to;
    grid_verdict v = cut(g, w, &from, &to, &lines);
    if (v != GRID_FULL) return v;
    if (w->k >= w->count) return GRID_MORE;
    mark = marks_of(w)[w->k];
    char b = w->p[mark];
    if (col >= g->width) return GRID_OTHER;
    to_spans[col * w->room] = (grid_span){(uint32_t)from - 1, (uint32_t)to};
    blank = blank && is_blank(w->p + from, to - from);
    w->k++;
    if (b == g->o.separator) { from = mark + 1; continue; }
    if (b != '\r') break;
    if (mark + 1 == w->n) return GRID_MORE;
    if (w->p[++mark] != '\n') return GRID_OTHER;
    w->k++;
    break;
  }
  if (col + 1 != g->width && !blank) return GRID_OTHER;
  if (blank) w->blanks++;
  else put_row(w);
  w->line += lines;
  w->end = mark + 1;
  return GRID_FULL;
}

/* ------------------------------------------------------------------ a window of them */

/* A row with its spans. */
static grid_verdict cut_row(const mk_grid *g, grid_window *w) {
  size_t row = w->rows, from = w->end;
  const uint32_t *marks = marks_of(w) + w->k;
  if (!cut_bare(g, w, stride_of(g, w))) return cut_record(g, w);
  put_spans(g, w, row, marks, from);
  return GRID_FULL;
}

static void cut_rows(const mk_grid *g, grid_window *w) {
  const grid_begin *begins = (const grid_begin *)(const void *)w->begins.p;
  w->stride = stride_of(g, w);
  while (w->end < w->n && cut_bare(g, w, w->stride)) {}
  size_t bare = w->rows;
  w->verdict = GRID_FULL;
  if (w->end == w->n || (w->verdict = cut_record(g, w)) != GRID_FULL) return;
  const uint32_t *marks = marks_of(w);
  for (size_t row = 0; row < bare; row++) put_spans(g, w, row, marks + row * w->stride, begins[row].at);
  w->stride = 0;
  while (w->verdict == GRID_FULL && w->end < w->n) w->verdict = cut_row(g, w);
}

static grid_places cells_of(const grid_window *w, size_t col) {
  if (w->stride) return (grid_places){marks_of(w) - 1 + col, w->stride};
  return (grid_places){&spans_of(w, col)->before, sizeof(grid_span) / sizeof(uint32_t)};
}

/* Cuts records out of in[at..) as long as they are plain, none of which is the grid's yet. */
static bool cut_window(const mk_grid *g, grid_window *w, size_t at, size_t line, size_t blanks, mk_err *err) {
  char separator = g->o.separator;
  if (line > UINT32_MAX - WINDOW) return mk_fail(err, MK_LIMIT, "the file has more lines than can be read at once");
  w->p = g->in.p + at;
  w->n = g->in.n - at;
  w->whole = w->n <= WINDOW;
  if (!w->whole) w->n = WINDOW;
  w->line = line;
  w->blanks = blanks;
  w->end = w->rows = w->k = 0;
  if (!mk_buf_reserve(&w->marks, (1 + WINDOW + 64) * sizeof(uint32_t))) return mk_buf_ok(&w->marks, err);
  uint32_t *marks = (uint32_t *)(void *)w->marks.p;
  *marks = UINT32_MAX;
  w->count = g->marker(w->p, w->n, separator, g->o.quote ? g->o.quote : separator, marks + 1);
  w->room = w->count / g->width + 2;
  if (!mk_buf_reserve(&w->spans, w->room * g->width * sizeof(grid_span)) || !mk_buf_reserve(&w->begins, w->room * sizeof(grid_begin)))
    return mk_buf_ok(&w->spans, err) && mk_buf_ok(&w->begins, err);
  cut_rows(g, w);
  return true;
}

/* That of what follows it; *next is NULL when nothing does that could be read so. */
static bool cut_next(mk_grid *g, const grid_window *w, grid_window **next, mk_err *err) {
  size_t at = (size_t)(w->p - g->in.p) + w->end;
  if (w->whole || w->verdict == GRID_OTHER || w->end == 0) {
    *next = NULL;
    return true;
  }
  if (g->in.n - at < 2 * WINDOW) grid_more(g); /* far behind what is being coded */
  return cut_window(g, *next, at, w->line, w->blanks, err);
}

/* ------------------------------------------------------------------ codes */

typedef struct { const mk_grid *g; const grid_window *w; atomic_size_t taken; } coding;

static uint32_t *new_codes(const grid_column *c) { return (uint32_t *)(void *)(c->codes.p + c->codes.n); }

/* Codes of a column in rows from one on: up to which row they are there without settling it. */
static size_t code_cells(const mk_grid *g, const grid_window *w, size_t col, size_t from) {
  grid_column *c = &g->columns[col];
  return from + grid_code_cells(g, c, w->p, grid_places_from(cells_of(w, col), from), w->rows - from, new_codes(c) + from);
}

static void code_column(coding *x, size_t col) { x->g->columns[col].coded = code_cells(x->g, x->w, col, 0); }

/* Each takes columns from its end on, until all are taken. */
static void code_first(coding *x) {
  for (size_t col = 0; atomic_fetch_add(&x->taken, 1) < x->g->width; col++) code_column(x, col);
}

static void code_last(void *arg) {
  coding *x = arg;
  for (size_t col = x->g->width; atomic_fetch_add(&x->taken, 1) < x->g->width; col--) code_column(x, col - 1);
}

static size_t text_size(const grid_window *w, size_t col) {
  const grid_places cells = cells_of(w, col);
  size_t sum = 0, n;
  for (size_t i = 0; i < w->rows; i++, sum += n) grid_cell_at(w->p, &cells, i, &n);
  return sum;
}

static bool make_room(mk_grid *g, const grid_window *w, mk_err *err) {
  if (g->rows > UINT32_MAX / 2 - w->rows) return mk_fail(err, MK_LIMIT, "the file has more lines than can be read at once");
  for (size_t col = 0; col < g->width; col++) {
    grid_column *c = &g->columns[col];
    size_t bytes = g->memory.cap ? text_size(w, col) : w->end; /* at most */
    if (!mk_buf_reserve(&c->codes, w->rows * sizeof(uint32_t))) return mk_buf_ok(&c->codes, err);
    if (!grid_column_room(g, c, w->rows, bytes, err)) return false;
  }
  return mk_buf_reserve(&g->lines, w->rows * sizeof(uint32_t)) || mk_buf_ok(&g->lines, err);
}

/* Codes the rows of a window; next, where it is given, is what follows it then, or NULL. */
static bool code_window(mk_grid *g, const grid_window *w, grid_window **next, mk_err *err) {
  coding x = {.g = g, .w = w};
  atomic_init(&x.taken, 0);
  if (!make_room(g, w, err)) return false;
  bool helped = *next && pool_begin(g->pool, code_last, &x);
  bool ok = !*next || cut_next(g, w, next, err);
  code_first(&x);
  if (helped) pool_end(*g->pool);
  for (size_t col = 0; ok && col < g->width; col++) {
    grid_column *c = &g->columns[col];
    size_t n = c->coded;
    if (n == w->rows) continue;
    ok = grid_column_settle(g, c, w->rows - n, err);
    if (ok) code_cells(g, w, col, n);
  }
  return ok;
}

/* ------------------------------------------------------------------ rows */

/* Rows up to the first one with a cell that is no text; all of them where there is none. */
static size_t good_rows(const mk_grid *g, const grid_window *w) {
  size_t good = w->rows;
  for (size_t col = 0; col < g->width; col++) {
    const grid_column *c = &g->columns[col];
    const uint32_t *codes = new_codes(c);
    for (size_t i = 0; c->bad && i < good; i++)
      if (c->marks.p[codes[i]] & GRID_BAD) good = i;
  }
  return good;
}

/* Room for all rows of a file of which so many bytes hold so many; where memory does not allow it, room is made as they come. */
static void expect_rows(mk_grid *g, size_t bytes, size_t rows) {
  size_t all = (size_t)(g->expected / bytes + 1) * rows;
  g->expected = 0;
  if (all > UINT32_MAX / 2) return;
  for (size_t c = 0; c < g->width; c++) {
    mk_buf *codes = &g->columns[c].codes;
    if (!mk_buf_reserve(codes, all * sizeof(uint32_t))) codes->failed = MK_OK;
  }
}

/* The rows of a window, which are coded, become the grid's; those from the first bad one on do not, which is left to be read then. */
static grid_verdict take_rows(mk_grid *g, const grid_window *w) {
  size_t good = good_rows(g, w);
  const grid_begin *begins = (const grid_begin *)(const void *)w->begins.p;
  uint32_t *lines = (uint32_t *)(void *)g->lines.p + g->rows;
  for (size_t i = 0; i < good; i++) lines[i] = begins[i].line;
  for (size_t c = 0; c < g->width; c++) g->columns[c].codes.n += good * sizeof(uint32_t);
  g->lines.n += good * sizeof(uint32_t);
  g->rows += good;
  bool all = good == w->rows;
  size_t end = all ? w->end : begins[good].at;
  g->line = all ? w->line : begins[good].line;
  g->blanks = all ? w->blanks : begins[good].blanks;
  g->at += end;
  if (g->expected && end && good) expect_rows(g, end, good);
  if (!all || w->verdict == GRID_OTHER) return GRID_OTHER;
  if (end == 0 && (!w->whole || g->ended)) return GRID_OTHER; /* longer than a window, or without a line end */
  return w->whole && !g->ended ? GRID_MORE : GRID_FULL;
}

grid_verdict grid_read_plain(mk_grid *g, mk_err *err) {
  size_t now = 0;
  grid_verdict v = GRID_FULL;
  if (!cut_window(g, &g->windows[0], g->at, g->line, g->blanks, err)) return GRID_OTHER;
  for (bool more = true; more && v == GRID_FULL; now = 1 - now) {
    grid_window *next = g->pool && g->rows >= ALONE ? &g->windows[1 - now] : NULL;
    if (!code_window(g, &g->windows[now], &next, err)) return GRID_OTHER;
    v = take_rows(g, &g->windows[now]);
    more = next != NULL;
  }
  return v;
}
