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

/* Large blocks stand on large pages where the system has them: they are there sooner, and found faster. A last one that would be
 * nearly full is taken whole. */
#define PAGE ((size_t)1 << 21)

static void *block(size_t n) {
  void *p = NULL;
  if (n < PAGE) return malloc(n ? n : 1);
  size_t whole = (n + PAGE - 1) & ~(PAGE - 1);
  if (whole - n < PAGE / 8) n = whole;
  if (posix_memalign(&p, PAGE, n) != 0) return NULL;
#ifdef MADV_HUGEPAGE
  madvise(p, n & ~(PAGE - 1), MADV_HUGEPAGE);
#endif
  return p;
}

static void account(mk_mem *mem, size_t old, size_t n) {
  if (!mem) return;
  mem->used = mem->used - old + n;
  if (mem->used > mem->peak) mem->peak = mem->used;
}

void *mk_alloc(mk_mem *mem, size_t n, mk_err *err) {
  if (!admit(mem, 0, n, err)) return NULL;
  void *p = block(n);
  if (!p) { mk_fail(err, MK_MEMORY, "out of memory"); return NULL; }
  account(mem, 0, n);
  return p;
}

void *mk_zalloc(mk_mem *mem, size_t n, mk_err *err) {
  void *p = mk_alloc(mem, n, err);
  if (p) memset(p, 0, n ? n : 1);
  return p;
}

void *mk_resize(mk_mem *mem, void *p, size_t old, size_t n, mk_err *err) {
  if (!admit(mem, old, n, err)) return NULL;
  bool moved = n >= PAGE && n > old;
  void *q = moved ? block(n) : realloc(p, n ? n : 1);
  if (!q) { mk_fail(err, MK_MEMORY, "out of memory"); return NULL; }
  if (moved && p) {
    memcpy(q, p, old);
    free(p);
  }
  account(mem, old, n);
  return q;
}

/* A fault for each page takes twice as long. */
void mk_mem_soon(void *p, size_t n) {
#ifdef MADV_POPULATE_WRITE
  const uintptr_t page = 4096, from = ((uintptr_t)p + page - 1) & ~(page - 1), to = ((uintptr_t)p + n) & ~(page - 1);
  if (n >= PAGE / 8) madvise((void *)from, to - from, MADV_POPULATE_WRITE);
#else
  (void)p, (void)n;
#endif
}

/* The first block has a mapping of its own; once it was given back, glibc takes blocks of its size from the heap and leaves that much
 * room there, so that the pages of the second one stay. */
void mk_mem_ready(size_t n) {
  for (int i = 0; i < 2; i++) {
    void *volatile p = malloc(n); /* else the compiler leaves the first one out */
    if (p && i == 1) mk_mem_soon(p, n);
    free(p);
  }
}

void mk_free(mk_mem *mem, void *p, size_t n) {
  if (!p) return;
  free(p);
  account(mem, n, 0);
}
