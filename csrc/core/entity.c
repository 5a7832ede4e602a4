/* entity.c: what a name stands for: a bisection of the generated table, forms of words around names (tỉnh X, Hải quan X,
 * khu vực N) and the day asked for. May include: entity.h, libc strings. */
#include "entity.h"

#include <string.h>

enum { NAME_MAX_BYTES = 240 };

static bool same(const char *a, const char *b) { return strcmp(a, b) == 0; }

static bool overlap(mk_days a, const mk_days *on) { return !on || (a.from < on->to && on->from < a.to); }

/* ------------------------------------------------------------------ kinds */

bool mk_entity_is_province(const mk_entity *e) { return same(e->kind, "province") || same(e->kind, "municipality"); }
static bool is_city(const mk_entity *e) { return same(e->kind, "municipality") || same(e->kind, "abroad_city"); }
static bool is_region(const mk_entity *e) { return same(e->kind, "customs_region"); }
static bool is_area(const mk_entity *e) { return same(e->kind, "customs_area"); }
static bool is_place(const mk_entity *e) {
  return mk_entity_is_province(e) || same(e->kind, "abroad_city") || same(e->kind, "abroad_province") || same(e->kind, "online");
}

static bool wanted(entity_want want, const mk_entity *e) {
  switch (want) {
    case ENTITY_PLACE: return is_place(e);
    case ENTITY_PROVINCE: return same(e->kind, "province") || same(e->kind, "abroad_province");
    case ENTITY_CITY: return is_city(e);
    case ENTITY_COUNTRY: return same(e->kind, "country");
    case ENTITY_CAMPAIGN: return same(e->kind, "phase") || same(e->kind, "operation");
    default: return true;
  }
}

const char *mk_sense_kind(const mk_sense *s) {
  return s->as == MK_SENSE_DEPARTMENT ? "agency" : s->as == MK_SENSE_AREA ? "customs_area" : s->entity->kind;
}

bool mk_sense_fits(const mk_sense *s, const char *kind) {
  const char *own = mk_sense_kind(s);
  if (!kind || same(kind, own)) return true;
  if (same(kind, "agency")) return s->as == MK_SENSE_AREA || is_region(s->entity);
  if (s->as != MK_SENSE_ITSELF) return false;
  return same(kind, "place") ? is_place(s->entity) : same(kind, "province") ? mk_entity_is_province(s->entity)
       : same(kind, "city") ? is_city(s->entity) : false;
}

/* Words of statistics, taken only where no thing has the name. */
static bool is_word(const mk_entity *e) {
  static const char *const kinds[] = {"measure", "role", "division", "outcome", "status", "series", "region"};
  for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
    if (same(e->kind, kinds[i])) return true;
  return false;
}

/* ------------------------------------------------------------------ states and times */

bool mk_entity_inside(const mk_entity *area, const mk_entity *region) {
  return is_area(area) && same(area->parent, region->code) && overlap(area->days, &region->days);
}

const mk_entity *mk_entity_area(const mk_entity *place, const mk_days *on) {
  const mk_entity *found = NULL;
  for (size_t i = 0; i < mk_entity_count; i++) {
    const mk_entity *e = &mk_entities[i];
    if (!is_area(e) || !same(e->code, place->code) || !overlap(e->days, on)) continue;
    if (found) return NULL;
    found = e;
  }
  return found;
}

/* The state of e in that time, else the one that took it in; NULL when there is none. */
static const mk_entity *at_time(const mk_entity *e, const mk_days *on) {
  if (overlap(e->days, on)) return e;
  for (size_t i = 0; i < mk_entity_count; i++) {
    const mk_entity *o = &mk_entities[i];
    bool alike = same(o->kind, e->kind) || (mk_entity_is_province(o) && mk_entity_is_province(e));
    if (alike && same(o->code, e->code) && overlap(o->days, on)) return o;
  }
  while (e->successor >= 0 && on->from >= e->days.to) {
    e = &mk_entities[e->successor];
    if (overlap(e->days, on)) return e;
  }
  return NULL;
}

/* The day from which customs is ordered by regions. */
static int32_t regions_from(void) {
  int32_t day = MK_DAY_MAX;
  for (size_t i = 0; i < mk_entity_count; i++)
    if (is_region(&mk_entities[i]) && mk_entities[i].days.from < day) day = mk_entities[i].days.from;
  return day;
}

static bool held(const mk_entity *a, const mk_entity *b, size_t *count) {
  for (size_t i = 0; i < mk_entity_count; i++) {
    const mk_entity *x = &mk_entities[i];
    if (!mk_entity_inside(x, a)) continue;
    bool found = false;
    for (size_t j = 0; j < mk_entity_count && !found; j++)
      found = mk_entity_inside(&mk_entities[j], b) && same(mk_entities[j].code, x->code);
    if (!found) return false;
    (*count)++;
  }
  return true;
}

