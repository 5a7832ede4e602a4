/* read_context_scope.c: who counted. The body that acts before a figure, or that is said to have counted behind it ("từ các
 * nước thành viên", "do Hải quan Việt Nam ..."); bodies that are only worked with, thanked or asked are none. A body that
 * is a part of customs and not known by a code hides the one before it. May include: read_context.h. */
#include "read_context.h"

#include <string.h>

enum { AFTER_MAX = 14 };

static bool is_body(mk_cue_kind k) {
  return k == CUE_CUSTOMS || k == CUE_LOCAL || k == CUE_MEMBERS || k == CUE_AGENCY || k == CUE_COUNTRY;
}

static bool word_before(const context *c, const sentence *s, size_t i, const char *const *list) {
  if (i <= s->token) return false;
  for (; *list; list++)
    if (mk_rword_is(c->r, i - 1, *list)) return true;
  return false;
}

/* The first token of the body with the words for its kind before it ("cơ quan", "lực lượng", "các"). */
static size_t body_start(const context *c, const sentence *s, const cue *q) {
  static const char *const words[] = {"cơ", "quan", "lực", "lượng", "các", "ngành", "toàn", "bộ", "nước", "phía", "thuộc", "đơn", "vị", NULL};
  size_t i = q->first;
  while (word_before(c, s, i, words)) i--;
  return i;
}

/* Bodies in other roles than acting: "phối hợp với X", "của X", "giữa X và Y", "X, Y và Z" behind such a word. */
static bool aside(const context *c, const sentence *s, const cue *list, size_t i, bool before_aside) {
  static const char *const lists[] = {"và", "cùng", NULL};
  const cue *q = &list[i];
  size_t start = body_start(c, s, q);
  if (q->of > s->reading) { /* "38 đầu mối hải quan" */
    const mk_reading *x = reading_at(c, q->of - 1);
    if (x->token_end == start && x->measure != MK_M_PHASE && !is_time(x->measure)) return true;
  }
  if (i > s->cue && list[i - 1].kind == CUE_OBLIQUE && list[i - 1].end == start) return true;
  if (before_aside && i > s->cue && is_body(list[i - 1].kind) && list[i - 1].end + 1 == start) {
    bool more = q->kind != CUE_CUSTOMS && q->kind != CUE_MEMBERS; /* these mostly begin to act behind the comma */
    more |= q->end < s->token_end && (is_mark(c, q->end, ',') || mk_rword_is(c->r, q->end, "và"));
    return word_before(c, s, start, lists) || (is_mark(c, start - 1, ',') && more);
  }
  return q->first > start && mk_rword_is(c->r, start, "thuộc");
}

/* A country acts where its customs are named, where a place is meant ("tại Việt Nam"), or where it begins a clause and what
 * it did or its figure follows at once ("Lào 40 vụ", "Trung Quốc bắt giữ ..."). */
static bool country_acts(const context *c, const sentence *s, size_t i, size_t reading) {
  static const char *const places[] = {"tại", "ở", "quan", NULL}, *const begins[] = {",", ";", ":", "và", "còn", NULL};
  const cue *q = &c->cues[i];
  if (word_before(c, s, q->first, places)) return true;
  if (q->first != s->token && !word_before(c, s, q->first, begins)) return false;
  bool does = i + 1 < s->cue_end && c->cues[i + 1].kind == CUE_SEIZE && c->cues[i + 1].first <= q->end + 1;
  return does || (reading < s->reading_end && reading_at(c, reading)->from <= q->end + 1);
}

