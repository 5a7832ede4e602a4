/* engine_dict.c: the different texts of a column, numbered in order of first appearance. May include: engine.h, libc strings. */
#include "engine.h"

#include <string.h>

enum { ENTRIES_MAX = 1 << 22 };

static uint64_t mixed(uint64_t h) {
  h ^= h >> 32;
  h *= UINT64_C(0xD6E8FEB86659FD93);
  h ^= h >> 32;
  h *= UINT64_C(0xD6E8FEB86659FD93);
  return h ^ h >> 32;
}

static uint64_t hash(uint64_t seed, const char *s, size_t n) {
  uint64_t h = seed ^ n, word;
  for (; n >= 8; s += 8, n -= 8) {
    memcpy(&word, s, 8);
    h = mixed(h ^ word);
  }
  word = 0;
  memcpy(&word, s, n);
  return mixed(h ^ word);
}

static size_t end_of(const mk_dict *d, size_t entry) { return ((const size_t *)(const void *)d->ends.p)[entry]; }

static bool is_entry(const mk_dict *d, size_t entry, const char *s, size_t n) {
  size_t from = end_of(d, entry - 1);
  return end_of(d, entry) - from == n && (n == 0 || memcmp(d->text.p + from, s, n) == 0);
}

bool dict_init(mk_dict *d, mk_mem *mem, uint64_t seed, mk_err *err) {
  const size_t zero = 0;
  *d = (mk_dict){.mem = mem, .cap = 64, .count = 1, .seed = seed};
  mk_buf_init(&d->text, mem);
  mk_buf_init(&d->ends, mem);
  mk_put(&d->ends, (const char *)&zero, sizeof zero);
  d->slots = mk_zalloc(mem, d->cap * sizeof *d->slots, err);
  return d->slots && mk_buf_ok(&d->ends, err);
}

void dict_clear(mk_dict *d) {
  mk_buf_clear(&d->text);
  mk_buf_clear(&d->ends);
  mk_free(d->mem, d->slots, d->cap * sizeof *d->slots);
  d->slots = NULL;
}

static bool dict_grow(mk_dict *d, mk_err *err) {
  size_t cap = d->cap * 4;
  uint32_t *slots = mk_zalloc(d->mem, cap * sizeof *slots, err);
  if (!slots) return false;
  for (size_t e = 1; e < d->count; e++) {
    size_t from = end_of(d, e - 1), at = hash(d->seed, d->text.p + from, end_of(d, e) - from) & (cap - 1);
    while (slots[at]) at = (at + 1) & (cap - 1);
    slots[at] = (uint32_t)e;
  }
  mk_free(d->mem, d->slots, d->cap * sizeof *d->slots);
  d->slots = slots;
  d->cap = cap;
  return true;
}

/* A new one. */
static bool add(mk_dict *d, const char *s, size_t n, uint32_t *out, mk_err *err) {
  if (d->count == ENTRIES_MAX) return mk_fail(err, MK_LIMIT, "a column holds more than %d different values", (int)ENTRIES_MAX);
  mk_put(&d->text, s, n);
  size_t end = d->text.n;
  mk_put(&d->ends, (const char *)&end, sizeof end);
  if (!mk_buf_ok(&d->text, err) || !mk_buf_ok(&d->ends, err)) return false;
  *out = (uint32_t)(d->last = d->count++);
  return true;
}

/* The number of a text, a new one when it is not there. Rows of one value in a run find it by the last one. */
bool dict_code(mk_dict *d, const char *s, size_t n, uint32_t *out, mk_err *err) {
  if (d->last && is_entry(d, d->last, s, n)) {
    *out = (uint32_t)d->last;
    return true;
  }
  if (d->rising) return add(d, s, n, out, err);
  size_t at = hash(d->seed, s, n) & (d->cap - 1);
  while (d->slots[at] && !is_entry(d, d->slots[at], s, n)) at = (at + 1) & (d->cap - 1);
  if (!d->slots[at]) {
    if (!add(d, s, n, &d->slots[at], err)) return false;
    *out = d->slots[at];
    return d->count * 2 <= d->cap || dict_grow(d, err);
  }
  d->last = d->slots[at];
  *out = d->slots[at];
  return true;
}
