/* connection.c: reads back what a store set on its connection, and what it left alone. `connection settings FILE` prints one fact
 * a line, "kind name value"; `connection fork FILE` what a child and its parent can do with one store after a fork.
 * spec/connection_spec.lua says what they must be. */
#include <locale.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/store.h"

static const struct { const char *name; int id; } flags[] = {
    {"defensive", SQLITE_DBCONFIG_DEFENSIVE},
    {"trusted_schema", SQLITE_DBCONFIG_TRUSTED_SCHEMA},
    {"dqs_ddl", SQLITE_DBCONFIG_DQS_DDL},
    {"dqs_dml", SQLITE_DBCONFIG_DQS_DML},
    {"enable_trigger", SQLITE_DBCONFIG_ENABLE_TRIGGER},
    {"enable_view", SQLITE_DBCONFIG_ENABLE_VIEW},
    {"writable_schema", SQLITE_DBCONFIG_WRITABLE_SCHEMA},
    {"enable_load_extension", SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION},
    {"enable_fkey", SQLITE_DBCONFIG_ENABLE_FKEY},
    {"enable_fts3_tokenizer", SQLITE_DBCONFIG_ENABLE_FTS3_TOKENIZER}};

static const struct { const char *name; int id; } limits[] = {
    {"length", SQLITE_LIMIT_LENGTH},
    {"sql_length", SQLITE_LIMIT_SQL_LENGTH},
    {"column", SQLITE_LIMIT_COLUMN},
    {"expr_depth", SQLITE_LIMIT_EXPR_DEPTH},
    {"compound_select", SQLITE_LIMIT_COMPOUND_SELECT},
    {"attached", SQLITE_LIMIT_ATTACHED},
    {"like_pattern_length", SQLITE_LIMIT_LIKE_PATTERN_LENGTH},
    {"variable_number", SQLITE_LIMIT_VARIABLE_NUMBER},
    {"trigger_depth", SQLITE_LIMIT_TRIGGER_DEPTH},
    {"worker_threads", SQLITE_LIMIT_WORKER_THREADS}};

static const char *const pragmas[] = {"journal_mode", "synchronous",        "cell_size_check", "mmap_size",
                                      "foreign_keys", "temp_store",         "busy_timeout",    "journal_size_limit",
                                      "cache_size",   "recursive_triggers", "application_id",  "user_version"};

/* What our own statements may not do once the store is set up, and what text from outside may not. */
static const char *const denied[] = {
    "ATTACH ':memory:' AS other", "DETACH main", "PRAGMA journal_mode", "PRAGMA user_version = 9", "CREATE TABLE t (x)",
    "CREATE TEMP TABLE t (x)", "CREATE VIEW v AS SELECT 1", "CREATE TRIGGER g AFTER INSERT ON cases BEGIN SELECT 1; END",
    "CREATE INDEX i ON cases (date)", "CREATE VIRTUAL TABLE f USING fts5 (x)", "ALTER TABLE cases ADD COLUMN x", "DROP TABLE cases",
    "REINDEX", "ANALYZE", "SELECT load_extension('x')", "SELECT fts3_tokenizer('simple')"};
static const char *const denied_outside[] = {
    "INSERT INTO meta VALUES ('a', 'b')", "UPDATE cases SET note = NULL", "DELETE FROM cases", "BEGIN", "COMMIT", "SAVEPOINT s",
    "PRAGMA table_info(cases)"};

static void die(const char *what, const char *why) {
  fprintf(stderr, "connection: %s: %s\n", what, why);
  exit(1);
}

static mk_store *open_store(const char *path) {
  mk_err err = {0};
  mk_store *s = mk_store_new(path, strlen(path), NULL, &err);
  if (!s) die("open", err.msg);
  return s;
}

static void print_pragma(sqlite3 *db, const char *kind, const char *name) {
  char sql[64];
  sqlite3_stmt *st = NULL;
  snprintf(sql, sizeof sql, "PRAGMA %s", name);
  if (sqlite3_prepare_v2(db, sql, -1, &st, NULL) != SQLITE_OK || sqlite3_step(st) != SQLITE_ROW) die(sql, sqlite3_errmsg(db));
  printf("%s %s %s\n", kind, name, (const char *)sqlite3_column_text(st, 0));
  sqlite3_finalize(st);
}

static void print_connection(sqlite3 *db, const char *kind) {
  char name[32];
  for (size_t i = 0; i < sizeof flags / sizeof *flags; i++) {
    int value = -1;
    sqlite3_db_config(db, flags[i].id, -1, &value);
    printf("%s %s %d\n", kind, flags[i].name, value);
  }
  for (size_t i = 0; i < sizeof limits / sizeof *limits; i++) {
    snprintf(name, sizeof name, "limit_%s", limits[i].name);
    printf("%s %s %d\n", kind, name, sqlite3_limit(db, limits[i].id, -1));
  }
}

static void print_denied(mk_store *s, const char *kind, const char *sql) {
  sqlite3_stmt *st = NULL;
  int rc = sqlite3_prepare_v2(s->db, sql, -1, &st, NULL);
  bool refused = rc != SQLITE_OK && strstr(sqlite3_errmsg(s->db), "not authorized"); /* of a function, rc is SQLITE_ERROR */
  printf("%s %s %s\n", kind, refused ? "denied" : "let_through", sql);
  sqlite3_finalize(st);
}

