/* store.h: what the files of the store share: db.c ddl.c record.c store.c bulk.c backup.c load.c check.c sqltext.c sqldecimal.c fts.c
 * search.c engine_*.c; the only
 * header that knows SQLite.
 * Invariants: in_call > 0 exactly while SQLite runs; depth = open transaction levels; dead implies depth > 0. */
#ifndef MK_STORE_H
#define MK_STORE_H

#include <sqlite3.h>
#include <sys/types.h>

#include "mk.h"

#define MK_APPLICATION_ID 0x4D6B4F4D /* "MkOM" */
#define MK_SCHEMA_VERSION 7
#define MK_SCHEMA_OBJECTS 6 /* since when there are today's tables, indexes, views and triggers */
#define MK_COLUMNS_MAX 99 /* with `ledger` SQLite's limit on our connections */

#define TABLES_MAX 32

/* Every table with the user's columns; names of these stand in text, NUL-ended. */
typedef struct {
  mk_table_def tables[TABLES_MAX]; /* mk_table_count of them */
  mk_column *columns;
  size_t size, user; /* user: how many are the user's */
  mk_buf text;
} schema;

/* Statements that every writer runs, prepared once; their text is in db.c. */
typedef enum {
  KEPT_BEGIN, KEPT_BEGIN_WRITE, KEPT_COMMIT, KEPT_ROLLBACK, KEPT_SAVEPOINT, KEPT_RELEASE, KEPT_ROLLBACK_TO,
  KEPT_LAST_REV, KEPT_SIGN, KEPT_COUNT_ROWS, KEPT_HAS_BLOCKS, KEPT_STATEMENTS
} kept_sql;

/* What a stamp, n, was given for. */
typedef struct { int64_t version, changes, undone, schemas, n; } state_stamp;

struct mk_store {
  sqlite3 *db;
  mk_mem mem;
  char *path;
  size_t path_size;
  pid_t pid;
  int in_call, setup, depth, users; /* users: statements, rows, checks and searches that are there */
  bool user_sql, readonly, memory, trust, dead;
  bool fts;                /* SQLite has FTS5, and it knows our tokenizer */
  mk_err cause;            /* why the transaction is dead */
  mk_err said;             /* what a function or collation of ours could not do in the running step */
  int64_t history_base;    /* last history row before the transaction */
  char *user;
  size_t user_size;
  int threads;
  struct mk_pool *pool;    /* the second one; NULL until first used */
  bool (*progress)(void *ctx, int64_t done);
  void *ctx;
  int64_t done;
  int busy_ms;
  bool writes;             /* it began to write: more pages are held */
  int64_t begun;           /* transactions, not counting levels inside them */
  int64_t undone;          /* levels of transactions that were rolled back */
  bool vacuum;             /* SQLite may attach what it makes the file anew with */
  bool mute, loose;        /* triggers do not run; nor foreign keys: see db_rules */
  bool immutable;          /* SQLite was told that nobody writes the file: it was like this */
  struct { long long size; int64_t changed; uint64_t inode; } found;
  long long whole_size;    /* of the file, when nobody was writing it; else 0 */
  schema schema;
  int64_t schemas;         /* how many there were */
  sqlite3_stmt *kept[KEPT_STATEMENTS]; /* NULL until first used */
  sqlite3_stmt *insert[TABLES_MAX]; /* cached: all columns, then ledger; NULL until first used */
  struct { sqlite3_stmt *st; size_t rows; bool has[MK_COLUMNS_MAX]; } many[TABLES_MAX]; /* the same of so many rows, columns they have */
  mk_stmt *garbage;        /* statements freed while SQLite ran */
  struct sealed *sealed;   /* sealed.h */
  sqlite3_stmt *version;   /* what SQLite says of other connections; NULL until first used */
  state_stamp stamp, names_stamp; /* the last ones of mk_store_stamp and mk_store_names */
  int64_t names;           /* rows of aliases that this connection wrote */
  sqlite3_stmt *defined;   /* counts the user's columns */
  sqlite3_stmt *pin;       /* keeps the state of the file while statements outside transactions run: */
  int pins;
};

struct mk_stmt {
  mk_store *store;
  sqlite3_stmt *st;
  mk_stmt *next;
  bool user, pinned;
};

typedef enum { CELL_UNSET, CELL_MISSING, CELL_INT, CELL_TEXT } cell_kind;
typedef struct { uint32_t kind, n; union { int64_t i; size_t at; }; } cell; /* CELL_INT: i; CELL_TEXT: n bytes from at */

struct mk_rows {
  mk_store *store;
  size_t table, columns, count;
  size_t date, date_to; /* which columns these are; columns: it has none */
  size_t last;  /* where the text of the last row begins */
  mk_buf text;
  mk_buf cells; /* cell[count * columns] */
};

