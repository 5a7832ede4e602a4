/* sqltext.c: Vietnamese text in SQL on our connections: vi_key(s [, level]), vi_normalize(s), vi_match(query, s), and the
 * collations VI, VI_CLDR and VI_NAME. What goes wrong in them is kept in the store until the step returns: nothing but a
 * result ever crosses SQLite. The functions are DIRECTONLY, so that no view, trigger or index of a file can call them, and
 * no schema depends on them. May include: store.h. */
#include "store.h"

#include <string.h>

/* ------------------------------------------------------------------ functions */

void sql_refuse(sqlite3_context *ctx, const char *name, const mk_err *err) {
  mk_store *s = sqlite3_user_data(ctx);
  s->said = (mk_err){0};
  mk_fail(&s->said, err->code, "%s: %s", name, err->msg);
  if (err->code == MK_MEMORY) sqlite3_result_error_nomem(ctx);
  else sqlite3_result_error(ctx, s->said.msg, -1);
}

bool sql_text(sqlite3_context *ctx, sqlite3_value *v, const char *name, const char **p, size_t *n) {
  mk_err err = {0};
  switch (sqlite3_value_type(v)) {
    case SQLITE_NULL: return false;
    case SQLITE_BLOB:
      mk_fail(&err, MK_TYPE, "a blob is no text");
      sql_refuse(ctx, name, &err);
      return false;
    default: break;
  }
  *p = (const char *)sqlite3_value_text(v);
  *n = (size_t)sqlite3_value_bytes(v);
  if (!*p) mk_fail(&err, MK_MEMORY, "out of memory");
  else mk_utf8_require(*p, *n, "the text", &err);
  if (mk_failed(&err)) sql_refuse(ctx, name, &err);
  return !mk_failed(&err);
}

void sql_give(sqlite3_context *ctx, const char *name, bool ok, mk_buf *out, const mk_err *err) {
  if (ok) sqlite3_result_text64(ctx, out->p ? out->p : "", out->n, SQLITE_TRANSIENT, SQLITE_UTF8);
  else sql_refuse(ctx, name, err);
  mk_buf_clear(out);
}

static void vi_key(sqlite3_context *ctx, int count, sqlite3_value **args) {
  mk_store *s = sqlite3_user_data(ctx);
  mk_err err = {0};
  const char *p;
  size_t n;
  int64_t level = 1;
  if (count == 2) {
    int type = sqlite3_value_type(args[1]);
    level = sqlite3_value_int64(args[1]);
    if (type == SQLITE_NULL) return;
    if (type != SQLITE_INTEGER) mk_fail(&err, MK_TYPE, "the level of a key is a whole number");
    else if (level < 0 || level > 3) mk_fail(&err, MK_RANGE, "the level of a key must be 0, 1, 2 or 3, not %l", (long long)level);
    if (mk_failed(&err)) { sql_refuse(ctx, "vi_key", &err); return; }
  }
  if (!sql_text(ctx, args[0], "vi_key", &p, &n)) return;
  mk_buf out;
  mk_buf_init(&out, &s->mem);
  bool ok = mk_key(&out, p, n, (int)level, &err) && mk_buf_ok(&out, &err);
  sql_give(ctx, "vi_key", ok, &out, &err);
}

static void vi_normalize(sqlite3_context *ctx, int count, sqlite3_value **args) {
  static const mk_normal_opts opts = {MK_TONE_OLD, false};
  mk_store *s = sqlite3_user_data(ctx);
  mk_err err = {0};
  const char *p;
  size_t n;
  (void)count;
  if (!sql_text(ctx, args[0], "vi_normalize", &p, &n)) return;
  mk_buf out;
  mk_buf_init(&out, &s->mem);
  bool ok = mk_normalize(&out, p, n, &opts, NULL, &err) && mk_buf_ok(&out, &err);
  sql_give(ctx, "vi_normalize", ok, &out, &err);
}

/* A query kept by SQLite from row to row; its words point into its own copy of the text. */
typedef struct { mk_query query; size_t size; char text[]; } kept_query;

static void drop_query(void *p) {
  kept_query *q = p;
  if (q) mk_free(NULL, q, q->size);
}

