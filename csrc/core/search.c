/* search.c: full-text search over the text columns of one table. The index is a temporary FTS5 table over a temporary view
 * of the rows, made when a table is first searched and made anew when the table's counter or its columns changed since; so
 * it works in a store that can only be read, and leaves nothing in the file. What it was made from stands in a temporary
 * table too, so that a transaction that is undone takes index and knowledge of it back together.
 *
 *   temp.mk_search (tab, columns, n)     temp.mk_search_T_text (id, c0, c1, ...)     temp.mk_search_T (c0, c1, ...)
 *
 * A search is one reading transaction from the look at the counter to the last hit, and then holds its hits itself.
 * May include: sealed.h. */
#include "sealed.h"

#include <string.h>

enum { SHOWN_MAX = 90, TERMS_MAX = 64, QUERY_SIZE_MAX = 4096 };

/* A hit is keys + 1 cells: those of the key and the text. */
typedef struct { int64_t row; size_t column; } found;

struct mk_search {
  mk_store *s;
  size_t table, keys, shown[SHOWN_MAX], count; /* count columns are searched */
  mk_buf text;   /* what the cells hold */
  mk_buf cells;  /* cell[] */
  mk_buf hits;   /* found[] */
};

/* ------------------------------------------------------------------ the query */

typedef struct {
  const char *s;
  size_t n, at, terms;
  mk_buf wanted, unwanted; /* of the alternative being read, as expressions of FTS5 */
  mk_buf out;
  mk_err *err;
} query;

static bool bad(query *q, size_t at, size_t len, const char *what, const char *hint) {
  mk_fail(q->err, MK_SYNTAX, "the search: %s", what);
  mk_at(q->err, 1, at + 1, len);
  mk_caret(q->err, q->s, q->n, at + 1, len);
  mk_hint(q->err, "hint: %s", hint);
  return false;
}

static bool blank(char c) { return (unsigned char)c <= ' '; }

static void put_term(mk_buf *to, const char *word, const char *s, size_t n, bool prefix) {
  if (to->n) mk_puts(to, word);
  mk_putc(to, '"');
  for (size_t i = 0; i < n; i++) mk_putc(to, blank(s[i]) ? ' ' : s[i]);
  mk_puts(to, prefix ? "\" *" : "\"");
}

/* A word or a phrase, with '-' before and '*' after it. One that holds nothing to look up, such as a dash, is passed over. */
static bool read_term(query *q) {
  size_t from = q->at, first, n;
  bool unwanted = q->s[q->at] == '-' && q->at + 1 < q->n && !blank(q->s[q->at + 1]);
  if (unwanted) q->at++;
  if (q->s[q->at] == '"') {
    size_t open = q->at++;
    first = q->at;
    while (q->at < q->n && q->s[q->at] != '"') q->at++;
    if (q->at == q->n) return bad(q, open, 1, "a phrase begins here and does not end", "close it with '\"'");
    n = q->at++ - first;
  } else {
    first = q->at;
    while (q->at < q->n && !blank(q->s[q->at]) && !memchr("\"|*", q->s[q->at], 3)) q->at++;
    n = q->at - first;
  }
  bool prefix = q->at < q->n && q->s[q->at] == '*', words = fts_has_word(q->s + first, n);
  if (prefix) {
    size_t star = q->at++;
    if (!words || (q->at < q->n && !blank(q->s[q->at]) && q->s[q->at] != '|'))
      return bad(q, star, 1, "'*' stands only at the end of a word", "đường* finds every word that begins so");
  }
  if (!words) return true;
  if (++q->terms > TERMS_MAX)
    return mk_fail(q->err, MK_LIMIT, "a search has at most %d words and phrases", (int)TERMS_MAX);
  if (unwanted) put_term(&q->unwanted, " OR ", q->s + first, n, prefix);
  else put_term(&q->wanted, " AND ", q->s + first, n, prefix);
  return mk_buf_ok(&q->wanted, q->err) && mk_buf_ok(&q->unwanted, q->err) && q->at > from;
}

static bool end_alternative(query *q, size_t from) {
  size_t len = q->at > from ? q->at - from : 1;
  if (!q->wanted.n)
    return bad(q, from, len, q->unwanted.n ? "it says only what is not wanted" : "there is no word here",
               "write a word or a \"phrase\" to look for");
  if (q->out.n) mk_puts(&q->out, " OR ");
  if (q->unwanted.n) mk_putf(&q->out, "((%S) NOT (%S))", q->wanted.p, q->wanted.n, q->unwanted.p, q->unwanted.n);
  else mk_putf(&q->out, "(%S)", q->wanted.p, q->wanted.n);
  q->wanted.n = q->unwanted.n = 0;
  return mk_buf_ok(&q->out, q->err);
}

