/* faultmem.c: see faultmem.h. Every block carries a guard of 16 bytes on both sides; new memory is filled with 0xAA and
 * freed memory with 0xDD, and a resize always moves, so that the use of stale or unset memory shows. */
#include "faultmem.h"

#include <errno.h>
#include <signal.h>
#include <sqlite3.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define GUARD 16
#define GUARD_BYTE 0xC5
#define FULL_EVERY 4
#define COPY_SECONDS 60 /* a copy that takes longer hangs */

typedef struct {
  size_t n;
  fm_source source;
  unsigned char guard[GUARD];
} block;

_Static_assert(sizeof(block) % 16 == 0, "payload stays aligned");

const char *const fm_source_names[FM_SOURCES] = {"core", "sqlite", "lua", "read", "write", "sync", "open"};
const char *const fm_mode_names[FM_MODES + 1] = {"once", "twice", "ever", "kill"};

void *__real_malloc(size_t n);
void __real_free(void *p);
pid_t __real_getpid(void);
void *__wrap_malloc(size_t n);
void *__wrap_calloc(size_t n, size_t size);
void *__wrap_realloc(void *p, size_t n);
int __wrap_posix_memalign(void **p, size_t by, size_t n);
void __wrap_free(void *p);
pid_t __wrap_getpid(void);
ssize_t __real_write(int fd, const void *p, size_t n);
int __real_fsync(int fd);
int __real_rename(const char *from, const char *to);
ssize_t __wrap_write(int fd, const void *p, size_t n);
int __wrap_fsync(int fd);
int __wrap_rename(const char *from, const char *to);

static struct {
  bool armed, split, copy, hit;
  bool lean; /* writes to no freed block: a copy shares its pages with the original, and each page written costs more
                than the rest of its short life; every FULL_EVERY-th copy fills and frees as the original does */
  long step[FM_SOURCES], retried;
  long points[FM_SOURCES];
  fm_source source; /* of the fault that is set */
  fm_mode mode;
  long at; /* 0: none set */
  long tried, bad;
  pid_t pid;
  atomic_flag busy; /* held by the thread whose point is counted */
  atomic_long damage;
  atomic_size_t live[FM_SOURCES];
} fm = {.busy = ATOMIC_FLAG_INIT};

/* ------------------------------------------------------------------ points */

void fm_arm(bool split, const long step[FM_SOURCES], long retried) {
  memset(fm.points, 0, sizeof fm.points);
  fm.armed = true;
  fm.split = split;
  fm.hit = false;
  fm.at = 0;
  fm.retried = retried;
  for (int s = 0; s < FM_SOURCES; s++) fm.step[s] = step ? step[s] : 1;
}

void fm_arm_at(fm_source source, long n, fm_mode mode) {
  fm_arm(false, NULL, 1);
  fm.source = source;
  fm.at = n;
  fm.mode = mode;
}

void fm_disarm(void) { fm.armed = false; }
long fm_points(fm_source source) { return fm.points[source]; }
bool fm_hit(void) { return fm.hit; }
bool fm_is_copy(void) { return fm.copy; }
long fm_tried(void) { return fm.tried; }
long fm_bad(void) { return fm.bad; }
fm_source fm_set(void) { return fm.source; }
long fm_number(void) { return fm.at; }
size_t fm_live(fm_source source) { return fm.live[source]; }
long fm_damage(void) { return fm.damage; }

const char *fm_where(void) {
  static char text[80];
  snprintf(text, sizeof text, "n=%ld mode=%s src=%s", fm.at, fm_mode_names[fm.mode], fm_source_names[fm.source]);
  return text;
}

static void verdict(pid_t child) {
  int status;
  if (waitpid(child, &status, 0) != child || !WIFEXITED(status) || WEXITSTATUS(status) != 0) {
    fm.bad++;
    if (WIFSIGNALED(status)) printf("FAULT %s: killed by signal %d\n", fm_where(), WTERMSIG(status));
  }
}

