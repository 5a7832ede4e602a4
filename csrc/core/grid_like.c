/* grid_like.c: lines in bulk that may tell of one seizure: told by numbers of what they say, equal whenever that is. What they really are
 * is for the caller to see. Nothing of the rows is changed, so that it may be found out by another thread, with memory of its own.
 * May include: grid.h, libc strings. */
#include "grid.h"

#include <string.h>

static uint64_t with(uint64_t a, uint64_t b) {
  uint64_t h = (a ^ (b << 32 | b >> 32)) * UINT64_C(0x9E3779B97F4A7C15);
  h ^= h >> 29;
  return h * UINT64_C(0xBF58476D1CE4E5B9) ^ h >> 31;
}

/* ------------------------------------------------------------------ numbers of texts */

enum { OF_THING = 3, OF_UNIT, OF_PLACE, OF_DATE, OF_AMOUNT, DIGITS_MAX = 18 };

static uint64_t of_text(uint64_t of, const char *s, size_t n) { return grid_some(grid_joined(of, s, n)); }

/* The number of a canonical amount: of its digits and places where they are few. */
static uint64_t of_amount(const char *s, size_t n) {
  uint64_t digits = 0, places = 0;
  size_t i = 0;
  bool point = false;
  for (; i < n && n <= DIGITS_MAX; i++) {
    if (s[i] == '.' && !point) { point = true; continue; }
    if (s[i] < '0' || s[i] > '9') break;
    digits = digits * 10 + (uint64_t)(s[i] - '0');
    places += point;
  }
  return i == n && n ? grid_some(with(OF_AMOUNT + places, digits)) : grid_joined(OF_AMOUNT, s, n);
}

/* Of numbers that are mixed each by itself. */
static inline uint64_t likeness(uint64_t thing, uint64_t date, uint64_t amount, uint64_t unit) { return grid_some(thing ^ date ^ amount ^ unit); }

/* One text folded as the caller folds it, as a number; of no text where that is empty. */
static bool folded(uint64_t of, const char *s, size_t n, mk_buf *key, uint64_t *out, mk_err *err) {
  key->n = 0;
  if (!mk_key(key, s, n, 3, err)) return false;
  *out = of_text(of, key->p ? key->p : "", key->n);
  return true;
}

bool grid_likeness(const grid_line *l, mk_buf *key, uint64_t *out, mk_err *err) {
  uint64_t thing;
  if (!folded(OF_THING, l->thing, l->thing_n, key, &thing, err)) return false;
  *out = likeness(thing, of_text(OF_DATE, l->date, l->date_n), of_amount(l->amount, l->amount_n), of_text(OF_UNIT, l->unit, l->unit_n));
  return true;
}

/* ------------------------------------------------------------------ numbers of ids */

/* Numbers of the ids of one target, 0 not known yet. */
typedef struct { uint64_t *of; size_t n; } numbered;

typedef struct {
  const mk_grid_rows *r;
  mk_mem *mem;
  mk_buf amount, kg, key;
  numbered things[3], dates, amounts, units, places[2];
} liking;

static bool numbered_init(liking *x, numbered *of, uint16_t target, mk_err *err) {
  if (target == GRID_NONE) return true;
  const grid_target *t = &x->r->targets[target];
  of->n = t->entries + t->values.n / sizeof(grid_value);
  of->of = mk_zalloc(x->mem, of->n * sizeof *of->of, err);
  return of->of != NULL;
}

static bool liking_init(liking *x, const mk_grid_rows *r, mk_mem *mem, mk_err *err) {
  const grid_plan *p = &r->plan;
  *x = (liking){.r = r, .mem = mem};
  mk_buf_init(&x->amount, mem);
  mk_buf_init(&x->kg, mem);
  mk_buf_init(&x->key, mem);
  for (size_t k = 0; k < 3; k++)
    if (!numbered_init(x, &x->things[k], p->thing[k], err)) return false;
  for (size_t k = 0; k < 2; k++)
    if (!numbered_init(x, &x->places[k], p->places[k], err)) return false;
  return numbered_init(x, &x->dates, p->date, err) && numbered_init(x, &x->amounts, p->quantity, err) && numbered_init(x, &x->units, p->unit, err);
}

static void liking_clear(liking *x) {
  numbered *const all[] = {&x->things[0], &x->things[1], &x->things[2], &x->dates, &x->amounts, &x->units, &x->places[0], &x->places[1]};
  for (size_t i = 0; i < sizeof all / sizeof all[0]; i++)
    mk_free(x->mem, all[i]->of, all[i]->n * sizeof *all[i]->of);
  mk_buf_clear(&x->amount);
  mk_buf_clear(&x->kg);
  mk_buf_clear(&x->key);
}

