/* engine.h: column images and scans over them: what engine_image.c, engine_scan.c and the binding share.
 *
 * An image holds columns of the rows of one query in key order, at one state of the store. A column is codes of 1, 2 or 4
 * bytes into a dictionary of its different texts, 0 for a missing cell, numbered in order of first appearance; or numbers,
 * whole multiples of 10^-scale, in 1, 2 or 4 bytes with all bits set for a missing cell where none is negative and the largest
 * fits, else in 8 with MK_NUMBER_MISSING; or not held (form NONE) when its numbers do not fit. Rows of one case lie next to
 * each other; fresh marks the first of each.
 * A scan never looks at texts: conditions and groups come as tables over the codes of columns, made once for each
 * dictionary entry by the evaluator that judges the answers. */
#ifndef MK_ENGINE_H
#define MK_ENGINE_H

#include "mk.h"

#include <string.h>

/* In the file, columns of large tables are kept beside the plain rows, which stay what is true:
 *
 *   blocks (id, tab, low, high, rows, state)  a run of the rows of tab in the order of their key: those with low < key <= high
 *     (low NULL: from the first on). tab "cases" is cases with their lines, by case, a case never being in two blocks;
 *     "persons" is persons, each row by itself, by case. state: what the counters said when it was written. Triggers of these
 *     tables remove the block of each key that is inserted, updated or deleted, whichever program does it; so a block that is
 *     there holds, and rows in no block are read from the tables. Blocks follow each other, low being the high of the one
 *     before, but for blocks that were removed and for new rows at the end.
 *   segments (block, column, form, data)      a column of the rows of a block: column is how a query of the rows names it,
 *     c."phase", l."unit", t."role"; form 1 codes, 2 numbers; "" tells where cases begin. Segments of no block are leftovers.
 *
 * A segment, data, is a header of 80 bytes and what its form says, in the byte order of the machine that wrote it (written here
 * with the low byte first):
 *   0 u32 mark "MGS1"   4 u8 form, width of a cell, scale, 0   8 u32 rows, entries, known cells, others   24 u64 bytes of text
 *   32 i64 min, max   48 i128 sum, low half first   64 u64 checksum   72 u64 0
 * Known cells are those that are not missing; min, max and sum are of numbers, 0 where none is known; others is 0 but in "" of
 * sealed rows (seal.h).
 *   form 1  codes: u32 length of each entry from 1 on, so that there are entries - 1 of them; their texts one after the other;
 *     zeros up to a multiple of 8 bytes; cells. Codes number the block's own entries in order of first appearance, 0 a missing
 *     cell, in the least width of 1, 2 and 4 that holds them; width 0: all are missing. In "" cells are 1 where a case begins,
 *     else 0, and width 0 means that each row does; known is 0, and entries, which no cell is, are there in sealed rows alone.
 *     Whole numbers among codes are their decimal digits.
 *   form 2  numbers: cells alone; entries and text are 0. A cell times 10^-scale is the number: in width 1, 2 or 4 with min
 *     taken off, all ones being a missing cell; in width 8 as it is, i64, the least one there is being a missing cell.
 *   form 3  what form 1 says but for the cells, for which there is how many rows have each code, u32, the missing one first;
 *     or the header of form 2 with width 0 and nothing else. form, in the header, is 3.
 *   form 4  cases in rising order, none missing (seal.h): for each entry a u8 that tells how many bytes it has from the one
 *     before, 0 in the first; then for each a u8 how many of its own; then these, which are the bytes of text. Width and scale
 *     are 0, nothing fills them up. The marks of "" tell which row has which: the first entry until the second case begins.
 * A column whose numbers do not fit has form 0 and no cells beside plain rows.
 *
 * The checksum sum(seed, bytes) is, of n bytes in words of 64 bits, all arithmetic modulo 2^64, r(v, k) being v turned left by k
 * bits, A = 9E3779B185EBCA87, B = C2B2AE3D27D4EB4F, C = 165667B19E3779F9:
 *   lanes 0..3 begin as seed + A, seed ^ B, seed - C, seed + n; of each 32 bytes the words w0..w3: lane i = r(lane i + wi * B, 31) * A
 *   h = r(lane 0, 1) + r(lane 1, 7) + r(lane 2, 12) + r(lane 3, 18) + n; of each whole word w left: h = r(h ^ w * B, 27) * A + C
 *   w the bytes left, filled up with zeros (0 when none is): h = r(h ^ w * B, 23) * A + C
 *   h = (h ^ h >> 33) * B; h = (h ^ h >> 29) * C; the result is h ^ h >> 32
 * That of a segment is sum(sum(sum(0, place), header with 0 for the checksum), what follows the header). The place is tab and
 * column, each with a byte 0 behind it; u64 form, 1 where there is no low else 0, bytes of low, bytes of high, rows, state; low;
 * high. It is looked at whenever a segment is read; what does not fit is read from the plain rows instead and written anew. */

