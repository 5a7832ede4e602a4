/* match.c: search in which the query decides how exact it is. Words are compared as settled syllables, so the place of
 * a tone and the Unicode form do not matter; other words letter by letter. May include: vi.h, utf8proc. */
#include <string.h>
#include <utf8proc.h>

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

/* Reads the word at or after p: a run of letters or of digits. False at the end. */
static bool next_word(const char *p, const char *end, word *out) {
  for (; p < end; mk_utf8_next(&p, end)) {
    const char *q = p;
    uint32_t cp = mk_utf8_next(&q, end);
    out->from = p;
    out->count = out->tone = 0;
    if (cp < 0x80 && is_digit((char)cp)) {
      while (q < end && is_digit(*q)) q++;
      out->to = q;
      return true;
    }
    if (!mk_starts_token(cp)) continue;
    mk_token t;
    out->to = mk_token_read(&t, p, end);
    if (!mk_token_settle(&t, MK_TONE_OLD)) return true;
    for (unsigned i = 0; i < t.count; i++) {
      if (mk_vi_tone(t.letters[i])) out->tone = (uint8_t)mk_vi_tone(t.letters[i]);
      out->letters[i] = t.letters[i] & MK_VI_LETTER;
    }
    out->count = (uint8_t)t.count;
    level_y(out);
    return true;
  }
  return false;
}

/* Whether a letter of the query stands for this one; both without tone and case. */
static bool admits(mk_vi query, mk_vi c) { return query == c || ((query & 0xE0) == 0 && (c & 31) == query); }

/* Words that are no syllables, character by character; case does not matter. */
static bool same_characters(const word *q, const word *w) {
  const char *p = q->from, *s = w->from;
  while (p < q->to && s < w->to) {
    mk_cluster a, b;
    mk_vi_cluster(p, q->to, &a);
    mk_vi_cluster(s, w->to, &b);
    if (a.letter && b.letter) {
      unsigned tone = mk_vi_tone(a.letter);
      if (!admits(a.letter & MK_VI_LETTER, b.letter & MK_VI_LETTER) || (tone && tone != mk_vi_tone(b.letter))) return false;
    } else {
      const char *x = p, *y = s;
      if (utf8proc_tolower((utf8proc_int32_t)mk_utf8_next(&x, q->to)) != utf8proc_tolower((utf8proc_int32_t)mk_utf8_next(&y, w->to)))
        return false;
    }
    p = a.end;
    s = b.end;
  }
  return p == q->to && s == w->to;
}

static bool same_word(const word *q, const word *w) {
  if (!q->count || !w->count) return !q->count && !w->count && same_characters(q, w);
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
