/* linear.c: the rows of a system, its parts, and the search for whole numbers and readings on top of the simplex method.
 * Rows over whole unknowns are brought to whole coefficients without a common factor, so that their ends are whole and
 * closed. May include: linear.h. */
#include "linear.h"

#include <string.h>

enum { BUDGET = 600,    /* steps of one search */
       TRIES = 64,      /* whole numbers tried at one end of a range */
       SEEN = 8 };      /* solutions kept of a part: they often answer the next question too */

typedef struct { size_t group, reading, first, n, part, sum; mk_range range; } row;
typedef struct { size_t var; bool up, open; mk_num at; } branch; /* up: an upper end */
typedef struct {
  size_t vars, nvars, rows, nrows, nseen, next;
  bool built;
  mk_num *seen; /* SEEN solutions of nvars numbers */
  mk_simplex t;
} part;

struct mk_linear {
  mk_mem *mem;
  mk_buf whole, rows, terms;    /* bool, row, mk_term */
  size_t groups;
  bool ready;
  size_t nparts;
  part *parts;
  size_t *part_of, *local;      /* of each unknown: its part and its place in it */
  size_t *vars, *row_order;     /* unknowns and rows by part */
  size_t *chosen;               /* of each group: the reading tried, 0 none */
  bool *scaled;                 /* of each unknown: a row has it with another coefficient than 1 or -1 */
};

static size_t row_count(const mk_linear *x) { return x->rows.n / sizeof(row); }
static row *row_at(const mk_linear *x, size_t i) { return (row *)(void *)x->rows.p + i; }
static const mk_term *terms_of(const mk_linear *x, const row *r) { return (const mk_term *)(void *)x->terms.p + r->first; }
bool mk_linear_whole(const mk_linear *x, size_t var) { return ((const bool *)(void *)x->whole.p)[var]; }

mk_linear *mk_linear_new(mk_mem *mem, mk_err *err) {
  mk_linear *x = mk_zalloc(mem, sizeof *x, err);
  if (!x) return NULL;
  x->mem = mem;
  x->groups = 1;
  mk_buf_init(&x->whole, mem);
  mk_buf_init(&x->rows, mem);
  mk_buf_init(&x->terms, mem);
  return x;
}

void mk_linear_free(mk_linear *x) {
  if (!x) return;
  size_t n = mk_linear_vars(x);
  for (size_t i = 0; x->parts && i < x->nparts; i++) {
    mk_simplex_clear(&x->parts[i].t);
    mk_free(x->mem, x->parts[i].seen, SEEN * x->parts[i].nvars * sizeof(mk_num));
  }
  mk_free(x->mem, x->parts, n * sizeof *x->parts);
  mk_free(x->mem, x->part_of, n * sizeof *x->part_of);
  mk_free(x->mem, x->local, n * sizeof *x->local);
  mk_free(x->mem, x->vars, n * sizeof *x->vars);
  mk_free(x->mem, x->scaled, n * sizeof *x->scaled);
  mk_free(x->mem, x->row_order, row_count(x) * sizeof *x->row_order);
  mk_free(x->mem, x->chosen, x->groups * sizeof *x->chosen);
  mk_buf_clear(&x->whole);
  mk_buf_clear(&x->rows);
  mk_buf_clear(&x->terms);
  mk_free(x->mem, x, sizeof *x);
}

size_t mk_linear_vars(const mk_linear *x) { return x->whole.n / sizeof(bool); }
size_t mk_linear_groups(const mk_linear *x) { return x->groups; }
bool mk_linear_is_ready(const mk_linear *x) { return x->ready; }
size_t mk_linear_parts(const mk_linear *x) { return x->nparts; }
size_t mk_linear_part(const mk_linear *x, size_t var) { return x->part_of[var]; }

