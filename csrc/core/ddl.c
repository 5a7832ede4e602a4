/* ddl.c: the schema of a store as text, computed from mk_tables and the user's columns. The same text creates a store and
 * is what the file must hold to be opened. may include: sealed.h.
 *
 *   meta (name, value)                      user_columns (tab, name, type, aliases): in the order they were defined
 *   counters (tab, n): grows by one with each row inserted, updated or deleted, by whichever program
 *   blocks, segments: columns of large tables, kept beside the rows; see engine.h. Or in their place, and unsealed; see seal.h
 *   history (rev, tab, key, op, at, who, before): the row that was replaced or deleted; key a JSON array, before a JSON object
 *     of every column; nothing in it is newer than SQLite 3.37, so that other programs can edit the file
 *   replaced, replaced_more: views that triggers insert such a row into, FIRST of its columns and then MORE at a time; what
 *     writes the history stands there once, because SQLite reads the text of every trigger whenever a store is opened
 */
#include "sealed.h"

#include <string.h>

enum { FIRST = 16, MORE = 8 };

static const struct { const char *name; mk_type type; } type_names[] = {
    {"text", MK_T_TEXT}, {"int", MK_T_INT},   {"decimal", MK_T_DECIMAL}, {"date", MK_T_DATE},
    {"bool", MK_T_BOOL}, {"phase", MK_T_PHASE}, {"unit", MK_T_UNIT}};

const char *ddl_type_name(mk_type t) {
  for (size_t i = 0; i < sizeof type_names / sizeof type_names[0]; i++)
    if (type_names[i].type == t) return type_names[i].name;
  return "text";
}

mk_type ddl_type_find(const char *p, size_t n) {
  for (size_t i = 0; i < sizeof type_names / sizeof type_names[0]; i++)
    if (strlen(type_names[i].name) == n && memcmp(type_names[i].name, p, n) == 0) return type_names[i].type;
  return MK_T_MISSING;
}

size_t mk_table_keys(const mk_table_def *t) {
  size_t k = 0;
  while (k < t->count && (t->columns[k].flags & MK_C_KEY)) k++;
  return k;
}

/* ------------------------------------------------------------------ texts */

static void object(mk_buf *b, const char *type, const char *name, const char *suffix) {
  mk_put(b, type, strlen(type) + 1);
  mk_puts(b, name);
  mk_put(b, suffix, strlen(suffix) + 1);
}

static void end_object(mk_buf *b) { mk_putc(b, '\0'); }

void ddl_column(mk_buf *b, const mk_column *c) {
  bool number = c->type == MK_T_INT || c->type == MK_T_BOOL;
  db_quote(b, c->name, '"');
  mk_puts(b, number ? " INTEGER" : " TEXT");
  if (c->flags & (MK_C_KEY | MK_C_REQUIRED)) mk_puts(b, " NOT NULL");
  if ((c->flags & MK_C_KEY) && !(c->flags & MK_C_REQUIRED)) mk_puts(b, " DEFAULT ''");
  if (c->type == MK_T_BOOL) {
    mk_puts(b, " CHECK (");
    db_quote(b, c->name, '"');
    mk_puts(b, " IN (0, 1))");
  }
}

/* "a", "b" of the first n columns, each after prefix. */
static void column_list(mk_buf *b, const mk_table_def *t, size_t n, const char *prefix) {
  for (size_t i = 0; i < n; i++) {
    if (i) mk_puts(b, ", ");
    mk_puts(b, prefix);
    db_quote(b, t->columns[i].name, '"');
  }
}

