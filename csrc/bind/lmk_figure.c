/* lmk_figure.c: figures for Lua: constructors, fields, arithmetic and comparison. Wording is lua/mekong/figure.lua's,
 * which adds its methods to core.figure.methods. A figure owns no core memory: text and lists are its user values. */
#include "lmk.h"

#include <stdint.h>
#include <string.h>

static const char CLASS[] = "mekong.Figure";

enum { RAW = 1, SOURCES = 2, INCLUDES = 3, USER_VALUES = 3 };

/* op is the operation a result came from ('+', '-', ...; 0 = none) and of its operands. */
typedef struct { mk_fig fig; bool assumed; int direction; char op; mk_fig of[]; } figure;

/* Lua aligns userdata to 8 bytes, 128-bit integers need more: a figure stands at the first place that fits. */
static figure *aligned(void *block) {
  uintptr_t mask = _Alignof(figure) - 1;
  return block ? (figure *)(((uintptr_t)block + mask) & ~mask) : NULL;
}

static figure *test_figure(lua_State *L, int index) { return aligned(luaL_testudata(L, index, CLASS)); }

static figure *new_figure(lua_State *L, const mk_fig *fig, char op) {
  size_t n = sizeof(figure) + (op ? 2 * sizeof(mk_fig) : 0) + _Alignof(figure);
  figure *f = aligned(lua_newuserdatauv(L, n, USER_VALUES));
  f->fig = *fig;
  f->assumed = false;
  f->direction = 0;
  f->op = op;
  luaL_setmetatable(L, CLASS);
  return f;
}

void lmk_push_figure(lua_State *L, const mk_fig *fig) { new_figure(L, fig, 0); }

const mk_fig *lmk_test_figure(lua_State *L, int index) {
  figure *f = test_figure(L, index);
  return f ? &f->fig : NULL;
}

static figure *check_figure(lua_State *L, int arg) {
  figure *f = test_figure(L, arg);
  if (!f) {
    mk_err err = {0};
    mk_fail(&err, MK_TYPE, "a figure is expected, not %s", luaL_typename(L, arg));
    mk_hint(&err, "hint: call methods with a colon, such as f:say()");
    lmk_raise(L, &err);
  }
  return f;
}

