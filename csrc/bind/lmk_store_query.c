/* lmk_store_query.c: SQL in, columns out; loading CSV; findings of a check. */
#include "lmk_store.h"

#include <limits.h>
#include <string.h>

enum { COLUMNS_MAX = 100 }; /* SQLite's limit on our connections */

/* ------------------------------------------------------------------ statements owned by Lua */

#define LMK_STMT "mekong.Statement"
typedef struct { mk_stmt *st; } lmk_stmt;

static int stmt_close(lua_State *L) {
  lmk_stmt *h = luaL_checkudata(L, 1, LMK_STMT);
  mk_stmt_free(h->st);
  h->st = NULL;
  return 0;
}

/* A statement that lives as long as the running function. [-0, +1] */
static mk_stmt *new_stmt(lua_State *L, lmk_store *u, const char *sql, size_t n, bool user) {
  mk_err err = {0};
  lmk_stmt *h = lua_newuserdatauv(L, sizeof *h, 0);
  h->st = NULL;
  lmk_owner(L, LMK_STMT, stmt_close);
  lua_toclose(L, -1);
  if (user) lmk_store_renew(L, u);
  h->st = mk_stmt_new(lmk_store_live(L, u), sql, n, user, &err);
  if (!h->st) lmk_store_raise(L, u, &err);
  return h->st;
}

/* ------------------------------------------------------------------ parameters */

static int bad_parameter(lua_State *L, const char *name, const char *why, const char *hint) {
  mk_err err = {0};
  mk_fail(&err, MK_TYPE, "SQL parameter %s %s", name, why);
  if (hint) mk_hint(&err, "hint: %s", hint);
  return lmk_raise(L, &err);
}

/* Binds the value on top of the stack. */
static void bind_top(lua_State *L, mk_stmt *st, int i, const char *name) {
  mk_value v = {.type = MK_T_MISSING};
  mk_err err = {0};
  int whole = 1;
  size_t good;
  switch (lua_type(L, -1)) {
    case LUA_TBOOLEAN:
      v.type = MK_T_BOOL;
      v.truth = lua_toboolean(L, -1);
      break;
    case LUA_TNUMBER:
      v.type = MK_T_INT;
      v.i = lua_tointegerx(L, -1, &whole);
      if (!whole) bad_parameter(L, name, "is a floating-point number", "pass a text and cast it in SQL, so that it stays exact");
      break;
    case LUA_TSTRING:
      v.type = MK_T_TEXT;
      v.s = lua_tolstring(L, -1, &v.n);
      good = mk_utf8_check(v.s, v.n);
      if (good != v.n) lmk_raisef(L, MK_TYPE, "SQL parameter %s is not UTF-8: byte %z", name, good + 1);
      break;
    case LUA_TNIL: bad_parameter(L, name, "is missing", "pass a value; to find missing cells write IS NULL"); break;
    default: bad_parameter(L, name, "must be a text, a whole number or a boolean", NULL);
  }
  if (!mk_stmt_bind(st, i, &v, &err)) lmk_raise(L, &err);
}

/* Whether a statement has a parameter of this name, which is given without its prefix. */
static bool has_parameter(const mk_stmt *st, const char *key) {
  for (int i = 1; i <= mk_stmt_params(st); i++) {
    const char *name = mk_stmt_param(st, i);
    if (name && name[0] != '?' && strcmp(name + 1, key) == 0) return true;
  }
  return false;
}

/* What was given and is not asked for: the first in order. */
static void refuse_surplus(lua_State *L, mk_stmt *st, int at, lua_Integer listed) {
  const char *surplus = NULL;
  if ((lua_Integer)lua_rawlen(L, at) > listed)
    lmk_raisef(L, MK_TYPE, "the SQL text takes %l parameters by position, %z were given", (long long)listed, (size_t)lua_rawlen(L, at));
  for (lua_pushnil(L); lua_next(L, at); lua_pop(L, 1)) {
    if (lua_type(L, -2) != LUA_TSTRING) continue;
    const char *key = lua_tostring(L, -2);
    if (!has_parameter(st, key) && (!surplus || strcmp(key, surplus) < 0)) surplus = key;
  }
  if (surplus) lmk_raisef(L, MK_NAME, "the SQL text has no parameter :%s", surplus);
}

