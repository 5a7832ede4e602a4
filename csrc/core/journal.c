/* journal.c: how changes reach the file: through the WAL, or for a first large load by a journal of what was there, which is next
 * to nothing, so that its bytes are written once. Both sync fully. May include: sealed.h, libc strings, POSIX
 * and Linux files. */
#define _GNU_SOURCE
#include "sealed.h"

#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>

enum { BYTES_A_ROW = 16, FILES = 1024 };

/* Asks for a mode; is: whether the file has it now. */
static bool ask(mk_store *s, const char *sql, const char *mode, bool *is, mk_err *err) {
  sqlite3_stmt *st = db_prepare(s, sql, strlen(sql), err);
  if (!st) return false;
  int step = db_step(s, st, "setting the journal", err);
  const char *got = "";
  size_t n;
  if (step == 1 && !db_text(s, st, 0, &got, &n, err)) step = -1;
  *is = strcmp(got, mode) == 0;
  db_finalize(s, st);
  return step >= 0;
}

bool db_journal(mk_store *s, mk_err *err) {
  bool wal;
  return ask(s, "PRAGMA journal_mode=WAL", "wal", &wal, err) && (wal || db_exec(s, "PRAGMA journal_mode=TRUNCATE", err)) &&
         db_exec(s, "PRAGMA synchronous=FULL", err) && db_exec(s, "PRAGMA journal_size_limit=67108864", err);
}

static bool is_empty(mk_store *s, bool *empty, mk_err *err) {
  int64_t any = 1;
  bool ok = db_int(s, "SELECT EXISTS (SELECT 1 FROM main.cases) OR EXISTS (SELECT 1 FROM main.lines) OR EXISTS (SELECT 1 FROM main.blocks)", &any, err);
  *empty = ok && !any;
  return ok;
}

bool mk_store_direct(mk_store *s, uint64_t bytes, bool *direct, mk_err *err) {
  mk_err why = {0};
  bool empty = false, wal = false;
  *direct = false;
  if (!mk_store_usable(s, err)) return false;
  if (s->memory || s->readonly || s->depth || s->users || s->pins || bytes < s->sealed->block_rows * BYTES_A_ROW) return true;
  if (!is_empty(s, &empty, err)) return false;
  s->setup++;
  bool ok = !empty || (ask(s, "PRAGMA journal_mode", "wal", &wal, &why) && (!wal || ask(s, "PRAGMA journal_mode=TRUNCATE", "truncate", direct, &why)));
  s->setup--;
  if (ok || why.code == MK_BUSY) return true; /* others have the store open: it stays as it is */
  if (err) *err = why;
  return false;
}

/* What fails here leaves a journal that is as safe; whoever opens the store next, or loads again, sets the WAL. */
void mk_store_direct_end(mk_store *s) {
  mk_err why = {0};
  if (!mk_store_usable(s, &why) || s->depth) return;
  s->setup++;
  db_journal(s, &why);
  s->setup--;
}

/* Has the system begin to write out what it was given of the file, so that less is left when the commit waits for all of it. Only a hint:
 * what is safe is what the commit has synced. The file is not opened anew, as closing it would drop the locks of SQLite. */
void db_write_out(mk_store *s) {
#ifdef SYNC_FILE_RANGE_WRITE
  struct stat file, other;
  const char *path = s->memory ? NULL : sqlite3_db_filename(s->db, "main");
  if (!path || stat(path, &file) != 0) return;
  for (int fd = 3; fd < FILES; fd++)
    if (fstat(fd, &other) == 0 && other.st_dev == file.st_dev && other.st_ino == file.st_ino) {
      sync_file_range(fd, 0, 0, SYNC_FILE_RANGE_WRITE);
      return;
    }
#else
  (void)s;
#endif
}