bool mk_linear_var(mk_linear *x, bool whole, size_t *var, mk_err *err) {
  *var = mk_linear_vars(x);
  mk_put(&x->whole, (const char *)&whole, sizeof whole);
  return mk_buf_ok(&x->whole, err);
}

/* ------------------------------------------------------------------ rows */

static mk_i128 gcd(mk_i128 a, mk_i128 b) {
  if (a < 0) a = -a;
  if (b < 0) b = -b;
  while (b) { mk_i128 r = a % b; a = b; b = r; }
  return a;
}

static bool scale_ends(mk_range *r, mk_num by, mk_err *err) {
  if (r->has_lo && !mk_num_mul(&r->lo, r->lo, by, err)) return false;
  if (r->has_hi && !mk_num_mul(&r->hi, r->hi, by, err)) return false;
  if (mk_num_sign(by) > 0) return true;
  *r = (mk_range){.lo = r->hi, .hi = r->lo, .has_lo = r->has_hi, .has_hi = r->has_lo, .lo_open = r->hi_open, .hi_open = r->lo_open};
  return true;
}

/* The whole numbers of a range. */
static bool whole_ends(mk_range *r, mk_err *err) {
  mk_num one = mk_num_int(1);
  if (r->has_lo) {
    mk_num c = mk_num_ceil(r->lo);
    if (r->lo_open && mk_num_cmp(c, r->lo) == 0 && !mk_num_add(&c, c, one, err)) return false;
    r->lo = c;
  }
  if (r->has_hi) {
    mk_num f = mk_num_floor(r->hi);
    if (r->hi_open && mk_num_cmp(f, r->hi) == 0 && !mk_num_sub(&f, f, one, err)) return false;
    r->hi = f;
  }
  r->lo_open = r->hi_open = false;
  return true;
}

/* The factor that makes whole coefficients without a common divisor, or a single one 1. */
static bool row_factor(mk_num *by, const mk_term *terms, size_t n, mk_err *err) {
  if (n == 1) return mk_num_div(by, mk_num_int(1), terms[0].by, err);
  mk_num common = mk_num_int(1), shared = mk_num_int(0);
  for (size_t i = 0; i < n; i++) {
    mk_num up = {terms[i].by.den / gcd(terms[i].by.den, common.num), 1};
    if (!mk_num_mul(&common, common, up, err)) return false;
  }
  for (size_t i = 0; i < n; i++) {
    mk_num v;
    if (!mk_num_mul(&v, terms[i].by, common, err)) return false;
    shared.num = gcd(shared.num, v.num);
  }
  return mk_num_div(by, common, shared, err);
}

bool mk_linear_row(mk_linear *x, size_t group, size_t reading, const mk_term *terms, size_t n, mk_range range, mk_err *err) {
  if (mk_failed(err)) return false;
  row r = {.group = group, .reading = reading, .first = x->terms.n / sizeof *terms, .n = n, .range = range};
  bool whole = true;
  mk_num by;
  for (size_t i = 0; i < n; i++) whole = whole && mk_linear_whole(x, terms[i].var);
  if (!row_factor(&by, terms, n, err) || !scale_ends(&r.range, by, err)) return false;
  if (whole && !whole_ends(&r.range, err)) return false;
  for (size_t i = 0; i < n; i++) {
    mk_term t = {terms[i].var, terms[i].by};
    if (!mk_num_mul(&t.by, t.by, by, err)) return false;
    mk_put(&x->terms, (const char *)&t, sizeof t);
  }
  mk_put(&x->rows, (const char *)&r, sizeof r);
  if (!mk_buf_ok(&x->terms, err) || !mk_buf_ok(&x->rows, err)) return false;
  if (group >= x->groups) x->groups = group + 1;
  return true;
}

/* ------------------------------------------------------------------ parts */

static size_t root(size_t *up, size_t i) {
  while (up[i] != i) i = up[i] = up[up[i]];
  return i;
}

