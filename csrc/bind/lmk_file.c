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

#define LMK_OUT "mekong.Out"
typedef struct { mk_out *out; } lmk_out;

static int out_close(lua_State *L) {
  lmk_out *h = luaL_checkudata(L, 1, LMK_OUT);
  mk_out *out = h->out;
  h->out = NULL;
  mk_out_free(out);
  return 0;
}

static int failed(lua_State *L, const mk_err *err) { return err->code == MK_TYPE ? lmk_raise(L, err) : lmk_fail(L, err); }

/* core.file.stream(path, pieces) -> true | nil, message, info: what pieces() gives until nil, as one file. */
static int file_stream(lua_State *L) {
  size_t n;
  mk_err err = {0};
  const char *path = luaL_checklstring(L, 1, &n);
  luaL_checktype(L, 2, LUA_TFUNCTION);
  lua_settop(L, 2);
  lmk_out *h = lua_newuserdatauv(L, sizeof *h, 0);
  h->out = NULL;
  lmk_owner(L, LMK_OUT, out_close);
  lua_toclose(L, 3);
  h->out = mk_out_new(path, n, &err);
  bool ok = h->out != NULL;
  while (ok) {
    lua_pushvalue(L, 2);
    lua_call(L, 0, 1);
    if (lua_isnil(L, -1)) break;
    const char *bytes = luaL_checklstring(L, -1, &n);
    ok = mk_out_put(h->out, bytes, n, &err);
    lua_pop(L, 1);
  }
  if (!ok || !mk_out_keep(h->out, &err)) return failed(L, &err);
  lua_pushboolean(L, 1);
  return 1;
}

/* ------------------------------------------------------------------ lines of cells */

enum { KEPT = 20000, COLUMNS_MAX = 10000, FIELDS = 6 }; /* KEPT: texts of a column that one call keeps */

typedef struct { const char *p; size_t n; } piece;
typedef struct {
  int cells, known, make;       /* places on the stack */
  piece before, missing, wrap;  /* wrap.p NULL: every text is to be made */
} line_column;

static void put_piece(mk_buf *out, piece x) { mk_put(out, x.p, x.n); }

/* Letters and digits of ASCII and what stands between them in keys, days and numbers, a letter or digit first. */
static bool is_harmless(piece x) {
  for (size_t i = 0; i < x.n; i++) {
    unsigned char c = (unsigned char)x.p[i], letter = (unsigned char)((c | 0x20) - 'a');
    if (letter >= 26 && (unsigned char)(c - '0') >= 10 && (i == 0 || (c != '-' && c != '.' && c != '/' && c != ':'))) return false;
  }
  return x.n > 0;
}

/* Appends what is made of the value on top of the stack, which goes. Whether it was made now and is kept. [-1, +0] */
static bool put_cell(lua_State *L, mk_buf *out, const line_column *c, bool keep) {
  piece x;
  int type = lua_type(L, -1);
  bool again = type == LUA_TSTRING || type == LUA_TBOOLEAN || lua_isinteger(L, -1), kept = false; /* values that come again and again */
  if (type == LUA_TSTRING && c->wrap.p) {
    x.p = lua_tolstring(L, -1, &x.n);
    if (is_harmless(x)) {
      put_piece(out, c->wrap);
      put_piece(out, x);
      put_piece(out, c->wrap);
      lua_pop(L, 1);
      return false;
    }
  }
  lua_pushvalue(L, -1);
  if (!again || lua_rawget(L, c->known) == LUA_TNIL) {
    lua_settop(L, -2 + !again);
    lua_pushvalue(L, c->make);
    lua_pushvalue(L, -2);
    lua_call(L, 1, 1);
    if (lua_type(L, -1) != LUA_TSTRING) lmk_raisef(L, MK_TYPE, "a cell became a %s, not a text", luaL_typename(L, -1));
    if (again && keep) {
      lua_pushvalue(L, -2);
      lua_pushvalue(L, -2);
      lua_rawset(L, c->known);
      kept = true;
    }
  }
  x.p = lua_tolstring(L, -1, &x.n);
  put_piece(out, x);
  lua_pop(L, 2);
  return kept;
}

/* The string at the top of the stack, which must stay on it. */
static piece piece_at(lua_State *L, int index) {
  piece x;
  x.p = lua_tolstring(L, index, &x.n);
  return x;
}

