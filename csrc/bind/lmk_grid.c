/* lmk_grid.c: separated files as columns of codes. Columns, rows and targets are numbered from 1 in Lua, codes and ids as in
 * the core: 0 is the empty text, the missing value. */
#include <string.h>

#include "lmk_grid.h"

#define LMK_GRID "mekong.Grid"

static int grid_free_all(lua_State *L) {
  lmk_grid *h = luaL_checkudata(L, 1, LMK_GRID);
  grid_rows_free(h->r);
  grid_free(h->g);
  h->g = NULL;
  h->r = NULL;
  mk_buf_clear(&h->scratch);
  return 0;
}

lmk_grid *lmk_grid_at(lua_State *L, int arg) {
  lmk_grid *h = luaL_checkudata(L, arg, LMK_GRID);
  if (!h->g) lmk_raisef(L, MK_CLOSED, "the reader of columns is closed");
  return h;
}

static mk_grid *check_grid(lua_State *L) { return lmk_grid_at(L, 1)->g; }

static mk_grid_rows *check_rows(lua_State *L) {
  lmk_grid *h = lmk_grid_at(L, 1);
  if (!h->r) lmk_raisef(L, MK_CLOSED, "the rows of the columns are not there yet");
  return h->r;
}

size_t lmk_grid_index(lua_State *L, int arg, size_t count) {
  lua_Integer i = luaL_checkinteger(L, arg);
  luaL_argcheck(L, i >= 1 && (size_t)i <= count, arg, "there is no such one");
  return (size_t)i - 1;
}

/* core.source.grid(store, separator, quote or "", charset as mk_charset, doubted, columns, line[, plain]) -> grid. The memory of
 * the store bounds its own, and its other thread helps to read. plain: without the help of the processor. */
static int source_grid(lua_State *L) {
  mk_err err = {0};
  lmk_store *u = lmk_store_check(L, "load");
  mk_separated_opts o = {.separator = luaL_checkstring(L, 2)[0], .quote = luaL_checkstring(L, 3)[0]};
  o.charset = (mk_charset)luaL_checkinteger(L, 4);
  o.doubt = lua_toboolean(L, 5);
  lua_Integer width = luaL_checkinteger(L, 6), line = luaL_checkinteger(L, 7);
  luaL_argcheck(L, width > 0 && width < GRID_NONE, 6, "must be at least 1");
  luaL_argcheck(L, line > 0, 7, "must be at least 1");
  bool plain = lua_toboolean(L, 8);
  lmk_grid *h = lua_newuserdatauv(L, sizeof *h, 0);
  *h = (lmk_grid){NULL, NULL, {0}};
  mk_buf_init(&h->scratch, NULL);
  luaL_setmetatable(L, LMK_GRID);
  h->g = grid_new(mk_store_mem(u->store), &o, (size_t)width, (size_t)line, plain,
                  mk_store_threads(u->store) > 1 ? db_pool(u->store) : NULL, &err);
  return h->g ? 1 : lmk_raise(L, &err);
}

/* grid:feed(bytes or nil at the end) */
static int grid_feed_bytes(lua_State *L) {
  size_t n = 0;
  mk_err err = {0};
  mk_grid *g = check_grid(L);
  const char *s = lua_isnoneornil(L, 2) ? "" : luaL_checklstring(L, 2, &n);
  if (n == 0 && !lua_isnoneornil(L, 2)) return 0;
  return grid_feed(g, s, n, &err) ? 0 : lmk_raise(L, &err);
}

/* grid:read(input, offset) -> bytes that were fed from there, 0 at the end | nil, message, info */
static int grid_read_bytes(lua_State *L) {
  mk_err err = {0};
  mk_grid *g = check_grid(L);
  mk_input *input = lmk_check_input(L, 2);
  lua_Integer at = luaL_checkinteger(L, 3);
  luaL_argcheck(L, at >= 0, 3, "must not be negative");
  ptrdiff_t got = grid_read(g, input, (uint64_t)at, &err);
  if (got < 0) return got == -1 ? lmk_fail(L, &err) : lmk_raise(L, &err);
  lua_pushinteger(L, (lua_Integer)got);
  return 1;
}

