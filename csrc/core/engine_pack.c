/* engine_pack.c: several counts and sums of a cell in one number of 64 bits, so that a row costs one addition: which of them share
 * one, how many rows fit before it must be emptied, and the emptying. May include: engine_scan.h, libc strings. */
#include "engine_scan.h"

#include <string.h>

enum { LANES_MOST = 2048, BITS_LEAST = 12, BITS_MOST = 24 };

static bool summing(const mk_part *p) { return p->kind == MK_PART_SUM || p->kind == MK_PART_VALUES; }

/* ------------------------------------------------------------------ conditions */

/* sure: a code that a row with a missing cell would have tells nothing. */
static mk_test test_of(const mk_image *im, const mk_condition *when, bool sure) {
  mk_test t = {.when = when, .always = true};
  if (when->count == 0) return t;
  t.always = false;
  if (when->count > 1) return t;
  const mk_image_column *c = &im->columns[when->columns[0]];
  size_t few = 0, yes = 0, from = c->known == im->rows, counts = sure || from;
  for (size_t e = from; (e = mk_next_truth(when->truth, e, c->entries)) < c->entries; e++) {
    bool possible = when->truth[e] & 3;
    if (possible && few < MK_FEW) t.codes[few] = (uint32_t)e;
    few += possible;
    yes += e >= counts && when->truth[e] == MK_YES;
  }
  t.always = yes == c->entries - counts;
  if (few <= MK_FEW) t.few = few;
  return t;
}

void pack_tests(mk_scan *sc) {
  for (size_t i = 0; i < sc->ask.nwhere; i++) sc->where[i] = test_of(sc->im, &sc->ask.where[i], false);
  for (size_t i = 0; i < sc->ask.nparts; i++) {
    const mk_part *p = &sc->ask.parts[i];
    bool own = p->kind == MK_PART_DISTINCT && p->when.count == 1 && p->when.columns[0] == p->column; /* its missing cells are no value */
    sc->whens[i] = test_of(sc->im, &p->when, own);
  }
}

/* ------------------------------------------------------------------ which share a pack */

static size_t bits_of(uint64_t v) { return v ? 64 - (size_t)__builtin_clzll(v) : 1; }

/* Lays the fields out for 2^bits - 1 rows. False: they do not fit. */
static bool lay_out(const mk_scan *sc, mk_pack *k, size_t bits) {
  size_t at = bits;
  for (size_t i = 0; i < k->nfields; i++) {
    mk_field *f = &k->fields[i];
    const mk_part *p = &sc->ask.parts[f->part];
    const mk_image_column *c = &sc->im->columns[p->column];
    f->sums = summing(p);
    f->count = f->missing = 0;
    if (!sc->whens[f->part].always || mk_by_case(sc, p)) {
      f->count = (uint8_t)at;
      at += bits;
    }
    if (f->sums && c->known != sc->im->rows) {
      f->missing = (uint8_t)at;
      at += bits;
    }
    f->sum = (uint8_t)at;
    if (!f->sums) continue;
    size_t wide = bits + bits_of((uint64_t)c->largest);
    at += wide;
    if (at > 64) return false;
    f->all = UINT64_MAX >> (64 - wide);
  }
  k->limit = ((size_t)1 << bits) - 1;
  return at <= 64;
}

/* Whether rows enough fit that emptying costs little. */
static bool fits(const mk_scan *sc, mk_pack *k) {
  for (size_t bits = BITS_MOST; bits >= BITS_LEAST; bits--)
    if (lay_out(sc, k, bits)) return k->limit >= k->cells;
  return false;
}

static bool can_pack(const mk_scan *sc, const mk_part *p) {
  if (p->kind == MK_PART_CASES || p->kind == MK_PART_ROWS) return true;
  if (p->kind == MK_PART_VALUES && mk_by_case(sc, p)) return false; /* which row of a case counts is said once */
  const mk_image_column *c = &sc->im->columns[p->column];
  int64_t all; /* in mk_small */
  return summing(p) && !p->extent && c->width < 8 && !__builtin_mul_overflow((int64_t)sc->im->rows, c->largest, &all);
}

