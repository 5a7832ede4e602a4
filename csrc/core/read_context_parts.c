/* read_context_parts.c: figures that are part of another one: "77 vụ, trong đó 59 vụ ma túy", "40 đầu mối gồm 38 ...", "395
 * kg (trong đó có 104.410 viên ...)", "trong 1.561 vụ, có 823 vụ ...", and sentences that go on dividing the figures of the
 * one before ("Trong đó: ma túy 1.027 vụ ..."). A part is counted like its whole and is not greater; only in brackets or
 * right behind its whole may it be counted otherwise. May include: read_context.h. */
#include "read_context.h"

#include <string.h>

enum { WHOLES_MAX = 16, PHRASE_MAX = 4, GAP_MAX = 30, DEPTH_MAX = 8 };

/* Figures first..end-1 that are being divided, down to a bracket; since: where their parts begin, 0 in a sentence before. */
typedef struct { uint32_t first, end; bool close; mk_cue_kind by; bool fresh; uint32_t since; } division;

/* The last tokens that named a phase or time and a body, up to the figure behind the one that is tied. */
typedef struct { size_t cue; uint32_t when, who; } said;

static bool countable(const mk_reading *x) {
  return x->measure != MK_M_PHASE && !is_time(x->measure) && x->measure != MK_M_ORDINAL && x->measure != MK_M_DURATION &&
         !is_change(x->measure) && x->measure != MK_M_PERCENT_SHARE;
}

static bool not_greater(const mk_reading *part, const mk_reading *whole) {
  if (!part->has_value || !whole->has_value) return true;
  mk_num a = part->low.value, b = whole->has_high ? whole->high : whole->low.value;
  if (part->unit && whole->unit && part->unit != whole->unit) {
    mk_num x, y;
    if (!mk_num_mul(&x, a, mk_num_int(part->unit->num), NULL) || !mk_num_div(&x, x, mk_num_int(part->unit->den), NULL) ||
        !mk_num_mul(&y, b, mk_num_int(whole->unit->num), NULL) || !mk_num_div(&y, y, mk_num_int(whole->unit->den), NULL))
      return false;
    a = x;
    b = y;
  }
  return mk_num_cmp(a, b) <= 0;
}

/* Bodies of all kinds are counted together: 23 agencies, of them 2 organisations. */
static bool is_body(const mk_unit *u) {
  static const char *const codes[] = {"agency", "organisation", "member", "country", "territory", NULL};
  for (const char *const *p = codes; *p; p++)
    if (strcmp(u->code, *p) == 0) return true;
  return false;
}

static bool alike(const mk_reading *a, const mk_reading *b) {
  return a->unit && b->unit && (strcmp(a->unit->dimension, b->unit->dimension) == 0 || (is_body(a->unit) && is_body(b->unit)));
}

/* Kinds that others are kinds of. */
static bool umbrella(const char *item) {
  static const char *const list[] = {"synthetic_drug", "pangolin", "tiger", "timber", NULL};
  for (const char *const *p = list; *p; p++)
    if (strcmp(item, *p) == 0) return true;
  return false;
}

/* Whether goods that stand beside a part can be among those of its whole. */
static bool of_kind(const context *c, uint32_t part, uint32_t whole) {
  const mk_reading *x = reading_at(c, part), *y = reading_at(c, whole);
  if (!c->goods[part].own || !c->goods[whole].own || !x->category || !y->category) return true;
  if (strcmp(x->category, y->category) != 0) return false;
  return !x->item || !y->item || umbrella(y->item) || strcmp(x->item, y->item) == 0;
}

/* Whether two figures are of one phase and time. */
static bool of_one_time(const mk_reading *x, const mk_reading *y) {
  return x->phase == y->phase && x->has_period == y->has_period &&
         (!x->has_period || (memcmp(&x->period.from, &y->period.from, sizeof x->period.from) == 0 &&
                             memcmp(&x->period.to, &y->period.to, sizeof x->period.to) == 0));
}

/* Figures before a division that may be wholes are looked at from the last one back; differences and figures of another
 * phase or time ("so với 1.362 vụ của giai đoạn IV, trong đó ...") only when there is no other. */
static int32_t whole_of(const context *c, const division *d, uint32_t part) {
  const mk_reading *x = reading_at(c, part);
  uint32_t from = d->end - d->first > WHOLES_MAX ? d->end - WHOLES_MAX : d->first;
  int32_t other = -1;
  for (uint32_t i = d->end; i-- > from;) {
    const mk_reading *y = reading_at(c, i);
    if (!countable(y) || !alike(x, y) || !not_greater(x, y) || !of_kind(c, part, i)) continue;
    if (!y->direction && of_one_time(x, y)) return (int32_t)i;
    if (other < 0) other = (int32_t)i;
  }
  return other;
}