static uint64_t number_text(const liking *x, const numbered *all, uint64_t of, uint16_t target, uint32_t id) {
  if (all->of[id]) return all->of[id];
  mk_value v = grid_value_of(x->r, target, id, NULL);
  return all->of[id] = of_text(of, v.s, v.n);
}

static bool number_thing(liking *x, size_t k, uint32_t id, uint64_t *out, mk_err *err) {
  uint64_t *slot = &x->things[k].of[id];
  if (!*slot) {
    mk_value v = grid_value_of(x->r, x->r->plan.thing[k], id, NULL);
    if (!folded(OF_THING, v.s, v.n, &x->key, slot, err)) return false;
  }
  *out = *slot;
  return true;
}

bool grid_mass(mk_grid_rows *r, uint32_t unit, mk_num kg, mk_err *err) {
  grid_mass_unit m = {unit, kg};
  mk_put(&r->masses, (const char *)&m, sizeof m);
  return mk_buf_ok(&r->masses, err);
}

/* The amount in kg, when the unit is a mass: the unit becomes kg then. */
static bool in_kg(const mk_grid_rows *r, uint32_t unit, mk_value *amount, mk_value *name, mk_buf *out) {
  const grid_mass_unit *m = (const grid_mass_unit *)(const void *)r->masses.p;
  mk_num num;
  for (size_t i = 0; i < r->masses.n / sizeof *m; i++) {
    if (m[i].unit != unit) continue;
    if (!mk_num_parse(&num, amount->s, amount->n, NULL) || !mk_num_mul(&num, num, m[i].kg, NULL)) return false;
    out->n = 0;
    mk_num_put(out, num, -1);
    amount->s = out->p;
    amount->n = out->n;
    name->s = "kg";
    name->n = 2;
    return true;
  }
  return false;
}

static uint64_t number_amount(liking *x, uint32_t amount, uint32_t unit, uint64_t *of_unit) {
  const mk_grid_rows *r = x->r;
  mk_value v, name = {.type = MK_T_MISSING};
  uint64_t *known = &x->amounts.of[amount];
  if (!r->masses.n) {
    int64_t digits;
    unsigned places;
    *of_unit = number_text(x, &x->units, OF_UNIT, r->plan.unit, unit);
    if (!*known && grid_numeral_of(r, r->plan.quantity, amount, &digits, &places)) *known = grid_some(with(OF_AMOUNT + places, (uint64_t)digits));
    if (*known != 0) return *known;
  }
  v = grid_value_of(r, r->plan.quantity, amount, &x->amount);
  if (r->masses.n && in_kg(r, unit, &v, &name, &x->kg)) *of_unit = of_text(OF_UNIT, name.s, name.n);
  else *of_unit = number_text(x, &x->units, OF_UNIT, r->plan.unit, unit);
  return of_amount(v.s, v.n);
}

/* ------------------------------------------------------------------ numbers of rows */

/* Of rows that follow each other. */
enum { ROWS = 512, DATES = 3, AMOUNTS, UNITS, IDS };
typedef struct { size_t from, n; uint32_t of[IDS][ROWS]; } some_ids; /* by things, then as named above */

static void take_ids(const mk_grid_rows *r, some_ids *ids) {
  const grid_plan *p = &r->plan;
  const uint16_t targets[IDS] = {p->thing[0], p->thing[1], p->thing[2], p->date, p->quantity, p->unit};
  for (size_t k = 0; k < IDS; k++)
    if (targets[k] != GRID_NONE) grid_ids(r, targets[k], ids->from, ids->n, ids->of[k]); /* the others are 0 from the start */
}

/* The number of a row that has what makes lines alike, else 0. */
static bool row_likeness(liking *x, const some_ids *ids, size_t i, uint64_t *out, mk_err *err) {
  const mk_grid_rows *r = x->r;
  const grid_plan *p = &r->plan;
  uint32_t date = ids->of[DATES][i], amount = ids->of[AMOUNTS][i], unit = ids->of[UNITS][i];
  uint64_t of_thing, of_unit;
  size_t k = 0;
  *out = 0;
  while (k < 3 && !ids->of[k][i]) k++;
  if (k == 3 || !amount) return true;
  if (!date) date = grid_id(r, p->date, r->firsts[grid_key(r, ids->from + i)] - 1);
  if (!date || (!x->dates.of[date] && grid_value_of(r, p->date, date, NULL).n != 10)) return true;
  if (!number_thing(x, k, ids->of[k][i], &of_thing, err)) return false;
  uint64_t of_date = number_text(x, &x->dates, OF_DATE, p->date, date);
  uint64_t of_quantity = number_amount(x, amount, unit, &of_unit);
  *out = likeness(of_thing, of_date, of_quantity, of_unit);
  return mk_buf_ok(&x->amount, err) && mk_buf_ok(&x->kg, err);
}

