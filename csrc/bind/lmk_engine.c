/* lmk_engine.c: mekong.core.engine: images of rows as columns; scans over them are in lmk_scan.c. */
#include "../core/seal.h"
#include "lmk_scan.h"
#include "lmk_store.h"

#include <string.h>

enum { COLUMNS_MAX = 200 };

/* ------------------------------------------------------------------ images */

static const char *string_field(lua_State *L, int table, lua_Integer i) {
  if (lua_rawgeti(L, table, i) != LUA_TSTRING) lmk_raisef(L, MK_TYPE, "entry %l is not a string", (long long)i);
  const char *s = lua_tostring(L, -1);
  lua_pop(L, 1); /* the table keeps it */
  return s;
}

static void put(lua_State *L, const char *name, lua_Integer v) {
  lua_pushinteger(L, v);
  lua_setfield(L, -2, name);
}

static void push_column(lua_State *L, const mk_image_column *c) {
  static const char *const forms[] = {"none", "codes", "numbers"};
  lua_createtable(L, 0, 5);
  lua_pushstring(L, forms[c->form]);
  lua_setfield(L, -2, "form");
  put(L, "entries", (lua_Integer)c->entries);
  put(L, "scale", c->scale);
  put(L, "known", (lua_Integer)c->known);
  if (c->later) put(L, "later", 1);
  put(L, "largest", c->largest);
}

#define LMK_IMAGE "mekong.Image"
typedef struct { mk_image *image; } lmk_image;

static int image_close(lua_State *L) {
  lmk_image *h = luaL_checkudata(L, 1, LMK_IMAGE);
  mk_image *im = h->image;
  h->image = NULL;
  mk_image_free(im);
  return 0;
}

/* Where a source's texts stand on the stack. */
typedef struct { const char *from, *key, *state, *sqls[COLUMNS_MAX]; mk_type types[COLUMNS_MAX]; size_t n, block; } source;

static void read_source(lua_State *L, int at, source *out) {
  static const char *const names[] = {"from", "key", "state"};
  const char **fields[] = {&out->from, &out->key, &out->state};
  luaL_checktype(L, at, LUA_TTABLE);
  for (int i = 0; i < 3; i++) {
    lua_getfield(L, at, names[i]);
    *fields[i] = luaL_checkstring(L, -1); /* the table keeps it */
    lua_pop(L, 1);
  }
  lua_getfield(L, at, "block");
  lua_Integer block = luaL_optinteger(L, -1, MK_BLOCK_ROWS);
  lua_pop(L, 1);
  if (block < 1 || block > MK_BLOCK_ROWS) lmk_raisef(L, MK_RANGE, "a block has 1 to %d rows", (int)MK_BLOCK_ROWS);
  out->block = (size_t)block;
  lua_getfield(L, at, "sql");
  lua_getfield(L, at, "types");
  out->n = (size_t)lua_rawlen(L, -2);
  if (out->n > COLUMNS_MAX) lmk_raisef(L, MK_LIMIT, "more than %d columns", (int)COLUMNS_MAX);
  for (size_t i = 0; i < out->n; i++) {
    out->sqls[i] = string_field(L, lua_gettop(L) - 1, (lua_Integer)i + 1);
    if (!mk_type_find(string_field(L, lua_gettop(L), (lua_Integer)i + 1), &out->types[i])) out->types[i] = MK_T_TEXT;
  }
  lua_pop(L, 2);
}

mk_image *lmk_image_check(lua_State *L, int arg) {
  lmk_image *h = luaL_checkudata(L, arg, LMK_IMAGE);
  if (!h->image) lmk_raisef(L, MK_CLOSED, "the image is closed");
  return h->image;
}

const char **lmk_source_columns(lua_State *L, int at, const mk_image *im) {
  source *from = lua_newuserdatauv(L, sizeof *from, 0);
  read_source(L, at, from);
  if (from->n != im->count) lmk_raisef(L, MK_LIMIT, "the image has %z columns", im->count);
  return from->sqls;
}

/* core.engine.image(store, source) -> Image. source: {from =, key =, state =, sql = {...}, types = {...}} and, for
 * tests, which have few rows, block: rows in a block of the file. */
static int engine_image(lua_State *L) {
  mk_err err = {0};
  lmk_store *u = lmk_store_check(L, "count");
  lua_settop(L, 2);
  source *from = lua_newuserdatauv(L, sizeof *from, 0);
  read_source(L, 2, from);
  lmk_image *h = lua_newuserdatauv(L, sizeof *h, 0);
  h->image = NULL;
  lmk_owner(L, LMK_IMAGE, image_close);
  h->image = mk_image_new(lmk_store_live(L, u), from->from, from->key, from->state, from->n, &err);
  if (!h->image) return lmk_store_raise(L, u, &err);
  h->image->block_rows = from->block;
  return 1;
}

