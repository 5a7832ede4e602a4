/* engine_seal_filter.c: which cases surely are in no block, told from a few bits of each, so that new keys are looked up
 * without reading blocks again and again. May include: sealed.h, libc strings. */
#include "sealed.h"

#include <string.h>

enum { BITS = 16, MOST = 32 << 20 };

struct sealed_filter {
  sealed_filter *next;
  int64_t id, state;
  size_t size;   /* words, a power of two */
  uint64_t *bits;
};

static void filter_free(mk_store *s, sealed_filter *f) {
  mk_free(&s->mem, f->bits, f->size * sizeof *f->bits);
  mk_free(&s->mem, f, sizeof *f);
}

void filters_free(mk_store *s) {
  struct sealed *x = s->sealed;
  while (x->filters) {
    sealed_filter *f = x->filters;
    x->filters = f->next;
    filter_free(s, f);
  }
  x->filtered = 0;
}

/* Two bits for each key. */
static void places(const sealed_filter *f, const char *key, size_t n, size_t at[2]) {
  uint64_t h = segment_sum(0, key, n);
  size_t mask = f->size * 64 - 1;
  at[0] = (size_t)h & mask;
  at[1] = (size_t)(h >> 32) & mask;
}

bool filter_excludes(const mk_store *s, const sealed_block *k, const char *key, size_t n) {
  size_t at[2];
  const sealed_filter *f = s->sealed->filters;
  while (f && (f->id != k->id || f->state != k->state)) f = f->next;
  if (!f) return false;
  places(f, key, n, at);
  return !(f->bits[at[0] / 64] >> at[0] % 64 & 1) || !(f->bits[at[1] / 64] >> at[1] % 64 & 1);
}

bool filter_make(mk_store *s, const sealed_view *v, const sealed_column *keys, mk_err *err) {
  struct sealed *x = s->sealed;
  size_t size = 1, most = s->mem.cap ? s->mem.cap / 8 : MOST;
  for (const sealed_filter *f = x->filters; f; f = f->next)
    if (f->id == v->id && f->state == v->state) return true;
  while (size * 64 < keys->seg.entries * BITS) size *= 2;
  if ((size_t)MOST < most) most = MOST;
  if (x->filtered + size * sizeof(uint64_t) > most) filters_free(s); /* of blocks that are no more, perhaps */
  if (size * sizeof(uint64_t) > most) return true;
  sealed_filter *f = mk_alloc(&s->mem, sizeof *f, err);
  if (!f) return false;
  *f = (sealed_filter){.id = v->id, .state = v->state, .size = size, .bits = mk_zalloc(&s->mem, size * sizeof *f->bits, err)};
  if (!f->bits) {
    mk_free(&s->mem, f, sizeof *f);
    return false;
  }
  for (size_t e = 1; e < keys->seg.entries; e++) {
    size_t at[2];
    places(f, keys->seg.text + keys->at[e], keys->seg.lengths[e - 1], at);
    for (int i = 0; i < 2; i++) f->bits[at[i] / 64] |= (uint64_t)1 << at[i] % 64;
  }
  f->next = x->filters;
  x->filters = f;
  x->filtered += size * sizeof *f->bits;
  return true;
}
