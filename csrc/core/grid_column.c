/* grid_column.c: the different texts of one column of a file, numbered in order of first appearance. May include: grid.h, libc
 * strings. */
#include "grid.h"

#include <string.h>

enum { FIRST_CAP = 64, FEW = 1 << 11, MANY = 1 << 16, GROUP = 32 };
#define ENTRIES_MAX (UINT32_MAX / 4)
#define TEXT_MAX ((size_t)1 << 29)
#define ONES UINT64_C(0x0101010101010101)
#define HIGHS UINT64_C(0x8080808080808080)

/* ------------------------------------------------------------------ numbers of texts */

static inline uint64_t word(const char *p) { uint64_t v; memcpy(&v, p, 8); return v; }

/* Of fewer than 8 bytes, of which 8 can be read when they are padded. */
static inline uint64_t part(const char *p, size_t n, bool padded) {
  uint64_t v = 0;
  if (padded) return word(p) & ~(UINT64_MAX << 8 * n);
  memcpy(&v, p, n);
  return v;
}

static inline uint64_t folded(uint64_t a, uint64_t b) {
  mk_u128 v = (mk_u128)a * b;
  return (uint64_t)v ^ (uint64_t)(v >> 64);
}

static inline uint64_t settled(uint64_t h) {
  h *= UINT64_C(0x9E3779B97F4A7C15);
  h ^= h >> 32;
  h *= UINT64_C(0xBF58476D1CE4E5B9);
  return h ^ h >> 29;
}

/* The first and the last 8, 16 or 32 bytes of a text, which meet: no part is of odd length. */
static inline uint64_t sixteen(uint64_t seed, const char *p, const char *q) { return folded(word(p) ^ seed, word(q) + ~seed); }

static uint64_t hash_long(uint64_t seed, const char *p, size_t n) {
  uint64_t h = seed;
  const char *end = p + n;
  for (; n > 32; p += 16, n -= 16) h = settled(h ^ word(p)) + folded(word(p + 8) ^ seed, h | 1);
  return h ^ sixteen(seed, end - 32, end - 24) ^ sixteen(h, end - 16, end - 8);
}

/* Of a text of 8 bytes or more. */
static inline uint64_t hash(uint64_t seed, const char *p, size_t n) {
  const char *end = p + n;
  uint64_t h = sixteen(seed, p, end - 8) + n;
  if (n > 64) return settled(h ^ hash_long(seed, p, n));
  if (n > 16) h ^= sixteen(seed + 1, p + 8, end - 16);
  if (n > 32) h += sixteen(seed + 2, p + 16, end - 24) ^ sixteen(seed + 3, p + 24, end - 32);
  return settled(h);
}

/* Of texts of one length, 8 bytes or more. */
static inline bool equal(const char *a, const char *b, size_t n) {
  const char *x = a + n - 8, *y = b + n - 8;
  uint64_t other = (word(a) ^ word(b)) | (word(x) ^ word(y));
  if (n > 64) return memcmp(a, b, n) == 0;
  if (n > 16) other |= (word(a + 8) ^ word(b + 8)) | (word(x - 8) ^ word(y - 8));
  if (n > 32) other |= (word(a + 16) ^ word(b + 16)) | (word(x - 16) ^ word(y - 16)) | (word(a + 24) ^ word(b + 24)) | (word(x - 24) ^ word(y - 24));
  return !other;
}

/* A text of 1 to 7 bytes and its length as one number, not 0; of no text 0. */
static inline uint64_t short_text(const char *p, size_t n, bool padded) { return part(p, n, padded) | (uint64_t)n << 56; }

/* ------------------------------------------------------------------ slots */

static grid_entry *entries(const grid_column *c) { return (grid_entry *)(void *)c->entries.p; }

/* What a slot holds of a text: half of its hash and the code. */
static uint64_t slot_for(uint64_t h, size_t code) { return (h & ~(uint64_t)UINT32_MAX) | code; }

static inline size_t slot_of(const grid_column *c, uint64_t h, const char *s, size_t n) {
  const grid_entry *e = entries(c);
  size_t at = (size_t)h & (c->cap - 1);
  for (uint64_t slot; (slot = c->slots[at]) != 0; at = (at + 1) & (c->cap - 1)) {
    if ((slot ^ h) >> 32) continue;
    const grid_entry *one = &e[(uint32_t)slot];
    if (one->n == n && one->hash == h && equal(c->text.p + one->at, s, n)) break;
  }
  return at;
}

static inline size_t short_place(const grid_column *c, uint64_t text) { return (size_t)(text * (c->seed | 1) >> c->shift); }

