/* hedge.c: a quantity in words and digits: hedge, direction, number, multiplier words, unit, range. Says what stands
 * there and where; what it means for bounds is policy.c's. Phrases are level-1 keys, in Vietnamese and English.
 * May include: mk.h. */
#include "mk.h"

#include <string.h>

typedef enum { ROLE_NONE, ROLE_HEDGE, ROLE_SKIP, ROLE_RISE, ROLE_FALL, ROLE_TIMES, ROLE_PRELIMINARY, ROLE_FROM, ROLE_TO,
               ROLE_ONWARD, ROLE_DOWNWARD, ROLE_ODD, ROLE_INCLUDED } role;

/* value: the qualifier of a hedge. */
typedef struct { const char *words; role role; int value; } phrase;

static const phrase phrases[] = {
    {"hơn", ROLE_HEDGE, MK_MORE_THAN}, {"trên", ROLE_HEDGE, MK_MORE_THAN}, {"quá", ROLE_HEDGE, MK_MORE_THAN},
    {"vượt", ROLE_HEDGE, MK_MORE_THAN}, {"vượt quá", ROLE_HEDGE, MK_MORE_THAN}, {"vượt trên", ROLE_HEDGE, MK_MORE_THAN},
    {"nhiều hơn", ROLE_HEDGE, MK_MORE_THAN}, {"lớn hơn", ROLE_HEDGE, MK_MORE_THAN}, {">", ROLE_HEDGE, MK_MORE_THAN},
    {"more than", ROLE_HEDGE, MK_MORE_THAN}, {"over", ROLE_HEDGE, MK_MORE_THAN}, {"above", ROLE_HEDGE, MK_MORE_THAN},
    {"gần", ROLE_HEDGE, MK_NEARLY}, {"ngót", ROLE_HEDGE, MK_NEARLY}, {"ngót nghét", ROLE_HEDGE, MK_NEARLY},
    {"xấp xỉ dưới", ROLE_HEDGE, MK_NEARLY}, {"nearly", ROLE_HEDGE, MK_NEARLY}, {"almost", ROLE_HEDGE, MK_NEARLY},
    {"close to", ROLE_HEDGE, MK_NEARLY}, {"≲", ROLE_HEDGE, MK_NEARLY},
    {"dưới", ROLE_HEDGE, MK_BELOW}, {"chưa đến", ROLE_HEDGE, MK_BELOW}, {"chưa tới", ROLE_HEDGE, MK_BELOW},
    {"chưa đầy", ROLE_HEDGE, MK_BELOW}, {"không đến", ROLE_HEDGE, MK_BELOW}, {"không tới", ROLE_HEDGE, MK_BELOW},
    {"ít hơn", ROLE_HEDGE, MK_BELOW}, {"nhỏ hơn", ROLE_HEDGE, MK_BELOW}, {"<", ROLE_HEDGE, MK_BELOW},
    {"less than", ROLE_HEDGE, MK_BELOW}, {"fewer than", ROLE_HEDGE, MK_BELOW}, {"under", ROLE_HEDGE, MK_BELOW},
    {"below", ROLE_HEDGE, MK_BELOW},
    {"ít nhất", ROLE_HEDGE, MK_AT_LEAST}, {"tối thiểu", ROLE_HEDGE, MK_AT_LEAST}, {"không dưới", ROLE_HEDGE, MK_AT_LEAST},
    {"không ít hơn", ROLE_HEDGE, MK_AT_LEAST}, {"chí ít", ROLE_HEDGE, MK_AT_LEAST}, {"≥", ROLE_HEDGE, MK_AT_LEAST},
    {"at least", ROLE_HEDGE, MK_AT_LEAST}, {"no less than", ROLE_HEDGE, MK_AT_LEAST},
    {"không quá", ROLE_HEDGE, MK_AT_MOST}, {"tối đa", ROLE_HEDGE, MK_AT_MOST}, {"nhiều nhất", ROLE_HEDGE, MK_AT_MOST},
    {"không hơn", ROLE_HEDGE, MK_AT_MOST}, {"không vượt quá", ROLE_HEDGE, MK_AT_MOST}, {"≤", ROLE_HEDGE, MK_AT_MOST},
    {"at most", ROLE_HEDGE, MK_AT_MOST}, {"no more than", ROLE_HEDGE, MK_AT_MOST}, {"up to", ROLE_HEDGE, MK_AT_MOST},
    {"khoảng", ROLE_HEDGE, MK_APPROX}, {"xấp xỉ", ROLE_HEDGE, MK_APPROX}, {"ước", ROLE_HEDGE, MK_APPROX}, {"trên dưới", ROLE_HEDGE, MK_APPROX},
    {"ước tính", ROLE_HEDGE, MK_APPROX}, {"ước khoảng", ROLE_HEDGE, MK_APPROX}, {"ước chừng", ROLE_HEDGE, MK_APPROX},
    {"ước tính khoảng", ROLE_HEDGE, MK_APPROX}, {"ước đạt", ROLE_HEDGE, MK_APPROX}, {"vào khoảng", ROLE_HEDGE, MK_APPROX},
    {"khoảng chừng", ROLE_HEDGE, MK_APPROX}, {"chừng", ROLE_HEDGE, MK_APPROX}, {"độ", ROLE_HEDGE, MK_APPROX},
    {"độ khoảng", ROLE_HEDGE, MK_APPROX}, {"tầm", ROLE_HEDGE, MK_APPROX}, {"cỡ", ROLE_HEDGE, MK_APPROX},
    {"≈", ROLE_HEDGE, MK_APPROX}, {"~", ROLE_HEDGE, MK_APPROX}, {"about", ROLE_HEDGE, MK_APPROX},
    {"around", ROLE_HEDGE, MK_APPROX}, {"approximately", ROLE_HEDGE, MK_APPROX}, {"roughly", ROLE_HEDGE, MK_APPROX},
    {"lên đến", ROLE_SKIP, 0}, {"lên tới", ROLE_SKIP, 0}, {"đạt", ROLE_SKIP, 0}, {"đạt tới", ROLE_SKIP, 0},
    {"đúng", ROLE_SKIP, 0}, {"chiếm", ROLE_SKIP, 0}, {"bằng", ROLE_SKIP, 0}, {"tổng cộng", ROLE_SKIP, 0},
    {"exactly", ROLE_SKIP, 0}, {"=", ROLE_SKIP, 0},
    {"tăng", ROLE_RISE, 0}, {"tăng thêm", ROLE_RISE, 0}, {"tăng lên", ROLE_RISE, 0}, {"up", ROLE_RISE, 0},
    {"giảm", ROLE_FALL, 0}, {"giảm đi", ROLE_FALL, 0}, {"giảm bớt", ROLE_FALL, 0}, {"down", ROLE_FALL, 0},
    {"gấp", ROLE_TIMES, 0},
    {"sơ bộ", ROLE_PRELIMINARY, 0}, {"kết quả sơ bộ", ROLE_PRELIMINARY, 0}, {"số liệu sơ bộ", ROLE_PRELIMINARY, 0},
    {"thống kê sơ bộ", ROLE_PRELIMINARY, 0}, {"theo thống kê sơ bộ", ROLE_PRELIMINARY, 0},
    {"theo số liệu sơ bộ", ROLE_PRELIMINARY, 0}, {"preliminary", ROLE_PRELIMINARY, 0}, {"preliminarily", ROLE_PRELIMINARY, 0},
    {"từ", ROLE_FROM, 0}, {"from", ROLE_FROM, 0},
    {"đến", ROLE_TO, 0}, {"tới", ROLE_TO, 0}, {"to", ROLE_TO, 0}, {"-", ROLE_TO, 0}, {"–", ROLE_TO, 0}, {"—", ROLE_TO, 0},
    {"trở lên", ROLE_ONWARD, 0}, {"or more", ROLE_ONWARD, 0}, {"trở xuống", ROLE_DOWNWARD, 0}, {"có lẻ", ROLE_ODD, 0},
    {"trong đó", ROLE_INCLUDED, 0}, {"trong đó có", ROLE_INCLUDED, 0}, {"bao gồm", ROLE_INCLUDED, 0},
    {"gồm", ROLE_INCLUDED, 0}, {"including", ROLE_INCLUDED, 0},
};

