/* vi.h: Vietnamese letters and syllables, shared by the text files of the core and by nothing else.
 *
 * A letter is packed in 12 bits: base 1..26 for a..z, shape << 5, tone << 8, upper case << 11; 0 is no letter. Only the
 * 26 letters of ASCII, the vowels with their shapes and tones, and d with stroke have bytes in mk_vi_utf8; a consonant
 * may carry a tone only until the token that it stands in is settled. The tables come from csrc/gen/text_table.lua. */
#ifndef MK_VI_H
#define MK_VI_H

#include "mk.h"

typedef uint16_t mk_vi;

enum { MK_VI_HAT = 1, MK_VI_BREVE = 2, MK_VI_HORN = 3, MK_VI_STROKE = 4 };               /* shapes; 0 = plain */
enum { MK_VI_GRAVE = 1, MK_VI_HOOK = 2, MK_VI_TILDE = 3, MK_VI_ACUTE = 4, MK_VI_DOT = 5 }; /* tones; 0 = level */
#define MK_VI_LETTER 0xFFu   /* base and shape */
#define MK_VI_TONE 0x700u
#define MK_VI_UPPER 0x800u
#define MK_VI_OF(base, shape) ((mk_vi)((base) - 'a' + 1 + ((shape) << 5)))

enum { MK_VI_LATIN_COUNT = 0x1B1 - 0xC0, MK_VI_EXTENDED_COUNT = 0x1EFA - 0x1EA0, MK_VI_NUCLEI = 13 * 13 * 13 };
extern const mk_vi mk_vi_ascii_letters[128];
extern const uint8_t mk_vi_slots[256]; /* by base and shape */
extern const mk_vi mk_vi_latin[MK_VI_LATIN_COUNT];       /* from U+00C0 */
extern const mk_vi mk_vi_extended[MK_VI_EXTENDED_COUNT]; /* from U+1EA0 */
extern const unsigned char mk_vi_utf8[4096][4];          /* length, bytes */
/* Codas a nucleus may have, as bits; the nucleus is a number of base 13 over the twelve vowels (mk_vi_slot). */
extern const uint16_t mk_vi_rhymes[MK_VI_NUCLEI], mk_vi_qu_rhymes[MK_VI_NUCLEI], mk_vi_name_rhymes[MK_VI_NUCLEI];

/* Plain text byte by byte: mk_steps[kind][mk_step_rows[byte before] + byte] is what to write and what the byte ends. Kind
 * 0 is for dictionary order (out: place in the alphabet or digit, tone, 2 for a letter | 1 for a capital), 1..3 for keys of
 * that level. */
enum { MK_STEP_COUNT = 256 + 7 * 64 + 3 * 256 };
typedef struct { unsigned char out[3], info; } mk_step; /* info: bytes to write | feature << 2 | MK_STEP_CHARACTER | MK_STEP_ODD */
enum { MK_STEP_CHARACTER = 0x40, MK_STEP_ODD = 0x80 };  /* ends a character; is a capital (kind 0) or not plain */
enum { MK_STEP_CONSONANT = 1, MK_STEP_SHAPED_TONED = 7, MK_STEP_OTHER = 8, MK_STEP_DIGIT, MK_STEP_SPACE, MK_STEP_DASH,
       MK_STEP_LOOK, MK_STEP_BEYOND };                  /* features; letters are 1..7 */
extern const uint16_t mk_step_rows[256];
extern const mk_step mk_steps[4][MK_STEP_COUNT];
static inline const char *mk_lead_of(const char *p, const char *floor) {
  while (p > floor && ((unsigned char)*p & 0xC0) == 0x80) p--;
  return p;
}
/* Bytes that the steps from p to q write; p is the start of a character. */
static inline size_t mk_step_length(const mk_step *steps, const char *p, const char *q) {
  size_t n = 0;
  for (unsigned char last = 0; p < q; last = (unsigned char)*p++) n += steps[mk_step_rows[last] + (unsigned char)*p].info & 3u;
  return n;
}
/* By the features of three characters in a row, the last one new. */
enum { MK_EVENT_TONE = 1, MK_EVENT_GAP = 2, MK_EVENT_BEYOND = 4, MK_EVENT_CLOSE = 8, MK_EVENT_ROUGH = 16 };
extern const uint8_t mk_step_events[4096];

