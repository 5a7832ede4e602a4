/* fuzz_csv.c: a CSV text gives the same fields and the same failure whatever the pieces it is read in. */
#include "fuzz.h"

typedef struct { const char *s; size_t n, at, piece; } source;

static ptrdiff_t take(void *ctx, char *p, size_t cap, mk_err *err) {
  source *x = ctx;
  (void)err;
  size_t n = x->n - x->at;
  if (n > cap) n = cap;
  if (x->piece && n > x->piece) n = x->piece;
  if (n) memcpy(p, x->s + x->at, n);
  x->at += n;
  return (ptrdiff_t)n;
}

/* Fields with their lengths and places, one after the other, then the failure if there is one. */
static void parse(mk_buf *out, const char *s, size_t n, size_t piece) {
  mk_err err = {0};
  mk_mem mem = {0};
  source x = {s, n, 0, piece};
  mk_csv *c = mk_csv_new(&mem, ',', take, &x, &err);
  int rc;
  while (c && (rc = mk_csv_next(c, &err)) == 1) {
    mk_putf(out, "%z fields\n", mk_csv_count(c));
    for (size_t i = 0; i < mk_csv_count(c); i++) {
      size_t len, line, col;
      const char *field = mk_csv_field(c, i, &len);
      mk_csv_place(c, i, &line, &col);
      MUST(mk_utf8_check(field, len) == len);
      mk_putf(out, "%z:%z %z ", line, col, len);
      mk_put(out, field, len);
      mk_putc(out, '\n');
    }
  }
  mk_csv_free(c);
  MUST(mem.used == 0);
  mk_putf(out, "%d %s %z %z", (int)err.code, err.msg, err.line, err.col);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  mk_buf whole = {0}, bytes = {0}, pieces = {0};
  parse(&whole, (const char *)data, size, 0);
  parse(&bytes, (const char *)data, size, 1);
  parse(&pieces, (const char *)data, size, 1 + size % 7);
  MUST(fuzz_same(&whole, &bytes) && fuzz_same(&whole, &pieces));
  mk_buf_clear(&whole);
  mk_buf_clear(&bytes);
  mk_buf_clear(&pieces);
  return 0;
}