/* Words that look like a unit but begin another one: tấn công, bánh kẹo, bao gồm, con số. */
static const char *const not_units[] = {"tấn công", "bánh kẹo", "bao gồm", "con số", "cây số", "viên chức", "xe máy"};

static bool mark_is(const mk_words *words, size_t at, const char *mark) {
  return at < words->count && words->w[at].kind == MK_WORD_MARK && words->w[at].n == strlen(mark) &&
         memcmp(words->w[at].key, mark, words->w[at].n) == 0;
}

/* Number of words of text that stand at index at, or 0. */
static size_t matches(const mk_words *words, size_t at, const char *text) {
  size_t k = 0;
  if (at >= words->count || words->w[at].n == 0 || words->w[at].key[0] != *text) return 0;
  while (*text) {
    size_t n = strcspn(text, " ");
    if (at + k >= words->count) return 0;
    const mk_word *w = &words->w[at + k];
    if (w->kind == MK_WORD_NUMBER || w->n != n || memcmp(w->key, text, n) != 0) return 0;
    text += n;
    while (*text == ' ') text++;
    k++;
  }
  return k;
}

/* The longest phrase at index at. */
static const phrase *phrase_at(const mk_words *words, size_t at, size_t *len) {
  const phrase *best = NULL;
  *len = 0;
  if (at >= words->count || words->w[at].kind == MK_WORD_NUMBER) return NULL;
  const mk_word *w = &words->w[at];
  for (size_t i = 0; i < sizeof phrases / sizeof *phrases; i++) {
    if (phrases[i].words[0] != w->key[0] || (w->n > 1 && phrases[i].words[1] != w->key[1])) continue;
    size_t k = matches(words, at, phrases[i].words);
    if (k > *len) { best = &phrases[i]; *len = k; }
  }
  return best;
}

