/* read_text.c: the text that is read, from the text as given: older character sets decoded, tags and entities of HTML out,
 * with the way back for places. A text that needs nothing of it is read where it stands. May include: read_scan.h. */
#include "read_scan.h"

#include <string.h>

/* ------------------------------------------------------------------ pieces */


/* Given bytes of what became the clean byte at `at`. last: where it ends. */
static uint32_t given_place(const mk_readings *r, uint32_t at) {
  const mk_rpiece *p = (const mk_rpiece *)(const void *)r->own->pieces.p;
  size_t lo = 0, hi = r->own->pieces.n / sizeof *p;
  if (!hi) return at;
  while (hi - lo > 1) {
    size_t mid = lo + (hi - lo) / 2;
    if (p[mid].to <= at) lo = mid; else hi = mid;
  }
  return p[lo].from + (at - p[lo].to);
}

void mk_readings_place(mk_readings *r) {
  if (!r->own->pieces.n) return;
  for (size_t i = 0; i < r->count; i++) {
    mk_reading *x = &r->list[i];
    x->first = given_place(r, x->first);
    x->end = given_place(r, x->end - 1) + 1;
  }
}

bool mk_readings_clean(mk_readings *r, const char *s, size_t n, mk_err *err) {
  r->text = s;
  r->n = n;
  r->own->given = s;
  r->own->given_n = n;
  return mk_utf8_require(s, n, "the text", err);
}
