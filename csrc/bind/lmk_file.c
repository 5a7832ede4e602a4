/* lmk_file.c: files of results in Lua. */
#include "lmk.h"

#include <unistd.h>

/* core.file.write(path, bytes) -> true | nil, message, info */
static int file_write(lua_State *L) {
  size_t n, size;
  mk_err err = {0};
  const char *path = luaL_checklstring(L, 1, &n), *bytes = luaL_checklstring(L, 2, &size);
  if (!mk_file_write(path, n, bytes, size, &err)) return err.code == MK_TYPE ? lmk_raise(L, &err) : lmk_fail(L, &err);
  lua_pushboolean(L, 1);
  return 1;
}

/* core.file.is_terminal("stdin"|"stdout"|"stderr") -> whether a person is there */
static int file_is_terminal(lua_State *L) {
  static const char *const names[] = {"stdin", "stdout", "stderr", NULL};
  static const int files[] = {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO};
  lua_pushboolean(L, isatty(files[luaL_checkoption(L, 1, NULL, names)]));
  return 1;
}

static const luaL_Reg functions[] = {{"write", file_write}, {"is_terminal", file_is_terminal}, {NULL, NULL}};

int lmk_open_file(lua_State *L) {
  luaL_newlib(L, functions);
  return 1;
}
