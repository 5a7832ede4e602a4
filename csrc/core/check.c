/* check.c: whether a store is sound (the file, its links, every cell canonical) and the digest of its content.
 * May include: sealed.h. */
#include "sealed.h"

#include <string.h>

/* ------------------------------------------------------------------ findings */

struct mk_check {
  mk_store *s;
  mk_buf text;  /* NUL-ended strings, five a finding */
  mk_buf at;    /* size_t, where each string begins */
  size_t count;
};

enum { FINDINGS_MAX = 1000, PARTS = 5 };

void mk_check_free(mk_check *c) {
  if (!c) return;
  mk_buf_clear(&c->text);
  mk_buf_clear(&c->at);
  c->s->users--;
  mk_free(&c->s->mem, c, sizeof *c);
}

size_t mk_check_count(const mk_check *c) { return c->count; }

mk_finding mk_check_get(const mk_check *c, size_t i) {
  const size_t *at = (const size_t *)(const void *)c->at.p + i * PARTS;
  const char *p = c->text.p;
  return (mk_finding){p + at[0], p + at[1], p + at[2], p + at[3], p + at[4]};
}

static void part(mk_check *c, const char *p, size_t n) {
  size_t at = c->text.n;
  mk_put(&c->at, (const char *)&at, sizeof at);
  for (size_t i = 0; i < n; i++) mk_putc(&c->text, p[i] ? p[i] : ' ');
  mk_putc(&c->text, '\0');
}

/* The key of the current row, whose first columns are the key. */
static bool key_part(mk_check *c, sqlite3_stmt *st, size_t keys, mk_err *err) {
  size_t at = c->text.n, n;
  mk_put(&c->at, (const char *)&at, sizeof at);
  for (size_t i = 0; i < keys; i++) {
    const char *p;
    if (!db_text(c->s, st, (int)i, &p, &n, err)) return false;
    if (i) mk_putc(&c->text, '/');
    mk_puts(&c->text, p);
  }
  mk_putc(&c->text, '\0');
  return true;
}

static bool finding(mk_check *c, const mk_table_def *t, sqlite3_stmt *st, const char *column, const char *found, size_t n,
                    const char *problem, mk_err *err) {
  part(c, t->name, strlen(t->name));
  if (!key_part(c, st, mk_table_keys(t), err)) return false;
  part(c, column, strlen(column));
  part(c, found, n);
  part(c, problem, strlen(problem));
  c->count++;
  return mk_buf_ok(&c->text, err) && mk_buf_ok(&c->at, err);
}

/* ------------------------------------------------------------------ the file */

static bool file_sound(mk_store *s, mk_err *err) {
  static const char sql[] = "PRAGMA integrity_check(1)";
  s->setup++; /* for the step as well: it prepares anew when another connection has changed the schema */
  sqlite3_stmt *st = db_prepare(s, sql, sizeof sql - 1, err);
  int step = st ? db_step(s, st, "checking", err) : -1;
  s->setup--;
  if (!st) return false;
  const char *said;
  size_t n;
  bool ok = step == 0 || (step == 1 && db_text(s, st, 0, &said, &n, err));
  if (ok && step == 1 && strcmp(said, "ok") != 0) ok = db_damaged(s, said, err);
  db_finalize(s, st);
  return ok;
}

/* ------------------------------------------------------------------ cells and links */

/* "SELECT keys and all columns": the columns of t in order, so that the key comes first. plain: without sealed rows. */
static void select_text(mk_buf *b, const mk_table_def *t, bool plain) {
  mk_puts(b, "SELECT ");
  for (size_t i = 0; i < t->count; i++) {
    if (i) mk_puts(b, ", ");
    db_quote(b, t->columns[i].name, '"');
  }
  mk_putf(b, " FROM %s\"%s\"", plain ? "main." : "", t->name);
}

static void order_text(mk_buf *b, const mk_table_def *t) {
  for (size_t i = 0, n = mk_table_keys(t); i < n; i++) {
    mk_puts(b, i ? ", " : " ORDER BY ");
    db_quote(b, t->columns[i].name, '"');
  }
}

