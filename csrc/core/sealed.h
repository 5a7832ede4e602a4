/* sealed.h: what engine_seal*.c share: which blocks of sealed rows there are, their cells, going over them in order of the key.
 * The format is in seal.h.
 * Everything here is called while a transaction reads, so that blocks, plain rows and unsealed cases are of one state. */
#ifndef MK_SEALED_H
#define MK_SEALED_H

#include <stdatomic.h>

#include "seal.h"
#include "store.h"

#define SEALED_TAB "sealed"
enum { SEALED_ROWS_MAX = 1 << 27, SEAL_WIDE = 8 << 20 }; /* wide: a column with so much text */
/* Statements that walks and tables need again and again: what hides cases, lines and persons; the plain rows of each of these, bounded
 * above or not, in order or not. */
enum { STATEMENT_GONE, STATEMENT_LINES, STATEMENT_PERSONS, STATEMENT_PLAIN, STATEMENT_KINDS = STATEMENT_PLAIN + 3 * 4 };

/* ------------------------------------------------------------------ the blocks there are (engine_sealed.c) */

typedef struct {
  int64_t id, state;
  size_t rows, low, low_n, high, high_n; /* keys are places in the text of the map */
} sealed_block;

typedef struct sealed_view sealed_view;
typedef struct sealed_filter sealed_filter;
typedef struct {
  bool known;                         /* that it was read; then it holds for: */
  int64_t version, undone, written;   /* what SQLite says of other connections, and ours */
  int64_t begun;                      /* the transaction in which SQLite was asked last */
  int64_t state;                      /* of the last writing */
  int64_t rows;
  size_t count, cap;
  sealed_block *list;                 /* in order of the key */
  mk_buf keys;
} sealed_map;

struct sealed {
  sealed_map map;
  int64_t written;                    /* grows when blocks are written */
  sqlite3_stmt *segment, *gone, *clean[2], *plain;
  sqlite3_stmt *spare[STATEMENT_KINDS]; /* those that nobody is using */
  mk_buf aligned;                     /* a segment that SQLite gave at an odd place, or in MK_FORM_KEYS */
  const char *given;                  /* the segment that was read last, of size given_n */
  size_t given_n;
  sealed_view *views;                 /* the last used first */
  size_t held;                        /* bytes of views */
  sealed_filter *filters;
  size_t filtered;                    /* bytes of them */
  size_t block_rows;                  /* rows of a new block; MK_BLOCK_ROWS but in tests */
  bool looked;                        /* how many tables that show them are there, when nothing was undone since, is: */
  int64_t shown, looked_undone;
  struct sealed_made *made;
  int64_t fresh_rows;                 /* plain rows written since it was looked whether there are many */
};

bool sealed_init(mk_store *s, mk_err *err);
void sealed_release(mk_store *s);     /* statements and columns held; the connection still stands */
void sealed_free(mk_store *s);
/* One of these statements, NULL where none is at hand, and back; those there are forgotten once tables have other columns. */
sqlite3_stmt *statement_take(mk_store *s, int kind);
void statement_give(mk_store *s, int kind, sqlite3_stmt *st);
void statements_forget(mk_store *s);
/* The blocks as they are now; MK_DAMAGED when the file does not hold those it should. Borrowed until blocks are written. */
const sealed_map *sealed_now(mk_store *s, mk_err *err);
/* Writes down which blocks there are now, in the running transaction; state: of this writing. */
bool sealed_promise(mk_store *s, int64_t state, mk_err *err);
/* The first block whose last case is not before the key; count: none. */
size_t sealed_at(const sealed_map *m, const char *key, size_t n);
int key_compare(const char *a, size_t n, const char *b, size_t m);

/* ------------------------------------------------------------------ cells */

typedef struct {
  mk_form form;
  bool counted;         /* a segment tells of it without cells */
  bool packed;          /* it stands in MK_FORM_KEYS */
  size_t name, name_n;  /* place in the text of names */
  char *data;           /* its segment, NULL: not read yet */
  size_t size;
  mk_segment seg;
  uint32_t *at;         /* codes: where the text of entry e begins */
} sealed_column;

