/* lmk_figure_make.c: the functions of core.figure: figures from texts, from bounds and from numbers, and what figures are
 * printed with. */
#include "lmk_figure.h"

#include <string.h>

/* Pushes a fresh list of the texts in the table or the one text at index, or nil. [-0, +1] */
static void push_list(lua_State *L, int index, const char *what) {
  if (lua_isnil(L, index)) { lua_pushnil(L); return; }
  bool table = lua_type(L, index) == LUA_TTABLE;
  lua_Integer n = table ? (lua_Integer)lua_rawlen(L, index) : 1;
  lua_createtable(L, (int)n, 0);
  for (lua_Integer i = 1; i <= n; i++) {
    if (table) lua_rawgeti(L, index, i); else lua_pushvalue(L, index);
    if (lua_type(L, -1) != LUA_TSTRING) lmk_raisef(L, MK_TYPE, "%s must be texts, not %s", what, luaL_typename(L, -1));
    lua_rawseti(L, -2, i);
  }
}

/* ------------------------------------------------------------------ reading text */

enum { PARTS_MAX = 9, TEXT_MAX = 2000 };

typedef struct { mk_fig fig; bool assumed; int direction; size_t from, to; } part;
typedef struct { part parts[PARTS_MAX]; size_t count; } reading;

static bool unexpected(const mk_words *words, size_t at, const char *what, mk_err *err) {
  size_t from = at < words->count ? words->w[at].first : words->n, n = at < words->count ? words->w[at].end - from : 1;
  if (at < words->count) mk_fail(err, MK_SYNTAX, "%s: '%S'", what, words->s + from, mk_excerpt(words->s + from, n));
  else mk_fail(err, MK_SYNTAX, "%s: the text ends", what);
  mk_at(err, 1, from + 1, n);
  mk_caret(err, words->s, words->n, from + 1, n);
  mk_hint(err, "hint: a figure is a hedge, a number and a unit, such as \"hơn 4.500 vụ\"");
  return false;
}

static bool read_part(reading *out, const mk_words *words, size_t *at, const mk_read_opts *o, mk_err *err) {
  mk_written w;
  if (out->count == PARTS_MAX) return unexpected(words, *at, "too many figures in one", err);
  if (!mk_written_read(&w, words, *at, err)) return false;
  if (w.next == *at) return unexpected(words, *at, out->count ? "a figure is expected here" : "this is no figure", err);
  part *p = &out->parts[out->count];
  if (!mk_fig_written(&p->fig, &p->assumed, &w, words->s, o, err)) return false;
  p->direction = w.direction;
  p->from = w.from;
  p->to = w.to;
  out->count++;
  *at = w.next;
  return true;
}

static bool mark_at(const mk_words *words, size_t at, const char *text) {
  return at < words->count && words->w[at].n == strlen(text) && memcmp(words->w[at].key, text, words->w[at].n) == 0;
}

/* One figure and, after "trong đó", those it includes. */
static bool read_words(reading *out, const mk_words *words, const mk_read_opts *o, mk_err *err) {
  size_t at = 0;
  if (!read_part(out, words, &at, o, err)) return false;
  size_t inside = mk_written_included(words, at);
  if (inside > at) {
    bool closed = !mark_at(words, at, "(");
    mk_read_opts own = *o;
    own.unit = NULL;
    for (at = inside;; at++) {
      if (!read_part(out, words, &at, &own, err)) return false;
      while (at < words->count && words->w[at].kind == MK_WORD_TEXT && !mark_at(words, at, "và")) at++; /* 3 kg heroin: what it is */
      if (!mark_at(words, at, ",") && !mark_at(words, at, ";") && !mark_at(words, at, "và")) break;
    }
    if (!closed && mark_at(words, at, ")")) at++;
  }
  return at == words->count || unexpected(words, at, "this does not belong to a figure", err);
}

