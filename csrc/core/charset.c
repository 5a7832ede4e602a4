/* charset.c: Vietnamese text in the character sets from before Unicode. May include: charset.h, libc strings. */
#include <string.h>

#include "charset.h"

static void put_code(mk_buf *out, uint32_t cp) {
  if (mk_buf_reserve(out, 4)) out->n += mk_utf8_put(out->p + out->n, cp);
}

static void put_letter(mk_buf *out, mk_vi c) {
  const unsigned char *bytes = mk_vi_utf8[c];
  mk_put(out, (const char *)bytes + 1, bytes[0]);
}

enum { PIECE = 4096 };

static inline char *put_cell(char *w, const unsigned char *cell) {
  memcpy(w, cell, 4);
  return w + cell[3];
}

void mk_charset_put(mk_buf *out, const char *s, size_t n, unsigned table) {
  const unsigned char (*cells)[4] = mk_charset_bytes[table], *p = (const unsigned char *)s, *end = p + n;
  while (p < end) {
    const unsigned char *stop = end - p > PIECE ? p + PIECE : end;
    if (!mk_buf_reserve(out, 3 * (size_t)(stop - p) + 1)) return; /* four bytes are written, three of them kept at most */
    char *w = out->p + out->n;
    for (; stop - p >= 4; p += 4) w = put_cell(put_cell(put_cell(put_cell(w, cells[p[0]]), cells[p[1]]), cells[p[2]]), cells[p[3]]);
    for (; p < stop; p++) w = put_cell(w, cells[*p]);
    out->n = (size_t)(w - out->p);
  }
}

void mk_charset_put_composed(mk_buf *out, const char *s, size_t n, unsigned table) {
  mk_err err = {0};
  mk_buf loose;
  mk_buf_init(&loose, out->mem);
  mk_charset_put(&loose, s, n, table);
  if (!mk_buf_ok(&loose, &err) || (n > 0 && !mk_nfc(out, loose.p, loose.n, &err))) out->failed = err.code;
  mk_buf_clear(&loose);
}

/* A piece with tones that do not stand after a vowel, or after another tone, goes through form C. */
static void decode_cp1258(mk_buf *out, const char *s, size_t n) {
  const mk_toned_set *set = &mk_cp1258;
  for (size_t i = 0, stop; i < n; i = stop) {
    stop = n - i > PIECE ? i + PIECE : n;
    while (stop < n && set->at[(unsigned char)s[stop]] >= 256) stop++;
    if (!mk_buf_reserve(out, 3 * (stop - i) + 1)) return;
    char *w = out->p + out->n;
    unsigned row = 0, seen = 0;
    for (size_t k = i; k < stop; k++) {
      unsigned b = (unsigned char)s[k], at = set->at[b];
      const unsigned char *cell = set->cells[at + (row & (0u - (at >> 8)))];
      unsigned info = cell[3];
      w -= info >> 2 & 3;
      memcpy(w, cell, 4);
      w += info & 3;
      seen |= info;
      row = set->rows[b];
    }
    if (seen & MK_TONED_ODD) mk_charset_put_composed(out, s + i, stop - i, MK_TABLE_CP1258);
    else out->n = (size_t)(w - out->p);
  }
}

/* ------------------------------------------------------------------ VNI */

/* Shape << 3 | tone of a mark byte after its vowel, 0 when it is none; shape 7 = only a tone. */
static unsigned vni_mark(unsigned char b) {
  static const uint8_t marks[32] = {/* from C0 and from E0 */
      [0x00] = MK_VI_HAT << 3 | MK_VI_GRAVE,   [0x01] = MK_VI_HAT << 3 | MK_VI_ACUTE,   [0x02] = MK_VI_HAT << 3,
      [0x03] = MK_VI_HAT << 3 | MK_VI_TILDE,   [0x04] = MK_VI_HAT << 3 | MK_VI_DOT,     [0x05] = MK_VI_HAT << 3 | MK_VI_HOOK,
      [0x08] = MK_VI_BREVE << 3 | MK_VI_GRAVE, [0x09] = MK_VI_BREVE << 3 | MK_VI_ACUTE, [0x0A] = MK_VI_BREVE << 3,
      [0x0B] = MK_VI_BREVE << 3 | MK_VI_DOT,   [0x0F] = 7 << 3 | MK_VI_DOT,             [0x15] = 7 << 3 | MK_VI_TILDE,
      [0x18] = 7 << 3 | MK_VI_GRAVE,           [0x19] = 7 << 3 | MK_VI_ACUTE,           [0x1A] = MK_VI_BREVE << 3 | MK_VI_HOOK,
      [0x1B] = 7 << 3 | MK_VI_HOOK,            [0x1C] = MK_VI_BREVE << 3 | MK_VI_TILDE};
  return b >= 0xC0 ? marks[b & 31] : 0;
}

