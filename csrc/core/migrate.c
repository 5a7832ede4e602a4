/* migrate.c: brings the schema forward: an older file is copied beside itself, then every table that was different is rebuilt with
 * the columns it has in common with today's, in one transaction; and define, which adds columns of the user. May include: sealed.h. */
#include "sealed.h"

#include <string.h>

/* ------------------------------------------------------------------ migration */

enum { TABLES_SINCE = 5 }; /* the schema that has today's tables */

/* Drops our triggers, indexes and views of whatever version. */
static bool drop_dependents(mk_store *s, mk_err *err) {
  static const char sql[] = "SELECT type, name FROM sqlite_schema WHERE type IN ('trigger', 'index', 'view') AND sql IS NOT NULL ORDER BY type";
  mk_buf drops;
  sqlite3_stmt *st = db_prepare(s, sql, sizeof sql - 1, err);
  if (!st) return false;
  mk_buf_init(&drops, &s->mem);
  int step;
  while ((step = db_step(s, st, "reading the schema", err)) == 1) {
    const char *type, *name;
    size_t n;
    if (!db_text(s, st, 0, &type, &n, err) || !db_text(s, st, 1, &name, &n, err)) continue; /* the next step fails */
    mk_put(&drops, "\0", 2);
    mk_putf(&drops, "DROP %s ", type);
    db_quote(&drops, name, '"');
    mk_putc(&drops, '\0');
  }
  db_finalize(s, st);
  bool ok = step == 0 && ddl_run(s, &drops, err);
  mk_buf_clear(&drops);
  return ok;
}

static bool table_there(mk_store *s, const char *name, bool *there, mk_err *err) {
  mk_buf sql;
  int64_t n = 0;
  mk_buf_init(&sql, &s->mem);
  mk_putf(&sql, "SELECT count(*) FROM sqlite_schema WHERE type = 'table' AND name = '%s'", name);
  const char *text = mk_cstr(&sql);
  bool ok = mk_buf_ok(&sql, err) && db_int(s, text, &n, err);
  mk_buf_clear(&sql);
  *there = n > 0;
  return ok;
}

/* The columns two tables share, quoted and separated by commas. */
static bool common_columns(mk_store *s, const char *name, mk_buf *out, mk_err *err) {
  mk_buf sql;
  mk_buf_init(&sql, &s->mem);
  mk_putf(&sql, "SELECT a.name FROM pragma_table_info('%s') a JOIN pragma_table_info('old_%s') b ON a.name = b.name ORDER BY a.cid",
          name, name);
  sqlite3_stmt *st = mk_buf_ok(&sql, err) ? db_prepare(s, sql.p, sql.n, err) : NULL;
  mk_buf_clear(&sql);
  if (!st) return false;
  int step;
  while ((step = db_step(s, st, "reading the schema", err)) == 1) {
    const char *column;
    size_t n;
    if (!db_text(s, st, 0, &column, &n, err)) continue; /* the next step fails */
    if (out->n) mk_puts(out, ", ");
    db_quote(out, column, '"');
  }
  db_finalize(s, st);
  return step == 0 && mk_buf_ok(out, err);
}

static bool copy_rows(mk_store *s, const char *name, mk_err *err) {
  mk_buf sql, columns;
  mk_buf_init(&sql, &s->mem);
  mk_buf_init(&columns, &s->mem);
  bool ok = common_columns(s, name, &columns, err);
  if (ok && columns.n) {
    mk_putf(&sql, "INSERT INTO \"%s\" (%S) SELECT %S FROM \"old_%s\" ORDER BY rowid", name, columns.p, columns.n, columns.p,
            columns.n, name);
    ok = db_exec_buf(s, &sql, err);
  }
  mk_putf(&sql, "DROP TABLE \"old_%s\"", name);
  ok = ok && db_exec_buf(s, &sql, err);
  mk_buf_clear(&columns);
  mk_buf_clear(&sql);
  return ok;
}

/* Gives a table today's text, keeping its rows. */
static bool rebuild_table(mk_store *s, const char *name, const char *text, mk_err *err) {
  bool there;
  mk_buf sql;
  if (!table_there(s, name, &there, err)) return false;
  if (!there) return db_exec(s, text, err);
  mk_buf_init(&sql, &s->mem);
  mk_putf(&sql, "ALTER TABLE \"%s\" RENAME TO \"old_%s\"", name, name);
  bool ok = db_exec_buf(s, &sql, err);
  mk_buf_clear(&sql);
  return ok && db_exec(s, text, err) && copy_rows(s, name, err);
}

