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

/* A set of numbers that knows which were put in twice. 0 is kept apart by adding it to 1. */
typedef struct { uint64_t *slots; size_t cap; mk_mem *mem; } meeting;

static bool meeting_init(meeting *m, mk_mem *mem, size_t count, mk_err *err) {
  *m = (meeting){.mem = mem, .cap = 64};
  while (m->cap < count * 2) m->cap *= 2;
  m->slots = mk_zalloc(mem, m->cap * sizeof *m->slots, err);
  return m->slots != NULL;
}

static uint64_t *meeting_slot(const meeting *m, uint64_t h) {
  size_t at = (size_t)(h >> 1) & (m->cap - 1);
  while (m->slots[at] && (m->slots[at] | 1) != (h | 1)) at = (at + 1) & (m->cap - 1);
  return &m->slots[at];
}

/* The slots of numbers some way ahead are fetched before they are needed. */
enum { AHEAD = 16 };
static void meeting_ahead(const meeting *m, const uint64_t *hashes, size_t i, size_t n) {
  if (i + AHEAD < n) __builtin_prefetch(&m->slots[(size_t)(hashes[i + AHEAD] >> 1) & (m->cap - 1)], 1);
}

/* Numbers have their low bit for the mark of a second one. */
static uint64_t marked(uint64_t h) { return (h & ~UINT64_C(1)) | (h < 2 ? 2 : 0); }

static void meeting_add(meeting *m, uint64_t h, bool twice) {
  uint64_t *slot = meeting_slot(m, marked(h));
  *slot = *slot ? *slot | 1 : marked(h) | twice;
}

static bool meeting_twice(const meeting *m, uint64_t h) { return *meeting_slot(m, marked(h)) & 1; }

/* ------------------------------------------------------------------ lines that may be one seizure */