static bool read_text(reading *out, const char *s, size_t n, const mk_read_opts *o, mk_err *err) {
  mk_words words;
  out->count = 0;
  if (n == 0) return mk_fail(err, MK_SYNTAX, "an empty text is no figure");
  if (n > TEXT_MAX) {
    mk_fail(err, MK_LIMIT, "a text of %z bytes is too long for one figure (%d at most)", n, (int)TEXT_MAX);
    return false;
  }
  if (memchr(s, '\0', n)) return mk_fail(err, MK_SYNTAX, "a figure cannot hold a zero byte");
  mk_words_init(&words, NULL);
  bool ok = mk_words_read(&words, s, n, err) && read_words(out, &words, o, err);
  mk_words_clear(&words);
  return ok;
}

/* Pushes parts[i] of a reading. [-0, +1] */
static lmk_figure *push_part(lua_State *L, const reading *r, size_t i, const char *s) {
  lmk_figure *f = lmk_figure_new(L, &r->parts[i].fig, 0);
  f->assumed = r->parts[i].assumed;
  f->direction = r->parts[i].direction;
  lua_pushlstring(L, s + r->parts[i].from, r->parts[i].to - r->parts[i].from);
  lua_setiuservalue(L, -2, LMK_FIGURE_RAW);
  return f;
}

static const char *string_field(lua_State *L, int table, const char *name) {
  int type = lua_getfield(L, table, name);
  if (type != LUA_TNIL && type != LUA_TSTRING) lmk_raisef(L, MK_TYPE, "%s must be a text, not %s", name, luaL_typename(L, -1));
  return type == LUA_TNIL ? NULL : lua_tostring(L, -1); /* stays on the stack */
}

static void policy_field(lua_State *L, int opts, mk_policy *policy) {
  mk_err err = {0};
  static const char *const names[] = {"exact", "approx", "nearly", "more_than", "at_least", "at_most", "below", "rounded"};
  if (lua_getfield(L, opts, "policy") == LUA_TNIL) return;
  luaL_checktype(L, -1, LUA_TTABLE);
  for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
    size_t n;
    if (lua_getfield(L, -1, names[i]) != LUA_TNIL) {
      const char *text = lmk_check_text(L, -1, "an interval template", &n);
      if (!mk_policy_set(policy, names[i], text, n, &err)) lmk_raise(L, &err);
    }
    lua_pop(L, 1);
  }
}

static void status_field(lua_State *L, int table, mk_fig *fig) {
  const char *s = string_field(L, table, "status");
  if (!s) return;
  if (strlen(s) != 1 || !strchr("APEUM", *s)) {
    lmk_raisef(L, MK_NAME, "status cannot be '%s': A normal, P preliminary, E estimated, U unverified, M missing", s);
  }
  fig->status = *s;
}

static void read_opts(lua_State *L, int opts, mk_read_opts *o, mk_policy *policy) {
  mk_err err = {0};
  bool pragmatic = false;
  luaL_checkstack(L, 12, NULL);
  if (!lua_isnoneornil(L, opts)) {
    luaL_checktype(L, opts, LUA_TTABLE);
    lua_getfield(L, opts, "pragmatic");
    pragmatic = lua_toboolean(L, -1);
    lua_getfield(L, opts, "record");
    o->record = lua_toboolean(L, -1);
    const char *style = string_field(L, opts, "style"), *by = string_field(L, opts, "reading");
    if (style) o->style = strcmp(style, "en") == 0 ? MK_STYLE_EN : MK_STYLE_VI;
    if (by) o->reading = strcmp(by, "ratio") == 0 ? MK_BY_RATIO : MK_BY_INCREASE;
    const char *unit = string_field(L, opts, "unit");
    if (unit && *unit) o->unit = mk_unit_require(unit, strlen(unit), &err);
  }
  if (!mk_policy_init(policy, pragmatic, &err)) lmk_raise(L, &err);
  if (!lua_isnoneornil(L, opts)) policy_field(L, opts, policy);
  o->policy = policy;
}

