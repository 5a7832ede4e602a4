/* viqr.c: VIQR, Vietnamese in ASCII: a( a^ e^ o^ o+ u+ dd, then ` ? ~ ' . for the tone; a backslash keeps the next sign as it
 * is. In text that keeps such signs with backslashes every other one is a tone; else a dot or question mark at the end of
 * a word is a tone only before a backslash, when the sentence goes on in small letters, between two words with capitals
 * (Bo^. Ta`i) and when the word is the whole text. May include: charset.h, libc strings. */
#include <string.h>

#include "charset.h"

static const char tone_signs[] = " `?~'."; /* by tone */

static unsigned shape_of(char base, char sign) {
  if (sign == '(' && base == 'a') return MK_VI_BREVE;
  if (sign == '^' && (base == 'a' || base == 'e' || base == 'o')) return MK_VI_HAT;
  if (sign == '+' && (base == 'o' || base == 'u')) return MK_VI_HORN;
  return 0;
}

static bool small(char c) { return c >= 'a' && c <= 'z'; }
static bool capital(char c) { return c >= 'A' && c <= 'Z'; }
static bool letter(char c) { return mk_vi_ascii((unsigned char)c) != 0; }

/* First byte of the word that ends before i. */
static size_t word_start(const char *s, size_t i) {
  while (i > 0 && s[i - 1] != ' ' && s[i - 1] != '\n') i--;
  return i;
}

/* Whether the sign at i, a tone or a full stop or a question mark, is a tone. */
static bool is_tone(const char *s, size_t n, size_t i) {
  if (s[i] != '.' && s[i] != '?') return s[i] != '\'' || i + 1 >= n || s[i + 1] != '\'';
  if (i + 1 >= n) return word_start(s, i) == 0;
  char next = s[i + 1];
  if (next == '\\') return true;
  if (letter(next) || next == ',' || next == ';' || next == ':' || next == '.' || next == '?' || next == '!') return next != s[i] || s[i] == '.';
  if (next != ' ' || i + 2 >= n) return false;
  return small(s[i + 2]) || (capital(s[i + 2]) && capital(s[word_start(s, i)]));
}

static bool keeps_signs(const char *s, size_t n) {
  for (size_t i = 0; i + 1 < n; i++)
    if (s[i] == '\\' && (s[i + 1] == '.' || s[i + 1] == '?')) return true;
  return false;
}

bool mk_viqr_decode(mk_buf *out, const char *s, size_t n, mk_err *err) {
  size_t i = 0;
  bool strict = keeps_signs(s, n);
  if (!mk_utf8_require(s, n, "the text", err)) return false;
  while (i < n) {
    if (s[i] == '\\' && i + 1 < n) { mk_putc(out, s[i + 1]); i += 2; continue; }
    mk_vi c = mk_vi_ascii((unsigned char)s[i]);
    if (!c) { mk_putc(out, s[i++]); continue; }
    char base = mk_vi_base(c);
    i++;
    if (base == 'd' && i < n && (s[i] == 'd' || (s[i] == 'D' && (c & MK_VI_UPPER)))) {
      c = (mk_vi)(c | MK_VI_STROKE << 5);
      i++;
    } else if (mk_vi_slot(c)) {
      unsigned shape = i < n ? shape_of(base, s[i]) : 0;
      if (shape) { c = (mk_vi)(c | shape << 5); i++; }
      const char *sign = i < n && s[i] != ' ' && s[i] ? strchr(tone_signs, s[i]) : NULL;
      if (sign && (strict || is_tone(s, n, i))) { c = mk_vi_set_tone(c, (unsigned)(sign - tone_signs)); i++; }
      if (sign && i + 1 == n && s[i] == '\\') i++;
    }
    const unsigned char *bytes = mk_vi_utf8[c];
    mk_put(out, (const char *)bytes + 1, bytes[0]);
  }
  return mk_buf_ok(out, err);
}

/* ASCII that the character at p begins with when it is written; 0 at the end and for what cannot be written. */
static char first_sign(const char *p, const char *end) {
  if (p >= end) return 0;
  uint32_t cp = mk_utf8_next(&p, end);
  mk_vi c = mk_vi_of(cp);
  if (c) return (char)((unsigned char)mk_vi_base(c) - (c & MK_VI_UPPER ? 32 : 0));
  return cp < 0x80 ? (char)cp : 0;
}

/* Whether the tone just written will be read as one before what stands at p. */
static bool reads_as_tone(mk_buf *out, size_t start, const char *p, const char *end) {
  size_t n = out->n;
  char next = first_sign(p, end);
  if (p < end) mk_putc(out, next);
  if (next == ' ' && p + 1 < end) mk_putc(out, first_sign(p + 1, end));
  bool tone = mk_buf_ok(out, NULL) && is_tone(out->p + start, out->n - start, n - start - 1);
  out->n = n;
  return tone;
}

static void put_letter(mk_buf *out, mk_vi c, bool before_d) {
  static const char shapes[] = " ^(+";
  bool upper = (c & MK_VI_UPPER) != 0;
  char base = mk_vi_base(c);
  unsigned shape = c >> 5 & 7u;
  if (base == 'd' && !shape && before_d) mk_putc(out, '\\');
  mk_putc(out, upper ? (char)(base - 32) : base);
  if (shape == MK_VI_STROKE) mk_putc(out, upper ? 'D' : 'd');
  else if (shape) mk_putc(out, shapes[shape]);
  if (mk_vi_tone(c)) mk_putc(out, tone_signs[mk_vi_tone(c)]);
}

/* Writes all of it; guarded: a backslash follows tones that would else be read as the end of a sentence. doubtful: there
 * are such tones. */
static bool put_text(mk_buf *out, const char *s, size_t n, bool guarded, bool *doubtful, mk_err *err) {
  const char *p = s, *end = s + n;
  size_t start = out->n;
  bool after_vowel = false;
  *doubtful = false;
  while (p < end) {
    const char *from = p;
    uint32_t cp = mk_utf8_next(&p, end);
    mk_vi c = mk_vi_of(cp);
    if (!c) {
      if (cp >= 0x80) return mk_fail(err, MK_RANGE, "'%S' cannot be written in this character set", from, (size_t)(p - from));
      if (cp == '\\' || (after_vowel && cp && strchr("`?~'.(^+", (int)cp))) mk_putc(out, '\\');
      mk_putc(out, (char)cp);
      after_vowel = false;
      continue;
    }
    char next = first_sign(p, end);
    put_letter(out, c, next == 'd' || next == 'D');
    if (mk_vi_tone(c) && !reads_as_tone(out, start, p, end)) {
      *doubtful = true;
      if (guarded) mk_putc(out, '\\');
    }
    after_vowel = mk_vi_slot(c) != 0 && !mk_vi_tone(c);
  }
  return mk_buf_ok(out, err);
}

bool mk_viqr_encode(mk_buf *out, const char *s, size_t n, mk_err *err) {
  size_t start = out->n;
  bool doubtful = false;
  if (!put_text(out, s, n, false, &doubtful, err)) return false;
  if (!doubtful || keeps_signs(out->p + start, out->n - start)) return true;
  out->n = start;
  return put_text(out, s, n, true, &doubtful, err);
}
