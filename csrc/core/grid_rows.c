/* grid_rows.c: rows of codes as rows of cases and lines, wherever nothing in them is unusual; the others are found and left to
 * the caller, with every row of their case. May include: grid.h, libc strings. */
#include "grid.h"

#include <stdatomic.h>
#include <string.h>

static uint32_t *words(const mk_buf *b) { return (uint32_t *)(void *)b->p; }

/* So many zeros. */
static bool zeros(mk_buf *b, size_t n, mk_err *err) {
  b->n = 0;
  if (!mk_buf_reserve(b, n)) return mk_buf_ok(b, err);
  memset(b->p, 0, n);
  b->n = n;
  return true;
}

mk_grid_rows *grid_rows_new(mk_grid *g, mk_err *err) {
  mk_grid_rows *r = mk_zalloc(g->mem, sizeof *r, err);
  if (!r) return NULL;
  r->g = g;
  r->mem = g->mem;
  r->plan.key = GRID_NONE;
  mk_buf_init(&r->masses, g->mem);
  r->fates = mk_zalloc(g->mem, g->rows, err);
  r->numbers = r->fates ? mk_zalloc(g->mem, g->rows * sizeof *r->numbers, err) : NULL;
  if (r->numbers) return r;
  grid_rows_free(r);
  return NULL;
}

void grid_rows_free(mk_grid_rows *r) {
  if (!r) return;
  grid_pairs_end(r);
  for (size_t t = 0; t < r->count; t++) {
    grid_target *x = &r->targets[t];
    mk_buf *bufs[] = {&x->ids, &x->said, &x->text, &x->values, &x->class_of, &x->owns, &x->digits, &x->places};
    for (size_t i = 0; i < sizeof bufs / sizeof bufs[0]; i++) mk_buf_clear(bufs[i]);
  }
  mk_free(r->mem, r->fates, r->g->rows);
  mk_free(r->mem, r->numbers, r->g->rows * sizeof *r->numbers);
  mk_free(r->mem, r->firsts, r->nkeys * sizeof *r->firsts);
  mk_free(r->mem, r->odd, r->nkeys);
  mk_buf_clear(&r->masses);
  if (r->paired) grid_pairs_clear(&r->pairs);
  mk_free(r->mem, r, sizeof *r);
}

/* ------------------------------------------------------------------ what is told */

bool grid_target_add(mk_grid_rows *r, uint16_t column, uint16_t by, size_t classes, mk_err *err) {
  if (r->count == GRID_TARGETS || classes > GRID_CLASSES) return mk_fail(err, MK_LIMIT, "the file has too many columns");
  grid_target *x = &r->targets[r->count++];
  size_t entries = column == GRID_NONE ? 1 : r->g->columns[column].count, cells;
  *x = (grid_target){.column = column, .by = by, .entries = entries, .classes = classes};
  mk_buf *bufs[] = {&x->ids, &x->said, &x->text, &x->values, &x->class_of, &x->owns, &x->digits, &x->places};
  for (size_t i = 0; i < sizeof bufs / sizeof bufs[0]; i++) mk_buf_init(bufs[i], r->mem);
  if (!mk_size_mul(entries * sizeof(uint32_t), classes, &cells) || cells / sizeof(uint32_t) > UINT32_MAX) return mk_fail(err, MK_LIMIT, "the file has too many different texts");
  if (!zeros(&x->ids, cells, err) || !zeros(&x->said, cells / sizeof(uint32_t), err)) return false;
  for (size_t c = 0; c < classes; c++) x->said.p[c * entries] = GRID_JUDGED; /* an empty cell is missing */
  return true;
}