/* The columns in the list at index 1; what they hold is pushed. [-0, +1 +FIELDS each] */
static line_column *read_columns(lua_State *L, lua_Integer count) {
  static const char *const names[FIELDS] = {"cells", "known", "make", "before", "missing", "wrap"};
  static const int types[FIELDS] = {LUA_TTABLE, LUA_TTABLE, LUA_TFUNCTION, LUA_TSTRING, LUA_TSTRING, LUA_TSTRING};
  line_column *list = lua_newuserdatauv(L, ((size_t)count + 1) * sizeof *list, 0);
  for (lua_Integer i = 0; i < count; i++) {
    lua_rawgeti(L, 1, i + 1);
    luaL_checktype(L, -1, LUA_TTABLE);
    for (int k = 0; k < FIELDS; k++) {
      int found = lua_getfield(L, -1 - k, names[k]);
      if (found != types[k] && (k + 1 < FIELDS || found != LUA_TNIL))
        lmk_raisef(L, MK_TYPE, "column %l has a %s for %s", (long long)i + 1, lua_typename(L, found), names[k]);
    }
    lua_remove(L, -1 - FIELDS);
    int at = lua_gettop(L) - FIELDS + 1;
    list[i] = (line_column){at, at + 1, at + 2, piece_at(L, at + 3), piece_at(L, at + 4), piece_at(L, at + 5)};
  }
  return list;
}

/* core.file.lines(columns, first, last, {tail, ending, empty}) -> the lines of these rows, and how many texts were kept. columns: list
 * of {cells, known, make, before, missing, wrap}: each cell is before and then what make(cell) gives, or missing where there is none;
 * a text of harmless signs (is_harmless) stands between two of wrap, if there is one, without being made. known keeps texts of values;
 * it is the caller's to empty. tail stands behind the cells, empty for a line without bytes. */
static int file_lines(lua_State *L) {
  lua_Integer first = luaL_checkinteger(L, 2), last = luaL_checkinteger(L, 3), kept = 0;
  mk_err err = {0};
  piece ends[3];
  luaL_checktype(L, 1, LUA_TTABLE);
  luaL_checktype(L, 4, LUA_TTABLE);
  lua_settop(L, 4);
  for (int i = 0; i < 3; i++) {
    if (lua_rawgeti(L, 4, i + 1) != LUA_TSTRING) lmk_raisef(L, MK_TYPE, "end %d of lines is a %s", i + 1, luaL_typename(L, -1));
    ends[i] = piece_at(L, -1);
  }
  lua_Integer count = (lua_Integer)lua_rawlen(L, 1);
  if (count > COLUMNS_MAX) return lmk_raisef(L, MK_LIMIT, "there are %l columns", (long long)count);
  luaL_checkstack(L, (int)count * FIELDS + 20, NULL);
  mk_buf *out = lmk_buf(L, NULL);
  lua_toclose(L, -1);
  const line_column *columns = read_columns(L, count);
  for (lua_Integer row = first; row <= last; row++) {
    size_t begin = out->n;
    for (const line_column *c = columns; c < columns + count; c++) {
      put_piece(out, c->before);
      if (lua_rawgeti(L, c->cells, row) != LUA_TNIL) {
        kept += put_cell(L, out, c, kept < KEPT);
        continue;
      }
      lua_pop(L, 1);
      put_piece(out, c->missing);
    }
    put_piece(out, ends[0]);
    if (out->n == begin) put_piece(out, ends[2]);
    put_piece(out, ends[1]);
    if (!mk_buf_ok(out, &err)) return lmk_raise(L, &err);
  }
  lmk_push_buf(L, out);
  lua_pushinteger(L, kept);
  return 2;
}

/* core.file.is_terminal("stdin"|"stdout"|"stderr") -> whether a person is there */
static int file_is_terminal(lua_State *L) {
  static const char *const names[] = {"stdin", "stdout", "stderr", NULL};
  static const int files[] = {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO};
  lua_pushboolean(L, isatty(files[luaL_checkoption(L, 1, NULL, names)]));
  return 1;
}

static const luaL_Reg functions[] = {{"write", file_write}, {"stream", file_stream}, {"lines", file_lines}, {"is_terminal", file_is_terminal}, {NULL, NULL}};

int lmk_open_file(lua_State *L) {
  luaL_newlib(L, functions);
  return 1;
}