/* The user's columns follow `ledger`, where ALTER TABLE ADD COLUMN puts them, with this very text. */
static void table_text(mk_buf *b, const mk_table_def *t) {
  bool ledger = false;
  mk_puts(b, "CREATE TABLE ");
  db_quote(b, t->name, '"');
  mk_puts(b, " (");
  for (size_t i = 0; i < t->count; i++) {
    if (i) mk_puts(b, ", ");
    if ((t->columns[i].flags & MK_C_USER) && !ledger) {
      mk_puts(b, "\"ledger\" INTEGER, ");
      ledger = true;
    }
    ddl_column(b, &t->columns[i]);
  }
  if (!ledger) mk_puts(b, ", \"ledger\" INTEGER");
  mk_puts(b, ", PRIMARY KEY (");
  column_list(b, t, mk_table_keys(t), "");
  mk_puts(b, ")");
  if (t->columns[0].link && strcmp(t->columns[0].link, "cases") == 0)
    mk_puts(b, ", FOREIGN KEY (\"case\") REFERENCES \"cases\" (\"case\") ON UPDATE CASCADE");
  mk_puts(b, ") STRICT");
}

static void count_text(mk_buf *b, const char *table) {
  mk_puts(b, "UPDATE \"counters\" SET \"n\" = \"n\" + 1 WHERE \"tab\" = ");
  db_quote(b, table, '\'');
  mk_puts(b, "; ");
}

/* "name1", "cell1" and so on, as the columns of a view. */
static void pair_names(mk_buf *b, int pairs) {
  for (int i = 1; i <= pairs; i++) mk_putf(b, "%sNULL AS \"name%d\", NULL AS \"cell%d\"", i > 1 ? ", " : "", i, i);
}

/* Rows (name, text as JSON, place) of the pairs of NEW that have a name. Written out because SQLite 3.40 takes its own JSON
 * functions in triggers for unsafe, and these must run under trusted_schema=0 everywhere. */
static void pair_rows(mk_buf *b, int pairs) {
  mk_puts(b, "(SELECT column1 AS \"name\", CASE typeof(column2) WHEN 'null' THEN 'null' WHEN 'integer' THEN column2 ELSE '\"' || "
             "replace(replace(replace(replace(replace(column2, '\\', '\\\\'), '\"', '\\\"'), char(9), '\\t'), char(10), '\\n'), "
             "char(13), '\\r') || '\"' END AS \"text\", column3 AS \"place\" FROM (VALUES (NULL, NULL, NULL)");
  /* The first row gives the columns their names, which they would else take from NEW. */
  for (int i = 1; i <= pairs; i++) mk_putf(b, ", (NEW.\"name%d\", NEW.\"cell%d\", %d)", i, i, i);
  mk_puts(b, ") WHERE column1 IS NOT NULL)");
}

static void history_views(mk_buf *b) {
  static const char members[] = "group_concat('\"' || \"name\" || '\":' || \"text\", ',')";
  object(b, "view", "replaced", "");
  mk_puts(b, "CREATE VIEW \"replaced\" AS SELECT NULL AS \"tab\", NULL AS \"op\", NULL AS \"keys\", ");
  pair_names(b, FIRST);
  end_object(b);
  object(b, "view", "replaced_more", "");
  mk_puts(b, "CREATE VIEW \"replaced_more\" AS SELECT ");
  pair_names(b, MORE);
  end_object(b);
  object(b, "trigger", "replaced_insert", "");
  mk_puts(b, "CREATE TRIGGER \"replaced_insert\" INSTEAD OF INSERT ON \"replaced\" BEGIN "
             "INSERT INTO \"history\" (\"tab\", \"key\", \"op\", \"at\", \"before\") SELECT NEW.\"tab\", "
             "'[' || group_concat(CASE WHEN \"place\" <= NEW.\"keys\" THEN \"text\" END, ',') || ']', NEW.\"op\", "
             "strftime('%Y-%m-%dT%H:%M:%SZ', 'now'), ");
  mk_putf(b, "'{' || %s || '}' FROM ", members);
  pair_rows(b, FIRST);
  mk_puts(b, "; UPDATE \"counters\" SET \"n\" = \"n\" + 1 WHERE \"tab\" = NEW.\"tab\"; END");
  end_object(b);
  object(b, "trigger", "replaced_more_insert", "");
  mk_puts(b, "CREATE TRIGGER \"replaced_more_insert\" INSTEAD OF INSERT ON \"replaced_more\" BEGIN "
             "UPDATE \"history\" SET \"before\" = substr(\"before\", 1, length(\"before\") - 1) || ',' || ");
  mk_putf(b, "(SELECT %s FROM ", members);
  pair_rows(b, MORE);
  mk_puts(b, ") || '}' WHERE \"rev\" = (SELECT max(\"rev\") FROM \"history\"); END");
  end_object(b);
}