/* Normal forms: what keeps a code point from being copied unseen. */
enum { MK_NORM_NFC = 1, MK_NORM_NFD = 2, MK_NORM_MARK = 4, MK_NORM_LIMIT = 0x30000 };
extern const uint8_t mk_norm_index[MK_NORM_LIMIT / 128];
extern const uint8_t mk_norm_flags[][128];
static inline unsigned mk_norm_of(uint32_t cp) {
  return cp < MK_NORM_LIMIT ? mk_norm_flags[mk_norm_index[cp >> 7]][cp & 127] : 0;
}

static inline mk_vi mk_vi_ascii(unsigned char c) { return c < 0x80 ? mk_vi_ascii_letters[c] : 0; }

/* The packed letter of a code point, 0 when it is none. */
static inline mk_vi mk_vi_of(uint32_t cp) {
  if (cp < 0x80) return mk_vi_ascii((unsigned char)cp);
  if (cp - 0xC0u < MK_VI_LATIN_COUNT) return mk_vi_latin[cp - 0xC0u];
  if (cp - 0x1EA0u < MK_VI_EXTENDED_COUNT) return mk_vi_extended[cp - 0x1EA0u];
  return 0;
}

static inline unsigned mk_vi_tone(mk_vi c) { return (c >> 8) & 7u; }
static inline mk_vi mk_vi_set_tone(mk_vi c, unsigned tone) { return (mk_vi)((c & ~MK_VI_TONE) | tone << 8); }
static inline char mk_vi_base(mk_vi c) { return (char)('a' - 1 + (c & 31)); }

/* The letter at p when it is one and no mark can follow it: its bytes in *n. Else 0; the slow way knows more. */
static inline mk_vi mk_vi_plain_at(const char *p, const char *end, size_t *n) {
  const unsigned char *s = (const unsigned char *)p;
  mk_vi c;
  if (s[0] < 0x80) {
    c = mk_vi_ascii_letters[s[0]];
    *n = 1;
  } else if (s[0] >= 0xC3 && s[0] <= 0xC6) {
    unsigned at = ((s[0] & 0x1Fu) << 6 | (s[1] & 0x3Fu)) - 0xC0;
    c = at < MK_VI_LATIN_COUNT ? mk_vi_latin[at] : 0;
    *n = 2;
  } else if (s[0] == 0xE1 && (s[1] & 0xFE) == 0xBA) {
    unsigned at = ((s[1] & 0x3Fu) << 6 | (s[2] & 0x3Fu)) - 0xEA0;
    c = at < MK_VI_EXTENDED_COUNT ? mk_vi_extended[at] : 0;
    *n = 3;
  } else {
    return 0;
  }
  unsigned char next = p + *n < end ? s[*n] : 0;
  return next < 0xCC || (next == 0xE1 && (s[*n + 1] & 0xFC) == 0xB8) ? c : 0;
}

/* Shape or tone of a combining mark (U+0340 and U+0341 too), or 0. */
static inline unsigned mk_vi_shape_mark(uint32_t cp) {
  return cp == 0x302 ? MK_VI_HAT : cp == 0x306 ? MK_VI_BREVE : cp == 0x31B ? MK_VI_HORN : 0u;
}
static inline unsigned mk_vi_tone_mark(uint32_t cp) {
  switch (cp) {
    case 0x300: case 0x340: return MK_VI_GRAVE;
    case 0x309: return MK_VI_HOOK;
    case 0x303: return MK_VI_TILDE;
    case 0x301: case 0x341: return MK_VI_ACUTE;
    case 0x323: return MK_VI_DOT;
    default: return 0;
  }
}

/* ------------------------------------------------------------------ letter.c */