/* The same where all numbers are known, as they mostly are; false: one is not. */
static inline bool known_likeness(const liking *x, const some_ids *ids, size_t i, uint64_t *out) {
  size_t k = 0;
  while (k < 3 && !ids->of[k][i]) k++;
  if (k == 3) return true;
  uint64_t thing = x->things[k].of[ids->of[k][i]], date = x->dates.of[ids->of[DATES][i]];
  uint64_t amount = x->amounts.of[ids->of[AMOUNTS][i]], unit = x->units.of[ids->of[UNITS][i]];
  *out = likeness(thing, date, amount, unit);
  return thing && date && amount && unit;
}

static bool like_rows(liking *x, uint64_t *numbers, mk_err *err) {
  const mk_grid_rows *r = x->r;
  some_ids ids = {.n = 0};
  bool masses = r->masses.n != 0; /* amounts have no numbers of their own then */
  if (r->plan.date == GRID_NONE || r->plan.quantity == GRID_NONE) return true;
  for (size_t rows = r->g->rows; ids.from < rows; ids.from += ids.n) {
    ids.n = rows - ids.from < ROWS ? rows - ids.from : ROWS;
    take_ids(r, &ids);
    for (size_t i = 0, row = ids.from; i < ids.n; i++, row++) {
      if (r->fates[row] != GRID_BULK || !r->numbers[row]) continue;
      if ((masses || !known_likeness(x, &ids, i, &numbers[row])) && !row_likeness(x, &ids, i, &numbers[row], err)) return false;
    }
  }
  return true;
}

/* ------------------------------------------------------------------ rows that may be alike */

static bool put_twins(const liking *x, uint64_t *numbers, size_t rows, const uint64_t *others, size_t nothers, mk_buf *out, mk_err *err) {
  uint8_t *twice = mk_zalloc(x->mem, rows, err);
  bool ok = twice && grid_meet(x->mem, numbers, rows, others, nothers, twice, err);
  for (size_t row = 0; ok && row < rows; row++) {
    grid_twin twin = {numbers[row], row};
    if (twice[row]) mk_put(out, (const char *)&twin, sizeof twin);
  }
  mk_free(x->mem, twice, rows);
  return ok && mk_buf_ok(out, err);
}

/* Where a case was, folded as the caller folds it, as a number of its text; 0 where it does not say. */
static bool where_at(liking *x, size_t k, size_t row, uint64_t *out, mk_err *err) {
  uint16_t target = x->r->plan.places[k];
  uint32_t id = target == GRID_NONE ? 0 : grid_id(x->r, target, row);
  *out = 0;
  if (!id) return true;
  uint64_t *of = &x->places[k].of[id];
  if (!*of) {
    mk_value v = grid_value_of(x->r, target, id, NULL);
    if (!folded(OF_PLACE, v.s, v.n, &x->key, of, err)) return false;
    if (!x->key.n) *of = 1; /* of no text */
  }
  *out = *of == 1 ? 0 : *of;
  return true;
}

/* Lines that are alike but were in different places are not one seizure. Where all of them say as much of the place as each other,
 * and none is the caller's, only those that say the same are kept: found by numbers of both. numbers: room for as many as twins;
 * twice: as many zeros. */
static bool keep_near(liking *x, mk_buf *twins, uint64_t *numbers, uint8_t *twice, bool *near, mk_err *err) {
  grid_twin *list = (grid_twin *)(void *)twins->p;
  size_t n = twins->n / sizeof *list, kept = 0;
  unsigned said = 4;
  for (size_t i = 0; i < n; i++) {
    uint64_t at[2];
    size_t first = x->r->firsts[grid_key(x->r, list[i].row)] - 1;
    if (!where_at(x, 0, first, &at[0], err) || !where_at(x, 1, first, &at[1], err)) return false;
    unsigned now = (at[0] != 0) | (unsigned)(at[1] != 0) << 1;
    if (said != 4 && said != now) return true;
    said = now;
    numbers[i] = grid_some(with(with(list[i].likeness, at[0]), at[1]));
  }
  if (!grid_meet(x->mem, numbers, n, NULL, 0, twice, err)) return false;
  for (size_t i = 0; i < n; i++)
    if (twice[i]) list[kept++] = (grid_twin){numbers[i], list[i].row};
  twins->n = kept * sizeof *list;
  *near = true;
  return true;
}

