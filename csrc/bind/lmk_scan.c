/* lmk_scan.c: mekong.core.engine: scans over images; what they found is told in lmk_found.c. Tables of truth and of group numbers come
 * as strings of bytes and of 4-byte numbers (string.pack "=I4"), one for each dictionary entry or combination. */
#include "lmk_scan.h"
#include "lmk_store.h"

#include <string.h>

enum { CONDITIONS_MAX = 64, KEYS_MAX = 16, PARTS_MAX = 64, RANKS_MAX = 400 };

static int scan_close(lua_State *L) {
  lmk_scan *h = luaL_checkudata(L, 1, LMK_SCAN);
  mk_scan *sc = h->scan;
  h->scan = NULL;
  mk_scan_free(sc);
  return 0;
}

/* A scan that holds nothing yet, of the image at an index. [-0, +1] */
static lmk_scan *scan_handle(lua_State *L, int image, size_t nparts) {
  lmk_scan *h = lua_newuserdatauv(L, sizeof *h + nparts * sizeof *h->parts, 1);
  h->scan = NULL;
  h->nparts = nparts;
  lmk_owner(L, LMK_SCAN, scan_close);
  lua_pushvalue(L, image);
  lua_setiuservalue(L, -2, 1);
  return h;
}

lmk_scan *lmk_scan_check(lua_State *L) {
  lmk_scan *h = luaL_checkudata(L, 1, LMK_SCAN);
  if (!h->scan) lmk_raisef(L, MK_CLOSED, "the scan is closed");
  return h;
}

const mk_image_column *lmk_column_check(lua_State *L, const mk_image *im, lua_Integer c, mk_form form) {
  if (c < 1 || (size_t)c > im->count || !im->columns[c - 1].there || im->columns[c - 1].form != form)
    lmk_raisef(L, MK_RANGE, "column %l is not there in that form", (long long)c);
  return &im->columns[c - 1];
}

/* ------------------------------------------------------------------ what a scan is asked */

typedef struct {
  lua_State *L;
  mk_image *im;
  bool streams;  /* cells may be missing yet */
  mk_scan_ask ask;
  size_t nkeyed; /* numbers the keys give, as many as groups unless united */
  size_t nranks, room; /* of ranks */
  mk_condition *where;
  mk_scan_key *keys;
  mk_part *parts;
  mk_rank *ranks; /* of all parts */
} request;

static lua_Integer integer_at(lua_State *L, int table, const char *name, lua_Integer otherwise) {
  lua_getfield(L, table, name);
  lua_Integer v = lua_isnil(L, -1) ? otherwise : luaL_checkinteger(L, -1);
  lua_pop(L, 1);
  return v;
}

size_t lmk_list_length(lua_State *L, int table, size_t most, const char *what) {
  luaL_checktype(L, table, LUA_TTABLE);
  size_t n = (size_t)lua_rawlen(L, table);
  if (n > most) lmk_raisef(L, MK_LIMIT, "more than %z %s", most, what);
  return n;
}

/* A column whose cells are there, or read on the way. */
static const mk_image_column *cells_check(const request *q, lua_Integer c, mk_form form) {
  const mk_image_column *column = lmk_column_check(q->L, q->im, c, form);
  if (column->later && !q->streams) lmk_raisef(q->L, MK_RANGE, "the cells of column %l are not there", (long long)c);
  return column;
}

/* The condition {columns = {...}, truth = bytes} at the top of the stack. */
static void read_condition(const request *q, mk_condition *out) {
  lua_State *L = q->L;
  int at = lua_gettop(L);
  size_t size = 1, given;
  luaL_checktype(L, at, LUA_TTABLE);
  lua_getfield(L, at, "columns");
  out->count = lmk_list_length(L, at + 1, MK_SCAN_COLUMNS, "columns in a condition");
  for (size_t i = 0; i < out->count; i++) {
    lua_rawgeti(L, at + 1, (lua_Integer)i + 1);
    lua_Integer c = luaL_checkinteger(L, -1);
    lua_pop(L, 1);
    if (!mk_size_mul(size, cells_check(q, c, MK_FORM_CODES)->entries, &size)) lmk_raisef(L, MK_LIMIT, "too many combinations");
    out->columns[i] = (size_t)c - 1;
  }
  lua_getfield(L, at, "truth");
  out->truth = (const uint8_t *)luaL_checklstring(L, -1, &given); /* the table keeps it */
  lua_pop(L, 2);
  if (given != size || !out->count) lmk_raisef(L, MK_RANGE, "%z truths are given for %z combinations", given, size);
  for (size_t i = 0; (i = mk_next_truth(out->truth, i, given)) < given; i++)
    if ((out->truth[i] & 3) > MK_MAYBE || out->truth[i] >> 2 >= MK_SCAN_KINDS) lmk_raisef(L, MK_RANGE, "%d is no truth", (int)out->truth[i]);
}

