/* read.h: the figures of press text, with where they stand and what they are about. Two steps: the scanner (read_*.c) finds
 * every figure, what it says and how surely; the context (read_context*.c) ties it to goods, phase, time, place and to other
 * figures.
 *
 * The scanner cuts the text into tokens that are kept for the whole text. A word is stored once however often and in
 * whatever Unicode form, case or tone style it is written: tokens hold its index, and its key is mk_key of level 1.
 *
 * A text is cleaned before it is cut: older character sets become UTF-8, HTML loses its tags and entities. Tokens count in
 * bytes of the clean text (mk_readings.text); the ends of readings are bytes of the text as it was given. */
#ifndef MK_READ_H
#define MK_READ_H

#include "mk.h"

/* ------------------------------------------------------------------ tokens */

enum { MK_RT_WORD, MK_RT_NUMBER, MK_RT_MARK };                                /* kinds of tokens */
enum { MK_RT_SPACE = 1,      /* space or a line break before it; else it is written against the token before */
       MK_RT_LINE = 2,       /* first of a line */
       MK_RT_SENTENCE = 4,   /* first of a sentence */
       MK_RT_CAPITAL = 8,    /* a word that begins with a capital */
       MK_RT_CUE = 16 };     /* a word or number at which a reading may begin */

/* Bytes first..end-1 of the clean text. A mark is one character, or a run of the same one; word: index in words (0 for
 * numbers: a word with an empty key). */
typedef struct { uint32_t first, end, word; uint8_t kind, flags; } mk_rtoken;

/* A distinct word or mark. key: level 1, n = 0 when longer than any word looked for, head: its first byte; said: as in spoken.h; cue and unit are
 * the scanner's; topic: what mk_readings_topic said. */
typedef struct { const char *key; uint8_t n, said, cue; char head; uint16_t unit; uint32_t topic; } mk_rword;

/* ------------------------------------------------------------------ readings */

typedef enum {
  MK_M_CASES, MK_M_SUSPECTS, MK_M_MASS, MK_M_PILLS, MK_M_INDIVIDUALS, MK_M_SPECIMENS, MK_M_VOLUME, MK_M_MONEY,
  MK_M_PERCENT_CHANGE, MK_M_PERCENT_SHARE, MK_M_TIMES_CHANGE, MK_M_DATE, MK_M_DATE_RANGE, MK_M_PHASE, MK_M_ORDINAL,
  MK_M_DURATION, MK_M_COUNT, MK_M_MEASURES
} mk_measure;
const char *mk_measure_name(mk_measure m); /* "cases", "suspects", ... */

typedef enum { MK_VS_NOTHING, MK_VS_PHASE, MK_VS_PERIOD, MK_VS_SAME_PERIOD } mk_versus; /* what a change is compared with */

typedef struct { mk_num value; const mk_unit *unit; const char *reason; } mk_alternative;

typedef struct {
  uint32_t first, end;       /* bytes of the given text: number, multiplier words and unit */
  uint32_t token, token_end; /* tokens that it covers */
  uint32_t from, to;         /* tokens with what belongs to it: hedge, direction, "trở lên" */
  mk_measure measure;
  mk_qualifier qualifier;    /* MK_BETWEEN: a range */
  const mk_unit *unit;       /* NULL for dates */
  uint32_t noun;             /* token of a counted noun that has no unit of its own, 0 none: its folded name is the unit's code */
  mk_number low;             /* value (multiplier words applied) */
  mk_num high;               /* of a range */
  bool has_value, has_high, has_date;
  bool preliminary;          /* "sơ bộ" stands with it */
  uint8_t alternatives;      /* an ambiguous reading has some, from mk_readings.alternatives[alternative] on, and no value */
  uint32_t alternative;
  mk_period date;            /* of dates, as stated: year 0 = not said, month 0 and day 0 as in mk_date */
  int direction;             /* +1 increase, -1 decrease, 0 */
  /* Filled by the context; NULL, 0 and -1 when nothing is said. A date has its own period, a phase its own phase. */
  const char *category, *item, *scope;
  int phase;                 /* 1..7 */
  bool has_period;
  mk_period period;
  mk_versus versus;
  int versus_phase;
  mk_period versus_period;
  int32_t included_in;       /* index of a reading */
} mk_reading;