/* The row OLD with its ledger into the history, and counted. */
static void history_text(mk_buf *b, const mk_table_def *t, const char *op) {
  size_t room = FIRST;
  mk_puts(b, "INSERT INTO \"replaced\" VALUES (");
  db_quote(b, t->name, '\'');
  mk_putf(b, ", '%s', %z", op, mk_table_keys(t));
  for (size_t i = 0; i <= t->count; i++) {
    const char *name = i < t->count ? t->columns[i].name : "ledger";
    if (!room) mk_puts(b, "); INSERT INTO \"replaced_more\" VALUES (");
    else mk_puts(b, ", ");
    room = (room ? room : MORE) - 1;
    db_quote(b, name, '\'');
    mk_puts(b, ", OLD.");
    db_quote(b, name, '"');
  }
  while (room--) mk_puts(b, ", NULL, NULL");
  mk_puts(b, "); ");
}

static void trigger_head(mk_buf *b, const char *table, const char *suffix, const char *when) {
  object(b, "trigger", table, suffix);
  mk_puts(b, "CREATE TRIGGER \"");
  mk_putf(b, "%s%s\" %s ", table, suffix, when);
}

const char *ddl_kept_as(const mk_table_def *t) {
  if (strcmp(t->name, "cases") == 0 || strcmp(t->name, "lines") == 0) return "cases";
  return strcmp(t->name, "persons") == 0 ? "persons" : NULL;
}

void ddl_mark(mk_buf *b, const mk_table_def *t, const char *key) {
  const char *tab = ddl_kept_as(t);
  if (!tab) return;
  mk_putf(b, "DELETE FROM \"blocks\" WHERE \"tab\" = '%s' AND \"high\" = (SELECT min(\"high\") FROM \"blocks\" WHERE \"tab\" = '%s' "
          "AND \"high\" >= %s) AND (\"low\" IS NULL OR \"low\" < %s); ", tab, tab, key, key);
}

/* A row that takes the place of another fires nothing for the one that goes, unless both have one key. */
static void place_triggers(mk_buf *b, const mk_table_def *t) {
  static const char *const suffixes[] = {"_place", "_move"}, *const events[] = {"INSERT", "UPDATE"};
  for (int i = 0; ddl_kept_as(t) && i < 2; i++) {
    trigger_head(b, t->name, suffixes[i], "BEFORE");
    mk_putf(b, "%s ON \"%s\" WHEN %sEXISTS (SELECT 1 FROM \"%s\" WHERE rowid = NEW.rowid) BEGIN DELETE FROM \"blocks\" WHERE \"tab\" = '%s'; ",
            events[i], t->name, i ? "NEW.rowid <> OLD.rowid AND " : "", t->name, ddl_kept_as(t));
    count_text(b, t->name);
    mk_puts(b, "END");
    end_object(b);
  }
}

