/* read_context_when.c: which phase of the campaign and what time a figure is about. Phases and times that stand in the
 * sentence are its anchors; a figure goes with the one that follows it without a pause ("1.715 vụ trong giai đoạn 5"), else
 * with the last one before it, else with the next; without any, with what the sentences before were about. A figure with
 * a time of its own is the phase's only when that time lies inside the phase. May include: read_context.h. */
#include "read_context.h"

#include <string.h>

enum { ATTACHED_MAX = 9, COMPARED_MAX = 20, WINDOW_MIN = 60, MONTH_MIN = 28, LEAD_MAX = 2, OTHER_MAX = 5, LISTED_MAX = 8, BEGINNING_MAX = 10 }; /* words but for the days of WINDOW and MONTH and the sentences of LEAD */


/* ------------------------------------------------------------------ times */

static mk_date first_day(mk_period p) { return mk_day_date(mk_period_days(p).from); }
static mk_date last_day(mk_period p) { return mk_day_date(mk_period_days(p).to - 1); }
static mk_period range_of(mk_date from, mk_date to) { return (mk_period){from, to, true}; }

static bool year_said(const mk_reading *x) { return x->date.from.year != 0; }

/* Months and years of customs statistics begin and end in the middle of months: on the 16th, from 2025 on the 15th. */
static mk_period customs_time(mk_period p) {
  mk_date from = first_day(p), to = last_day(p), next = mk_day_date(mk_period_days(p).to);
  if (from.day != 1 || next.day != 1) return p;
  int8_t begin = from.year >= 2025 ? 15 : 16, end = to.year >= 2025 ? 14 : 15;
  mk_date before = mk_day_date(mk_day_number(from.year, from.month, 1) - 1);
  return range_of((mk_date){before.year, before.month, begin}, (mk_date){to.year, to.month, end});
}

/* The time that a date stands for; a day or month without a year is the last one up to the day of the text. */
static bool time_of(const context *c, const mk_reading *x, mk_period *out) {
  const mk_readings_opts *o = c->r->opts;
  mk_period p = x->date;
  if (!x->has_date || (!year_said(x) && !p.from.month)) return false;
  if (!year_said(x)) {
    int32_t year = o->has_as_of ? o->as_of.year : c->year;
    if (!year) return false;
    p.from.year = p.to.year = year;
    bool turned = p.range && p.from.month > p.to.month; /* từ ngày 15/12 đến ngày 20/1 */
    if (o->has_as_of && mk_date_days(turned ? p.to : p.from).from > mk_date_days(o->as_of).from) p.from.year = p.to.year = year - 1;
    p.from.year -= turned;
  }
  *out = o->customs ? customs_time(p) : p;
  return true;
}

static bool inside(mk_period a, mk_period b) {
  mk_days x = mk_period_days(a), y = mk_period_days(b);
  return x.from >= y.from && x.to <= y.to;
}

static bool same_time(mk_period a, mk_period b) {
  mk_days x = mk_period_days(a), y = mk_period_days(b);
  return x.from == y.from && x.to == y.to;
}

/* The days of the phases as data/ has them, where it has both. */
static void known_days(context *c) {
  c->days_known = true;
  for (size_t i = 0; i < mk_entity_count; i++) {
    const mk_entity *e = &mk_entities[i];
    if (strcmp(e->kind, "phase") != 0 || strncmp(e->code, "OMD", 3) != 0 || !*e->valid_from || !*e->valid_to) continue;
    int phase = e->code[3] - '0';
    mk_period p = {.range = true};
    if (phase < 1 || phase > PHASE_LAST || e->code[4] || !mk_date_iso(&p.from, e->valid_from, strlen(e->valid_from), NULL) ||
        !mk_date_iso(&p.to, e->valid_to, strlen(e->valid_to), NULL))
      continue;
    c->known[phase] = p;
  }
}

/* The days of a phase: as the text says them, else as data/ has them. */
static bool phase_days(context *c, int phase, mk_period *out) {
  if (!c->days_known) known_days(c);
  *out = c->window_said[phase] ? c->window[phase] : c->known[phase];
  return out->from.year != 0;
}

/* ------------------------------------------------------------------ anchors */

/* How a date stands: as itself, as the beginning of a time ("từ năm 2018"), of one since the year began ("từ đầu năm 2024"),
 * or as its end ("tính đến hết ngày 15/9"). */
