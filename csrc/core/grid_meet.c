/* grid_meet.c: rows and keys in bulk that may be the same as others: all candidates and few besides, found by numbers that are
 * equal whenever the things are. What they really are is for the caller to see. May include: grid.h, libc strings. */
#include "grid.h"

#include <string.h>

static uint64_t joined(uint64_t h, const char *s, size_t n) {
  const uint64_t a = UINT64_C(0x9E3779B97F4A7C15);
  uint64_t v;
  h = (h ^ n) * a;
  for (; n >= 8; s += 8, n -= 8) {
    memcpy(&v, s, 8);
    h = (h ^ v) * a;
    h ^= h >> 32;
  }
  for (v = 0; n; n--) v = v << 8 | (unsigned char)s[n - 1];
  h = (h ^ v) * a;
  h ^= h >> 29;
  return h * UINT64_C(0xBF58476D1CE4E5B9) ^ h >> 31;
}

/* ------------------------------------------------------------------ numbers that meet */

/* Those that may meet, told by a bit for each of some numbers: most have theirs alone. */
typedef struct { uint64_t *once, *again; size_t words; } sieve;

static void sieve_put(sieve *v, uint64_t number) {
  size_t at = (size_t)(number >> 8) & (v->words - 1);
  uint64_t bit = (uint64_t)1 << (number & 63);
  v->again[at] |= v->once[at] & bit;
  v->once[at] |= bit;
}

static bool sieve_init(sieve *v, mk_mem *mem, const uint64_t *numbers, size_t n, const uint64_t *others, size_t nothers, mk_err *err) {
  *v = (sieve){.words = 64};
  while (v->words < (n + nothers) / 8) v->words *= 2;
  v->once = mk_zalloc(mem, v->words * 2 * sizeof *v->once, err);
  if (!v->once) return false;
  v->again = v->once + v->words;
  for (size_t i = 0; i < nothers; i++) sieve_put(v, others[i]);
  for (size_t i = 0; i < n; i++)
    if (numbers[i]) sieve_put(v, numbers[i]);
  return true;
}

static bool may_meet(const sieve *v, uint64_t number) {
  return number && v->again[(size_t)(number >> 8) & (v->words - 1)] >> (number & 63) & 1;
}

/* The others are parted by their highest bits, so that those of a part are compared within the nearest memory. */
enum { PARTS = 256 };
typedef struct { uint64_t number; uint32_t at; bool other; } meeter;

static size_t part_of(uint64_t number) { return (size_t)(number >> 56); }

/* Where each part begins among the numbers that may meet; begins[PARTS] is how many there are. */
static void find_parts(const sieve *v, const uint64_t *numbers, size_t n, const uint64_t *others, size_t nothers, size_t begins[PARTS + 1]) {
  size_t sum = 0;
  memset(begins, 0, (PARTS + 1) * sizeof *begins);
  for (size_t i = 0; i < n; i++) begins[part_of(numbers[i])] += may_meet(v, numbers[i]);
  for (size_t i = 0; i < nothers; i++) begins[part_of(others[i])] += may_meet(v, others[i]);
  for (size_t k = 0; k <= PARTS; k++) {
    size_t here = begins[k];
    begins[k] = sum;
    sum += here;
  }
}

/* Sets twice at those of a part that are there more than once, or equal another. slots: at least twice as many, all NULL. */
static void meet_part(const meeter *list, size_t n, const meeter **slots, size_t cap, uint8_t *twice) {
  for (size_t i = 0; i < n; i++) {
    size_t at = (size_t)list[i].number & (cap - 1);
    while (slots[at] && slots[at]->number != list[i].number) at = (at + 1) & (cap - 1);
    if (!slots[at]) slots[at] = &list[i];
    if (slots[at] == &list[i]) continue;
    if (!list[i].other) twice[list[i].at] = 1;
    if (!slots[at]->other) twice[slots[at]->at] = 1;
  }
}

