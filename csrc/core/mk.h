/* mk.h: everything the core offers, in named sections; usable from C alone (no Lua here).
 *
 * Ownership words, fixed for the whole core: `_new` the caller frees with `_free` (which accepts NULL);
 * `_init/_clear` work in the caller's struct; `_take` consumes its argument; `const` results are borrowed
 * until the next call on the object. Text is bytes with a length, UTF-8, embedded zeros allowed.
 *
 * Errors: a function that can fail takes `mk_err *err` last and returns false (or NULL). The first error is
 * kept: on an err that already holds one every function does nothing and fails. NULL is accepted for err.
 */
#ifndef MK_H
#define MK_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define MK_VERSION "0.1.0"

/* ------------------------------------------------------------------ errors (err.c) */

typedef enum {
  MK_OK = 0,
  MK_BUSY, MK_FULL, MK_DAMAGED, MK_FORMAT, MK_READONLY, MK_PERMISSION, MK_MISSING, MK_LIMIT, MK_MEMORY,
  MK_CANCELLED, MK_SYNTAX, MK_NAME, MK_TYPE, MK_UNIT, MK_RANGE, MK_AMBIGUOUS, MK_DUPLICATE, MK_CLOSED, MK_IO,
  MK_CODE_COUNT
} mk_code;

typedef struct {
  mk_code code;
  size_t line, col, len; /* 1-based place in the input that was read; 0 = none */
  char msg[480];         /* one line, complete alone, no code and no final newline */
  char hint[480];        /* lines that follow: caret, what to do; may be empty */
} mk_err;

const char *mk_code_name(mk_code code); /* "busy", "full", ...; "ok" for MK_OK */
mk_code mk_code_find(const char *name); /* MK_OK when unknown */

/* Format directives: %s (char *, NULL prints "?"), %S (const char *, size_t), %d (int), %z (size_t), %l (long
 * long), %c (int), %%. Output is cut at the field's size, never inside a UTF-8 character. Always returns false. */
bool mk_fail(mk_err *err, mk_code code, const char *fmt, ...);
void mk_hint(mk_err *err, const char *fmt, ...); /* appends to hint; each call is one line */
void mk_at(mk_err *err, size_t line, size_t col, size_t len);
/* Two hint lines: the text (cut around col when long) and carets under columns col..col+len-1 (bytes). */
void mk_caret(mk_err *err, const char *text, size_t n, size_t col, size_t len);
static inline bool mk_failed(const mk_err *err) { return err && err->code != MK_OK; }

/* ------------------------------------------------------------------ memory (mem.c) */

/* Counts bytes against a cap (0 = none). NULL is accepted and means uncounted. Not thread-safe by itself:
 * one mk_mem belongs to one store or one call. */
typedef struct { size_t used, peak, cap; } mk_mem;

void *mk_alloc(mk_mem *mem, size_t n, mk_err *err);                          /* n = 0 gives a valid pointer */
void *mk_zalloc(mk_mem *mem, size_t n, mk_err *err);
void mk_mem_soon(void *p, size_t n);                                          /* all of a block is about to be written */
void mk_mem_ready(size_t n);                                                 /* so many bytes are about to be taken, in small blocks */
void *mk_resize(mk_mem *mem, void *p, size_t old, size_t n, mk_err *err);    /* p stays valid on failure */
void mk_free(mk_mem *mem, void *p, size_t n);                                /* n = the size it was given */
bool mk_size_mul(size_t a, size_t b, size_t *out);                           /* false on overflow */
bool mk_size_add(size_t a, size_t b, size_t *out);

/* ------------------------------------------------------------------ buffers (buf.c) */

/* Growable bytes. Writers do nothing after a failed growth; the failure stands in err at mk_buf_ok. */
typedef struct { char *p; size_t n, cap; mk_mem *mem; mk_code failed; } mk_buf;

void mk_buf_init(mk_buf *b, mk_mem *mem);
void mk_buf_clear(mk_buf *b);                     /* frees; the buffer stays usable */
bool mk_buf_ok(const mk_buf *b, mk_err *err);     /* false and err set if a write failed */
bool mk_buf_reserve(mk_buf *b, size_t more);
void mk_put(mk_buf *b, const char *s, size_t n);
void mk_puts(mk_buf *b, const char *s);
void mk_putc(mk_buf *b, char c);
void mk_putz(mk_buf *b, size_t v);
void mk_putl(mk_buf *b, long long v);
void mk_putf(mk_buf *b, const char *fmt, ...);    /* directives of mk_fail */
void mk_vputf(mk_buf *b, const char *fmt, va_list ap);
const char *mk_cstr(mk_buf *b);                   /* NUL after the content; "" when failed */

/* ------------------------------------------------------------------ UTF-8 (utf8.c) */

