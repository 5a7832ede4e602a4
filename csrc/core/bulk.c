/* bulk.c: many new rows of one table without running its triggers for each: what these do is done once, at the end of the
 * rows and in the same transaction. May include: sealed.h. */
#include "sealed.h"

#include <string.h>

enum { FEW = 24 }; /* below it, preparing statements anew costs more than the triggers */

/* The statement that removes the block of a case, when the file keeps columns of such rows at all. */
static bool prepare_mark(bulk *b, mk_err *err) {
  const mk_table_def *t = &b->store->schema.tables[b->table];
  mk_buf sql;
  int64_t any = 0;
  if (!ddl_kept_as(t)) return true;
  mk_buf_init(&sql, &b->store->mem);
  mk_putf(&sql, "SELECT EXISTS (SELECT 1 FROM blocks WHERE tab = '%s')", ddl_kept_as(t));
  bool ok = mk_buf_ok(&sql, err) && db_int(b->store, mk_cstr(&sql), &any, err);
  sql.n = 0;
  if (ok && any) {
    ddl_mark(&sql, t, "?1");
    ok = mk_buf_ok(&sql, err) && (b->mark = db_prepare(b->store, sql.p, sql.n, err));
  }
  mk_buf_clear(&sql);
  return ok;
}

bool bulk_begin(bulk *b, mk_store *s, size_t table, size_t count, mk_err *err) {
  *b = (bulk){.store = s, .table = table};
  b->quiet = count >= FEW && !s->trust; /* a file that is trusted may hold triggers of others */
  return db_rules(s, !b->quiet, !sealed_loosens(s, table), err) && (!b->quiet || prepare_mark(b, err));
}

bool bulk_count(bulk *b, const char *key, size_t n, mk_err *err) {
  b->count++;
  if (!b->mark) return true;
  bool ok = db_bind_text(b->store, b->mark, 1, key, n, err) && db_step(b->store, b->mark, "inserting", err) == 0;
  sqlite3_reset(b->mark);
  return ok;
}

bool bulk_insert(bulk *b, const mk_rows *r, size_t row, int64_t ledger, mk_err *err) {
  if (!store_insert_row(b->store, r, row, ledger, err)) return false;
  mk_value key = mk_rows_get(r, row, 0);
  return bulk_count(b, key.s, key.n, err);
}

bool bulk_end(bulk *b, bool ok, mk_err *err) {
  if (b->mark) db_finalize(b->store, b->mark);
  if (!b->quiet) return ok;
  mk_buf sql;
  mk_buf_init(&sql, &b->store->mem);
  mk_putf(&sql, "UPDATE counters SET n = n + %z WHERE tab = '%s'", b->count, b->store->schema.tables[b->table].name);
  ok = ok && db_exec_buf(b->store, &sql, err);
  mk_buf_clear(&sql);
  return ok;
}
