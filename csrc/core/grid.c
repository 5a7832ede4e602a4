/* grid.c: records of separated text taken in as codes of columns. Records whose cells stand plainly between their separators
 * are cut out along the marks of grid_scan.c; the others, one by one, are read by the reader of separated cells, which
 * is what decides. May include: grid.h, libc strings. */
#include "grid.h"

#include <string.h>

enum { WINDOW = 65536, PAD = 64, SLICE = 4096 };

/* ------------------------------------------------------------------ making one */

mk_grid *grid_new(const mk_mem *cap, const mk_separated_opts *o, size_t width, size_t line, bool plain, mk_err *err) {
  mk_grid *g = mk_zalloc(NULL, sizeof *g, err);
  if (!g) return NULL;
  if (cap) g->memory.cap = cap->cap;
  g->mem = &g->memory;
  g->o = *o;
  g->line = line;
  g->marker = plain ? grid_marks_plain : grid_marks_best();
  g->strict = o->raw || o->charset != MK_UTF8;
  mk_buf *bufs[] = {&g->in, &g->places, &g->spans, &g->begins, &g->lines, &g->apart, &g->cells, &g->texts, &g->damages};
  for (size_t i = 0; i < sizeof bufs / sizeof bufs[0]; i++) mk_buf_init(bufs[i], g->mem);
  g->slow = mk_separated_new(g->mem, o, err);
  g->columns = g->slow ? mk_zalloc(g->mem, width * sizeof *g->columns, err) : NULL;
  bool ok = g->columns != NULL;
  if (ok) g->width = width;
  for (size_t c = 0; ok && c < width; c++) ok = grid_column_init(g, &g->columns[c], err);
  if (ok && mk_buf_reserve(&g->places, WINDOW * sizeof(uint32_t))) return g;
  mk_buf_ok(&g->places, err);
  grid_free(g);
  return NULL;
}

