/* db.c: the connection. The only sqlite3_open; every setting, SQLite's result codes in our codes, callbacks that never let
 * an error cross SQLite, transactions. May include: sealed.h, store.h, POSIX. */
#include "engine_pool.h"
#include "sealed.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

enum { STEPS_A_CALL = 1000, BUSY_MS = 5000, READ_KIB = 128, WRITE_KIB = 8192, SMALLEST = 512,
       WAL_PAGES = 4000, /* a page is mostly written again before it comes from the WAL into the file */
       FIRST_BYTES = 1536 << 10 }; /* what opening and the first question take, from SQLite and Lua too */

/* ------------------------------------------------------------------ result codes */

static mk_code code_of(sqlite3 *db, int rc) {
  int system = db ? sqlite3_system_errno(db) : 0;
  switch (rc & 0xff) {
    case SQLITE_BUSY:
    case SQLITE_LOCKED: return MK_BUSY;
    case SQLITE_FULL: return MK_FULL;
    case SQLITE_CORRUPT: return MK_DAMAGED;
    case SQLITE_NOTADB:
    case SQLITE_SCHEMA: return MK_FORMAT;
    case SQLITE_READONLY: return MK_READONLY;
    case SQLITE_PERM:
    case SQLITE_AUTH: return MK_PERMISSION;
    case SQLITE_NOMEM: return MK_MEMORY;
    case SQLITE_INTERRUPT: return MK_CANCELLED;
    case SQLITE_TOOBIG: return MK_LIMIT;
    case SQLITE_ERROR: return MK_SYNTAX;
    case SQLITE_RANGE: return MK_RANGE;
    case SQLITE_MISMATCH: return MK_TYPE;
    case SQLITE_CANTOPEN: return system == EACCES || system == EPERM || system == EROFS ? MK_PERMISSION : MK_IO;
    case SQLITE_CONSTRAINT:
      if (rc == SQLITE_CONSTRAINT_UNIQUE || rc == SQLITE_CONSTRAINT_PRIMARYKEY || rc == SQLITE_CONSTRAINT_ROWID)
        return MK_DUPLICATE;
      return rc == SQLITE_CONSTRAINT_FOREIGNKEY ? MK_MISSING : MK_TYPE;
    case SQLITE_IOERR:
      if (rc == SQLITE_IOERR_NOMEM) return MK_MEMORY;
      return system == ENOSPC || system == EDQUOT ? MK_FULL : MK_IO;
    default: return MK_IO;
  }
}

bool db_damaged(const mk_store *s, const char *how, mk_err *err) {
  mk_fail(err, MK_DAMAGED, "the store '%s' is damaged: %s", s->path, how);
  mk_hint(err, DAMAGED_HINT);
  return false;
}

bool db_fail(mk_store *s, int rc, const char *doing, mk_err *err) {
  mk_code code = code_of(s->db, rc);
  switch (code) {
    case MK_BUSY:
      mk_fail(err, code, "%s: another connection holds the store '%s'", doing, s->path);
      mk_hint(err, "hint: let the other program end what it does, or wait longer for it: busy_timeout of mekong.open, in milliseconds");
      return false;
    case MK_FULL:
      mk_fail(err, code, "%s: no space left for the store '%s'", doing, s->path);
      mk_hint(err, "hint: make room on the disk that holds it, then do this again");
      return false;
    case MK_DAMAGED:
      mk_fail(err, code, "%s: the store '%s' is damaged", doing, s->path);
      mk_hint(err, DAMAGED_HINT);
      return false;
    case MK_READONLY: return mk_fail(err, code, "%s: the store '%s' can only be read", doing, s->path);
    case MK_MEMORY: return mk_fail(err, code, "%s: out of memory", doing);
    case MK_CANCELLED: return mk_fail(err, code, "%s: cancelled by the progress function", doing);
    case MK_FORMAT:
      if ((rc & 0xff) != SQLITE_NOTADB) break;
      mk_fail(err, code, "'%s' is not a SQLite database", s->path);
      mk_hint(err, "hint: give the path of a store; a file of records is read into one by store:load");
      return false;
    default: break;
  }
  const char *said = s->db ? sqlite3_errmsg(s->db) : sqlite3_errstr(rc);
  return code == MK_SYNTAX || !s->path ? mk_fail(err, code, "%s: %s", doing, said)
                                       : mk_fail(err, code, "%s '%s': %s", doing, s->path, said);
}

