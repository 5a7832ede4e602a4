/* fuzz_match.c: a query and a text with a zero byte between. What is found begins and ends between characters; a text of
 * words finds itself, in either form and without its marks. */
#include "fuzz.h"

static int between(const char *s, size_t n, size_t at) { return at == n || ((unsigned char)s[at] & 0xC0) != 0x80; }

static void finds(const char *query, size_t m, const char *s, size_t n) {
  mk_query q;
  mk_err err = {0};
  size_t first = 0, end = 0;
  if (mk_query_init(&q, query, m, &err) && q.count) {
    MUST(mk_match(&q, s, n, &first, &end));
    MUST(first < end && end <= n && between(s, n, first) && between(s, n, end));
  }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  const char *s = (const char *)data;
  size_t n = mk_utf8_check(s, size);
  const char *zero = n ? memchr(s, 0, n) : NULL;
  size_t m = zero ? (size_t)(zero - s) : n;
  const char *t = zero ? zero + 1 : s;
  size_t rest = zero ? n - m - 1 : n, first = 0, end = 0;
  mk_query q;
  mk_err err = {0}, enough = {0};
  if (mk_query_init(&q, s, m, &enough) && mk_match(&q, t, rest, &first, &end)) {
    MUST(first < end && end <= rest && between(t, rest, first) && between(t, rest, end));
    finds(s, m, t + first, end - first);
  }
  mk_buf apart = {0};
  MUST(mk_nfd(&apart, t, rest, &err));
  finds(t, rest, t, rest);
  finds(fuzz_text(&apart), apart.n, t, rest);
  finds(t, rest, fuzz_text(&apart), apart.n);
  unsigned cost = 0, full = 0;
  if (mk_similar(s, m, t, rest, &cost, &full, &enough)) {
    unsigned back = 0, all = 0;
    MUST(mk_similar(t, rest, s, m, &back, &all, &err) && back == cost && all == full);
    MUST(mk_similar(t, rest, t, rest, &back, &all, &err) && back == 0);
  }
  mk_buf_clear(&apart);
  return 0;
}
