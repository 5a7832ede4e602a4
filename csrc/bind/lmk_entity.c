/* lmk_entity.c: core.entity, what names stand for, as plain tables; lua/mekong/entity.lua makes entities of them. */
#include "lmk.h"

#include <string.h>

static void set_text(lua_State *L, const char *field, const char *text) {
  if (!text || !*text) return;
  lua_pushstring(L, text);
  lua_setfield(L, -2, field);
}

/* Sets a day as ISO text; an open end sets nothing. before: the day given is the one after. */
static void set_day(lua_State *L, const char *field, int32_t day, int before) {
  if (day == MK_DAY_MIN || day == MK_DAY_MAX) return;
  mk_buf *b = lmk_buf(L, NULL);
  mk_date_put(b, mk_day_date(day - before));
  lmk_push_buf(L, b);
  lua_setfield(L, -3, field);
  lua_pop(L, 1);
}

typedef bool related(const mk_entity *one, const mk_entity *of);

static bool precedes(const mk_entity *one, const mk_entity *of) { return one->successor >= 0 && &mk_entities[one->successor] == of; }

static bool follows(const mk_entity *one, const mk_entity *of) { return precedes(of, one); }

/* A list of the codes of what is related to e, in order of the data; nothing when there is none. */
static void set_codes(lua_State *L, const char *field, const mk_entity *e, related *relation) {
  lua_Integer n = 0;
  for (size_t i = 0; i < mk_entity_count; i++) {
    if (!relation(&mk_entities[i], e)) continue;
    if (n == 0) lua_newtable(L);
    lua_pushstring(L, mk_entities[i].code);
    lua_rawseti(L, -2, ++n);
  }
  if (n) lua_setfield(L, -2, field);
}

/* {kind, code, name, ...} of one entity. [-0, +1] */
static void push_entity(lua_State *L, const mk_entity *e) {
  luaL_checkstack(L, 6, NULL);
  lua_createtable(L, 0, 12);
  set_text(L, "kind", e->kind);
  set_text(L, "code", e->code);
  set_text(L, "name", e->name);
  set_text(L, "name_en", e->name_en);
  set_text(L, "parent", e->parent);
  set_text(L, "status", e->status);
  set_text(L, "source", e->source);
  set_text(L, "note", e->note);
  set_text(L, "valid_from", e->valid_from);
  set_text(L, "valid_to", e->valid_to);
  set_codes(L, "successors", e, follows);
  set_codes(L, "predecessors", e, precedes);
  if (strcmp(e->kind, "customs_region") == 0) set_codes(L, "areas", e, mk_entity_inside);
}

/* {as, kind, level, alias, from, to, used_to, old_form, entity, named, area, region}. [-0, +1] */
static void push_sense(lua_State *L, const mk_sense *s, const mk_days *on) {
  static const char *const as[] = {"itself", "department", "area"};
  luaL_checkstack(L, 8, NULL);
  lua_createtable(L, 0, 12);
  set_text(L, "as", as[s->as]);
  set_text(L, "kind", mk_sense_kind(s));
  set_text(L, "alias", s->alias);
  lua_pushinteger(L, s->level);
  lua_setfield(L, -2, "level");
  lua_pushboolean(L, s->old_form);
  lua_setfield(L, -2, "old_form");
  set_day(L, "from", s->days.from, 0);
  set_day(L, "to", s->days.to, 1);
  set_day(L, "used_to", s->used_to, 1);
  push_entity(L, s->entity);
  lua_setfield(L, -2, "entity");
  const mk_entity *area = s->area ? s->area : on && mk_entity_is_province(s->entity) ? mk_entity_area(s->entity, on) : NULL;
  if (area) set_text(L, "region", area->parent);
  if (s->area) {
    push_entity(L, s->area);
    lua_setfield(L, -2, "area");
  }
  if (s->named) {
    push_entity(L, s->named);
    lua_setfield(L, -2, "named");
  }
}