/* ------------------------------------------------------------------ callbacks */

static int on_progress(void *ctx) {
  mk_store *s = ctx;
  return s->progress(s->ctx, ++s->done) ? 0 : 1;
}

/* Text from outside may read and nothing else; our own statements may not attach, set pragmas or change the schema unless
 * setup is raised. */
static int on_authorize(void *ctx, int action, const char *a, const char *b, const char *c, const char *d) {
  const mk_store *s = ctx;
  (void)c, (void)d;
  if (action == SQLITE_FUNCTION && b && (strcmp(b, "load_extension") == 0 || strcmp(b, "fts3_tokenizer") == 0))
    return SQLITE_DENY;
  switch (action) {
    case SQLITE_SELECT:
    case SQLITE_READ:
    case SQLITE_FUNCTION:
    case SQLITE_RECURSIVE: return SQLITE_OK;
    case SQLITE_INSERT:
    case SQLITE_UPDATE:
    case SQLITE_DELETE:
    case SQLITE_TRANSACTION:
    case SQLITE_SAVEPOINT: return s->user_sql ? SQLITE_DENY : SQLITE_OK;
    case SQLITE_ATTACH:
    case SQLITE_DETACH: return s->vacuum ? SQLITE_OK : SQLITE_DENY;
    case SQLITE_PRAGMA: /* FTS5 asks for one while it reads */
      if (!s->user_sql && a && strcmp(a, "data_version") == 0) return SQLITE_OK;
      return s->setup > 0 && !s->user_sql ? SQLITE_OK : SQLITE_DENY;
    default: return s->setup > 0 && !s->user_sql ? SQLITE_OK : SQLITE_DENY;
  }
}

void db_enter(mk_store *s) { s->in_call++; }

void db_leave(mk_store *s) {
  if (--s->in_call > 0) return;
  while (s->garbage) {
    mk_stmt *st = s->garbage;
    s->garbage = st->next;
    mk_stmt_free(st);
  }
}

/* SQLite rolls back by itself when it cannot go on; what follows would then commit on its own, so the levels die. */
static void die(mk_store *s, const mk_err *err) {
  s->dead = true;
  s->cause = (mk_err){0};
  mk_fail(&s->cause, err->code, "the transaction was rolled back: %s", err->msg);
}

static void note_rollback(mk_store *s, const mk_err *err) {
  if (s->depth > 0 && !s->dead && sqlite3_get_autocommit(s->db)) die(s, err);
}

/* ------------------------------------------------------------------ statements inside the core */

sqlite3_stmt *db_prepare(mk_store *s, const char *sql, size_t n, mk_err *err) {
  if (mk_failed(err)) return NULL;
  sqlite3_stmt *st = NULL;
  db_enter(s);
  int rc = sqlite3_prepare_v2(s->db, sql, (int)n, &st, NULL);
  db_leave(s);
  if (rc != SQLITE_OK) db_fail(s, rc, "preparing a statement", err);
  return st;
}

int db_step(mk_store *s, sqlite3_stmt *st, const char *doing, mk_err *err) {
  mk_err own = {0};
  if (mk_failed(err)) return -1;
  if (!err) err = &own;
  s->said.code = MK_OK;
  db_enter(s);
  int rc = sqlite3_step(st);
  db_leave(s);
  if (mk_failed(&s->said)) { /* also when SQLite went on */
    mk_fail(err, s->said.code, "%s: %s", doing, s->said.msg);
    memcpy(err->hint, s->said.hint, sizeof err->hint);
  } else if (rc == SQLITE_ROW) return 1;
  else if (rc == SQLITE_DONE) return 0;
  else db_fail(s, sqlite3_extended_errcode(s->db), doing, err);
  note_rollback(s, err);
  return -1;
}

