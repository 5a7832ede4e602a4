/* engine_scan.h: a scan at work: what engine_scan.c sets up and takes together, and engine_kernel.c runs over blocks of rows. */
#ifndef MK_ENGINE_SCAN_H
#define MK_ENGINE_SCAN_H

#include "engine.h"
#include "engine_pool.h"

#include <stdatomic.h>

enum { MK_LANES = 4, MK_FEW = 8, MK_FIELDS = 8, MK_RADIX_BITS = 15, SCAN_DENSE_MOST = 1 << 16 };

typedef struct mk_stream mk_stream;

/* A condition as the loops ask it. always: it holds for every code there is. few: only so many codes are not MK_NO, these; 0: more. */
typedef struct {
  const mk_condition *when;
  bool always;
  size_t few;
  uint32_t codes[MK_FEW];
} mk_test;

/* What a part counts in a pack, as the lowest bit of each number: rows it looks at (0: all), numbers, missing ones (0: none are). */
typedef struct {
  size_t part;
  uint8_t count, sum, missing;
  bool sums;
  uint64_t all; /* bits of the sum */
} mk_field;

/* Counts and sums of a cell that fit into 64 bits beside each other while no more than limit rows are added; the lowest bits count
 * all rows. A cell is a place, or a place and a code of the column unit. */
typedef struct {
  size_t nfields, unit, units, cells, lanes, limit;
  mk_field fields[MK_FIELDS];
} mk_pack;

/* Buckets of numbers, which never fall as numbers rise: 2^fine of them for each doubling. all: one for all. */
typedef struct { uint64_t base; unsigned down, fine; bool all; } mk_bucketing;

/* Where not all are in one. */
static inline size_t mk_bucket(const mk_bucketing *k, int64_t v) {
  uint64_t x = (((uint64_t)v + k->base) >> k->down) + (UINT64_C(1) << k->fine);
  unsigned down = ((unsigned)__builtin_clzll(x) ^ 63) - k->fine;
  return (size_t)(((uint64_t)down << k->fine) + (x >> down) - (UINT64_C(1) << k->fine));
}

/* What one run gathers for a part over places; which of the arrays exist follows from its kind. A place is a group, or a
 * combination of codes of the keys. Counts and sums that come by packs are added here when these are emptied. */
typedef struct {
  const mk_part *p;
  size_t places, units, words; /* cells of a place; words of bits of a place */
  size_t unit_key;             /* SIZE_MAX, or the key whose code is the unit of a place */
  bool packed, taken;          /* taken: from what was kept, rows add nothing to it */
  uint32_t *counts, *last;     /* last case seen in the group, plus one */
  mk_small *small;             /* per cell, where a pack gathers it; else sums */
  mk_sum *sums;
  uint64_t *bits;              /* DISTINCT */
  uint8_t *marks;              /* a byte for each place and code instead, where they are few */
  size_t codes;                /* of the column, with marks */
  mk_bucketing bucketing;      /* VALUES */
  size_t buckets;
  uint32_t *hist;              /* numbers by cell and bucket, then the missing ones; in the second pass, of the first run and for all,
                                * slots of buckets that are kept, plus one */
} mk_tally;

/* A block at work: its rows that are left, their places and cases. Without row they are all, from the row `from` on; without
 * chosen a part looks at all that are left. */
typedef struct {
  size_t n, from;
  const uint32_t *row, *chosen, *place, *order;
  uint32_t rows[MK_SCAN_BLOCK], places[MK_SCAN_BLOCK], ord[MK_SCAN_BLOCK];
  uint8_t truth[MK_SCAN_BLOCK];
  uint32_t at[MK_SCAN_BLOCK];  /* places in a table of truth, or cells */
  uint32_t choices[MK_SCAN_BLOCK];
  uint64_t load[MK_SCAN_BLOCK]; /* what a row adds to a cell of a pack */
} mk_picked;

/* Cells that n rows are added to: the k-th to cells[at[k]], in lanes that lie so far apart. */
typedef struct { uint64_t *cells; size_t lane; const uint32_t *at; size_t n; } mk_added;

/* One run over rows, from..to at a time: the whole scan, or what one thread takes of it. */
typedef struct mk_course mk_course;
typedef struct {
  mk_scan *sc;
  mk_course *course;
  uint8_t id;
  size_t from, to, rows, room; /* room: of group, row and ord */
  uint32_t cases;              /* number of the last case */
  size_t *undecided;
  mk_tally *tallies;
  uint64_t **packs;            /* cells of the lanes one after the other */
  size_t *loaded;              /* rows in each since it was emptied */
  uint8_t *present;            /* of places: 1 where rows are, for packs and marks once they are emptied */
  bool again;                  /* the second pass, which keeps the values of parts that rank them */
  uint32_t *group, *row, *ord; /* many groups: those of the rows that passed, instead of tallies; ord when cases matter */
  uint64_t *element;           /* and instead of row: what the row adds to the first pack, the low bits of its group as count */
  mk_picked block;
} mk_work;

/* What a part found, by the groups that are there in order. */
typedef struct {
  mk_part_kind kind;
  size_t units, words, cap;    /* groups there is room for */
  uint32_t *counts;
  mk_small *small;
  mk_sum *sums;
  uint64_t *bits;
  int64_t *ranked;             /* by cell and rank */
  size_t nranks;
} mk_found;

