/* record.c: one typed row in, canonical values out. Every refusal names the table, the column, what was found and the way
 * out. May include: store.h. */
#include "store.h"

#include <string.h>

/* ------------------------------------------------------------------ one value */

static bool space(const char *p, size_t n, size_t *len) {
  unsigned char c = (unsigned char)p[0];
  *len = 1;
  if (c == ' ' || (c >= 9 && c <= 13)) return true;
  *len = 2;
  if (n >= 2 && c == 0xC2 && (unsigned char)p[1] == 0xA0) return true; /* no-break space */
  *len = 3;
  return n >= 3 && ((c == 0xE3 && (unsigned char)p[1] == 0x80 && (unsigned char)p[2] == 0x80) ||
                    (c == 0xEF && (unsigned char)p[1] == 0xBB && (unsigned char)p[2] == 0xBF));
}

static bool plain(char c) { return (signed char)c > ' '; } /* begins or ends no space */

static void trim(const char **p, size_t *n) {
  size_t len;
  if (*n && plain((*p)[0]) && plain((*p)[*n - 1])) return;
  while (*n && space(*p, *n, &len)) *p += len, *n -= len;
  while (*n) {
    if (space(*p + *n - 1, 1, &len)) --*n;
    else if (*n >= 2 && (unsigned char)(*p)[*n - 1] == 0xA0 && space(*p + *n - 2, 2, &len)) *n -= 2;
    else if (*n >= 3 && ((*p)[*n - 1] & 0x80) && space(*p + *n - 3, 3, &len) && len == 3) *n -= 3;
    else break;
  }
}

/* What was found, for a message: cut to a size that leaves room for the rest. */
static void found(mk_buf *b, const mk_value *v) {
  enum { SHOWN = 60 };
  mk_buf_init(b, NULL);
  switch (v->type) {
    case MK_T_BOOL: mk_puts(b, v->truth ? "true" : "false"); break;
    case MK_T_INT: mk_putl(b, v->i); break;
    case MK_T_DECIMAL: mk_num_put(b, v->num, -1); break;
    case MK_T_TEXT: {
      size_t n = v->n > SHOWN ? SHOWN : v->n;
      while (n < v->n && n > 0 && ((unsigned char)v->s[n] & 0xC0) == 0x80) n--;
      mk_putf(b, "'%S%s'", v->s, n, n < v->n ? "..." : "");
      for (size_t i = 0; i < b->n; i++)
        if ((unsigned char)b->p[i] < 0x20 || b->p[i] == 0x7F) b->p[i] = '?';
      break;
    }
    default: mk_puts(b, mk_type_name(v->type)); break;
  }
}

static const char *way_out(mk_type t) {
  switch (t) {
    case MK_T_INT: return "a whole number like 1715, without separators";
    case MK_T_DECIMAL: return "an exact number: an integer, or a text like '4951.9' (no grouping, '.' before the decimals)";
    case MK_T_BOOL: return "true or false (1 or 0)";
    case MK_T_DATE: return "a date like 2025-08-14, 14/8/2025, 2025-08 or 2025";
    case MK_T_PHASE: return "a phase like OMD7, 7, 'VII' or 'giai đoạn 7'";
    case MK_T_UNIT: return "a unit like 'kg', 'viên' or 'case'";
    default: return "a text";
  }
}

/* "cases.date: '31/02/2025' is not a date: ..."; why may be empty. */
static bool refuse(const mk_table_def *t, const mk_column *c, const mk_value *v, mk_code code, const char *why, mk_err *err) {
  mk_buf b;
  found(&b, v);
  mk_fail(err, code, "%s.%s cannot be %s%s%s", t->name, c->name, mk_cstr(&b), *why ? ": " : "", why);
  mk_hint(err, "hint: %s takes %s", c->name, way_out(c->type));
  mk_buf_clear(&b);
  return false;
}

static bool put_text(mk_value *out, mk_buf *text, size_t at) {
  out->type = MK_T_TEXT;
  out->s = text->p ? text->p + at : "";
  out->n = text->n - at;
  return true;
}

static bool put_int(mk_value *out, int64_t i) {
  out->type = MK_T_INT;
  out->i = i;
  return true;
}

static bool whole_of(const mk_value *v, int64_t *out) {
  mk_num num;
  if (v->type == MK_T_INT) { *out = v->i; return true; }
  if (v->type == MK_T_DECIMAL) return mk_num_int64(v->num, out);
  return v->type == MK_T_TEXT && mk_num_parse(&num, v->s, v->n, NULL) && mk_num_int64(num, out);
}

