/* utf8.c: strict UTF-8: the check at every border, reading and writing code points. May include: scan.h, libc strings. */
#include "scan.h"

#include <string.h>

static bool eight_ascii(const char *s) {
  uint64_t w;
  memcpy(&w, s, 8);
  return (w & 0x8080808080808080u) == 0;
}

/* Length of the well-formed character at s, 0 when there is none (Unicode table 3-7). */
static size_t well_formed(const unsigned char *s, size_t n) {
  unsigned char c = s[0];
  if (c < 0x80) return 1;
  if (c < 0xC2 || c > 0xF4) return 0;
  if (n < 2) return 0;
  if (c < 0xE0) return (s[1] & 0xC0) == 0x80 ? 2 : 0;
  unsigned char low = c == 0xE0 ? 0xA0 : c == 0xF0 ? 0x90 : 0x80;
  unsigned char high = c == 0xED ? 0x9F : c == 0xF4 ? 0x8F : 0xBF;
  if (s[1] < low || s[1] > high || n < 3 || (s[2] & 0xC0) != 0x80) return 0;
  if (c < 0xF0) return 3;
  return n >= 4 && (s[3] & 0xC0) == 0x80 ? 4 : 0;
}

size_t mk_utf8_check_by(const mk_scan *scan, const char *s, size_t n) {
  size_t i = scan->utf8(s, n);
  while (i < n) {
    if (n - i >= 8 && eight_ascii(s + i)) { i += 8; continue; }
    size_t len = well_formed((const unsigned char *)s + i, n - i);
    if (len == 0) return i;
    i += len;
  }
  return n;
}

size_t mk_utf8_check(const char *s, size_t n) { return mk_utf8_check_by(mk_scan_for(n), s, n); }

bool mk_utf8_require(const char *s, size_t n, const char *what, mk_err *err) {
  size_t bad = mk_utf8_check(s, n), line = 1, start = 0;
  if (bad == n) return !mk_failed(err);
  for (size_t i = 0; i < bad; i++)
    if (s[i] == '\n') { line++; start = i + 1; }
  mk_fail(err, MK_SYNTAX, "%s is not UTF-8: byte %z", what, bad + 1);
  mk_hint(err, "hint: text in an older character set is decoded first, mekong.text.decode(bytes, \"tcvn3\")");
  mk_at(err, line, bad - start + 1, 1);
  return false;
}

size_t mk_utf8_put(char *dst, uint32_t cp) {
  if (cp < 0x80) { dst[0] = (char)cp; return 1; }
  if (cp < 0x800) {
    dst[0] = (char)(0xC0 | cp >> 6);
    dst[1] = (char)(0x80 | (cp & 0x3F));
    return 2;
  }
  if (cp < 0x10000) {
    dst[0] = (char)(0xE0 | cp >> 12);
    dst[1] = (char)(0x80 | (cp >> 6 & 0x3F));
    dst[2] = (char)(0x80 | (cp & 0x3F));
    return 3;
  }
  dst[0] = (char)(0xF0 | cp >> 18);
  dst[1] = (char)(0x80 | (cp >> 12 & 0x3F));
  dst[2] = (char)(0x80 | (cp >> 6 & 0x3F));
  dst[3] = (char)(0x80 | (cp & 0x3F));
  return 4;
}
