/* engine_gather.c: segments put together into columns of an image: codes by one dictionary, numbers at one scale.
 * May include: engine.h, libc strings, immintrin.h. */
#include "engine.h"

#include <string.h>
#if defined __x86_64__
#include <immintrin.h>
#define AVX2 __attribute__((target("avx2")))
#endif
#define INLINE static inline __attribute__((always_inline))

bool gather_begin(mk_gather *g, mk_mem *mem, mk_image_column *c, mk_form form, bool later, size_t rows, mk_err *err) {
  *g = (mk_gather){.c = c, .mem = mem, .rows = rows, .later = later};
  *c = (mk_image_column){.there = true, .form = form, .later = later};
  mk_buf_init(&c->text, mem);
  mk_buf_init(&c->ends, mem);
  mk_buf_init(&g->map, mem);
  return dict_init(&g->dict, mem, (uint64_t)(uintptr_t)mem, err);
}

void column_clear(mk_mem *mem, mk_image_column *c) {
  mk_free(mem, c->cells, c->size + MK_IMAGE_PAD);
  mk_free(mem, c->zones, c->nzones * sizeof *c->zones + 1);
  mk_buf_clear(&c->text);
  mk_buf_clear(&c->ends);
  *c = (mk_image_column){0};
}

bool column_fill(mk_mem *mem, mk_image_column *c, size_t rows, mk_err *err) {
  if (c->cells || c->form != MK_FORM_NUMBERS) return true;
  void *cells = mk_alloc(mem, rows + MK_IMAGE_PAD, err);
  if (!cells) return false;
  memset(cells, UINT8_MAX, rows + MK_IMAGE_PAD);
  c->cells = cells;
  c->size = rows;
  c->width = 1;
  return true;
}

void gather_clear(mk_gather *g) {
  if (g->dict.mem) dict_clear(&g->dict);
  mk_buf_clear(&g->map);
}

static void not_held(mk_gather *g) {
  mk_image_column *c = g->c;
  mk_free(g->mem, c->cells, c->size + MK_IMAGE_PAD);
  c->cells = NULL;
  c->size = 0;
  c->form = MK_FORM_NONE;
}

/* Cells of so many bytes, nothing in them. */
static void *new_cells(mk_gather *g, int width, mk_err *err) {
  size_t size;
  if (!mk_size_mul(g->rows, (size_t)width, &size)) {
    mk_fail(err, MK_LIMIT, "too many rows");
    return NULL;
  }
  char *cells = mk_alloc(g->mem, size + MK_IMAGE_PAD, err);
  if (!cells) return NULL;
  mk_mem_soon(cells, size);
  memset(cells + size, 0, MK_IMAGE_PAD);
  return cells;
}

static void set_cells(mk_gather *g, void *cells, int width) {
  mk_image_column *c = g->c;
  mk_free(g->mem, c->cells, c->size + MK_IMAGE_PAD);
  c->cells = cells;
  c->size = g->rows * (size_t)width;
  c->width = width;
}

/* Bytes of a code of so many entries. */
static int width_of(size_t entries) { return entries <= 256 ? 1 : entries <= 65536 ? 2 : 4; }

/* Codes of so many bytes; those that are there stay. */
static bool widen(mk_gather *g, int width, mk_err *err) {
  mk_image_column *c = g->c;
  if (width <= c->width) return true;
  char *cells = new_cells(g, width, err);
  if (!cells) return false;
  const uint8_t *one = c->cells;
  const uint16_t *two = c->cells;
  uint16_t *to_two = (uint16_t *)(void *)cells;
  uint32_t *to_four = (uint32_t *)(void *)cells;
  if (c->width == 1 && width == 2) for (size_t i = 0; i < g->at; i++) to_two[i] = one[i];
  if (c->width == 1 && width == 4) for (size_t i = 0; i < g->at; i++) to_four[i] = one[i];
  if (c->width == 2) for (size_t i = 0; i < g->at; i++) to_four[i] = two[i];
  set_cells(g, cells, width);
  return true;
}

