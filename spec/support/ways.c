/* ways.c: the two ways to go over text, byte by byte and many bytes at once, compared on made texts, always the same. `ways`
 * prints how many answers of each kind were the same, "kind count"; the first difference ends it. spec/text_ways_spec.lua
 * says what must be there. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/scan.h"

static const mk_scan *best;
static size_t counts[4];
enum { UTF8, CHECK, FORM, DECODE };
static const char *const kinds[] = {"utf8", "is_nfc", "nfc", "decode"};

static uint64_t seed = 20251121;
static unsigned below(unsigned n) {
  seed = seed * 6364136223846793005u + 1442695040888963407u;
  return (unsigned)((seed >> 33) % n);
}

static void must(bool ok, int kind, const char *s, size_t n) {
  counts[kind]++;
  if (ok) return;
  fprintf(stderr, "ways: %s differs for", kinds[kind]);
  for (size_t i = 0; i < n; i++) fprintf(stderr, " %02x", (unsigned)(unsigned char)s[i]);
  fprintf(stderr, "\n");
  exit(1);
}

/* Of the length of the text alone, so that a tool that watches memory sees reads past its end. */
static char *own_copy(const char *s, size_t n) {
  char *p = malloc(n + (n == 0));
  if (!p) exit(1);
  memcpy(p, s, n);
  return p;
}

static void compare_buf(mk_buf *a, mk_buf *b, int kind, const char *s, size_t n) {
  must(a->n == b->n && (a->n == 0 || memcmp(a->p, b->p, a->n) == 0), kind, s, n);
  mk_buf_clear(a);
  mk_buf_clear(b);
}

static void compare_text(const char *from, size_t n) {
  char *s = own_copy(from, n);
  mk_err err = {0};
  mk_buf a = {0}, b = {0};
  size_t good = mk_utf8_check_by(&mk_scan_plain, s, n);
  must(mk_utf8_check_by(best, s, n) == good, UTF8, s, n);
  if (good == n) {
    bool plain = mk_is_nfc_by(&mk_scan_plain, s, n);
    must(mk_is_nfc_by(best, s, n) == plain, CHECK, s, n);
    must(mk_nfc_by(&mk_scan_plain, &a, s, n, &err) && mk_nfc_by(best, &b, s, n, &err), FORM, s, n);
    must(plain == (a.n == n && (n == 0 || memcmp(a.p, s, n) == 0)), CHECK, s, n);
    compare_buf(&a, &b, FORM, s, n);
  }
  free(s);
}

static void compare_decoded(const char *from, size_t n) {
  char *s = own_copy(from, n);
  static const mk_charset sets[] = {MK_TCVN3, MK_VNI, MK_VISCII, MK_VPS, MK_CP1258};
  for (size_t i = 0; i < sizeof sets / sizeof *sets; i++) {
    mk_err err = {0};
    mk_buf a = {0}, b = {0};
    must(mk_decode_by(&mk_scan_plain, &a, s, n, sets[i], &err) && mk_decode_by(best, &b, s, n, sets[i], &err), DECODE, s, n);
    compare_buf(&a, &b, DECODE, s, n);
  }
  free(s);
}

/* Characters at the borders of what the wide way lets through, and parts of characters. */
static const char *const pieces[] = {
    "a", "Z", " ", "\n", "\x7F", "\xC2\x80", "\xC3\xA0", "\xC4\x91", "\xC6\xB0", "\xCB\xBF", "\xCC\x80", "\xCC\x81", "\xCC\xA3", "\xCD\x80", "\xCD\x84",
    "\xCE\x87", "\xD7\xBF", "\xDF\xBF", "\xE0\xA0\x80", "\xE1\x84\x80\xE1\x85\xA1", "\xE1\xB7\xBF", "\xE1\xB8\x80", "\xE1\xBA\xA5", "\xE1\xBB\xBF", "\xE1\xBC\x80",
    "\xE1\xBD\xB1", "\xE2\x80\x80", "\xE2\x80\x81", "\xE2\x80\x82", "\xE2\x80\x93", "\xE2\x80\xBF", "\xE2\x81\x80", "\xE2\x84\xAB", "\xE3\x81\x8B\xE3\x82\x99",
    "\xEA\xB0\x80", "\xED\x9F\xBF", "\xEE\x80\x80", "\xEF\xA4\x80", "\xEF\xBF\xBF", "\xF0\x90\x80\x80", "\xF0\x9F\x98\x80", "\xF4\x8F\xBF\xBF"};