struct sealed_view {
  sealed_view *next;
  int users;
  int64_t id, state;
  size_t rows, persons, count, bytes; /* persons: rows of these */
  bool single;           /* every row begins a case */
  mk_buf names, marks, keys; /* marks: a byte a row, 0 where it belongs to the case of the row before */
  size_t low_n, high_n;
  sealed_column *columns;
};

/* A block whose columns are read when they are needed; ended with sealed_close. */
sealed_view *sealed_open(mk_store *s, const sealed_map *m, const sealed_block *k, mk_err *err);
void sealed_close(mk_store *s, sealed_view *v);
size_t sealed_place(const sealed_view *v, const char *sql, size_t n); /* of the column of that name; SIZE_MAX: all its cells are missing */
bool sealed_need(mk_store *s, sealed_view *v, size_t column, mk_err *err);
static inline bool sealed_begins(const sealed_view *v, size_t row) { return v->single || v->marks.p[row]; }
/* The cell of a column that was needed, as the plain row would have it: INT (whole), TEXT or MISSING. Text is borrowed, or put
 * into scratch, which is emptied before. */
bool sealed_cell(const sealed_view *v, size_t column, size_t row, bool whole, mk_buf *scratch, mk_value *out, mk_err *err);
/* The bits of a cell: equal for equal cells of a block. */
static inline uint64_t sealed_raw(const sealed_view *v, size_t column, size_t row) {
  return column == SIZE_MAX ? 0 : segment_cell(&v->columns[column].seg, row);
}
int64_t sealed_digits(const char *p, size_t n); /* of an entry of a whole number */
static inline bool is_whole(mk_type t) { return t == MK_T_INT || t == MK_T_BOOL; }
/* A column of a block: as it stands, in the other form (put together in made), or missing where it was defined later; borrowed until
 * the next. whole: it holds whole numbers. */
bool sealed_part(mk_store *s, const sealed_map *m, const sealed_block *b, const mk_block_column *c, bool whole, mk_mem *mem, mk_buf *made,
                 mk_segment *out, mk_err *err);
/* The segment of a column with its checksum looked at; borrowed until the next. MK_DAMAGED when there is none. */
void sealed_done(mk_store *s);        /* ends the reading of a segment */
bool sealed_segment(mk_store *s, const sealed_view *v, const char *sql, size_t n, mk_form form, mk_segment *out, mk_err *err);
/* What a block says of a column without its cells, borrowed until the next: 1 its segment in MK_FORM_COUNTS, 0 it has none, -1. */
int sealed_counts(mk_store *s, const sealed_view *v, size_t column, mk_segment *out, mk_err *err);
uint64_t sealed_where(mk_store *s, const char *column, size_t n, mk_form form, const sealed_view *v, mk_err *err);
void put_decimal(mk_buf *out, int64_t v, int scale); /* as canonical text */

/* ------------------------------------------------------------------ keys that are not there (engine_seal_filter.c) */

bool filter_excludes(const mk_store *s, const sealed_block *k, const char *key, size_t n); /* true: no row of the block has the key */
bool filter_make(mk_store *s, const sealed_view *v, const sealed_column *keys, mk_err *err); /* nothing where memory is scarce */
void filters_free(mk_store *s);
uint64_t sealed_hash(const char *p, size_t n);

/* ------------------------------------------------------------------ cases just made (engine_seal_made.c) */

/* Around inserting rows by bulk; what is changed otherwise between two such forgets all cases. */
bool made_begin(mk_store *s, mk_err *err);
void made_end(mk_store *s);
void made_add(mk_store *s, const char *key, size_t n);      /* a plain case is there now */
bool made_has(const mk_store *s, const char *key, size_t n); /* true: a plain case is there; while inserting alone */
void made_free(mk_store *s);

/* ------------------------------------------------------------------ going over rows (engine_seal_walk.c) */

