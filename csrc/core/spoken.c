/* spoken.c: numbers with words in them ("hai nghìn ba trăm linh năm", "1,7 nghìn", "2 tỷ rưỡi") as one exact value and
 * the second one where people hear two. One pass; the text decides how far a number goes, never how long that takes.
 *
 * A number is a list of terms of falling scale. A scale word takes the part before it and all terms below the scale; if
 * what it makes does not fit under the term before, it takes that too: một nghìn tỷ, một tỷ hai trăm nghìn tỷ.
 * May include: mk.h, spoken.h. */
#include "spoken.h"

#include <string.h>

const mk_said mk_said_words[] = {
    {"", SAID_NOTHING, 0},     {"không", SAID_DIGIT, 0},   {"một", SAID_DIGIT, 1},      {"hai", SAID_DIGIT, 2},
    {"ba", SAID_DIGIT, 3},     {"bốn", SAID_DIGIT, 4},     {"năm", SAID_DIGIT, 5},      {"sáu", SAID_DIGIT, 6},
    {"bảy", SAID_DIGIT, 7},    {"bẩy", SAID_DIGIT, 7},     {"tám", SAID_DIGIT, 8},      {"chín", SAID_DIGIT, 9},
    {"mốt", SAID_UNIT, 1},     {"tư", SAID_UNIT, 4},       {"lăm", SAID_UNIT, 5},       {"nhăm", SAID_UNIT, 5},
    {"mười", SAID_TEN, 10},    {"mươi", SAID_TENS, 10},    {"chục", SAID_CHUC, 10},     {"hăm", SAID_SCORE, 20},
    {"băm", SAID_SCORE, 30},   {"trăm", SAID_TRAM, 100},   {"nghìn", SAID_SCALE, 3},    {"ngàn", SAID_SCALE, 3},
    {"vạn", SAID_SCALE, 4},    {"triệu", SAID_SCALE, 6},   {"tỷ", SAID_SCALE, 9},       {"tỉ", SAID_SCALE, 9},
    {"linh", SAID_LINH, 0},    {"lẻ", SAID_LINH, 0},       {"rưỡi", SAID_RUOI, 0},      {"rưởi", SAID_RUOI, 0},
    {"nửa", SAID_NUA, 0},      {"phẩy", SAID_PHAY, 0},     {"chấm", SAID_PHAY, 0},      {"âm", SAID_MINUS, 0},
    {"trừ", SAID_MINUS, 1},    {"tá", SAID_GROUP, 12},     {"cặp", SAID_GROUP, 2},      {"đôi", SAID_GROUP, 2},
    {"thousand", SAID_SCALE, 3}, {"million", SAID_SCALE, 6}, {"billion", SAID_SCALE, 9},
};

uint8_t mk_said_find(const char *key, size_t n) {
  for (size_t i = 1; n && i < sizeof mk_said_words / sizeof *mk_said_words; i++) {
    const char *k = mk_said_words[i].key;
    if (k[0] == key[0] && strlen(k) == n && memcmp(k, key, n) == 0) return (uint8_t)i;
  }
  return 0;
}

enum { TERMS_MAX = 16, PLACES_MAX = 36 };

typedef struct { mk_num v; int power; } term; /* v counts in units of 10^power */

/* Which of two readings is wanted: of the digits, and of the words. */
typedef struct { bool digits, words; } choice;

typedef struct {
  const mk_words *words;
  size_t at;
  choice second;
  bool counted;        /* a unit follows the number, so its last "năm" is no unit */
  term terms[TERMS_MAX];
  size_t count;
  int last;            /* power of the last scale word */
  mk_number n;         /* the part read last, then the whole number */
  bool pending;        /* a part waits for its scale */
  bool lone;           /* it is a single digit word without linh, so after a scale it may be a tenth of it */
  bool closed;         /* nothing but scales can follow: there were decimals or a half */
  mk_doubt doubt;
  unsigned said;
} speech;

static mk_said_kind kind(const speech *p, size_t at) { return mk_said_at(p->words, at)->kind; }
static int digit(const speech *p, size_t at) { return mk_said_at(p->words, at)->value; }
static bool is_number(const speech *p, size_t at) { return at < p->words->count && p->words->w[at].kind == MK_WORD_NUMBER; }
static bool is_nam(const speech *p, size_t at) { return kind(p, at) == SAID_DIGIT && digit(p, at) == 5; }
/* The word before index at makes tens or hundreds of it or is a scale: it belongs to what follows. */
static bool multiplies(const speech *p, size_t at) {
  mk_said_kind k = kind(p, at);
  return k == SAID_TENS || k == SAID_CHUC || k == SAID_TRAM;
}

