/* engine_seal_filter.c: which cases surely are in no block, told from a few bits of each, so that new keys are looked up
 * without reading blocks again and again. May include: sealed.h, libc strings. */
#include "sealed.h"

#include <string.h>

enum { BITS = 24, LANES = 8, MOST = 32 << 20 };

struct sealed_filter {
  sealed_filter *next;
  int64_t id, state;
  size_t size;   /* words, a power of two; LANES of them make a line, and a key has a bit in each of one line */
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

static uint64_t *line_of(const sealed_filter *f, uint64_t h) { return f->bits + (h >> 32) * (f->size / LANES) / ((uint64_t)1 << 32) * LANES; }

static uint64_t lane_bit(uint64_t h, unsigned lane) {
  static const uint32_t odd[LANES] = {0x47B6137B, 0x44974D91, 0x8824AD5B, 0xA2B7289D, 0x705495C7, 0x2DF1424B, 0x9EFC4947, 0x5C6BFB31};
  return (uint64_t)1 << ((uint32_t)h * odd[lane] >> 26);
}

bool filter_excludes(const mk_store *s, const sealed_block *k, const char *key, size_t n) {
  const sealed_filter *f = s->sealed->filters;
  while (f && (f->id != k->id || f->state != k->state)) f = f->next;
  if (!f) return false;
  uint64_t h = segment_sum(0, key, n);
  const uint64_t *line = line_of(f, h);
  for (unsigned i = 0; i < LANES; i++)
    if (!(line[i] & lane_bit(h, i))) return true;
  return false;
}

bool filter_make(mk_store *s, const sealed_view *v, const sealed_column *keys, mk_err *err) {
  struct sealed *x = s->sealed;
  size_t size = LANES, most = s->mem.cap ? s->mem.cap / 8 : MOST;
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
    uint64_t h = segment_sum(0, keys->seg.text + keys->at[e], keys->seg.lengths[e - 1]), *line = line_of(f, h);
    for (unsigned i = 0; i < LANES; i++) line[i] |= lane_bit(h, i);
  }
  f->next = x->filters;
  x->filters = f;
  x->filtered += size * sizeof *f->bits;
  return true;
}
