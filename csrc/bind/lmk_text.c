/* lmk_text.c: core.text, the functions on Vietnamese text; lua/mekong/text.lua gives them out as mekong.text. */
#include "lmk.h"

typedef bool text_filter(mk_buf *out, const char *s, size_t n, mk_err *err);

static int filtered(lua_State *L, text_filter *filter) {
  size_t n;
  mk_err err = {0};
  const char *s = lmk_check_text(L, 1, "the text", &n);
  mk_buf *out = lmk_buf(L, NULL);
  if (!filter(out, s, n, &err)) return lmk_raise(L, &err);
  lmk_push_buf(L, out);
  return 1;
}

static int text_nfc(lua_State *L) {
  size_t n;
  const char *s = lmk_check_text(L, 1, "the text", &n);
  if (!mk_is_nfc(s, n)) return filtered(L, mk_nfc);
  lua_pushvalue(L, 1);
  return 1;
}

static int text_nfd(lua_State *L) { return filtered(L, mk_nfd); }

static int text_is_nfc(lua_State *L) {
  size_t n;
  const char *s = lmk_check_text(L, 1, "the text", &n);
  lua_pushboolean(L, mk_is_nfc(s, n));
  return 1;
}

static int text_width(lua_State *L) {
  size_t n;
  const char *s = lmk_check_text(L, 1, "the text", &n);
  lua_pushinteger(L, (lua_Integer)mk_width(s, n));
  return 1;
}

/* key(s [, level = 1]) */
static int text_key(lua_State *L) {
  size_t n;
  mk_err err = {0};
  const char *s = lmk_check_text(L, 1, "the text", &n);
  lua_Integer level = 1;
  if (!lua_isnoneornil(L, 2)) {
    int whole = 0;
    if (lua_type(L, 2) != LUA_TNUMBER) return lmk_raisef(L, MK_TYPE, "the level must be a number, not %s", luaL_typename(L, 2));
    level = lua_tointegerx(L, 2, &whole);
    if (!whole || level < 0 || level > 3) return lmk_raisef(L, MK_RANGE, "the level of a key must be 0, 1, 2 or 3");
  }
  mk_buf *out = lmk_buf(L, NULL);
  if (!mk_key(out, s, n, (int)level, &err)) return lmk_raise(L, &err);
  lmk_push_buf(L, out);
  return 1;
}

static const luaL_Reg text_functions[] = {{"nfc", text_nfc}, {"nfd", text_nfd},     {"is_nfc", text_is_nfc},
                                          {"key", text_key}, {"width", text_width}, {NULL, NULL}};

int lmk_open_text(lua_State *L) {
  luaL_newlib(L, text_functions);
  return 1;
}
