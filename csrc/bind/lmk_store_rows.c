/* lmk_store_rows.c: Lua tables as rows of the store: insert, update, delete, define, keys. Everything is converted and
 * checked before the store is touched; errors do not depend on the order of Lua's tables. What is wrong with rows is raised;
 * functions that take an mk_err fail with it where memory ran out, which is no misuse. */
#include "lmk_store.h"

#include <string.h>

/* ------------------------------------------------------------------ rows owned by Lua */

#define LMK_ROWS "mekong.Rows"
typedef struct { mk_rows *rows; } lmk_rows;

static int rows_close(lua_State *L) {
  lmk_rows *r = luaL_checkudata(L, 1, LMK_ROWS);
  mk_rows_free(r->rows);
  r->rows = NULL;
  return 0;
}

/* Rows that live as long as the running function, or NULL. What closes them finds room on the stack when there is no memory. [-0, +1] */
static mk_rows *new_rows(lua_State *L, lmk_store *u, size_t table, mk_err *err) {
  luaL_checkstack(L, 20 + 2 * LUA_MINSTACK, NULL);
  lmk_rows *r = lua_newuserdatauv(L, sizeof *r, 0);
  r->rows = NULL;
  lmk_owner(L, LMK_ROWS, rows_close);
  lua_toclose(L, -1);
  r->rows = mk_rows_new(lmk_store_live(L, u), table, err);
  return r->rows;
}

/* ------------------------------------------------------------------ values */

/* "cases.suspects cannot be ...", with the row of a list before it. */
static void set_place(mk_err *err, const mk_err *why, size_t row) {
  if (row) mk_fail(err, why->code, "row %z: %s", row, why->msg);
  else mk_fail(err, why->code, "%s", why->msg);
  if (why->hint[0]) mk_hint(err, "%s", why->hint);
}

static int raise_at(lua_State *L, const mk_err *why, size_t row) {
  mk_err err = {0};
  set_place(&err, why, row);
  return lmk_raise(L, &err);
}

/* The same, but false with err where memory ran out. */
static bool failed_at(lua_State *L, const mk_err *why, size_t row, mk_err *err) {
  if (why->code != MK_MEMORY) raise_at(L, why, row);
  set_place(err, why, row);
  return false;
}

/* A float that is no integer, as text with a point whatever the locale. */
static void refuse_float(lua_State *L, const mk_table_def *t, const mk_column *c, size_t row) {
  mk_err why = {0};
  char text[64];
  lua_pushvalue(L, -1);
  strncpy(text, luaL_tolstring(L, -1, NULL), sizeof text - 1);
  text[sizeof text - 1] = '\0';
  lua_pop(L, 2);
  for (char *p = text; *p; p++)
    if (*p == ',') *p = '.';
  mk_fail(&why, MK_TYPE, "%s.%s cannot be %s: it is a floating-point number", t->name, c->name, text);
  if (c->type == MK_T_DECIMAL) mk_hint(&why, "hint: write it as a text, '%s', so that it stays exact", text);
  else mk_hint(&why, "hint: give a whole number or a text");
  raise_at(L, &why, row);
}

/* The value on top of the stack, when a cell can hold such; texts stay borrowed from it. */
static bool plain_value(lua_State *L, mk_value *v) {
  int whole = 1;
  *v = (mk_value){.type = MK_T_MISSING};
  switch (lua_type(L, -1)) {
    case LUA_TNIL: return true;
    case LUA_TBOOLEAN:
      v->type = MK_T_BOOL;
      v->truth = lua_toboolean(L, -1);
      return true;
    case LUA_TNUMBER:
      v->type = MK_T_INT;
      v->i = lua_tointegerx(L, -1, &whole);
      return whole;
    case LUA_TSTRING:
      v->type = MK_T_TEXT;
      v->s = lua_tolstring(L, -1, &v->n);
      return true;
    default: return false;
  }
}

