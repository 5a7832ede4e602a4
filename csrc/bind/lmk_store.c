/* lmk_store.c: the userdata mekong.Store: opening, closing, transactions, progress; what takes no rows. */
#include "lmk_store.h"

#include <string.h>

#define LMK_GUARD "mekong.Transaction"

/* One transaction level; while it is there the level is open. User values: the store, and the coroutine it was begun in. */
struct lmk_guard { lmk_store *u; lmk_guard *outer; lua_State *L; int depth; };

/* ------------------------------------------------------------------ the handle */

static bool on_progress(void *ctx, int64_t done) {
  lmk_store *u = ctx;
  lua_State *L = u->L;
  if (!L || u->raised || !lua_checkstack(L, 4)) return !u->raised;
  if (lua_getiuservalue(L, 1, STORE_PROGRESS) != LUA_TFUNCTION) {
    lua_pop(L, 1);
    return true;
  }
  lua_pushinteger(L, (lua_Integer)done);
  if (lua_pcall(L, 1, 1, 0) != LUA_OK) {
    lua_setiuservalue(L, 1, STORE_ERROR);
    u->raised = true;
    return false;
  }
  bool go = lua_type(L, -1) != LUA_TBOOLEAN || lua_toboolean(L, -1);
  lua_pop(L, 1);
  return go;
}

/* Argument 1 as a store, open or not. */
static lmk_store *store_of(lua_State *L, const char *method) {
  mk_err err = {0};
  lmk_store *u = luaL_testudata(L, 1, LMK_STORE);
  if (u) return u;
  mk_fail(&err, MK_TYPE, "store:%s was called on a %s", method, luaL_typename(L, 1));
  mk_hint(&err, "hint: call it with ':', not '.', on what mekong.open returned");
  lmk_raise(L, &err);
  return NULL;
}

/* Undoes a level and those inside it that were left open. */
static void release(lmk_guard *g) {
  lmk_store *u = g->u;
  for (lmk_guard *t = NULL; t != g;) {
    t = u->top;
    u->top = t->outer;
    t->u = NULL;
  }
  u->L = NULL;
  while (u->store && mk_store_depth(u->store) >= g->depth) mk_store_rollback(u->store);
}

lmk_store *lmk_store_check(lua_State *L, const char *method) {
  mk_err err = {0};
  lmk_store *u = store_of(L, method);
  /* A coroutine that died of an error leaves its levels open until it is closed; they can never be committed. */
  while (u->top && u->top->L != L && lua_status(u->top->L) > LUA_YIELD) release(u->top);
  if (!u->store) lmk_raisef(L, MK_CLOSED, "store:%s: the store is closed", method);
  if (u->top && u->top->L != L && lua_status(u->top->L) == LUA_YIELD)
    lmk_raisef(L, MK_BUSY, "store:%s: a transaction of a coroutine that has yielded is open on this store", method);
  if (!mk_store_usable(u->store, &err) && (err.code == MK_BUSY || err.code == MK_CLOSED)) lmk_raise(L, &err);
  u->L = L;
  u->raised = false;
  return u;
}

mk_store *lmk_store_live(lua_State *L, lmk_store *u) {
  if (!u->store) lmk_raisef(L, MK_CLOSED, "the store was closed while it was being used");
  u->L = L;
  return u->store;
}

static void raise_stored(lua_State *L, lmk_store *u) {
  u->raised = false;
  lua_getiuservalue(L, 1, STORE_ERROR);
  lua_pushnil(L);
  lua_setiuservalue(L, 1, STORE_ERROR);
  lua_error(L);
}

int lmk_store_raise(lua_State *L, lmk_store *u, const mk_err *err) {
  if (u->raised) raise_stored(L, u);
  return lmk_raise(L, err);
}

int lmk_store_failed(lua_State *L, lmk_store *u, const mk_err *err) {
  if (u->raised) raise_stored(L, u);
  switch (err->code) {
    case MK_SYNTAX:
    case MK_NAME:
    case MK_TYPE:
    case MK_UNIT:
    case MK_RANGE:
    case MK_AMBIGUOUS:
    case MK_CLOSED: return lmk_raise(L, err);
    default: return lmk_fail(L, err);
  }
}

