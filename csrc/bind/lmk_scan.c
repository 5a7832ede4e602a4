/* lmk_scan.c: mekong.core.engine: scans over images, and what they found. Tables of truth and of group numbers come as strings of
 * bytes and of 4-byte numbers (string.pack "=I4"), one for each dictionary entry or combination. */
#include "lmk_scan.h"
#include "lmk_figure.h"
#include "lmk_store.h"

#include <string.h>

enum { CONDITIONS_MAX = 64, KEYS_MAX = 16, PARTS_MAX = 64, RANKS_MAX = 400 };

/* Its image is user value 1. */
#define LMK_SCAN "mekong.Scan"
typedef struct {
  mk_scan *scan;
  size_t nwhere, nparts;
  struct { mk_part_kind kind; int scale; } parts[];
} lmk_scan;

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

static lmk_scan *check_scan(lua_State *L) {
  lmk_scan *h = luaL_checkudata(L, 1, LMK_SCAN);
  if (!h->scan) lmk_raisef(L, MK_CLOSED, "the scan is closed");
  return h;
}

const mk_image_column *lmk_column_check(lua_State *L, const mk_image *im, lua_Integer c, mk_form form) {
  if (c < 1 || (size_t)c > im->count || !im->columns[c - 1].there || im->columns[c - 1].form != form)
    lmk_raisef(L, MK_RANGE, "column %l is not there in that form", (long long)c);
  return &im->columns[c - 1];
}

/* A column whose cells are there. */
static const mk_image_column *cells_check(lua_State *L, const mk_image *im, lua_Integer c, mk_form form) {
  const mk_image_column *column = lmk_column_check(L, im, c, form);
  if (column->later) lmk_raisef(L, MK_RANGE, "the cells of column %l are not there", (long long)c);
  return column;
}

/* ------------------------------------------------------------------ what a scan is asked */

