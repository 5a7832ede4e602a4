/* case.c: upper, lower and title case of all letters. May include: order.h, utf8proc, libc strings. */
#include <string.h>
#include <utf8proc.h>

#include "order.h"

bool mk_is_upper(uint32_t cp) { return utf8proc_tolower((utf8proc_int32_t)cp) != (utf8proc_int32_t)cp; }
bool mk_is_cased(uint32_t cp) { return mk_is_upper(cp) || utf8proc_toupper((utf8proc_int32_t)cp) != (utf8proc_int32_t)cp; }

/* Letters, digits and marks make a word, and an apostrophe inside one. */
static bool in_word(uint32_t cp, bool inside) {
  if (cp < 0x80) return mk_vi_ascii((unsigned char)cp) || (cp >= '0' && cp <= '9') || (inside && cp == '\'');
  if (inside && cp == 0x2019) return true;
  utf8proc_category_t category = utf8proc_category((utf8proc_int32_t)cp);
  return category >= UTF8PROC_CATEGORY_LU && category <= UTF8PROC_CATEGORY_NO;
}

static void put_code(mk_buf *out, uint32_t cp) {
  if (mk_buf_reserve(out, 4)) out->n += mk_utf8_put(out->p + out->n, cp);
}

typedef enum { LOWER, UPPER, TITLE } wanted;

/* Letters that become several in capitals (ß, ŉ, ﬁ, ᾳ): as Unicode's full mappings, which are the capitals of what the
 * letter folds to, but for the iota below in titles. False for all others. */
static bool put_several(mk_buf *out, uint32_t cp, wanted to) {
  utf8proc_int32_t parts[4];
  int unused = 0;
  if (utf8proc_category((utf8proc_int32_t)cp) == UTF8PROC_CATEGORY_LU) return false;
  if (to == TITLE && cp != 0xDF && utf8proc_totitle((utf8proc_int32_t)cp) != (utf8proc_int32_t)cp) return false;
  utf8proc_ssize_t n = utf8proc_decompose_char((utf8proc_int32_t)cp, parts, 4, UTF8PROC_CASEFOLD, &unused);
  if (n < 2 || n > 4) return false;
  bool capital = true; /* is still to come */
  for (utf8proc_ssize_t i = 0; i < n; i++) {
    uint32_t part = (uint32_t)parts[i];
    if (to == TITLE && i == n - 1 && part == 0x3B9) part = 0x345;
    bool cased = mk_is_cased(part) && part != 0x345;
    put_code(out, cased && (capital || to == UPPER) ? (uint32_t)utf8proc_toupper((utf8proc_int32_t)part) : part);
    capital &= !cased;
  }
  return true;
}

/* Marks, signs and apostrophes, which do not count for where a word of letters ends. */
static bool case_ignorable(uint32_t cp) {
  if (cp == '\'' || cp == '.' || cp == ':' || cp == 0x2019) return true;
  utf8proc_category_t k = utf8proc_category((utf8proc_int32_t)cp);
  return k == UTF8PROC_CATEGORY_MN || k == UTF8PROC_CATEGORY_ME || k == UTF8PROC_CATEGORY_CF || k == UTF8PROC_CATEGORY_LM ||
         k == UTF8PROC_CATEGORY_SK;
}

/* Whether the sigma before p, in a text from s to end, ends a word. */
static bool final_sigma(const char *s, const char *p, const char *end) {
  bool before = false;
  const char *q = mk_lead_of(p - 1, s);
  while (q > s) {
    q = mk_lead_of(q - 1, s);
    const char *next = q;
    uint32_t cp = mk_utf8_next(&next, end);
    if (case_ignorable(cp)) continue;
    before = mk_is_cased(cp);
    break;
  }
  while (before && p < end) {
    uint32_t cp = mk_utf8_next(&p, end);
    if (!case_ignorable(cp)) return !mk_is_cased(cp);
  }
  return before;
}

/* The character from p to q of a text from s to end. */
static void put_cased(mk_buf *out, const char *s, const char *p, const char *q, const char *end, wanted to) {
  uint32_t cp = mk_utf8_next(&p, end);
  mk_vi c = mk_vi_of(cp);
  if (c) {
    const unsigned char *bytes = mk_vi_utf8[to == LOWER ? c & ~MK_VI_UPPER : c | MK_VI_UPPER];
    mk_put(out, (const char *)bytes + 1, bytes[0]);
  } else if (to == LOWER && cp == 0x130) {
    mk_puts(out, "i\xCC\x87");
  } else if (to == LOWER && cp == 0x3A3) {
    put_code(out, final_sigma(s, q, end) ? 0x3C2 : 0x3C3);
  } else if (to == LOWER) {
    put_code(out, (uint32_t)utf8proc_tolower((utf8proc_int32_t)cp));
  } else if (!put_several(out, cp, to)) {
    put_code(out, (uint32_t)(to == TITLE ? utf8proc_totitle((utf8proc_int32_t)cp) : utf8proc_toupper((utf8proc_int32_t)cp)));
  }
}

static bool compose_tail(mk_buf *out, size_t base, mk_err *err) {
  if (!mk_buf_ok(out, err)) return false;
  if (out->n == base || mk_is_nfc(out->p + base, out->n - base)) return true;
  mk_buf composed;
  mk_buf_init(&composed, out->mem);
  bool ok = mk_nfc(&composed, out->p + base, out->n - base, err);
  out->n = base;
  if (ok) mk_put(out, composed.p, composed.n);
  mk_buf_clear(&composed);
  return ok && mk_buf_ok(out, err);
}