/* Numbers of 4 bytes for the entries of a column, each below bound. */
static const uint32_t *read_numbers(const request *q, int table, const char *name, const mk_image_column *c, size_t bound,
                                    size_t *largest) {
  size_t given;
  lua_getfield(q->L, table, name);
  const char *s = luaL_checklstring(q->L, -1, &given);
  lua_pop(q->L, 1);
  if (given != c->entries * sizeof(uint32_t) || (uintptr_t)s % _Alignof(uint32_t))
    lmk_raisef(q->L, MK_RANGE, "%z bytes of numbers are given for %z entries", given, c->entries);
  const uint32_t *v = (const uint32_t *)(const void *)s;
  *largest = 0;
  for (size_t i = 0; i < c->entries; i++)
    if (v[i] > *largest) *largest = v[i];
  if (*largest >= bound) lmk_raisef(q->L, MK_RANGE, "a number is not below %z", bound);
  return v;
}

static void read_keys(request *q, int at) {
  lua_State *L = q->L;
  size_t sum = 0, largest;
  for (size_t i = 0; i < q->ask.nkeys; i++) {
    lua_rawgeti(L, at, (lua_Integer)i + 1);
    luaL_checktype(L, -1, LUA_TTABLE);
    lua_Integer c = integer_at(L, lua_gettop(L), "column", 0);
    q->keys[i].group = read_numbers(q, lua_gettop(L), "group", cells_check(q, c, MK_FORM_CODES), q->nkeyed, &largest);
    q->keys[i].column = (size_t)c - 1;
    sum += largest;
    lua_pop(L, 1);
  }
  if (sum >= q->nkeyed) lmk_raisef(L, MK_RANGE, "keys reach group %z of %z", sum, q->nkeyed);
}

/* Argument 7: the group each number of the keys belongs to. */
static void read_united(request *q) {
  size_t given;
  q->nkeyed = q->ask.ngroups;
  if (lua_isnil(q->L, 7)) return;
  const char *s = luaL_checklstring(q->L, 7, &given);
  q->ask.united = (const uint32_t *)(const void *)s;
  q->nkeyed = given / sizeof *q->ask.united;
  if (given % sizeof *q->ask.united || (uintptr_t)s % _Alignof(uint32_t)) lmk_raisef(q->L, MK_RANGE, "united groups are numbers of 4 bytes");
  for (size_t i = 0; i < q->nkeyed; i++)
    if (q->ask.united[i] >= q->ask.ngroups) lmk_raisef(q->L, MK_RANGE, "a united group is not below %z", q->ask.ngroups);
}

/* Argument 3. */
static void read_wheres(request *q) {
  lua_State *L = q->L;
  for (size_t i = 0; i < q->ask.nwhere; i++) {
    lua_rawgeti(L, 3, (lua_Integer)i + 1);
    read_condition(q, &q->where[i]);
    lua_getfield(L, -1, "more");
    q->where[i].more = lua_toboolean(L, -1) && i + 1 < q->ask.nwhere;
    lua_pop(L, 2);
  }
}

static bool summed(const mk_part *p) { return p->kind == MK_PART_SUM || p->kind == MK_PART_VALUES; }

/* The list {above, below, ...} in the table at an index. */
static void read_ranks(request *q, int table, mk_part *p) {
  lua_State *L = q->L;
  p->ranks = q->ranks + q->nranks;
  if (lua_getfield(L, table, "ranks") != LUA_TNIL) p->nranks = lmk_list_length(L, lua_gettop(L), 2 * (q->room - q->nranks), "ranks") / 2;
  for (size_t i = 0; i < p->nranks; i++) {
    lua_rawgeti(L, -1, (lua_Integer)i * 2 + 1);
    lua_rawgeti(L, -2, (lua_Integer)i * 2 + 2);
    lua_Integer above = luaL_checkinteger(L, -2), below = luaL_checkinteger(L, -1);
    lua_pop(L, 2);
    if (above < 0 || below < 1) lmk_raisef(L, MK_RANGE, "a rank is a fraction");
    q->ranks[q->nranks++] = (mk_rank){(uint64_t)above, (uint64_t)below};
  }
  lua_pop(L, 1);
}

