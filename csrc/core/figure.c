/* figure.c: numbers with bounds and units: intervals whose ends are open or closed, bounded or not. A whole figure is
 * calculated with by its integer ends, so "more than 4500" is the closed interval from 4501. May include: mk.h. */
#include "mk.h"

#include <string.h>

static const char *const qualifier_names[MK_QUALIFIER_COUNT] = {"exact",    "approx",  "nearly", "more_than",
                                                                "at_least", "at_most", "below",  "between"};

const char *mk_qualifier_name(mk_qualifier q) { return (unsigned)q < MK_QUALIFIER_COUNT ? qualifier_names[q] : "exact"; }

bool mk_qualifier_find(const char *name, mk_qualifier *out) {
  for (int i = 0; i < MK_QUALIFIER_COUNT; i++)
    if (strcmp(qualifier_names[i], name) == 0) { *out = (mk_qualifier)i; return true; }
  return false;
}

/* ------------------------------------------------------------------ ends */

/* One end of an interval; sign is -1 or +1 when it is unbounded, else 0. */
typedef struct { mk_num v; int infinite; bool open; } end;

static end lo_end(const mk_fig *f) { return f->has_lo ? (end){f->lo, 0, f->lo_open} : (end){{0, 1}, -1, true}; }
static end hi_end(const mk_fig *f) { return f->has_hi ? (end){f->hi, 0, f->hi_open} : (end){{0, 1}, 1, true}; }

static void set_ends(mk_fig *f, end lo, end hi) {
  f->has_lo = lo.infinite == 0;
  f->has_hi = hi.infinite == 0;
  f->lo = f->has_lo ? lo.v : mk_num_int(0);
  f->hi = f->has_hi ? hi.v : mk_num_int(0);
  f->lo_open = lo.open || !f->has_lo;
  f->hi_open = hi.open || !f->has_hi;
}

static int end_value_cmp(end a, end b) {
  if (a.infinite || b.infinite) return (a.infinite > b.infinite) - (a.infinite < b.infinite);
  return mk_num_cmp(a.v, b.v);
}

static end negated(end e) { return (end){mk_num_neg(e.v), -e.infinite, e.open}; }
static bool closed_zero(end e) { return !e.infinite && !e.open && mk_num_sign(e.v) == 0; }

static bool end_mul(end *out, end a, end b, mk_err *err) {
  int sa = a.infinite ? a.infinite : mk_num_sign(a.v), sb = b.infinite ? b.infinite : mk_num_sign(b.v);
  if (sa == 0 || sb == 0) {
    *out = (end){{0, 1}, 0, !closed_zero(a) && !closed_zero(b)};
    return !mk_failed(err);
  }
  *out = (end){{0, 1}, 0, a.open || b.open};
  if (!a.infinite && !b.infinite) return mk_num_mul(&out->v, a.v, b.v, err);
  out->infinite = sa * sb;
  return !mk_failed(err);
}

/* 1 / e for an interval that stays on the side sign of zero. */
static bool end_inverse(end *out, end e, int sign, mk_err *err) {
  *out = (end){{0, 1}, 0, true};
  if (e.infinite) return !mk_failed(err);
  if (mk_num_sign(e.v) == 0) { out->infinite = sign; return !mk_failed(err); }
  out->open = e.open;
  return mk_num_div(&out->v, mk_num_int(1), e.v, err);
}

/* ------------------------------------------------------------------ single figures */

static void set_unit(mk_fig *f, const char *unit) {
  size_t n = strlen(unit);
  if (n >= MK_UNIT_MAX) n = MK_UNIT_MAX - 1;
  memcpy(f->unit, unit, n);
  f->unit[n] = '\0';
}

mk_fig mk_fig_exact(mk_num v, const char *unit, bool whole) {
  mk_fig f = {.best = v, .lo = v, .hi = v, .has_best = true, .has_lo = true, .has_hi = true, .whole = whole, .status = 'A'};
  set_unit(&f, unit);
  return f;
}

