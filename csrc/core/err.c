/* err.c: the error record that every failing call fills; the first error is kept. No allocation here, so that
 * running out of memory can be told. May include: mk.h, libc strings. */
#include "mk.h"

#include <string.h>

static const char *const code_names[MK_CODE_COUNT] = {
    "ok",        "busy",   "full", "damaged", "format", "readonly", "permission", "missing",   "limit",  "memory",
    "cancelled", "syntax", "name", "type",    "unit",   "range",    "ambiguous",  "duplicate", "closed", "io"};

const char *mk_code_name(mk_code code) { return code >= 0 && code < MK_CODE_COUNT ? code_names[code] : "ok"; }

mk_code mk_code_find(const char *name) {
  for (int i = 1; i < MK_CODE_COUNT; i++)
    if (strcmp(code_names[i], name) == 0) return (mk_code)i;
  return MK_OK;
}

/* A fixed field being written; text past its end is dropped. */
typedef struct { char *p; size_t n, cap; } field;

static void field_put(field *f, const char *s, size_t n) {
  for (size_t i = 0; i < n && f->n + 1 < f->cap; i++) f->p[f->n++] = s[i];
}

/* Foreign bytes: a NUL would end the message, so it is shown; what is not UTF-8 is shown as U+FFFD. */
static void field_bytes(field *f, const char *s, size_t n) {
  if (n > f->cap) n = f->cap;
  while (n && f->n + 1 < f->cap) {
    size_t good = mk_utf8_check(s, n);
    const char *nul = good ? memchr(s, 0, good) : NULL;
    if (nul) good = (size_t)(nul - s);
    field_put(f, s, good);
    if (good == n) return;
    field_put(f, nul ? "\xE2\x90\x80" : "\xEF\xBF\xBD", 3);
    n -= good + 1;
    s += good + 1;
  }
}

static void field_unsigned(field *f, unsigned long long v) {
  char digits[24];
  size_t n = sizeof digits;
  do digits[--n] = (char)('0' + v % 10); while (v /= 10);
  field_put(f, digits + n, sizeof digits - n);
}

static void field_signed(field *f, long long v) {
  if (v < 0) field_put(f, "-", 1);
  field_unsigned(f, v < 0 ? 0ULL - (unsigned long long)v : (unsigned long long)v);
}

static void field_format(field *f, const char *fmt, va_list ap) {
  for (; *fmt; fmt++) {
    if (*fmt != '%') { field_put(f, fmt, 1); continue; }
    switch (*++fmt) {
      case 's': { const char *s = va_arg(ap, const char *); if (!s) s = "?"; field_bytes(f, s, strlen(s)); break; }
      case 'S': { const char *s = va_arg(ap, const char *); size_t n = va_arg(ap, size_t); field_bytes(f, s, n); break; }
      case 'd': field_signed(f, va_arg(ap, int)); break;
      case 'l': field_signed(f, va_arg(ap, long long)); break;
      case 'z': field_unsigned(f, va_arg(ap, size_t)); break;
      case 'c': { char c = (char)va_arg(ap, int); field_put(f, &c, 1); break; }
      default: field_put(f, fmt, 1); break;
    }
  }
}

/* Ends the field with NUL; when it was filled to the end, first takes back a UTF-8 character that was cut. */
static void field_end(field *f) {
  if (f->n + 1 >= f->cap) {
    size_t k = f->n;
    while (k > 0 && ((unsigned char)f->p[k - 1] & 0xC0) == 0x80) k--;
    if (k > 0 && (unsigned char)f->p[k - 1] >= 0xC0) f->n = k - 1;
  }
  f->p[f->n] = '\0';
}

bool mk_fail(mk_err *err, mk_code code, const char *fmt, ...) {
  if (!err || err->code != MK_OK) return false;
  err->code = code;
  err->line = err->col = err->len = 0;
  err->hint[0] = '\0';
  field f = {err->msg, 0, sizeof err->msg};
  va_list ap;
  va_start(ap, fmt);
  field_format(&f, fmt, ap);
  va_end(ap);
  field_end(&f);
  for (char *c = err->msg; *c; c++)
    if (*c == '\n' || *c == '\r') *c = ' ';
  return false;
}

void mk_hint(mk_err *err, const char *fmt, ...) {
  if (!err) return;
  field f = {err->hint, strlen(err->hint), sizeof err->hint};
  if (f.n) field_put(&f, "\n", 1);
  va_list ap;
  va_start(ap, fmt);
  field_format(&f, fmt, ap);
  va_end(ap);
  field_end(&f);
}

void mk_at(mk_err *err, size_t line, size_t col, size_t len) {
  if (!err) return;
  err->line = line;
  err->col = col;
  err->len = len;
}

static bool continuation(char c) { return ((unsigned char)c & 0xC0) == 0x80; }

/* Columns on a terminal; damaged text counts its characters as one each. */
static size_t columns(const char *s, size_t n) {
  size_t k = 0;
  if (mk_utf8_check(s, n) == n) return mk_width(s, n);
  for (size_t i = 0; i < n; i++) k += !continuation(s[i]);
  return k;
}

void mk_caret(mk_err *err, const char *text, size_t n, size_t col, size_t len) {
  enum { BEFORE = 48, AFTER = 72 };
  if (!err || col == 0) return;
  if (col > n + 1) col = n + 1;
  size_t from = 0, to = n;
  if (col > BEFORE) {
    from = col - BEFORE;
    while (from < n && continuation(text[from])) from++;
  }
  if (to - from > BEFORE + AFTER) {
    to = from + BEFORE + AFTER;
    while (to > from && to < n && continuation(text[to])) to--;
  }
  char line[BEFORE + AFTER + 8];
  size_t k = 0;
  for (size_t i = from; i < to; i++) line[k++] = (unsigned char)text[i] < 0x20 ? ' ' : text[i];
  size_t before = (col - 1 < to ? col - 1 : to) - from, marked = k - before < len ? k - before : len;
  size_t indent = columns(line, before), carets = columns(line + before, marked);
  mk_hint(err, "  %S", line, k);
  k = 0;
  while (k < indent) line[k++] = ' ';
  do line[k++] = '^'; while (k < indent + carets);
  mk_hint(err, "  %S", line, k);
}
