/* engine_scan.c: one pass over an image: conditions, groups, and what is counted and added up in each, in blocks of rows.
 * Exact whatever the order: sums are 128-bit whole numbers. May include: engine.h, libc strings. */
#include "engine.h"

#include <string.h>

enum { CELLS_MAX = 1 << 25, BITS_MAX = 1 << 30, LANES = 4, LANES_MOST = 4096 };

/* A sum that cannot leave 64 bits, of fewer than 2^32 rows. */
typedef struct { int64_t sum; uint32_t known, missing; } mk_small;

/* What a part gathers; which of the arrays exist follows from its kind. */
typedef struct {
  mk_part p;
  size_t units, cells;
  uint32_t *counts, *last; /* per group; last case seen, plus one. Few groups have LANES counts each */
  mk_small *small;         /* per cell, while they cannot overflow and nobody asks for more; else sums */
  mk_sum *sums;
  uint64_t *bits;          /* DISTINCT: ndistinct bits a group */
  uint64_t *from;          /* VALUES: where each cell's values begin */
  int64_t *values;
  size_t nvalues;
  bool lanes;
} gathered;

struct mk_scan {
  const mk_image *im;
  const mk_condition *where;
  const mk_scan_key *keys;
  const uint32_t *united;
  size_t nwhere, nkeys, groups, nparts, rows;
  size_t *undecided;
  uint8_t *present;        /* NULL: the count of part `tells` says it */
  size_t tells;
  gathered *parts;
};

/* A block at work: its rows that are left, their groups and cases. Without row they are all, from the row `from` on; without
 * chosen a part looks at all that are left. */
typedef struct {
  size_t n, from;
  const uint32_t *row, *chosen;
  const uint32_t *group;
  uint32_t rows[MK_SCAN_BLOCK], groups[MK_SCAN_BLOCK], ord[MK_SCAN_BLOCK];
  uint8_t truth[MK_SCAN_BLOCK];
  uint32_t at[MK_SCAN_BLOCK];      /* places in a table of truth or units */
  uint32_t choices[MK_SCAN_BLOCK];
} block;

/* ------------------------------------------------------------------ cells of columns */

/* Runs the statements with code as the cells of c from the first row of the block on, or of the image when rows are picked. */
#define EACH_WIDTH(c, b, ...)                                                                             \
  do {                                                                                                    \
    size_t skip_ = (b)->row ? 0 : (b)->from;                                                              \
    switch ((c)->width) {                                                                                 \
      case 1: { const uint8_t *code = (const uint8_t *)(c)->cells + skip_; __VA_ARGS__ } break;           \
      case 2: { const uint16_t *code = (const uint16_t *)(c)->cells + skip_; __VA_ARGS__ } break;         \
      default: { const uint32_t *code = (const uint32_t *)(c)->cells + skip_; __VA_ARGS__ } break;        \
    }                                                                                                     \
  } while (0)
/* The statement for each k, with r the place of the cell of the k-th row left. */
#define EACH_ROW(b, ...)                                                                            \
  do {                                                                                                    \
    if ((b)->row) for (size_t k = 0; k < (b)->n; k++) { size_t r = (b)->row[k]; __VA_ARGS__ }               \
    else for (size_t k = 0; k < (b)->n; k++) { size_t r = k; __VA_ARGS__ }                                  \
  } while (0)
/* ... of the rows that a part looks at: at is the place in the block. */
#define EACH_CHOSEN(b, m, ...)                                                                            \
  do {                                                                                                    \
    if ((b)->chosen) for (size_t k = 0; k < (m); k++) { size_t at = (b)->chosen[k]; __VA_ARGS__ }           \
    else for (size_t k = 0; k < (m); k++) { size_t at = k; __VA_ARGS__ }                                    \
  } while (0)

static size_t row_of(const block *b, size_t at) { return b->row ? b->row[at] : at; }

