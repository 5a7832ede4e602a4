/* order.h: what collate.c, collate_plain.c and collate_cldr.c share. */
#ifndef MK_ORDER_H
#define MK_ORDER_H

#include "vi.h"

enum { MK_ORDER_CLOSE = 0x05, MK_ORDER_DIGIT = 0x10 }; /* in keys: of a word, plus its tone; of 0 to 9 */

/* The case of letters, seven to a byte, up to the last capital: the first bytes near, the others far. */
enum { MK_CASES_NEAR = 64 };
typedef struct { unsigned char near[MK_CASES_NEAR]; size_t n; mk_buf far; } mk_order_cases; /* near is not set while n is 0 */
void mk_order_capital(mk_order_cases *c, size_t letter); /* a failure stands in far */

/* A key being written: the case of the letters waits until all words are there. */
typedef struct {
  mk_buf *out;
  mk_order_cases cases;
  size_t letters; /* written so far */
  bool plain;     /* so far only settled words and single spaces */
} mk_order_key;
static inline void mk_order_begin(mk_order_key *k, mk_buf *out) {
  k->out = out;
  k->cases.n = k->letters = 0;
  k->cases.far = (mk_buf){.mem = out->mem};
  k->plain = true;
}
/* False, and nothing written, when the text is not plain. */
bool mk_order_plain_words(mk_order_key *k, const char *s, size_t n);

/* Reads text and gives the bytes of its words in a key of dictionary order, piece by piece, without memory of its own. */
enum { MK_ORDER_CHUNK = 64 };
typedef struct {
  const char *p, *end;
  const char *token_end;         /* inside a word that is read letter by letter */
  const char *digits_end;        /* inside a run of digits, of which in_number says */
  unsigned tone, at, n;          /* chunk[at..n-1] is still to be read by a comparison */
  bool numbers, keyword;         /* numbers count as such; a Roman numeral may come */
  bool in_number, started;
  bool plain;                    /* so far only settled words and single spaces */
  unsigned char chunk[MK_ORDER_CHUNK];
  mk_order_cases *cases;         /* NULL, or receives the case of the letters read */
  size_t letters;                /* read so far */
} mk_order_stream;

/* Whether the letters of a settled token tell where its tone is written: there is none, or it is where the old style has it. */
bool mk_order_sure(const mk_token *t);

void mk_order_init(mk_order_stream *s, const char *text, size_t n, bool numbers);
bool mk_order_fill(mk_order_stream *s); /* the next piece in chunk, false at the end */

bool mk_order_keyword(const mk_token *t); /* a word before a Roman numeral */

bool mk_sortkey_cldr(mk_buf *out, const char *s, size_t n, mk_err *err);

/* Syllables met most: consonants, then a rhyme whose tone is where the old style writes it. (rhyme_table.c, made by
 * csrc/gen/rhyme_table.lua) */
enum { MK_RHYME_SLOT_BITS = 12, MK_RHYME_GROUP_BITS = 9 };
#define MK_RHYME_MULTIPLIER UINT64_C(0x9E3779B97F4A7C15)
/* The bytes of a rhyme, the first lowest; its key, at most six bytes, then after which onsets it is spelt so (1 any, 2 g,
 * 4 q) and the length of the key. */
enum { MK_RHYME_AFTER = 6, MK_RHYME_LENGTH = 7 };
typedef struct { uint64_t bytes; unsigned char key[8]; } mk_rhyme;
/* The rhyme of hash h = bytes * multiplier stands in the slot that the bits of h below those of the group give, xor the
 * shift of the group in its top bits. The place of a consonant in the alphabet is in first and others, 1 << 24 for all other
 * bytes; of d with stroke only the second byte counts; bit 61 of first is set for a capital. after: the onset by its first
 * byte and its number of letters. */
typedef struct {
  mk_rhyme slots[1 << MK_RHYME_SLOT_BITS];
  uint64_t first[256];
  uint32_t others[256];
  uint8_t shifts[1 << MK_RHYME_GROUP_BITS], after[256][4];
} mk_rhyme_table;
extern const mk_rhyme_table mk_rhymes;

/* The letters of a character without its marks, at most MK_FOLDED_MAX: a..z or small forms of other letters. (fold.c) */
enum { MK_FOLDED_MAX = 8 };
size_t mk_folded_letters(uint32_t cp, uint32_t *out);
bool mk_is_upper(uint32_t cp); /* case.c */
bool mk_is_cased(uint32_t cp);

#endif
