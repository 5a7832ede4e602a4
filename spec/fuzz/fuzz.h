/* fuzz.h: what the fuzz targets share. A target ends the process where something that must hold does not. */
#ifndef FUZZ_H
#define FUZZ_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/mk.h"

#define MUST(x) \
  do { \
    if (!(x)) { \
      fprintf(stderr, "%s:%d: does not hold: %s\n", __FILE__, __LINE__, #x); \
      abort(); \
    } \
  } while (0)

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* The core takes a pointer to text, never NULL. */
static inline const char *fuzz_text(const mk_buf *b) { return b->p ? b->p : ""; }

static inline int fuzz_same(const mk_buf *a, const mk_buf *b) {
  return a->n == b->n && (a->n == 0 || memcmp(a->p, b->p, a->n) == 0);
}

#endif
