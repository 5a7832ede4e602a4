/* read_context_versus.c: what a change is measured against: "so với giai đoạn 4", "so với cùng kỳ", "so với năm 2023", "so
 * với tháng trước". The comparison behind a change is its own and that of the changes before it without one; else the one
 * before it in the sentence. May include: read_context.h. */
#include "read_context.h"

enum { REACH_MAX = 14 };

typedef struct { mk_versus kind; int phase; mk_period period; bool relative; mk_cue_kind before; } base;

/* The base that stands behind "so với": a phase, a time, the same period. cue_at: the first cue behind it. */
static bool base_at(const context *c, const sentence *s, size_t from, size_t cue_at, size_t reading, base *out) {
  size_t end = from + REACH_MAX < s->token_end ? from + REACH_MAX : s->token_end;
  for (size_t k = from; k < end; k++) {
    while (reading < s->reading_end && reading_at(c, reading)->token < k) reading++;
    while (cue_at < s->cue_end && c->cues[cue_at].first < k) cue_at++;
    if (cue_at < s->cue_end && c->cues[cue_at].first == k) {
      mk_cue_kind kind = c->cues[cue_at].kind;
      if (kind == CUE_SAME_PERIOD) {
        *out = (base){.kind = MK_VS_SAME_PERIOD};
        return true;
      }
      if (kind >= CUE_LAST_YEAR && kind <= CUE_LAST_PHASE) {
        *out = (base){.relative = true, .before = kind};
        return true;
      }
    }
    if (reading < s->reading_end && reading_at(c, reading)->token == k) {
      const mk_reading *x = reading_at(c, reading);
      if (x->measure == MK_M_PHASE && x->phase) {
        *out = (base){.kind = MK_VS_PHASE, .phase = x->phase};
        return true;
      }
      if (is_time(x->measure) && x->has_period) {
        *out = (base){.kind = MK_VS_PERIOD, .period = x->period};
        return true;
      }
    }
    if (is_mark(c, k, ';') || is_mark(c, k, ',')) return false;
  }
  return false;
}

/* The month before one that begins within a month, as those of customs statistics: 15/7 to 14/8. */
static bool shifted_month(mk_date from, mk_days days, mk_period *out) {
  mk_date next = mk_day_date(days.to);
  if (from.day == 1 || next.day != from.day || (next.year * 12 + next.month) - (from.year * 12 + from.month) != 1) return false;
  mk_date begin = from.month > 1 ? (mk_date){from.year, (int8_t)(from.month - 1), from.day} : (mk_date){from.year - 1, 12, from.day};
  *out = (mk_period){begin, mk_day_date(days.from - 1), true};
  return begin.day <= 28;
}

/* The year, month or quarter before a time. */
static bool time_before(mk_period p, mk_cue_kind before, mk_period *out) {
  mk_days days = mk_period_days(p);
  mk_date from = mk_day_date(days.from), last = mk_day_date(days.to - 1);
  *out = (mk_period){0};
  if (before == CUE_LAST_YEAR) {
    if (from.year != last.year) return false;
    out->from = out->to = (mk_date){from.year - 1, 0, 0};
    return true;
  }
  if (before == CUE_LAST_MONTH && shifted_month(from, days, out)) return true;
  if (from.year != last.year || from.month != last.month) {
    if (before != CUE_LAST_QUARTER || from.day != 1) return false;
    mk_date end = mk_day_date(days.from - 1);
    mk_date begin = {end.year, (int8_t)(end.month - 2), 1};
    if (begin.month < 1) return false;
    *out = (mk_period){begin, end, true};
    return true;
  }
  mk_date end = mk_day_date(mk_day_number(from.year, from.month, 1) - 1);
  out->from = out->to = (mk_date){end.year, end.month, 0};
  return before == CUE_LAST_MONTH;
}

static void set_base(mk_reading *x, base b) {
  if (b.relative && b.before == CUE_LAST_PHASE) {
    if (x->phase > 1) b = (base){.kind = MK_VS_PHASE, .phase = x->phase - 1};
  } else if (b.relative && x->has_period && time_before(x->period, b.before, &b.period)) {
    b.kind = MK_VS_PERIOD;
  }
  x->versus = b.kind;
  x->versus_phase = b.phase;
  x->versus_period = b.period;
}

/* A change in times, percent or in its own unit ("tăng 15 vụ so với quý trước"). */
static bool compares(const mk_reading *x) { return is_change(x->measure) || x->direction != 0; }

/* "tăng từ 1.362 vụ lên 1.715 vụ": the figure at reading i is what the next one has grown or fallen from. */
static bool former(const context *c, const sentence *s, size_t i) {
  static const char *const turns[] = {"tăng", "giảm", NULL}, *const to[] = {"lên", "xuống", "còn", NULL};
  const mk_reading *x = reading_at(c, i), *y = reading_at(c, i + 1);
  size_t from = x->from;
  if (from < s->token + 2 || x->unit != y->unit || y->token > x->token_end + 3 || !mk_rword_is(c->r, from - 1, "từ")) return false;
  bool turns_before = is_word(c, from - 2, turns) || (from > s->token + 2 && is_word(c, from - 3, turns));
  for (size_t k = x->token_end; turns_before && k < y->token; k++)
    if (is_word(c, k, to)) return true;
  return false;
}

/* What was before a change is of its base, or of a phase and time that are not said. */
static void set_former(mk_reading *x, const base *b) {
  x->phase = b && b->kind == MK_VS_PHASE ? b->phase : 0;
  x->has_period = b && b->kind == MK_VS_PERIOD;
  if (x->has_period) x->period = b->period;
}

void versus_tie(context *c, const sentence *s) {
  base found = {0};
  bool have = false;
  size_t at = s->cue, pending = s->reading;
  for (size_t i = s->reading; i <= s->reading_end; i++) {
    size_t end = i < s->reading_end ? reading_at(c, i)->token : s->token_end;
    for (; at < s->cue_end && c->cues[at].first < end; at++) {
      const cue *q = &c->cues[at];
      if (q->kind != CUE_VERSUS && q->kind != CUE_SAME_PERIOD) continue;
      size_t from = q->kind == CUE_VERSUS ? q->end : q->first;
      base next;
      if (!base_at(c, s, from, at + (q->kind == CUE_VERSUS), i, &next)) continue;
      found = next;
      have = true;
      for (; pending < i; pending++)
        if (compares(reading_at(c, pending))) set_base(&c->r->list[pending], found);
    }
  }
  for (size_t i = pending; have && i < s->reading_end; i++)
    if (compares(reading_at(c, i))) set_base(&c->r->list[i], found);
  for (size_t i = s->reading; i + 1 < s->reading_end; i++)
    if (former(c, s, i)) set_former(&c->r->list[i], have ? &found : NULL);
  for (size_t i = s->reading + 1; i < s->reading_end; i++) {
    const mk_reading *x = reading_at(c, i - 1), *y = reading_at(c, i);
    if (x->versus != MK_VS_NOTHING || !measured_by(c, x, y)) continue;
    if (y->measure == MK_M_PHASE && y->phase) set_base(&c->r->list[i - 1], (base){.kind = MK_VS_PHASE, .phase = y->phase});
    else if (is_time(y->measure) && y->has_period) set_base(&c->r->list[i - 1], (base){.kind = MK_VS_PERIOD, .period = y->period});
  }
}
