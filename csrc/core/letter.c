/* letter.c: reads one Vietnamese letter with its marks in any order, and knows what only looks like one. May include:
 * vi.h, utf8proc (for consonants that carry a mark). */
#include <utf8proc.h>

#include "vi.h"

/* Letters of other scripts and small capitals drawn like Latin ones. Sorted. */
typedef struct { uint16_t cp; char as; } look;
static const look looks[] = {
    {0x0131, 'i'}, {0x0251, 'a'}, {0x0261, 'g'}, {0x0262, 'g'}, {0x026A, 'i'}, {0x0274, 'n'}, {0x0280, 'r'}, {0x028F, 'y'},
    {0x0299, 'b'}, {0x029C, 'h'}, {0x029F, 'l'}, {0x0391, 'A'}, {0x0392, 'B'}, {0x0395, 'E'}, {0x0397, 'H'}, {0x0399, 'I'},
    {0x039A, 'K'}, {0x039C, 'M'}, {0x039D, 'N'}, {0x039F, 'O'}, {0x03A1, 'P'}, {0x03A4, 'T'}, {0x03A5, 'Y'}, {0x03A7, 'X'},
    {0x03B1, 'a'}, {0x03B9, 'i'}, {0x03BD, 'v'}, {0x03BF, 'o'}, {0x03C1, 'p'}, {0x0405, 'S'}, {0x0406, 'I'}, {0x0410, 'A'},
    {0x0412, 'B'}, {0x0415, 'E'}, {0x041A, 'K'}, {0x041C, 'M'}, {0x041D, 'H'}, {0x041E, 'O'}, {0x0420, 'P'}, {0x0421, 'C'},
    {0x0422, 'T'}, {0x0423, 'Y'}, {0x0425, 'X'}, {0x0430, 'a'}, {0x0435, 'e'}, {0x043A, 'k'}, {0x043C, 'm'}, {0x043E, 'o'},
    {0x0440, 'p'}, {0x0441, 'c'}, {0x0442, 't'}, {0x0443, 'y'}, {0x0445, 'x'}, {0x0455, 's'}, {0x0456, 'i'}, {0x04AE, 'Y'},
    {0x04AF, 'y'}, {0x04BB, 'h'}, {0x0501, 'd'}, {0x051B, 'q'}, {0x1D00, 'a'}, {0x1D04, 'c'}, {0x1D05, 'd'}, {0x1D07, 'e'},
    {0x1D0B, 'k'}, {0x1D0D, 'm'}, {0x1D0F, 'o'}, {0x1D18, 'p'}, {0x1D1B, 't'}, {0x1D1C, 'u'}, {0x1D20, 'v'}, {0xA731, 's'}};

static mk_vi look_alike(uint32_t cp, bool *eth) {
  switch (cp) {
    case 0xD0: case 0x189: *eth = true; return MK_VI_OF('d', MK_VI_STROKE) | MK_VI_UPPER;
    case 0xF0: case 0x256: *eth = true; return MK_VI_OF('d', MK_VI_STROKE);
    default: break;
  }
  if (cp >= 0xFF21 && cp <= 0xFF5A) return mk_vi_ascii((unsigned char)(cp - 0xFF21 + 'A'));
  size_t low = 0, high = sizeof looks / sizeof looks[0];
  while (low < high) {
    size_t mid = (low + high) / 2;
    if (looks[mid].cp == cp) return mk_vi_ascii((unsigned char)looks[mid].as);
    if (looks[mid].cp < cp) low = mid + 1; else high = mid;
  }
  return 0;
}