static const char *const broken[] = {
    "\x80", "\xBF", "\xC0\x80", "\xC1\xBF", "\xC2", "\xC2 ", "\xE0\x9F\xBF", "\xE0\x80\x80", "\xE1\xBA", "\xE1", "\xE1\xBA ", "\xED\xA0\x80", "\xED\xBF\xBF",
    "\xEF\xBF", "\xF0\x8F\xBF\xBF", "\xF0\x90\x80", "\xF0\x90", "\xF0", "\xF4\x90\x80\x80", "\xF5\x80\x80\x80", "\xFE", "\xFF", "\xC3\xA0\xA0", "\xE1\xBA\xA5\xA5",
    "\xF0\x9F\x98\x80\x80"};
#define COUNT(list) (sizeof (list) / sizeof *(list))

/* Text to stand in: ASCII, small and large letters of Vietnamese, marks apart. */
static size_t fill(char *out, size_t n, unsigned style) {
  static const char *const letters[] = {"a", "\xE1\xBB\x87", "\xC4\x91", "\xE1\xBA\xA3 "}, *const apart[] = {"e", "\xCC\x82", "\xCC\xA3", "o "};
  size_t w = 0;
  while (w < n) {
    const char *p = style == 0 ? "x" : style == 1 ? letters[below(4)] : apart[below(4)];
    size_t len = strlen(p);
    if (w + len > n) p = "x", len = 1;
    memcpy(out + w, p, len);
    w += len;
  }
  return w;
}

/* Each piece at every place of two blocks and at the end of texts. */
static void at_every_offset(const char *piece) {
  char s[400];
  for (unsigned style = 0; style < 3; style++)
    for (size_t at = 0; at <= 130; at++)
      for (size_t after = 0; after < 140; after += after < 4 ? 1 : 33) {
        size_t n = fill(s, at, style), len = strlen(piece);
        memcpy(s + n, piece, len);
        n += len;
        n += fill(s + n, after, style);
        compare_text(s, n);
      }
}

static void of_every_length(void) {
  char s[800];
  for (size_t length = 0; length <= 200; length++)
    for (unsigned i = 0; i < 60; i++) {
      size_t n = 0;
      while (n < length) {
        bool bad = i % 4 == 3 && below(60) == 0, plain = below(i % 3 ? 3 : 40) > 0;
        const char *p = bad ? broken[below(COUNT(broken))] : pieces[below(COUNT(pieces))];
        if (plain && !bad) p = "\xE1\xBA\xA5";
        size_t len = strlen(p);
        memcpy(s + n, p, len);
        n += len;
      }
      compare_text(s, length); /* may end inside a character */
      compare_text(s, n);
      for (size_t k = 0; k < length; k++) { /* bytes of the older sets: all, or words with capitals and coded letters */
        unsigned b = i % 2 ? below(256) : below(3) ? below(160) + 96 : (unsigned)(unsigned char)"HAI QUB\xA7\xB1\x93\n "[below(12)];
        s[k] = (char)b;
      }
      compare_decoded(s, length);
    }
}

int main(void) {
  best = mk_scan_best();
  for (size_t i = 0; i < COUNT(pieces); i++) at_every_offset(pieces[i]);
  for (size_t i = 0; i < COUNT(broken); i++) at_every_offset(broken[i]);
  of_every_length();
  printf("best %s\n", best == &mk_scan_plain ? "plain" : "wide");
  for (size_t i = 0; i < COUNT(kinds); i++) printf("%s %zu\n", kinds[i], counts[i]);
  return 0;
}
