/* grid.h: a file of separated cells as columns of codes: what the files of grid*.c and the binding share.
 *
 * Each column numbers its different texts in order of first appearance, 0 the empty one. Records that do not fit the header or
 * cannot be read safely are kept apart, with all their cells, as the reader of separated cells gives them; they are rows
 * here too, of empty codes. What a text means is judged once, by the caller, and told with grid_put; then rows are taken
 * together as tables over codes, and those with anything unusual are left to the caller. */
#ifndef MK_GRID_H
#define MK_GRID_H

#include "engine_pool.h"

/* ------------------------------------------------------------------ texts of a column */

typedef struct { uint64_t hash; uint32_t at, n; } grid_entry;

enum { GRID_BLANK = 1, GRID_BAD = 2 };          /* nothing but blanks; no text: a record with it is read by the strict way */
typedef enum { NUMERAL_NONE, NUMERAL_PLAIN, NUMERAL_VI, NUMERAL_EN, NUMERAL_BOTH } grid_numeral;

/* A text of fewer than 8 bytes with its length, and its code; 0 where there is none. */
typedef struct { uint64_t text; uint32_t code; } grid_short;

typedef struct {
  mk_buf text, entries, marks;  /* grid_entry and a byte of marks each */
  mk_buf codes;                 /* uint32_t of each row */
  uint64_t *slots, seed;        /* of texts of 8 bytes or more */
  grid_short *shorts;           /* the others */
  size_t cap, shorts_cap;       /* powers of two */
  unsigned shift;               /* what is left of 64 bits is a place among the shorts */
  size_t count, shorts_count;
  bool bad;                     /* one of the texts is none */
  bool rising;                  /* slots are not used yet: the last 8 bytes of texts, the largest being last, rise */
  uint64_t last;
  size_t coded;                 /* rows of the window that have their codes */
} grid_column;

/* Finds the structure of separated text: the places below n of separator, quote, \n and \r, in order. p can be read up to
 * n + 64, and out has room for n + 64. */
typedef size_t (*grid_marker)(const char *p, size_t n, char separator, char quote, uint32_t *out);
size_t grid_marks_plain(const char *p, size_t n, char separator, char quote, uint32_t *out);
grid_marker grid_marks_best(void);

/* Cells of a text: each begins behind the place at[i * step], UINT32_MAX being before the text, and ends at the next one. */
typedef struct { const uint32_t *at; size_t step; } grid_places;

static inline const char *grid_cell_at(const char *p, const grid_places *cells, size_t i, size_t *n) {
  const uint32_t *at = cells->at + i * cells->step;
  uint32_t from = at[0] + 1;
  *n = at[1] - from;
  return p + from;
}

static inline grid_places grid_places_from(grid_places cells, size_t i) { return (grid_places){cells.at + i * cells.step, cells.step}; }

/* ------------------------------------------------------------------ records */

typedef struct { size_t row, cells, count, damage; } grid_apart; /* damage: index + 1 into the damages, 0 none */
typedef struct { size_t at, n, line, col; } grid_cell;

typedef enum { GRID_MORE, GRID_OTHER, GRID_FULL } grid_verdict; /* more bytes are needed; a record that is not plain; read */
typedef struct { uint32_t before, end; } grid_span; /* as grid_places has them */
typedef struct { uint32_t at, line; size_t blanks; } grid_begin; /* of a row; and the blank ones before it */

/* A window of the text from p on, and the rows cut out of it: spans column by column, with room for so many rows each; or, while all of
 * them have bare cells alone, so many marks a row. What is read is [0, end), and line and blanks are those behind it. */
typedef struct {
  const char *p;
  size_t n, end, line, blanks, rows, room;
  size_t k, count;              /* marks: the next one, all */
  size_t stride;                /* marks of each row, 0: there are spans */
  mk_buf marks, spans, begins;  /* uint32_t, the first of which is before the text; grid_span, grid_begin */
  bool whole;                   /* it goes to the end of what is there */
  grid_verdict verdict;
} grid_window;

typedef struct {
  mk_mem memory, *mem;   /* its own, capped as the store it was made for */
  mk_separated_opts o;
  mk_separated *slow;    /* reads what the fast way leaves alone */
  grid_marker marker;
  size_t width, rows, line;
  uint64_t expected;     /* bytes of the file, until its rows are guessed from them; 0: not known */
  size_t blanks;         /* without those that slow passed over */
  bool header, slowly, after_cr, ended, done, strict;
                         /* the header was passed over; slow holds the begin of a record; strict: it always does */
  mk_buf in;
  size_t at, fed;        /* records are read up to at; slow was given so many bytes after it */
  grid_window windows[2];
  mk_pool **pool;        /* another thread to code with, NULL none */
  mk_input *input;       /* what is read at the time, from input_at on, or NULL */
  uint64_t input_at;
  mk_buf lines;          /* uint32_t: line of each row */
  mk_buf apart, cells, texts, damages;
  grid_column *columns;
} mk_grid;