/* One character with the combining marks that follow it. */
typedef struct {
  mk_vi letter;      /* 0: no letter of Vietnamese */
  bool doubt;        /* a look-alike or a consonant with a tone: a letter only if the token becomes a syllable */
  bool look, eth;    /* a look-alike; one of d with stroke */
  const char *end;   /* first byte after it */
} mk_cluster;

/* Reads the cluster at p (p < end); marks in any order. For what is no letter only one character is read. */
void mk_vi_cluster(const char *p, const char *end, mk_cluster *out);

/* ------------------------------------------------------------------ token.c */

enum { MK_SYL_MAX = 12 }; /* longer tokens are no syllables */

/* A run of letters between separators. letters[i] is written in bytes up to ends[i]; both only for the first
 * MK_SYL_MAX letters, and nothing is kept after a letter that is not Vietnamese. */
typedef struct {
  mk_vi letters[MK_SYL_MAX];
  const char *ends[MK_SYL_MAX];
  unsigned count, doubts, eths;
  mk_vi any;              /* all letters or-ed, also those not kept: whether there is a tone, a capital */
  bool foreign, is_long;
} mk_token;

/* Reads the token at p, which must start one; returns its end. */
const char *mk_token_read(mk_token *t, const char *p, const char *end);
/* Repairs a token: letters moved from look-alikes and tones to their vowel, where that makes a syllable. True when
 * letters holds what should be written; false when the token stays as written (but for letters beyond doubt). */
bool mk_token_settle(mk_token *t, mk_tone_style style);
bool mk_separates(uint32_t cp);    /* ends a token */
bool mk_starts_token(uint32_t cp); /* a letter: no separator and no mark */

bool mk_mark_at(const char *p, const char *end); /* a combining mark of any script stands at p */
enum { MK_SPACE = 1, MK_NOTHING = 2, MK_DASH = 3 };
/* Signs that neither case folding nor composition touches: ASCII and common punctuation. (letter.c) */
bool mk_inert(uint32_t cp);
/* Class of a character in names: a space of any kind, an invisible one, a dash of any kind, or 0. */
unsigned mk_char_class(uint32_t cp);

/* Start of the word that goes on or ends before q, not below floor; all of it is plain. (token.c) */
const char *mk_word_start(const char *floor, const char *q);

/* ------------------------------------------------------------------ fold.c */

/* Lower-case ASCII of any text of Latin letters, other letters case folded; form D inside, marks dropped. Appends. */
bool mk_fold_plain(mk_buf *out, const char *s, size_t n, mk_err *err);
/* Full case folding in canonical caseless form (D, folded, C), invisible characters dropped. Appends. */
bool mk_fold_case(mk_buf *out, const char *s, size_t n, mk_err *err);

/* 1..12 for the vowels a ă â e ê i o ô ơ u ư y, else 0; tone and case do not matter. */
static inline unsigned mk_vi_slot(mk_vi c) { return mk_vi_slots[c & MK_VI_LETTER]; }

/* ------------------------------------------------------------------ syllable.c */

typedef struct {
  uint8_t onset;                 /* letters of the onset; "qu" and "gi" included where they are onsets */
  uint8_t nucleus, coda;         /* letters of each */
} mk_syl;

/* Splits n packed letters into onset, nucleus and coda, and checks them; tones are looked at only for stop codas (one
 * tone anywhere in the token, or none). With names also the spellings of place names (Krông, Đắk, Kông). */
bool mk_syl_read(const mk_vi *c, size_t n, bool names, mk_syl *out);
/* The wider spellings of names (Yang, Ayun, Kar, Pưh, Chro, Mdrăk) that mk_syl_read does not know; only to accept words,
 * since no tone is placed by them. */
bool mk_syl_name(const mk_vi *c, size_t n);

/* ------------------------------------------------------------------ tone.c */

/* Puts the single tone of a syllable on its vowel. A token that is no syllable, or has two different tones, stays as
 * it is. True when something moved. */
bool mk_tone_place(mk_vi *c, size_t n, mk_tone_style style);

#endif
