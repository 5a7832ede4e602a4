/* policy.c: what hedges mean: one table of interval templates that the caller can replace, and the figure that a written
 * quantity becomes under it. May include: mk.h. */
#include "mk.h"

#include <string.h>

/* ------------------------------------------------------------------ templates */

typedef struct { const char *name, *exact, *pragmatic; } rule_text;

/* By mk_qualifier; pragmatic adds the side that the words only imply. */
static const rule_text defaults[MK_QUALIFIER_COUNT] = {
    {"exact", "[x,x]", NULL},           {"approx", "[x-g,x+g]", "[0.95x,1.05x]"}, {"nearly", "[0,x)", "(0.9x,x)"},
    {"more_than", "(x,inf)", "(x,1.1x)"}, {"at_least", "[x,inf)", NULL},          {"at_most", "[0,x]", NULL},
    {"below", "[0,x)", NULL},           {"between", "[x,x]", NULL}};
static const char rounded_default[] = "[x-h,x+h)";

typedef struct { const char *s; size_t n, at; } cursor;

static char peek(cursor *c) {
  while (c->at < c->n && c->s[c->at] == ' ') c->at++;
  return c->at < c->n ? c->s[c->at] : '\0';
}

static bool take(cursor *c, char ch) {
  if (peek(c) != ch) return false;
  c->at++;
  return true;
}

/* [number] [x|g|h] with its sign added to the end; false when nothing of the kind stands there. */
static bool term(cursor *c, mk_policy_end *e, bool minus, mk_err *err) {
  size_t first = c->at;
  mk_num k = mk_num_int(1);
  while (c->at < c->n && ((c->s[c->at] >= '0' && c->s[c->at] <= '9') || c->s[c->at] == '.')) c->at++;
  bool number = c->at > first;
  if (number && !mk_num_parse(&k, c->s + first, c->at - first, err)) return false;
  if (minus) k = mk_num_neg(k);
  take(c, '*');
  char v = peek(c);
  mk_num *slot = v == 'x' ? &e->x : v == 'g' ? &e->g : v == 'h' ? &e->h : number ? &e->one : NULL;
  if (!slot) return false;
  if (slot != &e->one) c->at++;
  return mk_num_add(slot, *slot, k, err);
}

static bool policy_end(cursor *c, mk_policy_end *e, mk_err *err) {
  *e = (mk_policy_end){{0, 1}, {0, 1}, {0, 1}, {0, 1}, false, 0};
  bool minus = take(c, '-');
  if (peek(c) == 'i' && c->n - c->at >= 3 && memcmp(c->s + c->at, "inf", 3) == 0) {
    c->at += 3;
    e->infinite = minus ? -1 : 1;
    return true;
  }
  do {
    peek(c);
    if (!term(c, e, minus, err)) return false;
    minus = peek(c) == '-';
  } while (take(c, '+') || take(c, '-'));
  return true;
}

static bool parse_rule(mk_policy_rule *out, const char *s, size_t n) {
  cursor c = {s, n, 0};
  mk_err quiet = {0};
  bool open = take(&c, '(');
  if (!open && !take(&c, '[')) return false;
  if (!policy_end(&c, &out->lo, &quiet) || !take(&c, ',') || !policy_end(&c, &out->hi, &quiet)) return false;
  out->lo.open = open;
  out->hi.open = take(&c, ')');
  return (out->hi.open || take(&c, ']')) && peek(&c) == '\0' && out->lo.infinite <= 0 && out->hi.infinite >= 0;
}

bool mk_policy_set(mk_policy *p, const char *name, const char *text, size_t n, mk_err *err) {
  mk_qualifier q;
  mk_policy_rule *rule = &p->rounded, parsed;
  if (mk_failed(err)) return false;
  if (strcmp(name, "rounded") != 0) {
    if (!mk_qualifier_find(name, &q) || q == MK_BETWEEN) {
      mk_fail(err, MK_NAME, "the policy has no rule '%s'", name);
      mk_hint(err, "hint: its rules are exact, approx, nearly, more_than, at_least, at_most, below, rounded");
      return false;
    }
    rule = &p->rule[q];
    p->assumed[q] = false;
  }
  if (!parse_rule(&parsed, text, n)) {
    mk_fail(err, MK_SYNTAX, "'%S' is not an interval template", text, mk_excerpt(text, n));
    mk_hint(err, "hint: such as [0,x), (x,inf), [x-g,x+g], (0.9x,x); x is the number, g the place of its last digit "
                 "that is not 0, h half its last decimal place");
    return false;
  }
  *rule = parsed;
  return true;
}

