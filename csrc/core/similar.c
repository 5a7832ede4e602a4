/* similar.c: how far two names are apart by the ways Vietnamese is misspelled: tones and hats left out, i for y, pairs of
 * consonants that dialects do not tell apart. Costs are twentieths of a letter. May include: vi.h, utf8proc, libc strings. */
#include <string.h>
#include <utf8proc.h>

#include "vi.h"

enum { LETTER = 20, TONE = 5, SHAPE = 10, PAIR = 10, I_Y = 2, GAP = 10, NUMBER = 60 };

/* A packed letter without case, or a code point above all of them. */
typedef uint32_t sign;
#define OTHER 0x1000u
typedef struct { sign s[MK_SIMILAR_MAX]; size_t n; } name;

static bool add_sign(name *out, sign c, mk_err *err) {
  if (out->n == MK_SIMILAR_MAX) return mk_fail(err, MK_LIMIT, "a name of more than %d letters has no similarity", (int)MK_SIMILAR_MAX);
  out->s[out->n++] = c;
  return true;
}

/* Signs of the identity key, so that forms, tone styles, spaces and dashes do not count. */
static bool read_name(name *out, const char *s, size_t n, mk_err *err) {
  mk_buf key;
  mk_buf_init(&key, NULL);
  out->n = 0;
  bool ok = n > 32 * MK_SIMILAR_MAX ? mk_fail(err, MK_LIMIT, "a name of %z bytes has no similarity", n) : mk_key(&key, s, n, 1, err);
  const char *p = key.p ? key.p : "", *end = p + key.n;
  while (ok && p < end) {
    mk_cluster k;
    mk_vi_cluster(p, end, &k);
    uint32_t cp = mk_utf8_next(&p, end);
    bool letter = k.letter && !k.doubt;
    ok = add_sign(out, letter ? k.letter : OTHER + cp, err);
    if (letter) p = k.end;
  }
  mk_buf_clear(&key);
  return ok;
}

static bool digit(sign c) { return c >= OTHER + '0' && c <= OTHER + '9'; }
static bool gap(sign c) { return c == OTHER + ' ' || c == OTHER + '-'; }
static unsigned whole(sign c) { return digit(c) ? NUMBER : gap(c) ? GAP : LETTER; }
static char base(sign c) { return c < OTHER ? mk_vi_base((mk_vi)c) : '\0'; }

static bool pair(char a, char b, char x, char y) { return (a == x && b == y) || (a == y && b == x); }

static unsigned substitution(sign a, sign b) {
  if (a == b) return 0;
  if (digit(a) || digit(b)) return NUMBER;
  if (gap(a) && gap(b)) return GAP;
  if (a >= OTHER || b >= OTHER) return LETTER;
  unsigned tone = mk_vi_tone((mk_vi)a) == mk_vi_tone((mk_vi)b) ? 0 : TONE;
  char x = base(a), y = base(b);
  if (x == y) return tone + ((a ^ b) & 0xE0 ? SHAPE : 0);
  if (pair(x, y, 'i', 'y')) return tone + I_Y;
  return pair(x, y, 's', 'x') || pair(x, y, 'l', 'n') ? PAIR : LETTER;
}

static unsigned least(unsigned a, unsigned b) { return a < b ? a : b; }

/* d against gi: gi stands before i-1, j. */
static bool d_and_gi(sign d, sign g, sign i) {
  return d == MK_VI_OF('d', 0) && g == MK_VI_OF('g', 0) && base(i) == 'i';
}

static unsigned distance(const name *a, const name *b) {
  uint16_t row[3][MK_SIMILAR_MAX + 1];
  row[0][0] = 0;
  for (size_t j = 1; j <= b->n; j++) row[0][j] = (uint16_t)(row[0][j - 1] + whole(b->s[j - 1]));
  for (size_t i = 1; i <= a->n; i++) {
    uint16_t *now = row[i % 3], *up = row[(i + 2) % 3], *up2 = row[(i + 1) % 3];
    const sign *x = a->s + i - 1;
    now[0] = (uint16_t)(up[0] + whole(*x));
    for (size_t j = 1; j <= b->n; j++) {
      const sign *y = b->s + j - 1;
      unsigned d = least(up[j - 1] + substitution(*x, *y), least(up[j] + whole(*x), now[j - 1] + whole(*y)));
      if (j > 1 && d_and_gi(*x, y[-1], *y)) d = least(d, up[j - 2] + (unsigned)PAIR);
      if (i > 1 && d_and_gi(*y, x[-1], *x)) d = least(d, up2[j - 1] + (unsigned)PAIR);
      if (i > 1 && j > 1) {
        if (x[-1] == *y && *x == y[-1] && !digit(*x) && !digit(*y)) d = least(d, up2[j - 2] + (unsigned)LETTER);
        bool chtr = base(x[-1]) == 'c' && base(*x) == 'h' && base(y[-1]) == 't' && base(*y) == 'r';
        bool trch = base(x[-1]) == 't' && base(*x) == 'r' && base(y[-1]) == 'c' && base(*y) == 'h';
        if (chtr || trch) d = least(d, up2[j - 2] + (unsigned)PAIR);
      }
      now[j] = (uint16_t)d;
    }
  }
  return row[a->n % 3][b->n];
}

