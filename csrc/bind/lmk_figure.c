/* lmk_figure.c: figures in Lua: fields, arithmetic and comparison. Wording is lua/mekong/figure.lua's, which adds its
 * methods to core.figure.methods. A figure owns no core memory: text and lists are its user values. */
#include "lmk_figure.h"

#include <string.h>

#define CLASS "mekong.Figure"

lmk_figure *lmk_figure_test(lua_State *L, int index) { return luaL_testudata(L, index, CLASS); }

lmk_figure *lmk_figure_new(lua_State *L, const mk_fig *fig, char op) {
  size_t n = sizeof(lmk_figure) + (op ? 2 * sizeof(mk_fig) : 0);
  lmk_figure *f = lua_newuserdatauv(L, n, LMK_FIGURE_USER_VALUES);
  f->fig = *fig;
  f->assumed = f->english = false;
  f->direction = 0;
  f->op = op;
  luaL_setmetatable(L, CLASS);
  return f;
}

void lmk_push_figure(lua_State *L, const mk_fig *fig) { lmk_figure_new(L, fig, 0); }

const mk_fig *lmk_test_figure(lua_State *L, int index) {
  lmk_figure *f = lmk_figure_test(L, index);
  return f ? &f->fig : NULL;
}

lmk_figure *lmk_figure_check(lua_State *L, int arg) {
  lmk_figure *f = lmk_figure_test(L, arg);
  if (!f) {
    mk_err err = {0};
    mk_fail(&err, MK_TYPE, "a figure is expected, not %s", luaL_typename(L, arg));
    mk_hint(&err, "hint: call methods with a colon, such as f:say()");
    lmk_raise(L, &err);
  }
  return f;
}

/* Copies user value n of the figure at index from to the one on the top. [-0, +0] */
void lmk_figure_share(lua_State *L, int from, int n) {
  lua_getiuservalue(L, from, n);
  lua_setiuservalue(L, -2, n);
}

/* ------------------------------------------------------------------ numbers and arguments */

/* A Lua integer when it is whole and fits, else the decimal text. [-0, +1] */
static void push_num(lua_State *L, mk_num v) {
  int64_t i;
  if (mk_num_int64(v, &i)) { lua_pushinteger(L, i); return; }
  mk_buf *b = lmk_buf(L, NULL);
  mk_num_put(b, v, -1);
  lmk_push_buf(L, b);
  lua_remove(L, -2);
}

/* An integer, an integral float or a canonical decimal text; false for nil. */
bool lmk_figure_number(lua_State *L, int index, const char *what, mk_num *out) {
  int whole = 0;
  mk_err err = {0};
  if (lua_isnil(L, index)) return false;
  if (lua_type(L, index) == LUA_TNUMBER) {
    lua_Integer i = lua_tointegerx(L, index, &whole);
    if (!whole) {
      mk_fail(&err, MK_TYPE, "%s is a floating-point number, which is not exact", what);
      mk_hint(&err, "hint: write it as text: \"2.3\"");
      lmk_raise(L, &err);
    }
    *out = mk_num_int(i);
    return true;
  }
  if (lua_type(L, index) != LUA_TSTRING) lmk_raisef(L, MK_TYPE, "%s must be a number, not %s", what, luaL_typename(L, index));
  size_t n;
  const char *s = lua_tolstring(L, index, &n);
  if (!mk_num_parse(out, s, n, &err)) lmk_raise(L, &err);
  return true;
}

/* The figure that an operand stands for; a number is a plain one. */
mk_fig lmk_figure_operand(lua_State *L, int arg) {
  const mk_fig *f = lmk_test_figure(L, arg);
  mk_num v;
  if (f) return *f;
  if (lua_type(L, arg) != LUA_TNUMBER) {
    mk_err err = {0};
    mk_fail(&err, MK_TYPE, "a figure cannot be calculated or compared with a %s", luaL_typename(L, arg));
    mk_hint(&err, "hint: mekong.figure(\"hơn 4.500 vụ\") makes a figure of a text");
    lmk_raise(L, &err);
  }
  lmk_figure_number(L, arg, "the other operand", &v);
  return mk_fig_exact(v, "", true);
}

