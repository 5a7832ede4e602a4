/* scan.c: looks over long runs of text 32 bytes at a time where the processor can; the callers go on byte by byte from
 * where these stop, so that results never depend on the processor. May include: scan.h. */
#include "scan.h"

static size_t plain_composed(const char *s, size_t i, size_t n) { (void)s; (void)n; return i; }
static size_t plain_utf8(const char *s, size_t n) { (void)s; (void)n; return 0; }

static size_t plain_find(const char *s, size_t i, size_t n, const unsigned char *set) {
  while (i < n && !mk_in_set(set, (unsigned char)s[i])) i++;
  return i;
}

const mk_scan mk_scan_plain = {plain_composed, plain_utf8, plain_find};

#if defined(__x86_64__) && defined(__GNUC__)
#include <immintrin.h>

#define AVX2 __attribute__((target("avx2")))

AVX2 static inline __m256i load(const char *p) { return _mm256_loadu_si256((const __m256i *)(const void *)p); }
AVX2 static inline __m256i all(int b) { return _mm256_set1_epi8((char)b); }
AVX2 static inline __m256i at_least(__m256i v, int b) { return _mm256_cmpeq_epi8(_mm256_max_epu8(v, all(b)), v); }

/* Lead bytes of U+0300 and above, but for U+1E00..1EFF. */
AVX2 static inline __m256i beyond_latin(const char *p) {
  __m256i a = load(p), b = load(p + 1);
  __m256i latin = _mm256_and_si256(_mm256_cmpeq_epi8(a, all(0xE1)), _mm256_cmpeq_epi8(_mm256_and_si256(b, all(0xFC)), all(0xB8)));
  return _mm256_andnot_si256(latin, at_least(a, 0xCC));
}

/* U+2002..203F: dashes and quotes, among them. */
AVX2 static inline __m256i signs(const char *p) {
  __m256i a = load(p), b = load(p + 1), c = load(p + 2);
  return _mm256_and_si256(_mm256_and_si256(_mm256_cmpeq_epi8(a, all(0xE2)), _mm256_cmpeq_epi8(b, all(0x80))), at_least(c, 0x82));
}

AVX2 static inline __m256i doubtful(const char *p) { return _mm256_andnot_si256(signs(p), beyond_latin(p)); }

AVX2 static size_t avx2_composed(const char *s, size_t i, size_t n) {
  size_t start = i;
  for (; n - i >= 66; i += 64) {
    __m256i stop = _mm256_or_si256(beyond_latin(s + i), beyond_latin(s + i + 32));
    if (_mm256_testz_si256(stop, stop)) continue;
    stop = _mm256_or_si256(doubtful(s + i), doubtful(s + i + 32)); /* signs are rare */
    if (!_mm256_testz_si256(stop, stop)) break;
  }
  for (; n - i >= 34; i += 32) {
    unsigned stop = (unsigned)_mm256_movemask_epi8(doubtful(s + i));
    if (stop) { i += (size_t)__builtin_ctz(stop); break; }
  }
  while (i > start && i < n && ((unsigned char)s[i] & 0xC0) == 0x80) i--; /* 32 bytes may end inside a character */
  return i;
}

/* The check of Keiser and Lemire: each pair of neighbours is looked up by three half bytes, errors are bits. */
enum {
  TOO_SHORT = 1, TOO_LONG = 2, OVERLONG_3 = 4, TOO_LARGE = 8, SURROGATE = 16, OVERLONG_2 = 32, TOO_LARGE_1000 = 64,
  OVERLONG_4 = 64, TWO_CONTS = 128, CARRY = TOO_SHORT | TOO_LONG | TWO_CONTS
};
#define LARGE (CARRY | TOO_LARGE | TOO_LARGE_1000)
#define CONT (TOO_LONG | OVERLONG_2 | TWO_CONTS)
static const unsigned char first_high[16] = {
    TOO_LONG, TOO_LONG, TOO_LONG, TOO_LONG, TOO_LONG, TOO_LONG, TOO_LONG, TOO_LONG, TWO_CONTS, TWO_CONTS, TWO_CONTS, TWO_CONTS,
    TOO_SHORT | OVERLONG_2, TOO_SHORT, TOO_SHORT | OVERLONG_3 | SURROGATE, TOO_SHORT | TOO_LARGE | TOO_LARGE_1000 | OVERLONG_4};
