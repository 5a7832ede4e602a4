/* spoken.h: what the files on number words share. Every word of the vocabulary has a kind and a value; words.c stores its
 * index with each word of a text, so that readers never compare letters. */
#ifndef MK_SPOKEN_H
#define MK_SPOKEN_H

#include "mk.h"

typedef enum {
  SAID_NOTHING,
  SAID_DIGIT,  /* không .. chín */
  SAID_UNIT,   /* mốt tư lăm nhăm: digits that stand after others only */
  SAID_TEN,    /* mười */
  SAID_TENS,   /* mươi: times ten, after a digit */
  SAID_CHUC,   /* chục: ten, or times ten */
  SAID_SCORE,  /* hăm, băm: twenty and thirty before a digit */
  SAID_TRAM,   /* trăm */
  SAID_SCALE,  /* nghìn vạn triệu tỷ; value is the power of ten */
  SAID_LINH,   /* linh, lẻ: no tens */
  SAID_RUOI,   /* rưỡi: and a half of the last */
  SAID_NUA,    /* nửa: half of what follows */
  SAID_PHAY,   /* phẩy, chấm: decimal mark */
  SAID_MINUS,  /* âm, trừ */
  SAID_GROUP   /* tá, cặp, đôi: so many at a time */
} mk_said_kind;

typedef struct { const char *key; mk_said_kind kind; int value; } mk_said;
extern const mk_said mk_said_words[];

/* What the word at index at says; its kind is SAID_NOTHING for other words, numerals, marks and the end. */
static inline const mk_said *mk_said_at(const mk_words *words, size_t at) {
  return &mk_said_words[at < words->count ? words->w[at].said : 0];
}
bool mk_blank_sign(uint32_t c); /* a space of any kind, or nothing that is seen (words.c) */
/* Letters, marks on letters, and the digits and signs that stand inside words (m3, m², OMD7). */
bool mk_word_sign(uint32_t c);
uint8_t mk_said_find(const char *key, size_t n); /* index in mk_said_words, 0 when it is no number word */

#endif