bool grid_value_add(mk_grid_rows *r, size_t target, const mk_value *v, uint32_t *id, mk_err *err) {
  grid_target *x = &r->targets[target];
  uint32_t code;
  if (target == r->plan.key && v->type == MK_T_TEXT && grid_find(&r->g->columns[x->column], v->s, v->n, &code) && words(&x->ids)[code] == code) {
    *id = code;
    return true;
  }
  grid_value value = {v->type, v->i, (uint32_t)x->text.n, (uint32_t)v->n};
  size_t k = x->values.n / sizeof value;
  if (k >= GRID_VALUES || v->n > UINT32_MAX - x->text.n) return mk_fail(err, MK_LIMIT, "a column of the file holds more different values than can be read at once");
  if (v->type == MK_T_TEXT) mk_put(&x->text, v->s, v->n);
  mk_put(&x->values, (const char *)&value, sizeof value);
  *id = (uint32_t)(x->entries + k);
  return mk_buf_ok(&x->text, err) && mk_buf_ok(&x->values, err);
}

bool grid_say(mk_grid_rows *r, size_t target, size_t class, size_t code, uint32_t id, unsigned said, mk_err *err) {
  grid_target *x = &r->targets[target];
  if (class >= x->classes || code >= x->entries || id >= x->entries + x->values.n / sizeof(grid_value))
    return mk_fail(err, MK_RANGE, "a column of the file has no such text");
  words(&x->ids)[class * x->entries + code] = id;
  x->said.p[class * x->entries + code] = (char)(said | GRID_JUDGED);
  return true;
}

bool grid_own(mk_grid_rows *r, size_t target, size_t code, uint32_t unit, mk_err *err) {
  grid_target *x = &r->targets[target];
  if (!x->owns.n && !zeros(&x->owns, x->entries * sizeof(uint32_t), err)) return false;
  words(&x->owns)[code] = unit;
  return true;
}

bool grid_class(mk_grid_rows *r, size_t target, uint32_t id, unsigned class, mk_err *err) {
  grid_target *x = &r->targets[target];
  size_t ids = x->entries + x->values.n / sizeof(grid_value);
  if (x->class_of.n < ids) {
    size_t more = ids - x->class_of.n;
    if (!mk_buf_reserve(&x->class_of, more)) return mk_buf_ok(&x->class_of, err);
    memset(x->class_of.p + x->class_of.n, 0, more);
    x->class_of.n = ids;
  }
  x->class_of.p[id] = (char)class;
  return true;
}

/* ------------------------------------------------------------------ texts that stand for themselves */

static size_t digits(const char *s, size_t n) {
  size_t k = 0;
  while (k < n && s[k] >= '0' && s[k] <= '9') k++;
  return k;
}

/* As the reader of numbers in files tells them; only whole cells of few digits and at most one mark. */
grid_numeral grid_shape(const char *s, size_t n) {
  size_t a = digits(s, n);
  if (!a || n > 16) return NUMERAL_NONE;
  if (a == n) return NUMERAL_PLAIN;
  size_t b = digits(s + a + 1, n - a - 1);
  if ((s[a] != '.' && s[a] != ',') || !b || a + 1 + b != n) return NUMERAL_NONE;
  if (b == 3 && a <= 3 && s[0] != '0') return NUMERAL_BOTH;
  return s[a] == ',' ? NUMERAL_VI : NUMERAL_EN;
}

/* Signs that are written and folded in one way, a digit among them: so no title, sum or dash. */
static bool plain_key(const char *s, size_t n) {
  const uint64_t ones = UINT64_C(0x0101010101010101), highs = ones << 7;
  uint64_t odd = 0, digit = 0;
  for (size_t i = 0; i < n; i += 8) {
    uint64_t v = ones * '!'; /* what is behind the end */
    if (n - i >= 8) memcpy(&v, s + i, 8);
    else memcpy(&v, s + i, n - i);
    uint64_t u = v | highs; /* u - ones * b: the highest bit of a byte tells whether it is at least b */
    odd |= v | ~(u - ones * '!') | (u - ones * ('~' + 1));
    digit |= (u - ones * '0') & ~(u - ones * ('9' + 1));
  }
  return !(odd & highs) && (digit & highs);
}