enum { MK_IMAGE_PAD = 64, MK_SCAN_BLOCK = 2048, MK_SCAN_COLUMNS = 4, MK_SCAN_KINDS = 16,
       MK_BLOCK_ROWS = 65536 };
#define MK_NUMBER_MISSING INT64_MIN

typedef enum { MK_FORM_NONE, MK_FORM_CODES, MK_FORM_NUMBERS, MK_FORM_COUNTS, MK_FORM_KEYS } mk_form;
static inline mk_form form_of(mk_type t) { return t == MK_T_INT || t == MK_T_DECIMAL ? MK_FORM_NUMBERS : MK_FORM_CODES; }

typedef struct {
  bool there;          /* was read */
  bool later;          /* but for the cells, which are read when they are asked for */
  mk_form form;
  int width, scale;    /* bytes of a cell, also of those that are read later; decimal places of numbers */
  size_t entries, size; /* dictionary entries with the missing one; bytes of cells */
  size_t known;        /* cells that are not missing */
  int64_t largest;     /* of numbers, whatever their sign */
  void *cells;         /* NULL: numbers that are all missing */
  mk_buf text, ends;   /* of the dictionary */
  uint64_t *zones;     /* codes of each MK_SCAN_BLOCK rows, as bits (engine_kept.c); NULL until a condition asks */
  size_t nzones;
} mk_image_column;

static inline size_t image_code(const mk_image_column *c, size_t row) {
  if (c->width == 1) return ((const uint8_t *)c->cells)[row];
  return c->width == 2 ? ((const uint16_t *)c->cells)[row] : ((const uint32_t *)c->cells)[row];
}

static inline int64_t image_number(const mk_image_column *c, size_t row) {
  if (!c->cells) return MK_NUMBER_MISSING;
  if (c->width == 8) return ((const int64_t *)c->cells)[row];
  size_t v = image_code(c, row);
  return v == UINT32_MAX >> (32 - 8 * c->width) ? MK_NUMBER_MISSING : (int64_t)v;
}

/* A sum that cannot leave 64 bits, of fewer than 2^32 rows. */
typedef struct { int64_t sum; uint32_t known, missing; } mk_small;

/* Of all rows: how many, or the sum of a number column by unit (SIZE_MAX: none), for each code of the column key (SIZE_MAX: of all
 * together). */
typedef struct { bool sum; size_t key, column, unit, n; mk_small *cells; } mk_kept;

typedef struct {
  mk_mem memory;       /* its own, capped as the store it was made for; images outlive stores */
  mk_mem *mem;
  mk_image_column *columns;
  size_t count, rows;
  uint8_t *fresh;      /* NULL where single */
  mk_kept *kept;       /* what scans left (engine_kept.c) */
  size_t nkept;
  bool single;         /* no case has a second row */
  bool begun;          /* rows, fresh and n_changes are known */
  bool sealed;         /* they are all those of sealed blocks, without changes */
  bool inside;         /* they were read in a transaction, which may be undone: */
  int64_t undone;      /* how many were before */
  int64_t n_changes;   /* what the state query said when the rows were read */
  size_t block_rows;   /* in a block of the file; new ones at the end are kept once there are more than a sixteenth of it */
  mk_buf from, key, state; /* SQL: source with its order; key of the case; one number that grows with every change */
} mk_image;

/* With room for so many columns; nothing is read yet. */
mk_image *mk_image_new(mk_store *s, const char *from, const char *key, const char *state, size_t columns, mk_err *err);
void mk_image_free(mk_image *im);
/* Reads those of the wanted columns that are not there; sqls and types are those of all columns. Of those behind the first full
 * ones the cells may be left for later; lean: also of others, where that costs nothing. MK_BUSY when the store is no longer in the state of the columns that are there: the image
 * is of no more use. */
