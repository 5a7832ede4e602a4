/* lmk_source.c: files of records: pieces of a file in, records as Lua tables out. */
#include "../core/engine.h"
#include "lmk_store.h"

/* ------------------------------------------------------------------ files */

#define LMK_INPUT "mekong.Input"
typedef struct { mk_input *input; } lmk_input;

mk_input *lmk_check_input(lua_State *L, int arg) {
  lmk_input *h = luaL_checkudata(L, arg, LMK_INPUT);
  if (!h->input) lmk_raisef(L, MK_CLOSED, "the file of records is closed");
  return h->input;
}

static int input_close(lua_State *L) {
  lmk_input *h = luaL_checkudata(L, 1, LMK_INPUT);
  mk_input *x = h->input;
  h->input = NULL;
  mk_input_free(x);
  return 0;
}

/* core.source.file(path [, store]) -> input | nil, message, info; the file of that store is refused. */
static int source_file(lua_State *L) {
  size_t n;
  mk_err err = {0};
  const char *path = luaL_checklstring(L, 1, &n);
  luaL_checkstack(L, 8, NULL);
  lmk_input *h = lua_newuserdatauv(L, sizeof *h, 0);
  h->input = NULL;
  luaL_setmetatable(L, LMK_INPUT);
  const lmk_store *u = luaL_testudata(L, 2, LMK_STORE);
  h->input = mk_input_new(path, n, u ? u->store : NULL, &err);
  if (h->input) return 1;
  return err.code == MK_TYPE ? lmk_raise(L, &err) : lmk_fail(L, &err);
}

/* input:size() */
static int input_size(lua_State *L) {
  lua_pushinteger(L, (lua_Integer)mk_input_size(lmk_check_input(L, 1)));
  return 1;
}

/* input:read(offset, n) -> bytes, "" at the end | nil, message, info */
static int input_read(lua_State *L) {
  mk_err err = {0};
  mk_input *input = lmk_check_input(L, 1);
  lua_Integer at = luaL_checkinteger(L, 2), n = luaL_checkinteger(L, 3);
  luaL_argcheck(L, at >= 0, 2, "must not be negative");
  luaL_argcheck(L, n > 0 && n <= 1 << 26, 3, "must be from 1 to 64 MiB");
  mk_buf *b = lmk_buf(L, NULL);
  if (!mk_buf_reserve(b, (size_t)n)) {
    mk_buf_ok(b, &err);
    return lmk_raise(L, &err);
  }
  ptrdiff_t got = mk_input_read(input, (uint64_t)at, b->p, (size_t)n, &err);
  if (got < 0) return lmk_fail(L, &err);
  b->n = (size_t)got;
  lmk_push_buf(L, b);
  return 1;
}

static const luaL_Reg input_methods[] = {{"close", input_close}, {"size", input_size}, {"read", input_read}, {NULL, NULL}};
static const luaL_Reg input_meta[] = {{"__gc", input_close}, {"__close", input_close}, {NULL, NULL}};

/* ------------------------------------------------------------------ UTF-16 */

#define LMK_UTF16 "mekong.Utf16"

/* core.source.utf16(big) -> decoder */
static int source_utf16(lua_State *L) {
  bool big = lua_toboolean(L, 1);
  mk_utf16 *u = lua_newuserdatauv(L, sizeof *u, 0);
  *u = (mk_utf16){.big = big};
  luaL_setmetatable(L, LMK_UTF16);
  return 1;
}

/* decoder:feed(bytes or nil at the end) -> UTF-8 */
static int utf16_feed(lua_State *L) {
  size_t n = 0;
  mk_err err = {0};
  mk_utf16 *u = luaL_checkudata(L, 1, LMK_UTF16);
  const char *s = luaL_optlstring(L, 2, NULL, &n);
  mk_buf *out = lmk_buf(L, NULL);
  bool ok = s ? mk_utf16_feed(u, s, n, out, &err) : mk_utf16_finish(u, out, &err);
  if (!ok) return lmk_raise(L, &err);
  lmk_push_buf(L, out);
  return 1;
}

