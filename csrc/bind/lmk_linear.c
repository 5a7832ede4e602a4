/* lmk_linear.c: systems of linear inequalities in Lua, for lua/mekong/solve.lua. Unknowns count from 1, parts from 1, groups as
 * given (0 always holds); numbers are integers or canonical decimal texts. */
#include "lmk_figure.h"

#include <string.h>

#include "../core/linear.h"

#define CLASS "mekong.Linear"

typedef struct { mk_linear *x; } lmk_linear;

static int linear_gc(lua_State *L) {
  lmk_linear *s = luaL_checkudata(L, 1, CLASS);
  mk_linear_free(s->x);
  s->x = NULL;
  return 0;
}

static int linear_new(lua_State *L) {
  mk_err err = {0};
  lmk_linear *s = lua_newuserdatauv(L, sizeof *s, 0);
  s->x = NULL;
  luaL_setmetatable(L, CLASS);
  s->x = mk_linear_new(NULL, &err);
  if (!s->x) return lmk_raise(L, &err);
  return 1;
}

/* The system, while unknowns and rows can be added (open) or once it is asked. */
static mk_linear *check_linear(lua_State *L, bool open) {
  lmk_linear *s = luaL_checkudata(L, 1, CLASS);
  mk_err err = {0};
  if (!s->x) lmk_raisef(L, MK_CLOSED, "the system is closed");
  if (open && mk_linear_is_ready(s->x)) lmk_raisef(L, MK_TYPE, "the system is complete, nothing can be added");
  if (!open && !mk_linear_is_ready(s->x) && !mk_linear_ready(s->x, &err)) lmk_raise(L, &err);
  return s->x;
}

static size_t check_var(lua_State *L, const mk_linear *x, lua_Integer v) {
  if (v < 1 || (size_t)v > mk_linear_vars(x)) lmk_raisef(L, MK_RANGE, "there is no unknown of that number");
  return (size_t)v - 1;
}

static size_t check_count(lua_State *L, int arg) {
  lua_Integer v = luaL_checkinteger(L, arg);
  if (v < 0 || v > 1000000000) lmk_raisef(L, MK_RANGE, "numbers of groups and readings are whole and not negative");
  return (size_t)v;
}

/* x:variable(whole) -> its number */
static int linear_variable(lua_State *L) {
  size_t var;
  mk_err err = {0};
  if (!mk_linear_var(check_linear(L, true), lua_toboolean(L, 2), &var, &err)) return lmk_raise(L, &err);
  lua_pushinteger(L, (lua_Integer)var + 1);
  return 1;
}

/* lo, hi, lo_open, hi_open at arg and the three after it. */
static mk_range check_range(lua_State *L, int arg) {
  mk_range r = {0};
  r.has_lo = lmk_figure_number(L, arg, "a lower end", &r.lo);
  r.has_hi = lmk_figure_number(L, arg + 1, "an upper end", &r.hi);
  r.lo_open = r.has_lo && lua_toboolean(L, arg + 2);
  r.hi_open = r.has_hi && lua_toboolean(L, arg + 3);
  return r;
}

/* x:row(group, reading, {unknown, coefficient, ...}, lo, hi, lo_open, hi_open): the sum lies between the ends */
static int linear_row(lua_State *L) {
  mk_linear *x = check_linear(L, true);
  size_t group = check_count(L, 2), reading = check_count(L, 3);
  lua_settop(L, 8);
  luaL_checktype(L, 4, LUA_TTABLE);
  mk_range range = check_range(L, 5);
  size_t n = (size_t)lua_rawlen(L, 4) / 2;
  mk_term *terms = lua_newuserdatauv(L, (n + 1) * sizeof *terms, 0);
  for (size_t i = 0; i < n; i++) {
    lua_rawgeti(L, 4, 2 * (lua_Integer)i + 1);
    terms[i].var = check_var(L, x, lua_tointeger(L, -1));
    lua_rawgeti(L, 4, 2 * (lua_Integer)i + 2);
    if (!lmk_figure_number(L, -1, "a coefficient", &terms[i].by) || terms[i].by.num == 0)
      return lmk_raisef(L, MK_RANGE, "a coefficient is missing or 0");
    lua_pop(L, 2);
  }
  mk_err err = {0};
  if (n == 0) return lmk_raisef(L, MK_TYPE, "a row needs an unknown");
  if (!mk_linear_row(x, group, reading, terms, n, range, &err)) return lmk_raise(L, &err);
  return 0;
}