/* Letters of one byte of their own. */
static mk_vi vni_single(unsigned char b) {
  mk_vi upper = b < 0xE0 ? MK_VI_UPPER : 0;
  switch (b | 0x20) {
    case 0xE6: return (mk_vi)(MK_VI_OF('i', 0) | MK_VI_HOOK << 8 | upper);
    case 0xEC: return (mk_vi)(MK_VI_OF('i', 0) | MK_VI_GRAVE << 8 | upper);
    case 0xED: return (mk_vi)(MK_VI_OF('i', 0) | MK_VI_ACUTE << 8 | upper);
    case 0xEE: return (mk_vi)(MK_VI_OF('y', 0) | MK_VI_DOT << 8 | upper);
    case 0xF1: return (mk_vi)(MK_VI_OF('d', MK_VI_STROKE) | upper);
    case 0xF2: return (mk_vi)(MK_VI_OF('i', 0) | MK_VI_DOT << 8 | upper);
    case 0xF3: return (mk_vi)(MK_VI_OF('i', 0) | MK_VI_TILDE << 8 | upper);
    case 0xF4: return (mk_vi)(MK_VI_OF('o', MK_VI_HORN) | upper);
    case 0xF6: return (mk_vi)(MK_VI_OF('u', MK_VI_HORN) | upper);
    default: return 0;
  }
}

/* The vowel with its mark, 0 when they do not go together. */
static mk_vi vni_marked(mk_vi vowel, unsigned mark) {
  unsigned shape = mark >> 3, tone = mark & 7u;
  if (!mark || !mk_vi_slot(vowel) || mk_vi_tone(vowel)) return 0;
  if (shape == 7) return mk_vi_set_tone(vowel, tone);
  mk_vi shaped = (mk_vi)((vowel & ~0xE0u) | shape << 5);
  return (vowel & 0xE0) == 0 && mk_vi_slot(shaped) ? mk_vi_set_tone(shaped, tone) : 0;
}

static void decode_vni(mk_buf *out, const unsigned char *s, size_t n) {
  for (size_t i = 0; i < n; i++) {
    mk_vi c = s[i] < 0x80 ? mk_vi_ascii(s[i]) : s[i] >= 0xC0 ? vni_single(s[i]) : 0;
    mk_vi marked = c && i + 1 < n ? vni_marked(c, vni_mark(s[i + 1])) : 0;
    if (marked) i++;
    if (marked || c) put_letter(out, marked ? marked : c);
    else put_code(out, mk_charset_points[MK_TABLE_WESTERN][s[i]]);
  }
}

static bool encode_vni(mk_buf *out, mk_vi c) {
  unsigned shape = c >> 5 & 7u, tone = mk_vi_tone(c), upper = c & MK_VI_UPPER ? 0x20 : 0;
  char base = (char)((unsigned char)mk_vi_base(c) - upper);
  for (unsigned b = 0xE0; b <= 0xFF; b++)
    if (vni_single((unsigned char)b) == (c & ~MK_VI_UPPER)) { mk_putc(out, (char)(b - upper)); return true; }
  mk_vi plain = (mk_vi)(shape == MK_VI_HORN ? c & MK_VI_LETTER : MK_VI_OF(mk_vi_base(c), 0));
  for (unsigned b = 0xE0; b <= 0xFF; b++)
    if (vni_marked(plain, vni_mark((unsigned char)b)) == (c & ~MK_VI_UPPER)) {
      if (shape == MK_VI_HORN) encode_vni(out, (mk_vi)(plain | (c & MK_VI_UPPER)));
      else mk_putc(out, base);
      mk_putc(out, (char)(b - upper));
      return true;
    }
  return !shape && !tone ? (mk_putc(out, base), true) : false;
}

/* ------------------------------------------------------------------ all sets */

static const uint8_t table_of[MK_CHARSET_COUNT] = {
    [MK_TCVN3] = MK_TABLE_TCVN3, [MK_VISCII] = MK_TABLE_VISCII, [MK_VPS] = MK_TABLE_VPS, [MK_CP1258] = MK_TABLE_CP1258,
    [MK_WESTERN] = MK_TABLE_WESTERN};

bool mk_decode_by(const mk_scan *scan, mk_buf *out, const char *s, size_t n, mk_charset set, mk_err *err) {
  if (mk_failed(err)) return false;
  switch (set) {
    case MK_UTF8: return mk_utf8_require(s, n, "the text", err) && mk_nfc_by(scan, out, s, n, err);
    case MK_VIQR: return mk_viqr_decode(out, s, n, err);
    case MK_TCVN3: return mk_tcvn3_decode(scan, out, s, n, err);
    case MK_VNI: decode_vni(out, (const unsigned char *)s, n); break;
    case MK_CP1258: decode_cp1258(out, s, n); break;
    default: mk_charset_put(out, s, n, table_of[set]); break;
  }
  return mk_buf_ok(out, err);
}

