/* scan.h: fast passes over clean text, for utf8.c and nfc.c. */
#ifndef MK_SCAN_H
#define MK_SCAN_H

#include "mk.h"

/* From a character at i on: the start of one up to which none needs a look for form C. May stop early, even at i. */
size_t mk_scan_composed(const char *s, size_t i, size_t n);
/* The start of a character before which all is UTF-8; checking goes on from there. */
size_t mk_scan_utf8(const char *s, size_t n);

#endif
