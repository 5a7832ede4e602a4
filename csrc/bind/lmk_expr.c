/* lmk_expr.c: mekong.core.expr: expressions compiled over named columns and run over columns held in Lua tables
 * (data[column][row], nil = missing). May include: lmk_expr.h. */
#include "lmk_expr.h"

#include <limits.h>
#include <string.h>

#define EXPR "mekong.Expr"
enum { PARAMETERS_MAX = 1000 };

typedef lmk_expr expr;
typedef lmk_source source;

/* One run over data: figs has a place per read column for numbers that stand where figures are expected. */
typedef struct {
  lua_State *L;
  const expr *x;
  int base;      /* stack index before the first column table */
  lua_Integer i; /* row, 1-based */
  mk_fig *figs;
} run;

static int expr_gc(lua_State *L) {
  expr *x = luaL_checkudata(L, 1, EXPR);
  if (!x->owner) mk_expr_free(x->e);
  x->e = NULL;
  return 0;
}

static expr *check_expr(lua_State *L) {
  expr *x = luaL_testudata(L, 1, EXPR);
  if (!x) lmk_raisef(L, MK_TYPE, "an expression is needed, not %s; methods are called with ':'", luaL_typename(L, 1));
  else if (!x->e || (x->owner && !x->owner->e)) lmk_raisef(L, MK_CLOSED, "the expression is closed");
  return x;
}

/* ---- compiling */

static bool is_word(const char *s, size_t n, const char *word) { return n == strlen(word) && memcmp(s, word, n) == 0; }

/* "decimal"; "decimal measured" for a number in the unit that the row's unit column names; "decimal typed" for one whose
 * "2.300" is asked about; "figure count". */
static void read_type(lua_State *L, const char *name, mk_column *column) {
  char base[16] = "";
  size_t n = strcspn(name, " ");
  if (n < sizeof base) memcpy(base, name, n);
  for (const char *word = name + n; *word; word += n) {
    n = strcspn(++word, " ");
    if (is_word(word, n, "measured")) column->flags |= MK_C_MEASURED;
    else if (is_word(word, n, "count")) column->flags |= MK_C_COUNT;
    else if (is_word(word, n, "typed")) column->flags |= MK_C_TYPED;
    else base[0] = '\0';
  }
  if (!mk_type_find(base, &column->type)) lmk_raisef(L, MK_TYPE, "unknown column type '%s'", name);
}

/* The string at table[i + 1], or NULL for nil and false when it is optional; the table keeps it alive. */
static const char *text_at(lua_State *L, int table, size_t i, const char *what, bool optional) {
  lua_rawgeti(L, table, (lua_Integer)i + 1);
  bool none = lua_isnil(L, -1) || (lua_isboolean(L, -1) && !lua_toboolean(L, -1));
  if (optional && none) {
    lua_pop(L, 1);
    return NULL;
  }
  size_t n;
  const char *s = lmk_check_text(L, -1, what, &n);
  lua_pop(L, 1);
  return s;
}

/* The arguments names, types, aliases as columns, in a userdata. [-0, +1] */
static mk_column *read_columns(lua_State *L, size_t *count) {
  luaL_checktype(L, 2, LUA_TTABLE);
  luaL_checktype(L, 3, LUA_TTABLE);
  bool aliases = !lua_isnoneornil(L, 4);
  if (aliases) luaL_checktype(L, 4, LUA_TTABLE);
  *count = (size_t)lua_rawlen(L, 2);
  mk_column *columns = lua_newuserdatauv(L, (*count + 1) * sizeof *columns, 0);
  memset(columns, 0, (*count + 1) * sizeof *columns);
  for (size_t i = 0; i < *count; i++) {
    columns[i].name = text_at(L, 2, i, "a column name", false);
    read_type(L, text_at(L, 3, i, "a column type", false), &columns[i]);
    if (aliases) columns[i].aliases = text_at(L, 4, i, "an alias", true);
  }
  return columns;
}

