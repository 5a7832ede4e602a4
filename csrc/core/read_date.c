/* read_date.c: days, months, quarters, years and stretches of them, said in full or in part. What is not said stays 0 and
 * is settled by the day of the text where that is known. May include: read_scan.h. */
#include "read_scan.h"

#include <string.h>

/* ------------------------------------------------------------------ parts */

/* A date or part of one over tokens from the one it was read at up to end. */
typedef struct { mk_date d; size_t end; } part;

static bool year_ok(int64_t y) { return y >= 1900 && y <= 2100; }
static bool slash(const mk_readings *r, size_t i) {
  const mk_rtoken *t = mk_rtoken_at(r, i);
  return t->kind == MK_RT_MARK && t->end - t->first == 1 && r->text[t->first] == '/';
}

static int month_length(int32_t y, int m) {
  static const int8_t days[] = {31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  bool leap = !y || (y % 4 == 0 && y % 100 != 0) || y % 400 == 0;
  return m == 2 && !leap ? 28 : days[m - 1];
}

static bool real(mk_date d) {
  return d.month >= 0 && d.month <= 12 && d.day >= 0 && (!d.day || (d.month && d.day <= month_length(d.year, d.month)));
}

static mk_date date_of(int64_t y, int64_t m, int64_t d) {
  if (m > 99 || d > 99 || m < 0 || d < 0 || y < 0 || y > 9999) return (mk_date){0, 99, 99};
  return (mk_date){(int32_t)y, (int8_t)m, (int8_t)d};
}

/* 20.3.2019 is one token; so is 20.3.19. */
static bool dotted(const mk_readings *r, size_t i, mk_date *d) {
  const mk_rtoken *t = mk_rtoken_at(r, i);
  int64_t v[3] = {0, 0, 0};
  size_t digits[3] = {0, 0, 0}, k = 0;
  if (t->kind != MK_RT_NUMBER || t->end - t->first > 10) return false;
  for (uint32_t p = t->first; p < t->end; p++) {
    char c = r->text[p];
    if (c == '.') {
      if (++k > 2) return false;
    } else if (c >= '0' && c <= '9') {
      v[k] = v[k] * 10 + (c - '0');
      digits[k]++;
    } else {
      return false;
    }
  }
  if (k != 2 || digits[0] > 2 || digits[1] > 2 || digits[2] != 4 || !year_ok(v[2])) return false;
  *d = date_of(v[2], v[1], v[0]);
  return d->day > 0 && d->month > 0 && real(*d);
}

/* The day and month of "3.12", which only a word before it makes a date. */
static bool dotted_day(const mk_readings *r, size_t i, mk_date *d) {
  const mk_rtoken *t = mk_rtoken_at(r, i);
  const char *s = r->text + t->first;
  size_t n = t->end - t->first, dot = n > 1 && s[1] == '.' ? 1 : 2;
  if (t->kind != MK_RT_NUMBER || n < 3 || n > 5 || s[dot] != '.' || n - dot > 3) return false;
  int v[2] = {0, 0};
  for (size_t k = 0; k < n; k++) {
    if (k == dot) continue;
    if (s[k] < '0' || s[k] > '9') return false;
    v[k > dot] = v[k > dot] * 10 + (s[k] - '0');
  }
  *d = date_of(0, v[1], v[0]);
  return v[0] && v[1] && real(*d);
}

/* "năm 2025", "/2025", "-2025", ", 2025" after a month; the token after it, i when there is none. */
static size_t year_at(const mk_readings *r, size_t i, int32_t *year) {
  size_t k = i;
  if (mk_rword_is(r, i, "năm") || mk_rphrase_at(r, i, "của năm") || slash(r, i)) k = i + (mk_rword_is(r, i, "của") ? 2 : 1);
  else if (mk_rdash_at(r, i) && mk_rglued(r, i) && mk_rglued(r, i + 1)) k = i + 1;
  if (k == i || mk_rdigits_count(r, k) != 4 || !year_ok(mk_rdigits_at(r, k))) return i;
  *year = (int32_t)mk_rdigits_at(r, k);
  return k + 1;
}

/* The year that "năm ngoái" and the like say, where the day of the text is known. */
static size_t told_year_at(const mk_rscan *s, size_t i, int32_t *year) {
  static const struct { const char *words; int back; } told[] = {{"năm nay", 0}, {"năm ngoái", 1}, {"năm trước", 1},
                                                                 {"cùng năm", 0}};
  for (size_t k = 0; k < sizeof told / sizeof *told; k++) {
    size_t n = mk_rphrase_at(s->r, i, told[k].words);
    if (!n) continue;
    if (s->r->opts->has_as_of && strcmp(told[k].words, "cùng năm") != 0) *year = s->r->opts->as_of.year - told[k].back;
    return i + n;
  }
  return i;
}

static size_t some_year_at(const mk_rscan *s, size_t i, int32_t *year) {
  size_t k = year_at(s->r, i, year);
  return k > i ? k : told_year_at(s, i, year);
}

/* A month in words after "tháng": ba, tư, mười hai, giêng, chạp. năm only before a year. */
static int month_word(const mk_readings *r, size_t i, size_t *end) {
  const mk_rword *w = mk_rword_at(r, i);
  const mk_said *said = &mk_said_words[w->said];
  *end = i + 1;
  if (mk_rword_is(r, i, "giêng")) return 1;
  if (mk_rword_is(r, i, "chạp")) return 12;
  if (said->kind == SAID_TEN) {
    const mk_said *ones = &mk_said_words[mk_rword_at(r, i + 1)->said];
    bool more = ones->kind == SAID_DIGIT && (ones->value == 1 || ones->value == 2);
    *end = i + 1 + more;
    return 10 + (more ? ones->value : 0);
  }
  if (said->kind == SAID_UNIT && said->value == 4) return 4;
  if (said->kind != SAID_DIGIT || said->value == 0) return 0;
  if (said->value != 5) return said->value;
  int32_t year;
  return year_at(r, i + 1, &year) > i + 1 ? 5 : 0;
}

static int month_number(const mk_readings *r, size_t i, size_t *end) {
  int64_t v = mk_rdigits_at(r, i);
  *end = i + 1;
  if (mk_rnumber_is(r, i)) return v >= 1 && v <= 12 && mk_rdigits_count(r, i) <= 2 ? (int)v : 0;
  return month_word(r, i, end);
}

/* "tháng 9/2018", "tháng 10 năm ngoái" at token i. */
static bool month_at(const mk_rscan *s, size_t i, part *out) {
  if (!mk_rword_is(s->r, i, "tháng")) return false;
  int m = month_number(s->r, i + 1, &out->end);
  out->d = date_of(0, m, 0);
  if (!m) return false;
  out->end = some_year_at(s, out->end, &out->d.year);
  return true;
}

/* What digits at token i say: d/m/y, y-m-d, m/y, d/m, d tháng m, d.m.y. loose: a day and month without a year may stand
 * here. */
static bool digits_part(const mk_rscan *s, size_t i, bool loose, part *out) {
  const mk_readings *r = s->r;
  int64_t a = mk_rdigits_at(r, i), b = -1, c = -1;
  if (dotted(r, i, &out->d)) { out->end = i + 1; return true; }
  if (a < 0 || mk_rdigits_count(r, i) > 4) return false;
  bool dash = mk_rdash_at(r, i + 1) && mk_rglued(r, i + 1) && mk_rglued(r, i + 2);
  if (slash(r, i + 1) || dash) b = mk_rdigits_at(r, i + 2);
  bool dash2 = mk_rdash_at(r, i + 3) && mk_rglued(r, i + 3) && mk_rglued(r, i + 4);
  if (b >= 0 && (dash ? dash2 : slash(r, i + 3))) c = mk_rdigits_at(r, i + 4);
  if (b >= 0 && dash && slash(r, i + 3) && !mk_rdash_at(r, i + 3)) c = -1;
  out->end = i + 5;
  if (c >= 0 && mk_rdigits_count(r, i) == 4 && year_ok(a)) {
    out->d = date_of(a, b, c);
    return out->d.month && out->d.day && real(out->d);
  }
  if (c >= 0 && ((mk_rdigits_count(r, i + 4) == 4 && year_ok(c)) || (loose && mk_rdigits_count(r, i + 4) == 2))) {
    out->d = date_of(c < 100 ? 2000 + c : c, b, a);
    return out->d.month && out->d.day && real(out->d);
  }
  if (a > 31 || mk_rdigits_count(r, i) > 2 || a == 0) return false;
  if (b >= 0 && mk_rdigits_count(r, i + 2) == 4 && year_ok(b)) {
    out->d = date_of(b, a, 0);
    out->end = i + 3;
    return a <= 12 && c < 0;
  }
  if (b >= 1 && b <= 12 && mk_rdigits_count(r, i + 2) <= 2 && loose && c < 0 && !(dash && slash(r, i + 3))) {
    out->d = date_of(0, b, a);
    out->end = year_at(r, i + 3, &out->d.year);
    return real(out->d);
  }
  part m;
  if (!month_at(s, i + 1, &m)) return false;
  out->d = m.d;
  out->d.day = (int8_t)a;
  out->end = m.end;
  return real(out->d);
}

/* ------------------------------------------------------------------ cues */

/* Words before a day and month without a year: ngày 21-11, sáng 5/4, (20/11). */
static bool day_cue(const mk_readings *r, size_t i) {
  static const char *const cues[] = {"ngày", "mùng", "mồng", "sáng", "trưa", "chiều", "tối", "đêm", "hôm", "rạng", "lễ", "dịp", "nay", NULL};
  if (i > 0 && mk_rword_in(r, i - 1, cues)) return true;
  return i > 1 && mk_rword_is(r, i - 1, "(") && mk_rword_in(r, i - 2, cues);
}

/* Words before it that leave a fraction of something unlikely, where it is written with a stroke. */
static bool stroke_cue(const mk_readings *r, size_t i) {
  static const char *const cues[] = {"từ", "đến", "tới", "hết", "trước", "sau", "vào", "kể", "(", "tính", "và", "-", "–", "|", NULL};
  return i > 0 && mk_rword_in(r, i - 1, cues);
}

static bool born(const mk_readings *r, size_t i) {
  return mk_rphrase_before(r, i, "sinh") || mk_rphrase_before(r, i, "sn") || mk_rphrase_before(r, i, "sinh ngày");
}

/* What is written against the number at token i, or behind it at end, makes it one of a decree, plate or the like: COVID-19,
 * 382/QĐ-BTC. */
static bool code_ahead(const mk_readings *r, size_t i) {
  return i > 1 && mk_rglued(r, i) && (slash(r, i - 1) || mk_rdash_at(r, i - 1)) && mk_rglued(r, i - 1) && !mk_rword_is(r, i - 2, ")");
}

static bool code_behind(const mk_readings *r, size_t end) {
  if ((slash(r, end) || mk_rdash_at(r, end)) && mk_rglued(r, end) && mk_rglued(r, end + 1) && mk_rword_kind(r, end + 1) &&
      (mk_rtoken_at(r, end + 1)->flags & MK_RT_CAPITAL))
    return true;
  return mk_rglued(r, end) && mk_rword_kind(r, end);
}

static bool labelled(const mk_readings *r, size_t i, size_t end) { return code_ahead(r, i) || code_behind(r, end); }

/* ------------------------------------------------------------------ adding */

/* The latest such day or month that is not after the day of the text. */
static bool settle(const mk_rscan *s, mk_period *p) {
  const mk_readings_opts *o = s->r->opts;
  if (p->from.year) return true;
  if (!o->has_as_of || !p->to.month) return false;
  int32_t last = mk_date_days(o->as_of).to;
  mk_date to = p->to;
  to.year = o->as_of.year;
  if (mk_date_days((mk_date){to.year, to.month, to.day ? to.day : 1}).from >= last) to.year--;
  if (!real(to)) return false;
  bool turned = p->from.month > p->to.month;
  p->to = to;
  p->from.year = to.year - turned;
  return true;
}

static bool add_date(mk_rscan *s, size_t from, size_t end, mk_date a, mk_date b, bool range) {
  if (range && a.year && b.year) {
    mk_period p = {a, b, true};
    mk_days days = mk_period_days(p);
    if (days.from >= days.to) return false;
  }
  mk_reading *x = mk_rscan_add(s, from, end, range ? MK_M_DATE_RANGE : MK_M_DATE);
  if (!x) return false;
  x->has_date = true;
  x->date = (mk_period){a, b, range};
  x->period = x->date;
  x->has_period = settle(s, &x->period);
  return true;
}

/* ------------------------------------------------------------------ days */

static bool to_at(const mk_readings *r, size_t i) {
  static const char *const tos[] = {"đến", "tới", NULL};
  return mk_rword_in(r, i, tos) || mk_rdash_at(r, i);
}

/* Words of "rạng sáng", "sang rạng sáng", ", rạng sáng" at token i: the night before ends on the day behind them; 0 none. */
static size_t dawn_at(const mk_readings *r, size_t i) {
  size_t k = i + (mk_rword_is(r, i, ",") || mk_rword_is(r, i, "sang") || mk_rword_is(r, i, "và"));
  return mk_rword_is(r, k, "rạng") && mk_rword_is(r, k + 1, "sáng") ? k + 2 - i : 0;
}

/* Token after "ngày" and the like, and after the hour before it: "24h ngày". */
static size_t past_day_word(const mk_readings *r, size_t i) {
  static const char *const words[] = {"ngày", "hết", "mùng", "mồng", NULL}, *const hours[] = {"h", "giờ", NULL};
  if (mk_rdigits_at(r, i) >= 0 && mk_rword_in(r, i + 1, hours)) {
    size_t k = i + 2 + (mk_rdigits_at(r, i + 2) >= 0);
    if (mk_rword_is(r, k, "ngày")) i = k;
  }
  while (mk_rword_in(r, i, words)) i++;
  return i;
}

/* The second half of a range after a first that lacks what the second says. */
static void complete(mk_date *a, mk_date b) {
  if (!a->month && a->day) a->month = b.month;
  if (!a->year) a->year = b.year - (b.year && a->month > b.month);
}

/* "18-19/11/2025", "18 và 19-11", "12 - 14/8/2025", "18, 19 và 20/11": days before the one that names the month. */
static size_t days_before(mk_rscan *s, size_t i, bool cue) {
  const mk_readings *r = s->r;
  int64_t first = mk_rdigits_at(r, i), last = first;
  size_t k = i;
  part p;
  if (first < 1 || first > 31 || mk_rdigits_count(r, i) > 2) return i;
  for (int most = 0; most < 5; most++) {
    size_t dawn = dawn_at(r, k + 1);
    bool link = dawn || to_at(r, k + 1) || mk_rword_is(r, k + 1, "và") || mk_rword_is(r, k + 1, ",");
    if (!link || (mk_rtoken_at(r, k + 1)->flags & MK_RT_LINE)) return i;
    bool dash = mk_rdash_at(r, k + 1);
    k = past_day_word(r, k + 1 + (dawn ? dawn : 1));
    if (digits_part(s, k, cue || dash || dawn, &p) && p.d.day) {
      bool short_dash = !p.d.year && mk_rdash_at(r, k + 1);
      if (p.d.day <= last || (short_dash && !cue) || labelled(r, i, p.end)) return i;
      mk_date a = p.d;
      a.day = (int8_t)first;
      return add_date(s, i, p.end, a, p.d, true) ? p.end : i;
    }
    int64_t v = mk_rdigits_at(r, k);
    if (v <= last || v > 31) return i;
    last = v;
  }
  return i;
}

/* "tháng 4 - 9/2025", "tháng 4 đến tháng 9/2025", "15/4 đến ngày 15/9/2025": what may follow a part. */
static bool range_from(mk_rscan *s, size_t i, const part *a, part *b) {
  const mk_readings *r = s->r;
  size_t dawn = a->d.day ? dawn_at(r, i) : 0;
  if ((!dawn && !to_at(r, i)) || (mk_rtoken_at(r, i)->flags & MK_RT_LINE)) return false;
  size_t k = past_day_word(r, i + (dawn ? dawn : 1));
  bool tight = mk_rdash_at(r, i) && mk_rglued(r, i) != mk_rglued(r, i + 1);
  if (tight) return false;
  if (a->d.day) return digits_part(s, k, true, b) && b->d.day && !code_behind(r, b->end);
  static const char *const parts[] = {"đầu", "giữa", "cuối", NULL};
  k += mk_rword_in(r, k, parts);
  if (month_at(s, k, b)) return true;
  if (digits_part(s, k, false, b)) return !b->d.day;
  size_t end;
  int m = a->d.month && mk_rnumber_is(r, k) ? month_number(r, k, &end) : 0;
  size_t len;
  if (!m || a->d.year || mk_runit_at(r, end, &len)) return false;
  b->d = date_of(0, m, 0);
  b->end = some_year_at(s, end, &b->d.year);
  return true;
}

static size_t finish(mk_rscan *s, size_t i, part a) {
  part b;
  if (range_from(s, a.end, &a, &b)) {
    complete(&a.d, b.d);
    if (add_date(s, i, b.end, a.d, b.d, true)) return b.end;
    if (mk_failed(s->err)) return i;
  }
  return add_date(s, i, a.end, a.d, a.d, false) ? a.end : i;
}

static size_t days(mk_rscan *s, size_t i) {
  const mk_readings *r = s->r;
  part p;
  bool cue = day_cue(r, i);
  if (dotted_day(r, i, &p.d)) { /* 15.4 - 15.9.2025 */
    part b;
    mk_date end;
    p.end = i + 1;
    if (cue || (to_at(r, p.end) && dotted(r, past_day_word(r, p.end + 1), &end) && range_from(s, p.end, &p, &b))) return finish(s, i, p);
  }
  bool loose = cue || (stroke_cue(r, i) && slash(r, i + 1));
  size_t next = days_before(s, i, cue);
  if (next > i || mk_failed(s->err)) return next;
  bool ahead = slash(r, i + 1) && to_at(r, i + 3); /* 15/4 - 15/9/2025 */
  if (!digits_part(s, i, loose || ahead, &p) || labelled(r, i, p.end)) return i;
  if (born(r, i - cue)) return p.end;
  part b;
  if (!loose && !p.d.year && !mk_rword_is(r, i + 1, "tháng") && !range_from(s, p.end, &p, &b)) return i;
  size_t len;
  bool counted = !p.d.year && !cue && mk_runit_at(r, p.end, &len) && !mk_rword_is(r, i + 1, "tháng");
  return counted ? i : finish(s, i, p);
}

/* ------------------------------------------------------------------ months, quarters, years */

/* "tháng 4 và 5/2025", "tháng 1, 2 và 3 năm 2025": months that follow each other up to the one that names the year. */
static size_t months_listed(mk_rscan *s, size_t i) {
  const mk_readings *r = s->r;
  size_t k = i + 1, end;
  int first = month_number(r, k, &end), last = first;
  if (!first || !mk_rnumber_is(r, k)) return i;
  while (mk_rword_is(r, end, ",") || mk_rword_is(r, end, "và")) {
    if (mk_rtoken_at(r, end)->flags & MK_RT_LINE) return i;
    k = end + 1;
    if (!mk_rnumber_is(r, k) || month_number(r, k, &end) != ++last) return i;
    int32_t year = 0;
    size_t past = some_year_at(s, end, &year);
    if (past > end && year) return add_date(s, i, past, date_of(year, first, 0), date_of(year, last, 0), true) ? past : i;
  }
  return i;
}

static mk_date month_end(int32_t year, int month) { return date_of(year, month, month_length(year ? year : 2001, month)); }

/* A year of four digits at token i that counts nothing. linked: a dash before it makes a range. */
static bool bare_year(const mk_readings *r, size_t i, bool linked, int32_t *year) {
  size_t len;
  int64_t v = mk_rdigits_at(r, i);
  if (mk_rdigits_count(r, i) != 4 || !year_ok(v) || code_behind(r, i + 1) || (!linked && code_ahead(r, i))) return false;
  if (mk_runit_at(r, i + 1, &len) || mk_rword_at(r, i + 1)->said) return false;
  *year = (int32_t)v;
  return true;
}

/* Months from..to of a year, all days said. */
static size_t stretch(mk_rscan *s, size_t i, size_t end, int32_t year, int from, int to) {
  return add_date(s, i, end, date_of(year, from, 1), month_end(year, to), true) ? end : i;
}

/* "10 tháng đầu năm 2025", "6 tháng cuối năm", "hai quý đầu năm nay", "9 tháng năm 2024". */
static size_t months_of(mk_rscan *s, size_t i) {
  const mk_readings *r = s->r;
  static const char *const units[] = {"tháng", "quý", "quí", NULL};
  mk_numeral n;
  int64_t v;
  if (!mk_rword_in(r, i + 1, units) && (mk_rnumber_is(r, i) || !mk_rword_in(r, i + 2, units))) return i;
  size_t k = mk_rnumber_at(&n, s, i, true), end;
  if (k == i || n.count != 1 || !mk_num_int64(n.reading[0].value, &v)) return i;
  int size = mk_rword_is(r, k, "tháng") ? 1 : mk_rword_in(r, k, (const char *const[]){"quý", "quí", NULL}) ? 3 : 0;
  if (!size || v < 1 || v * size > 12) return i;
  int months = (int)v * size;
  int32_t year = 0;
  bool last = mk_rword_is(r, k + 1, "cuối"), edge = last || mk_rword_is(r, k + 1, "đầu");
  size_t at = k + 1 + edge;
  bool whole_year = edge && mk_rword_is(r, at, "năm");
  end = some_year_at(s, at, &year);
  if (end == at && !edge && bare_year(r, at, false, &year)) end = at + 1; /* 10 tháng 2025 */
  if (end == at && whole_year) end = at + 1;
  if (end == at || (!edge && !year && !slash(r, at))) return i;
  if (!edge && mk_rphrase_at(r, at, "năm trước")) return i;
  return stretch(s, i, end, year, last ? 13 - months : 1, last ? 12 : months);
}

/* "nửa đầu năm 2025", "nửa cuối tháng" is none. */
static size_t half_year(mk_rscan *s, size_t i) {
  const mk_readings *r = s->r;
  bool last = mk_rphrase_at(r, i, "nửa cuối năm") != 0;
  int32_t year = 0;
  if (!last && !mk_rphrase_at(r, i, "nửa đầu năm")) return i;
  size_t end = some_year_at(s, i + 2, &year);
  return stretch(s, i, end > i + 2 ? end : i + 3, year, last ? 7 : 1, last ? 12 : 6);
}

static int quarter_number(const mk_readings *r, size_t i) {
  int64_t v = mk_rdigits_at(r, i);
  const mk_rtoken *t = mk_rtoken_at(r, i);
  if (t->kind == MK_RT_WORD) v = mk_roman_read(r->text + t->first, t->end - t->first);
  return v >= 1 && v <= 4 && t->end - t->first <= 3 ? (int)v : 0;
}

static size_t quarters(mk_rscan *s, size_t i) {
  const mk_readings *r = s->r;
  size_t k = i + 1;
  int first = quarter_number(r, k), last = first;
  int32_t year = 0;
  if (!first) return i;
  bool link = mk_rdash_at(r, k + 1) || mk_rword_is(r, k + 1, "và") || mk_rword_is(r, k + 1, "đến") ||
              (mk_rword_is(r, k + 1, ",") && !mk_rnumber_is(r, k + 2));
  int next = link ? quarter_number(r, k + 2) : 0;
  if (next > first) { last = next; k += 2; }
  size_t end = some_year_at(s, k + 1, &year), len;
  if (end == k + 1 && mk_rnumber_is(r, k) && mk_runit_at(r, end, &len)) return i;
  return stretch(s, i, end, year, first * 3 - 2, last * 3);
}

/* More years of a list or the end of a range after the year at token k. */
static size_t more_years(mk_rscan *s, size_t i, size_t k, int32_t year) {
  const mk_readings *r = s->r;
  int32_t next = 0;
  size_t at = k + 2 + mk_rword_is(r, k + 2, "năm");
  if (to_at(r, k + 1) && bare_year(r, at, true, &next) && next > year)
    return add_date(s, k, at + 1, date_of(year, 0, 0), date_of(next, 0, 0), true) ? at + 1 : i;
  if (!add_date(s, k, k + 1, date_of(year, 0, 0), date_of(year, 0, 0), false)) return i;
  size_t end = k + 1;
  while ((mk_rword_is(r, end, ",") || mk_rword_is(r, end, "và")) && bare_year(r, end + 1, false, &next)) {
    if (!add_date(s, end + 1, end + 2, date_of(next, 0, 0), date_of(next, 0, 0), false)) return end;
    end += 2;
  }
  return end;
}

/* The end of "1988, 1992 và 1995" from the token after the first. */
static size_t past_years(const mk_readings *r, size_t i) {
  int32_t year;
  while ((mk_rword_is(r, i, ",") || mk_rword_is(r, i, "và")) && bare_year(r, i + 1, false, &year)) i += 2;
  return i;
}

static size_t years(mk_rscan *s, size_t i) {
  const mk_readings *r = s->r;
  int32_t year = 0;
  int64_t v = mk_rdigits_at(r, i + 1);
  if (mk_rdigits_count(r, i + 1) == 4 && year_ok(v)) {
    if (labelled(r, i + 1, i + 2)) return i + 2;
    if (born(r, i)) return past_years(r, i + 2);
    return more_years(s, i, i + 1, (int32_t)v);
  }
  if (!r->opts->has_as_of || mk_rphrase_before(r, i, "kỳ") || mk_rphrase_before(r, i, "kì")) return i;
  static const char *const many[] = {"nhiều", "những", "mấy", "các", "vài", "số", "hằng", "hàng", "mỗi", NULL};
  size_t end = told_year_at(s, i, &year);
  if (end == i || !year || (i > 0 && (mk_rword_in(r, i - 1, many) || mk_rnumber_is(r, i - 1) || mk_rword_at(r, i - 1)->said))) return i;
  return add_date(s, i, end, date_of(year, 0, 0), date_of(year, 0, 0), false) ? end : i;
}

/* Words before four digits that make them a name: số 2019, tàu 2020. */
static bool code_before(const mk_readings *r, size_t i) {
  static const char *const names[] = {"số", "định", "tư", "luật", "điều", "khoản", "mã", "tàu", "hiệu", "biển", "phòng", "lô", "km", "đội",
                                      "bks", "tài", "khoản", "phim", "công", "ty", NULL};
  if (i == 0) return false;
  const mk_rtoken *t = mk_rtoken_at(r, i - 1);
  if (mk_rword_in(r, i - 1, names) || mk_rglued(r, i)) return true;
  return t->kind == MK_RT_WORD && (t->flags & MK_RT_CAPITAL) && !(t->flags & MK_RT_SENTENCE) && !mk_rword_in(r, i - 1, (const char *const[]){"từ", "in", NULL});
}

/* A year in digits alone: từ 2018, giai đoạn 2021-2025, số liệu 2022. */
static size_t lone_year(mk_rscan *s, size_t i) {
  const mk_readings *r = s->r;
  int32_t year = 0, next = 0;
  bool bracketed = i > 0 && mk_rword_is(r, i - 1, "(") && mk_rword_is(r, i + 1, ")");
  if (!bare_year(r, i, false, &year) || (!bracketed && code_before(r, i)) || mk_rnumber_is(r, i + 1)) return i;
  bool range = to_at(r, i + 1) && bare_year(r, i + 2, true, &next) && next > year && next - year < 60;
  if (!range && (year < 1990 || year > 2050 || mk_rnumber_is(r, i - 1))) return i;
  return more_years(s, i, i, year);
}

size_t mk_rscan_date(mk_rscan *s, size_t i) {
  const mk_readings *r = s->r;
  size_t next = i;
  if (mk_rnumber_is(r, i)) {
    next = days(s, i);
    if (next == i && !mk_failed(s->err) && mk_rdigits_count(r, i) == 4) next = lone_year(s, i);
    if (next == i && !mk_failed(s->err) && mk_rword_kind(r, i + 1)) next = months_of(s, i);
    return next;
  }
  if (mk_rword_is(r, i, "tháng")) {
    part p;
    next = months_listed(s, i);
    if (next > i || mk_failed(s->err)) return next;
    return month_at(s, i, &p) ? finish(s, i, p) : i;
  }
  if (mk_rword_is(r, i, "năm")) next = years(s, i);
  else if (mk_rword_is(r, i, "nửa")) next = half_year(s, i);
  else if (mk_rword_is(r, i, "quý") || mk_rword_is(r, i, "quí")) return quarters(s, i);
  if (next == i && !mk_failed(s->err) && (mk_rword_at(r, i)->cue & MK_CUE_NUMBER)) next = months_of(s, i);
  return next;
}
