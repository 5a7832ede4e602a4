/* engine_scan.c: one question over an image: sets up runs over its rows and takes together what they gathered, by groups in the
 * order of their numbers. Exact whatever the order: sums are 128-bit whole numbers. May include: engine_scan.h, libc strings. */
#include "engine_scan.h"

#include <string.h>

enum { CELLS_MAX = 1 << 25, BITS_MAX = 1 << 30, RAW_MOST = 1 << 15,
       PART_BITS = 12, MARKS_MOST = 1 << 20, CHUNK = 1 << 14, ROWS_SHARED = 1 << 16 };
static const uint32_t absent = UINT32_MAX;

static bool summing(const mk_part *p) { return p->kind == MK_PART_SUM || p->kind == MK_PART_VALUES; }
static size_t units_of(const mk_image *im, const mk_part *p) { return summing(p) && p->unit != SIZE_MAX ? im->columns[p->unit].entries : 1; }

/* ------------------------------------------------------------------ tallies */

static void *zeroed(mk_scan *sc, size_t cells, size_t each, mk_err *err) {
  if (cells <= CELLS_MAX) return mk_zalloc(sc->im->mem, cells * each + 1, err);
  mk_fail(err, MK_LIMIT, "%z groups are more than can be counted at once", cells);
  return NULL;
}

static size_t key_of(const mk_scan *sc, size_t column) {
  for (size_t i = 0; sc->raw && column != SIZE_MAX && i < sc->ask.nkeys; i++)
    if (sc->ask.keys[i].column == column) return i;
  return SIZE_MAX;
}

static bool tally_begin(mk_scan *sc, mk_tally *t, size_t part, size_t places, mk_err *err) {
  const mk_part *p = &sc->ask.parts[part];
  const mk_image *im = sc->im;
  size_t cells;
  *t = (mk_tally){.p = p, .places = places, .units = units_of(im, p), .words = (p->ndistinct + 63) / 64, .packed = pack_has(sc, part)};
  t->unit_key = key_of(sc, summing(p) ? p->unit : SIZE_MAX);
  if (!mk_size_mul(places, t->units, &cells) || cells > CELLS_MAX)
    return mk_fail(err, MK_LIMIT, "%z groups are more than can be counted at once", places);
  if (mk_by_case(sc, p) && !(t->last = zeroed(sc, places, sizeof *t->last, err))) return false;
  if (p->kind == MK_PART_DISTINCT) {
    t->codes = im->columns[p->column].entries;
    if (t->words && places > BITS_MAX / 64 / t->words) return mk_fail(err, MK_LIMIT, "too many groups and values");
    if (places <= MARKS_MOST / t->codes && !(t->marks = zeroed(sc, places * t->codes, 1, err))) return false;
    return (t->bits = zeroed(sc, places * t->words, sizeof *t->bits, err)) != NULL;
  }
  if (p->kind == MK_PART_VALUES && !rank_begin(sc, t, err)) return false;
  if (!summing(p)) return (t->counts = zeroed(sc, places, sizeof *t->counts, err)) != NULL;
  if (t->packed) return (t->small = zeroed(sc, cells, sizeof *t->small, err)) != NULL;
  if (!(t->sums = zeroed(sc, cells, sizeof *t->sums, err))) return false;
  for (size_t i = 0; i < cells; i++) t->sums[i].min = INT64_MAX, t->sums[i].max = INT64_MIN;
  return true;
}

static void tally_clear(mk_mem *mem, mk_tally *t) {
  size_t cells = t->places * t->units;
  mk_free(mem, t->counts, t->places * sizeof *t->counts + 1);
  mk_free(mem, t->last, t->places * sizeof *t->last + 1);
  mk_free(mem, t->small, cells * sizeof *t->small + 1);
  mk_free(mem, t->sums, cells * sizeof *t->sums + 1);
  mk_free(mem, t->marks, t->places * t->codes + 1);
  mk_free(mem, t->bits, t->places * t->words * sizeof *t->bits + 1);
  mk_free(mem, t->hist, (cells * t->buckets + 1) * sizeof *t->hist);
}

static size_t pack_size(const mk_pack *k) { return k->cells * k->lanes * sizeof(uint64_t) + 1; }

