/* engine_found.c: what a scan found, by group: numbers, sums and ranks, and groups taken together. May include: engine_scan.h,
 * libc strings. */
#include "engine_scan.h"

#include <string.h>

size_t mk_scan_rows(const mk_scan *sc) { return sc->rows; }
size_t mk_scan_undecided(const mk_scan *sc, size_t where, size_t kind) { return sc->undecided[where * MK_SCAN_KINDS + kind]; }
size_t mk_scan_found(const mk_scan *sc) { return sc->found; }
uint32_t mk_scan_group(const mk_scan *sc, size_t at) { return sc->list[at]; }
size_t mk_scan_units(const mk_scan *sc, size_t part) { return sc->parts[part].units; }

size_t mk_scan_place(const mk_scan *sc, uint32_t group) {
  size_t lo = 0, hi = sc->found;
  while (lo < hi) {
    size_t mid = lo + (hi - lo) / 2;
    if (sc->list[mid] < group) lo = mid + 1;
    else hi = mid;
  }
  return lo < sc->found && sc->list[lo] == group ? lo : SIZE_MAX;
}

uint64_t mk_scan_number(const mk_scan *sc, size_t part, size_t at) {
  const mk_found *f = &sc->parts[part];
  if (f->kind == MK_PART_ANY) return f->counts[at] >> MK_YES & 1 ? MK_YES : f->counts[at] >> MK_MAYBE & 1 ? MK_MAYBE : MK_NO;
  if (f->kind != MK_PART_DISTINCT) return f->counts[at];
  uint64_t n = 0;
  for (size_t w = 0; w < f->words; w++) n += (uint64_t)__builtin_popcountll(f->bits[at * f->words + w]);
  return n;
}

mk_sum mk_scan_sum(const mk_scan *sc, size_t part, size_t at, size_t unit) {
  const mk_found *f = &sc->parts[part];
  if (f->sums) return f->sums[at * f->units + unit];
  const mk_small *s = &f->small[at * f->units + unit];
  return (mk_sum){s->sum, INT64_MAX, INT64_MIN, s->known, s->missing};
}

size_t mk_scan_ranks(const mk_scan *sc, size_t part) { return sc->parts[part].nranks; }

int64_t mk_scan_rank(const mk_scan *sc, size_t part, size_t at, size_t unit, size_t rank) {
  const mk_found *f = &sc->parts[part];
  return f->ranked[(at * f->units + unit) * f->nranks + rank];
}

/* ------------------------------------------------------------------ groups taken together */

static void add_group(mk_scan *to, const mk_scan *sc, size_t part, size_t at) {
  const mk_found *f = &sc->parts[part];
  mk_found *all = &to->parts[part];
  if (f->kind == MK_PART_ANY) all->counts[0] |= f->counts[at];
  else if (f->counts) all->counts[0] += f->counts[at];
  for (size_t w = 0; f->bits && w < f->words; w++) all->bits[w] |= f->bits[at * f->words + w];
  for (size_t u = 0; all->sums && u < f->units; u++) {
    mk_sum s = mk_scan_sum(sc, part, at, u);
    all->sums[u].sum += s.sum;
    all->sums[u].known += s.known;
    all->sums[u].missing += s.missing;
    if (s.min < all->sums[u].min) all->sums[u].min = s.min;
    if (s.max > all->sums[u].max) all->sums[u].max = s.max;
  }
}

static bool begin_group(mk_scan *to, const mk_scan *sc, size_t part, mk_err *err) {
  const mk_found *f = &sc->parts[part];
  mk_found *all = &to->parts[part];
  mk_mem *mem = sc->im->mem;
  *all = (mk_found){.kind = f->kind, .units = f->units, .words = f->words, .cap = 1};
  if (f->counts && !(all->counts = mk_zalloc(mem, sizeof *all->counts + 1, err))) return false;
  if (f->bits && !(all->bits = mk_zalloc(mem, f->words * sizeof *all->bits + 1, err))) return false;
  if (!f->small && !f->sums) return true;
  if (!(all->sums = mk_zalloc(mem, f->units * sizeof *all->sums + 1, err))) return false;
  for (size_t u = 0; u < f->units; u++) all->sums[u].min = INT64_MAX, all->sums[u].max = INT64_MIN;
  return true;
}

mk_scan *mk_scan_unite(const mk_scan *sc, const size_t *at, size_t n, mk_err *err) {
  mk_mem *mem = sc->im->mem;
  mk_scan *to = mk_zalloc(mem, sizeof *to, err);
  if (!to) return NULL;
  to->im = sc->im;
  to->ask.nparts = sc->ask.nparts;
  to->undecided = mk_zalloc(mem, MK_SCAN_KINDS * sizeof *to->undecided, err);
  to->parts = mk_zalloc(mem, (sc->ask.nparts + 1) * sizeof *to->parts, err);
  to->list = mk_zalloc(mem, sizeof *to->list + 1, err);
  bool ok = to->undecided && to->parts && to->list;
  if (to->list) to->cap = 1;
  if (!at) n = sc->found;
  for (size_t p = 0; ok && p < sc->ask.nparts; p++) {
    ok = begin_group(to, sc, p, err);
    for (size_t i = 0; ok && i < n; i++) add_group(to, sc, p, at ? at[i] : i);
  }
  to->found = n ? 1 : 0;
  if (ok) return to;
  mk_scan_free(to);
  return NULL;
}
