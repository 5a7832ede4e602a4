/* charset.h: what the files of the older character sets share. The tables are made by csrc/gen/charset_table.lua. */
#ifndef MK_CHARSET_H
#define MK_CHARSET_H

#include "scan.h"
#include "vi.h"

/* Fonts: TCVN3 without the capitals of the variant VN1; raised: the same in a font of capitals. */
enum { MK_TABLE_TCVN3, MK_TABLE_VISCII, MK_TABLE_VPS, MK_TABLE_CP1258, MK_TABLE_WESTERN, MK_CHARSET_TABLES,
       MK_TABLE_FONTS = MK_CHARSET_TABLES, MK_TABLE_RAISED, MK_CHARSET_BYTES };
extern const uint16_t mk_charset_points[MK_CHARSET_TABLES][256];
extern const unsigned char mk_charset_bytes[MK_CHARSET_BYTES][256][4]; /* UTF-8, padded; its length */

/* Bytes of TCVN3. Special are the last three: capitals of VN1, Windows punctuation in their place, tones of their own. */
enum { MK_TCVN3_CAPITAL = 1, MK_TCVN3_CODED = 2, MK_TCVN3_SMALL = 4, MK_TCVN3_VARIANT = 8, MK_TCVN3_MARK = 16, MK_TCVN3_TONE = 32 };
extern const uint8_t mk_tcvn3_kinds[256];
extern const unsigned char mk_tcvn3_capitals[32], mk_tcvn3_special[32];

/* Bytes some of which are tones for the vowel before them: cells[at[byte]], or with the row of the byte before added when at
 * is 256 or more. A cell: UTF-8; its length | bytes to take back << 2 | MK_TONED_ODD. */
enum { MK_TONED_ODD = 16 }; /* no vowel before it that lacks a tone */
typedef struct { uint16_t at[256]; uint8_t rows[256]; unsigned char cells[256 + 5 * 32][4]; } mk_toned_set;
extern const mk_toned_set mk_cp1258;

/* Appends what the bytes stand for, one after the other. (charset.c) */
void mk_charset_put(mk_buf *out, const char *s, size_t n, unsigned table);
/* The same in form C. */
void mk_charset_put_composed(mk_buf *out, const char *s, size_t n, unsigned table);

bool mk_tcvn3_decode(const mk_scan *scan, mk_buf *out, const char *s, size_t n, mk_err *err);

bool mk_viqr_decode(mk_buf *out, const char *s, size_t n, mk_err *err);
bool mk_viqr_encode(mk_buf *out, const char *s, size_t n, mk_err *err);

#endif
