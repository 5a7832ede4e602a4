/* mekong.h: for programs that embed mekong in their own Lua 5.4 states.
 *
 * Dynamic: make mekong/core.so and the Lua files reachable by require and do nothing else. Static: link libmekong.a,
 * sqlite3 and utf8proc, call mekong_preload on each new state, then require "mekong" in Lua.
 * The module writes nothing to stdout or stderr, changes no locale, signal or directory, and starts no thread.
 */
#ifndef MEKONG_H
#define MEKONG_H

#include <lua.h>

#if defined(__GNUC__)
#define MEKONG_API __attribute__((visibility("default")))
#else
#define MEKONG_API
#endif

#ifdef __cplusplus
extern "C" {
#endif

#define MEKONG_VERSION "0.1.0"

MEKONG_API int luaopen_mekong_core(lua_State *L); /* the C part, found by require "mekong.core" */
MEKONG_API int mekong_preload(lua_State *L);      /* puts all of mekong into package.preload; pushes nothing, returns 0 */

#ifdef __cplusplus
}
#endif
#endif
