/* changed.c: whether the file, or the names in it, may be other than they were. Of other connections SQLite tells, whatever they
 * wrote; our own changes are rows written, levels undone and tables made anew. May include: store.h, libc strings. */
#include "store.h"

#include <string.h>

bool db_version(mk_store *s, int64_t *out, mk_err *err) {
  static const char sql[] = "PRAGMA data_version";
  if (!s->version) s->version = db_prepare(s, sql, sizeof sql - 1, err);
  if (!s->version) return false;
  int step = db_step(s, s->version, "reading", err);
  *out = step == 1 ? sqlite3_column_int64(s->version, 0) : 0;
  sqlite3_reset(s->version);
  return step >= 0;
}

/* SQLite calls it for each row that this connection writes, also by triggers. */
static void on_row(void *ctx, int op, const char *file, const char *table, sqlite3_int64 row) {
  mk_store *s = ctx;
  (void)op, (void)file, (void)row;
  s->names += strcmp(table, "aliases") == 0;
}

void changed_watch(mk_store *s) { sqlite3_update_hook(s->db, on_row, s); }

/* What stamp was given for, as it is now; changes: of our own rows. */
static bool stamp_now(mk_store *s, state_stamp *last, int64_t changes, int64_t *out, mk_err *err) {
  int64_t version;
  if (!mk_store_usable(s, err) || !db_unchanged(s, err) || !db_version(s, &version, err)) return false;
  if (version != last->version || changes != last->changes || s->undone != last->undone || s->schemas != last->schemas)
    *last = (state_stamp){version, changes, s->undone, s->schemas, last->n + 1};
  *out = last->n;
  return true;
}

bool mk_store_stamp(mk_store *s, int64_t *out, mk_err *err) {
  return stamp_now(s, &s->stamp, sqlite3_total_changes64(s->db), out, err);
}

bool mk_store_names(mk_store *s, int64_t *out, mk_err *err) { return stamp_now(s, &s->names_stamp, s->names, out, err); }