/* Objects but for the first ones; tables that are as they should be stay. */
static bool rebuild_objects(mk_store *s, const mk_buf *objects, size_t skip, bool tables, mk_err *err) {
  size_t at = 0;
  if (!mk_buf_ok(objects, err)) return false;
  for (const char *p = objects->p, *end = p + objects->n; p < end; at++) {
    const char *type = p, *name = type + strlen(type) + 1, *sql = name + strlen(name) + 1;
    p = sql + strlen(sql) + 1;
    if (at < skip) continue;
    bool table = strcmp(type, "table") == 0;
    if (table ? tables && !rebuild_table(s, name, sql, err) : !db_exec(s, sql, err)) return false;
  }
  return true;
}

static bool rebuild(mk_store *s, bool tables, mk_err *err) {
  enum { FIXED_TABLES = 7 };
  schema x = {0};
  mk_buf objects;
  mk_buf_init(&objects, &s->mem);
  ddl_fixed(&objects);
  bool ok = drop_dependents(s, err) && rebuild_objects(s, &objects, 0, tables, err) && ddl_read_schema(s, &x, err);
  objects.n = 0;
  if (ok) ddl_objects(&objects, &x);
  ok = ok && rebuild_objects(s, &objects, FIXED_TABLES, tables, err) && ddl_fill_counters(s, err) && ddl_stamp(s, err) && ddl_verify(s, err);
  ddl_free_schema(&x);
  mk_buf_clear(&objects);
  return ok;
}

static bool migrate_inside(mk_store *s, mk_err *err) {
  int64_t version = 0;
  if (!db_exec(s, "BEGIN IMMEDIATE", err)) return false;
  bool ok = db_int(s, "PRAGMA user_version", &version, err) && (version >= MK_SCHEMA_OBJECTS || rebuild(s, version < TABLES_SINCE, err)) &&
            db_exec(s, "COMMIT", err);
  if (!ok) db_exec(s, "ROLLBACK", NULL);
  return ok;
}

bool ddl_migrate(mk_store *s, int64_t from, mk_err *err) {
  char path[4200];
  mk_buf name;
  if (s->readonly) {
    mk_fail(err, MK_READONLY, "'%s' was written by an older mekong and must be brought forward before it can be read", s->path);
    mk_hint(err, "hint: open it once without readonly, in a place that can be written");
    return false;
  }
  mk_buf_init(&name, &s->mem);
  mk_putf(&name, "%s.schema-%l", s->path, (long long)from);
  bool ok = mk_buf_ok(&name, err) && (name.n < sizeof path || mk_fail(err, MK_LIMIT, "the path of the copy is too long"));
  if (ok) memcpy(path, name.p, name.n), path[name.n] = '\0';
  mk_buf_clear(&name);
  if (!ok || !backup_to(s, path, err)) return false;
  /* Tables are dropped and made anew under the same names: references between them must not follow the old ones. */
  ok = db_exec(s, "PRAGMA foreign_keys=OFF", err) && db_exec(s, "PRAGMA legacy_alter_table=ON", err) && migrate_inside(s, err);
  return db_exec(s, "PRAGMA legacy_alter_table=OFF", ok ? err : NULL) && db_exec(s, "PRAGMA foreign_keys=ON", ok ? err : NULL) && ok;
}

/* ------------------------------------------------------------------ define */

enum { NAME_MAX_BYTES = 60 };

typedef struct { const char *p; size_t n; } span;

static span trimmed(const char *p, size_t n) {
  while (n && (*p == ' ' || *p == '\t')) p++, n--;
  while (n && (p[n - 1] == ' ' || p[n - 1] == '\t')) n--;
  return (span){p, n};
}

static bool bad_name(const char *spec, size_t n, const char *why, mk_err *err) {
  mk_fail(err, MK_SYNTAX, "'%S' does not define a column: %s", spec, n, why);
  mk_hint(err, "hint: write it as 'name: type | other name | other name', for example 'officer: text | cán bộ'");
  return false;
}

static bool good_name(span name) {
  if (name.n == 0 || name.n > NAME_MAX_BYTES) return false;
  for (size_t i = 0; i < name.n; i++)
    if ((unsigned char)name.p[i] < ' ' || strchr("\"'`|:=<>()[]{},;", name.p[i])) return false;
  return name.p[0] < '0' || name.p[0] > '9';
}

