/* lmk_search.c: full-text search: a query in, columns out. */
#include "lmk_store.h"

enum { COLUMNS_MAX = 99 };

#define LMK_SEARCH "mekong.Search"
typedef struct { mk_search *search; } lmk_search;

static int search_close(lua_State *L) {
  lmk_search *h = luaL_checkudata(L, 1, LMK_SEARCH);
  mk_search *q = h->search;
  h->search = NULL;
  mk_search_free(q);
  return 0;
}

/* Lives as long as the running function. [-0, +1] */
static lmk_search *new_search(lua_State *L) {
  lmk_search *h = lua_newuserdatauv(L, sizeof *h, 0);
  h->search = NULL;
  lmk_owner(L, LMK_SEARCH, search_close);
  lua_toclose(L, -1);
  return h;
}

/* The columns named by a list at an index, or none. */
static size_t named_columns(lua_State *L, const mk_table_def *t, int at, size_t *columns) {
  size_t count = (size_t)lua_rawlen(L, at);
  if (count > COLUMNS_MAX) lmk_raisef(L, MK_LIMIT, "more than %d columns are named", COLUMNS_MAX);
  for (size_t i = 0; i < count; i++) {
    size_t n;
    mk_err err = {0};
    lua_rawgeti(L, at, (lua_Integer)i + 1);
    const char *name = lmk_check_text(L, lua_gettop(L), "a column name", &n);
    int c = mk_table_find_column(t, name, n, &err);
    if (c < 0) lmk_raise(L, &err);
    columns[i] = (size_t)c;
    lua_pop(L, 1);
  }
  return count;
}

static void push_column(lua_State *L, const char *name, const char *type, int i) {
  lua_createtable(L, 0, 2);
  lua_pushstring(L, name);
  lua_setfield(L, -2, "name");
  lua_pushstring(L, type);
  lua_setfield(L, -2, "type");
  lua_rawseti(L, -2, i);
}

static void push_value(lua_State *L, mk_value v) {
  if (v.type == MK_T_INT) lua_pushinteger(L, (lua_Integer)v.i);
  else if (v.type == MK_T_TEXT) lua_pushlstring(L, v.s, v.n);
  else lua_pushnil(L);
}

/* core.store.search(store, table, query, columns or nil, open or nil, close or nil, limit or nil) -> columns, data, n: the
 * key columns, the column with the hits, its text. */
int lmk_store_search(lua_State *L) {
  size_t n, columns[COLUMNS_MAX];
  mk_err err = {0};
  lmk_store *u = lmk_store_check(L, "search");
  size_t table = lmk_store_table(L, u, 2);
  const char *query = lmk_check_text(L, 3, "the query", &n);
  lua_settop(L, 7);
  mk_search_opts o = {.open = luaL_optstring(L, 5, NULL), .close = luaL_optstring(L, 6, "")};
  o.limit = (size_t)luaL_optinteger(L, 7, 0);
  lmk_search *h = new_search(L);
  mk_store *s = lmk_store_live(L, u);
  if (!lua_isnil(L, 4)) {
    luaL_checktype(L, 4, LUA_TTABLE);
    o.count = named_columns(L, mk_store_table(s, table), 4, columns);
    o.columns = columns;
  }
  mk_search *q = h->search = mk_search_new(s, table, query, n, &o, &err);
  if (!q) return lmk_store_raise(L, u, &err);
  size_t count = mk_search_count(q);
  int keys = (int)mk_table_keys(mk_store_table(s, table));
  luaL_checkstack(L, keys + 16, NULL);
  lua_createtable(L, keys + 2, 0);
  int data = lua_gettop(L);
  for (int i = 1; i <= keys + 2; i++) {
    lua_newtable(L);
    lua_pushvalue(L, -1);
    lua_rawseti(L, data, i);
  }
  for (size_t row = 0; row < count; row++) {
    mk_hit hit = mk_search_get(q, row);
    for (int i = 0; i < keys; i++) {
      push_value(L, mk_search_key(q, row, (size_t)i));
      lua_rawseti(L, data + 1 + i, (lua_Integer)row + 1);
    }
    lua_pushstring(L, mk_store_table(s, table)->columns[hit.column].name);
    lua_rawseti(L, data + keys + 1, (lua_Integer)row + 1);
    lua_pushlstring(L, hit.text, hit.n);
    lua_rawseti(L, data + keys + 2, (lua_Integer)row + 1);
  }
  lua_createtable(L, keys + 2, 0);
  for (int i = 0; i < keys; i++) {
    const mk_column *c = &mk_store_table(s, table)->columns[i]; /* names of keys are constant */
    push_column(L, c->name, mk_type_name(c->type), i + 1);
  }
  push_column(L, "column", "text", keys + 1);
  push_column(L, "text", "text", keys + 2);
  lua_pushvalue(L, data);
  lua_pushinteger(L, (lua_Integer)count);
  return 3;
}