/* Two states of a region are one when the provinces of both are known and the same. */
static bool one_entity(const mk_entity *a, const mk_entity *b) {
  size_t n = 0, m = 0;
  if (a == b) return true;
  if (!same(a->code, b->code)) return false;
  if (is_region(a) && is_region(b)) return held(a, b, &n) && held(b, a, &m) && n > 0;
  return same(a->kind, b->kind) || (mk_entity_is_province(a) && mk_entity_is_province(b));
}

/* ------------------------------------------------------------------ senses */

static void push(entity_search *q, mk_sense s) {
  if (q->out->count == MK_SENSES_MAX || !overlap(s.days, q->on) || !mk_sense_fits(&s, q->kind)) return;
  q->out->s[q->out->count++] = s;
}

static const mk_entity *find_code(const char *kind, const char *code) {
  for (size_t i = 0; i < mk_entity_count; i++)
    if (same(mk_entities[i].kind, kind) && same(mk_entities[i].code, code)) return &mk_entities[i];
  return NULL;
}

static void push_country_customs(entity_search *q, mk_sense s) {
  char code[16] = "";
  size_t n = strlen(s.entity->code);
  if (n + sizeof "-Customs" > sizeof code) return;
  memcpy(code, s.entity->code, n);
  memcpy(code + n, "-Customs", sizeof "-Customs");
  const mk_entity *known = find_code("agency", code);
  s.as = known ? MK_SENSE_ITSELF : MK_SENSE_DEPARTMENT;
  if (known) s.entity = known;
  push(q, s);
}

static void push_area(entity_search *q, mk_sense s, const mk_entity *area, mk_days days) {
  if (days.from >= days.to) return;
  s.as = MK_SENSE_AREA;
  s.area = area;
  s.days = days;
  s.old_form = q->old;
  push(q, s);
}

static const mk_entity *next_area(const mk_entity *place, int32_t from) {
  const mk_entity *found = NULL;
  for (size_t i = 0; i < mk_entity_count; i++) {
    const mk_entity *e = &mk_entities[i];
    if (is_area(e) && same(e->code, place->code) && e->days.from >= from && (!found || e->days.from < found->days.from)) found = e;
  }
  return found;
}

/* A department of its own up to the reform, then a part of one region after the other. */
static void push_customs(entity_search *q, mk_sense s) {
  if (same(s.entity->kind, "country")) { push_country_customs(q, s); return; }
  int32_t reform = regions_from(), end = s.days.to, at = s.days.from > reform ? s.days.from : reform;
  const mk_entity *area;
  if (s.days.from < reform) {
    s.as = MK_SENSE_DEPARTMENT;
    s.days.to = end < reform ? end : reform;
    push(q, s);
  }
  if (q->old && !q->on) return;
  for (; (area = next_area(s.entity, at)) != NULL && area->days.from < end; at = area->days.to) {
    push_area(q, s, NULL, (mk_days){at, area->days.from});
    push_area(q, s, area, area->days);
  }
  push_area(q, s, NULL, (mk_days){at, end});
}

static void add_state(entity_search *q, const mk_entity *e, const char *alias, mk_days used) {
  bool gone = q->on && q->on->from >= used.to;
  if (!gone && !overlap(used, q->on)) return;
  if (q->customs ? !mk_entity_is_province(e) && !same(e->kind, "country") : !wanted(q->want, e)) return;
  if (q->customs && q->want != ENTITY_PLACE && !wanted(q->want, e)) return;
  const mk_entity *now = at_time(e, q->on);
  if (!now || (now->days.from < e->days.from && !wanted(q->want, now))) return;
  mk_sense s = {MK_SENSE_ITSELF, now, NULL, now == e ? NULL : e, alias, now->days, gone ? used.to : MK_DAY_MAX, false, q->level};
  if (!gone && !q->on && used.from > s.days.from) s.days.from = used.from;
  if (!gone && !q->on && used.to < s.days.to) s.days.to = used.to;
  if (q->customs) push_customs(q, s);
  else push(q, s);
}

void entity_met(entity_search *q, const mk_entity_name *name) {
  const mk_entity *e = &mk_entities[name->entity];
  add_state(q, e, same(name->text, e->code) ? NULL : name->text, name->days);
}

/* ------------------------------------------------------------------ choosing */

bool entity_same(const mk_sense *a, const mk_sense *b) {
  return a->as == b->as && a->area == b->area && (a->as == MK_SENSE_ITSELF ? one_entity(a->entity, b->entity) : a->entity == b->entity) &&
         (a->as != MK_SENSE_AREA || a->area || a->days.from == b->days.from);
}