/* Strict: no surrogates, no overlongs, nothing above U+10FFFF. Offset of the first bad byte, or n when valid. */
size_t mk_utf8_check(const char *s, size_t n);
/* Raises MK_SYNTAX with line, column and byte offset when s is not UTF-8; what names the input. */
bool mk_utf8_require(const char *s, size_t n, const char *what, mk_err *err);
/* The code point at *p, which must be valid and before end; *p moves past it. */
static inline uint32_t mk_utf8_next(const char **p, const char *end) {
  const unsigned char *s = (const unsigned char *)*p;
  size_t left = (size_t)(end - *p);
  uint32_t c = s[0];
  if (c < 0x80 || left < 2) { *p += 1; return c; }
  if (c < 0xE0 || left < 3) { *p += 2; return (c & 0x1F) << 6 | (s[1] & 0x3Fu); }
  if (c < 0xF0 || left < 4) { *p += 3; return (c & 0x0F) << 12 | (s[1] & 0x3Fu) << 6 | (s[2] & 0x3Fu); }
  *p += 4;
  return (c & 0x07) << 18 | (s[1] & 0x3Fu) << 12 | (s[2] & 0x3Fu) << 6 | (s[3] & 0x3Fu);
}
size_t mk_utf8_put(char *dst, uint32_t cp);              /* 1..4 bytes written */
/* How much of a text a message shows: up to a zero byte or 60 bytes, never ending inside a character. */
static inline size_t mk_excerpt(const char *s, size_t n) {
  size_t k = 0;
  while (k < n && k < 60 && s[k]) k++;
  while (k < n && k > 0 && ((unsigned char)s[k] & 0xC0) == 0x80) k--;
  return k;
}

/* ------------------------------------------------------------------ Vietnamese text (nfc.c key.c normalize.c collate.c and others) */

bool mk_nfc(mk_buf *out, const char *s, size_t n, mk_err *err);
bool mk_nfd(mk_buf *out, const char *s, size_t n, mk_err *err);
bool mk_is_nfc(const char *s, size_t n);
/* Keys of names: 0 NFC bytes; 1 identity (case, Unicode form, tone placement, d-stroke look-alikes, spaces and
 * dashes folded); 2 = 1 without tone; 3 ASCII with d-stroke as d. Appends to out. */
bool mk_key(mk_buf *out, const char *s, size_t n, int level, mk_err *err);
size_t mk_width(const char *s, size_t n);  /* columns on a terminal */

/* Case of all letters; the result is in form C. Title: the first letter of each word large, the others small. */
bool mk_upper(mk_buf *out, const char *s, size_t n, mk_err *err);
bool mk_lower(mk_buf *out, const char *s, size_t n, mk_err *err);
bool mk_title(mk_buf *out, const char *s, size_t n, mk_err *err);

/* Lower case, without accents, d-stroke as d; what is kept is named. The result is in form C. */
enum { MK_FOLD_TONE = 1, MK_FOLD_SHAPE = 2, MK_FOLD_STROKE = 4, MK_FOLD_CASE = 8 };
bool mk_fold(mk_buf *out, const char *s, size_t n, unsigned keep, mk_err *err);
bool mk_slug(mk_buf *out, const char *s, size_t n, mk_err *err);  /* a-z, 0-9 and single dashes between */

/* A query by which text is searched for a phrase: a letter without hat, horn or stroke matches those with one, a word
 * without tone every tone, a marked letter or tone only itself. The query is borrowed and must be UTF-8. */
enum { MK_QUERY_MAX = 32 };
typedef struct { const char *from, *to; uint16_t letters[12]; uint8_t count, tone; bool settled; } mk_query_word; /* count 0: no letters alone */
typedef struct { mk_query_word word[MK_QUERY_MAX]; size_t count; } mk_query;
bool mk_query_init(mk_query *q, const char *s, size_t n, mk_err *err);  /* more than MK_QUERY_MAX words: MK_LIMIT */
/* First place where all words of the query follow each other; bytes *first..*end-1. A query without words is nowhere. */
bool mk_match(const mk_query *q, const char *s, size_t n, size_t *first, size_t *end);
/* Cost of turning one name into the other by Vietnamese habits of misspelling, in 1/20 of a letter, and the cost of
 * writing the longer anew. Names over MK_SIMILAR_MAX letters: MK_LIMIT. */
enum { MK_SIMILAR_MAX = 256 };
bool mk_similar(const char *a, size_t n, const char *b, size_t m, unsigned *cost, unsigned *full, mk_err *err);
/* The same, when the cost is at most so many tenths of full; else false, mostly without working it out. */
bool mk_similar_by(const char *a, size_t n, const char *b, size_t m, unsigned tenths, unsigned *cost, unsigned *full, mk_err *err);
/* How many letters of each kind a name has, from its plain form: by that alone many are seen to be unlike. signs 0: not told. */
typedef struct { uint64_t kinds[2]; uint8_t signs; } mk_letters;
mk_letters mk_letters_of(const char *plain, size_t n, const char *name, size_t m);
bool mk_letters_unlike(const mk_letters *a, const mk_letters *b, unsigned tenths); /* true: mk_similar_by is false */

/* Orders of text: of Vietnamese dictionaries; of CLDR; of people by given name, surname, middle names; of a dictionary
 * with numbers (also Roman ones after a word like "khu vực") by value. Bytes of keys compare as the texts do. Texts with the
 * same words go by case, small letters first; then one of settled words and numbers with single spaces ("OMD 5") goes before
 * others ("OMD5", "OMD-5"), which go by their bytes in form C: only texts of one form C are equal. CLDR's order has no such
 * ties, as it has none in ICU. */