/* grid:size() -> rows, records without content that were passed over, rows kept apart */
static int grid_size(lua_State *L) {
  mk_grid *g = check_grid(L);
  lua_pushinteger(L, (lua_Integer)g->rows);
  lua_pushinteger(L, (lua_Integer)(g->blanks + mk_separated_blanks(g->slow)));
  lua_pushinteger(L, (lua_Integer)(g->apart.n / sizeof(grid_apart)));
  return 3;
}

/* ------------------------------------------------------------------ records */

static void set_integer(lua_State *L, const char *name, size_t v) {
  lua_pushinteger(L, (lua_Integer)v);
  lua_setfield(L, -2, name);
}

static const grid_apart *find_apart(const mk_grid *g, size_t row) {
  const grid_apart *list = (const grid_apart *)(const void *)g->apart.p;
  size_t low = 0, high = g->apart.n / sizeof *list;
  while (low < high) {
    size_t mid = (low + high) / 2;
    if (list[mid].row < row) low = mid + 1;
    else high = mid;
  }
  return low < g->apart.n / sizeof *list && list[low].row == row ? &list[low] : NULL;
}

/* Cells, n and error of a record kept apart, into the table on top; their places as the reader of separated cells gives
 * them. [-0, +1] */
static void push_apart(lua_State *L, lmk_grid *h, const grid_apart *a, size_t line) {
  const grid_cell *cells = (const grid_cell *)(const void *)h->g->cells.p + a->cells;
  h->scratch.n = 0;
  for (size_t i = 0; i < a->count; i++) {
    lua_pushlstring(L, cells[i].n ? h->g->texts.p + cells[i].at : "", cells[i].n);
    lua_rawseti(L, -2, (lua_Integer)i + 1);
    uint32_t pair[2] = {(uint32_t)(cells[i].line - line), (uint32_t)cells[i].col};
    for (int k = 0; k < 8; k++) mk_putc(&h->scratch, (char)(pair[k / 4] >> (8 * (k % 4)) & 0xFF));
  }
  set_integer(L, "n", a->count);
  if (a->damage) {
    lmk_push_record(L, (const mk_err *)(const void *)h->g->damages.p + (a->damage - 1));
    lua_setfield(L, -2, "error");
  }
  mk_err err = {0};
  if (!mk_buf_ok(&h->scratch, &err)) lmk_raise(L, &err);
  lua_pushlstring(L, h->scratch.n ? h->scratch.p : "", h->scratch.n);
}

/* grid:record(row) -> {line =, n =, [i] = text, error =}, places of a record kept apart, else nil */
static int grid_record(lua_State *L) {
  lmk_grid *h = lmk_grid_at(L, 1);
  mk_grid *g = h->g;
  size_t row = lmk_grid_index(L, 2, g->rows), line = ((const uint32_t *)(const void *)g->lines.p)[row];
  luaL_checkstack(L, 8, NULL);
  lua_createtable(L, (int)g->width, 4);
  set_integer(L, "line", line);
  const grid_apart *a = find_apart(g, row);
  if (a) {
    push_apart(L, h, a, line);
    return 2;
  }
  set_integer(L, "n", g->width);
  for (size_t c = 0; c < g->width; c++) {
    size_t n;
    const char *s = grid_text(&g->columns[c], grid_codes(&g->columns[c])[row], &n);
    lua_pushlstring(L, s, n);
    lua_rawseti(L, -2, (lua_Integer)c + 1);
  }
  return 1;
}