/* Unknowns that a row joins get one root; roots are then numbered in the order of their first unknown. */
static void number_parts(mk_linear *x) {
  size_t n = mk_linear_vars(x), *up = x->part_of;
  for (size_t i = 0; i < n; i++) up[i] = i;
  for (size_t i = 0; i < row_count(x); i++) {
    const row *r = row_at(x, i);
    const mk_term *t = terms_of(x, r);
    bool plain = true;
    for (size_t k = 0; k < r->n; k++) plain = plain && mk_num_whole(t[k].by) && (t[k].by.num == 1 || t[k].by.num == -1);
    for (size_t k = 0; !plain && k < r->n; k++) x->scaled[t[k].var] = true;
    for (size_t k = 1; k < r->n; k++) {
      size_t a = root(up, t[0].var), b = root(up, t[k].var);
      if (a < b) up[b] = a; else up[a] = b;
    }
  }
  for (size_t i = 0; i < n; i++) x->local[i] = root(up, i);
  for (size_t i = 0; i < n; i++) up[i] = x->local[i] == i ? x->nparts++ : up[x->local[i]];
}

static void order_by_part(mk_linear *x) {
  size_t n = mk_linear_vars(x), at = 0;
  for (size_t i = 0; i < n; i++) x->parts[x->part_of[i]].nvars++;
  for (size_t i = 0; i < row_count(x); i++) {
    row *r = row_at(x, i);
    r->part = x->part_of[terms_of(x, r)[0].var];
    if (r->n > 1) r->sum = x->parts[r->part].t.rows++; /* counted here, set by build */
    x->parts[r->part].nrows++;
  }
  for (size_t p = 0; p < x->nparts; p++) { x->parts[p].vars = at; at += x->parts[p].nvars; x->parts[p].nvars = 0; }
  at = 0;
  for (size_t p = 0; p < x->nparts; p++) { x->parts[p].rows = at; at += x->parts[p].nrows; x->parts[p].nrows = 0; }
  for (size_t i = 0; i < n; i++) {
    part *p = &x->parts[x->part_of[i]];
    x->local[i] = p->nvars;
    x->vars[p->vars + p->nvars++] = i;
  }
  for (size_t i = 0; i < row_count(x); i++) {
    part *p = &x->parts[row_at(x, i)->part];
    x->row_order[p->rows + p->nrows++] = i;
  }
}

bool mk_linear_ready(mk_linear *x, mk_err *err) {
  size_t n = mk_linear_vars(x);
  if (mk_failed(err)) return false;
  x->parts = mk_zalloc(x->mem, n * sizeof *x->parts, err);
  x->part_of = mk_zalloc(x->mem, n * sizeof *x->part_of, err);
  x->local = mk_zalloc(x->mem, n * sizeof *x->local, err);
  x->vars = mk_zalloc(x->mem, n * sizeof *x->vars, err);
  x->row_order = mk_zalloc(x->mem, row_count(x) * sizeof *x->row_order, err);
  x->chosen = mk_zalloc(x->mem, x->groups * sizeof *x->chosen, err);
  x->scaled = mk_zalloc(x->mem, n * sizeof *x->scaled, err);
  x->ready = true;
  if (!x->scaled || !x->parts || !x->part_of || !x->local || !x->vars || !x->row_order || !x->chosen) return false;
  number_parts(x);
  order_by_part(x);
  return true;
}

static const row *part_row(const mk_linear *x, const part *p, size_t i) { return row_at(x, x->row_order[p->rows + i]); }

bool mk_linear_in_part(const mk_linear *x, size_t group, size_t which) {
  const part *p = &x->parts[which];
  for (size_t i = 0; i < p->nrows; i++)
    if (part_row(x, p, i)->group == group) return true;
  return false;
}