/* Splits for each mode; true in a copy. */
static bool split(fm_source source) {
  pid_t children[FM_MODES];
  int count = 0;
  fm.source = source;
  fm.at = fm.points[source];
  fflush(stdout);
  for (int mode = 0; mode < FM_MODES; mode++) {
    if (mode == FM_TWICE && source != FM_LUA) continue;
    if (mode == FM_ONCE && source == FM_LUA && fm.at / fm.step[source] % fm.retried != 0) continue;
    fm.mode = (fm_mode)mode;
    pid_t child = fork();
    if (child < 0) {
      fm.bad++;
      continue;
    }
    if (child == 0) {
      fm.copy = true;
      fm.lean = fm.at % FULL_EVERY != 0;
      fm.split = false;
      alarm(COPY_SECONDS);
      return true;
    }
    fm.tried++;
    children[count++] = child;
  }
  for (int i = 0; i < count; i++) verdict(children[i]);
  fm.at = 0;
  return false;
}

/* Whether the operation that asks must fail. In the mode "ever" every source fails from the point on; for files and
 * memory apart, since a full disk does not empty the memory. */
static bool meets(fm_source source) {
  long n = ++fm.points[source];
  if (fm.split && fm.step[source] > 0 && n % fm.step[source] == 0 && split(source)) return fm.hit = true;
  if (!fm.at) return false;
  if (fm.mode == FM_EVER && fm.hit && (source >= FM_READ) == (fm.source >= FM_READ)) return true;
  if (source != fm.source) return false;
  bool fail = n == fm.at || (fm.mode == FM_TWICE && n == fm.at + 1);
  if (fail) fm.hit = true;
  return fail;
}

/* A copy that was split off here holds the flag as the original does, and gives it back by itself. */
static bool must_fail(fm_source source) {
  if (!fm.armed) return false;
  while (atomic_flag_test_and_set_explicit(&fm.busy, memory_order_acquire)) {}
  bool fail = meets(source);
  atomic_flag_clear_explicit(&fm.busy, memory_order_release);
  return fail;
}

/* ------------------------------------------------------------------ blocks */

static unsigned char *tail_of(block *b) { return (unsigned char *)(b + 1) + b->n; }

static void *take(fm_source source, size_t n) {
  block *b = __real_malloc(sizeof *b + n + GUARD);
  if (!b) return NULL;
  b->n = n;
  b->source = source;
  memset(b->guard, GUARD_BYTE, GUARD);
  memset(b + 1, 0xAA, n);
  memset(tail_of(b), GUARD_BYTE, GUARD);
  fm.live[source]++;
  return b + 1;
}

static void give(void *p) {
  if (!p) return;
  block *b = (block *)p - 1;
  for (int i = 0; i < GUARD; i++)
    if (b->guard[i] != GUARD_BYTE || tail_of(b)[i] != GUARD_BYTE) {
      fm.damage++;
      break;
    }
  fm.live[b->source]--;
  if (fm.lean) return;
  memset(b, 0xDD, sizeof *b + b->n);
  __real_free(b);
}

static size_t size_of(void *p) { return ((block *)p - 1)->n; }

static void *move(fm_source source, void *p, size_t n) {
  void *q = take(source, n);
  if (q && p) {
    size_t old = size_of(p);
    memcpy(q, p, old < n ? old : n);
    give(p);
  }
  return q;
}

void *__wrap_malloc(size_t n) { return must_fail(FM_CORE) ? NULL : take(FM_CORE, n); }
void __wrap_free(void *p) { give(p); }
void *__wrap_realloc(void *p, size_t n) { return must_fail(FM_CORE) ? NULL : move(FM_CORE, p, n); }

int __wrap_posix_memalign(void **p, size_t by, size_t n) { /* where it stands matters to nobody */
  (void)by;
  return (*p = __wrap_malloc(n)) ? 0 : ENOMEM;
}