static void work_free(mk_scan *sc, mk_work *w) {
  mk_mem *mem = sc->im->mem;
  if (!w) return;
  for (size_t i = 0; w->tallies && i < sc->ask.nparts; i++) tally_clear(mem, &w->tallies[i]);
  for (size_t k = 0; w->packs && k < sc->npacks; k++) mk_free(mem, w->packs[k], pack_size(&sc->packs[k]));
  mk_free(mem, w->packs, (sc->npacks + 1) * sizeof *w->packs);
  mk_free(mem, w->loaded, (sc->npacks + 1) * sizeof *w->loaded);
  mk_free(mem, w->tallies, (sc->ask.nparts + 1) * sizeof *w->tallies);
  mk_free(mem, w->undecided, (sc->ask.nwhere + 1) * MK_SCAN_KINDS * sizeof *w->undecided);
  mk_free(mem, w->present, sc->places + 1);
  mk_free(mem, w->group, w->room * sizeof *w->group + 1);
  mk_free(mem, w->row, w->room * sizeof *w->row + 1);
  mk_free(mem, w->element, w->room * sizeof *w->element + 1);
  mk_free(mem, w->ord, w->room * sizeof *w->ord + 1);
  mk_free(mem, w, sizeof *w);
}

static mk_work *work_new(mk_scan *sc, mk_err *err) {
  mk_mem *mem = sc->im->mem;
  mk_work *w = mk_alloc(mem, sizeof *w, err);
  if (!w) return NULL;
  memset(w, 0, offsetof(mk_work, block));
  w->sc = sc;
  w->undecided = mk_zalloc(mem, (sc->ask.nwhere + 1) * MK_SCAN_KINDS * sizeof *w->undecided, err);
  w->tallies = mk_zalloc(mem, (sc->ask.nparts + 1) * sizeof *w->tallies, err);
  w->packs = mk_zalloc(mem, (sc->npacks + 1) * sizeof *w->packs, err);
  w->loaded = mk_zalloc(mem, (sc->npacks + 1) * sizeof *w->loaded, err);
  if (w->undecided && w->tallies && w->packs && w->loaded) return w;
  work_free(sc, w);
  return NULL;
}

/* Marks become bits. */
static void take_marks(const mk_tally *t, size_t place) {
  if (!t->marks) return;
  const uint8_t *marks = t->marks + place * t->codes;
  for (size_t e = 1; e < t->codes; e++)
    if (marks[e]) t->bits[place * t->words + t->p->distinct[e] / 64] |= UINT64_C(1) << t->p->distinct[e] % 64;
}

/* Packs that gather what is not there yet. */
static bool work_packs(mk_scan *sc, mk_work *w, mk_err *err) {
  for (size_t k = 0; k < sc->npacks; k++) {
    const mk_pack *pack = &sc->packs[k];
    bool all = true;
    for (size_t i = 0; i < pack->nfields; i++) all = all && w->tallies[pack->fields[i].part].taken;
    if (!all && !(w->packs[k] = mk_zalloc(sc->im->mem, pack_size(pack), err))) return false;
  }
  return true;
}

static bool work_tallies(mk_scan *sc, mk_work *w, size_t places, mk_err *err) {
  for (size_t i = 0; i < sc->ask.nparts; i++)
    if (!tally_begin(sc, &w->tallies[i], i, places, err)) return false;
  return sc->parted || (w->present = zeroed(sc, sc->places, 1, err)) != NULL;
}

/* ------------------------------------------------------------------ what was found */

static bool grow(mk_mem *mem, void **p, size_t from, size_t to, size_t each, mk_err *err) {
  void *more = mk_resize(mem, *p, *p ? from * each + 1 : 0, to * each + 1, err);
  if (!more) return false;
  *p = more;
  return true;
}

