/* lmk_read.c: core.read, the figures of a text as a list of plain tables; lua/mekong/read.lua gives it out as mekong.read. */
#include "lmk.h"

#include <string.h>

#include "../core/read.h"

/* All that one call holds. The names' texts live in the list of names that Lua keeps. */
typedef struct { mk_readings r; mk_readings_opts opts; mk_policy policy; mk_buf text; mk_rname *names; } reader;

static int reader_close(lua_State *L) {
  reader *x = luaL_checkudata(L, 1, "mekong.Reader");
  mk_free(NULL, x->names, x->opts.name_count * sizeof *x->names);
  x->names = NULL;
  x->opts.name_count = 0;
  mk_readings_clear(&x->r);
  mk_buf_clear(&x->text);
  return 0;
}

static reader *new_reader(lua_State *L) {
  mk_err err = {0};
  reader *x = lua_newuserdatauv(L, sizeof *x, 0);
  memset(x, 0, sizeof *x);
  mk_readings_init(&x->r, NULL);
  mk_buf_init(&x->text, NULL);
  lmk_owner(L, "mekong.Reader", reader_close);
  if (!mk_policy_init(&x->policy, false, &err)) lmk_raise(L, &err);
  return x;
}

/* ------------------------------------------------------------------ values */

static void set_text(lua_State *L, const char *name, const char *s) {
  if (!s) return;
  lua_pushstring(L, s);
  lua_setfield(L, -2, name);
}

static void set_integer(lua_State *L, const char *name, lua_Integer v) {
  lua_pushinteger(L, v);
  lua_setfield(L, -2, name);
}

/* What was put into the buffer as a field of the table on top. */
static void set_buf(lua_State *L, const char *name, mk_buf *b) {
  mk_err err = {0};
  if (!mk_buf_ok(b, &err)) lmk_raise(L, &err);
  lua_pushlstring(L, b->p ? b->p : "", b->n);
  lua_setfield(L, -2, name);
  b->n = 0;
}

static void set_number(lua_State *L, const char *name, mk_num v, mk_buf *b) {
  mk_num_put(b, v, -1);
  set_buf(L, name, b);
}

static void set_period(lua_State *L, const char *name, mk_period p, mk_buf *b) {
  mk_reading_date_put(b, p);
  set_buf(L, name, b);
}

static void set_noun(lua_State *L, reader *x, const mk_reading *r) {
  mk_err err = {0};
  if (!mk_reading_unit_put(&x->text, &x->r, r, &err)) lmk_raise(L, &err);
  set_buf(L, "unit", &x->text);
}

static void set_bounds(lua_State *L, reader *x, const mk_reading *r) {
  mk_fig f;
  mk_err err = {0};
  if (!mk_reading_bounds(&f, r, &x->policy, &err)) {
    if (mk_failed(&err)) lmk_raise(L, &err);
    return;
  }
  if (f.has_lo) set_number(L, "lower", f.lo, &x->text);
  if (f.has_hi) set_number(L, "upper", f.hi, &x->text);
  lua_pushboolean(L, f.lo_open);
  lua_setfield(L, -2, "lower_open");
  lua_pushboolean(L, f.hi_open);
  lua_setfield(L, -2, "upper_open");
}

/* Mass in kg and volume in litres. */
static void set_normal(lua_State *L, reader *x, const mk_reading *r) {
  mk_num f, v;
  mk_err err = {0};
  const char *code = r->measure == MK_M_MASS ? "kg" : r->measure == MK_M_VOLUME ? "l" : NULL;
  if (!code || !r->has_value) return;
  if (!mk_unit_factor(&f, (mk_unit_parts){r->unit, NULL}, (mk_unit_parts){mk_unit_get(code), NULL}, &err)) return;
  if (!mk_num_mul(&v, r->low.value, f, &err)) return; /* too large to convert */
  set_number(L, "norm_value", v, &x->text);
  set_text(L, "norm_unit", code);
}

static void set_alternatives(lua_State *L, reader *x, const mk_reading *r) {
  if (!r->alternatives) return;
  lua_createtable(L, r->alternatives, 0);
  for (int i = 0; i < r->alternatives; i++) {
    const mk_alternative *a = &x->r.alternatives[r->alternative + (uint32_t)i];
    lua_createtable(L, 0, 3);
    set_number(L, "value", a->value, &x->text);
    if (a->unit) set_text(L, "unit", a->unit->code);
    set_text(L, "reason", a->reason);
    lua_rawseti(L, -2, i + 1);
  }
  lua_setfield(L, -2, "alternatives");
}

