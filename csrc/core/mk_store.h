/* mk_store.h: the section of mk.h on the store (db.c ddl.c record.c store.c backup.c check.c and others); mk.h includes it. */
#ifndef MK_H_STORE
#define MK_H_STORE

#include "mk_expr.h"

/* One SQLite file. Rows of the tables of mk_tables are ordinary STRICT rows in canonical text: text NFC and trimmed, dates ISO
 * by precision, decimals -?d+(.d+)?, phases and units by key, bools 0/1. Every table ends with a hidden column `ledger`: the
 * ledger generation that wrote the row, NULL for a row of the user's. Where there are many cases and lines, they are columns
 * instead (seal.h); nothing below differs for them. Triggers keep `history` (each replaced row as JSON) and
 * `counters` (one number a table that grows with every change), whichever program edits. meta, user_columns: see ddl.c.
 * A store belongs to one thread at a time and to the process that opened it. */
typedef struct mk_store mk_store;
typedef struct {
  bool readonly, trust;        /* trust: objects of other programs in the file are let be */
  size_t max_bytes;            /* cap of our memory, and SQLite's page cache by it; 0 = none */
  int threads;                 /* that large work may take; below 2: none but the caller's */
  int busy_ms;                 /* how long to wait for another writer; < 0 = default */
  const char *user;            /* who, for history; NULL none */
  bool (*progress)(void *ctx, int64_t done); /* called every 1000 steps of SQLite; false cancels the call */
  void *ctx;
} mk_store_options;

/* path ":memory:" is a store without a file. Never hangs on a pipe, never follows a URI. */
mk_store *mk_store_new(const char *path, size_t n, const mk_store_options *options, mk_err *err);
/* Refused (MK_BUSY) from a callback, inside a transaction and while statements, rows or a check of it are there. In a
 * forked child it only lets go. */
bool mk_store_close(mk_store *s, mk_err *err);
void mk_store_free(mk_store *s);                     /* closes, rolling back what is open */
bool mk_store_usable(mk_store *s, mk_err *err);      /* false: forked child, inside a callback, dead transaction */
const char *mk_store_path(const mk_store *s);
bool mk_store_readonly(const mk_store *s);
mk_mem *mk_store_mem(mk_store *s);

/* Tables with the user's columns behind the built-in ones (MK_C_USER); borrowed until the next define. */
size_t mk_store_tables(const mk_store *s);
const mk_table_def *mk_store_table(const mk_store *s, size_t i);
int mk_store_find_table(const mk_store *s, const char *name, size_t n, mk_err *err);   /* index, or -1 and MK_NAME */
int mk_table_find_column(const mk_table_def *t, const char *name, size_t n, mk_err *err);

/* Transactions nest; every level ends with commit or rollback of that level. A write call outside makes its own. When SQLite
 * itself rolled back (disk full, ...), the levels are dead: every use fails with the first cause until the outermost ends. */
bool mk_store_begin(mk_store *s, mk_err *err);
bool mk_store_commit(mk_store *s, mk_err *err);      /* ends the level even when it fails (then rolled back) */
void mk_store_rollback(mk_store *s);
int mk_store_depth(const mk_store *s);
int mk_store_threads(const mk_store *s);
bool mk_store_go_on(mk_store *s);                                      /* asks the progress function; NULL is fine */
/* A number that is another one when anything in the file may have changed since it was last asked for, by whichever program. */
bool mk_store_stamp(mk_store *s, int64_t *out, mk_err *err);
bool mk_store_names(mk_store *s, int64_t *out, mk_err *err); /* the same of the names in aliases; also in transactions */
bool mk_store_renew(mk_store *s, mk_err *err);       /* takes over columns that others defined since, unless the store is being used */
int64_t mk_store_schemas(const mk_store *s);                           /* grows whenever tables may have other columns */