/* at[k] = place of the k-th row in the table of a condition */
static void places(const mk_image *im, const mk_condition *when, block *b) {
  const mk_image_column *c = &im->columns[when->columns[0]];
  EACH_WIDTH(c, b, EACH_ROW(b, b->at[k] = code[r];););
  for (size_t i = 1; i < when->count; i++) {
    c = &im->columns[when->columns[i]];
    uint32_t entries = (uint32_t)c->entries;
    EACH_WIDTH(c, b, EACH_ROW(b, b->at[k] = b->at[k] * entries + code[r];););
  }
}

/* ------------------------------------------------------------------ one block */

static void begin_block(const mk_image *im, block *b, size_t from, uint32_t *ord) {
  b->from = from;
  b->row = b->chosen = NULL;
  b->n = im->rows - from < MK_SCAN_BLOCK ? im->rows - from : MK_SCAN_BLOCK;
  if (im->single) return;
  uint32_t o = *ord;
  for (size_t k = 0; k < b->n; k++) b->ord[k] = o += im->fresh[from + k];
  *ord = o;
}

/* truth[k] of the rows left for conditions w.. that belong together; the number of the next one. */
static size_t judge(const mk_scan *sc, size_t w, block *b) {
  bool more = true;
  for (size_t first = w; more; w++) {
    const uint8_t *truth = sc->where[w].truth;
    more = sc->where[w].more;
    places(sc->im, &sc->where[w], b);
    if (w == first) for (size_t k = 0; k < b->n; k++) b->truth[k] = truth[b->at[k]];
    else
      for (size_t k = 0; k < b->n; k++) {
        uint8_t x = b->truth[k], y = truth[b->at[k]];
        b->truth[k] = (x & 3) && (y & 3) ? x | y : MK_NO;
      }
  }
  return w;
}

static void apply_where(mk_scan *sc, block *b) {
  bool single = sc->im->single;
  for (size_t w = 0, next; w < sc->nwhere && b->n; w = next) {
    size_t kept = 0, *undecided = sc->undecided + w * MK_SCAN_KINDS;
    next = judge(sc, w, b);
    for (size_t k = 0; k < b->n; k++) {
      uint8_t t = b->truth[k];
      b->rows[kept] = b->row ? b->row[k] : (uint32_t)(b->from + k);
      if (!single) b->ord[kept] = b->ord[k];
      kept += (t & 3) == MK_YES;
      if (t & MK_MAYBE) undecided[t >> 2]++;
    }
    b->n = kept;
    b->row = b->rows;
  }
}

static void find_groups(mk_scan *sc, block *b) {
  for (size_t i = 0; i < sc->nkeys; i++) {
    const mk_image_column *c = &sc->im->columns[sc->keys[i].column];
    const uint32_t *group = sc->keys[i].group;
    if (i == 0) EACH_WIDTH(c, b, EACH_ROW(b, b->groups[k] = group[code[r]];););
    else EACH_WIDTH(c, b, EACH_ROW(b, b->groups[k] += group[code[r]];););
  }
  if (sc->nkeys == 0) memset(b->groups, 0, b->n * sizeof *b->groups);
  if (sc->united)
    for (size_t k = 0; k < b->n; k++) b->groups[k] = sc->united[b->groups[k]];
  b->group = b->groups;
  if (sc->present)
    for (size_t k = 0; k < b->n; k++) sc->present[b->group[k]] = 1;
}

/* Rows of the block that a part looks at; their number. */
static size_t choose(const mk_scan *sc, const gathered *g, block *b) {
  b->chosen = NULL;
  if (g->p.when.count == 0) return b->n;
  size_t n = 0;
  places(sc->im, &g->p.when, b);
  for (size_t k = 0; k < b->n; k++) {
    b->choices[n] = (uint32_t)k;
    n += g->p.when.truth[b->at[k]] == MK_YES;
  }
  b->chosen = b->choices;
  return n;
}