void db_finalize(mk_store *s, sqlite3_stmt *st) {
  db_enter(s);
  sqlite3_finalize(st);
  db_leave(s);
}

sqlite3_stmt *db_kept(mk_store *s, kept_sql which, mk_err *err) {
  static const char *const texts[KEPT_STATEMENTS] = {
      [KEPT_BEGIN] = "BEGIN",
      [KEPT_BEGIN_WRITE] = "BEGIN IMMEDIATE",
      [KEPT_COMMIT] = "COMMIT",
      [KEPT_ROLLBACK] = "ROLLBACK",
      [KEPT_SAVEPOINT] = "SAVEPOINT mk",
      [KEPT_RELEASE] = "RELEASE mk",
      [KEPT_ROLLBACK_TO] = "ROLLBACK TO mk",
      [KEPT_LAST_REV] = "SELECT max(rev) FROM main.history",
      [KEPT_SIGN] = "UPDATE main.history SET who = ?1 WHERE rev > ?2 AND who IS NULL",
      [KEPT_COUNT_ROWS] = "UPDATE main.counters SET n = n + ?2 WHERE tab = ?1",
      [KEPT_HAS_BLOCKS] = "SELECT EXISTS (SELECT 1 FROM main.blocks WHERE tab = ?1)",
  };
  if (!s->kept[which]) s->kept[which] = db_prepare(s, texts[which], strlen(texts[which]), err);
  return s->kept[which];
}

bool db_run(mk_store *s, kept_sql which, mk_err *err) {
  sqlite3_stmt *st = db_kept(s, which, err);
  int step = st ? db_step(s, st, "writing", err) : -1;
  if (st) sqlite3_reset(st);
  return step == 0;
}

bool db_exec(mk_store *s, const char *sql, mk_err *err) {
  sqlite3_stmt *st = db_prepare(s, sql, strlen(sql), err);
  if (!st) return false;
  int step;
  while ((step = db_step(s, st, "writing", err)) == 1) {}
  db_finalize(s, st);
  return step == 0;
}

bool db_exec_buf(mk_store *s, mk_buf *sql, mk_err *err) {
  const char *text = mk_cstr(sql);
  bool ok = mk_buf_ok(sql, err) && db_exec(s, text, err);
  sql->n = 0;
  return ok;
}

bool db_int(mk_store *s, const char *sql, int64_t *out, mk_err *err) {
  sqlite3_stmt *st = db_prepare(s, sql, strlen(sql), err);
  if (!st) return false;
  int step = db_step(s, st, "reading", err);
  *out = step == 1 ? sqlite3_column_int64(st, 0) : 0;
  db_finalize(s, st);
  return step >= 0;
}

bool db_text(mk_store *s, sqlite3_stmt *st, int i, const char **p, size_t *n, mk_err *err) {
  bool null = sqlite3_column_type(st, i) == SQLITE_NULL;
  const char *text = null ? "" : (const char *)sqlite3_column_text(st, i);
  *p = text ? text : "";
  *n = null || !text ? 0 : (size_t)sqlite3_column_bytes(st, i);
  return text ? !mk_failed(err) : db_fail(s, SQLITE_NOMEM, "reading", err);
}

bool db_bind_text(mk_store *s, sqlite3_stmt *st, int i, const char *p, size_t n, mk_err *err) {
  int rc = sqlite3_bind_text64(st, i, p ? p : "", n, SQLITE_TRANSIENT, SQLITE_UTF8);
  return rc == SQLITE_OK || db_fail(s, rc, "binding a value", err);
}

void db_quote(mk_buf *b, const char *name, char quote) {
  mk_putc(b, quote);
  for (const char *end; (end = strchr(name, quote)); name = end + 1) {
    mk_put(b, name, (size_t)(end - name) + 1);
    mk_putc(b, quote);
  }
  mk_puts(b, name);
  mk_putc(b, quote);
}