/* Whether a cell is what storing it again would give; else why not, where it would be refused. */
static bool is_canonical(const mk_table_def *t, size_t i, const mk_value *v, mk_buf *scratch, mk_err *why) {
  mk_value out;
  scratch->n = 0;
  if (!mk_record_canonical(t, i, v, scratch, &out, why)) return false;
  if (out.type == MK_T_INT) return v->type == MK_T_INT && out.i == v->i;
  return out.type == MK_T_TEXT && v->type == MK_T_TEXT && out.n == v->n && memcmp(out.s, v->s, v->n) == 0;
}

static bool check_cell(mk_check *c, const mk_table_def *t, sqlite3_stmt *st, size_t i, mk_buf *scratch, mk_err *err) {
  int type = sqlite3_column_type(st, (int)i);
  mk_value v = {.type = MK_T_INT};
  mk_err why = {0};
  if (type == SQLITE_NULL) return true;
  if (type == SQLITE_INTEGER) v.i = sqlite3_column_int64(st, (int)i);
  const char *p;
  size_t n;
  if (!db_text(c->s, st, (int)i, &p, &n, err)) return false;
  if (type != SQLITE_INTEGER) v = (mk_value){.type = MK_T_TEXT, .s = p, .n = n};
  if ((n == 0 && (t->columns[i].flags & MK_C_KEY)) || is_canonical(t, i, &v, scratch, &why)) return true;
  if (why.code == MK_MEMORY) return mk_fail(err, MK_MEMORY, "%s", why.msg);
  return finding(c, t, st, t->columns[i].name, p, n, mk_failed(&why) ? why.msg : "not in canonical form", err);
}

/* Whether the different cells of a column of a sealed block are canonical. 1, 0, -1. */
static int check_segment(const mk_table_def *t, size_t i, const mk_segment *g, mk_buf *scratch, mk_buf *digits, mk_err *err) {
  bool whole = is_whole(t->columns[i].type), good = true;
  mk_err why = {0};
  mk_value v = {.type = MK_T_INT};
  if (g->form == MK_FORM_CODES) {
    const char *p = g->text;
    for (size_t e = 1; good && e < g->entries; p += g->lengths[e - 1], e++) {
      size_t n = g->lengths[e - 1];
      v = whole ? (mk_value){.type = MK_T_INT, .i = sealed_digits(p, n)} : (mk_value){.type = MK_T_TEXT, .s = p, .n = n};
      good = is_canonical(t, i, &v, scratch, &why);
    }
  }
  int64_t last = MK_NUMBER_MISSING;
  for (size_t row = 0; good && g->form == MK_FORM_NUMBERS && row < g->rows; row++) {
    int64_t number = segment_number(g, row);
    if (number == last || number == MK_NUMBER_MISSING) continue;
    v.i = last = number;
    if (!whole) {
      digits->n = 0;
      put_decimal(digits, number, g->scale);
      v = (mk_value){.type = MK_T_TEXT, .s = digits->p, .n = digits->n};
    }
    good = mk_buf_ok(digits, err) && is_canonical(t, i, &v, scratch, &why);
  }
  if (why.code == MK_MEMORY) mk_fail(err, MK_MEMORY, "%s", why.msg);
  return mk_failed(err) ? -1 : good;
}

/* Whether all cells of a table in sealed blocks are canonical, each different one of a block being looked at once; hidden ones, too.
 * 1; 0: the rows that are shown must be looked at; -1 failed. */
static int sealed_canonical(mk_store *s, const mk_table_def *t, mk_err *err) {
  const sealed_map *m = sealed_now(s, err);
  const char letter = strcmp(t->name, "cases") == 0 ? 'c' : strcmp(t->name, "lines") == 0 ? 'l' : 't';
  mk_buf name, scratch, digits;
  mk_buf_init(&name, &s->mem);
  mk_buf_init(&scratch, &s->mem);
  mk_buf_init(&digits, &s->mem);
  int good = m ? 1 : -1;
  for (size_t k = 0; good == 1 && k < m->count; k++) {
    sealed_view *v = sealed_open(s, m, &m->list[k], err);
    if (!v) good = -1;
    for (size_t i = 0; good == 1 && i < t->count; i++) {
      mk_segment g;
      name.n = 0;
      mk_putf(&name, "%c.", letter);
      db_quote(&name, t->columns[i].name, '"');
      size_t at = mk_buf_ok(&name, err) ? sealed_place(v, name.p, name.n) : SIZE_MAX; /* the case of lines: that of the case */
      if (mk_failed(err)) good = -1;
      if (at == SIZE_MAX) continue;
      bool read = sealed_segment(s, v, name.p, name.n, v->columns[at].form, &g, err);
      good = read ? check_segment(t, i, &g, &scratch, &digits, err) : -1;
      sealed_done(s);
    }
    sealed_close(s, v);
  }
  mk_buf_clear(&name);
  mk_buf_clear(&scratch);
  mk_buf_clear(&digits);
  return good;
}

