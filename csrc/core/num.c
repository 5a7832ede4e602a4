/* num.c: exact rationals over 128-bit integers. Every value is in lowest terms with 0 < den and |num| below 2^127, so
 * equal numbers have equal fields; an operation that would leave that range fails. May include: mk.h. */
#include "mk.h"

#include <string.h>

#define NUM_MAX ((mk_u128)~(mk_u128)0 >> 1)

static bool too_large(mk_err *err) {
  mk_fail(err, MK_RANGE, "a number is too large for exact 128-bit arithmetic (about 38 digits)");
  return false;
}

static mk_u128 magnitude(mk_i128 v) { return v < 0 ? (mk_u128)0 - (mk_u128)v : (mk_u128)v; }

static int trailing_zeros(mk_u128 v) {
  uint64_t low = (uint64_t)v;
  return low ? __builtin_ctzll(low) : 64 + __builtin_ctzll((uint64_t)(v >> 64));
}

static mk_u128 gcd(mk_u128 a, mk_u128 b) {
  if (a == 0 || b == 0) return a | b;
  if (a == 1 || b == 1) return 1;
  int shift = trailing_zeros(a | b);
  a >>= trailing_zeros(a);
  while (b) {
    b >>= trailing_zeros(b);
    if (a > b) { mk_u128 t = a; a = b; b = t; }
    b -= a;
  }
  return a << shift;
}

static bool mul(mk_u128 *out, mk_u128 a, mk_u128 b) {
  if (((a | b) >> 63) != 0 && b != 0 && a > NUM_MAX / b) return false;
  *out = a * b;
  return true;
}

static mk_num signed_num(bool negative, mk_u128 num, mk_u128 den) {
  return (mk_num){negative ? -(mk_i128)num : (mk_i128)num, (mk_i128)den};
}

mk_num mk_num_int(int64_t v) { return (mk_num){v, 1}; }

bool mk_num_pow10(mk_num *out, int exponent, mk_err *err) {
  int e = exponent < 0 ? -exponent : exponent;
  if (mk_failed(err)) return false;
  if (e > 38) return too_large(err);
  mk_i128 p = 1;
  for (int i = 0; i < e; i++) p *= 10;
  *out = exponent < 0 ? (mk_num){1, p} : (mk_num){p, 1};
  return true;
}

/* Digits of an integer and, after a point, of its fraction; 38 significant ones fit. */
static bool digits_value(mk_u128 *out, const char *s, size_t n, mk_u128 v) {
  for (size_t i = 0; i < n; i++) {
    if (v > (NUM_MAX - 9) / 10) return false;
    v = v * (mk_u128)10 + (mk_u128)(unsigned)(s[i] - 48);
  }
  *out = v;
  return true;
}

static size_t digit_run(const char *s, size_t n) {
  size_t k = 0;
  while (k < n && s[k] >= '0' && s[k] <= '9') k++;
  return k;
}

bool mk_num_parse(mk_num *out, const char *s, size_t n, mk_err *err) {
  if (mk_failed(err)) return false;
  bool negative = n > 0 && s[0] == '-';
  size_t at = negative, whole = digit_run(s + at, n - at), frac = 0;
  const char *w = s + at, *f = w + whole;
  at += whole;
  if (whole && at < n && s[at] == '.') {
    frac = digit_run(s + at + 1, n - at - 1);
    f = s + at + 1;
    at += frac ? frac + 1 : 0;
  }
  if (!whole || at != n) {
    if (!mk_utf8_require(s, n, "the number", err)) return false;
    mk_fail(err, MK_SYNTAX, "\"%S\" is not a plain decimal number", s, mk_excerpt(s, n));
    mk_hint(err, "hint: digits with an optional point, such as 1715 or 2.3");
    return false;
  }
  while (whole && *w == '0') { w++; whole--; }
  while (frac && f[frac - 1] == '0') frac--;
  mk_u128 v = 0;
  if (whole + frac > 39 || !digits_value(&v, w, whole, 0) || !digits_value(&v, f, frac, v)) return too_large(err);
  mk_num scale;
  if (!mk_num_pow10(&scale, (int)frac, err)) return false;
  mk_u128 g = gcd(v, (mk_u128)scale.num);
  *out = signed_num(negative, v / g, (mk_u128)scale.num / g);
  return true;
}

static bool add(mk_num *out, mk_num a, bool minus, mk_num b, mk_err *err) {
  if (mk_failed(err)) return false;
  mk_u128 g = gcd((mk_u128)a.den, (mk_u128)b.den), x, y, den;
  mk_u128 ka = (mk_u128)b.den / g, kb = (mk_u128)a.den / g;
  if (!mul(&x, magnitude(a.num), ka) || !mul(&y, magnitude(b.num), kb) || !mul(&den, (mk_u128)a.den, ka))
    return too_large(err);
  bool na = a.num < 0, nb = (b.num < 0) != minus;
  mk_u128 num;
  if (na == nb) {
    num = x + y; /* both below 2^127: no wrap */
    if (num > NUM_MAX) return too_large(err);
  } else if (x >= y) {
    num = x - y;
  } else {
    num = y - x;
    na = nb;
  }
  mk_u128 r = gcd(num, den);
  *out = signed_num(na, num / r, den / r);
  return true;
}