typedef enum { MK_ORDER_DICTIONARY, MK_ORDER_CLDR, MK_ORDER_NAME, MK_ORDER_ENTITY, MK_ORDER_COUNT } mk_order;
bool mk_sortkey(mk_buf *out, const char *s, size_t n, mk_order order, mk_err *err);
/* *result -1, 0 or 1. Fails only for want of memory; dictionary and entity order need none but for odd texts. */
bool mk_compare(const char *a, size_t n, const char *b, size_t m, mk_order order, int *result, mk_err *err);

/* Character sets from before Unicode; MK_WESTERN is Windows code page 1252, with C1 controls where it has no sign;
 * all C1 controls can be written in it, since Latin-1 shows bytes as such. */
typedef enum { MK_UTF8, MK_TCVN3, MK_VNI, MK_VISCII, MK_VPS, MK_CP1258, MK_VIQR, MK_WESTERN, MK_CHARSET_COUNT } mk_charset;
bool mk_decode(mk_buf *out, const char *bytes, size_t n, mk_charset set, mk_err *err); /* the result is in form C */
bool mk_encode(mk_buf *out, const char *s, size_t n, mk_charset set, mk_err *err);     /* MK_RANGE: no code for it */
/* Words with letters outside ASCII, and how many of them are Vietnamese syllables. */
void mk_likeness(const char *s, size_t n, size_t *marked, size_t *valid);

/* Where a tone is written: hòa, hoà, hoà but ủy, or as found if one of the two is right (else as hòa). */
typedef enum { MK_TONE_OLD, MK_TONE_NEW, MK_TONE_NEW_BUT_UY, MK_TONE_KEEP } mk_tone_style;
typedef enum { MK_EDIT_FORM, MK_EDIT_TONE, MK_EDIT_LETTER, MK_EDIT_SPACE, MK_EDIT_DROPPED, MK_EDIT_I } mk_edit_kind;
/* Bytes from..from+from_len-1 of the text became bytes to..to+to_len-1 of the result; what lies between two edits is
 * copied. Edits stand in order and do not overlap. */
typedef struct { size_t from, from_len, to, to_len; mk_edit_kind kind; } mk_edit;
typedef struct { mk_tone_style tone; bool i_for_y; } mk_normal_opts;

/* Clean-up of written Vietnamese: composed form, marks in any order, tones on their vowel, look-alikes of letters in
 * syllables, no invisible characters, plain spaces. Appends to out; edits (NULL: not wanted) receives mk_edit records. */
bool mk_normalize(mk_buf *out, const char *s, size_t n, const mk_normal_opts *opts, mk_buf *edits, mk_err *err);
/* One syllable as it is spelled, in either tone style; names may be spelled as Krông, Đắk: never, always, or when the
 * word starts with a capital. */
typedef enum { MK_NAMES_NO, MK_NAMES_YES, MK_NAMES_CAPITAL } mk_names;
bool mk_is_syllable(const char *s, size_t n, mk_names names);

/* ------------------------------------------------------------------ exact numbers (num.c) */

/* Aligned to 8, as everything Lua allocates is: numbers may stand in userdata. */
__extension__ typedef __int128 mk_i128 __attribute__((aligned(8)));
__extension__ typedef unsigned __int128 mk_u128;

/* A rational in lowest terms, den > 0. A decimal is the case den = 2^a 5^b. Every operation is checked and
 * fails with MK_RANGE instead of wrapping. */
typedef struct { mk_i128 num, den; } mk_num;

mk_num mk_num_int(int64_t v);
bool mk_num_parse(mk_num *out, const char *s, size_t n, mk_err *err); /* canonical form only: -?d+(.d+)? */
bool mk_num_pow10(mk_num *out, int exponent, mk_err *err);
bool mk_num_add(mk_num *out, mk_num a, mk_num b, mk_err *err);
bool mk_num_sub(mk_num *out, mk_num a, mk_num b, mk_err *err);
bool mk_num_mul(mk_num *out, mk_num a, mk_num b, mk_err *err);
bool mk_num_div(mk_num *out, mk_num a, mk_num b, mk_err *err);        /* b = 0: MK_RANGE "division by zero" */
int mk_num_cmp(mk_num a, mk_num b);
int mk_num_sign(mk_num a);
mk_num mk_num_neg(mk_num a);
mk_num mk_num_floor(mk_num a);
mk_num mk_num_ceil(mk_num a);
bool mk_num_whole(mk_num a);
bool mk_num_int64(mk_num a, int64_t *out);       /* false when not whole or too large */
bool mk_num_terminates(mk_num a, int *digits);   /* decimal expansion ends after *digits places */
/* digits >= 0: that many places, rounded half away from zero; -1: exact when it terminates, else 18 places. */
void mk_num_put(mk_buf *out, mk_num a, int digits);

/* ------------------------------------------------------------------ units (unit.c, table generated from data/units.csv) */

#define MK_UNIT_MAX 32
typedef struct {
  const char *code;      /* "kg", "case"; fixed English key */
  const char *dimension; /* "mass", "case", ...: units of one dimension convert into each other */
  int64_t num, den;      /* factor to the dimension's base unit */
  bool whole;            /* a count: only whole numbers */
  const char *vi, *en_one, *en; /* printed after a number: "vụ"; "case" after 1, else "cases" */
} mk_unit;

/* Names of units folded by mk_key, sorted by bytes; the generated table has one list of level 1 and one of level 3,
 * the latter without the keys that two units share. */
