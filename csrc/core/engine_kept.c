/* engine_kept.c: what scans of whole images leave for those after them: how often each code of a column is met, sums by the codes of a
 * column and by unit, and which codes each block of rows has. Memory that it cannot have is no failure. May include:
 * engine_scan.h. */
#include "engine_scan.h"

enum { KEPT_MOST = 64, CELLS_MOST = 1 << 14, ENTRIES_MOST = 1 << 16 };

/* ------------------------------------------------------------------ codes of blocks */

static size_t blocks_of(const mk_image *im) { return (im->rows + MK_SCAN_BLOCK - 1) / MK_SCAN_BLOCK; }

/* Bit of a code among 64: the missing one has its own, the others share, so that codes that came near each other stay together. */
static uint8_t bit_of(size_t code, size_t entries) { return (uint8_t)(code ? 1 + (code - 1) * 63 / (entries - 1) : 0); }

static void mark_zones(const mk_image *im, mk_image_column *c, const uint8_t *bit) {
  for (size_t b = 0; b < c->nzones; b++) {
    size_t end = (b + 1) * MK_SCAN_BLOCK < im->rows ? (b + 1) * MK_SCAN_BLOCK : im->rows;
    uint64_t seen = 0;
    for (size_t r = b * MK_SCAN_BLOCK; r < end; r++)
      seen |= UINT64_C(1) << bit[image_code(c, r)];
    c->zones[b] = seen;
  }
}

static bool find_zones(mk_image *im, mk_image_column *c) {
  if (c->zones) return true;
  size_t n = blocks_of(im);
  uint8_t *bit = mk_alloc(im->mem, c->entries, NULL);
  if (!bit) return false;
  for (size_t e = 0; e < c->entries; e++) bit[e] = bit_of(e, c->entries);
  c->zones = mk_alloc(im->mem, n * sizeof *c->zones + 1, NULL);
  if (c->zones) {
    c->nzones = n;
    mark_zones(im, c, bit);
  }
  mk_free(im->mem, bit, c->entries);
  return c->zones != NULL;
}

void kept_zones(mk_scan *sc) {
  for (size_t i = 0; i < sc->ask.nwhere; i++) {
    const mk_condition *w = &sc->ask.where[i];
    mk_image_column *c = &sc->im->columns[w->columns[0]];
    sc->possible[i] = UINT64_MAX;
    if (sc->stream || w->count != 1 || c->entries > ENTRIES_MOST || !find_zones(sc->im, c)) continue;
    uint64_t mask = 0;
    for (size_t e = 0; (e = mk_next_truth(w->truth, e, c->entries)) < c->entries; e++)
      if (w->truth[e] & 3) mask |= UINT64_C(1) << bit_of(e, c->entries);
    sc->possible[i] = mask;
  }
}

/* ------------------------------------------------------------------ tallies of whole images */

static bool can_keep(const mk_scan *sc, const mk_tally *t) {
  const mk_part *p = t->p;
  bool counts = p->kind == MK_PART_CASES || p->kind == MK_PART_ROWS;
  return sc->raw && sc->ask.nwhere == 0 && sc->ask.nkeys <= 1 && p->when.count == 0 && (counts || (p->kind == MK_PART_SUM && t->small)) &&
         t->places * t->units <= CELLS_MOST;
}

static bool is_of(const mk_kept *k, const mk_scan *sc, const mk_part *p) {
  bool sum = p->kind == MK_PART_SUM;
  return k->sum == sum && k->key == (sc->ask.nkeys ? sc->ask.keys[0].column : SIZE_MAX) &&
         (!sum || (k->column == p->column && k->unit == p->unit));
}

static const mk_kept *find(const mk_scan *sc, const mk_part *p) {
  for (size_t i = 0; i < sc->im->nkept; i++)
    if (is_of(&sc->im->kept[i], sc, p)) return &sc->im->kept[i];
  return NULL;
}

/* How often each code of a column is met. */
static const mk_kept *met(mk_image *im, size_t column) {
  const mk_image_column *c = &im->columns[column];
  for (size_t i = 0; i < im->nkept; i++)
    if (!im->kept[i].sum && im->kept[i].key == column) return &im->kept[i];
  if (c->entries > CELLS_MOST || im->nkept == KEPT_MOST) return NULL;
  if (!im->kept && !(im->kept = mk_alloc(im->mem, KEPT_MOST * sizeof *im->kept, NULL))) return NULL;
  mk_small *cells = mk_zalloc(im->mem, c->entries * sizeof *cells, NULL);
  if (!cells) return NULL;
  for (size_t r = 0; r < im->rows; r++) cells[image_code(c, r)].known++;
  im->kept[im->nkept] = (mk_kept){.key = column, .n = c->entries, .cells = cells};
  return &im->kept[im->nkept++];
}

/* The count of all rows for which a condition on one column holds. */
static bool take_true(mk_scan *sc, mk_tally *t) {
  const mk_part *p = t->p;
  bool counts = p->kind == MK_PART_CASES || p->kind == MK_PART_ROWS;
  if (!counts || !sc->raw || sc->ask.nwhere || sc->ask.nkeys || p->when.count != 1) return false;
  const mk_kept *k = met(sc->im, p->when.columns[0]);
  for (size_t e = 0; k && e < k->n; e++)
    if (p->when.truth[e] == MK_YES) t->counts[0] += k->cells[e].known;
  return k != NULL;
}

bool kept_take(mk_scan *sc, mk_work *w, mk_tally *t) {
  if (take_true(sc, t)) {
    w->present[0] = sc->im->rows > 0;
    return true;
  }
  const mk_kept *k = can_keep(sc, t) ? find(sc, t->p) : NULL;
  if (!k) return false;
  for (size_t i = 0; i < k->n; i++) {
    if (t->small) t->small[i] = k->cells[i];
    else t->counts[i] = k->cells[i].known;
    if (k->cells[i].known || k->cells[i].missing) w->present[i / t->units] = 1;
  }
  return true;
}

void kept_add(mk_scan *sc, mk_work *const *works, size_t n, size_t part) {
  const mk_tally *t = &works[0]->tallies[part];
  mk_image *im = sc->im;
  size_t cells = t->places * t->units;
  if (!can_keep(sc, t) || find(sc, t->p) || im->nkept == KEPT_MOST) return;
  if (!im->kept && !(im->kept = mk_alloc(im->mem, KEPT_MOST * sizeof *im->kept, NULL))) return;
  mk_small *to = mk_zalloc(im->mem, cells * sizeof *to, NULL);
  if (!to) return;
  for (size_t w = 0; w < n; w++) {
    const mk_tally *own = &works[w]->tallies[part];
    for (size_t i = 0; i < cells; i++) {
      to[i].known += own->small ? own->small[i].known : own->counts[i];
      to[i].sum += own->small ? own->small[i].sum : 0;
      to[i].missing += own->small ? own->small[i].missing : 0;
    }
  }
  im->kept[im->nkept++] = (mk_kept){.sum = t->small != NULL, .key = sc->ask.nkeys ? sc->ask.keys[0].column : SIZE_MAX,
                                    .column = t->p->column, .unit = t->p->unit, .n = cells, .cells = to};
}

void kept_clear(mk_image *im) {
  for (size_t i = 0; i < im->nkept; i++) mk_free(im->mem, im->kept[i].cells, im->kept[i].n * sizeof *im->kept[i].cells);
  mk_free(im->mem, im->kept, KEPT_MOST * sizeof *im->kept);
}
