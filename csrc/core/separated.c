/* separated.c: CSV and TSV as people write them, fed in pieces: any line ends, quotes over lines, quotes inside plain
 * cells, ragged records. A record that cannot be read safely is given with what is wrong with it, and reading goes on
 * after it. What is read never depends on where the pieces end. May include: mk.h, libc strings. */
#include "mk.h"

#include <string.h>

enum { CELLS_MAX = 10000, RECORD_MAX = 64 << 20 };

/* inside a record; SKIP: to its end; RUN: through the lines behind a quote that was undone which are no records */
typedef enum { BEGIN, BLANKS, PLAIN, QUOTED, CLOSING, AFTER, SKIP, RUN } state;

typedef struct { size_t at, n, line, col; } cell;

/* in[start..at) is the record as far as it was looked at, so that a quote that is never closed can be undone; text holds
 * the cells as they are given. */
struct mk_separated {
  mk_mem *mem;
  mk_separated_opts o;
  state s;
  bool ended, after_cr, ready, blank;
  size_t start, at;         /* in in */
  size_t line, col;         /* of in[at] */
  size_t opened, open_line, open_col; /* where the last quote was opened */
  size_t blanks;            /* records without content that were passed over */
  size_t width;             /* cells of the first record */
  size_t run, separators;   /* lines of a run, and separators of its last one, */
  bool lost;                /* which is too long for a record */
  mk_buf in, text, cells, decoded;
  mk_err damage;
  bool stops[256];          /* bytes that end a run of a plain cell */
};

mk_separated *mk_separated_new(mk_mem *mem, const mk_separated_opts *opts, mk_err *err) {
  mk_separated *t = mk_zalloc(mem, sizeof *t, err);
  if (!t) return NULL;
  t->mem = mem;
  t->o = *opts;
  t->line = t->col = 1;
  t->stops[(unsigned char)opts->separator] = t->stops['\n'] = t->stops['\r'] = true;
  mk_buf_init(&t->in, mem);
  mk_buf_init(&t->text, mem);
  mk_buf_init(&t->cells, mem);
  mk_buf_init(&t->decoded, mem);
  return t;
}

void mk_separated_free(mk_separated *t) {
  if (!t) return;
  mk_buf_clear(&t->in);
  mk_buf_clear(&t->text);
  mk_buf_clear(&t->cells);
  mk_buf_clear(&t->decoded);
  mk_free(t->mem, t, sizeof *t);
}

bool mk_separated_feed(mk_separated *t, const char *s, size_t n, mk_err *err) {
  if (t->start > 0) {
    if (t->in.n > t->start) memmove(t->in.p, t->in.p + t->start, t->in.n - t->start);
    t->in.n -= t->start;
    t->at -= t->start;
    t->opened -= t->opened < t->start ? t->opened : t->start;
    t->start = 0;
  }
  mk_put(&t->in, s, n);
  return mk_buf_ok(&t->in, err);
}

void mk_separated_finish(mk_separated *t) { t->ended = true; }

void mk_separated_restart(mk_separated *t, size_t line) {
  t->in.n = t->cells.n = t->start = t->at = 0;
  t->line = line;
  t->col = 1;
  t->ended = t->after_cr = t->ready = false;
}

size_t mk_separated_rest(const mk_separated *t, size_t *line, bool *after_cr) {
  *line = t->line;
  *after_cr = t->after_cr;
  return t->in.n - t->at;
}

/* ------------------------------------------------------------------ cells */

static cell *last_cell(mk_separated *t) { return (cell *)(void *)(t->cells.p + t->cells.n) - 1; }

static void damage(mk_separated *t, mk_code code, size_t line, size_t col, const char *what, const char *hint) {
  if (mk_failed(&t->damage)) return;
  mk_fail(&t->damage, code, "%s", what);
  mk_at(&t->damage, line, col, 1);
  if (hint) mk_hint(&t->damage, "hint: %s", hint);
}

static size_t characters(const mk_separated *t, const char *p, size_t n) {
  size_t k = 0;
  if (t->o.raw || t->o.charset != MK_UTF8) return n;
  for (size_t i = 0; i < n; i++) k += ((unsigned char)p[i] & 0xC0) != 0x80;
  return k;
}

