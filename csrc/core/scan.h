/* scan.h: fast passes over clean text, for utf8.c, nfc.c and the character sets, in two ways that give the same answers: byte
 * by byte, and 32 bytes at a time on processors that can. The way is an argument of the functions below, so that both can
 * be compared; everything else takes the best. */
#ifndef MK_SCAN_H
#define MK_SCAN_H

#include "mk.h"

typedef struct {
  /* From a character at i on: the start of one up to which none needs a look for form C. May stop early, even at i. */
  size_t (*composed)(const char *s, size_t i, size_t n);
  /* The start of a character before which all is UTF-8; checking goes on from there. */
  size_t (*utf8)(const char *s, size_t n);
  /* The first byte of the set from i on, n when there is none. */
  size_t (*find)(const char *s, size_t i, size_t n, const unsigned char *set);
} mk_scan;

extern const mk_scan mk_scan_plain;
const mk_scan *mk_scan_best(void);
static inline const mk_scan *mk_scan_for(size_t n) { return n < 64 ? &mk_scan_plain : mk_scan_best(); }

/* A set of bytes: 32 columns, by the high bit and the low half of the byte, each of 8 bits. */
static inline bool mk_in_set(const unsigned char *set, unsigned char b) { return set[(b >> 3 & 16) | (b & 15)] >> (b >> 4 & 7) & 1; }

size_t mk_utf8_check_by(const mk_scan *scan, const char *s, size_t n);
bool mk_is_nfc_by(const mk_scan *scan, const char *s, size_t n);
bool mk_nfc_by(const mk_scan *scan, mk_buf *out, const char *s, size_t n, mk_err *err);
bool mk_decode_by(const mk_scan *scan, mk_buf *out, const char *s, size_t n, mk_charset set, mk_err *err);

#endif