bool mk_policy_init(mk_policy *p, bool pragmatic, mk_err *err) {
  bool ok = mk_policy_set(p, "rounded", rounded_default, strlen(rounded_default), err);
  for (int q = 0; q < MK_QUALIFIER_COUNT && ok; q++) {
    const char *text = pragmatic && defaults[q].pragmatic ? defaults[q].pragmatic : defaults[q].exact;
    ok = parse_rule(&p->rule[q], text, strlen(text));
    p->assumed[q] = pragmatic && defaults[q].pragmatic;
  }
  return ok;
}

/* ------------------------------------------------------------------ applying a rule */

static bool end_value(mk_num *out, const mk_policy_end *e, const mk_number *n, mk_err *err) {
  mk_num x, g, h, half = {1, 2};
  return mk_num_mul(&x, e->x, n->value, err) && mk_num_mul(&g, e->g, n->step, err) && mk_num_mul(&h, n->place, half, err) &&
         mk_num_mul(&h, e->h, h, err) && mk_num_add(out, e->one, x, err) && mk_num_add(out, *out, g, err) &&
         mk_num_add(out, *out, h, err);
}

/* The interval of a rule for a number that is not negative. */
static bool apply(mk_fig *f, const mk_policy_rule *rule, const mk_number *n, mk_err *err) {
  f->has_lo = !rule->lo.infinite;
  f->has_hi = !rule->hi.infinite;
  f->lo_open = rule->lo.open || !f->has_lo;
  f->hi_open = rule->hi.open || !f->has_hi;
  return (!f->has_lo || end_value(&f->lo, &rule->lo, n, err)) && (!f->has_hi || end_value(&f->hi, &rule->hi, n, err));
}

/* The figure of the opposite sign with its ends as they are. */
static void mirror(mk_fig *f) {
  mk_fig r = *f;
  f->best = mk_num_neg(r.best);
  f->lo = mk_num_neg(r.hi);
  f->hi = mk_num_neg(r.lo);
  f->has_lo = r.has_hi;
  f->has_hi = r.has_lo;
  f->lo_open = r.hi_open;
  f->hi_open = r.lo_open;
}

static bool hedge(mk_fig *f, bool *assumed, const mk_number *n, mk_qualifier q, bool rounded, const mk_policy *p, mk_err *err) {
  mk_number size = *n;
  bool negative = mk_num_sign(n->value) < 0;
  if (negative) size.value = mk_num_neg(size.value);
  if (!apply(f, rounded && q == MK_EXACT ? &p->rounded : &p->rule[q], &size, err)) return false;
  f->best = size.value;
  f->has_best = true;
  f->qualifier = q;
  *assumed = p->assumed[q];
  if (*assumed) f->status = 'E';
  if (f->whole && f->has_lo && mk_num_sign(f->lo) < 0) f->lo = mk_num_int(0);
  if (negative) mirror(f);
  return mk_fig_check(f, err);
}

bool mk_fig_hedged(mk_fig *out, bool *assumed, mk_num value, mk_qualifier q, const char *unit, bool whole,
                   const mk_policy *policy, mk_err *err) {
  int digits;
  mk_number n = {.value = value, .style = MK_STYLE_NONE};
  if (!mk_num_terminates(value, &digits)) digits = 0;
  if (!mk_num_pow10(&n.place, -digits, err)) return false;
  n.step = n.place;
  n.decimal = digits > 0;
  mk_num ten = mk_num_int(10), next = n.step, ratio;
  while (mk_num_sign(value) && mk_num_whole(value) && mk_num_mul(&next, n.step, ten, NULL) &&
         mk_num_div(&ratio, value, next, NULL) && mk_num_whole(ratio))
    n.step = next;
  *out = mk_fig_exact(value, unit, whole);
  return !mk_failed(err) && hedge(out, assumed, &n, q, false, policy, err);
}

/* ------------------------------------------------------------------ from the written quantity */

static size_t shown(const mk_written *w, const char *text) { return mk_excerpt(text + w->from, w->to - w->from); }

