/* width.c: columns that text takes on a terminal. May include: mk.h, utf8proc (outside the fast path). */
#include <utf8proc.h>

#include "mk.h"

size_t mk_width(const char *s, size_t n) {
  const char *p = s, *end = s + n;
  size_t columns = 0;
  while (p < end) {
    unsigned char c = (unsigned char)*p;
    if (c < 0x80) {
      columns += c >= 0x20 && c != 0x7F;
      p++;
      continue;
    }
    uint32_t cp = mk_utf8_next(&p, end);
    if ((cp >= 0xC0 && cp < 0x300) || (cp >= 0x1E00 && cp < 0x1F00)) { columns++; continue; }
    int width = utf8proc_charwidth((utf8proc_int32_t)cp);
    columns += width > 0 ? (size_t)width : 0;
  }
  return columns;
}
