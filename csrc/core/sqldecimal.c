/* sqldecimal.c: exact decimals in SQL on our connections, under the names of SQLite's own decimal extension, so that SQL of
 * ours runs in its shell too: decimal_add, decimal_sub, decimal_mul, decimal_cmp, the aggregate decimal_sum, and the
 * collation decimal. Where they differ: text that is no decimal is an error, and so is a result of more than some 37
 * digits. May include: store.h. */
#include "store.h"

#include <string.h>

typedef struct { mk_num sum; bool any; } total;

/* An argument as a number. False when the call is settled: NULL, or refused. */
static bool number(sqlite3_context *ctx, sqlite3_value *v, const char *name, mk_num *out) {
  const char *s;
  size_t n;
  mk_err err = {0};
  if (sqlite3_value_type(v) == SQLITE_INTEGER) { *out = mk_num_int(sqlite3_value_int64(v)); return true; }
  if (!sql_text(ctx, v, name, &s, &n)) return false;
  if (mk_num_parse(out, s, n, &err)) return true;
  sql_refuse(ctx, name, &err);
  return false;
}

static void give(sqlite3_context *ctx, const char *name, mk_num v) {
  mk_store *s = sqlite3_user_data(ctx);
  mk_err err = {0};
  mk_buf out;
  mk_buf_init(&out, &s->mem);
  mk_num_put(&out, v, -1);
  sql_give(ctx, name, mk_buf_ok(&out, &err), &out, &err);
}

typedef bool (*operation)(mk_num *out, mk_num a, mk_num b, mk_err *err);

static void calculate(sqlite3_context *ctx, sqlite3_value **args, const char *name, operation op) {
  mk_num a, b;
  mk_err err = {0};
  if (!number(ctx, args[0], name, &a) || !number(ctx, args[1], name, &b)) return;
  if (op(&a, a, b, &err)) give(ctx, name, a);
  else sql_refuse(ctx, name, &err);
}

static void decimal_add(sqlite3_context *ctx, int count, sqlite3_value **args) {
  (void)count;
  calculate(ctx, args, "decimal_add", mk_num_add);
}

static void decimal_sub(sqlite3_context *ctx, int count, sqlite3_value **args) {
  (void)count;
  calculate(ctx, args, "decimal_sub", mk_num_sub);
}

static void decimal_mul(sqlite3_context *ctx, int count, sqlite3_value **args) {
  (void)count;
  calculate(ctx, args, "decimal_mul", mk_num_mul);
}

static void decimal_cmp(sqlite3_context *ctx, int count, sqlite3_value **args) {
  mk_num a, b;
  (void)count;
  if (number(ctx, args[0], "decimal_cmp", &a) && number(ctx, args[1], "decimal_cmp", &b))
    sqlite3_result_int(ctx, mk_num_cmp(a, b));
}

static void sum_step(sqlite3_context *ctx, int count, sqlite3_value **args) {
  mk_num v;
  mk_err err = {0};
  (void)count;
  if (sqlite3_value_type(args[0]) == SQLITE_NULL) return;
  total *t = sqlite3_aggregate_context(ctx, sizeof *t);
  if (!t) { sqlite3_result_error_nomem(ctx); return; }
  if (!number(ctx, args[0], "decimal_sum", &v)) return;
  if (!t->any) t->sum = mk_num_int(0);
  t->any = true;
  if (!mk_num_add(&t->sum, t->sum, v, &err)) sql_refuse(ctx, "decimal_sum", &err);
}

static void sum_final(sqlite3_context *ctx) {
  const total *t = sqlite3_aggregate_context(ctx, 0);
  if (t && t->any) give(ctx, "decimal_sum", t->sum);
}

/* Text that is no number comes last, by bytes. */
static int collate(void *store, int n, const void *a, int m, const void *b) {
  mk_num x, y;
  mk_err none = {0}, same = {0};
  (void)store;
  bool p = mk_num_parse(&x, a, (size_t)n, &none), q = mk_num_parse(&y, b, (size_t)m, &same);
  if (p && q) return mk_num_cmp(x, y);
  if (p != q) return p ? -1 : 1;
  int k = n < m ? n : m, d = k ? memcmp(a, b, (size_t)k) : 0;
  return d ? d : (n > m) - (n < m);
}

int sqldecimal_register(mk_store *s) {
  static const struct { const char *name; void (*call)(sqlite3_context *, int, sqlite3_value **); } functions[] = {
      {"decimal_add", decimal_add}, {"decimal_sub", decimal_sub}, {"decimal_mul", decimal_mul}, {"decimal_cmp", decimal_cmp}};
  int flags = SQLITE_UTF8 | SQLITE_DETERMINISTIC | SQLITE_DIRECTONLY, rc = SQLITE_OK;
  for (size_t i = 0; rc == SQLITE_OK && i < sizeof functions / sizeof functions[0]; i++)
    rc = sqlite3_create_function_v2(s->db, functions[i].name, 2, flags, s, functions[i].call, NULL, NULL, NULL);
  if (rc == SQLITE_OK)
    rc = sqlite3_create_function_v2(s->db, "decimal_sum", 1, flags, s, NULL, sum_step, sum_final, NULL);
  if (rc == SQLITE_OK) rc = sqlite3_create_collation_v2(s->db, "decimal", SQLITE_UTF8, s, collate, NULL);
  return rc;
}