static bool two_readings(const mk_written *w, const char *text, const mk_numeral *n, mk_err *err) {
  mk_buf a, b;
  mk_buf_init(&a, NULL);
  mk_buf_init(&b, NULL);
  mk_num_put(&a, n->reading[0].value, -1);
  mk_num_put(&b, n->reading[1].value, -1);
  if (mk_buf_ok(&a, err) && mk_buf_ok(&b, err)) {
    mk_fail(err, MK_AMBIGUOUS, "\"%S\" has two readings: %s with the comma before decimals, %s with the comma between thousands",
            text + w->from, shown(w, text), mk_cstr(&a), mk_cstr(&b));
    mk_hint(err, "hint: style = \"vi\" takes the first, style = \"en\" the second");
  }
  mk_buf_clear(&a);
  mk_buf_clear(&b);
  return false;
}

/* Words that are two numbers, with a way to say either. */
static bool doubtful(const mk_written *w, const char *text, const mk_numeral *n, mk_err *err) {
  mk_buf a, b;
  mk_buf_init(&a, NULL);
  mk_buf_init(&b, NULL);
  mk_num_put(&a, n->reading[0].value, -1);
  mk_num_put(&b, n->reading[1].value, -1);
  const char *x = mk_cstr(&a), *y = mk_cstr(&b), *s = text + w->from;
  size_t len = shown(w, text);
  if (!mk_buf_ok(&a, err) || !mk_buf_ok(&b, err)) {
    mk_buf_clear(&a);
    mk_buf_clear(&b);
    return false;
  }
  if (n->doubt == MK_DOUBT_YEAR) {
    mk_fail(err, MK_AMBIGUOUS, "\"%S\" has two readings: %s with năm as five, or %s with năm as the word for year", s, len, x, y);
    mk_hint(err, "hint: write the number in digits, or five as lăm");
  } else if (n->doubt == MK_DOUBT_PAIR) {
    mk_fail(err, MK_AMBIGUOUS, "\"%S\" has two readings: %s, or a range from %s on", s, len, x, y);
    mk_hint(err, "hint: write the tens (hai mươi ba) or the range (hai đến ba)");
  } else if (n->doubt == MK_DOUBT_WEEKDAY) {
    mk_fail(err, MK_AMBIGUOUS, "\"%S\" has two readings: number %s in order, or a day of the week", s, len, x);
    mk_hint(err, "hint: write lần thứ or vị trí thứ");
  } else {
    mk_fail(err, MK_AMBIGUOUS, "\"%S\" has two readings: %s as a tenth of what stands before, or %s", s, len, x, y);
    mk_hint(err, "hint: write linh before the last digit, or the number in digits");
  }
  mk_buf_clear(&a);
  mk_buf_clear(&b);
  return false;
}

/* The one reading that unit and style leave. A count is never a decimal; points group unless English style is said. */
static bool pick(mk_number *out, const mk_written *w, const char *text, const mk_numeral *n, bool whole,
                 const mk_read_opts *o, mk_err *err) {
  *out = n->reading[0];
  if (n->count < 2) return !mk_failed(err);
  if (n->doubt != MK_DOUBT_NONE) return doubtful(w, text, n, err);
  if (o->style != MK_STYLE_NONE) {
    *out = n->reading[n->reading[1].style == o->style];
    return true;
  }
  bool first = mk_num_whole(n->reading[0].value), second = mk_num_whole(n->reading[1].value);
  if (whole && first != second) { *out = n->reading[second]; return true; }
  if (!n->reading[0].decimal) return true;
  return two_readings(w, text, n, err);
}

static bool count_is_whole(const mk_written *w, const char *text, const mk_unit *u, mk_err *err) {
  mk_fail(err, MK_TYPE, "\"%S\": a count is a whole number, %s cannot have decimals", text + w->from, shown(w, text), u->vi);
  mk_hint(err, "hint: before three digits a point groups thousands (2.300); before one or two it marks decimals");
  return false;
}