static bool build(mk_linear *x, part *p, mk_err *err) {
  size_t sums = p->t.rows;
  mk_simplex t;
  if (!p->seen) p->seen = mk_zalloc(x->mem, SEEN * p->nvars * sizeof *p->seen, err);
  if (!p->seen || !mk_simplex_init(&t, p->nvars, sums, x->mem, err)) return false;
  p->t = t;
  p->built = true;
  for (size_t i = 0; i < p->nrows; i++) {
    const row *r = part_row(x, p, i);
    const mk_term *terms = terms_of(x, r);
    for (size_t k = 0; r->n > 1 && k < r->n; k++) p->t.a[r->sum * p->nvars + x->local[terms[k].var]] = terms[k].by;
  }
  return true;
}

/* ------------------------------------------------------------------ search */

typedef struct {
  mk_linear *x;
  part *p;
  const bool *off;
  bool *core;      /* NULL: not wanted */
  mk_buf branches; /* branch */
  size_t budget;
  mk_err *err;
} search;

static void note_owner(void *ctx, int owner) {
  search *s = ctx;
  if (owner > 0 && s->core) s->core[owner] = true;
}

static void tighten_end(mk_end *e, mk_point at, int owner, bool upper) {
  if (e->has && mk_point_cmp(at, e->at) * (upper ? 1 : -1) >= 0) return;
  *e = (mk_end){true, owner, at};
}

static void impose(mk_simplex *t, size_t var, const mk_range *r, int owner) {
  mk_num none = mk_num_int(0);
  if (r->has_lo) tighten_end(&t->lower[var], (mk_point){r->lo, r->lo_open ? mk_num_int(1) : none}, owner, false);
  if (r->has_hi) tighten_end(&t->upper[var], (mk_point){r->hi, r->hi_open ? mk_num_int(-1) : none}, owner, true);
}

static bool is_on(const search *s, const row *r) {
  return !s->off[r->group] && (r->reading == 0 || s->x->chosen[r->group] == r->reading);
}

static void set_ends(search *s) {
  part *p = s->p;
  mk_simplex *t = &p->t;
  mk_point zero = {mk_num_int(0), mk_num_int(0)};
  for (size_t v = 0; v < t->vars + t->rows; v++) {
    t->lower[v] = (mk_end){v < t->vars, MK_OWNER_NONE, zero};
    t->upper[v] = (mk_end){false, MK_OWNER_NONE, zero};
  }
  for (size_t i = 0; i < p->nrows; i++) {
    const row *r = part_row(s->x, p, i);
    if (!is_on(s, r)) continue;
    size_t var = r->n > 1 ? t->vars + r->sum : s->x->local[terms_of(s->x, r)[0].var];
    impose(t, var, &r->range, r->group ? (int)r->group : MK_OWNER_NONE);
  }
  const branch *b = (const branch *)(void *)s->branches.p;
  for (size_t i = 0; i < s->branches.n / sizeof *b; i++) {
    mk_range r = {.lo = b[i].at, .hi = b[i].at, .has_lo = !b[i].up, .has_hi = b[i].up, .lo_open = b[i].open, .hi_open = b[i].open};
    impose(t, b[i].var, &r, MK_OWNER_BRANCH);
  }
}

/* A group that is on and offers readings of which none is chosen; 0 when there is none. *readings: how many it offers. */
static size_t undecided(const search *s, size_t *readings) {
  size_t group = 0;
  *readings = 0;
  for (size_t i = 0; i < s->p->nrows; i++) {
    const row *r = part_row(s->x, s->p, i);
    if (!r->reading || s->off[r->group] || s->x->chosen[r->group] || (group && r->group != group)) continue;
    group = r->group;
    if (r->reading > *readings) *readings = r->reading;
  }
  return group;
}

/* The largest whole number that is not above a point. */
static bool point_floor(mk_num *out, mk_point v, mk_err *err) {
  *out = mk_num_floor(v.c);
  return mk_num_cmp(*out, v.c) != 0 || mk_num_sign(v.d) >= 0 || mk_num_sub(out, *out, mk_num_int(1), err);
}

