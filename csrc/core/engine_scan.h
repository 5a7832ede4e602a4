/* engine_scan.h: a scan at work: what engine_scan.c sets up and takes together, and engine_kernel.c runs over blocks of rows. */
#ifndef MK_ENGINE_SCAN_H
#define MK_ENGINE_SCAN_H

#include "engine.h"
#include "engine_pool.h"

#include <stdatomic.h>

enum { MK_LANES = 4 };

/* What one run gathers for a part over places; which of the arrays exist follows from its kind. A place is a group, or a
 * combination of codes of the keys; with lanes it is there MK_LANES times, so that rows of one group do not wait for each
 * other. */
typedef struct {
  const mk_part *p;
  size_t places, units, words; /* cells of a place; words of bits of a place */
  bool lanes, taken;           /* taken: from what was kept or a sum, rows add nothing to it */
  uint32_t *counts, *last;     /* last case seen in the group, plus one */
  mk_small *small;             /* per cell, while they cannot overflow and nobody asks for more; else sums */
  mk_sum *sums;
  size_t from_sum;             /* CASES, ROWS: the part whose numbers, known and missing, are as many; SIZE_MAX: none */
  uint64_t *bits;              /* DISTINCT */
  uint8_t *marks;              /* the same as a byte for each number, where they are few */
  uint64_t *cursor;            /* VALUES in the second pass: where the next value of each cell goes */
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
} mk_picked;

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
  uint8_t *present;            /* of places; NULL: a count says it */
  bool again;                  /* the second pass, which keeps the values of parts that rank them */
  uint32_t *group, *row, *ord; /* many groups: those of the rows that passed, instead of tallies; ord when cases matter */
  mk_picked block;
} mk_work;

/* What a part found, by the groups that are there in order. */
typedef struct {
  mk_part_kind kind;
  size_t units, words, cap;    /* groups there is room for */
  uint32_t *counts;
  mk_small *small;
  mk_sum *sums;
  uint64_t *bits, *from;       /* from: where each cell's values begin */
  int64_t *values;
  size_t nvalues;
} mk_found;

struct mk_scan {
  mk_image *im;
  mk_scan_ask ask;
  size_t places, rows, tells;  /* tells: the part whose count says whether a place is there; SIZE_MAX: none does */
  uint32_t mult[16];           /* raw: what the code of each key counts in a place */
  bool parted;                 /* many groups, a stretch of them at a time */
  bool raw;                    /* places are combinations of codes */
  size_t *undecided;
  uint64_t *possible;          /* by condition: the codes it may hold for, as zones have them; all bits: ask every row */
  uint32_t *list;              /* numbers of the groups that are there */
  size_t found, cap;
  mk_found *parts;
  int64_t *values;             /* of the part that is being ranked */
};

/* Fills possible. */
void kept_zones(mk_scan *sc);
bool kept_take(mk_scan *sc, mk_tally *t);   /* false: not kept */
void kept_add(mk_scan *sc, mk_work *const *works, size_t n, size_t part);
void kept_clear(mk_image *im);

/* Two ways with the same answers: plain C, and the same for processors with AVX2. */
typedef struct {
  void (*run)(mk_work *w);
  void (*tally)(mk_work *w, const uint32_t *row, const uint32_t *place, const uint32_t *ord, size_t n); /* rows picked already */
} mk_kernel;
extern const mk_kernel mk_kernel_plain;

/* The rows of a scan in chunks, which runs take one after the other; owner[k]: who took chunk k. No case is in two of them. */
struct mk_course {
  const mk_kernel *kernel;
  atomic_size_t next;
  atomic_bool stop;
  bool dealt; /* owner was set before */
  size_t chunks;
  uint8_t *owner;
};
const mk_kernel *mk_kernel_best(void);

#endif