static size_t role_at(const mk_words *words, size_t at, role wanted, int *value) {
  size_t len;
  const phrase *p = phrase_at(words, at, &len);
  if (!p || p->role != wanted) return 0;
  if (value) *value = p->value;
  return len;
}

size_t mk_hedge_at(const mk_words *words, size_t at, mk_hedge *what) {
  size_t len;
  const phrase *p = phrase_at(words, at, &len);
  *what = (mk_hedge){.kind = MK_HEDGE_NONE};
  if (!p) return 0;
  switch (p->role) {
    case ROLE_HEDGE: *what = (mk_hedge){MK_HEDGE_QUALIFIER, (mk_qualifier)p->value}; break;
    case ROLE_SKIP: what->kind = MK_HEDGE_PLAIN; break;
    case ROLE_RISE: what->kind = MK_HEDGE_RISE; break;
    case ROLE_FALL: what->kind = MK_HEDGE_FALL; break;
    case ROLE_TIMES: what->kind = MK_HEDGE_TIMES; break;
    case ROLE_PRELIMINARY: what->kind = MK_HEDGE_PRELIMINARY; break;
    default: return 0;
  }
  return len;
}

bool mk_hedge_ends(const char *key, size_t n) {
  for (size_t i = 0; i < sizeof phrases / sizeof *phrases; i++) {
    const char *space = strrchr(phrases[i].words, ' '), *last = space ? space + 1 : phrases[i].words;
    if (strlen(last) == n && memcmp(last, key, n) == 0) return true;
  }
  return false;
}

/* The longest unit name at index at; *len words. Single letters that are other things in running text do not count. */
static const mk_unit *unit_at(const mk_words *words, size_t at, size_t *len) {
  enum { UNIT_WORDS = 7 };
  char key[UNIT_WORDS * (sizeof words->w[0].key + 1)];
  const mk_unit *best = NULL;
  size_t n = 0, trap = 0;
  bool glue = true;
  *len = 0;
  for (size_t i = 0; i < sizeof not_units / sizeof *not_units && !trap; i++) trap = matches(words, at, not_units[i]);
  for (size_t k = 0; !trap && k < UNIT_WORDS && at + k < words->count; k++) {
    const mk_word *w = &words->w[at + k];
    if (w->kind == MK_WORD_NUMBER || w->n == 0) break;
    if (w->kind == MK_WORD_TEXT && !glue) key[n++] = ' ';
    memcpy(key + n, w->key, w->n);
    n += w->n;
    glue = mark_is(words, at + k, "/");
    if (n == 1 && (key[0] == 't' || key[0] == 'x')) continue;
    const mk_unit *u = mk_unit_key(key, n);
    if (u) { best = u; *len = k + 1; }
  }
  return best;
}