bool mk_num_add(mk_num *out, mk_num a, mk_num b, mk_err *err) { return add(out, a, false, b, err); }
bool mk_num_sub(mk_num *out, mk_num a, mk_num b, mk_err *err) { return add(out, a, true, b, err); }

bool mk_num_mul(mk_num *out, mk_num a, mk_num b, mk_err *err) {
  if (mk_failed(err)) return false;
  if (a.num == 0 || b.num == 0) { *out = mk_num_int(0); return true; }
  mk_u128 an = magnitude(a.num), bn = magnitude(b.num), num, den;
  mk_u128 g = gcd(an, (mk_u128)b.den), h = gcd(bn, (mk_u128)a.den);
  if (!mul(&num, an / g, bn / h) || !mul(&den, (mk_u128)a.den / h, (mk_u128)b.den / g)) return too_large(err);
  *out = signed_num((a.num < 0) != (b.num < 0), num, den);
  return true;
}

bool mk_num_div(mk_num *out, mk_num a, mk_num b, mk_err *err) {
  if (b.num == 0) return mk_fail(err, MK_RANGE, "division by zero");
  return mk_num_mul(out, a, signed_num(b.num < 0, (mk_u128)b.den, magnitude(b.num)), err);
}

/* Compares a/b with c/d by the terms of their continued fractions: no product is formed. */
static int cmp_fraction(mk_u128 a, mk_u128 b, mk_u128 c, mk_u128 d) {
  for (int sign = 1;; sign = -sign) {
    mk_u128 p = a / b, q = c / d, r = a % b, t = c % d;
    if (p != q) return p < q ? -sign : sign;
    if (r == 0 || t == 0) return r == t ? 0 : r == 0 ? -sign : sign;
    a = b; b = r;
    c = d; d = t;
  }
}

int mk_num_cmp(mk_num a, mk_num b) {
  int sa = mk_num_sign(a), sb = mk_num_sign(b);
  if (sa != sb) return sa < sb ? -1 : 1;
  if (a.den == b.den) return (a.num > b.num) - (a.num < b.num);
  return sa * cmp_fraction(magnitude(a.num), (mk_u128)a.den, magnitude(b.num), (mk_u128)b.den);
}

int mk_num_sign(mk_num a) { return (a.num > 0) - (a.num < 0); }
mk_num mk_num_neg(mk_num a) { return (mk_num){-a.num, a.den}; }

mk_num mk_num_floor(mk_num a) {
  mk_i128 q = a.num / a.den;
  return (mk_num){q - (a.num % a.den < 0), 1};
}

mk_num mk_num_ceil(mk_num a) { return mk_num_neg(mk_num_floor(mk_num_neg(a))); }
bool mk_num_whole(mk_num a) { return a.den == 1; }

bool mk_num_int64(mk_num a, int64_t *out) {
  if (a.den != 1 || a.num > INT64_MAX || a.num < INT64_MIN) return false;
  *out = (int64_t)a.num;
  return true;
}

bool mk_num_terminates(mk_num a, int *digits) {
  int twos = 0, fives = 0;
  mk_i128 d = a.den;
  while (d % 2 == 0) { d /= 2; twos++; }
  while (d % 5 == 0) { d /= 5; fives++; }
  *digits = twos > fives ? twos : fives;
  return d == 1;
}

/* The next decimal digit of *rem / den, leaving the new remainder; doubles instead of multiplying by ten so that
 * nothing passes 2^128. */
static int next_digit(mk_u128 *rem, mk_u128 den) {
  mk_u128 r = 0;
  int q = 0;
  for (int bit = 8; bit; bit >>= 1) {
    q *= 2;
    r *= 2;
    if (r >= den) { r -= den; q++; }
    if (!(10 & bit)) continue;
    r += *rem;
    if (r >= den) { r -= den; q++; }
  }
  *rem = r;
  return q;
}

/* Adds one to the last of the n decimal digits at p (a point may stand among them); true when it carries out. */
static bool increment(char *p, size_t n) {
  while (n--) {
    if (p[n] == '.') continue;
    if (p[n] != '9') { p[n]++; return false; }
    p[n] = '0';
  }
  return true;
}

void mk_num_put(mk_buf *out, mk_num a, int digits) {
  if (digits < 0 && !mk_num_terminates(a, &digits)) digits = 18;
  mk_u128 den = (mk_u128)a.den, whole = magnitude(a.num) / den, rem = magnitude(a.num) % den;
  char head[40];
  size_t k = sizeof head, start = out->n;
  do head[--k] = (char)('0' + (int)(whole % 10)); while (whole /= 10);
  if (!mk_buf_reserve(out, (size_t)digits + sizeof head + 3)) return;
  mk_put(out, head + k, sizeof head - k);
  if (digits) mk_putc(out, '.');
  for (int i = 0; i < digits; i++) mk_putc(out, (char)('0' + next_digit(&rem, den)));
  bool carry = rem >= den - rem && increment(out->p + start, out->n - start), zero = !carry;
  for (size_t i = start; zero && i < out->n; i++) zero = out->p[i] == '0' || out->p[i] == '.';
  char front[2];
  size_t m = 0;
  if (a.num < 0 && !zero) front[m++] = '-';
  if (carry) front[m++] = '1';
  if (!m) return;
  memmove(out->p + start + m, out->p + start, out->n - start);
  memcpy(out->p + start, front, m);
  out->n += m;
}