/* ------------------------------------------------------------------ opening */

/* The only place that opens a database; path is absolute, ":memory:", or a URI made by db_immutable_uri. */
sqlite3 *db_open_raw(const char *path, int flags, int *rc) {
  sqlite3 *db = NULL;
  *rc = sqlite3_open_v2(path, &db, flags | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_PRIVATECACHE | SQLITE_OPEN_NOFOLLOW, NULL);
  if (*rc != SQLITE_OK && !db) *rc = SQLITE_NOMEM;
  if (db) sqlite3_extended_result_codes(db, 1);
  return db;
}

void db_immutable_uri(mk_buf *b, const char *path) {
  static const char hex[] = "0123456789ABCDEF";
  mk_puts(b, "file:");
  for (; *path; path++) {
    unsigned char c = (unsigned char)*path;
    bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || strchr("/._-", c);
    if (plain) { mk_putc(b, (char)c); continue; }
    mk_putc(b, '%');
    mk_putc(b, hex[c >> 4]);
    mk_putc(b, hex[c & 15]);
  }
  mk_puts(b, "?immutable=1");
}

static bool configure(mk_store *s, mk_err *err) {
  static const struct { int what, value; } flags[] = {
      {SQLITE_DBCONFIG_DEFENSIVE, 1},       {SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0},
      {SQLITE_DBCONFIG_DQS_DDL, 0},         {SQLITE_DBCONFIG_DQS_DML, 0},
      {SQLITE_DBCONFIG_ENABLE_TRIGGER, 1},  {SQLITE_DBCONFIG_ENABLE_VIEW, 1},
      {SQLITE_DBCONFIG_WRITABLE_SCHEMA, 0}, {SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION, 0},
      {SQLITE_DBCONFIG_ENABLE_FKEY, 1},     {SQLITE_DBCONFIG_ENABLE_FTS3_TOKENIZER, 0}};
  static const struct { int what, value; } limits[] = {
      {SQLITE_LIMIT_LENGTH, 64 << 20},      {SQLITE_LIMIT_SQL_LENGTH, 100000},  {SQLITE_LIMIT_COLUMN, 100},
      {SQLITE_LIMIT_EXPR_DEPTH, 50},        {SQLITE_LIMIT_COMPOUND_SELECT, 10}, {SQLITE_LIMIT_ATTACHED, 0},
      {SQLITE_LIMIT_LIKE_PATTERN_LENGTH, 100}, {SQLITE_LIMIT_VARIABLE_NUMBER, 999}, {SQLITE_LIMIT_TRIGGER_DEPTH, 4},
      {SQLITE_LIMIT_WORKER_THREADS, 0}};
  for (size_t i = 0; i < sizeof flags / sizeof flags[0]; i++) {
    int rc = sqlite3_db_config(s->db, flags[i].what, flags[i].value, (int *)NULL);
    if (rc != SQLITE_OK) return db_fail(s, rc, "configuring the connection", err);
  }
  for (size_t i = 0; i < sizeof limits / sizeof limits[0]; i++) sqlite3_limit(s->db, limits[i].what, limits[i].value);
  return true;
}

/* Pages that SQLite holds. Columns are read once and then held elsewhere; only writers come back to many pages. */
static bool hold_pages(mk_store *s, size_t most, mk_err *err) {
  mk_buf sql;
  size_t kib = s->mem.cap ? s->mem.cap / 4096 : most;
  if (kib > most) kib = most;
  mk_buf_init(&sql, &s->mem);
  mk_putf(&sql, "PRAGMA cache_size=-%z", kib < 64 ? (size_t)64 : kib);
  s->setup++;
  bool ok = db_exec_buf(s, &sql, err);
  s->setup--;
  mk_buf_clear(&sql);
  return ok;
}