/* ------------------------------------------------------------------ the number and its unit */

/* Whether what stands at index at can begin a number: digits or a number word. */
static bool number_starts(const mk_words *words, size_t at) {
  return at < words->count && (words->w[at].kind == MK_WORD_NUMBER || words->w[at].said);
}

/* Words that are numbers only where something bears it out: "trăm" after a hedge, "nửa" before a measure or a scale,
 * "không" as the whole text. */
static bool borne_out(const mk_numeral *n, const mk_words *words, size_t at, size_t start, size_t end, const mk_unit *unit) {
  if ((n->said & MK_SAID_BARE) && start == at && at > 0) return false;
  if ((n->said & MK_SAID_HALF) && (unit ? unit->whole : end < words->count)) return false;
  return !(n->said & MK_SAID_ZERO) || (at == 0 && end == words->count);
}

/* "hai tấn rưỡi" */
static bool and_half(mk_numeral *n, mk_err *err) {
  for (int i = 0; i < n->count; i++) {
    mk_number *r = &n->reading[i];
    if (!mk_num_add(&r->value, r->value, (mk_num){1, 2}, err) || !mk_num_pow10(&r->step, -1, err)) return false;
    r->place = r->step;
  }
  return !mk_failed(err);
}

/* "hai phần ba": the part below the line, from *next on. "phần trăm" is a unit. */
static bool fraction(mk_numeral *n, const mk_words *words, size_t *next, mk_err *err) {
  mk_number *r = &n->reading[0];
  mk_numeral below;
  mk_num den = mk_num_int(4);
  size_t at = *next + 1;
  if (n->count != 1 || r->decimal || !mk_num_whole(r->value) || !matches(words, *next, "phần")) return true;
  if (matches(words, at, "tư")) {
    at++;
  } else {
    if (!mk_spoken_at(&below, words, &at, true, err)) return false;
    den = below.reading[0].value;
    if (below.count != 1 || below.reading[0].decimal || !mk_num_whole(den) || mk_num_sign(den) <= 0) return true;
  }
  if (!mk_num_div(&r->value, r->value, den, err) || !mk_num_div(&r->step, mk_num_int(1), den, err)) return false;
  r->place = r->step;
  n->end = words->w[at - 1].end;
  n->said |= MK_SAID_PART;
  *next = at;
  return true;
}

/* Number and unit from index *at on; *at moves behind them, and stays when there is no number. A unit settles that a last
 * "năm" is no unit. len: words of the unit. */
static bool amount_at(mk_numeral *out, const mk_unit **unit, size_t *len, const mk_words *words, size_t *at, mk_err *err) {
  size_t start = *at, next = start;
  *unit = NULL;
  *len = 0;
  if (!mk_spoken_at(out, words, &next, false, err)) return false;
  if (next == start) return true;
  *unit = unit_at(words, next, len);
  if (*unit && out->doubt == MK_DOUBT_YEAR) {
    next = start;
    if (!mk_spoken_at(out, words, &next, true, err)) return false;
    *unit = unit_at(words, next, len);
  }
  if (!*unit) {
    if (!fraction(out, words, &next, err)) return false;
    *unit = unit_at(words, next, len);
  }
  if (*unit && matches(words, next + *len, "rưỡi") && out->count && !out->reading[0].decimal) {
    if (!and_half(out, err)) return false;
    ++*len;
  }
  *at = next + *len;
  return true;
}

static void negate(mk_numeral *n) {
  for (int i = 0; i < n->count; i++) n->reading[i].value = mk_num_neg(n->reading[i].value);
}

