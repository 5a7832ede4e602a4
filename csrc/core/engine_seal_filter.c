/* engine_seal_filter.c: which cases surely are in no block, told from a few bits of each, so that new keys are looked up
 * without reading blocks again and again. May include: sealed.h, libc strings. */
#include "sealed.h"

#include <string.h>
#if defined __x86_64__
#include <immintrin.h>
#define AVX2 __attribute__((target("avx2")))
#endif
#define INLINE static inline __attribute__((always_inline))

enum { BITS = 24, LANES = 8, MOST = 32 << 20 };

struct sealed_filter {
  sealed_filter *next;
  int64_t id, state;
  size_t size;   /* words; LANES of them make a line, and a key has a bit in each of one line */
  uint64_t *bits;
};

static void filter_free(mk_store *s, sealed_filter *f) {
  s->sealed->filtered -= f->size * sizeof *f->bits;
  mk_free(&s->mem, f->bits, f->size * sizeof *f->bits);
  mk_free(&s->mem, f, sizeof *f);
}

void filters_free(mk_store *s) {
  struct sealed *x = s->sealed;
  while (x->filters) {
    sealed_filter *f = x->filters;
    x->filters = f->next;
    filter_free(s, f);
  }
}

/* The oldest go, until no more than so many bytes are held. */
static void make_room(mk_store *s, size_t most) {
  struct sealed *x = s->sealed;
  while (x->filtered > most) {
    sealed_filter **last = &x->filters;
    while ((*last)->next) last = &(*last)->next;
    filter_free(s, *last);
    *last = NULL;
  }
}

/* Half of the bits choose the line, the others those in it. Keys that are alike on purpose only cost the look into their block. */
INLINE uint64_t hash_of(const char *p, size_t n) {
  const uint64_t a = UINT64_C(0x9E3779B185EBCA87), b = UINT64_C(0xC2B2AE3D27D4EB4F);
  uint64_t h = n * a, word = 0;
  for (; n > 8; p += 8, n -= 8) {
    memcpy(&word, p, 8);
    h = (h ^ word) * a;
    h ^= h >> 29;
  }
  if (n >= 4) {
    uint32_t first, last;
    memcpy(&first, p, 4);
    memcpy(&last, p + n - 4, 4);
    word = (uint64_t)first << 32 | last;
  } else {
    word = n ? (uint64_t)(uint8_t)p[0] << 16 | (uint64_t)(uint8_t)p[n / 2] << 8 | (uint8_t)p[n - 1] : 0;
  }
  h = (h ^ word) * b;
  h = (h ^ h >> 32) * a;
  return h ^ h >> 29;
}

uint64_t sealed_hash(const char *p, size_t n) { return hash_of(p, n); }

INLINE uint64_t *line_of(uint64_t *bits, size_t lines, uint64_t h) { return bits + (h >> 32) * lines / ((uint64_t)1 << 32) * LANES; }

static const uint32_t odd[LANES] = {0x47B6137B, 0x44974D91, 0x8824AD5B, 0xA2B7289D, 0x705495C7, 0x2DF1424B, 0x9EFC4947, 0x5C6BFB31};

INLINE uint64_t lane_bit(uint64_t h, unsigned lane) {
  return (uint64_t)1 << ((uint32_t)h * odd[lane] >> 26);
}

bool filter_excludes(const mk_store *s, const sealed_block *k, const char *key, size_t n) {
  const sealed_filter *f = s->sealed->filters;
  while (f && (f->id != k->id || f->state != k->state)) f = f->next;
  if (!f) return false;
  uint64_t h = hash_of(key, n);
  const uint64_t *line = line_of(f->bits, f->size / LANES, h);
  for (unsigned i = 0; i < LANES; i++)
    if (!(line[i] & lane_bit(h, i))) return true;
  return false;
}

static bool is_made(const mk_store *s, const sealed_view *v) {
  const sealed_filter *f = s->sealed->filters;
  while (f && (f->id != v->id || f->state != v->state)) f = f->next;
  return f != NULL;
}

#if defined __x86_64__
/* The bits of half of the lanes. */
AVX2 static inline void add_half(uint64_t *line, __m128i at) {
  __m256i *to = (__m256i *)(void *)line, bits = _mm256_sllv_epi64(_mm256_set1_epi64x(1), _mm256_cvtepu32_epi64(at));
  _mm256_storeu_si256(to, _mm256_or_si256(_mm256_loadu_si256(to), bits));
}

AVX2 static void fill_wide(uint64_t *bits, size_t lines, const mk_segment *keys) {
  const __m256i factors = _mm256_loadu_si256((const __m256i *)(const void *)odd);
  const char *p = keys->text;
  for (size_t e = 1; e < keys->entries; p += keys->lengths[e++ - 1]) {
    uint64_t h = hash_of(p, keys->lengths[e - 1]), *line = line_of(bits, lines, h);
    __m256i at = _mm256_srli_epi32(_mm256_mullo_epi32(_mm256_set1_epi32((int)(uint32_t)h), factors), 26);
    add_half(line, _mm256_castsi256_si128(at));
    add_half(line + LANES / 2, _mm256_extracti128_si256(at, 1));
  }
}
#endif

static void fill(uint64_t *bits, size_t lines, const mk_segment *keys) {
  const char *p = keys->text;
#if defined __x86_64__
  if (__builtin_cpu_supports("avx2")) {
    fill_wide(bits, lines, keys);
    return;
  }
#endif
  for (size_t e = 1; e < keys->entries; p += keys->lengths[e++ - 1]) {
    uint64_t h = hash_of(p, keys->lengths[e - 1]), *line = line_of(bits, lines, h);
    for (unsigned i = 0; i < LANES; i++) line[i] |= lane_bit(h, i);
  }
}

bool filter_make(mk_store *s, const sealed_view *v, const sealed_column *keys, mk_err *err) {
  struct sealed *x = s->sealed;
  size_t size = (v->rows * BITS / 64 / LANES + 1) * LANES, most = s->mem.cap ? s->mem.cap / 8 : MOST;
  if (is_made(s, v)) return true;
  if ((size_t)MOST < most) most = MOST;
  if (size * sizeof(uint64_t) > most) return true;
  make_room(s, most - size * sizeof(uint64_t));
  mk_segment seg = keys->seg;
  bool read = !keys->data;
  if (read && !sealed_segment(s, v, v->names.p + keys->name, keys->name_n, keys->form, &seg, err)) return false;
  sealed_filter *f = mk_alloc(&s->mem, sizeof *f, err);
  if (f) *f = (sealed_filter){.id = v->id, .state = v->state, .size = size, .bits = mk_zalloc(&s->mem, size * sizeof *f->bits, err)};
  bool ok = f && f->bits;
  if (ok) {
    fill(f->bits, size / LANES, &seg);
    f->next = x->filters;
    x->filters = f;
    x->filtered += size * sizeof *f->bits;
  } else if (f) {
    mk_free(&s->mem, f, sizeof *f);
  }
  if (read) sealed_done(s);
  return ok;
}