static bool word_is(const speech *p, size_t at, const char *key) {
  if (at >= p->words->count) return false;
  const mk_word *w = &p->words->w[at];
  return w->kind == MK_WORD_TEXT && w->n == strlen(key) && memcmp(w->key, key, w->n) == 0;
}

/* "năm" at index at is a year: năm 2025, năm nay. */
static bool year_word(const speech *p, size_t at) {
  static const char *const after[] = {"nay", "ngoái", "trước", "sau", "qua", "tới", "tù", "tuổi"};
  if (!is_nam(p, at)) return false;
  if (is_number(p, at + 1)) return true;
  for (size_t i = 0; i < sizeof after / sizeof *after; i++)
    if (word_is(p, at + 1, after[i])) return true;
  return false;
}

static void set_part(speech *p, int64_t v) {
  int64_t step = 1;
  while (v && v % (step * 10) == 0) step *= 10;
  p->n = (mk_number){mk_num_int(v), mk_num_int(step), mk_num_int(1), false, MK_STYLE_NONE};
  p->pending = true;
}

static bool set_half(speech *p, mk_num whole, mk_num of, mk_err *err) {
  mk_num half, tenth;
  if (!mk_num_div(&half, of, mk_num_int(2), err) || !mk_num_div(&tenth, of, mk_num_int(10), err)) return false;
  p->n.step = p->n.place = tenth;
  p->n.decimal = false;
  p->closed = true;
  return mk_num_add(&p->n.value, whole, half, err);
}

/* ------------------------------------------------------------------ parts: numbers below a thousand */

/* A digit that ends a number of tens; after them "năm" is a year and five is lăm. */
static int ones_at(const speech *p, size_t at, bool mot) {
  mk_said_kind k = kind(p, at);
  bool fits = (k == SAID_UNIT && (mot || digit(p, at) != 1)) || (k == SAID_DIGIT && digit(p, at) > 0 && !is_nam(p, at));
  return fits && !multiplies(p, at + 1) ? digit(p, at) : 0;
}

/* mười hai, hai mươi mốt, ba chục, hăm lăm; elided: hai mốt, ba tư. The number of words, 0 when it is none. */
static size_t tens_at(speech *p, size_t at, bool elided, int *v) {
  mk_said_kind k = kind(p, at);
  int d = digit(p, at), ones;
  if (k == SAID_TEN) {
    ones = ones_at(p, at + 1, false);
    *v = 10 + ones;
    return ones ? 2 : 1;
  }
  if (k == SAID_SCORE) {
    ones = ones_at(p, at + 1, true);
    *v = d + ones;
    return ones ? 2 : 0;
  }
  if (k != SAID_DIGIT || d == 0) return 0;
  if (kind(p, at + 1) == SAID_CHUC || (kind(p, at + 1) == SAID_TENS && d > 1)) {
    bool unit = kind(p, at + 2) == SAID_UNIT || kind(p, at + 1) == SAID_TENS;
    ones = unit ? ones_at(p, at + 2, true) : 0;
    *v = d * 10 + ones;
    return ones ? 3 : 2;
  }
  ones = ones_at(p, at + 1, true);
  if (!elided || d < 2 || !ones || (ones == 1 && kind(p, at + 1) == SAID_DIGIT)) return 0;
  *v = d * 10 + ones;
  return 2;
}

/* Notes that people hear two numbers; true when the second is wanted. */
static bool doubtful(speech *p, mk_doubt doubt) {
  if (doubt != MK_DOUBT_NONE && p->doubt == MK_DOUBT_NONE) p->doubt = doubt;
  return doubt != MK_DOUBT_NONE && p->second.words;
}

/* Two plain digit words at the start of a number: hai ba is 23 or two to three, năm hai 52 or the year two. */
static void doubt_pair(speech *p, size_t at, int *v) {
  if (kind(p, at) != SAID_DIGIT || kind(p, at + 1) != SAID_DIGIT) return;
  int d = digit(p, at), e = digit(p, at + 1);
  if (e == d + 1) *v = doubtful(p, MK_DOUBT_PAIR) ? d : *v;
  else if (d == 5 && !p->counted) *v = doubtful(p, MK_DOUBT_YEAR) ? e : *v;
}