void lmk_store_renew(lua_State *L, lmk_store *u) {
  mk_err err = {0};
  if (!mk_store_renew(lmk_store_live(L, u), &err) && u->raised) raise_stored(L, u);
}

size_t lmk_store_table(lua_State *L, lmk_store *u, int arg) {
  size_t n;
  mk_err err = {0};
  const char *name = lmk_check_text(L, arg, "a table name", &n);
  lmk_store_renew(L, u);
  int i = mk_store_find_table(u->store, name, n, &err);
  if (i < 0) lmk_raise(L, &err);
  return (size_t)i;
}

/* ------------------------------------------------------------------ open and close */

static lua_Integer int_option(lua_State *L, int at, const char *name, lua_Integer least, lua_Integer most, lua_Integer none) {
  int whole = 1;
  lua_getfield(L, at, name);
  lua_Integer v = lua_isnil(L, -1) ? none : lua_tointegerx(L, -1, &whole);
  if (!whole || (lua_type(L, -1) != LUA_TNUMBER && lua_type(L, -1) != LUA_TNIL))
    lmk_raisef(L, MK_TYPE, "option %s must be a whole number, not a %s", name, luaL_typename(L, -1));
  if (v != none && (v < least || v > most))
    lmk_raisef(L, MK_RANGE, "option %s must lie between %l and %l, not %l", name, (long long)least, (long long)most, (long long)v);
  lua_pop(L, 1);
  return v;
}

static bool flag_option(lua_State *L, int at, const char *name) {
  lua_getfield(L, at, name);
  if (!lua_isnil(L, -1) && !lua_isboolean(L, -1))
    lmk_raisef(L, MK_TYPE, "option %s must be true or false, not a %s", name, luaL_typename(L, -1));
  bool v = lua_toboolean(L, -1);
  lua_pop(L, 1);
  return v;
}

/* A text option, left on the stack; NULL when absent. [-0, +1] */
static const char *text_option(lua_State *L, int at, const char *name) {
  size_t n;
  lua_getfield(L, at, name);
  if (lua_isnil(L, -1)) return NULL;
  const char *p = lmk_check_text(L, lua_absindex(L, -1), name, &n);
  if (strlen(p) != n || n > 200) lmk_raisef(L, MK_TYPE, "option %s is too long or holds a zero byte", name);
  return p;
}

/* core.store.open(path, options): option names are checked by store.lua. */
static int store_open(lua_State *L) {
  size_t n;
  mk_err err = {0};
  mk_store_options o = {0};
  if (lua_type(L, 1) != LUA_TSTRING) {
    mk_fail(&err, MK_TYPE, "the path of a store is a string, not a %s", luaL_typename(L, 1));
    mk_hint(&err, "hint: mekong.open \"omd.db\", or \":memory:\" for a store without a file");
    return lmk_raise(L, &err);
  }
  const char *path = lua_tolstring(L, 1, &n);
  luaL_checktype(L, 2, LUA_TTABLE);
  lua_settop(L, 2);
  o.readonly = flag_option(L, 2, "readonly");
  o.trust = flag_option(L, 2, "trust");
  o.max_bytes = (size_t)int_option(L, 2, "max_bytes", 65536, (lua_Integer)1 << 46, 0);
  o.busy_ms = (int)int_option(L, 2, "busy_timeout", 0, 3600000, -1);
  o.threads = (int)int_option(L, 2, "threads", 1, 256, 1);
  const char *locale = text_option(L, 2, "locale");
  o.user = text_option(L, 2, "user");
  lua_getfield(L, 2, "progress");
  if (!lua_isnil(L, -1) && !lua_isfunction(L, -1))
    return lmk_raisef(L, MK_TYPE, "option progress must be a function, not a %s", luaL_typename(L, -1));
  lmk_store *u = lua_newuserdatauv(L, sizeof *u, 2);
  *u = (lmk_store){0};
  strncpy(u->locale, locale ? locale : "vi", sizeof u->locale - 1);
  luaL_setmetatable(L, LMK_STORE);
  lua_rotate(L, -2, 1); /* progress on top */
  if (lua_isfunction(L, -1)) {
    o.progress = on_progress;
    o.ctx = u;
  }
  lua_setiuservalue(L, -2, STORE_PROGRESS);
  lua_insert(L, 1); /* the store is argument 1 for the callbacks; path and options stay anchored behind it */
  luaL_checkstack(L, 8, NULL);
  u->L = L;
  u->store = mk_store_new(path, n, &o, &err);
  if (!u->store) return lmk_store_failed(L, u, &err);
  lua_pushvalue(L, 1);
  return 1;
}