static kept_query *keep_query(const char *p, size_t n, mk_err *err) {
  size_t size = sizeof(kept_query) + n;
  kept_query *q = mk_alloc(NULL, size, err);
  if (!q) return NULL;
  q->size = size;
  memcpy(q->text, p, n);
  if (mk_query_init(&q->query, q->text, n, err)) return q;
  drop_query(q);
  return NULL;
}

static void vi_match(sqlite3_context *ctx, int count, sqlite3_value **args) {
  mk_err err = {0};
  const char *p, *q;
  size_t n, m, first, end;
  (void)count;
  kept_query *kept = sqlite3_get_auxdata(ctx, 0), *fresh = NULL;
  if (!kept) {
    if (!sql_text(ctx, args[0], "vi_match", &q, &m)) return;
    kept = fresh = keep_query(q, m, &err);
    if (!kept) { sql_refuse(ctx, "vi_match", &err); return; }
  }
  if (sql_text(ctx, args[1], "vi_match", &p, &n)) sqlite3_result_int(ctx, mk_match(&kept->query, p, n, &first, &end));
  if (fresh) sqlite3_set_auxdata(ctx, 0, fresh, drop_query); /* may free it at once */
}

/* ------------------------------------------------------------------ collations */

static int bytewise(const char *a, size_t n, const char *b, size_t m) {
  size_t k = n < m ? n : m;
  int d = k ? memcmp(a, b, k) : 0;
  return d ? d : (n > m) - (n < m);
}

/* Text that another program wrote and is no UTF-8 comes last, by bytes. */
static int collate(mk_store *s, const char *a, size_t n, const char *b, size_t m, mk_order order) {
  bool good = mk_utf8_check(a, n) == n, fine = mk_utf8_check(b, m) == m;
  int result = 0;
  mk_err err = {0};
  if (good != fine) return good ? -1 : 1;
  if (good && mk_compare(a, n, b, m, order, &result, &err)) return result;
  if (good && !mk_failed(&s->said)) s->said = err;
  return bytewise(a, n, b, m);
}

static int collate_vi(void *s, int n, const void *a, int m, const void *b) {
  return collate(s, a, (size_t)n, b, (size_t)m, MK_ORDER_DICTIONARY);
}
static int collate_cldr(void *s, int n, const void *a, int m, const void *b) {
  return collate(s, a, (size_t)n, b, (size_t)m, MK_ORDER_CLDR);
}
static int collate_name(void *s, int n, const void *a, int m, const void *b) {
  return collate(s, a, (size_t)n, b, (size_t)m, MK_ORDER_NAME);
}

/* ------------------------------------------------------------------ registering */

bool sqltext_register(mk_store *s, mk_err *err) {
  static const struct { const char *name; int count; void (*call)(sqlite3_context *, int, sqlite3_value **); } functions[] = {
      {"vi_key", 1, vi_key}, {"vi_key", 2, vi_key}, {"vi_normalize", 1, vi_normalize}, {"vi_match", 2, vi_match}};
  static const struct { const char *name; int (*compare)(void *, int, const void *, int, const void *); } collations[] = {
      {"VI", collate_vi}, {"VI_CLDR", collate_cldr}, {"VI_NAME", collate_name}};
  int flags = SQLITE_UTF8 | SQLITE_DETERMINISTIC | SQLITE_DIRECTONLY, rc = SQLITE_OK;
  for (size_t i = 0; rc == SQLITE_OK && i < sizeof functions / sizeof functions[0]; i++)
    rc = sqlite3_create_function_v2(s->db, functions[i].name, functions[i].count, flags, s, functions[i].call, NULL, NULL, NULL);
  for (size_t i = 0; rc == SQLITE_OK && i < sizeof collations / sizeof collations[0]; i++)
    rc = sqlite3_create_collation_v2(s->db, collations[i].name, SQLITE_UTF8, s, collations[i].compare, NULL);
  if (rc == SQLITE_OK) rc = sqldecimal_register(s);
  if (rc != SQLITE_OK) return db_fail(s, rc, "opening", err);
  return fts_register(s, err);
}