/* The same, or an error. */
static mk_value cell_value(lua_State *L, const mk_table_def *t, size_t column, size_t row) {
  mk_value v;
  mk_err why = {0};
  if (plain_value(L, &v)) return v;
  if (lua_type(L, -1) == LUA_TNUMBER) refuse_float(L, t, &t->columns[column], row);
  mk_fail(&why, MK_TYPE, "%s.%s cannot be a %s", t->name, t->columns[column].name, luaL_typename(L, -1));
  raise_at(L, &why, row);
  return v;
}

/* Pushes a table from column position to value of the map at index at. Two names for one column, unknown and odd names are
 * refused, the first in byte order of them. [-0, +1] */
static bool gather(lua_State *L, const mk_table_def *t, int at, size_t row, mk_err *err) {
  mk_err why = {0};
  const char *unknown = NULL;
  size_t unknown_n = 0, twice = 0;
  lua_createtable(L, (int)t->count, 0);
  int out = lua_gettop(L);
  lua_pushnil(L);
  while (lua_next(L, at)) {
    if (lua_type(L, -2) != LUA_TSTRING) {
      mk_fail(&why, MK_TYPE, "a row of %s is a table {column = value}; it has a %s as a name", t->name, luaL_typename(L, -2));
      raise_at(L, &why, row);
    }
    size_t n;
    const char *name = lua_tolstring(L, -2, &n);
    mk_err none = {0};
    int column = mk_utf8_check(name, n) == n ? mk_table_find_column(t, name, n, &none) : -1;
    if (none.code == MK_MEMORY) return failed_at(L, &none, row, err);
    if (column < 0) {
      size_t shared = n < unknown_n ? n : unknown_n;
      int order = unknown ? memcmp(name, unknown, shared) : -1;
      if (order < 0 || (order == 0 && n < unknown_n)) unknown = name, unknown_n = n; /* anchored in the table at `at` */
      lua_pop(L, 1);
      continue;
    }
    if (lua_rawgeti(L, out, column + 1) != LUA_TNIL && (!twice || (size_t)column + 1 < twice)) twice = (size_t)column + 1;
    lua_pop(L, 1);
    lua_rawseti(L, out, column + 1);
  }
  if (unknown && mk_utf8_require(unknown, unknown_n, "a column name", &why)) mk_table_find_column(t, unknown, unknown_n, &why);
  if (!unknown && twice) mk_fail(&why, MK_DUPLICATE, "the row names the column %s of %s twice", t->columns[twice - 1].name, t->name);
  return !mk_failed(&why) || failed_at(L, &why, row, err);
}

/* Adds the row of the map at index at, which may name the first columns only, so many. */
static bool add_row(lua_State *L, const mk_table_def *t, mk_rows *rows, int at, size_t row, size_t limit, mk_err *err) {
  mk_err why = {0};
  luaL_checkstack(L, 10, NULL);
  if (!gather(L, t, at, row, err)) return false;
  if (!mk_rows_add(rows, &why)) return failed_at(L, &why, row, err);
  for (size_t i = 0; i < t->count; i++) {
    if (lua_rawgeti(L, -1, (lua_Integer)i + 1) != LUA_TNIL) {
      if (i >= limit) mk_fail(&why, MK_NAME, "%s is not part of the key of %s", t->columns[i].name, t->name);
      else {
        mk_value v = cell_value(L, t, i, row);
        mk_rows_set(rows, i, &v, &why);
      }
      if (mk_failed(&why)) return failed_at(L, &why, row, err);
    }
    lua_pop(L, 1);
  }
  lua_pop(L, 1);
  return true;
}

static void check_map(lua_State *L, int arg, const char *what) {
  if (lua_type(L, arg) != LUA_TTABLE) lmk_raisef(L, MK_TYPE, "%s must be a table {column = value}, not a %s", what, luaL_typename(L, arg));
}

static bool any_field(lua_State *L, int at) {
  lua_pushnil(L);
  bool any = lua_next(L, at);
  if (any) lua_pop(L, 2);
  return any;
}