/* What a lone digit after hundreds or a scale leaves open: năm trăm tư is 540, but "một" and "năm" may be words of their
 * own, and before a scale 102 thousand and 120 thousand sound alike. */
static mk_doubt tail_doubt(const speech *p, size_t at, bool hundreds) {
  mk_said_kind next = kind(p, at + 1);
  if (kind(p, at) != SAID_DIGIT) return MK_DOUBT_NONE;
  if (is_nam(p, at) && next != SAID_SCALE && next != SAID_PHAY && !p->counted) return MK_DOUBT_YEAR;
  return next == SAID_SCALE || next == SAID_PHAY || digit(p, at) == 1 || is_nam(p, at) || !hundreds ? MK_DOUBT_TAIL
                                                                                                  : MK_DOUBT_NONE;
}

/* What follows hundreds, from *at on. False when that is a word of its own. */
static void after_hundreds(speech *p, size_t *at, int64_t hundreds) {
  int v = 0;
  size_t len;
  p->lone = false;
  if (kind(p, *at) == SAID_LINH) {
    bool one = (kind(p, *at + 1) == SAID_DIGIT && digit(p, *at + 1) > 0) || kind(p, *at + 1) == SAID_UNIT;
    if ((len = tens_at(p, *at + 1, false, &v)) == 0 && one && !multiplies(p, *at + 2)) {
      v = digit(p, *at + 1);
      len = 1;
    }
    if (len) *at += 1 + len;
  } else if ((len = tens_at(p, *at, true, &v)) != 0) {
    *at += len;
  } else if (kind(p, *at) == SAID_RUOI) {
    v = 50;
    p->closed = true;
    ++*at;
  } else if (((kind(p, *at) == SAID_DIGIT && digit(p, *at) > 0) || kind(p, *at) == SAID_UNIT) && !multiplies(p, *at + 1) &&
             !year_word(p, *at)) {
    mk_doubt doubt = tail_doubt(p, *at, hundreds > 0);
    bool second = doubtful(p, doubt);
    v = second && doubt == MK_DOUBT_YEAR ? 0 : digit(p, *at) * (second ? 1 : 10);
    ++*at;
  }
  set_part(p, hundreds * 100 + v);
}

/* A part in words. more: it follows a scale, so it does not begin with a bare trăm and may begin with linh. */
static bool part_at(speech *p, bool more) {
  size_t at = p->at, len;
  mk_said_kind k = kind(p, at), next = kind(p, at + 1);
  int v = 0;
  p->lone = false;
  if (k == SAID_DIGIT && next == SAID_TRAM) {
    at += 2;
    after_hundreds(p, &at, digit(p, p->at));
  } else if (k == SAID_TRAM && !more) {
    at++;
    after_hundreds(p, &at, 1);
    if (at == p->at + 1) p->said |= MK_SAID_BARE;
  } else if (k == SAID_LINH && more) {
    after_hundreds(p, &at, 0);
    if (at == p->at) return false;
  } else if ((len = tens_at(p, at, true, &v)) != 0 || (k == SAID_CHUC && !more)) {
    bool chuc = k == SAID_CHUC || next == SAID_CHUC;
    if (!len) { v = 10; len = 1; p->said |= MK_SAID_BARE; }
    if (!more && len == 2) doubt_pair(p, at, &v);
    at += len;
    if (chuc && v % 10 == 0 && kind(p, at) == SAID_RUOI) {
      v += 5;
      at++;
      p->said &= ~(unsigned)MK_SAID_BARE;
    }
    set_part(p, v);
  } else if (k == SAID_DIGIT || (k == SAID_UNIT && more)) {
    if (multiplies(p, at + 1) || year_word(p, at)) return false;
    set_part(p, digit(p, at));
    p->lone = digit(p, at) > 0;
    at++;
  } else {
    return false;
  }
  p->at = at;
  return true;
}

/* ------------------------------------------------------------------ terms */