/* What belongs to the process, as text. */
static void process(char *out, size_t size) {
  char folder[4096];
  struct sigaction action;
  int handled = 0;
  mode_t mask = umask(0);
  umask(mask);
  for (int i = 1; i < 32; i++) handled += sigaction(i, NULL, &action) == 0 && action.sa_handler != SIG_DFL;
  snprintf(out, size, "locale=%s folder=%s umask=%o handlers=%d soft=%lld hard=%lld temp=%s initialised=%d", setlocale(LC_ALL, NULL),
           getcwd(folder, sizeof folder), (unsigned)mask, handled, (long long)sqlite3_soft_heap_limit64(-1),
           (long long)sqlite3_hard_heap_limit64(-1), sqlite3_temp_directory ? sqlite3_temp_directory : "none",
           sqlite3_memory_used() >= 0);
}

static int settings(const char *path) {
  char before[5000], after[5000], with[5000];
  sqlite3 *plain;
  if (sqlite3_open(":memory:", &plain) != SQLITE_OK) die("sqlite3_open", "failed");
  print_connection(plain, "plain");
  sqlite3_close(plain);
  process(before, sizeof before);
  mk_store *s = open_store(path);
  print_connection(s->db, "store");
  s->setup++; /* as the store itself does to set and read them */
  for (size_t i = 0; i < sizeof pragmas / sizeof *pragmas; i++) print_pragma(s->db, "pragma", pragmas[i]);
  mk_err err = {0};
  if (!mk_store_begin(s, &err)) die("begin", err.msg);
  mk_store_rollback(s);
  print_pragma(s->db, "writing", "cache_size");
  s->setup--;
  for (size_t i = 0; i < sizeof denied / sizeof *denied; i++) print_denied(s, "own", denied[i]);
  print_denied(s, "own", "SELECT 1");
  print_denied(s, "own", "INSERT INTO meta VALUES ('a', 'b')");
  s->user_sql = true;
  for (size_t i = 0; i < sizeof denied / sizeof *denied; i++) print_denied(s, "outside", denied[i]);
  for (size_t i = 0; i < sizeof denied_outside / sizeof *denied_outside; i++) print_denied(s, "outside", denied_outside[i]);
  print_denied(s, "outside", "SELECT \"case\", count(*) FROM cases GROUP BY 1");
  s->user_sql = false;
  char link[4200];
  int rc;
  snprintf(link, sizeof link, "%s.link", path);
  if (symlink(path, link) != 0) die("symlink", link);
  sqlite3_close(db_open_raw(link, SQLITE_OPEN_READONLY, &rc));
  printf("link refused %s\n", rc == SQLITE_OK ? "no" : "yes");
  process(with, sizeof with);
  mk_store_free(s);
  process(after, sizeof after);
  printf("process kept %s\n", strcmp(before, with) == 0 && strcmp(before, after) == 0 ? "yes" : with);
  if (sqlite3_open(":memory:", &plain) != SQLITE_OK) die("sqlite3_open", "failed");
  print_connection(plain, "later");
  sqlite3_close(plain);
  return 0;
}

static void tell(const char *who, const char *what, bool ok, const mk_err *err) {
  printf("%s %s %s\n", who, what, ok ? "ok" : mk_code_name(err->code));
}

static bool insert(mk_store *s, const char *key, mk_err *err) {
  int table = mk_store_find_table(s, "cases", 5, err);
  mk_value v = {.type = MK_T_TEXT, .s = key, .n = strlen(key)};
  mk_rows *rows = table < 0 ? NULL : mk_rows_new(s, (size_t)table, err);
  bool ok = rows && mk_rows_add(rows, err) && mk_rows_set(rows, 0, &v, err) && mk_rows_complete(rows, err) && mk_store_insert(s, rows, err);
  mk_rows_free(rows);
  return ok;
}

static void child(mk_store *s) {
  char hex[65];
  mk_err err = {0};
  tell("child", "insert", insert(s, "C", &err), &err);
  err = (mk_err){0};
  tell("child", "begin", mk_store_begin(s, &err), &err);
  err = (mk_err){0};
  tell("child", "digest", mk_store_digest(s, hex, &err), &err);
  err = (mk_err){0};
  mk_stmt *st = mk_stmt_new(s, "SELECT 1", 8, true, &err);
  tell("child", "sql", st != NULL, &err);
  err = (mk_err){0};
  tell("child", "commit", mk_store_commit(s, &err), &err); /* of the transaction that the parent began */
  err = (mk_err){0};
  tell("child", "close", mk_store_close(s, &err), &err);
}

static int forked(const char *path) {
  int64_t n = 0;
  mk_err err = {0};
  mk_store *s = open_store(path);
  tell("parent", "begin", mk_store_begin(s, &err), &err);
  tell("parent", "insert", insert(s, "P", &err), &err);
  fflush(stdout);
  pid_t pid = fork();
  if (pid == 0) {
    child(s);
    fflush(stdout);
    _exit(0);
  }
  int status = 1;
  waitpid(pid, &status, 0);
  printf("child status %d\n", status);
  tell("parent", "commit", mk_store_commit(s, &err), &err);
  tell("parent", "count", db_int(s, "SELECT count(*) FROM cases", &n, &err), &err);
  printf("parent rows %d\n", (int)n);
  mk_check *check = mk_store_check(s, &err);
  tell("parent", "check", check && mk_check_count(check) == 0, &err);
  mk_check_free(check);
  tell("parent", "close", mk_store_close(s, &err), &err);
  return 0;
}

int main(int argc, char **argv) {
  if (argc == 3 && strcmp(argv[1], "settings") == 0) return settings(argv[2]);
  if (argc == 3 && strcmp(argv[1], "fork") == 0) return forked(argv[2]);
  fprintf(stderr, "usage: connection settings|fork FILE\n");
  return 1;
}