/* ------------------------------------------------------------------ names in place of codes */

/* Sets [key] of the copy of the row at index at, which stands at index copy once there is one, to the value on top. [-1, 0] */
static void change(lua_State *L, int at, int copy, int key) {
  if (lua_isnil(L, copy)) {
    lua_newtable(L);
    for (lua_pushnil(L); lua_next(L, at);) {
      lua_pushvalue(L, -2);
      lua_insert(L, -2);
      lua_rawset(L, -4);
    }
    lua_replace(L, copy);
  }
  lua_pushvalue(L, key);
  lua_insert(L, -2);
  lua_rawset(L, copy);
}

/* Pushes the row at index at, or a copy with codes[kind][text] in place of texts where that is a text and kinds[name of the column]
 * a kind; both may have an __index. [-0, +1] */
static void push_coded(lua_State *L, int at, int kinds, int codes) {
  luaL_checkstack(L, 12, NULL);
  lua_pushnil(L);
  int copy = lua_gettop(L), key = copy + 1, text = copy + 2, found = copy + 3;
  for (lua_pushnil(L); lua_next(L, at); lua_settop(L, key)) {
    if (lua_type(L, text) != LUA_TSTRING) continue;
    lua_pushvalue(L, key);
    lua_gettable(L, kinds);
    if (!lua_toboolean(L, found)) continue;
    lua_gettable(L, codes);
    lua_pushvalue(L, text);
    lua_gettable(L, found);
    if (lua_toboolean(L, -1) && !lua_rawequal(L, -1, text)) change(L, at, copy, key);
  }
  if (!lua_isnil(L, copy)) return;
  lua_pushvalue(L, at);
  lua_replace(L, copy);
}

/* core.store.coded(row, kinds, codes) -> what push_coded pushes */
int lmk_store_coded(lua_State *L) {
  for (int i = 1; i <= 3; i++) luaL_checktype(L, i, LUA_TTABLE);
  lua_settop(L, 3);
  push_coded(L, 1, 2, 3);
  return 1;
}

/* ------------------------------------------------------------------ insert */

enum { LIST = 3, KINDS = 4, CODES = 5, COLUMN = 6, ROW_NAMES = 100, SEEN = 256 }; /* places on the stack: the codes of column c are at COLUMN + c */

/* What is remembered of rows of one list, which mostly name the same columns in one order and hold few different texts. Strings
 * are known by where they are: the rows before hold them, as long as no Lua code runs. */
typedef struct {
  const char *name[ROW_NAMES]; /* of the row before, in Lua's order */
  uint8_t column[ROW_NAMES];   /* that they name */
  struct { const char *text; size_t column, row; } seen[SEEN]; /* a text, and a row of the core that has it in that column */
} reader;

static bool is_named(const mk_column *c, const char *name, size_t n) { return strlen(c->name) == n && memcmp(c->name, name, n) == 0; }

/* Pushes the codes that stand for texts of column c, whose name lies under the value on top, or false where texts stay as they
 * are. False: neither is known without running Lua code. [-0, +1] */
static bool push_codes(lua_State *L, size_t c) {
  int at = COLUMN + (int)c;
  lua_pushvalue(L, at);
  if (!lua_isnil(L, -1)) return true;
  lua_pushvalue(L, -3);
  lua_rawget(L, KINDS);
  if (lua_toboolean(L, -1)) lua_rawget(L, CODES);
  if (lua_isnil(L, -1)) return false;
  lua_pushvalue(L, -1);
  lua_replace(L, at);
  lua_replace(L, -2);
  return true;
}

