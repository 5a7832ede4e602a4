/* read_phase.c: phases of the campaign in every spelling, alone and in lists, and places in a row ("lần thứ XVII", "thứ
 * nhất"). Roman numerals count only here and where a keyword stands right before them. May include: read_scan.h. */
#include "read_scan.h"

#include <string.h>

enum { PHASE_MAX = 30 };

static int roman_of(const mk_readings *r, size_t i) {
  const mk_rtoken *t = mk_rtoken_at(r, i);
  return t->kind == MK_RT_WORD ? mk_roman_read(r->text + t->first, t->end - t->first) : 0;
}

/* A number that can be that of a phase at token i: 5, V, and năm where words may count; 0 none. */
static int phase_number(const mk_readings *r, size_t i, bool words) {
  int64_t v = mk_rdigits_at(r, i);
  if (v >= 0) return v >= 1 && v <= PHASE_MAX && mk_rdigits_count(r, i) <= 2 ? (int)v : 0;
  int roman = roman_of(r, i);
  if (roman) return roman <= PHASE_MAX ? roman : 0;
  const mk_said *said = mk_rword_kind(r, i) ? &mk_said_words[mk_rword_at(r, i)->said] : &mk_said_words[0];
  bool fourth = said->kind == SAID_UNIT && said->value == 4 && mk_rword_is(r, i - 1, "thứ");
  if (!words || (said->kind != SAID_DIGIT && said->kind != SAID_TEN && !fourth) || said->value == 0) return 0;
  if (said->value == 5 && mk_rnumber_is(r, i + 1)) return 0; /* giai đoạn năm 2021 */
  return said->value;
}

/* The number glued to a name, as in OMD7 and OMDVII; 0 none. */
static int suffix_number(const mk_readings *r, size_t i, size_t name) {
  const mk_rtoken *t = mk_rtoken_at(r, i);
  const char *s = r->text + t->first + name;
  size_t n = t->end - t->first;
  int v = 0;
  if (n <= name || n > name + 5) return 0;
  n -= name;
  for (size_t k = 0; k < n; k++) {
    if (s[k] < '0' || s[k] > '9') return mk_roman_read(s, n);
    v = v * 10 + (s[k] - '0');
  }
  return v <= PHASE_MAX ? v : 0;
}

static mk_number whole(int64_t v) { return (mk_number){mk_num_int(v), mk_num_int(1), mk_num_int(1), false, MK_STYLE_NONE}; }

static bool add_phase(mk_rscan *s, size_t from, size_t end, int phase, int high) {
  mk_reading *x = mk_rscan_add(s, from, end, MK_M_PHASE);
  if (!x) return false;
  x->unit = mk_unit_get("phase");
  x->low = whole(phase);
  x->has_value = true;
  x->phase = phase <= 7 && !high ? phase : 0;
  if (!high) return true;
  x->high = mk_num_int(high);
  x->has_high = true;
  x->qualifier = MK_BETWEEN;
  return true;
}

/* Whether the number at token i counts something or is part of a date or of another number. */
static bool counts(const mk_readings *r, size_t i) {
  size_t len;
  if (mk_rword_is(r, i + 1, "/") && mk_rglued(r, i + 1)) return true;
  if (mk_rword_is(r, i + 1, "%")) return true;
  if (mk_rnumber_is(r, i) && (mk_rword_at(r, i + 1)->said || mk_rword_is(r, i + 1, "tháng")) && !mk_rword_is(r, i + 1, "năm")) return true;
  return mk_runit_at(r, i + 1, &len) != NULL;
}

/* "5, 6 và 7" after a phase; the token after the list. */
static size_t list(mk_rscan *s, size_t i, int last) {
  static const char *const ands[] = {"và", "hoặc", "&", "cùng", NULL};
  const mk_readings *r = s->r;
  for (;;) {
    bool comma = mk_rword_is(r, i, ","), and = mk_rword_in(r, i, ands);
    if (!comma && !and) return i;
    size_t k = i + 1;
    int v = phase_number(r, k, false);
    if (comma && mk_rword_in(r, k, ands)) v = phase_number(r, ++k, false);
    if (v <= last || mk_rtoken_at(r, k)->flags & MK_RT_LINE || counts(r, k)) return i;
    if (comma && mk_rnumber_is(r, k) && v > 12) return i;
    if (!add_phase(s, k, k + 1, v, 0)) return i;
    last = v;
    i = k + 1;
  }
}

/* The end of a range "1-5", "I đến V"; 0 none. */
static int range_end(const mk_readings *r, size_t i, int low, size_t *end) {
  static const char *const tos[] = {"đến", "tới", NULL};
  bool dash = mk_rdash_at(r, i), to = mk_rword_in(r, i, tos);
  if ((!dash && !to) || (mk_rtoken_at(r, i)->flags & MK_RT_LINE)) return 0;
  int v = phase_number(r, i + 1, false);
  bool tight = mk_rglued(r, i) == mk_rglued(r, i + 1); /* "giai đoạn 5 -7" is neither */
  if (v <= low || v > 12 || !tight || counts(r, i + 1)) return 0;
  *end = i + 2;
  return v;
}

