/* lmk_date.c: dates, periods and phases for Lua, as ISO texts: "2025-08-14", "2018-09", "2025-04-15/2025-09-15". */
#include "lmk.h"

#include <string.h>

static mk_period check_period(lua_State *L, int arg) {
  size_t n;
  mk_err err = {0};
  mk_period p;
  const char *s = lmk_check_text(L, arg, "a date", &n);
  if (!mk_period_read(&p, s, n, &err)) lmk_raise(L, &err);
  return p;
}

static void push_date(lua_State *L, mk_date d) {
  mk_buf *b = lmk_buf(L, NULL);
  mk_date_put(b, d);
  lmk_push_buf(L, b);
  lua_remove(L, -2);
}

/* date.parse(text) -> ISO text, "a/b" for a range */
static int date_parse(lua_State *L) {
  mk_period p = check_period(L, 1);
  mk_buf *b = lmk_buf(L, NULL);
  mk_period_put(b, p);
  lmk_push_buf(L, b);
  return 1;
}

/* date.bounds(text) -> first day, last day */
static int date_bounds(lua_State *L) {
  mk_days d = mk_period_days(check_period(L, 1));
  push_date(L, mk_day_date(d.from));
  push_date(L, mk_day_date(d.to - 1));
  return 2;
}

/* date.days(text) -> number of days it covers */
static int date_days(lua_State *L) {
  mk_days d = mk_period_days(check_period(L, 1));
  lua_pushinteger(L, d.to - d.from);
  return 1;
}

/* date.between(a, b) -> days from the first day of a to the first day of b */
static int date_between(lua_State *L) {
  mk_days a = mk_period_days(check_period(L, 1)), b = mk_period_days(check_period(L, 2));
  lua_pushinteger(L, (lua_Integer)b.from - a.from);
  return 1;
}

/* date.compare(a, b) -> -1, 0, 1 by first day, then by last */
static int date_compare(lua_State *L) {
  mk_days a = mk_period_days(check_period(L, 1)), b = mk_period_days(check_period(L, 2));
  int c = (a.from > b.from) - (a.from < b.from);
  lua_pushinteger(L, c ? c : (a.to > b.to) - (a.to < b.to));
  return 1;
}

/* date.add(text, days) -> ISO date that many days after its first day */
static int date_add(lua_State *L) {
  mk_days d = mk_period_days(check_period(L, 1));
  lua_Integer n = luaL_checkinteger(L, 2);
  if (n < -4000000 || n > 4000000) lmk_raisef(L, MK_RANGE, "%l days lead outside the years 1 to 9999", (long long)n);
  mk_date moved = mk_day_date(d.from + (int32_t)n);
  if (moved.year < 1 || moved.year > 9999) lmk_raisef(L, MK_RANGE, "%l days lead outside the years 1 to 9999", (long long)n);
  push_date(L, moved);
  return 1;
}

/* date.phase(text) -> key of the phase or range of phases; nil when the text is a date; raises [name] otherwise, [range]
 * for a date that cannot be */
static int date_phase(lua_State *L) {
  size_t n;
  mk_err err = {0}, quiet = {0};
  mk_period p;
  const char *s = lmk_check_text(L, 1, "a phase", &n);
  mk_buf *b = lmk_buf(L, NULL);
  if (!mk_phase_read(b, s, n, &err)) {
    if (err.code != MK_NAME) return lmk_raise(L, &err);
    if (!mk_period_read(&p, s, n, &quiet)) return lmk_raise(L, quiet.code == MK_SYNTAX ? &err : &quiet);
    lua_pushnil(L);
    return 1;
  }
  lmk_push_buf(L, b);
  return 1;
}

static const luaL_Reg functions[] = {{"parse", date_parse},     {"bounds", date_bounds}, {"days", date_days},
                                     {"between", date_between}, {"compare", date_compare}, {"add", date_add},
                                     {"phase", date_phase},     {NULL, NULL}};

int lmk_open_date(lua_State *L) {
  luaL_newlib(L, functions);
  return 1;
}