static bool check_cells(mk_check *c, const mk_table_def *t, mk_err *err) {
  mk_buf sql, scratch;
  int sealed = sealed_shows(c->s, t) ? sealed_canonical(c->s, t, err) : 0;
  if (sealed < 0) return false;
  mk_buf_init(&sql, &c->s->mem);
  mk_buf_init(&scratch, &c->s->mem);
  select_text(&sql, t, sealed);
  order_text(&sql, t);
  sqlite3_stmt *st = mk_buf_ok(&sql, err) ? db_prepare(c->s, sql.p, sql.n, err) : NULL;
  int step = st ? 1 : -1;
  while (step == 1 && c->count < FINDINGS_MAX && (step = db_step(c->s, st, "checking", err)) == 1)
    for (size_t i = 0; i < t->count && step == 1; i++)
      if (!check_cell(c, t, st, i, &scratch, err)) step = -1;
  if (st) db_finalize(c->s, st);
  mk_buf_clear(&scratch);
  mk_buf_clear(&sql);
  return step >= 0;
}

/* Sealed lines and persons are of cases of their block (engine_seal_check.c), with which they are hidden: of their tables the plain
 * rows are looked at. */
static bool check_link(mk_check *c, const mk_table_def *t, const mk_column *column, mk_err *err) {
  const mk_table_def *to = NULL;
  mk_buf sql;
  bool plain = sealed_shows(c->s, t);
  for (size_t i = 0; i < mk_table_count; i++)
    if (strcmp(mk_tables[i].name, column->link) == 0) to = &mk_tables[i];
  if (!to) return true;
  mk_buf_init(&sql, &c->s->mem);
  mk_puts(&sql, "SELECT ");
  for (size_t i = 0, n = mk_table_keys(t); i < n; i++) mk_putf(&sql, "\"%s\", ", t->columns[i].name);
  if (plain)
    mk_putf(&sql, "\"%s\" FROM main.\"%s\" t WHERE NOT EXISTS (SELECT 1 FROM main.\"%s\" x WHERE x.\"%s\" = t.\"%s\") AND NOT EXISTS "
            "(SELECT 1 FROM temp.\"mk_sealed_%s\" x WHERE x.\"%s\" = t.\"%s\")",
            column->name, t->name, to->name, to->columns[0].name, column->name, to->name, to->columns[0].name, column->name);
  else
    mk_putf(&sql, "\"%s\" FROM \"%s\" WHERE \"%s\" IS NOT NULL AND \"%s\" NOT IN (SELECT \"%s\" FROM \"%s\")", column->name,
            t->name, column->name, column->name, to->columns[0].name, to->name);
  order_text(&sql, t);
  sqlite3_stmt *st = mk_buf_ok(&sql, err) ? db_prepare(c->s, sql.p, sql.n, err) : NULL;
  int step = st ? 1 : -1, at = (int)mk_table_keys(t);
  while (step == 1 && c->count < FINDINGS_MAX && (step = db_step(c->s, st, "checking", err)) == 1) {
    const char *p;
    size_t n;
    if (!db_text(c->s, st, at, &p, &n, err) || !finding(c, t, st, column->name, p, n, "names nothing that is there", err)) step = -1;
  }
  if (st) db_finalize(c->s, st);
  mk_buf_clear(&sql);
  return step >= 0;
}

/* What is kept of the rows as columns is as they are. */
static bool segment_finding(void *ctx, const char *key, const char *column, const char *problem, mk_err *err) {
  mk_check *c = ctx;
  if (c->count >= FINDINGS_MAX) return true;
  part(c, "segments", 8);
  part(c, key, strlen(key));
  part(c, column, strlen(column));
  part(c, "", 0);
  part(c, problem, strlen(problem));
  c->count++;
  return mk_buf_ok(&c->text, err) && mk_buf_ok(&c->at, err);
}