typedef struct { const char *key; uint32_t unit; } mk_unit_alias;
extern const mk_unit mk_units[];
extern const mk_unit_alias mk_unit_aliases[], mk_unit_ascii[];
extern const size_t mk_unit_count, mk_unit_alias_count, mk_unit_ascii_count;

const mk_unit *mk_unit_get(const char *code);                  /* by code only */
const mk_unit *mk_unit_key(const char *key, size_t n);         /* by a level-1 key */
/* By code or alias: level 1, or 3 when s has no marks. NULL: unknown, or err set (out of memory). */
const mk_unit *mk_unit_find(const char *s, size_t n, mk_err *err);
const mk_unit *mk_unit_near(const char *s, size_t n);          /* a likely meant one, for hints; NULL none */
/* As mk_unit_find; MK_UNIT with the nearest name when unknown, MK_MEMORY told apart. */
const mk_unit *mk_unit_require(const char *s, size_t n, mk_err *err);

/* The unit of a figure taken apart: "" is a plain number, "a/b" a rate. */
typedef struct { const mk_unit *of, *per; } mk_unit_parts;
bool mk_unit_split(mk_unit_parts *out, const char *unit, mk_err *err);
bool mk_unit_join(char out[MK_UNIT_MAX], mk_unit_parts parts, mk_err *err);
bool mk_unit_like(mk_unit_parts a, mk_unit_parts b);           /* of one dimension, so that factors exist */
bool mk_unit_factor(mk_num *out, mk_unit_parts from, mk_unit_parts to, mk_err *err); /* MK_UNIT across dimensions */

/* ------------------------------------------------------------------ figures (figure.c) */

typedef enum {
  MK_EXACT, MK_APPROX, MK_NEARLY, MK_MORE_THAN, MK_AT_LEAST, MK_AT_MOST, MK_BELOW, MK_BETWEEN, MK_QUALIFIER_COUNT
} mk_qualifier; /* names: exact approx nearly more_than at_least at_most below between */

/* An interval: has_lo/has_hi false = unbounded on that side. Status letters are those of the SDMX code list
 * CL_OBS_STATUS: A normal, P provisional, E estimated, U low reliability, M missing. A whole figure is a count:
 * between its ends only integers are meant, so more than 4500 is the same set as at least 4501. */
typedef struct {
  mk_num best, lo, hi;
  bool has_best, has_lo, has_hi, lo_open, hi_open, whole;
  char status;
  char unit[MK_UNIT_MAX]; /* unit code, "" plain number, or "a/b" for a rate */
  mk_qualifier qualifier;
} mk_fig;

typedef enum { MK_NO = 0, MK_YES = 1, MK_MAYBE = 2 } mk_truth;

const char *mk_qualifier_name(mk_qualifier q);
bool mk_qualifier_find(const char *name, mk_qualifier *out);

mk_fig mk_fig_exact(mk_num v, const char *unit, bool whole);
mk_fig mk_fig_unknown(const char *unit);              /* nothing is known but that it is not negative: status M */
bool mk_fig_check(const mk_fig *f, mk_err *err);      /* ends in order, a known unit, whole ends of a count */
void mk_fig_tighten(mk_fig *f);                       /* a whole figure by its integer ends; others unchanged */
bool mk_fig_is_exact(const mk_fig *f);
mk_qualifier mk_fig_shape(const mk_fig *f);           /* the qualifier that the ends alone show */
void mk_fig_put(mk_buf *out, const mk_fig *f);        /* for messages: "[4501, inf) case", "1362 case" */
bool mk_fig_equal(const mk_fig *a, const mk_fig *b);  /* same set of values, same unit */
int mk_fig_order(const mk_fig *a, const mk_fig *b);   /* total order: dimension, best or nearest end, ends, unit */
bool mk_fig_covers(const mk_fig *a, const mk_fig *b, mk_err *err);   /* every value of b is one of a */

/* Interval arithmetic; out may be an operand. A result keeps the left unit and the worse status, takes its qualifier
 * from its shape and is whole when both operands are and the operation keeps them so. */
bool mk_fig_neg(mk_fig *out, const mk_fig *a, mk_err *err);
bool mk_fig_add(mk_fig *out, const mk_fig *a, const mk_fig *b, mk_err *err);
bool mk_fig_sub(mk_fig *out, const mk_fig *a, const mk_fig *b, mk_err *err);
bool mk_fig_mul(mk_fig *out, const mk_fig *a, const mk_fig *b, mk_err *err);
bool mk_fig_div(mk_fig *out, const mk_fig *a, const mk_fig *b, mk_err *err);
bool mk_fig_to(mk_fig *out, const mk_fig *a, const char *unit, mk_err *err);
bool mk_fig_times(mk_fig *out, const mk_fig *now, const mk_fig *before, mk_err *err);   /* now / before, unit x */
bool mk_fig_change(mk_fig *out, const mk_fig *now, const mk_fig *before, mk_err *err);  /* (now / before - 1), unit % */
bool mk_fig_share(mk_fig *out, const mk_fig *part, const mk_fig *total, mk_err *err);   /* part / (part + rest), unit % */
/* Whether a < b and a = b hold for every, no or some choice inside the intervals; MK_UNIT across dimensions
 * (a plain number, unit "", compares with any unit). */
bool mk_fig_compare(const mk_fig *a, const mk_fig *b, mk_truth *less, mk_truth *equal, mk_err *err);

