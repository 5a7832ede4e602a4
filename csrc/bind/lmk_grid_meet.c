/* lmk_grid_meet.c: rows and keys of files that may be the same, as lists. */
#include <string.h>

#include "lmk_grid.h"

/* grid:likeness(date, thing, amount, unit) -> number, equal for lines that are alike */
int lmk_grid_likeness(lua_State *L) {
  mk_err err = {0};
  lmk_grid *h = lmk_grid_at(L, 1);
  grid_line l;
  uint64_t out;
  l.date = luaL_checklstring(L, 2, &l.date_n);
  l.thing = luaL_checklstring(L, 3, &l.thing_n);
  l.amount = luaL_checklstring(L, 4, &l.amount_n);
  l.unit = luaL_checklstring(L, 5, &l.unit_n);
  if (!grid_likeness(&l, &h->scratch, &out, &err)) return lmk_raise(L, &err);
  lua_pushinteger(L, (lua_Integer)out);
  return 1;
}

/* grid:key_hash(text) -> number, equal for keys that are spelt alike */
int lmk_grid_key_hash(lua_State *L) {
  mk_err err = {0};
  size_t n;
  uint64_t out;
  lmk_grid *h = lmk_grid_at(L, 1);
  const char *s = luaL_checklstring(L, 2, &n);
  if (!grid_key_hash(s, n, &h->scratch, &out, &err)) return lmk_raise(L, &err);
  lua_pushinteger(L, (lua_Integer)out);
  return 1;
}

/* The numbers of the list at 2. [-0, +1] */
static uint64_t *check_numbers(lua_State *L, size_t *n) {
  luaL_checktype(L, 2, LUA_TTABLE);
  luaL_checkstack(L, 8, NULL);
  *n = lua_rawlen(L, 2);
  uint64_t *list = lua_newuserdatauv(L, *n * sizeof *list + 1, 0);
  for (size_t i = 0; i < *n; i++) {
    lua_rawgeti(L, 2, (lua_Integer)i + 1);
    list[i] = (uint64_t)lua_tointeger(L, -1);
    lua_pop(L, 1);
  }
  return list;
}

/* The value of a target in a row at place i of the list at index at. */
static void set_value(lua_State *L, lmk_grid *h, const uint32_t *ids, uint16_t target, int at, lua_Integer i) {
  mk_err err = {0};
  if (target == GRID_NONE || !ids[target]) return;
  mk_value v = grid_value_of(h->r, target, ids[target], &h->scratch);
  if (!mk_buf_ok(&h->scratch, &err)) lmk_raise(L, &err);
  lmk_grid_push_value(L, v);
  lua_rawseti(L, at, i);
}

/* grid:amounts() -> {text}: of the lines in bulk */
int lmk_grid_amounts(lua_State *L) {
  mk_err err = {0};
  lmk_grid *h = lmk_grid_at(L, 1);
  mk_grid_rows *r = lmk_grid_settled(L, 1);
  mk_buf *ids = lmk_buf(L, NULL);
  if (!grid_amounts(r, ids, &err)) return lmk_raise(L, &err);
  size_t n = ids->n / sizeof(uint32_t);
  lua_createtable(L, (int)n, 0);
  for (size_t i = 0; i < n; i++) {
    uint32_t id;
    memcpy(&id, ids->p + i * sizeof id, sizeof id);
    mk_value v = grid_value_of(r, r->plan.quantity, id, &h->scratch);
    if (!mk_buf_ok(&h->scratch, &err)) return lmk_raise(L, &err);
    lmk_grid_push_value(L, v);
    lua_rawseti(L, -2, (lua_Integer)i + 1);
  }
  return 1;
}

/* grid:like({number, ...}, {target, ...}) -> {number}, {line}, {line of the first row of the case}, then a list of the values of
 * that row for each of the targets: of rows in bulk whose lines may be alike with another or one of the numbers */
int lmk_grid_like(lua_State *L) {
  lmk_grid *h = lmk_grid_at(L, 1);
  mk_grid_rows *r = lmk_grid_settled(L, 1);
  uint16_t targets[8];
  luaL_checktype(L, 3, LUA_TTABLE);
  size_t n = lua_rawlen(L, 3);
  luaL_argcheck(L, n <= sizeof targets / sizeof targets[0], 3, "too many");
  for (size_t k = 0; k < n; k++) {
    targets[k] = lua_rawgeti(L, 3, (lua_Integer)k + 1) == LUA_TNUMBER ? (uint16_t)lmk_grid_index(L, -1, r->count) : GRID_NONE;
    lua_pop(L, 1);
  }
  mk_err err = {0};
  bool near;
  size_t nothers;
  const uint64_t *others = check_numbers(L, &nothers);
  mk_buf *out = lmk_buf(L, NULL);
  if (!grid_like(r, others, nothers, out, &near, &err)) return lmk_raise(L, &err);
  const grid_twin *twins = (const grid_twin *)(const void *)out->p;
  size_t count = out->n / sizeof *twins;
  luaL_checkstack(L, 20, NULL);
  int base = lua_gettop(L);
  for (size_t k = 0; k < 3 + n; k++) lua_createtable(L, k < 4 ? (int)count : 0, 0);
  for (size_t i = 0; i < count; i++) {
    uint32_t ids[GRID_TARGETS];
    grid_row(r, twins[i].row, ids);
    size_t first = r->firsts[ids[r->plan.key]] - 1;
    if (first != twins[i].row) grid_row(r, first, ids);
    lua_pushinteger(L, (lua_Integer)twins[i].likeness);
    lua_rawseti(L, base + 1, (lua_Integer)i + 1);
    lua_pushinteger(L, (lua_Integer)lmk_grid_line(r, twins[i].row));
    lua_rawseti(L, base + 2, (lua_Integer)i + 1);
    lua_pushinteger(L, (lua_Integer)lmk_grid_line(r, first));
    lua_rawseti(L, base + 3, (lua_Integer)i + 1);
    for (size_t k = 0; k < n; k++) set_value(L, h, ids, targets[k], base + 4 + (int)k, (lua_Integer)i + 1);
  }
  return (int)(3 + n);
}