/* Room for so many groups in all. */
bool scan_reserve(mk_scan *sc, size_t n, mk_err *err) {
  mk_mem *mem = sc->im->mem;
  size_t cap = sc->cap ? sc->cap : 64;
  if (n <= sc->cap) return true;
  while (cap < n) cap *= 2;
  if (cap > CELLS_MAX * (size_t)2) return mk_fail(err, MK_LIMIT, "%z groups are more than can be counted at once", n);
  for (size_t i = 0; i < sc->ask.nparts; i++) {
    mk_found *f = &sc->parts[i];
    const mk_part *p = &sc->ask.parts[i];
    bool ok;
    if (p->kind == MK_PART_DISTINCT) ok = grow(mem, (void **)&f->bits, f->cap * f->words, cap * f->words, sizeof *f->bits, err);
    else if (!summing(p)) ok = grow(mem, (void **)&f->counts, f->cap, cap, sizeof *f->counts, err);
    else if (pack_has(sc, i)) ok = grow(mem, (void **)&f->small, f->cap * f->units, cap * f->units, sizeof *f->small, err);
    else ok = grow(mem, (void **)&f->sums, f->cap * f->units, cap * f->units, sizeof *f->sums, err);
    if (!ok) return false;
    f->cap = cap;
  }
  if (!grow(mem, (void **)&sc->list, sc->cap, cap, sizeof *sc->list, err)) return false;
  sc->cap = cap;
  return true;
}

/* The cells of the next group are nothing yet. */
static void found_empty(mk_scan *sc, size_t at) {
  for (size_t i = 0; i < sc->ask.nparts; i++) {
    mk_found *f = &sc->parts[i];
    if (f->counts) f->counts[at] = 0;
    if (f->bits) memset(f->bits + at * f->words, 0, f->words * sizeof *f->bits);
    for (size_t u = 0; u < f->units; u++) {
      if (f->small) f->small[at * f->units + u] = (mk_small){0, 0, 0};
      if (f->sums) f->sums[at * f->units + u] = (mk_sum){0, INT64_MAX, INT64_MIN, 0, 0};
    }
  }
}

static void sum_add(mk_sum *to, const mk_sum *s) {
  to->sum += s->sum;
  to->known += s->known;
  to->missing += s->missing;
  if (s->min < to->min) to->min = s->min;
  if (s->max > to->max) to->max = s->max;
}

static void small_add(mk_small *to, const mk_small *s) {
  to->sum += s->sum;
  to->known += s->known;
  to->missing += s->missing;
}

/* Adds a place of a tally to a group. */
static void absorb(mk_found *f, size_t at, const mk_tally *t, size_t place) {
  if (t->p->kind == MK_PART_ANY) f->counts[at] |= t->counts[place];
  else if (t->counts) f->counts[at] += t->counts[place];
  take_marks(t, place);
  for (size_t w = 0; t->bits && w < t->words; w++) f->bits[at * t->words + w] |= t->bits[place * t->words + w];
  for (size_t u = 0; t->small && u < t->units; u++) small_add(&f->small[at * t->units + u], &t->small[place * t->units + u]);
  for (size_t u = 0; t->sums && u < t->units; u++) sum_add(&f->sums[at * t->units + u], &t->sums[place * t->units + u]);
}

/* The next place that has rows, from this one on; SIZE_MAX after the last. */
size_t scan_next_place(const mk_scan *sc, const uint8_t *present, size_t place) {
  const uint8_t *next = place < sc->places ? memchr(present + place, 1, sc->places - place) : NULL;
  return next ? (size_t)(next - present) : SIZE_MAX;
}

/* The group that a place stands for. */
uint32_t scan_group_of(const mk_scan *sc, size_t place) {
  uint32_t group = 0;
  if (!sc->raw) return (uint32_t)place;
  for (size_t i = 0; i < sc->ask.nkeys; i++) {
    const mk_scan_key *key = &sc->ask.keys[i];
    group += key->group[place / sc->mult[i] % sc->im->columns[key->column].entries];
  }
  return sc->ask.united ? sc->ask.united[group] : group;
}

/* slots[group]: its place among those found, absent for none. */
static bool list_groups(mk_scan *sc, mk_work *const *works, size_t n, uint32_t *slots, mk_err *err) {
  size_t found = 0;
  memset(slots, 0, sc->ask.ngroups * sizeof *slots);
  for (size_t i = 1; i < n; i++)
    for (size_t place = 0; place < sc->places; place++) works[0]->present[place] |= works[i]->present[place];
  SCAN_EACH_PLACE(sc, place, works) slots[scan_group_of(sc, place)] = 1;
  for (size_t g = 0; g < sc->ask.ngroups; g++) found += slots[g];
  if (!scan_reserve(sc, found, err)) return false;
  sc->found = 0;
  for (size_t g = 0; g < sc->ask.ngroups; g++) {
    if (!slots[g]) { slots[g] = absent; continue; }
    slots[g] = (uint32_t)sc->found;
    found_empty(sc, sc->found);
    sc->list[sc->found++] = (uint32_t)g;
  }
  return true;
}

