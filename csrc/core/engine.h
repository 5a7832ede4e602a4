/* engine.h: column images and scans over them: what engine_image.c, engine_scan.c and the binding share.
 *
 * An image holds columns of the rows of one query in key order, at one state of the store. A column is codes of 1, 2 or 4
 * bytes into a dictionary of its different texts, 0 for a missing cell, numbered in order of first appearance; or numbers,
 * whole multiples of 10^-scale in 8 bytes, MK_NUMBER_MISSING for a missing cell; or not held (form NONE) when its numbers
 * do not fit. Rows of one case lie next to each other; fresh marks the first of each.
 * A scan never looks at texts: conditions and groups come as tables over the codes of columns, made once for each
 * dictionary entry by the evaluator that judges the answers. */
#ifndef MK_ENGINE_H
#define MK_ENGINE_H

#include "mk.h"

enum { MK_IMAGE_PAD = 64, MK_SCAN_BLOCK = 2048, MK_SCAN_COLUMNS = 4,
       MK_SCAN_KINDS = 16 };
#define MK_NUMBER_MISSING INT64_MIN

typedef enum { MK_FORM_NONE, MK_FORM_CODES, MK_FORM_NUMBERS } mk_form;

typedef struct {
  bool there;          /* was read */
  mk_form form;
  int width, scale;    /* bytes of a cell; decimal places of numbers */
  size_t entries, size; /* dictionary entries with the missing one; bytes of cells */
  size_t known;        /* cells that are not missing */
  int64_t largest;     /* of numbers, whatever their sign */
  void *cells;
  mk_buf text, ends;   /* of the dictionary */
} mk_image_column;

typedef struct {
  mk_mem memory;       /* its own, capped as the store it was made for; images outlive stores */
  mk_mem *mem;
  mk_image_column *columns;
  size_t count, rows;
  uint8_t *fresh;
  bool single;         /* no case has a second row */
  bool begun;          /* rows, fresh and n_changes are known */
  int64_t n_changes;   /* what the state query said when the rows were read */
  mk_buf from, key, state; /* SQL: source with its order; key of the case; one number that grows with every change */
} mk_image;

/* With room for so many columns; nothing is read yet. */
mk_image *mk_image_new(mk_store *s, const char *from, const char *key, const char *state, size_t columns, mk_err *err);
void mk_image_free(mk_image *im);
/* Reads those of the wanted columns that are not there; sqls and types are those of all columns. MK_BUSY when the store is
 * no longer in the state of the columns that are: the image is of no more use. */
bool mk_image_need(mk_image *im, mk_store *s, const size_t *wanted, const char *const *sqls, const mk_type *types, size_t count,
                   mk_err *err);
/* Text of a dictionary entry from 1 on; borrowed. */
const char *mk_image_entry(const mk_image_column *c, size_t entry, size_t *n);

/* ------------------------------------------------------------------ scans (engine_scan.c) */

/* A condition over code columns: truth[code of the first * entries of the others ... + code of the last] is MK_NO, MK_YES
 * or MK_MAYBE plus a kind of doubt below MK_SCAN_KINDS; bytes of all combinations. */
typedef struct { size_t columns[MK_SCAN_COLUMNS], count; const uint8_t *truth; } mk_condition;
/* A key of groups: group[code] is its share in the group's number, all keys added up. */
typedef struct { size_t column; const uint32_t *group; } mk_scan_key;

typedef enum {
  MK_PART_CASES,    /* cases, once each in a group */
  MK_PART_ROWS,     /* rows for which the condition holds */
  MK_PART_SUM,      /* sum, how many are known and how many missing, of a number column; smallest and largest if wanted */
  MK_PART_VALUES,   /* the same and every value, for ranks */
  MK_PART_DISTINCT, /* different group[code] of a code column */
  MK_PART_ANY       /* whether the condition is ever yes, or ever undecided */
} mk_part_kind;

/* One cell of a sum. */
typedef struct { mk_i128 sum; int64_t min, max; uint64_t known, missing; } mk_sum;

typedef struct {
  mk_part_kind kind;
  size_t column;            /* of numbers, or of codes for DISTINCT */
  size_t unit;              /* SUM, VALUES: code column that splits each group into cells by its entries; SIZE_MAX none */
  bool extent;              /* SUM: min and max are wanted */
  bool by_case;             /* SUM, VALUES: the first row of a case in a group stands for all of them */
  mk_condition when;        /* rows it looks at; count 0: all */
  const uint32_t *distinct; /* DISTINCT: number of each entry, and how many numbers there are */
  size_t ndistinct;
} mk_part;

typedef struct mk_scan mk_scan;
/* Runs over all rows: where in order, groups numbered below ngroups. united (NULL: none): the group that each number the
 * keys give belongs to. What it is given stays the caller's and must live as
 * long as the scan. MK_LIMIT when the cells would not fit. */
mk_scan *mk_scan_new(const mk_image *im, const mk_condition *where, size_t nwhere, const mk_scan_key *keys, size_t nkeys,
                     const uint32_t *united, size_t ngroups, const mk_part *parts, size_t nparts, mk_err *err);
void mk_scan_free(mk_scan *sc);
size_t mk_scan_rows(const mk_scan *sc);                       /* rows that passed */
size_t mk_scan_undecided(const mk_scan *sc, size_t where, size_t kind); /* rows that came to it and it could not decide */
bool mk_scan_has(const mk_scan *sc, size_t group);            /* any row is in it */
uint64_t mk_scan_number(const mk_scan *sc, size_t part, size_t group);          /* CASES, ROWS, DISTINCT; ANY: a mk_truth */
const mk_sum *mk_scan_sum(const mk_scan *sc, size_t part, size_t group, size_t unit); /* unit 0 when it has none */
/* The value whose rank among the known ones is the smallest that is at least above/below of them. */
int64_t mk_scan_rank(mk_scan *sc, size_t part, size_t group, size_t unit, uint64_t above, uint64_t below);

#endif
