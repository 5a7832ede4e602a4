/* grid_scan.c: where separators, quotes and line ends stand in a text, 64 bytes at a time. The processor decides the way; all
 * ways give the same places. May include: grid.h, libc strings, immintrin.h. */
#include "grid.h"

#include <string.h>

#define ONES UINT64_C(0x0101010101010101)
#define LOWS UINT64_C(0x7F7F7F7F7F7F7F7F)

/* 0x80 in each byte of v that is zero, and in no other. */
static uint64_t zeros(uint64_t v) { return ~(((v & LOWS) + LOWS) | v | LOWS); }

static size_t put_places(uint64_t mask, size_t base, uint32_t *out, size_t k) {
  for (; mask; mask &= mask - 1) out[k++] = (uint32_t)(base + (size_t)__builtin_ctzll(mask));
  return k;
}

static uint64_t kept(uint64_t mask, size_t left) { return left >= 64 ? mask : mask & ((UINT64_C(1) << left) - 1); }

size_t grid_marks_plain(const char *p, size_t n, char separator, char quote, uint32_t *out) {
  const uint64_t s = ONES * (unsigned char)separator, q = ONES * (unsigned char)quote, lf = ONES * '\n', cr = ONES * '\r';
  size_t k = 0;
  for (size_t i = 0; i < n; i += 64) {
    uint64_t mask = 0;
    for (size_t w = 0; w < 8; w++) {
      uint64_t v = 0;
      for (size_t b = 0; b < 8; b++) v |= (uint64_t)(unsigned char)p[i + w * 8 + b] << 8 * b;
      uint64_t hit = zeros(v ^ s) | zeros(v ^ q) | zeros(v ^ lf) | zeros(v ^ cr);
      mask |= ((hit >> 7) * UINT64_C(0x0102040810204080) >> 56) << 8 * w;
    }
    k = put_places(kept(mask, n - i), i, out, k);
  }
  return k;
}

#if defined(__x86_64__) && defined(__GNUC__)
#include <immintrin.h>
#define AVX2 __attribute__((target("avx2,bmi,popcnt")))

AVX2 static uint32_t hits(const char *p, __m256i s, __m256i q, __m256i lf, __m256i cr) {
  __m256i v = _mm256_loadu_si256((const __m256i *)(const void *)p);
  __m256i a = _mm256_or_si256(_mm256_cmpeq_epi8(v, s), _mm256_cmpeq_epi8(v, q));
  __m256i b = _mm256_or_si256(_mm256_cmpeq_epi8(v, lf), _mm256_cmpeq_epi8(v, cr));
  return (uint32_t)_mm256_movemask_epi8(_mm256_or_si256(a, b));
}

/* Eight at once, as most texts have no more: what is behind the last one is overwritten. */
AVX2 static size_t put_many(uint64_t mask, size_t base, uint32_t *out, size_t k) {
  size_t n = (size_t)_mm_popcnt_u64(mask);
  for (uint32_t *to = out + k, *end = to + n; to < end; to += 8) {
#pragma GCC unroll 8
    for (size_t i = 0; i < 8; i++, mask = _blsr_u64(mask)) to[i] = (uint32_t)(base + _tzcnt_u64(mask));
  }
  return k + n;
}

AVX2 static size_t marks_avx2(const char *p, size_t n, char separator, char quote, uint32_t *out) {
  const __m256i s = _mm256_set1_epi8(separator), q = _mm256_set1_epi8(quote), lf = _mm256_set1_epi8('\n'), cr = _mm256_set1_epi8('\r');
  size_t k = 0;
  for (size_t i = 0; i < n; i += 64) {
    uint64_t mask = hits(p + i, s, q, lf, cr) | (uint64_t)hits(p + i + 32, s, q, lf, cr) << 32;
    k = put_many(kept(mask, n - i), i, out, k);
  }
  return k;
}

grid_marker grid_marks_best(void) { return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("bmi") && __builtin_cpu_supports("popcnt") ? marks_avx2 : grid_marks_plain; }
#else
grid_marker grid_marks_best(void) { return grid_marks_plain; }
#endif