/* A unit code from a code, a name or a rate of two ("vụ/ngày"). */
void lmk_figure_unit(lua_State *L, int arg, char out[MK_UNIT_MAX]) {
  size_t n;
  mk_err err = {0};
  const char *s = lmk_check_text(L, arg, "a unit", &n), *slash = memchr(s, '/', n);
  mk_unit_parts parts = {NULL, NULL};
  out[0] = '\0';
  if (n == 0) return;
  parts.of = mk_unit_find(s, n, &err);
  if (mk_failed(&err)) lmk_raise(L, &err);
  if (!parts.of && slash) {
    size_t k = (size_t)(slash - s);
    bool per_only = k == 1 && s[0] == '1';
    parts.of = per_only ? NULL : mk_unit_require(s, k, &err);
    parts.per = mk_unit_require(slash + 1, n - k - 1, &err);
  } else if (!parts.of) {
    mk_unit_require(s, n, &err);
  }
  if (!mk_unit_join(out, parts, &err)) lmk_raise(L, &err);
}

/* ------------------------------------------------------------------ sources */

static bool has_text(lua_State *L, int list, int text) {
  bool found = false;
  for (lua_Integer i = 1, n = (lua_Integer)lua_rawlen(L, list); i <= n && !found; i++) {
    lua_rawgeti(L, list, i);
    found = lua_rawequal(L, -1, text);
    lua_pop(L, 1);
  }
  return found;
}

/* Gives the figure on the top the sources of the figures at a and b, each once. A list is never changed once it belongs
 * to a figure, so figures may share one. */
static void merge_sources(lua_State *L, int a, int b) {
  int top = lua_gettop(L);
  if (lmk_figure_test(L, a)) lua_getiuservalue(L, a, LMK_FIGURE_SOURCES); else lua_pushnil(L);
  if (lmk_figure_test(L, b)) lua_getiuservalue(L, b, LMK_FIGURE_SOURCES); else lua_pushnil(L);
  int first = top + 1, second = top + 2;
  if (lua_isnil(L, first)) lua_replace(L, first), lua_pushnil(L);
  if (!lua_isnil(L, second) && !lua_rawequal(L, first, second)) {
    bool own = false;
    for (lua_Integer i = 1, n = (lua_Integer)lua_rawlen(L, second); i <= n; i++) {
      lua_rawgeti(L, second, i);
      if (!has_text(L, first, lua_gettop(L))) {
        if (!own) {
          lua_Integer count = (lua_Integer)lua_rawlen(L, first);
          lua_createtable(L, (int)count + 1, 0);
          for (lua_Integer j = 1; j <= count; j++) {
            lua_rawgeti(L, first, j);
            lua_rawseti(L, -2, j);
          }
          lua_replace(L, first);
          own = true;
        }
        lua_pushvalue(L, -1);
        lua_rawseti(L, first, (lua_Integer)lua_rawlen(L, first) + 1);
      }
      lua_pop(L, 1);
    }
  }
  lua_settop(L, first);
  lua_setiuservalue(L, top, LMK_FIGURE_SOURCES);
}

/* ------------------------------------------------------------------ fields */

static void push_side(lua_State *L, bool has, mk_num v) {
  if (has) push_num(L, v); else lua_pushnil(L);
}

static void push_copy(lua_State *L, int n) {
  lua_getiuservalue(L, 1, n);
  lua_Integer count = lua_isnil(L, -1) ? 0 : (lua_Integer)lua_rawlen(L, -1);
  lua_createtable(L, (int)count, 0);
  for (lua_Integer i = 1; i <= count; i++) {
    lua_rawgeti(L, -2, i);
    lua_rawseti(L, -2, i);
  }
}

static const char *const names[] = {
    "best", "lo", "hi", "lo_open", "hi_open", "unit", "status", "qualifier", "raw", "sources", "includes", "assumed",
    "direction", "whole", "to", "is", "known", "exact", "change", "times", "share", "overlaps", "surely_lt", "maybe_lt",
    "surely_covers", "one_sided", "floor", "format", "say", "why", "to_json"};