static inline grid_short *short_of(const grid_column *c, uint64_t text) {
  size_t at = short_place(c, text);
  while (c->shorts[at].text && c->shorts[at].text != text) at = (at + 1) & (c->shorts_cap - 1);
  return &c->shorts[at];
}

/* Entries of long texts that there are into so many slots. */
static bool new_slots(grid_column *c, size_t cap, mk_mem *mem, mk_err *err) {
  uint64_t *slots = mk_zalloc(mem, cap * sizeof *slots, err);
  if (!slots) return false;
  const grid_entry *e = entries(c);
  for (size_t code = 1; code < c->count; code++) {
    if (code + GROUP < c->count) __builtin_prefetch(&slots[(size_t)e[code + GROUP].hash & (cap - 1)], 1);
    if (e[code].n < 8) continue;
    size_t at = (size_t)e[code].hash & (cap - 1);
    while (slots[at]) at = (at + 1) & (cap - 1);
    slots[at] = slot_for(e[code].hash, code);
  }
  mk_free(mem, c->slots, c->cap * sizeof *c->slots);
  c->slots = slots;
  c->cap = cap;
  return true;
}

static bool new_shorts(grid_column *c, size_t cap, mk_mem *mem, mk_err *err) {
  grid_short *before = c->shorts;
  size_t n = c->shorts_cap;
  grid_short *shorts = mk_zalloc(mem, cap * sizeof *shorts, err);
  if (!shorts) return false;
  c->shorts = shorts;
  c->shorts_cap = cap;
  c->shift = 64 - (unsigned)__builtin_ctzll(cap);
  for (size_t i = 0; i < n; i++)
    if (before[i].text) *short_of(c, before[i].text) = before[i];
  mk_free(mem, before, n * sizeof *before);
  return true;
}

/* ------------------------------------------------------------------ entries */

static bool is_blank(const char *s, size_t n) {
  size_t i = 0;
  while (i < n && (s[i] == ' ' || s[i] == '\t')) i++;
  return i == n;
}

/* Whatever the set of the file, texts are UTF-8 here; raw ones are not looked at. */
static char marks_of(const mk_grid *g, const char *s, size_t n) {
  uint64_t high = 0, zero = 0, v = 0;
  if (!n || ((s[0] == ' ' || s[0] == '\t') && is_blank(s, n))) return GRID_BLANK;
  if (g->o.raw) return 0;
  for (size_t i = 0; i + 8 <= n; i += 8) {
    v = word(s + i);
    high |= v;
    zero |= (v - ONES) & ~v;
  }
  v = ONES; /* of the rest; what is not there counts as 1 */
  memcpy(&v, s + n / 8 * 8, n % 8);
  high |= v;
  zero |= (v - ONES) & ~v;
  return (zero & HIGHS) || ((high & HIGHS) && mk_utf8_check(s, n) != n) ? GRID_BAD : 0;
}

/* There is room for it. */
static void add_entry(const mk_grid *g, grid_column *c, uint64_t h, const char *s, size_t n) {
  grid_entry e = {h, (uint32_t)c->text.n, (uint32_t)n};
  char marks = marks_of(g, s, n);
  if (n) memcpy(c->text.p + c->text.n, s, n);
  memcpy(c->entries.p + c->entries.n, &e, sizeof e);
  c->marks.p[c->count++] = marks;
  c->text.n += n;
  c->entries.n += sizeof e;
  c->marks.n++;
  c->bad |= (marks & GRID_BAD) != 0;
}

/* How many slots so many texts need, where there are some. */
static size_t slots_for(size_t cap, size_t texts, size_t few) {
  while (texts * (cap <= MANY ? few : 2) > cap) cap *= cap < MANY ? 4 : 2;
  return cap;
}

bool grid_column_room(mk_grid *g, grid_column *c, size_t texts, size_t bytes, mk_err *err) {
  if (c->count + texts > ENTRIES_MAX || bytes > TEXT_MAX || c->text.n > UINT32_MAX - bytes)
    return mk_fail(err, MK_LIMIT, "a column of the file holds more different texts than can be read at once");
  if (!mk_buf_reserve(&c->text, bytes) || !mk_buf_reserve(&c->entries, texts * sizeof(grid_entry)) || !mk_buf_reserve(&c->marks, texts))
    return mk_buf_ok(&c->text, err) && mk_buf_ok(&c->entries, err) && mk_buf_ok(&c->marks, err);
  if (c->rising) return true;
  size_t slots = slots_for(c->cap, c->count - c->shorts_count + texts, 4), shorts = slots_for(c->shorts_cap, c->shorts_count + texts, 2);
  return (slots == c->cap || new_slots(c, slots, g->mem, err)) && (shorts == c->shorts_cap || new_shorts(c, shorts, g->mem, err));
}