/* Of numbers, 0 standing for none, which are there twice or among the others: twice, a byte each, 0 at first. */
static bool meet(mk_mem *mem, const uint64_t *numbers, size_t n, const uint64_t *others, size_t nothers, uint8_t *twice, mk_err *err) {
  size_t begins[PARTS + 1], ends[PARTS], most = 0, cap = 64;
  sieve v;
  if (!sieve_init(&v, mem, numbers, n, others, nothers, err)) return false;
  find_parts(&v, numbers, n, others, nothers, begins);
  for (size_t k = 0; k < PARTS; k++) {
    ends[k] = begins[k];
    if (begins[k + 1] - begins[k] > most) most = begins[k + 1] - begins[k];
  }
  while (cap < most * 2) cap *= 2;
  size_t size = begins[PARTS] * sizeof(meeter);
  meeter *list = mk_alloc(mem, size, err);
  const meeter **slots = list ? mk_alloc(mem, cap * sizeof *slots, err) : NULL;
  for (size_t i = 0; slots && i < nothers; i++)
    if (may_meet(&v, others[i])) list[ends[part_of(others[i])]++] = (meeter){others[i], 0, true};
  for (size_t i = 0; slots && i < n; i++)
    if (may_meet(&v, numbers[i])) list[ends[part_of(numbers[i])]++] = (meeter){numbers[i], (uint32_t)i, false};
  for (size_t k = 0; slots && k < PARTS; k++) {
    if (begins[k] == begins[k + 1]) continue;
    memset(slots, 0, cap * sizeof *slots);
    meet_part(list + begins[k], begins[k + 1] - begins[k], slots, cap, twice);
  }
  mk_free(mem, list, size);
  if (slots) mk_free(mem, slots, cap * sizeof *slots);
  mk_free(mem, v.once, v.words * 2 * sizeof *v.once);
  return slots != NULL;
}

/* 0 stands for none. */
static uint64_t some(uint64_t h) { return h ? h : 1; }

/* ------------------------------------------------------------------ lines that may be one seizure */

static uint64_t with(uint64_t a, uint64_t b) {
  uint64_t h = (a ^ (b << 32 | b >> 32)) * UINT64_C(0x9E3779B97F4A7C15);
  h ^= h >> 29;
  return h * UINT64_C(0xBF58476D1CE4E5B9) ^ h >> 31;
}

enum { OF_THING = 3, OF_UNIT, OF_PLACE, OF_DATE, OF_AMOUNT, DIGITS_MAX = 18 };

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
  return i == n && n ? some(with(OF_AMOUNT + places, digits)) : joined(OF_AMOUNT, s, n);
}

static uint64_t likeness(uint64_t thing, uint64_t date, uint64_t amount, uint64_t unit) {
  return some(with(with(with(thing, date), amount), unit));
}

/* The id of a target in a row; 0 where there is none. */
static uint32_t id_at(const mk_grid_rows *r, uint16_t target, size_t row) { return target == GRID_NONE ? 0 : grid_id(r, target, row); }

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

/* Numbers of the ids of one target, 0 not known yet. */
typedef struct { uint64_t *of; size_t n; } numbered;

static bool numbered_init(const mk_grid_rows *r, numbered *x, uint16_t target, mk_err *err) {
  if (target == GRID_NONE) return true;
  const grid_target *t = &r->targets[target];
  x->n = t->entries + t->values.n / sizeof(grid_value);
  x->of = mk_zalloc(r->mem, x->n * sizeof *x->of, err);
  return x->of != NULL;
}

static void numbered_clear(const mk_grid_rows *r, numbered *x) {
  if (x->of) mk_free(r->mem, x->of, x->n * sizeof *x->of);
}

/* One text folded as the caller folds it, as a number; of no text where that is empty. */
static bool folded(uint64_t of, const char *s, size_t n, mk_buf *key, uint64_t *out, mk_err *err) {
  key->n = 0;
  if (!mk_key(key, s, n, 3, err)) return false;
  *out = some(joined(of, key->p ? key->p : "", key->n));
  return true;
}

typedef struct { mk_buf amount, kg, key; numbered things[3], dates, amounts, units; } scratch;

static bool number_thing(const mk_grid_rows *r, scratch *x, size_t k, uint32_t id, uint64_t *out, mk_err *err) {
  uint64_t *slot = &x->things[k].of[id];
  mk_value v = {.type = MK_T_MISSING};
  if (!*slot) v = grid_value_of(r, r->plan.thing[k], id, NULL);
  if (!*slot && !folded(OF_THING, v.s, v.n, &x->key, slot, err)) return false;
  *out = *slot;
  return true;
}

static uint64_t number_text(const mk_grid_rows *r, numbered *x, uint64_t of, uint16_t target, uint32_t id) {
  if (x->of[id]) return x->of[id];
  mk_value v = grid_value_of(r, target, id, NULL);
  return x->of[id] = some(joined(of, v.s, v.n));
}

/* The same for texts. */
bool grid_likeness(const grid_line *l, mk_buf *key, uint64_t *out, mk_err *err) {
  uint64_t thing;
  if (!folded(OF_THING, l->thing, l->thing_n, key, &thing, err)) return false;
  *out = likeness(thing, some(joined(OF_DATE, l->date, l->date_n)), of_amount(l->amount, l->amount_n),
                  some(joined(OF_UNIT, l->unit, l->unit_n)));
  return true;
}

