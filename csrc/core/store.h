/* store.h: what db.c, ddl.c, record.c, store.c, backup.c, load.c and check.c share; the only header that knows SQLite.
 * Invariants: in_call > 0 exactly while SQLite runs; depth = open transaction levels; dead implies depth > 0. */
#ifndef MK_STORE_H
#define MK_STORE_H

#include <sqlite3.h>
#include <sys/types.h>

#include "mk.h"

#define MK_APPLICATION_ID 0x4D6B4F4D /* "MkOM" */
#define MK_SCHEMA_VERSION 2
#define MK_COLUMNS_MAX 60 /* json_object in the history triggers takes 127 arguments at most */

/* A table with the user's columns. Everything is in one block of `bytes` bytes. */
typedef struct {
  mk_table_def def;
  size_t keys;             /* the first `keys` columns are the key */
  sqlite3_stmt *insert;    /* cached, all columns and ledger; NULL until first used */
} store_table;

struct mk_store {
  sqlite3 *db;
  mk_mem mem;
  char *path;
  size_t path_size;
  pid_t pid;
  int in_call, setup, depth;
  bool user_sql, readonly, memory, trust, dead;
  mk_err cause;            /* why the transaction is dead */
  int64_t history_base;    /* last history row before the transaction */
  char *user;
  size_t user_size;
  bool (*progress)(void *ctx, int64_t done);
  void *ctx;
  int64_t done;
  store_table tables[32];  /* mk_table_count of them */
  mk_buf columns_text;     /* names and aliases of the user's columns, NUL-ended */
  mk_column *columns;      /* of all tables, one block */
  size_t columns_size;
  mk_stmt *garbage;        /* statements freed while SQLite ran */
  int statements;
};

struct mk_stmt {
  mk_store *store;
  sqlite3_stmt *st;
  mk_stmt *next;
  bool user;
};

typedef enum { CELL_UNSET, CELL_MISSING, CELL_INT, CELL_TEXT } cell_kind;
typedef struct { cell_kind kind; int64_t i; size_t at, n; } cell;

struct mk_rows {
  mk_store *store;
  size_t table, columns, count;
  mk_buf text;
  mk_buf cells; /* cell[count * columns] */
};

/* db.c */
bool db_fail(mk_store *s, int rc, const char *doing, mk_err *err);   /* code from SQLite's; always false */
bool db_exec(mk_store *s, const char *sql, mk_err *err);             /* one statement without result */
bool db_exec_buf(mk_store *s, mk_buf *sql, mk_err *err);             /* same, then empties the buffer */
sqlite3_stmt *db_prepare(mk_store *s, const char *sql, size_t n, mk_err *err);
int db_step(mk_store *s, sqlite3_stmt *st, const char *doing, mk_err *err); /* 1 row, 0 done, -1 failed */
void db_finalize(mk_store *s, sqlite3_stmt *st);
bool db_int(mk_store *s, const char *sql, int64_t *out, mk_err *err);       /* first cell of the first row, 0 when none */
bool db_bind_text(mk_store *s, sqlite3_stmt *st, int i, const char *p, size_t n, mk_err *err);
sqlite3 *db_open_raw(const char *path, int flags, int *rc);
void db_quote(mk_buf *b, const char *name, char quote);              /* name between quotes, inner quotes doubled */

/* place.c: what is at a path, told before SQLite opens it */
typedef struct { char path[4097]; bool exists, writable, folder_writable; long long size; uint64_t device, inode; } place;
bool place_look(place *at, const char *path, size_t n, const char *what, mk_err *err);

/* ddl.c */
bool ddl_create(mk_store *s, mk_err *err);
bool ddl_verify(mk_store *s, mk_err *err);
bool ddl_migrate(mk_store *s, int64_t from, mk_err *err);
bool ddl_load_columns(mk_store *s, mk_err *err);                     /* fills s->tables from mk_tables and user_columns */
void ddl_release(mk_store *s);
bool ddl_drop_triggers(mk_store *s, size_t table, mk_err *err);
bool ddl_create_triggers(mk_store *s, size_t table, mk_err *err);
void ddl_column(mk_buf *b, const mk_column *c);                      /* "name" TEXT NOT NULL ... */

/* record.c */
static inline cell *rows_cell(const mk_rows *r, size_t row, size_t column) {
  return (cell *)(void *)r->cells.p + row * r->columns + column;
}
bool rows_bind(const mk_rows *r, size_t row, size_t column, sqlite3_stmt *st, int i, mk_err *err);
void rows_put_key(const mk_rows *r, size_t row, mk_buf *out);        /* "A/1" for messages */

/* backup.c */
bool backup_to(mk_store *s, const char *path, bool replace, mk_err *err);

/* store.c */
bool store_insert_row(mk_store *s, const mk_rows *r, size_t row, int64_t ledger, mk_err *err);

#endif