/* db.c */
void db_enter(mk_store *s);                                          /* around every call that can run SQLite's callbacks */
void db_leave(mk_store *s);
bool db_fail(mk_store *s, int rc, const char *doing, mk_err *err);   /* code from SQLite's; always false */
bool db_damaged(const mk_store *s, const char *how, mk_err *err);   /* how: what was found; always false */
#define DAMAGED_HINT "hint: keep this file aside and go back to a copy made by store:backup"
bool db_exec(mk_store *s, const char *sql, mk_err *err);             /* one statement without result */
bool db_journal(mk_store *s, mk_err *err);                            /* WAL where the place can do it, else a journal that is truncated (journal.c) */
void db_write_out(mk_store *s);                                            /* has what was written begin to go to the disk (journal.c) */
bool db_exec_buf(mk_store *s, mk_buf *sql, mk_err *err);             /* same, then empties the buffer */
sqlite3_stmt *db_prepare(mk_store *s, const char *sql, size_t n, mk_err *err);
int db_step(mk_store *s, sqlite3_stmt *st, const char *doing, mk_err *err); /* 1 row, 0 done, -1 failed */
void db_finalize(mk_store *s, sqlite3_stmt *st);
sqlite3_stmt *db_kept(mk_store *s, kept_sql which, mk_err *err);     /* the store's own; reset after use */
bool db_run(mk_store *s, kept_sql which, mk_err *err);               /* one without values and result */
bool db_int(mk_store *s, const char *sql, int64_t *out, mk_err *err);       /* first cell of the first row, 0 when none */
/* Cell i as text, "" when it is NULL; borrowed until the next step. */
bool db_text(mk_store *s, sqlite3_stmt *st, int i, const char **p, size_t *n, mk_err *err);
bool db_bind_text(mk_store *s, sqlite3_stmt *st, int i, const char *p, size_t n, mk_err *err);
bool db_unchanged(mk_store *s, mk_err *err);                         /* false: somebody wrote the file of an immutable store */
bool db_begin_write(mk_store *s, mk_err *err);                       /* mk_store_begin, refused when readonly; both rules hold */
bool db_begin_rows(mk_store *s, mk_err *err);                        /* the same for a writer that sets the rules itself */
/* Whether triggers and foreign keys run from now on. SQLite prepares all statements anew after a change, so they stay as the
 * last writer needed them, and each writer says what it needs before it writes to a table that has any. */
bool db_rules(mk_store *s, bool triggers, bool links, mk_err *err);
/* A level that reads one snapshot and writes nothing but temporary tables; ends with db_end_read or mk_store_rollback. */
bool db_begin_read(mk_store *s, mk_err *err);
bool db_begin_main(mk_store *s, mk_err *err);                        /* the same for what names tables of main alone: tables in temp may be missing */
bool db_end_read(mk_store *s, mk_err *err);
bool db_pin(mk_store *s, mk_err *err);                               /* outside transactions: the file is read as it is now until db_unpin */
void db_unpin(mk_store *s);
sqlite3 *db_open_raw(const char *path, int flags, int *rc);           /* follows no symbolic link */
void db_immutable_uri(mk_buf *b, const char *path);                  /* for db_open_raw: a file that nobody writes */
void db_quote(mk_buf *b, const char *name, char quote);              /* name between quotes, inner quotes doubled */

/* place.c: what is at a path, told before SQLite opens it */
typedef struct {
  char path[4097];
  bool exists, writable, folder_writable, pending;
  long long size;
  int64_t changed; /* when, in nanoseconds */
  uint64_t device, inode;
} place;
bool place_look(place *at, const char *path, size_t n, const char *what, mk_err *err); /* path ends with NUL */
bool place_is_store(const mk_store *s, const place *at);             /* the file of s itself */
bool place_is_database(const mk_store *s, const place *at);          /* that (s not NULL), another one in use, or a file that belongs to one */