static bool pragmas(mk_store *s, const mk_store_options *o, mk_err *err) {
  s->busy_ms = o->busy_ms < 0 ? BUSY_MS : o->busy_ms;
  sqlite3_busy_timeout(s->db, s->busy_ms);
  sqlite3_wal_autocheckpoint(s->db, WAL_PAGES);
  return hold_pages(s, READ_KIB, err) && db_exec(s, "PRAGMA mmap_size=0", err) && db_exec(s, "PRAGMA temp_store=MEMORY", err) &&
         db_exec(s, "PRAGMA recursive_triggers=OFF", err) && db_exec(s, "PRAGMA cell_size_check=ON", err);
}

/* Whose file it is, and of which version; makes, migrates and verifies the schema. */
static bool recognise(mk_store *s, mk_err *err) {
  int64_t id = 0, version = 0, objects = 0, page = 0;
  if (!db_int(s, "PRAGMA page_size", &page, err) || !db_int(s, "PRAGMA application_id", &id, err) || !db_int(s, "PRAGMA user_version", &version, err) ||
      !db_int(s, "SELECT count(*) FROM sqlite_schema", &objects, err))
    return false;
  if (id == 0 && version == 0 && objects == 0) {
    if (s->readonly) return mk_fail(err, MK_FORMAT, "'%s' is empty, and opened for reading only", s->path);
    if (!db_journal(s, err) || !ddl_create(s, err)) return false;
    return ddl_verify(s, err);
  }
  if (id != MK_APPLICATION_ID) {
    mk_fail(err, MK_FORMAT, "'%s' is a SQLite database of another program", s->path);
    mk_hint(err, "hint: give the path of a mekong store, or of a new file");
    return false;
  }
  if (page > 0 && s->whole_size % page)
    return db_damaged(s, "its last page is cut", err);
  if (version > MK_SCHEMA_VERSION) {
    mk_fail(err, MK_FORMAT, "'%s' was written by a newer mekong (schema %l, this one knows %d)", s->path, (long long)version,
            MK_SCHEMA_VERSION);
    mk_hint(err, "hint: install the newer mekong");
    return false;
  }
  if (!s->readonly && !db_journal(s, err)) return false;
  if (version < MK_SCHEMA_OBJECTS && !ddl_migrate(s, version, err)) return false;
  return ddl_verify(s, err);
}

static bool connect(mk_store *s, const char *path, int flags, const mk_store_options *o, mk_err *err) {
  int rc;
  s->db = db_open_raw(path, flags, &rc);
  if (rc != SQLITE_OK) return db_fail(s, rc, "opening", err);
  if (!configure(s, err)) return false;
  if (s->progress) sqlite3_progress_handler(s->db, STEPS_A_CALL, on_progress, s);
  s->readonly = sqlite3_db_readonly(s->db, "main") == 1;
  s->setup = 1;
  rc = sealed_register(s);
  if (rc != SQLITE_OK) return db_fail(s, rc, "opening", err);
  changed_watch(s);
  return pragmas(s, o, err) && sqltext_register(s, err);
}

static void disconnect(mk_store *s) {
  if (s->db && s->pid == getpid()) {
    ddl_release(s);
    sealed_release(s);
    for (int i = 0; i < KEPT_STATEMENTS; i++) {
      if (s->kept[i]) db_finalize(s, s->kept[i]);
      s->kept[i] = NULL;
    }
    if (s->pin) db_finalize(s, s->pin);
    if (s->version) db_finalize(s, s->version);
    s->pin = s->version = NULL;
    db_enter(s);
    sqlite3_close_v2(s->db);
    db_leave(s);
  }
  s->db = NULL;
}

bool db_unchanged(mk_store *s, mk_err *err) {
  place now;
  if (!s->immutable || mk_failed(err)) return !mk_failed(err);
  if (!place_look(&now, s->path, strlen(s->path), "store", err)) return false;
  if (!now.pending && now.size == s->found.size && now.changed == s->found.changed && now.inode == s->found.inode) return true;
  mk_fail(err, MK_BUSY, "the store '%s' was written by another program while it was read where no lock can be set", s->path);
  mk_hint(err, "hint: open it again");
  return false;
}

