/* mem.c: the only place of the core that calls malloc; counts bytes against the cap of a store. May include: mk.h, POSIX. */
#define _DEFAULT_SOURCE
#include "mk.h"

#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

/* No single block may reach this: lengths then always fit a signed 32-bit interface such as SQLite's. */
#define BLOCK_MAX ((size_t)1 << 30)

bool mk_size_mul(size_t a, size_t b, size_t *out) { return !__builtin_mul_overflow(a, b, out); }
bool mk_size_add(size_t a, size_t b, size_t *out) { return !__builtin_add_overflow(a, b, out); }

static bool admit(mk_mem *mem, size_t old, size_t n, mk_err *err) {
  if (n > BLOCK_MAX) return mk_fail(err, MK_LIMIT, "a block of %z bytes is larger than the limit of %z", n, BLOCK_MAX);
  if (mem && mem->cap && n > old && (n - old > mem->cap || mem->used > mem->cap - (n - old))) {
    mk_fail(err, MK_MEMORY, "the memory cap of %z bytes is reached", mem->cap);
    mk_hint(err, "hint: raise max_bytes where the store is opened");
    return false;
  }
  return true;
}

/* Large blocks are asked for in large pages where the system has them: they are there sooner, and found faster. */
static void prefer_large_pages(void *p, size_t n) {
#ifdef MADV_HUGEPAGE
  const uintptr_t page = (uintptr_t)1 << 21;
  if (n < 2 * page) return;
  uintptr_t from = ((uintptr_t)p + page - 1) & ~(page - 1), to = ((uintptr_t)p + n) & ~(page - 1);
  if (to > from) madvise((void *)from, to - from, MADV_HUGEPAGE);
#else
  (void)p, (void)n;
#endif
}

static void account(mk_mem *mem, size_t old, size_t n) {
  if (!mem) return;
  mem->used = mem->used - old + n;
  if (mem->used > mem->peak) mem->peak = mem->used;
}

void *mk_alloc(mk_mem *mem, size_t n, mk_err *err) {
  if (!admit(mem, 0, n, err)) return NULL;
  void *p = malloc(n ? n : 1);
  if (!p) { mk_fail(err, MK_MEMORY, "out of memory"); return NULL; }
  account(mem, 0, n);
  prefer_large_pages(p, n);
  return p;
}

void *mk_zalloc(mk_mem *mem, size_t n, mk_err *err) {
  void *p = mk_alloc(mem, n, err);
  if (p) memset(p, 0, n ? n : 1);
  return p;
}

void *mk_resize(mk_mem *mem, void *p, size_t old, size_t n, mk_err *err) {
  if (!admit(mem, old, n, err)) return NULL;
  void *q = realloc(p, n ? n : 1);
  if (!q) { mk_fail(err, MK_MEMORY, "out of memory"); return NULL; }
  account(mem, old, n);
  if (n > old) prefer_large_pages(q, n);
  return q;
}

void mk_free(mk_mem *mem, void *p, size_t n) {
  if (!p) return;
  free(p);
  account(mem, n, 0);
}
