/* grid_meet.c: keys in bulk that may be the same as others, and what meets among numbers: all candidates and few besides, found by numbers
 * that are equal whenever the things are. What they really are is for the caller to see. May include: grid.h, libc strings. */
#include "grid.h"

#include <stdatomic.h>
#include <string.h>

uint64_t grid_joined(uint64_t h, const char *s, size_t n) {
  const uint64_t a = UINT64_C(0x9E3779B97F4A7C15);
  uint64_t v;
  h = (h ^ n) * a;
  for (; n >= 8; s += 8, n -= 8) {
    memcpy(&v, s, 8);
    h = (h ^ v) * a;
    h ^= h >> 32;
  }
  for (v = 0; n; n--) v = v << 8 | (unsigned char)s[n - 1];
  h = (h ^ v) * a;
  h ^= h >> 29;
  return h * UINT64_C(0xBF58476D1CE4E5B9) ^ h >> 31;
}

/* ------------------------------------------------------------------ numbers that meet */

/* Those that may meet, told by a bit for each of some numbers: most have theirs alone. */
typedef struct { uint64_t *once, *again; size_t words; } sieve;

static void sieve_put(sieve *v, uint64_t number) {
  size_t at = (size_t)(number >> 8) & (v->words - 1);
  uint64_t bit = (uint64_t)1 << (number & 63);
  v->again[at] |= v->once[at] & bit;
  v->once[at] |= bit;
}

static bool sieve_init(sieve *v, mk_mem *mem, const uint64_t *numbers, size_t n, const uint64_t *others, size_t nothers, mk_err *err) {
  *v = (sieve){.words = 64};
  while (v->words < (n + nothers) / 8) v->words *= 2;
  v->once = mk_zalloc(mem, v->words * 2 * sizeof *v->once, err);
  if (!v->once) return false;
  v->again = v->once + v->words;
  for (size_t i = 0; i < nothers; i++) sieve_put(v, others[i]);
  for (size_t i = 0; i < n; i++)
    if (numbers[i]) sieve_put(v, numbers[i]);
  return true;
}

static bool may_meet(const sieve *v, uint64_t number) {
  return number && v->again[(size_t)(number >> 8) & (v->words - 1)] >> (number & 63) & 1;
}

/* The others are parted by their highest bits, so that those of a part are compared within the nearest memory. */
enum { PARTS = 256 };
typedef struct { uint64_t number; uint32_t at; bool other; } meeter;

static size_t part_of(uint64_t number) { return (size_t)(number >> 56); }

/* Where each part begins among the numbers that may meet; begins[PARTS] is how many there are. The others become 0. */
static void find_parts(const sieve *v, uint64_t *numbers, size_t n, const uint64_t *others, size_t nothers, size_t begins[PARTS + 1]) {
  size_t sum = 0;
  memset(begins, 0, (PARTS + 1) * sizeof *begins);
  for (size_t i = 0; i < n; i++) {
    bool may = may_meet(v, numbers[i]);
    begins[part_of(numbers[i])] += may;
    numbers[i] = may ? numbers[i] : 0;
  }
  for (size_t i = 0; i < nothers; i++) begins[part_of(others[i])] += may_meet(v, others[i]);
  for (size_t k = 0; k <= PARTS; k++) {
    size_t here = begins[k];
    begins[k] = sum;
    sum += here;
  }
}

/* Sets twice at those of a part that are there more than once, or equal another. slots: at least twice as many, all NULL. */
static void meet_part(const meeter *list, size_t n, const meeter **slots, size_t cap, uint8_t *twice) {
  for (size_t i = 0; i < n; i++) {
    size_t at = (size_t)list[i].number & (cap - 1);
    while (slots[at] && slots[at]->number != list[i].number) at = (at + 1) & (cap - 1);
    if (!slots[at]) slots[at] = &list[i];
    if (slots[at] == &list[i]) continue;
    if (!list[i].other) twice[list[i].at] = 1;
    if (!slots[at]->other) twice[slots[at]->at] = 1;
  }
}

