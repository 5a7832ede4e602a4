/* engine_radix.c: many groups whose counts and sums fit into one pack. Rows become numbers of 64 bits, what a row adds with the low
 * bits of its group in place of the count, apart by the high bits chunk by chunk; then one stretch of groups after the other is added
 * up in a table that stays in the cache of a processor. May include: engine_scan.h. */
#include "engine_scan.h"

enum { STRETCHES_MOST = 4096, HANDS = 2 };
#define PLACES ((size_t)1 << MK_RADIX_BITS)

typedef struct {
  mk_scan *sc;
  const mk_pack *pack;
  size_t chunks, room, stretches; /* room: rows of the longest chunk */
  uint64_t *elements;             /* of a chunk from its first row on, by stretch */
  uint32_t *ends;                 /* of the pieces of each chunk, from its first row on */
  size_t *from, *found;           /* by stretch: where its groups go, how many there are */
  uint64_t *cells, *there;        /* cells of the groups that are there; a bit for each group */
  size_t ncells;
  atomic_size_t next;
  atomic_bool stop;
} radix;

/* What one thread works with. */
typedef struct { radix *x; mk_work *w; uint64_t *table; size_t rows; } hand;

/* ------------------------------------------------------------------ rows apart */

static void part_chunk(hand *h, const mk_kernel *kernel, size_t chunk) {
  radix *x = h->x;
  mk_work *w = h->w;
  uint32_t *ends = x->ends + chunk * x->stretches, sum = 0;
  w->from = scan_chunk_start(x->sc, chunk);
  w->to = scan_chunk_start(x->sc, chunk + 1);
  w->rows = 0;
  if (w->from < w->to) kernel->run(w);
  const uint32_t *group = w->group;
  const uint64_t *element = w->element;
  uint64_t *out = x->elements + w->from;
  size_t n = w->rows;
  for (size_t i = 0; i < n; i++) ends[group[i] >> MK_RADIX_BITS]++;
  for (size_t s = 0; s < x->stretches; s++) {
    uint32_t own = ends[s];
    ends[s] = sum;
    sum += own;
  }
  for (size_t i = 0; i < n; i++) out[ends[group[i] >> MK_RADIX_BITS]++] = element[i];
  h->rows += n;
}

static void go_on(hand *h) {
  if (h->w->id == 0 && !mk_store_go_on(h->x->sc->ask.store)) atomic_store(&h->x->stop, true);
}

static void part_chunks(void *arg) {
  hand *h = arg;
  radix *x = h->x;
  for (size_t k; !atomic_load(&x->stop) && (k = atomic_fetch_add(&x->next, 1)) < x->chunks; go_on(h))
    part_chunk(h, h->w->course->kernel, k);
}

/* ------------------------------------------------------------------ stretches */

static void add_piece(uint64_t *table, const uint64_t *element, size_t n, uint64_t low) {
  for (size_t i = 0; i < n; i++) table[element[i] & (PLACES - 1)] += (element[i] & ~low) + 1;
}

/* Puts the cells that are there next to each other, and leaves the table empty. */
static size_t take_cells(uint64_t *table, uint64_t *cells, uint64_t *there) {
  size_t n = 0;
  for (size_t word = 0; word < PLACES / 64; word++) {
    uint64_t bits = 0;
    for (size_t i = 0; i < 64; i++) bits |= (uint64_t)(table[word * 64 + i] != 0) << i;
    there[word] = bits;
    for (; bits; bits &= bits - 1) {
      size_t at = word * 64 + (size_t)__builtin_ctzll(bits);
      cells[n++] = table[at];
      table[at] = 0;
    }
  }
  return n;
}

static void add_stretches(void *arg) {
  hand *h = arg;
  radix *x = h->x;
  for (size_t s; !atomic_load(&x->stop) && (s = atomic_fetch_add(&x->next, 1)) < x->stretches; go_on(h)) {
    for (size_t k = 0; k < x->chunks; k++) {
      const uint32_t *ends = x->ends + k * x->stretches;
      uint32_t begin = s ? ends[s - 1] : 0;
      if (begin < ends[s]) add_piece(h->table, x->elements + scan_chunk_start(x->sc, k) + begin, ends[s] - begin, x->pack->limit);
    }
    x->found[s] = take_cells(h->table, x->cells + x->from[s], x->there + s * (PLACES / 64));
  }
}

static bool together(radix *x, void (*fn)(void *arg), hand *hands, size_t n, mk_err *err) {
  mk_pool **pool = n > 1 ? db_pool(x->sc->ask.store) : NULL;
  atomic_store(&x->next, 0);
  bool helped = pool && pool_begin(pool, fn, &hands[1]);
  fn(&hands[0]);
  if (helped) pool_end(*pool);
  return !atomic_load(&x->stop) || mk_fail(err, MK_CANCELLED, "counting: cancelled by the progress function");
}

/* Where the groups of each stretch go. False: one has more rows than its cells hold. */
static bool aim(radix *x) {
  for (size_t s = 0; s < x->stretches; s++) {
    size_t rows = 0;
    for (size_t k = 0; k < x->chunks; k++) {
      const uint32_t *ends = x->ends + k * x->stretches;
      rows += ends[s] - (s ? ends[s - 1] : 0);
    }
    if (rows > x->pack->limit) return false;
    x->from[s] = x->ncells;
    x->ncells += rows < PLACES ? rows : PLACES;
  }
  return true;
}