typedef enum { STANDS_ITSELF, STANDS_SINCE, STANDS_SINCE_YEAR, STANDS_UNTIL } stands;

/* "kể từ khi chiến dịch khởi động năm 2018": a time something began in, not one that figures are of. */
static bool of_beginning(const context *c, const sentence *s, size_t i) {
  for (size_t k = i; k > s->token && i - k < BEGINNING_MAX; k--) {
    const mk_rtoken *t = &c->r->tokens[k - 1];
    if (t->kind == MK_RT_MARK || t->kind == MK_RT_NUMBER) return false;
    if (mk_rphrase_at(c->r, k - 1, "từ khi")) return true;
  }
  return false;
}

static stands stands_as(const context *c, const sentence *s, const mk_reading *x) {
  static const char *const units[] = {"năm", "tháng", "ngày", "hết", NULL};
  size_t i = x->from;
  if (x->date.range) return STANDS_ITSELF;
  while (i > s->token && is_word(c, i - 1, units)) i--;
  if (i > s->token && (mk_rword_is(c->r, i - 1, "đến") || mk_rword_is(c->r, i - 1, "tới"))) return STANDS_UNTIL;
  bool year = i > s->token && mk_rword_is(c->r, i - 1, "đầu");
  if (i > s->token + year && mk_rword_is(c->r, i - 1 - year, "từ")) return year ? STANDS_SINCE_YEAR : STANDS_SINCE;
  return of_beginning(c, s, i) ? STANDS_SINCE : STANDS_ITSELF;
}

/* The time since a date up to the day of the text; without that day only a year that began is one. */
static bool since(const context *c, const mk_reading *x, stands as, mk_period *out) {
  const mk_readings_opts *o = c->r->opts;
  mk_period p;
  if (!mk_rword_is(c->r, x->token_end, "đến") && !mk_rword_is(c->r, x->token_end, "tới") && as == STANDS_SINCE) return false;
  if (!time_of(c, x, &p)) return false;
  if (o->has_as_of && mk_date_days(o->as_of).from > mk_period_days(p).from) *out = range_of(first_day(p), o->as_of);
  else if (as == STANDS_SINCE_YEAR) *out = p;
  else return false;
  return true;
}

/* Several phases together ("trong 5 giai đoạn") are none. */
static bool several_phases(const mk_reading *x) {
  return x->measure == MK_M_COUNT && x->unit && strcmp(x->unit->code, "phase") == 0;
}

/* "giai đoạn 2 của dự án", "đề án giai đoạn 1": phases of something else. */
static bool of_something_else(const context *c, const mk_reading *x) {
  static const char *const list[] = {"dự án", "đề án", "chuyên án", "vụ án", "cao tốc", "metro", "công trình", "quy hoạch", NULL};
  for (size_t k = 0; k < OTHER_MAX && k < x->token; k++) {
    size_t at = x->token - k;
    if (mk_rword_is(c->r, at - 1, "dịch") || (c->r->tokens[at].flags & MK_RT_SENTENCE)) break; /* chiến dịch */
    for (const char *const *p = list; *p; p++)
      if (mk_rphrase_before(c->r, at, *p)) return true;
  }
  for (const char *const *p = list; *p; p++)
    if (mk_rphrase_at(c->r, x->token_end, *p) || (mk_rword_is(c->r, x->token_end, "của") && mk_rphrase_at(c->r, x->token_end + 1, *p)))
      return true;
  return false;
}

static int phase_of(const context *c, const mk_reading *x) {
  int64_t v;
  if (x->measure != MK_M_PHASE || !x->has_value || x->has_high || !mk_num_int64(x->low.value, &v)) return 0;
  return v >= 1 && v <= PHASE_LAST && !of_something_else(c, x) ? (int)v : 0;
}

static bool make_anchor(const context *c, const sentence *s, size_t i, anchor *out) {
  const mk_reading *x = reading_at(c, i);
  *out = (anchor){.token = x->token, .token_end = x->token_end, .reading = (uint32_t)i};
  if (x->measure == MK_M_PHASE) {
    out->phase = phase_of(c, x);
    out->whole = out->phase == 0;
    return true;
  }
  if (several_phases(x)) {
    out->whole = true;
    return true;
  }
  if (!is_time(x->measure)) return false;
  stands as = stands_as(c, s, x);
  if (as == STANDS_UNTIL) return false;
  if (as == STANDS_ITSELF) return time_of(c, x, &out->period);
  out->whole = !since(c, x, as, &out->period);
  return true;
}