static int store_close(lua_State *L) {
  mk_err err = {0};
  lmk_store *u = store_of(L, "close");
  if (!u->store) return 0;
  u->L = NULL;
  if (!mk_store_close(u->store, &err)) return lmk_raise(L, &err);
  u->store = NULL;
  return 0;
}

/* Whatever is open is rolled back. */
static int store_gc(lua_State *L) {
  lmk_store *u = luaL_testudata(L, 1, LMK_STORE);
  if (!u) return 0;
  u->L = NULL;
  mk_store_free(u->store);
  u->store = NULL;
  return 0;
}

/* core.store.state(store [, method]) -> "open", "closed" or "busy"; method names the caller when it is no store */
static int store_state(lua_State *L) {
  mk_err err = {0};
  lmk_store *u = store_of(L, luaL_optstring(L, 2, "display"));
  bool usable = u->store && (mk_store_usable(u->store, &err) || err.code != MK_BUSY);
  lua_pushstring(L, !u->store || err.code == MK_CLOSED ? "closed" : usable ? "open" : "busy");
  return 1;
}

/* core.store.info(store) -> {path, readonly, locale} */
static int store_info(lua_State *L) {
  lmk_store *u = store_of(L, "display");
  lua_createtable(L, 0, 3);
  lua_pushstring(L, u->locale);
  lua_setfield(L, -2, "locale");
  if (!u->store) return 1;
  lua_pushstring(L, mk_store_path(u->store));
  lua_setfield(L, -2, "path");
  lua_pushboolean(L, mk_store_readonly(u->store));
  lua_setfield(L, -2, "readonly");
  return 1;
}

/* core.store.locale(store) -> "vi" or "en" */
static int store_locale(lua_State *L) {
  lua_pushstring(L, store_of(L, "locale")->locale);
  return 1;
}

/* core.store.schema(store) -> a number that grows whenever tables may have other columns */
static int store_schema(lua_State *L) {
  lmk_store *u = lmk_store_check(L, "from");
  lmk_store_renew(L, u);
  lua_pushinteger(L, (lua_Integer)mk_store_schemas(u->store));
  return 1;
}

/* core.store.stamp(store) -> a number, another one when anything in the file may have changed since; nil in a transaction, which
 * may be undone */
static int store_stamp(lua_State *L) {
  mk_err err = {0};
  int64_t stamp;
  lmk_store *u = lmk_store_check(L, "count");
  if (mk_store_depth(u->store) > 0) return 0;
  if (!mk_store_stamp(u->store, &stamp, &err)) return lmk_store_raise(L, u, &err);
  lua_pushinteger(L, (lua_Integer)stamp);
  return 1;
}

/* core.store.names(store) -> a number, another one when the names in the table aliases may have changed since */
static int store_names(lua_State *L) {
  mk_err err = {0};
  int64_t stamp;
  lmk_store *u = lmk_store_check(L, "insert");
  if (!mk_store_names(u->store, &stamp, &err)) return lmk_store_raise(L, u, &err);
  lua_pushinteger(L, (lua_Integer)stamp);
  return 1;
}