void ddl_triggers(mk_buf *b, const mk_table_def *t) {
  trigger_head(b, t->name, "_insert", "AFTER");
  mk_putf(b, "INSERT ON \"%s\" BEGIN ", t->name);
  ddl_mark(b, t, "NEW.\"case\"");
  count_text(b, t->name);
  mk_puts(b, "END");
  end_object(b);

  /* Setting only `ledger` fires nothing, so marking a row as checked by a newer ledger is no change. */
  trigger_head(b, t->name, "_update", "AFTER");
  mk_puts(b, "UPDATE OF ");
  column_list(b, t, t->count, "");
  mk_putf(b, " ON \"%s\" BEGIN ", t->name);
  history_text(b, t, "update");
  mk_putf(b, "UPDATE \"%s\" SET \"ledger\" = NULL WHERE rowid = NEW.rowid AND NEW.\"ledger\" = OLD.\"ledger\"; ", t->name);
  ddl_mark(b, t, "OLD.\"case\"");
  ddl_mark(b, t, "NEW.\"case\"");
  mk_puts(b, "END");
  end_object(b);

  trigger_head(b, t->name, "_delete", "AFTER");
  mk_putf(b, "DELETE ON \"%s\" BEGIN ", t->name);
  history_text(b, t, "delete");
  ddl_mark(b, t, "OLD.\"case\"");
  mk_puts(b, "END");
  end_object(b);
  place_triggers(b, t);
}

void ddl_fixed(mk_buf *b) {
  static const char *const texts[][2] = {
      {"meta", "CREATE TABLE \"meta\" (\"name\" TEXT NOT NULL, \"value\" TEXT, PRIMARY KEY (\"name\")) STRICT"},
      {"counters", "CREATE TABLE \"counters\" (\"tab\" TEXT NOT NULL, \"n\" INTEGER NOT NULL, PRIMARY KEY (\"tab\")) STRICT"},
      {"user_columns", "CREATE TABLE \"user_columns\" (\"tab\" TEXT NOT NULL, \"name\" TEXT NOT NULL, \"type\" TEXT NOT NULL, "
                       "\"aliases\" TEXT, PRIMARY KEY (\"tab\", \"name\")) STRICT"},
      {"history", "CREATE TABLE \"history\" (\"rev\" INTEGER NOT NULL, \"tab\" TEXT NOT NULL, \"key\" TEXT NOT NULL, "
                  "\"op\" TEXT NOT NULL, \"at\" TEXT NOT NULL, \"who\" TEXT, \"before\" TEXT NOT NULL, "
                  "PRIMARY KEY (\"rev\")) STRICT"},
      {"blocks", "CREATE TABLE \"blocks\" (\"id\" INTEGER NOT NULL, \"tab\" TEXT NOT NULL, \"low\" TEXT, \"high\" TEXT NOT NULL, "
                 "\"rows\" INTEGER NOT NULL, \"state\" INTEGER NOT NULL, PRIMARY KEY (\"id\"), UNIQUE (\"tab\", \"high\")) STRICT"},
      {"segments", "CREATE TABLE \"segments\" (\"block\" INTEGER NOT NULL, \"column\" TEXT NOT NULL, \"form\" INTEGER NOT NULL, \"data\" BLOB NOT NULL, "
                   "PRIMARY KEY (\"block\", \"column\", \"form\")) STRICT"},
      {"unsealed", "CREATE TABLE \"unsealed\" (\"case\" TEXT NOT NULL, PRIMARY KEY (\"case\")) STRICT"}};
  for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
    object(b, "table", texts[i][0], "");
    mk_puts(b, texts[i][1]);
    end_object(b);
  }
}

void ddl_objects(mk_buf *b, const schema *x) {
  ddl_fixed(b);
  for (size_t i = 0; i < mk_table_count; i++) {
    object(b, "table", x->tables[i].name, "");
    table_text(b, &x->tables[i]);
    end_object(b);
  }
  object(b, "index", "history_key", "");
  mk_puts(b, "CREATE INDEX \"history_key\" ON \"history\" (\"tab\", \"key\")");
  end_object(b);
  history_views(b);
  for (size_t i = 0; i < mk_table_count; i++) ddl_triggers(b, &x->tables[i]);
}

/* ------------------------------------------------------------------ the columns there are */

/* A cell of user_columns, NUL-ended. Another program may have written it: what is no text is not looked up in. */
static bool read_definition(mk_store *s, sqlite3_stmt *st, int i, mk_buf *text, mk_err *err) {
  const char *p;
  size_t n;
  if (!db_text(s, st, i, &p, &n, err)) return false;
  if (mk_utf8_check(p, n) != n || memchr(p, 0, n))
    return mk_fail(err, MK_FORMAT, "a column definition of '%s' is not valid text", s->path);
  mk_put(text, p, n);
  mk_putc(text, '\0');
  return true;
}

