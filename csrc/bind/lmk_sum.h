/* lmk_sum.h: a sum that tells a text from others; of a Lua file at the build (csrc/gen/embed.c) and when it is read again. */
#ifndef LMK_SUM_H
#define LMK_SUM_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

/* Goes on from h, the length of the whole text before the first piece; pieces but the last are of a multiple of 8 bytes. */
static inline uint64_t lmk_sum(uint64_t h, const char *p, size_t n) {
  uint64_t v;
  for (; n >= sizeof v; p += sizeof v, n -= sizeof v) {
    memcpy(&v, p, sizeof v);
    h = (h ^ v) * UINT64_C(0x9E3779B185EBCA87);
    h ^= h >> 29;
  }
  if (!n) return h;
  v = 0;
  memcpy(&v, p, n);
  h = (h ^ v) * UINT64_C(0x9E3779B185EBCA87);
  return h ^ h >> 29;
}

#endif