static bool point_is_whole(mk_point v) { return mk_num_whole(v.c) && v.d.num == 0; }

/* A whole unknown whose value is not whole: one in a ratio before those that are sums and differences of others. */
static size_t broken_unknown(const search *s) {
  size_t found = SIZE_MAX;
  for (size_t v = 0; v < s->p->nvars; v++) {
    size_t var = s->x->vars[s->p->vars + v];
    if (!mk_linear_whole(s->x, var) || point_is_whole(s->p->t.value[v])) continue;
    if (s->x->scaled[var]) return v;
    if (found == SIZE_MAX) found = v;
  }
  return found;
}

static mk_truth find(search *s);

static mk_truth find_within(search *s, branch b) {
  mk_put(&s->branches, (const char *)&b, sizeof b);
  if (!mk_buf_ok(&s->branches, s->err)) return MK_MAYBE;
  mk_truth holds = find(s);
  s->branches.n -= sizeof b;
  return holds;
}

static mk_truth find_under(search *s, size_t var, bool up, mk_num at) {
  return find_within(s, (branch){.var = var, .up = up, .at = at});
}

static mk_truth find_reading(search *s, size_t group, size_t readings) {
  for (size_t r = 1; r <= readings; r++) {
    s->x->chosen[group] = r;
    mk_truth holds = find(s);
    s->x->chosen[group] = 0;
    if (holds != MK_NO) return holds;
  }
  note_owner(s, (int)group);
  return MK_NO;
}

/* Whether there is a solution with that whole number for an unknown; few steps are spent on it. */
static bool find_fixed(search *s, size_t var, mk_num at) {
  size_t budget = s->budget;
  branch b = {.var = var, .at = at};
  s->budget = 60;
  mk_put(&s->branches, (const char *)&b, sizeof b);
  if (!mk_buf_ok(&s->branches, s->err)) return false;
  bool found = find_under(s, var, true, at) == MK_YES;
  s->branches.n -= sizeof b;
  s->budget = budget;
  return found && !mk_failed(s->err);
}

/* Ratios of whole numbers are easy to meet among large numbers and hard among small ones, where the search in steps begins:
 * tries an unknown half-way to its upper end, at the end, and large where there is none. */
static bool find_large(search *s, size_t var) {
  mk_point low = s->p->t.value[var];
  mk_num tries[2] = {mk_num_int(1000000), mk_num_int(1000)};
  bool bounded, found = false, *core = s->core;
  if (!mk_simplex_push(&s->p->t, var, true, &bounded, s->err)) return false;
  mk_num high = s->p->t.value[var].c;
  if (bounded) {
    if (!mk_num_add(&tries[0], low.c, high, s->err) || !mk_num_div(&tries[0], tries[0], mk_num_int(2), s->err)) return false;
    tries[0] = mk_num_floor(tries[0]);
    tries[1] = mk_num_floor(high);
  }
  s->core = NULL;
  for (int i = 0; i < 2 && !found && !mk_failed(s->err); i++) found = find_fixed(s, var, tries[i]);
  s->core = core;
  return found;
}

/* Whether there are values for what is on and chosen; MK_MAYBE also after a failure. */
static mk_truth find(search *s) {
  bool fits;
  size_t readings, group, var;
  set_ends(s);
  if (!mk_simplex_fit(&s->p->t, &fits, note_owner, s, s->err)) return MK_MAYBE;
  if (!fits) return MK_NO;
  group = undecided(s, &readings);
  var = group ? 0 : broken_unknown(s);
  if (!group && var == SIZE_MAX) return MK_YES;
  if (s->budget == 0) return MK_MAYBE;
  s->budget--;
  if (group) return find_reading(s, group, readings);
  mk_num floor, above;
  mk_point value = s->p->t.value[var];
  if (s->branches.n == 0 && find_large(s, var)) return MK_YES;
  if (!point_floor(&floor, value, s->err) || !mk_num_add(&above, floor, mk_num_int(1), s->err)) return MK_MAYBE;
  mk_truth below = find_under(s, var, true, floor);
  return below != MK_NO ? below : find_under(s, var, false, above);
}