/* A store whose folder cannot be written has no place for the WAL index; SQLite is told that nothing will change, and
 * db_unchanged looks whether that was so. */
static bool connect_immutable(mk_store *s, const mk_store_options *o, const place *at, mk_err *err) {
  mk_buf uri;
  s->immutable = true;
  s->found.size = at->size;
  s->found.changed = at->changed;
  s->found.inode = at->inode;
  mk_buf_init(&uri, &s->mem);
  db_immutable_uri(&uri, s->path);
  const char *text = mk_cstr(&uri);
  bool ok = mk_buf_ok(&uri, err) && connect(s, text, SQLITE_OPEN_READONLY | SQLITE_OPEN_URI, o, err) && recognise(s, err);
  mk_buf_clear(&uri);
  return ok;
}

static bool open_place(mk_store *s, const char *path, size_t n, const mk_store_options *o, mk_err *err) {
  place at = {.exists = true, .writable = true, .folder_writable = true};
  s->memory = n == 8 && memcmp(path, ":memory:", 8) == 0;
  if (s->memory) memcpy(at.path, path, n);
  else if (!place_look(&at, path, n, "store", err)) return false;
  s->path_size = strlen(at.path) + 1;
  s->path = mk_alloc(&s->mem, s->path_size, err);
  if (!s->path) return false;
  memcpy(s->path, at.path, s->path_size);
  if (!at.exists && o->readonly) return mk_fail(err, MK_MISSING, "there is no store '%s'", s->path);
  if (!s->memory && at.exists && at.size > 0 && at.size < SMALLEST)
    return mk_fail(err, MK_FORMAT, "'%s' is not a SQLite database", s->path);
  if (!at.exists && !at.folder_writable)
    return mk_fail(err, MK_PERMISSION, "no permission to create the store '%s'", s->path);
  s->whole_size = at.pending ? 0 : at.size;
  bool readonly = !s->memory && (o->readonly || !at.writable);
  int flags = readonly ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE;
  if (readonly && !at.folder_writable && !at.pending) {
    return connect_immutable(s, o, &at, err);
  }
  return connect(s, s->path, flags, o, err) && recognise(s, err);
}

mk_store *mk_store_new(const char *path, size_t n, const mk_store_options *options, mk_err *err) {
  static const mk_store_options none = {.busy_ms = -1};
  const mk_store_options *o = options ? options : &none;
  mk_err own = {0};
  if (!err) err = &own;
  mk_mem_ready(FIRST_BYTES);
  mk_store *s = mk_zalloc(NULL, sizeof *s, err);
  if (!s) return NULL;
  s->mem.cap = o->max_bytes;
  s->pid = getpid();
  s->trust = o->trust;
  s->threads = o->threads;
  s->progress = o->progress;
  s->ctx = o->ctx;
  if (o->user) {
    s->user_size = strlen(o->user) + 1;
    s->user = mk_alloc(&s->mem, s->user_size, err);
    if (s->user) memcpy(s->user, o->user, s->user_size);
  }
  if (mk_failed(err) || !sealed_init(s, err) || !open_place(s, path, n, o, err)) {
    mk_store_free(s);
    return NULL;
  }
  sqlite3_set_authorizer(s->db, on_authorize, s);
  s->setup = 0;
  return s;
}

bool mk_store_usable(mk_store *s, mk_err *err) {
  if (mk_failed(err)) return false;
  if (s->pid != getpid()) {
    mk_fail(err, MK_CLOSED, "the store '%s' was opened before this process was forked", s->path);
    mk_hint(err, "hint: open it again in the new process");
    return false;
  }
  if (s->in_call) return mk_fail(err, MK_BUSY, "the store is in the middle of a call; its progress function cannot use it");
  if (s->dead) {
    if (err) *err = s->cause;
    return false;
  }
  /* A rollback that itself ran out of memory is made up for here. */
  return s->depth > 0 || sqlite3_get_autocommit(s->db) || db_run(s, KEPT_ROLLBACK, err);
}