void *__wrap_calloc(size_t n, size_t size) {
  void *p = must_fail(FM_CORE) ? NULL : take(FM_CORE, n * size);
  if (p) memset(p, 0, n * size);
  return p;
}

/* A copy acts for the original: handles must not take it for another process. */
pid_t __wrap_getpid(void) { return fm.pid; }

void fm_forget_process(void) {
  fm.pid = __real_getpid();
  alarm(COPY_SECONDS);
}

/* Lua relies on shrinking never to fail. */
void *fm_lua(void *ud, void *p, size_t old, size_t n) {
  (void)ud;
  if (n == 0) {
    give(p);
    return NULL;
  }
  if ((!p || n > old) && must_fail(FM_LUA)) return NULL;
  return move(FM_LUA, p, n);
}

static void *sq_malloc(int n) { return must_fail(FM_SQLITE) ? NULL : take(FM_SQLITE, (size_t)n); }
static void *sq_realloc(void *p, int n) { return must_fail(FM_SQLITE) ? NULL : move(FM_SQLITE, p, (size_t)n); }
static int sq_size(void *p) { return p ? (int)size_of(p) : 0; }
static int sq_roundup(int n) { return (n + 7) & ~7; }
static int sq_init(void *data) {
  (void)data;
  return SQLITE_OK;
}
static void sq_shutdown(void *data) { (void)data; }

/* ------------------------------------------------------------------ files */

/* The default VFS with a thin layer over each file; the layer is as large as the file it stands for, plus one pointer. */
typedef struct {
  sqlite3_file base;
  sqlite3_io_methods methods;
  sqlite3_file *real;
} faultfile;

static sqlite3_vfs *real_vfs;
static sqlite3_vfs fault_vfs;

#define REAL(f) (((faultfile *)(f))->real)

static int ff_close(sqlite3_file *f) { return REAL(f)->pMethods->xClose(REAL(f)); }
static int ff_read(sqlite3_file *f, void *p, int n, sqlite3_int64 at) {
  return must_fail(FM_READ) ? SQLITE_IOERR_READ : REAL(f)->pMethods->xRead(REAL(f), p, n, at);
}
/* A disk that is full takes half. */
static int ff_write(sqlite3_file *f, const void *p, int n, sqlite3_int64 at) {
  if (!must_fail(FM_WRITE)) return REAL(f)->pMethods->xWrite(REAL(f), p, n, at);
  REAL(f)->pMethods->xWrite(REAL(f), p, n / 2, at);
  if (fm.mode == FM_KILL) raise(SIGKILL);
  return SQLITE_FULL;
}
static int ff_truncate(sqlite3_file *f, sqlite3_int64 n) { return REAL(f)->pMethods->xTruncate(REAL(f), n); }
static int ff_sync(sqlite3_file *f, int flags) {
  if (!must_fail(FM_SYNC)) return REAL(f)->pMethods->xSync(REAL(f), flags);
  if (fm.mode == FM_KILL) raise(SIGKILL);
  return SQLITE_IOERR_FSYNC;
}
static int ff_size(sqlite3_file *f, sqlite3_int64 *n) { return REAL(f)->pMethods->xFileSize(REAL(f), n); }
static int ff_lock(sqlite3_file *f, int level) { return REAL(f)->pMethods->xLock(REAL(f), level); }
static int ff_unlock(sqlite3_file *f, int level) { return REAL(f)->pMethods->xUnlock(REAL(f), level); }
static int ff_reserved(sqlite3_file *f, int *out) { return REAL(f)->pMethods->xCheckReservedLock(REAL(f), out); }
static int ff_control(sqlite3_file *f, int op, void *p) { return REAL(f)->pMethods->xFileControl(REAL(f), op, p); }
static int ff_sector(sqlite3_file *f) { return REAL(f)->pMethods->xSectorSize(REAL(f)); }
static int ff_device(sqlite3_file *f) { return REAL(f)->pMethods->xDeviceCharacteristics(REAL(f)); }
static int ff_shm_map(sqlite3_file *f, int page, int size, int extend, void volatile **out) {
  return REAL(f)->pMethods->xShmMap(REAL(f), page, size, extend, out);
}
static int ff_shm_lock(sqlite3_file *f, int at, int n, int flags) { return REAL(f)->pMethods->xShmLock(REAL(f), at, n, flags); }
static void ff_shm_barrier(sqlite3_file *f) { REAL(f)->pMethods->xShmBarrier(REAL(f)); }
static int ff_shm_unmap(sqlite3_file *f, int remove) { return REAL(f)->pMethods->xShmUnmap(REAL(f), remove); }