/* Tokens of a name of the campaign at i; 0 none. glued: the number may be written against it. */
static size_t name_at(const mk_readings *r, size_t i, size_t *glued) {
  static const char *const names[] = {"giai đoạn", "con rồng mê kông", "con rồng mêkông", "con rồng mekong", "con rồng mê - kông",
                                      "mekong dragon", "mê kông", "mekong", "phase", "gđ", NULL};
  *glued = 0;
  const mk_rword *w = mk_rword_at(r, i);
  if (w->n >= 3 && memcmp(w->key, "omd", 3) == 0) {
    *glued = w->n > 3 ? 3 : 0;
    return 1;
  }
  for (const char *const *p = names; *p; p++) {
    size_t n = mk_rphrase_at(r, i, *p);
    bool river = n && strstr(*p, "rồng") == NULL && (mk_rphrase_at(r, i, "mê kông") || mk_rword_is(r, i, "mekong"));
    if (n && river && !mk_rphrase_at(r, i, "mekong dragon") && !mk_rphrase_before(r, i, "con rồng") &&
        !mk_rphrase_before(r, i, "chiến dịch"))
      return 0;
    if (n) return n;
  }
  return 0;
}

size_t mk_rscan_phase(mk_rscan *s, size_t i) {
  const mk_readings *r = s->r;
  size_t glued, n = name_at(r, i, &glued), at = i + n, end;
  if (!n) return i;
  int v;
  if (glued) {
    v = suffix_number(r, i, glued);
    end = at;
  } else {
    bool stage = mk_rword_is(r, i, "giai");
    if (mk_rdash_at(r, at) && mk_rglued(r, at) && mk_rglued(r, at + 1)) at++;
    if (stage && mk_rword_is(r, at, "thứ")) at++;
    v = phase_number(r, at, stage);
    end = at + 1;
    bool year = mk_rdash_at(r, end) && mk_rdigits_count(r, end + 1) == 4;
    if (v && (year || (!roman_of(r, at) && counts(r, at)))) return i;
    if (v && mk_rglued(r, end) && mk_rword_kind(r, end)) return i;
  }
  if (!v) return i;
  size_t stop;
  int high = range_end(r, end, v, &stop);
  if (high) return add_phase(s, i, stop, v, high) ? stop : i;
  return add_phase(s, i, end, v, 0) ? list(s, end, v) : i;
}

/* ------------------------------------------------------------------ places in a row */

/* The number after "thứ" at token i; tokens of it in *len. said: in words or digits that name a day of the week too. */
static int64_t place_number(mk_rscan *s, size_t i, size_t *len) {
  const mk_readings *r = s->r;
  mk_numeral n;
  int64_t v;
  *len = 1;
  if (mk_rword_is(r, i, "nhất")) return 1;
  if (mk_rword_is(r, i, "nhì") || mk_rword_is(r, i, "nhị")) return 2;
  if (mk_rword_is(r, i, "tư")) return 4;
  if ((v = roman_of(r, i)) != 0) return v;
  if (!mk_rnumber_is(r, i) && !(mk_rword_at(r, i)->cue & MK_CUE_NUMBER)) return 0;
  size_t end = mk_rnumber_at(&n, s, i, true);
  *len = end - i;
  if (end == i || n.count != 1 || n.reading[0].decimal || !mk_num_int64(n.reading[0].value, &v)) return 0;
  return v;
}

/* Day of the week: sáng thứ hai, thứ 2 (ngày 20/11), thứ 2 hằng tuần. */
static bool weekday(const mk_readings *r, size_t i, size_t end) {
  static const char *const before[] = {"sáng", "trưa", "chiều", "tối", "đêm", "ngày", NULL};
  static const char *const after[] = {"tuần", "ngày", "hàng", "hằng", NULL};
  if (i > 0 && mk_rword_in(r, i - 1, before)) return true;
  size_t k = end + (mk_rword_is(r, end, ",") || mk_rword_is(r, end, "("));
  return mk_rword_in(r, k, after) || (k > end && mk_rword_is(r, end, "(") && mk_rnumber_is(r, k)) ||
         (k > end && mk_rnumber_is(r, k) && mk_rword_is(r, k + 1, "/"));
}

/* Words before "thứ" that make it a place: lớn thứ 3, đứng thứ hai, người thứ tư. */
static bool ranked(const mk_readings *r, size_t i) {
  static const char *const cues[] = {"lần", "hạng", "đợt", "kỳ", "phiên", "trí", "lớn", "đứng", "xếp", "cao", "đông", "nhiều",
                                     "người", "vụ", "nước", "khóa", "bên", "năm", "tháng", "đối", "tượng", "loại", "đoạn", "việc", "án", "lô", "chuyến", NULL};
  return i > 0 && !(mk_rtoken_at(r, i)->flags & MK_RT_SENTENCE) && mk_rword_in(r, i - 1, cues);
}

size_t mk_rscan_place(mk_rscan *s, size_t i) {
  static const char *const cues[] = {"lần", "hạng", "đợt", "phiên", NULL};
  const mk_readings *r = s->r;
  size_t at = i, len;
  if (mk_rword_in(r, i, cues)) at++;
  else if (mk_rphrase_at(r, i, "vị trí")) at += 2;
  bool cue = at > i;
  if (!mk_rword_is(r, at, "thứ")) return i;
  int64_t v = place_number(s, at + 1, &len);
  size_t end = at + 1 + len;
  if (v < 1) return i;
  bool settled = cue || ranked(r, i) || v == 1 || v > 7 || mk_rword_is(r, at + 1, "nhì") || mk_rword_is(r, at + 1, "nhị");
  bool item = (mk_rtoken_at(r, i)->flags & MK_RT_SENTENCE) && mk_rword_is(r, end, ",");
  if (!settled && weekday(r, i, end)) return end;
  mk_reading *x = mk_rscan_add(s, i, end, MK_M_ORDINAL);
  if (!x) return i;
  x->unit = mk_unit_get("ordinal");
  x->low = whole(v);
  x->has_value = settled || item;
  if (x->has_value) return end;
  const mk_alternative two[] = {{mk_num_int(v), x->unit, "the place in a row"}, {mk_num_int(v), NULL, "the day of the week"}};
  return mk_rscan_ask(s, x, two) ? end : i;
}