static bool decimal_of(const mk_value *v, mk_num *out) {
  if (v->type == MK_T_INT) { *out = mk_num_int(v->i); return true; }
  int digits;
  if (v->type == MK_T_DECIMAL) { *out = v->num; return mk_num_terminates(v->num, &digits); }
  return v->type == MK_T_TEXT && mk_num_parse(out, v->s, v->n, NULL);
}

/* Digits, perhaps a point and digits, without the zeros that say nothing: what mk_num_put makes of them. Other ways to write a
 * number are left to it. */
static bool put_digits(mk_buf *out, const char *s, size_t n) {
  size_t point = n, i = 0;
  for (; i < n; i++)
    if (s[i] == '.' && point == n) point = i;
    else if (s[i] < '0' || s[i] > '9') return false;
  if (point == 0 || point + 1 == n || n > 18) return false;
  while (point < n && s[n - 1] == '0') n--;
  if (point + 1 == n) n = point;
  for (i = 0; i + 1 < point && s[i] == '0';) i++;
  mk_put(out, s + i, n - i);
  return true;
}

static bool truth_of(const mk_value *v, bool *out) {
  static const struct { const char *text; bool truth; } words[] = {{"1", true}, {"0", false}, {"true", true}, {"false", false}};
  if (v->type == MK_T_BOOL) { *out = v->truth; return true; }
  if (v->type == MK_T_INT && (v->i == 0 || v->i == 1)) { *out = v->i == 1; return true; }
  for (size_t i = 0; v->type == MK_T_TEXT && i < sizeof words / sizeof words[0]; i++)
    if (strlen(words[i].text) == v->n && memcmp(words[i].text, v->s, v->n) == 0) { *out = words[i].truth; return true; }
  return false;
}

/* A number given for a text, phase or year is its digits. */
static bool text_of(const mk_value *v, mk_buf *digits, const char **p, size_t *n) {
  if (v->type == MK_T_TEXT) { *p = v->s; *n = v->n; return true; }
  if (v->type != MK_T_INT) return false;
  mk_putl(digits, v->i);
  *p = digits->p;
  *n = digits->n;
  return digits->failed == MK_OK;
}

static bool unit_of(const mk_table_def *t, const mk_column *c, const mk_value *v, mk_buf *text, mk_err *err) {
  const mk_unit *u = mk_unit_find(v->s, v->n, err);
  if (u) { mk_puts(text, u->code); return true; }
  if (mk_failed(err)) return false;
  u = mk_unit_near(v->s, v->n);
  refuse(t, c, v, MK_UNIT, "there is no such unit", err);
  if (u) mk_hint(err, "did you mean '%s' (%s)?", u->code, u->vi);
  return false;
}

static bool put_textual(const mk_column *c, const mk_value *v, mk_buf *text, mk_err *why) {
  mk_date date;
  switch (c->type) {
    case MK_T_DATE:
      if (v->n == 10 && mk_date_iso(&date, v->s, v->n, NULL)) { mk_put(text, v->s, v->n); return true; } /* as it is written already */
      if (!mk_date_read(&date, v->s, v->n, why)) return false;
      mk_date_put(text, date);
      return true;
    case MK_T_PHASE: return mk_phase_read(text, v->s, v->n, why);
    default: return mk_nfc(text, v->s, v->n, why);
  }
}

static bool read_textual(const mk_table_def *t, const mk_column *c, const mk_value *v, mk_buf *text, mk_err *err) {
  size_t at = text->n;
  if (c->type == MK_T_UNIT) return unit_of(t, c, v, text, err);
  if (put_textual(c, v, text, NULL)) return true;
  mk_err why = {0};
  text->n = at;
  return put_textual(c, v, text, &why) || refuse(t, c, v, why.code, why.msg, err);
}

/* What a text is made of, told in one pass. Text is lines of writing: other control signs are damage, and would break every
 * tool that reads the file. */
typedef struct { bool control, ascii; } makeup;

static void look_at(makeup *is, const char *p, size_t n) {
  for (size_t i = 0; i < n; i++) {
    unsigned char c = (unsigned char)p[i];
    is->control |= (c < 0x20 && c != '\t' && c != '\n' && c != '\r') || c == 0x7F;
    is->ascii &= c < 0x80;
  }
}

static uint64_t word_at(const char *p) {
  uint64_t w;
  memcpy(&w, p, 8);
  return w;
}

