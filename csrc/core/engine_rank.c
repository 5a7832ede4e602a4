/* engine_rank.c: values of given ranks, in two passes over the rows: the first counts the numbers of each cell by buckets that
 * widen with the numbers, the second keeps those of the buckets where a rank falls. May include: engine_scan.h, libc strings. */
#include "engine_scan.h"

#include <string.h>

enum { FINEST = 6, COUNTERS_MOST = 1 << 21 };

/* A bucket where a rank falls: n numbers of a cell of a group, kept from the place `from` on. */
typedef struct { size_t cell, bucket, from, n; } slot;

/* What is looked for in a part: slot and place in it of each rank of each cell; the slots of a cell lie next to each other from
 * first on. */
typedef struct {
  mk_scan *sc;
  mk_found *f;
  size_t part, buckets, cells, nranks, nslots, nfirst;
  uint32_t *merged;    /* counts by cell and bucket */
  slot *slots;
  size_t *first;
  size_t *of, *at;     /* by cell and rank */
} search;

/* ------------------------------------------------------------------ buckets */

bool rank_begin(mk_scan *sc, mk_tally *t, mk_err *err) {
  const mk_image_column *c = &sc->im->columns[t->p->column];
  size_t cells = t->places * t->units;
  mk_bucketing *k = &t->bucketing;
  *k = (mk_bucketing){.base = c->width == 8 ? (uint64_t)c->largest : 0, .down = c->width == 8 ? 2 : 0, .fine = FINEST};
  while (k->fine && cells > COUNTERS_MOST / (mk_bucket(k, c->largest) + 1)) k->fine--;
  t->buckets = mk_bucket(k, c->largest) + 1;
  if (cells > COUNTERS_MOST / t->buckets) {
    k->all = true;
    t->buckets = 1;
  }
  t->hist = mk_zalloc(sc->im->mem, (cells * t->buckets + 1) * sizeof *t->hist, err);
  return t->hist != NULL;
}

/* ------------------------------------------------------------------ where ranks fall */

static uint64_t known_at(const mk_tally *t, size_t cell) { return t->small ? t->small[cell].known : t->sums[cell].known; }

static void merge_counts(search *x, mk_work *const *works, size_t n, const uint32_t *slots) {
  size_t units = x->f->units;
  SCAN_EACH_PLACE(x->sc, place, works)
    for (size_t u = 0; u < units; u++) {
      uint32_t *to = x->merged + ((size_t)slots[scan_group_of(x->sc, place)] * units + u) * x->buckets;
      for (size_t i = 0; i < n; i++) {
        const mk_tally *t = &works[i]->tallies[x->part];
        const uint32_t *from = t->hist + (place * units + u) * x->buckets;
        for (size_t b = 0; known_at(t, place * units + u) && b < x->buckets; b++) to[b] += from[b];
      }
    }
}

/* The slot of a bucket of a cell, which is the last cell so far. */
static size_t slot_of(search *x, size_t cell, size_t bucket, size_t n) {
  for (size_t s = x->first[cell]; s < x->nslots; s++)
    if (x->slots[s].bucket == bucket) return s;
  size_t from = x->nslots ? x->slots[x->nslots - 1].from + x->slots[x->nslots - 1].n : 0;
  x->slots[x->nslots] = (slot){cell, bucket, from, n};
  return x->nslots++;
}

static void find_ranks(search *x) {
  const mk_part *p = &x->sc->ask.parts[x->part];
  for (size_t cell = 0; cell < x->cells; cell++) {
    const uint32_t *counts = x->merged + cell * x->buckets;
    uint64_t n = 0;
    x->first[cell] = x->nslots;
    for (size_t b = 0; b < x->buckets; b++) n += counts[b];
    for (size_t r = 0; n && r < x->nranks; r++) {
      mk_u128 rank = ((mk_u128)p->ranks[r].above * n + p->ranks[r].below - 1) / p->ranks[r].below;
      uint64_t k = rank < 1 ? 0 : rank > n ? n - 1 : (uint64_t)rank - 1;
      size_t b = 0;
      while (k >= counts[b]) k -= counts[b++];
      x->of[cell * x->nranks + r] = slot_of(x, cell, b, counts[b]);
      x->at[cell * x->nranks + r] = (size_t)k;
    }
  }
  x->first[x->cells] = x->nslots;
}

/* ------------------------------------------------------------------ the second pass */

/* Counters of the first run become numbers of slots, plus one. */
static void aim(search *x, mk_work *const *works, const uint32_t *slots) {
  size_t units = x->f->units;
  mk_tally *t = &works[0]->tallies[x->part];
  t->hist[t->places * t->units * t->buckets] = 0; /* missing numbers are kept nowhere */
  for (size_t s = 0; s < x->nslots; s++) atomic_init(&x->sc->cursor[s], x->slots[s].from);
  SCAN_EACH_PLACE(x->sc, place, works)
    for (size_t u = 0; u < units; u++) {
      size_t cell = (size_t)slots[scan_group_of(x->sc, place)] * units + u;
      uint32_t *own = t->hist + (place * units + u) * x->buckets;
      if (known_at(t, place * units + u)) memset(own, 0, x->buckets * sizeof *own);
      for (size_t s = x->first[cell]; s < x->first[cell + 1]; s++) own[x->slots[s].bucket] = (uint32_t)s + 1;
    }
}