static bool whole_number(const char *s, size_t n) {
  size_t a = digits(s, n);
  for (size_t i = a + 1; i < n; i++)
    if (s[i] != '0') return false;
  return true;
}

static void stand(grid_target *x, size_t code) {
  for (size_t c = 0; c < x->classes; c++) {
    words(&x->ids)[c * x->entries + code] = (uint32_t)code;
    x->said.p[c * x->entries + code] = GRID_JUDGED;
  }
}

typedef struct { mk_grid_rows *r; grid_target *x; unsigned shapes; const grid_key_shape *shape; atomic_bool other; } standing;

/* shape: of a key that stands for itself, as all of that shape do. */
static void stand_keys(void *arg, size_t from, size_t to) {
  standing *a = arg;
  bool other = false;
  for (size_t code = from ? from : 1; code < to; code++) {
    size_t n;
    const char *s = grid_text(&a->r->g->columns[a->x->column], code, &n);
    bool shaped = a->shape && grid_key_shaped(a->shape, s, n);
    other |= !shaped;
    if (shaped || plain_key(s, n)) stand(a->x, code);
  }
  if (other) atomic_store(&a->other, true);
}

void grid_direct_keys(mk_grid_rows *r, size_t target) {
  grid_key_shape shape;
  standing a = {.r = r, .x = &r->targets[target]};
  size_t n = 0;
  const char *s = a.x->entries > 1 ? grid_text(&r->g->columns[a.x->column], 1, &n) : "";
  if (plain_key(s, n) && grid_key_shape_of(s, n, &shape)) a.shape = &shape;
  atomic_init(&a.other, !a.shape);
  grid_share(r->g, a.x->entries, stand_keys, &a);
  r->shaped = target == r->plan.key && !atomic_load(&a.other);
}

static void put_digits(grid_target *x, size_t code, const char *s, size_t n) {
  int64_t v = 0;
  uint8_t behind = 0;
  bool point = false;
  for (size_t i = 0; i < n && !(point && x->whole); i++) {
    unsigned d = (unsigned char)s[i] - (unsigned)'0';
    if (d > 9) {
      point = true;
      continue;
    }
    v = v * 10 + d;
    behind = (uint8_t)(behind + point);
  }
  for (; behind && v % 10 == 0; behind--) v /= 10;
  ((int64_t *)(void *)x->digits.p)[code] = v;
  ((uint8_t *)x->places.p)[code] = behind;
}

static void stand_numbers(void *arg, size_t from, size_t to) {
  const standing *a = arg;
  for (size_t code = from; code < to; code++) {
    size_t n;
    const char *s = grid_text(&a->r->g->columns[a->x->column], code, &n);
    grid_numeral shape = grid_shape(s, n);
    if (shape == NUMERAL_NONE || !(a->shapes >> shape & 1) || (a->x->whole && !whole_number(s, n))) continue;
    stand(a->x, code);
    put_digits(a->x, code, s, n);
  }
}

bool grid_direct_numbers(mk_grid_rows *r, size_t target, unsigned shapes, bool whole, mk_err *err) {
  grid_target *x = &r->targets[target];
  if (!zeros(&x->digits, x->entries * sizeof(int64_t), err) || !zeros(&x->places, x->entries, err)) return false;
  x->number = true;
  x->whole = whole;
  standing a = {.r = r, .x = x, .shapes = shapes};
  grid_share(r->g, x->entries, stand_numbers, &a);
  return true;
}

/* A numeral as a canonical decimal. */
static void put_numeral(mk_buf *out, const char *s, size_t n) {
  size_t a = digits(s, n), from = 0;
  while (from + 1 < a && s[from] == '0') from++;
  mk_put(out, s + from, a - from);
  while (n > a + 1 && s[n - 1] == '0') n--;
  if (n <= a + 1) return;
  mk_putc(out, '.');
  mk_put(out, s + a + 1, n - a - 1);
}

