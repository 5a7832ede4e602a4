/* lmk_agg.c: measures: aggregates over many rows and what is worked out from them. The rows are gone through elsewhere:
 * parts() says what to find, eval() joins what was found. May include: lmk_expr.h. */
#include "lmk_expr.h"

#define AGG "mekong.Agg"

static int agg_gc(lua_State *L) {
  lmk_agg *x = luaL_checkudata(L, 1, AGG);
  mk_expr_free(x->e);
  x->e = NULL;
  return 0;
}

static lmk_agg *check_agg(lua_State *L) {
  lmk_agg *x = luaL_testudata(L, 1, AGG);
  if (!x) lmk_raisef(L, MK_TYPE, "a measure is needed, not %s; methods are called with ':'", luaL_typename(L, 1));
  else if (!x->e) lmk_raisef(L, MK_CLOSED, "the measure is closed");
  return x;
}

/* expr.aggregate(text, …as compile) -> Agg */
int lmk_agg_compile(lua_State *L) {
  lmk_expr_args args;
  mk_err err = {0};
  lmk_expr_arguments(L, &args);
  args.opts.mode = MK_EXPR_AGG;
  lmk_agg *x = lua_newuserdatauv(L, sizeof *x + args.opts.ncols * sizeof *x->types, 1);
  *x = (lmk_agg){.ncols = args.opts.ncols};
  luaL_setmetatable(L, AGG);
  for (size_t i = 0; i < x->ncols; i++) x->types[i] = args.opts.cols[i].type;
  x->e = mk_expr_make(NULL, args.text, args.n, &args.opts, &err);
  if (!x->e) return lmk_raise(L, &err);
  lua_newuserdatauv(L, mk_expr_parts(x->e) * sizeof(mk_fig), 0);
  lua_setiuservalue(L, -2, 1);
  return 1;
}

/* ---- parts */

/* Sets the field of the table on top to an expression that is part of the measure at index 1. [-0, +0] */
static void set_view(lua_State *L, const lmk_agg *x, const char *field, mk_expr *e) {
  if (!e) return;
  lmk_expr *v = lmk_expr_new(L, x->ncols);
  v->owner = x;
  v->e = e;
  lua_pushvalue(L, 1);
  lua_setiuservalue(L, -2, 2);
  for (size_t i = 0; i < x->ncols; i++) v->columns[i] = (lmk_source){x->types[i], 0};
  lmk_expr_ready(L, v);
  lua_setfield(L, -2, field);
}

static void push_part(lua_State *L, const lmk_agg *x, const mk_agg_part *p) {
  lua_createtable(L, 0, 8);
  lua_pushstring(L, mk_agg_name(p->fn));
  lua_setfield(L, -2, "fn");
  if (p->fn == MK_AGG_PERCENTILE || p->fn == MK_AGG_MEDIAN) {
    mk_buf *b = lmk_buf(L, NULL);
    int d = p->percent;
    if (d % 100 == 0) mk_putf(b, "%d", d / 100);
    else if (d % 10 == 0) mk_putf(b, "0.%d", d / 10);
    else mk_putf(b, "0.%d%d", d / 10, d % 10);
    lmk_push_buf(L, b);
    lua_setfield(L, -3, "p");
    lua_pop(L, 1);
  }
  lua_pushstring(L, mk_type_name(p->type));
  lua_setfield(L, -2, "type");
  lua_pushstring(L, p->unit ? p->unit->code : NULL);
  lua_setfield(L, -2, "unit");
  if (p->column != SIZE_MAX) {
    lua_pushinteger(L, (lua_Integer)p->column + 1);
    lua_setfield(L, -2, "column");
  }
  set_view(L, x, "arg", p->argument);
  set_view(L, x, "filter", p->filter);
}

/* a:parts() -> list of {fn =, p =, arg =, filter =, type =, unit =, column =}; arg and filter are Exprs */
static int agg_parts(lua_State *L) {
  const lmk_agg *x = check_agg(L);
  size_t n = mk_expr_parts(x->e);
  lua_settop(L, 1);
  luaL_checkstack(L, 16, NULL);
  lua_createtable(L, (int)n, 0);
  for (size_t i = 0; i < n; i++) {
    mk_agg_part part = mk_expr_part(x->e, i);
    push_part(L, x, &part);
    lua_rawseti(L, -2, (lua_Integer)i + 1);
  }
  return 1;
}

/* a:plain() -> true when the whole is one aggregate */
static int agg_plain(lua_State *L) {
  lua_pushboolean(L, mk_expr_plain(check_agg(L)->e));
  return 1;
}

/* a:name() -> the name in front, or nil */
static int agg_name(lua_State *L) {
  size_t n;
  const char *s = mk_expr_title(check_agg(L)->e, &n);
  if (s) lua_pushlstring(L, s, n);
  else lua_pushnil(L);
  return 1;
}

