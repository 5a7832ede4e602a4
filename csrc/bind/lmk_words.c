/* lmk_words.c: numbers in words for Lua; lua/mekong/words.lua checks the options and gives them out as mekong.text. */
#include "lmk_figure.h"

#include <string.h>

/* Replaces *word by the text in the field, which the table at index opts keeps alive. */
static void word_field(lua_State *L, int opts, const char *name, const char **word) {
  if (lua_getfield(L, opts, name) == LUA_TSTRING) *word = lua_tostring(L, -1);
  lua_pop(L, 1);
}

/* core.figure.spell(number or decimal text, {linh =, nghin =, ty =, bon =, lam =, bay =, phay =, zero_hundred =, ordinal =}) */
int lmk_words_spell(lua_State *L) {
  mk_err err = {0};
  mk_num v;
  mk_spell_opts o;
  int64_t place;
  lua_settop(L, 2);
  luaL_checktype(L, 2, LUA_TTABLE);
  if (!lmk_figure_number(L, 1, "the number", &v)) return lmk_raisef(L, MK_TYPE, "a number is needed");
  mk_spell_init(&o);
  word_field(L, 2, "linh", &o.linh);
  word_field(L, 2, "nghin", &o.nghin);
  word_field(L, 2, "ty", &o.ty);
  word_field(L, 2, "bon", &o.bon);
  word_field(L, 2, "lam", &o.lam);
  word_field(L, 2, "bay", &o.bay);
  word_field(L, 2, "phay", &o.phay);
  if (lua_getfield(L, 2, "zero_hundred") == LUA_TBOOLEAN) o.zero_hundred = lua_toboolean(L, -1);
  lua_getfield(L, 2, "ordinal");
  bool ordinal = lua_toboolean(L, -1);
  if (ordinal && !mk_num_int64(v, &place)) return lmk_raisef(L, MK_RANGE, "places in a row are whole numbers");
  mk_buf *out = lmk_buf(L, NULL);
  if (!(ordinal ? mk_spell_ordinal(out, place, &o, &err) : mk_spell(out, v, &o, &err))) return lmk_raise(L, &err);
  lmk_push_buf(L, out);
  return 1;
}

/* core.figure.roman(n) -> "XVII" */
int lmk_words_roman(lua_State *L) {
  mk_err err = {0};
  mk_num v;
  int64_t n;
  lua_settop(L, 1);
  if (!lmk_figure_number(L, 1, "the number", &v)) return lmk_raisef(L, MK_TYPE, "a number is needed");
  if (!mk_num_int64(v, &n) || n < 1 || n > 3999) return lmk_raisef(L, MK_RANGE, "Roman numerals go from 1 to 3999");
  mk_buf *out = lmk_buf(L, NULL);
  if (!mk_roman_put(out, (int)n, &err)) return lmk_raise(L, &err);
  lmk_push_buf(L, out);
  return 1;
}

/* core.figure.grouped(integer or decimal text, english, sign) -> "−1.234,5"; sign: a number above zero gets a plus */
int lmk_words_grouped(lua_State *L) {
  const char *s = luaL_checkstring(L, 1), *point = strchr(s, '.');
  bool english = lua_toboolean(L, 2);
  luaL_Buffer b;
  luaL_buffinit(L, &b);
  if (*s == '-') {
    luaL_addstring(&b, "−");
    s++;
  } else if (lua_toboolean(L, 3) && strpbrk(s, "123456789")) {
    luaL_addchar(&b, '+');
  }
  if (!point) point = s + strlen(s);
  for (const char *digit = s; digit < point; digit++) {
    if (digit > s && (point - digit) % 3 == 0) luaL_addchar(&b, english ? ',' : '.');
    luaL_addchar(&b, *digit);
  }
  if (*point && point[1]) {
    luaL_addchar(&b, english ? '.' : ',');
    luaL_addstring(&b, point + 1);
  }
  luaL_pushresult(&b);
  return 1;
}
