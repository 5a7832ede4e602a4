/* tone.c: on which vowel the tone of a syllable is written, in the old (hòa) and the new (hoà) style. May include: vi.h. */
#include "vi.h"

static bool shaped(mk_vi c) { return (c & 0xE0) != 0; }

/* gịa and gỉa (giặt gịa) are written so, though gi is an onset elsewhere. */
static bool keeps_place(const mk_vi *c, size_t n) {
  return n == 3 && mk_vi_base(c[0]) == 'g' && mk_vi_base(c[1]) == 'i' && mk_vi_base(c[2]) == 'a' &&
         (mk_vi_tone(c[1]) == MK_VI_DOT || mk_vi_tone(c[1]) == MK_VI_HOOK);
}

/* Index in the nucleus of the vowel that bears the tone. */
static unsigned target(const mk_vi *v, const mk_syl *syl, mk_tone_style style) {
  if (syl->nucleus == 1) return 0;
  for (unsigned i = syl->nucleus; i-- > 0;)
    if (shaped(v[i])) return i;
  if (syl->nucleus == 3 || syl->coda) return 1;
  if (style == MK_TONE_OLD) return 0;
  char a = mk_vi_base(v[0]), b = mk_vi_base(v[1]);
  if (a == 'u' && b == 'y') return style == MK_TONE_NEW || syl->onset != 0;
  return a == 'o' && (b == 'a' || b == 'e');
}

/* The last letter with hat, breve or horn bears the only tone, as it does in any syllable that has such a letter. */
static bool surely_placed(const mk_vi *c, size_t n) {
  bool seen = false;
  for (size_t i = n; i-- > 0;) {
    bool here = !seen && shaped(c[i]) && mk_vi_slot(c[i]);
    if (here != (mk_vi_tone(c[i]) != 0)) return false;
    seen |= here;
  }
  return seen;
}

bool mk_tone_place(mk_vi *c, size_t n, mk_tone_style style) {
  unsigned tone = 0;
  size_t at = n, bearers = 0;
  mk_syl syl;
  if (n > MK_SYL_MAX || surely_placed(c, n)) return false;
  for (size_t i = 0; i < n; i++) {
    unsigned t = mk_vi_tone(c[i]);
    if (!t) continue;
    if (tone && t != tone) return false;
    tone = t;
    at = i;
    bearers++;
  }
  if (!tone || keeps_place(c, n) || !mk_syl_read(c, n, true, &syl)) return false;
  const mk_vi *nucleus = c + syl.onset;
  size_t to = syl.onset + target(nucleus, &syl, style == MK_TONE_KEEP ? MK_TONE_OLD : style);
  if (bearers == 1 && (at == to || (style == MK_TONE_KEEP && at == syl.onset + target(nucleus, &syl, MK_TONE_NEW))))
    return false;
  for (size_t i = 0; i < n; i++) c[i] = mk_vi_set_tone(c[i], i == to ? tone : 0);
  return true;
}

/* R'lấp, Ch'Ơm: first the consonants before the apostrophe of a name. The rest of the name, or s itself. */
static const char *past_prefix(const char *s, const char *end) {
  mk_token t;
  const char *p = mk_token_read(&t, s, end);
  if (t.foreign || t.doubts || t.count == 0 || t.count > 2 || (t.any & MK_VI_TONE)) return s;
  for (unsigned i = 0; i < t.count; i++)
    if (mk_vi_slot(t.letters[i])) return s;
  const char *q = p;
  uint32_t cp = p < end ? mk_utf8_next(&q, end) : 0;
  return (cp == '\'' || cp == 0x2019) && q < end ? q : s;
}

bool mk_is_syllable(const char *s, size_t n, mk_names names) {
  mk_token t;
  mk_syl syl;
  const char *end = s + n, *first = s;
  if (n == 0) return false;
  bool as_name = names == MK_NAMES_YES;
  if (names == MK_NAMES_CAPITAL) as_name = (mk_vi_of(mk_utf8_next(&first, end)) & MK_VI_UPPER) != 0;
  if (as_name) s = past_prefix(s, end);
  if (mk_token_read(&t, s, end) != end || t.foreign || t.is_long || t.doubts) return false;
  unsigned tones = 0;
  for (unsigned i = 0; i < t.count; i++) tones += mk_vi_tone(t.letters[i]) != 0;
  if (tones > 1) return false;
  if (!mk_syl_read(t.letters, t.count, as_name, &syl)) return as_name && mk_syl_name(t.letters, t.count);
  return !mk_tone_place(t.letters, t.count, MK_TONE_KEEP);
}