/* Takes together what runs gathered. */
static bool gather(mk_scan *sc, mk_work *const *works, size_t n, uint32_t *slots, mk_err *err) {
  if (!list_groups(sc, works, n, slots, err)) return false;
  SCAN_EACH_PLACE(sc, place, works) {
    uint32_t at = slots[scan_group_of(sc, place)];
    for (size_t i = 0; i < n; i++)
      for (size_t p = 0; p < sc->ask.nparts; p++) absorb(&sc->parts[p], at, &works[i]->tallies[p], place);
  }
  for (size_t i = 0; i < n; i++) {
    sc->rows += works[i]->rows;
    for (size_t k = 0; k < sc->ask.nwhere * MK_SCAN_KINDS; k++) sc->undecided[k] += works[i]->undecided[k];
  }
  return true;
}

/* ------------------------------------------------------------------ runs */

/* Where a chunk begins: at a case. */
size_t scan_chunk_start(const mk_scan *sc, size_t k) {
  const mk_image *im = sc->im;
  size_t row = k * sc->ask.chunk;
  if (row >= im->rows) return im->rows;
  while (!im->single && row < im->rows && !im->fresh[row]) row++;
  return row;
}

static void run_chunk(mk_work *w, size_t k) {
  w->from = scan_chunk_start(w->sc, k);
  w->to = scan_chunk_start(w->sc, k + 1);
  if (w->from < w->to) w->course->kernel->run(w);
  if (w->id == 0 && !mk_store_go_on(w->sc->ask.store)) atomic_store(&w->course->stop, true);
}

/* Chunk after chunk as they are left, or its own ones. */
static void take_chunks(mk_work *w) {
  mk_course *c = w->course;
  for (size_t k = w->id; c->dealt && k < c->chunks && !atomic_load(&c->stop); k += c->runs) run_chunk(w, k);
  if (c->dealt) return;
  for (size_t k; !atomic_load(&c->stop) && (k = atomic_fetch_add(&c->next, 1)) < c->chunks;) run_chunk(w, k);
}

static void empty_packs(mk_work *w) {
  for (size_t k = 0; k < w->sc->npacks; k++) pack_empty(w, k);
  if (!w->again) pack_marks(w);
}

static void run_chunks(void *arg) {
  take_chunks(arg);
  empty_packs(arg);
}

bool scan_run_all(mk_scan *sc, mk_work *const *works, size_t n, mk_err *err) {
  mk_pool **pool = n > 1 ? db_pool(sc->ask.store) : NULL;
  if (!mk_store_go_on(sc->ask.store)) return mk_fail(err, MK_CANCELLED, "counting: cancelled by the progress function");
  if (sc->stream) {
    bool ok = stream_run(sc, works[0], err);
    empty_packs(works[0]);
    return ok;
  }
  atomic_store(&works[0]->course->next, 0);
  bool helped = pool && pool_begin(pool, run_chunks, works[1]);
  run_chunks(works[0]);
  helped = helped && pool_end(*pool);
  if (!helped && n > 1 && works[1]->course->dealt) run_chunks(works[1]);
  return !atomic_load(&works[0]->course->stop) || mk_fail(err, MK_CANCELLED, "counting: cancelled by the progress function");
}

/* Chunks of a size that was asked for are dealt out to the runs in turn, so that what each gathers is always the same. */
static void course_begin(const mk_scan *sc, mk_course *c, const mk_kernel *kernel, size_t runs) {
  c->kernel = kernel;
  c->chunks = (sc->im->rows + sc->ask.chunk - 1) / sc->ask.chunk;
  c->runs = runs;
  c->dealt = runs > 1 && sc->ask.chunk != CHUNK;
  atomic_init(&c->next, 0);
  atomic_init(&c->stop, false);
}

/* ------------------------------------------------------------------ few groups: a table of them */

