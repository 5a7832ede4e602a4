/* numeral.c: numbers as people write them in digits, with every reading an ambiguous one has. The same characters group
 * thousands and mark decimals in Vietnamese and English, so what they mean follows from where they stand.
 * May include: mk.h. */
#include "mk.h"

#include <string.h>

enum { GROUPS_MAX = 14, DIGITS_MAX = 38 };

static bool digit(const char *s, size_t n, size_t at) { return at < n && s[at] >= '0' && s[at] <= '9'; }

/* Length of a mark between digits at s[at]: point, comma, underscore or a no-break or thin space; 0 none. */
static size_t mark_length(const char *s, size_t n, size_t at) {
  if (at >= n) return 0;
  if (s[at] == '.' || s[at] == ',' || s[at] == '_') return 1;
  if (n - at >= 2 && memcmp(s + at, "\xC2\xA0", 2) == 0) return 2;
  if (n - at >= 3 && (memcmp(s + at, "\xE2\x80\xAF", 3) == 0 || memcmp(s + at, "\xE2\x80\x89", 3) == 0)) return 3;
  return 0;
}

/* Groups of digits and the marks between them; marks other than point and comma only ever group and are 's'. */
typedef struct { size_t first[GROUPS_MAX], n[GROUPS_MAX]; char mark[GROUPS_MAX]; size_t count, end; bool overflow; } layout;

static bool three_digits(const char *s, size_t n, size_t at) {
  return digit(s, n, at) && digit(s, n, at + 1) && digit(s, n, at + 2) && !digit(s, n, at + 3);
}

static layout scan(const char *s, size_t n, size_t at) {
  layout g = {.count = 0};
  char mark = 0;
  for (;;) {
    size_t first = at, len;
    while (digit(s, n, at)) at++;
    if (g.count < GROUPS_MAX) {
      g.first[g.count] = first;
      g.n[g.count] = at - first;
      g.mark[g.count++] = mark;
    } else {
      g.overflow = true;
    }
    len = mark_length(s, n, at);
    if (!len || !digit(s, n, at + len)) break;
    mark = s[at] == '.' || s[at] == ',' ? s[at] : 's';
    if (mark == 's' && !three_digits(s, n, at + len)) break;
    at += len;
  }
  g.end = at;
  return g;
}

/* Whether groups 0..last stand as thousands do: one to three digits, then threes, and no leading zero. */
static bool grouped(const layout *g, const char *s, size_t last) {
  if (g->n[0] > 3 || s[g->first[0]] == '0') return false;
  for (size_t i = 1; i <= last; i++)
    if (g->n[i] != 3) return false;
  return true;
}

/* The reading whose groups from index `fraction` on stand after the decimal mark (count = none do). */
static bool value(mk_number *out, const layout *g, const char *s, size_t fraction, mk_style style, mk_err *err) {
  char text[DIGITS_MAX + 3];
  size_t k = 0, places = 0, zeros = 0;
  for (size_t i = 0; i < g->count; i++) {
    if (i == fraction && k == 0) text[k++] = '0';
    if (i == fraction) text[k++] = '.';
    for (size_t j = 0; j < g->n[i]; j++) {
      char c = s[g->first[i] + j];
      if (k == 0 && c == '0' && i < fraction) continue;
      if (k + 1 >= sizeof text) {
        return mk_fail(err, MK_RANGE, "a number of more than %d digits is too large", (int)DIGITS_MAX);
      }
      text[k++] = c;
      places += i >= fraction;
      zeros = c == '0' ? zeros + 1 : 0;
    }
  }
  if (k == 0) { text[k++] = '0'; zeros = 0; }
  out->decimal = fraction < g->count;
  out->style = style;
  if (!mk_num_parse(&out->value, text, k, err) || !mk_num_pow10(&out->place, -(int)places, err)) return false;
  if (mk_num_sign(out->value) == 0) zeros = 0;
  return mk_num_pow10(&out->step, (int)zeros - (int)places, err);
}

static bool add(mk_numeral *out, const layout *g, const char *s, size_t fraction, mk_style style, mk_err *err) {
  return value(&out->reading[out->count++], g, s, fraction, style, err);
}

/* Marks of one kind only. */
static bool one_kind(mk_numeral *out, const layout *g, const char *s, mk_err *err) {
  bool dot = g->mark[1] == '.';
  mk_style by_group = dot ? MK_STYLE_VI : MK_STYLE_EN, by_point = dot ? MK_STYLE_EN : MK_STYLE_VI;
  bool groups = grouped(g, s, g->count - 1);
  if (g->count > 2) return !groups || add(out, g, s, g->count, by_group, err);
  if (!groups) return add(out, g, s, 1, by_point, err);
  if (dot) return add(out, g, s, 2, by_group, err) && add(out, g, s, 1, by_point, err);
  return add(out, g, s, 1, by_point, err) && add(out, g, s, 2, by_group, err);
}

bool mk_numeral_at(mk_numeral *out, const char *s, size_t n, size_t at, mk_err *err) {
  layout g = scan(s, n, at);
  size_t dots = 0, commas = 0, spaces = 0, last = g.count - 1;
  *out = (mk_numeral){.first = at, .end = g.end};
  if (mk_failed(err)) return false;
  for (size_t i = 1; i < g.count; i++) {
    dots += g.mark[i] == '.';
    commas += g.mark[i] == ',';
    spaces += g.mark[i] == 's';
  }
  if (g.overflow) return true;
  if (g.count == 1) return add(out, &g, s, 1, MK_STYLE_NONE, err);
  if (spaces == g.count - 1) return !grouped(&g, s, last) || add(out, &g, s, g.count, MK_STYLE_NONE, err);
  if (!spaces && (!dots || !commas)) return one_kind(out, &g, s, err);
  char point = g.mark[last];
  bool once = point == '.' ? dots == 1 : point == ',' && commas == 1;
  if ((spaces > 0) + (dots > 0) + (commas > 0) != 2 || !once || !grouped(&g, s, last - 1)) return true;
  return add(out, &g, s, last, point == '.' ? MK_STYLE_EN : MK_STYLE_VI, err);
}