static void read_parameter(lua_State *L, mk_param *p) {
  const mk_fig *fig;
  int whole;
  size_t n;
  p->value = (mk_value){.type = MK_T_MISSING};
  switch (lua_type(L, -1)) {
    case LUA_TBOOLEAN:
      p->value.type = MK_T_BOOL;
      p->value.truth = lua_toboolean(L, -1) != 0;
      return;
    case LUA_TNUMBER:
      p->value.type = MK_T_INT;
      p->value.i = lua_tointegerx(L, -1, &whole);
      if (whole) return;
      lmk_raisef(L, MK_TYPE, "parameter $%s is not whole; give decimals as mekong.figure(\"2,5\")", p->name);
      return;
    case LUA_TSTRING:
      p->value.type = MK_T_TEXT;
      p->value.s = lua_tolstring(L, -1, &n);
      p->value.n = n;
      return;
    default: break;
  }
  if ((fig = lmk_test_figure(L, -1)) == NULL)
    lmk_raisef(L, MK_TYPE, "parameter $%s is of type %s; give a number, text, boolean or figure", p->name,
               luaL_typename(L, -1));
  p->value.type = MK_T_FIGURE;
  p->value.fig = fig;
}

static size_t count_entries(lua_State *L, int table) {
  size_t n = 0;
  for (lua_pushnil(L); lua_next(L, table); lua_pop(L, 1)) n++;
  return n;
}

/* Decimal digits of the number of a parameter; a parameter's name lives as long as its slot. */
static const char *number_name(char slot[24], lua_Integer number) {
  char *p = slot + 23;
  *p = '\0';
  do *--p = (char)('0' + number % 10); while (number /= 10);
  return p;
}

/* 1 and "1" are one name, and which of them came first is not the table's to say. */
static void refuse_twice(lua_State *L, const mk_param *params, size_t count) {
  for (size_t i = 1; i < count; i++)
    for (size_t k = 0; k < i; k++)
      if (strcmp(params[i].name, params[k].name) == 0)
        lmk_raisef(L, MK_DUPLICATE, "parameter $%s is given twice, by number and by name", params[i].name);
}

const mk_param *lmk_parameters(lua_State *L, int at, size_t *count) {
  *count = 0;
  luaL_checkstack(L, 8, NULL);
  if (lua_isnoneornil(L, at)) { lua_pushnil(L); return NULL; }
  if (lua_type(L, at) != LUA_TTABLE)
    lmk_raisef(L, MK_TYPE, "parameters are given in a table, {7} for $1 or {name = 7} for $name, not as %s",
               luaL_typename(L, at));
  size_t n = count_entries(L, at);
  if (n > PARAMETERS_MAX) lmk_raisef(L, MK_LIMIT, "%z parameters are more than the limit of %d", n, (int)PARAMETERS_MAX);
  mk_param *params = lua_newuserdatauv(L, (n + 1) * (sizeof *params + 24), 0);
  char(*numbers)[24] = (char(*)[24])(params + n + 1);
  for (lua_pushnil(L); lua_next(L, at) && *count < n; lua_pop(L, 1)) {
    mk_param *p = &params[*count];
    if (lua_type(L, -2) == LUA_TSTRING) p->name = lua_tostring(L, -2);
    else if (lua_isinteger(L, -2) && lua_tointeger(L, -2) > 0) p->name = number_name(numbers[*count], lua_tointeger(L, -2));
    else lmk_raisef(L, MK_TYPE, "parameters are numbered from 1 or named, not keyed by %s", luaL_typename(L, -2));
    read_parameter(L, p);
    ++*count;
  }
  refuse_twice(L, params, *count);
  return params;
}

/* The list opts[name], whose items are texts, false or nil, as an array of the length of the columns; NULL without it. [-0, +1] */
static const char **read_list(lua_State *L, const char *name, size_t ncols) {
  if (lua_getfield(L, 7, name) == LUA_TNIL) return NULL;
  if (lua_type(L, -1) != LUA_TTABLE) lmk_raisef(L, MK_TYPE, "opts.%s is a list, not %s", name, luaL_typename(L, -1));
  int list = lua_gettop(L);
  const char **items = lua_newuserdatauv(L, (ncols + 1) * sizeof *items, 0);
  for (size_t i = 0; i < ncols; i++) items[i] = text_at(L, list, i, name, true);
  return items;
}