/* a + b*v */
static bool linear_of(mk_num *out, mk_num a, mk_num b, mk_num v, mk_err *err) {
  return mk_num_mul(out, b, v, err) && mk_num_add(out, a, *out, err);
}

/* x:ratio(group, reading, unknown, base, lo, hi, lo_open, hi_open, a, b): unknown = q * base for a q between a + b*lo and
 * a + b*hi, and base > 0. */
static int linear_ratio(lua_State *L) {
  mk_linear *x = check_linear(L, true);
  lua_settop(L, 11);
  size_t group = check_count(L, 2), reading = check_count(L, 3);
  size_t var = check_var(L, x, luaL_checkinteger(L, 4)), base = check_var(L, x, luaL_checkinteger(L, 5));
  mk_range r = check_range(L, 6), q = {0}, above = {.has_lo = true, .lo_open = true, .lo = mk_num_int(0)};
  mk_num a, b;
  mk_err err = {0};
  if (var == base) return lmk_raisef(L, MK_TYPE, "a ratio is of two unknowns");
  if (!lmk_figure_number(L, 10, "a", &a) || !lmk_figure_number(L, 11, "b", &b)) return lmk_raisef(L, MK_TYPE, "a ratio needs a and b");
  bool swap = mk_num_sign(b) < 0;
  q.has_lo = swap ? r.has_hi : r.has_lo;
  q.has_hi = swap ? r.has_lo : r.has_hi;
  q.lo_open = swap ? r.hi_open : r.lo_open;
  q.hi_open = swap ? r.lo_open : r.hi_open;
  if (q.has_lo && !linear_of(&q.lo, a, b, swap ? r.hi : r.lo, &err)) return lmk_raise(L, &err);
  if (q.has_hi && !linear_of(&q.hi, a, b, swap ? r.lo : r.hi, &err)) return lmk_raise(L, &err);
  mk_range low = {.has_lo = true, .lo_open = q.lo_open, .lo = mk_num_int(0)}, high = {.has_hi = true, .hi_open = q.hi_open, .hi = mk_num_int(0)};
  mk_term one[2] = {{var, mk_num_int(1)}, {base, mk_num_neg(q.lo)}}, other[2] = {{var, mk_num_int(1)}, {base, mk_num_neg(q.hi)}}, alone = {base, mk_num_int(1)};
  bool ok = mk_linear_row(x, group, reading, &alone, 1, above, &err);
  if (ok && q.has_lo) ok = mk_linear_row(x, group, reading, one, q.lo.num ? 2 : 1, low, &err);
  if (ok && q.has_hi) ok = mk_linear_row(x, group, reading, other, q.hi.num ? 2 : 1, high, &err);
  if (!ok) return lmk_raise(L, &err);
  return 0;
}

/* Flags of the groups in the list at arg (nil: none). [-0, +1] */
static bool *check_off(lua_State *L, const mk_linear *x, int arg) {
  size_t groups = mk_linear_groups(x);
  bool *off = lua_newuserdatauv(L, groups * sizeof *off, 0);
  memset(off, 0, groups * sizeof *off);
  if (lua_isnoneornil(L, arg)) return off;
  luaL_checktype(L, arg, LUA_TTABLE);
  for (lua_Integer i = 1, n = (lua_Integer)lua_rawlen(L, arg); i <= n; i++) {
    lua_rawgeti(L, arg, i);
    lua_Integer g = lua_tointeger(L, -1);
    if (g > 0 && (size_t)g < groups) off[g] = true;
    lua_pop(L, 1);
  }
  return off;
}

static const char *const truths[] = {"no", "yes", "maybe"};

/* Pushes a list of the flagged groups. [-0, +1] */
static void push_groups(lua_State *L, const bool *flags, size_t groups) {
  lua_Integer n = 0;
  lua_newtable(L);
  for (size_t g = 1; g < groups; g++)
    if (flags[g]) {
      lua_pushinteger(L, (lua_Integer)g);
      lua_rawseti(L, -2, ++n);
    }
}