/* pool: where another thread is to be had, that allocates nothing; NULL: it is done without. What is read is the same. */
mk_grid *grid_new(const mk_mem *cap, const mk_separated_opts *o, size_t width, size_t line, bool plain, mk_pool **pool, mk_err *err);
void grid_free(mk_grid *g);
/* Takes in the next piece; n = 0 ends. The first record is passed over. */
bool grid_feed(mk_grid *g, const char *s, size_t n, mk_err *err);
/* The same of some bytes of a file: how many, 0 at its end, -1 it could not be read, -2 failed. */
ptrdiff_t grid_read(mk_grid *g, mk_input *input, uint64_t at, mk_err *err);
void grid_more(mk_grid *g); /* some more of that file behind what is there, which is not moved; nothing where there is no room */
/* Reads records of in[at..) as long as they are plain (grid_window.c). */
grid_verdict grid_read_plain(mk_grid *g, mk_err *err);
/* Calls fn for parts of [0, n) until all of them are done, with the other thread where there is one: nothing is allocated there. */
void grid_share(const mk_grid *g, size_t n, void (*fn)(void *arg, size_t from, size_t to), void *arg);
bool grid_column_init(mk_grid *g, grid_column *c, mk_err *err);
void grid_column_clear(mk_grid *g, grid_column *c);
/* Room for so many texts more of so many bytes in all. */
bool grid_column_room(mk_grid *g, grid_column *c, size_t texts, size_t bytes, mk_err *err);
/* Codes of cells of p, which can be read 8 bytes beyond them; there is room for their texts. Fewer than count: the column is to be
 * settled first, with room for the texts of the others. */
size_t grid_code_cells(const mk_grid *g, grid_column *c, const char *p, grid_places cells, size_t count, uint32_t *out);
bool grid_column_settle(mk_grid *g, grid_column *c, size_t texts, mk_err *err);
bool grid_code(mk_grid *g, grid_column *c, const char *s, size_t n, uint32_t *out, mk_err *err);
bool grid_find(const grid_column *c, const char *s, size_t n, uint32_t *out);
static inline const char *grid_text(const grid_column *c, size_t code, size_t *n) {
  const grid_entry *e = (const grid_entry *)(const void *)c->entries.p + code;
  *n = e->n;
  return e->n ? c->text.p + e->at : "";
}
static inline const uint32_t *grid_codes(const grid_column *c) { return (const uint32_t *)(const void *)c->codes.p; }

/* ------------------------------------------------------------------ what texts stand for (grid_rows.c) */

/* What is said of a text: rows with it are the caller's; the caller wants to hear how often it is there, or of every row. An
 * entry of which nothing was said is odd. */
enum { GRID_ODD = 1, GRID_TELL = 2, GRID_EVENT = 4, GRID_JUDGED = 8 };
enum { GRID_NONE = UINT16_MAX, GRID_TARGETS = 200, GRID_CLASSES = 250, GRID_VALUES = 1 << 24 };

typedef struct { mk_type type; int64_t i; uint32_t at, n; } grid_value;

/* A column of a table. Its cells are ids: 0 missing, below entries the text of that code itself, else a value that was
 * told. With classes one text may stand for different things: the class is that of another cell of the row. */
typedef struct {
  uint16_t column;         /* of the file, or GRID_NONE: no text, only values told */
  uint16_t by;             /* target whose ids have classes, or GRID_NONE */
  size_t entries, classes;
  mk_buf ids, said;        /* uint32_t and byte of class * entries + code */
  mk_buf text, values;     /* values told: grid_value */
  mk_buf class_of;         /* for targets by this one: uint8_t of each id */
  mk_buf owns;             /* of each code: the id of the unit that the text brings along, 0 none */
  bool number, whole;      /* texts that stand for themselves are numerals, or whole ones: */
  mk_buf digits, places;   /* of each code int64_t and uint8_t: see grid_numeral_of */
} grid_target;

