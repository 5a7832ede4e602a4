/* engine_seal_plain.c: plain rows go into blocks, case by case, in one pass over each table. May include: sealed.h, libc
 * strings. */
#include "sealed.h"

#include <string.h>

/* ------------------------------------------------------------------ statements */

/* Whether the rows of a table stand in the order of its key, so that they can be read as they stand. 1, 0, -1. */
static int in_order(mk_store *s, const char *sql, mk_err *err) {
  sqlite3_stmt *st = db_prepare(s, sql, strlen(sql), err);
  int step = st ? 1 : -1, ordered = 1;
  int64_t last = INT64_MIN;
  while (ordered && step == 1 && (step = db_step(s, st, "sealing", err)) == 1) {
    int64_t row = sqlite3_column_int64(st, 0);
    ordered = row > last;
    last = row;
  }
  if (st) db_finalize(s, st);
  return step < 0 ? -1 : ordered;
}

static const struct { const char *table, *rows, *order; } tables[] = {
    {"cases", "SELECT rowid FROM main.cases ORDER BY \"case\"", "\"case\""},
    {"lines", "SELECT rowid FROM main.lines ORDER BY \"case\", \"line\"", "\"case\", \"line\""},
    {"persons", "SELECT rowid FROM main.persons ORDER BY \"case\", \"line\"", "\"case\", \"line\""}};

/* "case", ledger and the columns of a table, in order of the key. */
static bool prepare(plain_rows *p, int i, mk_err *err) {
  plain_part *part = &p->parts[i];
  int ordered = in_order(p->store, tables[i].rows, err);
  mk_buf sql;
  mk_buf_init(&sql, &p->store->mem);
  mk_puts(&sql, "SELECT \"case\", ledger");
  for (size_t c = 0; c < part->count; c++) mk_putf(&sql, ", %s", p->columns->list[part->from + c].sql + 2);
  mk_putf(&sql, " FROM main.%s ORDER BY %s", tables[i].table, ordered > 0 ? "rowid" : tables[i].order);
  part->st = ordered >= 0 && mk_buf_ok(&sql, err) ? db_prepare(p->store, sql.p, sql.n, err) : NULL;
  mk_buf_clear(&sql);
  return part->st != NULL;
}

static bool advance(plain_rows *p, plain_part *part, mk_err *err) {
  int step = db_step(p->store, part->st, "sealing", err);
  part->has = step == 1;
  part->key = NULL;
  return step == 0 || (step == 1 && db_text(p->store, part->st, 0, &part->key, &part->key_n, err));
}

bool plain_begin(plain_rows *p, mk_store *s, const seal_columns *columns, mk_err *err) {
  static const char odd[] = "INSERT OR IGNORE INTO temp.mk_unsealable VALUES (?1)";
  *p = (plain_rows){.store = s, .columns = columns};
  p->parts[0].count = columns->cases;
  p->parts[1].from = columns->cases;
  p->parts[1].count = columns->lines - columns->cases;
  p->parts[2].from = columns->lines;
  p->parts[2].count = columns->count - columns->lines;
  mk_buf_init(&p->key, &s->mem);
  for (int i = 0; i < PLAIN_PARTS; i++) {
    mk_buf_init(&p->parts[i].cells, &s->mem);
    mk_buf_init(&p->parts[i].text, &s->mem);
  }
  p->odd = db_prepare(s, odd, sizeof odd - 1, err);
  if (!p->odd) return false;
  for (int i = 0; i < PLAIN_PARTS; i++)
    if (!prepare(p, i, err) || !advance(p, &p->parts[i], err)) return false;
  return true;
}

void plain_end(plain_rows *p) {
  if (!p->store) return;
  for (int i = 0; i < PLAIN_PARTS; i++) {
    if (p->parts[i].st) db_finalize(p->store, p->parts[i].st);
    mk_buf_clear(&p->parts[i].cells);
    mk_buf_clear(&p->parts[i].text);
  }
  if (p->odd) db_finalize(p->store, p->odd);
  mk_buf_clear(&p->key);
  *p = (plain_rows){0};
}

/* ------------------------------------------------------------------ rows */

static bool stay_plain(plain_rows *p, const char *key, size_t n, mk_err *err) {
  bool ok = db_bind_text(p->store, p->odd, 1, key, n, err) && db_step(p->store, p->odd, "sealing", err) >= 0;
  sqlite3_reset(p->odd);
  return ok;
}