/* The figure of a text read at arguments 1 and 2. [-0, +1] */
static int push_reading(lua_State *L, const reading *r, const char *s) {
  lmk_figure *f = push_part(L, r, 0, s);
  int at = lua_gettop(L);
  lua_pushvalue(L, 1);
  lua_setiuservalue(L, at, LMK_FIGURE_RAW);
  if (lua_istable(L, 2)) {
    lua_getfield(L, 2, "sources");
    push_list(L, lua_gettop(L), "sources");
    lua_setiuservalue(L, at, LMK_FIGURE_SOURCES);
    status_field(L, 2, &f->fig);
  }
  if (r->count > 1) {
    lua_createtable(L, (int)r->count - 1, 0);
    for (size_t i = 1; i < r->count; i++) {
      push_part(L, r, i, s);
      lua_getiuservalue(L, at, LMK_FIGURE_SOURCES);
      lua_setiuservalue(L, -2, LMK_FIGURE_SOURCES);
      lua_rawseti(L, -2, (lua_Integer)i);
    }
    lua_setiuservalue(L, at, LMK_FIGURE_INCLUDES);
  }
  lua_settop(L, at);
  return 1;
}

/* core.figure.parse(text [, opts]) -> Figure */
static int core_parse(lua_State *L) {
  size_t n;
  mk_err err = {0};
  mk_policy policy;
  mk_read_opts o = {.style = MK_STYLE_NONE};
  reading r;
  const char *s = lmk_check_text(L, 1, "a figure", &n);
  lua_settop(L, 2);
  read_opts(L, 2, &o, &policy);
  if (!read_text(&r, s, n, &o, &err)) return lmk_raise(L, &err);
  return push_reading(L, &r, s);
}

/* "giai đoạn VII", "Hội nghị (XVII)": a text that ends in a Roman numeral; *v stays 0 for others. */
static bool read_roman(int *v, const char *s, size_t n, mk_err *err) {
  mk_words words;
  *v = 0;
  if (n > TEXT_MAX || memchr(s, '\0', n)) return true;
  mk_words_init(&words, NULL);
  bool ok = mk_words_read(&words, s, n, err);
  size_t last = words.count;
  if (ok && last > 1 && mark_at(&words, last - 1, ")")) last--;
  if (ok && last > 1) *v = mk_roman_at(&words, last - 1);
  mk_words_clear(&words);
  return ok;
}

/* "1/3" alone; what may also be a day and a month is none. */
static bool read_slash(mk_num *v, const char *s, size_t n, mk_err *err) {
  mk_words words;
  mk_numeral a = {0}, b = {0};
  mk_words_init(&words, NULL);
  bool ok = n <= TEXT_MAX && !memchr(s, '\0', n) && mk_words_read(&words, s, n, err) && words.count == 3 && mark_at(&words, 1, "/") &&
            words.w[0].kind == MK_WORD_NUMBER && words.w[2].kind == MK_WORD_NUMBER &&
            mk_numeral_at(&a, s, n, words.w[0].first, err) && mk_numeral_at(&b, s, n, words.w[2].first, err) &&
            a.count == 1 && b.count == 1 && mk_num_whole(a.reading[0].value) && mk_num_whole(b.reading[0].value) &&
            mk_num_sign(b.reading[0].value) > 0;
  mk_words_clear(&words);
  if (!ok) return false;
  mk_num over = a.reading[0].value, under = b.reading[0].value;
  if (mk_num_cmp(over, under) >= 0 && mk_num_cmp(over, mk_num_int(31)) <= 0 && mk_num_cmp(under, mk_num_int(12)) <= 0)
    return mk_fail(err, MK_AMBIGUOUS, "'%S' has two readings: a fraction, or a day and a month", s, n);
  return mk_num_div(v, over, under, err);
}

static int push_exact(lua_State *L, reading *r, mk_num v, const char *unit, const char *s, size_t n) {
  r->count = 1;
  r->parts[0] = (part){.fig = mk_fig_exact(v, unit, mk_num_whole(v)), .to = n};
  return push_reading(L, r, s);
}