bool mk_image_need(mk_image *im, mk_store *s, const size_t *wanted, const char *const *sqls, const mk_type *types, size_t full,
                   size_t count, bool lean, mk_err *err);
/* The state of the store in the running transaction: 1 as when the image was begun, 0 another, -1 failed. */
int image_state(const mk_image *im, mk_store *s, int64_t *n, mk_err *err);
/* Makes sure of the cells of a column of numbers, which scans need. */
bool mk_image_fill(const mk_image *im, size_t column, mk_err *err);
/* Text of a dictionary entry from 1 on; borrowed. */
static inline const char *mk_image_entry(const mk_image_column *c, size_t entry, size_t *n) {
  const size_t *ends = (const size_t *)(const void *)c->ends.p;
  *n = ends[entry] - ends[entry - 1];
  return *n ? c->text.p + ends[entry - 1] : "";
}

/* ------------------------------------------------------------------ dictionaries (engine_dict.c) */

/* While a column is read: entries are numbered from 1 in order of first appearance; slots holds numbers, 0 empty. */
typedef struct {
  mk_buf text, ends;    /* bytes of all entries; end of each (size_t), entry 0 being the missing one */
  uint32_t *slots;
  size_t cap, count, last;
  uint64_t seed;
  mk_mem *mem;
  bool rising;          /* a text that is not the last one is new: they need no slots */
} mk_dict;
bool dict_init(mk_dict *d, mk_mem *mem, uint64_t seed, mk_err *err);
void dict_clear(mk_dict *d);
/* The number of a text, a new one when it is not there. Rows of one value in a run find it by the last one. */
bool dict_code(mk_dict *d, const char *s, size_t n, uint32_t *out, mk_err *err);

/* ------------------------------------------------------------------ segments (engine_segment.c) */

/* A segment looked into; borrows its bytes. */
typedef struct {
  mk_form form;
  int width, scale;
  size_t rows, entries, known, others;
  int64_t min, max;
  mk_i128 sum;
  const uint32_t *lengths;
  const char *text;
  size_t text_size;
  const void *cells; /* of form 3: counts of the entries; of numbers NULL */
} mk_segment;
static inline uint64_t segment_cell(const mk_segment *g, size_t row) {
  switch (g->width) {
    case 1: return ((const uint8_t *)g->cells)[row];
    case 2: return ((const uint16_t *)g->cells)[row];
    case 4: return ((const uint32_t *)g->cells)[row];
    default: return g->width ? ((const uint64_t *)g->cells)[row] : 0;
  }
}
static inline int64_t segment_number(const mk_segment *g, size_t row) { /* times 10^scale, or MK_NUMBER_MISSING */
  uint64_t u = segment_cell(g, row);
  if (g->width == 8) return (int64_t)u;
  return u == UINT64_MAX >> (64 - 8 * g->width) ? MK_NUMBER_MISSING : (int64_t)((uint64_t)g->min + u);
}
bool segment_open(mk_segment *out, const char *p, size_t n); /* false: not one, or p is not at a multiple of 8 */
bool segment_count(mk_buf *out, const mk_segment *s, mk_err *err); /* appends the segment in form 3 of one in form 1 or 2 */
uint64_t segment_sum(uint64_t seed, const char *p, size_t n);
void segment_seal(mk_buf *b, uint64_t place);                 /* b holds one segment; sets its checksum */
bool segment_sound(const char *p, size_t n, uint64_t place);

/* How many digits a decimal, digits before and behind its point, has behind it; -1: it is none, or has more than 18. */
int decimal_places(const char *s, size_t n);
/* It times 10^scale; false: it is none, has more digits behind its point, or does not fit. */
bool decimal_scaled(const char *s, size_t n, int scale, int64_t *out);

/* Makes segments of cells that are taken one after the other; finish appends one and begins the next. */
typedef struct {
  mk_form form, wanted;
  int scale;
  size_t known, rows;
  mk_dict dict;
  mk_buf cells;  /* uint32_t codes or int64_t numbers */
  mk_buf digits; /* of a whole number among codes */
} mk_segment_maker;
bool segment_begin(mk_segment_maker *m, mk_mem *mem, mk_form form, mk_err *err); /* false: it holds nothing */
bool segment_take(mk_segment_maker *m, const mk_value *v, mk_err *err);
/* Where entries of a segment are in a maker that takes rows of it, UINT32_MAX: not yet; of no use after finish. */
typedef struct { uint32_t *of; size_t entries; } segment_map;
void segment_unmap(mk_mem *mem, segment_map *map);
/* Rows of a segment in the maker's own form. at: where the texts of its entries begin; map: of zeros, or as it was left. 0: numbers
 * that have to be taken one by one, nothing is taken. */