static const luaL_Reg utf16_methods[] = {{"feed", utf16_feed}, {NULL, NULL}};
static const luaL_Reg no_meta[] = {{NULL, NULL}};

/* ------------------------------------------------------------------ separated cells */

#define LMK_SEPARATED "mekong.Separated"
typedef struct { mk_separated *t; mk_buf places; mk_dict texts; } lmk_separated;

static lmk_separated *check_separated(lua_State *L) {
  lmk_separated *h = luaL_checkudata(L, 1, LMK_SEPARATED);
  if (!h->t) lmk_raisef(L, MK_CLOSED, "the reader of separated cells is closed");
  return h;
}

static int separated_close(lua_State *L) {
  lmk_separated *h = luaL_checkudata(L, 1, LMK_SEPARATED);
  mk_separated_free(h->t);
  h->t = NULL;
  mk_buf_clear(&h->places);
  dict_clear(&h->texts);
  return 0;
}

/* core.source.separated(separator, quote or "", charset as mk_charset, or nil for bytes as they are, doubted) -> parser */
static int source_separated(lua_State *L) {
  mk_err err = {0};
  mk_separated_opts o = {.separator = luaL_checkstring(L, 1)[0], .quote = luaL_checkstring(L, 2)[0]};
  o.raw = lua_isnoneornil(L, 3);
  if (!o.raw) o.charset = (mk_charset)luaL_checkinteger(L, 3);
  o.doubt = lua_toboolean(L, 4);
  lmk_separated *h = lua_newuserdatauv(L, sizeof *h, 0);
  *h = (lmk_separated){.t = NULL};
  mk_buf_init(&h->places, NULL);
  luaL_setmetatable(L, LMK_SEPARATED);
  h->t = mk_separated_new(NULL, &o, &err);
  return h->t ? 1 : lmk_raise(L, &err);
}

/* parser:feed(bytes or nil at the end) */
static int separated_feed(lua_State *L) {
  size_t n;
  mk_err err = {0};
  mk_separated *t = check_separated(L)->t;
  if (lua_isnoneornil(L, 2)) {
    mk_separated_finish(t);
    return 0;
  }
  const char *s = luaL_checklstring(L, 2, &n);
  return mk_separated_feed(t, s, n, &err) ? 0 : lmk_raise(L, &err);
}

static void put_u32(mk_buf *b, size_t v) {
  for (int i = 0; i < 4; i++) mk_putc(b, (char)(v >> (8 * i) & 0xFF));
}

/* [-0, +1] */
static void push_places(lua_State *L, mk_buf *b) {
  mk_err err = {0};
  if (!mk_buf_ok(b, &err)) {
    mk_buf_clear(b);
    lmk_raise(L, &err);
  }
  lua_pushlstring(L, b->n ? b->p : "", b->n);
}

/* parser:next() -> {line =, n =, [i] = text, error =}, places (of each cell two "<I4": lines below line, column) |
 * nil when all that was fed is read */
static int separated_next(lua_State *L) {
  size_t line = 0, col;
  mk_err err = {0};
  lmk_separated *h = check_separated(L);
  mk_separated *t = h->t;
  int step = mk_separated_next(t, &err);
  if (step < 0) return lmk_raise(L, &err);
  if (step == 0) return 0;
  size_t count = mk_separated_count(t);
  luaL_checkstack(L, 8, NULL);
  h->places.n = 0;
  mk_separated_place(t, 0, &line, &col);
  lua_createtable(L, (int)count, 4);
  for (size_t i = 0; i < count; i++) {
    size_t n, at;
    const char *p = mk_separated_cell(t, i, &n);
    mk_separated_place(t, i, &at, &col);
    put_u32(&h->places, at - line);
    put_u32(&h->places, col);
    lua_pushlstring(L, p, n);
    lua_rawseti(L, -2, (lua_Integer)i + 1);
  }
  lua_pushinteger(L, (lua_Integer)line);
  lua_setfield(L, -2, "line");
  lua_pushinteger(L, (lua_Integer)count);
  lua_setfield(L, -2, "n");
  const mk_err *damage = mk_separated_damage(t);
  if (damage) {
    lmk_push_record(L, damage);
    lua_setfield(L, -2, "error");
  }
  push_places(L, &h->places);
  return 2;
}

