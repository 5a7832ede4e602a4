/* lmk_found.c: mekong.core.engine: what a scan found, as lists by group. */
#include "lmk_figure.h"
#include "lmk_scan.h"

#include <string.h>

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

static size_t undecided_rows(const lmk_scan *h) {
  size_t n = 0;
  for (size_t i = 0; i < h->nwhere; i++)
    for (size_t k = 0; k < MK_SCAN_KINDS; k++) n += mk_scan_undecided(h->scan, i, k);
  return n;
}

/* core.engine.undecided(scan) -> for each condition the rows that it could not decide, by kind of doubt; nil when there are none */
static int engine_undecided(lua_State *L) {
  const lmk_scan *h = lmk_scan_check(L);
  if (!undecided_rows(h)) return 0;
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
  const lmk_scan *h = lmk_scan_check(L);
  size_t n = mk_scan_found(h->scan);
  new_list(L, n);
  for (size_t g = 0; g < n; g++) {
    lua_pushinteger(L, (lua_Integer)mk_scan_group(h->scan, g));
    lua_rawseti(L, -2, (lua_Integer)g + 1);
  }
  return 1;
}

/* core.engine.covers(scan, numbers) -> whether all these groups, ascending, have rows */
static int engine_covers(lua_State *L) {
  const lmk_scan *h = lmk_scan_check(L);
  size_t size, at = 0, found = mk_scan_found(h->scan);
  const char *numbers = luaL_checklstring(L, 2, &size);
  bool all = true;
  for (size_t i = 0; i + sizeof(uint32_t) <= size && all; i += sizeof(uint32_t)) {
    uint32_t number;
    memcpy(&number, numbers + i, sizeof number);
    while (at < found && mk_scan_group(h->scan, at) < number) at++;
    all = at < found && mk_scan_group(h->scan, at) == number;
  }
  lua_pushboolean(L, all);
  return 1;
}

/* core.engine.place(scan, number) -> the place of a group in those lists, nil when it has no rows */
static int engine_place(lua_State *L) {
  const lmk_scan *h = lmk_scan_check(L);
  lua_Integer group = luaL_checkinteger(L, 2);
  size_t at = group < 0 || group >= UINT32_MAX ? SIZE_MAX : mk_scan_place(h->scan, (uint32_t)group);
  if (at == SIZE_MAX) lua_pushnil(L);
  else lua_pushinteger(L, (lua_Integer)at + 1);
  return 1;
}

/* core.engine.places(scan, stride, n) -> for each group number // stride % n */
static int engine_places(lua_State *L) {
  const lmk_scan *h = lmk_scan_check(L);
  lua_Integer stride = luaL_checkinteger(L, 2), n = luaL_checkinteger(L, 3);
  if (stride < 1 || n < 1) return lmk_raisef(L, MK_RANGE, "stride and number of cells are at least 1");
  size_t found = mk_scan_found(h->scan);
  new_list(L, found);
  for (size_t g = 0; g < found; g++) {
    lua_pushinteger(L, (lua_Integer)mk_scan_group(h->scan, g) / stride % n);
    lua_rawseti(L, -2, (lua_Integer)g + 1);
  }
  return 1;
}

/* core.engine.cells(scan, stride, n, cells) -> for each group cells[1 + number // stride % n] */
static int engine_cells(lua_State *L) {
  const lmk_scan *h = lmk_scan_check(L);
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
  const lmk_scan *h = lmk_scan_check(L);
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
  const lmk_scan *h = lmk_scan_check(L);
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
  const lmk_scan *h = lmk_scan_check(L);
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
  const lmk_scan *h = lmk_scan_check(L);
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
  lmk_scan *h = lmk_scan_check(L);
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
  size_t n = lmk_list_length(L, lua_gettop(L), units, "units");
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

/* The part at argument 2; own, missing and known of the table at argument 3 into a userdata. [-0, +1] */
static size_t read_split(lua_State *L, const lmk_scan *h, split *s) {
  size_t part = check_sums(L, h), units = mk_scan_units(h->scan, part);
  luaL_checktype(L, 3, LUA_TTABLE);
  s->own = lua_newuserdatauv(L, (3 * units + 1) * sizeof *s->own, 0);
  s->missing = s->own + units;
  s->known = s->missing + units;
  s->nown = unit_list(L, 3, "own", units, s->own);
  s->nmissing = unit_list(L, 3, "missing", units, s->missing);
  s->nknown = unit_list(L, 3, "known", units, s->known);
  return part;
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
  const lmk_scan *h = lmk_scan_check(L);
  size_t part = read_split(L, h, &s), found = mk_scan_found(h->scan);
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
  const lmk_scan *h = lmk_scan_check(L);
  size_t part = read_split(L, h, &s), found = mk_scan_found(h->scan);
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
  const lmk_scan *h = lmk_scan_check(L);
  size_t part = read_split(L, h, &s), found = mk_scan_found(h->scan);
  const mk_fig *like = figure_field(L, 3, "like"), *zero = figure_field(L, 3, "zero");
  lua_getfield(L, 3, "open");
  bool open = lua_toboolean(L, -1);
  lmk_push_figure(L, zero); /* of all groups that are nothing else */
  int nothing = lua_gettop(L);
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
    bool lacks = open && lacking(h, part, g, &s);
    if (lacks) f = lmk_figure_floor(&f);
    if (n || lacks) lmk_push_figure(L, &f);
    else lua_pushvalue(L, nothing);
    lua_rawseti(L, -2, (lua_Integer)g + 1);
  }
  return 1;
}

void lmk_found_functions(lua_State *L) {
  static const luaL_Reg functions[] = {
    {"undecided", engine_undecided}, {"groups", engine_groups}, {"covers", engine_covers}, {"place", engine_place},
    {"places", engine_places}, {"cells", engine_cells}, {"seen", engine_seen}, {"numbers", engine_numbers},
    {"standing", engine_standing}, {"units", engine_units}, {"sums", engine_sums}, {"figures", engine_figures},
    {"lacking", engine_lacking}, {"integral", engine_integral}, {NULL, NULL}};
  luaL_setfuncs(L, functions, 0);
}