static bool start(search *s, mk_linear *x, size_t which, const bool *off, bool *core, mk_err *err) {
  *s = (search){.x = x, .p = &x->parts[which], .off = off, .core = core, .budget = BUDGET, .err = err};
  mk_buf_init(&s->branches, x->mem);
  memset(x->chosen, 0, x->groups * sizeof *x->chosen);
  if (core) memset(core, 0, x->groups * sizeof *core);
  return !mk_failed(err) && (s->p->built || build(x, s->p, err));
}

static bool within(const mk_range *r, mk_num v) {
  int low = r->has_lo ? mk_num_cmp(v, r->lo) : 1, high = r->has_hi ? mk_num_cmp(v, r->hi) : -1;
  return (low > 0 || (low == 0 && !r->lo_open)) && (high < 0 || (high == 0 && !r->hi_open));
}

/* Whether the values of a solution lie in the range of a row; a failure counts as no. */
static bool row_holds(const mk_linear *x, const row *r, const mk_num *values) {
  const mk_term *t = terms_of(x, r);
  mk_num sum = mk_num_int(0), v;
  mk_err err = {0};
  for (size_t k = 0; k < r->n; k++)
    if (!mk_num_mul(&v, t[k].by, values[x->local[t[k].var]], &err) || !mk_num_add(&sum, sum, v, &err)) return false;
  return within(&r->range, sum);
}

/* Some reading of the group holds: no row of it is broken. */
static bool reading_holds(const search *s, size_t group, const mk_num *values) {
  size_t readings = 0;
  for (size_t i = 0; i < s->p->nrows; i++) {
    const row *r = part_row(s->x, s->p, i);
    if (r->group == group && r->reading > readings) readings = r->reading;
  }
  for (size_t n = 1; n <= readings; n++) {
    bool all = true;
    for (size_t i = 0; all && i < s->p->nrows; i++) {
      const row *r = part_row(s->x, s->p, i);
      if (r->group == group && r->reading == n) all = row_holds(s->x, r, values);
    }
    if (all) return true;
  }
  return readings == 0;
}

static bool solution_holds(const search *s, const mk_num *values) {
  for (size_t i = 0; i < s->p->nrows; i++) {
    const row *r = part_row(s->x, s->p, i);
    if (s->off[r->group]) continue;
    if (r->reading == 1 ? !reading_holds(s, r->group, values) : r->reading == 0 && !row_holds(s->x, r, values)) return false;
  }
  return true;
}

/* Keeps the solution just found, unless it lies at an open end. */
static void keep_solution(part *p) {
  for (size_t v = 0; v < p->nvars; v++)
    if (p->t.value[v].d.num) return;
  for (size_t v = 0; v < p->nvars; v++) p->seen[p->next * p->nvars + v] = p->t.value[v].c;
  p->next = (p->next + 1) % SEEN;
  if (p->nseen < SEEN) p->nseen++;
}

bool mk_linear_check(mk_linear *x, size_t which, const bool *off, mk_truth *holds, bool *core, mk_err *err) {
  search s;
  if (!start(&s, x, which, off, core, err)) return false;
  *holds = MK_NO;
  for (size_t k = 0; k < s.p->nseen && *holds == MK_NO; k++)
    if (solution_holds(&s, s.p->seen + k * s.p->nvars)) *holds = MK_YES;
  if (*holds == MK_NO) {
    *holds = find(&s);
    if (*holds == MK_YES && !mk_failed(err)) keep_solution(s.p);
  }
  mk_buf_clear(&s.branches);
  return !mk_failed(err);
}

/* ------------------------------------------------------------------ ranges */