/* core.store.go_on(store, what) -> true | nil, message, info: asks the progress function before something long goes on. */
static int store_go_on(lua_State *L) {
  mk_err err = {0};
  lmk_store *u = lmk_store_check(L, "load");
  const char *what = luaL_checkstring(L, 2);
  if (!mk_store_go_on(u->store)) {
    mk_fail(&err, MK_CANCELLED, "%s: cancelled by the progress function", what);
    return lmk_store_failed(L, u, &err);
  }
  lua_pushboolean(L, true);
  return 1;
}

/* ------------------------------------------------------------------ transactions */

static int guard_close(lua_State *L) {
  lmk_guard *g = luaL_testudata(L, 1, LMK_GUARD);
  if (g && g->u) release(g);
  return 0;
}

/* core.store.begin(store) -> guard | nil, message, info */
static int store_begin(lua_State *L) {
  mk_err err = {0};
  lmk_store *u = lmk_store_check(L, "transaction");
  lmk_guard *g = lua_newuserdatauv(L, sizeof *g, 2);
  *g = (lmk_guard){NULL, NULL, L, 0};
  luaL_setmetatable(L, LMK_GUARD);
  lua_pushvalue(L, 1);
  lua_setiuservalue(L, -2, 1);
  lua_pushthread(L);
  lua_setiuservalue(L, -2, 2);
  lmk_store_renew(L, u);
  if (!mk_store_begin(lmk_store_live(L, u), &err)) return lmk_store_failed(L, u, &err);
  *g = (lmk_guard){u, u->top, L, mk_store_depth(u->store)};
  u->top = g;
  return 1;
}

/* core.store.commit(store, guard) -> true | nil, message, info */
static int store_commit(lua_State *L) {
  mk_err err = {0};
  lmk_store *u = lmk_store_check(L, "transaction");
  lmk_guard *g = luaL_checkudata(L, 2, LMK_GUARD);
  if (!g || u->top != g) return lmk_raisef(L, MK_BUSY, "a transaction ends while another one inside it is still open");
  luaL_checkstack(L, 8, NULL);
  u->top = g->outer;
  g->u = NULL;
  if (!mk_store_commit(u->store, &err)) return lmk_store_failed(L, u, &err);
  lua_pushboolean(L, 1);
  return 1;
}

/* core.store.direct(store, bytes) -> whether a first load of so many bytes goes into the file at once, until direct_end | nil,
 * message, info */
static int store_direct(lua_State *L) {
  mk_err err = {0};
  bool direct;
  lmk_store *u = lmk_store_check(L, "load");
  lua_Integer bytes = luaL_checkinteger(L, 2);
  lmk_store_renew(L, u);
  if (!mk_store_direct(lmk_store_live(L, u), bytes > 0 ? (uint64_t)bytes : 0, &direct, &err)) return lmk_store_failed(L, u, &err);
  lua_pushboolean(L, direct);
  return 1;
}

static int store_direct_end(lua_State *L) {
  lmk_store *u = luaL_testudata(L, 1, LMK_STORE);
  if (u && u->store) mk_store_direct_end(u->store);
  return 0;
}

/* ------------------------------------------------------------------ what takes no rows */

static int store_backup(lua_State *L) {
  size_t n;
  mk_err err = {0};
  lmk_store *u = lmk_store_check(L, "backup");
  if (lua_type(L, 2) != LUA_TSTRING)
    return lmk_raisef(L, MK_TYPE, "the path of a copy is a string, not a %s", luaL_typename(L, 2));
  const char *path = lua_tolstring(L, 2, &n);
  if (!mk_store_backup(u->store, path, n, &err)) return lmk_store_failed(L, u, &err);
  lua_pushboolean(L, 1);
  return 1;
}

/* core.store.seal(store [, rows]) -> true | nil, message, info: seals what can be sealed, in blocks of so many rows from now on */
static int store_seal(lua_State *L) {
  mk_err err = {0};
  lmk_store *u = lmk_store_check(L, "seal");
  lua_Integer rows = luaL_optinteger(L, 2, 0);
  if (rows < 0 || rows > 65536) return lmk_raisef(L, MK_RANGE, "a block has 1 to 65536 rows");
  lmk_store_renew(L, u);
  if (!mk_store_seal(lmk_store_live(L, u), (size_t)rows, &err)) return lmk_store_failed(L, u, &err);
  lua_pushboolean(L, 1);
  return 1;
}