/* grid:apart() -> the rows kept apart */
static int grid_apart_rows(lua_State *L) {
  mk_grid *g = check_grid(L);
  const grid_apart *list = (const grid_apart *)(const void *)g->apart.p;
  size_t count = g->apart.n / sizeof *list;
  lua_createtable(L, (int)count, 0);
  for (size_t i = 0; i < count; i++) {
    lua_pushinteger(L, (lua_Integer)list[i].row + 1);
    lua_rawseti(L, -2, (lua_Integer)i + 1);
  }
  return 1;
}

/* ------------------------------------------------------------------ texts of a column */

/* How many rows have each code, in a userdata. [-0, +1] */
static uint32_t *count_codes(lua_State *L, const mk_grid *g, const grid_column *c) {
  uint32_t *counts = lua_newuserdatauv(L, c->count * sizeof *counts, 0);
  memset(counts, 0, c->count * sizeof *counts);
  const uint32_t *codes = grid_codes(c);
  for (size_t row = 0; row < g->rows; row++) counts[codes[row]]++;
  return counts;
}

/* grid:texts(column, numerals) -> {text}, {rows}, and with numerals how many rows have one of each shape: plain, vi, en,
 * both; such texts are left out. The empty one is left out, and what only damaged records hold. */
static int grid_texts(lua_State *L) {
  mk_grid *g = check_grid(L);
  const grid_column *c = &g->columns[lmk_grid_index(L, 2, g->width)];
  bool numerals = lua_toboolean(L, 3);
  size_t shapes[5] = {0};
  lua_Integer k = 0;
  luaL_checkstack(L, 10, NULL);
  const uint32_t *counts = count_codes(L, g, c);
  lua_newtable(L);
  lua_newtable(L);
  for (size_t code = 1; code < c->count; code++) {
    size_t n;
    const char *s = grid_text(c, code, &n);
    grid_numeral shape = numerals ? grid_shape(s, n) : NUMERAL_NONE;
    if (shape != NUMERAL_NONE) shapes[shape] += counts[code];
    if (shape != NUMERAL_NONE || !counts[code]) continue;
    lua_pushlstring(L, s, n);
    lua_rawseti(L, -3, ++k);
    lua_pushinteger(L, (lua_Integer)counts[code]);
    lua_rawseti(L, -2, k);
  }
  for (int i = 1; i < 5; i++) lua_pushinteger(L, (lua_Integer)shapes[i]);
  return 6;
}

/* ------------------------------------------------------------------ what texts stand for */

/* grid:judge(): what follows is about rows */
static int grid_judge(lua_State *L) {
  mk_err err = {0};
  lmk_grid *h = lmk_grid_at(L, 1);
  if (!h->r) h->r = grid_rows_new(h->g, &err);
  return h->r ? 0 : lmk_raise(L, &err);
}

static uint16_t opt_index(lua_State *L, int arg, size_t count) {
  return lua_isnoneornil(L, arg) ? GRID_NONE : (uint16_t)lmk_grid_index(L, arg, count);
}

/* grid:target(column or nil, by or nil, classes) -> number of the target */
static int grid_target_new(lua_State *L) {
  mk_err err = {0};
  mk_grid_rows *r = check_rows(L);
  uint16_t column = opt_index(L, 2, r->g->width), by = opt_index(L, 3, r->count);
  lua_Integer classes = luaL_optinteger(L, 4, 1);
  luaL_argcheck(L, classes >= 1 && classes <= GRID_CLASSES, 4, "must be from 1 to 250");
  if (!grid_target_add(r, column, by, (size_t)classes, &err)) return lmk_raise(L, &err);
  lua_pushinteger(L, (lua_Integer)r->count);
  return 1;
}

static uint16_t field_target(lua_State *L, const mk_grid_rows *r, const char *name) {
  uint16_t target = GRID_NONE;
  if (lua_getfield(L, 2, name) != LUA_TNIL) target = (uint16_t)lmk_grid_index(L, -1, r->count);
  lua_pop(L, 1);
  return target;
}