bool grid_like(const mk_grid_rows *r, mk_mem *mem, const uint64_t *others, size_t nothers, mk_buf *out, bool *near, mk_err *err) {
  liking x;
  size_t rows = r->g->rows;
  *near = false;
  uint64_t *numbers = liking_init(&x, r, mem, err) ? mk_zalloc(mem, rows * sizeof *numbers, err) : NULL;
  bool ok = numbers && like_rows(&x, numbers, err) && put_twins(&x, numbers, rows, others, nothers, out, err);
  size_t twins = out->n / sizeof(grid_twin);
  uint8_t *twice = ok && !nothers ? mk_zalloc(mem, twins, err) : NULL;
  if (ok && !nothers) ok = twice && keep_near(&x, out, numbers, twice, near, err);
  mk_free(mem, twice, twins);
  mk_free(mem, numbers, rows * sizeof *numbers);
  liking_clear(&x);
  return ok;
}

bool grid_amounts(const mk_grid_rows *r, mk_buf *out, mk_err *err) {
  if (r->plan.quantity == GRID_NONE) return true;
  const grid_target *t = &r->targets[r->plan.quantity];
  size_t n = t->entries + t->values.n / sizeof(grid_value);
  uint8_t *seen = mk_zalloc(r->mem, n, err);
  if (!seen) return false;
  for (size_t row = 0; row < r->g->rows; row++) {
    uint32_t id = r->fates[row] == GRID_BULK && r->numbers[row] ? grid_id(r, r->plan.quantity, row) : 0;
    if (id && !seen[id]) mk_put(out, (const char *)&id, sizeof id);
    seen[id] = 1;
  }
  mk_free(r->mem, seen, n);
  return mk_buf_ok(out, err);
}

/* ------------------------------------------------------------------ pairs of them */

/* Whether the twins are in order of their cases. */
static bool in_order(const mk_grid_rows *r, const grid_twin *twins, size_t count) {
  uint32_t last = 0;
  for (size_t i = 0; i < count; i++) {
    uint32_t first = r->firsts[grid_key(r, twins[i].row)];
    if (first < last) return false;
    last = first;
  }
  return true;
}

static void put_side(const mk_grid_rows *r, size_t row, grid_pairs *out) {
  mk_value key = grid_value_of(r, r->plan.key, grid_key(r, row), NULL);
  mk_put(&out->text, key.s, key.n);
  mk_put(&out->ends, (const char *)&out->text.n, sizeof out->text.n);
  mk_put(&out->lines, r->g->lines.p + row * sizeof(uint32_t), sizeof(uint32_t));
}

/* Each twin but the first with its number, with that one. */
static bool pair_up(const mk_grid_rows *r, mk_mem *mem, const grid_twin *twins, size_t count, grid_pairs *out, mk_err *err) {
  size_t cap = 64;
  while (cap < count * 2) cap *= 2;
  uint32_t *slots = mk_zalloc(mem, cap * sizeof *slots, err); /* twins + 1 */
  if (!slots) return false;
  for (size_t i = 0; i < count; i++) {
    size_t at = (size_t)twins[i].likeness & (cap - 1);
    while (slots[at] && twins[slots[at] - 1].likeness != twins[i].likeness) at = (at + 1) & (cap - 1);
    if (!slots[at]) {
      slots[at] = (uint32_t)i + 1;
      continue;
    }
    put_side(r, twins[i].row, out);
    put_side(r, twins[slots[at] - 1].row, out);
    out->count++;
  }
  mk_free(mem, slots, cap * sizeof *slots);
  return mk_buf_ok(&out->text, err) && mk_buf_ok(&out->ends, err) && mk_buf_ok(&out->lines, err);
}

bool grid_find_pairs(const mk_grid_rows *r, mk_mem *mem, grid_pairs *out, mk_err *err) {
  mk_buf twins;
  *out = (grid_pairs){.count = 0};
  mk_buf *const bufs[] = {&twins, &out->lines, &out->ends, &out->text};
  for (size_t i = 0; i < sizeof bufs / sizeof bufs[0]; i++) mk_buf_init(bufs[i], mem);
  bool ok = grid_like(r, mem, NULL, 0, &twins, &out->told, err);
  const grid_twin *list = (const grid_twin *)(const void *)twins.p;
  size_t count = twins.n / sizeof *list;
  out->told = ok && out->told && in_order(r, list, count);
  if (out->told) ok = pair_up(r, mem, list, count, out, err);
  mk_buf_clear(&twins);
  if (!ok) grid_pairs_clear(out);
  return ok;
}

void grid_pairs_clear(grid_pairs *p) {
  mk_buf_clear(&p->lines);
  mk_buf_clear(&p->ends);
  mk_buf_clear(&p->text);
  p->count = 0;
}