/* Which targets have parts to play. */
typedef struct {
  uint16_t key, line, date, date_to, unit, quantity, thing[3], places[2];
  uint32_t given_unit;                               /* of quantities that bring none: an id of unit, or 0 */
  uint16_t cases[GRID_TARGETS], lines[GRID_TARGETS]; /* in the order of the columns of the tables; GRID_NONE: not in the file */
  size_t ncases, nlines;                             /* nlines 0: rows hold no lines */
} grid_plan;

typedef enum { GRID_BULK, GRID_APART, GRID_SAID, GRID_WITH } grid_fate; /* of a row: taken in bulk; the caller's because of
                            the record, of a cell, of another row of its case */

/* Rows whose lines may be alike with an earlier one, each with that one: their lines, and the texts of their cases, two of each. It needs
 * neither grid nor rows. told: the places and the order of the rows tell it by themselves; else it is empty. */
typedef struct { mk_buf lines, ends, text; size_t count; bool told; } grid_pairs; /* uint32_t; size_t of the text; bytes */

typedef struct mk_grid_rows {
  mk_grid *g;
  mk_mem *mem;
  grid_target targets[GRID_TARGETS];
  size_t count;
  grid_plan plan;
  uint8_t *fates;         /* of each row */
  uint32_t *firsts;       /* of each id of the key: its first row that is sound + 1 */
  uint32_t *numbers;      /* of each row: number of its line, 0 none */
  uint8_t *odd;           /* of each id of the key */
  size_t nkeys;
  mk_buf masses;          /* grid_mass_unit */
  grid_pairs pairs;       /* found by the other thread, if paired; it looks for them while pairing, and tells found */
  bool pairing, paired, found;
  bool shaped;            /* all texts of the key stand for themselves, and have one shape */
} mk_grid_rows;
typedef struct { uint32_t unit; mk_num kg; } grid_mass_unit;

mk_grid_rows *grid_rows_new(mk_grid *g, mk_err *err);   /* the grid has ended, and outlives it */
void grid_rows_free(mk_grid_rows *r);
bool grid_target_add(mk_grid_rows *r, uint16_t column, uint16_t by, size_t classes, mk_err *err);
/* A value that was not told before -> its id; of a key, that of the text that stands for it where there is one. */
bool grid_value_add(mk_grid_rows *r, size_t target, const mk_value *v, uint32_t *id, mk_err *err);
bool grid_say(mk_grid_rows *r, size_t target, size_t class, size_t code, uint32_t id, unsigned said, mk_err *err);
bool grid_own(mk_grid_rows *r, size_t target, size_t code, uint32_t unit, mk_err *err);
bool grid_class(mk_grid_rows *r, size_t target, uint32_t id, unsigned class, mk_err *err);
/* Lets texts stand for themselves where they are surely values: keys of plain signs with a digit; numerals whose shape is
 * in shapes (bits of 1 << grid_numeral), without a fraction if whole. */
void grid_direct_keys(mk_grid_rows *r, size_t target);
bool grid_direct_numbers(mk_grid_rows *r, size_t target, unsigned shapes, bool whole, mk_err *err);
grid_numeral grid_shape(const char *s, size_t n);
size_t grid_class_at(const mk_grid_rows *r, size_t target, size_t row); /* of a target with classes */
bool grid_alone(const mk_grid_rows *r, size_t target);  /* whether ids of a target follow from the text of its cell alone */
bool grid_by_alone(const mk_grid_rows *r, size_t target); /* it has classes, by one that is alone */
/* Of such a target in rows that follow each other, where its ids stand: class * entries + code. */
void grid_class_cells(const mk_grid_rows *r, size_t target, size_t from, size_t n, uint32_t *out);
/* The ids of a row. False: something in it is odd. */
bool grid_row(const mk_grid_rows *r, size_t row, uint32_t *ids);
static inline uint32_t grid_key(const mk_grid_rows *r, size_t row) { /* the id of its key */
  const grid_target *key = &r->targets[r->plan.key];
  return ((const uint32_t *)(const void *)key->ids.p)[grid_codes(&r->g->columns[key->column])[row]];
}
/* One of the ids of a row. */
uint32_t grid_id(const mk_grid_rows *r, size_t target, size_t row);
void grid_ids(const mk_grid_rows *r, size_t target, size_t from, size_t n, uint32_t *out); /* of rows that follow each other */
/* The number of a text that stands for itself: its digits, at most 16, and the places behind the point, none of them 0 at the end.
 * False: the id is of another value. */