static void count_rows(const gathered *g, const block *b, size_t n) {
  uint32_t *counts = g->counts;
  const uint32_t *group = b->group;
  if (g->lanes) EACH_CHOSEN(b, n, counts[group[at] * LANES + (k & (LANES - 1))]++;);
  else EACH_CHOSEN(b, n, counts[group[at]]++;);
}

static void count_cases(const gathered *g, const block *b, size_t n) {
  uint32_t *counts = g->counts, *last = g->last;
  EACH_CHOSEN(b, n, {
    uint32_t group = b->group[at], ord = b->ord[at];
    counts[group] += last[group] != ord;
    last[group] = ord;
  });
}

static void mark_any(const mk_scan *sc, const gathered *g, block *b) {
  places(sc->im, &g->p.when, b);
  for (size_t k = 0; k < b->n; k++) g->counts[b->group[k]] |= 1u << g->p.when.truth[b->at[k]];
}

static void mark_distinct(const mk_scan *sc, const gathered *g, const block *b, size_t n) {
  const mk_image_column *c = &sc->im->columns[g->p.column];
  size_t words = (g->p.ndistinct + 63) / 64;
  EACH_WIDTH(c, b, EACH_CHOSEN(b, n, {
    uint32_t entry = code[row_of(b, at)];
    uint32_t number = g->p.distinct[entry];
    if (entry) g->bits[b->group[at] * words + number / 64] |= UINT64_C(1) << number % 64;
  }););
}

/* Drops those that are not the first of their case in their group. */
static size_t once_a_case(const gathered *g, block *b, size_t n) {
  size_t kept = 0;
  uint32_t *last = g->last;
  EACH_CHOSEN(b, n, {
    uint32_t group = b->group[at], ord = b->ord[at];
    b->choices[kept] = (uint32_t)at;
    kept += last[group] != ord;
    last[group] = ord;
  });
  b->chosen = b->choices;
  return kept;
}

/* at[k] becomes the cell of each chosen row. */
static void find_cells(const mk_scan *sc, const gathered *g, block *b, size_t n) {
  uint32_t units = (uint32_t)g->units, *to = b->at;
  if (g->p.unit == SIZE_MAX) {
    EACH_CHOSEN(b, n, to[k] = b->group[at];);
    return;
  }
  const mk_image_column *c = &sc->im->columns[g->p.unit];
  EACH_WIDTH(c, b, EACH_CHOSEN(b, n, to[k] = b->group[at] * units + code[row_of(b, at)];););
}

static const int64_t *numbers_of(const mk_scan *sc, const gathered *g, const block *b) {
  return (const int64_t *)sc->im->columns[g->p.column].cells + (b->row ? 0 : b->from);
}

static void add_small(const mk_scan *sc, const gathered *g, const block *b, size_t n) {
  const int64_t *number = numbers_of(sc, g, b);
  mk_small *small = g->small;
  EACH_CHOSEN(b, n, {
    int64_t v = number[row_of(b, at)];
    mk_small *s = &small[b->at[k]];
    bool known = v != MK_NUMBER_MISSING;
    s->sum += known ? v : 0;
    s->known += known;
    s->missing += !known;
  });
}

static void add_sums(const mk_scan *sc, const gathered *g, const block *b, size_t n) {
  const int64_t *number = numbers_of(sc, g, b);
  EACH_CHOSEN(b, n, {
    int64_t v = number[row_of(b, at)];
    mk_sum *s = &g->sums[b->at[k]];
    if (v == MK_NUMBER_MISSING) { s->missing++; continue; }
    s->sum += v;
    s->known++;
    if (v < s->min) s->min = v;
    if (v > s->max) s->max = v;
  });
}

static void keep_values(const mk_scan *sc, const gathered *g, const block *b, size_t n) {
  const int64_t *number = numbers_of(sc, g, b);
  EACH_CHOSEN(b, n, {
    int64_t v = number[row_of(b, at)];
    if (v != MK_NUMBER_MISSING) g->values[g->from[b->at[k]]++] = v;
  });
}