static int no_field(lua_State *L) {
  mk_err err = {0};
  size_t n = 0;
  const char *key = lua_type(L, 2) == LUA_TSTRING ? lua_tolstring(L, 2, &n) : NULL;
  if (!key || mk_utf8_check(key, n) != n)
    return lmk_raisef(L, MK_NAME, "a figure has named fields and methods only, not one by %s", luaL_typename(L, 2));
  mk_name_find(key, n, names, NULL, sizeof names / sizeof *names, "field of a figure", &err);
  if (!mk_failed(&err)) mk_fail(&err, MK_NAME, "a figure has no field '%s'", key); /* found only by folding */
  return lmk_raise(L, &err);
}

/* Upvalue 1: the methods. */
static int figure_index(lua_State *L) {
  lmk_figure *f = lmk_figure_check(L, 1);
  lua_pushvalue(L, 2);
  if (lua_rawget(L, lua_upvalueindex(1)) != LUA_TNIL) return 1;
  if (lua_type(L, 2) != LUA_TSTRING) return no_field(L);
  const char *key = lua_tostring(L, 2);
  const mk_fig *v = &f->fig;
  if (strcmp(key, "best") == 0) push_side(L, v->has_best, v->best);
  else if (strcmp(key, "lo") == 0) push_side(L, v->has_lo, v->lo);
  else if (strcmp(key, "hi") == 0) push_side(L, v->has_hi, v->hi);
  else if (strcmp(key, "lo_open") == 0) lua_pushboolean(L, v->lo_open || !v->has_lo);
  else if (strcmp(key, "hi_open") == 0) lua_pushboolean(L, v->hi_open || !v->has_hi);
  else if (strcmp(key, "unit") == 0) lua_pushstring(L, v->unit);
  else if (strcmp(key, "status") == 0) lua_pushlstring(L, &v->status, 1);
  else if (strcmp(key, "qualifier") == 0) lua_pushstring(L, mk_qualifier_name(v->qualifier));
  else if (strcmp(key, "whole") == 0) lua_pushboolean(L, v->whole);
  else if (strcmp(key, "assumed") == 0) lua_pushboolean(L, f->assumed);
  else if (strcmp(key, "raw") == 0) lua_getiuservalue(L, 1, LMK_FIGURE_RAW);
  else if (strcmp(key, "sources") == 0) push_copy(L, LMK_FIGURE_SOURCES);
  else if (strcmp(key, "includes") == 0) push_copy(L, LMK_FIGURE_INCLUDES);
  else if (strcmp(key, "direction") != 0) return no_field(L);
  else if (f->direction) lua_pushstring(L, f->direction > 0 ? "increase" : "decrease");
  return 1;
}

/* ------------------------------------------------------------------ arithmetic */

typedef bool (*binary)(mk_fig *, const mk_fig *, const mk_fig *, mk_err *);

static lmk_figure *result(lua_State *L, const mk_fig *r, char op, const mk_fig *a, const mk_fig *b) {
  lmk_figure *f = lmk_figure_new(L, r, op);
  f->of[0] = *a;
  f->of[1] = *b;
  lmk_figure *x = lmk_figure_test(L, 1), *y = lmk_figure_test(L, 2);
  f->assumed = (x && x->assumed) || (y && y->assumed);
  f->english = (x && x->english) || (y && y->english);
  merge_sources(L, 1, 2);
  return f;
}

static int calculate(lua_State *L, binary function, char op) {
  mk_err err = {0};
  mk_fig a = lmk_figure_operand(L, 1), b = lmk_figure_operand(L, 2), r;
  if (!function(&r, &a, &b, &err)) return lmk_raise(L, &err);
  /* One thing less or divided by itself is exact, whatever is known of it. */
  if (lua_rawequal(L, 1, 2) && (op == '-' || op == '/')) {
    char status = r.status;
    r = mk_fig_exact(mk_num_int(op == '/'), r.unit, a.whole && op == '-');
    r.status = status;
  }
  result(L, &r, op, &a, &b);
  return 1;
}

static int figure_add(lua_State *L) { return calculate(L, mk_fig_add, '+'); }
static int figure_sub(lua_State *L) { return calculate(L, mk_fig_sub, '-'); }
static int figure_mul(lua_State *L) { return calculate(L, mk_fig_mul, '*'); }
static int figure_div(lua_State *L) { return calculate(L, mk_fig_div, '/'); }