/* All of less than 8 bytes, some perhaps twice, and spaces. */
static uint64_t short_word(const char *p, size_t n) {
  const uint64_t spaces = 0x2020202020202020;
  uint32_t first, last;
  if (n < 4) return n ? (spaces << 24 | (uint64_t)(uint8_t)p[n / 2] << 16 | (uint64_t)(uint8_t)p[n - 1] << 8 | (uint8_t)p[0]) : spaces;
  memcpy(&first, p, 4);
  memcpy(&last, p + n - 4, 4);
  return (uint64_t)first << 32 | last;
}

/* Whether one of 8 bytes may be a control sign. */
static bool doubtful(uint64_t w) {
  const uint64_t each = 0x0101010101010101, high = 0x80 * each, delete = w ^ 0x7F * each;
  return (((w - 0x20 * each) & ~w) | ((delete - each) & ~delete)) & high;
}

static makeup makeup_of(const char *p, size_t n) {
  makeup is = {false, true};
  uint64_t all = 0;
  bool doubt = false;
  for (size_t i = 0; i + 8 < n; i += 8) {
    uint64_t w = word_at(p + i);
    all |= w;
    doubt |= doubtful(w);
  }
  uint64_t last = n < 8 ? short_word(p, n) : word_at(p + n - 8);
  if (doubt || doubtful(last)) look_at(&is, p, n);
  else is.ascii = !((all | last) & 0x8080808080808080);
  return is;
}

static bool below_zero(const mk_table_def *t, const mk_column *c, const mk_value *v, mk_err *err) {
  refuse(t, c, v, MK_RANGE, "it is below zero", err);
  mk_hint(err, "hint: leave it empty where the number is not known");
  return false;
}

/* 1 to 3 digits, not led by 0, a point and 3 digits: a thousand written in Vietnamese or a decimal written in English. */
static bool two_readings(const mk_column *c, const mk_value *v) {
  if (!(c->flags & (MK_C_TYPED | MK_C_USER)) || c->type != MK_T_DECIMAL || v->type != MK_T_TEXT) return false;
  const char *s = v->s;
  size_t n = v->n;
  trim(&s, &n);
  if (n && *s == '-') s++, n--;
  if (n < 5 || n > 7 || *s == '0' || s[n - 4] != '.') return false;
  for (size_t i = 0; i < n; i++)
    if (i != n - 4 && (s[i] < '0' || s[i] > '9')) return false;
  return true;
}

static bool ask(const mk_table_def *t, const mk_column *c, const mk_value *v, mk_err *err) {
  const char *s = v->s;
  size_t n = v->n;
  trim(&s, &n);
  mk_fail(err, MK_AMBIGUOUS, "%s.%s '%S' has two readings: %S%S, or %S and %S thousandths", t->name, c->name, s, n, s, n - 4,
          s + n - 3, (size_t)3, s, n - 4, s + n - 3, (size_t)3);
  mk_hint(err, "hint: write %S%S for the first, %S0 for the second", s, n - 4, s + n - 3, (size_t)3, s, n);
  return false;
}

/* Why a text is no number of a column: it may be one, beyond what is kept exactly. */
static bool no_number(const mk_table_def *t, const mk_column *c, const mk_value *v, const char *what, const char *limit, mk_err *err) {
  const char *s = v->s;
  size_t n = v->type == MK_T_TEXT ? v->n : 0;
  if (n) trim(&s, &n);
  if (n && *s == '-') s++, n--;
  size_t digits = 0, points = 0;
  for (size_t i = 0; i < n; i++) {
    digits += s[i] >= '0' && s[i] <= '9';
    points += s[i] == '.' && c->type == MK_T_DECIMAL;
  }
  bool number = digits > 18 && points <= 1 && digits + points == n;
  return number ? refuse(t, c, v, MK_LIMIT, limit, err) : refuse(t, c, v, MK_TYPE, what, err);
}