bool grid_meet(mk_mem *mem, uint64_t *numbers, size_t n, const uint64_t *others, size_t nothers, uint8_t *twice, mk_err *err) {
  size_t begins[PARTS + 1], ends[PARTS], most = 0, cap = 64;
  sieve v;
  if (!sieve_init(&v, mem, numbers, n, others, nothers, err)) return false;
  find_parts(&v, numbers, n, others, nothers, begins);
  for (size_t k = 0; k < PARTS; k++) {
    ends[k] = begins[k];
    if (begins[k + 1] - begins[k] > most) most = begins[k + 1] - begins[k];
  }
  while (cap < most * 2) cap *= 2;
  size_t size = begins[PARTS] * sizeof(meeter);
  meeter *list = mk_alloc(mem, size, err);
  const meeter **slots = list ? mk_alloc(mem, cap * sizeof *slots, err) : NULL;
  for (size_t i = 0; slots && i < nothers; i++)
    if (may_meet(&v, others[i])) list[ends[part_of(others[i])]++] = (meeter){others[i], 0, true};
  for (size_t i = 0; slots && i < n; i++)
    if (numbers[i]) list[ends[part_of(numbers[i])]++] = (meeter){numbers[i], (uint32_t)i, false};
  for (size_t k = 0; slots && k < PARTS; k++) {
    if (begins[k] == begins[k + 1]) continue;
    memset(slots, 0, cap * sizeof *slots);
    meet_part(list + begins[k], begins[k + 1] - begins[k], slots, cap, twice);
  }
  mk_free(mem, list, size);
  mk_free(mem, slots, cap * sizeof *slots);
  mk_free(mem, v.once, v.words * 2 * sizeof *v.once);
  return slots != NULL;
}

/* ------------------------------------------------------------------ keys that may be one */

/* Letters, digits and what is not ASCII, in one case: what folding of level 1 leaves of a text, and plain for ASCII. */
bool grid_key_hash(const char *s, size_t n, mk_buf *folded, uint64_t *out, mk_err *err) {
  const char *p = s;
  size_t i = 0;
  while (i < n && (unsigned char)s[i] < 0x80) i++;
  if (i < n) {
    folded->n = 0;
    if (!mk_key(folded, s, n, 1, err)) return false;
    p = folded->p ? folded->p : "";
    n = folded->n;
  }
  char kept[256];
  uint64_t h = 0;
  size_t k = 0;
  for (i = 0; i < n; i++) {
    unsigned char c = (unsigned char)p[i], lower = c | 0x20;
    bool letter = (unsigned char)(lower - 'a') < 26;
    kept[k] = (char)(letter ? lower : c);
    k += (c >= 0x80) | letter | ((unsigned char)(c - '0') < 10);
    if (k == sizeof kept) {
      h = grid_joined(h, kept, k);
      k = 0;
    }
  }
  *out = grid_some(grid_joined(h, kept, k));
  return true;
}

static bool number_keys(mk_grid_rows *r, uint64_t *numbers, mk_err *err) {
  mk_buf key;
  mk_buf_init(&key, r->mem);
  for (uint32_t id = 1; id < r->nkeys && !mk_failed(err); id++) {
    if (!r->firsts[id] || r->odd[id]) continue;
    mk_value v = grid_value_of(r, r->plan.key, id, NULL);
    if (!grid_key_hash(v.s, v.n, &key, &numbers[id], err)) break;
  }
  mk_buf_clear(&key);
  return !mk_failed(err);
}

/* What a byte may be where one is c: up to *most. */
static unsigned char least_of(unsigned char c, unsigned char *most) {
  static const char bounds[][2] = {{'0', '9'}, {'A', 'Z'}, {'a', 'z'}};
  for (size_t i = 0; i < 3; i++)
    if (c >= (unsigned char)bounds[i][0] && c <= (unsigned char)bounds[i][1]) {
      *most = (unsigned char)bounds[i][1];
      return (unsigned char)bounds[i][0];
    }
  return *most = c;
}