/* Appends "table\0name\0type\0aliases\0" of each user column, in the order of definition. */
static bool read_user_columns(mk_store *s, mk_buf *text, size_t *count, mk_err *err) {
  static const char sql[] = "SELECT tab, name, type, coalesce(aliases, '') FROM user_columns ORDER BY rowid";
  sqlite3_stmt *st = db_prepare(s, sql, sizeof sql - 1, err);
  if (!st) return false;
  int step;
  for (*count = 0; (step = db_step(s, st, "reading the columns", err)) == 1; ++*count)
    for (int i = 0; i < 4; i++)
      if (!read_definition(s, st, i, text, err)) break;
  db_finalize(s, st);
  return step == 0 && mk_buf_ok(text, err);
}

static size_t add_user_columns(mk_column *to, const schema *x, const char *table, size_t count) {
  const char *p = x->text.p;
  size_t k = 0;
  for (size_t i = 0; i < count; i++) {
    const char *tab = p, *name = tab + strlen(tab) + 1, *type = name + strlen(name) + 1, *aliases = type + strlen(type) + 1;
    p = aliases + strlen(aliases) + 1;
    if (strcmp(tab, table) != 0) continue;
    mk_type t = ddl_type_find(type, strlen(type));
    to[k++] = (mk_column){name, t == MK_T_MISSING ? MK_T_TEXT : t, MK_C_USER, *aliases ? aliases : NULL, NULL};
  }
  return k;
}

bool ddl_read_schema(mk_store *s, schema *out, mk_err *err) {
  size_t count = 0, total = 0, at = 0;
  *out = (schema){0};
  mk_buf_init(&out->text, &s->mem);
  if (!read_user_columns(s, &out->text, &count, err)) { ddl_free_schema(out); return false; }
  for (size_t i = 0; i < mk_table_count; i++) total += mk_tables[i].count;
  size_t size = (total + count) * sizeof(mk_column);
  out->columns = mk_alloc(&s->mem, size, err);
  if (!out->columns) { ddl_free_schema(out); return false; }
  out->size = size;
  out->user = count;
  for (size_t i = 0; i < mk_table_count; i++) {
    mk_table_def *t = &out->tables[i];
    *t = mk_tables[i];
    memcpy(out->columns + at, t->columns, t->count * sizeof(mk_column));
    t->columns = out->columns + at;
    t->count += add_user_columns(out->columns + at + t->count, out, t->name, count);
    at += t->count;
  }
  return true;
}

void ddl_free_schema(schema *x) {
  mk_mem *mem = x->text.mem;
  mk_free(mem, x->columns, x->size);
  mk_buf_clear(&x->text);
  *x = (schema){0};
}

void ddl_release(mk_store *s) {
  for (size_t i = 0; i < TABLES_MAX; i++) {
    if (s->insert[i]) db_finalize(s, s->insert[i]);
    if (s->many[i].st) db_finalize(s, s->many[i].st);
    s->insert[i] = s->many[i].st = NULL;
    memset(s->many[i].has, 0, sizeof s->many[i].has);
  }
  if (s->defined) db_finalize(s, s->defined);
  s->defined = NULL;
}

void ddl_take_schema(mk_store *s, schema *x) {
  ddl_release(s);
  ddl_free_schema(&s->schema);
  s->schema = *x;
  s->schemas++;
  *x = (schema){0};
}

/* Columns are never taken back, so their number tells. */
bool ddl_known(mk_store *s, bool *known, mk_err *err) {
  static const char sql[] = "SELECT count(*) FROM main.user_columns";
  if (!s->defined) s->defined = db_prepare(s, sql, sizeof sql - 1, err);
  if (!s->defined) return false;
  bool ok = db_step(s, s->defined, "reading", err) == 1;
  *known = ok && (size_t)sqlite3_column_int64(s->defined, 0) == s->schema.user;
  sqlite3_reset(s->defined);
  return ok;
}