bool mk_record_canonical(const mk_table_def *t, size_t column, const mk_value *v, mk_buf *text, mk_value *out, mk_err *err) {
  const mk_column *c = &t->columns[column];
  const char *s = v->s;
  size_t at = text->n, n = v->n;
  *out = (mk_value){.type = MK_T_MISSING};
  if (v->type == MK_T_TEXT) {
    makeup is = makeup_of(s, n);
    size_t good = is.ascii ? n : mk_utf8_check(s, n);
    if (good != n) {
      mk_err why = {0};
      mk_fail(&why, MK_SYNTAX, "byte %z is not UTF-8", good + 1);
      return refuse(t, c, v, why.code, why.msg, err);
    }
    if (is.control) return refuse(t, c, v, MK_SYNTAX, "it holds a control character", err);
    trim(&s, &n);
    if (n == 0) return true;
    if (c->type == MK_T_TEXT && is.ascii) { /* in form C as it is */
      mk_put(text, s, n);
      return mk_buf_ok(text, err) && put_text(out, text, at);
    }
  }
  if (v->type == MK_T_MISSING) return true;
  mk_value in = *v;
  in.s = s;
  in.n = n;
  if (c->type == MK_T_INT) {
    int64_t i;
    if (!whole_of(&in, &i)) return no_number(t, c, v, "it is not a whole number", "whole numbers go up to 9223372036854775807", err);
    return (c->flags & MK_C_AMOUNT) && i < 0 ? below_zero(t, c, v, err) : put_int(out, i);
  }
  if (c->type == MK_T_BOOL) {
    bool truth;
    return truth_of(&in, &truth) ? put_int(out, truth) : refuse(t, c, v, MK_TYPE, "it is neither true nor false", err);
  }
  if (c->type == MK_T_DECIMAL) {
    mk_num num;
    if (in.type == MK_T_TEXT && put_digits(text, in.s, in.n)) return mk_buf_ok(text, err) && put_text(out, text, at);
    if (!decimal_of(&in, &num)) return no_number(t, c, v, "it is not an exact decimal number", "numbers have at most 38 digits", err);
    if ((c->flags & MK_C_AMOUNT) && mk_num_sign(num) < 0) return below_zero(t, c, v, err);
    mk_num_put(text, num, -1);
    return put_text(out, text, at) && mk_buf_ok(text, err);
  }
  mk_buf digits;
  mk_buf_init(&digits, text->mem);
  bool ok = text_of(&in, &digits, &in.s, &in.n);
  in.type = MK_T_TEXT;
  if (!ok && mk_buf_ok(&digits, err)) refuse(t, c, v, MK_TYPE, "it is not a text", err);
  ok = ok && read_textual(t, c, &in, text, err) && mk_buf_ok(text, err) && put_text(out, text, at);
  mk_buf_clear(&digits);
  return ok;
}

/* ------------------------------------------------------------------ rows */

mk_rows *mk_rows_new(mk_store *s, size_t table, mk_err *err) {
  mk_rows *r = mk_zalloc(&s->mem, sizeof *r, err);
  if (!r) return NULL;
  r->store = s;
  s->users++;
  r->table = table;
  r->columns = s->schema.tables[table].count;
  r->date = column_index(&s->schema.tables[table], "date");
  r->date_to = column_index(&s->schema.tables[table], "date_to");
  mk_buf_init(&r->text, &s->mem);
  mk_buf_init(&r->cells, &s->mem);
  return r;
}

void mk_rows_free(mk_rows *r) {
  if (!r) return;
  mk_buf_clear(&r->text);
  mk_buf_clear(&r->cells);
  r->store->users--;
  mk_free(&r->store->mem, r, sizeof *r);
}

void mk_rows_reset(mk_rows *r) { r->count = r->last = r->text.n = r->cells.n = 0; }
size_t mk_rows_count(const mk_rows *r) { return r->count; }

bool mk_rows_add(mk_rows *r, mk_err *err) {
  size_t size = r->columns * sizeof(cell);
  if (!mk_buf_reserve(&r->cells, size)) return mk_buf_ok(&r->cells, err);
  memset(r->cells.p + r->cells.n, 0, size); /* CELL_UNSET */
  r->cells.n += size;
  r->last = r->text.n;
  r->count++;
  return true;
}

void mk_rows_drop(mk_rows *r) {
  r->count--;
  r->cells.n -= r->columns * sizeof(cell);
  r->text.n = r->last;
}

bool mk_rows_set(mk_rows *r, size_t column, const mk_value *v, mk_err *err) {
  const mk_table_def *t = &r->store->schema.tables[r->table];
  size_t at = r->text.n;
  mk_value out;
  if (two_readings(&t->columns[column], v)) return ask(t, &t->columns[column], v, err);
  if (!mk_record_canonical(t, column, v, &r->text, &out, err)) return false;
  cell *c = rows_cell(r, r->count - 1, column);
  if (out.type == MK_T_TEXT && out.n > UINT32_MAX) return mk_fail(err, MK_LIMIT, "%s.%s is longer than 4 GiB", t->name, t->columns[column].name);
  *c = (cell){.kind = CELL_MISSING};
  if (out.type == MK_T_INT) *c = (cell){.kind = CELL_INT, .i = out.i};
  if (out.type == MK_T_TEXT) *c = (cell){.kind = CELL_TEXT, .n = (uint32_t)out.n, .at = at};
  const mk_column *column_def = &t->columns[column];
  if (c->kind == CELL_MISSING && (column_def->flags & (MK_C_KEY | MK_C_REQUIRED)) == MK_C_KEY) c->kind = CELL_TEXT;
  return true;
}