bool grid_numeral_of(const mk_grid_rows *r, size_t target, uint32_t id, int64_t *digits, unsigned *places) {
  const grid_target *x = &r->targets[target];
  if (!x->number || !id || id >= x->entries) return false;
  *digits = ((const int64_t *)(const void *)x->digits.p)[id];
  *places = ((const uint8_t *)x->places.p)[id];
  return true;
}

mk_value grid_value_of(const mk_grid_rows *r, size_t target, uint32_t id, mk_buf *scratch) {
  const grid_target *x = &r->targets[target];
  mk_value v = {.type = MK_T_MISSING};
  if (!id) return v;
  if (id >= x->entries) {
    const grid_value *value = (const grid_value *)(const void *)x->values.p + (id - x->entries);
    v.type = value->type;
    v.i = value->i;
    v.s = x->text.p + value->at;
    v.n = value->n;
    return v;
  }
  v.type = MK_T_TEXT;
  v.s = grid_text(&r->g->columns[x->column], id, &v.n);
  if (!x->number) return v;
  if (x->whole) {
    v.type = MK_T_INT;
    for (size_t i = 0; i < digits(v.s, v.n); i++) v.i = v.i * 10 + (v.s[i] - '0');
    return v;
  }
  scratch->n = 0;
  put_numeral(scratch, v.s, v.n);
  v.s = scratch->p;
  v.n = scratch->n;
  return v;
}

/* ------------------------------------------------------------------ one row */

static inline uint32_t code_at(const mk_grid_rows *r, const grid_target *x, size_t row) {
  return x->column == GRID_NONE ? 0 : grid_codes(&r->g->columns[x->column])[row];
}

/* The id of a cell whose class is known; false: odd. */
static inline bool cell_id(const mk_grid_rows *r, const grid_target *x, size_t row, size_t class, uint32_t *id) {
  size_t at = class * x->entries + code_at(r, x, row);
  *id = words(&x->ids)[at];
  return ((unsigned char)x->said.p[at] & (GRID_JUDGED | GRID_ODD)) == GRID_JUDGED;
}

static size_t class_of(const mk_grid_rows *r, const grid_target *x, const uint32_t *ids) {
  if (x->by == GRID_NONE) return 0;
  const grid_target *by = &r->targets[x->by];
  uint32_t id = ids[x->by];
  return id < by->class_of.n ? (unsigned char)by->class_of.p[id] : 0;
}

size_t grid_class_at(const mk_grid_rows *r, size_t target, size_t row) {
  const grid_target *x = &r->targets[target];
  const grid_target *by = &r->targets[x->by];
  uint32_t id;
  cell_id(r, by, row, 0, &id);
  if (!id && target == r->plan.quantity) id = r->plan.given_unit;
  return id < by->class_of.n ? (unsigned char)by->class_of.p[id] : 0;
}

/* The unit of a row with a quantity: of its cell, of the unit column, or given. */
static bool settle_unit(const mk_grid_rows *r, size_t row, uint32_t *ids) {
  const grid_plan *p = &r->plan;
  if (p->quantity == GRID_NONE || !ids[p->quantity]) return true;
  const grid_target *x = &r->targets[p->quantity];
  uint32_t own = x->owns.n ? words(&x->owns)[code_at(r, x, row)] : 0;
  if (own && ids[p->unit] && own != ids[p->unit]) return false;
  if (own) ids[p->unit] = own;
  if (!ids[p->unit]) ids[p->unit] = p->given_unit;
  return true;
}