/* Goods counted otherwise than their whole, only right behind it. */
static int32_t whole_otherwise(const context *c, const division *d, uint32_t part) {
  if (!d->fresh || d->by == CUE_CONSIST || d->end == d->first) return -1;
  uint32_t whole = d->end - 1;
  bool goods = c->goods[part].counts == COUNTS_GOODS && c->goods[whole].counts == COUNTS_GOODS;
  return goods && !alike(reading_at(c, part), reading_at(c, whole)) ? (int32_t)whole : -1;
}

/* "gồm" divides the figures right before it, back to a pause: the first of them, of when there is none. */
static size_t divided_from(const context *c, const sentence *s, size_t of, const cue *q) {
  size_t first = of, end = q->first;
  for (; first > s->reading && of - first < PHRASE_MAX; end = reading_at(c, first)->token) {
    size_t from = reading_at(c, first - 1)->token_end;
    if (end > from + GAP_MAX) return first;
    for (size_t k = from; k < end; k++)
      if (is_mark(c, k, ';') || is_mark(c, k, ':') || is_mark(c, k, ')')) return first;
    first--;
  }
  return first;
}

/* What a cue at reading i begins to divide; false when it divides nothing. */
static bool begin(context *c, const sentence *s, const cue *q, size_t i, division *out) {
  bool opens = q->first > s->token && is_mark(c, q->first - 1, '(');
  *out = (division){.first = s->reading, .end = (uint32_t)i, .close = opens, .by = q->kind, .fresh = true,
                    .since = q->first};
  if (q->kind == CUE_CONSIST) {
    out->first = (uint32_t)divided_from(c, s, i, q);
    return out->first < i;
  }
  if (i > s->reading) return true;
  if (q->first > s->token + 1) return false;
  if (c->base == c->base_end) return false;
  out->first = c->base;
  out->end = c->base_end;
  out->fresh = false;
  c->dividing = true;
  return true;
}

/* "trong 1.561 vụ, có 823 vụ", "trong số 1.715 vụ của giai đoạn V có 1.499 vụ": the figure is the whole of what follows. */
static bool leads(const context *c, const sentence *s, size_t i) {
  const mk_reading *x = reading_at(c, i);
  size_t next = i + 1;
  while (next < s->reading_end && !countable(reading_at(c, next))) next++;
  if (next >= s->reading_end || !countable(x)) return false;
  size_t k = x->from;
  bool within = k > s->token && mk_rword_is(c->r, k - 1, "trong");
  within |= k > s->token + 1 && mk_rphrase_before(c->r, k, "trong số") != 0;
  within |= mk_rphrase_before(c->r, k, "trong tổng số") != 0;
  if (!within) return false;
  for (size_t t = x->token_end; t < reading_at(c, next)->token; t++)
    if (mk_rword_is(c->r, t, "có") || mk_rword_is(c->r, t, "thì")) return true;
  return false;
}

/* "... 395 kg và 5.000 viên; 120 kg ma túy, trong đó có 2.000 viên": a semicolon between a whole and its division. */
static bool apart(const context *c, const division *d, int32_t whole) {
  for (size_t k = reading_at(c, (size_t)whole)->token_end; k < d->since; k++)
    if (is_mark(c, k, ';')) return true;
  return false;
}

static int32_t whole_for(const context *c, const division *d, uint32_t part) {
  int32_t whole = whole_of(c, d, part);
  if (whole >= 0 && !(d->by == CUE_INCLUDE && apart(c, d, whole))) return whole;
  int32_t otherwise = d->by == CUE_NONE ? -1 : whole_otherwise(c, d, part);
  return otherwise >= 0 ? otherwise : whole;
}

/* A part without goods of its own is one of the goods of its whole. */
static void of_whole(context *c, uint32_t i) {
  mk_reading *x = &c->r->list[i];
  const mk_reading *whole = reading_at(c, (size_t)x->included_in);
  if (c->goods[i].own || !whole->category || (c->goods[i].counts != COUNTS_GOODS && c->goods[i].counts != COUNTS_CASES)) return;
  x->category = whole->category;
  x->item = whole->item;
}

/* "1.362 vụ (1.267 vụ ma túy, 17 vụ tiền chất)": a bracket right behind a figure divides it and those joined with it. */
static bool bracketed(const context *c, const sentence *s, size_t i, division *out) {
  const mk_reading *whole = reading_at(c, i - 1);
  if (!countable(whole) || whole->direction || whole->to + 1 >= s->token_end || !is_mark(c, whole->to, '(')) return false;
  const cue open = {.first = whole->to};
  *out = (division){.first = (uint32_t)divided_from(c, s, i, &open), .end = (uint32_t)i, .close = true, .by = CUE_NONE,
                    .since = whole->to};
  return true;
}