bool mk_store_close(mk_store *s, mk_err *err) {
  if (s->pid == getpid()) {
    if (s->in_call) return mk_fail(err, MK_BUSY, "the store is in the middle of a call and cannot be closed from inside it");
    if (s->depth) return mk_fail(err, MK_BUSY, "the store cannot be closed inside its own transaction");
    if (s->users) return mk_fail(err, MK_BUSY, "the store cannot be closed while it is being used");
  }
  mk_store_free(s);
  return true;
}

void mk_store_free(mk_store *s) {
  if (!s) return;
  pool_free(s->pool);
  disconnect(s);
  sealed_free(s);
  ddl_free_schema(&s->schema);
  mk_free(&s->mem, s->user, s->user_size);
  mk_free(&s->mem, s->path, s->path_size);
  mk_free(NULL, s, sizeof *s);
}

const char *mk_store_path(const mk_store *s) { return s->path; }
bool mk_store_readonly(const mk_store *s) { return s->readonly; }
mk_mem *mk_store_mem(mk_store *s) { return &s->mem; }
int mk_store_depth(const mk_store *s) { return s->depth; }
struct mk_pool **db_pool(mk_store *s) { return &s->pool; }
int mk_store_threads(const mk_store *s) { return s->threads; }

bool mk_store_go_on(mk_store *s) {
  if (!s || !s->progress) return true;
  s->in_call++;
  bool go = s->progress(s->ctx, ++s->done);
  s->in_call--;
  return go;
}
int64_t mk_store_schemas(const mk_store *s) { return s->schemas; }

/* ------------------------------------------------------------------ transactions */

bool db_pin(mk_store *s, mk_err *err) {
  static const char sql[] = "SELECT 1 FROM main.sqlite_schema";
  if (s->pins++ > 0) return true;
  if (!s->pin) s->pin = db_prepare(s, sql, sizeof sql - 1, err);
  if (s->pin && db_step(s, s->pin, "reading", err) >= 0) return true;
  db_unpin(s);
  return false;
}

void db_unpin(mk_store *s) {
  if (--s->pins == 0 && s->pin) sqlite3_reset(s->pin);
}

bool db_rules(mk_store *s, bool triggers, bool links, mk_err *err) {
  int rc = SQLITE_OK;
  if (s->mute == triggers) rc = sqlite3_db_config(s->db, SQLITE_DBCONFIG_ENABLE_TRIGGER, (int)triggers, (int *)NULL);
  if (rc != SQLITE_OK) return db_fail(s, rc, "preparing to write", err);
  s->mute = !triggers;
  if (s->loose == links) rc = sqlite3_db_config(s->db, SQLITE_DBCONFIG_ENABLE_FKEY, (int)links, (int *)NULL);
  if (rc != SQLITE_OK) return db_fail(s, rc, "preparing to write", err);
  s->loose = !links;
  return true;
}

bool db_begin_write(mk_store *s, mk_err *err) {
  if (!db_begin_rows(s, err)) return false;
  if (db_rules(s, true, true, err)) return true;
  mk_store_rollback(s);
  return false;
}

bool db_begin_rows(mk_store *s, mk_err *err) {
  if (!mk_store_usable(s, err)) return false;
  if (!s->readonly) return mk_store_begin(s, err);
  mk_fail(err, MK_READONLY, "the store '%s' can only be read", s->path);
  mk_hint(err, "hint: it was opened with readonly, or its file or folder cannot be written");
  return false;
}

/* What is written is to have all columns, also those that another program defined since. */
static bool columns_known(mk_store *s, mk_err *err) {
  bool known = true;
  if (s->readonly || s->schemas == 0) return true;
  if (!ddl_known(s, &known, err) || known) return !mk_failed(err);
  mk_fail(err, MK_BUSY, "another program defined columns of the store '%s' while it was being used", s->path);
  mk_hint(err, "hint: end what still reads the store, then call again");
  return false;
}

