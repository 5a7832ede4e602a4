/* buf.c: growable byte buffers with a sticky failure, so that writers need one check at the end. May include: mk.h. */
#include "mk.h"

#include <string.h>

void mk_buf_init(mk_buf *b, mk_mem *mem) { *b = (mk_buf){NULL, 0, 0, mem, MK_OK}; }

void mk_buf_clear(mk_buf *b) {
  mk_free(b->mem, b->p, b->cap);
  mk_buf_init(b, b->mem);
}

bool mk_buf_ok(const mk_buf *b, mk_err *err) {
  if (b->failed == MK_OK) return !mk_failed(err);
  if (b->failed == MK_LIMIT) return mk_fail(err, MK_LIMIT, "a text would grow past 1 GiB");
  mk_fail(err, b->failed, "out of memory, or past the store's memory cap");
  return false;
}

bool mk_buf_reserve(mk_buf *b, size_t more) {
  if (b->failed != MK_OK) return false;
  if (b->cap - b->n >= more) return true;
  mk_err err = {0};
  size_t need, want = b->cap ? b->cap : 64;
  if (!mk_size_add(b->n, more, &need)) { b->failed = MK_LIMIT; return false; }
  while (want < need) want = want > SIZE_MAX / 2 ? need : want * 2;
  char *p = mk_resize(b->mem, b->p, b->cap, want, &err);
  if (!p) { b->failed = err.code; return false; }
  b->p = p;
  b->cap = want;
  return true;
}

void mk_put(mk_buf *b, const char *s, size_t n) {
  if (n == 0 || !mk_buf_reserve(b, n)) return;
  memcpy(b->p + b->n, s, n);
  b->n += n;
}

void mk_puts(mk_buf *b, const char *s) { mk_put(b, s, strlen(s)); }

void mk_putc(mk_buf *b, char c) {
  if (b->failed == MK_OK && b->n < b->cap) b->p[b->n++] = c;
  else mk_put(b, &c, 1);
}

void mk_putz(mk_buf *b, size_t v) {
  char digits[24];
  size_t n = sizeof digits;
  do digits[--n] = (char)('0' + v % 10); while (v /= 10);
  mk_put(b, digits + n, sizeof digits - n);
}

void mk_putl(mk_buf *b, long long v) {
  if (v >= 0) { mk_putz(b, (size_t)v); return; }
  mk_putc(b, '-');
  mk_putz(b, (size_t)(0ULL - (unsigned long long)v));
}

void mk_vputf(mk_buf *b, const char *fmt, va_list ap) {
  for (;; fmt++) {
    size_t plain = strcspn(fmt, "%");
    mk_put(b, fmt, plain);
    fmt += plain;
    if (!*fmt) return;
    switch (*++fmt) {
      case 's': { const char *s = va_arg(ap, const char *); mk_puts(b, s ? s : "?"); break; }
      case 'S': { const char *s = va_arg(ap, const char *); size_t n = va_arg(ap, size_t); mk_put(b, s, n); break; }
      case 'd': mk_putl(b, va_arg(ap, int)); break;
      case 'l': mk_putl(b, va_arg(ap, long long)); break;
      case 'z': mk_putz(b, va_arg(ap, size_t)); break;
      case 'c': mk_putc(b, (char)va_arg(ap, int)); break;
      case '\0': return;
      default: mk_putc(b, *fmt); break;
    }
  }
}

void mk_putf(mk_buf *b, const char *fmt, ...) {
  va_list ap;
  va_start(ap, fmt);
  mk_vputf(b, fmt, ap);
  va_end(ap);
}

const char *mk_cstr(mk_buf *b) {
  if (!mk_buf_reserve(b, 1)) return "";
  b->p[b->n] = '\0';
  return b->p;
}