static int store_unseal(lua_State *L) {
  mk_err err = {0};
  lmk_store *u = lmk_store_check(L, "unseal");
  lmk_store_renew(L, u);
  if (!mk_store_unseal(u->store, &err)) return lmk_store_failed(L, u, &err);
  lua_pushboolean(L, 1);
  return 1;
}

static int store_digest(lua_State *L) {
  char hex[65];
  mk_err err = {0};
  lmk_store *u = lmk_store_check(L, "digest");
  lmk_store_renew(L, u);
  if (!mk_store_digest(u->store, hex, &err)) return lmk_store_raise(L, u, &err);
  lua_pushlstring(L, hex, 64);
  return 1;
}

/* core.store.meta(store, name [, value]): reads or writes a named value of the store. */
static int store_meta(lua_State *L) {
  size_t n;
  bool there;
  mk_err err = {0};
  lmk_store *u = lmk_store_check(L, "meta");
  const char *name = luaL_checkstring(L, 2);
  if (!lua_isnoneornil(L, 3)) {
    const char *value = luaL_checklstring(L, 3, &n);
    if (!mk_store_meta_set(u->store, name, value, n, &err)) return lmk_store_failed(L, u, &err);
    lua_pushboolean(L, 1);
    return 1;
  }
  mk_buf *b = lmk_buf(L, NULL);
  if (!mk_store_meta_get(lmk_store_live(L, u), name, b, &there, &err)) return lmk_store_raise(L, u, &err);
  if (there) lmk_push_buf(L, b);
  else lua_pushnil(L);
  return 1;
}

/* core.store.alike(store, texts) -> list of keys of cases that fold to what one of the texts does, some perhaps of cases that are no
 * more; of some texts at most */
static int store_alike(lua_State *L) {
  const char *texts[MK_ALIKE_MOST];
  size_t sizes[MK_ALIKE_MOST], n;
  mk_err err = {0};
  lmk_store *u = lmk_store_check(L, "where");
  luaL_checktype(L, 2, LUA_TTABLE);
  size_t count = (size_t)lua_rawlen(L, 2);
  if (count > MK_ALIKE_MOST) return lmk_raisef(L, MK_LIMIT, "more than %d texts", (int)MK_ALIKE_MOST);
  luaL_checkstack(L, MK_ALIKE_MOST + 8, NULL);
  for (size_t i = 0; i < count; i++) {
    lua_rawgeti(L, 2, (lua_Integer)i + 1);
    texts[i] = lmk_check_text(L, -1, "a key", &sizes[i]);
  }
  mk_buf *b = lmk_buf(L, NULL);
  if (!mk_store_alike(lmk_store_live(L, u), texts, sizes, count, b, &err)) return lmk_store_raise(L, u, &err);
  lua_newtable(L);
  for (size_t at = 0, i = 1; at < b->n; at += n, i++) {
    memcpy(&n, b->p + at, sizeof n);
    lua_pushlstring(L, b->p + (at += sizeof n), n);
    lua_rawseti(L, -2, (lua_Integer)i);
  }
  return 1;
}

/* core.store.prune(store, generation) -> rows removed */
static int store_prune(lua_State *L) {
  mk_err err = {0};
  int64_t n = 0;
  lmk_store *u = lmk_store_check(L, "omd");
  lua_Integer generation = luaL_checkinteger(L, 2);
  if (!mk_store_ledger_prune(u->store, generation, &n, &err)) return lmk_store_failed(L, u, &err);
  lua_pushinteger(L, (lua_Integer)n);
  return 1;
}

/* core.store.sha256(text) */
static int store_sha256(lua_State *L) {
  size_t n;
  char hex[65];
  mk_sha256 x;
  const char *p = luaL_checklstring(L, 1, &n);
  mk_sha256_init(&x);
  mk_sha256_add(&x, p, n);
  mk_sha256_hex(&x, hex);
  lua_pushlstring(L, hex, 64);
  return 1;
}