/* ------------------------------------------------------------------ texts that rise */

/* The last 8 bytes of a text as a number that compares as they do. */
static inline uint64_t end_of(const char *s, size_t n) { return __builtin_bswap64(word(s + n - 8)); }

/* As long as the ends of texts rise, as those of running numbers do, each is another one than all before, and needs no slot. None of
 * them is short. */
bool grid_column_settle(mk_grid *g, grid_column *c, size_t texts, mk_err *err) {
  grid_entry *e = entries(c);
  for (size_t code = 1; code < c->count; code++) e[code].hash = hash(c->seed, c->text.p + e[code].at, e[code].n);
  if (!new_slots(c, slots_for(c->cap, c->count, 4), g->mem, err)) return false;
  c->rising = false;
  return grid_column_room(g, c, texts, 0, err);
}

/* Codes of cells as long as they rise: how many. */
static size_t rise(const mk_grid *g, grid_column *c, const char *p, grid_places cells, size_t count, uint32_t *out) {
  size_t i = 0;
  for (; i < count; i++) {
    size_t n;
    const char *s = grid_cell_at(p, &cells, i, &n);
    uint64_t end = n >= 8 ? end_of(s, n) : 0;
    if (n && end <= c->last) {
      const grid_entry *last = &entries(c)[c->count - 1];
      if (end < c->last || last->n != n || !end || !equal(c->text.p + last->at, s, n)) break;
    } else if (n) {
      add_entry(g, c, 0, s, n);
      c->last = end;
    }
    out[i] = n ? (uint32_t)c->count - 1 : 0;
  }
  return i;
}

static bool find_risen(const grid_column *c, const char *s, size_t n, uint32_t *out) {
  const grid_entry *e = entries(c);
  size_t low = 1, high = c->count;
  uint64_t end = n >= 8 ? end_of(s, n) : 0;
  while (low < high) {
    size_t mid = low + (high - low) / 2;
    if (end_of(c->text.p + e[mid].at, e[mid].n) < end) low = mid + 1;
    else high = mid;
  }
  bool found = n >= 8 && low < c->count && e[low].n == n && memcmp(c->text.p + e[low].at, s, n) == 0;
  *out = found ? (uint32_t)low : 0;
  return found;
}

bool grid_column_init(mk_grid *g, grid_column *c, mk_err *err) {
  mk_buf *bufs[] = {&c->text, &c->entries, &c->marks, &c->codes};
  for (size_t i = 0; i < sizeof bufs / sizeof bufs[0]; i++) mk_buf_init(bufs[i], g->mem);
  c->slots = mk_zalloc(g->mem, FIRST_CAP * sizeof *c->slots, err);
  if (!c->slots) return false;
  c->shorts = mk_zalloc(g->mem, FIRST_CAP * sizeof *c->shorts, err);
  c->cap = c->shorts_cap = FIRST_CAP;
  c->rising = true;
  c->shift = 64 - (unsigned)__builtin_ctzll(c->shorts_cap);
  c->seed = settled((uint64_t)(uintptr_t)c->slots); /* not to be foreseen by who writes a file */
  if (!c->shorts || !grid_column_room(g, c, 1, 0, err)) return false;
  add_entry(g, c, 0, "", 0);
  return true;
}

void grid_column_clear(mk_grid *g, grid_column *c) {
  if (!c->slots) return;
  mk_buf *bufs[] = {&c->text, &c->entries, &c->marks, &c->codes};
  for (size_t i = 0; i < sizeof bufs / sizeof bufs[0]; i++) mk_buf_clear(bufs[i]);
  mk_free(g->mem, c->slots, c->cap * sizeof *c->slots);
  mk_free(g->mem, c->shorts, c->shorts_cap * sizeof *c->shorts);
  c->slots = NULL;
}

/* ------------------------------------------------------------------ codes */

static uint32_t new_short(const mk_grid *g, grid_column *c, uint64_t text, const char *s, size_t n) {
  if (!text) return 0;
  grid_short *slot = short_of(c, text);
  if (slot->text) return slot->code;
  *slot = (grid_short){text, (uint32_t)c->count};
  c->shorts_count++;
  add_entry(g, c, 0, s, n);
  return slot->code;
}

static uint32_t new_long(const mk_grid *g, grid_column *c, uint64_t h, const char *s, size_t n) {
  size_t at = slot_of(c, h, s, n);
  uint32_t code = (uint32_t)c->slots[at];
  if (code) return code;
  code = (uint32_t)c->count;
  add_entry(g, c, h, s, n);
  c->slots[at] = slot_for(h, code);
  return code;
}