/* A list of targets, false where a column of the table is not in the file. */
static size_t list_targets(lua_State *L, const mk_grid_rows *r, const char *name, uint16_t *out) {
  size_t n = 0;
  if (lua_getfield(L, 2, name) == LUA_TTABLE) {
    n = lua_rawlen(L, -1);
    if (n > GRID_TARGETS) lmk_raisef(L, MK_LIMIT, "the table has too many columns");
    for (size_t i = 0; i < n; i++) {
      bool there = lua_rawgeti(L, -1, (lua_Integer)i + 1) == LUA_TNUMBER;
      out[i] = there ? (uint16_t)lmk_grid_index(L, -1, r->count) : GRID_NONE;
      lua_pop(L, 1);
    }
  }
  lua_pop(L, 1);
  return n;
}

/* grid:plan{key =, line =, date =, date_to =, unit =, quantity =, item =, category =, commodity =, place =, province =,
 * cases = {}, lines = {}} */
static int grid_plan_set(lua_State *L) {
  mk_grid_rows *r = check_rows(L);
  luaL_checktype(L, 2, LUA_TTABLE);
  luaL_checkstack(L, 6, NULL);
  mk_grid_rows *now = r;
  grid_plan p = {.key = field_target(L, now, "key"), .line = field_target(L, now, "line"), .date = field_target(L, now, "date"),
                 .date_to = field_target(L, now, "date_to"), .unit = field_target(L, now, "unit"), .quantity = field_target(L, now, "quantity"),
                 .thing = {field_target(L, now, "item"), field_target(L, now, "category"), field_target(L, now, "commodity")},
                 .places = {field_target(L, now, "place"), field_target(L, now, "province")}};
  luaL_argcheck(L, p.key != GRID_NONE && r->targets[p.key].column != GRID_NONE, 2, "a key is needed");
  luaL_argcheck(L, p.quantity == GRID_NONE || p.unit != GRID_NONE, 2, "quantities need a unit");
  p.ncases = list_targets(L, r, "cases", p.cases);
  p.nlines = list_targets(L, r, "lines", p.lines);
  r->plan = p;
  return 0;
}

/* grid:direct(target[, shapes, whole]): keys, or numerals of those shapes as bits */
static int grid_direct(lua_State *L) {
  mk_grid_rows *r = check_rows(L);
  size_t target = lmk_grid_index(L, 2, r->count);
  luaL_argcheck(L, r->targets[target].column != GRID_NONE, 2, "it has no texts");
  mk_err err = {0};
  if (lua_isnoneornil(L, 3)) grid_direct_keys(r, target);
  else if (!grid_direct_numbers(r, target, (unsigned)luaL_checkinteger(L, 3), lua_toboolean(L, 4), &err)) return lmk_raise(L, &err);
  return 0;
}

/* grid:open(target) -> {code}, {text} of which nothing was said */
static int grid_open(lua_State *L) {
  mk_grid_rows *r = check_rows(L);
  const grid_target *x = &r->targets[lmk_grid_index(L, 2, r->count)];
  lua_Integer k = 0;
  lua_newtable(L);
  lua_newtable(L);
  for (size_t code = 1; code < x->entries; code++) {
    size_t n;
    if ((x->said.p[code] & GRID_JUDGED) || (r->g->columns[x->column].marks.p[code] & GRID_BAD)) continue; /* no row has a bad one */
    const char *s = grid_text(&r->g->columns[x->column], code, &n);
    lua_pushinteger(L, (lua_Integer)code);
    lua_rawseti(L, -3, ++k);
    lua_pushlstring(L, s, n);
    lua_rawseti(L, -2, k);
  }
  return 2;
}