static int figure_unm(lua_State *L) {
  mk_err err = {0};
  mk_fig a = lmk_figure_operand(L, 1), r;
  lua_settop(L, 1);
  lua_pushnil(L);
  if (!mk_fig_neg(&r, &a, &err)) return lmk_raise(L, &err);
  result(L, &r, 'n', &a, &a);
  return 1;
}

/* now:change(before), now:times(before), part:share(total) */
static int relate(lua_State *L, binary function, char op) {
  lua_settop(L, 2);
  lmk_figure_check(L, 1);
  mk_err err = {0};
  mk_fig a = lmk_figure_operand(L, 1), b = lmk_figure_operand(L, 2), r;
  if (lua_type(L, 2) == LUA_TNUMBER) memcpy(b.unit, a.unit, sizeof b.unit);
  if (!function(&r, &a, &b, &err)) return lmk_raise(L, &err);
  if (lua_rawequal(L, 1, 2)) {
    char status = r.status;
    r = mk_fig_exact(mk_num_int(op == 'c' ? 0 : op == 's' ? 100 : 1), r.unit, false);
    r.status = status;
  }
  lmk_figure *f = result(L, &r, op, &a, &b);
  if (op == 'c' && r.has_lo && mk_num_sign(r.lo) > 0) f->direction = 1;
  if (op == 'c' && r.has_hi && mk_num_sign(r.hi) < 0) f->direction = -1;
  return 1;
}

static int figure_change(lua_State *L) { return relate(L, mk_fig_change, 'c'); }
static int figure_times(lua_State *L) { return relate(L, mk_fig_times, 't'); }
static int figure_share(lua_State *L) { return relate(L, mk_fig_share, 's'); }

static int figure_to(lua_State *L) {
  lmk_figure *f = lmk_figure_check(L, 1);
  char unit[MK_UNIT_MAX];
  mk_err err = {0};
  mk_fig r;
  lmk_figure_unit(L, 2, unit);
  if (!mk_fig_to(&r, &f->fig, unit, &err)) return lmk_raise(L, &err);
  lmk_figure *g = lmk_figure_new(L, &r, 0);
  g->assumed = f->assumed;
  g->english = f->english;
  g->direction = f->direction;
  lmk_figure_share(L, 1, LMK_FIGURE_RAW);
  lmk_figure_share(L, 1, LMK_FIGURE_SOURCES);
  return 1;
}

/* ------------------------------------------------------------------ comparison */

static void compare(lua_State *L, mk_fig *a, mk_fig *b, mk_truth *less, mk_truth *equal) {
  mk_err err = {0};
  *a = lmk_figure_operand(L, 1);
  *b = lmk_figure_operand(L, 2);
  if (!mk_fig_compare(a, b, less, equal, &err)) lmk_raise(L, &err);
  if (lua_rawequal(L, 1, 2)) { *less = MK_NO; *equal = MK_YES; }
}

static int undecided(lua_State *L, const mk_fig *a, const mk_fig *b) {
  mk_err err = {0};
  mk_buf *x = lmk_buf(L, NULL), *y = lmk_buf(L, NULL);
  mk_fig_put(x, a);
  mk_fig_put(y, b);
  mk_fail(&err, MK_RANGE, "undecided (chưa xác định): %s and %s overlap", mk_cstr(x), mk_cstr(y));
  mk_hint(&err, "hint: a:surely_lt(b) and a:maybe_lt(b) always answer");
  return lmk_raise(L, &err);
}

static int figure_lt(lua_State *L) {
  mk_fig a, b;
  mk_truth less, equal;
  compare(L, &a, &b, &less, &equal);
  if (less == MK_MAYBE) return undecided(L, &a, &b);
  lua_pushboolean(L, less == MK_YES);
  return 1;
}

/* a <= b is not b < a. */
static int figure_le(lua_State *L) {
  mk_fig a, b;
  mk_truth less, equal;
  lua_settop(L, 2);
  lua_insert(L, 1);
  compare(L, &a, &b, &less, &equal);
  if (less == MK_MAYBE) return undecided(L, &b, &a);
  lua_pushboolean(L, less == MK_NO);
  return 1;
}