/* A sign written against the digits, as in -32,7%. */
static int sign_at(const mk_words *words, size_t at) {
  if (at + 1 >= words->count || words->w[at + 1].kind != MK_WORD_NUMBER || words->w[at].end != words->w[at + 1].first) return 0;
  if (mark_is(words, at, "-") || mark_is(words, at, "−")) return -1;
  return mark_is(words, at, "+") ? 1 : 0;
}

/* ------------------------------------------------------------------ the whole quantity */

static void half(mk_numeral *n, const mk_words *words, size_t at, size_t len, int64_t num, int64_t den) {
  mk_number r = {mk_num_int(num), mk_num_int(1), mk_num_int(1), false, MK_STYLE_NONE};
  r.value.den = den;
  *n = (mk_numeral){words->w[at].first, words->w[at + len - 1].end, 1, {r, r}, MK_DOUBT_NONE, MK_SAID_WORDS};
}

/* gấp đôi, gấp rưỡi, giảm một nửa. */
static size_t multiple_word(mk_written *out, const mk_words *words, size_t at) {
  size_t len = 0;
  if (out->gap && (len = matches(words, at, "đôi")) != 0) half(&out->low, words, at, len, 2, 1);
  else if (out->gap && (len = matches(words, at, "rưỡi")) != 0) half(&out->low, words, at, len, 3, 2);
  else if (out->direction < 0 && ((len = matches(words, at, "một nửa")) != 0 || (len = matches(words, at, "nửa")) != 0))
    half(&out->low, words, at, len, 1, 2);
  return len;
}

/* Hedge, direction and the like in front of the number; the index after them. */
static size_t prefixes(mk_written *out, const mk_words *words, size_t at, bool *from) {
  enum { PREFIXES_MAX = 12 };
  bool hedged = false;
  size_t len;
  for (int k = 0; k < PREFIXES_MAX; k++, at += len) {
    const phrase *p = phrase_at(words, at, &len);
    if (!p || sign_at(words, at)) return at;
    switch (p->role) {
      case ROLE_HEDGE:
        if (hedged) return at;
        hedged = true;
        out->qualifier = (mk_qualifier)p->value;
        break;
      case ROLE_RISE: out->direction = 1; break;
      case ROLE_FALL: out->direction = -1; break;
      case ROLE_TIMES: out->gap = true; break;
      case ROLE_PRELIMINARY: out->preliminary = true; break;
      case ROLE_FROM: *from = true; break;
      case ROLE_SKIP: break;
      default: return at;
    }
  }
  return at;
}

/* The upper end of a range: "đến 10 kg", "-10 kg"; two kinds of things side by side are no range, nor is "5 kg đến một". */
static bool range_at(mk_written *out, const mk_words *words, size_t *at, mk_err *err) {
  size_t len = role_at(words, *at, ROLE_TO, NULL), next = *at + len, start;
  const mk_unit *unit;
  int sign = len ? sign_at(words, next) : 0;
  next += sign != 0;
  start = next;
  if (!len || !number_starts(words, next)) return true;
  if (!amount_at(&out->high, &unit, &len, words, &next, err)) return false;
  if (!out->high.count || !borne_out(&out->high, words, start, start, next, unit)) return true;
  if (unit && out->low_unit && strcmp(unit->dimension, out->low_unit->dimension) != 0) return true;
  if (!unit && out->low_unit && (out->high.said & MK_SAID_WORDS)) return true;
  if (sign < 0) negate(&out->high);
  out->qualifier = MK_BETWEEN;
  out->high_unit = unit;
  *at = next;
  out->end = len ? words->w[*at - 1].end : out->high.end;
  return true;
}