uint32_t grid_id(const mk_grid_rows *r, size_t target, size_t row) {
  const grid_target *x = &r->targets[target];
  const grid_plan *p = &r->plan;
  uint32_t id = 0, quantity;
  cell_id(r, x, row, x->by == GRID_NONE ? 0 : grid_class_at(r, target, row), &id);
  if (target != p->unit || p->quantity == GRID_NONE) return id;
  const grid_target *of = &r->targets[p->quantity];
  uint32_t own = of->owns.n ? words(&of->owns)[code_at(r, of, row)] : 0;
  if (!own && (id || !p->given_unit)) return id;
  cell_id(r, of, row, of->by == GRID_NONE ? 0 : grid_class_at(r, p->quantity, row), &quantity);
  if (!quantity || (own && id && own != id)) return id;
  return own ? own : p->given_unit;
}

bool grid_alone(const mk_grid_rows *r, size_t target) {
  const grid_plan *p = &r->plan;
  bool brought = target == p->unit && p->quantity != GRID_NONE && (r->targets[p->quantity].owns.n || p->given_unit);
  return r->targets[target].by == GRID_NONE && !brought;
}

bool grid_by_alone(const mk_grid_rows *r, size_t target) {
  const grid_target *x = &r->targets[target];
  return x->by != GRID_NONE && x->column != GRID_NONE && grid_alone(r, x->by);
}

void grid_class_cells(const mk_grid_rows *r, size_t target, size_t from, size_t n, uint32_t *out) {
  const grid_target *x = &r->targets[target], *by = &r->targets[x->by];
  const uint32_t *codes = grid_codes(&r->g->columns[x->column]) + from;
  const uint32_t *by_codes = by->column == GRID_NONE ? NULL : grid_codes(&r->g->columns[by->column]) + from;
  uint32_t given = target == r->plan.quantity ? r->plan.given_unit : 0;
  for (size_t i = 0; i < n; i++) {
    uint32_t id = words(&by->ids)[by_codes ? by_codes[i] : 0];
    if (!id) id = given;
    size_t class = id < by->class_of.n ? (unsigned char)by->class_of.p[id] : 0;
    out[i] = (uint32_t)(class * x->entries) + codes[i];
  }
}

void grid_ids(const mk_grid_rows *r, size_t target, size_t from, size_t n, uint32_t *out) {
  const grid_target *x = &r->targets[target];
  const uint32_t *ids = words(&x->ids), *codes = x->column == GRID_NONE ? NULL : grid_codes(&r->g->columns[x->column]) + from;
  if (grid_by_alone(r, target)) {
    grid_class_cells(r, target, from, n, out);
    for (size_t i = 0; i < n; i++) out[i] = ids[out[i]];
  } else if (!grid_alone(r, target))
    for (size_t i = 0; i < n; i++) out[i] = grid_id(r, target, from + i);
  else if (codes)
    for (size_t i = 0; i < n; i++) out[i] = ids[codes[i]];
  else
    for (size_t i = 0; i < n; i++) out[i] = ids[0];
}

bool grid_row(const mk_grid_rows *r, size_t row, uint32_t *ids) {
  bool sound = true;
  for (size_t t = 0; t < r->count; t++)
    if (r->targets[t].by == GRID_NONE) sound &= cell_id(r, &r->targets[t], row, 0, &ids[t]);
  for (size_t t = 0; t < r->count; t++) {
    const grid_target *x = &r->targets[t];
    if (x->by == GRID_NONE) continue;
    uint32_t before = ids[x->by];
    bool measured = t == r->plan.quantity && !before;
    if (measured) ids[x->by] = r->plan.given_unit;
    sound &= cell_id(r, x, row, class_of(r, x, ids), &ids[t]);
    ids[x->by] = before;
  }
  return settle_unit(r, row, ids) && sound;
}

/* ------------------------------------------------------------------ rows and cases */

static bool has_line(const mk_grid_rows *r, size_t row) {
  for (size_t i = 0; i < r->plan.nlines; i++)
    if (r->plan.lines[i] != GRID_NONE && r->plan.lines[i] != r->plan.key && grid_id(r, r->plan.lines[i], row)) return true;
  return false;
}

