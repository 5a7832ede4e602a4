/* host.c: a C program with Lua inside that asks mekong for the phases of the campaign.
 *
 * Everything in one program (no Lua path, no shared module needed at run time):
 *   cc -I/usr/include/lua5.4 -DHOST_STATIC host.c libmekong.a -llua5.4 -lsqlite3 -lutf8proc -o host
 * mekong found by require, as an interpreter finds it (LUA_PATH_5_4 and LUA_CPATH_5_4, or where LuaRocks put it):
 *   cc -I/usr/include/lua5.4 -Wl,-E host.c -llua5.4 -o host
 *
 * mekong.h and libmekong.a come from `make install-host`. mekong prints nothing by itself: the result is a string, and
 * what becomes of it is the host's business. */
#include <lauxlib.h>
#include <lua.h>
#include <lualib.h>
#include <stdio.h>

#ifdef HOST_STATIC
#include "mekong.h"
#endif

static const char question[] =
    "local mekong = require 'mekong'\n"
    "local store <close> = mekong.omd()\n"
    "return tostring(store:claims():table('cases', {by = 'phase'}))\n";

int main(void) {
  lua_State *L = luaL_newstate();
  if (!L) return 1;
  luaL_openlibs(L);
#ifdef HOST_STATIC
  mekong_preload(L);
#endif
  int failed = luaL_loadbufferx(L, question, sizeof question - 1, "=question", "t") || lua_pcall(L, 0, 1, 0);
  fprintf(failed ? stderr : stdout, "%s\n", lua_tostring(L, -1)); /* errors of mekong are strings too */
  lua_close(L);
  return failed;
}
