/* ordinal.c: places in a row: "lần thứ ba", "lần thứ 17", "lần thứ XVII", and Roman numerals where the words before them
 * leave no doubt that they are numbers. May include: mk.h, spoken.h. */
#include "spoken.h"

#include <string.h>

static const struct { int value; char text[3]; } steps[] = {{1000, "M"}, {900, "CM"}, {500, "D"}, {400, "CD"}, {100, "C"},
                                                             {90, "XC"},  {50, "L"},   {40, "XL"}, {10, "X"},   {9, "IX"},
                                                             {5, "V"},    {4, "IV"},   {1, "I"}};

enum { ROMAN_BYTES = 15 }; /* MMMDCCCLXXXVIII */

static size_t roman_text(char out[ROMAN_BYTES + 1], int value) {
  size_t n = 0;
  for (size_t i = 0; i < sizeof steps / sizeof *steps; i++)
    for (; value >= steps[i].value; value -= steps[i].value)
      for (const char *c = steps[i].text; *c; c++) out[n++] = *c;
  return n;
}

bool mk_roman_put(mk_buf *out, int value, mk_err *err) {
  char text[ROMAN_BYTES + 1];
  if (value < 1 || value > 3999) return mk_fail(err, MK_RANGE, "Roman numerals go from 1 to 3999, not to %d", value);
  mk_put(out, text, roman_text(text, value));
  return mk_buf_ok(out, err);
}

int mk_roman_read(const char *s, size_t n) {
  char again[ROMAN_BYTES + 1];
  int value = 0;
  size_t at = 0;
  if (n == 0 || n > ROMAN_BYTES) return 0;
  for (size_t i = 0; i < sizeof steps / sizeof *steps; i++)
    for (size_t k = strlen(steps[i].text), most = 3; most && at + k <= n && memcmp(s + at, steps[i].text, k) == 0; most--) {
      value += steps[i].value;
      at += k;
    }
  return at == n && value && roman_text(again, value) == n && memcmp(again, s, n) == 0 ? value : 0;
}

static bool word_in(const mk_words *words, size_t at, const char *const *list) {
  if (at >= words->count || words->w[at].kind == MK_WORD_NUMBER) return false;
  const mk_word *w = &words->w[at];
  for (; *list; list++)
    if (strlen(*list) == w->n && memcmp(*list, w->key, w->n) == 0) return true;
  return false;
}

static bool word_is(const mk_words *words, size_t at, const char *key) {
  const char *const list[] = {key, NULL};
  return word_in(words, at, list);
}

static int roman_word(const mk_words *words, size_t at) {
  if (at >= words->count || words->w[at].kind != MK_WORD_TEXT) return 0;
  return mk_roman_read(words->s + words->w[at].first, words->w[at].end - words->w[at].first);
}

int mk_roman_at(const mk_words *words, size_t at) {
  static const char *const keys[] = {"đoạn", "thứ", "vực", "quý", "chương", "điều", "khóa", "khoá", "kỳ", "kì", "nghị",
                                     "omd", "kông", "phase", NULL};
  int value = roman_word(words, at);
  if (!value) return 0;
  if (at > 0 && word_in(words, at - 1, keys)) return value;
  if (words->w[at].end - words->w[at].first < 2 || at == 0) return 0;
  if (word_is(words, at - 1, "(") && word_is(words, at + 1, ")")) return value;
  return at > 1 && words->w[at - 1].kind == MK_WORD_TEXT && word_in(words, at - 2, keys) ? value : 0;
}

static const char *const second[] = {"nhì", "nhị", NULL};

/* What follows "thứ": nhất, nhì, tư, a Roman numeral, digits or a number in words. */
static bool place(mk_numeral *out, const mk_words *words, size_t *at, mk_err *err) {
  static const char *const first[] = {"nhất", NULL}, *const fourth[] = {"tư", NULL};
  int v = word_in(words, *at, first) ? 1 : word_in(words, *at, second) ? 2 : word_in(words, *at, fourth) ? 4 : roman_word(words, *at);
  if (!v) return mk_spoken_at(out, words, at, false, err);
  mk_number n = {mk_num_int(v), mk_num_int(1), mk_num_int(1), false, MK_STYLE_NONE};
  *out = (mk_numeral){words->w[*at].first, words->w[*at].end, 1, {n, n}, MK_DOUBT_NONE, MK_SAID_WORDS};
  ++*at;
  return true;
}

bool mk_ordinal_at(mk_numeral *out, const mk_words *words, size_t *at, mk_err *err) {
  static const char *const cues[] = {"lần", "hạng", "đợt", "kỳ", "phiên", NULL};
  size_t i = *at;
  int64_t v;
  *out = (mk_numeral){.first = 0};
  if (i >= words->count || mk_failed(err)) return !mk_failed(err);
  if (word_in(words, i, cues)) i++;
  else if (word_is(words, i, "vị") && word_is(words, i + 1, "trí")) i += 2;
  bool cue = i > *at;
  if (!word_is(words, i, "thứ") || i + 1 >= words->count) return true;
  i++;
  if (!place(out, words, &i, err)) return false;
  bool whole = out->count == 1 && !out->reading[0].decimal && mk_num_int64(out->reading[0].value, &v) && v > 0;
  if (!whole || (!cue && (i < words->count || *at > 0))) {
    out->count = 0;
    return true;
  }
  bool day = !cue && v >= 2 && v <= 7 && !word_in(words, i - 1, second);
  if (day) {
    out->doubt = MK_DOUBT_WEEKDAY;
    out->reading[out->count++] = out->reading[0];
  }
  out->first = words->w[*at].first;
  *at = i;
  return true;
}