static void read_part(request *q, mk_part *p) {
  static const char *const kinds[] = {"cases", "rows", "sum", "values", "distinct", "any", NULL};
  lua_State *L = q->L;
  int at = lua_gettop(L);
  luaL_checktype(L, at, LUA_TTABLE);
  *p = (mk_part){.unit = SIZE_MAX};
  lua_getfield(L, at, "kind");
  p->kind = (mk_part_kind)luaL_checkoption(L, at + 1, NULL, kinds);
  lua_pop(L, 1);
  if (lua_getfield(L, at, "when") != LUA_TNIL) read_condition(q, &p->when);
  lua_pop(L, 1);
  if (p->kind == MK_PART_ANY && !p->when.count) lmk_raisef(L, MK_TYPE, "any needs a condition");
  bool is_sum = summed(p);
  lua_Integer column = integer_at(L, at, "column", 0), unit = integer_at(L, at, "unit", 0);
  if (is_sum || p->kind == MK_PART_DISTINCT) {
    const mk_image_column *c = cells_check(q, column, is_sum ? MK_FORM_NUMBERS : MK_FORM_CODES);
    mk_err err = {0};
    if (!c->later && !mk_image_fill(q->im, (size_t)column - 1, &err)) lmk_raise(L, &err);
    p->column = (size_t)column - 1;
    size_t largest;
    if (!is_sum) {
      p->distinct = read_numbers(q, at, "distinct", c, SIZE_MAX, &largest);
      p->ndistinct = largest + 1;
    }
  }
  if (is_sum && unit) {
    cells_check(q, unit, MK_FORM_CODES);
    p->unit = (size_t)unit - 1;
  }
  if (p->kind == MK_PART_VALUES) read_ranks(q, at, p);
  lua_getfield(L, at, "by_case");
  lua_getfield(L, at, "extent");
  p->by_case = is_sum && lua_toboolean(L, -2);
  p->extent = lua_toboolean(L, -1);
  lua_pop(L, 2);
}

static void read_options(request *q, int threads) {
  static const char *const ways[] = {"best", "plain", NULL};
  lua_State *L = q->L;
  q->ask.threads = threads;
  if (lua_isnil(L, 8)) return;
  luaL_checktype(L, 8, LUA_TTABLE);
  lua_getfield(L, 8, "way");
  q->ask.way = (mk_scan_way)luaL_checkoption(L, -1, "best", ways);
  q->ask.threads = (int)integer_at(L, 8, "threads", threads);
  lua_Integer chunk = integer_at(L, 8, "chunk", 0), dense = integer_at(L, 8, "dense", 0);
  if (chunk < 0 || dense < 0) lmk_raisef(L, MK_RANGE, "chunk and dense are at least 1");
  q->ask.chunk = (size_t)chunk;
  q->ask.dense = (size_t)dense;
  lua_pop(L, 1);
}

static void read_parts(request *q, lmk_scan *h) {
  lua_State *L = q->L;
  for (size_t i = 0; i < q->ask.nparts; i++) {
    lua_rawgeti(L, 6, (lua_Integer)i + 1);
    read_part(q, &q->parts[i]);
    h->parts[i].kind = q->parts[i].kind;
    h->parts[i].scale = summed(&q->parts[i]) ? q->im->columns[q->parts[i].column].scale : 0;
    lua_pop(L, 1);
  }
}

static size_t count_ranks(lua_State *L, size_t nparts) {
  size_t n = 0;
  int top = lua_gettop(L);
  for (size_t i = 0; i < nparts; i++) {
    bool listed = lua_rawgeti(L, 6, (lua_Integer)i + 1) == LUA_TTABLE && lua_getfield(L, -1, "ranks") == LUA_TTABLE;
    if (listed) n += (size_t)lua_rawlen(L, -1) / 2;
    lua_settop(L, top);
  }
  if (n > RANKS_MAX) lmk_raisef(L, MK_LIMIT, "more than %d ranks", (int)RANKS_MAX);
  return n;
}

/* Room for what arguments 3, 4 and 6 list. [-0, +1] */
static request *new_request(lua_State *L) {
  size_t nwhere = lmk_list_length(L, 3, CONDITIONS_MAX, "conditions"), nkeys = lmk_list_length(L, 4, KEYS_MAX, "keys of groups");
  size_t nparts = lmk_list_length(L, 6, PARTS_MAX, "measures");
  size_t nranks = count_ranks(L, nparts);
  request *q = lua_newuserdatauv(L, sizeof *q + nwhere * sizeof *q->where + nkeys * sizeof *q->keys + nparts * sizeof *q->parts +
                                        nranks * sizeof *q->ranks, 0);
  *q = (request){.L = L, .im = lmk_image_check(L, 2), .where = (mk_condition *)(void *)(q + 1), .room = nranks};
  q->keys = (mk_scan_key *)(void *)(q->where + nwhere);
  q->parts = (mk_part *)(void *)(q->keys + nkeys);
  q->ranks = (mk_rank *)(void *)(q->parts + nparts);
  q->ask = (mk_scan_ask){.where = q->where, .keys = q->keys, .parts = q->parts, .nwhere = nwhere, .nkeys = nkeys, .nparts = nparts};
  return q;
}

