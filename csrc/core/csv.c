/* csv.c: strict CSV (RFC 4180) read in pieces: quoted fields over lines, doubled quotes, CRLF or LF, with the line and
 * column (in characters) of every field. What is not CSV is refused with its place. May include: mk.h. */
#include "mk.h"

#include <string.h>

enum { PIECE = 65536, FIELDS_MAX = 1000, RECORD_MAX = 64 << 20 };

typedef struct { size_t at, n, line, col; } field;

struct mk_csv {
  mk_mem *mem;
  mk_read read;
  void *ctx;
  char separator;
  bool begun, ended;
  size_t at, n;      /* unread bytes: piece[at..n) */
  size_t line, col;  /* of the next byte */
  mk_buf text, fields;
  char piece[PIECE];
};

mk_csv *mk_csv_new(mk_mem *mem, char separator, mk_read read, void *ctx, mk_err *err) {
  mk_csv *c = mk_alloc(mem, sizeof *c, err);
  if (!c) return NULL;
  memset(c, 0, offsetof(struct mk_csv, piece));
  c->mem = mem;
  c->read = read;
  c->ctx = ctx;
  c->separator = separator;
  c->line = c->col = 1;
  mk_buf_init(&c->text, mem);
  mk_buf_init(&c->fields, mem);
  return c;
}

void mk_csv_free(mk_csv *c) {
  if (!c) return;
  mk_buf_clear(&c->text);
  mk_buf_clear(&c->fields);
  mk_free(c->mem, c, sizeof *c);
}

static bool bad(size_t line, size_t col, mk_code code, const char *what, const char *hint, mk_err *err) {
  mk_fail(err, code, "%s", what);
  mk_at(err, line, col, 1);
  if (hint) mk_hint(err, "hint: %s", hint);
  return false;
}

static void fill(mk_csv *c, mk_err *err) {
  if (c->at > 0) {
    memmove(c->piece, c->piece + c->at, c->n - c->at);
    c->n -= c->at;
    c->at = 0;
  }
  ptrdiff_t got = c->ended || mk_failed(err) ? 0 : c->read(c->ctx, c->piece + c->n, sizeof c->piece - c->n, err);
  if (got < 0) mk_fail(err, MK_IO, "reading failed"); /* unless the reader said why */
  if (got <= 0) c->ended = true;
  else c->n += (size_t)got;
}

/* The next byte, or -1 at the end or after a failed read. */
static int peek(mk_csv *c, mk_err *err) {
  if (c->at == c->n && !c->ended) fill(c, err);
  return c->at < c->n ? (unsigned char)c->piece[c->at] : -1;
}

static void skip(mk_csv *c) {
  unsigned char b = (unsigned char)c->piece[c->at++];
  if (b == '\n') c->line++, c->col = 1;
  else if ((b & 0xC0) != 0x80) c->col++;
}

static bool begin(mk_csv *c, mk_err *err) {
  c->begun = true;
  while (c->n < 3 && !c->ended) fill(c, err);
  const unsigned char *p = (const unsigned char *)c->piece;
  if (c->n >= 3 && p[0] == 0xEF && p[1] == 0xBB && p[2] == 0xBF) c->at = 3;
  if (c->n >= 2 && ((p[0] == 0xFF && p[1] == 0xFE) || (p[0] == 0xFE && p[1] == 0xFF)))
    return bad(1, 1, MK_SYNTAX, "this is UTF-16, not UTF-8", "save the file as 'CSV UTF-8'", err);
  return !mk_failed(err);
}

static bool quoted(mk_csv *c, const field *f, mk_err *err) {
  skip(c);
  for (;;) {
    int b = peek(c, err);
    if (b < 0)
      return !mk_failed(err) && bad(f->line, f->col, MK_SYNTAX, "a quoted field is never closed", "add the closing '\"'", err);
    skip(c);
    if (b == '"') {
      if (peek(c, err) != '"') return !mk_failed(err);
      skip(c);
    }
    mk_putc(&c->text, (char)b);
    if (c->text.n > RECORD_MAX) return bad(f->line, f->col, MK_LIMIT, "a record is longer than 64 MiB", "is a quote missing?", err);
  }
}

