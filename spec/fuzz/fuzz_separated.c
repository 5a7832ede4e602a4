/* fuzz_separated.c: CSV as people write it gives the same records whatever the pieces it is read in, and those that a
 * plain reader of the whole text gives. The first byte chooses separator and quote. */
#include "fuzz.h"

typedef struct { const char *s; size_t n, at, line, width; char separator, quote; bool damaged, open; } plain; /* open: a quote was never closed */

static bool line_end(const plain *x) { return x->at < x->n && (x->s[x->at] == '\n' || x->s[x->at] == '\r'); }
static bool cell_end(const plain *x) { return x->at == x->n || line_end(x) || x->s[x->at] == x->separator; }

static void pass_line(plain *x) {
  if (x->s[x->at++] == '\r' && x->at < x->n && x->s[x->at] == '\n') x->at++;
  x->line++;
}

static void pass_blanks(plain *x) {
  while (x->at < x->n && (x->s[x->at] == ' ' || x->s[x->at] == '\t') && x->s[x->at] != x->separator) x->at++;
}

/* A quoted cell, at on its quote; false when it is never closed, and then at is where its line ends. */
static bool quoted(plain *x, mk_buf *cell) {
  plain from = *x;
  for (x->at++; x->at < x->n;) {
    size_t at = x->at;
    if (x->s[at] == x->quote && (at + 1 == x->n || x->s[at + 1] != x->quote)) {
      x->at++;
      return true;
    }
    if (x->s[at] == x->quote) x->at += 2, mk_putc(cell, x->quote);
    else if (line_end(x)) pass_line(x), mk_put(cell, x->s + at, x->at - at);
    else x->at++, mk_putc(cell, x->s[at]);
  }
  *x = from;
  cell->n = 0;
  for (x->at++; x->at < x->n && !line_end(x); x->at++) mk_putc(cell, x->s[x->at]);
  return false;
}

static bool bad_text(const mk_buf *cell) {
  return cell->n && (memchr(cell->p, 0, cell->n) || mk_utf8_check(cell->p, cell->n) != cell->n);
}

static void read_cell(plain *x, mk_buf *cell) {
  size_t from = x->at;
  cell->n = 0;
  pass_blanks(x);
  if (x->quote && x->at < x->n && x->s[x->at] == x->quote) {
    if (!quoted(x, cell)) { x->damaged = x->open = true; return; }
    pass_blanks(x);
    if (!cell_end(x)) x->damaged = true;
  } else {
    x->at = from;
  }
  while (!cell_end(x)) mk_putc(cell, x->s[x->at++]);
}

static bool blank(const mk_buf *cell) {
  for (size_t i = 0; i < cell->n; i++)
    if (cell->p[i] != ' ' && cell->p[i] != '\t') return false;
  return true;
}

/* Behind the line of such a quote: lines with fewer cells than the first record belong to it. */
static void pass_run(plain *x) {
  while (x->at < x->n) {
    size_t from = x->at, cells = 1;
    for (; x->at < x->n && !line_end(x); x->at++) cells += x->s[x->at] == x->separator;
    if (cells >= x->width) { x->at = from; return; }
    if (x->at < x->n) pass_line(x);
  }
}

/* Records as text, one after the other. */
static void parse_plain(mk_buf *out, plain x) {
  mk_buf cell = {0}, record = {0};
  x.line = 1;
  while (x.at < x.n) {
    size_t line = x.line, count = 0;
    bool empty = true, more = true;
    x.damaged = x.open = false;
    record.n = 0;
    while (more) {
      read_cell(&x, &cell);
      if (bad_text(&cell)) x.damaged = true;
      empty = empty && blank(&cell);
      mk_putf(&record, "%z ", cell.n);
      mk_put(&record, fuzz_text(&cell), cell.n);
      count++;
      more = x.at < x.n && x.s[x.at] == x.separator;
      if (more) x.at++;
    }
    if (line_end(&x)) {
      pass_line(&x);
      if (x.open && x.width > 1) pass_run(&x);
    }
    if (!x.width) x.width = count;
    if (empty && !x.damaged) continue;
    mk_putf(out, "%z: %z %s ", line, count, x.damaged ? "damaged" : "sound");
    mk_put(out, fuzz_text(&record), record.n);
    mk_putc(out, '\n');
  }
  mk_buf_clear(&cell);
  mk_buf_clear(&record);
}

static void parse(mk_buf *out, mk_buf *places, plain x, size_t piece) {
  mk_err err = {0};
  mk_mem mem = {0};
  mk_separated_opts o = {.separator = x.separator, .quote = x.quote, .charset = MK_UTF8};
  mk_separated *t = mk_separated_new(&mem, &o, &err);
  for (size_t at = 0;;) {
    while (mk_separated_next(t, &err) == 1) {
      size_t line = 0, col, n, first = 0;
      const mk_err *damage = mk_separated_damage(t);
      mk_separated_place(t, 0, &first, &col);
      mk_putf(out, "%z: %z %s ", first, mk_separated_count(t), damage ? "damaged" : "sound");
      for (size_t i = 0; i < mk_separated_count(t); i++) {
        const char *s = mk_separated_cell(t, i, &n);
        mk_separated_place(t, i, &line, &col);
        mk_putf(places, "%z,%z ", line, col);
        mk_putf(out, "%z ", n);
        mk_put(out, s, n);
      }
      mk_putc(out, '\n');
      if (damage) mk_putf(places, "%s %z %z\n", damage->msg, damage->line, damage->col);
    }
    MUST(!mk_failed(&err));
    if (at == x.n) break;
    size_t n = piece && piece < x.n - at ? piece : x.n - at;
    MUST(mk_separated_feed(t, x.s + at, n, &err));
    at += n;
    if (at == x.n) mk_separated_finish(t);
  }
  mk_putf(places, "%z blank", mk_separated_blanks(t));
  mk_separated_free(t);
  MUST(mem.used == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  mk_buf judge = {0}, got[3] = {{0}}, places[3] = {{0}};
  if (size == 0) return 0;
  plain x = {.s = (const char *)data + 1, .n = size - 1};
  x.separator = ",;\t|"[data[0] & 3];
  x.quote = data[0] & 8 ? '\0' : data[0] & 4 ? '\'' : '"';
  parse_plain(&judge, x);
  for (size_t i = 0; i < 3; i++) parse(&got[i], &places[i], x, i == 0 ? 0 : i == 1 ? 1 : 1 + size % 7);
  MUST(fuzz_same(&judge, &got[0]));
  for (size_t i = 1; i < 3; i++) MUST(fuzz_same(&got[0], &got[i]) && fuzz_same(&places[0], &places[i]));
  mk_buf_clear(&judge);
  for (size_t i = 0; i < 3; i++) mk_buf_clear(&got[i]), mk_buf_clear(&places[i]);
  return 0;
}