mk_fig mk_fig_unknown(const char *unit) {
  mk_fig f = {.best = {0, 1}, .lo = {0, 1}, .hi = {0, 1}, .has_lo = true, .hi_open = true, .status = 'M'};
  const mk_unit *known = mk_unit_get(unit);
  f.whole = known && known->whole;
  f.qualifier = MK_AT_LEAST;
  set_unit(&f, unit);
  return f;
}

bool mk_fig_is_exact(const mk_fig *f) {
  return f->has_lo && f->has_hi && !f->lo_open && !f->hi_open && mk_num_cmp(f->lo, f->hi) == 0;
}

void mk_fig_tighten(mk_fig *f) {
  if (!f->whole) return;
  if (f->has_lo && (f->lo_open || !mk_num_whole(f->lo))) {
    mk_num up = mk_num_floor(f->lo), down = f->lo;
    if (mk_num_add(&down, up, mk_num_int(1), NULL)) { f->lo = down; f->lo_open = false; }
  }
  if (f->has_hi && (f->hi_open || !mk_num_whole(f->hi))) {
    mk_num up = mk_num_ceil(f->hi), down = f->hi;
    if (mk_num_sub(&down, up, mk_num_int(1), NULL)) { f->hi = down; f->hi_open = false; }
  }
}

static mk_fig tight(const mk_fig *f) {
  mk_fig t = *f;
  mk_fig_tighten(&t);
  return t;
}

static bool empty(const mk_fig *f) {
  if (!f->has_lo || !f->has_hi) return false;
  int c = mk_num_cmp(f->lo, f->hi);
  return c > 0 || (c == 0 && (f->lo_open || f->hi_open));
}

bool mk_fig_check(const mk_fig *f, mk_err *err) {
  mk_unit_parts parts;
  if (!mk_unit_split(&parts, f->unit, err)) return false;
  if (f->whole && f->has_best && !mk_num_whole(f->best)) {
    mk_fail(err, MK_TYPE, "a count (%s) is a whole number", parts.of ? parts.of->vi : "no unit");
    return false;
  }
  mk_fig t = tight(f);
  if (empty(&t)) {
    mk_fail(err, MK_RANGE, "the lower bound of a figure is above its upper bound, or nothing lies between them");
    return false;
  }
  return true;
}

mk_qualifier mk_fig_shape(const mk_fig *f) {
  bool from_zero = !f->has_lo || (mk_num_sign(f->lo) == 0 && !f->lo_open);
  if (mk_fig_is_exact(f)) return MK_EXACT;
  if (f->has_lo && !f->has_hi) return f->lo_open ? MK_MORE_THAN : MK_AT_LEAST;
  if (f->has_hi && from_zero) return f->hi_open ? MK_BELOW : MK_AT_MOST;
  return f->has_best ? MK_APPROX : MK_BETWEEN;
}

/* What every calculated interval ends with; a best value outside is moved to the nearest end. */
static void settle(mk_fig *f) {
  mk_fig_tighten(f);
  if (f->has_best && f->has_lo && mk_num_cmp(f->best, f->lo) < 0) f->best = f->lo;
  if (f->has_best && f->has_hi && mk_num_cmp(f->best, f->hi) > 0) f->best = f->hi;
  f->qualifier = mk_fig_shape(f);
  if (f->qualifier == MK_EXACT) { f->has_best = true; f->best = f->lo; }
}

/* Whether best is an estimate of the value, and not only the end that a hedge names ("hơn 5" says nothing of how much
 * more): exact, or strictly between two ends. Only estimates give a best value to what is calculated. */
static bool estimated(const mk_fig *f) {
  if (!f->has_best || mk_fig_is_exact(f)) return f->has_best;
  return f->has_lo && f->has_hi && mk_num_cmp(f->best, f->lo) > 0 && mk_num_cmp(f->best, f->hi) < 0;
}