void grid_free(mk_grid *g) {
  if (!g) return;
  for (size_t c = 0; c < g->width; c++) grid_column_clear(g, &g->columns[c]);
  if (g->columns) mk_free(g->mem, g->columns, g->width * sizeof *g->columns);
  mk_buf *bufs[] = {&g->in, &g->places, &g->spans, &g->begins, &g->lines, &g->apart, &g->cells, &g->texts, &g->damages};
  for (size_t i = 0; g->mem && i < sizeof bufs / sizeof bufs[0]; i++) mk_buf_clear(bufs[i]);
  mk_separated_free(g->slow);
  mk_free(NULL, g, sizeof *g);
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
  for (size_t slice = g->strict ? WINDOW : SLICE; (step = mk_separated_next(g->slow, err)) == 0; slice *= 4) {
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

/* ------------------------------------------------------------------ the fast way */

typedef enum { MORE, ODD, FULL } verdict;

typedef struct { uint32_t at; size_t blanks; } begin; /* of a row, and the blank ones before it */

/* A window of marks over p[0..n), and the rows that were cut out of it: spans column by column, with room for some rows each. */
typedef struct {
  mk_grid *g;
  const char *p;
  size_t n, k, count, rows, room;
  const uint32_t *marks;
  grid_span *spans;
  begin *begins;
} window;

/* The cell that begins at `from` and its end, the next mark being at w->k: moves behind the closing quote of a quoted one. lines
 * counts line ends inside. FULL: it is [*from, *to). */
static verdict cut(window *w, size_t *from, size_t *to, size_t *lines) {
  char quote = w->g->o.quote;
  for (; w->k < w->count; w->k++) {
    size_t at = w->marks[w->k];
    if (!quote || w->p[at] != quote) { *to = at; return FULL; }
    if (at == *from) break;
    size_t i = *from;
    while (i < at && (w->p[i] == ' ' || w->p[i] == '\t')) i++;
    if (i == at) return ODD; /* blanks before a quote; else the quote is part of the text */
  }
  for (w->k++, ++*from; w->k < w->count && w->p[w->marks[w->k]] != quote; w->k++) {
    char b = w->p[w->marks[w->k]];
    bool half = b == '\n' && w->k && w->marks[w->k - 1] + 1 == w->marks[w->k] && w->p[w->marks[w->k - 1]] == '\r';
    if (b == '\r' || (b == '\n' && !half)) ++*lines;
  }
  if (w->k + 1 >= w->count) return MORE;
  *to = w->marks[w->k];
  size_t next = w->marks[++w->k];
  return next != *to + 1 || w->p[next] == quote ? ODD : FULL;
}

static bool is_blank(const char *p, size_t n) {
  size_t i = 0;
  while (i < n && (p[i] == ' ' || p[i] == '\t')) i++;
  return i == n;
}

/* A row of the window, whose spans are there. */
static void put_row(window *w, size_t at) {
  mk_grid *g = w->g;
  ((uint32_t *)(void *)g->lines.p)[g->rows + w->rows] = (uint32_t)g->line;
  g->lines.n += sizeof(uint32_t);
  w->begins[w->rows++] = (begin){(uint32_t)at, g->blanks};
}

/* The same for a record whose cells are all bare, and the first of them is not empty; false: it is another one. */
static bool cut_bare(window *w, size_t *at) {
  mk_grid *g = w->g;
  size_t last = g->width - 1, from = *at, more = 0;
  const uint32_t *marks = w->marks + w->k;
  if (w->count - w->k < g->width + 1 || (unsigned char)w->p[from] <= 0x20 || marks[0] == from) return false;
  for (size_t i = 0; i < last; i++)
    if (w->p[marks[i]] != g->o.separator) return false;
  if (w->p[marks[last]] == '\r') more = marks[last] + 1 == marks[last + 1];
  if (w->p[marks[last + more]] != '\n') return false;
  grid_span *to = w->spans + w->rows;
  for (size_t i = 0; i <= last; i++, to += w->room) {
    *to = (grid_span){(uint32_t)from, marks[i] - (uint32_t)from};
    from = marks[i] + 1;
  }
  put_row(w, *at);
  w->k += g->width + more;
  *at = from + more;
  g->line++;
  return true;
}

/* The record at w->p + *at into the spans. FULL: read, or passed over when blank; *at is behind it. */
static verdict cut_record(window *w, size_t *at) {
  mk_grid *g = w->g;
  size_t from = *at, end, lines = 1, col = 0;
  grid_span *to_spans = w->spans + w->rows;
  bool blank = true;
  for (;; col++) {
    size_t to;
    verdict v = cut(w, &from, &to, &lines);
    if (v != FULL) return v;
    if (w->k >= w->count) return MORE;
    size_t mark = w->marks[w->k];
    char b = w->p[mark];
    if (col >= g->width) return ODD;
    to_spans[col * w->room] = (grid_span){(uint32_t)from, (uint32_t)(to - from)};
    blank = blank && is_blank(w->p + from, to - from);
    w->k++;
    if (b == g->o.separator) { from = mark + 1; continue; }
    if (b == '\r') {
      if (mark + 1 == w->n) return MORE;
      if (w->p[++mark] != '\n') return ODD;
      w->k++;
    }
    end = mark + 1;
    break;
  }
  if (col + 1 != g->width && !blank) return ODD;
  if (blank) g->blanks++;
  else put_row(w, *at);
  g->line += lines;
  *at = end;
  return FULL;
}

/* The codes of a column of the rows; make_room made room. */
static bool code_column(const window *w, size_t col, mk_err *err) {
  grid_column *c = &w->g->columns[col];
  return grid_code_cells(w->g, c, w->p, w->spans + col * w->room, w->rows, (uint32_t *)(void *)(c->codes.p + c->codes.n), err);
}

/* Rows up to the first one with a cell that is no text; all of them where there is none. */
static size_t good_rows(const window *w) {
  size_t good = w->rows;
  for (size_t c = 0; c < w->g->width; c++) {
    const grid_column *column = &w->g->columns[c];
    const uint32_t *codes = (const uint32_t *)(const void *)(column->codes.p + column->codes.n);
    for (size_t i = 0; column->bad && i < good; i++)
      if (column->marks.p[codes[i]] & GRID_BAD) good = i;
  }
  return good;
}

/* The rows cut out of a window become rows; those from the first bad one on do not: *at is before that one then. */
static verdict take_rows(window *w, size_t *at, verdict v, mk_err *err) {
  mk_grid *g = w->g;
  if (!mk_buf_ok(&g->lines, err)) return ODD;
  for (size_t c = 0; c < g->width; c++)
    if (!code_column(w, c, err)) return ODD;
  size_t good = good_rows(w);
  for (size_t c = 0; c < g->width; c++) g->columns[c].codes.n += good * sizeof(uint32_t);
  g->rows += good;
  if (good == w->rows) return v;
  g->line = ((const uint32_t *)(const void *)g->lines.p)[g->rows];
  g->lines.n = g->rows * sizeof(uint32_t);
  g->blanks = w->begins[good].blanks;
  *at = w->begins[good].at;
  return ODD;
}

static bool make_room(mk_grid *g, size_t rows, mk_err *err) {
  if (g->line > UINT32_MAX - WINDOW || g->rows > UINT32_MAX / 2 - rows)
    return mk_fail(err, MK_LIMIT, "the file has more lines than can be read at once");
  for (size_t c = 0; c < g->width; c++)
    if (!mk_buf_reserve(&g->columns[c].codes, rows * sizeof(uint32_t))) return mk_buf_ok(&g->columns[c].codes, err);
  mk_buf_reserve(&g->spans, rows * g->width * sizeof(grid_span));
  mk_buf_reserve(&g->begins, rows * sizeof(begin));
  mk_buf_reserve(&g->lines, rows * sizeof(uint32_t));
  return mk_buf_ok(&g->spans, err) && mk_buf_ok(&g->begins, err) && mk_buf_ok(&g->lines, err);
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

/* Reads records of in[at..) as long as they are plain: MORE when more bytes are needed, ODD for one that is not. */
static verdict read_fast(mk_grid *g, mk_err *err) {
  size_t n = g->in.n - g->at;
  bool whole = n <= WINDOW;
  if (!whole) n = WINDOW;
  window w = {.g = g, .p = g->in.p + g->at, .n = n, .marks = (const uint32_t *)(const void *)g->places.p};
  w.count = g->marker(w.p, n, g->o.separator, g->o.quote ? g->o.quote : g->o.separator, (uint32_t *)(void *)g->places.p);
  w.room = w.count / g->width + 2;
  if (!make_room(g, w.room, err)) return ODD;
  w.spans = (grid_span *)(void *)g->spans.p;
  w.begins = (begin *)(void *)g->begins.p;
  size_t at = 0;
  verdict v = FULL;
  while (v == FULL && at < n)
    if (!cut_bare(&w, &at)) v = cut_record(&w, &at);
  v = take_rows(&w, &at, v, err);
  if (mk_failed(err)) return ODD;
  g->at += at;
  if (g->expected && at && w.rows) expect_rows(g, at, w.rows);
  if (v == ODD) return ODD;
  if (at == 0 && (!whole || g->ended)) return ODD; /* longer than a window, or without a line end */
  return whole && !g->ended ? MORE : FULL;
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
      verdict v = read_fast(g, err);
      if (mk_failed(err)) return false;
      if (v == MORE) break;
      if (v == FULL) continue;
    }
    int step = read_slowly(g, err);
    if (step < 0) return false;
    if (step == 0) break;
  }
  return true;
}

char *grid_room(mk_grid *g, size_t n, mk_err *err) {
  if (g->at) {
    memmove(g->in.p, g->in.p + g->at, g->in.n - g->at);
    g->in.n -= g->at;
    g->at = 0;
  }
  if (mk_buf_reserve(&g->in, n + PAD)) return g->in.p + g->in.n;
  mk_buf_ok(&g->in, err);
  return NULL;
}

bool grid_take(mk_grid *g, size_t n, mk_err *err) {
  mk_err own = {0};
  g->ended = n == 0;
  g->in.n += n;
  memset(g->in.p + g->in.n, 0, PAD);
  return take_in(g, err ? err : &own);
}

bool grid_feed(mk_grid *g, const char *s, size_t n, mk_err *err) {
  char *room = grid_room(g, n, err);
  if (!room) return false;
  memcpy(room, s, n);
  return grid_take(g, n, err);
}