/* "tháng trước", "năm nay" by the day of the text. */
static bool relative_time(const context *c, mk_cue_kind kind, mk_period *out) {
  const mk_readings_opts *o = c->r->opts;
  mk_date d = o->as_of;
  if (!o->has_as_of) return false;
  if (kind == CUE_YEAR_TO_DATE) {
    *out = range_of((mk_date){d.year, 1, 1}, d);
    if (o->customs) out->from = first_day(customs_time((mk_period){{d.year, 0, 0}, {d.year, 0, 0}, false}));
    return true;
  }
  if (kind == CUE_LAST_YEAR || kind == CUE_THIS_YEAR) d = (mk_date){d.year - (kind == CUE_LAST_YEAR), 0, 0};
  else if (kind == CUE_THIS_MONTH) d.day = 0;
  else if (kind == CUE_LAST_MONTH) d = d.month > 1 ? (mk_date){d.year, (int8_t)(d.month - 1), 0} : (mk_date){d.year - 1, 12, 0};
  else return false;
  *out = (mk_period){d, d, false};
  if (o->customs) *out = customs_time(*out);
  return true;
}

bool measured_by(const context *c, const mk_reading *change, const mk_reading *base) {
  bool ratio = change->measure == MK_M_TIMES_CHANGE ||
               (change->unit && strcmp(change->unit->code, "%") == 0 && mk_rphrase_before(c->r, change->token, "bằng") != 0);
  return ratio && base->token >= change->token_end && base->token <= change->token_end + 1 &&
         !mk_rword_is(c->r, change->token_end, "trong") && !mk_rword_is(c->r, change->token_end, ",");
}

/* The same days of another year: the one named behind "cùng kỳ", else the year before. */
static bool year_back(const context *c, const sentence *s, const anchor *list, size_t count, size_t reading, const cue *q,
                      mk_period *out) {
  const anchor *main = NULL;
  for (size_t i = count; i-- > 0 && count - i <= 4 && !main;)
    if (!list[i].compared && !list[i].shifted && !list[i].phase && !list[i].whole) main = &list[i];
  if (!main && !c->now.has_period) return false;
  *out = main ? main->period : c->now.period;
  int32_t year = out->to.year - 1;
  if (reading < s->reading_end) {
    const mk_reading *x = reading_at(c, reading);
    if (is_time(x->measure) && x->token <= q->end + 1 && year_said(x) && !x->date.range) year = x->date.from.year;
  }
  int32_t back = out->to.year - year;
  out->from.year -= back;
  out->to.year -= back;
  if (out->from.month == 2 && out->from.day == 29) out->from.day = 28;
  if (out->to.month == 2 && out->to.day >= 28) out->to.day = mk_day_date(mk_day_number(out->to.year, 3, 1) - 1).day;
  return back > 0 && out->from.year > 0;
}

/* "90 vụ (giai đoạn 5: 80 vụ)": a phase with a figure of its own in a bracket right behind another figure holds to the end
 * of the bracket. */
static bool holds_in_bracket(const context *c, const sentence *s, size_t i) {
  const mk_reading *x = reading_at(c, i);
  if (i == s->reading || i + 1 >= s->reading_end || x->measure != MK_M_PHASE) return false;
  const mk_reading *before = reading_at(c, i - 1), *next = reading_at(c, i + 1);
  return before->measure != MK_M_PHASE && !is_time(before->measure) && before->token_end + 1 == x->token &&
         is_mark(c, before->token_end, '(') && is_mark(c, x->token_end, ':') && next->token == x->token_end + 1 &&
         next->token_end < s->token_end && is_mark(c, next->token_end, ')');
}