/* grid:value(target, value) -> id; each value is given once */
static int grid_value_new(lua_State *L) {
  mk_err err = {0};
  mk_grid_rows *r = check_rows(L);
  size_t target = lmk_grid_index(L, 2, r->count);
  uint32_t id;
  mk_value v = {.type = MK_T_TEXT};
  if (lua_type(L, 3) == LUA_TBOOLEAN) {
    v.type = MK_T_INT;
    v.i = lua_toboolean(L, 3);
  } else if (lua_isinteger(L, 3)) {
    v.type = MK_T_INT;
    v.i = lua_tointeger(L, 3);
  } else {
    luaL_checktype(L, 3, LUA_TSTRING);
    v.s = lua_tolstring(L, 3, &v.n);
  }
  if (!grid_value_add(r, target, &v, &id, &err)) return lmk_raise(L, &err);
  lua_pushinteger(L, (lua_Integer)id);
  return 1;
}

/* grid:say(target, class, code, id, said) */
static int grid_say_text(lua_State *L) {
  mk_err err = {0};
  mk_grid_rows *r = check_rows(L);
  size_t target = lmk_grid_index(L, 2, r->count);
  bool ok = grid_say(r, target, (size_t)luaL_checkinteger(L, 3), (size_t)luaL_checkinteger(L, 4), (uint32_t)luaL_checkinteger(L, 5),
                     (unsigned)luaL_checkinteger(L, 6), &err);
  return ok ? 0 : lmk_raise(L, &err);
}

/* grid:find(target, text): rows with that text in the column are the caller's, whatever is said of it later */
static int grid_refuse(lua_State *L) {
  mk_err err = {0};
  size_t n;
  uint32_t code;
  mk_grid_rows *r = check_rows(L);
  size_t target = lmk_grid_index(L, 2, r->count);
  const char *s = luaL_checklstring(L, 3, &n);
  const grid_target *x = &r->targets[target];
  if (x->column == GRID_NONE || !grid_find(&r->g->columns[x->column], s, n, &code) || !code) return 0;
  for (size_t c = 0; c < x->classes; c++)
    if (!grid_say(r, target, c, code, 0, GRID_ODD, &err)) return lmk_raise(L, &err);
  return 0;
}

/* The id of a value of a target, 0 none. */
static uint32_t check_id(lua_State *L, int arg, const grid_target *x) {
  lua_Integer id = luaL_checkinteger(L, arg);
  luaL_argcheck(L, id >= 0 && (size_t)id < x->entries + x->values.n / sizeof(grid_value), arg, "there is no such value");
  return (uint32_t)id;
}

/* grid:own(target, code, id of unit): what a text brings along */
static int grid_own_unit(lua_State *L) {
  mk_err err = {0};
  mk_grid_rows *r = check_rows(L);
  size_t target = lmk_grid_index(L, 2, r->count);
  lua_Integer code = luaL_checkinteger(L, 3);
  luaL_argcheck(L, code >= 0 && (size_t)code < r->targets[target].entries, 3, "there is no such text");
  luaL_argcheck(L, r->plan.unit != GRID_NONE, 2, "there is no unit");
  return grid_own(r, target, (size_t)code, check_id(L, 4, &r->targets[r->plan.unit]), &err) ? 0 : lmk_raise(L, &err);
}

/* grid:given_unit(id): of quantities that bring none */
static int grid_given_unit(lua_State *L) {
  mk_grid_rows *r = check_rows(L);
  luaL_argcheck(L, r->plan.unit != GRID_NONE, 2, "there is no unit");
  r->plan.given_unit = check_id(L, 2, &r->targets[r->plan.unit]);
  return 0;
}

/* grid:class(target, id, class): of cells that depend on this one */
static int grid_class_of(lua_State *L) {
  mk_err err = {0};
  mk_grid_rows *r = check_rows(L);
  size_t target = lmk_grid_index(L, 2, r->count);
  uint32_t id = check_id(L, 3, &r->targets[target]);
  lua_Integer class = luaL_checkinteger(L, 4);
  for (size_t t = 0; t < r->count; t++)
    luaL_argcheck(L, r->targets[t].by != target || (size_t)class < r->targets[t].classes, 4, "there is no such class");
  luaL_argcheck(L, class >= 0 && class < GRID_CLASSES, 4, "there is no such class");
  return grid_class(r, target, id, (unsigned)class, &err) ? 0 : lmk_raise(L, &err);
}