/* core.figure.number(text [, opts]) -> Figure, or nil, why not, code: as parse, but for fractions and Roman numerals with
 * their words too, and what is no number is no error. */
static int core_number(lua_State *L) {
  size_t n;
  mk_err err = {0};
  mk_policy policy;
  mk_read_opts o = {.style = MK_STYLE_NONE};
  reading r;
  int roman;
  const char *s = lmk_check_text(L, 1, "the text", &n);
  lua_settop(L, 2);
  read_opts(L, 2, &o, &policy);
  if (read_text(&r, s, n, &o, &err)) return push_reading(L, &r, s);
  mk_err other = {0};
  if (err.code != MK_MEMORY && read_roman(&roman, s, n, &other) && roman) {
    return push_exact(L, &r, mk_num_int(roman), "ordinal", s, n);
  }
  mk_num fraction;
  mk_err slash = {0};
  if (err.code == MK_SYNTAX && !mk_failed(&other) && read_slash(&fraction, s, n, &slash)) return push_exact(L, &r, fraction, "", s, n);
  if (slash.code == MK_AMBIGUOUS) err = slash;
  if (slash.code == MK_MEMORY) other = slash;
  if (err.code == MK_MEMORY || other.code == MK_MEMORY) return lmk_raise(L, err.code == MK_MEMORY ? &err : &other);
  lua_pushnil(L);
  lua_pushstring(L, err.msg);
  lua_pushstring(L, mk_code_name(err.code));
  return 3;
}

/* f:is(x): both exact and the same; x is a figure, a number or a text read with the unit of f. */
int lmk_figure_is(lua_State *L) {
  lmk_figure *f = lmk_figure_check(L, 1);
  lua_settop(L, 2);
  mk_truth less, equal = MK_NO;
  mk_err err = {0};
  mk_fig b;
  if (lua_type(L, 2) == LUA_TSTRING) {
    size_t n;
    const char *s = lmk_check_text(L, 2, "a figure", &n);
    mk_policy policy;
    mk_read_opts o = {.record = true, .unit = mk_unit_get(f->fig.unit)};
    reading r;
    read_opts(L, 3, &o, &policy);
    if (!read_text(&r, s, n, &o, &err)) return lmk_raise(L, &err);
    b = r.parts[0].fig;
  } else {
    b = lmk_figure_operand(L, 2);
  }
  lua_pushboolean(L, mk_fig_compare(&f->fig, &b, &less, &equal, &err) && equal == MK_YES);
  return 1;
}

/* ------------------------------------------------------------------ constructors and helpers of core.figure */

static bool flag_field(lua_State *L, int table, const char *name) {
  lua_getfield(L, table, name);
  bool set = lua_toboolean(L, -1) && !(lua_type(L, -1) == LUA_TNUMBER && lua_tointeger(L, -1) == 0);
  lua_pop(L, 1);
  return set;
}

static bool number_field(lua_State *L, int table, const char *name, mk_num *out) {
  lua_getfield(L, table, name);
  bool has = lmk_figure_number(L, lua_gettop(L), name, out);
  lua_pop(L, 1);
  return has;
}

static mk_qualifier qualifier_arg(lua_State *L, const char *name) {
  mk_qualifier q = MK_EXACT;
  if (name && !mk_qualifier_find(name, &q))
    lmk_raisef(L, MK_NAME, "unknown qualifier '%s': exact, approx, nearly, more_than, at_least, at_most, below, between", name);
  return q;
}

static void hedge_default(lua_State *L, mk_fig *f, mk_num best, mk_qualifier q, const char *unit, bool whole) {
  mk_err err = {0};
  mk_policy policy;
  bool assumed;
  if (!mk_policy_init(&policy, false, &err) || !mk_fig_hedged(f, &assumed, best, q, unit, whole, &policy, &err)) lmk_raise(L, &err);
}