void mk_fig_put(mk_buf *out, const mk_fig *f) {
  mk_fig t = tight(f);
  if (mk_fig_is_exact(&t)) {
    mk_num_put(out, t.lo, -1);
  } else {
    mk_putc(out, t.lo_open ? '(' : '[');
    if (t.has_lo) mk_num_put(out, t.lo, -1); else mk_puts(out, "-inf");
    mk_puts(out, ", ");
    if (t.has_hi) mk_num_put(out, t.hi, -1); else mk_puts(out, "inf");
    mk_putc(out, t.hi_open ? ')' : ']');
  }
  if (*t.unit) mk_putf(out, " %s", t.unit);
}

static char worse(char a, char b) {
  static const char order[] = "APEUM";
  const char *x = strchr(order, a), *y = strchr(order, b);
  return x && y && y > x ? b : a;
}

/* Comparing needs one unit: b in the unit of a; a plain number takes any unit. */
static bool align(mk_fig *b, const mk_fig *a, mk_err *err) {
  if (!*a->unit || !*b->unit || strcmp(a->unit, b->unit) == 0) return !mk_failed(err);
  return mk_fig_to(b, b, a->unit, err);
}

static bool meet(const mk_fig *a, const mk_fig *b) {
  end lo_a = lo_end(a), lo_b = lo_end(b), hi_a = hi_end(a), hi_b = hi_end(b);
  int c = end_value_cmp(lo_a, lo_b), d = end_value_cmp(hi_a, hi_b);
  end lo = c > 0 ? lo_a : c < 0 ? lo_b : (end){lo_a.v, lo_a.infinite, lo_a.open || lo_b.open};
  end hi = d < 0 ? hi_a : d > 0 ? hi_b : (end){hi_a.v, hi_a.infinite, hi_a.open || hi_b.open};
  mk_fig both = *a;
  set_ends(&both, lo, hi);
  both.whole = a->whole || b->whole;
  mk_fig_tighten(&both);
  return !empty(&both);
}

bool mk_fig_compare(const mk_fig *a, const mk_fig *b, mk_truth *less, mk_truth *equal, mk_err *err) {
  mk_fig x = tight(a), y = tight(b);
  if (!align(&y, &x, err)) return false;
  end lo_x = lo_end(&x), hi_x = hi_end(&x), lo_y = lo_end(&y), hi_y = hi_end(&y);
  int under = end_value_cmp(hi_x, lo_y);
  if (!hi_x.infinite && !lo_y.infinite && (under < 0 || (under == 0 && (hi_x.open || lo_y.open)))) *less = MK_YES;
  else if (!lo_x.infinite && !hi_y.infinite && end_value_cmp(lo_x, hi_y) >= 0) *less = MK_NO;
  else *less = MK_MAYBE;
  if (!meet(&x, &y)) *equal = MK_NO;
  else *equal = mk_fig_is_exact(&x) && mk_fig_is_exact(&y) ? MK_YES : MK_MAYBE;
  return true;
}

static bool same_end(end a, end b) { return end_value_cmp(a, b) == 0 && (a.infinite || a.open == b.open); }

bool mk_fig_equal(const mk_fig *a, const mk_fig *b) {
  mk_fig x = tight(a), y = tight(b);
  return strcmp(x.unit, y.unit) == 0 && same_end(lo_end(&x), lo_end(&y)) && same_end(hi_end(&x), hi_end(&y));
}

static mk_num rank(const mk_fig *f) { return f->has_best ? f->best : f->has_lo ? f->lo : f->hi; }

static int dimension_order(const mk_unit *a, const mk_unit *b) { return strcmp(a ? a->dimension : "", b ? b->dimension : ""); }

int mk_fig_order(const mk_fig *a, const mk_fig *b) {
  mk_fig x = tight(a), y = tight(b);
  mk_unit_parts u, v;
  mk_err quiet = {0};
  bool known = mk_unit_split(&u, x.unit, &quiet) && mk_unit_split(&v, y.unit, &quiet);
  int c = known ? dimension_order(u.of, v.of) : 0;
  if (known && !c) c = dimension_order(u.per, v.per);
  if (c) return c;
  if (!align(&y, &x, &quiet)) return strcmp(a->unit, b->unit);
  c = mk_num_cmp(rank(&x), rank(&y));
  if (!c) c = end_value_cmp(lo_end(&x), lo_end(&y));
  if (!c) c = end_value_cmp(hi_end(&x), hi_end(&y));
  if (!c) c = (int)x.lo_open - (int)y.lo_open;
  if (!c) c = (int)y.hi_open - (int)x.hi_open;
  return c ? c : strcmp(a->unit, b->unit);
}