/* Rows of blocks that are not hidden, in order of the key. */
typedef enum { WALK_CASES, WALK_LINES, WALK_PERSONS, WALK_ROWS } walk_kind; /* one row a case, line or person; all of cases with lines */
typedef struct {
  mk_store *store;
  walk_kind kind;
  const sealed_map *map;
  size_t block, row;       /* where it is; block = map->count: at the end */
  sealed_view *view;
  size_t rows, key, line;  /* rows of the kind in the view; places of their case and line */
  bool skip;               /* the case is hidden */
  mk_buf low, high, hidden, lines; /* bounds; the next case that is hidden; case of the next plain line */
  bool bounded, any_hidden, any_line, started, onward; /* onward: gone and plain go on to the last block */
  int64_t hidden_line;
  sqlite3_stmt *gone, *plain;
} walk;

/* Between two cases, both in; high NULL: to the last. */
bool walk_begin(walk *w, mk_store *s, walk_kind kind, const char *low, size_t low_n, const char *high, size_t high_n, mk_err *err);
bool walk_again(walk *w, const char *low, size_t low_n, const char *high, size_t high_n, mk_err *err); /* between others, in one transaction */
int walk_next(walk *w, mk_err *err);  /* 1 on a row, 0 at the end, -1 failed */
void walk_end(walk *w);
bool walk_key(const walk *w, const char **p, size_t *n); /* the case of the row */

/* The first row of a column of cases, of rows or of persons, from which on none is before the key. */
size_t sealed_first(const sealed_column *cases, const char *key, size_t n);
const char *sealed_person(const sealed_column *cases, size_t row, size_t *n); /* whose person that is; a column that was needed */
bool sealed_next_person(const sealed_view *v, size_t cases, size_t row); /* whether a person is the first of a case, whose column was needed */
/* The case of a row; borrowed from the view. */
bool sealed_key(mk_store *s, sealed_view *v, size_t row, const char **p, size_t *n, mk_err *err);

/* Whether a case is among the rows of blocks: 1 and its first row (the view is to be closed), 0, -1. hidden ones: 0. */
/* The same without its place, of cases that mostly are not there. */
int sealed_shown(mk_store *s, const char *key, size_t n, mk_err *err);
int sealed_holds(mk_store *s, const char *key, size_t n, mk_err *err); /* hidden ones, too */
int sealed_find(mk_store *s, const char *key, size_t n, sealed_view **view, size_t *row, mk_err *err);

/* ------------------------------------------------------------------ conditions on cells (engine_seal_test.c) */

/* That a cell is one of some values. It is looked up once for each entry of a block; rows then compare codes or numbers. */
typedef struct {
  mk_mem *mem;
  bool whole, sorted;
  mk_buf text, list;        /* texts: test_text each, into text; or int64_t */
  int64_t id, state;        /* the block that this is of: */
  size_t column;            /* SIZE_MAX: it has no such cells */
  mk_buf found;             /* a byte an entry; of decimals, int64_t */
} cell_test;
void test_init(cell_test *t, mk_mem *mem, bool whole);
void test_clear(cell_test *t);
bool test_add(cell_test *t, sqlite3_value *v);                       /* false: a value that SQLite must compare itself */
bool test_block(cell_test *t, mk_store *s, sealed_view *v, const char *sql, size_t n, mk_err *err); /* before rows of v; mk_failed: out of memory */
bool test_row(const cell_test *t, const sealed_view *v, size_t row); /* whether the row may pass */

/* ------------------------------------------------------------------ blocks with what changed (engine_seal_merge.c) */

/* Rows of a block that are not hidden, with the plain lines that belong to them and the plain rows between them; or plain rows
 * alone; in order of the key. Or the same of persons, each of which begins. */
typedef struct { const char *sql; bool whole; size_t place; } merge_column; /* place: in the block */
typedef enum { MERGE_SEALED, MERGE_PLAIN, MERGE_LINE } merge_source;
typedef struct {
  mk_store *store;
  bool persons;
  merge_column *columns;     /* the caller's */
  size_t count;
  sealed_view *view;         /* NULL: plain rows alone */
  walk rows;
  sqlite3_stmt *plain, *lines;
  merge_source source;       /* of the row it is on */
  bool begins, on;           /* the row begins a case; there is one */
  bool has_row, has_plain, has_line, any_plain, inside, first, replaced;
  size_t case_row;           /* of the block: the first row of the case it is in */
  size_t run;                /* MERGE_SEALED: how many rows it stands for, whole cases if more than one */
  mk_buf key, plain_key, line_key, last, scratch;
} merge;
/* Plain rows are those between two keys: of the block k, both in it, else after low (NULL: from the first) and before high.
 * sealable: without the cases in temp.mk_unsealable. */