/* What may follow: "trở lên", "có lẻ", "(ước tính)", "(sơ bộ)". False when "từ" stood in front of a single number without them. */
static bool suffixes(mk_written *out, const mk_words *words, size_t *at, bool from) {
  size_t len;
  if (out->qualifier != MK_BETWEEN) {
    if ((len = role_at(words, *at, ROLE_ONWARD, NULL)) != 0) { out->qualifier = MK_AT_LEAST; from = false; }
    else if ((len = role_at(words, *at, ROLE_DOWNWARD, NULL)) != 0) { out->qualifier = MK_AT_MOST; from = false; }
    else if ((len = role_at(words, *at, ROLE_ODD, NULL)) != 0) out->qualifier = MK_MORE_THAN;
    if (from) return false;
    *at += len;
  }
  bool open = mark_is(words, *at, "(");
  int said = MK_EXACT;
  len = open ? role_at(words, *at + 1, ROLE_HEDGE, &said) : 0;
  if (said == MK_APPROX && mark_is(words, *at + 1 + len, ")")) {
    if (out->qualifier == MK_EXACT) out->qualifier = MK_APPROX;
    *at += len + 2;
    open = mark_is(words, *at, "(");
  }
  len = role_at(words, *at + open, ROLE_PRELIMINARY, NULL);
  if (len && (!open || mark_is(words, *at + open + len, ")"))) {
    out->preliminary = true;
    *at += len + (open ? 2u : 0u);
  }
  return true;
}

static bool is_times(const mk_unit *u) { return u && strcmp(u->code, "x") == 0; }

/* "lần thứ ba" */
static bool ordinal(mk_written *out, const mk_words *words, size_t at, bool *found, mk_err *err) {
  size_t i = at;
  if (!mk_ordinal_at(&out->low, words, &i, err)) return false;
  *found = out->low.count > 0;
  if (!*found) return true;
  out->low_unit = mk_unit_get("ordinal");
  out->first = out->from = out->low.first;
  out->end = out->to = out->low.end;
  out->next = i;
  return true;
}

/* The number, its sign and its unit. *at moves behind them. */
static bool amount(mk_written *out, const mk_words *words, size_t at, size_t *next, size_t *len, bool *found, mk_err *err) {
  int sign = sign_at(words, *next);
  size_t first = *next, start = first + (sign != 0), i = start;
  *found = false;
  bool after_place = start > 0 && !sign && matches(words, start - 1, "thứ");
  if (!number_starts(words, i) || after_place) return !mk_failed(err);
  if (!amount_at(&out->low, &out->low_unit, len, words, &i, err)) return false;
  *found = i > start && out->low.count && borne_out(&out->low, words, at, start, i, out->low_unit);
  if (!*found) return true;
  if (sign) out->low.first = words->w[first].first;
  if (sign < 0) negate(&out->low);
  if ((out->low.said & MK_SAID_PART) && out->direction && !out->low_unit) { /* giảm một phần ba is a change by so much */
    mk_num *v = &out->low.reading[0].value;
    if (!mk_num_mul(v, *v, mk_num_int(100), err)) return false;
    out->low_unit = mk_unit_get("%");
  }
  if (out->gap && !out->low_unit) out->low_unit = mk_unit_get("x");
  out->times = is_times(out->low_unit);
  if (sign && !out->direction && out->low_unit && strcmp(out->low_unit->code, "%") == 0) out->direction = sign;
  *next = i;
  return true;
}

bool mk_written_read(mk_written *out, const mk_words *words, size_t at, mk_err *err) {
  bool from = false, found = false;
  *out = (mk_written){.next = at};
  if (!ordinal(out, words, at, &found, err) || found) return !mk_failed(err);
  size_t i = prefixes(out, words, at, &from), len = multiple_word(out, words, i);
  if (len) {
    out->half = out->times = true;
    i += len;
  } else {
    if (!amount(out, words, at, &i, &len, &found, err)) return false;
    if (!found) return true;
  }
  out->first = out->low.first;
  out->end = len ? words->w[i - 1].end : out->low.end;
  if (!range_at(out, words, &i, err)) return false;
  if (!suffixes(out, words, &i, from)) return true;
  out->from = words->w[at].first;
  out->to = words->w[i - 1].end;
  out->next = i;
  return true;
}

size_t mk_written_included(const mk_words *words, size_t at) {
  size_t i = at + (mark_is(words, at, "(") || mark_is(words, at, ",") || mark_is(words, at, ";"));
  size_t len = role_at(words, i, ROLE_INCLUDED, NULL);
  return len ? i + len : at;
}