/* The number here of each entry of s, with room for every code of its width. */
static bool map_entries(mk_gather *g, const mk_segment *s, bool *same, mk_err *err) {
  size_t room = s->width == 1 ? 256 : s->width == 2 ? 65536 : s->entries;
  const char *text = s->text;
  g->map.n = 0;
  if (room < s->entries) room = s->entries;
  if (!mk_buf_reserve(&g->map, room * sizeof(uint32_t))) return mk_buf_ok(&g->map, err);
  uint32_t *map = (uint32_t *)(void *)g->map.p;
  *same = true;
  map[0] = 0;
  for (size_t e = 1; e < s->entries; e++) {
    if (!dict_code(&g->dict, text, s->lengths[e - 1], &map[e], err)) return false;
    *same = *same && map[e] == e;
    text += s->lengths[e - 1];
  }
  if (room > s->entries) memset(map + s->entries, 0, (room - s->entries) * sizeof *map);
  return true;
}

#define LARGEST(type)                                                                    \
  static size_t largest_##type(const void *p, size_t n) {                                \
    const type *v = p;                                                                   \
    type most = 0;                                                                       \
    for (size_t i = 0; i < n; i++) most = v[i] > most ? v[i] : most;                     \
    return most;                                                                         \
  }
LARGEST(uint8_t)
LARGEST(uint16_t)
LARGEST(uint32_t)

#if defined __x86_64__
/* Of fewer than 16 entries. Reads and writes whole 32 bytes alone. */
AVX2 static size_t few_codes(uint8_t *out, const uint8_t *in, size_t n, const uint8_t *map) {
  __m256i table = _mm256_broadcastsi128_si256(_mm_loadu_si128((const __m128i *)(const void *)map)), last = _mm256_set1_epi8(15);
  size_t i = 0;
  for (; i + 32 <= n; i += 32) {
    __m256i codes = _mm256_loadu_si256((const __m256i *)(const void *)(in + i));
    _mm256_storeu_si256((__m256i *)(void *)(out + i), _mm256_shuffle_epi8(table, _mm256_min_epu8(codes, last)));
  }
  return i;
}
#endif

static void uint8_t_to_uint8_t(void *out, const void *in, size_t n, const uint32_t *map, size_t entries) {
  const uint8_t *v = in;
  uint8_t *o = out, one[256], eight[8];
  size_t i = 0;
  if (!map) {
    memcpy(out, in, n);
    return;
  }
  for (size_t code = 0; code < 256; code++) one[code] = (uint8_t)map[code]; /* 0 for codes that name no entry */
#if defined __x86_64__
  if (entries < 16 && __builtin_cpu_supports("avx2")) i = few_codes(o, v, n, one);
#else
  (void)entries;
#endif
  for (; i + 8 <= n; i += 8) {
    for (size_t k = 0; k < 8; k++) eight[k] = one[v[i + k]];
    memcpy(o + i, eight, 8);
  }
  for (; i < n; i++) o[i] = one[v[i]];
}

/* Codes of one width by the map; map NULL: as they are. */
#define CODES(from, to)                                                                                    \
  static void from##_to_##to(void *out, const void *in, size_t n, const uint32_t *map, size_t entries) {   \
    const from *v = in;                                                                                    \
    to *o = out;                                                                                           \
    if (!map) for (size_t i = 0; i < n; i++) o[i] = (to)v[i];                                              \
    else if (sizeof(from) < 4) for (size_t i = 0; i < n; i++) o[i] = (to)map[v[i]];                        \
    else for (size_t i = 0; i < n; i++) o[i] = (to)(v[i] < entries ? map[v[i]] : 0);                       \
  }
CODES(uint8_t, uint16_t)
CODES(uint8_t, uint32_t)
CODES(uint16_t, uint16_t)
CODES(uint16_t, uint32_t)
CODES(uint32_t, uint32_t)