bool mk_store_renew(mk_store *s, mk_err *err) {
  bool known = false;
  schema x = {0};
  if (s->depth || s->users || s->setup) return true;
  if (!ddl_known(s, &known, err)) return false;
  if (known) return true;
  if (!db_begin_read(s, err)) return false;
  s->setup++;
  bool ok = ddl_read_schema(s, &x, err) && sealed_drop_tables(s, err);
  s->setup--;
  if (!ok) mk_store_rollback(s);
  ok = ok && db_end_read(s, err);
  if (ok) ddl_take_schema(s, &x);
  ddl_free_schema(&x);
  return ok;
}

/* ------------------------------------------------------------------ creating and verifying */

bool ddl_run(mk_store *s, const mk_buf *objects, mk_err *err) {
  if (!mk_buf_ok(objects, err)) return false;
  for (const char *p = objects->p, *end = p + objects->n; p < end;) {
    p += strlen(p) + 1;
    p += strlen(p) + 1;
    if (!db_exec(s, p, err)) return false;
    p += strlen(p) + 1;
  }
  return true;
}

bool ddl_fill_counters(mk_store *s, mk_err *err) {
  mk_buf sql;
  bool ok = true;
  mk_buf_init(&sql, &s->mem);
  for (size_t i = 0; ok && i < mk_table_count; i++) {
    mk_putf(&sql, "INSERT OR IGNORE INTO counters (tab, n) VALUES ('%s', 0)", mk_tables[i].name);
    ok = db_exec_buf(s, &sql, err);
  }
  mk_buf_clear(&sql);
  return ok;
}

bool ddl_stamp(mk_store *s, mk_err *err) {
  mk_buf sql;
  mk_buf_init(&sql, &s->mem);
  mk_putf(&sql, "PRAGMA application_id=%d", MK_APPLICATION_ID);
  bool ok = db_exec_buf(s, &sql, err);
  mk_putf(&sql, "PRAGMA user_version=%d", MK_SCHEMA_VERSION);
  ok = ok && db_exec_buf(s, &sql, err);
  mk_buf_clear(&sql);
  return ok;
}

static bool create_all(mk_store *s, mk_err *err) {
  int64_t objects = 0;
  if (!db_int(s, "SELECT count(*) FROM sqlite_schema", &objects, err)) return false;
  if (objects) return true; /* another process was faster */
  schema x = {0};
  mk_buf text;
  mk_buf_init(&text, &s->mem);
  for (size_t i = 0; i < mk_table_count; i++) x.tables[i] = mk_tables[i];
  ddl_objects(&text, &x);
  bool ok = ddl_run(s, &text, err) && ddl_fill_counters(s, err) && ddl_stamp(s, err);
  mk_buf_clear(&text);
  return ok;
}

bool ddl_create(mk_store *s, mk_err *err) {
  if (!db_exec(s, "BEGIN IMMEDIATE", err)) return false;
  if (create_all(s, err) && db_exec(s, "COMMIT", err)) return true;
  db_exec(s, "ROLLBACK", NULL);
  return false;
}

/* The text expected for an object, or NULL; *at: where to begin to look for it, then behind it. */
static const char *find_object(const mk_buf *objects, size_t *at, const char *type, const char *name) {
  for (size_t i = *at, left = objects->n; left;) {
    const char *t = objects->p + i, *nm = t + strlen(t) + 1, *sql = nm + strlen(nm) + 1;
    size_t size = (size_t)(sql - t) + strlen(sql) + 1;
    left -= size;
    i = i + size < objects->n ? i + size : 0;
    if (strcmp(nm, name) != 0 || strcmp(t, type) != 0) continue;
    *at = i;
    return sql;
  }
  return NULL;
}