/* Statements: never outlive the call that made them. user = text from outside: one SELECT, nothing else is let through. */
typedef struct mk_stmt mk_stmt;
mk_stmt *mk_stmt_new(mk_store *s, const char *sql, size_t n, bool user, mk_err *err);
void mk_stmt_free(mk_stmt *st);
int mk_stmt_params(const mk_stmt *st);
const char *mk_stmt_param(const mk_stmt *st, int i);                       /* 1-based; name with its prefix, NULL for ? */
bool mk_stmt_bind(mk_stmt *st, int i, const mk_value *v, mk_err *err);     /* text is copied */
int mk_stmt_step(mk_stmt *st, mk_err *err);                                /* 1 row, 0 end, -1 failed */
int mk_stmt_columns(const mk_stmt *st);
const char *mk_stmt_name(const mk_stmt *st, int i);                        /* 0-based */
mk_type mk_stmt_type(const mk_stmt *st, int i);        /* type of the built-in or user column it is, else MK_T_MISSING */
bool mk_stmt_value(mk_stmt *st, int i, mk_value *out, bool *real); /* INT, TEXT, BLOB, MISSING; *real: s is a float as text */

/* Typed rows of one table in canonical form, checked as they are set; errors name table, column, value and the way out. */
typedef struct mk_rows mk_rows;
mk_rows *mk_rows_new(mk_store *s, size_t table, mk_err *err);
void mk_rows_free(mk_rows *r);
void mk_rows_reset(mk_rows *r);
size_t mk_rows_count(const mk_rows *r);
bool mk_rows_add(mk_rows *r, mk_err *err);                                 /* a new last row with every cell unset */
void mk_rows_drop(mk_rows *r);                                              /* takes the last row back */
bool mk_rows_set(mk_rows *r, size_t column, const mk_value *v, mk_err *err); /* a cell of the last row */
void mk_rows_repeat(mk_rows *r, size_t column, size_t row);                   /* the same, as in an earlier row */
bool mk_rows_complete(mk_rows *r, mk_err *err);         /* required cells of the last row are there, date_to is not before date */
bool mk_rows_key(mk_rows *r, mk_err *err);                                 /* the key of the last row is there */
mk_value mk_rows_get(const mk_rows *r, size_t row, size_t column);         /* INT, TEXT or MISSING; borrowed */
size_t mk_table_keys(const mk_table_def *t);                               /* the first columns, which are the key */
/* The canonical form of one value; *out borrows from text. */
bool mk_record_canonical(const mk_table_def *t, size_t column, const mk_value *v, mk_buf *text, mk_value *out, mk_err *err);

bool mk_store_count(mk_store *s, size_t table, int64_t *n, mk_err *err);    /* its rows */
/* Appends the keys of cases that fold to what one of the texts does, each after its length as a size_t; some may be of cases that are no more. */
enum { MK_ALIKE_MOST = 16 };
bool mk_store_alike(mk_store *s, const char *const *texts, const size_t *sizes, size_t count, mk_buf *out, mk_err *err);
bool mk_store_insert(mk_store *s, const mk_rows *rows, mk_err *err);       /* all or nothing */
/* key: one row with the key cells set; changes: one row, its set cells are written. MK_MISSING when there is no such row. */
bool mk_store_update(mk_store *s, const mk_rows *key, const mk_rows *changes, mk_err *err);
bool mk_store_delete(mk_store *s, const mk_rows *match, int64_t *n, mk_err *err); /* rows equal in every set cell */
bool mk_store_delete_where(mk_store *s, size_t table, const char *expr, size_t n, const mk_param *params, size_t nparams,
                           int64_t *deleted, mk_err *err);
/* Columns as "name: type | alias | alias"; all or nothing; a column that is there with this type is left alone. */
bool mk_store_define(mk_store *s, size_t table, const char *const *specs, const size_t *sizes, size_t count, mk_err *err);
bool mk_store_meta_set(mk_store *s, const char *name, const char *value, size_t n, mk_err *err);
bool mk_store_meta_get(mk_store *s, const char *name, mk_buf *out, bool *there, mk_err *err);
/* Makes large tables of cases and lines columns alone (seal.h) in blocks of so many rows; 0: as many as before. */
bool mk_store_seal(mk_store *s, size_t block_rows, mk_err *err);
/* Before a transaction that brings so many bytes of rows: when the store has none, and nobody else has it open, they are written
 * into the file at once instead of through the WAL (*direct), until the end is told. */