/* core.engine.need(store, image, source, wanted [, full [, lean]]) -> {rows =, single =, [column] = {form =, entries =, scale =, known =,
 * later =}}, or nil when the store changed since the image was begun. wanted: list of columns; full: of how many of them, the first
 * ones, the cells are needed, too (all); of others they may be left for later; lean: of these as well, for core.engine.scan with the
 * source. */
static int engine_need(lua_State *L) {
  mk_err err = {0};
  size_t wanted[COLUMNS_MAX];
  lmk_store *u = lmk_store_check(L, "count");
  mk_image *im = lmk_image_check(L, 2);
  lua_settop(L, 6);
  luaL_checkstack(L, 20, NULL);
  source *from = lua_newuserdatauv(L, sizeof *from, 0);
  read_source(L, 3, from);
  luaL_checktype(L, 4, LUA_TTABLE);
  size_t count = (size_t)lua_rawlen(L, 4);
  if (count > COLUMNS_MAX || from->n != im->count) return lmk_raisef(L, MK_LIMIT, "the image has %z columns", im->count);
  for (size_t i = 0; i < count; i++) {
    lua_rawgeti(L, 4, (lua_Integer)i + 1);
    lua_Integer c = luaL_checkinteger(L, -1);
    lua_pop(L, 1);
    if (c < 1 || (size_t)c > from->n) return lmk_raisef(L, MK_RANGE, "there is no column %l", (long long)c);
    wanted[i] = (size_t)c - 1;
  }
  lua_Integer full = luaL_optinteger(L, 5, (lua_Integer)count);
  if (full < 0 || (size_t)full > count) return lmk_raisef(L, MK_RANGE, "%l of %z columns", (long long)full, count);
  bool begun = im->begun;
  if (!mk_image_need(im, lmk_store_live(L, u), wanted, from->sqls, from->types, (size_t)full, count, lua_toboolean(L, 6), &err)) {
    if (!begun || err.code != MK_BUSY) return lmk_store_raise(L, u, &err);
    lua_pushnil(L);
    return 1;
  }
  lua_createtable(L, 0, (int)count + 2);
  put(L, "rows", (lua_Integer)im->rows);
  lua_pushboolean(L, im->single);
  lua_setfield(L, -2, "single");
  for (size_t i = 0; i < count; i++) {
    push_column(L, &im->columns[wanted[i]]);
    lua_rawseti(L, -2, (lua_Integer)wanted[i] + 1);
  }
  return 1;
}

/* core.engine.entries(image, column) -> list of the dictionary's texts */
static int engine_entries(lua_State *L) {
  const mk_image_column *c = lmk_column_check(L, lmk_image_check(L, 1), luaL_checkinteger(L, 2), MK_FORM_CODES);
  lua_createtable(L, c->entries < 1 << 20 ? (int)c->entries : 0, 0);
  for (size_t e = 1; e < c->entries; e++) {
    size_t n;
    const char *s = mk_image_entry(c, e, &n);
    lua_pushlstring(L, s, n);
    lua_rawseti(L, -2, (lua_Integer)e);
  }
  return 1;
}

/* core.engine.texts(image, column, codes) -> list of the texts of these codes */
static int engine_texts(lua_State *L) {
  const mk_image_column *c = lmk_column_check(L, lmk_image_check(L, 1), luaL_checkinteger(L, 2), MK_FORM_CODES);
  luaL_checktype(L, 3, LUA_TTABLE);
  lua_Integer count = (lua_Integer)lua_rawlen(L, 3);
  lua_createtable(L, count < 1 << 20 ? (int)count : 0, 0);
  for (lua_Integer i = 1; i <= count; i++) {
    size_t n;
    lua_rawgeti(L, 3, i);
    lua_Integer code = luaL_checkinteger(L, -1);
    lua_pop(L, 1);
    if (code < 1 || (size_t)code >= c->entries) return lmk_raisef(L, MK_RANGE, "there is no entry %l", (long long)code);
    const char *s = mk_image_entry(c, (size_t)code, &n);
    lua_pushlstring(L, s, n);
    lua_rawseti(L, -2, i);
  }
  return 1;
}

/* Cells of one column of codes: values from the list at index `values` by code, or (nil there) the texts of the entries; into the table
 * on top. */
static void push_cells(lua_State *L, const mk_image_column *c, int values, size_t from, size_t n) {
  bool listed = lua_istable(L, values);
  for (size_t row = from; row < from + n; row++) {
    size_t len, code = c->known ? image_code(c, row) : 0;
    if (!code) continue;
    if (listed) lua_rawgeti(L, values, (lua_Integer)code + 1);
    else {
      const char *s = mk_image_entry(c, code, &len);
      lua_pushlstring(L, s, len);
    }
    lua_rawseti(L, -2, (lua_Integer)(row - from) + 1);
  }
}

