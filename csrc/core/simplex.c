/* simplex.c: the simplex method over exact rationals with bounded variables; Bland's rule, so it always comes to an end.
 * Values are points (linear.h), which makes open ends exact. May include: linear.h. */
#include "linear.h"

static mk_num zero(void) { return mk_num_int(0); }

int mk_point_cmp(mk_point a, mk_point b) {
  int c = mk_num_cmp(a.c, b.c);
  return c ? c : mk_num_cmp(a.d, b.d);
}

static bool point_add(mk_point *out, mk_point a, mk_point b, mk_err *err) {
  return mk_num_add(&out->c, a.c, b.c, err) && mk_num_add(&out->d, a.d, b.d, err);
}

static bool point_sub(mk_point *out, mk_point a, mk_point b, mk_err *err) {
  return mk_num_sub(&out->c, a.c, b.c, err) && mk_num_sub(&out->d, a.d, b.d, err);
}

static bool point_mul(mk_point *out, mk_point a, mk_num by, mk_err *err) {
  return mk_num_mul(&out->c, a.c, by, err) && mk_num_mul(&out->d, a.d, by, err);
}

static bool point_div(mk_point *out, mk_point a, mk_num by, mk_err *err) {
  return mk_num_div(&out->c, a.c, by, err) && mk_num_div(&out->d, a.d, by, err);
}

static mk_num *cell(const mk_simplex *t, size_t row, size_t column) { return &t->a[row * t->vars + column]; }

bool mk_simplex_init(mk_simplex *t, size_t vars, size_t rows, mk_mem *mem, mk_err *err) {
  size_t all = vars + rows, cells;
  *t = (mk_simplex){.vars = vars, .rows = rows, .mem = mem};
  if (!mk_size_mul(vars, rows, &cells) || cells > ((size_t)1 << 24))
    return mk_fail(err, MK_LIMIT, "too many numbers hang together to be solved: %z unknowns, %z relations", vars, rows);
  t->a = mk_alloc(mem, cells * sizeof *t->a, err);
  t->basic = mk_alloc(mem, rows * sizeof *t->basic, err);
  t->nonbasic = mk_alloc(mem, vars * sizeof *t->nonbasic, err);
  t->place = mk_alloc(mem, all * sizeof *t->place, err);
  t->value = mk_alloc(mem, all * sizeof *t->value, err);
  t->lower = mk_zalloc(mem, all * sizeof *t->lower, err);
  t->upper = mk_zalloc(mem, all * sizeof *t->upper, err);
  if (mk_failed(err) || !t->a || !t->basic || !t->nonbasic || !t->place || !t->value || !t->lower || !t->upper) {
    mk_simplex_clear(t);
    return false;
  }
  for (size_t i = 0; i < cells; i++) t->a[i] = zero();
  for (size_t i = 0; i < all; i++) t->value[i] = (mk_point){zero(), zero()};
  for (size_t j = 0; j < vars; j++) { t->nonbasic[j] = j; t->place[j] = rows + j; }
  for (size_t i = 0; i < rows; i++) { t->basic[i] = vars + i; t->place[vars + i] = i; }
  return true;
}

void mk_simplex_clear(mk_simplex *t) {
  size_t all = t->vars + t->rows;
  mk_free(t->mem, t->a, t->vars * t->rows * sizeof *t->a);
  mk_free(t->mem, t->basic, t->rows * sizeof *t->basic);
  mk_free(t->mem, t->nonbasic, t->vars * sizeof *t->nonbasic);
  mk_free(t->mem, t->place, all * sizeof *t->place);
  mk_free(t->mem, t->value, all * sizeof *t->value);
  mk_free(t->mem, t->lower, all * sizeof *t->lower);
  mk_free(t->mem, t->upper, all * sizeof *t->upper);
  *t = (mk_simplex){0};
}

/* Adds by to the nonbasic variable of a column; the basic ones follow. */
static bool shift(mk_simplex *t, size_t column, mk_point by, mk_err *err) {
  mk_point *v = &t->value[t->nonbasic[column]], part;
  if (!point_add(v, *v, by, err)) return false;
  for (size_t i = 0; i < t->rows; i++) {
    mk_num a = *cell(t, i, column);
    v = &t->value[t->basic[i]];
    if (a.num && !(point_mul(&part, by, a, err) && point_add(v, *v, part, err))) return false;
  }
  return true;
}

/* The basic variable of the row and the nonbasic one of the column change places. */
static bool pivot(mk_simplex *t, size_t row, size_t column, mk_err *err) {
  mk_num p = *cell(t, row, column), part;
  for (size_t j = 0; j < t->vars; j++) {
    mk_num *a = cell(t, row, j);
    if (j == column) *a = mk_num_int(1);
    else if (a->num) *a = mk_num_neg(*a);
    if (a->num && !mk_num_div(a, *a, p, err)) return false;
  }
  for (size_t i = 0; i < t->rows; i++) {
    mk_num by = *cell(t, i, column);
    if (i == row || !by.num) continue;
    *cell(t, i, column) = zero();
    for (size_t j = 0; j < t->vars; j++) {
      mk_num from = *cell(t, row, j), *to = cell(t, i, j);
      if (from.num && !(mk_num_mul(&part, from, by, err) && mk_num_add(to, *to, part, err))) return false;
    }
  }
  size_t out = t->basic[row], in = t->nonbasic[column];
  t->basic[row] = in;
  t->nonbasic[column] = out;
  t->place[in] = row;
  t->place[out] = t->rows + column;
  return true;
}