/* Moves a bound of a whole unknown inwards until a solution reaches it. */
static bool reach(search *s, size_t var, bool up, mk_num *at) {
  for (int i = 0; i < TRIES; i++) {
    s->budget = BUDGET;
    mk_truth holds = find_under(s, var, !up, *at);
    if (mk_failed(s->err)) return false;
    if (holds != MK_NO) return true;
    if (!mk_num_add(at, *at, mk_num_int(up ? -1 : 1), s->err)) return false;
  }
  return true;
}

/* The end of an unknown under the chosen readings, taken into the range over all of them. */
static bool one_end(search *s, size_t var, bool up, mk_range *out, bool *any) {
  bool fits, bounded, whole = mk_linear_whole(s->x, s->x->vars[s->p->vars + var]);
  set_ends(s);
  if (!mk_simplex_fit(&s->p->t, &fits, note_owner, s, s->err)) return false;
  if (!fits) return true;
  if (!mk_simplex_push(&s->p->t, var, up, &bounded, s->err)) return false;
  mk_point v = s->p->t.value[var];
  if (bounded && whole) {
    mk_num at;
    if (!point_floor(&at, v, s->err)) return false;
    if (!up && !point_is_whole(v) && !mk_num_add(&at, at, mk_num_int(1), s->err)) return false;
    v = (mk_point){at, mk_num_int(0)};
    if (!reach(s, var, up, &v.c)) return false;
  }
  mk_point known = up ? (mk_point){out->hi, mk_num_int(out->hi_open ? -1 : 0)} : (mk_point){out->lo, mk_num_int(out->lo_open)};
  bool has = up ? out->has_hi : out->has_lo;
  v.d = mk_num_int(mk_num_sign(v.d));
  if (*any && (!has || (bounded && mk_point_cmp(v, known) * (up ? 1 : -1) <= 0))) return true;
  *any = true;
  if (up) { out->hi = v.c; out->has_hi = bounded; out->hi_open = v.d.num != 0; }
  else { out->lo = v.c; out->has_lo = bounded; out->lo_open = v.d.num != 0; }
  return true;
}

static bool all_readings(search *s, size_t var, bool up, size_t *leaves, mk_range *out, bool *any) {
  size_t readings, group = undecided(s, &readings);
  if (!group || *leaves == 0) {
    if (*leaves) --*leaves;
    s->budget = BUDGET;
    if (find(s) == MK_NO) return true;
    return !mk_failed(s->err) && one_end(s, var, up, out, any);
  }
  bool ok = true;
  for (size_t r = 1; ok && r <= readings; r++) {
    s->x->chosen[group] = r;
    ok = all_readings(s, var, up, leaves, out, any);
  }
  s->x->chosen[group] = 0;
  return ok;
}

bool mk_linear_range(mk_linear *x, size_t var, const bool *off, mk_truth *holds, mk_range *out, mk_err *err) {
  search s;
  size_t local, low_leaves = 256, high_leaves = 256;
  bool low = false, high = false;
  if (!mk_linear_check(x, x->part_of[var], off, holds, NULL, err)) return false;
  if (*holds == MK_NO) return true;
  if (!start(&s, x, x->part_of[var], off, NULL, err)) return false;
  local = x->local[var];
  *out = (mk_range){0};
  bool ok = all_readings(&s, local, false, &low_leaves, out, &low) && all_readings(&s, local, true, &high_leaves, out, &high);
  mk_buf_clear(&s.branches);
  return ok && !mk_failed(err);
}

bool mk_linear_why(mk_linear *x, size_t var, const bool *off, const mk_range *range, bool up, bool *core, mk_err *err) {
  search s;
  if (!start(&s, x, x->part_of[var], off, core, err)) return false;
  bool open = up ? range->hi_open : range->lo_open;
  find_within(&s, (branch){.var = x->local[var], .up = !up, .open = !open, .at = up ? range->hi : range->lo});
  mk_buf_clear(&s.branches);
  return !mk_failed(err);
}
