/* lmk_util.c: errors with the caller's place, buffers owned by Lua, argument checks. */
#include "lmk.h"

#include <string.h>

/* Registry key (by address) of the chunk-name prefix under which the module's own Lua files run. */
static const char own_prefix_key = 0;

/* core.own(): called by mekong/init.lua and what is read before it; its chunk name without the file part marks the module's own
 * frames, and says where its other files are. */
int lmk_own(lua_State *L) {
  lua_Debug ar;
  if (!lua_getstack(L, 1, &ar) || !lua_getinfo(L, "S", &ar)) return 0;
  const char *slash = strrchr(ar.source, '/');
  lua_pushlstring(L, ar.source, slash ? (size_t)(slash - ar.source) + 1 : 0);
  size_t n;
  const char *prefix = lua_tolstring(L, -1, &n);
  lua_rawgetp(L, LUA_REGISTRYINDEX, &own_prefix_key);
  bool known = lua_rawequal(L, -1, -2);
  lua_pop(L, 1);
  if (*prefix == '@' && !known) lmk_preload(L, prefix + 1, n - 1);
  lua_rawsetp(L, LUA_REGISTRYINDEX, &own_prefix_key);
  return 0;
}

/* Pushes "file:line: " of the nearest Lua function that is not the module's own, or "". [-0, +1] */
static void push_where(lua_State *L) {
  lua_rawgetp(L, LUA_REGISTRYINDEX, &own_prefix_key);
  const char *prefix = lua_tostring(L, -1);
  size_t n = prefix ? strlen(prefix) : 0;
  lua_Debug ar;
  for (int level = 0; lua_getstack(L, level, &ar); level++) {
    lua_getinfo(L, "Sl", &ar);
    if (ar.currentline <= 0) continue;
    if (n && strncmp(ar.source, prefix, n) == 0) continue;
    lua_pushfstring(L, "%s:%d: ", ar.short_src, ar.currentline);
    lua_remove(L, -2);
    return;
  }
  lua_pop(L, 1);
  lua_pushliteral(L, "");
}

/* "where mekong: message at line l, column c [code]\nhint". [-0, +1] */
static void push_message(lua_State *L, const mk_err *err) {
  push_where(L);
  if (err->line)
    lua_pushfstring(L, " at line %I, column %I", (LUAI_UACINT)err->line, (LUAI_UACINT)(err->col ? err->col : 1));
  else
    lua_pushliteral(L, "");
  lua_pushfstring(L, "%smekong: %s%s [%s]%s%s", lua_tostring(L, -2), err->msg, lua_tostring(L, -1),
                  mk_code_name(err->code), err->hint[0] ? "\n" : "", err->hint);
  lua_remove(L, -2);
  lua_remove(L, -2);
}

static void set_size(lua_State *L, const char *name, size_t v) {
  if (!v) return;
  lua_pushinteger(L, (lua_Integer)v);
  lua_setfield(L, -2, name);
}

int lmk_raise(lua_State *L, const mk_err *err) {
  push_message(L, err);
  lua_error(L);
  __builtin_unreachable();
}

int lmk_raisef(lua_State *L, mk_code code, const char *fmt, ...) {
  mk_err err = {0};
  char msg[sizeof err.msg];
  mk_buf b;
  va_list ap;
  mk_buf_init(&b, NULL);
  va_start(ap, fmt);
  mk_vputf(&b, fmt, ap);
  va_end(ap);
  strncpy(msg, mk_cstr(&b), sizeof msg - 1);
  msg[sizeof msg - 1] = '\0';
  mk_buf_clear(&b);
  mk_fail(&err, code, "%s", msg);
  lmk_raise(L, &err);
}

void lmk_push_record(lua_State *L, const mk_err *err) {
  lua_createtable(L, 0, 6);
  lua_pushstring(L, mk_code_name(err->code));
  lua_setfield(L, -2, "code");
  lua_pushstring(L, err->msg);
  lua_setfield(L, -2, "message");
  if (err->hint[0]) {
    lua_pushstring(L, err->hint);
    lua_setfield(L, -2, "hint");
  }
  set_size(L, "line", err->line);
  set_size(L, "col", err->col);
  set_size(L, "len", err->len);
}

int lmk_fail(lua_State *L, const mk_err *err) {
  luaL_checkstack(L, 8, NULL);
  lua_pushnil(L);
  push_message(L, err);
  lmk_push_record(L, err);
  return 3;
}

static int buf_gc(lua_State *L) {
  mk_buf *b = luaL_checkudata(L, 1, "mekong.Buffer");
  mk_buf_clear(b);
  return 0;
}

/* A new metatable, not registered yet: one that ran out of memory half made would stay for ever. [-0, +1] */
static void push_metatable(lua_State *L, const char *name) {
  lua_createtable(L, 0, 4);
  lua_pushstring(L, name);
  lua_setfield(L, -2, "__name");
}

static void register_metatable(lua_State *L, const char *name) {
  lua_pushvalue(L, -1);
  lua_setfield(L, LUA_REGISTRYINDEX, name);
}

void lmk_owner(lua_State *L, const char *name, lua_CFunction close) {
  luaL_checkstack(L, 4, NULL);
  if (luaL_getmetatable(L, name) == LUA_TNIL) {
    lua_pop(L, 1);
    push_metatable(L, name);
    lua_pushcfunction(L, close);
    lua_setfield(L, -2, "__gc");
    lua_pushcfunction(L, close);
    lua_setfield(L, -2, "__close");
    register_metatable(L, name);
  }
  lua_setmetatable(L, -2);
}

mk_buf *lmk_buf(lua_State *L, mk_mem *mem) {
  mk_buf *b = lua_newuserdatauv(L, sizeof *b, 0);
  mk_buf_init(b, mem);
  lmk_owner(L, "mekong.Buffer", buf_gc);
  return b;
}

void lmk_push_buf(lua_State *L, mk_buf *b) {
  mk_err err = {0};
  if (!mk_buf_ok(b, &err)) {
    mk_buf_clear(b);
    lmk_raise(L, &err);
  }
  lua_pushlstring(L, b->p ? b->p : "", b->n);
  mk_buf_clear(b);
}

const char *lmk_check_text(lua_State *L, int arg, const char *what, size_t *n) {
  mk_err err = {0};
  if (lua_type(L, arg) != LUA_TSTRING) {
    lmk_raisef(L, MK_TYPE, "%s must be a string, not %s", what, luaL_typename(L, arg));
    return NULL;
  }
  const char *s = lua_tolstring(L, arg, n);
  if (!mk_utf8_require(s, *n, what, &err)) lmk_raise(L, &err);
  return s;
}

void lmk_class(lua_State *L, const char *name, const luaL_Reg *methods, const luaL_Reg *meta) {
  if (luaL_getmetatable(L, name) == LUA_TNIL) {
    push_metatable(L, name);
    luaL_setfuncs(L, meta, 0);
    lua_newtable(L);
    luaL_setfuncs(L, methods, 0);
    lua_setfield(L, -2, "__index");
    register_metatable(L, name);
    lua_pop(L, 1);
  }
  lua_pop(L, 1);
}