/* The word number k of a key; of a short one all of it, and 0. */
static inline uint64_t shape_word(const char *s, size_t n, size_t k) {
  uint64_t v = 0;
  if (n < 8) memcpy(&v, s, n);
  else memcpy(&v, s + (k * 8 + 8 <= n ? k * 8 : n - 8), 8);
  return v;
}

bool grid_key_shape_of(const char *s, size_t n, grid_key_shape *out) {
  *out = (grid_key_shape){.n = n, .count = (n + 7) / 8};
  if (out->count > GRID_SHAPE_WORDS) return false;
  for (size_t k = 0; k < out->count; k++) {
    unsigned char word[8], least[8], beyond[8], most;
    uint64_t v = shape_word(s, n, k);
    memcpy(word, &v, 8);
    for (size_t i = 0; i < 8; i++) {
      if (word[i] >= 0x80) return false;
      least[i] = (unsigned char)(0x80 - least_of(word[i], &most));
      beyond[i] = (unsigned char)(0x7F - most);
    }
    memcpy(&out->least[k], least, 8);
    memcpy(&out->beyond[k], beyond, 8);
  }
  return true;
}

bool grid_key_shaped(const grid_key_shape *shape, const char *s, size_t n) {
  uint64_t other = 0;
  if (n != shape->n) return false;
  for (size_t k = 0; k < shape->count; k++) { /* of ASCII, no byte reaches into the next one */
    uint64_t v = shape_word(s, n, k);
    other |= v | ~(v + shape->least[k]) | (v + shape->beyond[k]);
  }
  return !(other & UINT64_C(0x8080808080808080));
}

/* Keys in bulk that may have another shape. */
typedef struct { const mk_grid_rows *r; grid_key_shape shape; atomic_bool other; } shaping;

static void find_other(void *arg, size_t from, size_t to) {
  shaping *x = arg;
  const mk_grid_rows *r = x->r;
  const grid_target *key = &r->targets[r->plan.key];
  bool other = false;
  for (size_t id = from; id < to && !other; id++) {
    size_t n;
    if (!r->firsts[id] || r->odd[id]) continue;
    const char *s = id < key->entries ? grid_text(&r->g->columns[key->column], id, &n) : NULL;
    other = !s || !grid_key_shaped(&x->shape, s, n);
  }
  if (other) atomic_store(&x->other, true);
}

/* Whether all of them have one shape. */
static bool one_shape(const mk_grid_rows *r) {
  const grid_target *key = &r->targets[r->plan.key];
  shaping x = {.r = r};
  size_t id = 1, n;
  if (r->shaped && r->nkeys == key->entries) return true;
  while (id < r->nkeys && (!r->firsts[id] || r->odd[id])) id++;
  if (id >= key->entries) return id == r->nkeys;
  const char *s = grid_text(&r->g->columns[key->column], id, &n);
  if (!grid_key_shape_of(s, n, &x.shape)) return false;
  atomic_init(&x.other, false);
  grid_share(r->g, r->nkeys, find_other, &x);
  return !atomic_load(&x.other);
}

bool grid_alike(mk_grid_rows *r, const uint64_t *others, size_t nothers, mk_buf *out, mk_err *err) {
  if (!nothers && one_shape(r)) return true;
  uint64_t *numbers = mk_zalloc(r->mem, r->nkeys * sizeof *numbers, err);
  uint8_t *twice = numbers ? mk_zalloc(r->mem, r->nkeys, err) : NULL;
  bool ok = twice && number_keys(r, numbers, err) && grid_meet(r->mem, numbers, r->nkeys, others, nothers, twice, err);
  for (uint32_t id = 1; ok && id < r->nkeys; id++)
    if (twice[id]) mk_put(out, (const char *)&id, sizeof id);
  mk_free(r->mem, numbers, r->nkeys * sizeof *numbers);
  mk_free(r->mem, twice, r->nkeys);
  return ok && mk_buf_ok(out, err);
}