static int figure_eq(lua_State *L) {
  const mk_fig *a = lmk_test_figure(L, 1), *b = lmk_test_figure(L, 2);
  lua_pushboolean(L, a && b && mk_fig_equal(a, b));
  return 1;
}

/* How the first two arguments relate; each of the three questions below reads one side of the answer. */
static void relation(lua_State *L, mk_truth *less, mk_truth *equal) {
  mk_fig a, b;
  lua_settop(L, 2);
  compare(L, &a, &b, less, equal);
}

static int figure_surely_lt(lua_State *L) {
  mk_truth less, equal;
  relation(L, &less, &equal);
  lua_pushboolean(L, less == MK_YES);
  return 1;
}

static int figure_maybe_lt(lua_State *L) {
  mk_truth less, equal;
  relation(L, &less, &equal);
  lua_pushboolean(L, less != MK_NO);
  return 1;
}

static int figure_overlaps(lua_State *L) {
  mk_truth less, equal;
  relation(L, &less, &equal);
  lua_pushboolean(L, equal != MK_NO);
  return 1;
}

static int figure_surely_covers(lua_State *L) {
  mk_err err = {0};
  lua_settop(L, 2);
  mk_fig a = lmk_figure_operand(L, 1), b = lmk_figure_operand(L, 2);
  bool covers = mk_fig_covers(&a, &b, &err);
  if (mk_failed(&err)) return lmk_raise(L, &err);
  lua_pushboolean(L, covers);
  return 1;
}

static int figure_known(lua_State *L) {
  lua_pushboolean(L, lmk_figure_check(L, 1)->fig.status != 'M');
  return 1;
}

static int figure_exact(lua_State *L) {
  lua_pushboolean(L, mk_fig_is_exact(&lmk_figure_check(L, 1)->fig));
  return 1;
}

/* Bounded on one side only; nothing below 0 does not count as a bound. */
static int figure_one_sided(lua_State *L) {
  const mk_fig *f = &lmk_figure_check(L, 1)->fig;
  bool from_zero = !f->has_lo || (mk_num_sign(f->lo) == 0 && !f->lo_open);
  lua_pushboolean(L, from_zero != !f->has_hi);
  return 1;
}

/* The least value as an exact figure, or nil when there is none. */
static int figure_floor(lua_State *L) {
  mk_fig f = lmk_figure_check(L, 1)->fig;
  mk_fig_tighten(&f);
  if (!f.has_lo) { lua_pushnil(L); return 1; }
  mk_fig r = mk_fig_exact(f.lo, f.unit, f.whole);
  r.status = f.status;
  lmk_figure_new(L, &r, 0);
  lmk_figure_share(L, 1, LMK_FIGURE_SOURCES);
  return 1;
}

static const luaL_Reg methods[] = {
    {"to", figure_to}, {"is", lmk_figure_is}, {"known", figure_known}, {"exact", figure_exact}, {"change", figure_change},
    {"times", figure_times}, {"share", figure_share}, {"overlaps", figure_overlaps}, {"surely_lt", figure_surely_lt},
    {"maybe_lt", figure_maybe_lt}, {"surely_covers", figure_surely_covers}, {"one_sided", figure_one_sided},
    {"floor", figure_floor}, {NULL, NULL}};

static const luaL_Reg meta[] = {{"__add", figure_add}, {"__sub", figure_sub}, {"__mul", figure_mul}, {"__div", figure_div},
                                {"__unm", figure_unm}, {"__lt", figure_lt}, {"__le", figure_le}, {"__eq", figure_eq},
                                {NULL, NULL}};

/* Pushes the table of functions; its fields methods and meta are the method table and the metatable of figures. */
int lmk_open_figure(lua_State *L) {
  lmk_class(L, CLASS, methods, meta);
  lmk_figure_functions(L);
  luaL_getmetatable(L, CLASS);
  if (lua_getfield(L, -1, "methods") == LUA_TNIL) {
    lua_pop(L, 1);
    lua_getfield(L, -1, "__index");
    lua_pushvalue(L, -1);
    lua_setfield(L, -3, "methods");
    lua_pushvalue(L, -1);
    lua_pushcclosure(L, figure_index, 1);
    lua_setfield(L, -3, "__index");
  }
  lua_setfield(L, -3, "methods");
  lua_setfield(L, -2, "meta");
  return 1;
}