struct mk_scan {
  mk_image *im;
  mk_stream *stream;           /* whose cells are gone over while they are read; NULL: those of the image */
  mk_scan_ask ask;
  size_t places, rows;
  bool told;                   /* packs or marks tell which places are there */
  uint32_t mult[16];           /* raw: what the code of each key counts in a place */
  mk_test *where, *whens;      /* by condition; by part */
  mk_pack *packs;
  size_t npacks;
  bool parted;                 /* many groups, a stretch of them at a time */
  bool raw;                    /* places are combinations of codes */
  size_t *undecided;
  uint64_t *possible;          /* by condition: the codes it may hold for, as zones have them; all bits: ask every row */
  uint32_t *list;              /* numbers of the groups that are there */
  size_t found, cap;
  mk_found *parts;
  const mk_part *ranked;       /* the part whose values the second pass keeps */
  const uint32_t *slots;       /* its hist */
  int64_t *values;             /* those of a slot next to each other */
  atomic_size_t *cursor;       /* where the next one of each slot goes */
  bool shared;                 /* more than one run keeps them */
};

/* The place of one more value of a slot. */
static inline size_t mk_claim(const mk_scan *sc, uint32_t slot) {
  atomic_size_t *cursor = &sc->cursor[slot];
  if (sc->shared) return atomic_fetch_add_explicit(cursor, 1, memory_order_relaxed);
  size_t at = atomic_load_explicit(cursor, memory_order_relaxed);
  atomic_store_explicit(cursor, at + 1, memory_order_relaxed);
  return at;
}

/* Places with rows, once runs were gathered. */
#define SCAN_EACH_PLACE(sc, place, works)                                                         \
  for (size_t place = scan_next_place(sc, (works)[0]->present, 0); place != SIZE_MAX;              \
       place = scan_next_place(sc, (works)[0]->present, place + 1))
size_t scan_next_place(const mk_scan *sc, const uint8_t *present, size_t place);
uint32_t scan_group_of(const mk_scan *sc, size_t place); /* the group that a place stands for */
size_t scan_chunk_start(const mk_scan *sc, size_t k);    /* where a chunk begins: at a case */
bool scan_reserve(mk_scan *sc, size_t n, mk_err *err);   /* room for so many groups in all */
bool scan_run_all(mk_scan *sc, mk_work *const *works, size_t n, mk_err *err);
mk_scan *scan_made(mk_image *im, const mk_scan_ask *ask, mk_stream *stream, mk_err *err);

/* All rows as they are read, by one run (engine_stream.c). */
bool stream_run(mk_scan *sc, mk_work *w, mk_err *err);

/* Ranks of a part (engine_rank.c). find: after the first pass; slots: the place of each group among those found. */
bool rank_begin(mk_scan *sc, mk_tally *t, mk_err *err);
bool rank_find(mk_scan *sc, mk_work *const *works, size_t n, size_t part, const uint32_t *slots, mk_err *err);

/* Many groups, by the first pack alone (engine_radix.c). 1; 0: not for these; -1 failed. */
int radix_scan(mk_scan *sc, mk_work *const *works, size_t n, mk_err *err);

/* Fills possible; neither zones nor what is kept is looked up where cells are not there yet. */
void kept_zones(mk_scan *sc);
bool kept_take(mk_scan *sc, mk_work *w, mk_tally *t);   /* false: not kept */
void kept_add(mk_scan *sc, mk_work *const *works, size_t n, size_t part);
void kept_clear(mk_image *im);

/* Rows that are told apart by case, in a part. */
static inline bool mk_by_case(const mk_scan *sc, const mk_part *p) {
  return !sc->im->single && (p->kind == MK_PART_CASES || ((p->kind == MK_PART_SUM || p->kind == MK_PART_VALUES) && p->by_case));
}

/* Tests of the conditions, and packs for places so many (engine_pack.c). */
void pack_tests(mk_scan *sc);
void pack_plan(mk_scan *sc, size_t places);
/* What a cell holds of a part; known: the count of one that has no sum. */
static inline mk_small pack_read(const mk_pack *k, const mk_field *f, uint64_t cell) {
  uint32_t count = (uint32_t)(cell >> f->count & k->limit), missing = f->missing ? (uint32_t)(cell >> f->missing & k->limit) : 0;
  return f->sums ? (mk_small){(int64_t)(cell >> f->sum & f->all), count - missing, missing} : (mk_small){0, count, 0};
}
bool pack_has(const mk_scan *sc, size_t part);
void pack_empty(mk_work *w, size_t pack);   /* into the tallies; fails nowhere */
void pack_marks(mk_work *w);                /* marks tell which places are there */

/* Two ways with the same answers: plain C, and the same for processors with AVX2. */
typedef struct {
  void (*run)(mk_work *w);
  void (*tally)(mk_work *w, const uint32_t *row, const uint32_t *place, const uint32_t *ord, size_t n); /* rows picked already */
} mk_kernel;
extern const mk_kernel mk_kernel_plain;

/* The rows of a scan in chunks, which runs take as they come; dealt: in turn. No case is in two of them. */
struct mk_course {
  const mk_kernel *kernel;
  atomic_size_t next;
  atomic_bool stop;
  bool dealt;
  size_t chunks, runs;
};
const mk_kernel *mk_kernel_best(void);

#endif