/* A name that an analyst added: key of level 1, kind "unit", "item", "category", ..., and the code that it stands for. */
typedef struct { const char *key; size_t n; const char *kind, *code; } mk_rname;

typedef struct {
  mk_charset charset;        /* of the text */
  bool has_as_of, customs;   /* customs: years of customs statistics, from 16 December on */
  mk_date as_of;             /* a day */
  const mk_rname *names;     /* in byte order of their keys; borrowed as long as the readings live */
  size_t name_count;
} mk_readings_opts;

typedef struct mk_readings_own mk_readings_own; /* the clean text, the way back to the given one, the keys of words */
typedef struct {
  const char *text;          /* clean; the given text itself where nothing had to be done */
  size_t n;
  const mk_readings_opts *opts;
  mk_rtoken *tokens;
  size_t token_count, token_cap;
  mk_rword *words;
  size_t word_count, word_cap;
  mk_reading *list;          /* in order of first, none inside another */
  size_t count, cap;
  mk_alternative *alternatives;
  size_t alternative_count, alternative_cap;
  mk_style style;            /* what most numbers of the text settle */
  size_t work;               /* tokens looked at for numbers, each as often as it was: what the text cost */
  mk_readings_own *own;
  mk_mem *mem;
} mk_readings;

void mk_readings_init(mk_readings *r, mk_mem *mem);
void mk_readings_clear(mk_readings *r);
/* Both steps. s and opts are borrowed as long as the readings live; s is UTF-8 unless a charset is said. */
bool mk_readings_read(mk_readings *r, const char *s, size_t n, const mk_readings_opts *opts, mk_err *err);
/* Appends the code of the reading's unit: its own, or the counted noun in ASCII letters; nothing for dates. */
bool mk_reading_unit_put(mk_buf *out, const mk_readings *r, const mk_reading *x, mk_err *err);
const char *mk_reading_qualifier(const mk_reading *x); /* "exact", "approx", ... */
/* ISO by precision, "--11-21" without a year, "a/b" for a range. */
void mk_reading_date_put(mk_buf *out, mk_period p);
/* The interval that qualifier and decimals leave, by a policy; false when the reading has no value. */
bool mk_reading_bounds(mk_fig *out, const mk_reading *x, const mk_policy *policy, mk_err *err);

/* ------------------------------------------------------------------ the context (read_context.c) */

bool mk_readings_context(mk_readings *r, mk_err *err);
/* Called once for every distinct word; the bits are the context's own. */
uint32_t mk_readings_topic(const char *key, size_t n);

/* ------------------------------------------------------------------ looking at tokens */

static inline const mk_rword *mk_rword_at(const mk_readings *r, size_t i) {
  return &r->words[i < r->token_count ? r->tokens[i].word : 0];
}
/* What of a phrase follows when it begins with all of the word's key, else NULL. */
static inline const char *mk_rword_past(const mk_rword *w, const char *phrase) {
  if (*phrase != w->head || !w->n) return NULL;
  for (size_t i = 1; i < w->n; i++)
    if (phrase[i] != w->key[i]) return NULL;
  return phrase + w->n;
}
/* Whether token i is this word or mark. */
static inline bool mk_rword_is(const mk_readings *r, size_t i, const char *key) {
  const char *rest = mk_rword_past(mk_rword_at(r, i), key);
  return rest && !*rest;
}
/* Number of tokens from i on that are these words and marks (keys with single spaces between), 0 when others stand there. */
size_t mk_rphrase_rest(const mk_readings *r, size_t i, const char *phrase);
static inline size_t mk_rphrase_at(const mk_readings *r, size_t i, const char *phrase) {
  return *phrase == mk_rword_at(r, i)->head ? mk_rphrase_rest(r, i, phrase) : 0;
}
/* The same for words that end right before token i. */
size_t mk_rphrase_before(const mk_readings *r, size_t i, const char *phrase);
/* First token of the sentence or line of token i, and the first one after it. */
size_t mk_rsentence_from(const mk_readings *r, size_t i);
size_t mk_rsentence_end(const mk_readings *r, size_t i);

#endif