static uint64_t likeness(uint64_t thing, const grid_line *l) {
  return marked(joined(joined(joined(thing, l->date, l->date_n), l->amount, l->amount_n), l->unit, l->unit_n));
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

/* folded: of each id of the things a number of its folded text, 0 not known yet. */
typedef struct { mk_buf amount, kg, key; uint64_t *folded[3]; size_t nfolded[3]; } scratch;

static bool fold_thing(const mk_grid_rows *r, scratch *x, size_t k, uint32_t id, uint64_t *out, mk_err *err) {
  uint64_t *slot = &x->folded[k][id];
  if (!*slot) {
    mk_value v = grid_value_of(r, r->plan.thing[k], id, NULL);
    x->key.n = 0;
    if (!mk_key(&x->key, v.s, v.n, 3, err)) return false;
    *slot = joined(3, x->key.p ? x->key.p : "", x->key.n) | 1;
  }
  *out = *slot;
  return true;
}

/* The same for texts. */
bool grid_likeness(const grid_line *l, mk_buf *key, uint64_t *out, mk_err *err) {
  key->n = 0;
  if (!mk_key(key, l->thing, l->thing_n, 3, err)) return false;
  uint64_t thing = joined(3, key->p ? key->p : "", key->n) | 1;
  *out = likeness(thing, l);
  return true;
}

/* Whether a row has what makes lines alike, and its number. */
static bool row_likeness(const mk_grid_rows *r, size_t row, scratch *x, uint64_t *out, mk_err *err) {
  const grid_plan *p = &r->plan;
  uint32_t of_thing = 0, of_date = id_at(r, p->date, row), of_amount = id_at(r, p->quantity, row);
  uint64_t thing;
  size_t k = 0;
  while (k < 3 && !(of_thing = id_at(r, p->thing[k], row))) k++;
  if (k == 3 || !of_amount || p->date == GRID_NONE) return false;
  if (!of_date) of_date = grid_id(r, p->date, r->firsts[grid_id(r, p->key, row)] - 1);
  if (!of_date) return false;
  uint32_t of_unit = grid_id(r, p->unit, row);
  mk_value date = grid_value_of(r, p->date, of_date, NULL);
  if (date.n != 10 || !fold_thing(r, x, k, of_thing, &thing, err)) return false;
  mk_value amount = grid_value_of(r, p->quantity, of_amount, &x->amount), unit = grid_value_of(r, p->unit, of_unit, NULL);
  in_kg(r, of_unit, &amount, &unit, &x->kg);
  grid_line l = {date.s, NULL, amount.s, unit.s, date.n, 0, amount.n, unit.n};
  *out = likeness(thing, &l);
  return mk_buf_ok(&x->amount, err) && mk_buf_ok(&x->kg, err);
}

static bool scratch_init(const mk_grid_rows *r, scratch *x, mk_err *err) {
  *x = (scratch){0};
  mk_buf_init(&x->amount, r->mem);
  mk_buf_init(&x->kg, r->mem);
  mk_buf_init(&x->key, r->mem);
  for (size_t k = 0; k < 3; k++) {
    if (r->plan.thing[k] == GRID_NONE) continue;
    const grid_target *t = &r->targets[r->plan.thing[k]];
    x->nfolded[k] = t->entries + t->values.n / sizeof(grid_value);
    x->folded[k] = mk_zalloc(r->mem, x->nfolded[k] * sizeof(uint64_t), err);
    if (!x->folded[k]) return false;
  }
  return true;
}

static void scratch_clear(const mk_grid_rows *r, scratch *x) {
  for (size_t k = 0; k < 3; k++)
    if (x->folded[k]) mk_free(r->mem, x->folded[k], x->nfolded[k] * sizeof(uint64_t));
  mk_buf_clear(&x->amount);
  mk_buf_clear(&x->kg);
  mk_buf_clear(&x->key);
}

static bool like_rows(mk_grid_rows *r, meeting *m, uint64_t *hashes, mk_buf *out, mk_err *err) {
  scratch x;
  bool ok = scratch_init(r, &x, err);
  size_t rows = r->g->rows;
  for (size_t row = 0; ok && row < rows && !mk_failed(err); row++)
    if (r->fates[row] == GRID_BULK && r->numbers[row] && row_likeness(r, row, &x, &hashes[row], err)) hashes[row] = marked(hashes[row]);
  scratch_clear(r, &x);
  if (!ok || mk_failed(err)) return false;
  for (size_t row = 0; row < rows; row++) {
    meeting_ahead(m, hashes, row, rows);
    if (hashes[row]) meeting_add(m, hashes[row], false);
  }
  for (size_t row = 0; row < rows; row++) {
    grid_twin twin = {hashes[row], row};
    meeting_ahead(m, hashes, row, rows);
    if (hashes[row] && meeting_twice(m, hashes[row])) mk_put(out, (const char *)&twin, sizeof twin);
  }
  return mk_buf_ok(out, err);
}

/* Where a case was, folded as the caller folds it, as a number of its text: 0 where it does not say. seen: of the ids of the target,
 * 1 not known yet. */
typedef struct { uint16_t target; uint64_t *seen; size_t n; } where;

static bool where_init(const mk_grid_rows *r, where *w, uint16_t target, mk_err *err) {
  *w = (where){.target = target};
  if (target == GRID_NONE) return true;
  const grid_target *t = &r->targets[target];
  w->n = t->entries + t->values.n / sizeof(grid_value);
  w->seen = mk_alloc(r->mem, w->n * sizeof *w->seen, err);
  for (size_t i = 0; w->seen && i < w->n; i++) w->seen[i] = 1;
  return w->seen != NULL;
}

static bool where_at(const mk_grid_rows *r, where *w, size_t row, mk_buf *key, uint64_t *out, mk_err *err) {
  *out = 0;
  if (w->target == GRID_NONE) return true;
  uint32_t id = grid_id(r, w->target, row);
  uint64_t *slot = &w->seen[id];
  if (*slot == 1) {
    mk_value v = grid_value_of(r, w->target, id, NULL);
    key->n = 0;
    if (id && !mk_key(key, v.s, v.n, 3, err)) return false;
    *slot = key->n ? joined(5, key->p, key->n) | 2 : 0;
    *slot &= ~UINT64_C(1);
  }
  *out = *slot;
  return true;
}

/* Lines that are alike but were in different places are not one seizure. Where all of them say as much of the place as each other,
 * and none is the caller's, only those that say the same are kept: found by numbers of both. */
static bool keep_near(mk_grid_rows *r, where *w, mk_buf *twins, uint64_t *numbers, mk_err *err) {
  grid_twin *list = (grid_twin *)(void *)twins->p;
  size_t n = twins->n / sizeof *list, kept = 0;
  unsigned said = 4;
  mk_buf key;
  meeting m;
  mk_buf_init(&key, r->mem);
  bool ok = true;
  for (size_t i = 0; ok && i < n; i++) {
    uint64_t at[2];
    size_t first = r->firsts[grid_id(r, r->plan.key, list[i].row)] - 1;
    ok = where_at(r, &w[0], first, &key, &at[0], err) && where_at(r, &w[1], first, &key, &at[1], err);
    unsigned now = (at[0] != 0) | (unsigned)(at[1] != 0) << 1;
    if (ok && said != 4 && said != now) break;
    said = now;
    if (ok) numbers[kept++] = marked(joined(list[i].likeness, (const char *)at, sizeof at));
  }
  mk_buf_clear(&key);
  if (!ok || kept < n) return ok;
  if (!meeting_init(&m, r->mem, n, err)) return false;
  for (size_t i = 0; i < n; i++) meeting_add(&m, numbers[i], false);
  kept = 0;
  for (size_t i = 0; i < n; i++)
    if (meeting_twice(&m, numbers[i])) list[kept++] = list[i];
  twins->n = kept * sizeof *list;
  mk_free(r->mem, m.slots, m.cap * sizeof *m.slots);
  return true;
}

/* numbers: room for as many as there are rows. */
static bool like_near(mk_grid_rows *r, const uint16_t places[2], mk_buf *out, uint64_t *numbers, mk_err *err) {
  where w[2] = {{.seen = NULL}, {.seen = NULL}};
  bool ok = where_init(r, &w[0], places[0], err) && where_init(r, &w[1], places[1], err) && keep_near(r, w, out, numbers, err);
  for (size_t k = 0; k < 2; k++)
    if (w[k].seen) mk_free(r->mem, w[k].seen, w[k].n * sizeof(uint64_t));
  return ok;
}

bool grid_like(mk_grid_rows *r, const uint64_t *others, size_t nothers, mk_buf *out, mk_err *err) {
  meeting m;
  uint64_t *hashes = mk_zalloc(r->mem, r->g->rows * sizeof *hashes, err);
  bool ok = hashes && meeting_init(&m, r->mem, r->g->rows + nothers, err);
  if (ok) {
    for (size_t i = 0; i < nothers; i++) meeting_add(&m, others[i], true);
    ok = like_rows(r, &m, hashes, out, err);
    mk_free(r->mem, m.slots, m.cap * sizeof *m.slots);
    ok = ok && (nothers || like_near(r, r->plan.places, out, hashes, err));
  }
  mk_free(r->mem, hashes, r->g->rows * sizeof *hashes);
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
  uint64_t h = UINT64_C(0x9E3779B97F4A7C15);
  for (i = 0; i < n; i++) {
    unsigned char c = (unsigned char)p[i];
    if (c >= 'A' && c <= 'Z') c = (unsigned char)(c + 32);
    if (c >= 0x80 || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9')) h = (h ^ c) * UINT64_C(0x100000001B3);
  }
  *out = joined(2, (const char *)&h, sizeof h);
  return true;
}

static bool alike_keys(mk_grid_rows *r, meeting *m, uint64_t *hashes, mk_buf *out, mk_err *err) {
  mk_buf folded;
  mk_buf_init(&folded, r->mem);
  for (uint32_t id = 1; id < r->nkeys && !mk_failed(err); id++) {
    if (!r->firsts[id] || r->odd[id]) continue;
    mk_value v = grid_value_of(r, r->plan.key, id, NULL);
    if (!grid_key_hash(v.s, v.n, &folded, &hashes[id], err)) break;
    hashes[id] = marked(hashes[id]);
  }
  mk_buf_clear(&folded);
  for (uint32_t id = 1; id < r->nkeys && !mk_failed(err); id++) {
    meeting_ahead(m, hashes, id, r->nkeys);
    if (hashes[id]) meeting_add(m, hashes[id], false);
  }
  for (uint32_t id = 1; id < r->nkeys && !mk_failed(err); id++) {
    meeting_ahead(m, hashes, id, r->nkeys);
    if (hashes[id] && meeting_twice(m, hashes[id])) mk_put(out, (const char *)&id, sizeof id);
  }
  return !mk_failed(err) && mk_buf_ok(out, err);
}

bool grid_alike(mk_grid_rows *r, const uint64_t *others, size_t nothers, mk_buf *out, mk_err *err) {
  meeting m;
  uint64_t *hashes = mk_zalloc(r->mem, r->nkeys * sizeof *hashes, err);
  bool ok = hashes && meeting_init(&m, r->mem, r->nkeys + nothers, err);
  if (ok) {
    for (size_t i = 0; i < nothers; i++) meeting_add(&m, others[i], true);
    ok = alike_keys(r, &m, hashes, out, err);
    mk_free(r->mem, m.slots, m.cap * sizeof *m.slots);
  }
  mk_free(r->mem, hashes, r->nkeys * sizeof *hashes);
  return ok;
}