/* Whether the row says nothing of its case that the first one did not say. */
static bool agrees(const mk_grid_rows *r, size_t row, size_t first) {
  for (size_t i = 0; i < r->plan.ncases; i++) {
    uint16_t t = r->plan.cases[i];
    uint32_t id = t == GRID_NONE ? 0 : grid_id(r, t, row);
    if (id && id != grid_id(r, t, first)) return false;
  }
  return true;
}

/* The number of the line of a row; false: it does not follow the one before. */
static bool number_line(mk_grid_rows *r, size_t row, uint32_t *last) {
  const grid_plan *p = &r->plan;
  uint32_t next = *last + 1, id = p->line == GRID_NONE ? 0 : grid_id(r, p->line, row);
  if (id) {
    mk_value v = grid_value_of(r, p->line, id, NULL);
    if (v.type != MK_T_INT || v.i != next) return false;
  }
  r->numbers[row] = *last = next;
  return true;
}

/* Whether every sound row has a line, as one column tells by itself. */
static bool all_lined(const mk_grid_rows *r) {
  const grid_plan *p = &r->plan;
  for (size_t i = 0; i < p->nlines; i++) {
    const grid_target *x = &r->targets[p->lines[i] == GRID_NONE ? 0 : p->lines[i]];
    if (p->lines[i] == GRID_NONE || p->lines[i] == p->key || x->column == GRID_NONE || !grid_alone(r, p->lines[i])) continue;
    const uint32_t *ids = words(&x->ids), *codes = grid_codes(&r->g->columns[x->column]);
    size_t code = 1, row = 0;
    while (code < x->entries && (ids[code] || ((unsigned char)x->said.p[code] & GRID_ODD))) code++;
    while (code == x->entries && row < r->g->rows && (codes[row] || r->fates[row])) row++;
    if (code == x->entries && row == r->g->rows) return true;
  }
  return false;
}

static void take_row(mk_grid_rows *r, size_t row, uint32_t key, bool all, uint32_t *lasts) {
  bool lined = all || has_line(r, row), fits = true;
  if (!r->firsts[key]) r->firsts[key] = (uint32_t)row + 1;
  else fits = lined && agrees(r, row, r->firsts[key] - 1);
  if (fits && lined) fits = number_line(r, row, &lasts[key]);
  if (!fits) r->odd[key] = 1;
}

/* ------------------------------------------------------------------ which rows are odd by themselves */

/* Cells of a column that were not judged, or are odd. A column without such texts is not looked through. */
static void find_odd_cells(mk_grid_rows *r, size_t target) {
  const grid_target *x = &r->targets[target];
  bool any = false;
  for (size_t at = 0; at < x->said.n && !any; at++) any = ((unsigned char)x->said.p[at] & (GRID_JUDGED | GRID_ODD)) != GRID_JUDGED;
  for (size_t row = 0; any && row < r->g->rows; row++) {
    uint32_t id;
    if (!cell_id(r, x, row, x->by == GRID_NONE ? 0 : grid_class_at(r, target, row), &id) && !r->fates[row]) r->fates[row] = GRID_SAID;
  }
}

/* A text brings a unit along, and the column of units says another one. */
static void find_two_units(mk_grid_rows *r) {
  const grid_plan *p = &r->plan;
  const grid_target *x = p->quantity == GRID_NONE ? NULL : &r->targets[p->quantity];
  for (size_t row = 0; x && x->owns.n && row < r->g->rows; row++) {
    uint32_t own = words(&x->owns)[code_at(r, x, row)], unit;
    if (!own || r->fates[row]) continue;
    cell_id(r, &r->targets[p->unit], row, 0, &unit);
    if (unit && own != unit && grid_id(r, p->quantity, row)) r->fates[row] = GRID_SAID;
  }
}