static bool find_type(span name, mk_type *out, mk_err *err) {
  static const char *const names[] = {"text", "int", "decimal", "date", "bool", "phase", "unit"};
  static const char *const aliases[] = {"chữ|string",  "số nguyên|integer|number", "số|numeric", "ngày",
                                        "có/không|boolean", "giai đoạn", "đơn vị"};
  int i = mk_name_find(name.p, name.n, names, aliases, sizeof names / sizeof names[0], "column type", err);
  if (i >= 0) *out = ddl_type_find(names[i], strlen(names[i]));
  return i >= 0;
}

/* Splits "name: type | alias | alias"; aliases keep their bars, NFC. */
static bool parse_spec(const char *spec, size_t n, mk_buf *name, mk_type *type, mk_buf *aliases, mk_err *err) {
  const char *colon = memchr(spec, ':', n);
  if (!colon) return bad_name(spec, n, "there is no ':' between name and type", err);
  span left = trimmed(spec, (size_t)(colon - spec));
  const char *rest = colon + 1, *end = spec + n, *bar = memchr(rest, '|', (size_t)(end - rest));
  span kind = trimmed(rest, (size_t)((bar ? bar : end) - rest));
  if (!good_name(left)) return bad_name(spec, n, "the name is empty, too long, begins with a digit or holds a sign", err);
  if (!find_type(kind, type, err) || !mk_nfc(name, left.p, left.n, err)) return false;
  while (bar) {
    const char *from = bar + 1;
    bar = memchr(from, '|', (size_t)(end - from));
    span alias = trimmed(from, (size_t)((bar ? bar : end) - from));
    if (!good_name(alias)) return bad_name(spec, n, "another name is empty, too long, begins with a digit or holds a sign", err);
    if (aliases->n) mk_putc(aliases, '|');
    if (!mk_nfc(aliases, alias.p, alias.n, err)) return false;
  }
  return mk_buf_ok(name, err) && mk_buf_ok(aliases, err);
}

/* Names are compared as people do: a name that folds to one in use would hide it. */
static bool same_key(mk_mem *mem, span a, span b, bool *same, mk_err *err) {
  mk_buf x, y;
  mk_buf_init(&x, mem);
  mk_buf_init(&y, mem);
  bool ok = mk_key(&x, a.p, a.n, 1, err) && mk_key(&y, b.p, b.n, 1, err) && mk_buf_ok(&x, err) && mk_buf_ok(&y, err);
  *same = ok && x.n == y.n && (x.n == 0 || memcmp(x.p, y.p, x.n) == 0);
  mk_buf_clear(&x);
  mk_buf_clear(&y);
  return ok;
}

static bool name_free(mk_store *s, const mk_table_def *t, span name, mk_err *err) {
  static const char *const reserved[] = {"ledger", "rowid", "oid", "_rowid_"};
  bool same = false;
  for (size_t i = 0; i < sizeof reserved / sizeof reserved[0]; i++) {
    if (!same_key(&s->mem, name, (span){reserved[i], strlen(reserved[i])}, &same, err)) return false;
    if (same) return mk_fail(err, MK_DUPLICATE, "'%S' is a name the store keeps for itself", name.p, name.n);
  }
  for (size_t i = 0; i < t->count; i++) {
    const char *p = t->columns[i].name, *next = t->columns[i].aliases;
    while (p) {
      size_t n = strcspn(p, "|");
      if (!same_key(&s->mem, name, (span){p, n}, &same, err)) return false;
      if (same) return mk_fail(err, MK_DUPLICATE, "'%S' already names the column %s of %s", name.p, name.n, t->columns[i].name, t->name);
      p = p[n] ? p + n + 1 : next;
      if (p == next) next = NULL;
    }
  }
  return true;
}

static bool names_free(mk_store *s, const mk_table_def *t, const mk_buf *name, const mk_buf *aliases, mk_err *err) {
  if (!name_free(s, t, (span){name->p, name->n}, err)) return false;
  for (size_t at = 0; at < aliases->n;) {
    const char *p = aliases->p + at, *bar = memchr(p, '|', aliases->n - at);
    size_t n = bar ? (size_t)(bar - p) : aliases->n - at;
    if (!name_free(s, t, (span){p, n}, err)) return false;
    at += n + 1;
  }
  return true;
}