/* Cues from *at on: what is compared with, meetings and reports about dates, the whole of the campaign. */
static size_t collect(const context *c, const sentence *s, anchor *list) {
  size_t count = 0, at = s->cue, versus_end = 0;
  bool versus = false;
  mk_period said;
  for (size_t i = s->reading; i <= s->reading_end; i++) {
    size_t end = i < s->reading_end ? reading_at(c, i)->token : s->token_end;
    for (; at < s->cue_end && c->cues[at].first < end; at++) {
      const cue *q = &c->cues[at];
      if (q->kind == CUE_SAME_PERIOD && year_back(c, s, list, count, i, q, &said)) {
        list[count++] = (anchor){.token = q->first, .token_end = q->end, .reading = UINT32_MAX, .compared = versus,
                                 .shifted = true, .period = said, .since = (uint32_t)(versus ? versus_end : q->end)};
        versus = true;
        versus_end = q->end;
      } else if (q->kind == CUE_VERSUS || q->kind == CUE_SAME_PERIOD) {
        versus = true;
        versus_end = q->end;
      } else if (q->kind == CUE_OVERALL && i > s->reading && reading_at(c, i - 1)->token_end == q->first) {
        continue; /* the end of a time that was said */
      } else if (q->kind == CUE_OVERALL) {
        list[count++] = (anchor){.token = q->first, .token_end = q->end, .whole = true, .reading = UINT32_MAX};
      } else if (!versus && relative_time(c, q->kind, &said)) {
        list[count++] = (anchor){.token = q->first, .token_end = q->end, .reading = UINT32_MAX, .period = said};
      }
    }
    if (i == s->reading_end || !make_anchor(c, s, i, &list[count])) continue;
    for (size_t k = versus_end; versus && k < list[count].token; k++)
      if (k > versus_end + COMPARED_MAX || is_mark(c, k, ',') || is_mark(c, k, ';') || is_mark(c, k, ')')) versus = false;
    list[count].since = versus ? (uint32_t)versus_end : list[count].token;
    list[count].bracket = holds_in_bracket(c, s, i);
    list[count].compared = versus || (i > s->reading && measured_by(c, reading_at(c, i - 1), reading_at(c, i)));
    count++;
  }
  return count;
}

static bool has_cue(const context *c, const sentence *s, mk_cue_kind kind) {
  for (size_t i = s->cue; i < s->cue_end; i++)
    if (c->cues[i].kind == kind) return true;
  return false;
}

/* Months that are for the most part those of the phase. */
static bool overlaps(mk_period p, mk_period known) {
  mk_days a = mk_period_days(p), b = mk_period_days(known);
  int32_t from = a.from > b.from ? a.from : b.from, to = a.to < b.to ? a.to : b.to;
  return a.to - a.from >= WINDOW_MIN && (to - from) * 5 >= (b.to - b.from) * 4 && (to - from) * 5 >= (a.to - a.from) * 4;
}

/* A time that says when the phase ran: about its known days, or in brackets behind its name, or behind a word for running. */
static bool is_window(context *c, const anchor *a, int of, size_t phase_end, mk_cue_kind before) {
  mk_period known;
  if (reading_at(c, a->reading)->measure == MK_M_DATE_RANGE && phase_days(c, of, &known) && overlaps(a->period, known)) return true;
  bool named = phase_end && phase_end + 1 == a->token && is_mark(c, phase_end, '('); /* giai đoạn I (2018) */
  if ((reading_at(c, a->reading)->measure != MK_M_DATE_RANGE && !named) || a->compared) return false;
  if (phase_end && phase_end < a->token && is_mark(c, phase_end, '(') && a->token <= phase_end + 5) return true;
  return before == CUE_WINDOW;
}

static void find_windows(context *c, const sentence *s, anchor *list, size_t count) {
  int phase = c->now.phase ? c->now.phase : c->text.phase;
  bool campaign = has_cue(c, s, CUE_CAMPAIGN);
  size_t phase_end = 0, at = s->cue;
  mk_cue_kind before = CUE_NONE;
  for (size_t i = 0; i < count; i++) {
    anchor *a = &list[i];
    for (; at < s->cue_end && c->cues[at].first < a->token; at++) {
      mk_cue_kind k = c->cues[at].kind;
      if (before != CUE_MEETING && (k == CUE_WINDOW || k == CUE_MEETING || k == CUE_SEIZE)) before = k;
    }
    if (a->phase && !a->compared) {
      phase = a->phase;
      phase_end = a->token_end;
      campaign = true;
    }
    if (a->whole || a->phase || a->reading == UINT32_MAX || phase <= 0 || s->page) continue;
    if (!campaign) before = CUE_NONE; /* then only its known days tell */
    if (!is_window(c, a, phase, phase_end, before)) continue;
    a->phase = phase;
    c->r->list[a->reading].phase = phase;
    c->window_said[phase] = true;
    c->window[phase] = a->period;
  }
}