static bool read_query(query *q) {
  size_t from = 0;
  while (q->at < q->n) {
    char c = q->s[q->at];
    if (blank(c)) {
      q->at++;
    } else if (c == '|') {
      if (!end_alternative(q, from)) return false;
      from = ++q->at;
    } else if (!read_term(q)) {
      return false;
    }
  }
  return end_alternative(q, from);
}

/* Appends the query in the words of FTS5: terms quoted, so that nothing in them is an operator. */
static bool translate(mk_store *s, const char *text, size_t n, mk_buf *out, mk_err *err) {
  query q = {.s = text, .n = n, .err = err};
  if (n > QUERY_SIZE_MAX) return mk_fail(err, MK_LIMIT, "a search has at most %d bytes", (int)QUERY_SIZE_MAX);
  mk_buf_init(&q.wanted, &s->mem);
  mk_buf_init(&q.unwanted, &s->mem);
  mk_buf_init(&q.out, &s->mem);
  bool ok = read_query(&q);
  if (ok) mk_put(out, q.out.p, q.out.n);
  mk_buf_clear(&q.wanted);
  mk_buf_clear(&q.unwanted);
  mk_buf_clear(&q.out);
  return ok && mk_buf_ok(out, err);
}

/* ------------------------------------------------------------------ the index */

static bool is_text(const mk_column *c) { return c->type == MK_T_TEXT && !(c->flags & MK_C_HIDDEN); }

/* Place of a column in the index. */
static size_t index_place(const mk_table_def *t, size_t column) {
  size_t k = 0;
  for (size_t i = 0; i < column; i++) k += is_text(&t->columns[i]);
  return k;
}

static bool make(mk_store *s, mk_buf *sql, mk_err *err) {
  s->setup++;
  bool ok = db_exec_buf(s, sql, err);
  s->setup--;
  return ok;
}

static bool make_index(mk_store *s, const mk_table_def *t, mk_err *err) {
  mk_buf sql;
  size_t k = 0;
  mk_buf_init(&sql, &s->mem);
  mk_putf(&sql, "DROP TABLE IF EXISTS temp.\"mk_search_%s\"", t->name);
  bool ok = make(s, &sql, err);
  mk_putf(&sql, "DROP VIEW IF EXISTS temp.\"mk_search_%s_text\"", t->name);
  ok = ok && make(s, &sql, err);
  mk_putf(&sql, "CREATE TEMP VIEW \"mk_search_%s_text\" AS SELECT rowid AS id", t->name);
  for (size_t i = 0; i < t->count; i++) {
    if (!is_text(&t->columns[i])) continue;
    mk_puts(&sql, ", ");
    db_quote(&sql, t->columns[i].name, '"');
    mk_putf(&sql, " AS c%z", k++);
  }
  if (sealed_shows(s, t)) {
    mk_putf(&sql, " FROM temp.\"mk_sealed_%s\" UNION ALL SELECT rowid", t->name);
    for (size_t i = 0; i < t->count; i++) {
      if (!is_text(&t->columns[i])) continue;
      mk_puts(&sql, ", ");
      db_quote(&sql, t->columns[i].name, '"');
    }
  }
  mk_putf(&sql, " FROM main.\"%s\"", t->name);
  ok = ok && make(s, &sql, err);
  mk_putf(&sql, "CREATE VIRTUAL TABLE temp.\"mk_search_%s\" USING fts5(", t->name);
  for (size_t i = 0; i < k; i++) mk_putf(&sql, "c%z, ", i);
  mk_putf(&sql, "content='mk_search_%s_text', content_rowid='id', tokenize='vietnamese')", t->name);
  ok = ok && make(s, &sql, err);
  mk_buf_clear(&sql);
  return ok;
}

static void put_column_names(mk_buf *b, const mk_table_def *t) {
  for (size_t i = 0; i < t->count; i++)
    if (is_text(&t->columns[i])) mk_putf(b, "%s\n", t->columns[i].name);
}

/* Whether the index was made from these columns, and from the rows as they are: also cases may hide rows. */
typedef struct { bool columns, rows; } freshness;