static bool is_ascii(const char *p, size_t n) {
  const uint64_t highs = UINT64_C(0x8080808080808080);
  uint64_t high = 0, v;
  for (; n >= 8 && !(high & highs); p += 8, n -= 8) {
    memcpy(&v, p, 8);
    high |= v;
  }
  for (; n; n--) high |= (unsigned char)*p++;
  return !(high & highs);
}

/* In which list of parser:texts() a text stands. */
static int kind_of(const char *p, size_t n) { return is_ascii(p, n) ? 3 : mk_utf8_check(p, n) == n ? 1 : 2; }

static int push_texts(lua_State *L, const mk_dict *d) {
  const size_t *ends = (const size_t *)(const void *)d->ends.p;
  lua_Integer counts[4] = {0};
  lua_settop(L, 1);
  for (int kind = 1; kind <= 3; kind++) lua_newtable(L);
  for (int pass = 0; pass < 2 && counts[1] + counts[2] == 0; pass++)
    for (size_t e = 1; e < d->count; e++) {
      const char *p = d->text.p + ends[e - 1];
      int kind = kind_of(p, ends[e] - ends[e - 1]);
      if ((kind == 3) != (pass == 1)) continue;
      lua_pushlstring(L, p, ends[e] - ends[e - 1]);
      lua_rawseti(L, 1 + kind, ++counts[kind]);
    }
  return 3;
}

/* parser:texts() -> {text}, {text}, {text}: the different texts of the cells that are still to be read, in order: with letters beyond
 * ASCII in UTF-8; those that are not UTF-8; the others, only where there are none of these. Empty ones are left out. */
static int separated_texts(lua_State *L) {
  mk_err err = {0};
  lmk_separated *h = check_separated(L);
  mk_dict *d = &h->texts;
  int step;
  if (!d->slots && !dict_init(d, NULL, (uintptr_t)h, &err)) return lmk_raise(L, &err);
  while ((step = mk_separated_next(h->t, &err)) == 1) {
    for (size_t i = 0; i < mk_separated_count(h->t); i++) {
      size_t n;
      uint32_t code;
      const char *p = mk_separated_cell(h->t, i, &n);
      if (n && !dict_code(d, p, n, &code, &err)) return lmk_raise(L, &err);
    }
  }
  return step < 0 ? lmk_raise(L, &err) : push_texts(L, d);
}

/* parser:letters(bytes without quotes, all, separator) -> as parser:texts() of its records, of which the last one is whole where bytes
 * are all; empty lists where all texts are in ASCII */
static int separated_letters(lua_State *L) {
  mk_err err = {0};
  lmk_separated *h = check_separated(L);
  size_t n, from = 0;
  const char *p = luaL_checklstring(L, 2, &n);
  char separator = luaL_checkstring(L, 4)[0], high = 0;
  uint32_t code;
  while (!lua_toboolean(L, 3) && n && p[n - 1] != '\n' && p[n - 1] != '\r') n--;
  if (!h->texts.slots && !dict_init(&h->texts, NULL, (uintptr_t)h, &err)) return lmk_raise(L, &err);
  for (size_t i = 0; i <= n; i++) {
    if (i < n && p[i] != separator && p[i] != '\n' && p[i] != '\r') {
      high |= p[i];
      continue;
    }
    if ((high & '\x80') && !dict_code(&h->texts, p + from, i - from, &code, &err)) return lmk_raise(L, &err);
    from = i + 1;
    high = 0;
  }
  return push_texts(L, &h->texts);
}