void mk_rows_repeat(mk_rows *r, size_t column, size_t row) { *rows_cell(r, r->count - 1, column) = *rows_cell(r, row, column); }

size_t column_index(const mk_table_def *t, const char *name) {
  size_t i = 0;
  while (i < t->count && strcmp(t->columns[i].name, name) != 0) i++;
  return i;
}

bool record_dates(const mk_table_def *t, mk_value from, mk_value to, mk_err *err) {
  if (from.type != MK_T_TEXT || to.type != MK_T_TEXT || !from.n || !to.n) return true;
  size_t n = from.n < to.n ? from.n : to.n; /* ISO: the part that both say decides */
  if (memcmp(to.s, from.s, n) >= 0) return true;
  mk_fail(err, MK_RANGE, "%s.date_to '%S' is before date '%S'", t->name, to.s, to.n, from.s, from.n);
  mk_hint(err, "hint: date is the first day, date_to the last");
  return false;
}

bool mk_rows_complete(mk_rows *r, mk_err *err) {
  const mk_table_def *t = &r->store->schema.tables[r->table];
  cell *c = rows_cell(r, r->count - 1, 0);
  if (r->date < t->count && r->date_to < t->count && c[r->date].kind == CELL_TEXT && c[r->date_to].kind == CELL_TEXT &&
      !record_dates(t, mk_rows_get(r, r->count - 1, r->date), mk_rows_get(r, r->count - 1, r->date_to), err)) return false;
  for (size_t i = 0; i < t->count; i++, c++) {
    unsigned flags = t->columns[i].flags;
    if (c->kind == CELL_UNSET) c->kind = (flags & (MK_C_KEY | MK_C_REQUIRED)) == MK_C_KEY ? CELL_TEXT : CELL_MISSING;
    if (c->kind != CELL_MISSING || !(flags & MK_C_REQUIRED)) continue;
    mk_fail(err, MK_TYPE, "%s.%s is missing", t->name, t->columns[i].name);
    mk_hint(err, "hint: every row of %s needs %s", t->name, t->columns[i].name);
    return false;
  }
  return true;
}

bool mk_rows_key(mk_rows *r, mk_err *err) {
  const mk_table_def *t = &r->store->schema.tables[r->table];
  const mk_value missing = {.type = MK_T_MISSING};
  for (size_t i = 0, n = mk_table_keys(t); i < n; i++) {
    if (rows_cell(r, r->count - 1, i)->kind == CELL_UNSET && !mk_rows_set(r, i, &missing, err)) return false;
    if (rows_cell(r, r->count - 1, i)->kind != CELL_MISSING) continue;
    mk_fail(err, MK_TYPE, "the key of %s lacks %s", t->name, t->columns[i].name);
    mk_hint(err, "hint: give a key of several columns as a list in their order, or as {column = value, ...}");
    return false;
  }
  return true;
}

mk_value mk_rows_get(const mk_rows *r, size_t row, size_t column) {
  const cell *c = rows_cell(r, row, column);
  mk_value v = {.type = c->kind == CELL_INT ? MK_T_INT : c->kind == CELL_TEXT ? MK_T_TEXT : MK_T_MISSING};
  v.i = c->i;
  v.n = c->n;
  v.s = c->n ? r->text.p + c->at : "";
  return v;
}

bool rows_bind(const mk_rows *r, size_t row, size_t column, sqlite3_stmt *st, int i, mk_err *err) {
  const cell *c = rows_cell(r, row, column);
  int rc = c->kind == CELL_INT    ? sqlite3_bind_int64(st, i, c->i)
           : c->kind == CELL_TEXT ? sqlite3_bind_text64(st, i, c->n ? r->text.p + c->at : "", c->n, SQLITE_STATIC, SQLITE_UTF8)
                                  : sqlite3_bind_null(st, i);
  return rc == SQLITE_OK || db_fail(r->store, rc, "binding a value", err);
}

void rows_put_key(const mk_rows *r, size_t row, mk_buf *out) {
  size_t keys = mk_table_keys(&r->store->schema.tables[r->table]);
  for (size_t i = 0; i < keys; i++) {
    const cell *c = rows_cell(r, row, i);
    if (i) mk_putc(out, '/');
    if (c->kind == CELL_INT) mk_putl(out, c->i);
    else if (c->kind == CELL_TEXT) mk_put(out, c->n ? r->text.p + c->at : "", c->n);
  }
}
