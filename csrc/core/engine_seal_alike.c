/* engine_seal_alike.c: cases whose keys a condition takes for one of some texts, found without reading columns of all rows. May include:
 * sealed.h, libc strings. */
#include "sealed.h"

#include <string.h>

typedef struct {
  mk_store *store;
  mk_buf keys[MK_ALIKE_MOST], folded, *out; /* keys: what the texts are folded to */
  size_t nkeys;
} search;

/* Folding leaves digits as they are, and most keys end with some. */
static bool ends_otherwise(const mk_buf *key, const char *p, size_t n) {
  for (size_t i = 1; i <= n && p[n - i] >= '0' && p[n - i] <= '9'; i++)
    if (i > key->n || key->p[key->n - i] != p[n - i]) return true;
  return false;
}

static bool look(search *q, const char *p, size_t n, mk_err *err) {
  size_t k = 0;
  while (k < q->nkeys && ends_otherwise(&q->keys[k], p, n)) k++;
  if (k == q->nkeys) return true;
  q->folded.n = 0;
  if (!mk_key(&q->folded, p, n, 1, err) || !mk_buf_ok(&q->folded, err)) return false;
  for (; k < q->nkeys; k++) {
    const mk_buf *key = &q->keys[k];
    if (q->folded.n != key->n || (key->n && memcmp(q->folded.p, key->p, key->n) != 0)) continue;
    keys_add(q->out, p, n);
    return mk_buf_ok(q->out, err);
  }
  return true;
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

bool mk_store_alike(mk_store *s, const char *const *texts, const size_t *sizes, size_t count, mk_buf *out, mk_err *err) {
  search q = {.store = s, .out = out};
  if (count > MK_ALIKE_MOST) return mk_fail(err, MK_LIMIT, "more than %d texts", (int)MK_ALIKE_MOST);
  mk_buf_init(&q.folded, &s->mem);
  bool ok = true;
  for (; ok && q.nkeys < count; q.nkeys++) {
    mk_buf *key = &q.keys[q.nkeys];
    mk_buf_init(key, &s->mem);
    ok = mk_key(key, texts[q.nkeys], sizes[q.nkeys], 1, err) && mk_buf_ok(key, err);
  }
  ok = ok && db_begin_read(s, err);
  if (ok) {
    ok = look_through(&q, err);
    if (ok) ok = db_end_read(s, err);
    else mk_store_rollback(s);
  }
  for (size_t k = 0; k < q.nkeys; k++) mk_buf_clear(&q.keys[k]);
  mk_buf_clear(&q.folded);
  return ok;
}
