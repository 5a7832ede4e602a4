/* tcvn3.c: reading TCVN3. The set has no codes for most capitals: capital text was set in fonts whose small letters look like
 * capitals. Such words and lines are told by the ASCII capitals beside the codes: they have no small ASCII letter, and two
 * capitals at least (a line three). The variant VN1 has all capitals, where Windows has punctuation. May include: charset.h,
 * libc strings. */
#include <string.h>

#include "charset.h"

typedef struct {
  const mk_scan *scan;
  mk_buf *out;
  const char *s;
  size_t n, done;   /* of s; written of it */
  size_t capital;   /* the first capital from some place on, see next_capital */
  unsigned seen;    /* kinds of special bytes among all */
} reader;

static unsigned kind_of(const reader *r, size_t i) { return mk_tcvn3_kinds[(unsigned char)r->s[i]]; }

static unsigned special_kinds(const mk_scan *scan, const char *s, size_t n) {
  unsigned seen = 0;
  for (size_t i = 0; (i = scan->find(s, i, n, mk_tcvn3_special)) < n;)
    do seen |= mk_tcvn3_kinds[(unsigned char)s[i++]]; while (i < n && i % 32);
  return seen & ~7u;
}

static bool ascii_capital(char c) { return c >= 'A' && c <= 'Z'; }

/* Between two capitals even the code of a punctuation mark is a capital. */
static bool mark_is_capital(const reader *r, size_t i) {
  return kind_of(r, i) == MK_TCVN3_MARK && i > 0 && i + 1 < r->n && ascii_capital(r->s[i - 1]) && ascii_capital(r->s[i + 1]);
}

static void put_piece(reader *r, size_t end, unsigned table) {
  if (r->seen & MK_TCVN3_TONE) mk_charset_put_composed(r->out, r->s + r->done, end - r->done, table);
  else mk_charset_put(r->out, r->s + r->done, end - r->done, table);
  r->done = end;
}

static void put_until(reader *r, size_t end, unsigned table) {
  if (r->seen & MK_TCVN3_MARK)
    for (size_t i = r->done; (i = r->scan->find(r->s, i, end, mk_tcvn3_special)) < end; i++) {
      if (!mark_is_capital(r, i)) continue;
      put_piece(r, i, table);
      put_piece(r, i + 1, MK_TABLE_TCVN3);
    }
  put_piece(r, end, table);
}

/* Whether coded letters from i to end are capitals. */
static bool is_raised(const reader *r, size_t i, size_t end, size_t least) {
  size_t capitals = 0;
  unsigned seen = 0;
  for (; i < end; i++) {
    unsigned kind = kind_of(r, i);
    if (kind == MK_TCVN3_SMALL) return false;
    seen |= kind;
    capitals += kind == MK_TCVN3_CAPITAL || (kind == MK_TCVN3_MARK && mark_is_capital(r, i));
  }
  return (seen & MK_TCVN3_CODED) && capitals >= least;
}

static void put_raised(reader *r, size_t start, size_t end) {
  put_until(r, start, MK_TABLE_FONTS);
  put_until(r, end, MK_TABLE_RAISED);
}

static size_t end_of(const reader *r, size_t i, size_t end, char sign) {
  const char *p = memchr(r->s + i, sign, end - i);
  return p ? (size_t)(p - r->s) : end;
}

static size_t next_capital(reader *r, size_t i) {
  if (r->capital < i) r->capital = r->scan->find(r->s, i, r->n, mk_tcvn3_capitals);
  return r->capital;
}

static void put_line(reader *r, size_t i, size_t end) {
  if (is_raised(r, i, end, 3)) {
    put_raised(r, i, end);
    return;
  }
  while ((i = next_capital(r, i)) < end) {
    size_t word = i;
    if (i + 1 < end && kind_of(r, i + 1) == MK_TCVN3_SMALL) { i += 2; continue; } /* as most capitals are */
    while (word > 0 && r->s[word - 1] != ' ' && r->s[word - 1] != '\n') word--;
    i = end_of(r, i, end, ' ');
    if (is_raised(r, word, i, 2)) put_raised(r, word, i);
  }
}

bool mk_tcvn3_decode(const mk_scan *scan, mk_buf *out, const char *s, size_t n, mk_err *err) {
  reader r = {scan, out, s, n, 0, 0, special_kinds(scan, s, n)};
  if (r.seen & MK_TCVN3_VARIANT) {
    r.seen &= ~(unsigned)MK_TCVN3_MARK;
    put_until(&r, n, MK_TABLE_TCVN3);
    return mk_buf_ok(out, err);
  }
  r.capital = scan->find(s, 0, n, mk_tcvn3_capitals);
  for (size_t i = 0; i < n; i++) {
    size_t end = end_of(&r, i, n, '\n');
    put_line(&r, i, end);
    i = end;
  }
  put_until(&r, n, MK_TABLE_FONTS);
  return mk_buf_ok(out, err);
}
