/* read_context_page.c: sentences that are no part of the article: credits of photographs, lists of other articles with the
 * time each appeared, and what stands under a heading for such lists. Their figures are readings of their own, tied to
 * nothing outside their line. May include: read_context.h. */
#include "read_context.h"

enum { HEADING_MAX = 12, STAMP_MAX = 24, PROSE_MIN = 18 };

static bool digits(const context *c, size_t i) {
  return i < c->r->token_count && c->r->tokens[i].kind == MK_RT_NUMBER;
}

/* "10:43 | 22/12/2024", "22/12/2024 10:43": a line with a clock time and a date and few words. */
static bool is_stamp(const context *c, const sentence *s, size_t line_end) {
  bool clock = false, date = false;
  size_t n = line_end - s->token;
  if (n > STAMP_MAX) return false;
  for (size_t i = s->reading; i < s->reading_end; i++) date |= is_time(reading_at(c, i)->measure);
  if (!date) return false;
  for (size_t k = s->token; k + 2 < line_end; k++) clock |= digits(c, k) && is_mark(c, k + 1, ':') && digits(c, k + 2);
  return clock;
}

/* A short line that is a heading for other articles. */
static bool is_heading(const context *c, const sentence *s, size_t line_end) {
  if (line_end - s->token > HEADING_MAX) return false;
  size_t i = s->cue;
  while (i < s->cue_end && c->cues[i].kind != CUE_RELATED) i++;
  if (i == s->cue_end) return false;
  size_t other = (line_end - s->token) - (c->cues[i].end - c->cues[i].first);
  return other <= 2;
}

/* ">> Xem thêm: ...": a link in a line of its own. */
static bool is_link(const context *c, const sentence *s, size_t line_end) {
  for (size_t i = s->cue; i < s->cue_end && c->cues[i].first <= s->token + 2; i++)
    if (c->cues[i].kind == CUE_RELATED && c->cues[i].end < line_end && is_mark(c, c->cues[i].end, ':')) return true;
  return false;
}

/* "... Ảnh: CHQ", "(Ảnh minh họa)": the line is a caption. */
static bool is_caption(const context *c, size_t cue_at, size_t cue_end, size_t line_end) {
  for (size_t i = cue_at; i < cue_end; i++) {
    const cue *q = &c->cues[i];
    if (q->kind == CUE_PHOTO && q->end < line_end && is_mark(c, q->end, ':') && line_end - q->end < HEADING_MAX) return true;
  }
  return false;
}

/* A line of prose, which ends a list of other articles. */
static bool is_prose(const context *c, const sentence *s, size_t line_end) {
  return line_end - s->token >= PROSE_MIN && (is_mark(c, line_end - 1, '.') || is_mark(c, line_end - 1, '?') || is_mark(c, line_end - 1, '!'));
}

void page_mark(context *c, sentence *list, size_t count) {
  bool others = false, begun = false; /* begun: prose or a stamp came, so a line over a stamp is not the article's headline */
  size_t before = SIZE_MAX; /* first sentence of the line before */
  for (size_t i = 0; i < count;) {
    size_t end = i + 1;
    while (end < count && !list[end].line) end++;
    size_t line_end = list[end - 1].token_end;
    sentence whole = {.token = list[i].token, .token_end = (uint32_t)line_end, .cue = list[i].cue, .cue_end = list[end - 1].cue_end,
                      .reading = list[i].reading, .reading_end = list[end - 1].reading_end};
    bool stamp = is_stamp(c, &whole, line_end);
    if (is_heading(c, &whole, line_end)) others = true;
    else if (others && !stamp && is_prose(c, &whole, line_end)) others = false;
    bool page = others || stamp || is_link(c, &whole, line_end) || is_caption(c, whole.cue, whole.cue_end, line_end);
    for (size_t k = i; k < end; k++) list[k].page = page;
    if (stamp && begun && before != SIZE_MAX && !is_prose(c, &list[before], list[i].token))
      for (size_t k = before; k < i; k++) list[k].page = true;
    begun |= stamp || is_prose(c, &whole, line_end);
    before = i;
    i = end;
  }
}