/* ddl.c */
bool ddl_read_schema(mk_store *s, schema *out, mk_err *err);         /* mk_tables and user_columns */
void ddl_free_schema(schema *x);
void ddl_take_schema(mk_store *s, schema *x);                        /* the store's from now on; drops cached statements */
bool ddl_known(mk_store *s, bool *known, mk_err *err);              /* whether nobody else defined columns meanwhile */
void ddl_release(mk_store *s);                                       /* drops cached statements */
void ddl_column(mk_buf *b, const mk_column *c);                      /* "name" TEXT NOT NULL ... */
void ddl_triggers(mk_buf *b, const mk_table_def *t);                 /* as ddl_objects writes */
const char *ddl_kept_as(const mk_table_def *t);                      /* the rows of a table that are kept as columns, by case; NULL when they are not */
void ddl_mark(mk_buf *b, const mk_table_def *t, const char *key);    /* SQL that removes the block of the case that key stands for */
/* Every object of a store as "type\0name\0sql\0" ..., tables first. */
void ddl_objects(mk_buf *b, const schema *x);
bool ddl_run(mk_store *s, const mk_buf *objects, mk_err *err);
void ddl_fixed(mk_buf *b);                                           /* the tables of the store itself, as ddl_objects */
bool ddl_fill_counters(mk_store *s, mk_err *err);
bool ddl_stamp(mk_store *s, mk_err *err);                            /* application_id and user_version */
bool ddl_create(mk_store *s, mk_err *err);
bool ddl_verify(mk_store *s, mk_err *err);                           /* also fills s->schema */
const char *ddl_type_name(mk_type t);                                /* "text", ...: types a column can have */
mk_type ddl_type_find(const char *p, size_t n);                      /* MK_T_MISSING: none */

/* migrate.c */
bool ddl_migrate(mk_store *s, int64_t from, mk_err *err);

/* changed.c */
bool db_version(mk_store *s, int64_t *out, mk_err *err);             /* another number when other connections wrote since */
void changed_watch(mk_store *s);                                     /* begins to look at what this connection writes */

/* record.c */
static inline cell *rows_cell(const mk_rows *r, size_t row, size_t column) {
  return (cell *)(void *)r->cells.p + row * r->columns + column;
}
bool rows_bind(const mk_rows *r, size_t row, size_t column, sqlite3_stmt *st, int i, mk_err *err);
void rows_put_key(const mk_rows *r, size_t row, mk_buf *out);        /* "A/1" for messages */
size_t column_index(const mk_table_def *t, const char *name);       /* index of the column of that name, or t->count */
bool record_dates(const mk_table_def *t, mk_value from, mk_value to, mk_err *err); /* date_to is not before date */

/* backup.c */
bool backup_to(mk_store *s, const char *path, mk_err *err);          /* path is absolute; what is there is replaced */

/* sqltext.c: functions and collations on Vietnamese text; fts.c: the tokenizer of FTS5 (nothing where SQLite has none);
 * marks.c: its function that marks hits */
bool sqltext_register(mk_store *s, mk_err *err);
/* An argument as text: numbers as SQLite writes them. False when the call is settled: NULL, or refused. */
bool sql_text(sqlite3_context *ctx, sqlite3_value *v, const char *name, const char **p, size_t *n);
void sql_refuse(sqlite3_context *ctx, const char *name, const mk_err *err);
void sql_give(sqlite3_context *ctx, const char *name, bool ok, mk_buf *out, const mk_err *err); /* ok: out, else err; clears out */
int sqldecimal_register(mk_store *s);                                /* sqldecimal.c: decimals; a code of SQLite */
int marks_register(mk_store *s, fts5_api *api);
bool fts_register(mk_store *s, mk_err *err);
bool fts_has_word(const char *s, size_t n);                          /* whether UTF-8 text holds anything to look up */

/* bulk.c: rows between begin and end of which nothing else is written. After begin end is called, whatever happened; where
 * it gives false the transaction is to be undone. */
typedef struct {
  mk_store *store;
  size_t table, count;
  bool quiet;           /* triggers do not run */
  bool cases;           /* the table is that of cases */
  sqlite3_stmt *mark;   /* of a case: ?1 */
} bulk;
bool bulk_begin(bulk *b, mk_store *s, size_t table, size_t count, mk_err *err); /* count: rows that are expected */
bool bulk_insert(bulk *b, const mk_rows *r, size_t row, int64_t ledger, mk_err *err);
bool bulk_insert_all(bulk *b, const mk_rows *r, mk_err *err);
bool bulk_count(bulk *b, const char *key, size_t n, mk_err *err); /* a row was inserted otherwise, of the case key */
bool bulk_end(bulk *b, bool ok, mk_err *err);

/* store.c */
sqlite3_stmt *store_insert_statement(mk_store *s, size_t table, mk_err *err); /* all columns, then ledger; the store's own */
bool store_insert_row(mk_store *s, const mk_rows *r, size_t row, int64_t ledger, mk_err *err);
bool store_put_row(mk_store *s, const mk_rows *r, size_t row, int64_t ledger, mk_err *err); /* the same of a row that sealed rows admit */
/* Says which row it was, with SQLite's view of what is wrong in our words; always false. */
bool store_explain(mk_store *s, const mk_rows *r, size_t row, mk_err *why, mk_err *err);

#endif