static bool begin_search(search *x, mk_err *err) {
  mk_mem *mem = x->sc->im->mem;
  size_t ranks = x->cells * x->nranks;
  x->merged = mk_zalloc(mem, x->cells * x->buckets * sizeof *x->merged + 1, err);
  x->slots = mk_zalloc(mem, ranks * sizeof *x->slots + 1, err);
  x->first = mk_zalloc(mem, (x->cells + 1) * sizeof *x->first, err);
  x->of = mk_zalloc(mem, ranks * sizeof *x->of + 1, err);
  x->at = mk_zalloc(mem, ranks * sizeof *x->at + 1, err);
  x->f->ranked = mk_alloc(mem, ranks * sizeof *x->f->ranked + 1, err);
  x->f->nranks = x->nranks;
  return x->merged && x->slots && x->first && x->of && x->at && x->f->ranked;
}

static void end_search(search *x) {
  mk_mem *mem = x->sc->im->mem;
  size_t ranks = x->cells * x->nranks;
  mk_free(mem, x->merged, x->cells * x->buckets * sizeof *x->merged + 1);
  mk_free(mem, x->slots, ranks * sizeof *x->slots + 1);
  mk_free(mem, x->first, (x->cells + 1) * sizeof *x->first);
  mk_free(mem, x->of, ranks * sizeof *x->of + 1);
  mk_free(mem, x->at, ranks * sizeof *x->at + 1);
}

/* The k-th smallest (0 the first) of v[0..n); v is rearranged. */
static int64_t select_nth(int64_t *v, size_t n, size_t k) {
  size_t lo = 0, hi = n - 1;
  while (lo < hi) {
    size_t mid = lo + (hi - lo) / 2, i = lo, j = hi;
    int64_t a = v[lo], m = v[mid], z = v[hi];
    int64_t pivot = a < m ? (m < z ? m : a < z ? z : a) : (a < z ? a : m < z ? z : m);
    for (;;) {
      while (v[i] < pivot) i++;
      while (v[j] > pivot) j--;
      if (i >= j) break;
      int64_t t = v[i];
      v[i++] = v[j];
      v[j--] = t;
    }
    if (k <= j) hi = j;
    else lo = j + 1;
  }
  return v[lo];
}

static bool second_pass(search *x, mk_work *const *works, size_t n, const uint32_t *slots, mk_err *err) {
  mk_scan *sc = x->sc;
  mk_mem *mem = sc->im->mem;
  size_t total = x->nslots ? x->slots[x->nslots - 1].from + x->slots[x->nslots - 1].n : 0;
  sc->values = mk_alloc(mem, total * sizeof *sc->values + 1, err);
  sc->cursor = sc->values ? mk_alloc(mem, x->nslots * sizeof *sc->cursor + 1, err) : NULL;
  bool ok = sc->cursor != NULL;
  for (size_t i = 0; i < n; i++) {
    mk_tally *t = &works[i]->tallies[x->part];
    if (t->last) memset(t->last, 0, t->places * sizeof *t->last);
    works[i]->again = true;
    works[i]->rows = works[i]->cases = 0;
  }
  if (ok) aim(x, works, slots);
  sc->ranked = &sc->ask.parts[x->part];
  sc->slots = works[0]->tallies[x->part].hist;
  sc->shared = n > 1;
  ok = ok && scan_run_all(sc, works, n, err);
  for (size_t i = 0; ok && i < x->cells * x->nranks; i++) {
    const slot *s = &x->slots[x->of[i]];
    bool any = x->first[i / x->nranks] < x->first[i / x->nranks + 1];
    x->f->ranked[i] = any ? select_nth(sc->values + s->from, s->n, x->at[i]) : MK_NUMBER_MISSING;
  }
  mk_free(mem, sc->cursor, x->nslots * sizeof *sc->cursor + 1);
  mk_free(mem, sc->values, total * sizeof *sc->values + 1);
  return ok;
}

bool rank_find(mk_scan *sc, mk_work *const *works, size_t n, size_t part, const uint32_t *slots, mk_err *err) {
  mk_found *f = &sc->parts[part];
  search x = {.sc = sc, .f = f, .part = part, .buckets = works[0]->tallies[part].buckets, .cells = sc->found * f->units,
              .nranks = sc->ask.parts[part].nranks};
  bool ok = begin_search(&x, err);
  if (ok) {
    merge_counts(&x, works, n, slots);
    find_ranks(&x);
    ok = x.nslots == 0 || second_pass(&x, works, n, slots, err);
  }
  end_search(&x);
  return ok;
}