/* Signs that the rules above may take for each other without counting them as others: i y, s x, l n, d g, c t, h r. */
static unsigned kind(sign c) {
  static const char same[][2] = {{'y', 'i'}, {'x', 's'}, {'n', 'l'}, {'g', 'd'}, {'t', 'c'}, {'r', 'h'}};
  char b = base(c);
  for (size_t i = 0; i < sizeof same / sizeof same[0]; i++)
    if (b == same[i][0]) b = same[i][1];
  return b ? (unsigned)(b - 'a') & 31 : gap(c) ? 26 : 27 + (unsigned)(c & 31);
}

static unsigned count_letter(const name *a, char letter) {
  unsigned n = 0;
  for (size_t i = 0; i < a->n; i++) n += base(a->s[i]) == letter;
  return n;
}

/* No distance is below this: signs of one name that the other lacks cost what it takes to write them, less what d for gi saves. */
static unsigned bound(const name *a, const name *b) {
  int left[60] = {0};
  unsigned more = 0, less = 0, saved;
  for (size_t i = 0; i < a->n; i++) left[kind(a->s[i])]++;
  for (size_t i = 0; i < b->n; i++) left[kind(b->s[i])]--;
  for (unsigned k = 0; k < 60; k++) {
    unsigned cost = k == 26 ? GAP : LETTER;
    if (left[k] > 0) more += (unsigned)left[k] * cost;
    else less += (unsigned)-left[k] * cost;
  }
  saved = PAIR * (least(count_letter(a, 'd'), count_letter(b, 'g')) + least(count_letter(b, 'd'), count_letter(a, 'g')));
  if (less > more) more = less;
  return more > saved ? more - saved : 0;
}

/* Kinds of letters as above, 1 to 16; 0: not counted. Only names whose plain form has a letter for each sign are. */
mk_letters mk_letters_of(const char *plain, size_t n, const char *text, size_t m) {
  static const uint8_t kinds[26] = {1, 2, 3, 4, 5, 0, 4, 6, 7, 0, 8, 9, 10, 9, 11, 12, 13, 6, 14, 3, 15, 16, 0, 14, 7, 0};
  mk_letters x = {{0, 0}, 0};
  size_t signs = 0;
  for (size_t i = 0; i < m; i++) signs += ((unsigned char)text[i] & 0xC0) != 0x80;
  if (signs != n || n > INT8_MAX) return x;
  for (size_t i = 0; i < n; i++) {
    unsigned k = plain[i] >= 'a' && plain[i] <= 'z' ? kinds[plain[i] - 'a'] : 0;
    if (k) x.kinds[(k - 1) / 8] += UINT64_C(1) << (k - 1) % 8 * 8;
  }
  x.signs = (uint8_t)n;
  return x;
}

/* How many letters are in a beyond those in b; counts are below 128. */
static unsigned beyond(const mk_letters *a, const mk_letters *b) {
  const uint64_t ones = UINT64_C(0x0101010101010101), high = ones << 7;
  unsigned sum = 0;
  for (int i = 0; i < 2; i++) {
    uint64_t d = (a->kinds[i] | high) - b->kinds[i], more = (d & high) >> 7;
    sum += (unsigned)((d & (more * 0x7F)) * ones >> 56);
  }
  return sum;
}

/* As bound, of the letters alone. */
bool mk_letters_unlike(const mk_letters *a, const mk_letters *b, unsigned tenths) {
  if (!a->signs || !b->signs) return false;
  unsigned more = beyond(a, b), less = beyond(b, a), most = a->signs > b->signs ? a->signs : b->signs;
  unsigned saved = PAIR * least((unsigned)(a->kinds[0] >> 24 & 0x7F), (unsigned)(b->kinds[0] >> 24 & 0x7F)); /* d for gi */
  if (less > more) more = less;
  return LETTER * more > saved && (LETTER * more - saved) * 10 > LETTER * most * tenths;
}

bool mk_similar_by(const char *a, size_t n, const char *b, size_t m, unsigned tenths, unsigned *cost, unsigned *full, mk_err *err) {
  name x, y;
  if (!read_name(&x, a, n, err) || !read_name(&y, b, m, err)) return false;
  *full = (unsigned)(LETTER * (x.n > y.n ? x.n : y.n));
  if (bound(&x, &y) * 10 > *full * tenths) return false;
  *cost = distance(&x, &y);
  return *cost * 10 <= *full * tenths;
}

bool mk_similar(const char *a, size_t n, const char *b, size_t m, unsigned *cost, unsigned *full, mk_err *err) {
  name x, y;
  if (!read_name(&x, a, n, err) || !read_name(&y, b, m, err)) return false;
  *cost = distance(&x, &y);
  *full = (unsigned)(LETTER * (x.n > y.n ? x.n : y.n));
  return true;
}