static bool add_codes(mk_gather *g, const mk_segment *s, mk_err *err) {
  bool same = true;
  if (!map_entries(g, s, &same, err)) return false;
  if (g->later) return true;
  if (!widen(g, width_of(g->dict.count), err)) return false;
  mk_image_column *c = g->c;
  char *out = (char *)c->cells + g->at * (size_t)c->width;
  if (!s->width) {
    memset(out, 0, s->rows * (size_t)c->width);
    return true;
  }
  /* Codes that name no entry, in a file made to do harm, become missing: the map says so. */
  if (same && s->rows)
    same = s->entries > (s->width == 1 ? largest_uint8_t(s->cells, s->rows) : s->width == 2 ? largest_uint16_t(s->cells, s->rows)
                                                                                         : largest_uint32_t(s->cells, s->rows));
  const uint32_t *map = same ? NULL : (const uint32_t *)(const void *)g->map.p;
  switch (s->width * 8 + c->width) {
    case 8 + 1: uint8_t_to_uint8_t(out, s->cells, s->rows, map, s->entries); break;
    case 8 + 2: uint8_t_to_uint16_t(out, s->cells, s->rows, map, s->entries); break;
    case 8 + 4: uint8_t_to_uint32_t(out, s->cells, s->rows, map, s->entries); break;
    case 16 + 2: uint16_t_to_uint16_t(out, s->cells, s->rows, map, s->entries); break;
    case 16 + 4: uint16_t_to_uint32_t(out, s->cells, s->rows, map, s->entries); break;
    default: uint32_t_to_uint32_t(out, s->cells, s->rows, map, s->entries); break;
  }
  return true;
}

/* Numbers of one width, least what 0 stands for, in another that holds them, multiplied. */
#define NUMBERS(from, none, to, to_none)                                                                        \
  INLINE void from##_as_##to(void *out, const void *in, size_t n, uint64_t least, uint64_t factor) {             \
    const from *v = in;                                                                                         \
    to *o = out;                                                                                                \
    if (factor == 1) for (size_t i = 0; i < n; i++) o[i] = v[i] == none ? to_none : (to)(least + (uint64_t)v[i]); \
    else for (size_t i = 0; i < n; i++) o[i] = v[i] == none ? to_none : (to)((least + (uint64_t)v[i]) * factor);  \
  }
NUMBERS(uint8_t, UINT8_MAX, uint8_t, UINT8_MAX)
NUMBERS(uint8_t, UINT8_MAX, uint16_t, UINT16_MAX)
NUMBERS(uint8_t, UINT8_MAX, uint32_t, UINT32_MAX)
NUMBERS(uint8_t, UINT8_MAX, int64_t, MK_NUMBER_MISSING)
NUMBERS(uint16_t, UINT16_MAX, uint16_t, UINT16_MAX)
NUMBERS(uint16_t, UINT16_MAX, uint32_t, UINT32_MAX)
NUMBERS(uint16_t, UINT16_MAX, int64_t, MK_NUMBER_MISSING)
NUMBERS(uint32_t, UINT32_MAX, uint32_t, UINT32_MAX)
NUMBERS(uint32_t, UINT32_MAX, int64_t, MK_NUMBER_MISSING)
NUMBERS(int64_t, MK_NUMBER_MISSING, int64_t, MK_NUMBER_MISSING)

#if defined __x86_64__
/* The numbers that are most often, with the same loops. */
AVX2 static void four_as_four(void *out, const void *in, size_t n, uint64_t least, uint64_t factor) {
  uint32_t_as_uint32_t(out, in, n, least, factor);
}
#endif

/* Never to fewer bytes than they have. */
static void put_as(void *out, int to, const void *in, int from, size_t n, uint64_t least, uint64_t factor) {
#if defined __x86_64__
  if (from == 4 && to == 4 && __builtin_cpu_supports("avx2")) {
    four_as_four(out, in, n, least, factor);
    return;
  }
#endif
  switch (from * 8 + to) {
    case 8 + 1: uint8_t_as_uint8_t(out, in, n, least, factor); break;
    case 8 + 2: uint8_t_as_uint16_t(out, in, n, least, factor); break;
    case 8 + 4: uint8_t_as_uint32_t(out, in, n, least, factor); break;
    case 8 + 8: uint8_t_as_int64_t(out, in, n, least, factor); break;
    case 16 + 2: uint16_t_as_uint16_t(out, in, n, least, factor); break;
    case 16 + 4: uint16_t_as_uint32_t(out, in, n, least, factor); break;
    case 16 + 8: uint16_t_as_int64_t(out, in, n, least, factor); break;
    case 32 + 4: uint32_t_as_uint32_t(out, in, n, least, factor); break;
    case 32 + 8: uint32_t_as_int64_t(out, in, n, least, factor); break;
    default: int64_t_as_int64_t(out, in, n, 0, factor); break;
  }
}