static bool look(mk_store *s, const mk_table_def *t, const mk_buf *columns, freshness *is, mk_err *err) {
  static const char sql[] = "SELECT m.columns = ?2, m.n = (SELECT sum(n) FROM main.counters WHERE tab IN (?1, 'cases')) "
                            "FROM temp.mk_search AS m WHERE m.tab = ?1";
  sqlite3_stmt *st = db_prepare(s, sql, sizeof sql - 1, err);
  *is = (freshness){false, false};
  if (!st) return false;
  bool ok = db_bind_text(s, st, 1, t->name, strlen(t->name), err) && db_bind_text(s, st, 2, columns->p, columns->n, err);
  int step = ok ? db_step(s, st, "searching", err) : -1;
  if (step == 1) *is = (freshness){sqlite3_column_int(st, 0) == 1, sqlite3_column_int(st, 1) == 1};
  db_finalize(s, st);
  return step >= 0;
}

static bool note(mk_store *s, const mk_table_def *t, const mk_buf *columns, mk_err *err) {
  static const char sql[] = "REPLACE INTO temp.mk_search (tab, columns, n) "
                            "VALUES (?1, ?2, (SELECT sum(n) FROM main.counters WHERE tab IN (?1, 'cases')))";
  sqlite3_stmt *st = db_prepare(s, sql, sizeof sql - 1, err);
  if (!st) return false;
  bool ok = db_bind_text(s, st, 1, t->name, strlen(t->name), err) && db_bind_text(s, st, 2, columns->p, columns->n, err) &&
            db_step(s, st, "searching", err) == 0;
  db_finalize(s, st);
  return ok;
}

/* Reads all rows anew. FTS5 does not rebuild from virtual tables, so sealed rows are put in. */
static bool fill_index(mk_store *s, const mk_table_def *t, mk_err *err) {
  bool sealed = sealed_shows(s, t);
  mk_buf sql;
  mk_buf_init(&sql, &s->mem);
  mk_putf(&sql, "INSERT INTO temp.\"mk_search_%s\" (\"mk_search_%s\") VALUES ('%s')", t->name, t->name, sealed ? "delete-all" : "rebuild");
  bool ok = db_exec_buf(s, &sql, err);
  if (sealed) {
    mk_putf(&sql, "INSERT INTO temp.\"mk_search_%s\" (rowid", t->name);
    for (size_t i = 0, n = index_place(t, t->count); i < n; i++) mk_putf(&sql, ", c%z", i);
    mk_putf(&sql, ") SELECT * FROM temp.\"mk_search_%s_text\"", t->name);
    ok = ok && db_exec_buf(s, &sql, err);
  }
  mk_buf_clear(&sql);
  return ok;
}

static bool refresh(mk_store *s, const mk_table_def *t, mk_err *err) {
  mk_buf sql, columns;
  freshness is;
  mk_buf_init(&sql, &s->mem);
  mk_buf_init(&columns, &s->mem);
  put_column_names(&columns, t);
  if (sealed_shows(s, t)) mk_puts(&columns, "sealed\n");
  mk_puts(&sql, "CREATE TEMP TABLE IF NOT EXISTS mk_search (tab TEXT PRIMARY KEY, columns TEXT NOT NULL, n INTEGER)");
  bool ok = mk_buf_ok(&columns, err) && make(s, &sql, err) && look(s, t, &columns, &is, err);
  if (ok && !(is.columns && is.rows)) {
    ok = is.columns || make_index(s, t, err);
    ok = ok && fill_index(s, t, err) && note(s, t, &columns, err);
  }
  mk_buf_clear(&sql);
  mk_buf_clear(&columns);
  return ok;
}

/* ------------------------------------------------------------------ searching */

static bool choose(mk_search *q, const mk_table_def *t, const size_t *columns, size_t count, mk_err *err) {
  for (size_t i = 0; i < (columns ? count : t->count); i++) {
    size_t c = columns ? columns[i] : i;
    if (!is_text(&t->columns[c])) {
      if (columns) return mk_fail(err, MK_TYPE, "%s.%s holds no text to search", t->name, t->columns[c].name);
      continue;
    }
    bool twice = false;
    for (size_t k = 0; k < q->count; k++) twice = twice || q->shown[k] == c;
    if (twice) continue;
    if (q->count == SHOWN_MAX) {
      mk_fail(err, MK_LIMIT, "at most %d columns are searched at a time", (int)SHOWN_MAX);
      mk_hint(err, "hint: name those to search, store:search(\"%s\", query, {columns = {...}})", t->name);
      return false;
    }
    q->shown[q->count++] = c;
  }
  return q->count > 0 || mk_fail(err, MK_NAME, "%s has no column of text to search", t->name);
}