/* What stands in a bracket may be of another phase or time, or a difference. */
static bool of_bracket(const mk_reading *x, const mk_reading *whole) { return !x->direction && of_one_time(x, whole); }

static bool names_time(mk_cue_kind k) {
  return (k >= CUE_LAST_YEAR && k <= CUE_LAST_PHASE) || k == CUE_THIS_YEAR || k == CUE_THIS_MONTH || k == CUE_YEAR_TO_DATE ||
         k == CUE_OVERALL || k == CUE_SAME_PERIOD;
}

static bool names_body(mk_cue_kind k) {
  return k == CUE_CUSTOMS || k == CUE_LOCAL || k == CUE_MEMBERS || k == CUE_AGENCY || k == CUE_COUNTRY || k == CUE_FORCE;
}

static void hear(const context *c, const sentence *s, size_t i, said *last) {
  size_t next = i + 1 < s->reading_end ? i + 1 : i, end = next > i ? reading_at(c, next)->token : s->token_end;
  for (; last->cue < s->cue_end && c->cues[last->cue].first < end; last->cue++) {
    const cue *q = &c->cues[last->cue];
    if (names_time(q->kind)) last->when = q->first;
    if (names_body(q->kind)) last->who = q->first;
  }
  for (size_t k = i; k <= next; k++)
    if (reading_at(c, k)->measure == MK_M_PHASE || is_time(reading_at(c, k)->measure)) last->when = reading_at(c, k)->token;
}

/* A part is of the phase, the time and the body of its whole unless another was named since the division began. */
static void of_its_time(mk_reading *x, const mk_reading *whole, const division *d, const said *last) {
  if (last->when < d->since) {
    x->phase = whole->phase;
    x->has_period = whole->has_period;
    x->period = whole->period;
  }
  if (last->who < d->since) x->scope = whole->scope;
}

static void tie(context *c, uint32_t i, division *stack, size_t depth, const said *last) {
  mk_reading *x = &c->r->list[i];
  for (size_t d = depth; d-- > 0 && x->included_in < 0;) {
    x->included_in = whole_for(c, &stack[d], i);
    if (x->included_in >= 0 && stack[d].by == CUE_NONE && !of_bracket(x, reading_at(c, (size_t)x->included_in))) x->included_in = -1;
    if (x->included_in < 0 && stack[d].by == CUE_NONE) continue;
    if (x->included_in >= 0) {
      of_whole(c, i);
      of_its_time(x, reading_at(c, (size_t)x->included_in), &stack[d], last);
    }
    stack[d].fresh = false;
  }
}

void parts_tie(context *c, const sentence *s) {
  division stack[DEPTH_MAX];
  size_t depth = 0, at = s->cue, token = s->token;
  said last = {.cue = s->cue};
  if (c->dividing && !s->page && (!s->line || c->listing))
    stack[depth++] = (division){.first = c->base, .end = c->base_end, .by = CUE_INCLUDE};
  else c->dividing = false;
  if (s->reading == s->reading_end && !s->page && s->cue < s->cue_end && c->base < c->base_end &&
      (c->cues[s->cue].kind == CUE_INCLUDE || c->cues[s->cue].kind == CUE_DETAIL) && c->cues[s->cue].first <= s->token + 1)
    c->dividing = true; /* "Trong đó:" in a line of its own */
  for (size_t i = s->reading; i < s->reading_end; i++) {
    const mk_reading *x = reading_at(c, i);
    for (; at < s->cue_end && c->cues[at].first < x->token; at++) {
      const cue *q = &c->cues[at];
      bool detail = q->kind == CUE_DETAIL && i == s->reading;
      if (q->kind != CUE_INCLUDE && q->kind != CUE_CONSIST && !detail) continue;
      if (depth < DEPTH_MAX && begin(c, s, q, i, &stack[depth])) depth++;
    }
    for (; token < x->token; token++) {
      bool closes = is_mark(c, token, ')');
      while (closes && depth && stack[depth - 1].close && stack[depth - 1].end <= i && reading_at(c, stack[depth - 1].end)->token < token)
        depth--;
    }
    bool opened = depth && stack[depth - 1].end == i;
    if (i > s->reading && depth < DEPTH_MAX && !opened && bracketed(c, s, i, &stack[depth])) depth++;
    hear(c, s, i, &last);
    if (countable(x) && depth) tie(c, (uint32_t)i, stack, depth, &last);
    if (depth < DEPTH_MAX && leads(c, s, i))
      stack[depth++] = (division){.first = (uint32_t)i, .end = (uint32_t)i + 1, .by = CUE_CONSIST, .since = x->token_end};
  }
  if (s->reading < s->reading_end && !c->dividing) {
    c->base = s->reading;
    c->base_end = s->reading_end;
  }
}