/* Ends as given; amounts said to be below something start at 0. */
static void bounds(lua_State *L, mk_fig *f, mk_qualifier q) {
  f->has_best = number_field(L, 1, "best", &f->best);
  f->has_lo = number_field(L, 1, "lo", &f->lo);
  f->has_hi = number_field(L, 1, "hi", &f->hi);
  f->lo_open = flag_field(L, 1, "lo_open") || !f->has_lo;
  f->hi_open = flag_field(L, 1, "hi_open") || !f->has_hi;
  if (!f->has_lo && f->has_hi && mk_num_sign(f->hi) > 0 && (q == MK_NEARLY || q == MK_BELOW || q == MK_AT_MOST)) {
    f->lo = mk_num_int(0);
    f->has_lo = true;
    f->lo_open = false;
  }
}

/* core.figure.new{best=, lo=, hi=, lo_open=, hi_open=, unit=, status=, qualifier=, raw=, sources=, whole=, assumed=} */
static int core_new(lua_State *L) {
  mk_err err = {0};
  mk_fig f = mk_fig_exact(mk_num_int(0), "", false);
  luaL_checktype(L, 1, LUA_TTABLE);
  lua_settop(L, 1);
  luaL_checkstack(L, 12, NULL);
  if (lua_getfield(L, 1, "unit") != LUA_TNIL) lmk_figure_unit(L, 2, f.unit);
  const mk_unit *unit = mk_unit_get(f.unit);
  const char *said = string_field(L, 1, "qualifier");
  mk_qualifier q = qualifier_arg(L, said);
  bounds(L, &f, q);
  /* Records have half tablets and parts of cakes; cases and persons are whole. */
  bool broken = f.has_best && !mk_num_whole(f.best) && !f.has_lo && !f.has_hi &&
                strcmp(f.unit, "case") != 0 && strcmp(f.unit, "person") != 0;
  f.whole = unit ? unit->whole && !broken : !*f.unit && f.has_best && !broken && !f.has_lo && !f.has_hi;
  if (lua_getfield(L, 1, "whole") != LUA_TNIL) f.whole = lua_toboolean(L, -1);
  if (!f.has_lo && !f.has_hi) {
    bool whole = f.whole;
    if (!f.has_best) f = mk_fig_unknown(f.unit);
    else if (q == MK_BETWEEN) lmk_raisef(L, MK_RANGE, "a figure between two bounds needs lo and hi");
    else hedge_default(L, &f, f.best, q, f.unit, whole);
    f.whole = whole;
  } else if (said) {
    f.qualifier = q;
  } else {
    f.qualifier = mk_fig_shape(&f);
    if (f.qualifier == MK_EXACT && !f.has_best) { f.has_best = true; f.best = f.lo; }
  }
  status_field(L, 1, &f);
  if (!mk_fig_check(&f, &err)) return lmk_raise(L, &err);
  lmk_figure *made = lmk_figure_new(L, &f, 0);
  int at = lua_gettop(L);
  made->assumed = flag_field(L, 1, "assumed");
  string_field(L, 1, "raw");
  lua_setiuservalue(L, at, LMK_FIGURE_RAW);
  lua_getfield(L, 1, "sources");
  push_list(L, lua_gettop(L), "sources");
  lua_setiuservalue(L, at, LMK_FIGURE_SOURCES);
  lua_settop(L, at);
  return 1;
}

/* core.figure.unknown(unit) -> Figure of which only the unit is known */
static int core_unknown(lua_State *L) {
  char unit[MK_UNIT_MAX] = "";
  if (!lua_isnoneornil(L, 1)) lmk_figure_unit(L, 1, unit);
  mk_fig f = mk_fig_unknown(unit);
  lmk_figure_new(L, &f, 0);
  return 1;
}