/* opts.lookup: {kind, key, code} each. [-0, +1] */
static const mk_expr_code *read_codes(lua_State *L, size_t *count) {
  *count = 0;
  if (lua_getfield(L, 7, "lookup") == LUA_TNIL) return NULL;
  if (lua_type(L, -1) != LUA_TTABLE) lmk_raisef(L, MK_TYPE, "opts.lookup is a list, not %s", luaL_typename(L, -1));
  int list = lua_gettop(L);
  *count = (size_t)lua_rawlen(L, list);
  mk_expr_code *codes = lua_newuserdatauv(L, (*count + 1) * sizeof *codes, 0);
  for (size_t i = 0; i < *count; i++) {
    if (lua_rawgeti(L, list, (lua_Integer)i + 1) != LUA_TTABLE)
      lmk_raisef(L, MK_TYPE, "opts.lookup[%z] is {kind, key, code}, not %s", i + 1, luaL_typename(L, -1));
    int item = lua_gettop(L);
    codes[i].kind = text_at(L, item, 0, "a kind", false);
    codes[i].key = text_at(L, item, 1, "a key", false);
    codes[i].nkey = strlen(codes[i].key);
    codes[i].code = text_at(L, item, 2, "a code", false);
    lua_pop(L, 1);
  }
  return codes;
}

static const mk_unit **read_units(lua_State *L, size_t ncols) {
  const char **names = read_list(L, "units", ncols);
  if (!names) return NULL;
  const mk_unit **units = lua_newuserdatauv(L, (ncols + 1) * sizeof *units, 0);
  for (size_t i = 0; i < ncols; i++) units[i] = names[i] ? mk_unit_get(names[i]) : NULL;
  return units;
}

void lmk_expr_arguments(lua_State *L, lmk_expr_args *args) {
  static const char *const known[] = {"kinds", "lookup", "units"};
  *args = (lmk_expr_args){0};
  if (lua_type(L, 1) != LUA_TSTRING) lmk_raisef(L, MK_TYPE, "an expression is a string, not %s", luaL_typename(L, 1));
  args->text = lua_tolstring(L, 1, &args->n);
  args->opts.what = luaL_optstring(L, 6, NULL);
  lua_settop(L, 7);
  luaL_checkstack(L, 20, NULL);
  args->opts.cols = read_columns(L, &args->opts.ncols);
  args->opts.params = lmk_parameters(L, 5, &args->opts.nparams);
  if (lua_isnil(L, 7)) return;
  luaL_checktype(L, 7, LUA_TTABLE);
  for (lua_pushnil(L); lua_next(L, 7); lua_pop(L, 1)) {
    size_t k = 0;
    while (k < 3 && (lua_type(L, -2) != LUA_TSTRING || strcmp(lua_tostring(L, -2), known[k]) != 0)) k++;
    if (k == 3) lmk_raisef(L, MK_NAME, "opts has kinds, lookup and units, and nothing else");
  }
  args->opts.kinds = read_list(L, "kinds", args->opts.ncols);
  args->opts.units = read_units(L, args->opts.ncols);
  args->opts.codes = read_codes(L, &args->opts.ncodes);
}

lmk_expr *lmk_expr_new(lua_State *L, size_t ncols) {
  expr *x = lua_newuserdatauv(L, sizeof *x + ncols * sizeof *x->columns, 2);
  *x = (expr){.ncols = ncols};
  luaL_setmetatable(L, EXPR);
  return x;
}

void lmk_expr_ready(lua_State *L, lmk_expr *x) {
  size_t nread;
  const size_t *read = mk_expr_columns(x->e, &nread);
  for (size_t k = 0; k < nread; k++) x->columns[read[k]].slot = (int)k + 1;
  lua_newuserdatauv(L, (nread + 1) * sizeof(mk_fig), 0);
  lua_setiuservalue(L, -2, 1);
}