/* Sets cell c of the last row to the value on top, as set_cells. */
static bool set_cell(lua_State *L, mk_rows *rows, size_t c, reader *r) {
  mk_value v;
  size_t row = mk_rows_count(rows);
  if (!plain_value(L, &v)) return false;
  if (v.type != MK_T_TEXT) return mk_rows_set(rows, c, &v, NULL);
  const char *text = v.s;
  size_t slot = ((uintptr_t)text >> 4 ^ c * 37) % SEEN;
  if (r->seen[slot].text == text && r->seen[slot].column == c) {
    mk_rows_repeat(rows, c, r->seen[slot].row);
    return true;
  }
  if (!lua_isnil(L, KINDS)) {
    if (!push_codes(L, c)) return false;
    if (lua_toboolean(L, -1)) {
      lua_pushvalue(L, -2);
      if (lua_rawget(L, -2) == LUA_TNIL) return false;
      if (lua_type(L, -1) == LUA_TSTRING) v.s = lua_tolstring(L, -1, &v.n); /* which the codes hold */
      lua_pop(L, 1);
    }
    lua_pop(L, 1);
  }
  if (!mk_rows_set(rows, c, &v, NULL)) return false;
  r->seen[slot].text = text;
  r->seen[slot].column = c;
  r->seen[slot].row = row - 1;
  return true;
}

/* Sets the cells of the last row from the map on top, in Lua's order, when its names are those of columns letter for letter
 * and each cell can hold its value; runs no Lua code. False: the row is to be made anew in the order of the columns. */
static bool set_cells(lua_State *L, const mk_table_def *t, mk_rows *rows, reader *r) {
  size_t n;
  int at = lua_gettop(L);
  bool ok = true;
  lua_pushnil(L);
  for (size_t i = 0; lua_next(L, at); lua_pop(L, 1), i++) {
    const char *name = lua_type(L, -2) == LUA_TSTRING && i < ROW_NAMES ? lua_tolstring(L, -2, &n) : NULL;
    size_t c = t->count;
    if (name && name == r->name[i]) c = r->column[i];
    else if (name)
      for (c = 0; c < t->count && !is_named(&t->columns[c], name, n);) c++;
    ok = c < t->count && set_cell(L, rows, c, r);
    if (!ok) break;
    r->name[i] = name;
    r->column[i] = (uint8_t)c;
  }
  lua_settop(L, at);
  return ok;
}

/* Takes the map on top as row number row of a list, 0 where there is no list. [-1, 0] */
static bool take_row(lua_State *L, const mk_table_def *t, mk_rows *rows, size_t row, reader *r, mk_err *err) {
  mk_err why = {0};
  if (!mk_rows_add(rows, &why)) return failed_at(L, &why, row, err);
  if (!set_cells(L, t, rows, r)) {
    mk_rows_drop(rows);
    *r = (reader){0}; /* a finalizer may change the rows before */
    if (!lua_isnil(L, KINDS)) {
      push_coded(L, lua_gettop(L), KINDS, CODES);
      lua_replace(L, -2);
    }
    if (!add_row(L, t, rows, lua_gettop(L), row, t->count, err)) return false;
  }
  lua_pop(L, 1);
  return mk_rows_complete(rows, &why) || failed_at(L, &why, row, err);
}

static bool take_list(lua_State *L, const mk_table_def *t, mk_rows *rows, reader *r, mk_err *err) {
  lua_Integer n = (lua_Integer)lua_rawlen(L, LIST), seen = 0;
  for (lua_pushnil(L); lua_next(L, LIST); lua_pop(L, 1)) seen++;
  if (seen != n) lmk_raisef(L, MK_TYPE, "a list of rows must hold rows 1 to n and nothing else");
  mk_err why = {0};
  for (lua_Integer i = 1; i <= n; i++) {
    if (lua_rawgeti(L, LIST, i) != LUA_TTABLE) {
      mk_fail(&why, MK_TYPE, "a row of %s is a table {column = value}, not a %s", t->name, luaL_typename(L, -1));
      raise_at(L, &why, (size_t)i);
    }
    if (!take_row(L, t, rows, (size_t)i, r, err)) return false;
  }
  return true;
}

/* core.store.insert(store, table, row | {row, ...} [, kinds, codes]) -> number of rows | nil, message, info; names in place of
 * codes as in coded */
