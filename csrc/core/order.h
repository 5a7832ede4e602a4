/* order.h: what collate.c and collate_cldr.c share. */
#ifndef MK_ORDER_H
#define MK_ORDER_H

#include "vi.h"

/* Reads text and gives the bytes of its words in a key of dictionary order, piece by piece, without memory of its own. */
enum { MK_ORDER_CHUNK = 64 };
typedef struct {
  const char *p, *end;
  const char *token_end;         /* inside a word that is read letter by letter */
  unsigned tone, at, n;          /* chunk[at..n-1] is still to be read by a comparison */
  bool numbers, keyword;         /* numbers count as such; a Roman numeral may come */
  bool in_number, started;
  bool plain;                    /* so far only settled words and single spaces */
  unsigned char chunk[MK_ORDER_CHUNK];
  mk_buf *cases;                 /* NULL, or receives the case of the letters read, seven to a byte, up to the last capital */
  size_t letters;                /* read so far */
} mk_order_stream;

void mk_order_init(mk_order_stream *s, const char *text, size_t n, bool numbers);
bool mk_order_fill(mk_order_stream *s); /* the next piece in chunk, false at the end */

bool mk_order_keyword(const mk_token *t); /* a word before a Roman numeral */

bool mk_sortkey_cldr(mk_buf *out, const char *s, size_t n, mk_err *err);

/* The letters of a character without its marks, at most MK_FOLDED_MAX: a..z or small forms of other letters. (fold.c) */
enum { MK_FOLDED_MAX = 8 };
size_t mk_folded_letters(uint32_t cp, uint32_t *out);
bool mk_is_upper(uint32_t cp); /* case.c */
bool mk_is_cased(uint32_t cp);

#endif
