/* lmk_files.c: files compiled into the module: those of data/, and its Lua files, as text and as the Lua of the build compiled
 * them (csrc/gen/code.lua). What stands beside init.lua is what runs: compiled code only takes the place of a text of the same
 * length and sum, and only in a Lua that compiles as that one did. */
#include "lmk.h"
#include "lmk_sum.h"

#include <stdio.h>
#include <string.h>

enum { HEAD = 32, PIECES = 4 }; /* HEAD: bytes of compiled code before the name of its file */

int lmk_data(lua_State *L) {
  const char *name = luaL_checkstring(L, 1);
  for (const mk_file *f = mk_data_files; f->name; f++)
    if (strcmp(f->name, name) == 0) {
      lua_pushlstring(L, f->bytes, f->n);
      return 1;
    }
  lua_pushnil(L);
  return 1;
}

/* ------------------------------------------------------------------ compiled code */

typedef struct {
  struct { const char *p; size_t n; } list[PIECES];
  int next;
} pieces;

static const char *next_piece(lua_State *L, void *ctx, size_t *n) {
  pieces *x = ctx;
  (void)L;
  if (x->next == PIECES) return NULL;
  *n = x->list[x->next].n;
  return x->list[x->next++].p;
}

/* Loads code under a name, which goes before it as Lua writes lengths: 7 bits a byte, the last one marked. [-0, +1] */
static int load_code(lua_State *L, const mk_file *f, const char *name) {
  char length[10];
  size_t n = strlen(name), rest = n + 1, at = sizeof length;
  length[--at] = (char)((rest & 0x7f) | 0x80);
  while (rest >>= 7) length[--at] = (char)(rest & 0x7f);
  pieces x = {{{f->code, HEAD}, {length + at, sizeof length - at}, {name, n}, {f->code + HEAD, f->code_n - HEAD}}, 0};
  return lua_load(L, next_piece, &x, name, "b");
}

typedef struct { const char *p; size_t left; } expected;

static int compare_piece(lua_State *L, const void *p, size_t n, void *ctx) {
  expected *x = ctx;
  (void)L;
  if (n > x->left || memcmp(x->p, p, n) != 0) return 1;
  x->p += n;
  x->left -= n;
  return 0;
}

/* Whether this Lua compiles as the one of the build: its code for a text that holds a bit of everything is the same. */
static bool understood(lua_State *L) {
  expected x = {mk_probe.code, mk_probe.code_n};
  int top = lua_gettop(L);
  bool same = x.left && luaL_loadbufferx(L, mk_probe.bytes, mk_probe.n, "@", "t") == LUA_OK && lua_dump(L, compare_piece, &x, 0) == 0;
  lua_settop(L, top);
  return same && x.left == 0;
}

/* ------------------------------------------------------------------ Lua files */

/* Whether the text of f stands at a path. Its own is not looked at, so that it need not be in memory. */
static bool same_text(const mk_file *f, const char *path) {
  char piece[8192];
  FILE *file = fopen(path, "rb");
  if (!file) return false;
  setvbuf(file, NULL, _IONBF, 0);
  uint64_t sum = f->n;
  size_t n, left = f->n;
  while ((n = fread(piece, 1, left < sizeof piece ? left + 1 : sizeof piece, file)) > 0 && n <= left) {
    sum = lmk_sum(sum, piece, n);
    left -= n;
  }
  bool same = n == 0 && left == 0 && !ferror(file) && sum == f->sum;
  fclose(file);
  return same;
}

/* The loader of a Lua file; upvalues: its number; the folder "mekong/" with it, nil: none; whether its code is understood. */
static int load_file(lua_State *L) {
  const mk_file *f = &mk_lua_files[lua_tointeger(L, lua_upvalueindex(1))];
  bool code = lua_toboolean(L, lua_upvalueindex(3));
  const char *folder = lua_tostring(L, lua_upvalueindex(2)), *path;
  int status;
  if (folder) {
    path = lua_pushfstring(L, "%s%s.lua", folder, luaL_gsub(L, f->name + sizeof "mekong." - 1, ".", "/"));
    if (code && same_text(f, path)) status = load_code(L, f, lua_pushfstring(L, "@%s", path));
    else status = luaL_loadfilex(L, path, "t");
  } else {
    path = lua_pushfstring(L, "=mekong/%s", f->name);
    status = code ? load_code(L, f, path) : luaL_loadbufferx(L, f->bytes, f->n, path, "t");
  }
  if (status != LUA_OK) return lua_error(L);
  lua_pushvalue(L, 1);
  lua_call(L, 1, 1);
  return 1;
}

/* Whether a loader may be put in the place of what is on top: nothing, or one for another folder. */
static bool replaceable(lua_State *L) {
  if (lua_tocfunction(L, -1) != load_file) return lua_isnil(L, -1);
  bool folder = lua_getupvalue(L, -1, 2) && lua_isstring(L, -1);
  lua_pop(L, 1);
  return folder;
}

void lmk_preload(lua_State *L, const char *folder, size_t n) {
  bool code = understood(L);
  if (folder && !code) return; /* require does as well */
  luaL_getsubtable(L, LUA_REGISTRYINDEX, LUA_PRELOAD_TABLE);
  if (folder) lua_pushlstring(L, folder, n);
  else lua_pushnil(L);
  for (int i = 0; mk_lua_files[i].name; i++) {
    const mk_file *f = &mk_lua_files[i];
    if (folder && !strchr(f->name, '.')) continue; /* init.lua */
    lua_getfield(L, -2, f->name);
    if (replaceable(L)) {
      lua_pushinteger(L, i);
      lua_pushvalue(L, -3);
      lua_pushboolean(L, code && f->code_n);
      lua_pushcclosure(L, load_file, 3);
      lua_setfield(L, -4, f->name);
    }
    lua_pop(L, 1);
  }
  lua_pop(L, 2);
}