/* grid:mass(id of a unit, "0.001"): one is so many kg */
static int grid_mass_of(lua_State *L) {
  mk_err err = {0};
  size_t n;
  mk_num kg;
  mk_grid_rows *r = check_rows(L);
  luaL_argcheck(L, r->plan.unit != GRID_NONE, 2, "there is no unit");
  uint32_t id = check_id(L, 2, &r->targets[r->plan.unit]);
  const char *s = luaL_checklstring(L, 3, &n);
  return mk_num_parse(&kg, s, n, &err) && grid_mass(r, id, kg, &err) ? 0 : lmk_raise(L, &err);
}

/* ------------------------------------------------------------------ rows */

/* grid:settle(): finds the rows that are not taken in bulk */
static int grid_settle_rows(lua_State *L) {
  mk_err err = {0};
  mk_grid_rows *r = check_rows(L);
  if (r->firsts) return luaL_error(L, "the rows are settled");
  return grid_settle(r, &err) ? 0 : lmk_raise(L, &err);
}

mk_grid_rows *lmk_grid_settled(lua_State *L, int arg) {
  lmk_grid *h = lmk_grid_at(L, arg);
  if (!h->r || !h->r->odd) luaL_error(L, "the rows are not settled");
  return h->r;
}

/* grid:odd(text, id or nil): the case is the caller's; the id is of a value that was told */
static int grid_odd(lua_State *L) {
  size_t n;
  mk_grid_rows *r = lmk_grid_settled(L, 1);
  const char *s = luaL_checklstring(L, 2, &n);
  lua_Integer id = luaL_optinteger(L, 3, 0);
  luaL_argcheck(L, id >= 0 && (size_t)id < r->nkeys, 3, "there is no such value");
  grid_odd_key(r, s, n, (uint32_t)id);
  return 0;
}

/* grid:close_cases(): all rows of such cases are the caller's */
static int grid_close_cases(lua_State *L) {
  grid_spread(lmk_grid_settled(L, 1));
  return 0;
}

/* grid:rows(fate) -> {row}: 0 in bulk, 1 the record, 2 a cell, 3 another row of its case */
static int grid_rows_of(lua_State *L) {
  mk_grid_rows *r = lmk_grid_settled(L, 1);
  lua_Integer fate = luaL_checkinteger(L, 2), k = 0;
  const uint8_t *at = r->fates, *end = at + r->g->rows;
  lua_newtable(L);
  for (; at < end && (at = memchr(at, (int)fate, (size_t)(end - at))); at++) {
    lua_pushinteger(L, (lua_Integer)(at - r->fates) + 1);
    lua_rawseti(L, -2, ++k);
  }
  return 1;
}

/* grid:counts() -> rows, cases and lines in bulk */
static int grid_counts(lua_State *L) {
  mk_grid_rows *r = lmk_grid_settled(L, 1);
  size_t rows = 0, cases = 0, lines = 0;
  for (size_t row = 0; row < r->g->rows; row++) {
    rows += r->fates[row] == GRID_BULK;
    lines += r->fates[row] == GRID_BULK && r->numbers[row];
  }
  for (size_t id = 1; id < r->nkeys; id++) cases += r->firsts[id] && !r->odd[id];
  lua_pushinteger(L, (lua_Integer)rows);
  lua_pushinteger(L, (lua_Integer)cases);
  lua_pushinteger(L, (lua_Integer)lines);
  return 3;
}

/* Whether any text of a target is to be told of. */
static bool any_said(const grid_target *x, unsigned said) {
  for (size_t at = 0; x->column != GRID_NONE && at < x->said.n; at++)
    if ((unsigned char)x->said.p[at] & said) return true;
  return false;
}