int lmk_store_insert(lua_State *L) {
  mk_err err = {0};
  lmk_store *u = lmk_store_check(L, "insert");
  size_t table = lmk_store_table(L, u, 2);
  check_map(L, LIST, "a row");
  lua_settop(L, CODES);
  if (!lua_isnil(L, KINDS)) luaL_checktype(L, KINDS, LUA_TTABLE), luaL_checktype(L, CODES, LUA_TTABLE);
  luaL_checkstack(L, ROW_NAMES + 20, NULL);
  lua_settop(L, COLUMN + ROW_NAMES);
  mk_rows *rows = new_rows(L, u, table, &err);
  if (!rows) return lmk_store_failed(L, u, &err);
  const mk_table_def *t = mk_store_table(u->store, table);
  reader r = {0};
  bool list = lua_rawgeti(L, LIST, 1) != LUA_TNIL || !any_field(L, LIST); /* an empty table is an empty list */
  lua_pop(L, 1);
  lua_pushvalue(L, LIST);
  bool ok = list ? take_list(L, t, rows, &r, &err) : take_row(L, t, rows, 0, &r, &err);
  luaL_checkstack(L, 10, NULL);
  if (!ok || !mk_store_insert(lmk_store_live(L, u), rows, &err)) return lmk_store_failed(L, u, &err);
  lua_pushinteger(L, (lua_Integer)mk_rows_count(rows));
  return 1;
}

/* ------------------------------------------------------------------ keys */

/* A row with the key given at index at: one value, a list in the order of the key's columns, or {column = value}; or NULL.
 * [-0, +1] */
static mk_rows *key_rows(lua_State *L, lmk_store *u, size_t table, int at, mk_err *err) {
  mk_err why = {0};
  mk_rows *rows = new_rows(L, u, table, err);
  if (!rows) return NULL;
  const mk_table_def *t = mk_store_table(u->store, table);
  size_t keys = mk_table_keys(t);
  if (lua_type(L, at) == LUA_TTABLE && lua_rawlen(L, at) == 0) {
    if (!add_row(L, t, rows, at, 0, keys, err)) return NULL;
  } else {
    bool list = lua_type(L, at) == LUA_TTABLE;
    size_t n = list ? lua_rawlen(L, at) : 1;
    if (n > keys) lmk_raisef(L, MK_TYPE, "the key of %s has %z columns, not %z", t->name, keys, n);
    bool ok = mk_rows_add(rows, &why);
    for (size_t i = 0; ok && i < n; i++) {
      if (list) lua_rawgeti(L, at, (lua_Integer)i + 1);
      else lua_pushvalue(L, at);
      mk_value v = cell_value(L, t, i, 0);
      ok = mk_rows_set(rows, i, &v, &why);
      lua_pop(L, 1);
    }
  }
  if (!mk_failed(&why)) mk_rows_key(rows, &why);
  return !mk_failed(&why) || failed_at(L, &why, 0, err) ? rows : NULL;
}

/* core.store.key(store, table, key) -> table name, {canonical values}, {column names} */
int lmk_store_key(lua_State *L) {
  mk_err err = {0};
  lmk_store *u = lmk_store_check(L, "history");
  size_t table = lmk_store_table(L, u, 2);
  luaL_checkany(L, 3);
  lua_settop(L, 3);
  mk_rows *rows = key_rows(L, u, table, 3, &err);
  if (!rows) return lmk_raise(L, &err);
  const mk_table_def *t = mk_store_table(u->store, table);
  lua_pushstring(L, t->name);
  lua_newtable(L);
  lua_newtable(L);
  for (size_t i = 0; i < mk_table_keys(t); i++) {
    mk_value v = mk_rows_get(rows, 0, i);
    if (v.type == MK_T_INT) lua_pushinteger(L, (lua_Integer)v.i);
    else lua_pushlstring(L, v.s, v.n);
    lua_rawseti(L, -3, (lua_Integer)i + 1);
    lua_pushstring(L, t->columns[i].name);
    lua_rawseti(L, -2, (lua_Integer)i + 1);
  }
  return 3;
}