/* x:check(part, {groups that are off}) -> "yes" | "maybe" | "no", {groups that cannot hold together} */
static int linear_check(lua_State *L) {
  mk_linear *x = check_linear(L, false);
  size_t part = check_count(L, 2), groups = mk_linear_groups(x);
  lua_settop(L, 3);
  if (part < 1 || part > mk_linear_parts(x)) return lmk_raisef(L, MK_RANGE, "there is no part of that number");
  const bool *off = check_off(L, x, 3);
  bool *core = lua_newuserdatauv(L, groups * sizeof *core, 0);
  mk_truth holds;
  mk_err err = {0};
  if (!mk_linear_check(x, part - 1, off, &holds, core, &err)) return lmk_raise(L, &err);
  lua_pushstring(L, truths[holds]);
  if (holds != MK_NO) return 1;
  push_groups(L, core, groups);
  return 2;
}

/* The range as a figure of that unit. [-0, +1] */
static void push_range(lua_State *L, const mk_range *r, const char *unit, bool whole) {
  mk_fig f = mk_fig_unknown(unit);
  if (r->has_hi || mk_num_sign(r->lo) > 0 || r->lo_open) {
    f.status = 'A';
    f.whole = whole;
    f.lo = r->lo;
    f.hi = r->hi;
    f.has_lo = r->has_lo;
    f.has_hi = r->has_hi;
    f.lo_open = r->lo_open;
    f.hi_open = r->hi_open;
    f.has_best = r->has_lo && r->has_hi && mk_num_cmp(r->lo, r->hi) == 0;
    f.best = r->lo;
    f.qualifier = mk_fig_shape(&f);
  }
  lmk_push_figure(L, &f);
}

/* x:range(unknown, {groups that are off}, unit) -> nil when they cannot hold, else "yes" | "maybe", Figure */
static int linear_range(lua_State *L) {
  mk_linear *x = check_linear(L, false);
  size_t var = check_var(L, x, luaL_checkinteger(L, 2));
  char unit[MK_UNIT_MAX];
  lua_settop(L, 4);
  lmk_figure_unit(L, 4, unit);
  const bool *off = check_off(L, x, 3);
  mk_truth holds;
  mk_range r;
  mk_err err = {0};
  if (!mk_linear_range(x, var, off, &holds, &r, &err)) return lmk_raise(L, &err);
  if (holds == MK_NO) { lua_pushnil(L); return 1; }
  lua_pushstring(L, truths[holds]);
  push_range(L, &r, unit, mk_linear_whole(x, var));
  return 2;
}

/* x:why(unknown, {groups that are off}, up) -> groups that together set its upper or lower end; nil when there is none */
static int linear_why(lua_State *L) {
  mk_linear *x = check_linear(L, false);
  size_t var = check_var(L, x, luaL_checkinteger(L, 2)), groups = mk_linear_groups(x);
  bool up = lua_toboolean(L, 4);
  lua_settop(L, 4);
  const bool *off = check_off(L, x, 3);
  bool *core = lua_newuserdatauv(L, groups * sizeof *core, 0);
  mk_truth holds;
  mk_range r;
  mk_err err = {0};
  if (!mk_linear_range(x, var, off, &holds, &r, &err)) return lmk_raise(L, &err);
  if (holds == MK_NO || !(up ? r.has_hi : r.has_lo)) return 0;
  if (!mk_linear_why(x, var, off, &r, up, core, &err)) return lmk_raise(L, &err);
  push_groups(L, core, groups);
  return 1;
}

static int linear_parts(lua_State *L) {
  lua_pushinteger(L, (lua_Integer)mk_linear_parts(check_linear(L, false)));
  return 1;
}

/* x:part(unknown) -> the number of its part */
static int linear_part(lua_State *L) {
  mk_linear *x = check_linear(L, false);
  lua_pushinteger(L, (lua_Integer)mk_linear_part(x, check_var(L, x, luaL_checkinteger(L, 2))) + 1);
  return 1;
}

static const luaL_Reg methods[] = {{"variable", linear_variable}, {"row", linear_row},     {"ratio", linear_ratio},
                                   {"check", linear_check},       {"range", linear_range}, {"parts", linear_parts},
                                   {"part", linear_part},         {"why", linear_why},
                                   {NULL, NULL}};
static const luaL_Reg meta[] = {{"__gc", linear_gc}, {"__close", linear_gc}, {NULL, NULL}};
static const luaL_Reg functions[] = {{"new", linear_new}, {NULL, NULL}};

int lmk_open_linear(lua_State *L) {
  lmk_class(L, CLASS, methods, meta);
  luaL_newlib(L, functions);
  return 1;
}