static uint64_t number_amount(const mk_grid_rows *r, scratch *x, uint32_t amount, uint32_t unit, uint64_t *of_unit) {
  mk_value v, name = {.type = MK_T_MISSING};
  uint64_t *known = &x->amounts.of[amount];
  if (!r->masses.n) {
    int64_t digits;
    unsigned places;
    *of_unit = number_text(r, &x->units, OF_UNIT, r->plan.unit, unit);
    if (!*known && grid_numeral_of(r, r->plan.quantity, amount, &digits, &places)) *known = some(with(OF_AMOUNT + places, (uint64_t)digits));
    if (*known != 0) return *known;
  }
  v = grid_value_of(r, r->plan.quantity, amount, &x->amount);
  if (r->masses.n && in_kg(r, unit, &v, &name, &x->kg)) *of_unit = some(joined(OF_UNIT, name.s, name.n));
  else *of_unit = number_text(r, &x->units, OF_UNIT, r->plan.unit, unit);
  return of_amount(v.s, v.n);
}

/* Of rows that follow each other. */
enum { ROWS = 512, DATES = 3, AMOUNTS, UNITS, IDS };
typedef struct { size_t from, n; uint32_t of[IDS][ROWS]; } some_ids; /* by things, then as named above */

static void take_ids(const mk_grid_rows *r, some_ids *ids) {
  const grid_plan *p = &r->plan;
  const uint16_t targets[IDS] = {p->thing[0], p->thing[1], p->thing[2], p->date, p->quantity, p->unit};
  for (size_t k = 0; k < IDS; k++) {
    if (targets[k] != GRID_NONE) grid_ids(r, targets[k], ids->from, ids->n, ids->of[k]);
    else memset(ids->of[k], 0, sizeof ids->of[k]);
  }
}