/* The name's own meaning goes before what took its place, a later state before an earlier one of the same. */
static void merge(mk_sense *into, const mk_sense *s) {
  mk_days d = into->days;
  bool better = into->named && !s->named;
  if (!into->named == !s->named)
    better = s->entity->days.from > into->entity->days.from || (s->used_to == MK_DAY_MAX && into->used_to != MK_DAY_MAX);
  if (better) *into = *s;
  into->days.from = s->days.from < d.from ? s->days.from : d.from;
  into->days.to = s->days.to > d.to ? s->days.to : d.to;
}

static bool under(const mk_entity *e, const mk_entity *group) {
  for (int depth = 0; e && depth < 8 && *e->parent; depth++) {
    if (same(e->parent, group->code)) return true;
    e = find_code(e->kind, e->parent);
  }
  return false;
}

static bool preferred(const mk_senses *out, const mk_sense *s) {
  for (size_t i = 0; i < out->count; i++) {
    const mk_sense *o = &out->s[i];
    if (o == s) continue;
    if (is_word(s->entity) && !is_word(o->entity)) return false;
    if (same(s->entity->kind, "category") && same(o->entity->kind, "item") && under(o->entity, s->entity)) return false;
  }
  return true;
}

void entity_settle(mk_senses *out) {
  size_t n = 0;
  mk_senses all = *out;
  for (size_t i = 0; i < all.count; i++) {
    if (!preferred(&all, &all.s[i])) continue;
    size_t k = 0;
    while (k < n && !entity_same(&out->s[k], &all.s[i])) k++;
    if (k < n) merge(&out->s[k], &all.s[i]);
    else out->s[n++] = all.s[i];
  }
  out->count = n;
}

/* ------------------------------------------------------------------ looking up */

bool entity_key(mk_buf *out, const char *s, size_t n, int level, mk_err *err) {
  size_t from = out->n;
  if (!mk_key(out, s, n, level, err)) return false;
  for (size_t i = from; i < out->n; i++)
    if (out->p[i] == '-') out->p[i] = ' ';
  return true;
}

static const mk_entity_name *listed(size_t i, int level) { return &mk_entity_names[level == 3 ? mk_entity_plain[i] : i]; }

static int against(const mk_entity_name *name, int level, entity_text t) {
  const char *key = level == 3 ? name->plain : name->key;
  size_t n = (size_t)(t.end - t.p), m = strlen(key);
  int c = memcmp(key, t.p, m < n ? m : n);
  return c ? c : (m > n) - (m < n);
}

static void look(entity_search *q, entity_text t, int level) {
  size_t lo = 0, hi = mk_entity_name_count;
  while (lo < hi) {
    size_t mid = lo + (hi - lo) / 2;
    if (against(listed(mid, level), level, t) < 0) lo = mid + 1; else hi = mid;
  }
  q->level = (uint8_t)level;
  for (; lo < mk_entity_name_count && against(listed(lo, level), level, t) == 0; lo++) entity_met(q, listed(lo, level));
}

/* By key, and by the plain key when the text has no marks. */
static bool look_both(entity_search *q, entity_text t, mk_buf *tmp, mk_err *err) {
  look(q, t, 1);
  if (q->out->count) return true;
  tmp->n = 0;
  if (!entity_key(tmp, t.p, (size_t)(t.end - t.p), 3, err)) return false;
  bool unmarked = tmp->n == (size_t)(t.end - t.p) && memcmp(tmp->p, t.p, tmp->n) == 0;
  if (unmarked) look(q, t, 3);
  return true;
}

static void look_code(entity_search *q, const char *s, size_t n) {
  for (size_t i = 0; i < mk_entity_count; i++) {
    const mk_entity *e = &mk_entities[i];
    if (!is_area(e) && strlen(e->code) == n && memcmp(e->code, s, n) == 0) add_state(q, e, NULL, (mk_days){MK_DAY_MIN, MK_DAY_MAX});
  }
}

/* The longest start of the text, up to a sign, that is the name of a province: its senses, and the text after it. */
static bool take_province(mk_senses *found, entity_text *text, mk_buf *tmp, mk_err *err) {
  entity_text part = {text->p, text->p}, rest;
  while (part.end < text->end && !strchr("(),;", *part.end)) part.end++;
  for (; part.end > part.p; part.end--) {
    if (part.end < text->end && *part.end != ' ' && !strchr("(),;", *part.end)) continue;
    found->count = 0;
    entity_search q = {.kind = "province", .want = ENTITY_PLACE, .out = found};
    bool form = entity_form(&q, part, &rest) && !q.customs;
    if (!look_both(&q, form ? rest : part, tmp, err)) return false;
    if (found->count) { text->p = part.end; return true; }
  }
  return false;
}