/* The first of the twins with each number: which it is, of each. */
static uint32_t *first_twins(lua_State *L, const grid_twin *twins, size_t count) {
  size_t cap = 64;
  while (cap < count * 2) cap *= 2;
  uint32_t *firsts = lua_newuserdatauv(L, (count + cap) * sizeof *firsts + 1, 0), *slots = firsts + count;
  memset(slots, 0, cap * sizeof *slots);
  for (size_t i = 0; i < count; i++) {
    size_t at = (size_t)twins[i].likeness & (cap - 1);
    while (slots[at] && twins[slots[at] - 1].likeness != twins[i].likeness) at = (at + 1) & (cap - 1);
    if (!slots[at]) slots[at] = (uint32_t)i + 1;
    firsts[i] = slots[at] - 1;
  }
  return firsts;
}

/* Whether the twins are in order of their cases. */
static bool in_order(const mk_grid_rows *r, const grid_twin *twins, size_t count) {
  for (size_t i = 1; i < count; i++)
    if (r->firsts[grid_id(r, r->plan.key, twins[i - 1].row)] > r->firsts[grid_id(r, r->plan.key, twins[i].row)]) return false;
  return true;
}

static void set_case(lua_State *L, lmk_grid *h, size_t row, int at, lua_Integer i) {
  lmk_grid_push_value(L, grid_value_of(h->r, h->r->plan.key, grid_id(h->r, h->r->plan.key, row), &h->scratch));
  lua_rawseti(L, at, i);
}

/* grid:pairs() -> {line}, {case}, {line}, {case}: rows in bulk whose lines may be alike with an earlier one, that line and its case;
 * nil where the places do not tell it by themselves, or rows of cases stand apart */
int lmk_grid_pairs(lua_State *L) {
  mk_err err = {0};
  bool near;
  lmk_grid *h = lmk_grid_at(L, 1);
  mk_grid_rows *r = lmk_grid_settled(L, 1);
  luaL_checkstack(L, 12, NULL);
  mk_buf *out = lmk_buf(L, NULL);
  if (!grid_like(r, NULL, 0, out, &near, &err)) return lmk_raise(L, &err);
  const grid_twin *twins = (const grid_twin *)(const void *)out->p;
  size_t count = out->n / sizeof *twins;
  if (!near || !in_order(r, twins, count)) return 0;
  const uint32_t *firsts = first_twins(L, twins, count);
  int base = lua_gettop(L);
  lua_Integer n = 0;
  for (int k = 0; k < 4; k++) lua_createtable(L, (int)count / 2, 0);
  for (size_t i = 0; i < count; i++) {
    if (firsts[i] == i) continue;
    const size_t rows[2] = {twins[i].row, twins[firsts[i]].row};
    n++;
    for (int k = 0; k < 2; k++) {
      lua_pushinteger(L, (lua_Integer)lmk_grid_line(r, rows[k]));
      lua_rawseti(L, base + 2 * k + 1, n);
      set_case(L, h, rows[k], base + 2 * k + 2, n);
    }
  }
  return 4;
}

/* grid:alike{number, ...} -> {key}, {text as written}: keys in bulk that may be spelt otherwise in another or one of the numbers */
int lmk_grid_alike(lua_State *L) {
  mk_err err = {0};
  size_t n;
  mk_grid_rows *r = lmk_grid_settled(L, 1);
  const uint64_t *others = check_numbers(L, &n);
  mk_buf *out = lmk_buf(L, NULL);
  if (!grid_alike(r, others, n, out, &err)) return lmk_raise(L, &err);
  const uint32_t *ids = (const uint32_t *)(const void *)out->p;
  lua_createtable(L, (int)(out->n / sizeof *ids), 0);
  for (size_t i = 0; i < out->n / sizeof *ids; i++) {
    lmk_grid_push_value(L, grid_value_of(r, r->plan.key, ids[i], NULL));
    lua_rawseti(L, -2, (lua_Integer)i + 1);
  }
  return 1;
}
