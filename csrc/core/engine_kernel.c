/* engine_kernel.c: the loops of a scan over blocks of rows, compiled twice from engine_loops.h: for every processor, and for
 * those with AVX2. Both give the same bytes: everything is whole numbers. May include: engine_scan.h, libc strings. */
#include "engine_scan.h"

#include <string.h>

/* to[k] = truth[code[k]], of 16 entries at most */
static void look_up_plain(const uint8_t *truth, size_t entries, const uint8_t *code, size_t n, uint8_t *to) {
  (void)entries;
  for (size_t k = 0; k < n; k++) to[k] = truth[code[k]];
}

/* The same where few codes are not MK_NO; false: one by one is as good. */
static bool look_few_plain(const mk_test *test, const mk_image_column *c, size_t from, size_t n, uint8_t *to) {
  (void)test, (void)c, (void)from, (void)n, (void)to;
  return false;
}

/* Of n rows from one on those with a code of the few, as bits of 64; false: one by one is as good. */
static bool find_few_plain(const mk_test *test, const mk_image_column *c, size_t from, size_t n, uint64_t *bits) {
  (void)test, (void)c, (void)from, (void)n, (void)bits;
  return false;
}

/* Of 64 truths those that may be MK_YES, and those that are, as bits. */
static uint64_t possible_plain(const uint8_t *truth) {
  uint64_t bits = 0;
  for (size_t k = 0; k < 64; k++) bits |= (uint64_t)((truth[k] & 3) != 0) << k;
  return bits;
}

static uint64_t sure_plain(const uint8_t *truth) {
  uint64_t bits = 0;
  for (size_t k = 0; k < 64; k++) bits |= (uint64_t)((truth[k] & 3) == MK_YES) << k;
  return bits;
}

#define WAY(name) name##_plain
#define TARGET
#include "engine_loops.h"
#undef WAY
#undef TARGET

const mk_kernel mk_kernel_plain = {run_plain, tally_plain};

#if defined __x86_64__
#include <immintrin.h>
#define WAY(name) name##_avx2
#define TARGET __attribute__((target("avx2,bmi,bmi2")))

/* Reads and writes up to 31 bytes beyond the last: cells are padded, and so must be what it writes to. */
TARGET static void look_up_avx2(const uint8_t *truth, size_t entries, const uint8_t *code, size_t n, uint8_t *to) {
  uint8_t table[16] = {0};
  memcpy(table, truth, entries);
  __m256i all = _mm256_broadcastsi128_si256(_mm_loadu_si128((const __m128i *)(const void *)table));
  for (size_t k = 0; k < n; k += 32) {
    __m256i codes = _mm256_loadu_si256((const __m256i *)(const void *)(code + k));
    _mm256_storeu_si256((__m256i *)(void *)(to + k), _mm256_shuffle_epi8(all, codes));
  }
}

/* Reads up to 31 cells beyond the last. */
TARGET static bool look_few_avx2(const mk_test *test, const mk_image_column *c, size_t from, size_t n, uint8_t *to) {
  __m256i code[MK_FEW], is[MK_FEW];
  if (!test->few || c->width > 2) return false;
  for (size_t i = 0; i < test->few; i++) {
    code[i] = c->width == 1 ? _mm256_set1_epi8((char)test->codes[i]) : _mm256_set1_epi16((short)test->codes[i]);
    is[i] = _mm256_set1_epi8((char)test->when->truth[test->codes[i]]);
  }
  for (size_t k = 0; k < n; k += 32) {
    const __m256i *cells = (const __m256i *)(const void *)((const uint8_t *)c->cells + (from + k) * (size_t)c->width);
    __m256i one = _mm256_loadu_si256(cells), two = c->width == 1 ? one : _mm256_loadu_si256(cells + 1), truth = _mm256_setzero_si256();
    for (size_t i = 0; i < test->few; i++) {
      __m256i same = c->width == 1 ? _mm256_cmpeq_epi8(one, code[i])
                                   : _mm256_packs_epi16(_mm256_cmpeq_epi16(one, code[i]), _mm256_cmpeq_epi16(two, code[i]));
      truth = _mm256_or_si256(truth, _mm256_and_si256(same, is[i]));
    }
    if (c->width == 2) truth = _mm256_permute4x64_epi64(truth, _MM_SHUFFLE(3, 1, 2, 0)); /* halves were packed apart */
    _mm256_storeu_si256((__m256i *)(void *)(to + k), truth);
  }
  return true;
}

/* Reads up to 31 cells beyond the last, whose bits are as they come. */
TARGET static bool find_few_avx2(const mk_test *test, const mk_image_column *c, size_t from, size_t n, uint64_t *bits) {
  __m256i code[MK_FEW];
  size_t few = test->few;
  if (!few || c->width > 2) return false;
  for (size_t i = 0; i < few; i++)
    code[i] = c->width == 1 ? _mm256_set1_epi8((char)test->codes[i]) : _mm256_set1_epi16((short)test->codes[i]);
  memset(bits, 0, (n + 63) / 64 * sizeof *bits);
  for (size_t k = 0; k < n; k += 32) {
    const __m256i *cells = (const __m256i *)(const void *)((const uint8_t *)c->cells + (from + k) * (size_t)c->width);
    __m256i one = _mm256_loadu_si256(cells), same;
    if (c->width == 1) {
      same = _mm256_cmpeq_epi8(one, code[0]);
      for (size_t i = 1; i < few; i++) same = _mm256_or_si256(same, _mm256_cmpeq_epi8(one, code[i]));
    } else {
      __m256i two = _mm256_loadu_si256(cells + 1), low = _mm256_cmpeq_epi16(one, code[0]), high = _mm256_cmpeq_epi16(two, code[0]);
      for (size_t i = 1; i < few; i++) {
        low = _mm256_or_si256(low, _mm256_cmpeq_epi16(one, code[i]));
        high = _mm256_or_si256(high, _mm256_cmpeq_epi16(two, code[i]));
      }
      same = _mm256_permute4x64_epi64(_mm256_packs_epi16(low, high), _MM_SHUFFLE(3, 1, 2, 0)); /* halves are packed apart */
    }
    bits[k / 64] |= (uint64_t)(uint32_t)_mm256_movemask_epi8(same) << k % 64;
  }
  return true;
}

/* A bit for each of 64 bytes whose two low bits are not those of value. */
TARGET static inline uint64_t others_avx2(const uint8_t *truth, char value) {
  uint64_t bits = 0;
  for (size_t half = 0; half < 2; half++) {
    __m256i two = _mm256_and_si256(_mm256_loadu_si256((const __m256i *)(const void *)(truth + half * 32)), _mm256_set1_epi8(3));
    uint32_t same = (uint32_t)_mm256_movemask_epi8(_mm256_cmpeq_epi8(two, _mm256_set1_epi8(value)));
    bits |= (uint64_t)~same << half * 32;
  }
  return bits;
}

TARGET static uint64_t possible_avx2(const uint8_t *truth) { return others_avx2(truth, MK_NO); }
TARGET static uint64_t sure_avx2(const uint8_t *truth) { return ~others_avx2(truth, MK_YES); }

#include "engine_loops.h"

static const mk_kernel kernel_avx2 = {run_avx2, tally_avx2};

const mk_kernel *mk_kernel_best(void) {
  return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("bmi2") ? &kernel_avx2 : &mk_kernel_plain;
}
#else
const mk_kernel *mk_kernel_best(void) { return &mk_kernel_plain; }
#endif