static void open_cell(mk_separated *t) {
  cell c = {t->text.n, 0, t->line, t->col};
  if (t->cells.n / sizeof c < CELLS_MAX) {
    mk_put(&t->cells, (const char *)&c, sizeof c);
    t->s = BEGIN;
    return;
  }
  damage(t, MK_LIMIT, t->line, t->col, "a record has more than 10000 cells", "is the separator right?");
  t->s = SKIP;
}

static bool ascii_text(const char *p, size_t n) {
  for (size_t i = 0; i < n; i++) {
    unsigned char b = (unsigned char)p[i];
    if (b >= 0x7F || (b < 0x20 && b != '\t' && b != '\n' && b != '\r')) return false;
  }
  return true;
}

static void decode_cell(mk_separated *t, cell *c, mk_err *err) {
  const char *p = t->text.p + c->at;
  if (t->o.doubt && mk_utf8_check(p, c->n) == c->n)
    damage(t, MK_AMBIGUOUS, c->line, c->col, "a cell is UTF-8 in a file that is read in another character set",
           "keep parts in different character sets in different files");
  t->decoded.n = 0;
  if (!mk_decode(&t->decoded, p, c->n, t->o.charset, err)) return;
  t->text.n = c->at;
  mk_put(&t->text, t->decoded.p, t->decoded.n);
  c->n = t->decoded.n;
}

/* The cell ends: its text is checked, or decoded. */
static void close_cell(mk_separated *t, mk_err *err) {
  if (t->cells.failed || t->text.failed) return;
  cell *c = last_cell(t);
  c->n = t->text.n - c->at;
  if (!c->n) return;
  const char *p = t->text.p + c->at;
  for (size_t i = 0; i < c->n && t->blank; i++) t->blank = p[i] == ' ' || p[i] == '\t';
  if (t->o.raw) return;
  if (memchr(p, 0, c->n)) damage(t, MK_SYNTAX, c->line, c->col, "a cell holds a zero byte", "is this a text file?");
  if (t->o.charset == MK_UTF8) {
    size_t good = mk_utf8_check(p, c->n);
    if (good == c->n || mk_failed(&t->damage)) return;
    mk_fail(&t->damage, MK_SYNTAX, "byte %z of a cell is not UTF-8", good + 1);
    mk_at(&t->damage, c->line, c->col, 1);
    mk_hint(&t->damage, "hint: save the file as 'CSV UTF-8', or name its character set with the option charset");
  } else if (t->o.charset == MK_VIQR || !ascii_text(p, c->n)) {
    decode_cell(t, c, err);
  }
}

/* ------------------------------------------------------------------ records */

static void begin_record(mk_separated *t) {
  t->start = t->at;
  t->text.n = t->cells.n = 0;
  t->damage = (mk_err){0};
  t->ready = false;
  t->blank = true;
  open_cell(t);
}

/* Moves over n bytes without line ends, which belong to the cell when keep is set. */
static void pass(mk_separated *t, size_t n, bool keep) {
  const char *p = t->in.p + t->at;
  if (keep) mk_put(&t->text, p, n);
  t->col += characters(t, p, n);
  t->at += n;
}

/* Moves over the line end at in[at]; a CR LF may be cut by the end of a piece. */
static void pass_line(mk_separated *t, bool keep) {
  char b = t->in.p[t->at];
  if (keep) mk_putc(&t->text, b);
  t->at++;
  if (b == '\n' && t->after_cr) {
    t->after_cr = false;
    return;
  }
  t->after_cr = b == '\r';
  t->line++;
  t->col = 1;
}

/* Behind the line of a quote that was undone: lines with fewer separators than a record are the rest of its cell. */
static void begin_run(mk_separated *t) {
  t->s = RUN;
  t->start = t->at;
  t->run = t->separators = 0;
  t->lost = false;
}

