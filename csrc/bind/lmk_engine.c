/* lmk_engine.c: mekong.core.engine: images of rows as columns, and scans over them. Tables of truth and of group numbers
 * come as strings of bytes and of 4-byte numbers (string.pack "=I4"), one for each dictionary entry or combination. */
#include <string.h>

#include "../core/engine.h"
#include "lmk_store.h"

enum { COLUMNS_MAX = 200, CONDITIONS_MAX = 64, KEYS_MAX = 16, PARTS_MAX = 64, RANKS_MAX = 100 };

#define LMK_SCAN "mekong.Scan"
typedef struct { mk_scan *scan; } lmk_scan;

static int scan_close(lua_State *L) {
  lmk_scan *h = luaL_checkudata(L, 1, LMK_SCAN);
  mk_scan *sc = h->scan;
  h->scan = NULL;
  mk_scan_free(sc);
  return 0;
}

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
  lua_createtable(L, 0, 4);
  lua_pushstring(L, forms[c->form]);
  lua_setfield(L, -2, "form");
  put(L, "entries", (lua_Integer)c->entries);
  put(L, "scale", c->scale);
  put(L, "known", (lua_Integer)c->known);
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

static mk_image *check_image(lua_State *L, int arg) {
  lmk_image *h = luaL_checkudata(L, arg, LMK_IMAGE);
  if (!h->image) lmk_raisef(L, MK_CLOSED, "the image is closed");
  return h->image;
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

/* core.engine.need(store, image, source, wanted) -> {rows =, single =, [column] = {form =, entries =, scale =, known =}}, or nil
 * when the store changed since the image was begun. wanted: list of columns. */
static int engine_need(lua_State *L) {
  mk_err err = {0};
  size_t wanted[COLUMNS_MAX];
  lmk_store *u = lmk_store_check(L, "count");
  mk_image *im = check_image(L, 2);
  lua_settop(L, 4);
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
  bool begun = im->begun;
  if (!mk_image_need(im, lmk_store_live(L, u), wanted, from->sqls, from->types, count, &err)) {
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

static const mk_image_column *check_column(lua_State *L, const mk_image *im, lua_Integer c, mk_form form) {
  if (c < 1 || (size_t)c > im->count || !im->columns[c - 1].there || im->columns[c - 1].form != form)
    lmk_raisef(L, MK_RANGE, "column %l is not there in that form", (long long)c);
  return &im->columns[c - 1];
}

/* core.engine.entries(image, column) -> list of the dictionary's texts */
static int engine_entries(lua_State *L) {
  const mk_image_column *c = check_column(L, check_image(L, 1), luaL_checkinteger(L, 2), MK_FORM_CODES);
  lua_createtable(L, c->entries < 1 << 20 ? (int)c->entries : 0, 0);
  for (size_t e = 1; e < c->entries; e++) {
    size_t n;
    const char *s = mk_image_entry(c, e, &n);
    lua_pushlstring(L, s, n);
    lua_rawseti(L, -2, (lua_Integer)e);
  }
  return 1;
}

/* ------------------------------------------------------------------ what a scan is asked */

typedef struct {
  lua_State *L;
  const mk_image *im;
  size_t ngroups, nkeyed; /* groups; numbers the keys give, the same unless united */
  const uint32_t *united;
  mk_condition where[CONDITIONS_MAX];
  mk_scan_key keys[KEYS_MAX];
  mk_part parts[PARTS_MAX];
  size_t nwhere, nkeys, nparts;
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
    if (!mk_size_mul(size, check_column(L, q->im, c, MK_FORM_CODES)->entries, &size)) lmk_raisef(L, MK_LIMIT, "too many combinations");
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
  q->nkeys = length_of(L, at, KEYS_MAX, "keys of groups");
  for (size_t i = 0; i < q->nkeys; i++) {
    lua_rawgeti(L, at, (lua_Integer)i + 1);
    luaL_checktype(L, -1, LUA_TTABLE);
    lua_Integer c = integer_at(L, lua_gettop(L), "column", 0);
    q->keys[i].group = read_numbers(q, lua_gettop(L), "group", check_column(L, q->im, c, MK_FORM_CODES), q->nkeyed, &largest);
    q->keys[i].column = (size_t)c - 1;
    sum += largest;
    lua_pop(L, 1);
  }
  if (sum >= q->nkeyed) lmk_raisef(L, MK_RANGE, "keys reach group %z of %z", sum, q->nkeyed);
}

/* Argument 6: the group each number of the keys belongs to. */
static void read_united(request *q) {
  size_t given;
  q->nkeyed = q->ngroups;
  if (lua_isnil(q->L, 6)) return;
  const char *s = luaL_checklstring(q->L, 6, &given);
  q->united = (const uint32_t *)(const void *)s;
  q->nkeyed = given / sizeof *q->united;
  if (given % sizeof *q->united || (uintptr_t)s % _Alignof(uint32_t)) lmk_raisef(q->L, MK_RANGE, "united groups are numbers of 4 bytes");
  for (size_t i = 0; i < q->nkeyed; i++)
    if (q->united[i] >= q->ngroups) lmk_raisef(q->L, MK_RANGE, "a united group is not below %z", q->ngroups);
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
  bool summed = p->kind == MK_PART_SUM || p->kind == MK_PART_VALUES;
  lua_Integer column = integer_at(L, at, "column", 0), unit = integer_at(L, at, "unit", 0);
  if (summed || p->kind == MK_PART_DISTINCT) {
    const mk_image_column *c = check_column(L, q->im, column, summed ? MK_FORM_NUMBERS : MK_FORM_CODES);
    p->column = (size_t)column - 1;
    size_t largest;
    if (!summed) {
      p->distinct = read_numbers(q, at, "distinct", c, SIZE_MAX, &largest);
      p->ndistinct = largest + 1;
    }
  }
  if (summed && unit) {
    check_column(L, q->im, unit, MK_FORM_CODES);
    p->unit = (size_t)unit - 1;
  }
  lua_getfield(L, at, "by_case");
  lua_getfield(L, at, "extent");
  p->by_case = summed && lua_toboolean(L, -2);
  p->extent = lua_toboolean(L, -1);
  lua_pop(L, 2);
}

/* ------------------------------------------------------------------ what it answers */

typedef struct { const mk_scan *sc; const size_t *groups; size_t n; } found;

static void push_numbers(lua_State *L, const found *f, size_t part) {
  lua_createtable(L, (int)f->n, 0);
  for (size_t g = 0; g < f->n; g++) {
    lua_pushinteger(L, (lua_Integer)mk_scan_number(f->sc, part, f->groups[g]));
    lua_rawseti(L, -2, (lua_Integer)g + 1);
  }
}

static void push_decimal(lua_State *L, mk_buf *b, mk_i128 v, int scale) {
  mk_num n = {v, 1}, unit;
  mk_err err = {0};
  bool ok = mk_num_pow10(&unit, -scale, &err) && mk_num_mul(&n, n, unit, &err);
  if (!ok) lmk_raise(L, &err);
  mk_num_put(b, n, -1);
  lmk_push_buf(L, b);
}

/* Appends a value to the list in the field of the table on top; nothing is appended for nil, the place stays empty. */
static void set_text(lua_State *L, int list, mk_buf *b, size_t g, mk_i128 v, int scale) {
  push_decimal(L, b, v, scale);
  lua_rawseti(L, list, (lua_Integer)g + 1);
}

/* {unit =, sum =, known =, missing =, min =, max =, ranks = {...}}: lists parallel to the groups, for one entry of the unit. */
static bool push_unit(lua_State *L, const found *f, mk_scan *sc, size_t part, size_t unit, int scale, int ranks) {
  static const char *const names[] = {"sum", "known", "missing", "min", "max"};
  bool any = false;
  for (size_t g = 0; g < f->n && !any; g++) {
    const mk_sum *s = mk_scan_sum(f->sc, part, f->groups[g], unit);
    any = s->known || s->missing;
  }
  if (!any) return false;
  luaL_checkstack(L, 20, NULL);
  lua_createtable(L, 0, 7);
  int out = lua_gettop(L);
  put(L, "unit", (lua_Integer)unit);
  mk_buf *b = lmk_buf(L, NULL);
  for (int i = 0; i < 5; i++) lua_createtable(L, (int)f->n, 0);
  for (size_t g = 0; g < f->n; g++) {
    const mk_sum *s = mk_scan_sum(f->sc, part, f->groups[g], unit);
    lua_pushinteger(L, (lua_Integer)s->known);
    lua_rawseti(L, out + 3, (lua_Integer)g + 1);
    lua_pushinteger(L, (lua_Integer)s->missing);
    lua_rawseti(L, out + 4, (lua_Integer)g + 1);
    if (!s->known) continue;
    set_text(L, out + 2, b, g, s->sum, scale);
    if (s->min > s->max) continue; /* not wanted */
    set_text(L, out + 5, b, g, s->min, scale);
    set_text(L, out + 6, b, g, s->max, scale);
  }
  for (int i = 5; i-- > 0;) lua_setfield(L, out, names[i]);
  size_t nranks = ranks ? (size_t)lua_rawlen(L, ranks) / 2 : 0;
  lua_createtable(L, (int)nranks, 0);
  for (size_t r = 0; r < nranks; r++) {
    lua_rawgeti(L, ranks, (lua_Integer)r * 2 + 1);
    lua_rawgeti(L, ranks, (lua_Integer)r * 2 + 2);
    lua_Integer above = luaL_checkinteger(L, -2), below = luaL_checkinteger(L, -1);
    lua_pop(L, 2);
    if (above < 0 || below < 1) lmk_raisef(L, MK_RANGE, "a rank is a fraction");
    lua_createtable(L, (int)f->n, 0);
    for (size_t g = 0; g < f->n; g++) {
      if (!mk_scan_sum(f->sc, part, f->groups[g], unit)->known) continue;
      push_decimal(L, b, mk_scan_rank(sc, part, f->groups[g], unit, (uint64_t)above, (uint64_t)below), scale);
      lua_rawseti(L, -2, (lua_Integer)g + 1);
    }
    lua_rawseti(L, -2, (lua_Integer)r + 1);
  }
  lua_setfield(L, out, "ranks");
  lua_settop(L, out);
  return true;
}

static void push_sums(lua_State *L, const found *f, mk_scan *sc, size_t part, const request *q, int spec) {
  const mk_part *p = &q->parts[part];
  size_t units = p->unit == SIZE_MAX ? 1 : q->im->columns[p->unit].entries;
  int ranks = 0, n = 0, scale = q->im->columns[p->column].scale;
  if (p->kind == MK_PART_VALUES) {
    lua_getfield(L, spec, "ranks");
    length_of(L, ranks = lua_gettop(L), RANKS_MAX * 2, "ranks");
  }
  lua_newtable(L);
  for (size_t u = 0; u < units; u++)
    if (push_unit(L, f, sc, part, u, scale, ranks)) lua_rawseti(L, -2, ++n);
  if (ranks) lua_remove(L, ranks);
}

/* Numbers of the groups that are there, in a userdata. [-0, +1] */
static void find_groups(lua_State *L, const request *q, const mk_scan *sc, found *f) {
  size_t n = 0;
  for (size_t g = 0; g < q->ngroups; g++) n += mk_scan_has(sc, g);
  if (n > INT32_MAX / 2) lmk_raisef(L, MK_LIMIT, "%z groups are too many", n);
  size_t *list = lua_newuserdatauv(L, (n + 1) * sizeof *list, 0);
  *f = (found){sc, list, n};
  for (size_t g = 0, k = 0; g < q->ngroups; g++)
    if (mk_scan_has(sc, g)) list[k++] = g;
}

static void push_answer(lua_State *L, mk_scan *sc, const request *q) {
  found f;
  find_groups(L, q, sc, &f);
  lua_createtable(L, 0, 4);
  put(L, "rows", (lua_Integer)mk_scan_rows(sc));
  lua_createtable(L, (int)q->nwhere, 0);
  for (size_t i = 0; i < q->nwhere; i++) {
    lua_createtable(L, MK_SCAN_KINDS, 0);
    for (size_t k = 0; k < MK_SCAN_KINDS; k++) {
      lua_pushinteger(L, (lua_Integer)mk_scan_undecided(sc, i, k));
      lua_rawseti(L, -2, (lua_Integer)k + 1);
    }
    lua_rawseti(L, -2, (lua_Integer)i + 1);
  }
  lua_setfield(L, -2, "undecided");
  lua_createtable(L, (int)f.n, 0);
  for (size_t g = 0; g < f.n; g++) {
    lua_pushinteger(L, (lua_Integer)f.groups[g]);
    lua_rawseti(L, -2, (lua_Integer)g + 1);
  }
  lua_setfield(L, -2, "groups");
  lua_createtable(L, (int)q->nparts, 0);
  for (size_t p = 0; p < q->nparts; p++) {
    mk_part_kind kind = q->parts[p].kind;
    lua_rawgeti(L, 5, (lua_Integer)p + 1);
    if (kind == MK_PART_SUM || kind == MK_PART_VALUES) push_sums(L, &f, sc, p, q, lua_gettop(L));
    else push_numbers(L, &f, p);
    lua_remove(L, -2);
    lua_rawseti(L, -2, (lua_Integer)p + 1);
  }
  lua_setfield(L, -2, "parts");
}

/* core.engine.scan(image, where, keys, ngroups, parts [, united]) -> {rows =, undecided = {{by kind}, ...}, groups = {numbers},
 * parts = {...}}.
 * where: conditions {columns =, truth =, more =}; keys: {column =, group =}; parts: {kind =, column =, unit =, by_case =, extent =,
 * when =, distinct =, ranks = {above, below, ...}}; united: the group each number of the keys belongs to. A part gives a list
 * parallel to groups, of sums a list of tables by unit. */
static int engine_scan(lua_State *L) {
  mk_err err = {0};
  lua_settop(L, 6);
  luaL_checkstack(L, 40, NULL);
  request *q = lua_newuserdatauv(L, sizeof *q, 0);
  lmk_scan *h = lua_newuserdatauv(L, sizeof *h, 0);
  h->scan = NULL;
  lmk_owner(L, LMK_SCAN, scan_close);
  lua_toclose(L, -1);
  *q = (request){.L = L, .im = check_image(L, 1)};
  if (!q->im->begun) return lmk_raisef(L, MK_RANGE, "no column was read yet");
  lua_Integer groups = luaL_checkinteger(L, 4);
  if (groups < 1) return lmk_raisef(L, MK_RANGE, "there is at least one group");
  q->ngroups = (size_t)groups;
  q->nwhere = length_of(L, 2, CONDITIONS_MAX, "conditions");
  for (size_t i = 0; i < q->nwhere; i++) {
    lua_rawgeti(L, 2, (lua_Integer)i + 1);
    read_condition(q, &q->where[i]);
    lua_getfield(L, -1, "more");
    q->where[i].more = lua_toboolean(L, -1) && i + 1 < q->nwhere;
    lua_pop(L, 2);
  }
  read_united(q);
  read_keys(q, 3);
  q->nparts = length_of(L, 5, PARTS_MAX, "measures");
  for (size_t i = 0; i < q->nparts; i++) {
    lua_rawgeti(L, 5, (lua_Integer)i + 1);
    read_part(q, &q->parts[i]);
    lua_pop(L, 1);
  }
  h->scan = mk_scan_new(q->im, q->where, q->nwhere, q->keys, q->nkeys, q->united, q->ngroups, q->parts, q->nparts, &err);
  if (!h->scan) return lmk_raise(L, &err);
  push_answer(L, h->scan, q);
  return 1;
}

int lmk_open_engine(lua_State *L) {
  static const luaL_Reg functions[] = {{"image", engine_image}, {"need", engine_need},
                                       {"entries", engine_entries}, {"scan", engine_scan}, {NULL, NULL}};
  luaL_newlib(L, functions);
  return 1;
}