/* The rows that were found, by their number: plain ones, or also sealed ones with numbers below zero. */
static void put_rows(mk_buf *sql, const mk_search *q, const mk_table_def *t) {
  if (!sealed_shows(q->s, t)) {
    mk_putf(sql, "main.\"%s\"", t->name);
    return;
  }
  static const char *const from[] = {"temp.\"mk_sealed_", " UNION ALL SELECT ", "main.\""};
  mk_puts(sql, "(SELECT ");
  for (int k = 0; k < 2; k++) {
    if (k) mk_puts(sql, from[1]);
    mk_puts(sql, "rowid AS id");
    for (size_t i = 0; i < q->keys; i++) {
      mk_puts(sql, ", ");
      db_quote(sql, t->columns[i].name, '"');
    }
    mk_putf(sql, " FROM %s%s\"", from[k * 2], t->name);
  }
  mk_putc(sql, ')');
}

static void put_select(mk_buf *sql, const mk_search *q, const mk_table_def *t) {
  const char *id = sealed_shows(q->s, t) ? "t.id" : "t.rowid";
  mk_putf(sql, "SELECT %s", id);
  for (size_t i = 0; i < q->keys; i++) {
    mk_puts(sql, ", t.");
    db_quote(sql, t->columns[i].name, '"');
  }
  for (size_t i = 0; i < q->count; i++)
    mk_putf(sql, ", mk_marks(\"mk_search_%s\", %z, ?2, ?3)", t->name, index_place(t, q->shown[i]));
  mk_putf(sql, " FROM temp.\"mk_search_%s\" CROSS JOIN ", t->name);
  put_rows(sql, q, t);
  mk_putf(sql, " AS t ON %s = \"mk_search_%s\".rowid ", id, t->name);
  mk_putf(sql, "WHERE \"mk_search_%s\" MATCH ?1 ORDER BY ", t->name);
  for (size_t i = 0; i < q->keys; i++) {
    mk_puts(sql, "t.");
    db_quote(sql, t->columns[i].name, '"');
    mk_puts(sql, t->columns[i].type == MK_T_INT ? ", " : " COLLATE VI, ");
  }
  mk_puts(sql, id);
}

/* The query with the columns it looks at, in the words of FTS5. */
static bool put_match(mk_search *q, const mk_table_def *t, const char *text, size_t n, mk_buf *match, mk_err *err) {
  mk_putc(match, '{');
  for (size_t i = 0; i < q->count; i++) mk_putf(match, "%sc%z", i ? " " : "", index_place(t, q->shown[i]));
  mk_puts(match, "} : (");
  if (!translate(q->s, text, n, match, err)) return false;
  mk_putc(match, ')');
  return mk_buf_ok(match, err);
}

/* Keeps cell i of the row. */
static bool keep(mk_search *q, sqlite3_stmt *st, int i, mk_err *err) {
  int type = sqlite3_column_type(st, i);
  cell c = {.kind = CELL_MISSING};
  if (type == SQLITE_INTEGER) {
    c = (cell){.kind = CELL_INT, .i = sqlite3_column_int64(st, i)};
  } else if (type != SQLITE_NULL) {
    const char *p = (const char *)sqlite3_column_text(st, i);
    c = (cell){.kind = CELL_MISSING, .n = (uint32_t)sqlite3_column_bytes(st, i), .at = q->text.n};
    if (!p) return mk_fail(err, MK_MEMORY, "searching: out of memory");
    if (c.n) c.kind = CELL_TEXT;
    mk_put(&q->text, p, c.n);
  }
  mk_put(&q->cells, (const char *)&c, sizeof c);
  return mk_buf_ok(&q->text, err) && mk_buf_ok(&q->cells, err);
}

/* Keeps what the row has to show: its columns with hits. */
static bool keep_row(mk_search *q, sqlite3_stmt *st, size_t limit, mk_err *err) {
  for (size_t k = 0; k < q->count && mk_search_count(q) < limit; k++) {
    int at = (int)(1 + q->keys + k);
    if (sqlite3_column_type(st, at) == SQLITE_NULL) continue;
    found f = {sqlite3_column_int64(st, 0), q->shown[k]};
    for (size_t i = 0; i < q->keys; i++)
      if (!keep(q, st, (int)i + 1, err)) return false;
    if (!keep(q, st, at, err)) return false;
    mk_put(&q->hits, (const char *)&f, sizeof f);
    if (!mk_buf_ok(&q->hits, err)) return false;
  }
  return true;
}