static const unsigned char first_low[16] = {
    CARRY | OVERLONG_3 | OVERLONG_2 | OVERLONG_4, CARRY | OVERLONG_2, CARRY, CARRY, CARRY | TOO_LARGE, LARGE, LARGE, LARGE, LARGE,
    LARGE, LARGE, LARGE, LARGE, LARGE | SURROGATE, LARGE, LARGE};
static const unsigned char second_high[16] = {
    TOO_SHORT, TOO_SHORT, TOO_SHORT, TOO_SHORT, TOO_SHORT, TOO_SHORT, TOO_SHORT, TOO_SHORT,
    CONT | OVERLONG_3 | TOO_LARGE_1000 | OVERLONG_4, CONT | OVERLONG_3 | TOO_LARGE, CONT | SURROGATE | TOO_LARGE,
    CONT | SURROGATE | TOO_LARGE, TOO_SHORT, TOO_SHORT, TOO_SHORT, TOO_SHORT};

AVX2 static inline __m256i table(const unsigned char *t) {
  return _mm256_broadcastsi128_si256(_mm_loadu_si128((const __m128i *)(const void *)t));
}

AVX2 static size_t avx2_utf8(const char *s, size_t n) {
  __m256i high1 = table(first_high), low1 = table(first_low), high2 = table(second_high), nibble = all(0x0F);
  __m256i before = _mm256_setzero_si256();
  size_t i = 0;
  for (; n - i >= 32; i += 32) {
    __m256i v = load(s + i);
    if (!_mm256_movemask_epi8(_mm256_or_si256(v, before))) { before = v; continue; }
    __m256i joined = _mm256_permute2x128_si256(before, v, 0x21);
    __m256i p1 = _mm256_alignr_epi8(v, joined, 15), p2 = _mm256_alignr_epi8(v, joined, 14), p3 = _mm256_alignr_epi8(v, joined, 13);
    __m256i pairs = _mm256_and_si256(
        _mm256_and_si256(_mm256_shuffle_epi8(high1, _mm256_and_si256(_mm256_srli_epi16(p1, 4), nibble)),
                         _mm256_shuffle_epi8(low1, _mm256_and_si256(p1, nibble))),
        _mm256_shuffle_epi8(high2, _mm256_and_si256(_mm256_srli_epi16(v, 4), nibble)));
    __m256i due = _mm256_or_si256(_mm256_subs_epu8(p2, all(0xE0 - 0x80)), _mm256_subs_epu8(p3, all(0xF0 - 0x80)));
    __m256i wrong = _mm256_xor_si256(_mm256_and_si256(due, all(0x80)), pairs);
    if (!_mm256_testz_si256(wrong, wrong)) break;
    before = v;
  }
  if (i == 0) return 0;
  for (int k = 0; k < 3 && ((unsigned char)s[i - 1] & 0xC0) == 0x80; k++) i--; /* the last character may go on after i */
  return i - 1;
}

AVX2 static size_t avx2_find(const char *s, size_t i, size_t n, const unsigned char *set) {
  static const unsigned char bits[16] = {1, 2, 4, 8, 16, 32, 64, 128, 1, 2, 4, 8, 16, 32, 64, 128};
  __m256i low = table(set), high = table(set + 16), bit = table(bits), nibble = all(0x0F);
  for (; n - i >= 32; i += 32) {
    __m256i v = load(s + i), column = _mm256_and_si256(v, nibble);
    __m256i rows = _mm256_blendv_epi8(_mm256_shuffle_epi8(low, column), _mm256_shuffle_epi8(high, column), v);
    __m256i own = _mm256_shuffle_epi8(bit, _mm256_and_si256(_mm256_srli_epi16(v, 4), nibble));
    unsigned in = (unsigned)_mm256_movemask_epi8(_mm256_cmpeq_epi8(_mm256_and_si256(rows, own), own));
    if (in) return i + (size_t)__builtin_ctz(in);
  }
  return plain_find(s, i, n, set);
}

static const mk_scan avx2 = {avx2_composed, avx2_utf8, avx2_find};

const mk_scan *mk_scan_best(void) { return __builtin_cpu_supports("avx2") ? &avx2 : &mk_scan_plain; }

#else
const mk_scan *mk_scan_best(void) { return &mk_scan_plain; }
#endif