bool merge_begin(merge *m, mk_store *s, bool persons, const sealed_map *map, const sealed_block *k, const char *low, size_t low_n, const char *high,
                 size_t high_n, merge_column *columns, size_t count, bool sealable, mk_err *err);
int merge_next(merge *m, mk_err *err);                        /* 1 on a row or a run of them, 0 at the end, -1 failed */
void merge_part(merge *m, size_t rows);                       /* of a run so many were taken: it stands on the rest */
bool merge_cell(merge *m, size_t i, mk_value *out, mk_err *err); /* borrowed until the next cell */
bool merge_key(const merge *m, const char **p, size_t *n);    /* the case of the row */
void merge_end(merge *m);
/* Whether a block is as it was written: nothing is hidden in it, no plain row, or person, is between its cases. 1, 0, -1. */
int merge_clean(mk_store *s, bool persons, const sealed_map *m, const sealed_block *k, mk_err *err);

/* Rows of a block that plain cases between its own are to stand before, in order: a uint32_t each into places. 1; 0 when they are not
 * the only change there is in it; -1. */
int weave_places(mk_store *s, const sealed_map *m, const sealed_block *k, mk_buf *places, mk_err *err); /* engine_seal_weave.c */

/* ------------------------------------------------------------------ writing blocks (engine_seal_sink.c engine_seal.c) */

/* All columns of cases, then those of lines but for the case up to lines, then those of persons, by the names that queries use. */
typedef struct { merge_column *list; mk_form *forms; size_t count, cases, lines; mk_buf names; mk_mem *mem; } seal_columns;
bool seal_columns_init(seal_columns *c, mk_store *s, mk_err *err);
void seal_columns_clear(seal_columns *c);

const mk_table_def *sealed_def(const mk_store *s, const char *name); /* of a table built in */

/* Makes blocks of rows that come in order of the key. */
typedef struct {
  mk_store *store;
  const seal_columns *columns;
  mk_segment_maker *makers;
  mk_buf marks, low, high, bytes, counts, names, cell;
  size_t rows, persons;      /* persons are counted by who puts their cells */
  int64_t state, written;    /* blocks it made */
  sqlite3_stmt *block, *segment;
  int64_t from, from_state;  /* the block that runs came from last */
  segment_map *maps;         /* and its entries in the makers, by column */
} sink;
bool sink_begin(sink *k, mk_store *s, const seal_columns *columns, int64_t state, mk_err *err);
bool sink_case(sink *k, const char *key, size_t n, mk_err *err);   /* the next rows are of this case */
bool sink_row(sink *k, bool begins, mk_err *err);                  /* then each column of the row: */
bool sink_cell(sink *k, size_t column, const mk_value *v, mk_err *err);
static inline void sink_missing(sink *k, size_t column) { k->makers[column].rows++; } /* the same of a cell that is missing */
/* So many rows of a block from one on that begins a case, the columns of which were needed, with the places of columns in it. */
bool sink_run(sink *k, sealed_view *v, const merge_column *columns, size_t from, size_t rows, mk_err *err);
bool sink_persons(sink *k, sealed_view *v, const merge_column *columns, size_t from, size_t rows, mk_err *err); /* the same of persons */
bool sink_flush(sink *k, mk_err *err);                             /* ends the block */
bool sink_keeps(const sink *k, size_t column, size_t known);        /* whether a column with so many known cells is named at all */
void sink_name(sink *k, size_t column, mk_form form, bool counted); /* the columns of a block are named one after the other, then: */
bool sink_head(sink *k, const sealed_view *v, const mk_buf *marks, size_t count, mk_err *err); /* writes "" of the block */
bool sink_write(sink *k, const sealed_view *v, size_t column, mk_form form, mk_buf *segment, mk_err *err); /* SIZE_MAX: "" */
bool sink_put(sink *k, const sealed_view *v, size_t column, mk_form form, const mk_buf *segment, mk_err *err); /* that has its checksum */
bool sink_block(sink *k, sealed_view *v, mk_err *err);             /* writes the row of blocks of v, which gets its id */
void sink_end(sink *k);
bool sink_canonical(const char *s, size_t n);                      /* whether a number written so is what put_decimal would write */