static void set_about(lua_State *L, reader *x, const mk_reading *r) {
  set_text(L, "category", r->category);
  set_text(L, "item", r->item);
  set_text(L, "scope", r->scope);
  if (r->phase) set_integer(L, "phase", r->phase);
  if (r->has_period) set_period(L, "period", r->period, &x->text);
  if (r->direction) set_text(L, "direction", r->direction > 0 ? "increase" : "decrease");
  if (r->versus == MK_VS_SAME_PERIOD) set_text(L, "compared_to", "same_period_last_year");
  if (r->versus == MK_VS_PERIOD) set_period(L, "compared_to", r->versus_period, &x->text);
  if (r->versus == MK_VS_PHASE) {
    mk_putf(&x->text, "phase:%d", r->versus_phase);
    set_buf(L, "compared_to", &x->text);
  }
  if (r->included_in >= 0) set_integer(L, "included_in", r->included_in + 1);
  if (r->preliminary) set_text(L, "status", "P");
}

/* One reading as a table. [-0, +1] */
static void push_reading(lua_State *L, reader *x, const char *s, const mk_reading *r) {
  lua_createtable(L, 0, 16);
  lua_pushlstring(L, s + r->first, r->end - r->first);
  lua_setfield(L, -2, "surface");
  set_integer(L, "first", (lua_Integer)r->first + 1);
  set_integer(L, "last", (lua_Integer)r->end);
  set_text(L, "measure", mk_measure_name(r->measure));
  set_text(L, "qualifier", mk_reading_qualifier(r));
  if (r->noun) set_noun(L, x, r);
  else if (r->unit) set_text(L, "unit", r->unit->code);
  if (r->has_date) set_period(L, "value", r->date, &x->text);
  if (r->has_value) set_number(L, "value", r->low.value, &x->text);
  if (r->has_value && r->has_high) set_number(L, "value_high", r->high, &x->text);
  set_bounds(L, x, r);
  set_normal(L, x, r);
  set_alternatives(L, x, r);
  set_about(L, x, r);
}

/* ------------------------------------------------------------------ the call */

/* {{key, kind, code}, ...} at index at, in byte order of the keys. */
static void read_names(lua_State *L, int at, reader *x) {
  mk_err err = {0};
  if (lua_isnoneornil(L, at)) return;
  luaL_checktype(L, at, LUA_TTABLE);
  size_t count = (size_t)lua_rawlen(L, at);
  if (!count) return;
  x->names = mk_zalloc(NULL, count * sizeof *x->names, &err);
  if (!x->names) lmk_raise(L, &err);
  x->opts.name_count = count;
  x->opts.names = x->names;
  luaL_checkstack(L, 4, NULL);
  for (size_t i = 0; i < count; i++) {
    lua_rawgeti(L, at, (lua_Integer)i + 1);
    for (int k = 1; k <= 3; k++) lua_rawgeti(L, -k, k);
    x->names[i].key = luaL_checklstring(L, -3, &x->names[i].n);
    x->names[i].kind = luaL_checkstring(L, -2);
    x->names[i].code = luaL_checkstring(L, -1);
    lua_pop(L, 4);
  }
}

/* read(text, charset number, as_of as ISO or nil, customs, names) -> list of readings, tokens looked at for numbers */
static int read_text(lua_State *L) {
  size_t n, m;
  mk_err err = {0};
  if (lua_type(L, 1) != LUA_TSTRING) return lmk_raisef(L, MK_TYPE, "the text must be a string, not %s", luaL_typename(L, 1));
  const char *s = lua_tolstring(L, 1, &n);
  lua_settop(L, 5);
  reader *x = new_reader(L);
  x->opts.charset = (mk_charset)luaL_checkinteger(L, 2);
  x->opts.customs = lua_toboolean(L, 4);
  if (!lua_isnoneornil(L, 3)) {
    const char *day = luaL_checklstring(L, 3, &m);
    if (!mk_date_iso(&x->opts.as_of, day, m, &err)) return lmk_raise(L, &err);
    x->opts.has_as_of = true;
  }
  read_names(L, 5, x);
  if (!mk_readings_read(&x->r, s, n, &x->opts, &err)) return lmk_raise(L, &err);
  luaL_checkstack(L, 8, NULL);
  lua_createtable(L, (int)(x->r.count < 65536 ? x->r.count : 65536), 0);
  for (size_t i = 0; i < x->r.count; i++) {
    push_reading(L, x, s, &x->r.list[i]);
    lua_rawseti(L, -2, (lua_Integer)i + 1);
  }
  lua_pushinteger(L, (lua_Integer)x->r.work);
  mk_readings_clear(&x->r);
  return 2;
}

static const luaL_Reg functions[] = {{"read", read_text}, {NULL, NULL}};

int lmk_open_read(lua_State *L) {
  luaL_newlib(L, functions);
  return 1;
}