/* ------------------------------------------------------------------ update and delete */

/* store:update(table, key, {column = value}) -> true | nil, message, info; "" makes a cell missing */
int lmk_store_update(lua_State *L) {
  mk_err err = {0};
  lmk_store *u = lmk_store_check(L, "update");
  size_t table = lmk_store_table(L, u, 2);
  check_map(L, 4, "the changes");
  lua_settop(L, 4);
  if (!any_field(L, 4)) return lmk_raisef(L, MK_TYPE, "store:update: no column to change was given");
  const mk_table_def *t = mk_store_table(u->store, table);
  mk_rows *key = key_rows(L, u, table, 3, &err), *changes = key ? new_rows(L, u, table, &err) : NULL;
  if (!changes || !add_row(L, t, changes, 4, 0, t->count, &err) ||
      !mk_store_update(lmk_store_live(L, u), key, changes, &err)) return lmk_store_failed(L, u, &err);
  lua_pushboolean(L, 1);
  return 1;
}

/* store:delete(table, expression [, params] | {column = value}) -> number of rows | nil, message, info */
int lmk_store_delete(lua_State *L) {
  mk_err err = {0};
  int64_t n = 0;
  lmk_store *u = lmk_store_check(L, "delete");
  size_t table = lmk_store_table(L, u, 2), size, count;
  lua_settop(L, 4);
  if (lua_type(L, 3) == LUA_TTABLE) {
    if (!any_field(L, 3)) return lmk_raisef(L, MK_TYPE, "store:delete: {} names no column; nothing is deleted");
    const mk_table_def *t = mk_store_table(u->store, table);
    mk_rows *match = new_rows(L, u, table, &err);
    if (!match || !add_row(L, t, match, 3, 0, t->count, &err) ||
        !mk_store_delete(lmk_store_live(L, u), match, &n, &err)) return lmk_store_failed(L, u, &err);
  } else {
    const char *text = lmk_check_text(L, 3, "the expression of store:delete", &size);
    const mk_param *params = lmk_parameters(L, 4, &count);
    if (!mk_store_delete_where(lmk_store_live(L, u), table, text, size, params, count, &n, &err)) return lmk_store_failed(L, u, &err);
  }
  lua_pushinteger(L, (lua_Integer)n);
  return 1;
}

/* ------------------------------------------------------------------ define */

/* store:define(table, {"officer: text | cán bộ", ...}) -> true | nil, message, info */
int lmk_store_define(lua_State *L) {
  mk_err err = {0};
  lmk_store *u = lmk_store_check(L, "define");
  size_t table = lmk_store_table(L, u, 2);
  lua_settop(L, 3);
  if (lua_type(L, 3) != LUA_TTABLE) return lmk_raisef(L, MK_TYPE, "store:define takes a list of column definitions, not a %s", luaL_typename(L, 3));
  size_t n = lua_rawlen(L, 3);
  const char **specs = lua_newuserdatauv(L, n * (sizeof *specs + sizeof(size_t)) + 1, 0);
  size_t *sizes = (size_t *)(void *)(specs + n);
  for (size_t i = 0; i < n; i++) {
    if (lua_rawgeti(L, 3, (lua_Integer)i + 1) != LUA_TSTRING)
      return lmk_raisef(L, MK_TYPE, "column definition %z is a %s, not a string like \"officer: text | cán bộ\"", i + 1, luaL_typename(L, -1));
    specs[i] = lua_tolstring(L, -1, &sizes[i]); /* anchored in the list */
    lua_pop(L, 1);
  }
  if (!mk_store_define(lmk_store_live(L, u), table, specs, sizes, n, &err)) return lmk_store_failed(L, u, &err);
  lua_pushboolean(L, 1);
  return 1;
}

/* ------------------------------------------------------------------ columns and single cells */