static bool summing(const gathered *g) { return g->p.kind == MK_PART_SUM || g->p.kind == MK_PART_VALUES; }

static void take_part(const mk_scan *sc, const gathered *g, block *b, bool again) {
  if (g->p.kind == MK_PART_ANY) { mark_any(sc, g, b); return; }
  size_t n = choose(sc, g, b);
  switch (g->p.kind) {
    case MK_PART_CASES:
      if (g->last) count_cases(g, b, n);
      else count_rows(g, b, n);
      break;
    case MK_PART_ROWS: count_rows(g, b, n); break;
    case MK_PART_DISTINCT: mark_distinct(sc, g, b, n); break;
    default:
      if (g->last) n = once_a_case(g, b, n);
      find_cells(sc, g, b, n);
      if (again) keep_values(sc, g, b, n);
      else if (g->small) add_small(sc, g, b, n);
      else add_sums(sc, g, b, n);
  }
}

/* ------------------------------------------------------------------ all blocks */

/* again: the second pass, which keeps the values of parts that rank them. */
static void run(mk_scan *sc, block *b, bool again) {
  uint32_t ord = 0;
  for (size_t from = 0; from < sc->im->rows; from += MK_SCAN_BLOCK) {
    begin_block(sc->im, b, from, &ord);
    apply_where(sc, b);
    if (!again) sc->rows += b->n;
    if (!b->n) continue;
    find_groups(sc, b);
    for (size_t p = 0; p < sc->nparts; p++)
      if (!again || sc->parts[p].p.kind == MK_PART_VALUES) take_part(sc, &sc->parts[p], b, again);
  }
}

/* Counts in lanes become one a group; small sums become sums. */
static bool gather(mk_scan *sc, mk_err *err) {
  for (size_t p = 0; p < sc->nparts; p++) {
    gathered *g = &sc->parts[p];
    for (size_t i = 0; g->lanes && i < sc->groups; i++) {
      uint32_t sum = 0;
      for (size_t l = 0; l < LANES; l++) sum += g->counts[i * LANES + l];
      g->counts[i] = sum; /* at or before what was read */
    }
    if (!g->small) continue;
    if (!(g->sums = mk_alloc(sc->im->mem, g->cells * sizeof *g->sums + 1, err))) return false;
    for (size_t i = 0; i < g->cells; i++)
      g->sums[i] = (mk_sum){g->small[i].sum, INT64_MAX, INT64_MIN, g->small[i].known, g->small[i].missing};
  }
  return true;
}

static void *zeroed(mk_scan *sc, size_t cells, size_t each, mk_err *err) {
  if (cells <= CELLS_MAX) return mk_zalloc(sc->im->mem, cells * each + 1, err);
  mk_fail(err, MK_LIMIT, "%z groups are more than can be counted at once", cells);
  return NULL;
}

/* Whether no sum of cells of this column, however they are grouped, leaves 64 bits. */
static bool stays_small(const mk_image *im, const mk_image_column *c) {
  int64_t bound;
  return !__builtin_mul_overflow((int64_t)im->rows, c->largest, &bound);
}