/* The number of a row that has what makes lines alike, else 0. */
static bool row_likeness(const mk_grid_rows *r, const some_ids *ids, size_t i, scratch *x, uint64_t *out, mk_err *err) {
  const grid_plan *p = &r->plan;
  uint32_t date = ids->of[DATES][i], amount = ids->of[AMOUNTS][i];
  uint64_t of_thing, of_unit;
  size_t k = 0;
  *out = 0;
  while (k < 3 && !ids->of[k][i]) k++;
  if (k == 3 || !amount) return true;
  if (!date) date = grid_id(r, p->date, r->firsts[grid_id(r, p->key, ids->from + i)] - 1);
  if (!date || (!x->dates.of[date] && grid_value_of(r, p->date, date, NULL).n != 10)) return true;
  if (!number_thing(r, x, k, ids->of[k][i], &of_thing, err)) return false;
  uint64_t of_date = number_text(r, &x->dates, OF_DATE, p->date, date);
  uint64_t of_quantity = number_amount(r, x, amount, ids->of[UNITS][i], &of_unit);
  *out = likeness(of_thing, of_date, of_quantity, of_unit);
  return mk_buf_ok(&x->amount, err) && mk_buf_ok(&x->kg, err);
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

static bool scratch_init(const mk_grid_rows *r, scratch *x, mk_err *err) {
  *x = (scratch){0};
  mk_buf_init(&x->amount, r->mem);
  mk_buf_init(&x->kg, r->mem);
  mk_buf_init(&x->key, r->mem);
  for (size_t k = 0; k < 3; k++)
    if (!numbered_init(r, &x->things[k], r->plan.thing[k], err)) return false;
  return numbered_init(r, &x->dates, r->plan.date, err) && numbered_init(r, &x->amounts, r->plan.quantity, err) && numbered_init(r, &x->units, r->plan.unit, err);
}

static void scratch_clear(const mk_grid_rows *r, scratch *x) {
  for (size_t k = 0; k < 3; k++) numbered_clear(r, &x->things[k]);
  numbered_clear(r, &x->dates);
  numbered_clear(r, &x->amounts);
  numbered_clear(r, &x->units);
  mk_buf_clear(&x->amount);
  mk_buf_clear(&x->kg);
  mk_buf_clear(&x->key);
}

static bool like_rows(mk_grid_rows *r, uint64_t *numbers, mk_err *err) {
  scratch x;
  some_ids ids = {.n = 0};
  bool ok = scratch_init(r, &x, err) && r->plan.date != GRID_NONE && r->plan.quantity != GRID_NONE;
  for (size_t rows = r->g->rows; ok && ids.from < rows; ids.from += ids.n) {
    ids.n = rows - ids.from < ROWS ? rows - ids.from : ROWS;
    take_ids(r, &ids);
    for (size_t i = 0, row = ids.from; ok && i < ids.n; i++, row++)
      if (r->fates[row] == GRID_BULK && r->numbers[row]) ok = row_likeness(r, &ids, i, &x, &numbers[row], err);
  }
  scratch_clear(r, &x);
  return !mk_failed(err);
}

static bool put_twins(mk_mem *mem, const uint64_t *numbers, size_t rows, const uint64_t *others, size_t nothers, mk_buf *out, mk_err *err) {
  uint8_t *twice = mk_zalloc(mem, rows, err);
  bool ok = twice && meet(mem, numbers, rows, others, nothers, twice, err);
  for (size_t row = 0; ok && row < rows; row++) {
    grid_twin twin = {numbers[row], row};
    if (twice[row]) mk_put(out, (const char *)&twin, sizeof twin);
  }
  mk_free(mem, twice, rows);
  return ok && mk_buf_ok(out, err);
}

/* Where a case was, folded as the caller folds it, as a number of its text; 0 where it does not say. */
static bool where_at(const mk_grid_rows *r, numbered *w, uint16_t target, size_t row, mk_buf *key, uint64_t *out, mk_err *err) {
  uint32_t id = id_at(r, target, row);
  *out = 0;
  if (!id) return true;
  if (!w->of[id]) {
    mk_value v = grid_value_of(r, target, id, NULL);
    if (!folded(OF_PLACE, v.s, v.n, key, &w->of[id], err)) return false;
    if (!key->n) w->of[id] = 1; /* of no text */
  }
  *out = w->of[id] == 1 ? 0 : w->of[id];
  return true;
}

/* Lines that are alike but were in different places are not one seizure. Where all of them say as much of the place as each other,
 * and none is the caller's, only those that say the same are kept: found by numbers of both. */
static bool keep_near(mk_grid_rows *r, numbered w[2], mk_buf *twins, uint64_t *numbers, uint8_t *twice, bool *near, mk_err *err) {
  grid_twin *list = (grid_twin *)(void *)twins->p;
  size_t n = twins->n / sizeof *list, kept = 0;
  unsigned said = 4;
  mk_buf key;
  mk_buf_init(&key, r->mem);
  bool ok = true;
  for (size_t i = 0; ok && i < n; i++) {
    uint64_t at[2];
    size_t first = r->firsts[grid_id(r, r->plan.key, list[i].row)] - 1;
    ok = where_at(r, &w[0], r->plan.places[0], first, &key, &at[0], err) && where_at(r, &w[1], r->plan.places[1], first, &key, &at[1], err);
    unsigned now = (at[0] != 0) | (unsigned)(at[1] != 0) << 1;
    if (ok && said != 4 && said != now) break;
    said = now;
    if (ok) numbers[kept++] = some(with(with(list[i].likeness, at[0]), at[1]));
  }
  mk_buf_clear(&key);
  if (!ok || kept < n) return ok;
  if (!meet(r->mem, numbers, n, NULL, 0, twice, err)) return false;
  kept = 0;
  for (size_t i = 0; i < n; i++)
    if (twice[i]) list[kept++] = (grid_twin){numbers[i], list[i].row};
  twins->n = kept * sizeof *list;
  *near = true;
  return true;
}

/* numbers: room for as many as there are rows. */
static bool like_near(mk_grid_rows *r, mk_buf *out, uint64_t *numbers, bool *near, mk_err *err) {
  numbered w[2] = {{NULL, 0}, {NULL, 0}};
  size_t n = out->n / sizeof(grid_twin);
  uint8_t *twice = mk_zalloc(r->mem, n, err);
  bool ok = twice && numbered_init(r, &w[0], r->plan.places[0], err) && numbered_init(r, &w[1], r->plan.places[1], err) &&
            keep_near(r, w, out, numbers, twice, near, err);
  for (size_t k = 0; k < 2; k++) numbered_clear(r, &w[k]);
  mk_free(r->mem, twice, n);
  return ok;
}

bool grid_like(mk_grid_rows *r, const uint64_t *others, size_t nothers, mk_buf *out, bool *near, mk_err *err) {
  size_t rows = r->g->rows;
  *near = false;
  uint64_t *numbers = mk_zalloc(r->mem, rows * sizeof *numbers, err);
  bool ok = numbers && like_rows(r, numbers, err) && put_twins(r->mem, numbers, rows, others, nothers, out, err) &&
            (nothers || like_near(r, out, numbers, near, err));
  mk_free(r->mem, numbers, rows * sizeof *numbers);
  return ok;
}

/* ------------------------------------------------------------------ keys that may be one */

/* Letters, digits and what is not ASCII, in one case: what folding of level 1 leaves of a text, and plain for ASCII. */
bool grid_key_hash(const char *s, size_t n, mk_buf *folded, uint64_t *out, mk_err *err) {
  const char *p = s;
  size_t i = 0;
  while (i < n && (unsigned char)s[i] < 0x80) i++;
  if (i < n) {
    folded->n = 0;
    if (!mk_key(folded, s, n, 1, err)) return false;
    p = folded->p ? folded->p : "";
    n = folded->n;
  }
  char kept[256];
  uint64_t h = 0;
  size_t k = 0;
  for (i = 0; i < n; i++) {
    unsigned char c = (unsigned char)p[i], lower = c | 0x20;
    bool letter = (unsigned char)(lower - 'a') < 26;
    kept[k] = (char)(letter ? lower : c);
    k += (c >= 0x80) | letter | ((unsigned char)(c - '0') < 10);
    if (k == sizeof kept) {
      h = joined(h, kept, k);
      k = 0;
    }
  }
  *out = some(joined(h, kept, k));
  return true;
}

static bool number_keys(mk_grid_rows *r, uint64_t *numbers, mk_err *err) {
  mk_buf key;
  mk_buf_init(&key, r->mem);
  for (uint32_t id = 1; id < r->nkeys && !mk_failed(err); id++) {
    if (!r->firsts[id] || r->odd[id]) continue;
    mk_value v = grid_value_of(r, r->plan.key, id, NULL);
    if (!grid_key_hash(v.s, v.n, &key, &numbers[id], err)) break;
  }
  mk_buf_clear(&key);
  return !mk_failed(err);
}

/* Of 8 bytes of ASCII: digits, large and small letters as one each, others as they are. All ones where one is not ASCII. */
static uint64_t shape_of(uint64_t v) {
  const uint64_t ones = UINT64_C(0x0101010101010101), highs = ones << 7;
  if (v & highs) return UINT64_MAX;
  uint64_t u = v | highs; /* u - ones * b: the highest bit of a byte tells whether it is at least b */
  uint64_t digits = (u - ones * '0') & ~(u - ones * ('9' + 1)) & highs, large = (u - ones * 'A') & ~(u - ones * ('Z' + 1)) & highs;
  uint64_t small = (u - ones * 'a') & ~(u - ones * ('z' + 1)) & highs, any = digits | large | small;
  return (v & ~((any >> 7) * 0xFF)) | any | large >> 1 | small >> 2;
}

/* Whether all keys have digits, large and small letters at the same places, and else are the same: folding tells such apart. */
static bool one_shape(const mk_grid_rows *r) {
  uint64_t shape[4] = {0};
  size_t length = 0;
  for (uint32_t id = 1; id < r->nkeys; id++) {
    if (!r->firsts[id] || r->odd[id]) continue;
    mk_value v = grid_value_of(r, r->plan.key, id, NULL);
    bool first = length == 0;
    if (first) length = v.n;
    if (v.n != length || v.n > sizeof shape || v.n == 0) return false;
    for (size_t k = 0; k * 8 < length; k++) {
      uint64_t word = 0;
      if (length - k * 8 >= 8) memcpy(&word, v.s + k * 8, 8);
      else memcpy(&word, v.s + k * 8, length - k * 8);
      uint64_t now = shape_of(word);
      if (first) shape[k] = now;
      if (now != shape[k] || now == UINT64_MAX) return false;
    }
  }
  return true;
}

bool grid_alike(mk_grid_rows *r, const uint64_t *others, size_t nothers, mk_buf *out, mk_err *err) {
  if (!nothers && one_shape(r)) return true;
  uint64_t *numbers = mk_zalloc(r->mem, r->nkeys * sizeof *numbers, err);
  uint8_t *twice = numbers ? mk_zalloc(r->mem, r->nkeys, err) : NULL;
  bool ok = twice && number_keys(r, numbers, err) && meet(r->mem, numbers, r->nkeys, others, nothers, twice, err);
  for (uint32_t id = 1; ok && id < r->nkeys; id++)
    if (twice[id]) mk_put(out, (const char *)&id, sizeof id);
  mk_free(r->mem, numbers, r->nkeys * sizeof *numbers);
  mk_free(r->mem, twice, r->nkeys);
  return ok && mk_buf_ok(out, err);
}
