/* read_scan.h: what the files of the scanner share (read_*.c). */
#ifndef MK_READ_SCAN_H
#define MK_READ_SCAN_H

#include "read.h"
#include "spoken.h"

/* What a word may begin (mk_rword.cue), as bits. */
enum { MK_CUE_NUMBER = 1,  /* a number in words */
       MK_CUE_DATE = 2,    /* tháng, năm, quý, ... */
       MK_CUE_PHASE = 4,   /* giai đoạn, OMD, Mê Kông */
       MK_CUE_PLACE = 8,   /* thứ, lần thứ */
       MK_CUE_TIMES = 16,  /* gấp, một nửa */
       MK_CUE_MONEY = 32,  /* a sign of money before its number */
       MK_CUE_NAME = 64,   /* begins a name that an analyst added */
       MK_CUE_HEDGE = 128 /* ends what may stand in front of a quantity; no cue to look for readings */ };

/* A piece of clean text: from `to` on it is what n given bytes at `from` became. Pieces are copies, runs of letters of an
 * older character set, or entities; what lies between them was left out or put in. */
enum { MK_RPIECE_COPY, MK_RPIECE_DECODED, MK_RPIECE_ENTITY };
typedef struct { uint32_t to, from, n, kind; } mk_rpiece;

enum { MK_RBLOCK_BYTES = 32768 };
typedef struct mk_rblock { struct mk_rblock *next; size_t used; char bytes[MK_RBLOCK_BYTES]; } mk_rblock;
struct mk_readings_own {
  mk_rblock *blocks;         /* keys */
  mk_buf clean;
  mk_buf pieces;             /* mk_rpiece, ascending; empty: the clean text is the given one */
  const char *given;
  mk_charset charset;
};

bool mk_readings_clean(mk_readings *r, const char *s, size_t n, mk_err *err);   /* read_text.c: text, n */
bool mk_readings_place(mk_readings *r, mk_err *err);                            /* ends of readings: from clean to given bytes */
bool mk_readings_tokens(mk_readings *r, mk_err *err);                           /* read_token.c */

/* ------------------------------------------------------------------ scanning */

typedef struct {
  mk_readings *r;
  mk_err *err;
  size_t reach;              /* token after the last ones looked at for a number */
} mk_rscan;

/* Each looks at token i and, when its kind of reading stands there, adds it and gives the token after it; else i. Failures
 * stand in err. */
size_t mk_rscan_date(mk_rscan *s, size_t i);      /* read_date.c */
size_t mk_rscan_phase(mk_rscan *s, size_t i);     /* read_phase.c */
size_t mk_rscan_place(mk_rscan *s, size_t i);
size_t mk_rscan_quantity(mk_rscan *s, size_t i);  /* read_quantity.c */

/* A new reading over tokens from..end-1; NULL when memory is short. (read.c) */
mk_reading *mk_rscan_add(mk_rscan *s, size_t from, size_t end, mk_measure measure);

/* Takes the value from a reading and gives it two instead. */
bool mk_rscan_ask(mk_rscan *s, mk_reading *x, const mk_alternative two[2]);

/* The questions there are (read_doubt.c): a numeral of two readings; "tăng 2,15 lần", a ratio or an increase; "7,5 vụ", an average or
 * the end of a list. */
bool mk_rdoubt_numeral(mk_rscan *s, mk_reading *x, const mk_numeral *n, const mk_unit *u);
bool mk_rdoubt_times(mk_rscan *s, mk_reading *x);
bool mk_rdoubt_part(mk_rscan *s, mk_reading *x);

/* Tokens i..i+most-1 as words for the readers of numbers. (read_number.c) */
enum { MK_RWINDOW = 40 };
typedef struct { mk_word w[MK_RWINDOW]; mk_words words; } mk_rwindow;
void mk_rwindow_fill(mk_rwindow *w, const mk_readings *r, size_t i, size_t most);

/* The number at token i; the token after it, i when there is none. counted: as in mk_spoken_at. */
size_t mk_rnumber_at(mk_numeral *out, mk_rscan *s, size_t i, bool counted);
void mk_rstyle_vote(mk_readings *r);   /* style: English where numbers that leave no doubt are */
/* The whole number of digits at token i, -1 when it has marks or is none or too large. */
int64_t mk_rdigits_at(const mk_readings *r, size_t i);
size_t mk_rdigits_count(const mk_readings *r, size_t i); /* how many digits */
/* The unit whose name begins at token i, NULL none; *len tokens. */
const mk_unit *mk_runit_at(const mk_readings *r, size_t i, size_t *len);
uint16_t mk_runit_begins(const char *key, size_t n); /* 1 + index of the first alias with this first word; 0 none */

/* A number with what follows it, and what stands in front of it. Tokens; shown: behind the first word of the unit, end: behind
 * all of it. from: first of the hedges; gap: "gấp". */
typedef struct { mk_numeral n; const mk_unit *unit; size_t first, number_end, shown, end; } mk_ramount;
typedef struct { size_t from; mk_qualifier qualifier; int direction; bool gap, preliminary, hedged; } mk_rlead;
/* The unit of a number that has none behind it, from a label before it or as money; NULL none. (read_unit.c) */
const mk_unit *mk_runit_before(const mk_readings *r, const mk_ramount *a, const mk_rlead *l);
/* The unit of whatever has no name in the table ("310 gian ..."), when words in front show that it is counted; NULL none. */
const mk_unit *mk_runit_other(const mk_readings *r, const mk_ramount *a, const mk_rlead *l);

static inline const mk_rtoken *mk_rtoken_at(const mk_readings *r, size_t i) {
  static const mk_rtoken none = {0, 0, 0, MK_RT_MARK, MK_RT_SPACE | MK_RT_LINE | MK_RT_SENTENCE};
  return i < r->token_count ? &r->tokens[i] : &none;
}
static inline bool mk_rnumber_is(const mk_readings *r, size_t i) { return mk_rtoken_at(r, i)->kind == MK_RT_NUMBER; }
static inline bool mk_rglued(const mk_readings *r, size_t i) { /* written against the token before */
  return i > 0 && i < r->token_count && !(r->tokens[i].flags & (MK_RT_SPACE | MK_RT_LINE));
}
static inline bool mk_rword_kind(const mk_readings *r, size_t i) { return i < r->token_count && r->tokens[i].kind == MK_RT_WORD; }
/* Whether token i is one of the words, which end with NULL. */
bool mk_rword_in(const mk_readings *r, size_t i, const char *const *list);
/* A dash of any kind: hyphen, minus, the dashes of print. */
bool mk_rdash_at(const mk_readings *r, size_t i);

#endif