/* The class of a cell of a row in bulk, and its code. */
static inline size_t said_at(const mk_grid_rows *r, size_t target, size_t row, uint32_t *class, uint32_t *code) {
  const grid_target *x = &r->targets[target];
  *code = grid_codes(&r->g->columns[x->column])[row];
  *class = x->by == GRID_NONE ? 0 : (uint32_t)grid_class_at(r, target, row);
  return *class * x->entries + *code;
}

uint32_t lmk_grid_line(const mk_grid_rows *r, size_t row) { return ((const uint32_t *)(const void *)r->g->lines.p)[row]; }

/* grid:tally(target) -> {class}, {code}, {rows in bulk}, {line of the first} of texts that are to be told */
static int grid_tally_texts(lua_State *L) {
  mk_grid_rows *r = lmk_grid_settled(L, 1);
  size_t target = lmk_grid_index(L, 2, r->count), cells;
  const grid_target *x = &r->targets[target];
  luaL_checkstack(L, 10, NULL);
  if (!mk_size_mul(x->entries * x->classes, 2 * sizeof(uint32_t), &cells)) return luaL_error(L, "too many texts");
  bool any = any_said(x, GRID_TELL | GRID_EVENT);
  uint32_t *counts = any ? lua_newuserdatauv(L, cells + 1, 0) : NULL;
  for (int i = 0; i < 4; i++) lua_newtable(L);
  if (!any) return 4;
  uint32_t *firsts = counts + x->entries * x->classes;
  memset(counts, 0, cells / 2);
  grid_tally(r, target, counts, firsts);
  lua_Integer k = 0;
  for (size_t at = 0; at < x->entries * x->classes; at++) {
    if (!counts[at] || !((unsigned char)x->said.p[at] & (GRID_TELL | GRID_EVENT))) continue;
    size_t facts[4] = {at / x->entries, at % x->entries, counts[at], lmk_grid_line(r, firsts[at])};
    k++;
    for (int i = 0; i < 4; i++) {
      lua_pushinteger(L, (lua_Integer)facts[i]);
      lua_rawseti(L, i - 5, k);
    }
  }
  return 4;
}

/* grid:events(target) -> {line}, {class}, {code} of rows in bulk with a text of which every row is to be told */
static int grid_events(lua_State *L) {
  mk_grid_rows *r = lmk_grid_settled(L, 1);
  size_t target = lmk_grid_index(L, 2, r->count);
  const grid_target *x = &r->targets[target];
  luaL_checkstack(L, 8, NULL);
  for (int i = 0; i < 3; i++) lua_newtable(L);
  lua_Integer k = 0;
  bool any = any_said(x, GRID_EVENT);
  for (size_t row = 0; any && row < r->g->rows; row++) {
    uint32_t class, code;
    if (r->fates[row] != GRID_BULK) continue;
    size_t at = said_at(r, target, row, &class, &code);
    if (!((unsigned char)x->said.p[at] & GRID_EVENT)) continue;
    size_t facts[3] = {lmk_grid_line(r, row), class, code};
    k++;
    for (int i = 0; i < 3; i++) {
      lua_pushinteger(L, (lua_Integer)facts[i]);
      lua_rawseti(L, i - 4, k);
    }
  }
  return 3;
}

void lmk_grid_push_value(lua_State *L, mk_value v) {
  if (v.type == MK_T_MISSING) lua_pushnil(L);
  else if (v.type == MK_T_INT) lua_pushinteger(L, (lua_Integer)v.i);
  else lua_pushlstring(L, v.n ? v.s : "", v.n);
}

/* ------------------------------------------------------------------ into the store */

/* core.source.grid_stored(store, grid): cases that the store holds are the caller's -> true | nil, message, info */
static int source_grid_stored(lua_State *L) {
  mk_err err = {0};
  lmk_store *u = lmk_store_check(L, "load");
  mk_grid_rows *r = lmk_grid_settled(L, 2);
  if (!grid_stored_keys(r, lmk_store_live(L, u), &err)) return lmk_store_failed(L, u, &err);
  lua_pushboolean(L, 1);
  return 1;
}