static void find_backwards(mk_grid_rows *r) {
  const grid_plan *p = &r->plan;
  for (size_t row = 0; p->date != GRID_NONE && p->date_to != GRID_NONE && row < r->g->rows; row++) {
    uint32_t since = grid_id(r, p->date, row), until = grid_id(r, p->date_to, row);
    if (!since || !until || r->fates[row]) continue;
    mk_value from = grid_value_of(r, p->date, since, NULL), to = grid_value_of(r, p->date_to, until, NULL);
    if (memcmp(to.s, from.s, from.n < to.n ? from.n : to.n) < 0) r->fates[row] = GRID_SAID;
  }
}

bool grid_settle(mk_grid_rows *r, mk_err *err) {
  const grid_target *key = &r->targets[r->plan.key];
  r->nkeys = key->entries + key->values.n / sizeof(grid_value);
  r->firsts = mk_zalloc(r->mem, r->nkeys * sizeof *r->firsts, err);
  r->odd = r->firsts ? mk_zalloc(r->mem, r->nkeys, err) : NULL;
  uint32_t *lasts = r->odd ? mk_zalloc(r->mem, r->nkeys * sizeof *lasts, err) : NULL;
  if (!lasts) return false;
  const grid_apart *apart = (const grid_apart *)(const void *)r->g->apart.p;
  for (size_t i = 0; i < r->g->apart.n / sizeof *apart; i++) r->fates[apart[i].row] = GRID_APART;
  for (size_t t = 0; t < r->count; t++) find_odd_cells(r, t);
  find_two_units(r);
  find_backwards(r);
  bool lined = all_lined(r), counted = r->plan.line == GRID_NONE;
  for (size_t row = 0; row < r->g->rows; row++) {
    uint32_t id;
    if (r->fates[row] == GRID_APART) continue;
    cell_id(r, key, row, 0, &id);
    if (lined && counted && id && !r->fates[row] && !r->firsts[id]) { /* as take_row */
      r->firsts[id] = (uint32_t)row + 1;
      r->numbers[row] = lasts[id] = 1;
      continue;
    }
    if (!id) r->fates[row] = GRID_SAID;
    if (r->fates[row]) r->odd[id] = 1;
    else take_row(r, row, id, lined, lasts);
  }
  mk_free(r->mem, lasts, r->nkeys * sizeof *lasts);
  return true;
}

void grid_odd_key(mk_grid_rows *r, const char *s, size_t n, uint32_t id) {
  const grid_target *x = &r->targets[r->plan.key];
  uint32_t code;
  if (id) r->odd[id] = 1;
  else if (grid_find(&r->g->columns[x->column], s, n, &code)) r->odd[code] = 1;
}

void grid_spread(mk_grid_rows *r) {
  if (!memchr(r->odd, 1, r->nkeys)) return;
  for (size_t row = 0; row < r->g->rows; row++) {
    uint32_t id;
    if (r->fates[row] != GRID_BULK) continue;
    cell_id(r, &r->targets[r->plan.key], row, 0, &id);
    if (r->odd[id]) r->fates[row] = GRID_WITH;
  }
}

void grid_tally(const mk_grid_rows *r, size_t target, uint32_t *counts, uint32_t *firsts) {
  enum { SOME = 512 };
  const grid_target *x = &r->targets[target];
  const uint32_t *codes = grid_codes(&r->g->columns[x->column]);
  uint32_t cells[SOME];
  for (size_t from = 0, n; from < r->g->rows; from += n) {
    const uint32_t *at = x->by == GRID_NONE ? codes + from : cells;
    n = r->g->rows - from < SOME ? r->g->rows - from : SOME;
    if (grid_by_alone(r, target)) grid_class_cells(r, target, from, n, cells);
    else for (size_t i = 0; at == cells && i < n; i++) cells[i] = codes[from + i] + (uint32_t)(grid_class_at(r, target, from + i) * x->entries);
    for (size_t i = 0; i < n; i++)
      if (r->fates[from + i] == GRID_BULK && !counts[at[i]]++) firsts[at[i]] = (uint32_t)(from + i);
  }
}