/* Gives the scale at p->at what it multiplies. *took: false when the scale cannot stand here. */
static bool close_term(speech *p, int power, bool *took, mk_err *err) {
  mk_num base = p->pending ? p->n.value : mk_num_int(0), k, room, made;
  size_t left = p->count;
  bool popped = false;
  *took = false;
  if (!mk_num_pow10(&k, power, err)) return false;
  while (left && p->terms[left - 1].power < power) {
    if (!mk_num_add(&base, base, p->terms[--left].v, err)) return false;
    popped = true;
  }
  bool again = !p->pending && left && !popped; /* tỷ tỷ */
  int total = power;
  if (again) {
    if (p->last != power) return true;
    base = p->terms[--left].v;
    total += p->terms[left].power;
  }
  for (;;) {
    if (!mk_num_mul(&made, base, k, err)) return false;
    if (!left) break;
    if (!mk_num_pow10(&room, p->terms[left - 1].power, err)) return false;
    if (mk_num_cmp(made, room) < 0) break;
    if (!popped) return true;
    if (!mk_num_add(&base, base, p->terms[--left].v, err)) return false;
  }
  if (left == TERMS_MAX) return true;
  if (p->pending || again || popped) {
    if (!mk_num_mul(&p->n.step, p->n.step, k, err) || !mk_num_mul(&p->n.place, p->n.place, k, err)) return false;
  }
  p->terms[left] = (term){made, total};
  p->count = left + 1;
  p->last = power;
  p->pending = false;
  *took = true;
  return true;
}

/* A scale at p->at and "rưỡi" after it. */
static bool scale_at(speech *p, bool *took, mk_err *err) {
  if (!close_term(p, mk_said_at(p->words, p->at)->value, took, err) || !*took) return !mk_failed(err);
  p->at++;
  if (kind(p, p->at) != SAID_RUOI || p->closed) return true;
  mk_num of;
  term *t = &p->terms[p->count - 1];
  if (!mk_num_pow10(&of, t->power, err) || !set_half(p, t->v, of, err)) return false;
  t->v = p->n.value;
  p->said &= ~(unsigned)MK_SAID_BARE;
  p->at++;
  return true;
}

/* The part counts in tenths of the last scale. */
static bool tenths(speech *p, mk_err *err) {
  mk_num tenth;
  if (!mk_num_pow10(&tenth, p->terms[p->count - 1].power - 1, err)) return false;
  p->n.step = p->n.place = tenth;
  return mk_num_mul(&p->n.value, p->n.value, tenth, err);
}

/* The digit word at p->at closes the number as so many tenths of the last scale: một triệu hai. */
static bool tail_at(speech *p, mk_err *err) {
  mk_doubt doubt = tail_doubt(p, p->at, true);
  bool second = doubtful(p, doubt);
  p->said &= ~(unsigned)MK_SAID_BARE;
  if (second && doubt == MK_DOUBT_YEAR) { p->at++; return true; }
  set_part(p, digit(p, p->at));
  p->at++;
  return second || tenths(p, err);
}

/* Digits where a part may stand: before a lower scale, before trăm, or the three that a thousand leaves. */
static bool digits_part(speech *p, mk_err *err) {
  mk_numeral n;
  const mk_word *w = &p->words->w[p->at];
  if (!mk_numeral_at(&n, p->words->s, p->words->n, w->first, err)) return false;
  if (!n.count) return true;
  mk_said_kind next = kind(p, p->at + 1);
  const mk_number *r = &n.reading[0];
  if (next == SAID_TRAM && mk_num_whole(r->value) && mk_num_cmp(r->value, mk_num_int(10)) < 0) {
    size_t at = p->at + 2;
    after_hundreds(p, &at, (int64_t)r->value.num);
    p->at = at;
  } else if (next == SAID_SCALE || (w->end - w->first == 3 && p->terms[p->count - 1].power == 3 && !r->decimal)) {
    p->n = *r;
    p->pending = true;
    p->lone = false;
    p->at++;
  }
  return true;
}

