/* charset.h: tables of charset.c, made by csrc/gen/charset_table.lua. */
#ifndef MK_CHARSET_H
#define MK_CHARSET_H

#include "vi.h"

enum { MK_TABLE_TCVN3, MK_TABLE_VISCII, MK_TABLE_VPS, MK_TABLE_CP1258, MK_TABLE_WESTERN, MK_CHARSET_TABLES };
extern const uint16_t mk_charset_points[MK_CHARSET_TABLES][256];

bool mk_viqr_decode(mk_buf *out, const char *s, size_t n, mk_err *err);
bool mk_viqr_encode(mk_buf *out, const char *s, size_t n, mk_err *err);

#endif