enum { RUNS_MOST = 2 };

/* The first pass: what was kept is taken, and only the rest needs the rows. */
static bool run_parts(mk_scan *sc, mk_work *const *works, size_t n, mk_err *err) {
  size_t taken = 0;
  bool ok = true;
  for (size_t p = 0; p < sc->ask.nparts; p++) {
    mk_tally *t = &works[0]->tallies[p];
    bool is = !sc->stream && kept_take(sc, works[0], t);
    for (size_t i = 0; i < n; i++) works[i]->tallies[p].taken = is;
    sc->told = sc->told || is || t->packed || (t->marks && sc->whens[p].always);
    taken += is;
  }
  if (taken && taken == sc->ask.nparts) {
    works[0]->rows = sc->im->rows;
    return true;
  }
  for (size_t i = 0; ok && i < n; i++) ok = work_packs(sc, works[i], err);
  if (!ok || !scan_run_all(sc, works, n, err)) return false;
  for (size_t p = 0; p < sc->ask.nparts; p++) kept_add(sc, works, n, p);
  return true;
}

static bool run_dense(mk_scan *sc, mk_work *const *works, size_t n, uint32_t *slots, mk_err *err) {
  if (!run_parts(sc, works, n, err) || !gather(sc, works, n, slots, err)) return false;
  for (size_t p = 0; p < sc->ask.nparts; p++) {
    if (sc->ask.parts[p].kind != MK_PART_VALUES) continue;
    if (!rank_find(sc, works, n, p, slots, err)) return false;
  }
  return true;
}

/* A thread that sleeps takes as long to wake as a hundred thousand rows of a table of few groups. */
static size_t runs_of(const mk_scan *sc) {
  if (sc->stream) return 1;
  size_t shared = sc->ask.chunk != CHUNK ? sc->ask.chunk : sc->parted ? ROWS_SHARED : 4 * ROWS_SHARED;
  return sc->ask.threads > 1 && sc->ask.store && sc->im->rows >= shared ? RUNS_MOST : 1;
}

static bool scan_dense(mk_scan *sc, const mk_kernel *kernel, mk_err *err) {
  mk_course course;
  mk_work *works[RUNS_MOST] = {NULL};
  size_t n = runs_of(sc);
  pack_plan(sc, sc->places);
  uint32_t *slots = zeroed(sc, sc->ask.ngroups, sizeof *slots, err);
  bool ok = slots != NULL;
  course_begin(sc, &course, kernel, n);
  for (size_t i = 0; ok && i < n; i++) {
    ok = (works[i] = work_new(sc, err)) && work_tallies(sc, works[i], sc->places, err);
    if (!ok) break;
    works[i]->course = &course;
    works[i]->id = (uint8_t)i;
  }
  ok = ok && run_dense(sc, works, n, slots, err);
  mk_free(sc->im->mem, slots, sc->ask.ngroups * sizeof *slots + 1);
  for (size_t i = 0; i < n; i++) work_free(sc, works[i]);
  return ok;
}

/* ------------------------------------------------------------------ many groups: one stretch of numbers after the other */

/* Rows that passed, apart by the high bits of their groups; inside a stretch they keep their order. */
typedef struct {
  uint64_t *place;             /* low bits of the group above the row */
  uint32_t *ord, *group, *row; /* group and row: of one stretch */
  size_t *ends, rows, stretches, most;
} parted;

static bool part_rows(mk_scan *sc, const mk_work *w, parted *x, mk_err *err) {
  mk_mem *mem = sc->im->mem;
  size_t n = w->rows, sum = 0;
  x->rows = n;
  x->stretches = (sc->ask.ngroups >> PART_BITS) + 1;
  x->ends = mk_zalloc(mem, x->stretches * sizeof *x->ends, err);
  x->place = mk_alloc(mem, n * sizeof *x->place + 1, err);
  x->ord = w->ord ? mk_alloc(mem, n * sizeof *x->ord + 1, err) : NULL;
  if (!x->ends || !x->place || (w->ord && !x->ord)) return false;
  for (size_t i = 0; i < n; i++) x->ends[w->group[i] >> PART_BITS]++;
  for (size_t s = 0; s < x->stretches; s++) {
    size_t own = x->ends[s];
    if (own > x->most) x->most = own;
    x->ends[s] = sum;
    sum += own;
  }
  for (size_t i = 0; i < n; i++) {
    size_t to = x->ends[w->group[i] >> PART_BITS]++;
    x->place[to] = (uint64_t)(w->group[i] & ((1u << PART_BITS) - 1)) << 32 | w->row[i];
    if (x->ord) x->ord[to] = w->ord[i];
  }
  x->group = mk_alloc(mem, x->most * sizeof *x->group + 1, err);
  x->row = mk_alloc(mem, x->most * sizeof *x->row + 1, err);
  return x->group && x->row;
}