/* ------------------------------------------------------------------ written numbers (numeral.c) */

typedef enum { MK_STYLE_NONE, MK_STYLE_VI, MK_STYLE_EN } mk_style; /* which mark groups: 1.715 vi, 1,715 en */

/* One reading of a numeral. step and place are powers of ten: of the last digit that is not zero (100 of 4.500) and of
 * the last digit written (0.1 of 2,3). */
typedef struct { mk_num value, step, place; bool decimal; mk_style style; } mk_number;

/* What makes words two numbers: năm as five or year (reading 1 without it), a last digit as tenths of the scale before or
 * as itself, two digits in a row as tens or as a range (reading 1 is its lower end), thứ ba as the third or Tuesday. */
typedef enum { MK_DOUBT_NONE, MK_DOUBT_YEAR, MK_DOUBT_TAIL, MK_DOUBT_PAIR, MK_DOUBT_WEEKDAY } mk_doubt;
enum { MK_SAID_WORDS = 1, /* begins with a word */
       MK_SAID_BARE = 2,  /* trăm, nghìn, ... without a number before them */
       MK_SAID_HALF = 4,  /* nửa, so of something */
       MK_SAID_ZERO = 8,  /* không */
       MK_SAID_MARKS = 16, /* its digits have two readings */
       MK_SAID_PART = 32  /* so many parts of so many: hai phần ba */ };

/* A numeral at bytes first..end-1 with its readings, the Vietnamese one first; count 0: digits that are no number
 * (20.3.2019, 1.2.3). With a doubt both readings stand and neither is preferred. */
typedef struct { size_t first, end; int count; mk_number reading[2]; mk_doubt doubt; unsigned said; } mk_numeral;

/* s[at] must be a digit. False only on failure (MK_RANGE: too many digits). */
bool mk_numeral_at(mk_numeral *out, const char *s, size_t n, size_t at, mk_err *err);

/* ------------------------------------------------------------------ written quantities (words.c, hedge.c) */

typedef enum { MK_WORD_TEXT, MK_WORD_NUMBER, MK_WORD_MARK } mk_word_kind;
/* Bytes first..end-1; key is the level-1 key of a text word (n = 0 when it is longer than any word looked for) or the
 * character of a mark; said is what spoken.h makes of number words. */
typedef struct { size_t first, end; mk_word_kind kind; uint8_t n, said; char key[22]; } mk_word;
typedef struct { const char *s; size_t n; mk_word *w; size_t count, cap; mk_mem *mem; } mk_words;

void mk_words_init(mk_words *words, mk_mem *mem);
void mk_words_clear(mk_words *words);
bool mk_words_read(mk_words *words, const char *s, size_t n, mk_err *err); /* s is borrowed and must be UTF-8 */

/* The number in digits, words or both at index *at, multiplier words included; *at moves behind it. Count 0: none stands
 * there. counted: a unit follows it, so that a last "năm" is five. (spoken.c) */
bool mk_spoken_at(mk_numeral *out, const mk_words *words, size_t *at, bool counted, mk_err *err);

/* Roman numerals in capitals and their one right form, 1..3999; 0 for what is none. (ordinal.c) */
int mk_roman_read(const char *s, size_t n);
bool mk_roman_put(mk_buf *out, int value, mk_err *err);
/* The value of the Roman numeral at index at, 0 unless it is one and the words before it call for a number. */
int mk_roman_at(const mk_words *words, size_t at);
/* "lần thứ ba", "vị trí thứ 17", "lần thứ XVII" at index *at; count 0: none. "thứ ba" alone is a whole text, in doubt. */
bool mk_ordinal_at(mk_numeral *out, const mk_words *words, size_t *at, mk_err *err);

/* Numbers in words, as mk_spoken_at reads them; the words that people write in more than one way may be replaced. (spell.c) */
typedef struct { const char *linh, *nghin, *ty, *bon, *lam, *bay, *phay; bool zero_hundred; } mk_spell_opts;
void mk_spell_init(mk_spell_opts *o);
bool mk_spell(mk_buf *out, mk_num v, const mk_spell_opts *o, mk_err *err);
bool mk_spell_ordinal(mk_buf *out, int64_t v, const mk_spell_opts *o, mk_err *err); /* thứ nhất, thứ hai, ... */

typedef enum { MK_BY_NONE, MK_BY_RATIO, MK_BY_INCREASE } mk_by; /* the two readings of "tăng 2,15 lần" */

/* A quantity as written. first..end-1 is number, multiplier words and unit; from..to-1 also hedge, direction, "sơ bộ".
 * A range has high and high_unit; low_unit may then be NULL. */
typedef struct {
  size_t first, end, from, to, next; /* next: index of the word after it; equal to the start when nothing was found */
  mk_qualifier qualifier;
  int direction;                     /* +1 tăng, -1 giảm, 0 */
  bool times, gap, preliminary, half;/* times: counted in "lần"; gap: "gấp N lần"; half: a word (đôi, rưỡi, nửa) */
  const mk_unit *low_unit, *high_unit;
  mk_numeral low, high;              /* multiplier words and sign applied */
} mk_written;

