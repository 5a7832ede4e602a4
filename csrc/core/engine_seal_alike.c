/* engine_seal_alike.c: cases whose keys a condition takes for one text, found without reading columns of all rows. May include:
 * sealed.h, libc strings. */
#include "sealed.h"

#include <string.h>

typedef struct {
  mk_store *store;
  const mk_buf *key;  /* what the text is folded to */
  mk_buf folded, *out;
} search;

/* Folding leaves digits as they are, and most keys end with some. */
static bool ends_otherwise(const mk_buf *key, const char *p, size_t n) {
  for (size_t i = 1; i <= n && p[n - i] >= '0' && p[n - i] <= '9'; i++)
    if (i > key->n || key->p[key->n - i] != p[n - i]) return true;
  return false;
}

static bool look(search *q, const char *p, size_t n, mk_err *err) {
  if (ends_otherwise(q->key, p, n)) return true;
  q->folded.n = 0;
  if (!mk_key(&q->folded, p, n, 1, err) || !mk_buf_ok(&q->folded, err)) return false;
  if (q->folded.n != q->key->n || (q->key->n && memcmp(q->folded.p, q->key->p, q->key->n) != 0)) return true;
  keys_add(q->out, p, n);
  return mk_buf_ok(q->out, err);
}

static bool look_through_block(search *q, const sealed_map *m, const sealed_block *k, mk_err *err) {
  mk_store *s = q->store;
  mk_segment keys;
  sealed_view *v = sealed_open(s, m, k, err);
  if (!v) return false;
  bool ok = sealed_segment(s, v, "c.\"case\"", 8, MK_FORM_CODES, &keys, err);
  const char *p = ok ? keys.text : NULL;
  for (size_t e = 1; ok && e < keys.entries; p += keys.lengths[e++ - 1]) ok = look(q, p, keys.lengths[e - 1], err);
  sealed_close(s, v);
  return ok;
}

static bool look_through_plain(search *q, mk_err *err) {
  static const char sql[] = "SELECT \"case\" FROM main.\"cases\"";
  mk_store *s = q->store;
  sqlite3_stmt *st = db_prepare(s, sql, sizeof sql - 1, err);
  int step = -1;
  bool ok = st != NULL;
  while (ok && (step = db_step(s, st, "reading", err)) > 0) {
    const char *p = (const char *)sqlite3_column_text(st, 0);
    ok = p ? look(q, p, (size_t)sqlite3_column_bytes(st, 0), err) : db_fail(s, SQLITE_NOMEM, "reading", err);
  }
  if (st) db_finalize(s, st);
  return ok && step == 0;
}

static bool look_through(search *q, mk_err *err) {
  const sealed_map *m = sealed_now(q->store, err);
  bool ok = m != NULL;
  for (size_t b = 0; ok && b < m->count; b++) ok = look_through_block(q, m, &m->list[b], err);
  sealed_done(q->store);
  return ok && look_through_plain(q, err);
}

bool mk_store_alike(mk_store *s, const char *text, size_t n, mk_buf *out, mk_err *err) {
  mk_buf key;
  mk_buf_init(&key, &s->mem);
  search q = {.store = s, .key = &key, .out = out};
  mk_buf_init(&q.folded, &s->mem);
  bool ok = mk_key(&key, text, n, 1, err) && mk_buf_ok(&key, err) && db_begin_read(s, err);
  if (ok) {
    ok = look_through(&q, err);
    if (ok) ok = db_end_read(s, err);
    else mk_store_rollback(s);
  }
  mk_buf_clear(&key);
  mk_buf_clear(&q.folded);
  return ok;
}
