/* fuzz_order.c: two texts with a zero byte between. In each order keys and comparison agree, the other way round is the
 * opposite, a text equals itself in every form, and a key is the same wherever it is written. */
#include "fuzz.h"

static int by_bytes(const mk_buf *a, const mk_buf *b) {
  size_t n = a->n < b->n ? a->n : b->n;
  int r = n ? memcmp(a->p, b->p, n) : 0;
  return r ? (r > 0) - (r < 0) : (a->n > b->n) - (a->n < b->n);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  const char *s = (const char *)data;
  size_t n = mk_utf8_check(s, size);
  const char *zero = n ? memchr(s, 0, n) : NULL;
  size_t first = zero ? (size_t)(zero - s) : n / 2;
  while (first < n && ((unsigned char)s[first] & 0xC0) == 0x80) first++;
  const char *t = s + first + (zero != NULL);
  size_t rest = n - first - (zero != NULL);
  mk_err err = {0};
  mk_buf form = {0};
  MUST(mk_nfd(&form, s, first, &err));
  for (int o = 0; o < MK_ORDER_COUNT; o++) {
    mk_order order = (mk_order)o;
    mk_buf a = {0}, b = {0}, again = {0};
    int ab = 2, ba = 2, aa = 2, self = 2;
    MUST(mk_sortkey(&a, s, first, order, &err) && mk_sortkey(&b, t, rest, order, &err));
    MUST(mk_compare(s, first, t, rest, order, &ab, &err) && mk_compare(t, rest, s, first, order, &ba, &err));
    MUST(ab == by_bytes(&a, &b) && ba == -ab);
    MUST(mk_compare(s, first, s, first, order, &aa, &err) && aa == 0);
    MUST(mk_compare(s, first, fuzz_text(&form), form.n, order, &self, &err) && self == 0);
    MUST(mk_sortkey(&again, fuzz_text(&form), form.n, order, &err) && fuzz_same(&a, &again));
    mk_buf_clear(&a);
    mk_buf_clear(&b);
    mk_buf_clear(&again);
  }
  mk_buf_clear(&form);
  return 0;
}
