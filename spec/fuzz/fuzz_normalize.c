/* fuzz_normalize.c: the clean-up is done once and for all, keeps every key, and says truly what it changed: its edits lie in
 * order, begin and end between characters in both texts, and turn the one into the other. */
#include "fuzz.h"

static int between(const char *s, size_t n, size_t at) { return at == n || (at < n && ((unsigned char)s[at] & 0xC0) != 0x80); }

static void check_edits(const char *s, size_t n, const mk_buf *result, const mk_buf *edits) {
  const char *r = fuzz_text(result);
  size_t from = 0, to = 0, count = edits->n / sizeof(mk_edit);
  MUST(edits->n % sizeof(mk_edit) == 0);
  for (size_t i = 0; i < count; i++) {
    mk_edit e;
    memcpy(&e, edits->p + i * sizeof e, sizeof e);
    MUST(e.from >= from && e.to >= to && e.from - from == e.to - to);
    MUST(e.from + e.from_len <= n && e.to + e.to_len <= result->n && e.from_len + e.to_len > 0);
    MUST(memcmp(s + from, r + to, e.from - from) == 0);
    MUST(between(s, n, e.from) && between(s, n, e.from + e.from_len));
    MUST(between(r, result->n, e.to) && between(r, result->n, e.to + e.to_len));
    MUST(e.from_len != e.to_len || memcmp(s + e.from, r + e.to, e.to_len) != 0);
    from = e.from + e.from_len;
    to = e.to + e.to_len;
  }
  MUST(n - from == result->n - to);
  MUST(n == from || memcmp(s + from, r + to, n - from) == 0);
}

static void check_keys(const char *s, size_t n, const mk_buf *result) {
  mk_err err = {0};
  for (int level = 1; level <= 3; level++) {
    mk_buf before = {0}, after = {0};
    MUST(mk_key(&before, s, n, level, &err) && mk_key(&after, fuzz_text(result), result->n, level, &err));
    MUST(fuzz_same(&before, &after));
    mk_buf_clear(&before);
    mk_buf_clear(&after);
  }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  const char *s = (const char *)data;
  size_t n = mk_utf8_check(s, size);
  mk_err err = {0};
  mk_buf apart = {0};
  MUST(mk_nfd(&apart, s, n, &err));
  for (int style = MK_TONE_OLD; style <= MK_TONE_KEEP; style++)
    for (int i_for_y = 0; i_for_y < 2; i_for_y++) {
      mk_normal_opts opts = {(mk_tone_style)style, i_for_y};
      mk_buf once = {0}, twice = {0}, other = {0}, edits = {0};
      MUST(mk_normalize(&once, s, n, &opts, &edits, &err));
      MUST(mk_utf8_check(fuzz_text(&once), once.n) == once.n && mk_is_nfc(fuzz_text(&once), once.n));
      check_edits(s, n, &once, &edits);
      MUST(mk_normalize(&twice, fuzz_text(&once), once.n, &opts, NULL, &err) && fuzz_same(&once, &twice));
      MUST(mk_normalize(&other, fuzz_text(&apart), apart.n, &opts, NULL, &err) && fuzz_same(&once, &other));
      if (!i_for_y) check_keys(s, n, &once);
      mk_buf_clear(&once);
      mk_buf_clear(&twice);
      mk_buf_clear(&other);
      mk_buf_clear(&edits);
    }
  mk_buf_clear(&apart);
  return 0;
}