/* Parts and scales after the first part. */
static bool terms(speech *p, mk_err *err) {
  for (;;) {
    bool took;
    if (kind(p, p->at) == SAID_SCALE) {
      if (p->pending && p->n.decimal) p->closed = true;
      if (!scale_at(p, &took, err)) return false;
      if (!took) return true;
      continue;
    }
    if (p->pending || p->closed) return true;
    speech before = *p;
    if (is_number(p, p->at)) {
      if (!digits_part(p, err)) return false;
      if (!p->pending) { *p = before; return true; }
    } else {
      if (!part_at(p, true)) { *p = before; return true; }
      p->said &= ~(unsigned)MK_SAID_BARE;
      bool scale = kind(p, p->at) == SAID_SCALE, unit = kind(p, p->at - 1) == SAID_UNIT;
      bool larger = scale && digit(p, p->at) > p->terms[p->count - 1].power;
      if (p->lone && (!scale || (unit && !larger))) {
        *p = before;
        return scale || tail_at(p, err);
      }
      /* một nghìn hai triệu: 1.002 or 1.200 million */
      if (p->lone && larger && (unit || !doubtful(p, MK_DOUBT_TAIL)) && !tenths(p, err)) return false;
    }
    if (kind(p, p->at) != SAID_SCALE) continue;
    if (!scale_at(p, &took, err)) return false;
    if (!took) { *p = before; return true; }
  }
}

static bool total(speech *p, mk_err *err) {
  mk_num sum = p->pending ? p->n.value : mk_num_int(0);
  for (size_t i = 0; i < p->count; i++)
    if (!mk_num_add(&sum, sum, p->terms[i].v, err)) return false;
  p->n.value = sum;
  return true;
}

/* ------------------------------------------------------------------ decimals */

/* Digits after phẩy: a number of tens (hai mươi lăm) or digit after digit; zeros may stand before either. */
static size_t fraction_at(speech *p, size_t at, mk_num *value, int *places, mk_err *err) {
  size_t first = at;
  mk_num ten = mk_num_int(10);
  int v;
  *value = mk_num_int(0);
  *places = 0;
  for (; kind(p, at) == SAID_DIGIT && digit(p, at) == 0 && *places < PLACES_MAX; at++) ++*places;
  size_t len = tens_at(p, at, false, &v);
  if (len) {
    *value = mk_num_int(v);
    *places += 2;
    return at + len;
  }
  size_t run = at;
  for (;; at++) {
    bool unit = kind(p, at) == SAID_UNIT && at == run + 1;
    if ((kind(p, at) != SAID_DIGIT && !unit) || multiplies(p, at + 1) || (at > first && year_word(p, at))) break;
    bool year = is_nam(p, at) && at == first + 1 && run == first && kind(p, at + 1) != SAID_DIGIT && !p->counted;
    if (year && doubtful(p, MK_DOUBT_YEAR)) return at + 1; /* ba phẩy hai năm */
    if (!mk_num_mul(value, *value, ten, err) || !mk_num_add(value, *value, mk_num_int(digit(p, at)), err)) return 0;
    if (++*places > PLACES_MAX) { mk_fail(err, MK_RANGE, "more than %d decimal places are too many", (int)PLACES_MAX); return 0; }
  }
  return at == first ? 0 : at;
}

/* phẩy, its digits and the scales that multiply all of it. */
static bool decimals(speech *p, mk_err *err) {
  mk_num value, k;
  int places;
  if (kind(p, p->at) != SAID_PHAY || p->n.decimal || p->closed) return true;
  size_t end = fraction_at(p, p->at + 1, &value, &places, err);
  if (!end) return !mk_failed(err);
  if (!mk_num_pow10(&k, -places, err)) return false;
  p->n.place = p->n.step = k;
  while (mk_num_sign(value) && value.num % 10 == 0) {
    value.num /= 10;
    if (!mk_num_mul(&p->n.step, p->n.step, mk_num_int(10), err) || !mk_num_mul(&k, k, mk_num_int(10), err)) return false;
  }
  if (!mk_num_mul(&value, value, k, err) || !mk_num_add(&p->n.value, p->n.value, value, err)) return false;
  p->n.decimal = true;
  p->at = end;
  for (bool took = true; took && kind(p, p->at) == SAID_SCALE;) {
    p->count = 0;
    p->pending = true;
    if (!close_term(p, mk_said_at(p->words, p->at)->value, &took, err)) return false;
    p->n.value = p->terms[0].v;
    p->at++;
  }
  return true;
}

/* ------------------------------------------------------------------ the whole number */