/* parser:blanks() -> records without content that were passed over */
static int separated_blanks(lua_State *L) {
  lua_pushinteger(L, (lua_Integer)mk_separated_blanks(check_separated(L)->t));
  return 1;
}

static const luaL_Reg separated_methods[] = {{"close", separated_close}, {"feed", separated_feed}, {"next", separated_next},
                                             {"texts", separated_texts}, {"letters", separated_letters},
                                             {"blanks", separated_blanks}, {NULL, NULL}};
static const luaL_Reg separated_meta[] = {{"__gc", separated_close}, {"__close", separated_close}, {NULL, NULL}};

/* ------------------------------------------------------------------ JSON */

#define LMK_JSON "mekong.Json"
typedef struct { mk_json *j; mk_buf places; } lmk_json;
enum { COLUMNS_MAX = 10000 };

static lmk_json *check_json(lua_State *L) {
  lmk_json *h = luaL_checkudata(L, 1, LMK_JSON);
  if (!h->j) lmk_raisef(L, MK_CLOSED, "the reader of JSON is closed");
  return h;
}

static int json_close(lua_State *L) {
  lmk_json *h = luaL_checkudata(L, 1, LMK_JSON);
  mk_json_free(h->j);
  h->j = NULL;
  mk_buf_clear(&h->places);
  return 0;
}

/* core.source.json(lines, charset as mk_charset, doubted) -> parser */
static int source_json(lua_State *L) {
  mk_err err = {0};
  mk_json_opts o = {.lines = lua_toboolean(L, 1), .charset = (mk_charset)luaL_checkinteger(L, 2), .doubt = lua_toboolean(L, 3)};
  lmk_json *h = lua_newuserdatauv(L, sizeof *h, 0);
  h->j = NULL;
  mk_buf_init(&h->places, NULL);
  luaL_setmetatable(L, LMK_JSON);
  h->j = mk_json_new(NULL, &o, &err);
  return h->j ? 1 : lmk_raise(L, &err);
}

/* parser:feed(bytes or nil at the end) */
static int json_feed(lua_State *L) {
  size_t n;
  mk_err err = {0};
  mk_json *j = check_json(L)->j;
  if (lua_isnoneornil(L, 2)) {
    mk_json_finish(j);
    return 0;
  }
  const char *s = luaL_checklstring(L, 2, &n);
  return mk_json_feed(j, s, n, &err) ? 0 : lmk_raise(L, &err);
}

/* Number of the column of member i, which is a new one when there is none (0 when it may not be, or there are too many).
 * The tables of parser:next are at 2 and 3. */
static lua_Integer column_of(lua_State *L, const mk_json *j, size_t i, bool may_add) {
  size_t n;
  const char *name = mk_json_name(j, i, &n);
  lua_pushlstring(L, name, n);
  lua_pushvalue(L, -1);
  if (lua_rawget(L, 2) == LUA_TNUMBER) {
    lua_Integer column = lua_tointeger(L, -1);
    lua_pop(L, 2);
    return column;
  }
  lua_pop(L, 1);
  lua_Integer column = (lua_Integer)lua_rawlen(L, 3) + 1;
  if (column > COLUMNS_MAX || !may_add) {
    lua_pop(L, 1);
    return 0;
  }
  lua_pushvalue(L, -1);
  lua_rawseti(L, 3, column);
  lua_pushinteger(L, column);
  lua_rawset(L, 2);
  return column;
}

/* The cells of a record into the table on top, and their places; false when there are too many columns. A damaged record
 * adds no column. */