static lmk_expr *compile(lua_State *L, mk_expr_mode mode) {
  lmk_expr_args args;
  mk_err err = {0};
  lmk_expr_arguments(L, &args);
  args.opts.mode = mode;
  expr *x = lmk_expr_new(L, args.opts.ncols);
  x->e = mk_expr_make(NULL, args.text, args.n, &args.opts, &err);
  if (!x->e) lmk_raise(L, &err);
  for (size_t i = 0; i < x->ncols; i++) x->columns[i] = (source){args.opts.cols[i].type, 0};
  lmk_expr_ready(L, x);
  return x;
}

/* expr.compile(text, names, types, aliases or nil, params or nil [, what [, opts]]) -> Expr. Types are names of
 * mk_type_name, with " measured" behind a number whose unit stands in the row's unit column. opts: kinds and units, lists
 * beside names of the kind of entity a text names and of the unit of figures (or false), and lookup, {kind, key, code} each. */
static int expr_compile(lua_State *L) {
  compile(L, MK_EXPR_ROW);
  return 1;
}

/* expr.with(text, …as compile) -> name, Expr of "name = expression" */
static int expr_with(lua_State *L) {
  size_t n;
  const char *name = mk_expr_title(compile(L, MK_EXPR_NAMED)->e, &n);
  lua_pushlstring(L, name, n);
  lua_insert(L, -2);
  return 2;
}

/* ---- running */

static bool wrong_cell(const run *r, size_t column, int type, mk_err *err) {
  return mk_fail(err, MK_TYPE, "row %l of column %z holds %s, not %s", (long long)r->i, column + 1, lua_typename(r->L, type),
                 mk_type_name(r->x->columns[column].type));
}

static bool number_cell(const run *r, const source *c, mk_value *out) {
  int whole;
  int64_t i = lua_tointegerx(r->L, -1, &whole);
  if (!whole) return false;
  *out = (mk_value){.type = c->type, .i = i, .num = mk_num_int(i)};
  if (c->type == MK_T_BOOL) out->truth = i == 1;
  if (c->type == MK_T_FIGURE) {
    mk_fig *fig = &r->figs[c->slot - 1];
    *fig = mk_fig_exact(mk_num_int(i), "", true);
    out->fig = fig;
  }
  if (c->type == MK_T_BOOL) return i == 0 || i == 1;
  return c->type == MK_T_INT || c->type == MK_T_DECIMAL || c->type == MK_T_FIGURE;
}

/* Reads one cell without raising: the core is below us on the C stack. */
static bool get_cell(void *ud, size_t column, mk_value *out, mk_err *err) {
  const run *r = ud;
  const source *c = &r->x->columns[column];
  bool ok = false;
  size_t n;
  int type = lua_rawgeti(r->L, r->base + c->slot, r->i);
  switch (type) {
    case LUA_TNIL:
      *out = (mk_value){.type = MK_T_MISSING};
      ok = true;
      break;
    case LUA_TBOOLEAN:
      *out = (mk_value){.type = MK_T_BOOL, .truth = lua_toboolean(r->L, -1) != 0};
      ok = c->type == MK_T_BOOL;
      break;
    case LUA_TNUMBER: ok = number_cell(r, c, out); break;
    case LUA_TSTRING: {
      const char *s = lua_tolstring(r->L, -1, &n);
      ok = c->type != MK_T_BOOL && c->type != MK_T_FIGURE && c->type != MK_T_BLOB;
      if (!ok || (mk_utf8_require(s, n, "a cell", err) && mk_value_read(out, c->type, s, n, err))) break;
      lua_pop(r->L, 1);
      return false;
    }
    default:
      out->type = MK_T_FIGURE;
      out->fig = lmk_test_figure(r->L, -1);
      ok = out->fig && c->type == MK_T_FIGURE;
      break;
  }
  lua_pop(r->L, 1);
  return ok || wrong_cell(r, column, type, err);
}

/* Pushes the tables of the columns that are read. */
static void start(lua_State *L, const expr *x, run *r) {
  size_t nread;
  const size_t *read = mk_expr_columns(x->e, &nread);
  luaL_checktype(L, 2, LUA_TTABLE);
  lua_getiuservalue(L, 1, 1);
  *r = (run){.L = L, .x = x, .figs = lua_touserdata(L, -1), .base = lua_gettop(L)};
  luaL_checkstack(L, nread < INT_MAX - 10 ? (int)nread + 10 : INT_MAX, "too many columns");
  for (size_t k = 0; k < nread; k++)
    if (lua_rawgeti(L, 2, (lua_Integer)read[k] + 1) != LUA_TTABLE)
      lmk_raisef(L, MK_TYPE, "the data has no list for column %z", read[k] + 1);
}