static bool begin_part(mk_scan *sc, gathered *g, const mk_part *p, mk_err *err) {
  g->p = *p;
  g->units = p->unit == SIZE_MAX ? 1 : sc->im->columns[p->unit].entries;
  if (!mk_size_mul(sc->groups, g->units, &g->cells)) return mk_fail(err, MK_LIMIT, "too many groups");
  bool by_case = (p->kind == MK_PART_CASES || p->by_case) && !sc->im->single;
  if (by_case && !(g->last = zeroed(sc, sc->groups, sizeof *g->last, err))) return false;
  if (p->kind == MK_PART_SUM && !p->extent && stays_small(sc->im, &sc->im->columns[p->column]))
    return (g->small = zeroed(sc, g->cells, sizeof *g->small, err)) != NULL;
  if (summing(g)) {
    if (!(g->sums = zeroed(sc, g->cells, sizeof *g->sums, err))) return false;
    for (size_t i = 0; i < g->cells; i++) g->sums[i].min = INT64_MAX, g->sums[i].max = INT64_MIN;
    return true;
  }
  if (p->kind == MK_PART_DISTINCT) {
    size_t words = (p->ndistinct + 63) / 64;
    if (words && sc->groups > BITS_MAX / 64 / words) return mk_fail(err, MK_LIMIT, "too many groups and values");
    return (g->bits = zeroed(sc, sc->groups * words, sizeof *g->bits, err)) != NULL;
  }
  g->lanes = !g->last && p->kind != MK_PART_ANY && sc->groups <= LANES_MOST;
  return (g->counts = zeroed(sc, sc->groups * (g->lanes ? LANES : 1), sizeof *g->counts, err)) != NULL;
}

/* Room for the values of a part that ranks them: from[] is where each cell's begin, and after the pass where they end. */
static bool begin_values(mk_scan *sc, gathered *g, mk_err *err) {
  uint64_t total = 0;
  if (!(g->from = zeroed(sc, g->cells, sizeof *g->from, err))) return false;
  for (size_t i = 0; i < g->cells; i++) {
    g->from[i] = total;
    total += g->sums[i].known;
  }
  g->nvalues = (size_t)total;
  g->values = mk_alloc(sc->im->mem, g->nvalues * sizeof *g->values + 1, err);
  if (g->last) memset(g->last, 0, sc->groups * sizeof *g->last);
  return g->values != NULL;
}

static bool scan(mk_scan *sc, const mk_part *parts, mk_err *err) {
  bool again = false, ok = true;
  block *b = mk_alloc(sc->im->mem, sizeof *b, err);
  if (!b) return false;
  for (size_t i = 0; ok && i < sc->nparts; i++) ok = begin_part(sc, &sc->parts[i], &parts[i], err);
  for (size_t i = 0; ok && sc->tells == SIZE_MAX && i < sc->nparts; i++)
    if ((parts[i].kind == MK_PART_CASES || parts[i].kind == MK_PART_ROWS) && !parts[i].when.count) sc->tells = i;
  if (ok && sc->tells == SIZE_MAX) ok = (sc->present = zeroed(sc, sc->groups, 1, err)) != NULL;
  if (ok) run(sc, b, false);
  ok = ok && gather(sc, err);
  for (size_t i = 0; ok && i < sc->nparts; i++)
    if (parts[i].kind == MK_PART_VALUES) {
      again = true;
      ok = begin_values(sc, &sc->parts[i], err);
    }
  if (ok && again) {
    size_t *first = sc->undecided, *own = mk_zalloc(sc->im->mem, (sc->nwhere + 1) * MK_SCAN_KINDS * sizeof *own, err);
    ok = own != NULL;
    sc->undecided = own;
    if (ok) run(sc, b, true);
    if (own) mk_free(sc->im->mem, own, (sc->nwhere + 1) * MK_SCAN_KINDS * sizeof *own);
    sc->undecided = first;
  }
  mk_free(sc->im->mem, b, sizeof *b);
  return ok;
}