static void set_flag(lua_State *L, const char *name, bool value) {
  lua_pushboolean(L, value);
  lua_setfield(L, -2, name);
}

/* core.store.count(store, table) -> how many rows it has */
int lmk_store_count(lua_State *L) {
  int64_t n = 0;
  mk_err err = {0};
  lmk_store *u = lmk_store_check(L, "from");
  size_t table = lmk_store_table(L, u, 2);
  if (!mk_store_count(lmk_store_live(L, u), table, &n, &err)) return lmk_store_raise(L, u, &err);
  lua_pushinteger(L, n);
  return 1;
}

/* core.store.columns(store, table) -> table name, its number, {{name =, type =, aliases = "a|b" or nil, key =, required =,
 * measured =, typed =, user =}, ...}: every column of that table in this store */
int lmk_store_columns(lua_State *L) {
  lmk_store *u = lmk_store_check(L, "load");
  size_t table = lmk_store_table(L, u, 2);
  const mk_table_def *t = mk_store_table(u->store, table);
  size_t count = t->count; /* a finalizer may define columns meanwhile */
  luaL_checkstack(L, 10, NULL);
  lua_pushstring(L, t->name);
  lua_pushinteger(L, (lua_Integer)table + 1);
  lua_createtable(L, (int)count, 0);
  for (size_t i = 0; i < count; i++) {
    lua_createtable(L, 0, 8);
    const mk_column *c = &mk_store_table(lmk_store_live(L, u), table)->columns[i];
    unsigned flags = c->flags;
    lua_pushstring(L, mk_type_name(c->type));
    lua_setfield(L, -2, "type");
    c = &mk_store_table(lmk_store_live(L, u), table)->columns[i];
    lua_pushstring(L, c->name);
    lua_setfield(L, -2, "name");
    c = &mk_store_table(lmk_store_live(L, u), table)->columns[i];
    if (c->aliases && *c->aliases) {
      lua_pushstring(L, c->aliases);
      lua_setfield(L, -2, "aliases");
    }
    set_flag(L, "key", flags & MK_C_KEY);
    set_flag(L, "required", flags & MK_C_REQUIRED);
    set_flag(L, "measured", flags & MK_C_MEASURED);
    set_flag(L, "typed", flags & MK_C_TYPED);
    set_flag(L, "user", flags & MK_C_USER);
    lua_rawseti(L, -2, (lua_Integer)i + 1);
  }
  return 3;
}

/* core.store.cell(store, number of a table, number of a column, text) -> canonical value (nil missing), or nil, message,
 * code, hint: what storing it would give */
int lmk_store_cell(lua_State *L) {
  mk_err err = {0};
  mk_value v = {.type = MK_T_TEXT}, out;
  lmk_store *u = lmk_store_check(L, "load");
  lua_Integer table = luaL_checkinteger(L, 2), column = luaL_checkinteger(L, 3);
  v.s = luaL_checklstring(L, 4, &v.n);
  lua_settop(L, 4);
  mk_buf *b = lmk_buf(L, NULL);
  mk_store *s = lmk_store_live(L, u);
  if (table < 1 || (size_t)table > mk_store_tables(s)) return luaL_argerror(L, 2, "no such table");
  const mk_table_def *t = mk_store_table(s, (size_t)table - 1);
  if (column < 1 || (size_t)column > t->count) return luaL_argerror(L, 3, "no such column");
  if (!mk_record_canonical(t, (size_t)column - 1, &v, b, &out, &err)) {
    if (err.code == MK_MEMORY) return lmk_raise(L, &err);
    lua_pushnil(L);
    lua_pushstring(L, err.msg);
    lua_pushstring(L, mk_code_name(err.code));
    lua_pushstring(L, err.hint);
    return 4;
  }
  if (out.type == MK_T_MISSING) lua_pushnil(L);
  else if (out.type == MK_T_INT) lua_pushinteger(L, (lua_Integer)out.i);
  else lua_pushlstring(L, out.s, out.n);
  return 1;
}
