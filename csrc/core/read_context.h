/* read_context.h: what the files share that say what figures are about. May include: read.h.
 *
 * Cues are words with a meaning for figures: goods, bodies, and words that relate ("trong đó", "so với", "cùng kỳ"). They
 * are found once, longest first and never inside a figure, and stand in text order beside the readings. Everything is
 * decided a sentence at a time from its cues and readings and from what the sentences before left in the state; no step
 * looks further than the sentence, so the cost is that of reading the text once. */
#ifndef MK_READ_CONTEXT_H
#define MK_READ_CONTEXT_H

#include "read.h"

/* ------------------------------------------------------------------ cues (read_context_cues.c; table generated from data/) */

/* GOODS counts wherever it stands, NEAR only beside a figure (vàng, hổ), ASIDE names goods in the name of a body or a duty
 * and says only what a text is about. LOCAL is a body that is not all of customs, and hides wider ones before it. */
typedef enum {
  CUE_NONE, CUE_GOODS, CUE_NEAR, CUE_ASIDE, CUE_CUSTOMS, CUE_LOCAL, CUE_MEMBERS, CUE_AGENCY, CUE_COUNTRY, CUE_INCLUDE,
  CUE_CONSIST, CUE_DETAIL, CUE_BESIDE, CUE_VERSUS, CUE_SAME_PERIOD, CUE_LAST_YEAR, CUE_LAST_MONTH, CUE_LAST_QUARTER,
  CUE_LAST_PHASE, CUE_CAMPAIGN, CUE_OVERALL, CUE_MEETING, CUE_REPORT, CUE_SEIZE, CUE_EXAMPLE, CUE_WINDOW, CUE_OBLIQUE,
  CUE_RELATED, CUE_PHOTO, CUE_GENERAL, CUE_THIS_MONTH, CUE_THIS_YEAR, CUE_VALUE,
  CUE_CARRY, CUE_BACK, CUE_YEAR_TO_DATE, CUE_PRELIMINARY, CUE_RESPECTIVELY, CUE_FORCE, CUE_KINDS
} mk_cue_kind;

static const char *const mk_cue_kind_names[CUE_KINDS] = {
    "none", "goods", "near", "aside", "customs", "local", "members", "agency", "country", "include",
    "consist", "detail", "beside", "versus", "same_period", "last_year", "last_month", "last_quarter",
    "last_phase", "campaign", "overall", "meeting", "report", "seize", "example", "window", "oblique",
    "related", "photo", "general", "this_month", "this_year", "value", "carry", "back", "year_to_date", "preliminary", "respectively", "force"};

/* Words in byte order; their numbers begin with 1. A state is reached over words; its children are count states from `from`
 * on, by word; cue 0: no phrase ends there. */
typedef struct { uint16_t word, cue, from, count; } mk_cue_state;
typedef struct { mk_cue_kind kind; const char *category, *code; } mk_cue_meaning;
extern const char *const mk_cue_words[];
extern const size_t mk_cue_word_count;
extern const mk_cue_state mk_cue_states[];
extern const mk_cue_meaning mk_cue_meanings[];
extern const size_t mk_cue_meaning_count;

/* Tokens first..end-1. of: which of the readings begins at or after the cue. */
typedef struct { uint32_t first, end, of; mk_cue_kind kind; const char *category, *code; } cue;

/* What a figure counts, as far as goods go: nothing of them, cases and people, goods, or what may hold goods and is of their
 * kind only when they are named with it. */
typedef enum { COUNTS_OTHER, COUNTS_CASES, COUNTS_GOODS, COUNTS_HOLDERS } counts;

/* The goods of a figure: known, known to be of several kinds, or none yet. own: they stand beside it. */
typedef struct { const char *category, *item; enum { TIE_OPEN, TIE_KNOWN, TIE_MIXED } how; bool own; counts counts; } goods_tied;

/* ------------------------------------------------------------------ the state of reading on */