/* The place in the list of a parameter without a name: ?, ?2 and, as in conditions, $2; 0 for one with a name. */
static lua_Integer place_of(const char *name, int i) {
  if (!name || name[0] == '?') return i;
  lua_Integer place = 0;
  for (const char *p = name + 1; *p >= '0' && *p <= '9' && place <= INT_MAX; p++) {
    place = place * 10 + (*p - '0');
    if (!p[1] && name[0] == '$') return place;
  }
  return 0;
}

static void bind_all(lua_State *L, mk_stmt *st, int at) {
  int n = mk_stmt_params(st);
  lua_Integer listed = 0;
  if (lua_isnoneornil(L, at)) {
    if (n > 0) lmk_raisef(L, MK_TYPE, "the SQL text takes %d parameters, none were given", n);
    return;
  }
  luaL_checktype(L, at, LUA_TTABLE);
  for (int i = 1; i <= n; i++) {
    const char *name = mk_stmt_param(st, i);
    lua_Integer place = place_of(name, i);
    char shown[24] = "?";
    if (place == 0) lua_getfield(L, at, name + 1);
    else {
      if (place > listed) listed = place;
      if (lua_rawgeti(L, at, place) == LUA_TNIL && name && name[0] == '$') {
        lua_pop(L, 1);
        lua_getfield(L, at, name + 1);
      }
      mk_err digits = {0};
      mk_fail(&digits, MK_NAME, "%l", (long long)place);
      memcpy(shown, digits.msg, sizeof shown - 1);
    }
    bind_top(L, st, i, place == 0 ? name : shown);
    lua_pop(L, 1);
  }
  refuse_surplus(L, st, at, listed);
}

/* ------------------------------------------------------------------ results */

enum { SEEN_INT = 1, SEEN_TEXT = 2, SEEN_BLOB = 4, SEEN_REAL = 8 };

/* The type of a computed column is what it held. */
static const char *seen_name(unsigned seen) {
  return seen & SEEN_BLOB ? "blob" : seen & SEEN_TEXT ? "text" : seen & SEEN_REAL ? "real" : seen & SEEN_INT ? "int" : "text";
}

/* Pushes a cell, or nil. */
static void push_cell(lua_State *L, mk_stmt *st, int i, mk_type type, unsigned char *seen) {
  mk_value v;
  bool real;
  if (!mk_stmt_value(st, i, &v, &real)) lmk_raisef(L, MK_MEMORY, "out of memory while reading a result");
  if (v.type == MK_T_MISSING || (v.n == 0 && v.type == MK_T_TEXT && type != MK_T_MISSING)) {
    lua_pushnil(L); /* the empty part of a key is missing, too */
  } else if (v.type == MK_T_INT) {
    if (type == MK_T_BOOL) lua_pushboolean(L, v.i != 0);
    else lua_pushinteger(L, (lua_Integer)v.i);
    *seen |= SEEN_INT;
  } else if (real) {
    if (lua_stringtonumber(L, v.s) == 0) lua_pushlstring(L, v.s, v.n);
    *seen |= SEEN_REAL;
  } else {
    lua_pushlstring(L, v.s, v.n);
    *seen |= v.type == MK_T_BLOB ? SEEN_BLOB : SEEN_TEXT;
  }
}

/* {name =, type =} of each column. [-0, +1] */
static void push_columns(lua_State *L, mk_stmt *st, int n, const mk_type *types, const unsigned char *seen) {
  lua_createtable(L, n, 0);
  for (int i = 0; i < n; i++) {
    lua_createtable(L, 0, 2);
    lua_pushstring(L, mk_stmt_name(st, i));
    lua_setfield(L, -2, "name");
    lua_pushstring(L, types[i] == MK_T_MISSING ? seen_name(seen[i]) : mk_type_name(types[i]));
    lua_setfield(L, -2, "type");
    lua_rawseti(L, -2, i + 1);
  }
}