int segment_rows(mk_segment_maker *m, const mk_segment *s, const uint32_t *at, segment_map *map, size_t from, size_t rows, mk_err *err);
bool segment_finish(mk_segment_maker *m, mk_buf *out, mk_err *err);
mk_form segment_form(const mk_segment_maker *m);              /* of the segment that finish appends */
void segment_drop(mk_segment_maker *m);                       /* also one of zeros */
/* Appends the segment of cells of so many rows, known of which are not missing: numbers of the entries that are listed, from 1 on; a
 * list NULL: of all count entries that there are. Buffers with segment_room bytes left do not grow. */
void segment_codes(mk_buf *out, const uint32_t *cells, size_t rows, size_t known, const char *text, const size_t *ends, const uint32_t *list,
                   size_t count);
/* The same of keys, in form 4, where they fit it. */
void segment_keys(mk_buf *out, size_t rows, const char *text, const size_t *ends, const uint32_t *list, size_t count);
/* Those of at most 16 bytes, the last of which is not 0, as two numbers each: the first 8 bytes, then the others, filled up with 0. Buffers
 * with segment_short_room bytes left do not grow. */
void segment_short_keys(mk_buf *out, size_t rows, const uint64_t *keys, size_t count);
static inline size_t segment_short_room(size_t count) { return 128 + 18 * count; }
bool segment_keys_fit(const size_t *ends, size_t count);
/* Appends the segment in form 1 of one in form 4 of so many rows; marks: a byte each, NULL: each begins a case. False: it is none of
 * those, or out has failed. */
bool segment_unpack(mk_buf *out, const char *p, size_t n, size_t rows, const char *marks);
void segment_numbers(mk_buf *out, const int64_t *cells, size_t rows, size_t known, int scale);
size_t segment_room(size_t rows, int width, size_t entries, size_t text);
void segment_fresh(mk_buf *out, const char *marks, size_t rows);
void segment_names(mk_buf *out, const char *marks, size_t rows, const mk_buf *names, size_t count, size_t others); /* with names, each NUL-ended, as entries */

/* ------------------------------------------------------------------ columns (engine_gather.c) */

/* Puts segments together, in order, into a column of so many rows. */
typedef struct {
  mk_image_column *c;
  mk_mem *mem;
  size_t rows, at;
  bool negative; /* some number is */
  bool later;    /* the dictionary or the bounds alone; segments may be in form 3 */
  mk_dict dict;
  mk_buf map;
} mk_gather;
bool gather_begin(mk_gather *g, mk_mem *mem, mk_image_column *c, mk_form form, bool later, size_t rows, mk_err *err);
bool gather_add(mk_gather *g, const mk_segment *s, mk_err *err);
/* The segment added last takes in the one before: row i of that one is to stand before row places[i] of it. */
bool gather_weave(mk_gather *g, const uint32_t *places, size_t n, size_t rows, mk_err *err);
/* The same of cells: n of them, then rows, of width bytes; aside: room for n. */
void weave(char *cells, size_t width, const uint32_t *places, size_t n, char *aside);
/* Segments of a column whose cells were left for later, one at a time, of so many rows at most, into the cells of own: in its codes,
 * or at its scale; what does not fit it is MK_DAMAGED. */
bool gather_again(mk_gather *g, mk_mem *mem, mk_image_column *own, const mk_image_column *c, size_t rows, mk_err *err);
bool gather_one(mk_gather *g, const mk_image_column *c, const mk_segment *s, mk_err *err);
bool gather_finish(mk_gather *g, mk_err *err);
void gather_clear(mk_gather *g);                              /* leaves the column, as far as it is */
void column_clear(mk_mem *mem, mk_image_column *c);
bool column_fill(mk_mem *mem, mk_image_column *c, size_t rows, mk_err *err); /* cells of numbers that are all missing */

/* ------------------------------------------------------------------ blocks (engine_blocks.c) */

