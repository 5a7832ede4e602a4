/* read_context.c: what the figures of a text are about. Cuts the text into sentences with their cues and figures, marks what
 * is no part of the article, and has every concept tie the figures of one sentence after the other. May include:
 * read_context.h. */
#include "read_context.h"

static size_t count_sentences(const mk_readings *r) {
  size_t n = 0;
  for (size_t i = 0; i < r->token_count; i++) n += i == 0 || (r->tokens[i].flags & MK_RT_SENTENCE);
  return n;
}

static void cut(const context *c, sentence *list) {
  const mk_readings *r = c->r;
  size_t n = 0, cue_at = 0, reading = 0;
  for (size_t i = 0; i < r->token_count;) {
    size_t end = i + 1;
    while (end < r->token_count && !(r->tokens[end].flags & MK_RT_SENTENCE)) end++;
    sentence *s = &list[n++];
    *s = (sentence){.token = (uint32_t)i, .token_end = (uint32_t)end, .cue = (uint32_t)cue_at, .reading = (uint32_t)reading,
                    .line = i == 0 || (r->tokens[i].flags & MK_RT_LINE)};
    while (cue_at < c->cue_count && c->cues[cue_at].first < end) cue_at++;
    while (reading < r->count && r->list[reading].token < end) reading++;
    s->cue_end = (uint32_t)cue_at;
    s->reading_end = (uint32_t)reading;
    i = end;
  }
}

/* Lines of a list go on with what was said above them: behind a colon, until one ends with a point. */
static bool lists(const context *c, const sentence *s) {
  if (s->token == 0) return false;
  return is_mark(c, s->token - 1, ':') || is_mark(c, s->token - 1, ';') || (c->listing && !is_mark(c, s->token - 1, '.'));
}

static bool goes_on(mk_cue_kind k) { return k == CUE_INCLUDE || k == CUE_DETAIL || k == CUE_VERSUS || k == CUE_SAME_PERIOD; }

static bool begins_item(const context *c, const sentence *s) {
  return is_mark(c, s->token, '-') || is_mark(c, s->token, '+') || is_mark(c, s->token, '*') ||
         (s->cue < s->cue_end && c->cues[s->cue].first == s->token && goes_on(c->cues[s->cue].kind));
}

/* A line that compares goes on with a time, not with the goods of the last item above it. */
static bool begins_comparison(const context *c, const sentence *s) {
  return s->cue < s->cue_end && c->cues[s->cue].first == s->token &&
         (c->cues[s->cue].kind == CUE_VERSUS || c->cues[s->cue].kind == CUE_SAME_PERIOD);
}

/* "kết quả sơ bộ với 1.155 vụ ..." holds for the figures behind it, also where the next sentences divide them. */
static void tie_preliminary(context *c, const sentence *s) {
  size_t at = s->cue;
  bool on = c->dividing && c->preliminary;
  for (size_t i = s->reading; i < s->reading_end; i++) {
    mk_reading *x = &c->r->list[i];
    for (; at < s->cue_end && c->cues[at].first < x->token; at++) on |= c->cues[at].kind == CUE_PRELIMINARY;
    bool number = x->measure != MK_M_PHASE && x->measure != MK_M_ORDINAL && !is_time(x->measure);
    x->preliminary |= on && number;
  }
  if (s->reading < s->reading_end) c->preliminary = on;
}

static void tie(context *c, const sentence *list, size_t count) {
  for (size_t i = 0; i < count; i++) {
    const sentence *s = &list[i];
    if (s->line) c->listing = lists(c, s) || begins_item(c, s);
    c->lead += c->lead < UINT16_MAX;
    if (s->line && (!c->listing || begins_comparison(c, s)) && !s->page) {
      c->now.category = NULL;
      c->now.mixed = false;
    }
    goods_tie(c, s);
    when_tie(c, s);
    scope_tie(c, s);
    versus_tie(c, s);
    parts_tie(c, s);
    tie_preliminary(c, s);
  }
}

bool mk_readings_context(mk_readings *r, mk_err *err) {
  context c = {.r = r, .err = err};
  size_t count = count_sentences(r), room = 0;
  sentence *list = NULL;
  bool ok = !mk_failed(err) && (r->count == 0 || cues_find(&c));
  if (ok && r->count) {
    room = r->count + c.cue_count + 1;
    list = mk_alloc(r->mem, count * sizeof *list, err);
    c.goods = mk_zalloc(r->mem, r->count * sizeof *c.goods, err);
    c.anchors = mk_alloc(r->mem, room * sizeof *c.anchors, err);
    ok = list && c.goods && c.anchors;
  }
  if (ok && r->count) {
    cut(&c, list);
    page_mark(&c, list, count);
    tie(&c, list, count);
  }
  mk_free(r->mem, list, list ? count * sizeof *list : 0);
  mk_free(r->mem, c.goods, c.goods ? r->count * sizeof *c.goods : 0);
  mk_free(r->mem, c.anchors, c.anchors ? room * sizeof *c.anchors : 0);
  mk_free(r->mem, c.cues, c.cue_cap * sizeof *c.cues);
  return ok;
}