/* ------------------------------------------------------------------ columns of new rows (engine_seal_build.c) */

/* A case: 8 bytes of its key, its rows. */
typedef struct { uint64_t head; uint32_t row, rows; } seal_run;
/* Cases up to end whose keys begin with the 8 bytes of head; they have at most 8 others, in their own head. */
typedef struct { uint64_t head; const seal_run *end; } seal_group;

/* A column as it is given; column NULL: missing in every row. Its cells are below codes, which of turns into entries or numbers;
 * or they are these. places: where rows stand in them, NULL: at their own number. */
typedef struct {
  const mk_image_column *column;
  mk_form form;
  int scale, width;           /* width: of an entry, or of a number at most */
  const uint32_t *places;
  const int64_t *of;
  size_t codes, longest;      /* longest: text of an entry */
} seal_input;

static inline size_t input_entry(const seal_input *c, size_t row) {
  size_t code = image_code(c->column, c->places ? c->places[row] : row);
  if (code >= c->codes) return 0;
  return c->of ? (size_t)c->of[code] : code;
}
static inline int64_t input_number(const seal_input *c, size_t row) {
  size_t at = c->places ? c->places[row] : row;
  if (!c->of) return image_number(c->column, at);
  size_t code = image_code(c->column, at);
  return c->of[code < c->codes ? code : 0];
}

/* What a thread has for itself: of an entry its number in the block and one more, 0 not met; uint32_t entries that were met, uint32_t or
 * int64_t cells of the block. */
typedef struct { uint32_t *known; mk_buf entries, cells; size_t nentries; } build_lane;

/* The segments of a column, and where they are going to stand. */
typedef struct { mk_buf bytes, counts; uint64_t where, where_counts; bool there, counted, sound; } build_column;

/* A block that is made, of the rows from one on in order of the key. */
typedef struct { sealed_view view; mk_buf marks; const seal_run *runs; size_t from, nruns; build_column *columns; } build_slot;

enum { BUILD_SLOTS = 2, BUILD_LANES = 2 };

typedef struct {
  sink *sink;
  const seal_columns *columns;
  const seal_input *inputs;   /* parallel to the columns, but for those of persons */
  size_t rows, from;          /* rows of blocks made before */
  const uint32_t *ranks;      /* of each row its place in the order of the key; NULL: its number */
  const seal_group *groups;   /* of all runs; NULL: their heads tell nothing */
  void **sorted;              /* cells of the inputs in that order, in their width */
  size_t entries;             /* of the longest dictionary */
  bool packed;                /* cases become MK_FORM_KEYS */
  build_lane lanes[BUILD_LANES];
  build_slot slots[BUILD_SLOTS];
  size_t at;                  /* the slot that is made */
  bool waiting;               /* the other one is to be written */
  atomic_size_t next;         /* column that nobody has taken */
} build;

/* The sink has begun. What is given stays as it is until build_end. */
bool build_begin(build *x, sink *k, const seal_input *inputs, const uint32_t *ranks, const seal_group *groups, size_t rows, mk_err *err);
/* Passes over the rows of a case that are in no block. */
void build_skip(build *x, const seal_run *run);
/* Makes a block of the next runs, in order of the key; text: of its entries in columns with much text, SIZE_MAX: it is within bounds. It is written by the next, or: */
bool build_block(build *x, const seal_run *runs, size_t n, size_t text, mk_err *err);
bool build_flush(build *x, mk_err *err);
void build_end(build *x);

/* ------------------------------------------------------------------ plain rows (engine_seal_plain.c) */