/* Adds one mark to a letter; 0 when the letter cannot bear it. */
static mk_vi add_mark(mk_vi c, uint32_t mark, bool *doubt) {
  unsigned shape = mk_vi_shape_mark(mark), tone = mk_vi_tone_mark(mark);
  bool vowel = mk_vi_slot(c) != 0;
  if (tone) {
    if (mk_vi_tone(c) && mk_vi_tone(c) != tone) return 0;
    if (!vowel) *doubt = true;
    return mk_vi_set_tone(c, tone);
  }
  if (shape && vowel && (c & 0xE0) == 0) {
    mk_vi shaped = (mk_vi)(c | shape << 5);
    return mk_vi_slot(shaped) ? shaped : 0;
  }
  if (shape && vowel && (c >> 5 & 7u) == shape) return c;
  if (mark == 0x30C && (c & MK_VI_LETTER) == MK_VI_OF('a', 0)) {
    *doubt = true; /* a with caron looks like ă */
    return (mk_vi)(c | MK_VI_BREVE << 5);
  }
  if ((mark == 0x335 || mark == 0x336) && (c & MK_VI_LETTER) == MK_VI_OF('d', 0)) {
    *doubt = true;
    return (mk_vi)(c | MK_VI_STROKE << 5);
  }
  return 0;
}

/* Whether a mark of any script stands at p; the letters U+1E00..1EFF are told apart first. */
bool mk_mark_at(const char *p, const char *end) {
  if (p >= end || (unsigned char)*p < 0xCC || ((unsigned char)*p == 0xE1 && ((unsigned char)p[1] & 0xFC) == 0xB8)) return false;
  return (mk_norm_of(mk_utf8_next(&p, end)) & MK_NORM_MARK) != 0;
}

/* A character that is no letter by itself, taken apart: a look-alike, or a letter with marks. */
static mk_vi taken_apart(uint32_t cp, mk_cluster *out) {
  utf8proc_int32_t parts[8] = {(utf8proc_int32_t)cp};
  int unused = 0;
  utf8proc_ssize_t n = 1;
  bool composed = (cp >= 0xC0 && cp < 0x530) || (cp >= 0x1E00 && cp < 0x2000);
  if (composed) n = utf8proc_decompose_char((utf8proc_int32_t)cp, parts, 8, UTF8PROC_DECOMPOSE, &unused);
  mk_vi c = mk_vi_of((uint32_t)parts[0]);
  if (!c) {
    c = look_alike((uint32_t)parts[0], &out->eth);
    out->look = out->doubt = c != 0;
  }
  for (utf8proc_ssize_t i = 1; c && i < n; i++) c = add_mark(c, (uint32_t)parts[i], &out->doubt);
  return c;
}

void mk_vi_cluster(const char *p, const char *end, mk_cluster *out) {
  *out = (mk_cluster){.end = p};
  uint32_t cp = mk_utf8_next(&out->end, end);
  mk_vi c = mk_vi_of(cp);
  if (!c) c = taken_apart(cp, out);
  const char *first_end = out->end;
  while (c && mk_mark_at(out->end, end)) {
    c = add_mark(c, mk_utf8_next(&out->end, end), &out->doubt);
    if (!c) out->end = first_end;
  }
  out->letter = c;
}

bool mk_inert(uint32_t cp) {
  if (cp < 0x80 || cp == 0xD7 || cp == 0xF7) return true;
  if (cp < 0xC0) return cp >= 0xA0 && cp != 0xAA && cp != 0xAD && cp != 0xB5 && cp != 0xBA;
  return (cp >= 0x2002 && cp <= 0x200A) || (cp >= 0x2010 && cp <= 0x2027) || (cp >= 0x202F && cp <= 0x205E);
}

unsigned mk_char_class(uint32_t cp) {
  switch (cp) {
    case ' ': case '\t': case '\n': case '\v': case '\f': case '\r': case 0x85: case 0xA0: case 0x1680: case 0x2028:
    case 0x2029: case 0x202F: case 0x205F: case 0x3000: return MK_SPACE;
    case 0xAD: case 0x200B: case 0x200C: case 0x200D: case 0x2060: case 0xFEFF: return MK_NOTHING;
    case '-': case 0x2212: case 0xFE58: case 0xFE63: case 0xFF0D: return MK_DASH;
    default: break;
  }
  if (cp >= 0x2000 && cp <= 0x200A) return MK_SPACE;
  return cp >= 0x2010 && cp <= 0x2015 ? MK_DASH : 0;
}