/* Days on which something was held or told are not what the figures told there cover. */
static void find_events(const context *c, const sentence *s, anchor *list, size_t count) {
  size_t at = s->cue_end;
  bool met = false;
  for (size_t i = count; i-- > 0;) {
    anchor *a = &list[i];
    for (; at > s->cue && c->cues[at - 1].first >= a->token_end; at--) {
      mk_cue_kind k = c->cues[at - 1].kind;
      if (k == CUE_MEETING || k == CUE_REPORT) met = true;
      if (k == CUE_SEIZE && !met) continue;
    }
    if (!a->phase && !a->whole && a->reading != UINT32_MAX) {
      const mk_reading *x = reading_at(c, a->reading);
      bool day = x->date.from.day && mk_period_days(a->period).to - mk_period_days(a->period).from <= 7;
      a->event = day && met;
    }
  }
  /* "Hội nghị lần thứ XVI tại Phúc Kiến năm 2024": a year behind a meeting. */
  at = s->cue;
  size_t meeting = 0;
  for (size_t i = 0; i < count; i++) {
    anchor *a = &list[i];
    for (; at < s->cue_end && c->cues[at].first < a->token; at++) {
      mk_cue_kind k = c->cues[at].kind;
      if (k == CUE_MEETING) meeting = c->cues[at].end;
      else if (k == CUE_SEIZE) meeting = 0;
    }
    if (!a->phase && !a->whole && meeting && a->token < meeting + 14) a->event = true;
  }
}

/* ------------------------------------------------------------------ figures */

/* Whether a figure can be of a phase or a time at all: people at a meeting, ranks and lengths are not. */
static bool timeless(const mk_reading *x) {
  static const char *const units[] = {"delegate", "ordinal", NULL};
  if (x->measure == MK_M_PHASE || is_time(x->measure) || x->measure == MK_M_ORDINAL || x->measure == MK_M_DURATION) return true;
  for (const char *const *u = units; x->unit && *u; u++)
    if (strcmp(x->unit->code, *u) == 0) return true;
  return several_phases(x);
}

/* Meetings are no result of a phase. */
static bool is_meeting(const mk_reading *x) { return x->unit && strcmp(x->unit->code, "meeting") == 0; }

/* The anchor after a figure with nothing but words between. */
static const anchor *attached(const context *c, const mk_reading *x, size_t i, const sentence *s, const anchor *a) {
  bool both = a->compared && x->token >= a->since; /* "so với 151 vụ năm 2022" */
  if (a->shifted && !both) return NULL;
  static const char *const joins[] = {"và", "rồi", "còn", "nhưng", "thì", NULL};
  if (a->token < x->token_end || a->token > x->token_end + ATTACHED_MAX || a->event) return NULL;
  if (i + 1 < s->reading_end && reading_at(c, i + 1)->token < a->token) return NULL;
  for (size_t k = x->token_end; k < a->token; k++)
    if ((c->r->tokens[k].kind == MK_RT_MARK && !is_mark(c, k, '/')) || is_word(c, k, joins)) return NULL;
  return !a->compared || both ? a : NULL;
}

/* "so với giai đoạn IV (1.362 vụ)", "so với 1.362 vụ của giai đoạn IV", "so với giai đoạn 5 là 100 vụ". */
static const anchor *in_brackets(const context *c, const mk_reading *x, const anchor *a) {
  static const char *const is[] = {"là", NULL};
  if (x->from <= a->token_end || x->from > a->token_end + 4) return NULL;
  bool rate = x->unit && (strcmp(x->unit->code, "%") == 0 || strcmp(x->unit->code, "x") == 0);
  return is_mark(c, a->token_end, '(') || (a->compared && !rate && is_word(c, a->token_end, is)) ? a : NULL;
}

static bool usable(const anchor *a) { return !a->compared && !a->event; }
static bool is_main(const anchor *a) { return usable(a) && !a->shifted && !a->bracket; }

/* next: the first anchor after the figure; last: the last usable one before it, or the first of all, or NULL. */
static const anchor *choose(const context *c, const sentence *s, size_t i, const anchor *list, size_t count, size_t next,
                            const anchor *last) {
  const mk_reading *x = reading_at(c, i);
  const anchor *a;
  if (next < count && (a = attached(c, x, i, s, &list[next]))) return a;
  if (next > 0 && (a = in_brackets(c, x, &list[next - 1]))) return a;
  return last;
}