static bool record_column(mk_store *s, const mk_table_def *t, const mk_buf *name, mk_type type, const mk_buf *aliases, mk_err *err) {
  static const char sql[] = "INSERT INTO user_columns (tab, name, type, aliases) VALUES (?1, ?2, ?3, ?4)";
  const char *type_name = ddl_type_name(type);
  sqlite3_stmt *st = db_prepare(s, sql, sizeof sql - 1, err);
  if (!st) return false;
  bool ok = db_bind_text(s, st, 1, t->name, strlen(t->name), err) && db_bind_text(s, st, 2, name->p, name->n, err) &&
            db_bind_text(s, st, 3, type_name, strlen(type_name), err) &&
            (aliases->n == 0 || db_bind_text(s, st, 4, aliases->p, aliases->n, err)) && db_step(s, st, "defining", err) == 0;
  db_finalize(s, st);
  return ok;
}

static bool add_column(mk_store *s, const mk_table_def *t, mk_buf *name, mk_type type, const mk_buf *aliases, mk_err *err) {
  mk_column column = {mk_cstr(name), type, MK_C_USER, NULL, NULL};
  mk_buf sql;
  for (size_t i = 0; i < t->count; i++) {
    if (strcmp(t->columns[i].name, column.name) != 0) continue;
    if ((t->columns[i].flags & MK_C_USER) && t->columns[i].type == type) return true;
    return mk_fail(err, MK_DUPLICATE, "%s already has a column '%s' (%s)", t->name, column.name, ddl_type_name(t->columns[i].type));
  }
  if (t->count + 2 > MK_COLUMNS_MAX) return mk_fail(err, MK_LIMIT, "%s cannot have more than %d columns", t->name, MK_COLUMNS_MAX - 1);
  if (!names_free(s, t, name, aliases, err)) return false;
  mk_buf_init(&sql, &s->mem);
  mk_putf(&sql, "ALTER TABLE main.\"%s\" ADD COLUMN ", t->name);
  ddl_column(&sql, &column);
  bool ok = record_column(s, t, name, type, aliases, err) && db_exec_buf(s, &sql, err);
  mk_buf_clear(&sql);
  return ok;
}

static bool define_one(mk_store *s, size_t table, schema *x, const char *spec, size_t n, mk_err *err) {
  mk_buf name, aliases;
  mk_type type = MK_T_TEXT;
  mk_buf_init(&name, &s->mem);
  mk_buf_init(&aliases, &s->mem);
  bool ok = mk_utf8_require(spec, n, "a column definition", err) && parse_spec(spec, n, &name, &type, &aliases, err) &&
            add_column(s, &x->tables[table], &name, type, &aliases, err);
  mk_buf_clear(&name);
  mk_buf_clear(&aliases);
  ddl_free_schema(x);
  return ok && ddl_read_schema(s, x, err);
}

/* The history triggers list the columns, so they are made anew. */
static bool renew_triggers(mk_store *s, const mk_table_def *t, mk_err *err) {
  static const char *const suffixes[] = {"_insert", "_update", "_delete", "_place", "_move"};
  mk_buf b;
  bool ok = true;
  mk_buf_init(&b, &s->mem);
  for (size_t i = 0; ok && i < 5; i++) {
    mk_putf(&b, "DROP TRIGGER IF EXISTS \"%s%s\"", t->name, suffixes[i]);
    ok = db_exec_buf(s, &b, err);
  }
  if (ok) ddl_triggers(&b, t);
  ok = ok && ddl_run(s, &b, err);
  mk_buf_clear(&b);
  return ok;
}

bool mk_store_define(mk_store *s, size_t table, const char *const *specs, const size_t *sizes, size_t count, mk_err *err) {
  schema x = {0};
  if (s->users) return mk_fail(err, MK_BUSY, "columns cannot be defined while the store is being used");
  if (s->depth) return mk_fail(err, MK_BUSY, "columns cannot be defined inside a transaction");
  if (!db_begin_write(s, err)) return false;
  s->setup++;
  bool ok = sealed_drop_tables(s, err) && ddl_read_schema(s, &x, err);
  for (size_t i = 0; ok && i < count; i++) ok = define_one(s, table, &x, specs[i], sizes[i], err);
  ok = ok && renew_triggers(s, &x.tables[table], err);
  if (!ok) mk_store_rollback(s);
  ok = ok && mk_store_commit(s, err);
  s->setup--; /* rows are not sealed by this commit: tables in temp would be made with the columns there were */
  if (ok) ddl_take_schema(s, &x);
  ddl_free_schema(&x);
  return ok;
}