static bool plain(mk_csv *c, mk_err *err) {
  for (;;) {
    int b = peek(c, err);
    if (b < 0 || b == c->separator || b == '\n' || b == '\r') return !mk_failed(err);
    if (b == '"')
      return bad(c->line, c->col, MK_SYNTAX, "a '\"' stands inside a field that does not begin with one",
                 "put the whole field in quotes and write the inner quote twice", err);
    skip(c);
    mk_putc(&c->text, (char)b);
    if (c->text.n > RECORD_MAX) return bad(c->line, c->col, MK_LIMIT, "a record is longer than 64 MiB", NULL, err);
  }
}

static bool check_field(const mk_csv *c, const field *f, mk_err *err) {
  const char *p = f->n ? c->text.p + f->at : "";
  size_t good = mk_utf8_check(p, f->n);
  if (good != f->n) {
    mk_fail(err, MK_SYNTAX, "byte %z of the field is not UTF-8", good + 1);
    mk_at(err, f->line, f->col, 1);
    mk_hint(err, "hint: save the file as 'CSV UTF-8'");
    return false;
  }
  if (memchr(p, 0, f->n)) return bad(f->line, f->col, MK_SYNTAX, "the field holds a zero byte", "is this a text file?", err);
  return true;
}

/* After a field: 1 another follows, 0 the record ends, -1 neither. */
static int after(mk_csv *c, bool was_quoted, mk_err *err) {
  int b = peek(c, err);
  if (mk_failed(err)) return -1;
  if (b < 0) return 0;
  size_t line = c->line, col = c->col;
  if (b == c->separator) { skip(c); return 1; }
  if (b == '\n') { skip(c); return 0; }
  if (b == '\r') {
    skip(c);
    if (peek(c, err) == '\n') { skip(c); return 0; }
    bad(line, col, MK_SYNTAX, "a carriage return without a line feed", "lines end with LF or CR LF", err);
    return -1;
  }
  if (was_quoted) bad(line, col, MK_SYNTAX, "text follows the closing quote of a field", "a quote inside quotes is written twice", err);
  return -1;
}

int mk_csv_next(mk_csv *c, mk_err *err) {
  mk_err own = {0};
  if (!err) err = &own;
  if (mk_failed(err) || (!c->begun && !begin(c, err))) return -1;
  c->text.n = c->fields.n = 0;
  if (peek(c, err) < 0) return mk_failed(err) ? -1 : 0;
  for (size_t count = 1;; count++) {
    int first = peek(c, err);
    field f = {c->text.n, 0, c->line, c->col};
    if (count > FIELDS_MAX) { bad(f.line, f.col, MK_LIMIT, "a record has more than 1000 fields", NULL, err); return -1; }
    if (!(first == '"' ? quoted(c, &f, err) : plain(c, err))) return -1;
    f.n = c->text.n - f.at;
    mk_put(&c->fields, (const char *)&f, sizeof f);
    if (!mk_buf_ok(&c->text, err) || !mk_buf_ok(&c->fields, err) || !check_field(c, &f, err)) return -1;
    int more = after(c, first == '"', err);
    if (more <= 0) return more < 0 ? -1 : 1;
  }
}

static const field *field_at(const mk_csv *c, size_t i) { return (const field *)(const void *)c->fields.p + i; }

size_t mk_csv_count(const mk_csv *c) { return c->fields.n / sizeof(field); }

const char *mk_csv_field(const mk_csv *c, size_t i, size_t *n) {
  const field *f = field_at(c, i);
  *n = f->n;
  return f->n ? c->text.p + f->at : "";
}

void mk_csv_place(const mk_csv *c, size_t i, size_t *line, size_t *col) {
  *line = field_at(c, i)->line;
  *col = field_at(c, i)->col;
}