/* core.figure.hedged(number, qualifier, unit) -> Figure under the default policy */
static int core_hedged(lua_State *L) {
  mk_num best;
  mk_fig f;
  char unit[MK_UNIT_MAX] = "";
  lua_settop(L, 3);
  if (!lmk_figure_number(L, 1, "the number", &best)) lmk_raisef(L, MK_TYPE, "a number is needed");
  mk_qualifier q = qualifier_arg(L, luaL_checkstring(L, 2));
  if (q == MK_BETWEEN) lmk_raisef(L, MK_RANGE, "a figure between two bounds needs lo and hi");
  if (!lua_isnil(L, 3)) lmk_figure_unit(L, 3, unit);
  const mk_unit *u = mk_unit_get(unit);
  hedge_default(L, &f, best, q, unit, u ? u->whole : false);
  lmk_figure_new(L, &f, 0);
  return 1;
}

mk_fig lmk_figure_floor(const mk_fig *of) {
  mk_fig f = *of;
  mk_fig_tighten(&f);
  f.has_hi = false;
  f.hi_open = true;
  f.best = f.lo;
  f.has_best = f.has_lo;
  f.qualifier = mk_fig_shape(&f);
  return f;
}

/* core.figure.at_least(f) -> what is at least the least value of f */
static int core_at_least(lua_State *L) {
  mk_fig f = lmk_figure_floor(&lmk_figure_check(L, 1)->fig);
  lmk_figure_new(L, &f, 0);
  lmk_figure_share(L, 1, LMK_FIGURE_SOURCES);
  return 1;
}

/* core.figure.including(f, {figures}) -> f with figures that are part of it and were not added */
static int core_including(lua_State *L) {
  mk_fig f = lmk_figure_check(L, 1)->fig;
  luaL_checktype(L, 2, LUA_TTABLE);
  lua_settop(L, 2);
  lua_Integer n = (lua_Integer)lua_rawlen(L, 2);
  lmk_figure_new(L, &f, 0);
  lmk_figure_share(L, 1, LMK_FIGURE_SOURCES);
  lua_createtable(L, (int)n, 0);
  for (lua_Integer i = 1; i <= n; i++) {
    lua_rawgeti(L, 2, i);
    if (!lmk_figure_test(L, -1)) return lmk_raisef(L, MK_TYPE, "what a figure includes must be figures, not %s", luaL_typename(L, -1));
    lua_rawseti(L, -2, i);
  }
  lua_setiuservalue(L, -2, LMK_FIGURE_INCLUDES);
  return 1;
}

static int core_is(lua_State *L) {
  lua_pushboolean(L, lmk_test_figure(L, 1) != NULL);
  return 1;
}

/* core.figure.any(cells, n) -> whether any of the first n is a figure */
static int core_any(lua_State *L) {
  luaL_checktype(L, 1, LUA_TTABLE);
  lua_Integer n = luaL_checkinteger(L, 2);
  bool any = false;
  for (lua_Integer i = 1; i <= n && !any; i++) {
    any = lua_rawgeti(L, 1, i) == LUA_TUSERDATA && lmk_test_figure(L, -1);
    lua_pop(L, 1);
  }
  lua_pushboolean(L, any);
  return 1;
}

/* core.figure.order(a, b) -> -1, 0, 1 */
static int core_order(lua_State *L) {
  mk_fig a = lmk_figure_operand(L, 1), b = lmk_figure_operand(L, 2);
  int c = mk_fig_order(&a, &b);
  lua_pushinteger(L, c < 0 ? -1 : c > 0);
  return 1;
}

/* core.figure.comparable(a, b) -> whether their units convert into each other */
static int core_comparable(lua_State *L) {
  mk_fig a = lmk_figure_operand(L, 1), b = lmk_figure_operand(L, 2);
  mk_unit_parts u, v;
  mk_err err = {0};
  bool alike = !*a.unit || !*b.unit || (mk_unit_split(&u, a.unit, &err) && mk_unit_split(&v, b.unit, &err) && mk_unit_like(u, v));
  lua_pushboolean(L, alike);
  return 1;
}