/* The key whose code is the unit of a place; SIZE_MAX: none. */
static size_t key_of_unit(const mk_scan *sc, size_t unit) {
  for (size_t i = 0; sc->raw && unit != SIZE_MAX && i < sc->ask.nkeys; i++)
    if (sc->ask.keys[i].column == unit) return i;
  return SIZE_MAX;
}

static bool add_to(const mk_scan *sc, mk_pack *k, size_t places, size_t part) {
  mk_pack with = *k;
  const mk_part *p = &sc->ask.parts[part];
  size_t unit = summing(p) && key_of_unit(sc, p->unit) == SIZE_MAX ? p->unit : SIZE_MAX;
  if (k->nfields == MK_FIELDS || (unit != SIZE_MAX && k->unit != SIZE_MAX && k->unit != unit)) return false;
  if (unit != SIZE_MAX) {
    with.unit = unit;
    with.units = sc->im->columns[unit].entries;
  }
  if (!mk_size_mul(places, with.units, &with.cells)) return false;
  with.fields[with.nfields++] = (mk_field){.part = part};
  if (!fits(sc, &with)) return false;
  with.lanes = with.cells <= LANES_MOST ? MK_LANES : 1;
  *k = with;
  return true;
}

void pack_plan(mk_scan *sc, size_t places) {
  sc->npacks = 0;
  for (size_t i = 0; i < sc->ask.nparts; i++) {
    if (!can_pack(sc, &sc->ask.parts[i])) continue;
    size_t k = 0;
    while (k < sc->npacks && !add_to(sc, &sc->packs[k], places, i)) k++;
    if (k < sc->npacks) continue;
    sc->packs[k] = (mk_pack){.unit = SIZE_MAX, .units = 1, .cells = places};
    sc->npacks += add_to(sc, &sc->packs[k], places, i);
  }
}

bool pack_has(const mk_scan *sc, size_t part) {
  for (size_t k = 0; k < sc->npacks; k++)
    for (size_t i = 0; i < sc->packs[k].nfields; i++)
      if (sc->packs[k].fields[i].part == part) return true;
  return false;
}

/* ------------------------------------------------------------------ emptying */

static void add_field(const mk_scan *sc, const mk_pack *k, const mk_field *f, mk_tally *t, size_t place, size_t unit, uint64_t v) {
  mk_small one = pack_read(k, f, v);
  if (t->taken) return;
  if (!f->sums) {
    t->counts[place] += one.known;
    return;
  }
  if (t->unit_key != SIZE_MAX) unit = place / sc->mult[t->unit_key] % t->units;
  else if (t->units == 1) unit = 0;
  mk_small *s = &t->small[place * t->units + unit];
  s->sum += one.sum;
  s->known += one.known;
  s->missing += one.missing;
}

void pack_empty(mk_work *w, size_t pack) {
  const mk_pack *k = &w->sc->packs[pack];
  uint64_t *lane = w->packs[pack];
  for (size_t place = 0, cell = 0; w->loaded[pack] && place < k->cells / k->units; place++)
    for (size_t unit = 0; unit < k->units; unit++, cell++) {
      uint64_t v = lane[cell];
      for (size_t l = 1; l < k->lanes; l++) v += lane[l * k->cells + cell];
      if (!v) continue;
      for (size_t l = 0; l < k->lanes; l++) lane[l * k->cells + cell] = 0;
      if (w->present) w->present[place] = 1;
      for (size_t i = 0; i < k->nfields; i++)
        add_field(w->sc, k, &k->fields[i], &w->tallies[k->fields[i].part], place, unit, v);
    }
  w->loaded[pack] = 0;
}

void pack_marks(mk_work *w) {
  for (size_t i = 0; i < w->sc->ask.nparts; i++) {
    const mk_tally *t = &w->tallies[i];
    for (size_t place = 0; t->marks && w->present && place < t->places; place++)
      if (memchr(t->marks + place * t->codes, 1, t->codes)) w->present[place] = 1;
  }
}