static const sqlite3_io_methods fault_methods = {
    .iVersion = 2, .xClose = ff_close, .xRead = ff_read, .xWrite = ff_write, .xTruncate = ff_truncate, .xSync = ff_sync,
    .xFileSize = ff_size, .xLock = ff_lock, .xUnlock = ff_unlock, .xCheckReservedLock = ff_reserved,
    .xFileControl = ff_control, .xSectorSize = ff_sector, .xDeviceCharacteristics = ff_device, .xShmMap = ff_shm_map,
    .xShmLock = ff_shm_lock, .xShmBarrier = ff_shm_barrier, .xShmUnmap = ff_shm_unmap};

static int fault_open(sqlite3_vfs *vfs, const char *name, sqlite3_file *f, int flags, int *out) {
  (void)vfs;
  faultfile *file = (faultfile *)f;
  file->base.pMethods = NULL;
  if (must_fail(FM_OPEN)) return SQLITE_CANTOPEN;
  file->real = (sqlite3_file *)(file + 1);
  int rc = real_vfs->xOpen(real_vfs, name, file->real, flags, out);
  if (file->real->pMethods) {
    file->methods = fault_methods;
    if (file->real->pMethods->iVersion < 2) file->methods.iVersion = 1;
    file->base.pMethods = &file->methods;
  }
  return rc;
}

/* The same for what the core writes by itself. */
ssize_t __wrap_write(int fd, const void *p, size_t n) {
  if (!must_fail(FM_WRITE)) return __real_write(fd, p, n);
  ssize_t half = __real_write(fd, p, n / 2);
  if (fm.mode == FM_KILL) raise(SIGKILL);
  (void)half;
  errno = ENOSPC;
  return -1;
}

int __wrap_fsync(int fd) {
  if (!must_fail(FM_SYNC)) return __real_fsync(fd);
  if (fm.mode == FM_KILL) raise(SIGKILL);
  errno = EIO;
  return -1;
}

int __wrap_rename(const char *from, const char *to) {
  if (!must_fail(FM_SYNC)) return __real_rename(from, to);
  if (fm.mode == FM_KILL) raise(SIGKILL);
  errno = EIO;
  return -1;
}

void fm_install(void) {
  static const sqlite3_mem_methods methods = {sq_malloc, give, sq_realloc, sq_size, sq_roundup, sq_init, sq_shutdown, NULL};
  fm.pid = __real_getpid();
  /* A mutex held where the process splits would belong to the original's thread and stop the copy for ever. */
  sqlite3_config(SQLITE_CONFIG_SINGLETHREAD);
  sqlite3_config(SQLITE_CONFIG_MALLOC, &methods);
  sqlite3_initialize();
  real_vfs = sqlite3_vfs_find(NULL);
  fault_vfs = *real_vfs;
  fault_vfs.zName = "fault";
  fault_vfs.pNext = NULL;
  fault_vfs.szOsFile = (int)sizeof(faultfile) + real_vfs->szOsFile;
  fault_vfs.xOpen = fault_open;
  sqlite3_vfs_register(&fault_vfs, 1);
}