bool mk_written_read(mk_written *out, const mk_words *words, size_t at, mk_err *err);
/* What may stand in front of a quantity: the longest such phrase at index at, in words; 0 none. */
typedef enum { MK_HEDGE_NONE, MK_HEDGE_QUALIFIER, MK_HEDGE_PLAIN, MK_HEDGE_RISE, MK_HEDGE_FALL, MK_HEDGE_TIMES,
               MK_HEDGE_PRELIMINARY } mk_hedge_kind;
typedef struct { mk_hedge_kind kind; mk_qualifier qualifier; } mk_hedge;
size_t mk_hedge_at(const mk_words *words, size_t at, mk_hedge *what);
bool mk_hedge_ends(const char *key, size_t n); /* whether a word is the last one of such a phrase */
/* "(trong đó có ...)": index of the first word of what is included, or at when it does not stand there. */
size_t mk_written_included(const mk_words *words, size_t at);

/* ------------------------------------------------------------------ hedge policy (policy.c) */

/* An end of an interval template: one + x*X + g*G + h*H, where X is the number, G its step and H half its place. */
typedef struct { mk_num one, x, g, h; bool open; int infinite; } mk_policy_end;
typedef struct { mk_policy_end lo, hi; } mk_policy_rule;
typedef struct { mk_policy_rule rule[MK_QUALIFIER_COUNT], rounded; bool assumed[MK_QUALIFIER_COUNT]; } mk_policy;

bool mk_policy_init(mk_policy *p, bool pragmatic, mk_err *err);
/* Replaces one rule: name is a qualifier or "rounded", text a template such as "[0,x)", "[x-g,x+g]", "(x,inf)". */
bool mk_policy_set(mk_policy *p, const char *name, const char *text, size_t n, mk_err *err);

typedef struct {
  const mk_policy *policy;
  const mk_unit *unit;  /* the unit when none is written; a written one must convert into it */
  mk_style style;
  mk_by reading;
  bool record;          /* quantities of records are exact as written */
} mk_read_opts;

/* The figure of a written quantity; text is what words were read from. */
bool mk_fig_written(mk_fig *out, bool *assumed, const mk_written *w, const char *text, const mk_read_opts *opts, mk_err *err);
/* The figure of a number under a qualifier, as if it had been written in canonical form. */
bool mk_fig_hedged(mk_fig *out, bool *assumed, mk_num value, mk_qualifier q, const char *unit, bool whole,
                   const mk_policy *policy, mk_err *err);

/* ------------------------------------------------------------------ dates (date.c) */

/* A calendar date with precision: day 0 = a month, month 0 and day 0 = a year. Proleptic Gregorian, no time zone. */
typedef struct { int32_t year; int8_t month, day; } mk_date;
typedef struct { int32_t from, to; } mk_days; /* half-open interval of day numbers, 0 = 1970-01-01 */

bool mk_date_iso(mk_date *out, const char *s, size_t n, mk_err *err);    /* yyyy, yyyy-mm, yyyy-mm-dd */
/* d/m/y, d-m-y, d.m.y, m/y, y and ISO as written by people; impossible dates: MK_RANGE. */
bool mk_date_read(mk_date *out, const char *s, size_t n, mk_err *err);
void mk_date_put(mk_buf *out, mk_date d);                                /* ISO, by precision */
mk_days mk_date_days(mk_date d);
int32_t mk_day_number(int32_t year, int month, int day);
mk_date mk_day_date(int32_t day);

/* A day, month or year, or a range of them: "18-19/11/2025", "từ ngày 15/4/2025 đến ngày 15/9/2025", "2025-04-15/2025-09-15".
 * from = to when it is no range. */
typedef struct { mk_date from, to; bool range; } mk_period;
bool mk_period_read(mk_period *out, const char *s, size_t n, mk_err *err);
void mk_period_put(mk_buf *out, mk_period p);                            /* ISO, "a/b" for a range */
mk_days mk_period_days(mk_period p);

/* ------------------------------------------------------------------ values (value.c) */

typedef enum { MK_T_MISSING, MK_T_BOOL, MK_T_INT, MK_T_DECIMAL, MK_T_TEXT, MK_T_DATE, MK_T_PHASE, MK_T_UNIT, MK_T_FIGURE, MK_T_BLOB } mk_type;

/* text (also of dates, phases, units, decimals in canonical form) is borrowed. */
typedef struct {
  mk_type type;
  bool truth;
  int64_t i;
  mk_num num;
  mk_date date;
  const mk_fig *fig;
  const char *s;
  size_t n;
  mk_code why; /* of a missing value: MK_OK not recorded, MK_UNIT its unit does not convert, MK_RANGE division by zero */
} mk_value;

const char *mk_type_name(mk_type t);           /* "missing" "bool" "int" "decimal" "text" "date" "phase" "unit" "figure" "blob" */
bool mk_type_find(const char *name, mk_type *out);
/* The typed value of canonical text (as stored): fills type and the field of that type (truth i num date; s, n of text,
 * phase, unit). s is borrowed. MK_TYPE when the text is not of the type; not for figures and blobs. */
bool mk_value_read(mk_value *out, mk_type type, const char *s, size_t n, mk_err *err);

/* ------------------------------------------------------------------ columns (schema.c) */