static lua_Integer check_row(lua_State *L, int arg) {
  int whole;
  lua_Integer i = lua_tointegerx(L, arg, &whole);
  if (!whole) lmk_raisef(L, MK_TYPE, "a row number is needed, not %s", luaL_typename(L, arg));
  return i;
}

/* e:test(data, i) -> true, false or nil */
static int expr_test(lua_State *L) {
  run r;
  mk_err err = {0};
  mk_truth t;
  const expr *x = check_expr(L);
  lua_Integer i = check_row(L, 3);
  start(L, x, &r);
  r.i = i;
  if (!mk_expr_test(x->e, get_cell, &r, &t, &err)) return lmk_raise(L, &err);
  if (t == MK_MAYBE) lua_pushnil(L);
  else lua_pushboolean(L, t == MK_YES);
  return 1;
}

void lmk_push_value(lua_State *L, const mk_value *v) {
  mk_buf *b;
  switch (v->type) {
    case MK_T_BOOL: lua_pushboolean(L, v->truth); break;
    case MK_T_INT: lua_pushinteger(L, v->i); break;
    case MK_T_TEXT: case MK_T_PHASE: case MK_T_UNIT: lua_pushlstring(L, v->s, v->n); break;
    case MK_T_FIGURE: lmk_push_figure(L, v->fig); break;
    case MK_T_DECIMAL:
      b = lmk_buf(L, NULL);
      mk_num_put(b, v->num, -1);
      lmk_push_buf(L, b);
      break;
    case MK_T_DATE:
      b = lmk_buf(L, NULL);
      mk_date_put(b, v->date);
      lmk_push_buf(L, b);
      break;
    default: lua_pushnil(L); break;
  }
}

int lmk_push_result(lua_State *L, const mk_value *v) {
  lmk_push_value(L, v);
  if (v->type != MK_T_MISSING || v->why == MK_OK) return 1;
  lua_pushstring(L, mk_code_name(v->why));
  return 2;
}

/* e:eval(data, i) -> value; decimals and dates as canonical text; nil and, when there is one, the code of the reason */
static int expr_eval(lua_State *L) {
  run r;
  mk_err err = {0};
  mk_value v;
  const expr *x = check_expr(L);
  lua_Integer i = check_row(L, 3);
  start(L, x, &r);
  r.i = i;
  if (!mk_expr_eval(x->e, get_cell, &r, &v, &err)) return lmk_raise(L, &err);
  return lmk_push_result(L, &v);
}

/* e:filter(data, n) -> list of the rows 1..n for which it is true */
static int expr_filter(lua_State *L) {
  run r;
  mk_err err = {0};
  mk_truth t;
  lua_Integer found = 0;
  const expr *x = check_expr(L);
  lua_Integer n = check_row(L, 3);
  if (!mk_expr_condition(x->e, &err)) return lmk_raise(L, &err);
  start(L, x, &r);
  lua_newtable(L);
  for (r.i = 1; r.i <= n; r.i++) {
    if (!mk_expr_test(x->e, get_cell, &r, &t, &err)) return lmk_raise(L, &err);
    if (t != MK_YES) continue;
    lua_pushinteger(L, r.i);
    lua_rawseti(L, -2, ++found);
  }
  return 1;
}

/* e:type() -> "bool", "int", …; e:unit() -> code of the unit of a number, or nil */
static int expr_type(lua_State *L) {
  lua_pushstring(L, mk_type_name(mk_expr_type(check_expr(L)->e)));
  return 1;
}

static int expr_unit(lua_State *L) {
  const mk_unit *u = mk_expr_unit(check_expr(L)->e);
  lua_pushstring(L, u ? u->code : NULL);
  return 1;
}

/* e:text() -> as it was written, without a name in front */
static int expr_text(lua_State *L) {
  size_t n;
  const char *s = mk_expr_text(check_expr(L)->e, &n);
  lua_pushlstring(L, s, n);
  return 1;
}