/* core.engine.rows(image, columns, values, first, n) -> list of n cells of each column of codes, from row first (1) on. values: for each
 * column a list with the value of each entry, the missing one first, or false: their texts. */
static int engine_rows(lua_State *L) {
  const mk_image *im = lmk_image_check(L, 1);
  luaL_checktype(L, 2, LUA_TTABLE);
  luaL_checktype(L, 3, LUA_TTABLE);
  lua_Integer first = luaL_checkinteger(L, 4), n = luaL_checkinteger(L, 5), count = (lua_Integer)lua_rawlen(L, 2);
  if (first < 1 || n < 0 || n > (lua_Integer)im->rows || first - 1 > (lua_Integer)im->rows - n)
    return lmk_raisef(L, MK_RANGE, "the image has no rows %l to %l", (long long)first, (long long)first + n - 1);
  lua_settop(L, 5);
  lua_createtable(L, (int)(count < COLUMNS_MAX ? count : COLUMNS_MAX), 0);
  for (lua_Integer i = 1; i <= count; i++) {
    lua_rawgeti(L, 2, i);
    const mk_image_column *c = lmk_column_check(L, im, luaL_checkinteger(L, -1), MK_FORM_CODES);
    if (c->later) return lmk_raisef(L, MK_RANGE, "the cells of column %l are not there", (long long)i);
    lua_rawgeti(L, 3, i);
    lua_createtable(L, c->known ? (int)(n < 1 << 24 ? n : 1 << 24) : 0, 0);
    push_cells(L, c, 8, (size_t)first - 1, (size_t)n);
    lua_rawseti(L, 6, i);
    lua_settop(L, 6);
  }
  return 1;
}

/* core.engine.own(n [, stride]) -> groups for a key of core.engine.scan: each of n codes is a group of its own, so far apart (1) */
static int engine_own(lua_State *L) {
  luaL_Buffer b;
  lua_Integer n = luaL_checkinteger(L, 1), stride = luaL_optinteger(L, 2, 1);
  if (n < 0 || n >= UINT32_MAX) return lmk_raisef(L, MK_RANGE, "there are no %l codes", (long long)n);
  if (stride < 1 || (n && stride > UINT32_MAX / n)) return lmk_raisef(L, MK_RANGE, "%l codes cannot be %l apart", (long long)n, (long long)stride);
  char *p = luaL_buffinitsize(L, &b, (size_t)n * sizeof(uint32_t));
  for (uint32_t code = 0, group = 0; code < (uint32_t)n; code++, group += (uint32_t)stride) memcpy(p + code * sizeof group, &group, sizeof group);
  luaL_pushresultsize(&b, (size_t)n * sizeof(uint32_t));
  return 1;
}

/* core.engine.seal(store, image, source) -> number of rows: rows of an image of cases, as far as its columns were read, become
 * sealed rows of a store, in one transaction. */
static int engine_seal(lua_State *L) {
  mk_err err = {0};
  mk_seal_column columns[COLUMNS_MAX];
  size_t count = 0;
  lmk_store *u = lmk_store_check(L, "load");
  mk_image *im = lmk_image_check(L, 2);
  lua_settop(L, 3);
  source *from = lua_newuserdatauv(L, sizeof *from, 0);
  read_source(L, 3, from);
  mk_store *s = lmk_store_live(L, u);
  for (size_t i = 0; i < from->n && i < im->count; i++)
    if (im->columns[i].there && !im->columns[i].later) columns[count++] = (mk_seal_column){.sql = from->sqls[i], .column = &im->columns[i]};
  if (!mk_store_begin(s, &err)) return lmk_store_raise(L, u, &err);
  bool ok = mk_seal_write(s, columns, count, &(mk_seal_rows){.count = im->rows}, &err);
  if (ok) ok = mk_store_commit(s, &err);
  else mk_store_rollback(s);
  if (!ok) return lmk_store_raise(L, u, &err);
  lua_pushinteger(L, (lua_Integer)im->rows);
  return 1;
}

int lmk_open_engine(lua_State *L) {
  static const luaL_Reg functions[] = {{"image", engine_image}, {"need", engine_need}, {"entries", engine_entries},
                                       {"texts", engine_texts}, {"own", engine_own}, {"rows", engine_rows},
                                       {"seal", engine_seal}, {NULL, NULL}};
  luaL_newlib(L, functions);
  lmk_scan_functions(L);
  lmk_found_functions(L);
  return 1;
}