enum { PLAIN_PARTS = 3 };
typedef struct { mk_type type; int64_t i; size_t at, n; } plain_cell;
/* A table, at its next row that was not taken; and the rows taken of one case. */
typedef struct {
  sqlite3_stmt *st;
  const char *key; /* of the next row */
  size_t key_n, from, count, rows; /* from, count: its columns */
  bool has;
  mk_buf cells, text;
} plain_part;
/* Plain rows in order of the key. */
typedef struct { mk_store *store; const seal_columns *columns; plain_part parts[PLAIN_PARTS]; sqlite3_stmt *odd; mk_buf key; } plain_rows;
bool plain_begin(plain_rows *p, mk_store *s, const seal_columns *columns, mk_err *err);
/* Cases before a key (NULL: all) that are in no block go into the sink, those that cannot be sealed into temp.mk_unsealable. */
bool plain_pour(plain_rows *p, sink *k, const char *before, size_t n, mk_err *err);
bool plain_skip(plain_rows *p, const char *through, size_t n, mk_err *err); /* to what is behind a key */
void plain_end(plain_rows *p);

/* Plain rows become sealed ones as far as they can, blocks with changes are written anew; in the running transaction. */
bool seal_all(mk_store *s, mk_err *err);
bool seal_written(mk_store *s, int64_t state, mk_err *err);        /* after blocks were written: what they say is true from now on */
bool seal_drop(mk_store *s, int64_t id, mk_err *err);              /* removes a block; those left are to be promised */

/* Looks at all that is sealed: MK_DAMAGED, or findings where plain rows stand in the way of sealed ones. */
bool sealed_check(mk_store *s, blocks_report report, void *ctx, mk_err *err);

/* ------------------------------------------------------------------ sealed rows as plain ones (engine_seal_back.c) */

/* All blocks become plain rows, in the running transaction. */
bool unseal_all(mk_store *s, mk_err *err);
/* Makes a case of a block, with its lines, plain rows. Nothing happens when it is in none. */
bool unseal_case(mk_store *s, const char *key, size_t n, mk_err *err);
void keys_add(mk_buf *keys, const char *p, size_t n);
bool unseal_cases(mk_store *s, const mk_buf *keys, mk_err *err);   /* those that keys_add put together */

/* ------------------------------------------------------------------ changes (engine_seal_change.c) */

/* Called by writers of rows of any table while there are blocks, in their transaction, before they write to the plain rows. */
static inline bool sealed_any(const mk_store *s) { return s->sealed->shown > 0; } /* as sealed_tables found last */
/* Whether a new row has a key that no sealed row has, and a case where it needs one: MK_DUPLICATE, MK_MISSING. */
bool sealed_admits(mk_store *s, const mk_rows *r, size_t row, mk_err *err);
/* Whether foreign keys are off while rows of a table are inserted: they do not know sealed cases, so that sealed_admits alone
 * looks for the case of a line or person; new cases break none. */
bool sealed_loosens(const mk_store *s, size_t table);
/* What an update or a deletion is about becomes plain rows. key: cells that are set name the rows. */
bool sealed_before_update(mk_store *s, const mk_rows *key, const mk_rows *changes, mk_err *err);
bool sealed_before_delete(mk_store *s, const mk_rows *match, mk_err *err);
/* At the end of a transaction: seals when there are many plain rows, or many cases that blocks still hold are no more. Fails
 * only when it was cancelled, or the transaction is dead. */
bool sealed_settle(mk_store *s, mk_err *err);

/* ------------------------------------------------------------------ all rows in SQL (engine_seal_table.c) */

int sealed_register(mk_store *s);                    /* a code of SQLite */
/* Makes temporary tables that show cases, lines and persons be there exactly while there are blocks. */
bool sealed_tables(mk_store *s, mk_err *err);
/* Whether a question of this module names one of them, or may: not as a table of main, nor as a text in quotes. */
bool sealed_named(const char *sql, size_t n);
bool sealed_drop_tables(mk_store *s, mk_err *err);
bool sealed_shows(const mk_store *s, const mk_table_def *t); /* whether such a table is there for that one, in the running transaction */

#endif
