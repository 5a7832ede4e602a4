/* lmk_text.c: core.text, the functions on Vietnamese text; lua/mekong/text.lua gives them out as mekong.text. */
#include "lmk.h"

#include <string.h>

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

static int text_upper(lua_State *L) { return filtered(L, mk_upper); }
static int text_lower(lua_State *L) { return filtered(L, mk_lower); }
static int text_title(lua_State *L) { return filtered(L, mk_title); }

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

/* is_syllable(s, names): nil names = as place names are spelled if the word starts with a capital */
static int text_is_syllable(lua_State *L) {
  size_t n;
  const char *s = lmk_check_text(L, 1, "the text", &n);
  mk_names names = lua_isnoneornil(L, 2) ? MK_NAMES_CAPITAL : lua_toboolean(L, 2) ? MK_NAMES_YES : MK_NAMES_NO;
  lua_pushboolean(L, mk_is_syllable(s, n, names));
  return 1;
}

static void set_place(lua_State *L, const char *first, const char *last, size_t from, size_t len) {
  lua_pushinteger(L, (lua_Integer)from + 1);
  lua_setfield(L, -2, first);
  lua_pushinteger(L, (lua_Integer)(from + len));
  lua_setfield(L, -2, last);
}

/* A list of {first, last, to_first, to_last, from, to, kind}; an empty range has last = first - 1. [-0, +1] */
static void push_edits(lua_State *L, const char *s, const char *out, const mk_buf *edits) {
  static const char *const kinds[] = {"form", "tone", "letter", "space", "dropped", "i"};
  const mk_edit *e = (const mk_edit *)(const void *)edits->p;
  size_t count = edits->n / sizeof *e;
  luaL_checkstack(L, 4, NULL);
  lua_createtable(L, (int)(count < 65536 ? count : 65536), 0);
  for (size_t i = 0; i < count; i++) {
    lua_createtable(L, 0, 7);
    set_place(L, "first", "last", e[i].from, e[i].from_len);
    set_place(L, "to_first", "to_last", e[i].to, e[i].to_len);
    lua_pushlstring(L, s + e[i].from, e[i].from_len);
    lua_setfield(L, -2, "from");
    lua_pushlstring(L, out + e[i].to, e[i].to_len);
    lua_setfield(L, -2, "to");
    lua_pushstring(L, kinds[e[i].kind]);
    lua_setfield(L, -2, "kind");
    lua_rawseti(L, -2, (lua_Integer)i + 1);
  }
}

/* normalize(s, tone, i_for_y) -> text, changes; tone counts as mk_tone_style */
static int text_normalize(lua_State *L) {
  size_t n;
  mk_err err = {0};
  const char *s = lmk_check_text(L, 1, "the text", &n);
  mk_normal_opts opts = {(mk_tone_style)luaL_checkinteger(L, 2), lua_toboolean(L, 3)};
  mk_buf *out = lmk_buf(L, NULL), *edits = lmk_buf(L, NULL);
  if (!mk_normalize(out, s, n, &opts, edits, &err)) return lmk_raise(L, &err);
  lmk_push_buf(L, out);
  push_edits(L, s, lua_tostring(L, -1), edits);
  mk_buf_clear(edits);
  return 2;
}

/* fold(s, what to keep as bits) */
static int text_fold(lua_State *L) {
  size_t n;
  mk_err err = {0};
  const char *s = lmk_check_text(L, 1, "the text", &n);
  unsigned keep = (unsigned)luaL_checkinteger(L, 2);
  mk_buf *out = lmk_buf(L, NULL);
  if (!mk_fold(out, s, n, keep, &err)) return lmk_raise(L, &err);
  lmk_push_buf(L, out);
  return 1;
}

static int text_slug(lua_State *L) { return filtered(L, mk_slug); }

/* match(query, s) -> true, first, last | false */
static int text_match(lua_State *L) {
  size_t n, m, first, end;
  mk_err err = {0};
  mk_query query;
  const char *q = lmk_check_text(L, 1, "the query", &n), *s = lmk_check_text(L, 2, "the text", &m);
  if (!mk_query_init(&query, q, n, &err)) return lmk_raise(L, &err);
  bool found = mk_match(&query, s, m, &first, &end);
  lua_pushboolean(L, found);
  if (!found) return 1;
  lua_pushinteger(L, (lua_Integer)first + 1);
  lua_pushinteger(L, (lua_Integer)end);
  return 3;
}

/* similarity(a, b) -> cost, cost of writing the longer anew */
static int text_similarity(lua_State *L) {
  size_t n, m;
  unsigned cost, full;
  mk_err err = {0};
  const char *a = lmk_check_text(L, 1, "the first text", &n), *b = lmk_check_text(L, 2, "the second text", &m);
  if (!mk_similar(a, n, b, m, &cost, &full, &err)) return lmk_raise(L, &err);
  lua_pushinteger(L, (lua_Integer)cost);
  lua_pushinteger(L, (lua_Integer)full);
  return 2;
}