static bool any_inside(const mk_senses *found, const mk_entity *region) {
  for (size_t k = 0; k < found->count; k++)
    for (const mk_entity *e = found->s[k].entity; e; e = e->successor < 0 ? NULL : &mk_entities[e->successor])
      for (size_t i = 0; i < mk_entity_count; i++)
        if (same(mk_entities[i].code, e->code) && mk_entity_inside(&mk_entities[i], region)) return true;
  return false;
}

/* Whether the places named behind a region are inside it; a state whose provinces are not recorded may hold any. */
static bool holds(const mk_entity *region, entity_text places, mk_buf *tmp, mk_err *err) {
  mk_senses found;
  size_t known = 0;
  for (size_t i = 0; i < mk_entity_count; i++) known += mk_entity_inside(&mk_entities[i], region);
  while (entity_between(&places)) {
    if (!take_province(&found, &places, tmp, err)) return false;
    if (known && !any_inside(&found, region)) return false;
  }
  return true;
}

static bool look_region(entity_search *q, unsigned number, entity_text places, mk_buf *tmp, mk_err *err) {
  entity_text none;
  q->level = 1;
  for (size_t i = 0; i < mk_entity_count && !mk_failed(err); i++) {
    const mk_entity *e = &mk_entities[i];
    if (!is_region(e) || !overlap(e->days, q->on)) continue;
    entity_text name = {e->name, e->name + strlen(e->name)};
    tmp->n = 0;
    if (!entity_key(tmp, name.p, (size_t)(name.end - name.p), 1, err)) return false;
    if (entity_region((entity_text){tmp->p, tmp->p + tmp->n}, &none) != number || !holds(e, places, tmp, err)) continue;
    push(q, (mk_sense){MK_SENSE_ITSELF, e, NULL, NULL, e->name, e->days, MK_DAY_MAX, false, 1});
  }
  return !mk_failed(err);
}

/* A phase in any of its spellings; a bare number is one only where a phase is asked for. */
static bool look_phase(entity_search *q, const char *s, size_t n, entity_text plain, mk_err *err) {
  static const char *const hints[] = {"omd", "giai doan", "phase", "me kong", "mekong", "gd "};
  bool hinted = q->kind && same(q->kind, "phase");
  if (q->kind && !hinted) return true;
  for (size_t i = 0; i < sizeof hints / sizeof *hints && !hinted; i++) {
    size_t m = strlen(hints[i]);
    for (const char *p = plain.p; !hinted && p + m <= plain.end; p++) hinted = memcmp(p, hints[i], m) == 0;
  }
  if (!hinted) return true;
  mk_err own = {0};
  mk_buf key;
  mk_buf_init(&key, NULL);
  if (mk_phase_read(&key, s, n, &own)) look_code(q, key.p, key.n);
  mk_buf_clear(&key);
  if (own.code == MK_MEMORY && err) *err = own;
  return own.code != MK_MEMORY;
}

static bool find(entity_search *q, const char *s, size_t n, mk_buf *key, mk_buf *tmp, mk_err *err) {
  entity_text rest, text;
  unsigned number;
  look_code(q, s, n);
  if (q->out->count) return true;
  if (!entity_key(key, s, n, 1, err) || !mk_buf_ok(key, err) || key->n == 0) return !mk_failed(err);
  text = (entity_text){key->p, key->p + key->n};
  look(q, text, 1);
  if (q->out->count) return true;
  if ((number = entity_region(text, &rest)) != 0) return look_region(q, number, rest, tmp, err);
  entity_search form = *q;
  if (entity_form(&form, text, &rest) && !look_both(&form, rest, tmp, err)) return false;
  if (q->out->count) return true;
  tmp->n = 0;
  if (!entity_key(tmp, s, n, 3, err) || !mk_buf_ok(tmp, err)) return false;
  if (!look_phase(q, s, n, (entity_text){tmp->p, tmp->p + tmp->n}, err)) return false;
  return q->out->count || look_both(q, text, tmp, err);
}

bool mk_entity_find(mk_senses *out, const char *s, size_t n, const char *kind, const mk_days *on, mk_err *err) {
  out->count = 0;
  if (mk_failed(err)) return false;
  while (n && (*s == ' ' || *s == '\t' || *s == '\n')) s++, n--;
  while (n && (s[n - 1] == ' ' || s[n - 1] == '\t' || s[n - 1] == '\n')) n--;
  if (n == 0 || n > NAME_MAX_BYTES) return true;
  mk_buf key, tmp;
  mk_buf_init(&key, NULL);
  mk_buf_init(&tmp, NULL);
  entity_search q = {.kind = kind, .on = on, .want = ENTITY_ANY, .out = out};
  bool ok = find(&q, s, n, &key, &tmp, err);
  mk_buf_clear(&key);
  mk_buf_clear(&tmp);
  entity_settle(out);
  return ok && !mk_failed(err);
}