mk_check *mk_store_check(mk_store *s, mk_err *err) {
  if (!mk_store_usable(s, err) || !file_sound(s, err) || !db_begin_read(s, err)) return NULL;
  mk_check *c = mk_zalloc(&s->mem, sizeof *c, err);
  if (!c) {
    mk_store_rollback(s);
    return NULL;
  }
  c->s = s;
  s->users++;
  mk_buf_init(&c->text, &s->mem);
  mk_buf_init(&c->at, &s->mem);
  bool ok = true;
  for (size_t t = 0; ok && t < mk_table_count; t++) {
    const mk_table_def *def = &s->schema.tables[t];
    ok = check_cells(c, def, err);
    for (size_t i = 0; ok && i < def->count; i++) ok = !def->columns[i].link || check_link(c, def, &def->columns[i], err);
  }
  ok = ok && blocks_check(s, segment_finding, c, err) && sealed_check(s, segment_finding, c, err);
  if (!ok) mk_store_rollback(s);
  if (ok && db_end_read(s, err) && db_unchanged(s, err)) return c;
  mk_check_free(c);
  return NULL;
}

/* ------------------------------------------------------------------ digest */

static void add_text(mk_sha256 *x, const char *p, size_t n) {
  unsigned char size[8];
  for (int i = 0; i < 8; i++) size[i] = (unsigned char)((uint64_t)n >> (8 * i));
  mk_sha256_add(x, size, sizeof size);
  mk_sha256_add(x, p, n);
}

static bool add_cell(mk_store *s, mk_sha256 *x, sqlite3_stmt *st, int i, mk_err *err) {
  static const char tags[] = "?IFTBN"; /* by SQLITE_INTEGER .. SQLITE_NULL */
  int type = sqlite3_column_type(st, i);
  mk_sha256_add(x, tags + type, 1);
  if (type == SQLITE_NULL) return true;
  const char *p;
  size_t n;
  if (!db_text(s, st, i, &p, &n, err)) return false;
  add_text(x, p, n);
  return true;
}

/* Column positions: the built-in ones in order, the user's by name, so that the order of definition does not count. */
static void column_order(const mk_table_def *t, size_t *order) {
  for (size_t i = 0; i < t->count; i++) {
    size_t k = i;
    if (t->columns[i].flags & MK_C_USER)
      for (; k > 0 && (t->columns[order[k - 1]].flags & MK_C_USER) && strcmp(t->columns[order[k - 1]].name, t->columns[i].name) > 0; k--)
        order[k] = order[k - 1];
    order[k] = i;
  }
}

static bool digest_table(mk_store *s, const mk_table_def *t, mk_sha256 *x, mk_err *err) {
  size_t order[MK_COLUMNS_MAX] = {0};
  mk_buf sql;
  column_order(t, order);
  add_text(x, t->name, strlen(t->name));
  for (size_t i = 0; i < t->count; i++) {
    const mk_column *c = &t->columns[order[i]];
    add_text(x, c->name, strlen(c->name));
    add_text(x, ddl_type_name(c->type), strlen(ddl_type_name(c->type)));
  }
  mk_buf_init(&sql, &s->mem);
  select_text(&sql, t, false);
  order_text(&sql, t);
  sqlite3_stmt *st = mk_buf_ok(&sql, err) ? db_prepare(s, sql.p, sql.n, err) : NULL;
  mk_buf_clear(&sql);
  if (!st) return false;
  int step;
  while ((step = db_step(s, st, "reading", err)) == 1) {
    mk_sha256_add(x, "R", 1);
    for (size_t i = 0; i < t->count && step == 1; i++)
      if (!add_cell(s, x, st, (int)order[i], err)) step = -1;
    if (step < 0) break;
  }
  db_finalize(s, st);
  return step == 0;
}

bool mk_store_digest(mk_store *s, char hex[65], mk_err *err) {
  mk_sha256 x;
  if (!mk_store_usable(s, err)) return false;
  if (!db_begin_read(s, err)) return false; /* one snapshot over all tables */
  mk_sha256_init(&x);
  bool ok = true;
  for (size_t t = 0; ok && t < mk_table_count; t++) ok = digest_table(s, &s->schema.tables[t], &x, err);
  if (!ok) mk_store_rollback(s);
  ok = ok && db_end_read(s, err);
  mk_sha256_hex(&x, hex);
  return ok && db_unchanged(s, err);
}
