/* lmk_core.c: the module mekong.core (one table per concept, private to lua/mekong) and the two exported symbols. */
#include "lmk.h"

#include <string.h>

#include "../mekong.h"

int lmk_own(lua_State *L);
int lmk_data(lua_State *L); /* core.data(name) -> text of a file of data/, or nil */

/* core.raise(code, message [, hint]) */
static int core_raise(lua_State *L) {
  mk_err err = {0};
  mk_code code = mk_code_find(luaL_checkstring(L, 1));
  mk_fail(&err, code ? code : MK_TYPE, "%s", luaL_checkstring(L, 2));
  if (!lua_isnoneornil(L, 3)) mk_hint(&err, "%s", luaL_checkstring(L, 3));
  return lmk_raise(L, &err);
}

/* core.fail(code, message [, hint [, line, column]]) -> nil, message, info */
static int core_fail(lua_State *L) {
  mk_err err = {0};
  mk_code code = mk_code_find(luaL_checkstring(L, 1));
  mk_fail(&err, code ? code : MK_IO, "%s", luaL_checkstring(L, 2));
  if (!lua_isnoneornil(L, 3)) mk_hint(&err, "%s", luaL_checkstring(L, 3));
  mk_at(&err, (size_t)luaL_optinteger(L, 4, 0), (size_t)luaL_optinteger(L, 5, 0), 0);
  return lmk_fail(L, &err);
}

/* core.find_name(name, {names}, {aliases or false}, what) -> index | raises [name] with a suggestion */
static int core_find_name(lua_State *L) {
  size_t n;
  mk_err err = {0};
  const char *what = luaL_checkstring(L, 4);
  const char *s = lmk_check_text(L, 1, what, &n);
  luaL_checktype(L, 2, LUA_TTABLE);
  luaL_checktype(L, 3, LUA_TTABLE);
  size_t count = (size_t)lua_rawlen(L, 2);
  const char **names = lua_newuserdatauv(L, (2 * count + 1) * sizeof *names, 0);
  const char **aliases = names + count;
  for (size_t i = 0; i < count; i++) {
    lua_rawgeti(L, 2, (lua_Integer)i + 1);
    names[i] = luaL_checkstring(L, -1); /* stays referenced by the argument table */
    lua_pop(L, 1);
    lua_rawgeti(L, 3, (lua_Integer)i + 1);
    aliases[i] = lua_type(L, -1) == LUA_TSTRING ? lua_tostring(L, -1) : NULL;
    lua_pop(L, 1);
  }
  int i = mk_name_find(s, n, names, aliases, count, what, &err);
  if (i < 0) return lmk_raise(L, &err);
  lua_pushinteger(L, i + 1);
  return 1;
}

static const luaL_Reg core_functions[] = {{"raise", core_raise}, {"fail", core_fail},           {"own", lmk_own},
                                          {"data", lmk_data},   {"find_name", core_find_name}, {NULL, NULL}};

MEKONG_API int luaopen_mekong_core(lua_State *L) {
  luaL_newlib(L, core_functions);
  lua_pushliteral(L, MK_VERSION);
  lua_setfield(L, -2, "version");
  lmk_open_text(L);
  lua_setfield(L, -2, "text");
  lmk_open_figure(L);
  lua_setfield(L, -2, "figure");
  lmk_open_date(L);
  lua_setfield(L, -2, "date");
  lmk_open_entity(L);
  lua_setfield(L, -2, "entity");
  lmk_open_read(L);
  lua_setfield(L, -2, "read");
  lmk_open_expr(L);
  lua_setfield(L, -2, "expr");
  lmk_open_store(L);
  lua_setfield(L, -2, "store");
  lmk_open_source(L);
  lua_setfield(L, -2, "source");
  lmk_open_engine(L);
  lua_setfield(L, -2, "engine");
  lmk_open_file(L);
  lua_setfield(L, -2, "file");
  lmk_open_linear(L);
  lua_setfield(L, -2, "linear");
  return 1;
}

MEKONG_API int mekong_preload(lua_State *L) {
  luaL_getsubtable(L, LUA_REGISTRYINDEX, LUA_PRELOAD_TABLE);
  lua_pushcfunction(L, luaopen_mekong_core);
  lua_setfield(L, -2, "mekong.core");
  lua_pop(L, 1);
  lmk_preload(L, NULL, 0);
  return 0;
}
