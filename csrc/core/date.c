/* date.c: calendar dates by precision (day, month, year) and ranges of them, as people write them, and the day numbers
 * they cover. Proleptic Gregorian, no clock and no time zone. May include: mk.h. */
#include "mk.h"

#include <string.h>

/* ------------------------------------------------------------------ calendar */

static bool leap(int32_t y) { return (y % 4 == 0 && y % 100 != 0) || y % 400 == 0; }

static int month_days(int32_t y, int m) {
  static const int8_t days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  return m == 2 && leap(y) ? 29 : days[m - 1];
}

/* Years begin in March, so that the leap day is the last of the year; eras of 400 years have 146097 days. */
int32_t mk_day_number(int32_t year, int month, int day) {
  int32_t y = year - (month <= 2), era = (y >= 0 ? y : y - 399) / 400, of_era = y - era * 400;
  int32_t of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
  return era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719468;
}

mk_date mk_day_date(int32_t day) {
  int32_t z = day + 719468, era = (z >= 0 ? z : z - 146096) / 146097, of_era = z - era * 146097;
  int32_t y = (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
  int32_t of_year = of_era - (365 * y + y / 4 - y / 100), m = (5 * of_year + 2) / 153;
  int32_t month = m + (m < 10 ? 3 : -9);
  return (mk_date){y + era * 400 + (month <= 2), (int8_t)month, (int8_t)(of_year - (153 * m + 2) / 5 + 1)};
}

mk_days mk_date_days(mk_date d) {
  int first = d.month ? d.month : 1, last = d.month ? d.month : 12;
  int32_t from = mk_day_number(d.year, first, d.day ? d.day : 1);
  int32_t to = mk_day_number(d.year, last, d.day ? d.day : month_days(d.year, last));
  return (mk_days){from, to + 1};
}

mk_days mk_period_days(mk_period p) { return (mk_days){mk_date_days(p.from).from, mk_date_days(p.to).to}; }

static void put_digits(mk_buf *out, int32_t v, int width) {
  char digits[12];
  for (int i = width; i-- > 0; v /= 10) digits[i] = (char)('0' + v % 10);
  mk_put(out, digits, (size_t)width);
}

void mk_date_put(mk_buf *out, mk_date d) {
  put_digits(out, d.year, 4);
  if (!d.month) return;
  mk_putc(out, '-');
  put_digits(out, d.month, 2);
  if (!d.day) return;
  mk_putc(out, '-');
  put_digits(out, d.day, 2);
}

void mk_period_put(mk_buf *out, mk_period p) {
  mk_date_put(out, p.from);
  if (!p.range) return;
  mk_putc(out, '/');
  mk_date_put(out, p.to);
}

static bool impossible(const char *s, size_t n, const char *why, mk_err *err) {
  return mk_fail(err, MK_RANGE, "'%S' is no date: %s", s, mk_excerpt(s, n), why);
}

static bool check(mk_date d, const char *s, size_t n, mk_err *err) {
  if (d.year < 1) return impossible(s, n, "there is no year 0", err);
  if (d.month < 0 || d.month > 12) {
    impossible(s, n, "a year has 12 months", err);
    mk_hint(err, "hint: the day comes first: 14/8/2025 is 14 August 2025");
    return false;
  }
  if (d.day && d.day > month_days(d.year, d.month))
    return mk_fail(err, MK_RANGE, "'%S' is no date: month %d of %d has %d days", s, mk_excerpt(s, n), (int)d.month,
                   (int)d.year, month_days(d.year, d.month));
  return !mk_failed(err);
}

/* ------------------------------------------------------------------ ISO */

static bool digits_at(const char *s, size_t n, size_t at, size_t width, int32_t *out) {
  if (at + width > n) return false;
  *out = 0;
  for (size_t i = at; i < at + width; i++) {
    if (s[i] < '0' || s[i] > '9') return false;
    *out = *out * 10 + (s[i] - '0');
  }
  return true;
}

bool mk_date_iso(mk_date *out, const char *s, size_t n, mk_err *err) {
  int32_t y = 0, m = 0, d = 0;
  if (mk_failed(err)) return false;
  bool ok = (n == 4 || n == 7 || n == 10) && digits_at(s, n, 0, 4, &y);
  if (ok && n >= 7) ok = s[4] == '-' && digits_at(s, n, 5, 2, &m);
  if (ok && n == 10) ok = s[7] == '-' && digits_at(s, n, 8, 2, &d);
  if (!ok) return mk_fail(err, MK_SYNTAX, "'%S' is not an ISO date (yyyy, yyyy-mm or yyyy-mm-dd)", s, mk_excerpt(s, n));
  if ((n >= 7 && m == 0) || (n == 10 && d == 0)) return impossible(s, n, "months and days are counted from 1", err);
  *out = (mk_date){y, (int8_t)m, (int8_t)d};
  return check(*out, s, n, err);
}

/* ------------------------------------------------------------------ dates as people write them */

enum { TOKENS_MAX = 24, DATE_BYTES_MAX = 120 };

/* kind: 'd' digits, 'w' a word, else the separator itself ('-' for every dash). joined: no space before it. */
typedef struct { char kind; bool joined; int32_t value; size_t digits; uint8_t n; char key[16]; } token;
typedef struct { token t[TOKENS_MAX]; size_t count; } tokens;

static bool is_text(const char *s, size_t n, size_t at) {
  unsigned char c = (unsigned char)s[at];
  if (at + 2 < n && c == 0xE2 && (unsigned char)s[at + 1] == 0x80) return false;
  return c >= 0x80 || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool scan_word(token *t, const char *s, size_t n, size_t *at, mk_buf *key, mk_err *err) {
  size_t first = *at;
  while (*at < n && is_text(s, n, *at)) ++*at;
  key->n = 0;
  if (!mk_key(key, s + first, *at - first, 1, err) || !mk_buf_ok(key, err)) return false;
  t->kind = 'w';
  t->n = (uint8_t)(key->n <= sizeof t->key ? key->n : 0);
  if (t->n) memcpy(t->key, key->p, t->n);
  return true;
}

/* False only on failure; a text that cannot be a date has count 0. */
static bool scan(tokens *out, const char *s, size_t n, mk_err *err) {
  mk_buf key;
  bool ok = !mk_failed(err), joined = false;
  out->count = 0;
  mk_buf_init(&key, NULL);
  for (size_t at = 0; ok && at < n;) {
    if (s[at] == ' ' || s[at] == '\t') { at++; joined = false; continue; }
    if (n - at >= 2 && memcmp(s + at, "\xC2\xA0", 2) == 0) { at += 2; joined = false; continue; }
    if (out->count == TOKENS_MAX) { out->count = 0; break; }
    token *t = &out->t[out->count++];
    *t = (token){.joined = joined};
    joined = true;
    if (s[at] >= '0' && s[at] <= '9') {
      t->kind = 'd';
      for (; at < n && s[at] >= '0' && s[at] <= '9'; at++) {
        if (t->digits < 8) t->value = t->value * 10 + (s[at] - '0');
        t->digits++;
      }
    } else if (is_text(s, n, at)) {
      ok = scan_word(t, s, n, &at, &key, err);
    } else if (n - at >= 3 && memcmp(s + at, "\xE2\x80", 2) == 0) { /* the dashes U+2010..2015 */
      unsigned char c = (unsigned char)s[at + 2];
      t->kind = c >= 0x90 && c <= 0x95 ? '-' : '?';
      at += 3;
    } else {
      t->kind = s[at++];
    }
  }
  mk_buf_clear(&key);
  return ok;
}

static bool word_is(const tokens *ts, size_t i, const char *word) {
  return i < ts->count && ts->t[i].kind == 'w' && ts->t[i].n == strlen(word) && memcmp(ts->t[i].key, word, ts->t[i].n) == 0;
}

static bool digits_are(const tokens *ts, size_t i, size_t min, size_t max) {
  return i < ts->count && ts->t[i].kind == 'd' && ts->t[i].digits >= min && ts->t[i].digits <= max;
}

/* A separator inside a date stands between digits without spaces. */
static char inner(const tokens *ts, size_t i) {
  if (i + 1 >= ts->count || !ts->t[i].joined || !ts->t[i + 1].joined || ts->t[i + 1].kind != 'd') return '\0';
  char c = ts->t[i].kind;
  return c == '/' || c == '-' || c == '.' ? c : '\0';
}

static int english_month(const tokens *ts, size_t i) {
  static const char names[] = "january   february  march     april     may       june      "
                              "july      august    september october   november  december  ";
  if (i >= ts->count || ts->t[i].kind != 'w' || ts->t[i].n < 3) return 0;
  for (int m = 0; m < 12; m++)
    if (ts->t[i].n < 10 && memcmp(names + m * 10, ts->t[i].key, ts->t[i].n) == 0) return m + 1;
  return 0;
}

/* What one side says; parts not said are 0. short_year: a year of fewer than four digits stood there. */
typedef struct { int32_t year, month, day; bool short_year; } loose;

/* ["năm"] y after a month; the index after it. */
static size_t year_at(const tokens *ts, size_t i, loose *d) {
  size_t k = i + (word_is(ts, i, "năm") || (i < ts->count && ts->t[i].kind == ','));
  if (!digits_are(ts, k, 4, 4)) return i;
  d->year = ts->t[k].value;
  return k + 1;
}

static size_t month_at(const tokens *ts, size_t i, loose *d) {
  if (!digits_are(ts, i, 1, 2)) return 0;
  d->month = ts->t[i].value;
  char c = inner(ts, i + 1);
  if (c && digits_are(ts, i + 2, 4, 4)) { d->year = ts->t[i + 2].value; return i + 3; }
  return year_at(ts, i + 1, d);
}

/* d/m/y, y-m-d, m/y, y-m, d/m, y or a lone number from digits at i on. */
static size_t numbers_at(const tokens *ts, size_t i, loose *d) {
  const token *t = ts->t;
  char c = inner(ts, i + 1);
  bool year_first = t[i].digits == 4;
  if (c && inner(ts, i + 3) == c && digits_are(ts, i + 2, 1, 2)) {
    bool year_last = digits_are(ts, i + 4, 4, 4) && !year_first;
    d->year = year_first ? t[i].value : t[i + 4].value;
    d->month = t[i + 2].value;
    d->day = year_first ? t[i + 4].value : t[i].value;
    d->short_year = !year_first && !year_last;
    return i + 5;
  }
  if (c && !year_first && digits_are(ts, i + 2, 4, 4)) { /* m/y */
    d->month = t[i].value;
    d->year = t[i + 2].value;
    return i + 3;
  }
  if (c == '-' && year_first && digits_are(ts, i + 2, 2, 2)) {
    d->year = t[i].value;
    d->month = t[i + 2].value;
    return i + 3;
  }
  bool month_follows = word_is(ts, i + 3, "tháng") || english_month(ts, i + 3) != 0;
  bool ends = c == '-' ? !inner(ts, i + 3) && !month_follows : !inner(ts, i + 3) || inner(ts, i + 3) == '-';
  if (c && !year_first && digits_are(ts, i + 2, 1, 2) && ends) { /* d/m; in 18-19/11 the dash makes a range */
    d->day = t[i].value;
    d->month = t[i + 2].value;
    return year_at(ts, i + 3, d);
  }
  if (year_first) d->year = t[i].value; else d->day = t[i].value;
  return i + 1;
}

/* One date or part of one at i; the index after it, 0 when there is none. */
static size_t loose_at(const tokens *ts, size_t i, loose *d) {
  *d = (loose){0, 0, 0, false};
  while (word_is(ts, i, "ngày") || word_is(ts, i, "mùng") || word_is(ts, i, "mồng")) i++;
  if (word_is(ts, i, "năm") && digits_are(ts, i + 1, 4, 4)) return year_at(ts, i, d);
  if (word_is(ts, i, "tháng")) return month_at(ts, i + 1, d);
  if ((d->month = english_month(ts, i)) != 0) return year_at(ts, i + 1, d);
  if (!digits_are(ts, i, 1, 4) || ts->t[i].digits == 3) return 0;
  if (ts->t[i].digits <= 2 && word_is(ts, i + 1, "tháng")) {
    d->day = ts->t[i].value;
    return month_at(ts, i + 2, d);
  }
  if (ts->t[i].digits <= 2 && (d->month = english_month(ts, i + 1)) != 0) {
    d->day = ts->t[i].value;
    return year_at(ts, i + 2, d);
  }
  return numbers_at(ts, i, d);
}

static bool no_date(const char *s, size_t n, mk_err *err) {
  mk_fail(err, MK_SYNTAX, "'%S' is not a date", s, mk_excerpt(s, n));
  mk_hint(err, "hint: dates are written 14/8/2025, 2025-08-14, 8/2025 or 2025; ranges 12-14/8/2025");
  return false;
}

static bool finish(mk_date *out, loose d, const char *s, size_t n, mk_err *err) {
  if (d.short_year || (!d.year && (d.month || d.day))) {
    mk_fail(err, MK_SYNTAX, "'%S': the year is missing", s, mk_excerpt(s, n));
    mk_hint(err, "hint: write it with four digits, as in 14/8/2025");
    return false;
  }
  if (!d.year || (d.day && !d.month)) return no_date(s, n, err);
  if (d.month > 99 || d.day > 99) return no_date(s, n, err);
  *out = (mk_date){d.year, (int8_t)d.month, (int8_t)d.day};
  return check(*out, s, n, err);
}

/* A zero where a month or day was written is no date; the parts not said stay 0 and are filled from the other side. */
static bool zero_written(const tokens *ts) {
  for (size_t i = 0; i < ts->count; i++)
    if (ts->t[i].kind == 'd' && ts->t[i].value == 0) return true;
  return false;
}

static bool zero_date(const char *s, size_t n, mk_err *err) {
  return impossible(s, n, "years, months and days are counted from 1", err);
}

bool mk_period_read(mk_period *out, const char *s, size_t n, mk_err *err) {
  tokens ts;
  loose from, to;
  if (mk_failed(err)) return false;
  if (n > DATE_BYTES_MAX) return no_date(s, n, err);
  if (!scan(&ts, s, n, err)) return false;
  size_t i = word_is(&ts, 0, "từ") || word_is(&ts, 0, "from");
  i = loose_at(&ts, i, &from);
  if (!i) return no_date(s, n, err);
  bool zero = zero_written(&ts);
  if (i == ts.count) {
    if (zero) return from.year || from.month ? zero_date(s, n, err) : no_date(s, n, err);
    if (!finish(&out->from, from, s, n, err)) return false;
    out->to = out->from;
    out->range = false;
    return true;
  }
  bool dash = ts.t[i].kind == '-', slash = ts.t[i].kind == '/' && from.year;
  if (!dash && !slash && !word_is(&ts, i, "đến") && !word_is(&ts, i, "tới") && !word_is(&ts, i, "to")) return no_date(s, n, err);
  if (loose_at(&ts, i + 1, &to) != ts.count) return no_date(s, n, err);
  if (from.day && !from.month && !from.year && to.month && !to.day) { /* 2-3/2005 */
    from.month = from.day;
    from.day = 0;
  }
  if ((from.day && !to.day) || (from.month && !to.month)) return no_date(s, n, err); /* 14/8-2025 */
  if (zero) return zero_date(s, n, err);
  if (!from.year) {
    if (!from.month) from.month = to.month;
    from.year = to.year;
  }
  if (!finish(&out->to, to, s, n, err) || !finish(&out->from, from, s, n, err)) return false;
  out->range = true;
  mk_days days = mk_period_days(*out);
  if (days.from >= days.to) return impossible(s, n, "the range runs backwards", err);
  return true;
}

bool mk_date_read(mk_date *out, const char *s, size_t n, mk_err *err) {
  mk_period p;
  if (!mk_period_read(&p, s, n, err)) return false;
  if (p.range) {
    mk_fail(err, MK_SYNTAX, "'%S' is a range; one date is needed here", s, mk_excerpt(s, n));
    return false;
  }
  *out = p.from;
  return true;
}