/* core.source.grid_write(store, grid, lines, row, count) -> row to go on with | nil, message, info. Not all of what it wrote is
 * there when it fails: it is called in a transaction that is undone then. */
static int source_grid_write(lua_State *L) {
  mk_err err = {0};
  lmk_store *u = lmk_store_check(L, "load");
  mk_grid_rows *r = lmk_grid_settled(L, 2);
  bool lines = lua_toboolean(L, 3);
  lua_Integer row = luaL_checkinteger(L, 4), count = luaL_checkinteger(L, 5);
  luaL_argcheck(L, row >= 1, 4, "must be at least 1");
  luaL_argcheck(L, count >= 1, 5, "must be at least 1");
  size_t at = (size_t)row - 1;
  if (!grid_write(r, lmk_store_live(L, u), lines, &at, (size_t)count, &err)) return lmk_store_failed(L, u, &err);
  lua_pushinteger(L, (lua_Integer)at + 1);
  return 1;
}

/* core.source.grid_pair(store, grid): grid:pairs() follows, and the other thread begins with it; grid:paired() has waited for it */
static int source_grid_pair(lua_State *L) {
  lmk_store *u = lmk_store_check(L, "load");
  grid_pairs_begin(lmk_grid_settled(L, 2), lmk_store_live(L, u));
  return 0;
}

static int grid_paired(lua_State *L) {
  grid_pairs_end(lmk_grid_settled(L, 1));
  return 0;
}

/* core.source.grid_seal(store, grid) -> whether the rows were many enough to be sealed, and are written | nil, message, info */
static int source_grid_seal(lua_State *L) {
  mk_err err = {0};
  bool done;
  lmk_store *u = lmk_store_check(L, "load");
  mk_grid_rows *r = lmk_grid_settled(L, 2);
  if (!grid_seal(r, lmk_store_live(L, u), &done, &err)) return lmk_store_failed(L, u, &err);
  lua_pushboolean(L, done);
  return 1;
}

static const luaL_Reg grid_methods[] = {
    {"close", grid_free_all}, {"feed", grid_feed_bytes}, {"read", grid_read_bytes}, {"size", grid_size}, {"record", grid_record},
    {"apart", grid_apart_rows}, {"texts", grid_texts}, {"judge", grid_judge}, {"target", grid_target_new}, {"plan", grid_plan_set}, {"direct", grid_direct},
    {"open", grid_open}, {"value", grid_value_new}, {"say", grid_say_text}, {"refuse", grid_refuse}, {"own", grid_own_unit},
    {"given_unit", grid_given_unit}, {"class", grid_class_of}, {"mass", grid_mass_of}, {"settle", grid_settle_rows}, {"odd", grid_odd},
    {"close_cases", grid_close_cases}, {"rows", grid_rows_of}, {"counts", grid_counts}, {"tally", grid_tally_texts}, {"events", grid_events},
    {"likeness", lmk_grid_likeness}, {"key_hash", lmk_grid_key_hash}, {"like", lmk_grid_like}, {"amounts", lmk_grid_amounts},
    {"pairs", lmk_grid_pairs}, {"paired", grid_paired}, {"alike", lmk_grid_alike}, {NULL, NULL}};
static const luaL_Reg grid_meta[] = {{"__gc", grid_free_all}, {"__close", grid_free_all}, {NULL, NULL}};
static const luaL_Reg grid_functions[] = {
    {"grid", source_grid}, {"grid_stored", source_grid_stored}, {"grid_write", source_grid_write}, {"grid_seal", source_grid_seal},
    {"grid_pair", source_grid_pair}, {NULL, NULL}};

void lmk_add_grid(lua_State *L) {
  lmk_class(L, LMK_GRID, grid_methods, grid_meta);
  lmk_add_pairs(L);
  luaL_setfuncs(L, grid_functions, 0);
}