/* a:text() -> as it was written, without the name */
static int agg_text(lua_State *L) {
  size_t n;
  const char *s = mk_expr_text(check_agg(L)->e, &n);
  lua_pushlstring(L, s, n);
  return 1;
}

static int agg_type(lua_State *L) {
  lua_pushstring(L, mk_type_name(mk_expr_type(check_agg(L)->e)));
  return 1;
}

static int agg_unit(lua_State *L) {
  const mk_unit *u = mk_expr_unit(check_agg(L)->e);
  lua_pushstring(L, u ? u->code : NULL);
  return 1;
}

/* a:sql(dialect, columns [, {case =, line =}]) -> text of SQL; case and line: what count() and lines() count there, else rows */
static int agg_sql(lua_State *L) {
  const lmk_agg *x = check_agg(L);
  return lmk_expr_sql(L, x->e, x->ncols);
}

/* ---- the whole from the values of the parts */

typedef struct { lua_State *L; const lmk_agg *x; mk_fig *figs; bool figures; } run;

static bool wrong_value(size_t part, const char *found, mk_type type, mk_err *err) {
  return mk_fail(err, MK_TYPE, "the value of part %z is %s, not %s", part + 1, found, mk_type_name(type));
}

/* Reads the value of a part without raising: the core is below us on the C stack. */
static bool get_value(void *ud, size_t part, mk_value *out, mk_err *err) {
  run *r = ud;
  lua_State *L = r->L;
  mk_type type = mk_expr_part(r->x->e, part).type;
  bool number = type == MK_T_INT || type == MK_T_DECIMAL || type == MK_T_FIGURE, ok = false;
  int whole, found = lua_rawgeti(L, 2, (lua_Integer)part + 1);
  size_t n;
  *out = (mk_value){.type = MK_T_MISSING};
  switch (found) {
    case LUA_TNIL: ok = true; break;
    case LUA_TBOOLEAN:
      *out = (mk_value){.type = MK_T_BOOL, .truth = lua_toboolean(L, -1) != 0};
      ok = type == MK_T_BOOL;
      break;
    case LUA_TNUMBER: {
      int64_t i = lua_tointegerx(L, -1, &whole);
      r->figs[part] = mk_fig_exact(mk_num_int(i), "", true);
      *out = (mk_value){.type = MK_T_FIGURE, .fig = &r->figs[part]};
      ok = number && whole;
      break;
    }
    case LUA_TSTRING: {
      const char *s = lua_tolstring(L, -1, &n);
      ok = type != MK_T_BOOL && mk_utf8_require(s, n, "a value", err) && mk_value_read(out, number ? MK_T_DECIMAL : type, s, n, err);
      if (!ok || !number) break;
      r->figs[part] = mk_fig_exact(out->num, "", false);
      *out = (mk_value){.type = MK_T_FIGURE, .fig = &r->figs[part]};
      r->figures = true;
      break;
    }
    default:
      out->fig = lmk_test_figure(L, -1);
      ok = out->fig && number;
      if (ok) out->type = MK_T_FIGURE;
      r->figures = true;
      break;
  }
  lua_pop(L, 1);
  return ok || wrong_value(part, lua_typename(L, found), type, err);
}

/* a:eval(values) -> the whole from the values of the parts, in their order; nil is missing. Integers give an integer
 * where the result is whole, else a Figure; nil and, when there is one, the code of the reason */
static int agg_eval(lua_State *L) {
  mk_err err = {0};
  mk_value v;
  int64_t i;
  const lmk_agg *x = check_agg(L);
  luaL_checktype(L, 2, LUA_TTABLE);
  lua_settop(L, 2);
  lua_getiuservalue(L, 1, 1);
  luaL_checkstack(L, 8, NULL);
  run r = {.L = L, .x = x, .figs = lua_touserdata(L, 3)};
  if (!mk_expr_eval(x->e, get_value, &r, &v, &err)) return lmk_raise(L, &err);
  if (mk_expr_plain(x->e)) {
    lua_rawgeti(L, 2, 1);
    return 1;
  }
  bool counts = v.type == MK_T_FIGURE && !r.figures && v.fig->whole && mk_fig_is_exact(v.fig) && !*v.fig->unit;
  if (!counts || !mk_num_int64(v.fig->best, &i)) return lmk_push_result(L, &v);
  lua_pushinteger(L, i);
  return 1;
}

void lmk_agg_class(lua_State *L) {
  static const luaL_Reg methods[] = {{"name", agg_name}, {"text", agg_text},   {"parts", agg_parts}, {"plain", agg_plain},
                                     {"type", agg_type}, {"unit", agg_unit}, {"eval", agg_eval},   {"sql", agg_sql}, {NULL, NULL}};
  static const luaL_Reg meta[] = {{"__gc", agg_gc}, {NULL, NULL}};
  lmk_class(L, AGG, methods, meta);
}