/* A row after those of the same case; odd: columns would not give it back as it is. */
static bool take_row(plain_rows *p, plain_part *part, bool *odd, mk_err *err) {
  size_t bytes = 0;
  if (!mk_buf_reserve(&part->cells, part->count * sizeof(plain_cell))) return mk_buf_ok(&part->cells, err);
  plain_cell *to = (plain_cell *)(void *)(part->cells.p + part->cells.n);
  for (size_t c = 0; c < part->count; c++) {
    int at = (int)c + 2, type = sqlite3_column_type(part->st, at);
    to[c] = (plain_cell){.type = MK_T_MISSING};
    if (type == SQLITE_NULL) continue;
    if (type == SQLITE_INTEGER) {
      to[c] = (plain_cell){.type = MK_T_INT, .i = sqlite3_column_int64(part->st, at)};
      continue;
    }
    const char *text = (const char *)sqlite3_column_text(part->st, at);
    if (!text) return db_fail(p->store, SQLITE_NOMEM, "sealing", err);
    size_t n = (size_t)sqlite3_column_bytes(part->st, at);
    to[c] = (plain_cell){.type = MK_T_TEXT, .at = part->text.n, .n = n};
    mk_put(&part->text, text, n);
    bytes += n;
    *odd = *odd || n == 0;
  }
  part->cells.n += part->count * sizeof(plain_cell);
  part->rows++;
  *odd = *odd || bytes > MK_SEAL_TEXT || sqlite3_column_type(part->st, 1) != SQLITE_NULL;
  return mk_buf_ok(&part->text, err);
}

/* All rows of the case whose key is p->key; rows of cases before it belong to none. */
static bool take_rows(plain_rows *p, plain_part *part, bool *odd, mk_err *err) {
  part->rows = part->cells.n = part->text.n = 0;
  while (part->has) {
    int order = key_compare(part->key, part->key_n, p->key.p, p->key.n);
    if (order > 0) return true;
    if (order == 0 ? !take_row(p, part, odd, err) : !stay_plain(p, part->key, part->key_n, err)) return false;
    if (!advance(p, part, err)) return false;
  }
  return true;
}

static bool put_cells(const plain_part *part, sink *k, size_t row, mk_err *err) {
  const plain_cell *cells = (const plain_cell *)(const void *)part->cells.p + row * part->count;
  for (size_t c = 0; c < part->count; c++) {
    mk_value v = {.type = cells[c].type};
    if (v.type == MK_T_MISSING) {
      sink_missing(k, part->from + c);
      continue;
    }
    if (v.type == MK_T_INT) v.i = cells[c].i;
    else v.s = part->text.p + cells[c].at, v.n = cells[c].n;
    if (!sink_cell(k, part->from + c, &v, err)) return false;
  }
  return true;
}

static void put_none(const plain_part *part, sink *k) {
  for (size_t c = 0; c < part->count; c++) sink_missing(k, part->from + c);
}

static bool put_case(plain_rows *p, sink *k, mk_err *err) {
  const plain_part *lines = &p->parts[1];
  if (!sink_case(k, p->key.p, p->key.n, err)) return false;
  for (size_t row = 0; row == 0 || row < lines->rows; row++)
    if (!sink_row(k, row == 0, err) || !put_cells(&p->parts[0], k, 0, err) || (lines->rows && !put_cells(lines, k, row, err))) return false;
  if (!lines->rows) put_none(lines, k);
  const plain_part *persons = &p->parts[2];
  for (size_t row = 0; row < persons->rows; row++, k->persons++)
    if (!put_cells(persons, k, row, err)) return false;
  return true;
}

bool plain_pour(plain_rows *p, sink *k, const char *before, size_t n, mk_err *err) {
  plain_part *cases = &p->parts[0];
  while (cases->has && (!before || key_compare(cases->key, cases->key_n, before, n) < 0)) {
    bool odd = false;
    p->key.n = 0;
    mk_put(&p->key, cases->key, cases->key_n);
    mk_buf_reserve(&p->key, 1);
    if (!mk_buf_ok(&p->key, err)) return false;
    for (int i = 0; i < PLAIN_PARTS; i++)
      if (!take_rows(p, &p->parts[i], &odd, err)) return false;
    if (!(odd ? stay_plain(p, p->key.p, p->key.n, err) : put_case(p, k, err))) return false;
  }
  for (int i = 1; i < PLAIN_PARTS; i++)
    for (plain_part *part = &p->parts[i]; part->has && (!before || key_compare(part->key, part->key_n, before, n) < 0);)
      if (!stay_plain(p, part->key, part->key_n, err) || !advance(p, part, err)) return false;
  return true;
}

bool plain_skip(plain_rows *p, const char *through, size_t n, mk_err *err) {
  for (int i = 0; i < PLAIN_PARTS; i++)
    for (plain_part *part = &p->parts[i]; part->has && key_compare(part->key, part->key_n, through, n) <= 0;)
      if (!advance(p, part, err)) return false;
  return true;
}