/* e:column() -> the column that is the whole expression, or nil */
static int expr_column(lua_State *L) {
  size_t column;
  if (mk_expr_column(check_expr(L)->e, &column)) lua_pushinteger(L, (lua_Integer)column + 1);
  else lua_pushnil(L);
  return 1;
}

/* e:conjuncts() -> texts of the conditions that it joins with `and`, or nil when it is another one */
static int expr_conjuncts(lua_State *L) {
  enum { MOST = 16 };
  size_t first[MOST], n[MOST], size;
  const mk_expr *e = check_expr(L)->e;
  const char *text = mk_expr_text(e, &size);
  size_t count = mk_expr_conjuncts(e, first, n, MOST);
  if (!count) {
    lua_pushnil(L);
    return 1;
  }
  lua_createtable(L, (int)count, 0);
  for (size_t i = 0; i < count; i++) {
    lua_pushlstring(L, text + first[i], n[i]);
    lua_rawseti(L, -2, (lua_Integer)i + 1);
  }
  return 1;
}

/* e:named(column) -> list of the texts one of which the column is taken for in every row selected, or nil */
static int expr_named(lua_State *L) {
  const mk_expr *e = check_expr(L)->e;
  size_t column = (size_t)check_row(L, 2) - 1, n;
  const char *s;
  if (!mk_expr_named(e, column, 0, &s, &n)) {
    lua_pushnil(L);
    return 1;
  }
  lua_newtable(L);
  for (size_t i = 0; mk_expr_named(e, column, i, &s, &n); i++) {
    lua_pushlstring(L, s, n);
    lua_rawseti(L, -2, (lua_Integer)i + 1);
  }
  return 1;
}

/* e:converts() -> the column that is taken in another unit and nothing else, or nil */
static int expr_converts(lua_State *L) {
  size_t column;
  if (mk_expr_converts(check_expr(L)->e, &column)) lua_pushinteger(L, (lua_Integer)column + 1);
  else lua_pushnil(L);
  return 1;
}

/* e:fn() -> the outermost call, "key" "year" "month", or nil */
static int expr_fn(lua_State *L) {
  lua_pushstring(L, mk_expr_function(check_expr(L)->e));
  return 1;
}

/* e:columns() -> ascending list of the columns it reads, by their place in names */
static int expr_columns(lua_State *L) {
  size_t n;
  const size_t *read = mk_expr_columns(check_expr(L)->e, &n);
  lua_createtable(L, (int)(n < 1000 ? n : 1000), 0);
  for (size_t i = 0; i < n; i++) {
    lua_pushinteger(L, (lua_Integer)read[i] + 1);
    lua_rawseti(L, -2, (lua_Integer)i + 1);
  }
  return 1;
}

/* e:matches() -> list of {column, words} for each `column match words` that every selected row fulfils */
static int expr_matches(lua_State *L) {
  size_t column, n;
  const char *words;
  const expr *x = check_expr(L);
  lua_newtable(L);
  for (size_t i = 0; mk_expr_match(x->e, i, &column, &words, &n); i++) {
    lua_createtable(L, 2, 0);
    lua_pushinteger(L, (lua_Integer)column + 1);
    lua_rawseti(L, -2, 1);
    lua_pushlstring(L, words, n);
    lua_rawseti(L, -2, 2);
    lua_rawseti(L, -2, (lua_Integer)i + 1);
  }
  return 1;
}

/* e:bare() -> list of {column =, text = or nil, zero =} for the literals of mk_expr_bare; nil when there are none */
static int expr_bare(lua_State *L) {
  mk_bare at;
  const expr *x = check_expr(L);
  if (!mk_expr_bare(x->e, 0, &at)) {
    lua_pushnil(L);
    return 1;
  }
  lua_newtable(L);
  for (size_t i = 0; mk_expr_bare(x->e, i, &at); i++) {
    lua_createtable(L, 0, 3);
    lua_pushinteger(L, (lua_Integer)at.column + 1);
    lua_setfield(L, -2, "column");
    if (at.text) lua_pushlstring(L, at.s, at.n);
    else lua_pushnil(L);
    lua_setfield(L, -2, "text");
    lua_pushboolean(L, at.zero);
    lua_setfield(L, -2, "zero");
    lua_rawseti(L, -2, (lua_Integer)i + 1);
  }
  return 1;
}

