/* token.c: runs of letters, and the repair of a token that is meant to be a syllable. May include: vi.h. */
#include "vi.h"

/* Signs whose decomposition begins with one of ASCII or Latin-1. */
static bool decomposes_to_sign(uint32_t cp) {
  switch (cp) {
    case 0x37E: case 0x385: case 0x387: case 0x1FC1: case 0x1FED: case 0x1FEE: case 0x1FEF: case 0x1FFD: return true;
    default: return false;
  }
}

bool mk_separates(uint32_t cp) {
  if (cp < 0xC0) return mk_vi_ascii(cp < 0x80 ? (unsigned char)cp : 0) == 0;
  if (cp == 0xD7 || cp == 0xF7) return true;
  if ((cp >= 0x2000 && cp < 0x20D0) || (cp >= 0x2190 && cp < 0x2C00)) return true;
  return mk_char_class(cp) != 0 || decomposes_to_sign(cp);
}

bool mk_starts_token(uint32_t cp) {
  if (cp < 0x80) return mk_vi_ascii((unsigned char)cp) != 0;
  return !mk_separates(cp) && !(mk_norm_of(cp) & MK_NORM_MARK);
}

static inline void add_letter(mk_token *t, mk_vi c, const char *end) {
  t->any |= c;
  if (t->foreign) return;
  if (t->count == MK_SYL_MAX) { t->is_long = true; return; }
  t->letters[t->count] = c;
  t->ends[t->count++] = end;
}

const char *mk_token_read(mk_token *t, const char *p, const char *end) {
  t->count = t->doubts = t->eths = t->any = 0;
  t->foreign = t->is_long = false;
  while (p < end) {
    size_t n;
    mk_vi c = mk_vi_plain_at(p, end, &n);
    if (c) {
      p += n;
      add_letter(t, c, p);
      continue;
    }
    const char *q = p;
    uint32_t cp = mk_utf8_next(&q, end);
    if (mk_separates(cp)) break;
    mk_cluster k;
    mk_vi_cluster(p, end, &k);
    t->doubts += k.doubt;
    t->eths += k.eth;
    if (!k.letter) t->foreign = true;
    else add_letter(t, k.letter, k.end);
    p = k.end;
  }
  return p;
}

const char *mk_word_start(const char *floor, const char *q) {
  for (const char *p = q; p > floor; q = p) {
    while (--p > floor && ((unsigned char)*p & 0xC0) == 0x80) continue;
    const char *next = p;
    if (!mk_vi_of(mk_utf8_next(&next, q))) break;
  }
  return q;
}

static unsigned vowels(const mk_token *t) {
  unsigned n = 0;
  for (unsigned i = 0; i < t->count; i++) n += mk_vi_slot(t->letters[i]) != 0;
  return n;
}

static unsigned capitals(const mk_token *t) {
  unsigned n = 0;
  for (unsigned i = 0; i < t->count; i++) n += t->letters[i] & MK_VI_UPPER ? 1 : 0;
  return n;
}

/* A token of one case without a vowel, such as the abbreviation of a name. */
static bool abbreviation(const mk_token *t) {
  unsigned upper = capitals(t);
  return vowels(t) == 0 && t->count > 1 && (upper == t->count || upper == 0) && !(t->any & MK_VI_TONE);
}

bool mk_token_settle(mk_token *t, mk_tone_style style) {
  mk_syl syl;
  if (t->foreign || t->is_long) return false;
  if (!t->doubts) {
    if ((t->any & MK_VI_TONE) && vowels(t) > 1) mk_tone_place(t->letters, t->count, style);
    return true;
  }
  if (t->doubts == t->count) return false;
  if (t->doubts == t->eths && abbreviation(t)) return true;
  mk_tone_place(t->letters, t->count, style);
  unsigned tones = 0;
  for (size_t i = 0; i < t->count; i++) {
    tones += mk_vi_tone(t->letters[i]) != 0;
    if (!mk_vi_utf8[t->letters[i]][0] || tones > 1) return false;
  }
  return mk_syl_read(t->letters, t->count, true, &syl);
}
