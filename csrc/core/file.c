/* file.c: bytes put into a file in one step: written beside it, made durable, then renamed over it, so that no reader and no
 * crash ever meets half a file. May include: store.h, POSIX. */
#define _XOPEN_SOURCE 700 /* fsync, O_CLOEXEC, O_NOFOLLOW */
#include "store.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { NAMES = 100, NAME_ROOM = 40 };

static bool write_errno(int e, const char *path, mk_err *err) {
  switch (e) {
    case ENOSPC:
    case EDQUOT:
    case EFBIG: return mk_fail(err, MK_FULL, "'%s' cannot be written: there is no room left", path);
    case EROFS: return mk_fail(err, MK_READONLY, "'%s' cannot be written: the file system is read-only", path);
    case EACCES:
    case EPERM: return mk_fail(err, MK_PERMISSION, "no permission to write '%s'", path);
    default: return mk_fail(err, MK_IO, "'%s' cannot be written (system error %d)", path, e);
  }
}

/* A new file in the folder of path; temp becomes its name. What a killed program left behind is not touched. */
static int open_beside(char *temp, size_t cap, const char *path, mk_err *err) {
  size_t folder = (size_t)(strrchr(path, '/') + 1 - path);
  int fd = -1;
  if (folder + NAME_ROOM > cap) { mk_fail(err, MK_LIMIT, "the path of file '%s' is too long", path); return -1; }
  for (int i = 0; i < NAMES && fd < 0; i++) {
    mk_buf b;
    mk_buf_init(&b, NULL);
    mk_put(&b, path, folder);
    mk_putf(&b, ".mekong-%d-%d", (int)getpid(), i);
    bool ok = mk_buf_ok(&b, err);
    if (ok) memcpy(temp, mk_cstr(&b), b.n), temp[b.n] = '\0';
    mk_buf_clear(&b);
    if (!ok) return -1;
    fd = open(temp, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0666);
    if (fd < 0 && errno != EEXIST) break;
  }
  if (fd < 0) write_errno(errno, path, err);
  return fd;
}

static bool write_all(int fd, const char *p, size_t n) {
  while (n > 0) {
    ssize_t k = write(fd, p, n < 1u << 30 ? n : 1u << 30);
    if (k < 0 && errno == EINTR) continue;
    if (k < 0) return false;
    p += k;
    n -= (size_t)k;
  }
  return true;
}

/* A file that is replaced keeps its permissions. */
static bool keep_mode(int fd, const place *at) {
  struct stat st;
  if (!at->exists || stat(at->path, &st) != 0) return true;
  return fchmod(fd, st.st_mode & 0777) == 0;
}

/* The name is durable once its folder is; a file system that cannot do that says EINVAL. */
static bool sync_folder(char *path) {
  char *slash = strrchr(path, '/'), kept = slash[1];
  slash[1] = '\0';
  int fd = open(path, O_RDONLY | O_CLOEXEC);
  slash[1] = kept;
  bool ok = fd >= 0 && (fsync(fd) == 0 || errno == EINVAL);
  int e = errno;
  if (fd >= 0) close(fd);
  errno = e;
  return ok;
}

/* What is in the way of replacing a file. */
static bool may_write(const place *at, mk_err *err) {
  if (place_is_database(NULL, at))
    return mk_fail(err, MK_FORMAT, "'%s' is a database in use and is not overwritten", at->path);
  if (at->exists && !at->writable) return mk_fail(err, MK_PERMISSION, "no permission to write '%s'", at->path);
  if (!at->folder_writable) {
    mk_fail(err, MK_PERMISSION, "no permission to write '%s'", at->path);
    mk_hint(err, "hint: the folder must be writable, since a file is written beside and then put in place");
    return false;
  }
  return true;
}

struct mk_out {
  place at;
  char temp[sizeof ((place *)0)->path];
  int fd; /* -1: kept, or given up */
};

mk_out *mk_out_new(const char *path, size_t n, mk_err *err) {
  mk_out *f = mk_failed(err) ? NULL : mk_zalloc(NULL, sizeof *f, err);
  if (!f) return NULL;
  f->fd = -1;
  if (place_look(&f->at, path, n, "file", err) && may_write(&f->at, err)) f->fd = open_beside(f->temp, sizeof f->temp, f->at.path, err);
  if (f->fd >= 0) return f;
  mk_free(NULL, f, sizeof *f);
  return NULL;
}

bool mk_out_put(mk_out *f, const char *bytes, size_t n, mk_err *err) {
  return write_all(f->fd, bytes, n) || write_errno(errno, f->at.path, err);
}

bool mk_out_keep(mk_out *f, mk_err *err) {
  bool ok = keep_mode(f->fd, &f->at) && fsync(f->fd) == 0;
  int e = errno, fd = f->fd;
  f->fd = -1;
  if (close(fd) != 0 && ok) ok = false, e = errno;
  if (ok && rename(f->temp, f->at.path) != 0) ok = false, e = errno;
  if (!ok) {
    unlink(f->temp);
    return write_errno(e, f->at.path, err);
  }
  return sync_folder(f->at.path) || write_errno(errno, f->at.path, err);
}

void mk_out_free(mk_out *f) {
  if (!f) return;
  if (f->fd >= 0) {
    close(f->fd);
    unlink(f->temp);
  }
  mk_free(NULL, f, sizeof *f);
}

bool mk_file_write(const char *path, size_t n, const char *bytes, size_t size, mk_err *err) {
  mk_out *f = mk_out_new(path, n, err);
  bool ok = f && mk_out_put(f, bytes, size, err) && mk_out_keep(f, err);
  mk_out_free(f);
  return ok;
}