#define SOUND(type)                                                             \
  INLINE bool sound_##type(const mk_segment *s) {                               \
    const type *v = s->cells;                                                   \
    type most = 0;                                                              \
    uint32_t known = 0;                                                         \
    for (size_t i = 0; i < s->rows; i++) {                                      \
      type next = (type)(v[i] + 1); /* 0: missing */                            \
      most = next > most ? next : most;                                         \
      known += next != 0;                                                       \
    }                                                                           \
    return known == s->known && (!most || (uint64_t)most - 1 <= (uint64_t)s->max - (uint64_t)s->min); \
  }
SOUND(uint8_t)
SOUND(uint16_t)
SOUND(uint32_t)

#if defined __x86_64__
AVX2 static bool sound_four(const mk_segment *s) { return sound_uint32_t(s); }
#endif

/* Whether the numbers are as its head says, on which scans rely. */
static bool sound(const mk_segment *s) {
  const int64_t *v = s->cells;
  size_t known = 0;
#if defined __x86_64__
  if (s->width == 4 && __builtin_cpu_supports("avx2")) return sound_four(s);
#endif
  if (s->width < 8) return s->width == 1 ? sound_uint8_t(s) : s->width == 2 ? sound_uint16_t(s) : sound_uint32_t(s);
  for (size_t i = 0; i < s->rows; i++) {
    if (v[i] == MK_NUMBER_MISSING) continue;
    if (v[i] < s->min || v[i] > s->max) return false;
    known++;
  }
  return known == s->known;
}

static int64_t power(int n) {
  int64_t v = 1;
  while (n-- > 0) v *= 10;
  return v;
}

static int64_t size_of(int64_t v) { return v < 0 ? -v : v; }

/* Bytes of a cell for numbers up to so large. */
static int width_for(int64_t largest, bool negative) {
  if (negative || largest >= UINT32_MAX) return 8;
  return largest < UINT8_MAX ? 1 : largest < UINT16_MAX ? 2 : 4;
}

/* Cells of that many bytes at least, what is there multiplied. */
static bool rewrite(mk_gather *g, int width, uint64_t factor, mk_err *err) {
  mk_image_column *c = g->c;
  if (width <= c->width) {
    if (factor != 1) put_as(c->cells, c->width, c->cells, c->width, g->at, 0, factor);
    return true;
  }
  void *cells = new_cells(g, width, err);
  if (!cells) return false;
  if (c->cells) put_as(cells, width, c->cells, c->width, g->at, 0, factor);
  else if (width < 8) memset(cells, UINT8_MAX, g->at * (size_t)width);
  else for (size_t i = 0; i < g->at; i++) ((int64_t *)cells)[i] = MK_NUMBER_MISSING;
  set_cells(g, cells, width);
  return true;
}

/* What does not fit at a common scale makes the column one that is not held. */
static bool add_numbers(mk_gather *g, const mk_segment *s, mk_err *err) {
  mk_image_column *c = g->c;
  int64_t most = size_of(s->min) > size_of(s->max) ? size_of(s->min) : size_of(s->max), factor = 1, own;
  if (s->form == MK_FORM_NUMBERS && !sound(s)) return mk_fail(err, MK_DAMAGED, "numbers of a column are not what its head says");
  if (!s->known && !c->cells) return true;
  if (s->scale > c->scale) factor = power(s->scale - c->scale);
  own = s->scale < c->scale ? power(c->scale - s->scale) : 1;
  if (__builtin_mul_overflow(c->largest, factor, &c->largest) || __builtin_mul_overflow(most, own, &most)) {
    not_held(g);
    return true;
  }
  if (s->scale > c->scale) c->scale = s->scale;
  if (most > c->largest) c->largest = most;
  g->negative = g->negative || s->min < 0;
  if (g->later) return true;
  if (!rewrite(g, width_for(c->largest, g->negative), (uint64_t)factor, err)) return false;
  put_as((char *)c->cells + g->at * (size_t)c->width, c->width, s->cells, s->width, s->rows, (uint64_t)s->min, (uint64_t)own);
  return true;
}