/* A run of rows. Keys are places in the text of its list. */
typedef struct {
  int64_t id, state;    /* id 0: not in the file */
  bool first;           /* no low */
  size_t low, low_n, high, high_n, rows;
  size_t from;          /* place in the list of the file */
  bool keep;            /* is to be written */
  bool apart;           /* is never written: sealed rows, or rows between such */
  const void *sealed;   /* the sealed block that it is, unchanged */
  mk_buf fresh;         /* segment "" */
  mk_buf woven;         /* rows of it that rows of the block before are to stand before; uint32_t */
  mk_buf *columns;      /* segments read from plain rows, parallel to the columns; without bytes: look in the file */
} mk_block;

typedef struct { const char *sql; mk_form form; bool kept; } mk_block_column; /* kept: may be in the file */

typedef struct {
  mk_store *store;
  const char *tab;      /* NULL: nothing of these rows is kept */
  const mk_block_column *columns;
  size_t ncolumns;
  mk_block *list;
  size_t count, cap;
  mk_buf keys;
  mk_buf found, bad;    /* int64_t: blocks that the file holds; those of them that are not to be used */
  mk_buf scratch;
  bool broken;          /* the file does not let itself be read there: nothing is written to it */
  mk_stmt *get;
} mk_blocks;

/* Whether rows of that query, whose cases are told apart by cases, may be kept, and as what; else NULL. head: the part of from
 * before its order; key: what blocks go by. */
const char *blocks_tab(const char *from, const char *cases, size_t *head, const char **key);
const mk_column *blocks_column(const mk_store *s, const char *tab, const char *sql); /* whose cells may be kept; NULL: none */
void blocks_from(const char *tab, mk_buf *out);               /* the plain rows, as they stand before an order */
void blocks_init(mk_blocks *b);                               /* store, tab and columns are set */
void blocks_clear(mk_blocks *b);
mk_block *blocks_add(mk_blocks *b, mk_err *err);              /* a new last one */
bool blocks_list(mk_blocks *b, mk_err *err);                  /* those of the file that can be used, in order */
bool blocks_reject(mk_blocks *b, const mk_block *k, mk_err *err); /* the next list is without it */
/* 1: the segment of a column, which is as long as the block; 0: not there, or damaged; -1 failed. Borrowed until the next. */
int blocks_segment(mk_blocks *b, const mk_block *k, const char *column, mk_form form, mk_segment *out, mk_err *err);
int blocks_has(mk_blocks *b, const mk_block *k, const char *column, mk_form form, mk_err *err); /* whether there is one at all */
/* Reads columns of a block from the plain rows into its segments. 1; 0: the rows are not as many as it says; -1 failed. */
int blocks_step(mk_blocks *b, mk_block *k, const size_t *which, size_t n, mk_err *err);
/* Writes what is to be kept, when the state is still that of the rows read and nobody else writes; else nothing. */
void blocks_keep(mk_blocks *b, const mk_blocks *file, const mk_buf *state_sql, int64_t state);
/* Calls report for each segment that is damaged or not what the plain rows give. */
typedef bool (*blocks_report)(void *ctx, const char *key, const char *column, const char *problem, mk_err *err);
bool blocks_check(mk_store *s, blocks_report report, void *ctx, mk_err *err);

/* ------------------------------------------------------------------ scans (engine_scan.c) */

/* A condition over code columns: truth[code of the first * entries of the others ... + code of the last] is MK_NO, MK_YES
 * or MK_MAYBE in its two low bits, and above them a kind of doubt below MK_SCAN_KINDS, whose bits add up over conditions
 * that belong together; bytes of all combinations. more: the next one belongs to it, and all of them must hold. */
typedef struct { size_t columns[MK_SCAN_COLUMNS], count; const uint8_t *truth; bool more; } mk_condition;
/* The first place from e on, below n, that has a truth; n: there is none. */
static inline size_t mk_next_truth(const uint8_t *truth, size_t e, size_t n) {
  for (uint64_t eight; e + sizeof eight <= n; e += sizeof eight) {
    memcpy(&eight, truth + e, sizeof eight);
    if (eight) break;
  }
  while (e < n && !truth[e]) e++;
  return e;
}
/* A key of groups: group[code] is its share in the group's number, all keys added up. */
typedef struct { size_t column; const uint32_t *group; } mk_scan_key;