typedef struct {
  lua_State *L;
  mk_image *im;
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

static size_t length_of(lua_State *L, int table, size_t most, const char *what) {
  luaL_checktype(L, table, LUA_TTABLE);
  size_t n = (size_t)lua_rawlen(L, table);
  if (n > most) lmk_raisef(L, MK_LIMIT, "more than %z %s", most, what);
  return n;
}

/* The condition {columns = {...}, truth = bytes} at the top of the stack. */
static void read_condition(const request *q, mk_condition *out) {
  lua_State *L = q->L;
  int at = lua_gettop(L);
  size_t size = 1, given;
  luaL_checktype(L, at, LUA_TTABLE);
  lua_getfield(L, at, "columns");
  out->count = length_of(L, at + 1, MK_SCAN_COLUMNS, "columns in a condition");
  for (size_t i = 0; i < out->count; i++) {
    lua_rawgeti(L, at + 1, (lua_Integer)i + 1);
    lua_Integer c = luaL_checkinteger(L, -1);
    lua_pop(L, 1);
    if (!mk_size_mul(size, cells_check(L, q->im, c, MK_FORM_CODES)->entries, &size)) lmk_raisef(L, MK_LIMIT, "too many combinations");
    out->columns[i] = (size_t)c - 1;
  }
  lua_getfield(L, at, "truth");
  out->truth = (const uint8_t *)luaL_checklstring(L, -1, &given); /* the table keeps it */
  lua_pop(L, 2);
  if (given != size || !out->count) lmk_raisef(L, MK_RANGE, "%z truths are given for %z combinations", given, size);
  for (size_t i = 0; i < given; i++)
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
    q->keys[i].group = read_numbers(q, lua_gettop(L), "group", cells_check(L, q->im, c, MK_FORM_CODES), q->nkeyed, &largest);
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
  if (lua_getfield(L, table, "ranks") != LUA_TNIL) p->nranks = length_of(L, lua_gettop(L), 2 * (q->room - q->nranks), "ranks") / 2;
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
    const mk_image_column *c = cells_check(L, q->im, column, is_sum ? MK_FORM_NUMBERS : MK_FORM_CODES);
    mk_err err = {0};
    if (!mk_image_fill(q->im, (size_t)column - 1, &err)) lmk_raise(L, &err);
    p->column = (size_t)column - 1;
    size_t largest;
    if (!is_sum) {
      p->distinct = read_numbers(q, at, "distinct", c, SIZE_MAX, &largest);
      p->ndistinct = largest + 1;
    }
  }
  if (is_sum && unit) {
    cells_check(L, q->im, unit, MK_FORM_CODES);
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
  for (size_t i = 0; i < nparts; i++) {
    bool listed = lua_rawgeti(L, 6, (lua_Integer)i + 1) == LUA_TTABLE && lua_getfield(L, -1, "ranks") == LUA_TTABLE;
    if (listed) n += (size_t)lua_rawlen(L, -1) / 2;
    lua_settop(L, 8);
  }
  if (n > RANKS_MAX) lmk_raisef(L, MK_LIMIT, "more than %d ranks", (int)RANKS_MAX);
  return n;
}

/* Room for what arguments 3, 4 and 6 list. [-0, +1] */
static request *new_request(lua_State *L) {
  size_t nwhere = length_of(L, 3, CONDITIONS_MAX, "conditions"), nkeys = length_of(L, 4, KEYS_MAX, "keys of groups");
  size_t nparts = length_of(L, 6, PARTS_MAX, "measures");
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

/* core.engine.scan(store, image, where, keys, ngroups, parts [, united [, {way = "plain", threads =, chunk =, dense =}]]) -> Scan, how many groups have
 * rows, how many rows passed. where: conditions {columns =, truth =, more =}; keys: {column =, group =}; parts: {kind =, column =,
 * unit =, by_case =, extent =, when =, distinct =, ranks = {above, below, ...}}; united: the group each number of the keys belongs to. The store may be closed
 * since: then nobody is asked to go on and no thread helps. */
static int engine_scan(lua_State *L) {
  mk_err err = {0};
  lmk_store *u = luaL_checkudata(L, 1, LMK_STORE);
  lua_settop(L, 8);
  luaL_checkstack(L, 40, NULL);
  request *q = new_request(L);
  lmk_scan *h = scan_handle(L, 2, q->ask.nparts);
  int handle = lua_gettop(L);
  if (!q->im->begun) return lmk_raisef(L, MK_RANGE, "no column was read yet");
  lua_Integer groups = luaL_checkinteger(L, 5);
  if (groups < 1) return lmk_raisef(L, MK_RANGE, "there is at least one group");
  q->ask.ngroups = (size_t)groups;
  read_options(q, u->threads);
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
  h->scan = mk_scan_new(q->im, &q->ask, &err);
  if (!h->scan) return lmk_store_raise(L, u, &err);
  lua_pushvalue(L, handle);
  lua_pushinteger(L, (lua_Integer)mk_scan_found(h->scan));
  lua_pushinteger(L, (lua_Integer)mk_scan_rows(h->scan));
  return 3;
}

/* ------------------------------------------------------------------ what was found */

static size_t check_part(lua_State *L, const lmk_scan *h) {
  lua_Integer p = luaL_checkinteger(L, 2);
  if (p < 1 || (size_t)p > h->nparts) lmk_raisef(L, MK_RANGE, "there is no measure %l", (long long)p);
  return (size_t)p - 1;
}

static bool summed_part(const lmk_scan *h, size_t part) {
  return h->parts[part].kind == MK_PART_SUM || h->parts[part].kind == MK_PART_VALUES;
}

static size_t check_sums(lua_State *L, const lmk_scan *h) {
  size_t part = check_part(L, h);
  if (!summed_part(h, part)) lmk_raisef(L, MK_RANGE, "that measure is no sum");
  return part;
}

static void new_list(lua_State *L, size_t n) { lua_createtable(L, n < INT32_MAX / 2 ? (int)n : 0, 0); }

/* core.engine.undecided(scan) -> for each condition the rows that it could not decide, by kind of doubt */
static int engine_undecided(lua_State *L) {
  const lmk_scan *h = check_scan(L);
  new_list(L, h->nwhere);
  for (size_t i = 0; i < h->nwhere; i++) {
    new_list(L, MK_SCAN_KINDS);
    for (size_t k = 0; k < MK_SCAN_KINDS; k++) {
      lua_pushinteger(L, (lua_Integer)mk_scan_undecided(h->scan, i, k));
      lua_rawseti(L, -2, (lua_Integer)k + 1);
    }
    lua_rawseti(L, -2, (lua_Integer)i + 1);
  }
  return 1;
}

/* core.engine.groups(scan) -> list of the numbers of groups that have rows, ascending */
static int engine_groups(lua_State *L) {
  const lmk_scan *h = check_scan(L);
  size_t n = mk_scan_found(h->scan);
  new_list(L, n);
  for (size_t g = 0; g < n; g++) {
    lua_pushinteger(L, (lua_Integer)mk_scan_group(h->scan, g));
    lua_rawseti(L, -2, (lua_Integer)g + 1);
  }
  return 1;
}

/* core.engine.place(scan, number) -> the place of a group in those lists, nil when it has no rows */
static int engine_place(lua_State *L) {
  const lmk_scan *h = check_scan(L);
  lua_Integer group = luaL_checkinteger(L, 2);
  size_t at = group < 0 || group >= UINT32_MAX ? SIZE_MAX : mk_scan_place(h->scan, (uint32_t)group);
  if (at == SIZE_MAX) lua_pushnil(L);
  else lua_pushinteger(L, (lua_Integer)at + 1);
  return 1;
}

/* core.engine.cells(scan, stride, n, cells) -> for each group cells[1 + number // stride % n] */
static int engine_cells(lua_State *L) {
  const lmk_scan *h = check_scan(L);
  lua_Integer stride = luaL_checkinteger(L, 2), n = luaL_checkinteger(L, 3);
  luaL_checktype(L, 4, LUA_TTABLE);
  if (stride < 1 || n < 1) return lmk_raisef(L, MK_RANGE, "stride and number of cells are at least 1");
  size_t found = mk_scan_found(h->scan);
  new_list(L, found);
  for (size_t g = 0; g < found; g++) {
    lua_rawgeti(L, 4, (lua_Integer)mk_scan_group(h->scan, g) / stride % n + 1);
    lua_rawseti(L, -2, (lua_Integer)g + 1);
  }
  return 1;
}

/* core.engine.seen(scan, stride, n) -> for each of n numbers 0..: whether any group has it as number // stride % n */
static int engine_seen(lua_State *L) {
  const lmk_scan *h = check_scan(L);
  lua_Integer stride = luaL_checkinteger(L, 2), n = luaL_checkinteger(L, 3);
  if (stride < 1 || n < 1 || n > INT32_MAX) return lmk_raisef(L, MK_RANGE, "stride and number of cells are at least 1");
  char *seen = lua_newuserdatauv(L, (size_t)n, 0);
  memset(seen, 0, (size_t)n);
  for (size_t g = 0, found = mk_scan_found(h->scan); g < found; g++) seen[(lua_Integer)mk_scan_group(h->scan, g) / stride % n] = 1;
  new_list(L, (size_t)n);
  for (lua_Integer i = 0; i < n; i++) {
    lua_pushboolean(L, seen[i]);
    lua_rawseti(L, -2, i + 1);
  }
  return 1;
}

/* core.engine.numbers(scan, part) -> list of what a counting part gives, by group */
static int engine_numbers(lua_State *L) {
  const lmk_scan *h = check_scan(L);
  size_t part = check_part(L, h), n = mk_scan_found(h->scan);
  if (summed_part(h, part)) return lmk_raisef(L, MK_RANGE, "that measure is a sum");
  new_list(L, n);
  for (size_t g = 0; g < n; g++) {
    lua_pushinteger(L, (lua_Integer)mk_scan_number(h->scan, part, g));
    lua_rawseti(L, -2, (lua_Integer)g + 1);
  }
  return 1;
}

/* core.engine.standing(scan, part, n, groups, ranks) -> bytes: of a scan by the entries of a column, for each of the groups 1..n of
 * entries the one, counted from 1, for which a counting part gives most, of equal ones that of the least rank; 0 where it gives none. */
static int engine_standing(lua_State *L) {
  const lmk_scan *h = check_scan(L);
  size_t part = check_part(L, h), size, ranked, found = mk_scan_found(h->scan);
  lua_Integer n = luaL_checkinteger(L, 3);
  const char *groups = luaL_checklstring(L, 4, &size), *ranks = luaL_checklstring(L, 5, &ranked);
  if (summed_part(h, part) || n < 0 || n > INT32_MAX || size != ranked) return lmk_raisef(L, MK_RANGE, "that cannot be ranked");
  uint32_t *best = lua_newuserdatauv(L, ((size_t)n + 1) * sizeof *best, 0), group, rank, other;
  uint64_t *counts = lua_newuserdatauv(L, ((size_t)n + 1) * sizeof *counts, 0);
  memset(best, 0, ((size_t)n + 1) * sizeof *best);
  for (size_t at = 0; at < found; at++) {
    size_t e = mk_scan_group(h->scan, at);
    uint64_t count = mk_scan_number(h->scan, part, at);
    if (e * sizeof group >= size || size % sizeof group) return lmk_raisef(L, MK_RANGE, "there is no entry %z", e);
    memcpy(&group, groups + e * sizeof group, sizeof group);
    memcpy(&rank, ranks + e * sizeof rank, sizeof rank);
    if (group > (uint64_t)n) return lmk_raisef(L, MK_RANGE, "there is no group %z", (size_t)group);
    if (!group || !count || (best[group] && count < counts[group])) continue;
    if (best[group] && count == counts[group]) {
      memcpy(&other, ranks + (best[group] - 1) * sizeof other, sizeof other);
      if (other <= rank) continue;
    }
    best[group] = (uint32_t)e + 1;
    counts[group] = count;
  }
  lua_pushlstring(L, (const char *)(best + 1), (size_t)n * sizeof *best);
  return 1;
}

static void set_count(lua_State *L, const char *name, uint64_t v) {
  lua_pushinteger(L, (lua_Integer)v);
  lua_setfield(L, -2, name);
}

/* core.engine.units(scan, part) -> list of {unit = entry, known =, missing =}: how many numbers of a sum are known and missing in
 * all groups, by unit, where there are any */
static int engine_units(lua_State *L) {
  const lmk_scan *h = check_scan(L);
  size_t part = check_sums(L, h), units = mk_scan_units(h->scan, part), found = mk_scan_found(h->scan);
  lua_newtable(L);
  for (size_t u = 0, n = 0; u < units; u++) {
    uint64_t known = 0, missing = 0;
    for (size_t g = 0; g < found; g++) {
      mk_sum s = mk_scan_sum(h->scan, part, g, u);
      known += s.known;
      missing += s.missing;
    }
    if (!known && !missing) continue;
    lua_createtable(L, 0, 3);
    set_count(L, "unit", u);
    set_count(L, "known", known);
    set_count(L, "missing", missing);
    lua_rawseti(L, -2, (lua_Integer)++n);
  }
  return 1;
}

static mk_num decimal(lua_State *L, mk_i128 v, int scale) {
  mk_num n = {v, 1}, unit;
  mk_err err = {0};
  if (scale && (!mk_num_pow10(&unit, -scale, &err) || !mk_num_mul(&n, n, unit, &err))) lmk_raise(L, &err);
  return n;
}

/* Puts a value into the list at an index. */
static void set_text(lua_State *L, int list, mk_buf *b, size_t g, mk_i128 v, int scale) {
  mk_num_put(b, decimal(L, v, scale), -1);
  lmk_push_buf(L, b);
  lua_rawseti(L, list, (lua_Integer)g + 1);
}

static void push_ranks(lua_State *L, const lmk_scan *h, size_t part, size_t unit, mk_buf *b) {
  size_t n = mk_scan_ranks(h->scan, part), found = mk_scan_found(h->scan);
  new_list(L, n);
  for (size_t r = 0; r < n; r++) {
    new_list(L, found);
    for (size_t g = 0; g < found; g++)
      if (mk_scan_sum(h->scan, part, g, unit).known)
        set_text(L, lua_gettop(L), b, g, mk_scan_rank(h->scan, part, g, unit, r), h->parts[part].scale);
    lua_rawseti(L, -2, (lua_Integer)r + 1);
  }
}

/* {unit =, sum =, known =, missing =, min =, max =, ranks = {...}} of one entry of the unit, lists by group. [-0, +1] */
static void push_unit(lua_State *L, lmk_scan *h, size_t part, size_t unit) {
  static const char *const names[] = {"sum", "known", "missing", "min", "max", "ranks"};
  size_t found = mk_scan_found(h->scan);
  int scale = h->parts[part].scale;
  lua_createtable(L, 0, 7);
  int out = lua_gettop(L);
  set_count(L, "unit", unit);
  mk_buf *b = lmk_buf(L, NULL);
  for (int i = 0; i < 5; i++) new_list(L, found);
  for (size_t g = 0; g < found; g++) {
    mk_sum s = mk_scan_sum(h->scan, part, g, unit);
    lua_pushinteger(L, (lua_Integer)s.known);
    lua_rawseti(L, out + 3, (lua_Integer)g + 1);
    lua_pushinteger(L, (lua_Integer)s.missing);
    lua_rawseti(L, out + 4, (lua_Integer)g + 1);
    if (!s.known) continue;
    set_text(L, out + 2, b, g, s.sum, scale);
    if (s.min > s.max) continue; /* not wanted */
    set_text(L, out + 5, b, g, s.min, scale);
    set_text(L, out + 6, b, g, s.max, scale);
  }
  push_ranks(L, h, part, unit, b);
  for (int i = 6; i-- > 0;) lua_setfield(L, out, names[i]);
  lua_settop(L, out);
}

/* core.engine.sums(scan, part) -> list of {unit =, sum =, known =, missing =, min =, max =, ranks =}: what a
 * sum comes to for each entry of its unit that occurs, lists by group */
static int engine_sums(lua_State *L) {
  lmk_scan *h = check_scan(L);
  size_t part = check_sums(L, h), found = mk_scan_found(h->scan);
  lua_settop(L, 2);
  luaL_checkstack(L, 30, NULL);
  lua_newtable(L);
  for (size_t u = 0, n = 0; u < mk_scan_units(h->scan, part); u++) {
    bool any = false;
    for (size_t g = 0; g < found && !any; g++) {
      mk_sum s = mk_scan_sum(h->scan, part, g, u);
      any = s.known || s.missing;
    }
    if (!any) continue;
    push_unit(L, h, part, u);
    lua_rawseti(L, -2, (lua_Integer)++n);
  }
  return 1;
}

/* Numbers of units in the list of that name of the table at an index; their number. */
static size_t unit_list(lua_State *L, int table, const char *name, size_t units, size_t *out) {
  lua_getfield(L, table, name);
  size_t n = length_of(L, lua_gettop(L), units, "units");
  for (size_t i = 0; i < n; i++) {
    lua_rawgeti(L, -1, (lua_Integer)i + 1);
    lua_Integer u = luaL_checkinteger(L, -1);
    if (u < 0 || (size_t)u >= units) lmk_raisef(L, MK_RANGE, "there is no unit %l", (long long)u);
    out[i] = (size_t)u;
    lua_pop(L, 1);
  }
  lua_pop(L, 1);
  return n;
}

static const mk_fig *figure_field(lua_State *L, int table, const char *name) {
  lua_getfield(L, table, name);
  const mk_fig *f = &lmk_figure_check(L, lua_gettop(L))->fig;
  lua_pop(L, 1); /* the table keeps it */
  return f;
}

/* The units of a question about a sum. */
typedef struct { size_t *own, *missing, *known, nown, nmissing, nknown; } split;

/* Reads own, missing and known of the table at argument 3 into a userdata. [-0, +1] */
static void read_split(lua_State *L, size_t units, split *s) {
  luaL_checktype(L, 3, LUA_TTABLE);
  s->own = lua_newuserdatauv(L, (3 * units + 1) * sizeof *s->own, 0);
  s->missing = s->own + units;
  s->known = s->missing + units;
  s->nown = unit_list(L, 3, "own", units, s->own);
  s->nmissing = unit_list(L, 3, "missing", units, s->missing);
  s->nknown = unit_list(L, 3, "known", units, s->known);
}

static uint64_t lacking(const lmk_scan *h, size_t part, size_t at, const split *s) {
  uint64_t n = 0;
  for (size_t i = 0; i < s->nmissing; i++) n += mk_scan_sum(h->scan, part, at, s->missing[i]).missing;
  for (size_t i = 0; i < s->nknown; i++) n += mk_scan_sum(h->scan, part, at, s->known[i]).known;
  return n;
}

/* core.engine.lacking(scan, part, {own =, missing =, known =}) -> list by group: how many numbers of the units missing are missing, and
 * of the units known are known */
static int engine_lacking(lua_State *L) {
  split s;
  const lmk_scan *h = check_scan(L);
  size_t part = check_sums(L, h), found = mk_scan_found(h->scan);
  read_split(L, mk_scan_units(h->scan, part), &s);
  new_list(L, found);
  for (size_t g = 0; g < found; g++) {
    lua_pushinteger(L, (lua_Integer)lacking(h, part, g, &s));
    lua_rawseti(L, -2, (lua_Integer)g + 1);
  }
  return 1;
}

/* core.engine.integral(scan, part, {own =, missing =, known =}) -> whether the sum over the units own is a whole number in every group */
static int engine_integral(lua_State *L) {
  split s;
  const lmk_scan *h = check_scan(L);
  size_t part = check_sums(L, h), found = mk_scan_found(h->scan);
  read_split(L, mk_scan_units(h->scan, part), &s);
  bool whole = true;
  for (size_t g = 0; g < found && whole; g++) {
    mk_i128 sum = 0;
    for (size_t i = 0; i < s.nown; i++) sum += mk_scan_sum(h->scan, part, g, s.own[i]).sum;
    whole = mk_num_whole(decimal(L, sum, h->parts[part].scale));
  }
  lua_pushboolean(L, whole);
  return 1;
}

/* core.engine.figures(scan, part, {own =, missing =, known =, like =, zero =, open =}) -> list of figures by group: the sum over the
 * units own, as the figure like with another value, zero where none of them is known; with open, at least that where it lacks
 * numbers */
static int engine_figures(lua_State *L) {
  split s;
  const lmk_scan *h = check_scan(L);
  size_t part = check_sums(L, h), found = mk_scan_found(h->scan);
  read_split(L, mk_scan_units(h->scan, part), &s);
  const mk_fig *like = figure_field(L, 3, "like"), *zero = figure_field(L, 3, "zero");
  lua_getfield(L, 3, "open");
  bool open = lua_toboolean(L, -1);
  new_list(L, found);
  for (size_t g = 0; g < found; g++) {
    mk_i128 sum = 0;
    uint64_t n = 0;
    for (size_t i = 0; i < s.nown; i++) {
      mk_sum one = mk_scan_sum(h->scan, part, g, s.own[i]);
      sum += one.sum;
      n += one.known;
    }
    mk_fig f = n ? *like : *zero;
    if (n) f.best = f.lo = f.hi = decimal(L, sum, h->parts[part].scale);
    if (open && lacking(h, part, g, &s)) f = lmk_figure_floor(&f);
    lmk_push_figure(L, &f);
    lua_rawseti(L, -2, (lua_Integer)g + 1);
  }
  return 1;
}

/* core.engine.unite(scan [, places]) -> Scan of one group, these (all) groups together; of none when there are none. Right where no
 * case is in two of them; values to be ranked are not kept. */
static int engine_unite(lua_State *L) {
  mk_err err = {0};
  const lmk_scan *h = check_scan(L);
  lua_settop(L, 2);
  size_t n = 0, *at = NULL, found = mk_scan_found(h->scan);
  if (!lua_isnil(L, 2)) {
    n = length_of(L, 2, found, "groups");
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
  static const luaL_Reg functions[] = {
    {"scan", engine_scan}, {"undecided", engine_undecided}, {"groups", engine_groups}, {"place", engine_place},
    {"cells", engine_cells}, {"seen", engine_seen}, {"numbers", engine_numbers}, {"standing", engine_standing}, {"units", engine_units}, {"sums", engine_sums},
    {"figures", engine_figures}, {"lacking", engine_lacking},
    {"integral", engine_integral}, {"unite", engine_unite}, {NULL, NULL}};
  luaL_setfuncs(L, functions, 0);
}