/* core.engine.scan(store, image, where, keys, ngroups, parts [, united [, {way = "plain", threads =, chunk =, dense =} [, source]]]) ->
 * Scan, how many groups have rows, how many rows passed. With the source of the image the cells are read on the way; nil where that
 * cannot be. where: conditions {columns =, truth =, more =}; keys: {column =, group =}; parts: {kind =, column =,
 * unit =, by_case =, extent =, when =, distinct =, ranks = {above, below, ...}}; united: the group each number of the keys belongs to. The store may be closed
 * since: then nobody is asked to go on and no thread helps. */
static int engine_scan(lua_State *L) {
  mk_err err = {0};
  lmk_store *u = luaL_checkudata(L, 1, LMK_STORE);
  lua_settop(L, 9);
  luaL_checkstack(L, 40, NULL);
  const char **sqls = lua_isnil(L, 9) ? NULL : lmk_source_columns(L, 9, lmk_image_check(L, 2));
  request *q = new_request(L);
  q->streams = sqls != NULL;
  lmk_scan *h = scan_handle(L, 2, q->ask.nparts);
  int handle = lua_gettop(L);
  if (!q->im->begun) return lmk_raisef(L, MK_RANGE, "no column was read yet");
  lua_Integer groups = luaL_checkinteger(L, 5);
  if (groups < 1) return lmk_raisef(L, MK_RANGE, "there is at least one group");
  q->ask.ngroups = (size_t)groups;
  read_options(q, u->store ? mk_store_threads(u->store) : 1);
  read_wheres(q);
  read_united(q);
  read_keys(q, 4);
  read_parts(q, h);
  h->nwhere = q->ask.nwhere;
  if (u->store && mk_store_usable(u->store, &err)) {
    q->ask.store = u->store;
    u->L = L;
    u->raised = false;
  }
  err = (mk_err){0};
  if (sqls && q->ask.store) h->scan = mk_scan_stream(q->im, q->ask.store, sqls, &q->ask, &err);
  else if (!sqls) h->scan = mk_scan_new(q->im, &q->ask, &err);
  if (!h->scan && !mk_failed(&err)) {
    lua_pushnil(L);
    return 1;
  }
  if (!h->scan) return lmk_store_raise(L, u, &err);
  lua_pushvalue(L, handle);
  lua_pushinteger(L, (lua_Integer)mk_scan_found(h->scan));
  lua_pushinteger(L, (lua_Integer)mk_scan_rows(h->scan));
  return 3;
}

/* core.engine.unite(scan [, places]) -> Scan of one group, these (all) groups together; of none when there are none. Right where no
 * case is in two of them; values to be ranked are not kept. */
static int engine_unite(lua_State *L) {
  mk_err err = {0};
  const lmk_scan *h = lmk_scan_check(L);
  lua_settop(L, 2);
  size_t n = 0, *at = NULL, found = mk_scan_found(h->scan);
  if (!lua_isnil(L, 2)) {
    n = lmk_list_length(L, 2, found, "groups");
    at = lua_newuserdatauv(L, (n + 1) * sizeof *at, 0);
    for (size_t i = 0; i < n; i++) {
      lua_rawgeti(L, 2, (lua_Integer)i + 1);
      lua_Integer g = luaL_checkinteger(L, -1);
      if (g < 1 || (size_t)g > found) return lmk_raisef(L, MK_RANGE, "there is no group %l", (long long)g);
      at[i] = (size_t)g - 1;
      lua_pop(L, 1);
    }
  }
  lua_getiuservalue(L, 1, 1);
  lmk_scan *to = scan_handle(L, lua_gettop(L), h->nparts);
  memcpy(to->parts, h->parts, h->nparts * sizeof *h->parts);
  to->nwhere = 0;
  to->scan = mk_scan_unite(h->scan, at, n, &err);
  if (!to->scan) return lmk_raise(L, &err);
  return 1;
}

void lmk_scan_functions(lua_State *L) {
  static const luaL_Reg functions[] = {{"scan", engine_scan}, {"unite", engine_unite}, {NULL, NULL}};
  luaL_setfuncs(L, functions, 0);
}