static void parted_clear(mk_mem *mem, parted *x) {
  mk_free(mem, x->ends, x->stretches * sizeof *x->ends);
  mk_free(mem, x->place, x->rows * sizeof *x->place + 1);
  mk_free(mem, x->group, x->most * sizeof *x->group + 1);
  mk_free(mem, x->row, x->most * sizeof *x->row + 1);
  mk_free(mem, x->ord, x->rows * sizeof *x->ord + 1);
}

/* Moves a place of a tally to a new group and leaves the place empty. */
static void move_place(mk_found *f, size_t at, mk_tally *t, size_t place) {
  if (t->counts) f->counts[at] = t->counts[place];
  if (t->counts) t->counts[place] = 0;
  if (t->last) t->last[place] = 0;
  for (size_t u = 0; u < t->units; u++) {
    size_t to = at * t->units + u, from = place * t->units + u;
    if (t->small) {
      f->small[to] = t->small[from];
      t->small[from] = (mk_small){0, 0, 0};
    } else if (t->sums) {
      f->sums[to] = t->sums[from];
      t->sums[from] = (mk_sum){0, INT64_MAX, INT64_MIN, 0, 0};
    }
  }
  if (!t->bits) return;
  take_marks(t, place);
  if (t->marks) memset(t->marks + place * t->codes, 0, t->codes);
  memcpy(f->bits + at * t->words, t->bits + place * t->words, t->words * sizeof *t->bits);
  memset(t->bits + place * t->words, 0, t->words * sizeof *t->bits);
}

/* The groups of one stretch: their bits tell which there are. */
static bool take_stretch(mk_scan *sc, mk_work *w, uint64_t *bits, const parted *x, size_t s, size_t n, mk_err *err) {
  size_t words = ((size_t)1 << PART_BITS) / 64, found = 0;
  for (size_t i = 0; i < n; i++) bits[x->group[i] / 64] |= UINT64_C(1) << x->group[i] % 64;
  for (size_t k = 0; k < words; k++) found += (size_t)__builtin_popcountll(bits[k]);
  if (!scan_reserve(sc, sc->found + found, err)) return false;
  for (size_t k = 0; k < words; k++) {
    for (uint64_t left = bits[k]; left; left &= left - 1) {
      size_t place = k * 64 + (size_t)__builtin_ctzll(left);
      sc->list[sc->found] = (uint32_t)(s << PART_BITS | place);
      for (size_t p = 0; p < sc->ask.nparts; p++) move_place(&sc->parts[p], sc->found, &w->tallies[p], place);
      sc->found++;
    }
    bits[k] = 0;
  }
  return true;
}

static bool take_stretches(mk_scan *sc, const mk_kernel *kernel, mk_work *w, const parted *x, mk_err *err) {
  uint64_t bits[((size_t)1 << PART_BITS) / 64] = {0};
  for (size_t s = 0, from = 0; s < x->stretches; from = x->ends[s++]) {
    size_t n = x->ends[s] - from;
    if (!n) continue;
    for (size_t i = 0; i < n; i++) {
      x->group[i] = (uint32_t)(x->place[from + i] >> 32);
      x->row[i] = (uint32_t)x->place[from + i];
    }
    kernel->tally(w, x->row, x->group, x->ord ? x->ord + from : NULL, n);
    for (size_t k = 0; k < sc->npacks; k++) pack_empty(w, k);
    if (!take_stretch(sc, w, bits, x, s, n, err)) return false;
  }
  return true;
}