/* A sentence: its tokens, cues and readings, each from..end-1. */
typedef struct {
  uint32_t token, token_end, cue, cue_end, reading, reading_end;
  bool line;      /* begins a line: a paragraph, a headline */
  bool page;      /* furniture of the page: nothing goes in or out */
  bool finished;  /* ends with a point, not at the end of its line */
} sentence;

/* What the figures of a sentence were about, for those of the next one. */
typedef struct {
  int phase;
  bool has_period, whole;      /* whole: the campaign or several phases, so no phase */
  mk_period period;
  const char *scope, *category;
  bool scope_known, mixed;     /* mixed: goods of several kinds were named */
} subject;

/* A phase or a time in a sentence, to which figures are tied. whole: of all phases or none; compared: only what something
 * is compared with; event: the day on which something was held or told; shifted: the same days of a year before, for what follows. reading:
 * UINT32_MAX for words. */
typedef struct {
  uint32_t token, token_end, reading, since; /* since: of a comparison, where what is compared with begins */
  int phase;
  bool whole, compared, event, shifted, bracket; /* bracket: of the one figure behind it */
  mk_period period;
} anchor;

enum { PHASE_LAST = 7 };
typedef struct {
  mk_readings *r;
  cue *cues;
  size_t cue_count, cue_cap;
  goods_tied *goods;            /* one for each reading */
  anchor *anchors;              /* room for those of any sentence */
  subject now, paragraph, text; /* of the sentence before; of the paragraph and the text as far as they agree */
  bool window_said[PHASE_LAST + 1];
  mk_period window[PHASE_LAST + 1]; /* the days of a phase, as the text says them */
  bool days_known;              /* known is filled */
  mk_period known[PHASE_LAST + 1]; /* the days of a phase in data/; year 0: none */
  int32_t year;                 /* the last one said, 0 none */
  bool times_differ;            /* figures of the text are of several times */
  unsigned lead;                /* sentences so far, up to a few: what they are about is what the text is about */
  bool headed;                  /* lines go on with what the heading above them names */
  bool listing;                 /* the line before ended with a colon or begins a list */
  uint32_t paragraph_from;      /* first reading of the paragraph */
  uint32_t base, base_end;      /* readings that a sentence beginning with "trong đó" divides */
  bool dividing;                /* sentences go on dividing them */
  bool preliminary;             /* the figures that are divided are so */
  mk_err *err;
} context;

bool cues_find(context *c);
/* Readings from..end-1 of the sentence are what they are about, in this order. */
void goods_tie(context *c, const sentence *s);
void scope_tie(context *c, const sentence *s);
void when_tie(context *c, const sentence *s);
void versus_tie(context *c, const sentence *s);
void parts_tie(context *c, const sentence *s);
/* "gấp đôi OMD IV", "bằng 80% năm 2023": a phase or time right behind a ratio is what it is measured by. */
bool measured_by(const context *c, const mk_reading *change, const mk_reading *base);
/* Marks the sentences that are no part of the article. */
void page_mark(context *c, sentence *list, size_t count);

/* ------------------------------------------------------------------ small questions */

static inline const mk_reading *reading_at(const context *c, size_t i) { return &c->r->list[i]; }
static inline bool is_mark(const context *c, size_t token, char ch) {
  const mk_rtoken *t = &c->r->tokens[token];
  return t->kind == MK_RT_MARK && c->r->text[t->first] == ch;
}
static inline bool is_word(const context *c, size_t token, const char *const *list) {
  for (; *list; list++)
    if (mk_rword_is(c->r, token, *list)) return true;
  return false;
}
static inline bool is_amount(mk_measure m) {
  return m == MK_M_MASS || m == MK_M_PILLS || m == MK_M_INDIVIDUALS || m == MK_M_SPECIMENS || m == MK_M_VOLUME;
}
static inline bool is_time(mk_measure m) { return m == MK_M_DATE || m == MK_M_DATE_RANGE; }
static inline bool is_change(mk_measure m) { return m == MK_M_PERCENT_CHANGE || m == MK_M_TIMES_CHANGE; }

#endif