bool mk_decode(mk_buf *out, const char *s, size_t n, mk_charset set, mk_err *err) { return mk_decode_by(mk_scan_for(n), out, s, n, set, err); }

/* The byte of a code point, or -1. */
static int byte_of(uint32_t cp, const uint16_t *points) {
  if (cp < 0x80 && points[cp] == cp) return (int)cp;
  for (int b = 255; b >= 0; b--)
    if (points[b] == cp) return b;
  return -1;
}

static bool encode_letter(mk_buf *out, mk_vi c, mk_charset set, const uint16_t *points) {
  const char *p = (const char *)mk_vi_utf8[c] + 1;
  uint32_t cp = mk_utf8_next(&p, p + mk_vi_utf8[c][0]);
  int b = byte_of(cp, points);
  if (set == MK_TCVN3 && (c & MK_VI_UPPER) && c >= 32 && (b < 0xA1 || b > 0xA7)) {
    p = (const char *)mk_vi_utf8[c & ~MK_VI_UPPER] + 1;
    b = cp < 0x80 ? (int)cp : byte_of(mk_utf8_next(&p, p + 3), points);
  }
  if (b < 0 && set == MK_CP1258 && mk_vi_tone(c)) {
    static const uint8_t tones[] = {0, 0xCC, 0xD2, 0xDE, 0xEC, 0xF2};
    if (!encode_letter(out, mk_vi_set_tone(c, 0), set, points)) return false;
    b = tones[mk_vi_tone(c)];
  }
  if (b >= 0) mk_putc(out, (char)b);
  return b >= 0;
}

/* The byte of what is no Vietnamese letter, or -1 when that byte would be read as one or as a mark of one. */
static int other_byte(uint32_t cp, mk_charset set) {
  bool fonts = set == MK_VNI || set == MK_TCVN3;
  int b = byte_of(cp, mk_charset_points[fonts ? MK_TABLE_WESTERN : table_of[set]]);
  unsigned char byte = (unsigned char)b;
  if (b < 0 && set == MK_WESTERN && cp >= 0x80 && cp < 0xA0) return (int)cp; /* what Latin-1 makes of the byte */
  if (b < 0 || !fonts) return b;
  if (set == MK_VNI) return b >= 0xC0 && (vni_single(byte) || vni_mark(byte)) ? -1 : b;
  return mk_tcvn3_kinds[byte] == MK_TCVN3_VARIANT || (b >= 0xA0 && mk_charset_points[MK_TABLE_TCVN3][b] != cp) ? -1 : b;
}

bool mk_encode(mk_buf *out, const char *s, size_t n, mk_charset set, mk_err *err) {
  mk_buf composed;
  mk_buf_init(&composed, out->mem);
  bool ok = mk_nfc(&composed, s, n, err);
  const char *p = composed.p ? composed.p : "", *end = p + composed.n;
  if (ok && set == MK_UTF8) mk_put(out, composed.p, composed.n);
  else if (ok && set == MK_VIQR) ok = mk_viqr_encode(out, p, composed.n, err);
  while (ok && set != MK_UTF8 && set != MK_VIQR && p < end) {
    const char *from = p;
    uint32_t cp = mk_utf8_next(&p, end);
    mk_vi c = mk_vi_of(cp);
    bool written = false;
    if (c && set == MK_VNI) {
      written = encode_vni(out, c);
    } else if (c) {
      written = encode_letter(out, c, set, mk_charset_points[table_of[set]]);
    } else {
      int b = other_byte(cp, set);
      if (b >= 0) mk_putc(out, (char)b);
      written = b >= 0;
    }
    if (!written) ok = mk_fail(err, MK_RANGE, "'%S' cannot be written in this character set", from, (size_t)(p - from));
  }
  mk_buf_clear(&composed);
  return ok && mk_buf_ok(out, err);
}

/* ------------------------------------------------------------------ how Vietnamese a text looks */

static bool word_end(uint32_t cp) {
  return (cp < 0x80 && !mk_vi_ascii((unsigned char)cp)) || cp == 0xA0 || cp == 0xAB || cp == 0xBB ||
         (cp >= 0x2000 && cp < 0x2070 && cp != 0x200B);
}

void mk_likeness(const char *s, size_t n, size_t *marked, size_t *valid) {
  const char *p = s, *end = s + n;
  *marked = *valid = 0;
  while (p < end) {
    const char *from = p, *q = p;
    bool high = false;
    while (q < end) {
      uint32_t cp = mk_utf8_next(&q, end);
      if (word_end(cp)) break;
      high |= cp >= 0x80;
      p = q;
    }
    if (high) {
      ++*marked;
      *valid += mk_is_syllable(from, (size_t)(p - from), MK_NAMES_CAPITAL);
    }
    if (p == from) p = q;
  }
}