mk_scan *mk_scan_new(const mk_image *im, const mk_condition *where, size_t nwhere, const mk_scan_key *keys, size_t nkeys,
                     const uint32_t *united, size_t ngroups, const mk_part *parts, size_t nparts, mk_err *err) {
  mk_scan *sc = mk_zalloc(im->mem, sizeof *sc, err);
  if (!sc) return NULL;
  *sc = (mk_scan){.im = im, .where = where, .nwhere = nwhere, .keys = keys, .nkeys = nkeys, .united = united, .groups = ngroups,
                  .nparts = nparts, .tells = SIZE_MAX};
  sc->undecided = mk_zalloc(im->mem, (nwhere + 1) * MK_SCAN_KINDS * sizeof *sc->undecided, err);
  sc->parts = mk_zalloc(im->mem, (nparts + 1) * sizeof *sc->parts, err);
  if (im->rows >= UINT32_MAX) mk_fail(err, MK_LIMIT, "an image holds fewer than 2^32 rows");
  if (!mk_failed(err) && sc->undecided && sc->parts && scan(sc, parts, err)) return sc;
  mk_scan_free(sc);
  return NULL;
}

static void drop(mk_mem *mem, void *p, size_t n) {
  if (p) mk_free(mem, p, n);
}

void mk_scan_free(mk_scan *sc) {
  if (!sc) return;
  mk_mem *mem = sc->im->mem;
  for (size_t i = 0; sc->parts && i < sc->nparts; i++) {
    gathered *g = &sc->parts[i];
    drop(mem, g->counts, sc->groups * (g->lanes ? LANES : 1) * sizeof *g->counts + 1);
    drop(mem, g->small, g->cells * sizeof *g->small + 1);
    drop(mem, g->last, sc->groups * sizeof *g->last + 1);
    drop(mem, g->sums, g->cells * sizeof *g->sums + 1);
    drop(mem, g->bits, sc->groups * ((g->p.ndistinct + 63) / 64) * sizeof *g->bits + 1);
    drop(mem, g->from, g->cells * sizeof *g->from + 1);
    drop(mem, g->values, g->nvalues * sizeof *g->values + 1);
  }
  drop(mem, sc->parts, (sc->nparts + 1) * sizeof *sc->parts);
  drop(mem, sc->undecided, (sc->nwhere + 1) * MK_SCAN_KINDS * sizeof *sc->undecided);
  drop(mem, sc->present, sc->groups + 1);
  mk_free(mem, sc, sizeof *sc);
}

/* ------------------------------------------------------------------ results */

size_t mk_scan_rows(const mk_scan *sc) { return sc->rows; }
size_t mk_scan_undecided(const mk_scan *sc, size_t where, size_t kind) { return sc->undecided[where * MK_SCAN_KINDS + kind]; }
bool mk_scan_has(const mk_scan *sc, size_t group) {
  return sc->present ? sc->present[group] : sc->parts[sc->tells].counts[group] > 0;
}

uint64_t mk_scan_number(const mk_scan *sc, size_t part, size_t group) {
  const gathered *g = &sc->parts[part];
  if (g->p.kind == MK_PART_ANY)
    return g->counts[group] >> MK_YES & 1 ? MK_YES : g->counts[group] >> MK_MAYBE & 1 ? MK_MAYBE : MK_NO;
  if (g->p.kind != MK_PART_DISTINCT) return g->counts[group];
  uint64_t n = 0;
  size_t words = (g->p.ndistinct + 63) / 64;
  for (size_t w = 0; w < words; w++) n += (uint64_t)__builtin_popcountll(g->bits[group * words + w]);
  return n;
}

const mk_sum *mk_scan_sum(const mk_scan *sc, size_t part, size_t group, size_t unit) {
  const gathered *g = &sc->parts[part];
  return &g->sums[group * g->units + unit];
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

int64_t mk_scan_rank(mk_scan *sc, size_t part, size_t group, size_t unit, uint64_t above, uint64_t below) {
  gathered *g = &sc->parts[part];
  size_t at = group * g->units + unit, n = (size_t)g->sums[at].known;
  if (n == 0) return MK_NUMBER_MISSING;
  mk_u128 rank = ((mk_u128)above * n + below - 1) / below;
  size_t k = rank < 1 ? 0 : rank > n ? n - 1 : (size_t)rank - 1;
  return select_nth(g->values + (g->from[at] - n), n, k);
}
