/* fuzz_decode.c: any bytes can be read in any of the one-byte sets and give text in form C; what was read and can be
 * written back is read the same again. TCVN3 has small letters only, so there case may change. */
#include "core/scan.h"
#include "fuzz.h"

/* Between capitals TCVN3 takes the codes of Windows punctuation for capitals; VIQR reads a dot by what follows it. */
static int settled(const mk_buf *s) {
  for (size_t i = 0; i + 2 < s->n; i++)
    if ((unsigned char)s->p[i] == 0xE2 && ((unsigned char)s->p[i + 1] == 0x80 || (unsigned char)s->p[i + 1] == 0x82 || (unsigned char)s->p[i + 1] == 0x84)) return 0;
  return 1;
}

static void round_trip(const mk_buf *s, mk_charset set) {
  mk_err err = {0}, refused = {0};
  mk_buf bytes = {0}, again = {0}, small = {0}, small_again = {0};
  if (mk_encode(&bytes, fuzz_text(s), s->n, set, &refused)) {
    MUST(mk_decode(&again, fuzz_text(&bytes), bytes.n, set, &err));
    if (set == MK_WESTERN) {
      MUST(again.n > 0 || s->n == 0); /* controls become the signs of Windows */
    } else if (set != MK_TCVN3) {
      MUST(fuzz_same(s, &again));
    } else if (settled(s)) {
      MUST(mk_lower(&small, fuzz_text(s), s->n, &err) && mk_lower(&small_again, fuzz_text(&again), again.n, &err));
      MUST(fuzz_same(&small, &small_again));
    }
  } else {
    MUST(refused.code == MK_RANGE);
  }
  mk_buf_clear(&bytes);
  mk_buf_clear(&again);
  mk_buf_clear(&small);
  mk_buf_clear(&small_again);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  const char *s = (const char *)data;
  size_t good = mk_utf8_check(s, size);
  for (int i = MK_UTF8; i < MK_CHARSET_COUNT; i++) {
    mk_charset set = (mk_charset)i;
    size_t n = set == MK_UTF8 || set == MK_VIQR ? good : size, marked = 0, valid = 0;
    mk_err err = {0};
    mk_buf text = {0}, plain = {0};
    MUST(mk_decode(&text, s, n, set, &err) && mk_decode_by(&mk_scan_plain, &plain, s, n, set, &err) && fuzz_same(&text, &plain));
    mk_buf_clear(&plain);
    MUST(mk_utf8_check(fuzz_text(&text), text.n) == text.n);
    if (set != MK_VIQR) MUST(mk_is_nfc(fuzz_text(&text), text.n));
    mk_likeness(fuzz_text(&text), text.n, &marked, &valid);
    MUST(valid <= marked && marked <= text.n);
    if (set != MK_VIQR) round_trip(&text, set);
    mk_buf_clear(&text);
  }
  mk_buf composed = {0};
  mk_err err = {0};
  MUST(mk_nfc(&composed, s, good, &err));
  for (int i = MK_UTF8; i < MK_CHARSET_COUNT; i++) round_trip(&composed, (mk_charset)i);
  mk_buf_clear(&composed);
  return 0;
}
