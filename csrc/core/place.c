/* place.c: what stands at a path, told before anything opens it: a pipe would hang, a device or a directory is never a
 * store. Opens nothing: closing a second descriptor of an open database would drop its locks. May include: store.h, POSIX. */
#define _XOPEN_SOURCE 700 /* realpath, lstat */
#include "store.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static bool path_errno(int e, const char *what, const char *path, mk_err *err) {
  switch (e) {
    case ENOENT: return mk_fail(err, MK_MISSING, "there is no %s '%s'", what, path);
    case ENOTDIR: return mk_fail(err, MK_MISSING, "a part of the path of %s '%s' is not a folder", what, path);
    case EACCES:
    case EPERM: return mk_fail(err, MK_PERMISSION, "no permission to reach %s '%s'", what, path);
    case ENAMETOOLONG: return mk_fail(err, MK_LIMIT, "the path of %s is too long: '%s'", what, path);
    case ELOOP: return mk_fail(err, MK_IO, "too many symbolic links on the way to %s '%s'", what, path);
    default: return mk_fail(err, MK_IO, "%s '%s' cannot be reached (system error %d)", what, path, e);
  }
}

static bool regular(mode_t mode, const char *what, const char *path, mk_err *err) {
  if (S_ISREG(mode)) return true;
  const char *kind = S_ISDIR(mode)    ? "a directory"
                     : S_ISFIFO(mode) ? "a pipe (FIFO)"
                     : S_ISSOCK(mode) ? "a socket"
                                      : "a device";
  mk_fail(err, MK_IO, "%s '%s' is %s, not a file", what, path, kind);
  if (S_ISDIR(mode)) mk_hint(err, "hint: give the name of a file inside it");
  return false;
}

/* at->path becomes the resolved folder, a slash and the last part of the path; there must be such a folder. */
static bool resolve_new(place *at, const char *path, const char *what, mk_err *err) {
  char folder[PATH_MAX], resolved[PATH_MAX];
  const char *slash = strrchr(path, '/'), *base = slash ? slash + 1 : path;
  size_t n = slash ? (size_t)(slash - path) : 0;
  if (n >= sizeof folder) return path_errno(ENAMETOOLONG, what, path, err);
  if (!*base) return mk_fail(err, MK_MISSING, "'%s' names a folder, not a file", path);
  memcpy(folder, path, n);
  folder[n] = '\0';
  if (!realpath(n ? folder : slash ? "/" : ".", resolved)) {
    if (errno != ENOENT) return path_errno(errno, "the folder of", path, err);
    mk_fail(err, MK_MISSING, "the folder of '%s' does not exist", path);
    mk_hint(err, "hint: create '%s' first, or correct the path", n ? folder : ".");
    return false;
  }
  size_t k = strlen(resolved), b = strlen(base);
  if (k + b + 2 > sizeof at->path) return path_errno(ENAMETOOLONG, what, path, err);
  memcpy(at->path, resolved, k);
  if (k == 0 || resolved[k - 1] != '/') at->path[k++] = '/';
  memcpy(at->path + k, base, b + 1);
  return true;
}

static bool folder_writable(const char *path) {
  char folder[PATH_MAX];
  const char *slash = strrchr(path, '/');
  size_t n = slash && slash > path ? (size_t)(slash - path) : 1;
  if (n >= sizeof folder) return false;
  memcpy(folder, path, n);
  folder[n] = '\0';
  return access(folder, W_OK) == 0;
}

/* A write-ahead log or journal beside the file: somebody is writing, or stopped in the middle. */
static bool pending(const char *path) {
  static const char *const suffixes[] = {"-wal", "-journal"};
  char name[PATH_MAX + 16];
  size_t n = strlen(path);
  if (n >= PATH_MAX) return true;
  memcpy(name, path, n);
  for (size_t i = 0; i < 2; i++) {
    memcpy(name + n, suffixes[i], strlen(suffixes[i]) + 1);
    if (access(name, F_OK) == 0) return true;
  }
  return false;
}

bool place_look(place *at, const char *path, size_t n, const char *what, mk_err *err) {
  struct stat st;
  *at = (place){0};
  if (n == 0) return mk_fail(err, MK_TYPE, "the path of the %s is empty", what);
  if (memchr(path, 0, n)) return mk_fail(err, MK_TYPE, "the path of the %s holds a zero byte", what);
  if (n >= PATH_MAX) return path_errno(ENAMETOOLONG, what, "...", err);
  if (lstat(path, &st) != 0) {
    if (errno != ENOENT) return path_errno(errno, what, path, err);
    if (!resolve_new(at, path, what, err)) return false;
    at->writable = at->folder_writable = folder_writable(at->path);
    at->pending = pending(at->path);
    return true;
  }
  if (S_ISLNK(st.st_mode) && stat(path, &st) != 0)
    return errno == ENOENT ? mk_fail(err, MK_MISSING, "%s '%s' is a symbolic link to nothing", what, path)
                           : path_errno(errno, what, path, err);
  if (!regular(st.st_mode, what, path, err)) return false;
  char resolved[PATH_MAX];
  if (!realpath(path, resolved)) return path_errno(errno, what, path, err);
  if (strlen(resolved) >= sizeof at->path) return path_errno(ENAMETOOLONG, what, path, err);
  memcpy(at->path, resolved, strlen(resolved) + 1);
  if (access(resolved, R_OK) != 0) return path_errno(errno, what, path, err);
  at->exists = true;
  at->writable = access(resolved, W_OK) == 0;
  at->folder_writable = folder_writable(resolved);
  at->size = (long long)st.st_size;
  at->changed = (int64_t)st.st_mtim.tv_sec * 1000000000 + st.st_mtim.tv_nsec;
  at->pending = pending(resolved);
  at->device = (uint64_t)st.st_dev;
  at->inode = (uint64_t)st.st_ino;
  return true;
}

bool place_is_store(const mk_store *s, const place *at) {
  place own;
  return at->exists && !s->memory && place_look(&own, s->path, strlen(s->path), "store", NULL) && own.device == at->device &&
         own.inode == at->inode;
}

bool place_is_database(const mk_store *s, const place *at) {
  static const char *const sides[] = {"-wal", "-shm", "-journal"};
  char base[sizeof at->path];
  if (at->pending || (s && place_is_store(s, at))) return true;
  size_t n = strlen(at->path);
  for (size_t i = 0; i < sizeof sides / sizeof sides[0]; i++) {
    size_t k = strlen(sides[i]);
    if (n <= k || strcmp(at->path + n - k, sides[i]) != 0) continue;
    memcpy(base, at->path, n - k);
    base[n - k] = '\0';
    return access(base, F_OK) == 0;
  }
  return false;
}