bool grid_numeral_of(const mk_grid_rows *r, size_t target, uint32_t id, int64_t *digits, unsigned *places);
mk_value grid_value_of(const mk_grid_rows *r, size_t target, uint32_t id, mk_buf *scratch); /* borrowed */
bool grid_settle(mk_grid_rows *r, mk_err *err);          /* the fate of each row by itself and by the rows of its case */
/* Adds up the rows in bulk with each text in each class, and tells the first one. */
void grid_tally(const mk_grid_rows *r, size_t target, uint32_t *counts, uint32_t *firsts);
/* A case is the caller's: by the text that stands for it, or by the id of a value told. */
void grid_odd_key(mk_grid_rows *r, const char *s, size_t n, uint32_t id);
void grid_spread(mk_grid_rows *r);                        /* rows of such cases are the caller's too */

/* ------------------------------------------------------------------ what may be the same (grid_meet.c, grid_like.c) */

uint64_t grid_joined(uint64_t h, const char *s, size_t n);          /* h with a text */
static inline uint64_t grid_some(uint64_t h) { return h ? h : 1; } /* 0 stands for none */
/* Of numbers, 0 standing for none, which are there twice or among the others: twice, a byte each, 0 at first. Numbers that are not may
 * become 0. */
bool grid_meet(mk_mem *mem, uint64_t *numbers, size_t n, const uint64_t *others, size_t nothers, uint8_t *twice, mk_err *err);

/* What two lines that may be one seizure have in common, as a number; amount in the unit, or in kg where it is a mass. */
typedef struct { const char *date, *thing, *amount, *unit; size_t date_n, thing_n, amount_n, unit_n; } grid_line;
bool grid_likeness(const grid_line *l, mk_buf *scratch, uint64_t *out, mk_err *err);
bool grid_mass(mk_grid_rows *r, uint32_t unit, mk_num kg, mk_err *err); /* a unit told is so many kg */
bool grid_amounts(const mk_grid_rows *r, mk_buf *out, mk_err *err);      /* ids of the amounts of rows in bulk, each once: uint32_t into out */
/* Rows in bulk that may tell of the same seizure as another one or as one of these: grid_twin into out. near: all of them say as much
 * of the place, and equal numbers have the same place, too. */
typedef struct { uint64_t likeness; size_t row; } grid_twin;
bool grid_like(const mk_grid_rows *r, mk_mem *mem, const uint64_t *others, size_t nothers, mk_buf *out, bool *near, mk_err *err);
bool grid_find_pairs(const mk_grid_rows *r, mk_mem *mem, grid_pairs *out, mk_err *err);
void grid_pairs_clear(grid_pairs *p);
/* Ids of keys in bulk that may be spelt otherwise in another one or one of these: uint32_t into out. */
bool grid_alike(mk_grid_rows *r, const uint64_t *others, size_t nothers, mk_buf *out, mk_err *err);
bool grid_key_hash(const char *s, size_t n, mk_buf *scratch, uint64_t *out, mk_err *err);

/* Where a key of ASCII has digits, large and small letters, and what else is in it: folding tells different keys of one shape apart.
 * What is added to its words, of which the last may lie across another: bytes then have their highest bit for being at least, and for being
 * beyond what they may be. */
enum { GRID_SHAPE_WORDS = 4 };
typedef struct { size_t n, count; uint64_t least[GRID_SHAPE_WORDS], beyond[GRID_SHAPE_WORDS]; } grid_key_shape;
bool grid_key_shape_of(const char *s, size_t n, grid_key_shape *out); /* false: it has none, or is long */
bool grid_key_shaped(const grid_key_shape *shape, const char *s, size_t n);

/* ------------------------------------------------------------------ into the store (grid_write.c) */

bool grid_stored_keys(mk_grid_rows *r, mk_store *s, mk_err *err); /* cases that the store holds are the caller's */
/* Writes rows in bulk from one on, so many at most, as new rows; moves *row on. lines: their lines, else their cases. */
bool grid_write(mk_grid_rows *r, mk_store *s, bool lines, size_t *row, size_t count, mk_err *err);

/* Where there is another thread, and no bound to memory, it finds the pairs of many rows from here on, which do not change meanwhile, until
 * it is waited for. That is before the store is closed. */
void grid_pairs_begin(mk_grid_rows *r, const mk_store *s);
void grid_pairs_end(mk_grid_rows *r);

/* Many rows in bulk become sealed columns (grid_seal.c), in the running transaction; done: they did, and are not to be written. */
bool grid_seal(mk_grid_rows *r, mk_store *s, bool *done, mk_err *err);

#endif