static void end_run(mk_separated *t) {
  mk_err *e = &t->damage;
  t->ready = true;
  if (t->run == 0 || e->line != t->open_line || e->col != t->open_col) return;
  mk_err quote = *e;
  *e = (mk_err){0};
  mk_fail(e, quote.code, "%s; the next %z lines, which are no rows, are taken as part of it", quote.msg, t->run);
  mk_at(e, quote.line, quote.col, 1);
  memcpy(e->hint, quote.hint, sizeof e->hint);
}

static void step_run(mk_separated *t) {
  const char *p = t->in.p + t->at;
  size_t n = t->in.n - t->at, k = 0;
  if (p[0] == '\n' || p[0] == '\r') {
    t->run += !(p[0] == '\n' && t->after_cr);
    pass_line(t, false);
    t->start = t->at;
    t->separators = 0;
    t->lost = false;
    return;
  }
  t->after_cr = false;
  for (; k < n && p[k] != '\n' && p[k] != '\r'; k++) {
    if (p[k] != t->o.separator || ++t->separators < t->width - 1 || t->lost) continue;
    t->at = t->start; /* a record begins here */
    t->col = 1;
    end_run(t);
    return;
  }
  pass(t, k, false);
  t->lost = t->lost || t->at - t->start > RECORD_MAX;
  if (t->lost) t->start = t->at;
}

/* Goes back to the end of the line in which the quote was opened; what stands up to there is the damaged cell. */
static void undo_quote(mk_separated *t, mk_err *err) {
  const char *p = t->in.p + t->opened;
  size_t n = t->at - t->opened, k = 0;
  bool last = t->at == t->in.n; /* else the cell is too long */
  damage(t, last ? MK_SYNTAX : MK_LIMIT, t->open_line, t->open_col,
         last ? "a quoted cell is never closed" : "a quoted cell is longer than 64 MiB", "is a closing quote missing?");
  while (k < n && p[k] != '\n' && p[k] != '\r') k++;
  t->text.n = last_cell(t)->at;
  mk_put(&t->text, p, k);
  t->at = t->opened + k;
  t->line = t->open_line;
  t->col = t->open_col + 1 + characters(t, p, k);
  t->after_cr = false;
  close_cell(t, err);
  if (k < n) pass_line(t, false);
  if (k < n && t->width > 1) begin_run(t);
  else if (k < n || last) t->ready = true;
  else t->s = SKIP;
}

static void end_record(mk_separated *t, mk_err *err) {
  if (t->s != SKIP) close_cell(t, err);
  if (t->at < t->in.n) pass_line(t, false);
  t->ready = true;
}

static void step_plain(mk_separated *t, size_t end, mk_err *err) {
  const char *p = t->in.p + t->at;
  size_t n = end - t->at, k = 0;
  while (k < n && !t->stops[(unsigned char)p[k]]) k++;
  pass(t, k, true);
  if (k == n) return;
  if (p[k] != t->o.separator) { end_record(t, err); return; }
  close_cell(t, err);
  pass(t, 1, false);
  open_cell(t);
}

static void step_quoted(mk_separated *t, size_t end) {
  const char *p = t->in.p + t->at;
  size_t n = end - t->at, k = 0;
  if (p[0] == '\n' || p[0] == '\r') { pass_line(t, true); return; }
  t->after_cr = false;
  while (k < n && p[k] != t->o.quote && p[k] != '\n' && p[k] != '\r') k++;
  pass(t, k, true);
  if (k == n || p[k] != t->o.quote) return;
  pass(t, 1, false);
  t->s = CLOSING;
}

static bool is_blank(const mk_separated *t, char b) { return (b == ' ' || b == '\t') && b != t->o.separator; }

/* At the begin of a cell, or after a quote in it: one byte decides. */
static void step_edge(mk_separated *t) {
  char b = t->in.p[t->at];
  bool quote = t->o.quote && b == t->o.quote;
  if (t->s == CLOSING && quote) {
    pass(t, 1, true);
    t->s = QUOTED;
  } else if (t->s == CLOSING || t->s == AFTER) {
    if (is_blank(t, b)) {
      pass(t, 1, false);
      t->s = AFTER;
      return;
    }
    if (!t->stops[(unsigned char)b])
      damage(t, MK_SYNTAX, t->line, t->col, "text follows the closing quote of a cell", "a quote inside quotes is written twice");
    t->s = PLAIN;
  } else if (quote) {
    t->text.n = last_cell(t)->at;
    t->open_line = t->line;
    t->open_col = t->col;
    pass(t, 1, false);
    t->opened = t->at;
    t->after_cr = false;
    t->s = QUOTED;
  } else if (is_blank(t, b)) {
    pass(t, 1, true);
    t->s = BLANKS;
  } else {
    t->s = PLAIN;
  }
}

