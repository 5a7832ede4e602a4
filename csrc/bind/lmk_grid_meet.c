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
  if (!grid_like(r, r->mem, others, nothers, out, &near, &err)) return lmk_raise(L, &err);
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

/* ------------------------------------------------------------------ pairs, which outlive the grid */

#define LMK_PAIRS "mekong.Pairs"

static int pairs_free(lua_State *L) {
  grid_pairs_clear(luaL_checkudata(L, 1, LMK_PAIRS));
  return 0;
}

/* #pairs */
static int pairs_count(lua_State *L) {
  const grid_pairs *p = luaL_checkudata(L, 1, LMK_PAIRS);
  lua_pushinteger(L, (lua_Integer)p->count);
  return 1;
}

/* pairs:list(which) -> 1 {line}, 2 {case} of the later ones, 3 {line}, 4 {case} of the earlier ones */
static int pairs_list(lua_State *L) {
  const grid_pairs *p = luaL_checkudata(L, 1, LMK_PAIRS);
  size_t which = lmk_grid_index(L, 2, 4);
  const uint32_t *lines = (const uint32_t *)(const void *)p->lines.p;
  const size_t *ends = (const size_t *)(const void *)p->ends.p;
  lua_createtable(L, (int)p->count, 0);
  for (size_t i = 0; i < p->count; i++) {
    size_t at = 2 * i + which / 2, from = at ? ends[at - 1] : 0;
    if (which % 2 == 0) lua_pushinteger(L, (lua_Integer)lines[at]);
    else lua_pushlstring(L, p->text.p + from, ends[at] - from);
    lua_rawseti(L, -2, (lua_Integer)i + 1);
  }
  return 1;
}

/* grid:pairs() -> Pairs: rows in bulk whose lines may be alike with an earlier one, and that one; nil where the places do not tell it
 * by themselves, or rows of cases stand apart */
int lmk_grid_pairs(lua_State *L) {
  mk_err err = {0};
  mk_grid_rows *r = lmk_grid_settled(L, 1);
  grid_pairs *p = lua_newuserdatauv(L, sizeof *p, 0);
  memset(p, 0, sizeof *p);
  luaL_setmetatable(L, LMK_PAIRS);
  grid_pairs_end(r);
  if (r->paired) *p = r->pairs;
  else if (!grid_find_pairs(r, NULL, p, &err)) return lmk_raise(L, &err);
  r->paired = false;
  return p->told ? 1 : 0;
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

static const luaL_Reg pairs_methods[] = {{"list", pairs_list}, {NULL, NULL}};
static const luaL_Reg pairs_meta[] = {{"__gc", pairs_free}, {"__close", pairs_free}, {"__len", pairs_count}, {NULL, NULL}};

void lmk_add_pairs(lua_State *L) { lmk_class(L, LMK_PAIRS, pairs_methods, pairs_meta); }