static const char *unit_word(const mk_unit *u, bool english, bool one) { return !english ? u->vi : one ? u->en_one : u->en; }

/* core.figure.unit_name(unit, locale [, one]) -> the word printed after a number, "" for a plain number */
static int core_unit_name(lua_State *L) {
  char unit[MK_UNIT_MAX];
  mk_unit_parts parts;
  mk_err err = {0};
  lmk_figure_unit(L, 1, unit);
  bool english = strcmp(luaL_optstring(L, 2, "vi"), "en") == 0, one = lua_toboolean(L, 3);
  if (!mk_unit_split(&parts, unit, &err)) return lmk_raise(L, &err);
  const char *of = parts.of ? unit_word(parts.of, english, one) : "";
  if (!parts.per) lua_pushstring(L, of);
  else lua_pushfstring(L, "%s/%s", parts.of ? of : "1", unit_word(parts.per, english, true));
  return 1;
}

/* core.figure.unit(name) -> code; raises [unit] with the nearest name */
static int core_unit(lua_State *L) {
  char unit[MK_UNIT_MAX];
  lmk_figure_unit(L, 1, unit);
  lua_pushstring(L, unit);
  return 1;
}

/* core.figure.decimal(value, digits or nil [, "best"|"lo"|"hi"]) -> decimal text rounded half away from zero, exact
 * without digits (18 places when it does not end); nil when a figure has no such end */
static int core_decimal(lua_State *L) {
  mk_num v;
  lmk_figure *f = lmk_figure_test(L, 1);
  lua_Integer digits = luaL_optinteger(L, 2, -1);
  const char *which = luaL_optstring(L, 3, "best");
  if (digits < -1 || digits > 60) lmk_raisef(L, MK_RANGE, "digits must lie between 0 and 60");
  if (f) {
    bool lo = strcmp(which, "lo") == 0, hi = strcmp(which, "hi") == 0;
    v = lo ? f->fig.lo : hi ? f->fig.hi : f->fig.best;
    if (!(lo ? f->fig.has_lo : hi ? f->fig.has_hi : f->fig.has_best)) { lua_pushnil(L); return 1; }
  } else if (!lmk_figure_number(L, 1, "the number", &v)) {
    lmk_raisef(L, MK_TYPE, "a number is needed");
  }
  mk_buf *b = lmk_buf(L, NULL);
  mk_num_put(b, v, (int)digits);
  lmk_push_buf(L, b);
  return 1;
}

/* core.figure.origin(f) -> operation, operand, operand: "+" "-" "*" "/" "n" negated "c" change "t" times "s" share; or nil */
static int core_origin(lua_State *L) {
  lmk_figure *f = lmk_figure_check(L, 1);
  if (!f->op) { lua_pushnil(L); return 1; }
  lua_pushlstring(L, &f->op, 1);
  lmk_figure_new(L, &f->of[0], 0);
  lmk_figure_new(L, &f->of[1], 0);
  return 3;
}

/* core.figure.english(f [, true]) -> whether it is printed in English, which a table of that language says of its cells */
static int core_english(lua_State *L) {
  lmk_figure *f = lmk_figure_check(L, 1);
  if (lua_toboolean(L, 2)) f->english = true;
  lua_pushboolean(L, f->english);
  return 1;
}

static const luaL_Reg functions[] = {
    {"new", core_new}, {"parse", core_parse}, {"number", core_number}, {"unknown", core_unknown}, {"hedged", core_hedged}, {"at_least", core_at_least}, {"including", core_including},
    {"is", core_is}, {"any", core_any}, {"order", core_order}, {"comparable", core_comparable}, {"unit_name", core_unit_name},
    {"unit", core_unit}, {"decimal", core_decimal}, {"origin", core_origin}, {"english", core_english}, {"spell", lmk_words_spell}, {"roman", lmk_words_roman},
    {"grouped", lmk_words_grouped},
    {NULL, NULL}};

void lmk_figure_functions(lua_State *L) { luaL_newlib(L, functions); }