/* ------------------------------------------------------------------ what was found */

static void list_groups(radix *x) {
  uint32_t *list = x->sc->list;
  for (size_t word = 0; word < x->stretches * (PLACES / 64); word++)
    for (uint64_t bits = x->there[word]; bits; bits &= bits - 1) *list++ = (uint32_t)(word * 64 + (size_t)__builtin_ctzll(bits));
}

static void take_field(const radix *x, const mk_field *f) {
  mk_found *to = &x->sc->parts[f->part];
  size_t at = 0;
  for (size_t s = 0; s < x->stretches; s++)
    for (size_t i = 0; i < x->found[s]; i++, at++) {
      mk_small one = pack_read(x->pack, f, x->cells[x->from[s] + i]);
      if (to->small) to->small[at] = one;
      else to->counts[at] = one.known;
    }
}

static bool take_all(radix *x, mk_err *err) {
  size_t found = 0;
  for (size_t s = 0; s < x->stretches; s++) found += x->found[s];
  if (!scan_reserve(x->sc, found, err)) return false;
  x->sc->found = found;
  list_groups(x);
  for (size_t i = 0; i < x->pack->nfields; i++) take_field(x, &x->pack->fields[i]);
  return true;
}

/* ------------------------------------------------------------------ the scan */

static bool can_take(const mk_scan *sc) {
  bool can = sc->npacks == 1 && sc->packs[0].nfields == sc->ask.nparts && sc->packs[0].unit == SIZE_MAX &&
             (sc->ask.ngroups >> MK_RADIX_BITS) < STRETCHES_MOST;
  for (size_t i = 0; i < sc->ask.nparts; i++) can = can && sc->parts[i].units == 1 && !mk_by_case(sc, &sc->ask.parts[i]);
  return can;
}

static bool begin(radix *x, mk_err *err) {
  mk_mem *mem = x->sc->im->mem;
  for (size_t k = 0; k < x->chunks; k++) {
    size_t rows = scan_chunk_start(x->sc, k + 1) - scan_chunk_start(x->sc, k);
    if (rows > x->room) x->room = rows;
  }
  size_t pieces;
  if (!mk_size_mul(x->chunks, x->stretches, &pieces)) return mk_fail(err, MK_LIMIT, "too many groups");
  x->elements = mk_alloc(mem, x->sc->im->rows * sizeof *x->elements + 1, err);
  x->ends = x->elements ? mk_zalloc(mem, pieces * sizeof *x->ends + 1, err) : NULL;
  x->from = x->ends ? mk_zalloc(mem, x->stretches * sizeof *x->from, err) : NULL;
  x->found = x->from ? mk_zalloc(mem, x->stretches * sizeof *x->found, err) : NULL;
  x->there = x->found ? mk_zalloc(mem, x->stretches * (PLACES / 8), err) : NULL;
  return x->there != NULL;
}

static void end(radix *x) {
  mk_mem *mem = x->sc->im->mem;
  mk_free(mem, x->elements, x->sc->im->rows * sizeof *x->elements + 1);
  mk_free(mem, x->ends, x->chunks * x->stretches * sizeof *x->ends + 1);
  mk_free(mem, x->from, x->stretches * sizeof *x->from);
  mk_free(mem, x->found, x->stretches * sizeof *x->found);
  mk_free(mem, x->there, x->stretches * (PLACES / 8));
  mk_free(mem, x->cells, x->ncells * sizeof *x->cells + 1);
}

static bool begin_hand(hand *h, radix *x, mk_work *w, mk_err *err) {
  mk_mem *mem = x->sc->im->mem;
  *h = (hand){.x = x, .w = w};
  w->room = x->room;
  w->group = mk_alloc(mem, w->room * sizeof *w->group + 1, err);
  w->element = w->group ? mk_alloc(mem, w->room * sizeof *w->element + 1, err) : NULL;
  h->table = w->element ? mk_zalloc(mem, PLACES * sizeof *h->table, err) : NULL;
  return h->table != NULL;
}

static int both_passes(radix *x, hand *hands, size_t n, mk_err *err) {
  if (!together(x, part_chunks, hands, n, err)) return -1;
  if (!aim(x)) return 0;
  x->cells = mk_alloc(x->sc->im->mem, x->ncells * sizeof *x->cells + 1, err);
  return x->cells && together(x, add_stretches, hands, n, err) && take_all(x, err) ? 1 : -1;
}

int radix_scan(mk_scan *sc, mk_work *const *works, size_t n, mk_err *err) {
  radix x = {.sc = sc, .pack = &sc->packs[0], .chunks = works[0]->course->chunks, .stretches = (sc->ask.ngroups >> MK_RADIX_BITS) + 1};
  hand hands[HANDS] = {{0}};
  if (!can_take(sc)) return 0;
  atomic_init(&x.next, 0);
  atomic_init(&x.stop, false);
  int done = begin(&x, err) ? 1 : -1;
  for (size_t i = 0; done == 1 && i < n; i++)
    if (!begin_hand(&hands[i], &x, works[i], err)) done = -1;
  if (done == 1) done = both_passes(&x, hands, n, err);
  for (size_t i = 0; i < n; i++) {
    sc->rows += done == 1 ? hands[i].rows : 0;
    mk_free(sc->im->mem, hands[i].table, PLACES * sizeof *hands[i].table);
  }
  end(&x);
  return done;
}