static bool last_rev(mk_store *s, int64_t *out, mk_err *err) {
  sqlite3_stmt *st = db_kept(s, KEPT_LAST_REV, err);
  if (!st) return false;
  int step = db_step(s, st, "reading", err);
  *out = step == 1 ? sqlite3_column_int64(st, 0) : 0;
  sqlite3_reset(st);
  return step >= 0;
}

bool mk_store_begin(mk_store *s, mk_err *err) {
  if (!mk_store_usable(s, err)) return false;
  if (s->depth > 0) {
    if (!db_run(s, KEPT_SAVEPOINT, err)) return false;
  } else {
    if (!s->writes && !s->readonly && !hold_pages(s, WRITE_KIB, err)) return false;
    s->writes = true;
    s->begun++;
    if (!db_run(s, s->readonly ? KEPT_BEGIN : KEPT_BEGIN_WRITE, err)) return false;
    if (!columns_known(s, err) || !sealed_tables(s, err) || (s->user && !last_rev(s, &s->history_base, err))) {
      db_run(s, KEPT_ROLLBACK, NULL);
      s->undone++;
      return false;
    }
  }
  s->depth++;
  return true;
}

/* Rows of history written by this transaction get its author. */
static bool sign_history(mk_store *s, mk_err *err) {
  if (!s->user || s->readonly) return true;
  sqlite3_stmt *st = db_kept(s, KEPT_SIGN, err);
  if (!st) return false;
  bool ok = db_bind_text(s, st, 1, s->user, s->user_size - 1, err);
  sqlite3_bind_int64(st, 2, s->history_base);
  ok = ok && db_step(s, st, "signing the history", err) == 0;
  sqlite3_reset(st);
  return ok;
}

bool db_begin_main(mk_store *s, mk_err *err) {
  if (!mk_store_usable(s, err) || !db_run(s, s->depth > 0 ? KEPT_SAVEPOINT : KEPT_BEGIN, err)) return false;
  s->begun += s->depth++ == 0;
  return true;
}

bool db_begin_read(mk_store *s, mk_err *err) {
  if (!db_begin_main(s, err)) return false;
  if (s->depth > 1 || sealed_tables(s, err)) return true;
  mk_store_rollback(s);
  return false;
}

bool db_end_read(mk_store *s, mk_err *err) {
  if (s->dead && err && !mk_failed(err)) *err = s->cause;
  if (s->dead || !db_run(s, s->depth > 1 ? KEPT_RELEASE : KEPT_COMMIT, err)) {
    mk_store_rollback(s);
    return false;
  }
  s->depth--;
  return true;
}

bool mk_store_commit(mk_store *s, mk_err *err) {
  mk_err own = {0};
  if (!err) err = &own;
  if (!mk_failed(err) && s->pid == getpid()) sealed_settle(s, err);
  if (s->dead || s->pid != getpid()) {
    mk_store_usable(s, err);
    mk_store_rollback(s);
    return false;
  }
  bool ok = !mk_failed(err) &&
            (s->depth > 1 ? db_run(s, KEPT_RELEASE, err) : sign_history(s, err) && db_run(s, KEPT_COMMIT, err));
  if (!ok) {
    mk_store_rollback(s);
    return false;
  }
  s->depth--;
  return true;
}

void mk_store_rollback(mk_store *s) {
  mk_err err = {0};
  if (s->depth == 0) return;
  s->undone++;
  if (!s->dead && s->pid == getpid()) {
    if (s->depth == 1) {
      db_run(s, KEPT_ROLLBACK, NULL);
    } else if (!db_run(s, KEPT_ROLLBACK_TO, &err) || !db_run(s, KEPT_RELEASE, &err) || !sealed_tables(s, &err)) {
      db_run(s, KEPT_ROLLBACK, NULL);
      die(s, &err);
    }
  }
  if (--s->depth == 0) s->dead = false;
}