typedef enum {
  MK_PART_CASES,    /* cases, once each in a group */
  MK_PART_ROWS,     /* rows for which the condition holds */
  MK_PART_SUM,      /* sum, how many are known and how many missing, of a number column; smallest and largest if wanted */
  MK_PART_VALUES,   /* the same and values by rank */
  MK_PART_DISTINCT, /* different group[code] of a code column */
  MK_PART_ANY       /* whether the condition is ever yes, or ever undecided */
} mk_part_kind;

/* The value whose rank among the known ones is the smallest that is at least above/below of them. */
typedef struct { uint64_t above, below; } mk_rank;

/* One cell of a sum. */
typedef struct { mk_i128 sum; int64_t min, max; uint64_t known, missing; } mk_sum;

typedef struct {
  mk_part_kind kind;
  size_t column;            /* of numbers, or of codes for DISTINCT */
  size_t unit;              /* SUM, VALUES: code column that splits each group into cells by its entries; SIZE_MAX none */
  bool extent;              /* SUM: min and max are wanted */
  bool by_case;             /* SUM, VALUES: the first row of a case in a group stands for all of them */
  const mk_rank *ranks;     /* VALUES */
  size_t nranks;
  mk_condition when;        /* rows it looks at; count 0: all */
  const uint32_t *distinct; /* DISTINCT: number of each entry, and how many numbers there are */
  size_t ndistinct;
} mk_part;

typedef enum { MK_WAY_BEST, MK_WAY_PLAIN, MK_WAY_COUNT } mk_scan_way;

/* What is asked: rows for which where holds, in order; groups numbered below ngroups, as the keys add up to. united (NULL: none):
 * the group that each number the keys give belongs to. */
typedef struct {
  const mk_condition *where;
  const mk_scan_key *keys;
  const uint32_t *united;
  const mk_part *parts;
  size_t nwhere, nkeys, ngroups, nparts;
  mk_scan_way way;
  mk_store *store;   /* whose progress function is asked and whose thread helps; NULL: none */
  int threads;
  size_t chunk;      /* rows that a thread takes at a time, and from how many on there are two; 0: as is best */
  size_t dense;      /* groups that are counted in one table at most; 0: as is best */
} mk_scan_ask;

struct mk_pool **db_pool(mk_store *s);

typedef struct mk_scan mk_scan;
/* Runs over all rows. What is asked must live until it returns, the image as long as the scan. MK_LIMIT when the cells would not
 * fit, MK_CANCELLED when progress said so. */
mk_scan *mk_scan_new(mk_image *im, const mk_scan_ask *ask, mk_err *err);
/* The same while the cells are read, that none need be held (engine_stream.c). NULL without an error: not for these columns, or the
 * store has changed. sqls: of all columns. */
mk_scan *mk_scan_stream(mk_image *im, mk_store *s, const char *const *sqls, const mk_scan_ask *ask, mk_err *err);
/* The same for groups of a scan taken together (NULL: all), in one group 0 (none when n is 0): right where no case is in two of them,
 * and for parts of other kinds than VALUES and CASES always. */
mk_scan *mk_scan_unite(const mk_scan *sc, const size_t *at, size_t n, mk_err *err);
void mk_scan_free(mk_scan *sc);
size_t mk_scan_rows(const mk_scan *sc);                       /* rows that passed */
size_t mk_scan_undecided(const mk_scan *sc, size_t where, size_t kind); /* rows that came to it and it could not decide */
size_t mk_scan_found(const mk_scan *sc);                      /* groups that have rows; at, below, is the place of one among them */
uint32_t mk_scan_group(const mk_scan *sc, size_t at);         /* its number; they ascend */
size_t mk_scan_place(const mk_scan *sc, uint32_t group);      /* where it is, SIZE_MAX when it has no rows */
uint64_t mk_scan_number(const mk_scan *sc, size_t part, size_t at);             /* CASES, ROWS, DISTINCT; ANY: a mk_truth */
mk_sum mk_scan_sum(const mk_scan *sc, size_t part, size_t at, size_t unit);     /* unit 0 when it has none */
size_t mk_scan_units(const mk_scan *sc, size_t part);         /* cells of a group */
size_t mk_scan_ranks(const mk_scan *sc, size_t part);         /* ranks that were asked for */
int64_t mk_scan_rank(const mk_scan *sc, size_t part, size_t at, size_t unit, size_t rank); /* MK_NUMBER_MISSING: no number is known */

#endif