bool gather_add(mk_gather *g, const mk_segment *s, mk_err *err) {
  mk_image_column *c = g->c;
  bool fits = s->form == c->form || s->form == MK_FORM_NONE || c->form == MK_FORM_NONE || (g->later && s->form == MK_FORM_COUNTS);
  if (g->rows - g->at < s->rows || !fits)
    return mk_fail(err, MK_DAMAGED, "columns in memory do not fit each other");
  c->known += s->known;
  if (s->form == MK_FORM_NONE) not_held(g);
  if (c->form == MK_FORM_CODES && !add_codes(g, s, err)) return false;
  if (c->form == MK_FORM_NUMBERS && !add_numbers(g, s, err)) return false;
  g->at += s->rows;
  return true;
}

void weave(char *cells, size_t width, const uint32_t *places, size_t n, char *aside) {
  char *to = cells;
  size_t from = 0;
  memcpy(aside, cells, n * width);
  for (size_t i = 0; i < n; i++) {
    size_t run = places[i] - from;
    if (run) memmove(to, cells + (n + from) * width, run * width);
    to += run * width;
    memcpy(to, aside + i * width, width);
    to += width;
    from = places[i];
  }
}

bool gather_weave(mk_gather *g, const uint32_t *places, size_t n, size_t rows, mk_err *err) {
  mk_image_column *c = g->c;
  size_t width = (size_t)c->width, size = n * width;
  if (!c->cells || g->later || !n) return true;
  char *aside = mk_alloc(g->mem, size, err);
  if (!aside) return false;
  weave((char *)c->cells + (g->at - rows - n) * width, width, places, n, aside);
  mk_free(g->mem, aside, size);
  return true;
}

bool gather_finish(mk_gather *g, mk_err *err) {
  mk_image_column *c = g->c;
  if (g->at != g->rows) return mk_fail(err, MK_DAMAGED, "columns in memory do not fit each other");
  if (c->form == MK_FORM_NONE) return true;
  if (c->form == MK_FORM_NUMBERS) {
    c->later = c->later && c->known; /* without known ones all is told */
    if (c->later) c->width = width_for(c->largest, g->negative);
    return true;
  }
  if (g->later) c->width = width_of(g->dict.count);
  else if (!widen(g, 1, err)) return false;
  c->entries = g->dict.count;
  c->text = g->dict.text; /* taken over */
  c->ends = g->dict.ends;
  mk_buf_init(&g->dict.text, g->mem);
  mk_buf_init(&g->dict.ends, g->mem);
  return true;
}

bool gather_again(mk_gather *g, mk_mem *mem, mk_image_column *own, const mk_image_column *c, size_t rows, mk_err *err) {
  uint32_t code;
  if (!gather_begin(g, mem, own, c->form, false, rows, err)) return false;
  for (size_t e = 1; e < c->entries; e++) {
    size_t n;
    const char *text = mk_image_entry(c, e, &n);
    if (!dict_code(&g->dict, text, n, &code, err)) return false;
  }
  own->cells = new_cells(g, c->width, err);
  if (!own->cells) return false;
  own->size = rows * (size_t)c->width;
  own->width = c->width;
  own->scale = c->scale;
  own->largest = c->largest;
  g->negative = c->form == MK_FORM_NUMBERS && c->width == 8;
  return true;
}

bool gather_one(mk_gather *g, const mk_image_column *c, const mk_segment *s, mk_err *err) {
  const mk_image_column *own = g->c;
  g->at = 0;
  if (!gather_add(g, s, err)) return false;
  if (own->form == c->form && own->width == c->width && own->scale == c->scale && own->largest == c->largest &&
      (c->form != MK_FORM_CODES || g->dict.count == c->entries))
    return true;
  return mk_fail(err, MK_DAMAGED, "columns in memory do not fit each other");
}