/* Any parts, one thread. */
static bool scan_parted(mk_scan *sc, mk_course *course, mk_err *err) {
  mk_mem *mem = sc->im->mem;
  size_t rows = sc->im->rows;
  parted x = {0};
  pack_plan(sc, (size_t)1 << PART_BITS);
  mk_work *w = work_new(sc, err);
  if (w) w->room = rows;
  bool ok = w && (w->group = mk_alloc(mem, rows * sizeof *w->group + 1, err)) && (w->row = mk_alloc(mem, rows * sizeof *w->row + 1, err)) &&
            (sc->im->single || (w->ord = mk_alloc(mem, rows * sizeof *w->ord + 1, err)));
  if (ok) w->course = course;
  ok = ok && scan_run_all(sc, &w, 1, err) && part_rows(sc, w, &x, err);
  if (ok) {
    sc->rows = w->rows;
    memcpy(sc->undecided, w->undecided, sc->ask.nwhere * MK_SCAN_KINDS * sizeof *w->undecided);
  }
  ok = ok && work_tallies(sc, w, (size_t)1 << PART_BITS, err) && work_packs(sc, w, err) && take_stretches(sc, course->kernel, w, &x, err);
  parted_clear(mem, &x);
  work_free(sc, w);
  return ok;
}

/* By the pack of all parts where there is one. 1; 0: not for these; -1 failed. */
static int scan_radix(mk_scan *sc, mk_course *course, mk_err *err) {
  mk_work *works[RUNS_MOST] = {NULL};
  size_t n = runs_of(sc);
  int done = 1;
  pack_plan(sc, (size_t)1 << MK_RADIX_BITS);
  for (size_t i = 0; done == 1 && i < n; i++) {
    if (!(works[i] = work_new(sc, err))) { done = -1; break; }
    for (size_t p = 0; p < sc->ask.nparts; p++) works[i]->tallies[p].p = &sc->ask.parts[p];
    works[i]->course = course;
    works[i]->id = (uint8_t)i;
  }
  if (done == 1) done = radix_scan(sc, works, n, err);
  for (size_t i = 0; i < n; i++) {
    for (size_t k = 0; done == 1 && k < sc->ask.nwhere * MK_SCAN_KINDS; k++) sc->undecided[k] += works[i]->undecided[k];
    work_free(sc, works[i]);
  }
  return done;
}

static bool scan_many(mk_scan *sc, const mk_kernel *kernel, mk_err *err) {
  mk_course course;
  sc->parted = true;
  course_begin(sc, &course, kernel, 1);
  int done = scan_radix(sc, &course, err);
  return done == 1 || (done == 0 && scan_parted(sc, &course, err));
}

/* ------------------------------------------------------------------ the scan */

/* Places are combinations of codes where these are few and no case can stand in two of one group. */
static void choose_places(mk_scan *sc) {
  size_t size = 1, units = 1;
  bool apart = sc->im->single && sc->ask.nkeys <= sizeof sc->mult / sizeof *sc->mult;
  sc->places = sc->ask.ngroups;
  for (size_t i = 0; i < sc->ask.nparts; i++) {
    size_t each = units_of(sc->im, &sc->ask.parts[i]) + sc->ask.parts[i].ndistinct / 64;
    if (each > units) units = each;
  }
  for (size_t i = sc->ask.nkeys; apart && i-- > 0;) {
    sc->mult[i] = (uint32_t)size;
    if (!mk_size_mul(size, sc->im->columns[sc->ask.keys[i].column].entries, &size) || size * units > RAW_MOST) apart = false;
  }
  if (!apart) return;
  sc->raw = true;
  sc->places = size;
}

static bool run(mk_scan *sc, mk_err *err) {
  const mk_kernel *kernel = sc->ask.way == MK_WAY_PLAIN ? &mk_kernel_plain : mk_kernel_best();
  bool ranked = false, many = sc->ask.ngroups > sc->ask.dense && !sc->ask.united;
  for (size_t i = 0; i < sc->ask.nparts; i++) {
    mk_found *f = &sc->parts[i];
    const mk_part *p = &sc->ask.parts[i];
    f->kind = p->kind;
    f->units = units_of(sc->im, p);
    f->words = (p->ndistinct + 63) / 64;
    ranked = ranked || p->kind == MK_PART_VALUES;
  }
  if (sc->ask.dense == SCAN_DENSE_MOST || !many || ranked) choose_places(sc);
  else sc->places = sc->ask.ngroups;
  kept_zones(sc);
  pack_tests(sc);
  return many && !ranked && !sc->raw ? scan_many(sc, kernel, err) : scan_dense(sc, kernel, err);
}