/* core.store.query(store, sql [, params [, user]]) -> columns, data, n; user: text from outside, which may only read */
int lmk_store_query(lua_State *L) {
  size_t size;
  mk_err err = {0};
  mk_type types[COLUMNS_MAX];
  unsigned char seen[COLUMNS_MAX] = {0};
  lmk_store *u = lmk_store_check(L, "sql");
  const char *sql = lmk_check_text(L, 2, "the SQL text", &size);
  lua_settop(L, 4);
  mk_stmt *st = new_stmt(L, u, sql, size, lua_toboolean(L, 4));
  bind_all(L, st, 3);
  int n = mk_stmt_columns(st);
  if (n > COLUMNS_MAX) return lmk_raisef(L, MK_LIMIT, "the result has more than %d columns", COLUMNS_MAX);
  luaL_checkstack(L, n + 10, NULL);
  lua_createtable(L, n, 0);
  int data = lua_gettop(L);
  for (int i = 0; i < n; i++) {
    types[i] = mk_stmt_type(st, i);
    lua_newtable(L);
    lua_pushvalue(L, -1);
    lua_rawseti(L, data, i + 1);
  }
  lua_Integer row = 0;
  int step;
  for (;; row++) {
    u->L = L; /* finalizers that ran since may have used the store elsewhere */
    if ((step = mk_stmt_step(st, &err)) != 1) break;
    for (int i = 0; i < n; i++) {
      push_cell(L, st, i, types[i], &seen[i]);
      lua_rawseti(L, data + 1 + i, row + 1);
    }
  }
  if (step < 0) return lmk_store_raise(L, u, &err);
  push_columns(L, st, n, types, seen);
  lua_pushvalue(L, data);
  lua_pushinteger(L, row);
  return 3;
}

/* ------------------------------------------------------------------ loading */

typedef struct { const char *p; size_t n; } text_source;

static ptrdiff_t read_text(void *ctx, char *p, size_t cap, mk_err *err) {
  text_source *from = ctx;
  size_t n = from->n < cap ? from->n : cap;
  (void)err;
  memcpy(p, from->p, n);
  from->p += n;
  from->n -= n;
  return (ptrdiff_t)n;
}

static void set_count(lua_State *L, const char *name, int64_t v) {
  lua_pushinteger(L, (lua_Integer)v);
  lua_setfield(L, -2, name);
}

/* core.store.load(store, table, text, name, separator [, generation]) -> counts | nil, message, info: strict CSV, as the
 * public ledger is kept. What is wrong in it is a failure of the environment. */
int lmk_store_load(lua_State *L) {
  mk_err err = {0};
  mk_load_counts counts;
  text_source from = {NULL, 0};
  lmk_store *u = lmk_store_check(L, "load");
  size_t table = lmk_store_table(L, u, 2);
  const char *name = luaL_checkstring(L, 4), *separator = luaL_checkstring(L, 5);
  lua_Integer generation = luaL_optinteger(L, 6, 0);
  from.p = luaL_checklstring(L, 3, &from.n);
  lua_settop(L, 6);
  luaL_checkstack(L, 10, NULL);
  bool ok = mk_store_load(lmk_store_live(L, u), table, read_text, &from, name, separator[0], generation, &counts, &err);
  if (!ok && u->raised) return lmk_store_raise(L, u, &err);
  if (!ok) return lmk_fail(L, &err);
  lua_createtable(L, 0, 5);
  set_count(L, "read", counts.read);
  set_count(L, "inserted", counts.inserted);
  set_count(L, "replaced", counts.replaced);
  set_count(L, "same", counts.same);
  set_count(L, "kept", counts.kept);
  return 1;
}

/* ------------------------------------------------------------------ check */

#define LMK_CHECK "mekong.Check"
typedef struct { mk_check *check; } lmk_check;

static int check_close(lua_State *L) {
  lmk_check *h = luaL_checkudata(L, 1, LMK_CHECK);
  mk_check_free(h->check);
  h->check = NULL;
  return 0;
}

/* core.store.check(store) -> {tables}, {keys}, {columns}, {found}, {problems} | nil, message, info */
int lmk_store_check_all(lua_State *L) {
  mk_err err = {0};
  lmk_store *u = lmk_store_check(L, "check");
  lua_settop(L, 1);
  lmk_check *h = lua_newuserdatauv(L, sizeof *h, 0);
  h->check = NULL;
  lmk_owner(L, LMK_CHECK, check_close);
  lua_toclose(L, -1);
  lmk_store_renew(L, u);
  h->check = mk_store_check(lmk_store_live(L, u), &err);
  if (!h->check) return lmk_store_failed(L, u, &err);
  int base = lua_gettop(L);
  for (int i = 0; i < 5; i++) lua_newtable(L);
  for (size_t i = 0; i < mk_check_count(h->check); i++) {
    mk_finding f = mk_check_get(h->check, i);
    const char *parts[] = {f.table, f.key, f.column, f.found, f.problem};
    for (int k = 0; k < 5; k++) {
      lua_pushstring(L, parts[k]);
      lua_rawseti(L, base + 1 + k, (lua_Integer)i + 1);
    }
  }
  return 5;
}