/* core.store.tables() -> {{name =, aliases = "a|b" or nil, columns = {{name =, type =, key =, aliases =}}}} of the built-in
 * tables, in load order */
static int store_tables(lua_State *L) {
  lua_createtable(L, (int)mk_table_count, 0);
  for (size_t i = 0; i < mk_table_count; i++) {
    const mk_table_def *t = &mk_tables[i];
    lua_createtable(L, 0, 3);
    lua_pushstring(L, t->name);
    lua_setfield(L, -2, "name");
    lua_pushstring(L, t->aliases); /* NULL gives nil */
    lua_setfield(L, -2, "aliases");
    lua_createtable(L, (int)t->count, 0);
    for (size_t c = 0; c < t->count; c++) {
      lua_createtable(L, 0, 4);
      lua_pushstring(L, t->columns[c].aliases);
      lua_setfield(L, -2, "aliases");
      lua_pushstring(L, t->columns[c].name);
      lua_setfield(L, -2, "name");
      lua_pushstring(L, mk_type_name(t->columns[c].type));
      lua_setfield(L, -2, "type");
      lua_pushboolean(L, t->columns[c].flags & MK_C_KEY);
      lua_setfield(L, -2, "key");
      lua_rawseti(L, -2, (lua_Integer)c + 1);
    }
    lua_setfield(L, -2, "columns");
    lua_rawseti(L, -2, (lua_Integer)i + 1);
  }
  return 1;
}

static const luaL_Reg store_functions[] = {{"open", store_open},
                                           {"state", store_state},
                                           {"info", store_info},
                                           {"locale", store_locale},
                                           {"schema", store_schema},
                                           {"stamp", store_stamp},
                                           {"names", store_names},
                                           {"go_on", store_go_on},
                                           {"begin", store_begin},
                                           {"commit", store_commit},
                                           {"direct", store_direct},
                                           {"direct_end", store_direct_end},
                                           {"meta", store_meta},
                                           {"alike", store_alike},
                                           {"seal", store_seal},
                                           {"prune", store_prune},
                                           {"sha256", store_sha256},
                                           {"tables", store_tables},
                                           {"coded", lmk_store_coded},
                                           {"insert", lmk_store_insert},
                                           {"update", lmk_store_update},
                                           {"delete", lmk_store_delete},
                                           {"key", lmk_store_key},
                                           {"columns", lmk_store_columns},
                                           {"count", lmk_store_count},
                                           {"cell", lmk_store_cell},
                                           {"query", lmk_store_query},
                                           {"search", lmk_store_search},
                                           {"load", lmk_store_load},
                                           {"check", lmk_store_check_all},
                                           {NULL, NULL}};

static const luaL_Reg store_methods[] = {{"close", store_close},
                                         {"define", lmk_store_define},
                                         {"backup", store_backup},
                                         {"unseal", store_unseal},
                                         {"digest", store_digest},
                                         {NULL, NULL}};

int lmk_open_store(lua_State *L) {
  static const luaL_Reg store_meta_methods[] = {{"__gc", store_gc}, {"__close", store_close}, {NULL, NULL}};
  static const luaL_Reg guard_meta[] = {{"__gc", guard_close}, {"__close", guard_close}, {NULL, NULL}};
  static const luaL_Reg none[] = {{NULL, NULL}};
  lmk_class(L, LMK_STORE, store_methods, store_meta_methods);
  lmk_class(L, LMK_GUARD, none, guard_meta);
  luaL_newlib(L, store_functions);
  luaL_getmetatable(L, LMK_STORE);
  if (lua_getfield(L, -1, "methods") == LUA_TNIL) {
    lua_pop(L, 1);
    lua_getfield(L, -1, "__index"); /* which the module replaces by a function: store.cases is a field */
    lua_pushvalue(L, -1);
    lua_setfield(L, -3, "methods");
  }
  lua_setfield(L, -3, "methods");
  lua_setfield(L, -2, "metatable");
  return 1;
}