static void step_skip(mk_separated *t) {
  const char *p = t->in.p + t->at;
  size_t n = t->in.n - t->at, k = 0;
  while (k < n && p[k] != '\n' && p[k] != '\r') k++;
  pass(t, k, false);
  t->start = t->at;
}

static void step(mk_separated *t, mk_err *err) {
  size_t end = t->in.n - t->start > RECORD_MAX ? t->start + RECORD_MAX : t->in.n;
  char b = t->in.p[t->at];
  if (t->s == SKIP) {
    if (b == '\n' || b == '\r') end_record(t, err);
    else step_skip(t);
  } else if (t->s == RUN) {
    step_run(t);
  } else if (t->at == end) {
    if (t->s == QUOTED) { undo_quote(t, err); return; }
    damage(t, MK_LIMIT, t->line, t->col, "a record is longer than 64 MiB", NULL);
    close_cell(t, err);
    t->s = SKIP;
  } else if (t->s == QUOTED) {
    step_quoted(t, end);
  } else if (t->s == PLAIN) {
    step_plain(t, end, err);
  } else {
    step_edge(t);
  }
}

/* All bytes that there will be are read. */
static void at_end(mk_separated *t, mk_err *err) {
  if (t->s == QUOTED) {
    undo_quote(t, err);
  } else if (t->s == RUN) {
    t->run += t->at > t->start || t->lost;
    end_run(t);
  } else {
    end_record(t, err);
  }
}

static bool usable(mk_separated *t, mk_err *err) {
  return mk_buf_ok(&t->in, err) && mk_buf_ok(&t->text, err) && mk_buf_ok(&t->cells, err) && mk_buf_ok(&t->decoded, err);
}

int mk_separated_next(mk_separated *t, mk_err *err) {
  mk_err own = {0};
  if (!err) err = &own;
  if (t->ready) t->cells.n = 0;
  for (;;) {
    if (!usable(t, err)) return -1;
    if (t->cells.n == 0) {
      /* The second half of a CR LF, then the next record. */
      bool second = t->after_cr && t->at < t->in.n && t->in.p[t->at] == '\n';
      if (t->at < t->in.n) t->after_cr = false;
      if (second) t->at++;
      if (t->at == t->in.n) { t->start = t->at; return 0; }
      begin_record(t);
      continue;
    }
    if (t->at < t->in.n) step(t, err);
    else if (t->ended) at_end(t, err);
    else return 0;
    if (!t->ready || !usable(t, err)) continue;
    if (t->width == 0) t->width = mk_separated_count(t);
    if (!t->blank || mk_failed(&t->damage)) return 1;
    t->blanks++;
    t->cells.n = 0;
  }
}

/* ------------------------------------------------------------------ what was read */

static const cell *cell_at(const mk_separated *t, size_t i) { return (const cell *)(const void *)t->cells.p + i; }

size_t mk_separated_count(const mk_separated *t) { return t->cells.n / sizeof(cell); }
size_t mk_separated_blanks(const mk_separated *t) { return t->blanks; }
const mk_err *mk_separated_damage(const mk_separated *t) { return mk_failed(&t->damage) ? &t->damage : NULL; }

const char *mk_separated_cell(const mk_separated *t, size_t i, size_t *n) {
  const cell *c = cell_at(t, i);
  *n = c->n;
  return c->n ? t->text.p + c->at : "";
}

void mk_separated_place(const mk_separated *t, size_t i, size_t *line, size_t *col) {
  *line = cell_at(t, i)->line;
  *col = cell_at(t, i)->col;
}