static bool first_digits(speech *p, mk_err *err) {
  mk_numeral n;
  if (!mk_numeral_at(&n, p->words->s, p->words->n, p->words->w[p->at].first, err)) return false;
  if (!n.count || (p->second.digits && n.count < 2)) return true;
  p->n = n.reading[p->second.digits];
  if (n.count == 2) p->said |= MK_SAID_MARKS;
  p->pending = true;
  p->at++;
  bool small = mk_num_whole(p->n.value) && mk_num_cmp(p->n.value, mk_num_int(10)) < 0;
  if (small && kind(p, p->at) == SAID_TRAM) {
    size_t at = p->at + 1;
    after_hundreds(p, &at, (int64_t)p->n.value.num);
    p->at = at;
  } else if (small && kind(p, p->at) == SAID_CHUC) {
    set_part(p, (int64_t)p->n.value.num * 10);
    p->at++;
  } else if (small && kind(p, p->at) == SAID_RUOI) {
    p->at++;
    return set_half(p, p->n.value, mk_num_int(1), err);
  }
  return true;
}

static bool first_words(speech *p, mk_err *err) {
  bool mot = kind(p, p->at) == SAID_DIGIT && digit(p, p->at) == 1 && kind(p, p->at + 1) == SAID_NUA;
  p->said |= MK_SAID_WORDS;
  if (mot || kind(p, p->at) == SAID_NUA) {
    p->at += mot ? 2 : 1;
    set_part(p, 0);
    p->said |= MK_SAID_HALF;
    return set_half(p, mk_num_int(0), mk_num_int(1), err);
  }
  if (kind(p, p->at) == SAID_SCALE) {
    set_part(p, 1);
    p->said |= MK_SAID_BARE;
    return true;
  }
  if (!part_at(p, false)) return true;
  if (p->lone && kind(p, p->at) == SAID_RUOI) {
    p->at++;
    return set_half(p, p->n.value, mk_num_int(1), err);
  }
  return true;
}

static bool speak(speech *p, mk_err *err) {
  bool minus = kind(p, p->at) == SAID_MINUS && (p->at == 0 || digit(p, p->at) == 0); /* inside a text, trừ is "except" */
  p->at += minus;
  if (!(is_number(p, p->at) ? first_digits(p, err) : first_words(p, err))) return false;
  if (!p->pending) return true;
  if (kind(p, p->at) == SAID_GROUP) {
    mk_num by = mk_num_int(digit(p, p->at));
    p->at++;
    p->closed = true;
    p->said &= ~(unsigned)(MK_SAID_HALF | MK_SAID_BARE);
    p->n.decimal = false;
    p->n.step = p->n.place = mk_num_int(1);
    if (!mk_num_mul(&p->n.value, p->n.value, by, err)) return false;
  } else {
    size_t before = p->at;
    if (!terms(p, err)) return false;
    if (p->at > before) p->said &= ~(unsigned)MK_SAID_HALF;
    if (!total(p, err) || !decimals(p, err)) return false;
  }
  if ((p->said & MK_SAID_WORDS) && mk_num_sign(p->n.value) == 0) p->said |= MK_SAID_ZERO;
  if (minus) p->n.value = mk_num_neg(p->n.value);
  return true;
}

bool mk_spoken_at(mk_numeral *out, const mk_words *words, size_t *at, bool counted, mk_err *err) {
  speech a = {.words = words, .at = *at, .counted = counted}, b = a;
  *out = (mk_numeral){.first = *at < words->count ? words->w[*at].first : words->n};
  out->end = out->first;
  if (mk_failed(err) || (!is_number(&a, *at) && kind(&a, *at) == SAID_NOTHING)) return !mk_failed(err);
  if (!speak(&a, err)) return false;
  if (a.at == *at || !(a.pending || a.count)) return true;
  b.second = (choice){(a.said & MK_SAID_MARKS) != 0 && !a.doubt, a.doubt != MK_DOUBT_NONE};
  bool two = b.second.digits || b.second.words;
  if (two && !speak(&b, err)) return false;
  bool longer = b.second.digits && b.at > a.at;
  const speech *best = longer ? &b : &a;
  out->reading[out->count++] = best->n;
  if (two && !longer && (b.second.words || b.at == a.at)) out->reading[out->count++] = b.n;
  out->doubt = a.doubt;
  out->said = best->said;
  *at = best->at;
  out->end = words->w[*at - 1].end;
  return true;
}