/* Which way a variable is off its ends: -1 below, +1 above, 0 between them. */
static int off_side(const mk_simplex *t, size_t var) {
  if (t->lower[var].has && mk_point_cmp(t->value[var], t->lower[var].at) < 0) return -1;
  return t->upper[var].has && mk_point_cmp(t->value[var], t->upper[var].at) > 0;
}

/* Whether a nonbasic variable can still go up or down. */
static bool can_move(const mk_simplex *t, size_t var, bool up) {
  const mk_end *e = up ? &t->upper[var] : &t->lower[var];
  return !e->has || mk_point_cmp(t->value[var], e->at) * (up ? 1 : -1) < 0;
}

/* Brings the nonbasic variables between their ends and gives the basic ones their values. */
static bool settle(mk_simplex *t, mk_err *err) {
  for (size_t j = 0; j < t->vars; j++) {
    size_t var = t->nonbasic[j];
    int side = off_side(t, var);
    if (side) t->value[var] = side < 0 ? t->lower[var].at : t->upper[var].at;
  }
  for (size_t i = 0; i < t->rows; i++) {
    mk_point sum = {zero(), zero()}, part;
    for (size_t j = 0; j < t->vars; j++) {
      mk_num a = *cell(t, i, j);
      if (a.num && !(point_mul(&part, t->value[t->nonbasic[j]], a, err) && point_add(&sum, sum, part, err))) return false;
    }
    t->value[t->basic[i]] = sum;
  }
  return true;
}

static size_t first_off(const mk_simplex *t) {
  size_t found = SIZE_MAX;
  for (size_t i = 0; i < t->rows; i++)
    if (t->basic[i] < found && off_side(t, t->basic[i])) found = t->basic[i];
  return found;
}

/* The column by which the row of a basic variable can be moved up or down; t->vars when there is none. */
static size_t lever(const mk_simplex *t, size_t row, bool up) {
  size_t best = t->vars;
  for (size_t j = 0; j < t->vars; j++) {
    int sign = mk_num_sign(*cell(t, row, j));
    if (!sign || (best < t->vars && t->nonbasic[j] > t->nonbasic[best])) continue;
    if (can_move(t, t->nonbasic[j], (sign > 0) == up)) best = j;
  }
  return best;
}

bool mk_simplex_fit(mk_simplex *t, bool *fits, void (*used)(void *ctx, int owner), void *ctx, mk_err *err) {
  *fits = false;
  for (size_t v = 0; v < t->vars + t->rows; v++)
    if (t->lower[v].has && t->upper[v].has && mk_point_cmp(t->lower[v].at, t->upper[v].at) > 0) {
      used(ctx, t->lower[v].owner);
      used(ctx, t->upper[v].owner);
      return true;
    }
  if (!settle(t, err)) return false;
  for (;;) {
    size_t var = first_off(t);
    *fits = var == SIZE_MAX;
    if (*fits) return true;
    size_t row = t->place[var];
    bool up = off_side(t, var) < 0;
    mk_end *end = up ? &t->lower[var] : &t->upper[var];
    size_t column = lever(t, row, up);
    if (column == t->vars) {
      used(ctx, end->owner);
      for (size_t j = 0; j < t->vars; j++) {
        int sign = mk_num_sign(*cell(t, row, j));
        if (sign) used(ctx, (sign > 0) == up ? t->upper[t->nonbasic[j]].owner : t->lower[t->nonbasic[j]].owner);
      }
      return true;
    }
    mk_point by;
    if (!point_sub(&by, end->at, t->value[var], err) || !point_div(&by, by, *cell(t, row, column), err) ||
        !shift(t, column, by, err) || !pivot(t, row, column, err))
      return false;
  }
}

/* How far the nonbasic variable of a column can go until an end stops it or a basic variable. *row: t->rows for its own
 * end, else the row of the basic one; false in *stops when nothing does. */
static bool room(const mk_simplex *t, size_t column, bool up, bool *stops, size_t *row, mk_point *by, mk_err *err) {
  size_t var = t->nonbasic[column];
  const mk_end *own = up ? &t->upper[var] : &t->lower[var];
  *stops = own->has;
  *row = t->rows;
  if (own->has && !point_sub(by, own->at, t->value[var], err)) return false;
  for (size_t i = 0; i < t->rows; i++) {
    mk_num a = *cell(t, i, column);
    if (!a.num) continue;
    size_t b = t->basic[i];
    const mk_end *end = (mk_num_sign(a) > 0) == up ? &t->upper[b] : &t->lower[b];
    mk_point step;
    if (!end->has) continue;
    if (!point_sub(&step, end->at, t->value[b], err) || !point_div(&step, step, a, err)) return false;
    int c = *stops ? mk_point_cmp(step, *by) * (up ? 1 : -1) : -1;
    if (c < 0 || (c == 0 && *row < t->rows && b < t->basic[*row])) { *stops = true; *row = i; *by = step; }
  }
  return true;
}

bool mk_simplex_push(mk_simplex *t, size_t var, bool up, bool *bounded, mk_err *err) {
  *bounded = true;
  for (;;) {
    if (!can_move(t, var, up)) return true;
    size_t at = t->place[var], column, row;
    bool basic = at < t->rows, rise = up, stops;
    column = basic ? lever(t, at, up) : at - t->rows;
    if (column == t->vars) return true;
    if (basic) rise = (mk_num_sign(*cell(t, at, column)) > 0) == up;
    mk_point by;
    if (!room(t, column, rise, &stops, &row, &by, err)) return false;
    *bounded = stops;
    if (!stops) return true;
    if (!shift(t, column, by, err)) return false;
    if (row == t->rows) continue;
    if (!pivot(t, row, column, err)) return false;
  }
}