/* What SQLite keeps for itself: automatic indexes and the statistics of ANALYZE. */
static bool internal(const char *type, const char *name, const char *sql) {
  if (strcmp(type, "index") == 0) return !sql;
  return strcmp(type, "table") == 0 && strncmp(name, "sqlite_stat", 11) == 0;
}

static bool judge(mk_store *s, const mk_buf *objects, size_t *at, sqlite3_stmt *st, size_t *matched, mk_err *err) {
  const char *type, *name, *sql;
  size_t n;
  bool text = sqlite3_column_type(st, 2) != SQLITE_NULL;
  if (!db_text(s, st, 0, &type, &n, err) || !db_text(s, st, 1, &name, &n, err) || !db_text(s, st, 2, &sql, &n, err)) return false;
  if (!*type || !*name) return mk_fail(err, MK_FORMAT, "'%s' has a nameless object in its schema", s->path);
  if (!text) sql = NULL;
  if (internal(type, name, sql)) return true;
  const char *want = find_object(objects, at, type, name);
  if (want && sql && strcmp(want, sql) == 0) { ++*matched; return true; }
  if (want) return mk_fail(err, MK_FORMAT, "%s '%s' of '%s' is not as mekong makes it", type, name, s->path);
  if (s->trust) return true;
  mk_fail(err, MK_FORMAT, "'%s' holds a %s '%s' that mekong did not make", s->path, type, name);
  mk_hint(err, "hint: remove it, or open the store with trust = true to let it be");
  return false;
}

static bool compare(mk_store *s, const mk_buf *objects, mk_err *err) {
  static const char sql[] = "SELECT type, name, sql FROM sqlite_schema ORDER BY rowid";
  size_t matched = 0, expected = 0, at = 0;
  if (!mk_buf_ok(objects, err)) return false;
  sqlite3_stmt *st = db_prepare(s, sql, sizeof sql - 1, err);
  if (!st) return false;
  int step = 0;
  while (!mk_failed(err) && (step = db_step(s, st, "reading the schema", err)) == 1) judge(s, objects, &at, st, &matched, err);
  db_finalize(s, st);
  if (step != 0 || mk_failed(err)) return false;
  for (const char *p = objects->p, *end = p + objects->n; p < end; p += strlen(p) + 1, expected++) p += strlen(p) + 1, p += strlen(p) + 1;
  return matched == expected || mk_fail(err, MK_FORMAT, "'%s' lacks a part of the schema of a mekong store", s->path);
}

/* user_columns is read only when it is the table it should be. */
static bool fixed_there(mk_store *s, mk_err *err) {
  mk_buf fixed;
  int64_t n = 0;
  mk_buf_init(&fixed, &s->mem);
  ddl_fixed(&fixed);
  bool ok = mk_buf_ok(&fixed, err);
  static const char sql[] = "SELECT count(*) FROM sqlite_schema WHERE type = 'table' AND name = 'user_columns' AND sql = ?1";
  sqlite3_stmt *st = ok ? db_prepare(s, sql, sizeof sql - 1, err) : NULL;
  size_t at = 0;
  const char *want = ok ? find_object(&fixed, &at, "table", "user_columns") : NULL;
  if (st && want && db_bind_text(s, st, 1, want, strlen(want), err) && db_step(s, st, "reading the schema", err) == 1)
    n = sqlite3_column_int64(st, 0);
  if (st) db_finalize(s, st);
  mk_buf_clear(&fixed);
  if (mk_failed(err)) return false;
  return n == 1 || mk_fail(err, MK_FORMAT, "'%s' lacks the table user_columns of a mekong store", s->path);
}

bool ddl_verify(mk_store *s, mk_err *err) {
  schema x = {0};
  mk_buf objects;
  if (!fixed_there(s, err) || !ddl_read_schema(s, &x, err)) return false;
  mk_buf_init(&objects, &s->mem);
  ddl_objects(&objects, &x);
  bool ok = compare(s, &objects, err);
  mk_buf_clear(&objects);
  if (ok) ddl_take_schema(s, &x);
  ddl_free_schema(&x);
  return ok;
}
