/* viqr.c: VIQR, Vietnamese in ASCII: a( a^ e^ o^ o+ u+ dd, then ` ? ~ ' . for the tone; a backslash keeps the next sign as it
 * is. In text that keeps such signs with backslashes every other one is a tone; else a dot or question mark at the end of
 * a word is a tone only when the sentence goes on in small letters. May include: charset.h, libc strings. */
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
static bool letter(char c) { return mk_vi_ascii((unsigned char)c) != 0; }

/* Whether the sign at i, a tone or a full stop or a question mark, is a tone. */
static bool is_tone(const char *s, size_t n, size_t i) {
  if (s[i] != '.' && s[i] != '?') return s[i] != '\'' || i + 1 >= n || s[i + 1] != '\'';
  if (i + 1 >= n) return false;
  char next = s[i + 1];
  if (letter(next) || next == ',' || next == ';' || next == ':' || next == '.' || next == '?' || next == '!') return next != s[i] || s[i] == '.';
  return next == ' ' && i + 2 < n && small(s[i + 2]);
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
    }
    const unsigned char *bytes = mk_vi_utf8[c];
    mk_put(out, (const char *)bytes + 1, bytes[0]);
  }
  return mk_buf_ok(out, err);
}

bool mk_viqr_encode(mk_buf *out, const char *s, size_t n, mk_err *err) {
  static const char shapes[] = " ^(+";
  const char *p = s, *end = s + n;
  bool after_vowel = false, after_d = false;
  while (p < end) {
    const char *from = p;
    uint32_t cp = mk_utf8_next(&p, end);
    mk_vi c = mk_vi_of(cp);
    if (!c) {
      if (cp >= 0x80) return mk_fail(err, MK_RANGE, "'%S' cannot be written in this character set", from, (size_t)(p - from));
      if (cp == '\\' || (after_vowel && cp && strchr("`?~'.(^+", (int)cp))) mk_putc(out, '\\');
      mk_putc(out, (char)cp);
      after_vowel = after_d = false;
      continue;
    }
    bool upper = (c & MK_VI_UPPER) != 0;
    char base = mk_vi_base(c);
    unsigned shape = c >> 5 & 7u, tone = mk_vi_tone(c);
    if (after_d && base == 'd') mk_putc(out, '\\');
    mk_putc(out, upper ? (char)(base - 32) : base);
    if (shape == MK_VI_STROKE) mk_putc(out, upper ? 'D' : 'd');
    else if (shape) mk_putc(out, shapes[shape]);
    if (tone) mk_putc(out, tone_signs[tone]);
    after_vowel = mk_vi_slot(c) != 0 && !tone;
    after_d = base == 'd' && !shape;
  }
  return mk_buf_ok(out, err);
}