typedef struct {
  const char *name;    /* built-in, English */
  mk_type type;
  unsigned flags;      /* MK_C_* */
  const char *aliases; /* Vietnamese names, separated by '|'; may be NULL */
  const char *link;    /* table whose key it names ("sources", "phases"), or NULL */
} mk_column;
enum { MK_C_KEY = 1, MK_C_REQUIRED = 2, MK_C_USER = 4, MK_C_HIDDEN = 8,
       MK_C_MEASURED = 16, /* a number counted in the unit that the row's unit column names */
       MK_C_COUNT = 32,    /* figures that count things: compared with whole numbers only */
       MK_C_TYPED = 64,    /* typed by people: "2.300", which may be 2300 or 2,3, is asked about instead of taken */
       MK_C_AMOUNT = 128 };/* how many or how much there was: never below zero */

/* A table of the store. Keys are the columns flagged MK_C_KEY, which come first. */
typedef struct {
  const char *name;
  const mk_column *columns;
  size_t count;
  const char *aliases; /* Vietnamese names, separated by '|' */
} mk_table_def;

extern const mk_table_def mk_tables[]; /* built-in tables in creation and load order; ends with a NULL name */
extern const size_t mk_table_count;

/* Canonical phase key of "7", "VII", "OMD7", "OMD V", "giai đoạn 7", "Con rồng Mê Kông VI", "AP", "OMD1/OMD5": "OMD7",
 * "OMD-AP", "OMD1/OMD5". Unknown: MK_NAME with the phases there are. */
bool mk_phase_read(mk_buf *out, const char *s, size_t n, mk_err *err);

/* ------------------------------------------------------------------ entities (entity.c entity_near.c, table generated from data/) */

#define MK_DAY_MIN INT32_MIN /* no known first day */
#define MK_DAY_MAX INT32_MAX /* no last day */

/* One state of what names stand for: a province before a merger and the one after it are two, and so are the two
 * territories of a customs region. Absent texts are ""; valid_from, valid_to are the dates as the data has them, days
 * (half-open) the time in which names may mean it. A customs_area is a province inside the customs region `parent`. */
typedef struct {
  const char *kind, *code, *name, *name_en, *parent, *status, *source, *note, *valid_from, *valid_to;
  mk_days days;
  int successor; /* index of the province that took this one in, or -1 */
} mk_entity;
/* Sorted by key (level 1, dashes as spaces); mk_entity_plain sorts the same names by plain (level 3). days: while in use. */
typedef struct { const char *key, *plain, *text; uint32_t entity; mk_days days; mk_letters letters; } mk_entity_name;
extern const mk_entity mk_entities[];
extern const mk_entity_name mk_entity_names[];
extern const uint16_t mk_entity_plain[];
extern const size_t mk_entity_count, mk_entity_name_count;

/* ITSELF: the entity. DEPARTMENT: the customs department of that province or the customs of that country. AREA: the
 * customs of that province inside a customs region (area; NULL when the region is not recorded). */
typedef enum { MK_SENSE_ITSELF, MK_SENSE_DEPARTMENT, MK_SENSE_AREA } mk_sense_as;
typedef struct {
  mk_sense_as as;
  const mk_entity *entity, *area;
  const mk_entity *named; /* another state or a predecessor, which the name stood for; NULL the entity itself */
  const char *alias;      /* the name in data/ that was met; NULL its code */
  mk_days days;           /* while it is this */
  int32_t used_to;        /* the name went out of use on this day, before the day asked for; MK_DAY_MAX */
  bool old_form;          /* the form of words named the department, which had ended by the day asked for */
  uint8_t level;          /* of the key that met: 0 the code, 1, 3 */
} mk_sense;
enum { MK_SENSES_MAX = 32, MK_NEAR_MAX = 5 };
typedef struct { mk_sense s[MK_SENSES_MAX]; size_t count; } mk_senses;
typedef struct { mk_sense sense; unsigned cost, full; } mk_near; /* as mk_similar */

/* What a name may mean in that time (on; NULL: at any), among entities of that kind or family of kinds (place, province,
 * city, agency; NULL: of any). One sense is the answer, none is unknown, more are ambiguous. False only on failure. */
bool mk_entity_find(mk_senses *out, const char *s, size_t n, const char *kind, const mk_days *on, mk_err *err);
/* Names like this one, best first; numbers and codes are like nothing but themselves. */
bool mk_entity_near(mk_near out[MK_NEAR_MAX], size_t *count, const char *s, size_t n, const char *kind, const mk_days *on,
                    mk_err *err);
/* The row that says in which customs region a province is in that time; NULL unknown, or several. */
const mk_entity *mk_entity_area(const mk_entity *place, const mk_days *on);
/* Whether this customs_area belongs to this state of a customs region. */
bool mk_entity_inside(const mk_entity *area, const mk_entity *region);
bool mk_entity_is_province(const mk_entity *e);
const char *mk_sense_kind(const mk_sense *s);
bool mk_sense_fits(const mk_sense *s, const char *kind); /* is of this kind or family; NULL: any */

/* Looks a name up among count names: exact, level 1, level 3 if unique. Index, or -1 with MK_NAME, one suggestion and
 * the list; what says what is looked up ("column"). aliases[i] may be NULL or hold '|'-separated other names. */
int mk_name_find(const char *s, size_t n, const char *const *names, const char *const *aliases, size_t count,
                 const char *what, mk_err *err);

/* ------------------------------------------------------------------ expressions (expr.h, expr*.c): mk_expr.h */

#include "mk_expr.h"