/* What finds a text where it is looked for first, as most are. None of it moves while there is room. */
typedef struct { const grid_short *shorts; const uint64_t *slots; const grid_entry *entries; const char *text; uint64_t seed; size_t mask; unsigned shift; } finder;

static inline finder finder_of(const grid_column *c) {
  return (finder){c->shorts, c->slots, entries(c), c->text.p, c->seed, c->cap - 1, c->shift};
}

static inline uint32_t code_short(const mk_grid *g, grid_column *c, const finder *f, const char *s, size_t n) {
  uint64_t text = short_text(s, n, true);
  const grid_short *slot = &f->shorts[text * (f->seed | 1) >> f->shift];
  return slot->text == text ? slot->code : new_short(g, c, text, s, n);
}

static inline uint32_t code_long(const mk_grid *g, grid_column *c, const finder *f, uint64_t h, const char *s, size_t n) {
  uint64_t slot = f->slots[(size_t)h & f->mask];
  const grid_entry *one = &f->entries[(uint32_t)slot]; /* of no slot that of the empty text */
  return (slot ^ h) >> 32 == 0 && one->n == n && equal(f->text + one->at, s, n) ? (uint32_t)slot : new_long(g, c, h, s, n);
}

bool grid_code(mk_grid *g, grid_column *c, const char *s, size_t n, uint32_t *out, mk_err *err) {
  const uint32_t all[] = {UINT32_MAX, (uint32_t)n};
  if (!grid_column_room(g, c, 1, n, err)) return false;
  if (c->rising && rise(g, c, s, (grid_places){all, 1}, 1, out)) return true;
  if (c->rising && !grid_column_settle(g, c, 1, err)) return false;
  *out = n < 8 ? new_short(g, c, short_text(s, n, false), s, n) : new_long(g, c, hash(c->seed, s, n), s, n);
  return true;
}

bool grid_find(const grid_column *c, const char *s, size_t n, uint32_t *out) {
  if (c->rising && n) return find_risen(c, s, n, out);
  *out = !n ? 0 : n < 8 ? short_of(c, short_text(s, n, false))->code : (uint32_t)c->slots[slot_of(c, hash(c->seed, s, n), s, n)];
  return n == 0 || *out != 0;
}

/* Slots of a large column, and the entries they name, are fetched before they are looked at. */
static void fetch(const grid_column *c, const char *p, grid_places cells, size_t count, uint64_t hashes[GROUP]) {
  bool named[GROUP];
  for (size_t i = 0; i < count; i++) {
    size_t n;
    const char *s = grid_cell_at(p, &cells, i, &n);
    named[i] = n >= 8;
    if (named[i]) {
      hashes[i] = hash(c->seed, s, n);
      __builtin_prefetch(&c->slots[(size_t)hashes[i] & (c->cap - 1)]);
    } else {
      __builtin_prefetch(&c->shorts[short_place(c, short_text(s, n, true))]);
    }
  }
  for (size_t i = 0; i < count && c->cap > MANY; i++)
    if (named[i]) __builtin_prefetch(&entries(c)[(uint32_t)c->slots[(size_t)hashes[i] & (c->cap - 1)]]);
}

/* The same of few cells of a column with many texts. */
static void code_fetched(const mk_grid *g, grid_column *c, const char *p, grid_places cells, size_t count, uint32_t *out) {
  const finder f = finder_of(c);
  uint64_t hashes[GROUP];
  fetch(c, p, cells, count, hashes);
  for (size_t i = 0; i < count; i++) {
    size_t n;
    const char *s = grid_cell_at(p, &cells, i, &n);
    out[i] = n < 8 ? code_short(g, c, &f, s, n) : code_long(g, c, &f, hashes[i], s, n);
  }
}

size_t grid_code_cells(const mk_grid *g, grid_column *c, const char *p, grid_places cells, size_t count, uint32_t *out) {
  size_t coded = c->rising ? rise(g, c, p, cells, count, out) : 0;
  if (c->rising) return coded;
  for (size_t n; coded < count && c->count > FEW; coded += n) {
    n = count - coded < GROUP ? count - coded : GROUP;
    code_fetched(g, c, p, grid_places_from(cells, coded), n, out + coded);
  }
  const finder f = finder_of(c);
  for (; coded < count; coded++) {
    size_t n;
    const char *s = grid_cell_at(p, &cells, coded, &n);
    out[coded] = n < 8 ? code_short(g, c, &f, s, n) : code_long(g, c, &f, hash(f.seed, s, n), s, n);
  }
  return coded;
}