static bool times_ambiguous(const mk_written *w, const char *text, const mk_number *n, mk_err *err) {
  mk_num more;
  mk_buf a, b;
  mk_buf_init(&a, NULL);
  mk_buf_init(&b, NULL);
  if (mk_num_add(&more, n->value, mk_num_int(1), err)) {
    mk_num_put(&a, n->value, -1);
    mk_num_put(&b, more, -1);
  }
  if (!mk_failed(err) && mk_buf_ok(&a, err) && mk_buf_ok(&b, err)) {
    mk_fail(err, MK_AMBIGUOUS, "\"%S\" has two readings: %s times as much (ratio), or %s times as much (increase by %s times)",
            text + w->from, shown(w, text), mk_cstr(&a), mk_cstr(&b), mk_cstr(&a));
    mk_hint(err, "hint: settle it with reading = \"ratio\" or reading = \"increase\"");
  }
  mk_buf_clear(&a);
  mk_buf_clear(&b);
  return false;
}

/* Direction: a fall is negative; "giảm N lần" divides; "tăng N lần" has to be settled. */
static bool direct(mk_fig *f, const mk_written *w, const char *text, const mk_number *n, const mk_read_opts *o, mk_err *err) {
  mk_qualifier q = f->qualifier;
  mk_fig one = mk_fig_exact(mk_num_int(1), "x", false), by = mk_fig_exact(mk_num_int(1), "", false);
  if (w->times && w->direction > 0 && !w->gap && !w->half) {
    if (o->reading == MK_BY_NONE) return times_ambiguous(w, text, n, err);
    if (o->reading == MK_BY_INCREASE && !mk_fig_add(f, f, &one, err)) return false;
  } else if (w->times && w->direction < 0 && !w->half) {
    memcpy(f->unit, "", 1);
    if (!mk_fig_div(f, &by, f, err)) return false;
    memcpy(f->unit, "x", 2);
  } else if (!w->times && w->direction < 0 && mk_num_sign(n->value) > 0) {
    mirror(f);
  }
  f->qualifier = q;
  return !mk_failed(err);
}

static bool range(mk_fig *f, const mk_written *w, const char *text, const mk_unit *unit, const mk_number *low,
                  const mk_read_opts *o, mk_err *err) {
  mk_number high;
  bool whole = unit && unit->whole;
  if (!pick(&high, w, text, &w->high, whole, o, err)) return false;
  if (whole && (!mk_num_whole(high.value) || !mk_num_whole(low->value))) return count_is_whole(w, text, unit, err);
  mk_fig lo = mk_fig_exact(low->value, w->low_unit ? w->low_unit->code : unit ? unit->code : "", false);
  if (unit && !mk_fig_to(&lo, &lo, unit->code, err)) return false;
  *f = mk_fig_exact(lo.best, unit ? unit->code : "", whole);
  f->hi = high.value;
  f->has_best = false;
  f->qualifier = MK_BETWEEN;
  if (mk_num_cmp(f->lo, f->hi) > 0) {
    mk_fail(err, MK_RANGE, "\"%S\": the range runs downwards", text + w->from, shown(w, text));
    mk_hint(err, "hint: the lower number comes first");
    return false;
  }
  return direct(f, w, text, low, o, err);
}

bool mk_fig_written(mk_fig *out, bool *assumed, const mk_written *w, const char *text, const mk_read_opts *o, mk_err *err) {
  const mk_unit *written = w->half ? mk_unit_get("x") : w->high_unit ? w->high_unit : w->low_unit;
  const mk_unit *unit = written ? written : o->unit;
  bool whole = unit && unit->whole;
  mk_number n;
  mk_fig f;
  *assumed = false;
  if (!pick(&n, w, text, &w->low, whole, o, err)) return false;
  if (w->qualifier == MK_BETWEEN) {
    if (!range(&f, w, text, unit, &n, o, err)) return false;
  } else {
    if (whole && !mk_num_whole(n.value)) return count_is_whole(w, text, unit, err);
    f = mk_fig_exact(n.value, unit ? unit->code : "", whole || (!unit && mk_num_whole(n.value) && !n.decimal));
    bool rounded = n.decimal && !o->record && unit && !w->half && !(whole && mk_num_cmp(n.place, mk_num_int(1)) < 0); /* 7,0 vụ is 7 */
    if (!hedge(&f, assumed, &n, w->qualifier, rounded, o->policy, err) || !direct(&f, w, text, &n, o, err)) return false;
  }
  if (w->preliminary && f.status == 'A') f.status = 'P';
  if (o->unit && unit != o->unit && !mk_fig_to(&f, &f, o->unit->code, err)) return false;
  *out = f;
  return !mk_failed(err);
}