bool mk_fig_covers(const mk_fig *a, const mk_fig *b, mk_err *err) {
  mk_fig x = tight(a), y = tight(b);
  if (!align(&y, &x, err)) return false;
  end lo_x = lo_end(&x), hi_x = hi_end(&x), lo_y = lo_end(&y), hi_y = hi_end(&y);
  int lo = end_value_cmp(lo_x, lo_y), hi = end_value_cmp(hi_x, hi_y);
  return (lo < 0 || (lo == 0 && (!lo_x.open || lo_y.open || lo_x.infinite))) &&
         (hi > 0 || (hi == 0 && (!hi_x.open || hi_y.open || hi_x.infinite)));
}

/* ------------------------------------------------------------------ arithmetic */

bool mk_fig_neg(mk_fig *out, const mk_fig *a, mk_err *err) {
  if (mk_failed(err)) return false;
  mk_fig r = tight(a);
  end lo = negated(hi_end(&r)), hi = negated(lo_end(&r));
  r.best = mk_num_neg(r.best);
  set_ends(&r, lo, hi);
  settle(&r);
  *out = r;
  return true;
}

bool mk_fig_add(mk_fig *out, const mk_fig *a, const mk_fig *b, mk_err *err) {
  mk_fig x = tight(a), y = tight(b);
  if (strcmp(x.unit, y.unit) != 0 && !mk_fig_to(&y, &y, x.unit, err)) return false;
  end la = lo_end(&x), ha = hi_end(&x), lb = lo_end(&y), hb = hi_end(&y);
  end lo = {{0, 1}, la.infinite | lb.infinite, la.open || lb.open}, hi = {{0, 1}, ha.infinite | hb.infinite, ha.open || hb.open};
  if (!lo.infinite && !mk_num_add(&lo.v, la.v, lb.v, err)) return false;
  if (!hi.infinite && !mk_num_add(&hi.v, ha.v, hb.v, err)) return false;
  x.has_best = estimated(&x) && estimated(&y);
  if (x.has_best && !mk_num_add(&x.best, x.best, y.best, err)) return false;
  x.whole = x.whole && y.whole;
  x.status = worse(x.status, y.status);
  set_ends(&x, lo, hi);
  settle(&x);
  *out = x;
  return !mk_failed(err);
}

bool mk_fig_sub(mk_fig *out, const mk_fig *a, const mk_fig *b, mk_err *err) {
  mk_fig y;
  return mk_fig_neg(&y, b, err) && mk_fig_add(out, a, &y, err);
}

/* The interval of all products; units, whole and status are the caller's. */
static bool product(mk_fig *out, const mk_fig *x, const mk_fig *y, mk_err *err) {
  end ends_x[2] = {lo_end(x), hi_end(x)}, ends_y[2] = {lo_end(y), hi_end(y)}, lo = {{0, 1}, 0, false}, hi = lo;
  for (int i = 0; i < 4; i++) {
    end p;
    if (!end_mul(&p, ends_x[i / 2], ends_y[i % 2], err)) return false;
    int c = i ? end_value_cmp(p, lo) : -1, d = i ? end_value_cmp(p, hi) : 1;
    if (c < 0 || (c == 0 && !p.open)) lo = p;
    if (d > 0 || (d == 0 && !p.open)) hi = p;
  }
  out->has_best = estimated(x) && estimated(y);
  if (out->has_best && !mk_num_mul(&out->best, x->best, y->best, err)) return false;
  out->status = worse(x->status, y->status);
  set_ends(out, lo, hi);
  return true;
}

static bool is_ratio(mk_unit_parts u) { return u.of && !u.per && strcmp(u.of->dimension, "ratio") == 0; }