/* Arguments: name, kind or nil, date or nil; the time goes into days, NULL when none is given. */
static const mk_days *check_arguments(lua_State *L, const char **s, size_t *n, const char **kind, mk_days *days) {
  mk_err err = {0};
  mk_period period;
  size_t m;
  *s = lmk_check_text(L, 1, "a name", n);
  *kind = lua_isnoneornil(L, 2) ? NULL : luaL_checkstring(L, 2);
  if (lua_isnoneornil(L, 3)) return NULL;
  const char *on = lmk_check_text(L, 3, "option on", &m);
  if (!mk_period_read(&period, on, m, &err)) lmk_raise(L, &err);
  *days = mk_period_days(period);
  return days;
}

/* entity.find(name, kind, on) -> list of senses */
static int entity_find(lua_State *L) {
  const char *s, *kind;
  size_t n;
  mk_days days;
  mk_err err = {0};
  mk_senses found;
  const mk_days *on = check_arguments(L, &s, &n, &kind, &days);
  if (!mk_entity_find(&found, s, n, kind, on, &err)) return lmk_raise(L, &err);
  lua_createtable(L, (int)found.count, 0);
  for (size_t i = 0; i < found.count; i++) {
    push_sense(L, &found.s[i], on);
    lua_rawseti(L, -2, (lua_Integer)i + 1);
  }
  return 1;
}

/* entity.near(name, kind, on) -> list of senses with cost and full, as those of text.similarity; best first */
static int entity_near(lua_State *L) {
  const char *s, *kind;
  size_t n, count;
  mk_days days;
  mk_err err = {0};
  mk_near near[MK_NEAR_MAX];
  const mk_days *on = check_arguments(L, &s, &n, &kind, &days);
  if (!mk_entity_near(near, &count, s, n, kind, on, &err)) return lmk_raise(L, &err);
  lua_createtable(L, (int)count, 0);
  for (size_t i = 0; i < count; i++) {
    push_sense(L, &near[i].sense, on);
    lua_pushinteger(L, near[i].cost);
    lua_setfield(L, -2, "cost");
    lua_pushinteger(L, near[i].full);
    lua_setfield(L, -2, "full");
    lua_rawseti(L, -2, (lua_Integer)i + 1);
  }
  return 1;
}

/* entity.codes(kind) -> codes of that kind, in order of the data */
static int entity_codes(lua_State *L) {
  const char *kind = luaL_checkstring(L, 1);
  lua_Integer n = 0;
  lua_newtable(L);
  for (size_t i = 0; i < mk_entity_count; i++) {
    mk_sense s = {.as = MK_SENSE_ITSELF, .entity = &mk_entities[i]};
    if (!mk_sense_fits(&s, kind)) continue;
    lua_pushstring(L, mk_entities[i].code);
    lua_rawseti(L, -2, ++n);
  }
  return 1;
}

static void add_day(lua_State *L, int32_t day) {
  if (day == MK_DAY_MIN || day == MK_DAY_MAX) return;
  set_day(L, "day", day, 0);
  lua_getfield(L, -1, "day");
  lua_pushboolean(L, 1);
  lua_rawset(L, -4);
}

/* entity.changes() -> {[ISO day] = true}: the days from which on a name may stand for something else than the day before */
static int entity_changes(lua_State *L) {
  luaL_checkstack(L, 8, NULL);
  lua_newtable(L);
  lua_createtable(L, 0, 1);
  for (size_t i = 0; i < mk_entity_count; i++) {
    add_day(L, mk_entities[i].days.from);
    add_day(L, mk_entities[i].days.to);
  }
  for (size_t i = 0; i < mk_entity_name_count; i++) {
    add_day(L, mk_entity_names[i].days.from);
    add_day(L, mk_entity_names[i].days.to);
  }
  lua_pop(L, 1);
  return 1;
}

static const luaL_Reg functions[] = {{"find", entity_find}, {"near", entity_near}, {"changes", entity_changes}, {"codes", entity_codes}, {NULL, NULL}};

int lmk_open_entity(lua_State *L) {
  luaL_newlib(L, functions);
  return 1;
}