/* compare(a, b, order) -> -1, 0 or 1; order counts as mk_order */
static int text_compare(lua_State *L) {
  size_t n, m;
  int result;
  mk_err err = {0};
  const char *a = lmk_check_text(L, 1, "the first text", &n), *b = lmk_check_text(L, 2, "the second text", &m);
  if (!mk_compare(a, n, b, m, (mk_order)luaL_checkinteger(L, 3), &result, &err)) return lmk_raise(L, &err);
  lua_pushinteger(L, result);
  return 1;
}

/* bytes(a, b) -> -1, 0 or 1; Lua's own < goes by the locale that a program may have set */
static int text_bytes(lua_State *L) {
  size_t n, m;
  const char *a = lmk_check_text(L, 1, "the first text", &n), *b = lmk_check_text(L, 2, "the second text", &m);
  int found = memcmp(a, b, n < m ? n : m);
  if (!found) found = n < m ? -1 : n > m;
  lua_pushinteger(L, found < 0 ? -1 : found > 0);
  return 1;
}

/* sortkey(s, order) */
static int text_sortkey(lua_State *L) {
  size_t n;
  mk_err err = {0};
  const char *s = lmk_check_text(L, 1, "the text", &n);
  mk_order order = (mk_order)luaL_checkinteger(L, 2);
  mk_buf *out = lmk_buf(L, NULL);
  if (!mk_sortkey(out, s, n, order, &err)) return lmk_raise(L, &err);
  lmk_push_buf(L, out);
  return 1;
}

static const char *check_bytes(lua_State *L, size_t *n) {
  if (lua_type(L, 1) != LUA_TSTRING) {
    lmk_raisef(L, MK_TYPE, "the bytes must be a string, not %s", luaL_typename(L, 1));
    return NULL;
  }
  return lua_tolstring(L, 1, n);
}

/* decode(bytes, charset); charset counts as mk_charset */
static int text_decode(lua_State *L) {
  size_t n;
  mk_err err = {0};
  const char *s = check_bytes(L, &n);
  mk_charset set = (mk_charset)luaL_checkinteger(L, 2);
  mk_buf *out = lmk_buf(L, NULL);
  if (!mk_decode(out, s, n, set, &err)) return lmk_raise(L, &err);
  lmk_push_buf(L, out);
  return 1;
}

/* encode(s, charset) -> bytes | nil when a character has no code and the third argument is true */
static int text_encode(lua_State *L) {
  size_t n;
  mk_err err = {0};
  const char *s = lmk_check_text(L, 1, "the text", &n);
  mk_charset set = (mk_charset)luaL_checkinteger(L, 2);
  bool may_fail = lua_toboolean(L, 3);
  mk_buf *out = lmk_buf(L, NULL);
  if (!mk_encode(out, s, n, set, &err)) {
    if (err.code != MK_RANGE || !may_fail) return lmk_raise(L, &err);
    lua_pushnil(L);
    return 1;
  }
  lmk_push_buf(L, out);
  return 1;
}

/* is_utf8(bytes) */
static int text_is_utf8(lua_State *L) {
  size_t n;
  const char *s = check_bytes(L, &n);
  lua_pushboolean(L, mk_utf8_check(s, n) == n);
  return 1;
}

/* likeness(s) -> words with letters outside ASCII, those of them that are syllables */
static int text_likeness(lua_State *L) {
  size_t n, marked, valid;
  const char *s = lmk_check_text(L, 1, "the text", &n);
  mk_likeness(s, n, &marked, &valid);
  lua_pushinteger(L, (lua_Integer)marked);
  lua_pushinteger(L, (lua_Integer)valid);
  return 2;
}

static const luaL_Reg text_functions[] = {{"nfc", text_nfc},
                                          {"nfd", text_nfd},
                                          {"is_nfc", text_is_nfc},
                                          {"key", text_key},
                                          {"width", text_width},
                                          {"is_syllable", text_is_syllable},
                                          {"upper", text_upper},
                                          {"lower", text_lower},
                                          {"title", text_title},
                                          {"fold", text_fold},
                                          {"slug", text_slug},
                                          {"match", text_match},
                                          {"similarity", text_similarity},
                                          {"compare", text_compare},
                                          {"bytes", text_bytes},
                                          {"sortkey", text_sortkey},
                                          {"decode", text_decode},
                                          {"encode", text_encode},
                                          {"is_utf8", text_is_utf8},
                                          {"likeness", text_likeness},
                                          {"normalize", text_normalize},
                                          {NULL, NULL}};

int lmk_open_text(lua_State *L) {
  luaL_newlib(L, text_functions);
  return 1;
}