static bool no_unit(const char *what, const mk_fig *a, const mk_fig *b, mk_err *err) {
  mk_fail(err, MK_UNIT, "%s %s %s has no unit here", a->unit, what, b->unit);
  mk_hint(err, "hint: multiply by a plain number or a percentage, or divide first to get a rate");
  return false;
}

/* A percentage or a number of times as a plain number. */
static bool plain(mk_fig *f, mk_err *err) {
  if (!mk_fig_to(f, f, "x", err)) return false;
  set_unit(f, "");
  f->whole = false;
  return true;
}

bool mk_fig_mul(mk_fig *out, const mk_fig *a, const mk_fig *b, mk_err *err) {
  mk_fig x = tight(a), y = tight(b), r = x;
  mk_unit_parts u, v, w;
  if (!mk_unit_split(&u, x.unit, err) || !mk_unit_split(&v, y.unit, err)) return false;
  if (*x.unit && is_ratio(v)) {
    if (!plain(&y, err)) return false;
    w = u;
  } else if (*y.unit && is_ratio(u)) {
    if (!plain(&x, err)) return false;
    w = v;
  } else if (!*x.unit || !*y.unit) {
    w = *x.unit ? u : v;
  } else if (u.per && !v.per && mk_unit_like((mk_unit_parts){u.per, NULL}, v)) {
    if (!mk_fig_to(&y, &y, u.per->code, err)) return false;
    w = (mk_unit_parts){u.of, NULL};
  } else if (v.per && !u.per && mk_unit_like((mk_unit_parts){v.per, NULL}, u)) {
    if (!mk_fig_to(&x, &x, v.per->code, err)) return false;
    w = (mk_unit_parts){v.of, NULL};
  } else {
    return no_unit("times", a, b, err);
  }
  if (!product(&r, &x, &y, err) || !mk_unit_join(r.unit, w, err)) return false;
  r.whole = x.whole && y.whole;
  settle(&r);
  *out = r;
  return true;
}

static bool inverse(mk_fig *f, mk_err *err) {
  end lo = lo_end(f), hi = hi_end(f), a, b;
  int from = lo.infinite ? -1 : mk_num_sign(lo.v), to = hi.infinite ? 1 : mk_num_sign(hi.v);
  bool positive = from > 0 || (from == 0 && lo.open), negative = to < 0 || (to == 0 && hi.open);
  if (!positive && !negative) {
    if (mk_fig_is_exact(f)) return mk_fail(err, MK_RANGE, "division by zero");
    mk_fail(err, MK_RANGE, "division by a figure that may be 0");
    mk_hint(err, "hint: its lower bound must be above 0; a bound such as \"gần 5\" starts at 0");
    return false;
  }
  int sign = positive ? 1 : -1;
  if (!end_inverse(&a, hi, sign, err) || !end_inverse(&b, lo, sign, err)) return false;
  if (f->has_best && mk_num_sign(f->best) == 0) f->has_best = false;
  if (f->has_best && !mk_num_div(&f->best, mk_num_int(1), f->best, err)) return false;
  set_ends(f, a, b);
  return true;
}

bool mk_fig_div(mk_fig *out, const mk_fig *a, const mk_fig *b, mk_err *err) {
  mk_fig x = tight(a), y = tight(b), r = x;
  mk_unit_parts u, v, w = {NULL, NULL};
  if (!mk_unit_split(&u, x.unit, err) || !mk_unit_split(&v, y.unit, err)) return false;
  if (mk_unit_like(u, v)) {
    if (*x.unit && !mk_fig_to(&y, &y, x.unit, err)) return false;
  } else if (!*y.unit) {
    w = u;
  } else if (is_ratio(v)) {
    if (!plain(&y, err)) return false;
    w = u;
  } else if (!u.per && !v.per) {
    w = (mk_unit_parts){u.of, v.of};
  } else if (v.per && !u.per && mk_unit_like(u, (mk_unit_parts){v.of, NULL})) {
    if (!mk_fig_to(&x, &x, v.of ? v.of->code : "", err)) return false;
    w = (mk_unit_parts){v.per, NULL};
  } else {
    return no_unit("divided by", a, b, err);
  }
  if (!inverse(&y, err) || !product(&r, &x, &y, err) || !mk_unit_join(r.unit, w, err)) return false;
  r.whole = false;
  settle(&r);
  *out = r;
  return true;
}