/* e:refuse(i, code, message, hint): raises at the i-th of e:bare() */
static int expr_refuse(lua_State *L) {
  mk_bare at;
  mk_err err = {0};
  const expr *x = check_expr(L);
  mk_code code = mk_code_find(luaL_checkstring(L, 3));
  const char *msg = luaL_checkstring(L, 4), *hint = luaL_checkstring(L, 5);
  if (!mk_expr_bare(x->e, (size_t)check_row(L, 2) - 1, &at)) return 0;
  mk_expr_refuse(x->e, &at, code, msg, hint, &err);
  return lmk_raise(L, &err);
}

static const char *key_field(lua_State *L, int keys, const char *name) {
  if (lua_isnoneornil(L, keys)) return NULL;
  lua_getfield(L, keys, name);
  if (lua_isnil(L, -1)) return NULL;
  size_t n;
  return lmk_check_text(L, -1, name, &n);
}

int lmk_expr_sql(lua_State *L, const mk_expr *e, size_t ncols) {
  static const char *const dialects[] = {"sqlite", "postgres", NULL};
  mk_err err = {0};
  mk_sql_opts o = {.ncolumns = ncols};
  const char *name = luaL_checkstring(L, 2);
  lua_settop(L, 4);
  luaL_checktype(L, 3, LUA_TTABLE);
  if (!lua_isnil(L, 4)) luaL_checktype(L, 4, LUA_TTABLE);
  if (strcmp(name, dialects[1]) == 0) o.dialect = MK_SQL_POSTGRES;
  else if (strcmp(name, dialects[0]) != 0)
    lmk_raisef(L, MK_NAME, "unknown dialect '%s' of SQL; there are sqlite and postgres", name);
  const char **columns = lua_newuserdatauv(L, (ncols + 1) * sizeof *columns, 0);
  for (size_t i = 0; i < ncols; i++) columns[i] = text_at(L, 3, i, "a column of SQL", true);
  o.columns = columns;
  o.of_case = key_field(L, 4, "case");
  o.of_line = key_field(L, 4, "line");
  mk_buf *b = lmk_buf(L, NULL);
  if (!mk_expr_sql(e, &o, b, &err)) return lmk_raise(L, &err);
  lmk_push_buf(L, b);
  return 1;
}

/* e:sql(dialect, columns) -> text of SQL; columns: what stands for each column there, by its place in names */
static int expr_sql(lua_State *L) {
  const expr *x = check_expr(L);
  return lmk_expr_sql(L, x->e, x->ncols);
}

/* e:condition() -> e; raises [type] unless it is yes or no */
static int expr_condition(lua_State *L) {
  mk_err err = {0};
  if (!mk_expr_condition(check_expr(L)->e, &err)) return lmk_raise(L, &err);
  lua_settop(L, 1);
  return 1;
}

int lmk_open_expr(lua_State *L) {
  static const luaL_Reg functions[] = {
      {"compile", expr_compile}, {"with", expr_with}, {"aggregate", lmk_agg_compile}, {NULL, NULL}};
  static const luaL_Reg methods[] = {{"test", expr_test},     {"eval", expr_eval},       {"filter", expr_filter},
                                     {"type", expr_type},     {"unit", expr_unit},       {"columns", expr_columns},
                                     {"text", expr_text},     {"column", expr_column}, {"converts", expr_converts}, {"conjuncts", expr_conjuncts},   {"fn", expr_fn}, {"named", expr_named},
                                     {"condition", expr_condition}, {"matches", expr_matches}, {"bare", expr_bare}, {"refuse", expr_refuse},
                                     {"sql", expr_sql}, {NULL, NULL}};
  static const luaL_Reg meta[] = {{"__gc", expr_gc}, {"__close", expr_gc}, {NULL, NULL}};
  lmk_class(L, EXPR, methods, meta);
  lmk_agg_class(L);
  luaL_newlib(L, functions);
  return 1;
}
