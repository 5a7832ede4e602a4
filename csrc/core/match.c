/* match.c: search in which the query decides how exact it is. Syllables are compared as settled ones, so the place of a
 * tone and the Unicode form do not matter; other words sign by sign, where every mark of the query must stand in the
 * text. May include: vi.h, order.h, utf8proc. */
#include <string.h>
#include <utf8proc.h>

#include "order.h"
#include "vi.h"

typedef mk_query_word word;

static bool is_digit(char c) { return c >= '0' && c <= '9'; }

/* In an open syllable y after a consonant is written i as well: kỷ, kỉ. */
static void level_y(word *w) {
  if (w->count < 2) return;
  mk_vi last = w->letters[w->count - 1], before = w->letters[w->count - 2];
  bool after_q = mk_vi_base(before) == 'u' && w->count == 3 && mk_vi_base(w->letters[0]) == 'q';
  if (last == MK_VI_OF('y', 0) && (!mk_vi_slot(before) || after_q)) w->letters[w->count - 1] = MK_VI_OF('i', 0);
}

/* Letters and tone apart; nothing when there are two tones. */
static void take_letters(word *w, const mk_token *t) {
  for (unsigned i = 0; i < t->count; i++) {
    unsigned tone = mk_vi_tone(t->letters[i]);
    if (tone && w->tone && tone != w->tone) return;
    if (tone) w->tone = (uint8_t)tone;
    w->letters[i] = t->letters[i] & MK_VI_LETTER;
  }
  w->count = (uint8_t)t->count;
}

/* Reads the word at or after p: a run of letters or of digits. False at the end. */
static bool next_word(const char *p, const char *end, word *out) {
  for (; p < end; mk_utf8_next(&p, end)) {
    const char *q = p;
    uint32_t cp = mk_utf8_next(&q, end);
    out->from = p;
    out->count = out->tone = 0;
    out->settled = false;
    if (cp < 0x80 && is_digit((char)cp)) {
      while (q < end && is_digit(*q)) q++;
      out->to = q;
      return true;
    }
    if (!mk_starts_token(cp)) continue;
    mk_token t;
    out->to = mk_token_read(&t, p, end);
    out->settled = mk_token_settle(&t, MK_TONE_OLD);
    if (out->settled || (!t.foreign && !t.is_long && t.doubts == 0)) take_letters(out, &t);
    if (out->settled) level_y(out);
    return true;
  }
  return false;
}

/* Whether a letter of the query stands for this one; both without tone and case. */
static bool admits(mk_vi query, mk_vi c) { return query == c || ((query & 0xE0) == 0 && (c & 31) == query); }

/* One letter or other character as its small base and the marks on it, a Vietnamese shape and tone among them; latin is
 * the letter that it is or looks like, 0 for none. */
enum { SIGN_MARKS = 8 };
typedef struct { uint32_t base, latin, marks[SIGN_MARKS]; unsigned count; const char *end; } sign;

static void add_part(sign *s, uint32_t cp) {
  if (s->count < SIGN_MARKS) s->marks[s->count++] = cp;
}

static void add_decomposed(sign *s, uint32_t cp) {
  utf8proc_int32_t parts[SIGN_MARKS];
  int unused = 0, options = UTF8PROC_DECOMPOSE | UTF8PROC_CASEFOLD;
  utf8proc_ssize_t n = utf8proc_decompose_char((utf8proc_int32_t)cp, parts, SIGN_MARKS, (utf8proc_option_t)options, &unused);
  for (utf8proc_ssize_t i = 0; i < n && i < SIGN_MARKS; i++) {
    if (s->base) add_part(s, (uint32_t)parts[i]); else s->base = (uint32_t)parts[i];
  }
}

/* The second and third part of a Korean syllable that is taken apart. */
static bool vowel_jamo(const char *p, const char *end) {
  if (p >= end || (unsigned char)*p != 0xE1) return false;
  uint32_t cp = mk_utf8_next(&p, end);
  return cp >= 0x1160 && cp < 0x1200;
}

static void read_sign(const char *p, const char *end, sign *out) {
  static const uint16_t shapes[] = {0, 0x302, 0x306, 0x31B}, tones[] = {0, 0x300, 0x309, 0x303, 0x301, 0x323};
  mk_cluster c;
  mk_vi_cluster(p, end, &c);
  out->base = out->latin = out->count = 0;
  out->end = c.end;
  unsigned shape = c.letter >> 5 & 7u;
  if (c.letter) out->latin = shape == MK_VI_STROKE ? 0x111 : (uint32_t)mk_vi_base((mk_vi)(c.letter & MK_VI_LETTER));
  if (!c.letter || c.look) {
    add_decomposed(out, mk_utf8_next(&p, end));
    out->count = c.letter ? 0 : out->count;
  } else {
    out->base = out->latin;
  }
  if (c.letter && shape && shape != MK_VI_STROKE) add_part(out, shapes[shape]);
  if (mk_vi_tone(c.letter)) add_part(out, tones[mk_vi_tone(c.letter)]);
  while (mk_mark_at(out->end, end) || vowel_jamo(out->end, end)) add_decomposed(out, mk_utf8_next(&out->end, end));
}

static bool has_mark(const sign *s, uint32_t mark) {
  unsigned i = 0;
  while (i < s->count && s->marks[i] != mark) i++;
  return i < s->count;
}

/* Whether a sign of the query stands for this one. */
static bool stands_for(const sign *q, const sign *s) {
  uint32_t plain[MK_FOLDED_MAX];
  for (unsigned i = 0; i < q->count; i++)
    if (!has_mark(s, q->marks[i])) return false;
  return q->base == s->base || (q->latin && q->latin == s->latin) || (q->base < 0x80 && mk_folded_letters(s->base, plain) == 1 && plain[0] == q->base);
}

static bool same_signs(const word *q, const word *w) {
  const char *p = q->from, *s = w->from;
  while (p < q->to && s < w->to) {
    sign a, b;
    read_sign(p, q->to, &a);
    read_sign(s, w->to, &b);
    if (!stands_for(&a, &b)) return false;
    p = a.end;
    s = b.end;
  }
  return p == q->to && s == w->to;
}

static bool same_word(const word *q, const word *w) {
  if (!w->settled || !q->count) return same_signs(q, w);
  if (q->count != w->count || (q->tone && q->tone != w->tone)) return false;
  for (unsigned i = 0; i < q->count; i++)
    if (!admits(q->letters[i], w->letters[i])) return false;
  return true;
}

bool mk_query_init(mk_query *q, const char *s, size_t n, mk_err *err) {
  const char *p = s, *end = s + n;
  word w;
  q->count = 0;
  while (next_word(p, end, &w)) {
    if (q->count == MK_QUERY_MAX) return mk_fail(err, MK_LIMIT, "a query has at most %d words", (int)MK_QUERY_MAX);
    q->word[q->count++] = w;
    p = w.to;
  }
  return !mk_failed(err);
}

bool mk_match(const mk_query *q, const char *s, size_t n, size_t *first, size_t *end) {
  const char *p = s, *stop = s + n;
  word w;
  while (q->count && next_word(p, stop, &w)) {
    const char *start = w.from, *after = w.to;
    size_t k = 0;
    while (same_word(&q->word[k], &w)) {
      if (++k == q->count) {
        *first = (size_t)(start - s);
        *end = (size_t)(w.to - s);
        return true;
      }
      if (!next_word(w.to, stop, &w)) break;
    }
    p = after;
  }
  return false;
}
