/* read_context.c: what the figures of a text are about. May include: read.h. */
#include "read.h"

bool mk_readings_context(mk_readings *r, mk_err *err) {
  (void)r;
  return !mk_failed(err);
}

uint32_t mk_readings_topic(const char *key, size_t n) {
  (void)key;
  (void)n;
  return 0;
}