static void set_time(mk_reading *x, mk_period p) {
  x->has_period = true;
  x->period = p;
}

/* A phase as far as it is meant beside a time: only when the time lies in it. */
static int phase_beside(context *c, unsigned phases, const anchor *of) {
  mk_period days;
  for (int phase = 1; phase <= PHASE_LAST; phase++)
    if ((phases >> phase & 1) && phase_days(c, phase, &days) && inside(of->period, days)) return phase;
  return 0;
}

static unsigned phases_named(const anchor *list, size_t count) {
  unsigned phases = 0;
  for (size_t i = 0; i < count; i++)
    if (list[i].phase && !list[i].compared) phases |= 1u << list[i].phase;
  return phases;
}

/* Whether a time is that of the phase but for the days in its months. */
static bool same_months(context *c, int phase, mk_period p) {
  mk_period known;
  if (!phase_days(c, phase, &known)) return true;
  mk_date a = first_day(known), b = last_day(known), from = first_day(p), to = last_day(p);
  return a.year == from.year && a.month == from.month && b.year == to.year && b.month == to.month;
}

/* range: the last range of dates named in the sentence, or NULL. */
static void tie_figure(context *c, mk_reading *x, const anchor *a, unsigned phases, const anchor *range) {
  if (a->whole) return;
  if (a->phase) {
    x->phase = a->phase;
    if (range && same_months(c, a->phase, range->period)) set_time(x, range->period);
    return;
  }
  set_time(x, a->period);
  x->phase = phase_beside(c, phases, a);
}

static void tie_carried(const context *c, mk_reading *x) {
  if (c->now.whole) return;
  x->phase = c->now.phase;
  if (c->now.has_period) set_time(x, c->now.period);
}

/* ------------------------------------------------------------------ what goes on */

static void agree(context *c, const anchor *a) {
  subject *t = &c->text;
  if (a->phase) {
    if (t->phase && t->phase != a->phase) t->phase = -1;
    else if (!t->phase) t->phase = a->phase;
  } else if (!a->whole) {
    mk_days days = mk_period_days(a->period);
    if (t->has_period && !same_time(t->period, a->period)) c->times_differ = true;
    if (t->has_period || c->lead > LEAD_MAX || days.to - days.from < MONTH_MIN) return;
    t->has_period = true;
    t->period = a->period;
  }
}

static void remember(context *c, const anchor *list, size_t count) {
  const anchor *last = NULL;
  for (const anchor *a = list; a < list + count; a++) {
    if (!is_main(a)) continue;
    agree(c, a);
    last = a;
  }
  if (!last) return;
  c->now.phase = last->phase;
  c->now.whole = last->whole;
  c->now.has_period = !last->phase && !last->whole;
  c->now.period = last->period;
  if (c->now.has_period) c->now.phase = phase_beside(c, phases_named(list, count), last);
}

/* What a sentence without phase and time of its own goes on with. */
static void go_on(context *c, const sentence *s) {
  bool campaign = has_cue(c, s, CUE_CAMPAIGN);
  if (s->line && !c->listing && !c->headed) {
    if (c->text.phase < 0) c->now.phase = 0;
    c->now.has_period = c->text.has_period && !c->times_differ && !c->now.phase;
    c->now.period = c->text.period;
    c->now.whole = false;
  }
  if (campaign && !c->now.phase && c->text.phase > 0) {
    c->now.phase = c->text.phase;
    c->now.has_period = false;
    c->now.whole = false;
  }
}

static void own_times(context *c, const sentence *s) {
  for (size_t i = s->reading; i < s->reading_end; i++) {
    mk_reading *x = &c->r->list[i];
    mk_period p;
    if (is_time(x->measure) && time_of(c, x, &p)) {
      set_time(x, p);
      if (year_said(x)) c->year = x->date.to.year;
    }
    if (x->measure == MK_M_PHASE) x->phase = phase_of(c, x);
  }
}

