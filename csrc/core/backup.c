/* backup.c: a copy of a store by SQLite's backup interface, made beside its name and put there in one step, so that no
 * reader ever sees half a copy. May include: store.h, POSIX. */
#define _XOPEN_SOURCE 700 /* fsync */
#include "store.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { PAGES_A_STEP = 256 };

static bool copy_pages(mk_store *s, sqlite3 *to, mk_err *err) {
  sqlite3_backup *b = sqlite3_backup_init(to, "main", s->db, "main");
  if (!b) return db_fail(s, sqlite3_errcode(to), "copying", err);
  int rc;
  bool go = true;
  do { /* ends: the reader that is open keeps other writers from making SQLite begin anew */
    rc = sqlite3_backup_step(b, PAGES_A_STEP);
    go = !s->progress || s->progress(s->ctx, ++s->done);
  } while (go && rc == SQLITE_OK);
  sqlite3_backup_finish(b);
  if (!go) return mk_fail(err, MK_CANCELLED, "copying: cancelled by the progress function");
  return rc == SQLITE_DONE || db_fail(s, rc, "copying", err);
}

static bool write_copy(mk_store *s, const char *path, mk_err *err) {
  int rc;
  sqlite3 *to = db_open_raw(path, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, &rc);
  int64_t objects;
  bool ok = rc == SQLITE_OK && db_exec(s, "BEGIN", err) && db_int(s, "SELECT count(*) FROM sqlite_schema", &objects, err);
  db_enter(s);
  if (rc != SQLITE_OK)
    mk_fail(err, rc == SQLITE_NOMEM ? MK_MEMORY : MK_PERMISSION, "'%s' cannot be written: %s", path, sqlite3_errstr(rc));
  ok = ok && copy_pages(s, to, err);
  sqlite3_close_v2(to);
  db_leave(s);
  if (!sqlite3_get_autocommit(s->db)) db_exec(s, "ROLLBACK", NULL);
  return ok;
}

static bool sync_path(const char *path, int flags, mk_err *err) {
  int fd = open(path, flags | O_CLOEXEC);
  bool ok = fd >= 0 && fsync(fd) == 0;
  if (!ok) mk_fail(err, errno == ENOSPC ? MK_FULL : MK_IO, "'%s' cannot be made durable (system error %d)", path, errno);
  if (fd >= 0) close(fd);
  return ok;
}

static bool sync_folder(char *path, mk_err *err) {
  char *slash = strrchr(path, '/'), kept = slash[1];
  slash[1] = '\0';
  bool ok = sync_path(path, O_RDONLY, err);
  slash[1] = kept;
  return ok;
}

bool backup_to(mk_store *s, const char *path, mk_err *err) {
  char temp[4200];
  mk_buf b;
  mk_buf_init(&b, &s->mem);
  mk_putf(&b, "%s.copy-%d", path, (int)getpid());
  bool ok = mk_buf_ok(&b, err) && (b.n < sizeof temp || mk_fail(err, MK_LIMIT, "the path of the copy is too long"));
  if (ok) memcpy(temp, b.p, b.n), temp[b.n] = '\0';
  mk_buf_clear(&b);
  if (!ok) return false;
  if (unlink(temp) != 0 && errno != ENOENT) return mk_fail(err, MK_PERMISSION, "'%s' is in the way", temp);
  ok = write_copy(s, temp, err) && sync_path(temp, O_RDWR, err);
  if (ok && rename(temp, path) != 0) ok = mk_fail(err, MK_IO, "'%s' cannot be put in place (system error %d)", path, errno);
  if (!ok) { unlink(temp); return false; }
  memcpy(temp, path, strlen(path) + 1);
  return sync_folder(temp, err);
}

/* Only a copy or another store may be replaced, and none that is in use. */
static bool may_replace(mk_store *s, const place *at, mk_err *err) {
  if (place_is_store(s, at)) return mk_fail(err, MK_DUPLICATE, "'%s' is the store itself", at->path);
  if (at->pending) { /* it would be taken for the journal of the copy, too */
    mk_fail(err, MK_BUSY, "'%s' is in use: a journal lies beside it", at->path);
    mk_hint(err, "hint: close the other connection; when there is none, remove the files with -wal or -journal at the end of this name");
    return false;
  }
  if (!at->exists || at->size == 0) return true;
  int rc = SQLITE_NOMEM;
  int64_t id = 0;
  sqlite3_stmt *st = NULL;
  mk_buf uri; /* a plain reader would leave the files of a write-ahead log behind */
  mk_buf_init(&uri, &s->mem);
  db_immutable_uri(&uri, at->path);
  const char *text = mk_cstr(&uri);
  sqlite3 *db = mk_buf_ok(&uri, err) ? db_open_raw(text, SQLITE_OPEN_READONLY | SQLITE_OPEN_URI, &rc) : NULL;
  mk_buf_clear(&uri);
  if (rc == SQLITE_OK) rc = sqlite3_prepare_v2(db, "PRAGMA application_id", -1, &st, NULL);
  if (rc == SQLITE_OK && sqlite3_step(st) == SQLITE_ROW) id = sqlite3_column_int64(st, 0);
  sqlite3_finalize(st);
  sqlite3_close_v2(db);
  if (id == MK_APPLICATION_ID) return true;
  if (rc == SQLITE_NOMEM) return mk_fail(err, MK_MEMORY, "copying: out of memory");
  mk_fail(err, MK_FORMAT, "'%s' exists and is not a mekong store; it is left alone", at->path);
  mk_hint(err, "hint: give another name, or remove it first");
  return false;
}

bool mk_store_backup(mk_store *s, const char *path, size_t n, mk_err *err) {
  place at;
  if (!mk_store_usable(s, err)) return false;
  if (s->depth) return mk_fail(err, MK_BUSY, "a store cannot be copied inside its own transaction");
  if (!place_look(&at, path, n, "copy", err) || !may_replace(s, &at, err)) return false;
  if (!at.folder_writable) return mk_fail(err, MK_PERMISSION, "no permission to write '%s'", at.path);
  return backup_to(s, at.path, err);
}