static mk_scan *scan_new(mk_image *im, const mk_scan_ask *ask, mk_err *err) {
  mk_scan *sc = mk_zalloc(im->mem, sizeof *sc, err);
  if (!sc) return NULL;
  sc->im = im;
  sc->ask = *ask;
  if (!ask->chunk) sc->ask.chunk = CHUNK;
  if (!ask->dense) sc->ask.dense = SCAN_DENSE_MOST;
  sc->undecided = mk_zalloc(im->mem, (ask->nwhere + 1) * MK_SCAN_KINDS * sizeof *sc->undecided, err);
  sc->parts = mk_zalloc(im->mem, (ask->nparts + 1) * sizeof *sc->parts, err);
  sc->possible = mk_zalloc(im->mem, (ask->nwhere + 1) * sizeof *sc->possible, err);
  sc->where = mk_zalloc(im->mem, (ask->nwhere + 1) * sizeof *sc->where, err);
  sc->whens = mk_zalloc(im->mem, (ask->nparts + 1) * sizeof *sc->whens, err);
  sc->packs = mk_zalloc(im->mem, (ask->nparts + 1) * sizeof *sc->packs, err);
  if (sc->undecided && sc->parts && sc->possible && sc->where && sc->whens && sc->packs) return sc;
  mk_scan_free(sc);
  return NULL;
}

/* Forgets what is the caller's. */
static mk_scan *forget_asked(mk_scan *sc) {
  sc->stream = NULL;
  sc->ask.where = NULL;
  sc->ask.keys = NULL;
  sc->ask.united = NULL;
  sc->ask.parts = NULL;
  return sc;
}

mk_scan *mk_scan_new(mk_image *im, const mk_scan_ask *ask, mk_err *err) { return scan_made(im, ask, NULL, err); }

mk_scan *scan_made(mk_image *im, const mk_scan_ask *ask, mk_stream *stream, mk_err *err) {
  mk_scan *sc = scan_new(im, ask, err);
  if (!sc) return NULL;
  sc->stream = stream;
  if (im->rows >= UINT32_MAX || ask->ngroups >= UINT32_MAX) mk_fail(err, MK_LIMIT, "an image holds fewer than 2^32 rows and groups");
  if (!mk_failed(err) && run(sc, err)) return forget_asked(sc);
  mk_scan_free(sc);
  return NULL;
}

void mk_scan_free(mk_scan *sc) {
  if (!sc) return;
  mk_mem *mem = sc->im->mem;
  for (size_t i = 0; sc->parts && i < sc->ask.nparts; i++) {
    mk_found *f = &sc->parts[i];
    mk_free(mem, f->counts, f->cap * sizeof *f->counts + 1);
    mk_free(mem, f->small, f->cap * f->units * sizeof *f->small + 1);
    mk_free(mem, f->sums, f->cap * f->units * sizeof *f->sums + 1);
    mk_free(mem, f->bits, f->cap * f->words * sizeof *f->bits + 1);
    mk_free(mem, f->ranked, sc->found * f->units * f->nranks * sizeof *f->ranked + 1);
  }
  mk_free(mem, sc->parts, (sc->ask.nparts + 1) * sizeof *sc->parts);
  mk_free(mem, sc->possible, (sc->ask.nwhere + 1) * sizeof *sc->possible);
  mk_free(mem, sc->where, (sc->ask.nwhere + 1) * sizeof *sc->where);
  mk_free(mem, sc->whens, (sc->ask.nparts + 1) * sizeof *sc->whens);
  mk_free(mem, sc->packs, (sc->ask.nparts + 1) * sizeof *sc->packs);
  mk_free(mem, sc->undecided, (sc->ask.nwhere + 1) * MK_SCAN_KINDS * sizeof *sc->undecided);
  mk_free(mem, sc->list, sc->cap * sizeof *sc->list + 1);
  mk_free(mem, sc, sizeof *sc);
}