/* "Đó là kết quả của giai đoạn 5": the figures of the paragraph that have neither phase nor time are of that phase. */
static void tie_back(context *c, const sentence *s, int phase) {
  if (s->cue == s->cue_end || c->cues[s->cue].kind != CUE_BACK || c->cues[s->cue].first != s->token || phase <= 0) return;
  for (size_t i = c->paragraph_from; i < s->reading; i++) {
    mk_reading *x = &c->r->list[i];
    if (timeless(x) || is_meeting(x) || x->phase || x->has_period) continue;
    x->phase = phase;
    if (c->window_said[phase]) set_time(x, c->window[phase]);
  }
  c->paragraph_from = s->reading_end;
}

/* Whether nothing but "và", "," and words for time and phase stand in from..end-1. */
static bool listed(const context *c, size_t from, size_t end) {
  static const char *const words[] = {"và", ",", "năm", "tháng", "quý", "giai", "đoạn", "ngày", "là", ":", "ở", "mức", "có", "khoảng",
                                      "gần", "hơn", "trên", NULL};
  if (end > from + LISTED_MAX) return false;
  for (; from < end; from++)
    if (!is_word(c, from, words)) return false;
  return true;
}

/* "Giai đoạn 3 và 4 lần lượt có 868 và 1.362 vụ": the last anchors before the word in a row, and as many figures behind it. */
static void tie_respectively(context *c, const sentence *s, const anchor *list, size_t count) {
  size_t at = s->cue, word, end = 0, first, i = s->reading, n = 0;
  while (at < s->cue_end && c->cues[at].kind != CUE_RESPECTIVELY) at++;
  if (at == s->cue_end) return;
  word = c->cues[at].first;
  while (end < count && list[end].token < word) end++;
  for (first = end; first > 0 && is_main(&list[first - 1]) && !list[first - 1].whole; first--)
    if (first < end && !listed(c, list[first - 1].token_end, list[first].token)) break;
  while (i < s->reading_end && reading_at(c, i)->token < word) i++;
  size_t begin = i;
  for (; i < s->reading_end && n < end - first; i++, n++)
    if (timeless(reading_at(c, i)) || (n && !listed(c, reading_at(c, i - 1)->token_end, reading_at(c, i)->token))) break;
  if (n < 2 || n != end - first) return;
  for (size_t k = 0; k < n; k++) {
    mk_reading *x = &c->r->list[begin + k];
    x->phase = 0;
    x->has_period = false;
    tie_figure(c, x, &list[first + k], 0, NULL);
    if (x->phase && c->window_said[x->phase]) set_time(x, c->window[x->phase]);
  }
}

/* A line without figures that names a phase or a time and does not end as a sentence is the heading of the lines under it. */
static void head(context *c, const sentence *s, const anchor *last) {
  if (!last) return;
  c->headed = s->line && !is_mark(c, s->token_end - 1, '.');
  for (size_t i = s->reading; i < s->reading_end; i++) c->headed &= timeless(reading_at(c, i));
}

void when_tie(context *c, const sentence *s) {
  if (s->line) c->paragraph_from = s->reading;
  own_times(c, s);
  anchor *list = c->anchors;
  size_t count = collect(c, s, list), next = 0;
  find_windows(c, s, list, count);
  find_events(c, s, list, count);
  const anchor *last = NULL, *range = NULL;
  for (size_t i = 0; i < count && !last; i++)
    if (is_main(&list[i])) last = &list[i];
  const anchor *main = last;
  if (!last && !s->page) go_on(c, s);
  unsigned phases = phases_named(list, count);
  for (size_t i = s->reading; i < s->reading_end; i++) {
    mk_reading *x = &c->r->list[i];
    for (; next < count && list[next].token < x->token; next++) {
      if (!usable(&list[next])) continue;
      last = &list[next];
      if (!last->bracket) main = last;
      if (last->reading != UINT32_MAX && last->period.range) range = last;
    }
    if (timeless(x)) continue;
    const anchor *a = choose(c, s, i, list, count, next, last);
    if (a) tie_figure(c, x, a, phases, range);
    else if (!s->page && !is_meeting(x)) tie_carried(c, x);
    if (last && last->bracket) last = main;
    if (is_meeting(x)) x->phase = 0;
    if (x->phase && !x->has_period && c->window_said[x->phase]) set_time(x, c->window[x->phase]);
  }
  tie_respectively(c, s, list, count);
  if (s->page) return;
  remember(c, list, count);
  head(c, s, last);
  if (last) tie_back(c, s, c->now.phase);
}