static bool collect(mk_search *q, const mk_buf *match, const mk_buf *sql, const mk_search_opts *o, mk_err *err) {
  mk_store *s = q->s;
  size_t limit = o->limit ? o->limit : SIZE_MAX;
  sqlite3_stmt *st = db_prepare(s, sql->p, sql->n, err);
  if (!st) return false;
  bool ok = db_bind_text(s, st, 1, match->p, match->n, err);
  if (o->open) ok = ok && db_bind_text(s, st, 2, o->open, strlen(o->open), err);
  if (o->close) ok = ok && db_bind_text(s, st, 3, o->close, strlen(o->close), err);
  int step = ok ? 1 : -1;
  while (step == 1 && mk_search_count(q) < limit && (step = db_step(s, st, "searching", err)) == 1)
    if (!keep_row(q, st, limit, err)) step = -1;
  db_finalize(s, st);
  return step >= 0;
}

static bool run(mk_search *q, const char *text, size_t n, const mk_search_opts *o, mk_err *err) {
  mk_store *s = q->s;
  const mk_table_def *t = &s->schema.tables[q->table];
  mk_buf match, sql;
  mk_buf_init(&match, &s->mem);
  mk_buf_init(&sql, &s->mem);
  bool ok = choose(q, t, o->columns, o->count, err);
  ok = ok && put_match(q, t, text, n, &match, err) && db_begin_read(s, err);
  if (ok) put_select(&sql, q, t);
  if (ok && mk_buf_ok(&sql, err) && refresh(s, t, err) && collect(q, &match, &sql, o, err)) ok = db_end_read(s, err);
  else if (ok) { mk_store_rollback(s); ok = false; }
  mk_buf_clear(&match);
  mk_buf_clear(&sql);
  return ok;
}

mk_search *mk_search_new(mk_store *s, size_t table, const char *text, size_t n, const mk_search_opts *opts, mk_err *err) {
  static const mk_search_opts none = {0};
  mk_err own = {0};
  if (!err) err = &own;
  if (!mk_store_usable(s, err)) return NULL;
  if (!s->fts) {
    mk_fail(err, MK_MISSING, "this SQLite library was built without FTS5, by which text is searched");
    return NULL;
  }
  mk_search *q = mk_zalloc(&s->mem, sizeof *q, err);
  if (!q) return NULL;
  s->users++;
  q->s = s;
  q->table = table;
  q->keys = mk_table_keys(&s->schema.tables[table]);
  mk_buf_init(&q->text, &s->mem);
  mk_buf_init(&q->cells, &s->mem);
  mk_buf_init(&q->hits, &s->mem);
  if (run(q, text, n, opts ? opts : &none, err)) return q;
  mk_search_free(q);
  return NULL;
}

void mk_search_free(mk_search *q) {
  if (!q) return;
  mk_store *s = q->s;
  mk_buf_clear(&q->text);
  mk_buf_clear(&q->cells);
  mk_buf_clear(&q->hits);
  mk_free(&s->mem, q, sizeof *q);
  s->users--;
}

size_t mk_search_count(const mk_search *q) { return q->hits.n / sizeof(found); }

/* Cell k of hit i. */
static mk_value value_of(const mk_search *q, size_t i, size_t k) {
  const cell *c = (const cell *)(const void *)q->cells.p + i * (q->keys + 1) + k;
  mk_value v = {.type = c->kind == CELL_INT ? MK_T_INT : c->kind == CELL_TEXT ? MK_T_TEXT : MK_T_MISSING, .i = c->i};
  if (c->kind == CELL_TEXT) {
    v.s = q->text.p + c->at;
    v.n = c->n;
  }
  return v;
}

mk_value mk_search_key(const mk_search *q, size_t i, size_t key) { return value_of(q, i, key); }

mk_hit mk_search_get(const mk_search *q, size_t i) {
  found f;
  mk_value v = value_of(q, i, q->keys);
  memcpy(&f, q->hits.p + i * sizeof f, sizeof f);
  return (mk_hit){f.row, f.column, v.s, v.n};
}