static bool push_members(lua_State *L, lmk_json *h, size_t first, bool sound) {
  size_t count = mk_json_count(h->j);
  bool fits = true;
  h->places.n = 0;
  for (size_t i = 0; i < count; i++) {
    size_t n, line, col;
    const char *p = mk_json_cell(h->j, i, &n);
    mk_json_place(h->j, i, &line, &col);
    lua_Integer column = column_of(L, h->j, i, sound);
    if (!column) fits = !sound;
    put_u32(&h->places, (size_t)column);
    put_u32(&h->places, line - first);
    put_u32(&h->places, col);
    if (!p || !column) continue;
    lua_pushlstring(L, p, n);
    lua_rawseti(L, -2, column);
  }
  return fits;
}

/* Sets field exact of the record on top: {[column] = true} of the cells that are numbers of JSON; absent when none is. */
static void push_exact(lua_State *L, lmk_json *h, bool sound) {
  bool any = false;
  for (size_t i = 0, count = mk_json_count(h->j); i < count; i++) {
    lua_Integer column = mk_json_is_number(h->j, i) ? column_of(L, h->j, i, sound) : 0;
    if (!column) continue;
    if (!any) lua_createtable(L, 0, 4);
    any = true;
    lua_pushboolean(L, 1);
    lua_rawseti(L, -2, column);
  }
  if (any) lua_setfield(L, -2, "exact");
}

/* parser:next({name = column}, {names}) -> {line =, n =, [column] = text, exact =, error =, fatal =}, places (of each cell three
 * "<I4": column, lines below line, column in it) | nil when all that was fed is read. New names are added. */
static int json_next(lua_State *L) {
  mk_err err = {0}, wide = {0};
  lmk_json *h = check_json(L);
  luaL_checktype(L, 2, LUA_TTABLE);
  luaL_checktype(L, 3, LUA_TTABLE);
  int step = mk_json_next(h->j, &err);
  if (step < 0) return lmk_raise(L, &err);
  if (step == 0) return 0;
  const mk_err *damage = mk_json_damage(h->j);
  bool fatal = damage && mk_json_fatal(h->j);
  size_t line = fatal ? damage->line : mk_json_line(h->j);
  luaL_checkstack(L, 10, NULL);
  lua_createtable(L, (int)mk_json_count(h->j), 4);
  if (!push_members(L, h, line, !damage) && !damage) {
    mk_fail(&wide, MK_LIMIT, "the records have more than %d different members", (int)COLUMNS_MAX);
    mk_at(&wide, line, 1, 1);
    damage = &wide;
  }
  push_exact(L, h, !damage);
  lua_pushinteger(L, (lua_Integer)line);
  lua_setfield(L, -2, "line");
  lua_pushinteger(L, (lua_Integer)lua_rawlen(L, 3));
  lua_setfield(L, -2, "n");
  if (damage) {
    lmk_push_record(L, damage);
    lua_setfield(L, -2, "error");
  }
  if (fatal) {
    lua_pushboolean(L, 1);
    lua_setfield(L, -2, "fatal");
  }
  push_places(L, &h->places);
  return 2;
}

static const luaL_Reg json_methods[] = {{"close", json_close}, {"feed", json_feed}, {"next", json_next}, {NULL, NULL}};
static const luaL_Reg json_meta[] = {{"__gc", json_close}, {"__close", json_close}, {NULL, NULL}};

static const luaL_Reg source_functions[] = {
    {"file", source_file}, {"utf16", source_utf16}, {"separated", source_separated}, {"json", source_json}, {NULL, NULL}};

int lmk_open_source(lua_State *L) {
  lmk_class(L, LMK_INPUT, input_methods, input_meta);
  lmk_class(L, LMK_UTF16, utf16_methods, no_meta);
  lmk_class(L, LMK_SEPARATED, separated_methods, separated_meta);
  lmk_class(L, LMK_JSON, json_methods, json_meta);
  luaL_newlib(L, source_functions);
  lmk_add_grid(L);
  return 1;
}
