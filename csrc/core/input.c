/* input.c: bytes of files of records, read in pieces, and UTF-16 made UTF-8. May include: store.h, POSIX. */
#define _XOPEN_SOURCE 700 /* O_CLOEXEC, pread */
#include "store.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct mk_input { int fd; uint64_t size; };

mk_input *mk_input_new(const char *path, size_t n, const mk_store *s, mk_err *err) {
  place at;
  struct stat st;
  if (mk_failed(err) || !place_look(&at, path, n, "file", err)) return NULL;
  if (!at.exists) { mk_fail(err, MK_MISSING, "there is no file '%s'", path); return NULL; }
  /* Closing a descriptor of its own drops the locks that SQLite holds on a database in this process. */
  if (place_is_database(s, &at)) { mk_fail(err, MK_FORMAT, "'%s' is a database in use, not a file of records", path); return NULL; }
  mk_input *x = mk_alloc(NULL, sizeof *x, err);
  if (!x) return NULL;
  x->fd = open(at.path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
  if (x->fd < 0 || fstat(x->fd, &st) != 0 || !S_ISREG(st.st_mode)) {
    mk_fail(err, errno == EACCES ? MK_PERMISSION : MK_IO, "'%s' cannot be opened (system error %d)", path, errno);
    mk_input_free(x);
    return NULL;
  }
  x->size = (uint64_t)st.st_size;
  return x;
}

void mk_input_free(mk_input *x) {
  if (!x) return;
  if (x->fd >= 0) close(x->fd);
  mk_free(NULL, x, sizeof *x);
}

uint64_t mk_input_size(const mk_input *x) { return x->size; }

ptrdiff_t mk_input_read(mk_input *x, uint64_t at, char *p, size_t cap, mk_err *err) {
  ssize_t n;
  if (at > INT64_MAX) return 0;
  do n = pread(x->fd, p, cap, (off_t)at); while (n < 0 && errno == EINTR);
  if (n < 0) mk_fail(err, MK_IO, "reading failed (system error %d)", errno);
  return n;
}

/* ------------------------------------------------------------------ UTF-16 */

static void put_point(mk_buf *out, uint32_t cp) {
  if (mk_buf_reserve(out, 4)) out->n += mk_utf8_put(out->p + out->n, cp); /* a surrogate alone is no UTF-8 */
}

static void put_unit(mk_utf16 *u, uint32_t unit, mk_buf *out) {
  bool low = unit >= 0xDC00 && unit < 0xE000;
  if (u->high && low) {
    put_point(out, 0x10000 + ((u->high - 0xD800) << 10) + (unit - 0xDC00));
    u->high = 0;
    return;
  }
  if (u->high) put_point(out, u->high);
  u->high = unit >= 0xD800 && unit < 0xDC00 ? unit : 0;
  if (!u->high) put_point(out, unit);
}

bool mk_utf16_feed(mk_utf16 *u, const char *s, size_t n, mk_buf *out, mk_err *err) {
  for (size_t i = 0; i < n; i++) {
    unsigned char b = (unsigned char)s[i];
    if (u->half) put_unit(u, u->big ? (uint32_t)u->odd << 8 | b : (uint32_t)b << 8 | u->odd, out);
    u->odd = b;
    u->half = !u->half;
  }
  return mk_buf_ok(out, err);
}

bool mk_utf16_finish(mk_utf16 *u, mk_buf *out, mk_err *err) {
  if (u->high) put_point(out, u->high);
  if (u->half) mk_putc(out, '\xFF');
  u->high = 0;
  u->half = false;
  return mk_buf_ok(out, err);
}