/* ------------------------------------------------------------------ store (db.c ddl.c record.c store.c backup.c check.c): mk_store.h */

#include "mk_store.h"

/* ------------------------------------------------------------------ files of records (input.c separated.c json.c) */

/* A regular file read in pieces; pipes, devices and folders are refused, nothing waits. s: a store that may hold the file
 * as its database, which then is refused; NULL none. */
typedef struct mk_input mk_input;
mk_input *mk_input_new(const char *path, size_t n, const mk_store *s, mk_err *err);
void mk_input_free(mk_input *x);
uint64_t mk_input_size(const mk_input *x);                                 /* when it was opened */
/* Bytes put, 0 at the end of the file, -1 failed. */
ptrdiff_t mk_input_read(mk_input *x, uint64_t at, char *p, size_t cap, mk_err *err);

/* UTF-16 to UTF-8, in pieces. Half a surrogate pair, or half a unit at the end, gives bytes that are no UTF-8. */
typedef struct { bool big, half; unsigned char odd; uint32_t high; } mk_utf16;
bool mk_utf16_feed(mk_utf16 *u, const char *s, size_t n, mk_buf *out, mk_err *err);
bool mk_utf16_finish(mk_utf16 *u, mk_buf *out, mk_err *err);

/* CSV and TSV as people write them. */
typedef struct {
  char separator, quote; /* quote 0: there is none */
  mk_charset charset;    /* of the cells; they come out in UTF-8 */
  bool raw;              /* cells come out as the bytes they are */
  bool doubt;            /* the character set is a guess: cells in UTF-8 refute it */
} mk_separated_opts;
typedef struct mk_separated mk_separated;
mk_separated *mk_separated_new(mk_mem *mem, const mk_separated_opts *opts, mk_err *err);
void mk_separated_free(mk_separated *t);
bool mk_separated_feed(mk_separated *t, const char *s, size_t n, mk_err *err); /* the next piece, after next gave 0 */
void mk_separated_restart(mk_separated *t, size_t line);                   /* as new, at the begin of that line */
/* Bytes fed that stand after the last record, the line they begin in, and whether they follow a CR (half a line end, maybe). */
size_t mk_separated_rest(const mk_separated *t, size_t *line, bool *after_cr);
void mk_separated_finish(mk_separated *t);                                 /* that was the last piece */
/* 1 a record, 0 all that was fed is read, -1 failed. Records without content are passed over and counted in blanks. */
int mk_separated_next(mk_separated *t, mk_err *err);
size_t mk_separated_count(const mk_separated *t);
const char *mk_separated_cell(const mk_separated *t, size_t i, size_t *n); /* of the last record; borrowed */
void mk_separated_place(const mk_separated *t, size_t i, size_t *line, size_t *col);
const mk_err *mk_separated_damage(const mk_separated *t);                  /* what is wrong with the record, or NULL */
size_t mk_separated_blanks(const mk_separated *t);

/* Records in JSON: an array of objects or one object, or an object a line (lines). */
typedef struct { bool lines, doubt; mk_charset charset; } mk_json_opts;       /* doubt as above */
typedef struct mk_json mk_json;
mk_json *mk_json_new(mk_mem *mem, const mk_json_opts *opts, mk_err *err);
void mk_json_free(mk_json *j);
bool mk_json_feed(mk_json *j, const char *s, size_t n, mk_err *err);
void mk_json_finish(mk_json *j);
int mk_json_next(mk_json *j, mk_err *err);                                    /* as mk_separated_next */
size_t mk_json_count(const mk_json *j);                                       /* members of the last record, "a.b" inside others */
const char *mk_json_name(const mk_json *j, size_t i, size_t *n);
const char *mk_json_cell(const mk_json *j, size_t i, size_t *n);              /* numbers and arrays as written; NULL null */
bool mk_json_is_number(const mk_json *j, size_t i);                           /* a number of JSON, not a text that looks like one */
void mk_json_place(const mk_json *j, size_t i, size_t *line, size_t *col);
size_t mk_json_line(const mk_json *j);                                        /* where the last record begins */
const mk_err *mk_json_damage(const mk_json *j);
bool mk_json_fatal(const mk_json *j);                                         /* nothing can be read after this damage */

/* ------------------------------------------------------------------ files of results (file.c) */

/* Puts bytes into a file in one step, so that others see the old content or the new one; directories, pipes, devices and
 * databases in use are refused. */
bool mk_file_write(const char *path, size_t n, const char *bytes, size_t size, mk_err *err);
/* The same piece by piece: nothing is seen of them before keep, and nothing is left when the file is freed without it. After a put that
 * failed, and after keep, it is only freed. */
typedef struct mk_out mk_out;
mk_out *mk_out_new(const char *path, size_t n, mk_err *err);
bool mk_out_put(mk_out *f, const char *bytes, size_t n, mk_err *err);
bool mk_out_keep(mk_out *f, mk_err *err);
void mk_out_free(mk_out *f);

/* ------------------------------------------------------------------ SHA-256 (sha256.c) */

typedef struct { uint32_t h[8]; uint64_t n; unsigned char block[64]; size_t used; } mk_sha256;
void mk_sha256_init(mk_sha256 *x);
void mk_sha256_add(mk_sha256 *x, const void *p, size_t n);
void mk_sha256_hex(mk_sha256 *x, char out[65]);

#endif