static bool convert(mk_buf *out, const char *s, size_t n, bool upper, mk_err *err) {
  const char *p = s, *end = s + n;
  size_t base = out->n;
  mk_vi set = upper ? MK_VI_UPPER : 0;
  while (p < end && mk_buf_reserve(out, (size_t)(end - p) + 3)) {
    char *w = out->p + out->n; /* a letter and its other case have as many bytes */
    while (p < end) {
      size_t k;
      mk_vi c = mk_vi_plain_at(p, end, &k);
      if (!c && ((unsigned char)*p >= 0x80 || mk_vi_ascii((unsigned char)*p))) break;
      if (!c) { *w++ = *p++; continue; }
      memcpy(w, mk_vi_utf8[(c & ~MK_VI_UPPER) | set] + 1, 3);
      w += k;
      p += k;
    }
    out->n = (size_t)(w - out->p);
    if (p == end) break;
    const char *from = p;
    mk_utf8_next(&p, end);
    put_cased(out, s, from, p, end, upper ? UPPER : LOWER);
  }
  return compose_tail(out, base, err);
}

bool mk_upper(mk_buf *out, const char *s, size_t n, mk_err *err) { return convert(out, s, n, true, err); }
bool mk_lower(mk_buf *out, const char *s, size_t n, mk_err *err) { return convert(out, s, n, false, err); }

/* ------------------------------------------------------------------ titles */

/* What is known of a word before it is written. */
typedef struct { const char *end; unsigned upper, lower, vowels, digits; bool roman, foreign; } word;

static word read_word(const char *p, const char *end) {
  word w = {.end = p, .roman = true};
  while (p < end) {
    uint32_t cp = mk_utf8_next(&p, end);
    if (!in_word(cp, w.end < p && (w.upper || w.lower || w.digits))) break;
    mk_vi c = mk_vi_of(cp);
    bool upper = mk_is_upper(cp);
    w.upper += upper;
    w.lower += !upper && mk_is_cased(cp);
    w.digits += cp >= '0' && cp <= '9';
    w.vowels += c && mk_vi_slot(c);
    w.foreign |= !c && mk_is_cased(cp);
    w.roman &= cp == 'I' || cp == 'V' || cp == 'X';
    w.end = p;
  }
  return w;
}

static bool keyword(const char *p, const char *end) {
  mk_token t;
  return p < end && mk_token_read(&t, p, end) == end && mk_order_keyword(&t);
}

/* Whether a word in capitals is an abbreviation or a numeral and stays: TP, HCM, C04, VII; beside small letters also OMD,
 * UBND. before..p: the word before it. */
static bool stays(const word *w, const char *before, const char *before_end, const char *p, bool mixed) {
  enum { ABBREVIATION_MAX = 6 };
  size_t n = (size_t)(w->end - p);
  if (w->lower || w->upper + w->digits < 2 || !w->upper || w->foreign) return false;
  if (w->digits || !w->vowels) return true;
  if (w->roman && mk_roman_read(p, n) && (keyword(before, before_end) || !mk_is_syllable(p, n, MK_NAMES_YES))) return true;
  return mixed && w->upper <= ABBREVIATION_MAX && !mk_is_syllable(p, n, MK_NAMES_YES);
}

/* A letter or two without a vowel before an apostrophe are a part of a name of their own: H'Drai, M'Drắk; O'Neill too. */
static bool prefix(const char *p, const char *apostrophe) {
  unsigned letters = 0;
  for (const char *q = p; q < apostrophe; letters++) {
    mk_vi c = mk_vi_of(mk_utf8_next(&q, apostrophe));
    if (!c || (mk_vi_slot(c) && ((c & MK_VI_LETTER) != MK_VI_OF('o', 0) || letters || q < apostrophe))) return false;
  }
  return letters == 1 || letters == 2;
}

static void put_word(mk_buf *out, const char *s, const char *p, const word *w, const char *end) {
  const char *start = p, *first = p;
  bool begun = false, capital_first = mk_is_upper(mk_utf8_next(&first, end)); /* begun: a cased letter was written */
  while (p < w->end) {
    const char *q = p;
    uint32_t cp = mk_utf8_next(&q, w->end);
    bool cased = mk_is_cased(cp) || utf8proc_category((utf8proc_int32_t)cp) == UTF8PROC_CATEGORY_LL; /* ﬁ */
    put_cased(out, s, p, q, end, begun ? LOWER : TITLE);
    if (cased) begun = true;
    if ((cp == '\'' || cp == 0x2019) && q < w->end && prefix(start, p)) {
      const char *next = q; /* R'lấp stays as its author wrote it */
      begun = capital_first && !mk_is_upper(mk_utf8_next(&next, w->end));
    }
    p = q;
  }
}

bool mk_title(mk_buf *out, const char *s, size_t n, mk_err *err) {
  const char *p = s, *end = s + n, *before = s, *before_end = s;
  size_t base = out->n;
  bool mixed = false, inside = false; /* mixed: there are small letters that stay small */
  for (const char *q = s; q < end && !mixed;) {
    uint32_t cp = mk_utf8_next(&q, end);
    bool cased = mk_is_cased(cp);
    mixed = inside && cased && !mk_is_upper(cp);
    inside = cased || (inside && mk_mark_at(mk_lead_of(q - 1, s), end));
  }
  while (p < end) {
    word w = read_word(p, end);
    if (w.end == p) {
      const char *from = p;
      mk_utf8_next(&p, end);
      mk_put(out, from, (size_t)(p - from));
      continue;
    }
    if (stays(&w, before, before_end, p, mixed)) mk_put(out, p, (size_t)(w.end - p));
    else put_word(out, s, p, &w, end);
    before = p;
    p = before_end = w.end;
  }
  return compose_tail(out, base, err);
}
