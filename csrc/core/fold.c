/* fold.c: case folding and plain (unmarked) letters for text of any script. May include: vi.h, utf8proc, libc strings. */
#include <string.h>
#include <utf8proc.h>

#include "vi.h"

/* Letters that Unicode does not take apart, in lower case. */
static const char *plain_letter(uint32_t cp) {
  switch (cp) {
    case 0x111: case 0xF0: case 0x256: return "d";
    case 0xE6: return "ae";
    case 0xF8: return "o";
    case 0xFE: return "th";
    case 0x127: return "h";
    case 0x131: return "i";
    case 0x142: return "l";
    case 0x14B: return "ng";
    case 0x153: return "oe";
    case 0x167: return "t";
    default: return NULL;
  }
}

/* Appends what utf8proc makes of one code point under options. */
static void put_decomposed(mk_buf *out, uint32_t cp, int options, bool plain) {
  utf8proc_int32_t parts[24];
  int unused = 0;
  utf8proc_ssize_t n = utf8proc_decompose_char((utf8proc_int32_t)cp, parts, 24, (utf8proc_option_t)options, &unused);
  for (utf8proc_ssize_t i = 0; i < n && i < 24; i++) {
    const char *letters = plain ? plain_letter((uint32_t)parts[i]) : NULL;
    if (letters) mk_puts(out, letters);
    else if (mk_buf_reserve(out, 4)) out->n += mk_utf8_put(out->p + out->n, (uint32_t)parts[i]);
  }
}

bool mk_fold_plain(mk_buf *out, const char *s, size_t n, mk_err *err) {
  mk_buf parts;
  mk_buf_init(&parts, out->mem);
  const char *p = s, *end = s + n;
  while (p < end) {
    unsigned char c = (unsigned char)*p;
    if (c < 0x80) {
      mk_putc(&parts, c >= 'A' && c <= 'Z' ? (char)(c + 32) : (char)c);
      p++;
    } else {
      put_decomposed(&parts, mk_utf8_next(&p, end), UTF8PROC_DECOMPOSE | UTF8PROC_CASEFOLD | UTF8PROC_STRIPMARK, true);
    }
  }
  bool ok = mk_buf_ok(&parts, err) && mk_nfc(out, parts.p ? parts.p : "", parts.n, err);
  mk_buf_clear(&parts);
  return ok;
}

static void put_visible_nfd(mk_buf *out, const char *s, size_t n) {
  const char *p = s, *end = s + n;
  while (p < end) {
    const char *from = p;
    if (mk_char_class(mk_utf8_next(&p, end)) != MK_NOTHING) mk_put(out, from, (size_t)(p - from));
  }
}

bool mk_fold_case(mk_buf *out, const char *s, size_t n, mk_err *err) {
  mk_buf seen, apart;
  mk_buf_init(&seen, out->mem);
  mk_buf_init(&apart, out->mem);
  put_visible_nfd(&seen, s, n);
  bool ok = mk_buf_ok(&seen, err) && mk_nfd(&apart, seen.p ? seen.p : "", seen.n, err);
  seen.n = 0;
  const char *p = apart.p, *end = p + apart.n;
  while (ok && p < end) put_decomposed(&seen, mk_utf8_next(&p, end), UTF8PROC_CASEFOLD, false);
  ok = ok && mk_buf_ok(&seen, err) && mk_nfc(out, seen.p ? seen.p : "", seen.n, err);
  mk_buf_clear(&seen);
  mk_buf_clear(&apart);
  return ok;
}