bool mk_fig_to(mk_fig *out, const mk_fig *a, const char *unit, mk_err *err) {
  mk_unit_parts from, to;
  mk_num k;
  if (!mk_unit_split(&from, a->unit, err) || !mk_unit_split(&to, unit, err) || !mk_unit_factor(&k, from, to, err)) return false;
  bool same = mk_num_cmp(k, mk_num_int(1)) == 0;
  mk_fig r = same ? *a : tight(a);
  if (r.has_best && !mk_num_mul(&r.best, r.best, k, err)) return false;
  if (r.has_lo && !mk_num_mul(&r.lo, r.lo, k, err)) return false;
  if (r.has_hi && !mk_num_mul(&r.hi, r.hi, k, err)) return false;
  r.whole = r.whole && same;
  set_unit(&r, unit);
  *out = r;
  return !mk_failed(err);
}

bool mk_fig_times(mk_fig *out, const mk_fig *now, const mk_fig *before, mk_err *err) {
  mk_fig y = *before, r;
  if (strcmp(now->unit, before->unit) != 0 && !mk_fig_to(&y, &y, now->unit, err)) return false;
  if (!mk_fig_div(&r, now, &y, err)) return false;
  set_unit(&r, "x");
  *out = r;
  return true;
}

bool mk_fig_change(mk_fig *out, const mk_fig *now, const mk_fig *before, mk_err *err) {
  mk_fig one = mk_fig_exact(mk_num_int(1), "x", false), r;
  return mk_fig_times(&r, now, before, err) && mk_fig_sub(&r, &r, &one, err) && mk_fig_to(out, &r, "%", err);
}

bool mk_fig_share(mk_fig *out, const mk_fig *part, const mk_fig *total, mk_err *err) {
  mk_fig x = tight(part), y = tight(total), r = x;
  end lo = {{0, 1}, 0, false}, hi = {{1, 1}, 0, false}, la = lo_end(&x), ha = hi_end(&x), lt, ht;
  if (strcmp(x.unit, y.unit) != 0 && !mk_fig_to(&y, &y, x.unit, err)) return false;
  lt = lo_end(&y);
  ht = hi_end(&y);
  if (la.infinite || mk_num_sign(la.v) < 0 || lt.infinite || mk_num_sign(lt.v) < 0)
    return mk_fail(err, MK_RANGE, "a share needs amounts that are not negative");
  if (!ht.infinite && mk_num_sign(ht.v) == 0) return mk_fail(err, MK_RANGE, "division by zero: a share of nothing");
  bool fits = end_value_cmp(la, ht) <= 0; /* else the part exceeds the total and the share is above one */
  if (!ht.infinite && !mk_num_div(&lo.v, la.v, ht.v, err)) return false;
  lo.open = la.open || (ht.open && mk_num_sign(la.v) > 0); /* nothing is nothing of any total */
  if (!ha.infinite && mk_num_sign(lt.v) > 0 && (!fits || mk_num_cmp(ha.v, lt.v) < 0)) {
    if (!mk_num_div(&hi.v, ha.v, lt.v, err)) return false;
    hi.open = ha.open || (lt.open && mk_num_sign(ha.v) > 0);
  } else if (!fits) {
    hi.infinite = 1;
  }
  /* what is known of an amount without an upper end is no estimate of it */
  r.has_best = x.has_best && y.has_best && mk_num_sign(y.best) > 0 && !ha.infinite && !ht.infinite;
  if (r.has_best && !mk_num_div(&r.best, x.best, y.best, err)) return false;
  r.whole = false;
  r.status = worse(x.status, y.status);
  set_ends(&r, lo, hi);
  set_unit(&r, "x");
  settle(&r);
  return mk_fig_to(out, &r, "%", err);
}