/* Copies user value n of the figure at index from to the one on the top. [-0, +0] */
static void share_value(lua_State *L, int from, int n) {
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
static bool number_arg(lua_State *L, int index, const char *what, mk_num *out) {
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
static mk_fig operand(lua_State *L, int arg) {
  const mk_fig *f = lmk_test_figure(L, arg);
  mk_num v;
  if (f) return *f;
  if (lua_type(L, arg) != LUA_TNUMBER) {
    mk_err err = {0};
    mk_fail(&err, MK_TYPE, "a figure cannot be calculated or compared with a %s", luaL_typename(L, arg));
    mk_hint(&err, "hint: mekong.figure(\"hơn 4.500 vụ\") makes a figure of a text");
    lmk_raise(L, &err);
  }
  number_arg(L, arg, "the other operand", &v);
  return mk_fig_exact(v, "", true);
}

/* A unit code from a code, a name or a rate of two ("vụ/ngày"). */
static void unit_arg(lua_State *L, int arg, char out[MK_UNIT_MAX]) {
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
  if (test_figure(L, a)) lua_getiuservalue(L, a, SOURCES); else lua_pushnil(L);
  if (test_figure(L, b)) lua_getiuservalue(L, b, SOURCES); else lua_pushnil(L);
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
  lua_setiuservalue(L, top, SOURCES);
}

/* Pushes a fresh list of the texts in the table or the one text at index, or nil. [-0, +1] */
static void push_list(lua_State *L, int index, const char *what) {
  if (lua_isnil(L, index)) { lua_pushnil(L); return; }
  bool table = lua_type(L, index) == LUA_TTABLE;
  lua_Integer n = table ? (lua_Integer)lua_rawlen(L, index) : 1;
  lua_createtable(L, (int)n, 0);
  for (lua_Integer i = 1; i <= n; i++) {
    if (table) lua_rawgeti(L, index, i); else lua_pushvalue(L, index);
    if (lua_type(L, -1) != LUA_TSTRING) lmk_raisef(L, MK_TYPE, "%s must be texts, not %s", what, luaL_typename(L, -1));
    lua_rawseti(L, -2, i);
  }
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

/* Upvalue 1: the methods. */
static int figure_index(lua_State *L) {
  figure *f = check_figure(L, 1);
  lua_pushvalue(L, 2);
  if (lua_rawget(L, lua_upvalueindex(1)) != LUA_TNIL) return 1;
  if (lua_type(L, 2) != LUA_TSTRING) return 1;
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
  else if (strcmp(key, "raw") == 0) lua_getiuservalue(L, 1, RAW);
  else if (strcmp(key, "sources") == 0) push_copy(L, SOURCES);
  else if (strcmp(key, "includes") == 0) push_copy(L, INCLUDES);
  else if (strcmp(key, "direction") == 0 && f->direction) lua_pushstring(L, f->direction > 0 ? "increase" : "decrease");
  return 1;
}

/* ------------------------------------------------------------------ arithmetic */

typedef bool (*binary)(mk_fig *, const mk_fig *, const mk_fig *, mk_err *);

static figure *result(lua_State *L, const mk_fig *r, char op, const mk_fig *a, const mk_fig *b) {
  figure *f = new_figure(L, r, op);
  f->of[0] = *a;
  f->of[1] = *b;
  figure *x = test_figure(L, 1), *y = test_figure(L, 2);
  f->assumed = (x && x->assumed) || (y && y->assumed);
  merge_sources(L, 1, 2);
  return f;
}

static int calculate(lua_State *L, binary function, char op) {
  mk_err err = {0};
  mk_fig a = operand(L, 1), b = operand(L, 2), r;
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
  mk_fig a = operand(L, 1), r;
  lua_settop(L, 1);
  lua_pushnil(L);
  if (!mk_fig_neg(&r, &a, &err)) return lmk_raise(L, &err);
  result(L, &r, 'n', &a, &a);
  return 1;
}

/* now:change(before), now:times(before), part:share(total) */
static int relate(lua_State *L, binary function, char op) {
  lua_settop(L, 2);
  check_figure(L, 1);
  mk_err err = {0};
  mk_fig a = operand(L, 1), b = operand(L, 2), r;
  if (lua_type(L, 2) == LUA_TNUMBER) memcpy(b.unit, a.unit, sizeof b.unit);
  if (!function(&r, &a, &b, &err)) return lmk_raise(L, &err);
  if (lua_rawequal(L, 1, 2)) {
    char status = r.status;
    r = mk_fig_exact(mk_num_int(op == 'c' ? 0 : op == 's' ? 100 : 1), r.unit, false);
    r.status = status;
  }
  figure *f = result(L, &r, op, &a, &b);
  if (op == 'c' && r.has_lo && mk_num_sign(r.lo) > 0) f->direction = 1;
  if (op == 'c' && r.has_hi && mk_num_sign(r.hi) < 0) f->direction = -1;
  return 1;
}

static int figure_change(lua_State *L) { return relate(L, mk_fig_change, 'c'); }
static int figure_times(lua_State *L) { return relate(L, mk_fig_times, 't'); }
static int figure_share(lua_State *L) { return relate(L, mk_fig_share, 's'); }

static int figure_to(lua_State *L) {
  figure *f = check_figure(L, 1);
  char unit[MK_UNIT_MAX];
  mk_err err = {0};
  mk_fig r;
  unit_arg(L, 2, unit);
  if (!mk_fig_to(&r, &f->fig, unit, &err)) return lmk_raise(L, &err);
  figure *g = new_figure(L, &r, 0);
  g->assumed = f->assumed;
  g->direction = f->direction;
  share_value(L, 1, RAW);
  share_value(L, 1, SOURCES);
  return 1;
}

/* ------------------------------------------------------------------ comparison */

static void compare(lua_State *L, mk_fig *a, mk_fig *b, mk_truth *less, mk_truth *equal) {
  mk_err err = {0};
  *a = operand(L, 1);
  *b = operand(L, 2);
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

static int figure_surely_lt(lua_State *L) {
  mk_fig a, b;
  mk_truth less, equal;
  lua_settop(L, 2);
  compare(L, &a, &b, &less, &equal);
  lua_pushboolean(L, less == MK_YES);
  return 1;
}

static int figure_maybe_lt(lua_State *L) {
  mk_fig a, b;
  mk_truth less, equal;
  lua_settop(L, 2);
  compare(L, &a, &b, &less, &equal);
  lua_pushboolean(L, less != MK_NO);
  return 1;
}

static int figure_overlaps(lua_State *L) {
  mk_fig a, b;
  mk_truth less, equal;
  lua_settop(L, 2);
  compare(L, &a, &b, &less, &equal);
  lua_pushboolean(L, equal != MK_NO);
  return 1;
}

static int figure_surely_covers(lua_State *L) {
  mk_err err = {0};
  lua_settop(L, 2);
  mk_fig a = operand(L, 1), b = operand(L, 2);
  bool covers = mk_fig_covers(&a, &b, &err);
  if (mk_failed(&err)) return lmk_raise(L, &err);
  lua_pushboolean(L, covers);
  return 1;
}

static int figure_known(lua_State *L) {
  lua_pushboolean(L, check_figure(L, 1)->fig.status != 'M');
  return 1;
}

static int figure_exact(lua_State *L) {
  lua_pushboolean(L, mk_fig_is_exact(&check_figure(L, 1)->fig));
  return 1;
}

/* Bounded on one side only; nothing below 0 does not count as a bound. */
static int figure_one_sided(lua_State *L) {
  const mk_fig *f = &check_figure(L, 1)->fig;
  bool from_zero = !f->has_lo || (mk_num_sign(f->lo) == 0 && !f->lo_open);
  lua_pushboolean(L, from_zero != !f->has_hi);
  return 1;
}

/* The least value as an exact figure, or nil when there is none. */
static int figure_floor(lua_State *L) {
  mk_fig f = check_figure(L, 1)->fig;
  mk_fig_tighten(&f);
  if (!f.has_lo) { lua_pushnil(L); return 1; }
  mk_fig r = mk_fig_exact(f.lo, f.unit, f.whole);
  r.status = f.status;
  new_figure(L, &r, 0);
  share_value(L, 1, SOURCES);
  return 1;
}

/* ------------------------------------------------------------------ reading text */

enum { PARTS_MAX = 9, TEXT_MAX = 400 };

typedef struct { mk_fig fig; bool assumed; int direction; size_t from, to; } part;
typedef struct { part parts[PARTS_MAX]; size_t count; } reading;

static bool unexpected(const mk_words *words, size_t at, const char *what, mk_err *err) {
  size_t from = at < words->count ? words->w[at].first : words->n, n = at < words->count ? words->w[at].end - from : 1;
  if (at < words->count) mk_fail(err, MK_SYNTAX, "%s: '%S'", what, words->s + from, n < 60 ? n : (size_t)60);
  else mk_fail(err, MK_SYNTAX, "%s: the text ends", what);
  mk_at(err, 1, from + 1, n);
  mk_caret(err, words->s, words->n, from + 1, n);
  mk_hint(err, "hint: a figure is a hedge, a number and a unit, such as \"hơn 4.500 vụ\"");
  return false;
}

static bool read_part(reading *out, const mk_words *words, size_t *at, const mk_read_opts *o, mk_err *err) {
  mk_written w;
  if (out->count == PARTS_MAX) return unexpected(words, *at, "too many figures in one", err);
  if (!mk_written_read(&w, words, *at, err)) return false;
  if (w.next == *at) return unexpected(words, *at, out->count ? "a figure is expected here" : "this is no figure", err);
  part *p = &out->parts[out->count];
  if (!mk_fig_written(&p->fig, &p->assumed, &w, words->s, o, err)) return false;
  p->direction = w.direction;
  p->from = w.from;
  p->to = w.to;
  out->count++;
  *at = w.next;
  return true;
}

static bool mark_at(const mk_words *words, size_t at, const char *text) {
  return at < words->count && words->w[at].n == strlen(text) && memcmp(words->w[at].key, text, words->w[at].n) == 0;
}

/* One figure and, after "trong đó", those it includes. */
static bool read_words(reading *out, const mk_words *words, const mk_read_opts *o, mk_err *err) {
  size_t at = 0;
  if (!read_part(out, words, &at, o, err)) return false;
  size_t inside = mk_written_included(words, at);
  if (inside > at) {
    bool closed = !mark_at(words, at, "(");
    mk_read_opts own = *o;
    own.unit = NULL;
    for (at = inside;; at++) {
      if (!read_part(out, words, &at, &own, err)) return false;
      if (!mark_at(words, at, ",") && !mark_at(words, at, ";") && !mark_at(words, at, "và")) break;
    }
    if (!closed && mark_at(words, at, ")")) at++;
  }
  return at == words->count || unexpected(words, at, "this does not belong to a figure", err);
}

static bool read_text(reading *out, const char *s, size_t n, const mk_read_opts *o, mk_err *err) {
  mk_words words;
  out->count = 0;
  if (n == 0) return mk_fail(err, MK_SYNTAX, "an empty text is no figure");
  if (n > TEXT_MAX) {
    mk_fail(err, MK_LIMIT, "a text of %z bytes is too long for one figure (%d at most)", n, (int)TEXT_MAX);
    return false;
  }
  if (memchr(s, '\0', n)) return mk_fail(err, MK_SYNTAX, "a figure cannot hold a zero byte");
  mk_words_init(&words, NULL);
  bool ok = mk_words_read(&words, s, n, err) && read_words(out, &words, o, err);
  mk_words_clear(&words);
  return ok;
}

/* Pushes parts[i] of a reading. [-0, +1] */
static figure *push_part(lua_State *L, const reading *r, size_t i, const char *s) {
  figure *f = new_figure(L, &r->parts[i].fig, 0);
  f->assumed = r->parts[i].assumed;
  f->direction = r->parts[i].direction;
  lua_pushlstring(L, s + r->parts[i].from, r->parts[i].to - r->parts[i].from);
  lua_setiuservalue(L, -2, RAW);
  return f;
}

static const char *string_field(lua_State *L, int table, const char *name) {
  int type = lua_getfield(L, table, name);
  if (type != LUA_TNIL && type != LUA_TSTRING) lmk_raisef(L, MK_TYPE, "%s must be a text, not %s", name, luaL_typename(L, -1));
  return type == LUA_TNIL ? NULL : lua_tostring(L, -1); /* stays on the stack */
}

static void policy_field(lua_State *L, int opts, mk_policy *policy) {
  mk_err err = {0};
  static const char *const names[] = {"exact", "approx", "nearly", "more_than", "at_least", "at_most", "below", "rounded"};
  if (lua_getfield(L, opts, "policy") == LUA_TNIL) return;
  luaL_checktype(L, -1, LUA_TTABLE);
  for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
    size_t n;
    if (lua_getfield(L, -1, names[i]) != LUA_TNIL) {
      const char *text = lmk_check_text(L, -1, "an interval template", &n);
      if (!mk_policy_set(policy, names[i], text, n, &err)) lmk_raise(L, &err);
    }
    lua_pop(L, 1);
  }
}

static void status_field(lua_State *L, int table, mk_fig *fig) {
  const char *s = string_field(L, table, "status");
  if (!s) return;
  if (strlen(s) != 1 || !strchr("APEUM", *s)) {
    lmk_raisef(L, MK_NAME, "status cannot be '%s': A normal, P preliminary, E estimated, U unverified, M missing", s);
  }
  fig->status = *s;
}

static void read_opts(lua_State *L, int opts, mk_read_opts *o, mk_policy *policy) {
  mk_err err = {0};
  bool pragmatic = false;
  luaL_checkstack(L, 12, NULL);
  if (!lua_isnoneornil(L, opts)) {
    luaL_checktype(L, opts, LUA_TTABLE);
    lua_getfield(L, opts, "pragmatic");
    pragmatic = lua_toboolean(L, -1);
    lua_getfield(L, opts, "record");
    o->record = lua_toboolean(L, -1);
    const char *style = string_field(L, opts, "style"), *by = string_field(L, opts, "reading");
    if (style) o->style = strcmp(style, "en") == 0 ? MK_STYLE_EN : MK_STYLE_VI;
    if (by) o->reading = strcmp(by, "ratio") == 0 ? MK_BY_RATIO : MK_BY_INCREASE;
    const char *unit = string_field(L, opts, "unit");
    if (unit && *unit) o->unit = mk_unit_require(unit, strlen(unit), &err);
  }
  if (!mk_policy_init(policy, pragmatic, &err)) lmk_raise(L, &err);
  if (!lua_isnoneornil(L, opts)) policy_field(L, opts, policy);
  o->policy = policy;
}

/* core.figure.parse(text [, opts]) -> Figure */
static int core_parse(lua_State *L) {
  size_t n;
  mk_err err = {0};
  mk_policy policy;
  mk_read_opts o = {.style = MK_STYLE_NONE};
  reading r;
  const char *s = lmk_check_text(L, 1, "a figure", &n);
  lua_settop(L, 2);
  read_opts(L, 2, &o, &policy);
  if (!read_text(&r, s, n, &o, &err)) return lmk_raise(L, &err);
  figure *f = push_part(L, &r, 0, s);
  int at = lua_gettop(L);
  lua_pushvalue(L, 1);
  lua_setiuservalue(L, at, RAW);
  if (lua_istable(L, 2)) {
    lua_getfield(L, 2, "sources");
    push_list(L, lua_gettop(L), "sources");
    lua_setiuservalue(L, at, SOURCES);
    status_field(L, 2, &f->fig);
  }
  if (r.count > 1) {
    lua_createtable(L, (int)r.count - 1, 0);
    for (size_t i = 1; i < r.count; i++) {
      push_part(L, &r, i, s);
      lua_getiuservalue(L, at, SOURCES);
      lua_setiuservalue(L, -2, SOURCES);
      lua_rawseti(L, -2, (lua_Integer)i);
    }
    lua_setiuservalue(L, at, INCLUDES);
  }
  lua_settop(L, at);
  return 1;
}

/* f:is(x): both exact and the same; x is a figure, a number or a text read with the unit of f. */
static int figure_is(lua_State *L) {
  figure *f = check_figure(L, 1);
  lua_settop(L, 2);
  mk_truth less, equal = MK_NO;
  mk_err err = {0};
  mk_fig b;
  if (lua_type(L, 2) == LUA_TSTRING) {
    size_t n;
    const char *s = lmk_check_text(L, 2, "a figure", &n);
    mk_policy policy;
    mk_read_opts o = {.record = true, .unit = mk_unit_get(f->fig.unit)};
    reading r;
    read_opts(L, 3, &o, &policy);
    if (!read_text(&r, s, n, &o, &err)) return lmk_raise(L, &err);
    b = r.parts[0].fig;
  } else {
    b = operand(L, 2);
  }
  lua_pushboolean(L, mk_fig_compare(&f->fig, &b, &less, &equal, &err) && equal == MK_YES);
  return 1;
}

/* ------------------------------------------------------------------ constructors and helpers of core.figure */

static bool flag_field(lua_State *L, int table, const char *name) {
  lua_getfield(L, table, name);
  bool set = lua_toboolean(L, -1) && !(lua_type(L, -1) == LUA_TNUMBER && lua_tointeger(L, -1) == 0);
  lua_pop(L, 1);
  return set;
}

static bool number_field(lua_State *L, int table, const char *name, mk_num *out) {
  lua_getfield(L, table, name);
  bool has = number_arg(L, lua_gettop(L), name, out);
  lua_pop(L, 1);
  return has;
}

static mk_qualifier qualifier_arg(lua_State *L, const char *name) {
  mk_qualifier q = MK_EXACT;
  if (name && !mk_qualifier_find(name, &q))
    lmk_raisef(L, MK_NAME, "unknown qualifier '%s': exact, approx, nearly, more_than, at_least, at_most, below, between", name);
  return q;
}

static void hedge_default(lua_State *L, mk_fig *f, mk_num best, mk_qualifier q, const char *unit, bool whole) {
  mk_err err = {0};
  mk_policy policy;
  bool assumed;
  if (!mk_policy_init(&policy, false, &err) || !mk_fig_hedged(f, &assumed, best, q, unit, whole, &policy, &err)) lmk_raise(L, &err);
}

/* Ends as given; amounts said to be below something start at 0. */
static void bounds(lua_State *L, mk_fig *f, mk_qualifier q) {
  f->has_best = number_field(L, 1, "best", &f->best);
  f->has_lo = number_field(L, 1, "lo", &f->lo);
  f->has_hi = number_field(L, 1, "hi", &f->hi);
  f->lo_open = flag_field(L, 1, "lo_open") || !f->has_lo;
  f->hi_open = flag_field(L, 1, "hi_open") || !f->has_hi;
  if (!f->has_lo && f->has_hi && mk_num_sign(f->hi) > 0 && (q == MK_NEARLY || q == MK_BELOW || q == MK_AT_MOST)) {
    f->lo = mk_num_int(0);
    f->has_lo = true;
    f->lo_open = false;
  }
}

/* core.figure.new{best=, lo=, hi=, lo_open=, hi_open=, unit=, status=, qualifier=, raw=, sources=, whole=, assumed=} */
static int core_new(lua_State *L) {
  mk_err err = {0};
  mk_fig f = mk_fig_exact(mk_num_int(0), "", false);
  luaL_checktype(L, 1, LUA_TTABLE);
  lua_settop(L, 1);
  luaL_checkstack(L, 12, NULL);
  if (lua_getfield(L, 1, "unit") != LUA_TNIL) unit_arg(L, 2, f.unit);
  const mk_unit *unit = mk_unit_get(f.unit);
  const char *said = string_field(L, 1, "qualifier");
  mk_qualifier q = qualifier_arg(L, said);
  bounds(L, &f, q);
  f.whole = unit ? unit->whole : !*f.unit && f.has_best && mk_num_whole(f.best) && !f.has_lo && !f.has_hi;
  if (lua_getfield(L, 1, "whole") != LUA_TNIL) f.whole = lua_toboolean(L, -1);
  if (!f.has_lo && !f.has_hi) {
    bool whole = f.whole;
    if (!f.has_best) f = mk_fig_unknown(f.unit);
    else if (q == MK_BETWEEN) lmk_raisef(L, MK_RANGE, "a figure between two bounds needs lo and hi");
    else hedge_default(L, &f, f.best, q, f.unit, whole);
    f.whole = whole;
  } else if (said) {
    f.qualifier = q;
  } else {
    f.qualifier = mk_fig_shape(&f);
    if (f.qualifier == MK_EXACT && !f.has_best) { f.has_best = true; f.best = f.lo; }
  }
  status_field(L, 1, &f);
  if (!mk_fig_check(&f, &err)) return lmk_raise(L, &err);
  figure *made = new_figure(L, &f, 0);
  int at = lua_gettop(L);
  made->assumed = flag_field(L, 1, "assumed");
  string_field(L, 1, "raw");
  lua_setiuservalue(L, at, RAW);
  lua_getfield(L, 1, "sources");
  push_list(L, lua_gettop(L), "sources");
  lua_setiuservalue(L, at, SOURCES);
  lua_settop(L, at);
  return 1;
}

/* core.figure.unknown(unit) -> Figure of which only the unit is known */
static int core_unknown(lua_State *L) {
  char unit[MK_UNIT_MAX] = "";
  if (!lua_isnoneornil(L, 1)) unit_arg(L, 1, unit);
  mk_fig f = mk_fig_unknown(unit);
  new_figure(L, &f, 0);
  return 1;
}

/* core.figure.hedged(number, qualifier, unit) -> Figure under the default policy */
static int core_hedged(lua_State *L) {
  mk_num best;
  mk_fig f;
  char unit[MK_UNIT_MAX] = "";
  lua_settop(L, 3);
  if (!number_arg(L, 1, "the number", &best)) lmk_raisef(L, MK_TYPE, "a number is needed");
  mk_qualifier q = qualifier_arg(L, luaL_checkstring(L, 2));
  if (q == MK_BETWEEN) lmk_raisef(L, MK_RANGE, "a figure between two bounds needs lo and hi");
  if (!lua_isnil(L, 3)) unit_arg(L, 3, unit);
  const mk_unit *u = mk_unit_get(unit);
  hedge_default(L, &f, best, q, unit, u ? u->whole : false);
  new_figure(L, &f, 0);
  return 1;
}

/* core.figure.at_least(f) -> what is at least the least value of f */
static int core_at_least(lua_State *L) {
  mk_fig f = check_figure(L, 1)->fig;
  mk_fig_tighten(&f);
  f.has_hi = false;
  f.hi_open = true;
  f.best = f.lo;
  f.has_best = f.has_lo;
  f.qualifier = mk_fig_shape(&f);
  new_figure(L, &f, 0);
  share_value(L, 1, SOURCES);
  return 1;
}

static int core_is(lua_State *L) {
  lua_pushboolean(L, lmk_test_figure(L, 1) != NULL);
  return 1;
}

/* core.figure.order(a, b) -> -1, 0, 1 */
static int core_order(lua_State *L) {
  mk_fig a = operand(L, 1), b = operand(L, 2);
  int c = mk_fig_order(&a, &b);
  lua_pushinteger(L, c < 0 ? -1 : c > 0);
  return 1;
}

/* core.figure.comparable(a, b) -> whether their units convert into each other */
static int core_comparable(lua_State *L) {
  mk_fig a = operand(L, 1), b = operand(L, 2);
  mk_unit_parts u, v;
  mk_err err = {0};
  bool alike = !*a.unit || !*b.unit || (mk_unit_split(&u, a.unit, &err) && mk_unit_split(&v, b.unit, &err) && mk_unit_like(u, v));
  lua_pushboolean(L, alike);
  return 1;
}

static const char *unit_word(const mk_unit *u, bool english, bool one) { return !english ? u->vi : one ? u->en_one : u->en; }

/* core.figure.unit_name(unit, locale [, one]) -> the word printed after a number, "" for a plain number */
static int core_unit_name(lua_State *L) {
  char unit[MK_UNIT_MAX];
  mk_unit_parts parts;
  mk_err err = {0};
  unit_arg(L, 1, unit);
  bool english = strcmp(luaL_optstring(L, 2, "vi"), "en") == 0, one = lua_toboolean(L, 3);
  if (!mk_unit_split(&parts, unit, &err)) return lmk_raise(L, &err);
  const char *of = parts.of ? unit_word(parts.of, english, one) : "";
  if (!parts.per) lua_pushstring(L, of);
  else lua_pushfstring(L, "%s/%s", parts.of ? of : "1", unit_word(parts.per, english, true));
  return 1;
}

/* core.figure.unit(name) -> code; raises [unit] with the nearest name */
static int core_unit(lua_State *L) {
  char unit[MK_UNIT_MAX];
  unit_arg(L, 1, unit);
  lua_pushstring(L, unit);
  return 1;
}

/* core.figure.decimal(value, digits or nil [, "best"|"lo"|"hi"]) -> decimal text rounded half away from zero, exact
 * without digits (18 places when it does not end); nil when a figure has no such end */
static int core_decimal(lua_State *L) {
  mk_num v;
  figure *f = test_figure(L, 1);
  lua_Integer digits = luaL_optinteger(L, 2, -1);
  const char *which = luaL_optstring(L, 3, "best");
  if (digits < -1 || digits > 60) lmk_raisef(L, MK_RANGE, "digits must lie between 0 and 60");
  if (f) {
    bool lo = strcmp(which, "lo") == 0, hi = strcmp(which, "hi") == 0;
    v = lo ? f->fig.lo : hi ? f->fig.hi : f->fig.best;
    if (!(lo ? f->fig.has_lo : hi ? f->fig.has_hi : f->fig.has_best)) { lua_pushnil(L); return 1; }
  } else if (!number_arg(L, 1, "the number", &v)) {
    lmk_raisef(L, MK_TYPE, "a number is needed");
  }
  mk_buf *b = lmk_buf(L, NULL);
  mk_num_put(b, v, (int)digits);
  lmk_push_buf(L, b);
  return 1;
}

/* core.figure.origin(f) -> operation, operand, operand: "+" "-" "*" "/" "n" negated "c" change "t" times "s" share; or nil */
static int core_origin(lua_State *L) {
  figure *f = check_figure(L, 1);
  if (!f->op) { lua_pushnil(L); return 1; }
  lua_pushlstring(L, &f->op, 1);
  new_figure(L, &f->of[0], 0);
  new_figure(L, &f->of[1], 0);
  return 3;
}

static const luaL_Reg methods[] = {
    {"to", figure_to}, {"is", figure_is}, {"known", figure_known}, {"exact", figure_exact}, {"change", figure_change},
    {"times", figure_times}, {"share", figure_share}, {"overlaps", figure_overlaps}, {"surely_lt", figure_surely_lt},
    {"maybe_lt", figure_maybe_lt}, {"surely_covers", figure_surely_covers}, {"one_sided", figure_one_sided},
    {"floor", figure_floor}, {NULL, NULL}};

static const luaL_Reg meta[] = {{"__add", figure_add}, {"__sub", figure_sub}, {"__mul", figure_mul}, {"__div", figure_div},
                                {"__unm", figure_unm}, {"__lt", figure_lt}, {"__le", figure_le}, {"__eq", figure_eq},
                                {NULL, NULL}};

static const luaL_Reg functions[] = {
    {"new", core_new}, {"parse", core_parse}, {"unknown", core_unknown}, {"hedged", core_hedged}, {"at_least", core_at_least},
    {"is", core_is}, {"order", core_order}, {"comparable", core_comparable}, {"unit_name", core_unit_name},
    {"unit", core_unit}, {"decimal", core_decimal}, {"origin", core_origin}, {NULL, NULL}};

/* Pushes the table of functions; its fields methods and meta are the method table and the metatable of figures. */
int lmk_open_figure(lua_State *L) {
  lmk_class(L, CLASS, methods, meta);
  luaL_newlib(L, functions);
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