bool mk_store_direct(mk_store *s, uint64_t bytes, bool *direct, mk_err *err);
void mk_store_direct_end(mk_store *s);
/* Makes all rows plain ones, removes what is kept beside them (engine.h) and makes the file as small as it can be. MK_BUSY when in use. */
bool mk_store_unseal(mk_store *s, mk_err *err);
bool mk_store_backup(mk_store *s, const char *path, size_t n, mk_err *err);
/* SHA-256 in hex over columns and rows of every table in key order; history, row order and file layout do not count. */
bool mk_store_digest(mk_store *s, char hex[65], mk_err *err);

/* Full-text search over the text columns of a table (search.c; what a word is: fts.c). A query is words that must all be
 * in a row, "phrases", begun words as đườ*, words that must not be there as -bar, and alternatives after '|'; marks are
 * looked for as by mk_query_init, numbers by value. Hits stand by key, then column. The index keeps itself up to date,
 * whoever changes the rows, and is no part of the file. */
typedef struct mk_search mk_search;
typedef struct {
  const size_t *columns;    /* count of them; NULL: all that hold text */
  size_t count;
  const char *open, *close; /* go around each hit; NULL: the text as it is */
  size_t limit;             /* most hits; 0 none */
} mk_search_opts;
typedef struct { int64_t row; size_t column; const char *text; size_t n; } mk_hit; /* a column of a row, and its text */
mk_search *mk_search_new(mk_store *s, size_t table, const char *query, size_t n, const mk_search_opts *opts,
                         mk_err *err);                                     /* MK_SYNTAX with the place in the query */
void mk_search_free(mk_search *q);                                         /* what it gave is borrowed until then */
size_t mk_search_count(const mk_search *q);
mk_hit mk_search_get(const mk_search *q, size_t i);
mk_value mk_search_key(const mk_search *q, size_t i, size_t key);          /* of hit i: INT, TEXT or MISSING */

/* Strict CSV (csv.c): RFC 4180, UTF-8 with or without mark, read in pieces. read returns bytes put, 0 at the end, -1 failed. */
typedef ptrdiff_t (*mk_read)(void *ctx, char *p, size_t cap, mk_err *err);
typedef struct mk_csv mk_csv;
mk_csv *mk_csv_new(mk_mem *mem, char separator, mk_read read, void *ctx, mk_err *err);
void mk_csv_free(mk_csv *c);
int mk_csv_next(mk_csv *c, mk_err *err);                                   /* 1 record, 0 end, -1 failed */
size_t mk_csv_count(const mk_csv *c);
const char *mk_csv_field(const mk_csv *c, size_t i, size_t *n);            /* of the last record */
void mk_csv_place(const mk_csv *c, size_t i, size_t *line, size_t *col);   /* where field i starts; col in characters */

/* Loads a strict CSV into a table in one transaction. ledger > 0 marks the rows with that generation: a row the user holds
 * stays, an equal row is only marked, another one is replaced. */
typedef struct { int64_t read, inserted, replaced, same, kept; } mk_load_counts;
bool mk_store_load(mk_store *s, size_t table, mk_read read, void *ctx, const char *name, char separator, int64_t ledger,
                   mk_load_counts *counts, mk_err *err);
bool mk_store_ledger_prune(mk_store *s, int64_t ledger, int64_t *n, mk_err *err); /* removes rows of older generations */

/* What check found, one line a finding; kept in the report until freed. */
typedef struct { const char *table, *key, *column, *found, *problem; } mk_finding;
typedef struct mk_check mk_check;
mk_check *mk_store_check(mk_store *s, mk_err *err);                        /* MK_DAMAGED when the file itself is */
void mk_check_free(mk_check *c);
size_t mk_check_count(const mk_check *c);
mk_finding mk_check_get(const mk_check *c, size_t i);

#endif
