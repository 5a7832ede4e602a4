/* fuzz_utf8.c: the check of UTF-8 against a decoder written from the definition; normal forms against each other. */
#include "core/scan.h"
#include "fuzz.h"

/* Length of the well-formed character at s, or 0. */
static size_t reference(const unsigned char *s, size_t n) {
  size_t len = s[0] < 0x80 ? 1 : s[0] < 0xC0 ? 0 : s[0] < 0xE0 ? 2 : s[0] < 0xF0 ? 3 : s[0] < 0xF8 ? 4 : 0;
  static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
  if (len == 0 || len > n) return 0;
  uint32_t cp = len == 1 ? s[0] : s[0] & (0xFFu >> (len + 1));
  for (size_t i = 1; i < len; i++) {
    if ((s[i] & 0xC0) != 0x80) return 0;
    cp = cp << 6 | (s[i] & 0x3Fu);
  }
  return cp < least[len] || cp > 0x10FFFF || (cp >= 0xD800 && cp < 0xE000) ? 0 : len;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  const char *s = (const char *)data;
  size_t good = 0;
  for (size_t len; good < size && (len = reference(data + good, size - good)) > 0; good += len) {
    const char *p = s + good;
    char copy[4];
    uint32_t cp = mk_utf8_next(&p, s + size);
    MUST((size_t)(p - s) == good + len);
    MUST(mk_utf8_put(copy, cp) == len && memcmp(copy, s + good, len) == 0);
  }
  MUST(mk_utf8_check(s, size) == good && mk_utf8_check_by(&mk_scan_plain, s, size) == good);
  MUST(mk_is_nfc(s, good) == mk_is_nfc_by(&mk_scan_plain, s, good));

  mk_err err = {0};
  mk_buf c = {0}, d = {0}, again = {0}, back = {0};
  MUST(mk_nfc(&c, s, good, &err) && mk_nfd(&d, s, good, &err));
  MUST(mk_utf8_check(fuzz_text(&c), c.n) == c.n && mk_utf8_check(fuzz_text(&d), d.n) == d.n);
  MUST(mk_nfc(&again, fuzz_text(&c), c.n, &err) && fuzz_same(&again, &c) && mk_is_nfc(fuzz_text(&c), c.n));
  MUST(mk_nfc(&back, fuzz_text(&d), d.n, &err) && fuzz_same(&back, &c));
  mk_width(s, good);
  mk_buf_clear(&c);
  mk_buf_clear(&d);
  mk_buf_clear(&again);
  mk_buf_clear(&back);
  return 0;
}