/* "Cục Hải quan Hải Phòng" is a part of customs; "hải quan hai nước", "các nước Đông Nam Á" are others. */
static bool of_a_place(const context *c, const sentence *s, const cue *q) {
  static const char *const several[] = {"hai", "quốc", "thế", "nước", "địa", "điện", "một", "khu", "cấp", "láng", "khác", "châu", "phát", "đang", NULL};
  if (q->end >= s->token_end || (c->r->tokens[q->end - 1].flags & MK_RT_CAPITAL)) return false; /* capitals everywhere say nothing */
  const mk_rtoken *t = &c->r->tokens[q->end];
  if (t->kind != MK_RT_WORD) return false;
  for (const char *const *w = several; *w; w++)
    if (mk_rword_is(c->r, q->end, *w)) return true;
  return (t->flags & MK_RT_CAPITAL) != 0;
}

static const char *code_of(const context *c, const sentence *s, size_t i) {
  const cue *q = &c->cues[i];
  if ((q->kind == CUE_CUSTOMS || q->kind == CUE_MEMBERS) && of_a_place(c, s, q)) return NULL;
  return q->kind != CUE_COUNTRY || country_acts(c, s, i, q->of) ? q->code : NULL;
}

/* "từ các nước thành viên", "do ... báo cáo": a body behind the figure that counted it. */
static const char *after(const context *c, const sentence *s, size_t from, size_t at) {
  static const char *const by[] = {"từ", "do", "được", NULL};
  for (size_t i = at; i < s->cue_end && c->cues[i].first <= from + AFTER_MAX; i++) {
    const cue *q = &c->cues[i];
    if (q->kind == CUE_MEMBERS || (is_body(q->kind) && q->kind != CUE_COUNTRY && word_before(c, s, q->first, by))) return q->code;
    if (q->kind == CUE_COUNTRY) {
      const char *code = code_of(c, s, i);
      if (code) return code;
    }
    if (q->kind == CUE_INCLUDE || q->kind == CUE_VERSUS) return NULL;
  }
  return NULL;
}

/* Whether a figure has somebody who counted it: no names, times and ranks, nor who took part. */
static bool counted(const mk_reading *x) {
  static const char *const units[] = {"delegate", "meeting", "agency", "member", "organisation", "country", "territory", "province", NULL};
  if (x->measure == MK_M_PHASE || is_time(x->measure) || x->measure == MK_M_ORDINAL || x->measure == MK_M_DURATION) return false;
  for (const char *const *u = units; x->unit && *u; u++)
    if (strcmp(x->unit->code, *u) == 0) return false;
  return true;
}

typedef struct { size_t at; const char *code; bool known, aside; } acting; /* the body that acts, up to cue at */

static void go_to(const context *c, const sentence *s, size_t token, acting *who) {
  for (; who->at < s->cue_end && c->cues[who->at].first < token; who->at++) {
    const cue *q = &c->cues[who->at];
    if (q->kind == CUE_FORCE && !who->known) { /* "toàn ngành": the body spoken of, or customs */
      who->code = c->now.scope_known && !s->page ? c->now.scope : q->code;
      who->known = true;
    }
    if (!is_body(q->kind)) continue;
    who->aside = aside(c, s, c->cues, who->at, who->aside);
    const char *code = code_of(c, s, who->at);
    if (who->aside || (!code && q->kind == CUE_COUNTRY)) continue;
    who->code = code;
    who->known = true;
  }
}

void scope_tie(context *c, const sentence *s) {
  acting who = {.at = s->cue};
  if (s->line && !c->listing) c->now.scope_known = false;
  for (size_t i = s->reading; i < s->reading_end; i++) {
    mk_reading *x = &c->r->list[i];
    go_to(c, s, x->token, &who);
    if (!counted(x)) continue;
    const char *behind = who.code ? NULL : after(c, s, x->token_end, who.at);
    if (behind) {
      who.code = behind;
      who.known = true;
    }
    x->scope = who.known ? who.code : !s->page && c->now.scope_known ? c->now.scope : NULL;
  }
  if (s->reading == s->reading_end) go_to(c, s, s->token_end, &who);
  if (who.known && !s->page) {
    c->now.scope = who.code;
    c->now.scope_known = true;
  }
}
